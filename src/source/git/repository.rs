//! The repository of a site, and the changes of its commits.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path as FilePath, PathBuf};
use std::rc::Rc;

use chrono::{DateTime, FixedOffset};

use super::HistoryError;
use super::command::{Conversation, Git};
use crate::model::date::{Moment, Precision};
use crate::model::digest::{Digest, Hasher};
use crate::source::FOLDER;

/// A path in the working tree.
pub(super) type Path = Vec<u8>;

/// The id of a commit or of a blob, in hexadecimal digits.
pub(super) type Id = Rc<str>;

/// The repository of a site, and the site's place in it.
pub(super) struct Repository {
    git: Git,
    /// HEAD; `None` before the first commit.
    pub tip: Option<Id>,
    /// The site's folder in the working tree, with a `/` at its end; empty if the site is the whole tree.
    pub site: Path,
    /// Commits whose parents are missing in a shallow clone.
    shallow: BTreeSet<String>,
}

/// A commit of the history.
pub(super) struct RawCommit {
    pub id: Id,
    pub parents: Vec<Id>,
    /// Its parents are missing in the clone.
    pub cut: bool,
    pub authored: Option<Moment>,
    pub committed: Option<Moment>,
}

/// A file that differs between a commit and its parent; `None` on the side where the file is missing.
pub(super) struct Change {
    pub path: Path,
    pub new: Option<Id>,
    pub old: Option<Id>,
    /// Its path in the parent, if it was moved.
    pub from: Option<Path>,
}

impl Repository {
    /// Finds the repository of the site at `root`.
    pub fn open(root: &FilePath) -> Result<Self, HistoryError> {
        let root = root.canonicalize().map_err(unreadable)?;
        if !root.ancestors().any(|folder| folder.join(".git").exists()) {
            return Err(HistoryError::NoRepository);
        }
        let git = Git::new(&root);
        let questions = ["--is-inside-work-tree", "--is-shallow-repository", "--show-cdup"];
        // Before the first commit, HEAD has no id, but the output before it is still written.
        let last = ["--git-path", "shallow", "HEAD"];
        let answer = git.answer(&[&["rev-parse"], &questions[..], &last].concat())?;
        let mut lines = answer.stdout.splitn(4, |byte| *byte == b'\n');
        let (Some(inside), Some(shallow), Some(up), Some(rest)) =
            (lines.next(), lines.next(), lines.next(), lines.next())
        else {
            return Err(answer.error());
        };
        if inside != b"true" {
            return Err(HistoryError::NoRepository);
        }
        let rest = rest.strip_suffix(b"\n").unwrap_or(rest);
        let line = rest.iter().rposition(|byte| *byte == b'\n').ok_or_else(|| answer.error())?;
        let tip = id(&rest[line + 1..]);
        if tip.is_none() && answer.is_success {
            return Err(unreadable("HEAD is no commit"));
        }
        let shallow =
            if shallow == b"true" { cut(&root.join(path(&rest[..line])?))? } else { BTreeSet::new() };
        Ok(Repository { git, tip, site: site(&root, up)?, shallow })
    }

    /// Digest of everything that the histories of the files depend on.
    pub fn key(&self) -> Digest {
        let mut hasher = Hasher::default();
        hasher.value(self.head()).value(&self.site);
        self.shallow.iter().for_each(|id| {
            hasher.value(id);
        });
        hasher.finish()
    }

    /// The full id of HEAD; empty before the first commit.
    pub fn head(&self) -> &str {
        self.tip.as_deref().unwrap_or_default()
    }

    /// True if part of the history is missing in the clone.
    pub fn is_shallow(&self) -> bool {
        !self.shallow.is_empty()
    }

    /// The folder of the site's sources, in the working tree.
    pub fn content(&self) -> Path {
        [&self.site, FOLDER.as_bytes()].concat()
    }

    /// The paths of all files below the site's sources, as of `tip`.
    pub fn files(&self, tip: &Id) -> Result<Vec<Path>, HistoryError> {
        let text = self.git.read(&["ls-tree", "-r", "-z", "--full-name", tip, FOLDER])?;
        let entries = text.split(|byte| *byte == 0).filter(|entry| is_file(entry));
        Ok(entries
            .filter_map(|entry| Some(entry.splitn(2, |byte| *byte == b'\t').nth(1)?.to_vec()))
            .collect())
    }

    /// `tip` and its ancestors, each before its parents; without `base` and the ancestors of that. A `base` that no
    /// longer exists is ignored.
    pub fn commits(&self, tip: &Id, base: Option<&str>) -> Result<Vec<RawCommit>, HistoryError> {
        let base = base.map(|base| format!("^{base}"));
        let mut arguments = vec!["rev-list", "--topo-order", "--ignore-missing", "--date=raw"];
        arguments.extend(["--format=%H,%P,%ad,%cd", tip]);
        arguments.extend(base.as_deref());
        let text = self.git.read(&arguments)?;
        let text = String::from_utf8_lossy(&text);
        // `rev-list` writes a line of its own before each formatted line.
        let lines = text.lines().filter(|line| !line.starts_with("commit "));
        lines
            .map(|line| self.commit(line).ok_or_else(|| unreadable(format!("`git` wrote {line:?}"))))
            .collect()
    }

    fn commit(&self, line: &str) -> Option<RawCommit> {
        let mut parts = line.split(',');
        let id: Id = parts.next()?.into();
        let parents = parts.next()?.split_whitespace().map(Id::from).collect();
        let cut = self.shallow.contains(&*id);
        Some(RawCommit {
            id,
            parents,
            cut,
            authored: moment(parts.next()?),
            committed: moment(parts.next()?),
        })
    }

    /// Returns a process that reports the differences between commits and their parents.
    pub fn differences(&self, follows_moves: bool) -> Differences<'_> {
        Differences { git: &self.git, follows_moves, process: None }
    }
}

/// One `git diff-tree` process for all commits of a walk; it starts with the first question.
pub(super) struct Differences<'a> {
    git: &'a Git,
    follows_moves: bool,
    process: Option<Conversation>,
}

/// A moved file must be half the same. Commits with too many moved and edited files are not compared by content.
const MOVES: [&str; 3] = ["--find-renames=50%", "-l100", "--no-rename-empty"];

impl Differences<'_> {
    /// The files that differ between `new` and its parent `old`.
    pub fn between(&mut self, new: &Id, old: &Id) -> Result<Vec<Change>, HistoryError> {
        let moves: &[&str] = if self.follows_moves { &MOVES } else { &["--no-renames"] };
        let fixed = ["diff-tree", "-r", "-z", "--raw", "--no-abbrev", "--no-ext-diff", "--no-textconv"];
        let arguments = [&fixed, moves].concat();
        if self.process.is_none() {
            self.process = Some(self.git.talk(&[&arguments[..], &["--stdin", "--no-commit-id"]].concat())?);
        }
        let answer = self.process.as_mut().and_then(|process| {
            process.ask(&format!("{new} {old}"))?;
            changes(process)
        });
        answer.ok_or_else(|| {
            // A separate call reports the reason.
            let alone = self.git.read(&[&arguments[..], &[old, new]].concat());
            alone.err().unwrap_or_else(|| unreadable("`git diff-tree` stopped"))
        })
    }
}

/// Reads an answer; `None` if it is invalid.
fn changes(process: &mut Conversation) -> Option<Vec<Change>> {
    let mut changes = Vec::new();
    loop {
        let about = process.token()?;
        if about.is_empty() {
            return Some(changes);
        }
        // The format is `:100644 100644 ID ID M` and the path, or two paths if the file was moved.
        let about = str::from_utf8(&about).ok()?;
        let mut parts = about.strip_prefix(':')?.split(' ');
        let (old_mode, new_mode) = (parts.next()?, parts.next()?);
        let (old, new, status) = (parts.next()?, parts.next()?, parts.next()?);
        let from = if status.starts_with(['R', 'C']) { Some(process.token()?) } else { None };
        let path = process.token()?;
        let file = |mode: &str, id: &str| is_file(mode.as_bytes()).then(|| id.into());
        let (old, new) = (file(old_mode, old), file(new_mode, new));
        match from {
            Some(from) => changes.push(Change { path, new, old: None, from: Some(from) }),
            None if old.is_some() || new.is_some() => changes.push(Change { path, new, old, from: None }),
            None => {}
        }
    }
}

/// True for the mode of a regular file: neither a link nor a submodule.
fn is_file(mode: &[u8]) -> bool {
    mode.starts_with(b"100")
}

/// The commits in the file `path`, which lists the ends of a shallow clone.
fn cut(path: &FilePath) -> Result<BTreeSet<String>, HistoryError> {
    let text =
        fs::read_to_string(path).map_err(|error| unreadable(format!("{}: {error}", path.display())))?;
    Ok(text.lines().map(|line| line.trim().to_owned()).collect())
}

/// The folder `root` in the working tree; `up` (`../../`) leads from there to the top.
fn site(root: &FilePath, up: &[u8]) -> Result<Path, HistoryError> {
    let depth = up.split(|byte| *byte == b'/').filter(|part| *part == b"..").count();
    let names: Vec<_> = root.components().collect();
    let mut site = Vec::new();
    for name in &names[names.len().saturating_sub(depth)..] {
        let name = name.as_os_str().to_str().ok_or_else(|| unreadable("the site's path is not UTF-8"))?;
        site.extend_from_slice(name.as_bytes());
        site.push(b'/');
    }
    Ok(site)
}

/// An id as `git` writes it.
fn id(text: &[u8]) -> Option<Id> {
    let is_id = text.len() >= 40 && text.iter().all(u8::is_ascii_hexdigit);
    is_id.then(|| str::from_utf8(text).ok().map(Id::from)).flatten()
}

fn path(bytes: &[u8]) -> Result<PathBuf, HistoryError> {
    str::from_utf8(bytes).map(PathBuf::from).map_err(unreadable)
}

/// Seconds and an offset in git's raw format: `1400000000 +0800`.
fn moment(text: &str) -> Option<Moment> {
    let (seconds, offset) = text.split_once(' ')?;
    let instant = DateTime::from_timestamp(seconds.parse().ok()?, 0)?;
    let offset: i32 = offset.parse().ok()?;
    let offset = FixedOffset::east_opt((offset / 100 * 60 + offset % 100) * 60)?;
    Some(Moment::new(instant, offset, Precision::Second))
}

fn unreadable(reason: impl ToString) -> HistoryError {
    HistoryError::Unreadable { reason: reason.to_string() }
}
