//! Carrying out what was decided: the only code that changes an output folder.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::io;
use std::path::Path;
use std::process;
use std::sync::atomic::{AtomicU64, Ordering};

use rayon::prelude::*;

use super::Changes;
use super::decide::{Work, Write, decide};
use super::error::OutputError;
use super::manifest::{FileRecord, UNSEEN, Update, folders_of, modified};
use super::staging::Staging;

impl Staging {
    /// Brings the output folder up to date: writes what is staged, then removes what earlier builds
    /// wrote and this one did not. Everything that can be refused is refused before the first change.
    /// Should the machine fail midway, every file is still whole, old or new, and the manifest says
    /// which are ours, so that the next run finishes the work.
    pub fn commit(self) -> Result<Changes, OutputError> {
        let work = decide(&self, &self.puts())?;
        if self.manifest_is_sound && work.is_nothing() {
            return Ok(work.changes);
        }
        self.announce(&work)?;
        let mut updates: Vec<Update> =
            work.refresh.iter().map(|(path, record)| (path.clone(), Some(*record))).collect();
        // What may be replaced now may still be replaced by the run that repairs a failure of this one.
        updates.extend(work.writes.iter().filter(|write| write.replaces_foreign).map(announced));
        let done = self.carry_out(&work, &mut updates);
        if done.is_ok() {
            updates.extend(work.forget.iter().map(|path| (path.clone(), None)));
        }
        let saved = self.old.save(&self.manifest_path, &updates);
        // The first failure is the one to tell; the manifest mostly fails for the same reason.
        done.and(saved.map_err(OutputError::from))?;
        Ok(work.changes)
    }

    /// Saves that new paths are about to become ours, so that a run that is killed midway leaves no
    /// file that the next one would take for somebody else's. A known path keeps its record: until it is
    /// replaced, its old bytes are ours too.
    pub(super) fn announce(&self, work: &Work) -> Result<(), OutputError> {
        let new = work.writes.iter().filter(|write| !self.old.files.contains(&write.path));
        let updates: Vec<Update> = new.map(announced).collect();
        if updates.is_empty() {
            return Ok(());
        }
        Ok(self.old.save(&self.manifest_path, &updates)?)
    }

    /// Does the work and says in `updates` what is done, also where it fails.
    fn carry_out(&self, work: &Work, updates: &mut Vec<Update>) -> Result<(), OutputError> {
        fs::create_dir_all(&self.out).map_err(OutputError::io("make the folder", &self.out))?;
        if self.is_empty && self.move_tree(work, updates)? {
            return Ok(());
        }
        self.remove_files(&work.remove_first, updates)?;
        self.remove_folders(&work.folders_to_remove);
        let written = self.make_folders(&work.folders_to_make).and_then(|()| self.write_files(work, updates));
        if written.is_err() {
            // Folders made for files that never came.
            self.remove_folders(&work.folders_to_make);
        }
        written?;
        self.remove_files(&work.remove_last, updates)?;
        self.prune(work.forget.iter().filter_map(|path| folders_of(path).next()));
        Ok(())
    }

    /// Puts everything in its place at once, where nothing is there yet: what is in the staging folder
    /// moves over, folders first. False if the folders are on different devices: then nothing was done.
    fn move_tree(&self, work: &Work, updates: &mut Vec<Update>) -> Result<bool, OutputError> {
        let stage = self.stage_folder()?;
        let folders: BTreeSet<&str> =
            work.writes.iter().filter_map(|write| Some(write.path.split_once('/')?.0)).collect();
        let files = work.writes.iter().map(|write| write.path.as_str()).filter(|path| !path.contains('/'));
        for (moved, name) in folders.into_iter().chain(files).enumerate() {
            let to = self.out.join(name);
            match fs::rename(stage.folder().join(name), &to) {
                Ok(()) => {}
                Err(error) if error.kind() == io::ErrorKind::CrossesDevices && moved == 0 => {
                    return Ok(false);
                }
                Err(error) => {
                    // What was announced stays announced.
                    updates.extend(work.writes.iter().map(announced));
                    return Err(OutputError::io("write", &to)(error));
                }
            }
        }
        updates.extend(work.writes.iter().map(|write| (write.path.clone(), Some(write.record))));
        Ok(true)
    }

    fn remove_files(&self, paths: &[String], updates: &mut Vec<Update>) -> Result<(), OutputError> {
        for path in paths {
            let at = self.out.join(path);
            match fs::remove_file(&at) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => {
                    return Err(OutputError::io("remove", &at)(error));
                }
                _ => updates.push((path.clone(), None)),
            }
        }
        Ok(())
    }

    /// Removes those of `folders` that are empty, the inner ones first. The system refuses to remove a
    /// folder that has something in it, which is just the question.
    fn remove_folders(&self, folders: &BTreeSet<String>) {
        for folder in folders.iter().rev() {
            let _ = fs::remove_dir(self.out.join(folder));
        }
    }

    /// Like [`remove_folders`](Self::remove_folders), and goes on with the folders around them that
    /// become empty so.
    fn prune<'a>(&self, folders: impl Iterator<Item = &'a str>) {
        let mut by_depth: BTreeSet<(usize, &str)> = folders.map(|folder| (depth(folder), folder)).collect();
        while let Some((_, folder)) = by_depth.pop_last() {
            if fs::remove_dir(self.out.join(folder)).is_ok() {
                by_depth.extend(folders_of(folder).next().map(|around| (depth(around), around)));
            }
        }
    }

    fn make_folders(&self, folders: &BTreeSet<String>) -> Result<(), OutputError> {
        let mut by_depth: BTreeMap<usize, Vec<&String>> = BTreeMap::new();
        for folder in folders {
            by_depth.entry(depth(folder)).or_default().push(folder);
        }
        by_depth.values().try_for_each(|folders| {
            folders.par_iter().try_for_each(|folder| {
                let at = self.out.join(folder);
                match fs::create_dir(&at) {
                    Err(error) if error.kind() != io::ErrorKind::AlreadyExists => {
                        Err(OutputError::io("make the folder", &at)(error))
                    }
                    _ => Ok(()),
                }
            })
        })
    }

    /// Puts the staged files in place, one rank after the other.
    fn write_files(&self, work: &Work, updates: &mut Vec<Update>) -> Result<(), OutputError> {
        for rank in work.writes.chunk_by(|a, b| a.rank == b.rank) {
            let placed: Vec<_> = rank.par_iter().map(|write| self.place(write)).collect();
            let mut failure = None;
            for (write, placed) in rank.iter().zip(placed) {
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

    fn place(&self, write: &Write) -> Result<FileRecord, OutputError> {
        let (from, to) = (self.stage_folder()?.folder().join(&write.path), self.out.join(&write.path));
        match fs::rename(&from, &to) {
            Ok(()) => Ok(write.record),
            Err(error) if error.kind() == io::ErrorKind::CrossesDevices => {
                let modified = copy_into_place(&from, &to).map_err(OutputError::io("write", &to))?;
                Ok(FileRecord { modified, ..write.record })
            }
            Err(error) => Err(OutputError::io("write", &to)(error)),
        }
    }
}

/// The entry of the manifest for a file that is about to be written.
fn announced(write: &Write) -> Update {
    (write.path.clone(), Some(FileRecord { modified: UNSEEN, ..write.record }))
}

fn depth(folder: &str) -> usize {
    folder.matches('/').count()
}

/// What a rename does, where `from` is on another device: a copy beside `to` first, so that `to` is
/// whole at every moment. Returns the new file's modification time.
fn copy_into_place(from: &Path, to: &Path) -> io::Result<i64> {
    static COPIES: AtomicU64 = AtomicU64::new(0);
    let name = format!(".dateline-{}-{}.tmp", process::id(), COPIES.fetch_add(1, Ordering::Relaxed));
    let beside = to.with_file_name(name);
    let copy = || {
        let mut file = File::create_new(&beside)?;
        io::copy(&mut File::open(from)?, &mut file)?;
        let modified = modified(&file.metadata()?);
        drop(file);
        fs::rename(&beside, to)?;
        Ok(modified)
    };
    let copied = copy();
    if copied.is_err() {
        // The first error is the one that matters; a leftover is only untidy.
        let _ = fs::remove_file(&beside);
    }
    copied
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_copy_replaces_the_file_and_leaves_nothing_beside_it() {
        let folder = tempfile::tempdir().unwrap();
        let (from, to) = (folder.path().join("from"), folder.path().join("out/to"));
        fs::create_dir(folder.path().join("out")).unwrap();
        fs::write(&from, "new").unwrap();
        fs::write(&to, "old").unwrap();
        let time = copy_into_place(&from, &to).unwrap();
        assert_eq!(fs::read(&to).unwrap(), b"new");
        assert_eq!(modified(&fs::metadata(&to).unwrap()), time);
        fs::remove_file(&to).unwrap();
        fs::create_dir(&to).unwrap();
        assert!(copy_into_place(&from, &to).is_err());
        assert_eq!(fs::read_dir(folder.path().join("out")).unwrap().count(), 1);
    }
}
