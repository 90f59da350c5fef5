//! Answers to HTTP requests (RFC 9110): finding the file, cache validation and ranges.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::sync::Arc;
use std::sync::mpsc::Sender;

use axum::body::{Body, Bytes};
use axum::extract::Request;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::response::Response;
use chrono::DateTime;
use futures_util::stream;

use super::content::{is_html, is_text, media_type};
use super::desk;
use super::opened;
use super::page::{self, OWN};
use super::rewrite::{InPage, with_local_origin, with_script};
use super::site::{Shown, Site};
use super::watch::Message;
use crate::model::digest::Hasher;
use crate::model::stamp::Stamp;
use crate::model::url::{BaseUrl, percent_decode};
use crate::output::{Content, FileRecord};

/// The state that answers need.
pub(super) struct App {
    pub site: Arc<Site>,
    /// Messages to the thread that builds.
    pub orders: Sender<Message>,
}

/// Answers any request.
pub(super) async fn answer(app: &Arc<App>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let field = |name: HeaderName| parts.headers.get(name).and_then(|value| value.to_str().ok());
    let host = field(header::HOST).unwrap_or_default().to_owned();
    if !app.site.options.hosts.allows(&host) {
        let name = super::host::without_port(&host);
        let text = format!(
            "This server does not answer to the name \u{201c}{name}\u{201d}. If it is to, start it with --allow-host {name}\n"
        );
        return plain(StatusCode::FORBIDDEN, &text);
    }
    let path = parts.uri.path().to_owned();
    if let Some(own) = path.strip_prefix(OWN) {
        return desk::answer(app, own, &parts, body).await;
    }
    if !matches!(parts.method, Method::GET | Method::HEAD) {
        let mut refused = plain(StatusCode::METHOD_NOT_ALLOWED, "Only GET and HEAD are answered here.\n");
        refused.headers_mut().insert(header::ALLOW, HeaderValue::from_static("GET, HEAD"));
        return refused;
    }
    let is_head = parts.method == Method::HEAD;
    let query = parts.uri.query().map(str::to_owned);
    let asked = Asked { host, path, query, headers: parts.headers };
    let app = app.clone();
    // Files are read on a thread that may block.
    let answered = tokio::task::spawn_blocking(move || of_site(&app.site, &asked)).await;
    let response =
        answered.unwrap_or_else(|_| plain(StatusCode::INTERNAL_SERVER_ERROR, "Something went wrong.\n"));
    if is_head { response.map(|_| Body::empty()) } else { response }
}

/// A request for a file of the site.
struct Asked {
    host: String,
    /// The path, percent-encoded, from the server's root.
    path: String,
    query: Option<String>,
    headers: HeaderMap,
}

fn of_site(site: &Site, asked: &Asked) -> Response {
    let shown = site.shown();
    let path = percent_decode(&asked.path);
    if path.contains(['\\', '\0']) || path.split('/').any(|part| part == "..") {
        return plain(StatusCode::BAD_REQUEST, "There is no such path.\n");
    }
    let root =
        shown.base.as_ref().map_or_else(|| "/".to_owned(), |base| percent_decode(&base.relative_root()));
    let Some(inside) = path.strip_prefix(&root) else {
        if path == "/" || format!("{path}/") == root {
            return redirect(StatusCode::FOUND, &shown.base.as_ref().map_or(root, BaseUrl::relative_root));
        }
        return plain(StatusCode::NOT_FOUND, &format!("This site lives below {root}\n"));
    };
    let is_folder = inside.is_empty() || inside.ends_with('/');
    let file = if is_folder { format!("{inside}index.html") } else { inside.to_owned() };
    if !shown.is_ready {
        let html = page::no_site(&shown.errors, &file);
        return own(StatusCode::SERVICE_UNAVAILABLE, "text/html; charset=utf-8", html);
    }
    if let (Some(target), Some(base)) = (shown.redirects.get(&file), &shown.base) {
        return redirect(StatusCode::MOVED_PERMANENTLY, &base.root_relative(target));
    }
    if let Some((record, content)) = site.shelf.get(&file) {
        return of_file(asked, (site, &shown), &file, &record, content);
    }
    if !is_folder && site.shelf.has(&format!("{file}/index.html")) {
        let query = asked.query.as_ref().map(|query| format!("?{query}")).unwrap_or_default();
        return redirect(StatusCode::MOVED_PERMANENTLY, &format!("{}/{query}", asked.path));
    }
    if let Some((target, status)) = shown.rules.redirect(&asked.path) {
        return redirect(StatusCode::from_u16(status).unwrap_or(StatusCode::FOUND), &target);
    }
    not_found(site, asked, &shown, &file)
}

/// The site's own page for a missing file, the nearest one. The browser reloads it once `file` exists.
fn not_found(site: &Site, asked: &Asked, shown: &Shown, file: &str) -> Response {
    let folders = file.rmatch_indices('/').map(|(at, _)| &file[..=at]).chain([""]);
    let nearest = folders.filter_map(|folder| site.shelf.get(&format!("{folder}404.html"))).next();
    let Some((_, Content::Bytes(bytes))) = nearest else {
        return plain(StatusCode::NOT_FOUND, "There is no such page.\n");
    };
    let html = local(&bytes, asked, shown);
    let as_of = as_of(shown);
    let html = with_script(&html, &InPage { file, digest: None, as_of: as_of.as_deref() });
    own(StatusCode::NOT_FOUND, "text/html; charset=utf-8", html)
}

/// The largest copied file, in bytes, in which the site's address is replaced.
const MOST_REWRITTEN: u64 = 8 << 20;

fn of_file(
    asked: &Asked,
    (site, shown): (&Site, &Shown),
    file: &str,
    record: &FileRecord,
    content: Content,
) -> Response {
    let whole = match &content {
        Content::Bytes(bytes) => Whole::Held(Bytes::copy_from_slice(bytes)),
        Content::File(path, stamp) => {
            match opened::open(&site.options.root, path, stamp, shown.follows_links) {
                Some((opened, metadata)) => {
                    let found = Stamp::of(&metadata);
                    let is_other = found.size != stamp.size || found.modified != stamp.modified;
                    Whole::File(opened, metadata.len(), is_other)
                }
                // The file was removed or replaced a moment ago; the next build notices.
                None => return plain(StatusCode::NOT_FOUND, "This file is not there any more.\n"),
            }
        }
    };
    let head = whole.head();
    let fields: Vec<(&str, &str)> = shown.rules.fields(&asked.path).collect();
    let told = fields.iter().find(|(name, _)| name.eq_ignore_ascii_case("content-type"));
    let media = told.map_or_else(|| media_type(file, &head), |(_, media)| (*media).to_owned());
    let shown_as = shown_as(asked, &media);
    let mut tag = Hasher::default();
    tag.bytes(record.digest.bytes()).value(shown_as.unwrap_or(&media));
    let whole = match whole.all(is_text(&media)) {
        Ok(bytes) if is_text(&media) => {
            let rewritten = local(&bytes, asked, shown);
            tag.value(&asked.host).value(shown.base.as_ref().map_or("", BaseUrl::origin));
            let as_of = as_of(shown);
            let in_page = InPage { file, digest: Some(record.digest), as_of: as_of.as_deref() };
            tag.value(as_of.as_deref().unwrap_or_default()).value(env!("CARGO_PKG_VERSION"));
            let is_page = is_html(&media);
            Whole::Held(if is_page { with_script(&rewritten, &in_page).into() } else { rewritten.into() })
        }
        Ok(bytes) => Whole::Held(bytes),
        Err(whole) => whole,
    };
    // If the file has changed since the build, the record's digest does not describe its bytes, so there is no tag.
    let tag = (!whole.is_other()).then(|| format!("\"{}\"", tag.finish()));
    let mut response = in_part(asked, whole, tag.as_deref(), &http_date(record.modified));
    let headers = response.headers_mut();
    set(headers, "content-type", &media);
    set(headers, "x-content-type-options", "nosniff");
    fields.iter().for_each(|(name, value)| set(headers, name, value));
    if is_feed(&media) {
        set(headers, "vary", "accept");
        shown_as.iter().for_each(|media| set(headers, "content-type", media));
    }
    response
}

/// True for a feed that browsers can show by its style sheet.
fn is_feed(media: &str) -> bool {
    media.starts_with("application/rss+xml") || media.starts_with("application/atom+xml")
}

/// The media type for a browser that opens a feed. Some show the types of feeds as plain text, or download them.
fn shown_as(asked: &Asked, media: &str) -> Option<&'static str> {
    let accept = asked.headers.get(header::ACCEPT).and_then(|value| value.to_str().ok());
    let is_browser = accept.is_some_and(|accept| accept.starts_with("text/html"));
    (is_browser && is_feed(media)).then_some("application/xml; charset=utf-8")
}

/// The text with the site's address replaced by this server's.
fn local(bytes: &[u8], asked: &Asked, shown: &Shown) -> Vec<u8> {
    match &shown.base {
        Some(base) => with_local_origin(bytes, base, &format!("http://{}", asked.host)),
        None => bytes.to_vec(),
    }
}

fn as_of(shown: &Shown) -> Option<String> {
    shown.as_of.map(|moment| moment.format("%Y-%m-%d %H:%M:%S UTC").to_string())
}

/// All bytes of an answer, before a range is chosen.
enum Whole {
    Held(Bytes),
    /// An open file and its length; the flag is true if the file has changed since the build.
    File(File, u64, bool),
}

impl Whole {
    fn len(&self) -> u64 {
        match self {
            Whole::Held(bytes) => bytes.len() as u64,
            Whole::File(_, length, _) => *length,
        }
    }

    fn is_other(&self) -> bool {
        matches!(self, Whole::File(_, _, true))
    }

    /// The first 1024 bytes.
    fn head(&self) -> Vec<u8> {
        match self {
            Whole::Held(bytes) => bytes[..bytes.len().min(1024)].to_vec(),
            Whole::File(file, ..) => {
                let (mut head, mut file) = (Vec::new(), file);
                // A read error occurs again when the whole file is read, and is reported then.
                let _ = file.take(1024).read_to_end(&mut head);
                let _ = file.seek(SeekFrom::Start(0));
                head
            }
        }
    }

    /// Everything, if it is in memory, or is a small file and `wanted`; otherwise itself.
    fn all(self, wanted: bool) -> Result<Bytes, Whole> {
        match self {
            Whole::Held(bytes) => Ok(bytes),
            Whole::File(mut file, length, false) if wanted && length <= MOST_REWRITTEN => {
                let mut bytes = Vec::new();
                match file.read_to_end(&mut bytes) {
                    Ok(_) => Ok(bytes.into()),
                    Err(_) => Err(Whole::File(file, length, false)),
                }
            }
            other => Err(other),
        }
    }

    /// The bytes from `from` on, `length` of them.
    fn part(self, from: u64, length: u64) -> Body {
        match self {
            Whole::Held(bytes) => Body::from(bytes.slice(from as usize..(from + length) as usize)),
            Whole::File(mut file, ..) => {
                if file.seek(SeekFrom::Start(from)).is_err() {
                    return Body::empty();
                }
                Body::from_stream(stream::try_unfold((file, length), |(file, left)| async move {
                    if left == 0 {
                        return Ok(None);
                    }
                    let read = move || {
                        let mut piece = Vec::new();
                        let mut part = (&file).take(left.min(PIECE));
                        let length = part.read_to_end(&mut piece)? as u64;
                        // The file was truncated meanwhile and has no more bytes.
                        let left = if length == 0 { 0 } else { left - length };
                        Ok::<_, std::io::Error>((piece, file, left))
                    };
                    let (piece, file, left) =
                        tokio::task::spawn_blocking(read).await.map_err(std::io::Error::other)??;
                    Ok::<_, std::io::Error>(Some((Bytes::from(piece), (file, left))))
                }))
            }
        }
    }
}

/// The number of bytes of a large file that are in memory at once.
const PIECE: u64 = 256 * 1024;

/// The requested part of `whole`, which has this `tag`, if any, and last changed at `date`.
fn in_part(asked: &Asked, whole: Whole, tag: Option<&str>, date: &str) -> Response {
    let field = |name: HeaderName| asked.headers.get(name).and_then(|value| value.to_str().ok());
    let length = whole.len();
    let mut response = if is_known(field(header::IF_NONE_MATCH), field(header::IF_MODIFIED_SINCE), tag, date)
    {
        status(StatusCode::NOT_MODIFIED, Body::empty())
    } else {
        let may = field(header::IF_RANGE).is_none_or(|known| Some(known) == tag || known == date);
        match field(header::RANGE).filter(|_| may).and_then(|range| parse_range(range, length)) {
            None => {
                let mut response = status(StatusCode::OK, whole.part(0, length));
                set(response.headers_mut(), "content-length", &length.to_string());
                response
            }
            Some(Range::Beyond) => {
                let mut response = status(StatusCode::RANGE_NOT_SATISFIABLE, Body::empty());
                set(response.headers_mut(), "content-range", &format!("bytes */{length}"));
                response
            }
            Some(Range::Part(from, to)) => {
                let mut response = status(StatusCode::PARTIAL_CONTENT, whole.part(from, to - from + 1));
                set(response.headers_mut(), "content-length", &(to - from + 1).to_string());
                set(response.headers_mut(), "content-range", &format!("bytes {from}-{to}/{length}"));
                response
            }
        }
    };
    let headers = response.headers_mut();
    tag.iter().for_each(|tag| set(headers, "etag", tag));
    set(headers, "last-modified", date);
    set(headers, "accept-ranges", "bytes");
    response
}

/// True if the browser's copy is still current (RFC 9110, section 13.2.2).
fn is_known(none_match: Option<&str>, since: Option<&str>, tag: Option<&str>, date: &str) -> bool {
    match (none_match, tag) {
        (Some(known), Some(tag)) => known
            .split(',')
            .map(|known| known.trim().trim_start_matches("W/"))
            .any(|known| known == tag || known == "*"),
        (Some(_), None) => false,
        (None, _) => {
            let parse = |text: &str| DateTime::parse_from_rfc2822(text).ok();
            since.and_then(parse).zip(parse(date)).is_some_and(|(since, date)| since >= date)
        }
    }
}

/// A range of bytes.
#[derive(Debug, PartialEq)]
enum Range {
    /// From the first byte to the last, both included.
    Part(u64, u64),
    /// No byte of the range exists.
    Beyond,
}

/// Parses one range of bytes (RFC 9110, section 14.1.2) of a body with this `length`. `None` for several ranges and
/// for an invalid one: then the whole body is sent.
fn parse_range(text: &str, length: u64) -> Option<Range> {
    let (from, to) = text.strip_prefix("bytes=")?.trim().split_once('-')?;
    let number =
        |text: &str| text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse::<u64>().ok())?;
    let (from, to) = match (from, to) {
        ("", last) => match number(last)? {
            0 => return Some(Range::Beyond),
            last => (length.saturating_sub(last), length.checked_sub(1)),
        },
        (from, "") => (number(from)?, length.checked_sub(1)),
        (from, to) => {
            let (from, to) = (number(from)?, number(to)?);
            if to < from {
                return None;
            }
            (from, length.checked_sub(1).map(|last| last.min(to)))
        }
    };
    Some(to.filter(|to| from <= *to).map_or(Range::Beyond, |to| Range::Part(from, to)))
}

/// An HTTP date (RFC 9110, section 5.6.7) from nanoseconds since 1970.
fn http_date(nanoseconds: i64) -> String {
    DateTime::from_timestamp_nanos(nanoseconds).format("%a, %d %b %Y %H:%M:%S GMT").to_string()
}

fn status(status: StatusCode, body: Body) -> Response {
    let mut response = Response::new(body);
    *response.status_mut() = status;
    // Caches may store everything, but must revalidate it each time.
    set(response.headers_mut(), "cache-control", "no-cache");
    response
}

/// Sets a header field; one with an invalid name or value is left out.
fn set(headers: &mut HeaderMap, name: &str, value: &str) {
    if let (Ok(name), Ok(value)) = (HeaderName::try_from(name), HeaderValue::try_from(value)) {
        headers.insert(name, value);
    }
}

/// A plain-text answer.
pub(super) fn plain(code: StatusCode, text: &str) -> Response {
    own(code, "text/plain; charset=utf-8", text.to_owned())
}

/// An answer of the server's own.
pub(super) fn own(code: StatusCode, media: &str, body: impl Into<Body>) -> Response {
    let mut response = status(code, body.into());
    set(response.headers_mut(), "content-type", media);
    set(response.headers_mut(), "cache-control", "no-store");
    set(response.headers_mut(), "x-content-type-options", "nosniff");
    response
}

/// Redirects to `target`. Browsers must not cache that, since the next build may change it.
pub(super) fn redirect(code: StatusCode, target: &str) -> Response {
    let mut response = own(code, "text/plain; charset=utf-8", format!("{target}\n"));
    set(response.headers_mut(), "location", target);
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The examples of RFC 9110, section 14.1.2.
    #[test]
    fn one_range_is_answered_and_nonsense_is_passed_over() {
        let part = |from, to| Some(Range::Part(from, to));
        for (text, expected) in [
            ("bytes=0-499", part(0, 499)),
            ("bytes=500-999", part(500, 999)),
            ("bytes=-500", part(9500, 9999)),
            ("bytes=9500-", part(9500, 9999)),
            ("bytes=0-", part(0, 9999)),
            ("bytes=0-99999", part(0, 9999)),
            ("bytes=-99999", part(0, 9999)),
            ("bytes=10000-", Some(Range::Beyond)),
            ("bytes=-0", Some(Range::Beyond)),
            ("bytes=5-4", None),
            ("bytes=0-0,-1", None),
            ("bytes=a-b", None),
            ("lines=0-1", None),
            ("bytes=-", None),
        ] {
            assert_eq!(parse_range(text, 10_000), expected, "{text}");
        }
        assert_eq!(parse_range("bytes=0-", 0), Some(Range::Beyond));
    }

    #[test]
    fn what_the_browser_has_is_known_by_its_tag_before_its_date() {
        let (tag, date) = ("\"a\"", "Sun, 06 Nov 1994 08:49:37 GMT");
        assert_eq!(http_date(784_111_777_000_000_000), date);
        assert!(is_known(Some("\"x\", W/\"a\""), None, Some(tag), date));
        assert!(is_known(Some("*"), None, Some(tag), date));
        assert!(!is_known(Some("\"b\""), Some(date), Some(tag), date));
        assert!(is_known(None, Some(date), Some(tag), date));
        assert!(!is_known(None, Some("Sun, 06 Nov 1994 08:49:36 GMT"), Some(tag), date));
        assert!(!is_known(None, Some("yesterday"), None, date));
        assert!(!is_known(Some(tag), None, None, date));
    }
}
