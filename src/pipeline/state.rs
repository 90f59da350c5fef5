//! The state file, `.dateline/state`: everything that builds remember to be quicker next time. Deleting it changes no
//! byte of the output. A damaged, truncated or outdated file is dropped.
//!
//! The file is a log of frames, each of one kind. A later record replaces an earlier one of the same name, so a build
//! only appends its changes. A reader skips the kinds that it does not want.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::last::LastBuild;
use super::record::{Record, Recorded, newest};
use crate::model::digest::Digest;
use crate::storage::StoreError;
use crate::storage::frames::{self, Writer};

/// The file's name, in the site's folder for state.
pub(super) const FILE: &str = "state";
const KIND: &str = "state";
const VERSION: u32 = 13;

/// Records in one frame: enough work for a thread.
const BATCH: usize = 1024;

/// Number of builds in the file above which it is compacted.
const MOST_BUILDS: usize = 64;

/// A frame of the file. Its first byte is the number of the variant.
#[derive(Deserialize)]
enum Part {
    /// Records of sources, and the digest of everything beside their names that they depend on.
    Rows(Digest, Vec<Record>),
    /// The last build of an output folder, with the folder's name.
    Built(String, Box<LastBuild>),
    /// The digest of the problems that the last publication reported.
    Reported(Digest),
    /// Digests of code whose colours no build waits for again.
    Endless(BTreeSet<Digest>),
}

const ROWS: u8 = 0;
const BUILT: u8 = 1;
const REPORTED: u8 = 2;
const ENDLESS: u8 = 3;

/// A borrowed [`Part`], for writing; it has the same encoding.
#[derive(Serialize)]
enum PartOf<'a> {
    Rows(Digest, &'a [Recorded<'a>]),
    Built(&'a str, &'a LastBuild),
    Reported(Digest),
    Endless(&'a BTreeSet<Digest>),
}

/// A borrowed [`Part`] of records that were read.
#[derive(Serialize)]
enum PartAgain<'a> {
    Rows(Digest, &'a [Record]),
}

/// The frames of a state file with rows and builds, for any key; `None` without a file.
pub(super) struct Rows(Result<Option<Vec<Part>>, StoreError>);

/// Reads the rows of the state file in `state`.
pub(super) fn rows(state: &Path) -> Rows {
    Rows(load(state, &[ROWS, BUILT, ENDLESS]))
}

impl Rows {
    /// The clock of the last publication into any output folder, if known.
    pub fn last_publication(&self) -> Option<DateTime<Utc>> {
        let parts = self.0.as_ref().ok()?.iter().flatten();
        let of_builds = parts.filter_map(|part| match part {
            Part::Built(_, built) => built.published,
            _ => None,
        });
        of_builds.max()
    }
}

/// The last build of the output folder `output`, if known.
pub(super) fn last_build(state: &Path, output: &str) -> Option<LastBuild> {
    let parts = load(state, &[BUILT]).ok().flatten()?;
    let of_output = |part| match part {
        Part::Built(name, built) => (name == output).then_some(*built),
        _ => None,
    };
    parts.into_iter().rev().find_map(of_output)
}

/// The digest of the problems that the last publication reported, if known.
pub(super) fn reported(state: &Path) -> Option<Digest> {
    let parts = load(state, &[REPORTED]).ok().flatten()?;
    parts.into_iter().rev().find_map(|part| match part {
        Part::Reported(digest) => Some(digest),
        _ => None,
    })
}

/// Saves the digest of the problems that a publication reported. An unreadable file is replaced.
///
/// # Errors
/// [`StoreError::Unwritable`].
pub(super) fn report(state: &Path, digest: Digest) -> Result<(), StoreError> {
    let path = state.join(FILE);
    let unwritable = |source| StoreError::Unwritable { path: path.clone(), source };
    let mut writer = match load(state, &[REPORTED]) {
        Ok(Some(_)) => Writer::append(&path)?,
        _ => Writer::new(&path, KIND, VERSION, None)?,
    };
    let frame = frames::frame(&PartOf::Reported(digest)).map_err(unwritable)?;
    writer.write(&frame).map_err(unwritable)?;
    writer.finish()
}

fn load(state: &Path, wanted: &[u8]) -> Result<Option<Vec<Part>>, StoreError> {
    let is_wanted = |tag| wanted.contains(&tag);
    let loaded = frames::load_some(&state.join(FILE), KIND, VERSION, &is_wanted)?;
    // A file with a torn end can't be appended to.
    Ok(loaded.filter(|loaded| !loaded.torn).map(|loaded| loaded.values))
}

/// The state file of one site, for rows that depend on `key`. Rows of another key are ignored.
pub(super) struct State {
    path: PathBuf,
    key: Digest,
    /// Number of rows in the file, including outdated ones; `None` if the file must be written anew.
    kept: Option<usize>,
    writer: Option<Writer>,
    added: usize,
    /// Number of builds in the file, including outdated ones.
    builds: usize,
    /// The last build of each output folder, by its name.
    last: BTreeMap<String, Box<LastBuild>>,
    /// Digests of endless code that earlier builds found.
    endless: BTreeSet<Digest>,
    /// Those of them that need not be written again.
    written_endless: BTreeSet<Digest>,
}

impl State {
    /// Opens the file in the folder `state`, of which the [`rows`] were read. Returns the records of `key` in batches,
    /// in the order in which they were added, and the reason if the file was dropped.
    pub fn of(state: &Path, key: Digest, rows: Rows) -> (Self, Vec<Vec<Record>>, Option<StoreError>) {
        let (parts, dropped) = match rows.0 {
            Ok(parts) => (parts, None),
            Err(error) => (None, Some(error)),
        };
        let (mut batches, mut builds, mut last) = (Vec::new(), 0, BTreeMap::new());
        let mut endless = BTreeSet::new();
        let mut is_known = parts.is_some();
        for part in parts.into_iter().flatten() {
            match part {
                Part::Rows(of, records) => {
                    is_known &= of == key;
                    batches.push(records);
                }
                Part::Built(output, build) => {
                    builds += 1;
                    last.insert(output, build);
                }
                Part::Endless(more) => endless.extend(more),
                Part::Reported(_) => {}
            }
        }
        if !is_known {
            batches.clear();
        }
        let kept = is_known.then(|| batches.iter().map(Vec::len).sum());
        let written_endless = if is_known { endless.clone() } else { BTreeSet::new() };
        let path = state.join(FILE);
        (
            State { path, key, kept, writer: None, added: 0, builds, last, endless, written_endless },
            batches,
            dropped,
        )
    }

    /// The last build of the output folder `output`, where it is known.
    pub fn last_build(&self, output: &str) -> Option<&LastBuild> {
        self.last.get(output).map(Box::as_ref)
    }

    /// Digests of the code whose colours earlier builds did not wait for.
    pub fn endless(&self) -> &BTreeSet<Digest> {
        &self.endless
    }

    /// Adds digests of endless code.
    ///
    /// # Errors
    /// [`StoreError::Unwritable`].
    pub fn add_endless(&mut self, endless: &BTreeSet<Digest>) -> Result<(), StoreError> {
        let new: BTreeSet<Digest> = endless.difference(&self.written_endless).copied().collect();
        if new.is_empty() {
            return Ok(());
        }
        self.write(&PartOf::Endless(&new))?;
        self.written_endless.extend(new);
        Ok(())
    }

    fn writer(&mut self) -> Result<&mut Writer, StoreError> {
        let writer = match self.writer.take() {
            Some(writer) => writer,
            None if self.kept.is_some() => Writer::append(&self.path)?,
            None => Writer::new(&self.path, KIND, VERSION, None)?,
        };
        Ok(self.writer.insert(writer))
    }

    /// Adds records of sources.
    ///
    /// # Errors
    /// [`StoreError::Unwritable`].
    pub fn add(&mut self, records: &[Recorded<'_>]) -> Result<(), StoreError> {
        if records.is_empty() {
            return Ok(());
        }
        let key = self.key;
        self.writer()?.write_batches(records, BATCH, |records| frames::frame(&PartOf::Rows(key, records)))?;
        self.added += records.len();
        Ok(())
    }

    /// Adds records of sources; returns them as the next build will read them, in their order.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn add_and_read(&mut self, records: &[Recorded<'_>]) -> Result<Vec<Record>, StoreError> {
        if records.is_empty() {
            return Ok(Vec::new());
        }
        let key = self.key;
        let make = |records: &[Recorded<'_>]| frames::frame(&PartOf::Rows(key, records));
        let parts: Vec<Part> = self.writer()?.write_and_read(records, BATCH, make)?;
        self.added += records.len();
        let rows = parts.into_iter().filter_map(|part| match part {
            Part::Rows(_, records) => Some(records),
            _ => None,
        });
        Ok(rows.flatten().collect())
    }

    /// Adds the build of the output folder `output`.
    ///
    /// # Errors
    /// [`StoreError::Unwritable`].
    pub fn add_build(&mut self, output: &str, built: &LastBuild) -> Result<(), StoreError> {
        self.builds += 1;
        self.write(&PartOf::Built(output, built))
    }

    fn write(&mut self, part: &PartOf<'_>) -> Result<(), StoreError> {
        let path = self.path.clone();
        let writer = self.writer()?;
        let written = frames::frame(part).and_then(|frame| writer.write(&frame));
        written.map_err(|source| StoreError::Unwritable { path, source })
    }

    /// Writes added records to the file.
    ///
    /// # Errors
    /// [`StoreError::Unwritable`].
    pub fn save(&mut self) -> Result<(), StoreError> {
        if let Some(writer) = self.writer.take() {
            writer.finish()?;
            self.kept.get_or_insert(0);
        }
        Ok(())
    }

    /// Finishes the file. Compacts it once there are as many outdated rows as `live` ones, or many builds. A file that
    /// this build has begun has nothing outdated.
    ///
    /// # Errors
    /// [`StoreError::Unwritable`].
    pub fn finish(mut self, live: usize) -> Result<(), StoreError> {
        self.save()?;
        let kept = self.kept.unwrap_or(0);
        if kept == 0 || kept + self.added <= 2 * live + BATCH && self.builds <= MOST_BUILDS {
            return Ok(());
        }
        compact(&self.path)
    }
}

/// Rewrites the file at `path` with only the newest record of each name.
fn compact(path: &Path) -> Result<(), StoreError> {
    let loaded = frames::load::<Part>(path, KIND, VERSION)?;
    let (mut key, mut rows, mut built, mut reported) = (None, Vec::new(), BTreeMap::new(), None);
    let mut endless = BTreeSet::new();
    for part in loaded.into_iter().flat_map(|loaded| loaded.values) {
        match part {
            Part::Rows(of, mut records) => {
                key = Some(of);
                rows.append(&mut records);
            }
            Part::Built(output, one) => {
                built.insert(output, one);
            }
            Part::Reported(digest) => reported = Some(digest),
            Part::Endless(more) => endless.extend(more),
        }
    }
    let unwritable = |source| StoreError::Unwritable { path: path.to_owned(), source };
    let mut writer = Writer::new(path, KIND, VERSION, None)?;
    if let Some(key) = key {
        let again = |records: &[Record]| frames::frame(&PartAgain::Rows(key, records));
        writer.write_batches(&newest(rows), BATCH, again)?;
    }
    let others = built.iter().map(|(output, one)| PartOf::Built(output, one));
    let endless = (!endless.is_empty()).then_some(PartOf::Endless(&endless));
    for part in others.chain(reported.map(PartOf::Reported)).chain(endless) {
        frames::frame(&part).and_then(|frame| writer.write(&frame)).map_err(unwritable)?;
    }
    writer.finish()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pipeline::reasons::SharedParts;

    #[test]
    fn a_file_that_was_begun_now_is_not_written_again() {
        let folder = tempfile::TempDir::new().unwrap();
        let file = folder.path().join(FILE);
        let add_many = |last_batches: usize| {
            let key = Digest::of(b"one");
            let (mut state, batches, _) = State::of(folder.path(), key, rows(folder.path()));
            assert_eq!(batches.len(), last_batches);
            let shared = SharedParts::default();
            for _ in 0..BATCH + 1 {
                state.add(&[Recorded::Shared(&shared)]).unwrap();
            }
            state.save().unwrap();
            let saved = std::fs::read(&file).unwrap();
            state.finish(0).unwrap();
            std::fs::read(&file).unwrap() == saved
        };
        assert!(add_many(0), "all of it is new");
        assert!(!add_many(BATCH + 1), "the older records are outdated");
    }

    #[test]
    fn endless_code_is_remembered_when_rows_are_not() {
        let folder = tempfile::TempDir::new().unwrap();
        let open = |key: &[u8]| State::of(folder.path(), Digest::of(key), rows(folder.path())).0;
        let code = BTreeSet::from([Digest::of(b"${<a")]);
        let mut state = open(b"one");
        assert!(state.endless().is_empty());
        state.add_endless(&code).unwrap();
        state.save().unwrap();
        // Other settings drop the rows, and the file is written anew.
        let mut state = open(b"other");
        assert_eq!(state.endless(), &code);
        state.add_endless(&code).unwrap();
        state.save().unwrap();
        compact(&folder.path().join(FILE)).unwrap();
        assert_eq!(open(b"other").endless(), &code);
    }
}
