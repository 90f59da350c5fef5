//! Links to other sites: which there are, what their servers say, and what that means.
//!
//! 1. [`Gathered`] collects the links, each URL once, with the places that have it.
//! 2. [`Round::visit`] asks the servers, each for one URL at a time.
//! 3. [`Memory`] remembers the answers, so that a good one holds for days and a bad one counts only if it lasts.

mod memory;
mod visit;

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
pub use memory::{FILE, Memory};
pub use visit::{Ask, Outcome, Round};

use super::{Finding, Kind, short};
use crate::config::ExternalChecks;
use crate::model::diagnostics::{Place, Problem};

/// A link: its first place, and the number of others.
#[derive(Debug)]
struct Link {
    place: Place,
    others: usize,
}

/// The links of a site to others, by URL.
#[derive(Debug, Default)]
pub struct Gathered {
    links: BTreeMap<String, Link>,
    /// Addresses of the web that are no URLs, with the reasons.
    invalid: BTreeMap<String, (String, Link)>,
}

impl Gathered {
    /// Adds a link to `url` at `place`.
    pub fn add(&mut self, url: String, place: Place) {
        let link = self.links.entry(url);
        link.and_modify(|link| link.others += 1).or_insert(Link { place, others: 0 });
    }

    /// Adds an address `written` at `place` that is no URL for a `reason`.
    pub fn add_invalid(&mut self, written: String, reason: String, place: Place) {
        let link = self.invalid.entry(written);
        link.and_modify(|(_, link)| link.others += 1).or_insert((reason, Link { place, others: 0 }));
    }

    /// True if there is a link to `url`.
    pub fn has(&self, url: &str) -> bool {
        self.links.contains_key(url)
    }

    /// The number of different URLs.
    pub fn len(&self) -> usize {
        self.links.len()
    }

    /// True if there is no link.
    pub fn is_empty(&self) -> bool {
        self.links.is_empty() && self.invalid.is_empty()
    }

    /// Asks for the links of which `memory` has no good answer, and judges all of them as of `now`.
    pub fn judge(
        &self,
        memory: &mut Memory,
        rules: &ExternalChecks,
        now: DateTime<Utc>,
        round: &Round<'_>,
    ) -> Judged {
        let wanted = self.links.keys().filter(|url| !memory.holds(url, rules.days, now));
        let outcomes = round.visit(wanted.cloned(), now);
        let mut judged = Judged::default();
        for (url, outcome) in &outcomes {
            match outcome {
                Outcome::NotAsked => judged.left += 1,
                outcome => {
                    judged.asked += 1;
                    memory.note(url, outcome, now);
                }
            }
        }
        memory.keep(|url| self.links.contains_key(url));
        for (url, link) in &self.links {
            let Some((outcome, failures)) = memory.of(url) else { continue };
            judged.add(url, link, &outcome, failures, rules);
        }
        for (written, (reason, link)) in &self.invalid {
            let message = format!("{} is no valid URL: {reason}{}", short(written), elsewhere(link));
            let finding = Finding::new(Kind::Invalid, message, rules.level);
            judged.problems.extend(finding.map(|finding| Problem::new(finding, link.place.clone())));
        }
        judged
    }
}

/// The findings about the links of a site, and how many were asked for.
#[derive(Debug, Default)]
pub struct Judged {
    /// Errors and warnings.
    pub problems: Vec<Problem>,
    /// Findings that are only worth knowing.
    pub advice: Vec<Problem>,
    /// The number of URLs that were asked for.
    pub asked: usize,
    /// The number of URLs that were not asked for, because there was no time or their server wants to be left alone.
    pub left: usize,
}

impl Judged {
    /// Adds the finding about `url`, if there is one. It has failed on `failures` days.
    fn add(&mut self, url: &str, link: &Link, outcome: &Outcome, failures: usize, rules: &ExternalChecks) {
        let (shown, elsewhere) = (short(url), elsewhere(link));
        let days = |failures: usize| match rules.after {
            after if failures < after => {
                let days = if failures == 1 { "1 day" } else { &format!("{failures} days") };
                format!(", on {days} so far; from {after} on it is an error")
            }
            _ => format!(", on {failures} days"),
        };
        let level = if failures >= rules.after { rules.level } else { rules.level.lightened() };
        let (kind, message) = match outcome {
            Outcome::Fine { moved: Some(to) } => {
                let message = format!("{shown} has moved for good to {}{elsewhere}", short(to));
                let finding = Finding::advice(Kind::Moved, message);
                return self.advice.push(Problem::new(finding, link.place.clone()));
            }
            Outcome::Fine { moved: None } | Outcome::Refused | Outcome::NotAsked => return,
            Outcome::Dead(status) => {
                (Kind::Dead, format!("{shown} answers {status}{}{elsewhere}", days(failures)))
            }
            Outcome::Failed(why) => {
                (Kind::Unanswered, format!("{shown} can't be read: {why}{}{elsewhere}", days(failures)))
            }
            Outcome::Private => {
                let message = format!("{shown} is an address of a private network{elsewhere}");
                let finding = Finding::new(Kind::Private, message, rules.level);
                let problem = finding.map(|finding| Problem::new(finding, link.place.clone()));
                return self.problems.extend(problem);
            }
        };
        let finding = Finding::new(kind, message, level);
        self.problems.extend(finding.map(|finding| Problem::new(finding, link.place.clone())));
    }
}

/// The number of other places of a link, in words.
fn elsewhere(link: &Link) -> String {
    match link.others {
        0 => String::new(),
        1 => " (also in 1 other place)".to_owned(),
        others => format!(" (also in {others} other places)"),
    }
}

#[cfg(test)]
mod tests;
