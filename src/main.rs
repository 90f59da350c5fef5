//! The `dateline` command: reads the command line and the clock, calls the library, prints.

mod cli;
mod command;
#[cfg(debug_assertions)]
mod faults;

use std::process::ExitCode;

use clap::Parser;
use cli::{Cli, Verb};

/// Builds are many small values made by several threads; this takes a fifth off them.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    #[cfg(debug_assertions)]
    faults::arm();
    let code = run();
    #[cfg(debug_assertions)]
    faults::tell();
    code
}

fn run() -> ExitCode {
    match Cli::parse().verb {
        Verb::Build(arguments) => command::build::run(&arguments),
        Verb::Publish(arguments) => command::publish::run(&arguments),
        Verb::Serve(arguments) => command::serve::run(&arguments),
        Verb::Due(arguments) => command::due::run(&arguments),
        Verb::List(arguments) => command::list::run(&arguments),
        Verb::Explain(arguments) => command::explain::run(&arguments),
        Verb::Verify(arguments) => command::verify::run(&arguments),
        Verb::Hosting(arguments) => command::hosting::run(&arguments),
        Verb::Feeds(arguments) => command::feeds::run(&arguments),
        Verb::Rollback(arguments) => command::rollback::run(&arguments),
        Verb::Templates(arguments) => command::templates::run(&arguments),
        Verb::Theme(arguments) => command::theme::run(&arguments),
        Verb::New(arguments) => command::new::run(&arguments),
    }
}
