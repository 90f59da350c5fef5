//! Renders Markdown as HTML: CommonMark with tables, footnotes, strikethrough, task lists, definition lists, heading
//! attributes, GFM alerts, smart punctuation, formulas, highlighted code, and calls of components.
//!
//! 1. [`components`] takes the calls of components out of the text and renders each by itself.
//! 2. [`events`] walks the parser's events: links are followed, headings get ids, footnotes are
//!    gathered at the end, code and formulas become elements.
//! 3. The components' HTML is inserted where the calls were.
//!
//! Everything from outside is passed as [`Surroundings`].

mod arguments;
mod components;
mod events;
mod footnotes;
mod formula;
mod text;

use std::ops::Range;

pub use arguments::{Argument, arguments};
pub use components::Call;
use miette::Diagnostic;
use pulldown_cmark::Options as Extensions;
pub use text::{Length, excerpt, first_paragraph, length};
use thiserror::Error;

/// Options for reading Markdown.
#[derive(Debug, Clone, Copy, Default)]
pub struct Options {
    /// Straight quotes become curly, `--` and `---` dashes, `...` an ellipsis.
    pub smart_punctuation: bool,
    /// Headings without an id get one made of their text.
    pub heading_ids: bool,
    /// Headings with an id become links to themselves.
    pub heading_links: bool,
    /// Code in a known language has classes for its colours.
    pub highlight: bool,
    /// `$…$` and `$$…$$` are formulas.
    pub math: bool,
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
    render_at(text, 0, 0, options, around)
}

/// Renders `text`, which begins at byte `base` of the whole and is nested `depth` calls deep.
fn render_at(
    text: &str,
    base: usize,
    depth: usize,
    options: &Options,
    around: &Surroundings<'_>,
) -> Rendered {
    let mut problems = Vec::new();
    let replaced = if depth < DEEPEST && components::may_have_calls(text) {
        components::replace(text, base, extensions(options), &mut problems, &mut |call, range, problems| {
            let body = call.body.map(|body| {
                let start = base + (body.as_ptr() as usize - text.as_ptr() as usize);
                let mut inner = render_at(body, start, depth + 1, options, around);
                problems.append(&mut inner.problems);
                inner.html
            });
            let call = Call { name: call.name, arguments: call.arguments, body: body.as_deref() };
            match (around.components)(&call) {
                Ok(html) => events::followed(&html, around, |_| range.clone()).unwrap_or(html),
                Err(Refusal { reason, argument }) => {
                    let start = base + (call.arguments.as_ptr() as usize - text.as_ptr() as usize);
                    let place = argument.map_or(range, |bytes| start + bytes.start..start + bytes.end);
                    problems.push((place, MarkdownError::Component { name: call.name.to_owned(), reason }));
                    String::new()
                }
            }
        })
    } else {
        None
    };
    let mut rendered = match &replaced {
        Some(replaced) => {
            let original = |at: usize| base + replaced.original(at);
            let mut rendered = events::render(&replaced.text, &original, options, around);
            rendered.html = replaced.put_back(&rendered.html);
            for heading in &mut rendered.headings {
                heading.text = replaced.without_marks(&heading.text);
            }
            rendered
        }
        None => events::render(text, &|at| base + at, options, around),
    };
    rendered.problems.append(&mut problems);
    rendered
}

/// Renders a text without a site: links stay as written, components are not rendered.
pub fn fragment(text: &str, smart_punctuation: bool) -> String {
    let options = Options { smart_punctuation, ..Options::default() };
    let around = Surroundings {
        links: &|_, _| Link::Keep,
        picture_size: &|_| None,
        components: &|_| Err("components are for articles and pages".to_owned().into()),
    };
    events::render(text, &|at| at, &options, &around).html
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
    extensions.set(Extensions::ENABLE_SMART_PUNCTUATION, options.smart_punctuation);
    extensions.set(Extensions::ENABLE_MATH, options.math);
    extensions
}

#[cfg(test)]
mod tests;
