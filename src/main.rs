//! The `dateline` command: reads the command line and the clock, calls the library, prints.

mod cli;
mod command;

use std::process::ExitCode;

use clap::Parser;
use cli::{Cli, Verb};

fn main() -> ExitCode {
    match Cli::parse().verb {
        Verb::Build(arguments) => command::build::run(&arguments),
        Verb::New(arguments) => command::new::run(&arguments),
    }
}
