//! `theme.share`: links by which readers tell others of an article.

use super::signs::sign;
use crate::model::metadata::{Fields, Node, Value};

/// A place where readers share what they read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SharePlace {
    /// Its name in settings; empty for one of the publisher's own.
    pub key: &'static str,
    /// Its name for readers. That of e-mail is a word of the theme.
    pub title: String,
    /// Its address, with `{title}` and `{url}` for those of an article.
    pub url: String,
}

/// The places by their names in settings, each with its name for readers and its address.
const PLACES: [(&str, &str, &str); 11] = [
    ("mastodon", "Mastodon", "https://share.joinmastodon.org/#text={title}%20{url}"),
    ("bluesky", "Bluesky", "https://bsky.app/intent/compose?text={title}%20{url}"),
    ("threads", "Threads", "https://www.threads.com/intent/post?text={title}&url={url}"),
    ("x", "X", "https://x.com/intent/post?text={title}&url={url}"),
    ("facebook", "Facebook", "https://www.facebook.com/sharer/sharer.php?u={url}"),
    ("linkedin", "LinkedIn", "https://www.linkedin.com/sharing/share-offsite/?url={url}"),
    ("reddit", "Reddit", "https://www.reddit.com/submit?url={url}&title={title}"),
    ("hackernews", "Hacker News", "https://news.ycombinator.com/submitlink?u={url}&t={title}"),
    ("telegram", "Telegram", "https://t.me/share/url?url={url}&text={title}"),
    ("whatsapp", "WhatsApp", "https://wa.me/?text={title}%20{url}"),
    (EMAIL, "", "mailto:?subject={title}&body={url}"),
];

/// The name of e-mail in settings.
pub const EMAIL: &str = "email";

impl SharePlace {
    /// The sign of the place.
    pub fn sign(&self) -> &'static str {
        match self.key {
            "" => sign(&self.url),
            "reddit" | "hackernews" | "telegram" | "whatsapp" => "web",
            key => key,
        }
    }

    /// The address to share the article with this `title` and `url`.
    pub fn of(&self, title: &str, url: &str) -> String {
        let filled = self.url.split("{title}").map(|part| part.replace("{url}", &encoded(url)));
        filled.collect::<Vec<_>>().join(&encoded(title))
    }
}

/// `text` as a part of a query, where a space is no `+`: e-mail and fragments have no such sign.
fn encoded(text: &str) -> String {
    url::form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>().replace('+', "%20")
}

/// Reads `share`: a list of names, and of tables with `title` and `url`.
pub(super) fn share(fields: &mut Fields<'_, '_>) -> Vec<SharePlace> {
    let Some(node) = fields.node("share") else { return Vec::new() };
    let items = if matches!(node.value, Value::List(_)) { node.items().collect() } else { vec![node] };
    items.into_iter().filter_map(|item| place(fields, item)).collect()
}

fn place<'n>(fields: &mut Fields<'n, '_>, item: &'n Node) -> Option<SharePlace> {
    if matches!(item.value, Value::Table(_)) {
        return own(fields.inner("`share`", item), item);
    }
    let names = PLACES.map(|(name, ..)| name);
    fields.offers(item, &names);
    let written = fields.as_text("share", item)?;
    let known = PLACES.into_iter().find(|(name, ..)| *name == written.trim());
    if known.is_none() {
        fields.refuse_unknown("share", item, "there is no such place", &names);
    }
    known.map(|(key, title, url)| SharePlace { key, title: title.to_owned(), url: url.to_owned() })
}

/// A place of the publisher's own.
fn own(mut table: Fields<'_, '_>, node: &Node) -> Option<SharePlace> {
    let (title, url) = (table.filled("title"), table.filled("url"));
    let is_whole = |url: &String| {
        ["https://", "http://", "mailto:"].iter().any(|start| url.starts_with(start)) && url.contains("{url}")
    };
    let url = url.filter(is_whole);
    if title.is_none() || url.is_none() {
        let remedy =
            "write `{ title = \"Our forum\", url = \"https://forum.example/new?title={title}&body={url}\" }`";
        table.refuse("share", node, "a place needs `title`, and a whole `url` with `{url}` in it", remedy);
    }
    table.finish(None);
    Some(SharePlace { key: "", title: title?, url: url? })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn title_and_address_of_an_article_go_into_the_address_where_it_is_shared() {
        let place = |url: &str| SharePlace { key: "", title: String::new(), url: url.to_owned() };
        for (url, expected) in [
            (
                "https://s.example/?text={title}%20{url}",
                "https://s.example/?text=%C3%84%20%26%20%7Burl%7D%20https%3A%2F%2Fe.org%2Fa%2F",
            ),
            ("https://s.example/?u={url}", "https://s.example/?u=https%3A%2F%2Fe.org%2Fa%2F"),
        ] {
            assert_eq!(place(url).of("\u{c4} & {url}", "https://e.org/a/"), expected);
        }
    }
}
