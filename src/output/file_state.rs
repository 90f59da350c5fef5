//! The state of a path: what the system knows of it without reading the file.

use std::fs;
use std::io;
use std::path::Path;

use super::error::OutputError;
use super::manifest::modified;
use crate::model::stamp::{Folder, Kind};

/// The state of a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum FileState {
    /// Nothing.
    Nothing,
    File {
        size: u64,
        modified: i64,
    },
    Folder,
    /// A symbolic link or a special file.
    Other,
}

/// The state of `path`. A symbolic link there is not followed.
pub(super) fn look(path: &Path) -> Result<FileState, OutputError> {
    use io::ErrorKind::{NotADirectory, NotFound};
    match fs::symlink_metadata(path) {
        Ok(found) if found.is_file() => Ok(FileState::File { size: found.len(), modified: modified(&found) }),
        Ok(found) if found.is_dir() => Ok(FileState::Folder),
        Ok(_) => Ok(FileState::Other),
        Err(error) if matches!(error.kind(), NotFound | NotADirectory) => Ok(FileState::Nothing),
        Err(error) => Err(OutputError::io("look at", path)(error)),
    }
}

/// The state of `name` in `folder`, whose path is `path`. A symbolic link there is not followed.
pub(super) fn look_in(folder: &Folder, path: &Path, name: &str) -> Result<FileState, OutputError> {
    use io::ErrorKind::{NotADirectory, NotFound};
    match folder.look(name) {
        Ok((Kind::File, stamp)) => Ok(FileState::File { size: stamp.size, modified: stamp.modified }),
        Ok((Kind::Folder, _)) => Ok(FileState::Folder),
        Ok((Kind::Other, _)) => Ok(FileState::Other),
        Err(error) if matches!(error.kind(), NotFound | NotADirectory) => Ok(FileState::Nothing),
        Err(error) => Err(OutputError::io("look at", &path.join(name))(error)),
    }
}
