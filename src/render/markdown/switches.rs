//! Syntax beyond CommonMark that `[markdown]` turns on: bare URLs as links, names of emoji, `==marked==` text.
//!
//! The text is rewritten before it is parsed, and only where the parser finds plain text: never in code, formulas,
//! links, HTML or behind a backslash. Links between double brackets are the parser's own.

use std::ops::Range;

use pulldown_cmark::{Event, Options as Extensions, Parser, Tag, TagEnd};

use super::steps::Steps;
use crate::config::MarkdownSwitches;
use crate::model::html::{Piece, walk};

/// A text that was rewritten.
pub(super) struct Switched {
    pub text: String,
    pub steps: Steps,
}

/// Elements of HTML whose text stays as it is.
const QUIET: [&str; 8] = ["a", "code", "kbd", "pre", "samp", "script", "style", "textarea"];

/// Plain text in the parsed source: its bytes, and the number of the element around it.
struct Plain {
    range: Range<usize>,
    within: usize,
}

/// `text` with the syntax of `switches` written as Markdown. `None` if it has none.
pub(super) fn apply(text: &str, switches: MarkdownSwitches, extensions: Extensions) -> Option<Switched> {
    let may_link =
        switches.autolinks && (text.contains("://") || text.contains("www.") || text.contains('@'));
    let may_mark = switches.mark && text.contains("==");
    let may_emoji = switches.emoji && text.contains(':');
    if !may_link && !may_mark && !may_emoji {
        return None;
    }
    let plain = plain(text, extensions);
    let mut changes: Vec<(Range<usize>, String)> = Vec::new();
    for one in &plain {
        if may_link {
            links(text, &one.range, may_mark, &mut changes);
        }
        if may_emoji {
            emoji(text, &one.range, &mut changes);
        }
    }
    if may_mark {
        marks(text, &plain, &mut changes);
    }
    changes.sort_by_key(|(range, _)| range.start);
    let mut switched = Switched { text: String::with_capacity(text.len() + 64), steps: Steps::default() };
    let mut end = 0;
    for (range, new) in &changes {
        // A link has the text in it to itself.
        let Some(before) = text.get(end..range.start) else { continue };
        switched.text.push_str(before);
        switched.steps.add(switched.text.len(), range.start);
        switched.text.push_str(new);
        switched.steps.add(switched.text.len(), range.end);
        end = range.end;
    }
    switched.text.push_str(&text[end..]);
    (end > 0).then_some(switched)
}

/// The plain text of `text`; neighbouring parts of one element are one.
fn plain(text: &str, extensions: Extensions) -> Vec<Plain> {
    let mut found: Vec<Plain> = Vec::new();
    let (mut open, mut count, mut quiet) = (vec![0_usize], 0_usize, 0_usize);
    let mut raw: Vec<String> = Vec::new();
    // A name of an emoji at the beginning of a line begins no definition.
    let extensions = extensions.difference(Extensions::ENABLE_DEFINITION_LIST);
    for (event, range) in Parser::new_ext(text, extensions).into_offset_iter() {
        match event {
            Event::Start(tag) => {
                count += 1;
                open.push(count);
                quiet += usize::from(matches!(tag, Tag::Link { .. } | Tag::Image { .. } | Tag::CodeBlock(_)));
                if matches!(tag, Tag::Paragraph | Tag::Item | Tag::Heading { .. } | Tag::TableCell) {
                    raw.clear();
                }
            }
            Event::End(tag) => {
                open.pop();
                let is_quiet = matches!(tag, TagEnd::Link | TagEnd::Image | TagEnd::CodeBlock);
                quiet = quiet.saturating_sub(usize::from(is_quiet));
            }
            Event::InlineHtml(html) => walk(&html, &mut |piece, _| {
                let Piece::Tag { name, closing, .. } = piece else { return };
                if !QUIET.iter().any(|one| one.eq_ignore_ascii_case(name)) {
                    return;
                }
                match closing {
                    true => raw.truncate(
                        raw.iter().rposition(|one| one.eq_ignore_ascii_case(name)).unwrap_or(raw.len()),
                    ),
                    false => raw.push(name.to_owned()),
                }
            }),
            Event::Text(_) if quiet == 0 && raw.is_empty() => {
                let within = open.last().copied().unwrap_or_default();
                match found.last_mut().filter(|last| last.within == within) {
                    Some(last) if matches!(text.get(last.range.end..range.start), Some("" | "\\")) => {
                        last.range.end = range.end;
                    }
                    _ => found.push(Plain { range, within }),
                }
            }
            _ => {}
        }
    }
    found
}

/// True if a backslash makes the character at `at` mean itself.
fn is_escaped(text: &str, at: usize) -> bool {
    text.as_bytes()[..at].iter().rev().take_while(|byte| **byte == b'\\').count() % 2 == 1
}

/// Adds the bare addresses in `range` as links; with `marks`, a `==` behind one may end marked text.
fn links(text: &str, range: &Range<usize>, marks: bool, changes: &mut Vec<(Range<usize>, String)>) {
    let plain = &text[range.clone()];
    let mut at = 0;
    while let Some(found) = plain[at..].find(['h', 'H', 'w', 'W', '@']) {
        let start = at + found;
        at = start + 1;
        let before = plain[..start].chars().next_back();
        let is_free =
            before.is_none_or(|before| !before.is_ascii_alphanumeric() && !"/:@.-=".contains(before));
        let rest = &plain[start..];
        let starts =
            |scheme: &str| rest.get(..scheme.len()).is_some_and(|own| own.eq_ignore_ascii_case(scheme));
        let link = match rest.as_bytes().first() {
            Some(b'@') => email(plain, start).map(|range| {
                let link = format!("<{}>", &plain[range.clone()]);
                (range, link)
            }),
            _ if !is_free || is_escaped(text, range.start + start) => None,
            _ if starts("http://") || starts("https://") => {
                let end = end_of_url(rest, marks && plain[..start].contains("=="));
                let host = rest[..end].split_once("://").map_or("", |(_, host)| host);
                is_host(host).then(|| (start..start + end, format!("<{}>", &rest[..end])))
            }
            _ if starts("www.") => {
                let end = end_of_url(rest, marks && plain[..start].contains("=="));
                let link = || format!("[{}](<http://{}>)", escaped(&rest[..end]), &rest[..end]);
                is_host(&rest[..end]).then(|| (start..start + end, link()))
            }
            _ => None,
        };
        if let Some((found, link)) = link {
            at = found.end;
            changes.push((range.start + found.start..range.start + found.end, link));
        }
    }
}

/// The length of the URL at the beginning of `rest`, without punctuation of the sentence around it, and without `==` if
/// it is in marked text.
fn end_of_url(rest: &str, in_marks: bool) -> usize {
    let is_end = |letter: char| {
        letter.is_whitespace()
            || letter.is_control()
            || matches!(letter, '<' | '>' | '`' | '|' | '"' | '\u{3000}'..='\u{303f}' | '\u{ff00}'..='\u{ff65}')
    };
    let mut end = rest.find(is_end).unwrap_or(rest.len());
    loop {
        let url = &rest[..end];
        let Some(last) = url.chars().next_back() else { return end };
        let is_unopened =
            |open: char, close: char| last == close && url.matches(close).count() > url.matches(open).count();
        if in_marks && url.ends_with("==") {
            end -= 2;
            continue;
        }
        let is_left = "?!.,:;*_~'\\\u{2019}\u{201d}\u{bb}".contains(last)
            || is_unopened('(', ')')
            || is_unopened('[', ']')
            || is_unopened('{', '}');
        if !is_left {
            return end;
        }
        end -= last.len_utf8();
    }
}

/// True if a URL without its scheme begins with the name of a host.
fn is_host(rest: &str) -> bool {
    let host = rest.split(['/', '?', '#', ':']).next().unwrap_or_default();
    let parts_fit = host
        .split('.')
        .all(|part| !part.is_empty() && part.chars().all(|c| c.is_alphanumeric() || "-_".contains(c)));
    parts_fit && (host.contains('.') || host.eq_ignore_ascii_case("localhost"))
}

/// The e-mail address around the `@` at byte `at`.
fn email(plain: &str, at: usize) -> Option<Range<usize>> {
    let is_local = |c: char| c.is_ascii_alphanumeric() || ".-_+".contains(c);
    let before = &plain[..at];
    let start = before
        .rfind(|c: char| !is_local(c))
        .map_or(0, |found| found + before[found..].chars().next().map_or(1, char::len_utf8));
    let start = start + before[start..].find(|c: char| c.is_ascii_alphanumeric())?;
    if plain[..start].ends_with(['/', ':', '@', '\\']) {
        return None;
    }
    let rest = &plain[at + 1..];
    let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && !"-.".contains(c)).unwrap_or(rest.len());
    let host = rest[..end].trim_end_matches(['.', '-']);
    let is_domain = host.contains('.') && host.split('.').all(|part| !part.is_empty());
    let goes_on = rest[host.len()..].starts_with(['@', '_', '/', ':']);
    (is_domain && !goes_on).then(|| start..at + 1 + host.len())
}

/// `text` with a backslash before each sign that may mean something in Markdown.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len() + 8);
    for letter in text.chars() {
        if "\\`*_~[]<>&:=".contains(letter) {
            escaped.push('\\');
        }
        escaped.push(letter);
    }
    escaped
}

/// Adds the emoji whose names are in `range`.
fn emoji(text: &str, range: &Range<usize>, changes: &mut Vec<(Range<usize>, String)>) {
    let plain = &text[range.clone()];
    let mut at = 0;
    while let Some(found) = plain[at..].find(':') {
        let start = at + found;
        at = start + 1;
        let rest = &plain[start + 1..];
        let is_name = |c: char| c.is_ascii_alphanumeric() || "_+-".contains(c);
        let length = rest.find(|c: char| !is_name(c)).unwrap_or(rest.len());
        let is_word = plain[..start].ends_with(|c: char| c.is_ascii_alphanumeric() || c == ':');
        if length == 0 || !rest[length..].starts_with(':') || is_word || is_escaped(text, range.start + start)
        {
            continue;
        }
        if let Some(emoji) = emojis::get_by_shortcode(&rest[..length]) {
            let end = start + length + 2;
            changes.push((range.start + start..range.start + end, emoji.as_str().to_owned()));
            at = end;
        }
    }
}

/// Adds the elements of marked text: a pair of `==` in one element, with no space on its inner sides.
fn marks(text: &str, plain: &[Plain], changes: &mut Vec<(Range<usize>, String)>) {
    // The last sign that may begin marked text, in each open element.
    let mut open: Vec<(usize, usize)> = Vec::new();
    let linked: Vec<Range<usize>> = changes.iter().map(|(range, _)| range.clone()).collect();
    for Plain { range, within } in plain {
        let mut at = range.start;
        while let Some(found) = text[at..range.end].find("==") {
            let start = at + found;
            let length = text[start..range.end].bytes().take_while(|byte| *byte == b'=').count();
            at = start + length;
            let is_linked = linked.iter().any(|one| one.contains(&start));
            if length != 2 || is_linked || is_escaped(text, start) {
                continue;
            }
            let is_space = |letter: Option<char>| letter.is_none_or(char::is_whitespace);
            let opens = !is_space(text[at..].chars().next());
            let closes = !is_space(text[..start].chars().next_back());
            let before = open.iter().position(|(element, _)| element == within);
            match before {
                Some(before) if closes => {
                    let (_, first) = open.swap_remove(before);
                    if first + 2 < start {
                        changes.push((first..first + 2, "<mark>".to_owned()));
                        changes.push((start..at, "</mark>".to_owned()));
                    }
                }
                Some(before) if opens => open[before].1 = start,
                None if opens => open.push((*within, start)),
                _ => {}
            }
        }
    }
}
