//! `badge` of the front matter: a word or two beside the title of a page or section in the tree of a documentation.

use serde::{Deserialize, Serialize};

use crate::model::metadata::{Fields, MetadataError, Value};

/// `badge`: a word or two beside a title, such as “new” or “beta”.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Badge {
    /// `text`, plain.
    pub text: String,
    /// `kind`.
    pub kind: BadgeKind,
}

/// `badge.kind`: what a badge stands for. The kinds are those of alerts, and `danger`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum BadgeKind {
    /// `note`, the default.
    #[default]
    Note,
    /// `tip`.
    Tip,
    /// `important`.
    Important,
    /// `warning`.
    Warning,
    /// `caution`.
    Caution,
    /// `danger`.
    Danger,
}

impl BadgeKind {
    const ALL: [BadgeKind; 6] = [
        BadgeKind::Note,
        BadgeKind::Tip,
        BadgeKind::Important,
        BadgeKind::Warning,
        BadgeKind::Caution,
        BadgeKind::Danger,
    ];

    /// Its name in front matter, and the end of its class in pages.
    pub fn key(self) -> &'static str {
        match self {
            BadgeKind::Note => "note",
            BadgeKind::Tip => "tip",
            BadgeKind::Important => "important",
            BadgeKind::Warning => "warning",
            BadgeKind::Caution => "caution",
            BadgeKind::Danger => "danger",
        }
    }
}

/// Reads `badge = "new"`, or a table of `text` and `kind`.
pub(super) fn badge(fields: &mut Fields<'_, '_>) -> Option<Box<Badge>> {
    let node = fields.node("badge")?;
    if !matches!(node.value, Value::Table(_)) {
        let text = fields.filled("badge")?;
        return Some(Box::new(Badge { text, kind: BadgeKind::default() }));
    }
    let mut table = fields.inner("`badge`", node);
    let text = table.filled("text");
    if text.is_none() {
        let (key, owner) = ("text", "`badge`".to_owned());
        table.report(MetadataError::Missing { key, owner, example: "`text = \"new\"`" }, &node.span);
    }
    let kind = kind(&mut table);
    table.finish(None);
    Some(Box::new(Badge { text: text?, kind }))
}

fn kind(table: &mut Fields<'_, '_>) -> BadgeKind {
    let known = BadgeKind::ALL.map(BadgeKind::key);
    let Some(node) = table.node("kind") else { return BadgeKind::default() };
    table.offers(node, &known);
    let Some(word) = table.as_text("kind", node) else { return BadgeKind::default() };
    let kind = BadgeKind::ALL.into_iter().find(|kind| kind.key() == word.trim());
    if kind.is_none() {
        table.refuse_unknown("kind", node, "there is no such kind of badge", &known);
    }
    kind.unwrap_or_default()
}
