//! Walks the folders of a site: names of files, symbolic links followed inside the site, and what is left out.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use walkdir::{DirEntry, WalkDir};

use super::selection::{LeftOut, LeftOuts, Tree, left_out};
use super::{ContentError, FOLDER};
use crate::config::{self, FileRules};
use crate::model::diagnostics::{Place, Problem};
use crate::model::stamp::{Folder, Kind, Stamp};

/// The site that is walked.
pub struct Site<'a> {
    /// Its root.
    pub root: &'a Path,
    /// Its root with symbolic links resolved.
    home: PathBuf,
    /// `content/` with symbolic links resolved.
    content: PathBuf,
    rules: &'a FileRules,
    folder: Folder,
}

impl<'a> Site<'a> {
    /// The site at `root`, of which `rules` say what it takes.
    pub fn new(root: &'a Path, rules: &'a FileRules) -> Site<'a> {
        let resolved = |path: PathBuf| path.canonicalize().unwrap_or(path);
        Site {
            root,
            home: resolved(root.to_owned()),
            content: resolved(root.join(FOLDER)),
            rules,
            folder: Folder::open(root),
        }
    }

    /// True if `site.toml` says that the file at `path` below `content/` or `static/` is copied in any case.
    pub(super) fn copies(&self, path: &str) -> bool {
        self.rules.copies(path)
    }

    /// Begins a walk of `folder`.
    ///
    /// # Errors
    /// It is a symbolic link out of the site.
    pub(super) fn top<'s>(&'s self, folder: &'s str, tree: Tree) -> Result<Top<'s>, Problem> {
        let path = self.root.join(folder);
        let target = path.canonicalize().unwrap_or_else(|_| path.clone());
        if !self.rules.follow_links && !target.starts_with(&self.home) {
            let cause = ContentError::Outside { target: target.display().to_string() };
            return Err(Problem::new(cause, Place::file(folder)));
        }
        Ok(Top { site: self, folder, tree, path })
    }
}

/// A folder in the site's root that is walked.
pub(super) struct Top<'a> {
    site: &'a Site<'a>,
    folder: &'a str,
    tree: Tree,
    path: PathBuf,
}

impl Top<'_> {
    /// The kind and stamp of the file `name`.
    pub fn look(&self, name: &str) -> io::Result<(Kind, Stamp)> {
        self.site.folder.look(name)
    }

    /// The kind by which the file or folder at `path` is left out, and its name.
    fn left_out(&self, path: &Path, is_folder: bool) -> Option<(LeftOut, Arc<str>)> {
        let name = self.name_of(path);
        let below = name.get(self.folder.len() + 1..).unwrap_or(&name);
        let kind = left_out(self.tree, below, is_folder)?;
        let rules = self.site.rules;
        let is_wanted = if is_folder { rules.copies_in(below) } else { rules.copies(below) };
        (!is_wanted || matches!(self.tree, Tree::Templates | Tree::Data)).then(|| {
            let slash = if is_folder { "/" } else { "" };
            (kind, format!("{name}{slash}").into())
        })
    }

    /// The name of the file at `path` for people.
    fn name_of(&self, path: &Path) -> Arc<str> {
        relative(self.site.root, path).unwrap_or_else(|| {
            let inside = path.strip_prefix(self.site.root).unwrap_or(path);
            inside.to_string_lossy().into()
        })
    }

    /// The name of the file at `target`, a path without symbolic links; `None` if it is not in the site.
    fn real_name(&self, target: &Path) -> Option<Arc<str>> {
        match target.strip_prefix(&self.site.content) {
            Ok(below) => Some(format!("{FOLDER}/{}", below.to_str()?).into()),
            Err(_) => relative(&self.site.home, target),
        }
    }

    /// The reason why a symbolic link may not lead to `target`.
    fn refusal(&self, target: &Path) -> Option<ContentError> {
        let shown = || target.display().to_string();
        let Ok(inside) = target.strip_prefix(&self.site.home) else {
            let follows = self.site.rules.follow_links;
            return (!follows).then(|| ContentError::Outside { target: shown() });
        };
        let is_hidden = inside.components().any(|part| {
            let name = part.as_os_str().as_encoded_bytes();
            name.starts_with(b".") && name != b".well-known"
        });
        let is_private = ["ledger.jsonl", config::FILE].iter().any(|name| inside == Path::new(name));
        let is_source = self.tree != Tree::Content && target.starts_with(&self.site.content);
        (is_hidden || is_private || is_source).then(|| ContentError::Private { target: shown() })
    }
}

/// The files that a walk through folders found.
#[derive(Default)]
pub(super) struct Walk {
    /// Files by their names for people, with their names behind symbolic links, and with their stamps.
    pub found: Vec<(Arc<str>, Option<Arc<str>>, Stamp)>,
    /// Names of files whose stamps are still needed, likewise.
    pub names: Vec<(Arc<str>, Option<Arc<str>>)>,
    pub left_out: LeftOuts,
    /// Problems of folders.
    pub problems: Vec<Problem>,
    /// Errors of single files.
    pub errors: Vec<Problem>,
    /// A symbolic link was followed.
    pub has_links: bool,
}

/// The symbolic link to a folder that a walk came through, and the folder it leads to.
type Via<'a> = Option<(&'a Path, &'a Path)>;

impl Walk {
    /// Takes the files of the first level; returns the folders there.
    pub fn first_level(&mut self, top: &Top<'_>) -> Vec<PathBuf> {
        let mut folders = Vec::new();
        for entry in WalkDir::new(&top.path).max_depth(1).min_depth(1) {
            match entry {
                Ok(entry) if entry.file_type().is_dir() => {
                    if self.is_taken(top, &entry) {
                        folders.push(entry.into_path());
                    }
                }
                other => self.take(top, other, &[], None),
            }
        }
        folders
    }

    /// Walks `folder`. `above` are the real folders outside of it that symbolic links came from: a link back into one
    /// of them closes a loop and ends there.
    pub fn folder(&mut self, top: &Top<'_>, folder: &Path, above: &[PathBuf], via: Via<'_>) {
        let mut walk = WalkDir::new(folder).min_depth(1).into_iter();
        while let Some(entry) = walk.next() {
            match entry {
                Ok(entry) if entry.file_type().is_dir() => {
                    if !self.is_taken(top, &entry) {
                        walk.skip_current_dir();
                    }
                }
                other => self.take(top, other, above, via),
            }
        }
    }

    fn is_taken(&mut self, top: &Top<'_>, entry: &DirEntry) -> bool {
        let is_folder = match entry.path_is_symlink() {
            true => entry.path().is_dir(),
            false => entry.file_type().is_dir(),
        };
        match top.left_out(entry.path(), is_folder) {
            Some((kind, name)) => {
                self.left_out.add(kind, name);
                false
            }
            None => true,
        }
    }

    fn take(&mut self, top: &Top<'_>, entry: walkdir::Result<DirEntry>, above: &[PathBuf], via: Via<'_>) {
        match entry {
            Ok(entry) if !self.is_taken(top, &entry) => {}
            Ok(entry) if entry.path_is_symlink() => self.link(top, entry.path(), above),
            Ok(entry) => match relative(top.site.root, entry.path()) {
                Some(name) => {
                    let real = via.and_then(|(link, target)| {
                        top.real_name(&target.join(entry.path().strip_prefix(link).ok()?))
                    });
                    self.names.push((name, real));
                }
                None => self.refuse(top, entry.path(), ContentError::Name),
            },
            Err(error)
                if error.depth() > 0
                    && error.io_error().is_some_and(|error| error.kind() == io::ErrorKind::NotFound) => {}
            Err(error) => {
                let reason = error.io_error().map_or_else(|| error.to_string(), ToString::to_string);
                let path = error.path().map_or_else(|| top.path.clone(), Path::to_owned);
                let cause = ContentError::Unreadable { reason };
                self.problems.push(Problem::new(cause, Place::file(top.name_of(&path))));
            }
        }
    }

    /// Follows a symbolic link.
    fn link(&mut self, top: &Top<'_>, path: &Path, above: &[PathBuf]) {
        let Ok(target) = path.canonicalize() else {
            // The link itself vanished while the folder was read.
            if path.is_symlink() {
                self.refuse(top, path, ContentError::Dangling);
            }
            return;
        };
        if let Some(cause) = top.refusal(&target) {
            self.refuse(top, path, cause);
            return;
        }
        self.has_links = true;
        match fs::metadata(&target) {
            Ok(metadata) if metadata.is_dir() => {
                let from = path.parent().and_then(|folder| folder.canonicalize().ok());
                let mut above = above.to_vec();
                above.extend(from);
                if !above.iter().any(|folder| folder.starts_with(&target)) {
                    self.folder(top, path, &above, Some((path, &target)));
                }
            }
            Ok(metadata) if metadata.is_file() => match relative(top.site.root, path) {
                Some(name) => self.found.push((name, top.real_name(&target), Stamp::of(&metadata))),
                None => self.refuse(top, path, ContentError::Name),
            },
            Ok(_) => self.refuse(top, path, ContentError::Special),
            Err(error) => self.refuse(top, path, ContentError::Unreadable { reason: error.to_string() }),
        }
    }

    fn refuse(&mut self, top: &Top<'_>, path: &Path, cause: ContentError) {
        self.errors.push(Problem::new(cause, Place::file(top.name_of(path))));
    }
}

/// The path of `path` below `root`, with slashes between its parts on every platform; `None` if it is not below it, or
/// not UTF-8.
pub fn relative(root: &Path, path: &Path) -> Option<Arc<str>> {
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
