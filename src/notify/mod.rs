//! WebSub (W3C Recommendation of 2018-01-23): notifying hubs of feeds that changed.
//!
//! The standard leaves the protocol between publisher and hub open (section 6); all public hubs take a form post with
//! `hub.mode=publish`. Notifications are queued in the outbox before any file changes ([`set_down`]), claimed under
//! the lock ([`take_on`]) and sent after it is released ([`tell`]), so that a slow hub can't block the next run. If a
//! run dies in between, the next one sends its notifications. A hub may therefore be notified once too often, which
//! costs it a look, but never once too seldom.

mod outbox;
#[cfg(feature = "websub")]
mod post;

use std::fs::OpenOptions;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::Duration;

use chrono::{DateTime, Utc};
use outbox::{Claim, Delivery, Outbox};
#[cfg(feature = "websub")]
pub use post::Poster;
use serde::Serialize;

use crate::storage::{self, StoreError, disk};

/// The outbox file, in the site's folder for state.
pub const FILE: &str = "outbox";
/// The name that a damaged outbox is renamed to, so that somebody can look at it.
pub const DAMAGED: &str = "outbox.damaged";
/// The file that is locked while the outbox is read and changed.
const LOCK: &str = "outbox.lock";
const KIND: &str = "outbox";
const VERSION: u32 = 1;

/// A hub's answer to a notification.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// It accepted the notification: a status of 2xx.
    Told,
    /// It refuses the notification for good.
    Refused {
        /// The status.
        status: u16,
        /// The new address that an answer of 3xx gives.
        location: Option<String>,
    },
    /// It could not be reached, or asks for another try: 408, 429, 5xx.
    Failed {
        /// The cause.
        why: String,
        /// The text of its `Retry-After` field.
        retry_after: Option<String>,
    },
}

/// Notifies a hub (the first argument) of a feed (the second), within its own time limits.
pub type Post<'a> = &'a (dyn Fn(&str, &str) -> Answer + Sync);

/// A result to report about a hub.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// It was notified of these feeds.
    Told {
        /// The hub.
        hub: String,
        /// The feeds.
        topics: Vec<String>,
    },
    /// It could not be notified of these feeds, and will be tried again.
    Failed {
        /// The hub.
        hub: String,
        /// The feeds.
        topics: Vec<String>,
        /// The cause.
        why: String,
        /// The earliest time of the next try.
        next: DateTime<Utc>,
    },
    /// It refuses notifications of a feed; they are not sent again.
    Refused {
        /// The hub.
        hub: String,
        /// The feed.
        topic: String,
        /// The status.
        status: u16,
        /// The new address that the hub gives.
        location: Option<String>,
    },
    /// It has failed for so long that these feeds are given up.
    GaveUp {
        /// The hub.
        hub: String,
        /// The feeds.
        topics: Vec<String>,
        /// The time at which the first of them changed.
        since: DateTime<Utc>,
        /// The cause of the last failure.
        why: String,
    },
    /// The outbox could not be read and was renamed: the notifications in it are not sent.
    SetAside {
        /// Its name now.
        path: PathBuf,
        /// The damage.
        why: String,
    },
}

/// Queues a notification for each of `hubs` and each of `topics` in the outbox of `state`, as of `now`. A damaged
/// outbox is set aside; the event reports that.
///
/// # Errors
/// The system's error.
pub fn set_down(
    state: &Path,
    hubs: &[String],
    topics: &[String],
    now: DateTime<Utc>,
) -> Result<Option<Event>, StoreError> {
    if hubs.is_empty() || topics.is_empty() {
        return Ok(None);
    }
    let mut desk = Desk::open(state)?;
    desk.outbox.add(hubs, topics, now);
    desk.close()
}

/// The notifications that a run has claimed.
#[derive(Debug, Default)]
pub struct Errands {
    claims: Vec<Claim>,
    /// The time of the claim.
    now: DateTime<Utc>,
}

/// Claims the notifications in the outbox of `state` that are due at `now` for `hubs`; those for other hubs are
/// dropped. No other run sends them meanwhile; if this run dies, a later one does. The caller must exclude other runs
/// that have queued notifications and not yet changed the site: those are not true yet. A damaged outbox is set
/// aside; the event reports that.
///
/// # Errors
/// The system's error.
pub fn take_on(
    state: &Path,
    hubs: &[String],
    now: DateTime<Utc>,
) -> Result<(Errands, Option<Event>), StoreError> {
    if !state.join(FILE).exists() {
        return Ok((Errands::default(), None));
    }
    let mut desk = Desk::open(state)?;
    if desk.is_sound() && !desk.outbox.is_due(hubs, now) {
        return Ok((Errands::default(), None));
    }
    let claims = desk.outbox.claim(hubs, now);
    Ok((Errands { claims, now }, desk.close()?))
}

/// The notifications that one hub has yet to get.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Waiting {
    /// The hub.
    pub hub: String,
    /// The feeds.
    pub feeds: Vec<String>,
    /// The time at which the first of them changed.
    pub since: DateTime<Utc>,
    /// The most tries so far.
    pub attempts: u32,
    /// The earliest time of the next try.
    pub next: DateTime<Utc>,
}

/// The notifications in the outbox of `state`, by hub. Nothing is changed.
///
/// # Errors
/// The outbox can't be read, or is damaged.
pub fn waiting(state: &Path) -> Result<Vec<Waiting>, StoreError> {
    let outbox: Option<Outbox> = storage::load(&state.join(FILE), KIND, VERSION)?;
    Ok(outbox.unwrap_or_default().waiting())
}

/// How and for how long to send notifications.
pub struct Round<'a> {
    /// The site's folder for state.
    pub state: &'a Path,
    /// The time limit for all hubs together; the rest is left to the next run.
    pub time: Duration,
    /// Gives the time since the round began.
    pub stopwatch: &'a (dyn Fn() -> Duration + Sync),
    /// Notifies a hub of a feed.
    pub post: Post<'a>,
}

/// Sends the claimed notifications: to all hubs at once, to each hub one after the other. A hub that fails is left
/// alone for the rest of this run. The events are grouped by hub.
///
/// # Errors
/// The system's error with the outbox. The hubs may have been notified by then; a later run notifies them again.
pub fn tell(errands: Errands, round: &Round<'_>) -> Result<Vec<Event>, StoreError> {
    let Errands { claims, now } = errands;
    let mut events = Vec::new();
    if claims.is_empty() {
        return Ok(events);
    }
    let deliveries: Vec<Delivery> = thread::scope(|scope| {
        let visits: Vec<_> = claims.into_iter().map(|claim| scope.spawn(|| visit(round, claim))).collect();
        // A visit that panicked counts as failed, as the claim has recorded already.
        visits.into_iter().filter_map(|visit| visit.join().ok()).collect()
    });
    let mut desk = Desk::open(round.state)?;
    for delivery in &deliveries {
        let mut own = Vec::new();
        desk.outbox.settle(delivery, now, &mut own);
        events.append(&mut own);
    }
    events.extend(desk.close()?);
    Ok(events)
}

/// Notifies one hub of one feed after the other, until it fails or the time is up.
fn visit(round: &Round<'_>, claim: Claim) -> Delivery {
    let mut delivery = Delivery { hub: claim.hub, ..Delivery::default() };
    let mut notes = claim.notes.into_iter();
    for (number, topic) in notes.by_ref() {
        if (round.stopwatch)() >= round.time {
            delivery.left.push(number);
            break;
        }
        let answer = (round.post)(&delivery.hub, &topic);
        let has_failed = matches!(answer, Answer::Failed { .. });
        delivery.answers.push((number, topic, answer));
        if has_failed {
            return delivery;
        }
    }
    delivery.left.extend(notes.map(|(number, _)| number));
    delivery
}

/// The open outbox, locked against other runs: two may be at work at once.
struct Desk {
    path: PathBuf,
    outbox: Outbox,
    aside: Option<Event>,
    _lock: disk::File,
}

impl Desk {
    fn open(state: &Path) -> Result<Desk, StoreError> {
        let at = state.join(LOCK);
        let unwritable = |path: &Path, source| StoreError::Unwritable { path: path.to_owned(), source };
        disk::create_dir_all(state).map_err(|source| unwritable(state, source))?;
        let options = OpenOptions::new().write(true).create(true).truncate(false).to_owned();
        let lock = disk::File::open(&at, &options).map_err(|source| unwritable(&at, source))?;
        // On a file system without locks this does not wait.
        let _ = lock.get().lock();
        let path = state.join(FILE);
        let (outbox, aside) = match storage::load(&path, KIND, VERSION) {
            Ok(outbox) => (outbox.unwrap_or_default(), None),
            Err(error) if error.is_about_content() => {
                let damaged = state.join(DAMAGED);
                disk::rename(&path, &damaged).map_err(|source| unwritable(&path, source))?;
                (Outbox::default(), Some(Event::SetAside { path: damaged, why: error.to_string() }))
            }
            Err(error) => return Err(error),
        };
        Ok(Desk { path, outbox, aside, _lock: lock })
    }

    fn is_sound(&self) -> bool {
        self.aside.is_none()
    }

    /// Saves the outbox; an empty one is removed.
    fn close(self) -> Result<Option<Event>, StoreError> {
        if self.outbox.is_empty() {
            return match disk::remove_file(&self.path) {
                Err(source) if source.kind() != std::io::ErrorKind::NotFound => {
                    Err(StoreError::Unwritable { path: self.path, source })
                }
                _ => Ok(self.aside),
            };
        }
        storage::save(&self.path, KIND, VERSION, &self.outbox)?;
        Ok(self.aside)
    }
}
