//! The shelf: the files of a site in memory. `commit` puts them there instead of into a folder, and a server reads
//! them.
//!
//! The same [`Staging`] serves both. A generated file is held as bytes; of a copied one the shelf has only the path.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use super::decide::{Work, decide};
use super::file_state::FileState;
use super::manifest::{FileRecord, Manifest};
use super::staging::{Staging, Wanted};
use super::{Atomic, Changes, Outcome, OutputError, Trees};
use crate::model::digest::Digest;
use crate::model::stamp::Stamp;

/// The files of a site in memory. Readers see each commit as a whole.
#[derive(Debug, Default)]
pub struct Shelf(RwLock<Files>);

#[derive(Debug, Default, Clone)]
struct Files {
    manifest: Arc<Manifest>,
    contents: HashMap<Box<str>, Content, foldhash::fast::RandomState>,
}

/// The content of a file.
#[derive(Debug, Clone)]
pub enum Content {
    /// These bytes.
    Bytes(Arc<[u8]>),
    /// The bytes of the file at this path, as long as it still has this stamp.
    File(PathBuf, Stamp),
}

impl Shelf {
    /// The file at `path`, with `/` between its parts. `modified` in its record is the time of the build that last
    /// changed its bytes.
    pub fn get(&self, path: &str) -> Option<(FileRecord, Content)> {
        let files = self.read();
        Some((*files.manifest.files.get(path)?, files.contents.get(path)?.clone()))
    }

    /// True if there is a file at `path`.
    pub fn has(&self, path: &str) -> bool {
        self.read().manifest.files.contains_key(path)
    }

    /// The records of all files on the shelf.
    pub fn manifest(&self) -> Arc<Manifest> {
        self.read().manifest.clone()
    }

    /// Replaces the bytes of a generated file at `path` as of `moment` (nanoseconds from 1970), until the next build
    /// makes it anew. False if there is no such file, or it has these bytes already.
    pub fn replace(&self, path: &str, bytes: &[u8], moment: i64) -> bool {
        let files = &mut *self.write();
        let digest = Digest::quick(bytes);
        let Some(content @ Content::Bytes(_)) = files.contents.get_mut(path) else { return false };
        let Some(record) = Arc::make_mut(&mut files.manifest).files.get_mut(path) else { return false };
        if record.digest == digest {
            return false;
        }
        *record = FileRecord { digest, size: bytes.len() as u64, modified: moment, fingerprint: None };
        *content = Content::Bytes(bytes.into());
        true
    }

    // A commit changes the shelf in one step, so a panic in another thread leaves it whole.
    fn read(&self) -> RwLockReadGuard<'_, Files> {
        self.0.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) -> RwLockWriteGuard<'_, Files> {
        self.0.write().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The additional state of a [`Staging`] that fills a shelf.
pub(super) struct Shelving {
    shelf: Arc<Shelf>,
    /// The time at which this build began: nanoseconds from 1970.
    moment: i64,
    staged: Mutex<HashMap<String, Content>>,
}

impl Staging {
    /// Opens a shelf, for a build that began at `moment` (nanoseconds from 1970).
    pub fn on_shelf(shelf: &Arc<Shelf>, moment: i64) -> Staging {
        let mut staging = Staging::nowhere(Trees::none(), Atomic::File);
        staging.old = shelf.manifest();
        staging.manifest_is_sound = true;
        staging.shelving = Some(Shelving { shelf: shelf.clone(), moment, staged: Mutex::default() });
        staging
    }

    /// The state of `path` on the shelf; `None` if this staging fills a folder.
    pub(super) fn look_on_shelf(&self, path: &str) -> Option<FileState> {
        self.shelving.as_ref()?;
        let record = self.old.files.get(path);
        Some(record.map_or(FileState::Nothing, |record| FileState::File {
            size: record.size,
            modified: record.modified,
        }))
    }

    /// Stages the file `wanted`, with this digest and size, for the shelf.
    pub(super) fn lay(
        &self,
        shelving: &Shelving,
        wanted: &Wanted,
        standing: FileState,
        (digest, size): (Digest, u64),
        content: Content,
    ) -> Result<Outcome, OutputError> {
        let stands = self.stands(&wanted.path, standing, digest, size, wanted.fingerprint)?;
        let new = FileRecord { digest, size, modified: shelving.moment, fingerprint: wanted.fingerprint };
        self.note(wanted, stands.unwrap_or(new), stands.is_none().then_some(standing))?;
        // The stamp of a copied file may have changed while its bytes are the same.
        let mut staged = shelving.staged.lock().unwrap_or_else(PoisonError::into_inner);
        staged.insert(wanted.path.clone(), content);
        Ok(if stands.is_some() { Outcome::Unchanged } else { Outcome::Staged })
    }

    /// Brings the shelf up to date.
    pub(super) fn commit_to_shelf(mut self) -> Result<Changes, OutputError> {
        let puts = std::mem::take(&mut *self.puts());
        let work = decide(&self, &puts)?;
        let changes = work.changes();
        let Some(shelving) = self.shelving.take() else { return Ok(changes) };
        // Drops the other reference to the manifest, so that it can be changed in place.
        drop(self);
        let Work { writes, forget, refresh, .. } = work;
        let files = &mut *shelving.shelf.write();
        let manifest = Arc::make_mut(&mut files.manifest);
        let written = writes.into_iter().map(|write| (write.path.clone(), write.put.record));
        for (path, record) in refresh.into_iter().chain(written) {
            manifest.files.insert((&*path).into(), record);
        }
        let staged = shelving.staged.into_inner().unwrap_or_else(PoisonError::into_inner);
        files.contents.extend(staged.into_iter().map(|(path, content)| (path.into(), content)));
        for path in forget {
            manifest.files.swap_remove(&*path);
            files.contents.remove(&*path);
        }
        Ok(changes)
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Fingerprint, Rank};
    use super::*;

    fn wanted(path: &str, from: &str) -> Wanted {
        let digest = Digest::quick(from.as_bytes());
        let fingerprint = Some(Fingerprint { own: digest, shared: digest });
        Wanted { path: path.to_owned(), rank: Rank::Page, fingerprint }
    }

    fn text(shelf: &Shelf, path: &str) -> Option<(String, i64)> {
        let (record, content) = shelf.get(path)?;
        let Content::Bytes(bytes) = content else { panic!("{path} is held") };
        assert_eq!(record.digest, Digest::quick(&bytes));
        Some((String::from_utf8(bytes.to_vec()).unwrap(), record.modified))
    }

    /// Builds with these files (path, fingerprint's text, content); returns which were kept, and the changes.
    fn build(shelf: &Arc<Shelf>, moment: i64, files: &[(&str, &str, &str)]) -> (Vec<bool>, Changes) {
        use rayon::prelude::*;
        let staging = Staging::on_shelf(shelf, moment);
        let kept = staging.keep(files.par_iter().map(|(path, from, _)| wanted(path, from))).unwrap();
        for ((path, from, text), _) in files.iter().zip(&kept).filter(|(_, kept)| !**kept) {
            staging.put(&wanted(path, from), text.as_bytes()).unwrap();
        }
        (kept, staging.commit().unwrap())
    }

    #[test]
    fn what_is_made_from_the_same_stays_and_the_rest_is_replaced_or_leaves() {
        let shelf = Arc::new(Shelf::default());
        let (_, changes) = build(&shelf, 1, &[("a", "1", "A"), ("b/c", "1", "B"), ("d", "1", "D")]);
        assert_eq!((changes.written, changes.removed), (3, 0));
        // One file keeps its fingerprint, one has another with the same bytes, one is new, one is gone, and one
        // becomes a folder.
        let (kept, changes) = build(&shelf, 2, &[("a", "1", "?"), ("b/c", "2", "B"), ("d/e", "1", "E")]);
        assert_eq!(kept, [true, false, false]);
        assert_eq!((changes.written_paths, changes.removed_paths), (vec!["d/e".into()], vec!["d".into()]));
        assert_eq!(changes.unchanged, 2);
        assert_eq!(text(&shelf, "a"), Some(("A".to_owned(), 1)));
        assert_eq!(text(&shelf, "b/c"), Some(("B".to_owned(), 1)), "its bytes are as old as they were");
        assert_eq!(text(&shelf, "d/e"), Some(("E".to_owned(), 2)));
        assert_eq!(text(&shelf, "d"), None);
        let (kept, _) = build(&shelf, 3, &[("a", "1", "?"), ("b/c", "2", "?"), ("d/e", "1", "?")]);
        assert_eq!(kept, [true, true, true]);
    }

    #[test]
    fn a_build_that_is_given_up_changes_nothing_and_a_copy_is_not_held() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("picture");
        std::fs::write(&file, "one").unwrap();
        let shelf = Arc::new(Shelf::default());
        let copy = |moment| {
            let staging = Staging::on_shelf(&shelf, moment);
            (staging.put_copy(&wanted("p", "x"), &file).unwrap(), staging)
        };
        let (outcome, staging) = copy(1);
        drop(staging);
        assert!(outcome == Outcome::Staged && !shelf.has("p"));
        assert_eq!(copy(1).1.commit().unwrap().written, 1);
        let (outcome, staging) = copy(2);
        assert_eq!((outcome, staging.commit().unwrap().written), (Outcome::Unchanged, 0));
        let (record, content) = shelf.get("p").unwrap();
        assert_eq!((record.digest, record.modified), (Digest::quick(b"one"), 1));
        assert!(matches!(content, Content::File(path, _) if path == file));
    }
}
