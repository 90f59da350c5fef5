//! Slugs as Eleventy's filter `slugify` makes them.

/// Letters that become more than their plain form, beside those of the tables of the crate.
const LETTERS: [(char, &str); 8] = [
    ('\u{e4}', "ae"),
    ('\u{f6}', "oe"),
    ('\u{fc}', "ue"),
    ('\u{c4}', "Ae"),
    ('\u{d6}', "Oe"),
    ('\u{dc}', "Ue"),
    ('\u{df}', "ss"),
    ('&', " and "),
];

/// `text` as a slug: words in camel case come apart, `it's` is one word, `&` is "and".
pub(super) fn slugify(text: &str) -> String {
    let mut plain = String::new();
    for letter in text.chars() {
        match LETTERS.iter().find(|(own, _)| *own == letter) {
            Some((_, becomes)) => plain.push_str(becomes),
            None => plain.push(letter),
        }
    }
    let letters: Vec<char> = plain.chars().collect();
    let mut out = String::new();
    for (at, letter) in letters.iter().enumerate() {
        let before = at.checked_sub(1).and_then(|at| letters.get(at));
        let (after, behind) = (letters.get(at + 1), letters.get(at + 2));
        let is_possessive = matches!(letter, '\'' | '\u{2019}')
            && before.is_some_and(|c| c.is_ascii_alphanumeric())
            && after.is_some_and(|c| matches!(c, 't' | 's'))
            && behind.is_none_or(|c| c.is_whitespace());
        if is_possessive {
            continue;
        }
        // `fooBar` and `HTMLFile`.
        let is_hump = letter.is_uppercase() && before.is_some_and(|c| c.is_lowercase() || c.is_ascii_digit())
            || letter.is_uppercase()
                && before.is_some_and(|c| c.is_uppercase())
                && after.is_some_and(|c| c.is_lowercase())
                && behind.is_some_and(|c| c.is_lowercase());
        if is_hump {
            out.push('-');
        }
        out.push(*letter);
    }
    ::slug::slugify(out)
}

#[cfg(test)]
mod tests {
    use super::slugify;

    #[test]
    fn slugs_are_those_of_eleventy() {
        for (text, slug) in [
            ("\u{dc}ml\u{e4}ut & co", "uemlaeut-and-co"),
            ("It's Jens' fooBar", "its-jens-foo-bar"),
            ("An HTMLFile of C++", "an-html-file-of-c"),
            ("d\u{e9}j\u{e0} vu", "deja-vu"),
            ("Part 2: the end", "part-2-the-end"),
        ] {
            assert_eq!(slugify(text), slug, "{text}");
        }
    }
}
