//! `edit_url` and `history_url`: where sources can be edited, and where their changes are shown.

use serde::{Deserialize, Serialize};

use crate::model::metadata::Fields;
use crate::model::url::encode_written;

/// Addresses of sources in a repository, each with `{path}` for the path of a source.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceUrls {
    /// `edit_url`: where a source can be edited.
    pub edit: Option<String>,
    /// `history_url`: where its changes are shown.
    pub history: Option<String>,
}

/// The part of an address that the path of a source replaces.
const PATH: &str = "{path}";

/// Reads `edit_url` and `history_url`.
pub fn source_urls(fields: &mut Fields<'_, '_>) -> SourceUrls {
    SourceUrls { edit: fields.filled("edit_url"), history: fields.filled("history_url") }
}

impl SourceUrls {
    /// These addresses, and for those that are missing the ones of `around`.
    #[must_use]
    pub fn or(self, around: &SourceUrls) -> SourceUrls {
        SourceUrls {
            edit: self.edit.or_else(|| around.edit.clone()),
            history: self.history.or_else(|| around.history.clone()),
        }
    }

    /// The addresses for the source `name`. Its path, from the site's root, goes in the place of `{path}`, or at the end.
    #[must_use]
    pub fn of(&self, name: &str) -> SourceUrls {
        // Each article and page of a site asks, and most sites have neither.
        if self.edit.is_none() && self.history.is_none() {
            return SourceUrls::default();
        }
        let name = encode_written(name);
        let fill = |written: &String| match written.contains(PATH) {
            true => written.replace(PATH, &name),
            false => format!("{}/{name}", written.trim_end_matches('/')),
        };
        SourceUrls { edit: self.edit.as_ref().map(fill), history: self.history.as_ref().map(fill) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_path_of_a_source_goes_into_the_address_where_it_is_edited() {
        let name = "content/docs/a b.md";
        for (pattern, expected) in [
            ("https://e.example/edit/main", "https://e.example/edit/main/content/docs/a%20b.md"),
            ("https://e.example/edit/main/", "https://e.example/edit/main/content/docs/a%20b.md"),
            ("https://e.example/{path}?mode=edit", "https://e.example/content/docs/a%20b.md?mode=edit"),
        ] {
            let urls = SourceUrls { edit: Some(pattern.to_owned()), history: None };
            assert_eq!(urls.of(name).edit.as_deref(), Some(expected), "{pattern}");
        }
        assert_eq!(SourceUrls::default().of(name), SourceUrls::default());
    }
}
