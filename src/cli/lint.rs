//! `dateline feeds lint`.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use chrono::{DateTime, Utc};
use dateline::feed::lint::{Finding, Judgement, Known, judge, served};
use dateline::model::diagnostics::{Problem, ProblemRecord};
use dateline::model::url::{BaseUrl, UrlPath};
use dateline::pipeline::{self, Blame, Failure};
use dateline::storage::file;
use miette::Diagnostic;
use serde::Serialize;
use thiserror::Error;
use walkdir::WalkDir;

use super::remote::{FetchError, fetch};
use super::{DONE, build as building, console, exit_code};
use crate::cli::arguments::{FeedsLintArgs, ReportFormat};

/// Extensions of files that may be feeds.
const ENDS: [&str; 4] = ["xml", "atom", "rss", "json"];

/// The most files and folders of a folder that are looked through.
const MOST_LISTED: usize = 1_000_000;

/// Reasons why feeds could not be read.
#[derive(Debug, Error, Diagnostic)]
enum LintError {
    #[error("{file} can't be read: {reason}")]
    #[diagnostic(code(lint::unreadable), help("give a file, a folder or a URL that begins with http"))]
    Unreadable { file: String, reason: String },
    #[error("there are no feeds in {folder}")]
    #[diagnostic(
        code(lint::nothing),
        help(
            "files that end in .xml, .atom, .rss or .json are looked at; of a site, `dateline build` makes them"
        )
    )]
    Nothing { folder: String },
    #[error("{folder} has more than {most} files and folders")]
    #[diagnostic(code(lint::endless), help("give the folder that has the feeds, or the feeds themselves"))]
    Endless { folder: String, most: usize },
    #[error("this is the whole file system and no folder of feeds")]
    #[diagnostic(code(lint::endless), help("give the folder that has the feeds, or the feeds themselves"))]
    Everything,
    #[error(transparent)]
    #[diagnostic(transparent)]
    Fetch(#[from] FetchError),
}

/// A checked feed.
#[derive(Serialize)]
struct Judged {
    feed: String,
    /// The name of its format for people; null if it is no feed.
    format: Option<String>,
    entries: usize,
    encoding: &'static str,
    /// Number of findings that are left out, because their rules are broken very often.
    left_out: usize,
    findings: Vec<Found>,
    #[serde(skip)]
    problems: Vec<Problem>,
}

/// A finding in the output of `--format json`.
#[derive(Serialize)]
struct Found {
    #[serde(flatten)]
    problem: ProblemRecord,
    rule: &'static str,
    /// Why it matters to readers.
    why: &'static str,
    /// The id of the entry.
    entry: Option<String>,
}

/// The report in the output of `--format json`.
#[derive(Serialize)]
struct Report {
    exit_code: u8,
    errors: usize,
    warnings: usize,
    feeds: Vec<Judged>,
    /// Feeds that could not be read.
    problems: Vec<ProblemRecord>,
}

/// Checks feeds and prints the findings.
pub fn run(arguments: &FeedsLintArgs) -> ExitCode {
    let (now, base_url) = match building::terms(&arguments.site.site()) {
        Ok(terms) => terms,
        Err(failure) => return refuse(&failure),
    };
    let mut lost = Vec::new();
    let feeds = if arguments.feeds.is_empty() {
        match own(arguments, now, base_url, &mut lost) {
            Ok(feeds) => feeds,
            Err(failure) => return refuse(&failure),
        }
    } else {
        arguments.feeds.iter().flat_map(|feed| named(feed, now, &mut lost)).collect()
    };
    let all = || feeds.iter().flat_map(|feed| &feed.problems);
    let errors = all().filter(|problem| problem.is_error()).count();
    let warnings = all().count() - errors;
    let bad = errors > 0 || arguments.strict && warnings > 0;
    let code = match (lost.is_empty(), bad) {
        (false, _) => super::code(Blame::Usage),
        (true, true) => super::code(Blame::Content),
        (true, false) => DONE,
    };
    match arguments.format {
        ReportFormat::Json => {
            let problems = lost.iter().map(Problem::record).collect();
            let report = Report { exit_code: code, errors, warnings, feeds, problems };
            console::say_pretty_json(&report);
        }
        ReportFormat::Human => {
            console::problems_of(feeds.iter().flat_map(|feed| &feed.problems), arguments.verbose);
            console::problems(&lost);
            console::say(&last_line(&feeds, errors, warnings));
        }
    }
    ExitCode::from(code)
}

fn refuse(failure: &Failure) -> ExitCode {
    console::problems(&failure.problems);
    exit_code(failure.blame)
}

fn last_line(feeds: &[Judged], errors: usize, warnings: usize) -> String {
    let count = |number: usize, one: &str, more: &str| match number {
        1 => format!("1 {one}"),
        number => format!("{number} {more}"),
    };
    let entries = feeds.iter().map(|feed| feed.entries).sum();
    let left_out: usize = feeds.iter().map(|feed| feed.left_out).sum();
    let also = if left_out == 0 { String::new() } else { format!(", and {left_out} more of the same kinds") };
    format!(
        "{} with {}: {}, {}{also}",
        count(feeds.len(), "feed", "feeds"),
        count(entries, "entry", "entries"),
        count(errors, "error", "errors"),
        count(warnings, "warning", "warnings"),
    )
}

/// Checks the feeds in the output folder of a site.
fn own(
    arguments: &FeedsLintArgs,
    now: DateTime<Utc>,
    base_url: Option<BaseUrl>,
    lost: &mut Vec<Problem>,
) -> Result<Vec<Judged>, Failure> {
    let site = arguments.site.site();
    let (state, out) = (building::state(&site), building::out(&site));
    let base_url = match base_url {
        Some(base_url) => base_url,
        None => building::settings(&site.root)?.base_url,
    };
    let manifest = pipeline::manifest_of(&site.root, &state, &out)
        .map_err(|error| Failure { blame: Blame::Machine, problems: vec![Problem::nowhere(error)] })?;
    let mut paths: Vec<&str> = manifest.files.keys().map(|path| &**path).collect();
    paths.sort_unstable();
    let mut feeds = Vec::new();
    for path in paths.into_iter().filter(|path| may_be_feed(Path::new(path))) {
        let url = UrlPath::parse(&format!("/{path}")).ok().map(|path| base_url.absolute(&path));
        feeds.extend(feed_file(&out.join(path), url.as_deref(), now, true, lost));
    }
    if feeds.is_empty() && lost.is_empty() {
        lost.push(Problem::nowhere(LintError::Nothing { folder: out.display().to_string() }));
    }
    Ok(feeds)
}

/// Checks the feeds with a given name: a URL, a file or a folder.
fn named(name: &str, now: DateTime<Utc>, lost: &mut Vec<Problem>) -> Vec<Judged> {
    if ["http://", "https://"].iter().any(|scheme| name.to_ascii_lowercase().starts_with(scheme)) {
        return match fetch(name) {
            Ok(fetched) => {
                let mut judgement = judge(&fetched.bytes, &Known { url: Some(&fetched.url), now: Some(now) });
                served(&mut judgement, fetched.content_type.as_deref());
                vec![judged(&judgement, &fetched.url)]
            }
            Err(error) => {
                lost.push(Problem::nowhere(LintError::Fetch(error)));
                Vec::new()
            }
        };
    }
    let path = PathBuf::from(name);
    if path.canonicalize().is_ok_and(|path| path.parent().is_none()) {
        lost.push(Problem::nowhere(LintError::Everything));
        return Vec::new();
    }
    if !path.is_dir() {
        return feed_file(&path, None, now, false, lost).into_iter().collect();
    }
    let mut feeds = Vec::new();
    // Other file systems, such as `/proc`, are left out.
    let walk = WalkDir::new(&path).same_file_system(true).sort_by_file_name();
    for (at, found) in walk.into_iter().enumerate() {
        if at == MOST_LISTED {
            lost.push(Problem::nowhere(LintError::Endless { folder: name.to_owned(), most: MOST_LISTED }));
            return feeds;
        }
        match found {
            Ok(found) if found.file_type().is_file() && may_be_feed(found.path()) => {
                feeds.extend(feed_file(found.path(), None, now, true, lost));
            }
            Ok(_) => {}
            Err(error) => {
                let file = error.path().unwrap_or(&path).display().to_string();
                lost.push(Problem::nowhere(LintError::Unreadable { file, reason: error.to_string() }));
            }
        }
    }
    if feeds.is_empty() && lost.is_empty() {
        lost.push(Problem::nowhere(LintError::Nothing { folder: name.to_owned() }));
    }
    feeds
}

fn may_be_feed(path: &Path) -> bool {
    let end = path.extension().and_then(|end| end.to_str()).unwrap_or_default();
    ENDS.iter().any(|known| known.eq_ignore_ascii_case(end))
}

/// Checks the feed in a file. With `pass_over`, a file that is no feed is skipped without an error.
fn feed_file(
    path: &Path,
    url: Option<&str>,
    now: DateTime<Utc>,
    pass_over: bool,
    lost: &mut Vec<Problem>,
) -> Option<Judged> {
    match file::read(path, file::FEED) {
        Ok(bytes) => {
            let judgement = judge(&bytes, &Known { url, now: Some(now) });
            let is_feed = judgement.format.is_some() || !pass_over;
            is_feed.then(|| judged(&judgement, &path.display().to_string()))
        }
        Err(error) => {
            let file = path.display().to_string();
            lost.push(Problem::nowhere(LintError::Unreadable { file, reason: error.to_string() }));
            None
        }
    }
}

fn judged(judgement: &Judgement<'_>, name: &str) -> Judged {
    let problems = judgement.problems(name);
    let found = |(finding, problem): (&Finding, &Problem)| Found {
        problem: problem.record(),
        rule: finding.rule.about().id,
        why: finding.rule.about().why,
        entry: finding.entry.as_ref().map(|id| id.to_string()),
    };
    Judged {
        feed: name.to_owned(),
        format: judgement.format.map(|format| format.to_string()),
        entries: judgement.entries,
        encoding: judgement.encoding,
        left_out: judgement.left_out,
        findings: judgement.findings.iter().zip(&problems).map(found).collect(),
        problems,
    }
}
