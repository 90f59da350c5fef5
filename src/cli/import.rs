//! `dateline import`.

use std::path::Path;
use std::process::ExitCode;

use dateline::import::{Group, ImportError, Kind, LiveFeed, Media, Report, Request, Source, import};
use dateline::model::diagnostics::Problem;
use dateline::pipeline::{Blame, Failure};
use dateline::storage::file;
use serde::Serialize;

use super::remote::fetch;
use super::{DONE, clock, console, exit_code};
use crate::cli::arguments::{ImportArgs, ReportFormat};

/// Findings of one kind that are shown without `-v`.
const SHOWN: usize = 5;

/// The report in the output of `--format json`.
#[derive(Serialize)]
struct Failed<'a> {
    outcome: &'static str,
    problems: &'a [dateline::model::diagnostics::ProblemRecord],
}

/// Imports a site and prints what became of everything.
pub fn run(arguments: &ImportArgs) -> ExitCode {
    let is_json = arguments.format == ReportFormat::Json;
    match imported(arguments) {
        Ok(report) => {
            match is_json {
                true => console::say_pretty_json(&report),
                false => human(&report, arguments),
            }
            ExitCode::from(DONE)
        }
        Err(failure) => {
            match is_json {
                true => {
                    let problems: Vec<_> = failure.problems.iter().map(Problem::record).collect();
                    console::say_pretty_json(&Failed { outcome: "failed", problems: &problems });
                }
                false => console::problems(&failure.problems),
            }
            exit_code(failure.blame)
        }
    }
}

fn imported(arguments: &ImportArgs) -> Result<Report, Failure> {
    let usage = |problem| Failure { blame: Blame::Usage, problems: vec![problem] };
    let now = clock::now(arguments.now.as_deref()).map_err(|error| usage(Problem::nowhere(error)))?;
    let feeds: Result<Vec<LiveFeed>, Problem> = arguments.live_feed.iter().map(|name| live(name)).collect();
    let feeds = feeds.map_err(usage)?;
    let request = Request {
        kind: Kind::named(&arguments.kind),
        source: Source {
            path: &arguments.source,
            now,
            base_url: arguments.base_url.as_deref(),
            without: &[],
        },
        into: &arguments.into,
        is_dry: arguments.dry_run,
        feeds: &feeds,
        media: Media { folder: arguments.media.as_deref(), is_fetched: arguments.fetch_media },
    };
    import(&request).map_err(|error| Failure {
        blame: if error.is_of_machine() { Blame::Machine } else { Blame::Usage },
        problems: vec![Problem::nowhere(error)],
    })
}

/// The feed with this file or address.
fn live(name: &str) -> Result<LiveFeed, Problem> {
    let bytes = if name.starts_with("http://") || name.starts_with("https://") {
        fetch(name).map_err(Problem::nowhere)?.bytes
    } else {
        file::read(Path::new(name), file::FEED).map_err(|error| {
            Problem::nowhere(ImportError::Unreadable { path: name.to_owned(), reason: error.to_string() })
        })?
    };
    Ok(LiveFeed { name: name.to_owned(), bytes })
}

fn human(report: &Report, arguments: &ImportArgs) {
    for group in &report.groups {
        let all = count(group.count, "finding");
        console::say(&format!("{} \u{2013} {} ({all})", title(group.outcome), group.code));
        lines(group, arguments.verbose);
    }
    if arguments.verbose || report.dry_run {
        let verb = if report.dry_run { "would be new" } else { "new" };
        report.new.iter().for_each(|path| console::say(&format!("{verb}: {path}")));
    }
    report.kept.iter().for_each(|path| console::say(&format!("there already, and kept as it is: {path}")));
    let unpublished = match report.unpublished {
        0 => String::new(),
        number => format!("; not public: {number}"),
    };
    console::say(&format!(
        "{} and {}{unpublished}; known ids: {}",
        count(report.articles, "article"),
        count(report.pages, "page"),
        report.ids
    ));
    let verb = if report.dry_run { "would be written" } else { "written" };
    console::say(&format!(
        "{} {verb}, {} there already",
        count(report.new.len(), "file"),
        report.same + report.kept.len()
    ));
    console::say("Before you switch:");
    for (number, step) in report.checklist.iter().enumerate() {
        console::say(&format!("  {}. {step}", number + 1));
    }
}

fn title(outcome: &str) -> &'static str {
    match outcome {
        "lost" => "Not taken along",
        "held" => "Kept from readers",
        "changed" => "Changed",
        _ => "Taken along",
    }
}

fn lines(group: &Group, is_verbose: bool) {
    let shown = if is_verbose { group.findings.len() } else { SHOWN };
    for one in group.findings.iter().take(shown) {
        let line = one.line.map(|line| format!(":{line}")).unwrap_or_default();
        console::say(&format!("  {}{line}: {}", one.file, one.text));
    }
    if group.findings.len() > shown {
        console::say(&format!("  and {} more; `-v` shows all", group.findings.len() - shown));
    }
}

fn count(number: usize, what: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{number} {what}{plural}")
}
