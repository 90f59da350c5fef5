//! Decoding bytes, by the encoding rules of XML 1.0 (appendix F) and RFC 8259 (section 8.1).

use std::borrow::Cow;
use std::ops::Range;

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

use super::Findings;
use super::rule::Rule;

/// The decoded text of a document.
pub(super) struct Decoded<'a> {
    pub text: Cow<'a, str>,
    /// The name of its encoding as on the web, such as `UTF-8`.
    pub encoding: &'static str,
}

/// Decodes `bytes`. Unreadable bytes become U+FFFD, with a finding.
pub(super) fn decode<'a>(bytes: &'a [u8], findings: &mut Findings) -> Decoded<'a> {
    if let Some((encoding, mark)) = Encoding::for_bom(bytes) {
        let rest = &bytes[mark..];
        let is_json = encoding == UTF_8 && matches!(first_of(rest), Some(b'{' | b'['));
        if is_json {
            findings.add(Rule::ByteOrderMark, 0..0, "");
        }
        return read(rest, encoding, declared(rest), findings);
    }
    // `<` or `<?` in UTF-16, without the byte order mark that it should have.
    match bytes.get(..4) {
        Some([0, b'<', 0, _]) => return read(bytes, UTF_16BE, None, findings),
        Some([b'<', 0, _, 0]) => return read(bytes, UTF_16LE, None, findings),
        _ => {}
    }
    let name = declared(bytes);
    let encoding = match &name {
        None => UTF_8,
        Some((label, span)) => match Encoding::for_label(&bytes[span.clone()]) {
            // A document that could be read this far as ASCII is not UTF-16, whatever it declares.
            Some(encoding) if encoding != UTF_16BE && encoding != UTF_16LE => encoding,
            found => {
                let why = if found.is_some() { "it says" } else { "nobody knows" };
                findings.add(
                    Rule::Encoding,
                    span.clone(),
                    format!("{why} \u{201c}{label}\u{201d}, and the bytes are not"),
                );
                UTF_8
            }
        },
    };
    read(bytes, encoding, name, findings)
}

fn first_of(bytes: &[u8]) -> Option<u8> {
    bytes.iter().copied().find(|byte| !byte.is_ascii_whitespace())
}

fn read<'a>(
    bytes: &'a [u8],
    encoding: &'static Encoding,
    declared: Option<(String, Range<usize>)>,
    findings: &mut Findings,
) -> Decoded<'a> {
    if encoding == UTF_8 {
        let text = match simdutf8::compat::from_utf8(bytes) {
            Ok(text) => Cow::Borrowed(text),
            Err(error) => {
                // Up to the fault, bytes and text have the same offsets.
                let at = error.valid_up_to();
                let byte = bytes.get(at).copied().unwrap_or_default();
                let detail = format!("byte 0x{byte:02X} is not UTF-8");
                findings.add(Rule::Encoding, at..at + 1, detail);
                String::from_utf8_lossy(bytes)
            }
        };
        if let Some((label, span)) = declared
            && Encoding::for_label(label.as_bytes()).is_some_and(|said| said != UTF_8)
        {
            findings.add(Rule::Encoding, span, format!("it says \u{201c}{label}\u{201d} and is UTF-8"));
        }
        return Decoded { text, encoding: "UTF-8" };
    }
    let (text, had_errors) = encoding.decode_without_bom_handling(bytes);
    let span = declared.map_or(0..0, |(_, span)| span);
    // The declaration has the same offset in the text only if all before it is ASCII.
    let span = if encoding == UTF_16BE || encoding == UTF_16LE { 0..0 } else { span };
    let name = match encoding {
        encoding if encoding == WINDOWS_1252 => "windows-1252",
        encoding => encoding.name(),
    };
    findings.add(Rule::NotUtf8, span.clone(), format!("it is {name}"));
    if had_errors {
        findings.add(Rule::Encoding, span, format!("some bytes are not {name}"));
    }
    Decoded { text, encoding: name }
}

/// The encoding in the XML declaration, and its place.
fn declared(bytes: &[u8]) -> Option<(String, Range<usize>)> {
    let head = bytes.strip_prefix(b"<?xml")?;
    let end = head.iter().take(200).position(|byte| *byte == b'>')?;
    let head = &head[..end];
    let at = head.windows(8).position(|window| window == b"encoding")?;
    let rest = &head[at + 8..];
    let quote = rest.iter().position(|byte| matches!(byte, b'"' | b'\''))?;
    let value = &rest[quote + 1..];
    let length = value.iter().position(|byte| *byte == rest[quote])?;
    let label = std::str::from_utf8(&value[..length]).ok()?;
    let start = b"<?xml".len() + at + 8 + quote + 1;
    Some((label.to_owned(), start..start + length))
}
