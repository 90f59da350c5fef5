//! Taxonomies: the list of a taxonomy's terms, and the pages of a term's list of articles.

use super::inputs::{Site, Template, Text};
use super::page::Page;
use crate::site::plan::{ListPage, Planned};

/// The inputs of the list of terms of the taxonomy at `index`.
pub(super) fn of_taxonomy<'a>(site: Site<'a>, index: usize, planned: &'a Planned) -> Page<'a> {
    let taxonomy = &site.all.library.taxonomies[index];
    let document = taxonomy.description.as_deref();
    let template = Template::of_taxonomy(site, &taxonomy.rules.name, document, "taxonomy.html");
    Page::new(template, document.map_or(&planned.source, |document| &document.name))
        .with("taxonomy", || site.taxonomy(index))
        .with("feeds", || site.feeds())
        .with("translations", || site.translations(&planned.path))
        .with_text(document.map(|document| Text::of(site, document)))
}

/// The inputs of the page `page` of a term, by the indices of taxonomy and term.
pub(super) fn inputs<'a>(
    site: Site<'a>,
    (taxonomy, term): (usize, usize),
    page: &'a ListPage,
    planned: &'a Planned,
) -> Page<'a> {
    let own = &site.all.library.taxonomies[taxonomy];
    let document = own.terms[term].description.as_deref();
    let template = Template::of_taxonomy(site, &own.rules.name, document, "term.html");
    let list = Page::new(template, document.map_or(&planned.source, |document| &document.name))
        .with("term", || site.term(taxonomy, term))
        .with("pager", || site.pager(own.terms[term].listed(), page, site.all.config.list_style))
        .with("translations", || site.translations(&page.path))
        .with("feeds", || site.feeds_of_term(taxonomy, term));
    // The text is on the first page only, as that of a section is.
    match page.number {
        Some(_) => list,
        None => list.with_text(document.map(|document| Text::of(site, document))),
    }
}
