//! What templates receive: each template's values, and what is in each kind of value. From here come
//! `dateline templates`, the reference of the documentation, and the check for misspelt values.

/// A template of the theme.
#[derive(Debug, Clone, Copy)]
pub struct TemplateEntry {
    /// Its name.
    pub name: &'static str,
    /// What it is for.
    pub about: &'static str,
    /// The values that it has beside those that all have; the names of [`VALUES`].
    pub values: &'static [&'static str],
}

/// A value that templates receive.
#[derive(Debug, Clone, Copy)]
pub struct ValueEntry {
    /// Its name.
    pub name: &'static str,
    /// What it is.
    pub kind: Kind,
    /// What it stands for.
    pub about: &'static str,
}

/// What a value is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Plain text.
    Text,
    /// HTML; it wants `| safe`.
    Html,
    /// A whole number.
    Number,
    /// True or false.
    Flag,
    /// A map of [`MAPS`].
    Map(&'static str),
    /// A map of [`MAPS`], or `none`.
    Maybe(&'static str),
    /// Text, or `none`.
    MaybeText,
    /// A list of maps of [`MAPS`].
    List(&'static str),
    /// A map whose keys are the publisher's own, each a list of maps of [`MAPS`].
    ByName(&'static str),
    /// Whatever the publisher put there.
    Own,
}

impl Kind {
    /// The kind in words.
    pub fn words(self) -> String {
        match self {
            Kind::Text => "text".to_owned(),
            Kind::Html => "HTML".to_owned(),
            Kind::Number => "number".to_owned(),
            Kind::Flag => "true or false".to_owned(),
            Kind::Map(name) => format!("a {name}"),
            Kind::Maybe(name) => format!("a {name} or none"),
            Kind::MaybeText => "text or none".to_owned(),
            Kind::List(name) => format!("list of {name}"),
            Kind::ByName(name) => format!("by name, a {name}"),
            Kind::Own => "your own".to_owned(),
        }
    }

    /// The map that a value of this kind is, or has in it.
    pub fn names(self) -> Option<&'static str> {
        match self {
            Kind::Map(name) | Kind::Maybe(name) | Kind::List(name) => Some(name),
            Kind::ByName(name) => Some(name.strip_prefix("list of ").unwrap_or(name)),
            _ => None,
        }
    }

    /// The map that a value of this kind is, if it is one.
    pub(super) fn map(self) -> Option<&'static str> {
        match self {
            Kind::Map(name) | Kind::Maybe(name) => Some(name),
            _ => None,
        }
    }

    /// The kind of what is in a list of this kind.
    pub(super) fn item(self) -> Option<Kind> {
        match self {
            Kind::List(name) => Some(Kind::Map(name)),
            _ => None,
        }
    }
}

/// A map that is a value or is in one.
#[derive(Debug, Clone, Copy)]
pub struct MapEntry {
    /// What it is called here.
    pub name: &'static str,
    /// Its fields: name, kind, what it stands for, an example.
    pub fields: &'static [Field],
}

/// A field: name, kind, what it stands for, an example.
pub type Field = (&'static str, Kind, &'static str, &'static str);

use Kind::{ByName, Flag, Html, List, Map, Maybe, MaybeText, Number, Own, Text};

/// The values that all templates have, and behind [`ALL_HAVE`] those that some have; there they are `none` or an
/// empty list for all others.
pub const VALUES: [ValueEntry; 19] = [
    ValueEntry {
        name: "site",
        kind: Map("site"),
        about: "what `site.toml` says, and what is the same everywhere",
    },
    ValueEntry { name: "sections", kind: List("section link"), about: "the sections at the top" },
    ValueEntry { name: "taxonomies", kind: ByName("taxonomy"), about: "`taxonomies.tags` and the like" },
    ValueEntry { name: "recent", kind: List("card"), about: "the ten newest articles" },
    ValueEntry { name: "archive", kind: List("year"), about: "all years with articles, newest first" },
    ValueEntry { name: "lists", kind: ByName("list of card"), about: "the lists of `[[lists]]`" },
    ValueEntry { name: "feeds", kind: List("feed"), about: "the feeds of this page, its own first" },
    ValueEntry { name: "article", kind: Maybe("article"), about: "the article or page" },
    ValueEntry {
        name: "section",
        kind: Maybe("section"),
        about: "the section; of an article, the one it is in",
    },
    ValueEntry {
        name: "related",
        kind: List("card"),
        about: "three articles that share terms with this one",
    },
    ValueEntry { name: "pager", kind: Maybe("pager"), about: "a page of a list" },
    ValueEntry {
        name: "blocks",
        kind: List("block"),
        about: "the sections inside, with articles not listed yet",
    },
    ValueEntry { name: "taxonomy", kind: Maybe("taxonomy"), about: "a taxonomy with its terms" },
    ValueEntry { name: "term", kind: Maybe("term"), about: "a term, an author among them" },
    ValueEntry { name: "year", kind: Maybe("year"), about: "a year of the archive" },
    ValueEntry { name: "month", kind: Maybe("month"), about: "a month of the archive" },
    ValueEntry { name: "groups", kind: List("group"), about: "all feeds in groups" },
    ValueEntry { name: "notice", kind: Maybe("notice"), about: "what stands where an article was" },
    ValueEntry { name: "target", kind: MaybeText, about: "the URL that an old path leads on to" },
];

/// How many of [`VALUES`] all templates have.
pub const ALL_HAVE: usize = 7;

/// The templates that pages are made with. Others are parts of those.
pub const TEMPLATES: [TemplateEntry; 19] = [
    TemplateEntry { name: "404.html", about: "the page for what is not found", values: &[] },
    TemplateEntry {
        name: "archive.html",
        about: "the list of years; with `year`, a year",
        values: &["year"],
    },
    TemplateEntry { name: "article.html", about: "an article", values: &["article", "section", "related"] },
    TemplateEntry { name: "base.html", about: "what all pages have around them", values: &[] },
    TemplateEntry { name: "cards.html", about: "part: the articles of a page of a list", values: &["pager"] },
    TemplateEntry { name: "components.html", about: "components, for templates and for texts", values: &[] },
    TemplateEntry { name: "index.html", about: "the front page", values: &["section", "pager", "blocks"] },
    TemplateEntry {
        name: "month.html",
        about: "a month of the archive",
        values: &["year", "month", "pager"],
    },
    TemplateEntry {
        name: "notice.html",
        about: "where an article was that expired or was withdrawn",
        values: &["notice"],
    },
    TemplateEntry {
        name: "page.html",
        about: "a page, which has no date",
        values: &["article", "section", "related"],
    },
    TemplateEntry {
        name: "pager.html",
        about: "part: links to newer and older pages of a list",
        values: &["pager"],
    },
    TemplateEntry { name: "redirect.html", about: "an old path", values: &["target"] },
    TemplateEntry { name: "robots.txt", about: "the rules for robots", values: &[] },
    TemplateEntry { name: "section.html", about: "a section", values: &["section", "pager", "blocks"] },
    TemplateEntry { name: "subscribe.html", about: "the page for subscribers", values: &["groups"] },
    TemplateEntry {
        name: "taxonomy.html",
        about: "a taxonomy; `tags/taxonomy.html` for one",
        values: &["taxonomy"],
    },
    TemplateEntry {
        name: "term.html",
        about: "a term; `tags/term.html` for those of one taxonomy",
        values: &["term", "pager"],
    },
    TemplateEntry { name: "style.css", about: "the style sheet; replaced in `static/`", values: &[] },
    TemplateEntry { name: "feed.css", about: "feeds in a browser; replaced in `static/`", values: &[] },
];

const SITE: &[Field] = &[
    ("title", Text, "`title`", "The Harbour Post"),
    ("description", Text, "`description`", "News from the quays"),
    ("url", Text, "the front page, from the server's root", "/"),
    ("permalink", Text, "the front page, whole", "https://harbour.example.org/"),
    ("language", Text, "`language` (BCP 47)", "en"),
    ("author", MaybeText, "`author.name`", "The Harbour Post"),
    ("rights", MaybeText, "`rights`", "© The Harbour Post"),
    ("icon", MaybeText, "`icon`", "/icon.svg"),
    ("logo", MaybeText, "`logo`, which feeds have", "/logo.png"),
    ("masthead", MaybeText, "`theme.logo`, for the head of pages", "/masthead.svg"),
    ("density", Text, "`theme.density`", "comfortable"),
    ("styles", List("style sheet"), "the style sheets", ""),
    ("words", Own, "`theme.words`: what pages say, by key", "Published"),
    ("navigation", List("section link"), "`[[navigation]]`", ""),
    ("archive", MaybeText, "the archive", "/archive/"),
    ("news_sitemap", MaybeText, "the news sitemap", "news-sitemap.xml"),
    ("generator", Text, "the program", "Dateline 0.1.0"),
    ("extra", Own, "`[extra]`", ""),
];

const CARD: &[Field] = &[
    ("title", Text, "the headline", "The night ferry sails again"),
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
    ("lang", Text, "the language (BCP 47)", "en"),
    ("words", Number, "words in the text", "412"),
    ("minutes", Number, "minutes that it takes to read", "2"),
    ("weight", Number, "`weight` of the front matter", "0"),
    ("extra", Own, "`extra` of the front matter", ""),
];

/// What an article has for its own template beside what lists show of it.
const OF_ARTICLE: &[Field] = &[
    ("content", Html, "the text", "<p>The last boat left at ten.</p>"),
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
    ("older", Maybe("section link"), "the article before it in its section", ""),
    ("newer", Maybe("section link"), "the article after it in its section", ""),
    ("corrections", List("correction"), "its corrections, the newest first", ""),
];

/// The maps that are values or are in them. An `article` has the fields of a `card` too.
pub const MAPS: [MapEntry; 21] = [
    MapEntry { name: "site", fields: SITE },
    MapEntry { name: "card", fields: CARD },
    MapEntry { name: "article", fields: OF_ARTICLE },
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
        fields: &[("title", Text, "its title", "News"), ("url", Text, "its page", "/news/")],
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
            ("lang", Text, "the language (BCP 47)", "en"),
            ("extra", Own, "`extra` of its front matter", ""),
        ],
    },
    MapEntry {
        name: "block",
        fields: &[
            ("title", Text, "the section's title", "Culture"),
            ("url", Text, "its page", "/culture/"),
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
        ],
    },
    MapEntry {
        name: "taxonomy",
        fields: &[
            ("name", Text, "the field of the front matter", "tags"),
            ("title", Text, "its title", "Tags"),
            ("url", Text, "its page", "/tags/"),
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

/// The fields of the map `name`.
pub fn fields(name: &str) -> impl Iterator<Item = &'static Field> {
    let own = |wanted: &str| {
        MAPS.iter().filter(|map| map.name == wanted).flat_map(|map| map.fields).collect::<Vec<_>>()
    };
    let mut fields = own(name);
    if name == "article" {
        fields.splice(0..0, own("card"));
    }
    fields.into_iter()
}
