//! `front`: how the first page of a section's list looks; `list_style`: how its articles stand there.

use serde::{Deserialize, Serialize};

use crate::model::metadata::Fields;

/// `front`: how the first page of a section's list looks.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum FrontKind {
    /// `paper`: a lead, two stories, and a band for each section inside. The default of front pages.
    #[default]
    Paper,
    /// `list`: the articles one below the other. The default of sections.
    List,
    /// `landing`: a claim, buttons and features, and after them the newest articles.
    Landing,
}

impl FrontKind {
    const ALL: [FrontKind; 3] = [FrontKind::Paper, FrontKind::List, FrontKind::Landing];

    /// Its name in settings, front matter and templates.
    pub fn key(self) -> &'static str {
        match self {
            FrontKind::Paper => "paper",
            FrontKind::List => "list",
            FrontKind::Landing => "landing",
        }
    }
}

/// Reads `front`.
pub fn front_kind(fields: &mut Fields<'_, '_>) -> Option<FrontKind> {
    let node = fields.node("front")?;
    let word = fields.as_text("front", node)?;
    let kind = FrontKind::ALL.into_iter().find(|kind| kind.key() == word.trim());
    match kind {
        Some(_) => fields.offers(node, &FrontKind::ALL.map(FrontKind::key)),
        None => {
            fields.refuse_unknown(
                "front",
                node,
                "there is no such front",
                &FrontKind::ALL.map(FrontKind::key),
            );
        }
    }
    kind
}

/// `list_style`: how the articles of a list stand.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum ListStyle {
    /// `rows`: one below the other.
    #[default]
    Rows,
    /// `cards`: beside one another, each below its picture.
    Cards,
}

impl ListStyle {
    const ALL: [ListStyle; 2] = [ListStyle::Rows, ListStyle::Cards];

    /// Its name in settings, front matter and templates.
    pub fn key(self) -> &'static str {
        match self {
            ListStyle::Rows => "rows",
            ListStyle::Cards => "cards",
        }
    }
}

/// Reads `list_style`.
pub fn list_style(fields: &mut Fields<'_, '_>) -> Option<ListStyle> {
    let node = fields.node("list_style")?;
    let known = ListStyle::ALL.map(ListStyle::key);
    fields.offers(node, &known);
    let word = fields.as_text("list_style", node)?;
    let style = ListStyle::ALL.into_iter().find(|style| style.key() == word.trim());
    if style.is_none() {
        fields.refuse_unknown("list_style", node, "lists have no such style", &known);
    }
    style
}
