//! The memory of the versions that servers sent.

use std::collections::BTreeMap;
use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::model::digest::Digest;
use crate::storage::{self, StoreError};
use crate::web::Validators;

/// The file, in the site's folder for state.
const FILE: &str = "fetched";
const KIND: &str = "fetched";
/// It also counts the canonical forms: with another, each document is asked for again.
const VERSION: u32 = 1;

/// The versions, by the names of entries.
#[derive(Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Memory(pub(super) BTreeMap<String, Known>);

/// The version of a document that was accepted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Known {
    /// The settings by which it was asked for.
    pub settings: Digest,
    /// The file that was made of it.
    pub file: Digest,
    pub validators: Validators,
}

impl Memory {
    /// Loads the memory in the folder `state`. A damaged one is dropped: the reason is the second value.
    ///
    /// # Errors
    /// The system's error.
    pub fn load(state: &Path) -> Result<(Memory, Option<String>), StoreError> {
        match storage::load(&state.join(FILE), KIND, VERSION) {
            Ok(memory) => Ok((memory.unwrap_or_default(), None)),
            Err(StoreError::OtherVersion { .. }) => Ok((Memory::default(), None)),
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

    /// Forgets all entries but those that are `wanted`.
    pub fn keep(&mut self, wanted: impl Fn(&str) -> bool) {
        self.0.retain(|name, _| wanted(name));
    }
}
