//! The views of taxonomies and terms.

use tera::Value;

use super::Views;
use super::tables::framed;
use crate::site::library::{Taxonomy, Term};

impl Views<'_> {
    /// Links to the taxonomies that have a page with terms.
    pub(super) fn taxonomy_links(&self) -> Vec<Value> {
        let kinds = self.config.taxonomies.len();
        let own = self.library.taxonomies.iter().skip(self.config.edition * kinds).take(kinds);
        own.filter(|taxonomy| !taxonomy.terms.is_empty()).map(|one| self.taxonomy_link(one)).collect()
    }

    fn taxonomy_link(&self, taxonomy: &Taxonomy) -> Value {
        map! {
            "name" => taxonomy.rules.name.as_str(),
            "title" => taxonomy.rules.title.as_str(),
            "url" => self.config.base_url.root_relative(&taxonomy.path),
        }
    }

    /// A taxonomy with its terms; `content` is the text that describes it.
    pub fn taxonomy(&self, taxonomy: &Taxonomy, content: &str) -> Value {
        let terms: Vec<Value> = taxonomy
            .terms
            .iter()
            .map(|term| {
                map! {
                    "name" => term.name.as_str(),
                    "url" => self.config.base_url.root_relative(&term.path),
                    "count" => term.articles.len(),
                }
            })
            .collect();
        map! {
            "name" => taxonomy.rules.name.as_str(),
            "title" => taxonomy.rules.title.as_str(),
            "url" => self.config.base_url.root_relative(&taxonomy.path),
            "content" => Value::safe_string(&framed(content)),
            "terms" => terms,
        }
    }

    /// The view of a term for its own template; `content` is the text that describes it.
    pub fn term(&self, taxonomy: &Taxonomy, term: &Term, content: &str) -> Value {
        let profile = term.profile.as_ref();
        let summary = term.description.as_ref().and_then(|document| document.front.summary.clone());
        map! {
            "name" => term.name.as_str(),
            "slug" => term.slug.as_str(),
            "url" => self.config.base_url.root_relative(&term.path),
            "permalink" => self.config.base_url.absolute(&term.path),
            "taxonomy" => self.taxonomy_link(taxonomy),
            "email" => profile.and_then(|profile| profile.email.clone()),
            "home" => profile.and_then(|profile| profile.url.as_deref()).map(|url| self.site_url(url)),
            "picture" => profile.and_then(|profile| profile.picture.as_deref()).map(|url| self.site_url(url)),
            "social" => self.social_links(profile.map_or(&[][..], |profile| &profile.social)),
            "bio" => profile.and_then(|profile| profile.bio.clone()).or(summary),
            "content" => Value::safe_string(&framed(content)),
        }
    }
}
