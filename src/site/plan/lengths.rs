//! The lengths of paths: no file system takes a longer one.

use super::collisions::Blame;
use super::{PlanError, Planned};
use crate::model::diagnostics::Problem;
use crate::output::Encoding;

/// The longest path in bytes. Linux takes 4095 with the path of the output folder, so that has as much.
const LONGEST: usize = 2000;

/// The longest name of a file in bytes.
const LONGEST_NAME: usize = 255;

/// Letters of a path that a message shows.
const SHOWN: usize = 60;

/// Reports all `documents` whose files, or whose compressed siblings in these `encodings`, can't be written.
pub(super) fn report(
    documents: &[Planned],
    encodings: &[Encoding],
    blame: &Blame<'_>,
    problems: &mut Vec<Problem>,
) {
    let suffix = encodings.iter().map(|encoding| encoding.suffix().len() + 1).max().unwrap_or(0);
    // A path ends with the name of a page at most.
    let may_fail = |path: &str| path.len() + 16 > LONGEST_NAME;
    for planned in documents.iter().filter(|planned| may_fail(planned.path.as_str())) {
        let file = planned.path.file();
        let name = file.rsplit('/').next().unwrap_or_default().len() + suffix;
        let reason = if file.len() + suffix > LONGEST {
            format!("it has {} bytes, and {} are possible", file.len(), LONGEST - suffix)
        } else if name > LONGEST_NAME {
            format!("its name has {} bytes, and {} are possible", name - suffix, LONGEST_NAME - suffix)
        } else {
            continue;
        };
        let shown: String = planned.path.as_str().chars().take(SHOWN).collect();
        let path = if shown.len() < planned.path.as_str().len() { format!("{shown}\u{2026}") } else { shown };
        blame.report(planned, &PlanError::TooLong { path, reason }, problems);
    }
}
