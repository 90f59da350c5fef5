//! The summary of a body, made when its source is read, so that the body itself need not stay in memory.

use crate::config::MarkdownRules;
use crate::language::{Locale, Quotes, search};
use crate::model::html::{self, Words};
use crate::picture;
use crate::render::markdown::{self, Length};
use crate::source::wire::{self, Audience};
use crate::source::{BodySummary, Format};

/// Length of an excerpt, in characters. An excerpt replaces a missing summary.
const EXCERPT: usize = 240;

/// Summarizes a body for lists: its length, its pictures and, if its language is given, an excerpt. `rules` are those of
/// Markdown.
pub(super) fn body_summary(
    format: Format,
    body: &str,
    excerpt: Option<&str>,
    rules: &MarkdownRules,
) -> BodySummary {
    let of = |text: &str, start: &dyn Fn() -> String| {
        let Length { words, characters } = markdown::length(text);
        let excerpt = excerpt.map_or_else(String::new, |_| markdown::excerpt(&start(), EXCERPT));
        let pictures = if format == Format::Wire { Vec::new() } else { pictures(body) };
        let short = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
        let (words, characters) = (short(words), short(characters));
        BodySummary { excerpt: excerpt.into(), words, characters, pictures: pictures.into() }
    };
    match format {
        Format::Markdown => {
            let quotes = || excerpt.and_then(Locale::of).map_or(Quotes::ENGLISH, |locale| locale.quotes());
            let quotes = rules.smart_punctuation.then(quotes);
            of(body, &|| markdown::first_paragraph(body, rules.switches, quotes))
        }
        Format::Html => {
            let text = html::plain(body);
            of(&text, &|| text.clone())
        }
        Format::Wire => of(body, &|| body.to_owned()),
    }
}

/// The text of a body that its readers see, in any format. No setting affects it, so a changed setting makes no article
/// look updated.
pub(super) fn substance(format: Format, body: &str) -> String {
    match format {
        Format::Markdown => html::substance(&markdown::fragment(body, None)),
        Format::Html => html::substance(body),
        Format::Wire => match wire::parse(body) {
            Ok(article) => html::substance(&article.to_html(Audience::Feed)),
            // A wire article with an error is never published.
            Err(_) => String::new(),
        },
    }
}

/// The terms by which a search finds a body, packed. Those of headings are marked.
pub(super) fn searched(format: Format, body: &str) -> Box<[u8]> {
    let mut words = Words::default();
    match format {
        Format::Markdown => words = markdown::words(body),
        Format::Html => words.push_html(body),
        Format::Wire => {
            let article = wire::parse(body).map(|article| article.to_html(Audience::Feed));
            words.push_html(&article.unwrap_or_default());
        }
    }
    search::packed(&words.text, &words.headings)
}

/// The longest file name of a picture, in bytes; longer ones are ignored.
const LONGEST_NAME: usize = 1024;

/// Names in a body that may be pictures: every word with the ending of a picture file. The search covers the text as
/// written, not its HTML, so that arguments of any component count. A false match only costs a picture made for
/// nothing; a missed picture is shown in one size.
fn pictures(body: &str) -> Vec<String> {
    let bytes = body.as_bytes();
    let mut found: Vec<String> = Vec::new();
    for at in memchr::memchr_iter(b'.', bytes) {
        let rest = &bytes[at + 1..];
        let ends = |name: &str| {
            let own = rest.get(..name.len()).is_some_and(|own| own.eq_ignore_ascii_case(name.as_bytes()));
            own && !rest.get(name.len()).is_some_and(|next| next.is_ascii_alphanumeric())
        };
        let Some((extension, _)) = picture::EXTENSIONS.iter().find(|(name, _)| ends(name)) else { continue };
        let end = at + 1 + extension.len();
        let mut floor = at.saturating_sub(LONGEST_NAME);
        while !body.is_char_boundary(floor) {
            floor += 1;
        }
        let before = &body[floor..at];
        // In quotes or angle brackets, a name may have spaces.
        let with_spaces = before.rfind(['"', '\'', '<', '(', '\n']).map_or(0, |found| found + 1);
        let delimiter =
            |c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '<' | '>' | '(' | '[' | '=' | ',' | '|');
        let without = before
            .char_indices()
            .rev()
            .find(|(_, c)| delimiter(*c))
            .map_or(0, |(found, c)| found + c.len_utf8());
        // In a link or its definition, a name may have parentheses.
        let whole = |opening: &str, ends: fn(char) -> bool| {
            let start = before.rfind(opening)? + opening.len();
            (!before[start..].contains(ends)).then_some(start)
        };
        let mut starts = vec![without, with_spaces];
        for opening in ["](", "]: "] {
            starts.extend(whole(opening, char::is_whitespace));
            starts.extend(whole(&format!("{opening}<"), |c| matches!(c, '>' | '\n')));
        }
        starts.sort_unstable();
        starts.dedup();
        for start in starts {
            let written = body[floor + start..end].trim().replace("&amp;", "&").replace('\\', "");
            if !written.starts_with('.') || written.starts_with("./") || written.starts_with("../") {
                found.push(written);
            }
        }
    }
    found.sort_unstable();
    found.dedup();
    found
}

#[cfg(test)]
mod tests {
    use super::pictures;

    #[test]
    fn whatever_ends_like_a_picture_may_be_one() {
        let body = "![A](a.jpg) ![](<b c.PNG> \"t\") <img src='../d.webp?v=1'> {{ <figure src=\"e&amp;f.gif\" /> }}\n\n[x]: /g\\_h.jpeg\n![](i%20(1).png) ![](<j (2).png>)\n[y]: k(3).png\n[z]: <l (4).png>\n";
        let found = pictures(body);
        for name in ["a.jpg", "b c.PNG", "../d.webp", "e&f.gif", "/g_h.jpeg"] {
            assert!(found.iter().any(|one| one == name), "{name} of {found:?}");
        }
        for name in ["i%20(1).png", "j (2).png", "k(3).png", "l (4).png"] {
            assert!(found.iter().any(|one| one == name), "{name} of {found:?}");
        }
        assert!(pictures("no .jpgs, no jpg, no a.jpgx, a.png5").is_empty());
        assert!(pictures(&"\u{e4}".repeat(3000)).is_empty());
        assert_eq!(pictures(&format!("{}.jpg", "\u{e4}".repeat(3000))).len(), 1);
    }
}
