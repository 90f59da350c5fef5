//! Which files of a commit were moved, and from where.

use std::collections::{BTreeMap, HashMap};

use gix::ObjectId;

use super::HistoryError;
use super::repository::Repository;
use super::walk::{Change, Path};

/// New paths with the old path of each.
pub(super) type Moves = BTreeMap<Path, Path>;

/// A commit that moves more files and changes them too is not looked at line by line.
const MOST_PAIRS: usize = 10_000;
/// Files that are longer are not looked at line by line.
const LONGEST: usize = 1 << 20;

/// The files among `changes` that came where others went away: those with the same bytes, and then those
/// of which at least half is the same. Each old file is one new one; a copy is a file of its own.
pub(super) fn moves(repository: &Repository, changes: &[Change]) -> Result<Moves, HistoryError> {
    let mut moves = Moves::new();
    let came = |change: &&Change| change.old.is_none();
    let mut gone: BTreeMap<&Path, ObjectId> = changes
        .iter()
        .filter(|one| one.new.is_none())
        .filter_map(|one| Some((&one.path, one.old?)))
        .collect();
    let mut by_bytes: HashMap<ObjectId, Vec<&Path>> = HashMap::new();
    for (path, blob) in &gone {
        by_bytes.entry(*blob).or_default().push(path);
    }
    // Those that keep their name choose first.
    for same_name in [true, false] {
        for change in changes.iter().filter(came) {
            let Some(old) = change.new.and_then(|blob| by_bytes.get(&blob)) else { continue };
            // Empty files have nothing in common.
            let by_name = same_name || change.new.is_some_and(|blob| blob.is_empty_blob());
            let fits =
                |path: &&&Path| gone.contains_key(**path) && (!by_name || name(path) == name(&change.path));
            let Some(old) = old.iter().find(fits).filter(|_| !moves.contains_key(&change.path)) else {
                continue;
            };
            gone.remove(*old);
            moves.insert(change.path.clone(), (*old).clone());
        }
    }
    let left: Vec<(&Path, ObjectId)> = changes
        .iter()
        .filter(came)
        .filter(|one| !moves.contains_key(&one.path))
        .filter_map(|one| Some((&one.path, one.new?)))
        .collect();
    if left.len() * gone.len() > MOST_PAIRS {
        return Ok(moves);
    }
    let mut lines: HashMap<ObjectId, Lines> = HashMap::new();
    if !gone.is_empty() {
        for blob in left.iter().map(|(_, blob)| blob).chain(gone.values()) {
            if !lines.contains_key(blob) {
                lines.insert(*blob, Lines::of(&repository.blob(*blob)?));
            }
        }
    }
    let mut pairs = Vec::new();
    for (new, new_blob) in &left {
        for (old, old_blob) in &gone {
            let (Some(a), Some(b)) = (lines.get(new_blob), lines.get(old_blob)) else { continue };
            let alike = a.alike(b);
            if alike >= 50 {
                pairs.push((alike, name(new) == name(old), *new, *old));
            }
        }
    }
    pairs.sort_by(|a, b| (b.0, b.1).cmp(&(a.0, a.1)).then((a.2, a.3).cmp(&(b.2, b.3))));
    for (_, _, new, old) in pairs {
        if !moves.contains_key(new) && gone.remove(old).is_some() {
            moves.insert(new.clone(), old.clone());
        }
    }
    Ok(moves)
}

/// The last part of a path.
fn name(path: &[u8]) -> &[u8] {
    path.rsplit(|byte| *byte == b'/').next().unwrap_or_default()
}

/// The lines of a file, with how many bytes are in each that are equal.
struct Lines {
    bytes: usize,
    lines: HashMap<Vec<u8>, usize>,
}

impl Lines {
    fn of(text: &[u8]) -> Self {
        let mut lines = HashMap::new();
        if text.len() <= LONGEST {
            for line in text.split_inclusive(|byte| *byte == b'\n') {
                *lines.entry(line.to_vec()).or_default() += line.len();
            }
        }
        Lines { bytes: text.len(), lines }
    }

    /// How much of the longer is in the other, in percent, as git reckons it.
    fn alike(&self, other: &Lines) -> usize {
        let same =
            |(line, bytes): (&Vec<u8>, &usize)| other.lines.get(line).map_or(0, |there| *there.min(bytes));
        let same: usize = self.lines.iter().map(same).sum();
        same * 100 / self.bytes.max(other.bytes).max(1)
    }
}
