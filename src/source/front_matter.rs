//! Front matter: the metadata block of a source, as its author wrote it.
//!
//! Every field is optional here; defaults are decided later (`identity`). Fields that a later stage may report keep
//! their place.

use std::ops::Range;
use std::sync::Arc;

use super::{ContentError, Enclosure, Episode, Legend, Show, attachment, picture, podcast};
use crate::config::{FeedChoice, feed_choice};
use crate::model::date::{self, EXPIRES, FieldName, PUBLISHED, UPDATED, Written, parse_zone};
use crate::model::diagnostics::{Place, Problem};
use crate::model::intern::Common;
use crate::model::metadata::{Fields, Language, MetadataError, Node, Value};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

/// A value and the place where it was written.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Placed<T> {
    /// The value.
    pub value: T,
    /// Its place in the source.
    pub place: Place,
}

/// A date as an author wrote it, with its key.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct WrittenDate {
    /// The date.
    pub written: Written,
    /// The field: `date`, `published`, `PUBLISHED`…
    #[serde(deserialize_with = "date::known_field")]
    pub key: FieldName,
    /// Its place in the source.
    pub place: Place,
}

/// A correction, which is reported to readers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Correction {
    /// `date`: the time of the correction.
    pub date: WrittenDate,
    /// `text`: the error and its correction, plain text.
    pub text: String,
}

/// The fields of an article, a page or a section, as written.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct FrontMatter {
    /// `title` (plain text).
    pub title: Option<String>,
    /// `date`, or `published`, `pubDate`, `publishDate`.
    pub date: Option<WrittenDate>,
    /// `updated`, or `lastmod`, `modified`, `last_modified_at`.
    pub updated: Option<Box<WrittenDate>>,
    /// `expires`: the article is withheld from then on.
    pub expires: Option<Box<WrittenDate>>,
    /// `timezone`: an IANA name, for dates without an offset.
    pub timezone: Option<Tz>,
    /// `slug`: the last part of the path.
    pub slug: Option<Box<Placed<String>>>,
    /// `path` or `url`: the whole path.
    pub path: Option<Box<Placed<String>>>,
    /// `summary` or `description`: plain text for lists and feeds.
    pub summary: Option<String>,
    /// `kicker`: the line above the headline.
    pub kicker: Option<String>,
    /// `standfirst`: the paragraph below the headline.
    pub standfirst: Option<String>,
    /// `draft`.
    pub draft: Option<bool>,
    /// `minor = true`: a change too small for subscribers, so `updated` stays.
    pub minor: bool,
    /// `withdrawn`: the reason why this is no longer public. Its page gives the reason, and subscribers are notified.
    pub withdrawn: Option<Box<Placed<String>>>,
    /// `[[corrections]]`: corrections after the publication, as written.
    pub corrections: Box<[Correction]>,
    /// `aliases`: old paths that redirect here.
    pub aliases: Box<[Placed<String>]>,
    /// `canonical`: the URL of the original, if this is a copy.
    pub canonical: Option<String>,
    /// `id`: the lasting id, instead of a minted one.
    pub id: Option<Box<Placed<String>>>,
    /// `lang`: BCP 47.
    pub lang: Option<String>,
    /// `image`: path or URL.
    pub image: Option<Box<Placed<String>>>,
    /// `image.alt`, `image.caption` and `image.credit`.
    pub legend: Option<Box<Legend>>,
    /// `banner`: path or URL of a wide picture, for readers that show one.
    pub banner: Option<Box<Placed<String>>>,
    /// `[episode]`: the data of a podcast episode.
    pub episode: Option<Box<Episode>>,
    /// `enclosure`: audio, video or other files that feeds carry.
    pub enclosures: Box<[Enclosure]>,
    /// `math`: true if `$…$` are formulas; overrides `site.toml`.
    pub math: Option<bool>,
    /// `template`: the name of a template.
    pub template: Option<Box<Placed<String>>>,
    /// `weight`: the order of pages in lists, lightest first.
    pub weight: Option<i64>,
    /// `rights`.
    pub rights: Option<String>,
    /// `contributors`: names.
    pub contributors: Box<[String]>,
    /// `via`: the URL through which the author found this.
    pub via: Option<String>,
    /// Terms, by taxonomy: `authors`, `tags`, `topics` and those of `site.toml`.
    pub terms: Vec<(Common, Box<[Common]>)>,
    /// `feeds`, on sections.
    pub feeds: Option<Box<FeedChoice>>,
    /// `[podcast]`, on sections: the data of a podcast.
    pub podcast: Option<Box<Show>>,
    /// `news = true`, on sections: its articles are in the news sitemap.
    pub news: Option<bool>,
    /// `dated = true`, on sections: a source without a date is an error.
    pub dated: Option<bool>,
    /// `cascade`, on sections: defaults for all articles and pages in it.
    pub cascade: Option<Box<FrontMatter>>,
    /// `extra`: the author's own values.
    pub extra: Option<Box<Node>>,
}

impl FrontMatter {
    /// Adds terms of `taxonomy`.
    pub(super) fn add_terms(&mut self, taxonomy: &str, terms: &[String]) {
        // Most sources have terms of two or three taxonomies, and every source has this list.
        self.terms.reserve_exact(1);
        self.terms.push((taxonomy.into(), terms.iter().map(|term| term.as_str().into()).collect()));
    }

    /// Fills missing fields from `above`. Neither identity nor dates are inherited.
    pub fn under(&mut self, above: &FrontMatter) {
        fn fill<T: Clone>(own: &mut Option<T>, above: &Option<T>) {
            if own.is_none() {
                own.clone_from(above);
            }
        }
        fill(&mut self.timezone, &above.timezone);
        fill(&mut self.summary, &above.summary);
        fill(&mut self.kicker, &above.kicker);
        fill(&mut self.standfirst, &above.standfirst);
        fill(&mut self.draft, &above.draft);
        fill(&mut self.expires, &above.expires);
        fill(&mut self.lang, &above.lang);
        if self.image.is_none() {
            self.image.clone_from(&above.image);
            self.legend.clone_from(&above.legend);
        }
        fill(&mut self.math, &above.math);
        fill(&mut self.template, &above.template);
        fill(&mut self.weight, &above.weight);
        fill(&mut self.rights, &above.rights);
        fill(&mut self.extra, &above.extra);
        if self.contributors.is_empty() {
            self.contributors.clone_from(&above.contributors);
        }
        for (taxonomy, terms) in &above.terms {
            if !self.terms.iter().any(|(own, _)| own == taxonomy) {
                self.terms.push((taxonomy.clone(), terms.clone()));
            }
        }
    }
}

/// A block of front matter: its language and its bytes.
pub type Block = (Language, Range<usize>);

/// Splits a source into front matter and body: the language, the bytes of the block, and the byte at which the body
/// starts. A source without a block is all body.
///
/// # Errors
/// [`ContentError::OpenFrontMatter`] if the end of the block is missing.
pub fn split(text: &str) -> Result<(Option<Block>, usize), ContentError> {
    for (fence, language) in [("+++", Language::Toml), ("---", Language::Yaml)] {
        let Some(first) = text.split_inclusive('\n').next().filter(|line| line.trim_end() == fence) else {
            continue;
        };
        let start = first.len();
        let mut at = start;
        for line in text[start..].split_inclusive('\n') {
            if line.trim_end() == fence {
                return Ok((Some((language, start..at)), at + line.len()));
            }
            at += line.len();
        }
        return Err(ContentError::OpenFrontMatter { fence });
    }
    if text.starts_with('{') && !text.starts_with("{{") && !text.starts_with("{%") {
        let mut values = serde_json::Deserializer::from_str(text).into_iter::<serde::de::IgnoredAny>();
        return match values.next() {
            Some(Ok(_)) => {
                let end = values.byte_offset();
                let rest = &text[end..];
                let line = rest.find('\n').map_or(rest.len(), |at| at + 1);
                // Text after the block on its last line belongs to the body.
                let skip = if rest[..line].trim().is_empty() { line } else { 0 };
                Ok((Some((Language::Json, 0..end)), end + skip))
            }
            // The JSON is invalid. The parser finds the place of the error in this estimated block.
            _ => {
                let end = text.find("\n}").map_or(text.len(), |at| at + 2);
                Ok((Some((Language::Json, 0..end)), end))
            }
        };
    }
    Ok((None, 0))
}

/// The owner of front matter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Owner {
    /// An article or a page.
    Article,
    /// A section (`_index.md`).
    Section,
    /// A section's `cascade`.
    Cascade,
}

/// Fields that `site.toml` makes known.
#[derive(Debug, Clone, Copy)]
pub struct Known<'a> {
    /// The names of the taxonomies.
    pub taxonomies: &'a [String],
    /// Unknown fields that are no mistake.
    pub ignored: &'a [String],
}

/// Reads the fields of `node` and reports every mistake. The flag is false if one was an error.
pub fn read(
    node: &Node,
    owner: Owner,
    known: Known<'_>,
    file: &Arc<str>,
    text: &str,
    problems: &mut Vec<Problem>,
) -> FrontMatter {
    let name = match owner {
        Owner::Article => "an article",
        Owner::Section => "a section",
        Owner::Cascade => "`cascade`",
    };
    let mut fields = Fields::new(file, text, name, node, problems);
    let (image, legend) = picture::image(&mut fields);
    let mut front = FrontMatter {
        title: fields.filled("title"),
        date: written_date(&mut fields, PUBLISHED),
        updated: written_date(&mut fields, UPDATED).map(Box::new),
        expires: written_date(&mut fields, EXPIRES).map(Box::new),
        timezone: fields.node("timezone").and_then(|node| {
            let text = fields.as_text("timezone", node)?;
            parse_zone(&text).map_err(|error| fields.report(error, &node.span)).ok()
        }),
        slug: placed(&mut fields, "slug"),
        path: placed(&mut fields, "path").or_else(|| placed(&mut fields, "url")),
        summary: fields.filled("summary").or_else(|| fields.filled("description")),
        kicker: fields.filled("kicker"),
        standfirst: fields.filled("standfirst"),
        draft: fields.flag("draft"),
        minor: fields.flag("minor").unwrap_or(false),
        withdrawn: reason(&mut fields, "withdrawn"),
        corrections: corrections(&mut fields).into(),
        aliases: placed_list(&mut fields, "aliases").into(),
        canonical: fields.address("canonical"),
        id: placed(&mut fields, "id").or_else(|| placed(&mut fields, "guid")),
        lang: fields.filled("lang"),
        image,
        legend,
        banner: placed_address(&mut fields, "banner"),
        episode: None,
        podcast: None,
        news: None,
        enclosures: attachment::enclosures(&mut fields),
        math: fields.flag("math"),
        template: placed(&mut fields, "template"),
        weight: fields.whole("weight", i64::from(i32::MIN), i64::from(i32::MAX)),
        rights: fields.filled("rights"),
        contributors: fields.texts("contributors").unwrap_or_default().into(),
        via: fields.address("via"),
        terms: Vec::new(),
        feeds: None,
        dated: None,
        cascade: None,
        extra: fields.node("extra").cloned().map(Box::new),
    };
    // These keys are known even if another spelling of the same field was read.
    for other in ["url", "description", "guid"] {
        fields.entry(other);
    }
    add_tables(&mut fields, owner, &mut front);
    add_terms(&mut fields, known.taxonomies, &mut front);
    nested_taxonomies(&mut fields, known.taxonomies, &mut front);
    let cascade = if owner == Owner::Section { fields.node("cascade") } else { None };
    for ignored in known.ignored {
        fields.owned_entry(ignored);
    }
    fields.finish(Some(&|key| {
        let key = serde_json::to_string(key).unwrap_or_default();
        format!(
            "put a value of your own under `[extra]`, or pass it over with `[front_matter] ignore = [{key}]` in site.toml"
        )
    }));
    if let Some(node) = cascade {
        front.cascade = Some(Box::new(read(node, Owner::Cascade, known, file, text, problems)));
    }
    front
}

/// Reads the fields that are tables, or that only sections have.
fn add_tables(fields: &mut Fields<'_, '_>, owner: Owner, front: &mut FrontMatter) {
    if let Some(node) = fields.node("episode") {
        front.episode = Some(Box::new(podcast::episode(fields.inner("`[episode]`", node))));
    }
    if owner == Owner::Section {
        if let Some(node) = fields.node("podcast") {
            front.podcast = Some(Box::new(podcast::show(fields.inner("`[podcast]`", node), node)));
        }
        front.news = fields.flag("news");
        front.dated = fields.flag("dated");
        if let Some(node) = fields.node("feeds") {
            front.feeds = Some(Box::new(feed_choice(fields, node)));
        }
    }
}

/// Reads the terms of each taxonomy; `author` is another name for `authors`.
fn add_terms(fields: &mut Fields<'_, '_>, taxonomies: &[String], front: &mut FrontMatter) {
    let author = fields.texts("author");
    for taxonomy in taxonomies {
        let Some(entry) = fields.owned_entry(taxonomy) else { continue };
        let terms = fields.as_texts(taxonomy, &entry.node);
        front.add_terms(taxonomy, &terms);
    }
    if let Some(names) = author
        && !front.terms.iter().any(|(taxonomy, _)| **taxonomy == *"authors")
    {
        front.add_terms("authors", &names);
    }
}

/// Reads `[taxonomies]` with the terms of each, as some other generators write them.
fn nested_taxonomies(fields: &mut Fields<'_, '_>, taxonomies: &[String], front: &mut FrontMatter) {
    let Some(node) = fields.node("taxonomies") else { return };
    let mut table = fields.inner("`[taxonomies]`", node);
    for taxonomy in taxonomies {
        let Some(entry) = table.owned_entry(taxonomy) else { continue };
        let terms = table.as_texts(taxonomy, &entry.node);
        if !front.terms.iter().any(|(known, _)| **known == **taxonomy) {
            front.add_terms(taxonomy, &terms);
        }
    }
    table.finish(None);
}

pub(super) fn placed(fields: &mut Fields<'_, '_>, key: &'static str) -> Option<Box<Placed<String>>> {
    let node = fields.node(key)?;
    let value = fields.as_text(key, node)?.trim().to_owned();
    let place = fields.place(&node.span);
    (!value.is_empty()).then(|| Box::new(Placed { value, place }))
}

/// An address, with its place.
pub(super) fn placed_address(fields: &mut Fields<'_, '_>, key: &'static str) -> Option<Box<Placed<String>>> {
    let node = fields.node(key)?;
    let value = fields.address(key)?;
    Some(Box::new(Placed { value, place: fields.place(&node.span) }))
}

fn placed_list(fields: &mut Fields<'_, '_>, key: &'static str) -> Vec<Placed<String>> {
    let Some(node) = fields.node(key) else { return Vec::new() };
    let items = match &node.value {
        Value::List(items) => items.as_slice(),
        _ => std::slice::from_ref(node),
    };
    let mut list = Vec::new();
    for item in items.iter().filter(|item| item.value != Value::Null) {
        if let Some(value) = fields.as_text(key, item).filter(|value| !value.trim().is_empty()) {
            list.push(Placed { value, place: fields.place(&item.span) });
        }
    }
    list
}

/// A text, and no other type: `false` is no reason.
fn reason(fields: &mut Fields<'_, '_>, key: &'static str) -> Option<Box<Placed<String>>> {
    let node = fields.node(key)?;
    if matches!(node.value, Value::String(_)) {
        return placed(fields, key);
    }
    let remedy = "write why, as text, which readers will see; leave the field out where nothing is withdrawn";
    fields.refuse(key, node, "it is no reason", remedy);
    None
}

fn corrections(fields: &mut Fields<'_, '_>) -> Vec<Correction> {
    let mut corrections = Vec::new();
    for node in fields.tables("corrections") {
        let mut table = fields.inner("`[[corrections]]`", node);
        let missing =
            |key, example| MetadataError::Missing { key, owner: "this correction".to_owned(), example };
        let date = written_date(&mut table, &["date"]);
        let text = table.filled("text");
        if table.node("date").is_none() {
            table.report(missing("date", "`date = 2014-02-15T09:30:00+08:00`"), &node.span);
        }
        if text.is_none() {
            table.report(missing("text", "`text = \"The ferry holds 240 people, not 420.\"`"), &node.span);
        }
        table.finish(None);
        corrections.extend(date.zip(text).map(|(date, text)| Correction { date, text }));
    }
    corrections
}

/// The first of `keys` in the table, as a date. All of them count as known.
fn written_date(fields: &mut Fields<'_, '_>, keys: &[&'static str]) -> Option<WrittenDate> {
    let mut found = None;
    for &key in keys {
        let node = fields.node(key);
        if found.is_none() {
            found = node.map(|node| (key, node));
        }
    }
    let (key, node) = found?;
    let text = match &node.value {
        Value::String(text) | Value::Date(text) => text.clone(),
        _ => fields.as_text(key, node)?,
    };
    match date::parse(&text) {
        Ok(written) => Some(WrittenDate { written, key, place: fields.place(&node.span) }),
        Err(error) => {
            let part = error.span().unwrap_or(0..text.len());
            let raw_start = fields.find_in(node, &text);
            fields.report(error, &(raw_start + part.start..raw_start + part.end));
            None
        }
    }
}
