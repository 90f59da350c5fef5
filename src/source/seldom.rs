//! Fields of front matter that few sources have.

use serde::{Deserialize, Serialize};

use super::badge::Badge;
use super::docs::DocsFields;
use super::front_matter::{Correction, FrontMatter, Placed};
use super::landing::Landing;
use crate::config::RowSource;

/// Fields that few sources have. Without them, a source has no memory for them.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Seldom {
    /// `[[corrections]]`: corrections after the publication, as written.
    pub corrections: Box<[Correction]>,
    /// `contributors`: names.
    pub contributors: Box<[String]>,
    /// `translation_of`: the source that this one translates, as its path below `content/` without extension.
    pub translation_of: Option<Placed<String>>,
    /// All addresses in it that are no whole URLs.
    pub addresses: Box<[Placed<String>]>,
    /// `sources`, on sections: data files whose rows are its articles and pages.
    pub sources: Box<[RowSource]>,
    /// `layout` and `[docs]`, on sections.
    pub docs: Option<Box<DocsFields>>,
    /// `[hero]` and `[[features]]`, on sections: what a front of the kind `landing` says.
    pub landing: Option<Box<Landing>>,
    /// `badge`: a word or two beside the title in the tree of a documentation.
    pub badge: Option<Box<Badge>>,
}

impl FrontMatter {
    /// `translation_of`: the source that this one translates.
    pub fn translation_of(&self) -> Option<&Placed<String>> {
        self.seldom.as_ref()?.translation_of.as_ref()
    }

    /// `layout` and `[docs]`, on sections.
    pub fn docs(&self) -> Option<&DocsFields> {
        self.seldom.as_ref()?.docs.as_deref()
    }

    /// `[[corrections]]`: corrections after the publication, as written.
    pub fn corrections(&self) -> &[Correction] {
        self.seldom.as_ref().map_or(&[], |seldom| &seldom.corrections)
    }

    /// `contributors`: names.
    pub fn contributors(&self) -> &[String] {
        self.seldom.as_ref().map_or(&[], |seldom| &seldom.contributors)
    }

    /// All addresses in it that are no whole URLs.
    pub fn addresses(&self) -> &[Placed<String>] {
        self.seldom.as_ref().map_or(&[], |seldom| &seldom.addresses)
    }

    /// `[hero]` and `[[features]]`, on sections.
    pub fn landing(&self) -> Option<&Landing> {
        self.seldom.as_ref()?.landing.as_deref()
    }

    /// `badge`: a word or two beside the title in the tree of a documentation.
    pub fn badge(&self) -> Option<&Badge> {
        self.seldom.as_ref()?.badge.as_deref()
    }

    /// `sources`, on sections: data files whose rows are its articles and pages.
    pub fn sources(&self) -> &[RowSource] {
        self.seldom.as_ref().map_or(&[], |seldom| &seldom.sources)
    }
}
