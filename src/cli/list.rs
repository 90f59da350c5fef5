//! `dateline list`.

use std::process::ExitCode;

use dateline::model::printable::printable;
use dateline::pipeline::gone::gone;
use dateline::site::identity::{Row, State};
use dateline::site::ledger::Record;
use serde_json::json;

use super::{DONE, console, desk};
use crate::cli::arguments::{ListArgs, ListFormat};

/// The letters with which spreadsheets let a formula begin, also in their full width.
const FORMULA_STARTS: [char; 8] = ['=', '+', '-', '@', '\u{ff1d}', '\u{ff0b}', '\u{ff0d}', '\u{ff20}'];

const COLUMNS: [&str; 8] = ["state", "published", "updated", "path", "source", "title", "id", "marks"];

/// Lists articles, newest first.
pub fn run(arguments: &ListArgs) -> ExitCode {
    let (desk, survey) = match desk::open(&arguments.site) {
        Ok(looked) => looked,
        Err(failure) => return desk::refuse(&failure),
    };
    let wanted = |one: &&Row| {
        let states = [
            (arguments.scheduled, State::Scheduled),
            (arguments.drafts, State::Draft),
            (arguments.expired, State::Expired),
            (arguments.withdrawn, State::Withdrawn),
            (arguments.recent.is_some(), State::Live),
        ];
        let all = arguments.all || !arguments.gone && states.iter().all(|(asked, _)| !asked);
        all || states.iter().any(|(asked, state)| *asked && *state == one.state)
    };
    let articles = survey.settled.iter().map(Box::as_ref).filter(|one| one.dates.is_some());
    let mut articles: Vec<&Row> = articles.filter(wanted).collect();
    let published = |one: &Row| one.dates.as_ref().map(|dates| dates.published.moment.instant());
    articles.sort_by(|a, b| published(b).cmp(&published(a)).then_with(|| a.id.cmp(&b.id)));
    let mut live = 0;
    articles.retain(|one| {
        live += usize::from(one.state == State::Live);
        one.state != State::Live || arguments.all || arguments.recent.is_none_or(|most| live <= most)
    });
    let gone = if arguments.all || arguments.gone { gone(&survey, &desk.root) } else { Vec::new() };
    let of_gone = gone.iter().map(|record| (Some(record.published.instant()), row_of_gone(record)));
    let mut rows: Vec<_> = articles.iter().map(|one| (published(one), row(one))).chain(of_gone).collect();
    rows.sort_by_key(|(published, _)| std::cmp::Reverse(*published));
    let rows = rows.into_iter().map(|(_, row)| row);
    match arguments.format {
        ListFormat::Human => rows.for_each(|[state, published, _, path, source, title, _, marks]| {
            let marks = if marks.is_empty() { marks } else { format!("  [{marks}]") };
            console::say(&format!("{published}  {state:9}  {path}  {title}  ({source}){marks}"));
        }),
        ListFormat::Json => {
            let rows: Vec<_> = rows
                .map(|row| COLUMNS.iter().zip(row).map(|(name, value)| (*name, value)).collect())
                .map(|row: std::collections::BTreeMap<&str, String>| json!(row))
                .collect();
            console::say_json(&rows);
        }
        ListFormat::Csv => {
            let heads = COLUMNS.map(str::to_owned);
            std::iter::once(heads).chain(rows).for_each(|row| {
                let fields: Vec<String> = row.iter().map(|field| csv(field)).collect();
                console::say_csv(&fields.join(","));
            });
        }
    }
    ExitCode::from(DONE)
}

fn row(one: &Row) -> [String; 8] {
    let date = |updated: bool| {
        let dates = one.dates.as_ref();
        let dated = dates.map(|dates| if updated { &dates.updated } else { &dates.published });
        dated.map_or_else(String::new, |dated| dated.moment.rfc3339())
    };
    [
        one.state.word().to_owned(),
        date(false),
        date(true),
        one.path.as_str().to_owned(),
        one.name().to_string(),
        one.title.to_string(),
        one.id.to_string(),
        one.marks().join(" "),
    ]
}

/// The row of an article whose source is no more. Its title is not known.
fn row_of_gone(record: &Record) -> [String; 8] {
    [
        "gone".to_owned(),
        record.published.rfc3339(),
        record.last_change().rfc3339(),
        record.path().unwrap_or_default().to_owned(),
        format!("content/{}", record.source),
        String::new(),
        record.id.clone(),
        String::new(),
    ]
}

/// A field of CSV (RFC 4180, section 2), in one line. A field that a spreadsheet would take for a formula gets a `'`
/// in front.
fn csv(field: &str) -> String {
    let field = printable(field);
    let formula = field.trim_start().starts_with(FORMULA_STARTS);
    let field = if formula { format!("'{field}") } else { field.into_owned() };
    match field.contains([',', '"', ';']) {
        true => format!("\"{}\"", field.replace('"', "\"\"")),
        false => field,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_quoted_where_they_have_to_be() {
        assert_eq!(csv("a b"), "a b");
        assert_eq!(csv("a, \"b\""), "\"a, \"\"b\"\"\"");
        for formula in ["=1+1", "@SUM(A1)", " =1+1", "\u{ff1d}1+1"] {
            assert_eq!(csv(formula), format!("'{formula}"));
        }
        assert_eq!(csv("a\nb;\u{1b}"), "\"a\\nb;\\u{1b}\"");
    }
}
