//! The desk: an overview of the site for writers, as a page and as JSON.

use std::collections::HashSet;
use std::time::Duration;

use axum::body::{Body, to_bytes};
use axum::http::request::Parts;
use axum::http::{HeaderName, Method, StatusCode, header};
use axum::response::Response;
use chrono::{DateTime, SecondsFormat, Utc};
use chrono_tz::Tz;
use serde::Serialize;
use serde_json::json;

use super::answer::{App, own, plain, redirect};
use super::page::{OWN, SCRIPT, STYLE, page};
use super::site::{Shown, Site};
use super::watch::Message;
use super::{events, view};
use crate::model::date::{self, Ambiguous, Dated};
use crate::model::html::escape;
use crate::model::printable::printable_json;
use crate::model::url::{BaseUrl, percent_decode};
use crate::pipeline::{Request, SitePlan, Survey};
use crate::site::identity::{Row, State};
use crate::source::FOLDER;

/// The data of the desk that a build does not report.
#[derive(Debug, Default, Serialize)]
pub(super) struct Desk {
    /// Articles, the newest first. Sources with errors that have no article come before them.
    pub articles: Vec<ArticleLine>,
    /// Upcoming publications and expiries, the next first.
    pub due: Vec<Due>,
    pub feeds: Vec<Feed>,
    #[serde(skip)]
    pub zone: Option<Tz>,
}

/// One article.
#[derive(Debug, Default, Serialize)]
pub(super) struct ArticleLine {
    /// `live`, `scheduled`, `draft`, `expired`, `withdrawn`, or `error`.
    pub state: &'static str,
    pub title: String,
    pub source: String,
    pub id: String,
    /// Its address on this server, if it has a page there.
    pub url: Option<String>,
    pub published: Option<Date>,
    pub updated: Option<Date>,
}

/// A date and its provenance.
#[derive(Debug, Serialize)]
pub(super) struct Date {
    /// RFC 3339.
    pub at: String,
    pub from: String,
}

/// An upcoming publication or expiry.
#[derive(Debug, Serialize)]
pub(super) struct Due {
    /// RFC 3339, in UTC.
    pub at: String,
    pub source: String,
    pub title: String,
    /// `comes out` or `expires`.
    pub what: &'static str,
}

/// A feed.
#[derive(Debug, Serialize)]
pub(super) struct Feed {
    pub title: String,
    /// The URLs of its formats.
    pub urls: Vec<String>,
    /// The number of its entries.
    pub entries: usize,
    /// The most entries that it may have.
    pub limit: usize,
}

/// The most upcoming events listed.
const MOST_DUE: usize = 10;

/// Makes the desk from the survey of a site as of `now`.
pub(super) fn desk(survey: Survey, request: &Request<'_>, shown: &Shown, now: DateTime<Utc>) -> Desk {
    let broken: HashSet<&str> = shown.errors.iter().filter_map(|error| error.facts.file.as_deref()).collect();
    let articles = survey.settled.iter().filter(|one| one.dates.is_some());
    let mut rows: Vec<(Option<DateTime<Utc>>, ArticleLine)> =
        articles.map(|one| row(one, shown, &broken)).collect();
    let known: HashSet<&str> = survey.settled.iter().map(|one| &**one.name()).collect();
    let sources = broken.iter().copied().filter(|name| name.starts_with(FOLDER));
    // The errors of rows are at their places in data files.
    let sources = sources.chain(survey.rows.iter().map(|row| &**row.name()));
    rows.extend(sources.filter(|name| !known.contains(name)).map(|name| {
        let (state, source) = ("error", name.to_owned());
        (None, ArticleLine { state, title: source.clone(), source, ..ArticleLine::default() })
    }));
    // Articles without a date have an error and come first.
    rows.sort_by(|(a, one), (b, other)| {
        let key = |date: &Option<DateTime<Utc>>| date.unwrap_or(DateTime::<Utc>::MAX_UTC);
        key(b).cmp(&key(a)).then_with(|| one.source.cmp(&other.source))
    });
    let mut due: Vec<(DateTime<Utc>, Due)> = survey.settled.iter().filter_map(|one| due(one, now)).collect();
    due.sort_by(|(a, one), (b, other)| (a, &one.source).cmp(&(b, &other.source)));
    due.truncate(MOST_DUE);
    // The build has reported the problems already.
    let SitePlan { config, plan, .. } = survey.plan(request);
    let base = &config.base_url;
    let feeds = plan.feeds.iter().map(|feed| Feed {
        title: feed.title.clone(),
        urls: feed.formats.iter().map(|(_, path)| base.root_relative(path)).collect(),
        entries: feed.articles.len(),
        limit: feed.limit,
    });
    Desk {
        articles: rows.into_iter().map(|(_, row)| row).collect(),
        due: due.into_iter().map(|(_, due)| due).collect(),
        feeds: feeds.collect(),
        zone: config.timezone,
    }
}

fn row(one: &Row, shown: &Shown, broken: &HashSet<&str>) -> (Option<DateTime<Utc>>, ArticleLine) {
    let date = |dated: &Dated| Date { at: dated.moment.rfc3339(), from: dated.provenance.to_string() };
    let url = shown.base.as_ref().filter(|_| one.has_page()).map(|base| base.root_relative(&one.path));
    let row = ArticleLine {
        state: if broken.contains(&**one.name()) { "error" } else { one.state.word() },
        title: one.title.to_string(),
        source: one.name().to_string(),
        id: one.id.to_string(),
        url,
        published: one.dates.as_ref().map(|dates| date(&dates.published)),
        updated: one.dates.as_ref().map(|dates| date(&dates.updated)),
    };
    (one.dates.as_ref().map(|dates| dates.published.moment.instant()), row)
}

fn due(one: &Row, now: DateTime<Utc>) -> Option<(DateTime<Utc>, Due)> {
    let at = one.due(now)?;
    let what = if one.state == State::Scheduled { "comes out" } else { "expires" };
    let (source, title) = (one.name().to_string(), one.title.to_string());
    Some((at, Due { at: at.to_rfc3339_opts(SecondsFormat::Secs, true), source, title, what }))
}

/// Answers a request for the server's own pages: `path` is below [`OWN`].
pub(super) async fn answer(app: &App, path: &str, parts: &Parts, body: Body) -> Response {
    let query = parts.uri.query().unwrap_or_default().to_owned();
    match (&parts.method, path) {
        (&Method::GET | &Method::HEAD, "client.js") => {
            own(StatusCode::OK, "text/javascript; charset=utf-8", SCRIPT)
        }
        (&Method::GET | &Method::HEAD, "style.css") => own(StatusCode::OK, "text/css; charset=utf-8", STYLE),
        (&Method::GET, "events") => {
            let field = |name: &str| view::field(&query, name);
            events::listen(&app.site, &field("page"), &field("digest"))
        }
        (&Method::GET, "" | "status.json") => {
            let (site, is_json) = (app.site.clone(), path == "status.json");
            let show = move || {
                let (shown, desk) = (site.shown(), site.desk());
                match is_json {
                    true => own(StatusCode::OK, "application/json", status(&shown, &desk)),
                    false => {
                        own(StatusCode::OK, "text/html; charset=utf-8", view::html(&shown, &desk, &query))
                    }
                }
            };
            let shown = tokio::task::spawn_blocking(show).await;
            shown.unwrap_or_else(|_| plain(StatusCode::INTERNAL_SERVER_ERROR, "Something went wrong.\n"))
        }
        (&Method::GET, "check" | "check.json") => {
            let (site, is_json) = (app.site.clone(), path == "check.json");
            let shown = tokio::task::spawn_blocking(move || check(&site, &query, is_json)).await;
            shown.unwrap_or_else(|_| plain(StatusCode::INTERNAL_SERVER_ERROR, "Something went wrong.\n"))
        }
        (&Method::POST, "as-of") => as_of(app, parts, body).await,
        _ => plain(StatusCode::NOT_FOUND, "There is no such page.\n"),
    }
}

/// The findings about the page that a query names (`page`), or about all pages.
fn check(site: &Site, query: &str, is_json: bool) -> Response {
    let shown = site.shown();
    let path = view::field(query, "page");
    let root = shown.base.as_ref().map_or_else(|| "/".to_owned(), BaseUrl::relative_root);
    let file = path.strip_prefix(&*root).map(|inside| match percent_decode(inside) {
        inside if inside.is_empty() || inside.ends_with('/') => inside + "index.html",
        inside => inside,
    });
    let found = match (path.is_empty(), &file) {
        (true, _) => site.check(None),
        (false, Some(file)) => site.check(Some(file)),
        (false, None) => None,
    };
    let Some(found) = found else {
        return plain(StatusCode::NOT_FOUND, "There is no such page to look through.\n");
    };
    if is_json {
        let report = json!({ "page": (!path.is_empty()).then_some(&path), "problems": &*found });
        let text = printable_json(&report.to_string()).into_owned();
        return own(StatusCode::OK, "application/json", text);
    }
    own(StatusCode::OK, "text/html; charset=utf-8", view::findings(&path, &found))
}

fn status(shown: &Shown, desk: &Desk) -> String {
    let time = |instant: &DateTime<Utc>| instant.to_rfc3339_opts(SecondsFormat::Secs, true);
    let held = &shown.held;
    let [articles, pages, feeds] = shown.counts;
    let status = json!({
        "builds": shown.builds,
        "ready": shown.is_ready,
        "now": shown.now.as_ref().map(time),
        "as_of": shown.as_of.as_ref().map(time),
        "counts": { "articles": articles, "pages": pages, "feeds": feeds },
        "held": { "drafts": held.drafts, "scheduled": held.scheduled, "expired": held.expired },
        "next": held.next.as_ref().map(|(instant, source)| json!({ "at": time(instant), "source": &**source })),
        "errors": &*shown.errors,
        "warnings": &*shown.warnings,
        "articles": desk.articles,
        "due": desk.due,
        "feeds": desk.feeds,
    });
    printable_json(&status.to_string()).into_owned()
}

/// The longest body of a form, in bytes.
const LONGEST_FORM: usize = 4096;
/// The longest time that a form takes to come.
const FORM: Duration = Duration::from_secs(10);
/// The longest time that a form waits for the build that it requests.
const PATIENCE: Duration = Duration::from_secs(60);

/// Shows the site as of the time in a form, or of the present, and redirects to the page that sent the form.
async fn as_of(app: &App, parts: &Parts, body: Body) -> Response {
    let field = |name: HeaderName| parts.headers.get(name).and_then(|value| value.to_str().ok());
    let here = format!("http://{}", field(header::HOST).unwrap_or_default());
    // Any page on the web can send a form here.
    if field(header::ORIGIN).is_some_and(|origin| origin != here)
        || field(HeaderName::from_static("sec-fetch-site")).is_some_and(|site| site != "same-origin")
    {
        return plain(StatusCode::FORBIDDEN, "This form was sent by another site.\n");
    }
    let form = tokio::time::timeout(FORM, to_bytes(body, LONGEST_FORM)).await;
    let Ok(Ok(form)) = form else {
        return plain(StatusCode::PAYLOAD_TOO_LARGE, "That form is too long.\n");
    };
    let text = view::field(&String::from_utf8_lossy(&form), "moment");
    let (site, given) = (app.site.clone(), text.clone());
    let zone =
        tokio::task::spawn_blocking(move || if given.is_empty() { None } else { site.desk().zone }).await;
    let zone = zone.ok().flatten().unwrap_or(Tz::UTC);
    let moment = match text.trim() {
        "" => None,
        text => match date::parse(text).and_then(|written| written.resolve(zone, Ambiguous::Earlier)) {
            Ok(moment) => Some(moment.instant()),
            Err(error) => {
                let body = format!(
                    "<main><h1>That is no moment</h1><p>{}</p><p><a href=\"{OWN}\">Back to the desk</a></p></main>",
                    escape(&error.to_string())
                );
                return own(
                    StatusCode::BAD_REQUEST,
                    "text/html; charset=utf-8",
                    page("Dateline", &body, "", false),
                );
            }
        },
    };
    let mut ear = app.site.browsers.subscribe();
    // The thread that builds ends only with the process, so this can't fail.
    let _ = app.orders.send(Message::AsOf(moment));
    let _ = tokio::time::timeout(PATIENCE, ear.recv()).await;
    let back = field(header::REFERER)
        .and_then(|from| from.strip_prefix(&*here))
        // A browser takes `//name` and `/\name` for another server.
        .filter(|path| path.starts_with('/') && !path.starts_with("//") && !path.contains('\\'));
    redirect(StatusCode::SEE_OTHER, back.unwrap_or(OWN))
}
