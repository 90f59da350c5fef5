//! Sources: the files under `content/`, read and parsed, with nothing decided yet.
//!
//! 1. [`scan`] finds the sources and the assets.
//! 2. [`parse`] reads one source into a [`Document`]: front matter and dates as written, and the summary of the body.
//!    The text can be dropped.
//! 3. [`Document::read_body`] reads the text again when the page is rendered, so that memory does not grow with the
//!    archive.

mod attachment;
mod badge;
mod corrections;
mod credit;
pub mod data;
mod dates;
mod docs;
mod document;
pub mod edit;
mod elsewhere;
pub mod encoding;
mod fence;
mod front_matter;
pub mod git;
mod holds;
mod landing;
mod language;
mod lazy;
mod picture;
mod placement;
mod podcast;
pub mod rows;
mod scan;
mod seldom;
mod selection;
mod suspicions;
mod terms;
mod walk;
pub mod wire;

pub use attachment::{Companion, Enclosure, extension_of};
pub use badge::Badge;
pub use credit::Credit;
pub use dates::WireDate;
pub use docs::{DocsFields, Layout};
pub use document::{
    BodySummary, Document, Format, Reckoner, Role, Searched, Substance, below, named_encoding, parse,
    parse_bytes,
};
pub use fence::{FenceError, split};
pub use front_matter::{Correction, FrontMatter, Known, Owner, Placed, WrittenDate, read};
pub use holds::{HoldError, is_held_folder, is_held_name};
pub use landing::{Button, Feature, Hero, Landing};
pub use language::stem_of_source;
pub use lazy::LazyDocument;
use miette::Diagnostic;
pub use picture::{Legend, LegendError};
pub use placement::{LAST_FEATURED, Placement};
pub use podcast::{Episode, EpisodeKind, EpisodeNumber, Show};
pub use rows::{DataRow, WireStory, WireTake};
pub use scan::{Findings, Found, Scan, SourceFile, files, scan};
pub use selection::{SelectionWarning, Tree};
pub use suspicions::holds_back;
use thiserror::Error;
pub use walk::{Site, relative};

/// The folder of the sources, in the site's root.
pub const FOLDER: &str = "content";

/// The most terms of an article, in all its taxonomies.
const MOST_TERMS: usize = 200;

/// Problems with a source or its folder.
#[derive(Debug, Error, Diagnostic)]
pub enum ContentError {
    /// The folder of the sources is missing.
    #[error("the site has no folder `content`")]
    #[diagnostic(
        code(content::missing),
        help("run this in a site's folder or give `--root`; `dateline new DIR` makes a site")
    )]
    NoContent,
    /// More terms than an article may have: each term has a page and feeds that list them all.
    #[error("this has {count} terms in its taxonomies, and {MOST_TERMS} are the most")]
    #[diagnostic(
        code(content::terms),
        help(
            "keep those by which readers look for it; put others under `[extra]`, which makes no pages and feeds"
        )
    )]
    ManyTerms {
        /// Their number.
        count: usize,
    },
    /// A source without a text and without fields.
    #[error("there is nothing in this file")]
    #[diagnostic(
        code(content::empty),
        help(
            "restore it from version control or a backup; a new one needs a title or a text, and one that is not wanted can be removed"
        )
    )]
    Empty,
    /// An unreadable file.
    #[error("this can't be read: {reason}")]
    #[diagnostic(code(content::unreadable), help("check that the file exists and may be read"))]
    Unreadable {
        /// The system's message.
        reason: String,
    },
    /// A symbolic link without a target.
    #[error("this symbolic link leads nowhere")]
    #[diagnostic(code(content::dangling), help("remove the link, or put back the file that it names"))]
    Dangling,
    /// A symbolic link that leaves the site.
    #[error("this symbolic link leaves the site: it leads to {target}")]
    #[diagnostic(
        code(content::outside),
        help("copy the files into the site; `follow_links = true` in site.toml follows links out of it")
    )]
    Outside {
        /// Its target.
        target: String,
    },
    /// A symbolic link to files of the site that are not for its readers.
    #[error("this symbolic link would publish what is not public by itself: it leads to {target}")]
    #[diagnostic(
        code(content::private),
        help(
            "copy the files that readers may have; links to `content/`, the ledger or hidden files are not followed"
        )
    )]
    Private {
        /// Its target.
        target: String,
    },
    /// A FIFO, a socket or a device.
    #[error("this is no file: it is a FIFO, a socket or a device")]
    #[diagnostic(code(content::special), help("remove it from this folder"))]
    Special,
    /// A file name that can't be part of a URL.
    #[error("the name of this file is not UTF-8")]
    #[diagnostic(code(content::name), help("rename the file"))]
    Name,
    /// A source was edited while the site was being built.
    #[error("this file changed while the site was being built")]
    #[diagnostic(code(content::changed), help("build again"))]
    Changed,
    /// An article without a title.
    #[error("this has no `title`: feeds give none, and lists show how its text begins")]
    #[diagnostic(
        severity(warning),
        code(content::untitled),
        help(
            "add `title` to the front matter; leave the title empty (`\"\"`) in a note that is meant to have none"
        )
    )]
    Untitled,
    /// A wire article whose dates come first.
    #[error("there is no headline above the dates: feeds give none, and lists show how the text begins")]
    #[diagnostic(
        severity(warning),
        code(wire::headline),
        help("write a headline at the top, with a blank line below it")
    )]
    NoHeadline,
    /// A page without a title, which gets one from its file name.
    #[error("this has no `title`; \u{201c}{title}\u{201d} is made of the file's name")]
    #[diagnostic(severity(warning), code(content::title), help("add `title` to the front matter"))]
    NoTitle {
        /// The generated title.
        title: String,
    },
}
