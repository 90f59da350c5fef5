//! The command line of `status`.

use clap::Args;

use super::{PlaceArgs, ReportFormat};

/// The end of the help.
pub const STATUS_HELP: &str =
    "Reads what runs have left in the site's folder, asks no server, and changes nothing.

Exit codes, the first that is true:
  8  something fails: the last publication or deployment, a notification of a hub
  7  something is overdue: it was due, and the output folder does not show it. Does `publish` run?
  5  a source has an error, and is skipped
  0  all is well
  1  the content is wrong, 2 the usage or configuration is wrong, 3 the machine failed";

/// Arguments of `status`.
#[derive(Debug, Args)]
pub struct StatusArgs {
    /// The site.
    #[command(flatten)]
    pub site: PlaceArgs,
    /// The form of the answer
    #[arg(long, value_enum, default_value_t = ReportFormat::Human)]
    pub format: ReportFormat,
}
