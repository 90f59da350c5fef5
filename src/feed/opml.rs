//! A list of feeds for feed readers: OPML 2.0 (<https://opml.org/spec2.opml>).

use opml::{Body, Head, OPML, Outline};

use super::FeedError;
use super::text::{cleaned, line};

/// One feed of the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpmlFeed {
    /// Its title.
    pub title: String,
    /// Where it lives.
    pub xml_url: String,
    /// The page that it follows.
    pub html_url: Option<String>,
    /// What it holds.
    pub description: Option<String>,
    /// `rss` or `atom`.
    pub kind: String,
}

/// The list called `title`. It has no date, so that it changes only with the feeds.
///
/// # Errors
/// [`FeedError`] if the writer fails.
pub fn write(title: &str, feeds: &[OpmlFeed]) -> Result<Vec<u8>, FeedError> {
    let outlines = feeds.iter().map(|feed| Outline {
        text: line(&feed.title),
        title: Some(line(&feed.title)),
        r#type: Some(feed.kind.clone()),
        xml_url: Some(cleaned(&feed.xml_url)),
        html_url: feed.html_url.as_deref().map(cleaned),
        description: feed.description.as_deref().map(cleaned),
        ..Outline::default()
    });
    let document = OPML {
        version: "2.0".to_owned(),
        head: Some(Head { title: Some(line(title)), ..Head::default() }),
        body: Body { outlines: outlines.collect() },
    };
    let xml = document.to_string().map_err(FeedError::new)?;
    let xml = if xml.starts_with("<?xml") {
        xml
    } else {
        format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>{xml}")
    };
    Ok(format!("{xml}\n").into_bytes())
}
