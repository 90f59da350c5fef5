//! Metadata in files made of boxes (ISO/IEC 14496-12): AVIF and HEIC (ISO/IEC 23008-12), JPEG XL (ISO/IEC 18181-2) and
//! JPEG 2000 (ISO/IEC 15444-1).
//!
//! The boxes of an AVIF or HEIC refer to each other by their places in the file, so nothing moves: metadata is
//! overwritten, and so is all picture data that belongs to no picture.

use std::ops::Range;

type Kind = [u8; 4];

/// A box.
#[derive(Debug, Clone)]
struct Head {
    kind: Kind,
    /// The place of the kind.
    kind_at: usize,
    /// The place of the content.
    body: Range<usize>,
}

/// The boxes in `range`; `None` if they can't be.
fn boxes(bytes: &[u8], range: Range<usize>) -> Option<Vec<Head>> {
    let (mut at, mut found) = (range.start, Vec::new());
    while at + 8 <= range.end {
        let kind_at = at + 4;
        let kind = bytes.get(kind_at..at + 8)?.try_into().ok()?;
        let (start, end) = match number(bytes, at, 4)? {
            0 => (at + 8, range.end),
            1 => (at + 16, at.checked_add(usize::try_from(number(bytes, at + 8, 8)?).ok()?)?),
            size => (at + 8, at.checked_add(usize::try_from(size).ok()?)?),
        };
        if start > end || end > range.end {
            return None;
        }
        found.push(Head { kind, kind_at, body: start..end });
        at = end;
    }
    Some(found)
}

/// The big-endian number of `length` bytes at `at`; 0 if it has none.
fn number(bytes: &[u8], at: usize, length: usize) -> Option<u64> {
    let digits = bytes.get(at..at.checked_add(length)?)?;
    Some(digits.iter().fold(0, |number, byte| number << 8 | u64::from(*byte)))
}

/// Brands of pictures (ISO/IEC 23008-12, clause 10; AV1 Image File Format, section 6).
const BRANDS: [&Kind; 13] = [
    b"avif", b"avis", b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs", b"mif1",
    b"msf1", b"crx ",
];

/// True if the file is an AVIF, a HEIC or another picture of that family.
pub(super) fn is_heif(bytes: &[u8]) -> bool {
    if bytes.get(4..8) != Some(b"ftyp".as_slice()) {
        return false;
    }
    let end = number(bytes, 0, 4).and_then(|size| usize::try_from(size).ok()).unwrap_or_default();
    let brands = bytes.get(8..end.min(bytes.len())).unwrap_or_default();
    // The second four bytes are a version.
    let mut brands = brands.chunks_exact(4).enumerate().filter(|(at, _)| *at != 1);
    brands.any(|(_, brand)| BRANDS.iter().any(|known| *known == brand))
}

/// True if the file is a JPEG XL in boxes.
pub(super) fn is_jxl(bytes: &[u8]) -> bool {
    bytes.starts_with(b"\0\0\0\x0cJXL \r\n\x87\n")
}

/// True if the file is a JPEG 2000 in boxes.
pub(super) fn is_jp2(bytes: &[u8]) -> bool {
    bytes.starts_with(b"\0\0\0\x0cjP  \r\n\x87\n")
}

/// Boxes that a JPEG XL needs to be seen.
const JXL: [&Kind; 5] = [b"JXL ", b"ftyp", b"jxlc", b"jxlp", b"jxll"];
/// Boxes that a JPEG 2000 needs to be seen.
const JP2: [&Kind; 5] = [b"jP  ", b"ftyp", b"jp2h", b"jp2c", b"rreq"];

/// The JPEG XL `bytes` without its metadata.
pub(super) fn jxl(bytes: &[u8]) -> Option<Vec<u8>> {
    only(bytes, &JXL)
}

/// The JPEG 2000 `bytes` without its metadata.
pub(super) fn jp2(bytes: &[u8]) -> Option<Vec<u8>> {
    only(bytes, &JP2)
}

fn only(bytes: &[u8], wanted: &[&Kind]) -> Option<Vec<u8>> {
    let found = boxes(bytes, 0..bytes.len())?;
    let kept = found.iter().filter(|one| wanted.iter().any(|kind| **kind == one.kind));
    Some(kept.flat_map(|one| &bytes[one.kind_at - 4..one.body.end]).copied().collect())
}

/// The AVIF or HEIC `bytes` without its metadata, in the same places.
pub(super) fn heif(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut out = bytes.to_vec();
    let top = boxes(bytes, 0..bytes.len())?;
    let has_film = top.iter().any(|one| &one.kind == b"moov");
    let mut shown: Option<Vec<Range<usize>>> = None;
    for one in &top {
        match &one.kind {
            b"ftyp" | b"styp" | b"mdat" | b"moof" | b"sidx" | b"mfra" | b"pdin" => {}
            b"meta" if shown.is_none() => shown = Some(meta(bytes, &mut out, one)?),
            b"moov" => film(bytes, &mut out, one.body.clone())?,
            _ => blank(&mut out, one),
        }
    }
    let end = top.last().map_or(0, |one| one.body.end);
    out[end..].fill(0);
    // A film has tables of its own that say what it shows.
    if !has_film {
        let shown = shown?;
        top.iter()
            .filter(|one| &one.kind == b"mdat")
            .for_each(|one| keep(&mut out, one.body.clone(), &shown));
    }
    Some(out)
}

/// Overwrites a box, and makes it one that is skipped.
fn blank(out: &mut [u8], one: &Head) {
    out[one.kind_at..one.kind_at + 4].copy_from_slice(b"free");
    out[one.body.clone()].fill(0);
}

/// Overwrites `range` outside of the ranges `shown`.
fn keep(out: &mut [u8], range: Range<usize>, shown: &[Range<usize>]) {
    let mut shown: Vec<_> = shown.to_vec();
    shown.sort_by_key(|one| one.start);
    let mut at = range.start;
    for one in shown {
        if one.start > at {
            out[at..one.start.min(range.end)].fill(0);
        }
        at = at.max(one.end);
        if at >= range.end {
            return;
        }
    }
    out[at..range.end].fill(0);
}

/// Takes metadata out of the boxes of a film.
fn film(bytes: &[u8], out: &mut [u8], range: Range<usize>) -> Option<()> {
    for one in boxes(bytes, range)? {
        match &one.kind {
            b"trak" | b"mdia" | b"minf" => film(bytes, out, one.body)?,
            b"udta" | b"meta" | b"uuid" | b"free" | b"skip" => blank(out, &one),
            _ => {}
        }
    }
    Some(())
}

/// Kinds of items that are pictures, or are made of pictures.
const PICTURES: [&Kind; 17] = [
    b"hvc1", b"hev1", b"lhv1", b"hvt1", b"av01", b"avc1", b"vvc1", b"jpeg", b"j2k1", b"mjpg", b"unci",
    b"grid", b"iden", b"iovl", b"tmap", b"mski", b"evc1",
];

/// Takes metadata out of the box `meta`; returns the places of the data of its pictures.
fn meta(bytes: &[u8], out: &mut [u8], one: &Head) -> Option<Vec<Range<usize>>> {
    let inner = boxes(bytes, one.body.start + 4..one.body.end)?;
    let find = |kind: &Kind| inner.iter().find(|one| &one.kind == kind);
    let is_picture = items(bytes, find(b"iinf")?)?;
    let data = find(b"idat").map(|one| one.body.clone());
    let (mut shown, mut shown_inside) = (Vec::new(), Vec::new());
    for item in places(bytes, find(b"iloc")?)? {
        let base = match item.method {
            0 => 0..bytes.len(),
            1 => data.clone()?,
            // Made of other items.
            _ => continue,
        };
        let extents: Option<Vec<Range<usize>>> = item
            .extents
            .iter()
            .map(|(offset, length)| {
                let start = base.start.checked_add(usize::try_from(*offset).ok()?)?;
                let end = match usize::try_from(*length).ok()? {
                    0 => base.end,
                    length => start.checked_add(length)?,
                };
                (start <= end && end <= base.end).then_some(start..end)
            })
            .collect();
        let extents = extents?;
        let kind = is_picture.iter().find(|(id, _)| *id == item.id).map(|(_, kind)| *kind)?;
        if PICTURES.contains(&&kind) {
            if item.method == 0 { shown.extend(extents) } else { shown_inside.extend(extents) }
        } else {
            let mut empty = if &kind == b"Exif" { EMPTY_EXIF.to_vec() } else { Vec::new() };
            let length: usize = extents.iter().map(ExactSizeIterator::len).sum();
            if empty.len() > length {
                empty.clear();
            }
            // Blanks are an empty packet of XMP.
            let rest = if &kind == b"Exif" { 0 } else { b' ' };
            let mut empty = empty.into_iter().chain(std::iter::repeat(rest));
            for at in extents.iter().cloned().flatten() {
                out[at] = empty.next().unwrap_or_default();
            }
            // The place is not overwritten again.
            if item.method == 0 { shown.extend(extents) } else { shown_inside.extend(extents) }
        }
    }
    if let Some(data) = data {
        keep(out, data, &shown_inside);
    }
    for one in &inner {
        match &one.kind {
            b"hdlr" | b"pitm" | b"iinf" | b"iloc" | b"iref" | b"idat" | b"grpl" | b"dinf" => {}
            b"iprp" => descriptions(bytes, out, one)?,
            _ => blank(out, one),
        }
    }
    Some(shown)
}

/// EXIF without any field, after the offset of its start (ISO/IEC 23008-12, annex A.2.1).
const EMPTY_EXIF: &[u8] = b"\0\0\0\0MM\0\x2a\0\0\0\x08\0\0\0\0\0\0";

/// Empties descriptions among the properties of items. The boxes stay, because items refer to them by number.
fn descriptions(bytes: &[u8], out: &mut [u8], one: &Head) -> Option<()> {
    for container in boxes(bytes, one.body.clone())?.iter().filter(|one| &one.kind == b"ipco") {
        for property in boxes(bytes, container.body.clone())? {
            if matches!(&property.kind, b"udes" | b"altt" | b"uuid" | b"crtt" | b"mdft") {
                let start = (property.body.start + 4).min(property.body.end);
                out[start..property.body.end].fill(0);
            }
        }
    }
    Some(())
}

/// The ids and kinds of the items in the box `iinf`.
fn items(bytes: &[u8], one: &Head) -> Option<Vec<(u64, Kind)>> {
    let version = *bytes.get(one.body.start)?;
    let start = one.body.start + if version == 0 { 6 } else { 8 };
    let entries = boxes(bytes, start..one.body.end)?;
    let item = |entry: &Head| {
        let at = entry.body.start;
        let (id, kind_at) = match bytes.get(at)? {
            2 => (number(bytes, at + 4, 2)?, at + 8),
            3 => (number(bytes, at + 4, 4)?, at + 10),
            _ => return None,
        };
        Some((id, bytes.get(kind_at..kind_at + 4)?.try_into().ok()?))
    };
    entries.iter().filter(|entry| &entry.kind == b"infe").map(item).collect()
}

/// The place of an item.
struct Item {
    id: u64,
    /// 0: in the file; 1: in the box `idat`; 2: in other items.
    method: u64,
    /// Offsets and lengths of its parts.
    extents: Vec<(u64, u64)>,
}

/// The places of the items in the box `iloc` (ISO/IEC 14496-12, section 8.11.3).
fn places(bytes: &[u8], one: &Head) -> Option<Vec<Item>> {
    let mut at = one.body.start;
    let mut next = |length: u8| {
        let number = number(bytes.get(..one.body.end)?, at, usize::from(length))?;
        at += usize::from(length);
        Some(number)
    };
    let version = next(1)?;
    next(3)?;
    let sizes = next(2)?;
    let [offset, length, base, index] = [12, 8, 4, 0].map(|shift| (sizes >> shift & 0xf) as u8);
    let wide = if version < 2 { 2 } else { 4 };
    let index = if version == 0 { 0 } else { index };
    let count = next(wide)?;
    let mut items = Vec::new();
    for _ in 0..count {
        let id = next(wide)?;
        let method = if version == 0 { 0 } else { next(2)? & 0xf };
        // Data in another file.
        let is_elsewhere = next(2)? != 0;
        let start = next(base)?;
        let parts = next(2)?;
        let mut extents = Vec::new();
        for _ in 0..parts {
            next(index)?;
            extents.push((start.checked_add(next(offset)?)?, next(length)?));
        }
        if !is_elsewhere {
            items.push(Item { id, method, extents });
        }
    }
    Some(items)
}
