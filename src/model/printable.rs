//! Text of sources, feeds and file names as it may be shown on a terminal or written into a log.
//!
//! A control character can move the cursor, change the window's title or begin a new line of a log; a mark of
//! direction can turn the letters around it. Both are replaced by the notation of Rust's string literals.

use std::borrow::Cow;
use std::fmt::Write;

/// True for a character that no terminal or log may get from a source: the control characters (C0, DEL, C1), the
/// marks of direction, and Unicode's own line and paragraph separators.
pub fn is_unprintable(letter: char) -> bool {
    letter.is_control()
        || matches!(letter, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// `text` in one line: every unprintable character is written as an escape, such as `\n` or `\u{1b}`.
pub fn printable(text: &str) -> Cow<'_, str> {
    escaped(text, &|letter| !is_unprintable(letter), &|letter, text| {
        let _ = write!(text, "{}", letter.escape_default());
    })
}

/// `text` in its lines, each as [`printable`] writes it. Tabs stay, since they indent lines.
pub fn printable_lines(text: &str) -> Cow<'_, str> {
    escaped(text, &|letter| matches!(letter, '\n' | '\t') || !is_unprintable(letter), &|letter, text| {
        let _ = write!(text, "{}", letter.escape_default());
    })
}

/// The JSON document `json` with all unprintable characters in its strings as escapes of JSON. JSON itself forbids
/// only those of C0.
pub fn printable_json(json: &str) -> Cow<'_, str> {
    escaped(json, &|letter| letter == '\n' || !is_unprintable(letter), &|letter, text| {
        // Writing to a string can't fail, and no unprintable character takes two code units.
        let _ = write!(text, "\\u{:04x}", u32::from(letter));
    })
}

fn escaped<'a>(
    text: &'a str,
    stays: &dyn Fn(char) -> bool,
    write: &dyn Fn(char, &mut String),
) -> Cow<'a, str> {
    if text.chars().all(stays) {
        return Cow::Borrowed(text);
    }
    let mut escaped = String::with_capacity(text.len() + 16);
    for letter in text.chars() {
        if stays(letter) { escaped.push(letter) } else { write(letter, &mut escaped) }
    }
    Cow::Owned(escaped)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn control_characters_and_marks_of_direction_are_escaped() {
        for (text, shown) in [
            ("\u{1b}]0;x\u{7}", "\\u{1b}]0;x\\u{7}"),
            ("a\nb\r\n\tc", "a\\nb\\r\\n\\tc"),
            ("\u{7f}\u{85}\u{9b}", "\\u{7f}\\u{85}\\u{9b}"),
            (
                "\u{202e}\u{2066}\u{2069}\u{200e}\u{200f}\u{61c}",
                "\\u{202e}\\u{2066}\\u{2069}\\u{200e}\\u{200f}\\u{61c}",
            ),
            ("\u{2028}\u{2029}\0", "\\u{2028}\\u{2029}\\u{0}"),
            (
                "caf\u{e9} \u{6e2f} \u{1f468}\u{200d}\u{1f469} \\n",
                "caf\u{e9} \u{6e2f} \u{1f468}\u{200d}\u{1f469} \\n",
            ),
        ] {
            assert_eq!(printable(text), shown);
        }
        assert_eq!(printable_lines("a\n\t\u{1b}b"), "a\n\t\\u{1b}b");
    }

    #[test]
    fn escaped_json_says_the_same() {
        let text = "a\u{1b}\u{7f}\u{9b}\u{202e}\n\"\u{2028}";
        let json = serde_json::to_string(text).unwrap();
        let shown = printable_json(&json);
        assert!(shown.is_ascii(), "{shown}");
        assert_eq!(serde_json::from_str::<String>(&shown).unwrap(), text);
    }
}
