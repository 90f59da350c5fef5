//! Plain text of articles: how long it is, how it begins.

use pulldown_cmark::{Event, Parser, Tag, TagEnd};
use unicode_normalization::char::is_combining_mark;

use super::{Options, extensions};

/// The length of `text` in words. Scripts that are written without spaces count two characters as a
/// word, which is about how long they take to read.
pub fn words(text: &str) -> usize {
    let (mut count, mut spaceless) = (0usize, 0usize);
    // 1 inside of a word whose beginning was counted: punctuation does not end it. Kept as a number, so
    // that no branch has to be guessed for every letter.
    let mut inside = 0u8;
    let bytes = text.as_bytes();
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        at += 1;
        let kind = KINDS[usize::from(*byte)];
        if kind & BEYOND == 0 {
            let (letter, space) = (kind & LETTER, kind >> 1);
            count += usize::from(letter & (inside ^ 1));
            inside = (inside | letter) & (space ^ 1);
            continue;
        }
        let Some(letter) = text[at - 1..].chars().next() else { break };
        at += letter.len_utf8() - 1;
        if is_spaceless(letter) {
            spaceless += 1;
        } else if letter.is_whitespace() {
            inside = 0;
        } else if inside == 0 && letter.is_alphanumeric() {
            count += 1;
            inside = 1;
        }
    }
    count + spaceless.div_ceil(2)
}

const LETTER: u8 = 1;
const SPACE: u8 = 2;
/// Not ASCII.
const BEYOND: u8 = 4;

/// What each byte is.
static KINDS: [u8; 256] = {
    let mut kinds = [0; 256];
    let mut byte = 0;
    while byte < 256 {
        kinds[byte] = match byte as u8 {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' => LETTER,
            b' ' | b'\t'..=b'\r' => SPACE,
            0..=0x7f => 0,
            _ => BEYOND,
        };
        byte += 1;
    }
    kinds
};

/// Han, kana, Thai, Lao, Khmer, Burmese.
fn is_spaceless(letter: char) -> bool {
    matches!(letter, '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}'
        | '\u{20000}'..='\u{323af}' | '\u{e00}'..='\u{eff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17ff}')
}

/// The beginning of `text` in at most `length` characters, with an ellipsis where something is left
/// out. It ends between words where the script has spaces, and never inside of a character.
pub fn excerpt(text: &str, length: usize) -> String {
    let text = text.trim();
    let Some((cut, _)) = text.char_indices().nth(length) else { return text.to_owned() };
    let mut end = cut;
    let before = &text[..cut];
    let at_gap = text[cut..].starts_with(char::is_whitespace);
    if let Some(gap) = before.rfind(char::is_whitespace).filter(|gap| !at_gap && *gap * 2 > cut) {
        end = gap;
    }
    while end > 0 && text[end..].starts_with(|c: char| is_combining_mark(c) || c == '\u{200d}') {
        end = text[..end].char_indices().next_back().map_or(0, |(at, _)| at);
    }
    format!(
        "{}\u{2026}",
        text[..end].trim_end_matches(|c: char| c.is_whitespace() || ",;:\u{2014}\u{2013}-".contains(c))
    )
}

/// Blocks that are looked at in search of a paragraph.
const BLOCKS: usize = 40;

/// The plain text of the first paragraph of a Markdown text: not a heading, a picture, HTML, code or a
/// call of a component. It reads no more of the text than it must.
pub fn first_paragraph(text: &str) -> String {
    let mut fence: Option<&str> = None;
    let mut block = String::new();
    let mut seen = 0;
    for line in text.lines().chain([""]) {
        let bare = line.trim_start();
        if let Some(open) = fence {
            if bare.starts_with(open) {
                fence = None;
            }
            continue;
        }
        if let Some(open) = ["```", "~~~"].into_iter().find(|open| bare.starts_with(open)) {
            fence = Some(open);
            block.clear();
            continue;
        }
        if !bare.is_empty() {
            block.push_str(line);
            block.push('\n');
            continue;
        }
        if !block.is_empty() {
            let found = paragraph(&block);
            if !found.is_empty() {
                return found;
            }
            block.clear();
            seen += 1;
            if seen == BLOCKS {
                break;
            }
        }
    }
    String::new()
}

/// `text` without the tags that call components; what stands between two of them stays.
fn without_calls(text: &str) -> String {
    let mut rest = text;
    let mut kept = String::with_capacity(text.len());
    while let Some(open) = rest.find('{') {
        let tag = &rest[open + 1..];
        let close = match tag.as_bytes().first() {
            Some(b'{') => "}}",
            Some(b'%') => "%}",
            _ => "",
        };
        let called = !close.is_empty() && tag[1..].trim_start_matches(['-', ' ']).starts_with('<');
        match tag.find(close).filter(|_| called) {
            Some(end) => {
                kept.push_str(&rest[..open]);
                rest = &tag[end + close.len()..];
            }
            None => {
                kept.push_str(&rest[..=open]);
                rest = tag;
            }
        }
    }
    kept + rest
}

fn paragraph(block: &str) -> String {
    if block.trim_start().starts_with(['<', '{']) {
        return String::new();
    }
    let block = without_calls(block);
    let options = Options { smart_punctuation: true, ..Options::default() };
    let mut text = String::new();
    let mut inside = false;
    let mut aside = 0usize;
    // A picture's alternative text stands for it where it is in a sentence; alone it is no paragraph.
    let (mut pictures, mut has_words) = (0usize, false);
    for event in Parser::new_ext(&block, extensions(&options)) {
        match event {
            Event::Start(Tag::Paragraph) if aside == 0 => inside = true,
            Event::End(TagEnd::Paragraph) if inside => break,
            Event::Start(Tag::BlockQuote(_) | Tag::List(_) | Tag::FootnoteDefinition(_)) => aside += 1,
            Event::End(TagEnd::BlockQuote(_) | TagEnd::List(_) | TagEnd::FootnoteDefinition) => {
                aside = aside.saturating_sub(1);
            }
            Event::Start(Tag::Image { .. }) => pictures += 1,
            Event::End(TagEnd::Image) => pictures = pictures.saturating_sub(1),
            Event::Text(piece) | Event::Code(piece) if inside && aside == 0 => {
                has_words |= pictures == 0 && !piece.trim().is_empty();
                text.push_str(&piece);
            }
            Event::SoftBreak | Event::HardBreak if inside => text.push(' '),
            _ => {}
        }
    }
    if !has_words {
        return String::new();
    }
    // What refers to a footnote in another block is not known to be one here.
    while let Some(start) = text.find("[^") {
        let Some(length) = text[start..].find(']') else { break };
        text.replace_range(start..=start + length, "");
    }
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
