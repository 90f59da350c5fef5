//! Parses YAML into the tree.

use std::fmt;
use std::ops::Range;

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_saphyr::options::DuplicateKeyPolicy;
use serde_saphyr::{Location, Spanned};

use super::{Entry, Node, Value};

pub(super) fn parse(text: &str) -> Result<Node, (String, Range<usize>)> {
    if text.trim().is_empty() {
        return Ok(Node { value: Value::Table(Vec::new()), span: 0..0 });
    }
    // The tree has both entries of a key that is there twice, so that the error names the second one.
    let options = serde_saphyr::options! {
        duplicate_keys: DuplicateKeyPolicy::PassThrough,
        // As many as a large data file has. Values that aliases repeat have a bound of their own.
        budget: serde_saphyr::budget! { max_events: 10_000_000, max_nodes: 4_000_000 },
    };
    match serde_saphyr::from_str_with_options::<Spanned<Tree>>(text, options) {
        Ok(tree) => Ok(node(tree, text)),
        Err(error) => {
            let at = error.location().map_or(0..0, |location| bytes(&location, text));
            Err((without_place(&error.without_snippet().to_string()), at))
        }
    }
}

/// A parser's message without its place, which counts from the block's start, and without its remarks for
/// programmers.
pub(super) fn without_place(message: &str) -> String {
    let ends = [" at line ", ", set ", "; use "].into_iter().filter_map(|end| message.find(end));
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
