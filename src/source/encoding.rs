//! Decodes the bytes of a source.

use encoding_rs::{DecoderResult, Encoding};
use miette::Diagnostic;
use thiserror::Error;

/// Reasons why bytes can't be decoded.
#[derive(Debug, Clone, PartialEq, Eq, Error, Diagnostic)]
pub enum EncodingError {
    /// They are not UTF-8.
    #[error("this is not UTF-8: byte {offset} (line {line}) is 0x{byte:02X}")]
    #[diagnostic(
        code(encoding::utf8),
        help(
            "save the file as UTF-8, or name its folder's encoding in `site.toml`: `[encodings]` and `\"archive\" = \"windows-1252\"`"
        )
    )]
    NotUtf8 {
        /// The first invalid byte, counted from 0.
        offset: usize,
        /// Its line, from 1.
        line: usize,
        /// The byte.
        byte: u8,
    },
    /// They are UTF-16.
    #[error("this is UTF-16: it begins with its byte order mark")]
    #[diagnostic(
        code(encoding::utf16),
        help(
            "save the file as UTF-8, or name its folder's encoding in `site.toml`: `[encodings]` and `\"archive\" = \"{label}\"`"
        )
    )]
    Utf16 {
        /// The encoding's name.
        label: &'static str,
    },
    /// They are invalid in the encoding of the settings.
    #[error("this is not {encoding}: what starts at byte {offset} (line {line}) means nothing in it")]
    #[diagnostic(
        code(encoding::malformed),
        help("correct the folder's encoding under `[encodings]` in `site.toml`, or save the file again")
    )]
    Malformed {
        /// The encoding's name.
        encoding: &'static str,
        /// The byte, counted from 0.
        offset: usize,
        /// Its line, from 1.
        line: usize,
    },
}

/// Decodes `bytes` from the given encoding, else from UTF-8. Removes a byte order mark and turns line ends into line
/// feeds.
///
/// # Errors
/// [`EncodingError`] with the byte at which reading stopped.
pub fn decode(bytes: Vec<u8>, encoding: Option<&'static Encoding>) -> Result<String, EncodingError> {
    let text = match encoding {
        Some(encoding) if encoding != encoding_rs::UTF_8 => other(&bytes, encoding)?,
        _ => utf8(bytes)?,
    };
    if memchr::memchr(b'\r', text.as_bytes()).is_none() {
        return Ok(text);
    }
    Ok(text.replace("\r\n", "\n").replace('\r', "\n"))
}

fn utf8(bytes: Vec<u8>) -> Result<String, EncodingError> {
    match bytes.get(..2) {
        Some([0xff, 0xfe]) => return Err(EncodingError::Utf16 { label: "utf-16le" }),
        Some([0xfe, 0xff]) => return Err(EncodingError::Utf16 { label: "utf-16be" }),
        _ => {}
    }
    let text = simdutf8::compat::from_utf8(&bytes).map_err(|error| {
        let offset = error.valid_up_to();
        let byte = bytes.get(offset).copied().unwrap_or_default();
        EncodingError::NotUtf8 { offset, line: line_of(&bytes, offset), byte }
    })?;
    Ok(text.strip_prefix('\u{feff}').unwrap_or(text).to_owned())
}

fn other(bytes: &[u8], encoding: &'static Encoding) -> Result<String, EncodingError> {
    let mut decoder = encoding.new_decoder_with_bom_removal();
    let room = decoder.max_utf8_buffer_length_without_replacement(bytes.len()).unwrap_or(bytes.len() * 3);
    let mut text = String::with_capacity(room);
    let (result, read) = decoder.decode_to_string_without_replacement(bytes, &mut text, true);
    match result {
        DecoderResult::InputEmpty => Ok(text),
        DecoderResult::Malformed(length, after) => {
            let offset = read.saturating_sub(usize::from(length) + usize::from(after));
            Err(EncodingError::Malformed { encoding: encoding.name(), offset, line: line_of(bytes, offset) })
        }
        // The buffer is large enough for any input of this length.
        DecoderResult::OutputFull => Err(EncodingError::Malformed {
            encoding: encoding.name(),
            offset: read,
            line: line_of(bytes, read),
        }),
    }
}

fn line_of(bytes: &[u8], offset: usize) -> usize {
    bytes[..offset.min(bytes.len())].iter().filter(|byte| **byte == b'\n').count() + 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn utf8_is_read_without_mark_and_with_one_kind_of_line_end() {
        assert_eq!(decode(b"\xef\xbb\xbfa\r\nb\rc\n".to_vec(), None).unwrap(), "a\nb\nc\n");
    }

    #[test]
    fn the_byte_at_which_utf8_broke_is_named() {
        let error = decode(b"one\nca\xe9 x".to_vec(), None).unwrap_err();
        assert_eq!(error, EncodingError::NotUtf8 { offset: 6, line: 2, byte: 0xe9 });
        assert!(matches!(
            decode(b"\xff\xfea\0".to_vec(), None),
            Err(EncodingError::Utf16 { label: "utf-16le" })
        ));
    }

    #[test]
    fn a_named_encoding_is_read() {
        assert_eq!(
            decode(b"caf\xe9 \x97".to_vec(), Some(encoding_rs::WINDOWS_1252)).unwrap(),
            "caf\u{e9} \u{2014}"
        );
        assert_eq!(
            decode(b"\xad\xbb\xb4\xe4".to_vec(), Some(encoding_rs::BIG5)).unwrap(),
            "\u{9999}\u{6e2f}"
        );
        let error = decode(b"ab\n\xff\xff".to_vec(), Some(encoding_rs::BIG5)).unwrap_err();
        assert_eq!(error, EncodingError::Malformed { encoding: "Big5", offset: 3, line: 2 });
    }

    proptest::proptest! {
        #[test]
        fn any_bytes_are_read_or_refused(bytes in proptest::collection::vec(proptest::num::u8::ANY, 0..80)) {
            for encoding in [None, Some(encoding_rs::BIG5), Some(encoding_rs::UTF_16LE), Some(encoding_rs::ISO_2022_JP)] {
                let _ = decode(bytes.clone(), encoding);
            }
        }
    }
}
