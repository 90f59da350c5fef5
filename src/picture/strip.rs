//! Removing personal metadata from a picture's file: EXIF, XMP, IPTC, comments, previews, and all data after the
//! picture's end. Pixels and colour profile stay byte for byte. Of EXIF only the orientation stays, in a block of its
//! own; without it the picture would lie on its side.

mod boxes;
mod drawing;
mod tiff;

use super::{Fault, Format};

/// Traces of metadata in a file of an unknown kind: EXIF, XMP, and the first bytes of cameras' own formats.
const TRACES: [&[u8]; 5] =
    [b"Exif\0\0", b"eXIf", b"http://ns.adobe.com/xap/1.0/", b"<x:xmpmeta", b"<?xpacket"];
const RAW: [&[u8]; 5] = [b"IIRO", b"IIRS", b"MMOR", b"IIU\0", b"FUJIFILMCCD-RAW"];
/// Traces in a drawing that is not well-formed.
const DRAWN: [&[u8]; 3] = [b"<metadata", b"<?xpacket", b":RDF"];

/// True if the file `name`, which begins with the bytes `head`, is to be published without metadata.
pub fn is_picture(name: &str, head: &[u8]) -> bool {
    let is_known =
        || boxes::is_heif(head) || boxes::is_jxl(head) || boxes::is_jp2(head) || tiff::is_tiff(head);
    let is_named = || mime_guess::from_path(name).iter().any(|media| media.type_() == "image");
    Format::of(head).is_some() || is_known() || is_named()
}

/// The picture `bytes` of any kind without its metadata; `None` if it has none.
///
/// # Errors
/// It may have metadata that can't be found.
pub fn clean(bytes: &[u8]) -> Result<Option<Vec<u8>>, Fault> {
    let finds = |trace: &&[u8]| memchr::memmem::find(bytes, trace).is_some();
    let refuse_if = |has_traces: bool| if has_traces { Err(Fault::Metadata) } else { Ok(None) };
    let stripped = match Format::of(bytes) {
        Some(Format::Svg) => match drawing::svg(bytes) {
            None => return refuse_if(DRAWN.iter().any(finds)),
            stripped => stripped,
        },
        Some(_) => return Ok(strip(bytes)),
        None if boxes::is_heif(bytes) => boxes::heif(bytes),
        None if boxes::is_jxl(bytes) => boxes::jxl(bytes),
        None if boxes::is_jp2(bytes) => boxes::jp2(bytes),
        None if tiff::is_tiff(bytes) => tiff::tiff(bytes),
        None => {
            let is_raw = RAW.iter().any(|start| bytes.starts_with(start));
            return refuse_if(is_raw || TRACES.iter().any(finds));
        }
    };
    let stripped = stripped.ok_or(Fault::Metadata)?;
    Ok((stripped != bytes).then_some(stripped))
}

/// The file `bytes` without its metadata; `None` if it has none, or can't be parsed. A truncated JPEG is stripped as
/// far as it goes.
///
/// JPEG: ITU-T T.81, annex B. PNG: W3C, section 5. WebP: RFC 9649, section 2. GIF: 89a.
pub fn strip(bytes: &[u8]) -> Option<Vec<u8>> {
    let stripped = match Format::of(bytes)? {
        Format::Jpeg => Some(jpeg(bytes).0),
        Format::Png => png(bytes),
        Format::Webp => webp(bytes),
        Format::Gif => gif(bytes),
        Format::Svg => None,
    }?;
    (stripped != bytes).then_some(stripped)
}

/// A JPEG without its metadata; the flag is true if the file has its end marker.
pub(super) fn jpeg(bytes: &[u8]) -> (Vec<u8>, bool) {
    let mut out = vec![0xff, 0xd8];
    let mut at = 2;
    let mut orientation = None;
    let mut insert_at = None;
    let mut is_whole = false;
    // Bytes between two segments belong to neither.
    while let Some(found) = bytes.get(at..).and_then(|rest| memchr::memchr(0xff, rest)) {
        at += found;
        let Some(marker) = bytes.get(at + 1).copied() else { break };
        match marker {
            // A fill byte.
            0xff => at += 1,
            // The end marker. Telephones append films, depth maps and other pictures after it.
            0xd9 => {
                out.extend_from_slice(&[0xff, 0xd9]);
                is_whole = true;
                break;
            }
            0x00 | 0x01 | 0xd0..=0xd8 => at += 2,
            _ => {
                let Some([high, low]) = bytes.get(at + 2..at + 4) else { break };
                let end = at + 2 + usize::from(u16::from_be_bytes([*high, *low]));
                let Some(whole) = bytes.get(at..end) else { break };
                let Some(content) = whole.get(4..) else { break };
                let kept = match marker {
                    0xe1 => {
                        if let Some(exif) = content.strip_prefix(b"Exif\0\0") {
                            orientation = orientation.or(orientation_of(exif));
                        }
                        false
                    }
                    // Keep a colour profile, but not the lists of further pictures that share this marker.
                    0xe2 => content.starts_with(b"ICC_PROFILE\0"),
                    // Keep the segments that say how colours are coded.
                    0xe0 => content.starts_with(b"JFIF\0"),
                    0xee => content.starts_with(b"Adobe"),
                    0xe3..=0xef | 0xfe => false,
                    _ => true,
                };
                if marker != 0xe0 {
                    insert_at.get_or_insert(out.len());
                }
                if kept {
                    out.extend_from_slice(whole);
                }
                at = end;
                if marker == 0xda {
                    // A scan: it goes on to the next marker that does not belong to it.
                    let start = at;
                    loop {
                        let Some(found) = bytes.get(at..).and_then(|rest| memchr::memchr(0xff, rest)) else {
                            at = bytes.len();
                            break;
                        };
                        at += found;
                        match bytes.get(at + 1) {
                            Some(0x00 | 0xd0..=0xd7) => at += 2,
                            Some(0xff) => at += 1,
                            _ => break,
                        }
                    }
                    out.extend_from_slice(bytes.get(start..at).unwrap_or_default());
                }
            }
        }
    }
    if let Some(orientation) = orientation.filter(|orientation| (2..=8).contains(orientation)) {
        let block = exif_with(orientation);
        let mut segment = vec![0xff, 0xe1];
        segment.extend_from_slice(&((block.len() + 8) as u16).to_be_bytes());
        segment.extend_from_slice(b"Exif\0\0");
        segment.extend_from_slice(&block);
        let at = insert_at.unwrap_or(2);
        out.splice(at..at, segment);
    }
    (out, is_whole)
}

/// The chunks that determine how a PNG looks (W3C PNG, section 11), besides its orientation; others are dropped.
const SEEN: [&[u8; 4]; 20] = [
    b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"cHRM", b"gAMA", b"iCCP", b"sBIT", b"sRGB", b"cICP",
    b"mDCV", b"cLLI", b"bKGD", b"hIST", b"pHYs", b"sPLT", b"acTL", b"fcTL", b"fdAT",
];

fn png(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut out = bytes.get(..8)?.to_vec();
    let mut at = 8;
    loop {
        let Some(head) = bytes.get(at..at + 8) else { return Some(out) };
        let length = u32::from_be_bytes([head[0], head[1], head[2], head[3]]) as usize;
        let end = at.checked_add(length)?.checked_add(12)?;
        // The last chunk may be cut short.
        let whole = bytes.get(at..end).unwrap_or(&bytes[at..]);
        let kind = &head[4..];
        match kind {
            b"eXIf" => {
                let orientation = orientation_of(whole.get(8..8 + length).unwrap_or_default());
                if let Some(orientation) = orientation.filter(|orientation| (2..=8).contains(orientation)) {
                    let block = exif_with(orientation);
                    let mut chunk = (block.len() as u32).to_be_bytes().to_vec();
                    chunk.extend_from_slice(b"eXIf");
                    chunk.extend_from_slice(&block);
                    let sum = crc32(&chunk[4..]);
                    chunk.extend_from_slice(&sum.to_be_bytes());
                    out.extend_from_slice(&chunk);
                }
            }
            _ if SEEN.iter().any(|seen| *seen == kind) => out.extend_from_slice(whole),
            _ => {}
        }
        at = end;
        if kind == b"IEND" {
            return Some(out);
        }
    }
}

/// The checksum of a PNG's chunk (W3C PNG, annex D).
fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(u32::MAX, |sum, byte| {
        (0..8).fold(
            sum ^ u32::from(*byte),
            |sum, _| {
                if sum & 1 == 1 { (sum >> 1) ^ 0xedb8_8320 } else { sum >> 1 }
            },
        )
    })
}

fn webp(bytes: &[u8]) -> Option<Vec<u8>> {
    let size = u32::from_le_bytes(bytes.get(4..8)?.try_into().ok()?) as usize;
    let end = size.checked_add(8)?;
    let mut out = bytes.get(..12)?.to_vec();
    let mut at = 12;
    let mut flags = None;
    let mut keeps_exif = false;
    while at < end.min(bytes.len()) {
        let Some(head) = bytes.get(at..at + 8) else { break };
        let kind = [head[0], head[1], head[2], head[3]];
        let length = u32::from_le_bytes([head[4], head[5], head[6], head[7]]) as usize;
        let next = at.checked_add(8)?.checked_add(length)?.checked_add(length % 2)?;
        // The last chunk may be cut short.
        let content = bytes.get(at + 8..at + 8 + length).unwrap_or(&bytes[at + 8..]);
        match &kind {
            b"EXIF" => {
                let exif = content.strip_prefix(b"Exif\0\0").unwrap_or(content);
                if let Some(orientation) = orientation_of(exif).filter(|one| (2..=8).contains(one)) {
                    let block = exif_with(orientation);
                    out.extend_from_slice(b"EXIF");
                    out.extend_from_slice(&(block.len() as u32).to_le_bytes());
                    out.extend_from_slice(&block);
                    keeps_exif = true;
                }
            }
            b"VP8 " | b"VP8L" | b"ALPH" | b"ANIM" | b"ANMF" | b"ICCP" | b"VP8X" => {
                if kind == *b"VP8X" {
                    flags = Some(out.len() + 8);
                }
                out.extend_from_slice(bytes.get(at..next.min(bytes.len()))?);
            }
            _ => {}
        }
        at = next;
    }
    if let Some(at) = flags {
        // The flags of EXIF and XMP (RFC 9649, section 2.7.1).
        let flags = out.get_mut(at)?;
        *flags &= if keeps_exif { !0b100 } else { !0b1100 };
    }
    let size = (out.len() - 8) as u32;
    out[4..8].copy_from_slice(&size.to_le_bytes());
    Some(out)
}

/// A GIF without its metadata. The rest of one that is cut short or damaged is dropped, except for pixels.
fn gif(bytes: &[u8]) -> Option<Vec<u8>> {
    let table = |packed: u8| if packed & 0x80 == 0 { 0 } else { 3 << ((packed & 7) + 1) };
    let mut at = 13 + table(*bytes.get(10)?);
    let mut out = bytes.get(..at)?.to_vec();
    // Sub-blocks of up to 255 bytes, each after its length; an empty one ends them.
    let blocks = |mut at: usize| loop {
        let length = usize::from(*bytes.get(at)?);
        at += 1 + length;
        if length == 0 {
            return Some(at);
        }
    };
    loop {
        match bytes.get(at) {
            Some(0x2c) => {
                let end = bytes.get(at + 9).and_then(|packed| blocks(at + 10 + table(*packed) + 1));
                let own = end.and_then(|end| bytes.get(at..end)).unwrap_or(&bytes[at..]);
                out.extend_from_slice(own);
                at += own.len();
            }
            Some(0x21) => {
                let end = blocks(at + 2).unwrap_or(bytes.len() + 1);
                let Some(own) = bytes.get(at..end) else { return Some(out) };
                let label = own.get(1).copied().unwrap_or_default();
                // Comments are dropped; of application extensions those for repetition and the colour profile are
                // kept.
                let kept = match label {
                    0xf9 | 0x01 => true,
                    0xff => matches!(own.get(3..14), Some(b"NETSCAPE2.0" | b"ANIMEXTS1.0" | b"ICCRGBG1012")),
                    _ => false,
                };
                if kept {
                    out.extend_from_slice(own);
                }
                at = end;
            }
            Some(0x3b) => {
                out.push(0x3b);
                return Some(out);
            }
            _ => return Some(out),
        }
    }
}

/// The tag of the orientation (CIPA DC-008, EXIF 3.0, table 4).
const ORIENTATION: u16 = 0x0112;

/// The orientation in a block of EXIF, which has the form of a TIFF file.
fn orientation_of(exif: &[u8]) -> Option<u16> {
    let little = match exif.get(..4)? {
        [b'I', b'I', 42, 0] => true,
        [b'M', b'M', 0, 42] => false,
        _ => return None,
    };
    let short = |at: usize| {
        let two: [u8; 2] = exif.get(at..at.checked_add(2)?)?.try_into().ok()?;
        Some(if little { u16::from_le_bytes(two) } else { u16::from_be_bytes(two) })
    };
    let four: [u8; 4] = exif.get(4..8)?.try_into().ok()?;
    let first = if little { u32::from_le_bytes(four) } else { u32::from_be_bytes(four) } as usize;
    let count = usize::from(short(first)?);
    (0..count)
        .map_while(|entry| first.checked_add(2 + entry * 12))
        .find_map(|at| if short(at)? == ORIENTATION { short(at.checked_add(8)?) } else { None })
}

/// A block of EXIF with only the orientation.
fn exif_with(orientation: u16) -> Vec<u8> {
    let [high, low] = orientation.to_be_bytes();
    let mut block = b"MM\0\x2a\0\0\0\x08".to_vec();
    block.extend_from_slice(&[0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, high, low, 0, 0, 0, 0, 0, 0]);
    block
}

#[cfg(test)]
mod tests;
