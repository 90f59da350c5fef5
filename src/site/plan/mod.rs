//! The plan: every file of the output and its content, before a byte of any is rendered.
//!
//! 1. [`Plan::make`] lists the documents: pages of articles, of sections, terms and archives, feeds,
//!    redirects, assets.
//! 2. Two documents with one path are reported with both their sources ([`collisions`]), even if the paths differ in
//!    case or in Unicode normalisation.

mod cards;
mod collisions;
mod definitions;
mod error;
mod feeds;
mod lengths;
mod outputs;
mod owners;
mod pages;
mod pictures;
mod redirects;
mod roots;
mod search;
mod shows;
mod site;
mod sitemap;
mod subscriptions;
mod translations;

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

pub use cards::{CARD_PATHS, CARDS, Cards, PlannedCard};
use chrono::{DateTime, Utc};
use collisions::{Blame, Taken};
use error::PlanError;
pub use feeds::{FeedArchive, FeedOf, PlannedFeed};
pub use owners::Owned;
pub use pages::ListPage;
use pages::{section_pages, term_pages};
pub use pictures::{Original, Pictures, PlannedPicture, RENDITION_PATHS, RENDITIONS};
use rayon::prelude::*;
pub use redirects::Rule;
pub use roots::Roots;
pub use search::{SearchIndex, SearchTier};
pub use shows::{Kind, Shows, Subject};
pub use sitemap::{Sitemap, SitemapPage, news_end};
pub use subscriptions::{FeedEvent, FormerPath};
pub use translations::{Translation, Translations};

use crate::config::{Config, FeedFormat};
use crate::model::diagnostics::{Place, Problem};
use crate::model::url::UrlPath;
use crate::picture::Press;
use crate::site::identity::PlacedAsset;
use crate::site::ledger::{FeedRecord, Past};
use crate::site::library::{LeafId, Library};
use crate::source::Found;

/// Every file of the output.
#[derive(Debug)]
pub struct Plan {
    /// In no particular order; each has a path of its own.
    pub documents: Vec<Planned>,
    /// Feeds; each appears in `documents` once for each of its formats.
    pub feeds: Vec<PlannedFeed>,
    /// The feeds of the ledger after this build, sorted by subject.
    pub feed_records: Vec<FeedRecord>,
    /// Changes of feeds since the last publication that subscribers notice.
    pub feed_events: Vec<FeedEvent>,
    /// The tag authority of ids in Atom that are made of other ids.
    pub guid_authority: String,
    /// The sitemap; each part appears in `documents`.
    pub sitemap: Sitemap,
    /// The index of the search in each language, if there is one; each of its files appears in `documents`.
    pub search: Vec<SearchIndex>,
    /// Pictures that articles show; each of their variants appears in `documents`.
    pub pictures: Pictures,
    /// Cards of articles without a picture; each appears in `documents`.
    pub cards: Cards,
    /// Redirects that no file can make.
    pub rules: Vec<Rule>,
    /// Pages that are in several languages.
    pub translations: Translations,
    /// Resolves paths that authors write from the root.
    pub roots: Roots,
}

/// One file of the output.
#[derive(Debug, Clone)]
pub struct Planned {
    /// Its path.
    pub path: UrlPath,
    /// Its content.
    pub shows: Shows,
    /// Its source, for people.
    pub source: Arc<str>,
}

/// True if the first of two documents is newer than the second, so that it has to give way to it.
pub type IsNewer<'a> = &'a dyn Fn(Owned<'_>, &Planned, &Planned) -> bool;

/// Inputs of a plan, beside the library.
pub struct Inputs<'a> {
    /// Decides which of two documents with one path is at fault.
    pub is_newer: IsNewer<'a>,
    /// Earlier publications.
    pub past: &'a Past,
    /// Assets under `content/`.
    pub assets: &'a [PlacedAsset],
    /// Files under `static/`.
    pub files: &'a [Found],
    /// Paths of `files` that are not copied, because they are part of the style sheet.
    pub bundled: &'a [String],
    /// Names of the theme's files.
    pub theme: &'a [&'a str],
    /// Pictures that public documents show.
    pub pictures: Vec<Original>,
    /// The press that draws cards, where the site wants them.
    pub press: Option<&'a Press>,
}

impl Plan {
    /// Plans the output as of `now`. Collisions and impossible paths are pushed onto `problems`.
    pub fn make(
        library: &Library,
        config: &Config,
        mut inputs: Inputs<'_>,
        now: DateTime<Utc>,
        problems: &mut Vec<Problem>,
    ) -> Plan {
        let feeds::FeedPlan { feeds, records: feed_records, events: feed_events } =
            feeds::plan(library, config, inputs.past, now);
        let guid_authority = feeds::authority(inputs.past, config);
        let mut planner = Planner { config, documents: Vec::new(), problems };
        planner.leaves(library, library.by_name());
        planner.sections(library);
        planner.taxonomies(library);
        if config.archive {
            planner.archives(library);
        }
        planner.feeds(&feeds);
        planner.site(library, &feeds);
        let sitemap = sitemap::plan(&planner.documents, library, config, now);
        planner.sitemap(&sitemap);
        let search = search::plan(library, config);
        planner.search(library, &search);
        planner.copies(&inputs);
        let pictures = Pictures::plan(std::mem::take(&mut inputs.pictures), config);
        planner.pictures(&pictures);
        let cards = inputs.press.map(|press| Cards::plan(library, config, press, planner.problems));
        let cards = cards.unwrap_or_default();
        planner.cards(&cards);
        planner.implicit_sections(library);
        planner.outputs(library);
        let copies = planner.copies_for_hosts();
        let rules = planner.redirects(library, &feeds);
        let mut documents = planner.documents;
        let owned = Owned { library, feeds: &feeds, pictures: &pictures, cards: &cards };
        let blame = Blame { owned, is_newer: inputs.is_newer };
        collisions::report(&documents, &blame, problems);
        lengths::take_out(&mut documents, &config.hosting.compress, &blame, problems);
        let roots = Roots::new(&config.base_url, &documents, copies);
        let translations = Translations::of(&documents, library, config);
        Plan {
            documents,
            feeds,
            feed_records,
            feed_events,
            guid_authority,
            sitemap,
            search,
            pictures,
            cards,
            rules,
            translations,
            roots,
        }
    }
}

impl Plan {
    /// The parts of the plan that have documents.
    pub fn owned<'a>(&'a self, library: &'a Library) -> Owned<'a> {
        Owned { library, feeds: &self.feeds, pictures: &self.pictures, cards: &self.cards }
    }
}

struct Planner<'a> {
    config: &'a Config,
    documents: Vec<Planned>,
    problems: &'a mut Vec<Problem>,
}

impl Planner<'_> {
    fn add(&mut self, path: UrlPath, shows: Shows, source: impl Into<Arc<str>>) {
        self.documents.push(Planned { path, shows, source: source.into() });
    }

    /// Adds a document at the path `written`, which the program chose.
    fn add_at(&mut self, written: &str, shows: Shows, source: impl Into<Arc<str>>) {
        match UrlPath::parse(written) {
            Ok(path) => self.add(path, shows, source),
            Err(error) => self.problems.push(Problem::new(error, Place::file(source))),
        }
    }

    fn leaves(&mut self, library: &Library, ids: &[LeafId]) {
        let documents = ids.par_iter().map(|id| {
            let (path, source) = (library.leaf(*id).path.clone(), library.leaf(*id).name().clone());
            Planned { path, shows: Shows::Leaf(*id), source }
        });
        self.documents.par_extend(documents);
    }

    fn sections(&mut self, library: &Library) {
        let is_front = |one: &Planned| one.path == UrlPath::root() && matches!(one.shows, Shows::Leaf(_));
        let front_page = self.documents.iter().any(is_front);
        let config = self.config;
        let sections = library.sections.par_iter().enumerate();
        let sections = sections.filter(|(_, section)| !(front_page && section.settled.folder.is_empty()));
        self.documents.par_extend(sections.flat_map_iter(|(at, section)| {
            let settled = &section.settled;
            let source: Arc<str> = match &settled.document {
                Some(document) => document.name.clone(),
                None => format!("content/{}", settled.folder).into(),
            };
            section_pages(section, &settled.path, config).into_iter().map(move |page| {
                let path = page.path.clone();
                Planned { path, shows: Shows::Section(at, Box::new(page)), source: source.clone() }
            })
        }));
    }

    /// Leaves out the list of each folder without `_index.md` whose path another document has.
    fn implicit_sections(&mut self, library: &Library) {
        let sections = library.sections.iter().enumerate();
        let implicit: HashMap<String, usize> = sections
            .filter(|(_, section)| section.settled.document.is_none())
            .map(|(at, section)| (section.settled.path.folded().into_owned(), at))
            .collect();
        let is_list =
            |planned: &Planned, at: usize| matches!(planned.shows, Shows::Section(one, _) if one == at);
        let taken = self.documents.par_iter().filter_map(|planned| {
            let at = *implicit.get(&*planned.path.folded())?;
            let is_other = !matches!(planned.shows, Shows::Section(..));
            is_other.then(|| (at, planned.source.clone()))
        });
        // Of several documents at one path, the first by name; they are reported as a collision.
        let mut by_section: BTreeMap<usize, Arc<str>> = BTreeMap::new();
        for (at, source) in taken.collect::<Vec<_>>() {
            let first = by_section.entry(at).or_insert_with(|| source.clone());
            *first = source.min(first.clone());
        }
        if by_section.is_empty() {
            return;
        }
        self.documents.retain(|planned| !by_section.keys().any(|at| is_list(planned, *at)));
        for (at, other) in by_section {
            let settled = &library.sections[at].settled;
            let folder = format!("content/{}", settled.folder).trim_end_matches('/').to_owned();
            let inside = other.strip_prefix(&*folder).and_then(|rest| rest.strip_prefix("/index."));
            let remedy = match inside {
                Some(extension) => format!(
                    "rename it to `_index.{extension}` to describe the folder: its text then stands above the list"
                ),
                None => format!(
                    "nothing to do if that is meant; for both, add `{folder}/_index.md` with another `path`"
                ),
            };
            let (path, place) = (settled.path.to_string(), Place::file(other.clone()));
            let cause = PlanError::ImplicitFolder { path, folder, other: other.to_string(), remedy };
            self.problems.push(Problem::new(cause, place));
        }
    }

    fn taxonomies(&mut self, library: &Library) {
        for (at, taxonomy) in library.taxonomies.iter().enumerate() {
            if taxonomy.terms.is_empty() {
                continue;
            }
            let source: Arc<str> = format!("the taxonomy `{}`", taxonomy.rules.name).into();
            self.add(taxonomy.path.clone(), Shows::Taxonomy(at), source);
            let (config, terms) = (self.config, taxonomy.terms.par_iter().enumerate());
            self.documents.par_extend(terms.flat_map_iter(|(number, term)| {
                let source = format!("the term \u{201c}{}\u{201d} of `{}`", term.name, taxonomy.rules.name);
                let source: Arc<str> = source.into();
                term_pages(taxonomy, term, &term.path, config).into_iter().map(move |page| {
                    let path = page.path.clone();
                    Planned { path, shows: Shows::Term(at, number, Box::new(page)), source: source.clone() }
                })
            }));
        }
    }

    fn archives(&mut self, library: &Library) {
        let config = self.config;
        for (language, one) in config.languages.iter().enumerate() {
            if library.years.iter().any(|year| year.language == language) {
                let path = format!("{}archive/", one.home.as_str());
                self.add_at(&path, Shows::Archive(language), "the archive");
            }
        }
        for (at, year) in library.years.iter().enumerate() {
            let home = config.languages[year.language].home.as_str();
            self.add_at(&format!("{home}archive/{:04}/", year.year), Shows::Year(at), "the archive");
            for (number, month) in year.months.iter().enumerate() {
                let path = format!("{home}archive/{:04}/{:02}/", year.year, month.month);
                self.add_at(&path, Shows::Month(at, number), "the archive");
            }
        }
    }

    fn feeds(&mut self, feeds: &[PlannedFeed]) {
        for (at, feed) in feeds.iter().enumerate() {
            for (number, (_, path)) in feed.formats.iter().enumerate() {
                self.add(
                    path.clone(),
                    Shows::Feed(at, number),
                    format!("the feed \u{201c}{}\u{201d}", feed.title),
                );
            }
            // Those of terms come of a pattern, and give way.
            let aliases = feed.aliases.iter().filter(|_| !matches!(feed.of, FeedOf::Term(..)));
            for alias in aliases {
                let source = format!("the feed \u{201c}{}\u{201d}", feed.title);
                self.leads_on(at, feed, alias, source);
            }
            for (archive, part) in feed.archives.iter().enumerate() {
                for (number, path) in part.paths.iter().enumerate() {
                    let source = format!("the feed \u{201c}{}\u{201d}", feed.title);
                    self.add(path.clone(), Shows::FeedArchive(at, number, archive), source);
                }
            }
        }
    }

    /// Adds a document at an earlier path of the feed number `at`. A feed reader finds the feed itself there, a browser
    /// is sent on; the index of a folder does both, if it is XML.
    fn leads_on(&mut self, at: usize, feed: &PlannedFeed, former: &FormerPath, source: String) {
        let is_page = former.path.as_str().ends_with('/') || former.path.as_str().ends_with(".html");
        let shows = match former.format.map(|number| (number, feed.formats.get(number))) {
            Some((_, Some((FeedFormat::Json, path)))) if is_page => Shows::Redirect(path.clone()),
            Some((number, Some(_))) => Shows::FeedAlias(at, number),
            _ => Shows::Redirect(feed.home.clone()),
        };
        self.add(former.path.clone(), shows, source);
    }

    /// Adds documents at the earlier paths of feeds, and of the pages of their lists.
    fn former_of_feeds(&mut self, library: &Library, feeds: &[PlannedFeed], taken: &mut Taken) {
        for (at, feed) in feeds.iter().enumerate() {
            let list = |path: &UrlPath| match feed.of {
                FeedOf::Section(at) => Some(section_pages(&library.sections[at], path, self.config)),
                FeedOf::Term(taxonomy, term) => {
                    let taxonomy = &library.taxonomies[taxonomy];
                    Some(term_pages(taxonomy, &taxonomy.terms[term], path, self.config))
                }
                FeedOf::Site(_) | FeedOf::PastTerm(_) | FeedOf::Custom(_) => None,
            };
            for alias in feed.aliases.iter().filter(|_| matches!(feed.of, FeedOf::Term(..))) {
                if taken.may_add(&alias.path, self.documents.len()) {
                    self.leads_on(at, feed, alias, format!("the feed \u{201c}{}\u{201d}", feed.title));
                }
            }
            let new = list(&feed.home);
            for former in &feed.former {
                let source = || format!("the feed \u{201c}{}\u{201d}", feed.title);
                let pages = new.as_ref().filter(|_| former.format.is_none()).zip(list(&former.path));
                let Some((new, old)) = pages else {
                    if former.format.is_some() && taken.may_add(&former.path, self.documents.len()) {
                        self.leads_on(at, feed, former, source());
                    }
                    continue;
                };
                for (old, new) in old.into_iter().zip(new) {
                    if taken.may_add(&old.path, self.documents.len()) {
                        self.add(old.path, Shows::Redirect(new.path.clone()), source());
                    }
                }
            }
        }
    }

    fn pictures(&mut self, pictures: &Pictures) {
        for (at, picture) in pictures.list.iter().enumerate() {
            for (number, (_, path)) in picture.variants.iter().enumerate() {
                self.add(path.clone(), Shows::Picture(at, number), picture.original.name.clone());
            }
        }
    }

    fn cards(&mut self, cards: &Cards) {
        for (at, card) in cards.list.iter().enumerate() {
            self.add(card.path.clone(), Shows::Card(at), "the card of an article");
        }
    }

    fn copies(&mut self, inputs: &Inputs<'_>) {
        for asset in inputs.assets.iter().filter(|asset| asset.live) {
            let shows = Shows::Copy(asset.name.clone(), Box::new(asset.stamp));
            self.add(asset.path.clone(), shows, asset.name.clone());
        }
        // A file of the publisher replaces one that the program would generate.
        let is_copied = |file: &&Found| !inputs.bundled.iter().any(|path| path == file.path());
        let files: Vec<&Found> = inputs.files.iter().filter(is_copied).collect();
        let own = |path: &str| files.iter().any(|file| file.path() == path);
        if own("robots.txt") {
            self.documents.retain(|document| !matches!(document.shows, Shows::Robots(_)));
        }
        if own("_headers") {
            self.documents.retain(|document| !matches!(document.shows, Shows::Headers(_)));
        }
        for (at, name) in inputs.theme.iter().enumerate() {
            let path = format!("/{name}");
            let is_asset = inputs.assets.iter().any(|asset| asset.live && asset.path.as_str() == path);
            if !own(name) && !is_asset {
                self.add_at(&path, Shows::Theme(at), "the theme");
            }
        }
        for file in files {
            let shows = Shows::Copy(file.name.clone(), Box::new(file.stamp));
            self.add_at(&format!("/{}", file.path()), shows, file.name.clone());
        }
    }
}
