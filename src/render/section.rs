//! A page of a section's list. The first has the section's text, and the blocks of a front page.

use tera::{Context, Value};

use super::inputs::{Blocks, Known, Pager, SectionView, Site, Template, Text, inputs};
use super::{Document, EntryMap, Found};
use crate::model::diagnostics::Problem;
use crate::site::plan::ListPage;

inputs! {
    /// What a page of a section's list is made from.
    pub struct Inputs<'a> shares template: Template<'a> {
        section: SectionView<'a>,
        text: Option<Text<'a>>,
        source: &'a str,
        pager: Pager<'a>,
        feeds: Option<Known<'a, Value>>,
        blocks: Option<Blocks<'a>>,
    }
}

/// Those of the page `page` of the section at `index`.
pub(super) fn inputs<'a>(site: Site<'a>, index: usize, page: &'a ListPage) -> Inputs<'a> {
    let section = &site.all.library.sections[index];
    let document = section.settled.document.as_deref();
    let standard = if section.settled.folder.is_empty() { "index.html" } else { "section.html" };
    let template = Template::of(site, document, standard);
    let is_front = page.number.is_none();
    let blocks = is_front.then(|| template.read("blocks", || Blocks::of(site, index, page.articles.end)));
    Inputs {
        section: SectionView::of(site, index),
        text: document.filter(|_| is_front).map(|document| Text::of_section(site, index, document)),
        source: document.map_or(&section.settled.title, |document| &document.name),
        pager: Pager::of(site, &section.articles, page),
        feeds: site.feeds_of_section(index, &template),
        blocks: blocks.flatten(),
        template,
    }
}

impl Document for Inputs<'_> {
    fn render(&mut self, _: &EntryMap, found: &mut Found) -> Result<Vec<u8>, Problem> {
        let body = self.text.as_mut().and_then(|text| text.render(&mut found.problems));
        let html = body.map(|body| body.html).unwrap_or_default();
        found.needed = self.text.as_ref().map(Text::needed);
        let mut context = Context::new();
        context.insert_value("section", self.section.value(&html));
        context.insert_value("pager", self.pager.value());
        if let Some(feeds) = self.feeds {
            context.insert_value("feeds", feeds.value.clone());
        }
        if let Some(blocks) = &self.blocks {
            context.insert_value("blocks", blocks.value());
        }
        self.template.render(&context, self.source)
    }
}
