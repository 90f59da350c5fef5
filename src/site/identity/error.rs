//! Problems with the identity of articles.

use miette::Diagnostic;
use thiserror::Error;

use crate::model::date::Moment;

/// Problems with the identity of articles.
#[derive(Debug, Clone, PartialEq, Eq, Error, Diagnostic)]
pub enum IdentityError {
    /// Two sources claim one id.
    #[error("\u{201c}{id}\u{201d} is the id of two articles: this one and {other}")]
    #[diagnostic(
        code(identity::id),
        help("readers would show only one of them; give one another `id`, or rename its file")
    )]
    SameId {
        /// The id.
        id: String,
        /// The other source.
        other: String,
    },
    /// An id with a character that feeds can't have.
    #[error("this `id` has the character U+{code:04X}, which no feed can have")]
    #[diagnostic(code(identity::id), help("take the character out of the `id`"))]
    IdCharacter {
        /// The number of the character.
        code: u32,
    },
    /// A file name without any character that a slug can have.
    #[error("no slug can be made of the name of this file")]
    #[diagnostic(
        code(identity::slug),
        help("add `slug = \"\u{2026}\"` to the front matter, or rename the file")
    )]
    NoSlug,
    /// A slug with a slash in it.
    #[error("the slug \u{201c}{slug}\u{201d} has a `/`, so it is taken as a path, and this lives at {path}")]
    #[diagnostic(
        severity(warning),
        code(identity::slug),
        help("write it as `path`, which is the whole path; a slug is the last part of one")
    )]
    SlashInSlug {
        /// The slug.
        slug: String,
        /// The path.
        path: String,
    },
    /// An alias with a query.
    #[error("no file can redirect from \u{201c}{alias}\u{201d}, because files have no query")]
    #[diagnostic(
        severity(warning),
        code(identity::query),
        help(
            "`dateline hosting nginx` and `dateline hosting caddy` print a rule for it; hosts that serve files alone can't redirect it"
        )
    )]
    AliasQuery {
        /// The alias.
        alias: String,
    },
    /// An alias with a fragment.
    #[error("the alias \u{201c}{alias}\u{201d} is left out: browsers send no server what follows a `#`")]
    #[diagnostic(
        severity(warning),
        code(identity::fragment),
        help("write the path alone; a `#` that belongs to a name is written `%23`")
    )]
    AliasFragment {
        /// The alias.
        alias: String,
    },
    /// A missing date in a section that requires one.
    #[error("this has no date, and `dated = true` in {section} wants one")]
    #[diagnostic(
        code(identity::undated),
        help("add `date = 2014-02-14T09:00:00Z`, or name the file `2014-02-14-\u{2026}`")
    )]
    Undated {
        /// The section's source.
        section: String,
    },
    /// A source that could be several published articles, or several sources that could be one.
    #[error("this could be the article that was published as {published}{others}")]
    #[diagnostic(
        code(identity::ambiguous),
        help(
            "add the `id` to the front matter of the source that is that article; the others are then new ones"
        )
    )]
    WhichArticle {
        /// The articles of the ledger.
        published: String,
        /// The other sources.
        others: String,
    },
    /// The date of publication was changed after the publication.
    #[error("this was published as of {}, and its date now says {}", published.rfc3339(), written.rfc3339())]
    #[diagnostic(
        severity(warning),
        code(identity::redated),
        help(
            "subscribers keep the first date, and so do all pages: put it back; to correct the record itself, change `published` in line {line} of ledger.jsonl"
        )
    )]
    Redated {
        /// When it was published.
        published: Moment,
        /// The date in its source.
        written: Moment,
        /// The line of the ledger.
        line: usize,
    },
    /// An article got another id after it was published.
    #[error(
        "this was published with the id \u{201c}{published}\u{201d}: with another one it is new to every reader"
    )]
    #[diagnostic(
        severity(warning),
        code(identity::other_id),
        help("take out the `id`, unless it is meant to be another article")
    )]
    OtherId {
        /// The id in the ledger.
        published: String,
    },
    /// An article has another id than in the last build, and nothing else has the old one.
    #[error(
        "the last build gave this the id \u{201c}{before}\u{201d}, and it has \u{201c}{id}\u{201d} now: it is new to every reader"
    )]
    #[diagnostic(
        severity(warning),
        code(identity::moved_id),
        help(
            "without a ledger, the day of publication and the name of the file make the id; give it the old one as `id` in its front matter, or keep a ledger: `dateline publish` keeps ids whatever changes"
        )
    )]
    MovedId {
        /// The id in the last build.
        before: String,
        /// The id now.
        id: String,
    },
    /// The text changed, but the author's `updated` did not.
    #[error("the text has changed, and `updated` is still {}", updated.rfc3339())]
    #[diagnostic(
        severity(warning),
        code(identity::silent_change),
        help(
            "correct it, or take it out, so that the ledger dates the change; if it is not worth telling readers, add `minor = true`"
        )
    )]
    SilentChange {
        /// The unchanged date.
        updated: Moment,
    },
    /// Names of sources end like those of translations into a language that the site does not have.
    #[error(
        "{} like a translation (`.{tag}`), and the site has no language `{tag}`: it is an article of its own", is_named(*count)
    )]
    #[diagnostic(
        severity(warning),
        code(translation::undeclared),
        help("add `[languages.{tag}]` to site.toml, or rename the file")
    )]
    UndeclaredLanguage {
        /// The tag.
        tag: String,
        /// Number of sources.
        count: usize,
    },
    /// Dates were read as UTC because no zone is set.
    #[error("{count} dates have no offset and `site.toml` names no `timezone`: they are read as UTC")]
    #[diagnostic(
        severity(warning),
        code(date::no_zone),
        help("add `timezone = \"Europe/London\"` (your own zone's name) to `site.toml`")
    )]
    NoZone {
        /// Number of dates.
        count: usize,
    },
}

fn is_named(count: usize) -> String {
    if count == 1 { "this is named".to_owned() } else { format!("this and {} others are named", count - 1) }
}
