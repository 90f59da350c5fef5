//! The outcome of carrying out a plan: what was rendered, what bodies needed, what is to be reported.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::sync::Arc;

use super::memory::Needed;
use super::reasons::{Explained, SharedParts};
use super::warnings::{self, Warnings};
use crate::feed::Entry;
use crate::model::diagnostics::{Problem, Warning};
use crate::output::OutputError;
use crate::render::{Astray, Need, Needs, NewPlaces, Own, PageLinks, Renderer};
use crate::site::plan::{Planned, Shows, Subject};

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
    /// The links of rendered pages, by path, where they are not as they were.
    pub pages: Vec<(Arc<str>, PageLinks)>,
    /// Places of dead addresses that were found.
    pub places: Vec<NewPlaces>,
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
            let OtherOutcome { needed, problems: mut found, note, links } = one?;
            self.note_page(planned, links, needs);
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

    /// Records the links of the page `planned`, unless they are `known`.
    pub fn note_page(&mut self, planned: &Planned, links: Option<PageLinks>, known: &Needs) {
        let Some(links) = links else { return };
        let is_known = match known.links_of(&planned.path) {
            Some(known) => *known == links,
            None => links.is_empty(),
        };
        if !is_known {
            self.pages.push((planned.path.as_str().into(), links));
        }
    }

    /// The dead addresses of the pages of `plan`: of those that were rendered, and of those that stay, whose links are
    /// `known`.
    pub fn astray(&self, renderer: &Renderer<'_>, known: &Needs) -> Vec<Astray> {
        let has_dead = |links: &PageLinks| !links.dead.is_empty();
        let old: Vec<_> = known.pages.iter().filter(|(_, links)| has_dead(links)).collect();
        let fresh: HashSet<&Arc<str>> =
            self.pages.iter().filter(|_| !old.is_empty()).map(|(path, _)| path).collect();
        let old = old.into_iter().filter(|(path, _)| !fresh.contains(path));
        let new = self.pages.iter().filter(|(_, links)| has_dead(links)).map(|(path, links)| (path, links));
        let with_dead = old.chain(new).map(|(path, links)| (&**path, links));
        let of_page = |(path, links): (&str, &PageLinks)| {
            let source = renderer.source_at(path)?;
            Some(
                links
                    .dead
                    .iter()
                    .map(move |written| Astray { written: written.clone(), source: source.clone() })
                    .collect::<Vec<_>>(),
            )
        };
        with_dead.filter_map(of_page).flatten().collect()
    }

    /// Records the needs of a body, unless they are `known`.
    pub fn note(&mut self, needed: Needed, known: &Needs) {
        if known.of(&needed.0, needed.1) != needed.2 {
            self.needs.push(needed);
        }
    }
}

/// The outcome of an article or page.
#[derive(Default)]
pub(super) struct LeafOutcome {
    pub entry: Option<Arc<Entry>>,
    /// Everything of its own, if it could be rendered.
    pub own: Option<Own>,
    pub needs: Vec<Need>,
    pub problems: Vec<Problem>,
    /// Warnings of its page that the next build remembers.
    pub warnings: Vec<Warning>,
    /// The links of its page, if one was asked for, and of its documents of `[[outputs]]`, as far as they are pages.
    pub links: Vec<Option<PageLinks>>,
}

/// The outcome of a document that is no article or page.
#[derive(Default)]
pub(super) struct OtherOutcome {
    /// The source of a text in it, and the needs of that text.
    pub needed: Option<Needed>,
    pub problems: Vec<Problem>,
    pub note: Option<String>,
    /// The links of its page, if it is one.
    pub links: Option<PageLinks>,
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
    /// Files of terms of the search, by language and part, each with its number.
    pub terms: BTreeMap<(usize, usize), Vec<(usize, &'p Planned)>>,
    /// The variants of each picture, which is decoded once.
    pub pictures: BTreeMap<usize, Vec<(usize, &'p Planned)>>,
}

impl<'p> ByKind<'p> {
    /// Sorts the `stale` documents.
    pub fn of(stale: &[&'p Planned]) -> ByKind<'p> {
        let mut all = ByKind::default();
        for planned in stale.iter().copied() {
            match planned.shows {
                Shows::Leaf(_) | Shows::Output(_, Subject::Leaf(_)) => {}
                Shows::Picture(at, variant) => all.pictures.entry(at).or_default().push((variant, planned)),
                Shows::Card(at) => all.cards.push((at, planned)),
                Shows::FeedArchive(feed, _, part) => {
                    all.archives.entry((feed, part)).or_default().push(planned);
                }
                Shows::SearchShard(language, tier, shard) => {
                    all.terms.entry((language, tier)).or_default().push((shard, planned));
                }
                _ => all.others.push(planned),
            }
        }
        all
    }
}
