//! The command that changes fields of an article.

use clap::Args;

use super::PlaceArgs;

/// Help below the options.
pub const SET_HELP: &str = "The file keeps its comments, its order and every other byte.
A value is text, unless it looks like `true`, a number, a date or a list in TOML's spelling.

  dateline set news/ferry.md draft=true
  dateline set /news/ferry/ \"title=The ferry is back\" 'tags=[\"ferry\", \"harbour\"]'
  dateline set news/ferry.md --remove draft

If the date of publication or the `id` of a published article changes, its line in ledger.jsonl changes too.
Readers know an entry by its id: a new one shows the article to every subscriber as new.

Exit codes: 0 done, 1 there is no such article, or it would have an error; 2 the usage is wrong, 3 the machine failed.";

/// Arguments of `set`.
#[derive(Debug, Args)]
pub struct SetArgs {
    /// The article: its source, with or without `content/`, its path or URL, or its id
    #[arg(value_name = "ARTICLE")]
    pub article: String,
    /// Fields with their new values
    #[arg(value_name = "KEY=VALUE", required_unless_present = "remove")]
    pub fields: Vec<String>,
    /// A field to remove
    #[arg(long, value_name = "KEY")]
    pub remove: Vec<String>,
    /// The site.
    #[command(flatten)]
    pub site: PlaceArgs,
}
