//! The texts of published sources, as of their last publication. A publication shows them for articles whose sources
//! have errors now.
//!
//! One file has all texts in sequence; an index has their places. A replaced text stays until half of the file is
//! garbage; then the live texts move to a new file.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::fs::{self, File, OpenOptions};
use std::io::{self, BufWriter, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use foldhash::fast::RandomState;
use serde::{Deserialize, Serialize};

use super::Request;
use crate::model::digest::Digest;
use crate::output::OutputError;
use crate::site::library::Library;
use crate::storage::frames::{self, Writer};
use crate::storage::{StoreError, disk, file};

const INDEX: &str = "published";
const KIND: &str = "index of published texts";
const VERSION: u32 = 3;

/// Bytes of garbage that are tolerated in any file.
const SLACK: u64 = 1 << 20;

/// Places of some texts.
#[derive(Serialize, Deserialize)]
struct Batch {
    /// The number of the file with the texts.
    file: u32,
    /// The digest of each source's name, and its place; `None` for a source that is no longer public.
    places: Vec<(Digest, Option<Place>)>,
}

#[derive(Clone, Copy, Serialize, Deserialize)]
struct Place {
    digest: Digest,
    at: u64,
    length: u64,
}

/// The texts that were last published.
pub(super) struct PublishedTexts {
    state: PathBuf,
    file: u32,
    places: HashMap<Digest, Place, RandomState>,
    /// The index file is intact, so it can be appended to.
    is_whole: bool,
}

/// A source whose text is to be kept.
pub(super) struct Keep<'a> {
    pub name: &'a str,
    /// Digest of its bytes.
    pub digest: Digest,
    /// Its bytes, if they are in memory.
    pub bytes: Option<&'a [u8]>,
    /// The file to read them from otherwise.
    pub file: PathBuf,
}

impl PublishedTexts {
    /// Opens the texts in `state`. An unreadable index counts as empty.
    pub fn open(state: &Path) -> PublishedTexts {
        let loaded = frames::load::<Batch>(&state.join(INDEX), KIND, VERSION).ok().flatten();
        let is_whole = loaded.as_ref().is_some_and(|loaded| !loaded.torn);
        let batches = loaded.map(|loaded| loaded.values).unwrap_or_default();
        let file = batches.last().map_or(0, |batch| batch.file);
        let mut places = HashMap::default();
        for (name, place) in
            batches.into_iter().filter(|batch| batch.file == file).flat_map(|batch| batch.places)
        {
            match place {
                Some(place) => places.insert(name, place),
                None => places.remove(&name),
            };
        }
        PublishedTexts { state: state.to_owned(), file, places, is_whole }
    }

    /// True if a publication has kept texts in `state`.
    pub fn is_begun(state: &Path) -> bool {
        state.join(INDEX).exists()
    }

    /// True if the text with the digest `digest` is kept for the source whose name has the digest `name`.
    pub fn has(&self, name: Digest, digest: Digest) -> bool {
        self.places.get(&name).is_some_and(|place| place.digest == digest)
    }

    /// True if the source `name` was public or expired at the last publication; `None` if unknown.
    pub fn was_public(&self, name: &str) -> Option<bool> {
        // An index cut exactly between two batches looks whole.
        let is_known = self.is_whole && !self.places.is_empty();
        is_known.then(|| self.places.contains_key(&name_digest(name)))
    }

    /// The digests of the texts whose sources' names are not among the digests `names`.
    pub fn left(&self, names: &HashSet<Digest, RandomState>) -> Vec<Digest> {
        let left = self.places.iter().filter(|(name, _)| !names.contains(*name));
        left.map(|(_, place)| place.digest).collect()
    }

    /// The digests of the names that are not among `names`, with the texts of these sources as of their last publication.
    pub fn without(&self, names: &HashSet<Digest, RandomState>) -> Vec<(Digest, Vec<u8>)> {
        let left = self.places.iter().filter(|(name, _)| !names.contains(*name));
        let Ok(mut file) = file::open(&self.texts(self.file)) else { return Vec::new() };
        let texts = left.filter_map(|(name, place)| {
            let text = read(&mut file, place).ok().filter(|bytes| Digest::of(bytes) == place.digest)?;
            Some((*name, text))
        });
        texts.collect()
    }

    /// The bytes of the source `name` as of its last publication.
    pub fn text(&self, name: &str) -> Option<Vec<u8>> {
        let place = self.places.get(&name_digest(name))?;
        let mut file = file::open(&self.texts(self.file)).ok()?;
        read(&mut file, place).ok().filter(|bytes| Digest::of(bytes) == place.digest)
    }

    /// Keeps the new and changed texts among `sources`. Drops the text of every source whose name is not among the
    /// digests `names`, so that nothing withdrawn can come back. A file that changed since its digest was made is
    /// skipped.
    ///
    /// # Errors
    /// [`StoreError::Unwritable`].
    pub fn keep(
        mut self,
        sources: &[Keep<'_>],
        names: &HashSet<Digest, RandomState>,
    ) -> Result<(), StoreError> {
        let gone: Vec<Digest> = self.places.keys().filter(|name| !names.contains(name)).copied().collect();
        if sources.is_empty() && gone.is_empty() {
            return Ok(());
        }
        gone.iter().for_each(|name| {
            self.places.remove(name);
        });
        let path = self.texts(self.file);
        let unwritable = |path: &Path, source| StoreError::Unwritable { path: path.to_owned(), source };
        disk::create_dir_all(&self.state).map_err(|source| unwritable(&self.state, source))?;
        let mut new = Vec::with_capacity(sources.len());
        self.append(&path, sources, &mut new).map_err(|source| unwritable(&path, source))?;
        self.places.extend(new.iter().copied());
        let length = fs::metadata(&path).map_or(0, |found| found.len());
        if length > 2 * self.places.values().map(|place| place.length).sum::<u64>() + SLACK {
            return self.move_out();
        }
        let mut batch: Vec<(Digest, Option<Place>)> = gone.into_iter().map(|name| (name, None)).collect();
        batch.extend(new.into_iter().map(|(name, place)| (name, Some(place))));
        batch.sort_by_key(|(name, _)| *name);
        let index = self.state.join(INDEX);
        let frame = frames::frame(&Batch { file: self.file, places: batch });
        let frame = frame.map_err(|source| unwritable(&index, source))?;
        let mut writer = match self.is_whole {
            true => Writer::append(&index)?,
            false => Writer::new(&index, KIND, VERSION, None)?,
        };
        writer.write(&frame).map_err(|source| unwritable(&index, source))?;
        writer.finish()
    }

    fn append(&self, path: &Path, sources: &[Keep<'_>], batch: &mut Vec<(Digest, Place)>) -> io::Result<()> {
        let mut file = disk::File::open(path, OpenOptions::new().append(true).create(true))?;
        if !self.is_whole {
            file.empty()?;
        }
        let mut at = file.metadata()?.len();
        let mut file = BufWriter::with_capacity(1 << 20, file);
        for Keep { name, digest, bytes, file: source } in sources {
            let bytes = match bytes {
                Some(bytes) => Cow::Borrowed(*bytes),
                None => match file::read(source, file::SOURCE) {
                    Ok(bytes) if Digest::of(&bytes) == *digest => Cow::Owned(bytes),
                    _ => continue,
                },
            };
            file.write_all(&bytes)?;
            let length = bytes.len() as u64;
            batch.push((name_digest(name), Place { digest: *digest, at, length }));
            at += length;
        }
        file.flush()
    }

    /// Moves the live texts to a new file and deletes the old one.
    fn move_out(self) -> Result<(), StoreError> {
        let (old, new) = (self.texts(self.file), self.texts(self.file.wrapping_add(1)));
        let unwritable = |source| StoreError::Unwritable { path: new.clone(), source };
        let mut live: Vec<(Digest, Place)> =
            self.places.iter().map(|(name, place)| (*name, *place)).collect();
        live.sort_by_key(|(_, place)| place.at);
        let places = copy(&live, &old, &new).map_err(unwritable)?;
        let batch = Batch { file: self.file.wrapping_add(1), places };
        let index = self.state.join(INDEX);
        let mut writer = Writer::new(&index, KIND, VERSION, None)?;
        writer.write(&frames::frame(&batch).map_err(unwritable)?).map_err(unwritable)?;
        writer.finish()?;
        // The index no longer names the old file.
        let _ = disk::remove_file(&old);
        Ok(())
    }

    fn texts(&self, file: u32) -> PathBuf {
        self.state.join(format!("published-{file}"))
    }
}

/// The key of a source in the index.
pub(super) fn name_digest(name: &str) -> Digest {
    Digest::quick(name.as_bytes())
}

/// Copies texts from one file to another; returns their new places.
fn copy(live: &[(Digest, Place)], old: &Path, new: &Path) -> io::Result<Vec<(Digest, Option<Place>)>> {
    let mut from = file::open(old)?;
    let mut to = BufWriter::with_capacity(1 << 20, disk::File::create(new)?);
    let (mut places, mut at) = (Vec::with_capacity(live.len()), 0);
    for (name, place) in live {
        let bytes = read(&mut from, place)?;
        to.write_all(&bytes)?;
        places.push((*name, Some(Place { at, ..*place })));
        at += place.length;
    }
    to.flush()?;
    Ok(places)
}

fn read(file: &mut File, place: &Place) -> io::Result<Vec<u8>> {
    file.seek(SeekFrom::Start(place.at))?;
    let mut bytes = Vec::new();
    file.take(place.length).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Keeps the texts of public articles, of sections and of articles with a notice, for runs in which their sources have
/// errors.
pub(super) fn keep(request: &Request<'_>, library: &Library) -> Result<(), OutputError> {
    let kept = PublishedTexts::open(request.state);
    let sections = library.sections.iter().filter_map(|section| section.settled.document.as_deref());
    let sections = sections.map(|document| (&*document.name, document.digest, document.bytes()));
    // Feeds go on reporting when the articles with a notice left, so their texts are kept too.
    let leaves = library.leaves.iter().chain(&library.notices).map(|leaf| &leaf.document);
    let (mut new, mut names) = (Vec::new(), HashSet::default());
    for (name, digest, bytes) in sections {
        let known = name_digest(name);
        if !kept.has(known, digest) {
            new.push(Keep { name, digest, bytes, file: request.root.join(name) });
        }
        names.insert(known);
    }
    for leaf in leaves {
        let (name, known) = (&*leaf.name, name_digest(&leaf.name));
        if !kept.has(known, leaf.digest) {
            let (bytes, file) = (leaf.bytes_held(), request.root.join(name));
            new.push(Keep { name, digest: leaf.digest, bytes, file });
        }
        names.insert(known);
    }
    Ok(kept.keep(&new, &names)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keep_of<'a>(name: &'a str, text: &[u8], file: &Path) -> Keep<'a> {
        Keep { name, digest: Digest::of(text), bytes: None, file: file.to_owned() }
    }

    #[test]
    fn the_last_text_of_each_is_kept_and_room_is_made() {
        let folder = tempfile::tempdir().unwrap();
        let (state, source) = (folder.path().join("state"), folder.path().join("source"));
        let keep = |name: &str, text: &[u8], live: &[&str]| {
            fs::write(&source, text).unwrap();
            let names = live.iter().map(|name| name_digest(name)).collect();
            PublishedTexts::open(&state).keep(&[keep_of(name, text, &source)], &names).unwrap();
        };
        keep("a", b"one", &["a"]);
        keep("b", b"two", &["a", "b"]);
        keep("a", b"three", &["a", "b"]);
        let kept = PublishedTexts::open(&state);
        assert_eq!(
            (kept.text("a").as_deref(), kept.text("b").as_deref()),
            (Some(&b"three"[..]), Some(&b"two"[..]))
        );
        assert!(
            kept.has(name_digest("a"), Digest::of(b"three"))
                && !kept.has(name_digest("a"), Digest::of(b"one"))
                && !kept.has(name_digest("c"), Digest::of(b""))
        );
        // The text of a withdrawn source is dropped for good.
        keep("c", b"four", &["a", "b", "c"]);
        keep("a", b"three", &["a", "b"]);
        let kept = PublishedTexts::open(&state);
        assert_eq!(
            (kept.text("c"), kept.was_public("c"), kept.was_public("a")),
            (None, Some(false), Some(true))
        );
        // A large text is replaced again and again.
        for number in 0..6u8 {
            keep("a", &vec![number; 400_000], &["a", "b"]);
        }
        let kept = PublishedTexts::open(&state);
        assert_eq!(kept.text("a"), Some(vec![5; 400_000]));
        assert_eq!(kept.text("b").as_deref(), Some(&b"two"[..]));
        let size: u64 =
            fs::read_dir(&state).unwrap().map(|entry| entry.unwrap().metadata().unwrap().len()).sum();
        assert!(size < 2_100_000, "{size}");
    }

    #[test]
    fn what_is_damaged_is_not_kept_and_the_next_one_is() {
        let folder = tempfile::tempdir().unwrap();
        let (state, source) = (folder.path().join("state"), folder.path().join("source"));
        let keep = |text: &[u8]| {
            fs::write(&source, text).unwrap();
            let names = HashSet::from_iter([name_digest("a")]);
            PublishedTexts::open(&state).keep(&[keep_of("a", text, &source)], &names).unwrap();
        };
        for damage in ["published", "published-0"] {
            keep(b"one");
            let whole = fs::read(state.join(damage)).unwrap();
            for end in 0..whole.len() {
                fs::write(state.join(damage), &whole[..end]).unwrap();
                let kept = PublishedTexts::open(&state);
                assert_eq!(kept.text("a"), None, "{damage} cut at {end}");
                assert_ne!(kept.was_public("a"), Some(false), "{damage} cut at {end}");
            }
            keep(b"two");
            assert_eq!(PublishedTexts::open(&state).text("a").as_deref(), Some(&b"two"[..]));
        }
    }
}
