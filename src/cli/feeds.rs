//! `dateline feeds`.

use std::process::ExitCode;

use super::{lint, preview};
use crate::cli::arguments::{FeedsArgs, FeedsWhat};

/// Does with feeds what was asked for.
pub fn run(arguments: &FeedsArgs) -> ExitCode {
    match &arguments.what {
        FeedsWhat::Lint(arguments) => lint::run(arguments),
        FeedsWhat::Preview(arguments) => preview::run(arguments),
    }
}
