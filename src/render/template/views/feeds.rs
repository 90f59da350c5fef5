//! The view of links to feeds.

use tera::Value;

use super::Views;
use crate::config::FeedFormat;
use crate::model::url::UrlPath;

/// A link to a feed in pages.
#[derive(Debug, Clone)]
pub struct FeedLink {
    /// Its title.
    pub title: String,
    /// Its path.
    pub path: UrlPath,
    /// Its format.
    pub format: FeedFormat,
}

impl Views<'_> {
    /// The links to feeds in a page.
    pub fn feeds(&self, feeds: &[FeedLink]) -> Value {
        let feeds: Vec<Value> = feeds
            .iter()
            .map(|feed| {
                map! {
                    "title" => feed.title.as_str(),
                    "url" => self.config.base_url.root_relative(&feed.path),
                    "permalink" => self.config.base_url.absolute(&feed.path),
                    "format" => feed.format.title(),
                    "media_type" => feed.format.media_type(),
                }
            })
            .collect();
        Value::from(feeds)
    }
}
