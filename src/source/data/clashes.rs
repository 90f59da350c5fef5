//! The names of data files for templates, and files whose names clash.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::{DataError, Form};
use crate::model::diagnostics::{Place, Problem};
use crate::source::Found;

/// The keys by which templates know the data file at `path` below its folder: `prices`, `eu` for `prices/eu.csv`. `None`
/// if it is in no language of data files.
pub fn keys(path: &str) -> Option<Vec<&str>> {
    Form::of(path)?;
    let (stem, _) = path.rsplit_once('.')?;
    let keys: Vec<&str> = stem.split('/').collect();
    keys.iter().all(|key| !key.is_empty()).then_some(keys)
}

/// An error for each of the `files` of `data/` whose name is that of another file or of a folder.
pub fn clashes(files: &[Found]) -> Vec<Problem> {
    let mut known: BTreeMap<Vec<&str>, &Arc<str>> = BTreeMap::new();
    let mut problems = Vec::new();
    let mut refuse = |name: String, other: &Arc<str>, keys: &[&str], place: &Arc<str>| {
        let cause = DataError::TwoFiles { name, other: other.to_string(), key: keys.join(".") };
        problems.push(Problem::new(cause, Place::file(place.clone())));
    };
    let named = || files.iter().filter_map(|file| Some((keys(file.path())?, &file.name)));
    for (keys, name) in named() {
        match known.get(&keys) {
            Some(first) => refuse(name.to_string(), first, &keys, name),
            None => {
                known.insert(keys, name);
            }
        }
    }
    let mut folders = BTreeSet::new();
    for (keys, _) in named() {
        for length in 1..keys.len() {
            let folder = &keys[..length];
            if let Some(file) = known.get(folder)
                && folders.insert(folder.to_vec())
            {
                refuse(format!("{}/{}/", super::FOLDER, folder.join("/")), file, folder, file);
            }
        }
    }
    problems
}
