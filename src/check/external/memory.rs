//! The memory of what other sites answered.

use std::collections::BTreeMap;
use std::path::Path;

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use super::Outcome;
use crate::storage::{self, StoreError};

/// The file, in the site's folder for state.
pub const FILE: &str = "external-links";
const KIND: &str = "external-links";
const VERSION: u32 = 1;

/// The most days of failure that are remembered.
const MOST_DAYS: usize = 400;

/// The answers of other sites, by URL.
#[derive(Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Memory(BTreeMap<String, Known>);

/// The last answer for one URL, and the days on which it failed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Known {
    /// The time of the last answer.
    at: DateTime<Utc>,
    outcome: Outcome,
    /// The days on which it has failed since it was last fine, such as `2026-11-24`.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    failed: Vec<String>,
}

impl Memory {
    /// Loads the memory in the folder `state`. A damaged one is dropped: the reason is the second value.
    ///
    /// # Errors
    /// The system's error.
    pub fn load(state: &Path) -> Result<(Memory, Option<String>), StoreError> {
        match storage::load(&state.join(FILE), KIND, VERSION) {
            Ok(memory) => Ok((memory.unwrap_or_default(), None)),
            Err(error) if error.is_about_content() => Ok((Memory::default(), Some(error.to_string()))),
            Err(error) => Err(error),
        }
    }

    /// Saves it in the folder `state`.
    ///
    /// # Errors
    /// The system's error.
    pub fn save(&self, state: &Path) -> Result<(), StoreError> {
        storage::save(&state.join(FILE), KIND, VERSION, self)
    }

    /// True if the answer for `url` was good and is at most `days` old.
    pub(super) fn holds(&self, url: &str, days: i64, now: DateTime<Utc>) -> bool {
        self.0.get(url).is_some_and(|known| {
            let age = now - known.at;
            known.failed.is_empty()
                && !matches!(known.outcome, Outcome::Private)
                && age >= TimeDelta::zero()
                && age < TimeDelta::days(days)
        })
    }

    /// Sets down the `outcome` for `url`.
    pub(super) fn note(&mut self, url: &str, outcome: &Outcome, now: DateTime<Utc>) {
        let mut failed = self.0.remove(url).map(|known| known.failed).unwrap_or_default();
        if matches!(outcome, Outcome::Dead(_) | Outcome::Failed(_)) {
            let day = now.format("%Y-%m-%d").to_string();
            if !failed.contains(&day) && failed.len() < MOST_DAYS {
                failed.push(day);
            }
        } else {
            failed.clear();
        }
        self.0.insert(url.to_owned(), Known { at: now, outcome: outcome.clone(), failed });
    }

    /// Forgets all URLs but those that are `wanted`.
    pub(super) fn keep(&mut self, wanted: impl Fn(&str) -> bool) {
        self.0.retain(|url, _| wanted(url));
    }

    /// The last outcome for `url`, and the number of days on which it has failed.
    pub(super) fn of(&self, url: &str) -> Option<(Outcome, usize)> {
        self.0.get(url).map(|known| (known.outcome.clone(), known.failed.len()))
    }
}
