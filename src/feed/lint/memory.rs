//! What was found in entries, by their bytes.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use super::Finding;
use super::across::Entry;
use crate::model::digest::Digest;

/// Remembers the judgements of entries, so that one which stands in many feeds is judged once. What is
/// remembered is known by a digest of all bytes of the entry and of what is bound around it.
#[derive(Debug, Default)]
pub struct Memory {
    known: Mutex<HashMap<Key, Arc<Judged>>>,
}

/// Digests of what is bound around an entry, and of its bytes.
pub(super) type Key = (Digest, Digest);

/// An entry that was judged. Places are counted from its beginning.
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
    /// The entry and its findings where it stands at byte `start`.
    pub fn at(&self, start: usize) -> (Entry, impl Iterator<Item = Finding> + '_) {
        let findings = self.findings.iter().map(move |finding| Finding {
            span: finding.span.start + start..finding.span.end + start,
            ..finding.clone()
        });
        (self.entry.moved(start), findings)
    }

    /// An entry that stands at byte `start`.
    pub fn from(start: usize, entry: &Entry, findings: &[Finding]) -> Option<Self> {
        let mut own = findings.to_vec();
        for finding in &mut own {
            finding.span = finding.span.start.checked_sub(start)?..finding.span.end.checked_sub(start)?;
        }
        Some(Judged { entry: entry.moved_back(start)?, findings: own })
    }
}
