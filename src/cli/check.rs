//! `dateline check`.

mod external;
mod github;
mod sarif;

use std::process::ExitCode;

use dateline::check::{Explanation, all, explanation};
use dateline::model::diagnostics::{Problem, ProblemRecord};
use dateline::model::suggest::nearest;
use dateline::pipeline::check::{Checked, check};
use dateline::pipeline::{Blame, Failure, Request};
use miette::Diagnostic;
use serde::Serialize;
use thiserror::Error;

use super::{DONE, build as building, code, console};
use crate::cli::arguments::{CheckArgs, CheckFormat};

/// Errors in the use of `check`.
#[derive(Debug, Error, Diagnostic)]
enum CheckError {
    #[error("there is no code `{code}`")]
    #[diagnostic(code(check::unknown_code))]
    UnknownCode {
        code: String,
        #[help]
        remedy: String,
    },
}

/// The report in the output of `--format json`. All keys are always present.
#[derive(Serialize)]
struct Report {
    /// `done`, or `failed` if the site could not be built, so that its pages were not looked through.
    outcome: &'static str,
    exit_code: u8,
    errors: usize,
    warnings: usize,
    /// The number of pages that were looked through.
    pages: usize,
    /// The number of feeds that were judged.
    feeds: usize,
    /// Errors and warnings, by file and line.
    problems: Vec<ProblemRecord>,
    /// Findings that are only worth knowing, and change no exit code.
    advice: Vec<ProblemRecord>,
    /// Facts worth knowing that are no problems.
    notes: Vec<String>,
    /// Numbers of links to other sites; null without `--external`.
    external: Option<external::Counts>,
}

/// Checks the site and prints the findings.
pub fn run(arguments: &CheckArgs) -> ExitCode {
    if let Some(code) = &arguments.explain {
        return explain(code);
    }
    let outcome = look(arguments);
    let (mut checked, blame) = match outcome {
        Ok(checked) => (checked, None),
        Err(Failure { blame, problems }) => (Checked { problems, ..Checked::default() }, Some(blame)),
    };
    let external::Asked { counts, advice } = external::ask(arguments, &mut checked);
    let errors = checked.problems.iter().filter(|problem| problem.is_error()).count();
    let warnings = checked.problems.len() - errors;
    let exit_code = match blame {
        Some(blame) => code(blame),
        None if errors > 0 || arguments.strict && warnings > 0 => code(Blame::Content),
        None => DONE,
    };
    match arguments.format {
        CheckFormat::Human => {
            console::problems_of(checked.problems.iter().chain(&advice), arguments.verbose);
            checked.notes.iter().for_each(|note| console::remark(note));
            console::say(&last_line(&checked, counts.as_ref(), blame.is_some(), [errors, warnings]));
        }
        CheckFormat::Json => console::say_pretty_json(&Report {
            outcome: if blame.is_some() { "failed" } else { "done" },
            exit_code,
            errors,
            warnings,
            pages: checked.pages,
            feeds: checked.feeds,
            problems: checked.problems.iter().map(Problem::record).collect(),
            advice: advice.iter().map(Problem::record).collect(),
            notes: checked.notes,
            external: counts,
        }),
        CheckFormat::Sarif => console::say_pretty_json(&sarif::log(checked.problems.iter().chain(&advice))),
        CheckFormat::Github => {
            let lines = github::lines(
                checked.problems.iter().chain(&advice),
                &arguments.site.root,
                arguments.verbose,
            );
            lines.iter().for_each(|line| console::say(line));
            console::say(&last_line(&checked, counts.as_ref(), blame.is_some(), [errors, warnings]));
        }
    }
    ExitCode::from(exit_code)
}

fn look(arguments: &CheckArgs) -> Result<Checked, Failure> {
    let site = &arguments.site;
    let (now, base_url) = building::terms(site)?;
    let (state, out) = (building::state(site), building::out(site));
    let allowances = building::allowances(site);
    let request = Request { base_url, allowances, ..Request::new(&site.root, &state, &out, now) };
    check(&request, arguments.external)
}

fn last_line(
    checked: &Checked,
    external: Option<&external::Counts>,
    has_failed: bool,
    [errors, warnings]: [usize; 2],
) -> String {
    let count = |number: usize, what: &str| match number {
        1 => format!("1 {what}"),
        number => format!("{number} {what}s"),
    };
    let findings = format!("{}, {}", count(errors, "error"), count(warnings, "warning"));
    if has_failed {
        return format!("{findings}; the site can't be built, so its pages were not looked through");
    }
    let mut looked = format!("{} and {}", count(checked.pages, "page"), count(checked.feeds, "feed"));
    if let Some(counts) = external {
        looked.push_str(&format!(
            ", {} to other sites ({} asked)",
            count(counts.links, "link"),
            counts.asked
        ));
    }
    format!("{looked}: {findings}")
}

/// Prints the explanation of `code`, or all codes if it is empty.
fn explain(code: &str) -> ExitCode {
    if code.is_empty() {
        let width = all().iter().map(|one| one.code.len()).max().unwrap_or_default();
        all().iter().for_each(|one| console::say(&format!("{:width$}  {}", one.code, one.what)));
        return ExitCode::from(DONE);
    }
    let Some(Explanation { code, what, why, remedy, silence }) = explanation(code) else {
        let codes = all();
        let remedy = match nearest(code, codes.iter().map(|one| one.code.as_str())) {
            Some(name) => format!("did you mean `{name}`?"),
            None => "`dateline check --explain` lists all codes".to_owned(),
        };
        console::problems(&[Problem::nowhere(CheckError::UnknownCode { code: code.to_owned(), remedy })]);
        return super::exit_code(Blame::Usage);
    };
    let lines = [
        code,
        format!("What it is:      {what}."),
        format!("Why it matters:  {why}."),
        format!("How to mend it:  {remedy}."),
        format!("How to silence:  {silence}."),
    ];
    lines.iter().for_each(|line| console::say(line));
    ExitCode::from(DONE)
}
