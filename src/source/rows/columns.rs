//! The columns of a data file: the field of front matter that each fills.

use std::borrow::Cow;
use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

use chrono::NaiveDate;

use super::text::{RowText, written};
use super::{DataFile, DataRow, Origin, RowError, row_name};
use crate::config::{Columns as Kinds, RowField, RowSource};
use crate::model::date::{EXPIRES, PUBLISHED, UPDATED, in_path};
use crate::model::diagnostics::Problem;
use crate::model::metadata::{Entry, Node, Value, is_same};
use crate::model::suggest::nearest;
use crate::source::holds::{FLAGS, OPEN_FLAGS, STATES, answer, is_date, is_nothing};
use crate::source::{Format, suspicions};

/// Fields that a column of the same name fills, beside dates, marks and taxonomies.
const BY_NAME: [&str; 10] =
    ["title", "summary", "description", "body", "image", "slug", "author", "draft", "withdrawn", "password"];

/// Fields that hold lists.
const LISTS: [&str; 3] = ["author", "aliases", "contributors"];

/// Fields that hold whole numbers.
const NUMBERS: [&str; 2] = ["weight", "featured"];

/// The parts of `image`, each with its name in that table.
const PICTURE: [(&str, &str); 4] =
    [("image", "src"), ("image_alt", "alt"), ("image_caption", "caption"), ("image_credit", "credit")];

/// The part that a column has in a row.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Role {
    /// `[sources.fields]` names it.
    Chosen,
    /// It fills the field of its name.
    Field(Box<str>),
    /// It is a value of the author's own, under `extra`.
    Own,
    /// The same, and nobody has said so: it must not look like a mark. A value that is no mark by itself is one if the
    /// name makes it one, with this remedy.
    Checked(Option<&'static str>),
}

/// The columns of the rows of one source.
pub struct Columns<'a> {
    source: &'a RowSource,
    /// The section and the language of the rows.
    section: Arc<(String, String)>,
    kinds: &'a Kinds,
    taxonomies: &'a [String],
    roles: HashMap<String, Role>,
}

/// The text of a row, and what was found on the way.
pub struct Made {
    /// The row.
    pub row: DataRow,
    /// Problems with its columns.
    pub problems: Vec<Problem>,
    /// The column for its date, if that is empty.
    pub undated: Option<String>,
}

impl<'a> Columns<'a> {
    /// The columns of `source` for rows with the columns `known`, some of them with `kinds`, in a site with these
    /// taxonomies.
    ///
    /// # Errors
    /// Columns that `source` names and that are not there.
    pub fn new(
        source: &'a RowSource,
        kinds: &'a Kinds,
        known: &[String],
        taxonomies: &'a [String],
    ) -> Result<Columns<'a>, Vec<Problem>> {
        let section = Arc::new((source.section.clone(), source.language.clone()));
        let mut columns = Columns { source, section, kinds, taxonomies, roles: HashMap::new() };
        for name in known {
            let role = columns.role(name);
            columns.roles.insert(name.clone(), role);
        }
        let mut problems = Vec::new();
        let is_on_way =
            |name: &str, wanted: &str| wanted.strip_prefix(name).is_some_and(|rest| rest.starts_with('.'));
        let has = |wanted: &str| known.iter().any(|name| name == wanted || is_on_way(name, wanted));
        let named = source.fields.iter().filter_map(|field| Some((field.column.as_ref()?, &field.place)));
        let named = named.chain([(&source.key, &source.key_place)]);
        let own = source.extra.iter().map(|name| (name, &source.place));
        // A file without rows has no columns yet.
        for (column, place) in named.chain(own).filter(|(column, _)| !known.is_empty() && !has(column)) {
            let remedy = match nearest(column, known.iter().map(String::as_str)) {
                Some(name) => format!("did you mean `{name}`?"),
                None => format!("its columns are {}", quoted(known)),
            };
            let cause = RowError::NoColumn { file: source.file.clone(), column: column.clone(), remedy };
            problems.push(Problem::new(cause, place.clone()));
        }
        let mut filled: HashMap<&str, &String> = HashMap::new();
        for column in known {
            let Some(Role::Field(field)) = columns.roles.get(column) else { continue };
            if let Some(first) = filled.insert(field, column) {
                let (field, first, second) = (field.to_string(), first.clone(), column.clone());
                let cause = RowError::TwoColumns { field, first, second, file: source.file.clone() };
                problems.push(Problem::new(cause, source.place.clone()));
            }
        }
        let titled = |role: &Role| matches!(role, Role::Field(name) if **name == *"title");
        if !known.is_empty() && source.choice("title").is_none() && !columns.roles.values().any(titled) {
            let cause = RowError::NoTitle { file: source.file.clone(), columns: listed(known) };
            problems.push(Problem::new(cause, source.place.clone()));
        }
        if problems.is_empty() { Ok(columns) } else { Err(problems) }
    }

    /// The part that the column `name` has.
    fn role(&self, name: &str) -> Role {
        let source = self.source;
        let is_chosen = source.fields.iter().any(|field| field.column.as_deref() == Some(name));
        if source.extra.iter().any(|own| own == name) {
            return Role::Own;
        }
        if is_chosen {
            return Role::Chosen;
        }
        let dates = PUBLISHED.iter().chain(UPDATED).chain(EXPIRES);
        let marks = FLAGS.iter().chain(&OPEN_FLAGS).chain(&STATES);
        let mut fields = BY_NAME.iter().chain(dates).chain(marks).copied();
        let taxonomy = self.taxonomies.iter().map(String::as_str).find(|taxonomy| is_same(taxonomy, name));
        match taxonomy.or_else(|| fields.find(|field| is_same(field, name))) {
            Some(field) if source.choice(field).is_none() => Role::Field(field.into()),
            // A key says nothing but its own.
            _ if name == source.key => Role::Own,
            _ => Role::Checked(suspicions::of_column(name, &Value::String("plain".to_owned()), None)),
        }
    }

    /// The key of `record` and its place in the file; `None` if it has none.
    pub fn key(&self, record: &Node) -> Option<(String, Range<usize>)> {
        let node = find(cells(record), &self.source.key)?;
        Some((key_of(&node.value)?, node.span.clone()))
    }

    /// The row `record` of `file`, which has this `key` at `key_span`.
    pub fn row(&self, file: &Arc<DataFile>, record: &Node, key: &str, key_span: Range<usize>) -> Made {
        let (mut text, mut picture, mut body) = (RowText::new(), Vec::new(), None);
        let (mut has_template, mut undated, mut dated) = (false, None, None);
        let (mut has_zone, mut zone) = (false, None);
        for (field, column, node) in self.fields(record) {
            if field == "date" {
                dated = is_date(&node.value);
                let is_undated = is_nothing(&node.value) && in_path(key).is_none();
                undated = is_undated.then(|| column.to_owned());
                zone = self.kinds.zone(column);
            }
            let Some(value) = self.value(field, &node.value) else { continue };
            if let Some((_, part)) = PICTURE.iter().find(|(name, _)| *name == field) {
                picture.push((*part, value.into_owned(), node.span.clone()));
            } else if field == "body" {
                body = Some((plain(&value), &node.span));
            } else {
                has_template |= field == "template";
                has_zone |= field == "timezone";
                text.field(field, &value, &node.span);
            }
        }
        match picture.as_slice() {
            [] => {}
            [("src", value, span)] => text.field("image", value, span),
            parts => text.table("image", parts),
        }
        if self.source.choice("title").is_some_and(|field| field.column.is_none()) {
            text.fixed("title", "");
        }
        if let Some(template) = self.source.template.as_ref().filter(|_| !has_template) {
            text.fixed("template", template);
        }
        if let Some(zone) = zone.filter(|_| !has_zone) {
            text.fixed("timezone", zone.name());
        }
        let suspect = self.add_own(&mut text, record, dated);
        let (text, cells) = text.end(body.as_ref().map(|(body, span)| (&**body, *span)));
        let name = row_name(&self.source.section, key, &self.source.language);
        let (file, span) = (file.clone(), record.span.clone());
        let section = self.section.clone();
        let row = DataRow {
            name,
            section,
            file,
            key: key.into(),
            span,
            key_span,
            text,
            cells,
            format: Format::Markdown,
            origin: Origin::Data,
        };
        let problems = suspect.into_iter().map(|(cause, span)| row.problem(cause, span)).collect();
        Made { row, problems, undated }
    }

    /// The fields of `record`, each with its column and its value.
    fn fields<'r>(&'r self, record: &'r Node) -> impl Iterator<Item = (&'r str, &'r str, &'r Node)> {
        let chosen = self.source.fields.iter().filter_map(|RowField { name, column, .. }| {
            let column = column.as_deref()?;
            Some((name.as_str(), column, find(cells(record), column)?))
        });
        let by_name = cells(record).iter().filter_map(|cell| match self.roles.get(&cell.key)? {
            Role::Field(name) => Some((&**name, cell.key.as_str(), &cell.node)),
            _ => None,
        });
        chosen.chain(by_name)
    }

    /// The value of `field` for the `value` of a cell; `None` for none.
    fn value<'v>(&self, field: &str, value: &'v Value) -> Option<Cow<'v, Value>> {
        let is_one_of = |names: &[&str]| names.contains(&field);
        if is_nothing(value) {
            // Nobody has said that it is public.
            let is_held = is_one_of(&OPEN_FLAGS) || is_one_of(&STATES);
            return is_held.then(|| Cow::Owned(Value::String(String::new())));
        }
        let is_list = is_one_of(&LISTS) || self.taxonomies.iter().any(|taxonomy| taxonomy == field);
        let is_flag = field == "draft" || is_one_of(&FLAGS) || is_one_of(&OPEN_FLAGS);
        let read = match value {
            Value::String(text) if is_list => {
                let items = text.split(&self.source.separator).map(str::trim).filter(|item| !item.is_empty());
                let items = items.map(|item| Node { value: Value::String(item.to_owned()), span: 0..0 });
                Some(Value::List(items.collect()))
            }
            Value::String(text) if field == "feed" => {
                answer(value).filter(|_| text.len() < 8).map(Value::Bool)
            }
            Value::String(text) if is_flag => match text.trim() {
                word if word.eq_ignore_ascii_case("true") => Some(Value::Bool(true)),
                word if word.eq_ignore_ascii_case("false") => Some(Value::Bool(false)),
                _ => None,
            },
            Value::String(text) if is_one_of(&NUMBERS) => text.trim().parse().ok().map(Value::Integer),
            _ => None,
        };
        Some(read.map_or(Cow::Borrowed(value), Cow::Owned))
    }

    /// Adds the author's own values to `text`; returns an error for each that looks as if it held the row back.
    fn add_own(
        &self,
        text: &mut RowText,
        record: &Node,
        dated: Option<NaiveDate>,
    ) -> Vec<(RowError, Range<usize>)> {
        let mut suspect = Vec::new();
        let mut is_begun = false;
        for cell in cells(record) {
            let by_name = match self.roles.get(&cell.key) {
                Some(Role::Own) => None,
                Some(Role::Checked(by_name)) => Some(by_name),
                _ => continue,
            };
            if !is_begun {
                text.begin_extra();
                is_begun = true;
            }
            text.own(&cell.key, &cell.node);
            let remedy = by_name.and_then(|by_name| match suspicions::is_plain(&cell.node.value) {
                true => *by_name,
                false => suspicions::of_column(&cell.key, &cell.node.value, dated),
            });
            if let Some(remedy) = remedy {
                let cause = RowError::Hold { column: cell.key.clone(), remedy };
                suspect.push((cause, cell.node.span.clone()));
            }
        }
        suspect
    }
}

/// The key in a cell; `None` if it has none.
pub(super) fn key_of(value: &Value) -> Option<String> {
    let key = match value {
        Value::String(text) | Value::Date(text) => text.trim().to_owned(),
        Value::Integer(number) => number.to_string(),
        Value::Float(number) => number.to_string(),
        _ => return None,
    };
    (!key.is_empty()).then_some(key)
}

/// The cells of a row.
pub(super) fn cells(record: &Node) -> &[Entry] {
    match &record.value {
        Value::Table(cells) => cells,
        _ => &[],
    }
}

/// The value of `column` among `cells`: of the column of this name, or, with dots, of a table in one.
fn find<'r>(cells: &'r [Entry], column: &str) -> Option<&'r Node> {
    if let Some(cell) = cells.iter().find(|cell| cell.key == column) {
        return Some(&cell.node);
    }
    let (first, rest) = column.split_once('.')?;
    let node = &cells.iter().find(|cell| cell.key == first)?.node;
    match &node.value {
        Value::Table(entries) => find(entries, rest),
        _ => None,
    }
}

/// The body in a cell.
fn plain(value: &Value) -> String {
    match value {
        Value::String(text) | Value::Date(text) => text.clone(),
        other => written(other).unwrap_or_default(),
    }
}

fn listed(known: &[String]) -> String {
    if known.is_empty() { String::new() } else { format!("; the columns are {}", quoted(known)) }
}

fn quoted(names: &[String]) -> String {
    names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}
