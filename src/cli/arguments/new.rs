//! The command that makes sites and articles.

use std::path::PathBuf;

use clap::{Args, Subcommand};

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
