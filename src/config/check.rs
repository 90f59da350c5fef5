//! `[check]`: how strictly addresses are held that lead nowhere.

use glob::{MatchOptions, Pattern};

use crate::model::metadata::Fields;

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

/// The weight of a finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Level {
    /// It stops a build.
    Error,
    /// It is reported.
    Warning,
    /// It is not reported.
    Ignore,
}

/// `[check]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckRules {
    levels: [Level; 6],
    /// `ignore`: patterns of addresses that are not looked up.
    ignored: Vec<Pattern>,
}

const KEYS: [(&str, LinkClass); 6] = [
    ("sources", LinkClass::Sources),
    ("pictures", LinkClass::Pictures),
    ("files", LinkClass::Files),
    ("paths", LinkClass::Paths),
    ("fragments", LinkClass::Fragments),
    ("templates", LinkClass::Templates),
];

const LEVELS: [(&str, Level); 3] =
    [("error", Level::Error), ("warning", Level::Warning), ("ignore", Level::Ignore)];

/// A `*` stands for any characters: addresses of an API have folders.
const MATCHING: MatchOptions = MatchOptions {
    case_sensitive: true,
    require_literal_separator: false,
    require_literal_leading_dot: false,
};

impl Default for CheckRules {
    fn default() -> Self {
        use Level::{Error, Warning};
        CheckRules { levels: [Error, Error, Error, Warning, Warning, Warning], ignored: Vec::new() }
    }
}

impl CheckRules {
    /// The weight of a dead address of `class`.
    pub fn level(&self, class: LinkClass) -> Level {
        self.levels[class as usize]
    }

    /// True if `ignore` names the address `written`.
    pub fn ignores(&self, written: &str) -> bool {
        self.ignored.iter().any(|pattern| pattern.matches_with(written, MATCHING))
    }
}

pub(super) fn check(fields: &mut Fields<'_, '_>) -> CheckRules {
    let mut rules = CheckRules::default();
    let Some(mut table) = fields.table("check") else { return rules };
    for (key, class) in KEYS {
        let Some(node) = table.node(key) else { continue };
        let word = table.as_text(key, node).unwrap_or_default();
        match LEVELS.iter().find(|(name, _)| *name == word) {
            Some((_, level)) => rules.levels[class as usize] = *level,
            None => {
                table.refuse_unknown(key, node, "there is no such level", &["error", "warning", "ignore"])
            }
        }
    }
    if let Some(node) = table.node("ignore") {
        for text in table.as_texts("ignore", node) {
            match Pattern::new(&text) {
                Ok(pattern) => rules.ignored.push(pattern),
                Err(error) => {
                    let reason = format!("\u{201c}{text}\u{201d} is no pattern: {}", error.msg);
                    table.refuse("ignore", node, reason, "write patterns as in `ignore = [\"/api/*\"]`");
                }
            }
        }
    }
    table.finish(None);
    rules
}
