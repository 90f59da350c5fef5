//! `dateline build`.

use std::io::IsTerminal;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use dateline::config::{self, Config};
use dateline::model::diagnostics::Problem;
use dateline::model::url::BaseUrl;
use dateline::output::OutputTerms;
use dateline::pipeline::{self, Blame, Failure, LedgerUse, Report, Request};
use dateline::site::identity::Allowances;
use dateline::storage::file;
use indicatif::{ProgressBar, ProgressStyle};

use super::recorder::{Progress, Recorder, Timings};
use super::report::{JsonReport, failed_line, kinds_line, last_line};
use super::{DONE, clock, console, exit_code, timings};
use crate::cli::arguments::{BuildArgs, ReportFormat, SiteArgs};

/// A build that takes longer than this shows a progress bar.
const PATIENCE: Duration = Duration::from_secs(1);

/// Builds the site and prints the report; the exit code says who must act.
pub fn run(arguments: &BuildArgs) -> ExitCode {
    let started = Instant::now();
    let json = arguments.format == ReportFormat::Json;
    let bar = Arc::new(Bar::new(started, !json && std::io::stderr().is_terminal()));
    let shown = bar.clone();
    let progress: Option<Progress> =
        bar.wanted.then(|| Box::new(move |done, total| shown.show(done, total)) as Progress);
    let recorder = Recorder::new(started, arguments.timings, progress);
    recorder.install();
    let outcome = build(arguments);
    bar.clear();
    let took = started.elapsed();
    match outcome {
        Ok(report) => {
            if json {
                console::say_pretty_json(&JsonReport::done(&report, took));
            } else {
                tell(&report, arguments, &recorder.timings(), took);
            }
            ExitCode::from(DONE)
        }
        Err(failure) => {
            if json {
                console::say_pretty_json(&JsonReport::failed(&failure, took));
            } else {
                console::problems_of(&failure.problems, arguments.verbose);
                console::say(&failed_line(&failure));
            }
            exit_code(failure.blame)
        }
    }
}

fn build(arguments: &BuildArgs) -> Result<Report, Failure> {
    let site = &arguments.site;
    let (now, base_url) = terms(site)?;
    let (state, out) = (state(site), out(site));
    let request = Request {
        base_url,
        allowances: allowances(site),
        terms: OutputTerms { adopt: arguments.adopt, atomic: arguments.output.atomic() },
        ledger: if arguments.locked { LedgerUse::Locked } else { LedgerUse::Read },
        explain: arguments.explain,
        ..Request::new(&site.root, &state, &out, now)
    };
    pipeline::build(&request)
}

/// The clock of the run, and the base URL from the arguments.
pub fn terms(site: &SiteArgs) -> Result<(DateTime<Utc>, Option<BaseUrl>), Failure> {
    let usage = |problem| Failure { blame: Blame::Usage, problems: vec![problem] };
    let now = clock::now(site.now.as_deref()).map_err(|error| usage(Problem::nowhere(error)))?;
    let base_url = site.base_url.as_deref().map(BaseUrl::parse).transpose();
    Ok((now, base_url.map_err(|error| usage(Problem::nowhere(error)))?))
}

/// Reads `site.toml`; its errors are those of a build.
pub fn settings(root: &Path) -> Result<Config, Failure> {
    pipeline::is_site(root)?;
    let mut problems = Vec::new();
    let text = file::read_text(&root.join(config::FILE), file::SETTINGS).unwrap_or_default();
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
    Config::read(text, &mut problems).ok_or(Failure { blame: Blame::Usage, problems })
}

/// The folder for the state that builds keep.
pub fn state(site: &SiteArgs) -> PathBuf {
    site.root.join(pipeline::STATE)
}

/// The output folder.
pub fn out(site: &SiteArgs) -> PathBuf {
    site.out.clone().unwrap_or_else(|| site.root.join("public"))
}

/// Content shown beyond what is public.
pub fn allowances(site: &SiteArgs) -> Allowances {
    Allowances { drafts: site.drafts, future: site.future }
}

fn tell(report: &Report, arguments: &BuildArgs, times: &Timings, took: Duration) {
    console::problems_of(&report.problems, arguments.verbose);
    report.notes.iter().for_each(|note| console::remark(note));
    let changes = &report.changes;
    if report.behind > 0 {
        let lines = if report.behind == 1 { "1 line" } else { &format!("{} lines", report.behind) };
        console::remark(&format!(
            "{lines} of the ledger would change; `dateline publish` brings it up to date"
        ));
    }
    for path in &changes.replaced_foreign {
        console::say(&format!("took over {path}"));
    }
    for one in &report.explained {
        console::say(&format!("{}: {}", one.path, one.why.join("; ")));
    }
    if arguments.verbose {
        changes.written_paths.iter().for_each(|path| console::say(&format!("wrote {path}")));
        changes.removed_paths.iter().for_each(|path| console::say(&format!("removed {path}")));
        if changes.written > 0 {
            console::say(&kinds_line(report));
        }
        times.stages.iter().for_each(|stage| console::remark(&timings::line(stage)));
    }
    if arguments.timings {
        console::say_lines(&timings::table(times));
        let state = state(&arguments.site);
        match timings::write_page(times, &state) {
            Ok(()) => console::say(&format!("as a picture: {}", state.join(timings::PAGE).display())),
            Err(error) => {
                console::remark(&format!("the page with the timings could not be written: {error}"))
            }
        }
    }
    console::say(&last_line(report, took));
}

/// A progress bar that appears after [`PATIENCE`].
struct Bar {
    started: Instant,
    wanted: bool,
    bar: OnceLock<ProgressBar>,
}

impl Bar {
    fn new(started: Instant, wanted: bool) -> Self {
        Bar { started, wanted, bar: OnceLock::new() }
    }

    fn show(&self, done: u64, total: u64) {
        if !self.wanted || self.started.elapsed() < PATIENCE {
            return;
        }
        let bar = self.bar.get_or_init(|| {
            let bar = ProgressBar::new(total);
            if let Ok(style) = ProgressStyle::with_template("{bar:40} {pos}/{len} documents") {
                bar.set_style(style);
            }
            bar
        });
        bar.set_position(done);
    }

    fn clear(&self) {
        if let Some(bar) = self.bar.get() {
            bar.finish_and_clear();
        }
    }
}
