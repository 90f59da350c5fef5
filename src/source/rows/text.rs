//! The text of a row: TOML front matter and the body.

use std::ops::Range;

use super::Cell;
use crate::model::metadata::{Entry, Node, Value};

/// The text of a row that is being written.
#[derive(Default)]
pub(super) struct RowText {
    text: String,
    cells: Vec<Cell>,
}

impl RowText {
    /// Begins the front matter.
    pub fn new() -> RowText {
        RowText { text: "+++\n".to_owned(), cells: Vec::new() }
    }

    /// Adds the field `key` with the value of the cell `span`.
    pub fn field(&mut self, key: &str, value: &Value, span: &Range<usize>) {
        let Some(written) = written(value) else { return };
        let is_bare = key.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
        match is_bare && !key.is_empty() {
            true => self.text.push_str(key),
            false => self.text.push_str(&quoted(key)),
        }
        self.text.push_str(" = ");
        self.cell(&written, span);
        self.text.push('\n');
    }

    /// Adds a field with a value that is in no cell.
    pub fn fixed(&mut self, key: &str, value: &str) {
        self.text.extend([key, " = ", &quoted(value), "\n"]);
    }

    /// Adds the field `key`, a table of the `parts`: names, values and cells.
    pub fn table(&mut self, key: &str, parts: &[(&str, Value, Range<usize>)]) {
        self.text.extend([key, " = { "]);
        for (number, (name, value, span)) in parts.iter().enumerate() {
            self.text.push_str(if number == 0 { "" } else { ", " });
            self.text.extend([name, " = "]);
            self.cell(&written(value).unwrap_or_else(|| "\"\"".to_owned()), span);
        }
        self.text.push_str(" }\n");
    }

    /// Begins the table `extra`.
    pub fn begin_extra(&mut self) {
        self.text.push_str("[extra]\n");
    }

    /// Adds a value of the author's own.
    pub fn own(&mut self, key: &str, node: &Node) {
        self.field(key, &node.value, &node.span);
    }

    /// Ends the front matter; adds the body with its cell.
    pub fn end(mut self, body: Option<(&str, &Range<usize>)>) -> (Box<str>, Box<[Cell]>) {
        self.text.push_str("+++\n");
        if let Some((body, span)) = body {
            self.cells.push(Cell { at: self.text.len(), is_quoted: false, span: span.clone() });
            self.text.push_str(body);
        }
        (self.text.into(), self.cells.into())
    }

    fn cell(&mut self, written: &str, span: &Range<usize>) {
        self.cells.push(Cell {
            at: self.text.len(),
            is_quoted: written.starts_with('"'),
            span: span.clone(),
        });
        self.text.push_str(written);
    }
}

/// `value` in TOML, in one line; `None` for nothing.
pub(super) fn written(value: &Value) -> Option<String> {
    Some(match value {
        Value::Null => return None,
        Value::Bool(flag) => flag.to_string(),
        Value::Integer(number) => number.to_string(),
        Value::Float(number) if number.is_finite() => format!("{number:?}"),
        Value::Float(number) => quoted(&number.to_string()),
        Value::String(text) => quoted(text),
        Value::Date(date) if date.parse::<toml::value::Datetime>().is_ok() => date.clone(),
        Value::Date(date) => quoted(date),
        Value::List(items) => {
            let items: Vec<String> = items.iter().filter_map(|item| written(&item.value)).collect();
            format!("[{}]", items.join(", "))
        }
        Value::Table(entries) => {
            let entries = entries.iter().filter_map(|Entry { key, node, .. }| {
                Some(format!("{} = {}", quoted(key), written(&node.value)?))
            });
            format!("{{{}}}", entries.collect::<Vec<_>>().join(", "))
        }
    })
}

/// `text` as a basic string of TOML, which has the escapes of JSON's, and one more.
fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string().replace('\u{7f}', "\\u007f")
}

/// The byte of the cell `raw` at which the first `offset` bytes of `written` end, if the cell begins with them; a quote may
/// be there twice.
pub(super) fn offset_in(raw: &str, written: &str, offset: usize) -> Option<usize> {
    let (raw, written) = (raw.as_bytes(), written.as_bytes().get(..offset)?);
    let mut at = 0;
    for byte in written {
        if raw.get(at) != Some(byte) {
            return None;
        }
        at += 1;
        if *byte == b'"' && raw.get(at) == Some(&b'"') {
            at += 1;
        }
    }
    Some(at)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::metadata::{Language, parse};

    fn node(value: Value) -> Node {
        Node { value, span: 0..0 }
    }

    #[test]
    fn every_value_comes_back_as_it_was() {
        let texts =
            ["", "a \"b\" c", "line\nline\r\n\ttab", "\u{7f}\u{0}\u{1b}", "'''\"\"\"", "\\", "\u{1f375} tea"];
        let mut values: Vec<Value> = texts.iter().map(|text| Value::String((*text).to_owned())).collect();
        values.extend([
            Value::Bool(true),
            Value::Integer(i64::MIN),
            Value::Float(0.1),
            Value::Float(1e300),
            Value::Float(-5.0),
            Value::Date("2024-05-01".to_owned()),
            Value::List(vec![node(Value::Integer(1)), node(Value::String("x\ny".to_owned()))]),
            Value::Table(vec![]),
        ]);
        for value in values {
            let mut row = RowText::new();
            row.field("a", &value, &(0..0));
            let (text, _) = row.end(None);
            let block = text.trim_start_matches("+++\n").trim_end_matches("+++\n");
            assert_eq!(block.matches('\n').count(), 1, "{block}");
            let tree = parse(Language::Toml, block, 0).unwrap_or_else(|error| panic!("{block}: {error:?}"));
            let mut found = tree.get("a").unwrap().value.clone();
            if let Value::List(items) = &mut found {
                items.iter_mut().for_each(|item| item.span = 0..0);
            }
            assert_eq!(found, value);
        }
    }

    #[test]
    fn bytes_of_a_cell_are_found_where_quotes_are_doubled() {
        let (raw, written) = ("a \"\"b\"\" c", "a \"b\" c");
        assert_eq!(offset_in(raw, written, written.find('c').unwrap()), raw.find('c'));
        assert_eq!(offset_in("a\\nb", "a\nb", 3), None);
    }
}
