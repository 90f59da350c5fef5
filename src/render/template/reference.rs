//! The reference of templates: the values of each template, and the fields of each kind of value. It is the source of
//! `dateline templates`, of the documentation, and of the check for misspelt fields.

/// A template of the theme.
#[derive(Debug, Clone, Copy)]
pub struct TemplateEntry {
    /// Its name.
    pub name: &'static str,
    /// Its purpose.
    pub about: &'static str,
    /// The values that it gets beside those of all templates; names of [`VALUES`].
    pub values: &'static [&'static str],
}

/// A value for templates.
#[derive(Debug, Clone, Copy)]
pub struct ValueEntry {
    /// Its name.
    pub name: &'static str,
    /// Its kind.
    pub kind: Kind,
    /// Its meaning.
    pub about: &'static str,
}

/// The kind of a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Plain text.
    Text,
    /// HTML; a template needs `| safe` to insert it.
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
    /// A value that the publisher defines.
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

    /// The map that a value of this kind is, or contains.
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

    /// The kind of the items of a list of this kind.
    pub(super) fn item(self) -> Option<Kind> {
        match self {
            Kind::List(name) => Some(Kind::Map(name)),
            _ => None,
        }
    }
}

/// A map that is a value or is part of one.
#[derive(Debug, Clone, Copy)]
pub struct MapEntry {
    /// Its name in this reference.
    pub name: &'static str,
    /// Its fields: name, kind, meaning, an example.
    pub fields: &'static [Field],
}

/// A field: name, kind, meaning, an example.
pub type Field = (&'static str, Kind, &'static str, &'static str);

mod docs;
mod fields;
mod maps;
mod media;

use Kind::{ByName, List, Map, Maybe, MaybeText, Own, Text};
pub use maps::MAPS;

/// The values of all templates, and after the first [`ALL_HAVE`] those of some templates. The latter are `none` or an
/// empty list in other templates.
pub const VALUES: [ValueEntry; 27] = [
    ValueEntry {
        name: "site",
        kind: Map("site"),
        about: "what `site.toml` says, and what is the same everywhere",
    },
    ValueEntry {
        name: "lang",
        kind: Text,
        about: "the language of the page (BCP 47): that of its article or section",
    },
    ValueEntry { name: "words", kind: Own, about: "the words of the theme in that language, by key" },
    ValueEntry { name: "sections", kind: List("section link"), about: "the sections at the top" },
    ValueEntry { name: "taxonomies", kind: ByName("taxonomy"), about: "`taxonomies.tags` and the like" },
    ValueEntry { name: "recent", kind: List("card"), about: "the ten newest articles" },
    ValueEntry {
        name: "featured",
        kind: List("card"),
        about: "the featured articles, by their numbers; fifty at most",
    },
    ValueEntry { name: "archive", kind: List("year"), about: "all years with articles, newest first" },
    ValueEntry { name: "lists", kind: ByName("list of card"), about: "the lists of `[[lists]]`" },
    ValueEntry {
        name: "data",
        kind: Kind::Own,
        about: "the files of `data/` and those beside the source, by their names",
    },
    ValueEntry { name: "feeds", kind: List("feed"), about: "the feeds of this page, its own first" },
    ValueEntry {
        name: "translations",
        kind: List("translation"),
        about: "this page in its languages, itself among them; empty if it is in one",
    },
    ValueEntry { name: "article", kind: Maybe("article"), about: "the article or page" },
    ValueEntry {
        name: "section",
        kind: Maybe("section"),
        about: "the section; of an article, the one it is in",
    },
    ValueEntry {
        name: "docs",
        kind: Maybe("docs"),
        about: "the documentation that the page is part of: see `layout` of sections",
    },
    ValueEntry {
        name: "front",
        kind: Maybe("front"),
        about: "what the first page of a section's list shows, by its `front`; none on its other pages",
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
    ValueEntry {
        name: "pages",
        kind: List("card"),
        about: "all pages of the site; only for an output of the site",
    },
    ValueEntry { name: "target", kind: MaybeText, about: "the URL that an old path leads on to" },
];

/// Number of [`VALUES`] that all templates get.
pub const ALL_HAVE: usize = 12;

/// The templates of the theme.
pub const TEMPLATES: [TemplateEntry; 31] = [
    TemplateEntry { name: "404.html", about: "the page for what is not found", values: &[] },
    TemplateEntry {
        name: "archive.html",
        about: "the list of years; with `year`, a year",
        values: &["year"],
    },
    TemplateEntry {
        name: "article-end.html",
        about: "place: the end of an article, for comments and the like; empty until you fill it",
        values: &["article", "section", "related"],
    },
    TemplateEntry { name: "article.html", about: "an article", values: &["article", "section", "related"] },
    TemplateEntry { name: "base.html", about: "what all pages have around them", values: &[] },
    TemplateEntry { name: "cards.html", about: "part: the articles of a page of a list", values: &["pager"] },
    TemplateEntry { name: "components.html", about: "components, for templates and for texts", values: &[] },
    TemplateEntry {
        name: "docs.html",
        about: "a page of a section with `layout = \"docs\"`: `article` or the `section` itself",
        values: &["article", "section", "docs", "related"],
    },
    TemplateEntry {
        name: "feed_footer.html",
        about: "place: the end of each entry in feeds; it sees a card of the article as `article`",
        values: &["article"],
    },
    TemplateEntry {
        name: "feed_header.html",
        about: "place: the beginning of each entry in feeds; it sees a card of the article as `article`",
        values: &["article"],
    },
    TemplateEntry {
        name: "footer-end.html",
        about: "place: the end of the footer; it sees what the page sees",
        values: &[],
    },
    TemplateEntry {
        name: "head-end.html",
        about: "place: the end of `<head>`; it sees what the page sees",
        values: &[],
    },
    TemplateEntry {
        name: "header-end.html",
        about: "place: the end of the masthead; it sees what the page sees",
        values: &[],
    },
    TemplateEntry {
        name: "index.html",
        about: "the front page",
        values: &["section", "front", "pager", "blocks"],
    },
    TemplateEntry {
        name: "landing.html",
        about: "part: a front of the kind `landing`",
        values: &["section", "front", "pager"],
    },
    TemplateEntry {
        name: "languages.html",
        about: "the page at the root of a site whose languages all have a path of their own",
        values: &[],
    },
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
    TemplateEntry {
        name: "paper.html",
        about: "part: a front of the kind `paper`",
        values: &["section", "front"],
    },
    TemplateEntry { name: "redirect.html", about: "an old path", values: &["target"] },
    TemplateEntry { name: "robots.txt", about: "the rules for robots", values: &[] },
    TemplateEntry {
        name: "search-form.html",
        about: "part: the form of the search and the list of results",
        values: &[],
    },
    TemplateEntry { name: "search.html", about: "the page of the search", values: &[] },
    TemplateEntry {
        name: "section.html",
        about: "a section",
        values: &["section", "front", "pager", "blocks"],
    },
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

/// Templates among [`TEMPLATES`] that are no pages: others extend or include them.
pub const PARTS: [&str; 11] = [
    "article-end.html",
    "base.html",
    "cards.html",
    "components.html",
    "footer-end.html",
    "head-end.html",
    "header-end.html",
    "landing.html",
    "pager.html",
    "paper.html",
    "search-form.html",
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
