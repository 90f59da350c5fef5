//! Decides by the name of a file if the site takes it. Backups, what editors and systems leave, sources of other
//! generators and hidden files are left out, because they may hold what is not public. One warning for each kind names
//! the first of them.

mod names;

use std::collections::BTreeMap;
use std::sync::Arc;

use miette::Diagnostic;
pub(super) use names::left_out;
use thiserror::Error;

use crate::model::diagnostics::{Place, Problem};

/// A folder whose files a site takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tree {
    /// `content/`.
    Content,
    /// `static/`, of the site or of its theme.
    Static,
    /// `templates/`, of the site or of its theme.
    Templates,
    /// `data/`.
    Data,
}

/// The kind of a file or folder that is left out.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum LeftOut {
    /// A backup, or the leftover of an editor or of a merge.
    Backup,
    /// A source of another generator, by its extension.
    Foreign(String),
    /// A folder of another generator.
    Folder(String),
    /// A file of an editor, a system or a tool.
    Tool,
    /// Another hidden file below `content/`.
    Hidden,
    /// A file that no user expects on the site, and that is not worth a warning.
    Known,
}

/// Files that were left out.
#[derive(Debug, Clone, PartialEq, Eq, Error, Diagnostic)]
pub enum SelectionWarning {
    /// Backups and leftovers.
    #[error("{} a backup or a leftover of an editor or a merge, and not published: {files}", is(*count))]
    #[diagnostic(
        severity(warning),
        code(files::backup),
        help(
            "remove such files; to publish one as it is, add its name to `copy = [\"\u{2026}\"]` in site.toml"
        )
    )]
    Backup {
        /// Their number.
        count: usize,
        /// The first of them.
        files: String,
    },
    /// Sources of other generators.
    #[error("{} written for another generator (`.{extension}`), and not published: {files}", is(*count))]
    #[diagnostic(
        severity(warning),
        code(files::foreign),
        help(
            "write them as Markdown, or remove them; `copy = [\"*.{extension}\"]` in site.toml publishes them as they are"
        )
    )]
    Foreign {
        /// Their extension.
        extension: String,
        /// Their number.
        count: usize,
        /// The first of them.
        files: String,
    },
    /// Folders of other generators.
    #[error("`{name}` is a folder for another generator, and not published: {files}")]
    #[diagnostic(
        severity(warning),
        code(files::folder),
        help(
            "move what readers may have to a folder of another name; `copy = [\"{name}/**\"]` in site.toml publishes the files as they are"
        )
    )]
    Folder {
        /// The name.
        name: String,
        /// The first of them.
        files: String,
    },
    /// Files of tools and systems.
    #[error("{} for an editor, a system or a tool, and not published: {files}", is(*count))]
    #[diagnostic(
        severity(warning),
        code(files::tool),
        help(
            "remove such files; to publish one as it is, add its name to `copy = [\"\u{2026}\"]` in site.toml"
        )
    )]
    Tool {
        /// Their number.
        count: usize,
        /// The first of them.
        files: String,
    },
    /// Hidden files.
    #[error("{} hidden, and not published: {files}", is(*count))]
    #[diagnostic(
        severity(warning),
        code(files::hidden),
        help(
            "rename it, or move it to `static/`, where hidden files are published; `copy = [\"\u{2026}\"]` in site.toml publishes one here"
        )
    )]
    Hidden {
        /// Their number.
        count: usize,
        /// The first of them.
        files: String,
    },
}

fn is(count: usize) -> String {
    if count == 1 { "1 file is".to_owned() } else { format!("{count} files are") }
}

/// The files that were left out, by kind.
#[derive(Debug, Default)]
pub(super) struct LeftOuts(BTreeMap<LeftOut, Vec<Arc<str>>>);

impl LeftOuts {
    /// Adds the file or folder `name`.
    pub fn add(&mut self, kind: LeftOut, name: Arc<str>) {
        if kind != LeftOut::Known {
            self.0.entry(kind).or_default().push(name);
        }
    }

    /// Adds those of another part of the search.
    pub fn extend(&mut self, other: LeftOuts) {
        for (kind, names) in other.0 {
            self.0.entry(kind).or_default().extend(names);
        }
    }

    /// One warning for each kind, at the first file.
    pub fn warnings(self) -> Vec<Problem> {
        let warning = |(kind, mut names): (LeftOut, Vec<Arc<str>>)| {
            names.sort();
            let (count, files) = (names.len(), first_of(&names));
            let warning = match kind {
                LeftOut::Backup => SelectionWarning::Backup { count, files },
                LeftOut::Foreign(extension) => SelectionWarning::Foreign { extension, count, files },
                LeftOut::Folder(name) => SelectionWarning::Folder { name, files },
                LeftOut::Tool => SelectionWarning::Tool { count, files },
                LeftOut::Hidden => SelectionWarning::Hidden { count, files },
                LeftOut::Known => return None,
            };
            Some(Problem::new(warning, Place::file(names.into_iter().next()?)))
        };
        self.0.into_iter().filter_map(warning).collect()
    }
}

/// The most names that a warning shows.
const SHOWN: usize = 3;

fn first_of(names: &[Arc<str>]) -> String {
    let shown: Vec<&str> = names.iter().take(SHOWN).map(|name| &**name).collect();
    match names.len().saturating_sub(SHOWN) {
        0 => shown.join(", "),
        more => format!("{} and {more} more", shown.join(", ")),
    }
}
