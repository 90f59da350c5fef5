//! Slugs: titles and file names as parts of paths.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use super::path::{is_ignorable, is_unseen};

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
/// character. A text without letters and digits, such as an emoji, becomes the code points of its signs. The slug is
/// empty if the text has nothing but blanks, ASCII punctuation and brackets. The slug of a slug is itself.
pub fn slugify(text: &str, style: SlugStyle) -> String {
    let slug = match style {
        // For an ASCII slug both styles give the same.
        _ if is_slug(text) => return text.to_owned(),
        _ if text.is_ascii() => join(text.chars().map(|letter| letter.to_ascii_lowercase())),
        SlugStyle::Unicode => join_unicode(text),
        SlugStyle::Ascii => slug::slugify(join_unicode(text)),
    };
    if slug.is_empty() { code_points(text) } else { slug }
}

/// The term `text` as a slug. A `+` or `#` at the end of a word is a part of its name: `C++` is `c-plus-plus`, `C#` is
/// `c-sharp`, and neither is `C`. Before a word, as in `#boats`, it is none.
pub fn slugify_term(text: &str, style: SlugStyle) -> String {
    if !text.contains(['+', '#', '\u{266f}', '\u{ff0b}', '\u{ff03}']) {
        return slugify(text, style);
    }
    let mut named = String::with_capacity(text.len() + 12);
    let mut is_in_word = false;
    for letter in text.chars() {
        match letter {
            '+' | '\u{ff0b}' if is_in_word => named.push_str(" plus "),
            '#' | '\u{266f}' | '\u{ff03}' if is_in_word => named.push_str(" sharp "),
            letter => {
                is_in_word = letter.is_alphanumeric() || is_combining_mark(letter) && is_in_word;
                named.push(letter);
            }
        }
    }
    slugify(&named, style)
}

/// The code points of the signs in `text`, in hexadecimal digits, joined by `-`. Characters that are not shown, such as
/// those that choose the look of an emoji, don't count.
fn code_points(text: &str) -> String {
    let is_sign = |letter: &char| {
        !letter.is_whitespace()
            && !is_unseen(*letter)
            && !is_ignorable(*letter)
            && !matches!(letter, '\u{e000}'..='\u{f8ff}' | '\u{2019}')
            && !".,:;!?-_/\\'\"()[]{}".contains(*letter)
    };
    let points: Vec<String> =
        text.nfc().filter(is_sign).map(|letter| format!("{:x}", u32::from(letter))).collect();
    points.join("-")
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
    // Without an apostrophe between them, two combining marks may change places.
    let letters = text.chars().filter(|letter| !is_apostrophe(*letter));
    join(letters.nfc().flat_map(char::to_lowercase).nfc())
}

fn is_apostrophe(letter: char) -> bool {
    matches!(letter, '\'' | '\u{2019}')
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
        } else if !is_apostrophe(letter) {
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

    #[test]
    fn a_sign_behind_a_word_is_a_part_of_a_terms_name() {
        for (text, slug) in [
            ("C", "c"),
            ("C++", "c-plus-plus"),
            ("c ++", "c"),
            ("C#", "c-sharp"),
            ("C\u{266f}", "c-sharp"),
            ("C++/CLI", "c-plus-plus-cli"),
            ("C++11", "c-plus-plus-11"),
            ("F# and C#", "f-sharp-and-c-sharp"),
            ("LGBTQ+", "lgbtq-plus"),
            ("#boats", "boats"),
            ("+1", "1"),
            ("##", "23-23"),
            ("\u{4e2d}\u{6587}+", "\u{4e2d}\u{6587}-plus"),
        ] {
            assert_eq!(slugify_term(text, SlugStyle::Unicode), slug, "{text}");
            let again = slugify_term(slug, SlugStyle::Unicode);
            assert_eq!(again, slug, "{text}");
        }
        assert_eq!(slugify_term("C\u{266f}", SlugStyle::Ascii), "c-sharp");
    }

    #[test]
    fn a_text_of_signs_becomes_their_code_points() {
        for (text, slug) in [
            ("\u{1f99e}", "1f99e"),
            ("\u{2764}\u{fe0f}", "2764"),
            ("\u{2764}", "2764"),
            ("\u{1f469}\u{200d}\u{1f4bb}", "1f469-1f4bb"),
            ("\u{1f1eb}\u{1f1f7}", "1f1eb-1f1f7"),
            ("\u{b7}\u{b7}\u{b7}", "b7-b7-b7"),
            ("+", "2b"),
            ("&", "26"),
            ("\u{20ac}", "20ac"),
            ("C++", "c"),
            ("+1", "1"),
            ("\u{1f99e} lobster", "lobster"),
            (" - _ ", ""),
            ("\u{200d}\u{202e}", ""),
        ] {
            for style in [SlugStyle::Unicode, SlugStyle::Ascii] {
                assert_eq!(slugify(text, style), slug, "{text} {style:?}");
            }
        }
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
