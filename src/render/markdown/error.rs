//! Problems in a text.

use miette::Diagnostic;
use thiserror::Error;

use super::DEEPEST;
use super::depth::{MOST_ATTRIBUTES, MOST_CONTAINERS, MOST_ELEMENTS};

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
    /// HTML that the text may not have.
    #[error("{removed} is left out{}", times(*count))]
    #[diagnostic(
        severity(warning),
        code(markdown::raw_html),
        help(
            "`raw_html` says that texts here have no HTML that may run or load something: use Markdown or a component; `site.toml` alone can allow more"
        )
    )]
    Removed {
        /// The element, the attribute or the address.
        removed: String,
        /// The number of places in the text.
        count: usize,
    },
    /// HTML that readers see as text.
    #[error("HTML is shown as text{}", times(*count))]
    #[diagnostic(
        severity(warning),
        code(markdown::escaped_html),
        help(
            "`raw_html = \"escape\"` says so: use Markdown or a component; `site.toml` alone can allow more"
        )
    )]
    Escaped {
        /// The number of places in the text.
        count: usize,
    },
    /// A source in HTML where texts may have none.
    #[error("this source is HTML, and `raw_html = \"escape\"` allows none here")]
    #[diagnostic(
        code(markdown::html_source),
        help("write it in Markdown, or set `raw_html = \"sanitize\"` for its section")
    )]
    HtmlSource,
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

/// The number of places, for the end of a message about the first.
fn times(count: usize) -> String {
    if count > 1 { format!(" ({count} times in this text)") } else { String::new() }
}
