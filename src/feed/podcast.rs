//! Podcasts in RSS: the elements of `itunes` (Apple's, <https://podcasters.apple.com/support/823>) and of
//! `podcast` (the podcast namespace, <https://podcasting2.org/podcast-namespace>).

use std::collections::BTreeMap;

use rss::extension::{Extension, ExtensionMap};

use super::rss::{add, element};
use super::text::{cleaned, line};

/// A show: the data of a podcast's feed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Podcast {
    /// A lasting id. `podcast:guid`.
    pub guid: String,
    /// `itunes:author`.
    pub author: String,
    /// A name and an e-mail address. `itunes:owner`, and `owner` of `podcast:locked`.
    pub owner: Option<(Option<String>, String)>,
    /// The URL of the cover. `itunes:image`.
    pub image: String,
    /// The categories, each with an optional subcategory. `itunes:category`.
    pub categories: Vec<(String, Option<String>)>,
    /// `itunes:explicit`.
    pub explicit: bool,
    /// True if episodes should be heard from first to last. `itunes:type`.
    pub serial: bool,
    /// `podcast:locked`.
    pub locked: Option<bool>,
    /// The kind of its content. `podcast:medium`.
    pub medium: String,
    /// URL and text of each. `podcast:funding`.
    pub funding: Vec<(String, String)>,
    /// True if no more episodes will come. `itunes:complete`.
    pub complete: bool,
    /// True if directories should not list it. `itunes:block`.
    pub block: bool,
    /// The feed's new URL after a move. `itunes:new-feed-url`.
    pub new_feed_url: Option<String>,
    /// `podcast:person`.
    pub people: Vec<Credit>,
}

/// An episode: the data of a podcast's entry.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Episode {
    /// `itunes:title`.
    pub title: Option<String>,
    /// A decimal number. `podcast:episode`.
    pub number: Option<String>,
    /// The number if it is a whole one from 1. `itunes:episode`.
    pub counted: Option<u32>,
    /// `podcast:season`, and `itunes:season` from 1.
    pub season: Option<u32>,
    /// `full`, `trailer` or `bonus`. `itunes:episodeType`.
    pub kind: &'static str,
    /// `itunes:explicit`.
    pub explicit: Option<bool>,
    /// `itunes:duration`.
    pub seconds: Option<u64>,
    /// A URL. `itunes:image`.
    pub image: Option<String>,
    /// `podcast:transcript`.
    pub transcripts: Vec<Transcript>,
    /// URL and media type. `podcast:chapters`.
    pub chapters: Option<(String, String)>,
    /// `itunes:block`.
    pub block: bool,
    /// `podcast:person`.
    pub people: Vec<Credit>,
}

/// A transcript of an episode.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Transcript {
    /// Its URL.
    pub url: String,
    /// Its media type.
    pub media_type: String,
    /// Its language.
    pub language: Option<String>,
    /// `captions` for one with time codes.
    pub rel: Option<String>,
}

/// A person who takes part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Credit {
    /// The name.
    pub name: String,
    /// The role, in lower case, such as `guest`; `None` means `host`.
    pub role: Option<String>,
    /// The group of the role, likewise; `None` means `cast`.
    pub group: Option<String>,
    /// The URL of a page.
    pub url: Option<String>,
    /// The URL of a picture.
    pub image: Option<String>,
}

/// Namespaces, by prefix.
pub(super) const NAMESPACES: [(&str, &str); 2] = [
    ("itunes", "http://www.itunes.com/dtds/podcast-1.0.dtd"),
    ("podcast", "https://podcastindex.org/namespace/1.0"),
];

/// Adds the channel's elements for `show`.
pub(super) fn add_show(map: &mut ExtensionMap, show: &Podcast) {
    let mut put = |name: &str, one: Extension| add(map, name, one);
    put("itunes:author", text("itunes:author", &show.author));
    put("itunes:image", element("itunes:image", String::new(), [("href", cleaned(&show.image))]));
    put("itunes:explicit", text("itunes:explicit", truth(show.explicit)));
    put("itunes:type", text("itunes:type", if show.serial { "serial" } else { "episodic" }));
    for (name, below) in &show.categories {
        let category = |name: &str| element("itunes:category", String::new(), [("text", line(name))]);
        let mut one = category(name);
        if let Some(below) = below {
            one.children.insert("category".to_owned(), vec![category(below)]);
        }
        put("itunes:category", one);
    }
    if let Some((name, email)) = &show.owner {
        let name = name.as_deref().unwrap_or(&show.author);
        let children = BTreeMap::from([
            ("name".to_owned(), vec![text("itunes:name", name)]),
            ("email".to_owned(), vec![text("itunes:email", email)]),
        ]);
        put("itunes:owner", Extension { name: "itunes:owner".to_owned(), children, ..Extension::default() });
    }
    for (name, is_so) in [("itunes:complete", show.complete), ("itunes:block", show.block)] {
        if is_so {
            put(name, text(name, "Yes"));
        }
    }
    if let Some(url) = &show.new_feed_url {
        put("itunes:new-feed-url", text("itunes:new-feed-url", url));
    }
    put("podcast:guid", text("podcast:guid", &show.guid));
    put("podcast:medium", text("podcast:medium", &show.medium));
    if let Some(locked) = show.locked.or(show.owner.as_ref().map(|_| true)) {
        let mut one = text("podcast:locked", if locked { "yes" } else { "no" });
        if let Some((_, email)) = &show.owner {
            one.attrs.insert("owner".to_owned(), cleaned(email));
        }
        put("podcast:locked", one);
    }
    for (url, words) in &show.funding {
        put("podcast:funding", element("podcast:funding", line(words), [("url", cleaned(url))]));
    }
    show.people.iter().for_each(|one| put("podcast:person", person(one)));
}

/// Adds the item's elements for `episode`.
pub(super) fn add_episode(map: &mut ExtensionMap, episode: &Episode) {
    let mut put = |name: &str, one: Extension| add(map, name, one);
    put("itunes:episodeType", text("itunes:episodeType", episode.kind));
    let texts = [
        ("itunes:title", episode.title.clone()),
        ("itunes:duration", episode.seconds.map(|seconds| seconds.to_string())),
        ("itunes:explicit", episode.explicit.map(|explicit| truth(explicit).to_owned())),
        ("itunes:episode", episode.counted.map(|number| number.to_string())),
        ("itunes:season", episode.season.filter(|season| *season > 0).map(|season| season.to_string())),
        ("itunes:block", episode.block.then(|| "Yes".to_owned())),
        ("podcast:episode", episode.number.clone()),
        ("podcast:season", episode.season.map(|season| season.to_string())),
    ];
    for (name, value) in texts {
        if let Some(value) = value {
            put(name, text(name, &value));
        }
    }
    if let Some(image) = &episode.image {
        put("itunes:image", element("itunes:image", String::new(), [("href", cleaned(image))]));
    }
    for Transcript { url, media_type, language, rel } in &episode.transcripts {
        let attributes = [("url", cleaned(url)), ("type", cleaned(media_type))];
        let mut one = element("podcast:transcript", String::new(), attributes);
        for (key, value) in [("language", language), ("rel", rel)] {
            if let Some(value) = value {
                one.attrs.insert(key.to_owned(), cleaned(value));
            }
        }
        put("podcast:transcript", one);
    }
    if let Some((url, media_type)) = &episode.chapters {
        let attributes = [("url", cleaned(url)), ("type", cleaned(media_type))];
        put("podcast:chapters", element("podcast:chapters", String::new(), attributes));
    }
    episode.people.iter().for_each(|one| put("podcast:person", person(one)));
}

fn person(one: &Credit) -> Extension {
    let mut person = text("podcast:person", &one.name);
    let attributes = [("role", &one.role), ("group", &one.group), ("href", &one.url), ("img", &one.image)];
    for (key, value) in attributes {
        if let Some(value) = value {
            person.attrs.insert(key.to_owned(), cleaned(value));
        }
    }
    person
}

fn text(name: &str, value: &str) -> Extension {
    element(name, line(value), [])
}

fn truth(is_so: bool) -> &'static str {
    if is_so { "true" } else { "false" }
}
