//! The desk as a page: plain HTML without scripts, with a hundred articles on each page.

use chrono::SecondsFormat;
use chrono_tz::Tz;
use url::form_urlencoded;

use super::desk::{ArticleLine, Date, Desk};
use super::overlay::{Trouble, items, overlay};
use super::page::{OWN, page};
use super::site::Shown;
use crate::model::html::escape;

/// The number of articles on one page of the desk.
const PAGE: usize = 100;

/// The states by which articles can be filtered.
const STATES: [&str; 6] = ["live", "scheduled", "draft", "expired", "withdrawn", "error"];

/// The field `name` of a form or a query.
pub(super) fn field(text: &str, name: &str) -> String {
    let found = form_urlencoded::parse(text.as_bytes()).find(|(key, _)| key == name);
    found.map(|(_, value)| value.into_owned()).unwrap_or_default()
}

/// The desk for a query: `q` (words of the title or source), `state`, `page` (from 1).
pub(super) fn html(shown: &Shown, desk: &Desk, query: &str) -> String {
    let mut body = String::from("<header><h1>Desk</h1>");
    let home = shown.base.as_ref().map_or_else(|| "/".to_owned(), |base| base.relative_root());
    body.push_str(&format!(
        "<p><a href=\"{}\">The site</a> \u{b7} <a href=\"{OWN}check\">Check all pages</a> \u{b7} <a href=\"{OWN}status.json\">This as JSON</a></p></header><main>",
        escape(&home)
    ));
    if !shown.errors.is_empty() {
        body.push_str(&format!("<section class=\"errors\">{}</section>", overlay(&shown.errors)));
    }
    body.push_str(&summary(shown));
    body.push_str(&moment(shown, desk));
    if !shown.warnings.is_empty() {
        let items = items(&shown.warnings);
        let count = shown.warnings.len();
        body.push_str(&format!(
            "<section><details class=\"warnings\"><summary><h2>Warnings ({count})</h2></summary><ol>{items}</ol></details></section>"
        ));
    }
    body.push_str(&due(desk));
    body.push_str(&articles(desk, query));
    body.push_str(&feeds(desk));
    body.push_str("</main>");
    page("Desk \u{b7} Dateline", &body, "", true)
}

/// The findings about the page at `path`, or about all pages if it is empty.
pub(super) fn findings(path: &str, found: &[Trouble]) -> String {
    let (title, of) = match path {
        "" => ("All pages", "all pages".to_owned()),
        path => ("A page", format!("<a href=\"{0}\">{0}</a>", escape(path))),
    };
    let list = match found {
        [] => "<p>Nothing was found.</p>".to_owned(),
        found => format!("<ol>{}</ol>", items(found)),
    };
    let body = format!(
        "<header><h1>Check</h1><p><a href=\"{OWN}\">Desk</a></p></header><main><section class=\"findings\"><h2>Findings about {of}</h2>{list}</section></main>"
    );
    page(title, &body, "", false)
}

fn summary(shown: &Shown) -> String {
    let [articles, pages, feeds] = shown.counts;
    let held = &shown.held;
    format!(
        "<p class=\"summary\">Shown: articles {articles}, other pages {pages}, feeds {feeds}. Held back: scheduled {}, drafts {}, expired {}.</p>",
        held.scheduled, held.drafts, held.expired
    )
}

fn moment(shown: &Shown, desk: &Desk) -> String {
    let zone = desk.zone.unwrap_or(Tz::UTC);
    let value = shown.as_of.or(shown.now);
    let value =
        value.map(|at| at.with_timezone(&zone).format("%Y-%m-%dT%H:%M:%S").to_string()).unwrap_or_default();
    let now = match shown.as_of {
        Some(at) => format!(
            "<p><strong>The site is shown as of {}.</strong> Everybody who asks this server sees it so.</p>",
            escape(&at.to_rfc3339_opts(SecondsFormat::Secs, true))
        ),
        None => String::new(),
    };
    let back = match shown.as_of {
        Some(_) => format!("<form method=\"post\" action=\"{OWN}as-of\"><button>Back to now</button></form>"),
        None => String::new(),
    };
    format!(
        "<section><h2>Another moment</h2>{now}<form method=\"post\" action=\"{OWN}as-of\"><label for=\"moment\">Show the site as of</label> <input type=\"datetime-local\" step=\"1\" id=\"moment\" name=\"moment\" value=\"{value}\" required> <span>{}</span> <button>Show</button></form>{back}</section>",
        escape(zone.name())
    )
}

fn due(desk: &Desk) -> String {
    let items: String = desk
        .due
        .iter()
        .map(|due| {
            format!(
                "<li><time datetime=\"{0}\">{0}</time> {1} {2} <code>{3}</code></li>",
                due.at,
                escape(&due.title),
                due.what,
                escape(&due.source)
            )
        })
        .collect();
    let list =
        if items.is_empty() { "<p>Nothing is due.</p>".to_owned() } else { format!("<ol>{items}</ol>") };
    format!("<section><h2>Due next</h2>{list}</section>")
}

fn articles(desk: &Desk, query: &str) -> String {
    let (words, state) = (field(query, "q"), field(query, "state"));
    let wanted = words.to_lowercase();
    let fits = |row: &&ArticleLine| {
        (state.is_empty() || row.state == state)
            && wanted.split_whitespace().all(|word| {
                row.title.to_lowercase().contains(word) || row.source.to_lowercase().contains(word)
            })
    };
    let found: Vec<&ArticleLine> = desk.articles.iter().filter(fits).collect();
    let last = found.len().div_ceil(PAGE).max(1);
    let number = field(query, "page").parse().unwrap_or(1).clamp(1, last);
    let rows: String = found.iter().skip((number - 1) * PAGE).take(PAGE).map(|row| line(row)).collect();
    let options: String = STATES
        .iter()
        .map(|name| {
            let selected = if *name == state { " selected" } else { "" };
            let count = desk.articles.iter().filter(|row| row.state == *name).count();
            format!("<option value=\"{name}\"{selected}>{name} ({count})</option>")
        })
        .collect();
    let form = format!(
        "<form method=\"get\" action=\"{OWN}\"><label for=\"q\">Title or file</label> <input type=\"search\" id=\"q\" name=\"q\" value=\"{}\"> <label for=\"state\">State</label> <select id=\"state\" name=\"state\"><option value=\"\">all ({})</option>{options}</select> <button>Find</button></form>",
        escape(&words),
        desk.articles.len()
    );
    let link = |to: usize, text: &str| {
        let query = form_urlencoded::Serializer::new(String::new())
            .extend_pairs([("q", words.as_str()), ("state", state.as_str()), ("page", &to.to_string())])
            .finish();
        format!("<a href=\"{OWN}?{}\">{text}</a>", escape(&query))
    };
    let newer = if number > 1 { link(number - 1, "Previous") } else { String::new() };
    let older = if number < last { link(number + 1, "Next") } else { String::new() };
    format!(
        "<section><h2>Articles</h2>{form}<p>{} found; page {number} of {last}.</p><div class=\"table\" tabindex=\"0\" role=\"region\" aria-label=\"Articles\"><table><thead><tr><th scope=\"col\">State</th><th scope=\"col\">Article</th><th scope=\"col\">Published</th><th scope=\"col\">Updated</th></tr></thead><tbody>{rows}</tbody></table></div><nav aria-label=\"Pages\">{newer} {older}</nav></section>",
        found.len()
    )
}

fn line(row: &ArticleLine) -> String {
    let title = if row.title.is_empty() { &row.source } else { &row.title };
    let name = match &row.url {
        Some(url) => format!(
            "<a href=\"{}\">{}</a> <a class=\"check\" href=\"{OWN}check?{}\">check</a>",
            escape(url),
            escape(title),
            escape(&form_urlencoded::Serializer::new(String::new()).append_pair("page", url).finish())
        ),
        None => escape(title).into_owned(),
    };
    let date = |date: &Option<Date>| {
        let Some(date) = date else { return String::new() };
        format!(
            "<time datetime=\"{0}\">{0}</time><br><small>{1}</small>",
            escape(&date.at),
            escape(&date.from)
        )
    };
    format!(
        "<tr><td><span class=\"state {0}\">{0}</span></td><th scope=\"row\">{name}<br><code>{1}</code></th><td>{2}</td><td>{3}</td></tr>",
        row.state,
        escape(&row.source),
        date(&row.published),
        date(&row.updated)
    )
}

fn feeds(desk: &Desk) -> String {
    let rows: String = desk
        .feeds
        .iter()
        .map(|feed| {
            let links = feed.urls.iter().map(|url| format!("<a href=\"{0}\">{0}</a>", escape(url)));
            format!(
                "<tr><th scope=\"row\">{}</th><td>{}</td><td>{} of {}</td></tr>",
                escape(&feed.title),
                links.collect::<Vec<_>>().join("<br>"),
                feed.entries,
                feed.limit
            )
        })
        .collect();
    format!(
        "<section><h2>Feeds</h2><div class=\"table\" tabindex=\"0\" role=\"region\" aria-label=\"Feeds\"><table><thead><tr><th scope=\"col\">Feed</th><th scope=\"col\">Addresses</th><th scope=\"col\">Entries</th></tr></thead><tbody>{rows}</tbody></table></div></section>"
    )
}
