//! A file of binary frames, each with its length and its digest, for what is large: frames are checked
//! and read by many threads, and more can be added to a file without writing the others again.
//!
//! These files can be made anew from a full build, so nothing waits for the disk: after a loss of power
//! one may be damaged, and that is noticed.

use std::fs::{self, File, OpenOptions};
use std::io::{self, BufWriter, Write};
use std::ops::Range;
use std::path::{Path, PathBuf};

use rayon::prelude::*;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::{Header, StoreError, damaged, read_header, temporary_name};
use crate::digest::Digest;

/// Length (32 bits, least first) and digest of a frame.
const HEAD: usize = 4 + 16;

/// Loads all frames of `path`, in their order; `None` where there is no file.
///
/// # Errors
/// [`StoreError`]; every changed byte and every missing end of a frame is noticed.
pub fn load<T: DeserializeOwned + Send>(
    path: &Path,
    kind: &str,
    version: u32,
) -> Result<Option<Vec<T>>, StoreError> {
    let bytes = match fs::read(path) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(source) => return Err(StoreError::Unreadable { path: path.to_owned(), source }),
    };
    let damaged = |reason: String| damaged(path, kind, reason);
    let (header, start) = read_header(&bytes, path, kind, version)?;
    let frames = split(&bytes, start).ok_or_else(|| damaged("it is cut short".into()))?;
    if header.frames.is_some_and(|count| count != frames.len()) {
        return Err(damaged("it is cut short".into()));
    }
    let read = |(digest, range): &(Range<usize>, Range<usize>)| {
        let frame = &bytes[range.clone()];
        if Digest::of(frame).bytes() != &bytes[digest.clone()] {
            return Err(damaged("its bytes were changed".into()));
        }
        postcard::from_bytes(frame).map_err(|error| damaged(error.to_string()))
    };
    frames.par_iter().map(read).collect::<Result<_, _>>().map(Some)
}

/// Where the digest and the bytes of each frame are.
fn split(bytes: &[u8], mut at: usize) -> Option<Vec<(Range<usize>, Range<usize>)>> {
    let mut frames = Vec::new();
    while at < bytes.len() {
        let length: [u8; 4] = bytes.get(at..at + 4)?.try_into().ok()?;
        let start = at + HEAD;
        let end = start.checked_add(usize::try_from(u32::from_le_bytes(length)).ok()?)?;
        bytes.get(start..end)?;
        frames.push((at + 4..start, start..end));
        at = end;
    }
    Some(frames)
}

/// A value as a frame: its head and its bytes.
///
/// # Errors
/// Where the value can't be written, or is larger than 4 GiB.
pub fn frame(value: &impl Serialize) -> io::Result<Vec<u8>> {
    let mut bytes = postcard::to_extend(value, vec![0; HEAD]).map_err(io::Error::other)?;
    let length = u32::try_from(bytes.len() - HEAD).map_err(io::Error::other)?;
    let digest = Digest::of(&bytes[HEAD..]);
    bytes[..4].copy_from_slice(&length.to_le_bytes());
    bytes[4..HEAD].copy_from_slice(digest.bytes());
    Ok(bytes)
}

/// Saves `frames`, which [`frame`] made, at `path`: whoever reads it finds either the old file or the
/// new one. Missing folders are made.
///
/// # Errors
/// [`StoreError::Unwritable`].
pub fn save(path: &Path, kind: &str, version: u32, frames: &[Vec<u8>]) -> Result<(), StoreError> {
    let unwritable = |source| StoreError::Unwritable { path: path.to_owned(), source };
    let mut writer = Writer::new(path, kind, version, Some(frames.len()))?;
    for frame in frames {
        writer.write(frame).map_err(unwritable)?;
    }
    writer.finish()
}

/// Writes frames one after the other.
pub struct Writer {
    path: PathBuf,
    /// Where a new file is until it is whole; `None` when frames are added to the file itself.
    temporary: Option<PathBuf>,
    file: BufWriter<File>,
}

impl Writer {
    /// A new file that takes the place of `path` when it is finished. `count` frames will follow, where
    /// that is known.
    ///
    /// # Errors
    /// [`StoreError::Unwritable`].
    pub fn new(path: &Path, kind: &str, version: u32, count: Option<usize>) -> Result<Self, StoreError> {
        let unwritable = |source| StoreError::Unwritable { path: path.to_owned(), source };
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        fs::create_dir_all(folder).map_err(unwritable)?;
        let temporary = folder.join(temporary_name());
        let file = File::create(&temporary).map_err(unwritable)?;
        let mut writer = Writer {
            path: path.to_owned(),
            temporary: Some(temporary),
            file: BufWriter::with_capacity(256 * 1024, file),
        };
        let header = Header { kind: kind.to_owned(), version, frames: count };
        let line = serde_json::to_string(&header).map_err(|error| unwritable(error.into()))?;
        writer.write(line.as_bytes()).and_then(|()| writer.write(b"\n")).map_err(unwritable)?;
        Ok(writer)
    }

    /// Adds frames to the file that is at `path`.
    ///
    /// # Errors
    /// [`StoreError::Unwritable`].
    pub fn append(path: &Path) -> Result<Self, StoreError> {
        let unwritable = |source| StoreError::Unwritable { path: path.to_owned(), source };
        let file = OpenOptions::new().append(true).open(path).map_err(unwritable)?;
        Ok(Writer { path: path.to_owned(), temporary: None, file: BufWriter::new(file) })
    }

    /// Writes a frame that [`frame`] made.
    ///
    /// # Errors
    /// What the system says.
    pub fn write(&mut self, frame: &[u8]) -> io::Result<()> {
        self.file.write_all(frame)
    }

    /// Puts a new file in its place.
    ///
    /// # Errors
    /// [`StoreError::Unwritable`].
    pub fn finish(mut self) -> Result<(), StoreError> {
        let path = std::mem::take(&mut self.path);
        let done = self.file.flush().and_then(|()| match self.temporary.take() {
            Some(temporary) => fs::rename(&temporary, &path).inspect_err(|_| {
                // The first error is the one that matters; a leftover is only untidy.
                let _ = fs::remove_file(&temporary);
            }),
            None => Ok(()),
        });
        done.map_err(|source| StoreError::Unwritable { path, source })
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        if let Some(temporary) = &self.temporary {
            let _ = fs::remove_file(temporary);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn saved(folder: &Path) -> PathBuf {
        let path = folder.join("deep/cache");
        let frames = [frame(&vec!["a", "b"]).unwrap(), frame(&vec!["c"]).unwrap()];
        save(&path, "cache", 1, &frames).unwrap();
        path
    }

    fn read(path: &Path) -> Result<Option<Vec<Vec<String>>>, StoreError> {
        load(path, "cache", 1)
    }

    #[test]
    fn frames_come_back_in_their_order() {
        let folder = tempfile::tempdir().unwrap();
        assert!(read(&folder.path().join("none")).unwrap().is_none());
        let path = saved(folder.path());
        assert_eq!(read(&path).unwrap().unwrap(), [vec!["a", "b"], vec!["c"]]);
        assert_eq!(fs::read_dir(folder.path().join("deep")).unwrap().count(), 1);
    }

    #[test]
    fn frames_can_be_added_where_their_number_is_open() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("cache");
        let mut writer = Writer::new(&path, "cache", 1, None).unwrap();
        writer.write(&frame(&vec!["a"]).unwrap()).unwrap();
        assert!(!path.exists());
        writer.finish().unwrap();
        let mut writer = Writer::append(&path).unwrap();
        writer.write(&frame(&vec!["b"]).unwrap()).unwrap();
        writer.finish().unwrap();
        assert_eq!(read(&path).unwrap().unwrap(), [["a"], ["b"]]);
        drop(Writer::new(&path, "cache", 1, None).unwrap());
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn every_cut_and_every_changed_byte_is_noticed() {
        let folder = tempfile::tempdir().unwrap();
        let path = saved(folder.path());
        let whole = fs::read(&path).unwrap();
        for length in 0..whole.len() {
            fs::write(&path, &whole[..length]).unwrap();
            assert!(read(&path).is_err(), "cut at {length}");
        }
        for at in 0..whole.len() {
            let mut changed = whole.clone();
            changed[at] ^= 1;
            fs::write(&path, &changed).unwrap();
            assert!(read(&path).is_err(), "changed at {at}");
        }
    }
}
