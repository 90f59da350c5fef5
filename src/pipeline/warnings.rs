//! Warnings of documents, remembered between builds, so that a document need not be rendered just to report them again.
//!
//! The fingerprint of a document with warnings includes them. If its remembered warnings are lost or outdated, the
//! fingerprint differs and the document is rendered, so no warning is lost.

use std::collections::BTreeMap;

use crate::model::diagnostics::{Problem, Warning};
use crate::model::digest::Fingerprinter;
use crate::output::{Fingerprint, Wanted};
use crate::render::PageLinks;
use crate::render::inputs::Digested;
use crate::site::plan::Planned;

/// The warnings of the documents of one output folder, by the paths of their files.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Warnings(pub BTreeMap<String, Vec<Warning>>);

impl Warnings {
    /// True if no document has warnings.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The warnings of the file at `path`.
    pub fn of(&self, path: &str) -> &[Warning] {
        self.0.get(path).map_or(&[], Vec::as_slice)
    }

    /// Adds the warnings of the file at `path`, if there are any.
    pub fn add(&mut self, path: String, warnings: Vec<Warning>) {
        if !warnings.is_empty() {
            self.0.insert(path, warnings);
        }
    }
}
/// The wanted file with `warnings` and the `links` of its page in its fingerprint.
pub(super) fn with(wanted: Wanted, warnings: &[Warning], links: Option<&PageLinks>) -> Wanted {
    let links = links.filter(|links| !links.is_empty());
    if warnings.is_empty() && links.is_none() {
        return wanted;
    }
    let fingerprint = wanted.fingerprint.map(|Fingerprint { own, shared }| {
        let mut hasher = Fingerprinter::default();
        hasher.bytes(own.bytes());
        if !warnings.is_empty() {
            hasher.value(format!("{warnings:?}"));
        }
        if let Some(links) = links {
            links.add_to(&mut hasher);
        }
        Fingerprint { own: hasher.finish(), shared }
    });
    Wanted { fingerprint, ..wanted }
}

/// The warnings among `problems`.
pub(super) fn among(problems: &[Problem]) -> Vec<Warning> {
    problems.iter().filter_map(Problem::warning).collect()
}

/// True if the warnings of `planned` are remembered. Warnings of feeds are not: only the first feed with a warning
/// reports it, so it belongs to no single file.
pub(super) fn is_remembered(planned: &Planned) -> bool {
    !planned.shows.is_feed()
}

/// The file wanted of `planned` after `problems` and the `links` of its page were found. If its warnings are not remembered, it gets no
/// fingerprint, so the next build renders it again.
pub(super) fn told(
    planned: &Planned,
    wanted: Wanted,
    problems: &[Problem],
    links: Option<&PageLinks>,
) -> Wanted {
    match problems {
        [] => with(wanted, &[], links),
        _ if is_remembered(planned) => with(wanted, &among(problems), links),
        _ => Wanted { fingerprint: None, ..wanted },
    }
}
