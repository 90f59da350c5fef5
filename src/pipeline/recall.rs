//! A site as the outline of the last build has it, with what a few sources say now: the other ones stay closed.

use std::cmp::Reverse;
use std::collections::{BTreeMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use chrono::{DateTime, Utc};
use rayon::prelude::*;

use super::gist;
use super::outline::{Added, Outlined, SourceLine, State, Update, What, name_print};
use super::survey::Files;
use crate::config::Config;
use crate::model::digest::Digest;
use crate::model::stamp::Stamp;
use crate::model::url::UrlPath;
use crate::render::Near;
use crate::site::identity::{
    self, Allowances, LinkMap, PlacedAsset, Settled, SettledSection, Source, Terms, names_a_source,
};
use crate::site::library::{LeafId, LeafLine, Library, Sign};
use crate::source::git::History;
use crate::source::{self, Document, Found, Reckoner, Role, SourceFile};

/// The most changed sources that are few.
const FEW: usize = 256;

/// What sources are settled by in such a build.
#[derive(Clone, Copy)]
pub(super) struct Moment {
    pub now: DateTime<Utc>,
    pub allowances: Allowances,
    /// Stands for `site.toml`.
    pub settings: Digest,
    /// When the build began, by the file system's clock.
    pub began: i64,
}

/// A site as the last build left it, with what has changed since.
pub(super) struct Recalled {
    pub library: Library,
    pub links: LinkMap,
    pub assets: Vec<PlacedAsset>,
    pub near: Near,
    /// The names of what has changed.
    pub changed: HashSet<Arc<str>>,
    /// The outline as it is now.
    pub outlined: Outlined,
    /// What is in it now and was not before.
    pub update: Update,
}

/// A source that has changed, and its place.
struct Change {
    at: usize,
    settled: Box<Settled>,
    line: LeafLine,
    /// It was there before.
    is_old: bool,
}

/// Recalls what the last build left as `outlined`, with what has changed in `files`. `None` where that may reach
/// further than this can tell.
pub(super) fn recall(
    root: &Path,
    config: &Config,
    files: &Arc<Files>,
    mut outlined: Outlined,
    moment: Moment,
) -> Option<Recalled> {
    let sources = &files.scan.sources;
    let Differences { changed, rested } = differences(root, sources, &outlined.sources, moment.began)?;
    let sections = sections(root, config, files, &outlined, &changed, moment)?;
    let settler =
        Settler { root: root.to_owned(), config: config.clone(), sections, files: files.clone(), moment };
    let changes: Vec<Change> =
        changed.into_par_iter().map(|(at, was)| settler.change(at, was, &outlined)).collect::<Option<_>>()?;
    let (old, mut new): (Vec<Change>, Vec<Change>) = changes.into_iter().partition(|change| change.is_old);
    let mut near = Near::default();
    let mut update = Update { changed: rested, ..Update::default() };
    let mut opened: Vec<(LeafId, Box<Settled>)> = Vec::with_capacity(old.len() + new.len());
    let names = old.iter().chain(&new).map(|change| sources[change.at].found.name.clone()).collect();
    for Change { at, settled, .. } in old {
        let digest = Some(settled.document.digest);
        let before = at - new.iter().filter(|new| new.at < at).count();
        let What::Leaf(number) = outlined.sources.get(before)?.what else { return None };
        let line = SourceLine::of(&sources[at], What::Leaf(number), digest, moment.began);
        update.changed.push((u32::try_from(before).ok()?, line));
        let id = LeafId::new(number as usize + new.len());
        near.edited.push(id);
        opened.push((id, settled));
    }
    // The newest has the first number.
    let published = |one: &Change| one.settled.dates.as_ref().map(|dates| dates.published.moment.instant());
    new.sort_by_key(|change| Reverse(published(change)));
    for (number, Change { at, settled, line, .. }) in new.into_iter().enumerate() {
        let (what, digest) = (What::Leaf(u32::try_from(number).ok()?), Some(settled.document.digest));
        let source = SourceLine::of(&sources[at], what, digest, moment.began);
        update.added.push(Added { at: u32::try_from(at).ok()?, source, line });
        near.added.push(LeafId::new(number));
        opened.push((LeafId::new(number), settled));
    }
    update.added.sort_by_key(|added| added.at);
    outlined.apply(&update)?;
    let (names_of, by_name) = outlined.names(sources)?;
    let assets = assets(files, &outlined)?;
    let of_links = || {
        let path = |number: u32| outlined.head.outline.leaves[number as usize].path.clone();
        let lines = sources.par_iter().zip(&outlined.sources);
        let leaves = lines.filter_map(|(source, line)| {
            let name = source.found.name.clone();
            match line.what {
                What::Leaf(number) => Some((name, Some(path(number)))),
                What::Held => Some((name, None)),
                What::Section => None,
            }
        });
        LinkMap::of(leaves.collect(), &settler.sections, &assets, [])
    };
    let (sections, opener) = (settler.sections.clone(), settler.clone());
    let of_library = || {
        let open = Box::new(move |sign: &Sign| opener.open(sign));
        Library::recall(&outlined.head.outline, (names_of, by_name), sections, config, opened, open)
    };
    let (links, library) = rayon::join(of_links, of_library);
    Some(Recalled { library: library?, links, assets, near, changed: names, outlined, update })
}

/// How sources differ from what is known of them.
struct Differences {
    /// The places of those that have other bytes, or may have, and what each was, if it was there.
    changed: Vec<(usize, Option<SourceLine>)>,
    /// Those that are the same and were not at rest before, by their places then.
    rested: Vec<(u32, SourceLine)>,
}

/// How `sources` differ from what is `known`; `None` where many do, or where one is gone.
fn differences(
    root: &Path,
    sources: &[SourceFile],
    known: &[SourceLine],
    moment: i64,
) -> Option<Differences> {
    let names: Vec<u64> = sources.par_iter().map(|source| name_print(&source.found.name)).collect();
    let mut rest = known.iter().enumerate();
    let mut next = rest.next();
    let (mut changed, mut rested) = (Vec::new(), Vec::new());
    for (at, (source, name)) in sources.iter().zip(&names).enumerate() {
        match next.filter(|(_, line)| line.name == *name) {
            Some((before, line)) => {
                if !line.is_of(source, root) {
                    changed.push((at, Some(*line)));
                } else if line.state != State::AtRest && line.stamp.is_settled(moment) {
                    rested.push((u32::try_from(before).ok()?, SourceLine { state: State::AtRest, ..*line }));
                }
                next = rest.next();
            }
            None => changed.push((at, None)),
        }
        if changed.len() > FEW {
            return None;
        }
    }
    next.is_none().then_some(Differences { changed, rested })
}

/// The sections, if nothing that describes one has changed.
fn sections(
    root: &Path,
    config: &Config,
    files: &Files,
    outlined: &Outlined,
    changed: &[(usize, Option<SourceLine>)],
    moment: Moment,
) -> Option<BTreeMap<String, SettledSection>> {
    let news: HashSet<u64> =
        changed.iter().map(|(at, _)| name_print(&files.scan.sources[*at].found.name)).collect();
    let indexes: HashSet<u64> =
        outlined.sources.iter().filter(|line| line.what == What::Section).map(|line| line.name).collect();
    if !news.is_disjoint(&indexes) {
        return None;
    }
    let described =
        files.scan.sources.par_iter().filter(|source| Role::of(&source.found.name) == Role::Section);
    let indexes: Vec<Box<Document>> = described
        .map(|source| {
            // Only what was known before describes one.
            indexes.contains(&name_print(&source.found.name)).then(|| read(root, source, config)).flatten()
        })
        .collect::<Option<_>>()?;
    let history = History::default();
    let mut problems = Vec::new();
    let folders = outlined.head.outline.folders();
    let sections = identity::sections_of(folders, indexes, config, &moment.terms(&history), &mut problems);
    problems.is_empty().then_some(sections)
}

/// The document of `source`, without its text, if nothing is wrong with it.
fn read(root: &Path, source: &SourceFile, config: &Config) -> Option<Box<Document>> {
    let reckoner = Reckoner { gist: &gist::gist, substance: None };
    let (document, problems) = source::parse(root, source, config, &reckoner);
    let mut document = document.filter(|_| problems.is_empty())?;
    document.let_go();
    Some(document)
}

/// The assets, where they were.
fn assets(files: &Files, outlined: &Outlined) -> Option<Vec<PlacedAsset>> {
    let (found, known) = (&files.scan.assets, &outlined.head.assets);
    let place = |(asset, (path, live)): (&Found, &(UrlPath, bool))| PlacedAsset {
        path: path.clone(),
        name: asset.name.clone(),
        stamp: asset.stamp,
        live: *live,
    };
    (found.len() == known.len()).then(|| found.iter().zip(known).map(place).collect())
}

impl Moment {
    fn terms<'a>(&self, history: &'a History) -> Terms<'a> {
        Terms {
            now: self.now,
            allowances: self.allowances,
            ledger: None,
            settings: self.settings,
            last_event: None,
            history,
            advance: false,
        }
    }
}

/// Reads and settles one source at a time.
#[derive(Clone)]
struct Settler {
    root: PathBuf,
    config: Config,
    sections: BTreeMap<String, SettledSection>,
    files: Arc<Files>,
    moment: Moment,
}

impl Settler {
    /// What is decided of `source`, if nothing is wrong with it.
    fn settle(&self, source: &SourceFile) -> Option<Box<Settled>> {
        let document = read(&self.root, source, &self.config)?;
        let (history, mut problems) = (History::default(), Vec::new());
        let terms = self.moment.terms(&history);
        let sources = vec![Source::from(document)];
        let (mut settled, _) = identity::settle(sources, &self.sections, &self.config, &terms, &mut problems);
        settled.pop().filter(|_| problems.is_empty())
    }

    /// The source at that place, which `was` there before or not, as it is now; `None` if more has changed with it than a
    /// text, or than that a new article is there.
    fn change(&self, at: usize, was: Option<SourceLine>, outlined: &Outlined) -> Option<Change> {
        let source = &self.files.scan.sources[at];
        let settled = self.settle(source)?;
        // It does not come or go by the clock.
        settled.standing.as_ref()?;
        let outline = &outlined.head.outline;
        let line = outline.line(&settled, &self.config)?;
        let is_old = match was {
            Some(SourceLine { what: What::Leaf(number), .. }) => {
                outline.leaves.get(number as usize).is_some_and(|old| *old == line).then_some(true)?
            }
            Some(_) => return None,
            // What lies beside it, it may claim; and a text that is no Markdown, links may have led to already.
            None => {
                let is_plain = !settled.document.bundle && settled.rare.aliases.is_empty();
                (is_plain && !line.is_page() && names_a_source(&source.found.name)).then_some(false)?
            }
        };
        Some(Change { at, settled, line, is_old })
    }

    /// The leaf of `sign`, which has not changed.
    fn open(&self, sign: &Sign) -> Box<Settled> {
        let sources = &self.files.scan.sources;
        let found = sources.binary_search_by(|source| source.found.name.cmp(&sign.name)).ok();
        let source = found.map(|at| &sources[at]);
        let settled = source.and_then(|source| self.settle(source));
        let is_same = source.is_some_and(|source| {
            let now = std::fs::metadata(source.found.file(&self.root));
            now.is_ok_and(|metadata| Stamp::of(&metadata) == source.found.stamp)
        });
        settled.filter(|_| is_same).unwrap_or_else(|| Settled::lost(sign.name.clone(), sign.path.clone()))
    }
}
