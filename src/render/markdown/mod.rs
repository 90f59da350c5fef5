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
mod components;
mod depth;
mod emphasis;
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

use std::collections::HashSet;
use std::ops::Range;

pub use arguments::{Argument, arguments};
pub use beginning::first_paragraph;
pub use components::Call;
pub use depth::too_deep_html;
use depth::{MOST_ATTRIBUTES, MOST_CONTAINERS, MOST_ELEMENTS};
use ids::Ids;
pub use ids::is_of_theme;
use miette::Diagnostic;
use parts::Parts;
use pulldown_cmark::Options as Extensions;
pub use text::{Length, excerpt, length};
use thiserror::Error;
pub use words::words;

use crate::config::MarkdownSwitches;
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

/// Problems in a text.
#[derive(Debug, Clone, PartialEq, Eq, Error, Diagnostic)]
pub enum MarkdownError {
    /// A component that could not be rendered.
    #[error("the component `{name}` can't be shown: {reason}")]
    #[diagnostic(code(markdown::component), help("correct the call; in code (`\u{2026}`) it is left alone"))]
    Component {
        /// Its name.
        name: String,
        /// The reason from the templates.
        reason: String,
    },
    /// A call that is not complete.
    #[error("this call of `{name}` is not complete: {reason}")]
    #[diagnostic(
        code(markdown::broken_call),
        help("{remedy}; in code (`\u{2026}`) or behind a backslash it is left alone")
    )]
    BrokenCall {
        /// Its name.
        name: String,
        /// The missing part.
        reason: String,
        /// How to write it.
        remedy: String,
    },
    /// An argument with quotes of the same kind inside.
    #[error("the quoted text of `{name}` ends at the second {quote}")]
    #[diagnostic(
        code(markdown::quotes),
        help("put other quotes around a text that has quotes: \", ' or `; a backslash has no meaning here")
    )]
    Quotes {
        /// The name of the argument.
        name: String,
        /// The kind of quotes.
        quote: char,
    },
    /// Calls inside of calls.
    #[error("the calls are more than {DEEPEST} deep")]
    #[diagnostic(code(markdown::deep_calls), help("take some of them out of the others"))]
    DeepCalls,
    /// A tag of another generator.
    #[error("the {kind} `{name}` is shown as it is")]
    #[diagnostic(
        severity(warning),
        code(markdown::foreign_tag),
        help(
            "Dateline has components, `{{{{ <name /> }}}}`; for a tag that readers should see, use code (`\u{2026}`) or a backslash"
        )
    )]
    Foreign {
        /// The tag's kind, and the generator.
        kind: &'static str,
        /// Its name.
        name: String,
    },
    /// A heading whose id another element has.
    #[error("the id `{id}` is in this text twice")]
    #[diagnostic(code(markdown::id_twice), help("give this heading another: `{{#{id}-2}}`"))]
    IdTwice {
        /// The id.
        id: String,
    },
    /// A heading whose id the theme has.
    #[error("the theme's pages have an element with the id `{id}`, so links lead there")]
    #[diagnostic(
        severity(warning),
        code(markdown::id_of_theme),
        help("give this heading another: `{{#{id}-2}}`")
    )]
    IdOfTheme {
        /// The id.
        id: String,
    },
    /// An element of HTML whose id another element has.
    #[error("the id `{id}` is in this text twice")]
    #[diagnostic(
        severity(warning),
        code(markdown::html_id_twice),
        help("give this element another: `id=\"{id}-2\"`")
    )]
    HtmlIdTwice {
        /// The id.
        id: String,
    },
    /// Quotations and lists inside of each other.
    #[error("quotations and lists are more than {MOST_CONTAINERS} deep here")]
    #[diagnostic(
        code(markdown::depth),
        help("write them less deeply; signs that mean neither go behind a backslash or into code")
    )]
    TooDeep,
    /// Elements inside of each other, or attributes.
    #[error(
        "the HTML has more than {MOST_ELEMENTS} elements inside of each other here, or more than {MOST_ATTRIBUTES} attributes"
    )]
    #[diagnostic(code(markdown::html_depth), help("close the elements before this one"))]
    TooMuchHtml,
    /// A call whose end tag is missing.
    #[error("the call of `{name}` never ends")]
    #[diagnostic(
        code(markdown::open_call),
        help("add `{{% </{name}> %}}`, or write `{{{{ <{name} /> }}}}` for a call without a body")
    )]
    OpenCall {
        /// Its name.
        name: String,
    },
    /// A picture without an alternative text.
    #[error("the picture has no text for those who can't see it")]
    #[diagnostic(
        severity(warning),
        code(picture::alt),
        help(
            "write what it shows into the brackets; if it only decorates, `![\"\"](\u{2026})`, or `alt=\"\"` in HTML"
        )
    )]
    NoAlt,
    /// An end tag without a call.
    #[error("`{{% </{name}> %}}` ends a call that was never begun")]
    #[diagnostic(code(markdown::stray_end), help("take it out, or add `{{% <{name}> %}}` before it"))]
    StrayEnd {
        /// Its name.
        name: String,
    },
    /// Code in an unknown language.
    #[error("there are no colours for the language \u{201c}{name}\u{201d}")]
    #[diagnostic(severity(warning), code(markdown::language), help("{remedy}"))]
    Language {
        /// Its name.
        name: String,
        /// A similar name, or how to turn off highlighting.
        remedy: String,
    },
    /// Code that the rules of its language can't parse to the end.
    #[error(
        "this code has no colours: the rules for \u{201c}{name}\u{201d} find no end of it in a bearable time"
    )]
    #[diagnostic(
        severity(warning),
        code(markdown::endless),
        help("nothing to do if that is meant: it is shown plain; `text` behind the fence says so at once")
    )]
    Endless {
        /// The language.
        name: String,
    },
    /// An unknown word in the info string of a fence.
    #[error("{reason}")]
    #[diagnostic(
        severity(warning),
        code(markdown::fence),
        help("behind a fence stand the language and `{{lines, start=10, mark=\"3-5,8\", title=\"a.rs\"}}`")
    )]
    Fence {
        /// The reason.
        reason: String,
    },
    /// An invalid formula.
    #[error("this formula can't be shown: {reason}")]
    #[diagnostic(
        code(markdown::formula),
        help("correct the TeX; a dollar sign that begins no formula is written `\\$`")
    )]
    Formula {
        /// The reason.
        reason: String,
    },
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
        component(&call, start, range, around, problems)
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
    problems: &mut Vec<(Range<usize>, MarkdownError)>,
) -> String {
    let place = |bytes: Range<usize>| start + bytes.start..start + bytes.end;
    if let Some((name, quote, bytes)) = arguments::quotes_in_quotes(call.arguments) {
        let name = name.to_owned();
        problems.push((place(bytes), MarkdownError::Quotes { name, quote }));
        return String::new();
    }
    match (around.components)(call) {
        Ok(html) => events::followed(&html, around, |_| range.clone()).unwrap_or(html),
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
    if depth::too_deep(text).is_some() {
        return crate::model::html::escape(text).into_owned();
    }
    let options = Options { quotes, ..Options::default() };
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
