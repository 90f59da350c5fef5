//! Carrying out the plan: what has to be rendered is, by all threads, and its bytes are staged.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use rayon::prelude::*;

use super::memory::Needed;
use super::rank::rank;
use super::reasons::{Changed, Explained, SharedParts};
use super::stage::{self, document, stage};
use super::warnings::{self, Warnings};
use crate::feed::Entry;
use crate::feed::lint;
use crate::model::diagnostics::{Problem, Warning};
use crate::model::digest::Digest;
use crate::output::{Outcome, OutputError, Staging, Wanted};
use crate::picture::{Press, Store};
use crate::render::style::Styles;
use crate::render::{Need, Needs, Prints, Renderer};
use crate::site::library::LeafId;
use crate::site::plan::{Plan, Planned, Shows};

/// What it takes to carry out a plan.
pub(super) struct Rendering<'a, 'p> {
    pub renderer: &'a Renderer<'a>,
    pub plan: &'p Plan,
    pub styles: &'a Styles,
    pub staging: &'a Staging,
    /// What was made of pictures.
    pub store: &'a Store,
    pub press: Option<&'a Press>,
    /// Pictures are copied without what they tell of people and places.
    pub strips: bool,
    /// The site's root.
    pub root: &'a Path,
    /// What the last build said of documents, which may stay as they are.
    pub warned: &'a Warnings,
    /// What has changed, where it is to be explained what is rendered.
    pub changed: Option<&'a Changed<'a>>,
}

/// What came of it, beside the staged files.
#[derive(Default)]
pub(super) struct Rendered<'a> {
    /// The documents that were not as they had to be.
    pub stale: Vec<&'a Planned>,
    /// Name and digest of each source whose body was rendered and needs something, and what.
    pub needs: Vec<Needed>,
    /// What was rendered, and why, if that was asked for.
    pub explained: Vec<Explained>,
    /// What documents share, by name.
    pub shared: SharedParts,
    /// Worth knowing, but no problem.
    pub notes: Vec<String>,
    /// The warnings of all documents that the next build may leave as they are.
    pub warnings: Warnings,
}

/// An article or page to render: its page, its entry in feeds, or both.
struct LeafWork<'a> {
    id: LeafId,
    page: Option<&'a Planned>,
    entry: bool,
}

impl<'p> Rendering<'_, 'p> {
    /// Renders what has to be, and stages it. Faults of feeds are reported where the site `is_sound` so far: they may come
    /// from other errors. Problems of content are gathered; only the machine's stop
    /// it.
    pub fn run(
        &self,
        needs: &Needs,
        is_sound: bool,
        problems: &mut Vec<Problem>,
    ) -> Result<Rendered<'p>, OutputError> {
        let mut prints = stage("fingerprint", |tally| {
            tally.count = self.plan.documents.len();
            self.renderer.prints(needs)
        });
        let (stale, warned) = stage("compare", |tally| {
            let (stale, warned) = self.stale(&prints, needs)?;
            tally.count = self.plan.documents.len() - stale.len();
            Ok::<_, OutputError>((stale, warned))
        })?;
        let (done, total) = (AtomicUsize::new(0), stale.len());
        let tick = || stage::rendered(done.fetch_add(1, Ordering::Relaxed) + 1, total);
        let leaves = self.leaves(&stale);
        let rendered: Vec<_> = stage("articles", |tally| {
            tally.count = leaves.len();
            leaves.par_iter().map(|work| self.leaf(work, &prints, &tick)).collect()
        });
        let mut entries: HashMap<LeafId, Arc<Entry>> = HashMap::new();
        let explained = self.explain(&stale, &prints, needs);
        let mut all = Rendered { stale, explained, ..Rendered::default() };
        self.tell_again(&warned, &leaves, &mut all.warnings, problems);
        for (one, work) in rendered.into_iter().zip(&leaves) {
            let LeafOutcome { entry, print, needs: own, problems: found, warnings } = one?;
            if let Some(page) = work.page {
                all.warnings.add(page.path.file(), warnings);
            }
            entries.extend(entry.map(|entry| (work.id, entry)));
            problems.extend(found);
            prints.set(work.id, print);
            let document = self.renderer.document_of(work.id);
            all.note(&document.name, document.digest, own, needs);
        }
        let (mut others, mut archives): (Vec<&Planned>, BTreeMap<_, Vec<&Planned>>) = Default::default();
        let mut pictures: BTreeMap<usize, Vec<(usize, &Planned)>> = BTreeMap::new();
        for planned in all.stale.iter().copied() {
            match planned.shows {
                Shows::Leaf(_) => {}
                Shows::Picture(at, variant) => pictures.entry(at).or_default().push((variant, planned)),
                Shows::FeedArchive(feed, _, part) => archives.entry((feed, part)).or_default().push(planned),
                _ => others.push(planned),
            }
        }
        let made = stage("pictures", |tally| {
            tally.count = pictures.len();
            self.pictures(&pictures, &prints, &tick)
        });
        for found in made {
            problems.extend(found?);
        }
        // Lists of the same time one after the other: they show the same articles.
        others.sort_by_cached_key(|planned| self.renderer.newest_shown(planned));
        let rendered: Vec<Result<_, OutputError>> = stage("listings", |tally| {
            tally.count = others.len();
            let one = |planned: &&Planned| {
                let found = self.other(planned, &entries, &prints);
                tick();
                found
            };
            others.par_iter().map(one).collect()
        });
        let (mut of_feeds, mut told) = (Vec::new(), BTreeSet::new());
        for (one, planned) in rendered.into_iter().zip(others) {
            let OtherOutcome { needs: own, problems: mut found, note } = one?;
            if warnings::is_remembered(planned) {
                all.warnings.add(planned.path.file(), warnings::among(&found));
            }
            if matches!(planned.shows, Shows::Feed(..)) {
                // An article is in many feeds: what is wrong with it is told of the first.
                let key = |problem: &Problem| (problem.code(), problem.place().cloned());
                found.retain(|problem| !told.contains(&key(problem)));
                told.extend(found.iter().map(key));
                of_feeds.extend(found);
            } else {
                problems.extend(found);
            }
            all.notes.extend(note);
            if let Some(document) = self.renderer.text_of(planned) {
                all.note(&document.name, document.digest, own, needs);
            }
        }
        // An archive in its formats, one after the other: together their entries are all there ever were.
        let rendered: Vec<Result<_, OutputError>> = stage("feed archives", |tally| {
            tally.count = archives.len();
            let one = |((feed, part), documents): (&(usize, usize), &Vec<&Planned>)| {
                self.archive(*feed, *part, documents, &entries, &prints, &tick)
            };
            archives.par_iter().map(one).collect()
        });
        for one in rendered {
            let OtherOutcome { problems: found, note, .. } = one?;
            of_feeds.extend(found);
            all.notes.extend(note);
        }
        // What is wrong with feeds may come from what else is wrong.
        if is_sound && !problems.iter().any(Problem::is_error) {
            problems.extend(of_feeds);
        }
        Ok(all)
    }

    /// Renders and stages an archive of a feed in some formats. Its entries are made from the articles once more
    /// where `entries` has none.
    fn archive(
        &self,
        feed: usize,
        part: usize,
        documents: &[&Planned],
        entries: &HashMap<LeafId, Arc<Entry>>,
        prints: &Prints,
        tick: &dyn Fn(),
    ) -> Result<OtherOutcome, OutputError> {
        let mut own: HashMap<LeafId, Arc<Entry>> = HashMap::new();
        for id in &self.plan.feeds[feed].archives[part].articles {
            let entry = match entries.get(id) {
                Some(entry) => Some(entry.clone()),
                // One that can't be rendered has told why where its page was.
                None => self.renderer.leaf(*id, false, true).ok().and_then(|leaf| leaf.entry),
            };
            let Some(entry) = entry else { return Ok(OtherOutcome::default()) };
            own.insert(*id, entry);
        }
        let mut all = OtherOutcome::default();
        for planned in documents {
            let OtherOutcome { problems, note, .. } = self.other(planned, &own, prints)?;
            // What is wrong with an entry is wrong in each format.
            if all.problems.is_empty() {
                all.problems = problems;
            }
            all.note = all.note.or(note);
            tick();
        }
        Ok(all)
    }

    /// The documents that have to be rendered, and those that stay with warnings about them.
    fn stale(
        &self,
        prints: &Prints,
        needs: &Needs,
    ) -> Result<(Vec<&'p Planned>, Vec<&'p Planned>), OutputError> {
        let documents: &'p [Planned] = &self.plan.documents;
        if self.staging.manifest().files.is_empty() {
            // Nothing can be kept.
            return Ok((documents.iter().collect(), Vec::new()));
        }
        let wanted = documents.par_iter().map(|planned| self.expected(planned, prints, needs));
        let kept = self.staging.keep(wanted)?;
        let (mut stale, mut warned) = (Vec::new(), Vec::new());
        for (planned, is_kept) in documents.iter().zip(kept) {
            if !is_kept {
                stale.push(planned);
            } else if !self.warned_of(planned).is_empty() {
                warned.push(planned);
            }
        }
        Ok((stale, warned))
    }

    /// What the last build said of `planned`.
    fn warned_of(&self, planned: &Planned) -> &[Warning] {
        match self.warned.is_empty() {
            true => &[],
            false => self.warned.of(&planned.path.file()),
        }
    }

    /// Tells the warnings of the documents that stay. What is wrong with an article that is rendered for a feed is told
    /// there.
    fn tell_again(
        &self,
        warned: &[&Planned],
        leaves: &[LeafWork<'_>],
        warnings: &mut Warnings,
        problems: &mut Vec<Problem>,
    ) {
        let rendered: HashSet<LeafId> = match warned.is_empty() {
            true => HashSet::new(),
            false => leaves.iter().map(|work| work.id).collect(),
        };
        for planned in warned {
            let own = self.warned_of(planned);
            let is_rendered = matches!(planned.shows, Shows::Leaf(id) if rendered.contains(&id));
            if !is_rendered {
                problems.extend(own.iter().cloned().map(Problem::from));
            }
            warnings.add(planned.path.file(), own.to_vec());
        }
    }

    fn explain(&self, stale: &[&Planned], prints: &Prints, needs: &Needs) -> Vec<Explained> {
        let Some(changed) = self.changed else { return Vec::new() };
        let old = &self.staging.manifest().files;
        let mut explained: Vec<Explained> = stale
            .iter()
            .map(|planned| {
                let wanted = self.expected(planned, prints, needs);
                changed.why(self.renderer, planned, &wanted, old.get(wanted.path.as_str()))
            })
            .collect();
        explained.sort_by(|a, b| a.path.cmp(&b.path));
        explained
    }

    /// The file that `planned` wants, as far as is known without rendering it.
    fn expected(&self, planned: &Planned, prints: &Prints, needs: &Needs) -> Wanted {
        let text = self.renderer.text_of(planned);
        let needs = text.map_or(&[][..], |document| needs.of(&document.name, document.digest));
        warnings::with(self.wanted(planned, prints, needs), self.warned_of(planned))
    }

    /// The file that `planned` wants when the text of a section has `needs`.
    pub(super) fn wanted(&self, planned: &Planned, prints: &Prints, needs: &[Need]) -> Wanted {
        let fingerprint = self.renderer.fingerprint(planned, prints, needs);
        Wanted { path: planned.path.file(), rank: rank(planned), fingerprint }
    }

    /// The articles and pages to render: those whose page is stale, and those that are in a stale feed.
    fn leaves(&self, stale: &[&'p Planned]) -> Vec<LeafWork<'p>> {
        let feeds: HashSet<usize> = stale
            .iter()
            .filter_map(|planned| match planned.shows {
                Shows::Feed(at, _) => Some(at),
                _ => None,
            })
            .collect();
        let in_feeds: HashSet<LeafId> =
            feeds.iter().flat_map(|at| self.plan.feeds[*at].articles.iter().copied()).collect();
        let mut leaves: Vec<LeafWork<'p>> = stale
            .iter()
            .filter_map(|planned| match planned.shows {
                Shows::Leaf(id) => Some(LeafWork { id, page: Some(planned), entry: in_feeds.contains(&id) }),
                _ => None,
            })
            .collect();
        let with_page: HashSet<LeafId> = leaves.iter().map(|work| work.id).collect();
        let mut rest: Vec<LeafId> = in_feeds.into_iter().filter(|id| !with_page.contains(id)).collect();
        rest.sort_unstable();
        leaves.extend(rest.into_iter().map(|id| LeafWork { id, page: None, entry: true }));
        leaves
    }

    /// Renders an article or page and stages its page.
    fn leaf(
        &self,
        work: &LeafWork<'_>,
        prints: &Prints,
        tick: &dyn Fn(),
    ) -> Result<LeafOutcome, OutputError> {
        let name = || {
            let template =
                work.page.map_or_else(|| "feeds".to_owned(), |page| self.renderer.template_name(page));
            (self.renderer.document_of(work.id).name.to_string(), template)
        };
        let outcome = document(name, || self.renderer.leaf(work.id, work.page.is_some(), work.entry));
        let mut leaf = match outcome {
            Ok(leaf) => leaf,
            Err(problems) => {
                let print = self.renderer.print_of(work.id, prints, &[]);
                let (needs, warnings) = (Vec::new(), Vec::new());
                return Ok(LeafOutcome { entry: None, print, needs, problems, warnings });
            }
        };
        let print = self.renderer.print_of(work.id, prints, &leaf.needs);
        let warnings = warnings::among(&leaf.problems);
        if let (Some(planned), Some(page)) = (work.page, leaf.page) {
            let fingerprint = self.renderer.leaf_fingerprint(work.id, print, prints);
            let wanted = Wanted { path: planned.path.file(), rank: rank(planned), fingerprint };
            put_unless_twice(self.staging.put(&warnings::with(wanted, &warnings), &page))?;
            tick();
        }
        leaf.problems.append(&mut leaf.problems_of_entry);
        Ok(LeafOutcome { entry: leaf.entry, print, needs: leaf.needs, problems: leaf.problems, warnings })
    }

    /// Renders and stages anything but an article or page.
    fn other(
        &self,
        planned: &Planned,
        entries: &HashMap<LeafId, Arc<Entry>>,
        prints: &Prints,
    ) -> Result<OtherOutcome, OutputError> {
        let (mut own, mut found, mut note) = (Vec::new(), Vec::new(), None);
        match &planned.shows {
            Shows::Copy(name, _) => self.copy(planned, name, prints)?,
            Shows::Card(at) => found = self.card(planned, *at, prints)?,
            // An article that could not be rendered has told why.
            Shows::Feed(at, _)
                if self.plan.feeds[*at].articles.iter().any(|id| !entries.contains_key(id)) => {}
            Shows::Theme(at) => {
                let wanted = self.wanted(planned, prints, &[]);
                put_unless_twice(self.staging.put(&wanted, &self.styles.files[*at].bytes))?;
            }
            _ => {
                let name = || {
                    let template = self.renderer.template_name(planned);
                    (planned.path.file(), if template.is_empty() { "feeds".to_owned() } else { template })
                };
                let render = || self.renderer.document(planned, entries, &mut own, &mut found);
                match document(name, render) {
                    Ok(bytes) => {
                        note = too_much(planned, bytes.len());
                        let wanted = warnings::told(planned, self.wanted(planned, prints, &own), &found);
                        put_unless_twice(self.staging.put(&wanted, &bytes))?;
                    }
                    Err(problem) => found.push(problem),
                }
            }
        }
        Ok(OtherOutcome { needs: own, problems: found, note })
    }
}

/// What came of an article or page.
struct LeafOutcome {
    entry: Option<Arc<Entry>>,
    /// What it was made from.
    print: Digest,
    needs: Vec<Need>,
    problems: Vec<Problem>,
    /// Those of its page that are remembered.
    warnings: Vec<Warning>,
}

/// What came of anything else.
#[derive(Default)]
struct OtherOutcome {
    /// What the text of a section needed.
    needs: Vec<Need>,
    problems: Vec<Problem>,
    note: Option<String>,
}

/// A note that a feed of that many bytes is large. It is no warning: those are told by every build, so that the feed
/// would be rendered by every build.
fn too_much(planned: &Planned, bytes: usize) -> Option<String> {
    let large = matches!(planned.shows, Shows::Feed(..)) && bytes > lint::LARGE;
    large.then(|| {
        format!(
            "the feed {} has {} KB, and readers fetch it many times a day; fewer entries (`limit`) or summaries (`content = \"summary\"`) make it smaller",
            planned.path,
            bytes / 1024
        )
    })
}

impl Rendered<'_> {
    /// Notes what the body of the source `name` needs, unless that is `known`.
    fn note(&mut self, name: &Arc<str>, digest: Digest, needs: Vec<Need>, known: &Needs) {
        if known.of(name, digest) != needs {
            self.needs.push((name.clone(), digest, needs));
        }
    }
}

/// Two documents of one path are reported by the plan.
pub(super) fn put_unless_twice(outcome: Result<Outcome, OutputError>) -> Result<(), OutputError> {
    match outcome {
        Ok(_) | Err(OutputError::Twice { .. } | OutputError::FileAndFolder { .. }) => Ok(()),
        Err(error) => Err(error),
    }
}
