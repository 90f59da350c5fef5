//! JSON Schema (draft 2020-12) of `site.toml` and of front matter.
//!
//! The readers are the source: each field is given values of several kinds, and what the reader asks of them, and what
//! it refuses, says what the field may be ([`probe`]). The words come from the documentation ([`words`]).

mod probe;
mod words;

use std::sync::Arc;

use probe::Probe;
use serde_json::{Value, json};
pub use words::{Words, documented};

use crate::config::Config;
use crate::model::date::PUBLISHED;
use crate::model::metadata::Node;
use crate::source::{self, Known, Owner};

/// The dialect.
const DIALECT: &str = "https://json-schema.org/draft/2020-12/schema";

/// The schema of `site.toml`.
pub fn of_site() -> Value {
    let read = |node: &Node, text: &str| {
        Config::of(node, text, &mut Vec::new());
    };
    let words = Words::of_site();
    let schema = Probe::new(&read, words.example().clone(), &words).schema();
    headed("Settings of a Dateline site: site.toml", schema)
}

/// The schema of the front matter that `owner` has, in a site with these taxonomies; `ignored` are fields that are no
/// mistake, and `is_dated` says that there has to be a date.
pub fn of_front_matter(owner: Owner, taxonomies: &[String], ignored: &[String], is_dated: bool) -> Value {
    let file: Arc<str> = "content/a.md".into();
    let known = Known { taxonomies, ignored };
    let read = |node: &Node, text: &str| {
        source::read(node, owner, known, &file, text, &mut Vec::new());
    };
    let words = Words::of_front_matter();
    let mut schema = Probe::new(&read, words.example().clone(), &words).schema();
    if is_dated && let Some(map) = schema.as_object_mut() {
        let any: Vec<Value> = PUBLISHED.iter().map(|key| json!({ "required": [key] })).collect();
        map.insert("anyOf".to_owned(), Value::from(any));
    }
    let title = match owner {
        Owner::Article | Owner::Row => "Front matter of an article or a page",
        Owner::Section | Owner::Cascade => "Front matter of a section: _index.md",
    };
    headed(title, schema)
}

fn headed(title: &str, schema: Value) -> Value {
    let mut all = json!({ "$schema": DIALECT, "title": title });
    if let (Some(all), Value::Object(schema)) = (all.as_object_mut(), schema) {
        all.extend(schema);
    }
    all
}
