//! `image` of the front matter: the picture of an article or a page.

use miette::Diagnostic;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::Placed;
use super::front_matter::placed_address;
use crate::model::metadata::{Fields, MetadataError, Value};

/// The texts of a picture.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Legend {
    /// `alt`: the alternative text, for those who can't see the picture. Empty if it is decorative.
    pub alt: String,
    /// `caption`: plain text.
    pub caption: Option<String>,
    /// `credit`: the author of the picture, plain text.
    pub credit: Option<String>,
}

impl Legend {
    /// True if there is any text, so that the theme opens the article with the picture.
    pub fn says_something(&self) -> bool {
        !self.alt.is_empty() || self.caption.is_some() || self.credit.is_some()
    }
}

/// Problems with a picture.
#[derive(Debug, Clone, PartialEq, Eq, Error, Diagnostic)]
pub enum LegendError {
    /// The alternative text is missing.
    #[error("the picture has no text for those who can't see it")]
    #[diagnostic(
        severity(warning),
        code(picture::alt),
        help("add `alt = \"\u{2026}\"` that says what it shows; `alt = \"\"` if it only decorates")
    )]
    NoAlt,
}

/// `image = "ferry.jpg"`, or a table of `src`, `alt`, `caption` and `credit`. A plain path is shown only beside a
/// title, in lists and previews, and needs no text.
pub(super) fn image(fields: &mut Fields<'_, '_>) -> (Option<Box<Placed<String>>>, Option<Box<Legend>>) {
    let Some(node) = fields.node("image") else { return (None, None) };
    if !matches!(node.value, Value::Table(_)) {
        return (placed_address(fields, "image"), None);
    }
    let mut table = fields.inner("`image`", node);
    let has_src = table.filled("src").is_some();
    let src = placed_address(&mut table, "src");
    let alt = table.text("alt");
    let legend = Legend {
        alt: alt.clone().unwrap_or_default().trim().to_owned(),
        caption: table.filled("caption"),
        credit: table.filled("credit"),
    };
    if src.is_none() && !has_src {
        let (key, owner) = ("src", "`image`".to_owned());
        table.report(MetadataError::Missing { key, owner, example: "`src = \"ferry.jpg\"`" }, &node.span);
    } else if alt.is_none() {
        table.report(LegendError::NoAlt, &node.span);
    }
    table.finish(None);
    (src, Some(Box::new(legend)))
}
