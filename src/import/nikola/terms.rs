//! Terms of Nikola, and their feeds.

use super::Config;
use crate::import::model::Imported;
use crate::import::site::{alias_of_term, term_addresses, terms_of};
use crate::model::metadata::Value;

/// Keeps the addresses of terms, and of the feeds of the site and of terms.
pub(super) fn terms_and_feeds(config: &Config, imported: &mut Imported) {
    let has_atom = config.value("GENERATE_ATOM") == Some(&Value::Bool(true));
    if has_atom {
        imported.settings.feeds.aliases.push("/index.atom".to_owned());
    }
    let text = |name: &str, usual: &str| {
        config.text(name).map_or_else(|| usual.to_owned(), |path| path.trim_matches('/').to_owned())
    };
    let tags = text("TAG_PATH", "categories");
    let (categories, prefix) = (text("CATEGORY_PATH", &tags), text("CATEGORY_PREFIX", "cat_"));
    let more = term_addresses(imported, &|taxonomy, term| Some(format!("/{taxonomy}/{}/", slugged(term))));
    imported.sections.extend(more);
    // Where several people write, an article without an author is one of the site's.
    let is_shared = imported.articles.iter().any(|one| !one.authors.is_empty());
    if let Some(author) = config.text("BLOG_AUTHOR").filter(|_| is_shared) {
        let unsigned = imported.articles.iter_mut().filter(|one| one.published.is_some());
        unsigned.filter(|one| one.authors.is_empty()).for_each(|one| one.authors.push(author.clone()));
    }
    for (taxonomy, folder, prefix) in [
        ("tags", tags, ""),
        ("topics", categories, prefix.as_str()),
        ("authors", text("AUTHOR_PATH", "authors"), ""),
    ] {
        let feed = |end: &str| format!("/{folder}/{prefix}{{slug}}.{end}");
        let feeds = if has_atom { vec![feed("xml"), feed("atom")] } else { vec![feed("xml")] };
        imported.settings.feeds_of(taxonomy, feeds);
        for term in terms_of(imported, taxonomy) {
            let from = match config.is_pretty {
                true => format!("/{folder}/{prefix}{}/", slugged(&term)),
                false => format!("/{folder}/{prefix}{}.html", slugged(&term)),
            };
            if from != format!("/{taxonomy}/{}/", slugged(&term)) {
                alias_of_term(imported, taxonomy, &term, from);
            }
        }
    }
}

/// A name as Nikola has it in addresses: ASCII, and `+` stays.
pub(super) fn slugged(text: &str) -> String {
    let mut kept = String::new();
    for letter in text.to_lowercase().chars() {
        match letter {
            letter if letter.is_ascii_alphanumeric() || "+_".contains(letter) => kept.push(letter),
            letter if letter.is_whitespace() || letter == '-' => kept.push('-'),
            letter if letter.is_ascii() => {}
            letter => kept.push_str(&slug::slugify(letter.to_string())),
        }
    }
    kept.split('-').filter(|part| !part.is_empty()).collect::<Vec<_>>().join("-")
}
