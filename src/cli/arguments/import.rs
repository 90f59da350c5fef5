//! The command line of `import`.

use std::path::PathBuf;

use clap::Args;
use clap::builder::PossibleValuesParser;
use dateline::import::Kind;

use super::ReportFormat;

/// The end of `import --help`.
pub const IMPORT_HELP: &str = "The source stays as it is. In the new site nothing that is there is overwritten: a second run changes nothing,
and a run that was cut short goes on.

Exit codes:
  0  done; the report says what was changed and what could not be taken along
  2  the usage is wrong, or the source is no such site
  3  the machine failed: run the same command again";

/// Arguments of `import`.
#[derive(Debug, Args)]
pub struct ImportArgs {
    /// The generator or blog that the source is of; `auto` to look
    #[arg(value_name = "KIND", value_parser = kinds())]
    pub kind: String,
    /// Its folder, which has its configuration, or its export
    #[arg(value_name = "SOURCE")]
    pub source: PathBuf,
    /// The folder of the new site
    #[arg(long, value_name = "DIR", default_value = ".")]
    pub into: PathBuf,
    /// Report what would be written, and write nothing
    #[arg(long)]
    pub dry_run: bool,
    /// A feed that readers have, as a file or an address: its ids count; may be given several times
    #[arg(long, value_name = "FILE|URL")]
    pub live_feed: Vec<String>,
    /// The address of the site, where the source does not name it: exports of Ghost
    #[arg(long, value_name = "URL")]
    pub base_url: Option<String>,
    /// The folder of the old site's pictures and other files, as it was on its server: `wp-content/uploads` of WordPress,
    /// `content` of Ghost
    #[arg(long, value_name = "DIR")]
    pub media: Option<PathBuf>,
    /// Download the old site's pictures and other files that articles show
    #[arg(long)]
    pub fetch_media: bool,
    /// The instant from which on dates are in the future, such as 2026-01-01T00:00:00Z
    #[arg(long, value_name = "INSTANT")]
    pub now: Option<String>,
    /// The form of the report
    #[arg(long, value_enum, default_value_t = ReportFormat::Human)]
    pub format: ReportFormat,
    /// Show every finding, not the first of each kind
    #[arg(short, long)]
    pub verbose: bool,
}

fn kinds() -> PossibleValuesParser {
    PossibleValuesParser::new(Kind::ALL.into_iter().map(Kind::name).chain(["auto"]))
}
