//! `dateline publish`, made for cron: one line for each event, and none when nothing happened.

use std::cell::Cell;
use std::process::ExitCode;
use std::time::Instant;

use chrono::{DateTime, SecondsFormat, Utc};
use dateline::deploy::Terms;
use dateline::model::date::{Moment, Precision};
use dateline::model::diagnostics::{Problem, classes, thousands};
use dateline::notify;
use dateline::output::{Holder, OutputTerms};
use dateline::pipeline::last_run::LastRun;
use dateline::pipeline::publish::{Outcome, Publication, Skipped, publish};
use dateline::pipeline::{Failure, LedgerUse, Request};
use dateline::site::identity::{Event, Why};
use dateline::site::plan::FeedEvent;
use serde_json::{Value, json};

use super::hubs::Hubs;
use super::{DONE, build, code, console, deploy, metrics};
use crate::cli::arguments::{LogFormat, PlaceArgs, PublishArgs};

/// With `--exit-code`: nothing was due and nothing had changed.
pub const NOTHING: u8 = 4;
/// The site was published, and some articles were skipped.
pub const SKIPPED: u8 = 5;
/// Another run is at work.
pub const BUSY: u8 = 6;

/// If the ledger begins with more articles than this, they are counted and not named.
const MANY: usize = 10;

/// Publishes, and prints the events.
pub fn run(arguments: &PublishArgs) -> ExitCode {
    let site = &arguments.site;
    let log = Log { json: arguments.format == LogFormat::Json, verbose: arguments.verbose };
    if log.json {
        console::speak_json();
    }
    let (now, base_url) = match build::terms(&site.site()) {
        Ok(terms) => terms,
        Err(failure) => return ExitCode::from(log.failed(&failure, false)),
    };
    let (state, out) = (site.root.join(dateline::pipeline::STATE), build::out(&site.site()));
    let request = Request {
        base_url,
        accept: arguments.accept,
        terms: OutputTerms { adopt: arguments.adopt, atomic: arguments.output.atomic() },
        ledger: LedgerUse::Advance,
        ..Request::new(&site.root, &state, &out, now)
    };
    let (started, hubs) = (Instant::now(), Hubs::new(&state, now, arguments));
    let (code, ended) = match publish(&request, arguments.strict, &|news| hubs.set_down(news)) {
        Outcome::Published(publication, lock) => {
            let errands = hubs.take_on(&publication.report.news);
            drop(lock);
            let nothing = if arguments.exit_code { NOTHING } else { DONE };
            let not_deployed = Cell::new(None);
            let exit = log.published(&publication, now, nothing, || {
                // Hubs fetch the feeds at once, so these have to be where readers find them. A hub that is not notified now is
                // by a later run.
                match arguments.to.as_deref().map_or(DONE, |name| log.deploy(site, name)) {
                    DONE => hubs.tell(errands, &log),
                    code => not_deployed.set(Some(code)),
                }
            });
            (not_deployed.get().unwrap_or(exit), Ok(publication))
        }
        Outcome::Busy(holder) => return ExitCode::from(log.busy(&holder)),
        Outcome::Failed(failure, told) => (log.failed(&failure, told), Err(failure)),
    };
    let (ended, took) = (ended.as_deref(), started.elapsed());
    LastRun::of(ended, now, took, code, LastRun::load(&state)).save(&state);
    if let Some(path) = &arguments.metrics {
        let waiting = notify::waiting(&state).unwrap_or_default();
        let waiting = waiting.iter().map(|hub| hub.feeds.len()).sum();
        metrics::write(path, &metrics::Run { now, took, code, publication: ended.ok(), waiting });
    }
    ExitCode::from(code)
}

/// How events are reported.
pub struct Log {
    /// As one JSON object a line.
    pub json: bool,
    /// Also repeats known problems, and reports that nothing happened.
    pub verbose: bool,
}

impl Log {
    /// Prints the events of a publication, and calls `tell` before the last line. `nothing` is the exit code of a run
    /// that had nothing to do.
    fn published(
        &self,
        publication: &Publication,
        now: DateTime<Utc>,
        nothing: u8,
        tell: impl FnOnce(),
    ) -> u8 {
        let report = &publication.report;
        let first = report.events.iter().filter(|event| matches!(event, Event::Published { .. })).count();
        if report.is_begun && first > MANY && !self.json && !self.verbose {
            console::say(&format!("began {} with {first} articles", dateline::site::ledger::FILE));
        } else {
            report.events.iter().for_each(|event| self.event(event, now));
        }
        report.feed_events.iter().for_each(|event| self.feed_event(event));
        if !publication.is_known || self.verbose {
            self.skipped(&publication.skipped);
        }
        self.problems(&report.problems, publication.is_known);
        report.notes.iter().for_each(|note| {
            self.line(|| format!("note: {note}"), || json!({"event": "note", "text": note}));
        });
        tell();
        let changes = &report.changes;
        let code = match (publication.skipped.is_empty(), publication.is_nothing()) {
            (true, true) => nothing,
            (true, false) => DONE,
            (false, _) => SKIPPED,
        };
        let changed = changes.written + changes.removed;
        if self.verbose || changed > 0 && (self.json || report.events.is_empty()) {
            let next = report.held.next.as_ref();
            let due = next.map(|(due, source)| {
                format!("; next: {source} at {}", due.to_rfc3339_opts(SecondsFormat::Secs, true))
            });
            self.line(
                || {
                    let (written, removed) = (changes.written, changes.removed);
                    let files = if written == 1 { "file" } else { "files" };
                    format!("{written} {files} written, {removed} removed{}", due.unwrap_or_default())
                },
                || {
                    json!({
                        "event": "done",
                        "exit_code": code,
                        "written": changes.written,
                        "removed": changes.removed,
                        "next": next.map(|(due, _)| due.to_rfc3339_opts(SecondsFormat::Secs, true)),
                        "next_source": next.map(|(_, source)| &**source),
                    })
                },
            );
        }
        code
    }

    /// Deploys to the target `name`, and prints what went; returns the exit code.
    fn deploy(&self, site: &PlaceArgs, name: &str) -> u8 {
        match deploy::bring(site, Some(name), Terms::default(), true) {
            Ok(done) => {
                let report = done.report.unwrap_or_default();
                if self.verbose || !report.is_nothing() {
                    self.line(
                        || deploy::line(&done.target, &report, false),
                        || deploy::event(&done.target, &report, false),
                    );
                }
                DONE
            }
            Err(failure) => {
                self.problems(&failure.problems, false);
                deploy::exit_of(&failure)
            }
        }
    }

    /// Prints a change of a feed that its subscribers notice.
    fn feed_event(&self, event: &FeedEvent) {
        match event {
            FeedEvent::Moved { paths } => self.line(
                || {
                    let moves: Vec<String> =
                        paths.iter().map(|(from, to)| format!("{from} to {to}")).collect();
                    format!("moved the feed {}: the old leads to the new", moves.join(", "))
                },
                || {
                    let moves: Vec<Value> =
                        paths.iter().map(|(from, to)| json!({"from": from, "path": to})).collect();
                    json!({"event": "feed-moved", "paths": moves})
                },
            ),
            FeedEvent::Emptied { path } => self.line(
                || format!("the feed {path} has no entries any more, and stays"),
                || json!({"event": "feed-emptied", "path": path}),
            ),
            FeedEvent::Ended { paths } => self.line(
                || {
                    format!(
                        "ended the feed {}: whoever subscribed to it finds nothing there",
                        paths.join(", ")
                    )
                },
                || json!({"event": "feed-ended", "paths": paths}),
            ),
        }
    }

    /// Reports the sources that were skipped. If they are many, they are counted and not named.
    fn skipped(&self, skipped: &[Skipped]) {
        let what = |is_kept| if is_kept { "kept as last published" } else { "left out" };
        if skipped.len() > MANY && !self.json && !self.verbose {
            for is_kept in [true, false] {
                let number = skipped.iter().filter(|one| one.is_kept == is_kept).count();
                if number > 0 {
                    console::say(&format!("skipped {} sources: {}", thousands(number), what(is_kept)));
                }
            }
            return;
        }
        for one in skipped {
            self.line(
                || format!("skipped {}: {}", one.source, what(one.is_kept)),
                || json!({"event": "skipped", "source": &*one.source, "kept": one.is_kept}),
            );
        }
    }

    fn event(&self, event: &Event, now: DateTime<Utc>) {
        let source = &**event.source();
        match event {
            Event::Published { path, published, .. } => {
                let (late, seconds) = (late(published, now), (now - published.instant()).num_seconds());
                let after = late.map(|late| format!(", {} after its date", span(late)));
                self.line(
                    || format!("published {source} at {path}{}", after.unwrap_or_default()),
                    || {
                        let (path, published) = (path.as_str(), published.rfc3339());
                        json!({"event": "published", "source": source, "path": path, "published": published, "seconds_late": seconds})
                    },
                );
            }
            Event::Updated { path, updated, .. } => self.line(
                || format!("updated {source} at {path}"),
                || json!({"event": "updated", "source": source, "path": path.as_str(), "updated": updated.rfc3339()}),
            ),
            Event::Moved { from, path, .. } => self.line(
                || format!("moved {source} from {from} to {path}"),
                || json!({"event": "moved", "source": source, "from": from, "path": path.as_str()}),
            ),
            Event::Withdrawn { path, why, .. } => {
                let why = match why {
                    Why::Expired => "it expired",
                    Why::Draft => "it is a draft",
                    Why::Scheduled => "its date is still to come",
                    Why::Gone => "its source is gone",
                    Why::Withdrawn => "its author says so",
                };
                self.line(
                    || format!("withdrew {source} from {path}: {why}"),
                    || json!({"event": "withdrawn", "source": source, "path": path.as_str(), "why": why}),
                );
            }
            Event::Noted { .. } => {
                if self.verbose {
                    self.line(
                        || format!("recorded {source} in the ledger"),
                        || json!({"event": "noted", "source": source}),
                    );
                }
            }
        }
    }

    fn busy(&self, holder: &Holder) -> u8 {
        let process =
            holder.process.map_or_else(|| "another process".to_owned(), |id| format!("process {id}"));
        let since = holder
            .since
            .map(|since| DateTime::from_timestamp_nanos(since).to_rfc3339_opts(SecondsFormat::Secs, true));
        self.line(
            || {
                let since = since.as_ref().map_or_else(String::new, |since| format!(" since {since}"));
                format!("{process} is at work on this site{since}; nothing was done")
            },
            || json!({"event": "busy", "process": holder.process, "since": since, "exit_code": BUSY}),
        );
        BUSY
    }

    fn failed(&self, failure: &Failure, told: bool) -> u8 {
        self.problems(&failure.problems, told);
        if !told || self.verbose {
            let code = code(failure.blame);
            self.line(
                || "nothing was published; the output folder and the ledger are as they were".to_owned(),
                || json!({"event": "failed", "exit_code": code}),
            );
        }
        code(failure.blame)
    }

    /// Reports problems. Problems that an earlier run reported are repeated only if `verbose`.
    pub fn problems(&self, problems: &[Problem], told: bool) {
        if told && !self.verbose {
            return;
        }
        if self.json {
            problems.iter().for_each(console::problem);
        } else if self.verbose {
            problems.iter().for_each(|problem| complain(problem, ""));
        } else {
            for class in classes(problems) {
                let extent = class.extent().map(|extent| format!("; {extent}; `-v` shows all"));
                complain(class.first, &extent.unwrap_or_default());
            }
        }
    }

    /// Reports an event.
    pub fn line(&self, text: impl FnOnce() -> String, value: impl FnOnce() -> Value) {
        if self.json { console::event(value()) } else { console::say(&text()) }
    }
}

/// Prints a problem as one line.
fn complain(problem: &Problem, extent: &str) {
    if console::is_quiet() && !problem.is_error() {
        return;
    }
    let place = problem.place().map_or_else(String::new, |place| format!("{place}: "));
    let severity = if problem.is_error() { "error" } else { "warning" };
    let remedy = problem.remedy().map_or_else(String::new, |remedy| format!(" ({remedy})"));
    console::complain(&format!("{place}{severity}: {}{remedy}{extent}", problem.message()));
}

/// Delay of an article after its date, in seconds. `None` if it is less than cron's minute or, for a date without a
/// time, less than a day.
fn late(published: &Moment, now: DateTime<Utc>) -> Option<i64> {
    let seconds = (now - published.instant()).num_seconds();
    let grace = if published.precision() == Precision::Day { 24 * 3600 } else { 60 };
    Some(seconds).filter(|seconds| *seconds >= grace)
}

/// A time span for people, in its two largest units.
pub fn span(seconds: i64) -> String {
    let parts = [(seconds / 86_400, "d"), (seconds / 3600 % 24, "h"), (seconds / 60 % 60, "min")];
    let parts: Vec<String> = parts
        .iter()
        .filter(|(number, _)| *number > 0)
        .take(2)
        .map(|(number, unit)| format!("{number} {unit}"))
        .collect();
    if parts.is_empty() { format!("{seconds} s") } else { parts.join(" ") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_have_their_two_largest_parts() {
        for (seconds, text) in
            [(59, "59 s"), (60, "1 min"), (3725, "1 h 2 min"), (90_061, "1 d 1 h"), (86_400, "1 d")]
        {
            assert_eq!(span(seconds), text);
        }
    }
}
