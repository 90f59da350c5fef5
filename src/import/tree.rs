//! The files of a source: names and texts. Symbolic links are not followed, and sizes, depth and number are bounded.

use std::path::{Path, PathBuf};

use walkdir::WalkDir;

use super::ImportError;
use super::model::{Imported, Outcome, Spot};
use crate::storage::file;

/// The most files of a source.
const MOST_FILES: usize = 1_000_000;
/// The most folders inside one another.
const DEEPEST: usize = 64;

/// Folders that belong to tools, at any depth.
const TOOLS: [&str; 8] =
    [".git", ".hg", ".svn", "node_modules", ".bundle", ".jekyll-cache", ".sass-cache", "__pycache__"];

/// The files of a folder.
#[derive(Debug)]
pub struct Tree {
    root: PathBuf,
    /// Names from the root, with `/`, sorted.
    names: Vec<String>,
    /// Names that are no files and were passed over, each with the reason.
    passed: Vec<(String, &'static str)>,
}

impl Tree {
    /// Lists the files of the folder `root`, except those in the folders `without`, named from the root.
    ///
    /// # Errors
    /// The folder can't be read, or it has no end.
    pub fn list(root: &Path, without: &[&str]) -> Result<Tree, ImportError> {
        let refuse = |reason: String| ImportError::Unreadable { path: root.display().to_string(), reason };
        if !root.is_dir() {
            return Err(refuse("it is no folder".to_owned()));
        }
        let endless = |what: String| ImportError::Endless { path: root.display().to_string(), what };
        let mut tree = Tree { root: root.to_owned(), names: Vec::new(), passed: Vec::new() };
        let is_wanted = |entry: &walkdir::DirEntry| {
            let name = entry.file_name().to_str().unwrap_or_default();
            let inside = entry.path().strip_prefix(root).ok().and_then(Path::to_str);
            entry.depth() == 0
                || !entry.file_type().is_dir()
                || !TOOLS.contains(&name) && inside.is_none_or(|inside| !without.contains(&inside))
        };
        let walk = WalkDir::new(root).follow_links(false).max_depth(DEEPEST + 1).sort_by_file_name();
        for entry in walk.into_iter().filter_entry(is_wanted) {
            let entry = entry.map_err(|error| refuse(error.to_string()))?;
            if entry.depth() > DEEPEST {
                return Err(endless(format!("more than {DEEPEST} folders inside one another")));
            }
            let inside = entry.path().strip_prefix(root).unwrap_or(entry.path());
            let kind = entry.file_type();
            if kind.is_dir() {
                continue;
            }
            let Some(name) = inside.to_str().map(|name| name.replace('\\', "/")) else {
                tree.passed.push((inside.to_string_lossy().into_owned(), "its name is not UTF-8"));
                continue;
            };
            match () {
                () if kind.is_symlink() => tree.passed.push((name, "it is a symbolic link")),
                () if !kind.is_file() => tree.passed.push((name, "it is no file")),
                () => tree.names.push(name),
            }
            if tree.names.len() + tree.passed.len() > MOST_FILES {
                return Err(endless(format!("more than {MOST_FILES} files")));
            }
        }
        tree.names.sort();
        Ok(tree)
    }

    /// All names, sorted.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// The names in `folder`, at any depth, sorted.
    pub fn below(&self, folder: &str) -> impl Iterator<Item = &str> {
        let prefix = if folder.is_empty() { String::new() } else { format!("{folder}/") };
        let start = self.names.partition_point(|name| name.as_str() < prefix.as_str());
        let names = self.names.get(start..).unwrap_or_default();
        names.iter().map(String::as_str).take_while(move |name| name.starts_with(&prefix))
    }

    /// True if the file `name` is there.
    pub fn has(&self, name: &str) -> bool {
        self.names.binary_search_by(|known| known.as_str().cmp(name)).is_ok()
    }

    /// True if there is a file in `folder`.
    pub fn has_folder(&self, folder: &str) -> bool {
        self.below(folder).next().is_some()
    }

    /// The place of the file `name` on the disk.
    pub fn path(&self, name: &str) -> PathBuf {
        self.root.join(name)
    }

    /// The text of the file `name`, without the mark at its beginning and with line feeds as line ends; `None` if it can't
    /// be read, which becomes a finding.
    pub fn text(&self, name: &str, imported: &mut Imported) -> Option<String> {
        let bytes = match file::read(&self.path(name), file::SOURCE) {
            Ok(bytes) => bytes,
            Err(error) => {
                imported.tell(Outcome::Lost, "unreadable", Spot::file(name), error.to_string());
                return None;
            }
        };
        match String::from_utf8(bytes) {
            Ok(text) => Some(text.trim_start_matches('\u{feff}').replace("\r\n", "\n")),
            Err(_) => {
                let text = "it is not UTF-8 text: convert it, and run the import again";
                imported.tell(Outcome::Lost, "unreadable", Spot::file(name), text);
                None
            }
        }
    }

    /// Adds a finding for each name that was passed over.
    pub fn tell_passed(&self, imported: &mut Imported) {
        for (name, why) in &self.passed {
            imported.tell(Outcome::Lost, "no-file", Spot::file(name), format!("{why}, and was not followed"));
        }
    }
}
