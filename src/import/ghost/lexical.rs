//! Texts of Ghost's editor since version 5: a tree of nodes.

use serde_json::Value;

use super::cards::{self, Cards};
use crate::import::html::Converter;
use crate::model::html::escape;

/// The deepest nesting of nodes.
const DEEPEST: usize = 100;

/// Bits of a text's format, with their elements. The first is innermost.
const FORMATS: [(u64, &str); 8] =
    [(16, "code"), (4, "s"), (8, "u"), (32, "sub"), (64, "sup"), (128, "mark"), (2, "em"), (1, "strong")];

/// Writes the text whose root is in `value`.
pub(super) fn write(value: &Value, to: &mut Converter, cards: &mut Cards) {
    let root = value.get("root").unwrap_or(value);
    for node in children(root) {
        let kind = kind(node);
        match element(node, kind) {
            Some(_) => to.html(&html(node, 0)),
            None if matches!(kind, "text" | "extended-text" | "link" | "autolink" | "linebreak") => {
                to.html(&html(node, 0));
            }
            None => cards::write(kind, node, to, cards),
        }
    }
}

fn children(node: &Value) -> &[Value] {
    node.get("children").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default()
}

fn kind(node: &Value) -> &str {
    node.get("type").and_then(Value::as_str).unwrap_or_default()
}

/// The element of a node that has text.
fn element<'a>(node: &'a Value, kind: &str) -> Option<&'a str> {
    Some(match kind {
        "paragraph" => "p",
        "heading" | "extended-heading" => {
            let tag = node.get("tag").and_then(Value::as_str).unwrap_or("h2");
            if matches!(tag, "h1" | "h2" | "h3" | "h4" | "h5" | "h6") { tag } else { "h2" }
        }
        "quote" | "extended-quote" | "aside" => "blockquote",
        "list" if node.get("listType").and_then(Value::as_str) == Some("number") => "ol",
        "list" => "ul",
        "listitem" => "li",
        _ => return None,
    })
}

/// The HTML of a node with text.
fn html(node: &Value, depth: usize) -> String {
    let kind = kind(node);
    let inner = || -> String {
        if depth >= DEEPEST {
            return String::new();
        }
        children(node).iter().map(|child| html(child, depth + 1)).collect()
    };
    match kind {
        "text" | "extended-text" | "tk" => text(node),
        "linebreak" => "<br>".to_owned(),
        "tab" => " ".to_owned(),
        "link" | "autolink" | "at-link" => {
            let url = node.get("url").and_then(Value::as_str).unwrap_or_default();
            format!("<a href=\"{}\">{}</a>", escape(url), inner())
        }
        _ => match element(node, kind) {
            Some("ol") => {
                let start = node.get("start").and_then(Value::as_u64).unwrap_or(1);
                format!("<ol start=\"{start}\">{}</ol>", inner())
            }
            // A list in an item of its own belongs to the item before.
            Some("li") if children(node).first().is_some_and(|first| self::kind(first) == "list") => inner(),
            Some(name) => format!("<{name}>{}</{name}>", inner()),
            None => inner(),
        },
    }
}

fn text(node: &Value) -> String {
    let words = node.get("text").and_then(Value::as_str).unwrap_or_default();
    let format = node.get("format").and_then(Value::as_u64).unwrap_or_default();
    let mut html = escape(words).into_owned();
    for (bit, name) in FORMATS {
        if format & bit != 0 {
            html = format!("<{name}>{html}</{name}>");
        }
    }
    html
}
