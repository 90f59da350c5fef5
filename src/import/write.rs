//! Plans the files of the target: sources with front matter, copied files, `site.toml`, the ledger.

use std::collections::{BTreeSet, HashMap, HashSet};

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use toml::{Table, Value};

use super::model::{Article, Content, Imported, Outcome, Section, Spot, When};
use super::{ledger, settings};
use crate::config::{FILE, Pattern};
use crate::model::date::{self, Ambiguous, Precision, in_path, parse_zone};
use crate::model::url::{SlugStyle, UrlPath, percent_encode, slugify};
use crate::site::identity::rooted;
use crate::site::ledger::FILE as LEDGER;
use crate::source::{FOLDER, is_held_folder, is_held_name};

/// A file of the target.
#[derive(Debug, Clone, PartialEq)]
pub struct Planned {
    /// Its path in the target.
    pub path: String,
    /// Its content.
    pub content: Content,
}

/// The files of the target, in the order in which they are written: the ledger is last, so that a site that was written in
/// part has none.
pub fn plan(imported: &mut Imported, now: DateTime<Utc>) -> Vec<Planned> {
    let mut taken = Taken::default();
    redirects(imported);
    names_that_mean_something(imported);
    let mut planned = Vec::new();
    let mut articles = std::mem::take(&mut imported.articles);
    articles.retain_mut(|article| {
        let wanted = format!("{FOLDER}/{}", article.target);
        match taken.name(&wanted) {
            Some(path) => {
                path[FOLDER.len() + 1..].clone_into(&mut article.target);
                true
            }
            None => {
                let text = format!("no file of the new site can be called {wanted}");
                imported.tell(Outcome::Lost, "name", article.source.clone(), text);
                false
            }
        }
    });
    imported.articles = articles;
    let places = Places::of(imported);
    for article in &imported.articles {
        let text = article_text(article, &places);
        planned.push(Planned { path: format!("{FOLDER}/{}", article.target), content: Content::Text(text) });
    }
    for section in &imported.sections {
        let folder = if section.folder.is_empty() { String::new() } else { format!("{}/", section.folder) };
        if let Some(path) = taken.name(&format!("{FOLDER}/{folder}_index.md")) {
            planned.push(Planned { path, content: Content::Text(section_text(section, &places)) });
        }
    }
    // A site has sources, even if there is nothing to say yet.
    if planned.is_empty() {
        let content = Content::Text(section_text(&Section::default(), &places));
        planned.push(Planned { path: format!("{FOLDER}/_index.md"), content });
    }
    let mut lost = Vec::new();
    for one in &imported.files {
        match taken.exactly(&one.to) {
            true => planned.push(Planned { path: one.to.clone(), content: one.content.clone() }),
            false => lost.push(one.to.clone()),
        }
    }
    for path in lost {
        let text = format!("{path} would be there twice, or outside of the new site");
        imported.tell(Outcome::Lost, "name", Spot::file(path), text);
    }
    planned
        .push(Planned { path: FILE.to_owned(), content: Content::Text(settings::text(&imported.settings)) });
    if let Some(text) = ledger::text(imported, now) {
        planned.push(Planned { path: LEDGER.to_owned(), content: Content::Text(text) });
    }
    planned
}

/// Says what names of files and folders would say otherwise: in Dateline a name may be a date or hold an article back.
fn names_that_mean_something(imported: &mut Imported) {
    let mut open_folders = BTreeSet::new();
    for article in &mut imported.articles {
        let target = article.target.clone();
        let (stem, extension) = target.rsplit_once('.').unwrap_or((&target, "md"));
        let (stem, index) = stem.strip_suffix("/index").map_or((stem, ""), |stem| (stem, "/index"));
        if let (None, Some(dated)) = (&article.published, in_path(stem)) {
            let folder = if dated.folder.is_empty() { String::new() } else { format!("{}/", dated.folder) };
            article.target = format!("{folder}{}-page{index}.{extension}", dated.slug);
        }
        if article.draft.is_some() {
            continue;
        }
        if is_held_name(stem) {
            article.fields.insert("draft".to_owned(), false.into());
        }
        let folders = stem.match_indices('/').map(|(at, _)| &stem[..at]);
        let is_held = |folder: &&str| is_held_folder(folder.rsplit('/').next().unwrap_or_default());
        open_folders.extend(folders.filter(is_held).map(str::to_owned));
    }
    for folder in open_folders {
        let at = imported.sections.iter().position(|one| one.folder == folder).unwrap_or_else(|| {
            imported.sections.push(Section { folder, ..Section::default() });
            imported.sections.len() - 1
        });
        if let Some(section) = imported.sections.get_mut(at).filter(|section| section.draft.is_none()) {
            section.fields.insert("draft".to_owned(), false.into());
        }
    }
}

/// The names that files of the target have.
#[derive(Default)]
struct Taken(HashSet<String>);

impl Taken {
    /// The name `wanted`, with a number if another file has it; `None` if no file can have it.
    fn name(&mut self, wanted: &str) -> Option<String> {
        let (stem, extension) = wanted.rsplit_once('.')?;
        let bundle = stem.strip_suffix("/index");
        for number in 1..10_000 {
            let name = match (number, bundle) {
                (1, _) => wanted.to_owned(),
                (_, Some(folder)) => format!("{folder}-{number}/index.{extension}"),
                (_, None) => format!("{stem}-{number}.{extension}"),
            };
            let path = UrlPath::parse(&format!("/{name}")).ok()?;
            if self.0.insert(path.folded().into_owned()) {
                return Some(name);
            }
        }
        None
    }

    /// True if a file can have the name `wanted`, and none has it.
    fn exactly(&mut self, wanted: &str) -> bool {
        let path = UrlPath::parse(&format!("/{wanted}"));
        path.is_ok_and(|path| !wanted.ends_with('/') && self.0.insert(path.folded().into_owned()))
    }
}

/// Makes aliases of redirects that lead to articles and sections, and lines of `static/_redirects` of all others.
fn redirects(imported: &mut Imported) {
    let redirects = std::mem::take(&mut imported.redirects);
    if redirects.is_empty() {
        return;
    }
    let key = |path: &str| address(path).map(|path| path.as_str().trim_end_matches('/').to_owned());
    let mut articles: HashMap<String, usize> = HashMap::new();
    for (at, article) in imported.articles.iter().enumerate() {
        articles.extend(key(&article.url).map(|key| (key, at)));
    }
    let sections: HashMap<String, usize> = imported
        .sections
        .iter()
        .enumerate()
        .filter_map(|(at, one)| {
            let path = if one.url.is_empty() { format!("/{}/", one.folder) } else { one.url.clone() };
            Some((key(&path)?, at))
        })
        .collect();
    let mut lines = String::new();
    for one in redirects {
        let to = key(&one.to).filter(|_| one.to.starts_with('/'));
        let article = to.as_ref().and_then(|to| imported.articles.get_mut(*articles.get(to)?));
        if let Some(article) = article {
            article.aliases.push(one.from);
        } else if let Some(section) = to.as_ref().and_then(|to| imported.sections.get_mut(*sections.get(to)?))
        {
            section.aliases.push(one.from);
        } else {
            let plain = |text: &str| text.replace(char::is_whitespace, "%20");
            lines.push_str(&format!("{} {} 301\n", plain(&one.from), plain(&one.to)));
            let text = format!("{} leads to {}: only hosts that read `_redirects` know it", one.from, one.to);
            imported.tell(Outcome::Changed, "redirect", one.source, text);
        }
    }
    if lines.is_empty() {
        return;
    }
    let to = "static/_redirects";
    match imported.files.iter_mut().find(|file| file.to == to) {
        Some(file) => {
            let own = match &file.content {
                Content::Text(text) => text.clone(),
                Content::Copy(path) => std::fs::read_to_string(path).unwrap_or_default(),
            };
            file.content = Content::Text(format!("{}\n{lines}", own.trim_end()));
        }
        None => imported.files.push(super::TargetFile { to: to.to_owned(), content: Content::Text(lines) }),
    }
}

/// The path at which `written` is; `None` if it is no path, such as one with a query. `index.html` is its folder.
pub fn address(written: &str) -> Option<UrlPath> {
    if written.is_empty() {
        return None;
    }
    let bare = written.strip_suffix("index.html").filter(|rest| rest.ends_with('/') || rest.is_empty());
    UrlPath::from_address(&rooted(bare.unwrap_or(written))).ok()
}

/// Where Dateline puts sources by itself.
struct Places {
    /// The paths of sections that have one of their own.
    sections: HashMap<String, String>,
    default: Option<Pattern>,
    /// Patterns of sections, the longest name first.
    patterns: Vec<(String, Pattern)>,
    zone: Tz,
}

impl Places {
    fn of(imported: &Imported) -> Places {
        let settings = &imported.settings;
        let read = |text: &str| Pattern::parse(text).ok();
        let of_sections = settings.permalinks.iter().filter(|(name, _)| name != "default");
        let mut patterns: Vec<(String, Pattern)> =
            of_sections.filter_map(|(name, text)| Some((name.clone(), read(text)?))).collect();
        patterns.sort_by_key(|(name, _)| std::cmp::Reverse(name.len()));
        let default = settings.permalinks.iter().find(|(name, _)| name == "default");
        let sections = imported.sections.iter().filter_map(|one| {
            let path = address(&one.url)?;
            Some((one.folder.clone(), path.as_str().trim_matches('/').to_owned()))
        });
        Places {
            sections: sections.collect(),
            default: read(default.map_or("/{section}/{slug}/", |(_, text)| text)),
            patterns,
            zone: settings.timezone.as_deref().and_then(|name| parse_zone(name).ok()).unwrap_or(Tz::UTC),
        }
    }

    /// The path of the section `folder`, without slashes at its ends.
    fn section(&self, folder: &str) -> String {
        if let Some(own) = self.sections.get(folder) {
            return own.clone();
        }
        let (above, name) = folder.rsplit_once('/').unwrap_or(("", folder));
        let slug = slugify(name, SlugStyle::Unicode);
        match above {
            _ if folder.is_empty() => String::new(),
            "" => slug,
            above => format!("{}/{slug}", self.section(above)),
        }
    }

    /// The path that the source `target` gets without a `path` of its own.
    fn of_source(&self, target: &str, slug: Option<&str>, published: Option<&When>) -> Option<String> {
        let stem = target.rsplit_once('.').map_or(target, |(stem, _)| stem);
        let stem = match stem {
            "index" => "",
            stem => stem.strip_suffix("/index").unwrap_or(stem),
        };
        if stem.is_empty() {
            return Some("/".to_owned());
        }
        let (folder, name) = match in_path(stem) {
            Some(dated) => (dated.folder, dated.slug),
            None => stem.rsplit_once('/').unwrap_or(("", stem)),
        };
        let section = self.section(folder);
        let slug = slug.map_or_else(|| slugify(name, SlugStyle::Unicode), str::to_owned);
        let Some(when) = published else {
            return Some(format!("/{section}/{slug}/").replace("//", "/"));
        };
        let own = self.patterns.iter().find(|(name, _)| crate::config::within(folder, name));
        let pattern = own.map(|(_, pattern)| pattern).or(self.default.as_ref())?;
        Some(pattern.fill(&section, &slug, when.moment.local().date()))
    }
}

/// A date as TOML: a day where that means the same moment in the zone of the site, else with its offset.
fn date(when: &When, zone: Tz) -> String {
    let day = when.moment.local().date().to_string();
    let as_day = || date::parse(&day).ok()?.resolve(zone, Ambiguous::Earlier).ok();
    let is_day = when.moment.precision() == Precision::Day
        && as_day().is_some_and(|moment| moment.instant() == when.moment.instant());
    if is_day { day } else { when.moment.rfc3339() }
}

/// Lines of front matter.
struct Lines(String);

impl Lines {
    fn new() -> Lines {
        Lines("+++\n".to_owned())
    }

    fn raw(&mut self, name: &str, value: &str) {
        self.0.push_str(&format!("{} = {value}\n", key(name)));
    }

    fn put(&mut self, name: &str, value: impl Into<Value>) {
        let value: Value = value.into();
        self.raw(name, &value.to_string());
    }

    fn text(&mut self, name: &str, value: &str) {
        if !value.trim().is_empty() {
            self.put(name, value);
        }
    }

    fn list(&mut self, name: &str, values: &[String]) {
        if !values.is_empty() {
            let mut seen = HashSet::new();
            let once: Vec<Value> =
                values.iter().filter(|value| seen.insert(*value)).map(|value| value.clone().into()).collect();
            self.put(name, once);
        }
    }

    fn all(&mut self, fields: &Table) {
        for (name, value) in fields {
            self.put(name, value.clone());
        }
    }

    /// The whole source, with `extra` last.
    fn finish(mut self, extra: &Table, body: &str) -> String {
        if !extra.is_empty() {
            self.0.push_str("\n[extra]\n");
            self.all(extra);
        }
        self.0.push_str("+++\n");
        let body = body.trim_matches('\n');
        if !body.trim().is_empty() {
            self.0.push('\n');
            self.0.push_str(body);
            self.0.push('\n');
        }
        self.0
    }
}

/// `name` as a key of TOML.
fn key(name: &str) -> String {
    let is_bare = !name.is_empty()
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-');
    if is_bare { name.to_owned() } else { Value::String(name.to_owned()).to_string() }
}

fn article_text(article: &Article, places: &Places) -> String {
    let mut lines = Lines::new();
    if !article.title.is_empty() || article.published.is_some() {
        lines.put("title", article.title.as_str());
    }
    if let Some(when) = &article.published {
        lines.raw("date", &date(when, places.zone));
    }
    let is_later = |when: &&When| {
        article.published.as_ref().is_some_and(|first| when.moment.instant() > first.moment.instant())
    };
    if let Some(when) = article.updated.as_ref().filter(is_later) {
        lines.raw("updated", &date(when, places.zone));
    }
    if let Some(when) = &article.expires {
        lines.raw("expires", &date(when, places.zone));
    }
    if article.draft.is_some() {
        lines.put("draft", true);
    }
    if let Some(path) = address(&article.url) {
        let place = |slug| places.of_source(&article.target, slug, article.published.as_ref());
        let last = path.as_str().trim_end_matches('/').rsplit('/').next().unwrap_or_default();
        let is_here = |place: Option<String>| place.as_deref() == Some(path.as_str());
        match () {
            () if is_here(place(None)) => {}
            () if !last.is_empty() && is_here(place(Some(last))) => {
                lines.put("slug", percent_encode(last).into_owned())
            }
            () => lines.put("path", path.encoded().into_owned()),
        }
    }
    lines.list("aliases", &article.aliases);
    lines.text("summary", article.summary.as_deref().unwrap_or_default());
    lines.list("authors", &article.authors);
    for (taxonomy, terms) in &article.terms {
        lines.list(taxonomy, terms);
    }
    if let Some(image) = &article.image {
        let mut table = Table::new();
        let parts =
            [("src", Some(&image.src)), ("alt", image.alt.as_ref()), ("caption", image.caption.as_ref())];
        for (name, value) in parts {
            if let Some(value) = value {
                table.insert(name.to_owned(), value.clone().into());
            }
        }
        let value = if table.len() == 1 { image.src.clone().into() } else { Value::Table(table) };
        lines.put("image", value);
    }
    let enclosures = article.enclosures.iter().map(|one| {
        let mut table = Table::from_iter([("url".to_owned(), one.url.clone().into())]);
        if let Some(length) = one.length.and_then(|length| i64::try_from(length).ok()) {
            table.insert("length".to_owned(), length.into());
        }
        if let Some(media_type) = &one.media_type {
            table.insert("type".to_owned(), media_type.clone().into());
        }
        if one.url.contains("://") { Value::Table(table) } else { one.url.clone().into() }
    });
    let enclosures: Vec<Value> = enclosures.collect();
    match enclosures.len() {
        0 => {}
        1 => enclosures.into_iter().for_each(|one| lines.put("enclosure", one)),
        _ => lines.put("enclosure", enclosures),
    }
    lines.all(&article.fields);
    lines.finish(&article.extra, &article.body)
}

fn section_text(section: &Section, places: &Places) -> String {
    let mut lines = Lines::new();
    lines.text("title", section.title.as_deref().unwrap_or_default());
    if section.draft.is_some() {
        lines.put("draft", true);
    }
    if let Some(path) = address(&section.url) {
        let without =
            Places { sections: HashMap::new(), default: None, patterns: Vec::new(), zone: places.zone };
        if without.section(&section.folder) != path.as_str().trim_matches('/') {
            lines.put("path", path.encoded().into_owned());
        }
    }
    lines.list("aliases", &section.aliases);
    let feeds = settings::feeds(&section.feeds);
    if !feeds.is_empty() && !section.folder.is_empty() {
        lines.put("feeds", feeds);
    }
    lines.all(&section.fields);
    lines.finish(&section.extra, &section.body)
}
