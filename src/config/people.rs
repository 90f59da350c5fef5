//! `[author]` and `[authors.KEY]`: people.

use std::collections::BTreeMap;

use super::Author;
use super::masthead::social;
use crate::model::metadata::Fields;

pub(super) fn person(mut fields: Fields<'_, '_>, fallback: &str) -> Author {
    let author = Author {
        name: fields.filled("name").unwrap_or_else(|| fallback.to_owned()),
        email: fields.filled("email"),
        url: fields.address("url"),
        bio: fields.filled("bio"),
        picture: fields.address("picture"),
        social: social(&mut fields),
    };
    fields.finish(None);
    author
}

pub(super) fn people(fields: &mut Fields<'_, '_>) -> BTreeMap<String, Author> {
    let Some(node) = fields.node("authors") else { return BTreeMap::new() };
    let mut table = fields.inner("`[authors]`", node);
    let entries = table.all();
    entries
        .iter()
        .map(|entry| {
            let inner = table.inner(format!("`[authors.{}]`", entry.key), &entry.node);
            (entry.key.clone(), person(inner, &entry.key))
        })
        .collect()
}
