//! `dateline due`.

use std::process::ExitCode;

use chrono::{DateTime, SecondsFormat, TimeDelta, Timelike, Utc};
use dateline::model::diagnostics::Problem;
use dateline::pipeline::due::{Agenda, Change, Due};
use dateline::pipeline::{last_now, manifest_of};
use serde_json::{Value, json};

use super::publish::span;
use super::{DONE, console, desk, exit_code};
use crate::cli::arguments::{DueArgs, DueFormat};

/// A change is overdue: the output folder does not show it yet.
pub const OVERDUE: u8 = 7;

/// Prints the changes that are due.
pub fn run(arguments: &DueArgs) -> ExitCode {
    let (desk, survey) = match desk::open(&arguments.site) {
        Ok(desk) => desk,
        Err(failure) => return desk::refuse(&failure),
    };
    let manifest = match manifest_of(&desk.root, &desk.state, &desk.out) {
        Ok(manifest) => manifest,
        Err(error) => {
            console::problems(&[Problem::nowhere(error)]);
            return exit_code(dateline::pipeline::Blame::Machine);
        }
    };
    let last = last_now(&desk.root, &desk.state, &desk.out);
    let agenda = Agenda::of(&desk.request(), survey, &manifest, last);
    let overdue: Vec<String> = agenda.overdue.iter().map(|due| late(due, desk.now)).collect();
    match arguments.format {
        DueFormat::Human => overdue.iter().for_each(|line| console::say(line)),
        DueFormat::Json => {}
        // A format for programs has only one value.
        DueFormat::Epoch | DueFormat::Systemd | DueFormat::Cron => {
            overdue.iter().for_each(|line| console::complain(line));
        }
    }
    match arguments.format {
        DueFormat::Human => human(&agenda, desk.now),
        DueFormat::Json => console::say_json(&as_json(&agenda, desk.now)),
        DueFormat::Epoch => say(agenda.instant().map(|instant| instant.timestamp().to_string())),
        DueFormat::Systemd => {
            say(agenda
                .instant()
                .map(|instant| format!("OnCalendar={}", instant.format("%Y-%m-%d %H:%M:%S UTC"))));
        }
        DueFormat::Cron => {
            say(agenda.instant().map(|instant| whole_minute(instant).format("%-M %-H %-d %-m *").to_string()))
        }
    }
    ExitCode::from(if agenda.overdue.is_empty() { DONE } else { OVERDUE })
}

fn say(text: Option<String>) {
    text.iter().for_each(|text| console::say(text));
}

/// What should have happened, as a predicate.
pub fn missed(change: Change) -> &'static str {
    match change {
        Change::Publication => "should be out",
        Change::Expiry => "should be gone",
        Change::Oblivion | Change::Ageing => "should be forgotten",
        Change::Unpinning => "should no longer be first",
        Change::Outgrowing => "should be off a list",
        Change::Ending => "should no longer announce anything",
    }
}

/// What will happen, as a predicate.
pub fn coming(change: Change) -> &'static str {
    match change {
        Change::Publication => "comes out",
        Change::Expiry => "expires",
        Change::Oblivion => "stops being told of in feeds as gone",
        Change::Ageing => "leaves the news sitemap",
        Change::Unpinning => "is no longer first in its lists",
        Change::Outgrowing => "becomes too old for a list",
        Change::Ending => "no longer announces anything",
    }
}

/// The name of a change in JSON.
pub fn name(change: Change) -> &'static str {
    match change {
        Change::Publication => "publication",
        Change::Expiry => "expiry",
        Change::Oblivion => "oblivion",
        Change::Ageing => "ageing",
        Change::Unpinning => "unpinning",
        Change::Outgrowing => "outgrowing",
        Change::Ending => "ending",
    }
}

/// Describes an overdue change, and how late it is.
fn late(due: &Due, now: DateTime<Utc>) -> String {
    let what = missed(due.change);
    let late = span((now - due.moment.instant()).num_seconds().max(0));
    format!("overdue: {} {what} since {} ({late})", due.source, due.moment.rfc3339())
}

fn human(agenda: &Agenda, now: DateTime<Utc>) {
    for due in &agenda.next {
        let what = coming(due.change);
        let wait = span((due.moment.instant() - now).num_seconds());
        console::say(&format!("{} {what} at {}, in {wait}", due.source, due.moment.rfc3339()));
    }
    if agenda.next.is_empty() {
        console::say("nothing is due");
    }
}

fn as_json(agenda: &Agenda, now: DateTime<Utc>) -> Value {
    let list = |dues: &[Due]| {
        let one = |due: &Due| {
            let change = name(due.change);
            let seconds = (due.moment.instant() - now).num_seconds();
            json!({"source": &*due.source, "change": change, "at": due.moment.rfc3339(), "in_seconds": seconds})
        };
        dues.iter().map(one).collect::<Vec<_>>()
    };
    json!({
        "next": agenda.instant().map(|instant| instant.to_rfc3339_opts(SecondsFormat::Secs, true)),
        "due": list(&agenda.next),
        "overdue": list(&agenda.overdue),
    })
}

/// The first whole minute at or after `instant`, since cron has no seconds.
fn whole_minute(instant: DateTime<Utc>) -> DateTime<Utc> {
    match instant.second() {
        0 => instant,
        second => instant + TimeDelta::seconds(60 - i64::from(second)),
    }
}
