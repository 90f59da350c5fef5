//! `feeds` of `[languages.KEY]`: what the feeds of a language have of their own.

use super::FeedChoice;
use super::feed_choice::{aliases, choices, feed_id};
use crate::model::metadata::{Fields, Node, Value};

/// The feeds of a language. What it does not say is as in `[feeds]`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct LanguageFeeds {
    /// `site`: the feed of everything.
    pub site: Option<bool>,
    /// `sections`: a feed for each section.
    pub sections: Option<bool>,
    /// `terms`: a feed for each term.
    pub terms: Option<bool>,
    /// `limit`, `content` and `formats` of all of them; `archives`, `id` and `aliases` of the feed of everything.
    pub choice: FeedChoice,
}

/// Reads `feeds` of a language: `true`, `false` or a table.
pub(super) fn language_feeds<'a>(fields: &mut Fields<'a, '_>, node: &'a Node) -> LanguageFeeds {
    if let Value::Bool(on) = node.value {
        let all = if on { None } else { Some(false) };
        return LanguageFeeds { site: all, sections: all, terms: all, ..LanguageFeeds::default() };
    }
    let mut table = fields.inner("`[languages.KEY.feeds]`", node);
    let feeds = LanguageFeeds {
        site: table.flag("site"),
        sections: table.flag("sections"),
        terms: table.flag("terms"),
        choice: FeedChoice { id: feed_id(&mut table), aliases: aliases(&mut table), ..choices(&mut table) },
    };
    table.finish(None);
    feeds
}
