//! Taxonomies: the list of a taxonomy's terms, and the pages of a term's list of articles.

use tera::{Context, Value};

use super::inputs::{Known, Made, Pager, Site, Template, TermView, inputs};
use super::{Document, EntryMap, Found};
use crate::model::diagnostics::Problem;
use crate::site::plan::{ListPage, Planned};

inputs! {
    /// What a taxonomy's list of terms is made from.
    pub struct TaxonomyInputs<'a> shares template: Template<'a> {
        taxonomy: Made,
        feeds: Option<Known<'a, Value>>,
        source: &'a str,
    }
}

inputs! {
    /// What a page of a term's list is made from.
    pub struct Inputs<'a> shares template: Template<'a> {
        term: TermView<'a>,
        pager: Pager<'a>,
        feeds: Option<Known<'a, Value>>,
        source: &'a str,
    }
}

/// Those of the taxonomy at `index`.
pub(super) fn of_taxonomy<'a>(site: Site<'a>, index: usize, planned: &'a Planned) -> TaxonomyInputs<'a> {
    let taxonomy = &site.all.library.taxonomies[index];
    let template = Template::of_taxonomy(site, &taxonomy.rules.name, "taxonomy.html");
    TaxonomyInputs {
        taxonomy: Made(site.all.views.taxonomy(taxonomy)),
        feeds: site.feeds(&template),
        source: &planned.source,
        template,
    }
}

/// Those of the page `page` of the term at these indices of taxonomy and term.
pub(super) fn inputs<'a>(
    site: Site<'a>,
    taxonomy: usize,
    term: usize,
    page: &'a ListPage,
    planned: &'a Planned,
) -> Inputs<'a> {
    let own = &site.all.library.taxonomies[taxonomy];
    let template = Template::of_taxonomy(site, &own.rules.name, "term.html");
    Inputs {
        term: TermView::of(site, taxonomy, term),
        pager: Pager::of(site, &own.terms[term].articles, page),
        feeds: site.feeds_of_term(taxonomy, term, &template),
        source: &planned.source,
        template,
    }
}

impl Document for TaxonomyInputs<'_> {
    fn render(&mut self, _: &EntryMap, _: &mut Found) -> Result<Vec<u8>, Problem> {
        let mut context = Context::new();
        context.insert_value("taxonomy", self.taxonomy.0.clone());
        if let Some(feeds) = self.feeds {
            context.insert_value("feeds", feeds.value.clone());
        }
        self.template.render(&context, self.source)
    }
}

impl Document for Inputs<'_> {
    fn render(&mut self, _: &EntryMap, _: &mut Found) -> Result<Vec<u8>, Problem> {
        let mut context = Context::new();
        context.insert_value("term", self.term.value());
        context.insert_value("pager", self.pager.value());
        if let Some(feeds) = self.feeds {
            context.insert_value("feeds", feeds.value.clone());
        }
        self.template.render(&context, self.source)
    }
}
