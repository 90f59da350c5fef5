//! Deciding on a commit: all of its work is planned before anything changes.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::fs;
use std::sync::Arc;

use super::error::{Named, OutputError};
use super::file_state::{FileState, look};
use super::manifest::{FileRecord, Manifest, folders_of};
use super::staging::{Known, Put, Puts, Staging};
use super::{Changes, Rank};

/// All the work of a commit.
pub(super) struct Work<'a> {
    /// Files of ours to remove before anything is written: they are in the place of a folder, or in a folder that
    /// becomes a file.
    pub remove_first: Vec<String>,
    /// Folders to remove once those files are removed.
    pub folders_to_remove: BTreeSet<String>,
    /// Folders to make.
    pub folders_to_make: BTreeSet<String>,
    /// Files to put in place, in order.
    pub writes: Vec<Write<'a>>,
    /// Files of ours to remove at the end.
    pub remove_last: Vec<String>,
    /// Paths of the old manifest that the site no longer has; their files may already be missing.
    pub forget: Vec<Arc<str>>,
    /// New records of files that stay, with metadata that differs from the manifest.
    pub refresh: Vec<(Arc<str>, FileRecord)>,
    /// The number of the site's files that are as they should be.
    pub unchanged: usize,
}

impl Work<'_> {
    /// True if the output folder and the manifest are as they should be.
    pub(super) fn is_nothing(&self) -> bool {
        self.leaves_all_files() && self.refresh.is_empty() && self.forget.is_empty()
    }

    /// True if the output folder is as it should be.
    pub(super) fn leaves_all_files(&self) -> bool {
        self.writes.is_empty() && self.remove_first.is_empty() && self.remove_last.is_empty()
    }

    /// The work as a report.
    pub(super) fn changes(&self) -> Changes {
        let in_order = |paths: &mut dyn Iterator<Item = &str>| {
            let mut paths: Vec<String> = paths.map(str::to_owned).collect();
            paths.sort();
            paths
        };
        let removed = self.remove_first.iter().chain(&self.remove_last);
        let replaced = self.writes.iter().filter(|write| write.replaces_foreign);
        Changes {
            written: self.writes.len(),
            unchanged: self.unchanged,
            removed: self.remove_first.len() + self.remove_last.len(),
            written_paths: in_order(&mut self.writes.iter().map(|write| &**write.path)),
            removed_paths: in_order(&mut removed.map(String::as_str)),
            replaced_foreign: in_order(&mut replaced.map(|write| &**write.path)),
            bytes_written: self.writes.iter().map(|write| write.put.record.size).sum(),
        }
    }
}

/// A staged file and its place.
pub(super) struct Write<'a> {
    pub path: &'a Arc<str>,
    pub put: &'a Put,
    /// The file's place at present.
    pub standing: FileState,
    /// True if a file that we did not write is in its place.
    pub replaces_foreign: bool,
}

impl Write<'_> {
    /// The order of writing: new files come first, since no existing file links to them yet, while a replaced one may
    /// link to any of them.
    pub(super) fn turn(&self) -> (bool, Rank) {
        (self.standing != FileState::Nothing, self.put.rank)
    }
}

/// Plans how to turn the output folder into exactly the files of `puts`, leaving foreign files alone.
pub(super) fn decide<'a>(staging: &Staging, puts: &'a Puts) -> Result<Work<'a>, OutputError> {
    let mut work = Work {
        remove_first: Vec::new(),
        folders_to_remove: BTreeSet::new(),
        folders_to_make: BTreeSet::new(),
        writes: Vec::new(),
        remove_last: Vec::new(),
        forget: Vec::new(),
        refresh: Vec::new(),
        unchanged: 0,
    };
    let mut folders = Folders { staging, seen: HashMap::new() };
    let mut foreign = Vec::new();
    let mut first = HashSet::new();
    for (path, put) in &puts.files {
        match put.staged {
            Some(standing) => {
                let replaces_foreign =
                    put.known == Known::Not && matches!(standing, FileState::File { .. } | FileState::Other);
                work.writes.push(Write { path, put, standing, replaces_foreign });
            }
            None => {
                work.unchanged += 1;
                if put.known != Known::Same {
                    work.refresh.push((path.clone(), put.record));
                }
            }
        }
    }
    let same = puts.same.iter().filter(|same| **same).count();
    work.unchanged += same;
    let known = same + puts.files.values().filter(|put| put.known != Known::Not).count();
    let may_lack = known < staging.old.files.len();
    if work.writes.is_empty() && !may_lack {
        return Ok(work);
    }
    let all = Paths { puts, old: &staging.old };
    refuse_file_and_folder(&work.writes, &all)?;
    // A fixed order, so that of several errors the same one is always reported.
    work.writes.sort_by(|a, b| (a.turn(), a.path).cmp(&(b.turn(), b.path)));
    for write in &work.writes {
        let path = write.path;
        make_way(staging, &all, &mut folders, path, &mut work.folders_to_make, &mut first)?;
        if write.standing == FileState::Folder {
            empty(staging, path, &mut work.folders_to_remove, &mut first)?;
        }
        if write.replaces_foreign && !staging.may_replace {
            foreign.push(path.to_string());
        }
    }
    if !foreign.is_empty() {
        return Err(OutputError::Foreign { out: staging.out.clone(), found: Named::new(foreign) });
    }
    let mut gone: Vec<Arc<str>> = Vec::new();
    if may_lack {
        let rest = staging.old.files.keys().enumerate().filter(|(at, _)| !all.is_same(*at));
        gone.extend(
            rest.filter(|(_, path)| !puts.files.contains_key(&***path)).map(|(_, path)| (&**path).into()),
        );
    }
    gone.sort();
    for path in &gone {
        work.forget.push(path.clone());
        if !first.contains(&**path) && folders.may_remove(path)? {
            work.remove_last.push(path.to_string());
        }
    }
    work.remove_first = first.into_iter().collect();
    work.remove_first.sort();
    Ok(work)
}

/// The paths of all files of the build.
struct Paths<'a> {
    puts: &'a Puts,
    old: &'a Manifest,
}

impl Paths<'_> {
    /// True if the file with this number in the manifest was kept unchanged.
    fn is_same(&self, number: usize) -> bool {
        self.puts.same.get(number) == Some(&true)
    }

    fn contains(&self, path: &str) -> bool {
        self.old.files.get_index_of(path).is_some_and(|number| self.is_same(number))
            || self.puts.files.contains_key(path)
    }

    fn iter(&self) -> impl Iterator<Item = &str> {
        let same = self.old.files.keys().enumerate().filter(|(number, _)| self.is_same(*number));
        self.puts.files.keys().map(|path| &**path).chain(same.map(|(_, path)| &**path))
    }
}

/// Refuses a file of the build that is a folder of another. Existing files can't conflict with each other, and the
/// second of two staged ones was refused, so one of the two must be a staged file.
fn refuse_file_and_folder(writes: &[Write<'_>], all: &Paths<'_>) -> Result<(), OutputError> {
    let above = writes.iter().flat_map(|write| folders_of(write.path).map(|folder| (folder, &**write.path)));
    let above = above.filter(|(folder, _)| all.contains(folder)).min();
    let files = writes.iter().filter(|write| write.standing == FileState::Folder);
    let below = files.filter_map(|write| {
        let inner = all.iter().filter(|path| is_in(path, write.path)).min()?;
        Some((&**write.path, inner))
    });
    match above.into_iter().chain(below).min() {
        None => Ok(()),
        Some((file, inner)) => {
            Err(OutputError::FileAndFolder { file: file.to_owned(), inner: inner.to_owned() })
        }
    }
}

fn is_in(path: &str, folder: &str) -> bool {
    path.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'))
}

/// Plans the folders of `path`: makes missing ones, and removes files of ours in their place.
fn make_way(
    staging: &Staging,
    all: &Paths<'_>,
    folders: &mut Folders<'_>,
    path: &str,
    to_make: &mut BTreeSet<String>,
    first: &mut HashSet<String>,
) -> Result<(), OutputError> {
    for folder in folders_of(path) {
        match folders.state(folder)? {
            // The folders around it exist too, then.
            State::There => break,
            State::Link(link) => return Err(OutputError::LinkedFolder { path: staging.out.join(link) }),
            State::Absent => {}
            State::Under(file) => {
                if all.contains(&file) || !staging.may_remove(&file)? {
                    let found = Named::new(vec![file]);
                    return Err(OutputError::InTheWay { path: staging.out.join(path), found });
                }
                first.insert(file);
            }
        }
        if !to_make.insert(folder.to_owned()) {
            break;
        }
    }
    Ok(())
}

/// Plans the removal of the folder at `path`, which becomes a file. That is possible if everything in it is ours.
fn empty(
    staging: &Staging,
    path: &str,
    folders_to_remove: &mut BTreeSet<String>,
    first: &mut HashSet<String>,
) -> Result<(), OutputError> {
    let mut in_the_way = Vec::new();
    let mut waiting = vec![path.to_owned()];
    while let Some(folder) = waiting.pop() {
        if !staging.old.reaches_into(&folder) {
            in_the_way.push(format!("{folder}/"));
            continue;
        }
        let at = staging.out.join(&folder);
        for entry in fs::read_dir(&at).map_err(OutputError::io("read the folder", &at))? {
            let entry = entry.map_err(OutputError::io("read the folder", &at))?;
            let kind = entry.file_type().map_err(OutputError::io("look at", &entry.path()))?;
            let inner = format!("{folder}/{}", entry.file_name().to_string_lossy());
            if kind.is_dir() {
                waiting.push(inner);
            } else if staging.may_remove(&inner)? {
                first.insert(inner);
            } else {
                in_the_way.push(inner);
            }
        }
        folders_to_remove.insert(folder);
    }
    if in_the_way.is_empty() {
        return Ok(());
    }
    Err(OutputError::InTheWay { path: staging.out.join(path), found: Named::new(in_the_way) })
}

/// The state of a folder in the output folder.
#[derive(Clone)]
enum State {
    There,
    Absent,
    /// A file is in the place of the folder, or of one around it.
    Under(String),
    /// A link is in the place of the folder, or of one around it.
    Link(String),
}

/// The folders looked up so far: each is looked up once, however many files it has.
struct Folders<'a> {
    staging: &'a Staging,
    seen: HashMap<String, State>,
}

impl Folders<'_> {
    fn state(&mut self, folder: &str) -> Result<State, OutputError> {
        if self.staging.is_empty || self.staging.shelving.is_some() {
            return Ok(State::Absent);
        }
        if let Some(state) = self.seen.get(folder) {
            return Ok(state.clone());
        }
        let around = match folders_of(folder).next() {
            Some(around) => self.state(around)?,
            None => State::There,
        };
        let state = match around {
            State::There => match look(&self.staging.out.join(folder))? {
                FileState::Nothing => State::Absent,
                FileState::Folder => State::There,
                FileState::File { .. } => State::Under(folder.to_owned()),
                FileState::Other => State::Link(folder.to_owned()),
            },
            other => other,
        };
        self.seen.insert(folder.to_owned(), state.clone());
        Ok(state)
    }

    /// True if a file of ours is at `path` and can be removed.
    fn may_remove(&mut self, path: &str) -> Result<bool, OutputError> {
        if self.staging.shelving.is_some() {
            return Ok(true);
        }
        match folders_of(path).next().map(|folder| self.state(folder)).transpose()? {
            Some(State::Absent | State::Under(_)) => return Ok(false),
            Some(State::Link(link)) => {
                return Err(OutputError::LinkedFolder { path: self.staging.out.join(link) });
            }
            Some(State::There) | None => {}
        }
        self.staging.may_remove(path)
    }
}
