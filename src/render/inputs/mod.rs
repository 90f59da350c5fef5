//! Inputs of documents: handles that renderers read, each with a digest of everything it shows.
//!
//! The inputs of a document kind consist of handles ([`inputs!`]), and it renders from them alone. Each handle knows
//! the site, but that is private to this module: a renderer reads only what the handle shows, and the handle's digest
//! covers it. So everything that a document can read is in its fingerprint. Making a handle costs nothing: digests of
//! articles are computed once ([`Digests`]), values only for rendering.

mod article;
mod digested;
mod digests;
mod feed;
mod lookup;
mod search;
mod settings;
mod shared;
mod sitemap;
mod template;
mod view;

pub(in crate::render) use article::missing_addresses;
pub use article::{Article, FrontFile, Label, Labels, Notice, Own};
pub(in crate::render) use digested::inputs;
pub use digested::{Debugged, Digested, Fingerprinted, Known, Shared};
pub use digests::{Digests, Needs};
pub use feed::{Cover, Entries, Show};
pub use lookup::{Lookup, Need, Text, id_of};
pub use search::{FoundArticle, SearchCards, SearchParts, SearchShard};
pub use settings::{Settings, environment};
pub(in crate::render) use shared::is_read;
pub use sitemap::{News, SitemapPages};
pub use template::{BesideData, Part, Template, TemplateDigest};
pub use view::View;

use super::Renderer;
use crate::config::Author;
use crate::render::aim::Links;
use crate::site::library::LeafId;

/// The source of all inputs: the site, with the digests that many documents include.
#[derive(Clone, Copy)]
pub struct Site<'a> {
    pub(super) all: &'a Renderer<'a>,
    digests: &'a Digests,
}

impl<'a> Site<'a> {
    /// The site in the language number `language`.
    pub(in crate::render) fn in_language(self, language: usize) -> Self {
        Site { all: self.all.in_language(language), ..self }
    }

    /// The settings that every document may depend on.
    pub(super) fn settings(self) -> Settings<'a> {
        Settings::new(self.all.config, &self.all.plan.roots, &self.all.environment)
    }

    /// The state of the addresses in an article or page.
    pub(super) fn links_of(self, id: LeafId) -> Links {
        self.digests.links(id)
    }

    /// The site's author.
    pub(super) fn author(self) -> Option<Known<'a, Author>> {
        self.all.config.author.as_ref().map(|author| Known::new(author, self.all.author))
    }

    /// The tag authority of ids in Atom that are made of other ids.
    pub(super) fn guid_authority(self) -> &'a str {
        &self.all.plan.guid_authority
    }

    /// The feeds linked from the pages of the whole site.
    pub(super) fn feeds(self) -> View<'a> {
        let (value, digest) = &self.all.feeds_of_site;
        self.known(value, *digest)
    }

    /// The feeds linked from the pages of a section.
    pub(super) fn feeds_of_section(self, index: usize) -> View<'a> {
        let (value, digest) = self.all.feeds_of_section.get(index).unwrap_or(&self.all.feeds_of_site);
        self.known(value, *digest)
    }

    /// The feeds linked from the pages of a term, by the indices of taxonomy and term.
    pub(super) fn feeds_of_term(self, taxonomy: usize, term: usize) -> View<'a> {
        let feeds = self.all.feeds_of_term.get(&(taxonomy, term));
        let (value, digest) = feeds.unwrap_or(&self.all.feeds_of_site);
        self.known(value, *digest)
    }

    /// The view of a section for the pages of its articles. It has the section's pages only for a template that
    /// mentions them: otherwise a change of one would render all the others again.
    pub(super) fn section_around(self, index: usize, template: &Template<'_>) -> View<'a> {
        if template.mentions("pages") {
            return self.known(&self.all.section_views[index], self.digests.section(index));
        }
        let (value, digest) = &self.all.section_frames[index];
        self.known(value, *digest)
    }
}

impl<'a> Renderer<'a> {
    /// The site with `digests`, to make inputs from.
    pub fn site<'s>(&'s self, digests: &'s Digests) -> Site<'s> {
        Site { all: self, digests }
    }
}
