//! The command line of `serve`.

use std::net::IpAddr;
use std::path::PathBuf;

use clap::Args;

/// The end of `serve --help`.
pub const SERVE_HELP: &str =
    "Builds into memory; the output folder and ledger.jsonl stay as they are. The desk is at /_dateline/.
Ctrl-C ends it.

Exit codes: 0 ended, 2 the usage or configuration is wrong, 3 the machine failed.";

/// Arguments of `serve`.
#[derive(Debug, Args)]
#[cfg_attr(not(feature = "serve"), allow(dead_code, reason = "it only says that it was built without"))]
pub struct ServeArgs {
    /// The site's folder, which has `site.toml`
    #[arg(long, value_name = "DIR", default_value = ".")]
    pub root: PathBuf,
    /// The port, or the next free one; 0 is any free port
    #[arg(long, value_name = "PORT", default_value_t = 4000)]
    pub port: u16,
    /// The address to listen on; with 0.0.0.0, everybody in the same network can see drafts too
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1")]
    pub host: IpAddr,
    /// Also answer requests for this name, not only for `localhost` and IP addresses; may be repeated
    #[arg(long, value_name = "NAME")]
    pub allow_host: Vec<String>,
    /// Open the site in the browser
    #[arg(long)]
    pub open: bool,
    /// Show drafts too
    #[arg(long)]
    pub drafts: bool,
    /// Show articles that are dated in the future too
    #[arg(long)]
    pub future: bool,
    /// Show the site as of this instant, such as 2026-01-01T00:00:00Z; the clock does not advance
    #[arg(long, value_name = "INSTANT")]
    pub now: Option<String>,
    /// Check the files every second, where the file system reports no changes: network folders, some containers
    #[arg(long)]
    pub poll: bool,
}
