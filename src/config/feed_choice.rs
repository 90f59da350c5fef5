//! Feed settings that a section, a taxonomy or a custom feed may set differently.

use serde::{Deserialize, Serialize};

use super::feeds::{FeedContent, FeedFormat};
use crate::feed::atom_id;
use crate::model::metadata::{Fields, Node, Value};
use crate::model::url::{PathError, UrlPath};

/// Feed settings of a section or a taxonomy; those not given are as in `[feeds]`.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct FeedChoice {
    /// On or off.
    pub on: Option<bool>,
    /// `limit`.
    pub limit: Option<usize>,
    /// `content`.
    pub content: Option<FeedContent>,
    /// `formats`.
    pub formats: Option<Vec<FeedFormat>>,
    /// `archives`.
    pub archives: Option<bool>,
    /// `id`: its lasting id; by default one is minted. A taxonomy has many feeds, and so none.
    pub id: Option<String>,
    /// `aliases`: paths at which the feed was before. Those of a taxonomy's terms are in its rules.
    pub aliases: Vec<UrlPath>,
    /// `site = false`: the articles of the section are in its own feed, and not in the site's.
    pub in_site: Option<bool>,
}

impl FeedChoice {
    /// These settings, with those of `around` for what all feeds there share and these do not say.
    pub fn over(self, around: &FeedChoice) -> FeedChoice {
        FeedChoice {
            limit: self.limit.or(around.limit),
            content: self.content.or(around.content),
            formats: self.formats.or_else(|| around.formats.clone()),
            ..self
        }
    }

    /// The same settings for the same feed in another language, which has an id and addresses of its own.
    pub fn in_language(&self) -> FeedChoice {
        FeedChoice { id: None, aliases: Vec::new(), ..self.clone() }
    }
}

/// Reads the feed settings of a section: `true`, `false` or a table.
pub fn feed_choice<'a>(fields: &mut Fields<'a, '_>, node: &'a Node) -> FeedChoice {
    if let Value::Bool(on) = node.value {
        return FeedChoice { on: Some(on), ..FeedChoice::default() };
    }
    let mut table = fields.inner("`feeds`", node);
    let choice = choices(&mut table);
    let in_site = table.flag("site");
    let choice = FeedChoice { id: feed_id(&mut table), aliases: aliases(&mut table), in_site, ..choice };
    table.finish(None);
    choice
}

/// Reads the settings of the feeds of a taxonomy's terms: `true`, `false` or a table; and the patterns of paths at which
/// they were before.
pub(super) fn feed_choice_of_terms<'a>(
    fields: &mut Fields<'a, '_>,
    node: &'a Node,
) -> (FeedChoice, Vec<TermAlias>) {
    if let Value::Bool(on) = node.value {
        return (FeedChoice { on: Some(on), ..FeedChoice::default() }, Vec::new());
    }
    let mut table = fields.inner("`feeds`", node);
    let choice = choices(&mut table);
    let aliases = aliases_of_terms(&mut table);
    table.finish(None);
    (choice, aliases)
}

/// Reads `aliases` of a taxonomy: each has a place for the term, and so stands for one path of each.
fn aliases_of_terms(table: &mut Fields<'_, '_>) -> Vec<TermAlias> {
    let Some(node) = table.node("aliases") else { return Vec::new() };
    let mut all = Vec::new();
    for written in table.as_texts("aliases", node) {
        let alias = TermAlias { pattern: written };
        if !alias.pattern.contains(SLUG) && !alias.pattern.contains(NAME) {
            let reason = format!("\u{201c}{}\u{201d} would be the old address of every term", alias.pattern);
            table.refuse("aliases", node, reason, "write `{slug}` or `{name}` where the term stands");
        } else if let Err(error) = alias.fill("x", "x") {
            table.report(error, &node.span);
        } else {
            all.push(alias);
        }
    }
    all
}

/// The place of a term's slug in an alias.
const SLUG: &str = "{slug}";
/// The place of its name.
const NAME: &str = "{name}";

/// Where the feeds of a taxonomy's terms were before: `/category/{slug}/feed/`, `/feed/by_tag/{name}.xml`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TermAlias {
    pattern: String,
}

impl TermAlias {
    /// The old path of the feed of the term with this `slug` and `name`.
    ///
    /// # Errors
    /// It is no path.
    pub fn fill(&self, slug: &str, name: &str) -> Result<UrlPath, PathError> {
        path_of(&self.pattern.replace(SLUG, slug).replace(NAME, &name.replace('/', "-")))
    }
}

/// Reads `id`, the lasting id of a feed: a URI, since Atom takes nothing else.
pub(super) fn feed_id(table: &mut Fields<'_, '_>) -> Option<String> {
    let node = table.node("id")?;
    let id = table.as_text("id", node)?.trim().to_owned();
    if atom_id(&id, "") == id {
        return Some(id);
    }
    let remedy = "write a whole URI, such as `tag:example.org,2019:feed:news` or `https://example.org/news/`";
    table.refuse("id", node, format!("\u{201c}{id}\u{201d} is no URI"), remedy);
    None
}

/// Reads `aliases`, the paths at which a feed was before. A last part without an extension is a folder.
pub(super) fn aliases(table: &mut Fields<'_, '_>) -> Vec<UrlPath> {
    let Some(node) = table.node("aliases") else { return Vec::new() };
    let mut paths = Vec::new();
    for written in table.as_texts("aliases", node) {
        match path_of(&written) {
            Ok(path) => paths.push(path),
            Err(error) => table.report(error, &node.span),
        }
    }
    paths
}

/// The path `written`. A last part without an extension is a folder.
fn path_of(written: &str) -> Result<UrlPath, PathError> {
    let path = format!("/{}", written.trim_start_matches('/'));
    let last = path.rsplit('/').next().unwrap_or_default();
    let is_file = last.is_empty() || last.contains('.');
    UrlPath::parse(&if is_file { path } else { format!("{path}/") })
}

/// Reads the settings that all feeds have.
pub(super) fn choices(table: &mut Fields<'_, '_>) -> FeedChoice {
    FeedChoice {
        on: None,
        limit: table.whole("limit", 1, 10_000).map(|limit| limit as usize),
        content: feed_content(table),
        formats: feed_formats(table),
        archives: table.flag("archives"),
        id: None,
        aliases: Vec::new(),
        in_site: None,
    }
}

pub(super) fn feed_content(table: &mut Fields<'_, '_>) -> Option<FeedContent> {
    let node = table.node("content")?;
    match table.as_text("content", node)?.as_str() {
        "full" => Some(FeedContent::Full),
        "summary" => Some(FeedContent::Summary),
        _ => {
            table.refuse_unknown("content", node, "there is no such choice", &["full", "summary"]);
            None
        }
    }
}

pub(super) fn feed_formats(table: &mut Fields<'_, '_>) -> Option<Vec<FeedFormat>> {
    let node = table.node("formats")?;
    let names = table.as_texts("formats", node);
    let formats: Vec<FeedFormat> =
        FeedFormat::ALL.into_iter().filter(|format| names.iter().any(|name| name == format.key())).collect();
    if formats.len() != names.len() {
        let known = FeedFormat::ALL.map(FeedFormat::key);
        table.refuse_unknown("formats", node, "not all are formats, or one stands twice", &known);
    }
    Some(formats)
}
