//! `[[wire]]`: folders into which news agencies put their files.

use chrono_tz::Tz;
use encoding_rs::Encoding;
use serde::{Deserialize, Serialize};

use super::TaxonomyRules;
use super::read::{encoding, timezone};
use crate::model::diagnostics::Place;
use crate::model::metadata::{Fields, MetadataError, Node};

/// `[[wire]]`.
#[derive(Debug, Clone, PartialEq)]
pub struct WireRules {
    /// `folder`: the folder with the files, from the site's root or absolute.
    pub folder: String,
    /// `section`: the folder below `content/` that its articles are in, default `wire`.
    pub section: String,
    /// `kinds`: the kinds of files that are read, default all.
    pub kinds: Vec<WireKind>,
    /// `timezone`: the zone of dates without an offset.
    pub timezone: Option<Tz>,
    /// `encoding`: that of plain texts, default UTF-8.
    pub encoding: Option<&'static Encoding>,
    /// `[wire.fields]`: taxonomies, each with the parts of a story that are its terms.
    pub fields: Vec<(String, Vec<WireField>)>,
    /// `template`: the template of its articles.
    pub template: Option<String>,
    /// `max_mb`: the most bytes of a file, default 4 MB.
    pub most: u64,
    /// `max_files`: the most files, default 100,000.
    pub most_files: usize,
    /// The place of `folder`.
    pub place: Place,
}

/// A kind of files.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum WireKind {
    /// NewsML-G2.
    #[default]
    Newsml,
    /// NITF.
    Nitf,
    /// ninjs.
    Ninjs,
    /// Plain text.
    Text,
}

impl WireKind {
    /// All kinds.
    pub const ALL: [WireKind; 4] = [WireKind::Newsml, WireKind::Nitf, WireKind::Ninjs, WireKind::Text];

    /// Its name in `site.toml`.
    pub fn key(self) -> &'static str {
        match self {
            WireKind::Newsml => "newsml",
            WireKind::Nitf => "nitf",
            WireKind::Ninjs => "ninjs",
            WireKind::Text => "text",
        }
    }

    /// True if the file `name` may be of this kind.
    pub fn has(self, name: &str) -> bool {
        let ending = name.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase());
        let endings: &[&str] = match self {
            WireKind::Newsml => &["xml", "newsml"],
            WireKind::Nitf => &["xml", "nitf"],
            WireKind::Ninjs => &["json"],
            WireKind::Text => &["txt"],
        };
        ending.is_some_and(|ending| endings.contains(&ending.as_str()))
    }
}

/// A part of a story that terms are made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WireField {
    /// The names of its authors.
    Byline,
    /// The agency.
    Credit,
    /// Subjects.
    Subject,
    /// Keywords.
    Keyword,
    /// Genres.
    Genre,
    /// Places that it is about.
    Place,
    /// The slug line.
    Slugline,
}

impl WireField {
    /// All of them.
    pub const ALL: [WireField; 7] = [
        WireField::Byline,
        WireField::Credit,
        WireField::Subject,
        WireField::Keyword,
        WireField::Genre,
        WireField::Place,
        WireField::Slugline,
    ];

    /// Its name in `site.toml`.
    pub fn key(self) -> &'static str {
        match self {
            WireField::Byline => "byline",
            WireField::Credit => "credit",
            WireField::Subject => "subject",
            WireField::Keyword => "keyword",
            WireField::Genre => "genre",
            WireField::Place => "place",
            WireField::Slugline => "slugline",
        }
    }
}

/// Folders of a site whose files are published, or make it.
const OWN_FOLDERS: [&str; 7] = ["content", "static", "templates", "data", "languages", "themes", ".dateline"];

/// Reads `[[wire]]` of a site with these `taxonomies`.
pub(super) fn wire(fields: &mut Fields<'_, '_>, taxonomies: &[TaxonomyRules]) -> Vec<WireRules> {
    let mut all: Vec<WireRules> = Vec::new();
    for node in fields.tables("wire") {
        let mut table = fields.inner("`[[wire]]`", node);
        if let Some(rules) = one(&mut table, node, taxonomies) {
            if all.iter().any(|other| other.folder == rules.folder) {
                let remedy = "name each folder once: its stories would be there twice";
                table.refuse("folder", node, "another `[[wire]]` has this folder", remedy);
            }
            all.push(rules);
        }
        table.finish(None);
    }
    all
}

fn one(table: &mut Fields<'_, '_>, node: &Node, taxonomies: &[TaxonomyRules]) -> Option<WireRules> {
    let folder = folder(table, node);
    let section = table.filled("section").unwrap_or_else(|| "wire".to_owned());
    let section = section.trim().trim_matches('/').to_owned();
    let is_section = section.split('/').all(|part| !part.is_empty() && !part.starts_with('.'));
    if let Some(node) = table.node("section").filter(|_| !is_section) {
        table.refuse("section", node, "it is no folder of `content/`", "write `section = \"wire\"`");
    }
    let timezone = timezone(table);
    let kinds = table.node("kinds").map(|node| choices(table, "kinds", node, &WireKind::ALL, WireKind::key));
    let encoding = table.node("encoding").and_then(|node| {
        let label = table.as_text("encoding", node)?;
        encoding(table, "encoding", node, &label)
    });
    let terms = terms(table, taxonomies);
    let template = table.filled("template");
    let most = table.whole("max_mb", 1, 64).unwrap_or(4);
    let most_files = table.whole("max_files", 1, 10_000_000).unwrap_or(100_000);
    let (folder, place) = folder?;
    Some(WireRules {
        folder,
        section,
        kinds: kinds.unwrap_or_else(|| WireKind::ALL.to_vec()),
        timezone,
        encoding,
        fields: terms,
        template,
        most: u64::try_from(most).unwrap_or(1) << 20,
        most_files: usize::try_from(most_files).unwrap_or(1),
        place,
    })
}

/// The folder, and its place. Files in a folder of the site itself would be published as they are, with all that is not
/// public.
fn folder(table: &mut Fields<'_, '_>, owner: &Node) -> Option<(String, Place)> {
    let Some(node) = table.node("folder") else {
        let (key, owner_name) = ("folder", "this wire".to_owned());
        let example = "`folder = \"../wire\"`, into which the agency's files come";
        table.report(MetadataError::Missing { key, owner: owner_name, example }, &owner.span);
        return None;
    };
    let written = table.as_text("folder", node)?;
    let path = written.trim().trim_start_matches("./").trim_end_matches('/');
    let first = path.split('/').next().unwrap_or_default();
    let is_own = OWN_FOLDERS.contains(&first) || path.is_empty() || path == ".";
    if is_own || path.contains(['\\', '\0']) {
        let remedy = "name a folder of its own beside them or outside of the site: `folder = \"wire\"` or `\"../wire\"`";
        table.refuse(
            "folder",
            node,
            "files there are parts of the site, and may be published as they are",
            remedy,
        );
        return None;
    }
    Some((path.to_owned(), table.place(&node.span)))
}

/// Reads `[wire.fields]`.
fn terms(table: &mut Fields<'_, '_>, taxonomies: &[TaxonomyRules]) -> Vec<(String, Vec<WireField>)> {
    let usual = |name: &str| match name {
        "authors" => vec![WireField::Byline],
        "topics" => vec![WireField::Subject],
        _ => Vec::new(),
    };
    let Some(node) = table.node("fields") else {
        return ["authors", "topics"].map(|name| (name.to_owned(), usual(name))).into();
    };
    let mut inner = table.inner("`[wire.fields]`", node);
    let mut found = Vec::new();
    for rules in taxonomies {
        let fields = match inner.owned_entry(&rules.name) {
            Some(entry) => choices(&mut inner, &rules.name, &entry.node, &WireField::ALL, WireField::key),
            None => usual(&rules.name),
        };
        found.push((rules.name.clone(), fields));
    }
    inner.finish(None);
    found.retain(|(_, fields)| !fields.is_empty());
    found
}

/// The values of the list `node`, which are the names of some of `all`.
fn choices<T: Copy>(
    table: &mut Fields<'_, '_>,
    name: &str,
    node: &Node,
    all: &[T],
    key: impl Fn(T) -> &'static str,
) -> Vec<T> {
    let known: Vec<&str> = all.iter().map(|one| key(*one)).collect();
    table.offers(node, &known);
    let words = table.as_texts(name, node);
    let found: Vec<T> =
        words.iter().filter_map(|word| all.iter().copied().find(|one| key(*one) == word)).collect();
    if found.len() < words.len() {
        table.refuse_unknown(name, node, "not all of them are known", &known);
    }
    found
}
