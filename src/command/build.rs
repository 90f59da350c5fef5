//! `dateline build`.

use std::io::IsTerminal;
use std::process::ExitCode;
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use dateline::build::{self, Blame, Failure, Report, Request};
use dateline::identity::Allowances;
use dateline::url::BaseUrl;
use indicatif::{ProgressBar, ProgressStyle};

use super::report::{JsonReport, failed_line, last_line};
use super::{DONE, clock, console, exit_code, timings};
use crate::cli::{BuildArgs, ReportFormat};

/// A build that takes longer than this shows a bar.
const PATIENCE: Duration = Duration::from_secs(1);

/// Builds the site and reports; the exit code says whose turn it is.
pub fn run(arguments: &BuildArgs) -> ExitCode {
    let started = Instant::now();
    let json = arguments.format == ReportFormat::Json;
    let outcome = build(arguments, started);
    let took = started.elapsed();
    match outcome {
        Ok(report) => {
            if json {
                console::say(&JsonReport::done(&report, took).text());
            } else {
                tell(&report, arguments, took);
            }
            // The process ends here; the system takes the memory back faster.
            std::mem::forget(report.remains);
            ExitCode::from(DONE)
        }
        Err(failure) => {
            if json {
                console::say(&JsonReport::failed(&failure, took).text());
            } else {
                console::problems(&failure.problems);
                console::say(&failed_line(&failure));
            }
            exit_code(failure.blame)
        }
    }
}

fn build(arguments: &BuildArgs, started: Instant) -> Result<Report, Failure> {
    let usage = |problem| Failure { blame: Blame::Usage, problems: vec![problem] };
    let now = clock::now(arguments.now.as_deref())
        .map_err(|error| usage(dateline::error::Problem::nowhere(error)))?;
    let base_url = arguments
        .base_url
        .as_deref()
        .map(BaseUrl::parse)
        .transpose()
        .map_err(|error| usage(dateline::error::Problem::nowhere(error)))?;
    let out = arguments.out.clone().unwrap_or_else(|| arguments.root.join("public"));
    let bar = Bar::new(started, arguments.format == ReportFormat::Human && std::io::stderr().is_terminal());
    let request = Request {
        root: &arguments.root,
        out: &out,
        base_url,
        now,
        allowances: Allowances { drafts: arguments.drafts, future: arguments.future },
        adopt: arguments.adopt,
        progress: &|done, total| bar.show(done, total),
        waiting: &|holder| {
            console::remark(&format!("waiting for process {holder}, which is at work on this site"))
        },
        stopwatch: &|| started.elapsed(),
        time_documents: arguments.timings,
    };
    let outcome = build::build(&request);
    bar.clear();
    outcome
}

fn tell(report: &Report, arguments: &BuildArgs, took: Duration) {
    console::problems(&report.problems);
    report.notes.iter().for_each(|note| console::remark(note));
    let changes = &report.changes;
    for path in &changes.replaced_foreign {
        console::say(&format!("took over {path}"));
    }
    if arguments.verbose {
        changes.written_paths.iter().for_each(|path| console::say(&format!("wrote {path}")));
        changes.removed_paths.iter().for_each(|path| console::say(&format!("removed {path}")));
    }
    if arguments.timings {
        console::say(&timings::table(&report.timings));
    }
    console::say(&last_line(report, took));
}

/// A progress bar that appears once patience is at its end.
struct Bar {
    started: Instant,
    wanted: bool,
    bar: OnceLock<ProgressBar>,
}

impl Bar {
    fn new(started: Instant, wanted: bool) -> Self {
        Bar { started, wanted, bar: OnceLock::new() }
    }

    fn show(&self, done: usize, total: usize) {
        if !self.wanted || self.started.elapsed() < PATIENCE {
            return;
        }
        let bar = self.bar.get_or_init(|| {
            let bar = ProgressBar::new(total as u64);
            if let Ok(style) = ProgressStyle::with_template("{bar:40} {pos}/{len} documents") {
                bar.set_style(style);
            }
            bar
        });
        bar.set_position(done as u64);
    }

    fn clear(&self) {
        if let Some(bar) = self.bar.get() {
            bar.finish_and_clear();
        }
    }
}
