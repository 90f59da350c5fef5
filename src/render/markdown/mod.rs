//! Renders Markdown as HTML: CommonMark with tables, footnotes, strikethrough, task lists, definition lists, heading
//! attributes, GFM alerts, smart punctuation, formulas, highlighted code, and calls of components.
//!
//! 1. [`components`] takes the calls of components out of the text and renders each by itself. [`switches`] writes
//!    what `[markdown]` turns on as plain Markdown. [`emphasis`] marks
//!    asterisks beside Chinese, Japanese and Korean characters.
//! 2. [`events`] walks the parser's events: links are followed, headings get ids, footnotes are
//!    gathered at the end, code and formulas become elements.
//! 3. The components' HTML is inserted where the calls were.
//!
//! Everything from outside is passed as [`Surroundings`].

mod arguments;
mod beginning;
mod calls;
mod clean;
mod components;
mod depth;
mod emphasis;
mod error;
mod events;
mod footnotes;
mod foreign;
mod formula;
mod headings;
mod hidden;
mod ids;
mod parts;
mod quotes;
mod steps;
mod switches;
mod text;
mod words;

use std::cell::Cell;
use std::collections::HashSet;
use std::ops::Range;

pub use arguments::{Argument, arguments};
pub use beginning::first_paragraph;
pub use clean::sanitized;
pub use components::Call;
pub use depth::too_deep_html;
pub use error::MarkdownError;
use ids::Ids;
pub use ids::is_of_theme;
use parts::Parts;
use pulldown_cmark::Options as Extensions;
pub use text::{Length, excerpt, length};
pub use words::words;

use crate::config::{MarkdownSwitches, RawHtml};
use crate::language::{Language, Quotes};

/// Options for reading Markdown.
#[derive(Debug, Clone, Copy, Default)]
pub struct Options {
    /// Straight quotes become these, `--` and `---` dashes, `...` an ellipsis; with none, all stay as they are.
    pub quotes: Option<Quotes>,
    /// Headings without an id get one made of their text.
    pub heading_ids: bool,
    /// Headings with an id become links to themselves.
    pub heading_links: bool,
    /// Code in a known language has classes for its colours.
    pub highlight: bool,
    /// `$…$` and `$$…$$` are formulas.
    pub math: bool,
    /// Syntax beyond CommonMark.
    pub switches: MarkdownSwitches,
    /// The HTML that the text may have.
    pub raw_html: RawHtml,
}

/// The result of resolving a link or a picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Link {
    /// It stays as written.
    Keep,
    /// It leads to this URL.
    To(String),
    /// Only its text, or the picture's alternative text, is left.
    Unlinked,
}

/// Callbacks to the site for rendering a text.
pub struct Surroundings<'a> {
    /// Resolves a link to a URL at these bytes of the text.
    pub links: &'a dyn Fn(&str, Range<usize>) -> Link,
    /// Returns width and height of the picture at a URL, in pixels.
    pub picture_size: &'a dyn Fn(&str) -> Option<(u32, u32)>,
    /// Renders a component. URLs in its HTML are resolved like those of raw HTML.
    pub components: &'a dyn Fn(&Call<'_>) -> Result<String, Refusal>,
    /// The language of the words that are not in the text: titles of alerts, labels of footnotes.
    pub language: &'a Language,
}

/// The reason why a component can't be rendered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// The reason.
    pub reason: String,
    /// The faulty bytes of the call's arguments; `None` if the whole call is faulty.
    pub argument: Option<Range<usize>>,
}

impl From<String> for Refusal {
    fn from(reason: String) -> Self {
        Refusal { reason, argument: None }
    }
}

/// A rendered text.
#[derive(Debug, Clone, Default)]
pub struct Rendered {
    /// HTML.
    pub html: String,
    /// Headings, in order.
    pub headings: Vec<Heading>,
    /// The ids of its elements, except those of footnotes.
    pub ids: HashSet<String>,
    /// Problems, each with its bytes in the text.
    pub problems: Vec<(Range<usize>, MarkdownError)>,
}

/// A heading.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Heading {
    /// 1 to 6.
    pub level: u8,
    /// The id of its element.
    pub id: String,
    /// Its text, plain.
    pub text: String,
}

/// Deepest nesting of calls.
const DEEPEST: usize = 16;

/// Renders `text`.
pub fn render(text: &str, options: &Options, around: &Surroundings<'_>) -> Rendered {
    if let Some(at) = depth::too_deep(text) {
        return Rendered { problems: vec![(at..at + 1, MarkdownError::TooDeep)], ..Rendered::default() };
    }
    let mut ids = Ids::default();
    let mut rendered = render_at(text, 0, 0, options, around, &mut ids);
    rendered.ids = ids.into_all();
    if rendered.problems.iter().any(|(_, error)| *error == MarkdownError::TooMuchHtml) {
        rendered.html.clear();
    }
    clean::group(&mut rendered.problems);
    rendered
}

/// Renders `text`, which begins at byte `base` of the whole and is nested `depth` calls deep.
fn render_at(
    text: &str,
    base: usize,
    depth: usize,
    options: &Options,
    around: &Surroundings<'_>,
    ids: &mut Ids,
) -> Rendered {
    let mut problems = Vec::new();
    let mut show = |call: Call<'_>, range: Range<usize>, problems: &mut Vec<_>| {
        if depth == DEEPEST {
            problems.push((range, MarkdownError::DeepCalls));
            return String::new();
        }
        let body = call.body.map(|body| {
            let start = base + (body.as_ptr() as usize - text.as_ptr() as usize);
            let mut inner = render_at(body, start, depth + 1, options, around, ids);
            problems.append(&mut inner.problems);
            inner.html
        });
        let start = base + (call.arguments.as_ptr() as usize - text.as_ptr() as usize);
        let call = Call { body: body.as_deref(), ..call };
        component(&call, start, range, around, options.raw_html, problems)
    };
    let replaced = if calls::may_have_tags(text) {
        components::replace(text, base, extensions(options), &mut problems, &mut show)
    } else {
        None
    };
    for html in replaced.iter().flat_map(components::Replaced::parts) {
        ids.take_all(html);
    }
    let whole = replaced.as_ref().map_or(text, |replaced| replaced.text.as_str());
    let switched = switches::apply(whole, options.switches, extensions(options));
    let whole = switched.as_ref().map_or(whole, |switched| switched.text.as_str());
    let marked = emphasis::mark(whole);
    let parts =
        Parts { base, replaced: replaced.as_ref(), switched: switched.as_ref(), marked: marked.as_ref() };
    let parsed = marked.as_ref().map_or(whole, |marked| marked.text.as_str());
    let mut rendered = events::render(parsed, &parts, options, around, ids);
    rendered.problems.append(&mut problems);
    rendered
}

/// The HTML of the component that `call` names, whose arguments begin at byte `start`.
fn component(
    call: &Call<'_>,
    start: usize,
    range: Range<usize>,
    around: &Surroundings<'_>,
    raw_html: RawHtml,
    problems: &mut Vec<(Range<usize>, MarkdownError)>,
) -> String {
    let place = |bytes: Range<usize>| start + bytes.start..start + bytes.end;
    if let Some((name, quote, bytes)) = arguments::quotes_in_quotes(call.arguments) {
        let name = name.to_owned();
        problems.push((place(bytes), MarkdownError::Quotes { name, quote }));
        return String::new();
    }
    match (around.components)(call) {
        Ok(html) => {
            let refused = Cell::new(false);
            let is_refused = |url: &str| {
                let is_refused = raw_html != RawHtml::Allow && clean::runs(url);
                refused.set(refused.get() || is_refused);
                is_refused
            };
            let html = events::followed(&html, around, |_| range.clone(), is_refused).unwrap_or(html);
            problems.extend(refused.get().then(|| (range, clean::removed_address("javascript:"))));
            html
        }
        Err(Refusal { reason, argument }) => {
            let name = call.name.to_owned();
            problems.push((argument.map_or(range, place), MarkdownError::Component { name, reason }));
            String::new()
        }
    }
}

/// Renders a text without a site: links stay as written, components are not rendered. `quotes` are the marks that straight
/// ones become; with none, they and dashes stay as they are.
pub fn fragment(text: &str, quotes: Option<Quotes>) -> String {
    fragment_with(text, quotes, RawHtml::Allow)
}

/// Like [`fragment`], of a text that may have the HTML that `raw_html` allows.
pub fn fragment_with(text: &str, quotes: Option<Quotes>, raw_html: RawHtml) -> String {
    if depth::too_deep(text).is_some() {
        return crate::model::html::escape(text).into_owned();
    }
    let options = Options { quotes, raw_html, ..Options::default() };
    let around = Surroundings {
        links: &|_, _| Link::Keep,
        picture_size: &|_| None,
        components: &|_| Err("components are for articles and pages".to_owned().into()),
        language: Language::english(),
    };
    let marked = emphasis::mark(text);
    let parts = Parts { marked: marked.as_ref(), ..Parts::default() };
    let parsed = marked.as_ref().map_or(text, |marked| marked.text.as_str());
    events::render(parsed, &parts, &options, &around, &mut Ids::default()).html
}

/// The extensions of Markdown that are enabled.
fn extensions(options: &Options) -> Extensions {
    let mut extensions = Extensions::ENABLE_TABLES
        | Extensions::ENABLE_FOOTNOTES
        | Extensions::ENABLE_STRIKETHROUGH
        | Extensions::ENABLE_TASKLISTS
        | Extensions::ENABLE_DEFINITION_LIST
        | Extensions::ENABLE_HEADING_ATTRIBUTES
        | Extensions::ENABLE_GFM;
    extensions.set(Extensions::ENABLE_SMART_PUNCTUATION, options.quotes.is_some());
    extensions.set(Extensions::ENABLE_MATH, options.math);
    extensions.set(Extensions::ENABLE_WIKILINKS, options.switches.wikilinks);
    extensions
}

#[cfg(test)]
mod tests;
