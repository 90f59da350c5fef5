//! The one place that decides which characters reach a feed.

use std::borrow::Cow;

/// `text` without the characters that XML 1.0 forbids (section 2.2), and with line feeds for carriage
/// returns, which every XML parser would make of them anyway (section 2.11).
pub(super) fn clean(text: &str) -> Cow<'_, str> {
    if text.chars().all(|letter| allowed(letter) && letter != '\r') {
        return Cow::Borrowed(text);
    }
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    Cow::Owned(text.chars().filter(|letter| allowed(*letter)).collect())
}

/// [`clean`] as a string of its own.
pub(super) fn cleaned(text: &str) -> String {
    clean(text).into_owned()
}

/// A title: clean, and on one line.
pub(super) fn line(text: &str) -> String {
    clean(text).split_whitespace().collect::<Vec<_>>().join(" ")
}

fn allowed(letter: char) -> bool {
    matches!(letter, '\t' | '\n' | '\r' | '\u{20}'..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..)
}
