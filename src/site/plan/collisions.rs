//! Collisions: two documents with the same path.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::hash::BuildHasher;
use std::sync::Arc;

use foldhash::fast::RandomState;
use rayon::prelude::*;

use super::{IsNewer, Owned, PlanError, Planned, Shows};
use crate::config;
use crate::model::diagnostics::{Place, Problem};
use crate::model::url::UrlPath;
use crate::site::library::Library;

/// Puts the newer of two documents first.
type Order<'f, 'a> = dyn Fn(&'a Planned, &'a Planned) -> (&'a Planned, &'a Planned) + 'f;

/// Owners with the paths for which they were reported: several documents of one owner can be in the way.
type Told = HashSet<(Arc<str>, String)>;

/// Documents by a path.
type Documents<'a> = HashMap<&'a str, &'a Planned, RandomState>;

/// The paths of documents, as files and as the folders around them.
pub(super) struct Taken {
    /// Files, each with the index of its document.
    files: HashMap<String, usize, RandomState>,
    folders: HashSet<String, RandomState>,
}

/// The answer to whether a path is free.
pub(super) enum Free {
    /// It collides with nothing.
    Yes,
    /// The document at this index has its path, or one that some file systems treat as the same.
    No(usize),
    /// It would be a file where a folder is needed, or a folder where a file is.
    Folder,
}

impl Taken {
    /// The paths of `documents`.
    pub fn of(documents: &[Planned]) -> Taken {
        let mut taken = Taken { files: HashMap::default(), folders: HashSet::default() };
        documents.iter().enumerate().for_each(|(at, document)| taken.add(&document.path, at));
        taken
    }

    /// Checks if a document at `path` would collide with others.
    pub fn check(&self, path: &UrlPath) -> Free {
        let file = file(path);
        if let Some(other) = self.files.get(&file) {
            return Free::No(*other);
        }
        let in_the_way =
            self.folders.contains(&file) || folders_of(&file).any(|folder| self.files.contains_key(folder));
        if in_the_way { Free::Folder } else { Free::Yes }
    }

    /// Adds the `path` of the document at the index `at`, if it collides with no other.
    pub fn may_add(&mut self, path: &UrlPath, at: usize) -> bool {
        let is_free = matches!(self.check(path), Free::Yes);
        if is_free {
            self.add(path, at);
        }
        is_free
    }

    /// Adds the `path` of the document at the index `at`.
    pub fn add(&mut self, path: &UrlPath, at: usize) {
        let file = file(path);
        for folder in folders_of(&file) {
            if !self.folders.contains(folder) {
                self.folders.insert(folder.to_owned());
            }
        }
        self.files.entry(file).or_insert(at);
    }
}

/// The file at `path`, case-folded and normalised so that two equal files are equal on every file system.
fn file(path: &UrlPath) -> String {
    let folded = path.folded();
    if folded.ends_with('/') { format!("{folded}index.html") } else { folded.into_owned() }
}

fn folders_of(file: &str) -> impl Iterator<Item = &str> {
    file.rmatch_indices('/').map(|(at, _)| &file[..at])
}

/// Decides who is at fault.
pub(super) struct Blame<'a> {
    pub owned: Owned<'a>,
    pub is_newer: IsNewer<'a>,
}

impl Blame<'_> {
    /// The newer of two documents, then the other. Of two that are equally old, `second` is at fault.
    fn order<'p>(&self, first: &'p Planned, second: &'p Planned) -> (&'p Planned, &'p Planned) {
        if (self.is_newer)(self.owned, first, second) { (first, second) } else { (second, first) }
    }

    /// Reports a problem with `planned` at each of its owners, unless it was reported there.
    fn report(&self, planned: &Planned, cause: &PlanError, told: &mut Told, problems: &mut Vec<Problem>) {
        let mut owners = self.owned.owners(planned);
        if owners.is_empty() {
            owners.push(planned.source.clone());
        }
        for owner in owners {
            if told.insert((owner.clone(), cause.path().to_owned())) {
                problems.push(Problem::new(cause.clone(), Place::file(owner)));
            }
        }
    }
}

/// Reports every pair of `documents` that can't coexist on some file system. Some treat `A` and `a` as equal, and some
/// the two Unicode forms of `é`. The newer document of a pair gets the problem.
pub(super) fn report(documents: &[Planned], blame: &Blame<'_>, problems: &mut Vec<Problem>) {
    let folded: Vec<Cow<'_, str>> = documents.par_iter().map(|document| document.path.folded()).collect();
    if may_collide(&folded) {
        let mut told = Told::default();
        for (first, second, is_folder) in
            pairs(documents, &folded, &|first, second| blame.order(first, second))
        {
            let (newer, older) = blame.order(first, second);
            let cause = match is_folder {
                true => {
                    PlanError::FileAndFolder { path: first.path.to_string(), other: older.source.to_string() }
                }
                false => collision(newer, older, blame.owned.library),
            };
            let is_output = |one: &Planned| matches!(one.shows, Shows::Output(..));
            if newer.source == older.source && (is_output(newer) || is_output(older)) {
                // Not the page but the output's path in `site.toml` is wrong.
                if told.insert((config::FILE.into(), cause.path().to_owned())) {
                    problems.push(Problem::new(cause, Place::file(config::FILE)));
                }
                continue;
            }
            blame.report(newer, &cause, &mut told, problems);
        }
    }
}

/// Paths that one thread hashes at a time.
const BATCH: usize = 4096;

/// False if all paths and the folders around them certainly differ. Compares only hashes, to save memory. Two equal
/// hashes of different paths cost only time.
fn may_collide(folded: &[Cow<'_, str>]) -> bool {
    let hasher = RandomState::default();
    let hash = |path: &str| hasher.hash_one(path);
    let (files, folders) = rayon::join(
        || {
            let mut files: Vec<u64> = folded.par_iter().map(|path| hash(path)).collect();
            files.par_sort_unstable();
            files
        },
        || {
            let batches = folded.par_chunks(BATCH).map(|paths| folders_around(paths, &hash));
            let mut folders = batches.collect::<Option<Vec<Vec<u64>>>>()?.concat();
            folders.par_sort_unstable();
            folders.dedup();
            Some(folders)
        },
    );
    let Some(folders) = folders else { return true };
    let mut rest = folders.iter().peekable();
    files.windows(2).any(|pair| pair[0] == pair[1])
        || files.iter().any(|file| {
            while rest.next_if(|folder| *folder < file).is_some() {}
            rest.peek().is_some_and(|folder| *folder == file)
        })
}

/// The hashes of the folders around `paths`; `None` if a folder has the name of a page, `index.html`.
fn folders_around(paths: &[Cow<'_, str>], hash: &impl Fn(&str) -> u64) -> Option<Vec<u64>> {
    let mut folders = Vec::with_capacity(paths.len());
    let mut before = "";
    for path in paths {
        for (at, _) in path.rmatch_indices('/') {
            // Folders around the previous path have been added already.
            if before.starts_with(&path[..=at]) {
                break;
            }
            if path[..at].ends_with("/index.html") {
                return None;
            }
            folders.push(hash(&path[..at]));
        }
        before = path;
    }
    Some(folders)
}

/// Finds every pair of documents that can't coexist, with true if the first is a file where the second needs a folder.
fn pairs<'a>(
    documents: &'a [Planned],
    all: &[Cow<'_, str>],
    order: &Order<'_, 'a>,
) -> Vec<(&'a Planned, &'a Planned, bool)> {
    let mut pairs = Vec::new();
    let mut by_file = Documents::with_capacity_and_hasher(documents.len(), Default::default());
    for (document, folded) in documents.iter().zip(all) {
        let Some(other) = by_file.insert(folded, document) else { continue };
        if document.source != other.source || document.shows != other.shows {
            pairs.push((other, document, false));
            // All others at this path are compared with the oldest document.
            by_file.insert(folded, order(other, document).1);
        }
    }
    let mut folders = Documents::with_capacity_and_hasher(documents.len(), Default::default());
    for (document, folded) in documents.iter().zip(all) {
        for (at, _) in folded.rmatch_indices('/') {
            // If a folder is known, those around it are known too.
            if folders.insert(&folded[..at], document).is_some() {
                break;
            }
        }
    }
    for (document, folded) in documents.iter().zip(all) {
        let folder = match folded.strip_suffix('/') {
            // The page of a folder is its `index.html`.
            Some(folder) => format!("{folder}/index.html"),
            None => folded.to_string(),
        };
        if folders.contains_key(folder.as_str()) {
            let start = folder + "/";
            let inside = documents.iter().zip(all).filter(|(_, other)| other.starts_with(&start));
            pairs.extend(inside.map(|(other, _)| (document, other, true)));
        }
    }
    pairs
}

fn collision(document: &Planned, other: &Planned, library: &Library) -> PlanError {
    let day = |planned: &Planned| match planned.shows {
        Shows::Leaf(id) => library.published_at(id).map(|published| published.local().date()),
        _ => None,
    };
    if day(document).zip(day(other)).is_some_and(|(one, other)| one != other) {
        let (path, other) = (document.path.to_string(), other.source.to_string());
        return PlanError::SameSlug { path, other };
    }
    let both = [document, other];
    let same = document.path.file() == other.path.file();
    PlanError::Collision {
        path: document.path.to_string(),
        other: other.source.to_string(),
        how: if same { "" } else { ", which differ only in case or in Unicode normalisation" },
        remedy: if both.iter().any(|one| matches!(one.shows, Shows::Output(..))) {
            "give the output another `path` in `site.toml`, or the other document another `slug` or `path`"
        } else if both.iter().any(|one| matches!(one.shows, Shows::Archive(_) | Shows::Year(_))) {
            "give the section another `path`, or set `archive = false` in `site.toml`"
        } else {
            "give one of them another `slug` or `path`, or rename its file"
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::url::UrlPath;

    proptest::proptest! {
        #[test]
        fn what_collides_is_looked_at(paths in proptest::collection::vec(r"(/(a|b|A|index\.html)){1,4}/?", 0..8)) {
            let document = |(number, path): (usize, &String)| {
                let source = number.to_string().into();
                Planned { path: UrlPath::parse(path).unwrap(), shows: Shows::Robots(0), source }
            };
            let documents: Vec<Planned> = paths.iter().enumerate().map(document).collect();
            let folded: Vec<Cow<'_, str>> = documents.iter().map(|document| document.path.folded()).collect();
            let found = pairs(&documents, &folded, &|first, second| (second, first));
            proptest::prop_assert!(may_collide(&folded) || found.is_empty(), "{paths:?}");
        }
    }
}
