//! Suggestions for a misspelt name.

/// The one of `names` that is nearest to `word`, if it is near enough to be intended: at most a third of its letters
/// may differ (Damerau–Levenshtein distance). Case makes no difference.
pub fn nearest<'a>(word: &str, names: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let word = word.to_lowercase();
    names
        .into_iter()
        .map(|name| (strsim::damerau_levenshtein(&name.to_lowercase(), &word), name))
        .min()
        .filter(|(distance, name)| *distance <= name.chars().count().max(word.chars().count()) / 3)
        .map(|(_, name)| name)
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn slips_of_the_hand_are_near_and_other_words_are_not() {
        let names = ["title", "tags", "src", "base_url", "summary"];
        for (word, meant) in [
            ("tilte", Some("title")),
            ("TITLE", Some("title")),
            ("sumary", Some("summary")),
            ("scr", Some("src")),
            ("baseurl", Some("base_url")),
            ("colour", None),
            ("x", None),
            ("", None),
        ] {
            assert_eq!(nearest(word, names), meant, "{word}");
        }
    }
}
