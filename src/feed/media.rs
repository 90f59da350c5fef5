//! Pictures in RSS and Atom (Media RSS, <https://www.rssboard.org/media-rss>).

use std::collections::BTreeMap;

use super::Picture;
use super::text::cleaned;

/// The elements for `picture`, each with its attributes.
pub(super) fn elements(picture: &Picture) -> [(&'static str, BTreeMap<String, String>); 2] {
    let mut thumbnail = BTreeMap::from([("url".to_owned(), cleaned(&picture.url))]);
    if let Some((width, height)) = picture.size {
        thumbnail.insert("width".to_owned(), width.to_string());
        thumbnail.insert("height".to_owned(), height.to_string());
    }
    let mut content = thumbnail.clone();
    content.insert("medium".to_owned(), "image".to_owned());
    if let Some(media_type) = &picture.media_type {
        content.insert("type".to_owned(), cleaned(media_type));
    }
    [("media:content", content), ("media:thumbnail", thumbnail)]
}
