//! Dates that are probably not meant, of all articles: also of those that such a date keeps back.

use chrono::{DateTime, Datelike, Utc};

use super::whole;
use crate::check::{Finding, Kind};
use crate::model::date::{Dated, Provenance};
use crate::model::diagnostics::{Place, Problem};
use crate::pipeline::{Request, Survey};
use crate::site::identity::Row;
use crate::storage::file;

/// The years that an article may be dated ahead.
const AHEAD: i32 = 2;
/// The first year of the web.
const WEB: i32 = 1990;

/// The findings about the dates of all articles.
pub(super) fn findings(survey: &Survey, request: &Request<'_>) -> Vec<Problem> {
    let level = survey.config.check.pages.dates;
    let rows = survey.settled.iter().filter(|row| !survey.config.check.ignores(row.path.as_str()));
    let found = rows.filter_map(|row| {
        let published = &row.dates.as_ref()?.published;
        let (kind, message) = fault(published, request.now)?;
        Some(Problem::new(Finding::new(kind, message, level)?, place(row, published, request)))
    });
    found.collect()
}

/// The fault of a date of publication, if it has one.
fn fault(published: &Dated, now: DateTime<Utc>) -> Option<(Kind, String)> {
    let year = published.moment.instant().year();
    let text = published.moment.rfc3339();
    if year > now.year() + AHEAD {
        return Some((Kind::FarFuture, format!("the article is dated {text}, years ahead")));
    }
    (year < WEB).then(|| (Kind::FarPast, format!("the article is dated {text}, before there was a web")))
}

/// The place of a date in the source of `row`.
fn place(row: &Row, dated: &Dated, request: &Request<'_>) -> Place {
    let name = row.name();
    let (line, column) = match dated.provenance {
        Provenance::FrontMatter { line, column, .. } | Provenance::WireLine { line, column } => {
            (line, column)
        }
        _ => return whole(name),
    };
    let text = file::read_text(&request.root.join(&**name), file::SOURCE).unwrap_or_default();
    let Some(written) = text.lines().nth((line as usize).saturating_sub(1)) else { return whole(name) };
    let start = written.char_indices().nth((column as usize).saturating_sub(1)).map_or(0, |(at, _)| at);
    Place::in_line(name.clone(), line as usize, written, start..written.trim_end().len())
}
