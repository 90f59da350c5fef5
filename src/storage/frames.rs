//! Files of binary frames, for large values. Each frame has its length and its digest. Many threads check and read
//! frames at once, and frames can be appended without writing the others again.
//!
//! A full build can make these files anew, so they are not synced to the disk. After a loss of power one may be
//! damaged; loading it then reports the damage.

use std::fs::{self, File, OpenOptions};
use std::io::{self, BufRead, BufReader, BufWriter, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use rayon::prelude::*;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::slice;
use super::{Header, StoreError, damaged, read_header, temporary_name};
use super::{disk, file};
use crate::model::digest::Digest;

/// Bytes of a frame's head: its length (32 bits, little-endian) and its digest.
const HEAD: usize = 4 + 16;

/// The number of frames that are made before they are written: enough to keep all threads busy.
const AT_A_TIME: usize = 16;

/// The contents of a file of frames.
#[derive(Debug, PartialEq, Eq)]
pub struct Loaded<T> {
    /// The values of the frames, in their order.
    pub values: Vec<T>,
    /// True if the last frame was cut short while it was appended. It is not among the values, and nothing can be
    /// appended to the file.
    pub torn: bool,
}

/// Loads all frames of `path`; `None` where there is no file.
///
/// # Errors
/// [`StoreError`]; a changed byte and a missing end of a frame are always detected.
pub fn load<T: DeserializeOwned + Send>(
    path: &Path,
    kind: &str,
    version: u32,
) -> Result<Option<Loaded<T>>, StoreError> {
    load_some(path, kind, version, &|_| true)
}

/// Loads the frames of `path` whose first byte is wanted; the others are skipped unread.
///
/// # Errors
/// [`StoreError`]; a changed byte in a wanted frame and a missing end of any frame are always detected.
pub fn load_some<T: DeserializeOwned + Send>(
    path: &Path,
    kind: &str,
    version: u32,
    is_wanted: &dyn Fn(u8) -> bool,
) -> Result<Option<Loaded<T>>, StoreError> {
    let unreadable = |source| StoreError::Unreadable { path: path.to_owned(), source };
    let mut file = match file::open(path) {
        Ok(file) => BufReader::new(file),
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(source) => return Err(unreadable(source)),
    };
    let damaged = |reason: String| damaged(path, kind, reason);
    let mut line = Vec::new();
    (&mut file).take(LONGEST_HEADER).read_until(b'\n', &mut line).map_err(unreadable)?;
    let (header, start) = read_header(&line, path, kind, version)?;
    let length = file.get_ref().metadata().map_err(unreadable)?.len();
    let (mut heads, torn) = heads(&mut file, start as u64, length).map_err(unreadable)?;
    if header.frames.map_or(torn, |count| heads.len() < count) {
        return Err(damaged("it is cut short".into()));
    }
    heads.retain(|head| is_wanted(head.tag));
    let again = Arc::new(Mutex::new(file.into_inner()));
    // The file is read frame by frame, so that it is never all in memory.
    let read = |bytes: &mut Vec<u8>, head: &Head| {
        bytes.clear();
        bytes.reserve(head.length);
        file::open(path)
            .and_then(|mut file| {
                file.seek(SeekFrom::Start(head.start))?;
                file.take(head.length as u64).read_to_end(bytes)
            })
            .map_err(unreadable)?;
        if *Digest::quick(bytes).bytes() != head.digest {
            return Err(damaged("its bytes were changed".into()));
        }
        slice::within(&again, head.start, bytes, || postcard::from_bytes(bytes))
            .map_err(|error| damaged(error.to_string()))
    };
    let values = heads.par_iter().map_init(Vec::new, read).collect::<Result<_, _>>()?;
    Ok(Some(Loaded { values, torn }))
}

/// The longest first line, in bytes.
const LONGEST_HEADER: u64 = 1024;

/// The place, length and digest of a frame.
struct Head {
    start: u64,
    length: usize,
    digest: [u8; 16],
    /// The frame's first byte; 0 if the frame is empty.
    tag: u8,
}

/// The heads of the whole frames from `at` on; the flag is true if one more frame follows that is cut short.
fn heads(file: &mut BufReader<File>, mut at: u64, end: u64) -> io::Result<(Vec<Head>, bool)> {
    let mut heads = Vec::new();
    while at < end {
        let mut head = [0; HEAD];
        file.seek(SeekFrom::Start(at))?;
        if at + HEAD as u64 > end {
            return Ok((heads, true));
        }
        file.read_exact(&mut head)?;
        let mut length = [0; 4];
        let mut digest = [0; 16];
        length.copy_from_slice(&head[..4]);
        digest.copy_from_slice(&head[4..]);
        let length = u32::from_le_bytes(length);
        let start = at + HEAD as u64;
        at = start + u64::from(length);
        if at > end {
            return Ok((heads, true));
        }
        let mut tag = [0];
        if length > 0 {
            file.read_exact(&mut tag)?;
        }
        heads.push(Head { start, length: length as usize, digest, tag: tag[0] });
    }
    Ok((heads, false))
}

/// A value as a frame: head and bytes.
///
/// # Errors
/// A value that can't be serialized, or that is larger than 4 GiB.
pub fn frame(value: &impl Serialize) -> io::Result<Vec<u8>> {
    let mut bytes = postcard::to_extend(value, vec![0; HEAD]).map_err(io::Error::other)?;
    let length = u32::try_from(bytes.len() - HEAD).map_err(io::Error::other)?;
    let digest = Digest::quick(&bytes[HEAD..]);
    bytes[..4].copy_from_slice(&length.to_le_bytes());
    bytes[4..HEAD].copy_from_slice(digest.bytes());
    Ok(bytes)
}

/// Saves `frames`, made by [`frame`], at `path` atomically: a reader finds either the old file or the new one.
/// Missing folders are made.
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
    /// The path of a new file until it is whole; `None` when frames are appended to an existing file.
    temporary: Option<PathBuf>,
    file: BufWriter<disk::File>,
    /// The number of bytes before the next frame.
    end: u64,
}

impl Writer {
    /// Starts a new file, which replaces `path` when it is finished. `count` is the number of frames that follow, if
    /// it is known: a frame beyond that number that is cut short does not damage the file.
    ///
    /// # Errors
    /// [`StoreError::Unwritable`].
    pub fn new(path: &Path, kind: &str, version: u32, count: Option<usize>) -> Result<Self, StoreError> {
        let unwritable = |source| StoreError::Unwritable { path: path.to_owned(), source };
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        disk::create_dir_all(folder).map_err(unwritable)?;
        let temporary = folder.join(temporary_name());
        let file = disk::File::create(&temporary).map_err(unwritable)?;
        let mut writer = Writer {
            path: path.to_owned(),
            temporary: Some(temporary),
            file: BufWriter::with_capacity(256 * 1024, file),
            end: 0,
        };
        let header = Header { kind: kind.to_owned(), version, frames: count };
        let line = serde_json::to_string(&header).map_err(|error| unwritable(error.into()))?;
        writer.write(line.as_bytes()).and_then(|()| writer.write(b"\n")).map_err(unwritable)?;
        Ok(writer)
    }

    /// Opens the file at `path` to append frames.
    ///
    /// # Errors
    /// [`StoreError::Unwritable`].
    pub fn append(path: &Path) -> Result<Self, StoreError> {
        let unwritable = |source| StoreError::Unwritable { path: path.to_owned(), source };
        let file = disk::File::open(path, OpenOptions::new().append(true)).map_err(unwritable)?;
        let end = fs::metadata(path).map_err(unwritable)?.len();
        Ok(Writer { path: path.to_owned(), temporary: None, file: BufWriter::new(file), end })
    }

    /// Writes a frame made by [`frame`].
    ///
    /// # Errors
    /// The system's error.
    pub fn write(&mut self, frame: &[u8]) -> io::Result<()> {
        self.end += frame.len() as u64;
        self.file.write_all(frame)
    }

    /// Writes a frame for each `batch` of `values`, made by `make`. All threads make frames, a limited number at a
    /// time, so that they are never all in memory.
    ///
    /// # Errors
    /// [`StoreError::Unwritable`].
    pub fn write_batches<T: Sync>(
        &mut self,
        values: &[T],
        batch: usize,
        make: impl Fn(&[T]) -> io::Result<Vec<u8>> + Sync,
    ) -> Result<(), StoreError> {
        for some in values.chunks(AT_A_TIME * batch) {
            let frames: Vec<io::Result<Vec<u8>>> = some.par_chunks(batch).map(&make).collect();
            for frame in frames {
                let written = frame.and_then(|frame| self.write(&frame));
                written.map_err(|source| StoreError::Unwritable { path: self.path.clone(), source })?;
            }
        }
        Ok(())
    }

    /// Writes `values` as [`write_batches`](Writer::write_batches) does, and returns what the frames say, as a reader of
    /// the file gets it: [slices](super::StoredSlice) in it are in the file.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn write_and_read<T: Sync, R: DeserializeOwned + Send>(
        &mut self,
        values: &[T],
        batch: usize,
        make: impl Fn(&[T]) -> io::Result<Vec<u8>> + Sync,
    ) -> Result<Vec<R>, StoreError> {
        let written = self.temporary.as_ref().unwrap_or(&self.path).clone();
        let unwritable = |source| StoreError::Unwritable { path: written.clone(), source };
        let again = file::open(&written).map_err(unwritable)?;
        let again = Arc::new(Mutex::new(again));
        let mut read = Vec::new();
        for some in values.chunks(AT_A_TIME * batch) {
            let frames: io::Result<Vec<Vec<u8>>> = some.par_chunks(batch).map(&make).collect();
            let mut placed = Vec::new();
            for frame in frames.map_err(unwritable)? {
                let start = self.end + HEAD as u64;
                self.write(&frame).map_err(unwritable)?;
                placed.push((start, frame));
            }
            let values = placed.par_iter().map(|(start, frame)| {
                let bytes = &frame[HEAD..];
                slice::within(&again, *start, bytes, || postcard::from_bytes(bytes))
            });
            let values: Result<Vec<R>, postcard::Error> = values.collect();
            read.extend(values.map_err(io::Error::other).map_err(unwritable)?);
        }
        self.file.flush().map_err(unwritable)?;
        Ok(read)
    }

    /// Finishes the file; a new one moves to its place.
    ///
    /// # Errors
    /// [`StoreError::Unwritable`].
    pub fn finish(mut self) -> Result<(), StoreError> {
        let path = std::mem::take(&mut self.path);
        let done = self.file.flush().and_then(|()| match self.temporary.take() {
            Some(temporary) => disk::rename(&temporary, &path).inspect_err(|_| {
                // The first error is the one that matters; a leftover file does no harm.
                let _ = disk::remove_file(&temporary);
            }),
            None => Ok(()),
        });
        done.map_err(|source| StoreError::Unwritable { path, source })
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        if let Some(temporary) = &self.temporary {
            let _ = disk::remove_file(temporary);
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
        Ok(load(path, "cache", 1)?.map(|loaded| loaded.values))
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
    fn what_is_read_while_it_is_written_is_in_the_file_and_not_in_memory() {
        use super::super::StoredSlice;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("cache");
        let write = |writer: &mut Writer, texts: &[&str]| -> Vec<StoredSlice> {
            let slices: Vec<StoredSlice> =
                texts.iter().map(|text| StoredSlice::Here(text.as_bytes().into())).collect();
            let read = writer.write_and_read(&slices, 2, |some| frame(&some));
            read.unwrap().into_iter().flat_map(|slices: Vec<StoredSlice>| slices).collect()
        };
        let text = |slice: &StoredSlice| {
            assert!(matches!(slice, StoredSlice::There(..)), "{slice:?}");
            String::from_utf8(slice.read().unwrap().to_vec()).unwrap()
        };
        let texts = ["ferry", "", "quay", "pier", "harbour"];
        let mut writer = Writer::new(&path, "cache", 1, None).unwrap();
        let new = write(&mut writer, &texts);
        assert_eq!(new.iter().map(text).collect::<Vec<_>>(), texts, "before the file is whole");
        writer.finish().unwrap();
        let mut writer = Writer::append(&path).unwrap();
        let more = write(&mut writer, &["buoy"]);
        writer.finish().unwrap();
        let all = new.iter().chain(&more).map(text).collect::<Vec<_>>();
        assert_eq!(all, ["ferry", "", "quay", "pier", "harbour", "buoy"]);
    }

    #[test]
    fn what_was_added_may_be_cut_short_but_not_what_was_saved() {
        let folder = tempfile::tempdir().unwrap();
        let path = saved(folder.path());
        let before = fs::metadata(&path).unwrap().len() as usize;
        let mut writer = Writer::append(&path).unwrap();
        writer.write(&frame(&vec!["d"]).unwrap()).unwrap();
        writer.finish().unwrap();
        let whole = fs::read(&path).unwrap();
        let read = || load::<Vec<String>>(&path, "cache", 1);
        assert_eq!(read().unwrap().unwrap().values.len(), 3);
        for length in before + 1..whole.len() {
            fs::write(&path, &whole[..length]).unwrap();
            let Loaded { values, torn } = read().unwrap().unwrap();
            assert!(values.len() == 2 && torn, "cut at {length}");
        }
        for at in before + 4..whole.len() {
            let mut changed = whole.clone();
            changed[at] ^= 1;
            fs::write(&path, &changed).unwrap();
            assert!(read().is_err(), "changed at {at}");
        }
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
