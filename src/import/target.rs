//! Writes the planned files that are not there yet. Nothing that is there changes, and each file is whole or missing, so
//! that an import that was cut short goes on where it stopped.

use std::collections::BTreeSet;
use std::fs;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use super::ImportError;
use super::model::Content;
use super::write::Planned;
use crate::storage::{disk, file};

/// The folder of files that are not whole yet, in the target.
const STAGING: &str = ".dateline/import";

/// The fates of the planned files.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Written {
    /// Files that were not there.
    pub new: Vec<String>,
    /// The number of files that were there with the same content.
    pub same: usize,
    /// Files that are there with other content, and stay as they are.
    pub kept: Vec<String>,
    /// Files that could not be read in the source, each with the reason.
    pub unread: Vec<(String, String)>,
}

/// Writes the files of `plan` into the folder `into`; with `is_dry`, says only what it would write.
///
/// # Errors
/// The target can't be written.
pub fn put(into: &Path, plan: Vec<Planned>, is_dry: bool) -> Result<Written, ImportError> {
    let mut target = Target { into, folders: BTreeSet::new(), written: Written::default(), is_dry };
    let staging = into.join(STAGING);
    // Left by an import that was cut short.
    if !is_dry && staging.exists() {
        disk::remove_dir_all(&staging).map_err(|error| refuse(&staging, &error))?;
    }
    for planned in plan {
        target.put(planned, &staging)?;
    }
    if !is_dry && staging.exists() {
        disk::remove_dir_all(&staging).map_err(|error| refuse(&staging, &error))?;
        if let Some(state) = staging.parent()
            && fs::read_dir(state).is_ok_and(|mut entries| entries.next().is_none())
        {
            disk::remove_dir(state).map_err(|error| refuse(state, &error))?;
        }
    }
    Ok(target.written)
}

fn refuse(path: &Path, error: &io::Error) -> ImportError {
    ImportError::Write { path: path.display().to_string(), reason: error.to_string() }
}

struct Target<'a> {
    into: &'a Path,
    /// Folders that are there and are no links.
    folders: BTreeSet<PathBuf>,
    written: Written,
    is_dry: bool,
}

impl Target<'_> {
    fn put(&mut self, planned: Planned, staging: &Path) -> Result<(), ImportError> {
        let path = self.into.join(&planned.path);
        self.folder(&planned.path)?;
        match fs::symlink_metadata(&path) {
            Ok(_) => {
                match is_same(&path, &planned.content) {
                    true => self.written.same += 1,
                    false => self.written.kept.push(planned.path),
                }
                return Ok(());
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(refuse(&path, &error)),
        }
        if let Content::Copy(from) = &planned.content
            && let Err(error) = file::open(from)
        {
            self.written.unread.push((planned.path, error.to_string()));
            return Ok(());
        }
        if !self.is_dry {
            let temporary = staging.join(self.written.new.len().to_string());
            let written = disk::create_dir_all(staging)
                .and_then(|()| write(&temporary, &planned.content))
                .and_then(|()| disk::create_dir_all(path.parent().unwrap_or(self.into)))
                .and_then(|()| disk::rename(&temporary, &path));
            written.map_err(|error| refuse(&path, &error))?;
        }
        self.written.new.push(planned.path);
        Ok(())
    }

    /// Refuses a path through something that is no folder, such as a link that leads out of the target.
    fn folder(&mut self, path: &str) -> Result<(), ImportError> {
        let mut folder = self.into.to_owned();
        let parts: Vec<&str> = path.split('/').collect();
        for part in &parts[..parts.len() - 1] {
            folder.push(part);
            if self.folders.contains(&folder) {
                continue;
            }
            match fs::symlink_metadata(&folder) {
                Ok(found) if found.is_dir() => {
                    self.folders.insert(folder.clone());
                }
                Ok(_) => {
                    let reason = "it is a link or a file, and a folder of the new site would be there";
                    let path = folder.display().to_string();
                    return Err(ImportError::Write { path, reason: reason.to_owned() });
                }
                Err(_) => break,
            }
        }
        Ok(())
    }
}

fn write(path: &Path, content: &Content) -> io::Result<()> {
    let mut to = disk::File::create(path)?;
    match content {
        Content::Copy(from) => file::copy(from, &mut to).map(|_| ()),
        Content::Text(text) => to.write_all(text.as_bytes()),
    }
}

/// True if the file at `path` has this content.
fn is_same(path: &Path, content: &Content) -> bool {
    match content {
        Content::Text(text) => {
            let is_long = fs::metadata(path).is_ok_and(|found| found.len() == text.len() as u64);
            is_long && file::read(path, file::STATE).is_ok_and(|bytes| bytes == text.as_bytes())
        }
        Content::Copy(from) => {
            let (Ok(one), Ok(other)) = (file::open(path), file::open(from)) else { return false };
            let length = |file: &fs::File| file.metadata().map(|found| found.len()).ok();
            length(&one) == length(&other) && have_same_bytes(one, other).unwrap_or(false)
        }
    }
}

fn have_same_bytes(one: fs::File, other: fs::File) -> io::Result<bool> {
    const PIECE: u64 = 64 * 1024;
    let (mut one, mut other) = (io::BufReader::new(one), io::BufReader::new(other));
    loop {
        let (mut own, mut others) = (Vec::new(), Vec::new());
        (&mut one).take(PIECE).read_to_end(&mut own)?;
        (&mut other).take(PIECE).read_to_end(&mut others)?;
        if own != others || own.is_empty() {
            return Ok(own == others);
        }
    }
}
