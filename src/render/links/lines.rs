//! Lines of markup that many pages have alike, such as those of the masthead, with the paths that they lead to. Each is
//! looked through once.

use std::sync::{Mutex, PoisonError};

use crate::model::digest::Digest;

/// The lines that one thread remembers. Others take their places, so that the memory stays bounded.
const SLOTS: usize = 4096;

/// A line, by its digest, and the digests of the paths that it leads to, wherever it stands.
type Line = (Digest, Box<[u32]>);

/// The remembered lines of one thread.
#[derive(Debug, Default)]
pub struct Lines(Vec<Option<Line>>);

impl Lines {
    /// The digests of the paths that the line `text`, with this digest, leads to; `None` if it is not remembered.
    pub fn get(&self, digest: Digest) -> Option<&[u32]> {
        match self.0.get(slot(digest)) {
            Some(Some((known, paths))) if *known == digest => Some(paths),
            _ => None,
        }
    }

    /// Remembers that the line with this digest leads to the paths `paths`.
    pub fn put(&mut self, digest: Digest, paths: &[u32]) {
        if self.0.is_empty() {
            self.0.resize_with(SLOTS, || None);
        }
        if let Some(place) = self.0.get_mut(slot(digest)) {
            *place = Some((digest, paths.into()));
        }
    }
}

/// The place of the line with this digest.
fn slot(digest: Digest) -> usize {
    digest.bytes().iter().take(8).fold(0, |sum: usize, byte| sum << 8 | usize::from(*byte)) % SLOTS
}

/// The remembered lines of each thread.
#[derive(Debug)]
pub struct LinesOfThreads(Vec<Mutex<Lines>>);

impl LinesOfThreads {
    /// Nothing remembered yet.
    pub fn new() -> Self {
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
