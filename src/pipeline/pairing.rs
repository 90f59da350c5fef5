//! Pairs sources with their remembered records. Both are sorted by name, so all threads can pair them without any
//! lookup.

use std::iter::Peekable;
use std::vec::IntoIter;

use super::record::Remembered;
use crate::site::identity::Row;
use crate::source::SourceFile;

/// Number of sources in one piece, the work of one thread.
pub(super) const PIECE: usize = 512;

/// Some sources and their remembered records.
pub(super) struct Piece<'a> {
    pub sources: &'a [SourceFile],
    known: Vec<Box<Remembered>>,
    settled: Vec<Box<Row>>,
}

/// A remembered record of a source.
pub(super) trait Named {
    /// The name of the source.
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

/// The last record of the source `name` in `known`; skips the records of earlier names.
fn last_of<T: Named>(known: &mut Peekable<IntoIter<T>>, name: &str) -> Option<T> {
    while known.next_if(|one| one.name() < name).is_some() {}
    let mut found = None;
    while let Some(one) = known.next_if(|one| one.name() == name) {
        found = Some(one);
    }
    found
}

impl<'a> Piece<'a> {
    /// Each source with its last remembered document and its last row.
    pub fn pairs(self) -> impl Iterator<Item = (&'a SourceFile, Option<Box<Remembered>>, Option<Box<Row>>)> {
        let (mut known, mut settled) =
            (self.known.into_iter().peekable(), self.settled.into_iter().peekable());
        self.sources.iter().map(move |source| {
            let name = &source.found.name;
            (source, last_of(&mut known, name), last_of(&mut settled, name))
        })
    }
}

/// Splits off the records from `name` on.
fn from<T: Named>(known: &mut Vec<T>, name: &str) -> Vec<T> {
    let at = known.partition_point(|one| one.name() < name);
    known.split_off(at)
}

/// Cuts sources and their records into matching pieces.
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
