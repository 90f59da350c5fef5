//! Where front matter begins and ends, and front matter that was missed.
//!
//! Front matter begins with the first character of a source, with a line that is exactly `+++` or `---`, or with `{`.
//! Fields that come after anything else, or between other fences, would be printed as text, with the drafts among them.
//! [`missed`] finds those: it is an error of the source. It looks for names of fields, so that prose, and a page that
//! begins with a rule, are read as what they are.

mod header;

use std::ops::Range;

use miette::Diagnostic;
use thiserror::Error;

use self::header::{Header, MOST_LINES, header, is_blank, is_known, is_line_end, is_mark, lines, paragraph};
use super::suspicions;
use crate::model::metadata::{Language, folded};

/// A block of front matter: its language and its bytes.
pub type Block = (Language, Range<usize>);

/// Problems with the place or the fences of front matter.
#[derive(Debug, Clone, PartialEq, Eq, Error, Diagnostic)]
pub enum FenceError {
    /// The closing line is missing.
    #[error("the front matter never ends: there is no second line with just `{fence}`")]
    #[diagnostic(code(content::front_matter), help("add a line `{fence}` below the last field"))]
    Open {
        /// The fence.
        fence: &'static str,
    },
    /// Something is before the fence.
    #[error("the front matter begins here, after {before}, so it would be printed as text")]
    #[diagnostic(
        code(content::front_matter),
        help("front matter begins with the first character of the file: take out what is before it")
    )]
    Late {
        /// The text before it, in a word.
        before: &'static str,
    },
    /// The fence is another one.
    #[error(
        "\u{201c}{fence}\u{201d} begins no front matter, so the fields below it would be printed as text"
    )]
    #[diagnostic(
        code(content::front_matter),
        help(
            "write `---` alone in the line before and after fields in YAML, `+++` around fields in TOML, or one JSON object"
        )
    )]
    Fence {
        /// The line.
        fence: String,
    },
    /// Fields without a fence.
    #[error(
        "`{name}` is written like a field of front matter, and without a fence it would be printed as text"
    )]
    #[diagnostic(
        code(content::front_matter),
        help(
            "write the fields as YAML between two lines `---`, the first of which is the first line of the file: `title: \u{2026}`; if it is text, begin with another paragraph"
        )
    )]
    Bare {
        /// The field.
        name: String,
    },
    /// Fields in a wire article.
    #[error(
        "`{name}` is written like a field of front matter, and a wire article has none, so it would be printed as text"
    )]
    #[diagnostic(
        code(content::front_matter),
        help(
            "a wire article has only the lines `PUBLISHED :` and `UPDATED :`; name the file `.md` to use front matter, or hold it back in a folder `_drafts`"
        )
    )]
    Wire {
        /// The field.
        name: String,
    },
    /// A second block of fields.
    #[error("there is a second block of front matter, which would be printed as text")]
    #[diagnostic(code(content::front_matter), help("move its fields into the first block"))]
    Second,
}

/// An error, with the bytes that it is about.
pub type Missed = (FenceError, Range<usize>);

/// Splits a source into front matter and body: the language, the bytes of the block, and the byte at which the body
/// starts. A source without a block is all body.
///
/// # Errors
/// [`FenceError`] if the end of the block is missing, or if fields are where none are read.
pub fn split(text: &str) -> Result<(Option<Block>, usize), Missed> {
    let (block, body) = block(text)?;
    let missed = match &block {
        None => missed(text, false).or_else(|| below_text(text)),
        Some((_, range)) if text[range.clone()].trim().is_empty() => {
            let below = missed(&text[body..], false);
            below.map(|(error, place)| (error, body + place.start..body + place.end))
        }
        Some(_) => second(text, body),
    };
    match missed {
        Some(missed) => Err(missed),
        None => Ok((block, body)),
    }
}

fn block(text: &str) -> Result<(Option<Block>, usize), Missed> {
    for (fence, language) in [("+++", Language::Toml), ("---", Language::Yaml)] {
        let Some(first) = text.split_inclusive('\n').next().filter(|line| line.trim_end() == fence) else {
            continue;
        };
        let start = first.len();
        let mut at = start;
        for line in text[start..].split_inclusive('\n') {
            // `...` is how YAML itself ends a document.
            let is_end = line.trim_end() == fence || language == Language::Yaml && line.trim_end() == "...";
            if is_end && (language == Language::Toml || has_fields(&text[start..at])) {
                return Ok((Some((language, start..at)), at + line.len()));
            }
            if is_end {
                break;
            }
            at += line.len();
        }
        // A page may begin with a rule.
        let is_rule = language == Language::Yaml && !paragraph(&text[start..]).any(|line| is_known(&line));
        return if is_rule { Ok((None, 0)) } else { Err((FenceError::Open { fence }, 0..fence.len())) };
    }
    if !begins_json(text) {
        return Ok((None, 0));
    }
    let mut values = serde_json::Deserializer::from_str(text).into_iter::<serde::de::IgnoredAny>();
    match values.next() {
        Some(Ok(_)) => {
            let end = values.byte_offset();
            let rest = &text[end..];
            let line = rest.find('\n').map_or(rest.len(), |at| at + 1);
            // Text after the block on its last line belongs to the body.
            let skip = if rest[..line].trim().is_empty() { line } else { 0 };
            Ok((Some((Language::Json, 0..end)), end + skip))
        }
        // The JSON is invalid. The parser finds the place of the error in this estimated block.
        _ => {
            let end = text.find("\n}").map_or(text.len(), |at| at + 2);
            Ok((Some((Language::Json, 0..end)), end))
        }
    }
}

fn begins_json(text: &str) -> bool {
    text.starts_with('{') && !["{{", "{%", "{#", "{:"].iter().any(|other| text.starts_with(other))
}

/// True if text between two lines `---` is front matter: it is empty, or begins with a field, or has a known one. Else
/// the lines are rules around a text.
fn has_fields(block: &str) -> bool {
    let mut lines = block.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
    let Some(first) = lines.next() else { return true };
    let is_yaml = |line: &str| {
        line.starts_with(['{', '"', '\'', '?', '&', '!', '%', '<'])
            || line.contains(": ")
            || line.ends_with(':')
    };
    is_yaml(first) || lines.any(|line| header(line).is_some_and(|line| is_known(&line)))
}

/// True if `line` is a fence, or near one: `----`, `++++`, `---js`, `;;;`, `===`, a long dash.
fn is_fence(line: &str) -> bool {
    let marks =
        |letter: char| "-+;=~`*_#%\u{2010}\u{2011}\u{2012}\u{2013}\u{2014}\u{2015}\u{2212}".contains(letter);
    let line = line.trim_matches(|letter: char| is_blank(letter) || letter == '\\');
    let info = line.trim_start_matches(marks);
    let fence = &line[..line.len() - info.len()];
    let is_long = fence.chars().count() >= 2 || fence == "\u{2014}";
    let word = info.trim().trim_matches(['{', '}', '(', ')', ':', '.']);
    let is_word = word.len() <= 12 && word.chars().all(|letter| letter.is_ascii_alphanumeric());
    // `# Title` and `**bold**` are no fences.
    let may_have_info = fence.starts_with(['-', '+', ';', '=', '~', '`']) && fence.chars().count() >= 3;
    is_long && (info.is_empty() || is_word && may_have_info)
}

/// How comments begin and end in front of fields, in HTML and in JSON.
const COMMENTS: [(&str, &str); 3] = [("<!--", "-->"), ("/*", "*/"), ("//", "\n")];

/// Front matter in `text` that is not read: it is not at the beginning, or its fence is another one, or it has none. A
/// wire article has no front matter at all.
pub fn missed(text: &str, is_wire: bool) -> Option<Missed> {
    let mut start = text.len() - text.trim_start_matches(is_blank).len();
    let mut before = match &text[..start] {
        "" => None,
        blank if blank.contains('\n') => Some("a blank line"),
        blank if blank.trim().is_empty() => Some("a space"),
        _ => Some("a character that nobody sees"),
    };
    while let Some((begin, end)) = COMMENTS.iter().find(|(begin, _)| text[start..].starts_with(begin)) {
        let length = text[start..].find(end).map_or(text.len() - start, |at| at + end.len());
        let comment = text[start..start + length].trim_start_matches(begin).trim_end_matches(end);
        if let Some(name) = bare(comment, is_wire) {
            return Some((FenceError::Bare { name: name.to_owned() }, place_of(name, text)));
        }
        start += length;
        start += text[start..].len() - text[start..].trim_start_matches(is_blank).len();
        before = Some("a comment");
    }
    let rest = &text[start..];
    let line = lines(rest).next().unwrap_or_default().trim_matches(is_blank);
    let here = start..start + line.len();
    if is_fence(line) {
        let (fields, _) = fenced(&rest[line.len()..])?;
        let is_right = matches!(line, "---" | "+++");
        return Some(match (is_wire, is_right, before) {
            (true, ..) => (FenceError::Wire { name: fields.to_owned() }, here),
            (false, true, Some(before)) => (FenceError::Late { before }, here),
            // A rule with fields below it, and no fence that closes them.
            (false, true, None) => {
                (FenceError::Open { fence: if line == "+++" { "+++" } else { "---" } }, here)
            }
            (false, false, _) => (FenceError::Fence { fence: line.chars().take(20).collect() }, here),
        });
    }
    if let Some(list) = rest.strip_prefix('[')
        && begins_json(list.trim_start())
        && json_field(rest).is_some()
    {
        return Some((FenceError::Fence { fence: "[".to_owned() }, start..start + 1));
    }
    if begins_json(rest) && (before.is_some() || is_wire) {
        let name = json_field(rest)?.name.to_owned();
        return Some((
            if is_wire { FenceError::Wire { name } } else { FenceError::Late { before: before? } },
            here,
        ));
    }
    let embargo = is_wire.then(|| lines(rest).take(12).find(|line| is_embargo(line))).flatten();
    let field = embargo.or_else(|| bare(rest, is_wire))?;
    let name = field.to_owned();
    Some((if is_wire { FenceError::Wire { name } } else { FenceError::Bare { name } }, place_of(field, text)))
}

/// The first known field in JSON at the beginning of `text`.
fn json_field(text: &str) -> Option<Header<'_>> {
    json_fields(text).find(is_known)
}

fn json_fields(text: &str) -> impl Iterator<Item = Header<'_>> {
    let head = &text[..text.char_indices().nth(2000).map_or(text.len(), |(at, _)| at)];
    head.split(['{', ',', '\n']).filter_map(header)
}

/// True if a line of a wire article says, as press offices write it, that the text is not for everybody yet.
fn is_embargo(line: &str) -> bool {
    let line = line.to_lowercase();
    let words: Vec<&str> =
        line.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let begins = |with: &[&str]| words.starts_with(with);
    let until = ["until", "till", "for", "to"];
    match words.first() {
        Some(&("embargo" | "embargoed")) => {
            words.get(1).is_some_and(|word| until.contains(word)) || words.len() == 1
        }
        _ => {
            begins(&["strictly", "embargoed"])
                || begins(&["under", "embargo"])
                || begins(&["hold", "for", "release"])
                || begins(&["not", "for", "release"])
                || begins(&["not", "for", "publication"])
        }
    }
}

/// The bytes of `part` in the text that it is a slice of.
fn place_of(part: &str, text: &str) -> Range<usize> {
    let start = (part.as_ptr() as usize).saturating_sub(text.as_ptr() as usize).min(text.len());
    start..(start + part.len()).min(text.len())
}

/// The first field between a fence and the next one, or in the paragraph after it, if there are fields; with it the
/// byte at which the fields end, if there is a second fence.
fn fenced(text: &str) -> Option<(&str, Option<usize>)> {
    let mut at = 0;
    let mut end = None;
    for line in text.split_inclusive(is_line_end).take(MOST_LINES) {
        if at > 0 && is_fence(line) && !line.trim_matches(is_blank).is_empty() {
            end = Some(at);
            break;
        }
        at += line.len();
    }
    let headers: Vec<Header<'_>> = match end {
        Some(end) => lines(&text[..end]).filter_map(header).collect(),
        None => paragraph(text).collect(),
    };
    let known: Vec<&Header<'_>> = headers.iter().filter(|line| is_known(line)).collect();
    let is_enough = end.is_some() || known.len() >= 2 || known.iter().any(|line| is_mark(line));
    let first = known.first().filter(|_| is_enough)?;
    Some((first.name, end))
}

/// The first field of a text that begins with fields and has no fence.
fn bare(text: &str, is_wire: bool) -> Option<&str> {
    // The lines with dates of a wire article are read.
    let is_read = |line: &Header<'_>| {
        is_wire && ["published", "updated"].contains(&folded(line.name).as_str()) && !is_mark(line)
    };
    // Org, reStructuredText and AsciiDoc have fields below a title, and wire articles have their head in paragraphs.
    let lines = text.lines().take(if is_wire { 12 } else { 20 });
    let below: Vec<Header<'_>> =
        lines.filter_map(header).filter(|line| line.is_marked || is_wire && is_mark(line)).collect();
    let own: Vec<Header<'_>> = paragraph(text).filter(|line| !is_read(line)).collect();
    for headers in [own, below] {
        let known: Vec<&Header<'_>> = headers.iter().filter(|line| is_known(line)).collect();
        let first = known.first().map(|line| line.name);
        let mark = known.iter().find(|line| is_mark(line)).map(|line| line.name);
        if known.len() >= 2 || mark.is_some() {
            return mark.or(first);
        }
        // `Date: 2099-01-01` alone.
        let dated = known
            .first()
            .filter(|line| folded(line.name) == "date" && crate::model::date::parse(line.value).is_ok());
        if dated.is_some() && !is_wire {
            return first;
        }
    }
    None
}

/// A second block of front matter at the beginning of the body, which starts at byte `body`.
fn second(text: &str, body: usize) -> Option<Missed> {
    let rest = &text[body..];
    let start = rest.len() - rest.trim_start_matches(is_blank).len();
    let line = rest[start..].lines().next().unwrap_or_default().trim_matches(is_blank);
    if !is_fence(line) || line.starts_with(['`', '~']) {
        return lost(&rest[start..]).map(|length| (FenceError::Second, body + start..body + start + length));
    }
    let (_, end) = fenced(&rest[start + line.len()..])?;
    let fields = &rest[start + line.len()..][..end?];
    // Between two rules there may be a text, in which some line looks like a field.
    let is_field = |line: &str| header(line).is_some() || line.starts_with([' ', '\t', '-', '#']);
    let mut lines = fields.lines().filter(|line| !line.trim_matches(is_blank).is_empty());
    lines.all(is_field).then(|| (FenceError::Second, body + start..body + start + line.len()))
}

/// The length of the first line of `text`, if its first paragraph has nothing but fields and one of them is a mark, or if it
/// is JSON with one: the front matter above ended too early.
fn lost(text: &str) -> Option<usize> {
    let is_lost = |field: &Header<'_>| suspicions::is_lost_mark(field.name, field.value);
    let length = text.lines().next()?.len();
    if begins_json(text) {
        return json_fields(text).any(|field| is_lost(&field)).then_some(length);
    }
    let mut has_mark = false;
    // A fence ends them as well as a blank line.
    let is_end = |line: &str| line.trim_matches(is_blank).is_empty() || is_fence(line);
    for line in text.lines().take(MOST_LINES).take_while(|line| !is_end(line)) {
        match header(line) {
            Some(field) => has_mark |= is_lost(&field),
            None if line.starts_with([' ', '\t', '-', '#']) => {}
            None => return None,
        }
    }
    has_mark.then_some(length)
}

/// A block of front matter below a first heading or paragraph.
fn below_text(text: &str) -> Option<Missed> {
    let mut at = 0;
    let mut is_after_blank = false;
    for line in text.split_inclusive('\n').take(MOST_LINES_ABOVE) {
        let is_blank_line = line.trim_matches(is_blank).is_empty();
        if is_after_blank && !is_blank_line {
            let found = second(text, at);
            if let Some((_, place)) = found {
                return Some((FenceError::Late { before: "a text" }, place));
            }
        }
        is_after_blank = is_blank_line;
        at += line.len();
    }
    None
}

/// Lines of a text above a block of front matter that was meant to be read.
const MOST_LINES_ABOVE: usize = 10;

/// True if a file, of which `head` is the beginning, has fields between two fences on top. Nothing that is no source
/// of a page begins so: several documents of YAML have no two fences around known fields and a text below.
pub fn has_fields_on_top(head: &str) -> bool {
    match block(head) {
        Ok((Some((Language::Yaml, range)), body)) => {
            head.get(range.end..).is_some_and(|rest| rest.starts_with("---"))
                && !head[body..].trim().is_empty()
                && (range.is_empty() || head[range].lines().filter_map(header).any(|field| is_known(&field)))
        }
        Ok((Some((Language::Toml, range)), _)) => {
            head[range].lines().filter_map(header).any(|field| is_known(&field))
        }
        _ => false,
    }
}

/// True if an HTML file is a source: it begins with front matter, or should.
pub fn is_source(head: &str) -> bool {
    head.starts_with("+++") || head.starts_with("---") || missed(head, false).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prose_is_no_front_matter() {
        for text in [
            "Note: this is a page.\n\nText.",
            "Some text.\n",
            "---\n\nA page that begins with a rule.\n",
            "---\n\nA text between rules.\n\n---\n\nAnother: one.\n",
            "***\n\nDate: a word with a history.\n",
            "# Title\n\nStatus: it is complicated.\n",
            "Draft: a short history of beer\n\nText.",
            "Title: the word has two meanings.\n\nText.",
            "See https://example.org/title: it is there.\n",
            "<!-- a comment -->\nText.\n",
            "{{ call() }}\n",
            "{: .note }\nText.\n",
            "10:30 and 11:30.\n",
            "Summary: short.\n",
            "```yaml\nname: x\non: push\n```\n",
            "- Date: 5 May\n- Title: a list\n",
            "| Title | Date |\n| --- | --- |\n| a | b |\n",
            "Heading\n=======\n\nText.\n",
            "Some words.\n\n---\n\nAnother: text.\n\n---\n\nThe end.\n",
            "# Title\n\n---\nname: x\n---\n",
            "",
            "\n\n\n",
        ] {
            assert_eq!(split(text), Ok((None, 0)), "{text:?}");
        }
    }

    #[test]
    fn front_matter_is_split_from_the_body() {
        for (text, language, body) in [
            ("+++\na = 1\n+++\nText", Language::Toml, "Text"),
            ("---\na: 1\n---\nText", Language::Yaml, "Text"),
            ("--- \na: 1\n---\t\nText", Language::Yaml, "Text"),
            ("---\na: 1\n...\nText", Language::Yaml, "Text"),
            ("---\n---\nText", Language::Yaml, "Text"),
            ("---\n# nothing\n---\nText", Language::Yaml, "Text"),
            ("{\"a\": 1}\nText", Language::Json, "Text"),
            (
                "---\na: 1\n---\n\n---\n\nText between: rules.\n\nMore.\n\n---\n",
                Language::Yaml,
                "\n---\n\nText between: rules.\n\nMore.\n\n---\n",
            ),
        ] {
            let (block, at) = split(text).unwrap();
            assert_eq!(
                (block.map(|(language, _)| language), &text[at..]),
                (Some(language), body),
                "{text:?}"
            );
        }
    }

    #[test]
    fn front_matter_that_is_missed_is_an_error_at_its_line() {
        let fields = "title: Secret\ndraft: true\n";
        let toml = "title = \"Secret\"\ndraft = true\n";
        let mut missed: Vec<String> = Vec::new();
        for before in ["\n", " ", "\t", "\u{feff}", "\u{200b}", "\u{a0}", "\n\n\n", "<!-- x -->\n", "\u{c}"] {
            missed.push(format!("{before}---\n{fields}---\nText"));
            missed.push(format!("{before}+++\n{toml}+++\nText"));
            missed.push(format!("{before}{{\"title\":\"Secret\",\"draft\":true}}\nText"));
        }
        for fence in [
            "----",
            "--",
            "-----",
            "---js",
            "---json",
            "---toml",
            "--- yaml",
            ";;;",
            "===",
            "\u{2014}",
            "\u{2014}-",
            "***",
            "~~~",
            "```yaml",
            "```",
            "---\u{200b}",
            "\\---",
        ] {
            missed.push(format!("{fence}\n{fields}{fence}\nText"));
            missed.push(format!("{fence}\n{fields}\nText"));
        }
        for fence in ["++++", "++", "+++++", "+++toml"] {
            missed.push(format!("{fence}\n{toml}{fence}\nText"));
        }
        for text in [
            "Title: Secret\nStatus: draft\n\nText",
            "Title: Secret\nDate: 2023-01-23 10:00\n\nText",
            "title: Secret\ndraft: true\n---\nText",
            "title = \"Secret\"\ndraft = true\n\nText",
            ".. title: Secret\n.. status: private\n\nText",
            "<!--\n.. title: Secret\n.. status: draft\n-->\n\nText",
            "#+TITLE: Secret\n#+DRAFT: true\n\nText",
            "Secret\n######\n\n:date: 2010-10-03\n:status: draft\n\nText",
            "= Secret\n:draft: true\n\nText",
            ":title: Secret\n:date: 2010-10-03\n\nText",
            "**Status:** draft\n\nText",
            "published: false\n\nText",
            "Date: 2099-01-01\n\nText",
            "---js\nconst title = \"Secret\";\nconst draft = true;\n---\nText",
            "---\ntitle: a\n---\n---\ndraft: true\n---\nText",
            "---\ntitle: Secret\n\nText",
            "Embargo: until 2099-01-01\n\nText",
            "---\n---\ntitle: Secret\ndraft: true\n---\nText",
            "[comment]: # (x)\n\n---\ntitle: Secret\ndraft: true\n---\nText",
            "# Secret\n\n---\ntitle: Secret\ndraft: true\n---\nText",
            "Some words.\n\n+++\ntitle = \"Secret\"\ndraft = true\n+++\nText",
        ] {
            missed.push(text.to_owned());
        }
        for text in missed {
            let (_, span) = split(&text).map(|split| panic!("{text:?} {split:?}")).unwrap_err();
            assert!(span.start <= text.len(), "{text:?}");
        }
        let (error, span) = split("\n\n----\ntitle: Secret\n----\n").unwrap_err();
        assert_eq!((error, span), (FenceError::Fence { fence: "----".into() }, 2..6));
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_split(text in "\\PC{0,60}|[-+{}:=\\n a-d<!>]{0,60}", wire in proptest::bool::ANY) {
            let _ = split(&text);
            let _ = missed(&text, wire);
        }
    }
}
