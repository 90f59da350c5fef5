//! A site of another generator, as far as a site of Dateline has a place for it. Readers of the kinds make it, and
//! [`write`](super::write) turns it into files.

use std::path::PathBuf;

use toml::Table;

use crate::model::date::Moment;

/// Everything that was read from one source.
#[derive(Debug, Clone, Default)]
pub struct Imported {
    /// The settings for `site.toml`.
    pub settings: Settings,
    /// Articles and pages: a page is one without a date of publication.
    pub articles: Vec<Article>,
    /// The sections that have something of their own: a title, a text, an address.
    pub sections: Vec<Section>,
    /// Files that go into the target as they are: pictures, downloads, data.
    pub files: Vec<TargetFile>,
    /// Old addresses that led on to another one.
    pub redirects: Vec<Redirect>,
    /// One for each thing that was changed or could not be taken along.
    pub findings: Vec<Finding>,
}

/// The settings for `site.toml`.
#[derive(Debug, Clone, Default)]
pub struct Settings {
    /// The name of the site.
    pub title: Option<String>,
    /// Where it lives, with scheme and host.
    pub base_url: Option<String>,
    /// One sentence about it.
    pub description: Option<String>,
    /// BCP 47.
    pub language: Option<String>,
    /// A name of the tz database: the zone of dates that are written without an offset.
    pub timezone: Option<String>,
    /// A copyright line.
    pub rights: Option<String>,
    /// The author of articles that name none.
    pub author: Option<Author>,
    /// Profiles of authors.
    pub authors: Vec<Author>,
    /// Taxonomies beside those that Dateline always has.
    pub taxonomies: Vec<Taxonomy>,
    /// Patterns in Dateline's own placeholders, by section; `default` is the name of the one for all others.
    pub permalinks: Vec<(String, String)>,
    /// Links of the main menu, in order: the text and the address of each.
    pub navigation: Vec<(String, String)>,
    /// The feed of the whole site.
    pub feeds: Feeds,
    /// Articles on one page of a list.
    pub page_size: Option<u32>,
    /// Further settings, by their names in `site.toml`: `markdown = { math = true }`, `extra = { … }`.
    pub other: Table,
}

impl Settings {
    /// Sets where the feeds of the terms of `taxonomy` lived.
    pub fn feeds_of(&mut self, taxonomy: &str, aliases: Vec<String>) {
        match self.taxonomies.iter_mut().find(|one| one.name == taxonomy) {
            Some(one) => one.feed_aliases = aliases,
            None => {
                let name = taxonomy.to_owned();
                self.taxonomies.push(Taxonomy { name, feed_aliases: aliases, ..Taxonomy::default() });
            }
        }
    }
}

/// The profile of an author.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Author {
    /// The name by which articles name the author; may be empty in [`Settings::author`].
    pub key: String,
    /// The name for people.
    pub name: String,
    /// The address for mail.
    pub email: Option<String>,
    /// A page about the author.
    pub url: Option<String>,
    /// A short biography.
    pub bio: Option<String>,
}

/// A taxonomy.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Taxonomy {
    /// The name of its field in front matter: `series`.
    pub name: String,
    /// Its title, if it has one of its own.
    pub title: Option<String>,
    /// The path of its page, without slashes at its ends, if that is not its name.
    pub path: Option<String>,
    /// `Some(false)` if its terms have no feeds.
    pub feeds: Option<bool>,
    /// Where the feeds of its terms lived, with `{slug}` or `{name}` for the term: `/category/{slug}/feed/`.
    pub feed_aliases: Vec<String>,
}

/// The feed of the whole site, or of a section.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Feeds {
    /// The most entries.
    pub limit: Option<u32>,
    /// True if entries had a summary and not the whole text.
    pub is_summary: bool,
    /// Addresses at which the feed lived: paths from the root, such as `/index.xml` or `/feed/`.
    pub aliases: Vec<String>,
    /// Its id in Atom.
    pub id: Option<String>,
    /// True if the articles of the section were not in the site's feed.
    pub is_apart: bool,
    /// The names of the files of all feeds, by format (`rss`, `atom`, `json`): `("rss", "index.xml")`.
    pub names: Vec<(&'static str, String)>,
}

/// A place in the source.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Spot {
    /// The file, from the root of the source, with `/`.
    pub file: String,
    /// The line, from 1; 0 for the whole file.
    pub line: u32,
}

impl Spot {
    /// The whole file.
    pub fn file(file: impl Into<String>) -> Spot {
        Spot { file: file.into(), line: 0 }
    }

    /// A line of the file.
    pub fn line(file: impl Into<String>, line: u32) -> Spot {
        Spot { file: file.into(), line }
    }
}

/// A date of an article.
#[derive(Debug, Clone, PartialEq)]
pub struct When {
    /// The moment, by the rules of the generator.
    pub moment: Moment,
    /// The text, as it was written.
    pub text: String,
    /// The rule by which the text means this moment: `field "date", in the zone Europe/London of _config.yml`.
    pub rule: String,
    /// Where the text was.
    pub spot: Spot,
}

/// An article or a page.
#[derive(Debug, Clone, Default)]
pub struct Article {
    /// Where it was.
    pub source: Spot,
    /// Its source in the target, below `content/`: `news/ferry.md`, `news/ferry/index.md`, `old/ferry.html`.
    pub target: String,
    /// Its title, plain text.
    pub title: String,
    /// The path at which it lived, percent-encoded or not: `/2014/02/ferry.html`. Empty if it had no address.
    pub url: String,
    /// Its publication; `None` for a page.
    pub published: Option<When>,
    /// Its last change.
    pub updated: Option<When>,
    /// When it ends.
    pub expires: Option<When>,
    /// Why it is not public; `None` if it is, or will be at its date.
    pub draft: Option<String>,
    /// The id by which readers of its feeds know it, to the letter; `None` if no feed had it.
    pub guid: Option<String>,
    /// A summary that somebody wrote, plain text.
    pub summary: Option<String>,
    /// Names or keys of its authors.
    pub authors: Vec<String>,
    /// Its terms, by taxonomy.
    pub terms: Vec<(String, Vec<String>)>,
    /// Its picture.
    pub image: Option<Image>,
    /// Old addresses that lead to it: paths, with or without a query.
    pub aliases: Vec<String>,
    /// Files that its entries in feeds carry.
    pub enclosures: Vec<Enclosure>,
    /// Further fields of Dateline's front matter: `weight`, `math`, `lang`, `canonical`…
    pub fields: Table,
    /// Fields that Dateline has no name for.
    pub extra: Table,
    /// Its text: Markdown, or HTML if the target ends in `.html`.
    pub body: String,
}

/// The picture of an article.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Image {
    /// A file beside the article, a path of the site, or a URL.
    pub src: String,
    /// Its description.
    pub alt: Option<String>,
    /// The text below it.
    pub caption: Option<String>,
}

/// A file that an entry of a feed carries.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Enclosure {
    /// A file beside the article, a path of the site, or a URL.
    pub url: String,
    /// Its length in bytes.
    pub length: Option<u64>,
    /// Its media type.
    pub media_type: Option<String>,
}

/// A section: a folder of `content/`.
#[derive(Debug, Clone, Default)]
pub struct Section {
    /// Where it was.
    pub source: Spot,
    /// Its folder below `content/`; empty for the root.
    pub folder: String,
    /// Its title; `None` if it has none of its own.
    pub title: Option<String>,
    /// The path at which it lived; empty if that is its folder.
    pub url: String,
    /// Old addresses that lead to it.
    pub aliases: Vec<String>,
    /// Its feed; of the root, that of [`Settings::feeds`] counts.
    pub feeds: Feeds,
    /// Why nothing in it is public.
    pub draft: Option<String>,
    /// Further fields of Dateline's front matter.
    pub fields: Table,
    /// Fields that Dateline has no name for.
    pub extra: Table,
    /// Its text, Markdown.
    pub body: String,
}

/// A file of the target that is no source.
#[derive(Debug, Clone, PartialEq)]
pub struct TargetFile {
    /// Its path in the target: `static/img/quay.png`, `content/news/ferry/quay.jpg`, `data/boats.csv`.
    pub to: String,
    /// Its content.
    pub content: Content,
}

/// The content of a file.
#[derive(Debug, Clone, PartialEq)]
pub enum Content {
    /// That of this file.
    Copy(PathBuf),
    /// This text.
    Text(String),
}

/// An old address that led on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Redirect {
    /// The old path.
    pub from: String,
    /// A path of the site, or a URL.
    pub to: String,
    /// Where it was written.
    pub source: Spot,
}

/// The fate of something in the source.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Outcome {
    /// It can't be taken along.
    Lost,
    /// It was kept from readers.
    Held,
    /// It is there in another form.
    Changed,
    /// It is there as it was.
    Carried,
}

/// One thing that the report tells, by file and line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The kind, by which findings are grouped and counted: `shortcode`, `draft`, `template`.
    pub code: &'static str,
    /// Where it was.
    pub source: Spot,
    /// Its fate.
    pub outcome: Outcome,
    /// One sentence for people.
    pub text: String,
}

impl Imported {
    /// Adds a finding.
    pub fn tell(&mut self, outcome: Outcome, code: &'static str, source: Spot, text: impl Into<String>) {
        self.findings.push(Finding { code, source, outcome, text: text.into() });
    }
}
