//! The places of findings: in the source where it has the same text, else in the page itself.

use std::cell::OnceCell;
use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

use crate::check::{Fault, Kind};
use crate::model::diagnostics::{Lines, Place};
use crate::render::is_line_excused;
use crate::source::DataRow;
use crate::storage::file;

/// Finds places of one page.
pub(super) struct Finder<'a> {
    root: &'a Path,
    /// The name of the source that the page shows, if it shows one.
    source: Option<Arc<str>>,
    /// The text of that, once it was needed; empty if it can't be read.
    text: OnceCell<String>,
    output: Lines<'a>,
    output_name: String,
}

impl<'a> Finder<'a> {
    /// The places of a page with the text `html`, which is the file `output_name`; `row` is its source if that is no file.
    pub fn new(
        root: &'a Path,
        source: Option<Arc<str>>,
        row: Option<&Arc<DataRow>>,
        output_name: String,
        html: &'a str,
    ) -> Finder<'a> {
        let output = Lines::new(output_name.clone(), html);
        let text = row.map_or_else(OnceCell::new, |row| OnceCell::from(row.text().to_owned()));
        Finder { root, source, text, output, output_name }
    }

    /// The place of `fault`. Of ids that stand twice, the last is meant.
    pub fn place_of(&self, fault: &Fault) -> Place {
        let is_last = fault.kind == Kind::DuplicateId;
        self.find(fault.range.clone(), &fault.clues, is_last)
    }

    /// The place in the source that has one of `clues`; if none is in it, a template wrote the text, and the place is
    /// the `range` of the page.
    pub fn place(&self, range: Range<usize>, clues: &[String]) -> Place {
        self.find(range, clues, false)
    }

    fn find(&self, range: Range<usize>, clues: &[String], is_last: bool) -> Place {
        if let Some(source) = &self.source {
            let text = self.text.get_or_init(|| self.read(source));
            let clues = clues.iter().filter(|clue| !clue.is_empty());
            let mut places = clues.filter_map(|clue| {
                let at = if is_last { text.rfind(clue.as_str())? } else { text.find(clue.as_str())? };
                let start = at + clue.len() - clue.trim_start().len();
                Some(start..at + clue.trim_end().len())
            });
            let found = if is_last { places.max_by_key(|place| place.start) } else { places.next() };
            if let Some(found) = found {
                return Place::in_text(source.clone(), text, found);
            }
        }
        if range.is_empty() { self.whole() } else { self.output.place(range) }
    }

    /// True if a comment in the source excuses what is at `place`.
    pub fn excuses(&self, place: &Place) -> bool {
        let is_in_source =
            self.source.as_ref().is_some_and(|source| *source == place.file) && place.spot.is_some();
        is_in_source && self.text.get().is_some_and(|text| is_line_excused(text, place.line_and_column().0))
    }

    /// The whole page: its source, or itself.
    pub fn whole(&self) -> Place {
        match &self.source {
            Some(source) => super::whole(source),
            None => Place::file(self.output_name.clone()),
        }
    }

    fn read(&self, source: &str) -> String {
        file::read_text(&self.root.join(source), file::SOURCE).unwrap_or_default()
    }
}
