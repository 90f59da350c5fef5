//! Versioned files, replaced atomically. The first line says what the file is and which version of its format
//! follows. The rest is either one JSON value on one line ([`save`], [`load`]) or binary [`frames`], for what is
//! large and read at every build.

pub mod disk;
pub mod file;
pub mod frames;
mod slice;

use std::fs;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process;
use std::sync::atomic::{AtomicU64, Ordering};

use miette::Diagnostic;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
pub use slice::StoredSlice;
use thiserror::Error;

/// Why a file could not be saved or loaded.
#[derive(Debug, Error, Diagnostic)]
pub enum StoreError {
    /// The system refused to write the file.
    #[error("cannot write `{}`: {source}", path.display())]
    #[diagnostic(
        code(store::unwritable),
        help("check that there is space left on the disk and that this user may write there")
    )]
    Unwritable {
        /// The file.
        path: PathBuf,
        /// The system's error.
        source: io::Error,
    },
    /// The file exists, but the system refused to read it.
    #[error("cannot read `{}`: {source}", path.display())]
    #[diagnostic(code(store::unreadable), help("check that it is a file and that this user may read it"))]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// The system's error.
        source: io::Error,
    },
    /// The file is cut short, was changed by hand, or is some other file.
    #[error("`{}` is damaged or is not a {kind} of Dateline: {reason}", path.display())]
    #[diagnostic(code(store::damaged), help("restore it from a copy, or move it away"))]
    Damaged {
        /// The file.
        path: PathBuf,
        /// The kind of file that it should be.
        kind: String,
        /// The evidence.
        reason: String,
    },
    /// The file is whole, but its format belongs to another version of Dateline.
    #[error("`{}` has format version {found}; this Dateline reads version {wanted}", path.display())]
    #[diagnostic(
        code(store::version),
        help("use the version of Dateline that wrote it, or move the file away")
    )]
    OtherVersion {
        /// The file.
        path: PathBuf,
        /// The version that the file has.
        found: u32,
        /// The version that this Dateline reads.
        wanted: u32,
    },
}

impl StoreError {
    /// True if the file could be read, but its content is of no use.
    pub fn is_about_content(&self) -> bool {
        matches!(self, StoreError::Damaged { .. } | StoreError::OtherVersion { .. })
    }
}

/// The first line of a stored file.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Header {
    #[serde(rename = "dateline")]
    kind: String,
    version: u32,
    /// The number of frames that follow, if it is known from the start.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    frames: Option<usize>,
}

/// Saves `value` at `path` atomically: a reader, even after a crash, finds either the old file or the new one, whole.
/// The format ends with a fixed last byte, so that a file that lost its tail is detected even where the rest would
/// parse. Missing folders are made. Equal values give equal bytes as long as the value's own order is fixed
/// (`BTreeMap`, not `HashMap`).
pub fn save(path: &Path, kind: &str, version: u32, value: &impl Serialize) -> Result<(), StoreError> {
    let unwritable = |source| StoreError::Unwritable { path: path.to_owned(), source };
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    disk::create_dir_all(folder).map_err(unwritable)?;
    let temporary = folder.join(temporary_name());
    let header = Header { kind: kind.to_owned(), version, frames: None };
    let saved =
        write(&temporary, &header, value).and_then(|()| disk::rename(&temporary, path)).map_err(unwritable);
    if saved.is_err() {
        // The first error is the one that matters; a leftover file does no harm.
        let _ = disk::remove_file(&temporary);
    } else if let Ok(folder) = fs::File::open(folder) {
        // Syncs the rename itself. Not every system lets a folder be opened; the file is whole anyway.
        let _ = folder.sync_all();
    }
    saved
}

fn write(path: &Path, header: &Header, value: &impl Serialize) -> io::Result<()> {
    let mut file = BufWriter::with_capacity(64 * 1024, disk::File::create(path)?);
    serde_json::to_writer(&mut file, header)?;
    file.write_all(b"\n")?;
    serde_json::to_writer(&mut file, value)?;
    file.write_all(b"\n")?;
    file.into_inner().map_err(io::IntoInnerError::into_error)?.sync_all()
}

/// Replaces the text of the file at `path` atomically: a reader finds either the old text or the new one. Permissions
/// stay. A symbolic link stays; its target is replaced.
///
/// # Errors
/// Errors of the file system; the file is then as it was.
pub fn replace(path: &Path, text: &str) -> io::Result<()> {
    let path = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(".tmp");
    let beside = path.with_file_name(name);
    let written = disk::File::create(&beside).and_then(|mut file| {
        if let Ok(old) = fs::metadata(&path) {
            disk::set_permissions(&beside, old.permissions())?;
        }
        file.write_all(text.as_bytes())?;
        file.sync_all()
    });
    let saved = written.and_then(|()| disk::rename(&beside, &path));
    if saved.is_err() {
        // The first error is the one to report; a leftover file does no harm.
        let _ = disk::remove_file(&beside);
    }
    saved
}

/// A name that no other save uses now, in this process or another.
pub fn temporary_name() -> String {
    static SAVES: AtomicU64 = AtomicU64::new(0);
    format!(".dateline-{}-{}.tmp", process::id(), SAVES.fetch_add(1, Ordering::Relaxed))
}

/// True for the name of a temporary file. While no run is at work, such a file is the leftover of a dead one.
pub fn is_temporary(name: &str) -> bool {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    name.strip_prefix(".dateline-")
        .and_then(|rest| rest.strip_suffix(".tmp")?.split_once('-'))
        .is_some_and(|(process, number)| digits(process) && digits(number))
}

/// Loads a value saved by [`save`] with the same `kind` and `version`; `None` where there is no file.
pub fn load<T: DeserializeOwned>(path: &Path, kind: &str, version: u32) -> Result<Option<T>, StoreError> {
    let bytes = match file::read(path, file::STATE) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(source) => return Err(StoreError::Unreadable { path: path.to_owned(), source }),
    };
    let damaged = |reason: String| damaged(path, kind, reason);
    let (_, start) = read_header(&bytes, path, kind, version)?;
    let body = bytes[start..].strip_suffix(b"\n").ok_or_else(|| damaged("it is cut short".into()))?;
    serde_json::from_slice(body).map(Some).map_err(|error| damaged(error.to_string()))
}

fn damaged(path: &Path, kind: &str, reason: String) -> StoreError {
    StoreError::Damaged { path: path.to_owned(), kind: kind.to_owned(), reason }
}

/// The header, and the byte at which the rest of the file starts.
fn read_header(bytes: &[u8], path: &Path, kind: &str, version: u32) -> Result<(Header, usize), StoreError> {
    let damaged = |reason: String| damaged(path, kind, reason);
    let end = bytes.iter().position(|byte| *byte == b'\n').ok_or_else(|| damaged("no first line".into()))?;
    let header: Header =
        serde_json::from_slice(&bytes[..end]).map_err(|_| damaged("its first line is not ours".into()))?;
    if header.kind != kind {
        return Err(damaged(format!("it is a {}", header.kind)));
    }
    if header.version != version {
        let found = header.version;
        return Err(StoreError::OtherVersion { path: path.to_owned(), found, wanted: version });
    }
    Ok((header, end + 1))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    fn names(folder: &Path) -> Vec<String> {
        let mut names: Vec<_> =
            fs::read_dir(folder).unwrap().map(|e| e.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    #[test]
    fn what_was_saved_is_loaded_and_nothing_else_is_left() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("deep/er/outbox.json");
        assert_eq!(load::<Vec<u8>>(&path, "outbox", 1).unwrap(), None);
        save(&path, "outbox", 1, &vec![1u8, 2]).unwrap();
        save(&path, "outbox", 1, &vec![3u8]).unwrap();
        assert_eq!(load(&path, "outbox", 1).unwrap(), Some(vec![3u8]));
        assert_eq!(fs::read_to_string(&path).unwrap(), "{\"dateline\":\"outbox\",\"version\":1}\n[3]\n");
        assert_eq!(names(path.parent().unwrap()), ["outbox.json"]);
    }

    #[test]
    fn a_cut_at_any_byte_is_noticed() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("n");
        // A bare number is the hard case: cut short it is still a number.
        save(&path, "count", 1, &1234u32).unwrap();
        let whole = fs::read(&path).unwrap();
        for length in 0..whole.len() {
            fs::write(&path, &whole[..length]).unwrap();
            let error = load::<u32>(&path, "count", 1).unwrap_err();
            assert!(matches!(error, StoreError::Damaged { .. }), "{length}: {error}");
        }
    }

    #[test]
    fn other_kinds_versions_and_folders_are_told_apart() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("f");
        save(&path, "cache", 2, &BTreeMap::from([("a", 1)])).unwrap();
        let load = |path, kind, version| load::<BTreeMap<String, u32>>(path, kind, version);
        assert!(matches!(load(&path, "cache", 3), Err(StoreError::OtherVersion { found: 2, wanted: 3, .. })));
        assert!(matches!(load(&path, "manifest", 2), Err(StoreError::Damaged { .. })));
        assert!(matches!(load(folder.path(), "cache", 2), Err(StoreError::Unreadable { .. })));
        fs::write(&path, "\u{feff}hello\n\n").unwrap();
        assert!(matches!(load(&path, "cache", 2), Err(StoreError::Damaged { .. })));
    }

    #[test]
    fn a_failed_save_leaves_the_old_file_and_no_temporary() {
        struct Unsayable;
        impl Serialize for Unsayable {
            fn serialize<S: serde::Serializer>(&self, _: S) -> Result<S::Ok, S::Error> {
                Err(serde::ser::Error::custom("no"))
            }
        }
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("f");
        save(&path, "cache", 1, &7).unwrap();
        assert!(matches!(save(&path, "cache", 1, &Unsayable), Err(StoreError::Unwritable { .. })));
        assert_eq!(load::<u32>(&path, "cache", 1).unwrap(), Some(7));
        assert_eq!(names(folder.path()), ["f"]);
        // A folder where the file should be.
        fs::create_dir_all(folder.path().join("d/x")).unwrap();
        assert!(save(&folder.path().join("d"), "cache", 1, &7).is_err());
        assert_eq!(names(folder.path()), ["d", "f"]);
    }
}
