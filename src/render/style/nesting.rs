//! Bounds on nesting in style sheets: the parser tries several readings at each level of parentheses, so that its time
//! doubles with each, and each block is a call of a function inside of another.

use std::fmt;

/// Deepest nesting of parentheses and brackets.
const MOST_PARENTHESES: u32 = 12;

/// Deepest nesting of blocks.
const MOST_BLOCKS: usize = 64;

/// The most readings of all parentheses of a file together.
const MOST_READINGS: u64 = 1 << 17;

/// Nesting up to this depth costs nothing that counts.
const SHALLOW: u32 = 6;

/// A bound that a style sheet exceeds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum TooDeep {
    /// [`MOST_PARENTHESES`].
    Parentheses,
    /// [`MOST_BLOCKS`].
    Blocks,
    /// [`MOST_READINGS`].
    Often,
}

impl fmt::Display for TooDeep {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            TooDeep::Parentheses => write!(f, "its parentheses are more than {MOST_PARENTHESES} deep"),
            TooDeep::Blocks => write!(f, "its blocks are more than {MOST_BLOCKS} deep"),
            TooDeep::Often => write!(f, "its parentheses are more than {SHALLOW} deep too often"),
        }
    }
}

/// Checks the nesting of the style sheet `text`.
///
/// # Errors
/// The byte at which a bound is exceeded, and the bound.
pub(super) fn check(text: &str) -> Result<(), (usize, TooDeep)> {
    let bytes = text.as_bytes();
    // For each open block, the parentheses that are open around it.
    let mut blocks: Vec<u32> = Vec::new();
    let mut parentheses = 0_u32;
    let mut readings = 0_u64;
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'\\' => at += 1,
            b'/' if bytes.get(at + 1) == Some(&b'*') => {
                let Some(end) = text[at + 2..].find("*/") else { return Ok(()) };
                at += end + 3;
            }
            b'"' | b'\'' => at = string_end(bytes, at),
            b'(' | b'[' => {
                parentheses += 1;
                if parentheses > MOST_PARENTHESES {
                    return Err((at, TooDeep::Parentheses));
                }
                if parentheses > SHALLOW {
                    readings += 1 << parentheses;
                }
                if readings > MOST_READINGS {
                    return Err((at, TooDeep::Often));
                }
                if *byte == b'(' && is_url(bytes, at) {
                    at = url_end(bytes, at);
                    continue;
                }
            }
            b')' | b']' => parentheses = parentheses.saturating_sub(1),
            b'{' => {
                blocks.push(std::mem::take(&mut parentheses));
                if blocks.len() > MOST_BLOCKS {
                    return Err((at, TooDeep::Blocks));
                }
            }
            b'}' => parentheses = blocks.pop().unwrap_or_default(),
            _ => {}
        }
        at += 1;
    }
    Ok(())
}

/// The byte that ends the string at `at`: its quote, or the end of its line.
fn string_end(bytes: &[u8], at: usize) -> usize {
    let quote = bytes.get(at).copied();
    let mut end = at + 1;
    while let Some(byte) = bytes.get(end) {
        match byte {
            b'\\' => end += 1,
            b'\n' => return end,
            byte if Some(*byte) == quote => return end,
            _ => {}
        }
        end += 1;
    }
    end
}

/// True if the parenthesis at `at` begins a URL without quotes.
fn is_url(bytes: &[u8], at: usize) -> bool {
    let name = at.checked_sub(3).and_then(|start| bytes.get(start..at));
    let first = bytes[at + 1..].iter().find(|byte| !byte.is_ascii_whitespace());
    name.is_some_and(|name| name.eq_ignore_ascii_case(b"url")) && !matches!(first, Some(b'"' | b'\''))
}

/// The byte of the parenthesis that ends the URL at `at`.
fn url_end(bytes: &[u8], at: usize) -> usize {
    let mut end = at + 1;
    while let Some(byte) = bytes.get(end) {
        match byte {
            b'\\' => end += 1,
            b')' => return end,
            _ => {}
        }
        end += 1;
    }
    end
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nesting_has_bounds() {
        let nested = |open: &str, inner: &str, close: &str, depth| {
            format!("{}{inner}{}", open.repeat(depth), close.repeat(depth))
        };
        let values = |depth| format!("a{{--x:{}}}", nested("calc(", "1px", ")", depth));
        assert_eq!(check(&values(12)), Ok(()));
        assert_eq!(check(&values(13)).map_err(|(_, reason)| reason), Err(TooDeep::Parentheses));
        assert_eq!(check(&nested("a{", "b:c", "}", 64)), Ok(()));
        assert_eq!(check(&nested("a{", "b:c", "}", 65)).map_err(|(_, reason)| reason), Err(TooDeep::Blocks));
        assert_eq!(check(&values(12).repeat(100)).map_err(|(_, reason)| reason), Err(TooDeep::Often));
        assert_eq!(check(&values(6).repeat(10_000)), Ok(()));
        let brackets = "(".repeat(40);
        for text in [
            format!("a{{content:\"{brackets}\"}}"),
            format!("a{{content:'\\'{brackets}'}}"),
            format!("/* {brackets} */"),
            format!("a{{background:url(data:,{})}}", brackets.replace('(', "\\(")),
        ] {
            assert_eq!(check(&text), Ok(()), "{text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_checked(text in "(\\PC|\\(|\\{|\\)|\\}|url\\(|\"|'|/\\*|\\\\|\n){0,60}") {
            let _ = check(&text);
        }
    }
}
