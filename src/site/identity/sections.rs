//! Sections: the folders of `content/`, each with its path and the fields that its articles inherit.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono_tz::Tz;
use rayon::prelude::*;

use super::docs::DocsRules;
use super::{Source, State, Terms};
use crate::config::{Config, FeedChoice, FrontKind, ListStyle, Order, RawHtml};
use crate::model::date::{Moment, in_path};
use crate::model::diagnostics::{Place, Problem};
use crate::model::digest::{Digest, Fingerprinter};
use crate::model::url::{UrlPath, percent_decode, slugify, slugify_term};
use crate::source::{
    Document, FrontMatter, Placed, Placement, Role, WrittenDate, is_held_folder, stem_of_source,
};

/// A section with everything decided that does not depend on its articles.
#[derive(Debug, Clone)]
pub struct SectionRow {
    /// Its folder below `content/`; empty for the root.
    pub folder: Arc<str>,
    /// `_index.md`, if there is one.
    pub document: Option<Box<Document>>,
    /// The title, plain text.
    pub title: String,
    /// The language of its page and feed, if this section or one around it names one (BCP 47).
    pub lang: Option<String>,
    /// Its path on the site.
    pub path: UrlPath,
    /// `weight`: its place among the sections around it.
    pub weight: i64,
    /// `feeds`: the settings of its feed.
    pub feeds: FeedChoice,
    /// Fields that its articles inherit: its own `cascade` merged over those of the sections around it.
    pub cascade: Arc<FrontMatter>,
    /// `cascade` is not empty.
    pub hands_down: bool,
    /// Digest of `cascade`.
    pub inherited: Digest,
    /// Digest of the settings and of every field here that affects how its articles are settled.
    pub stands_for: Digest,
    /// The zone of dates without an offset, if this section or one around it names one.
    pub timezone: Option<Tz>,
    /// The languages of dates in wire articles that this section or one around it names.
    pub languages: Box<[String]>,
    /// The source of the `dated = true` that applies here.
    pub dated: Option<String>,
    /// True if its articles are news: this section or one around it has `news = true`.
    pub news: bool,
    /// `sort`, also one that it inherits: the order of its list.
    pub sort: Option<Placed<Order>>,
    /// `page_size`, also one that it inherits.
    pub page_size: Option<usize>,
    /// `front`, also one that it inherits: how the first page of its list looks.
    pub front: FrontKind,
    /// `list_style`, also one that it inherits, else that of the site.
    pub list_style: ListStyle,
    /// False if it has no feed of its own, by `feed` here or in a `cascade` around it.
    pub has_feed: bool,
    /// It has a page, and is in no list, feed, sitemap or search.
    pub is_unlisted: bool,
    /// `layout` and `[docs]`, also those that it inherits.
    pub docs: DocsRules,
    /// Fields of `extra` by which its list, or a list around it, is sorted.
    pub extras: Vec<String>,
    /// The state of this section, or of one around it that is not public: then none of its content is.
    pub state: State,
    /// The date from which on its content is public, if that is still to come.
    pub opens: Option<Moment>,
    /// The date from which on its content is no longer public.
    pub closes: Option<Moment>,
}

impl SectionRow {
    /// True if none of its content is shown.
    pub fn is_held(&self) -> bool {
        self.state != State::Live
    }
}

/// Settles the sections of all `sources`, parents before their children. Moves the documents that describe sections out
/// of `sources`.
pub fn sections(
    sources: &mut Vec<Source>,
    config: &Config,
    terms: &Terms<'_>,
    problems: &mut Vec<Problem>,
) -> BTreeMap<String, SectionRow> {
    let mut described = Described::of(config);
    let leaves = sources.par_iter().filter(|source| source.document().role == Role::Leaf);
    let mut folders: Vec<&str> = leaves
        .map(|source| match source {
            Source::New(document) => section_of(document.stem(), config),
            Source::Known(settled) => &settled.section,
        })
        .collect();
    // Neighbouring sources are mostly in one folder.
    folders.dedup();
    folders.into_iter().for_each(|folder| described.folder(folder));
    let indexes = sources.extract_if(.., |source| source.document().role == Role::Section);
    indexes.for_each(|source| described.index(source.into_document().into_whole()));
    described.settle(config, terms, problems)
}

/// Settles the sections of `folders`, and those that `indexes` describe.
pub fn sections_of<'a>(
    folders: impl Iterator<Item = &'a str>,
    indexes: Vec<Box<Document>>,
    config: &Config,
    terms: &Terms<'_>,
    problems: &mut Vec<Problem>,
) -> BTreeMap<String, SectionRow> {
    let mut described = Described::of(config);
    folders.for_each(|folder| described.folder(folder));
    indexes.into_iter().for_each(|index| described.index(index));
    described.settle(config, terms, problems)
}

/// Sections by their folders, with the documents that describe some of them.
struct Described(BTreeMap<String, Option<Box<Document>>>);

impl Described {
    /// The front page of the site, and those of languages that show articles of the site's own.
    fn of(config: &Config) -> Described {
        let with_fallback = config.languages.iter().filter(|one| one.has_fallback);
        let folders = with_fallback.map(|one| (one.key.clone(), None));
        Described(folders.chain([(String::new(), None)]).collect())
    }

    /// Adds a folder and the folders around it.
    fn folder(&mut self, mut folder: &str) {
        while !folder.is_empty() && !self.0.contains_key(folder) {
            self.0.insert(folder.to_owned(), None);
            folder = parent(folder);
        }
    }

    /// Adds the document that describes a section.
    fn index(&mut self, index: Box<Document>) {
        let folder = index.stem().to_owned();
        self.folder(parent(&folder));
        self.0.insert(folder, Some(index));
    }

    fn settle(
        self,
        config: &Config,
        terms: &Terms<'_>,
        problems: &mut Vec<Problem>,
    ) -> BTreeMap<String, SectionRow> {
        let mut all = self.0;
        for folder in mirrored(&all, config) {
            all.entry(folder).or_default();
        }
        let mut settled: BTreeMap<String, SectionRow> = BTreeMap::new();
        // A section in another language has what it does not say from the same section in the site's own.
        let (own, others): (Vec<_>, Vec<_>) =
            all.into_iter().partition(|(folder, _)| config.language_of(folder) == 0);
        for (folder, document) in own.into_iter().chain(others) {
            let section = settle_one(&folder, document, &settled, config, terms, problems);
            settled.insert(folder, section);
        }
        settled
    }
}

/// The folders of `all` in the languages that show articles of the site's own.
fn mirrored(all: &BTreeMap<String, Option<Box<Document>>>, config: &Config) -> Vec<String> {
    let with_fallback = (1..config.languages.len()).filter(|at| config.languages[*at].has_fallback);
    let own = || all.keys().filter(|folder| config.language_of(folder) == 0);
    with_fallback.flat_map(|at| own().map(move |folder| config.folder_in(at, folder))).collect()
}

/// True if the folder at the path `base` is that of a taxonomy, so that folders in it describe terms.
fn is_of_taxonomy(base: &str, language: usize, config: &Config) -> bool {
    let home = config.languages[language].home.as_str();
    let below = base.strip_prefix(home).unwrap_or_default();
    config.taxonomies.iter().any(|rules| below.trim_end_matches('/') == rules.path)
}

fn settle_one(
    folder: &str,
    mut document: Option<Box<Document>>,
    above: &BTreeMap<String, SectionRow>,
    config: &Config,
    terms: &Terms<'_>,
    problems: &mut Vec<Problem>,
) -> SectionRow {
    let language = config.language_of(folder);
    let original = if language == 0 { None } else { above.get(config.without_language(folder)) };
    let above = if folder.is_empty() { None } else { above.get(parent(folder)) };
    let raw_html = raw_html(document.as_deref_mut(), [original, above]);
    let front = document.as_ref().map(|document| &document.front);
    let mut cascade = front.and_then(|front| front.cascade.as_deref().cloned()).unwrap_or_default();
    cascade.raw_html = cascade.raw_html.max(raw_html);
    // The texts of a section are in its language.
    cascade.lang = cascade.lang.or_else(|| front?.lang.clone());
    if language > 0 {
        cascade.lang = cascade.lang.or_else(|| Some(config.languages[language].tag.clone()));
    }
    for around in original.into_iter().chain(above) {
        cascade.under(&around.cascade);
    }
    let lang = front.and_then(|front| front.lang.clone()).or_else(|| cascade.lang.clone());
    let placement = placement(front, [original, above].into_iter().flatten());
    if placement.unlisted.or(original.map(|original| original.is_unlisted)) == Some(true) {
        cascade.placement.get_or_insert_default().unlisted.get_or_insert(true);
    }
    let extras = extras(&placement, above, config);
    let is_original_draft = original.is_some_and(|original| original.state == State::Draft);
    let name = folder.rsplit('/').next().unwrap_or_default();
    // The text of a section inherits like the texts in it.
    let is_draft_by_cascade = front.is_some() && above.is_some_and(|above| above.cascade.draft == Some(true));
    // Articles of a withdrawn section have no reason of their own to show.
    let is_draft = front.is_some_and(|front| front.draft == Some(true) || front.withdrawn.is_some())
        || (is_held_folder(name) || is_original_draft || is_draft_by_cascade)
            && front.is_none_or(|front| front.draft != Some(false));
    if is_draft {
        cascade.draft = Some(true);
    }
    let of_language = config.languages[language].timezone.filter(|_| config.is_language_folder(folder));
    let timezone = front.and_then(|front| front.timezone).or(of_language);
    let timezone = timezone.or(above.and_then(|above| above.timezone));
    let languages: Box<[String]> = match front.map(FrontMatter::languages).filter(|own| !own.is_empty()) {
        Some(own) => own.into(),
        // Dates of wire articles have the words of their language.
        None if language > 0 && config.is_language_folder(folder) => {
            [config.languages[language].tag.clone()].into()
        }
        None => above.map(|above| above.languages.clone()).unwrap_or_default(),
    };
    let zone = timezone.or(config.timezone).unwrap_or(Tz::UTC);
    let mut moment = |date: &WrittenDate| {
        let resolved = date.written.resolve(zone, config.dates.ambiguous);
        resolved.map_err(|error| problems.push(Problem::new(error, date.place.clone()))).ok()
    };
    let dates = front.iter().flat_map(|front| front.published());
    let dates: Vec<Moment> = dates.filter_map(&mut moment).collect();
    let expires = front.and_then(|front| front.expires()).and_then(&mut moment);
    let expires = expires.map(|moment| moment.rounded_up());
    let to_come = |date: &Moment| date.passed() > terms.now && !terms.allowances.future;
    let dates = dates.into_iter().chain(above.and_then(|above| above.opens));
    let opens = dates.filter(to_come).max_by_key(Moment::passed);
    let closes = expires.into_iter().chain(above.and_then(|above| above.closes)).min_by_key(Moment::instant);
    let state = match above.map_or(State::Live, |above| above.state) {
        State::Draft => State::Draft,
        _ if is_draft && !terms.allowances.drafts => State::Draft,
        _ if closes.is_some_and(|closes| closes.instant() <= terms.now) => State::Expired,
        _ if opens.is_some() => State::Scheduled,
        _ => State::Live,
    };
    let is_home = folder.is_empty() || config.is_language_folder(folder);
    let own_title = front.and_then(|front| front.title.clone());
    let title = own_title.unwrap_or_else(|| match original {
        _ if is_home => config.languages[language].title.clone(),
        Some(original) => original.title.clone(),
        None => super::settle::readable(name),
    });
    let default_path = || {
        let base = above.map_or("/", |above| above.path.as_str());
        let slug = match front.and_then(|front| front.slug.as_ref()) {
            Some(slug) => percent_decode(slug.value.trim_matches('/')),
            None if is_of_taxonomy(base, language, config) => slugify_term(name, config.slugs),
            None => slugify(name, config.slugs),
        };
        match is_home {
            true => config.languages[language].home.as_str().to_owned(),
            false => format!("{base}{slug}/"),
        }
    };
    let written = front.and_then(|front| front.path.as_ref());
    let wanted = written.map_or_else(default_path, |path| format!("/{}/", path.value.trim_matches('/')));
    let wanted = wanted.replace("//", "/");
    let parsed = if written.is_some() { UrlPath::from_address(&wanted) } else { UrlPath::parse(&wanted) };
    let path = parsed.unwrap_or_else(|error| {
        let place = written.map_or_else(
            || {
                document
                    .as_ref()
                    .map_or_else(|| Place::file(format!("content/{folder}")), |d| Place::file(d.name.clone()))
            },
            |path| path.place.clone(),
        );
        problems.push(Problem::new(error, place));
        UrlPath::root()
    });
    let path = config.on_host(folder, path);
    let dated = match front.and_then(|front| front.dated) {
        Some(true) => document.as_ref().map(|document| document.name.to_string()),
        Some(false) => None,
        None => original.or(above).and_then(|around| around.dated.clone()),
    };
    let news = front.and_then(|front| front.news);
    let news = news.unwrap_or(original.or(above).is_some_and(|around| around.news));
    let weight = front.and_then(|front| front.weight).map(i64::from);
    let feeds = front.and_then(|front| front.feeds.as_deref().cloned());
    let inherited = digest_of(&cascade);
    let mut hasher = Fingerprinter::default();
    hasher.bytes(terms.settings.bytes()).bytes(inherited.bytes()).value(path.as_str());
    let stands_for = hasher
        .value(format!("{timezone:?} {dated:?} {state:?} {closes:?} {extras:?} {languages:?}"))
        .finish();
    SectionRow {
        folder: folder.into(),
        title,
        lang,
        path,
        weight: weight.or(original.map(|original| original.weight)).unwrap_or(0),
        feeds: feeds.or_else(|| original.map(|one| one.feeds.in_language())).unwrap_or_default(),
        hands_down: inherited != digest_of(&FrontMatter::default()),
        cascade: Arc::new(cascade),
        inherited,
        stands_for,
        timezone,
        languages,
        dated,
        news,
        sort: placement.sort.or_else(|| original?.sort.clone()),
        page_size: placement.page_size.or(original.and_then(|original| original.page_size)),
        front: placement.front.or(original.map(|original| original.front)).unwrap_or(match is_home {
            true => config.front,
            false => FrontKind::List,
        }),
        list_style: placement
            .list_style
            .or(original.map(|original| original.list_style))
            .unwrap_or(config.list_style),
        has_feed: placement.feed.or(original.map(|original| original.has_feed)) != Some(false),
        is_unlisted: placement.unlisted.or(original.map(|original| original.is_unlisted)) == Some(true),
        docs: DocsRules::settle(
            document.as_ref().map(|document| &document.front),
            original,
            above,
            &config.source_urls,
        ),
        extras,
        state,
        opens,
        closes,
        document,
    }
}

/// The HTML that the texts of a section may have, its own text among them: what it says, or less by the sections `around`.
fn raw_html(document: Option<&mut Document>, around: [Option<&SectionRow>; 2]) -> Option<RawHtml> {
    let inherited = around.into_iter().flatten().filter_map(|one| one.cascade.raw_html).max();
    let Some(document) = document else { return inherited };
    let front = &mut document.front;
    let in_cascade = front.cascade.as_ref().and_then(|cascade| cascade.raw_html);
    front.raw_html = front.raw_html.max(in_cascade).max(inherited);
    front.raw_html
}

/// The fields of a section that decide where and how it is listed: its own, else those that it inherits from the sections
/// `around`, the nearest first.
fn placement<'a>(front: Option<&FrontMatter>, around: impl Iterator<Item = &'a SectionRow>) -> Placement {
    let mut own = front.and_then(|front| front.placement.clone());
    for around in around {
        Placement::under(&mut own, &around.cascade.placement);
    }
    own.map(|own| *own).unwrap_or_default()
}

/// The fields of `extra` by which the lists are sorted in which articles of a section are.
fn extras(placement: &Placement, above: Option<&SectionRow>, config: &Config) -> Vec<String> {
    let mut extras = match above {
        Some(above) => above.extras.clone(),
        None => config.listed_extras(),
    };
    let own = placement.sort.iter().flat_map(|sort| sort.value.extras());
    extras.extend(own.map(str::to_owned));
    extras.sort_unstable();
    extras.dedup();
    extras
}

fn digest_of(cascade: &FrontMatter) -> Digest {
    Digest::of(format!("{cascade:?}").as_bytes())
}

/// The section of the source whose path without extension is `stem`: its folder, without the folders of a date. The front
/// page of a language is in the language's own section.
pub fn section_of<'a>(stem: &'a str, config: &Config) -> &'a str {
    if config.is_language_folder(stem) {
        return stem;
    }
    match in_path(stem) {
        Some(dated) => dated.folder,
        None => parent(stem),
    }
}

/// The section of the article whose source was at this path below `content/`.
pub fn section_of_source(source: &str, config: &Config) -> String {
    section_of(&stem_of_source(source, config), config).to_owned()
}

fn parent(folder: &str) -> &str {
    folder.rsplit_once('/').map_or("", |(parent, _)| parent)
}
