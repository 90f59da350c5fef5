//! What is made of a body when its source is read, and the body itself let go.

use crate::content::wire::{self, Audience};
use crate::content::{Format, Gist};
use crate::html;
use crate::markdown::{self, Length};

/// Characters of a text's beginning that stand for a missing summary.
const EXCERPT: usize = 240;

/// What lists need of a body.
pub(super) fn gist(format: Format, body: &str, excerpt: bool) -> Gist {
    let of = |text: &str, start: &dyn Fn() -> String| {
        let Length { words, characters } = markdown::length(text);
        let excerpt = if excerpt { markdown::excerpt(&start(), EXCERPT) } else { String::new() };
        Gist { excerpt, words, characters }
    };
    match format {
        Format::Markdown => of(body, &|| markdown::first_paragraph(body)),
        Format::Html => {
            let text = html::plain(body);
            of(&text, &|| text.clone())
        }
        Format::Wire => of(body, &|| body.to_owned()),
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
