//! `[[lists]]`: selections of articles for templates; and `[related]`: suggestions for further reading.

use chrono_tz::Tz;

use super::feeds::{list_terms, moment};
use super::{Order, Selection, TaxonomyRules, order};
use crate::model::diagnostics::Place;
use crate::model::metadata::{Entry, Fields, MetadataError, Node, Plain, Value};
use crate::model::suggest::{choose, nearest};

/// `[[lists]]`: a selection of articles that templates find under `lists.NAME`.
#[derive(Debug, Clone, PartialEq)]
pub struct ListRules {
    /// `name`.
    pub name: String,
    /// `sections`, `except`, `terms`, `after` and `before`.
    pub selection: Selection,
    /// `within_days`: published at most so many days ago.
    pub within_days: Option<u32>,
    /// `same`: what its articles have in common with the one on whose page the list is.
    pub same: Option<Same>,
    /// `where`: conditions that its articles fulfil.
    pub conditions: Vec<Condition>,
    /// `sort`: its order, with its place. Default: newest first.
    pub sort: Option<(Order, Place)>,
    /// `limit`, default 5.
    pub limit: usize,
    /// Its place in `site.toml`.
    pub place: Place,
}

/// The section or the taxonomy that the articles of a list share with the one on whose page it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Same {
    /// Their section.
    Section,
    /// A term of the taxonomy with this index.
    Term(usize),
}

/// A condition on a field of an article.
#[derive(Debug, Clone, PartialEq)]
pub struct Condition {
    /// The field.
    pub field: ListField,
    /// The test of its value.
    pub test: Test,
}

/// A field for conditions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ListField {
    /// `title`; none if its author wrote none.
    Title,
    /// `weight`.
    Weight,
    /// `featured`: true or false, or its number.
    Featured,
    /// `pinned`: true while it is first in its lists.
    Pinned,
    /// `lang`.
    Lang,
    /// `section`: its folder.
    Section,
    /// The terms of the taxonomy with this index.
    Terms(usize),
    /// A value of `extra`, as the keys that lead to it, joined by dots.
    Extra(String),
}

/// A test of a value.
#[derive(Debug, Clone, PartialEq)]
pub enum Test {
    /// `equals`: it is this value, or a list that has it.
    Equals(Plain),
    /// `not`: the contrary, also where there is no value.
    Not(Plain),
    /// `in`: it equals one of these.
    In(Vec<Plain>),
    /// `contains`: a list has this value, or a text has it in it.
    Contains(Plain),
    /// `less`.
    Less(Plain),
    /// `greater`.
    Greater(Plain),
    /// `at_most`.
    AtMost(Plain),
    /// `at_least`.
    AtLeast(Plain),
    /// `exists`: there is a value, or there is none.
    Exists(bool),
}

impl Test {
    /// The values that it compares with.
    pub fn values(&mut self) -> std::slice::IterMut<'_, Plain> {
        match self {
            Test::In(values) => values.iter_mut(),
            Test::Equals(value)
            | Test::Not(value)
            | Test::Contains(value)
            | Test::Less(value)
            | Test::Greater(value)
            | Test::AtMost(value)
            | Test::AtLeast(value) => std::slice::from_mut(value).iter_mut(),
            Test::Exists(_) => [].iter_mut(),
        }
    }
}

/// The names of the tests.
const TESTS: [&str; 9] =
    ["equals", "not", "in", "contains", "less", "greater", "at_most", "at_least", "exists"];

/// `[related]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RelatedRules {
    /// `count`: how many articles are suggested, default 3.
    pub count: usize,
    /// `weights`: what a common term of each taxonomy counts; by default 1, and 0 for authors.
    pub weights: Vec<usize>,
    /// `same_section`: what a common section counts, default 0.
    pub same_section: usize,
    /// `max_age`: suggestions are at most so many days older than the article.
    pub max_age: Option<u32>,
}

/// Reads `[[lists]]`. Times without an offset are in `zone`.
pub(super) fn lists(
    fields: &mut Fields<'_, '_>,
    zone: Option<Tz>,
    taxonomies: &[TaxonomyRules],
) -> Vec<ListRules> {
    let mut lists: Vec<ListRules> = Vec::new();
    for node in fields.tables("lists") {
        let rules = list(fields.inner("`[[lists]]`", node), node, zone, taxonomies);
        if lists.iter().any(|other| other.name == rules.name) {
            let reason = format!("another list is named \u{201c}{}\u{201d}", rules.name);
            fields.refuse("lists", node, reason, "give one of them another `name`");
        }
        lists.push(rules);
    }
    lists
}

fn list(mut table: Fields<'_, '_>, node: &Node, zone: Option<Tz>, taxonomies: &[TaxonomyRules]) -> ListRules {
    let name = table.filled("name");
    if name.is_none() {
        let owner = "this list".to_owned();
        table.report(
            MetadataError::Missing { key: "name", owner, example: "`name = \"opinion\"`" },
            &node.span,
        );
    }
    let folders = |texts: Option<Vec<String>>| -> Vec<String> {
        texts.unwrap_or_default().iter().map(|text| text.trim_matches('/').to_owned()).collect()
    };
    let mut sections = folders(table.texts("sections"));
    sections.extend(folders(table.texts("section")));
    let mut terms = list_terms(&mut table, taxonomies);
    let (taxonomy, term) = (table.filled("taxonomy"), table.filled("term"));
    if taxonomy.is_some() != term.is_some() {
        table.refuse("lists", node, "`taxonomy` and `term` belong together", "give both or neither");
    }
    if let (Some(name), Some(node)) = (&taxonomy, table.node("taxonomy")) {
        index_of(&mut table, "taxonomy", node, name, taxonomies);
    }
    terms.extend(taxonomy.zip(term).map(|(taxonomy, term)| (taxonomy, vec![term])));
    let authors = table.texts("authors").filter(|names| !names.is_empty());
    terms.extend(authors.map(|names| ("authors".to_owned(), names)));
    let selection = Selection {
        sections,
        except: folders(table.texts("except")),
        terms,
        since: moment(&mut table, "after", zone),
        until: moment(&mut table, "before", zone),
    };
    let rules = ListRules {
        name: name.unwrap_or_default(),
        selection,
        within_days: table.whole("within_days", 1, 36_500).map(|days| days as u32),
        same: same(&mut table, taxonomies),
        conditions: conditions(&mut table, taxonomies),
        sort: order(&mut table).zip(table.node("sort").map(|node| table.place(&node.span))),
        limit: table.whole("limit", 1, 10_000).unwrap_or(5) as usize,
        place: table.place(&node.span),
    };
    table.finish(None);
    rules
}

/// The index of the taxonomy `name`; if there is none, that is reported at `node`, the value of `key`.
fn index_of(
    table: &mut Fields<'_, '_>,
    key: &str,
    node: &Node,
    name: &str,
    taxonomies: &[TaxonomyRules],
) -> Option<usize> {
    let found = taxonomies.iter().position(|rules| rules.name == name);
    if found.is_none() {
        let names: Vec<&str> = taxonomies.iter().map(|rules| rules.name.as_str()).collect();
        table.refuse(key, node, "there is no such taxonomy", choose([name], &names));
    }
    found
}

fn same(table: &mut Fields<'_, '_>, taxonomies: &[TaxonomyRules]) -> Option<Same> {
    let node = table.node("same")?;
    let name = table.as_text("same", node)?;
    let index = taxonomies.iter().position(|rules| rules.name == name || rules.name == format!("{name}s"));
    match (name.as_str(), index) {
        ("section", _) => Some(Same::Section),
        (_, Some(index)) => Some(Same::Term(index)),
        _ => {
            let names = taxonomies.iter().map(|rules| rules.name.as_str());
            let names: Vec<&str> = std::iter::once("section").chain(names).collect();
            table.refuse(
                "same",
                node,
                "it is neither `section` nor a taxonomy",
                choose([name.as_str()], &names),
            );
            None
        }
    }
}

/// Reads `where`: fields, each with a value, a list of values, or a table of tests.
fn conditions(table: &mut Fields<'_, '_>, taxonomies: &[TaxonomyRules]) -> Vec<Condition> {
    let Some(node) = table.node("where") else { return Vec::new() };
    let mut inner = table.inner("`where`", node);
    let mut conditions = Vec::new();
    for entry in inner.all() {
        inner.take(&entry.key);
        if let ("extra", Value::Table(entries)) = (entry.key.as_str(), &entry.node.value) {
            extra_conditions(&mut inner, "", entries, &mut conditions);
        } else if let Some(field) = field(&mut inner, entry, taxonomies) {
            tests(&mut inner, &field, entry, &mut conditions);
        }
    }
    inner.finish(None);
    conditions
}

/// Reads the conditions on `extra` in tables: `extra.price = { less = 5 }` is a table in a table.
fn extra_conditions(inner: &mut Fields<'_, '_>, above: &str, entries: &[Entry], found: &mut Vec<Condition>) {
    for entry in entries {
        let path = if above.is_empty() { entry.key.clone() } else { format!("{above}.{}", entry.key) };
        match &entry.node.value {
            Value::Table(entries) if !entries.iter().any(|one| nearest(&one.key, TESTS).is_some()) => {
                extra_conditions(inner, &path, entries, found);
            }
            _ => tests(inner, &ListField::Extra(path), entry, found),
        }
    }
}

fn field(inner: &mut Fields<'_, '_>, entry: &Entry, taxonomies: &[TaxonomyRules]) -> Option<ListField> {
    let own = ["title", "weight", "featured", "pinned", "lang", "section"];
    Some(match entry.key.as_str() {
        "title" => ListField::Title,
        "weight" => ListField::Weight,
        "featured" => ListField::Featured,
        "pinned" => ListField::Pinned,
        "lang" => ListField::Lang,
        "section" => ListField::Section,
        key => match (key.strip_prefix("extra."), taxonomies.iter().position(|rules| rules.name == key)) {
            (Some(path), _) => ListField::Extra(path.to_owned()),
            (None, Some(index)) => ListField::Terms(index),
            (None, None) => {
                let names = taxonomies.iter().map(|rules| rules.name.as_str());
                let names: Vec<&str> = own.into_iter().chain(names).collect();
                let remedy = match nearest(key, names.iter().copied()) {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => format!(
                        "write `\"extra.{key}\"` for a value under `extra`, or choose from `{}`",
                        names.join("`, `")
                    ),
                };
                inner.report(
                    MetadataError::Unknown { key: key.to_owned(), owner: "`where`".to_owned(), remedy },
                    &entry.key_span,
                );
                return None;
            }
        },
    })
}

/// Reads the tests of `field` in `entry`.
fn tests(inner: &mut Fields<'_, '_>, field: &ListField, entry: &Entry, found: &mut Vec<Condition>) {
    let mut add = |test| found.push(Condition { field: field.clone(), test });
    let Value::Table(entries) = &entry.node.value else {
        let values = values(inner, field, &entry.key, &entry.node);
        let is_list = matches!(entry.node.value, Value::List(_));
        match (is_list, values.len()) {
            (true, _) => add(Test::In(values)),
            (false, _) => values.into_iter().next().into_iter().for_each(|value| add(Test::Equals(value))),
        }
        return;
    };
    for test in entries {
        let name = test.key.as_str();
        if !TESTS.contains(&name) {
            let owner = format!("the condition on `{}`", entry.key);
            let remedy = choose([name], &TESTS);
            inner.report(MetadataError::Unknown { key: name.to_owned(), owner, remedy }, &test.key_span);
            continue;
        }
        if name == "exists" {
            match &test.node.value {
                Value::Bool(flag) => add(Test::Exists(*flag)),
                _ => inner.refuse(name, &test.node, "it is neither true nor false", "write `exists = true`"),
            }
            continue;
        }
        let values = values(inner, field, name, &test.node);
        if name == "in" {
            add(Test::In(values));
            continue;
        }
        if matches!(test.node.value, Value::List(_)) {
            let remedy = "write one value, or use `in` for several";
            inner.refuse(name, &test.node, "it is a list", remedy);
            continue;
        }
        let Some(value) = values.into_iter().next() else { continue };
        add(match name {
            "equals" => Test::Equals(value),
            "not" => Test::Not(value),
            "contains" => Test::Contains(value),
            "less" => Test::Less(value),
            "greater" => Test::Greater(value),
            "at_most" => Test::AtMost(value),
            _ => Test::AtLeast(value),
        });
    }
}

/// The values in `node`, which are compared with `field`. One of a kind that the field never has is reported.
fn values(inner: &mut Fields<'_, '_>, field: &ListField, key: &str, node: &Node) -> Vec<Plain> {
    let (number, text, flag) = (Plain::Number(0.0), Plain::Text(String::new()), Plain::Flag(true));
    let kinds: &[Plain] = match field {
        ListField::Weight => &[number],
        ListField::Featured => &[flag, number],
        ListField::Pinned => &[flag],
        ListField::Title | ListField::Lang | ListField::Section | ListField::Terms(_) => &[text],
        ListField::Extra(_) => &[],
    };
    let mut values = Vec::new();
    for item in node.items() {
        let value = Plain::of(item).filter(|value| !matches!(value, Plain::List(_)));
        match value {
            Some(value) if kinds.is_empty() || kinds.iter().any(|kind| kind.is_like(&value)) => {
                values.push(value);
            }
            _ => {
                let names: Vec<&str> = kinds.iter().map(Plain::kind).collect();
                let remedy = match names.is_empty() {
                    true => "write a number, a text, true or false".to_owned(),
                    false => format!("write {}", names.join(", or ")),
                };
                inner.refuse(key, item, format!("it is {}", item.value.kind()), remedy);
            }
        }
    }
    values
}

/// Reads `[related]`.
pub(super) fn related(fields: &mut Fields<'_, '_>, taxonomies: &[TaxonomyRules]) -> RelatedRules {
    let usual = |rules: &TaxonomyRules| usize::from(rules.name != "authors");
    let mut rules = RelatedRules {
        count: 3,
        weights: taxonomies.iter().map(usual).collect(),
        same_section: 0,
        max_age: None,
    };
    let Some(mut table) = fields.table("related") else { return rules };
    rules.count = table.whole("count", 0, 50).map_or(rules.count, |count| count as usize);
    rules.same_section = table.whole("same_section", 0, 1000).unwrap_or(0) as usize;
    rules.max_age = table.whole("max_age", 1, 36_500).map(|days| days as u32);
    if let Some(node) = table.node("weights") {
        let mut inner = table.inner("`related.weights`", node);
        for entry in inner.all() {
            inner.take(&entry.key);
            let index = index_of(&mut inner, &entry.key, &entry.node, &entry.key, taxonomies);
            match (&entry.node.value, index) {
                (_, None) => {}
                (Value::Integer(weight), Some(index)) if (0..=1000).contains(weight) => {
                    rules.weights[index] = usize::try_from(*weight).unwrap_or(0);
                }
                _ => {
                    let remedy = "use a whole number from 0, for terms that don't count, to 1000";
                    inner.refuse(&entry.key, &entry.node, "it is no weight", remedy);
                }
            }
        }
        inner.finish(None);
    }
    table.finish(None);
    rules
}
