//! A memory of judgements, by the bytes of entries.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use super::Finding;
use super::across::Entry;
use crate::model::digest::Digest;

/// Remembers the judgements of entries, so that an entry in many feeds is judged once. The key is a digest of all
/// bytes of the entry and of the namespace bindings around it.
#[derive(Debug, Default)]
pub struct Memory {
    known: Mutex<HashMap<Key, Arc<Judged>>>,
}

/// The digest of the bindings around an entry, and that of its bytes.
pub(super) type Key = (Digest, Digest);

/// The judgement of an entry, with places counted from the entry's start.
#[derive(Debug)]
pub(super) struct Judged {
    pub entry: Entry,
    pub findings: Vec<Finding>,
}

impl Memory {
    pub(super) fn get(&self, key: &Key) -> Option<Arc<Judged>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner).get(key).cloned()
    }

    pub(super) fn put(&self, key: Key, judged: Judged) {
        self.known.lock().unwrap_or_else(PoisonError::into_inner).insert(key, Arc::new(judged));
    }
}

impl Judged {
    /// The entry and its findings, with places for an entry at byte `start`.
    pub fn at(&self, start: usize) -> (Entry, impl Iterator<Item = Finding> + '_) {
        let findings = self.findings.iter().map(move |finding| Finding {
            span: finding.span.start + start..finding.span.end + start,
            ..finding.clone()
        });
        (self.entry.moved(start), findings)
    }

    /// The judgement of an entry at byte `start`.
    pub fn from(start: usize, entry: &Entry, findings: &[Finding]) -> Option<Self> {
        let mut own = findings.to_vec();
        for finding in &mut own {
            finding.span = finding.span.start.checked_sub(start)?..finding.span.end.checked_sub(start)?;
        }
        Some(Judged { entry: entry.moved_back(start)?, findings: own })
    }
}
