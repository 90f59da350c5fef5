//! Slugs: titles and file names as parts of paths.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// The set of characters that a slug may have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum SlugStyle {
    /// Letters and digits of every script.
    #[default]
    Unicode,
    /// `a` to `z` and digits; other letters are transliterated to them.
    Ascii,
}

/// `text` as a slug: lower case, words joined by `-`, apostrophes dropped. It never has a `/`, a `.` or a control
/// character, and is empty if the text has neither letter nor digit. The slug of a slug is itself.
pub fn slugify(text: &str, style: SlugStyle) -> String {
    match style {
        // For an ASCII slug both styles give the same.
        _ if is_slug(text) => text.to_owned(),
        _ if text.is_ascii() => join(text.chars().map(|letter| letter.to_ascii_lowercase())),
        SlugStyle::Unicode => join_unicode(text),
        SlugStyle::Ascii => slug::slugify(join_unicode(text)),
    }
}

/// True if `text` is an ASCII slug already, as most file names are.
fn is_slug(text: &str) -> bool {
    let bytes = text.as_bytes();
    let is_gap = |byte: Option<&u8>| byte == Some(&b'-');
    bytes.iter().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-'))
        && !is_gap(bytes.first())
        && !is_gap(bytes.last())
        && !bytes.windows(2).any(|pair| pair == b"--")
}

fn join_unicode(text: &str) -> String {
    join(text.nfc().flat_map(char::to_lowercase).nfc())
}

fn join(letters: impl Iterator<Item = char>) -> String {
    let mut slug = String::with_capacity(letters.size_hint().0);
    let mut gap = false;
    for letter in letters {
        if letter.is_alphanumeric() || (is_combining_mark(letter) && !slug.is_empty() && !gap) {
            if gap && !slug.is_empty() {
                slug.push('-');
            }
            gap = false;
            slug.push(letter);
        } else if !matches!(letter, '\'' | '\u{2019}') {
            gap = true;
        }
    }
    slug
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_joined_and_apostrophes_dropped() {
        assert_eq!(
            slugify("The Harbour's  open\u{2014}again!", SlugStyle::Unicode),
            "the-harbours-open-again"
        );
        assert_eq!(
            slugify("Stra\u{df}e \u{c9}cole \u{6e2f}", SlugStyle::Unicode),
            "stra\u{df}e-\u{e9}cole-\u{6e2f}"
        );
        assert_eq!(slugify("\u{c9}cole", SlugStyle::Ascii), "ecole");
        assert_eq!(slugify("../..", SlugStyle::Unicode), "");
    }

    proptest::proptest! {
        #[test]
        fn a_slug_is_safe_and_its_own_slug(text in "\\PC*") {
            for style in [SlugStyle::Unicode, SlugStyle::Ascii] {
                let slug = slugify(&text, style);
                proptest::prop_assert!(!slug.contains(['/', '.', '\\', ' ']));
                proptest::prop_assert!(!slug.chars().any(char::is_control));
                proptest::prop_assert!(!slug.starts_with('-') && !slug.ends_with('-'));
                proptest::prop_assert_eq!(slugify(&slug, style), slug);
            }
        }
    }
}
