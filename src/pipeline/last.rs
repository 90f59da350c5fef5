//! The last build of an output folder: what the whole site was made from, as one digest. While that and
//! what was written stay, so does the site, and nothing of it need be planned.

use std::fs;
use std::io;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};

use chrono::{DateTime, Utc};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::place::manifest_path;
use super::survey::Files;
use super::{CACHE, Held, LedgerUse, Request};
use crate::model::digest::{Digest, Print};
use crate::model::stamp::Stamp;
use crate::source::{Found, SourceFile};
use crate::storage::{StoreError, disk, frames};

const KIND: &str = "last build";
const VERSION: u32 = 6;

/// Files that changed a moment ago have to be read to know them again; where there are more, the build
/// is not worth remembering.
const MOST_RESTLESS: usize = 256;

/// Files that one digest stands for, so that all threads make some.
const BATCH: usize = 4096;

/// The last build of one output folder.
#[derive(Serialize, Deserialize)]
pub(super) struct Last {
    /// Stands for all that it was made from but the time and the ledger.
    pub inputs: Inputs,
    /// Stands for the ledger as it left it; `None` where none is kept.
    pub ledger: Option<Digest>,
    /// The files beside this one that it left: manifest and cache.
    pub state: [Stamp; 2],
    /// When it was.
    pub now: DateTime<Utc>,
    /// Articles that are out.
    pub articles: usize,
    /// Pages that are no articles.
    pub pages: usize,
    /// Feed files.
    pub feeds: usize,
    /// What was held back, and from when on that is different.
    pub held: Held,
    /// How many lines of the ledger were behind.
    pub behind: usize,
    /// A publication would have had nothing to add to the ledger.
    pub ledger_is_whole: bool,
}

/// Stands for what a build was made from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Inputs {
    /// The settings, and all files but the sources.
    pub around: Digest,
    /// All of it.
    pub all: Digest,
}

impl Last {
    /// Loads it; `None` where there is none, or none that can be read.
    pub fn load(path: &Path) -> Option<Last> {
        frames::load(path, KIND, VERSION).ok()??.values.pop()
    }

    /// Saves it.
    pub fn save(&self, path: &Path) -> Result<(), StoreError> {
        let unwritable = |source| StoreError::Unwritable { path: path.to_owned(), source };
        frames::save(path, KIND, VERSION, &[frames::frame(self).map_err(unwritable)?])
    }

    /// Removes it: the output folder is about to change.
    pub fn forget(path: &Path) -> Result<(), StoreError> {
        match disk::remove_file(path) {
            Err(source) if source.kind() != io::ErrorKind::NotFound => {
                Err(StoreError::Unwritable { path: path.to_owned(), source })
            }
            _ => Ok(()),
        }
    }

    /// True if what `request` asks for, with the same `inputs`, would make the same site.
    pub fn is_as_now(&self, inputs: Inputs, state: [Stamp; 2], request: &Request<'_>) -> bool {
        self.inputs == inputs && self.stands(state, request)
    }

    fn stands(&self, state: [Stamp; 2], request: &Request<'_>) -> bool {
        let (now, due) = (request.now, self.held.next.as_ref().map(|(due, _)| *due));
        let recorded = match request.ledger {
            LedgerUse::Read => true,
            LedgerUse::Locked => self.behind == 0,
            LedgerUse::Advance | LedgerUse::Ahead => self.ledger_is_whole,
        };
        let on_time = self.now <= now && due.is_none_or(|due| now < due);
        self.state == state && recorded && on_time
    }
}

/// What the system says of the files beside this one that a build leaves: manifest and cache.
pub(super) fn left(request: &Request<'_>) -> [Stamp; 2] {
    let manifest = manifest_path(request.root, request.state, request.out);
    [manifest, request.state.join(CACHE)].map(|path| stamp_of(&path))
}

/// What the system says of the file at `path`; nothing of none.
pub(super) fn stamp_of(path: &Path) -> Stamp {
    fs::metadata(path).map(|metadata| Stamp::of(&metadata)).unwrap_or_default()
}

/// Stands for all that a build is made from but the time and the ledger: `settings` for `site.toml`, then the
/// files that were found at `moment`. `None` if that is not worth knowing.
pub(super) fn inputs(
    request: &Request<'_>,
    settings: Digest,
    Files { scan, statics, templates }: &Files,
    moment: i64,
) -> Option<Inputs> {
    let mut hasher = Print::default();
    let base_url = request.base_url.as_ref().map(|url| format!("{url:?}"));
    let allowances = request.allowances;
    hasher.value(env!("CARGO_PKG_VERSION")).bytes(settings.bytes()).value(base_url.unwrap_or_default());
    hasher.bytes(&[u8::from(allowances.drafts), u8::from(allowances.future)]);
    let around: Vec<&Found> = templates.iter().chain(&scan.assets).chain(statics).collect();
    let sources: Vec<&Found> = scan.sources.iter().map(|SourceFile { found, .. }| found).collect();
    let restless = AtomicUsize::new(0);
    let one = |hasher: &mut Print, found: &Found| {
        hasher.value(&*found.name);
        let Stamp { size, modified, changed, inode } = found.stamp;
        if found.stamp.is_settled(moment) {
            for number in [size, modified.cast_unsigned(), changed.cast_unsigned(), inode] {
                hasher.bytes(&number.to_le_bytes());
            }
        } else {
            if restless.fetch_add(1, Ordering::Relaxed) >= MOST_RESTLESS {
                return None;
            }
            hasher.value(Digest::of(&fs::read(found.file(request.root)).ok()?).bytes());
        }
        Some(())
    };
    let mut add = |found: &[&Found]| {
        let of_batch = |batch: &[&Found]| {
            let mut hasher = Print::default();
            batch.iter().try_for_each(|found| one(&mut hasher, found))?;
            Some(hasher.finish())
        };
        let digests: Vec<Digest> = found.par_chunks(BATCH).map(of_batch).collect::<Option<_>>()?;
        hasher.value(digests.len().to_le_bytes());
        digests.iter().for_each(|digest| {
            hasher.bytes(digest.bytes());
        });
        Some(hasher.finish())
    };
    Some(Inputs { around: add(&around)?, all: add(&sources)? })
}
