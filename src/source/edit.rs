//! Edits front matter: one field changes, and every other byte of the source stays.
//!
//! The edit is checked before it is returned: the new text is parsed again, and must have the new value and all other
//! fields as before.

use std::ops::Range;

use miette::Diagnostic;
use thiserror::Error;

use super::Format;
use super::fence::split;
use crate::model::metadata::{Entry, Language, Node, Value, is_same, parse};

/// Reasons why a field can't be set.
#[derive(Debug, Clone, PartialEq, Eq, Error, Diagnostic)]
pub enum EditError {
    /// A wire article has lines of its own instead of front matter.
    #[error("a wire article has no front matter")]
    #[diagnostic(
        code(set::wire),
        help("write its lines by hand, such as `PUBLISHED : 14 February 2014 2:47pm`")
    )]
    Wire,
    /// The front matter is invalid.
    #[error("its front matter can't be read: {reason}")]
    #[diagnostic(code(set::unreadable), help("mend it first; `dateline build` shows the place"))]
    Unreadable {
        /// The parser's message.
        reason: String,
    },
    /// The field is written in a form that can't be changed without touching others.
    #[error("`{key}` can't be changed in place")]
    #[diagnostic(code(set::place), help("change it by hand; the file is as it was"))]
    NotInPlace {
        /// The field.
        key: String,
    },
    /// The field to remove is not there.
    #[error("it has no `{key}`")]
    #[diagnostic(code(set::missing), help("`dateline explain` shows the source; the file is as it was"))]
    Missing {
        /// The field.
        key: String,
    },
}

/// A change of one field.
#[derive(Debug, Clone, PartialEq)]
pub enum Change {
    /// The field gets this value.
    Set(Value),
    /// The field is removed.
    Remove,
}

/// The value that a person means by `text`: `true`, a number, a date and a list in TOML's spelling are these; anything
/// else is text.
pub fn value_of(text: &str) -> Value {
    let line = format!("value = {text}");
    let parsed = parse(Language::Toml, &line, 0).ok();
    let value = parsed.and_then(|node| match node.value {
        Value::Table(mut entries) if entries.len() == 1 => entries.pop(),
        _ => None,
    });
    match value.filter(|entry| entry.key == "value").map(|entry| entry.node.value) {
        Some(Value::Table(_)) | None => Value::String(text.to_owned()),
        Some(value) => value,
    }
}

/// Applies `change` to the field `key` of the source `text`. A source without front matter gets a TOML block.
///
/// # Errors
/// [`EditError`]; nothing of the text is then changed.
pub fn edit(text: &str, format: Format, key: &str, change: &Change) -> Result<String, EditError> {
    if format == Format::Wire {
        return Err(EditError::Wire);
    }
    if let Some(text) = text.strip_prefix('\u{feff}') {
        return Ok(format!("\u{feff}{}", edit(text, format, key, change)?));
    }
    let unreadable = |reason: String| EditError::Unreadable { reason };
    let (block, _) = split(text).map_err(|(error, _)| unreadable(error.to_string()))?;
    let Some((language, range)) = block else { return begin(text, key, change) };
    let tree = parse(language, &text[range.clone()], range.start)
        .map_err(|(error, _)| unreadable(error.to_string()))?;
    let Value::Table(entries) = &tree.value else {
        return Err(EditError::NotInPlace { key: key.to_owned() });
    };
    let at = entries.iter().position(|entry| is_same(&entry.key, key));
    let (range, new) = match (at, change) {
        (Some(at), Change::Set(value)) => (entries[at].node.span.clone(), written(language, value)),
        (Some(at), Change::Remove) => (line_of(text, language, entries, at), String::new()),
        (None, Change::Set(value)) => inserted(text, language, range, entries, key, value),
        (None, Change::Remove) => return Err(EditError::Missing { key: key.to_owned() }),
    };
    let is_inside = text.is_char_boundary(range.start) && text.is_char_boundary(range.end);
    if !is_inside || range.start > range.end {
        return Err(EditError::NotInPlace { key: key.to_owned() });
    }
    let edited = format!("{}{new}{}", &text[..range.start], &text[range.end..]);
    match is_as_meant(text, &edited, entries, key, change) {
        true => Ok(edited),
        false => Err(EditError::NotInPlace { key: key.to_owned() }),
    }
}

/// The source `text`, which has no front matter, with a block that has one field.
fn begin(text: &str, key: &str, change: &Change) -> Result<String, EditError> {
    let Change::Set(value) = change else { return Err(EditError::Missing { key: key.to_owned() }) };
    let value = written(Language::Toml, value);
    Ok(format!("+++\n{} = {value}\n+++\n{text}", quoted_key(key)))
}

/// True if `edited` is `text` with only this change.
fn is_as_meant(text: &str, edited: &str, before: &[Entry], key: &str, change: &Change) -> bool {
    let Ok((old, old_body)) = split(text) else { return false };
    let Ok((Some((language, range)), body)) = split(edited) else {
        return false;
    };
    let is_same_block = old.is_some_and(|(old, _)| old == language) && edited[body..] == text[old_body..];
    let Ok(tree) = parse(language, &edited[range], 0) else { return false };
    let Value::Table(after) = &tree.value else { return false };
    let others = |entries: &[Entry]| -> Vec<(String, Value)> {
        let others = entries.iter().filter(|entry| !is_same(&entry.key, key));
        others.map(|entry| (entry.key.clone(), plain(&entry.node))).collect()
    };
    let now = after.iter().find(|entry| is_same(&entry.key, key)).map(|entry| plain(&entry.node));
    let is_set = match change {
        Change::Set(value) => now.is_some_and(|now| is_equal(&now, value)),
        Change::Remove => now.is_none(),
    };
    is_same_block && is_set && others(before) == others(after)
}

/// A value without its places.
fn plain(node: &Node) -> Value {
    fn bare(node: &Node) -> Node {
        Node { value: plain(node), span: 0..0 }
    }
    match &node.value {
        Value::List(items) => Value::List(items.iter().map(bare).collect()),
        Value::Table(entries) => {
            let bare =
                |entry: &Entry| Entry { key: entry.key.clone(), key_span: 0..0, node: bare(&entry.node) };
            Value::Table(entries.iter().map(bare).collect())
        }
        value => value.clone(),
    }
}

/// True if the value `found` is `wanted` as its language has it: YAML and JSON have no dates.
fn is_equal(found: &Value, wanted: &Value) -> bool {
    match (found, wanted) {
        (Value::String(found), Value::Date(wanted)) => found == wanted,
        (Value::List(found), Value::List(wanted)) => {
            found.len() == wanted.len()
                && found.iter().zip(wanted).all(|(found, wanted)| is_equal(&found.value, &wanted.value))
        }
        (found, wanted) => found == wanted,
    }
}

/// `value` in the syntax of `language`.
fn written(language: Language, value: &Value) -> String {
    let quoted = |text: &str| match language {
        Language::Toml => toml::Value::String(text.to_owned()).to_string(),
        // A string of JSON is one of YAML too.
        Language::Yaml | Language::Json => serde_json::Value::from(text).to_string(),
    };
    match value {
        Value::Null => quoted(""),
        Value::Bool(flag) => flag.to_string(),
        Value::Integer(number) => number.to_string(),
        Value::Float(number) => format!("{number:?}"),
        Value::String(text) => quoted(text),
        Value::Date(date) if language == Language::Json => quoted(date),
        Value::Date(date) => date.clone(),
        Value::List(items) => {
            let items: Vec<String> = items.iter().map(|item| written(language, &item.value)).collect();
            format!("[{}]", items.join(", "))
        }
        Value::Table(_) => quoted(""),
    }
}

fn quoted_key(key: &str) -> String {
    let is_bare =
        !key.is_empty() && key.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-".contains(&byte));
    if is_bare { key.to_owned() } else { serde_json::Value::from(key).to_string() }
}

/// The place and the text of a new field: below the last field of one line that precedes all tables.
fn inserted(
    text: &str,
    language: Language,
    block: Range<usize>,
    entries: &[Entry],
    key: &str,
    value: &Value,
) -> (Range<usize>, String) {
    let (key, value) = (quoted_key(key), written(language, value));
    if language == Language::Json {
        return match entries.last() {
            Some(last) => {
                (last.node.span.end..last.node.span.end, format!(",\n  {}: {value}", json_key(&key)))
            }
            None => (block.start + 1..block.start + 1, format!("\n  {}: {value}\n", json_key(&key))),
        };
    }
    let is_simple = |entry: &&Entry| !matches!(entry.node.value, Value::Table(_) | Value::List(_));
    let above = entries.iter().take_while(is_simple).last();
    let at = above.map_or(block.start, |entry| {
        let end = entry.node.span.end.max(entry.key_span.end);
        text[end..block.end].find('\n').map_or(block.end, |line_end| end + line_end + 1)
    });
    let end = if text[..at].ends_with("\r\n") { "\r\n" } else { "\n" };
    let line = match language {
        Language::Toml => format!("{key} = {value}{end}"),
        _ => format!("{key}: {value}{end}"),
    };
    (at..at, line)
}

fn json_key(key: &str) -> String {
    if key.starts_with('"') { key.to_owned() } else { format!("\"{key}\"") }
}

/// The bytes of a field with its whole lines; in JSON, with one comma beside it.
fn line_of(text: &str, language: Language, entries: &[Entry], at: usize) -> Range<usize> {
    let entry = &entries[at];
    if language == Language::Json {
        return match (at.checked_sub(1).map(|before| &entries[before]), entries.get(at + 1)) {
            (Some(before), _) => before.node.span.end..entry.node.span.end,
            (None, Some(after)) => entry.key_span.start..after.key_span.start,
            (None, None) => entry.key_span.start..entry.node.span.end,
        };
    }
    let start = text[..entry.key_span.start].rfind('\n').map_or(0, |line| line + 1);
    let end = entry.node.span.end.max(entry.key_span.end);
    let end = text[end..].find('\n').map_or(text.len(), |line| end + line + 1);
    start..end
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(text: &str, key: &str, value: &str) -> Result<String, EditError> {
        edit(text, Format::Markdown, key, &Change::Set(value_of(value)))
    }

    #[test]
    fn a_value_changes_and_comments_and_order_stay() {
        for (text, edited) in [
            (
                "+++\n# Front\ntitle = 'Ferry' # short\ndate = 2014-02-14\n[extra]\ndraft = 1\n+++\nText\n",
                "+++\n# Front\ntitle = \"Quay\" # short\ndate = 2014-02-14\n[extra]\ndraft = 1\n+++\nText\n",
            ),
            (
                "---\ntitle: Ferry # short\ntags: [a]\n---\nText\n",
                "---\ntitle: \"Quay\" # short\ntags: [a]\n---\nText\n",
            ),
            (
                "{\n  \"title\": \"Ferry\",\n  \"n\": 1\n}\nText\n",
                "{\n  \"title\": \"Quay\",\n  \"n\": 1\n}\nText\n",
            ),
        ] {
            assert_eq!(set(text, "title", "Quay").unwrap(), edited);
        }
    }

    #[test]
    fn a_new_field_goes_above_lists_and_tables() {
        for (text, edited) in [
            (
                "+++\ntitle = \"F\"\ntags = [\"a\"]\n[extra]\nx = 1\n+++\n",
                "+++\ntitle = \"F\"\ndraft = true\ntags = [\"a\"]\n[extra]\nx = 1\n+++\n",
            ),
            ("---\r\ntitle: F\r\n---\r\n", "---\r\ntitle: F\r\ndraft: true\r\n---\r\n"),
            ("---\n---\n", "---\ndraft: true\n---\n"),
            ("{\"title\": \"F\"}\n", "{\"title\": \"F\",\n  \"draft\": true}\n"),
            ("{}\nText", "{\n  \"draft\": true\n}\nText"),
            ("Text\n", "+++\ndraft = true\n+++\nText\n"),
        ] {
            assert_eq!(set(text, "draft", "true").unwrap(), edited);
        }
    }

    #[test]
    fn a_field_is_removed_with_its_line() {
        for (text, edited) in [
            ("+++\ntitle = \"F\"\ndraft = true # wait\n+++\n", "+++\ntitle = \"F\"\n+++\n"),
            ("---\ndraft: true\ntitle: F\n---\n", "---\ntitle: F\n---\n"),
            ("{\"draft\": true, \"title\": \"F\"}", "{\"title\": \"F\"}"),
            ("{\"title\": \"F\", \"draft\": true}", "{\"title\": \"F\"}"),
        ] {
            assert_eq!(edit(text, Format::Markdown, "draft", &Change::Remove).unwrap(), edited);
        }
        let missing = edit("+++\n+++\n", Format::Markdown, "draft", &Change::Remove);
        assert_eq!(missing, Err(EditError::Missing { key: "draft".into() }));
    }

    #[test]
    fn a_value_is_of_the_type_that_it_looks_like() {
        assert_eq!(value_of("true"), Value::Bool(true));
        assert_eq!(value_of("12"), Value::Integer(12));
        assert_eq!(value_of("2014-02-14T14:47:00+08:00"), Value::Date("2014-02-14T14:47:00+08:00".into()));
        assert_eq!(value_of("14 February 2014"), Value::String("14 February 2014".into()));
        assert_eq!(value_of("\"12\""), Value::String("12".into()));
        assert_eq!(value_of("1\nb = 2"), Value::String("1\nb = 2".into()));
    }

    #[test]
    fn dates_and_lists_are_written_in_each_language() {
        let toml = set("+++\n+++\n", "tags", "[\"a\", \"b\"]").unwrap();
        assert_eq!(toml, "+++\ntags = [\"a\", \"b\"]\n+++\n");
        assert_eq!(set("---\n---\n", "date", "2014-02-14").unwrap(), "---\ndate: 2014-02-14\n---\n");
        assert_eq!(set("{\"date\": 1}", "date", "2014-02-14").unwrap(), "{\"date\": \"2014-02-14\"}");
    }

    #[test]
    fn a_wire_article_and_invalid_front_matter_are_refused() {
        let change = Change::Set(Value::Bool(true));
        assert_eq!(edit("Title\n", Format::Wire, "draft", &change), Err(EditError::Wire));
        let invalid = edit("+++\na = = 1\n+++\n", Format::Markdown, "draft", &change);
        assert!(matches!(invalid, Err(EditError::Unreadable { .. })));
    }

    proptest::proptest! {
        #[test]
        fn an_edit_changes_its_field_or_nothing(
            block in "(title = \"[a-z]\"\n|date = 2014-02-14\n|# [a-z]\n|tags = \\[\n  1,\n\\]\n|\\[extra\\]\n|a: [|>]\n  b\n|d: \\{e: 1\\}\n|- 1\n)*",
            fence in "\\+\\+\\+|---",
            key in "title|date|tags|a|d|new",
        ) {
            let text = format!("{fence}\n{block}{fence}\nText\n");
            if let Ok(edited) = set(&text, &key, "42") {
                let end = format!("{fence}\nText\n");
                proptest::prop_assert!(edited.ends_with(&end));
                let (found, _) = split(&edited).unwrap();
                let (language, range) = found.unwrap();
                let tree = parse(language, &edited[range], 0).unwrap();
                proptest::prop_assert_eq!(&tree.get(&key).unwrap().value, &Value::Integer(42));
            }
        }
    }
}
