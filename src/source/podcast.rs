//! Podcasts in front matter: a show is a section, an episode is an article in it.
//!
//! Names and limits are those of Apple's requirements
//! (<https://podcasters.apple.com/support/823-podcast-requirements>) and of the podcast namespace
//! (<https://github.com/Podcastindex-org/podcast-namespace>).

use serde::{Deserialize, Serialize};

use super::Placed;
use super::front_matter::{placed, placed_list};
use crate::model::metadata::{Fields, MetadataError, Node};
use crate::model::suggest::choose;

/// `[podcast]` of a section.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Show {
    /// `author`: the maker, shown to listeners; by default the site's author, or its title.
    pub author: Option<String>,
    /// `owner`: `name` and `email`, for directories.
    pub owner: Option<(Option<String>, String)>,
    /// `image`: a square picture, 1400 to 3000 pixels, JPEG or PNG. Required.
    pub image: Option<Placed<String>>,
    /// `categories`: from Apple's list, `"Society & Culture"` or `"Society & Culture > Documentary"`. Required.
    pub categories: Vec<(String, Option<String>)>,
    /// `explicit`. Required.
    pub explicit: bool,
    /// `type`: `episodic` (default: newest first) or `serial` (oldest first).
    pub serial: bool,
    /// `locked`: other platforms may not import it; true by default if there is an owner.
    pub locked: Option<bool>,
    /// `guid`: its guid at an earlier host; otherwise derived from the feed's lasting id.
    pub guid: Option<String>,
    /// `funding`: `url` and `text`.
    pub funding: Option<(String, String)>,
    /// `complete = true`: there will be no more episodes.
    pub complete: bool,
    /// `block = true`: directories should not list it.
    pub block: bool,
    /// `new_feed_url`: its new address, after a move.
    pub new_feed_url: Option<String>,
    /// `[[podcast.people]]`: hosts and others.
    pub people: Vec<Credit>,
}

/// `[episode]` of an article.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Episode {
    /// `title`, if it differs from the article's.
    pub title: Option<String>,
    /// `number`, from 1.
    pub number: Option<u32>,
    /// `season`, from 1.
    pub season: Option<u32>,
    /// `type`: `full` (default), `trailer` or `bonus`.
    pub kind: EpisodeKind,
    /// `explicit`, if it differs from the show's.
    pub explicit: Option<bool>,
    /// `duration` in seconds, if the file lacks it.
    pub duration: Option<u32>,
    /// `image`, if the episode has its own.
    pub image: Option<Placed<String>>,
    /// `transcript`: files (VTT, SRT, HTML, JSON or text).
    pub transcripts: Vec<Placed<String>>,
    /// `chapters`: a file (JSON chapters).
    pub chapters: Option<Placed<String>>,
    /// `block = true`: directories should not list it.
    pub block: bool,
    /// `[[episode.people]]`: guests and others.
    pub people: Vec<Credit>,
}

/// The kind of an episode.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum EpisodeKind {
    /// A full episode.
    #[default]
    Full,
    /// A trailer.
    Trailer,
    /// Additional content.
    Bonus,
}

/// A person who takes part.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Credit {
    /// `name`.
    pub name: String,
    /// `role`, such as `guest`; `host` by default.
    pub role: Option<String>,
    /// `url`.
    pub url: Option<String>,
    /// `image`: a URL.
    pub image: Option<String>,
}

/// Apple's categories with their subcategories.
const CATEGORIES: [(&str, &[&str]); 19] = [
    ("Arts", &["Books", "Design", "Fashion & Beauty", "Food", "Performing Arts", "Visual Arts"]),
    ("Business", &["Careers", "Entrepreneurship", "Investing", "Management", "Marketing", "Non-Profit"]),
    ("Comedy", &["Comedy Interviews", "Improv", "Stand-Up"]),
    ("Education", &["Courses", "How To", "Language Learning", "Self-Improvement"]),
    ("Fiction", &["Comedy Fiction", "Drama", "Science Fiction"]),
    ("Government", &[]),
    ("History", &[]),
    (
        "Health & Fitness",
        &["Alternative Health", "Fitness", "Medicine", "Mental Health", "Nutrition", "Sexuality"],
    ),
    ("Kids & Family", &["Education for Kids", "Parenting", "Pets & Animals", "Stories for Kids"]),
    (
        "Leisure",
        &[
            "Animation & Manga",
            "Automotive",
            "Aviation",
            "Crafts",
            "Games",
            "Hobbies",
            "Home & Garden",
            "Video Games",
        ],
    ),
    ("Music", &["Music Commentary", "Music History", "Music Interviews"]),
    (
        "News",
        &[
            "Business News",
            "Daily News",
            "Entertainment News",
            "News Commentary",
            "Politics",
            "Sports News",
            "Tech News",
        ],
    ),
    (
        "Religion & Spirituality",
        &["Buddhism", "Christianity", "Hinduism", "Islam", "Judaism", "Religion", "Spirituality"],
    ),
    (
        "Science",
        &[
            "Astronomy",
            "Chemistry",
            "Earth Sciences",
            "Life Sciences",
            "Mathematics",
            "Natural Sciences",
            "Nature",
            "Physics",
            "Social Sciences",
        ],
    ),
    (
        "Society & Culture",
        &["Documentary", "Personal Journals", "Philosophy", "Places & Travel", "Relationships"],
    ),
    (
        "Sports",
        &[
            "Baseball",
            "Basketball",
            "Cricket",
            "Fantasy Sports",
            "Football",
            "Golf",
            "Hockey",
            "Rugby",
            "Running",
            "Soccer",
            "Swimming",
            "Tennis",
            "Volleyball",
            "Wilderness",
            "Wrestling",
        ],
    ),
    ("Technology", &[]),
    ("True Crime", &[]),
    ("TV & Film", &["After Shows", "Film History", "Film Interviews", "Film Reviews", "TV Reviews"]),
];

/// Reads `[podcast]`.
pub(super) fn show(mut table: Fields<'_, '_>, node: &Node) -> Show {
    let owner = "`[podcast]`";
    let missing = |key, example| MetadataError::Missing { key, owner: owner.to_owned(), example };
    let image = placed(&mut table, "image").map(|image| *image);
    if image.is_none() {
        table.report(missing("image", "`image = \"cover.jpg\"`"), &node.span);
    }
    let categories = categories(&mut table);
    if categories.is_empty() && table.node("categories").is_none() {
        table.report(missing("categories", "`categories = [\"News > Daily News\"]`"), &node.span);
    }
    let explicit = table.flag("explicit");
    if explicit.is_none() && table.node("explicit").is_none() {
        table.report(missing("explicit", "`explicit = false`"), &node.span);
    }
    let owner = table.table("owner").and_then(|mut inner| {
        let (name, email) = (inner.filled("name"), inner.filled("email"));
        if email.is_none() {
            inner.report(missing("owner.email", "`owner = { email = \"desk@example.org\" }`"), &node.span);
        }
        inner.finish(None);
        Some((name, email?))
    });
    let funding = table.table("funding").and_then(|mut inner| {
        let (url, text) = (inner.filled("url"), inner.filled("text"));
        inner.finish(None);
        Some((url?, text.unwrap_or_default()))
    });
    let show = Show {
        author: table.filled("author"),
        owner,
        image,
        categories,
        explicit: explicit.unwrap_or(false),
        serial: choice(&mut table, "type", &["episodic", "serial"]) == 1,
        locked: table.flag("locked"),
        guid: table.filled("guid"),
        funding,
        complete: table.flag("complete").unwrap_or(false),
        block: table.flag("block").unwrap_or(false),
        new_feed_url: table.filled("new_feed_url"),
        people: people(&mut table),
    };
    table.finish(None);
    show
}

/// Reads `[episode]`.
pub(super) fn episode(mut table: Fields<'_, '_>) -> Episode {
    let mut number = |key| table.whole(key, 1, 1_000_000).and_then(|number| u32::try_from(number).ok());
    let (count, season, duration) = (number("number"), number("season"), number("duration"));
    let kind = match choice(&mut table, "type", &["full", "trailer", "bonus"]) {
        1 => EpisodeKind::Trailer,
        2 => EpisodeKind::Bonus,
        _ => EpisodeKind::Full,
    };
    let episode = Episode {
        title: table.filled("title"),
        number: count,
        season,
        kind,
        explicit: table.flag("explicit"),
        duration,
        image: placed(&mut table, "image").map(|image| *image),
        transcripts: placed_list(&mut table, "transcript"),
        chapters: placed(&mut table, "chapters").map(|chapters| *chapters),
        block: table.flag("block").unwrap_or(false),
        people: people(&mut table),
    };
    table.finish(None);
    episode
}

/// The index of the value of `key` among `known`; 0 without a value.
fn choice(table: &mut Fields<'_, '_>, key: &'static str, known: &[&str]) -> usize {
    let Some(node) = table.node(key) else { return 0 };
    let text = table.as_text(key, node);
    let found = text.and_then(|text| known.iter().position(|one| *one == text));
    found.unwrap_or_else(|| {
        table.refuse_unknown(key, node, "there is no such kind", known);
        0
    })
}

fn categories(table: &mut Fields<'_, '_>) -> Vec<(String, Option<String>)> {
    let Some(node) = table.node("categories") else { return Vec::new() };
    let mut found = Vec::new();
    for text in table.as_texts("categories", node) {
        let (above, below) = match text.split_once('>') {
            Some((above, below)) => (above.trim(), Some(below.trim())),
            None => (text.trim(), None),
        };
        let known = CATEGORIES.iter().find(|(name, _)| *name == above);
        let fits = known.is_some_and(|(_, names)| below.is_none_or(|below| names.contains(&below)));
        if fits {
            found.push((above.to_owned(), below.map(str::to_owned)));
            continue;
        }
        let remedy = match known {
            Some((_, names)) => choose(below, names),
            None => choose([above], &CATEGORIES.map(|(name, _)| name)),
        };
        table.refuse("categories", node, format!("Apple knows no category \u{201c}{text}\u{201d}"), remedy);
    }
    found
}

fn people(table: &mut Fields<'_, '_>) -> Vec<Credit> {
    let mut people = Vec::new();
    for node in table.tables("people") {
        let mut inner = table.inner("`[[people]]`", node);
        let credit = inner.filled("name").map(|name| Credit {
            name,
            role: inner.filled("role"),
            url: inner.filled("url"),
            image: inner.filled("image"),
        });
        if credit.is_none() {
            let owner = "this person".to_owned();
            let example = "`name = \"Ada Merriweather\"`";
            inner.report(MetadataError::Missing { key: "name", owner, example }, &node.span);
        }
        inner.finish(None);
        people.extend(credit);
    }
    people
}
