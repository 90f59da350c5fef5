//! Renders the text of a wire article as HTML.

use super::Wire;
use crate::model::html::escape;

/// The audience of the HTML.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Audience {
    /// Readers of the page: pull quotes are displayed, but not read out twice.
    Page,
    /// Readers of feeds: pull quotes are left out, because they would only repeat the text.
    Feed,
}

impl Wire {
    /// The paragraphs as HTML, one a line.
    pub fn to_html(&self, audience: Audience) -> String {
        let mut html = String::new();
        for (at, paragraph) in self.paragraphs.iter().enumerate() {
            let text = clean(&paragraph.text);
            if paragraph.pull_quote {
                if audience == Audience::Page {
                    html.push_str("<aside class=\"pull-quote\" aria-hidden=\"true\"><p>");
                    html.push_str(&escape(&text));
                    html.push_str("</p></aside>\n");
                }
                continue;
            }
            html.push_str("<p>");
            match dateline(&text).filter(|_| at == 0) {
                Some((place, rest)) => {
                    html.push_str(&format!(
                        "<span class=\"dateline\">{}</span>{}",
                        escape(place),
                        escape(rest)
                    ));
                }
                None => html.push_str(&escape(&text)),
            }
            html.push_str("</p>\n");
        }
        html
    }
}

/// The place at the beginning of `paragraph`, in capitals before a dash, and the text after it.
pub(super) fn dateline(paragraph: &str) -> Option<(&str, &str)> {
    let dash =
        [" \u{2014} ", " \u{2013} ", " -- ", " - "].iter().filter_map(|dash| paragraph.find(dash)).min()?;
    let place = &paragraph[..dash];
    // An agency or a date may follow the place: `HONG KONG (Harbour News)`, `MACAU, Oct 3`.
    let name = place.split(['(', ',']).next().unwrap_or(place).trim();
    let letters = name.chars().filter(|c| c.is_alphabetic());
    let capitals = letters.clone().count() >= 2 && letters.clone().all(|c| !c.is_lowercase());
    let cased = letters.clone().any(char::is_uppercase);
    (capitals && cased && place.chars().count() <= 60).then_some((place, &paragraph[dash..]))
}

/// `text` without the characters that HTML or XML forbid.
fn clean(text: &str) -> String {
    text.chars().filter(|c| !c.is_control() && !matches!(c, '\u{fffe}' | '\u{ffff}')).collect()
}
