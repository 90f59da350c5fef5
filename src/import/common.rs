//! Parts that several kinds share: files of exports, and front matter of generators and their themes.

use std::fs;
use std::path::{Path, PathBuf};

use super::ImportError;
use super::dates::Zone;
use super::extra::left;
use super::front::{self, Field, Front};
use super::model::{Article, Image, When};
use crate::model::metadata::Value;

/// The most files of an export.
const MOST_FILES: usize = 10_000;

/// The files at `path`, each with its name: that file, or those of a folder that are `wanted`, in order.
///
/// # Errors
/// The folder can't be read.
pub fn files_at(path: &Path, wanted: &dyn Fn(&Path) -> bool) -> Result<Vec<(PathBuf, String)>, ImportError> {
    let name = |path: &Path| path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    if !path.is_dir() {
        return Ok(vec![(path.to_owned(), name(path))]);
    }
    let refuse = |error: std::io::Error| ImportError::Unreadable {
        path: path.display().to_string(),
        reason: error.to_string(),
    };
    let mut files = Vec::new();
    for entry in fs::read_dir(path).map_err(refuse)?.take(MOST_FILES) {
        let entry = entry.map_err(refuse)?;
        if entry.file_type().is_ok_and(|kind| kind.is_file()) && wanted(&entry.path()) {
            files.push((entry.path(), name(&entry.path())));
        }
    }
    files.sort();
    Ok(files)
}

/// Which fields of a generator say what.
#[derive(Debug, Clone, Copy)]
pub struct Names<'a> {
    /// The date of publication; the first that is there counts.
    pub date: &'a [&'a str],
    /// The date of the last change.
    pub updated: &'a [&'a str],
    /// Fields that mean nothing outside of the generator.
    pub dropped: &'a [&'a str],
}

/// Reads the dates, the title and the other fields of `front` into `article`. Fields with an address are left to the caller,
/// who has taken them before. What may mean "not public" makes a draft.
pub fn fields(front: &mut Front, article: &mut Article, zone: &Zone, names: Names<'_>) {
    let file = article.source.file.clone();
    let mut held = None;
    let mut date = |field: Option<Field>| -> Option<When> {
        let field = field.filter(|field| !front::is_empty(&field.value))?;
        zone.when(&field, &file, "the front matter").map_err(|reason| held = Some(reason)).ok()
    };
    article.published = date(front.take_first(names.date));
    article.updated = date(front.take_first(names.updated));
    article.draft = article.draft.take().or(held);
    if let Some(title) = front.text("title") {
        article.title = title;
    }
    if front.take("draft").is_some_and(|field| field.value != Value::Bool(false)) {
        article.draft.get_or_insert_with(|| "`draft`".to_owned());
    }
    let summary =
        ["summary", "excerpt", "description", "intro"].into_iter().find_map(|name| front.text(name));
    article.summary = article.summary.take().or(summary.map(|text| crate::model::html::plain(&text)));
    let authors = ["authors", "author"]
        .into_iter()
        .flat_map(|name| front.take(name).map(|field| people(&field.value)).unwrap_or_default());
    let authors: Vec<String> = authors.collect();
    article.authors.extend(authors);
    for (field, taxonomy) in
        [("tags", "tags"), ("tag", "tags"), ("categories", "categories"), ("category", "categories")]
    {
        add_terms(article, taxonomy, terms(front.take(field)));
    }
    for (field, own) in [
        ("weight", "weight"),
        ("lang", "lang"),
        ("canonical_url", "canonical"),
        ("canonicalURL", "canonical"),
        ("canonical", "canonical"),
    ] {
        let value = front.take(field).and_then(|field| front::toml(&field.value));
        if let Some(value) = value.filter(|value| own != "weight" || value.is_integer()) {
            article.fields.insert(own.to_owned(), value);
        }
    }
    article.image = article.image.take().or_else(|| picture(front));
    let aliases = ["aliases", "alias", "redirect_from"]
        .into_iter()
        .flat_map(|name| front.texts(name))
        .collect::<Vec<_>>();
    article.aliases.extend(aliases.into_iter().map(|old| format!("/{}", old.trim_start_matches('/'))));
    let day = article.published.as_ref().map(|when| when.moment.local().date());
    let left = left(front, day, names.dropped);
    article.extra = left.extra;
    article.draft = article.draft.take().or(left.held);
}

/// Adds terms, each once.
pub fn add_terms(article: &mut Article, taxonomy: &str, terms: Vec<String>) {
    if terms.is_empty() {
        return;
    }
    match article.terms.iter_mut().find(|(name, _)| name == taxonomy) {
        Some((_, all)) => all.extend(terms),
        None => article.terms.push((taxonomy.to_owned(), terms)),
    }
}

/// The terms in a list, or in a text with commas. Lists in lists, as for categories inside of others, are made flat.
pub fn terms(field: Option<Field>) -> Vec<String> {
    fn all(value: &Value, found: &mut Vec<String>) {
        match value {
            Value::List(items) => items.iter().for_each(|item| all(&item.value, found)),
            other => found.extend(front::text(other)),
        }
    }
    let Some(field) = field else { return Vec::new() };
    let mut found = Vec::new();
    match &field.value {
        Value::String(text) => found.extend(text.split([',', ';']).map(str::to_owned)),
        value => all(value, &mut found),
    }
    found.into_iter().map(|term| term.trim().to_owned()).filter(|term| !term.is_empty()).collect()
}

/// Names of authors: texts, or tables with a name.
pub fn people(value: &Value) -> Vec<String> {
    let name = |value: &Value| match value {
        Value::Table(table) => {
            table.iter().find(|one| one.key == "name").and_then(|one| front::text(&one.node.value))
        }
        other => front::text(other),
    };
    let all = match value {
        Value::List(items) => items.iter().filter_map(|item| name(&item.value)).collect(),
        other => name(other).into_iter().collect::<Vec<_>>(),
    };
    all.into_iter().filter(|name| !name.trim().is_empty()).collect()
}

/// The picture of an article, by the names that themes have for it.
pub fn picture(front: &mut Front) -> Option<Image> {
    let field = front.take_first(&[
        "cover",
        "image",
        "images",
        "featured_image",
        "featuredImage",
        "featureimage",
        "heroImage",
        "thumbnail",
        "banner",
        "hero",
        "previewimage",
    ])?;
    match &field.value {
        Value::Table(table) => {
            let get = |names: &[&str]| {
                let found = table.iter().find(|one| names.contains(&one.key.as_str()));
                found.and_then(|one| front::text(&one.node.value)).filter(|text| !text.is_empty())
            };
            let src = get(&["image", "src", "url", "path"])?;
            Some(Image { src, alt: get(&["alt"]), caption: get(&["caption", "title"]) })
        }
        value => front::texts(value).into_iter().next().map(|src| Image { src, ..Image::default() }),
    }
}

/// The date at the beginning of a name, and the rest: `2014-02-14-ferry`.
pub fn dated(name: &str) -> (Option<&str>, &str) {
    let day = name.get(..10).filter(|day| {
        let bytes = day.as_bytes();
        let is_digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
        bytes.get(4) == Some(&b'-')
            && bytes.get(7) == Some(&b'-')
            && [0, 1, 2, 3, 5, 6, 8, 9].into_iter().all(is_digit)
    });
    match day.and_then(|day| Some((day, name[10..].strip_prefix(['-', '_'])?))) {
        Some((day, rest)) if !rest.is_empty() => (Some(day), rest),
        _ => (None, name),
    }
}
