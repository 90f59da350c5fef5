//! Lines of calendars (RFC 5545, section 3.1) and of visiting cards (RFC 6350, section 3.2).

use std::borrow::Cow;

use crate::model::date::Moment;

/// Most octets of a line, without its end.
const LONGEST: usize = 75;

/// `text` with its lines as the standards want them: each ends with CRLF, none is blank, and a long one is folded
/// between two characters.
pub(in crate::render) fn lines(text: &str) -> String {
    let mut made = String::with_capacity(text.len() + text.len() / 16);
    for line in text.lines().filter(|line| !line.trim().is_empty()) {
        let mut length = 0;
        for letter in line.trim_end().chars() {
            if length + letter.len_utf8() > LONGEST {
                made.push_str("\r\n ");
                length = 1;
            }
            made.push(letter);
            length += letter.len_utf8();
        }
        made.push_str("\r\n");
    }
    made
}

/// `text` as the value of a property that has text (RFC 5545, section 3.3.11).
pub(in crate::render) fn escaped(text: &str) -> Cow<'_, str> {
    if !text.contains(['\\', ';', ',', '\n', '\r']) {
        return Cow::Borrowed(text);
    }
    let mut escaped = String::with_capacity(text.len() + 16);
    for letter in text.chars() {
        match letter {
            '\\' | ';' | ',' => escaped.extend(['\\', letter]),
            '\n' => escaped.push_str("\\n"),
            '\r' => {}
            other => escaped.push(other),
        }
    }
    Cow::Owned(escaped)
}

/// The instant of `moment` in UTC (RFC 5545, section 3.3.5).
pub(in crate::render) fn instant(moment: &Moment) -> String {
    moment.instant().format("%Y%m%dT%H%M%SZ").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_has_at_most_seventy_five_octets_and_is_folded_between_characters() {
        let long = format!("SUMMARY:{}", "\u{e4}\u{20ac}\u{1f6a2}".repeat(30));
        let made = lines(&long);
        assert!(made.split("\r\n").all(|line| line.len() <= LONGEST), "{made}");
        assert_eq!(made.replace("\r\n ", ""), format!("{long}\r\n"));
    }

    #[test]
    fn lines_end_with_both_characters_and_none_is_blank() {
        assert_eq!(lines("BEGIN:VCALENDAR\n\n  \r\nEND:VCALENDAR"), "BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n");
        let exact = "X".repeat(LONGEST);
        assert_eq!(lines(&exact), format!("{exact}\r\n"));
        assert_eq!(lines(&format!("{exact}Y")), format!("{exact}\r\n Y\r\n"));
    }

    #[test]
    fn text_is_escaped_as_the_standard_says() {
        assert_eq!(escaped("a;b,c\\d\r\ne: \"f\""), "a\\;b\\,c\\\\d\\ne: \"f\"");
    }
}
