//! Problems with data files and their rows.

use miette::Diagnostic;
use thiserror::Error;

impl RowError {
    /// True if its message has the key of the row.
    pub(super) fn has_key(&self) -> bool {
        matches!(
            self,
            RowError::BadKey { .. }
                | RowError::Twice { .. }
                | RowError::Taken { .. }
                | RowError::Undated { .. }
        )
    }
}

/// Problems with data files whose rows are articles and pages.
#[derive(Debug, Clone, PartialEq, Eq, Error, Diagnostic)]
pub enum RowError {
    /// The file is missing.
    #[error("there is no file {file}, whose rows are articles and pages")]
    #[diagnostic(code(rows::missing), help("{remedy}"))]
    Missing {
        /// The file.
        file: String,
        /// The nearest one, or how to make it.
        remedy: String,
    },
    /// The file can't be read.
    #[error("{file} can't be read: {reason}")]
    #[diagnostic(code(rows::unreadable), help("check that the file may be read"))]
    Unreadable {
        /// The file.
        file: String,
        /// The system's message.
        reason: String,
    },
    /// The ending of the file is not known.
    #[error("rows can't be read from {file}: its ending is not known")]
    #[diagnostic(
        code(rows::format),
        help("use a file that ends in `.csv`, `.tsv`, `.json`, `.yaml` or `.toml`")
    )]
    Format {
        /// The file.
        file: String,
    },
    /// A column that `site.toml` or a section names is not there.
    #[error("{file} has no column \u{201c}{column}\u{201d}")]
    #[diagnostic(code(rows::column), help("{remedy}"))]
    NoColumn {
        /// The file.
        file: String,
        /// The column.
        column: String,
        /// The nearest one, or all.
        remedy: String,
    },
    /// Two columns fill one field.
    #[error("the columns \u{201c}{first}\u{201d} and \u{201c}{second}\u{201d} of {file} both fill `{field}`")]
    #[diagnostic(
        code(rows::column),
        help(
            "rename one of them, or name the one that is meant under `[sources.fields]`: `{field} = \"{first}\"`"
        )
    )]
    TwoColumns {
        /// The field.
        field: String,
        /// The first column.
        first: String,
        /// The second one.
        second: String,
        /// The file.
        file: String,
    },
    /// No column has the titles.
    #[error("no column of {file} is the title of its articles and pages")]
    #[diagnostic(
        code(rows::title),
        help(
            "name it under `[sources.fields]`: `title = \"\u{2026}\"`{columns}; `title = false` is for notes without a title"
        )
    )]
    NoTitle {
        /// The file.
        file: String,
        /// The columns of the file.
        columns: String,
    },
    /// The key of a row is empty.
    #[error("this row has no key: its \u{201c}{column}\u{201d} is empty")]
    #[diagnostic(
        code(rows::key),
        help("fill it in: the key is part of the row's id and address, and no other row may have it")
    )]
    NoKey {
        /// The column.
        column: String,
    },
    /// The key can't be the name of a source.
    #[error("this row can't have the key \u{201c}{key}\u{201d}: {reason}")]
    #[diagnostic(
        code(rows::key),
        help("choose another key, or another column as `key`; `slug` and `path` can set the address")
    )]
    BadKey {
        /// The key.
        key: String,
        /// The reason.
        reason: &'static str,
    },
    /// Two rows have one key.
    #[error("the key \u{201c}{key}\u{201d} is that of two rows: line {first} of {file} has it too")]
    #[diagnostic(
        code(rows::twice),
        help("give one of them another key; nobody can know which of the two is meant")
    )]
    Twice {
        /// The key.
        key: String,
        /// The line of the first.
        first: usize,
        /// The file of the first.
        file: String,
    },
    /// A source has the name of the row.
    #[error("the row \u{201c}{key}\u{201d} has the name of a source: {source_name} is there")]
    #[diagnostic(code(rows::taken), help("rename the file, or give the row another key"))]
    Taken {
        /// The key.
        key: String,
        /// The source.
        source_name: String,
    },
    /// A column that is no field looks as if it held the row back.
    #[error("`{column}` looks as if it should hold this row back, and it is no field that is read here")]
    #[diagnostic(
        code(rows::hold),
        help(
            "{remedy}, which `[sources.fields]` can fill from this column; if it is a value of your own, name it in `extra = [\"{column}\"]` of the source"
        )
    )]
    Hold {
        /// The column.
        column: String,
        /// The field that does what seems to be meant.
        remedy: &'static str,
    },
    /// Some rows have no date in the column for it.
    #[error(
        "{} no date in \u{201c}{column}\u{201d}: {}, and in no feed",
        if *.count == 1 { "this row has".to_owned() } else { format!("{count} rows have, like this one,") },
        if *.count == 1 { "it is a page" } else { "they are pages" }
    )]
    #[diagnostic(
        severity(warning),
        code(rows::undated),
        help("fill in the date; with `dated = true` in the section, a row without one is an error")
    )]
    Undated {
        /// The number of rows.
        count: usize,
        /// The column.
        column: String,
    },
}
