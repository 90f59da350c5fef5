//! Lines and columns of many places in one text.

use std::cell::OnceCell;
use std::ops::Range;
use std::sync::Arc;

use super::{Place, Spot, floor_char};

/// Lines longer than this many bytes are shown in part.
const LONGEST_LINE: usize = 400;

/// Bytes of text between two counts of characters.
const STRIDE: usize = 1024;

/// The text of a file in which many places may be wanted. Its lines are counted once, with the first place.
#[derive(Debug)]
pub struct Lines<'a> {
    file: Arc<str>,
    text: &'a str,
    index: OnceCell<Index>,
}

#[derive(Debug)]
struct Index {
    /// The byte at which each line begins.
    starts: Vec<usize>,
    /// The characters before every [`STRIDE`] bytes.
    characters: Vec<usize>,
}

impl Index {
    fn new(text: &str) -> Index {
        let bytes = text.as_bytes();
        let ends = memchr::memchr_iter(b'\n', bytes).map(|end| end + 1);
        let mut count = 0;
        let mut characters = vec![0];
        for stride in bytes.chunks(STRIDE) {
            count += characters_in(stride);
            characters.push(count);
        }
        Index { starts: std::iter::once(0).chain(ends).collect(), characters }
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
        Lines { file: file.into(), text, index: OnceCell::new() }
    }

    /// The bytes `range` of the text. A range past the end, across lines or inside a character is cut to what can be
    /// shown.
    pub fn place(&self, range: Range<usize>) -> Place {
        let text = self.text;
        let index = self.index.get_or_init(|| Index::new(text));
        let start = floor_char(text, range.start);
        let line = index.starts.partition_point(|line| *line <= start);
        let line_start =
            line.checked_sub(1).and_then(|line| index.starts.get(line)).copied().unwrap_or_default();
        let line_end = index.starts.get(line).map_or(text.len(), |next| next - 1);
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
