//! Whole data files, and their rows.

use std::collections::HashSet;
use std::ops::Range;
use std::sync::Arc;

use super::cell::{Custom, beginning, typed};
use super::csv::{Cell, Records, delimiter, fit, header};
use super::{DataError, Form, MOST_CELLS, problem};
use crate::config::{ColumnKind, ColumnRules, Columns};
use crate::model::diagnostics::{Lines, Problem};
use crate::model::metadata::{Entry, Language, Node, Value, parse};
use crate::model::suggest::nearest;

/// The most problems of single rows that a file reports if it can't be used.
const MOST_FAULTS: usize = 20;

/// The most rows with problems; with more of them, something else is wrong.
const MOST_FAULTY: usize = 1000;

/// The rows of a table.
#[derive(Debug)]
pub struct Rows {
    /// The names of the columns: of CSV in the order of the first row, else in the order in which rows use them.
    pub columns: Vec<String>,
    /// The rows, in the order of the file.
    pub rows: Vec<Row>,
}

/// A row of a table.
#[derive(Debug)]
pub struct Row {
    /// A table of its cells, each with its place in the text. The place of a key is that of the column's name: in CSV, in
    /// the first row.
    pub node: Node,
    /// Errors of this row alone.
    pub faults: Vec<Problem>,
}

/// Reads the table in `text`, the text of `file` as [`decode`](super::decode) gives it. In JSON, YAML and TOML, `at` has
/// the keys of the list of rows, joined by dots. If it is empty, the list is the whole file or the value of its only key.
///
/// # Errors
/// The reasons why no row can be used.
pub fn rows(
    file: &Arc<str>,
    text: &str,
    form: Form,
    at: &str,
    columns: &Columns,
) -> Result<Rows, Vec<Problem>> {
    let reader = Reader { file, text, lines: Lines::new(file.clone(), text), columns };
    let Some(language) = form.language() else { return reader.csv(form) };
    let mut root = reader.parsed(language)?;
    let list = list_in(&mut root, at, language).map_err(|fault| vec![problem(file, text, fault)])?;
    let list = std::mem::take(list);
    reader.all(list)
}

/// Reads the whole file `file` with this `text`. The columns that have a kind are those of its [`rows`]; only they have
/// values of the kind `Value::Date`.
///
/// # Errors
/// The problems with it, or the first of them.
pub fn tree(file: &Arc<str>, text: &str, form: Form, columns: &Columns) -> Result<Node, Vec<Problem>> {
    let reader = Reader { file, text, lines: Lines::new(file.clone(), text), columns };
    let Some(language) = form.language() else {
        let span = 0..text.len();
        return sound(reader.csv(form)?).map(|rows| Node { value: Value::List(rows), span });
    };
    let mut root = reader.parsed(language)?;
    without_dates(&mut root);
    if !columns.is_empty() {
        let list = list_in(&mut root, "", language).map_err(|fault| vec![problem(file, text, fault)])?;
        let rows = std::mem::take(list);
        *list = sound(reader.all(rows)?)?;
    }
    Ok(root)
}

/// The nodes of `rows`, if all are without a fault.
fn sound(rows: Rows) -> Result<Vec<Node>, Vec<Problem>> {
    match rows.rows.iter().all(|row| row.faults.is_empty()) {
        true => Ok(rows.rows.into_iter().map(|row| row.node).collect()),
        false => Err(first_faults(rows.rows)),
    }
}

/// The first faults of `rows`.
fn first_faults(rows: Vec<Row>) -> Vec<Problem> {
    rows.into_iter().flat_map(|row| row.faults).take(MOST_FAULTS).collect()
}

/// Turns the dates of TOML into text, as they are in the other languages.
fn without_dates(node: &mut Node) {
    match &mut node.value {
        Value::Date(text) => node.value = Value::String(std::mem::take(text)),
        Value::List(items) => items.iter_mut().for_each(without_dates),
        Value::Table(entries) => entries.iter_mut().for_each(|entry| without_dates(&mut entry.node)),
        _ => {}
    }
}

/// The list of rows in `root`, as [`rows`] describes it.
fn list_in<'n>(
    root: &'n mut Node,
    at: &str,
    language: Language,
) -> Result<&'n mut Vec<Node>, (DataError, Range<usize>)> {
    let remedy = match language {
        Language::Json => "write `[{ \"name\": \"Ferry\" }, { \"name\": \"Quay\" }]`",
        Language::Yaml => "write a list of tables: `- name: Ferry` and below it `- name: Quay`",
        Language::Toml => "write `[[rows]]` above the fields of each row",
    };
    let mut node = root;
    for key in at.split('.').filter(|key| !key.is_empty()) {
        let span = node.span.clone();
        let keys: Vec<String> = match &node.value {
            Value::Table(entries) => entries.iter().map(|entry| entry.key.clone()).collect(),
            _ => Vec::new(),
        };
        let found = match &mut node.value {
            Value::Table(entries) => entries.iter_mut().find(|entry| entry.key == key),
            _ => None,
        };
        let Some(found) = found else {
            let near = nearest(key, keys.iter().map(String::as_str));
            let near = near.map(|near| format!("; the nearest key is `{near}`")).unwrap_or_default();
            let reason = format!("it has no key `{key}`{near}");
            return Err((DataError::NoRows { reason, remedy }, span));
        };
        node = &mut found.node;
    }
    let (span, kind) = (node.span.clone(), node.value.kind());
    let list = match &mut node.value {
        Value::List(items) => Some(items),
        Value::Table(entries) if at.is_empty() => match entries.as_mut_slice() {
            [Entry { node: Node { value: Value::List(items), .. }, .. }] => Some(items),
            _ => None,
        },
        _ => None,
    };
    list.ok_or_else(|| (DataError::NoRows { reason: format!("it is {kind}"), remedy }, span))
}

struct Reader<'a> {
    file: &'a Arc<str>,
    text: &'a str,
    lines: Lines<'a>,
    columns: &'a Columns,
}

impl Reader<'_> {
    fn at(&self, (error, span): (DataError, Range<usize>)) -> Problem {
        Problem::new(error, self.lines.place(span))
    }

    /// An error for each column of `site.toml` that is not among `columns`.
    fn check(&self, columns: &[String]) -> Result<(), Vec<Problem>> {
        let known: HashSet<&str> = columns.iter().map(String::as_str).collect();
        let unknown = self.columns.iter().filter(|rules| !known.contains(rules.name.as_str()));
        let problem = |rules: &ColumnRules| {
            let remedy = match nearest(&rules.name, columns.iter().map(String::as_str)) {
                Some(name) => format!("did you mean `{name}`?"),
                None => {
                    let shown: Vec<String> =
                        columns.iter().take(12).map(|name| format!("`{}`", beginning(name))).collect();
                    format!("its columns are {}", shown.join(", "))
                }
            };
            let (file, name) = (self.file.to_string(), rules.name.clone());
            Problem::new(DataError::NoColumn { file, name, remedy }, rules.place.clone())
        };
        let problems: Vec<Problem> = unknown.map(problem).collect();
        if problems.is_empty() { Ok(()) } else { Err(problems) }
    }

    /// The value of the cell `value` of `column` at `span`.
    fn cell(
        &self,
        column: &str,
        value: Value,
        span: &Range<usize>,
        (kind, custom): (Option<ColumnKind>, Custom),
        faults: &mut Vec<Problem>,
    ) -> Value {
        let Some(kind) = kind else { return value };
        let written = self.text.get(span.clone()).unwrap_or_default().trim();
        typed(column, value, written, kind, custom).unwrap_or_else(|fault| {
            faults.push(self.at((fault, span.clone())));
            Value::Null
        })
    }

    fn csv(&self, form: Form) -> Result<Rows, Vec<Problem>> {
        let delimiter = if form == Form::Tsv { b'\t' } else { delimiter(self.text) };
        let custom = match delimiter {
            b',' => Custom::Point,
            b';' => Custom::Comma,
            _ => Custom::Unknown,
        };
        let whole = |fault| vec![self.at(fault)];
        let mut records = Records::new(self.text, delimiter);
        let first = records.next().unwrap_or(Err((DataError::Empty, 0..0))).map_err(whole)?;
        let names = header(first).map_err(whole)?;
        let columns: Vec<String> = names.iter().map(|cell| cell.text.trim().to_owned()).collect();
        self.check(&columns)?;
        let kinds: Vec<Option<ColumnKind>> = columns.iter().map(|name| self.columns.kind(name)).collect();
        let (mut rows, mut left) = (Vec::new(), MOST_FAULTY);
        for record in records {
            let mut cells: Vec<Cell<'_>> = record.map_err(whole)?;
            let start = cells.first().map_or(0, |cell| cell.span.start);
            if rows.len().saturating_mul(columns.len()) >= MOST_CELLS {
                return Err(whole((DataError::ManyCells, start..start)));
            }
            let mut faults = Vec::new();
            if let Err(fault) = fit(&mut cells, columns.len()) {
                faults.push(self.at(fault));
            }
            let end = cells.last().map_or(start, |cell| cell.span.end);
            let entries = cells.into_iter().zip(&names).zip(columns.iter().zip(&kinds));
            let entries = entries.map(|((cell, name), (column, kind))| {
                let value = Value::String(cell.text.into_owned());
                let value = self.cell(column, value, &cell.span, (*kind, custom), &mut faults);
                let node = Node { value, span: cell.span };
                Entry { key: column.clone(), key_span: name.span.clone(), node }
            });
            let value = Value::Table(entries.collect());
            left -= usize::from(!faults.is_empty());
            rows.push(Row { node: Node { value, span: start..end }, faults });
            if left == 0 {
                return Err(first_faults(rows));
            }
        }
        Ok(Rows { columns, rows })
    }

    fn parsed(&self, language: Language) -> Result<Node, Vec<Problem>> {
        let root = parse(language, self.text, 0)
            .map_err(|(error, span)| vec![Problem::new(error, self.lines.place(span))])?;
        match self.long_number(&root) {
            Some(node) => {
                let number = beginning(self.text.get(node.span.clone()).unwrap_or_default());
                Err(vec![self.at((DataError::LongNumber { number }, node.span.clone()))])
            }
            None => Ok(root),
        }
    }

    /// A whole number that a parser could not keep as one.
    fn long_number<'n>(&self, node: &'n Node) -> Option<&'n Node> {
        match &node.value {
            Value::List(items) => items.iter().find_map(|item| self.long_number(item)),
            Value::Table(entries) => entries.iter().find_map(|entry| self.long_number(&entry.node)),
            // TOML's parser leaves a long number as text, and those of JSON and YAML cut it.
            Value::Float(_) | Value::String(_) => {
                let written = self.text.get(node.span.clone()).unwrap_or_default();
                let digits = written.trim_start_matches(['-', '+']);
                let is_whole = digits.bytes().all(|byte| byte.is_ascii_digit() || byte == b'_');
                (is_whole && digits.len() > 18).then_some(node)
            }
            _ => None,
        }
    }

    /// The rows of `list`, whose cells get their kinds.
    fn all(&self, list: Vec<Node>) -> Result<Rows, Vec<Problem>> {
        let mut columns: Vec<String> = Vec::new();
        let mut known: HashSet<&str> = HashSet::new();
        for row in &list {
            let Value::Table(entries) = &row.value else { continue };
            for entry in entries.iter().filter(|entry| known.insert(&entry.key)) {
                columns.push(entry.key.clone());
            }
        }
        if !columns.is_empty() {
            self.check(&columns)?;
        }
        let (mut rows, mut left) = (Vec::with_capacity(list.len()), MOST_FAULTY);
        for node in list {
            let row = self.row(node);
            left -= usize::from(!row.faults.is_empty());
            rows.push(row);
            if left == 0 {
                return Err(first_faults(rows));
            }
        }
        Ok(Rows { columns, rows })
    }

    /// The row `node`, whose cells get their kinds.
    fn row(&self, mut node: Node) -> Row {
        let mut faults = Vec::new();
        let (kind, span) = (node.value.kind(), node.span.clone());
        let Value::Table(entries) = &mut node.value else {
            faults.push(self.at((DataError::NoTable { found: kind }, span)));
            return Row { node, faults };
        };
        for Entry { key, node, .. } in entries.iter_mut() {
            let value = std::mem::replace(&mut node.value, Value::Null);
            let kind = (self.columns.kind(key), Custom::Point);
            node.value = self.cell(key, value, &node.span, kind, &mut faults);
        }
        Row { node, faults }
    }
}
