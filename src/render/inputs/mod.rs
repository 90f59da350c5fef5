//! What renderers can read of a site: handles that say what they show, and give its digest.
//!
//! A document kind puts handles into its inputs ([`inputs!`]) and renders from them alone. Each handle knows the site,
//! but that is private to this module: a renderer reads what the handle shows, and what it shows is in its digest. So
//! what a document can read is in its fingerprint. Making a handle costs nothing: digests of articles are made once
//! ([`Digests`]), values only when a document is rendered.

mod article;
mod digested;
mod digests;
mod feed;
mod list;
mod lookup;
mod settings;
mod shared;
mod template;

pub use article::{Article, Card, Cards, FrontFile, Label, Labels, Neighbour, Notice, Social};
pub(in crate::render) use digested::inputs;
pub use digested::{Debugged, Digested, Fingerprinted, Known, Made, Shared};
pub use digests::{Digests, Needs};
pub use feed::{Cover, Entries, FeedLine, Show, Subscription};
pub use list::{Blocks, News, Pager, SectionView, SitemapPages, TermView};
pub use lookup::{Lookup, Need, Text};
pub use settings::{Settings, environment, rooted};
pub(in crate::render) use shared::is_read;
pub use template::{Template, TemplateDigest};
use tera::Value;

use super::Renderer;
use crate::config::Author;
use crate::model::digest::Digest;

/// The site as inputs are made from it, with the digests that many documents have in common.
#[derive(Clone, Copy)]
pub struct Site<'a> {
    pub(super) all: &'a Renderer<'a>,
    digests: &'a Digests,
}

impl<'a> Site<'a> {
    /// The settings that every document may depend on.
    pub(super) fn settings(self) -> Settings<'a> {
        Settings::new(self.all.config, &self.all.environment)
    }

    /// The site's author.
    pub(super) fn author(self) -> Option<Known<'a, Author>> {
        self.all.config.author.as_ref().map(|author| Known::new(author, self.all.author))
    }

    /// The feeds that the pages of the whole site name, if `template` reads them.
    pub(super) fn feeds(self, template: &Template<'_>) -> Option<Known<'a, Value>> {
        template.read("feeds", || known(&self.all.feeds_of_site))
    }

    /// The same of a section.
    pub(super) fn feeds_of_section(self, at: usize, template: &Template<'_>) -> Option<Known<'a, Value>> {
        let feeds = self.all.feeds_of_section.get(at).unwrap_or(&self.all.feeds_of_site);
        template.read("feeds", || known(feeds))
    }

    /// The same of a term.
    pub(super) fn feeds_of_term(
        self,
        taxonomy: usize,
        term: usize,
        template: &Template<'_>,
    ) -> Option<Known<'a, Value>> {
        let feeds = self.all.feeds_of_term.get(&(taxonomy, term)).unwrap_or(&self.all.feeds_of_site);
        template.read("feeds", || known(feeds))
    }

    /// A section as the pages of its articles see it, if `template` reads it.
    pub(super) fn section_around(self, at: usize, template: &Template<'_>) -> Option<Known<'a, Value>> {
        let value = self.all.section_views.get(at)?;
        template.read("section", || Known::new(value, self.digests.section(at)))
    }
}

fn known((value, digest): &(Value, Digest)) -> Known<'_, Value> {
    Known::new(value, *digest)
}

impl<'a> Renderer<'a> {
    /// The site with `digests`, to make inputs from.
    pub fn site<'s>(&'s self, digests: &'s Digests) -> Site<'s> {
        Site { all: self, digests }
    }
}
