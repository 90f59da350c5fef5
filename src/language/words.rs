//! The words of the theme in many languages, and those that a site adds or puts in their place.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use super::locale::Locale;
use super::message::{Arguments, Resolver, Source};
use super::tag::Tag;
use crate::model::digest::{Digest, Fingerprinter};
use crate::model::html;

/// The folder of a site's own words, in its root and in that of its theme.
pub const FOLDER: &str = "languages";

/// Embeds files of `languages/`.
macro_rules! embedded {
    ($($tag:literal),* $(,)?) => {
        [$((
            $tag,
            concat!($tag, ".ftl"),
            include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/languages/", $tag, ".ftl")),
        )),*]
    };
}

/// The languages that the theme speaks, with the names and texts of their files.
pub const BUILT_IN: [(&str, &str, &str); 21] = embedded!(
    "ar", "de", "en", "es", "fa", "fr", "he", "hi", "it", "ja", "ko", "nl", "pl", "pt", "pt-PT", "ru", "th",
    "tr", "uk", "zh-Hans", "zh-Hant",
);

/// The names of the theme's words.
pub const KEYS: [&str; 102] = [
    "after",
    "alert_caution",
    "alert_important",
    "alert_note",
    "alert_tip",
    "alert_warning",
    "all_feeds",
    AND,
    "announcement",
    "archive",
    "auto",
    "before",
    "by",
    "by_month",
    "chapters",
    "close",
    "colours",
    "contents",
    "copied",
    "copy",
    "copy_link",
    "correction",
    "corrections",
    "dark",
    "docs_latest",
    "docs_menu",
    "docs_outdated",
    "docs_version",
    "download_film",
    "download_recording",
    "edit_page",
    "email",
    "enlarge",
    "expired",
    "expired_text",
    "feed_history",
    "feed_intro",
    "feed_newest",
    "feed_short",
    "feed_whole",
    "footnote_back",
    "group_everything",
    "group_sections",
    "group_selections",
    "latest",
    "light",
    "main",
    "minutes",
    "moved",
    "moved_text",
    "neighbours",
    "newer",
    "not_found",
    "not_found_text",
    "nothing_yet",
    "of",
    "older",
    "open_in_reader",
    "page_after",
    "page_before",
    "page_changes",
    "pages",
    "part",
    "part_number",
    "part_of",
    "print",
    "published",
    "read_in_app",
    "read_in_podcast_app",
    "reading_time",
    "related",
    "search",
    "search_all",
    "search_author",
    "search_more",
    "search_none",
    "search_results",
    "search_section",
    "search_text",
    "search_without",
    "search_year",
    "share",
    "skip",
    "submenu",
    "subscribe",
    "subscribe_text",
    "table",
    "tags",
    "task_done",
    "task_open",
    "taxonomy_authors",
    "taxonomy_series",
    "taxonomy_tags",
    "taxonomy_topics",
    "to_top",
    "trail",
    "transcript",
    "updated",
    "withdrawn",
    "withdrawn_entry",
    "withdrawn_on",
    "withdrawn_text",
];

/// The word before the last of several names. CLDR has it for every language; a site may have another.
const AND: &str = "and";

/// The last language of every chain.
const LAST: &str = "en";

/// A language as pages speak it.
#[derive(Debug)]
pub struct Language {
    tag: String,
    locale: Locale,
    /// The direction of its script.
    direction: &'static str,
    /// The files to look for words in, the nearest first, each with the language it is written in.
    chain: Vec<(Tag, Cow<'static, Source>)>,
    /// Its own word before the last of several names, if the site has one.
    and: Option<String>,
    /// The words of the theme that it has only from another language.
    missing: Vec<&'static str>,
}

/// The languages of a site.
#[derive(Debug)]
pub struct Languages {
    /// The site's own, as `site.toml` says.
    site: Arc<Language>,
    /// Files of the site and of its theme's folder, by tag; those of the site come first.
    own: BTreeMap<String, Vec<Source>>,
    /// `[theme.words]`.
    replaced: Source,
    /// The languages whose direction the site says, by tag.
    directions: Vec<(String, &'static str)>,
    digest: Digest,
    known: Mutex<BTreeMap<String, Arc<Language>>>,
}

/// A file with words of a site or of its theme's folder.
pub struct OwnFile {
    /// The language that its name says.
    pub tag: Tag,
    /// Its text.
    pub text: String,
    /// Its messages.
    pub source: Source,
}

impl Languages {
    /// The languages of a site that speaks `language` in `locale`, with the words of `own` files and of `[theme.words]`,
    /// which both come before the theme's.
    pub fn new(
        language: &str,
        locale: Locale,
        words: &[(&'static str, String)],
        own: Vec<OwnFile>,
    ) -> Languages {
        let mut hasher = Fingerprinter::default();
        hasher.value(language).value(format!("{locale:?} {words:?}"));
        let mut files: BTreeMap<String, Vec<Source>> = BTreeMap::new();
        for file in own {
            hasher.value(file.tag.as_str()).value(&file.text);
            files.entry(file.tag.as_str().to_owned()).or_default().push(file.source);
        }
        let replaced = replaced(words);
        let site = language_of(language, Some(locale), None, &files, &replaced);
        Languages {
            site: Arc::new(site),
            own: files,
            replaced,
            directions: Vec::new(),
            digest: hasher.finish(),
            known: Mutex::default(),
        }
    }

    /// The same languages; those in `directions`, by tag, are written in these.
    pub fn with_directions(self, directions: Vec<(String, &'static str)>) -> Languages {
        if directions.is_empty() {
            return self;
        }
        let mut hasher = Fingerprinter::default();
        hasher.bytes(self.digest.bytes()).value(format!("{directions:?}"));
        let site = language_of(&self.site.tag, Some(self.site.locale), None, &self.own, &self.replaced);
        let mut turned = Languages { directions, digest: hasher.finish(), ..self };
        turned.site = Arc::new(turned.turned(site));
        turned
    }

    /// `language`, in the direction that the site says.
    fn turned(&self, language: Language) -> Language {
        Language { direction: self.direction(&language.tag), ..language }
    }

    /// The direction of the script of the language `tag`, as a value of HTML's `dir`.
    pub fn direction(&self, tag: &str) -> &'static str {
        let said = self.directions.iter().find(|(said, _)| said.eq_ignore_ascii_case(tag));
        said.map_or_else(|| html::direction(tag), |(_, direction)| direction)
    }

    /// The same languages for pages of the site in `language`, with the words that it has in `site.toml` for this one.
    pub fn of_edition(&self, language: &str, locale: Locale, words: &[(&'static str, String)]) -> Languages {
        let mut hasher = Fingerprinter::default();
        hasher.bytes(self.digest.bytes()).value(language).value(format!("{locale:?} {words:?}"));
        let replaced = replaced(words);
        let site = self.turned(language_of(language, Some(locale), None, &self.own, &replaced));
        Languages {
            site: Arc::new(site),
            own: self.own.clone(),
            replaced,
            directions: self.directions.clone(),
            digest: hasher.finish(),
            known: Mutex::default(),
        }
    }

    /// The site's language.
    pub fn site(&self) -> &Arc<Language> {
        &self.site
    }

    /// The language of `tag`, as written in `lang`. One that CLDR does not have is written as the site's.
    pub fn of(&self, tag: &str) -> Arc<Language> {
        if tag.eq_ignore_ascii_case(&self.site.tag) {
            return self.site.clone();
        }
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(language) = known.get(tag) {
            return language.clone();
        }
        let language = language_of(tag, None, Some(&self.site), &self.own, &self.replaced);
        let language = Arc::new(self.turned(language));
        known.insert(tag.to_owned(), language.clone());
        language
    }

    /// Digest of all words, those of the theme aside.
    pub fn digest(&self) -> Digest {
        self.digest
    }
}

/// The `words` of `site.toml` as messages.
fn replaced(words: &[(&'static str, String)]) -> Source {
    let mut replaced = Source::default();
    for (name, text) in words {
        // A word with places for numbers is a message; others may have braces that mean nothing.
        let message = text.contains("{ $").then(|| Source::parse(&format!("{name} = {text}\n")));
        match message {
            Some((message, errors)) if errors.is_empty() => replaced.extend(message),
            _ => replaced.add_text(name, text),
        }
    }
    replaced
}

impl Language {
    /// A language of the theme alone.
    pub fn built_in(tag: &str) -> Language {
        language_of(
            tag,
            Locale::of(tag).or_else(|| Some(Locale::english())),
            None,
            &BTreeMap::new(),
            &Source::default(),
        )
    }

    /// English, as the theme speaks it.
    pub fn english() -> &'static Language {
        static ENGLISH: OnceLock<Language> = OnceLock::new();
        ENGLISH.get_or_init(|| Language::built_in(LAST))
    }

    /// Its tag, as written.
    pub fn tag(&self) -> &str {
        &self.tag
    }

    /// How it writes dates, numbers and lists.
    pub fn locale(&self) -> Locale {
        self.locale
    }

    /// The direction of its script, as a value of HTML's `dir`.
    pub fn direction(&self) -> &'static str {
        self.direction
    }

    /// The words of the theme that it has only from another language.
    pub fn missing(&self) -> &[&'static str] {
        &self.missing
    }

    /// The word `name`, with a place for nothing. `None` if nobody has it.
    pub fn word(&self, name: &str) -> Option<String> {
        self.message(name, &Arguments::default())
    }

    /// The message `name` with `arguments`.
    pub fn message(&self, name: &str, arguments: &Arguments) -> Option<String> {
        if name == AND {
            let usual = || self.locale.between(1, 3, "").trim().to_owned();
            return Some(self.and.clone().unwrap_or_else(usual));
        }
        Resolver { chain: &self.chain, locale: self.locale, arguments }.message(name)
    }

    /// All words by name, as if nothing was counted.
    pub fn words(&self) -> BTreeMap<String, String> {
        let own = self.chain.iter().flat_map(|(_, source)| source.names()).map(str::to_owned);
        let names = own.chain(KEYS.map(str::to_owned));
        names.filter_map(|name| self.word(&name).map(|word| (name, word))).collect()
    }

    /// The text between two names of a list; see [`Locale::between`]. A site's own word for `and` comes before CLDR's.
    pub fn between(&self, at: usize, count: usize, next: &str) -> String {
        match self.and.as_ref().filter(|_| at + 2 >= count) {
            Some(and) => format!(" {and} "),
            None => self.locale.between(at, count, next),
        }
    }
}

/// The messages of the theme's file `tag`.
fn built_in(tag: &str) -> Option<&'static Source> {
    static SOURCES: [OnceLock<Source>; BUILT_IN.len()] = [const { OnceLock::new() }; BUILT_IN.len()];
    let at = BUILT_IN.iter().position(|(known, ..)| *known == tag)?;
    Some(SOURCES[at].get_or_init(|| Source::parse(BUILT_IN[at].2).0))
}

/// The language of `tag`: its own files, those that it falls back to, then the words of the `site`'s language.
fn language_of(
    tag: &str,
    locale: Option<Locale>,
    site: Option<&Language>,
    own: &BTreeMap<String, Vec<Source>>,
    replaced: &Source,
) -> Language {
    let parsed = Tag::parse(tag);
    let mut chain: Vec<(Tag, Cow<'static, Source>)> = Vec::new();
    // Words in `site.toml` are in the site's language.
    let is_of_site = site.is_none_or(|site| match (Tag::parse(&site.tag), &parsed) {
        (Some(of_site), Some(tag)) => of_site.language() == tag.language(),
        _ => false,
    });
    if let Some(parsed) = parsed.as_ref().filter(|_| is_of_site) {
        chain.push((parsed.clone(), Cow::Owned(replaced.clone())));
    }
    let named: Vec<Tag> =
        parsed.iter().flat_map(|tag| tag.chain()).filter_map(|tag| Tag::parse(&tag)).collect();
    let add = |tag: Tag, chain: &mut Vec<(Tag, Cow<'static, Source>)>| {
        let files = own.get(tag.as_str()).into_iter().flatten();
        chain.extend(files.map(|source| (tag.clone(), Cow::Owned(source.clone()))));
        chain.extend(built_in(tag.as_str()).map(|source| (tag.clone(), Cow::Borrowed(source))));
    };
    for tag in named {
        add(tag, &mut chain);
    }
    let has = |name: &&'static str| *name == AND || chain.iter().any(|(_, source)| source.has(name));
    let missing = KEYS.into_iter().filter(|name| !has(name)).collect();
    let locale = locale.or_else(|| Locale::of(tag)).or(site.map(|site| site.locale));
    let locale = locale.unwrap_or_else(Locale::english);
    let and = Resolver { chain: &chain, locale, arguments: &Arguments::default() }.message(AND);
    match site {
        Some(site) => chain.extend(site.chain.iter().cloned()),
        None => chain.extend(Tag::parse(LAST).and_then(|tag| Some((tag, Cow::Borrowed(built_in(LAST)?))))),
    }
    Language { tag: tag.to_owned(), locale, direction: html::direction(tag), chain, and, missing }
}

#[cfg(test)]
mod tests;
