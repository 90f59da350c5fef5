//! Lines of markup that many pages have alike, such as those of the masthead, with the paths that they lead to. Each is
//! looked through once.

use std::sync::{Mutex, PoisonError};

/// The lines that one thread remembers. Others take their places, so that the memory stays bounded and in the caches of
/// the processor.
const SLOTS: usize = 1 << 12;

/// One in each byte of a word.
const ONES: u64 = u64::MAX / 255;

/// An odd number with as many ones as zeros: the first digits of the fraction of the golden ratio.
const FACTOR: u64 = 0x9e37_79b9_7f4a_7c15;

/// The digest of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LineDigest(u64);

impl LineDigest {
    /// The digest of the first line of `text`, and the length of that line with its end, in bytes.
    ///
    /// Lines are short, so that to look for their ends and then to hash them costs more than both in one pass: sixteen
    /// bytes at a time, mixed by a product of 128 bits folded to 64.
    #[inline]
    pub fn of_first(text: &[u8]) -> (Self, usize) {
        let mut hash = FACTOR;
        let (pairs, rest) = text.as_chunks::<16>();
        for (at, pair) in pairs.iter().enumerate() {
            let (first, second) = halves(pair);
            if ends(first) | ends(second) != 0 {
                return of_last(hash, pair, at * 16);
            }
            hash = mix(hash ^ first, second ^ FACTOR);
        }
        of_last(hash, rest, text.len() - rest.len())
    }

    fn slot(self) -> usize {
        self.0 as usize % SLOTS
    }
}

/// The digest of a line whose bytes before `rest`, `before` of them, have the digest `hash`; and its length.
fn of_last(hash: u64, rest: &[u8], before: usize) -> (LineDigest, usize) {
    let length = rest.iter().position(|byte| *byte == b'\n').map_or(rest.len(), |end| end + 1);
    let mut last = [0; 16];
    last[..length].copy_from_slice(&rest[..length]);
    let (first, second) = halves(&last);
    let hash = mix(hash ^ first, second ^ FACTOR);
    let length = before + length;
    (LineDigest(mix(hash ^ length as u64, FACTOR)), length)
}

fn halves(pair: &[u8; 16]) -> (u64, u64) {
    let all = u128::from_le_bytes(*pair);
    (all as u64, (all >> 64) as u64)
}

/// Not zero if a byte of `word` ends a line.
fn ends(word: u64) -> u64 {
    let zeros = word ^ (ONES * u64::from(b'\n'));
    zeros.wrapping_sub(ONES) & !zeros & (ONES << 7)
}

fn mix(a: u64, b: u64) -> u64 {
    let product = u128::from(a) * u128::from(b);
    product as u64 ^ (product >> 64) as u64
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

#[cfg(test)]
mod tests {
    use super::LineDigest;

    proptest::proptest! {
        /// The digest of a line depends on the line alone, not on what follows it.
        #[test]
        fn any_line_has_its_length_and_its_digest(line in "[^\n]{0,40}", other in "[^\n]{0,40}", rest in "(\\PC|\n){0,30}") {
            let (digest, length) = LineDigest::of_first(format!("{line}\n{rest}").as_bytes());
            proptest::prop_assert_eq!(length, line.len() + 1);
            proptest::prop_assert_eq!(LineDigest::of_first(format!("{line}\n").as_bytes()), (digest, length));
            let (without_end, length) = LineDigest::of_first(line.as_bytes());
            proptest::prop_assert_eq!(length, line.len());
            let (of_other, _) = LineDigest::of_first(format!("{other}\n").as_bytes());
            proptest::prop_assert_eq!(digest == of_other, line == other);
            proptest::prop_assert!(digest != without_end);
        }
    }
}
