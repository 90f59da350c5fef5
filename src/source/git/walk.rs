//! One walk through history for all files.
//!
//! Every commit holds the files whose past is still open, under the paths that they had there. From
//! child to parent, each is handed on: as it is where the parent has the same bytes, and otherwise with
//! what the commit says about it. Like `git log` with a path, a merge hands a file on to the first
//! parent that has the same bytes, so that it is the commit that made them which counts.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use gix::ObjectId;

use super::blobs::{Moves, moves};
use super::repository::{Entry, RawCommit, Repository, entries};
use super::{Commit, FileHistory, HistoryError, Known};
use crate::model::date::Moment;
use crate::source::Format;

/// A path in the working tree.
pub(super) type Path = Vec<u8>;

/// What a walk found.
pub(super) struct Found {
    pub files: BTreeMap<String, FileHistory>,
    pub gone: BTreeSet<String>,
    pub walked: usize,
}

/// A file that differs between a commit and its parent; `None` on the side that does not have it.
pub(super) struct Change {
    pub path: Path,
    pub new: Option<ObjectId>,
    pub old: Option<ObjectId>,
}

/// A file whose past is open.
#[derive(Clone, Copy, PartialEq)]
struct Open {
    /// Its number.
    file: usize,
    /// It came with these bytes in a younger commit, and was perhaps only away.
    away: Option<ObjectId>,
}

type Pending = HashMap<Path, Vec<Open>>;

/// A file of HEAD.
#[derive(Default)]
struct File {
    first: Option<Commit>,
    last: Option<Commit>,
    /// `last` is decided, even if there is none.
    changed: bool,
    /// The history ends before its first commit.
    unknown: bool,
}

/// Walks the history of the repository: all of it, or only what is newer than `known`.
pub(super) fn walk(repository: &Repository, known: Option<&Known>) -> Result<Found, HistoryError> {
    let known = known.filter(|known| known.site == repository.site);
    let known = known.filter(|known| !known.shallow && !repository.is_shallow());
    let base = known.and_then(|known| Some((known, ObjectId::from_hex(known.head.as_bytes()).ok()?)));
    if let Some((known, id)) = base
        && let Some(found) = Walk::new(repository, Some((known, id)))?.run()?
    {
        return Ok(found);
    }
    let found = Walk::new(repository, None)?.run()?;
    Ok(found.unwrap_or(Found { files: BTreeMap::new(), gone: BTreeSet::new(), walked: 0 }))
}

struct Walk<'a> {
    repository: &'a Repository,
    /// The folder of the sources.
    content: Path,
    /// What was known at an older commit.
    base: Option<(&'a Known, ObjectId)>,
    names: Vec<Path>,
    files: Vec<File>,
    /// Folders that files were in.
    folders: HashSet<Path>,
    gone: BTreeSet<String>,
}

impl<'a> Walk<'a> {
    fn new(repository: &'a Repository, base: Option<(&'a Known, ObjectId)>) -> Result<Self, HistoryError> {
        let gone = base.map(|(known, _)| known.gone.clone()).unwrap_or_default();
        let mut walk = Walk {
            repository,
            content: repository.content(),
            base,
            names: Vec::new(),
            files: Vec::new(),
            folders: HashSet::new(),
            gone,
        };
        walk.watch(&[&walk.content[..], b"/"].concat());
        Ok(walk)
    }

    /// Looks into the folders of `path` from here on.
    fn watch(&mut self, path: &[u8]) {
        let mut path = path;
        while let Some(at) = path.iter().rposition(|byte| *byte == b'/') {
            path = &path[..at];
            if !self.folders.insert(path.to_vec()) {
                return;
            }
        }
        self.folders.insert(Vec::new());
    }

    /// `None` if what was known does not suffice.
    fn run(mut self) -> Result<Option<Found>, HistoryError> {
        let Some(tip) = self.repository.tip else {
            return Ok(Some(Found { files: BTreeMap::new(), gone: self.gone, walked: 0 }));
        };
        let Some((commits, parents)) = self.commits(tip)? else { return Ok(None) };
        let mut pending: Vec<Pending> = commits.iter().map(|_| Pending::new()).collect();
        if let Some(first) = pending.first_mut() {
            *first = self.sources(commits[0].tree)?;
        }
        let mut children = vec![0_usize; commits.len()];
        parents.iter().flatten().for_each(|parent| children[*parent] += 1);
        let mut ready = vec![0];
        let mut walked = 0;
        while let Some(at) = ready.pop() {
            walked += 1;
            let open = std::mem::take(&mut pending[at]);
            if self.base.is_some_and(|(_, id)| id == commits[at].id) {
                if !self.recall(&open) {
                    return Ok(None);
                }
            } else if !open.is_empty() {
                let older: Vec<&RawCommit> = parents[at].iter().map(|parent| &commits[*parent]).collect();
                let handed = self.step(&commits[at], &older, open)?;
                for (parent, more) in parents[at].iter().zip(handed) {
                    merge(&mut pending[*parent], more);
                }
            }
            for parent in &parents[at] {
                children[*parent] -= 1;
                if children[*parent] == 0 {
                    ready.push(*parent);
                }
            }
        }
        Ok(Some(self.finish(walked)))
    }

    /// The commits before `tip`, itself the first, and the numbers of the parents of each. Where
    /// something is known they end with that; `None` if others end elsewhere.
    #[expect(clippy::type_complexity, reason = "two lists that go side by side")]
    fn commits(&self, tip: ObjectId) -> Result<Option<(Vec<RawCommit>, Vec<Vec<usize>>)>, HistoryError> {
        let base = self.base.map(|(_, id)| id);
        let mut numbers = HashMap::from([(tip, 0)]);
        let mut commits = vec![self.repository.commit(tip)?];
        let mut parents = Vec::new();
        while let Some(commit) = commits.get(parents.len()) {
            let ids = if base == Some(commit.id) { Vec::new() } else { commit.parents.clone() };
            if base.is_some() && ids.is_empty() && base != Some(commit.id) {
                return Ok(None);
            }
            let mut own = Vec::with_capacity(ids.len());
            for id in ids {
                let next = commits.len();
                let number = *numbers.entry(id).or_insert(next);
                if number == next {
                    commits.push(self.repository.commit(id)?);
                }
                own.push(number);
            }
            parents.push(own);
        }
        Ok(Some((commits, parents)))
    }

    /// The sources in the tree of HEAD.
    fn sources(&mut self, tree: ObjectId) -> Result<Pending, HistoryError> {
        let mut changes = Vec::new();
        let content = self.content.clone();
        let inside = |folder: &[u8]| is_in(folder, &content) || is_in(&content, folder);
        self.compare(Some(tree), None, &mut Vec::new(), &inside, &mut changes)?;
        let mut pending = Pending::new();
        for Change { path, .. } in changes {
            let is_source = std::str::from_utf8(&path).is_ok_and(|path| Format::of(path).is_some());
            if is_source && path.len() > content.len() && is_in(&path, &content) {
                let file = self.files.len();
                self.watch(&path);
                pending.insert(path.clone(), vec![Open { file, away: None }]);
                self.names.push(path);
                self.files.push(File::default());
            }
        }
        Ok(pending)
    }

    /// What `commit` says about the files in `open`: what goes on to each of its parents.
    fn step(
        &mut self,
        commit: &RawCommit,
        parents: &[&RawCommit],
        mut open: Pending,
    ) -> Result<Vec<Pending>, HistoryError> {
        if parents.is_empty() {
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
        let mut handed: Vec<Pending> = parents.iter().map(|_| Pending::new()).collect();
        let mut differ: Vec<BTreeMap<Path, Change>> = Vec::with_capacity(parents.len());
        for parent in parents {
            let mut changes = Vec::new();
            let wanted = |folder: &[u8]| self.folders.contains(folder) || is_in(folder, &self.content);
            self.compare(Some(commit.tree), Some(parent.tree), &mut Vec::new(), &wanted, &mut changes)?;
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
            let old = |changes: &BTreeMap<Path, Change>| changes.get(path).and_then(|change| change.old);
            for one in files {
                let Some(away) = one.away else {
                    self.files[one.file].change(commit);
                    let mut has_past = false;
                    let parents = handed.iter_mut().zip(&differ);
                    for (handed, _) in parents.filter(|(_, changes)| old(changes).is_some()) {
                        has_past = true;
                        handed.entry(path.clone()).or_default().push(one);
                    }
                    if let Some(blob) = new.filter(|_| !has_past) {
                        added.push((path.clone(), blob, one.file));
                    }
                    continue;
                };
                // Here it went away, if it is the same.
                let parents = handed.iter_mut().zip(&differ);
                for (handed, _) in parents.filter(|(_, changes)| old(changes) == Some(away)) {
                    let back = Open { file: one.file, away: None };
                    handed.entry(path.clone()).or_default().push(back);
                }
            }
        }
        if !added.is_empty() {
            self.came(commit, parents, &added, &mut handed)?;
        }
        merge(&mut handed[0], open);
        Ok(handed)
    }

    /// Files that no parent of `commit` has under their path: they were moved, or are new, or were away.
    fn came(
        &mut self,
        commit: &RawCommit,
        parents: &[&RawCommit],
        added: &[(Path, ObjectId, usize)],
        handed: &mut [Pending],
    ) -> Result<(), HistoryError> {
        let mut moved = HashSet::new();
        for (parent, handed) in parents.iter().zip(handed.iter_mut()) {
            let mut changes = Vec::new();
            self.compare(Some(commit.tree), Some(parent.tree), &mut Vec::new(), &|_| true, &mut changes)?;
            let from: Moves = moves(self.repository, &changes)?;
            for (path, _, file) in added {
                let Some(old) = from.get(path) else { continue };
                self.watch(old);
                handed.entry(old.clone()).or_default().push(Open { file: *file, away: None });
                moved.insert(*file);
            }
        }
        for (path, blob, file) in added.iter().filter(|(_, _, file)| !moved.contains(file)) {
            self.files[*file].came_with(commit);
            for handed in handed.iter_mut() {
                handed.entry(path.clone()).or_default().push(Open { file: *file, away: Some(*blob) });
            }
        }
        Ok(())
    }

    /// Takes what is known of `open` from memory; false if that says too little.
    fn recall(&mut self, open: &Pending) -> bool {
        let Some((known, _)) = self.base else { return false };
        open.iter().all(|(path, files)| {
            let name = self.name(path);
            let before = name.as_ref().and_then(|name| known.files.get(name));
            let was_gone = name.as_ref().is_some_and(|name| known.gone.contains(name));
            files.iter().all(|one| match before {
                // There never was a file of that name.
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

    /// `path` as a source of the site.
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

    /// The files that differ between two folders, in and below those that are `wanted`.
    fn compare(
        &self,
        new: Option<ObjectId>,
        old: Option<ObjectId>,
        folder: &mut Path,
        wanted: &dyn Fn(&[u8]) -> bool,
        changes: &mut Vec<Change>,
    ) -> Result<(), HistoryError> {
        if new == old || !wanted(folder) {
            return Ok(());
        }
        let read = |id: Option<ObjectId>| id.map(|id| self.repository.tree(id)).transpose();
        let (new, old) = (read(new)?, read(old)?);
        let new = entries(new.as_deref().map_or(&[], Vec::as_slice))?;
        let old = entries(old.as_deref().map_or(&[], Vec::as_slice))?;
        let (mut new, mut old) = (new.into_iter().peekable(), old.into_iter().peekable());
        loop {
            let order = match (new.peek(), old.peek()) {
                (Some(new), Some(old)) => in_order(new, old),
                (Some(_), None) => Ordering::Less,
                (None, Some(_)) => Ordering::Greater,
                (None, None) => return Ok(()),
            };
            let new = if order.is_le() { new.next() } else { None };
            let old = if order.is_ge() { old.next() } else { None };
            if new.map(|one| (one.id, one.mode)) == old.map(|one| (one.id, one.mode)) {
                continue;
            }
            let Some(name) = new.or(old).map(|one| one.name) else { return Ok(()) };
            let length = folder.len();
            if !folder.is_empty() {
                folder.push(b'/');
            }
            folder.extend_from_slice(name);
            let tree = |one: Option<Entry<'_>>| one.filter(|one| one.is_folder).map(|one| one.id);
            self.compare(tree(new), tree(old), folder, wanted, changes)?;
            let file = |one: Option<Entry<'_>>| one.filter(|one| one.is_file).map(|one| one.id);
            if file(new).or(file(old)).is_some() {
                changes.push(Change { path: folder.clone(), new: file(new), old: file(old) });
            }
            folder.truncate(length);
        }
    }
}

impl File {
    /// `commit` changed it; an older one that did so too does not count.
    fn change(&mut self, commit: &RawCommit) {
        if !self.changed {
            (self.changed, self.last) = (true, as_commit(commit, commit.committed));
        }
    }

    /// It came with `commit`.
    fn came_with(&mut self, commit: &RawCommit) {
        match as_commit(commit, commit.authored) {
            Some(first) => self.earlier(first),
            None => self.unknown = true,
        }
    }

    /// Of several commits that it came with, the earliest is its first.
    fn earlier(&mut self, first: Commit) {
        let time = |commit: &Commit| (commit.moment.instant(), commit.id.clone());
        if self.first.as_ref().is_none_or(|other| time(&first) < time(other)) {
            self.first = Some(first);
        }
    }
}

fn as_commit(commit: &RawCommit, moment: Option<Moment>) -> Option<Commit> {
    moment.map(|moment| Commit { moment, id: commit.id.to_hex_with_len(12).to_string() })
}

/// Git's order: a folder stands where its name with a `/` would.
fn in_order(a: &Entry<'_>, b: &Entry<'_>) -> Ordering {
    let name = |one: &Entry<'_>| one.is_folder.then_some(b'/');
    a.name.iter().copied().chain(name(a)).cmp(b.name.iter().copied().chain(name(b)))
}

/// True if `path` is `folder` or in it.
fn is_in(path: &[u8], folder: &[u8]) -> bool {
    folder.is_empty() || path.strip_prefix(folder).is_some_and(|rest| rest.first().is_none_or(|b| *b == b'/'))
}

/// Adds `more` to `all`, the smaller to the larger.
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
