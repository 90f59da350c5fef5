//! Notifies WebSub hubs of what was published, and reports the outcome.

use std::path::Path;
use std::sync::Mutex;
#[cfg(feature = "websub")]
use std::time::{Duration, Instant};

use chrono::{DateTime, SecondsFormat, Utc};
use dateline::model::diagnostics::Problem;
use dateline::notify::{self, Errands, Event};
use dateline::pipeline::FeedNews;
use dateline::storage::StoreError;
use serde_json::json;

use super::console;
use super::publish::Log;
use crate::cli::arguments::PublishArgs;

/// How long a connection may take.
#[cfg(feature = "websub")]
const CONNECT: Duration = Duration::from_secs(5);
/// Time limit for all hubs together. The next run sends the remaining notifications.
#[cfg(feature = "websub")]
const ROUND: Duration = Duration::from_secs(45);

/// The hubs of one run.
pub struct Hubs<'a> {
    state: &'a Path,
    now: DateTime<Utc>,
    arguments: &'a PublishArgs,
    /// Events of the outbox, which `tell` reports.
    events: Mutex<Vec<Event>>,
}

impl<'a> Hubs<'a> {
    /// The hubs for a run as of `now`.
    pub fn new(state: &'a Path, now: DateTime<Utc>, arguments: &'a PublishArgs) -> Self {
        Hubs { state, now, arguments, events: Mutex::default() }
    }

    /// Queues the notifications, before the site changes.
    pub fn set_down(&self, news: &FeedNews) -> Result<(), StoreError> {
        if self.arguments.no_websub || cfg!(not(feature = "websub")) {
            return Ok(());
        }
        let event = notify::set_down(self.state, &news.hubs, &news.topics, self.now)?;
        if let Ok(mut events) = self.events.lock() {
            events.extend(event);
        }
        Ok(())
    }

    /// Claims the notifications that are due, while no other run can be at work.
    pub fn take_on(&self, news: &FeedNews) -> Result<Errands, StoreError> {
        if self.arguments.no_websub || cfg!(not(feature = "websub")) {
            return Ok(Errands::default());
        }
        let (errands, event) = notify::take_on(self.state, &news.hubs, self.now)?;
        if let Ok(mut events) = self.events.lock() {
            events.extend(event);
        }
        Ok(errands)
    }

    /// Sends the notifications and reports the outcome to `log`, which changes no exit code.
    pub fn tell(&self, errands: Result<Errands, StoreError>, log: &Log) {
        let mut events =
            self.events.lock().map(|mut events| std::mem::take(&mut *events)).unwrap_or_default();
        match errands.and_then(|errands| self.round(errands)) {
            Ok(more) => events.extend(more),
            Err(error) => log.problems(&[Problem::nowhere(error)], false),
        }
        events.iter().for_each(|event| say(event, log));
    }

    #[cfg(feature = "websub")]
    fn round(&self, errands: Errands) -> Result<Vec<Event>, StoreError> {
        let whole = Duration::from_secs(self.arguments.hub_timeout);
        let poster = std::sync::OnceLock::new();
        let started = Instant::now();
        let round = notify::Round {
            state: self.state,
            time: ROUND,
            stopwatch: &|| started.elapsed(),
            // Certificates are read only if there is something to send.
            post: &|hub, topic| poster.get_or_init(|| notify::Poster::new(CONNECT, whole)).post(hub, topic),
        };
        notify::tell(errands, &round)
    }

    #[cfg(not(feature = "websub"))]
    fn round(&self, _: Errands) -> Result<Vec<Event>, StoreError> {
        Ok(Vec::new())
    }
}

fn say(event: &Event, log: &Log) {
    match event {
        Event::Told { hub, topics } => log.line(
            || format!("notified {hub} of {}", feeds(topics.len())),
            || json!({"event": "hub_told", "hub": hub, "topics": topics}),
        ),
        Event::Failed { hub, topics, why, next } => {
            let next = next.to_rfc3339_opts(SecondsFormat::Secs, true);
            log.line(
                || format!("hub {hub} {why}: will be notified of {} at {next} or later", feeds(topics.len())),
                || json!({"event": "hub_failed", "hub": hub, "topics": topics, "reason": why, "next": next}),
            );
        }
        Event::Refused { hub, topic, status, location } => {
            let moved = location.as_ref().map(|location| format!(" and says it is at {location}"));
            let moved = moved.unwrap_or_default();
            complain(
                log,
                || {
                    format!(
                        "warning: hub {hub} answered {status}{moved} to the news that {topic} changed, and is not notified again (does it serve feeds of this site?)"
                    )
                },
                || json!({"event": "hub_refused", "hub": hub, "topic": topic, "status": status, "location": location}),
            );
        }
        Event::GaveUp { hub, topics, since, why } => {
            let since = since.to_rfc3339_opts(SecondsFormat::Secs, true);
            complain(
                log,
                || {
                    let feeds = feeds(topics.len());
                    format!(
                        "warning: hub {hub} {why}, and could not be notified since {since}: given up for {feeds}"
                    )
                },
                || json!({"event": "hub_given_up", "hub": hub, "topics": topics, "since": since, "reason": why}),
            );
        }
        Event::SetAside { path, why } => {
            let path = path.display().to_string();
            complain(
                log,
                || format!("warning: {why}; it is {path} now, and no hub is notified of what it held"),
                || json!({"event": "outbox_set_aside", "path": path, "reason": why}),
            );
        }
    }
}

/// Prints a line about a problem: among the others for programs, on standard error for people.
fn complain(log: &Log, text: impl FnOnce() -> String, value: impl FnOnce() -> serde_json::Value) {
    if log.json { console::event(value()) } else { console::complain(&text()) }
}

fn feeds(number: usize) -> String {
    if number == 1 { "1 feed".to_owned() } else { format!("{number} feeds") }
}
