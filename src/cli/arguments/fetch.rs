//! The command line of `fetch`.

use std::path::PathBuf;

use clap::Args;

use super::ReportFormat;

/// The end of `fetch --help`.
pub const FETCH_HELP: &str =
    "Each file is replaced only by a document that could be read and says something else; else it stays as it is.
Commit the files with the content: builds read them and ask no server.

Exit codes:
  0  all are as their servers have them
  5  some could not be fetched; their files are as they were
  6  another fetch is at work on this site; nothing was done
  7  with --check: a file would change
  2  the usage or the configuration is wrong, 3 the machine failed";

/// Arguments of `fetch`.
#[derive(Debug, Args)]
pub struct FetchArgs {
    /// The names of the entries of [[fetch]]; all if none is given
    #[arg(value_name = "NAME")]
    pub names: Vec<String>,
    /// The site's folder, which has `site.toml`
    #[arg(long, value_name = "DIR", default_value = ".")]
    pub root: PathBuf,
    /// Fetch and compare, and write nothing
    #[arg(long)]
    pub check: bool,
    /// The form of the report
    #[arg(long, value_enum, default_value_t = ReportFormat::Human)]
    pub format: ReportFormat,
    /// Name the rows that changed, and show every problem, not one of each kind
    #[arg(short, long)]
    pub verbose: bool,
}
