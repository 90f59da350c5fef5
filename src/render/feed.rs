//! Feeds, and the archives of their older entries.

use std::sync::Arc;

use super::entry::person;
use super::inputs::{Debugged, Entries, Known, Notice, Settings, Show, Site, inputs};
use super::podcast::podcast;
use super::{Document, EntryMap, Found, RenderError};
use crate::config::{Author, FeedContent, FeedFormat};
use crate::feed::{self, Chain, Entry, Feed, Podcast, Tombstone, Written, atom_id};
use crate::language::Arguments;
use crate::model::date::Moment;
use crate::model::diagnostics::{Place, Problem};
use crate::model::html::escape;
use crate::model::url::UrlPath;
use crate::site::plan::{FeedArchive, PlannedFeed};

inputs! {
    /// Inputs of a feed or of an archive of one.
    pub struct Inputs<'a> shares settings: Settings<'a> {
        about: About<'a>,
        publisher: Publisher<'a>,
        podcast: Option<Show<'a>>,
        neighbours: Neighbours<'a>,
        updated: Option<Moment>,
        tombstones: Debugged<&'a [Tombstone]>,
        withdrawn: Vec<Notice<'a>>,
        entries: Entries<'a>,
    }
}

inputs! {
    /// Name, path and format of a feed.
    pub struct About<'a> {
        path: &'a UrlPath,
        format: FeedFormat,
        content: FeedContent,
        id: &'a str,
        title: &'a str,
        description: &'a str,
        home: &'a UrlPath,
        logo: Option<&'a str>,
        language: Option<&'a str>,
        is_index: bool,
    }
}

inputs! {
    /// Settings for all feeds.
    pub struct Publisher<'a> {
        title: &'a str,
        author: Option<Known<'a, Author>>,
        guid_authority: &'a str,
        icon: Option<&'a str>,
        rights: Option<&'a str>,
        stylesheet: Option<&'a str>,
        ttl: Option<u32>,
        hubs: &'a [String],
    }
}

inputs! {
    /// The documents linked from one of a feed (RFC 5005). Only an archive has a `current` one.
    pub struct Neighbours<'a> {
        older: Option<&'a UrlPath>,
        newer: Option<&'a UrlPath>,
        current: Option<&'a UrlPath>,
    }
}

/// The inputs of `feed` in its format number `format`, as a document at `place`.
pub(super) fn inputs<'a>(
    site: Site<'a>,
    feed: &'a PlannedFeed,
    format: usize,
    place: &UrlPath,
) -> Inputs<'a> {
    let rules = &site.all.config.feeds;
    let older = feed.archives.last().map(|archive| &archive.paths[format]);
    Inputs {
        settings: site.settings(),
        about: About {
            path: &feed.formats[format].1,
            language: feed.language.as_deref(),
            is_index: place.as_str().ends_with('/') || place.as_str().ends_with(".html"),
            ..about(site, feed, format)
        },
        publisher: Publisher { ttl: rules.ttl, hubs: &rules.hubs, ..publisher(site) },
        podcast: Show::of(site, feed),
        neighbours: Neighbours { older, newer: None, current: None },
        updated: feed.updated,
        tombstones: Debugged(&feed.tombstones),
        withdrawn: feed.withdrawn.iter().map(|at| Notice::of(site, *at)).collect(),
        entries: Entries::of(site, &feed.articles),
    }
}

/// The inputs of the archive `part` of `feed` in its format number `format`.
pub(super) fn of_archive<'a>(
    site: Site<'a>,
    feed: &'a PlannedFeed,
    format: usize,
    part: usize,
) -> Inputs<'a> {
    let archive: &FeedArchive = &feed.archives[part];
    let path = |part: usize| feed.archives.get(part)?.paths.get(format);
    let neighbours = Neighbours {
        older: part.checked_sub(1).and_then(path),
        newer: path(part + 1),
        current: Some(&feed.formats[format].1),
    };
    Inputs {
        settings: site.settings(),
        about: About {
            path: &archive.paths[format],
            language: archive.language.as_deref(),
            ..about(site, feed, format)
        },
        publisher: publisher(site),
        podcast: Show::of(site, feed),
        neighbours,
        updated: site.all.library.updated(&archive.articles),
        tombstones: Debugged(&[]),
        withdrawn: Vec::new(),
        entries: Entries::of(site, &archive.articles),
    }
}

fn about<'a>(site: Site<'a>, feed: &'a PlannedFeed, format: usize) -> About<'a> {
    let config = site.all.config;
    About {
        path: &feed.formats[format].1,
        language: None,
        is_index: false,
        format: feed.formats[format].0,
        content: feed.content,
        id: &feed.id,
        title: &feed.title,
        description: feed.description.as_ref().unwrap_or(&config.description),
        home: &feed.home,
        logo: feed.image.as_deref().or(config.logo.as_deref()),
    }
}

/// The settings for an archive. An archive never changes, so it has no hubs and no refresh interval.
fn publisher(site: Site<'_>) -> Publisher<'_> {
    let config = site.all.config;
    Publisher {
        title: &config.title,
        author: site.author(),
        guid_authority: site.guid_authority(),
        icon: config.icon.as_deref(),
        rights: config.rights.as_deref(),
        stylesheet: config.feeds.stylesheet.as_deref(),
        ttl: None,
        hubs: &[],
    }
}

impl Document for Inputs<'_> {
    fn render(&mut self, entries: &EntryMap, found: &mut Found) -> Result<Vec<u8>, Problem> {
        let (id, author) = (self.about.id, self.publisher.author.map(|author| author.value));
        let site = (author, self.publisher.title);
        // The feed of a podcast reports its problems, so its archives do not.
        let (mut of_archive, is_archive) = (Vec::new(), self.neighbours.current.is_some());
        let problems = if is_archive { &mut of_archive } else { &mut found.problems };
        let podcast = self.podcast.and_then(|show| podcast(&show, id, site, self.settings, problems));
        let bytes = self.document(self.all_entries(entries), podcast)?;
        found.problems.extend(self.entries.read_back(&bytes, self.about.path));
        Ok(bytes)
    }
}

impl Inputs<'_> {
    /// The entries of the articles at the length that the feed wants, with those of withdrawn articles among them.
    fn all_entries(&self, entries: &EntryMap) -> Vec<Arc<Entry>> {
        let of_articles = self.entries.ids.iter().filter_map(|id| entries.get(id));
        let of_articles = of_articles.map(|entry| match self.about.content {
            FeedContent::Full => entry.clone(),
            FeedContent::Summary if entry.written.is_published() => entry.clone(),
            FeedContent::Summary => {
                Arc::new(Entry { content_html: None, written: Written::default(), ..Entry::clone(entry) })
            }
        });
        // An entry without a language is in the site's.
        let site_language = self.about.language.map(|_| self.settings.language());
        let site_language = site_language.filter(|language| Some(*language) != self.about.language);
        let of_articles = of_articles.map(|entry| match (site_language, &entry.language) {
            (Some(language), None) if !entry.written.is_published() => {
                let language = Some(language.to_owned());
                Arc::new(Entry { language, written: Written::default(), ..Entry::clone(&entry) })
            }
            _ => entry,
        });
        let mut all: Vec<Arc<Entry>> = of_articles.collect();
        if self.neighbours.current.is_none() {
            let withdrawn = self.withdrawn.iter().filter_map(|notice| self.withdrawn_entry(notice));
            all.extend(withdrawn.map(Arc::new));
            all.sort_by(|a, b| {
                b.published.instant().cmp(&a.published.instant()).then_with(|| a.id.cmp(&b.id))
            });
        }
        all
    }

    /// The last revision of the entry of a withdrawn article: it gives the reason.
    fn withdrawn_entry(&self, notice: &Notice<'_>) -> Option<Entry> {
        let (dates, front) = (notice.dates()?, notice.front());
        let reason = &front.withdrawn.as_ref()?.value;
        let language = self.settings.spoken_in(front.lang.as_deref());
        let says = format!("{} {reason}", language.word("withdrawn_text").unwrap_or_default());
        let title = vec![("title".to_owned(), notice.title().to_owned())];
        let title = language.message("withdrawn_entry", &Arguments { numbers: Vec::new(), texts: title });
        Some(Entry {
            id: notice.id().to_owned(),
            atom_id: atom_id(notice.id(), self.publisher.guid_authority).into_owned(),
            url: self.settings.absolute(notice.path()),
            title: title.unwrap_or_else(|| notice.title().to_owned()),
            is_untitled: false,
            content_html: Some(format!("<p>{}</p>", escape(&says))),
            summary: Some(says),
            published: dates.published.moment,
            updated: dates.updated.moment,
            authors: self
                .publisher
                .author
                .map(|author| person(author.value, self.settings))
                .into_iter()
                .collect(),
            contributors: Vec::new(),
            categories: Vec::new(),
            image: None,
            banner: None,
            episode: None,
            enclosures: Vec::new(),
            language: front.lang.clone(),
            rights: None,
            via: None,
            related: None,
            written: Written::default(),
        })
    }

    fn document(&self, entries: Vec<Arc<Entry>>, podcast: Option<Podcast>) -> Result<Vec<u8>, Problem> {
        let Inputs { settings, about, publisher, neighbours, .. } = self;
        let refuse = |reason: String| {
            Problem::new(RenderError::Feed { reason }, Place::file(format!("the feed {}", about.path)))
        };
        let Some(updated) = self.updated else { return Err(refuse("it has no entries".to_owned())) };
        let site_url = |path: &str| settings.whole(&settings.rooted(path));
        let url = |path: &UrlPath| settings.absolute(path);
        let feed = Feed {
            id: about.id.to_owned(),
            title: about.title.to_owned(),
            subtitle: (!about.description.is_empty()).then(|| about.description.to_owned()),
            language: Some(about.language.unwrap_or(settings.language()).to_owned()),
            home_url: url(about.home),
            icon: publisher.icon.map(site_url),
            logo: match &podcast {
                Some(show) => Some(show.image.clone()),
                None => about.logo.map(site_url),
            },
            rights: publisher.rights.map(str::to_owned),
            ttl_minutes: publisher.ttl,
            hub: publisher.hubs.to_vec(),
            author: publisher.author.map(|author| person(author.value, *settings)),
            entries,
            updated,
            tombstones: self.tombstones.0.to_vec(),
            chain: Chain {
                older: neighbours.older.map(url),
                newer: neighbours.newer.map(url),
                current: neighbours.current.map(url),
            },
            podcast,
            stylesheet: publisher.stylesheet.map(|path| settings.rooted(path)),
        };
        let self_url = url(about.path);
        let bytes = match about.format {
            FeedFormat::Rss => feed::rss::write(&feed, &self_url),
            FeedFormat::Atom => feed::atom::write(&feed, &self_url),
            FeedFormat::Json => feed::json::write(&feed, &self_url),
        };
        let bytes = bytes.map_err(|error| refuse(error.to_string()))?;
        Ok(if about.is_index { sending_on(bytes, &self_url) } else { bytes })
    }
}

/// The feed `bytes`, which is XML, as the index of a folder: servers say that it is HTML, and browsers go on to `url`, while
/// readers of feeds pass over the element.
fn sending_on(mut bytes: Vec<u8>, url: &str) -> Vec<u8> {
    let find = |from: usize, wanted: &[u8]| {
        let found = bytes.get(from..)?.windows(wanted.len()).position(|window| window == wanted);
        found.map(|at| from + at)
    };
    let start = find(0, b"<channel").or_else(|| find(0, b"<feed"));
    if let Some(end) = start.and_then(|start| find(start, b">")) {
        let element = format!(
            "<meta xmlns=\"http://www.w3.org/1999/xhtml\" http-equiv=\"refresh\" content=\"0; url={}\"/>",
            escape(url)
        );
        bytes.splice(end + 1..end + 1, element.into_bytes());
    }
    bytes
}
