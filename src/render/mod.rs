//! One planned document into bytes.
//!
//! 1. [`Renderer::leaf`] renders an article or a page, and its feed entry if a feed has it: the body is
//!    read, turned into HTML, put into its template and dropped.
//! 2. [`Renderer::document`] renders everything else from what lists need, and feeds from the entries.

mod body;
mod entries;
mod files;
mod site;

use std::collections::HashMap;
use std::sync::Arc;

use body::Body;
pub use files::Files;
use miette::Diagnostic;
pub use site::image_url;
use tera::{Context, Value};
use thiserror::Error;

use crate::config::{Config, FeedFormat};
use crate::error::{Place, Problem};
use crate::feed::Entry;
use crate::html::without_forbidden;
use crate::identity::{LinkMap, Settled};
use crate::library::{LeafId, Library};
use crate::plan::{FeedOf, ListPage, Plan, Planned, PlannedFeed, Shows};
use crate::template::views::{FeedLink, Views};
use crate::template::{TemplateError, Templates};
use crate::url::UrlPath;

/// What can be wrong with what a document refers to.
#[derive(Debug, Clone, PartialEq, Eq, Error, Diagnostic)]
pub enum RenderError {
    /// An enclosure that isn't there.
    #[error("there is no file for the enclosure \u{201c}{file}\u{201d}")]
    #[diagnostic(
        code(render::enclosure),
        help("put the file beside the article or under `static/`; its length and type are read from it")
    )]
    NoEnclosure {
        /// The path as written.
        file: String,
    },
    /// A feed that could not be written.
    #[error("the feed could not be written: {reason}")]
    #[diagnostic(code(render::feed), help("this is a fault of Dateline; please report it"))]
    Feed {
        /// What the writer says.
        reason: String,
    },
}

/// Everything that documents are rendered from.
pub struct Renderer<'a> {
    config: &'a Config,
    library: &'a Library,
    links: &'a LinkMap,
    plan: &'a Plan,
    templates: &'a Templates,
    views: &'a Views<'a>,
    files: &'a Files,
    feeds_of_site: Value,
    feeds_of_section: Vec<Value>,
    feeds_of_term: HashMap<(usize, usize), Value>,
}

/// A rendered article or page.
pub struct RenderedLeaf {
    /// The bytes of its page.
    pub page: Vec<u8>,
    /// What feeds carry of it, if asked for.
    pub entry: Option<Arc<Entry>>,
    /// Warnings about links and the like.
    pub problems: Vec<Problem>,
}

/// A file to be written: its path in the output folder, and its bytes.
pub type Written = (String, Vec<u8>);

impl<'a> Renderer<'a> {
    /// A renderer of the documents of `plan`.
    pub fn new(
        config: &'a Config,
        library: &'a Library,
        links: &'a LinkMap,
        plan: &'a Plan,
        templates: &'a Templates,
        views: &'a Views<'a>,
        files: &'a Files,
    ) -> Self {
        let links_of = |feed: &PlannedFeed| -> Vec<FeedLink> {
            let link = |(format, path): &(FeedFormat, UrlPath)| FeedLink {
                title: feed.title.clone(),
                path: path.clone(),
                format: *format,
            };
            feed.formats.iter().map(link).collect()
        };
        let site: Vec<FeedLink> =
            plan.feeds.iter().filter(|feed| feed.of == FeedOf::Site).flat_map(links_of).collect();
        let mut feeds_of_section = vec![views.feeds(&site); library.sections.len()];
        let mut feeds_of_term = HashMap::new();
        for feed in &plan.feeds {
            let with_site = || views.feeds(&[links_of(feed), site.clone()].concat());
            match feed.of {
                FeedOf::Site => {}
                FeedOf::Section(at) => feeds_of_section[at] = with_site(),
                FeedOf::Term(taxonomy, term) => {
                    feeds_of_term.insert((taxonomy, term), with_site());
                }
            }
        }
        let feeds_of_site = views.feeds(&site);
        Renderer {
            config,
            library,
            links,
            plan,
            templates,
            views,
            files,
            feeds_of_site,
            feeds_of_section,
            feeds_of_term,
        }
    }

    /// Renders an article or a page; `in_feeds` asks for its entry too.
    pub fn leaf(&self, id: LeafId, in_feeds: bool) -> Result<RenderedLeaf, Vec<Problem>> {
        let leaf = self.library.leaf(id);
        let mut problems = Vec::new();
        let rendered = self.body(&leaf.document, &mut problems);
        let entry = match (&rendered, in_feeds) {
            (Some(body), true) => self.entry(id, body, &mut problems).map(Arc::new),
            _ => None,
        };
        let page = rendered.and_then(|body| self.leaf_page(id, leaf, &body, &mut problems));
        match page {
            Some(page) if problems.iter().all(|problem| !problem.is_error()) => {
                Ok(RenderedLeaf { page, entry, problems })
            }
            _ => Err(problems),
        }
    }

    fn leaf_page(
        &self,
        id: LeafId,
        leaf: &Settled,
        body: &Body,
        problems: &mut Vec<Problem>,
    ) -> Option<Vec<u8>> {
        let standard = if leaf.dates.is_some() { "article.html" } else { "page.html" };
        let template = match &leaf.document.front.template {
            Some(name) if !self.templates.has(&name.value) => {
                let cause = TemplateError::Missing { name: name.value.clone() };
                problems.push(Problem::new(cause, name.place.clone()));
                return None;
            }
            Some(name) => &name.value,
            None => standard,
        };
        let section = self.library.section_index(&leaf.section).unwrap_or(0);
        let mut context = Context::new();
        context.insert_value("article", self.views.article(id, &body.html, body.contents.clone()));
        if let Some(own) = self.library.sections.get(section) {
            context.insert_value("section", self.views.section(own, ""));
        }
        if let Some(feeds) = self.feeds_of_section.get(section) {
            context.insert_value("feeds", feeds.clone());
        }
        self.template(template, &context, leaf.name()).map_err(|problem| problems.push(problem)).ok()
    }

    /// Renders anything but an article or a page. A sitemap may be several files.
    pub fn document(
        &self,
        planned: &Planned,
        entries: &HashMap<LeafId, Arc<Entry>>,
        problems: &mut Vec<Problem>,
    ) -> Result<Vec<Written>, Problem> {
        let one = |bytes: Vec<u8>| vec![(planned.path.file(), bytes)];
        match &planned.shows {
            Shows::Section(at, page) => self.section(*at, page, problems).map(one),
            Shows::Taxonomy(at) => {
                let taxonomy = &self.library.taxonomies[*at];
                let own = format!("{}/taxonomy.html", taxonomy.rules.name);
                let mut context = Context::new();
                context.insert_value("taxonomy", self.views.taxonomy(taxonomy));
                context.insert_value("feeds", self.feeds_of_site.clone());
                self.template(self.templates.first_of(&[&own, "taxonomy.html"]), &context, &planned.source)
                    .map(one)
            }
            Shows::Term(taxonomy, term, page) => self.term(*taxonomy, *term, page, planned).map(one),
            Shows::Archive => self.simple("archive.html", planned, Vec::new()).map(one),
            Shows::Year(at) => {
                let year = self.views.year(&self.library.years[*at]);
                self.simple("archive.html", planned, vec![("year", year)]).map(one)
            }
            Shows::Month(year, month) => self.month(*year, *month, planned).map(one),
            Shows::Feed(at, format) => self.feed(&self.plan.feeds[*at], *format, entries).map(one),
            Shows::Subscribe => self.subscribe(planned).map(one),
            Shows::Opml => self.opml().map(one),
            Shows::Sitemap => Ok(self.sitemap()),
            Shows::NotFound => self.simple("404.html", planned, Vec::new()).map(one),
            Shows::Robots => self.simple("robots.txt", planned, Vec::new()).map(one),
            Shows::Redirect(target) => {
                let target = Value::from(self.config.base_url.absolute(target));
                self.simple("redirect.html", planned, vec![("target", target)]).map(one)
            }
            Shows::Redirects => Ok(one(self.redirects())),
            Shows::Leaf(_) | Shows::Copy(_) | Shows::Theme(_) => Ok(Vec::new()),
        }
    }

    fn template(&self, name: &str, context: &Context, subject: &str) -> Result<Vec<u8>, Problem> {
        self.templates.render(name, context, subject).map(|text| without_forbidden(text).into_bytes())
    }

    fn simple(
        &self,
        name: &str,
        planned: &Planned,
        own: Vec<(&'static str, Value)>,
    ) -> Result<Vec<u8>, Problem> {
        let mut context = Context::new();
        context.insert_value("feeds", self.feeds_of_site.clone());
        for (key, value) in own {
            context.insert_value(key, value);
        }
        self.template(name, &context, &planned.source)
    }

    fn section(&self, at: usize, page: &ListPage, problems: &mut Vec<Problem>) -> Result<Vec<u8>, Problem> {
        let section = &self.library.sections[at];
        let document = section.settled.document.as_ref();
        let mut html = String::new();
        // The section's own text stands on its front only.
        if let (Some(document), None) = (document, page.number) {
            html = self.body(document, problems).map(|body| body.html).unwrap_or_default();
        }
        let standard = if section.settled.folder.is_empty() { "index.html" } else { "section.html" };
        let chosen = document.and_then(|document| document.front.template.as_ref());
        let template = match chosen {
            Some(name) if !self.templates.has(&name.value) => {
                let cause = TemplateError::Missing { name: name.value.clone() };
                return Err(Problem::new(cause, name.place.clone()));
            }
            Some(name) => name.value.as_str(),
            None => standard,
        };
        let mut context = Context::new();
        context.insert_value("section", self.views.section(section, &html));
        context.insert_value("pager", self.pager(&section.articles, page));
        context.insert_value("feeds", self.feeds_of_section[at].clone());
        let subject =
            document.map_or_else(|| section.settled.title.clone(), |document| document.name.to_string());
        self.template(template, &context, &subject)
    }

    fn term(
        &self,
        taxonomy: usize,
        term: usize,
        page: &ListPage,
        planned: &Planned,
    ) -> Result<Vec<u8>, Problem> {
        let own = &self.library.taxonomies[taxonomy];
        let one = &own.terms[term];
        let special = format!("{}/term.html", own.rules.name);
        let mut context = Context::new();
        context.insert_value("term", self.views.term(own, one));
        context.insert_value("pager", self.pager(&one.articles, page));
        let feeds = self.feeds_of_term.get(&(taxonomy, term)).unwrap_or(&self.feeds_of_site);
        context.insert_value("feeds", feeds.clone());
        self.template(self.templates.first_of(&[&special, "term.html"]), &context, &planned.source)
    }

    fn month(&self, year: usize, month: usize, planned: &Planned) -> Result<Vec<u8>, Problem> {
        let one = &self.library.years[year];
        let view = self.views.year(one);
        let at = view.get_from_path(&format!("months.{month}")).cloned().unwrap_or_else(Value::none);
        let pager = self.views.pager(&one.months[month].articles, None, &planned.path, None, None);
        self.simple("month.html", planned, vec![("year", view), ("month", at), ("pager", pager)])
    }

    fn pager(&self, articles: &[LeafId], page: &ListPage) -> Value {
        let shown = &articles[page.articles.clone()];
        self.views.pager(shown, page.number, &page.path, page.newer.as_ref(), page.older.as_ref())
    }
}

/// Where `range` of the body of `document` is, when `text` is the whole file.
fn place_in(name: &Arc<str>, text: &str, body: usize, range: std::ops::Range<usize>) -> Place {
    Place::in_text(name.clone(), text, body + range.start..body + range.end)
}
