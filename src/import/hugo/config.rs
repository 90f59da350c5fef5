//! The configuration of Hugo: one file, or the folder `config/`.

use crate::import::ImportError;
use crate::import::dates::Zone;
use crate::import::front::{self, Front, Unreadable};
use crate::import::model::{Imported, Outcome, Spot};
use crate::import::tree::Tree;
use crate::model::metadata::{Entry, Language, Node, Value};

/// Names of the configuration, in the order in which Hugo looks for them.
const FILES: [&str; 8] = [
    "hugo.toml",
    "hugo.yaml",
    "hugo.yml",
    "hugo.json",
    "config.toml",
    "config.yaml",
    "config.yml",
    "config.json",
];

/// The configuration, as far as reading needs it.
#[derive(Debug)]
pub struct Config {
    /// All fields that were not taken.
    pub fields: Front,
    /// `baseURL`.
    pub base: String,
    /// `timeZone`.
    pub zone: Zone,
    /// `contentDir`.
    pub content: String,
    /// `staticDir`: one, or several.
    pub statics: Vec<String>,
    /// `dataDir`.
    pub data: String,
    /// Fields of taxonomies in front matter: `tags`.
    pub taxonomies: Vec<String>,
    /// Patterns of pages, by section.
    pub page_patterns: Vec<(String, String)>,
    /// Patterns of sections.
    pub section_patterns: Vec<(String, String)>,
    /// `uglyURLs`: for all, or for these sections.
    pub ugly: Ugly,
    /// `disablePathToLower`.
    pub keep_case: bool,
    /// Fields of dates: `date`, `publishDate`, `lastmod`, `expiryDate`.
    pub dates: [Vec<String>; 4],
    /// The language of `content/`.
    pub language: String,
    /// Further languages: the key, and the folder of its content if it has one of its own.
    pub languages: Vec<Spoken>,
    /// Fields that pages inherit by `cascade` of the configuration.
    pub cascade: Vec<Entry>,
}

/// A further language.
#[derive(Debug, Clone)]
pub struct Spoken {
    /// Its key.
    pub key: String,
    /// The folder of its content.
    pub content: Option<String>,
    /// Its title.
    pub title: Option<String>,
}

/// `uglyURLs`.
#[derive(Debug, PartialEq, Eq)]
pub enum Ugly {
    /// For all pages.
    All,
    /// For pages of these sections.
    Sections(Vec<String>),
}

/// True if the folder with these files has a configuration of Hugo.
pub fn is_at(path: &std::path::Path) -> bool {
    let has = |name: &str| path.join(name).exists();
    FILES[..4].iter().any(|name| has(name))
        || has("config/_default")
        || FILES[4..].iter().any(|name| has(name)) && has("content") && !has("sass")
}

fn language_of(name: &str) -> Option<Language> {
    match name.rsplit('.').next()? {
        "toml" => Some(Language::Toml),
        "yaml" | "yml" => Some(Language::Yaml),
        "json" => Some(Language::Json),
        _ => None,
    }
}

/// Reads the file `name`.
fn read(tree: &Tree, name: &str, imported: &mut Imported) -> Result<Option<Front>, ImportError> {
    let Some(language) = language_of(name) else { return Ok(None) };
    let Some(text) = tree.text(name, imported) else { return Ok(None) };
    let refuse = |Unreadable { reason, line }| ImportError::Settings { file: name.to_owned(), line, reason };
    Front::of_file(language, &text).map(Some).map_err(refuse)
}

/// The fields of the whole configuration.
fn fields(tree: &Tree, imported: &mut Imported) -> Result<(Front, String), ImportError> {
    let file = FILES.into_iter().find(|name| tree.has(name));
    let mut all = match file {
        Some(name) => read(tree, name, imported)?,
        None => None,
    };
    let mut shown = file.map(str::to_owned);
    for folder in ["config/production", "config/_default"] {
        let names: Vec<String> = tree.below(folder).map(str::to_owned).collect();
        for name in names {
            let Some(one) = read(tree, &name, imported)? else { continue };
            shown.get_or_insert_with(|| name.clone());
            let base = name.rsplit('/').next().unwrap_or_default();
            let mut keys: Vec<&str> = base.split('.').collect();
            keys.pop();
            let whole = all.get_or_insert_with(|| one.inner(Value::Null));
            match keys.as_slice() {
                ["hugo" | "config"] => whole.add_missing(one.fields()),
                [key] => whole.add_missing(&[nested(key, one.fields())]),
                [key, language, ..] => {
                    let inner = nested(language, &[nested(key, one.fields())]);
                    whole.add_missing(&[nested("languages", &[inner])]);
                }
                [] => {}
            }
        }
    }
    match all.zip(shown) {
        Some(found) => Ok(found),
        None => Err(ImportError::NotOfKind {
            kind: "Hugo",
            path: tree.root().display().to_string(),
            sign: "`hugo.toml`, `config.toml` or `config/_default`",
        }),
    }
}

fn nested(key: &str, fields: &[Entry]) -> Entry {
    let node = Node { value: Value::Table(fields.to_vec()), span: 0..0 };
    Entry { key: key.to_owned(), key_span: 0..0, node }
}

/// Reads the configuration of the site in `tree`.
///
/// # Errors
/// There is none, or it can't be read.
pub fn config(tree: &Tree, imported: &mut Imported) -> Result<Config, ImportError> {
    let (mut fields, file) = fields(tree, imported)?;
    let base = fields.text("baseURL").unwrap_or_default();
    let language = fields.text("defaultContentLanguage").unwrap_or_else(|| "en".to_owned());
    let zone = match fields.text("timeZone") {
        None => Zone::utc("Hugo"),
        Some(name) => Zone::named(&name, &format!("`timeZone` of {file}")).unwrap_or_else(|| {
            let text = format!("`timeZone` is no known zone: {name}");
            imported.tell(Outcome::Changed, "setting", Spot::file(&file), text);
            Zone::utc("Hugo")
        }),
    };
    let statics =
        fields.take("staticDir").map_or_else(|| vec!["static".to_owned()], |one| front::texts(&one.value));
    let taxonomies = match fields.take("taxonomies") {
        Some(field) => match field.value {
            Value::Table(all) => all.iter().filter_map(|one| front::text(&one.node.value)).collect(),
            _ => Vec::new(),
        },
        None => vec!["tags".to_owned(), "categories".to_owned()],
    };
    let (page_patterns, section_patterns) = patterns(fields.table("permalinks"));
    let ugly = match fields.take("uglyURLs").map(|field| field.value) {
        Some(Value::Bool(true)) => Ugly::All,
        Some(Value::Table(all)) => {
            let yes = all.into_iter().filter(|one| one.node.value == Value::Bool(true));
            Ugly::Sections(yes.map(|one| one.key).collect())
        }
        _ => Ugly::Sections(Vec::new()),
    };
    let keep_case = fields.take("disablePathToLower").is_some_and(|field| field.value == Value::Bool(true));
    let dates = dates(fields.table("frontmatter"));
    let languages = languages(&mut fields, &language);
    let cascade = cascade(fields.take("cascade").map(|field| field.value), &Spot::file(&file), imported);
    let folder = |text: Option<String>, usual: &str| {
        text.unwrap_or_else(|| usual.to_owned()).trim_matches(['/', '.']).to_owned()
    };
    let content = folder(fields.text("contentDir"), "content");
    let data = folder(fields.text("dataDir"), "data");
    Ok(Config {
        base,
        zone,
        content,
        statics,
        data,
        taxonomies,
        page_patterns,
        section_patterns,
        ugly,
        keep_case,
        dates,
        language,
        languages,
        cascade,
        fields,
    })
}

type Patterns = Vec<(String, String)>;

/// The patterns of pages and those of sections.
fn patterns(all: Front) -> (Patterns, Patterns) {
    let (mut pages, mut sections) = (Vec::new(), Vec::new());
    for entry in all.fields() {
        match &entry.node.value {
            Value::Table(inner) => {
                let of_kind =
                    inner.iter().filter_map(|one| Some((one.key.clone(), front::text(&one.node.value)?)));
                match entry.key.as_str() {
                    "page" => pages.extend(of_kind),
                    "section" => sections.extend(of_kind),
                    _ => {}
                }
            }
            other => pages.extend(front::text(other).map(|text| (entry.key.clone(), text))),
        }
    }
    (pages, sections)
}

/// The fields of dates that `frontmatter` sets, with the usual ones.
fn dates(mut set: Front) -> [Vec<String>; 4] {
    const PUBLISH: [&str; 3] = ["publishdate", "pubdate", "published"];
    let usual: [(&str, Vec<&str>); 4] = [
        ("date", [&["date"], &PUBLISH[..], &["lastmod", "modified"]].concat()),
        ("publishDate", [&PUBLISH[..], &["date"]].concat()),
        ("lastmod", [&["lastmod", "modified", "date"], &PUBLISH[..]].concat()),
        ("expiryDate", vec!["expirydate", "unpublishdate"]),
    ];
    usual.map(|(name, usual)| {
        let own = set.texts(name);
        let usual = || usual.iter().map(|name| (*name).to_owned());
        if own.is_empty() {
            return usual().collect();
        }
        own.into_iter()
            .flat_map(|name| if name == ":default" { usual().collect() } else { vec![name] })
            .collect()
    })
}

fn languages(fields: &mut Front, own: &str) -> Vec<Spoken> {
    let Some(Value::Table(all)) = fields.take("languages").map(|field| field.value) else {
        return Vec::new();
    };
    let mut spoken = Vec::new();
    for entry in all {
        let key = entry.key.clone();
        let mut table = fields.inner(entry.node.value);
        if key.eq_ignore_ascii_case(own) {
            // The table of the site's own language speaks for the site.
            let more: Vec<Entry> = table.fields().to_vec();
            fields.add_missing(&more);
            continue;
        }
        if table.take("disabled").is_some_and(|field| field.value == Value::Bool(true)) {
            continue;
        }
        let content = table.text("contentDir").map(|text| text.trim_matches(['/', '.']).to_owned());
        spoken.push(Spoken { key, content, title: table.text("title") });
    }
    spoken
}

/// The fields of a `cascade` that holds for all pages; a part that holds for some pages alone is a finding.
pub fn cascade(value: Option<Value>, spot: &Spot, imported: &mut Imported) -> Vec<Entry> {
    let tables: Vec<Vec<Entry>> = match value {
        Some(Value::Table(table)) => vec![table],
        Some(Value::List(items)) => items
            .into_iter()
            .filter_map(|item| if let Value::Table(table) = item.value { Some(table) } else { None })
            .collect(),
        _ => return Vec::new(),
    };
    let mut fields: Vec<Entry> = Vec::new();
    for table in tables {
        let has_target = table.iter().any(|one| matches!(one.key.as_str(), "_target" | "target"));
        let holds = |one: &Entry| {
            let name = one.key.to_lowercase();
            matches!(name.as_str(), "draft" | "build" | "_build" | "headless" | "expirydate" | "publishdate")
        };
        if has_target {
            let text = "a part of `cascade` with a target was not read: set its fields in the articles that it is for";
            imported.tell(Outcome::Lost, "cascade", spot.clone(), text);
        }
        for entry in table {
            match entry {
                // Nobody may see what this part may hold back.
                entry if has_target && !holds(&entry) => {}
                Entry { key, node: Node { value: Value::Table(params), .. }, .. } if key == "params" => {
                    fields.extend(params);
                }
                entry => fields.push(entry),
            }
        }
    }
    fields
}
