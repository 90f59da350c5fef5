//! Loads and saves the ledger so that an interrupted run loses no line between changing the site and saving the ledger.
//!
//! Before the site changes, the changed lines are saved in the site's state ([`Pending`]). Afterwards they are merged
//! into the file, whose other lines stay as they are. A run that finds pending lines saves them first, because the site
//! may already show what they say. If somebody else has changed the ledger in between, that version counts, and the
//! pending lines are dropped.

use std::borrow::Cow;
use std::io;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::file::{LedgerError, assembled, of_feeds, read, written};
use super::{FILE, FeedRecord, Ledger, Record};
use crate::model::diagnostics::{Place, Problem};
use crate::model::digest::{Digest, Hasher};
use crate::storage::{self, StoreError, disk, file};

const NAME: &str = "ledger-pending";
const KIND: &str = "pending ledger";
const VERSION: u32 = 3;

/// Pending lines, as they are saved in the state.
#[derive(Debug, Serialize, Deserialize)]
struct SetDown {
    /// Digest of the file that they change; `None` if there was no file.
    instead_of: Option<Digest>,
    /// The new lines of articles, without line ends.
    lines: Vec<String>,
    /// All lines of feeds.
    feeds: Vec<String>,
    /// The tag authority.
    authority: Option<String>,
}

/// A change of the ledger that is not yet in its file.
#[derive(Debug)]
pub struct Pending {
    path: PathBuf,
    instead_of: Option<Digest>,
    changed: Vec<Record>,
    /// All lines of articles in the new file, in order.
    lines: Vec<Line>,
    /// All feeds of the new file.
    feeds: Vec<FeedRecord>,
    authority: Option<String>,
}

/// A line of the new file.
#[derive(Debug)]
enum Line {
    /// An unchanged line: its number in the old file, from 1.
    Old(u32),
    /// A new or changed line: the index of its record among the changed ones.
    New(u32),
}

/// A loaded ledger, with what its file lacks.
#[derive(Debug)]
pub struct Loaded {
    /// The ledger.
    pub ledger: Ledger,
    /// Records that an interrupted run left pending: the file does not have them.
    pub unsaved: Vec<Record>,
    /// Digest of the text with all records; `None` for a new ledger.
    pub digest: Option<Digest>,
    /// Digest of the text of the file; `None` without a file.
    pub on_file: Option<Digest>,
}

/// Digest of everything that [`load`] would read; `None` if nothing can be read.
pub fn digest(root: &Path, state: &Path) -> Option<Digest> {
    let ledger = file::read(&root.join(FILE), file::LEDGER).map(|bytes| Digest::of(&bytes));
    let set_down = file::read(&state.join(NAME), file::STATE).map(|bytes| Digest::of(&bytes));
    match (ledger, set_down) {
        (Ok(ledger), Err(_)) => Some(ledger),
        (Err(_), Err(_)) => None,
        (ledger, Ok(set_down)) => {
            let mut hasher = Hasher::default();
            hasher.bytes(ledger.unwrap_or(set_down).bytes()).bytes(set_down.bytes());
            Some(hasher.finish())
        }
    }
}

fn read_ledger(root: &Path) -> io::Result<String> {
    file::read_text(&root.join(FILE), file::LEDGER)
}

/// Loads the ledger of the site at `root`, whose state is in `state`. The outer `None` means that problems were pushed;
/// the inner `None`, that there is no ledger. A note reports what happened to the pending lines of an interrupted run.
pub fn load(
    root: &Path,
    state: &Path,
    problems: &mut Vec<Problem>,
    notes: &mut Vec<String>,
) -> Option<Option<Loaded>> {
    let unreadable = |reason: String| Problem::new(LedgerError::Unreadable { reason }, Place::file(FILE));
    let text = match read_ledger(root) {
        Ok(text) => Some(text),
        Err(error) if error.kind() == io::ErrorKind::NotFound => None,
        Err(error) => {
            problems.push(unreadable(error.to_string()));
            return None;
        }
    };
    let path = state.join(NAME);
    let set_down = match storage::load::<SetDown>(&path, KIND, VERSION) {
        Ok(set_down) => set_down,
        Err(error) if error.is_about_content() => {
            notes.push(format!("{error}; the run that wrote it had changed nothing yet"));
            None
        }
        Err(error) => {
            problems.push(Problem::nowhere(error));
            return None;
        }
    };
    let found = text.as_ref().map(|text| Digest::of(text.as_bytes()));
    match set_down {
        Some(set_down) if set_down.instead_of == found => {
            notes.push(
                "the last run was cut before it saved the ledger; its decisions are carried out".to_owned(),
            );
            let old = match &text {
                Some(text) => read(text, problems)?,
                None => Ledger::default(),
            };
            let unsaved: Vec<Record> =
                set_down.lines.iter().filter_map(|line| Record::from_line(line, 0).ok()).collect();
            let feeds = set_down.feeds.iter().filter_map(|line| FeedRecord::from_line(line).ok());
            let ledger = old.with(unsaved.iter().cloned()).with_feeds(set_down.authority, feeds.collect());
            let digest = Some(Digest::of(written(&ledger).as_bytes()));
            return Some(Some(Loaded { ledger, unsaved, digest, on_file: found }));
        }
        Some(_) if found.is_some() => {
            notes.push(format!("{FILE} has changed since the last run was cut, and stands as it is"));
        }
        _ => {}
    }
    match text {
        Some(text) => {
            let ledger = read(&text, problems)?;
            Some(Some(Loaded { ledger, unsaved: Vec::new(), digest: found, on_file: found }))
        }
        None => Some(None),
    }
}

impl Pending {
    /// The change of `loaded` by the records `changed`. It is not saved as pending yet.
    pub fn new(state: &Path, loaded: &mut Loaded, changed: Vec<Record>) -> Pending {
        let mut changed: Vec<Record> =
            std::mem::take(&mut loaded.unsaved).into_iter().chain(changed).collect();
        // Of two records with one id, the later counts.
        changed.reverse();
        changed.sort_by(|a, b| a.id.cmp(&b.id));
        changed.dedup_by(|a, b| a.id == b.id);
        let mut lines = Vec::with_capacity(loaded.ledger.records().len() + changed.len());
        let mut unchanged = Vec::new();
        let new = |at: usize| Line::New(u32::try_from(at).unwrap_or(u32::MAX));
        let mut next = 0;
        for record in loaded.ledger.records() {
            // Both are sorted by id.
            while changed.get(next).is_some_and(|one| one.id < record.id) {
                lines.push(new(next));
                next += 1;
            }
            if changed.get(next).is_some_and(|one| one.id == record.id) {
                lines.push(new(next));
                next += 1;
            } else if record.line > 0 {
                lines.push(Line::Old(u32::try_from(record.line).unwrap_or(u32::MAX)));
            } else {
                lines.push(new(changed.len() + unchanged.len()));
                unchanged.push(record.clone());
            }
        }
        lines.extend((next..changed.len()).map(new));
        changed.append(&mut unchanged);
        let (feeds, authority) =
            (loaded.ledger.feeds().to_vec(), loaded.ledger.authority().map(str::to_owned));
        Pending { path: state.join(NAME), instead_of: loaded.on_file, changed, lines, feeds, authority }
    }

    /// The same with these lines about feeds.
    #[must_use]
    pub fn with_feeds(self, authority: Option<String>, feeds: Vec<FeedRecord>) -> Pending {
        Pending { authority, feeds, ..self }
    }

    /// Saves the lines as pending, before the site changes.
    ///
    /// # Errors
    /// [`StoreError::Unwritable`].
    pub fn set_down(&self) -> Result<(), StoreError> {
        let lines = self.changed.iter().map(Record::to_line).collect();
        let feeds = self.feeds.iter().map(FeedRecord::to_line).collect();
        let (instead_of, authority) = (self.instead_of, self.authority.clone());
        storage::save(&self.path, KIND, VERSION, &SetDown { instead_of, lines, feeds, authority })
    }

    /// Saves the lines in the file, after the site has changed. If somebody changed the ledger in the meantime, as
    /// `git pull` does, the changed lines are merged into that version.
    ///
    /// # Errors
    /// [`StoreError::Unwritable`]; [`StoreError::Damaged`] if that version can't be read. The lines then stay pending
    /// for the next run.
    pub fn save(self, root: &Path) -> Result<Digest, StoreError> {
        let file = root.join(FILE);
        let found = match file::read(&file, file::LEDGER) {
            Ok(bytes) => Some(bytes),
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            Err(source) => return Err(StoreError::Unreadable { path: file, source }),
        };
        let text = match found.as_deref().map(|bytes| (bytes, std::str::from_utf8(bytes))) {
            None => self.written(""),
            Some((bytes, Ok(text))) if Some(Digest::of(bytes)) == self.instead_of => self.written(text),
            Some((_, text)) => {
                let theirs = text.ok().and_then(|text| read(text, &mut Vec::new()));
                let Some(theirs) = theirs else {
                    let reason = "it was changed in the meantime, and can't be read now".to_owned();
                    return Err(StoreError::Damaged { path: file, kind: "ledger".to_owned(), reason });
                };
                let feeds = theirs.feeds().iter().cloned().chain(self.feeds).collect();
                let authority = theirs.authority().map(str::to_owned).or(self.authority);
                written(&theirs.with(self.changed).with_feeds(authority, feeds))
            }
        };
        drop(found);
        put(&file, &text)?;
        forget(&self.path)?;
        Ok(Digest::of(text.as_bytes()))
    }

    /// The text of the new file; unchanged lines are taken from the text `old`.
    fn written(&self, old: &str) -> String {
        let mut starts: Vec<usize> = vec![0];
        starts.extend(memchr::memchr_iter(b'\n', old.as_bytes()).map(|at| at + 1));
        let of_old = |number: u32| {
            let start = starts.get((number as usize).saturating_sub(1)).copied().unwrap_or(old.len());
            let end = starts.get(number as usize).copied().unwrap_or(old.len());
            old[start..end].trim_start_matches('\u{feff}').trim_end_matches(['\n', '\r'])
        };
        let lines = self.lines.iter().map(|line| match line {
            Line::Old(number) => Cow::Borrowed(of_old(*number)),
            Line::New(at) => {
                Cow::Owned(self.changed.get(*at as usize).map(Record::to_line).unwrap_or_default())
            }
        });
        let of_feeds = of_feeds(self.authority.as_deref(), &self.feeds).map(Cow::Owned);
        assembled(lines.chain(of_feeds), old.len() + 512 * self.changed.len())
    }

    /// Drops the pending lines, because the site did not change.
    ///
    /// # Errors
    /// [`StoreError::Unwritable`].
    pub fn take_back(self) -> Result<(), StoreError> {
        forget(&self.path)
    }
}

/// Drops pending lines of an interrupted run that no longer count.
///
/// # Errors
/// [`StoreError::Unwritable`].
pub fn drop_pending(state: &Path) -> Result<(), StoreError> {
    forget(&state.join(NAME))
}

fn forget(path: &Path) -> Result<(), StoreError> {
    match disk::remove_file(path) {
        Err(source) if source.kind() != io::ErrorKind::NotFound => {
            Err(StoreError::Unwritable { path: path.to_owned(), source })
        }
        _ => Ok(()),
    }
}

/// Replaces the ledger at `path` by `text`.
pub(super) fn put(path: &Path, text: &str) -> Result<(), StoreError> {
    storage::replace(path, text).map_err(|source| StoreError::Unwritable { path: path.to_owned(), source })
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::model::date::Moment;
    use crate::site::ledger::Record;

    fn ledger(ids: &[&str]) -> Ledger {
        let record = |id: &&str| Record {
            id: (*id).to_owned(),
            source: format!("{id}.md"),
            published: Moment::from_lasting("2014-02-14T14:47:00Z").unwrap(),
            updated: None,
            substance: Some(Digest::of(b"")),
            paths: Vec::new(),
            gone: None,
            arrived: None,
            unfed: None,
            translates: None,
            origin: None,
            line: 0,
        };
        Ledger::new(ids.iter().map(record).collect())
    }

    /// The ids in the ledger, and the number of notes.
    fn loaded(root: &Path) -> (Option<Vec<String>>, usize) {
        let (mut problems, mut notes) = (Vec::new(), Vec::new());
        let loaded = load(root, &root.join("state"), &mut problems, &mut notes).unwrap();
        assert!(problems.is_empty());
        (loaded.map(|one| one.ledger.records().iter().map(|record| record.id.clone()).collect()), notes.len())
    }

    fn ids(ids: &[&str]) -> Option<Vec<String>> {
        Some(ids.iter().map(|id| (*id).to_owned()).collect())
    }

    fn is(found: &Ledger, on_file: bool, root: &Path) -> Loaded {
        let digest = fs::read(root.join(FILE)).ok().map(|bytes| Digest::of(&bytes));
        let unsaved = if on_file { Vec::new() } else { found.records().to_vec() };
        Loaded { ledger: found.clone(), unsaved, digest, on_file: digest }
    }

    /// Saves as pending the articles `new` of a ledger that has the articles `before`.
    fn set_down(root: &Path, before: &[&str], new: &[&str]) -> Pending {
        let loaded = is(&ledger(before), true, root);
        let mut loaded = loaded;
        let pending = Pending::new(&root.join("state"), &mut loaded, ledger(new).records().to_vec());
        pending.set_down().unwrap();
        pending
    }

    #[test]
    fn what_a_run_that_was_cut_had_decided_stands_unless_the_ledger_changed() {
        let folder = tempfile::tempdir().unwrap();
        let (root, state) = (folder.path(), folder.path().join("state"));
        assert_eq!(loaded(root), (None, 0));
        let pending = set_down(root, &[], &["a"]);
        assert_eq!(loaded(root), (ids(&["a"]), 1));
        pending.save(root).unwrap();
        assert_eq!(loaded(root), (ids(&["a"]), 0));
        set_down(root, &["a"], &["b"]).take_back().unwrap();
        assert_eq!(loaded(root), (ids(&["a"]), 0));
        let _cut = set_down(root, &["a"], &["b"]);
        put(&root.join(FILE), &written(&ledger(&["a", "c"]))).unwrap();
        assert_eq!(loaded(root), (ids(&["a", "c"]), 1));
        // The run was interrupted while it saved the pending lines.
        let path = state.join(NAME);
        let bytes = fs::read(&path).unwrap();
        for end in 0..bytes.len() {
            fs::write(&path, &bytes[..end]).unwrap();
            assert_eq!(loaded(root), (ids(&["a", "c"]), 1));
        }
        let mut left: Vec<_> = fs::read_dir(root).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        left.sort();
        assert_eq!(left, [FILE, "state"]);
    }

    #[test]
    fn lines_that_came_in_the_meantime_stay() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path();
        set_down(root, &[], &["a"]).save(root).unwrap();
        let pending = set_down(root, &["a"], &["b"]);
        put(&root.join(FILE), &written(&ledger(&["a", "c"]))).unwrap();
        pending.save(root).unwrap();
        assert_eq!(loaded(root), (ids(&["a", "b", "c"]), 0));
        // An unreadable ledger is not replaced.
        let pending = set_down(root, &["a", "b", "c"], &["d"]);
        fs::write(root.join(FILE), "<<<<<<< ours\n").unwrap();
        assert!(matches!(pending.save(root), Err(StoreError::Damaged { .. })));
        assert_eq!(fs::read_to_string(root.join(FILE)).unwrap(), "<<<<<<< ours\n");
    }
}
