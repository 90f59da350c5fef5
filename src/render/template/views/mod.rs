//! Views: the read-only values for templates.
//!
//! Each value is made once and shared; cloning one is cheap. All keys are always present: a missing value is `none`, an
//! empty text or an empty list. `content/docs/reference/templates.md` describes the values for people.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::iter;
use std::sync::{Mutex, PoisonError};

use tera::value::Key;
use tera::{Map, Value};

use super::digest_of;
use crate::config::{Config, ListRules};
use crate::model::digest::{Digest, Fingerprinter};
use crate::model::metadata;
use crate::model::url::UrlPath;
use crate::site::identity::{Row, State};
use crate::site::library::{LeafId, Library, Section, Term};
use crate::site::plan::Roots;

/// The names of the values that all templates get.
pub const SHARED: [&str; 7] = ["site", "sections", "taxonomies", "recent", "featured", "archive", "lists"];

/// Number of articles in `recent`.
const RECENT: usize = 10;

/// Makes a map of the given keys and values, in this order.
macro_rules! map {
    ($($entries:tt)*) => { Value::from(entries!($($entries)*)) };
}

macro_rules! entries {
    ($($key:literal => $value:expr),* $(,)?) => {{
        let mut fields = $crate::render::template::views::Fields::with_capacity([$($key),*].len());
        $( fields.set($key, Value::from($value)); )*
        fields
    }};
}

mod card;
mod data;
mod docs;
mod feeds;
mod fields;
mod front;
mod languages;
mod masthead;
mod picture;
mod tables;
mod terms;
mod years;

pub use card::{Beside, summary};
pub use data::from_data;
pub use docs::DocsPage;
pub use feeds::FeedLink;
pub use fields::{Fields, view};
use languages::LanguageParts;
pub use masthead::{Frame, SheetLink};
pub use picture::{Lookup, Shown, Social};
pub use tables::framed;

/// The values that several pages share, made once.
pub struct Views<'a> {
    config: &'a Config,
    roots: &'a Roots,
    frame: &'a Frame<'a>,
    library: &'a Library,
    pictures: &'a Lookup<'a>,
    sections: Vec<Value>,
    /// Digest of each section as cards show it.
    section_digests: Vec<Digest>,
    home: Value,
    language: Value,
    languages: Vec<LanguageParts>,
    /// The words of each language, by tag.
    words: Mutex<BTreeMap<String, Value>>,
    taxonomies: Vec<TaxonomyParts>,
    /// The parts of each term of each taxonomy that is a series, as links.
    parts: Vec<Vec<Value>>,
    /// Recently made cards, each in the slot of its number. An article is on several lists, which are rendered in quick
    /// succession, but all cards of a large archive would not fit into memory.
    recent_cards: Vec<Mutex<Option<(LeafId, Value)>>>,
}

/// Most cards that are cached, with about four kilobytes each.
const MOST_CARDS: usize = 12 * 1024;

/// The parts of cards that come from a taxonomy, made once.
struct TaxonomyParts {
    name: Key<'static>,
    terms: Vec<Value>,
    /// Digest of each term.
    digests: Vec<Digest>,
}

impl<'a> Views<'a> {
    /// Makes the shared values. `roots` resolves paths in `site.toml`, and `pictures` finds the pictures of articles and pages.
    pub fn new(
        config: &'a Config,
        roots: &'a Roots,
        library: &'a Library,
        frame: &'a Frame<'a>,
        pictures: &'a Lookup<'a>,
    ) -> Self {
        let link = |path: &UrlPath| config.base_url.root_relative(path);
        let sections: Vec<Value> = library
            .sections
            .iter()
            .map(|section| {
                let lang = section.settled.lang.as_deref().unwrap_or(&config.language);
                map! { "title" => section.settled.title.as_str(), "url" => link(&section.settled.path), "lang" => lang }
            })
            .collect();
        let home = map! {
            "title" => config.title.as_str(),
            "url" => link(config.home()),
            "lang" => config.language.as_str(),
        };
        let term = |term: &Term| map! { "name" => term.name.as_str(), "url" => link(&term.path) };
        let taxonomies = library
            .taxonomies
            .iter()
            .map(|taxonomy| TaxonomyParts {
                name: Key::String(taxonomy.rules.name.as_str().into()),
                terms: taxonomy.terms.iter().map(term).collect(),
                digests: taxonomy
                    .terms
                    .iter()
                    .map(|term| {
                        let mut hasher = Fingerprinter::default();
                        hasher.value(&taxonomy.rules.name).value(&term.name).value(term.path.as_str());
                        hasher.finish()
                    })
                    .collect(),
            })
            .collect();
        // An article without a language of its own is in the site's, wherever it is listed.
        let language = Value::from(config.languages[0].tag.as_str());
        let parts = |term: &Term| {
            let part = |id: &LeafId| article_link(library.leaf(*id), config, &language);
            Value::from(term.parts.iter().map(part).collect::<Vec<_>>())
        };
        let parts = library.taxonomies.iter().map(|taxonomy| taxonomy.terms.iter().map(parts).collect());
        let parts = parts.collect();
        let slots = library.leaves.len().clamp(1, MOST_CARDS);
        let recent_cards = (0..slots).map(|_| Mutex::new(None)).collect();
        let section_digests = sections.iter().map(digest_of).collect();
        Views {
            config,
            roots,
            frame,
            library,
            pictures,
            sections,
            section_digests,
            home,
            language,
            languages: LanguageParts::of(config),
            words: Mutex::default(),
            taxonomies,
            parts,
            recent_cards,
        }
    }

    /// The words of pages in the language of `tag`, by key.
    pub fn words(&self, tag: &str) -> Value {
        let mut known = self.words.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(words) = known.get(tag) {
            return words.clone();
        }
        let words = self.config.words.of(tag).words();
        let words = words.into_iter().map(|(key, word)| (Key::String(key.into()), Value::from(word)));
        known.entry(tag.to_owned()).or_insert(Value::from(words.collect::<Map>())).clone()
    }

    /// The values that all templates get.
    pub fn shared(&self) -> Vec<(&'static str, Value)> {
        let config = self.config;
        let library = self.library;
        let author = config.author.as_ref();
        let sheet = &self.frame.sheet;
        let sheet = map! { "url" => self.site_url(sheet.name), "integrity" => sheet.integrity };
        let paper = config.theme.colour("paper");
        let site = map! {
            "title" => config.title.as_str(),
            "description" => config.description.as_str(),
            "url" => config.base_url.root_relative(config.home()),
            "permalink" => config.base_url.absolute(config.home()),
            "language" => config.language.as_str(),
            "author" => author.map(|author| author.name.clone()),
            "rights" => config.rights.clone(),
            "icon" => self.site_url(config.icon.as_deref().unwrap_or(self.frame.icon)),
            "logo" => config.logo.as_deref().map(|logo| self.site_url(logo)),
            "masthead" => config.theme.logo.as_deref().map(|logo| self.site_url(logo)),
            "masthead_dark" => config.theme.logo_dark.as_deref().map(|logo| self.site_url(logo)),
            "theme_colours" => map! { "light" => paper.light, "dark" => paper.dark },
            "progress" => config.theme.progress,
            "density" => config.theme.density.key(),
            "styles" => vec![sheet],
            "words" => self.words(&config.language),
            "taxonomies" => self.taxonomy_links(),
            "navigation" => self.navigation(),
            "footer" => self.footer(),
            "social" => self.social_links(author.map_or(&[][..], |author| &author.social)),
            "announcement" => self.announcement(),
            "archive" => (config.archive && self.years().next().is_some()).then(|| self.base() + "archive/"),
            "subscribe" => self.base() + "subscribe/",
            "search" => config.search.enabled.then(|| self.base() + "search/"),
            "languages" => self.fronts_of_languages(),
            "news_sitemap" => library.sections.iter().any(|section| section.settled.news).then_some("news-sitemap.xml"),
            "generator" => concat!("Dateline ", env!("CARGO_PKG_VERSION")),
            "extra" => config.extra.as_ref().map(from_metadata),
        };
        let home = library.section(config.folder_of_language(config.edition));
        let top = home.map_or(&[][..], |home| home.children.as_slice());
        let sections: Vec<Value> = top.iter().map(|at| self.sections[*at].clone()).collect();
        let mut taxonomies = Map::default();
        let kinds = config.taxonomies.len();
        for taxonomy in library.taxonomies.iter().skip(config.edition * kinds).take(kinds) {
            taxonomies.insert(Key::String(taxonomy.rules.name.as_str().into()), self.taxonomy(taxonomy, ""));
        }
        let recent: Vec<Value> =
            home.iter().flat_map(|home| &home.articles).take(RECENT).map(|id| self.card(*id)).collect();
        let featured: Vec<Value> =
            home.map_or_else(Vec::new, |home| library.featured(home).map(|id| self.card(id)).collect());
        let lists = self.lists(&|list, _| library.lists[config.list_index(list)].everywhere().into());
        let mut shared = vec![
            ("site", site),
            ("sections", Value::from(sections)),
            ("taxonomies", Value::from(taxonomies)),
            ("recent", Value::from(recent)),
            ("featured", Value::from(featured)),
            ("archive", Value::from(self.archive())),
            ("lists", lists),
        ];
        shared.extend(
            [
                "article", "section", "taxonomy", "term", "pager", "year", "month", "target", "notice",
                "docs", "front",
            ]
            .map(|own| (own, Value::none())),
        );
        shared.extend(
            ["feeds", "groups", "related", "blocks", "pages", "translations"]
                .map(|own| (own, Value::from(Vec::<Value>::new()))),
        );
        shared
    }

    /// The URL of the front page, from the server's root.
    fn base(&self) -> String {
        self.config.base_url.root_relative(self.config.home())
    }

    /// The lists of `site.toml` by name, each with the articles that `articles` returns for its index and rules.
    pub fn lists<'b>(&self, articles: &dyn Fn(usize, &ListRules) -> Cow<'b, [LeafId]>) -> Value {
        let mut lists = Map::default();
        for (at, rules) in self.config.lists.iter().enumerate() {
            let cards: Vec<Value> = articles(at, rules).iter().map(|id| self.card(*id)).collect();
            lists.insert(Key::String(rules.name.as_str().into()), Value::from(cards));
        }
        Value::from(lists)
    }

    /// The digest of each list of `site.toml` as all pages have it, by name.
    pub fn list_digests(&self) -> Vec<(String, Digest)> {
        let cards =
            self.lists(&|list, _| self.library.lists[self.config.list_index(list)].everywhere().into());
        let digest = |(key, cards): (&Key<'_>, &Value)| Some((key.as_str()?.to_owned(), digest_of(cards)));
        cards.as_map().into_iter().flatten().filter_map(digest).collect()
    }

    /// The view of a section: for its own template with the cards of its `pages` and its text as `content`.
    pub fn section(&self, section: &Section, pages: &[LeafId], content: &str) -> Value {
        let settled = &section.settled;
        let front = settled.document.as_ref().map(|document| &document.front);
        let children: Vec<Value> = section.children.iter().map(|at| self.sections[*at].clone()).collect();
        let pages: Vec<Value> = pages.iter().map(|id| self.card(*id)).collect();
        let around = |section: &Section| section.parent.map(|at| (at, &self.library.sections[at]));
        // The sections around this one, without the front page.
        let mut within: Vec<Value> = iter::successors(around(section), |(_, outer)| around(outer))
            .take_while(|(_, outer)| outer.parent.is_some())
            .map(|(at, _)| self.sections[at].clone())
            .collect();
        within.reverse();
        map! {
                   "title" => settled.title.as_str(),
                   "url" => self.config.base_url.root_relative(&settled.path),
                   "permalink" => self.config.base_url.absolute(&settled.path),
                   "summary" => front.and_then(|front| front.summary.clone()).unwrap_or_default(),
        "content" => Value::safe_string(&framed(content)),
                   "has_code" => content.contains("<pre"),
                   "has_math" => content.contains("<math"),
                   "sections" => children,
                   "pages" => pages,
                   "parent" => section.parent.map(|at| self.sections[at].clone()),
                   "within" => within,
                   "unlisted" => settled.is_unlisted,
                   "lang" => settled.lang.clone().unwrap_or_else(|| self.config.language.clone()),
                   "extra" => front.and_then(|front| front.extra.as_deref()).map(from_metadata),
               }
    }

    /// Digest of the section at `index` as cards and blocks show it: a link.
    pub fn section_digest(&self, index: usize) -> Option<Digest> {
        self.section_digests.get(index).copied()
    }

    /// The notice that replaces an article that is no longer public: `title`, `reason` and `updated` if it was
    /// withdrawn, and `url`. An expired article is not named.
    pub fn notice(&self, notice: &Row) -> Value {
        let front = &notice.document.load().front;
        let reason = front.withdrawn.as_ref().filter(|_| notice.state == State::Withdrawn);
        let dates = notice.dates.as_ref().filter(|_| reason.is_some());
        map! {
            "title" => reason.map(|_| &*notice.title),
            "reason" => reason.map(|reason| reason.value.as_str()),
            "published" => dates.map(|dates| card::date(&dates.published.moment)),
            "updated" => dates.map(|dates| card::date(&dates.updated.moment)),
            "url" => self.config.base_url.root_relative(&notice.path),
            "lang" => front.lang.clone().unwrap_or_else(|| self.config.language.clone()),
        }
    }

    /// One page of a list, at `path`: the cards of its articles, and links to the neighbouring pages.
    pub fn pager(
        &self,
        cards: Vec<Value>,
        number: Option<usize>,
        by_date: bool,
        path: &UrlPath,
        [newer, older]: [Option<&UrlPath>; 2],
    ) -> Value {
        let link = |path: Option<&UrlPath>| path.map(|path| self.config.base_url.root_relative(path));
        map! {
            "articles" => cards,
            "number" => number,
            "permalink" => self.config.base_url.absolute(path),
            "newer" => link(newer),
            "older" => link(older),
            "by_date" => by_date,
        }
    }

    /// A path that an author wrote from the site's root, as one from the server's root; a whole URL stays unchanged.
    fn site_url(&self, written: &str) -> String {
        self.roots.url(&self.config.base_url, written)
    }
}

/// The view of an article or page in links to it: title and URL. `usual` is the site's language.
fn article_link(leaf: &Row, config: &Config, usual: &Value) -> Value {
    map! {
        "title" => &*leaf.title,
        "url" => config.base_url.root_relative(&leaf.path),
        "lang" => leaf.rare.lang.as_deref().map_or_else(|| usual.clone(), Value::from),
    }
}

/// The view of a value in `extra`.
pub fn from_metadata(node: &metadata::Node) -> Value {
    match &node.value {
        metadata::Value::Null => Value::none(),
        metadata::Value::Bool(flag) => Value::from(*flag),
        metadata::Value::Integer(number) => Value::from(*number),
        metadata::Value::Float(number) => Value::from(*number),
        metadata::Value::String(text) | metadata::Value::Date(text) => Value::from(text.as_str()),
        metadata::Value::List(items) => Value::from(items.iter().map(from_metadata).collect::<Vec<_>>()),
        metadata::Value::Table(entries) => {
            let mut map = Map::default();
            for entry in entries {
                map.insert(Key::String(entry.key.as_str().into()), from_metadata(&entry.node));
            }
            Value::from(map)
        }
    }
}
