//! Staging: collecting the files of one build without touching the output folder.

use std::borrow::Cow;
use std::collections::HashMap;
use std::fs::File;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use rayon::prelude::*;

use super::error::{Named, OutputError, OutputWarning};
use super::file_state::{FileState, look_in};
use super::folder::{entries, refuse_forbidden};
use super::manifest::{FileRecord, Fingerprint, Manifest, UNSEEN, check_path, modified};
use super::shelf::{Content, Shelving};
use super::siblings::Siblings;
use super::stage::{self, Stage};
use super::trees::Trees;
use super::{Atomic, Changes, Outcome, OutputTerms, Rank, decide};
use crate::model::digest::{Digest, Fingerprinter};
use crate::model::stamp::{Folder, Stamp};
use crate::storage::{disk, file};

/// The output folder of a build, and the terms of changing it.
#[derive(Debug, Clone, Copy)]
pub struct Target<'a> {
    /// The output folder. It need not exist; it may be a symbolic link to a folder.
    pub out: &'a Path,
    /// The site's own folder for state (`.dateline`). It is made when there is something to store.
    pub state: &'a Path,
    /// The manifest's file name in `state`: one for each output folder.
    pub manifest: &'a str,
    /// The terms of changing the folder.
    pub terms: OutputTerms,
    /// Folders that the output folder must not be, contain or lie in: `content/`, `templates/`, `static/`. `state` is
    /// always one of them, which rules out the site's root.
    pub forbidden: &'a [PathBuf],
}

/// The files of one build, on their way to an output folder. If it is dropped without [`Staging::commit`], the output
/// folder is as it was.
pub struct Staging {
    pub(super) out: PathBuf,
    /// The output folder, opened.
    folder: Option<Folder>,
    pub(super) manifest_path: PathBuf,
    pub(super) old: Arc<Manifest>,
    /// True if the manifest on disk equals `old`.
    pub(super) manifest_is_sound: bool,
    /// True if the folder was empty when it was opened, so that no file need be looked up.
    pub(super) is_empty: bool,
    pub(super) atomic: Atomic,
    pub(super) trees: Trees,
    /// The manifest's path while the output folder is not a tree.
    pub(super) state_manifest: PathBuf,
    /// True if files that aren't in the manifest may be replaced.
    pub(super) may_replace: bool,
    pub(super) siblings: Siblings,
    /// The shelf to fill instead of a folder, if there is one.
    pub(super) shelving: Option<Shelving>,
    state: PathBuf,
    /// For each file of the manifest, whether it is as it was left; set once all were looked up.
    pub(super) stood: OnceLock<Vec<bool>>,
    stage: Mutex<Option<Arc<Stage>>>,
    puts: Mutex<Puts>,
    warnings: Vec<OutputWarning>,
}

/// A file that the build wants.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    /// Its path inside the output folder, with `/` between its parts.
    pub path: String,
    /// Its rank, for the order of writing.
    pub rank: Rank,
    /// The fingerprint of what it is made from; `None` if it must be made in any case.
    pub fingerprint: Option<Fingerprint>,
}

/// The files of the build.
#[derive(Default)]
pub(super) struct Puts {
    /// Files that were put, and kept files with a new record.
    pub files: HashMap<Arc<str>, Box<Put>, foldhash::fast::RandomState>,
    /// For each file of the manifest, whether it was kept with the same record: mostly true. Empty if no file was
    /// looked up.
    pub same: Vec<bool>,
}

/// One file of the build.
pub(super) struct Put {
    pub rank: Rank,
    pub record: FileRecord,
    /// The state of its path when it was staged; `None` if the file is in place already.
    pub staged: Option<FileState>,
    /// How the manifest knows its path.
    pub known: Known,
}

/// How the manifest knows a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Known {
    /// It has no record.
    Not,
    /// It has another record.
    Otherwise,
    /// It has this record.
    Same,
}

impl Staging {
    /// Opens an output folder: reads its manifest, refuses a folder that isn't ours, and removes the leftovers of
    /// dead runs in the folder for state.
    pub fn open(target: Target<'_>) -> Result<Staging, OutputError> {
        let Target { out, state, manifest, terms, forbidden } = target;
        let OutputTerms { adopt, atomic } = terms;
        refuse_forbidden(out, forbidden.iter().map(PathBuf::as_path).chain([state]))?;
        stage::sweep(state);
        let trees = Trees::open(out, atomic)?;
        let state_manifest = state.join(manifest);
        let manifest_path = trees.manifest().unwrap_or_else(|| state_manifest.clone());
        let mut warnings = Vec::new();
        let known = match Manifest::load(&manifest_path) {
            Ok(known) => known,
            Err(error) if error.is_about_content() => {
                warnings.push(OutputWarning::ManifestLost { reason: error.to_string() });
                None
            }
            Err(error) => return Err(error.into()),
        };
        let is_lost = !warnings.is_empty();
        let inside = entries(out)?;
        if known.is_none() && !is_lost && !adopt && !inside.is_empty() {
            return Err(OutputError::Refused { out: out.to_owned(), found: Named::new(inside) });
        }
        Ok(Staging {
            out: out.to_owned(),
            folder: Some(Folder::open(out)),
            manifest_path,
            manifest_is_sound: known.is_some(),
            old: Arc::new(known.unwrap_or_default()),
            is_empty: inside.is_empty(),
            state_manifest,
            may_replace: adopt || is_lost,
            state: state.to_owned(),
            warnings,
            ..Staging::nowhere(trees, atomic)
        })
    }

    /// A staging without an output folder and with an empty manifest.
    pub(super) fn nowhere(trees: Trees, atomic: Atomic) -> Staging {
        Staging {
            out: PathBuf::new(),
            folder: None,
            manifest_path: PathBuf::new(),
            old: Arc::default(),
            manifest_is_sound: false,
            is_empty: false,
            atomic,
            trees,
            state_manifest: PathBuf::new(),
            may_replace: false,
            siblings: Siblings::default(),
            shelving: None,
            state: PathBuf::new(),
            stood: OnceLock::new(),
            stage: Mutex::new(None),
            puts: Mutex::default(),
            warnings: Vec::new(),
        }
    }

    /// Warnings about the folder.
    pub fn warnings(&self) -> &[OutputWarning] {
        &self.warnings
    }

    /// The path of the manifest.
    pub fn manifest_path(&self) -> &Path {
        &self.manifest_path
    }

    /// The files that were last written into the folder.
    pub fn manifest(&self) -> &Manifest {
        &self.old
    }

    /// True if all files that were last written are as they were left.
    pub fn stands_whole(&self) -> Result<bool, OutputError> {
        if !self.manifest_is_sound || self.becomes_tree() {
            return Ok(false);
        }
        let astray = |path: &str, record: &FileRecord| match self.look(path) {
            Ok(standing) => (standing != as_left(record)).then_some(Ok(())),
            Err(error) => Some(Err(error)),
        };
        match self.old.files.par_iter().find_map_any(|(path, record)| astray(path, record)) {
            None => Ok(true),
            Some(found) => found.map(|()| false),
        }
    }

    /// True if the output folder is not a tree yet, but will become one.
    pub(super) fn becomes_tree(&self) -> bool {
        matches!(self.atomic, Atomic::Tree { .. }) && self.trees.shown().is_none()
    }

    /// Starts over with the same folder: drops everything that was put, kept or staged.
    pub fn start_over(self) -> Staging {
        Staging { stage: Mutex::default(), puts: Mutex::default(), siblings: Siblings::default(), ..self }
    }

    /// The changes of a build that had nothing to do: see [`Staging::stands_whole`].
    pub fn unchanged(&self) -> Changes {
        Changes { unchanged: self.old.files.len(), ..Changes::default() }
    }

    /// Puts the file `wanted` with these `bytes`. Many threads may call this at once.
    pub fn put(&self, wanted: &Wanted, bytes: &[u8]) -> Result<Outcome, OutputError> {
        let (outcome, digest) = self.put_plain(wanted, bytes)?;
        self.put_siblings(wanted, (digest, bytes.len() as u64), || Ok(Cow::Borrowed(bytes)))?;
        Ok(outcome)
    }

    /// Like [`put`](Staging::put), without siblings.
    pub(super) fn put_plain(&self, wanted: &Wanted, bytes: &[u8]) -> Result<(Outcome, Digest), OutputError> {
        let path = &wanted.path;
        check_path(path)?;
        let standing = self.look(path)?;
        let (digest, size) = (Digest::quick(bytes), bytes.len() as u64);
        if let Some(record) = self.stands(path, standing, digest, size, wanted.fingerprint)? {
            self.note(wanted, record, None)?;
            return Ok((Outcome::Unchanged, digest));
        }
        if let Some(shelving) = &self.shelving {
            self.lay(shelving, wanted, standing, (digest, size), Content::Bytes(bytes.into()))?;
            return Ok((Outcome::Staged, digest));
        }
        self.stage(wanted, standing, |file| {
            file.write_all(bytes).map_err(OutputError::io("write", &self.out.join(path)))?;
            Ok((digest, size))
        })?;
        Ok((Outcome::Staged, digest))
    }

    /// Keeps the file `wanted` if it is in place with these bytes; false otherwise.
    pub(super) fn put_standing(
        &self,
        wanted: &Wanted,
        digest: Digest,
        size: u64,
    ) -> Result<bool, OutputError> {
        let standing = self.look(&wanted.path)?;
        match self.stands(&wanted.path, standing, digest, size, wanted.fingerprint)? {
            Some(record) => self.note(wanted, record, None).map(|()| true),
            None => Ok(false),
        }
    }

    /// Like [`put`](Staging::put), with the bytes of the file `source`, which are never all in memory. The copy does
    /// not inherit the source's modification time and rights.
    pub fn put_copy(&self, wanted: &Wanted, source: &Path) -> Result<Outcome, OutputError> {
        let path = &wanted.path;
        check_path(path)?;
        let mut bytes = file::open(source).map_err(OutputError::io("read", source))?;
        let metadata = bytes.metadata().map_err(OutputError::io("read", source))?;
        let length = metadata.len();
        let standing = self.look(path)?;
        if let Some(shelving) = &self.shelving {
            let poured = pour(&mut bytes, source, &mut io::sink(), source)?;
            return self.lay(
                shelving,
                wanted,
                standing,
                poured,
                Content::File(source.to_owned(), Stamp::of(&metadata)),
            );
        }
        let whole =
            || file::read(source, file::STATE).map(Cow::Owned).map_err(OutputError::io("read", source));
        // Reading twice is cheaper than a needless copy; if the sizes differ, the copy is needed anyway.
        if matches!(standing, FileState::File { size, .. } if size == length) {
            let (digest, size) = pour(&mut bytes, source, &mut io::sink(), source)?;
            if let Some(record) = self.stands(path, standing, digest, size, wanted.fingerprint)? {
                self.note(wanted, record, None)?;
                self.put_siblings(wanted, (digest, size), whole)?;
                return Ok(Outcome::Unchanged);
            }
            bytes = file::open(source).map_err(OutputError::io("read", source))?;
        }
        let poured =
            self.stage(wanted, standing, |file| pour(&mut bytes, source, file, &self.out.join(path)))?;
        self.put_siblings(wanted, poured, whole)?;
        Ok(Outcome::Staged)
    }

    /// True if the file at `path` is staged: its bytes differ from those in place.
    pub fn is_staged(&self, path: &str) -> bool {
        self.puts().files.get(path).is_some_and(|put| put.staged.is_some())
    }

    /// The changes that [`commit`](Staging::commit) would make now, or the error with which it would refuse.
    pub fn preview(&self) -> Result<Changes, OutputError> {
        decide::decide(self, &self.puts()).map(|work| work.changes())
    }

    /// The state of `path`. A symbolic link there is not followed.
    pub(super) fn look(&self, path: &str) -> Result<FileState, OutputError> {
        if let Some(standing) = self.look_on_shelf(path) {
            return Ok(standing);
        }
        match &self.folder {
            Some(folder) if !self.is_empty => look_in(folder, &self.out, path),
            _ => Ok(FileState::Nothing),
        }
    }

    /// True if a regular file at `path` is ours to remove. If it was only announced, its bytes decide.
    pub(super) fn may_remove(&self, path: &str) -> Result<bool, OutputError> {
        let Some(record) = self.old.files.get(path) else { return Ok(false) };
        let standing = self.look(path)?;
        if record.modified == UNSEEN {
            return Ok(self.stands(path, standing, record.digest, record.size, None)?.is_some());
        }
        Ok(matches!(standing, FileState::File { .. }))
    }

    /// The record of the file at `path`, if `standing` is a file with these bytes.
    pub(super) fn stands(
        &self,
        path: &str,
        standing: FileState,
        digest: Digest,
        size: u64,
        fingerprint: Option<Fingerprint>,
    ) -> Result<Option<FileRecord>, OutputError> {
        let modified = match standing {
            FileState::File { size: found, modified } if found == size => modified,
            _ => return Ok(None),
        };
        let record = FileRecord { digest, size, modified, fingerprint };
        match self.old.files.get(path) {
            Some(old) if old.modified == modified && old.size == size && modified != UNSEEN => {
                Ok((old.digest == digest).then_some(record))
            }
            // Somebody touched the file, or it isn't ours: only its bytes can decide.
            _ => {
                let at = self.out.join(path);
                let mut file = File::open(&at).map_err(OutputError::io("read", &at))?;
                let (found, _) = pour(&mut file, &at, &mut io::sink(), &at)?;
                Ok((found == digest).then_some(record))
            }
        }
    }

    /// Writes a file into the staging folder with `fill`, which returns its digest and size.
    fn stage(
        &self,
        wanted: &Wanted,
        standing: FileState,
        fill: impl FnOnce(&mut disk::File) -> Result<(Digest, u64), OutputError>,
    ) -> Result<(Digest, u64), OutputError> {
        let path = &wanted.path;
        let mut file = self.stage_folder()?.create_file(path)?;
        let (digest, size) = fill(&mut file)?;
        // A rename keeps the modification time, so the file will have this one in its place.
        let metadata = file.metadata().map_err(OutputError::io("read", &self.out.join(path)))?;
        let fingerprint = wanted.fingerprint;
        let record = FileRecord { digest, size, modified: modified(&metadata), fingerprint };
        self.note(wanted, record, Some(standing))?;
        Ok((digest, size))
    }

    pub(super) fn stage_folder(&self) -> Result<Arc<Stage>, OutputError> {
        let mut stage = self.stage.lock().unwrap_or_else(PoisonError::into_inner);
        match &*stage {
            Some(stage) => Ok(Arc::clone(stage)),
            None => Ok(Arc::clone(stage.insert(Arc::new(Stage::create(&self.state)?)))),
        }
    }

    pub(super) fn note(
        &self,
        wanted: &Wanted,
        record: FileRecord,
        staged: Option<FileState>,
    ) -> Result<(), OutputError> {
        let known = match self.old.files.get(wanted.path.as_str()) {
            None => Known::Not,
            Some(old) if *old == record => Known::Same,
            Some(_) => Known::Otherwise,
        };
        let put = Box::new(Put { rank: wanted.rank, record, staged, known });
        let path: Arc<str> = wanted.path.as_str().into();
        match self.puts().files.insert(path, put) {
            None => Ok(()),
            Some(_) => Err(OutputError::Twice { path: wanted.path.clone() }),
        }
    }

    // Each change of the map is one insertion, so a panic in another thread leaves it whole.
    pub(super) fn puts(&self) -> MutexGuard<'_, Puts> {
        self.puts.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The state of a file that nobody touched since `record` was made.
pub(super) fn as_left(record: &FileRecord) -> FileState {
    FileState::File { size: record.size, modified: record.modified }
}

/// Copies all of `from` into `to`, 64 KiB at a time, and returns the digest and size.
fn pour(
    from: &mut impl Read,
    from_path: &Path,
    to: &mut impl Write,
    to_path: &Path,
) -> Result<(Digest, u64), OutputError> {
    let (mut print, mut count) = (Fingerprinter::default(), 0);
    let mut buffer = vec![0; 64 * 1024];
    loop {
        let length = match from.read(&mut buffer) {
            Ok(0) => break,
            Ok(length) => length,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(OutputError::io("read", from_path)(error)),
        };
        print.bytes(&buffer[..length]);
        count += length as u64;
        to.write_all(&buffer[..length]).map_err(OutputError::io("write", to_path))?;
    }
    Ok((print.finish(), count))
}
