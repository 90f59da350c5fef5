//! The page of an article or a page.

use tera::{Context, Value};

use super::body::Body;
use super::inputs::{Article, Cards, Known, Neighbour, Site, Social, Template, inputs};
use crate::model::diagnostics::Problem;
use crate::site::library::LeafId;

inputs! {
    /// What the page of an article or a page is made from.
    pub struct Inputs<'a> shares template: Template<'a> {
        article: Article<'a>,
        older: Option<Neighbour<'a>>,
        newer: Option<Neighbour<'a>>,
        social: Social<'a>,
        related: Option<Cards<'a>>,
        section: Option<Known<'a, Value>>,
        feeds: Option<Known<'a, Value>>,
    }
}

/// Those of `article`, which has the number `id`.
pub(super) fn inputs<'a>(site: Site<'a>, id: LeafId, article: Article<'a>) -> Inputs<'a> {
    let (library, leaf) = (site.all.library, site.all.library.leaf(id));
    let standard = if leaf.dates.is_some() { "article.html" } else { "page.html" };
    let chosen = leaf.glance.has_template.then(|| &*leaf.document);
    let template = Template::of(site, chosen, standard);
    let (section, neighbours) = (library.section_of(id), library.neighbours(id));
    Inputs {
        article,
        older: neighbours.older.map(|id| Neighbour::of(site, id)),
        newer: neighbours.newer.map(|id| Neighbour::of(site, id)),
        social: Social::of(site, id),
        related: template.read("related", || Cards::of(site, library.related(id))),
        section: site.section_around(section, &template),
        feeds: site.feeds_of_section(section, &template),
        template,
    }
}

impl Inputs<'_> {
    /// Renders the page around `body`, that of the article.
    pub(super) fn render(&self, body: &Body) -> Result<Vec<u8>, Problem> {
        let mut context = Context::new();
        let beside = [self.older, self.newer].map(|one| one.map(|one| one.value()));
        context.insert_value("article", self.article.value(body, beside, self.social.value()));
        if let Some(related) = &self.related {
            context.insert_value("related", Value::from(related.values()));
        }
        for (name, view) in [("section", &self.section), ("feeds", &self.feeds)] {
            if let Some(view) = view {
                context.insert_value(name, view.value.clone());
            }
        }
        self.template.render(&context, self.article.name())
    }
}
