//! The command line.

mod check;
mod deploy;
mod feeds;
mod fetch;
mod import;
mod manual;
mod mv;
mod new;
mod rollback;
mod schema;
mod serve;
mod set;
mod status;
mod theme;

use std::path::PathBuf;

use check::CHECK_HELP;
pub use check::{CheckArgs, CheckFormat};
use clap::{Args, Parser, Subcommand, ValueEnum};
use dateline::output::Atomic;
use deploy::DEPLOY_HELP;
pub use deploy::DeployArgs;
pub use feeds::{FeedsArgs, FeedsLintArgs, FeedsWhat, PreviewArgs};
use fetch::FETCH_HELP;
pub use fetch::FetchArgs;
use import::IMPORT_HELP;
pub use import::ImportArgs;
pub use manual::{CompletionsArgs, ManArgs};
use mv::MV_HELP;
pub use mv::MvArgs;
pub use new::{NewArgs, NewArticleArgs, NewWhat, SiteKind};
pub use rollback::RollbackArgs;
pub use schema::{SchemaArgs, SchemaOf};
use serve::SERVE_HELP;
pub use serve::ServeArgs;
use set::SET_HELP;
pub use set::SetArgs;
use status::STATUS_HELP;
pub use status::StatusArgs;
pub use theme::{EjectArgs, ReferenceFormat, TemplatesArgs, ThemeArgs, ThemeWhat};

/// Builds a site and its feeds from articles, with dates and ids that stay right.
#[derive(Debug, Parser)]
#[command(name = "dateline", version, propagate_version = true, after_help = EXIT_CODES)]
pub struct Cli {
    /// Print nothing but errors; what was asked for (a list, a schema, a report as JSON) is printed all the same
    #[arg(short, long, global = true)]
    pub quiet: bool,
    /// What to do.
    #[command(subcommand)]
    pub verb: Verb,
}

const EXIT_CODES: &str = "Exit codes:
  0  done
  1  the content is wrong: an article or a template has an error; nothing was changed
  2  the usage or the configuration is wrong: the command line, site.toml, the output folder
  3  the machine failed: the disk is full, a permission is missing";

impl Verb {
    /// True for a command that does something; the others answer a question.
    pub fn is_action(&self) -> bool {
        matches!(
            self,
            Verb::Build(_)
                | Verb::Publish(_)
                | Verb::Serve(_)
                | Verb::Mv(_)
                | Verb::Set(_)
                | Verb::New(_)
                | Verb::Fetch(_)
                | Verb::Import(_)
                | Verb::Man(_)
        )
    }
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Verb {
    /// Build the site into `public/`
    #[command(after_help = BUILD_HELP)]
    Build(BuildArgs),
    /// Publish what is due and what changed, and update the ledger; made to be run by cron every minute
    #[command(after_help = PUBLISH_HELP)]
    Publish(PublishArgs),
    /// Show the site in a browser while you write, with each change at once and errors over the page
    #[command(after_help = SERVE_HELP)]
    Serve(ServeArgs),
    /// Print when the output will next change by itself, and what is overdue
    #[command(after_help = DUE_HELP)]
    Due(DueArgs),
    /// Show on one screen how the site stands: the last run, what is next, what is overdue or fails
    #[command(after_help = STATUS_HELP)]
    Status(StatusArgs),
    /// List articles with their dates and states, newest first
    List(ListArgs),
    /// Show everything about one article: its id, its dates and their sources, the files that show it
    Explain(ExplainArgs),
    /// Build the site into a separate folder, and name every file of the output folder that differs
    Verify(VerifyArgs),
    /// Check the finished site: links, ids, headings, pictures, titles, dates, feeds
    #[command(after_help = CHECK_HELP)]
    Check(CheckArgs),
    /// Fetch documents of other servers ([[fetch]] in site.toml) into files under data/
    #[command(after_help = FETCH_HELP)]
    Fetch(FetchArgs),
    /// Check feeds, or preview what subscribers will see
    Feeds(FeedsArgs),
    /// Print the configuration with which a server serves the site well
    Hosting(HostingArgs),
    /// Bring the output folder to where readers find it: a bucket, a server, a branch of a repository
    #[command(after_help = DEPLOY_HELP)]
    Deploy(DeployArgs),
    /// Show an earlier tree of the output folder again; needs builds with `--atomic tree`
    Rollback(RollbackArgs),
    /// List every template with the values that it receives
    Templates(TemplatesArgs),
    /// Copy files of the theme into the site, to change them
    Theme(ThemeArgs),
    /// Move a source: its id stays, its old address redirects, links to it are rewritten
    #[command(after_help = MV_HELP)]
    Mv(MvArgs),
    /// Change fields of an article in place, and its line in the ledger with them
    #[command(after_help = SET_HELP)]
    Set(SetArgs),
    /// Make a new site, or a new article
    New(NewArgs),
    /// Move in: make a site of one of another generator, or of the export of a blog
    #[command(after_help = IMPORT_HELP)]
    Import(ImportArgs),
    /// Print JSON Schema of site.toml or of front matter, for editors
    Schema(SchemaArgs),
    /// Print completions for a shell
    Completions(CompletionsArgs),
    /// Write the manual pages into a folder
    Man(ManArgs),
}

const BUILD_HELP: &str = "Reads site.toml, content/, templates/ and static/; writes the output folder and .dateline/, nothing else.
A build with an error changes nothing. Files that did not change are not touched.
A build reads the clock once: --now, else SOURCE_DATE_EPOCH, else the system's.

Exit codes: 0 done, 1 the content is wrong, 2 the usage or configuration is wrong, 3 the machine failed.";

const PUBLISH_HELP: &str =
    "Builds what changed, switches the output, and updates ledger.jsonl. Commit that file with the content.
An article with an error is left out, or kept as last published; all others are published.
Prints one line for each event, and nothing if nothing happened. A problem is reported once, not every minute.

Exit codes:
  0  done: published, or nothing was due
  4  with --exit-code: nothing was due and nothing had changed
  5  published, but some articles were skipped
  6  another run is at work on this site; nothing was done
  1  the content is wrong, 2 the usage or configuration is wrong, 3 the machine failed: nothing was changed";

/// Arguments of `publish`.
#[derive(Debug, Args)]
pub struct PublishArgs {
    /// The site.
    #[command(flatten)]
    pub site: PlaceArgs,
    /// Take over an output folder that Dateline did not write; deletes nothing in it
    #[arg(long)]
    pub adopt: bool,
    /// How the output folder changes.
    #[command(flatten)]
    pub output: OutputArgs,
    /// Publish nothing while an article has an error
    #[arg(long)]
    pub strict: bool,
    /// Publish even if many articles would come back to subscribers as new, or vanish
    #[arg(long)]
    pub accept: bool,
    /// Then deploy to this target of `site.toml`, before hubs are notified
    #[arg(long, value_name = "TARGET")]
    pub to: Option<String>,
    /// Write the outcome as metrics for Prometheus into this file
    #[arg(long, value_name = "FILE")]
    pub metrics: Option<PathBuf>,
    /// Exit with 4 if nothing was due and nothing had changed
    #[arg(long)]
    pub exit_code: bool,
    /// Notify no hub (`feeds.hub`) of what this run changes, now or later
    #[arg(long)]
    pub no_websub: bool,
    /// Seconds that a hub may take to answer; for tests
    #[arg(long, value_name = "SECONDS", default_value_t = 10, hide = true, value_parser = clap::value_parser!(u64).range(1..=600))]
    pub hub_timeout: u64,
    /// One line for each event, or one JSON object a line
    #[arg(long, visible_alias = "log-format", value_enum, default_value_t = LogFormat::Human)]
    pub format: LogFormat,
    /// Report everything: problems that were reported before, and what is next
    #[arg(short, long)]
    pub verbose: bool,
}

const DUE_HELP: &str = "Exit codes:
  0  nothing is overdue
  7  something is overdue: it was due, and the output folder does not show it. Does `publish` run?
  1  the content is wrong, 2 the usage or configuration is wrong, 3 the machine failed";

/// Arguments of `due`.
#[derive(Debug, Args)]
pub struct DueArgs {
    /// The site.
    #[command(flatten)]
    pub site: PlaceArgs,
    /// The form of the answer; all but `human` and `json` print nothing if nothing is due
    #[arg(long, value_enum, default_value_t = DueFormat::Human)]
    pub format: DueFormat,
}

/// The form in which the next instant is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum DueFormat {
    /// Sentences
    Human,
    /// One JSON document
    Json,
    /// Seconds since 1970
    Epoch,
    /// A line `OnCalendar=` for a systemd timer, in UTC
    Systemd,
    /// The first five fields of a crontab line, in UTC, rounded up to the minute
    Cron,
}

/// Arguments of `list`.
#[derive(Debug, Args)]
pub struct ListArgs {
    /// The site.
    #[command(flatten)]
    pub site: PlaceArgs,
    /// Scheduled articles
    #[arg(long)]
    pub scheduled: bool,
    /// Drafts
    #[arg(long)]
    pub drafts: bool,
    /// Withdrawn articles
    #[arg(long)]
    pub withdrawn: bool,
    /// Expired articles
    #[arg(long)]
    pub expired: bool,
    /// All articles, with those whose sources are no more, as the ledger knows them
    #[arg(long)]
    pub all: bool,
    /// Articles whose sources are no more
    #[arg(long)]
    pub gone: bool,
    /// The newest published articles, 20 if no number is given
    #[arg(long, value_name = "N", num_args = 0..=1, default_missing_value = "20")]
    pub recent: Option<usize>,
    /// The form of the list
    #[arg(long, value_enum, default_value_t = ListFormat::Human)]
    pub format: ListFormat,
}

/// The form of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ListFormat {
    /// A line an article
    Human,
    /// One JSON document
    Json,
    /// CSV (RFC 4180) with a header; a cell that a spreadsheet would take for a formula begins with `'`
    Csv,
}

/// Arguments of `explain`.
#[derive(Debug, Args)]
pub struct ExplainArgs {
    /// The article: its source, with or without `content/`, its path or URL, or its id
    #[arg(value_name = "ARTICLE")]
    pub article: String,
    /// The site.
    #[command(flatten)]
    pub site: PlaceArgs,
    /// The form of the answer
    #[arg(long, value_enum, default_value_t = ReportFormat::Human)]
    pub format: ReportFormat,
}

/// Arguments of `hosting`.
#[derive(Debug, Args)]
pub struct HostingArgs {
    /// The kind of server
    #[arg(value_enum)]
    pub server: Server,
    /// The site.
    #[command(flatten)]
    pub site: PlaceArgs,
}

/// A kind of server.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Server {
    /// A server block for nginx
    Nginx,
    /// A site block for Caddy 2
    Caddy,
    /// The file `_headers`, for Netlify and Cloudflare Pages
    Headers,
}

/// Which site, and as of when.
#[derive(Debug, Args)]
pub struct PlaceArgs {
    /// The site's folder, which has `site.toml`
    #[arg(long, value_name = "DIR", default_value = ".")]
    pub root: PathBuf,
    /// The output folder [default: `public` in the site's folder]
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// Another base URL than that of `site.toml`; ids stay the same
    #[arg(long, value_name = "URL")]
    pub base_url: Option<String>,
    /// As of this instant, such as 2026-01-01T00:00:00Z
    #[arg(long, value_name = "INSTANT")]
    pub now: Option<String>,
}

impl PlaceArgs {
    /// The same, with what is public only.
    pub fn site(&self) -> SiteArgs {
        let PlaceArgs { root, out, base_url, now } = self;
        let (root, out, base_url, now) = (root.clone(), out.clone(), base_url.clone(), now.clone());
        SiteArgs { root, out, base_url, now, drafts: false, future: false }
    }
}

/// Which site is built, and as of when.
#[derive(Debug, Args)]
pub struct SiteArgs {
    /// The site's folder, which has `site.toml`
    #[arg(long, value_name = "DIR", default_value = ".")]
    pub root: PathBuf,
    /// The output folder [default: `public` in the site's folder]
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// Another base URL than that of `site.toml`; ids stay the same
    #[arg(long, value_name = "URL")]
    pub base_url: Option<String>,
    /// Show drafts too
    #[arg(long)]
    pub drafts: bool,
    /// Show articles that are dated in the future too
    #[arg(long)]
    pub future: bool,
    /// Build the site as of this instant, such as 2026-01-01T00:00:00Z
    #[arg(long, value_name = "INSTANT")]
    pub now: Option<String>,
}

/// Arguments of `verify`.
#[derive(Debug, Args)]
pub struct VerifyArgs {
    /// The site.
    #[command(flatten)]
    pub site: SiteArgs,
}

/// Arguments of `build`.
#[derive(Debug, Args)]
pub struct BuildArgs {
    /// The site.
    #[command(flatten)]
    pub site: SiteArgs,
    /// Take over an output folder that Dateline did not write; deletes nothing in it
    #[arg(long)]
    pub adopt: bool,
    /// How the output folder changes.
    #[command(flatten)]
    pub output: OutputArgs,
    /// The form of the report
    #[arg(long, value_enum, default_value_t = ReportFormat::Human)]
    pub format: ReportFormat,
    /// Fail if the ledger is behind: if `publish` would change it
    #[arg(long)]
    pub locked: bool,
    /// Give the reason why each document was rendered
    #[arg(long)]
    pub explain: bool,
    /// Show the time of each stage, and draw it in `.dateline/timings.html`
    #[arg(long)]
    pub timings: bool,
    /// Name every file that was written or removed, and show every problem, not one of each kind
    #[arg(short, long)]
    pub verbose: bool,
}

/// How the output folder changes.
#[derive(Debug, Args)]
pub struct OutputArgs {
    /// What becomes visible at once: each file, or the whole site, by switching a link to a new tree
    #[arg(long, value_enum, value_name = "WHAT", default_value_t = AtomicArg::File)]
    pub atomic: AtomicArg,
    /// With `--atomic tree`: the number of trees to keep, including the visible one
    #[arg(long, value_name = "N", default_value_t = 3, value_parser = clap::value_parser!(u16).range(1..))]
    pub keep_trees: u16,
}

impl OutputArgs {
    /// As the library has it.
    pub fn atomic(&self) -> Atomic {
        match self.atomic {
            AtomicArg::File => Atomic::File,
            AtomicArg::Tree => Atomic::Tree { keep: usize::from(self.keep_trees) },
        }
    }
}

/// The part of a build's changes that becomes visible at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum AtomicArg {
    /// Each file is wholly old or wholly new
    File,
    /// The whole site is wholly old or wholly new
    Tree,
}

/// The form of lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum LogFormat {
    /// Sentences
    Human,
    /// One JSON object a line
    Json,
}

/// The form of a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ReportFormat {
    /// For people, on the terminal
    Human,
    /// One JSON document on standard output
    Json,
}
