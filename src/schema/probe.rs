//! Finds out what a reader accepts, field by field.

use std::collections::BTreeSet;

use serde_json::{Map, Value as Json, json};

use super::Words;
use crate::model::metadata::{Asked, Entry, Node, Value, recorded};

/// Bytes between two values of a probe, so that a problem inside one is known to be its own.
const STRIDE: usize = 64;

/// Tables in tables beyond which nothing is looked at.
const DEEPEST: usize = 6;

/// A field that stands for all whose names an author chooses.
const SAMPLE: &str = "sample";

/// A step from a table to a value in it.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Step {
    Field(String),
    /// The first item of a list.
    Item,
}

/// A reader with a tree that it accepts.
pub(super) struct Probe<'a> {
    read: &'a dyn Fn(&Node, &str),
    tree: Node,
    words: &'a Words,
}

/// The questions that a reader asks about one value in several forms.
#[derive(Default)]
struct Answers {
    choices: Vec<String>,
    text: bool,
    texts: bool,
    number: bool,
    flag: bool,
    whole: Option<(i64, i64)>,
    table: Option<Json>,
    tables: Option<Json>,
    /// Forms that were neither asked about nor refused.
    silent: BTreeSet<&'static str>,
}

impl<'a> Probe<'a> {
    pub fn new(read: &'a dyn Fn(&Node, &str), tree: Node, words: &'a Words) -> Self {
        Probe { read, tree, words }
    }

    /// The schema of the whole tree.
    pub fn schema(&self) -> Json {
        self.table(&self.tree, &[])
    }

    /// The questions that the reader asks about `tree`, and the byte of the value at `path` in it.
    fn ask(&self, tree: &Node, path: &[Step]) -> (Vec<Asked>, usize) {
        let mut tree = tree.clone();
        let mut number = 0;
        place(&mut tree, &mut number);
        let text = "x".repeat((number + 1) * STRIDE);
        let start = find(&tree, path).map_or(usize::MAX, |node| node.span.start);
        (recorded(|| (self.read)(&tree, &text)), start)
    }

    /// `tree` with the fields without which the reader asks for no more of the table at `path`.
    fn completed(&self, tree: &Node, path: &[Step]) -> Node {
        let mut tree = tree.clone();
        let (asked, start) = self.ask(&tree, path);
        let missing = asked.iter().filter_map(|one| match one {
            Asked::Missing(at, message) if *at == start => message.split('`').nth_back(1),
            _ => None,
        });
        let missing: Vec<String> = missing.map(str::to_owned).collect();
        if let Some(Node { value: Value::Table(entries), .. }) = find_mut(&mut tree, path) {
            for key in missing {
                let sample = node(Value::String("zz".to_owned()));
                entries.push(Entry { key, key_span: 0..0, node: sample });
            }
        }
        tree
    }

    /// The schema of the table at `path` of `tree`.
    fn table(&self, tree: &Node, path: &[Step]) -> Json {
        let tree = &self.completed(tree, path);
        let (asked, start) = self.ask(tree, path);
        let mut properties = Map::new();
        let mut required = Vec::new();
        let (mut is_open, mut names) = (false, BTreeSet::new());
        for one in &asked {
            match one {
                Asked::Field(table, name) if *table == start => {
                    names.insert(name.clone());
                }
                Asked::All(table) if *table == start => is_open = true,
                _ => {}
            }
        }
        if path.len() > DEEPEST {
            return json!({ "type": "object" });
        }
        // A reader asks for the names in an open table one by one, or only for those that it knows.
        let own = find(tree, path).map(entries).unwrap_or_default();
        let free = own.iter().find(|entry| !names.contains(&entry.key));
        let sample = free.or(own.first()).map_or(SAMPLE, |entry| entry.key.as_str()).to_owned();
        names.retain(|name| !is_open || free.is_some() || !own.iter().any(|entry| entry.key == *name));
        for name in names {
            let Some(property) = self.property(tree, path, &name) else { continue };
            if self.is_required(tree, path, &name) {
                required.push(name.clone());
            }
            properties.insert(name, property);
        }
        let mut schema = json!({ "type": "object" });
        if let Some(map) = schema.as_object_mut() {
            if !properties.is_empty() {
                map.insert("properties".to_owned(), properties.into());
            }
            if !required.is_empty() {
                map.insert("required".to_owned(), required.into());
            }
            let others = is_open.then(|| self.property(tree, path, &sample)).flatten();
            let others = others.unwrap_or(Json::Bool(false));
            map.insert("additionalProperties".to_owned(), others);
        }
        schema
    }

    /// True if the reader reports that the table at `path` lacks `name`.
    fn is_required(&self, tree: &Node, path: &[Step], name: &str) -> bool {
        let mut tree = tree.clone();
        if let Some(Node { value: Value::Table(entries), .. }) = find_mut(&mut tree, path) {
            entries.retain(|entry| entry.key != *name);
        }
        let (asked, start) = self.ask(&tree, path);
        let quoted = format!("`{name}`");
        asked.iter().any(
            |one| matches!(one, Asked::Missing(at, message) if *at == start && message.contains(&quoted)),
        )
    }

    /// The schema of the field `name` of the table at `path`; `None` if the reader knows it only to refuse it.
    fn property(&self, tree: &Node, path: &[Step], name: &str) -> Option<Json> {
        let own: Vec<Step> = path.iter().cloned().chain([Step::Field(name.to_owned())]).collect();
        let documented = find(tree, &own).map(|node| node.value.clone());
        let mut answers = Answers::default();
        let text = |text: &str| Value::String(text.to_owned());
        let table = match &documented {
            Some(value @ Value::Table(_)) => value.clone(),
            _ => Value::Table(Vec::new()),
        };
        let item = match &documented {
            Some(Value::List(items)) => {
                items.first().cloned().filter(|item| matches!(item.value, Value::Table(_)))
            }
            _ => None,
        };
        let tables = Value::List(vec![item.unwrap_or_else(|| node(Value::Table(Vec::new())))]);
        for (form, value) in [
            ("text", text("zz")),
            ("date", text("2026-11-24")),
            ("flag", Value::Bool(true)),
            ("no", Value::Bool(false)),
            ("texts", Value::List(vec![node(text("zz"))])),
            ("table", table),
            ("tables", tables),
        ] {
            let mut tree = tree.clone();
            let Some(Node { value: Value::Table(entries), .. }) = find_mut(&mut tree, path) else { continue };
            entries.retain(|entry| entry.key != *name);
            entries.push(Entry { key: name.to_owned(), key_span: 0..0, node: node(value) });
            self.try_form(form, &tree, &own, &mut answers);
        }
        answers.schema(self.words.of(&names_of(&own)))
    }

    /// Adds what the reader says of the value at `path`, which has the form `form`.
    fn try_form(&self, form: &'static str, tree: &Node, path: &[Step], answers: &mut Answers) {
        let (asked, start) = self.ask(tree, path);
        let item: Vec<Step> = path.iter().cloned().chain([Step::Item]).collect();
        let is_list = matches!(form, "texts" | "tables");
        let item_start = if is_list { start + STRIDE } else { usize::MAX };
        let (mut is_refused, mut is_asked) = (false, false);
        for one in asked {
            let at = match &one {
                Asked::Text(at)
                | Asked::Number(at)
                | Asked::Texts(at)
                | Asked::Flag(at)
                | Asked::Table(at) => *at,
                Asked::Whole(at, ..) | Asked::Choice(at, _) => *at,
                Asked::Refused(at) => at / STRIDE * STRIDE,
                Asked::Field(..) | Asked::All(_) | Asked::Missing(..) => continue,
            };
            if at != start && at != item_start {
                continue;
            }
            is_refused |= matches!(one, Asked::Refused(_));
            is_asked |= !matches!(one, Asked::Refused(_) | Asked::Choice(..));
            let is_item = at == item_start;
            match (one, form) {
                (Asked::Choice(_, choices), _) => answers.choices = choices,
                (Asked::Flag(_), "flag") => answers.flag = true,
                (Asked::Whole(_, least, most), _) => answers.whole = Some((least, most)),
                (Asked::Number(_), "text") => (answers.number, answers.text) = (true, true),
                (Asked::Text(_) | Asked::Texts(_), "text") => answers.text = true,
                (Asked::Text(_) | Asked::Texts(_), "texts") if is_item => answers.texts = true,
                (Asked::Table(_), "table") => answers.table = Some(self.table(tree, path)),
                (Asked::Table(_), "tables") if is_item => answers.tables = Some(self.table(tree, &item)),
                _ => {}
            }
        }
        if !is_refused && !is_asked {
            answers.silent.insert(form);
        }
    }
}

impl Answers {
    /// The schema that follows, with the description `about`.
    fn schema(self, about: Option<&str>) -> Option<Json> {
        let mut forms = Vec::new();
        let silent = |form: &str| self.silent.contains(form);
        let is_any = ["text", "flag", "texts", "table"].iter().all(|form| silent(form));
        let word = match self.choices.is_empty() {
            true => json!({ "type": "string" }),
            false => json!({ "enum": self.choices }),
        };
        if !is_any {
            if self.text || silent("text") {
                forms.push(word.clone());
            } else if silent("date") {
                forms.push(json!({ "type": "string" }));
            }
            if self.number {
                forms.push(json!({ "type": "number" }));
            }
            if self.flag || silent("flag") {
                forms.push(json!({ "type": "boolean" }));
            } else if silent("no") {
                forms.push(json!({ "const": false }));
            }
            if let Some((least, most)) = self.whole {
                forms.push(json!({ "type": "integer", "minimum": least, "maximum": most }));
            }
            if self.texts || silent("texts") {
                // A number in a list of texts is read as it was written.
                let item =
                    if self.choices.is_empty() { json!({ "type": ["string", "number"] }) } else { word };
                forms.push(json!({ "type": "array", "items": item }));
            }
            if silent("table") {
                forms.push(json!({ "type": "object" }));
            }
            forms.extend(self.table);
            forms.extend(self.tables.map(|items| json!({ "type": "array", "items": items })));
        }
        if !is_any && forms.is_empty() {
            return None;
        }
        let mut schema = match forms.len() {
            0 => json!({}),
            1 => forms.remove(0),
            _ => json!({ "anyOf": forms }),
        };
        if let (Some(about), Some(map)) = (about, schema.as_object_mut()) {
            map.insert("description".to_owned(), about.into());
        }
        Some(schema)
    }
}

fn node(value: Value) -> Node {
    Node { value, span: 0..0 }
}

/// Gives each value of the tree a place of its own.
fn place(node: &mut Node, number: &mut usize) {
    node.span = *number * STRIDE..*number * STRIDE + 1;
    *number += 1;
    match &mut node.value {
        Value::List(items) => items.iter_mut().for_each(|item| place(item, number)),
        Value::Table(entries) => entries.iter_mut().for_each(|entry| {
            place(&mut entry.node, number);
            entry.key_span = entry.node.span.clone();
        }),
        _ => {}
    }
}

fn entries(node: &Node) -> &[Entry] {
    match &node.value {
        Value::Table(entries) => entries,
        _ => &[],
    }
}

fn find<'t>(node: &'t Node, path: &[Step]) -> Option<&'t Node> {
    let Some((step, rest)) = path.split_first() else { return Some(node) };
    let inner = match (step, &node.value) {
        (Step::Field(name), Value::Table(entries)) => &entries.iter().find(|entry| entry.key == *name)?.node,
        (Step::Item, Value::List(items)) => items.first()?,
        _ => return None,
    };
    find(inner, rest)
}

fn find_mut<'t>(node: &'t mut Node, path: &[Step]) -> Option<&'t mut Node> {
    let Some((step, rest)) = path.split_first() else { return Some(node) };
    let inner = match (step, &mut node.value) {
        (Step::Field(name), Value::Table(entries)) => {
            &mut entries.iter_mut().find(|entry| entry.key == *name)?.node
        }
        (Step::Item, Value::List(items)) => items.first_mut()?,
        _ => return None,
    };
    find_mut(inner, rest)
}

/// The names of the fields along `path`, with a dot between them.
fn names_of(path: &[Step]) -> String {
    let names = path.iter().filter_map(|step| match step {
        Step::Field(name) => Some(name.as_str()),
        Step::Item => None,
    });
    names.collect::<Vec<_>>().join(".")
}
