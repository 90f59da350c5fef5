//! HTML that an author wrote, and HTML that is ours.

use std::ops::Range;

use pulldown_cmark::{CowStr, Event, Tag, TagEnd};

use super::{Walk, followed};
use crate::config::RawHtml;
use crate::model::html::{Piece, walk};
use crate::render::markdown::MarkdownError;
use crate::render::markdown::clean;
use crate::render::markdown::ids::Holder;

impl<'a> Walk<'a, '_> {
    /// HTML of ours for an event. Where the author's is cleaned, a sign stands for it until that is done.
    pub(super) fn own(&mut self, html: String) -> CowStr<'a> {
        match self.options.raw_html {
            RawHtml::Allow => html.into(),
            _ => self.own.sign(html).into(),
        }
    }

    /// True for the element that the switch `mark` writes.
    fn is_mark(&self, html: &str) -> bool {
        self.options.switches.mark && matches!(html, "<mark>" | "</mark>")
    }

    /// Adds HTML as text.
    fn escaped(&mut self, html: &str, place: Range<usize>, inline: bool) {
        let html = html.trim_end_matches('\n');
        if html.trim_start().starts_with("<!--")
            && html.find("-->").is_some_and(|at| at + 3 == html.trim_end().len())
        {
            return;
        }
        self.problems.push((place, MarkdownError::Escaped { count: 1 }));
        let text = Event::Text(html.to_owned().into());
        match inline {
            true => self.out.push(text),
            false => self.out.extend([Event::Start(Tag::Paragraph), text, Event::End(TagEnd::Paragraph)]),
        }
    }

    /// Reports the attributes of a heading that the text may not have.
    pub(super) fn judge_heading(&mut self, tag: &Tag<'_>, range: &Range<usize>) {
        let Tag::Heading { attrs, .. } = tag else { return };
        if self.options.raw_html == RawHtml::Allow {
            return;
        }
        let refused = attrs.iter().filter_map(|(name, _)| clean::removed_attribute("h2", name));
        let place = self.parts.place(range);
        self.problems.extend(refused.map(|error| (place.clone(), error)));
    }

    pub(super) fn raw_html(&mut self, html: &str, start: usize, inline: bool) {
        // A comment for the check is none for readers.
        if matches!(html.trim(), "<!-- more -->" | "<!-- check-ignore -->") {
            return;
        }
        let html = &*self.parts.clean(html);
        let whole = self.parts.place(&(start..start + html.len()));
        if self.options.raw_html == RawHtml::Escape && !self.is_mark(html) {
            return self.escaped(html, whole, inline);
        }
        let place = |range: Range<usize>| self.parts.place(&(start + range.start..start + range.end));
        let rule = self.options.raw_html;
        let (problems, elements, ids) = (&mut self.problems, &mut self.elements, &mut *self.ids);
        walk(html, &mut |piece, range| {
            let Piece::Tag { name, closing, attributes } = piece else { return };
            if rule != RawHtml::Allow && !closing {
                problems.extend(clean::removed(name, &attributes).map(|error| (place(range.clone()), error)));
            }
            if elements.tag(&html[range.clone()], name, closing, &attributes) {
                problems.push((place(range.clone()), MarkdownError::TooMuchHtml));
            }
            let value = |wanted: &str| attributes.iter().find(|one| one.name.eq_ignore_ascii_case(wanted));
            if !closing && name.eq_ignore_ascii_case("img") && value("alt").is_none() {
                problems.push((place(range.clone()), MarkdownError::NoAlt));
            }
            if let Some(anchor) = value("name").filter(|_| !closing && name.eq_ignore_ascii_case("a")) {
                ids.take_anchor(anchor.value);
            }
            if let Some(id) = value("id").filter(|one| !closing && !one.value.is_empty())
                && ids.take(id.value) == Holder::Text
            {
                let id = id.value.to_owned();
                problems.push((place(range), MarkdownError::HtmlIdTwice { id }));
            }
        });
        let is_refused = |url: &str| rule != RawHtml::Allow && clean::refuses(url);
        let html = followed(html, self.around, place, is_refused).unwrap_or_else(|| html.to_owned());
        self.out.push(if inline { Event::InlineHtml(html.into()) } else { Event::Html(html.into()) });
    }
}
