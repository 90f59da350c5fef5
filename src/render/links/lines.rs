//! Lines of markup that many pages have alike, such as those of the masthead, with the paths that they lead to. Each is
//! looked through once.

use std::hash::{BuildHasher, Hasher};
use std::sync::{Mutex, PoisonError};

use foldhash::fast::FixedState;

/// The lines that one thread remembers. Others take their places, so that the memory stays bounded and in the caches of
/// the processor.
const SLOTS: usize = 1 << 12;

/// The digest of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LineDigest(u64);

impl LineDigest {
    /// The digest of `line`.
    #[inline]
    pub fn of(line: &[u8]) -> Self {
        let mut hasher = FixedState::default().build_hasher();
        hasher.write(line);
        LineDigest(hasher.finish())
    }

    fn slot(self) -> usize {
        self.0 as usize % SLOTS
    }
}

/// A line with the digests of the paths that it leads to, wherever it stands.
type Line = (LineDigest, Box<[u32]>);

/// The remembered lines of one thread.
#[derive(Debug, Default)]
pub struct Lines(Vec<Option<Line>>);

impl Lines {
    /// The digests of the paths that the line with this digest leads to; `None` if it is not remembered.
    #[inline]
    pub fn get(&self, line: LineDigest) -> Option<&[u32]> {
        match self.0.get(line.slot()) {
            Some(Some((known, paths))) if *known == line => Some(paths),
            _ => None,
        }
    }

    /// Remembers that the line with this digest leads to the paths `paths`.
    pub fn put(&mut self, line: LineDigest, paths: &[u32]) {
        if self.0.is_empty() {
            self.0.resize_with(SLOTS, || None);
        }
        if let Some(place) = self.0.get_mut(line.slot()) {
            *place = Some((line, paths.into()));
        }
    }
}

/// The remembered lines of each thread.
#[derive(Debug)]
pub struct LinesOfThreads(Vec<Mutex<Lines>>);

impl LinesOfThreads {
    /// Nothing remembered yet, for each thread of the pool.
    pub fn of_pool() -> Self {
        LinesOfThreads((0..=rayon::current_num_threads()).map(|_| Mutex::default()).collect())
    }

    /// Calls `work` with the lines of this thread. A thread outside the pool shares those of the last place.
    pub fn with<T>(&self, work: impl FnOnce(&mut Lines) -> T) -> T {
        let at = rayon::current_thread_index().unwrap_or(usize::MAX).min(self.0.len().saturating_sub(1));
        match self.0.get(at) {
            Some(lines) => work(&mut lines.lock().unwrap_or_else(PoisonError::into_inner)),
            None => work(&mut Lines::default()),
        }
    }
}
