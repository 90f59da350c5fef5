//! Feeds, as their documents and the lists of feeds show them.

use super::lookup::{add_file, add_link};
use super::{Article, Digested, Site};
use crate::config::{FeedContent, FeedFormat};
use crate::model::diagnostics::Problem;
use crate::model::digest::Print;
use crate::model::url::UrlPath;
use crate::render::entry;
use crate::site::identity::Target;
use crate::site::library::LeafId;
use crate::site::plan::{FeedOf, PlannedFeed};
use crate::source::{self, Document};

/// The articles of a feed, as entries.
#[derive(Clone, Copy)]
pub struct Entries<'a> {
    site: Site<'a>,
    /// The articles, newest first.
    pub ids: &'a [LeafId],
}

impl<'a> Entries<'a> {
    /// Those of `ids`.
    pub(in crate::render) fn of(site: Site<'a>, ids: &'a [LeafId]) -> Self {
        Entries { site, ids }
    }

    /// Why the feed `bytes`, which is to live at `path`, can't go out.
    pub fn read_back(&self, bytes: &[u8], path: &UrlPath) -> Vec<Problem> {
        self.site.all.read_back(bytes, path, self.ids)
    }
}

impl Digested for Entries<'_> {
    fn add_to(&self, print: &mut Print) {
        self.ids.len().add_to(print);
        for id in self.ids {
            entry::inputs(self.site, *id, Article::of(self.site, *id)).add_to(print);
        }
    }
}

/// What a section says of the podcast that it is.
#[derive(Clone, Copy)]
pub struct Show<'a> {
    site: Site<'a>,
    document: &'a Document,
    said: &'a source::Show,
}

/// The picture of a podcast.
pub struct Cover<'a> {
    /// As it is written.
    pub written: &'a source::Placed<String>,
    /// Its path on the site, if it is there.
    pub path: Option<UrlPath>,
    /// Width and height in pixels.
    pub size: Option<(u32, u32)>,
}

impl<'a> Show<'a> {
    /// That of the feed `planned`, if it is one of a podcast.
    pub(in crate::render) fn of(site: Site<'a>, planned: &PlannedFeed) -> Option<Self> {
        let FeedOf::Section(at) = planned.of else { return None };
        let document = site.all.library.sections[at].settled.document.as_deref()?;
        Some(Show { site, document, said: document.front.podcast.as_deref()? })
    }

    /// True if the section of the article `id`, or one around that, is a podcast.
    pub(in crate::render) fn is_around(site: Site<'_>, id: LeafId) -> bool {
        let library = site.all.library;
        let mut at = Some(library.section_of(id));
        while let Some(section) = at.and_then(|at| library.sections.get(at)) {
            let document = section.settled.document.as_ref();
            if document.is_some_and(|document| document.front.podcast.is_some()) {
                return true;
            }
            at = section.parent;
        }
        false
    }

    /// What is said of it.
    pub fn said(&self) -> &'a source::Show {
        self.said
    }

    /// Its picture, if one is named.
    pub fn cover(&self) -> Option<Cover<'a>> {
        let written = self.said.image.as_ref()?;
        let files = self.site.all.files;
        let path = self.cover_path(&written.value).filter(|path| files.get(path).is_some());
        let size = path.as_ref().and_then(|path| files.picture_size(path.as_str()));
        Some(Cover { written, path, size })
    }

    fn cover_path(&self, written: &str) -> Option<UrlPath> {
        match self.site.all.links.follow(self.document.path(), written) {
            Target::Live(path, _) => Some(path),
            _ => UrlPath::parse(&format!("/{}", written.trim_start_matches('/'))).ok(),
        }
    }
}

impl Digested for Show<'_> {
    fn add_to(&self, print: &mut Print) {
        print.value(format!("{:?}", self.said));
        if let Some(image) = &self.said.image {
            add_link(self.site.all, print, self.document.path(), &image.value);
            if let Some(path) = self.cover_path(&image.value) {
                add_file(self.site.all, print, path.as_str());
            }
        }
    }
}

/// A feed as the lists of feeds show it.
#[derive(Clone, Copy)]
pub struct FeedLine<'a> {
    site: Site<'a>,
    feed: &'a PlannedFeed,
}

impl<'a> FeedLine<'a> {
    /// All feeds, in their order.
    pub(in crate::render) fn all(site: Site<'a>) -> Vec<FeedLine<'a>> {
        site.all.plan.feeds.iter().map(|feed| FeedLine { site, feed }).collect()
    }

    /// Its title.
    pub fn title(&self) -> &'a str {
        &self.feed.title
    }

    /// The page that it follows.
    pub fn home(&self) -> &'a UrlPath {
        &self.feed.home
    }

    /// Its formats, with the path of each.
    pub fn formats(&self) -> &'a [(FeedFormat, UrlPath)] {
        &self.feed.formats
    }

    /// The format that readers are pointed to. They take any; of JSON Feed not all of them have heard, and one that
    /// is pointed to two would subscribe twice.
    pub fn preferred(&self) -> Option<&'a (FeedFormat, UrlPath)> {
        let formats = &self.feed.formats;
        formats.iter().find(|(format, _)| *format != FeedFormat::Json).or(formats.first())
    }
}

impl Digested for FeedLine<'_> {
    fn add_to(&self, print: &mut Print) {
        self.title().add_to(print);
        self.home().add_to(print);
        self.formats().len().add_to(print);
        for (format, path) in self.formats() {
            print.value(format.key()).value(path.as_str());
        }
    }
}

/// A feed as the page for subscribers shows it.
#[derive(Clone, Copy)]
pub struct Subscription<'a> {
    /// What all lists show of it.
    pub line: FeedLine<'a>,
}

impl<'a> Subscription<'a> {
    /// All feeds, in their order.
    pub(in crate::render) fn all(site: Site<'a>) -> Vec<Subscription<'a>> {
        FeedLine::all(site).into_iter().map(|line| Subscription { line }).collect()
    }

    fn feed(&self) -> &'a PlannedFeed {
        self.line.feed
    }

    /// The title of the taxonomy that it is of a term of, or else the key of the group of such feeds among the
    /// theme's words.
    pub fn group(&self) -> Result<&'a str, &'static str> {
        match self.feed().of {
            FeedOf::Site => Err("group_everything"),
            FeedOf::Section(_) => Err("group_sections"),
            FeedOf::Term(taxonomy, _) => Ok(&self.line.site.all.library.taxonomies[taxonomy].rules.title),
            FeedOf::Custom(_) => Err("group_selections"),
        }
    }

    /// What it is about, where that is not what the site is about.
    pub fn description(&self) -> Option<&'a str> {
        self.feed().description.as_deref()
    }

    /// How many articles it has.
    pub fn count(&self) -> usize {
        self.feed().articles.len()
    }

    /// It carries whole articles.
    pub fn is_whole(&self) -> bool {
        self.feed().content == FeedContent::Full
    }

    /// It has archives.
    pub fn has_history(&self) -> bool {
        !self.feed().archives.is_empty()
    }

    /// It is a podcast.
    pub fn is_podcast(&self) -> bool {
        Show::of(self.line.site, self.feed()).is_some()
    }
}

impl Digested for Subscription<'_> {
    fn add_to(&self, print: &mut Print) {
        self.line.add_to(print);
        match self.group() {
            Ok(title) => print.value("taxonomy").value(title),
            Err(key) => print.value("group").value(key),
        };
        self.description().add_to(print);
        self.count().add_to(print);
        for flag in [self.is_whole(), self.has_history(), self.is_podcast()] {
            flag.add_to(print);
        }
    }
}
