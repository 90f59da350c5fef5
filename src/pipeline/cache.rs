//! The cache: what was read before, so that it need not be read again. Deleting it changes no byte of
//! the output. A cache that is damaged, cut short, or of another version is dropped.
//!
//! It is a file of records that others define; a later record takes the place of an earlier one of the
//! same name, so that a build adds what changed and leaves the rest of the file alone.

use std::path::{Path, PathBuf};

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::model::digest::Digest;
use crate::storage::StoreError;
use crate::storage::frames::{self, Writer};

const KIND: &str = "cache";
const VERSION: u32 = 8;

/// Records in one frame: enough to be worth a thread's while.
const BATCH: usize = 1024;

/// A batch of records, and what they depend on beside their names.
#[derive(serde::Serialize, serde::Deserialize)]
struct Batch<T> {
    key: Digest,
    records: Vec<T>,
}

/// What a cache on disk has, whatever it depends on; nothing where there is none.
pub struct Read<T>(Result<Option<Vec<Batch<T>>>, StoreError>);

/// Reads the cache at `path`.
pub fn read<T: DeserializeOwned + Send>(path: &Path) -> Read<T> {
    Read(frames::load::<Batch<T>>(path, KIND, VERSION).map(|loaded| loaded.map(|loaded| loaded.values)))
}

/// A cache on disk, for records that depend on `key`: those of another key are as good as none.
pub struct Cache {
    path: PathBuf,
    key: Digest,
    /// Records in the file, outdated ones among them; `None` if it has to be made anew.
    kept: Option<usize>,
    writer: Option<Writer>,
    added: usize,
}

impl Cache {
    /// Opens the cache at `path` and reads its records, in the order in which they were added. The error
    /// says why it was dropped, if it was.
    pub fn open<T: DeserializeOwned + Send>(path: &Path, key: Digest) -> (Self, Vec<T>, Option<StoreError>) {
        let (cache, batches, dropped) = Cache::of(path, key, read(path));
        (cache, batches.into_iter().flatten().collect(), dropped)
    }

    /// The same of what was [`read`] at `path`; the records are in batches.
    pub fn of<T>(path: &Path, key: Digest, read: Read<T>) -> (Self, Vec<Vec<T>>, Option<StoreError>) {
        let (batches, dropped) = match read.0 {
            Ok(batches) => (batches, None),
            Err(error) => (None, Some(error)),
        };
        let batches = batches.filter(|batches| batches.iter().all(|batch| batch.key == key));
        let kept = batches.as_ref().map(|batches| batches.iter().map(|batch| batch.records.len()).sum());
        let records = batches.into_iter().flatten().map(|batch| batch.records).collect();
        (Cache { path: path.to_owned(), key, kept, writer: None, added: 0 }, records, dropped)
    }

    /// Adds records.
    ///
    /// # Errors
    /// [`StoreError::Unwritable`].
    pub fn add<T: Serialize + Sync>(&mut self, records: &[T]) -> Result<(), StoreError> {
        if records.is_empty() {
            return Ok(());
        }
        let key = self.key;
        let writer = match &mut self.writer {
            Some(writer) => writer,
            none => none.insert(match self.kept {
                Some(_) => Writer::append(&self.path)?,
                None => Writer::new(&self.path, KIND, VERSION, None)?,
            }),
        };
        writer.write_batches(records, BATCH, |records| frames::frame(&Borrowed { key, records }))?;
        self.added += records.len();
        Ok(())
    }

    /// Finishes the file. Once outdated records are as many as the `live` ones, they go: `newest` is
    /// given all records in the order in which they were added, and returns those to keep.
    ///
    /// # Errors
    /// [`StoreError::Unwritable`].
    pub fn finish<T: Serialize + DeserializeOwned + Send + Sync>(
        self,
        live: usize,
        newest: impl FnOnce(Vec<T>) -> Vec<T>,
    ) -> Result<(), StoreError> {
        let total = self.kept.unwrap_or(0) + self.added;
        if let Some(writer) = self.writer {
            writer.finish()?;
        }
        if total <= 2 * live + BATCH {
            return Ok(());
        }
        let (_, records, _) = Cache::open::<T>(&self.path, self.key);
        let mut anew = Cache { path: self.path, key: self.key, kept: None, writer: None, added: 0 };
        anew.add(&newest(records))?;
        anew.writer.map_or(Ok(()), Writer::finish)
    }
}

/// A [`Batch`] of records that stay where they are.
#[derive(serde::Serialize)]
struct Borrowed<'a, T> {
    key: Digest,
    records: &'a [T],
}

#[cfg(test)]
mod tests {
    use super::*;

    type Pair = (String, u32);

    fn pair(name: &str, value: u32) -> Pair {
        (name.to_owned(), value)
    }

    fn key(text: &str) -> Digest {
        Digest::of(text.as_bytes())
    }

    #[test]
    fn records_are_added_to_those_of_before_and_another_key_drops_them() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("cache");
        for (value, before) in [(1, 0), (2, 1)] {
            let (mut cache, records, _) = Cache::open::<Pair>(&path, key("a"));
            assert_eq!(records.len(), before);
            cache.add(&[pair("x", value)]).unwrap();
            cache.finish::<Pair>(1, |records| records).unwrap();
        }
        let (_, records, dropped) = Cache::open::<Pair>(&path, key("a"));
        assert_eq!(records, [pair("x", 1), pair("x", 2)]);
        assert!(dropped.is_none());
        let (mut cache, records, _) = Cache::open::<Pair>(&path, key("b"));
        assert!(records.is_empty());
        cache.add(&[pair("y", 1)]).unwrap();
        cache.finish::<Pair>(1, |records| records).unwrap();
        assert_eq!(Cache::open::<Pair>(&path, key("b")).1, [pair("y", 1)]);
    }

    #[test]
    fn a_file_full_of_outdated_records_is_made_anew() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("cache");
        let many: Vec<Pair> = (0..3000).map(|value| pair("x", value)).collect();
        let (mut cache, _, _) = Cache::open::<Pair>(&path, key("a"));
        cache.add(&many).unwrap();
        cache.finish::<Pair>(1, |records| records.into_iter().rev().take(1).collect()).unwrap();
        assert_eq!(Cache::open::<Pair>(&path, key("a")).1, [pair("x", 2999)]);
    }

    #[test]
    fn a_damaged_cache_is_dropped_and_said_to_be() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("cache");
        std::fs::write(&path, "something else").unwrap();
        let (mut cache, records, dropped) = Cache::open::<Pair>(&path, key("a"));
        assert!(records.is_empty() && dropped.is_some());
        cache.add(&[pair("x", 1)]).unwrap();
        cache.finish::<Pair>(1, |records| records).unwrap();
        assert_eq!(Cache::open::<Pair>(&path, key("a")).1, [pair("x", 1)]);
    }
}
