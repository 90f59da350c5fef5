//! The outline of the last build of an output folder: what stood where, and what was known of each source, so that after
//! a change of a few articles the next build need not look at the others at all.

use std::cmp::Reverse;
use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::laid::Laid;
use super::memory::Needed;
use crate::model::digest::Digest;
use crate::model::stamp::Stamp;
use crate::model::url::UrlPath;
use crate::render::{Need, Needs, SharedPrints};
use crate::site::library::{LeafId, LeafLine, Outline};
use crate::source::{Role, SourceFile};
use crate::storage::StoreError;
use crate::storage::frames::{self, Writer};

const KIND: &str = "outline";
const VERSION: u32 = 1;

/// Lines in one frame: some frames are made before they are written, and all of them should take little memory.
const BATCH: usize = 1024;

/// What the last build left for the next one.
pub(super) struct Outlined {
    pub head: Head,
    /// In the order of the names.
    pub sources: Vec<SourceLine>,
    pub needs: Needs,
    /// How many updates there are in the file.
    pub updates: usize,
}

/// What has changed since an outline was saved.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct Update {
    /// Sources with another text, by their places before.
    pub changed: Vec<(u32, SourceLine)>,
    /// New articles, by their places now.
    pub added: Vec<Added>,
    /// What bodies were found to need.
    pub needs: Vec<Needed>,
}

/// A new article, newer than all others.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Added {
    pub at: u32,
    pub source: SourceLine,
    pub line: LeafLine,
}

/// The most updates that are added to a file: each is put in by whoever reads it.
pub(super) const MOST_UPDATES: usize = 64;

/// What a build that looked at everything knows beside what it laid out.
pub(super) struct Seen {
    pub sources: Vec<SourceFile>,
    /// What stands for the bytes of those that had changed a moment ago, by name.
    pub restless: HashMap<Arc<str>, Digest>,
    pub shared: SharedPrints,
    pub needs: Needs,
    /// When it began, by the file system's clock.
    pub moment: i64,
}

/// What there is once.
#[derive(Serialize, Deserialize)]
pub(super) struct Head {
    pub outline: Outline,
    /// Stands for what documents share.
    pub shared: SharedPrints,
    /// The pictures that are shown, by their paths on the site.
    pub pictures: Vec<UrlPath>,
    /// Where each of the assets is, and whether it is public; in the order of the names.
    pub assets: Vec<(UrlPath, bool)>,
}

/// What is known of a source.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct SourceLine {
    /// Stands for its name.
    pub name: u64,
    pub stamp: Stamp,
    pub state: State,
    pub what: What,
}

/// How the file of a source was when it was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum State {
    /// At rest, so that the stamp says all.
    AtRest,
    /// It had changed a moment ago, and can change again without a trace: this stands for its bytes.
    Restless(Digest),
    /// The same of a file whose bytes nobody knows any more.
    Unknown,
}

/// What a source is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum What {
    /// A public article or page, and its number.
    Leaf(u32),
    /// What describes a section.
    Section,
    /// Held back.
    Held,
}

/// A frame.
#[derive(Serialize, Deserialize)]
enum Part {
    Head(Box<Head>),
    Needs(Vec<Needed>),
    Update(Update),
    Sources(Vec<SourceLine>),
    Leaves(Vec<LeafLine>),
}

/// The first of those, of values that stay where they are; written alike.
#[derive(Serialize)]
enum PartOf<'a> {
    Head(&'a Head),
    Needs(&'a [(&'a Arc<str>, &'a Digest, &'a [Need])]),
    Update(&'a Update),
}

/// Stands for the name of a source.
pub(super) fn name_print(name: &str) -> u64 {
    let mut bytes = [0; 8];
    bytes.copy_from_slice(&Digest::quick(name.as_bytes()).bytes()[..8]);
    u64::from_le_bytes(bytes)
}

impl SourceLine {
    /// That of `source` as it was found at `moment`, with bytes that `digest` stands for.
    pub fn of(source: &SourceFile, what: What, digest: Option<Digest>, moment: i64) -> SourceLine {
        let stamp = source.found.stamp;
        let state = match digest {
            _ if stamp.is_settled(moment) => State::AtRest,
            Some(digest) => State::Restless(digest),
            None => State::Unknown,
        };
        SourceLine { name: name_print(&source.found.name), stamp, state, what }
    }

    /// True if `source`, in the site at `root`, surely is as it was.
    pub fn is_of(&self, source: &SourceFile, root: &Path) -> bool {
        self.stamp == source.found.stamp
            && match self.state {
                State::AtRest => true,
                State::Restless(digest) => {
                    std::fs::read(source.found.file(root)).is_ok_and(|bytes| Digest::of(&bytes) == digest)
                }
                State::Unknown => false,
            }
    }
}

impl Outlined {
    /// Loads it; `None` where there is none, or none that can be used.
    pub fn load(path: &Path) -> Option<Outlined> {
        let loaded = frames::load::<Part>(path, KIND, VERSION).ok()??;
        if loaded.torn {
            return None;
        }
        let (mut head, mut sources, mut leaves, mut needs) = (None, Vec::new(), Vec::new(), Needs::default());
        let mut updates = Vec::new();
        for part in loaded.values {
            match part {
                Part::Head(one) => head = Some(one),
                Part::Sources(mut lines) => sources.append(&mut lines),
                Part::Leaves(mut lines) => leaves.append(&mut lines),
                Part::Needs(known) => {
                    needs.0.extend(known.into_iter().map(|(name, digest, needs)| (name, (digest, needs))));
                }
                Part::Update(update) => updates.push(update),
            }
        }
        let mut head = *head?;
        head.outline.leaves = leaves;
        let mut outlined = Outlined { head, sources, needs, updates: updates.len() };
        updates.iter().try_for_each(|update| outlined.apply(update))?;
        Some(outlined)
    }

    /// Puts in what has changed. `None`, and it is of no use any more, if that does not fit.
    pub fn apply(&mut self, update: &Update) -> Option<()> {
        let Update { changed, added, needs } = update;
        for (at, line) in changed {
            *self.sources.get_mut(*at as usize)? = *line;
        }
        let count = u32::try_from(added.len()).ok()?;
        for line in self.sources.iter_mut().filter(|_| count > 0) {
            if let What::Leaf(number) = &mut line.what {
                *number += count;
            }
        }
        let mut newest_last: Vec<&Added> = added.iter().collect();
        newest_last.sort_by_key(|one| match one.source.what {
            What::Leaf(number) => Reverse(number),
            _ => Reverse(0),
        });
        for one in added {
            let at = one.at as usize;
            (at <= self.sources.len()).then(|| self.sources.insert(at, one.source))?;
        }
        newest_last.into_iter().all(|one| self.head.outline.put_first(one.line.clone())).then_some(())?;
        self.needs.add(needs);
        Some(())
    }

    /// Saves it as a whole.
    pub fn save(&self, path: &Path) -> Result<(), StoreError> {
        let leaves = &self.head.outline.leaves;
        let lines = Lines {
            sources: (self.sources.len(), &|at| self.sources[at]),
            leaves: (leaves.len(), &|at| leaves[at].clone()),
        };
        write(path, &self.head, &lines, &self.needs)
    }

    /// Adds an `update` to the file at `path`.
    pub fn add(path: &Path, update: &Update) -> Result<(), StoreError> {
        let unwritable = |source| StoreError::Unwritable { path: path.to_owned(), source };
        let mut writer = Writer::append(path)?;
        writer.write(&frames::frame(&PartOf::Update(update)).map_err(unwritable)?).map_err(unwritable)?;
        writer.finish()
    }

    /// Saves that of a build that looked at everything, as it `laid` that out; false where there is more to know than an
    /// outline has.
    pub fn save_of(path: &Path, laid: &Laid, seen: &Seen) -> Result<bool, StoreError> {
        let Seen { sources, restless, shared, needs, moment } = seen;
        let library = &laid.library;
        let Some(outline) = library.outline() else { return Ok(false) };
        let mut ids = library.by_name().iter().peekable();
        let what = |source: &SourceFile| {
            let own = ids.next_if(|id| **library.leaves.name(**id) == *source.found.name);
            match own {
                Some(id) => What::Leaf(u32::try_from(id.index()).unwrap_or(u32::MAX)),
                None if Role::of(&source.found.name) == Role::Section => What::Section,
                None => What::Held,
            }
        };
        let whats: Vec<What> = sources.iter().map(what).collect();
        // All must have been found.
        if ids.next().is_some() {
            return Ok(false);
        }
        let pictures = laid.plan.pictures.list.iter().map(|picture| picture.original.path.clone()).collect();
        let assets = laid.assets.iter().map(|asset| (asset.path.clone(), asset.live)).collect();
        let head = Head { outline, shared: shared.clone(), pictures, assets };
        let source = |at: usize| {
            let source = &sources[at];
            SourceLine::of(source, whats[at], restless.get(&source.found.name).copied(), *moment)
        };
        // They are made as they are written: all of them would take more memory than is left.
        let lines = Lines {
            sources: (sources.len(), &source),
            leaves: (library.leaves.count(), &|at| library.line(LeafId::new(at))),
        };
        write(path, &head, &lines, needs).map(|()| true)
    }

    /// The names of all public articles and pages by their numbers, and those numbers by name, where the files are these
    /// `sources`.
    pub fn names(&self, sources: &[SourceFile]) -> Option<(Vec<Arc<str>>, Vec<LeafId>)> {
        let count = self.head.outline.leaves.len();
        let (mut names, mut by_name) = (vec![None; count], Vec::with_capacity(count));
        for (source, line) in sources.iter().zip(&self.sources) {
            if let What::Leaf(at) = line.what {
                *names.get_mut(at as usize)? = Some(source.found.name.clone());
                by_name.push(LeafId::new(at as usize));
            }
        }
        Some((names.into_iter().collect::<Option<_>>()?, by_name))
    }
}

/// How many lines there are, and each by its place.
struct Lines<'a> {
    sources: (usize, &'a (dyn Fn(usize) -> SourceLine + Sync)),
    leaves: (usize, &'a (dyn Fn(usize) -> LeafLine + Sync)),
}

fn write(path: &Path, head: &Head, lines: &Lines<'_>, needs: &Needs) -> Result<(), StoreError> {
    let unwritable = |source| StoreError::Unwritable { path: path.to_owned(), source };
    let mut writer = Writer::new(path, KIND, VERSION, None)?;
    writer.write(&frames::frame(&PartOf::Head(head)).map_err(unwritable)?).map_err(unwritable)?;
    let (count, line) = lines.sources;
    let places: Vec<usize> = (0..count).collect();
    writer.write_batches(&places, BATCH, |some| {
        frames::frame(&Part::Sources(some.iter().map(|at| line(*at)).collect()))
    })?;
    let (count, line) = lines.leaves;
    let places: Vec<usize> = (0..count).collect();
    writer.write_batches(&places, BATCH, |some| {
        frames::frame(&Part::Leaves(some.iter().map(|at| line(*at)).collect()))
    })?;
    let known = needs.0.iter().filter(|(_, (_, needs))| !needs.is_empty());
    let mut needs: Vec<(&Arc<str>, &Digest, &[Need])> =
        known.map(|(name, (digest, needs))| (name, digest, needs.as_slice())).collect();
    needs.sort_unstable();
    writer.write_batches(&needs, BATCH, |needs| frames::frame(&PartOf::Needs(needs)))?;
    writer.finish()
}
