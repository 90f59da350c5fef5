//! Preview of the next publication for subscribers, feed by feed. The site is built into a scratch folder as `publish`
//! would build it, and its feeds are compared with the live ones.

use std::collections::BTreeSet;
use std::path::Path;

use crate::feed::difference::{Difference, Named};
use crate::feed::read::{FoundEntry, read};
use crate::output::{Lock, OutputError};
use crate::pipeline::scratch::ScratchBuild;
use crate::pipeline::session::machine;
use crate::pipeline::{Failure, LedgerUse, Report, Request};
use crate::storage::file;

/// The coming change of one feed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FeedPreview {
    /// Its path in the output folder.
    pub path: String,
    /// Its title.
    pub title: String,
    /// Its former and its new id, where they differ: some readers then take it for another feed.
    pub other_id: Option<(String, String)>,
    /// The kind of change.
    pub fate: Fate,
}

/// The kind of change of a feed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fate {
    /// It is new, with this many entries.
    Begins(usize),
    /// It disappears from its address.
    Ends(usize),
    /// Its entries change.
    Changes(Difference),
}

/// The coming changes of all feeds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Preview {
    /// Feeds with a change that subscribers will see, by path.
    pub feeds: Vec<FeedPreview>,
    /// Number of feeds after the publication.
    pub count: usize,
    /// Numbers of distinct entries that come back, and that vanish, in any feed.
    pub flood: (usize, usize),
}

/// Callback that returns the live file at a path in the output folder.
pub type Live<'a> = &'a dyn Fn(&str) -> Option<Vec<u8>>;

/// Builds the site of `request` in a scratch folder, and compares its feeds with the `live` ones. `known` are the paths
/// of the files that may be feeds now.
///
/// # Errors
/// Errors of the build and of the file system.
pub fn preview(request: &Request<'_>, known: &[String], live: Live<'_>) -> Result<Preview, Failure> {
    let _lock = Lock::take(request.state).map_err(machine)?;
    let base_url = request.base_url.clone();
    let ahead = Request { base_url, ledger: LedgerUse::Ahead, ..*request };
    let (next, report) = ScratchBuild::build(&ahead, "preview")?;
    compare(&report, &next.out, known, live).map_err(machine)
}

fn compare(report: &Report, out: &Path, known: &[String], live: Live<'_>) -> Result<Preview, OutputError> {
    let mut preview = Preview::default();
    let (mut back, mut gone): (BTreeSet<Named>, BTreeSet<Named>) = Default::default();
    let mut ids: BTreeSet<String> = BTreeSet::new();
    let feeds: BTreeSet<&str> = report.feed_files.iter().map(|feed| feed.path.as_str()).collect();
    preview.count = feeds.len();
    for feed in &report.feed_files {
        let bytes = file::read(&out.join(&feed.path), file::FEED)
            .map_err(OutputError::io("read", &out.join(&feed.path)))?;
        let Some(new) = read(&bytes) else { continue };
        ids.extend(new.entries.iter().map(|entry| entry.id.clone()));
        let old = live(&feed.path).and_then(|bytes| read(&bytes));
        let both = old.as_ref().and_then(|old| old.id.clone()).zip(new.id.clone());
        let other_id = both.filter(|(old, new)| old != new);
        let fate = match old {
            None => Fate::Begins(new.entries.len()),
            Some(old) => {
                let meant = |id: &str| report.meant_to_leave.iter().any(|known| known == id);
                Fate::Changes(Difference::between(&old.entries, &new.entries, Some(feed.limit), &meant))
            }
        };
        if let Fate::Changes(difference) = &fate {
            back.extend(difference.reappearing.iter().map(|(named, _)| named.clone()));
            gone.extend(difference.vanished.iter().cloned());
            if difference.is_nothing() && other_id.is_none() {
                continue;
            }
        }
        preview.feeds.push(FeedPreview { path: feed.path.clone(), title: new.title, other_id, fate });
    }
    let others =
        known.iter().filter(|path| !feeds.contains(path.as_str()) && !path.contains("feed-archive/"));
    for path in others.filter(|path| path.ends_with(".xml") || path.ends_with(".json")) {
        if let Some(old) = live(path).and_then(|bytes| read(&bytes)) {
            // An entry that no other feed has vanishes with its feed.
            let is_gone =
                |entry: &&FoundEntry| !ids.contains(&entry.id) && !report.meant_to_leave.contains(&entry.id);
            gone.extend(old.entries.iter().filter(is_gone).map(Named::of));
            let fate = Fate::Ends(old.entries.len());
            preview.feeds.push(FeedPreview { path: path.clone(), title: old.title, other_id: None, fate });
        }
    }
    preview.feeds.sort_by(|a, b| a.path.cmp(&b.path));
    preview.flood = (back.len(), gone.len());
    Ok(preview)
}
