//! What need not be made: files that stand as they have to.

use std::thread;

use rayon::prelude::*;

use super::error::OutputError;
use super::manifest::{FileRecord, UNSEEN};
use super::staging::{Known, Put, Staging, Wanted, as_left};

/// Whether a file stands as it has to.
pub(super) enum Found {
    Not,
    /// Just as the manifest says of its file of this number.
    Same(usize),
    /// With another record.
    Otherwise(Box<(String, Box<Put>)>),
}

impl Staging {
    /// Says which of `wanted` need not be made: those that were made from the same as last time and
    /// still stand as they did, or were put back by hand. The others have to be
    /// [`put`](Staging::put).
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

    /// Looks at all that was last written: in the order of the manifest that is done sooner than in any other. It is
    /// done by threads of its own: the rest has parts which only one thread can do, and the others have this to do
    /// meanwhile. Says how many stand as they were left.
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
            // One that failed has not looked: then that is done file by file.
            looks.into_iter().map(|look| look.join().ok()).collect::<Option<Vec<_>>>()
        });
        let stood = all.map(|all| self.stood.get_or_init(|| all.concat()));
        stood.map_or(0, count)
    }

    /// Whether `wanted` stands, and its siblings; they are all made together.
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
