//! `ledger.jsonl` of the target: the ids and first dates by which readers know the articles.

use std::collections::HashSet;

use chrono::{DateTime, Utc};

use super::model::{Article, Imported, Outcome, When};
use super::write::address;
use crate::site::ledger::{Ledger, Origin, OriginDate, Record, Unfed, written};

/// The text of the ledger; `None` if nothing was public. Of two articles with one id, the first has it.
pub fn text(imported: &mut Imported, now: DateTime<Utc>) -> Option<String> {
    let mut known: HashSet<String> = HashSet::new();
    let mut records = Vec::new();
    let mut twice = Vec::new();
    for article in &imported.articles {
        let Some(record) = record(article, now) else { continue };
        match known.insert(record.id.clone()) {
            true => records.push(record),
            false => twice.push((article.source.clone(), record.id)),
        }
    }
    for (source, id) in twice {
        let text = format!("another article has the id {id} too: this one gets a new one");
        imported.tell(Outcome::Changed, "same-id", source, text);
    }
    (!records.is_empty()).then(|| written(&Ledger::new(records)))
}

/// The record of `article`; `None` if it was never public, or nobody knows it by an id.
fn record(article: &Article, now: DateTime<Utc>) -> Option<Record> {
    let published = article.published.as_ref()?;
    let is_out = article.draft.is_none()
        && published.moment.passed() <= now
        && article.expires.as_ref().is_none_or(|when| when.moment.instant() > now);
    let id = article.guid.clone().filter(|id| is_out && !id.trim().is_empty())?;
    let updated = article.updated.as_ref().filter(|when| {
        let instant = when.moment.instant();
        instant > published.moment.instant() && instant <= now
    });
    let says =
        |name: &str, value: bool| article.fields.get(name).and_then(toml::Value::as_bool) == Some(value);
    let is_unfed = says("unlisted", true) || says("feed", false);
    Some(Record {
        id,
        source: article.target.clone(),
        published: published.moment,
        updated: updated.map(|when| when.moment),
        substance: None,
        paths: address(&article.url).map(|path| path.as_str().to_owned()).into_iter().collect(),
        gone: None,
        arrived: None,
        unfed: is_unfed.then_some(Unfed::Always),
        translates: None,
        origin: Some(Box::new(Origin { published: origin(published), updated: updated.map(origin) })),
        line: 0,
    })
}

fn origin(when: &When) -> OriginDate {
    let (spot, line) = (&when.spot, when.spot.line);
    let from = if line == 0 { spot.file.clone() } else { format!("{}:{line}", spot.file) };
    OriginDate { text: when.text.clone(), from, rule: when.rule.clone() }
}
