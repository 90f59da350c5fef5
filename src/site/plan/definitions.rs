//! The feeds that a site may have: what its sections, taxonomies and `site.toml` define.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use super::FeedOf;
use crate::config::{Config, CustomFeed, FeedChoice, FeedFormat, SiteLanguage, within};
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
    /// The number of the language in which it is rendered.
    pub edition: usize,
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
                FeedOf::Site(0) => (*kind).to_owned(),
                FeedOf::Site(_) | FeedOf::Section(_) | FeedOf::Custom(_) => format!("{kind}/{what}"),
                FeedOf::Term(..) | FeedOf::PastTerm(_) => format!("term/{kind}/{what}"),
            },
            of,
            minted_of,
            name,
            title: String::new(),
            description: None,
            image: None,
            edition: 0,
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
        // A custom feed has its own settings, whatever its language.
        let choice = match self.of {
            FeedOf::Custom(_) => choice,
            _ => choice.over(&config.languages[self.edition].feeds.choice),
        };
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
    let has_feed = |one: &SiteLanguage| one.feeds.site.unwrap_or(rules.site);
    for (at, language) in config.languages.iter().enumerate().filter(|(_, one)| has_feed(one)) {
        let home = library.section(config.folder_of_language(at)).filter(|home| home.settled.has_feed);
        let Some(home) = home else { continue };
        // The site's feed has the whole history if archives are enabled at all; other feeds only where they ask for it.
        let mut choice = match at {
            0 => FeedChoice { id: rules.id.clone(), aliases: rules.aliases.clone(), ..FeedChoice::default() },
            _ => home.settled.feeds.clone(),
        };
        let said = &language.feeds.choice;
        choice.id = choice.id.or_else(|| said.id.clone());
        choice.aliases.extend(said.aliases.iter().cloned());
        choice.archives = Some(said.archives.unwrap_or(rules.archives));
        let minted_of = ("site", config.folder_of_language(at).to_owned());
        let of = FeedOf::Site(at);
        let articles = of_site(library, fed(library, &home.articles, &home.settled.folder, config));
        let one = Definition::new(of, minted_of, &language.title, language.home.clone(), articles);
        let description = (at > 0).then(|| language.description.clone()).filter(|text| !text.is_empty());
        let tag = (at > 0).then(|| language.tag.clone());
        let title = language.title.clone();
        let one = Definition { title, name: "", description, edition: at, language: tag, ..one };
        all.push(one.with(choice, config));
    }
    let is_home = |folder: &str| folder.is_empty() || config.is_language_folder(folder);
    let sections = library.sections.iter().enumerate().filter(|(_, one)| !is_home(&one.settled.folder));
    all.extend(sections.filter_map(|(at, section)| of_section(at, section, library, config)));
    for (at, taxonomy) in library.taxonomies.iter().enumerate() {
        let edition = at / config.taxonomies.len().max(1);
        let usual = config.languages[edition].feeds.terms;
        // A language without feeds of terms has none, whatever its taxonomies say.
        if usual != Some(false) && taxonomy.rules.feeds.on.or(usual).unwrap_or(rules.terms) {
            all.extend(of_terms((at, edition), taxonomy, library, config));
            all.extend(of_past_terms((at, edition), taxonomy, config, past));
        }
    }
    for (at, custom) in rules.custom.iter().enumerate() {
        let articles = select(library, custom, config);
        let edition = match custom.languages.as_slice() {
            [only] => config.language_named(only).unwrap_or(0),
            _ => 0,
        };
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
            // The feed of one language is on its host.
            folder: config.on_host(config.folder_of_language(edition), custom.path.clone()),
            language: custom.language.clone(),
            edition,
            selection: Some(digest_of(custom)),
            articles: articles.into(),
            ..one
        };
        all.push(one.with(custom.choice.clone(), config));
    }
    all
}

/// Those of `articles`, which the section `folder` has, that are in its feed.
fn fed<'a>(library: &Library, articles: &'a [LeafId], folder: &str, config: &Config) -> Cow<'a, [LeafId]> {
    let language = config.language_of(folder);
    // Articles without a translation are in the feeds of their own language.
    let is_fed = |id: &LeafId| {
        let leaf = library.leaf(*id);
        leaf.is_in_feeds() && config.language_of(&leaf.section) == language
    };
    match (library.has_unfed || language > 0) && !articles.iter().all(is_fed) {
        true => articles.iter().copied().filter(is_fed).collect(),
        false => articles.into(),
    }
}

/// Those of `articles` that are in the site's feed: sections can keep theirs to their own.
fn of_site<'a>(library: &Library, articles: Cow<'a, [LeafId]>) -> Cow<'a, [LeafId]> {
    let apart = apart(library);
    if apart.is_empty() {
        return articles;
    }
    let is_apart = |id: &LeafId| apart.iter().any(|folder| within(&library.leaf(*id).section, folder));
    articles.iter().copied().filter(|id| !is_apart(id)).collect()
}

/// The folders of the sections whose articles are not in the site's feed.
pub(super) fn apart(library: &Library) -> Vec<&str> {
    let apart = library.sections.iter().filter(|one| one.settled.feeds.in_site == Some(false));
    apart.map(|one| &*one.settled.folder).collect()
}

fn of_section<'a>(
    at: usize,
    section: &'a Section,
    library: &Library,
    config: &'a Config,
) -> Option<Definition<'a>> {
    let settled = &section.settled;
    let front = settled.document.as_ref().map(|document| &document.front);
    let choice = settled.feeds.clone();
    let edition = config.language_of(&settled.folder);
    let usual = config.languages[edition].feeds.sections.unwrap_or(config.feeds.sections);
    let is_on = settled.has_feed && !settled.is_unlisted && choice.on.unwrap_or(usual);
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
        fed(library, &section.articles, &settled.folder, config),
    );
    let one = Definition {
        // Listeners look for a show by its own name, not by the site's.
        title: match podcast {
            true => settled.title.clone(),
            false => format!("{}: {}", config.languages[edition].title, settled.title),
        },
        description: front.and_then(|front| front.summary.clone()),
        language: settled.lang.clone(),
        edition,
        ..one
    };
    let limit = choice.limit.or(podcast.then_some(EPISODES));
    Some(one.with(FeedChoice { limit, ..choice }, config))
}

fn of_terms<'a>(
    (at, edition): (usize, usize),
    taxonomy: &'a Taxonomy,
    library: &'a Library,
    config: &'a Config,
) -> impl Iterator<Item = Definition<'a>> {
    taxonomy.terms.iter().enumerate().map(move |(number, term)| {
        let (of, minted_of) =
            (FeedOf::Term(at, number), (taxonomy.rules.name.as_str(), subject(edition, &term.slug, config)));
        let one = Definition::new(
            of,
            minted_of,
            &term.name,
            term.path.clone(),
            fed(library, &term.articles, config.folder_of_language(edition), config),
        );
        let title = format!("{}: {}", config.languages[edition].title, term.name);
        // The old site had one language's terms there.
        let old = taxonomy.rules.feed_aliases.iter().filter(|_| edition == 0);
        let slug = term.path.as_str().trim_end_matches('/').rsplit('/').next().unwrap_or(&term.slug);
        let aliases = old.filter_map(|alias| alias.fill(slug, &term.name).ok()).collect();
        Definition { title, edition, language: tag_of(edition, config), ..one }
            .with(FeedChoice { aliases, ..taxonomy.rules.feeds.clone() }, config)
    })
}

/// The name of a term in the ledger: its slug, in other languages than the site's own after the key of the language.
fn subject(edition: usize, slug: &str, config: &Config) -> String {
    match config.folder_of_language(edition) {
        "" => slug.to_owned(),
        key => format!("{key}/{slug}"),
    }
}

/// The tag of a language other than the site's own.
fn tag_of(edition: usize, config: &Config) -> Option<String> {
    (edition > 0).then(|| config.languages[edition].tag.clone())
}

/// The terms that had a feed and no longer have articles. The feed of a term that has another slug now is that term's.
fn of_past_terms<'a>(
    (at, edition): (usize, usize),
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
        let what = record.feed.strip_prefix("term/")?.strip_prefix(name)?.strip_prefix('/')?;
        let slug = match (config.folder_of_language(edition), what.split_once('/')) {
            ("", None) => what,
            (folder, Some((language, slug))) if language == folder => slug,
            _ => return None,
        };
        let is_new = |slug: &&str| !past.has_feed(&format!("term/{name}/{}", subject(edition, slug, config)));
        if there.contains(slug) || by_name.get(record.title.as_str()).is_some_and(is_new) {
            return None;
        }
        let front = || config.languages[edition].home.clone();
        let home = if taxonomy.terms.is_empty() { front() } else { taxonomy.path.clone() };
        let minted_of = (name, what.to_owned());
        let one = Definition::new(FeedOf::PastTerm(at), minted_of, &record.title, home, Cow::default());
        let title = format!("{}: {}", config.languages[edition].title, record.title);
        let folder = taxonomy.path.join(&format!("{slug}/"));
        Some(
            Definition { title, folder, edition, language: tag_of(edition, config), ..one }
                .with(taxonomy.rules.feeds.clone(), config),
        )
    })
}

/// Digest of the selection of a custom feed.
fn digest_of(custom: &CustomFeed) -> Digest {
    let mut text = format!("{:?}", custom.selection);
    if !custom.languages.is_empty() {
        text.push_str(&format!(" in {:?}", custom.languages));
    }
    Digest::of(text.as_bytes())
}

/// The articles of `custom`, newest first.
fn select(library: &Library, custom: &CustomFeed, config: &Config) -> Vec<LeafId> {
    let selection = &custom.selection;
    let slugs: Vec<(usize, HashSet<String>)> = selection
        .terms
        .iter()
        .filter_map(|(name, terms)| {
            let at = config.taxonomies.iter().position(|rules| rules.name == *name)?;
            Some((at, terms.iter().map(|term| slugify_term(term, config.slugs)).collect()))
        })
        .collect();
    if slugs.len() < selection.terms.len() {
        return Vec::new();
    }
    let fits = |id: &LeafId| {
        let section = || match library.own_section(*id) {
            Some(section) => &*section.settled.folder,
            None => &*library.leaf(*id).section,
        };
        let has_section = || {
            custom.has_language(config.language_of(section()), config)
                && selection.has_section(config.without_language(section()))
        };
        library.leaf(*id).is_in_feeds()
            && library
                .published_at(*id)
                .is_some_and(|published| selection.has_time(&published) && has_section())
            && slugs.iter().all(|(at, slugs)| {
                library.term_numbers(*id).any(|(taxonomy, term)| {
                    library.kind_of(taxonomy) == *at
                        && slugs.contains(&library.taxonomies[taxonomy].terms[term].slug)
                })
            })
    };
    library.article_ids().filter(fits).collect()
}
