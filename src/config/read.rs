//! Reading `site.toml`, table by table.

use std::sync::Arc;

use super::elsewhere::ELSEWHERE;
use super::feed_choice::feed_choice_of_terms;
use super::feeds;
use super::people::{people, person};
use super::*;
use crate::language::{Language as Spoken, Languages, Locale};
use crate::model::date::{check_pattern, parse_zone};
use crate::model::diagnostics::{Place, Problem};
use crate::model::metadata::{self, Fields, Language};
use crate::model::suggest::nearest;

impl Config {
    /// Reads the text of `site.toml`. Pushes problems, including warnings, onto `problems`; returns `None` if one of
    /// them is an error.
    pub fn read(text: &str, problems: &mut Vec<Problem>) -> Option<Config> {
        let file: Arc<str> = FILE.into();
        let node = match metadata::parse(Language::Toml, text, 0) {
            Ok(node) => node,
            Err((error, span)) => {
                problems.push(Problem::new(error, Place::in_text(file, text, span)));
                return None;
            }
        };
        let before = problems.len();
        let config = Config::of(&node, text, problems);
        config.filter(|_| problems[before..].iter().all(|problem| !problem.is_error()))
    }

    /// Reads the tree of `site.toml`, whose text is `text`.
    pub(crate) fn of(node: &metadata::Node, text: &str, problems: &mut Vec<Problem>) -> Option<Config> {
        site(Fields::new(&FILE.into(), text, "`site.toml`", node, problems))
    }

    /// True if the text of `site.toml` has `follow_links = true`.
    pub fn follows_links(text: &str) -> bool {
        let table = text.parse::<toml::Table>();
        table.is_ok_and(|table| table.get("follow_links").and_then(toml::Value::as_bool) == Some(true))
    }
}

fn site(mut fields: Fields<'_, '_>) -> Option<Config> {
    let title = title(&mut fields);
    let base_url = base_url(&mut fields);
    let language = fields.filled("language").unwrap_or_else(|| "en".to_owned());
    let locale = locale(&mut fields, &language);
    let timezone = timezone(&mut fields);
    let authority = authority(&mut fields, base_url.as_ref());
    let author = fields.node("author").map(|node| person(fields.inner("`[author]`", node), "author"));
    let authors = people(&mut fields);
    let taxonomies = taxonomies(&mut fields, &Spoken::built_in(&language));
    let theme = theme::theme(&mut fields);
    let locale = locale?;
    let rights = fields.filled("rights");
    let description = fields.filled("description").unwrap_or_default();
    let usual = languages::Usual {
        language: &language,
        base_url: base_url.as_ref(),
        title: title.as_deref().unwrap_or_default(),
        description: &description,
        locale,
        timezone,
        rights: rights.as_deref(),
        author: author.as_ref(),
        taxonomies: &taxonomies,
        authors: &authors,
    };
    let languages = languages::languages(&mut fields, &usual);
    let hosts = languages.iter().filter_map(|one| Some((one.home.clone(), one.base_url.clone()?)));
    let hosts = hosts.collect();
    let config = Config {
        title: title.clone().unwrap_or_default(),
        base_url: base_url?.with_hosts(hosts),
        description,
        words: Arc::new(Languages::new(&language, locale, &[], Vec::new())),
        language,
        languages,
        edition: 0,
        locale,
        timezone,
        authority,
        author,
        rights,
        icon: fields.address("icon"),
        logo: fields.address("logo"),
        permalinks: permalinks(&mut fields),
        slugs: slugs(&mut fields),
        ledger: fields.flag("ledger").unwrap_or(true),
        files: files::files(&mut fields),
        dates: dates(&mut fields),
        authors,
        feeds: feeds::read(&mut fields, timezone, &taxonomies),
        content_format: content_format::content_format(&mut fields),
        wire: wire::wire(&mut fields, &taxonomies),
        sources: sources::row_sources(&mut fields, &sources::names(&taxonomies), None),
        lists: lists::lists(&mut fields, timezone, &taxonomies),
        related: lists::related(&mut fields, &taxonomies),
        taxonomies,
        hosting: hosting::hosting(&mut fields),
        check: check::check(&mut fields),
        theme,
        css: theme::css(&mut fields),
        images: images::images(&mut fields),
        search: super::search::search(&mut fields),
        page_size: fields.whole("page_size", 1, 10_000).unwrap_or(20) as usize,
        front: front_kind(&mut fields).unwrap_or_default(),
        list_style: list_style(&mut fields).unwrap_or_default(),
        source_urls: source_urls::source_urls(&mut fields),
        archive: fields.flag("archive").unwrap_or(true),
        markdown: markdown(&mut fields),
        ignored_fields: ignored_fields(&mut fields),
        encodings: encodings(&mut fields),
        data: data::data(&mut fields),
        outputs: outputs::outputs(&mut fields),
        fetch: fetch::fetch(&mut fields),
        deploy: deploy::deploy(&mut fields),
        navigation: masthead::navigation(&mut fields),
        footer: masthead::footer(&mut fields),
        announcement: masthead::announcement(&mut fields, timezone),
        addresses: fields.addresses(),
        extra: fields.node("extra").cloned(),
    };
    finish(fields);
    Some(config.in_own_language())
}

fn title(fields: &mut Fields<'_, '_>) -> Option<String> {
    let title = fields.filled("title");
    if title.is_none() {
        fields.report(missing("title", "`title = \"The Harbour Post\"`"), &(0..0));
    }
    title
}

/// Reports the settings that nobody asked for.
fn finish(mut fields: Fields<'_, '_>) {
    if let Some(entry) = fields.entry("html") {
        fields.report(ConfigError::HtmlRemoved, &entry.key_span);
    }
    fields.finish_beside(ELSEWHERE, Some(&|_| "values of your own go under `[extra]`".to_owned()));
}

fn base_url(fields: &mut Fields<'_, '_>) -> Option<BaseUrl> {
    let Some(node) = fields.entry("base_url").map(|entry| &entry.node) else {
        fields.report(missing("base_url", "`base_url = \"https://example.org/\"`"), &(0..0));
        return None;
    };
    let text = fields.as_text("base_url", node).unwrap_or_default();
    BaseUrl::parse(&text).map_err(|error| fields.report(error, &node.span)).ok()
}

fn locale(fields: &mut Fields<'_, '_>, language: &str) -> Option<Locale> {
    let Some(node) = fields.node("locale") else {
        return Some(Locale::of(language).unwrap_or_else(Locale::english));
    };
    let text = fields.as_text("locale", node).unwrap_or_default();
    Locale::parse(&text).map_err(|error| fields.report(error, &node.span)).ok()
}

/// Reads `timezone` of any table.
pub(super) fn timezone(fields: &mut Fields<'_, '_>) -> Option<Tz> {
    let node = fields.node("timezone")?;
    let text = fields.as_text("timezone", node)?;
    parse_zone(&text).map_err(|error| fields.report(error, &node.span)).ok()
}

fn slugs(fields: &mut Fields<'_, '_>) -> SlugStyle {
    match fields.node("slugs").map(|node| (node, fields.as_text("slugs", node))) {
        Some((_, Some(word))) if word == "ascii" => SlugStyle::Ascii,
        Some((node, Some(word))) if word != "unicode" => {
            fields.refuse_unknown("slugs", node, "there is no such kind", &["unicode", "ascii"]);
            SlugStyle::Unicode
        }
        _ => SlugStyle::Unicode,
    }
}

fn missing(key: &'static str, example: &'static str) -> crate::model::metadata::MetadataError {
    crate::model::metadata::MetadataError::Missing { key, owner: "`site.toml`".to_owned(), example }
}

fn authority(fields: &mut Fields<'_, '_>, base_url: Option<&BaseUrl>) -> Authority {
    let host = || base_url.map(|base| base.host().to_owned()).unwrap_or_default();
    let Some(node) = fields.node("authority") else {
        if base_url.is_some() {
            fields.report(ConfigError::AuthorityFromHost { host: host() }, &(0..0));
        }
        return Authority { name: host(), since: "2000".to_owned() };
    };
    let text = fields.as_text("authority", node).unwrap_or_default();
    let (name, since) = text.split_once(',').unwrap_or((&text, "2000"));
    let name_fits = !name.is_empty()
        && name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b"-._@+".contains(&b));
    let since_fits = matches!(since.len(), 4 | 7 | 10)
        && since.bytes().enumerate().all(|(at, b)| match at {
            4 | 7 => b == b'-',
            _ => b.is_ascii_digit(),
        });
    if !name_fits || !since_fits {
        let remedy = "write a domain that is yours in lower case, and if you like the date since which it is: `example.org` or `example.org,2019-05-04`";
        fields.refuse("authority", node, "RFC 4151 has no such tagging entity", remedy);
    }
    Authority { name: name.to_owned(), since: since.to_owned() }
}

fn permalinks(fields: &mut Fields<'_, '_>) -> Permalinks {
    let mut permalinks = Permalinks {
        default: Pattern::parse("/{section}/{slug}/").unwrap_or_else(|_| unreachable!()),
        sections: Vec::new(),
    };
    let Some(node) = fields.node("permalinks") else { return permalinks };
    let mut table = fields.inner("`[permalinks]`", node);
    for entry in table.all() {
        let Some(text) = table.as_text(&entry.key, &entry.node) else { continue };
        match Pattern::parse(&text) {
            Ok(pattern) if entry.key == "default" => permalinks.default = pattern,
            Ok(pattern) => permalinks.sections.push((entry.key.trim_matches('/').to_owned(), pattern)),
            Err(error) => {
                let remedy = "use text with `{section}`, `{yyyy}`, `{mm}`, `{dd}` and `{slug}`, such as `/{section}/{yyyy}/{slug}/`";
                table.refuse(&entry.key, &entry.node, error, remedy);
            }
        }
    }
    permalinks.sections.sort_by(|a, b| b.0.len().cmp(&a.0.len()).then(a.0.cmp(&b.0)));
    permalinks
}

fn dates(fields: &mut Fields<'_, '_>) -> DateRules {
    use DateSource::{FrontMatter, Git, Ledger, Path, Wire};
    let mut rules = DateRules {
        published: vec![FrontMatter, Wire, Path, Ledger],
        updated: vec![FrontMatter, Wire, Ledger],
        git: None,
        ambiguous: Ambiguous::Refuse,
        format: None,
        time_format: None,
        languages: Vec::new(),
    };
    let Some(mut table) = fields.table("dates") else { return rules };
    rules.languages = date_languages(&mut table);
    let git = table.node("git");
    if table.flag("git") == Some(true) {
        rules.git = git.map(|node| table.place(&node.span));
        rules.published.push(Git);
        rules.updated.push(Git);
    }
    for (key, slot) in [("published", &mut rules.published), ("updated", &mut rules.updated)] {
        let Some(node) = table.node(key) else { continue };
        let names = table.as_texts(key, node);
        let known: Option<Vec<DateSource>> = names
            .iter()
            .map(|name| DateSource::ALL.into_iter().find(|source| source.key() == name))
            .collect();
        match known {
            Some(sources) => {
                if sources.contains(&Git) && rules.git.is_none() {
                    rules.git = Some(table.place(&node.span));
                }
                *slot = sources;
            }
            None => {
                let known = DateSource::ALL.map(DateSource::key);
                table.refuse_unknown(key, node, "not all are places that dates come from", &known);
            }
        }
    }
    for (key, slot) in [("format", &mut rules.format), ("time_format", &mut rules.time_format)] {
        let Some(node) = table.node(key) else { continue };
        let Some(pattern) = table.as_text(key, node) else { continue };
        match check_pattern(&pattern) {
            Ok(()) => *slot = Some(pattern),
            Err(error) => table.report(error, &node.span),
        }
    }
    if let Some(node) = table.node("ambiguous") {
        match table.as_text("ambiguous", node).as_deref() {
            Some("error") => rules.ambiguous = Ambiguous::Refuse,
            Some("earlier") => rules.ambiguous = Ambiguous::Earlier,
            Some("later") => rules.ambiguous = Ambiguous::Later,
            _ => {
                let known = ["error", "earlier", "later"];
                table.refuse_unknown("ambiguous", node, "there is no such rule", &known);
            }
        }
    }
    table.finish(None);
    rules
}

/// `languages` of a table: tags of languages (BCP 47) whose names of months and weekdays are read in dates.
pub fn date_languages(fields: &mut Fields<'_, '_>) -> Vec<String> {
    let Some(node) = fields.node("languages") else { return Vec::new() };
    let tags = fields.as_texts("languages", node);
    for tag in &tags {
        if let Err(error) = Locale::parse(tag) {
            fields.report(error, &node.span);
        }
    }
    tags
}

fn taxonomies(fields: &mut Fields<'_, '_>, language: &Spoken) -> Vec<TaxonomyRules> {
    let plain = |name: &str| TaxonomyRules {
        name: name.to_owned(),
        title: language.word(&format!("taxonomy_{name}")).unwrap_or_else(|| capitalised(name)),
        path: name.to_owned(),
        feeds: FeedChoice::default(),
        feed_aliases: Vec::new(),
        sort: None,
        page_size: None,
        is_series: name == "series",
    };
    let mut list: Vec<TaxonomyRules> = ["authors", "topics", "tags"].map(plain).into();
    let Some(node) = fields.node("taxonomies") else { return list };
    let mut table = fields.inner("`[taxonomies]`", node);
    for entry in table.all() {
        let mut inner = table.inner(format!("`[taxonomies.{}]`", entry.key), &entry.node);
        let mut rules = plain(&entry.key);
        if let Some(title) = inner.filled("title") {
            rules.title = title;
        }
        if let Some(path) = inner.filled("path") {
            rules.path = path.trim_matches('/').to_owned();
        }
        if let Some(node) = inner.node("feeds") {
            (rules.feeds, rules.feed_aliases) = feed_choice_of_terms(&mut inner, node);
        }
        if inner.flag("feed") == Some(false) {
            rules.feeds.on = Some(false);
        }
        rules.sort = order(&mut inner).zip(inner.node("sort").map(|node| inner.place(&node.span)));
        rules.page_size = inner.whole("page_size", 1, 10_000).map(|size| size as usize);
        rules.is_series = inner.flag("series").unwrap_or(rules.is_series);
        inner.finish(None);
        match list.iter_mut().find(|known| known.name == rules.name) {
            Some(known) => *known = rules,
            None => list.push(rules),
        }
    }
    for (at, one) in list.iter().enumerate() {
        if list[..at].iter().any(|other| other.path == one.path) {
            table.report(ConfigError::TaxonomyPath { path: one.path.clone() }, &node.span);
        }
    }
    list
}

pub(super) fn capitalised(name: &str) -> String {
    let mut letters = name.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

fn markdown(fields: &mut Fields<'_, '_>) -> MarkdownRules {
    let mut rules = MarkdownRules {
        smart_punctuation: true,
        heading_links: true,
        highlight: true,
        math: false,
        raw_html: RawHtmlRules::default(),
        switches: MarkdownSwitches::default(),
    };
    let Some(mut table) = fields.table("markdown") else { return rules };
    for (key, rule, made_with) in [
        ("smart_punctuation", &mut rules.smart_punctuation, true),
        ("heading_links", &mut rules.heading_links, true),
        ("highlight", &mut rules.highlight, cfg!(feature = "highlight")),
        ("math", &mut rules.math, cfg!(feature = "math")),
        ("autolinks", &mut rules.switches.autolinks, true),
        ("wikilinks", &mut rules.switches.wikilinks, true),
        ("emoji", &mut rules.switches.emoji, true),
        ("mark", &mut rules.switches.mark, true),
    ] {
        *rule = made_flag(&mut table, key, made_with).unwrap_or(*rule);
    }
    rules.raw_html = raw_html::raw_html_rules(&mut table);
    table.finish(None);
    rules
}

fn ignored_fields(fields: &mut Fields<'_, '_>) -> Vec<String> {
    let Some(mut table) = fields.table("front_matter") else { return Vec::new() };
    let ignored = table.texts("ignore").unwrap_or_default();
    table.finish(None);
    ignored
}

/// Reads a flag that needs the cargo feature of the same name.
fn made_flag(table: &mut Fields<'_, '_>, key: &'static str, made_with: bool) -> Option<bool> {
    let flag = table.flag(key)?;
    if let Some(node) = table.node(key).filter(|_| flag && !made_with) {
        let remedy = format!("take the line out, or build Dateline with its feature `{key}`");
        table.refuse(key, node, "this Dateline was made without it", remedy);
    }
    Some(flag)
}

/// Common names of encodings, to suggest one.
const ENCODINGS: [&str; 16] = [
    "utf-8",
    "utf-16le",
    "utf-16be",
    "windows-1250",
    "windows-1251",
    "windows-1252",
    "iso-8859-1",
    "iso-8859-2",
    "iso-8859-15",
    "macintosh",
    "koi8-r",
    "big5",
    "gbk",
    "shift_jis",
    "euc-jp",
    "euc-kr",
];

fn encodings(fields: &mut Fields<'_, '_>) -> Vec<(String, &'static Encoding)> {
    let Some(node) = fields.node("encodings") else { return Vec::new() };
    let mut table = fields.inner("`[encodings]`", node);
    let mut list = Vec::new();
    for entry in table.all() {
        let Some(label) = table.as_text(&entry.key, &entry.node) else { continue };
        let named = encoding(&mut table, &entry.key, &entry.node, &label);
        list.extend(named.map(|encoding| (entry.key.trim_matches('/').to_owned(), encoding)));
    }
    list.sort_by(|a, b| b.0.len().cmp(&a.0.len()).then(a.0.cmp(&b.0)));
    list
}

/// The encoding that `label` names, which is the value `node` of `key`.
pub(super) fn encoding(
    table: &mut Fields<'_, '_>,
    key: &str,
    node: &metadata::Node,
    label: &str,
) -> Option<&'static Encoding> {
    let encoding = Encoding::for_label(label.as_bytes());
    if encoding.is_none() {
        let remedy = match nearest(label.trim(), ENCODINGS) {
            Some(name) => format!("did you mean `{name}`?"),
            None => "use a name of the WHATWG Encoding Standard, such as `windows-1252` or `big5`".to_owned(),
        };
        table.refuse(key, node, "there is no such encoding", remedy);
    }
    encoding
}
