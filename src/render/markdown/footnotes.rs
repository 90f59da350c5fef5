//! Footnotes: numbered by their first reference, gathered at the end.

use std::collections::HashMap;

use pulldown_cmark::{CowStr, Event, html};
use unicase::UniCase;

use super::ids::Ids;
use crate::language::{Arguments, Language};
use crate::model::html::escape;
use crate::model::url::{SlugStyle, slugify};

/// Most notes that a style sheet may put into the margin (`static/notes.css` has a rule for each).
const MOST_IN_MARGIN: usize = 12;

/// A name of a footnote. Names that differ in case are one, as the parser sees them.
type Name = UniCase<String>;

/// The footnotes of one text.
#[derive(Default)]
pub(super) struct Footnotes<'a> {
    definitions: HashMap<Name, Vec<Event<'a>>>,
    /// Notes with references, in the order of the first.
    notes: Vec<Note>,
    /// The index in `notes` of each name.
    seen: HashMap<Name, usize>,
}

struct Note {
    name: Name,
    id: String,
    /// The id of each reference.
    references: Vec<String>,
}

impl<'a> Footnotes<'a> {
    /// Stores a definition. Of several with one name, the first counts.
    pub fn define(&mut self, name: CowStr<'a>, events: Vec<Event<'a>>) {
        self.definitions.entry(UniCase::new(name.into_string())).or_insert(events);
    }

    /// The HTML of a reference. It takes its id and that of the note from `ids`.
    pub fn refer(&mut self, name: &str, ids: &mut Ids) -> String {
        let name: Name = UniCase::new(name.to_owned());
        let at = *self.seen.entry(name.clone()).or_insert(self.notes.len());
        let number = at + 1;
        if at == self.notes.len() {
            let id = ids.make(&wanted(&name, number));
            self.notes.push(Note { name, id, references: Vec::new() });
        }
        let Some(note) = self.notes.get_mut(at) else { return String::new() };
        let count = note.references.len() + 1;
        let name = note.id.trim_start_matches("fn-");
        let reference = ids.make(&format!("fnref-{name}{}", again(count)));
        // A note in the margin is placed beside its first reference.
        let first = if count == 1 { format!(" data-note=\"{number}\"") } else { String::new() };
        let html = format!(
            "<sup class=\"footnote-ref\" id=\"{reference}\"{first}><a href=\"#{}\" role=\"doc-noteref\">{number}</a></sup>",
            note.id
        );
        note.references.push(reference);
        html
    }

    /// Writes the definitions that have references, with labels in `language`.
    pub fn write(mut self, language: &Language, out: &mut String) {
        if self.notes.is_empty() {
            return;
        }
        let margin = if self.notes.len() <= MOST_IN_MARGIN { " margin" } else { "" };
        out.push_str(&format!("<div class=\"footnotes{margin}\" role=\"doc-endnotes\">\n<ol>\n"));
        for (note, number) in self.notes.iter().zip(1..) {
            let mut text = String::new();
            html::push_html(&mut text, self.definitions.remove(&note.name).unwrap_or_default().into_iter());
            let mut back = String::new();
            for (reference, count) in note.references.iter().zip(1..) {
                let name = format!("{number}{}", again(count));
                let arguments = Arguments { numbers: Vec::new(), texts: vec![("number".to_owned(), name)] };
                let label =
                    escape(&language.message("footnote_back", &arguments).unwrap_or_default()).into_owned();
                back.push_str(&format!(
                    " <a href=\"#{reference}\" class=\"footnote-backref\" role=\"doc-backlink\" aria-label=\"{label}\">\u{21a9}</a>"
                ));
            }
            let text = match text.trim_end().strip_suffix("</p>") {
                Some(text) => format!("{text}{back}</p>"),
                None => format!("{}{back}", text.trim_end()),
            };
            out.push_str(&format!("<li id=\"{}\">\n{text}\n</li>\n", note.id));
        }
        out.push_str("</ol>\n</div>\n");
    }
}

/// The suffix of the second and later references to a footnote: each has a number.
fn again(count: usize) -> String {
    if count > 1 { format!("-{count}") } else { String::new() }
}

/// The wanted id of a note. Its number distinguishes names with equal slugs.
fn wanted(name: &str, number: usize) -> String {
    let slug = slugify(name, SlugStyle::Unicode);
    if slug == name { format!("fn-{slug}") } else { format!("fn-{slug}_{number}") }
}
