//! File metadata that a file system gives without reading the file.

use std::fs::{self, Metadata};
use std::io;
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use serde::{Deserialize, Serialize};

/// Size, times and inode number of a file. While they are the same, the bytes are too, if the file was at rest when
/// they were taken ([`Stamp::is_settled`]). A stamp decides only if a file must be read again; it is never shown.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stamp {
    /// Bytes.
    pub size: u64,
    /// The time of the last change of its bytes: nanoseconds from 1970, by the file system's clock.
    pub modified: i64,
    /// The time of the last change of its bytes, name or rights, if the system records that; else 0.
    pub changed: i64,
    /// The inode number, if the file system has one; else 0.
    pub inode: u64,
}

/// The coarsest resolution of a file system's clock, in nanoseconds: FAT has two seconds.
const GRAIN: i64 = 2_000_000_000;

impl Stamp {
    /// The stamp of a file's `metadata`.
    pub fn of(metadata: &Metadata) -> Self {
        let modified = metadata.modified().ok().map_or(0, |time| match time.duration_since(UNIX_EPOCH) {
            Ok(after) => i64::try_from(after.as_nanos()).unwrap_or(0),
            Err(before) => i64::try_from(before.duration().as_nanos()).map_or(0, |before| -before),
        });
        let (changed, inode) = platform(metadata);
        Stamp { size: metadata.len(), modified, changed, inode }
    }

    /// True if the file was at rest at `moment` (nanoseconds from 1970, by the same clock), so that every later
    /// change shows in the stamp. A file changed within the clock's grain can change again without a trace.
    pub fn is_settled(&self, moment: i64) -> bool {
        self.modified.max(self.changed) < moment - GRAIN
    }
}

#[cfg(unix)]
fn platform(metadata: &Metadata) -> (i64, u64) {
    use std::os::unix::fs::MetadataExt;
    (metadata.ctime() * 1_000_000_000 + metadata.ctime_nsec(), metadata.ino())
}

#[cfg(not(unix))]
fn platform(_: &Metadata) -> (i64, u64) {
    (0, 0)
}

/// The kind of a directory entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A regular file.
    File,
    /// A folder.
    Folder,
    /// A symbolic link or a special file.
    Other,
}

/// A folder in which many files are looked up. Where the system supports it, the path to the folder is resolved once
/// and not for each of them.
#[derive(Debug)]
pub struct Folder {
    path: PathBuf,
    #[cfg(target_os = "linux")]
    opened: Option<std::os::fd::OwnedFd>,
}

impl Folder {
    /// Opens the folder at `path`, which need not exist.
    pub fn open(path: &Path) -> Self {
        Folder {
            path: path.to_owned(),
            #[cfg(target_os = "linux")]
            opened: open(path).ok(),
        }
    }

    /// The kind and stamp of `name` below the folder. A symbolic link there is not followed.
    ///
    /// # Errors
    /// The system's error.
    pub fn look(&self, name: &str) -> io::Result<(Kind, Stamp)> {
        #[cfg(target_os = "linux")]
        if let Some(opened) = &self.opened {
            let found = rustix::fs::statat(opened, name, rustix::fs::AtFlags::SYMLINK_NOFOLLOW)?;
            return Ok(of_stat(&found));
        }
        let found = fs::symlink_metadata(self.path.join(name))?;
        let kind = match found.file_type() {
            kind if kind.is_file() => Kind::File,
            kind if kind.is_dir() => Kind::Folder,
            _ => Kind::Other,
        };
        Ok((kind, Stamp::of(&found)))
    }
}

#[cfg(target_os = "linux")]
fn open(path: &Path) -> io::Result<std::os::fd::OwnedFd> {
    use rustix::fs::{Mode, OFlags};
    Ok(rustix::fs::open(path, OFlags::PATH | OFlags::DIRECTORY | OFlags::CLOEXEC, Mode::empty())?)
}

#[cfg(target_os = "linux")]
fn of_stat(found: &rustix::fs::Stat) -> (Kind, Stamp) {
    let kind = match rustix::fs::FileType::from_raw_mode(found.st_mode) {
        rustix::fs::FileType::RegularFile => Kind::File,
        rustix::fs::FileType::Directory => Kind::Folder,
        _ => Kind::Other,
    };
    let nanoseconds = |seconds: i64, rest: i64| seconds.checked_mul(1_000_000_000)?.checked_add(rest);
    let moment = |seconds, rest| nanoseconds(seconds, rest).unwrap_or(0);
    let stamp = Stamp {
        size: u64::try_from(found.st_size).unwrap_or(0),
        modified: moment(found.st_mtime, i64::try_from(found.st_mtime_nsec).unwrap_or(0)),
        changed: moment(found.st_ctime, i64::try_from(found.st_ctime_nsec).unwrap_or(0)),
        inode: found.st_ino,
    };
    (kind, stamp)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_says_of_its_files_what_the_system_says_of_each() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path();
        fs::create_dir(root.join("in")).unwrap();
        fs::write(root.join("in/a"), "text").unwrap();
        let looked = Folder::open(root);
        let stamp = |name: &str| Stamp::of(&fs::symlink_metadata(root.join(name)).unwrap());
        assert_eq!(looked.look("in/a").unwrap(), (Kind::File, stamp("in/a")));
        assert_eq!(looked.look("in").unwrap(), (Kind::Folder, stamp("in")));
        let missing = |folder: &Folder, name| folder.look(name).unwrap_err().kind();
        assert_eq!(missing(&looked, "b"), io::ErrorKind::NotFound);
        assert_eq!(missing(&looked, "in/a/b"), io::ErrorKind::NotADirectory);
        assert_eq!(missing(&Folder::open(&root.join("none")), "b"), io::ErrorKind::NotFound);
        #[cfg(unix)]
        {
            std::os::unix::fs::symlink("a", root.join("in/link")).unwrap();
            assert_eq!(looked.look("in/link").unwrap(), (Kind::Other, stamp("in/link")));
        }
    }

    #[test]
    fn a_file_that_just_changed_is_not_settled() {
        let stamp = Stamp { size: 1, modified: 10_000_000_000, changed: 11_000_000_000, inode: 7 };
        assert!(!stamp.is_settled(11_000_000_000));
        assert!(!stamp.is_settled(13_000_000_000));
        assert!(stamp.is_settled(13_000_000_001));
    }
}
