//! Problems with relations between articles.

use miette::Diagnostic;
use thiserror::Error;

/// Problems with relations between articles.
#[derive(Debug, Clone, PartialEq, Eq, Error, Diagnostic)]
pub enum LibraryError {
    /// A term of which no path can be made.
    #[error("no path can be made of \u{201c}{term}\u{201d}, which is in `{taxonomy}`")]
    #[diagnostic(code(taxonomy::term), help("use a term with a letter or a digit"))]
    NoSlug {
        /// The taxonomy.
        taxonomy: String,
        /// The term.
        term: String,
    },
    /// Two terms with the same path.
    #[error(
        "\u{201c}{one}\u{201d} and \u{201c}{other}\u{201d} in `{taxonomy}` have one path and become one term"
    )]
    #[diagnostic(
        severity(warning),
        code(taxonomy::merged),
        help("write both alike if they mean the same; rename one if they don't")
    )]
    Merged {
        /// The taxonomy.
        taxonomy: String,
        /// The spelling that is used.
        one: String,
        /// The other spelling.
        other: String,
    },
    /// A list is sorted by a field that no article in it has.
    #[error("no article here has `{field}`, so the list is sorted by date")]
    #[diagnostic(severity(warning), code(list::field), help("{remedy}"))]
    NoSuchField {
        /// The field.
        field: String,
        /// A remedy.
        remedy: String,
    },
    /// A list of a section that does not exist.
    #[error("there is no section `{folder}`")]
    #[diagnostic(severity(warning), code(list::section), help("{remedy}"))]
    NoSuchSection {
        /// The folder as written.
        folder: String,
        /// A remedy.
        remedy: String,
    },
    /// A list is sorted by a field with values of several kinds.
    #[error("`{field}` is {found} here and {usual} in other articles of a list that is sorted by it")]
    #[diagnostic(
        severity(warning),
        code(list::kinds),
        help(
            "write all of them alike, such as `12.5` without quotes for a number: numbers come before texts"
        )
    )]
    SeveralKinds {
        /// The field.
        field: String,
        /// The kind of its value here.
        found: &'static str,
        /// The kind of other values.
        usual: &'static str,
    },
}
