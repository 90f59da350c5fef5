//! Sources whose names end like those of a translation into a language that the site does not have.

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use super::{IdentityError, Row};
use crate::config::{Config, is_known_language};
use crate::model::diagnostics::{Place, Problem};

/// A warning for each language that names of sources have and the site does not, at the first such source.
pub fn undeclared_languages(settled: &[Box<Row>], config: &Config) -> Vec<Problem> {
    let stem = |path: &str| path.rsplit_once('.').map(|(stem, _)| stem.to_owned());
    let has_suffix = |row: &&Row| {
        let tag = suffix(row.document.path()).filter(|tag| config.language_named(tag).is_none());
        tag.is_some_and(is_known_language)
    };
    let suspects: Vec<&Row> = settled.iter().map(Box::as_ref).filter(has_suffix).collect();
    if suspects.is_empty() {
        return Vec::new();
    }
    let stems: HashSet<String> = settled.iter().filter_map(|row| stem(row.document.path())).collect();
    let mut found: BTreeMap<String, (usize, Arc<str>)> = BTreeMap::new();
    for row in suspects {
        let path = row.document.path();
        let Some(tag) = suffix(path) else { continue };
        let original = stem(path).and_then(|own| stem(&own));
        if config.is_multilingual() || original.is_some_and(|original| stems.contains(&original)) {
            let first = || (0, row.name().clone());
            found.entry(tag.to_ascii_lowercase()).or_insert_with(first).0 += 1;
        }
    }
    let warning = |(tag, (count, first)): (String, (usize, Arc<str>))| {
        Problem::new(IdentityError::UndeclaredLanguage { tag, count }, Place::file(first))
    };
    found.into_iter().map(warning).collect()
}

/// The part of a file's name between its last two dots.
fn suffix(path: &str) -> Option<&str> {
    let name = path.rsplit('/').next()?;
    Some(name.rsplit_once('.')?.0.rsplit_once('.')?.1)
}
