//! Headings: an id for each, and links to themselves.

use std::ops::Range;

use pulldown_cmark::{Event, Tag};

use super::ids::{Holder, Ids};
use super::parts::Parts;
use super::{Heading, MarkdownError};
use crate::model::html::escape;
use crate::model::url::{SlugStyle, slugify};

/// A heading among the events of a text.
pub(super) struct Place {
    /// The index of the event that begins it, and of the one that ends it.
    pub start: usize,
    pub end: usize,
    /// Its bytes.
    pub range: Range<usize>,
}

impl Place {
    fn content<'e, 'a>(&self, events: &'e [Event<'a>]) -> &'e [Event<'a>] {
        events.get(self.start + 1..self.end).unwrap_or_default()
    }
}

/// Takes the ids that authors gave to the headings at `places`; `report` gets those that are taken.
pub(super) fn take_ids(
    events: &[Event<'_>],
    places: &[Place],
    ids: &mut Ids,
    report: &mut dyn FnMut(&Range<usize>, MarkdownError),
) {
    for place in places {
        if let Some(Event::Start(Tag::Heading { id: Some(id), .. })) = events.get(place.start) {
            let id = id.to_string();
            match ids.take(&id) {
                Holder::Nobody => {}
                Holder::Text => report(&place.range, MarkdownError::IdTwice { id }),
                Holder::Theme => report(&place.range, MarkdownError::IdOfTheme { id }),
            }
        }
    }
}

/// Gives every heading without an id one that nothing else has.
pub(super) fn name(
    events: &mut [Event<'_>],
    places: &[Place],
    ids: &mut Ids,
    parts: &Parts<'_>,
) -> Vec<Heading> {
    let mut headings = Vec::with_capacity(places.len());
    for place in places {
        let text: String = place
            .content(events)
            .iter()
            .map(|event| match event {
                Event::Text(text) | Event::Code(text) => text.as_ref(),
                Event::SoftBreak | Event::HardBreak => " ",
                _ => "",
            })
            .collect();
        let text = parts.words(text);
        let Some(Event::Start(Tag::Heading { level, id, .. })) = events.get_mut(place.start) else {
            continue;
        };
        let name = match id {
            Some(id) => id.to_string(),
            None => {
                let slug = slugify(&text, SlugStyle::Unicode);
                let name = ids.make(if slug.is_empty() { "section" } else { &slug });
                *id = Some(name.clone().into());
                name
            }
        };
        headings.push(Heading { level: *level as u8, id: name, text: text.trim().to_owned() });
    }
    headings
}

/// Makes the text of each heading a link to it, unless it contains links: one name, also by keyboard.
pub(super) fn link<'a>(
    events: Vec<Event<'a>>,
    headings: &[Heading],
    places: &[Place],
    parts: &Parts<'_>,
) -> Vec<Event<'a>> {
    if places.is_empty() {
        return events;
    }
    let linked = |event: &Event<'_>| match event {
        Event::Start(Tag::Link { .. }) => true,
        Event::InlineHtml(html) => html.contains("<a"),
        // The HTML of a component is inserted later.
        Event::Text(text) if text.contains('\u{e000}') => parts.restored(text.to_string()).contains("<a"),
        _ => false,
    };
    let free: Vec<bool> = places.iter().map(|place| !place.content(&events).iter().any(linked)).collect();
    let mut out = Vec::with_capacity(events.len() + 2 * free.len());
    let mut places = headings.iter().zip(places).zip(free).peekable();
    let mut open_until = None;
    for (number, event) in events.into_iter().enumerate() {
        if open_until == Some(number) {
            out.push(Event::InlineHtml("</a>".into()));
        }
        out.push(event);
        if let Some(((heading, place), true)) = places.next_if(|((_, place), _)| place.start == number) {
            let id = escape(&heading.id);
            let html = format!("<a class=\"anchor\" href=\"#{id}\" data-feed=\"content\">");
            out.push(Event::InlineHtml(html.into()));
            open_until = Some(place.end);
        }
    }
    out
}
