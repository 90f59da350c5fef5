//! Feed entries and feeds.

use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;

use super::body::Body;
use super::{RenderError, Renderer};
use crate::config::{Author, FeedContent, FeedFormat};
use crate::feed::{
    self, Category, Chain, Enclosure, Entry, Feed, Person, Picture, Podcast, Tombstone, Written,
};
use crate::model::date::Moment;
use crate::model::diagnostics::{Place, Problem};
use crate::model::html::escape;
use crate::model::url::UrlPath;
use crate::render::template::views::summary;
use crate::site::identity::{Settled, Target};
use crate::site::library::LeafId;
use crate::site::plan::PlannedFeed;
use crate::source::Correction;

impl Renderer<'_> {
    /// What feeds carry of an article. `None` for a page, which is in no feed.
    pub(super) fn entry(&self, id: LeafId, body: &Body, problems: &mut Vec<Problem>) -> Option<Entry> {
        let leaf = self.library.leaf(id);
        let dates = leaf.dates.as_ref()?;
        let front = &leaf.document.front;
        let permalink = self.config.base_url.absolute(&leaf.path);
        let html = body.feed_html.as_deref().unwrap_or(&body.html);
        let mut authors = Vec::new();
        let mut categories = Vec::new();
        for (taxonomy, term) in self.library.terms_of(id) {
            let page = self.config.base_url.absolute(&term.path);
            if taxonomy.rules.name == "authors" {
                let profile = term.profile.as_ref();
                authors.push(Person {
                    name: term.name.clone(),
                    email: profile.and_then(|profile| profile.email.clone()),
                    url: Some(profile.and_then(|profile| profile.url.clone()).unwrap_or(page)),
                });
            } else {
                categories.push(Category {
                    term: term.slug.clone(),
                    label: term.name.clone(),
                    scheme: self.config.base_url.absolute(&taxonomy.path),
                });
            }
        }
        if authors.is_empty() {
            authors.extend(self.config.author.as_ref().map(person));
        }
        let contributors = front
            .contributors
            .iter()
            .map(|name| Person { name: name.clone(), email: None, url: None })
            .collect();
        let summary = summary(leaf);
        let enclosures = self.enclosures(leaf, problems);
        let episode = self.episode(id, &enclosures, problems);
        Some(Entry {
            id: leaf.id.to_string(),
            url: permalink.clone(),
            title: leaf.title.to_string(),
            summary: (!summary.is_empty()).then_some(summary),
            content_html: Some(self.corrections(leaf) + &feed::absolute(html, &permalink)),
            published: dates.published.moment,
            updated: dates.updated.moment,
            authors,
            contributors,
            categories,
            image: self.picture(id),
            banner: front
                .banner
                .as_ref()
                .map(|banner| super::image_url(self.config, self.links, leaf.name(), &banner.value))
                .map(|url| self.whole(&url)),
            episode,
            enclosures,
            language: front.lang.clone(),
            rights: front.rights.clone(),
            via: front.via.clone(),
            written: Written::default(),
        })
    }

    /// What was corrected, the newest first: it stands at the head of an entry.
    fn corrections(&self, leaf: &Settled) -> String {
        let made = leaf.document.front.corrections.iter().zip(&leaf.rare.corrections);
        let mut made: Vec<(&Correction, &Moment)> = made.collect();
        made.sort_by_key(|(_, moment)| std::cmp::Reverse(moment.instant()));
        made.into_iter()
            .map(|(correction, moment)| {
                // A locale always has a date of its own.
                let date = moment.in_locale(self.config.locale, None).unwrap_or_else(|_| moment.rfc3339());
                let (date, text) = (escape(&date).into_owned(), escape(&correction.text).into_owned());
                format!("<p><strong>Correction, {date}:</strong> {text}</p>")
            })
            .collect()
    }

    /// An article's image: a path from the server's root, or a whole URL.
    pub fn image(&self, id: LeafId) -> Option<String> {
        let written = self.library.leaf(id).glance.image.as_deref()?;
        Some(super::image_url(self.config, self.links, self.library.leaf(id).name(), written))
    }

    /// An article's image with what its file says of it.
    fn picture(&self, id: LeafId) -> Option<Picture> {
        let url = self.image(id)?;
        let size = match super::pictures::planned(self.config, self.plan, &url) {
            Some(picture) => Some((picture.original.facts.width, picture.original.facts.height)),
            None => {
                let path = super::site_path(self.config, &url);
                path.and_then(|path| self.files.picture_size(path.as_str()))
            }
        };
        let size = size.filter(|(width, _)| *width > 0);
        let media_type = mime_guess::from_path(url.split(['?', '#']).next().unwrap_or_default()).first();
        let media_type = media_type.filter(|one| one.type_() == "image").map(|one| one.to_string());
        Some(Picture { url: self.whole(&url), media_type, size })
    }

    /// Where the file `written` as an enclosure of `leaf` lives.
    pub(super) fn enclosure_path(&self, leaf: &Settled, written: &str) -> Option<UrlPath> {
        match self.links.follow(leaf.document.path(), written) {
            Target::Live(path, _) => Some(path),
            _ => UrlPath::parse(&format!("/{}", written.trim_start_matches('/'))).ok(),
        }
    }

    fn enclosures(&self, leaf: &Settled, problems: &mut Vec<Problem>) -> Vec<Enclosure> {
        let mut enclosures = Vec::new();
        for written in &leaf.document.front.enclosures {
            let path = self.enclosure_path(leaf, &written.value);
            let found = path.as_ref().and_then(|path| {
                let file = self.files.get(path)?;
                Some((path, file, std::fs::metadata(file).ok()?.len()))
            });
            match found {
                Some((path, file, length)) => enclosures.push(Enclosure {
                    url: self.config.base_url.absolute(path),
                    length,
                    media_type: media_type(file),
                    seconds: self.files.seconds(path.as_str()),
                }),
                None => {
                    let cause = RenderError::NoEnclosure { file: written.value.clone() };
                    problems.push(Problem::new(cause, written.place.clone()));
                }
            }
        }
        enclosures
    }

    /// The last revision of the entry of an article that was withdrawn: it says that, and why.
    fn withdrawn_entry(&self, notice: &Settled) -> Option<Entry> {
        let (dates, front) = (notice.dates.as_ref()?, &notice.document.front);
        let reason = &front.withdrawn.as_ref()?.value;
        let says = format!("This article was withdrawn. {reason}");
        Some(Entry {
            id: notice.id.to_string(),
            url: self.config.base_url.absolute(&notice.path),
            title: format!("Withdrawn: {}", notice.title),
            content_html: Some(format!("<p>{}</p>", escape(&says))),
            summary: Some(says),
            published: dates.published.moment,
            updated: dates.updated.moment,
            authors: self.config.author.as_ref().map(person).into_iter().collect(),
            contributors: Vec::new(),
            categories: Vec::new(),
            image: None,
            banner: None,
            episode: None,
            enclosures: Vec::new(),
            language: front.lang.clone(),
            rights: None,
            via: None,
            written: Written::default(),
        })
    }

    /// A feed in the format of that number; `problems` say why it can't go out, if it can't.
    pub(super) fn feed(
        &self,
        planned: &PlannedFeed,
        format: usize,
        entries: &HashMap<LeafId, Arc<Entry>>,
        problems: &mut Vec<Problem>,
    ) -> Result<Vec<u8>, Problem> {
        let (_, path) = &planned.formats[format];
        let mut all = entries_of(planned, &planned.articles, entries);
        let notices = planned.withdrawn.iter().map(|at| &*self.library.notices[*at]);
        all.extend(notices.filter_map(|notice| self.withdrawn_entry(notice)).map(Arc::new));
        all.sort_by(|a, b| b.published.instant().cmp(&a.published.instant()).then_with(|| a.id.cmp(&b.id)));
        let older =
            planned.archives.last().map(|archive| self.config.base_url.absolute(&archive.paths[format]));
        let parts = Parts {
            updated: planned.updated,
            entries: all,
            tombstones: planned.tombstones.clone(),
            chain: Chain { older, ..Chain::default() },
            podcast: self.podcast(planned, problems),
        };
        let bytes = self.feed_document(planned, format, path, parts)?;
        problems.extend(self.read_back(&bytes, path, &planned.articles));
        Ok(bytes)
    }

    /// A part of a feed's older entries, in the format of that number; `problems` say why it can't go out.
    pub(super) fn feed_archive(
        &self,
        planned: &PlannedFeed,
        format: usize,
        part: usize,
        entries: &HashMap<LeafId, Arc<Entry>>,
        problems: &mut Vec<Problem>,
    ) -> Result<Vec<u8>, Problem> {
        let base = &self.config.base_url;
        let archive = &planned.archives[part];
        let url = |part: usize| Some(base.absolute(planned.archives.get(part)?.paths.get(format)?));
        let parts = Parts {
            updated: self.library.updated(&archive.articles),
            entries: entries_of(planned, &archive.articles, entries),
            tombstones: Vec::new(),
            chain: Chain {
                older: part.checked_sub(1).and_then(url),
                newer: url(part + 1),
                current: Some(base.absolute(&planned.formats[format].1)),
            },
            podcast: self.podcast(planned, &mut Vec::new()),
        };
        let path = &archive.paths[format];
        let bytes = self.feed_document(planned, format, path, parts)?;
        problems.extend(self.read_back(&bytes, path, &archive.articles));
        Ok(bytes)
    }

    fn feed_document(
        &self,
        planned: &PlannedFeed,
        format: usize,
        path: &UrlPath,
        parts: Parts,
    ) -> Result<Vec<u8>, Problem> {
        let config = self.config;
        let refuse = |reason: String| {
            Problem::new(RenderError::Feed { reason }, Place::file(format!("the feed {path}")))
        };
        let Parts { updated, entries, tombstones, chain, podcast } = parts;
        let Some(updated) = updated else { return Err(refuse("it has no entries".to_owned())) };
        let site_url = |path: &str| self.whole(&self.rooted(path));
        let description = planned.description.clone().or_else(|| Some(config.description.clone()));
        let is_archive = chain.current.is_some();
        let feed = Feed {
            id: planned.id.clone(),
            title: planned.title.clone(),
            subtitle: description.filter(|text| !text.is_empty()),
            language: Some(config.language.clone()),
            home_url: config.base_url.absolute(&planned.home),
            icon: config.icon.as_deref().map(site_url),
            logo: match &podcast {
                Some(show) => Some(show.image.clone()),
                None => planned.image.as_deref().or(config.logo.as_deref()).map(site_url),
            },
            rights: config.rights.clone(),
            ttl_minutes: config.feeds.ttl.filter(|_| !is_archive),
            // An archive never changes, so that there is nothing to be told of.
            hub: if is_archive { Vec::new() } else { config.feeds.hubs.clone() },
            author: config.author.as_ref().map(person),
            entries,
            updated,
            tombstones,
            chain,
            podcast,
            stylesheet: config.feeds.stylesheet.as_deref().map(|path| self.rooted(path)),
        };
        let self_url = config.base_url.absolute(path);
        let bytes = match planned.formats[format].0 {
            FeedFormat::Rss => feed::rss::write(&feed, &self_url),
            FeedFormat::Atom => feed::atom::write(&feed, &self_url),
            FeedFormat::Json => feed::json::write(&feed, &self_url),
        };
        bytes.map_err(|error| refuse(error.to_string()))
    }
}

/// What documents of one feed differ in.
struct Parts {
    updated: Option<Moment>,
    entries: Vec<Arc<Entry>>,
    tombstones: Vec<Tombstone>,
    chain: Chain,
    podcast: Option<Podcast>,
}

/// The entries of `articles` as `planned` has them.
fn entries_of(
    planned: &PlannedFeed,
    articles: &[LeafId],
    entries: &HashMap<LeafId, Arc<Entry>>,
) -> Vec<Arc<Entry>> {
    let entries = articles.iter().filter_map(|id| entries.get(id));
    entries
        .map(|entry| match planned.content {
            FeedContent::Full => entry.clone(),
            FeedContent::Summary => {
                Arc::new(Entry { content_html: None, written: Written::default(), ..Entry::clone(entry) })
            }
        })
        .collect()
}

/// The media type of `file`, by its name; M4A as podcast directories know it.
fn media_type(file: &Path) -> String {
    match file.extension().and_then(|extension| extension.to_str()) {
        Some("m4a") => "audio/x-m4a".to_owned(),
        _ => mime_guess::from_path(file).first_or_octet_stream().to_string(),
    }
}

fn person(author: &Author) -> Person {
    Person { name: author.name.clone(), email: author.email.clone(), url: author.url.clone() }
}
