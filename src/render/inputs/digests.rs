//! Digests that many documents include, computed once a build on all threads.

use std::collections::HashMap;
use std::sync::Arc;

use foldhash::fast::RandomState;
use rayon::prelude::*;

use super::Need;
use super::article::{self, Own};
use super::lookup::text_digest;
use super::search::SearchDigests;
use crate::model::digest::{Digest, Fingerprinter};
use crate::model::url::UrlPath;
use crate::render::aim::Links;
use crate::render::template::digest_of;
use crate::render::{PageLinks, Places, Renderer};
use crate::site::library::LeafId;

/// Needs of bodies by the names of their sources, each with the digest of the text that it was found in, and the links of
/// pages. A body without needs may be missing.
#[derive(Debug, Default)]
pub struct Needs {
    /// Those of bodies.
    pub bodies: HashMap<Arc<str>, (Digest, Vec<Need>), RandomState>,
    /// The links of rendered pages, by their paths. A page without any may be missing.
    pub pages: HashMap<Arc<str>, PageLinks, RandomState>,
    /// Places of addresses in bodies that lead nowhere, or did.
    pub places: HashMap<Arc<str>, (Digest, Places), RandomState>,
}

impl Needs {
    /// Adds the needs that were `found`: name and digest of each source, and the needs of its body.
    pub fn add(&mut self, found: &[(Arc<str>, Digest, Vec<Need>)]) {
        self.bodies
            .extend(found.iter().map(|(name, digest, needs)| (name.clone(), (*digest, needs.clone()))));
    }

    /// The number of all records.
    pub fn number(&self) -> usize {
        self.bodies.len() + self.pages.len() + self.places.len()
    }

    /// Takes over all of `news`, which replace those that are known.
    pub fn take(&mut self, news: Needs) {
        self.bodies.extend(news.bodies);
        self.pages.extend(news.pages);
        self.places.extend(news.places);
    }

    /// The needs of the body of the source `name` with the digest `digest`, as far as known.
    pub fn of(&self, name: &str, digest: Digest) -> &[Need] {
        match self.bodies.get(name) {
            Some((known, needs)) if *known == digest => needs,
            _ => &[],
        }
    }

    /// The places that are known in the body of the source `name` with the digest `digest`.
    pub fn places_of(&self, name: &str, digest: Digest) -> Option<&Places> {
        self.places.get(name).filter(|(known, _)| *known == digest).map(|(_, places)| places)
    }

    /// The links of the page at `path`, if it is known to have any.
    pub fn links_of(&self, path: &UrlPath) -> Option<&PageLinks> {
        self.pages.get(path.as_str())
    }
}

/// Digests that many documents include. An empty value is enough to render a document whose fingerprint is not used.
#[derive(Default)]
pub struct Digests {
    /// The card of each article and page: its view in lists.
    cards: Vec<Digest>,
    /// The link to each article or page, as its neighbours show it. These digests are contiguous, while the leaves
    /// themselves are scattered in memory.
    linked: Vec<Digest>,
    /// Everything that only the page of each article or page shows.
    own: Vec<Digest>,
    /// The state of the addresses in each article and page.
    links: Vec<Links>,
    /// The view of each section for templates.
    sections: Vec<Digest>,
    /// The text of each section, taxonomy and term that has one, with its needs, by the name of its source.
    texts: HashMap<Arc<str>, Digest>,
    /// The views of the terms of each taxonomy for templates.
    terms: Vec<Vec<Digest>>,
    /// The terms of each taxonomy in feed entries.
    labels: Vec<Vec<Digest>>,
    /// The parts of the terms of each taxonomy that is a series.
    parts: Vec<Vec<Digest>>,
    /// The parts of the index of the search in each language.
    search: SearchDigests,
}

impl Digests {
    /// Records an article or page as it was rendered.
    pub fn set(&mut self, id: LeafId, own: Own) {
        self.own[id.index()] = own.digest;
        self.links[id.index()] = own.links;
    }

    pub(super) fn card(&self, id: LeafId) -> Digest {
        at(&self.cards, id.index())
    }

    pub(super) fn linked(&self, id: LeafId) -> Digest {
        at(&self.linked, id.index())
    }

    pub(super) fn own(&self, id: LeafId) -> Own {
        Own { digest: at(&self.own, id.index()), links: self.links(id) }
    }

    pub(super) fn links(&self, id: LeafId) -> Links {
        self.links.get(id.index()).copied().unwrap_or_default()
    }

    pub(super) fn section(&self, index: usize) -> Digest {
        at(&self.sections, index)
    }

    pub(super) fn text(&self, name: &str) -> Digest {
        self.texts.get(name).copied().unwrap_or_else(nothing)
    }

    pub(super) fn term(&self, taxonomy: usize, term: usize) -> Digest {
        self.terms.get(taxonomy).map_or_else(nothing, |terms| at(terms, term))
    }

    pub(super) fn parts(&self, taxonomy: usize, term: usize) -> Digest {
        self.parts.get(taxonomy).map_or_else(nothing, |terms| at(terms, term))
    }

    pub(super) fn search(&self, language: usize, tier: usize) -> Digest {
        self.search.get(language).map_or_else(nothing, |tiers| at(tiers, tier))
    }

    pub(super) fn label(&self, taxonomy: usize, term: usize) -> Digest {
        self.labels.get(taxonomy).map_or_else(nothing, |terms| at(terms, term))
    }
}

fn at(digests: &[Digest], index: usize) -> Digest {
    digests.get(index).copied().unwrap_or_else(nothing)
}

fn nothing() -> Digest {
    Digest::quick(b"")
}

impl Renderer<'_> {
    /// Computes the digests that many documents include; `needs` are the known needs of bodies.
    pub fn digests(&self, needs: &Needs) -> Digests {
        let ids = self.library.by_name();
        let of_leaf = ids.par_iter().map(|id| {
            let leaf = self.library.leaf(*id);
            let card = self.views.card_digest(*id);
            let needs = needs.of(leaf.name(), leaf.document.digest);
            (card, leaf.linked, article::own(self, *id, card, needs))
        });
        let of_leaf: Vec<(Digest, Digest, Own)> = of_leaf.collect();
        let empty = || vec![nothing(); self.library.leaves.len()];
        let links = vec![Links::Sound; self.library.leaves.len()];
        let mut digests =
            Digests { cards: empty(), linked: empty(), own: empty(), links, ..Digests::default() };
        for (id, (card, linked, own)) in ids.iter().zip(of_leaf) {
            let at = id.index();
            (digests.cards[at], digests.linked[at]) = (card, linked);
            digests.set(*id, own);
        }
        digests.search = self.search_digests(&|id| digests.card(id));
        digests.sections = self.section_views.iter().map(digest_of).collect();
        let text = |document: &crate::source::Document| {
            text_digest(self, document, needs.of(&document.name, document.digest))
        };
        let texts = self.library.descriptions().map(|document| (document.name.clone(), text(document)));
        digests.texts = texts.collect();
        for taxonomy in &self.library.taxonomies {
            // Every page of a term's list shows this view.
            let seen = taxonomy.terms.par_iter().map(|term| digest_of(&self.views.term(taxonomy, term, "")));
            digests.terms.push(seen.collect());
            let label = taxonomy.terms.par_iter().map(|term| {
                let mut print = Fingerprinter::default();
                print.value(&taxonomy.rules.name).value(taxonomy.path.as_str());
                print.value(&term.name).value(&term.slug).value(term.path.as_str());
                print.value(format!("{:?}", term.profile));
                print.finish()
            });
            digests.labels.push(label.collect());
            let linked = &digests.linked;
            let parts = taxonomy.terms.par_iter().map(|term| {
                let mut print = Fingerprinter::default();
                print.value(&term.name).value(term.path.as_str());
                for id in &term.parts {
                    print.bytes(at(linked, id.index()).bytes());
                }
                print.finish()
            });
            let parts = parts.collect();
            digests.parts.push(parts);
        }
        digests
    }
}
