//! Sources beside what is remembered of them: both are in the order of their names, so that all threads can pair
//! them without looking anything up.

use std::iter::Peekable;
use std::vec::IntoIter;

use super::record::Remembered;
use crate::site::identity::Row;
use crate::source::SourceFile;

/// Sources that one thread looks at.
pub(super) const PIECE: usize = 512;

/// Sources, and what is remembered of them.
pub(super) struct Piece<'a> {
    pub sources: &'a [SourceFile],
    known: Vec<Box<Remembered>>,
    settled: Vec<Box<Row>>,
}

/// Something that is remembered of a source.
pub(super) trait Named {
    /// The source.
    fn name(&self) -> &str;
}

impl Named for Box<Remembered> {
    fn name(&self) -> &str {
        &self.document.name
    }
}

impl Named for Box<Row> {
    fn name(&self) -> &str {
        &self.document.name
    }
}

/// The last of `known` that is of the source `name`, and none that is of one before.
fn last_of<T: Named>(known: &mut Peekable<IntoIter<T>>, name: &str) -> Option<T> {
    while known.next_if(|one| one.name() < name).is_some() {}
    let mut found = None;
    while let Some(one) = known.next_if(|one| one.name() == name) {
        found = Some(one);
    }
    found
}

impl<'a> Piece<'a> {
    /// Each source with the last that is remembered of it, as it was read and as it was settled.
    pub fn pairs(self) -> impl Iterator<Item = (&'a SourceFile, Option<Box<Remembered>>, Option<Box<Row>>)> {
        let (mut known, mut settled) =
            (self.known.into_iter().peekable(), self.settled.into_iter().peekable());
        self.sources.iter().map(move |source| {
            let name = &source.found.name;
            (source, last_of(&mut known, name), last_of(&mut settled, name))
        })
    }
}

/// Takes those that are not before `name`.
fn from<T: Named>(known: &mut Vec<T>, name: &str) -> Vec<T> {
    let at = known.partition_point(|one| one.name() < name);
    known.split_off(at)
}

/// Cuts sources and what is remembered of them into pieces that belong together.
pub(super) fn pieces(
    sources: &[SourceFile],
    mut known: Vec<Box<Remembered>>,
    mut settled: Vec<Box<Row>>,
) -> Vec<Piece<'_>> {
    let mut pieces: Vec<Piece<'_>> = sources
        .chunks(PIECE)
        .rev()
        .map(|sources| {
            let first = &sources[0].found.name;
            Piece { sources, known: from(&mut known, first), settled: from(&mut settled, first) }
        })
        .collect();
    pieces.reverse();
    pieces
}
