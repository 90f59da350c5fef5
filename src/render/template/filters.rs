//! The filters for templates beyond Tera's own. All are pure.
//!
//! | filter | gives |
//! | --- | --- |
//! | `date(format=, locale=)` | a date of a view or a text, formatted for people, on its author's clock |
//! | `absolute_url` | a path of the site as a whole URL |
//! | `relative_url` | a path of the site as one that starts at the server's root |
//! | `reading_time` | minutes that a number of words or an HTML text takes to read, at least 1 |
//! | `urlencode` | the text as a part of a URL: of a query, for instance |
//! | `slug` | the text as the last part of a path |
//! | `markdown(inline=)` | Markdown as HTML |
//! | `excerpt(length=)` | the beginning of a text, cut between words, or as its script requires |
//! | `plain` | HTML as text |
//! | `direction` | `rtl` for a language tag (BCP 47) that is written from right to left, else `ltr` |
//! | `ics(date=)` | text as the value of a property of a calendar (RFC 5545); a date of a view, and with `date` a text that is one, as UTC: `20261124T090000Z` |
//! | `json(sparse=)` | any value as JSON that is safe inside `<script>`; with `sparse`, without empty entries of maps |

use std::borrow::Cow;
use std::hash::BuildHasher;
use std::sync::{Mutex, PoisonError};

use chrono::FixedOffset;
use tera::{Error, Kwargs, Map, State, Tera, TeraResult, Value};

use super::words;
use crate::config::Config;
use crate::language::Locale;
use crate::model::date::{self, Moment, Precision};
use crate::model::html::{self, Change, rewrite_urls};
use crate::model::url::{BaseUrl, SlugStyle, UrlPath, is_elsewhere, percent_decode, slugify};
use crate::render::calendar;
use crate::render::markdown::{self, Length};

/// Their names.
pub(super) const NAMES: [&str; 14] = [
    "absolute_url",
    "bar_chart",
    "date",
    "direction",
    "excerpt",
    "ics",
    "json",
    "line_chart",
    "markdown",
    "plain",
    "reading_time",
    "relative_url",
    "slug",
    "urlencode",
];

pub(super) fn register(tera: &mut Tera, config: &Config) {
    let (site, locale) = (config.language.clone(), config.locale);
    let languages = config.words.clone();
    let zone = config.timezone.unwrap_or(chrono_tz::Tz::UTC);
    let (day, time) = (config.dates.format.clone(), config.dates.time_format.clone());
    let recent = RecentDates::default();
    tera.register_filter("date", move |value: Value, kwargs: Kwargs, state: &State| -> TeraResult<String> {
        let (format, named) = (kwargs.get::<Cow<'_, str>>("format")?, kwargs.get::<Cow<'_, str>>("locale")?);
        // Pages in the site's language have the site's locale, which may say more than the language does.
        let of_page = words::of_page(state).filter(|tag| named.is_none() && *tag != site);
        let page = of_page.map(Cow::Owned);
        let wanted = Wanted { shown: Shown::of(&value)?, format, locale: named, page };
        recent.written(wanted, |Wanted { shown, format, locale: named, page }| {
            let moment = shown.moment(zone)?;
            let usual = if moment.precision() == Precision::Day { &day } else { &time };
            let pattern =
                format.as_deref().or_else(|| usual.as_deref().filter(|_| named.is_none() && page.is_none()));
            let locale = match (named, page) {
                (Some(tag), _) => Locale::parse(tag).map_err(Error::message)?,
                (None, Some(tag)) => languages.of(tag).locale(),
                (None, None) => locale,
            };
            locale.formatted(&moment, pattern).map_err(Error::message)
        })
    });
    let base = config.base_url.clone();
    tera.register_filter("absolute_url", move |path: String, _: Kwargs, _: &State| absolute(&base, &path));
    let base = config.base_url.clone();
    tera.register_filter("relative_url", move |path: String, _: Kwargs, _: &State| relative(&base, &path));
    tera.register_filter("reading_time", |value: Value, _: Kwargs, _: &State| {
        let length = match value.as_str() {
            Some(html) => markdown::length(&html::plain(html)),
            None => Length { words: value.as_u64().unwrap_or(0) as usize, characters: 0 },
        };
        length.minutes() as u64
    });
    let slugs: SlugStyle = config.slugs;
    tera.register_filter("slug", move |text: String, _: Kwargs, _: &State| slugify(&text, slugs));
    tera.register_filter("urlencode", |text: String, _: Kwargs, _: &State| {
        let encoded: String = url::form_urlencoded::byte_serialize(text.as_bytes()).collect();
        encoded.replace('+', "%20")
    });
    let quotes = config.markdown.smart_punctuation.then(|| config.words.site().locale().quotes());
    let (base, raw_html) = (config.base_url.clone(), config.markdown.raw_html.default);
    tera.register_filter("markdown", move |text: String, kwargs: Kwargs, _: &State| -> TeraResult<Value> {
        let html = markdown::fragment_with(&text, quotes, raw_html);
        // A path from the root counts from the site's root, as in a body.
        let html = rewrite_urls(&html, &|url, _| match url.starts_with('/') && !is_elsewhere(url) {
            true => Change::To(relative(&base, url)),
            false => Change::Keep,
        });
        let html = html.trim();
        let inner = html.strip_prefix("<p>").and_then(|rest| rest.strip_suffix("</p>"));
        let inline = kwargs.get::<bool>("inline")?.unwrap_or(false);
        Ok(Value::safe_string(inner.filter(|inner| inline && !inner.contains("<p>")).unwrap_or(html)))
    });
    tera.register_filter("excerpt", |text: String, kwargs: Kwargs, _: &State| -> TeraResult<String> {
        let length = kwargs.get::<usize>("length")?.unwrap_or(200);
        Ok(markdown::excerpt(&html::plain(&text), length))
    });
    tera.register_filter("plain", |html: String, _: Kwargs, _: &State| html::plain(&html));
    let languages = config.words.clone();
    tera.register_filter("direction", move |tag: String, _: Kwargs, _: &State| {
        languages.direction(&tag).to_owned()
    });
    tera.register_filter("ics", move |value: Value, kwargs: Kwargs, _: &State| -> TeraResult<Value> {
        let is_date = value.as_map().is_some() || kwargs.get::<bool>("date")?.unwrap_or(false);
        let text = match is_date {
            true => calendar::instant(&Shown::of(&value)?.moment(zone)?),
            false => calendar::escaped(&value.to_string()).into_owned(),
        };
        Ok(Value::safe_string(&text))
    });
    tera.register_filter("json", |value: Value, kwargs: Kwargs, _: &State| -> TeraResult<Value> {
        let value = if kwargs.get::<bool>("sparse")?.unwrap_or(false) { sparse(&value) } else { value };
        let json = serde_json::to_string(&value).map_err(|error| Error::message(error.to_string()))?;
        // With `<`, `>` and `&` escaped, no text can end a script element or open a comment.
        let json = json.replace('<', "\\u003c").replace('>', "\\u003e").replace('&', "\\u0026");
        Ok(Value::safe_string(&json))
    });
}

/// `value` without empty entries in its maps, at any depth: none, empty texts, lists and maps.
fn sparse(value: &Value) -> Value {
    let is_empty = |value: &Value| value.is_none() || value.is_undefined() || value.len() == Some(0);
    match (value.as_map(), value.as_array()) {
        (Some(map), _) => {
            let kept = map.iter().map(|(key, value)| (key.clone(), sparse(value)));
            Value::from(kept.filter(|(_, value)| !is_empty(value)).collect::<Map>())
        }
        (_, Some(list)) => Value::from(list.iter().map(sparse).collect::<Vec<Value>>()),
        _ => value.clone(),
    }
}

/// A date that a template passes to a filter: one of a view, or a text.
#[derive(PartialEq, Eq, Hash)]
struct Shown<'a> {
    text: Cow<'a, str>,
    /// A view has the precision, and the author's clock in seconds before UTC.
    precision: Option<Cow<'a, str>>,
    offset: Option<i64>,
}

impl<'a> Shown<'a> {
    fn of(value: &'a Value) -> TeraResult<Self> {
        let (mut text, mut precision, mut offset) = (value.as_str(), None, None);
        // A view has six keys, so visiting all of them is quicker than three look-ups.
        for (key, value) in value.as_map().into_iter().flatten() {
            match key.as_str() {
                Some("rfc3339") => text = value.as_str(),
                Some("precision") => precision = value.as_str(),
                Some("offset") => offset = value.as_i64(),
                _ => {}
            }
        }
        let text =
            text.ok_or_else(|| Error::message(format!("`date` wants a date, but got {}", value.name())))?;
        Ok(Shown { text: text.into(), precision: precision.map(Cow::from), offset })
    }

    /// The moment of this date.
    fn moment(&self, zone: chrono_tz::Tz) -> TeraResult<Moment> {
        let moment = date::parse(&self.text)
            .and_then(|written| written.resolve(zone, date::Ambiguous::Earlier))
            .map_err(Error::message)?;
        let precision = match self.precision.as_deref() {
            Some("day") => Precision::Day,
            Some("minute") => Precision::Minute,
            _ => moment.precision(),
        };
        let offset = self.offset.and_then(|seconds| FixedOffset::east_opt(i32::try_from(seconds).ok()?));
        Ok(Moment::new(moment.instant(), offset.unwrap_or(moment.offset()), precision))
    }

    fn owned(self) -> Shown<'static> {
        Shown { text: owned(self.text), precision: self.precision.map(owned), offset: self.offset }
    }
}

fn owned(text: Cow<'_, str>) -> Cow<'static, str> {
    Cow::Owned(text.into_owned())
}

/// The input of the filter `date`.
#[derive(PartialEq, Eq, Hash)]
struct Wanted<'a> {
    shown: Shown<'a>,
    format: Option<Cow<'a, str>>,
    locale: Option<Cow<'a, str>>,
    /// The language of the page, if it is not the site's.
    page: Option<Cow<'a, str>>,
}

/// Recently formatted dates, each in the slot of its hash. The date of an article is on its page and on many lists,
/// which are rendered in quick succession.
struct RecentDates {
    slots: Vec<Mutex<Option<(Wanted<'static>, String)>>>,
    hash: foldhash::fast::FixedState,
}

/// Number of cached dates, with about 200 bytes each.
const MOST_DATES: usize = 12 * 1024;

impl Default for RecentDates {
    fn default() -> Self {
        RecentDates {
            slots: (0..MOST_DATES).map(|_| Mutex::new(None)).collect(),
            hash: foldhash::fast::FixedState::default(),
        }
    }
}

impl RecentDates {
    /// The formatted date `wanted`, from the cache or from `write`.
    fn written(
        &self,
        wanted: Wanted<'_>,
        write: impl FnOnce(&Wanted<'_>) -> TeraResult<String>,
    ) -> TeraResult<String> {
        let slot = &self.slots[self.hash.hash_one(&wanted) as usize % self.slots.len()];
        let lock = || slot.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((known, text)) = &*lock()
            && *known == wanted
        {
            return Ok(text.clone());
        }
        let text = write(&wanted)?;
        let Wanted { shown, format, locale, page } = wanted;
        let (format, locale, page) = (format.map(owned), locale.map(owned), page.map(owned));
        let known = Wanted { shown: shown.owned(), format, locale, page };
        *lock() = Some((known, text.clone()));
        Ok(text)
    }
}

/// `path` as a path from the server's root. A path that already has the site's own folder in front stays.
fn relative(base: &BaseUrl, path: &str) -> String {
    let root = base.relative_root();
    if is_elsewhere(path) || path.starts_with('#') || (root != "/" && path.starts_with(&root)) {
        return path.to_owned();
    }
    if base.has_hosts() {
        let (path, rest) = path.split_at(path.find(['?', '#']).unwrap_or(path.len()));
        let path = UrlPath::parse(&format!("/{}", percent_decode(path.trim_start_matches('/'))));
        // A path of the site leads to another host if a language there has it.
        if let Some(path) = path.ok().filter(|path| base.home_of(path).is_some()) {
            return base.root_relative(&path) + rest;
        }
    }
    format!("{root}{}", path.trim_start_matches('/'))
}

fn absolute(base: &BaseUrl, path: &str) -> String {
    let path = relative(base, path);
    if is_elsewhere(&path) { path } else { [base.origin(), &path].concat() }
}
