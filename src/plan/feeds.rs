//! Which feeds there are, and which articles are in each.

use crate::config::{Config, FeedChoice, FeedContent, FeedFormat};
use crate::identity::feed_id;
use crate::library::{LeafId, Library};
use crate::url::UrlPath;

/// What a feed is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FeedOf {
    /// The whole site.
    Site,
    /// A section; its index.
    Section(usize),
    /// A term; the indices of taxonomy and term.
    Term(usize, usize),
}

/// A feed, in all its formats.
#[derive(Debug, Clone)]
pub struct PlannedFeed {
    /// What it is of.
    pub of: FeedOf,
    /// Its lasting id.
    pub id: String,
    /// Its title.
    pub title: String,
    /// The page that it follows.
    pub home: UrlPath,
    /// Its entries, newest first.
    pub articles: Vec<LeafId>,
    /// How much of an article it carries.
    pub content: FeedContent,
    /// Its formats, with the path of each.
    pub formats: Vec<(FeedFormat, UrlPath)>,
}

/// Plans the feeds of everything that has articles.
pub(super) fn plan(library: &Library, config: &Config) -> Vec<PlannedFeed> {
    let mut feeds = Vec::new();
    let none = FeedChoice::default();
    let root = library.sections.first().map(|root| &root.articles);
    if let Some(articles) = root.filter(|_| config.feeds.site) {
        let id = feed_id(&config.authority, "site", "");
        feeds.extend(feed(FeedOf::Site, id, config.title.clone(), &UrlPath::root(), articles, &none, config));
    }
    for (at, section) in library.sections.iter().enumerate().filter(|(_, s)| !s.settled.folder.is_empty()) {
        let own = section.settled.document.as_ref().and_then(|document| document.front.feeds.as_deref());
        let choice = own.unwrap_or(&none);
        if !choice.on.unwrap_or(config.feeds.sections) {
            continue;
        }
        let id = feed_id(&config.authority, "section", &section.settled.folder);
        let title = format!("{}: {}", config.title, section.settled.title);
        let path = &section.settled.path;
        feeds.extend(feed(FeedOf::Section(at), id, title, path, &section.articles, choice, config));
    }
    for (at, taxonomy) in library.taxonomies.iter().enumerate() {
        let choice = &taxonomy.rules.feeds;
        if !choice.on.unwrap_or(config.feeds.terms) {
            continue;
        }
        for (number, term) in taxonomy.terms.iter().enumerate() {
            let id = feed_id(&config.authority, &taxonomy.rules.name, &term.slug);
            let title = format!("{}: {}", config.title, term.name);
            feeds.extend(feed(
                FeedOf::Term(at, number),
                id,
                title,
                &term.path,
                &term.articles,
                choice,
                config,
            ));
        }
    }
    feeds
}

fn feed(
    of: FeedOf,
    id: String,
    title: String,
    home: &UrlPath,
    articles: &[LeafId],
    choice: &FeedChoice,
    config: &Config,
) -> Option<PlannedFeed> {
    let rules = &config.feeds;
    let limit = choice.limit.unwrap_or(rules.limit);
    let formats = choice.formats.as_ref().unwrap_or(&rules.formats);
    let formats: Vec<(FeedFormat, UrlPath)> = formats
        .iter()
        .map(|format| {
            let name = match format {
                FeedFormat::Rss => &rules.names[0],
                FeedFormat::Atom => &rules.names[1],
                FeedFormat::Json => &rules.names[2],
            };
            (*format, home.join(name))
        })
        .collect();
    if articles.is_empty() || formats.is_empty() {
        return None;
    }
    Some(PlannedFeed {
        of,
        id,
        title,
        home: home.clone(),
        articles: articles.iter().take(limit).copied().collect(),
        content: choice.content.unwrap_or(rules.content),
        formats,
    })
}
