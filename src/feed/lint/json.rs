//! The rules of JSON Feed 1 and 1.1 (<https://www.jsonfeed.org/version/1.1/>).

mod members;

use std::collections::HashSet;
use std::ops::Range;
use std::sync::Arc;

use serde_json::value::RawValue;

use super::across::{self, Entry, Instant};
use super::look::Look;
use super::memory::{Judged, Memory};
use super::rule::Rule;
use super::text::{Form, Text};
use super::tree::Tree;
use super::{Findings, Format, Known, date, quoted, value};
use crate::model::digest::Digest;
use crate::model::metadata::place_in_json;
use members::{Kind, Members};

/// The keys of a feed.
const FEED: &str = "version title home_page_url feed_url description user_comment next_url icon favicon author \
                    authors language expired hubs items";

/// The keys of an item.
const ITEM: &str = "id url external_url title content_html content_text summary image banner_image date_published \
                    date_modified author authors tags language attachments";

/// The most items that are judged.
const ITEMS: usize = 1_000_000;

/// An object that is being judged.
struct Object<'a, 't, 'f> {
    members: Vec<(String, &'a RawValue)>,
    span: Range<usize>,
    look: &'f mut Look<'a, 't>,
}

/// Reads a document. Returns its format, the number of its entries, and the findings.
pub(super) fn read(
    text: &str,
    known: &Known<'_>,
    memory: Option<&Memory>,
    mut findings: Findings,
) -> (Option<Format>, usize, Findings) {
    let source = text.trim_start_matches('\u{feff}');
    let Members(members) = match serde_json::from_str(source) {
        Ok(members) => members,
        Err(error) if error.is_data() => {
            findings.add(Rule::NotAFeed, 0..1, "it is JSON, and no object");
            return (None, 0, findings);
        }
        Err(error) => {
            let at = text.len() - source.len() + place_in_json(source, &error);
            let whole = error.to_string();
            let why = whole.split(" at line ").next().unwrap_or_default();
            findings.add(Rule::BadJson, at..(at + 1).min(text.len()), why);
            return (None, 0, findings);
        }
    };
    // Other JSON has versions too, and the index of a search may have any word as a name.
    let is_feed = |(key, value): &(String, &RawValue)| match key.as_str() {
        "items" => value.get().starts_with(['[', '{']),
        "version" => value.get().contains("jsonfeed.org"),
        _ => false,
    };
    if !members.iter().any(is_feed) {
        findings.add(Rule::NotAFeed, 0..1, "it has neither the `version` of a JSON Feed nor `items`");
        return (None, 0, findings);
    }
    let tree = Tree::default();
    let mut look = Look { source: text, tree: &tree, findings: &mut findings };
    let start = text.len() - source.trim_start().len();
    let mut feed = Object { members, span: start..start + 1, look: &mut look };
    feed.frame(known);
    let items = feed.list("items", true);
    let mut entries = Vec::new();
    if items.len() > ITEMS {
        look.add(Rule::TooLarge, start..start + 1, format!("there are more than {ITEMS} items"));
    }
    for item in items.into_iter().take(ITEMS) {
        entries.extend(entry(item, memory, &mut look));
    }
    if entries.is_empty() {
        look.add(Rule::NoEntries, start..start + 1, "");
    }
    across::judge(&entries, None, known, &mut findings);
    (Some(Format::Json), entries.len(), findings)
}

/// The place of `value` in `source`, of which it is a slice.
fn span(source: &str, value: &RawValue) -> Range<usize> {
    let start = (value.get().as_ptr() as usize).saturating_sub(source.as_ptr() as usize);
    start..start + value.get().len()
}

fn entry<'a>(item: &'a RawValue, memory: Option<&Memory>, look: &mut Look<'a, '_>) -> Option<Entry> {
    let place = span(look.source, item);
    let key = memory.map(|_| (Digest::quick(b"json"), Digest::quick(item.get().as_bytes())));
    if let (Some(memory), Some(key)) = (memory, &key)
        && let Some(judged) = memory.get(key)
    {
        let (entry, findings) = judged.at(place.start);
        findings.for_each(|finding| look.findings.push(finding));
        return Some(entry);
    }
    let (before, left_out) = (look.findings.list.len(), look.findings.left_out);
    let Ok(Members(members)) = serde_json::from_str(item.get()) else {
        let detail = format!("an item is {}", Kind::of(item).name());
        look.add(Rule::WrongType, place, detail);
        return None;
    };
    let mut object = Object { members, span: place.start..place.start + 1, look };
    let entry = object.item();
    let id = entry.id.as_ref().map(|(id, _)| id.clone());
    for finding in &mut look.findings.list[before..] {
        finding.entry.clone_from(&id);
    }
    if let (Some(memory), Some(key)) = (memory, key)
        && look.findings.left_out == left_out
        && let Some(judged) = Judged::from(place.start, &entry, &look.findings.list[before..])
    {
        memory.put(key, judged);
    }
    Some(entry)
}

impl<'a> Object<'a, '_, '_> {
    fn get(&self, key: &str) -> Option<&'a RawValue> {
        self.members.iter().find(|(own, _)| own == key).map(|(_, value)| *value)
    }

    fn add(&mut self, rule: Rule, span: Range<usize>, detail: impl Into<String>) {
        self.look.add(rule, span, detail);
    }

    fn place(&self, value: &RawValue) -> Range<usize> {
        span(self.look.source, value)
    }

    /// Reports keys that are not known.
    fn keys(&mut self, known: &str, what: &str) {
        let members = std::mem::take(&mut self.members);
        let mut seen = HashSet::with_capacity(members.len());
        for (key, value) in &members {
            let place = self.place(value);
            if !known.split(' ').any(|one| one == key) && !key.starts_with('_') {
                self.add(Rule::UnknownKey, place, format!("`{key}` of {what}"));
            } else if !seen.insert(key) {
                self.add(Rule::DuplicateElement, place, format!("`{key}` of {what}"));
            }
        }
        self.members = members;
    }

    /// The value of `key`, if it has this type; another type is reported.
    fn typed(&mut self, key: &str, kind: Kind) -> Option<&'a RawValue> {
        let value = self.get(key)?;
        let found = Kind::of(value);
        if found == kind {
            return Some(value);
        }
        let detail = format!("`{key}` is {}, not {}", found.name(), kind.name());
        self.add(Rule::WrongType, self.place(value), detail);
        None
    }

    fn text(&mut self, key: &str) -> Option<(Text<'a>, Range<usize>)> {
        let value = self.typed(key, Kind::Text)?;
        let place = self.place(value);
        let text = Text::at(self.look.source, place.start + 1..place.end - 1, Form::Json);
        Some((text, place))
    }

    fn list(&mut self, key: &str, required: bool) -> Vec<&'a RawValue> {
        if required && self.get(key).is_none() {
            self.add(Rule::MissingElement, self.span.clone(), format!("there is no `{key}`"));
        }
        let value = self.typed(key, Kind::List);
        value.and_then(|value| serde_json::from_str(value.get()).ok()).unwrap_or_default()
    }

    fn url(&mut self, key: &str, web: bool) {
        let Some((text, place)) = self.text(key) else { return };
        let fault = value::web_url(&text.meant).filter(|(rule, _)| web || *rule != Rule::OddScheme);
        if let Some((rule, detail)) = fault {
            self.add(rule, place, format!("`{key}`: {detail}"));
        }
    }

    fn language(&mut self) {
        if let Some((text, place)) = self.text("language")
            && !value::is_language(&text.meant)
        {
            self.add(Rule::BadLanguage, place, quoted(&text.meant));
        }
    }

    fn date(&mut self, key: &str) -> Option<Instant> {
        let (text, place) = self.text(key)?;
        self.look.date_of(&text, place, date::any_rfc3339)
    }

    /// Calls `each` with the objects in the list `key`.
    fn objects(&mut self, key: &str, mut each: impl FnMut(&mut Object<'a, '_, '_>)) {
        for value in self.list(key, false) {
            let place = self.place(value);
            match serde_json::from_str(value.get()) {
                Ok(Members(members)) => {
                    let span = place.start..place.start + 1;
                    each(&mut Object { members, span, look: self.look });
                }
                Err(_) => {
                    let detail = format!("`{key}` has {} in it", Kind::of(value).name());
                    self.add(Rule::WrongType, place, detail);
                }
            }
        }
    }

    fn authors(&mut self, version: Option<&str>) {
        self.objects("authors", |author| {
            author.keys("name url avatar", "an author");
            author.text("name");
            author.url("url", false);
            author.url("avatar", false);
            if ["name", "url", "avatar"].iter().all(|key| author.get(key).is_none()) {
                let span = author.span.clone();
                author.add(Rule::MissingElement, span, "an author has no `name`, `url` or `avatar`");
            }
        });
        if let Some(value) = self.typed("author", Kind::Object)
            && version == Some("1.1")
            && self.get("authors").is_none()
        {
            self.add(Rule::DeprecatedKey, self.place(value), "");
        }
    }

    fn frame(&mut self, known: &Known<'_>) {
        self.keys(FEED, "the feed");
        let version = self.text("version");
        let named = version.as_ref().and_then(|(text, _)| {
            let number = text.meant.split_once("://jsonfeed.org/version/")?.1;
            matches!(number, "1" | "1.1").then(|| number.to_owned())
        });
        match (&version, &named) {
            (Some((text, place)), None) => self.add(Rule::BadVersion, place.clone(), quoted(&text.meant)),
            (None, _) if self.get("version").is_none() => {
                self.add(Rule::BadVersion, self.span.clone(), "there is no `version`");
            }
            _ => {}
        }
        match self.text("title") {
            Some((title, place)) if title.is_blank() => {
                self.add(Rule::MissingElement, place, "`title` is empty");
            }
            Some((title, _)) => self.look.title(&title),
            None if self.get("title").is_none() => {
                self.add(Rule::MissingElement, self.span.clone(), "there is no `title`");
            }
            None => {}
        }
        if self.get("home_page_url").is_none() {
            self.add(Rule::MissingHome, self.span.clone(), "");
        }
        self.url("home_page_url", true);
        self.url("feed_url", true);
        match self.text("feed_url") {
            Some((url, place)) => {
                if let Some(known) = known.url
                    && url.meant.trim() != known
                {
                    let detail = format!("{}, and not {}", quoted(&url.meant), quoted(known));
                    self.add(Rule::SelfMismatch, place, detail);
                }
            }
            None => self.add(Rule::MissingSelf, self.span.clone(), ""),
        }
        if let (Some((next, place)), Some((own, _))) = (self.text("next_url"), self.text("feed_url"))
            && next.meant == own.meant
        {
            self.add(Rule::ArchiveLinks, place, "`next_url` leads to the document itself");
        }
        for key in ["next_url", "icon", "favicon"] {
            self.url(key, true);
        }
        for key in ["description", "user_comment"] {
            self.text(key);
        }
        self.typed("expired", Kind::Truth);
        self.language();
        self.authors(named.as_deref());
        self.objects("hubs", |hub| {
            for key in ["type", "url"] {
                if hub.text(key).is_none_or(|(text, _)| text.is_blank()) {
                    let span = hub.span.clone();
                    hub.add(Rule::MissingElement, span, format!("a hub has no `{key}`"));
                }
            }
            hub.url("url", true);
        });
    }

    fn item(&mut self) -> Entry {
        self.keys(ITEM, "an item");
        let id = self.id();
        self.url("url", true);
        self.url("external_url", true);
        for key in ["image", "banner_image"] {
            self.url(key, true);
        }
        if let Some((title, _)) = self.text("title") {
            self.look.title(&title);
        }
        let html = self.text("content_html");
        let plain = self.text("content_text");
        let summary = self.text("summary");
        if self.get("content_html").is_none() && self.get("content_text").is_none() {
            let detail = "an item has neither `content_html` nor `content_text`";
            self.add(Rule::MissingElement, self.span.clone(), detail);
        } else if [&html, &plain, &summary].into_iter().flatten().all(|(text, _)| text.is_blank()) {
            self.add(Rule::NoContent, self.span.clone(), "");
        }
        if let Some((html, _)) = &html {
            self.look.html(html);
        }
        for (text, _) in [&plain, &summary].into_iter().flatten() {
            self.look.plain(text);
        }
        let published = self.date("date_published");
        let updated = self.date("date_modified");
        if self.get("date_published").is_none() {
            self.add(Rule::MissingDate, self.span.clone(), "");
        }
        if let (Some(published), Some(updated)) = (&published, &updated)
            && updated.seconds < published.seconds
        {
            self.add(Rule::UpdatedEarly, updated.span.clone(), "");
        }
        for tag in self.list("tags", false) {
            let place = self.place(tag);
            if Kind::of(tag) != Kind::Text {
                self.add(Rule::WrongType, place, format!("a tag is {}", Kind::of(tag).name()));
            } else if tag.get().trim_matches('"').trim().is_empty() {
                self.add(Rule::EmptyCategory, place, "");
            }
        }
        self.language();
        self.authors(None);
        self.objects("attachments", attachment);
        let span = self.span.clone();
        Entry { id, published, updated, has_author: true, span, ..Entry::default() }
    }

    fn id(&mut self) -> Option<(Arc<str>, Range<usize>)> {
        let Some(value) = self.get("id") else {
            self.add(Rule::MissingId, self.span.clone(), "");
            return None;
        };
        let place = self.place(value);
        match Kind::of(value) {
            Kind::Number => {
                self.add(Rule::NumericId, place.clone(), value.get());
                Some((value.get().into(), place))
            }
            _ => {
                let (text, place) = self.text("id")?;
                self.look.id(&text, place)
            }
        }
    }
}

fn attachment(one: &mut Object<'_, '_, '_>) {
    for key in ["url", "mime_type"] {
        if one.get(key).is_none() {
            let span = one.span.clone();
            one.add(Rule::IncompleteEnclosure, span, format!("an attachment has no `{key}`"));
        }
    }
    one.url("url", true);
    if let Some((kind, place)) = one.text("mime_type")
        && !value::is_media_type(&kind.meant)
    {
        one.add(Rule::BadMediaType, place, quoted(&kind.meant));
    }
    for key in ["size_in_bytes", "duration_in_seconds"] {
        if let Some(number) = one.typed(key, Kind::Number) {
            let place = one.place(number);
            if number.get().starts_with('-') {
                one.add(Rule::BadNumber, place, number.get());
            } else if key == "size_in_bytes" && number.get() == "0" {
                one.add(Rule::ZeroLength, place, "");
            }
        }
    }
}
