//! `dateline mv`: moves a source, so that its id stays, its old address redirects, and links lead to its new place.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::Path;
use std::process::ExitCode;

use dateline::model::diagnostics::Problem;
use dateline::model::metadata::{Node, Value};
use dateline::pipeline::moving::{Move, MoveError};
use dateline::pipeline::{Blame, Survey};
use dateline::site::identity::Row;
use dateline::site::ledger::{self, Record};
use dateline::source::edit::{Change, edit};
use dateline::source::{self, DataRow, Format};
use dateline::storage::{self, file};
use miette::Diagnostic;
use thiserror::Error;

use super::desk::{self, Desk};
use super::{DONE, console, exit_code};
use crate::cli::arguments::MvArgs;

/// Failures of the machine.
#[derive(Debug, Error, Diagnostic)]
enum MvError {
    #[error("{path} can't be moved or written: {reason}")]
    #[diagnostic(
        code(mv::write),
        help("check the space on the disk and the permissions; `git status` shows the changes made so far")
    )]
    Write { path: String, reason: String },
    #[error("content/{path} is {row}")]
    #[diagnostic(
        code(mv::row),
        help(
            "give it another key in {place}: the next publication knows it by its text, keeps its id and redirects its old address"
        )
    )]
    Row { path: String, row: String, place: String },
    #[error("content/{path} is {row}")]
    #[diagnostic(
        code(mv::row),
        help(
            "`section` of its `[[wire]]` in site.toml is where the stories of a folder are; its takes are in {place}"
        )
    )]
    Made { path: String, row: String, place: String },
}

/// A published article that moves without a ledger: the fields that keep its identity.
struct Keepsake {
    /// Its new path below `content/`.
    path: String,
    /// The fields with their new values.
    fields: Vec<(&'static str, Change)>,
}

/// Moves a source and prints the changes.
pub fn run(arguments: &MvArgs) -> ExitCode {
    let (desk, survey) = match desk::open(&arguments.site) {
        Ok(desk) => desk,
        Err(failure) => return desk::refuse(&failure),
    };
    let below =
        |path: &str| path.strip_prefix("./").unwrap_or(path).trim_start_matches("content/").to_owned();
    let site = source::Site::new(&desk.root, &survey.config.files);
    let found = source::files(&site, source::FOLDER, source::Tree::Content, &mut source::Findings::default());
    let mut files: BTreeSet<String> = found.iter().map(|file| file.path().to_owned()).collect();
    let (from, to) = (below(&arguments.from), below(&arguments.to));
    if let Some(problem) = row(&survey, &from) {
        console::problems(&[problem]);
        return exit_code(Blame::Content);
    }
    // The rows that a section names move with it.
    let is_of_settings =
        |row: &DataRow| survey.config.sources.iter().any(|source| *source.file == **row.file());
    files.extend(survey.rows.iter().filter(|row| !is_of_settings(row)).map(|row| row.path().to_owned()));
    let wikilinks = survey.config.markdown.switches.wikilinks;
    let plan = match Move::plan(&desk.root, &files, wikilinks, &from, &to) {
        Ok(plan) => plan,
        Err(error) => {
            let blame =
                if matches!(error, MoveError::Missing { .. }) { Blame::Content } else { Blame::Usage };
            console::problems(&[Problem::nowhere(error)]);
            return exit_code(blame);
        }
    };
    tell(&plan);
    tell_of_rows(&survey, &files, &plan);
    if arguments.dry_run {
        return ExitCode::from(DONE);
    }
    match carry_out(&desk, &survey, &plan) {
        Ok(()) => ExitCode::from(DONE),
        Err(problems) => {
            console::problems(&problems);
            exit_code(Blame::Machine)
        }
    }
}

fn tell(plan: &Move) {
    console::say(&format!("content/{} moves to content/{}", plan.from, plan.to));
    for path in plan.texts.keys() {
        console::say(&format!("content/{path}: links change"));
    }
}

/// The refusal to move a row.
fn row(survey: &Survey, path: &str) -> Option<Problem> {
    let row = survey.rows.find(&format!("{}/{path}", source::FOLDER))?;
    let (path, said, place) = (path.to_owned(), row.said(), row.whereabouts());
    let error = match row.is_of_data() {
        true => MvError::Row { path, row: said, place },
        false => MvError::Made { path, row: said, place },
    };
    Some(Problem::new(error, row.place_of_key()))
}

/// Names the rows of data files whose links have to be changed by hand.
fn tell_of_rows(survey: &Survey, files: &BTreeSet<String>, plan: &Move) {
    for row in survey.rows.iter().filter(|row| plan.changes(files, row.path(), Format::Markdown, row.text()))
    {
        console::remark(&format!(
            "{}:{}: the row \u{201c}{}\u{201d} links to what moves; change that by hand",
            row.file(),
            row.line(),
            row.key()
        ));
    }
}

fn carry_out(desk: &Desk, survey: &Survey, plan: &Move) -> Result<(), Vec<Problem>> {
    let content = desk.root.join(source::FOLDER);
    let kept = keepsakes(survey, plan);
    let (from, to) = (content.join(&plan.from), content.join(&plan.to));
    let moved = to.parent().map_or(Ok(()), fs::create_dir_all).and_then(|()| fs::rename(&from, &to));
    moved.map_err(|error| unwritable(&plan.from, &error))?;
    for (path, text) in &plan.texts {
        storage::replace(&content.join(path), text).map_err(|error| unwritable(path, &error))?;
    }
    for record in records(survey, plan) {
        ledger::correct(&desk.root, &desk.state, &record.id.clone(), record)?;
    }
    kept.iter().try_for_each(|one| keep(&content, one))
}

fn unwritable(path: &str, error: &io::Error) -> Vec<Problem> {
    let path = format!("content/{path}");
    vec![Problem::nowhere(MvError::Write { path, reason: error.to_string() })]
}

/// The lines of the ledger of articles that move, with their new sources.
fn records(survey: &Survey, plan: &Move) -> Vec<Record> {
    let records = survey.ledger.ledger().map_or(&[][..], |ledger| ledger.records());
    let moved = records.iter().filter_map(|record| {
        let source = plan.files.get(&record.source)?.clone();
        Some(Record { source, ..record.clone() })
    });
    moved.collect()
}

/// The fields that articles need for their ids and old addresses, where the site has no ledger that keeps both.
fn keepsakes(survey: &Survey, plan: &Move) -> Vec<Keepsake> {
    if survey.ledger.ledger().is_some() {
        return Vec::new();
    }
    let text = |text: &str| Node { value: Value::String(text.to_owned()), span: 0..0 };
    let of_row = |row: &Row| {
        let path = plan.files.get(row.document.path())?.clone();
        row.dates.as_ref()?;
        if row.document.is_row {
            console::remark(&format!(
                "{}: it is a row of a data file, so its id changes with its place; to keep it, add a column for `id` with {}",
                row.name(),
                row.id
            ));
            return None;
        }
        let aliases = row.document.load().front.aliases.iter().map(|alias| text(&alias.value));
        let aliases = aliases.chain([text(row.path.as_str())]).collect();
        let fields = vec![
            ("id", Change::Set(Value::String(row.id.to_string()))),
            ("aliases", Change::Set(Value::List(aliases))),
        ];
        Some(Keepsake { path, fields })
    };
    survey.settled.iter().filter_map(|row| of_row(row)).collect()
}

/// Writes the fields into the moved source.
fn keep(content: &Path, one: &Keepsake) -> Result<(), Vec<Problem>> {
    let file = content.join(&one.path);
    let old = file::read_text(&file, file::SOURCE).map_err(|error| unwritable(&one.path, &error))?;
    let format = Format::of(&one.path).unwrap_or(Format::Markdown);
    let new = one.fields.iter().try_fold(old, |text, (key, change)| edit(&text, format, key, change));
    match new {
        Ok(new) => storage::replace(&file, &new).map_err(|error| unwritable(&one.path, &error)),
        Err(error) => {
            // A wire article has no place for an id: its readers may see it as new.
            console::remark(&format!(
                "content/{}: {error}, so its id and its old address are not kept",
                one.path
            ));
            Ok(())
        }
    }
}
