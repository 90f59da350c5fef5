//! Feeds as inputs of documents and of the lists of feeds.

use super::lookup::{add_file, add_link, file_path};
use super::{Article, Digested, Site};
use crate::model::diagnostics::Problem;
use crate::model::digest::Fingerprinter;
use crate::model::url::UrlPath;
use crate::render::entry;
use crate::site::identity::Target;
use crate::site::library::LeafId;
use crate::site::plan::{FeedOf, PlannedFeed};
use crate::source::{self, Document};

/// The articles of a feed, as entries.
#[derive(Clone, Copy)]
pub struct Entries<'a> {
    site: Site<'a>,
    /// The articles, newest first.
    pub ids: &'a [LeafId],
}

impl<'a> Entries<'a> {
    /// The entries of `ids`.
    pub(in crate::render) fn of(site: Site<'a>, ids: &'a [LeafId]) -> Self {
        Entries { site, ids }
    }

    /// Reasons why the feed `bytes` at `path` can't be published.
    pub fn read_back(&self, bytes: &[u8], path: &UrlPath) -> Vec<Problem> {
        self.site.all.read_back(bytes, path, self.ids)
    }
}

impl Digested for Entries<'_> {
    fn add_to(&self, print: &mut Fingerprinter) {
        self.ids.len().add_to(print);
        for id in self.ids {
            entry::inputs(self.site, *id, Article::of(self.site, *id)).add_to(print);
        }
    }
}

/// The podcast of a section.
#[derive(Clone, Copy)]
pub struct Show<'a> {
    site: Site<'a>,
    document: &'a Document,
    said: &'a source::Show,
}

/// The picture of a podcast.
pub struct Cover<'a> {
    /// The path or URL as written.
    pub written: &'a source::Placed<String>,
    /// Its path on the site, if it exists there.
    pub path: Option<UrlPath>,
    /// Width and height in pixels.
    pub size: Option<(u32, u32)>,
}

impl<'a> Show<'a> {
    /// The podcast of the feed `planned`, if it has one.
    pub(in crate::render) fn of(site: Site<'a>, planned: &PlannedFeed) -> Option<Self> {
        let FeedOf::Section(at) = planned.of else { return None };
        let document = site.all.library.sections[at].settled.document.as_deref()?;
        Some(Show { site, document, said: document.front.podcast.as_deref()? })
    }

    /// The podcast that the article `id` belongs to: that of its section, or of the nearest section around it.
    pub(in crate::render) fn around(site: Site<'a>, id: LeafId) -> Option<Self> {
        let library = site.all.library;
        let mut at = Some(library.section_of(id));
        while let Some(section) = at.and_then(|at| library.sections.get(at)) {
            if let Some(document) = section.settled.document.as_deref()
                && let Some(said) = document.front.podcast.as_deref()
            {
                return Some(Show { site, document, said });
            }
            at = section.parent;
        }
        None
    }

    /// The `[podcast]` table of the section.
    pub fn said(&self) -> &'a source::Show {
        self.said
    }

    /// Its picture, if one is named.
    pub fn cover(&self) -> Option<Cover<'a>> {
        let written = self.said.image.as_ref()?;
        let files = self.site.all.files;
        let path = self.cover_path(&written.value).filter(|path| files.get(path).is_some());
        let size = path.as_ref().and_then(|path| files.picture_size(path.as_str()));
        Some(Cover { written, path, size })
    }

    fn cover_path(&self, written: &str) -> Option<UrlPath> {
        match self.site.all.links.follow(self.document.path(), written) {
            Target::Live(path, _) => Some(path),
            _ => file_path(self.site.all, written),
        }
    }
}

impl Digested for Show<'_> {
    fn add_to(&self, print: &mut Fingerprinter) {
        print.value(format!("{:?}", self.said));
        if let Some(image) = &self.said.image {
            add_link(self.site.all, print, self.document.path(), &image.value);
            if let Some(path) = self.cover_path(&image.value) {
                add_file(self.site.all, print, path.as_str());
            }
        }
    }
}
