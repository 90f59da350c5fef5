//! The output folder before a build: its entries, and checks that it may be one.

use std::fs;
use std::io;
use std::path::{Component, Path, PathBuf};

use super::error::OutputError;
use crate::storage::{self, disk};

/// The names directly in `out`, folders with a `/` at the end; none where there is no folder. Unfinished copies of a
/// dead run are removed.
pub(super) fn entries(out: &Path) -> Result<Vec<String>, OutputError> {
    let entries = match fs::read_dir(out) {
        Ok(entries) => entries,
        Err(error) => {
            return match error.kind() {
                io::ErrorKind::NotFound => Ok(Vec::new()),
                io::ErrorKind::NotADirectory => Err(OutputError::NotAFolder { out: out.to_owned() }),
                _ => Err(OutputError::io("read the folder", out)(error)),
            };
        }
    };
    let entries = entries.filter(|entry| !entry.as_ref().is_ok_and(is_leftover));
    entries
        .map(|entry| {
            let entry = entry?;
            let slash = if entry.file_type()?.is_dir() { "/" } else { "" };
            Ok(format!("{}{slash}", entry.file_name().to_string_lossy()))
        })
        .collect::<io::Result<_>>()
        .map_err(OutputError::io("read the folder", out))
}

/// Refuses an output folder that overlaps with the site's sources: one would overwrite the other.
pub(super) fn refuse_forbidden<'a>(
    out: &Path,
    folders: impl Iterator<Item = &'a Path>,
) -> Result<(), OutputError> {
    let real_out = real(out)?;
    for folder in folders {
        let real_folder = real(folder)?;
        let relation = if real_out == real_folder {
            "is"
        } else if real_folder.starts_with(&real_out) {
            "contains"
        } else if real_out.starts_with(&real_folder) {
            "lies inside"
        } else {
            continue;
        };
        return Err(OutputError::Forbidden {
            out: out.to_owned(),
            relation,
            source_folder: folder.to_owned(),
        });
    }
    Ok(())
}

/// The path without links and `..`, even if parts of it do not exist.
fn real(path: &Path) -> Result<PathBuf, OutputError> {
    let whole = std::path::absolute(path).map_err(OutputError::io("find", path))?;
    let mut real = PathBuf::new();
    for part in whole.components() {
        match part {
            Component::ParentDir => {
                real.pop();
            }
            part => {
                real.push(part);
                if let Ok(resolved) = fs::canonicalize(&real) {
                    real = resolved;
                }
            }
        }
    }
    Ok(real)
}

/// True for an unfinished copy of a dead run.
fn is_leftover(entry: &fs::DirEntry) -> bool {
    entry.file_name().to_str().is_some_and(storage::is_temporary) && disk::remove_file(&entry.path()).is_ok()
}
