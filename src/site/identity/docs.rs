//! Sections that are documentation.

use super::SectionRow;
use crate::model::url::encode_written;
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
    /// `docs.edit_url`.
    edit_url: Option<String>,
}

/// The part of `docs.edit_url` that the path of a source replaces.
const PATH: &str = "{path}";

impl DocsRules {
    /// The settings of a section with the fields `front`; `original` is the same section in the site's own language, and
    /// `above` is the section around it.
    pub(super) fn settle(
        front: Option<&FrontMatter>,
        original: Option<&SectionRow>,
        above: Option<&SectionRow>,
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
            edit_url: own.edit_url.or_else(|| around().find_map(|one| one.edit_url.clone())),
        }
    }

    /// True if the section is documentation.
    pub fn is_docs(&self) -> bool {
        self.layout == Some(Layout::Docs)
    }

    /// The address at which the source `name` can be edited, if the section names one. The path of the source, from the
    /// site's root, goes in the place of `{path}`, or at the end.
    pub fn edit_url(&self, name: &str) -> Option<String> {
        let written = self.edit_url.as_ref()?;
        let name = encode_written(name);
        Some(match written.contains(PATH) {
            true => written.replace(PATH, &name),
            false => format!("{}/{name}", written.trim_end_matches('/')),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_path_of_a_source_goes_into_the_address_where_it_is_edited() {
        let url = |pattern: &str, name: &str| {
            let rules = DocsRules { edit_url: Some(pattern.to_owned()), ..DocsRules::default() };
            rules.edit_url(name).unwrap()
        };
        let name = "content/docs/a b.md";
        for (pattern, expected) in [
            ("https://e.example/edit/main", "https://e.example/edit/main/content/docs/a%20b.md"),
            ("https://e.example/edit/main/", "https://e.example/edit/main/content/docs/a%20b.md"),
            ("https://e.example/{path}?mode=edit", "https://e.example/content/docs/a%20b.md?mode=edit"),
        ] {
            assert_eq!(url(pattern, name), expected, "{pattern}");
        }
        assert_eq!(DocsRules::default().edit_url(name), None);
    }
}
