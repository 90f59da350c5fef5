//! Dates and addresses of pages.

use super::address::{Parts, of_name, sanitize};
use super::config::{Config, Ugly};
use super::page::{File, folder_of, stem};
use crate::import::dates::parse;
use crate::import::front::{self, Field, Front};
use crate::import::model::{Article, Imported, Outcome, When};
use crate::model::metadata::Value;

/// The parts of dates that an address may have.
pub(super) struct Named {
    /// The slug in the file's name, if that has the date.
    slug: Option<String>,
    /// The date that pages show, on the author's clock.
    date: Option<chrono::NaiveDateTime>,
}

/// Reads the dates.
pub(super) fn dates(
    front: &mut Front,
    article: &mut Article,
    config: &Config,
    file: &File,
    imported: &mut Imported,
) -> Named {
    let name = match stem(&file.path) {
        "index" => folder_of(&file.path).rsplit('/').next().unwrap_or_default(),
        name => name,
    };
    let dated_name = name.get(..10).filter(|day| parse(day).is_ok_and(|_| !day.contains('/')));
    let mut named_slug = None;
    let mut held = None;
    let mut find = |names: &[String], is_first: bool| -> Option<When> {
        for field_name in names {
            match field_name.as_str() {
                ":filename" => {
                    if let Some(day) = dated_name
                        && let Ok(when) = config.zone.in_name(day, &file.name)
                    {
                        named_slug =
                            name.get(11..).filter(|rest| !rest.is_empty() && is_first).map(str::to_owned);
                        return Some(when);
                    }
                }
                ":git" | ":filemodtime" | ":fileModTime" => {}
                field_name => {
                    let found = front.fields().iter().find(|one| one.key.eq_ignore_ascii_case(field_name));
                    let Some(entry) = found.filter(|one| !front::is_empty(&one.node.value)) else { continue };
                    let line = front.line_of(entry.key_span.start);
                    let field = Field {
                        key: entry.key.clone(),
                        line,
                        value: entry.node.value.clone(),
                        is_quoted: false,
                    };
                    match config.zone.when(&field, &file.name, "the front matter") {
                        // Go's empty date.
                        Ok(when) if when.text.starts_with("0001-01-01") => {}
                        Ok(when) => return Some(when),
                        Err(reason) => held = held.take().or(Some(reason)),
                    }
                }
            }
        }
        None
    };
    let [date, publish, lastmod, expiry] = &config.dates;
    let shown = find(date, true);
    let published = find(publish, true);
    let updated = find(lastmod, false);
    article.expires = find(expiry, false);
    article.draft = held;
    if let (Some(date), Some(publish)) = (&shown, &published)
        && date.moment.instant() != publish.moment.instant()
    {
        let text = format!(
            "feeds had {} ({}), and pages {} ({})",
            publish.moment.rfc3339(),
            publish.rule,
            date.moment.rfc3339(),
            date.rule
        );
        imported.tell(
            Outcome::Changed,
            "two-dates",
            publish.spot.clone(),
            format!("{text}: the first counts everywhere"),
        );
    }
    // Feeds of Hugo have the date from which an article is public.
    article.published = published.or_else(|| shown.clone());
    article.updated = updated;
    take_dates(front);
    Named { slug: named_slug, date: shown.map(|when| when.moment.local()) }
}

/// Takes the usual fields of dates, as far as they are dates: a field that is none may be an answer, which others judge.
fn take_dates(front: &mut Front) {
    for name in
        ["date", "publishdate", "pubdate", "published", "lastmod", "modified", "expirydate", "unpublishdate"]
    {
        let is_date = |value: &Value| front::text(value).is_some_and(|text| parse(&text).is_ok());
        if front.fields().iter().any(|one| {
            one.key.eq_ignore_ascii_case(name)
                && (is_date(&one.node.value) || front::is_empty(&one.node.value))
        }) {
            front.take(name);
        }
    }
}

/// Finds the address, and the aliases.
pub(super) fn address(front: &mut Front, article: &mut Article, config: &Config, file: &File, named: Named) {
    let date = named.date;
    let slug = front.text("slug").or(named.slug);
    let url = front.text("url");
    let is_bundle = stem(&file.path) == "index" && file.path.contains('/');
    let place = if is_bundle { folder_of(&file.path) } else { &file.path };
    let (folder, name) = place.rsplit_once('/').unwrap_or(("", place));
    let name = if is_bundle { name } else { stem(&file.path) };
    let folder: Vec<String> = folder.split('/').map(|part| of_name(part, config.keep_case)).collect();
    let folder = folder.join("/");
    let section = folder.split('/').next().unwrap_or_default();
    let parts = Parts {
        folder: &folder,
        name,
        slug: slug.as_deref(),
        title: &article.title,
        date,
        keep_case: config.keep_case,
    };
    let prefix = file.language.as_ref().map_or_else(String::new, |key| format!("/{}", key.to_lowercase()));
    let pattern = config.page_patterns.iter().find(|(name, _)| {
        let name = name.trim_matches('/');
        name == section || name.is_empty() && section.is_empty()
    });
    article.url = match url {
        Some(url) if url.contains("://") => {
            url::Url::parse(&url).map_or_else(|_| "/".to_owned(), |url| url.path().to_owned())
        }
        Some(url) if url.contains(':') => format!("{prefix}/{}", parts.by_pattern(&url).unwrap_or_default()),
        Some(url) if url.starts_with('/') => with_end(&sanitize(&url, config.keep_case)),
        Some(url) => format!("{prefix}{}", with_end(&sanitize(&format!("/{url}"), config.keep_case))),
        None => {
            let of_pattern = pattern.and_then(|(_, pattern)| parts.by_pattern(pattern));
            let is_ugly = match &config.ugly {
                Ugly::All => true,
                Ugly::Sections(all) => all.iter().any(|name| name == section),
            };
            let plain = of_pattern.unwrap_or_else(|| parts.plain());
            let is_root = stem(&file.path) == "index" && !is_bundle;
            match is_ugly {
                _ if is_root => format!("{prefix}/"),
                true if !plain.contains('.') => format!("{prefix}/{plain}.html"),
                _ => format!("{prefix}{}", with_end(&format!("/{plain}"))),
            }
        }
    };
    let around =
        article.url.trim_end_matches('/').rsplit_once('/').map_or("", |(around, _)| around).to_owned();
    let aliases = front.texts("aliases").into_iter().map(|alias| {
        match alias.starts_with('/') || alias.contains("://") {
            true => alias,
            false => format!("{around}/{alias}"),
        }
    });
    article.aliases = aliases.collect();
}

/// An address that is no file ends with a slash.
pub(super) fn with_end(path: &str) -> String {
    let last = path.rsplit('/').next().unwrap_or_default();
    let is_file = [".html", ".htm", ".xml", ".txt", ".json"].iter().any(|end| last.ends_with(end));
    if path.ends_with('/') || is_file { path.to_owned() } else { format!("{path}/") }
}
