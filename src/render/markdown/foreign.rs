//! Tags of other generators, which would be shown as they are: shortcodes of Hugo and Zola, tags of Liquid, attributes
//! of kramdown.

use super::MarkdownError;

/// Longest tag, in bytes.
const LONGEST: usize = 1024;

/// The tag of another generator at byte `start` of `text`, and the byte at which it ends.
pub(super) fn at(text: &str, start: usize) -> Option<(usize, MarkdownError)> {
    let rest = &text[start..];
    let told = |length: usize, kind, name: &str| {
        Some((start + length, MarkdownError::Foreign { kind, name: name.to_owned() }))
    };
    match rest.get(..3).or_else(|| rest.get(..2))? {
        "{{<" => hugo(rest, ">}}").and_then(|(length, name)| told(length, "Hugo shortcode", name)),
        "{{%" => hugo(rest, "%}}").and_then(|(length, name)| told(length, "Hugo shortcode", name)),
        two if two.starts_with("{{") => {
            let (length, inner) = content(rest, "}}")?;
            value(text, start, inner).and_then(|(kind, name)| told(length, kind, name))
        }
        two if two.starts_with("{%") => {
            let (length, inner) = content(rest, "%}")?;
            let inner = inner.trim_matches('-').trim();
            let name = word(inner)?;
            let is_call = inner[name.len()..].trim_start().starts_with('(');
            told(length, if is_call { "Zola shortcode" } else { "Liquid tag" }, name)
        }
        two if two.starts_with("{:") => {
            let (length, inner) = content(rest, "}").filter(|(_, inner)| !inner.contains('\n'))?;
            let is_list = !inner.ends_with(':')
                && inner.trim_start().starts_with(|c: char| c.is_ascii_alphabetic() || ".#:".contains(c));
            let before = text[..start].trim_end_matches([' ', '\t']);
            let is_placed = before.is_empty() || before.ends_with('\n') || before.len() == start;
            (is_list && is_placed).then_some(())?;
            told(length, "kramdown attribute list", "{:}")
        }
        _ => None,
    }
}

/// The text behind the two bytes at the beginning of `rest` up to `close` in the same paragraph, and the length of all.
fn content<'a>(rest: &'a str, close: &str) -> Option<(usize, &'a str)> {
    let mut most = rest.len().min(LONGEST);
    while !rest.is_char_boundary(most) {
        most -= 1;
    }
    let inner = rest.get(2..most)?;
    let end = inner.find(close)?;
    (!inner[..end].contains("\n\n")).then_some((2 + end + close.len(), &inner[..end]))
}

fn hugo<'a>(rest: &'a str, close: &str) -> Option<(usize, &'a str)> {
    let (length, inner) = content(rest, close)?;
    let inner = inner[1..].trim_start_matches(['/', '*', '-']).trim_start();
    word(inner.trim_start_matches('/').trim_start()).map(|name| (length, name))
}

/// A value or a call between two braces: the generator that it is for, and its name.
fn value<'a>(text: &str, start: usize, inner: &'a str) -> Option<(&'static str, &'a str)> {
    let bare = inner.trim_matches('-').trim();
    // A call of a component begins with `<` and its name, without a blank between them.
    if let Some(name) = bare.strip_prefix('<').filter(|rest| rest.starts_with(char::is_whitespace)) {
        return word(name.trim_start()).map(|name| ("call", name));
    }
    let name = word(bare)?;
    let behind = &bare[name.len()..];
    if let Some(key) = word(behind.trim_start()).filter(|_| behind.starts_with(char::is_whitespace))
        && behind.trim_start()[key.len()..].trim_start().starts_with("=\"")
    {
        return Some(("call", name));
    }
    if behind.trim_start().starts_with('(') {
        return Some(("Zola shortcode", name));
    }
    let is_path = behind.is_empty() || behind.trim_start().starts_with(['|', '[']);
    // In TeX, `_{{a}}` is no value.
    let is_alone = inner.starts_with(|c: char| c.is_whitespace() || c == '-')
        || name.contains('.')
        || (name.len() > 1
            && !text[..start].ends_with(|c: char| c.is_alphanumeric() || "_^\\{}".contains(c)));
    (is_path && is_alone && !inner.contains('\n')).then_some(("Liquid value", name))
}

/// The name at the beginning of `text`.
fn word(text: &str) -> Option<&str> {
    let length = text.find(|c: char| !c.is_alphanumeric() && !"_-./".contains(c)).unwrap_or(text.len());
    let name = text[..length].trim_end_matches(['-', '.', '/']);
    name.starts_with(|c: char| c.is_alphabetic() || c == '_').then_some(name)
}
