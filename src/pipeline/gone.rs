//! Articles that the ledger knows and whose sources are no more.

use std::collections::HashSet;
use std::path::Path;

use super::{Request, SitePlan, Survey};
use crate::model::url::UrlPath;
use crate::site::ledger::Record;
use crate::site::plan::{Plan, Shows};
use crate::source::FOLDER;

/// An article without a source.
#[derive(Debug, Clone, PartialEq)]
pub struct Gone {
    /// Its record.
    pub record: Record,
    /// Its last address.
    pub url: String,
    /// The document that is at that address now, in words.
    pub now_there: String,
}

/// The records of articles whose sources are no more, the newest publication first. `root` is the folder of the site.
pub fn gone<'a>(survey: &'a Survey, root: &Path) -> Vec<&'a Record> {
    let ids: HashSet<&str> = survey.settled.iter().map(|row| &*row.id).collect();
    let numbers: HashSet<usize> =
        survey.settled.iter().filter_map(|row| row.record).map(|at| at as usize).collect();
    let Some(ledger) = survey.ledger.ledger() else { return Vec::new() };
    let records = ledger.records().iter().enumerate();
    // A source with errors is still there.
    let is_gone = |(at, record): &(usize, &Record)| {
        !numbers.contains(at)
            && !ids.contains(record.id.as_str())
            && !root.join(FOLDER).join(&record.source).exists()
            && survey.rows.find(&format!("{FOLDER}/{}", record.source)).is_none()
    };
    let mut gone: Vec<&Record> = records.filter(is_gone).map(|(_, record)| record).collect();
    gone.sort_by(|a, b| b.published.instant().cmp(&a.published.instant()).then_with(|| a.id.cmp(&b.id)));
    gone
}

/// The record of the article that `wanted` names: by its source, with or without `content/`, by an address, or by its id.
pub fn find_gone(survey: &Survey, root: &Path, wanted: &str) -> Option<Record> {
    let path = survey.config.base_url.inside(wanted);
    let path = path.as_deref().unwrap_or(wanted).trim_matches('/');
    let source = wanted.trim_start_matches("./");
    let source = source.strip_prefix(FOLDER).map_or(source, |rest| rest.trim_start_matches('/'));
    let is_meant = |record: &&&Record| {
        let stem = record.source.rsplit_once('.').map_or(record.source.as_str(), |(stem, _)| stem);
        record.id == wanted
            || record.source == source
            || stem == source
            || stem.strip_suffix("/index") == Some(source)
            || record.paths.iter().any(|known| known.trim_matches('/') == path)
    };
    gone(survey, root).iter().find(is_meant).map(|record| (*record).clone())
}

/// Explains the article with this `record`.
pub fn explain_gone(request: &Request<'_>, survey: Survey, record: Record) -> Gone {
    let path = record.path().and_then(|path| UrlPath::parse(path).ok());
    let absolute = |path: &UrlPath| survey.config.base_url.absolute(path);
    let url = path.as_ref().map(absolute).unwrap_or_default();
    let SitePlan { plan, .. } = survey.plan(request);
    let now_there = path.map_or_else(String::new, |path| there(&plan, &path));
    Gone { record, url, now_there }
}

/// The document or redirect at `path`, in words.
fn there(plan: &Plan, path: &UrlPath) -> String {
    let found = plan.documents.iter().find(|planned| planned.path == *path);
    match found.map(|planned| (&planned.shows, planned)) {
        None => match plan.rules.iter().find(|rule| rule.path == *path && rule.query.is_none()) {
            Some(rule) => format!("it leads to {}, by the rules for servers", rule.target),
            None => "nothing; the page for what is not found".to_owned(),
        },
        Some((Shows::Redirect(target), planned)) => format!("it leads to {target}, by {}", planned.source),
        Some((_, planned)) => planned.source.to_string(),
    }
}
