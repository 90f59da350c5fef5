//! `_config.yml`.

use crate::import::ImportError;
use crate::import::dates::Zone;
use crate::import::front::{self, Front, Unreadable};
use crate::import::model::{Imported, Outcome, Spot};
use crate::import::tree::Tree;
use crate::model::metadata::{Entry, Language, Value};

/// The configuration, as far as reading needs it.
#[derive(Debug)]
pub struct Config {
    /// All fields that were not taken.
    pub fields: Front,
    /// `url` and `baseurl`, without a slash at the end.
    pub base: String,
    /// `timezone`.
    pub zone: Zone,
    /// `permalink`: a style or a pattern.
    pub permalink: String,
    /// Collections beside the posts.
    pub collections: Vec<Collection>,
    /// Values that files have by their place.
    defaults: Vec<Default>,
    /// `excerpt_separator`, if it is set.
    pub separator: Option<String>,
    /// `exclude`.
    pub excluded: Vec<glob::Pattern>,
    /// `include`.
    pub included: Vec<String>,
    /// Collections that have feeds, each with the path of its own.
    pub fed: Vec<(String, String)>,
    /// The folder of the feeds of tags, if they have some.
    pub tag_feeds: Option<String>,
    /// True if categories have feeds.
    pub has_category_feeds: bool,
    /// The path of the feed of posts.
    pub feed: String,
    /// The most entries in that feed.
    pub feed_limit: u32,
}

/// A collection.
#[derive(Debug)]
pub struct Collection {
    /// Its name, and with `_` the name of its folder.
    pub name: String,
    /// True if its documents have pages.
    pub has_output: bool,
    /// Its pattern.
    pub permalink: Option<String>,
}

/// An item of `defaults`.
#[derive(Debug)]
struct Default {
    path: String,
    kind: Option<String>,
    values: Vec<Entry>,
}

/// Reads `_config.yml`.
///
/// # Errors
/// It is missing, or can't be read.
pub fn config(tree: &Tree, imported: &mut Imported) -> Result<Config, ImportError> {
    let Some(file) = ["_config.yml", "_config.yaml", "_config.toml"].into_iter().find(|name| tree.has(name))
    else {
        let path = tree.root().display().to_string();
        return Err(ImportError::NotOfKind { kind: "Jekyll", path, sign: "`_config.yml`" });
    };
    let language = if file.ends_with("toml") { Language::Toml } else { Language::Yaml };
    let text = tree.text(file, imported).unwrap_or_default();
    let refuse = |Unreadable { reason, line }| ImportError::Settings { file: file.to_owned(), line, reason };
    let mut fields = Front::of_file(language, &text).map_err(refuse)?;
    let folder = fields.text("baseurl").unwrap_or_default().trim_matches('/').to_owned();
    let folder = if folder.is_empty() { String::new() } else { format!("/{folder}") };
    let url = fields.text("url").unwrap_or_default();
    let base = format!("{}{folder}", url.trim_end_matches('/'));
    let named = fields.text("timezone");
    let zone = named.as_ref().and_then(|name| Zone::named(name, &format!("`timezone` of {file}")));
    let zone = zone.unwrap_or_else(|| {
        let text = match named {
            Some(name) => format!("`timezone` is no known zone, so dates without an offset are in UTC: {name}"),
            None => "no `timezone` is set: Jekyll took that of the machine that built the site, and the import takes UTC. Set it in _config.yml and import again if that was another one".to_owned(),
        };
        imported.tell(Outcome::Changed, "timezone", Spot::file(file), text);
        Zone::utc("the import")
    });
    let collections = collections(&mut fields);
    let defaults = defaults(&mut fields);
    let excluded = fields
        .texts("exclude")
        .iter()
        .filter_map(|text| glob::Pattern::new(text.trim_matches('/')).ok())
        .collect();
    let mut feed = fields.table("feed");
    let mut fed = fed(&mut feed);
    let posts = fed.iter().position(|(name, _)| name == "posts").map(|at| fed.remove(at).1);
    let path = posts.or_else(|| feed.text("path")).unwrap_or_else(|| "/feed.xml".to_owned());
    let tag_feeds = match feed.take("tags").map(|field| field.value) {
        Some(Value::Table(table)) => {
            let path = feed.inner(Value::Table(table)).text("path");
            Some(path.unwrap_or_else(|| TAG_FEEDS.to_owned()))
        }
        Some(value) => (value == Value::Bool(true)).then(|| TAG_FEEDS.to_owned()),
        None => None,
    };
    Ok(Config {
        fed,
        tag_feeds,
        has_category_feeds: feed.take("categories").is_some_and(|field| !front::is_empty(&field.value)),
        feed: format!("/{}", path.trim_start_matches('/')),
        feed_limit: feed.text("posts_limit").and_then(|text| text.parse().ok()).unwrap_or(10),
        base,
        zone,
        permalink: fields.text("permalink").unwrap_or_else(|| "date".to_owned()),
        collections,
        defaults,
        separator: fields.text("excerpt_separator"),
        excluded,
        included: fields.texts("include"),
        fields,
    })
}

/// The folder of the feeds of tags, unless somebody has changed it.
const TAG_FEEDS: &str = "/feed/by_tag/";

/// The collections that have feeds, each with the path of its own: that of posts only if it has one.
fn fed(feed: &mut Front) -> Vec<(String, String)> {
    let usual = |name: String| (format!("/feed/{name}.xml"), name);
    let all: Vec<(String, String)> = match feed.take("collections").map(|field| field.value) {
        Some(Value::Table(all)) => {
            let rules = all.into_iter().map(|one| (one.key, feed.inner(one.node.value).text("path")));
            rules
                .map(|(name, path)| path.map_or_else(|| usual(name.clone()), |path| (path, name.clone())))
                .collect()
        }
        Some(value) => front::texts(&value).into_iter().map(usual).collect(),
        None => Vec::new(),
    };
    let usual_of_posts = "/feed/posts.xml";
    let own = all.into_iter().filter(|(path, name)| name != "posts" || path != usual_of_posts);
    own.map(|(path, name)| (name, format!("/{}", path.trim_start_matches('/')))).collect()
}

fn collections(fields: &mut Front) -> Vec<Collection> {
    let Some(field) = fields.take("collections") else { return Vec::new() };
    let named = |name: String, mut rules: Front| Collection {
        has_output: rules.take("output").is_some_and(|field| field.value == Value::Bool(true)),
        permalink: rules.text("permalink"),
        name,
    };
    let all: Vec<Collection> = match field.value {
        Value::Table(all) => {
            all.into_iter().map(|one| named(one.key, fields.inner(one.node.value))).collect()
        }
        value => {
            front::texts(&value).into_iter().map(|name| named(name, fields.inner(Value::Null))).collect()
        }
    };
    all
}

fn defaults(fields: &mut Front) -> Vec<Default> {
    let Some(Value::List(items)) = fields.take("defaults").map(|field| field.value) else {
        return Vec::new();
    };
    let mut defaults = Vec::new();
    for item in items {
        let mut item = fields.inner(item.value);
        let mut scope = item.table("scope");
        let values = item.table("values").fields().to_vec();
        let path = scope.text("path").unwrap_or_default().trim_matches('/').to_owned();
        defaults.push(Default { path, kind: scope.text("type"), values });
    }
    // The more specific one counts; of equal ones the later.
    defaults.reverse();
    defaults.sort_by_key(|one| std::cmp::Reverse((one.path.len(), one.kind.is_some())));
    defaults
}

impl Config {
    /// Adds the values that the file `name` of this `kind` (`posts`, `pages`, `drafts`, a collection) has by its place.
    pub fn add_defaults(&self, front: &mut Front, name: &str, kind: &str) {
        for one in &self.defaults {
            let is_there = if one.path.contains('*') {
                glob::Pattern::new(&one.path).is_ok_and(|pattern| pattern.matches(name))
            } else {
                crate::config::within(name, &one.path)
            };
            if is_there
                && one
                    .kind
                    .as_deref()
                    .is_none_or(|own| own == kind || own.trim_end_matches('s') == kind.trim_end_matches('s'))
            {
                front.add_missing(&one.values);
            }
        }
    }

    /// True if Jekyll passes over the file `name`.
    pub fn excludes(&self, name: &str) -> bool {
        const USUAL: [&str; 12] = [
            "Gemfile",
            "Gemfile.lock",
            "node_modules",
            "vendor",
            "_site",
            ".jekyll-cache",
            "package.json",
            "package-lock.json",
            "Rakefile",
            "README.md",
            "LICENSE",
            "CONTRIBUTING.md",
        ];
        let first = name.split('/').next().unwrap_or_default();
        let is_hidden = name.split('/').any(|part| part.starts_with(['.', '_', '#']) || part.ends_with('~'));
        let is_included = self.included.iter().any(|one| crate::config::within(name, one.trim_matches('/')));
        let is_excluded =
            |pattern: &glob::Pattern| pattern.matches(name) || crate::config::within(name, pattern.as_str());
        !is_included
            && (is_hidden
                || USUAL.contains(&first)
                || name.ends_with(".gemspec")
                || self.excluded.iter().any(is_excluded))
    }
}
