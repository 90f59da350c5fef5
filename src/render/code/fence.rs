//! The info string of a code fence: ```` ```rust {lines, mark="3-5,8", start=10, title="src/main.rs"} ````.
//!
//! The equivalent names of Zola and Hugo are accepted too: `linenos`, `hl_lines`, `linenostart`, `name`.

use std::borrow::Cow;
use std::ops::{Range, RangeInclusive};

use crate::model::suggest::nearest;

/// The parsed info string of a code fence.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Fence<'a> {
    /// The language, as written; empty if there is none.
    pub language: &'a str,
    /// `title`: the caption above the code, such as the name of a file.
    pub title: Option<String>,
    /// `lines`: its lines are numbered.
    pub numbered: bool,
    /// `start`: the number of its first line, from 0.
    pub start: usize,
    /// `mark`: the highlighted lines, always counted from 1.
    pub marked: Vec<RangeInclusive<usize>>,
}

/// An unknown word in an info string, with its position.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// The bytes of the word in the info string.
    pub range: Range<usize>,
    /// The reason.
    pub reason: String,
}

/// Line numbers above this are mistakes.
const MOST: usize = 1_000_000;

/// Words of rustdoc that are ignored.
const SILENT: [&str; 8] = [
    "ignore",
    "no_run",
    "should_panic",
    "compile_fail",
    "edition2018",
    "edition2021",
    "edition2024",
    "norun",
];

const NAMES: [(&str, Key); 17] = [
    ("lines", Key::Lines),
    ("linenos", Key::Lines),
    ("line_numbers", Key::Lines),
    ("linenumbers", Key::Lines),
    ("numberlines", Key::Lines),
    ("mark", Key::Mark),
    ("hl_lines", Key::Mark),
    ("highlight", Key::Mark),
    ("start", Key::Start),
    ("linenostart", Key::Start),
    ("startfrom", Key::Start),
    ("title", Key::Title),
    ("name", Key::Title),
    ("file", Key::Title),
    ("filename", Key::Title),
    // Hugo's options for the layout of line numbers, which have no effect here.
    ("anchorlinenos", Key::None),
    ("lineanchors", Key::None),
];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Key {
    Lines,
    Mark,
    Start,
    Title,
    None,
}

impl<'a> Fence<'a> {
    /// Parses an info string; also returns the unknown words.
    pub fn parse(info: &'a str) -> (Fence<'a>, Vec<Fault>) {
        let mut fence = Fence { start: 1, ..Fence::default() };
        let mut faults = Vec::new();
        let head = info.len() - info.trim_start().len();
        let rest = &info[head..];
        let length = rest.find(|c: char| c.is_whitespace() || matches!(c, ',' | '{' | '='));
        let length = length.unwrap_or(rest.len());
        let mut at = head;
        // An info string that begins with `title="x"` names no language.
        if !rest[length..].starts_with('=') {
            fence.language = rest[..length].trim_end_matches(':');
            at += length;
        }
        while let Some(word) = Word::next(info, at) {
            at = word.range.end;
            if let Err(reason) = fence.take(&word) {
                faults.push(Fault { range: word.range, reason });
            }
        }
        (fence, faults)
    }

    fn take(&mut self, word: &Word<'a>) -> Result<(), String> {
        let name = word.name.to_ascii_lowercase().replace('-', "_");
        let Some(value) = &word.value else {
            if let Some(range) = range(word.name) {
                self.marked.push(range?);
                return Ok(());
            }
            if let Some(language) = word.name.strip_prefix('.').filter(|_| self.language.is_empty()) {
                self.language = language;
                return Ok(());
            }
            return match key(name.trim_start_matches('.')) {
                Some(Key::Lines) => {
                    self.numbered = true;
                    Ok(())
                }
                Some(Key::None) => Ok(()),
                Some(_) => Err(format!("`{}` wants a value, such as `{}=\"…\"`", word.name, word.name)),
                None if SILENT.contains(&name.as_str()) => Ok(()),
                None => Err(unknown(word.name)),
            };
        };
        match key(&name) {
            Some(Key::Lines) => {
                self.numbered = match value.as_ref() {
                    "true" | "table" | "inline" => true,
                    "false" => false,
                    other => return Err(format!("`{}` is `true` or `false`, and not `{other}`", word.name)),
                }
            }
            Some(Key::Mark) => {
                let parts =
                    value.split(|c: char| c.is_whitespace() || matches!(c, ',' | '"' | '\'' | '[' | ']'));
                for part in parts.filter(|part| !part.is_empty()) {
                    self.marked.push(range(part).unwrap_or_else(|| Err(no_lines(part)))?);
                }
            }
            Some(Key::Start) => {
                let number = value.parse::<usize>().ok().filter(|number| *number <= MOST);
                self.start = number.ok_or_else(|| format!("`{value}` is no number of a line"))?;
                self.numbered = true;
            }
            Some(Key::Title) => self.title = Some(value.to_string()).filter(|title| !title.is_empty()),
            Some(Key::None) => {}
            None => return Err(unknown(word.name)),
        }
        Ok(())
    }
}

fn key(name: &str) -> Option<Key> {
    NAMES.iter().find(|(known, _)| *known == name).map(|(_, key)| *key)
}

fn unknown(name: &str) -> String {
    let names = NAMES.iter().filter(|(_, key)| *key != Key::None).map(|(known, _)| *known);
    match nearest(name, names) {
        Some(near) => format!("`{name}` means nothing here; did you mean `{near}`?"),
        None => format!("`{name}` means nothing here; there are `lines`, `mark`, `start` and `title`"),
    }
}

fn no_lines(text: &str) -> String {
    format!("`{text}` are no lines; write them like `3-5,8`, counted from 1")
}

/// A line `8` or a range `3-5`. `None` for anything else.
fn range(text: &str) -> Option<Result<RangeInclusive<usize>, String>> {
    let (first, last) = text.split_once('-').unwrap_or((text, text));
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if !digits(first) || !digits(last) {
        return None;
    }
    let number = |text: &str| text.parse::<usize>().ok().filter(|number| (1..=MOST).contains(number));
    Some(match (number(first), number(last)) {
        (Some(first), Some(last)) if first <= last => Ok(first..=last),
        _ => Err(no_lines(text)),
    })
}

struct Word<'a> {
    name: &'a str,
    value: Option<Cow<'a, str>>,
    range: Range<usize>,
}

impl<'a> Word<'a> {
    /// The next word at or after byte `at`.
    fn next(info: &'a str, at: usize) -> Option<Word<'a>> {
        let between = |c: char| c.is_whitespace() || matches!(c, ',' | '{' | '}' | '[' | ']');
        let start = at + info[at..].find(|c| !between(c))?;
        let rest = &info[start..];
        let length = rest.find(|c| between(c) || c == '=').unwrap_or(rest.len());
        let name = &rest[..length];
        let Some(value) = rest[length..].strip_prefix('=') else {
            return Some(Word { name, value: None, range: start..start + length });
        };
        let begin = start + length + 1;
        let (value, end) = match value.chars().next() {
            Some(quote @ ('"' | '\'')) => {
                let mut text = String::new();
                let mut escaped = false;
                let mut end = info.len();
                for (offset, letter) in value.char_indices().skip(1) {
                    match letter {
                        '\\' if !escaped => escaped = true,
                        letter if letter == quote && !escaped => {
                            end = begin + offset + 1;
                            break;
                        }
                        letter => {
                            text.push(letter);
                            escaped = false;
                        }
                    }
                }
                (Cow::Owned(text), end)
            }
            Some('[') => {
                let length = value.find(']').map_or(value.len(), |end| end + 1);
                (Cow::Borrowed(&value[..length]), begin + length)
            }
            _ => {
                let length = value.find(between).unwrap_or(value.len());
                (Cow::Borrowed(&value[..length]), begin + length)
            }
        };
        Some(Word { name, value: Some(value), range: start..end })
    }
}
