//! Finds the sources and assets under `content/`.

use std::collections::HashSet;
use std::fs;
use std::io::{self, ErrorKind, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rayon::prelude::*;
use walkdir::{DirEntry, WalkDir};

use super::{ContentError, FOLDER, Format, fence};
use crate::model::diagnostics::{Place, Problem};
use crate::model::stamp::{Folder, Kind, Stamp};

/// A file that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// The file's name for people, from the site's root, with `/` between its parts: `content/a.md`.
    pub name: Arc<str>,
    /// Its stamp.
    pub stamp: Stamp,
    /// Length of the searched folder in `name`, with its `/`.
    below: usize,
}

impl Found {
    /// The file `name` in `folder`.
    pub fn new(name: Arc<str>, folder: &str, stamp: Stamp) -> Found {
        Found { name, stamp, below: folder.len() + 1 }
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
}

/// Everything under `content/`, by name.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Scan {
    /// Files to be parsed.
    pub sources: Vec<SourceFile>,
    /// Files to be copied.
    pub assets: Vec<Found>,
}

/// Walks `root/content`. Hidden files and editors' backup files are skipped. Symbolic links are followed only inside
/// the site; a loop of links ends where it closes.
pub fn scan(root: &Path, problems: &mut Vec<Problem>) -> Scan {
    let folder = root.join(FOLDER);
    if !folder.is_dir() {
        problems.push(Problem::new(ContentError::NoContent, Place::file(FOLDER)));
        return Scan::default();
    }
    let mut scan = Scan::default();
    for found in files(root, FOLDER, problems) {
        match Format::of(&found.name) {
            Some(Format::Html) if !has_front_matter(&found.file(root)) => scan.assets.push(found),
            Some(format) => scan.sources.push(SourceFile { found, format }),
            None => scan.assets.push(found),
        }
    }
    // A text file beside an `index.md` is an asset of that article, not an article.
    let bundles: HashSet<Arc<str>> = scan
        .sources
        .iter()
        .filter(|source| source.format != Format::Wire && is_index(&source.found.name))
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

/// The regular files under `root/folder`, by name.
pub fn files(root: &Path, folder: &str, problems: &mut Vec<Problem>) -> Vec<Found> {
    let home = root.canonicalize().unwrap_or_else(|_| root.to_owned());
    let site = Site { root, home: &home, folder: Folder::open(root) };
    let top = root.join(folder);
    // Each folder of the first level is walked by its own thread.
    let mut first = Walk::default();
    let mut folders = Vec::new();
    for entry in WalkDir::new(&top).max_depth(1).min_depth(1) {
        match entry {
            Ok(entry) if entry.file_type().is_dir() && !hidden(&entry) => folders.push(entry.into_path()),
            other => first.take(&site, other, &[]),
        }
    }
    let mut walks: Vec<Walk> = folders
        .par_iter()
        .map(|folder| {
            let mut walk = Walk::default();
            walk.folder(&site, folder, &[]);
            walk
        })
        .collect();
    walks.push(first);
    let mut found = Vec::with_capacity(walks.iter().map(|walk| walk.found.len() + walk.names.len()).sum());
    let mut names = Vec::with_capacity(found.capacity());
    for walk in walks {
        found.extend(walk.found.into_iter().map(|(name, stamp)| Found::new(name, folder, stamp)));
        names.extend(walk.names);
        problems.extend(walk.problems);
    }
    // All threads look at the files, even if all are in one folder.
    let looked: Vec<io::Result<(Kind, Stamp)>> =
        names.par_iter().map(|name| site.folder.look(name)).collect();
    for (name, looked) in names.into_iter().zip(looked) {
        match looked {
            Ok((Kind::File, stamp)) => found.push(Found::new(name, folder, stamp)),
            Ok(_) => {}
            // The file vanished while the folder was read.
            Err(error) if error.kind() == ErrorKind::NotFound => {}
            Err(error) => problems.push(unreadable(name, error.to_string())),
        }
    }
    found.par_sort_unstable_by(|a, b| a.name.cmp(&b.name));
    found
}

/// The site that is walked.
struct Site<'a> {
    root: &'a Path,
    /// Its root with symbolic links resolved.
    home: &'a Path,
    folder: Folder,
}

/// The files that a walk through folders found.
#[derive(Default)]
struct Walk {
    /// Files by their names for people, with their stamps.
    found: Vec<(Arc<str>, Stamp)>,
    /// Names of files whose stamps are still needed.
    names: Vec<Arc<str>>,
    problems: Vec<Problem>,
}

impl Walk {
    /// Walks `folder`. `above` are the real folders outside of it that symbolic links came from: a link back into one
    /// of them closes a loop and ends there.
    fn folder(&mut self, site: &Site<'_>, folder: &Path, above: &[PathBuf]) {
        let walk = WalkDir::new(folder).min_depth(1).into_iter();
        for entry in walk.filter_entry(|entry| !hidden(entry)) {
            self.take(site, entry, above);
        }
    }

    fn take(&mut self, site: &Site<'_>, entry: walkdir::Result<DirEntry>, above: &[PathBuf]) {
        match entry {
            Ok(entry) if hidden(&entry) || entry.file_type().is_dir() => {}
            Ok(entry) if entry.path_is_symlink() => self.link(site, entry.path(), above),
            Ok(entry) => match relative(site.root, entry.path()) {
                Some(name) => self.names.push(name),
                None if entry.file_type().is_file() => self.nameless(entry.path()),
                None => {}
            },
            Err(error)
                if error.depth() > 0
                    && error.io_error().is_some_and(|error| error.kind() == ErrorKind::NotFound) => {}
            Err(error) => {
                let reason = error.io_error().map_or_else(|| error.to_string(), ToString::to_string);
                let path = error.path().map_or_else(|| site.root.to_owned(), Path::to_owned);
                self.unreadable(site.root, &path, reason);
            }
        }
    }

    fn nameless(&mut self, path: &Path) {
        let name = path.to_string_lossy().into_owned();
        self.problems.push(Problem::new(ContentError::Name, Place::file(name)));
    }

    /// Follows a symbolic link, only inside the site.
    fn link(&mut self, site: &Site<'_>, path: &Path, above: &[PathBuf]) {
        let root = site.root;
        let here = |path| relative(root, path).unwrap_or_else(|| path.to_string_lossy().into());
        let Ok(target) = path.canonicalize() else {
            self.problems.push(Problem::new(ContentError::Dangling, Place::file(here(path))));
            return;
        };
        if !target.starts_with(site.home) {
            let cause = ContentError::Outside { target: target.display().to_string() };
            self.problems.push(Problem::new(cause, Place::file(here(path))));
            return;
        }
        match fs::metadata(path) {
            Ok(metadata) if metadata.is_dir() => {
                let from = path.parent().and_then(|folder| folder.canonicalize().ok());
                let mut above = above.to_vec();
                above.extend(from);
                if !above.iter().any(|folder| folder.starts_with(&target)) {
                    self.folder(site, path, &above);
                }
            }
            Ok(metadata) if metadata.is_file() => match relative(root, path) {
                Some(name) => self.found.push((name, Stamp::of(&metadata))),
                None => self.nameless(path),
            },
            Ok(_) => {}
            Err(error) => self.unreadable(root, path, error.to_string()),
        }
    }

    fn unreadable(&mut self, root: &Path, path: &Path, reason: String) {
        let name = relative(root, path).unwrap_or_else(|| path.to_string_lossy().into());
        self.problems.push(unreadable(name, reason));
    }
}

fn unreadable(name: Arc<str>, reason: String) -> Problem {
    Problem::new(ContentError::Unreadable { reason }, Place::file(name))
}

fn hidden(entry: &DirEntry) -> bool {
    let name = entry.file_name().as_encoded_bytes();
    name.starts_with(b".") || name.ends_with(b"~") || (name.starts_with(b"#") && name.ends_with(b"#"))
}

fn relative(root: &Path, path: &Path) -> Option<Arc<str>> {
    // Most paths begin with the bytes of the root; comparing components is slower.
    let inside = root.to_str().and_then(|root| path.to_str()?.strip_prefix(root)?.strip_prefix('/'));
    let inside = match inside.filter(|inside| !inside.starts_with('/')) {
        Some(inside) => inside,
        None => path.strip_prefix(root).ok()?.to_str()?,
    };
    if std::path::MAIN_SEPARATOR == '/' {
        return Some(inside.into());
    }
    Some(inside.replace(std::path::MAIN_SEPARATOR, "/").into())
}

pub(super) fn folder_of(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

pub(super) fn is_index(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    matches!(name, "index.md" | "index.markdown" | "index.html" | "index.htm")
}

/// Bytes of an HTML file in which front matter is looked for.
const HEAD: u64 = 4096;

/// True if an HTML file begins with front matter, or should, which makes it a source; any other is copied.
fn has_front_matter(file: &Path) -> bool {
    let mut head = Vec::new();
    // A file that can't be read is reported where it is copied.
    let _ = fs::File::open(file).and_then(|file| file.take(HEAD).read_to_end(&mut head));
    let head = String::from_utf8_lossy(&head);
    fence::is_source(head.strip_prefix('\u{feff}').unwrap_or(&head))
}
