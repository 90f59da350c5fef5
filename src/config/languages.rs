//! `[languages.KEY]`: the languages that a site is published in.
//!
//! A source belongs to a language by its name (`ferry.de.md`) or by its folder (`de/ferry.md`); both are the same to the
//! site, which sees the second form: the folder of a language is its key.

use std::collections::BTreeMap;

use chrono_tz::Tz;

use super::language_feeds::{LanguageFeeds, language_feeds};
use super::language_names::own_name;
use super::masthead::{announcement, footer, navigation};
use super::people::person;
use super::read::capitalised;
use super::theme::words;
use super::{Announcement, Author, FooterGroup, NavigationLink, TaxonomyRules};
use crate::language::{Language, Locale};
use crate::model::date::parse_zone;
use crate::model::metadata::{Elsewhere, Fields, Node};
use crate::model::url::{BaseUrl, UrlPath};

/// A language that the site is published in. The site's own language is the first.
#[derive(Debug, Clone)]
pub struct SiteLanguage {
    /// Its key: in names of sources, and the folder of its sources below `content/`.
    pub key: String,
    /// `language`: BCP 47; default: the key.
    pub tag: String,
    /// `name`: its name in the language itself, such as `Deutsch`.
    pub name: String,
    /// `base_url`: the address of its front page, if it is on a host of its own: the output folder has what is there at
    /// `home`.
    pub base_url: Option<BaseUrl>,
    /// `path`: the path of its front page; all its pages are below it. Default: `/KEY/`, and `/` for the site's own
    /// language.
    pub home: UrlPath,
    /// `title` of the site in this language.
    pub title: String,
    /// `description`, likewise.
    pub description: String,
    /// `locale` of dates for people.
    pub locale: Locale,
    /// `timezone` of dates without an offset in its sources.
    pub timezone: Option<Tz>,
    /// `dir`: the direction of its script, where it is not the usual one of the tag.
    pub direction: Option<&'static str>,
    /// `feeds`.
    pub feeds: LanguageFeeds,
    /// `rights`: the copyright line.
    pub rights: Option<String>,
    /// `[languages.KEY.author]`.
    pub author: Option<Author>,
    /// `[[languages.KEY.navigation]]`; `None` where the navigation is the site's.
    pub navigation: Option<Vec<NavigationLink>>,
    /// `[[languages.KEY.footer]]`; `None` where the footer is the site's.
    pub footer: Option<Vec<FooterGroup>>,
    /// `[languages.KEY.announcement]`; `None` where the announcement is the site's, `Some(None)` once its own is over.
    pub announcement: Option<Option<Announcement>>,
    /// The taxonomies with their titles in this language, and with their paths below `home`.
    pub taxonomies: Vec<TaxonomyRules>,
    /// `[authors]`, with what `[languages.KEY.authors.NAME]` says in its place.
    pub authors: BTreeMap<String, Author>,
    /// `[languages.KEY.words]`: words of the theme that the site replaces, as in `[theme.words]`.
    pub words: Vec<(&'static str, String)>,
    /// `[languages.KEY.extra]`.
    pub extra: Option<Node>,
    /// `fallback = "show"`: its lists have the articles of the site's own language that have no translation.
    pub has_fallback: bool,
    /// It has a table of its own in `site.toml`.
    pub is_declared: bool,
    /// `negotiate = true`, of the site's own language: servers choose a language by what the browser asks for.
    pub is_negotiated: bool,
}

/// The settings that languages without their own share.
pub(super) struct Usual<'a> {
    pub language: &'a str,
    pub base_url: Option<&'a BaseUrl>,
    pub title: &'a str,
    pub description: &'a str,
    pub locale: Locale,
    pub timezone: Option<Tz>,
    pub rights: Option<&'a str>,
    pub author: Option<&'a Author>,
    pub taxonomies: &'a [TaxonomyRules],
    pub authors: &'a BTreeMap<String, Author>,
}

/// True if `text` has the form of a language tag (RFC 5646, section 2.1).
fn is_tag(text: &str) -> bool {
    let mut parts = text.split('-');
    let is_first =
        |part: &str| (2..=8).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_alphabetic());
    let is_other =
        |part: &str| (1..=8).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_alphanumeric());
    parts.next().is_some_and(is_first) && parts.all(is_other)
}

/// Reads `[languages]`. The first of the languages is the site's own.
pub(super) fn languages(fields: &mut Fields<'_, '_>, usual: &Usual<'_>) -> Vec<SiteLanguage> {
    let mut all = vec![own(usual)];
    let Some(node) = fields.node("languages") else { return all };
    let mut table = fields.inner("`[languages]`", node);
    let has_prefix = table.flag("prefix_default") == Some(true);
    if has_prefix {
        all[0].home = home(usual.language);
    }
    if table.flag("negotiate") == Some(true) {
        all[0].is_negotiated = true;
        if let Some(node) = table.node("negotiate").filter(|_| !has_prefix) {
            let reason = "the site's own language has no path of its own, so its readers could be sent away from every visit to the front page";
            table.refuse("negotiate", node, reason, "add `prefix_default = true`");
        }
    }
    let is_setting = |key: &str| matches!(key, "prefix_default" | "negotiate");
    for entry in table.all().iter().filter(|entry| !is_setting(&entry.key)) {
        if !is_tag(&entry.key) {
            let remedy = "name a language by its tag, such as `[languages.de]` or `[languages.zh-Hant]`";
            table.refuse(&entry.key, &entry.node, "this is no language tag (BCP 47)", remedy);
            continue;
        }
        let is_own = entry.key.eq_ignore_ascii_case(usual.language);
        let inner = table.inner(format!("`[languages.{}]`", entry.key), &entry.node);
        let base = if is_own { all[0].clone() } else { other(&entry.key, usual) };
        let read = language(inner, base, is_own, usual.base_url);
        match is_own {
            true => all[0] = read,
            false => all.push(read),
        }
    }
    for one in &mut all {
        let home = one.home.as_str().trim_matches('/').to_owned();
        if !home.is_empty() {
            one.taxonomies.iter_mut().for_each(|rules| rules.path = format!("{home}/{}", rules.path));
        }
    }
    if let Some(at) = (1..all.len()).find(|at| all[..*at].iter().any(|one| one.home == all[*at].home)) {
        let key = all[at].key.clone();
        let remedy = "give one of them another `path`";
        table.refuse(&key, node, format!("two languages have the path {}", all[at].home), remedy);
    }
    let has_same = |at: &usize| {
        all[*at].base_url.is_some() && all[..*at].iter().any(|one| one.base_url == all[*at].base_url)
    };
    if let Some(at) = (1..all.len()).find(has_same) {
        let key = all[at].key.clone();
        let remedy = "give each a `base_url` of its own, such as `https://de.example.org/`";
        table.refuse(&key, node, "two languages have one `base_url`", remedy);
    }
    all
}

/// The path of the front page of the language `key`.
fn home(key: &str) -> UrlPath {
    UrlPath::parse(&format!("/{}/", key.to_ascii_lowercase())).unwrap_or_else(|_| UrlPath::root())
}

/// The site's own language, without a table.
fn own(usual: &Usual<'_>) -> SiteLanguage {
    SiteLanguage { home: UrlPath::root(), key: usual.language.to_owned(), ..other(usual.language, usual) }
}

/// The language `key` with everything as the site has it.
fn other(key: &str, usual: &Usual<'_>) -> SiteLanguage {
    SiteLanguage {
        key: key.to_owned(),
        tag: key.to_owned(),
        name: own_name(key),
        home: home(key),
        base_url: None,
        title: usual.title.to_owned(),
        description: usual.description.to_owned(),
        locale: Locale::of(key).unwrap_or(usual.locale),
        timezone: usual.timezone,
        direction: None,
        feeds: LanguageFeeds::default(),
        rights: usual.rights.map(str::to_owned),
        author: usual.author.cloned(),
        navigation: None,
        footer: None,
        announcement: None,
        taxonomies: taxonomies(key, usual),
        authors: usual.authors.clone(),
        words: Vec::new(),
        extra: None,
        has_fallback: false,
        is_declared: false,
        is_negotiated: false,
    }
}

/// The taxonomies of the site, with the titles that the theme has for them in the language `key`.
fn taxonomies(key: &str, usual: &Usual<'_>) -> Vec<TaxonomyRules> {
    let (own, other) = (Language::built_in(usual.language), Language::built_in(key));
    let mut taxonomies = usual.taxonomies.to_vec();
    for rules in &mut taxonomies {
        let name = format!("taxonomy_{}", rules.name);
        let has_usual_title = own.word(&name).is_some_and(|title| title == rules.title);
        if let Some(title) = other.word(&name).filter(|_| has_usual_title) {
            rules.title = title;
        }
    }
    taxonomies
}

fn language(
    mut table: Fields<'_, '_>,
    mut one: SiteLanguage,
    is_own: bool,
    site: Option<&BaseUrl>,
) -> SiteLanguage {
    one.is_declared = true;
    if let Some(node) = table.node("base_url") {
        one.base_url = base_url(&mut table, node, is_own, site);
    }
    if let Some(tag) = table.filled("language") {
        one.name = own_name(&tag);
        one.locale = Locale::of(&tag).unwrap_or(one.locale);
        one.tag = tag;
    }
    for (key, slot) in
        [("name", &mut one.name), ("title", &mut one.title), ("description", &mut one.description)]
    {
        if let Some(text) = table.filled(key) {
            *slot = text;
        }
    }
    if let Some(node) = table.node("locale") {
        let text = table.as_text("locale", node).unwrap_or_default();
        match Locale::parse(&text) {
            Ok(locale) => one.locale = locale,
            Err(error) => table.report(error, &node.span),
        }
    }
    if let Some(node) = table.node("timezone") {
        let text = table.as_text("timezone", node).unwrap_or_default();
        match parse_zone(&text) {
            Ok(zone) => one.timezone = Some(zone),
            Err(error) => table.report(error, &node.span),
        }
    }
    if let Some(node) = table.node("path") {
        let text = table.as_text("path", node).unwrap_or_default();
        match UrlPath::from_address(&format!("/{}/", text.trim_matches('/')).replace("//", "/")) {
            Ok(path) => one.home = path,
            Err(error) => table.report(error, &node.span),
        }
    }
    if let Some(node) = table.node("dir") {
        one.direction = match table.as_text("dir", node).as_deref() {
            Some("ltr") => Some("ltr"),
            Some("rtl") => Some("rtl"),
            _ => {
                table.refuse_unknown("dir", node, "there is no such direction", &["ltr", "rtl"]);
                None
            }
        };
    }
    if let Some(node) = table.node("feeds") {
        one.feeds = language_feeds(&mut table, node);
    }
    one.rights = table.filled("rights").or(one.rights);
    one.author = table
        .node("author")
        .map_or(one.author, |node| Some(person(table.inner("`[languages.KEY.author]`", node), "author")));
    around(&mut table, &mut one);
    if let Some(mut inner) = table.table("taxonomies") {
        for rules in &mut one.taxonomies {
            taxonomy(&mut inner, rules);
        }
        inner.finish(None);
    }
    if let Some(node) = table.node("authors") {
        let mut inner = table.inner("`[languages.KEY.authors]`", node);
        for entry in inner.all() {
            let own = person(inner.inner(format!("the author `{}`", entry.key), &entry.node), &entry.key);
            let known = one.authors.entry(entry.key.clone()).or_default();
            let has_name = own.name != entry.key || known.name.is_empty();
            *known = Author {
                name: if has_name { own.name } else { std::mem::take(&mut known.name) },
                email: own.email.or(known.email.take()),
                url: own.url.or(known.url.take()),
                bio: own.bio.or(known.bio.take()),
                picture: own.picture.or(known.picture.take()),
                social: if own.social.is_empty() { std::mem::take(&mut known.social) } else { own.social },
            };
        }
    }
    words(&mut table, &mut one.words);
    one.extra = table.node("extra").cloned();
    if !is_own && let Some(node) = table.node("fallback") {
        match table.as_text("fallback", node).as_deref() {
            Some("show") => one.has_fallback = true,
            Some("none") => {}
            _ => table.refuse_unknown("fallback", node, "there is no such way", &["none", "show"]),
        }
    }
    table.finish_beside(
        ELSEWHERE,
        Some(&|_| "values of your own go under `[languages.KEY.extra]`".to_owned()),
    );
    one
}

/// Reads `base_url`: the address of a language on a host of its own.
fn base_url(
    table: &mut Fields<'_, '_>,
    node: &Node,
    is_own: bool,
    site: Option<&BaseUrl>,
) -> Option<BaseUrl> {
    let text = table.as_text("base_url", node)?;
    let base = BaseUrl::parse(&text).map_err(|error| table.report(error, &node.span)).ok()?;
    if is_own {
        let remedy = "write it at the top of the file: the site's own language is at the address of the site";
        table.refuse("base_url", node, "this is the site's own language", remedy);
        return None;
    }
    if site.is_some_and(|site| site.origin() == base.origin()) {
        let remedy = format!("take it out; `path = \"{}\"` says where its pages are", base.relative_root());
        table.refuse("base_url", node, "the site itself is on this host", remedy);
        return None;
    }
    Some(base)
}

/// Names that settings of a language have in other generators.
const ELSEWHERE: &[Elsewhere] = &[
    (&["languagename", "label", "displayname"], "use `name`, such as `name = \"Deutsch\"`"),
    (&["languagecode", "lang", "tag"], "use `language`, such as `language = \"de-AT\"`"),
    (&["languagedirection", "direction"], "use `dir`, such as `dir = \"rtl\"`"),
    (&["params"], "use `[languages.KEY.extra]`"),
    (&["menu", "menus"], "use `[[languages.KEY.navigation]]`"),
    (
        &["translations"],
        "use `[languages.KEY.words]` for words of the theme, and `languages/KEY.ftl` for your own",
    ),
    (&["contentdir"], "put its sources into `content/KEY/`, or name them `ferry.KEY.md`"),
    (
        &["generatefeeds", "generatefeed", "feedfilenames", "feedfilename"],
        "use `feeds`: `feeds = false`, or `feeds = { formats = [\"atom\"] }`",
    ),
    (
        &["weight", "languageorder"],
        "take it out: languages are in the order of their tables, behind the site's own",
    ),
    (&["disabled"], "take the table out, or make its sources drafts"),
    (&["buildsearchindex", "search"], "use `[search]`, which is for all languages"),
    (&["dateformat", "dateformats"], "use `locale`, such as `locale = \"de-AT\"`"),
];

/// Reads what is around the pages of a language.
fn around(table: &mut Fields<'_, '_>, one: &mut SiteLanguage) {
    if table.node("navigation").is_some() {
        one.navigation = Some(navigation(table));
    }
    if table.node("footer").is_some() {
        one.footer = Some(footer(table));
    }
    if table.node("announcement").is_some() {
        one.announcement = Some(announcement(table, one.timezone));
    }
}

/// Reads the title and the path of a taxonomy in a language.
fn taxonomy(table: &mut Fields<'_, '_>, rules: &mut TaxonomyRules) {
    let Some(entry) = table.owned_entry(&rules.name) else { return };
    let mut inner = table.inner(format!("the taxonomy `{}`", rules.name), &entry.node);
    rules.title = inner.filled("title").unwrap_or_else(|| capitalised(&rules.title));
    if let Some(path) = inner.filled("path") {
        rules.path = path.trim_matches('/').to_owned();
    }
    inner.finish(None);
}
