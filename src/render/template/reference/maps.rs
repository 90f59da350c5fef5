//! The fields of each kind of map.

use super::Kind::{Flag, Html, List, Map, Maybe, MaybeText, Number, Own, Text};
use super::docs::{BADGE, DOCS, DOCS_ENTRY, DOCS_SUMMARY};
use super::fields::{CARD, OF_ARTICLE, PICTURE, SITE};
use super::media::{CHAPTER, ENCLOSURE, EPISODE, SPEECH, TRANSCRIPT};
use super::{Field, MapEntry};

/// The maps that are values or parts of values. An `article` has the fields of a `card` too.
pub const MAPS: [MapEntry; 47] = [
    MapEntry { name: "site", fields: SITE },
    MapEntry {
        name: "navigation link",
        fields: &[
            ("title", Text, "its words", "News"),
            ("url", MaybeText, "where it leads; none if it only opens its children", "/news/"),
            ("lang", Text, "the language (BCP 47)", "en"),
            ("children", List("link"), "the submenu", ""),
        ],
    },
    MapEntry {
        name: "link",
        fields: &[("title", Text, "its words", "Privacy"), ("url", Text, "where it leads", "/privacy/")],
    },
    MapEntry {
        name: "social link",
        fields: &[
            ("title", Text, "the name of the place", "Mastodon"),
            ("url", Text, "where it leads", "https://social.example/@harbour"),
            ("sign", Text, "the sign of the place, `web` if it has none of its own", "mastodon"),
        ],
    },
    MapEntry {
        name: "footer group",
        fields: &[
            (
                "title",
                MaybeText,
                "its title; the links of a group without one are in the last line",
                "Sections",
            ),
            ("links", List("link"), "its links", ""),
        ],
    },
    MapEntry {
        name: "announcement",
        fields: &[
            ("text", Text, "what it says", "No ferries on Sunday."),
            ("url", MaybeText, "where it leads", "/news/storm/"),
            ("dismiss", Flag, "whether readers can close it", "true"),
        ],
    },
    MapEntry {
        name: "colour pair",
        fields: &[
            ("light", Text, "in light colours", "#fffdf9"),
            ("dark", Text, "in dark colours", "#171614"),
        ],
    },
    MapEntry { name: "card", fields: CARD },
    MapEntry { name: "article", fields: OF_ARTICLE },
    MapEntry {
        name: "language",
        fields: &[
            ("lang", Text, "its tag (BCP 47)", "de"),
            ("name", Text, "its name in itself", "Deutsch"),
            ("title", Text, "the title of the site in it", "Die Hafenpost"),
            ("url", Text, "its front page, from the server's root", "/de/"),
            ("current", Flag, "whether this page is in it", "false"),
        ],
    },
    MapEntry {
        name: "translation",
        fields: &[
            ("lang", Text, "the tag of the language (BCP 47)", "de"),
            ("name", Text, "the name of the language in itself", "Deutsch"),
            ("locale", Text, "the locale of its dates, with an underscore", "de_AT"),
            ("title", Text, "the title; empty for a list", "Die Nachtfähre fährt wieder"),
            ("url", Text, "where it is, from the server's root", "/de/news/nachtfaehre/"),
            ("permalink", Text, "where it is, whole", "https://harbour.example.org/de/news/nachtfaehre/"),
            ("current", Flag, "whether it is this page", "false"),
            ("usual", Flag, "whether it is in the site's own language", "false"),
        ],
    },
    MapEntry {
        name: "series",
        fields: &[
            ("name", Text, "its name", "The night ferries"),
            ("url", Text, "its page", "/series/the-night-ferries/"),
            ("position", Number, "which part this is, from 1", "2"),
            ("count", Number, "how many parts it has", "9"),
            ("parts", List("article link"), "all parts, in the order in which they are read", ""),
            ("previous", Maybe("article link"), "the part before", ""),
            ("next", Maybe("article link"), "the part after", ""),
        ],
    },
    MapEntry {
        name: "article link",
        fields: &[
            ("title", Text, "the headline", "The night ferry sails again"),
            ("url", Text, "where it is, from the server's root", "/news/night-ferry/"),
            ("lang", Text, "the language (BCP 47)", "en"),
        ],
    },
    MapEntry {
        name: "date",
        fields: &[
            ("rfc3339", Text, "for machines (RFC 3339)", "2026-11-24T18:30:00+00:00"),
            ("day", Text, "the day on its author's clock", "2026-11-24"),
            ("year", Text, "four digits", "2026"),
            ("month", Text, "two digits", "11"),
            ("precision", Text, "`day`, `minute` or `second`", "minute"),
            ("offset", Number, "seconds that its author's clock is before UTC's", "0"),
        ],
    },
    MapEntry { name: "heading", fields: HEADING },
    MapEntry { name: "picture", fields: PICTURE },
    MapEntry {
        name: "picture source",
        fields: &[
            ("type", Text, "the media type", "image/webp"),
            ("srcset", Text, "the files of that type, each with its width", "/boat-480-1f3a9c2b4d.webp 480w"),
        ],
    },
    MapEntry {
        name: "social",
        fields: &[
            ("url", Text, "the picture, whole", "https://harbour.example.org/cards/59eba9b3c7c423dff60e.png"),
            ("width", Own, "pixels; none if that is not known", "1200"),
            ("height", Own, "pixels; none if that is not known", "630"),
            ("alt", Text, "what it shows", "The night ferry sails again"),
        ],
    },
    MapEntry {
        name: "correction",
        fields: &[("date", Map("date"), "when", ""), ("text", Text, "what", "It is six pounds.")],
    },
    MapEntry {
        name: "term link",
        fields: &[("name", Text, "the term", "ferries"), ("url", Text, "its page", "/tags/ferries/")],
    },
    MapEntry {
        name: "section link",
        fields: &[
            ("title", Text, "its title", "News"),
            ("url", Text, "its page", "/news/"),
            ("lang", Text, "the language (BCP 47)", "en"),
        ],
    },
    MapEntry {
        name: "section",
        fields: &[
            ("title", Text, "its title", "News"),
            ("url", Text, "where it is, from the server's root", "/news/"),
            ("permalink", Text, "where it is, whole", "https://harbour.example.org/news/"),
            ("summary", Text, "its summary", "What happened"),
            ("content", Html, "the text of `_index.md`; on the front page of the list only", ""),
            ("has_code", Flag, "whether there is a block of code in the text", "false"),
            ("has_math", Flag, "whether there is a formula in the text", "false"),
            ("sections", List("section link"), "the sections inside it", ""),
            ("pages", List("card"), "the pages in it", ""),
            ("parent", Maybe("section link"), "the section it is in", ""),
            (
                "within",
                List("section link"),
                "the sections around it, from the top down, without the front page",
                "",
            ),
            ("unlisted", Flag, "whether it is in no list, feed or sitemap", "false"),
            ("lang", Text, "the language (BCP 47)", "en"),
            ("extra", Own, "`extra` of its front matter", ""),
        ],
    },
    MapEntry { name: "docs", fields: DOCS },
    MapEntry { name: "enclosure", fields: ENCLOSURE },
    MapEntry { name: "episode", fields: EPISODE },
    MapEntry { name: "transcript", fields: TRANSCRIPT },
    MapEntry { name: "speech", fields: SPEECH },
    MapEntry { name: "chapter", fields: CHAPTER },
    MapEntry { name: "badge", fields: BADGE },
    MapEntry { name: "docs entry", fields: DOCS_ENTRY },
    MapEntry { name: "docs summary", fields: DOCS_SUMMARY },
    MapEntry { name: "front", fields: FRONT },
    MapEntry {
        name: "hero",
        fields: &[
            ("title", MaybeText, "the claim", "Dates that are right"),
            ("text", MaybeText, "a sentence or two, for the filter `markdown`", "It publishes **feeds**."),
            ("command", MaybeText, "a command to copy", "cargo install dateline"),
            ("buttons", List("button"), "its buttons, the main one first", ""),
        ],
    },
    MapEntry {
        name: "button",
        fields: &[("title", Text, "its text", "Start"), ("url", Text, "where it leads", "/docs/start/")],
    },
    MapEntry {
        name: "feature",
        fields: &[
            ("title", Text, "its title", "Ids that last"),
            ("text", MaybeText, "a sentence or two, for the filter `markdown`", "They survive a move."),
            ("icon", MaybeText, "a sign", "⏱"),
            ("url", MaybeText, "where to read more", "/docs/urls/"),
        ],
    },
    MapEntry {
        name: "block",
        fields: &[
            ("title", Text, "the section's title", "Culture"),
            ("url", Text, "its page", "/culture/"),
            ("lang", Text, "the language (BCP 47)", "en"),
            ("articles", List("card"), "four articles at most; in a band five", ""),
        ],
    },
    MapEntry {
        name: "pager",
        fields: &[
            ("articles", List("card"), "the articles of this page of the list", ""),
            ("number", Own, "its number from 1 for the oldest; none for the front", "3"),
            ("permalink", Text, "this page of the list, whole", "https://harbour.example.org/news/page/3/"),
            ("newer", MaybeText, "the page with newer articles", "/news/page/4/"),
            ("older", MaybeText, "the page with older articles", "/news/page/2/"),
            (
                "by_date",
                Flag,
                "whether the newest is first; else `newer` is the page before and `older` the page after",
                "true",
            ),
            ("style", Text, "`list_style` of the section or of the site: `rows` or `cards`", "rows"),
        ],
    },
    MapEntry {
        name: "taxonomy",
        fields: &[
            ("name", Text, "the field of the front matter", "tags"),
            ("title", Text, "its title", "Tags"),
            ("url", Text, "its page", "/tags/"),
            ("content", Html, "the text of `_index.md` in the folder with its path", ""),
            ("terms", List("term with count"), "its terms", ""),
        ],
    },
    MapEntry {
        name: "term with count",
        fields: &[
            ("name", Text, "the term", "ferries"),
            ("url", Text, "its page", "/tags/ferries/"),
            ("count", Number, "articles that have it", "12"),
        ],
    },
    MapEntry {
        name: "term",
        fields: &[
            ("name", Text, "the term", "Ines Okafor"),
            ("slug", Text, "the last part of its path", "ines"),
            ("url", Text, "where it is, from the server's root", "/authors/ines/"),
            ("permalink", Text, "where it is, whole", "https://harbour.example.org/authors/ines/"),
            ("taxonomy", Map("taxonomy link"), "the taxonomy", ""),
            ("email", MaybeText, "of an author", "ines@harbour.example.org"),
            ("home", MaybeText, "the home page of an author", "https://ines.example/"),
            ("picture", MaybeText, "of an author", "/people/ines.jpg"),
            ("social", List("social link"), "other places of an author", ""),
            ("bio", MaybeText, "of an author, a sentence or two", "Ines Okafor covers the port."),
            ("content", Html, "the text of `_index.md` in the folder with its path", ""),
        ],
    },
    MapEntry {
        name: "taxonomy link",
        fields: &[
            ("name", Text, "the field of the front matter", "authors"),
            ("title", Text, "its title", "Authors"),
            ("url", Text, "its page", "/authors/"),
        ],
    },
    MapEntry {
        name: "year",
        fields: &[
            ("year", Number, "the year", "2026"),
            ("url", Text, "its page", "/archive/2026/"),
            ("count", Number, "its articles", "16"),
            ("months", List("month"), "its months with articles, newest first", ""),
        ],
    },
    MapEntry {
        name: "month",
        fields: &[
            ("month", Number, "from 1", "11"),
            ("date", Text, "its first day, for the filter `date`", "2026-11-01"),
            ("url", Text, "its page", "/archive/2026/11/"),
            ("count", Number, "its articles", "8"),
            ("share", Number, "its articles beside those of the busiest month, up to 70", "70"),
        ],
    },
    MapEntry {
        name: "feed",
        fields: &[
            ("title", Text, "its title", "The Harbour Post: News"),
            ("url", Text, "where it is, from the server's root", "/news/rss.xml"),
            ("permalink", Text, "where it is, whole", "https://harbour.example.org/news/rss.xml"),
            ("format", Text, "its format", "RSS"),
            ("media_type", Text, "its media type", "application/rss+xml"),
        ],
    },
    MapEntry { name: "group", fields: GROUP },
    MapEntry {
        name: "notice",
        fields: &[
            ("title", MaybeText, "of an article that was withdrawn", "Mayor to leave"),
            (
                "reason",
                MaybeText,
                "why it was withdrawn; none for one that expired",
                "The letter was not hers.",
            ),
            ("published", Maybe("date"), "when it came out", ""),
            ("updated", Maybe("date"), "when it was withdrawn", ""),
            ("url", Text, "where it was", "/news/mayor/"),
            ("lang", Text, "the language (BCP 47)", "en"),
        ],
    },
    MapEntry {
        name: "style sheet",
        fields: &[
            ("url", Text, "where it is", "/style-3f1b0c55aa12.css"),
            ("integrity", MaybeText, "what its bytes have to be", "sha384-…"),
        ],
    },
];

const HEADING: &[Field] = &[
    ("level", Number, "from 1", "2"),
    ("id", Text, "its id, for links", "what-it-costs"),
    ("title", Text, "its text", "What it costs"),
];

const FRONT: &[Field] = &[
    ("kind", Text, "`paper`, `list` or `landing`", "paper"),
    ("lines", List("card"), "of a paper: pinned articles, three at most", ""),
    ("lead", Maybe("card"), "of a paper: the main article", ""),
    ("stories", List("card"), "of a paper: the two articles beside it", ""),
    ("bands", List("block"), "of a paper: the sections inside, each with articles of its own", ""),
    ("rest", List("card"), "of a paper: all other articles of the page", ""),
    ("hero", Maybe("hero"), "`[hero]` of the section's front matter", ""),
    ("picture", Maybe("picture"), "of a landing: `image` of the section's front matter", ""),
    ("features", List("feature"), "`[[features]]` of the section's front matter", ""),
];

const GROUP: &[Field] = &[
    ("title", Text, "its title", "Sections"),
    (
        "feeds",
        Own,
        "its feeds: `title`, `description`, `home`, `count`, `whole`, `history`, `podcast`, `formats` (`format`, `url`, `permalink`), `readers` (`name`, `url`)",
        "",
    ),
];
