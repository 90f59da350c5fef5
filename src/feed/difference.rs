//! The difference between two versions of a feed, as subscribers see it. Feed readers recognize an entry only by its
//! id.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, Utc};

use super::read::FoundEntry;

/// An entry's names, for a report.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Named {
    /// Its id.
    pub id: String,
    /// Its title.
    pub title: String,
    /// Its URL.
    pub url: String,
}

impl Named {
    /// The names of `entry`.
    pub fn of(entry: &FoundEntry) -> Named {
        Named { id: entry.id.clone(), title: entry.title.clone(), url: entry.url.clone() }
    }
}

/// The changes that subscribers will see.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Difference {
    /// New entries, newest first.
    pub new: Vec<Named>,
    /// Changed entries, with the names of the fields that differ.
    pub updated: Vec<(Named, Vec<&'static str>)>,
    /// Entries that leave although the feed has room for them.
    pub vanished: Vec<Named>,
    /// Entries that readers take for new although they are not: their id has changed (the old one is given), or they
    /// are not newer than the newest known entry.
    pub reappearing: Vec<(Named, Option<String>)>,
    /// Entries in another order than before.
    pub moved: Vec<Named>,
    /// The number of entries that leave because newer ones take their room.
    pub pushed_out: usize,
}

impl Difference {
    /// True if subscribers will see no change.
    pub fn is_nothing(&self) -> bool {
        *self == Difference::default()
    }

    /// The difference if the entries `new` replace `old`. A feed is full if it has `limit` entries or more; without a
    /// limit, if it has at least as many as before. Entries for which `meant` is true leave on purpose.
    pub fn between(
        old: &[FoundEntry],
        new: &[FoundEntry],
        limit: Option<usize>,
        meant: &dyn Fn(&str) -> bool,
    ) -> Difference {
        let mut difference = Difference::default();
        let before: HashMap<&str, &FoundEntry> = old.iter().map(|one| (one.id.as_str(), one)).collect();
        let after: HashSet<&str> = new.iter().map(|one| one.id.as_str()).collect();
        let newest = old.iter().filter_map(|one| one.published).max();
        let oldest = new.iter().filter_map(|one| one.published).min();
        let is_full = new.len() >= limit.unwrap_or(old.len());
        let same_article = |one: &FoundEntry| {
            let is_it = |other: &&FoundEntry| {
                !after.contains(other.id.as_str())
                    && (is_said(&one.url) && other.url == one.url
                        || is_said(&one.title)
                            && other.title == one.title
                            && other.published == one.published)
            };
            old.iter().find(is_it)
        };
        for one in new {
            match before.get(one.id.as_str()) {
                Some(known) => {
                    let fields = differing(known, one);
                    if !fields.is_empty() {
                        difference.updated.push((Named::of(one), fields));
                    }
                }
                None => match same_article(one) {
                    Some(known) => difference.reappearing.push((Named::of(one), Some(known.id.clone()))),
                    None if is_before(one.published, newest) => {
                        difference.reappearing.push((Named::of(one), None));
                    }
                    None => difference.new.push(Named::of(one)),
                },
            }
        }
        let replaced: HashSet<&str> =
            difference.reappearing.iter().filter_map(|(_, known)| known.as_deref()).collect();
        let gone =
            old.iter().filter(|one| !after.contains(one.id.as_str()) && !replaced.contains(one.id.as_str()));
        let (mut pushed_out, mut vanished) = (0, Vec::new());
        for one in gone {
            if is_full && is_before(one.published, oldest) {
                pushed_out += 1;
            } else if !meant(&one.id) {
                vanished.push(Named::of(one));
            }
        }
        (difference.pushed_out, difference.vanished) = (pushed_out, vanished);
        let was: Vec<&FoundEntry> = old.iter().filter(|one| after.contains(one.id.as_str())).collect();
        let is: Vec<&FoundEntry> = new.iter().filter(|one| before.contains_key(one.id.as_str())).collect();
        let moved = was.iter().zip(&is).filter(|(was, is)| was.id != is.id);
        difference.moved = moved.map(|(_, is)| Named::of(is)).collect();
        difference
    }
}

fn is_said(text: &str) -> bool {
    !text.is_empty()
}

/// True if both dates are known and `one` is not after `other`.
fn is_before(one: Option<DateTime<Utc>>, other: Option<DateTime<Utc>>) -> bool {
    one.zip(other).is_some_and(|(one, other)| one <= other)
}

/// The fields in which the entries differ; a field that only one of them has is not compared.
fn differing(old: &FoundEntry, new: &FoundEntry) -> Vec<&'static str> {
    let said = |one: &FoundEntry, name: &str| {
        one.fields.iter().find(|(known, _)| *known == name).map(|(_, value)| value.clone())
    };
    let mut fields: Vec<&'static str> = Vec::new();
    for (name, value) in &new.fields {
        if said(old, name).is_some_and(|known| known != *value) {
            fields.push(name);
        }
    }
    fields
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An entry of that day of January 2026.
    fn entry(id: &str, day: u32, content: &str) -> FoundEntry {
        FoundEntry {
            id: id.to_owned(),
            url: format!("https://e.org/{id}/"),
            title: id.to_owned(),
            published: Some(format!("2026-01-{day:02}T00:00:00Z").parse().unwrap()),
            fields: vec![("content", content.to_owned())],
            ..FoundEntry::default()
        }
    }

    fn ids(names: &[Named]) -> Vec<&str> {
        names.iter().map(|one| one.id.as_str()).collect()
    }

    fn between(old: &[FoundEntry], new: &[FoundEntry]) -> Difference {
        Difference::between(old, new, None, &|_| false)
    }

    #[test]
    fn what_readers_will_see_is_told_by_id() {
        let old = [entry("c", 5, "C"), entry("b", 3, "B"), entry("a", 1, "A")];
        assert!(between(&old, &old).is_nothing());
        let found = between(&old, &[entry("d", 7, "D"), entry("c", 5, "C!"), entry("b", 3, "B")]);
        assert_eq!((ids(&found.new), found.pushed_out), (vec!["d"], 1));
        assert_eq!(found.updated, [(Named::of(&entry("c", 5, "")), vec!["content"])]);
        // An entry dated between known ones may be late, or come back.
        let found =
            between(&old, &[entry("c", 5, "C"), entry("x", 4, ""), entry("b", 3, "B"), entry("a", 1, "A")]);
        assert_eq!(found.reappearing, [(Named::of(&entry("x", 4, "")), None)]);
        // The same article comes back with another id.
        let other = FoundEntry { id: "guid-c".into(), ..entry("c", 5, "C") };
        let found = between(&old, &[other.clone(), entry("b", 3, "B"), entry("a", 1, "A")]);
        assert_eq!(found.reappearing, [(Named::of(&other), Some("c".to_owned()))]);
        assert!(found.vanished.is_empty(), "{found:?}");
        let found = between(&old, &[entry("c", 5, "C"), entry("a", 1, "A")]);
        assert_eq!(ids(&found.vanished), ["b"]);
        let meant = Difference::between(&old, &old[..1], None, &|id| id == "b");
        assert_eq!(ids(&meant.vanished), ["a"]);
        // A lower limit removes no entry that is still wanted.
        let lower = Difference::between(&old, &old[..1], Some(1), &|_| false);
        assert_eq!((lower.vanished.len(), lower.pushed_out), (0, 2));
        let found = between(&old, &[entry("b", 3, "B"), entry("c", 5, "C"), entry("a", 1, "A")]);
        assert_eq!(ids(&found.moved), ["b", "c"]);
    }
}
