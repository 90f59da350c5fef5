//! Taxonomies: the list of a taxonomy's terms, and the pages of a term's list of articles.

use super::inputs::{Site, Template};
use super::page::Page;
use crate::site::plan::{ListPage, Planned};

/// The inputs of the list of terms of the taxonomy at `index`.
pub(super) fn of_taxonomy<'a>(site: Site<'a>, index: usize, planned: &'a Planned) -> Page<'a> {
    let taxonomy = &site.all.library.taxonomies[index];
    let template = Template::of_taxonomy(site, &taxonomy.rules.name, "taxonomy.html");
    Page::new(template, &planned.source)
        .with("taxonomy", || site.made(site.all.views.taxonomy(taxonomy)))
        .with("feeds", || site.feeds())
}

/// The inputs of the page `page` of a term, by the indices of taxonomy and term.
pub(super) fn inputs<'a>(
    site: Site<'a>,
    (taxonomy, term): (usize, usize),
    page: &'a ListPage,
    planned: &'a Planned,
) -> Page<'a> {
    let own = &site.all.library.taxonomies[taxonomy];
    let template = Template::of_taxonomy(site, &own.rules.name, "term.html");
    Page::new(template, &planned.source)
        .with("term", || site.term(taxonomy, term))
        .with("pager", || site.pager(&own.terms[term].articles, page))
        .with("feeds", || site.feeds_of_term(taxonomy, term))
}
