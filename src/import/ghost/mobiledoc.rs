//! Texts of Ghost's editor of versions 1 to 4: sections of markers.

use serde_json::Value;

use super::cards::{self, Cards};
use crate::import::html::Converter;
use crate::model::html::escape;

/// Elements of sections and of text; others become paragraphs or are left out.
const SECTIONS: [&str; 11] = ["p", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "aside", "ul", "ol"];
const MARKS: [&str; 13] =
    ["a", "b", "strong", "i", "em", "code", "s", "del", "u", "sub", "sup", "mark", "ins"];

/// Writes the text.
pub(super) fn write(value: &Value, to: &mut Converter, cards: &mut Cards) {
    for section in list(value.get("sections")) {
        let tag = section.get(1).and_then(Value::as_str).unwrap_or("p");
        let tag = if SECTIONS.contains(&tag) { tag } else { "p" };
        let tag = if tag == "aside" { "blockquote" } else { tag };
        match section.get(0).and_then(Value::as_u64) {
            Some(1) => {
                let text = markers(list(section.get(2)), value);
                to.html(&format!("<{tag}>{text}</{tag}>"));
            }
            Some(2) => {
                let src = section.get(1).and_then(Value::as_str).unwrap_or_default();
                to.html(&format!("<figure><img src=\"{}\" alt=\"\"></figure>", escape(src)));
            }
            Some(3) => {
                let items = list(section.get(2))
                    .iter()
                    .map(|item| format!("<li>{}</li>", markers(list(Some(item)), value)));
                to.html(&format!("<{tag}>{}</{tag}>", items.collect::<String>()));
            }
            Some(10) => {
                let card = at(value, "cards", section.get(1));
                let name = card.and_then(|card| card.get(0)).and_then(Value::as_str).unwrap_or_default();
                let nothing = Value::Null;
                let payload = card.and_then(|card| card.get(1)).unwrap_or(&nothing);
                cards::write(name, payload, to, cards);
            }
            _ => {}
        }
    }
}

fn list(value: Option<&Value>) -> &[Value] {
    value.and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default()
}

/// The item of the list `name` whose number is in `index`.
fn at<'a>(value: &'a Value, name: &str, index: Option<&Value>) -> Option<&'a Value> {
    list(value.get(name)).get(usize::try_from(index?.as_u64()?).ok()?)
}

/// The HTML of markers: each opens some marks, has a text, and closes some.
fn markers(markers: &[Value], value: &Value) -> String {
    let mut html = String::new();
    let mut open: Vec<String> = Vec::new();
    for marker in markers {
        for index in list(marker.get(1)) {
            let mark = at(value, "markups", Some(index));
            let name = mark.and_then(|mark| mark.get(0)).and_then(Value::as_str).unwrap_or_default();
            let name = name.to_ascii_lowercase();
            let is_known = MARKS.contains(&name.as_str()) && open.len() < 32;
            if is_known {
                let attributes = list(mark.and_then(|mark| mark.get(1)));
                let href =
                    attributes.chunks(2).find(|pair| pair.first().and_then(Value::as_str) == Some("href"));
                let href = href.and_then(|pair| pair.get(1)).and_then(Value::as_str);
                let href = href.map(|href| format!(" href=\"{}\"", escape(href))).unwrap_or_default();
                html.push_str(&format!("<{name}{href}>"));
            }
            open.push(if is_known { name } else { String::new() });
        }
        match marker.get(0).and_then(Value::as_u64) {
            Some(1) => {
                let atom = at(value, "atoms", marker.get(3));
                let name = atom.and_then(|atom| atom.get(0)).and_then(Value::as_str).unwrap_or_default();
                let words = atom.and_then(|atom| atom.get(1)).and_then(Value::as_str).unwrap_or_default();
                html.push_str(if name == "soft-return" { "<br>" } else { "" });
                html.push_str(&escape(words));
            }
            _ => html.push_str(&escape(marker.get(3).and_then(Value::as_str).unwrap_or_default())),
        }
        let closed = marker.get(2).and_then(Value::as_u64).unwrap_or_default();
        for _ in 0..closed.min(open.len() as u64) {
            if let Some(name) = open.pop().filter(|name| !name.is_empty()) {
                html.push_str(&format!("</{name}>"));
            }
        }
    }
    for name in open.iter().rev().filter(|name| !name.is_empty()) {
        html.push_str(&format!("</{name}>"));
    }
    html
}
