//! `dateline rollback`.

use std::path::Path;
use std::process::ExitCode;

use chrono::{DateTime, SecondsFormat};
use dateline::model::diagnostics::Problem;
use dateline::output::{self, Lock, OutputError, Rolled, Tree};
use dateline::pipeline::{Blame, STATE};

use super::{DONE, console, exit_code};
use crate::cli::arguments::RollbackArgs;

/// Restores an earlier tree, or lists the trees.
pub fn run(arguments: &RollbackArgs) -> ExitCode {
    let out = arguments.out.clone().unwrap_or_else(|| arguments.root.join("public"));
    let done = if arguments.list {
        output::trees(&out).map(|trees| list(&trees, &out))
    } else {
        roll(arguments, &out).map(|rolled| tell(&rolled))
    };
    match done {
        Ok(()) => ExitCode::from(DONE),
        Err(error) => {
            let blame = if error.is_usage() { Blame::Usage } else { Blame::Machine };
            console::problems(&[Problem::nowhere(error)]);
            exit_code(blame)
        }
    }
}

fn roll(arguments: &RollbackArgs, out: &Path) -> Result<Rolled, OutputError> {
    // This check comes before anything is made in a folder that may be no site.
    if output::trees(out)?.is_empty() {
        return Err(OutputError::NoTree { out: out.to_owned() });
    }
    let _lock = Lock::take(&arguments.root.join(STATE))?;
    output::rollback(out, arguments.to.as_deref())
}

fn tell(rolled: &Rolled) {
    if rolled.from == rolled.to {
        console::say(&format!("tree {} is shown already", rolled.to));
        return;
    }
    console::say(&format!(
        "tree {} is shown again, instead of {}; the next build or publish shows again what the sources say",
        rolled.to, rolled.from
    ));
}

fn list(trees: &[Tree], out: &Path) {
    if trees.is_empty() {
        console::say(&format!("{} has no trees; `dateline build --atomic tree` makes them", out.display()));
    }
    for tree in trees {
        let made = DateTime::from_timestamp_nanos(tree.made).to_rfc3339_opts(SecondsFormat::Secs, true);
        let shown = if tree.is_shown { "  shown" } else { "" };
        console::say(&format!("{}  {made}  {} files{shown}", tree.name, tree.files));
    }
}
