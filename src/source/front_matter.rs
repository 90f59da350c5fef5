//! Front matter: the metadata block of a source, as its author wrote it.
//!
//! Every field is optional here; defaults are decided later (`identity`). Fields that a later stage may report keep
//! their place.

use std::sync::Arc;

pub use super::corrections::Correction;
use super::corrections::corrections;
use super::dates::{expiry, not_inherited, publication_dates, written_date};
use super::elsewhere::ELSEWHERE;
pub use super::seldom::Seldom;
use super::{
    DocsFields, Enclosure, Episode, Legend, Placement, Show, attachment, badge, below, holds, landing,
    picture, podcast, suspicions, terms,
};
use crate::config::{FeedChoice, RawHtml, date_languages, feed_choice, raw_html, row_sources};
use crate::model::date::{self, FieldName, UPDATED, Written, parse_zone};
use crate::model::diagnostics::{Place, Problem};
use crate::model::intern::Common;
use crate::model::metadata::{Fields, Node, Value};
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

/// Dates that few sources have.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct OtherDates {
    /// Further dates of publication, where more than one field is there. The latest counts.
    pub published: Box<[WrittenDate]>,
    /// `expires`: the article is withheld from then on.
    pub expires: Option<WrittenDate>,
    /// `languages`: the languages of dates in wire articles, beside English and their own (BCP 47).
    pub languages: Box<[String]>,
}

/// The fields of an article, a page or a section, as written.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct FrontMatter {
    /// `title` (plain text).
    pub title: Option<String>,
    /// `title = ""`: it is meant to have none.
    pub is_note: bool,
    /// `date`, or `published`, `pubDate`, `publishDate`, `publish`.
    pub date: Option<WrittenDate>,
    /// Dates that few sources have.
    pub other_dates: Option<Box<OtherDates>>,
    /// `updated`, or `lastmod`, `modified`, `last_modified_at`.
    pub updated: Option<Box<WrittenDate>>,
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
    /// `draft`, and all that withholds as it does.
    pub draft: Option<bool>,
    /// `minor = true`: a change too small for subscribers, so `updated` stays.
    pub minor: bool,
    /// `withdrawn`: the reason why this is no longer public. Its page gives the reason, and subscribers are notified.
    pub withdrawn: Option<Box<Placed<String>>>,
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
    /// `raw_html`: the HTML that the text may have, if that is less than `site.toml` allows.
    pub raw_html: Option<RawHtml>,
    /// `template`: the name of a template.
    pub template: Option<Box<Placed<String>>>,
    /// `weight`: the order of pages in lists, lightest first.
    pub weight: Option<i32>,
    /// Fields that decide where it is listed.
    pub placement: Option<Box<Placement>>,
    /// `rights`.
    pub rights: Option<Box<str>>,
    /// `via`: the URL through which the author found this.
    pub via: Option<Box<str>>,
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
    /// Fields that few sources have.
    pub seldom: Option<Box<Seldom>>,
}

impl OtherDates {
    fn of(
        published: Box<[WrittenDate]>,
        expires: Option<WrittenDate>,
        languages: Vec<String>,
    ) -> Option<Box<OtherDates>> {
        let is_empty = published.is_empty() && expires.is_none() && languages.is_empty();
        (!is_empty).then(|| Box::new(OtherDates { published, expires, languages: languages.into() }))
    }
}

impl FrontMatter {
    /// Its pictures: `image` and `banner`.
    pub fn pictures(&self) -> impl Iterator<Item = &Placed<String>> {
        self.image.iter().chain(&self.banner).map(|written| &**written)
    }

    /// All its dates of publication, of which the latest counts.
    pub fn published(&self) -> impl Iterator<Item = &WrittenDate> {
        self.date.iter().chain(self.other_dates.iter().flat_map(|other| &other.published))
    }

    /// `expires`: the article is withheld from then on.
    pub fn expires(&self) -> Option<&WrittenDate> {
        self.other_dates.as_ref()?.expires.as_ref()
    }

    /// `languages`.
    pub fn languages(&self) -> &[String] {
        self.other_dates.as_ref().map(|other| &*other.languages).unwrap_or_default()
    }

    /// True if it has `unlisted = true`.
    pub fn is_unlisted(&self) -> bool {
        self.placement.as_ref().is_some_and(|placement| placement.unlisted == Some(true))
    }

    /// `link`: the address that a link post is about.
    pub fn link(&self) -> Option<&str> {
        Some(&self.placement.as_ref()?.link.as_ref()?.value)
    }

    /// Fills missing fields from `above`. Neither identity nor dates are inherited.
    pub fn under(&mut self, above: &FrontMatter) {
        fn fill<T: Clone>(own: &mut Option<T>, above: &Option<T>) {
            if own.is_none() {
                own.clone_from(above);
            }
        }
        self.is_note |= above.is_note;
        fill(&mut self.timezone, &above.timezone);
        if self.languages().is_empty() && !above.languages().is_empty() {
            self.other_dates.get_or_insert_default().languages = above.languages().into();
        }
        fill(&mut self.summary, &above.summary);
        fill(&mut self.kicker, &above.kicker);
        fill(&mut self.standfirst, &above.standfirst);
        fill(&mut self.draft, &above.draft);
        if let Some(expires) = above.expires()
            && self.expires().is_none()
        {
            self.other_dates.get_or_insert_default().expires = Some(expires.clone());
        }
        fill(&mut self.lang, &above.lang);
        if self.image.is_none() {
            self.image.clone_from(&above.image);
            self.legend.clone_from(&above.legend);
        }
        fill(&mut self.math, &above.math);
        // An article can't have what its section forbids.
        self.raw_html = self.raw_html.max(above.raw_html);
        fill(&mut self.template, &above.template);
        fill(&mut self.weight, &above.weight);
        Placement::under(&mut self.placement, &above.placement);
        fill(&mut self.rights, &above.rights);
        fill(&mut self.extra, &above.extra);
        if self.contributors().is_empty() && !above.contributors().is_empty() {
            self.seldom.get_or_insert_default().contributors = above.contributors().into();
        }
        for (taxonomy, terms) in &above.terms {
            if !self.terms.iter().any(|(own, _)| own == taxonomy) {
                self.terms.push((taxonomy.clone(), terms.clone()));
            }
        }
    }
}

/// The owner of front matter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Owner {
    /// An article or a page.
    Article,
    /// A row of a data file, which is an article or a page. Its columns were checked when it was read.
    Row,
    /// A section (`_index.md`).
    Section,
    /// A section's `cascade`.
    Cascade,
}

impl Owner {
    /// True for the fields of a section, or of all that is in it.
    pub(super) fn is_section(self) -> bool {
        matches!(self, Owner::Section | Owner::Cascade)
    }
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
        Owner::Article | Owner::Row => "an article",
        Owner::Section => "a section",
        Owner::Cascade => "`cascade`",
    };
    let mut fields = Fields::new(file, text, name, node, problems);
    let (image, legend) = picture::image(&mut fields);
    let mut dates = publication_dates(&mut fields).into_iter();
    let mut front = FrontMatter {
        title: fields.filled("title"),
        is_note: fields
            .node("title")
            .is_some_and(|node| matches!(&node.value, Value::String(text) if text.trim().is_empty())),
        date: dates.next(),
        other_dates: OtherDates::of(dates.collect(), expiry(&mut fields), date_languages(&mut fields)),
        updated: written_date(&mut fields, UPDATED).map(Box::new),
        timezone: fields.node("timezone").and_then(|node| {
            let text = fields.as_text("timezone", node)?;
            parse_zone(&text).map_err(|error| fields.report(error, &node.span)).ok()
        }),
        slug: placed(&mut fields, "slug"),
        path: placed(&mut fields, "path").or_else(|| placed(&mut fields, "url")),
        summary: fields.filled("summary").or_else(|| fields.filled("description")),
        kicker: fields.filled("kicker"),
        standfirst: fields.filled("standfirst"),
        draft: holds::draft(&mut fields),
        minor: fields.flag("minor").unwrap_or(false),
        withdrawn: reason(&mut fields, "withdrawn"),
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
        raw_html: raw_html(&mut fields),
        template: placed(&mut fields, "template"),
        weight: fields
            .whole("weight", i64::from(i32::MIN), i64::from(i32::MAX))
            .and_then(|weight| i32::try_from(weight).ok()),
        placement: Placement::read(&mut fields, owner),
        rights: fields.filled("rights").map(Into::into),
        via: fields.address("via").map(Into::into),
        terms: Vec::new(),
        feeds: None,
        dated: None,
        cascade: None,
        extra: fields.node("extra").cloned().map(Box::new),
        seldom: None,
    };
    // These keys are known even if another spelling of the same field was read.
    for other in ["url", "description", "guid"] {
        fields.entry(other);
    }
    add_tables(&mut fields, owner, known, file, &mut front);
    terms::add(&mut fields, known.taxonomies, &mut front);
    let cascade = if owner == Owner::Section { fields.node("cascade") } else { None };
    if owner == Owner::Cascade {
        not_inherited(&mut fields);
    }
    let seldom = Seldom {
        translation_of: placed(&mut fields, "translation_of").map(|original| *original),
        corrections: corrections(&mut fields).into(),
        contributors: fields.texts("contributors").unwrap_or_default().into(),
        badge: if owner == Owner::Cascade { None } else { badge::badge(&mut fields) },
        ..Seldom::default()
    };
    let addresses = fields.addresses().into_iter().map(|(value, place)| Placed { value, place });
    let Seldom { sources, docs, landing, .. } = front.seldom.take().map(|seldom| *seldom).unwrap_or_default();
    let seldom = Seldom { addresses: addresses.collect(), sources, docs, landing, ..seldom };
    front.seldom = (seldom != Seldom::default()).then(|| Box::new(seldom));
    suspicions::check_tables(&mut fields, owner);
    if owner != Owner::Row {
        suspicions::check_texts(&mut fields);
    }
    for ignored in known.ignored {
        fields.owned_entry(ignored);
    }
    suspicions::check_unread(&mut fields, front.date.as_ref().map(|date| date.written.day()));
    fields.finish_beside(ELSEWHERE, Some(&|key| {
        let key = serde_json::to_string(key).unwrap_or_default();
        format!(
            "put a value of your own under `[extra]`, or pass it over with `[front_matter] ignore = [{key}]` in site.toml"
        )
    }));
    if let Some((error, range)) = terms::too_many(node, &front) {
        problems.push(Problem::new(error, Place::in_text(file.clone(), text, range)));
    }
    if let Some(node) = cascade {
        front.cascade = Some(Box::new(read(node, Owner::Cascade, known, file, text, problems)));
    }
    front
}

/// Reads the fields that are tables, or that only sections have.
fn add_tables(
    fields: &mut Fields<'_, '_>,
    owner: Owner,
    known: Known<'_>,
    file: &str,
    front: &mut FrontMatter,
) {
    if let Some(node) = fields.node("episode") {
        front.episode = Some(Box::new(podcast::episode(fields.inner("`[episode]`", node))));
    }
    if owner == Owner::Section {
        if let Some(node) = fields.node("podcast") {
            front.podcast = Some(Box::new(podcast::show(fields.inner("`[podcast]`", node), node)));
        }
        front.news = fields.flag("news");
        front.dated = fields.flag("dated");
        let docs = DocsFields::read(fields, known.ignored);
        if docs.is_some() {
            front.seldom.get_or_insert_default().docs = docs;
        }
        if let Some(node) = fields.node("feeds") {
            front.feeds = Some(Box::new(feed_choice(fields, node)));
        }
        let taxonomies: Vec<&str> = known.taxonomies.iter().map(String::as_str).collect();
        let sources = row_sources(fields, &taxonomies, Some(below(file)));
        if !sources.is_empty() {
            front.seldom.get_or_insert_default().sources = sources.into();
        }
        if let Some(landing) = landing::landing(fields) {
            front.seldom.get_or_insert_default().landing = Some(landing);
        }
    }
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
    let mut list = Vec::new();
    for item in node.items().filter(|item| item.value != Value::Null) {
        if let Some(value) = fields.as_text(key, item).filter(|value| !value.trim().is_empty()) {
            list.push(Placed { value, place: fields.place(&item.span) });
        }
    }
    list
}

/// A text, and no other type: `false` is no reason, and neither is nothing, by which an author means to withdraw.
fn reason(fields: &mut Fields<'_, '_>, key: &'static str) -> Option<Box<Placed<String>>> {
    let node = fields.node(key)?;
    if matches!(&node.value, Value::String(text) if !text.trim().is_empty()) {
        return placed(fields, key);
    }
    let remedy = "write why, as text, which readers will see; leave the field out where nothing is withdrawn";
    fields.refuse(key, node, "it is no reason", remedy);
    None
}
