//! People of shows and episodes: `[[podcast.people]]` and `[[episode.people]]`.

use miette::Diagnostic;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::model::metadata::{Fields, MetadataError};
use crate::model::podcast::{GROUPS, ROLES};
use crate::model::suggest::nearest;

/// A person who takes part.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Credit {
    /// `name`.
    pub name: String,
    /// `role`, such as `guest`; `host` by default.
    pub role: Option<String>,
    /// `group` of the role, such as `writing`; `cast` by default.
    pub group: Option<String>,
    /// `url`.
    pub url: Option<String>,
    /// `image`: a URL.
    pub image: Option<String>,
}

/// Texts that players pass over or cut.
#[derive(Debug, Clone, PartialEq, Eq, Error, Diagnostic)]
pub enum CreditWarning {
    /// A role or group that is in no list.
    #[error("\u{201c}{found}\u{201d} is no {key} of the podcast taxonomy")]
    #[diagnostic(severity(warning), code(podcast::person), help("{remedy}"))]
    Person {
        /// `role` or `group`.
        key: &'static str,
        /// The value.
        found: String,
        /// The nearest known one.
        remedy: String,
    },
    /// A text that directories cut.
    #[error("`{key}` has {length} characters, and podcast directories cut it at {most}")]
    #[diagnostic(severity(warning), code(podcast::long), help("write a shorter one"))]
    Long {
        /// The field.
        key: &'static str,
        /// Its length.
        length: usize,
        /// The limit.
        most: usize,
    },
}

/// The most characters of a text that directories show.
pub(super) const LONGEST: usize = 128;

/// Reads the list `people`.
pub(super) fn people(table: &mut Fields<'_, '_>) -> Vec<Credit> {
    let mut people = Vec::new();
    for node in table.tables("people") {
        let mut inner = table.inner("`[[people]]`", node);
        let credit = short(&mut inner, "name", LONGEST).map(|name| Credit {
            name,
            role: listed(&mut inner, "role", &ROLES),
            group: listed(&mut inner, "group", &GROUPS),
            url: inner.address("url"),
            image: inner.address("image"),
        });
        if credit.is_none() {
            let owner = "this person".to_owned();
            let example = "`name = \"Ada Merriweather\"`";
            inner.report(MetadataError::Missing { key: "name", owner, example }, &node.span);
        }
        inner.finish(None);
        people.extend(credit);
    }
    people
}

/// A word that should be one of `known`, in lower case.
fn listed(table: &mut Fields<'_, '_>, key: &'static str, known: &[&str]) -> Option<String> {
    let node = table.node(key)?;
    let word = table.filled(key)?.to_lowercase();
    if !known.contains(&word.as_str()) {
        let remedy = match nearest(&word, known.iter().copied()) {
            Some(meant) => format!("did you mean `{meant}`?"),
            None => format!("players know {}", known.join(", ")),
        };
        table.report(CreditWarning::Person { key, found: word.clone(), remedy }, &node.span);
    }
    Some(word)
}

/// A text of `most` characters; a longer one is reported, and kept.
pub(super) fn short(table: &mut Fields<'_, '_>, key: &'static str, most: usize) -> Option<String> {
    let node = table.node(key)?;
    let text = table.filled(key)?;
    let length = text.chars().count();
    if length > most {
        table.report(CreditWarning::Long { key, length, most }, &node.span);
    }
    Some(text)
}
