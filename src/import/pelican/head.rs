//! The fields of a file of Pelican.

use crate::import::front::Front;
use crate::model::html::plain;
use crate::model::metadata::{Entry, Node, Value};

/// The fields of a file: headers `Key: value` up to an empty line, YAML, or the `meta` elements of HTML. The line at which
/// the text begins comes with them.
pub(super) fn head(text: &str, is_html: bool) -> (Front, String, u32) {
    if is_html {
        return html_head(text);
    }
    if text.starts_with("---")
        && let Ok(front) = Front::of(text)
        && !front.fields().is_empty()
    {
        let (body, line) = (text[front.body..].to_owned(), front.line_of(front.body));
        return (front, body, line);
    }
    let mut entries: Vec<Entry> = Vec::new();
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let trimmed = line.trim_end();
        let is_more = line.starts_with("    ") || line.starts_with('\t');
        let start = at;
        at += line.len();
        if trimmed.is_empty() {
            break;
        }
        if let (true, Some(entry)) = (is_more, entries.last_mut()) {
            if let Value::String(value) = &mut entry.node.value {
                value.push(' ');
                value.push_str(trimmed.trim());
            }
            continue;
        }
        let field = trimmed.split_once(':').filter(|(key, _)| {
            !key.is_empty() && key.chars().all(|c| c.is_ascii_alphanumeric() || "_-".contains(c))
        });
        let Some((key, value)) = field else {
            at = start;
            break;
        };
        let node = Node { value: Value::String(value.trim().to_owned()), span: start..at };
        entries.push(Entry { key: key.to_lowercase(), key_span: start..start + key.len(), node });
    }
    let front = Front::made(text, entries, at);
    let line = front.line_of(at.min(text.len()));
    (front, text[at..].to_owned(), line)
}

/// The `title` and `meta` elements of an HTML file, and its body.
fn html_head(text: &str) -> (Front, String, u32) {
    let lower = text.to_ascii_lowercase();
    let mut entries = Vec::new();
    let mut add = |key: &str, value: &str, at: usize| {
        let node = Node { value: Value::String(plain(value)), span: at..at };
        entries.push(Entry { key: key.to_lowercase(), key_span: at..at, node });
    };
    let between = |open: &str, close: &str| {
        let start = lower.find(open)? + open.len();
        let start = start + if open.ends_with('>') { 0 } else { lower[start..].find('>')? + 1 };
        Some((start, lower[start..].find(close).map_or(text.len(), |end| start + end)))
    };
    if let Some((start, end)) = between("<title>", "</title>") {
        add("title", &text[start..end], start);
    }
    let mut at = 0;
    while let Some(found) = lower[at..].find("<meta").map(|found| at + found) {
        let end = lower[found..].find('>').map_or(text.len(), |end| found + end);
        let attributes = crate::import::shortcodes::Arguments::of(text[found + 5..end].trim_end_matches('/'));
        let get = |name: &str| attributes.get(&[name], usize::MAX).map(str::to_owned);
        if let Some((name, content)) = get("name").zip(get("content")) {
            add(&name, &content, found);
        }
        at = end;
    }
    let (start, end) = between("<body", "</body>").unwrap_or((0, text.len()));
    let front = Front::made(text, entries, start);
    let line = front.line_of(start);
    (front, text[start..end].trim().to_owned(), line)
}
