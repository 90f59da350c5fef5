//! `[data.NAME]`: the columns and encodings of data files.

use std::collections::BTreeMap;

use chrono_tz::Tz;
use encoding_rs::Encoding;

use super::read::encoding;
use crate::model::date::parse_zone;
use crate::model::diagnostics::Place;
use crate::model::metadata::{Fields, Node, Value};

/// The folder of data files, in the site's root.
pub(super) const FOLDER: &str = "data/";

/// `[data]`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DataRules {
    files: BTreeMap<String, FileRules>,
}

/// `[data.NAME]`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct FileRules {
    /// `columns`: the kinds of columns.
    columns: Columns,
    /// `encoding`: the encoding of the file; default UTF-8.
    encoding: Option<&'static Encoding>,
    /// The place of the table's name.
    place: Option<Place>,
}

/// `columns`: the kinds of the columns of a data file, in the order of `site.toml`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Columns(Vec<ColumnRules>);

/// The kind of a column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ColumnRules {
    /// The name of the column.
    pub name: String,
    /// The kind of its cells.
    pub kind: ColumnKind,
    /// The place of its name in `site.toml`.
    pub place: Place,
}

/// The kinds of cells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ColumnKind {
    /// `text`.
    Text,
    /// `number`; `decimal` is the sign before the fraction, if `site.toml` names it.
    Number {
        /// `.` or `,`.
        decimal: Option<char>,
    },
    /// `boolean`.
    Boolean,
    /// `date`; `zone` is the zone of dates that name none, if `site.toml` names it.
    Date {
        /// `zone`.
        zone: Option<Tz>,
    },
}

/// The names of the kinds in `site.toml`.
const KINDS: [&str; 4] = ["text", "number", "boolean", "date"];

static UNTYPED: Columns = Columns(Vec::new());

impl DataRules {
    fn of(&self, file: &str) -> Option<&FileRules> {
        self.files.get(name_of(file))
    }

    /// The kinds of the columns of `file`, a path from the site's root.
    pub fn columns(&self, file: &str) -> &Columns {
        self.of(file).map_or(&UNTYPED, |rules| &rules.columns)
    }

    /// The encoding of `file`, a path from the site's root, if it is not UTF-8.
    pub fn encoding(&self, file: &str) -> Option<&'static Encoding> {
        self.of(file)?.encoding
    }

    /// The names of the files that have rules, each with its place in `site.toml`.
    pub fn names(&self) -> impl Iterator<Item = (&str, &Place)> {
        self.files.iter().filter_map(|(name, rules)| Some((name.as_str(), rules.place.as_ref()?)))
    }
}

/// The name in `site.toml` of `file`, a path from the site's root: below `data/` without its extension, elsewhere the
/// whole path.
pub fn name_of(file: &str) -> &str {
    match file.strip_prefix(FOLDER) {
        Some(name) => stem(name),
        None => file,
    }
}

/// `name` without the extension of a data file.
fn stem(name: &str) -> &str {
    match name.rsplit_once('.') {
        Some((stem, extension)) if !stem.ends_with('/') && !extension.contains('/') => stem,
        _ => name,
    }
}

impl Columns {
    /// The kind of the column `name`.
    pub fn kind(&self, name: &str) -> Option<ColumnKind> {
        self.0.iter().find(|column| column.name == name).map(|column| column.kind)
    }

    /// The zone of the dates in the column `name`, if `site.toml` names one.
    pub fn zone(&self, name: &str) -> Option<Tz> {
        match self.kind(name)? {
            ColumnKind::Date { zone } => zone,
            _ => None,
        }
    }

    /// All columns that have a kind.
    pub fn iter(&self) -> impl Iterator<Item = &ColumnRules> {
        self.0.iter()
    }

    /// True if no column has a kind.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

pub(super) fn data(fields: &mut Fields<'_, '_>) -> DataRules {
    let mut rules = DataRules::default();
    let Some(node) = fields.node("data") else { return rules };
    let mut table = fields.inner("`[data]`", node);
    for entry in table.all() {
        let place = table.place(&entry.key_span);
        let mut inner = table.inner(format!("`[data.{}]`", quoted(&entry.key)), &entry.node);
        let mut file = FileRules { place: Some(place), ..FileRules::default() };
        if let Some(node) = inner.node("columns") {
            file.columns = columns(&mut inner, node);
        }
        if let Some(node) = inner.node("encoding") {
            let label = inner.as_text("encoding", node);
            file.encoding = label.and_then(|label| encoding(&mut inner, "encoding", node, &label));
        }
        let key = entry.key.trim_matches('/');
        inner.finish(Some(&|below| {
            format!("the data file `data/{key}/{below}` has its settings under `[data.\"{key}/{below}\"]`")
        }));
        rules.files.insert(key.strip_prefix(FOLDER).map_or(key, stem).to_owned(), file);
    }
    rules
}

/// `name` as a key of TOML.
fn quoted(name: &str) -> String {
    let is_bare = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-';
    if name.bytes().all(is_bare) { name.to_owned() } else { format!("\"{name}\"") }
}

fn columns<'a>(fields: &mut Fields<'a, '_>, node: &'a Node) -> Columns {
    let mut table = fields.inner("`columns`", node);
    let mut columns = Vec::new();
    for entry in table.all() {
        let place = table.place(&entry.key_span);
        let kind = kind(&mut table, &entry.key, &entry.node);
        columns.extend(kind.map(|kind| ColumnRules { name: entry.key.clone(), kind, place }));
    }
    Columns(columns)
}

/// The kind at `node`: its name, or a table with `type` and more.
fn kind<'a>(table: &mut Fields<'a, '_>, key: &str, node: &'a Node) -> Option<ColumnKind> {
    let Value::Table(_) = &node.value else {
        return named(table, key, node, None, None);
    };
    let mut inner = table.inner(format!("the column `{key}`"), node);
    let decimal = inner.node("decimal").and_then(|node| {
        let text = inner.as_text("decimal", node)?;
        if !matches!(text.as_str(), "." | ",") {
            inner.refuse_unknown("decimal", node, "no fraction begins with it", &[".", ","]);
        }
        text.chars().next()
    });
    let zone = inner.node("zone").and_then(|node| {
        let text = inner.as_text("zone", node)?;
        parse_zone(&text).map_err(|error| inner.report(error, &node.span)).ok()
    });
    let kind = match inner.node("type") {
        Some(node) => named(&mut inner, "type", node, decimal, zone),
        None => {
            inner.refuse(key, node, "it has no `type`", "write a kind, such as `{ type = \"number\" }`");
            None
        }
    };
    for (key, of, fits) in [
        ("decimal", "numbers", matches!(kind, Some(ColumnKind::Number { .. }) | None)),
        ("zone", "dates", matches!(kind, Some(ColumnKind::Date { .. }) | None)),
    ] {
        if let Some(node) = inner.node(key).filter(|_| !fits) {
            inner.refuse(key, node, format!("only {of} have it"), "take it out, or write another `type`");
        }
    }
    inner.finish(None);
    kind
}

fn named(
    table: &mut Fields<'_, '_>,
    key: &str,
    node: &Node,
    decimal: Option<char>,
    zone: Option<Tz>,
) -> Option<ColumnKind> {
    let name = table.as_text(key, node)?;
    table.offers(node, &KINDS);
    match name.as_str() {
        "text" => Some(ColumnKind::Text),
        "number" => Some(ColumnKind::Number { decimal }),
        "boolean" => Some(ColumnKind::Boolean),
        "date" => Some(ColumnKind::Date { zone }),
        _ => {
            table.refuse_unknown(key, node, "there is no such kind of column", &KINDS);
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Config;

    fn read(text: &str) -> (Option<Config>, Vec<String>) {
        let head = "title = \"t\"\nbase_url = \"https://a.example/\"\nauthority = \"a.example\"\ntimezone = \"UTC\"\n";
        let mut problems = Vec::new();
        let config = Config::read(&format!("{head}{text}"), &mut problems);
        let shown = problems.iter().map(|problem| format!("{} {:?}", problem.message(), problem.remedy()));
        (config, shown.collect())
    }

    #[test]
    fn columns_have_kinds() {
        let (config, problems) = read(
            "[data.products]\ncolumns = { price = { type = \"number\", decimal = \",\" }, since = { type = \"date\", zone = \"Asia/Hong_Kong\" }, sold = \"boolean\" }\nencoding = \"windows-1252\"\n[data.\"prices/eu\".columns]\nprice = \"number\"\n[data.\"content/shop/a.csv\"]\ncolumns = { a = \"text\" }\n",
        );
        assert!(problems.is_empty(), "{problems:?}");
        let data = config.unwrap().data;
        let columns = data.columns("data/products.csv");
        assert_eq!(columns.kind("price"), Some(ColumnKind::Number { decimal: Some(',') }));
        assert_eq!(columns.zone("since"), Some(chrono_tz::Asia::Hong_Kong));
        assert_eq!(columns.kind("sold"), Some(ColumnKind::Boolean));
        assert_eq!(columns.kind("other"), None);
        assert_eq!(data.encoding("data/products.csv"), Some(encoding_rs::WINDOWS_1252));
        assert_eq!(
            data.columns("data/prices/eu.json").kind("price"),
            Some(ColumnKind::Number { decimal: None })
        );
        assert_eq!(data.columns("content/shop/a.csv").kind("a"), Some(ColumnKind::Text));
        assert!(data.columns("data/none.csv").is_empty());
    }

    #[test]
    fn a_wrong_kind_is_refused_with_the_nearest() {
        for (text, expected) in [
            ("[data.a]\ncolumns = { b = \"numbr\" }\n", "did you mean `number`?"),
            ("[data.a]\ncolumns = { b = { decimal = \",\" } }\n", "it has no `type`"),
            ("[data.a]\ncolumns = { b = { type = \"number\", zone = \"UTC\" } }\n", "only dates have it"),
            ("[data.a]\ncolumns = { b = { type = \"date\", zone = \"Europe/Londn\" } }\n", "Europe/London"),
            ("[data.a]\ncolumns = { b = { type = \"number\", decimal = \";\" } }\n", "no fraction begins"),
            ("[data.a]\ncolumn = { b = \"number\" }\n", "did you mean `columns`?"),
            ("[data.a]\nencoding = \"utf-9\"\n", "did you mean `utf-8`?"),
            ("[data.prices.eu]\ncolumns = { b = \"number\" }\n", "`[data.\\\"prices/eu\\\"]`"),
        ] {
            let (_, problems) = read(text);
            assert!(problems.iter().any(|problem| problem.contains(expected)), "{text}: {problems:?}");
        }
    }
}
