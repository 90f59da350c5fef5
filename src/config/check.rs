//! `[check]`: how much each class of findings weighs, and what is passed over.

use glob::{MatchOptions, Pattern};

use crate::model::metadata::Fields;

/// The weight of a class of findings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Level {
    /// `error`.
    Error,
    /// `warning`.
    Warning,
    /// `ignore`: it is not looked for.
    Ignore,
}

/// The names of the levels in `site.toml`.
const LEVELS: [(&str, Level); 3] =
    [("error", Level::Error), ("warning", Level::Warning), ("ignore", Level::Ignore)];

/// A class of addresses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LinkClass {
    /// A source, by its file: `ferry.md`, `@/news/ferry.md`.
    Sources,
    /// A picture.
    Pictures,
    /// Another file: a recording, a table, a feed.
    Files,
    /// A page, by its path: `/about/`.
    Paths,
    /// A part of a page: `#tides`.
    Fragments,
    /// Any address that a template or `site.toml` puts into pages.
    Templates,
}

/// The names of the classes of addresses in `site.toml`.
const LINKS: [(&str, LinkClass); 6] = [
    ("sources", LinkClass::Sources),
    ("pictures", LinkClass::Pictures),
    ("files", LinkClass::Files),
    ("paths", LinkClass::Paths),
    ("fragments", LinkClass::Fragments),
    ("templates", LinkClass::Templates),
];

/// `[check]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckRules {
    /// The weight of dead addresses, in the order of [`LinkClass`].
    links: [Level; 6],
    /// The classes that `dateline check` looks for in pages.
    pub pages: PageChecks,
    /// The links to other sites.
    pub external: ExternalChecks,
    /// `ignore`: patterns of URLs and of paths of pages that are passed over.
    pub ignore: Vec<Pattern>,
}

/// The classes of findings in pages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PageChecks {
    /// `ids`: an id twice on a page; default `error`.
    pub ids: Level,
    /// `headings`: their order; default `warning`.
    pub headings: Level,
    /// `alt`: pictures without an alternative text; default `warning`.
    pub alt: Level,
    /// `titles`: pages with the same title or description; default `warning`.
    pub titles: Level,
    /// `orphans`: pages that no other page links to; default `warning`.
    pub orphans: Level,
    /// `mixed_content`: files by `http:` on pages that are served by `https:`; default `error`.
    pub mixed_content: Level,
    /// `dates`: dates that are probably not meant; default `warning`.
    pub dates: Level,
    /// `feeds`: the rules for feeds, with the weight that each has; `warning` makes warnings of all. Default `error`.
    pub feeds: Level,
}

/// The terms on which links to other sites are checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExternalChecks {
    /// `external`: links to other sites that lead nowhere; default `error`.
    pub level: Level,
    /// `external_after`: the number of days on which a link has to fail before it is more than a warning; default 3.
    pub after: usize,
    /// `external_days`: the number of days for which a good answer holds; default 7.
    pub days: i64,
}

impl Level {
    /// The weight of something that may pass by itself.
    pub fn lightened(self) -> Level {
        if self == Level::Error { Level::Warning } else { self }
    }
}

impl Default for CheckRules {
    fn default() -> Self {
        CheckRules {
            links: [Level::Error, Level::Error, Level::Error, Level::Warning, Level::Warning, Level::Warning],
            pages: PageChecks {
                ids: Level::Error,
                headings: Level::Warning,
                alt: Level::Warning,
                titles: Level::Warning,
                orphans: Level::Warning,
                mixed_content: Level::Error,
                dates: Level::Warning,
                feeds: Level::Error,
            },
            external: ExternalChecks { level: Level::Error, after: 3, days: 7 },
            ignore: Vec::new(),
        }
    }
}

const MATCHING: MatchOptions = MatchOptions {
    case_sensitive: false,
    require_literal_separator: false,
    require_literal_leading_dot: false,
};

impl CheckRules {
    /// The weight of a dead address of `class`.
    pub fn level(&self, class: LinkClass) -> Level {
        self.links[class as usize]
    }

    /// True if `ignore` names `address`: an address as it is written, a URL, or the path of a page from the site's root.
    /// `*` stands for any text.
    pub fn ignores(&self, address: &str) -> bool {
        self.ignore.iter().any(|pattern| pattern.matches_with(address, MATCHING))
    }
}

pub(super) fn check(fields: &mut Fields<'_, '_>) -> CheckRules {
    let mut rules = CheckRules::default();
    let Some(mut table) = fields.table("check") else { return rules };
    let CheckRules { links, pages, external, ignore } = &mut rules;
    for (key, class) in LINKS {
        let slot = &mut links[class as usize];
        *slot = level(&mut table, key).unwrap_or(*slot);
    }
    for (key, slot) in [
        ("ids", &mut pages.ids),
        ("headings", &mut pages.headings),
        ("alt", &mut pages.alt),
        ("titles", &mut pages.titles),
        ("orphans", &mut pages.orphans),
        ("mixed_content", &mut pages.mixed_content),
        ("dates", &mut pages.dates),
        ("feeds", &mut pages.feeds),
        ("external", &mut external.level),
    ] {
        *slot = level(&mut table, key).unwrap_or(*slot);
    }
    external.after = table.whole("external_after", 1, 365).map_or(external.after, |days| days as usize);
    external.days = table.whole("external_days", 0, 3650).unwrap_or(external.days);
    if let Some(node) = table.node("ignore") {
        for text in table.as_texts("ignore", node) {
            match Pattern::new(&text) {
                Ok(pattern) => ignore.push(pattern),
                Err(error) => {
                    let reason = format!("\u{201c}{text}\u{201d} is no pattern: {}", error.msg);
                    let remedy = "write patterns as in `ignore = [\"https://example.net/*\", \"/drafts/*\"]`";
                    table.refuse("ignore", node, reason, remedy);
                }
            }
        }
    }
    table.finish(None);
    rules
}

/// The level of the class `key`.
fn level(table: &mut Fields<'_, '_>, key: &'static str) -> Option<Level> {
    let node = table.node(key)?;
    let word = table.as_text(key, node)?;
    let known = LEVELS.iter().find(|(name, _)| *name == word);
    if known.is_none() {
        table.refuse_unknown(key, node, "there is no such level", &LEVELS.map(|(name, _)| name));
    }
    known.map(|(_, level)| *level)
}
