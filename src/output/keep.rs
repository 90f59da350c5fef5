//! Keeping files that need not be made again.

use std::thread;

use rayon::prelude::*;

use super::Rank;
use super::error::OutputError;
use super::manifest::{FileRecord, UNSEEN};
use super::staging::{Known, Put, Staging, Wanted, as_left};

/// The result of looking for a file.
pub(super) enum Found {
    Not,
    /// The file is as the manifest's record with this number says.
    Same(usize),
    /// The file has the right bytes, but needs another record.
    Otherwise(Box<(String, Box<Put>)>),
}

impl Staging {
    /// Decides which of `wanted` need not be made: those with the fingerprint of the last build whose file is as it
    /// was left, or was restored by hand. The others must be [`put`](Staging::put).
    pub fn keep(
        &self,
        wanted: impl IndexedParallelIterator<Item = Wanted>,
    ) -> Result<Vec<bool>, OutputError> {
        let found: Vec<(Found, Vec<Found>)> =
            wanted.map(|wanted| self.find(wanted)).collect::<Result<_, _>>()?;
        let mut puts = self.puts();
        puts.same.resize(self.old.files.len(), false);
        let kept = found.iter().map(|(found, _)| !matches!(found, Found::Not)).collect();
        for found in found.into_iter().flat_map(|(found, siblings)| siblings.into_iter().chain([found])) {
            match found {
                Found::Not => {}
                Found::Same(at) => puts.same[at] = true,
                Found::Otherwise(other) => {
                    let (path, put) = *other;
                    puts.files.insert(path.into(), put);
                }
            }
        }
        Ok(kept)
    }

    /// Keeps the file at `path` and its siblings as the last build left them, whatever they would be made from now;
    /// false if the file is not as it was left.
    pub fn keep_as_left(&self, path: &str, rank: Rank) -> Result<bool, OutputError> {
        let as_left = |path: String| match self.old.files.get(path.as_str()) {
            Some(&FileRecord { digest, size, fingerprint, .. }) => {
                self.put_standing(&Wanted { path, rank, fingerprint }, digest, size)
            }
            None => Ok(false),
        };
        if !as_left(path.to_owned())? {
            return Ok(false);
        }
        for (_, sibling) in self.siblings.of(path) {
            as_left(sibling)?;
        }
        Ok(true)
    }

    /// Looks up all files of the manifest in its order, which is the fastest, and returns how many are as they were
    /// left. It has its own threads: they use the processors while other stages run on one.
    pub fn look_around(&self) -> usize {
        if self.shelving.is_some() || self.is_empty {
            return 0;
        }
        let count = |stood: &Vec<bool>| stood.iter().filter(|stood| **stood).count();
        if let Some(stood) = self.stood.get() {
            return count(stood);
        }
        let stood = |path: &str, record: &FileRecord| {
            record.modified != UNSEEN && self.look(path).is_ok_and(|standing| standing == as_left(record))
        };
        let files = self.old.files.as_slice();
        let share = files.len().div_ceil(rayon::current_num_threads().max(1)).max(1);
        let shares = (0..files.len()).step_by(share).map(|at| at..files.len().min(at + share));
        let look = |range| {
            let files = files.get_range(range).into_iter().flatten();
            files.map(|(path, record)| stood(path, record)).collect::<Vec<bool>>()
        };
        let all = thread::scope(|scope| {
            let looks: Vec<_> = shares.map(|range| scope.spawn(move || look(range))).collect();
            // If a thread fails, files are looked up one by one later.
            looks.into_iter().map(|look| look.join().ok()).collect::<Option<Vec<_>>>()
        });
        let stood = all.map(|all| self.stood.get_or_init(|| all.concat()));
        stood.map_or(0, count)
    }

    /// Looks for `wanted` and its siblings. If one is missing, all are made again.
    fn find(&self, wanted: Wanted) -> Result<(Found, Vec<Found>), OutputError> {
        let (rank, fingerprint) = (wanted.rank, wanted.fingerprint);
        let siblings = self.find_siblings(&wanted.path, rank, fingerprint)?;
        Ok(match (self.find_one(wanted)?, siblings) {
            (Found::Not, _) | (_, None) => (Found::Not, Vec::new()),
            (found, Some(siblings)) => (found, siblings),
        })
    }

    pub(super) fn find_one(&self, wanted: Wanted) -> Result<Found, OutputError> {
        let Wanted { path, rank, fingerprint } = wanted;
        let (Some((at, _, old)), Some(_)) = (self.old.files.get_full(path.as_str()), fingerprint) else {
            return Ok(Found::Not);
        };
        if old.fingerprint != fingerprint {
            return Ok(Found::Not);
        }
        if self.stood.get().is_some_and(|stood| stood[at]) {
            return Ok(Found::Same(at));
        }
        let standing = self.look(&path)?;
        Ok(match self.stands(&path, standing, old.digest, old.size, old.fingerprint)? {
            None => Found::Not,
            Some(record) if record == *old => Found::Same(at),
            Some(record) => {
                let put = Box::new(Put { rank, record, staged: None, known: Known::Otherwise });
                Found::Otherwise(Box::new((path, put)))
            }
        })
    }
}
