//! The terms of an article, by taxonomy, and their greatest number.

use std::ops::Range;

use super::{ContentError, FrontMatter, MOST_TERMS};
use crate::model::metadata::{Fields, Node, Value};

impl FrontMatter {
    /// Adds terms of `taxonomy`.
    pub(super) fn add_terms(&mut self, taxonomy: &str, terms: &[String]) {
        // Most sources have terms of two or three taxonomies, and every source has this list.
        self.terms.reserve_exact(1);
        self.terms.push((taxonomy.into(), terms.iter().map(|term| term.as_str().into()).collect()));
    }
}

/// Reads the terms of each taxonomy; `author` is another name for `authors`.
pub(super) fn add(fields: &mut Fields<'_, '_>, taxonomies: &[String], front: &mut FrontMatter) {
    let author = fields.texts("author");
    for taxonomy in taxonomies {
        let Some(entry) = fields.owned_entry(taxonomy) else { continue };
        let terms = fields.as_texts(taxonomy, &entry.node);
        front.add_terms(taxonomy, &terms);
    }
    if let Some(names) = author
        && !front.terms.iter().any(|(taxonomy, _)| **taxonomy == *"authors")
    {
        front.add_terms("authors", &names);
    }
    nested_taxonomies(fields, taxonomies, front);
}

/// Reads `[taxonomies]` with the terms of each, as some other generators write them.
fn nested_taxonomies(fields: &mut Fields<'_, '_>, taxonomies: &[String], front: &mut FrontMatter) {
    let Some(node) = fields.node("taxonomies") else { return };
    let mut table = fields.inner("`[taxonomies]`", node);
    for taxonomy in taxonomies {
        let Some(entry) = table.owned_entry(taxonomy) else { continue };
        let terms = table.as_texts(taxonomy, &entry.node);
        if !front.terms.iter().any(|(known, _)| **known == **taxonomy) {
            front.add_terms(taxonomy, &terms);
        }
    }
    table.finish(None);
}

/// The error for an article with more terms than it may have.
pub(super) fn many(front: &FrontMatter) -> Option<ContentError> {
    let count = front.terms.iter().map(|(_, terms)| terms.len()).sum();
    (count > MOST_TERMS).then_some(ContentError::ManyTerms { count })
}

/// The error for too many terms in the front matter `node`, and its place.
pub(super) fn too_many(node: &Node, front: &FrontMatter) -> Option<(ContentError, Range<usize>)> {
    Some((many(front)?, place_of_terms(node, front)))
}

/// The place in `node` of the key of the taxonomy with the most terms.
fn place_of_terms(node: &Node, front: &FrontMatter) -> Range<usize> {
    let longest = front.terms.iter().max_by_key(|(_, terms)| terms.len()).map(|(name, _)| &**name);
    let Value::Table(entries) = &node.value else { return node.span.clone() };
    let is_key = |key: &str| match longest {
        Some("authors") => key == "authors" || key == "author",
        longest => longest == Some(key),
    };
    let entry = entries.iter().find(|entry| is_key(&entry.key));
    let entry = entry.or_else(|| entries.iter().find(|entry| entry.key == "taxonomies"));
    entry.map_or_else(|| node.span.clone(), |entry| entry.key_span.clone())
}
