//! Data files: JSON, YAML, TOML, CSV and TSV as trees of values, each with its place in the file.
//!
//! [`rows`] reads a table row by row, so that a fault of one row leaves the others usable; [`tree`] reads a whole file.
//! `[data.NAME]` of `site.toml` gives columns their kinds ([`Columns`]). Nothing is guessed: a column of CSV without a
//! kind is text.

mod cell;
mod clashes;
mod csv;
mod inferred;
mod table;

use std::ops::Range;
use std::sync::Arc;

pub use clashes::{clashes, keys};
pub use csv::delimiter;
use encoding_rs::{Encoding, UTF_16BE, UTF_16LE};
pub use inferred::{Column, Kind, Table, column, csv, csv_number, date, is_missing};
use miette::Diagnostic;
pub use table::{Row, Rows, rows, tree};
use thiserror::Error;

use super::encoding::{self, EncodingError};
use crate::model::diagnostics::{Place, Problem};
use crate::model::metadata::Language;

/// The folder of data files, in the site's root.
pub const FOLDER: &str = "data";

/// The languages of data files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// `.json`.
    Json,
    /// `.yaml` and `.yml`.
    Yaml,
    /// `.toml`.
    Toml,
    /// `.csv`: cells between commas, semicolons or tabs.
    Csv,
    /// `.tsv` and `.tab`: cells between tabs.
    Tsv,
}

impl Form {
    /// The extensions of data files.
    pub const EXTENSIONS: [&str; 7] = ["json", "yaml", "yml", "toml", "csv", "tsv", "tab"];

    /// The language of the file `name`, by its extension.
    pub fn of(name: &str) -> Option<Form> {
        let (_, extension) = name.rsplit_once('.')?;
        match extension.to_ascii_lowercase().as_str() {
            "json" => Some(Form::Json),
            "yaml" | "yml" => Some(Form::Yaml),
            "toml" => Some(Form::Toml),
            "csv" => Some(Form::Csv),
            "tsv" | "tab" => Some(Form::Tsv),
            _ => None,
        }
    }

    /// The language of its values; `None` for CSV and TSV, which have cells.
    fn language(self) -> Option<Language> {
        match self {
            Form::Json => Some(Language::Json),
            Form::Yaml => Some(Language::Yaml),
            Form::Toml => Some(Language::Toml),
            Form::Csv | Form::Tsv => None,
        }
    }
}

/// Errors in data files.
#[derive(Debug, Clone, PartialEq, Eq, Error, Diagnostic)]
pub enum DataError {
    /// A file without anything in it.
    #[error("there is nothing in this file")]
    #[diagnostic(code(data::empty), help("write the names of the columns into its first line"))]
    Empty,
    /// Two files that templates would know by one name.
    #[error("`{name}` and `{other}` are both `data.{key}`")]
    #[diagnostic(code(data::twice), help("rename one of the two, or remove it"))]
    TwoFiles {
        /// A file, or a folder that ends with `/`.
        name: String,
        /// The other file.
        other: String,
        /// Its keys, with dots between them.
        key: String,
    },
    /// Settings of a file that does not exist.
    #[error("there is no data file for `[data.{name}]`")]
    #[diagnostic(code(data::unknown), help("{remedy}"))]
    NoFile {
        /// Its name in `site.toml`.
        name: String,
        /// The nearest name.
        remedy: String,
    },
    /// A quoted cell without an end.
    #[error("the quotation mark that begins this cell has no end")]
    #[diagnostic(
        code(data::quotes),
        help(
            "end the cell with `\"`; a quotation mark that is part of its text is written twice, as `\"\"`"
        )
    )]
    Unclosed,
    /// Text behind a quoted cell.
    #[error("this text follows the end of a quoted cell")]
    #[diagnostic(
        code(data::quotes),
        help("write each quotation mark of the cell's text twice, as `\"\"`, or leave out all of them")
    )]
    AfterQuote,
    /// A row with too many or too few cells.
    #[error(
        "this row has {has} cell{}, and the file has {wanted} column{}",
        if *.has == 1 { "" } else { "s" },
        if *.wanted == 1 { "" } else { "s" }
    )]
    #[diagnostic(
        code(data::cells),
        help(
            "give the row one cell for each column; put a cell that has the delimiter in its text into quotation marks"
        )
    )]
    Cells {
        /// The number of its cells.
        has: usize,
        /// The number of columns.
        wanted: usize,
    },
    /// A column without a name.
    #[error("column {number} has no name")]
    #[diagnostic(code(data::column), help("name every column in the first row"))]
    Nameless {
        /// The number of the column, from 1.
        number: usize,
    },
    /// Two columns with one name.
    #[error("columns {first} and {second} are both named `{name}`")]
    #[diagnostic(code(data::column), help("rename one of the two"))]
    TwoColumns {
        /// Their name.
        name: String,
        /// The number of the first one, from 1.
        first: usize,
        /// The number of the second one.
        second: usize,
    },
    /// A column of `site.toml` that a file does not have.
    #[error("`{file}` has no column `{name}`")]
    #[diagnostic(code(data::column), help("{remedy}"))]
    NoColumn {
        /// The data file.
        file: String,
        /// The column.
        name: String,
        /// The nearest column.
        remedy: String,
    },
    /// A cell that is not of the kind of its column.
    #[error("`{column}` can't be \u{201c}{found}\u{201d}: {reason}")]
    #[diagnostic(code(data::cell), help("{remedy}"))]
    Cell {
        /// The name of the column.
        column: String,
        /// The text of the cell.
        found: String,
        /// The reason.
        reason: String,
        /// How to mend it.
        remedy: String,
    },
    /// A file that has no list of rows where one is expected.
    #[error("this is no list of rows: {reason}")]
    #[diagnostic(code(data::rows), help("{remedy}"))]
    NoRows {
        /// The value that is there instead.
        reason: String,
        /// The form that a list has in the language of the file.
        remedy: &'static str,
    },
    /// A row that is no table.
    #[error("this row is {found}, and a row is a table of fields")]
    #[diagnostic(code(data::rows), help("write `{{ name: value }}` for each row, in the syntax of the file"))]
    NoTable {
        /// The kind of value that it is.
        found: &'static str,
    },
    /// A whole number that can't be kept exactly.
    #[error("the number {number} has more digits than can be kept")]
    #[diagnostic(code(data::number), help("write it as text, in quotation marks"))]
    LongNumber {
        /// The number, or its beginning.
        number: String,
    },
    /// More cells than the memory should hold.
    #[error("this file has more than {} million cells", MOST_CELLS / 1_000_000)]
    #[diagnostic(code(data::size), help("leave out columns and rows that no page shows"))]
    ManyCells,
}

/// The most cells of a table.
const MOST_CELLS: usize = 4_000_000;

/// The text of a data file: without a byte order mark, with line feeds at the ends of lines. A file with the byte order
/// mark of UTF-16 is read as that, any other as `encoding`, else as UTF-8.
///
/// # Errors
/// [`EncodingError`] with the byte at which reading stopped.
pub fn decode(bytes: Vec<u8>, encoding: Option<&'static Encoding>) -> Result<String, EncodingError> {
    let by_mark = match bytes.get(..2) {
        Some([0xff, 0xfe]) => Some(UTF_16LE),
        Some([0xfe, 0xff]) => Some(UTF_16BE),
        _ => None,
    };
    encoding::decode(bytes, by_mark.or(encoding))
}

/// A problem at bytes of a file.
fn problem(file: &Arc<str>, text: &str, (error, span): (DataError, Range<usize>)) -> Problem {
    Problem::new(error, Place::in_text(file.clone(), text, span))
}

#[cfg(test)]
mod tests;
