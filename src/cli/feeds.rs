//! `dateline feeds`.

use std::process::ExitCode;

use super::{lint, preview};
use crate::cli::arguments::{FeedsArgs, FeedsWhat};

/// Runs the subcommand.
pub fn run(arguments: &FeedsArgs) -> ExitCode {
    match &arguments.what {
        FeedsWhat::Lint(arguments) => lint::run(arguments),
        FeedsWhat::Preview(arguments) => preview::run(arguments),
    }
}
