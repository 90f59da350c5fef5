//! Renders documents as bytes, each from its inputs.
//!
//! 1. [`Site::inputs`] returns the [`Inputs`] of a planned file: everything that it can read, with a digest as its
//!    fingerprint. Each kind of document is one module, with its inputs and its rendering.
//! 2. [`Site::article`] renders an article or a page, and its feed entry if a feed has it: the body is read, rendered,
//!    inserted into its template and dropped.
//! 3. [`Document::render`] renders everything else: lists from cards, and feeds from entries.

mod aim;
mod archive;
mod article;
mod body;
mod calendar;
pub mod chart;
pub mod code;
mod data_files;
mod destinations;
mod document;
mod entry;
mod feed;
mod file;
mod files;
mod headers;
pub mod hosting;
mod icon;
pub mod inputs;
mod links;
pub mod markdown;
mod markdown_copy;
mod media;
mod mpeg;
mod output;
mod page;
mod pictures;
mod podcast;
mod read_back;
mod redirect;
mod search;
mod section;
mod sitemap;
pub mod style;
mod subscribe;
pub mod template;
mod term;

use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::Path;
use std::sync::{Arc, OnceLock};

pub use aim::Links;
pub use data_files::DataFiles;
pub use destinations::destinations;
pub use document::{Document, EntryMap, Found, Inputs, RenderedArticle};
pub use files::Files;
use foldhash::fast::RandomState;
use inputs::TemplateDigest;
pub use inputs::{Digests, Need, Needs, Own, Site, environment};
pub use links::{
    Astray, DeadLink, EXCUSE, KnownNeeds, LinesOfThreads, NewPlaces, PageLinks, Places, is_excused,
    is_line_excused,
};
use miette::Diagnostic;
pub use pictures::Illustrations;
use pictures::image_url;
use tera::Value;
use thiserror::Error;

use crate::config::{Config, FeedFormat};
use crate::feed::lint::Memory;
use crate::model::diagnostics::Problem;
use crate::model::digest::Digest;
use crate::model::url::UrlPath;
use crate::render::style::Styles;
use crate::render::template::views::{FeedLink, Views};
use crate::render::template::{Templates, digest_of};
use crate::site::identity::LinkMap;
use crate::site::library::{LeafId, Library};
use crate::site::plan::{FeedOf, Plan, Planned, PlannedFeed};
use crate::source::LazyDocument;

/// Problems with files that a document refers to.
#[derive(Debug, Clone, PartialEq, Eq, Error, Diagnostic)]
pub enum RenderError {
    /// A missing enclosure.
    #[error("there is no file for the enclosure \u{201c}{file}\u{201d}")]
    #[diagnostic(
        code(render::enclosure),
        help(
            "put the file beside the article or under `static/`; its length and type are read from it. A file that something else serves has a table with `url` and `length`"
        )
    )]
    NoEnclosure {
        /// The path as written.
        file: String,
    },
    /// A missing file that a show or an episode names.
    #[error("there is no file for the {what} \u{201c}{file}\u{201d}")]
    #[diagnostic(
        code(render::file),
        help("put the file beside the source or under `static/`, or give its whole URL")
    )]
    NoFile {
        /// Its use: `cover`, `transcript`…
        what: &'static str,
        /// The path as written.
        file: String,
    },
    /// An enclosure elsewhere whose length is not given.
    #[error("the length of \u{201c}{file}\u{201d} is not known, so RSS has `length=\"0\"`")]
    #[diagnostic(
        severity(warning),
        code(render::length),
        help(
            "write a table with `url` and `length`, the length in bytes: podcast programs show it, and some refuse 0"
        )
    )]
    NoLength {
        /// The address as written.
        file: String,
    },
    /// A file whose media type is not known.
    #[error("the media type of the {what} \u{201c}{file}\u{201d} is not known{effect}")]
    #[diagnostic(
        severity(warning),
        code(render::media_type),
        help("write a table with `url` and `type`, such as `type = \"{example}\"`")
    )]
    NoMediaType {
        /// Its use: `enclosure`, `transcript` or `chapters`.
        what: &'static str,
        /// The address as written.
        file: String,
        /// The effect, as the end of a sentence.
        effect: &'static str,
        /// A media type.
        example: &'static str,
    },
    /// An episode without a recording.
    #[error("this is an episode of a podcast, and none of its files is a recording")]
    #[diagnostic(
        severity(warning),
        code(podcast::recording),
        help("add `enclosure = \"episode.mp3\"`; an article that is none belongs into another section")
    )]
    NoRecording,
    /// A recording of a type that some directories refuse.
    #[error("a recording of the type {media_type} is refused by some podcast directories")]
    #[diagnostic(severity(warning), code(podcast::media_type), help("use MP3 or M4A, or MP4 for video"))]
    Unplayable {
        /// Its media type.
        media_type: String,
    },
    /// A cover of a size that directories refuse.
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
    /// A document of `[[outputs]]` that is not what its media type says.
    #[error("{path} can't be published: {reason}")]
    #[diagnostic(
        code(render::output),
        help(
            "mend the template; in JSON, write every value as `{{{{ value | json }}}}`, and no comma behind the last"
        )
    )]
    Output {
        /// Its path.
        path: String,
        /// The fault.
        reason: String,
    },
    /// A feed that the writer refused.
    #[error("the feed could not be written: {reason}")]
    #[diagnostic(code(render::feed), help("this is a fault of Dateline; please report it"))]
    Feed {
        /// The writer's message.
        reason: String,
    },
}

/// Parts of a site, for [`Renderer::new`].
#[derive(Clone, Copy)]
pub struct Parts<'a> {
    /// The site's root.
    pub root: &'a Path,
    /// The settings.
    pub config: &'a Config,
    /// The relations between articles.
    pub library: &'a Library,
    /// The paths of all sources.
    pub links: &'a LinkMap,
    /// The files of the output.
    pub plan: &'a Plan,
    /// The templates, with the values that all of them get.
    pub templates: &'a Templates,
    /// Makes all other values.
    pub views: &'a Views<'a>,
    /// Assets and static files.
    pub files: &'a Files,
    /// The data files.
    pub data: &'a DataFiles<'a>,
    /// The theme's files.
    pub styles: &'a Styles,
}

/// Everything that documents of a site are rendered from. A [`Site`] hands out the parts that a document may read.
pub struct Renderer<'a> {
    root: &'a Path,
    config: &'a Config,
    library: &'a Library,
    links: &'a LinkMap,
    plan: &'a Plan,
    templates: &'a Templates,
    views: &'a Views<'a>,
    files: &'a Files,
    data: &'a DataFiles<'a>,
    styles: &'a Styles,
    /// The digests of the values that all templates get, by name.
    shared_views: SharedViews,
    /// The digest of each list of `site.toml`, by name.
    lists: Vec<(String, Digest)>,
    /// The digest of the settings that every document may depend on.
    environment: Digest,
    /// The digest of the site's author.
    author: Digest,
    /// The digest of all templates, for bodies that call components.
    components: Digest,
    /// For each template, by name, the digest that all its documents share.
    template_digests: HashMap<String, TemplateDigest>,
    /// The view of each section.
    section_views: Vec<Value>,
    /// The same without its pages, for the templates of its articles that don't list them.
    section_frames: Vec<View>,
    /// The view of each tree of documentation.
    docs: Vec<View>,
    feeds_of_site: View,
    feeds_of_section: Vec<View>,
    feeds_of_term: HashMap<(usize, usize), View>,
    /// Entries of feeds that have been checked already.
    judged: Memory,
    /// The planned documents by their paths.
    paths: Arc<aim::Paths<'a>>,
    /// The renderers for the site's other languages.
    others: Vec<Renderer<'a>>,
    /// The addresses that the site's templates have as they are.
    literals: OnceLock<HashSet<String>>,
    /// The digests of the paths that those and the settings lead to.
    fixtures: OnceLock<HashSet<u32, RandomState>>,
    /// Lines that pages have alike, with the paths that they lead to.
    lines: LinesOfThreads,
}

/// The name of the icon of a site that names none: its own file, if `is_file` knows one, else the one that the theme makes.
pub fn icon_of(is_file: impl Fn(&str) -> bool) -> &'static str {
    icon::OWN.into_iter().find(|name| is_file(name)).unwrap_or(icon::NAME)
}

/// The digests of the values that all templates get, by name.
pub type SharedViews = Vec<(&'static str, Digest)>;

/// A value for templates, and its digest.
type View = (Value, Digest);

fn view(value: Value) -> View {
    let digest = digest_of(&value);
    (value, digest)
}

impl<'a> Renderer<'a> {
    /// A renderer of the site in its languages, each with its parts and the digests of the values that all its templates
    /// get; the site's own language comes first. `None` without a language.
    pub fn new(languages: Vec<(Parts<'a>, SharedViews)>) -> Option<Self> {
        let paths = Arc::new(aim::paths(languages.first()?.0.plan));
        let renderers = languages.into_iter();
        let mut renderers =
            renderers.map(|(parts, shared)| Renderer::in_one_language(parts, shared, paths.clone()));
        let mut own = renderers.next()?;
        own.others = renderers.collect();
        Some(own)
    }

    /// The renderer for the language number `language`.
    fn in_language(&self, language: usize) -> &Renderer<'a> {
        language.checked_sub(1).and_then(|at| self.others.get(at)).unwrap_or(self)
    }

    fn in_one_language(parts: Parts<'a>, shared_views: SharedViews, paths: Arc<aim::Paths<'a>>) -> Self {
        let Parts { root, config, library, links, plan, templates, views, files, data, styles } = parts;
        let links_of = |feed: &PlannedFeed| -> Vec<FeedLink> {
            let link = |(format, path): &(FeedFormat, UrlPath)| FeedLink {
                title: feed.title.clone(),
                path: path.clone(),
                format: *format,
            };
            feed.formats.iter().map(link).collect()
        };
        let site: Vec<FeedLink> = plan
            .feeds
            .iter()
            .filter(|feed| feed.of == FeedOf::Site(config.edition))
            .flat_map(links_of)
            .collect();
        let mut feeds_of_section = vec![view(views.feeds(&site)); library.sections.len()];
        let mut feeds_of_term = HashMap::new();
        // Pages link feeds in their own language.
        for feed in plan.feeds.iter().filter(|feed| feed.edition == config.edition) {
            let with_site = || view(views.feeds(&[links_of(feed), site.clone()].concat()));
            match feed.of {
                FeedOf::Site(_) | FeedOf::PastTerm(_) | FeedOf::Custom(_) => {}
                FeedOf::Section(at) => feeds_of_section[at] = with_site(),
                FeedOf::Term(taxonomy, term) => {
                    feeds_of_term.insert((taxonomy, term), with_site());
                }
            }
        }
        let feeds_of_site = view(views.feeds(&site));
        let sections = library.sections.iter();
        let section_frames = sections.clone().map(|one| view(views.section(one, &[], ""))).collect();
        let section_views = sections.map(|one| views.section(one, &one.pages, "")).collect();
        let docs = library.docs.trees.iter().map(|tree| view(views.docs_tree(tree))).collect();
        let mut renderer = Renderer {
            root,
            config,
            library,
            links,
            plan,
            templates,
            views,
            files,
            data,
            styles,
            shared_views,
            lists: views.list_digests(),
            environment: environment(config, &plan.roots),
            author: Digest::quick(format!("{:?}", config.author).as_bytes()),
            components: templates.all(),
            template_digests: HashMap::new(),
            section_views,
            section_frames,
            docs,
            feeds_of_site,
            feeds_of_section,
            feeds_of_term,
            judged: Memory::default(),
            paths,
            others: Vec::new(),
            literals: OnceLock::new(),
            fixtures: OnceLock::new(),
            lines: LinesOfThreads::of_pool(),
        };
        renderer.template_digests = renderer.template_digests().collect();
        renderer
    }

    /// Errors for names of data files that do not exist: in the site's own templates, and in `site.toml`.
    pub fn unknown_data(&self) -> Vec<Problem> {
        let remedy = |keys: &[String]| match keys.first() {
            Some(first) if self.data.is_beside(first) => None,
            _ => self.data.missing(None, keys).map(|(_, remedy)| remedy),
        };
        let mut problems = self.templates.unknown_data(&remedy);
        problems.extend(self.data.without_file());
        problems
    }

    /// The problems with all data files that documents show.
    pub fn data_problems(&self) -> Vec<Problem> {
        let languages = std::iter::once(self).chain(&self.others);
        let by_file: BTreeMap<Arc<str>, Vec<Problem>> =
            languages.flat_map(|renderer| renderer.data.problems()).collect();
        by_file.into_values().flatten().collect()
    }

    /// All public articles and pages.
    pub fn library(&self) -> &'a Library {
        self.library
    }

    /// The source of an article or page.
    pub fn document_of(&self, id: LeafId) -> &LazyDocument {
        &self.library.leaf(id).document
    }

    /// True if some feed has the article.
    pub(in crate::render) fn is_in_a_feed(&self, id: LeafId) -> bool {
        self.plan.feeds.iter().any(|feed| feed.articles.contains(&id))
    }

    /// The newest article that a list or a feed shows.
    pub fn newest_on(&self, planned: &Planned) -> Option<LeafId> {
        self.plan.articles_on(&planned.shows, self.library).first().copied()
    }

    /// The languages that the page at `path` is in, by their tags, each with its path there; `x-default` is the page in the
    /// site's own language. None if it is in one language.
    fn languages_of(&self, path: &UrlPath) -> Vec<(&'a str, &'a UrlPath)> {
        let all = self.plan.translations.of_page(path);
        let own = all.iter().filter(|one| one.language == 0).map(|one| ("x-default", &one.path));
        let tags = all.iter().map(|one| (self.config.languages[one.language].tag.as_str(), &one.path));
        tags.chain(own).collect()
    }

    /// The image of an article or page: a path from the server's root, or a whole URL.
    fn image(&self, id: LeafId) -> Option<String> {
        let leaf = self.library.leaf(id);
        Some(image_url(
            self.config,
            &self.plan.roots,
            self.links,
            leaf.name(),
            leaf.listing.image.as_deref()?,
        ))
    }
}
