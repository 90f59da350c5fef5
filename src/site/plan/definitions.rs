//! The feeds that a site may have: what its sections, taxonomies and `site.toml` define.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use super::FeedOf;
use crate::config::{Config, FeedChoice, FeedFormat, Selection};
use crate::model::digest::Digest;
use crate::model::url::{UrlPath, slugify_term};
use crate::site::ledger::Past;
use crate::site::library::{LeafId, Library, Section, Taxonomy};

/// Most episodes in the feed of a podcast. Directories know only the episodes in the feed.
const EPISODES: usize = 1000;

/// A feed as sections, taxonomies and `site.toml` define it.
pub(super) struct Definition<'a> {
    pub of: FeedOf,
    /// Its subject, as the ledger names it.
    pub subject: String,
    /// The kind and the name that its id is minted from.
    pub minted_of: (&'a str, String),
    /// The name of its section, term or selection.
    pub name: &'a str,
    pub title: String,
    pub description: Option<String>,
    pub image: Option<String>,
    /// Its language, if it is settled.
    pub language: Option<String>,
    pub home: UrlPath,
    /// The folder of its files.
    pub folder: UrlPath,
    /// Its file names; none for those of the site.
    pub names: &'a [String],
    pub articles: Cow<'a, [LeafId]>,
    /// Digest of a custom feed's selection.
    pub selection: Option<Digest>,
    pub choice: FeedChoice,
    pub formats: Vec<(FeedFormat, UrlPath)>,
}

impl<'a> Definition<'a> {
    fn new(
        of: FeedOf,
        minted_of: (&'a str, String),
        name: &'a str,
        home: UrlPath,
        articles: Cow<'a, [LeafId]>,
    ) -> Self {
        let (kind, what) = &minted_of;
        Definition {
            subject: match of {
                FeedOf::Site => (*kind).to_owned(),
                FeedOf::Section(_) | FeedOf::Custom(_) => format!("{kind}/{what}"),
                FeedOf::Term(..) | FeedOf::PastTerm(_) => format!("term/{kind}/{what}"),
            },
            of,
            minted_of,
            name,
            title: String::new(),
            description: None,
            image: None,
            language: None,
            folder: home.clone(),
            home,
            names: &[],
            articles,
            selection: None,
            choice: FeedChoice::default(),
            formats: Vec::new(),
        }
    }

    /// The same with `choice`, and with the formats that follow from it.
    fn with(self, choice: FeedChoice, config: &Config) -> Self {
        let formats = choice.formats.as_ref().unwrap_or(&config.feeds.formats);
        let formats =
            formats.iter().map(|format| (*format, self.folder.join(self.file_name(*format, config))));
        Definition { formats: formats.collect(), choice, ..self }
    }

    /// The file name of a format.
    pub fn file_name<'b>(&self, format: FeedFormat, config: &'b Config) -> &'b str
    where
        'a: 'b,
    {
        let names: &'b [String] = if self.names.is_empty() { &config.feeds.names } else { self.names };
        let at = match format {
            FeedFormat::Rss => 0,
            FeedFormat::Atom => 1,
            FeedFormat::Json => 2,
        };
        names.get(at).map_or(format.key(), String::as_str)
    }
}

/// All feeds that this site may have.
pub(super) fn definitions<'a>(
    library: &'a Library,
    config: &'a Config,
    past: &'a Past,
) -> Vec<Definition<'a>> {
    let rules = &config.feeds;
    let mut all = Vec::new();
    let root = library.sections.first().filter(|root| root.settled.has_feed);
    if let Some(articles) = root.map(|root| &root.articles).filter(|_| rules.site) {
        // The site's feed has the whole history if archives are enabled at all; other feeds only where they ask for it.
        let (id, aliases) = (rules.id.clone(), rules.aliases.clone());
        let choice = FeedChoice { archives: Some(rules.archives), id, aliases, ..FeedChoice::default() };
        let minted_of = ("site", String::new());
        let one =
            Definition::new(FeedOf::Site, minted_of, &config.title, UrlPath::root(), fed(library, articles));
        all.push(Definition { title: config.title.clone(), name: "", ..one }.with(choice, config));
    }
    let sections = library.sections.iter().enumerate().filter(|(_, one)| !one.settled.folder.is_empty());
    all.extend(sections.filter_map(|(at, section)| of_section(at, section, library, config)));
    for (at, taxonomy) in library.taxonomies.iter().enumerate() {
        if taxonomy.rules.feeds.on.unwrap_or(rules.terms) {
            all.extend(of_terms(at, taxonomy, library, config));
            all.extend(of_past_terms(at, taxonomy, config, past));
        }
    }
    for (at, custom) in rules.custom.iter().enumerate() {
        let articles = select(library, &custom.selection, config);
        let minted_of = ("custom", custom.name.clone());
        let one = Definition::new(
            FeedOf::Custom(at),
            minted_of,
            &custom.title,
            custom.home.clone(),
            Cow::default(),
        );
        let one = Definition {
            title: custom.title.clone(),
            description: custom.description.clone(),
            image: custom.image.clone(),
            names: &custom.names,
            folder: custom.path.clone(),
            language: custom.language.clone(),
            selection: Some(Digest::of(format!("{:?}", custom.selection).as_bytes())),
            articles: articles.into(),
            ..one
        };
        all.push(one.with(custom.choice.clone(), config));
    }
    all
}

/// Those of `articles` that are in feeds.
fn fed<'a>(library: &Library, articles: &'a [LeafId]) -> Cow<'a, [LeafId]> {
    let is_fed = |id: &LeafId| library.leaf(*id).is_in_feeds();
    match library.has_unfed && !articles.iter().all(is_fed) {
        true => articles.iter().copied().filter(is_fed).collect(),
        false => articles.into(),
    }
}

fn of_section<'a>(
    at: usize,
    section: &'a Section,
    library: &Library,
    config: &'a Config,
) -> Option<Definition<'a>> {
    let settled = &section.settled;
    let front = settled.document.as_ref().map(|document| &document.front);
    let choice = front.and_then(|front| front.feeds.as_deref()).cloned().unwrap_or_default();
    let is_on = settled.has_feed && !settled.is_unlisted && choice.on.unwrap_or(config.feeds.sections);
    if !is_on {
        return None;
    }
    let podcast = front.is_some_and(|front| front.podcast.is_some());
    let minted_of = ("section", settled.folder.to_string());
    let path = settled.path.clone();
    let one = Definition::new(
        FeedOf::Section(at),
        minted_of,
        &settled.title,
        path,
        fed(library, &section.articles),
    );
    let one = Definition {
        // Listeners look for a show by its own name, not by the site's.
        title: match podcast {
            true => settled.title.clone(),
            false => format!("{}: {}", config.title, settled.title),
        },
        description: front.and_then(|front| front.summary.clone()),
        language: settled.lang.clone(),
        ..one
    };
    let limit = choice.limit.or(podcast.then_some(EPISODES));
    Some(one.with(FeedChoice { limit, ..choice }, config))
}

fn of_terms<'a>(
    at: usize,
    taxonomy: &'a Taxonomy,
    library: &'a Library,
    config: &'a Config,
) -> impl Iterator<Item = Definition<'a>> {
    taxonomy.terms.iter().enumerate().map(move |(number, term)| {
        let (of, minted_of) = (FeedOf::Term(at, number), (taxonomy.rules.name.as_str(), term.slug.clone()));
        let one = Definition::new(of, minted_of, &term.name, term.path.clone(), fed(library, &term.articles));
        let title = format!("{}: {}", config.title, term.name);
        Definition { title, ..one }.with(taxonomy.rules.feeds.clone(), config)
    })
}

/// The terms that had a feed and no longer have articles. The feed of a term that has another slug now is that term's.
fn of_past_terms<'a>(
    at: usize,
    taxonomy: &'a Taxonomy,
    config: &'a Config,
    past: &'a Past,
) -> impl Iterator<Item = Definition<'a>> {
    let name = taxonomy.rules.name.as_str();
    let there: HashSet<&str> = taxonomy.terms.iter().map(|term| term.slug.as_str()).collect();
    let names = taxonomy.terms.iter().map(|term| (term.name.as_str(), term.slug.as_str()));
    let by_name: HashMap<&str, &str> = names.collect();
    let lasting = past.feeds.iter().filter(|record| record.gone.is_none());
    lasting.filter_map(move |record| {
        let slug = record.feed.strip_prefix("term/")?.strip_prefix(name)?.strip_prefix('/')?;
        let is_new = |slug: &&str| !past.has_feed(&format!("term/{name}/{slug}"));
        if there.contains(slug) || by_name.get(record.title.as_str()).is_some_and(is_new) {
            return None;
        }
        let home = if taxonomy.terms.is_empty() { UrlPath::root() } else { taxonomy.path.clone() };
        let minted_of = (name, slug.to_owned());
        let one = Definition::new(FeedOf::PastTerm(at), minted_of, &record.title, home, Cow::default());
        let title = format!("{}: {}", config.title, record.title);
        let folder = taxonomy.path.join(&format!("{slug}/"));
        Some(Definition { title, folder, ..one }.with(taxonomy.rules.feeds.clone(), config))
    })
}

/// The articles of `selection`, newest first.
fn select(library: &Library, selection: &Selection, config: &Config) -> Vec<LeafId> {
    let slugs: Vec<(usize, HashSet<String>)> = selection
        .terms
        .iter()
        .filter_map(|(name, terms)| {
            let at = library.taxonomies.iter().position(|taxonomy| taxonomy.rules.name == *name)?;
            Some((at, terms.iter().map(|term| slugify_term(term, config.slugs)).collect()))
        })
        .collect();
    if slugs.len() < selection.terms.len() {
        return Vec::new();
    }
    let fits = |id: &LeafId| {
        let has_section = || match library.own_section(*id) {
            Some(section) => selection.has_section(&section.settled.folder),
            None => selection.has_section(&library.leaf(*id).section),
        };
        library.leaf(*id).is_in_feeds()
            && library
                .published_at(*id)
                .is_some_and(|published| selection.has_time(&published) && has_section())
            && slugs.iter().all(|(at, slugs)| {
                library.term_numbers(*id).any(|(taxonomy, term)| {
                    taxonomy == *at && slugs.contains(&library.taxonomies[taxonomy].terms[term].slug)
                })
            })
    };
    library.article_ids().filter(fits).collect()
}
