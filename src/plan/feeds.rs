//! Which feeds there are, and which articles are in each.

use crate::config::{Config, FeedChoice, FeedContent, FeedFormat, within};
use crate::date::Moment;
use crate::identity::feed_id;
use crate::library::{LeafId, Library};
use crate::url::{UrlPath, slugify};

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
    /// When an entry last left it by expiring.
    pub expiry: Option<Moment>,
    /// How much of an article it carries.
    pub content: FeedContent,
    /// Its formats, with the path of each.
    pub formats: Vec<(FeedFormat, UrlPath)>,
}

/// Plans the feeds of everything that has articles.
pub(super) fn plan(library: &Library, config: &Config) -> Vec<PlannedFeed> {
    let mut feeds = Vec::new();
    let none = FeedChoice::default();
    let mut add = |of, what: What<'_>, choice, is_of: IsOf<'_>| {
        feeds.extend(feed(of, what, choice, library, config, is_of));
    };
    let root = library.sections.first().map(|root| &root.articles);
    if let Some(articles) = root.filter(|_| config.feeds.site) {
        let id = feed_id(&config.authority, "site", "");
        let what = What { id, title: config.title.clone(), home: &UrlPath::root(), articles };
        add(FeedOf::Site, what, &none, &|_, _| true);
    }
    for (at, section) in library.sections.iter().enumerate().filter(|(_, s)| !s.settled.folder.is_empty()) {
        let own = section.settled.document.as_ref().and_then(|document| document.front.feeds.as_deref());
        let choice = own.unwrap_or(&none);
        if !choice.on.unwrap_or(config.feeds.sections) {
            continue;
        }
        let folder = &section.settled.folder;
        let id = feed_id(&config.authority, "section", folder);
        let title = format!("{}: {}", config.title, section.settled.title);
        let what = What { id, title, home: &section.settled.path, articles: &section.articles };
        add(FeedOf::Section(at), what, choice, &|section, _| within(section, folder));
    }
    for (at, taxonomy) in library.taxonomies.iter().enumerate() {
        let choice = &taxonomy.rules.feeds;
        if !choice.on.unwrap_or(config.feeds.terms) {
            continue;
        }
        for (number, term) in taxonomy.terms.iter().enumerate() {
            let name = &taxonomy.rules.name;
            let id = feed_id(&config.authority, name, &term.slug);
            let title = format!("{}: {}", config.title, term.name);
            let what = What { id, title, home: &term.path, articles: &term.articles };
            add(FeedOf::Term(at, number), what, choice, &|_, terms| {
                let own = terms.iter().filter(|(taxonomy, _)| taxonomy == name);
                own.flat_map(|(_, terms)| terms).any(|own| slugify(own, config.slugs) == term.slug)
            });
        }
    }
    feeds
}

/// Says of a section and of terms as written, by taxonomy, whether a feed is theirs.
type IsOf<'a> = &'a dyn Fn(&str, &[(String, Vec<String>)]) -> bool;

/// What a feed is made of.
struct What<'a> {
    id: String,
    title: String,
    home: &'a UrlPath,
    articles: &'a [LeafId],
}

fn feed(
    of: FeedOf,
    what: What<'_>,
    choice: &FeedChoice,
    library: &Library,
    config: &Config,
    is_of: IsOf<'_>,
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
            (*format, what.home.join(name))
        })
        .collect();
    if what.articles.is_empty() || formats.is_empty() {
        return None;
    }
    let articles: Vec<LeafId> = what.articles.iter().take(limit).copied().collect();
    Some(PlannedFeed {
        of,
        id: what.id,
        title: what.title,
        home: what.home.clone(),
        expiry: library.last_expiry(&articles, limit, is_of),
        articles,
        content: choice.content.unwrap_or(rules.content),
        formats,
    })
}
