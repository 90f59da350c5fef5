//! Finding the sources and assets under `content/`.

use std::collections::HashSet;
use std::ffi::OsStr;
use std::fs::{self, DirEntry};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rayon::prelude::*;

use super::{ContentError, FOLDER, Format};
use crate::error::{Place, Problem};
use crate::stamp::Stamp;

/// A file that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// The file as people know it, from the site's root, with `/` between its parts: `content/a.md`.
    pub name: Arc<str>,
    /// What the system says of it.
    pub stamp: Stamp,
}

impl Found {
    /// The path below the folder that was searched: `a.md`.
    pub fn path(&self) -> &str {
        self.name.split_once('/').map_or(&*self.name, |(_, path)| path)
    }

    /// The file itself, in the site at `root`.
    pub fn file(&self, root: &Path) -> PathBuf {
        root.join(&*self.name)
    }
}

/// A file to be parsed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceFile {
    /// The file.
    pub found: Found,
    /// How it is written.
    pub format: Format,
}

/// Everything under `content/`, in the order of the names.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Scan {
    /// Files to be parsed.
    pub sources: Vec<SourceFile>,
    /// Files to be copied.
    pub assets: Vec<Found>,
}

/// Walks `root/content`. Hidden files and editors' leavings are passed over. Symbolic links are
/// followed inside the site only; a loop of them ends where it closes.
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
    // A text file beside an `index.md` goes with that article; it is no article of its own.
    let bundles: HashSet<Arc<str>> = scan
        .sources
        .par_iter()
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

/// The regular files under `root/folder`, in the order of their names.
pub fn files(root: &Path, folder: &str, problems: &mut Vec<Problem>) -> Vec<Found> {
    let site = Site { root, home: root.canonicalize().unwrap_or_else(|_| root.to_owned()) };
    let top = Folder { path: root.join(folder), name: Some(folder.to_owned()), above: Vec::new() };
    // Level by level, each folder by one thread.
    let (mut level, mut found) = (vec![top], Vec::new());
    while !level.is_empty() {
        let walks: Vec<Walk> = level.par_iter().map(|folder| site.walk(folder)).collect();
        level = Vec::new();
        found.reserve(walks.iter().map(|walk| walk.found.len()).sum());
        for walk in walks {
            found.extend(walk.found);
            problems.extend(walk.problems);
            level.extend(walk.folders);
        }
    }
    // What came of each folder is in order: the stable sort makes use of that.
    found.par_sort_by(|a: &Found, b| a.name.cmp(&b.name));
    found
}

/// A folder to be read.
struct Folder {
    path: PathBuf,
    /// Its name from the site's root, unless that is no text.
    name: Option<String>,
    /// The real folders that symbolic links led out of: one that leads back into them closes a loop and
    /// ends there.
    above: Vec<PathBuf>,
}

/// What is in a folder.
#[derive(Default)]
struct Walk {
    found: Vec<Found>,
    folders: Vec<Folder>,
    problems: Vec<Problem>,
}

/// The site that is searched.
struct Site<'a> {
    root: &'a Path,
    /// Its real place.
    home: PathBuf,
}

impl Site<'_> {
    /// Reads one folder.
    fn walk(&self, folder: &Folder) -> Walk {
        let mut walk = Walk::default();
        let entries = match fs::read_dir(&folder.path) {
            Ok(entries) => entries,
            Err(error) => {
                self.unreadable(&folder.path, &error, &mut walk);
                return walk;
            }
        };
        // The names of its files differ behind this.
        let mut name = folder.name.as_ref().map(|name| format!("{name}/"));
        let start = name.as_ref().map_or(0, String::len);
        for entry in entries {
            match entry {
                Ok(entry) => {
                    let base = entry.file_name();
                    if hidden(&base) {
                        continue;
                    }
                    let whole = name.as_mut().zip(base.to_str()).map(|(name, base)| {
                        name.truncate(start);
                        name.push_str(base);
                        &**name
                    });
                    self.take(&entry, whole, &folder.above, &mut walk);
                }
                Err(error) => self.unreadable(&folder.path, &error, &mut walk),
            }
        }
        walk.found.sort_unstable_by(|a, b| a.name.cmp(&b.name));
        walk
    }

    /// Takes one entry of a folder, whose `name` is known if it is a text.
    fn take(&self, entry: &DirEntry, name: Option<&str>, above: &[PathBuf], walk: &mut Walk) {
        let folder = |above| Folder { path: entry.path(), name: name.map(str::to_owned), above };
        match entry.file_type() {
            Ok(kind) if kind.is_dir() => walk.folders.push(folder(above.to_vec())),
            Ok(kind) if kind.is_symlink() => {
                let path = entry.path();
                match self.follow(&path, walk) {
                    Some((metadata, target)) if metadata.is_dir() => {
                        let mut above = above.to_vec();
                        above.extend(path.parent().and_then(|folder| folder.canonicalize().ok()));
                        if !above.iter().any(|folder| folder.starts_with(&target)) {
                            walk.folders.push(folder(above));
                        }
                    }
                    Some((metadata, _)) => file(&path, name, &metadata, walk),
                    None => {}
                }
            }
            // This asks the system for the file in its folder, not for a path from the root.
            Ok(_) => match entry.metadata() {
                Ok(metadata) if name.is_some() => file(Path::new(""), name, &metadata, walk),
                Ok(metadata) => file(&entry.path(), None, &metadata, walk),
                Err(error) => self.unreadable(&entry.path(), &error, walk),
            },
            Err(error) => self.unreadable(&entry.path(), &error, walk),
        }
    }

    /// Follows a symbolic link, inside the site only.
    fn follow(&self, path: &Path, walk: &mut Walk) -> Option<(fs::Metadata, PathBuf)> {
        let mut refuse = |cause| walk.problems.push(Problem::new(cause, Place::file(self.name_of(path))));
        let Ok(target) = path.canonicalize() else {
            refuse(ContentError::Dangling);
            return None;
        };
        if !target.starts_with(&self.home) {
            refuse(ContentError::Outside { target: target.display().to_string() });
            return None;
        }
        match fs::metadata(path) {
            Ok(metadata) => Some((metadata, target)),
            Err(error) => {
                self.unreadable(path, &error, walk);
                None
            }
        }
    }

    fn unreadable(&self, path: &Path, error: &io::Error, walk: &mut Walk) {
        let cause = ContentError::Unreadable { reason: error.to_string() };
        walk.problems.push(Problem::new(cause, Place::file(self.name_of(path))));
    }

    /// The name of the file at `path` for people.
    fn name_of(&self, path: &Path) -> Arc<str> {
        relative(self.root, path).unwrap_or_else(|| path.to_string_lossy().into())
    }
}

/// Takes the file at `path`, if it is one.
fn file(path: &Path, name: Option<&str>, metadata: &fs::Metadata, walk: &mut Walk) {
    if !metadata.is_file() {
        return;
    }
    match name {
        Some(name) => walk.found.push(Found { name: name.into(), stamp: Stamp::of(metadata) }),
        None => {
            let name = path.to_string_lossy().into_owned();
            walk.problems.push(Problem::new(ContentError::Name, Place::file(name)));
        }
    }
}

fn hidden(name: &OsStr) -> bool {
    let name = name.as_encoded_bytes();
    name.starts_with(b".") || name.ends_with(b"~") || (name.starts_with(b"#") && name.ends_with(b"#"))
}

fn relative(root: &Path, path: &Path) -> Option<Arc<str>> {
    let inside = path.strip_prefix(root).ok()?.to_str()?;
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

/// An HTML file is a source if it begins as one; otherwise it is copied as it is.
fn has_front_matter(file: &Path) -> bool {
    let mut head = [0; 16];
    let read = std::fs::File::open(file).and_then(|mut file| std::io::Read::read(&mut file, &mut head));
    let head = read.map(|length| &head[..length]).unwrap_or_default();
    let head = head.strip_prefix("\u{feff}".as_bytes()).unwrap_or(head);
    head.starts_with(b"+++") || head.starts_with(b"---")
}
