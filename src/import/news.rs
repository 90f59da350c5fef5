//! Files of news agencies: NewsML-G2, NITF and ninjs, and plain wire articles. Each version of a story is a file; the newest
//! one is the article. Wire articles are taken as they are.

mod dom;
mod newsml;
mod ninjs;
mod nitf;

use std::collections::BTreeMap;
use std::path::Path;

use chrono::{DateTime, FixedOffset, NaiveDate, NaiveDateTime, Utc};
use toml::Table;

use super::blog::{Names, keep_punctuation};
use super::html::{markdown, one_line};
use super::model::{Article, Content, Imported, Outcome, Section, Spot, TargetFile, When};
use super::site::plain_settings;
use super::tree::Tree;
use super::{ImportError, Source};
use crate::model::date::{Moment, Precision};
use crate::storage::file;

/// The most subjects of a story.
const MOST_TERMS: usize = 50;

/// The state of a story, as its provider says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum State {
    /// It may be shown.
    Usable,
    /// It may not be shown now, or nobody knows.
    #[default]
    Withheld,
    /// It was killed: whoever showed it has to withdraw it.
    Killed,
}

/// One version of a story.
#[derive(Debug, Default)]
struct Story {
    /// Its lasting id; empty if it has none.
    id: String,
    version: u64,
    state: State,
    headline: String,
    slugline: String,
    summary: String,
    byline: String,
    language: String,
    copyright: String,
    subjects: Vec<String>,
    /// Its text as HTML.
    html: String,
    first: Option<When>,
    changed: Option<When>,
    embargo: Option<When>,
    expires: Option<When>,
    /// A note to editors: the reason of a kill.
    note: String,
    spot: Spot,
}

/// True if `path` is a file of an agency, or a folder of some.
pub fn is_at(path: &Path) -> bool {
    if path.is_file() {
        return stories(path, "").is_some_and(|all| all.is_ok_and(|all| !all.is_empty()));
    }
    let tree = path.is_dir().then(|| Tree::list(path, &[]).ok()).flatten();
    tree.is_some_and(|tree| {
        let first = tree.names().iter().find(|name| is_named(name));
        first.is_some_and(|name| {
            stories(&tree.path(name), name).is_some_and(|all| all.is_ok_and(|all| !all.is_empty()))
        })
    })
}

fn is_named(name: &str) -> bool {
    let ending = name.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase());
    matches!(ending.as_deref(), Some("xml" | "nitf" | "json" | "newsml"))
}

/// True for the name of a plain wire article.
fn is_wire(name: &str) -> bool {
    name.rsplit_once('.').is_some_and(|(_, ending)| ending.eq_ignore_ascii_case("txt"))
}

/// The stories of a file: `None` if it can't be read, an error if it is not in its language, and none if it is no such file.
fn stories(path: &Path, name: &str) -> Option<Result<Vec<Story>, String>> {
    let text = file::read_text(path, file::SOURCE).ok()?;
    let text = text.trim_start_matches('\u{feff}');
    if text.trim_start().starts_with('{') || text.trim_start().starts_with('[') {
        return Some(ninjs::read(text, name));
    }
    Some(dom::parse(text).map(|root| {
        let mut all = newsml::read(&root, name);
        all.extend(nitf::read(&root, name));
        all
    }))
}

/// Reads the files.
///
/// # Errors
/// None of them is one of an agency.
pub fn read(source: &Source<'_>) -> Result<Imported, ImportError> {
    let mut imported = Imported::default();
    let mut all: BTreeMap<String, Vec<Story>> = BTreeMap::new();
    let mut count = 0;
    for (path, name) in files(source.path)? {
        if is_wire(&name) {
            let to = format!("content/wire/{name}");
            imported.files.push(TargetFile { to, content: Content::Copy(path) });
            continue;
        }
        let read =
            stories(&path, &name).unwrap_or_else(|| Err("it is no UTF-8 text, or too large".to_owned()));
        match read {
            Ok(stories) if stories.is_empty() => {
                let text = "it is neither NewsML-G2 nor NITF nor ninjs, and was left out";
                imported.tell(Outcome::Lost, "no-story", Spot::file(name), text);
            }
            Ok(stories) => {
                for story in stories {
                    count += 1;
                    // Without an id, takes of one story have one slug line.
                    let key = match (story.id.as_str(), story.slugline.as_str()) {
                        ("", "") => format!("number {count}"),
                        ("", slugline) => format!("slug line {slugline}"),
                        (id, _) => format!("id {id}"),
                    };
                    all.entry(key).or_default().push(story);
                }
            }
            Err(reason) => imported.tell(Outcome::Lost, "unreadable", Spot::file(name), reason),
        }
    }
    if all.is_empty() && imported.files.is_empty() {
        return Err(ImportError::NotOfKind {
            kind: "news agencies",
            path: source.path.display().to_string(),
            sign: "file in NewsML-G2, NITF or ninjs, and no wire article (`.txt`)",
        });
    }
    imported.settings.base_url = source.base_url.map(str::to_owned);
    imported.settings.title = Some("News".to_owned());
    imported.settings.timezone = Some("UTC".to_owned());
    plain_settings(&mut imported.settings, Table::new());
    keep_punctuation(&mut imported.settings);
    let section = Section { folder: "wire".to_owned(), title: Some("Wire".to_owned()), ..Section::default() };
    imported.sections.push(section);
    let mut names = Names::default();
    for versions in all.into_values() {
        article(versions, source.now, &mut names, &mut imported);
    }
    Ok(imported)
}

fn files(path: &Path) -> Result<Vec<(std::path::PathBuf, String)>, ImportError> {
    if path.is_dir() {
        let tree = Tree::list(path, &[])?;
        let named = tree.names().iter().filter(|name| is_named(name) || is_wire(name));
        return Ok(named.map(|name| (tree.path(name), name.clone())).collect());
    }
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    Ok(vec![(path.to_owned(), name)])
}

/// Adds the newest of `versions`.
fn article(mut versions: Vec<Story>, now: DateTime<Utc>, names: &mut Names, imported: &mut Imported) {
    let instant = |when: &Option<When>| when.as_ref().map(|when| when.moment.instant());
    versions.sort_by_key(|one| (one.version, instant(&one.changed), one.spot.file.clone()));
    let first = versions.iter().filter_map(|one| one.first.clone().or_else(|| one.changed.clone()));
    let first = first.min_by_key(|when| when.moment.instant());
    let count = versions.len();
    // A kill may have no text: the page then says only why.
    let text_of = versions.iter().rposition(|one| !one.html.trim().is_empty());
    let html = text_of.map(|at| std::mem::take(&mut versions[at].html)).unwrap_or_default();
    let headline = versions.iter().rev().map(|one| one_line(&one.headline)).find(|text| !text.is_empty());
    let Some(story) = versions.pop() else { return };
    let spot = story.spot.clone();
    if count > 1 {
        let text = format!("the newest of {count} versions");
        imported.tell(Outcome::Changed, "versions", spot.clone(), text);
    }
    let title = headline.or_else(|| Some(one_line(&story.slugline))).unwrap_or_default();
    let published = match (first, story.embargo.clone()) {
        (Some(first), Some(embargo)) if embargo.moment.instant() > first.moment.instant() => Some(embargo),
        (None, embargo) => embargo,
        (first, _) => first,
    };
    let updated = story.changed.clone().filter(|_| count > 1);
    let mut fields = Table::new();
    let draft = draft(&story, &title, published.is_some(), &mut fields, imported);
    if published.as_ref().is_some_and(|when| when.moment.instant() > now) {
        imported.tell(
            Outcome::Held,
            "embargo",
            spot.clone(),
            format!("\u{201c}{title}\u{201d} is under an embargo"),
        );
    }
    let text = markdown(&html);
    for (name, value) in [("lang", &story.language), ("rights", &story.copyright)] {
        let value = one_line(value);
        if !value.is_empty() {
            fields.insert(name.to_owned(), value.into());
        }
    }
    let slug = if story.slugline.is_empty() { &title } else { &story.slugline };
    let name = names.name("wire", slug, &title, &story.id);
    let subjects: Vec<String> = story
        .subjects
        .iter()
        .map(|name| one_line(name))
        .filter(|name| !name.is_empty())
        .take(MOST_TERMS)
        .collect();
    let byline = one_line(&story.byline);
    let author = byline.strip_prefix("By ").unwrap_or(&byline).to_owned();
    imported.articles.push(Article {
        source: spot,
        target: format!("wire/{name}.md"),
        title,
        published,
        updated,
        expires: story.expires,
        draft: draft.or_else(|| text.is_flat.then(|| "its text could not be read in full".to_owned())),
        guid: Some(story.id).filter(|id| !id.is_empty()),
        summary: Some(one_line(&story.summary)).filter(|text| !text.is_empty()),
        authors: Some(author).filter(|name| !name.is_empty() && name.len() <= 120).into_iter().collect(),
        terms: vec![("topics".to_owned(), subjects)].into_iter().filter(|(_, all)| !all.is_empty()).collect(),
        fields,
        body: text.markdown,
        ..Article::default()
    });
}

/// Why `story` is not public. A kill gives its reason to readers, in `fields`.
fn draft(
    story: &Story,
    title: &str,
    has_date: bool,
    fields: &mut Table,
    imported: &mut Imported,
) -> Option<String> {
    let draft = match story.state {
        State::Usable if !has_date => Some("it has no date".to_owned()),
        State::Usable => None,
        State::Withheld => Some("its provider withholds it".to_owned()),
        State::Killed => {
            let note = one_line(&story.note);
            let why = if note.is_empty() { "Its provider has withdrawn it.".to_owned() } else { note };
            let text = format!("\u{201c}{title}\u{201d} was killed: {why}");
            imported.tell(Outcome::Held, "kill", story.spot.clone(), text);
            fields.insert("withdrawn".to_owned(), why.into());
            None
        }
    };
    if let Some(reason) = &draft {
        let text = format!("\u{201c}{title}\u{201d}: {reason}");
        imported.tell(Outcome::Held, "status", story.spot.clone(), text);
    }
    draft
}

/// The date that `text` means: ISO 8601, in its basic form too, with an offset or in UTC.
fn when(text: &str, name: &str, spot: &Spot) -> Option<When> {
    let text = text.trim();
    let utc = FixedOffset::east_opt(0)?;
    let with_offset = ["%Y-%m-%dT%H:%M:%S%.f%#z", "%Y%m%dT%H%M%S%#z"];
    let without = ["%Y-%m-%dT%H:%M:%S%.f", "%Y%m%dT%H%M%S", "%Y-%m-%d %H:%M:%S"];
    let days = ["%Y-%m-%d", "%Y%m%d"];
    let zoned = text.strip_suffix('Z').map_or_else(|| text.to_owned(), |rest| format!("{rest}+00:00"));
    let found = with_offset.iter().find_map(|form| DateTime::parse_from_str(&zoned, form).ok());
    let found = found.map(|date| (date.to_utc(), *date.offset(), Precision::Second, "with its own offset"));
    let plain = || {
        let time = without.iter().find_map(|form| NaiveDateTime::parse_from_str(text, form).ok());
        time.map(|time| (time.and_utc(), utc, Precision::Second, "without an offset, read as UTC"))
    };
    let day = || {
        let day = days.iter().find_map(|form| NaiveDate::parse_from_str(text, form).ok())?;
        Some((day.and_hms_opt(0, 0, 0)?.and_utc(), utc, Precision::Day, "a day in UTC"))
    };
    let (instant, offset, precision, how) = found.or_else(plain).or_else(day)?;
    Some(When {
        moment: Moment::new(instant, offset, precision),
        text: text.to_owned(),
        rule: format!("`{name}`, {how}"),
        spot: spot.clone(),
    })
}
