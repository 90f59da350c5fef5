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

/// A remedy for values of which some are not `known`: the nearest known one for the first of them, else all.
pub fn choose<'a>(words: impl IntoIterator<Item = &'a str>, known: &[&str]) -> String {
    let unknown = words.into_iter().find(|word| !known.contains(word));
    if let Some(name) = unknown.and_then(|word| nearest(word, known.iter().copied())) {
        return format!("did you mean `{name}`?");
    }
    let quoted: Vec<String> = known.iter().map(|name| format!("`{name}`")).collect();
    match quoted.split_last() {
        Some((last, others)) if !others.is_empty() => format!("choose from {} and {last}", others.join(", ")),
        _ => format!("write {}", quoted.concat()),
    }
}

#[cfg(test)]
mod tests {
    use super::{choose, nearest};

    #[test]
    fn a_remedy_has_the_nearest_known_value_or_all() {
        let known = ["rss", "atom", "json"];
        assert_eq!(choose(["atmo"], &known), "did you mean `atom`?");
        assert_eq!(choose(["rss", "JSON"], &known), "did you mean `json`?");
        assert_eq!(choose(["gemini"], &known), "choose from `rss`, `atom` and `json`");
        assert_eq!(choose(["rss", "rss"], &known), "choose from `rss`, `atom` and `json`");
        assert_eq!(choose(["x"], &["full"]), "write `full`");
    }

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
