//! `dateline explain`.

use std::process::ExitCode;

use dateline::config::DateSource;
use dateline::model::date::{Dated, Moment, Precision, Provenance};
use dateline::pipeline::explain::{Explanation, IdSource, explain, find};
use dateline::pipeline::gone::{Gone, explain_gone, find_gone};
use dateline::site::identity::{Offer, State};
use dateline::site::ledger::Record;
use dateline::source::DataRow;
use serde_json::{Value, json};

use super::{DONE, console, desk};
use crate::cli::arguments::{ExplainArgs, ReportFormat};

/// The article does not exist.
const UNKNOWN: u8 = 1;

/// Prints everything about one article.
pub fn run(arguments: &ExplainArgs) -> ExitCode {
    let (desk, survey) = match desk::open(&arguments.site) {
        Ok(desk) => desk,
        Err(failure) => return desk::refuse(&failure),
    };
    let name = match find(&survey, &arguments.article) {
        Ok(one) => one.name().to_string(),
        Err(near) => {
            if let Some(record) = find_gone(&survey, &desk.root, &arguments.article) {
                let gone = explain_gone(&desk.request(), survey, record);
                match arguments.format {
                    ReportFormat::Human => human_gone(&gone),
                    ReportFormat::Json => console::say_json(&gone_as_json(&gone)),
                }
                return ExitCode::from(DONE);
            }
            let nearest = desk::nearest(&near);
            console::complain(&format!(
                "there is no article \u{201c}{}\u{201d}; {nearest}",
                arguments.article
            ));
            return ExitCode::from(UNKNOWN);
        }
    };
    let Some(explanation) = explain(&desk.request(), survey, &name) else {
        return ExitCode::from(UNKNOWN);
    };
    match arguments.format {
        ReportFormat::Human => human(&explanation),
        ReportFormat::Json => console::say_json(&as_json(&explanation)),
    }
    ExitCode::from(DONE)
}

fn human_gone(one: &Gone) {
    let line = |name: &str, text: &str| console::say(&format!("{name:10} {text}"));
    let (record, ledger) = (&one.record, format!("{}:{}", dateline::site::ledger::FILE, one.record.line));
    line("source", &format!("content/{}, which is no more", record.source));
    line("id", &format!("{} ({ledger})", record.id));
    line("address", &one.url);
    let earlier = record.paths.split_last().map_or(&[][..], |(_, earlier)| earlier);
    earlier.iter().for_each(|path| line("", &format!("{path} before")));
    line("state", &format!("gone: its source was deleted, or moved without its id; {}", since(record)));
    line("published", &format!("{}, from {ledger}", value(&record.published)));
    line("updated", &format!("{}, the last that readers saw", value(&record.last_change())));
    line("now there", &one.now_there);
}

/// Since when the article with this record is gone.
fn since(record: &Record) -> String {
    match record.gone {
        Some(gone) => format!("the feeds say so since {}", gone.rfc3339()),
        None => "the next publication will say so".to_owned(),
    }
}

fn gone_as_json(one: &Gone) -> Value {
    let record = &one.record;
    json!({
        "source": format!("content/{}", record.source),
        "title": null,
        "id": record.id,
        "id_from": format!("{}:{}", dateline::site::ledger::FILE, record.line),
        "url": one.url,
        "earlier_paths": record.paths.split_last().map_or(&[][..], |(_, earlier)| earlier),
        "state": "gone",
        "published": { "value": record.published.rfc3339() },
        "updated": { "value": record.last_change().rfc3339() },
        "gone": record.gone.map(|moment| moment.rfc3339()),
        "now_there": one.now_there,
        "marks": [],
        "pinned_until": null,
        "shown_in": [],
    })
}

fn human(one: &Explanation) {
    let line = |name: &str, text: &str| console::say(&format!("{name:10} {text}"));
    match &one.row {
        Some(row) => line("source", &format!("{}, {}", one.source, row.whereabouts())),
        None => line("source", &one.source),
    }
    let takes = one.row.iter().flat_map(|row| row.takes());
    for (number, take) in takes.enumerate() {
        line(if number == 0 { "takes" } else { "" }, &format!("{} ({})", take.file, take.about));
    }
    line("title", &one.title);
    line("id", &format!("{} ({})", one.id, id_source(one)));
    line("address", &one.url);
    one.earlier.iter().for_each(|path| line("", &format!("{path} leads there")));
    for (language, url, source) in &one.translations {
        line("in", &format!("{language}: {url} ({source})"));
    }
    line("state", &state(one));
    if let Some(dates) = &one.dates {
        for (name, dated, offers) in
            [("published", &dates.published, &one.published), ("updated", &dates.updated, &one.updated)]
        {
            line(name, &format!("{}, from {}", value(&dated.moment), origin(one, &dated.provenance)));
            losers(dated, offers).for_each(|(offer, why)| line("", &format!("{}: {why}", said(one, offer))));
        }
    }
    if let Some(origin) = &one.origin {
        line("imported", &format!("published {}", origin.published));
        if let Some(updated) = &origin.updated {
            line("", &format!("updated {updated}"));
        }
    }
    if let Some(expires) = &one.expires {
        line("expires", &value(expires));
    }
    if let Some(gone) = one.gone.as_ref().filter(|_| one.state != State::Live) {
        line("gone", &format!("since {}, from the ledger", gone.rfc3339()));
    }
    let (marks, pinned) = &one.marks;
    for mark in marks {
        line("marked", &of_mark(mark, pinned.as_ref()));
    }
    match one.shown.is_empty() {
        true => line("shown in", "nothing"),
        false => one.shown.iter().for_each(|(path, what)| line("shown in", &format!("{path} ({what})"))),
    }
}

/// The candidates for a date that were not chosen, with the reasons.
fn losers<'a>(winner: &'a Dated, offers: &'a [Offer]) -> impl Iterator<Item = (&'a Offer, &'static str)> {
    let is_kept = matches!(winner.provenance, Provenance::Ledger { .. });
    let is_winner =
        |offer: &Offer| offer.dated.as_ref().is_some_and(|dated| dated.provenance == winner.provenance);
    let at = offers.iter().position(is_winner).unwrap_or(offers.len());
    offers.iter().enumerate().filter(move |(_, offer)| !is_winner(offer)).map(move |(place, offer)| {
        let why = match &offer.dated {
            None => "it can't be read",
            Some(_) if place > at => "it comes later in the order",
            Some(_) if is_kept => "the date of the first publication is kept",
            Some(dated) if dated.moment.instant() == winner.moment.instant() => "it says the same",
            Some(_) => "it is not after the publication, or not yet",
        };
        (offer, why)
    })
}

fn said(one: &Explanation, offer: &Offer) -> String {
    match &offer.dated {
        Some(dated) => format!("{} from {}", value(&dated.moment), origin(one, &dated.provenance)),
        None => offer.source.key().to_owned(),
    }
}

fn value(moment: &Moment) -> String {
    let precision = match moment.precision() {
        Precision::Day => "a day",
        Precision::Minute => "to the minute",
        Precision::Second => "to the second",
    };
    format!("{} ({precision})", moment.rfc3339())
}

fn origin(one: &Explanation, provenance: &Provenance) -> String {
    match provenance {
        Provenance::FrontMatter { key, line, column } => format!("{} `{key}`", spot(one, *line, *column)),
        Provenance::WireLine { line, column } => format!("{}:{line}:{column}", one.source),
        Provenance::Ledger { line } if *line > 0 => format!("{}:{line}", dateline::site::ledger::FILE),
        other => other.to_string(),
    }
}

/// A place in the source, or in the data file that it is a row of.
fn spot(one: &Explanation, line: u32, column: u32) -> String {
    match &one.row {
        Some(row) => row.place_at(line, column, 0).to_string(),
        None => format!("{}:{line}:{column}", one.source),
    }
}

fn id_source(one: &Explanation) -> String {
    match one.id_source {
        IdSource::FrontMatter(line, column) => spot(one, line, column),
        IdSource::Ledger(line) => format!("{}:{line}", dateline::site::ledger::FILE),
        IdSource::Minted => "minted; it is kept from the first publication on".to_owned(),
    }
}

/// The effect of a mark.
fn of_mark(mark: &str, pinned: Option<&Moment>) -> String {
    match (mark, pinned) {
        ("unlisted", _) => "unlisted: it is in no list, feed, sitemap or search".to_owned(),
        ("no-feed", _) => "in no feed".to_owned(),
        ("pinned", Some(until)) => format!("pinned: it is first in its lists until {}", until.rfc3339()),
        (other, _) => other.to_owned(),
    }
}

fn state(one: &Explanation) -> String {
    let at = |moment: Option<Moment>| moment.map(|moment| moment.rfc3339()).unwrap_or_default();
    match one.state {
        State::Live if one.dates.is_none() => "live; a page, without a date".to_owned(),
        State::Live => "live".to_owned(),
        State::Draft => "draft".to_owned(),
        State::Scheduled => format!("scheduled until {}", at(one.publication)),
        State::Expired => format!("expired since {}", at(one.expires)),
        State::Withdrawn => "withdrawn: a notice stands in its place".to_owned(),
    }
}

fn as_json_row(row: &DataRow) -> Value {
    let takes = row.takes().iter().map(|take| json!({ "file": take.file, "about": take.about }));
    let takes: Vec<Value> = takes.collect();
    match takes.is_empty() {
        true => json!({ "file": &**row.file(), "line": row.line(), "key": row.key() }),
        false => json!({ "file": &**row.file(), "key": row.key(), "takes": takes }),
    }
}

fn as_json(one: &Explanation) -> Value {
    let date = |dated: Option<&Dated>, offers: &[Offer]| {
        let dated = dated?;
        let precision = format!("{:?}", dated.moment.precision()).to_lowercase();
        let others: Vec<Value> = losers(dated, offers)
            .map(|(offer, why)| {
                json!({
                    "source": DateSource::key(offer.source),
                    "value": offer.dated.as_ref().map(|dated| dated.moment.rfc3339()),
                    "from": offer.dated.as_ref().map(|dated| origin(one, &dated.provenance)),
                    "why_not": why,
                })
            })
            .collect();
        Some(json!({
            "value": dated.moment.rfc3339(),
            "precision": precision,
            "from": origin(one, &dated.provenance),
            "considered": others,
        }))
    };
    let shown: Vec<Value> =
        one.shown.iter().map(|(path, what)| json!({"path": path, "what": what})).collect();
    json!({
        "source": one.source,
        "row": one.row.as_ref().map(|row| as_json_row(row)),
        "title": one.title,
        "id": one.id,
        "id_from": id_source(one),
        "url": one.url,
        "earlier_paths": one.earlier.iter().map(|path| path.as_str()).collect::<Vec<_>>(),
        "state": one.state.word(),
        "published": date(one.dates.as_ref().map(|dates| &dates.published), &one.published),
        "updated": date(one.dates.as_ref().map(|dates| &dates.updated), &one.updated),
        "import": one.origin,
        "expires": one.expires.map(|moment| moment.rfc3339()),
        "gone": one.gone.filter(|_| one.state != State::Live).map(|moment| moment.rfc3339()),
        "marks": one.marks.0,
        "pinned_until": one.marks.1.map(|moment| moment.rfc3339()),
        "shown_in": shown,
    })
}
