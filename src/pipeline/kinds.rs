//! Counts the files of a build by kind, to show how far a change reaches.

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

pub use crate::site::plan::Kind;
use crate::site::plan::{Planned, Shows};

/// Counts, by kind, the documents among `rendered` whose paths in the output folder are among `written`. `changed` has
/// the names of the sources that are new or have another text.
pub(super) fn count(
    rendered: &[&Planned],
    written: &[String],
    changed: &HashSet<Arc<str>>,
) -> BTreeMap<Kind, usize> {
    let mut counts = BTreeMap::new();
    let written: HashSet<&str> = written.iter().map(String::as_str).collect();
    let is_neighbour =
        |planned: &Planned| matches!(planned.shows, Shows::Leaf(_)) && !changed.contains(&planned.source);
    for planned in rendered.iter().filter(|planned| written.contains(planned.path.file().as_str())) {
        let kind = match planned.shows.kind() {
            Kind::Page if is_neighbour(planned) => Kind::Neighbour,
            kind => kind,
        };
        *counts.entry(kind).or_default() += 1;
    }
    counts
}
