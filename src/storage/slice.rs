//! Slices of a frame that stay in the file until they are read. Most builds need only a few records of a large file
//! of small ones, and all of them would take most of the memory that a build fills.

use std::cell::RefCell;
use std::fmt;
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::ops::Range;
use std::sync::{Arc, Mutex, PoisonError};

use serde::de::{self, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer, ser};

/// Some bytes, in memory or in a file.
#[derive(Debug, Clone)]
pub enum StoredSlice {
    /// In memory.
    Here(Arc<[u8]>),
    /// In a frame: the position of the first byte in it, and the number of bytes.
    There(Arc<Frame>, u32, u32),
}

/// A frame in its file. Its digest was right when it was loaded, and no frame is ever overwritten.
#[derive(Debug)]
pub struct Frame {
    file: Arc<Mutex<File>>,
    start: u64,
}

/// The frame that a thread is reading, and its address in memory.
struct Reading {
    frame: Arc<Frame>,
    bytes: Range<usize>,
}

thread_local! {
    static READING: RefCell<Option<Reading>> = const { RefCell::new(None) };
}

/// Runs `read` on the frame `bytes`, which is at `start` in `file`: slices that it deserializes refer to the file.
pub(super) fn within<T>(file: &Arc<Mutex<File>>, start: u64, bytes: &[u8], read: impl FnOnce() -> T) -> T {
    // All slices of the frame share this value, so that threads don't contend for one reference count.
    let frame = Arc::new(Frame { file: file.clone(), start });
    let first = bytes.as_ptr().addr();
    let before = READING.replace(Some(Reading { frame, bytes: first..first + bytes.len() }));
    let value = read();
    READING.set(before);
    value
}

impl Default for StoredSlice {
    /// No bytes.
    fn default() -> Self {
        StoredSlice::Here(Arc::default())
    }
}

impl StoredSlice {
    /// True if it has no bytes.
    pub fn is_empty(&self) -> bool {
        match self {
            StoredSlice::Here(bytes) => bytes.is_empty(),
            StoredSlice::There(_, _, length) => *length == 0,
        }
    }

    /// Reads the bytes.
    ///
    /// # Errors
    /// The system's error.
    pub fn read(&self) -> io::Result<Arc<[u8]>> {
        match self {
            StoredSlice::Here(bytes) => Ok(bytes.clone()),
            StoredSlice::There(frame, at, length) => {
                super::disk::before_reading()?;
                let mut bytes = vec![0; *length as usize];
                let mut file = frame.file.lock().unwrap_or_else(PoisonError::into_inner);
                file.seek(SeekFrom::Start(frame.start + u64::from(*at)))?;
                file.read_exact(&mut bytes)?;
                Ok(bytes.into())
            }
        }
    }

    fn of(bytes: &[u8]) -> Self {
        let first = bytes.as_ptr().addr();
        let there = READING.with_borrow(|reading| {
            let Reading { frame, bytes: whole } = reading.as_ref()?;
            let is_inside = whole.start <= first && first + bytes.len() <= whole.end;
            let at = u32::try_from(first.checked_sub(whole.start)?).ok()?;
            let length = u32::try_from(bytes.len()).ok()?;
            is_inside.then(|| StoredSlice::There(frame.clone(), at, length))
        });
        there.unwrap_or_else(|| StoredSlice::Here(bytes.into()))
    }
}

impl Serialize for StoredSlice {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_bytes(&self.read().map_err(ser::Error::custom)?)
    }
}

impl<'de> Deserialize<'de> for StoredSlice {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Bytes;
        impl Visitor<'_> for Bytes {
            type Value = StoredSlice;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("bytes")
            }

            fn visit_bytes<E: de::Error>(self, bytes: &[u8]) -> Result<StoredSlice, E> {
                Ok(StoredSlice::of(bytes))
            }
        }
        deserializer.deserialize_bytes(Bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::super::frames;
    use super::*;

    #[test]
    fn a_passage_is_read_from_its_frame_also_when_more_was_added() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("cache");
        let of = |texts: &[&str]| -> Vec<(String, StoredSlice)> {
            texts.iter().map(|text| ((*text).to_owned(), StoredSlice::Here(text.as_bytes().into()))).collect()
        };
        let frames =
            [&["ferry", "quay"][..], &["", "harbour"]].map(|texts| frames::frame(&of(texts)).unwrap());
        frames::save(&path, "cache", 1, &frames).unwrap();
        let loaded = frames::load::<Vec<(String, StoredSlice)>>(&path, "cache", 1).unwrap().unwrap().values;
        let mut writer = frames::Writer::append(&path).unwrap();
        writer.write(&frames::frame(&of(&["pier"])).unwrap()).unwrap();
        writer.finish().unwrap();
        let passages: Vec<(String, StoredSlice)> = loaded.into_iter().flatten().collect();
        assert_eq!(passages.len(), 4);
        for (text, passage) in &passages {
            assert!(matches!(passage, StoredSlice::There(..)), "{passage:?}");
            assert_eq!(&*passage.read().unwrap(), text.as_bytes());
            // A slice of a file is written as its bytes.
            assert_eq!(
                postcard::to_allocvec(passage),
                postcard::to_allocvec(&StoredSlice::Here(text.as_bytes().into()))
            );
        }
        // Outside of a frame, a slice is read into memory.
        let bytes = postcard::to_allocvec(&passages[0].1).unwrap();
        assert!(matches!(postcard::from_bytes(&bytes), Ok(StoredSlice::Here(_))));
    }
}
