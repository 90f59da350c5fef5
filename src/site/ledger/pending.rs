//! Loading and saving the ledger so that a run that is cut between changing the site and saving the ledger
//! leaves nothing untold.
//!
//! Before the site changes, the new ledger is set down in the site's own state ([`Pending`]); afterwards it
//! takes the place of the old one. A run that finds one set down finishes that first: the site may already
//! say what it says. If the ledger has changed in between, somebody else's word stands, and the one set
//! down is dropped.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::file::{LedgerError, read, write};
use super::{FILE, Ledger, Record};
use crate::model::diagnostics::{Place, Problem};
use crate::model::digest::{Digest, Hasher};
use crate::storage::{self, StoreError, disk};

const NAME: &str = "ledger-pending";
const KIND: &str = "pending ledger";
const VERSION: u32 = 1;

/// A ledger set down, and the digest of the text that it takes the place of; none if there was no file.
#[derive(Debug, Serialize, Deserialize)]
struct SetDown {
    instead_of: Option<Digest>,
    text: String,
}

/// A ledger that was set down and is not yet in its place.
#[derive(Debug)]
pub struct Pending {
    path: PathBuf,
    set_down: SetDown,
    changed: Vec<Record>,
}

/// A ledger, and whether its file says the same.
#[derive(Debug)]
pub struct Loaded {
    /// The ledger.
    pub ledger: Ledger,
    /// False for one that a run set down and did not save.
    pub is_saved: bool,
    /// Stands for the text that it was read from; `None` for one that begins.
    pub digest: Option<Digest>,
    /// Stands for the text of the file; `None` where there is none.
    pub on_file: Option<Digest>,
}

/// Stands for all that [`load`] would read; `None` where there is nothing to read, or it can't be.
pub fn digest(root: &Path, state: &Path) -> Option<Digest> {
    let ledger = fs::read(root.join(FILE)).map(|bytes| Digest::of(&bytes));
    let set_down = fs::read(state.join(NAME)).map(|bytes| Digest::of(&bytes));
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

/// Loads the ledger of the site at `root`, whose state is in `state`. `None` where there is none; problems
/// are pushed, and the outer `None` says that there were some. A note tells what was made of a ledger set
/// down by a run that was cut.
pub fn load(
    root: &Path,
    state: &Path,
    problems: &mut Vec<Problem>,
    notes: &mut Vec<String>,
) -> Option<Option<Loaded>> {
    let unreadable = |reason: String| Problem::new(LedgerError::Unreadable { reason }, Place::file(FILE));
    let text = match fs::read_to_string(root.join(FILE)) {
        Ok(text) => Some(text),
        Err(error) if error.kind() == io::ErrorKind::NotFound => None,
        Err(error) => {
            problems.push(unreadable(match error.kind() {
                io::ErrorKind::InvalidData => "it is not UTF-8 text".to_owned(),
                _ => error.to_string(),
            }));
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
                "the last run was cut before it saved the ledger; what it had decided stands".to_owned(),
            );
            let ledger = read(&set_down.text, problems)?;
            let digest = Some(Digest::of(set_down.text.as_bytes()));
            return Some(Some(Loaded { ledger, is_saved: false, digest, on_file: found }));
        }
        Some(_) if found.is_some() => {
            notes.push(format!("{FILE} has changed since the last run was cut, and stands as it is"));
        }
        _ => {}
    }
    match text {
        Some(text) => {
            let ledger = read(&text, problems)?;
            Some(Some(Loaded { ledger, is_saved: true, digest: found, on_file: found }))
        }
        None => Some(None),
    }
}

impl Pending {
    /// Sets down in `state`, before the site changes, what `loaded` becomes by `changed`.
    ///
    /// # Errors
    /// [`StoreError::Unwritable`].
    pub fn set_down(state: &Path, loaded: &Loaded, changed: &[Record]) -> Result<Pending, StoreError> {
        let text = write(&loaded.ledger.with(changed.iter().cloned()));
        let set_down = SetDown { instead_of: loaded.on_file, text };
        let path = state.join(NAME);
        storage::save(&path, KIND, VERSION, &set_down)?;
        Ok(Pending { path, set_down, changed: changed.to_vec() })
    }

    /// Puts it in the place of the old one, after the site has changed. If somebody changed the ledger in the
    /// meantime, as `git pull` does, their lines stay and those that this run changed are put among them.
    ///
    /// # Errors
    /// [`StoreError::Unwritable`]; [`StoreError::Damaged`] if what somebody made of it can't be read. It then
    /// stays set down, for the next run.
    pub fn save(self, root: &Path) -> Result<Digest, StoreError> {
        let file = root.join(FILE);
        let found = match fs::read(&file) {
            Ok(bytes) => Some(bytes),
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            Err(source) => return Err(StoreError::Unreadable { path: file, source }),
        };
        let text = match found.filter(|bytes| Some(Digest::of(bytes)) != self.set_down.instead_of) {
            None => self.set_down.text,
            Some(bytes) => {
                let theirs = std::str::from_utf8(&bytes).ok().and_then(|text| read(text, &mut Vec::new()));
                let Some(theirs) = theirs else {
                    let reason = "it was changed in the meantime, and can't be read now".to_owned();
                    return Err(StoreError::Damaged { path: file, kind: "ledger".to_owned(), reason });
                };
                write(&theirs.with(self.changed))
            }
        };
        put(&file, &text)?;
        forget(&self.path)?;
        Ok(Digest::of(text.as_bytes()))
    }

    /// Takes it back: the site did not change.
    ///
    /// # Errors
    /// [`StoreError::Unwritable`].
    pub fn take_back(self) -> Result<(), StoreError> {
        forget(&self.path)
    }
}

/// Drops what a run that was cut had set down, where that no longer counts.
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

/// Writes `text` to `path`: whoever reads it finds the old text or the new one, whole.
fn put(path: &Path, text: &str) -> Result<(), StoreError> {
    // A link stays a link: what it leads to is replaced.
    let path = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let unwritable = |source| StoreError::Unwritable { path: path.clone(), source };
    let beside = path.with_extension("jsonl.tmp");
    let written = disk::File::create(&beside).and_then(|mut file| {
        if let Ok(old) = fs::metadata(&path) {
            disk::set_permissions(&beside, old.permissions())?;
        }
        file.write_all(text.as_bytes())?;
        file.sync_all()
    });
    let saved = written.and_then(|()| disk::rename(&beside, &path));
    if saved.is_err() {
        // The first error is the one that matters; a leftover is only untidy.
        let _ = disk::remove_file(&beside);
    }
    saved.map_err(unwritable)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::date::Moment;
    use crate::site::ledger::Record;

    fn ledger(ids: &[&str]) -> Ledger {
        let record = |id: &&str| Record {
            id: (*id).to_owned(),
            source: format!("{id}.md"),
            published: Moment::from_lasting("2014-02-14T14:47:00Z").unwrap(),
            updated: None,
            substance: Digest::of(b""),
            paths: Vec::new(),
            gone: None,
            arrived: None,
            line: 0,
        };
        Ledger::new(ids.iter().map(record).collect())
    }

    /// The ids of the ledger, and how many notes there were.
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
        Loaded { ledger: found.clone(), is_saved: on_file, digest, on_file: digest }
    }

    /// Sets down a ledger with the articles `all`, of which there were `before`.
    fn set_down(root: &Path, before: &[&str], new: &[&str]) -> Pending {
        let loaded = is(&ledger(before), true, root);
        Pending::set_down(&root.join("state"), &loaded, ledger(new).records()).unwrap()
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
        put(&root.join(FILE), &write(&ledger(&["a", "c"]))).unwrap();
        assert_eq!(loaded(root), (ids(&["a", "c"]), 1));
        // Cut while it was set down.
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
        put(&root.join(FILE), &write(&ledger(&["a", "c"]))).unwrap();
        pending.save(root).unwrap();
        assert_eq!(loaded(root), (ids(&["a", "b", "c"]), 0));
        // One that can't be read is nobody's to mend.
        let pending = set_down(root, &["a", "b", "c"], &["d"]);
        fs::write(root.join(FILE), "<<<<<<< ours\n").unwrap();
        assert!(matches!(pending.save(root), Err(StoreError::Damaged { .. })));
        assert_eq!(fs::read_to_string(root.join(FILE)).unwrap(), "<<<<<<< ours\n");
    }
}
