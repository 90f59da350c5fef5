//! Addresses and ids by Pelican's rules.

use chrono::NaiveDateTime;

/// The id that Pelican's feeds have: `tag:example.org,2014-02-14:/ferry.html`.
pub(super) fn tag_uri(base: &str, path: &str, day: &str) -> String {
    let url = url::Url::parse(base).ok();
    let host = url.as_ref().and_then(url::Url::host_str).unwrap_or("None");
    let folder = url.as_ref().map_or("", |url| url.path()).trim_end_matches('/');
    format!("tag:{host},{day}:{folder}/{}", path.trim_start_matches('/'))
}

/// A pattern such as `{date:%Y}/{slug}/`, filled.
pub(super) fn filled(
    pattern: &str,
    slug: &str,
    date: Option<NaiveDateTime>,
    category: &str,
    lang: &str,
) -> String {
    let mut out = String::new();
    let mut rest = pattern;
    while let Some((before, after)) = rest.split_once('{') {
        out.push_str(before);
        let Some((name, behind)) = after.split_once('}') else {
            out.push('{');
            rest = after;
            continue;
        };
        let (name, format) = name.split_once(':').unwrap_or((name, ""));
        match name {
            "slug" => out.push_str(slug),
            "category" => out.push_str(category),
            "lang" => out.push_str(lang),
            "date" => {
                let is_known = chrono::format::StrftimeItems::new(format)
                    .all(|item| item != chrono::format::Item::Error);
                if let Some(date) = date.filter(|_| is_known) {
                    out.push_str(&date.format(format).to_string());
                }
            }
            _ => {}
        }
        rest = behind;
    }
    out.push_str(rest);
    out
}

/// `text` as a slug, as Pelican makes it: other letters than ASCII are transliterated, `_` stays.
pub(super) fn slugify(text: &str) -> String {
    let mut ascii = String::new();
    for letter in text.chars() {
        match letter.is_ascii() {
            true => ascii.push(letter),
            false => {
                ascii.push_str(&slug::slugify(letter.to_string()));
                // Syllables of Chinese, Japanese and Korean are words of their own.
                if u32::from(letter) >= 0x2e80 {
                    ascii.push(' ');
                }
            }
        }
    }
    let kept: String = ascii
        .chars()
        .filter(|c| c.is_ascii_alphanumeric() || c.is_whitespace() || "_-".contains(*c))
        .collect();
    let words = kept.trim().split(|c: char| c.is_whitespace() || c == '-');
    words.filter(|word| !word.is_empty()).collect::<Vec<_>>().join("-").to_lowercase()
}
