//! Fields of sections that are documentation: `layout` and `[docs]`.

use miette::Diagnostic;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::config::{SourceUrls, source_urls};
use crate::model::metadata::Fields;

/// `layout`: the layout of the pages of a section.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Layout {
    /// `docs`: the layout of documentation.
    Docs,
    /// `default`: the layout of all other sections.
    Default,
}

/// The names of the layouts in front matter.
const LAYOUTS: [&str; 2] = ["docs", "default"];

/// Problems with `layout`.
#[derive(Debug, Clone, PartialEq, Eq, Error, Diagnostic)]
pub enum LayoutError {
    /// No known layout. Other generators have a field of this name for other purposes.
    #[error("there is no layout \u{201c}{name}\u{201d}, so the section has the usual one")]
    #[diagnostic(
        severity(warning),
        code(front_matter::layout),
        help(
            "choose from `docs` and `default`; a template of your own in `templates/` is chosen by `template = \"NAME.html\"`"
        )
    )]
    Unknown {
        /// The name.
        name: String,
    },
}

/// `layout` and `[docs]` of a section, as written.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct DocsFields {
    /// `layout`.
    pub layout: Option<Layout>,
    /// `docs.version`: the version that is described.
    pub version: Option<String>,
    /// `docs.latest`: the address of the documentation of the latest version.
    pub latest: Option<String>,
    /// `docs.edit_url` and `docs.history_url`.
    pub source_urls: SourceUrls,
}

impl DocsFields {
    /// Reads the fields of a section; `None` if it has none of them. A site that ignores `layout` has it for other programs, so
    /// that no value of it is unknown.
    pub fn read(fields: &mut Fields<'_, '_>, ignored: &[String]) -> Option<Box<DocsFields>> {
        let is_ignored = ignored.iter().any(|field| field == "layout");
        let mut docs = DocsFields { layout: layout(fields, is_ignored), ..DocsFields::default() };
        if let Some(node) = fields.node("docs") {
            let mut table = fields.inner("`[docs]`", node);
            docs.version = table.filled("version");
            docs.latest = table.address("latest");
            docs.source_urls = source_urls(&mut table);
            table.finish(None);
        }
        (docs != DocsFields::default()).then(|| Box::new(docs))
    }
}

fn layout(fields: &mut Fields<'_, '_>, is_ignored: bool) -> Option<Layout> {
    let node = fields.node("layout")?;
    fields.offers(node, &LAYOUTS);
    match fields.as_text("layout", node)?.trim() {
        "docs" => Some(Layout::Docs),
        "default" => Some(Layout::Default),
        _ if is_ignored => None,
        name => {
            fields.report(LayoutError::Unknown { name: name.to_owned() }, &node.span);
            None
        }
    }
}
