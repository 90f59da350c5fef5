//! The fields of each kind of map.

use super::Kind::{ByName, Flag, Html, List, Map, Maybe, MaybeText, Number, Own, Text};
use super::{Field, MapEntry};

const SITE: &[Field] = &[
    ("title", Text, "`title`", "The Harbour Post"),
    ("description", Text, "`description`", "News from the quays"),
    ("url", Text, "the front page, from the server's root", "/"),
    ("permalink", Text, "the front page, whole", "https://harbour.example.org/"),
    ("language", Text, "`language` (BCP 47)", "en"),
    ("author", MaybeText, "`author.name`", "The Harbour Post"),
    ("rights", MaybeText, "`rights`", "© The Harbour Post"),
    (
        "icon",
        Text,
        "`icon`, else `favicon.svg`, `favicon.png` or `favicon.ico` of the site, else one made of its name",
        "/icon.svg",
    ),
    ("logo", MaybeText, "`logo`, which feeds have", "/logo.png"),
    ("masthead", MaybeText, "`theme.logo`, for the head of pages", "/masthead.svg"),
    ("theme_colours", Map("colour pair"), "the colour of the paper, for `theme-color`", ""),
    ("density", Text, "`theme.density`", "comfortable"),
    ("styles", List("style sheet"), "the style sheets", ""),
    ("words", Own, "the words of the theme in `language`, by key", "Published"),
    ("navigation", List("navigation link"), "`[[navigation]]`", ""),
    ("footer", List("footer group"), "`[[footer]]`", ""),
    ("indexes", List("link"), "the pages of the taxonomies that have terms", ""),
    ("social", List("link"), "`author.social`", ""),
    ("announcement", Maybe("announcement"), "`[announcement]`, until it is over", ""),
    ("archive", MaybeText, "the archive", "/archive/"),
    ("subscribe", Text, "the list of feeds, where there are any", "/subscribe/"),
    ("search", MaybeText, "the page of the search, if `[search]` turns it on", "/search/"),
    ("languages", List("language"), "the languages with a front page, if the site has several", ""),
    ("news_sitemap", MaybeText, "the news sitemap", "news-sitemap.xml"),
    ("generator", Text, "the program", "Dateline 0.1.0"),
    ("extra", Own, "`[extra]`", ""),
];

const CARD: &[Field] = &[
    ("title", Text, "the headline", "The night ferry sails again"),
    (
        "is_untitled",
        Flag,
        "whether its author wrote no title: `title` is then how the text begins, or the day",
        "false",
    ),
    ("url", Text, "where it is, from the server's root", "/news/night-ferry/"),
    ("permalink", Text, "where it is, whole", "https://harbour.example.org/news/night-ferry/"),
    ("id", Text, "the id that feeds have (RFC 4151)", "tag:harbour.example.org,2026-11-24:night-ferry"),
    ("source", Text, "the file", "content/news/night-ferry.md"),
    ("kicker", MaybeText, "the word or two above the headline", "Port"),
    ("standfirst", MaybeText, "the sentence below it", "After three years the late boat is back."),
    (
        "summary",
        Text,
        "the author's summary, else the standfirst, else how the text begins",
        "The late boat is back.",
    ),
    ("published", Maybe("date"), "when it came out; none for a page", ""),
    ("updated", Maybe("date"), "when it last changed; none for a page", ""),
    ("was_updated", Flag, "whether it changed since it came out", "true"),
    ("authors", List("term link"), "the authors", ""),
    ("topics", List("term link"), "the topics", ""),
    ("tags", List("term link"), "the tags", ""),
    ("terms", ByName("list of term link"), "the terms of each taxonomy: `terms.tags`", ""),
    ("section", Map("section link"), "the section", ""),
    ("image", MaybeText, "the picture of the front matter", "/news/night-ferry/boat.jpg"),
    ("picture", Maybe("picture"), "the same as pages show it, in several widths", ""),
    ("lang", Text, "the language (BCP 47)", "en"),
    ("words", Number, "words in the text", "412"),
    ("minutes", Number, "minutes that it takes to read", "2"),
    ("weight", Number, "`weight` of the front matter", "0"),
    ("featured", Flag, "whether it is featured", "false"),
    ("pinned", Flag, "whether it is first in its lists, by `pinned_until`", "false"),
    ("unlisted", Flag, "whether it is in no list, feed or sitemap", "false"),
    ("link", MaybeText, "`link` of the front matter: what a link post is about", "https://example.org/ferry"),
    ("extra", Own, "`extra` of the front matter", ""),
];

const PICTURE: &[Field] = &[
    (
        "src",
        Text,
        "the largest file of the original's type",
        "/renditions/news/night-ferry/boat-1600-20fa82fbb5.jpg",
    ),
    ("width", Own, "pixels; none for a picture from elsewhere", "1600"),
    ("height", Own, "pixels; none for a picture from elsewhere", "1067"),
    ("alt", Text, "what it shows; empty where it only decorates", "The ferry at the quay"),
    ("caption", MaybeText, "`image.caption`", "Friday morning"),
    ("credit", MaybeText, "`image.credit`", "Ada Merriweather"),
    ("sources", List("picture source"), "files of other types", ""),
    ("srcset", MaybeText, "the files of the original's type", "/renditions/boat-480-16c2b4d1f3.jpg 480w"),
    ("sizes", Text, "`images.sizes`", "(min-width: 46rem) 44rem, 100vw"),
    ("html", Html, "all of that as an element", "<picture>\u{2026}</picture>"),
    (
        "first",
        Html,
        "the same for the picture that is seen first: fetched at once, before all others",
        "<picture>\u{2026}</picture>",
    ),
];

/// Fields of an article for its own template, beyond those of its card.
const OF_ARTICLE: &[Field] = &[
    ("content", Html, "the text", "<p>The last boat left at ten.</p>"),
    (
        "markdown",
        MaybeText,
        "the text as Markdown, with whole URLs; only for `[[outputs]]`",
        "The last boat left at ten.",
    ),
    ("contents", List("heading"), "the headings, one after the other", ""),
    ("outline", Own, "the headings, each with those below it in `children`", ""),
    ("has_code", Flag, "whether there is a block of code in the text", "false"),
    ("has_math", Flag, "whether there is a formula in the text", "false"),
    (
        "canonical",
        Text,
        "`canonical` of the front matter, else the permalink",
        "https://harbour.example.org/news/night-ferry/",
    ),
    ("social", Maybe("social"), "the picture or card to show beside a link to it", ""),
    ("previous", Maybe("article link"), "the one to read before it in its section", ""),
    ("next", Maybe("article link"), "the one to read after it in its section", ""),
    ("older", Maybe("article link"), "the same as `previous`", ""),
    ("newer", Maybe("article link"), "the same as `next`", ""),
    ("series", Maybe("series"), "the series that it is part of, the first one if there are several", ""),
    ("translations", List("translation"), "the same article in other languages", ""),
    ("all_series", List("series"), "all series that it is part of", ""),
    ("corrections", List("correction"), "its corrections, the newest first", ""),
];

/// The maps that are values or parts of values. An `article` has the fields of a `card` too.
pub const MAPS: [MapEntry; 33] = [
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
            ("locale", Text, "the locale of its dates, with an underscore", "de_DE"),
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
    MapEntry {
        name: "block",
        fields: &[
            ("title", Text, "the section's title", "Culture"),
            ("url", Text, "its page", "/culture/"),
            ("lang", Text, "the language (BCP 47)", "en"),
            ("articles", List("card"), "four articles at most", ""),
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

const GROUP: &[Field] = &[
    ("title", Text, "its title", "Sections"),
    (
        "feeds",
        Own,
        "its feeds: `title`, `description`, `home`, `count`, `whole`, `history`, `podcast`, `formats` (`format`, `url`, `permalink`), `readers` (`name`, `url`)",
        "",
    ),
];
