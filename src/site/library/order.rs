//! The order of lists: `sort` of sections, taxonomies and lists; pinned articles.

use std::cmp::Ordering;
use std::collections::BTreeSet;

use rayon::prelude::*;

use super::sections::Section;
use super::{LeafId, LibraryError, Neighbours, Taxonomy};
use crate::config::{Order, SortBy};
use crate::model::diagnostics::{Place, Problem};
use crate::model::metadata::{Plain, Value};
use crate::model::suggest::nearest;
use crate::model::text::plain_text;
use crate::site::identity::Row;

/// The value by which one leaf is sorted.
enum Key<'a> {
    Number(i64),
    /// A text without case and accents, and as it is.
    Text(String, &'a str),
    Path(&'a str),
    Value(&'a Plain),
}

impl Key<'_> {
    fn compare(&self, other: &Key<'_>) -> Ordering {
        match (self, other) {
            (Key::Number(a), Key::Number(b)) => a.cmp(b),
            (Key::Text(a, one), Key::Text(b, other)) => a.cmp(b).then_with(|| one.cmp(other)),
            (Key::Path(a), Key::Path(b)) => a.cmp(b),
            (Key::Value(a), Key::Value(b)) => a.compare(b),
            // Of several kinds, numbers come first, then texts.
            _ => self.rank().cmp(&other.rank()),
        }
    }

    fn rank(&self) -> u8 {
        match self {
            Key::Value(Plain::Number(_)) => 0,
            Key::Text(..) => 1,
            _ => 2,
        }
    }
}

impl<'a> Key<'a> {
    fn text(text: &'a str) -> Key<'a> {
        Key::Text(plain_text(text), text)
    }
}

/// The value by which `leaf` is sorted; `None` if it has none.
fn key<'a>(leaf: &'a Row, by: &SortBy) -> Option<Key<'a>> {
    let dates = leaf.dates.as_ref();
    Some(match by {
        SortBy::Date => Key::Number(dates?.published.moment.instant().timestamp()),
        SortBy::Updated => Key::Number(dates?.updated.moment.instant().timestamp()),
        SortBy::Title => Key::text(&leaf.title),
        SortBy::Weight => Key::Number(leaf.listing.weight.into()),
        SortBy::Featured => Key::Number(leaf.rare.featured?.into()),
        SortBy::Path => Key::Path(leaf.name()),
        SortBy::Extra(name) => match leaf.extra(name)? {
            Plain::Text(text) => Key::text(text),
            value => Key::Value(value),
        },
    })
}

/// The order of two values. A leaf without a value comes after all others, whichever way the list is sorted.
fn compare(a: Option<&Key<'_>>, b: Option<&Key<'_>>, is_descending: bool) -> Ordering {
    match (a, b) {
        (Some(a), Some(b)) if is_descending => b.compare(a),
        (Some(a), Some(b)) => a.compare(b),
        (Some(_), None) => Ordering::Less,
        (None, Some(_)) => Ordering::Greater,
        (None, None) => Ordering::Equal,
    }
}

/// The order of leaves that are equal otherwise: the newest first, pages by weight, then by the names of the sources.
fn compare_equals(a: &Row, b: &Row) -> Ordering {
    let published = |leaf: &Row| leaf.dates.as_ref().map(|dates| dates.published.moment.instant());
    let weight = |leaf: &Row| if leaf.dates.is_some() { 0 } else { leaf.listing.weight };
    let newest = published(b).cmp(&published(a));
    newest.then_with(|| weight(a).cmp(&weight(b))).then_with(|| a.name().cmp(b.name()))
}

/// `ids` in this `order`.
pub(super) fn sorted(ids: &[LeafId], order: &Order, leaves: &[Box<Row>]) -> Vec<LeafId> {
    let of = |id: &LeafId| {
        let leaf = &*leaves[id.index()];
        let keys: Vec<Option<Key<'_>>> = order.0.iter().map(|one| key(leaf, &one.by)).collect();
        (keys, leaf, *id)
    };
    let mut keyed: Vec<(Vec<Option<Key<'_>>>, &Row, LeafId)> = ids.par_iter().map(of).collect();
    keyed.par_sort_by(|a, b| {
        let of_key = |(at, one): (usize, &crate::config::SortKey)| {
            compare(a.0[at].as_ref(), b.0[at].as_ref(), one.is_descending)
        };
        let first = order.0.iter().enumerate().map(of_key).find(|order| order.is_ne());
        first.unwrap_or_else(|| compare_equals(a.1, b.1))
    });
    keyed.into_iter().map(|(.., id)| id).collect()
}

/// Moves pinned articles to the front of `ids`, which otherwise stay in their order; `None` if there are none.
pub(super) fn pinned_first(ids: &[LeafId], leaves: &[Box<Row>]) -> Option<Vec<LeafId>> {
    let is_pinned = |id: &LeafId| leaves[id.index()].rare.pinned.is_some();
    if !ids.iter().any(is_pinned) {
        return None;
    }
    let (mut first, others): (Vec<LeafId>, Vec<LeafId>) = ids.iter().partition(|id| is_pinned(id));
    first.extend(others);
    Some(first)
}

/// Orders the lists of `sections`, and gives the articles and pages of a section with `sort` their neighbours in it.
pub(super) fn order_sections(
    sections: &mut [Section],
    section_of: &[Option<u32>],
    leaves: &[Box<Row>],
    neighbours: &mut [Neighbours],
    problems: &mut Vec<Problem>,
) {
    let has_pins = leaves.iter().any(|leaf| leaf.rare.pinned.is_some());
    for (at, section) in sections.iter_mut().enumerate() {
        if let Some(sort) = &section.settled.sort {
            let order = &sort.value;
            let document = section.settled.document.as_ref();
            // An order that is handed down need not fit each section.
            if document.is_some_and(|document| document.name == sort.place.file) {
                problems.extend(problem_with(order, &section.articles, leaves, &sort.place));
            }
            let articles = sorted(&section.articles, order, leaves);
            let is_own = |id: &&LeafId| section_of[id.index()] == u32::try_from(at).ok();
            let own: Vec<LeafId> = articles.iter().filter(is_own).copied().collect();
            section.pages = sorted(&section.pages, order, leaves);
            chain(&own, order, neighbours);
            chain(&section.pages, order, neighbours);
            section.order = Some(articles);
        }
        if has_pins && let Some(order) = pinned_first(section.listed(), leaves) {
            section.order = Some(order);
        }
    }
}

/// Makes each of `ids` a neighbour of the next one.
fn chain(ids: &[LeafId], order: &Order, neighbours: &mut [Neighbours]) {
    for id in ids {
        neighbours[id.index()] = Neighbours::default();
    }
    for pair in ids.windows(2) {
        let (before, after) = if order.is_backwards() { (pair[1], pair[0]) } else { (pair[0], pair[1]) };
        neighbours[before.index()].next = Some(after);
        neighbours[after.index()].previous = Some(before);
    }
}

/// Orders the lists of all terms of `taxonomies`.
pub(super) fn order_terms(taxonomies: &mut [Taxonomy], leaves: &[Box<Row>], problems: &mut Vec<Problem>) {
    let has_pins = leaves.iter().any(|leaf| leaf.rare.pinned.is_some());
    for taxonomy in taxonomies {
        let order = taxonomy.rules.order();
        if let Some((order, Some(place))) = &order {
            let mut ids: Vec<LeafId> =
                taxonomy.terms.iter().flat_map(|term| &term.articles).copied().collect();
            ids.sort_unstable();
            ids.dedup();
            problems.extend(problem_with(order, &ids, leaves, place));
        }
        for term in &mut taxonomy.terms {
            if let Some((order, _)) = &order {
                term.order = Some(sorted(&term.articles, order, leaves));
            }
            if taxonomy.rules.is_series {
                term.parts = term.listed().to_vec();
                let mut places: Vec<u32> = vec![0; term.articles.len()];
                for (part, id) in (0..).zip(&term.parts) {
                    if let Ok(at) = term.articles.binary_search(id) {
                        places[at] = part;
                    }
                }
                term.places = places;
            }
            if has_pins && let Some(order) = pinned_first(term.listed(), leaves) {
                term.order = Some(order);
            }
        }
    }
}

/// Articles whose fields are searched for the name that was meant.
const SEARCHED: usize = 200;

/// A warning if none of the articles `ids` has a value by which `order` sorts, or if their values are of several kinds.
pub(super) fn problem_with(
    order: &Order,
    ids: &[LeafId],
    leaves: &[Box<Row>],
    place: &Place,
) -> Option<Problem> {
    let rows = || ids.iter().map(|id| &*leaves[id.index()]);
    for field in order.extras() {
        let values = || rows().filter_map(|row| Some((row, row.extra(field)?)));
        // The kind of most values; of numbers, if there are as many texts.
        let count = |kind: &Plain| values().filter(|(_, value)| value.is_like(kind)).count();
        let kinds =
            [Plain::List(Vec::new()), Plain::Flag(true), Plain::Text(String::new()), Plain::Number(0.0)];
        let usual = kinds.into_iter().max_by_key(count).filter(|_| values().next().is_some());
        let Some(usual) = usual else {
            if ids.is_empty() {
                continue;
            }
            let names: BTreeSet<String> = rows().take(SEARCHED).flat_map(extra_names).collect();
            let remedy = match nearest(field, names.iter().map(String::as_str)) {
                Some(near) => format!("did you mean `extra.{near}`?"),
                None => format!("add `{field}` to `extra` of the articles, or sort by another field"),
            };
            let cause = LibraryError::NoSuchField { field: format!("extra.{field}"), remedy };
            return Some(Problem::new(cause, place.clone()));
        };
        if let Some((row, other)) = values().find(|(_, value)| !value.is_like(&usual)) {
            let cause = LibraryError::SeveralKinds {
                field: format!("extra.{field}"),
                found: other.kind(),
                usual: usual.kind(),
            };
            return Some(Problem::new(cause, Place::file(row.name().clone())));
        }
    }
    None
}

/// The names of the fields in `extra` of `row`.
fn extra_names(row: &Row) -> Vec<String> {
    match row.document.load().front.extra.as_deref().map(|extra| &extra.value) {
        Some(Value::Table(entries)) => entries.iter().map(|entry| entry.key.clone()).collect(),
        _ => Vec::new(),
    }
}
