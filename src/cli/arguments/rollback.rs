//! The command line of `rollback`.

use std::path::PathBuf;

use clap::Args;

/// Arguments of `rollback`.
#[derive(Debug, Args)]
pub struct RollbackArgs {
    /// The site's folder, which has `site.toml`
    #[arg(long, value_name = "DIR", default_value = ".")]
    pub root: PathBuf,
    /// The output folder [default: `public` in the site's folder]
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// The tree to show, such as 000016 [default: the one before the visible tree]
    #[arg(long, value_name = "TREE", conflicts_with = "list")]
    pub to: Option<String>,
    /// Only list the kept trees
    #[arg(long)]
    pub list: bool,
}
