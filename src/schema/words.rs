//! The words and the example of a schema, read from the documentation.

use std::collections::BTreeMap;

use crate::model::metadata::{Entry, Language, Node, Value, parse};

const SETTINGS: &str = include_str!("../../content/docs/reference/configuration.md");
const OUTPUTS: &str = include_str!("../../content/docs/reference/outputs.md");
const CHECKING: &str = include_str!("../../content/docs/reference/checking.md");
const DEPLOYING: &str = include_str!("../../content/docs/reference/deploying.md");
const FETCHING: &str = include_str!("../../content/docs/reference/fetching.md");
const LISTS: &str = include_str!("../../content/docs/reference/lists.md");
const FRONT_MATTER: &str = include_str!("../../content/docs/reference/front-matter.md");
const THEME: &str = include_str!("../../content/docs/reference/theme.md");
const IMAGES: &str = include_str!("../../content/docs/reference/images.md");
const FEEDS: &str = include_str!("../../content/docs/reference/feeds.md");
const TRANSLATIONS: &str = include_str!("../../content/docs/reference/translations.md");
const ROWS: &str = include_str!("../../content/docs/reference/pages-from-data.md");
const WIRE: &str = include_str!("../../content/docs/reference/wire-articles.md");
const FRONTS: &str = include_str!("../../content/docs/reference/fronts.md");
const SERVERS: &str = include_str!("../../content/docs/reference/output.md");
const PODCASTS: &str = include_str!("../../content/docs/reference/podcasts.md");
const DOCUMENTATION: &str = include_str!("../../content/docs/reference/documentation-sites.md");

/// The descriptions of fields in the documentation.
pub struct Words {
    /// By the path of the field, with dots.
    about: BTreeMap<String, String>,
    example: Node,
}

impl Words {
    /// Those of `site.toml`.
    pub fn of_site() -> Words {
        let mut about = BTreeMap::new();
        tables(SETTINGS, &|head| head.starts_with("option").then(String::new), &mut about);
        tables(OUTPUTS, &|head| head.starts_with("field").then(|| "outputs".to_owned()), &mut about);
        tables(LISTS, &|head| (head == "setting").then(|| "lists".to_owned()), &mut about);
        tables(FETCHING, &|head| (head == "setting").then(|| "fetch".to_owned()), &mut about);
        tables(DEPLOYING, &|head| (head == "setting").then(|| "deploy".to_owned()), &mut about);
        let of_policy = |head: &str| (head == "setting of the policy").then(|| "hosting.csp".to_owned());
        tables(SERVERS, &of_policy, &mut about);
        tables(CHECKING, &|head| (head == "class").then(|| "check".to_owned()), &mut about);
        let of_language = |head: &str| (head == "in `[languages.KEY]`").then(|| "languages".to_owned());
        tables(TRANSLATIONS, &of_language, &mut about);
        tables(ROWS, &of_rows, &mut about);
        let of_wire = |head: &str| match head {
            "setting of a wire" => Some("wire".to_owned()),
            "terms of" => Some("wire.fields".to_owned()),
            _ => None,
        };
        tables(WIRE, &of_wire, &mut about);
        comments(SETTINGS, &mut about);
        // Without these two, nothing else is read.
        let needed = "title = \"The Harbour Post\"\nbase_url = \"https://example.org/\"\nauthority = \"example.org\"\n";
        let example = format!("{needed}{}", blocks(SETTINGS, "toml").next().unwrap_or_default());
        Words { about, example: tree(&example) }
    }

    /// Those of front matter.
    pub fn of_front_matter() -> Words {
        let mut about = BTreeMap::new();
        tables(FRONT_MATTER, &|head| (head == "field").then(String::new), &mut about);
        let podcast = |head: &str| match head {
            "field of a show" => Some("podcast".to_owned()),
            "field of an episode" => Some("episode".to_owned()),
            _ => None,
        };
        tables(PODCASTS, &podcast, &mut about);
        let docs = |head: &str| (head == "field of documentation").then(|| "docs".to_owned());
        tables(DOCUMENTATION, &docs, &mut about);
        let of_landing = |head: &str| match head {
            "field of `[hero]`" => Some("hero".to_owned()),
            "field of a feature" => Some("features".to_owned()),
            _ => None,
        };
        tables(FRONTS, &of_landing, &mut about);
        tables(ROWS, &of_rows, &mut about);
        Words { about, example: Node { value: Value::Table(Vec::new()), span: 0..0 } }
    }

    /// The description of the field at `path`.
    pub fn of(&self, path: &str) -> Option<&str> {
        self.about.get(path).map(String::as_str)
    }

    /// The paths of all fields that are described.
    pub fn paths(&self) -> impl Iterator<Item = &str> {
        self.about.keys().map(String::as_str)
    }

    /// A tree that the reader accepts.
    pub fn example(&self) -> &Node {
        &self.example
    }
}

/// The table of settings that a table about pages from data describes.
fn of_rows(head: &str) -> Option<String> {
    match head {
        "setting of a source" => Some("sources".to_owned()),
        "column for" => Some("sources.fields".to_owned()),
        _ => None,
    }
}

/// True if the documentation has the name of a field in one of its tables or examples.
pub fn documented(name: &str) -> bool {
    [
        SETTINGS,
        OUTPUTS,
        FETCHING,
        DEPLOYING,
        CHECKING,
        LISTS,
        FRONT_MATTER,
        PODCASTS,
        SERVERS,
        DOCUMENTATION,
        FRONTS,
        ROWS,
        WIRE,
        THEME,
        IMAGES,
        FEEDS,
        TRANSLATIONS,
    ]
    .iter()
    .any(|page| {
        [
            format!("`{name}`"),
            format!("\n{name} = "),
            format!(" {name} = "),
            format!(".{name}"),
            format!("`{name}:"),
            format!("[{name}]"),
        ]
        .iter()
        .any(|form| page.contains(form.as_str()))
    })
}

/// Adds the rows of those tables of `page` for whose first heading `within` gives the path of a table.
fn tables(page: &str, within: &dyn Fn(&str) -> Option<String>, about: &mut BTreeMap<String, String>) {
    let mut table: Option<String> = None;
    let mut before = "";
    for line in page.lines() {
        let cells: Vec<&str> = line.trim().trim_matches('|').split('|').map(str::trim).collect();
        if !line.starts_with('|') {
            table = None;
        } else if line.starts_with("| ---") {
            table = within(before);
        } else if let (Some(table), [names, .., meaning]) = (&table, cells.as_slice()) {
            for name in names.split('`').skip(1).step_by(2) {
                let name = name.trim_matches(['[', ']']).rsplit('.').next().unwrap_or(name);
                let path = if table.is_empty() { name.to_owned() } else { format!("{table}.{name}") };
                about.entry(path).or_insert_with(|| plain(meaning));
            }
        }
        before = cells.first().copied().unwrap_or_default();
    }
}

/// Adds the comments at the ends of lines of the examples in `page`.
fn comments(page: &str, about: &mut BTreeMap<String, String>) {
    for line in blocks(page, "toml").next().unwrap_or_default().lines().scan(String::new(), |table, line| {
        let (code, comment) = line.split_once(" # ").unwrap_or((line, ""));
        let code = code.trim();
        if code.starts_with('[') {
            *table = code.trim_matches(['[', ']']).to_owned();
            return Some((table.clone(), comment));
        }
        let name = code.split(" = ").next().unwrap_or_default().trim_matches('"');
        let path = if table.is_empty() { name.to_owned() } else { format!("{table}.{name}") };
        Some((path, comment))
    }) {
        let (path, comment) = line;
        if !path.is_empty() && !comment.is_empty() {
            about.entry(path).or_insert_with(|| plain(comment));
        }
    }
}

/// The blocks of code of `page` in `language`.
fn blocks<'a>(page: &'a str, language: &str) -> impl Iterator<Item = &'a str> {
    let fence = format!("```{language}\n");
    page.match_indices(&fence)
        .map(|(at, fence)| at + fence.len())
        .collect::<Vec<_>>()
        .into_iter()
        .map(|start| &page[start..start + page[start..].find("```").unwrap_or_default()])
}

fn tree(text: &str) -> Node {
    let mut node = parse(Language::Toml, text, 0).unwrap_or(Node { value: Value::Null, span: 0..0 });
    // Names that an author chooses stand for all of them.
    if let Value::Table(entries) = &mut node.value {
        entries.retain(|entry: &Entry| entry.key != "extra");
    }
    node
}

/// Markdown as plain text, in one line.
fn plain(text: &str) -> String {
    let mut made = String::with_capacity(text.len());
    let mut rest = text.trim();
    while let Some(open) = rest.find("](") {
        let (before, name) = rest[..open].rsplit_once('[').unwrap_or((&rest[..open], ""));
        made.extend([before, name]);
        rest = rest[open..].find(')').map_or("", |close| &rest[open + close + 1..]);
    }
    made.push_str(rest);
    made
}
