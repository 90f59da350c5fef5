//! The command line of `feeds`.

use clap::{Args, Subcommand};

use super::{PlaceArgs, ReportFormat};

/// Arguments of `feeds`.
#[derive(Debug, Args)]
pub struct FeedsArgs {
    /// The action on them.
    #[command(subcommand)]
    pub what: FeedsWhat,
}

/// An action on feeds.
#[derive(Debug, Subcommand)]
pub enum FeedsWhat {
    /// Check RSS, Atom and JSON feeds: what breaks a standard, what readers stumble over, and how to mend it
    #[command(after_help = LINT_HELP)]
    Lint(FeedsLintArgs),
    /// Show what subscribers will see of the next publication: what is new, updated, gone or comes back
    Preview(PreviewArgs),
}

const LINT_HELP: &str =
    "Without an argument, this checks the feeds in this site's output folder; build it first.

  dateline feeds lint public/news/rss.xml              a file
  dateline feeds lint old-site/                        every feed in a folder
  dateline feeds lint https://example.org/atom.xml     a feed on the web

content/docs/reference/feed-lint.md explains every rule.

Exit codes:
  0  no errors; there may be warnings
  1  there is an error, or with --strict a warning
  2  the usage is wrong, or a feed could not be read";

/// Arguments of `feeds lint`.
#[derive(Debug, Args)]
pub struct FeedsLintArgs {
    /// Files, folders or URLs [default: the feeds of this site]
    #[arg(value_name = "PATH|URL")]
    pub feeds: Vec<String>,
    /// The site, if no feed is named, and the clock.
    #[command(flatten)]
    pub site: PlaceArgs,
    /// Fail on warnings too
    #[arg(long)]
    pub strict: bool,
    /// The form of the report
    #[arg(long, value_enum, default_value_t = ReportFormat::Human)]
    pub format: ReportFormat,
    /// Show every finding, not one of each kind
    #[arg(short, long)]
    pub verbose: bool,
}

/// Arguments of `feeds preview`.
#[derive(Debug, Args)]
pub struct PreviewArgs {
    /// The site.
    #[command(flatten)]
    pub site: PlaceArgs,
    /// The live site: another output folder, or a URL [default: the output folder]
    #[arg(long, value_name = "DIR|URL|manifest")]
    pub against: Option<String>,
    /// A table for people, or one JSON document
    #[arg(long, value_enum, default_value_t = ReportFormat::Human)]
    pub format: ReportFormat,
}
