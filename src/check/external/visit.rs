//! Asking other servers, politely: each for one URL at a time, with a pause between two, and no longer than it bears.
//!
//! Each server has a queue. A step takes the first URL of a server that is free, asks for it once, and either has the
//! outcome or puts the next step into a queue: another method, another try after a pause, or the target of a redirect
//! into the queue of its server.

use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use url::Url;

use crate::web::{Answer, Method, NoAnswer};

/// Asks for a URL.
pub type Ask<'a> = &'a (dyn Fn(Method, &Url) -> Result<Answer, NoAnswer> + Sync);

/// The result of asking for a URL.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Outcome {
    /// It leads somewhere.
    Fine {
        /// The address to which it has moved for good.
        moved: Option<String>,
    },
    /// Its server is there and does not answer programs.
    Refused,
    /// It leads nowhere: the status.
    Dead(u16),
    /// Its server failed; the reason.
    Failed(String),
    /// It is an address of a private network.
    Private,
    /// There was no time to ask, or its server wants to be left alone.
    NotAsked,
}

/// The terms of a round of visits.
pub struct Round<'a> {
    /// Asks for a URL.
    pub ask: Ask<'a>,
    /// The pause between two requests to one server.
    pub pause: Duration,
    /// The longest time for all of them.
    pub time: Duration,
    /// Gives the time since the round began.
    pub stopwatch: &'a (dyn Fn() -> Duration + Sync),
}

/// The most servers that are asked at once.
const AT_ONCE: usize = 16;
/// The most redirects that are followed.
const MOST_HOPS: usize = 10;
/// The most tries where a server asks for patience.
const MOST_TRIES: usize = 3;
/// The longest pause that a server may ask for.
const LONGEST_PAUSE: Duration = Duration::from_secs(120);
/// The number of times that a server may be unreachable before its other URLs are not tried.
const MOST_UNREACHED: usize = 2;

/// A URL on its way.
#[derive(Debug, Clone)]
struct Errand {
    /// The URL that the site has.
    link: String,
    /// The present one, after redirects.
    url: Url,
    method: Method,
    tries: usize,
    /// The URLs that redirected.
    passed: Vec<Url>,
    /// The target, as long as all redirects so far are permanent.
    moved: Option<Url>,
    is_moved_for_good: bool,
}

/// A server.
#[derive(Debug, Default)]
struct Server {
    queue: VecDeque<Errand>,
    /// The time from which it may be asked again.
    free_at: Duration,
    unreached: usize,
    /// The outcome for all that is left for it.
    closed: Option<Outcome>,
}

#[derive(Debug, Default)]
struct State {
    servers: HashMap<String, Server>,
    /// The servers that have something to be asked and are not being asked, by the time from which they may be.
    waiting: BTreeSet<(Duration, String)>,
    /// The number of requests under way.
    busy: usize,
    outcomes: BTreeMap<String, Outcome>,
}

/// The result of one step.
enum Next {
    Done(Outcome),
    /// The server can't be reached.
    Unreached(String),
    /// Another step, after the server has had a pause of its choice.
    Again(Box<Errand>, Duration),
    /// The server wants to be left alone.
    Closed,
}

impl Round<'_> {
    /// Asks for all `urls`; the outcome for each.
    pub fn visit(&self, urls: impl Iterator<Item = String>, now: DateTime<Utc>) -> BTreeMap<String, Outcome> {
        let mut state = State::default();
        for link in urls {
            match Url::parse(&link) {
                Ok(url) => state.queue(Errand::new(link, url)),
                Err(error) => {
                    state.outcomes.insert(link, Outcome::Failed(error.to_string()));
                }
            }
        }
        let workers = state.servers.len().min(AT_ONCE);
        let (state, news) = (Mutex::new(state), Condvar::new());
        thread::scope(|scope| {
            for _ in 0..workers {
                scope.spawn(|| self.work(&state, &news, now));
            }
        });
        let mut state = state.into_inner().unwrap_or_else(PoisonError::into_inner);
        let left = state.servers.values_mut().flat_map(|server| server.queue.drain(..));
        for errand in left.collect::<Vec<_>>() {
            state.outcomes.insert(errand.link, Outcome::NotAsked);
        }
        state.outcomes
    }

    /// Takes one step after the other until nothing is left or the time is up.
    fn work(&self, state: &Mutex<State>, news: &Condvar, now: DateTime<Utc>) {
        let mut held = lock(state);
        loop {
            let time = (self.stopwatch)();
            if time >= self.time {
                break;
            }
            let first = held.waiting.first().map(|(free_at, _)| *free_at);
            let pause = match first {
                None if held.busy == 0 => break,
                Some(free_at) if free_at <= time => {
                    let Some((host, errand)) = held.take() else { continue };
                    held.busy += 1;
                    drop(held);
                    let next = self.step(errand.clone(), now);
                    held = lock(state);
                    held.busy -= 1;
                    held.settle(&host, errand, next, (self.stopwatch)() + self.pause);
                    news.notify_all();
                    continue;
                }
                // Something may come from a request under way.
                None => self.time - time,
                Some(free_at) => free_at.min(self.time) - time,
            };
            held = news.wait_timeout(held, pause).unwrap_or_else(PoisonError::into_inner).0;
        }
        news.notify_all();
    }

    /// Asks once.
    fn step(&self, mut errand: Errand, now: DateTime<Utc>) -> Next {
        let is_head = errand.method == Method::Head;
        let answer = match (self.ask)(errand.method, &errand.url) {
            Ok(answer) => answer,
            Err(NoAnswer::Private) if errand.passed.is_empty() => return Next::Done(Outcome::Private),
            Err(NoAnswer::Private) => {
                let why = "it redirects to an address of a private network";
                return Next::Done(Outcome::Failed(why.to_owned()));
            }
            Err(NoAnswer::Unreachable(why)) => return Next::Unreached(why),
            // Some servers drop a request whose method they don't know.
            Err(NoAnswer::Failed(_)) if is_head => return errand.again(Method::Get),
            Err(NoAnswer::Failed(why)) => return Next::Done(Outcome::Failed(why)),
        };
        match answer.status {
            200..=299 | 304 => {
                let moved = errand.moved.filter(|_| errand.is_moved_for_good).map(String::from);
                Next::Done(Outcome::Fine { moved })
            }
            301 | 302 | 303 | 307 | 308 => errand.redirected(&answer),
            429 | 503 if answer.retry_after.is_some() || answer.status == 429 => {
                errand.tries += 1;
                let wanted = answer.retry_after.as_deref().and_then(|text| seconds(text, now));
                match wanted {
                    Some(pause) if pause <= LONGEST_PAUSE && errand.tries < MOST_TRIES => {
                        Next::Again(Box::new(errand), pause)
                    }
                    _ => Next::Closed,
                }
            }
            // Servers that know no HEAD say so in many ways.
            400.. if is_head => errand.again(Method::Get),
            401 | 402 | 403 | 407 | 451 | 999 => Next::Done(Outcome::Refused),
            400..=499 => Next::Done(Outcome::Dead(answer.status)),
            status => Next::Done(Outcome::Failed(format!("its server answers {status}"))),
        }
    }
}

impl Errand {
    fn new(link: String, url: Url) -> Errand {
        let (method, passed) = (Method::Head, Vec::new());
        Errand { link, url, method, tries: 0, passed, moved: None, is_moved_for_good: true }
    }

    /// The same with another method.
    fn again(mut self, method: Method) -> Next {
        self.method = method;
        Next::Again(Box::new(self), Duration::ZERO)
    }

    /// The way on to the target of a redirect.
    fn redirected(mut self, answer: &Answer) -> Next {
        let failed = |why: &str| Next::Done(Outcome::Failed(why.to_owned()));
        let Some(target) = answer.location.as_deref().and_then(|location| self.url.join(location).ok())
        else {
            return failed("it redirects to no address");
        };
        if !matches!(target.scheme(), "http" | "https") {
            return failed("it redirects to an address that is not of the web");
        }
        let mut bare = target.clone();
        bare.set_fragment(None);
        self.passed.push(std::mem::replace(&mut self.url, bare));
        if self.passed.contains(&self.url) {
            return failed("it redirects in a circle");
        }
        if self.passed.len() > MOST_HOPS {
            return failed("it redirects too often");
        }
        self.is_moved_for_good &= matches!(answer.status, 301 | 308);
        if self.is_moved_for_good {
            self.moved = Some(target);
        }
        self.method = Method::Head;
        Next::Again(Box::new(self), Duration::ZERO)
    }

    /// The server: scheme does not matter, the port does.
    fn host(&self) -> String {
        let host = self.url.host_str().unwrap_or_default();
        match self.url.port() {
            Some(port) => format!("{host}:{port}"),
            None => host.to_owned(),
        }
    }
}

impl State {
    /// Puts `errand` into the queue of its server.
    fn queue(&mut self, errand: Errand) {
        let host = errand.host();
        let server = self.servers.entry(host.clone()).or_default();
        if let Some(outcome) = &server.closed {
            self.outcomes.insert(errand.link, outcome.clone());
            return;
        }
        server.queue.push_back(errand);
        // A server that is being asked waits again once it has answered.
        if server.queue.len() == 1 && server.free_at != Duration::MAX {
            self.waiting.insert((server.free_at, host));
        }
    }

    /// Takes the first errand of the server that may be asked first. The server is busy until it is settled.
    fn take(&mut self) -> Option<(String, Errand)> {
        let (_, host) = self.waiting.pop_first()?;
        let server = self.servers.get_mut(&host)?;
        server.free_at = Duration::MAX;
        let errand = server.queue.pop_front()?;
        Some((host, errand))
    }

    /// Sets down the result of a step at the server `host`, which may be asked again at `free_at`.
    fn settle(&mut self, host: &str, errand: Errand, next: Next, mut free_at: Duration) {
        let mut on = None;
        let server = self.servers.entry(host.to_owned()).or_default();
        match next {
            Next::Done(outcome) => {
                server.unreached = 0;
                self.outcomes.insert(errand.link, outcome);
            }
            Next::Again(errand, pause) => {
                server.unreached = 0;
                free_at += pause;
                on = Some(*errand);
            }
            Next::Unreached(why) => {
                server.unreached += 1;
                let outcome = Outcome::Failed(why);
                if server.unreached >= MOST_UNREACHED {
                    server.closed = Some(outcome.clone());
                }
                self.outcomes.insert(errand.link, outcome);
            }
            Next::Closed => {
                server.closed = Some(Outcome::NotAsked);
                self.outcomes.insert(errand.link, Outcome::NotAsked);
            }
        }
        server.free_at = free_at;
        if let Some(outcome) = &server.closed {
            for errand in server.queue.drain(..) {
                self.outcomes.insert(errand.link, outcome.clone());
            }
        }
        let is_waiting = !server.queue.is_empty();
        match on {
            // The same server goes on with the same errand.
            Some(errand) if errand.host() == host => {
                server.queue.push_front(errand);
                self.waiting.insert((free_at, host.to_owned()));
            }
            on => {
                if is_waiting {
                    self.waiting.insert((free_at, host.to_owned()));
                }
                if let Some(errand) = on {
                    self.queue(errand);
                }
            }
        }
    }
}

fn lock(state: &Mutex<State>) -> MutexGuard<'_, State> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The pause that a `Retry-After` wants (RFC 9110, section 10.2.3): seconds, or a date.
fn seconds(text: &str, now: DateTime<Utc>) -> Option<Duration> {
    let text = text.trim();
    if let Ok(seconds) = text.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let date = DateTime::parse_from_rfc2822(text).ok()?;
    Some((date.with_timezone(&Utc) - now).to_std().unwrap_or_default())
}
