//! Moving in: a site of another generator, or the export of a blog, becomes a site of Dateline.
//!
//! 1. One file a kind reads the source into [`Imported`], by the rules of that generator: addresses, dates, ids.
//! 2. [`live`] gives articles the ids that a feed has which readers know.
//! 3. [`write`] and [`ledger`] plan the files of the target, and [`target`] writes those that are not there yet.
//! 4. [`report`] says what became of everything.

mod astro;
mod blog;
mod body;
mod common;
mod components;
mod dates;
mod definitions;
mod eleventy;
mod error;
mod extra;
mod feed;
mod front;
mod ghost;
mod hexo;
mod html;
mod hugo;
mod jekyll;
mod ledger;
mod links;
mod live;
mod media;
mod model;
mod news;
mod nikola;
mod pelican;
mod python;
mod report;
mod script;
mod settings;
mod shortcodes;
mod site;
mod target;
mod tree;
mod wordpress;
mod write;
mod xml;
mod zola;

use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};

pub use error::ImportError;
pub use live::LiveFeed;
pub use media::Media;
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
    /// An export of WordPress.
    WordPress,
    /// An export of Ghost.
    Ghost,
    /// A feed with full texts.
    Feed,
    /// Files of news agencies.
    News,
    /// A folder of wire articles, plain or in the formats of agencies.
    Wire,
    /// Pelican.
    Pelican,
    /// Eleventy.
    Eleventy,
    /// Astro.
    Astro,
    /// Hexo.
    Hexo,
    /// Nikola.
    Nikola,
}

impl Kind {
    /// All kinds, in the order in which `auto` looks for them.
    pub const ALL: [Kind; 13] = [
        Kind::Hugo,
        Kind::Zola,
        Kind::Hexo,
        Kind::Jekyll,
        Kind::Pelican,
        Kind::Eleventy,
        Kind::Astro,
        Kind::Nikola,
        Kind::WordPress,
        Kind::Ghost,
        Kind::Feed,
        Kind::News,
        Kind::Wire,
    ];

    /// Its name on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Kind::Hugo => "hugo",
            Kind::Zola => "zola",
            Kind::Jekyll => "jekyll",
            Kind::WordPress => "wordpress",
            Kind::Ghost => "ghost",
            Kind::Feed => "feed",
            Kind::News => "newsml",
            Kind::Wire => "wire",
            Kind::Pelican => "pelican",
            Kind::Nikola => "nikola",
            Kind::Hexo => "hexo",
            Kind::Eleventy => "eleventy",
            Kind::Astro => "astro",
        }
    }

    /// Its name for people.
    pub fn title(self) -> &'static str {
        match self {
            Kind::Hugo => "Hugo",
            Kind::Zola => "Zola",
            Kind::Jekyll => "Jekyll",
            Kind::WordPress => "WordPress",
            Kind::Ghost => "Ghost",
            Kind::Feed => "a feed",
            Kind::News | Kind::Wire => "news agencies",
            Kind::Pelican => "Pelican",
            Kind::Nikola => "Nikola",
            Kind::Hexo => "Hexo",
            Kind::Eleventy => "Eleventy",
            Kind::Astro => "Astro",
        }
    }

    /// The kind with this name on the command line.
    pub fn named(name: &str) -> Option<Kind> {
        Kind::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// True if the source at `path` looks like one of this kind.
    fn is_at(self, path: &Path) -> bool {
        match self {
            Kind::Hugo => hugo::is_at(path),
            Kind::Zola => zola::is_at(path),
            Kind::Jekyll => jekyll::is_at(path),
            Kind::Pelican => pelican::is_at(path),
            Kind::Nikola => nikola::is_at(path),
            Kind::Hexo => hexo::is_at(path),
            Kind::Eleventy => eleventy::is_at(path),
            Kind::Astro => astro::is_at(path),
            Kind::WordPress => wordpress::is_at(path),
            Kind::Ghost => ghost::is_at(path),
            Kind::Feed => feed::is_at(path),
            Kind::News => news::is_at(path),
            // A folder of texts may be anything.
            Kind::Wire => false,
        }
    }

    /// True for an export, which does not say how long the feeds were.
    fn is_export(self) -> bool {
        matches!(self, Kind::WordPress | Kind::Ghost | Kind::Feed)
    }

    /// The path of the old site below which its files were.
    fn media_root(self) -> &'static str {
        match self {
            Kind::WordPress => "wp-content/uploads/",
            Kind::Ghost => "content/",
            _ => "",
        }
    }

    fn read(self, source: &Source<'_>) -> Result<Imported, ImportError> {
        match self {
            Kind::Hugo => hugo::read(source),
            Kind::Zola => zola::read(source),
            Kind::Jekyll => jekyll::read(source),
            Kind::Pelican => pelican::read(source),
            Kind::Nikola => nikola::read(source),
            Kind::Hexo => hexo::read(source),
            Kind::Eleventy => eleventy::read(source),
            Kind::Astro => astro::read(source),
            Kind::WordPress => wordpress::read(source),
            Kind::Ghost => ghost::read(source),
            Kind::Feed => feed::read(source),
            Kind::News | Kind::Wire => news::read(source),
        }
    }
}

/// The source of an import.
#[derive(Debug, Clone, Copy)]
pub struct Source<'a> {
    /// A folder, or a file.
    pub path: &'a Path,
    /// The clock of the run: what is dated later is scheduled.
    pub now: DateTime<Utc>,
    /// The address of the site, for sources that do not name it.
    pub base_url: Option<&'a str>,
}

/// A run of `dateline import`.
#[derive(Debug)]
pub struct Request<'a> {
    /// The kind; `None` to look.
    pub kind: Option<Kind>,
    /// The source.
    pub source: Source<'a>,
    /// The folder of the new site.
    pub into: &'a Path,
    /// True to plan and report, and write nothing.
    pub is_dry: bool,
    /// Feeds that readers know.
    pub feeds: &'a [LiveFeed],
    /// Where pictures and other files of the old site are.
    pub media: Media<'a>,
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
    // A source that does not name its site may have a feed that does.
    let site = request.feeds.iter().find_map(|feed| feed::site_of(&feed.bytes));
    let base_url = request.source.base_url.or(site.as_deref());
    let mut imported = kind.read(&Source { base_url, ..request.source })?;
    if let Some(folder) = request.media.folder {
        media::copy(&mut imported, folder, kind.media_root())?;
    }
    if request.media.is_fetched {
        media::fetch(&mut imported, request.into, request.is_dry)?;
    }
    live::apply(&mut imported, request.feeds)?;
    if let Some(feed) = request.feeds.first().filter(|_| kind.is_export()) {
        blog::limit_as(&feed.bytes, &mut imported);
    }
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
