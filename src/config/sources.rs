//! `[[sources]]`: data files whose rows are articles and pages.

use serde::{Deserialize, Serialize};

use super::TaxonomyRules;
use super::data::FOLDER;
use crate::model::diagnostics::Place;
use crate::model::metadata::{Fields, MetadataError, Node, Value, is_same};

/// Fields of front matter that a column can fill; the taxonomies are among them too.
pub const ROW_FIELDS: [&str; 32] = [
    "title",
    "date",
    "updated",
    "expires",
    "summary",
    "body",
    "image",
    "image_alt",
    "image_caption",
    "image_credit",
    "slug",
    "path",
    "template",
    "draft",
    "withdrawn",
    "kicker",
    "standfirst",
    "weight",
    "featured",
    "pinned_until",
    "unlisted",
    "feed",
    "link",
    "canonical",
    "banner",
    "enclosure",
    "aliases",
    "contributors",
    "rights",
    "lang",
    "timezone",
    "id",
];

/// `[[sources]]`: a data file, each row of which is an article or a page of a section.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RowSource {
    /// `file`: the data file, from the site's root: `data/products.csv`.
    pub file: String,
    /// `section`: the folder below `content/` that the rows are in, as if they were files there; in a section's own
    /// `_index.md`, that section.
    pub section: String,
    /// The language in the names of its rows, with a dot: `.de` in `_index.de.md`. Empty in the language of the site.
    pub language: String,
    /// `list`: the way to the rows in the file, with dots; none for the whole file.
    pub list: Option<String>,
    /// `key`: the column whose values name the rows.
    pub key: String,
    /// `fields`: fields of front matter, each with the column that fills it; `None` for `false`, no column.
    pub fields: Vec<RowField>,
    /// `extra`: columns that are the publisher's own values, whatever their names seem to mean.
    pub extra: Vec<String>,
    /// `separator`: the text between the items of a list in one cell; default `,`.
    pub separator: String,
    /// `template`: the template of rows that name none.
    pub template: Option<String>,
    /// The place of `file`.
    pub place: Place,
    /// The place of `key`.
    pub key_place: Place,
}

/// A field of front matter and its column.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RowField {
    /// The field.
    pub name: String,
    /// The column; `None` for `false`.
    pub column: Option<String>,
    /// The place of the column's name.
    pub place: Place,
}

/// Reads `[[sources]]`, in a site with these taxonomies. `index` is the path below `content/` of the section's file if this
/// is its front matter; in `site.toml`, each source names its section.
pub fn row_sources(fields: &mut Fields<'_, '_>, taxonomies: &[&str], index: Option<&str>) -> Vec<RowSource> {
    let section = index.map(|path| path.rsplit_once('/').unwrap_or(("", path)));
    let mut sources = Vec::new();
    for node in fields.tables("sources") {
        let mut table = fields.inner("`[[sources]]`", node);
        sources.extend(source(&mut table, node, taxonomies, section));
        table.finish(None);
    }
    sources
}

/// The names of `taxonomies`.
pub(super) fn names(taxonomies: &[TaxonomyRules]) -> Vec<&str> {
    taxonomies.iter().map(|rules| rules.name.as_str()).collect()
}

fn source(
    table: &mut Fields<'_, '_>,
    node: &Node,
    taxonomies: &[&str],
    section: Option<(&str, &str)>,
) -> Option<RowSource> {
    let mut missing = |key: &'static str, example: &'static str| {
        if table.node(key).is_none() {
            let owner = "this source of rows".to_owned();
            table.report(MetadataError::Missing { key, owner, example }, &node.span);
        }
    };
    missing("file", "`file = \"data/products.csv\"`");
    missing("key", "`key = \"sku\"`, the column whose values tell the rows apart");
    if section.is_none() {
        missing("section", "`section = \"products\"`, a folder of `content/`");
    }
    let (file, written_section) = (file(table), section.is_none().then(|| table.text("section")).flatten());
    let key = table.filled("key");
    let list = table.filled("list");
    let columns = columns(table, taxonomies);
    let extra = table.texts("extra").unwrap_or_default();
    let separator = table.text("separator").filter(|text| !text.is_empty());
    let template = table.filled("template");
    let (section, language) = match section {
        Some((folder, name)) => {
            let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
            (folder.to_owned(), stem.trim_start_matches("_index").to_owned())
        }
        None => (written_section?.trim().trim_matches('/').to_owned(), String::new()),
    };
    let ((file, place), key) = (file?, key?);
    let key_place = table.node("key")?.span.clone();
    let key_place = table.place(&key_place);
    Some(RowSource {
        file,
        section,
        language,
        list,
        key,
        fields: columns,
        extra,
        separator: separator.unwrap_or_else(|| ",".to_owned()),
        template,
        place,
        key_place,
    })
}

/// The path of the data file, and its place. A file elsewhere would be published as it is, with all rows that are not
/// public.
fn file(table: &mut Fields<'_, '_>) -> Option<(String, Place)> {
    let node = table.node("file")?;
    let written = table.as_text("file", node)?;
    let path = written.trim().trim_start_matches("./");
    let is_inside = path.starts_with(FOLDER) && path.split('/').all(|part| !matches!(part, "" | "." | ".."));
    if !is_inside {
        let remedy =
            "put the file into the folder `data/` of the site and write its path: `data/products.csv`";
        table.refuse("file", node, "it is no path in the folder `data/`", remedy);
        return None;
    }
    Some((path.to_owned(), table.place(&node.span)))
}

/// Reads `[sources.fields]`.
fn columns(table: &mut Fields<'_, '_>, taxonomies: &[&str]) -> Vec<RowField> {
    let Some(node) = table.node("fields") else { return Vec::new() };
    let mut inner = table.inner("`[sources.fields]`", node);
    let mut columns = Vec::new();
    for name in taxonomies.iter().chain(&ROW_FIELDS) {
        let Some(entry) = inner.owned_entry(name) else { continue };
        let column = match &entry.node.value {
            Value::Bool(false) => None,
            Value::Bool(true) => {
                let remedy = format!("name the column, or write `{name} = false` for none");
                inner.refuse(name, &entry.node, "it is no name of a column", remedy);
                continue;
            }
            _ => match inner.as_text(name, &entry.node).filter(|column| !column.trim().is_empty()) {
                Some(column) => Some(column.trim().to_owned()),
                None => continue,
            },
        };
        columns.push(RowField { name: (*name).to_owned(), column, place: inner.place(&entry.node.span) });
    }
    inner.finish(None);
    columns
}

impl RowSource {
    /// The choice for the field `name`: `None` if `fields` says nothing of it.
    pub fn choice(&self, name: &str) -> Option<&RowField> {
        self.fields.iter().find(|field| is_same(&field.name, name))
    }
}
