//! The files of news agencies, as they were read. A file is read again only if it has changed.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::import::news::Take;
use crate::model::digest::Digest;
use crate::model::stamp::Stamp;
use crate::storage::frames::{self, Writer};
use crate::storage::{StoreError, disk};

const NAME: &str = "wire";
const KIND: &str = "memory of wire files";
const VERSION: u32 = 1;

/// Files in one frame.
const BATCH: usize = 256;

/// A file as it was read.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct WireFile {
    pub name: String,
    pub stamp: Stamp,
    /// The file was at rest, so that a change shows in its stamp.
    pub is_settled: bool,
    /// Digest of its bytes.
    pub digest: Digest,
    /// True if it is a file of an agency.
    pub is_known: bool,
    pub takes: Vec<Take>,
}

/// All files that were read, by name.
#[derive(Debug, Default)]
pub(super) struct WireMemory {
    files: BTreeMap<String, WireFile>,
    /// The number of records on disk; `None` if nothing can be appended to them.
    stored: Option<usize>,
}

impl WireMemory {
    /// Loads what the last run left in the folder `state`.
    ///
    /// # Errors
    /// It is damaged or of another version, and can be dropped.
    pub fn load(state: &Path) -> Result<WireMemory, StoreError> {
        let Some(loaded) = frames::load::<(String, Vec<WireFile>)>(&path(state), KIND, VERSION)? else {
            return Ok(WireMemory::default());
        };
        // Another version of the program may read files otherwise.
        if loaded.values.iter().any(|(program, _)| program != env!("CARGO_PKG_VERSION")) {
            return Ok(WireMemory::default());
        }
        let mut memory = WireMemory { files: BTreeMap::new(), stored: Some(0) };
        for file in loaded.values.into_iter().flat_map(|(_, files)| files) {
            memory.stored = memory.stored.map(|stored| stored + 1);
            memory.files.insert(file.name.clone(), file);
        }
        memory.stored = memory.stored.filter(|_| !loaded.torn);
        Ok(memory)
    }

    /// The file `name` as it was last read.
    pub fn get(&self, name: &str) -> Option<&WireFile> {
        self.files.get(name)
    }

    /// Adds files that were read now, and saves them in the folder `state`, if there is one. Files that are not
    /// `present` any more go when the records of others outweigh them.
    ///
    /// # Errors
    /// Errors of the disk.
    pub fn add(
        &mut self,
        news: Vec<WireFile>,
        present: &dyn Fn(&str) -> bool,
        state: Option<&Path>,
    ) -> Result<(), StoreError> {
        let live = self.files.len() + news.len();
        let stored = self.stored.filter(|stored| stored + news.len() <= 2 * live + BATCH);
        let names: Vec<String> = news.iter().map(|file| file.name.clone()).collect();
        self.files.extend(news.into_iter().map(|file| (file.name.clone(), file)));
        let Some(state) = state else {
            self.files.retain(|name, _| present(name));
            return Ok(());
        };
        if names.is_empty() {
            return Ok(());
        }
        let path = path(state);
        let write = |mut writer: Writer, files: &[&WireFile]| {
            let unwritable = |source| StoreError::Unwritable { path: path.clone(), source };
            for batch in files.chunks(BATCH) {
                let frame = frames::frame(&(env!("CARGO_PKG_VERSION"), batch)).map_err(unwritable)?;
                writer.write(&frame).map_err(unwritable)?;
            }
            writer.finish()
        };
        match stored.filter(|_| path.exists()) {
            Some(stored) => {
                let files: Vec<&WireFile> = names.iter().filter_map(|name| self.files.get(name)).collect();
                write(Writer::append(&path)?, &files)?;
                self.stored = Some(stored + names.len());
            }
            None => {
                self.files.retain(|name, _| present(name));
                let files: Vec<&WireFile> = self.files.values().collect();
                write(Writer::new(&path, KIND, VERSION, None)?, &files)?;
                self.stored = Some(self.files.len());
            }
        }
        Ok(())
    }

    /// Removes what is stored in the folder `state`.
    pub fn forget(state: &Path) {
        // A file that stays is refused again.
        let _ = disk::remove_file(&path(state));
    }
}

fn path(state: &Path) -> PathBuf {
    state.join(NAME)
}
