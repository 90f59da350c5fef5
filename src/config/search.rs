//! `[search]`: an index by which readers search the site.

use crate::model::metadata::Fields;

/// `[search]`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct SearchRules {
    /// `enabled`: make an index and a page that searches it; default false.
    pub enabled: bool,
}

pub(super) fn search(fields: &mut Fields<'_, '_>) -> SearchRules {
    let Some(mut table) = fields.table("search") else { return SearchRules::default() };
    let rules = SearchRules { enabled: table.flag("enabled").unwrap_or(false) };
    table.finish(None);
    rules
}
