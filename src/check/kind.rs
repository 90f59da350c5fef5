//! The kinds of findings: what each means, why it matters, and how to mend it.
//!
//! This table is the only place that describes a kind. A code never changes, since scripts and people's notes use it.

use std::fmt;

use miette::{Diagnostic, Severity};
use thiserror::Error;

use crate::config::Level;

/// The description of a kind of finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct About {
    /// Its code.
    pub code: &'static str,
    /// Its class, the key in `[check]`.
    pub class: &'static str,
    /// The finding, as a sentence without its full stop.
    pub what: &'static str,
    /// The effect on readers.
    pub why: &'static str,
    /// The remedy.
    pub remedy: &'static str,
}

macro_rules! kinds {
    ($($kind:ident $class:literal $code:literal $what:literal $why:literal $remedy:literal;)*) => {
        /// A kind of finding; [`Kind::about`] describes it.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Kind { $(#[doc = $what] $kind,)* }

        impl Kind {
            /// All kinds, in the order of the documentation.
            pub const ALL: &[Kind] = &[$(Kind::$kind),*];

            /// The kind's description.
            pub const fn about(self) -> About {
                match self {
                    $(Kind::$kind => About {
                        code: concat!("check::", $code), class: $class, what: $what, why: $why, remedy: $remedy,
                    },)*
                }
            }
        }
    };
}

kinds! {
    DuplicateId "ids" "duplicate_id" "an id stands twice on a page"
        "a link to it, a label or a script finds the first of the two, whichever was meant"
        "give each element an id of its own";
    NoHeading "headings" "no_h1" "the page has no first-level heading"
        "screen readers and search engines take the `h1` for the name of the page"
        "let the template show the title in an `h1`, or begin a text of HTML with one";
    SeveralHeadings "headings" "several_h1" "the page has several first-level headings"
        "readers who go by headings can't tell which is the name of the page"
        "keep the title as the only `h1`; the theme shows the title by itself, so that a text begins with `##`";
    HeadingJump "headings" "heading_jump" "a heading leaves out a level"
        "readers who go by headings look for the part that seems to be missing"
        "use the next level, and change how it looks by CSS";
    NoAlt "alt" "no_alt" "a picture has no alternative text"
        "a screen reader reads its file name, and who does not load pictures sees nothing"
        "write `alt=\"\u{2026}\"` with what it shows; if it only decorates, `alt=\"\"`";
    SameTitle "titles" "same_title" "pages have the same title"
        "in search results, tabs and bookmarks readers can't tell them apart"
        "give each a title of its own";
    SameDescription "titles" "same_description" "pages have the same description"
        "search engines show it below both, and readers can't tell them apart"
        "write a `summary` for each";
    Orphan "orphans" "orphan" "no page links to this page"
        "readers don't find it, and search engines rate it low"
        "link to it from a page or from `navigation`; if nobody is to find it, ignore its path in `[check]`";
    MixedContent "mixed_content" "mixed_content" "a page that is served by https loads a file by http"
        "browsers block it, or warn of the page"
        "write `https:`, or copy the file to the site";
    FarFuture "dates" "far_future" "an article is dated years ahead"
        "a slip in the year keeps an article back for years, or at the top of every list"
        "correct the date; while nothing but a text is ready, `draft = true` keeps it back";
    FarPast "dates" "far_past" "an article is dated before the web"
        "programs write 1970 or the year 1 for a date that is not set, and readers sort the article to the end"
        "correct the date, or leave it out";
    Dead "external" "dead_link" "a link to another site leads nowhere"
        "readers meet an error page"
        "link to where the page is now, to a copy in an archive, or take the link out";
    Unanswered "external" "no_answer" "another site does not answer"
        "readers wait, and see an error of their browser"
        "open it in a browser; if it is gone, link to a copy in an archive, or take the link out";
    Invalid "external" "invalid_url" "a link is no valid URL"
        "browsers guess what is meant, or do nothing"
        "write the whole URL, as the browser's address bar has it";
    Private "external" "private_address" "a link leads to an address of a private network"
        "it works on the author's machine or network alone"
        "link to the public address";
    Moved "external" "moved" "a linked page has moved for good"
        "it costs readers a detour, and one day the old address ends"
        "link to the new address";
}

/// A finding: the cause of a [`Problem`](crate::model::diagnostics::Problem).
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub struct Finding {
    kind: Kind,
    message: String,
    severity: Severity,
}

impl Finding {
    /// A finding of `kind`; `message` has its facts. `None` if `level` ignores it.
    pub fn new(kind: Kind, message: impl Into<String>, level: Level) -> Option<Finding> {
        let severity = match level {
            Level::Error => Severity::Error,
            Level::Warning => Severity::Warning,
            Level::Ignore => return None,
        };
        Some(Finding { kind, message: message.into(), severity })
    }

    /// A finding that is only worth knowing.
    pub fn advice(kind: Kind, message: impl Into<String>) -> Finding {
        Finding { kind, message: message.into(), severity: Severity::Advice }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl Diagnostic for Finding {
    fn code<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        Some(Box::new(self.kind.about().code))
    }

    fn severity(&self) -> Option<Severity> {
        Some(self.severity)
    }

    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        Some(Box::new(self.kind.about().remedy))
    }
}
