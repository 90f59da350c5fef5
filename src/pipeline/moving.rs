//! Moves sources: the plan of the move, with the links that have to change. Nothing is written here.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::path::Path;

use miette::Diagnostic;
use thiserror::Error;

use crate::model::metadata::{Entry, Node, Value, parse};
use crate::model::url::{SlugStyle, percent_decode, slugify, walk};
use crate::render::destinations;
use crate::source::{FOLDER, Format, split};
use crate::storage::file;

/// Reasons why nothing can be moved.
#[derive(Debug, Clone, PartialEq, Eq, Error, Diagnostic)]
pub enum MoveError {
    /// There is no such source, and no such folder.
    #[error("there is nothing at content/{from}")]
    #[diagnostic(
        code(mv::missing),
        help("give a file or folder below `content/`; `dateline list` names all sources")
    )]
    Missing {
        /// The path below `content/`.
        from: String,
    },
    /// Something is at the new place.
    #[error("content/{to} is there already")]
    #[diagnostic(code(mv::exists), help("choose another path; nothing was moved"))]
    Exists {
        /// The path below `content/`.
        to: String,
    },
    /// The new name would make it another kind of source.
    #[error("content/{from} would be read as another kind of file at content/{to}")]
    #[diagnostic(
        code(mv::format),
        help(
            "`mv` moves a source as it is: give a path with the same ending, or one that ends in `/`; nothing was moved"
        )
    )]
    Format {
        /// The path below `content/`.
        from: String,
        /// The new one.
        to: String,
    },
    /// The new place is no place below `content/`.
    #[error("\u{201c}{to}\u{201d} is no path below `content/`, or lies in the folder that is moved")]
    #[diagnostic(code(mv::path), help("give a path such as `news/ferry.md`, or a folder that ends in `/`"))]
    Path {
        /// The path.
        to: String,
    },
}

/// The name of the source at `path`: its path without the ending, or its folder.
fn name_of(path: &str) -> &str {
    let stem = path.rsplit_once('.').map_or(path, |(stem, _)| stem);
    ["/index", "/_index"].iter().find_map(|end| stem.strip_suffix(end)).unwrap_or(stem)
}

/// A name as it is compared.
fn compared(name: &str) -> String {
    let part = |part: &str| slugify(part, SlugStyle::Unicode);
    name.trim().trim_matches('/').split('/').map(part).collect::<Vec<_>>().join("/")
}

/// The plan of a move.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Move {
    /// The file or folder that is moved, below `content/`.
    pub from: String,
    /// Its new path, below `content/`.
    pub to: String,
    /// The new path of each file that is moved, by its path below `content/`.
    pub files: BTreeMap<String, String>,
    /// The new text of each source whose links change, by its new path.
    pub texts: BTreeMap<String, String>,
    /// Links between double brackets are links.
    wikilinks: bool,
}

impl Move {
    /// Plans the move of `from` to `to`, paths below `content/` of the site at `root`. `files` are all files there; with
    /// `wikilinks`, links between double brackets change too.
    ///
    /// # Errors
    /// [`MoveError`].
    pub fn plan(
        root: &Path,
        files: &BTreeSet<String>,
        wikilinks: bool,
        from: &str,
        to: &str,
    ) -> Result<Move, MoveError> {
        let from = from.trim_end_matches('/').to_owned();
        let into = to.is_empty() || to.ends_with('/');
        let name = from.rsplit('/').next().unwrap_or(&from);
        let to = if into { format!("{to}{name}") } else { to.to_owned() };
        let is_inside = walk("", &to).is_some_and(|walked| walked == to) && !to.is_empty();
        if !is_inside || to.starts_with(&format!("{from}/")) {
            return Err(MoveError::Path { to });
        }
        let moved = |path: &String| match path.strip_prefix(from.as_str())? {
            "" => Some(to.clone()),
            rest if rest.starts_with('/') => Some(format!("{to}{rest}")),
            _ => None,
        };
        let map: BTreeMap<String, String> =
            files.iter().filter_map(|path| Some((path.clone(), moved(path)?))).collect();
        if map.is_empty() {
            return Err(MoveError::Missing { from });
        }
        if map.contains_key(&from) && Format::of(&from) != Format::of(&to) {
            return Err(MoveError::Format { from, to });
        }
        if root.join(FOLDER).join(&to).exists() {
            return Err(MoveError::Exists { to });
        }
        let mut plan = Move { from, to, files: map, texts: BTreeMap::new(), wikilinks };
        for path in files {
            let Some(format) = Format::of(path) else { continue };
            let Ok(text) = file::read_text(&root.join(FOLDER).join(path), file::SOURCE) else { continue };
            if let Some(text) = plan.rewritten(files, path, format, &text) {
                plan.texts.insert(plan.new_path(path).to_owned(), text);
            }
        }
        Ok(plan)
    }

    /// True if the source at `path`, which has this text, has links that change.
    pub fn changes(&self, files: &BTreeSet<String>, path: &str, format: Format, text: &str) -> bool {
        self.rewritten(files, path, format, text).is_some()
    }

    fn new_path<'a>(&'a self, path: &'a str) -> &'a str {
        self.files.get(path).map_or(path, String::as_str)
    }

    /// The text of the source at `path` with all links that lead to moved files, or from one; `None` if it stays.
    fn rewritten(&self, files: &BTreeSet<String>, path: &str, format: Format, text: &str) -> Option<String> {
        let (block, start) = split(text).unwrap_or_default();
        let mut places = match block {
            Some((language, range)) => match parse(language, &text[range.clone()], range.start) {
                Ok(tree) => files_in(&tree, text),
                Err(_) => Vec::new(),
            },
            None => Vec::new(),
        };
        let body = destinations(&text[start..], format, self.wikilinks);
        places.extend(body.into_iter().map(|place| start + place.start..start + place.end));
        let mut new = String::with_capacity(text.len());
        let mut done = 0;
        for place in places {
            let written = &text[place.clone()];
            let destination = match text[..place.start].ends_with("[[") {
                true => self.new_name(files, written),
                false => self.new_destination(files, path, written),
            };
            let Some(destination) = destination else { continue };
            if place.start >= done {
                new.push_str(&text[done..place.start]);
                new.push_str(&destination);
                done = place.end;
            }
        }
        (done > 0).then(|| new + &text[done..])
    }

    /// The new spelling of the source's name `written`, between double brackets; `None` if it stays. A name that several
    /// sources have stays, since it may mean another.
    fn new_name(&self, files: &BTreeSet<String>, written: &str) -> Option<String> {
        let wanted = compared(written);
        let is_called = |path: &&String| {
            let name = compared(name_of(path));
            name == wanted || name.ends_with(&format!("/{wanted}"))
        };
        let mut called = files.iter().filter(|path| Format::of(path).is_some()).filter(is_called);
        let (Some(one), None) = (called.next(), called.next()) else { return None };
        let new = name_of(self.files.get(one)?);
        let new = if written.contains('/') { new } else { new.rsplit('/').next().unwrap_or(new) };
        (compared(new) != wanted).then(|| new.to_owned())
    }

    /// The new spelling of the destination `written` in the source at `path`; `None` if it stays.
    fn new_destination(&self, files: &BTreeSet<String>, path: &str, written: &str) -> Option<String> {
        let (address, rest) = written.split_at(written.find(['#', '?']).unwrap_or(written.len()));
        if address.is_empty() || address.starts_with('/') || address.contains(':') {
            return None;
        }
        let folder = |path: &str| path.rsplit_once('/').map_or("", |(folder, _)| folder).to_owned();
        let from_root = address.strip_prefix("@/");
        let around = if from_root.is_some() { String::new() } else { folder(path) };
        let target = walk(&around, &percent_decode(from_root.unwrap_or(address)))?;
        if !files.contains(&target) {
            return None;
        }
        let new_target = self.new_path(&target);
        let new = match from_root {
            Some(_) => format!("@/{}", encoded(new_target)),
            None => encoded(&relative(&folder(self.new_path(path)), new_target)),
        };
        let is_same = match from_root {
            Some(_) => new_target == target,
            None => {
                walk(&folder(self.new_path(path)), &percent_decode(address)).as_deref() == Some(new_target)
            }
        };
        (!is_same).then(|| new + rest)
    }
}

/// The path to `target` from the folder `from`, both below `content/`.
fn relative(from: &str, target: &str) -> String {
    let from: Vec<&str> = from.split('/').filter(|part| !part.is_empty()).collect();
    let parts: Vec<&str> = target.split('/').collect();
    let above = parts.len().saturating_sub(1);
    let shared = from.iter().zip(&parts[..above]).take_while(|(a, b)| a == b).count();
    let up = std::iter::repeat_n("..", from.len() - shared);
    up.chain(parts[shared..].iter().copied()).collect::<Vec<_>>().join("/")
}

/// A path as a destination of Markdown and HTML: characters that end one are percent-encoded.
fn encoded(path: &str) -> String {
    let mut encoded = String::with_capacity(path.len());
    for letter in path.chars() {
        match letter {
            ' ' | '"' | '\'' | '<' | '>' | '(' | ')' | '#' | '?' | '%' => {
                encoded.push_str(&format!("%{:02X}", u32::from(letter)));
            }
            letter => encoded.push(letter),
        }
    }
    encoded
}

/// The bytes of the texts in the front matter `tree` that may name files.
fn files_in(tree: &Node, text: &str) -> Vec<Range<usize>> {
    fn add(node: &Node, text: &str, places: &mut Vec<Range<usize>>) {
        match &node.value {
            Value::String(value) => {
                let Some(raw) = text.get(node.span.clone()) else { return };
                if let Some(at) = raw.find(value.as_str()).filter(|_| !value.is_empty()) {
                    places.push(node.span.start + at..node.span.start + at + value.len());
                }
            }
            Value::List(items) => items.iter().for_each(|item| add(item, text, places)),
            Value::Table(entries) => entries.iter().for_each(|Entry { node, .. }| add(node, text, places)),
            _ => {}
        }
    }
    let mut places = Vec::new();
    add(tree, text, &mut places);
    places.sort_by_key(|place| place.start);
    places
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_relative_path_is_the_shortest() {
        for (from, target, path) in [
            ("", "a.md", "a.md"),
            ("news", "news/a.md", "a.md"),
            ("news", "a.md", "../a.md"),
            ("news/old", "news/new/a.md", "../new/a.md"),
            ("a", "ab/c.md", "../ab/c.md"),
        ] {
            assert_eq!(relative(from, target), path);
            assert_eq!(walk(from, path).as_deref(), Some(target));
        }
    }
}
