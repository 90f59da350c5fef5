//! Carrying out the decided work: the only code that changes an output folder.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::Path;

use rayon::prelude::*;

use super::decide::{Work, Write, decide};
use super::error::OutputError;
use super::manifest::{FileRecord, UNSEEN, Update, folders_of, modified};
use super::staging::Staging;
use super::{Atomic, Changes};
use crate::storage::{disk, file, temporary_name};

impl Staging {
    /// Brings the output folder up to date: writes the staged files, then removes files that earlier builds wrote and
    /// this one does not have. All refusals happen before the first change. If the machine fails midway, every file
    /// is still whole, old or new, and the manifest says which are ours, so that the next run finishes the work.
    pub fn commit(self) -> Result<Changes, OutputError> {
        if self.shelving.is_some() {
            return self.commit_to_shelf();
        }
        let puts = self.puts();
        let work = decide(&self, &puts)?;
        if self.manifest_is_sound && work.is_nothing() && !self.becomes_tree() {
            return Ok(work.changes());
        }
        if let Atomic::Tree { keep } = self.atomic
            && (!work.leaves_all_files() || self.becomes_tree())
        {
            self.commit_tree(&work, keep)?;
            return Ok(work.changes());
        }
        self.announce(&work)?;
        let mut updates: Vec<Update> =
            work.refresh.iter().map(|(path, record)| (path.clone(), Some(*record))).collect();
        // If this run fails, the one that repairs it may still replace the same foreign files.
        updates.extend(work.writes.iter().filter(|write| write.replaces_foreign).map(announced));
        let done = self.carry_out(&work, &mut updates);
        if done.is_ok() {
            updates.extend(work.forget.iter().map(|path| (path.clone(), None)));
        }
        let saved = self.old.save(&self.manifest_path, &updates);
        drop(updates);
        // The first failure is the one to report; the manifest mostly fails for the same reason.
        done.and(saved.map_err(OutputError::from))?;
        Ok(work.changes())
    }

    /// Records new paths in the manifest before their files are written. A run that is killed midway then leaves no
    /// file that the next one takes for a foreign one. A known path keeps its record, since its old bytes
    /// are ours until they are replaced.
    pub(super) fn announce(&self, work: &Work<'_>) -> Result<(), OutputError> {
        let new = work.writes.iter().filter(|write| !self.old.files.contains_key(&**write.path));
        let updates: Vec<Update> = new.map(announced).collect();
        if updates.is_empty() {
            return Ok(());
        }
        Ok(self.old.save(&self.manifest_path, &updates)?)
    }

    /// Does the work and adds finished steps to `updates`, also if a later step fails.
    fn carry_out(&self, work: &Work<'_>, updates: &mut Vec<Update>) -> Result<(), OutputError> {
        disk::create_dir_all(&self.out).map_err(OutputError::io("make the folder", &self.out))?;
        if self.is_empty && self.move_tree(&self.out, work, updates)? {
            return Ok(());
        }
        self.remove_files(&work.remove_first, updates)?;
        self.remove_folders(&work.folders_to_remove);
        let written = self
            .make_folders(&self.out, &work.folders_to_make)
            .and_then(|()| self.write_files(&self.out, work, updates));
        if written.is_err() {
            // Folders made for files that were never written.
            self.remove_folders(&work.folders_to_make);
        }
        written?;
        let removed = self.remove_files(&work.remove_last, updates);
        // Removes the folders of removed files even if a removal failed: the manifest does not record folders.
        let folders = work.forget.iter().filter_map(|path| folders_of(path).next());
        let pruned = prune(&self.out, folders).inspect_err(|_| {
            // The next run must know which folders were ours, but must not take a foreign file for ours.
            let gone = work.remove_last.iter().filter_map(|path| self.old.files.get_key_value(path.as_str()));
            updates.extend(
                gone.map(|(path, record)| {
                    ((&**path).into(), Some(FileRecord { modified: UNSEEN, ..*record }))
                }),
            );
        });
        removed.and(pruned)
    }

    /// Moves the contents of the staging folder into an empty output folder at once, folders first. False if the two
    /// are on different devices; then nothing was moved.
    pub(super) fn move_tree(
        &self,
        root: &Path,
        work: &Work<'_>,
        updates: &mut Vec<Update>,
    ) -> Result<bool, OutputError> {
        let stage = self.stage_folder()?;
        let folders: BTreeSet<&str> =
            work.writes.iter().filter_map(|write| Some(write.path.split_once('/')?.0)).collect();
        let files = work.writes.iter().map(|write| &**write.path).filter(|path| !path.contains('/'));
        for (moved, name) in folders.into_iter().chain(files).enumerate() {
            let to = root.join(name);
            match disk::rename(&stage.folder().join(name), &to) {
                Ok(()) => {}
                Err(error) if error.kind() == io::ErrorKind::CrossesDevices && moved == 0 => {
                    return Ok(false);
                }
                Err(error) => {
                    // Announced paths stay announced.
                    updates.extend(work.writes.iter().map(announced));
                    return Err(OutputError::io("write", &to)(error));
                }
            }
        }
        updates.extend(work.writes.iter().map(|write| (write.path.clone(), Some(write.put.record))));
        Ok(true)
    }

    fn remove_files(&self, paths: &[String], updates: &mut Vec<Update>) -> Result<(), OutputError> {
        for path in paths {
            let at = self.out.join(path);
            match disk::remove_file(&at) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => {
                    return Err(OutputError::io("remove", &at)(error));
                }
                _ => updates.push((path.as_str().into(), None)),
            }
        }
        Ok(())
    }

    /// Removes the empty ones of `folders`, inner ones first. The system refuses to remove a folder that is not
    /// empty, so no check is needed.
    fn remove_folders(&self, folders: &BTreeSet<String>) {
        for folder in folders.iter().rev() {
            let _ = disk::remove_dir(&self.out.join(folder));
        }
    }

    pub(super) fn make_folders(&self, root: &Path, folders: &BTreeSet<String>) -> Result<(), OutputError> {
        let mut by_depth: BTreeMap<usize, Vec<&String>> = BTreeMap::new();
        for folder in folders {
            by_depth.entry(depth(folder)).or_default().push(folder);
        }
        by_depth.values().try_for_each(|folders| {
            folders.par_iter().try_for_each(|folder| {
                let at = root.join(folder);
                match disk::create_dir(&at) {
                    Err(error) if error.kind() != io::ErrorKind::AlreadyExists => {
                        Err(OutputError::io("make the folder", &at)(error))
                    }
                    _ => Ok(()),
                }
            })
        })
    }

    /// Puts the staged files in place, rank by rank: new files first, then replacements.
    pub(super) fn write_files(
        &self,
        root: &Path,
        work: &Work<'_>,
        updates: &mut Vec<Update>,
    ) -> Result<(), OutputError> {
        for turn in work.writes.chunk_by(|a, b| a.turn() == b.turn()) {
            let placed: Vec<_> = turn.par_iter().map(|write| self.place(root, write)).collect();
            let mut failure = None;
            for (write, placed) in turn.iter().zip(placed) {
                match placed {
                    Ok(record) => updates.push((write.path.clone(), Some(record))),
                    Err(error) => failure = failure.or(Some(error)),
                }
            }
            if let Some(error) = failure {
                return Err(error);
            }
        }
        Ok(())
    }

    fn place(&self, root: &Path, write: &Write<'_>) -> Result<FileRecord, OutputError> {
        let (from, to) = (self.stage_folder()?.folder().join(&**write.path), root.join(&**write.path));
        match disk::rename(&from, &to) {
            Ok(()) => Ok(write.put.record),
            Err(error) if error.kind() == io::ErrorKind::CrossesDevices => {
                let modified = copy_into_place(&from, &to, root).map_err(OutputError::io("write", &to))?;
                Ok(FileRecord { modified, ..write.put.record })
            }
            Err(error) => Err(OutputError::io("write", &to)(error)),
        }
    }
}

/// The entry of the manifest for a file that is about to be written.
fn announced(write: &Write<'_>) -> Update {
    (write.path.clone(), Some(FileRecord { modified: UNSEEN, ..write.put.record }))
}

/// Removes the empty ones of `folders` in `root`, and then the folders around them that become empty. The system
/// refuses to remove a folder that is not empty.
pub(super) fn prune<'a>(root: &Path, folders: impl Iterator<Item = &'a str>) -> Result<(), OutputError> {
    use io::ErrorKind::{DirectoryNotEmpty, NotADirectory, NotFound};
    let mut by_depth: BTreeSet<(usize, &str)> = folders.map(|folder| (depth(folder), folder)).collect();
    while let Some((_, folder)) = by_depth.pop_last() {
        let at = root.join(folder);
        match disk::remove_dir(&at) {
            Ok(()) => by_depth.extend(folders_of(folder).next().map(|around| (depth(around), around))),
            Err(error) if matches!(error.kind(), DirectoryNotEmpty | NotADirectory | NotFound) => {}
            Err(error) => return Err(OutputError::io("remove the folder", &at)(error)),
        }
    }
    Ok(())
}

fn depth(folder: &str) -> usize {
    folder.matches('/').count()
}

/// Does a rename's work if `from` is on another device. It makes a copy first, so that `to` is whole at every moment:
/// directly in `root`, where the next run finds it if this one is killed, or beside `to` if that is on a device of
/// its own. Returns the new file's modification time.
fn copy_into_place(from: &Path, to: &Path, root: &Path) -> io::Result<i64> {
    match copy_by_way_of(&root.join(temporary_name()), from, to) {
        Err(error) if error.kind() == io::ErrorKind::CrossesDevices => {
            copy_by_way_of(&to.with_file_name(temporary_name()), from, to)
        }
        copied => copied,
    }
}

fn copy_by_way_of(temporary: &Path, from: &Path, to: &Path) -> io::Result<i64> {
    let copy = || {
        let mut file = disk::File::create_new(temporary)?;
        file::copy(from, &mut file)?;
        let modified = modified(&file.metadata()?);
        drop(file);
        disk::rename(temporary, to)?;
        Ok(modified)
    };
    let copied = copy();
    if copied.is_err() {
        // The first error is the one that matters; a leftover file does no harm.
        let _ = disk::remove_file(temporary);
    }
    copied
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn a_copy_replaces_the_file_and_leaves_nothing_beside_it() {
        let folder = tempfile::tempdir().unwrap();
        let (from, to) = (folder.path().join("from"), folder.path().join("out/to"));
        let root = &folder.path().join("out");
        fs::create_dir(root).unwrap();
        fs::write(&from, "new").unwrap();
        fs::write(&to, "old").unwrap();
        let time = copy_into_place(&from, &to, root).unwrap();
        assert_eq!(fs::read(&to).unwrap(), b"new");
        assert_eq!(modified(&fs::metadata(&to).unwrap()), time);
        fs::remove_file(&to).unwrap();
        fs::create_dir(&to).unwrap();
        assert!(copy_into_place(&from, &to, root).is_err());
        assert_eq!(fs::read_dir(folder.path().join("out")).unwrap().count(), 1);
    }
}
