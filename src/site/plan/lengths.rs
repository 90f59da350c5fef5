//! The lengths of paths: no file system takes a longer one.

use std::collections::HashSet;
use std::sync::Arc;

use super::collisions::Blame;
use super::{PlanError, Planned};
use crate::model::diagnostics::{Place, Problem};
use crate::output::Encoding;

/// The longest path in bytes. Linux takes 4095 with the path of the output folder, so that has as much.
const LONGEST: usize = 2000;

/// The longest name of a file in bytes.
const LONGEST_NAME: usize = 255;

/// Letters of a path that a message shows.
const SHOWN: usize = 60;

/// Takes out of `documents` all whose files, or whose compressed siblings in these `encodings`, can't be written, and
/// reports each of their owners once.
pub(super) fn take_out(
    documents: &mut Vec<Planned>,
    encodings: &[Encoding],
    blame: &Blame<'_>,
    problems: &mut Vec<Problem>,
) {
    let suffix = encodings.iter().map(|encoding| encoding.suffix().len() + 1).max().unwrap_or(0);
    let mut reported: HashSet<Arc<str>> = HashSet::new();
    documents.retain(|planned| {
        let Some(reason) = too_long(planned, suffix) else { return true };
        let mut owners = blame.owned.owners(planned);
        if owners.is_empty() {
            owners.push(planned.source.clone());
        }
        for owner in owners {
            if !reported.insert(owner.clone()) {
                continue;
            }
            let written = planned.path.as_str();
            let shown: String = written.chars().take(SHOWN).collect();
            let path = if shown.len() < written.len() { format!("{shown}\u{2026}") } else { shown };
            let cause = PlanError::TooLong { path, reason: reason.clone() };
            problems.push(Problem::new(cause, Place::file(owner)));
        }
        false
    });
}

/// The reason why the file of `planned`, or a sibling with a suffix of that length, can't be written.
fn too_long(planned: &Planned, suffix: usize) -> Option<String> {
    // The file of a page is `index.html` at most, so most paths need no closer look.
    if planned.path.as_str().len() + "index.html".len() + suffix <= LONGEST_NAME {
        return None;
    }
    let file = planned.path.file();
    let name = file.rsplit('/').next().unwrap_or_default().len();
    if file.len() + suffix > LONGEST {
        return Some(format!("it has {} bytes, and {} are possible", file.len(), LONGEST - suffix));
    }
    let is_long = name + suffix > LONGEST_NAME;
    is_long.then(|| format!("its name has {name} bytes, and {} are possible", LONGEST_NAME - suffix))
}
