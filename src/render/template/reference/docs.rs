//! The fields of the maps of documentation.

use super::Field;
use super::Kind::{Flag, List, Maybe, MaybeText, Number, Own, Text};

pub(super) const DOCS_ENTRY: &[Field] = &[
    ("title", Text, "its title", "Feeds"),
    ("url", Text, "where it is, from the server's root", "/docs/feeds/"),
    ("lang", Text, "the language (BCP 47)", "en"),
    ("badge", Maybe("badge"), "`badge` of its front matter", ""),
    ("elsewhere", Flag, "whether it leads to another site, by `link` of a page", "false"),
    ("entries", List("docs entry"), "of a section, what is in it", ""),
];

pub(super) const BADGE: &[Field] = &[
    ("text", Text, "its words", "new"),
    ("kind", Text, "`note`, `tip`, `important`, `warning`, `caution` or `danger`", "tip"),
];

pub(super) const DOCS_SUMMARY: &[Field] = &[
    ("title", Text, "its title", "Feeds"),
    ("url", Text, "where it is, from the server's root", "/docs/feeds/"),
    ("lang", Text, "the language (BCP 47)", "en"),
    ("badge", Maybe("badge"), "`badge` of its front matter", ""),
    ("elsewhere", Flag, "whether it leads to another site, by `link` of a page", "false"),
    ("summary", Text, "its summary; of a page without one, how its text begins", "Which feeds there are."),
];

pub(super) const DOCS: &[Field] = &[
    ("title", Text, "the title of the section with which it begins", "Documentation"),
    ("url", Text, "that section, from the server's root", "/docs/"),
    ("lang", Text, "the language of that section (BCP 47)", "en"),
    ("count", Number, "all its pages and sections", "35"),
    ("entries", List("docs entry"), "the tree: pages and sections in the order of reading", ""),
    ("open", Own, "URLs of this page and the sections around it", ""),
    ("trail", List("section link"), "the sections around this page, from the first one down", ""),
    ("previous", Maybe("article link"), "the page or section to read before this one", ""),
    ("next", Maybe("article link"), "the page or section to read after this one", ""),
    ("children", List("docs summary"), "on the page of a section, what is directly in it", ""),
    ("badge", Maybe("badge"), "`badge` of this page or section", ""),
    ("version", MaybeText, "`docs.version`", "2.3"),
    ("latest", MaybeText, "`docs.latest`", "/docs/"),
    (
        "edit_url",
        MaybeText,
        "where the source can be edited, by `docs.edit_url`, else by `edit_url`",
        "https://example.org/edit/main/content/docs/feeds.md",
    ),
    (
        "history_url",
        MaybeText,
        "where its changes are shown, by `docs.history_url`, else by `history_url`",
        "https://example.org/commits/main/content/docs/feeds.md",
    ),
];
