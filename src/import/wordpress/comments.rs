//! Comments become a data file beside the site, which a component of the new site shows.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use ammonia::Builder;
use chrono::NaiveDateTime;
use serde::Serialize;

use super::autop::paragraphs;
use super::wxr::Fields;
use crate::import::html::{can_be_parsed, one_line};
use crate::import::model::{Content, TargetFile};
use crate::model::html::escape;

/// The template with the component.
pub(super) const TEMPLATE: &str = r#"{#- The comments that readers wrote in WordPress: {{ <comments of="ferry" /> }} shows data/comments/ferry.json. -#}
{%- component comments(of: string, @data: map) -%}
<section class="comments" id="comments" data-feed="none">
{% for one in data.comments[of] %}<article class="comment" id="comment-{{ one.id }}"{% if one.parent %} data-parent="{{ one.parent }}"{% endif %}>
<p class="byline">{% if one.url %}<a href="{{ one.url }}" rel="nofollow ugc">{{ one.author }}</a>{% else %}{{ one.author }}{% endif %} · <time datetime="{{ one.date }}">{{ one.day }}</time></p>
{{ one.html | safe }}
</article>
{% endfor %}</section>
{%- endcomponent comments -%}
"#;

/// A comment in the data file.
#[derive(Debug, Serialize)]
struct Comment {
    id: u64,
    /// The comment that it answers; 0 for none.
    parent: u64,
    author: String,
    url: String,
    /// RFC 3339.
    date: String,
    /// The day of the date.
    day: String,
    html: String,
}

static CLEANER: LazyLock<Builder<'static>> = LazyLock::new(|| {
    let mut builder = Builder::empty();
    builder
        .tags(HashSet::from([
            "a",
            "abbr",
            "b",
            "blockquote",
            "br",
            "cite",
            "code",
            "del",
            "em",
            "i",
            "li",
            "ol",
            "p",
            "pre",
            "q",
            "s",
            "strong",
            "ul",
        ]))
        .clean_content_tags(HashSet::from(["script", "style"]))
        .tag_attributes(HashMap::from([("a", HashSet::from(["href"]))]))
        .url_schemes(HashSet::from(["http", "https", "mailto"]))
        .link_rel(Some("nofollow ugc"));
    builder
});

/// The data file `name` with those of `comments` that were approved, the oldest first; `None` if there are none. Pingbacks
/// are no comments.
pub(super) fn file(comments: &[Fields], name: &str) -> Option<TargetFile> {
    let approved = comments.iter().filter(|one| {
        one.get("wp:comment_approved") == "1" && matches!(one.get("wp:comment_type"), "" | "comment")
    });
    let mut all: Vec<Comment> = approved.filter_map(comment).collect();
    all.sort_by(|one, other| (&one.date, one.id).cmp(&(&other.date, other.id)));
    if all.is_empty() {
        return None;
    }
    let text = serde_json::to_string_pretty(&all).ok()?;
    Some(TargetFile { to: format!("data/comments/{name}.json"), content: Content::Text(format!("{text}\n")) })
}

fn comment(fields: &Fields) -> Option<Comment> {
    let date = fields.get("wp:comment_date_gmt");
    let date = NaiveDateTime::parse_from_str(date, "%Y-%m-%d %H:%M:%S").ok()?.and_utc();
    let written = paragraphs(fields.get("wp:comment_content"));
    let html = if can_be_parsed(&written) { written } else { escape(&one_line(&written)).into_owned() };
    let url = one_line(fields.get("wp:comment_author_url"));
    let is_web = url::Url::parse(&url).is_ok_and(|url| matches!(url.scheme(), "http" | "https"));
    let number = |name: &str| fields.get(name).parse().unwrap_or_default();
    Some(Comment {
        id: number("wp:comment_id"),
        parent: number("wp:comment_parent"),
        author: one_line(fields.get("wp:comment_author")),
        url: if is_web { url } else { String::new() },
        date: date.to_rfc3339_opts(chrono::SecondsFormat::Secs, true),
        day: date.format("%Y-%m-%d").to_string(),
        html: CLEANER.clean(&format!("<p>{html}")).to_string(),
    })
}
