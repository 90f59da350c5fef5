//! A list of feeds for feed readers: OPML 2.0 (<https://opml.org/spec2.opml>).

use super::text::{clean, line};
use crate::model::html::escape;

/// One feed of the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpmlFeed {
    /// Its title.
    pub title: String,
    /// Its URL.
    pub xml_url: String,
    /// The page with the same articles.
    pub html_url: String,
    /// `rss` or `atom`.
    pub kind: String,
}

/// Writes the list called `title`, with the feeds of each group under its name, if it has one. The list has no date, so
/// that it changes only with the feeds.
pub fn write(title: &str, groups: &[(Option<String>, Vec<OpmlFeed>)]) -> Vec<u8> {
    let title = line(title);
    let mut text = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><opml version=\"2.0\"><head><title>{}</title></head><body>",
        escape(&title)
    );
    for (name, feeds) in groups {
        if let Some(name) = name {
            text.push_str(&format!("<outline text=\"{}\">", escape(&line(name))));
        }
        feeds.iter().for_each(|feed| outline(feed, &mut text));
        if name.is_some() {
            text.push_str("</outline>");
        }
    }
    text.push_str("</body></opml>\n");
    text.into_bytes()
}

fn outline(feed: &OpmlFeed, text: &mut String) {
    let title = line(&feed.title);
    text.push_str("<outline");
    for (name, value) in [
        ("text", title.as_str()),
        ("type", &feed.kind),
        ("xmlUrl", &clean(&feed.xml_url)),
        ("htmlUrl", &clean(&feed.html_url)),
        ("title", &title),
    ] {
        text.push_str(&format!(" {name}=\"{}\"", escape(value)));
    }
    text.push_str("/>");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_feed_is_an_outline_whose_attributes_are_escaped() {
        let feed = OpmlFeed {
            title: "Ships & \"tides\"\n<live>".to_owned(),
            xml_url: "https://example.org/rss.xml?a=1&b=2".to_owned(),
            html_url: "https://example.org/".to_owned(),
            kind: "rss".to_owned(),
        };
        let text = String::from_utf8(write("Harbour's", &[(None, vec![feed])])).unwrap();
        let title = "Ships &amp; &quot;tides&quot; &lt;live&gt;";
        assert_eq!(
            text,
            format!(
                "<?xml version=\"1.0\" encoding=\"UTF-8\"?><opml version=\"2.0\"><head><title>Harbour&#39;s</title></head>\
                 <body><outline text=\"{title}\" type=\"rss\" xmlUrl=\"https://example.org/rss.xml?a=1&amp;b=2\" \
                 htmlUrl=\"https://example.org/\" title=\"{title}\"/></body></opml>\n"
            )
        );
    }
}
