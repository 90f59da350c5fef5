//! Metadata in SVG drawings: the element `metadata`, packets of XMP, what drawing programs note about the file, and the
//! metadata of pictures inside of the drawing.

use std::ops::Range;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

/// Elements with metadata, without their prefixes.
const ELEMENTS: [&[u8]; 4] = [b"metadata", b"xmpmeta", b"RDF", b"namedview"];
/// Attributes in which drawing programs note paths and names.
const ATTRIBUTES: [&str; 7] =
    ["absref", "docname", "export-filename", "export-xdpi", "export-ydpi", "output_extension", "docbase"];

/// The drawing `bytes` without its metadata; `None` if it is not well-formed UTF-8.
pub(super) fn svg(bytes: &[u8]) -> Option<Vec<u8>> {
    let text = std::str::from_utf8(bytes).ok()?;
    let mut reader = Reader::from_str(text);
    let mut out = String::with_capacity(text.len());
    let (mut copied, mut depth) = (0, 0_usize);
    loop {
        let start = usize::try_from(reader.buffer_position()).ok()?;
        let event = reader.read_event().ok()?;
        let end = usize::try_from(reader.buffer_position()).ok()?;
        let is_cut = match &event {
            Event::Eof => break,
            Event::Start(tag) if depth > 0 || is_metadata(tag) => {
                depth += 1;
                depth == 1
            }
            Event::End(_) if depth > 0 => {
                depth -= 1;
                if depth == 0 {
                    copied = end;
                }
                false
            }
            Event::Empty(tag) if depth == 0 && is_metadata(tag) => {
                out.push_str(text.get(copied..start)?);
                copied = end;
                false
            }
            Event::PI(_) if depth == 0 && text.get(start..end)?.starts_with("<?xpacket") => {
                out.push_str(text.get(copied..start)?);
                copied = end;
                false
            }
            Event::Start(_) | Event::Empty(_) if depth == 0 => {
                let tag = clean(text.get(start..end)?);
                if let Some(tag) = tag {
                    out.push_str(text.get(copied..start)?);
                    out.push_str(&tag);
                    copied = end;
                }
                false
            }
            _ => false,
        };
        if is_cut {
            out.push_str(text.get(copied..start)?);
            copied = end;
        }
    }
    if depth > 0 {
        return None;
    }
    out.push_str(text.get(copied..)?);
    Some(out.into_bytes())
}

fn is_metadata(tag: &BytesStart<'_>) -> bool {
    ELEMENTS.contains(&tag.local_name().as_ref())
}

/// The tag without notes about files, and with its pictures stripped; `None` if it stays as it is.
fn clean(tag: &str) -> Option<String> {
    let mut changes: Vec<(Range<usize>, String)> = Vec::new();
    crate::model::html::walk(tag, &mut |piece, _| {
        let crate::model::html::Piece::Tag { attributes, .. } = piece else { return };
        for attribute in attributes {
            let (prefix, name) = attribute.name.split_once(':').unwrap_or(("", attribute.name));
            if !prefix.is_empty() && ATTRIBUTES.contains(&name) {
                changes.push((attribute.whole.clone(), String::new()));
            } else if name == "href"
                && let Some(picture) = embedded(attribute.value)
            {
                changes.push((attribute.whole.clone(), format!("{}=\"{picture}\"", attribute.name)));
            }
        }
    });
    if changes.is_empty() {
        return None;
    }
    let (mut out, mut at) = (String::with_capacity(tag.len()), 0);
    for (range, text) in changes {
        out.push_str(tag.get(at..range.start)?);
        out.push_str(&text);
        at = range.end;
    }
    out.push_str(tag.get(at..)?);
    Some(out)
}

/// The `data:` URL `url` of a picture without its metadata; `None` if it has none.
fn embedded(url: &str) -> Option<String> {
    let (head, data) = url.trim().split_once(";base64,")?;
    head.strip_prefix("data:image/")?;
    let data: String = data.chars().filter(|c| !c.is_whitespace()).collect();
    let stripped = super::clean(&STANDARD.decode(data).ok()?).ok()??;
    Some(format!("{head};base64,{}", STANDARD.encode(stripped)))
}
