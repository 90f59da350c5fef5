//! What stands at a path, as far as the system tells without reading it.

use std::fs;
use std::io;
use std::path::Path;

use super::error::OutputError;
use super::manifest::modified;
use crate::model::stamp::{Folder, Kind};

/// What stands at a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum FileState {
    /// Nothing.
    Nothing,
    File {
        size: u64,
        modified: i64,
    },
    Folder,
    /// A symbolic link, or something stranger.
    Other,
}

/// What stands at `path`, without following a link there.
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

/// What stands at `name` in `folder`, which is at `path`, without following a link there.
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
