//! Warnings of documents, remembered with them: a document that stays as it is need not be rendered to tell them again.
//!
//! The fingerprint of a document with warnings has those in it. So one whose warnings are not known here, since the file
//! is gone or is of another time, is rendered, and none is left untold.

use std::collections::BTreeMap;
use std::path::PathBuf;

use super::place::state_name;
use super::{Request, Warm};
use crate::model::diagnostics::{Problem, Warning};
use crate::model::digest::Print;
use crate::output::{Fingerprint, Wanted};
use crate::site::plan::Planned;
use crate::storage::{self, StoreError};

const KIND: &str = "list of warnings";
const VERSION: u32 = 2;

/// The warnings of the documents of one output folder, by the paths of their files.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Warnings(BTreeMap<String, Vec<Warning>>);

impl Warnings {
    /// Those that the build before `request` left; none where they can't be read.
    pub fn before(request: &Request<'_>, warm: Option<&Warm>) -> Warnings {
        match warm {
            Some(warm) => warm.warned.clone(),
            None => Warnings(storage::load(&file(request), KIND, VERSION).ok().flatten().unwrap_or_default()),
        }
    }

    /// Remembers them for the next build, in the place of those that were `before`.
    ///
    /// # Errors
    /// [`StoreError::Unwritable`].
    pub fn remember(
        &self,
        before: &Warnings,
        request: &Request<'_>,
        warm: Option<&mut Warm>,
    ) -> Result<(), StoreError> {
        match warm {
            _ if self == before => {}
            Some(warm) => warm.warned = self.clone(),
            None => storage::save(&file(request), KIND, VERSION, &self.0)?,
        }
        Ok(())
    }

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

fn file(request: &Request<'_>) -> PathBuf {
    request.state.join(state_name("warnings", request.root, request.out))
}

/// `wanted`, if `warnings` are told of it.
pub(super) fn with(wanted: Wanted, warnings: &[Warning]) -> Wanted {
    if warnings.is_empty() {
        return wanted;
    }
    let fingerprint = wanted.fingerprint.map(|Fingerprint { own, shared }| {
        let mut hasher = Print::default();
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
