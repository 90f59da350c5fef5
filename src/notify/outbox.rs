//! The outbox: notifications to send, and when each is tried next. It uses no clock, disk or network; the caller
//! passes the time and carries out what is due.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use super::{Answer, Event, Waiting};

/// Minutes from one try to the next; the last value repeats.
const WAITS: [i64; 5] = [1, 5, 15, 60, 360];

/// The time without success after which a note is given up: by then readers have polled the feed themselves.
const PATIENCE: TimeDelta = TimeDelta::days(3);

/// The notes to deliver.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Outbox {
    /// The number of the next note.
    next: u64,
    /// The notes, in the order of their numbers.
    notes: Vec<Note>,
    /// The time until which a hub asked to be left alone (RFC 9110, section 10.2.3).
    held: BTreeMap<String, DateTime<Utc>>,
}

/// A note: a hub has to be notified of a feed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Note {
    /// A new number for each change of the feed, so that delivering an older note does not strike out this one.
    number: u64,
    hub: String,
    topic: String,
    /// The time at which the feed changed.
    since: DateTime<Utc>,
    /// The number of tries.
    attempts: u32,
    /// The earliest time of the next try.
    due: DateTime<Utc>,
}

/// The notes for one hub that a run has claimed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Claim {
    pub hub: String,
    /// Number and topic of each.
    pub notes: Vec<(u64, String)>,
}

/// The result of a claim.
#[derive(Debug, Default)]
pub(super) struct Delivery {
    pub hub: String,
    /// The notes that were sent, in order, with the hub's answers. A failure ends the visit, so it can only be the
    /// last.
    pub answers: Vec<(u64, String, Answer)>,
    /// The notes that were not sent.
    pub left: Vec<u64>,
}

impl Outbox {
    /// Adds a note for each of `hubs` and each of `topics`. It replaces an earlier note for the same hub and feed.
    pub fn add(&mut self, hubs: &[String], topics: &[String], now: DateTime<Utc>) {
        let (ours, new): (BTreeSet<_>, BTreeSet<_>) = (hubs.iter().collect(), topics.iter().collect());
        self.notes.retain(|note| !(ours.contains(&note.hub) && new.contains(&note.topic)));
        for (hub, topic) in hubs.iter().flat_map(|hub| topics.iter().map(move |topic| (hub, topic))) {
            let (hub, topic) = (hub.clone(), topic.clone());
            self.notes.push(Note { number: self.next, hub, topic, since: now, attempts: 0, due: now });
            self.next += 1;
        }
    }

    /// The notes of each hub, in the order of the hubs' names.
    pub fn waiting(&self) -> Vec<Waiting> {
        let mut by_hub: BTreeMap<&str, Waiting> = BTreeMap::new();
        for note in &self.notes {
            let next = self.held.get(&note.hub).map_or(note.due, |until| note.due.max(*until));
            let one = by_hub.entry(&note.hub).or_insert_with(|| Waiting {
                hub: note.hub.clone(),
                feeds: Vec::new(),
                since: note.since,
                attempts: 0,
                next,
            });
            one.feeds.push(note.topic.clone());
            one.since = one.since.min(note.since);
            one.attempts = one.attempts.max(note.attempts);
            one.next = one.next.min(next);
        }
        by_hub.into_values().collect()
    }

    /// True if no note is left.
    pub fn is_empty(&self) -> bool {
        self.notes.is_empty()
    }

    /// True if [`claim`](Outbox::claim) would change the outbox.
    pub fn is_due(&self, hubs: &[String], now: DateTime<Utc>) -> bool {
        self.notes.iter().any(|note| !hubs.contains(&note.hub) || self.is_note_due(note, now))
    }

    fn is_note_due(&self, note: &Note, now: DateTime<Utc>) -> bool {
        note.due <= now && self.held.get(&note.hub).is_none_or(|until| *until <= now)
    }

    /// Claims the notes that are due at `now`. They are recorded as tried and failed, so that no other run tries them
    /// meanwhile, and a run that dies counts as a failed try. A claim has all notes for its hub, also those that are
    /// not due yet. Notes for hubs that are no longer among the site's `hubs` are dropped.
    pub fn claim(&mut self, hubs: &[String], now: DateTime<Utc>) -> Vec<Claim> {
        self.notes.retain(|note| hubs.contains(&note.hub));
        self.held.retain(|hub, until| *until > now && hubs.contains(hub));
        let due = hubs
            .iter()
            .filter(|hub| self.notes.iter().any(|note| note.hub == **hub && self.is_note_due(note, now)));
        let due: Vec<String> = due.cloned().collect();
        let claim = |hub: String| {
            let own = self.notes.iter_mut().filter(|note| note.hub == hub);
            let notes = own.map(|note| {
                let wait = WAITS[(note.attempts as usize).min(WAITS.len() - 1)];
                note.attempts += 1;
                note.due = now + TimeDelta::minutes(wait);
                (note.number, note.topic.clone())
            });
            Claim { notes: notes.collect(), hub }
        };
        due.into_iter().map(claim).collect()
    }

    /// Records the result of a claim that was taken at `now`, and adds what there is to report to `events`.
    pub fn settle(&mut self, delivery: &Delivery, now: DateTime<Utc>, events: &mut Vec<Event>) {
        let Delivery { hub, answers, left } = delivery;
        let mut done = BTreeSet::new();
        let mut told = Vec::new();
        let mut failed = None;
        for (number, topic, answer) in answers {
            match answer {
                Answer::Told => {
                    done.insert(*number);
                    told.push(topic.clone());
                }
                Answer::Refused { status, location } => {
                    done.insert(*number);
                    let (hub, topic, location) = (hub.clone(), topic.clone(), location.clone());
                    events.push(Event::Refused { hub, topic, status: *status, location });
                }
                Answer::Failed { why, retry_after } => failed = Some((why, retry_after)),
            }
        }
        self.notes.retain(|note| !done.contains(&note.number));
        if !told.is_empty() {
            events.insert(0, Event::Told { hub: hub.clone(), topics: told });
        }
        for note in self.notes.iter_mut().filter(|note| left.contains(&note.number)) {
            note.attempts = note.attempts.saturating_sub(1);
            note.due = now;
        }
        let Some((why, retry_after)) = failed else { return };
        let wish = retry_after.as_deref().and_then(|text| retry_at(text, now));
        if let Some(until) = wish {
            self.held.insert(hub.clone(), until);
        }
        let is_over = |note: &Note| note.hub == *hub && note.attempts > 0 && now - note.since >= PATIENCE;
        let over: Vec<&Note> = self.notes.iter().filter(|note| is_over(note)).collect();
        if let Some(since) = over.iter().map(|note| note.since).min() {
            let topics = over.iter().map(|note| note.topic.clone()).collect();
            events.push(Event::GaveUp { hub: hub.clone(), topics, since, why: why.clone() });
        }
        self.notes.retain(|note| !is_over(note));
        let waiting: Vec<&Note> = self.notes.iter().filter(|note| note.hub == *hub).collect();
        if let Some(next) = waiting.iter().map(|note| note.due).min() {
            let next = wish.map_or(next, |until| next.max(until));
            let topics = waiting.iter().map(|note| note.topic.clone()).collect();
            events.push(Event::Failed { hub: hub.clone(), topics, why: why.clone(), next });
        }
    }
}

/// The time in a `Retry-After` field (RFC 9110, section 10.2.3): seconds from `now`, or a date. At most three days
/// ahead, since no note is kept for longer.
fn retry_at(text: &str, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    let text = text.trim();
    let wait = match text.parse::<u32>() {
        Ok(seconds) => TimeDelta::seconds(i64::from(seconds)),
        Err(_) => DateTime::parse_from_rfc2822(text).ok()?.to_utc() - now,
    };
    (wait > TimeDelta::zero()).then(|| now + wait.min(PATIENCE))
}

#[cfg(test)]
mod tests {
    use super::*;

    const HUB: &str = "https://hub.example.org/";

    fn at(minutes: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(1_790_000_000 + 60 * minutes, 0).unwrap()
    }

    fn texts(texts: &[&str]) -> Vec<String> {
        texts.iter().map(|text| (*text).to_owned()).collect()
    }

    fn failed(retry_after: Option<&str>) -> Answer {
        Answer::Failed { why: "it was away".to_owned(), retry_after: retry_after.map(str::to_owned) }
    }

    /// Claims at `now` and settles every note with `answer`; returns the topics and the events.
    fn visit(outbox: &mut Outbox, now: DateTime<Utc>, answer: &Answer) -> (Vec<String>, Vec<Event>) {
        let mut events = Vec::new();
        let claims = outbox.claim(&texts(&[HUB]), now);
        let topics = claims.iter().flat_map(|claim| claim.notes.iter().map(|(_, topic)| topic.clone()));
        let topics = topics.collect();
        for Claim { hub, notes } in claims {
            let answers = notes.into_iter().map(|(number, topic)| (number, topic, answer.clone()));
            let delivery = Delivery { hub, answers: answers.collect(), left: Vec::new() };
            outbox.settle(&delivery, now, &mut events);
        }
        (topics, events)
    }

    #[test]
    fn it_is_tried_ever_more_seldom_and_given_up_after_three_days() {
        let mut outbox = Outbox::default();
        outbox.add(&texts(&[HUB]), &texts(&["a"]), at(0));
        let (mut now, mut tries) = (0, Vec::new());
        for minute in 0..=4 * 24 * 60 {
            let (topics, events) = visit(&mut outbox, at(minute), &failed(None));
            if topics.is_empty() {
                assert_eq!(events, [], "{minute}");
                continue;
            }
            tries.push(minute - now);
            now = minute;
            match &events[..] {
                [Event::Failed { next, .. }] => assert!(*next > at(minute)),
                [Event::GaveUp { since, topics, .. }] => {
                    assert_eq!((*since, &topics[..]), (at(0), &texts(&["a"])[..]));
                    assert!((3 * 24 * 60..=3 * 24 * 60 + 360).contains(&minute), "{minute}");
                }
                other => panic!("{other:?}"),
            }
        }
        assert_eq!(tries[..7], [0, 1, 5, 15, 60, 360, 360]);
        assert!(outbox.is_empty());
    }

    #[test]
    fn a_hub_is_left_alone_for_as_long_as_it_asks_for_news_too() {
        let mut outbox = Outbox::default();
        outbox.add(&texts(&[HUB]), &texts(&["a"]), at(0));
        let (_, events) = visit(&mut outbox, at(0), &failed(Some("1800")));
        assert!(matches!(&events[..], [Event::Failed { next, .. }] if *next == at(30)), "{events:?}");
        outbox.add(&texts(&[HUB]), &texts(&["b"]), at(10));
        assert!(!outbox.is_due(&texts(&[HUB]), at(29)));
        assert_eq!(visit(&mut outbox, at(29), &Answer::Told).0, texts(&[]));
        assert!(outbox.is_due(&texts(&[HUB]), at(30)));
        let (topics, events) = visit(&mut outbox, at(30), &Answer::Told);
        assert_eq!(topics, texts(&["a", "b"]));
        assert_eq!(events, [Event::Told { hub: HUB.to_owned(), topics: texts(&["a", "b"]) }]);
        assert!(outbox.is_empty());
    }

    #[test]
    fn retry_after_is_seconds_or_a_date_and_never_for_ever() {
        let now = DateTime::parse_from_rfc3339("2026-11-25T12:00:00Z").unwrap().to_utc();
        for (text, seconds) in [
            ("120", Some(120)),
            (" 7 ", Some(7)),
            ("Wed, 25 Nov 2026 12:05:00 GMT", Some(300)),
            ("4000000000", Some(3 * 86_400)),
            ("Fri, 25 Nov 2033 12:05:00 GMT", Some(3 * 86_400)),
            ("0", None),
            ("Wed, 25 Nov 2026 11:00:00 GMT", None),
            ("soon", None),
            ("-5", None),
            ("99999999999999999999", None),
        ] {
            assert_eq!(retry_at(text, now), seconds.map(|s| now + TimeDelta::seconds(s)), "{text}");
        }
    }

    #[test]
    fn a_feed_that_changed_again_is_not_struck_by_who_told_of_the_change_before() {
        let (mut outbox, hubs) = (Outbox::default(), texts(&[HUB]));
        outbox.add(&hubs, &texts(&["a", "b"]), at(0));
        let claim = outbox.claim(&hubs, at(0)).remove(0);
        assert!(outbox.claim(&hubs, at(0)).is_empty(), "it is claimed");
        // Another run comes in between.
        outbox.add(&hubs, &texts(&["a"]), at(0));
        let answers = claim.notes.into_iter().map(|(number, topic)| (number, topic, Answer::Told));
        let delivery = Delivery { hub: HUB.to_owned(), answers: answers.collect(), left: Vec::new() };
        outbox.settle(&delivery, at(0), &mut Vec::new());
        assert_eq!(visit(&mut outbox, at(0), &Answer::Told).0, texts(&["a"]));
        assert!(outbox.is_empty());
    }

    #[test]
    fn what_there_was_no_time_for_is_due_at_once_and_was_not_tried() {
        let (mut outbox, hubs) = (Outbox::default(), texts(&[HUB]));
        outbox.add(&hubs, &texts(&["a", "b"]), at(0));
        let mut claim = outbox.claim(&hubs, at(0)).remove(0);
        let (left, _) = claim.notes.pop().unwrap();
        let (number, topic) = claim.notes.pop().unwrap();
        let answers = vec![(number, topic, Answer::Told)];
        let delivery = Delivery { hub: HUB.to_owned(), answers, left: vec![left] };
        outbox.settle(&delivery, at(0), &mut Vec::new());
        let (topics, events) = visit(&mut outbox, at(0), &failed(None));
        assert_eq!(topics, texts(&["b"]));
        assert!(matches!(&events[..], [Event::Failed { next, .. }] if *next == at(1)), "{events:?}");
    }

    #[test]
    fn what_a_hub_refuses_is_told_once_and_dropped_and_so_is_what_has_no_hub_any_more() {
        let (mut outbox, hubs) = (Outbox::default(), texts(&[HUB, "https://other.example/"]));
        outbox.add(&hubs, &texts(&["a"]), at(0));
        let refused = Answer::Refused { status: 404, location: None };
        let (_, events) = visit(&mut outbox, at(0), &refused);
        assert!(matches!(&events[..], [Event::Refused { status: 404, .. }]), "{events:?}");
        // `visit` handles only one hub.
        assert!(outbox.is_empty());
    }
}
