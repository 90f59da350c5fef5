//! Two documents, one path.

use std::collections::HashMap;

use super::{PlanError, Planned, Shows};
use crate::error::{Place, Problem};

/// Reports documents that would overwrite each other, on any file system: some don't tell `A` from
/// `a`, some not the two ways in which Unicode spells `é`.
pub(super) fn report(documents: &[Planned], problems: &mut Vec<Problem>) {
    let mut by_file: HashMap<String, &Planned> = HashMap::with_capacity(documents.len());
    for document in documents {
        let Some(other) = by_file.insert(document.path.folded(), document) else { continue };
        if document.source == other.source && document.shows == other.shows {
            continue;
        }
        let same = document.path.file() == other.path.file();
        let redirect =
            matches!(document.shows, Shows::Redirect(_)) || matches!(other.shows, Shows::Redirect(_));
        let cause = PlanError::Collision {
            path: document.path.to_string(),
            other: other.source.to_string(),
            how: if same { "" } else { ", which differ only in case or in Unicode normalisation" },
            remedy: if [document, other]
                .iter()
                .any(|one| matches!(one.shows, Shows::Archive | Shows::Year(_)))
            {
                "give the section another `path`, or set `archive = false` in `site.toml`"
            } else if redirect {
                "take out the alias, or move what stands at its path"
            } else {
                "give one of them another `slug` or `path`, or rename its file"
            },
        };
        problems.push(Problem::new(cause, Place::file(document.source.clone())));
    }
    for document in documents {
        let folded = document.path.folded();
        for (at, _) in folded.match_indices('/') {
            if let Some(file) = by_file.get(&folded[..at]) {
                let cause = PlanError::FileAndFolder {
                    path: file.path.to_string(),
                    other: document.source.to_string(),
                };
                problems.push(Problem::new(cause, Place::file(file.source.clone())));
            }
        }
    }
}
