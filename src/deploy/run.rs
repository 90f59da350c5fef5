//! Programs of others: the command of a target, and those that the other kinds of targets need.

use std::fs;
use std::io::{ErrorKind, Write};
use std::process::{Command, Output, Stdio};
use std::thread;

use serde_json::json;

use super::{DeployError, Deployed, Left, Plan, Report, Request, check_flood, read_manifest};
use crate::storage::{self, StoreError, disk};

/// Runs the command `parts` for what changed since it last succeeded. It gets the plan as JSON on its standard input, and
/// the output folder as `DATELINE_OUTPUT`.
pub fn deploy(request: &Request<'_>, parts: &[String]) -> Result<Report, DeployError> {
    let path = request.state.join(format!("{}.json", request.target.name));
    let there = read_manifest(request, fs::read(&path).ok().as_deref())?;
    let plan = Plan::new(request.pieces, &there);
    let report = Report::of(&plan);
    if plan.is_nothing() {
        return Ok(report);
    }
    check_flood(request, &plan, &there)?;
    if request.terms.is_dry {
        return Ok(report);
    }
    let input = json!({
        "site": request.site,
        "new": report.new,
        "replaced": report.replaced,
        "feeds": report.feeds,
        "removed": report.removed,
    });
    program(request, parts, Some(input.to_string().into_bytes()))?;
    let after = all_of(request);
    let unwritable = |source| StoreError::Unwritable { path: path.clone(), source };
    disk::create_dir_all(request.state).map_err(unwritable)?;
    storage::replace(&path, &String::from_utf8_lossy(&after.bytes())).map_err(unwritable)?;
    Ok(report)
}

/// The manifest of a target that has all files of `request`.
pub fn all_of(request: &Request<'_>) -> Deployed {
    let files = request.pieces.iter().map(|piece| (piece.path.clone(), Left::of(piece, None)));
    Deployed { files: files.collect(), ..Deployed::empty(request.site) }
}

/// Runs the command `parts` in the site's folder, with `input` on its standard input. Its output goes where that of this
/// program goes.
pub fn program(request: &Request<'_>, parts: &[String], input: Option<Vec<u8>>) -> Result<(), DeployError> {
    let Some((name, arguments)) = parts.split_first() else { return Ok(()) };
    let out = std::path::absolute(request.out).unwrap_or_else(|_| request.out.to_owned());
    let mut command = Command::new(name);
    command.args(arguments).current_dir(request.root).env("DATELINE_OUTPUT", out);
    command.env("DATELINE_SITE", request.site).stdout(Stdio::inherit()).stderr(Stdio::inherit());
    run(command, input).map(|_| ())
}

/// Runs `command` with `input`, and returns what it wrote.
///
/// # Errors
/// It can't be started, or ends with another code than 0.
pub fn run(command: Command, input: Option<Vec<u8>>) -> Result<Output, DeployError> {
    let program = command.get_program().to_string_lossy().into_owned();
    let output = ask(command, input)?;
    if output.status.success() {
        return Ok(output);
    }
    let said = String::from_utf8_lossy(&output.stderr);
    let last = said.lines().rev().map(str::trim).find(|line| !line.is_empty()).unwrap_or_default();
    let code = output.status.code().map_or_else(|| "it was killed".to_owned(), |code| format!("code {code}"));
    let reason = if last.is_empty() { code } else { format!("{last} ({code})") };
    Err(DeployError::Program { program, reason })
}

/// Runs `command` with `input`, whatever its code.
///
/// # Errors
/// It can't be started.
pub fn ask(mut command: Command, input: Option<Vec<u8>>) -> Result<Output, DeployError> {
    let program = command.get_program().to_string_lossy().into_owned();
    let failed = |error: std::io::Error| {
        let reason = match error.kind() {
            ErrorKind::NotFound => "there is no such program".to_owned(),
            _ => error.to_string(),
        };
        DeployError::Program { program: program.clone(), reason }
    };
    let stdin = if input.is_some() { Stdio::piped() } else { Stdio::null() };
    let mut child = command.stdin(stdin).spawn().map_err(failed)?;
    let pipe = child.stdin.take();
    // A program that reads nothing would stop this one, if its answer was not read meanwhile.
    let writer = thread::spawn(move || {
        if let (Some(mut pipe), Some(input)) = (pipe, input) {
            // A program need not read all of it.
            let _ = pipe.write_all(&input);
        }
    });
    let output = child.wait_with_output().map_err(failed);
    let _ = writer.join();
    output
}
