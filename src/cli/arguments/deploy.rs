//! The command line of `deploy`.

use clap::Args;

use super::{LogFormat, PlaceArgs, ReportFormat};

/// The end of the help.
pub const DEPLOY_HELP: &str = "Targets are the tables `[deploy.NAME]` of site.toml. Only what differs from the last deployment goes: new files first,
then those that replace others, then feeds and sitemaps, and removals at last. A deployment that was stopped goes on where it was.

Exit codes:
  0  the target is as the output folder is
  3  something could not be done; run it again
  6  another deployment is at work
  2  the usage or the configuration is wrong, 1 the content is wrong";

/// Arguments of `deploy`.
#[derive(Debug, Args)]
pub struct DeployArgs {
    /// The target; it may be left out if there is only one
    pub target: Option<String>,
    /// Print what would go, and change nothing
    #[arg(long)]
    pub dry_run: bool,
    /// Remove files even if they are many
    #[arg(long)]
    pub accept: bool,
    /// Replace what somebody else changed at the target, and take over from a deployment that was killed elsewhere
    #[arg(long)]
    pub repair: bool,
    /// Sentences, or one JSON document
    #[arg(long, value_enum, default_value_t = ReportFormat::Human)]
    pub format: ReportFormat,
    /// Sentences, or one JSON object a line, as logs have it
    #[arg(long, value_enum, default_value_t = LogFormat::Human)]
    pub log_format: LogFormat,
    /// Name each file
    #[arg(short, long)]
    pub verbose: bool,
    /// The site.
    #[command(flatten)]
    pub site: PlaceArgs,
}
