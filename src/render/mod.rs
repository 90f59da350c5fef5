//! One planned document into bytes.
//!
//! 1. [`Renderer::leaf`] renders an article or a page, and its feed entry if a feed has it: the body is
//!    read, turned into HTML, put into its template and dropped.
//! 2. [`Renderer::document`] renders everything else from what lists need, and feeds from the entries.

mod body;
pub mod chart;
pub mod code;
mod entries;
mod files;
mod fingerprint;
pub mod hosting;
mod lists;
pub mod markdown;
mod near;
mod needs;
mod pictures;
mod podcast;
mod read_back;
mod shared;
mod site;
pub mod style;
pub mod template;

use std::borrow::Cow;
use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;

use body::Body;
pub use files::Files;
pub use fingerprint::{Needs, Prints};
use miette::Diagnostic;
pub use near::Near;
pub use needs::Need;
pub use pictures::{Illustrations, site_path};
pub use shared::{SharedPrints, environment};
pub use site::image_url;
use tera::{Context, Value};
use thiserror::Error;

use crate::config::{Config, FeedFormat};
use crate::feed::Entry;
use crate::feed::lint::Memory;
use crate::model::diagnostics::{Place, Problem};
use crate::model::digest::Digest;
use crate::model::html::without_forbidden;
use crate::model::url::UrlPath;
use crate::render::style::Styles;
use crate::render::template::views::{FeedLink, Views};
use crate::render::template::{TemplateError, Templates, digest_of};
use crate::site::identity::{LinkMap, Settled};
use crate::site::library::{LeafId, Library, Section};
use crate::site::plan::{FeedOf, Plan, Planned, PlannedFeed, Shows};
use crate::source::{Document, Folded};

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
    /// An episode without anything to hear.
    #[error("this is an episode of a podcast, and none of its files is a recording")]
    #[diagnostic(
        severity(warning),
        code(podcast::recording),
        help("add `enclosure = \"episode.mp3\"`; an article that is none belongs into another section")
    )]
    NoRecording,
    /// A recording that some directories refuse.
    #[error("a recording of the type {media_type} is refused by some podcast directories")]
    #[diagnostic(severity(warning), code(podcast::media_type), help("use MP3 or M4A, or MP4 for video"))]
    Unplayable {
        /// Its media type.
        media_type: String,
    },
    /// A cover that directories refuse.
    #[error("the cover has {width} by {height} pixels")]
    #[diagnostic(
        severity(warning),
        code(podcast::cover),
        help("podcast directories want a square picture of 1400 to 3000 pixels")
    )]
    Cover {
        /// Pixels.
        width: u32,
        /// Pixels.
        height: u32,
    },
    /// A feed that could not be written.
    #[error("the feed could not be written: {reason}")]
    #[diagnostic(code(render::feed), help("this is a fault of Dateline; please report it"))]
    Feed {
        /// What the writer says.
        reason: String,
    },
}

/// What documents are rendered from.
#[derive(Clone, Copy)]
pub struct Inputs<'a> {
    /// The site's root.
    pub root: &'a Path,
    /// What the publisher decided.
    pub config: &'a Config,
    /// How articles hang together.
    pub library: &'a Library,
    /// Where every source will live.
    pub links: &'a LinkMap,
    /// What will exist.
    pub plan: &'a Plan,
    /// The templates, with the values that all of them see.
    pub templates: &'a Templates,
    /// Makes the other values.
    pub views: &'a Views<'a>,
    /// Assets and static files.
    pub files: &'a Files,
    /// The theme's files.
    pub styles: &'a Styles,
}

/// Renders documents.
pub struct Renderer<'a> {
    root: &'a Path,
    config: &'a Config,
    library: &'a Library,
    links: &'a LinkMap,
    plan: &'a Plan,
    templates: &'a Templates,
    views: &'a Views<'a>,
    files: &'a Files,
    styles: &'a Styles,
    /// The digests of the values that all templates see, by name.
    shared_views: Vec<(&'static str, Digest)>,
    /// Each section as the templates of its articles see it.
    section_views: Vec<Value>,
    feeds_of_site: View,
    feeds_of_section: Vec<View>,
    feeds_of_term: HashMap<(usize, usize), View>,
    /// Entries of feeds that were read back.
    judged: Memory,
}

/// A value that templates see, and its digest.
type View = (Value, Digest);

fn view(value: Value) -> View {
    let digest = digest_of(&value);
    (value, digest)
}

/// The templates of articles and of pages that name none of their own.
const LEAF_TEMPLATES: [&str; 2] = ["article.html", "page.html"];

/// A rendered article or page.
pub struct RenderedLeaf {
    /// The bytes of its page, if asked for.
    pub page: Option<Vec<u8>>,
    /// What feeds carry of it, if asked for.
    pub entry: Option<Arc<Entry>>,
    /// What its body needed.
    pub needs: Vec<Need>,
    /// Warnings about links and the like, whatever was asked for.
    pub problems: Vec<Problem>,
    /// Warnings about its entry.
    pub problems_of_entry: Vec<Problem>,
}

impl<'a> Renderer<'a> {
    /// A renderer; `shared_views` are the digests of the values that all templates see.
    pub fn new(inputs: Inputs<'a>, shared_views: Vec<(&'static str, Digest)>) -> Self {
        let Inputs { root, config, library, links, plan, templates, views, files, styles } = inputs;
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
        let mut feeds_of_section = vec![view(views.feeds(&site)); library.sections.len()];
        let mut feeds_of_term = HashMap::new();
        for feed in &plan.feeds {
            let with_site = || view(views.feeds(&[links_of(feed), site.clone()].concat()));
            match feed.of {
                FeedOf::Site | FeedOf::Custom(_) => {}
                FeedOf::Section(at) => feeds_of_section[at] = with_site(),
                FeedOf::Term(taxonomy, term) => {
                    feeds_of_term.insert((taxonomy, term), with_site());
                }
            }
        }
        let feeds_of_site = view(views.feeds(&site));
        let section_views = library.sections.iter().map(|section| views.section(section, "")).collect();
        Renderer {
            root,
            config,
            library,
            links,
            plan,
            templates,
            views,
            files,
            styles,
            shared_views,
            section_views,
            feeds_of_site,
            feeds_of_section,
            feeds_of_term,
            judged: Memory::default(),
        }
    }

    /// The source of an article or page.
    pub fn document_of(&self, id: LeafId) -> &Folded {
        &self.library.leaf(id).document
    }

    /// Renders an article or a page: its page, its entry in feeds, or both.
    pub fn leaf(&self, id: LeafId, page: bool, in_feeds: bool) -> Result<RenderedLeaf, Vec<Problem>> {
        let leaf = self.library.leaf(id);
        let (mut problems, mut of_entry) = (Vec::new(), Vec::new());
        let Some(body) = self.body(&leaf.document, &mut problems) else { return Err(problems) };
        let entry = if in_feeds { self.entry(id, &body, &mut of_entry).map(Arc::new) } else { None };
        let page = page.then(|| self.leaf_page(id, leaf, &body)).transpose();
        let page = page.map_err(|problem| problems.push(problem)).ok().flatten();
        if problems.iter().chain(&of_entry).any(Problem::is_error) {
            problems.append(&mut of_entry);
            return Err(problems);
        }
        Ok(RenderedLeaf { page, entry, needs: body.needs, problems, problems_of_entry: of_entry })
    }

    fn leaf_page(&self, id: LeafId, leaf: &Settled, body: &Body) -> Result<Vec<u8>, Problem> {
        let template = self.chosen(&leaf.document, self.leaf_template(leaf))?;
        let section = self.library.section_of(id);
        let mut context = Context::new();
        context.insert_value("article", self.views.article(id, &body.html, &body.headings));
        if self.templates.reads_of(template).is_some_and(|reads| reads.names.contains("related")) {
            let related: Vec<Value> =
                self.library.related(id).into_iter().map(|id| self.views.card(id)).collect();
            context.insert_value("related", Value::from(related));
        }
        if let Some(own) = self.section_views.get(section) {
            context.insert_value("section", own.clone());
        }
        if let Some((feeds, _)) = self.feeds_of_section.get(section) {
            context.insert_value("feeds", feeds.clone());
        }
        self.template(template, &context, leaf.name())
    }

    fn leaf_template<'l>(&self, leaf: &'l Settled) -> &'l str {
        let standard = LEAF_TEMPLATES[usize::from(leaf.dates.is_none())];
        if !leaf.glance.has_template {
            return standard;
        }
        leaf.document.front.template.as_ref().map_or(standard, |chosen| &chosen.value)
    }

    fn section_template<'l>(&self, section: &'l Section) -> &'l str {
        let standard = if section.settled.folder.is_empty() { "index.html" } else { "section.html" };
        let document = section.settled.document.as_ref();
        document
            .and_then(|document| document.front.template.as_ref())
            .map_or(standard, |chosen| &chosen.value)
    }

    /// `name`, if there is such a template; `document` is who may have asked for it.
    fn chosen<'l>(&self, document: &Document, name: &'l str) -> Result<&'l str, Problem> {
        match &document.front.template {
            Some(written) if !self.templates.has(name) => {
                let cause = TemplateError::Missing { name: name.to_owned() };
                Err(Problem::new(cause, written.place.clone()))
            }
            _ => Ok(name),
        }
    }

    /// The name of the template that `planned` is rendered with, if it is.
    fn template_of<'l>(&'l self, planned: &Planned) -> Option<Cow<'l, str>> {
        let of_taxonomy = |taxonomy: usize, name: &'static str| {
            let own = format!("{}/{name}", self.library.taxonomies[taxonomy].rules.name);
            if self.templates.has(&own) { Cow::Owned(own) } else { Cow::Borrowed(name) }
        };
        Some(match planned.shows {
            Shows::Leaf(id) => self.leaf_template(self.library.leaf(id)).into(),
            Shows::Section(at, _) => self.section_template(&self.library.sections[at]).into(),
            Shows::Taxonomy(at) => of_taxonomy(at, "taxonomy.html"),
            Shows::Term(at, ..) => of_taxonomy(at, "term.html"),
            Shows::Archive | Shows::Year(_) => "archive.html".into(),
            Shows::Month(..) => "month.html".into(),
            Shows::Notice(_) => "notice.html".into(),
            Shows::Subscribe => "subscribe.html".into(),
            Shows::NotFound => "404.html".into(),
            Shows::Robots => "robots.txt".into(),
            Shows::Redirect(_) => "redirect.html".into(),
            Shows::Feed(..)
            | Shows::FeedArchive(..)
            | Shows::Opml
            | Shows::Sitemap(_)
            | Shows::SitemapIndex
            | Shows::NewsSitemap
            | Shows::Redirects
            | Shows::Headers
            | Shows::Copy(..)
            | Shows::Theme(_)
            | Shows::Picture(..)
            | Shows::Card(_) => return None,
        })
    }

    /// The source of the text that `planned` shows if it is a section's list: it stands on its front only.
    pub fn text_of(&self, planned: &Planned) -> Option<&Document> {
        match &planned.shows {
            Shows::Section(at, page) if page.number.is_none() => {
                self.library.sections[*at].settled.document.as_deref()
            }
            _ => None,
        }
    }

    /// The name of the template that `planned` is rendered with; empty for what has none.
    pub fn template_name(&self, planned: &Planned) -> String {
        self.template_of(planned).unwrap_or_default().into_owned()
    }

    /// The newest article that a list or a feed shows.
    pub fn newest_shown(&self, planned: &Planned) -> Option<LeafId> {
        let library = self.library;
        match &planned.shows {
            Shows::Section(at, page) => library.sections[*at].articles.get(page.articles.start).copied(),
            Shows::Term(taxonomy, term, page) => {
                library.taxonomies[*taxonomy].terms[*term].articles.get(page.articles.start).copied()
            }
            Shows::Month(year, month) => library.years[*year].months[*month].articles.first().copied(),
            Shows::Feed(at, _) => self.plan.feeds[*at].articles.first().copied(),
            Shows::FeedArchive(at, _, part) => self.plan.feeds[*at].archives[*part].articles.first().copied(),
            _ => None,
        }
    }

    /// Renders anything but an article, a page or a copy. What the text of a section needs is added to
    /// `needs`.
    pub fn document(
        &self,
        planned: &Planned,
        entries: &HashMap<LeafId, Arc<Entry>>,
        needs: &mut Vec<Need>,
        problems: &mut Vec<Problem>,
    ) -> Result<Vec<u8>, Problem> {
        let template = self.template_of(planned).unwrap_or_default();
        let simple = |own| self.simple(&template, planned, own);
        match &planned.shows {
            Shows::Section(at, page) => self.section(planned, *at, page, needs, problems),
            Shows::Taxonomy(at) => {
                let taxonomy = &self.library.taxonomies[*at];
                simple(vec![("taxonomy", self.views.taxonomy(taxonomy))])
            }
            Shows::Term(taxonomy, term, page) => self.term(*taxonomy, *term, page, planned, &template),
            Shows::Archive | Shows::NotFound | Shows::Robots => simple(Vec::new()),
            Shows::Year(at) => simple(vec![("year", self.views.year(&self.library.years[*at]))]),
            Shows::Month(year, month) => simple(self.month(*year, *month, planned)),
            Shows::Subscribe => simple(vec![("groups", self.subscribe())]),
            Shows::Redirect(target) => {
                simple(vec![("target", Value::from(self.config.base_url.absolute(target)))])
            }
            Shows::Notice(at) => simple(vec![("notice", self.views.notice(&self.library.notices[*at]))]),
            Shows::Feed(at, format) => self.feed(&self.plan.feeds[*at], *format, entries, problems),
            Shows::FeedArchive(at, format, part) => {
                self.feed_archive(&self.plan.feeds[*at], *format, *part, entries, problems)
            }
            Shows::Opml => Ok(self.opml()),
            Shows::Sitemap(part) => Ok(self.sitemap(*part)),
            Shows::SitemapIndex => Ok(self.sitemap_index()),
            Shows::NewsSitemap => Ok(self.news_sitemap()),
            Shows::Redirects => Ok(self.redirects()),
            Shows::Headers => Ok(self.headers()),
            _ => Ok(Vec::new()),
        }
    }

    fn template(&self, name: &str, context: &Context, subject: &str) -> Result<Vec<u8>, Problem> {
        Ok(without_forbidden(self.templates.render(name, context, subject)?).into_bytes())
    }

    fn simple(
        &self,
        name: &str,
        planned: &Planned,
        own: Vec<(&'static str, Value)>,
    ) -> Result<Vec<u8>, Problem> {
        let mut context = Context::new();
        context.insert_value("feeds", self.feeds_of_site.0.clone());
        for (key, value) in own {
            context.insert_value(key, value);
        }
        self.template(name, &context, &planned.source)
    }
}

/// Where `range` of the body of `document` is, when `text` is the whole file.
fn place_in(name: &Arc<str>, text: &str, body: usize, range: std::ops::Range<usize>) -> Place {
    Place::in_text(name.clone(), text, body + range.start..body + range.end)
}
