//! Finding the sources and assets under `content/`.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use walkdir::{DirEntry, WalkDir};

use super::{ContentError, FOLDER, Format};
use crate::error::{Place, Problem};

/// A file to be parsed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceFile {
    /// Path below `content/`, with `/` between its parts.
    pub path: String,
    /// The file itself.
    pub file: PathBuf,
    /// How it is written.
    pub format: Format,
}

/// A file to be copied.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asset {
    /// Path below `content/`, with `/` between its parts.
    pub path: String,
    /// The file itself.
    pub file: PathBuf,
}

/// Everything under `content/`, in the order of the paths.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Scan {
    /// Files to be parsed.
    pub sources: Vec<SourceFile>,
    /// Files to be copied.
    pub assets: Vec<Asset>,
}

impl SourceFile {
    /// The file as people know it: `content/…`.
    pub fn name(&self) -> Arc<str> {
        format!("{FOLDER}/{}", self.path).into()
    }
}

/// Walks `root/content`. Hidden files and editors' leavings are passed over. Symbolic links are
/// followed inside the site only; a loop of them ends where it closes.
pub fn scan(root: &Path, problems: &mut Vec<Problem>) -> Scan {
    let folder = root.join(FOLDER);
    if !folder.is_dir() {
        problems.push(Problem::new(ContentError::NoContent, Place::file(FOLDER)));
        return Scan::default();
    }
    let files = files(root, FOLDER, problems);
    let mut scan = Scan::default();
    let mut rest = Vec::new();
    for (path, file) in files {
        match Format::of(&path) {
            Some(Format::Html) if !has_front_matter(&file) => rest.push(Asset { path, file }),
            Some(format) => scan.sources.push(SourceFile { path, file, format }),
            None => rest.push(Asset { path, file }),
        }
    }
    // A text file beside an `index.md` goes with that article; it is no article of its own.
    let bundles: std::collections::BTreeSet<String> = scan
        .sources
        .iter()
        .filter(|source| source.format != Format::Wire && is_index(&source.path))
        .map(|source| folder_of(&source.path).to_owned())
        .collect();
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
        .partition(|source: &SourceFile| source.format == Format::Wire && in_bundle(&source.path));
    scan.sources = sources;
    rest.extend(texts.into_iter().map(|text| Asset { path: text.path, file: text.file }));
    rest.sort_by(|a, b| a.path.cmp(&b.path));
    scan.assets = rest;
    scan
}

/// The regular files under `root/folder`, with their paths below it, sorted.
pub fn files(root: &Path, folder: &str, problems: &mut Vec<Problem>) -> Vec<(String, PathBuf)> {
    let top = root.join(folder);
    let home = root.canonicalize().unwrap_or_else(|_| root.to_owned());
    let mut found = Vec::new();
    let walk = WalkDir::new(&top).follow_links(true).sort_by_file_name().into_iter();
    for entry in walk.filter_entry(|entry| entry.depth() == 0 || (!hidden(entry) && inside(entry, &home))) {
        match entry {
            Ok(entry) if entry.file_type().is_file() => match relative(&top, entry.path()) {
                Some(path) => found.push((path, entry.into_path())),
                None => {
                    let name = entry.path().to_string_lossy().into_owned();
                    problems.push(Problem::new(ContentError::Name, Place::file(name)));
                }
            },
            Ok(_) => {}
            Err(error) if error.loop_ancestor().is_some() => {}
            Err(error) => {
                let path = error.path().unwrap_or(&top);
                if path.file_name().is_some_and(|name| is_hidden(&name.to_string_lossy())) {
                    continue;
                }
                let name = relative(root, path).unwrap_or_else(|| folder.to_owned());
                let dangling = path.is_symlink() && !path.exists();
                let cause = if dangling {
                    ContentError::Dangling
                } else {
                    let reason = error.io_error().map_or_else(|| error.to_string(), ToString::to_string);
                    ContentError::Unreadable { reason }
                };
                problems.push(Problem::new(cause, Place::file(name)));
            }
        }
    }
    links_outside(root, &top, &home, problems);
    found.sort();
    found
}

fn hidden(entry: &DirEntry) -> bool {
    is_hidden(&entry.file_name().to_string_lossy())
}

fn is_hidden(name: &str) -> bool {
    name.starts_with('.') || name.ends_with('~') || (name.starts_with('#') && name.ends_with('#'))
}

fn inside(entry: &DirEntry, home: &Path) -> bool {
    !entry.path_is_symlink() || entry.path().canonicalize().is_ok_and(|target| target.starts_with(home))
}

/// Reports the links that the walk passed over because they leave the site.
fn links_outside(root: &Path, top: &Path, home: &Path, problems: &mut Vec<Problem>) {
    let walk = WalkDir::new(top).follow_links(false).sort_by_file_name().into_iter();
    for entry in walk.filter_entry(|entry| entry.depth() == 0 || !hidden(entry)).flatten() {
        if !entry.path_is_symlink() || inside(&entry, home) {
            continue;
        }
        if let (Ok(target), Some(name)) = (entry.path().canonicalize(), relative(root, entry.path())) {
            let cause = ContentError::Outside { target: target.display().to_string() };
            problems.push(Problem::new(cause, Place::file(name)));
        }
    }
}

fn relative(top: &Path, path: &Path) -> Option<String> {
    let parts: Option<Vec<&str>> = path.strip_prefix(top).ok()?.iter().map(|part| part.to_str()).collect();
    Some(parts?.join("/"))
}

pub(super) fn folder_of(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

pub(super) fn is_index(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    matches!(name, "index.md" | "index.markdown" | "index.html" | "index.htm")
}

/// An HTML file is a source if it begins as one; otherwise it is copied as it is.
fn has_front_matter(file: &Path) -> bool {
    let mut head = [0; 16];
    let read = std::fs::File::open(file).and_then(|mut file| std::io::Read::read(&mut file, &mut head));
    let head = read.map(|length| &head[..length]).unwrap_or_default();
    let head = head.strip_prefix("\u{feff}".as_bytes()).unwrap_or(head);
    head.starts_with(b"+++") || head.starts_with(b"---")
}
