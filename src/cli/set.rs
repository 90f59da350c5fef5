//! `dateline set`: changes fields of an article in place, and its line in the ledger with them.

use std::io;
use std::process::ExitCode;

use dateline::model::diagnostics::{Place, Problem};
use dateline::pipeline::explain::{explain, find};
use dateline::pipeline::{self, Blame};
use dateline::site::ledger::{self, Record};
use dateline::source::Format;
use dateline::source::edit::{Change, edit, value_of};
use dateline::storage::{self, file};
use miette::Diagnostic;
use thiserror::Error;

use super::desk::{self, Desk};
use super::{DONE, console, exit_code};
use crate::cli::arguments::SetArgs;

/// Reasons why nothing was changed.
#[derive(Debug, Error, Diagnostic)]
enum SetError {
    #[error("there is no article \u{201c}{wanted}\u{201d}")]
    #[diagnostic(code(set::unknown), help("{nearest}"))]
    Unknown { wanted: String, nearest: String },
    #[error("\u{201c}{argument}\u{201d} is no field with a value")]
    #[diagnostic(
        code(set::usage),
        help(
            "write KEY=VALUE, such as `draft=true`; `title='\"\"'` is an empty text, and `--remove KEY` removes a field"
        )
    )]
    Usage { argument: String },
    #[error("`{key}` is in a table, and only whole fields can be set")]
    #[diagnostic(
        code(set::usage),
        help(
            "edit it in the file, below `[{table}]` in TOML or indented below `{table}:` in YAML; nothing was changed"
        )
    )]
    Nested { key: String, table: String },
    #[error("{name} is {row}")]
    #[diagnostic(
        code(set::row),
        help("change it in {place}, where the columns are the fields; nothing was changed")
    )]
    Row { name: String, row: String, place: String },
    #[error("{name} is {row}")]
    #[diagnostic(code(set::row), help("change that in {place}; nothing was changed"))]
    Made { name: String, row: String, place: String },
    #[error("this can't be written: {reason}")]
    #[diagnostic(
        code(set::write),
        help("check the space on the disk and the permissions; the file is as it was")
    )]
    Write { reason: String },
}

/// A failure: the problems, and who can mend them.
struct Refusal(Blame, Vec<Problem>);

/// Changes the fields and prints the changes.
pub fn run(arguments: &SetArgs) -> ExitCode {
    match set(arguments) {
        Ok(lines) => {
            lines.iter().for_each(|line| console::say(line));
            ExitCode::from(DONE)
        }
        Err(Refusal(blame, problems)) => {
            console::problems(&problems);
            exit_code(blame)
        }
    }
}

fn set(arguments: &SetArgs) -> Result<Vec<String>, Refusal> {
    let changes = changes(arguments)?;
    let (desk, survey) =
        desk::open(&arguments.site).map_err(|failure| Refusal(failure.blame, failure.problems))?;
    let one = find(&survey, &arguments.article).map_err(|near| unknown(&arguments.article, &near))?;
    let (name, id) = (one.name().to_string(), one.id.to_string());
    if let Some(row) = survey.rows.find(&name) {
        let (said, place) = (row.said(), row.whereabouts());
        let error = match row.is_of_data() {
            true => SetError::Row { name, row: said, place },
            false => SetError::Made { name, row: said, place },
        };
        let problem = Problem::new(error, row.place_of_key());
        return Err(Refusal(Blame::Content, vec![problem]));
    }
    let record = survey.ledger.ledger().and_then(|ledger| Some(ledger.records()[ledger.find(&id)?].clone()));
    let file = desk.root.join(&name);
    let place = || Place::file(name.as_str());
    let unwritable = |error: io::Error| {
        let cause = SetError::Write { reason: error.to_string() };
        Refusal(Blame::Machine, vec![Problem::new(cause, place())])
    };
    let old = file::read_text(&file, file::SOURCE).map_err(unwritable)?;
    let format = Format::of(&name).unwrap_or(Format::Markdown);
    let new = changes.iter().try_fold(old.clone(), |text, (key, change)| {
        edit(&text, format, key, change)
            .map_err(|cause| Refusal(Blame::Content, vec![Problem::new(cause, place())]))
    })?;
    storage::replace(&file, &new).map_err(unwritable)?;
    let mut lines: Vec<String> = changes.iter().map(|(key, change)| said(&name, key, change)).collect();
    match settle_ledger(&desk, &name, record) {
        Ok(line) => lines.extend(line),
        Err(refusal) => {
            storage::replace(&file, &old).map_err(unwritable)?;
            return Err(refusal);
        }
    }
    Ok(lines)
}

/// The changes that the command line asks for.
fn changes(arguments: &SetArgs) -> Result<Vec<(String, Change)>, Refusal> {
    let nested = |key: &str| {
        let (table, _) = key.split_once('.')?;
        let cause = SetError::Nested { key: key.to_owned(), table: table.to_owned() };
        Some(Refusal(Blame::Usage, vec![Problem::nowhere(cause)]))
    };
    let field = |argument: &String| match argument.split_once('=') {
        Some((key, value)) if !key.trim().is_empty() && !value.is_empty() => {
            Ok((key.trim().to_owned(), Change::Set(value_of(value))))
        }
        _ => {
            let cause = SetError::Usage { argument: argument.clone() };
            Err(Refusal(Blame::Usage, vec![Problem::nowhere(cause)]))
        }
    };
    let removed = arguments.remove.iter().map(|key| Ok((key.clone(), Change::Remove)));
    let changes: Vec<(String, Change)> =
        arguments.fields.iter().map(field).chain(removed).collect::<Result<_, _>>()?;
    match changes.iter().find_map(|(key, _)| nested(key)) {
        Some(refusal) => Err(refusal),
        None => Ok(changes),
    }
}

fn unknown(wanted: &str, near: &[String]) -> Refusal {
    let cause = SetError::Unknown { wanted: wanted.to_owned(), nearest: desk::nearest(near) };
    Refusal(Blame::Content, vec![Problem::nowhere(cause)])
}

fn said(name: &str, key: &str, change: &Change) -> String {
    match change {
        Change::Set(_) => format!("{name}: `{key}` is set"),
        Change::Remove => format!("{name}: `{key}` is removed"),
    }
}

/// Corrects the ledger where the source `name`, of which it has `record`, has another id or another date now. A date to
/// come changes nothing: the article is withheld until then, and keeps its first date in the ledger.
fn settle_ledger(desk: &Desk, name: &str, record: Option<Record>) -> Result<Option<String>, Refusal> {
    let request = desk.request();
    let (survey, problems, _) =
        pipeline::survey(&request).map_err(|failure| Refusal(failure.blame, failure.problems))?;
    let is_of_source = |problem: &Problem| problem.place().is_some_and(|place| &*place.file == name);
    let errors: Vec<Problem> =
        problems.into_iter().filter(|problem| problem.is_error() && is_of_source(problem)).collect();
    if !errors.is_empty() {
        return Err(Refusal(Blame::Content, errors));
    }
    let Some((record, now)) = record.zip(explain(&request, survey, name)) else { return Ok(None) };
    let written = now.published.iter().find_map(|offer| offer.dated.as_ref()).map(|dated| dated.moment);
    let published = written.filter(|moment| moment.instant() <= desk.now).unwrap_or(record.published);
    if now.id == record.id && published.instant() == record.published.instant() {
        return Ok(None);
    }
    let corrected = Record { id: now.id, published, ..record.clone() };
    let said =
        format!("{}: {} was published at {}", ledger::FILE, corrected.id, corrected.published.rfc3339());
    let done = ledger::correct(&desk.root, &desk.state, &record.id, corrected);
    done.map_err(|problems| Refusal(Blame::Machine, problems))?;
    Ok(Some(said))
}
