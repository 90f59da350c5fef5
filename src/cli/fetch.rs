//! `dateline fetch`.

use std::process::ExitCode;

use dateline::config::{Config, FetchRules};
use dateline::fetch::{Changes, Fetched, Lock, Memory, Named, Outcome};
use dateline::model::diagnostics::{Problem, ProblemRecord};
use dateline::model::suggest::nearest;
use dateline::pipeline::{self, Blame, Failure};
use miette::Diagnostic;
use serde::Serialize;
use thiserror::Error;

use super::{DONE, build as building, code, console};
use crate::cli::arguments::{FetchArgs, ReportFormat};

/// Some could not be fetched.
const SOME_FAILED: u8 = 5;
/// Another fetch is at work.
const BUSY: u8 = 6;
/// With `--check`: a file would change.
const WOULD_CHANGE: u8 = 7;

/// Errors in the use of `fetch`.
#[derive(Debug, Error, Diagnostic)]
enum UsageError {
    #[error("there is no `[[fetch]]` with the name \u{201c}{name}\u{201d}")]
    #[diagnostic(code(fetch::unknown), help("{remedy}"))]
    Unknown { name: String, remedy: String },
    #[cfg(not(feature = "network"))]
    #[error("nothing can be fetched: this `dateline` was built without `network`")]
    #[diagnostic(
        code(fetch::without_network),
        help("build it with its feature `network`; builds need the files under `data/` alone")
    )]
    Without,
}

/// The report in the output of `--format json`. All keys are always present.
#[derive(Serialize)]
struct Report {
    /// `done`, `failed` if some or all could not be fetched, or `busy`.
    outcome: &'static str,
    exit_code: u8,
    /// True if nothing was written (`--check`).
    check: bool,
    fetched: Vec<Record>,
    problems: Vec<ProblemRecord>,
    /// Facts worth knowing that are no problems.
    notes: Vec<String>,
}

/// An entry of `[[fetch]]` in the report.
#[derive(Serialize)]
struct Record {
    name: String,
    file: Option<String>,
    /// `new`, `changed`, `unchanged` or `failed`.
    outcome: &'static str,
    /// Null unless the file is new or changed.
    rows: Option<Changes>,
}

/// The results of a run.
#[derive(Default)]
struct Done {
    fetched: Vec<Fetched>,
    notes: Vec<String>,
    is_busy: bool,
}

/// Fetches documents and prints what changed.
pub fn run(arguments: &FetchArgs) -> ExitCode {
    let (done, failure) = match fetch(arguments) {
        Ok(done) => (done, None),
        Err(failure) => (Done::default(), Some(failure)),
    };
    let Done { mut fetched, notes, is_busy } = done;
    let rows: Vec<Record> = fetched.iter().map(record).collect();
    let summary = (!fetched.is_empty()).then(|| last_line(&fetched, arguments.check));
    let lines: Vec<String> =
        fetched.iter().flat_map(|one| lines(one, arguments.check, arguments.verbose)).collect();
    let has_changes = fetched.iter().any(|one| matches!(one.outcome, Outcome::New(_) | Outcome::Changed(_)));
    let mut problems: Vec<Problem> = fetched
        .drain(..)
        .filter_map(|one| if let Outcome::Failed(problem) = one.outcome { Some(problem) } else { None })
        .collect();
    let blame = failure.as_ref().map(|failure| failure.blame);
    problems.extend(failure.into_iter().flat_map(|failure| failure.problems));
    let exit_code = match blame {
        Some(blame) => code(blame),
        None if is_busy => BUSY,
        None if problems.iter().any(|problem| problem.code() == "fetch::write") => code(Blame::Machine),
        None if !problems.is_empty() => SOME_FAILED,
        None if arguments.check && has_changes => WOULD_CHANGE,
        None => DONE,
    };
    match arguments.format {
        ReportFormat::Json => console::say_pretty_json(&Report {
            outcome: match exit_code {
                DONE | WOULD_CHANGE => "done",
                BUSY => "busy",
                _ => "failed",
            },
            exit_code,
            check: arguments.check,
            fetched: rows,
            problems: problems.iter().map(Problem::record).collect(),
            notes,
        }),
        ReportFormat::Human => {
            lines.iter().for_each(|line| console::say(line));
            console::problems_of(&problems, arguments.verbose);
            notes.iter().for_each(|note| console::remark(note));
            if is_busy {
                console::say("another fetch is at work on this site; nothing was done");
            } else if let Some(summary) = summary {
                console::say(&summary);
            }
        }
    }
    ExitCode::from(exit_code)
}

fn fetch(arguments: &FetchArgs) -> Result<Done, Failure> {
    let config = building::settings(&arguments.root)?;
    let usage = |problems| Failure { blame: Blame::Usage, problems };
    let entries = chosen(arguments, &config.fetch).map_err(usage)?;
    let mut done = Done::default();
    if entries.is_empty() {
        done.notes.push("`site.toml` has no `[[fetch]]`".to_owned());
        return Ok(done);
    }
    let machine = |error| Failure { blame: Blame::Machine, problems: vec![Problem::nowhere(error)] };
    let state = arguments.root.join(pipeline::STATE);
    let _lock = match arguments.check {
        true => None,
        false => match Lock::take(&state).map_err(machine)? {
            Some(lock) => Some(lock),
            None => return Ok(Done { is_busy: true, ..done }),
        },
    };
    let (mut memory, damage) = Memory::load(&state).map_err(machine)?;
    done.notes.extend(damage.map(|why| format!("{why}; all documents are asked for afresh")));
    done.fetched = imp::run(arguments, &config, &entries, &mut memory).map_err(usage)?;
    if !arguments.check {
        memory.keep(|name| config.fetch.iter().any(|rules| rules.name == name));
        memory.save(&state).map_err(machine)?;
    }
    Ok(done)
}

/// The entries that the command line names; all if it names none.
fn chosen<'a>(arguments: &FetchArgs, all: &'a [FetchRules]) -> Result<Vec<&'a FetchRules>, Vec<Problem>> {
    let unknown = arguments.names.iter().filter(|name| all.iter().all(|rules| rules.name != **name));
    let problems: Vec<Problem> = unknown
        .map(|name| {
            let remedy = match (nearest(name, all.iter().map(|rules| rules.name.as_str())), all) {
                (Some(name), _) => format!("did you mean `{name}`?"),
                (None, []) => "`site.toml` has no `[[fetch]]` at all".to_owned(),
                (None, all) => {
                    let names: Vec<&str> = all.iter().map(|rules| rules.name.as_str()).collect();
                    format!("`site.toml` has {}", names.join(", "))
                }
            };
            Problem::nowhere(UsageError::Unknown { name: name.clone(), remedy })
        })
        .collect();
    if !problems.is_empty() {
        return Err(problems);
    }
    let is_chosen = |rules: &&FetchRules| arguments.names.is_empty() || arguments.names.contains(&rules.name);
    Ok(all.iter().filter(is_chosen).collect())
}

#[cfg(not(feature = "network"))]
mod imp {
    use super::*;

    pub(super) fn run(
        _: &FetchArgs,
        _: &Config,
        _: &[&FetchRules],
        _: &mut Memory,
    ) -> Result<Vec<Fetched>, Vec<Problem>> {
        Err(vec![Problem::nowhere(UsageError::Without)])
    }
}

#[cfg(feature = "network")]
mod imp {
    use dateline::fetch::Round;
    use dateline::web::Getter;

    use super::*;

    pub(super) fn run(
        arguments: &FetchArgs,
        config: &Config,
        entries: &[&FetchRules],
        memory: &mut Memory,
    ) -> Result<Vec<Fetched>, Vec<Problem>> {
        let site = config.base_url.origin();
        let name = format!("Dateline/{} (fetch for {site})", env!("CARGO_PKG_VERSION"));
        let getter = Getter::new(&name);
        let round = Round {
            root: &arguments.root,
            get: &|wish| getter.get(wish),
            environment: &|name| std::env::var(name).ok(),
            data: &config.data,
            is_dry: arguments.check,
        };
        Ok(round.run(entries, memory))
    }
}

fn record(one: &Fetched) -> Record {
    let (outcome, rows) = match &one.outcome {
        Outcome::New(changes) => ("new", Some(changes.clone())),
        Outcome::Changed(changes) => ("changed", Some(changes.clone())),
        Outcome::Unchanged(_) => ("unchanged", None),
        Outcome::Failed(_) => ("failed", None),
    };
    Record { name: one.name.clone(), file: one.file.clone(), outcome, rows }
}

/// The lines about one entry; none if it failed, which is a problem.
fn lines(one: &Fetched, is_check: bool, is_verbose: bool) -> Vec<String> {
    let (name, file) = (&one.name, one.file.as_deref().unwrap_or_default());
    let changes = match &one.outcome {
        Outcome::New(changes) => {
            let verb = if is_check { "would be new" } else { "is new" };
            return vec![format!("{name}: {file} {verb}, with {}", count(changes.after, "row"))];
        }
        Outcome::Changed(changes) => changes,
        Outcome::Unchanged(_) => return vec![format!("{name}: {file} is up to date")],
        Outcome::Failed(_) => return Vec::new(),
    };
    let verb = if is_check { "would change" } else { "changed" };
    let parts = [("added", &changes.added), ("changed", &changes.changed), ("gone", &changes.gone)];
    let kinds: Vec<String> = parts
        .iter()
        .filter(|(_, rows)| rows.count > 0)
        .enumerate()
        .map(|(at, (word, rows))| match at {
            0 => format!("{} {word}", count(rows.count, "row")),
            _ => format!("{} {word}", rows.count),
        })
        .collect();
    let what = if kinds.is_empty() {
        "what is beside its rows, or their order".to_owned()
    } else {
        kinds.join(", ")
    };
    let mut lines = vec![format!("{name}: {file} {verb}: {what}")];
    if is_verbose {
        let named = parts.iter().filter(|(_, rows)| !rows.names.is_empty());
        lines.extend(named.map(|(word, rows)| format!("  {word}: {}", names(rows))));
    }
    lines
}

fn names(rows: &Named) -> String {
    let more = rows.count - rows.names.len();
    let rest = if more > 0 { format!(" and {more} more") } else { String::new() };
    format!("{}{rest}", rows.names.join(", "))
}

fn last_line(fetched: &[Fetched], is_check: bool) -> String {
    let number = |is: &dyn Fn(&Outcome) -> bool| fetched.iter().filter(|one| is(&one.outcome)).count();
    let new = number(&|one| matches!(one, Outcome::New(_)));
    let changed = number(&|one| matches!(one, Outcome::Changed(_)));
    let unchanged = number(&|one| matches!(one, Outcome::Unchanged(_)));
    let failed = number(&|one| matches!(one, Outcome::Failed(_)));
    let end = if is_check { "; nothing was written" } else { "" };
    let all = count(fetched.len(), "document");
    format!("{all}: {new} new, {changed} changed, {unchanged} unchanged, {failed} failed{end}")
}

fn count(number: usize, what: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{number} {what}{plural}")
}
