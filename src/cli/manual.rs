//! `dateline completions` and `dateline man`: the command line as shells and `man` read it.

use std::fs;
use std::io;
use std::path::Path;
use std::process::ExitCode;

use clap::CommandFactory;
use dateline::model::diagnostics::Problem;
use dateline::pipeline::Blame;
use miette::Diagnostic;
use thiserror::Error;

use super::{DONE, console, exit_code};
use crate::cli::arguments::{Cli, CompletionsArgs, ManArgs};

#[derive(Debug, Error, Diagnostic)]
enum ManualError {
    #[error("{folder} can't be written: {reason}")]
    #[diagnostic(code(man::write), help("check the space on the disk and the permissions of the folder"))]
    Write { folder: String, reason: String },
}

/// Prints the completions of a shell.
pub fn completions(arguments: &CompletionsArgs) -> ExitCode {
    let mut text = Vec::new();
    clap_complete::generate(arguments.shell, &mut Cli::command(), "dateline", &mut text);
    console::say_lines(&String::from_utf8_lossy(&text));
    ExitCode::from(DONE)
}

/// Writes one page for the command, and one for each verb.
pub fn pages(arguments: &ManArgs) -> ExitCode {
    match write_pages(&arguments.dir) {
        Ok(()) => ExitCode::from(DONE),
        Err(error) => {
            let folder = arguments.dir.display().to_string();
            console::problems(&[Problem::nowhere(ManualError::Write { folder, reason: error.to_string() })]);
            exit_code(Blame::Machine)
        }
    }
}

fn write_pages(folder: &Path) -> io::Result<()> {
    fs::create_dir_all(folder)?;
    clap_mangen::generate_to(Cli::command(), folder)
}
