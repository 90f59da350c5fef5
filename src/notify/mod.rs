//! WebSub (W3C Recommendation of 2018-01-23): telling hubs of feeds that changed.
//!
//! The standard leaves it to publisher and hub how that is done (section 6); all public hubs take a form post
//! with `hub.mode=publish`. What is to be told is set down in the outbox ([`set_down`]) before the site
//! changes; once it has, it is taken on ([`take_on`]) and told ([`tell`]). A run that dies in between leaves it to
//! the next one. So a hub may hear of a feed once too often, which costs it a look, but never once too seldom.

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

use crate::storage::{self, StoreError, disk};

/// The file of the outbox, in the site's folder for state.
pub const FILE: &str = "outbox";
/// The name that a damaged outbox gets, so that it can be looked at.
pub const DAMAGED: &str = "outbox.damaged";
/// The file that is locked while the outbox is read and changed.
const LOCK: &str = "outbox.lock";
const KIND: &str = "outbox";
const VERSION: u32 = 1;

/// What a hub says when it is told of a feed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// It knows now: a status of 2xx.
    Told,
    /// It will not hear of it, now or later.
    Refused {
        /// The status.
        status: u16,
        /// Where it says that it is now, in an answer of 3xx.
        location: Option<String>,
    },
    /// It could not be reached, or asks to be asked again: 408, 429, 5xx.
    Failed {
        /// What happened.
        why: String,
        /// The text of its `Retry-After` field.
        retry_after: Option<String>,
    },
}

/// Tells a hub (the first) of a feed (the second), within its own time limits.
pub type Post<'a> = &'a (dyn Fn(&str, &str) -> Answer + Sync);

/// What there is to say of a hub.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// It was told of these feeds.
    Told {
        /// The hub.
        hub: String,
        /// The feeds.
        topics: Vec<String>,
    },
    /// It could not be told of these feeds, and will be tried again.
    Failed {
        /// The hub.
        hub: String,
        /// The feeds.
        topics: Vec<String>,
        /// What happened.
        why: String,
        /// When it is tried again, at the earliest.
        next: DateTime<Utc>,
    },
    /// It refuses a feed; this is not tried again.
    Refused {
        /// The hub.
        hub: String,
        /// The feed.
        topic: String,
        /// The status.
        status: u16,
        /// Where the hub says that it is now.
        location: Option<String>,
    },
    /// It was not reached for so long that these feeds are not tried again.
    GaveUp {
        /// The hub.
        hub: String,
        /// The feeds.
        topics: Vec<String>,
        /// When the first of them changed.
        since: DateTime<Utc>,
        /// What happened last.
        why: String,
    },
    /// The outbox could not be read and has another name now: what was in it is not told.
    SetAside {
        /// Its name now.
        path: PathBuf,
        /// What is wrong with it.
        why: String,
    },
}

/// Sets down in the outbox of `state` that each of `hubs` is to be told of each of `topics`, as of `now`. A damaged
/// outbox is set aside, which is the event.
///
/// # Errors
/// What the system says.
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

/// What a run has taken on to tell.
#[derive(Debug, Default)]
pub struct Errands {
    claims: Vec<Claim>,
    /// When they were taken on.
    now: DateTime<Utc>,
}

/// Takes on what is due at `now`, of what waits in the outbox of `state` for `hubs`; what waits for others is
/// dropped. Nobody else will tell it meanwhile, and if this run never does, a later one will. To be called
/// while no other run can be between setting down and changing the site: what it has set down is not true yet.
/// A damaged outbox is set aside, which is the event.
///
/// # Errors
/// What the system says.
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

/// A visit to the hubs.
pub struct Round<'a> {
    /// The site's folder for state.
    pub state: &'a Path,
    /// How long all of it may take; what there is no time for is left to the next run.
    pub time: Duration,
    /// Says how long it has been going on.
    pub stopwatch: &'a (dyn Fn() -> Duration + Sync),
    /// Tells a hub of a feed.
    pub post: Post<'a>,
}

/// Does the errands: all hubs at once, each is told of one feed after the other. A hub that can't be reached
/// is left alone for this run. What there is to say comes back hub by hub.
///
/// # Errors
/// What the system says of the outbox. The hubs may have been told; then they are told again by a later run.
pub fn tell(errands: Errands, round: &Round<'_>) -> Result<Vec<Event>, StoreError> {
    let Errands { claims, now } = errands;
    let mut events = Vec::new();
    if claims.is_empty() {
        return Ok(events);
    }
    let deliveries: Vec<Delivery> = thread::scope(|scope| {
        let visits: Vec<_> = claims.into_iter().map(|claim| scope.spawn(|| visit(round, claim))).collect();
        // A visit that broke off is one that failed, as the claim says already.
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

/// Tells one hub of one feed after the other, until it fails or the time is up.
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

/// The outbox, for as long as nobody else may change it: two runs may be on their way at once.
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
        // On a file system without locks nobody waits.
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

    /// Saves it; one with nothing in it needs no file.
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
