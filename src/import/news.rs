//! Files of news agencies: NewsML-G2, NITF and ninjs, and plain wire articles. Each version of a story is a file; the newest
//! one is the article. Wire articles are taken as they are.
//!
//! 1. [`takes`] reads a file: each version of a story in it is a [`Take`].
//! 2. [`Story`] is what all takes of one story say together.
//! 3. [`read`] makes articles of stories, for an import. The pipeline does the same for `[[wire]]`.

mod dom;
mod newsml;
mod ninjs;
mod nitf;
mod story;
mod take;

use std::collections::BTreeMap;
use std::path::Path;

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
pub use story::{Outcome as Standing, Story, TakeOf};
pub use take::{State, Stated, Take, Takes, takes};
use toml::Table;

use super::blog::{Names, keep_punctuation};
use super::model::{Article, Content, Imported, Outcome, Section, Spot, TargetFile, When};
use super::site::plain_settings;
use super::tree::Tree;
use super::{ImportError, Source};
use crate::storage::file;

/// True if `path` is a file of an agency, or a folder of some.
pub fn is_at(path: &Path) -> bool {
    if path.is_file() {
        return has_takes(path);
    }
    let tree = path.is_dir().then(|| Tree::list(path, &[]).ok()).flatten();
    tree.is_some_and(|tree| {
        let first = tree.names().iter().find(|name| is_named(name));
        first.is_some_and(|name| has_takes(&tree.path(name)))
    })
}

fn has_takes(path: &Path) -> bool {
    let bytes = file::read(path, file::SOURCE).ok();
    bytes.and_then(|bytes| takes(bytes, "").ok()).is_some_and(|found| !found.takes.is_empty())
}

/// True for the name of a file in NewsML-G2, NITF or ninjs.
pub fn is_named(name: &str) -> bool {
    let ending = name.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase());
    matches!(ending.as_deref(), Some("xml" | "nitf" | "json" | "newsml"))
}

/// True for the name of a plain wire article.
pub fn is_wire(name: &str) -> bool {
    name.rsplit_once('.').is_some_and(|(_, ending)| ending.eq_ignore_ascii_case("txt"))
}

/// Reads the files.
///
/// # Errors
/// None of them is one of an agency.
pub fn read(source: &Source<'_>) -> Result<Imported, ImportError> {
    let mut imported = Imported::default();
    let mut all: BTreeMap<String, Vec<Take>> = BTreeMap::new();
    for (path, name) in files(source.path)? {
        if is_wire(&name) {
            let to = format!("content/wire/{name}");
            imported.files.push(TargetFile { to, content: Content::Copy(path) });
            continue;
        }
        let read = file::read(&path, file::SOURCE).map_err(|error| error.to_string());
        match read.and_then(|bytes| takes(bytes, &name)) {
            Ok(found) if found.takes.is_empty() => {
                let text = "it is neither NewsML-G2 nor NITF nor ninjs, and was left out";
                imported.tell(Outcome::Lost, "no-story", Spot::file(name), text);
            }
            Ok(found) => {
                for take in found.takes {
                    all.entry(take.key()).or_default().push(take);
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
    for story in all.into_values().filter_map(|takes| Story::of(takes, Tz::UTC)) {
        article(story, source.now, &mut names, &mut imported);
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

/// Adds the article of a story.
fn article(story: Story, now: DateTime<Utc>, names: &mut Names, imported: &mut Imported) {
    let Story { take, takes, published, updated, expires, outcome } = story;
    let spot = Spot::file(take.file.clone());
    if takes.len() > 1 {
        let text = format!("the newest of {} versions", takes.len());
        imported.tell(Outcome::Changed, "versions", spot.clone(), text);
    }
    let title = take.headline;
    let when = |stated: Option<Stated>| {
        let stated = stated?;
        let (rule, spot) = (stated.rule(), spot.clone());
        Some(When { moment: stated.moment()?, text: stated.raw, rule, spot })
    };
    let (published, updated, expires) = (when(published), when(updated), when(expires));
    let mut fields = Table::new();
    let draft = draft(outcome, &title, &spot, &mut fields, imported);
    if published.as_ref().is_some_and(|when| when.moment.instant() > now) {
        let text = format!("\u{201c}{title}\u{201d} is under an embargo");
        imported.tell(Outcome::Held, "embargo", spot.clone(), text);
    }
    for (name, value) in [("lang", take.language), ("rights", take.copyright)] {
        if !value.is_empty() {
            fields.insert(name.to_owned(), value.into());
        }
    }
    let slug = if take.slugline.is_empty() { &title } else { &take.slugline };
    let name = names.name("wire", slug, &title, &take.id);
    let author = Some(take.byline).filter(|name| !name.is_empty() && name.len() <= LONGEST_BYLINE);
    let subjects = if take.subjects.is_empty() { take.keywords } else { take.subjects };
    imported.articles.push(Article {
        source: spot,
        target: format!("wire/{name}.md"),
        title,
        published,
        updated,
        expires,
        draft,
        guid: Some(take.id).filter(|id| !id.is_empty()),
        summary: Some(take.summary).filter(|text| !text.is_empty()),
        authors: author.into_iter().collect(),
        terms: vec![("topics".to_owned(), subjects)].into_iter().filter(|(_, all)| !all.is_empty()).collect(),
        fields,
        body: take.text,
        ..Article::default()
    });
}

/// The most bytes of a line with names of authors.
pub const LONGEST_BYLINE: usize = 120;

/// Why a story is not public. A kill gives its reason to readers, in `fields`.
fn draft(
    outcome: Standing,
    title: &str,
    spot: &Spot,
    fields: &mut Table,
    imported: &mut Imported,
) -> Option<String> {
    match outcome {
        Standing::Public => None,
        Standing::Held(reason) => {
            let text = format!("\u{201c}{title}\u{201d}: {reason}");
            imported.tell(Outcome::Held, "status", spot.clone(), text);
            Some(reason)
        }
        Standing::Killed { why, .. } => {
            let text = format!("\u{201c}{title}\u{201d} was killed: {why}");
            imported.tell(Outcome::Held, "kill", spot.clone(), text);
            fields.insert("withdrawn".to_owned(), why.into());
            None
        }
    }
}
