//! Lines and columns of many places in one text.

use std::cell::RefCell;
use std::ops::Range;
use std::sync::Arc;

use super::{Place, Spot, floor_char};

/// Lines longer than this many bytes are shown in part.
const LONGEST_LINE: usize = 400;

/// Bytes of text between two counts of characters.
const STRIDE: usize = 256;

/// The text of a file in which many places may be wanted. Its lines are counted once, as far as the last place.
#[derive(Debug)]
pub struct Lines<'a> {
    file: Arc<str>,
    text: &'a str,
    index: RefCell<Index>,
}

#[derive(Debug)]
struct Index {
    /// The byte at which each line begins, of the strides that are counted.
    starts: Vec<usize>,
    /// The characters before every [`STRIDE`] bytes.
    characters: Vec<usize>,
}

impl Index {
    fn new() -> Index {
        Index { starts: vec![0], characters: vec![0] }
    }

    /// Counts the strides up to byte `at`.
    fn reach(&mut self, text: &str, at: usize) {
        loop {
            let counted = (self.characters.len() - 1) * STRIDE;
            let Some(rest) = text.as_bytes().get(counted..).filter(|_| counted <= at) else { return };
            let stride = rest.get(..STRIDE).unwrap_or(rest);
            self.starts.extend(memchr::memchr_iter(b'\n', stride).map(|end| counted + end + 1));
            let before = self.characters.last().copied().unwrap_or_default();
            self.characters.push(before + characters_in(stride));
        }
    }

    /// The number of characters that begin before byte `at`.
    fn characters(&self, text: &str, at: usize) -> usize {
        let whole = at / STRIDE;
        let rest = text.as_bytes().get(whole * STRIDE..at).unwrap_or_default();
        self.characters.get(whole).copied().unwrap_or_default() + characters_in(rest)
    }
}

/// The number of characters that begin in `bytes`, which are UTF-8.
fn characters_in(bytes: &[u8]) -> usize {
    bytes.iter().filter(|byte| (**byte & 0xc0) != 0x80).count()
}

impl<'a> Lines<'a> {
    /// The lines of `text`, which is the whole text of `file`.
    pub fn new(file: impl Into<Arc<str>>, text: &'a str) -> Self {
        Lines { file: file.into(), text, index: RefCell::new(Index::new()) }
    }

    /// The bytes `range` of the text. A range past the end, across lines or inside a character is cut to what can be
    /// shown.
    pub fn place(&self, range: Range<usize>) -> Place {
        let text = self.text;
        let start = floor_char(text, range.start);
        // The end of the line matters as far as the place or what is shown of the line goes.
        let far = floor_char(text, range.end.max(start.saturating_add(2 * LONGEST_LINE)));
        let line_end = memchr::memchr(b'\n', &text.as_bytes()[start..far]).map_or(far, |end| start + end);
        let mut index = self.index.borrow_mut();
        index.reach(text, start);
        let line = index.starts.partition_point(|line| *line <= start);
        let line_start =
            line.checked_sub(1).and_then(|line| index.starts.get(line)).copied().unwrap_or_default();
        let end = floor_char(text, range.end).clamp(start, line_end);
        let column = index.characters(text, start) - index.characters(text, line_start) + 1;
        let from = floor_char(text, line_start.max(start.saturating_sub(LONGEST_LINE / 2)));
        let to = floor_char(text, line_end.min(from + LONGEST_LINE));
        let shown = text[from..to].trim_end_matches('\r');
        let cut = |at: usize| at.saturating_sub(from).min(shown.len());
        // No file has four thousand million lines, and the range lies within a line that is shown.
        let short = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        let range = (short(cut(start)), short(cut(end)));
        let spot = Spot { line: short(line), column: short(column), text: shown.into(), range };
        Place { file: self.file.clone(), spot: Some(Box::new(spot)) }
    }
}
