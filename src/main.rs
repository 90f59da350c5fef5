//! The `dateline` command: reads the command line and the clock, calls the library, prints.

mod cli;
#[cfg(debug_assertions)]
mod faults;

use std::process::ExitCode;

use clap::Parser;
use cli::arguments::{Cli, Verb};
use cli::recorder::Recorder;

/// A build makes many small values on several threads; this allocator makes it about a fifth quicker.
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
    let Cli { quiet, verb } = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => return cli::refuse_arguments(&error),
    };
    if quiet {
        cli::be_quiet(verb.is_action());
    }
    // A build installs its own recorder, which records more.
    if !matches!(verb, Verb::Build(_)) {
        Recorder::of_events().install();
    }
    match verb {
        Verb::Build(arguments) => cli::build::run(&arguments),
        Verb::Publish(arguments) => cli::publish::run(&arguments),
        Verb::Serve(arguments) => cli::serve::run(&arguments),
        Verb::Due(arguments) => cli::due::run(&arguments),
        Verb::Status(arguments) => cli::status::run(&arguments),
        Verb::List(arguments) => cli::list::run(&arguments),
        Verb::Explain(arguments) => cli::explain::run(&arguments),
        Verb::Verify(arguments) => cli::verify::run(&arguments),
        Verb::Check(arguments) => cli::check::run(&arguments),
        Verb::Hosting(arguments) => cli::hosting::run(&arguments),
        Verb::Deploy(arguments) => cli::deploy::run(&arguments),
        Verb::Feeds(arguments) => cli::feeds::run(&arguments),
        Verb::Fetch(arguments) => cli::fetch::run(&arguments),
        Verb::Rollback(arguments) => cli::rollback::run(&arguments),
        Verb::Templates(arguments) => cli::templates::run(&arguments),
        Verb::Theme(arguments) => cli::theme::run(&arguments),
        Verb::Mv(arguments) => cli::mv::run(&arguments),
        Verb::Set(arguments) => cli::set::run(&arguments),
        Verb::New(arguments) => cli::new::run(&arguments),
        Verb::Import(arguments) => cli::import::run(&arguments),
        Verb::Schema(arguments) => cli::schema::run(&arguments),
        Verb::Completions(arguments) => cli::manual::completions(&arguments),
        Verb::Man(arguments) => cli::manual::pages(&arguments),
    }
}
