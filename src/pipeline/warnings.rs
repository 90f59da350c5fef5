//! Warnings of documents, remembered with them: a document that stays as it is need not be rendered to report them again.
//!
//! The fingerprint of a document with warnings has those in it. So one whose warnings are not known here, since the state
//! is gone or is of another time, is rendered, and none is left out.

use std::collections::BTreeMap;

use crate::model::diagnostics::{Problem, Warning};
use crate::model::digest::Fingerprinter;
use crate::output::{Fingerprint, Wanted};
use crate::site::plan::Planned;

/// The warnings of the documents of one output folder, by the paths of their files.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Warnings(pub BTreeMap<String, Vec<Warning>>);

impl Warnings {
    /// True if there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Those of the file at `path`.
    pub fn of(&self, path: &str) -> &[Warning] {
        self.0.get(path).map_or(&[], Vec::as_slice)
    }

    /// Adds those of the file at `path`, if there are any.
    pub fn add(&mut self, path: String, warnings: Vec<Warning>) {
        if !warnings.is_empty() {
            self.0.insert(path, warnings);
        }
    }
}
/// `wanted`, if `warnings` are told of it.
pub(super) fn with(wanted: Wanted, warnings: &[Warning]) -> Wanted {
    if warnings.is_empty() {
        return wanted;
    }
    let fingerprint = wanted.fingerprint.map(|Fingerprint { own, shared }| {
        let mut hasher = Fingerprinter::default();
        hasher.bytes(own.bytes()).value(format!("{warnings:?}"));
        Fingerprint { own: hasher.finish(), shared }
    });
    Wanted { fingerprint, ..wanted }
}

/// The warnings among `problems`.
pub(super) fn among(problems: &[Problem]) -> Vec<Warning> {
    problems.iter().filter_map(Problem::warning).collect()
}

/// True if the warnings of `planned` are remembered. Those of feeds are told of the first that has them, so that they are
/// none of a single file.
pub(super) fn is_remembered(planned: &Planned) -> bool {
    !planned.shows.is_feed()
}

/// What is wanted of `planned` when `problems` were found. Where the next build has nothing else to tell of them by, it
/// has to make it again.
pub(super) fn told(planned: &Planned, wanted: Wanted, problems: &[Problem]) -> Wanted {
    match problems {
        [] => wanted,
        _ if is_remembered(planned) => with(wanted, &among(problems)),
        _ => Wanted { fingerprint: None, ..wanted },
    }
}
