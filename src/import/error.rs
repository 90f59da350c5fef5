//! Errors that end an import.

use miette::Diagnostic;
use thiserror::Error;

/// Why nothing could be imported.
#[derive(Debug, Clone, PartialEq, Eq, Error, Diagnostic)]
pub enum ImportError {
    /// The source is not there, or can't be read.
    #[error("{path} can't be read: {reason}")]
    #[diagnostic(code(import::unreadable), help("check that it exists and may be read"))]
    Unreadable {
        /// The file or folder.
        path: String,
        /// The system's message.
        reason: String,
    },
    /// `auto` found nothing that it knows.
    #[error("{path} looks like no generator that `import` knows")]
    #[diagnostic(
        code(import::unknown),
        help(
            "give the folder that has the generator's configuration, and name the kind: `dateline import hugo {path}`"
        )
    )]
    Unknown {
        /// The folder.
        path: String,
    },
    /// The source is none of that kind.
    #[error("{path} is no source for {kind}: it has no {sign}")]
    #[diagnostic(
        code(import::kind),
        help("give the folder that has it, or `dateline import auto` to find out the kind")
    )]
    NotOfKind {
        /// The generator.
        kind: &'static str,
        /// The folder or file.
        path: String,
        /// A file or folder that every source of this kind has.
        sign: &'static str,
    },
    /// A file without which nothing can be understood.
    #[error("{file}:{line}: this can't be read: {reason}")]
    #[diagnostic(code(import::settings), help("mend the file; the generator itself would refuse it too"))]
    Settings {
        /// The file, from the root of the source.
        file: String,
        /// The line, from 1.
        line: u32,
        /// The reason.
        reason: String,
    },
    /// The source has more files, or deeper folders, than any site.
    #[error("{path} has {what}")]
    #[diagnostic(code(import::endless), help("give the folder of one site, without what it was built into"))]
    Endless {
        /// The folder.
        path: String,
        /// The thing that is too large.
        what: String,
    },
    /// The target is in the source.
    #[error("the new site would be inside its source: {target}")]
    #[diagnostic(
        code(import::inside),
        help("name a folder elsewhere: `--into ../new-site`; the source stays as it is")
    )]
    Inside {
        /// The target.
        target: String,
    },
    /// A live feed is none.
    #[error("{name} is no feed")]
    #[diagnostic(
        code(import::feed),
        help("give the file or the address of the RSS, Atom or JSON feed that subscribers have")
    )]
    Feed {
        /// Its name.
        name: String,
    },
    /// The target can't be written.
    #[error("{path} can't be written: {reason}")]
    #[diagnostic(
        code(import::write),
        help("check the space on the disk and the permissions, and run the same command again: it goes on")
    )]
    Write {
        /// The file.
        path: String,
        /// The system's message.
        reason: String,
    },
}

impl ImportError {
    /// True if the machine failed; false if the command line or the source is wrong.
    pub fn is_of_machine(&self) -> bool {
        matches!(self, ImportError::Write { .. })
    }
}
