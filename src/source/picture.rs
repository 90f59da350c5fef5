//! `image` of the front matter: the picture of an article or a page.

use miette::Diagnostic;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::Placed;
use super::front_matter::placed;
use crate::model::metadata::{Fields, MetadataError, Value};

/// What is said of a picture beside its file.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Legend {
    /// `alt`: what it shows, for those who don't see it. Empty where it only decorates.
    pub alt: String,
    /// `caption`: plain text.
    pub caption: Option<String>,
    /// `credit`: who made it, plain text.
    pub credit: Option<String>,
}

impl Legend {
    /// True if something is said of the picture, so that the theme opens an article with it.
    pub fn says_something(&self) -> bool {
        !self.alt.is_empty() || self.caption.is_some() || self.credit.is_some()
    }
}

/// What can be missing of a picture.
#[derive(Debug, Clone, PartialEq, Eq, Error, Diagnostic)]
pub enum LegendError {
    /// Nobody who can't see it learns what it shows.
    #[error("the picture has no text for those who can't see it")]
    #[diagnostic(
        severity(warning),
        code(picture::alt),
        help("add `alt = \"\u{2026}\"` that says what it shows; `alt = \"\"` if it only decorates")
    )]
    NoAlt,
}

/// `image = "ferry.jpg"`, or a table of `src`, `alt`, `caption` and `credit`. As a plain path it is for lists and
/// previews beside a title, and needs no text.
pub(super) fn image(fields: &mut Fields<'_, '_>) -> (Option<Box<Placed<String>>>, Option<Box<Legend>>) {
    let Some(node) = fields.node("image") else { return (None, None) };
    if !matches!(node.value, Value::Table(_)) {
        return (placed(fields, "image"), None);
    }
    let mut table = fields.inner("`image`", node);
    let src = placed(&mut table, "src");
    let alt = table.text("alt");
    let legend = Legend {
        alt: alt.clone().unwrap_or_default().trim().to_owned(),
        caption: table.filled("caption"),
        credit: table.filled("credit"),
    };
    if src.is_none() {
        let (key, owner) = ("src", "`image`".to_owned());
        table.report(MetadataError::Missing { key, owner, example: "`src = \"ferry.jpg\"`" }, &node.span);
    } else if alt.is_none() {
        table.report(LegendError::NoAlt, &node.span);
    }
    table.finish(None);
    (src, Some(Box::new(legend)))
}
