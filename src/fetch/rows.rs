//! The difference between two documents, row by row.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use serde::Serialize;
use serde_json::Value;

/// The rows that were added, changed and taken out.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Changes {
    /// The number of rows before.
    pub before: usize,
    /// The number of rows now.
    pub after: usize,
    /// Rows that are new.
    pub added: Named,
    /// Rows that say something else.
    pub changed: Named,
    /// Rows that are no more.
    pub gone: Named,
}

/// A number of rows, and the names of the first of them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Named {
    /// Their number.
    pub count: usize,
    /// The names of the first, as far as rows have names.
    pub names: Vec<String>,
}

/// The most names that are given.
const MOST_NAMES: usize = 20;
/// The longest name that is given whole, in characters.
const LONGEST_NAME: usize = 80;

/// Fields that name a row, in the order in which they are tried.
const KEYS: [&str; 10] = ["id", "guid", "key", "slug", "sku", "code", "url", "link", "name", "title"];

impl Named {
    fn add(&mut self, name: &str) {
        self.count += 1;
        if self.names.len() < MOST_NAMES && !name.is_empty() {
            self.names.push(name.chars().take(LONGEST_NAME).collect());
        }
    }
}

/// The rows of a document.
enum Rows<'a> {
    /// A list.
    List(Vec<&'a Value>),
    /// The members of an object, by their names.
    Members(BTreeMap<&'a str, &'a Value>),
    /// A plain value.
    None,
}

/// The rows of `value`: the items of a list, or of the one list of objects that an object has; else the members of the
/// object.
fn rows(value: &Value) -> Rows<'_> {
    match value {
        Value::Array(items) => Rows::List(items.iter().collect()),
        Value::Object(members) => {
            let is_table = |value: &&Value| {
                let items = value.as_array();
                items.is_some_and(|items| items.iter().any(Value::is_object))
            };
            let mut tables = members.values().filter(is_table);
            match (tables.next(), tables.next()) {
                (Some(Value::Array(items)), None) => Rows::List(items.iter().collect()),
                _ => match members.get("entries").and_then(Value::as_array) {
                    Some(items) if items.is_empty() => Rows::List(Vec::new()),
                    _ => Rows::Members(members.iter().map(|(key, value)| (key.as_str(), value)).collect()),
                },
            }
        }
        _ => Rows::None,
    }
}

/// The number of rows of `value`.
pub(super) fn count(value: &Value) -> usize {
    match rows(value) {
        Rows::List(items) => items.len(),
        Rows::Members(members) => members.len(),
        Rows::None => 1,
    }
}

/// The kind of a document, which does not change by itself.
pub(super) fn kind(value: &Value) -> &'static str {
    match value {
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
        _ => "a plain value",
    }
}

/// The difference between `old`, if there was one, and `new`.
pub(super) fn changes(old: Option<&Value>, new: &Value) -> Changes {
    let mut changes = Changes { before: old.map_or(0, count), after: count(new), ..Changes::default() };
    match (old.map_or(Rows::List(Vec::new()), rows), rows(new)) {
        (Rows::Members(old), Rows::Members(new)) => members(&old, &new, &mut changes),
        (Rows::List(old), Rows::Members(new)) if old.is_empty() => {
            members(&BTreeMap::new(), &new, &mut changes)
        }
        (Rows::List(old), Rows::List(new)) => match key(&old, &new) {
            Some(key) => {
                let by_name = |rows: &[&'_ Value]| -> BTreeMap<String, Value> {
                    rows.iter().filter_map(|row| Some((name(row, &key)?, (*row).clone()))).collect()
                };
                let (before, after) = (by_name(&old), by_name(&new));
                let order = |rows: &[&Value]| -> Vec<String> {
                    rows.iter().filter_map(|row| name(row, &key)).collect()
                };
                for one in order(&new) {
                    match (before.get(&one), after.get(&one)) {
                        (None, _) => changes.added.add(&one),
                        (Some(old), Some(new)) if old != new => changes.changed.add(&one),
                        _ => {}
                    }
                }
                order(&old)
                    .iter()
                    .filter(|one| !after.contains_key(*one))
                    .for_each(|one| changes.gone.add(one));
            }
            None => nameless(&old, &new, &mut changes),
        },
        // A plain value.
        _ => {
            if changes.before > 0 {
                changes.changed.add("");
            } else {
                changes.added.add("");
            }
        }
    }
    changes
}

fn members(old: &BTreeMap<&str, &Value>, new: &BTreeMap<&str, &Value>, changes: &mut Changes) {
    for (name, value) in new {
        match old.get(name) {
            None => changes.added.add(name),
            Some(before) if before != value => changes.changed.add(name),
            Some(_) => {}
        }
    }
    old.keys().filter(|name| !new.contains_key(*name)).for_each(|name| changes.gone.add(name));
}

/// Counts rows that nothing names: what is there more often or more seldom than before.
fn nameless(old: &[&Value], new: &[&Value], changes: &mut Changes) {
    let mut counts: HashMap<String, i64> = HashMap::new();
    new.iter().for_each(|row| *counts.entry(row.to_string()).or_default() += 1);
    old.iter().for_each(|row| *counts.entry(row.to_string()).or_default() -= 1);
    for count in counts.values() {
        let number = usize::try_from(count.unsigned_abs()).unwrap_or_default();
        if *count > 0 {
            changes.added.count += number;
        } else {
            changes.gone.count += number;
        }
    }
}

/// The name of `row` by the field `key`.
fn name(row: &Value, key: &str) -> Option<String> {
    match row.get(key)? {
        Value::String(text) if !text.trim().is_empty() => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// The first field by which all rows, old and new, have names of their own.
fn key(old: &[&Value], new: &[&Value]) -> Option<String> {
    let spelt = |wanted: &str| -> Option<String> {
        let first = new.first().or(old.first())?.as_object()?;
        first.keys().find(|key| key.eq_ignore_ascii_case(wanted)).cloned()
    };
    let are_distinct = |rows: &[&Value], key: &str| {
        let mut seen = BTreeSet::new();
        rows.iter().all(|row| name(row, key).is_some_and(|name| seen.insert(name)))
    };
    let known = KEYS.into_iter().filter_map(spelt);
    known.into_iter().find(|key| are_distinct(old, key) && are_distinct(new, key))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn numbers(old: &Value, new: &Value) -> [usize; 3] {
        let found = changes(Some(old), new);
        [found.added.count, found.changed.count, found.gone.count]
    }

    #[test]
    fn rows_are_known_by_their_names_wherever_they_are() {
        let old = json!([{"id": 1, "v": 1}, {"id": 2, "v": 1}, {"id": 3, "v": 1}]);
        let new = json!([{"id": 4, "v": 1}, {"id": 3, "v": 1}, {"id": 2, "v": 2}]);
        assert_eq!(numbers(&old, &new), [1, 1, 1]);
        assert_eq!(changes(Some(&old), &new).changed.names, ["2"]);
        // The one list of an object.
        assert_eq!(numbers(&json!({"n": 3, "items": old}), &json!({"n": 3, "items": new})), [1, 1, 1]);
        // The members of an object.
        assert_eq!(numbers(&json!({"a": 1, "b": 1}), &json!({"b": 2, "c": 1})), [1, 1, 1]);
        // Rows without names are only counted.
        assert_eq!(numbers(&json!([1, 1, 2]), &json!([1, 3])), [1, 0, 2]);
        // A field that two rows share names none.
        let same = json!([{"id": 1, "name": "a"}, {"id": 1, "name": "b"}]);
        assert_eq!(numbers(&same, &json!([{"id": 1, "name": "a"}, {"id": 2, "name": "b"}])), [0, 1, 0]);
        assert_eq!(changes(None, &old).added.names, ["1", "2", "3"]);
        assert_eq!(numbers(&json!(1), &json!(2)), [0, 1, 0]);
    }
}
