//! Dates, categories and addresses of documents.

use std::collections::HashSet;

use chrono_tz::Tz;

use super::address::{Parts, style, with_suffix};
use super::config::Config;
use super::document::Kind;
use crate::import::dates::{Zone, parse};
use crate::import::front::{self, Field, Front};
use crate::import::model::{Article, When};
use crate::model::date::Moment;
use crate::model::metadata::Value;
use crate::model::url::percent_encode;

/// Reads the dates. In YAML, a time without quotes and offset is UTC, whatever the zone of the site.
pub(super) fn dates(
    front: &mut Front,
    article: &mut Article,
    day: Option<&str>,
    name: &str,
    config: &Config,
) {
    let utc = Zone { zone: Tz::UTC, rule: "a time without quotes and offset is UTC in YAML".to_owned() };
    let mut held = None;
    let mut when = |field: Option<Field>| -> Option<When> {
        let field = field.filter(|field| !front::is_empty(&field.value))?;
        let text = front::text(&field.value)?;
        let has_seconds = text.matches(':').count() >= 2;
        let zone = if has_seconds && !field.is_quoted { &utc } else { &config.zone };
        let found = zone.when(&field, name, "the front matter");
        let found = found.map(|when| When { moment: in_zone(&when, &config.zone, zone), ..when });
        found.map_err(|reason| held = Some(reason)).ok()
    };
    article.published = when(front.take("date"));
    article.updated =
        when(front.take_first(&["last_modified_at", "last-modified-date", "updated", "modified"]));
    article.draft = held;
    if let (None, None, Some(day)) = (&article.published, &article.draft, day) {
        article.published = config.zone.in_name(day, name).ok();
    }
}

/// The moment of `when`, which `read` read, on a clock in the zone of the site, if nobody wrote an offset.
fn in_zone(when: &When, site: &Zone, read: &Zone) -> Moment {
    let has_offset = parse(&when.text).is_ok_and(|written| written.has_zone());
    if has_offset || site.zone == read.zone {
        return when.moment;
    }
    let offset = Moment::at(when.moment.instant(), site.zone).offset();
    Moment::new(when.moment.instant(), offset, when.moment.precision())
}

/// The categories: those of the folders around `_posts`, and those of the front matter.
pub(super) fn categories(front: &mut Front, name: &str, kind: Kind<'_>) -> Vec<String> {
    let mut all: Vec<String> = Vec::new();
    if let Kind::Post = kind
        && let Some((folders, _)) = name.split_once("_posts/")
    {
        all.extend(folders.split('/').filter(|part| !part.is_empty()).map(str::to_owned));
    }
    for name in ["category", "categories"] {
        let Some(field) = front.take(name) else { continue };
        match &field.value {
            Value::String(text) if name == "categories" => {
                all.extend(text.split_whitespace().map(str::to_owned))
            }
            value => all.extend(front::texts(value)),
        }
    }
    let mut seen = HashSet::new();
    all.retain(|one| seen.insert(one.clone()));
    all
}

/// The names of a document.
pub(super) struct Named<'a> {
    /// The file without its extension.
    pub stem: &'a str,
    /// The name without its date.
    pub bare: &'a str,
    /// `slug` of the front matter.
    pub slug: Option<&'a str>,
    /// Its categories.
    pub categories: &'a [String],
}

/// Finds the address, and the aliases.
pub(super) fn address(
    front: &mut Front,
    article: &mut Article,
    named: Named<'_>,
    kind: Kind<'_>,
    config: &Config,
) {
    let Named { stem, bare, slug, categories } = named;
    let local = article
        .published
        .as_ref()
        .map(|when| when.moment.instant().with_timezone(&config.zone.zone).naive_local());
    let (collection, path) = match kind {
        Kind::Of(collection) => (collection.name.as_str(), &stem[collection.name.len() + 2..]),
        Kind::Post | Kind::Draft => ("posts", bare),
        Kind::Page => ("", stem),
    };
    let parts = Parts { date: local, name: bare, slug, categories, collection, path };
    let is_index = matches!(kind, Kind::Page) && bare == "index";
    let pattern = match (front.text("permalink"), kind) {
        (Some(own), Kind::Post | Kind::Draft) => style(&own),
        (Some(own), _) => own,
        (None, Kind::Post | Kind::Draft) => style(&config.permalink),
        (None, Kind::Of(one)) => match &one.permalink {
            Some(own) => style(own),
            None => with_suffix("/:collection/:path", &config.permalink),
        },
        (None, Kind::Page) if is_index => "/:path".to_owned(),
        (None, Kind::Page) => with_suffix("/:path", &config.permalink),
    };
    let mut url = parts.by_pattern(&pattern);
    if is_index && let Some(folder) = url.strip_suffix("/index") {
        url = format!("{folder}/");
    }
    article.url = url.strip_suffix("index.html").map(str::to_owned).unwrap_or(url);
    let old = front.texts("redirect_from").into_iter().map(|old| format!("/{}", old.trim_start_matches('/')));
    article.aliases = old.collect();
    // Jekyll writes `name.html`, which servers also show at `name`.
    let last = article.url.rsplit('/').next().unwrap_or_default();
    if !last.is_empty() && !last.contains('.') {
        article.aliases.push(format!("{}.html", article.url));
    }
}

/// The id in the feed that the plugin `jekyll-feed` makes: the address, with the slug as its last part.
pub(super) fn guid(url: &str, slug: &str, config: &Config) -> String {
    let folder = url.trim_end_matches('/').rsplit_once('/').map_or("", |(folder, _)| folder);
    format!("{}{}/{}", config.base, percent_encode(folder), percent_encode(slug))
}
