//! The reasons for which documents are rendered.

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use serde::Serialize;

use crate::model::digest::Digest;
use crate::output::{FileRecord, Wanted};
use crate::render::Site;
use crate::site::plan::{Planned, Shows};

/// A rendered document with the reasons.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Explained {
    /// Its path in the output folder.
    pub path: String,
    /// One or more reasons, as sentences without a full stop.
    pub why: Vec<String>,
}

/// Digests of templates, views and settings, by name.
pub type SharedParts = BTreeMap<String, Digest>;

/// Changes since the last build.
pub(super) struct Changed<'a> {
    /// Names of sources that are new or have another text.
    pub sources: &'a HashSet<Arc<str>>,
    /// Names of new or changed templates, views and settings.
    pub shared: Vec<String>,
}

impl<'a> Changed<'a> {
    /// Compares the shared parts: those of `now` that are missing from `before` or differ there.
    pub fn new(sources: &'a HashSet<Arc<str>>, before: &SharedParts, now: &SharedParts) -> Self {
        let shared = now.iter().filter(|(name, digest)| before.get(*name) != Some(*digest));
        Changed { sources, shared: shared.map(|(name, _)| name.clone()).collect() }
    }

    /// The reasons for rendering `planned`; `old` is its entry in the manifest.
    pub fn why(
        &self,
        site: Site<'_>,
        planned: &Planned,
        wanted: &Wanted,
        old: Option<&FileRecord>,
    ) -> Explained {
        let why = self.sentences(site, planned, wanted, old);
        Explained { path: wanted.path.clone(), why }
    }

    fn sentences(
        &self,
        site: Site<'_>,
        planned: &Planned,
        wanted: &Wanted,
        old: Option<&FileRecord>,
    ) -> Vec<String> {
        let one = |text: &str| vec![text.to_owned()];
        let Some(old) = old else { return one("new") };
        let (Some(now), Some(before)) = (wanted.fingerprint, old.fingerprint) else {
            return one(match (&planned.shows, wanted.fingerprint) {
                (Shows::Copy(..), _) => "its file changed a moment ago, so it is compared",
                (_, None) => "something that it leads to is gone",
                (_, Some(_)) => "there were warnings about it",
            });
        };
        if now == before {
            return one("somebody changed or removed the file");
        }
        let mut why = Vec::new();
        if now.own != before.own {
            why.push(self.own(planned));
        }
        if now.shared != before.shared {
            let found: Vec<String> = self
                .shared
                .iter()
                .filter(|name| site.uses(planned, name))
                .map(|name| format!("{name} changed"))
                .collect();
            if found.is_empty() {
                why.push("it has another template".to_owned());
            }
            why.extend(found);
        }
        why
    }

    fn own(&self, planned: &Planned) -> String {
        let is_edited = matches!(planned.shows, Shows::Leaf(_)) && self.sources.contains(&planned.source);
        if is_edited { "source changed" } else { planned.shows.changed() }.to_owned()
    }
}
