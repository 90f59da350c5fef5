//! Bounds of templates: the output of one, the size of the values that it makes, the steps of its loops and calls.
//!
//! Tera has none of its own. The output is bounded by its writer. For the rest, the site's own templates are compiled
//! with checks that [`Guarded::new`] inserts: a filter behind the value of each `set` and the list of each `for`, and
//! a call at the start of each component and before each `include`.

use std::cell::Cell;
use std::io::{self, Write};
use std::ops::Range;

use tera::{Error, Kwargs, State, Tera, TeraResult, Value};

/// The most bytes that a template may write.
const MOST_OUTPUT: usize = 256 << 20;
/// The most bytes of a text, and items of a list, that a template may make.
const MOST_VALUE: usize = 4 << 20;
/// The most steps of one rendering: items of loops, and ten for each component and include.
const MOST_STEPS: u64 = 5_000_000;
/// The steps that a component or an include counts for.
const CALL: u64 = 10;

/// The filter for the value of a `set`.
const VALUE: &str = "dateline_value";
/// The filter for the list of a `for`.
const LIST: &str = "dateline_list";
/// The function at the start of a component and before an `include`; it is always false.
const STEP: &str = "dateline_step";

thread_local! {
    /// The steps of the rendering that this thread is at.
    static STEPS: Cell<u64> = const { Cell::new(0) };
}

/// Runs `render` with a count of steps of its own.
pub(super) fn counted<T>(render: impl FnOnce() -> T) -> T {
    let before = STEPS.replace(0);
    let rendered = render();
    STEPS.set(before);
    rendered
}

fn count(steps: u64) -> TeraResult<()> {
    let now = STEPS.get().saturating_add(steps);
    STEPS.set(now);
    match now > MOST_STEPS {
        true => Err(Error::message(format!("this takes more than {MOST_STEPS} steps: does it end?"))),
        false => Ok(()),
    }
}

/// The bytes of texts and the items of lists in `value`, as far as `most`.
fn size(value: &Value, most: usize) -> usize {
    if let Some(text) = value.as_str() {
        return text.len();
    }
    let mut size = 1;
    for item in value.as_array().unwrap_or_default() {
        if size > most {
            break;
        }
        size += self::size(item, most - size);
    }
    size
}

/// Registers the checks.
pub(super) fn register(tera: &mut Tera) {
    tera.register_filter(VALUE, |value: Value, _: Kwargs, _: &State| -> TeraResult<Value> {
        match size(&value, MOST_VALUE) > MOST_VALUE {
            true => Err(Error::message(format!("this value has more than {} MB", MOST_VALUE >> 20))),
            false => Ok(value),
        }
    });
    tera.register_filter(LIST, |value: Value, _: Kwargs, _: &State| -> TeraResult<Value> {
        count(value.len().unwrap_or(0) as u64 + 1)?;
        Ok(value)
    });
    tera.register_function(STEP, |_: Kwargs, _: &State| -> TeraResult<bool> {
        count(CALL)?;
        Ok(false)
    });
}

/// The output of a template, which fails when it grows over the bound.
pub(super) struct Output {
    pub bytes: Vec<u8>,
    is_full: bool,
}

impl Output {
    /// An empty output with room for `capacity` bytes.
    pub fn new(capacity: usize) -> Output {
        Output { bytes: Vec::with_capacity(capacity), is_full: false }
    }

    /// The error of an output that grew over the bound.
    pub fn overflow(&self) -> Option<String> {
        self.is_full.then(|| format!("the output has more than {} MB", MOST_OUTPUT >> 20))
    }
}

impl Write for Output {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.bytes.len() + bytes.len() > MOST_OUTPUT {
            self.is_full = true;
            return Err(io::ErrorKind::FileTooLarge.into());
        }
        self.bytes.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// The text of a template with checks inserted.
#[derive(Clone)]
pub(super) struct Guarded {
    pub text: String,
    /// The places in `text` of what was inserted, in order.
    inserted: Vec<Range<usize>>,
}

impl Guarded {
    /// Inserts the checks into the template `text`.
    pub fn new(text: &str) -> Guarded {
        let mut inserts: Vec<(usize, String)> = Vec::new();
        // The names of the open blocks `{% set x %}…{% endset %}`, with their keywords.
        let mut blocks: Vec<(String, String)> = Vec::new();
        for tag in tags(text) {
            let Tag { whole, inner } = tag;
            let words = &text[inner.clone()];
            let keyword_end = words.find(|letter: char| !is_word(letter)).unwrap_or(words.len());
            let (keyword, rest) = words.split_at(keyword_end);
            // White space that the tag takes away at its end is taken away behind the check, too.
            let (open, close) = edges(&text[whole.clone()]);
            match keyword {
                "set" | "set_global" => {
                    let name = rest.trim_start();
                    let name_end = name.find(|letter: char| !is_word(letter)).unwrap_or(name.len());
                    let (name, value) = name.split_at(name_end);
                    let value = value.trim_start();
                    match value.strip_prefix('=') {
                        Some(value) => wrap(&mut inserts, inner.end - value.len()..inner.end, VALUE),
                        None => blocks.push((keyword.to_owned(), name.to_owned())),
                    }
                }
                "endset" => {
                    if let Some((set, name)) = blocks.pop() {
                        let check = format!("{{%{close} {set} {name} = {name} | {VALUE} {close}%}}");
                        inserts.push((whole.end, check));
                    }
                }
                "for" => {
                    let is_word = |at: &usize| {
                        words[..*at].ends_with(char::is_whitespace)
                            && words[*at + 2..].starts_with(char::is_whitespace)
                    };
                    if let Some(at) = words.match_indices("in").map(|(at, _)| at).find(is_word) {
                        wrap(&mut inserts, inner.start + at + 2..inner.end, LIST);
                    }
                }
                "component" => {
                    inserts.push((whole.end, format!("{{%{close} if {STEP}() %}}{{% endif {close}%}}")));
                }
                "include" => {
                    inserts.push((whole.start, format!("{{%{open} if {STEP}() %}}{{% endif {open}%}}")));
                }
                _ => {}
            }
        }
        let mut guarded = Guarded { text: String::with_capacity(text.len() * 2), inserted: Vec::new() };
        let mut done = 0;
        for (at, insert) in inserts {
            guarded.text.push_str(&text[done..at]);
            let start = guarded.text.len();
            guarded.text.push_str(&insert);
            guarded.inserted.push(start..guarded.text.len());
            done = at;
        }
        guarded.text.push_str(&text[done..]);
        guarded
    }

    /// The range of the original text that is at `range` of the guarded one.
    pub fn original(&self, range: Range<usize>) -> Range<usize> {
        let original = |at: usize| {
            let before = self.inserted.iter().take_while(|insert| insert.start < at);
            at - before.map(|insert| insert.end.min(at) - insert.start).sum::<usize>()
        };
        original(range.start)..original(range.end)
    }
}

fn is_word(letter: char) -> bool {
    letter.is_alphanumeric() || letter == '_'
}

/// The marks at the edges of a tag that take white space away: `-` or nothing.
fn edges(tag: &str) -> (&'static str, &'static str) {
    let mark = |is_there| if is_there { "-" } else { "" };
    (mark(tag.starts_with("{%-")), mark(tag.ends_with("-%}")))
}

/// Puts the expression at `range` into brackets, with the filter `check` behind them.
fn wrap(inserts: &mut Vec<(usize, String)>, range: Range<usize>, check: &str) {
    inserts.push((range.start, "(".to_owned()));
    inserts.push((range.end, format!(") | {check}")));
}

/// A tag `{% … %}`.
struct Tag {
    whole: Range<usize>,
    /// Its words, without white space around them.
    inner: Range<usize>,
}

/// The tags of a template, without those in comments and in `raw`.
fn tags(text: &str) -> Vec<Tag> {
    let mut tags = Vec::new();
    let mut at = 0;
    while let Some(found) = text.get(at..).and_then(|rest| rest.find('{')) {
        let start = at + found;
        let (end, is_tag) = match text.as_bytes().get(start + 1) {
            Some(b'#') => (text[start..].find("#}").map(|end| start + end + 2), false),
            Some(b'{') => (end_of(text, start + 2, "}}"), false),
            Some(b'%') => (end_of(text, start + 2, "%}"), true),
            _ => (Some(start + 1), false),
        };
        let Some(end) = end else { return tags };
        at = end;
        if !is_tag {
            continue;
        }
        let inner = text[start + 2..end - 2].trim_start_matches('-');
        let inner_start = end - 2 - inner.len();
        let inner = inner.strip_suffix('-').unwrap_or(inner);
        let first = inner_start + (inner.len() - inner.trim_start().len());
        let inner = first..first + inner.trim().len();
        if &text[inner.clone()] == "raw" {
            let Some(end) = text[at..].find("endraw") else { return tags };
            at += end;
            continue;
        }
        tags.push(Tag { whole: start..end, inner });
    }
    tags
}

/// The end of a tag that ends with `mark`, which does not count inside of quotes.
fn end_of(text: &str, from: usize, mark: &str) -> Option<usize> {
    let mut quote = None;
    let mut escaped = false;
    for (at, letter) in text[from..].char_indices() {
        match quote {
            Some(_) if escaped => escaped = false,
            Some(_) if letter == '\\' => escaped = true,
            Some(open) if letter == open => quote = None,
            Some(_) => {}
            None if matches!(letter, '"' | '\'' | '`') => quote = Some(letter),
            None if text[from + at..].starts_with(mark) => return Some(from + at + mark.len()),
            None => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::template::theme;

    #[test]
    fn checks_are_inserted_and_places_are_those_of_the_original() {
        let text = "{% set a = b ~ c -%} {# {% set x = 1 %} #}{% raw %}{% set y = 1 %}{% endraw %}{% for k, v in m.x %}{{ \"{% set z = 1 %}\" }}{% endfor %}{%- set_global d -%}x{% endset %}{% include \"x.html\" %}";
        let guarded = Guarded::new(text);
        assert_eq!(
            guarded.text,
            "{% set a =( b ~ c) | dateline_value -%} {# {% set x = 1 %} #}{% raw %}{% set y = 1 %}{% endraw %}{% for k, v in( m.x) | dateline_list %}{{ \"{% set z = 1 %}\" }}{% endfor %}{%- set_global d -%}x{% endset %}{% set_global d = d | dateline_value %}{% if dateline_step() %}{% endif %}{% include \"x.html\" %}"
        );
        for part in ["b ~ c", "m.x", "include"] {
            let at = guarded.text.find(part).unwrap();
            assert_eq!(&text[guarded.original(at..at + part.len())], part);
        }
    }

    #[test]
    fn the_theme_renders_the_same_text_with_checks() {
        let tera = |guard: bool| {
            let mut tera = Tera::new();
            register(&mut tera);
            for (name, text) in theme::TEMPLATES {
                let text = if guard { Guarded::new(text).text } else { (*text).to_owned() };
                if let Err(error) = tera.add_raw_template(name, &text) {
                    assert!(
                        !matches!(error.kind(), tera::ErrorKind::SyntaxError(_)),
                        "{name}: {error} in {text}"
                    );
                }
            }
        };
        tera(true);
        tera(false);
    }

    proptest::proptest! {
        #[test]
        fn any_template_is_guarded(text in "(\\PC|\\{%|%\\}|\\{\\{|\\}\\}|-| |set x|=|for x in |endset|raw|endraw|\"|component a\\(|include|\\{#|#\\}){0,30}") {
            let guarded = Guarded::new(&text);
            let whole = guarded.original(0..guarded.text.len());
            proptest::prop_assert_eq!(whole, 0..text.len());
        }
    }
}
