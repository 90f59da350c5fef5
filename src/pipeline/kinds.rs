//! What kinds of files a build wrote: how far a change reaches.

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

pub use crate::site::plan::Kind;
use crate::site::plan::{Planned, Shows};

/// How many of the documents that were `rendered` are of each kind, and among `written`, paths in the
/// output folder; `changed` are the names of the sources that are new or have another text.
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
