//! Finds the sources and assets under `content/`.

use std::collections::HashSet;
use std::ffi::OsStr;
use std::io::{self, ErrorKind, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rayon::prelude::*;

use super::document::below;
use super::language::is_bundle;
use super::selection::{LeftOut, LeftOuts, Tree};
use super::walk::{Site, Walk};
use super::{ContentError, DataRow, FOLDER, Format, fence};
use crate::config::Config;
use crate::model::diagnostics::{Place, Problem};
use crate::model::stamp::{Kind, Stamp};
use crate::storage::file;

/// A file that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// The file's name for people, from the site's root, with `/` between its parts: `content/a.md`.
    pub name: Arc<str>,
    /// Its stamp.
    pub stamp: Stamp,
    /// The name of the file that a symbolic link leads to, if it was found through one inside the site.
    pub real: Option<Arc<str>>,
    /// Length of the searched folder in `name`, with its `/`.
    below: usize,
}

impl Found {
    /// The file `name` in `folder`.
    pub fn new(name: Arc<str>, folder: &str, stamp: Stamp) -> Found {
        Found { name, stamp, real: None, below: folder.len() + 1 }
    }

    /// The file `name` whose path is what follows its first `below` bytes.
    pub fn at(name: Arc<str>, below: usize, stamp: Stamp) -> Found {
        Found { name, stamp, real: None, below }
    }

    /// The path below the searched folder: `a.md`.
    pub fn path(&self) -> &str {
        self.name.get(self.below..).unwrap_or(&self.name)
    }

    /// The path of the file on disk, in the site at `root`.
    pub fn file(&self, root: &Path) -> PathBuf {
        root.join(&*self.name)
    }
}

/// A file to be parsed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceFile {
    /// The file.
    pub found: Found,
    /// Its format.
    pub format: Format,
    /// The row of a data file that it is, instead of a file of its own.
    pub row: Option<Arc<DataRow>>,
}

impl SourceFile {
    /// The source in the file `found`.
    pub fn new(found: Found, format: Format) -> SourceFile {
        SourceFile { found, format, row: None }
    }

    /// The source that is a row.
    pub fn of_row(row: Arc<DataRow>) -> SourceFile {
        let found = Found::new(row.name().clone(), FOLDER, row.stamp());
        SourceFile { found, format: row.format(), row: Some(row) }
    }

    /// Its bytes, in the site at `root`.
    ///
    /// # Errors
    /// Errors of the file system.
    pub fn read(&self, root: &Path) -> io::Result<Vec<u8>> {
        match &self.row {
            Some(row) => Ok(row.text().as_bytes().to_vec()),
            None => file::read(&self.found.file(root), file::SOURCE),
        }
    }
}

/// Everything under `content/`, by name.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Scan {
    /// Files to be parsed.
    pub sources: Vec<SourceFile>,
    /// Files to be copied.
    pub assets: Vec<Found>,
    /// Sources that are there and can't be read, such as symbolic links that lead nowhere. [`Findings::errors`] says
    /// why.
    pub lost: Vec<SourceFile>,
}

/// Problems of a search for files.
#[derive(Debug, Default)]
pub struct Findings {
    /// Problems of a whole folder, and warnings.
    pub problems: Vec<Problem>,
    /// Errors of single files, which are left out.
    pub errors: Vec<Problem>,
    /// Some files were found through symbolic links.
    pub has_links: bool,
}

/// Walks `content/` of the `site`. Symbolic links are followed only inside the site; a loop of links ends where it
/// closes.
pub fn scan(site: &Site<'_>, config: &Config, findings: &mut Findings) -> Scan {
    if !site.root.join(FOLDER).is_dir() {
        findings.problems.push(Problem::new(ContentError::NoContent, Place::file(FOLDER)));
        return Scan::default();
    }
    let mut scan = Scan::default();
    let earlier = findings.errors.len();
    let mut foreign = LeftOuts::default();
    for found in files(site, FOLDER, Tree::Content, findings) {
        match Format::of(&found.name) {
            Some(Format::Html) if !has_front_matter(&found.file(site.root)) => scan.assets.push(found),
            Some(format) => scan.sources.push(SourceFile::new(found, format)),
            None if is_foreign_source(site, &found) => {
                let extension = found.name.rsplit_once('.').map_or(String::new(), |(_, end)| end.to_owned());
                foreign.add(LeftOut::Foreign(extension), found.name);
            }
            None => scan.assets.push(found),
        }
    }
    findings.problems.extend(foreign.warnings());
    let places = findings.errors[earlier..].iter().filter_map(Problem::place);
    scan.lost = places
        .filter_map(|place| {
            let format = Format::of(&place.file)?;
            Some(SourceFile::new(Found::new(place.file.clone(), FOLDER, Stamp::default()), format))
        })
        .collect();
    // A text file beside an `index.md` is an asset of that article, not an article.
    let bundles: HashSet<Arc<str>> = scan
        .sources
        .iter()
        .filter(|source| source.format != Format::Wire && is_bundle(&source.found.name, config))
        .map(|source| folder_of(&source.found.name).into())
        .collect();
    if bundles.is_empty() {
        return scan;
    }
    let in_bundle = |path: &str| {
        let mut folder = folder_of(path);
        loop {
            if bundles.contains(folder) {
                return true;
            }
            if folder.is_empty() {
                return false;
            }
            folder = folder_of(folder);
        }
    };
    let (texts, sources) = std::mem::take(&mut scan.sources)
        .into_iter()
        .partition(|source: &SourceFile| source.format == Format::Wire && in_bundle(&source.found.name));
    scan.sources = sources;
    scan.assets.extend(texts.into_iter().map(|text: SourceFile| text.found));
    scan.assets.sort_by(|a, b| a.name.cmp(&b.name));
    scan
}

/// The regular files under `folder` of the `site` that it takes, by name.
pub fn files(site: &Site<'_>, folder: &str, tree: Tree, findings: &mut Findings) -> Vec<Found> {
    let top = match site.top(folder, tree) {
        Ok(top) => top,
        Err(problem) => {
            findings.problems.push(problem);
            return Vec::new();
        }
    };
    findings.has_links |= site.root.join(folder).is_symlink();
    // Each folder of the first level is walked by its own thread.
    let mut first = Walk::default();
    let folders = first.first_level(&top);
    let mut walks: Vec<Walk> = folders
        .par_iter()
        .map(|folder| {
            let mut walk = Walk::default();
            walk.folder(&top, folder, &[], None);
            walk
        })
        .collect();
    walks.push(first);
    let mut found = Vec::with_capacity(walks.iter().map(|walk| walk.found.len() + walk.names.len()).sum());
    let mut names = Vec::with_capacity(found.capacity());
    let mut left_out = super::selection::LeftOuts::default();
    for walk in walks {
        found.extend(
            walk.found
                .into_iter()
                .map(|(name, real, stamp)| Found { real, ..Found::new(name, folder, stamp) }),
        );
        names.extend(walk.names);
        left_out.extend(walk.left_out);
        findings.problems.extend(walk.problems);
        findings.errors.extend(walk.errors);
        findings.has_links |= walk.has_links;
    }
    findings.problems.extend(left_out.warnings());
    // All threads look at the files, even if all are in one folder.
    let looked: Vec<_> = names.par_iter().map(|(name, _)| top.look(name)).collect();
    for ((name, real), looked) in names.into_iter().zip(looked) {
        match looked {
            Ok((Kind::File, stamp)) => found.push(Found { real, ..Found::new(name, folder, stamp) }),
            // A folder that took the place of a file is walked next time.
            Ok((Kind::Folder, _)) => {}
            Ok((Kind::Other, _)) => {
                findings.errors.push(Problem::new(ContentError::Special, Place::file(name)));
            }
            // The file vanished while the folder was read.
            Err(error) if error.kind() == ErrorKind::NotFound => {}
            Err(error) => {
                let cause = ContentError::Unreadable { reason: error.to_string() };
                findings.errors.push(Problem::new(cause, Place::file(name)));
            }
        }
    }
    found.par_sort_unstable_by(|a, b| a.name.cmp(&b.name));
    found
}

pub(super) fn folder_of(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

/// Bytes of an HTML file in which front matter is looked for.
const HEAD: u64 = 4096;

/// Extensions of files that never have front matter, so that they need not be opened.
const PLAIN: [&str; 38] = [
    "avif", "css", "csv", "doc", "docx", "epub", "flac", "gif", "gz", "heic", "ico", "jpeg", "jpg", "m4a",
    "mov", "mp3", "json", "mp4", "ods", "odt", "ogg", "otf", "pdf", "png", "pptx", "svg", "tif", "tiff",
    "toml", "ttf", "wav", "webm", "webp", "woff", "yaml", "yml", "woff2", "zip",
];

/// True if a file of an unknown kind has front matter: another generator makes a page of it, and may hold it back.
fn is_foreign_source(site: &Site<'_>, found: &Found) -> bool {
    let Some(extension) = Path::new(&*found.name).extension().and_then(OsStr::to_str) else { return false };
    if PLAIN.iter().any(|plain| extension.eq_ignore_ascii_case(plain)) || site.copies(below(&found.name)) {
        return false;
    }
    let mut head = Vec::new();
    let _ = file::open(&found.file(site.root)).and_then(|file| file.take(HEAD).read_to_end(&mut head));
    let head = String::from_utf8_lossy(&head);
    fence::has_fields_on_top(head.strip_prefix('\u{feff}').unwrap_or(&head))
}

/// True if an HTML file begins with front matter, or should, which makes it a source; any other is copied.
fn has_front_matter(path: &Path) -> bool {
    let mut head = Vec::new();
    // A file that can't be read is reported where it is copied.
    let _ = file::open(path).and_then(|file| file.take(HEAD).read_to_end(&mut head));
    let head = String::from_utf8_lossy(&head);
    fence::is_source(head.strip_prefix('\u{feff}').unwrap_or(&head))
}
