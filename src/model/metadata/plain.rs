//! Plain values: values of fields without their places, as lists compare them.

use std::cmp::Ordering;

use serde::{Deserialize, Serialize};

use super::{Node, Value};

/// A value of a field that can be compared.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Plain {
    /// A number, never NaN.
    Number(f64),
    /// Text, or a date as it was written.
    Text(String),
    /// True or false.
    Flag(bool),
    /// A list.
    List(Vec<Plain>),
}

impl Plain {
    /// The value of `node`; `None` for nothing, for a table and for a number that is none.
    pub fn of(node: &Node) -> Option<Plain> {
        Some(match &node.value {
            Value::Null | Value::Table(_) => return None,
            Value::Bool(flag) => Plain::Flag(*flag),
            Value::Integer(number) => Plain::Number(*number as f64),
            Value::Float(number) if number.is_nan() => return None,
            Value::Float(number) => Plain::Number(*number),
            Value::String(text) | Value::Date(text) => Plain::Text(text.clone()),
            Value::List(items) => Plain::List(items.iter().filter_map(Plain::of).collect()),
        })
    }

    /// The value in the table `node` under the keys `path`, joined by dots.
    pub fn at(node: &Node, path: &str) -> Option<Plain> {
        let mut node = node;
        for key in path.split('.') {
            let Value::Table(entries) = &node.value else { return None };
            node = &entries.iter().find(|entry| entry.key == key)?.node;
        }
        Plain::of(node)
    }

    /// The name of this kind of value in messages.
    pub fn kind(&self) -> &'static str {
        match self {
            Plain::Number(_) => "a number",
            Plain::Text(_) => "text",
            Plain::Flag(_) => "true or false",
            Plain::List(_) => "a list",
        }
    }

    /// True if both are of one kind.
    pub fn is_like(&self, other: &Plain) -> bool {
        std::mem::discriminant(self) == std::mem::discriminant(other)
    }

    /// The order of two values: numbers come first, then texts, then flags, then lists.
    pub fn compare(&self, other: &Plain) -> Ordering {
        match (self, other) {
            (Plain::Number(a), Plain::Number(b)) => a.total_cmp(b),
            (Plain::Text(a), Plain::Text(b)) => a.cmp(b),
            (Plain::Flag(a), Plain::Flag(b)) => a.cmp(b),
            (Plain::List(a), Plain::List(b)) => {
                let first = a.iter().zip(b).map(|(a, b)| a.compare(b)).find(|order| order.is_ne());
                first.unwrap_or_else(|| a.len().cmp(&b.len()))
            }
            _ => self.rank().cmp(&other.rank()),
        }
    }

    fn rank(&self) -> u8 {
        match self {
            Plain::Number(_) => 0,
            Plain::Text(_) => 1,
            Plain::Flag(_) => 2,
            Plain::List(_) => 3,
        }
    }
}
