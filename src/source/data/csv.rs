//! The records of a CSV file (RFC 4180), with the place of each cell, which parsers of CSV don't tell.

use std::borrow::Cow;
use std::collections::HashMap;
use std::ops::Range;

use super::DataError;

/// A cell as written.
pub(super) struct Cell<'a> {
    /// Its text: without the quotation marks around it; without spaces around it, if it has none.
    pub text: Cow<'a, str>,
    /// Its bytes in the file, with its quotation marks.
    pub span: Range<usize>,
}

/// The records of a text. Those with nothing but empty cells are passed over. None follows an error.
pub(super) struct Records<'a> {
    text: &'a str,
    at: usize,
    delimiter: u8,
}

impl<'a> Records<'a> {
    /// The records of `text`, whose lines end with line feeds.
    pub fn new(text: &'a str, delimiter: u8) -> Self {
        Records { text, at: 0, delimiter }
    }

    /// The bytes from the present one.
    fn rest(&self) -> &'a [u8] {
        self.text.as_bytes().get(self.at..).unwrap_or_default()
    }

    /// Passes over spaces; in a file with another delimiter, tabs are spaces too.
    fn skip_spaces(&mut self) {
        let is_space = |byte: &&u8| matches!(byte, b' ' | b'\t' | b'\r') && **byte != self.delimiter;
        self.at += self.rest().iter().take_while(is_space).count();
    }

    /// The cell that starts here. Afterwards a delimiter, the end of the line or the end of the text is here.
    fn cell(&mut self) -> Result<Cell<'a>, (DataError, Range<usize>)> {
        self.skip_spaces();
        if self.rest().first() == Some(&b'"') {
            return self.quoted();
        }
        let rest = self.rest();
        let end = self.at + memchr::memchr2(self.delimiter, b'\n', rest).unwrap_or(rest.len());
        let text = self.text.get(self.at..end).unwrap_or_default().trim_end();
        let span = self.at..self.at + text.len();
        self.at = end;
        Ok(Cell { text: Cow::Borrowed(text), span })
    }

    fn quoted(&mut self) -> Result<Cell<'a>, (DataError, Range<usize>)> {
        let (open, mut from, mut has_marks) = (self.at, self.at + 1, false);
        let bytes = self.text.as_bytes();
        let end = loop {
            let rest = bytes.get(from..).unwrap_or_default();
            let Some(mark) = memchr::memchr(b'"', rest) else {
                self.at = bytes.len();
                return Err((DataError::Unclosed, open..open + 1));
            };
            let mark = from + mark;
            if bytes.get(mark + 1) != Some(&b'"') {
                break mark;
            }
            (from, has_marks) = (mark + 2, true);
        };
        self.at = end + 1;
        self.skip_spaces();
        match self.rest().first() {
            Some(byte) if *byte != self.delimiter && *byte != b'\n' => {
                let length = memchr::memchr2(self.delimiter, b'\n', self.rest()).unwrap_or(self.rest().len());
                let fault = (DataError::AfterQuote, self.at..self.at + length);
                self.at = bytes.len();
                return Err(fault);
            }
            _ => {}
        }
        let text = self.text.get(open + 1..end).unwrap_or_default();
        let text = if has_marks { Cow::Owned(text.replace("\"\"", "\"")) } else { Cow::Borrowed(text) };
        Ok(Cell { text, span: open..end + 1 })
    }

    /// The cells up to the end of the line.
    fn record(&mut self) -> Result<Vec<Cell<'a>>, (DataError, Range<usize>)> {
        let mut cells = Vec::new();
        loop {
            cells.push(self.cell()?);
            let next = self.rest().first();
            self.at += 1;
            if next != Some(&self.delimiter) {
                return Ok(cells);
            }
        }
    }
}

impl<'a> Iterator for Records<'a> {
    type Item = Result<Vec<Cell<'a>>, (DataError, Range<usize>)>;

    fn next(&mut self) -> Option<Self::Item> {
        while !self.rest().is_empty() {
            match self.record() {
                Ok(cells) if cells.iter().all(|cell| cell.text.trim().is_empty()) => {}
                record => return Some(record),
            }
        }
        None
    }
}

/// The delimiter of a file: the comma, the semicolon or the tab, the one most frequent in its first row.
pub fn delimiter(text: &str) -> u8 {
    let line = text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    let mut quoted = false;
    let mut counts = [(0, b','), (0, b';'), (0, b'\t')];
    for byte in line.bytes() {
        quoted ^= byte == b'"';
        if let Some(count) = counts.iter_mut().find(|(_, one)| *one == byte && !quoted) {
            count.0 += 1;
        }
    }
    // Among equals, the first delimiter wins.
    counts.iter().rev().max_by_key(|(count, _)| *count).map_or(b',', |(_, one)| *one)
}

/// The columns that the first record names. Columns without a name, as spreadsheets leave them behind the last one, are
/// left out.
pub(super) fn header(mut names: Vec<Cell<'_>>) -> Result<Vec<Cell<'_>>, (DataError, Range<usize>)> {
    while names.last().is_some_and(|cell| cell.text.trim().is_empty()) {
        names.pop();
    }
    let mut known: HashMap<&str, usize> = HashMap::with_capacity(names.len());
    for (at, cell) in names.iter().enumerate() {
        let name = cell.text.trim();
        if name.is_empty() {
            return Err((DataError::Nameless { number: at + 1 }, cell.span.clone()));
        }
        if let Some(first) = known.insert(name, at) {
            let fault = DataError::TwoColumns { name: name.to_owned(), first: first + 1, second: at + 1 };
            return Err((fault, cell.span.clone()));
        }
    }
    Ok(names)
}

/// Gives `record` the number of cells that the file has columns: drops empty ones behind the last column.
pub(super) fn fit(record: &mut Vec<Cell<'_>>, columns: usize) -> Result<(), (DataError, Range<usize>)> {
    while record.len() > columns && record.last().is_some_and(|cell| cell.text.trim().is_empty()) {
        record.pop();
    }
    if record.len() == columns {
        return Ok(());
    }
    let place = match record.get(columns) {
        Some(extra) => extra.span.clone(),
        None => record.last().map_or(0..0, |last| last.span.clone()),
    };
    Err((DataError::Cells { has: record.len(), wanted: columns }, place))
}
