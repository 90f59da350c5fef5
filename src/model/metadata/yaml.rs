//! Parses YAML into the tree, and JSON as the subset of YAML that it is.

use std::collections::HashSet;
use std::fmt;
use std::ops::Range;

use serde::de::{self, Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_saphyr::options::DuplicateKeyPolicy;
use serde_saphyr::{Location, Spanned};

use super::{Entry, Node, Value};

pub(super) fn parse(text: &str) -> Result<Node, (String, Range<usize>)> {
    if text.trim().is_empty() {
        return Ok(Node { value: Value::Table(Vec::new()), span: 0..0 });
    }
    // The tree has both entries of a key that is there twice, so that the error names the second one.
    let options = serde_saphyr::options! { duplicate_keys: DuplicateKeyPolicy::PassThrough };
    match serde_saphyr::from_str_with_options::<Spanned<Tree>>(text, options) {
        Ok(tree) => Ok(node(tree, text)),
        Err(error) => {
            let at = error.location().map_or(0..0, |location| bytes(&location, text));
            Err((without_place(&error.without_snippet().to_string()), at))
        }
    }
}

/// Parses JSON: first by JSON's own rules, then as YAML, whose parser knows the places.
pub(super) fn parse_json(text: &str) -> Result<Node, (String, Range<usize>)> {
    let checked = serde_json::from_str::<serde_json::Value>(text)
        .and_then(|value| serde_json::from_str::<UniqueKeys>(text).map(|_| value));
    match checked {
        Ok(value) => parse(text).or_else(|_| Ok(unplaced(value, text.len()))),
        Err(error) => {
            let at = offset_of(text, error.line(), error.column());
            Err((without_place(&error.to_string()), at..at + 1))
        }
    }
}

/// A parser's message without its place, which counts from the block's start, and without its remarks for
/// programmers.
fn without_place(message: &str) -> String {
    let ends = [" at line ", ", set "].into_iter().filter_map(|end| message.find(end));
    message[..ends.min().unwrap_or(message.len())].trim_end_matches(':').to_owned()
}

enum Tree {
    Null,
    Bool(bool),
    Integer(i64),
    Float(f64),
    String(String),
    List(Vec<Spanned<Tree>>),
    Table(Vec<(Spanned<String>, Spanned<Tree>)>),
}

fn node(tree: Spanned<Tree>, text: &str) -> Node {
    let span = bytes(&tree.referenced, text);
    let value = match tree.value {
        Tree::Null => Value::Null,
        Tree::Bool(flag) => Value::Bool(flag),
        Tree::Integer(number) => Value::Integer(number),
        Tree::Float(number) => Value::Float(number),
        Tree::String(text) => Value::String(text),
        Tree::List(items) => Value::List(items.into_iter().map(|item| node(item, text)).collect()),
        Tree::Table(entries) => Value::Table(
            entries
                .into_iter()
                .map(|(key, value)| Entry {
                    key_span: bytes(&key.referenced, text),
                    key: key.value,
                    node: node(value, text),
                })
                .collect(),
        ),
    };
    Node { value, span }
}

/// The tree of a document that JSON accepts and YAML does not: every span is the whole text.
fn unplaced(value: serde_json::Value, length: usize) -> Node {
    let value = match value {
        serde_json::Value::Null => Value::Null,
        serde_json::Value::Bool(flag) => Value::Bool(flag),
        serde_json::Value::Number(number) => match number.as_i64() {
            Some(number) => Value::Integer(number),
            None => Value::Float(number.as_f64().unwrap_or_default()),
        },
        serde_json::Value::String(text) => Value::String(text),
        serde_json::Value::Array(items) => {
            Value::List(items.into_iter().map(|item| unplaced(item, length)).collect())
        }
        serde_json::Value::Object(entries) => Value::Table(
            entries
                .into_iter()
                .map(|(key, value)| Entry { key, key_span: 0..length, node: unplaced(value, length) })
                .collect(),
        ),
    };
    Node { value, span: 0..length }
}

fn bytes(location: &Location, text: &str) -> Range<usize> {
    let span = location.span();
    match span.byte_offset() {
        Some(start) => {
            let start = (start as usize).min(text.len());
            let end = start + span.byte_len().unwrap_or(0) as usize;
            start..end.min(text.len())
        }
        None => {
            let start = offset_of(text, location.line() as usize, location.column() as usize);
            start..start
        }
    }
}

/// The byte offset of `line` and `column`, both counted from 1; the text's end where there is no such place.
fn offset_of(text: &str, line: usize, column: usize) -> usize {
    let line_start: usize = text.split_inclusive('\n').take(line.saturating_sub(1)).map(str::len).sum();
    let rest = text[line_start..].char_indices().nth(column.saturating_sub(1));
    rest.map_or(text.len(), |(at, _)| line_start + at)
}

impl<'de> Deserialize<'de> for Tree {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(TreeVisitor)
    }
}

struct TreeVisitor;

impl<'de> Visitor<'de> for TreeVisitor {
    type Value = Tree;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_bool<E>(self, flag: bool) -> Result<Tree, E> {
        Ok(Tree::Bool(flag))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Tree, E> {
        Ok(Tree::Integer(number))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Tree, E> {
        Ok(i64::try_from(number).map_or(Tree::Float(number as f64), Tree::Integer))
    }

    fn visit_f64<E>(self, number: f64) -> Result<Tree, E> {
        Ok(Tree::Float(number))
    }

    fn visit_str<E>(self, text: &str) -> Result<Tree, E> {
        Ok(Tree::String(text.to_owned()))
    }

    fn visit_string<E>(self, text: String) -> Result<Tree, E> {
        Ok(Tree::String(text))
    }

    fn visit_unit<E>(self) -> Result<Tree, E> {
        Ok(Tree::Null)
    }

    fn visit_none<E>(self) -> Result<Tree, E> {
        Ok(Tree::Null)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Tree, D::Error> {
        Tree::deserialize(deserializer)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Tree, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element()? {
            list.push(item);
        }
        Ok(Tree::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Tree, A::Error> {
        let mut table = Vec::new();
        while let Some(entry) = entries.next_entry()? {
            table.push(entry);
        }
        Ok(Tree::Table(table))
    }
}

/// A JSON document none of whose tables has a key twice. `serde_json::Value` would keep only the last one.
struct UniqueKeys;

impl<'de> Deserialize<'de> for UniqueKeys {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(UniqueKeys)
    }
}

impl<'de> Visitor<'de> for UniqueKeys {
    type Value = UniqueKeys;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_bool<E>(self, _: bool) -> Result<UniqueKeys, E> {
        Ok(self)
    }

    fn visit_i64<E>(self, _: i64) -> Result<UniqueKeys, E> {
        Ok(self)
    }

    fn visit_u64<E>(self, _: u64) -> Result<UniqueKeys, E> {
        Ok(self)
    }

    fn visit_f64<E>(self, _: f64) -> Result<UniqueKeys, E> {
        Ok(self)
    }

    fn visit_str<E>(self, _: &str) -> Result<UniqueKeys, E> {
        Ok(self)
    }

    fn visit_unit<E>(self) -> Result<UniqueKeys, E> {
        Ok(self)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<UniqueKeys, A::Error> {
        while items.next_element::<UniqueKeys>()?.is_some() {}
        Ok(self)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<UniqueKeys, A::Error> {
        let mut seen = HashSet::new();
        while let Some((key, _)) = entries.next_entry::<String, UniqueKeys>()? {
            if let Some(key) = seen.replace(key) {
                return Err(de::Error::custom(format!("the key `{key}` is here twice")));
            }
        }
        Ok(self)
    }
}
