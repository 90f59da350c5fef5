//! The `dateline` command: reads the command line and the clock, calls the library, prints.

mod cli;
mod command;

use std::process::ExitCode;

use clap::Parser;
use cli::{Cli, Verb};

/// Builds are many small values made by several threads; this takes a fifth off them.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    match Cli::parse().verb {
        Verb::Build(arguments) => command::build::run(&arguments),
        Verb::Verify(arguments) => command::verify::run(&arguments),
        Verb::New(arguments) => command::new::run(&arguments),
    }
}
