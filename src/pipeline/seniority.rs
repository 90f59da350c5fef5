//! Seniority: of several documents that can't all be published, the newest is at fault.

use std::sync::{Arc, OnceLock};

use super::flood::Turnover;
use super::published_texts::{PublishedTexts, name_digest};
use super::skipped::SkippedSources;
use super::{Request, manifest_of};
use crate::model::digest::Digest;
use crate::output::Manifest;
use crate::site::plan::{Owned, Planned, Shows};

/// The age of a document, oldest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Age {
    /// The site itself has it.
    Fixed,
    /// It belongs to a skipped source, which can't give way any more.
    Kept,
    /// It was public, and is as it was.
    Published,
    /// It was public, and has changed.
    Changed,
    /// It was never public.
    New,
}

/// The ages of documents.
pub(super) struct Seniority<'a> {
    request: &'a Request<'a>,
    skipped: &'a SkippedSources,
    turnover: &'a Turnover,
    /// Both are read only if something is at fault.
    texts: OnceLock<PublishedTexts>,
    output: OnceLock<Manifest>,
}

impl<'a> Seniority<'a> {
    /// The ages of documents in a run of `request`.
    pub fn new(request: &'a Request<'a>, skipped: &'a SkippedSources, turnover: &'a Turnover) -> Self {
        Seniority { request, skipped, turnover, texts: OnceLock::new(), output: OnceLock::new() }
    }

    /// True if `one` is newer than `other`: it has to give way.
    pub fn is_newer(&self, owned: Owned<'_>, one: &Planned, other: &Planned) -> bool {
        let published = |planned: &Planned| match planned.shows {
            Shows::Leaf(id) => owned.library.published_at(id).map(|moment| moment.instant()),
            _ => None,
        };
        // A file that is only copied gives way to the articles that need a folder of its name, if they are as new.
        let is_apart = one.path.file() != other.path.file();
        let is_copy = |planned: &Planned| {
            let is_copied = is_apart && matches!(planned.shows, Shows::Copy(..));
            is_copied && owned.owners(planned).contains(&planned.source)
        };
        let rank = |planned: &Planned| (self.of(owned, planned), is_copy(planned), published(planned));
        rank(one) > rank(other)
    }

    /// The age of `planned`: that of the oldest of its owners.
    pub fn of(&self, owned: Owned<'_>, planned: &Planned) -> Age {
        let owners = owned.owners(planned);
        if matches!(planned.shows, Shows::Copy(..)) && owners.contains(&planned.source) {
            let path = planned.path.file();
            return if self.output().files.contains_key(path.as_str()) { Age::Published } else { Age::New };
        }
        let is_page = matches!(planned.shows, Shows::Leaf(_));
        owners.into_iter().map(|name| self.of_source(owned, &name, is_page)).min().unwrap_or(Age::Fixed)
    }

    /// The age of the source `name`; a page is also as it was if only its text has changed.
    pub fn of_source(&self, owned: Owned<'_>, name: &Arc<str>, is_page: bool) -> Age {
        if self.skipped.get(name).is_some() {
            return Age::Kept;
        }
        let library = owned.library;
        let leaf = library.find(name).map(|id| library.leaf(id));
        let sections = library.sections.iter().filter_map(|section| section.settled.document.as_ref());
        let digest: Option<Digest> = match leaf {
            Some(leaf) => Some(leaf.document.digest),
            None => sections.into_iter().find(|one| one.name == *name).map(|one| one.digest),
        };
        let texts = self.texts.get_or_init(|| PublishedTexts::open(self.request.state));
        let is_same = digest.is_some_and(|digest| texts.has(name_digest(name), digest));
        match leaf.and_then(|leaf| leaf.record) {
            Some(_) if self.turnover.has_moved(name) => Age::Changed,
            Some(_) if is_page || is_same => Age::Published,
            Some(_) => Age::Changed,
            None if is_same => Age::Published,
            None if texts.was_public(name) == Some(true) => Age::Changed,
            None => Age::New,
        }
    }

    fn output(&self) -> &Manifest {
        let load =
            || manifest_of(self.request.root, self.request.state, self.request.out).unwrap_or_default();
        self.output.get_or_init(load)
    }
}
