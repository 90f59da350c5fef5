//! `raw_html`: the HTML that texts may have.

use serde::{Deserialize, Serialize};

use crate::model::metadata::{Fields, Node, Value};

/// The handling of HTML in a text, the most permissive first.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum RawHtml {
    /// All of it goes to the page.
    #[default]
    Allow,
    /// Only elements and attributes that run nothing go to the page.
    Sanitize,
    /// Readers see it as text.
    Escape,
}

const WORDS: [(&str, RawHtml); 3] =
    [("allow", RawHtml::Allow), ("sanitize", RawHtml::Sanitize), ("escape", RawHtml::Escape)];

/// `raw_html` under `[markdown]`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RawHtmlRules {
    /// `default`, or the only word; `allow` without either.
    pub default: RawHtml,
    /// Folders below `content/` with a word of their own, the longest first.
    pub sections: Vec<(String, RawHtml)>,
}

impl RawHtmlRules {
    /// The rule for texts in `folder`, a path below `content/`.
    pub fn of(&self, folder: &str) -> RawHtml {
        let is_around = |section: &str| {
            folder.strip_prefix(section).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        let own = self.sections.iter().find(|(section, _)| is_around(section));
        own.map_or(self.default, |(_, rule)| *rule)
    }
}

/// Reads `raw_html` of front matter.
pub fn raw_html(fields: &mut Fields<'_, '_>) -> Option<RawHtml> {
    let node = fields.node("raw_html")?;
    word(fields, "raw_html", node)
}

/// Reads `raw_html` of `[markdown]`: a word, or a table of words by section.
pub(super) fn raw_html_rules(table: &mut Fields<'_, '_>) -> RawHtmlRules {
    let mut rules = RawHtmlRules::default();
    let Some(node) = table.node("raw_html") else { return rules };
    if !matches!(node.value, Value::Table(_)) {
        rules.default = word(table, "raw_html", node).unwrap_or_default();
        return rules;
    }
    let mut inner = table.inner("`[markdown.raw_html]`", node);
    for entry in inner.all() {
        let Some(rule) = word(&mut inner, &entry.key, &entry.node) else { continue };
        match entry.key.as_str() {
            "default" => rules.default = rule,
            section => rules.sections.push((section.trim_matches('/').to_owned(), rule)),
        }
    }
    rules.sections.sort_by(|a, b| b.0.len().cmp(&a.0.len()).then(a.0.cmp(&b.0)));
    rules
}

fn word(fields: &mut Fields<'_, '_>, key: &str, node: &Node) -> Option<RawHtml> {
    let text = fields.as_text(key, node)?;
    let known = WORDS.map(|(word, _)| word);
    fields.offers(node, &known);
    let rule = WORDS.iter().find(|(word, _)| *word == text).map(|(_, rule)| *rule);
    if rule.is_none() {
        fields.refuse_unknown(key, node, "there is no such handling of HTML", &known);
    }
    rule
}
