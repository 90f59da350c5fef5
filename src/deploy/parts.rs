//! Large files, which go up in parts: one that fails goes again by itself, and no file is in memory as a whole.

use super::azure::Container;
use super::bucket::Bucket;
use super::journal::{Journal, Unfinished};
use super::round::Round;
use super::store::{Load, Only, Refusal, Slice, Store};

/// The most parts of a file, of S3; Azure takes five times as many.
const MOST: u64 = 10_000;

/// A place that takes files in parts.
#[derive(Clone, Copy)]
pub enum Taker<'a> {
    /// A bucket.
    Bucket(&'a Bucket),
    /// A container of Azure.
    Azure(&'a Container),
}

impl<'a> Taker<'a> {
    /// `store`, if it takes files in parts.
    pub fn of(store: &'a Store) -> Option<Taker<'a>> {
        match store {
            Store::Bucket(bucket) => Some(Taker::Bucket(bucket)),
            Store::Azure(container) => Some(Taker::Azure(container)),
            Store::Folder(_) | Store::Web(_) => None,
        }
    }
}

impl Round<'_> {
    /// Puts `file` in parts, and returns its entity tag. Readers see it when all of them are there.
    pub(super) fn put_parts(
        &self,
        taker: Taker<'_>,
        file: Slice<'_>,
        only: Only<'_>,
        journal: &Journal,
    ) -> Result<Option<String>, Refusal> {
        let (path, only) = (file.piece.path.as_str(), self.usable(only));
        let parts = parts(file, self.request.target.part_size);
        match taker {
            Taker::Azure(container) => {
                let put = |(number, part)| self.write(|| container.put_part(path, number, Load::File(part)));
                let names: Vec<String> = (1..).zip(parts).map(put).collect::<Result<_, _>>()?;
                self.write(|| container.complete(path, &names, Load::File(file), only))
            }
            Taker::Bucket(bucket) => {
                let upload = self.write(|| bucket.begin(path, Load::File(file)))?;
                journal.begin(path, &upload).map_err(|error| Refusal::Never(error.to_string()))?;
                let put =
                    |(number, part)| self.write(|| bucket.put_part(path, &upload, number, Load::File(part)));
                let tags: Result<Vec<String>, Refusal> = (1..).zip(parts).map(put).collect();
                let done = tags.and_then(|tags| {
                    let complete = |only| self.write(|| bucket.complete(path, &upload, &tags, only));
                    match complete(only) {
                        // Some services know conditions for files that go as one alone.
                        Err(Refusal::Unconditional) if self.is_met(path, only)? => complete(Only::Anyway),
                        Err(Refusal::Unconditional) => Err(Refusal::Changed),
                        done => done,
                    }
                });
                if done.is_err() {
                    // The next deployment ends it, if this can't.
                    let _ = self.write(|| bucket.abandon(path, &upload));
                }
                done
            }
        }
    }

    /// True if the file at `path` is in the state `only`.
    fn is_met(&self, path: &str, only: Only<'_>) -> Result<bool, Refusal> {
        let seen = self.seen(path)?;
        Ok(match only {
            Only::Anyway => true,
            Only::Absent => seen.is_none(),
            Only::Tag(tag) => seen.and_then(|seen| seen.tag).as_deref() == Some(tag),
        })
    }

    /// Ends the uploads that a deployment began which was stopped. One that can't be ended only takes room.
    pub(super) fn abandon_all(&self, unfinished: Option<&Unfinished>) {
        let Some(Taker::Bucket(bucket)) = Taker::of(self.store) else { return };
        for (path, upload) in unfinished.iter().flat_map(|unfinished| &unfinished.begun) {
            let _ = self.write(|| bucket.abandon(path, upload));
        }
    }
}

/// The parts of `file`, of `size` bytes or, where these would be too many, more. The last one may have fewer.
fn parts(file: Slice<'_>, size: u64) -> impl Iterator<Item = Slice<'_>> {
    let size = size.max(file.size.div_ceil(MOST)).max(1);
    let count = file.size.div_ceil(size);
    (0..count).map(move |at| Slice { from: at * size, size: size.min(file.size - at * size), ..file })
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::super::Piece;
    use super::*;
    use crate::model::digest::Digest;

    #[test]
    fn parts_are_all_of_a_file_and_never_too_many() {
        const MIB: u64 = 1 << 20;
        for (of, size, count) in [
            (10, 5, 2),
            (11, 5, 3),
            (4, 5, 1),
            (40 * MIB + 1, 16 * MIB, 3),
            (200_000 * 16 * MIB, 16 * MIB, 10_000),
            (u64::MAX, 16 * MIB, 10_000),
        ] {
            let digest = Digest::quick(b"");
            let piece =
                Piece { path: "a.mp4".to_owned(), size: of, digest, leads: false, fields: Vec::new() };
            let all: Vec<Slice<'_>> = parts(Slice::whole(Path::new(""), &piece), size).collect();
            assert_eq!(all.len(), count, "{of} by {size}");
            assert!(all.windows(2).all(|two| two[0].from + two[0].size == two[1].from), "{of} by {size}");
            let end = all.last().unwrap();
            assert_eq!((all[0].from, end.from + end.size), (0, of));
            assert!(end.size > 0 && all.iter().all(|part| part.size >= end.size), "{of} by {size}");
            assert!(all[..count - 1].iter().all(|part| part.size == all[0].size), "{of} by {size}");
        }
    }
}
