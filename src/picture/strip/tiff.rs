//! Metadata in TIFF files (TIFF 6.0; BigTIFF). The directories of a TIFF refer to places in the file, so nothing moves:
//! the new file has what the picture needs in its place, and zeros everywhere else.

use std::collections::BTreeSet;

/// Tags that say how the picture looks. All others are dropped: descriptions, cameras, people, places, previews.
const SEEN: [u16; 58] = [
    254, 255, 256, 257, 258, 259, 262, 263, 264, 265, 266, 273, 274, 277, 278, 279, 280, 281, 282, 283, 284,
    286, 287, 290, 291, 292, 293, 296, 301, 317, 318, 319, 320, 321, 322, 323, 324, 325, 330, 332, 334, 336,
    338, 339, 340, 341, 342, 347, 512, 513, 514, 515, 519, 520, 521, 529, 530, 531,
];
/// Reference values of black and white, and the colour profile.
const ALSO_SEEN: [u16; 2] = [532, 34675];

/// Tags with the places of picture data, and the tags with their lengths.
const DATA: [(u16, u16); 3] = [(273, 279), (324, 325), (513, 514)];
/// The tag with the places of further directories.
const SUB: u16 = 330;
/// The most directories of a file.
const MOST: usize = 1000;

/// True if the file is a TIFF.
pub(super) fn is_tiff(bytes: &[u8]) -> bool {
    matches!(bytes.get(..4), Some(b"II\x2a\0" | b"MM\0\x2a" | b"II\x2b\0" | b"MM\0\x2b"))
}

/// The TIFF `bytes` without its metadata; `None` if it can't be parsed.
pub(super) fn tiff(bytes: &[u8]) -> Option<Vec<u8>> {
    let file = File { bytes, little: bytes.first()? == &b'I', big: bytes.get(2..4)?.contains(&43) };
    let head = if file.big { 16 } else { 8 };
    let mut out = vec![0; bytes.len()];
    copy(bytes, &mut out, 0, head)?;
    let first = file.number(if file.big { 8 } else { 4 }, file.wide())?;
    let (mut left, mut done) = (vec![first], BTreeSet::new());
    while let Some(at) = left.pop() {
        if at == 0 || !done.insert(at) {
            continue;
        }
        if done.len() > MOST {
            return None;
        }
        file.directory(at, &mut out, &mut left)?;
    }
    Some(out)
}

fn copy(bytes: &[u8], out: &mut [u8], at: usize, length: usize) -> Option<()> {
    let end = at.checked_add(length)?;
    out.get_mut(at..end)?.copy_from_slice(bytes.get(at..end)?);
    Some(())
}

struct File<'a> {
    bytes: &'a [u8],
    little: bool,
    /// True for BigTIFF, whose places have eight bytes.
    big: bool,
}

/// A field of a directory.
struct Field {
    /// Its place in the file.
    at: usize,
    tag: u16,
    kind: u64,
    count: usize,
    /// The place of its value.
    value: usize,
    /// Bytes of its value.
    length: usize,
}

impl File<'_> {
    fn wide(&self) -> usize {
        if self.big { 8 } else { 4 }
    }

    fn number(&self, at: usize, length: usize) -> Option<usize> {
        let digits = self.bytes.get(at..at.checked_add(length)?)?;
        let add = |number: u64, byte: &u8| number << 8 | u64::from(*byte);
        let number = if self.little { digits.iter().rev().fold(0, add) } else { digits.iter().fold(0, add) };
        usize::try_from(number).ok()
    }

    fn put(&self, out: &mut [u8], at: usize, length: usize, number: usize) -> Option<()> {
        let bytes = (number as u64).to_be_bytes();
        let place = out.get_mut(at..at.checked_add(length)?)?;
        place.copy_from_slice(bytes.get(8 - length..)?);
        if self.little {
            place.reverse();
        }
        Some(())
    }

    /// Copies the directory at `at` with the fields that are seen, their values and their picture data. Adds further
    /// directories to `left`.
    fn directory(&self, at: usize, out: &mut [u8], left: &mut Vec<usize>) -> Option<()> {
        let (counting, size) = if self.big { (8, 20) } else { (2, 12) };
        let count = self.number(at, counting)?;
        let start = at.checked_add(counting)?;
        let next = self.number(start.checked_add(count.checked_mul(size)?)?, self.wide())?;
        let fields: Option<Vec<Field>> = (0..count).map(|number| self.field(start + number * size)).collect();
        let mut fields = fields?;
        fields.retain(|field| SEEN.contains(&field.tag) || ALSO_SEEN.contains(&field.tag));
        self.put(out, at, counting, fields.len())?;
        for (number, field) in fields.iter().enumerate() {
            let to = start + number * size;
            let whole = self.bytes.get(field.at..field.at + size)?;
            out.get_mut(to..to + size)?.copy_from_slice(whole);
            if field.length > self.wide() {
                copy(self.bytes, out, field.value, field.length)?;
            } else {
                // Bytes after a short value have no meaning.
                let inside = to + size - self.wide();
                out.get_mut(inside + field.length..to + size)?.fill(0);
            }
            if field.tag == SUB {
                left.extend(self.values(field)?);
            }
        }
        self.put(out, start + fields.len() * size, self.wide(), next)?;
        left.push(next);
        let find = |tag: u16| fields.iter().find(|field| field.tag == tag);
        for (places, lengths) in DATA {
            let Some(places) = find(places) else { continue };
            let (places, lengths) = (self.values(places)?, self.values(find(lengths)?)?);
            if places.len() != lengths.len() {
                return None;
            }
            for (place, length) in places.into_iter().zip(lengths) {
                // The file may be cut short.
                let length = length.min(self.bytes.len().saturating_sub(place));
                copy(self.bytes, out, place.min(self.bytes.len()), length)?;
            }
        }
        Some(())
    }

    fn field(&self, at: usize) -> Option<Field> {
        let kind = self.number(at + 2, 2)?;
        let count = self.number(at + 4, self.wide())?;
        let unit = match kind {
            1 | 2 | 6 | 7 => 1,
            3 | 8 => 2,
            4 | 9 | 11 | 13 => 4,
            5 | 10 | 12 | 16 | 17 | 18 => 8,
            _ => return None,
        };
        let length = count.checked_mul(unit)?;
        let inside = at + 4 + self.wide();
        let value = if length > self.wide() { self.number(inside, self.wide())? } else { inside };
        Some(Field {
            at,
            tag: u16::try_from(self.number(at, 2)?).ok()?,
            kind: kind as u64,
            count,
            value,
            length,
        })
    }

    /// The whole numbers of a field.
    fn values(&self, field: &Field) -> Option<Vec<usize>> {
        let unit = match field.kind {
            3 => 2,
            4 | 13 => 4,
            16 | 18 => 8,
            _ => return None,
        };
        if field.value.checked_add(field.length)? > self.bytes.len() {
            return None;
        }
        (0..field.count).map(|number| self.number(field.value + number * unit, unit)).collect()
    }
}
