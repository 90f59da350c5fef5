//! The pages of a section's list. The first page has the section's text, and the blocks of a front page.

use super::inputs::{Site, Template, Text};
use super::page::Page;
use crate::config::FrontKind;
use crate::site::library::DocsPart;
use crate::site::plan::ListPage;

/// The inputs of the page `page` of the section at `index`.
pub(super) fn inputs<'a>(site: Site<'a>, index: usize, page: &'a ListPage) -> Page<'a> {
    let section = &site.all.library.sections[index];
    let document = section.settled.document.as_deref();
    let docs = &section.settled.docs;
    let is_landing = docs.begins && section.settled.front == FrontKind::Landing;
    let standard = match section.parent {
        _ if docs.is_docs() && !is_landing => "docs.html",
        None => "index.html",
        Some(_) => "section.html",
    };
    let template = Template::of(site, document, standard);
    let subject = document.map_or(&*section.settled.title, |document| &document.name);
    let list = Page::new(template, subject)
        .in_language(section.settled.lang.as_deref())
        .with("section", || site.section(index))
        .with_some("docs", || site.docs(DocsPart::Section(index)))
        .with("pager", || site.pager(section.listed(), page, section.settled.list_style))
        .with("translations", || site.translations(&page.path))
        .with("feeds", || site.feeds_of_section(index));
    if page.number.is_some() {
        return list;
    }
    list.with("blocks", || site.blocks(index, page.articles.end))
        .with("front", || site.front(index, page))
        .with_text(document.map(|document| Text::of(site, document)))
}
