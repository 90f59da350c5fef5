//! The feeds of Eleventy: those of its plugin, and those that templates make.

use crate::import::front::{self, Front};
use crate::import::model::{Imported, Settings};
use crate::import::script::object;
use crate::import::tree::Tree;
use crate::model::metadata::{Entry, Value};

/// A feed.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct OldFeed {
    /// Its path.
    pub path: String,
    /// The collection that it shows; `None` if nobody can tell.
    pub collection: Option<String>,
    /// The most entries; `None` for all.
    pub limit: Option<u32>,
    /// The fields `metadata` of the plugin.
    pub metadata: Vec<Entry>,
}

/// The feeds that `addPlugin` makes in the configuration `script`.
pub(super) fn of_plugin(script: &str) -> Vec<OldFeed> {
    let calls = script.match_indices("addPlugin(").filter_map(|(at, call)| {
        let rest = &script[at + call.len()..];
        let (_, options) = rest.split_once(',').filter(|(name, _)| !name.contains([')', ';']))?;
        object(options.trim_start())
    });
    calls.filter_map(|(fields, _)| feed(&fields)).collect()
}

/// The feed with these options of the plugin; `None` if they are those of another plugin.
fn feed(fields: &[Entry]) -> Option<OldFeed> {
    let collection = table(fields, "collection")?;
    let limit = get(collection, "limit").and_then(|value| front::text(value)?.parse().ok());
    let path = get(fields, "outputPath").and_then(front::text).unwrap_or_else(|| "/feed.xml".to_owned());
    Some(OldFeed {
        path: format!("/{}", path.trim_start_matches('/')),
        collection: get(collection, "name").and_then(front::text),
        limit: limit.filter(|limit| *limit > 0),
        metadata: table(fields, "metadata").map(<[Entry]>::to_vec).unwrap_or_default(),
    })
}

fn get<'a>(fields: &'a [Entry], name: &str) -> Option<&'a Value> {
    fields.iter().find(|one| one.key == name).map(|one| &one.node.value)
}

fn table<'a>(fields: &'a [Entry], name: &str) -> Option<&'a [Entry]> {
    match get(fields, name)? {
        Value::Table(fields) => Some(fields),
        _ => None,
    }
}

/// The feed that the template `name` makes; `None` if it makes something else.
pub(super) fn of_template(tree: &Tree, name: &str, imported: &mut Imported) -> Option<OldFeed> {
    let text = tree.text(name, imported)?;
    let mut front = Front::of(&text).ok()?;
    let path = front.text("permalink").unwrap_or_default();
    let is_feed = text.contains("<feed") || text.contains("<rss") || text.contains("jsonfeed.org");
    if !is_feed || path.is_empty() || path.contains('{') {
        return None;
    }
    let collection = text.split_once("collections").map(|(_, rest)| {
        let rest = rest.trim_start_matches(['.', '[', '"', '\'']);
        rest.split(|c: char| !c.is_alphanumeric() && c != '_' && c != '-')
            .next()
            .unwrap_or_default()
            .to_owned()
    });
    Some(OldFeed {
        path: format!("/{}", path.trim_start_matches('/')),
        collection: collection.filter(|name| !name.is_empty()),
        limit: limit(&text),
        metadata: Vec::new(),
    })
}

/// The number of entries that a template takes: `head(10)`, `head(-10)`, `limit: 10`, `slice(0, 10)`.
fn limit(text: &str) -> Option<u32> {
    ["ead(", "limit:", "slice(0,"].iter().find_map(|mark| {
        let (_, rest) = text.split_once(mark)?;
        let rest = rest.trim_start().trim_start_matches('-');
        let end = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
        rest[..end].parse().ok().filter(|limit| *limit > 0)
    })
}

/// Sets the feeds of the new site. Entries behind the end of the shortest would come back, so that one counts.
pub(super) fn settings(feeds: &[OldFeed], articles: usize, settings: &mut Settings) {
    let all = u32::try_from(articles).unwrap_or(u32::MAX).clamp(20, 500);
    if let Some(limit) = feeds.iter().map(|feed| feed.limit.unwrap_or(all)).min() {
        settings.feeds.limit = Some(limit);
    }
    settings.feeds.aliases.extend(feeds.iter().map(|feed| feed.path.clone()));
    if settings.feeds.aliases.is_empty() {
        // That of the plugin, in the starter.
        settings.feeds.aliases.push("/feed/feed.xml".to_owned());
    }
    settings.feeds.aliases.sort();
    settings.feeds.aliases.dedup();
    // A file of the new site has that name by itself.
    settings.feeds.aliases.retain(|path| !matches!(path.as_str(), "/rss.xml" | "/atom.xml" | "/feed.json"));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn feeds_of_the_plugin_are_found_in_the_configuration() {
        let script = "c.addPlugin(other); c.addPlugin(feedPlugin, { type: \"rss\", outputPath: \"/f.xml\",\n collection: { name: 'notes', limit: 0 }, metadata: { base: \"https://a.example/\" } }); c.addPlugin(images, { formats: ['webp'] });";
        let feeds = of_plugin(script);
        assert_eq!(feeds.len(), 1);
        assert_eq!(
            (feeds[0].path.as_str(), feeds[0].collection.as_deref(), feeds[0].limit),
            ("/f.xml", Some("notes"), None)
        );
        assert_eq!(feeds[0].metadata.len(), 1);
    }

    #[test]
    fn a_template_says_how_long_its_feed_is() {
        for (text, expected) in [
            ("{% for post in collections.post | reverse | head(10) %}", Some(10)),
            ("{% for post in collections.post | eleventyFeedHead(5) %}", Some(5)),
            ("{% for post in collections.post limit: 7 %}", Some(7)),
            ("{% for post in collections.post | reverse %}", None),
        ] {
            assert_eq!(limit(text), expected, "{text}");
        }
    }
}
