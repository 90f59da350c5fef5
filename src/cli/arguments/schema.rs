//! The command that prints schemas.

use clap::{Args, ValueEnum};

use super::PlaceArgs;

/// Arguments of `schema`.
#[derive(Debug, Args)]
pub struct SchemaArgs {
    /// `site` for site.toml, `front-matter` for articles and pages, `section` for `_index.md`
    #[arg(value_enum)]
    pub what: SchemaOf,
    /// The section whose articles have the front matter, such as `news`; with `dated = true` there, a date is required
    #[arg(value_name = "SECTION")]
    pub section: Option<String>,
    /// The site, for its taxonomies.
    #[command(flatten)]
    pub site: PlaceArgs,
}

/// The file or the front matter that a schema describes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum SchemaOf {
    /// The settings: site.toml
    Site,
    /// Articles and pages
    FrontMatter,
    /// Sections: _index.md
    Section,
}
