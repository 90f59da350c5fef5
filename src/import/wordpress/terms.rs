//! Categories, tags and terms of other taxonomies.

use std::collections::{BTreeMap, BTreeSet};

use toml::Table;

use super::library::Library;
use super::wxr::Item;
use crate::import::blog::redirect;
use crate::import::html::{markdown, one_line};
use crate::import::model::{Article, Imported, Outcome, Section, Taxonomy};
use crate::model::url::{SlugStyle, percent_decode, slugify, slugify_term};

/// The most terms of a post.
const MOST_TERMS: usize = 150;

/// The terms of all articles.
#[derive(Default)]
pub(super) struct Terms {
    /// Names and slugs of the terms of public articles, by taxonomy.
    used: BTreeMap<(String, String), String>,
    /// Fields of custom taxonomies.
    taxonomies: BTreeMap<String, String>,
}

impl Terms {
    /// Gives `article` the terms of its item.
    pub(super) fn add(&mut self, item: &Item, article: &mut Article, imported: &mut Imported) {
        let mut all: Vec<(String, Vec<String>)> = Vec::new();
        let mut count = 0;
        for term in &item.terms {
            let taxonomy = match term.domain.as_str() {
                "category" => "categories".to_owned(),
                "post_tag" => "tags".to_owned(),
                "nav_menu" | "" => continue,
                "post_format" => {
                    let format = term.slug.trim_start_matches("post-format-");
                    article.extra.insert("format".to_owned(), format.into());
                    continue;
                }
                other => custom(other),
            };
            let name = one_line(&term.name);
            if name.is_empty() || count >= MOST_TERMS {
                continue;
            }
            count += 1;
            if article.draft.is_none() {
                self.used.insert((taxonomy.clone(), name.clone()), term.slug.clone());
            }
            if !matches!(term.domain.as_str(), "category" | "post_tag") {
                self.taxonomies.insert(taxonomy.clone(), term.domain.clone());
            }
            match all.iter_mut().find(|(known, _)| *known == taxonomy) {
                Some((_, names)) => names.push(name),
                None => all.push((taxonomy, vec![name])),
            }
        }
        if item.terms.len() > MOST_TERMS {
            let text = format!("only the first {MOST_TERMS} of its {} terms were taken", item.terms.len());
            imported.tell(Outcome::Changed, "terms", article.source.clone(), text);
        }
        article.terms = all;
    }

    /// The slugs of the terms above a term, as its address had them.
    fn above(library: &Library, domain: &str, slug: &str) -> String {
        let mut slugs: Vec<&str> = Vec::new();
        let mut at = slug;
        while let Some(term) = library.terms.get(&(domain.to_owned(), at.to_owned())) {
            if term.parent.is_empty() || slugs.len() >= 8 {
                break;
            }
            slugs.push(&term.parent);
            at = &term.parent;
        }
        slugs.reverse();
        slugs.join("/")
    }

    /// Adds addresses and descriptions of terms, and taxonomies.
    pub(super) fn finish(self, library: &Library, imported: &mut Imported) {
        // Two spellings of a term have one page.
        let mut described_folders = BTreeSet::new();
        for ((taxonomy, name), slug) in &self.used {
            let domain = match taxonomy.as_str() {
                "categories" => "category",
                "tags" => "post_tag",
                other => self.taxonomies.get(other).map_or(other, String::as_str),
            };
            let path = match taxonomy.as_str() {
                "categories" => "category",
                "tags" => "tag",
                other => other,
            };
            let described = library.terms.get(&(domain.to_owned(), slug.clone()));
            let own = slugify_term(name, SlugStyle::Unicode);
            let wanted = slugify(&percent_decode(slug), SlugStyle::Unicode);
            let text = described.map(|term| markdown(&term.description).markdown).unwrap_or_default();
            let above = Terms::above(library, domain, slug);
            if !above.is_empty() && !wanted.is_empty() {
                redirect(imported, format!("/{path}/{above}/{slug}/"), format!("/{path}/{wanted}/"));
            }
            let folder = format!("{path}/{own}");
            if own.is_empty() || own == wanted && text.is_empty() || !described_folders.insert(folder.clone())
            {
                continue;
            }
            let mut fields = Table::new();
            if own != wanted && !wanted.is_empty() {
                fields.insert("slug".to_owned(), wanted.into());
            }
            imported.sections.push(Section {
                folder,
                title: Some(name.clone()),
                fields,
                body: text,
                ..Section::default()
            });
        }
        for (name, domain) in self.taxonomies {
            let path = Some(slugify(&domain, SlugStyle::Ascii)).filter(|path| *path != name);
            let feed_aliases = path.iter().map(|path| format!("/{path}/{{slug}}/feed/")).collect();
            imported.settings.taxonomies.push(Taxonomy { name, path, feed_aliases, ..Taxonomy::default() });
        }
    }
}

/// The name of the field for a taxonomy of a plugin or a theme.
fn custom(domain: &str) -> String {
    let name = slugify(domain, SlugStyle::Ascii).replace('-', "_");
    match name.as_str() {
        "" => "terms".to_owned(),
        // Names that front matter has for something else.
        "tags" | "topics" | "authors" | "title" | "date" | "draft" | "summary" | "image" | "link"
        | "feed" | "lang" | "categories" | "format" | "status" | "visibility" => format!("{name}_terms"),
        _ => name,
    }
}
