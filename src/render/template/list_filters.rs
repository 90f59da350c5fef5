//! The filters for lists: `sort`, `where`, `filter` and `group_by`. They take the place of Tera's own, whose messages name
//! no field that exists.
//!
//! | filter | gives |
//! | --- | --- |
//! | `sort(by=)` | the list in the order of a field, the smallest first; with a `-` before the name, the greatest |
//! | `where(by=, value=, …)` | the items whose field passes all tests; without a test, those that have a value |
//! | `filter(by=, value=)` | the same, under Tera's older name |
//! | `group_by(by=)` | a map from each value of a field to its items, in the order of the list |
//!
//! `attribute=` is another name of `by=`, as Tera has it.

use std::cmp::Ordering;

use chrono::DateTime;
use tera::value::Key;
use tera::{Error, Kwargs, Map, State, Tera, TeraResult, Value};

use crate::model::suggest::choose;
use crate::model::text::plain_text;

/// Their names.
pub(super) const NAMES: [&str; 4] = ["filter", "group_by", "sort", "where"];

/// The tests of `where`, beside `by` and `attribute`.
const TESTS: [&str; 9] =
    ["value", "is_not", "one_of", "contains", "less", "greater", "at_most", "at_least", "exists"];

pub(super) fn register(tera: &mut Tera) {
    tera.register_filter("sort", |list: Vec<Value>, kwargs: Kwargs, _: &State| sort(list, &kwargs));
    tera.register_filter("where", |list: Vec<Value>, kwargs: Kwargs, _: &State| {
        chosen("where", list, &kwargs)
    });
    tera.register_filter("filter", |list: Vec<Value>, kwargs: Kwargs, _: &State| {
        chosen("filter", list, &kwargs)
    });
    tera.register_filter("group_by", |list: Vec<Value>, kwargs: Kwargs, _: &State| group_by(&list, &kwargs));
}

/// The field that `by=` or `attribute=` names.
fn field(kwargs: &Kwargs) -> TeraResult<Option<&str>> {
    match kwargs.get::<&str>("by")? {
        Some(by) => Ok(Some(by)),
        None => kwargs.get::<&str>("attribute"),
    }
}

/// Refuses arguments that are not `known`.
fn check(filter: &str, kwargs: &Kwargs, known: &[&str]) -> TeraResult<()> {
    let known: Vec<&str> = ["by", "attribute"].iter().chain(known).copied().collect();
    match kwargs.iter().filter_map(|(key, _)| key.as_str()).find(|key| !known.contains(key)) {
        None => Ok(()),
        Some(unknown) => {
            let remedy = choose([unknown], &known);
            Err(Error::message(format!("the filter `{filter}` has no argument `{unknown}`: {remedy}")))
        }
    }
}

/// The value of each item under the keys `path`, joined by dots; an undefined one counts as none. It is an error if no
/// item has the field.
fn values<'a>(filter: &str, list: &'a [Value], path: &'a str) -> TeraResult<Vec<Option<&'a Value>>> {
    let found: Vec<Option<&Value>> = list.iter().map(|item| item.get_from_path(path)).collect();
    if list.is_empty() || found.iter().any(Option::is_some) {
        return Ok(found.into_iter().map(|one| one.filter(|one| !is_nothing(one))).collect());
    }
    // The first step that nothing has, and the fields that are there instead.
    let mut items: Vec<&Value> = list.iter().collect();
    for step in path.split('.') {
        let next: Vec<&Value> = items.iter().filter_map(|item| item.get_from_path(step)).collect();
        if next.is_empty() {
            let mut names: Vec<&str> = items
                .iter()
                .filter_map(|item| item.as_map())
                .flatten()
                .filter_map(|(key, _)| key.as_str())
                .collect();
            names.sort_unstable();
            names.dedup();
            return Err(Error::message(match names.is_empty() {
                true => format!("`{filter}` finds no field `{step}`: the items of this list have no fields"),
                false => format!(
                    "Field `{step}` is in no item of this list. Available fields: {}",
                    names.join(", ")
                ),
            }));
        }
        items = next;
    }
    Ok(found)
}

fn is_nothing(value: &Value) -> bool {
    value.is_none() || value.is_undefined() || value.as_f64().is_some_and(f64::is_nan)
}

/// A value as it is compared.
enum Sorted<'a> {
    Number(f64),
    /// A text without case and accents, and as it is.
    Text(String, &'a str),
    Flag(bool),
    Other,
}

impl<'a> Sorted<'a> {
    fn of(value: &'a Value) -> Sorted<'a> {
        // A date of a view.
        let instant = value.as_map().and_then(|map| map.get(&Key::Str("rfc3339"))?.as_str());
        let instant = instant.and_then(|text| DateTime::parse_from_rfc3339(text).ok());
        if let Some(instant) = instant {
            return Sorted::Number(instant.timestamp() as f64);
        }
        match (value.as_f64(), value.as_str(), value.as_bool()) {
            (Some(number), ..) => Sorted::Number(number),
            (_, Some(text), _) => Sorted::Text(plain_text(text), text),
            (.., Some(flag)) => Sorted::Flag(flag),
            _ => match value.as_map().and_then(|map| map.get(&Key::Str("name"))?.as_str()) {
                Some(name) => Sorted::Text(plain_text(name), name),
                None => Sorted::Other,
            },
        }
    }

    fn rank(&self) -> u8 {
        match self {
            Sorted::Number(_) => 0,
            Sorted::Text(..) => 1,
            Sorted::Flag(_) => 2,
            Sorted::Other => 3,
        }
    }

    fn compare(&self, other: &Sorted<'_>) -> Ordering {
        match (self, other) {
            (Sorted::Number(a), Sorted::Number(b)) => a.total_cmp(b),
            (Sorted::Text(a, one), Sorted::Text(b, other)) => a.cmp(b).then_with(|| one.cmp(other)),
            (Sorted::Flag(a), Sorted::Flag(b)) => a.cmp(b),
            _ => self.rank().cmp(&other.rank()),
        }
    }

    /// The number that a text is, as in columns of CSV that have no kind.
    fn written_number(&self) -> Option<f64> {
        let Sorted::Text(_, text) = self else { return None };
        let digits = text.trim().strip_prefix('-').unwrap_or(text.trim());
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
        let is_number = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
        let number = text.trim().parse::<f64>().ok().filter(|number| number.is_finite());
        number.filter(|_| is_number(whole) && is_number(fraction))
    }

    /// The order of two values of one kind, or of a number and a text that is one; `None` if they are of different
    /// kinds.
    fn compare_alike(&self, other: &Sorted<'_>) -> Option<Ordering> {
        match (self, other) {
            (Sorted::Number(number), text @ Sorted::Text(..)) => {
                return text.written_number().map(|other| number.total_cmp(&other));
            }
            (text @ Sorted::Text(..), Sorted::Number(number)) => {
                return text.written_number().map(|own| own.total_cmp(number));
            }
            _ => {}
        }
        (self.rank() == other.rank()).then(|| self.compare(other))
    }
}

/// The items in the order of a field; those without a value are last.
fn sort(list: Vec<Value>, kwargs: &Kwargs) -> TeraResult<Vec<Value>> {
    check("sort", kwargs, &[])?;
    let written = field(kwargs)?;
    let (is_descending, path) = match written.and_then(|by| by.strip_prefix('-')) {
        Some(path) => (true, Some(path)),
        None => (false, written),
    };
    let values = match path {
        Some(path) => values("sort", &list, path)?,
        None => list.iter().map(Some).collect(),
    };
    let mut keyed: Vec<(Option<Sorted<'_>>, &Value)> =
        values.into_iter().map(|value| value.map(Sorted::of)).zip(&list).collect();
    // Texts that are all numbers, as in columns of CSV without a kind, are in the order of numbers; empty ones have none.
    let is_blank = |key: &Sorted<'_>| matches!(key, Sorted::Text(_, text) if text.trim().is_empty());
    let keys = || keyed.iter().filter_map(|(key, _)| key.as_ref());
    if keys().all(|key| is_blank(key) || key.written_number().is_some()) {
        for (key, _) in &mut keyed {
            *key = key.as_ref().and_then(Sorted::written_number).map(Sorted::Number);
        }
    }
    keyed.sort_by(|(a, _), (b, _)| match (a, b) {
        (Some(a), Some(b)) if is_descending => b.compare(a),
        (Some(a), Some(b)) => a.compare(b),
        (a, b) => b.is_some().cmp(&a.is_some()),
    });
    Ok(keyed.into_iter().map(|(_, item)| item.clone()).collect())
}

/// The items whose field passes the tests among `kwargs`.
fn chosen(filter: &str, list: Vec<Value>, kwargs: &Kwargs) -> TeraResult<Vec<Value>> {
    check(filter, kwargs, &TESTS)?;
    let Some(path) = field(kwargs)? else {
        return Err(Error::message(format!(
            "the filter `{filter}` wants a field: `{filter}(by=\"weight\", less=3)`"
        )));
    };
    let values = values(filter, &list, path)?;
    let mut tests: Vec<(&str, &Value)> = Vec::new();
    for name in TESTS {
        tests.extend(kwargs.get::<&Value>(name)?.map(|wanted| (name, wanted)));
    }
    let passes = |value: Option<&Value>| match tests.is_empty() {
        true => value.is_some(),
        false => tests.iter().all(|(name, wanted)| passes(name, wanted, value)),
    };
    let kept = values.into_iter().zip(&list).filter(|(value, _)| passes(*value));
    Ok(kept.map(|(_, item)| item.clone()).collect())
}

/// True if `value` passes the test `name` with the argument `wanted`.
fn passes(name: &str, wanted: &Value, value: Option<&Value>) -> bool {
    let Some(value) = value else {
        return match name {
            "value" => is_nothing(wanted),
            "is_not" => !is_nothing(wanted),
            "exists" => wanted.as_bool() == Some(false),
            _ => false,
        };
    };
    let compared =
        |fits: fn(Ordering) -> bool| Sorted::of(value).compare_alike(&Sorted::of(wanted)).is_some_and(fits);
    match name {
        "value" => is(value, wanted),
        "is_not" => !is(value, wanted),
        "one_of" => wanted.as_array().is_some_and(|all| all.iter().any(|one| is(value, one))),
        "contains" => match (value.as_str(), wanted.as_str()) {
            (Some(text), Some(part)) => text.contains(part),
            _ => is(value, wanted),
        },
        "less" => compared(Ordering::is_lt),
        "greater" => compared(Ordering::is_gt),
        "at_most" => compared(Ordering::is_le),
        "at_least" => compared(Ordering::is_ge),
        _ => wanted.as_bool() == Some(true),
    }
}

/// True if `value` is `wanted`, a list that has it, or a map with this name.
fn is(value: &Value, wanted: &Value) -> bool {
    if let Some(items) = value.as_array()
        && !wanted.is_array()
    {
        return items.iter().any(|item| is(item, wanted));
    }
    let name = value.as_map().and_then(|map| map.get(&Key::Str("name")));
    let is_same_number = wanted.as_f64().is_some()
        && value.as_str().is_some()
        && Sorted::of(value).compare_alike(&Sorted::of(wanted)) == Some(Ordering::Equal);
    value == wanted || is_same_number || name.is_some_and(|name| name == wanted)
}

/// A map from each value of a field to its items. An item with a list of values is in the group of each.
fn group_by(list: &[Value], kwargs: &Kwargs) -> TeraResult<Map> {
    check("group_by", kwargs, &[])?;
    let Some(path) = field(kwargs)? else {
        return Err(Error::message("the filter `group_by` wants a field: `group_by(by=\"section.title\")`"));
    };
    let mut groups: Vec<(Key<'static>, Vec<Value>)> = Vec::new();
    for (value, item) in values("group_by", list, path)?.into_iter().zip(list) {
        let each = match value.map(|value| (value, value.as_array())) {
            None => continue,
            Some((_, Some(items))) => items.iter().collect(),
            Some((value, None)) => vec![value],
        };
        for value in each {
            let named =
                value.as_map().and_then(|map| map.get(&Key::Str("name")).or(map.get(&Key::Str("day"))));
            let key = key(named.unwrap_or(value)).ok_or_else(|| {
                Error::message(format!(
                    "`group_by` makes groups of texts, numbers and flags, and `{path}` is {}",
                    value.name()
                ))
            })?;
            match groups.iter_mut().find(|(known, _)| *known == key) {
                Some((_, items)) => items.push(item.clone()),
                None => groups.push((key, vec![item.clone()])),
            }
        }
    }
    Ok(groups.into_iter().map(|(key, items)| (key, Value::from(items))).collect())
}

fn key(value: &Value) -> Option<Key<'static>> {
    match (value.as_str(), value.as_i64(), value.as_bool()) {
        (Some(text), ..) => Some(Key::String(text.into())),
        (_, Some(number), _) => Some(Key::I64(number)),
        (.., Some(flag)) => Some(Key::Bool(flag)),
        _ => value.as_f64().map(|number| Key::String(number.to_string().into())),
    }
}
