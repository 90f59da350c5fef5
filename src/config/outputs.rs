//! `[[outputs]]`: documents that templates of the site make beside its pages.

use super::permalink::{Filling, Pattern};
use super::within;
use crate::model::diagnostics::Place;
use crate::model::metadata::{Fields, MetadataError, Node};

/// The subject of the documents of an output.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OutputFor {
    /// `site`: one document for the whole site.
    Site,
    /// `sections`: one for each section.
    Sections,
    /// `articles`: one for each article.
    Articles,
    /// `pages`: one for each page, which has no date.
    Pages,
    /// `terms`: one for each term of each taxonomy.
    Terms,
}

impl OutputFor {
    /// All of them.
    pub const ALL: [OutputFor; 5] =
        [OutputFor::Site, OutputFor::Sections, OutputFor::Articles, OutputFor::Pages, OutputFor::Terms];

    /// Its name in `site.toml`.
    pub fn key(self) -> &'static str {
        match self {
            OutputFor::Site => "site",
            OutputFor::Sections => "sections",
            OutputFor::Articles => "articles",
            OutputFor::Pages => "pages",
            OutputFor::Terms => "terms",
        }
    }

    /// The placeholders that its paths may have; those before the number tell its documents apart.
    fn placeholders(self) -> (&'static [&'static str], usize) {
        match self {
            OutputFor::Site => (&[], 0),
            OutputFor::Sections => (&["path", "section", "slug"], 2),
            OutputFor::Articles => (&["path", "slug", "section", "yyyy", "mm", "dd"], 2),
            OutputFor::Pages => (&["path", "slug", "section"], 2),
            OutputFor::Terms => (&["path", "term", "slug", "taxonomy"], 3),
        }
    }
}

/// `[[outputs]]`: a template that is rendered for each subject.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutputRules {
    /// `for`: a word or a list of words.
    pub subjects: Vec<OutputFor>,
    /// `template`: a name in `templates/`.
    pub template: String,
    /// `path`: text with placeholders.
    pub path: Pattern,
    /// `media_type`: default by the extension of `path`.
    pub media_type: String,
    /// `sections`: only these and those inside them; empty for all.
    pub sections: Vec<String>,
    /// `taxonomies`: only terms of these; empty for all.
    pub taxonomies: Vec<String>,
    /// `limit`: most articles in its list; default all.
    pub limit: Option<usize>,
    /// The place of `path` in `site.toml`.
    pub place: Place,
    /// The place of `template`.
    pub template_place: Place,
}

impl OutputRules {
    /// True if it has a document for each subject of this kind.
    pub fn is_for(&self, subject: OutputFor) -> bool {
        self.subjects.contains(&subject)
    }

    /// True if it covers the section `folder`.
    pub fn has_section(&self, folder: &str) -> bool {
        self.sections.is_empty() || self.sections.iter().any(|one| within(folder, one))
    }

    /// True if it covers the taxonomy `name`.
    pub fn has_taxonomy(&self, name: &str) -> bool {
        self.taxonomies.is_empty() || self.taxonomies.iter().any(|one| one == name)
    }
}

/// Reads `[[outputs]]`.
pub(super) fn outputs(fields: &mut Fields<'_, '_>) -> Vec<OutputRules> {
    let mut all: Vec<OutputRules> = Vec::new();
    for node in fields.tables("outputs") {
        let mut table = fields.inner("`[[outputs]]`", node);
        let output = output(&mut table, node);
        if let Some(output) = &output
            && all.iter().any(|other| other.path == output.path)
        {
            let remedy = "give each output a `path` of its own";
            let node = table.node("path").unwrap_or(node);
            table.refuse("path", node, "another output has this path", remedy);
        }
        table.finish(None);
        all.extend(output);
    }
    all
}

fn output(table: &mut Fields<'_, '_>, node: &Node) -> Option<OutputRules> {
    let mut missing = |key: &'static str, example: &'static str| {
        if table.node(key).is_none() {
            let owner = "this output".to_owned();
            table.report(MetadataError::Missing { key, owner, example }, &node.span);
        }
    };
    missing("for", "`for = \"site\"`, or `\"sections\"`, `\"articles\"`, `\"pages\"`, `\"terms\"`");
    missing("template", "`template = \"llms.txt\"`, a file in `templates/`");
    missing("path", "`path = \"/llms.txt\"`");
    let folders = |names: Option<Vec<String>>| -> Vec<String> {
        names.into_iter().flatten().map(|name| name.trim_matches('/').to_owned()).collect()
    };
    let (subjects, template, written) = (subjects(table), table.filled("template"), table.filled("path"));
    let sections = folders(table.texts("sections"));
    let taxonomies = table.texts("taxonomies").unwrap_or_default();
    let limit = table.whole("limit", 1, 1_000_000).map(|limit| limit as usize);
    let media_type = media_type(table, written.as_deref());
    let (subjects, template) = (subjects?, template?);
    let path = pattern(table, &subjects, &written?)?;
    let media_type = media_type?;
    let (path_node, template_node) = (table.node("path")?, table.node("template")?);
    let escapes = is_markup_name(&template);
    if escapes != is_markup(&media_type) {
        let reason = match escapes {
            true => {
                format!("a template with this ending escapes `<` and `&`, which {media_type} has no need of")
            }
            false => format!("a template with this ending escapes nothing, and {media_type} needs that"),
        };
        let remedy = format!(
            "give the template the ending of its output, or set `media_type` to what {template} makes"
        );
        table.refuse("template", template_node, reason, remedy);
        return None;
    }
    let (place, template_place) = (table.place(&path_node.span), table.place(&template_node.span));
    Some(OutputRules {
        subjects,
        template,
        path,
        media_type,
        sections,
        taxonomies,
        limit,
        place,
        template_place,
    })
}

fn subjects(table: &mut Fields<'_, '_>) -> Option<Vec<OutputFor>> {
    let node = table.node("for")?;
    let names = table.as_texts("for", node);
    let found: Vec<OutputFor> =
        OutputFor::ALL.into_iter().filter(|one| names.iter().any(|name| name == one.key())).collect();
    let is_mixed = found.len() > 1 && found.contains(&OutputFor::Site);
    if found.is_empty() || found.len() != names.len() || is_mixed {
        let known = OutputFor::ALL.map(OutputFor::key);
        let reason = match is_mixed {
            true => "the site needs an output of its own",
            false => "not all are things that outputs are made for, or one stands twice",
        };
        table.refuse_unknown("for", node, reason, &known);
        return None;
    }
    Some(found)
}

/// Reads `path`, with the placeholders that all `subjects` have.
fn pattern(table: &mut Fields<'_, '_>, subjects: &[OutputFor], written: &str) -> Option<Pattern> {
    let node = table.node("path")?;
    let mut known = subjects.first()?.placeholders().0.to_vec();
    known.retain(|name| subjects.iter().all(|one| one.placeholders().0.contains(name)));
    let braced =
        |names: &[&str]| names.iter().map(|name| format!("`{{{name}}}`")).collect::<Vec<_>>().join(", ");
    let pattern = match Pattern::of_output(written, &known) {
        Ok(pattern) => pattern,
        Err(error) => {
            let remedy = match known.is_empty() {
                true => "write one path, such as `/llms.txt`".to_owned(),
                false => format!("use text that begins with `/`, with {}", braced(&known)),
            };
            let error = error.to_string().replace("a permalink pattern", "the path of an output");
            table.refuse("path", node, error, remedy);
            return None;
        }
    };
    let is_told_apart = |one: &OutputFor| {
        let (names, distinct) = one.placeholders();
        names.is_empty() || names[..distinct].iter().any(|name| written.contains(&format!("{{{name}}}")))
    };
    if let Some(one) = subjects.iter().find(|one| !is_told_apart(one)) {
        let (names, distinct) = one.placeholders();
        let reason = format!("all {} would share one path", one.key());
        let some: Vec<&str> = names[..distinct].iter().copied().filter(|name| known.contains(name)).collect();
        table.refuse("path", node, reason, format!("add {}", braced(&some).replace(", ", " or ")));
        return None;
    }
    // The page of a subject at `a/b` is the file `a/b/index.html`.
    let filled = pattern.filled(&Filling { path: "a/b", section: "a", slug: "b", ..Filling::default() });
    if !subjects.contains(&OutputFor::Site) && matches!(filled.as_str(), "/a/b/" | "/a/b" | "/a/b/index.html")
    {
        let remedy =
            "add a name, such as `/{path}/index.md`, or a folder in front, such as `/api/{path}.json`";
        table.refuse("path", node, "that is the path of the page itself", remedy);
        return None;
    }
    Some(pattern)
}

/// Reads `media_type`, else derives it from the path as written.
fn media_type(table: &mut Fields<'_, '_>, written: Option<&str>) -> Option<String> {
    if let Some(node) = table.node("media_type") {
        let given = table.as_text("media_type", node)?.trim().to_ascii_lowercase();
        // Servers add the character set, which is always UTF-8.
        let given = given.split(';').next().unwrap_or_default().trim().to_owned();
        let is_token = |part: &str| {
            !part.is_empty() && part.bytes().all(|b| b.is_ascii_alphanumeric() || b"!#$&^_.+-".contains(&b))
        };
        if given.split_once('/').is_some_and(|(kind, name)| is_token(kind) && is_token(name)) {
            return Some(given);
        }
        let remedy = "write a type of IANA's registry, such as `application/json`";
        table.refuse("media_type", node, "it is no media type", remedy);
        return None;
    }
    let written = written?;
    let name = written.rsplit('/').next().unwrap_or_default();
    let ending = name.rsplit_once('.').map_or("", |(_, ending)| ending).to_ascii_lowercase();
    let known = match ending.as_str() {
        "" => Some("text/html".to_owned()),
        "xml" => Some("application/xml".to_owned()),
        "md" | "markdown" => Some("text/markdown".to_owned()),
        "webmanifest" => Some("application/manifest+json".to_owned()),
        "geojson" => Some("application/geo+json".to_owned()),
        "jsonld" => Some("application/ld+json".to_owned()),
        "js" | "mjs" => Some("text/javascript".to_owned()),
        ending => mime_guess::from_ext(ending).first().map(|found| found.essence_str().to_owned()),
    };
    if known.is_none() {
        let node = table.node("path")?;
        let remedy = "add `media_type`, such as `media_type = \"text/plain\"`";
        table.refuse("path", node, format!("the media type of `.{ending}` is not known"), remedy);
    }
    known
}

/// True for media types in which `<` and `&` are escaped.
fn is_markup(media_type: &str) -> bool {
    media_type == "text/html"
        || media_type.ends_with("/xml")
        || media_type.ends_with("+xml")
        || media_type == "text/x-opml"
}

/// True for templates that escape what they insert, by their names.
fn is_markup_name(template: &str) -> bool {
    let ending = template.rsplit_once('.').map_or("", |(_, ending)| ending);
    MARKUP.iter().any(|known| known[1..] == *ending)
}

/// Endings of templates that escape what they insert.
pub const MARKUP: [&str; 9] = [".html", ".htm", ".xhtml", ".xml", ".svg", ".xsl", ".rss", ".atom", ".opml"];
