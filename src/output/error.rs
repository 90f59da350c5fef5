//! Errors with an output folder.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use miette::Diagnostic;
use thiserror::Error;

use crate::storage::StoreError;

/// Why the output folder could not be opened or brought up to date.
#[derive(Debug, Error, Diagnostic)]
pub enum OutputError {
    /// The folder is not empty, and Dateline did not make it.
    #[error("the output folder `{}` was not made by Dateline and is not empty: it has {found}", out.display())]
    #[diagnostic(
        code(output::refused),
        help(
            "choose another folder with `--out`, or take this one over with `--adopt`: that deletes nothing, \
              but replaces files that the site writes too"
        )
    )]
    Refused {
        /// The output folder.
        out: PathBuf,
        /// Some of the names in it.
        found: Named,
    },
    /// The folder is, contains or lies inside one of the site's own folders.
    #[error("the output folder `{}` {relation} `{}`, which belongs to the site itself", out.display(), source_folder.display())]
    #[diagnostic(code(output::forbidden), help("choose a folder of its own with `--out`, such as `public`"))]
    Forbidden {
        /// The output folder.
        out: PathBuf,
        /// `is`, `contains` or `lies inside`.
        relation: &'static str,
        /// The folder that it conflicts with.
        source_folder: PathBuf,
    },
    /// Something other than a folder is at the folder's path.
    #[error("the output folder `{}` is not a folder", out.display())]
    #[diagnostic(code(output::not_a_folder), help("move it away, or choose another folder with `--out`"))]
    NotAFolder {
        /// The output folder.
        out: PathBuf,
    },
    /// Files that we didn't write are in the place of the site's own.
    #[error("in the output folder `{}`, files that Dateline did not write stand where the site writes: {found}", out.display())]
    #[diagnostic(
        code(output::foreign),
        help(
            "move them away (a file that belongs to the site goes into `static/`), or let the site replace \
              them with `--adopt`"
        )
    )]
    Foreign {
        /// The output folder.
        out: PathBuf,
        /// The files.
        found: Named,
    },
    /// Something that we may not remove is in the place of a file or folder.
    #[error("`{}` cannot be written; in the way: {found}", path.display())]
    #[diagnostic(
        code(output::in_the_way),
        help(
            "move what is in the way out of the output folder; Dateline did not write it and will not delete it"
        )
    )]
    InTheWay {
        /// The file that was to be written.
        path: PathBuf,
        /// The obstacle.
        found: Named,
    },
    /// Inside the output folder, a symbolic link is in the place of a folder.
    #[error("`{}` stands where a folder has to be and is a link; Dateline does not write or delete through it", path.display())]
    #[diagnostic(
        code(output::linked_folder),
        help(
            "remove the link, or put a real folder in its place; only the output folder itself may be a link"
        )
    )]
    LinkedFolder {
        /// The link.
        path: PathBuf,
    },
    /// A path that can't be inside an output folder.
    #[error("`{path}` is no path for an output file: {reason}")]
    #[diagnostic(code(output::path), help("change the permalink or file name that leads to it"))]
    BadPath {
        /// The path as given.
        path: String,
        /// The rule it breaks.
        reason: &'static str,
    },
    /// Two files of the site have one path.
    #[error("two files of the site want to be `{path}`")]
    #[diagnostic(code(output::twice), help("give one of them another permalink or name"))]
    Twice {
        /// The path.
        path: String,
    },
    /// One path would be both a file and a folder.
    #[error("`{file}` would have to be a file and, for `{inner}`, a folder")]
    #[diagnostic(code(output::file_and_folder), help("give one of them another permalink or name"))]
    FileAndFolder {
        /// The path that is both.
        file: String,
        /// A file inside it.
        inner: String,
    },
    /// The output folder is a link to something other than its trees.
    #[error("the output folder `{}` is a link to `{}`, which is none of its own trees", out.display(), target.display())]
    #[diagnostic(
        code(output::linked_elsewhere),
        help("remove the link, since `--atomic tree` makes its own there, or build with `--atomic file`")
    )]
    LinkedElsewhere {
        /// The output folder.
        out: PathBuf,
        /// The link's target.
        target: PathBuf,
    },
    /// There is no earlier tree to go back to.
    #[error("the output folder `{}` has no earlier tree to go back to", out.display())]
    #[diagnostic(
        code(output::no_tree),
        help("trees are kept by builds with `--atomic tree`, as many as `--keep-trees` says")
    )]
    NoTree {
        /// The output folder.
        out: PathBuf,
    },
    /// The requested tree does not exist.
    #[error("the output folder `{}` has no tree `{name}`; it has {found}", out.display())]
    #[diagnostic(
        code(output::no_such_tree),
        help("`dateline rollback --list` shows the trees that are kept")
    )]
    NoSuchTree {
        /// The output folder.
        out: PathBuf,
        /// The requested tree.
        name: String,
        /// The trees that exist.
        found: Named,
    },
    /// The manifest could not be read or saved.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Manifest(#[from] StoreError),
    /// The system refused something.
    #[error("cannot {action} `{}`: {source}", path.display())]
    #[diagnostic(
        code(output::io),
        help(
            "check the space left on the disk and the rights of this user, then run again: \
              what was written so far is whole, and the next run writes the rest"
        )
    )]
    Io {
        /// The attempted action: `read`, `write`, …
        action: &'static str,
        /// The file or folder.
        path: PathBuf,
        /// The system's error.
        source: io::Error,
    },
}

impl OutputError {
    /// True if the requested folder or paths are the cause, so that other ones would help; false if the machine is.
    pub fn is_usage(&self) -> bool {
        !matches!(self, OutputError::Manifest(_) | OutputError::Io { .. })
    }

    /// For `map_err`: adds the attempted action and the path to the system's error.
    pub(crate) fn io(action: &'static str, path: &Path) -> impl FnOnce(io::Error) -> OutputError {
        move |source| OutputError::Io { action, path: path.to_owned(), source }
    }
}

/// A warning about an output folder.
#[derive(Debug, Clone, PartialEq, Eq, Error, Diagnostic)]
pub enum OutputWarning {
    /// The manifest can't be used.
    #[error(
        "{reason}; every file is compared again, and files of earlier builds that are no longer wanted stay"
    )]
    #[diagnostic(
        severity(Warning),
        code(output::manifest_lost),
        help("nothing is lost; to be rid of old files, empty the output folder and build again")
    )]
    ManifestLost {
        /// The damage, with the file's name.
        reason: String,
    },
}

/// A few names of many, for a message: `a`, `b` and 12 more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named {
    /// The first ten, in order.
    pub shown: Vec<String>,
    /// The number of further names.
    pub more: usize,
}

impl Named {
    /// Shows the first ten of `names`, in order.
    pub(super) fn new(mut names: Vec<String>) -> Self {
        names.sort();
        let more = names.len().saturating_sub(10);
        names.truncate(10);
        Named { shown: names, more }
    }
}

impl fmt::Display for Named {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let last = self.shown.len().saturating_sub(1);
        for (at, name) in self.shown.iter().enumerate() {
            let before = match at {
                0 => "",
                _ if at == last && self.more == 0 => " and ",
                _ => ", ",
            };
            write!(f, "{before}`{name}`")?;
        }
        if self.more > 0 { write!(f, " and {} more", self.more) } else { Ok(()) }
    }
}
