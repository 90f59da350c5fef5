//! The order of texts for people.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// A text as lists sort it: without case and accents, by one rule for all languages.
pub fn plain_text(text: &str) -> String {
    let bare = text.trim().nfkd().filter(|letter| !is_combining_mark(*letter));
    bare.flat_map(char::to_lowercase).nfkd().filter(|letter| !is_combining_mark(*letter)).collect()
}

#[cfg(test)]
mod tests {
    use super::plain_text;

    #[test]
    fn texts_are_sorted_without_case_and_accents() {
        let mut texts = ["zebra", "Éclair", "apple", "Zoo", "eclipse", "ÅNGSTRÖM", "\u{1d4d0}lpha"];
        texts.sort_by_key(|text| plain_text(text));
        assert_eq!(texts, ["\u{1d4d0}lpha", "ÅNGSTRÖM", "apple", "Éclair", "eclipse", "zebra", "Zoo"]);
    }
}
