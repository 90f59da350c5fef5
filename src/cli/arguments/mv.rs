//! The command that moves a source.

use clap::Args;

use super::PlaceArgs;

/// Help below the options.
pub const MV_HELP: &str = "A file, a folder with an `index.md`, or a whole section moves. Links between sources that lead to it, or from it, are
rewritten. Each published article keeps its id and its dates; its old address redirects to the new one.

  dateline mv news/ferry.md harbour/
  dateline mv news/ferry.md news/ferry-returns.md
  dateline mv news/2025 archive/2025 --dry-run

Exit codes: 0 done, 1 the site has no such file, 2 the usage is wrong, 3 the machine failed.";

/// Arguments of `mv`.
#[derive(Debug, Args)]
pub struct MvArgs {
    /// The file or folder, with or without `content/`
    #[arg(value_name = "OLD")]
    pub from: String,
    /// Its new path; a path that ends in `/` is the folder to move it into
    #[arg(value_name = "NEW")]
    pub to: String,
    /// Only print the changes
    #[arg(long)]
    pub dry_run: bool,
    /// The site.
    #[command(flatten)]
    pub site: PlaceArgs,
}
