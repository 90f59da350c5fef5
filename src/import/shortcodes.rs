//! Shortcodes and tags of other generators in a text, and the components and Markdown that say the same.

use std::collections::HashMap;
use std::ops::Range;

use pulldown_cmark::{Event, Options, Parser, Tag as Block};

/// How a generator writes its tags.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Syntax {
    /// Hugo: `{{< name >}}`, `{{% name %}}`, `{{< /name >}}`.
    Hugo,
    /// Zola: `{{ name() }}`, `{% name() %}…{% end %}`.
    Zola,
    /// Liquid and Nunjucks: `{% name %}…{% endname %}`, `{{ value }}`.
    Liquid,
}

/// A tag.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tag<'a> {
    /// The name; empty for a value of Liquid.
    pub name: &'a str,
    /// The text behind the name, or the value.
    pub rest: &'a str,
    /// True for a tag that ends another.
    pub is_end: bool,
    /// True for `{{ … }}` of Liquid.
    pub is_value: bool,
    /// Its bytes.
    pub range: Range<usize>,
    /// True if the tag is written so that it is shown and not run.
    pub is_escaped: bool,
    /// True for a tag that has no content: `{{< name />}}`.
    pub is_whole: bool,
}

/// A call: a tag with its arguments and, if it ends with another one, the text between them.
#[derive(Debug, Clone)]
pub struct Call<'a> {
    /// The name of the shortcode; empty for a value.
    pub name: &'a str,
    /// The text behind the name.
    pub rest: &'a str,
    /// The arguments.
    pub arguments: Arguments,
    /// The content, with the tags in it replaced.
    pub inner: Option<String>,
    /// The content as it was written.
    pub raw_inner: Option<&'a str>,
    /// The tag as it was written.
    pub raw: &'a str,
    /// The byte at which it starts.
    pub at: usize,
}

/// Arguments of a shortcode.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Arguments {
    /// Those without a name.
    pub plain: Vec<String>,
    /// Those with a name.
    pub named: Vec<(String, String)>,
}

impl Arguments {
    /// Splits `text`: words and quoted texts, `name=value` and `name: value`; commas between them mean nothing.
    pub fn of(text: &str) -> Arguments {
        let mut arguments = Arguments::default();
        let mut rest = text.trim();
        while !rest.is_empty() {
            rest = rest.trim_start_matches([',', ' ', '\t', '\n']);
            let length = rest.find(|c: char| !c.is_alphanumeric() && !"_-".contains(c)).unwrap_or(rest.len());
            let behind = rest[length..].trim_start();
            let is_address = rest[length..].starts_with("://");
            let named =
                behind.strip_prefix('=').or_else(|| rest[length..].strip_prefix(':')).filter(|_| length > 0);
            match named.filter(|_| !is_address) {
                Some(value) => {
                    let (text, end) = value_of(value.trim_start());
                    arguments.named.push((rest[..length].to_owned(), text));
                    rest = end;
                }
                None if rest.is_empty() => break,
                None => {
                    let (text, end) = value_of(rest);
                    arguments.plain.push(text);
                    rest = end;
                }
            }
        }
        arguments
    }

    /// The argument with one of these names, else the one without a name at `place`; empty ones don't count.
    pub fn get(&self, names: &[&str], place: usize) -> Option<&str> {
        let named =
            names.iter().find_map(|name| self.named.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)));
        let found = named.map(|(_, value)| value).or_else(|| self.plain.get(place));
        found.map(String::as_str).filter(|value| !value.trim().is_empty())
    }
}

/// The value with which `text` begins, and the text behind it.
fn value_of(text: &str) -> (String, &str) {
    if let Some(quote @ ('"' | '\'' | '`')) = text.chars().next() {
        let mut value = String::new();
        let mut letters = text.char_indices().skip(1);
        while let Some((at, letter)) = letters.next() {
            match letter {
                '\\' if quote != '`' => value.extend(letters.next().map(|(_, letter)| letter)),
                letter if letter == quote => return (value, &text[at + 1..]),
                letter => value.push(letter),
            }
        }
        return (value, "");
    }
    let open = text.starts_with('[');
    let end = match open {
        true => text.find(']').map_or(text.len(), |at| at + 1),
        false => text.find(|c: char| c.is_whitespace() || c == ',').unwrap_or(text.len()),
    };
    let end = if end == 0 { text.chars().next().map_or(0, char::len_utf8) } else { end };
    (text[..end].to_owned(), &text[end..])
}

/// The fate of a call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Becomes {
    /// This text.
    Text(String),
    /// Nobody knows: it is left out of sight, and its content stays.
    Unknown,
}

/// The text `body` with each tag replaced by what `each` makes of it. `escaped` gets the text of a tag that is meant to be
/// shown; it is shown as it is.
pub fn replace(body: &str, syntax: Syntax, each: &mut dyn FnMut(&Call<'_>) -> Becomes) -> String {
    let code = code_ranges(body);
    let tags = tags(body, syntax);
    let ends = ends(&tags);
    let mut out = String::with_capacity(body.len());
    let mut replacer = Replacer { body, tags: &tags, ends: &ends, code: &code, each };
    replacer.run(0, tags.len(), 0, body.len(), &mut out, 0);
    out
}

/// Calls inside of one another.
const DEEPEST: usize = 32;

struct Replacer<'a, 'b> {
    body: &'a str,
    tags: &'b [Tag<'a>],
    /// For each tag, the one that ends it.
    ends: &'b [Option<usize>],
    code: &'b [Range<usize>],
    each: &'b mut dyn FnMut(&Call<'_>) -> Becomes,
}

impl Replacer<'_, '_> {
    /// Writes the bytes `start..end`, in which the tags `first..last` are.
    fn run(&mut self, first: usize, last: usize, start: usize, end: usize, out: &mut String, depth: usize) {
        let (mut at, mut next) = (start, first);
        while next < last {
            let tag = self.tags[next].clone();
            out.push_str(&self.body[at..tag.range.start]);
            at = tag.range.end;
            next += 1;
            if tag.is_escaped {
                if !is_in(self.code, tag.range.start) {
                    out.push('\\');
                }
                // The stars come out, and the rest is shown.
                out.push_str(&tag.rest.replacen("/*", "", 1).replacen("*/", "", 1));
                continue;
            }
            if tag.is_end {
                // The end of nothing.
                continue;
            }
            let close = self.ends[next - 1].filter(|close| *close < last && depth < DEEPEST);
            let (inner, raw_inner) = match close {
                Some(close) => {
                    let range = tag.range.end..self.tags[close].range.start;
                    let mut inner = String::new();
                    self.run(next, close, range.start, range.end, &mut inner, depth + 1);
                    next = close + 1;
                    at = self.tags[close].range.end;
                    (Some(inner), Some(&self.body[range]))
                }
                None => (None, None),
            };
            let call = Call {
                name: tag.name,
                rest: tag.rest,
                arguments: Arguments::of(tag.rest),
                inner,
                raw_inner,
                raw: &self.body[tag.range.clone()],
                at: tag.range.start,
            };
            match (self.each)(&call) {
                Becomes::Text(text) => out.push_str(&text),
                Becomes::Unknown => {
                    out.push_str(&comment(call.raw));
                    if let Some(inner) = &call.inner {
                        out.push_str(inner);
                    }
                }
            }
        }
        out.push_str(&self.body[at.min(end)..end]);
    }
}

/// For each of `tags`, the index of the tag that ends it: of several that may, the innermost has it.
fn ends(tags: &[Tag<'_>]) -> Vec<Option<usize>> {
    let mut ends = vec![None; tags.len()];
    let mut open: HashMap<&str, Vec<usize>> = HashMap::new();
    // Tags whose end has no name.
    let mut any: Vec<usize> = Vec::new();
    for (at, tag) in tags.iter().enumerate() {
        if tag.is_escaped || tag.is_value || tag.is_whole {
            continue;
        }
        if !tag.is_end {
            open.entry(tag.name).or_default().push(at);
            any.push(at);
            continue;
        }
        let from = if tag.name.is_empty() { any.pop() } else { open.get_mut(tag.name).and_then(Vec::pop) };
        if let Some(from) = from {
            ends[from] = Some(at);
        }
    }
    ends
}

/// A tag as a comment of HTML, which no reader sees.
pub fn comment(raw: &str) -> String {
    let text = raw.replace("--", "- -").replace(['{', '}', '<', '>', '%'], " ");
    format!("<!-- {} -->", text.split_whitespace().collect::<Vec<_>>().join(" "))
}

/// The most bytes of a tag.
const LONGEST: usize = 16 * 1024;

/// The tags of `body`, in order.
fn tags(body: &str, syntax: Syntax) -> Vec<Tag<'_>> {
    let mut tags = Vec::new();
    let mut at = 0;
    let mut raw_until: Option<&str> = None;
    // Where the next `}}` and `%}` are, so that no text is searched twice.
    let mut next = [0; 2];
    while let Some(start) = body[at..].find('{').map(|found| at + found) {
        at = start + 1;
        let Some(which) = body.as_bytes().get(at).and_then(|byte| b"{%".iter().position(|mark| mark == byte))
        else {
            continue;
        };
        let (open, close) = [("{{", "}}"), ("{%", "%}")][which];
        if next[which] < at {
            next[which] = body[at..].find(close).map_or(usize::MAX, |found| at + found);
        }
        if next[which] > at + LONGEST {
            continue;
        }
        let tag = match tag_at(body, start, syntax) {
            Ok(tag) => tag,
            Err(end) => {
                // Text inside of it that looks like a tag may be one.
                let inner = body.get(start + 2..end).and_then(|inner| inner.rfind(open));
                at = inner.map_or(at, |inner| (start + 2 + inner).max(at));
                continue;
            }
        };
        // Liquid runs in code, too; an example of it is raw.
        if let Some(name) = raw_until {
            if tag.is_end && tag.name == name {
                raw_until = None;
            } else {
                continue;
            }
        }
        if !tag.is_end && syntax == Syntax::Liquid && matches!(tag.name, "raw" | "verbatim") {
            raw_until = Some(tag.name);
        }
        at = tag.range.end;
        tags.push(tag);
    }
    tags
}

/// The tag that starts at byte `start`; without one, the byte at which it would end.
fn tag_at(body: &str, start: usize, syntax: Syntax) -> Result<Tag<'_>, usize> {
    let rest = &body[start..];
    let delimiters: &[(&str, &str, bool)] = match syntax {
        Syntax::Hugo => &[("{{<", ">}}", false), ("{{%", "%}}", false)],
        Syntax::Zola => &[("{{", "}}", false), ("{%", "%}", false)],
        Syntax::Liquid => &[("{{", "}}", true), ("{%", "%}", false)],
    };
    let delimiter = delimiters.iter().find(|(open, ..)| rest.starts_with(open));
    let (open, close, is_value) = delimiter.ok_or(start + 1)?;
    let end = end_of(rest, open.len(), close).ok_or(start + 1)?;
    let range = start..start + end + close.len();
    let inner = rest.get(open.len()..end).ok_or(start + 1)?;
    if inner.contains(open) {
        return Err(start + end);
    }
    tag(body, inner, (open, *is_value), range, syntax).ok_or(start + end)
}

/// The tag with the text `inner` between its marks.
fn tag<'a>(
    body: &'a str,
    inner: &'a str,
    (open, is_value): (&str, bool),
    range: Range<usize>,
    syntax: Syntax,
) -> Option<Tag<'a>> {
    let made = |name, rest, is_end| Tag {
        name,
        rest,
        is_end,
        is_value,
        range: range.clone(),
        is_escaped: false,
        is_whole: false,
    };
    let trimmed = inner.trim();
    let escaped = trimmed.strip_prefix("/*").and_then(|text| text.strip_suffix("*/"));
    if escaped.is_some() && syntax != Syntax::Liquid {
        return Some(Tag { is_escaped: true, ..made("", &body[range.clone()], false) });
    }
    let text = trimmed.trim_matches('-').trim();
    if is_value {
        return Some(made("", text, false));
    }
    if let Some(name) = text.strip_prefix('/').filter(|_| syntax == Syntax::Hugo) {
        return Some(made(name.trim(), "", true));
    }
    let (text, is_whole) = match text.strip_suffix('/').filter(|_| syntax == Syntax::Hugo) {
        Some(text) => (text.trim_end(), true),
        None => (text, false),
    };
    let length = text.find(|c: char| !c.is_alphanumeric() && !"_-./".contains(c)).unwrap_or(text.len());
    let (name, behind) = text.split_at(length);
    if name.is_empty() {
        return None;
    }
    match syntax {
        Syntax::Hugo => Some(Tag { is_whole, ..made(name, behind.trim(), false) }),
        Syntax::Zola if open == "{%" && name == "end" => Some(made("", "", true)),
        Syntax::Zola => {
            let inner = behind.trim().strip_prefix('(')?.strip_suffix(')')?;
            Some(Tag { is_whole: open == "{{", ..made(name, inner, false) })
        }
        Syntax::Liquid => match name.strip_prefix("end").filter(|name| !name.is_empty()) {
            Some(name) => Some(made(name, "", true)),
            None => Some(made(name, behind.trim(), false)),
        },
    }
}

/// The byte of `text` from `from` on at which `close` is, outside of quotes; without those if a quote has no end.
fn end_of(text: &str, from: usize, close: &str) -> Option<usize> {
    let mut quote: Option<char> = None;
    for (at, letter) in text.char_indices().skip_while(|(at, _)| *at < from).take(LONGEST) {
        match (quote, letter) {
            (Some(open), letter) if open == letter => quote = None,
            (Some(_), _) => {}
            (None, _) if text[at..].starts_with(close) => return Some(at),
            (None, '"' | '`') => quote = Some(letter),
            _ => {}
        }
    }
    let mut most = text.len().min(LONGEST);
    while !text.is_char_boundary(most) {
        most -= 1;
    }
    text.get(from..most)?.find(close).map(|at| from + at)
}

/// True if one of `ranges`, which are in order and apart, has the byte `at`.
pub fn is_in(ranges: &[Range<usize>], at: usize) -> bool {
    let before = ranges.partition_point(|range| range.start <= at);
    before.checked_sub(1).and_then(|last| ranges.get(last)).is_some_and(|range| range.contains(&at))
}

/// The bytes of code in the Markdown `body`, in order.
pub fn code_ranges(body: &str) -> Vec<Range<usize>> {
    let parser = Parser::new_ext(body, Options::empty()).into_offset_iter();
    let is_code = |event: &Event<'_>| matches!(event, Event::Code(_) | Event::Start(Block::CodeBlock(_)));
    parser.filter(|(event, _)| is_code(event)).map(|(_, range)| range).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(body: &str, syntax: Syntax) -> String {
        replace(body, syntax, &mut |call| match call.name {
            "unknown" => Becomes::Unknown,
            name => {
                let plain = call.arguments.plain.join("|");
                let named: Vec<String> =
                    call.arguments.named.iter().map(|(a, b)| format!("{a}={b}")).collect();
                let inner = call.inner.as_deref().map_or(String::new(), |inner| format!("<{inner}>"));
                Becomes::Text(format!("[{name}:{plain};{}{inner}]", named.join("|")))
            }
        })
    }

    #[test]
    fn tags_of_hugo_are_found_with_arguments_and_content() {
        for (body, expected) in [
            ("a {{< fig \"x y\" 2 >}} b", "a [fig:x y|2;] b"),
            ("{{< fig src=\"a.png\" alt=`b \"c\"` >}}", "[fig:;src=a.png|alt=b \"c\"]"),
            ("{{% note %}}in {{< x >}}{{% /note %}}!", "[note:;<in [x:;]>]!"),
            ("{{< a >}}1{{< a >}}2{{< /a >}}3{{< /a >}}", "[a:;<1[a:;<2>]3>]"),
            ("{{< a />}}1{{< a >}}2{{< /a >}}", "[a:;]1[a:;<2>]"),
            ("{{< a {{< b >}}", "{{< a [b:;]"),
            ("{{< unknown -- >}}in{{< /unknown >}}", "<!-- unknown - - -->in"),
            ("no {{ .Title }} and { {< b", "no {{ .Title }} and { {< b"),
        ] {
            assert_eq!(shown(body, Syntax::Hugo), expected, "{body}");
        }
    }

    #[test]
    fn tags_of_zola_and_liquid_are_found() {
        assert_eq!(
            shown("{{ you(id=\"a\", w=3) }} {% q(by='B') %}in{% end %} {{ no }}", Syntax::Zola),
            "[you:;id=a|w=3] [q:;by=B<in>] {{ no }}"
        );
        assert_eq!(
            shown("{% gist a/1 %}{% hl ruby -%}x{%- endhl %}{{ site.url }}", Syntax::Liquid),
            "[gist:a/1;][hl:ruby;<x>][:site.url;]"
        );
        assert_eq!(shown("{% raw %}{{ a }}{% b %}{% endraw %}", Syntax::Liquid), "[raw:;<{{ a }}{% b %}>]");
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_read(body in "[\\{%<>\\}/ a\"'`=\n*-]{0,60}") {
            for syntax in [Syntax::Hugo, Syntax::Zola, Syntax::Liquid] {
                let _ = shown(&body, syntax);
            }
        }
    }
}
