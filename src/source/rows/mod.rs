//! Rows of data files as sources: each row becomes the text of an article or a page, and goes on as if that were a file.
//!
//! 1. [`data::rows`](super::data::rows) finds the rows of a file, each with its cells and their places.
//! 2. [`Columns`] decides what each column is: a field, the body, or a value of the author's own.
//! 3. [`Columns::row`] writes the text of a row. Its place in the data file is kept beside it, so that problems with the
//!    text can name the cell.

mod columns;
mod error;
mod file;
mod text;

use std::ops::Range;
use std::sync::Arc;

pub use columns::{Columns, Made};
pub use error::RowError;
pub use file::DataFile;

use super::{FOLDER, Format, below};
use crate::model::diagnostics::{Place, Problem};
use crate::model::digest::Digest;
use crate::model::metadata::{self, Language};
use crate::model::stamp::Stamp;

/// A row as the text of a source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DataRow {
    /// The name of the source that it is.
    name: Arc<str>,
    /// The section that it is in, and the language in the names of its rows.
    section: Arc<(String, String)>,
    /// The file with the row.
    file: Arc<DataFile>,
    /// Its key.
    key: Box<str>,
    /// The row in the text of the file.
    span: Range<usize>,
    /// The cell with the key.
    key_span: Range<usize>,
    /// Front matter and body.
    text: Box<str>,
    /// The cells in `text`, in their order.
    cells: Box<[Cell]>,
    /// The format of `text`.
    format: Format,
    origin: Origin,
}

/// Where a row comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Origin {
    /// A data file.
    Data,
    /// Takes of a story of a news agency, oldest first.
    Story(Box<[WireTake]>),
    /// A text of another generator.
    Foreign,
}

/// A take of a story.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WireTake {
    /// Its file.
    pub file: String,
    /// Its version and its status, for people: `version 2, usable`.
    pub about: String,
}

/// A story of a news agency, as the source that it becomes.
#[derive(Debug)]
pub struct WireStory {
    /// The name of that source.
    pub name: Arc<str>,
    /// The folder of its section.
    pub section: String,
    /// Its id or slug line.
    pub key: String,
    /// Front matter and body.
    pub text: String,
    /// The format of `text`.
    pub format: Format,
    /// Its takes, oldest first.
    pub takes: Vec<WireTake>,
}

/// A cell of a row and its value in the text of the row.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Cell {
    /// The byte of the row's text at which the value begins.
    at: usize,
    /// The value begins with a quote.
    is_quoted: bool,
    /// The cell in the data file.
    span: Range<usize>,
}

/// The name of the source that a row of the section `folder` with this `key` is; `language` is as in `ferry.de.md`.
fn row_name(folder: &str, key: &str, language: &str) -> Arc<str> {
    match folder {
        "" => format!("{FOLDER}/{key}{language}.md").into(),
        folder => format!("{FOLDER}/{folder}/{key}{language}.md").into(),
    }
}

/// The values in the text of a row that may be its key.
pub fn keys_in(text: &[u8]) -> Vec<String> {
    let text = String::from_utf8_lossy(text);
    let block = text.strip_prefix("+++\n").and_then(|rest| rest.split_once("\n+++\n"));
    let tree = block.and_then(|(block, _)| metadata::parse(Language::Toml, block, 0).ok());
    let fields = tree.iter().chain(tree.iter().filter_map(|tree| tree.get("extra")));
    fields.flat_map(columns::cells).filter_map(|cell| columns::key_of(&cell.node.value)).collect()
}

/// The reason why `key` can't be the name of a source; `None` if it can.
pub fn is_no_name(key: &str) -> Option<&'static str> {
    match key {
        "." | ".." => Some("that is a folder"),
        "index" | "_index" => Some("a source of that name is the page of its section"),
        _ if key.contains(['/', '\\']) => Some("a `/` divides folders, and this is the name of one source"),
        _ if key.contains(char::is_control) => Some("it has a character that names don't have"),
        _ if key.len() > LONGEST_KEY => Some("it is too long for the name of a source"),
        _ => None,
    }
}

/// The most bytes of a key.
const LONGEST_KEY: usize = 200;

impl DataRow {
    /// The source that a story becomes. Its places are in its newest take.
    pub fn of_story(story: WireStory) -> DataRow {
        let file = story.takes.last().map(|take| take.file.clone()).unwrap_or_default();
        DataRow {
            section: Arc::new((story.section, String::new())),
            key: story.key.into(),
            origin: Origin::Story(story.takes.into()),
            ..DataRow::foreign(story.name, &file, story.text, story.format)
        }
    }

    /// The source `name` that the `text` of another generator in `file` becomes.
    pub fn foreign(name: Arc<str>, file: &str, text: String, format: Format) -> DataRow {
        DataRow {
            key: file.into(),
            name,
            section: Arc::default(),
            file: Arc::new(DataFile::new(file.into(), String::new())),
            span: 0..0,
            key_span: 0..0,
            text: text.into(),
            cells: Box::default(),
            format,
            origin: Origin::Foreign,
        }
    }

    /// The takes of the story that it is, oldest first; none for any other row.
    pub fn takes(&self) -> &[WireTake] {
        match &self.origin {
            Origin::Story(takes) => takes,
            Origin::Data | Origin::Foreign => &[],
        }
    }

    /// True for a row of a data file.
    pub fn is_of_data(&self) -> bool {
        self.origin == Origin::Data
    }

    /// The format of its text.
    pub fn format(&self) -> Format {
        self.format
    }

    /// It in messages: `the row “tea” of a data file`.
    pub fn said(&self) -> String {
        match self.origin {
            Origin::Data => format!("the row \u{201c}{}\u{201d} of a data file", self.key),
            Origin::Story(_) => format!("the story \u{201c}{}\u{201d} of a news agency", self.key),
            Origin::Foreign => format!("made of {}, a file of another generator", self.key),
        }
    }

    /// Where it is, for people: `line 4 of data/products.csv`.
    pub fn whereabouts(&self) -> String {
        match self.origin {
            Origin::Data => format!("line {} of {}", self.line(), self.file()),
            Origin::Story(_) | Origin::Foreign => self.file().to_string(),
        }
    }

    /// The row without its text, which can't be used.
    pub fn without_text(&self) -> DataRow {
        self.named(self.name.clone())
    }

    /// A row without text that is the source `name`.
    pub fn named(&self, name: Arc<str>) -> DataRow {
        DataRow { name, text: Box::default(), cells: Box::default(), ..self.clone() }
    }

    /// True if it has no text that can be used.
    pub fn is_lost(&self) -> bool {
        self.text.is_empty()
    }

    /// The name of the source that it is.
    pub fn name(&self) -> &Arc<str> {
        &self.name
    }

    /// The name of a row with another `key` beside it.
    pub fn name_with(&self, key: &str) -> Arc<str> {
        row_name(&self.section.0, key, &self.section.1)
    }

    /// The path that it has below `content/`.
    pub fn path(&self) -> &str {
        below(&self.name)
    }

    /// Front matter and body.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Its key.
    pub fn key(&self) -> &str {
        &self.key
    }

    /// The name of the data file.
    pub fn file(&self) -> &Arc<str> {
        self.file.name()
    }

    /// The line of the data file in which the row begins, from 1.
    pub fn line(&self) -> usize {
        self.file.line(self.span.start)
    }

    /// A stamp that changes with the text. Like that of a file that nobody has touched for long, it proves that the text
    /// is the same.
    pub fn stamp(&self) -> Stamp {
        let digest = u128::from_le_bytes(*Digest::of(self.text.as_bytes()).bytes());
        // The sign puts the time before 1970.
        let modified = ((digest as u64) | 1 << 63).cast_signed();
        let inode = (digest >> 64) as u64;
        Stamp { size: self.text.len() as u64, modified, changed: modified, inode }
    }

    /// A problem with the bytes `span` of the data file.
    pub fn problem(&self, cause: RowError, span: Range<usize>) -> Problem {
        Problem::new(cause, self.file.place(span)).belonging_to(&self.name)
    }

    /// A problem with the whole row.
    pub fn problem_of_row(&self, cause: RowError) -> Problem {
        self.problem(cause, self.key_span.clone())
    }

    /// The error that it has the key of the row `first`.
    pub fn is_twice(&self, first: &DataRow) -> Problem {
        let (line, file) = (first.line(), first.file().to_string());
        self.problem_of_row(RowError::Twice { key: self.key.to_string(), first: line, file })
    }

    /// The error that a file has its name; `instead` is the name of the source that it is then.
    pub fn is_taken(&self, instead: &Arc<str>) -> Problem {
        let cause = RowError::Taken { key: self.key.to_string(), source_name: self.name.to_string() };
        Problem::new(cause, self.place_of_key()).belonging_to(instead)
    }

    /// The place in the data file of `place`, which is one in the text of the row.
    fn place(&self, place: &Place) -> Place {
        match &place.spot {
            Some(spot) => self.place_at(spot.line, spot.column, spot.parts().1.len()),
            None => self.place_of_key(),
        }
    }

    /// The place in the data file of `length` bytes at a line and column of the text of the row.
    pub fn place_at(&self, line: u32, column: u32, length: usize) -> Place {
        let at = self.byte(line, column);
        match self.span_of(at..at + length) {
            Some(span) => self.file.place(span),
            None => self.place_of_key(),
        }
    }

    /// The place of its key in the data file.
    pub fn place_of_key(&self) -> Place {
        self.file.place(self.key_span.clone())
    }

    /// The byte of the text at a line and column.
    fn byte(&self, line: u32, column: u32) -> usize {
        let start = match line {
            0 | 1 => 0,
            line => {
                let mut ends = memchr::memchr_iter(b'\n', self.text.as_bytes());
                ends.nth(line as usize - 2).map_or(self.text.len(), |end| end + 1)
            }
        };
        let rest = self.text.get(start..).unwrap_or_default();
        let before = rest.char_indices().nth((column as usize).saturating_sub(1));
        start + before.map_or(rest.len(), |(at, _)| at)
    }

    /// The bytes of the data file for the bytes `range` of the text: within the cell if it is written there as it is in
    /// the text, else the whole cell. `None` if no cell is there.
    fn span_of(&self, range: Range<usize>) -> Option<Range<usize>> {
        let after = self.cells.partition_point(|cell| cell.at <= range.start);
        let Cell { at, is_quoted, span } = self.cells.get(after.checked_sub(1)?)?;
        let at = at + usize::from(*is_quoted);
        if range.start < at {
            return Some(span.clone());
        }
        let next = self.cells.get(after).map_or(self.text.len(), |next| next.at);
        let written = self.text.get(at..range.end.min(next))?;
        let raw = self.file.text().get(span.clone())?;
        // A text may have quotes around it: one or three.
        let found = [0, 1, 3].into_iter().find_map(|quotes| {
            let raw = raw.get(quotes..)?;
            let start = text::offset_in(raw, written, range.start - at)?;
            let end = text::offset_in(raw, written, written.len())?;
            Some(span.start + quotes + start..span.start + quotes + end)
        });
        Some(found.unwrap_or_else(|| span.clone()))
    }

    /// `problem`, which is one of the text of the row, with its place in the data file and the key of the row.
    pub fn located(&self, mut problem: Problem) -> Problem {
        let place = match (problem.shown(), problem.place()) {
            (Some(shown), _) => Some(shown.clone()),
            (None, place) => place.map(|place| self.place(place)),
        };
        if let Some(place) = place {
            problem.set_place(place);
        }
        // Problems with keys name the key.
        if problem.cause::<RowError>().is_none_or(|cause| !cause.has_key()) {
            let message = match self.origin {
                Origin::Data => format!("in the row \u{201c}{}\u{201d}: {}", self.key, problem.message()),
                Origin::Story(_) => {
                    format!("in the story \u{201c}{}\u{201d}: {}", self.key, problem.message())
                }
                Origin::Foreign => problem.message().clone(),
            };
            problem.set_message(message);
        }
        problem
    }
}
