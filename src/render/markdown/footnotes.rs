//! Footnotes: numbered by their first reference, gathered at the end.

use std::collections::HashMap;

use pulldown_cmark::{CowStr, Event, html};

use crate::model::url::{SlugStyle, slugify};

/// Most notes that a style sheet may put into the margin (`static/notes.css` has a rule for each).
const MOST_IN_MARGIN: usize = 12;

/// The footnotes of one text.
#[derive(Default)]
pub(super) struct Footnotes<'a> {
    definitions: HashMap<String, Vec<Event<'a>>>,
    /// Names in the order of their first reference.
    order: Vec<String>,
    /// Number, and count of references so far, by name.
    seen: HashMap<String, (usize, usize)>,
}

impl<'a> Footnotes<'a> {
    /// Stores a definition. Of several with one name, the first counts.
    pub fn define(&mut self, name: CowStr<'a>, events: Vec<Event<'a>>) {
        self.definitions.entry(name.into_string()).or_insert(events);
    }

    /// The HTML of a reference.
    pub fn refer(&mut self, name: &str) -> String {
        let next = self.order.len() + 1;
        let (number, count) = self.seen.entry(name.to_owned()).or_insert((next, 0));
        *count += 1;
        let (number, count) = (*number, *count);
        if count == 1 {
            self.order.push(name.to_owned());
        }
        let id = id(name, number);
        let again = again(count);
        // A note in the margin is placed beside its first reference.
        let first = if count == 1 { format!(" data-note=\"{number}\"") } else { String::new() };
        format!(
            "<sup class=\"footnote-ref\" id=\"fnref-{id}{again}\"{first}><a href=\"#fn-{id}\" role=\"doc-noteref\">{number}</a></sup>"
        )
    }

    /// Writes the definitions that have references.
    pub fn write(mut self, out: &mut String) {
        if self.order.is_empty() {
            return;
        }
        let margin = if self.order.len() <= MOST_IN_MARGIN { " margin" } else { "" };
        out.push_str(&format!("<div class=\"footnotes{margin}\" role=\"doc-endnotes\">\n<ol>\n"));
        for name in &self.order {
            let (number, count) = self.seen.get(name).copied().unwrap_or_default();
            let id = id(name, number);
            let mut text = String::new();
            html::push_html(&mut text, self.definitions.remove(name).unwrap_or_default().into_iter());
            let mut back = String::new();
            for reference in 1..=count {
                let again = again(reference);
                back.push_str(&format!(
                    " <a href=\"#fnref-{id}{again}\" class=\"footnote-backref\" role=\"doc-backlink\" aria-label=\"Back to reference {number}{again}\">\u{21a9}</a>"
                ));
            }
            let text = match text.trim_end().strip_suffix("</p>") {
                Some(text) => format!("{text}{back}</p>"),
                None => format!("{}{back}", text.trim_end()),
            };
            out.push_str(&format!("<li id=\"fn-{id}\">\n{text}\n</li>\n"));
        }
        out.push_str("</ol>\n</div>\n");
    }
}

/// The suffix of the second and later references to a footnote: each has a number.
fn again(count: usize) -> String {
    if count > 1 { format!("-{count}") } else { String::new() }
}

/// The name of a footnote as part of an id. Its number distinguishes names with equal slugs.
fn id(name: &str, number: usize) -> String {
    let slug = slugify(name, SlugStyle::Unicode);
    if slug == name { slug } else { format!("{slug}_{number}") }
}
