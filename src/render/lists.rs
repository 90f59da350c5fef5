//! Pages that list articles: of sections, terms and months.

use tera::{Context, Value};

use super::{Need, Renderer, View};
use crate::model::diagnostics::Problem;
use crate::site::library::LeafId;
use crate::site::plan::{ListPage, Planned};

impl Renderer<'_> {
    pub(super) fn section(
        &self,
        planned: &Planned,
        at: usize,
        page: &ListPage,
        needs: &mut Vec<Need>,
        problems: &mut Vec<Problem>,
    ) -> Result<Vec<u8>, Problem> {
        let section = &self.library.sections[at];
        let document = section.settled.document.as_ref();
        let mut html = String::new();
        if let Some(document) = self.text_of(planned)
            && let Some(body) = self.body(document, problems)
        {
            html = body.html;
            needs.extend(body.needs);
        }
        let mut template = self.section_template(section);
        if let Some(document) = document {
            template = self.chosen(document, template)?;
        }
        let mut context = Context::new();
        context.insert_value("section", self.views.section(section, &html));
        context.insert_value("pager", self.pager(&section.articles, page));
        context.insert_value("feeds", self.feeds_of_section[at].0.clone());
        if page.number.is_none() {
            let blocks = self.library.blocks(at, page.articles.end);
            context.insert_value("blocks", self.views.blocks(&blocks));
        }
        let subject =
            document.map_or_else(|| section.settled.title.clone(), |document| document.name.to_string());
        self.template(template, &context, &subject)
    }

    pub(super) fn term(
        &self,
        taxonomy: usize,
        term: usize,
        page: &ListPage,
        planned: &Planned,
        template: &str,
    ) -> Result<Vec<u8>, Problem> {
        let own = &self.library.taxonomies[taxonomy];
        let one = &own.terms[term];
        let mut context = Context::new();
        context.insert_value("term", self.views.term(own, one));
        context.insert_value("pager", self.pager(&one.articles, page));
        context.insert_value("feeds", self.feeds_of_term(taxonomy, term).0.clone());
        self.template(template, &context, &planned.source)
    }

    pub(super) fn feeds_of_term(&self, taxonomy: usize, term: usize) -> &View {
        self.feeds_of_term.get(&(taxonomy, term)).unwrap_or(&self.feeds_of_site)
    }

    pub(super) fn month(&self, year: usize, month: usize, planned: &Planned) -> Vec<(&'static str, Value)> {
        let one = &self.library.years[year];
        let view = self.views.year(one);
        let at = view.get_from_path(&format!("months.{month}")).cloned().unwrap_or_else(Value::none);
        let pager = self.views.pager(&one.months[month].articles, None, &planned.path, None, None);
        vec![("year", view), ("month", at), ("pager", pager)]
    }

    pub(super) fn pager(&self, articles: &[LeafId], page: &ListPage) -> Value {
        let shown = &articles[page.articles.clone()];
        self.views.pager(shown, page.number, &page.path, page.newer.as_ref(), page.older.as_ref())
    }
}
