//! Minting ids: `tag:` URIs (RFC 4151) that never depend on URL, slug, format or title.

use std::fmt::Write;

use chrono::{Datelike, NaiveDate};

use crate::config::Authority;
use crate::model::url::percent_encode;
use crate::site::ledger::Ledger;

/// The id of the source whose path without extension is `stem`, first published on `day`. Without a day (a page), the
/// authority's own date is used.
pub fn mint(authority: &Authority, day: Option<NaiveDate>, stem: &str) -> String {
    let (name, what) = (&authority.name, percent_encode(stem));
    match day {
        // The specific part (RFC 4151, section 2.1) allows the same characters as a path.
        Some(day) => {
            let mut id = String::with_capacity("tag:,0000-00-00:".len() + name.len() + what.len());
            id.extend(["tag:", name, ","]);
            // Writing into a string never fails.
            _ = write!(id, "{:04}-{:02}-{:02}", day.year(), day.month(), day.day());
            id.extend([":", &*what]);
            id
        }
        None => format!("tag:{name},{}:{what}", authority.since),
    }
}

/// A new id that `ledger` does not have. A new article may use the source path of an older one, but must not be taken
/// for it.
pub(super) fn mint_another(
    authority: &Authority,
    day: Option<NaiveDate>,
    stem: &str,
    ledger: Option<&Ledger>,
) -> String {
    let id = mint(authority, day, stem);
    let is_taken = |id: &str| ledger.is_some_and(|ledger| ledger.find(id).is_some());
    if !is_taken(&id) {
        return id;
    }
    let mut others = (2..u32::MAX).map(|number| format!("{id};{number}"));
    others.find(|other| !is_taken(other)).unwrap_or(id)
}

/// The id of the feed of `what`: empty for the site, else a section or `taxonomy/term`.
pub fn feed_id(authority: &Authority, kind: &str, what: &str) -> String {
    format!("tag:{},{}:feed:{kind}:{}", authority.name, authority.since, percent_encode(what))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_tag_uris() {
        let authority = Authority { name: "example.org".into(), since: "2019".into() };
        let day = NaiveDate::from_ymd_opt(2014, 2, 14);
        assert_eq!(mint(&authority, day, "news/ferry"), "tag:example.org,2014-02-14:news/ferry");
        assert_eq!(mint(&authority, None, "über uns"), "tag:example.org,2019:%C3%BCber%20uns");
        assert_eq!(feed_id(&authority, "section", "news"), "tag:example.org,2019:feed:section:news");
    }
}
