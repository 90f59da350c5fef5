//! Trees: publishing all of a site at once. Every commit makes a whole new tree beside the shown one, and then
//! switches a link to it.
//!
//! `public` is a link to `public.trees/000017`. The tree's manifest, `000017.manifest`, is beside it, so that
//! switching the link also switches the manifest. A tree is made under the name `.new`. A link called `.next`, or a
//! link in the place of a tree, leads to a tree that has never been shown; the next run removes both.

use std::collections::HashSet;
use std::ffi::OsString;
use std::fs::{self, DirEntry};
use std::io;
use std::path::{Path, PathBuf};

use rayon::prelude::*;

use super::Atomic;
use super::commit::prune;
use super::decide::Work;
use super::error::{Named, OutputError};
use super::file_state::{FileState, look};
use super::manifest::{Manifest, Update, folders_of, modified};
use super::staging::Staging;
use crate::storage::{self, disk, file};

/// The name of a tree that is being made; its manifest's name starts with it.
const NEW: &str = ".new";
const NEW_MANIFEST: &str = ".new.manifest";
/// The link to a tree that will be shown for the first time.
const NEXT: &str = ".next";
/// The link to a tree that was shown before.
const BACK: &str = ".back";
/// The extension of a tree that is being removed.
const GONE: &str = "gone";
/// The extension of a manifest.
const MANIFEST: &str = "manifest";

/// The trees of one output folder.
#[derive(Debug)]
pub(super) struct Trees {
    /// The output folder; if it is a tree, this is the link.
    link: PathBuf,
    /// The folder of the trees.
    folder: PathBuf,
    /// The shown tree.
    shown: Option<u64>,
}

/// A tree that is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tree {
    /// Its name, such as `000017`.
    pub name: String,
    /// True if the output folder shows it.
    pub is_shown: bool,
    /// The number of the site's files in it.
    pub files: usize,
    /// The time at which it was made, or last changed by a build with `--atomic file`: nanoseconds from 1970 by the
    /// file system's clock.
    pub made: i64,
}

/// The result of a rollback.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rolled {
    /// The tree that was shown before.
    pub from: String,
    /// The tree that is shown now.
    pub to: String,
}

/// The path of the manifest of the output folder `out`: beside its tree, or else `name` in `state`.
pub fn manifest_path(out: &Path, state: &Path, name: &str) -> PathBuf {
    let beside = Trees::find(out).ok().and_then(|trees| trees.manifest());
    beside.unwrap_or_else(|| state.join(name))
}

/// The trees kept for the output folder `out`, the oldest first.
///
/// # Errors
/// The system's error, or a manifest that can't be read.
pub fn trees(out: &Path) -> Result<Vec<Tree>, OutputError> {
    let trees = Trees::find(out)?;
    let known = |number: u64| {
        let path = trees.manifest_of(number);
        let made = modified(&fs::metadata(&path).map_err(OutputError::io("read", &path))?);
        let files = Manifest::load(&path)?.unwrap_or_default().files.len();
        Ok(Tree { name: name_of(number), is_shown: trees.shown == Some(number), files, made })
    };
    trees.numbers()?.into_iter().filter(|number| trees.manifest_of(*number).is_file()).map(known).collect()
}

/// Makes the output folder `out` show the tree `to`, or else the one before the shown tree. The caller must hold the
/// site's lock.
///
/// # Errors
/// No such tree, or the system's error.
pub fn rollback(out: &Path, to: Option<&str>) -> Result<Rolled, OutputError> {
    let trees = Trees::open(out, Atomic::File)?;
    let Some(shown) = trees.shown else { return Err(OutputError::NoTree { out: out.to_owned() }) };
    let numbers: Vec<u64> =
        trees.numbers()?.into_iter().filter(|number| trees.manifest_of(*number).is_file()).collect();
    let target = match to {
        None => numbers.iter().copied().rfind(|number| *number < shown),
        Some(name) => {
            let wanted = name.parse().ok().filter(|wanted| numbers.contains(wanted));
            let found = || Named::new(numbers.iter().copied().map(name_of).collect());
            Some(wanted.ok_or_else(|| OutputError::NoSuchTree {
                out: out.to_owned(),
                name: name.to_owned(),
                found: found(),
            })?)
        }
    };
    let target = target.ok_or_else(|| OutputError::NoTree { out: out.to_owned() })?;
    if target != shown {
        let back = trees.folder.join(BACK);
        trees.make_link(target, &back)?;
        trees.put_link(&back)?;
    }
    Ok(Rolled { from: name_of(shown), to: name_of(target) })
}

impl Trees {
    /// No trees, for a staging without a folder.
    pub(super) fn none() -> Trees {
        Trees { link: PathBuf::new(), folder: PathBuf::new(), shown: None }
    }

    /// Finds the trees of `out`, and removes the leftovers of a dead run.
    ///
    /// # Errors
    /// The system's error; with [`Atomic::Tree`], also a link in the folder's place that leads elsewhere.
    pub(super) fn open(out: &Path, atomic: Atomic) -> Result<Trees, OutputError> {
        let mut trees = Trees::find(out)?;
        trees.finish()?;
        trees.sweep();
        if let (Atomic::Tree { .. }, None, Ok(target)) = (atomic, trees.shown, fs::read_link(&trees.link)) {
            return Err(OutputError::LinkedElsewhere { out: out.to_owned(), target });
        }
        Ok(trees)
    }

    /// Finds the trees of `out` without changing anything.
    fn find(out: &Path) -> Result<Trees, OutputError> {
        // The path of the link itself, without a slash at the end.
        let link = match out.file_name() {
            Some(name) => out.with_file_name(name),
            None => fs::canonicalize(out).map_err(OutputError::io("find", out))?,
        };
        let mut name = link.file_name().map_or_else(OsString::new, OsString::from);
        name.push(".trees");
        let folder = link.with_file_name(name);
        let mut trees = Trees { link, folder, shown: None };
        trees.shown = trees.target(&trees.link);
        Ok(trees)
    }

    /// The shown tree.
    pub(super) fn shown(&self) -> Option<u64> {
        self.shown
    }

    /// The path of the shown tree's manifest.
    pub(super) fn manifest(&self) -> Option<PathBuf> {
        self.shown.map(|number| self.manifest_of(number))
    }

    /// The tree that the link at `link` leads to.
    fn target(&self, link: &Path) -> Option<u64> {
        let target = fs::read_link(link).ok()?;
        let folder = self.link.parent()?.join(target.parent()?);
        let number = number_of(target.file_name()?.to_str()?)?;
        let same = folder == self.folder
            || fs::canonicalize(folder).is_ok_and(|real| fs::canonicalize(&self.folder).ok() == Some(real));
        // Links inside the folder of trees are written as seen from the output folder's place.
        same.then_some(number)
    }

    fn tree(&self, number: u64) -> PathBuf {
        self.folder.join(name_of(number))
    }

    fn manifest_of(&self, number: u64) -> PathBuf {
        self.tree(number).with_extension(MANIFEST)
    }

    /// The numbers of the trees, in order.
    fn numbers(&self) -> Result<Vec<u64>, OutputError> {
        let is_tree = |entry: &DirEntry| entry.file_type().is_ok_and(|kind| kind.is_dir());
        let entries = self.entries().map_err(OutputError::io("read the folder", &self.folder))?;
        let named = |entry: &DirEntry| number_of(entry.file_name().to_str()?);
        let mut numbers: Vec<u64> = entries.iter().filter(|entry| is_tree(entry)).filter_map(named).collect();
        numbers.sort_unstable();
        Ok(numbers)
    }

    fn entries(&self) -> io::Result<Vec<DirEntry>> {
        match fs::read_dir(&self.folder) {
            Ok(entries) => entries.collect(),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Vec::new()),
            Err(error) => Err(error),
        }
    }

    /// Finishes a switch that was cut short on a system that can't exchange a folder for a link: the output folder is
    /// missing, but the link to the new tree is ready.
    fn finish(&mut self) -> Result<(), OutputError> {
        let next = self.folder.join(NEXT);
        if let Some(number) = self.target(&next)
            && look(&self.link)? == FileState::Nothing
            && self.tree(number).is_dir()
            && self.manifest_of(number).is_file()
        {
            self.put_link(&next)?;
            self.shown = Some(number);
        }
        Ok(())
    }

    /// Removes the leftovers of dead runs. Errors are ignored: the next run tries again.
    fn sweep(&self) {
        let Ok(entries) = self.entries() else { return };
        for entry in &entries {
            let (name, at) = (entry.file_name(), entry.path());
            let Some(name) = name.to_str() else { continue };
            let is_link = entry.file_type().is_ok_and(|kind| kind.is_symlink());
            if is_link && (name == NEXT || number_of(name).is_some()) {
                match self.target(&at) {
                    Some(number) if Some(number) != self.shown => self.remove(number),
                    _ => {}
                }
                let _ = disk::remove_file(&at);
            } else if is_link && name == BACK || name == NEW_MANIFEST || storage::is_temporary(name) {
                let _ = disk::remove_file(&at);
            } else if name == NEW || ending(name, GONE).is_some() {
                let _ = disk::remove_dir_all(&at);
            }
        }
        for entry in &entries {
            let number = entry.file_name().to_str().and_then(|name| ending(name, MANIFEST));
            if number
                .is_some_and(|number| look(&self.tree(number)).is_ok_and(|found| found == FileState::Nothing))
            {
                let _ = disk::remove_file(&entry.path());
            }
        }
    }

    /// Removes a tree. It is renamed first, so that a partly removed one is not taken for a tree.
    fn remove(&self, number: u64) {
        let (tree, gone) = (self.tree(number), self.tree(number).with_extension(GONE));
        if fs::symlink_metadata(&tree).is_ok_and(|found| found.is_dir()) {
            if disk::rename(&tree, &gone).is_err() {
                return;
            }
            let _ = disk::remove_dir_all(&gone);
        }
        let _ = disk::remove_file(&self.manifest_of(number));
    }

    /// Keeps the last `keep` trees and the shown one.
    fn thin(&self, shown: u64, keep: usize) {
        let Ok(numbers) = self.numbers() else { return };
        let old = numbers.iter().rev().skip(keep.max(1)).filter(|number| **number != shown);
        old.for_each(|number| self.remove(*number));
    }

    /// Makes a link at `at` that leads to the tree `number` once it is moved to the output folder's place.
    fn make_link(&self, number: u64, at: &Path) -> Result<(), OutputError> {
        let folder = self.folder.file_name().map(PathBuf::from).unwrap_or_default();
        disk::symlink(&folder.join(name_of(number)), at).map_err(OutputError::io("make the link", at))
    }

    /// The switch: moves the link at `from` to the output folder's place.
    fn put_link(&self, from: &Path) -> Result<(), OutputError> {
        disk::rename(from, &self.link).map_err(OutputError::io("switch", &self.link))
    }

    /// Shows the tree that was made as [`NEW`], with the number `number`.
    fn show(&self, number: u64) -> Result<(), OutputError> {
        let next = self.folder.join(NEXT);
        self.make_link(number, &next)?;
        self.name_new(number)?;
        self.put_link(&next)
    }

    /// Renames the new tree and its manifest to their final names.
    fn name_new(&self, number: u64) -> Result<(), OutputError> {
        for (from, to) in [(NEW, self.tree(number)), (NEW_MANIFEST, self.manifest_of(number))] {
            disk::rename(&self.folder.join(from), &to).map_err(OutputError::io("write", &to))?;
        }
        Ok(())
    }

    /// Like [`show`](Trees::show), while the output folder is still a real folder: it becomes the tree `former`,
    /// whose manifest is `manifest`.
    fn show_instead(&self, former: u64, manifest: &Manifest, number: u64) -> Result<(), OutputError> {
        manifest.save_whole(&self.manifest_of(former), &[])?;
        let place = self.tree(former);
        self.make_link(number, &place)?;
        self.name_new(number)?;
        match disk::exchange(&place, &self.link) {
            Err(error) if error.kind() == io::ErrorKind::Unsupported => self.move_away(&place),
            exchanged => exchanged.map_err(OutputError::io("switch", &self.link)),
        }
    }

    /// Moves the real output folder to `place`, and the link there to the output folder's place. Between two renames
    /// there is no output folder; the next run finishes that if this one is cut short.
    fn move_away(&self, place: &Path) -> Result<(), OutputError> {
        let next = self.folder.join(NEXT);
        disk::rename(place, &next).map_err(OutputError::io("write", &next))?;
        disk::rename(&self.link, place).map_err(OutputError::io("move", &self.link))?;
        self.put_link(&next).inspect_err(|_| {
            // The old folder is better than none.
            let _ = disk::rename(place, &self.link);
        })
    }
}

impl Staging {
    /// Makes a new tree from the shown one and `work`, and shows it.
    pub(super) fn commit_tree(&self, work: &Work<'_>, keep: usize) -> Result<(), OutputError> {
        let trees = &self.trees;
        disk::create_dir_all(&trees.folder).map_err(OutputError::io("make the folder", &trees.folder))?;
        let number = trees.numbers()?.last().max(trees.shown.as_ref()).map_or(1, |last| last + 1);
        let new = trees.folder.join(NEW);
        let made = self.make_tree(&new, work).and_then(|updates| {
            let manifest = trees.folder.join(NEW_MANIFEST);
            Ok(self.old.save_whole(&manifest, &updates)?)
        });
        if made.is_err() {
            // The next run removes the rest.
            let _ = disk::remove_dir_all(&new);
        }
        made?;
        let number = match look(&trees.link)? {
            FileState::Folder => {
                trees.show_instead(number, &self.old, number + 1)?;
                number + 1
            }
            _ => {
                trees.show(number)?;
                number
            }
        };
        if self.state_manifest.is_file() {
            // This manifest was for the folder that is now a tree, which has its own.
            let _ = disk::remove_file(&self.state_manifest);
        }
        trees.thin(number, keep);
        Ok(())
    }

    /// Makes the new tree; returns the updates that its manifest needs compared to the old one.
    fn make_tree(&self, new: &Path, work: &Work<'_>) -> Result<Vec<Update>, OutputError> {
        let mut updates: Vec<Update> =
            work.refresh.iter().map(|(path, record)| (path.clone(), Some(*record))).collect();
        disk::create_dir(new).map_err(OutputError::io("make the folder", new))?;
        if !self.is_empty {
            let written = work.writes.iter().map(|write| &**write.path);
            let removed = work.remove_first.iter().chain(&work.remove_last).chain(&work.folders_to_remove);
            let left_out = written.chain(removed.map(String::as_str)).collect();
            carry(&self.out, new, "", &left_out)?;
        }
        if !(self.is_empty && self.move_tree(new, work, &mut updates)?) {
            let folders = work.writes.iter().flat_map(|write| folders_of(write.path)).map(str::to_owned);
            self.make_folders(new, &folders.collect())?;
            self.write_files(new, work, &mut updates)?;
        }
        prune(new, work.forget.iter().filter_map(|path| folders_of(path).next()))?;
        updates.extend(work.forget.iter().map(|path| (path.clone(), None)));
        Ok(updates)
    }
}

/// Carries everything in the folder `from` over to `to`, except the paths `left_out`. Files become hard links where
/// possible, since nobody writes into them. `inside` is the prefix of their paths.
fn carry(from: &Path, to: &Path, inside: &str, left_out: &HashSet<&str>) -> Result<(), OutputError> {
    let entries: Vec<DirEntry> =
        fs::read_dir(from).and_then(Iterator::collect).map_err(OutputError::io("read the folder", from))?;
    entries.par_iter().try_for_each(|entry| {
        let name = entry.file_name();
        let path = format!("{inside}{}", name.to_string_lossy());
        if left_out.contains(path.as_str()) {
            return Ok(());
        }
        let (from, to) = (entry.path(), to.join(&name));
        let kind = entry.file_type().map_err(OutputError::io("look at", &from))?;
        if kind.is_dir() {
            disk::create_dir(&to).map_err(OutputError::io("make the folder", &to))?;
            carry(&from, &to, &format!("{path}/"), left_out)?;
            return keep_rights(&from, &to).map_err(OutputError::io("make the folder", &to));
        }
        let carried = if kind.is_symlink() {
            fs::read_link(&from).and_then(|target| disk::symlink(&target, &to))
        } else {
            link_or_copy(&from, &to)
        };
        match carried {
            // Somebody removed it just now.
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
            carried => carried.map_err(OutputError::io("write", &to)),
        }
    })
}

fn keep_rights(from: &Path, to: &Path) -> io::Result<()> {
    let rights = fs::metadata(from)?.permissions();
    if fs::metadata(to)?.permissions() == rights { Ok(()) } else { disk::set_permissions(to, rights) }
}

/// A hard link to the file `from`; where that is impossible, a copy with its time and rights. A link is impossible on
/// another device, for a file of another owner, and for one with too many links.
fn link_or_copy(from: &Path, to: &Path) -> io::Result<()> {
    use io::ErrorKind::{CrossesDevices, PermissionDenied, TooManyLinks, Unsupported};
    match disk::hard_link(from, to) {
        Err(error)
            if matches!(error.kind(), CrossesDevices | PermissionDenied | TooManyLinks | Unsupported) =>
        {
            copy(from, to)
        }
        linked => linked,
    }
}

fn copy(from: &Path, to: &Path) -> io::Result<()> {
    let mut file = disk::File::create_new(to)?;
    let known = file::copy(from, &mut file)?;
    file.set_modified(known.modified()?)?;
    disk::set_permissions(to, known.permissions())
}

fn name_of(number: u64) -> String {
    format!("{number:06}")
}

/// The number of the tree with this `name`.
fn number_of(name: &str) -> Option<u64> {
    name.parse().ok().filter(|number| name_of(*number) == name)
}

/// The number of the tree whose name with `extension` is `name`.
fn ending(name: &str, extension: &str) -> Option<u64> {
    number_of(name.strip_suffix(extension)?.strip_suffix('.')?)
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use super::*;

    /// The fallback where a folder and a link can't be exchanged.
    #[test]
    fn a_folder_is_moved_away_and_the_link_put_in_its_place() {
        let root = tempfile::tempdir().unwrap();
        let (out, folder) = (root.path().join("public"), root.path().join("public.trees"));
        for (at, text) in [(&out, "old"), (&folder.join("000002"), "new")] {
            fs::create_dir_all(at).unwrap();
            fs::write(at.join("index.html"), text).unwrap();
        }
        let trees = Trees::find(&out).unwrap();
        trees.make_link(2, &folder.join("000001")).unwrap();
        trees.move_away(&folder.join("000001")).unwrap();
        let shown = |at: &Path| fs::read_to_string(at.join("index.html")).unwrap();
        assert_eq!((shown(&out), shown(&folder.join("000001"))), ("new".to_owned(), "old".to_owned()));
        assert_eq!(Trees::find(&out).unwrap().shown, Some(2));
        assert_eq!(fs::read_dir(&folder).unwrap().count(), 2);
    }
}
