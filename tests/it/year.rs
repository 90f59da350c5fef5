//! A newsroom's year: thousands of things happen to a site that is published again and again, and at every
//! step what came out is what should be out, and what the public record says never changes.
//!
//! `cargo test` has some hundreds of steps. The long form:
//! `DATELINE_YEAR_STEPS=5000 cargo test --release --test it -- year --nocapture`; `DATELINE_YEAR_SEED` is
//! another year.

#![allow(clippy::print_stderr, reason = "the figures of the year, and its seed, are told")]

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fs;
use std::path::Path;
use std::process::Command;

use chrono::{DateTime, TimeDelta, Utc};
use dateline::pipeline::publish::{Outcome, publish};
use dateline::pipeline::{self, LedgerUse, Request};
use serde_json::Value;
use tempfile::TempDir;

use crate::newsroom::{Expected, Newsroom, Record};
use crate::site::{Files, between, json, text, tree};

/// The year has both changes of the clock.
const START: &str = "2026-01-01T00:00:00Z";
const DAYS: i64 = 365;
/// So many steps are few enough for every run of the tests.
const SHORT: u64 = 140;

fn request<'a>(
    root: &'a Path,
    state: &'a Path,
    out: &'a Path,
    now: DateTime<Utc>,
    ledger: LedgerUse,
) -> Request<'a> {
    Request { ledger, ..Request::new(root, state, out, now) }
}

/// What a run came to.
#[derive(Debug, PartialEq)]
enum Ran {
    /// It went well: how many files changed, how many things happened, how many sources were skipped.
    Well {
        files: Vec<String>,
        events: Vec<String>,
        skipped: usize,
    },
    Failed(Vec<String>),
}

fn run(root: &Path, now: DateTime<Utc>) -> Ran {
    let (state, out) = (root.join(".dateline"), root.join("public"));
    match publish(&request(root, &state, &out, now, LedgerUse::Advance), false, &|_| Ok(())) {
        Outcome::Published(done, _) => Ran::Well {
            files: [done.report.changes.written_paths, done.report.changes.removed_paths].concat(),
            events: done.report.events.iter().map(|one| format!("{one:?}")).collect(),
            skipped: done.skipped.len(),
        },
        Outcome::Failed(failure, _) => Ran::Failed(
            failure
                .problems
                .iter()
                .map(|one| format!("{:?} {}", one.place().map(ToString::to_string), one.message()))
                .collect(),
        ),
        Outcome::Busy(_) => panic!("nobody else is at work"),
    }
}

/// Makes the files of `root` those that are wanted; those that are stay untouched.
fn write(root: &Path, before: &BTreeMap<String, String>, wanted: &BTreeMap<String, String>) {
    for path in before.keys().filter(|path| !wanted.contains_key(*path)) {
        fs::remove_file(root.join(path)).unwrap();
    }
    for (path, text) in wanted.iter().filter(|(path, text)| before.get(*path) != Some(*text)) {
        let to = root.join(path);
        fs::create_dir_all(to.parent().unwrap()).unwrap();
        fs::write(to, text).unwrap();
    }
}

/// All tokens in some bytes: a `z`, a small letter, and digits in which one `v` may be, up to an `x`.
fn tokens(files: &Files) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut search = |bytes: &[u8]| {
        let mut at = 0;
        while let Some(next) = bytes[at..].iter().position(|byte| *byte == b'z') {
            let start = at + next;
            at = start + 1;
            if !matches!(bytes.get(at), Some(b't' | b'b' | b'n')) {
                continue;
            }
            let length =
                bytes[start + 2..].iter().take_while(|byte| byte.is_ascii_digit() || **byte == b'v').count();
            if length > 0 && bytes.get(start + 2 + length) == Some(&b'x') {
                found.insert(String::from_utf8(bytes[start..start + 3 + length].to_vec()).unwrap());
            }
        }
    };
    for (path, bytes) in files {
        search(path.as_bytes());
        search(bytes);
    }
    found
}

/// What a file is, so that a file that was written again is another.
fn stamps(root: &Path) -> BTreeMap<String, (u64, std::time::SystemTime)> {
    use std::os::unix::fs::MetadataExt;
    let folder = root.join("public");
    let files =
        walkdir::WalkDir::new(&folder).into_iter().flatten().filter(|entry| entry.file_type().is_file());
    files
        .map(|entry| {
            let found = entry.metadata().unwrap();
            (entry.path().display().to_string(), (found.ino(), found.modified().unwrap()))
        })
        .collect()
}

fn instant(text: &str) -> DateTime<Utc> {
    // The ledger adds how much of a moment was written.
    DateTime::parse_from_rfc3339(text.split('[').next().unwrap()).unwrap().to_utc()
}

/// An entry of a feed: number of the article, id, publication, last change.
type Entry = (usize, String, DateTime<Utc>, DateTime<Utc>);

fn entries(feed: &Value) -> Vec<Entry> {
    let text = |one: &Value, key: &str| one[key].as_str().unwrap_or_default().to_owned();
    let entry = |one: &Value| {
        let number = between(&text(one, "title"), "zt", "x")[0].parse().unwrap();
        let published = instant(&text(one, "date_published"));
        let updated = one["date_modified"].as_str().map_or(published, instant);
        (number, text(one, "id"), published, updated)
    };
    feed["items"].as_array().unwrap().iter().map(entry).collect()
}

/// A line of the ledger.
#[derive(Debug, Clone, PartialEq)]
struct Line {
    published: String,
    updated: Option<String>,
    paths: Vec<String>,
}

fn ledger(root: &Path) -> BTreeMap<String, Line> {
    let Ok(text) = fs::read_to_string(root.join("ledger.jsonl")) else { return BTreeMap::new() };
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines.first(), Some(&"{\"dateline\":\"ledger\",\"version\":2}"));
    assert_eq!(lines.last(), Some(&"{\"dateline\":\"ledger\",\"end\":true}"));
    let mut all = BTreeMap::new();
    let mut last = String::new();
    for line in &lines[1..lines.len() - 1] {
        let value: Value = serde_json::from_str(line).unwrap();
        // Lines of feeds have no source.
        if value["source"].is_null() {
            continue;
        }
        let id = value["id"].as_str().unwrap().to_owned();
        assert!(last < id, "{id} stands behind {last}");
        last.clone_from(&id);
        let paths =
            value["paths"].as_array().unwrap().iter().map(|one| one.as_str().unwrap().to_owned()).collect();
        let published = value["published"].as_str().unwrap().to_owned();
        let updated = value["updated"].as_str().map(str::to_owned);
        all.insert(id, Line { published, updated, paths });
    }
    all
}

/// A subscriber, who never forgets.
#[derive(Default)]
struct Subscriber {
    /// Which article has each id, which id each article, and when each was published and last changed.
    seen: HashMap<String, (usize, DateTime<Utc>, DateTime<Utc>)>,
    ids: HashMap<usize, String>,
    /// When each feed said that it changed.
    feeds: HashMap<String, String>,
}

impl Subscriber {
    fn read(
        &mut self,
        files: &Files,
        live: &BTreeMap<usize, Record>,
        now: DateTime<Utc>,
        entries_left: bool,
        what: &str,
    ) {
        let mut listed = BTreeSet::new();
        for path in files.keys().filter(|path| path.ends_with("feed.json")) {
            let mut of_this = BTreeSet::new();
            for (number, id, published, updated) in entries(&json(files, path)) {
                assert!(of_this.insert(id.clone()), "{what}: {path} has {id} twice");
                listed.insert(number);
                let expected = &live[&number];
                assert!(published <= now && updated <= now, "{what}: {id} in {path} is of the future");
                assert_eq!(published, expected.published, "{what}: publication of {id} in {path}");
                assert_eq!(updated, expected.updated, "{what}: last change of {id} in {path}");
                let before = self.ids.entry(number).or_insert(id.clone());
                assert_eq!(*before, id, "{what}: article {number} has another id");
                let before = self.seen.entry(id.clone()).or_insert((number, published, updated));
                assert_eq!(before.0, number, "{what}: {id} was another article");
                assert!(before.1 <= published, "{what}: {id} was of {} and is of {published}", before.1);
                before.1 = published;
                assert!(before.2 <= updated, "{what}: {id} was of {} and is of {updated}", before.2);
                before.2 = updated;
            }
        }
        assert_eq!(
            listed,
            live.keys().copied().collect::<std::collections::BTreeSet<_>>(),
            "{what}: what the feeds list"
        );
        if entries_left {
            self.feeds.retain(|path, _| files.contains_key(path));
        }
        for path in files.keys().filter(|path| path.ends_with("atom.xml")) {
            let updated = between(&text(files, path), "<updated>", "</updated>")[0].to_owned();
            let before = self.feeds.insert(path.clone(), updated.clone()).unwrap_or(updated.clone());
            // Where an entry went to other feeds (other tags, another section) nothing keeps the moment of that,
            // nor which terms it had whose source is gone.
            if !entries_left {
                assert!(
                    instant(&before) <= instant(&updated),
                    "{what}: {path} was of {before} and is of {updated}"
                );
            }
        }
    }
}

/// What happened in all, to be told.
#[derive(Default)]
struct Figures {
    runs: usize,
    clean: usize,
    late: usize,
    cut: usize,
    cut_midway: usize,
    /// Changes that a cut run had decided, and the next one did not date again.
    stood: usize,
    skipped: usize,
    files: usize,
    bytes: u64,
    back: usize,
}

struct Year {
    place: TempDir,
    room: Newsroom,
    on_disk: BTreeMap<String, String>,
    fresh: BTreeMap<String, String>,
    reader: Subscriber,
    ledger: BTreeMap<String, Line>,
    figures: Figures,
}

impl Year {
    fn new(seed: u64) -> Year {
        let place = tempfile::tempdir_in("/dev/shm").or_else(|_| TempDir::new()).unwrap();
        Year {
            place,
            room: Newsroom::new(seed),
            on_disk: BTreeMap::new(),
            fresh: BTreeMap::new(),
            reader: Subscriber::default(),
            ledger: BTreeMap::new(),
            figures: Figures::default(),
        }
    }

    fn root(&self) -> std::path::PathBuf {
        self.place.path().join("site")
    }

    fn save(&mut self) {
        let wanted = self.room.files(false);
        write(&self.root(), &self.on_disk, &wanted);
        self.on_disk = wanted;
    }

    /// One run of cron as of `now`, and all that has to hold after it.
    fn step(&mut self, now: DateTime<Utc>, what: &str) -> DateTime<Utc> {
        self.save();
        let root = self.root();
        let mut expected = self.room.expected(now);
        let cut = self.room.chance.once_in(6).then(|| self.cut(now, &expected, what));
        let mut now = now;
        if let Some((_, shown)) = &cut {
            // The next run is a minute later, if nothing leaves meanwhile. What readers may have seen stands.
            let later = self.room.expected(now + TimeDelta::seconds(60));
            if expected.live.keys().all(|number| later.live.contains_key(number)) {
                let set_down = root.join(".dateline/ledger-pending").exists();
                let at_the_cut = std::mem::replace(&mut expected, later).live;
                let updated = |number: &usize| Some(at_the_cut.get(number)?.updated);
                for (number, record) in &mut expected.live {
                    let is_change = record.updated == now + TimeDelta::seconds(60);
                    if is_change
                        && updated(number) == Some(now)
                        && (set_down || shown.get(number) == Some(&now))
                    {
                        record.updated = now;
                        self.figures.stood += 1;
                    }
                }
                now += TimeDelta::seconds(60);
            }
        }
        let ran = run(&root, now);
        self.figures.runs += 1;
        let Ran::Well { skipped, .. } = ran else { panic!("{what}: {ran:?}") };
        assert_eq!(skipped, expected.skipped, "{what}: how many were skipped");
        self.figures.skipped += skipped;
        self.check(now, &expected, what);
        self.room.published(now);
        for (number, record) in &expected.live {
            self.room.seen(*number, record.updated);
        }
        assert_eq!(self.ledger.len(), self.room.ever_published(), "{what}: how many lines the ledger has");
        let left = leftovers(&root);
        assert!(left.is_empty(), "{what}, {cut:?}: {left:?}");
        now
    }

    fn check(&mut self, now: DateTime<Utc>, expected: &Expected, what: &str) {
        let root = self.root();
        let files = tree(&root.join("public"));
        self.figures.files += files.len();
        self.figures.bytes += files.values().map(|bytes| bytes.len() as u64).sum::<u64>();
        let (mut found, secret) = (tokens(&files), self.room.secret_names(&expected.live));
        let told: Vec<&String> = found.intersection(&secret).collect();
        assert!(told.is_empty(), "{what}: names that nobody should know are out: {told:?}");
        found.retain(|token| !token.starts_with("zn"));
        let early: Vec<&String> = found.difference(&expected.tokens).collect();
        assert!(early.is_empty(), "{what}: these are out: {early:?}");
        let missing: Vec<&String> = expected.tokens.difference(&found).collect();
        assert!(missing.is_empty(), "{what}: these are not out: {missing:?}");
        self.reader.read(&files, &expected.live, now, self.room.entries_left, what);
        self.check_ledger(&files, expected, what);
        if self.figures.runs.is_multiple_of(3) {
            self.check_clean(&files, now, what);
            self.figures.clean += 1;
        }
        // Once more at the same moment: nothing.
        let before = (stamps(&root), fs::read(root.join("ledger.jsonl")).ok());
        let again = run(&root, now);
        assert_eq!(
            again,
            Ran::Well { files: Vec::new(), events: Vec::new(), skipped: expected.skipped },
            "{what}: once more"
        );
        assert!(
            before == (stamps(&root), fs::read(root.join("ledger.jsonl")).ok()),
            "{what}: written once more"
        );
    }

    fn check_ledger(&mut self, files: &Files, expected: &Expected, what: &str) {
        let ledger = ledger(&self.root());
        for (id, old) in &self.ledger {
            let new = ledger.get(id).unwrap_or_else(|| panic!("{what}: the ledger has lost {id}"));
            // Only what was taken back comes out with a later date.
            assert!(instant(&old.published) <= instant(&new.published), "{what}: publication of {id}");
            let last = |line: &Line| instant(line.updated.as_ref().unwrap_or(&line.published));
            assert!(last(old) <= last(new), "{what}: {id}");
            assert!(old.paths.iter().all(|path| new.paths.contains(path)), "{what}: {id} lost a path");
        }
        let url_of = |line: &Line| line.paths.last().cloned().unwrap();
        let live: BTreeMap<&String, &Line> =
            expected.live.keys().map(|number| &self.reader.ids[number]).map(|id| (id, &ledger[id])).collect();
        let taken: BTreeSet<String> = live.values().map(|line| url_of(line)).collect();
        for (id, line) in live {
            let now_at = url_of(line);
            for former in line.paths.iter().filter(|path| !taken.contains(*path)) {
                let page = files.get(&format!("{}index.html", &former[1..]));
                let page = String::from_utf8_lossy(
                    page.unwrap_or_else(|| panic!("{what}: {id} is lost at {former}")),
                );
                // Another article that was there since may have it.
                assert!(
                    page.contains(&now_at) || self.ledger_has(&ledger, former, id),
                    "{what}: {former} does not lead to {now_at}"
                );
            }
        }
        self.ledger = ledger;
    }

    fn ledger_has(&self, ledger: &BTreeMap<String, Line>, path: &String, id: &String) -> bool {
        ledger.iter().any(|(other, line)| other != id && line.paths.contains(path))
    }

    /// What came out is what a build makes of the same sources and ledger, in an empty folder.
    fn check_clean(&mut self, files: &Files, now: DateTime<Utc>, what: &str) {
        let (root, clean) = (self.root(), self.place.path().join("clean"));
        let wanted = self.room.files(true);
        write(&clean, &self.fresh, &wanted);
        self.fresh = wanted;
        fs::copy(root.join("ledger.jsonl"), clean.join("ledger.jsonl")).map(|_| ()).unwrap();
        let (state, out) = (clean.join("state"), clean.join("out"));
        let built = pipeline::build(&request(&clean, &state, &out, now, LedgerUse::Locked));
        if let Err(failure) = &built {
            panic!(
                "{what}: a clean build: {:?}",
                failure.problems.iter().map(|one| one.message()).collect::<Vec<_>>()
            );
        }
        let expected = tree(&out);
        let differ: Vec<&String> = files
            .keys()
            .chain(expected.keys())
            .filter(|path| files.get(*path) != expected.get(*path))
            .collect();
        assert!(differ.is_empty(), "{what}: a clean build makes these otherwise: {differ:?}");
        fs::remove_dir_all(&state).unwrap();
        fs::remove_dir_all(&out).unwrap();
    }

    /// A run as of `now` is killed somewhere. What it left may be old or new, and nothing may be early.
    fn cut(
        &mut self,
        now: DateTime<Utc>,
        expected: &Expected,
        what: &str,
    ) -> (String, BTreeMap<usize, DateTime<Utc>>) {
        let root = self.root();
        let before = tree(&root.join("public"));
        let mut command = Command::new(assert_cmd::cargo::cargo_bin("dateline"));
        command.current_dir(&root).args(["publish", "--now", &now.to_rfc3339()]);
        command.env_remove("SOURCE_DATE_EPOCH").env("RAYON_NUM_THREADS", "1");
        command.stdout(std::process::Stdio::null()).stderr(std::process::Stdio::null());
        let at = 1 + self.room.chance.below(150);
        let how = if cfg!(debug_assertions) {
            command.env("DATELINE_FAULT", format!("kill:{at}"));
            command.status().unwrap()
        } else {
            let mut child = command.spawn().unwrap();
            let patience = self.room.chance.below(30_000);
            for _ in 0..patience {
                if child.try_wait().unwrap().is_some() {
                    break;
                }
            }
            let _ = child.kill();
            child.wait().unwrap()
        };
        self.figures.cut += usize::from(how.code().is_none());
        let after = tree(&root.join("public"));
        self.figures.cut_midway += usize::from(before != after);
        let old = tokens(&before);
        let early: Vec<String> = tokens(&after)
            .into_iter()
            .filter(|one| !old.contains(one) && !expected.tokens.contains(one) && !one.starts_with("zn"))
            .collect();
        assert!(early.is_empty(), "{what}: after a cut these are out: {early:?}");
        let mut shown = BTreeMap::new();
        for path in after.keys().filter(|path| path.ends_with("feed.json")) {
            for (number, _, _, updated) in entries(&json(&after, path)) {
                let last = shown.entry(number).or_insert(updated);
                *last = updated.max(*last);
            }
        }
        (format!("cut at {at}: {how:?}"), shown)
    }
}

/// What a run leaves that belongs to nothing.
fn leftovers(root: &Path) -> Vec<String> {
    let known = |name: &str| {
        ["manifest", "state", "lock", "published", "last-run"].contains(&name)
            || name.starts_with("published-")
    };
    let names = fs::read_dir(root.join(".dateline"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap());
    names.filter(|name| !known(name)).collect()
}

fn number(variable: &str, otherwise: u64) -> u64 {
    std::env::var(variable).ok().and_then(|text| text.parse().ok()).unwrap_or(otherwise)
}

#[test]
fn a_year_of_a_newsroom() {
    let (steps, seed) = (number("DATELINE_YEAR_STEPS", SHORT), number("DATELINE_YEAR_SEED", 1));
    eprintln!("a year of {steps} steps, seed {seed}");
    let mut year = Year::new(seed);
    let room = if steps > SHORT { 60 } else { 14 };
    let start = instant(START);
    let mut now = start;
    let step = DAYS * 24 * 60 * 60 / steps as i64;
    for number in 0..steps {
        // Mostly a minute or some hours, now and then days.
        let seconds = match year.room.chance.below(8) {
            0 => 60,
            1 => 1 + year.room.chance.below(59) as i64,
            2 => step * 3,
            _ => 60 + year.room.chance.below(2 * step as usize) as i64,
        };
        now += TimeDelta::seconds(seconds);
        let what = format!("seed {seed}, step {number}, {now}");
        for _ in 0..1 + year.room.chance.below(4) {
            year.room.something_happens(now, room);
        }
        if number > 0 && year.room.chance.once_in(10) {
            year.figures.late += 1;
            continue;
        }
        now = year.step(now, &what);
        if year.room.chance.once_in(25)
            && let Some(last) = year.room.last_change().filter(|last| *last > start)
        {
            let (root, earlier) = (year.root(), last - TimeDelta::seconds(1));
            let before = (tree(&root.join("public")), fs::read(root.join("ledger.jsonl")).ok());
            let ran = run(&root, earlier);
            assert!(
                matches!(&ran, Ran::Failed(problems) if problems[0].contains("the clock went back")),
                "{what}: {ran:?}"
            );
            assert!(before == (tree(&root.join("public")), fs::read(root.join("ledger.jsonl")).ok()));
            year.figures.back += 1;
        }
    }
    let Figures { runs, clean, late, cut, cut_midway, stood, skipped, files, bytes, back } = year.figures;
    eprintln!(
        "{steps} steps up to {now}: {runs} runs, each checked and repeated; {late} missed, {cut} killed ({cut_midway} midway, {stood} changes keep its date), {back} with the clock set back, {skipped} bad articles skipped"
    );
    eprintln!("{files} files, {} MB searched; {clean} times compared with a clean build", bytes / 1_000_000);
    year.room.done.iter().for_each(|(what, count)| eprintln!("{count:6} {what}"));
    eprintln!("a subscriber has {} articles; nothing lost", year.reader.seen.len());
    assert_eq!(year.reader.seen.len(), year.room.ever_published());
}
