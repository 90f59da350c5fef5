//! Sections that are documentation.

use super::SectionRow;
use crate::config::SourceUrls;
use crate::source::{FrontMatter, Layout};

/// The settings of a section that is documentation; those of other sections are empty.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DocsRules {
    /// `layout`, also one that it inherits.
    layout: Option<Layout>,
    /// True if a tree of pages begins with it: it has a `layout` of its own, or the section around it is no
    /// documentation.
    pub begins: bool,
    /// `docs.version`.
    pub version: Option<String>,
    /// `docs.latest`: the address of the documentation of the latest version, as written.
    pub latest: Option<String>,
    /// `docs.edit_url` and `docs.history_url`, else those of the site.
    pub source_urls: SourceUrls,
}

impl DocsRules {
    /// The settings of a section with the fields `front`; `original` is the same section in the site's own language, and
    /// `above` is the section around it. `site` has the
    /// addresses of sources for all that say none.
    pub(super) fn settle(
        front: Option<&FrontMatter>,
        original: Option<&SectionRow>,
        above: Option<&SectionRow>,
        site: &SourceUrls,
    ) -> DocsRules {
        let own = front.and_then(FrontMatter::docs);
        let (original, above) = (original.map(|one| &one.docs), above.map(|one| &one.docs));
        let inherited = || original.and_then(|one| one.layout).or(above.and_then(|one| one.layout));
        let layout = own.and_then(|own| own.layout).or_else(inherited);
        if layout != Some(Layout::Docs) {
            return DocsRules { layout, ..DocsRules::default() };
        }
        let of_own = own.is_some_and(|own| own.layout.is_some());
        let begins =
            of_own || original.is_some_and(|one| one.begins) || !above.is_some_and(DocsRules::is_docs);
        let around = || original.into_iter().chain(above);
        let own = own.cloned().unwrap_or_default();
        DocsRules {
            layout,
            begins,
            version: own.version.or_else(|| around().find_map(|one| one.version.clone())),
            latest: own.latest.or_else(|| around().find_map(|one| one.latest.clone())),
            source_urls: around().fold(own.source_urls, |urls, one| urls.or(&one.source_urls)).or(site),
        }
    }

    /// True if the section is documentation.
    pub fn is_docs(&self) -> bool {
        self.layout == Some(Layout::Docs)
    }
}
