//! A model of a newsroom: what its people do to the sources of a site, and what readers should then see.
//!
//! It knows the rules of `content/docs/reference/dates.md` and none of the program's code. Each article carries tokens of
//! its own, `zt7x` in its title and `zb7v2x` in its text, by which it is found wherever it comes out.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, FixedOffset, LocalResult, NaiveDateTime, TimeDelta, TimeZone, Timelike, Utc};
use chrono_tz::Tz;

/// Numbers that are the same again with the same seed (Knuth's MMIX).
pub struct Chance(u64);

impl Chance {
    pub fn new(seed: u64) -> Chance {
        Chance(seed ^ 0x9E37_79B9_7F4A_7C15)
    }

    /// A number below `end`.
    pub fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) % end.max(1) as u64) as usize
    }

    /// True once in `times`.
    pub fn once_in(&mut self, times: usize) -> bool {
        self.below(times) == 0
    }

    fn between(&mut self, from: i64, to: i64) -> i64 {
        from + self.below((to - from) as usize) as i64
    }

    fn one_of<T: Copy>(&mut self, all: &[T]) -> Option<T> {
        (!all.is_empty()).then(|| all[self.below(all.len())])
    }
}

/// A date as its author wrote it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Date {
    local: NaiveDateTime,
    /// In seconds; without one it is in the site's zone.
    offset: Option<i32>,
}

impl Date {
    /// The moment, where of a time that happened twice the later counts.
    fn instant(self, zone: Tz) -> Option<DateTime<Utc>> {
        let Some(offset) = self.offset else {
            return match zone.from_local_datetime(&self.local) {
                LocalResult::Single(one) | LocalResult::Ambiguous(_, one) => Some(one.to_utc()),
                LocalResult::None => None,
            };
        };
        FixedOffset::east_opt(offset)?.from_local_datetime(&self.local).single().map(|one| one.to_utc())
    }

    fn written(self) -> String {
        let local = self.local.format("%Y-%m-%dT%H:%M:%S");
        match self.offset {
            Some(offset) => format!("{local}{}", FixedOffset::east_opt(offset).unwrap()),
            None => local.to_string(),
        }
    }
}

/// What a source says, beside its place.
#[derive(Debug, Clone, PartialEq)]
struct Text {
    /// Which text it has: readers see each change of it.
    version: usize,
    /// Which spelling: readers see none of it.
    spelling: usize,
    is_minor: bool,
    is_draft: bool,
    date: Option<Date>,
    expires: Option<DateTime<Utc>>,
    tags: usize,
}

/// What the public record has to say of an article that was published.
#[derive(Debug, Clone, PartialEq)]
pub struct Record {
    /// As of when. Only a date that was to come when the article was not public changes it.
    pub published: DateTime<Utc>,
    /// The clock time that its author wrote for that.
    local: NaiveDateTime,
    /// The last change that readers saw.
    pub updated: DateTime<Utc>,
    version: usize,
}

#[derive(Debug, Clone)]
struct Article {
    /// The name of its file; another article may come to have one that it left.
    name: usize,
    section: usize,
    is_html: bool,
    text: Text,
    /// Saved with an error of that kind.
    bad: Option<usize>,
    /// Its file is not where the ledger has it: with another text too, nobody could tell which it is.
    is_moved: bool,
    is_deleted: bool,
    /// Nobody will bring it back.
    is_forgotten: bool,
    record: Option<Record>,
    /// It was public, and is not since then.
    gone: Option<DateTime<Utc>>,
    /// Its text as it was last public or had expired; none if it was withdrawn otherwise.
    kept: Option<Text>,
}

impl Article {
    /// True if its text and place are known to the ledger, or nothing of it is.
    fn is_settled(&self) -> bool {
        self.bad.is_none() && self.record.as_ref().is_none_or(|record| record.version == self.text.version)
    }
}

/// The whole site.
pub struct Newsroom {
    pub chance: Chance,
    articles: Vec<Article>,
    sections: Vec<String>,
    zone: Tz,
    domain: usize,
    template: usize,
    names: usize,
    /// Names that a published article has left, with their sections: some time another may get one.
    vacated: Vec<(usize, usize)>,
    vacating: Vec<(usize, usize)>,
    reused: BTreeSet<usize>,
    /// Feeds whose last entry an edit may have taken away since the last run.
    pub entries_left: bool,
    pub done: BTreeMap<&'static str, usize>,
}

/// What readers should see as of a moment.
pub struct Expected {
    pub live: BTreeMap<usize, Record>,
    pub tokens: BTreeSet<String>,
    pub skipped: usize,
}

const ZONES: [Tz; 2] = [Tz::Europe__London, Tz::America__St_Johns];

impl Newsroom {
    pub fn new(seed: u64) -> Newsroom {
        Newsroom {
            chance: Chance::new(seed),
            articles: Vec::new(),
            sections: vec!["news".into(), "harbour".into(), "opinion".into()],
            zone: ZONES[0],
            domain: 0,
            template: 0,
            names: 0,
            vacated: Vec::new(),
            vacating: Vec::new(),
            reused: BTreeSet::new(),
            entries_left: false,
            done: BTreeMap::new(),
        }
    }

    fn count(&mut self, what: &'static str) {
        *self.done.entry(what).or_default() += 1;
    }

    pub fn base_url(&self) -> String {
        format!("https://{}.example.org/", ["one", "two"][self.domain])
    }

    fn pick(&mut self, which: impl Fn(&Article) -> bool) -> Option<usize> {
        let all: Vec<usize> = (0..self.articles.len())
            .filter(|at| !self.articles[*at].is_forgotten && which(&self.articles[*at]))
            .collect();
        self.chance.one_of(&all)
    }

    /// A date that exists in both zones.
    fn date(&mut self, now: DateTime<Utc>, from: i64, to: i64) -> Date {
        loop {
            let instant = now + TimeDelta::minutes(self.chance.between(from, to));
            // Some fall into the hours in which clocks change.
            let local = match self.chance.below(6) {
                0 => instant.naive_utc().with_hour(1).and_then(|one| one.with_minute(30)).unwrap(),
                _ => instant.naive_utc(),
            };
            let offset = [None, None, Some(0), Some(8 * 3600), Some(-12_600)][self.chance.below(5)];
            let date = Date { local, offset };
            if ZONES.iter().all(|zone| date.instant(*zone).is_some()) {
                return date;
            }
        }
    }

    /// A working day's worth of events, one at a time.
    pub fn something_happens(&mut self, now: DateTime<Utc>, room: usize) {
        let there = self.articles.iter().filter(|one| !one.is_deleted).count();
        let event = self.chance.below(100);
        // A full house deletes more.
        let event = if there > room && event < 24 { 90 } else { event };
        let live = |one: &Article| !one.is_deleted && one.bad.is_none();
        match event {
            0..24 => self.write(now),
            24..38 => {
                let is_open = |one: &Article| one.record.is_none() || !one.text.is_draft;
                let Some(at) = self.pick(|one| live(one) && !one.is_moved && is_open(one)) else { return };
                let text = &mut self.articles[at].text;
                (text.version, text.is_minor) = (text.version + 1, false);
                self.count("visible edits");
            }
            38..43 => {
                let Some(at) = self.pick(live) else { return };
                self.articles[at].text.spelling += 1;
                self.count("invisible edits");
            }
            43..46 => {
                let Some(at) =
                    self.pick(|one| live(one) && !one.is_moved && one.kept.is_some() && one.record.is_some())
                else {
                    return;
                };
                let text = &mut self.articles[at].text;
                (text.version, text.is_minor) = (text.version + 1, true);
                self.count("minor edits");
            }
            46..52 => self.rename(),
            52..54 => self.move_section(),
            54..57 => {
                let Some(at) = self.pick(live) else { return };
                self.articles[at].is_html ^= true;
                self.articles[at].is_moved = true;
                self.count("changes of format");
            }
            57..62 => {
                let zone = self.zone;
                let Some(at) = self.pick(live) else { return };
                let ahead = TimeDelta::minutes(self.chance.between(10, 4 * 24 * 60));
                let one = &mut self.articles[at];
                let date = one.record.as_ref().map(|record| record.published);
                let date = date.max(one.text.date.and_then(|date| date.instant(zone))).unwrap_or(now);
                // In the other zone a date without an offset is some hours later.
                let latest = date.max(now) + TimeDelta::hours(6);
                one.text.expires = if one.text.expires.is_none() { Some(latest + ahead) } else { None };
                self.count("expiries set or lifted");
            }
            62..66 => {
                let Some(at) = self.pick(|one| live(one) && !one.text.is_draft) else { return };
                self.articles[at].text.is_draft = true;
                self.count("drafts pulled");
            }
            66..71 => {
                let Some(at) = self.pick(|one| live(one) && one.text.is_draft) else { return };
                self.articles[at].text.is_draft = false;
                self.count("drafts put back");
            }
            71..75 => {
                let Some(at) = self.pick(|one| live(one) && !one.is_moved) else { return };
                let kind = self.chance.below(4);
                let one = &mut self.articles[at];
                one.bad = Some(kind);
                one.text.version += 1;
                one.text.is_minor = false;
                // The terms of an article that is not public are read from its source.
                self.entries_left |= one.gone.is_some();
                self.count("bad saves");
            }
            75..81 => {
                let Some(at) = self.pick(|one| !one.is_deleted && one.bad.is_some()) else { return };
                self.articles[at].bad = None;
                // With what was saved before the error: other tags, another expiry.
                self.entries_left = true;
                self.count("mended");
            }
            81..84 => {
                let Some(at) = self.pick(|one| live(one) && one.text.expires.is_none()) else { return };
                let date = self.date(now, -2000, 9000);
                // What was published needs no date of its own, and another changes nothing.
                let one = &mut self.articles[at];
                one.text.date =
                    Some(date).filter(|_| one.record.is_none() || !date.local.minute().is_multiple_of(3));
                self.count("dates changed");
            }
            84..88 => {
                let tags = self.chance.below(8);
                let Some(at) = self.pick(live) else { return };
                self.articles[at].text.tags = tags;
                self.entries_left = true;
                self.count("retagged");
            }
            88..93 => {
                let Some(at) = self.pick(|one| live(one) && !one.is_moved) else { return };
                self.articles[at].is_deleted = true;
                self.entries_left = true;
                self.count("deletions");
            }
            93..95 => {
                let names: BTreeSet<usize> =
                    self.articles.iter().filter(|one| !one.is_deleted).map(|one| one.name).collect();
                let Some(at) = self.pick(|one| one.is_deleted && !names.contains(&one.name)) else { return };
                (self.articles[at].is_deleted, self.articles[at].is_moved) = (false, true);
                self.count("put back after deletion");
            }
            95..96 => {
                self.domain ^= 1;
                self.count("changes of base URL");
            }
            96..97 => {
                self.zone = if self.zone == ZONES[0] { ZONES[1] } else { ZONES[0] };
                self.count("changes of time zone");
            }
            _ => {
                self.template += 1;
                self.count("changes of template");
            }
        }
        if self.articles.len() > 3 * room {
            let gone = self.articles.iter_mut().filter(|one| one.is_deleted && !one.is_forgotten);
            gone.take(room / 2).for_each(|one| one.is_forgotten = true);
        }
    }

    fn write(&mut self, now: DateTime<Utc>) {
        // Most are for soon.
        let (from, to) = [(-90, 30), (-3000, 0), (0, 2 * 24 * 60), (0, 10 * 24 * 60)][self.chance.below(4)];
        let date = self.date(now, from, to);
        self.names += 1;
        let mut place = (self.names, self.chance.below(self.sections.len()));
        if self.chance.once_in(6)
            && let Some(vacated) = self.vacated.pop()
        {
            place = vacated;
            self.reused.insert(place.0);
            self.count("new ones where others were");
        }
        let expires = self.chance.once_in(5).then(|| {
            let last = ZONES.iter().filter_map(|zone| date.instant(*zone)).max().unwrap().max(now);
            last + TimeDelta::minutes(self.chance.between(10, 6 * 24 * 60))
        });
        let text = Text {
            version: 0,
            spelling: 0,
            is_minor: false,
            is_draft: self.chance.once_in(8),
            date: Some(date),
            expires,
            tags: self.chance.below(8),
        };
        let is_html = self.chance.once_in(4);
        self.articles.push(Article {
            name: place.0,
            section: place.1,
            is_html,
            text,
            bad: None,
            is_moved: false,
            is_deleted: false,
            is_forgotten: false,
            record: None,
            gone: None,
            kept: None,
        });
        self.count("written");
    }

    /// A file with the text that was published gets another name, and perhaps another section and format.
    fn rename(&mut self) {
        let Some(at) = self.pick(|one| !one.is_deleted && one.is_settled()) else { return };
        self.names += 1;
        let (name, section) = (self.names, self.chance.below(self.sections.len()));
        let one = &mut self.articles[at];
        self.entries_left |= one.section != section;
        let left = (one.name, one.section);
        (one.name, one.section, one.is_moved) = (name, section, true);
        if one.record.is_some() {
            self.vacating.push(left);
        }
        self.count("renames");
    }

    fn move_section(&mut self) {
        let section = self.chance.below(self.sections.len());
        let inside = |one: &&Article| one.section == section && !one.is_deleted;
        if !self.articles.iter().filter(inside).all(Article::is_settled) {
            return;
        }
        self.names += 1;
        self.sections[section] = format!("section-{}", self.names);
        self.vacated.retain(|(_, one)| *one != section);
        self.vacating.retain(|(_, one)| *one != section);
        self.articles.iter_mut().filter(|one| one.section == section).for_each(|one| one.is_moved = true);
        // The text of what was deleted there is known, and its place is not.
        self.articles.iter_mut().filter(|one| one.section == section && one.is_deleted).for_each(|one| {
            if one.record.as_ref().is_some_and(|record| record.version != one.text.version) {
                one.is_forgotten = true;
            }
        });
        self.entries_left = true;
        self.count("sections moved");
    }

    /// What readers should see as of `now`, of what was published before and is in the sources.
    pub fn expected(&self, now: DateTime<Utc>) -> Expected {
        let (mut live, mut tokens, mut skipped) = (BTreeMap::new(), BTreeSet::new(), 0);
        for (number, one) in self.articles.iter().enumerate().filter(|(_, one)| !one.is_deleted) {
            skipped += usize::from(one.bad.is_some());
            let Some(text) = (if one.bad.is_some() { one.kept.as_ref() } else { Some(&one.text) }) else {
                continue;
            };
            let Some(record) = self.record(one, text, now) else { continue };
            tokens.insert(format!("zt{number}x"));
            tokens.insert(format!("zb{number}v{}x", text.version));
            live.insert(number, record);
        }
        Expected { live, tokens, skipped }
    }

    /// What is to be said of an article with that text if it is public as of `now`.
    fn record(&self, one: &Article, text: &Text, now: DateTime<Utc>) -> Option<Record> {
        let written = text.date.and_then(|date| Some((date.instant(self.zone)?, date.local)));
        let (published, local) = match (&one.record, written) {
            (None, written) => written?,
            // A date that is to come takes it back, and counts from then on.
            (Some(old), Some((instant, local)))
                if local != old.local && (instant > now || one.gone.is_some_and(|gone| instant > gone)) =>
            {
                (instant, local)
            }
            (Some(old), _) => (old.published, old.local),
        };
        if text.is_draft || published > now || text.expires.is_some_and(|expires| expires <= now) {
            return None;
        }
        let updated = match &one.record {
            None => published,
            Some(old) if old.published != published => published,
            // Readers that were told to forget it take it up only if it changed.
            Some(_) if one.gone.is_some() => now,
            Some(old) if old.version == text.version || text.is_minor => old.updated,
            Some(_) => now,
        };
        Some(Record { published, local, updated, version: text.version })
    }

    /// A run as of `now` went well.
    pub fn published(&mut self, now: DateTime<Utc>) {
        let live = self.expected(now).live;
        let mut first = 0;
        for (number, one) in self.articles.iter_mut().enumerate() {
            let text = if one.bad.is_some() { one.kept.clone() } else { Some(one.text.clone()) };
            let record = live.get(&number).cloned();
            let has_expired =
                |text: &Text| !text.is_draft && text.expires.is_some_and(|expires| expires <= now);
            let expired = text.iter().find(|text| has_expired(text)).and_then(|text| text.expires);
            let expired = expired.filter(|_| !one.is_deleted);
            one.kept = text.filter(|text| record.is_some() || has_expired(text));
            one.is_moved = false;
            let is_gone = record.is_none() && one.record.is_some();
            one.gone = is_gone.then(|| one.gone.or(expired).unwrap_or(now));
            first += usize::from(one.record.is_none() && record.is_some());
            one.record = record.or(one.record.take());
        }
        *self.done.entry("publications").or_default() += first;
        self.vacated.append(&mut self.vacating);
        self.entries_left = false;
    }

    /// Takes over when readers first saw the last change of an article, where a cut run left that open.
    pub fn seen(&mut self, number: usize, updated: DateTime<Utc>) {
        if let Some(record) = &mut self.articles[number].record {
            record.updated = updated;
        }
    }

    pub fn ever_published(&self) -> usize {
        self.articles.iter().filter(|one| one.record.is_some()).count()
    }

    /// The moment before which nothing may be published.
    pub fn last_change(&self) -> Option<DateTime<Utc>> {
        self.articles.iter().filter_map(|one| Some(one.record.as_ref()?.updated)).max()
    }

    /// The names of files of which nothing was ever public, nor of anything else that had the name.
    pub fn secret_names(&self, live: &BTreeMap<usize, Record>) -> BTreeSet<String> {
        let is_known = |number: usize, one: &Article| one.record.is_some() || live.contains_key(&number);
        let (known, secret): (Vec<_>, Vec<_>) =
            self.articles.iter().enumerate().partition(|(number, one)| is_known(*number, one));
        let mut names: BTreeSet<usize> = secret.into_iter().map(|(_, one)| one.name).collect();
        let vacated = self.vacated.iter().chain(&self.vacating).map(|(name, _)| *name);
        // One that another article left, whose redirect stands there.
        let reused = self.reused.iter().copied();
        for name in known.into_iter().map(|(_, one)| one.name).chain(vacated).chain(reused) {
            names.remove(&name);
        }
        names.into_iter().map(|name| format!("zn{name}x")).collect()
    }

    /// The sources; with `as_published` those of which a clean build makes what readers should see: an article
    /// with an error as it was last public, or not at all.
    pub fn files(&self, as_published: bool) -> BTreeMap<String, String> {
        let mut files = BTreeMap::new();
        let toml = format!(
            "title = \"T\"\nbase_url = \"{}\"\nauthority = \"example.org\"\ntimezone = \"{}\"\n[dates]\nambiguous = \"later\"\n[feeds]\nlimit = 1000\n[taxonomies.tags]\nfeeds = true\n",
            self.base_url(),
            self.zone
        );
        files.insert("site.toml".to_owned(), toml);
        files.insert("content/_index.md".to_owned(), String::new());
        let template = format!(
            "{{% extends \"base.html\" %}}{{% block main %}}{} {{{{ article.title }}}} {{{{ article.content }}}}{{% if article.older %}}{{{{ article.older.title }}}}{{% endif %}}{{% endblock main %}}",
            self.template
        );
        files.insert("templates/article.html".to_owned(), template);
        for (at, section) in self.sections.iter().enumerate() {
            let feeds = if at == 0 { "[feeds]\nlimit = 5\n" } else { "" };
            let index = format!("+++\ntitle = \"Section {at}\"\n{feeds}+++\n");
            files.insert(format!("content/{section}/_index.md"), index);
        }
        for (number, one) in self.articles.iter().enumerate().filter(|(_, one)| !one.is_deleted) {
            let (text, bad) = match one.bad {
                Some(_) if as_published => (one.kept.as_ref(), None),
                bad => (Some(&one.text), bad),
            };
            let Some(text) = text else { continue };
            let extension = if one.is_html { "html" } else { "md" };
            let path = format!("content/{}/zn{}x.{extension}", self.sections[one.section], one.name);
            let other = files.insert(path, source(number, text, one.is_html, bad));
            assert!(other.is_none(), "the model gave one name twice");
        }
        files
    }
}

fn source(number: usize, text: &Text, is_html: bool, bad: Option<usize>) -> String {
    let mut lines =
        vec![format!("title = \"zt{number}x{}\"", if bad == Some(0) { "" } else { " of the harbour" })];
    let date = text.date.map(|date| format!("date = {}", date.written()));
    match bad {
        Some(0) => lines.push("summary = \"never closed".to_owned()),
        Some(1) => lines.push("date = 2026-13-01".to_owned()),
        Some(2) => lines.push("date = \"Friday, 14 February, 2015, 2:47pm\"".to_owned()),
        Some(_) => lines.push("weight = \"heavy\"".to_owned()),
        None => {}
    }
    lines.extend(date.filter(|_| !matches!(bad, Some(1 | 2))));
    lines.extend(text.expires.map(|expires| format!("expires = {}", expires.format("%Y-%m-%dT%H:%M:%SZ"))));
    lines.extend(text.is_draft.then(|| "draft = true".to_owned()));
    lines.extend(text.is_minor.then(|| "minor = true".to_owned()));
    let tags: Vec<String> =
        (0..3).filter(|bit| text.tags & (1 << bit) > 0).map(|bit| format!("\"t{bit}\"")).collect();
    lines.push(format!("tags = [{}]", tags.join(", ")));
    if text.spelling % 2 == 1 {
        lines.reverse();
    }
    let gap = "\n".repeat(1 + text.spelling % 3);
    let token = format!("zb{number}v{}x", text.version);
    let body = if is_html {
        format!("<p>The text {token}\nhas <em>some</em> words.</p>{gap}<p>And more.</p>")
    } else {
        let mark = if text.spelling.is_multiple_of(2) { '*' } else { '_' };
        format!("The text {token}\nhas {mark}some{mark} words.\n{gap}And more.")
    };
    format!("+++\n{}\n+++\n{gap}{body}\n", lines.join("\n"))
}
