//! The command that makes sites and articles.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

/// Arguments of `new`.
#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true, arg_required_else_help = true)]
pub struct NewArgs {
    /// What to make, if not a site
    #[command(subcommand)]
    pub what: Option<NewWhat>,
    /// The folder of the new site; made if it isn't there, and refused if it has files in it
    #[arg(value_name = "DIR")]
    pub dir: Option<PathBuf>,
    /// The kind of the new site
    #[arg(long, value_name = "KIND", value_enum, default_value = "paper", requires = "dir")]
    pub kind: SiteKind,
}

/// A kind of site.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum SiteKind {
    /// A newspaper: sections, a lead, authors, corrections
    Paper,
    /// A blog: posts in groups of years, an about page
    Blog,
    /// Documentation: a landing page, a tree of pages, news
    Docs,
    /// A podcast: a show with episodes, transcripts and chapters
    Podcast,
    /// Release notes: versions with what changed, and feeds of them
    Releases,
}

impl SiteKind {
    /// It in a sentence, with its article.
    pub fn words(self) -> &'static str {
        match self {
            SiteKind::Paper => "a paper",
            SiteKind::Blog => "a blog",
            SiteKind::Docs => "documentation",
            SiteKind::Podcast => "a podcast",
            SiteKind::Releases => "release notes",
        }
    }
}

/// Things that `new` makes besides sites.
#[derive(Debug, Subcommand)]
pub enum NewWhat {
    /// Make an article with today's date in the site's time zone
    Article(NewArticleArgs),
}

/// Arguments of `new article`.
#[derive(Debug, Args)]
pub struct NewArticleArgs {
    /// Its path below `content/`, such as `news/harbour-opens.md`
    #[arg(value_name = "PATH")]
    pub path: String,
    /// The site's folder, which has `site.toml`
    #[arg(long, value_name = "DIR", default_value = ".")]
    pub root: PathBuf,
    /// Date it as of this instant
    #[arg(long, value_name = "INSTANT")]
    pub now: Option<String>,
}
