//! The views of an article or page: its card for lists, and the view for its own template.

use std::sync::PoisonError;

use chrono::Datelike;
use tera::value::Key;
use tera::{Map, Value};

use super::picture::{picture, social};
use super::tables::framed;
use super::{Fields, Views, article_link, from_metadata};
use crate::model::date::{Moment, Precision};
use crate::model::digest::{Digest, Fingerprinter};
use crate::picture::Seen;
use crate::render::markdown::{Heading, Length};
use crate::site::identity::Row;
use crate::site::library::LeafId;

/// Values of an article's page that come from other articles.
pub struct Beside {
    /// The article to read before it.
    pub previous: Option<Value>,
    /// The article to read after it.
    pub next: Option<Value>,
    /// The series that it is part of.
    pub series: Vec<Value>,
    /// Its authors of whom there is more to say than a name.
    pub profiles: Vec<Value>,
    /// Its recordings: the fields `enclosures` and `episode`.
    pub media: [(&'static str, Value); 2],
    /// Its picture or card for link previews.
    pub social: Value,
    /// Itself and its translations.
    pub translations: Value,
}

/// The translations without the page itself.
fn others(translations: &Value) -> Value {
    let is_other = |one: &&Value| one.get_from_path("current").and_then(Value::as_bool) == Some(false);
    let all = translations.as_array().into_iter().flatten();
    Value::from(all.filter(is_other).cloned().collect::<Vec<_>>())
}

impl Views<'_> {
    /// The card of an article or page: its view in lists.
    pub fn card(&self, id: LeafId) -> Value {
        let slot = &self.recent_cards[id.index() % self.recent_cards.len()];
        let mut slot = slot.lock().unwrap_or_else(PoisonError::into_inner);
        match &*slot {
            Some((known, card)) if *known == id => card.clone(),
            _ => slot.insert((id, Value::from(self.card_fields(id)))).1.clone(),
        }
    }

    /// The view of an article for its neighbours: title and URL.
    pub fn neighbour(&self, id: LeafId) -> Value {
        article_link(self.library.leaf(id), self.config, &self.language)
    }

    /// The part at the index `at` of a series, by the indices of taxonomy and term, with its place among the parts.
    pub fn part(&self, taxonomy: usize, term: usize, at: usize) -> Value {
        let parts = self.parts[taxonomy][term].clone();
        let term = &self.library.taxonomies[taxonomy].terms[term];
        let beside = |at: Option<usize>| Some(self.neighbour(*term.parts.get(at?)?));
        map! {
            "name" => term.name.as_str(),
            "url" => self.config.base_url.root_relative(&term.path),
            "position" => at + 1,
            "count" => term.parts.len(),
            "parts" => parts,
            "previous" => beside(at.checked_sub(1)),
            "next" => beside(Some(at + 1)),
        }
    }

    /// The picture of an article or page, else its card, for link previews.
    pub fn social(&self, id: LeafId) -> Value {
        Value::from((self.pictures.social)(id).as_ref().map(social))
    }

    /// The view of an article or page for its own template: the fields of its card, and `content` (HTML), its headings
    /// (`contents` as a flat list, `outline` nested), `has_code`, `has_math`, the articles before and after it (`beside`),
    /// the `series` it is part of, and its `social` picture.
    pub fn article(&self, id: LeafId, content: &str, headings: &[Heading], beside: Beside) -> Value {
        let leaf = self.library.leaf(id);
        let Beside { previous, next, series, profiles, media, social, translations } = beside;
        let permalink = self.config.base_url.absolute(&leaf.path);
        let mut fields = Fields::of(&self.card(id));
        fields.set("content", Value::safe_string(&framed(content)));
        let contents: Vec<Value> = headings.iter().map(|one| Value::from(heading(one))).collect();
        fields.set("contents", contents);
        fields.set("outline", outline(headings));
        let has = |tag: &str| memchr::memmem::find(content.as_bytes(), tag.as_bytes()).is_some();
        fields.set("has_code", has("<pre"));
        fields.set("has_math", has("<math"));
        let front = &leaf.document.load().front;
        let canonical = front.canonical.clone().unwrap_or(permalink);
        fields.set("share", self.share_links(&leaf.title, &canonical, front.lang.as_deref()));
        fields.set("canonical", canonical);
        fields.set("markdown", Value::none());
        for (key, value) in [("older", &previous), ("previous", &previous), ("newer", &next), ("next", &next)]
        {
            fields.set(key, value.clone());
        }
        fields.set("series", series.first().cloned());
        fields.set("all_series", series);
        fields.set("profiles", profiles);
        media.into_iter().for_each(|(key, value)| fields.set(key, value));
        let corrections = leaf.document.load().front.corrections().iter().zip(&leaf.rare.corrections);
        let mut corrections: Vec<_> = corrections.collect();
        corrections.sort_by_key(|(_, moment)| std::cmp::Reverse(moment.instant()));
        let corrections: Vec<Value> = corrections
            .into_iter()
            .map(|(correction, moment)| map! { "date" => date(moment), "text" => correction.text.as_str() })
            .collect();
        fields.set("corrections", corrections);
        // A row of data has no file of its own.
        let is_file = !leaf.document.is_row;
        let urls = if is_file { self.config.source_urls.of(leaf.name()) } else { Default::default() };
        fields.set("edit_url", urls.edit);
        fields.set("history_url", urls.history);
        // This picture is the first that readers see.
        let shown = (self.pictures.picture)(leaf);
        fields.set("picture", shown.map(|shown| picture(&shown, Seen::First)));
        fields.set("social", social);
        fields.set("translations", others(&translations));
        Value::from(fields)
    }

    /// Digest of the [`card`](Self::card), computed without making it.
    pub fn card_digest(&self, id: LeafId) -> Digest {
        let leaf = self.library.leaf(id);
        let mut hasher = Fingerprinter::default();
        hasher.bytes(leaf.shown.bytes());
        for (taxonomy, term) in self.library.term_numbers(id) {
            hasher.bytes(self.taxonomies[taxonomy].digests[term].bytes());
        }
        if let Some(digest) = self.section_digest(self.library.section_of(id)) {
            hasher.bytes(digest.bytes());
        }
        if let Some(image) = (self.pictures.image)(leaf) {
            hasher.value(image).value(format!("{:?}", (self.pictures.picture)(leaf)));
        }
        hasher.finish()
    }

    fn card_fields(&self, id: LeafId) -> Fields {
        let leaf = self.library.leaf(id);
        let front = &leaf.document.load().front;
        let base = &self.config.base_url;
        let mut lists: Vec<Vec<Value>> = vec![Vec::new(); self.config.taxonomies.len()];
        for (taxonomy, term) in self.library.term_numbers(id) {
            lists[self.library.kind_of(taxonomy)].push(self.taxonomies[taxonomy].terms[term].clone());
        }
        let authors = self.taxonomies.iter().position(|taxonomy| taxonomy.name.as_str() == Some("authors"));
        if let Some(authors) = authors.and_then(|at| lists.get_mut(at)) {
            let names = self.library.authors_without_page(id, self.config).into_iter();
            authors.extend(names.map(|name| map! { "name" => name, "url" => Value::none() }));
        }
        let mut by_taxonomy = Map::with_capacity(lists.len());
        for (taxonomy, terms) in self.taxonomies.iter().zip(lists) {
            by_taxonomy.insert(taxonomy.name.clone(), Value::from(terms));
        }
        let terms =
            |name: &'static str| by_taxonomy.get(&Key::Str(name)).cloned().unwrap_or_else(Value::none);
        let dates = leaf.dates.as_ref();
        let was_updated = dates.is_some_and(|d| d.updated.moment.instant() > d.published.moment.instant());
        let published = dates.map_or_else(Value::none, |dates| date(&dates.published.moment));
        let updated = match dates {
            Some(dates) if dates.updated.moment != dates.published.moment => date(&dates.updated.moment),
            _ => published.clone(),
        };
        let gist = &leaf.document.load().body_summary;
        let length = Length { words: gist.words as usize, characters: gist.characters as usize };
        let url = base.root_relative(&leaf.path);
        let section = match self.library.section_of(id) {
            0 => self.home.clone(),
            at => self.sections[at].clone(),
        };
        entries! {
            "title" => &*leaf.title,
            "is_untitled" => leaf.listing.is_untitled,
            "permalink" => base.absolute(&leaf.path),
            "url" => url,
            "id" => &*leaf.id,
            "source" => &*leaf.document.name,
            "kicker" => front.kicker.clone(),
            "standfirst" => front.standfirst.clone(),
            "summary" => summary(leaf),
            "published" => published,
            "updated" => updated,
            "was_updated" => was_updated,
            "authors" => terms("authors"),
            "topics" => terms("topics"),
            "tags" => terms("tags"),
            "terms" => Value::from(by_taxonomy),
            "section" => section,
            "image" => (self.pictures.image)(leaf),
            "picture" => (self.pictures.picture)(leaf).map(|shown| picture(&shown, Seen::Later)),
            "lang" => front.lang.as_deref().map_or_else(|| self.language.clone(), Value::from),
            "words" => length.total(),
            "minutes" => length.minutes(),
            "weight" => front.weight.unwrap_or(0),
            "featured" => leaf.rare.featured.is_some(),
            "pinned" => leaf.rare.pinned.is_some(),
            "unlisted" => leaf.rare.is_unlisted,
            "link" => front.link().map(|link| self.site_url(link)),
            "extra" => front.extra.as_deref().map(from_metadata),
        }
    }
}

fn heading(heading: &Heading) -> Fields {
    entries! {
        "level" => u64::from(heading.level),
        "id" => heading.id.as_str(),
        "title" => heading.text.as_str(),
    }
}

/// Nested headings, each with those below it as its `children`. A heading that skips a level is below the last heading
/// of a higher level.
fn outline(headings: &[Heading]) -> Vec<Value> {
    let mut rest = headings;
    let mut entries = Vec::new();
    while let Some((first, after)) = rest.split_first() {
        let below = after.iter().take_while(|one| one.level > first.level).count();
        let (children, next) = after.split_at(below);
        let mut entry = heading(first);
        entry.set("children", outline(children));
        entries.push(Value::from(entry));
        rest = next;
    }
    entries
}

/// The author's summary, else the standfirst, else an excerpt.
pub fn summary(leaf: &Row) -> String {
    let front = &leaf.document.load().front;
    let chosen = front.summary.as_ref().or(front.standfirst.as_ref());
    chosen.cloned().unwrap_or_else(|| leaf.document.load().body_summary.excerpt.to_string())
}

/// The view of a date: `rfc3339` for machines, `day` (`2014-02-14`), `year`, `month`, `precision` (people are shown
/// nothing more precise), and `offset`, the author's clock in seconds before UTC, which `rfc3339` can't always express.
/// The filter `date` formats it for people.
pub(super) fn date(moment: &Moment) -> Value {
    let day = moment.local().date();
    let precision = match moment.precision() {
        Precision::Day => "day",
        Precision::Minute => "minute",
        Precision::Second => "second",
    };
    map! {
        "rfc3339" => moment.rfc3339(),
        "day" => day.to_string(),
        "year" => format!("{:04}", day.year()),
        "month" => format!("{:02}", day.month()),
        "precision" => precision,
        "offset" => moment.offset().local_minus_utc(),
    }
}
