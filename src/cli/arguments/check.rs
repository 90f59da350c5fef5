//! The command line of `check`.

use clap::{Args, ValueEnum};

use super::SiteArgs;

/// The end of `check --help`.
pub const CHECK_HELP: &str =
    "Builds the site into memory and looks through the result; the output folder stays as it is.
With --external, other sites are asked for each address that pages and feeds link to, at most one request a second to each server.
[check] in site.toml says which findings are errors, which are warnings, and which are ignored.

Exit codes:
  0  no errors; there may be warnings
  1  there is an error, or with --strict a warning
  2  the usage or the configuration is wrong, 3 the machine failed";

/// Arguments of `check`.
#[derive(Debug, Args)]
pub struct CheckArgs {
    /// The site.
    #[command(flatten)]
    pub site: SiteArgs,
    /// Ask other sites for what the pages and feeds link to
    #[arg(long)]
    pub external: bool,
    /// Milliseconds between two requests to one server; for tests
    #[arg(long, value_name = "MS", default_value_t = 1000, hide = true)]
    pub external_pause: u64,
    /// Seconds that an answer may take; for tests
    #[arg(long, value_name = "SECONDS", default_value_t = 20, hide = true, value_parser = clap::value_parser!(u64).range(1..=600))]
    pub external_timeout: u64,
    /// Ask addresses of private networks too; for tests
    #[arg(long, hide = true)]
    pub external_private: bool,
    /// Explain a code, or list all codes, and check nothing
    #[arg(long, value_name = "CODE", num_args = 0..=1, default_missing_value = "")]
    pub explain: Option<String>,
    /// Fail on warnings too
    #[arg(long)]
    pub strict: bool,
    /// The form of the report
    #[arg(long, value_enum, default_value_t = CheckFormat::Human)]
    pub format: CheckFormat,
    /// Show every finding, not one of each kind
    #[arg(short, long)]
    pub verbose: bool,
}

/// The form of the report of `check`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum CheckFormat {
    /// For people, on the terminal
    Human,
    /// One JSON document on standard output
    Json,
    /// SARIF 2.1.0, for code scanning and editors
    Sarif,
    /// Workflow commands of GitHub Actions, which annotate the changed lines
    Github,
}
