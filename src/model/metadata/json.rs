//! Parses JSON into the tree.

use std::fmt;
use std::ops::Range;

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

use super::yaml::without_place;
use super::{Entry, Node, Value};
use crate::model::diagnostics::thousands;

/// Values in values beyond which nothing is read.
const DEEPEST: usize = 64;

/// The most values of a file.
const MOST: usize = 4_000_000;

type Fault = (String, Range<usize>);

pub(super) fn parse(text: &str) -> Result<Node, Fault> {
    let raw: &RawValue = read(text, 0)?;
    Reader { text, left: MOST }.node(raw, 0)
}

/// A text, and the number of values that it may still have.
struct Reader<'a> {
    text: &'a str,
    left: usize,
}

/// Reads `part` of a text, which begins at byte `start`, by JSON's own rules.
fn read<'a, T: Deserialize<'a>>(part: &'a str, start: usize) -> Result<T, Fault> {
    serde_json::from_str(part).map_err(|error| {
        let at = start + place_of(part, &error);
        (without_place(&error.to_string()), at..(at + 1).min(start + part.len()))
    })
}

/// The place of `error` in `text`, in bytes. `serde_json` counts lines and columns from 1, and columns in bytes too.
pub fn place_of(text: &str, error: &serde_json::Error) -> usize {
    let before = text.split_inclusive('\n').take(error.line().saturating_sub(1)).map(str::len).sum::<usize>();
    (before + error.column().saturating_sub(1)).min(text.len())
}

impl<'a> Reader<'a> {
    /// The tree of `raw`, which is a part of the text and inside `depth` other values.
    fn node(&mut self, raw: &'a RawValue, depth: usize) -> Result<Node, Fault> {
        let part = raw.get();
        let span = span_of(part, self.text);
        if depth > DEEPEST {
            return Err((format!("it has more than {DEEPEST} values inside one another"), span));
        }
        self.left = match self.left.checked_sub(1) {
            Some(left) => left,
            None => return Err((format!("it has more than {} values", thousands(MOST)), span)),
        };
        let value = match part.as_bytes().first() {
            Some(b'{') => Value::Table(self.entries(part, &span, depth)?),
            Some(b'[') => {
                let items: Vec<&RawValue> = read(part, span.start)?;
                let items = items.into_iter().map(|item| self.node(item, depth + 1));
                Value::List(items.collect::<Result<_, _>>()?)
            }
            Some(b'"') => Value::String(read(part, span.start)?),
            Some(b't' | b'f') => Value::Bool(read(part, span.start)?),
            Some(b'n') => Value::Null,
            _ => match part.parse() {
                Ok(number) => Value::Integer(number),
                Err(_) => Value::Float(read(part, span.start)?),
            },
        };
        Ok(Node { value, span })
    }

    fn entries(&mut self, part: &'a str, span: &Range<usize>, depth: usize) -> Result<Vec<Entry>, Fault> {
        let Pairs(pairs) = read(part, span.start)?;
        let mut before = span.start + 1;
        let mut entries = Vec::with_capacity(pairs.len());
        for (key, raw) in pairs {
            let node = self.node(raw, depth + 1)?;
            // The key is all that stands in quotes between the last value and this one.
            let between = self.text.get(before..node.span.start).unwrap_or_default();
            let start = before + between.find('"').unwrap_or_default();
            let end = before + between.rfind('"').map_or(0, |end| end + 1);
            before = node.span.end;
            entries.push(Entry { key, key_span: start..end.max(start), node });
        }
        Ok(entries)
    }
}

/// The bytes of `text` that are `part`, which is borrowed from it.
fn span_of(part: &str, text: &str) -> Range<usize> {
    let start = (part.as_ptr() as usize).saturating_sub(text.as_ptr() as usize);
    start..start + part.len()
}

/// The keys and values of a table, in their order.
struct Pairs<'a>(Vec<(String, &'a RawValue)>);

impl<'a> Deserialize<'a> for Pairs<'a> {
    fn deserialize<D: Deserializer<'a>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(PairsVisitor)
    }
}

struct PairsVisitor;

impl<'a> Visitor<'a> for PairsVisitor {
    type Value = Pairs<'a>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a table")
    }

    fn visit_map<A: MapAccess<'a>>(self, mut entries: A) -> Result<Pairs<'a>, A::Error> {
        let mut pairs = Vec::new();
        while let Some(pair) = entries.next_entry()? {
            pairs.push(pair);
        }
        Ok(Pairs(pairs))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_key_and_value_has_its_place() {
        let text = " {\n \"a\\\"b\" : [1, \"x\"],\"c\":{\"d\": -2.5e1}, \"e\": null, \"f\": true}";
        let tree = parse(text).unwrap();
        let Value::Table(entries) = &tree.value else { panic!("{tree:?}") };
        let shown: Vec<(&str, &str)> = entries
            .iter()
            .map(|entry| (&text[entry.key_span.clone()], &text[entry.node.span.clone()]))
            .collect();
        assert_eq!(
            shown,
            [
                ("\"a\\\"b\"", "[1, \"x\"]"),
                ("\"c\"", "{\"d\": -2.5e1}"),
                ("\"e\"", "null"),
                ("\"f\"", "true")
            ]
        );
        assert_eq!(entries[0].key, "a\"b");
        assert_eq!(entries[1].node.get("d").unwrap().value, Value::Float(-25.0));
    }

    #[test]
    fn a_fault_inside_a_value_has_its_place_in_the_whole_text() {
        for (text, at) in [
            ("{\"a\": [1, 1e999]}", 10),
            ("{\"a\": 1,}", 8),
            ("{\"a\": \"\\ud800\"}", 13),
            ("[1, 2", 4),
            ("", 0),
        ] {
            let (message, span) = parse(text).unwrap_err();
            assert!(span.start.abs_diff(at) <= 5, "{text}: {message} {span:?}");
        }
    }

    #[test]
    fn values_inside_one_another_are_read_up_to_a_bound() {
        let nested = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
        assert!(parse(&nested(60)).is_ok());
        assert!(parse(&nested(70)).is_err());
        assert!(parse(&nested(1_000_000)).is_err());
        assert!(parse(&"[".repeat(1_000_000)).is_err());
    }
}
