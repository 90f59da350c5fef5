//! A data file, with the places in it.

use std::ops::Range;
use std::sync::Arc;

use crate::model::diagnostics::Place;

/// A data file and its text.
#[derive(Debug, PartialEq, Eq)]
pub struct DataFile {
    name: Arc<str>,
    text: String,
    /// The byte of each line feed.
    ends: Vec<usize>,
}

impl DataFile {
    /// The file `name` with this text.
    pub fn new(name: Arc<str>, text: String) -> DataFile {
        let ends = memchr::memchr_iter(b'\n', text.as_bytes()).collect();
        DataFile { name, text, ends }
    }

    /// Its name, from the site's root.
    pub fn name(&self) -> &Arc<str> {
        &self.name
    }

    /// Its text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The line of the byte `at`, from 1.
    pub fn line(&self, at: usize) -> usize {
        self.ends.partition_point(|end| *end < at) + 1
    }

    /// The place of the bytes `range`.
    pub fn place(&self, range: Range<usize>) -> Place {
        if self.text.is_empty() {
            return Place::file(self.name.clone());
        }
        let line = self.line(range.start);
        let start = line.checked_sub(2).and_then(|before| self.ends.get(before)).map_or(0, |end| end + 1);
        let end = self.ends.get(line - 1).copied().unwrap_or(self.text.len());
        let text = self.text.get(start..end).unwrap_or_default();
        let within = |at: usize| at.clamp(start, end) - start;
        Place::in_line(self.name.clone(), line, text, within(range.start)..within(range.end))
    }
}
