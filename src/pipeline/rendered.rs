//! The outcome of carrying out a plan: what was rendered, what bodies needed, what is to be reported.

use std::collections::{BTreeMap, BTreeSet};

use super::memory::Needed;
use super::reasons::{Explained, SharedParts};
use super::warnings::{self, Warnings};
use crate::model::diagnostics::Problem;
use crate::output::OutputError;
use crate::render::{Astray, Need, Needs, Renderer};
use crate::site::plan::{Planned, Shows};

/// The outcome, except the staged files.
#[derive(Default)]
pub(super) struct Rendered<'a> {
    /// The documents that were stale.
    pub stale: Vec<&'a Planned>,
    /// Needs of rendered bodies that have any, each with the name and digest of its source.
    pub needs: Vec<Needed>,
    /// The rendered documents with the reasons, if asked for.
    pub explained: Vec<Explained>,
    /// Digests of the parts that documents share, by name.
    pub shared: SharedParts,
    /// Facts worth knowing that are no problems.
    pub notes: Vec<String>,
    /// Warnings of all documents that the next build may leave as they are.
    pub warnings: Warnings,
    /// Addresses of rendered pages that lead nowhere, and that no text has.
    pub astray: Vec<Astray>,
}

impl Rendered<'_> {
    /// Takes the outcomes of `others`; the problems of feeds are returned.
    pub fn take_others(
        &mut self,
        outcomes: Vec<Result<OtherOutcome, OutputError>>,
        others: &[&Planned],
        needs: &Needs,
        problems: &mut Vec<Problem>,
    ) -> Result<Vec<Problem>, OutputError> {
        let (mut of_feeds, mut reported) = (Vec::new(), BTreeSet::new());
        for (one, planned) in outcomes.into_iter().zip(others) {
            let OtherOutcome { needed, problems: mut found, note, astray } = one?;
            self.astray.extend(astray);
            if warnings::is_remembered(planned) {
                self.warnings.add(planned.path.file(), warnings::among(&found));
            }
            if matches!(planned.shows, Shows::Feed(..) | Shows::FeedAlias(..)) {
                // A problem of an article is reported for the first of its feeds only.
                let key = |problem: &Problem| (problem.code(), problem.place().cloned());
                found.retain(|problem| !reported.contains(&key(problem)));
                reported.extend(found.iter().map(key));
                of_feeds.extend(found);
            } else {
                problems.extend(found);
            }
            self.notes.extend(note);
            if let Some(needed) = needed {
                self.note(needed, needs);
            }
        }
        Ok(of_feeds)
    }

    /// Records the needs of a body, unless they are `known`.
    pub fn note(&mut self, needed: Needed, known: &Needs) {
        if known.of(&needed.0, needed.1) != needed.2 {
            self.needs.push(needed);
        }
    }
}

/// The outcome of a document that is no article or page.
#[derive(Default)]
pub(super) struct OtherOutcome {
    /// The source of a text in it, and the needs of that text.
    pub needed: Option<Needed>,
    pub problems: Vec<Problem>,
    pub note: Option<String>,
    /// Addresses of its page that lead nowhere, and that no text has.
    pub astray: Vec<Astray>,
}

/// The dead addresses of the page `planned` with these `bytes`, whose text has `needs`. A page with one gets no
/// fingerprint, so the next build renders it again.
pub(super) fn astray(
    renderer: &Renderer<'_>,
    planned: &Planned,
    bytes: &[u8],
    needs: &[Need],
) -> Vec<Astray> {
    let found = renderer.astray(&planned.path, bytes, needs).into_iter();
    found.map(|written| Astray { written, source: planned.source.clone() }).collect()
}

/// Stale documents but for articles and pages, by how they are rendered.
#[derive(Default)]
pub(super) struct ByKind<'p> {
    /// Lists, feeds, files: one at a time.
    pub others: Vec<&'p Planned>,
    /// Cards, each with its number.
    pub cards: Vec<(usize, &'p Planned)>,
    /// The formats of each feed archive, by feed and part.
    pub archives: BTreeMap<(usize, usize), Vec<&'p Planned>>,
    /// The variants of each picture, which is decoded once.
    pub pictures: BTreeMap<usize, Vec<(usize, &'p Planned)>>,
}

impl<'p> ByKind<'p> {
    /// Sorts the `stale` documents.
    pub fn of(stale: &[&'p Planned]) -> ByKind<'p> {
        let mut all = ByKind::default();
        for planned in stale.iter().copied() {
            match planned.shows {
                Shows::Leaf(_) => {}
                Shows::Picture(at, variant) => all.pictures.entry(at).or_default().push((variant, planned)),
                Shows::Card(at) => all.cards.push((at, planned)),
                Shows::FeedArchive(feed, _, part) => {
                    all.archives.entry((feed, part)).or_default().push(planned);
                }
                _ => all.others.push(planned),
            }
        }
        all
    }
}
