//! Metadata: a tree of values, each with its place in the file.
//!
//! `site.toml` and the front matter of sources are first read into [`Node`]s, whatever their language. [`Fields`]
//! then takes them apart: it reports every wrong type and unknown name with its line and column, and goes on.

mod asked;
mod fields;
mod json;
mod meant;
mod names;
mod plain;
mod syntax;
mod toml;
mod yaml;

use serde::{Deserialize, Serialize};
use std::collections::HashSet;
use std::ops::Range;

pub use asked::{Asked, recorded};
pub use fields::{Elsewhere, Fields};
pub use json::place_of as place_in_json;
use miette::Diagnostic;
pub use names::{folded, is_same};
pub use plain::Plain;
use thiserror::Error;

/// A value and the bytes of the file that hold it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Node {
    /// The value.
    pub value: Value,
    /// Its place in the file's text, in bytes.
    pub span: Range<usize>,
}

/// The value of a [`Node`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Value {
    /// YAML's and JSON's null.
    Null,
    /// True or false.
    Bool(bool),
    /// A whole number.
    Integer(i64),
    /// Any other number.
    Float(f64),
    /// Text.
    String(String),
    /// A TOML date-time, in TOML's own spelling.
    Date(String),
    /// A list.
    List(Vec<Node>),
    /// A table, in the order of the file.
    Table(Vec<Entry>),
}

impl Node {
    /// The items of a list without its empty ones; of any other value, the value itself.
    pub fn items(&self) -> impl Iterator<Item = &Node> {
        let items = match &self.value {
            Value::List(items) => items.as_slice(),
            _ => std::slice::from_ref(self),
        };
        items.iter().filter(|item| item.value != Value::Null)
    }
}

/// One key of a table with its value.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Entry {
    /// The key.
    pub key: String,
    /// The key's place in the file's text, in bytes.
    pub key_span: Range<usize>,
    /// Its value.
    pub node: Node,
}

impl Value {
    /// The name of this kind of value in messages.
    pub fn kind(&self) -> &'static str {
        match self {
            Value::Null => "nothing",
            Value::Bool(_) => "true or false",
            Value::Integer(_) | Value::Float(_) => "a number",
            Value::String(_) => "text",
            Value::Date(_) => "a date",
            Value::List(_) => "a list",
            Value::Table(_) => "a table",
        }
    }
}

/// The languages metadata is written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Language {
    /// TOML 1.1.
    Toml,
    /// YAML 1.2.
    Yaml,
    /// JSON (RFC 8259).
    Json,
}

impl Language {
    /// Its usual name.
    pub fn name(self) -> &'static str {
        match self {
            Language::Toml => "TOML",
            Language::Yaml => "YAML",
            Language::Json => "JSON",
        }
    }
}

/// Errors in metadata.
#[derive(Debug, Clone, PartialEq, Eq, Error, Diagnostic)]
pub enum MetadataError {
    /// The text is not in its language.
    #[error("this is not valid {}: {message}", .language.name())]
    #[diagnostic(
        code(metadata::syntax),
        help("mend the {} syntax here; nothing of this file was used", .language.name())
    )]
    Syntax {
        /// The language it should be in.
        language: Language,
        /// The parser's message.
        message: String,
    },
    /// A value has the wrong kind.
    #[error("`{key}` should be {expected}, but is {found}")]
    #[diagnostic(code(metadata::kind), help("write {example}"))]
    Kind {
        /// The field.
        key: String,
        /// The expected kind of value.
        expected: &'static str,
        /// The kind that it has.
        found: &'static str,
        /// An example of how to write it.
        example: String,
    },
    /// A value of the right kind that can't be used.
    #[error("`{key}` can't be \u{201c}{found}\u{201d}: {reason}")]
    #[diagnostic(code(metadata::value), help("{remedy}"))]
    Value {
        /// The field.
        key: String,
        /// Its value.
        found: String,
        /// The reason why it can't be used.
        reason: String,
        /// How to mend it.
        remedy: String,
    },
    /// A value with a secret in it, which the message doesn't show.
    #[error("`{key}` can't have that value: {reason}")]
    #[diagnostic(code(metadata::value), help("{remedy}"))]
    Secret {
        /// The field.
        key: String,
        /// The reason why it can't be used.
        reason: String,
        /// How to mend it.
        remedy: String,
    },
    /// An address of a kind that pages and feeds don't carry.
    #[error("`{key}` is a `{scheme}:` address, which is left out of pages and feeds")]
    #[diagnostic(
        severity(warning),
        code(metadata::address),
        help("write an address that begins with `https://`, or a path of the site")
    )]
    Address {
        /// The field.
        key: String,
        /// The scheme of its value.
        scheme: String,
    },
    /// A field that is not known: most likely a typing error.
    #[error("`{key}` is not a field of {owner}")]
    #[diagnostic(severity(warning), code(metadata::unknown), help("{remedy}"))]
    Unknown {
        /// The field.
        key: String,
        /// The owner of the field: "an article", "`[feeds]`".
        owner: String,
        /// The nearest known name, or the place for the author's own values.
        remedy: String,
    },
    /// A field that is there twice.
    #[error("`{key}` is here twice: line {first} has it too{spelling}")]
    #[diagnostic(code(metadata::twice), help("keep one of the two"))]
    Twice {
        /// The field, as it is spelt the second time.
        key: String,
        /// The line of the first one, from 1; counted from the beginning of the file.
        first: u32,
        /// How the first one is spelt, if otherwise.
        spelling: String,
    },
    /// A field that must be there is not.
    #[error("{owner} has no `{key}`")]
    #[diagnostic(code(metadata::missing), help("add a line such as {example}"))]
    Missing {
        /// The field.
        key: &'static str,
        /// The owner that lacks it.
        owner: String,
        /// An example of a valid line.
        example: &'static str,
    },
}

/// Parses `text`, which starts at byte `offset` of its file, into a tree whose spans count from the file's start.
///
/// # Errors
/// [`MetadataError::Syntax`], with the bytes of the file where parsing stopped.
pub fn parse(language: Language, text: &str, offset: usize) -> Result<Node, (MetadataError, Range<usize>)> {
    let parsed = match language {
        Language::Toml => toml::parse(text),
        Language::Yaml => yaml::parse(text),
        Language::Json => json::parse(text),
    };
    match parsed {
        Ok(mut node) => {
            if let Some(key) = node.key_that_is_twice() {
                let message = format!("the key `{}` is here twice", key.key);
                let span = key.key_span.start + offset..key.key_span.end + offset;
                return Err((MetadataError::Syntax { language, message }, span));
            }
            node.shift(offset);
            Ok(node)
        }
        Err((message, span)) => {
            let message = message.lines().next().unwrap_or("unreadable").trim().to_owned();
            Err((MetadataError::Syntax { language, message }, span.start + offset..span.end + offset))
        }
    }
}

impl Node {
    fn shift(&mut self, by: usize) {
        self.span = self.span.start + by..self.span.end + by;
        match &mut self.value {
            Value::List(items) => items.iter_mut().for_each(|item| item.shift(by)),
            Value::Table(entries) => {
                for entry in entries {
                    entry.key_span = entry.key_span.start + by..entry.key_span.end + by;
                    entry.node.shift(by);
                }
            }
            _ => {}
        }
    }

    /// The second entry of some key that a table in this tree has twice. The parsers of YAML and JSON let it pass, and
    /// nobody can know which of the two is meant.
    fn key_that_is_twice(&self) -> Option<&Entry> {
        match &self.value {
            Value::List(items) => items.iter().find_map(Node::key_that_is_twice),
            Value::Table(entries) => {
                let mut seen = HashSet::with_capacity(entries.len());
                let twice = entries.iter().find(|entry| !seen.insert(entry.key.as_str()));
                twice.or_else(|| entries.iter().find_map(|entry| entry.node.key_that_is_twice()))
            }
            _ => None,
        }
    }

    /// Adds the entries of the table `other` whose keys this table lacks.
    pub fn add_missing(&mut self, other: &Node) {
        let (Value::Table(own), Value::Table(others)) = (&mut self.value, &other.value) else { return };
        for entry in others {
            if own.iter().all(|known| known.key != entry.key) {
                own.push(entry.clone());
            }
        }
    }

    /// The value of `key`, if this is a table that has it.
    pub fn get(&self, key: &str) -> Option<&Node> {
        match &self.value {
            Value::Table(entries) => entries.iter().find(|entry| entry.key == key).map(|entry| &entry.node),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text_of<'a>(text: &'a str, node: &Node) -> &'a str {
        &text[node.span.clone()]
    }

    #[test]
    fn the_three_languages_give_one_tree() {
        let toml = "title = \"Tide\"\ntags = [\"sea\", \"moon\"]\n[extra]\ndepth = 3\n";
        let yaml = "title: Tide\ntags: [sea, moon]\nextra:\n  depth: 3\n";
        let json = "{\"title\": \"Tide\", \"tags\": [\"sea\", \"moon\"], \"extra\": {\"depth\": 3}}";
        for (language, text) in [(Language::Toml, toml), (Language::Yaml, yaml), (Language::Json, json)] {
            let node = parse(language, text, 0).unwrap();
            assert_eq!(node.get("title").unwrap().value, Value::String("Tide".into()), "{language:?}");
            assert_eq!(node.get("extra").unwrap().get("depth").unwrap().value, Value::Integer(3));
            let Value::List(tags) = &node.get("tags").unwrap().value else { panic!("{language:?}") };
            assert!(text_of(text, &tags[1]).contains("moon"), "{language:?}");
            assert!(text_of(text, node.get("title").unwrap()).contains("Tide"), "{language:?}");
            let Value::Table(entries) = &node.value else { panic!("{language:?}") };
            assert!(text[entries[1].key_span.clone()].contains("tags"), "{language:?}");
        }
    }

    #[test]
    fn spans_count_from_the_start_of_the_file() {
        let file = "+++\ntitle = 1\n+++\n";
        let node = parse(Language::Toml, &file[4..14], 4).unwrap();
        assert_eq!(text_of(file, node.get("title").unwrap()), "1");
    }

    #[test]
    fn a_syntax_error_points_into_the_file() {
        for (language, text) in [
            (Language::Toml, "a = 1\nb = = 2\n"),
            (Language::Yaml, "a: 1\nb: [2\n"),
            (Language::Json, "{\"a\": 1,\n \"b\" 2}"),
        ] {
            let (error, span) = parse(language, text, 10).unwrap_err();
            assert!(error.to_string().contains(language.name()));
            assert!(span.start >= 10 + 5, "{language:?} {span:?}");
        }
        // Characters of several bytes move no place, and nothing is behind the end.
        let json = "{\"a\": \"\u{f6}\u{6d77}\u{6e2f}\", \"b\": 1-2}\n\nx\n";
        let (_, span) = parse(Language::Json, json, 0).unwrap_err();
        assert_eq!(span.start, json.find("-2").unwrap());
        for cut in ["{", "{\n\"\u{f6}", "[1,\n"] {
            let (_, span) = parse(Language::Json, cut, 0).unwrap_err();
            assert!(span.start <= span.end && span.end <= cut.len(), "{cut:?} {span:?}");
        }
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_read_or_refused(text in "\\PC*|[\\[\\]{}:=\"\n a-c#|>&*!-]*") {
            for language in [Language::Toml, Language::Yaml, Language::Json] {
                let _ = parse(language, &text, 3);
            }
        }
    }
}
