//! `site.toml`: the publisher's settings for the whole site.
//!
//! [`Config::read`] parses the text, checks every value and fills in every default, so that no later stage has to
//! handle a missing setting. A [`Config`] never changes afterwards and has no modes: options of a single run
//! (`--drafts`, another base URL) are arguments of that run.

mod check;
mod content_format;
mod contrast;
mod csp;
mod data;
mod deploy;
mod edition;
mod elsewhere;
mod feed_choice;
mod feeds;
mod fetch;
mod files;
mod front;
mod hosting;
mod images;
mod language_feeds;
mod language_names;
mod languages;
mod lists;
mod masthead;
mod order;
mod outputs;
mod palette;
mod people;
mod permalink;
mod raw_html;
mod read;
mod search;
mod share;
mod signs;
mod source_urls;
mod sources;
mod theme;
mod wire;

use std::collections::BTreeMap;
use std::sync::Arc;

pub use check::{CheckRules, ExternalChecks, Level, LinkClass, PageChecks};
use chrono_tz::Tz;
pub use content_format::ContentFormat;
pub use csp::{ContentPolicy, PolicyMode};
pub use data::{ColumnKind, ColumnRules, Columns, DataRules, name_of as data_name};
pub use deploy::{AzureRules, BucketRules, DeployPlace, DeployTarget};
pub use edition::below as below_home;
use encoding_rs::Encoding;
pub use feed_choice::{FeedChoice, TermAlias, feed_choice};
pub use feeds::{CustomFeed, FeedContent, FeedFormat, FeedRules, Selection};
pub use fetch::{EnvText, FetchFormat, FetchRules, FetchWarning};
pub use files::FileRules;
pub use front::{FrontKind, ListStyle, front_kind, list_style};
pub use hosting::HostingRules;
pub use images::ImageRules;
pub use language_feeds::LanguageFeeds;
pub use language_names::is_known_language;
pub use languages::SiteLanguage;
pub use lists::{Condition, ListField, ListRules, RelatedRules, Same, Test};
pub use masthead::{Announcement, FooterGroup, Link, NavigationLink};
use miette::Diagnostic;
pub use order::{Order, SORT_NAMES, SortBy, SortKey, order};
pub use outputs::{MARKUP, OutputFor, OutputRules};
pub use palette::{COLOURS, Colour};
pub use permalink::{Filling, Pattern, PatternError};
pub use raw_html::{RawHtml, RawHtmlRules, raw_html};
pub use read::date_languages;
pub use search::SearchRules;
pub use share::{EMAIL, SharePlace};
pub use signs::sign;
pub use source_urls::{SourceUrls, source_urls};
pub use sources::{ROW_FIELDS, RowField, RowSource, row_sources};
pub use theme::{CssRules, Density, THEMES, ThemeRules};
use thiserror::Error;
pub use wire::{WireField, WireKind, WireRules};

use crate::language::{Languages, Locale};
use crate::model::date::Ambiguous;
use crate::model::diagnostics::Place;
use crate::model::metadata::Node;
use crate::model::url::{BaseUrl, SlugStyle};

/// The name of the file, in the site's root.
pub const FILE: &str = "site.toml";

/// `site.toml`, checked, with defaults filled in.
#[derive(Debug, Clone)]
pub struct Config {
    /// `title`: the site's name. Required.
    pub title: String,
    /// `base_url`: the site's address, such as `https://example.org/` or `https://example.org/blog`. Required.
    pub base_url: BaseUrl,
    /// `description`: one sentence about the site; the subtitle of its feeds.
    pub description: String,
    /// `language`: BCP 47, default `en`.
    pub language: String,
    /// `[languages]`: the languages that the site is published in, its own first.
    pub languages: Vec<SiteLanguage>,
    /// The number of the language that these settings are for.
    pub edition: usize,
    /// `locale`: the locale of dates for people, such as `en-GB`; default: the language's usual one.
    pub locale: Locale,
    /// The site's language and all others, with the theme's words and those of `[theme.words]`; once the files of the
    /// site are listed, also with those of `languages/`.
    pub words: Arc<Languages>,
    /// `timezone`: the IANA name of the zone of dates written without an offset. Without it they are read as UTC,
    /// with a warning.
    pub timezone: Option<Tz>,
    /// `authority`: the authority in the ids of articles and feeds (RFC 4151, section 2.1): a domain you own,
    /// optionally with the date since when: `example.org` or `example.org,2019`. Default: the host of `base_url`,
    /// with a warning.
    pub authority: Authority,
    /// `[author]`: the author of articles that name none.
    pub author: Option<Author>,
    /// `rights`: the copyright line of the feeds.
    pub rights: Option<String>,
    /// `icon`: the path or URL of a small square picture.
    pub icon: Option<String>,
    /// `logo`: the path or URL of a picture for the feeds.
    pub logo: Option<String>,
    /// `[permalinks]`: patterns for the paths of articles, by section; `default` is for all others.
    pub permalinks: Permalinks,
    /// `slugs`: `unicode` (default) or `ascii`.
    pub slugs: SlugStyle,
    /// `ledger`: true if `ledger.jsonl` is read, and kept up to date by `publish`; default true.
    pub ledger: bool,
    /// `copy` and `follow_links`.
    pub files: FileRules,
    /// `[dates]`.
    pub dates: DateRules,
    /// `[taxonomies.NAME]`, after the three that always exist: `authors`, `topics`, `tags`.
    pub taxonomies: Vec<TaxonomyRules>,
    /// `[authors.KEY]`: profiles.
    pub authors: BTreeMap<String, Author>,
    /// `[feeds]`.
    pub feeds: FeedRules,
    /// `[hosting]`.
    pub hosting: HostingRules,
    /// `[check]`.
    pub check: CheckRules,
    /// `[theme]`.
    pub theme: ThemeRules,
    /// `[css]`.
    pub css: CssRules,
    /// `[images]`.
    pub images: ImageRules,
    /// `[search]`.
    pub search: SearchRules,
    /// `page_size`: articles on one page of a list, default 20.
    pub page_size: usize,
    /// `front`: how front pages look; default `paper`.
    pub front: FrontKind,
    /// `list_style`: how the articles of lists stand; default `rows`.
    pub list_style: ListStyle,
    /// `edit_url` and `history_url`.
    pub source_urls: SourceUrls,
    /// `archive`: pages for all articles, each year and each month; default true.
    pub archive: bool,
    /// `[markdown]`.
    pub markdown: MarkdownRules,
    /// `ignore` of `[front_matter]`: unknown fields of front matter that are no mistake.
    pub ignored_fields: Vec<String>,
    /// `[encodings]`: the encoding of the sources in a folder of `content/`, longest folder first.
    pub encodings: Vec<(String, &'static Encoding)>,
    /// `[data.NAME]`: the columns and encodings of data files.
    pub data: DataRules,
    /// `[[lists]]`: named selections for templates.
    pub lists: Vec<ListRules>,
    /// `[related]`: suggestions for further reading.
    pub related: RelatedRules,
    /// `[[outputs]]`: documents that templates of the site make beside its pages.
    pub outputs: Vec<OutputRules>,
    /// `[[fetch]]`: documents of other servers that `dateline fetch` keeps below `data/`. Builds don't read it.
    pub fetch: Vec<FetchRules>,
    /// `[deploy]`: places that `dateline deploy` brings the site to. Builds don't read it.
    pub deploy: Vec<DeployTarget>,
    /// `[[sources]]`: data files whose rows are articles and pages.
    pub sources: Vec<RowSource>,
    /// `content_format`: the generator whose folder the site is; `None` for this program's own.
    pub content_format: Option<ContentFormat>,
    /// `[[wire]]`: folders with files of news agencies, whose stories are articles.
    pub wire: Vec<WireRules>,
    /// `[[navigation]]`: links for the head of every page.
    pub navigation: Vec<NavigationLink>,
    /// `[[footer]]`: columns of links for the foot of every page.
    pub footer: Vec<FooterGroup>,
    /// `[announcement]`: a bar above the head of every page.
    pub announcement: Option<Announcement>,
    /// All addresses in it that are no whole URLs, with their places.
    pub addresses: Vec<(String, Place)>,
    /// `[extra]`: values of the publisher's own, for templates.
    pub extra: Option<Node>,
}

/// The authority that mints ids, as in a `tag:` URI (RFC 4151, section 2.1).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Authority {
    /// A domain or an e-mail address.
    pub name: String,
    /// The date since when the publisher owns it (`2019`, `2019-05` or `2019-05-04`), for ids that have no day of
    /// their own. `2000` if not given.
    pub since: String,
}

/// A person: an author's profile, or the site's own author.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Author {
    /// `name`, as readers see it.
    pub name: String,
    /// `email`. It is published in feeds.
    pub email: Option<String>,
    /// `url` of a home page.
    pub url: Option<String>,
    /// `bio`: a sentence or two, plain text.
    pub bio: Option<String>,
    /// `picture`: the path or URL of a square picture.
    pub picture: Option<String>,
    /// `social`: other places of the person, such as accounts.
    pub social: Vec<Link>,
}

/// `[permalinks]`.
#[derive(Debug, Clone)]
pub struct Permalinks {
    /// `default = "/{section}/{slug}/"`.
    pub default: Pattern,
    /// By section, longest name first; a section's pattern also applies to the sections inside it.
    pub sections: Vec<(String, Pattern)>,
}

impl Permalinks {
    /// The pattern for articles of `section`.
    pub fn of(&self, section: &str) -> &Pattern {
        let own = self.sections.iter().find(|(name, _)| within(section, name));
        own.map_or(&self.default, |(_, pattern)| pattern)
    }
}

impl Config {
    /// The fields of `extra` that lists of `site.toml` need, in their order, each once.
    pub fn listed_extras(&self) -> Vec<String> {
        let of_taxonomies = self.taxonomies.iter().filter_map(|rules| rules.sort.as_ref());
        let sorts = of_taxonomies.chain(self.lists.iter().filter_map(|list| list.sort.as_ref()));
        let sorts = sorts.flat_map(|(order, _)| order.extras());
        let conditions = self.lists.iter().flat_map(|list| &list.conditions);
        let conditions = conditions.filter_map(|condition| match &condition.field {
            ListField::Extra(name) => Some(name.as_str()),
            _ => None,
        });
        let mut names: Vec<String> = sorts.chain(conditions).map(str::to_owned).collect();
        names.sort_unstable();
        names.dedup();
        names
    }
}

/// True if `section` is `folder` or inside it.
pub fn within(section: &str, folder: &str) -> bool {
    folder.is_empty()
        || section.strip_prefix(folder).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// `[dates]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DateRules {
    /// `published`: the sources of a publication date; the first that has one wins. Default `["front-matter", "wire",
    /// "path", "ledger"]`. With `ledger` among them, the date of a published article never moves.
    pub published: Vec<DateSource>,
    /// `updated`: the sources of the date of the last change, likewise. Default `["front-matter", "wire", "ledger"]`;
    /// if none has one, it is the publication date.
    pub updated: Vec<DateSource>,
    /// `git`: the place in `site.toml` that asks for dates from git: `git = true`, which appends `git` to the default
    /// lists, or a list that names it. Default: none.
    pub git: Option<Place>,
    /// `ambiguous`: how to read a local time that happened twice: `error` (default), `earlier` or `later`.
    pub ambiguous: Ambiguous,
    /// `format`: the format of days for people, as strftime patterns (`%-d %B %Y`). Default: the locale's long form.
    pub format: Option<String>,
    /// `languages`: the languages of dates in wire articles, beside English and the article's own.
    pub languages: Vec<String>,
    /// `time_format`: the format of days with a time of day, likewise. Default: the locale's long form.
    pub time_format: Option<String>,
}

impl DateSource {
    /// Its name in `site.toml`.
    pub fn key(self) -> &'static str {
        match self {
            DateSource::FrontMatter => "front-matter",
            DateSource::Wire => "wire",
            DateSource::Path => "path",
            DateSource::Ledger => "ledger",
            DateSource::Git => "git",
        }
    }

    /// All sources of dates.
    pub const ALL: [DateSource; 5] =
        [DateSource::FrontMatter, DateSource::Wire, DateSource::Path, DateSource::Ledger, DateSource::Git];
}

/// A source of dates.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DateSource {
    /// `front-matter`.
    FrontMatter,
    /// `wire`: the `PUBLISHED :` and `UPDATED :` lines.
    Wire,
    /// `path`: the path of the source, or front matter `path`.
    Path,
    /// `ledger`: the record of the publication.
    Ledger,
    /// `git`: the first commit of the file, or its last.
    Git,
}

/// `[taxonomies.NAME]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TaxonomyRules {
    /// The field of the front matter, such as `tags`.
    pub name: String,
    /// `title`, default the name with a capital.
    pub title: String,
    /// `path` of its pages, default the name.
    pub path: String,
    /// `feeds = false` turns its terms' feeds off; a table (`limit`, `content`, `formats`) sets them.
    pub feeds: FeedChoice,
    /// `aliases` in that table: where the feeds of its terms were before.
    pub feed_aliases: Vec<TermAlias>,
    /// `sort`: the order of its terms' lists, with its place.
    pub sort: Option<(Order, Place)>,
    /// `page_size`: articles on one page of its terms' lists.
    pub page_size: Option<usize>,
    /// `series`: its terms are read in order, from the first part to the last. True for the taxonomy `series`.
    pub is_series: bool,
}

impl TaxonomyRules {
    /// The order of its terms' lists if it is not that of other lists, and the place where it is written. A series has
    /// the oldest article first.
    pub fn order(&self) -> Option<(Order, Option<Place>)> {
        match &self.sort {
            Some((order, place)) => Some((order.clone(), Some(place.clone()))),
            None => self.is_series.then(|| (Order::oldest_first(), None)),
        }
    }
}

/// `[markdown]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MarkdownRules {
    /// `smart_punctuation`: curly quotes and dashes, default true.
    pub smart_punctuation: bool,
    /// `heading_links`: headings are links to themselves, default true.
    pub heading_links: bool,
    /// `highlight`: code in a known language gets classes for colours, default true.
    pub highlight: bool,
    /// `math`: `$…$` and `$$…$$` are formulas, default false, since most texts use the dollar sign for money. Front
    /// matter `math` overrides it.
    pub math: bool,
    /// `raw_html`: the HTML that texts may have, default all. Front matter may allow less.
    pub raw_html: RawHtmlRules,
    /// Syntax beyond CommonMark.
    pub switches: MarkdownSwitches,
}

/// Syntax beyond CommonMark that `[markdown]` turns on; all false by default, since texts may have these signs and
/// mean something else.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct MarkdownSwitches {
    /// `autolinks`: bare URLs and e-mail addresses are links.
    pub autolinks: bool,
    /// `wikilinks`: `[[harbour-opens]]` and `[[harbour-opens|the opening]]` are links to sources.
    pub wikilinks: bool,
    /// `emoji`: `:tada:` is the emoji of this name.
    pub emoji: bool,
    /// `mark`: `==text==` is marked text.
    pub mark: bool,
}

/// Errors in `site.toml` other than wrong types of fields.
#[derive(Debug, Clone, PartialEq, Eq, Error, Diagnostic)]
pub enum ConfigError {
    /// Ids depend on the host of the base URL and would change with it.
    #[error("`authority` is not set, so ids are minted from the host of `base_url`, \u{201c}{host}\u{201d}")]
    #[diagnostic(
        severity(warning),
        code(config::authority),
        help(
            "add `authority = \"{host}\"`, so that articles keep their ids when the site moves to another domain"
        )
    )]
    AuthorityFromHost {
        /// The host.
        host: String,
    },
    /// Text in a colour that is hard to read on its ground.
    #[error(
        "`{text}` {text_colour} has a contrast of {ratio}:1 on `{ground}` {ground_colour} in {scheme} colours; text needs 4.5:1"
    )]
    #[diagnostic(severity(warning), code(config::contrast), help("{remedy}"))]
    Contrast {
        /// The name of the colour of text.
        text: &'static str,
        /// It.
        text_colour: String,
        /// The name of the colour behind it.
        ground: &'static str,
        /// It.
        ground_colour: String,
        /// The contrast.
        ratio: String,
        /// `light` or `dark`.
        scheme: &'static str,
        /// The remedy.
        remedy: String,
    },
    /// A table of settings from an earlier version.
    #[error("`[html]` is no longer a table of `site.toml`: pages are written as the templates make them")]
    #[diagnostic(
        severity(warning),
        code(config::removed),
        help(
            "take it out with its `minify`; compression saves more, by your host or by `compress` of `[hosting]`"
        )
    )]
    HtmlRemoved,
    /// Two taxonomies, or a taxonomy and a section, would share a folder.
    #[error("two taxonomies have the path \u{201c}{path}\u{201d}")]
    #[diagnostic(code(config::taxonomy), help("give one of them another `path`"))]
    TaxonomyPath {
        /// The path.
        path: String,
    },
}
