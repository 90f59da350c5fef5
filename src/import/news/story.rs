//! A story: the newest of its takes, with what the earlier ones say beyond it.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;

use super::take::{State, Stated, Take};

/// A story of which all takes are known.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Story {
    /// Its newest take; headline and text are those of the newest take that has them.
    pub take: Take,
    /// All takes, oldest first: file, version and state.
    pub takes: Vec<TakeOf>,
    /// Its date: the oldest of all takes, or the end of an embargo after that.
    pub published: Option<Stated>,
    /// The date of the newest take, if there are earlier versions.
    pub updated: Option<Stated>,
    /// The end of its time.
    pub expires: Option<Stated>,
    /// Its public state.
    pub outcome: Outcome,
}

/// A take among others.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TakeOf {
    /// Its file.
    pub file: String,
    /// Its version.
    pub version: Option<u64>,
    /// Its state.
    pub state: State,
}

/// The public state of a story.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Outcome {
    /// It is public from its date on.
    #[default]
    Public,
    /// It is not public, for this reason.
    Held(String),
    /// It was killed, for this reason.
    Killed {
        /// The reason.
        why: String,
        /// An earlier take was public.
        was_usable: bool,
    },
}

impl Story {
    /// The story of `takes`; dates without an offset are in `zone`. `None` without a take.
    ///
    /// The version decides which take is the newest, then its date. Of two that are still equal, the one that shows less. An
    /// embargo and an expiry are those of the newest take that has one: a take that says nothing of them lifts none.
    pub fn of(mut takes: Vec<Take>, zone: Tz) -> Option<Story> {
        let instant = |stated: &Option<Stated>| stated.as_ref().and_then(|stated| stated.instant(zone));
        takes.sort_by_cached_key(|take| {
            // Without a date, a kill may be the newest, and any other take the oldest.
            let unknown = (take.state != State::Usable).then_some(DateTime::<Utc>::MAX_UTC);
            let changed = instant(&take.changed).or(unknown);
            (take.version.unwrap_or(1), changed, take.state, take.file.clone(), take.number)
        });
        let first = takes.iter().filter_map(|take| {
            [&take.first, &take.changed].into_iter().find(|one| instant(one).is_some())?.clone()
        });
        let first = first.min_by_key(|stated| stated.instant(zone));
        let newest = |field: &dyn Fn(&Take) -> Option<Stated>| takes.iter().rev().find_map(field);
        let (embargo, expires) = (newest(&|take| take.embargo.clone()), newest(&|take| take.expires.clone()));
        let unclear = [&embargo, &expires].into_iter().flatten().find(|stated| stated.is_unclear()).cloned();
        let published = match (first, embargo) {
            (Some(first), Some(embargo)) => {
                Some(if embargo.instant(zone) > first.instant(zone) { embargo } else { first })
            }
            (first, embargo) => first.or(embargo.filter(|stated| !stated.is_unclear())),
        };
        let of_takes = takes.iter().map(|take| TakeOf {
            file: take.file.clone(),
            version: take.version,
            state: take.state,
        });
        let of_takes: Vec<TakeOf> = of_takes.collect();
        let was_usable = takes.iter().any(|take| take.state == State::Usable);
        let mut take = takes.pop()?;
        let is_later = instant(&take.changed) > instant(&published);
        let has_earlier = !takes.is_empty() || take.version.is_some_and(|version| version > 1);
        let updated = take.changed.clone().filter(|_| has_earlier && is_later);
        // A kill may have neither: the page then says only why.
        for earlier in takes.iter_mut().rev() {
            if take.headline.is_empty() {
                take.headline = std::mem::take(&mut earlier.headline);
            }
            if take.text.trim().is_empty() {
                take.is_flat |= earlier.is_flat;
                take.text = std::mem::take(&mut earlier.text);
            }
        }
        if take.headline.is_empty() {
            take.headline.clone_from(&take.slugline);
        }
        let outcome = match (take.state, unclear) {
            (State::Killed, _) => {
                let note = take.note.as_str();
                let why = if note.is_empty() { "Its provider has withdrawn it." } else { note };
                Outcome::Killed { why: why.to_owned(), was_usable }
            }
            (State::Withheld, _) => Outcome::Held("its provider withholds it".to_owned()),
            (State::Usable, Some(stated)) => Outcome::Held(format!(
                "its `{}` is \u{201c}{}\u{201d}, and nobody knows when that is",
                stated.field, stated.raw
            )),
            (State::Usable, None) if published.is_none() => Outcome::Held("it has no date".to_owned()),
            (State::Usable, None) if take.is_flat => {
                Outcome::Held("its text could not be read in full".to_owned())
            }
            (State::Usable, None) => Outcome::Public,
        };
        let expires = expires.filter(|stated| !stated.is_unclear());
        Some(Story { take, takes: of_takes, published, updated, expires, outcome })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn take(version: u64, state: State, file: &str) -> Take {
        let changed = Some(Stated::of("versionCreated", &format!("2026-03-0{version}T10:00:00Z")));
        let headline = format!("V{version}");
        Take { version: Some(version), state, file: file.to_owned(), changed, headline, ..Take::default() }
    }

    fn story(takes: &[Take]) -> Story {
        Story::of(takes.to_vec(), Tz::UTC).unwrap()
    }

    #[test]
    fn the_version_decides_and_neither_name_nor_order() {
        let takes = [take(2, State::Usable, "a"), take(3, State::Usable, "b"), take(1, State::Usable, "z")];
        for order in [[0, 1, 2], [2, 1, 0], [1, 0, 2]] {
            let found = story(&order.map(|at| takes[at].clone()));
            assert_eq!(found.take.headline, "V3", "{order:?}");
            assert_eq!(found.published.unwrap().raw, "2026-03-01T10:00:00Z", "{order:?}");
            assert_eq!(found.updated.unwrap().raw, "2026-03-03T10:00:00Z", "{order:?}");
        }
    }

    #[test]
    fn of_two_takes_that_are_equal_the_one_that_shows_less_counts() {
        for state in [State::Killed, State::Withheld] {
            let other = Take { headline: "Other".to_owned(), ..take(1, state, "a") };
            let undated = Take { changed: None, ..other.clone() };
            for other in [other, undated] {
                let found = story(&[other.clone(), take(1, State::Usable, "z")]);
                assert_eq!(found.take.state, state, "{other:?}");
            }
        }
    }

    #[test]
    fn an_embargo_holds_until_a_take_names_another() {
        let with = |version, embargo: Option<&str>| Take {
            embargo: embargo.map(|raw| Stated::of("embargoed", raw)),
            ..take(version, State::Usable, "f")
        };
        for (embargoes, published) in [
            (&[Some("2026-05-01T00:00:00Z"), Some("2026-06-01T00:00:00Z")], Some("2026-06-01T00:00:00Z")),
            (&[Some("2026-05-01T00:00:00Z"), Some("2026-04-01T00:00:00Z")], Some("2026-04-01T00:00:00Z")),
            (&[Some("2026-05-01T00:00:00Z"), None], Some("2026-05-01T00:00:00Z")),
            (&[Some("2026-02-01T00:00:00Z"), None], Some("2026-03-01T10:00:00Z")),
            (&[None, Some("")], None),
            (&[Some("whenever"), None], None),
        ] {
            let takes: Vec<Take> =
                embargoes.iter().enumerate().map(|(at, raw)| with(at as u64 + 1, *raw)).collect();
            let found = story(&takes);
            let is_public = found.outcome == Outcome::Public;
            let date = found.published.filter(|_| is_public).map(|stated| stated.raw);
            assert_eq!(date.as_deref(), published, "{embargoes:?}");
        }
    }
}
