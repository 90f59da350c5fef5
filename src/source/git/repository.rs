//! The repository that a site is in, and its objects.

use std::cell::RefCell;
use std::collections::{BTreeSet, HashMap};
use std::path::Path;
use std::rc::Rc;

use chrono::{DateTime, FixedOffset};
use gix::ObjectId;
use gix::objs::{CommitRef, Kind};

use super::HistoryError;
use crate::model::date::{Moment, Precision};
use crate::model::digest::{Digest, Hasher};
use crate::source::FOLDER;

/// An open repository, and where the site is in it.
pub(super) struct Repository {
    repository: gix::Repository,
    /// HEAD; `None` before the first commit.
    pub tip: Option<ObjectId>,
    /// The site's folder in the working tree, with a `/` at its end; empty if it is the whole.
    pub site: Vec<u8>,
    /// Commits whose parents were not cloned.
    shallow: BTreeSet<ObjectId>,
    trees: RefCell<HashMap<ObjectId, Rc<Vec<u8>>>>,
}

/// A commit as it is in the history.
pub(super) struct RawCommit {
    pub id: ObjectId,
    pub tree: ObjectId,
    pub parents: Vec<ObjectId>,
    /// It has parents that are not here.
    pub cut: bool,
    pub authored: Option<Moment>,
    pub committed: Option<Moment>,
}

/// An entry of a folder.
#[derive(Debug, Clone, Copy)]
pub(super) struct Entry<'a> {
    pub name: &'a [u8],
    pub is_folder: bool,
    /// A file of bytes: neither a folder nor a link nor a submodule.
    pub is_file: bool,
    pub id: ObjectId,
    pub mode: u16,
}

/// Trees that are kept, so that a folder is read once for the commit and not again for its child.
const MOST_TREES: usize = 8192;

impl Repository {
    /// Opens the repository that the site at `root` is in. Nothing outside of it is read: no
    /// configuration of the user or the system, and no environment.
    pub fn open(root: &Path) -> Result<Self, HistoryError> {
        let root = root.canonicalize().map_err(unreadable)?;
        if !root.ancestors().any(|folder| folder.join(".git").exists()) {
            return Err(HistoryError::NoRepository);
        }
        let options = || gix::sec::trust::Mapping {
            full: gix::open::Options::isolated(),
            reduced: gix::open::Options::isolated(),
        };
        let repository = gix::ThreadSafeRepository::discover_opts(
            &root,
            gix::discover::upwards::Options::default(),
            options(),
        )
        .map_err(unreadable)?
        .to_thread_local();
        let work = repository.workdir().ok_or(HistoryError::NoRepository)?;
        let work = work.canonicalize().map_err(unreadable)?;
        let inside = root.strip_prefix(&work).map_err(|_| HistoryError::NoRepository)?;
        let mut site = Vec::new();
        for part in inside.components() {
            let part = part.as_os_str().to_str().ok_or_else(|| unreadable("the site's path is not UTF-8"))?;
            site.extend_from_slice(part.as_bytes());
            site.push(b'/');
        }
        let tip = repository.head().map_err(unreadable)?.id().map(gix::Id::detach);
        let shallow = repository.shallow_commits().map_err(unreadable)?;
        let shallow = shallow.map(|commits| commits.iter().copied().collect()).unwrap_or_default();
        Ok(Repository { repository, tip, site, shallow, trees: RefCell::default() })
    }

    /// Stands for all that the histories of the files depend on.
    pub fn key(&self) -> Digest {
        let mut hasher = Hasher::default();
        hasher.value(self.tip.map(|id| id.to_hex().to_string()).unwrap_or_default()).value(&self.site);
        for id in &self.shallow {
            hasher.bytes(id.as_bytes());
        }
        hasher.finish()
    }

    /// HEAD's id in full; empty before the first commit.
    pub fn head(&self) -> String {
        self.tip.map(|id| id.to_hex().to_string()).unwrap_or_default()
    }

    /// True if some of the history was not cloned.
    pub fn is_shallow(&self) -> bool {
        !self.shallow.is_empty()
    }

    /// The folder of the site's sources, in the working tree.
    pub fn content(&self) -> Vec<u8> {
        [&self.site, FOLDER.as_bytes()].concat()
    }

    /// The commit `id`.
    pub fn commit(&self, id: ObjectId) -> Result<RawCommit, HistoryError> {
        let object = self.repository.find_object(id).map_err(unreadable)?;
        let commit = CommitRef::from_bytes(&object.data, id.kind()).map_err(unreadable)?;
        let cut = self.shallow.contains(&id);
        Ok(RawCommit {
            id,
            tree: commit.tree(),
            parents: if cut { Vec::new() } else { commit.parents().collect() },
            cut,
            authored: commit.author().ok().and_then(|who| moment(who.time().ok()?)),
            committed: commit.committer().ok().and_then(|who| moment(who.time().ok()?)),
        })
    }

    /// The bytes of the folder `id`, for [`entries`].
    pub fn tree(&self, id: ObjectId) -> Result<Rc<Vec<u8>>, HistoryError> {
        if let Some(tree) = self.trees.borrow().get(&id) {
            return Ok(tree.clone());
        }
        let tree = Rc::new(self.object(id, Kind::Tree)?);
        let mut trees = self.trees.borrow_mut();
        if trees.len() >= MOST_TREES {
            trees.clear();
        }
        trees.insert(id, tree.clone());
        Ok(tree)
    }

    /// The bytes of a file.
    pub fn blob(&self, id: ObjectId) -> Result<Vec<u8>, HistoryError> {
        self.object(id, Kind::Blob)
    }

    fn object(&self, id: ObjectId, kind: Kind) -> Result<Vec<u8>, HistoryError> {
        let object = self.repository.find_object(id).map_err(unreadable)?;
        if object.kind != kind {
            return Err(unreadable(format!("{id} is no {kind}")));
        }
        Ok(object.detach().data)
    }
}

/// The entries of a folder, in git's order.
pub(super) fn entries(tree: &[u8]) -> Result<Vec<Entry<'_>>, HistoryError> {
    let entries = gix::objs::TreeRefIter::from_bytes(tree, gix::hash::Kind::Sha1);
    entries
        .map(|entry| {
            let entry = entry.map_err(unreadable)?;
            Ok(Entry {
                name: entry.filename,
                is_folder: entry.mode.is_tree(),
                is_file: entry.mode.is_blob(),
                id: entry.oid.to_owned(),
                mode: entry.mode.value(),
            })
        })
        .collect()
}

fn moment(time: gix::date::Time) -> Option<Moment> {
    let instant = DateTime::from_timestamp(time.seconds, 0)?;
    Some(Moment::new(instant, FixedOffset::east_opt(time.offset)?, Precision::Second))
}

fn unreadable(reason: impl ToString) -> HistoryError {
    HistoryError::Unreadable { reason: reason.to_string() }
}
