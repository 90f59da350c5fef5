//! Definitions of kramdown and of Markdown Extra that Dateline's Markdown does not have: abbreviations, and definitions that
//! end a footnote.

use std::ops::Range;

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

use super::shortcodes::{code_ranges, is_in};
use crate::model::html::escape;

/// `body` with an empty line behind each footnote that is followed by something of its own: in kramdown and Markdown Extra a
/// line that is not indented ends a footnote.
pub fn apart(body: &str) -> String {
    let code = code_ranges(body);
    let (mut out, mut at, mut is_note) = (String::with_capacity(body.len()), 0, false);
    for line in body.split_inclusive('\n') {
        let is_code = is_in(&code, at);
        at += line.len();
        let is_own = !line.trim().is_empty() && !line.starts_with([' ', '\t']) && !line.starts_with("[^");
        if is_note && is_own && !is_code {
            out.push('\n');
        }
        is_note = !is_code && line.starts_with("[^") && line.contains("]:");
        out.push_str(line);
    }
    out
}

/// `body` without the definitions of abbreviations (`*[HTML]: Hypertext`), and with each abbreviation in its text as an
/// element of HTML that says what it means.
pub fn abbreviations(body: &str) -> String {
    let code = code_ranges(body);
    let (mut known, mut out, mut at): (Vec<(&str, &str)>, String, usize) = (Vec::new(), String::new(), 0);
    for line in body.split_inclusive('\n') {
        let start = at;
        at += line.len();
        let definition = line.strip_prefix("*[").and_then(|rest| rest.split_once("]:"));
        match definition.filter(|(short, _)| !short.trim().is_empty() && !is_in(&code, start)) {
            Some((short, long)) => known.push((short.trim(), long.trim())),
            None => out.push_str(line),
        }
    }
    if known.is_empty() {
        return body.to_owned();
    }
    // The longest first: one may be a part of another.
    known.sort_by_key(|(short, _)| std::cmp::Reverse(short.len()));
    let mut edits: Vec<(Range<usize>, String)> = Vec::new();
    for range in texts(&out) {
        let text = &out[range.clone()];
        let mut at = 0;
        while let Some((found, short, long)) = next(&text[at..], &known) {
            let start = range.start + at + found;
            let element = match long {
                "" => format!("<abbr>{short}</abbr>"),
                long => format!("<abbr title=\"{}\">{short}</abbr>", escape(long)),
            };
            edits.push((start..start + short.len(), element));
            at += found + short.len();
        }
    }
    for (range, element) in edits.into_iter().rev() {
        out.replace_range(range, &element);
    }
    out
}

/// The bytes of plain text in `body`, in order.
fn texts(body: &str) -> Vec<Range<usize>> {
    let options = Options::ENABLE_TABLES | Options::ENABLE_FOOTNOTES | Options::ENABLE_STRIKETHROUGH;
    let (mut found, mut in_code) = (Vec::new(), false);
    for (event, range) in Parser::new_ext(body, options).into_offset_iter() {
        match event {
            Event::Start(Tag::CodeBlock(_)) => in_code = true,
            Event::End(TagEnd::CodeBlock) => in_code = false,
            Event::Text(_) if !in_code => found.push(range),
            _ => {}
        }
    }
    found
}

/// The first of `known` that is in `text` as a whole word: where, itself and its meaning.
fn next<'a>(text: &str, known: &[(&'a str, &'a str)]) -> Option<(usize, &'a str, &'a str)> {
    let is_word =
        |letter: Option<char>| letter.is_some_and(|letter| letter.is_alphanumeric() || letter == '_');
    let whole = |short: &str| {
        text.match_indices(short).map(|(at, _)| at).find(|at| {
            !is_word(text[..*at].chars().next_back()) && !is_word(text[at + short.len()..].chars().next())
        })
    };
    let all = known.iter().filter_map(|(short, long)| Some((whole(short)?, *short, *long)));
    all.min_by_key(|(at, short, _)| (*at, std::cmp::Reverse(short.len())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_footnote_ends_at_a_line_that_is_not_indented() {
        for (body, expected) in [
            ("[^1]: Note.\n[a]: /b/\n", "[^1]: Note.\n\n[a]: /b/\n"),
            ("[^1]: Note.\n    More.\n", "[^1]: Note.\n    More.\n"),
            ("[^1]: Note.\n[^2]: Other.\n", "[^1]: Note.\n[^2]: Other.\n"),
            ("[^1]: Note.\n\nText\n", "[^1]: Note.\n\nText\n"),
            ("```\n[^1]: Note.\nText\n```\n", "```\n[^1]: Note.\nText\n```\n"),
            ("[a]: /b/\nText\n", "[a]: /b/\nText\n"),
        ] {
            assert_eq!(apart(body), expected, "{body}");
        }
    }

    #[test]
    fn abbreviations_say_what_they_mean_where_they_are() {
        for (body, expected) in [
            (
                "HTML is old.\n\n*[HTML]: Hyper \"text\"\n",
                "<abbr title=\"Hyper &quot;text&quot;\">HTML</abbr> is old.\n\n",
            ),
            ("XHTML, `HTML`, HTML5.\n\n*[HTML]: Hypertext\n", "XHTML, `HTML`, HTML5.\n\n"),
            (
                "*[HT]: High tide\n*[HT B]: Buoy\n\nHT B and [HT](/ht/).\n",
                "\n<abbr title=\"Buoy\">HT B</abbr> and [<abbr title=\"High tide\">HT</abbr>](/ht/).\n",
            ),
            ("```\n*[A]: b\nA\n```\n", "```\n*[A]: b\nA\n```\n"),
            ("*[A] b\n", "*[A] b\n"),
        ] {
            assert_eq!(abbreviations(body), expected, "{body}");
        }
    }
}
