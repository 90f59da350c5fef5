//! Feed entries and feeds.

use std::collections::HashMap;
use std::sync::Arc;

use super::body::Body;
use super::{RenderError, Renderer};
use crate::config::{Author, FeedContent, FeedFormat};
use crate::error::{Place, Problem};
use crate::feed::{self, Category, Enclosure, Entry, Feed, Person, Written};
use crate::identity::{Settled, Target};
use crate::library::LeafId;
use crate::plan::PlannedFeed;
use crate::template::views::summary;
use crate::url::UrlPath;

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
        Some(Entry {
            id: leaf.id.clone(),
            url: permalink.clone(),
            title: leaf.title.clone(),
            summary: (!summary.is_empty()).then_some(summary),
            content_html: Some(feed::absolute(html, &permalink)),
            published: dates.published.moment,
            updated: dates.updated.moment,
            authors,
            contributors,
            categories,
            image: self.image(leaf).map(|url| self.whole(&url)),
            enclosures: self.enclosures(leaf, problems),
            language: front.lang.clone(),
            rights: front.rights.clone(),
            via: front.via.clone(),
            written: Written::default(),
        })
    }

    /// An article's image: a path from the server's root, or a whole URL.
    pub fn image(&self, leaf: &Settled) -> Option<String> {
        let written = leaf.document.front.image.as_ref()?;
        Some(super::image_url(self.config, self.links, leaf, &written.value))
    }

    /// Where the file `written` as an enclosure of `leaf` lives.
    pub(super) fn enclosure_path(&self, leaf: &Settled, written: &str) -> Option<UrlPath> {
        match self.links.follow(&leaf.document, written) {
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
                    media_type: mime_guess::from_path(file).first_or_octet_stream().to_string(),
                }),
                None => {
                    let cause = RenderError::NoEnclosure { file: written.value.clone() };
                    problems.push(Problem::new(cause, written.place.clone()));
                }
            }
        }
        enclosures
    }

    /// A feed in the format of that number; `problems` say why it can't go out, if it can't.
    pub(super) fn feed(
        &self,
        planned: &PlannedFeed,
        format: usize,
        entries: &HashMap<LeafId, Arc<Entry>>,
        problems: &mut Vec<Problem>,
    ) -> Result<Vec<u8>, Problem> {
        let (format, path) = &planned.formats[format];
        let self_url = self.config.base_url.absolute(path);
        let refuse = |reason: String| {
            Problem::new(RenderError::Feed { reason }, Place::file(format!("the feed {path}")))
        };
        let entries: Vec<Arc<Entry>> = planned
            .articles
            .iter()
            .filter_map(|id| entries.get(id))
            .map(|entry| match planned.content {
                FeedContent::Full => entry.clone(),
                FeedContent::Summary => {
                    Arc::new(Entry { content_html: None, written: Written::default(), ..Entry::clone(entry) })
                }
            })
            .collect();
        // An entry that left by expiring changed the feed as much as one that was corrected.
        let changes = [self.library.updated(&planned.articles), planned.expiry];
        let Some(updated) = changes.into_iter().flatten().max_by_key(|moment| moment.instant()) else {
            return Err(refuse("it has no entries".to_owned()));
        };
        let config = self.config;
        let site_url = |path: &str| self.whole(&self.rooted(path));
        let feed = Feed {
            id: planned.id.clone(),
            title: planned.title.clone(),
            subtitle: (!config.description.is_empty()).then(|| config.description.clone()),
            language: Some(config.language.clone()),
            home_url: config.base_url.absolute(&planned.home),
            icon: config.icon.as_deref().map(site_url),
            logo: config.logo.as_deref().map(site_url),
            rights: config.rights.clone(),
            ttl_minutes: config.feeds.ttl,
            hub: config.feeds.hub.clone(),
            author: config.author.as_ref().map(person),
            entries,
            updated,
        };
        let bytes = match format {
            FeedFormat::Rss => feed::rss::write(&feed, &self_url),
            FeedFormat::Atom => feed::atom::write(&feed, &self_url),
            FeedFormat::Json => feed::json::write(&feed, &self_url),
        };
        let bytes = bytes.map_err(|error| refuse(error.to_string()))?;
        problems.extend(self.read_back(&bytes, path, &self_url, planned));
        Ok(bytes)
    }
}

fn person(author: &Author) -> Person {
    Person { name: author.name.clone(), email: author.email.clone(), url: author.url.clone() }
}
