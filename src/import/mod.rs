//! Moving in: a site of another generator, or the export of a blog, becomes a site of Dateline.
//!
//! 1. One file a kind reads the source into [`Imported`], by the rules of that generator: addresses, dates, ids.
//! 2. [`live`] gives articles the ids that a feed has which readers know.
//! 3. [`write`] and [`ledger`] plan the files of the target, and [`target`] writes those that are not there yet.
//! 4. [`report`] says what became of everything.

mod error;
mod front;
mod ledger;
mod live;
mod model;
mod report;
mod settings;
mod target;
mod tree;
mod write;

use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};

pub use error::ImportError;
pub use live::LiveFeed;
pub use model::{
    Article, Author, Content, Enclosure, Feeds, Finding, Image, Imported, Outcome, Redirect, Section,
    Settings, Spot, TargetFile, Taxonomy, When,
};
pub use report::{Group, Report};

/// A kind of source.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Hugo.
    Hugo,
    /// Zola.
    Zola,
    /// Jekyll.
    Jekyll,
}

impl Kind {
    /// All kinds, in the order in which `auto` looks for them.
    pub const ALL: [Kind; 3] = [Kind::Hugo, Kind::Zola, Kind::Jekyll];

    /// Its name on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Kind::Hugo => "hugo",
            Kind::Zola => "zola",
            Kind::Jekyll => "jekyll",
        }
    }

    /// Its name for people.
    pub fn title(self) -> &'static str {
        match self {
            Kind::Hugo => "Hugo",
            Kind::Zola => "Zola",
            Kind::Jekyll => "Jekyll",
        }
    }

    /// The kind with this name on the command line.
    pub fn named(name: &str) -> Option<Kind> {
        Kind::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// True if the source at `path` looks like one of this kind.
    fn is_at(self, path: &Path) -> bool {
        let _ = path;
        match self {
            Kind::Hugo | Kind::Zola | Kind::Jekyll => false,
        }
    }

    fn read(self, source: &Source<'_>) -> Result<Imported, ImportError> {
        match self {
            Kind::Hugo | Kind::Zola | Kind::Jekyll => Err(ImportError::NotOfKind {
                kind: self.title(),
                path: source.path.display().to_string(),
                sign: "a reader",
            }),
        }
    }
}

/// What is read.
#[derive(Debug, Clone, Copy)]
pub struct Source<'a> {
    /// A folder, or a file.
    pub path: &'a Path,
    /// The clock of the run: what is dated later is scheduled.
    pub now: DateTime<Utc>,
}

/// A run of `dateline import`.
#[derive(Debug)]
pub struct Request<'a> {
    /// The kind; `None` to look.
    pub kind: Option<Kind>,
    /// What is read.
    pub source: Source<'a>,
    /// The folder of the new site.
    pub into: &'a Path,
    /// True to plan and report, and write nothing.
    pub is_dry: bool,
    /// Feeds that readers know.
    pub feeds: &'a [LiveFeed],
}

/// Reads the source, plans the files of the target and writes those that are not there.
///
/// # Errors
/// The source is no such site, or the target can't be written. Nothing that was there has changed.
pub fn import(request: &Request<'_>) -> Result<Report, ImportError> {
    apart(request)?;
    let kind = match request.kind {
        Some(kind) => kind,
        None => detect(request.source.path)?,
    };
    let mut imported = kind.read(&request.source)?;
    live::apply(&mut imported, request.feeds)?;
    let plan = write::plan(&mut imported, request.source.now);
    let written = target::put(request.into, plan, request.is_dry)?;
    Ok(report::report(kind, request, imported, written))
}

/// The kind of the source at `path`.
fn detect(path: &Path) -> Result<Kind, ImportError> {
    if !path.exists() {
        let reason = "there is no such file or folder".to_owned();
        return Err(ImportError::Unreadable { path: path.display().to_string(), reason });
    }
    let kind = Kind::ALL.into_iter().find(|kind| kind.is_at(path));
    kind.ok_or_else(|| ImportError::Unknown { path: path.display().to_string() })
}

/// Refuses a target that is the source or inside it: the source would change, and the next run would read its own output.
fn apart(request: &Request<'_>) -> Result<(), ImportError> {
    let resolved = |path: &Path| -> PathBuf {
        let mut above = path.to_owned();
        let mut missing = Vec::new();
        while let (Err(_), Some(name)) = (above.canonicalize(), above.file_name().map(ToOwned::to_owned)) {
            missing.push(name);
            above.pop();
        }
        if above.as_os_str().is_empty() {
            above = PathBuf::from(".");
        }
        let above = above.canonicalize().unwrap_or(above);
        missing.into_iter().rev().fold(above, |path, name| path.join(name))
    };
    let (source, into) = (resolved(request.source.path), resolved(request.into));
    match into.starts_with(&source) {
        true => Err(ImportError::Inside { target: request.into.display().to_string() }),
        false => Ok(()),
    }
}
