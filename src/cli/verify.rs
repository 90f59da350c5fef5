//! `dateline verify`.

use std::process::ExitCode;
use std::time::{Duration, Instant};

use dateline::pipeline::verify::{Differences, verify};
use dateline::pipeline::{Blame, Failure, Request};

use super::{DONE, build, console, exit_code};
use crate::cli::arguments::VerifyArgs;

/// Builds the site afresh, compares it with the output, and prints the differences.
pub fn run(arguments: &VerifyArgs) -> ExitCode {
    let started = Instant::now();
    match compare(arguments) {
        Ok(differences) => tell(&differences, started.elapsed()),
        Err(failure) => {
            console::problems(&failure.problems);
            console::say("nothing was compared");
            exit_code(failure.blame)
        }
    }
}

fn compare(arguments: &VerifyArgs) -> Result<Differences, Failure> {
    let site = &arguments.site;
    let (now, base_url) = build::terms(site)?;
    let state = build::state(site);
    let out = build::out(site);
    verify(&Request {
        base_url,
        allowances: build::allowances(site),
        ..Request::new(&site.root, &state, &out, now)
    })
}

fn tell(differences: &Differences, took: Duration) -> ExitCode {
    for (what, paths) in [
        ("differs", &differences.differing),
        ("missing", &differences.missing),
        ("stale", &differences.stale),
    ] {
        paths.iter().for_each(|path| console::say(&format!("{what}: {path}")));
    }
    let milliseconds = took.as_millis();
    if differences.is_empty() {
        console::say(&format!(
            "all {} files are as a fresh build makes them ({milliseconds} ms)",
            differences.files
        ));
        return ExitCode::from(DONE);
    }
    console::say(&format!(
        "of {} files {} differ, {} are missing and {} are stale ({milliseconds} ms); `dateline build` mends them",
        differences.files,
        differences.differing.len(),
        differences.missing.len(),
        differences.stale.len()
    ));
    exit_code(Blame::Content)
}
