//! What is made of a body when its source is read, and the body itself let go.

use crate::content::wire::{self, Audience};
use crate::content::{Format, Gist};
use crate::html;
use crate::markdown;

/// Characters of a text's beginning that stand for a missing summary.
const EXCERPT: usize = 240;

/// What lists need of a body.
pub(super) fn gist(format: Format, body: &str, excerpt: bool) -> Gist {
    let begin = |text: &str| markdown::excerpt(text, EXCERPT);
    match format {
        Format::Markdown => Gist {
            excerpt: if excerpt { begin(&markdown::first_paragraph(body)) } else { String::new() },
            words: markdown::words(body),
        },
        Format::Html | Format::Wire => {
            let text = html::plain(body);
            let words = markdown::words(&text);
            Gist { words, excerpt: if excerpt { begin(&text) } else { String::new() } }
        }
    }
}

/// What a reader sees of a body, whatever it is written in. No setting has a say, so that one that changes
/// makes no article look changed.
pub(super) fn substance(format: Format, body: &str) -> String {
    match format {
        Format::Markdown => html::substance(&markdown::fragment(body, false)),
        Format::Html => html::substance(body),
        Format::Wire => match wire::parse(body) {
            Ok(article) => html::substance(&article.to_html(Audience::Feed)),
            // Such a source is an error, and is not published.
            Err(_) => String::new(),
        },
    }
}
