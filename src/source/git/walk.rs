//! Walks the history once for all files.
//!
//! For every commit there is a set of open files, whose past is not decided yet, under their paths at that commit. The
//! walk goes from child to parent and hands each file on. If a parent has the same bytes, the file is handed on
//! unchanged; otherwise the commit counts as a change. As in `git log` with a path, a merge hands a file on to the
//! first parent with the same bytes, so the commit that really made them counts.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use super::repository::{Change, Differences, Id, Path, RawCommit, Repository};
use super::{Commit, FileHistory, HistoryError, Known};
use crate::model::date::Moment;
use crate::source::Format;

/// The result of a walk.
pub(super) struct Found {
    pub files: BTreeMap<String, FileHistory>,
    pub gone: BTreeSet<String>,
    pub walked: usize,
}

/// A file whose past is not decided yet.
#[derive(Clone, PartialEq)]
struct Open {
    /// Its number.
    file: usize,
    /// A younger commit added it with these bytes. An older one may have removed it, so that it was only away.
    away: Option<Id>,
}

type Pending = HashMap<Path, Vec<Open>>;

/// A file of HEAD, with its history so far.
#[derive(Default)]
struct File {
    first: Option<Commit>,
    last: Option<Commit>,
    /// `last` is decided, even if it is `None`.
    changed: bool,
    /// The history ends before the first commit of the file.
    unknown: bool,
}

/// Walks the history of the repository: all of it, or only the commits after `known`.
pub(super) fn walk(repository: &Repository, known: Option<&Known>) -> Result<Found, HistoryError> {
    let known = known.filter(|known| known.site == repository.site && !known.head.is_empty());
    let known = known.filter(|known| !known.shallow && !repository.is_shallow());
    if let Some(known) = known
        && let Some(found) = Walk::new(repository, Some(known)).run()?
    {
        return Ok(found);
    }
    let found = Walk::new(repository, None).run()?;
    Ok(found.unwrap_or(Found { files: BTreeMap::new(), gone: BTreeSet::new(), walked: 0 }))
}

struct Walk<'a> {
    repository: &'a Repository,
    /// Changes of a commit, file by file.
    changes: Differences<'a>,
    /// Changes with moves detected, where a moved file is one file. This is slower.
    moves: Differences<'a>,
    /// The folder of the sources.
    content: Path,
    /// The known history at an older commit.
    base: Option<&'a Known>,
    names: Vec<Path>,
    files: Vec<File>,
    gone: BTreeSet<String>,
}

impl<'a> Walk<'a> {
    fn new(repository: &'a Repository, base: Option<&'a Known>) -> Self {
        Walk {
            repository,
            changes: repository.differences(false),
            moves: repository.differences(true),
            content: repository.content(),
            base,
            names: Vec::new(),
            files: Vec::new(),
            gone: base.map(|known| known.gone.clone()).unwrap_or_default(),
        }
    }

    /// `None` if the known history is not sufficient.
    fn run(mut self) -> Result<Option<Found>, HistoryError> {
        let repository = self.repository;
        let Some(tip) = &repository.tip else { return Ok(Some(self.finish(0))) };
        let commits = repository.commits(tip, self.base.map(|known| &*known.head))?;
        // Each commit comes before its parents, so its set of open files is complete.
        let mut pending = HashMap::from([(tip.clone(), self.sources(tip)?)]);
        for commit in &commits {
            let open = pending.remove(&commit.id).unwrap_or_default();
            if open.is_empty() {
                continue;
            }
            let handed = self.step(commit, open)?;
            for (parent, more) in commit.parents.iter().zip(handed) {
                merge(pending.entry(parent.clone()).or_default(), more);
            }
        }
        // The remaining files are older than the commits that were read.
        pending.retain(|_, open| !open.is_empty());
        let is_known = pending.iter().all(|(id, open)| self.recall(id, open));
        Ok(is_known.then(|| self.finish(commits.len())))
    }

    /// The sources in the tree of `tip`.
    fn sources(&mut self, tip: &Id) -> Result<Pending, HistoryError> {
        let mut pending = Pending::new();
        for path in self.repository.files(tip)? {
            let is_source = str::from_utf8(&path).is_ok_and(|path| Format::of(path).is_some());
            if is_source && path.len() > self.content.len() && is_in(&path, &self.content) {
                let file = self.files.len();
                pending.insert(path.clone(), vec![Open { file, away: None }]);
                self.names.push(path);
                self.files.push(File::default());
            }
        }
        Ok(pending)
    }

    /// Applies `commit` to the files in `open`; returns the files handed on to each parent.
    fn step(&mut self, commit: &RawCommit, mut open: Pending) -> Result<Vec<Pending>, HistoryError> {
        if commit.parents.is_empty() {
            for one in open.into_values().flatten().filter(|one| one.away.is_none()) {
                let file = &mut self.files[one.file];
                if commit.cut {
                    (file.changed, file.unknown) = (true, true);
                } else {
                    file.change(commit);
                    file.came_with(commit);
                }
            }
            return Ok(vec![Pending::new()]);
        }
        let mut handed: Vec<Pending> = commit.parents.iter().map(|_| Pending::new()).collect();
        let mut differ: Vec<BTreeMap<Path, Change>> = Vec::with_capacity(commit.parents.len());
        for parent in &commit.parents {
            let changes = self.changes.between(&commit.id, parent)?;
            let gone: Vec<String> = changes.iter().filter_map(|change| self.name_of_gone(change)).collect();
            self.gone.extend(gone);
            differ.push(changes.into_iter().map(|one| (one.path.clone(), one)).collect());
        }
        let mut added = Vec::new();
        for (path, Change { new, .. }) in &differ[0] {
            let Some(files) = open.remove(path) else { continue };
            if let Some(same) = differ.iter().position(|changes| !changes.contains_key(path)) {
                handed[same].insert(path.clone(), files);
                continue;
            }
            let old =
                |changes: &BTreeMap<Path, Change>| changes.get(path).and_then(|change| change.old.clone());
            for one in files {
                let Some(away) = one.away.clone() else {
                    self.files[one.file].change(commit);
                    let mut has_past = false;
                    let parents = handed.iter_mut().zip(&differ);
                    for (handed, _) in parents.filter(|(_, changes)| old(changes).is_some()) {
                        has_past = true;
                        handed.entry(path.clone()).or_default().push(one.clone());
                    }
                    if let Some(blob) = new.clone().filter(|_| !has_past) {
                        added.push((path.clone(), blob, one.file));
                    }
                    continue;
                };
                // If a parent has the same bytes, this commit removed the file.
                let parents = handed.iter_mut().zip(&differ);
                for (handed, _) in parents.filter(|(_, changes)| old(changes).as_ref() == Some(&away)) {
                    let back = Open { file: one.file, away: None };
                    handed.entry(path.clone()).or_default().push(back);
                }
            }
        }
        if !added.is_empty() {
            self.came(commit, &added, &mut handed)?;
        }
        merge(&mut handed[0], open);
        Ok(handed)
    }

    /// Handles files that no parent of `commit` has at their paths: they were moved, or are new, or were away.
    fn came(
        &mut self,
        commit: &RawCommit,
        added: &[(Path, Id, usize)],
        handed: &mut [Pending],
    ) -> Result<(), HistoryError> {
        let mut moved = HashSet::new();
        for (parent, handed) in commit.parents.iter().zip(handed.iter_mut()) {
            let from = self.moves(commit, parent)?;
            for (path, _, file) in added {
                let Some(old) = from.get(path) else { continue };
                handed.entry(old.clone()).or_default().push(Open { file: *file, away: None });
                moved.insert(*file);
            }
        }
        for (path, blob, file) in added.iter().filter(|(_, _, file)| !moved.contains(file)) {
            self.files[*file].came_with(commit);
            for handed in handed.iter_mut() {
                handed.entry(path.clone()).or_default().push(Open { file: *file, away: Some(blob.clone()) });
            }
        }
        Ok(())
    }

    /// The files that are new in `commit` and their old paths in `parent`: first those with equal bytes, then those
    /// that `git` finds at least half equal. Each old file matches one new file; a copy is a file of its own.
    fn moves(&mut self, commit: &RawCommit, parent: &Id) -> Result<BTreeMap<Path, Path>, HistoryError> {
        let changes = self.changes.between(&commit.id, parent)?;
        let mut gone: BTreeMap<&Path, &Id> = changes
            .iter()
            .filter(|one| one.new.is_none())
            .filter_map(|one| Some((&one.path, one.old.as_ref()?)))
            .collect();
        let mut by_bytes: HashMap<&Id, Vec<&Path>> = HashMap::new();
        for (path, blob) in &gone {
            by_bytes.entry(blob).or_default().push(path);
        }
        let came: Vec<(&Path, &Id)> = changes
            .iter()
            .filter(|one| one.old.is_none())
            .filter_map(|one| Some((&one.path, one.new.as_ref()?)))
            .collect();
        let mut moves = BTreeMap::new();
        // Files that keep their names are matched first. Empty files match only by name.
        for same_name in [true, false] {
            for (path, blob) in &came {
                let fits = |old: &&&Path| {
                    let by_name = same_name || EMPTY.contains(&&***blob);
                    gone.contains_key(**old) && (!by_name || name(old) == name(path))
                };
                let old = by_bytes.get(blob).and_then(|old| old.iter().find(fits));
                if let Some(old) = old.filter(|_| !moves.contains_key(*path)) {
                    gone.remove(*old);
                    moves.insert((*path).clone(), (*old).clone());
                }
            }
        }
        if came.len() > moves.len() && !gone.is_empty() {
            for change in self.moves.between(&commit.id, parent)? {
                let from = change.from.filter(|from| gone.contains_key(from));
                if let Some(from) = from.filter(|_| !moves.contains_key(&change.path)) {
                    gone.remove(&from);
                    moves.insert(change.path, from);
                }
            }
        }
        Ok(moves)
    }

    /// Takes the history of `open` at the commit `id` from the known history; false if that is not sufficient.
    fn recall(&mut self, id: &Id, open: &Pending) -> bool {
        let Some(known) = self.base.filter(|known| *known.head == **id) else { return false };
        open.iter().all(|(path, files)| {
            let name = self.name(path);
            let before = name.as_ref().and_then(|name| known.files.get(name));
            let was_gone = name.as_ref().is_some_and(|name| known.gone.contains(name));
            files.iter().all(|one| match before {
                // No file of that name existed before.
                None if one.away.is_some() && !was_gone && name.is_some() => true,
                Some(before) if one.away.is_none() => {
                    let file = &mut self.files[one.file];
                    if !file.changed {
                        (file.changed, file.last) = (true, before.last.clone());
                    }
                    match &before.first {
                        Some(first) => file.earlier(first.clone()),
                        None => file.unknown = true,
                    }
                    true
                }
                _ => false,
            })
        })
    }

    /// The name of the source at `path`.
    fn name(&self, path: &[u8]) -> Option<String> {
        String::from_utf8(path.strip_prefix(&self.repository.site[..])?.to_vec()).ok()
    }

    fn name_of_gone(&self, change: &Change) -> Option<String> {
        let gone = change.new.is_none() && is_in(&change.path, &self.content);
        self.name(&change.path).filter(|name| gone && Format::of(name).is_some())
    }

    fn finish(mut self, walked: usize) -> Found {
        let files = std::mem::take(&mut self.files).into_iter();
        let files = files.zip(&self.names).filter_map(|(file, path)| {
            let File { first, last, unknown, .. } = file;
            Some((self.name(path)?, FileHistory { first: first.filter(|_| !unknown), last }))
        });
        Found { files: files.collect(), gone: self.gone, walked }
    }
}

impl File {
    /// Records that `commit` changed it. Older changes do not count.
    fn change(&mut self, commit: &RawCommit) {
        if !self.changed {
            (self.changed, self.last) = (true, as_commit(commit, commit.committed));
        }
    }

    /// Records that `commit` added it.
    fn came_with(&mut self, commit: &RawCommit) {
        match as_commit(commit, commit.authored) {
            Some(first) => self.earlier(first),
            None => self.unknown = true,
        }
    }

    /// Keeps the earliest of several commits that added it.
    fn earlier(&mut self, first: Commit) {
        let time = |commit: &Commit| (commit.moment.instant(), commit.id.clone());
        if self.first.as_ref().is_none_or(|other| time(&first) < time(other)) {
            self.first = Some(first);
        }
    }
}

fn as_commit(commit: &RawCommit, moment: Option<Moment>) -> Option<Commit> {
    moment.map(|moment| Commit { moment, id: commit.id.chars().take(12).collect() })
}

/// Ids of an empty file, in SHA-1 and in SHA-256.
const EMPTY: [&str; 2] = [
    "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391",
    "473a0f4c3be8a93681a267e3b1e9a7dcda1185436fe141f7749120a303721813",
];

/// The last part of a path.
fn name(path: &[u8]) -> &[u8] {
    path.rsplit(|byte| *byte == b'/').next().unwrap_or_default()
}

/// True if `path` is `folder` or in it.
fn is_in(path: &[u8], folder: &[u8]) -> bool {
    folder.is_empty() || path.strip_prefix(folder).is_some_and(|rest| rest.first().is_none_or(|b| *b == b'/'))
}

/// Adds `more` to `all`, always the smaller to the larger.
fn merge(all: &mut Pending, mut more: Pending) {
    if all.len() < more.len() {
        std::mem::swap(all, &mut more);
    }
    for (path, files) in more {
        let there = all.entry(path).or_default();
        for one in files {
            if !there.contains(&one) {
                there.push(one);
            }
        }
    }
}
