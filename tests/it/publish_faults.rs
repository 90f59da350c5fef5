//! What is left when a publication ends anywhere, and what the next one makes of it: ids and dates are what
//! readers may have seen.

#![cfg(all(unix, debug_assertions))]
#![allow(clippy::print_stderr, reason = "how much was cut is told")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use rayon::prelude::*;
use serde_json::Value;
use tempfile::TempDir;

use crate::site::{Files, TOML, json, text, tree};

const BEFORE: &str = "2026-11-24T12:00:00Z";
const CUT: &str = "2026-11-25T12:00:00Z";
const AFTER: &str = "2026-11-25T12:01:00Z";

fn write(root: &Path, path: &str, text: &str) {
    let at = root.join(path);
    fs::create_dir_all(at.parent().unwrap()).unwrap();
    fs::write(at, text).unwrap();
}

fn article(title: &str, date: &str, body: &str) -> String {
    format!("+++\ntitle = \"{title}\"\ndate = {date}\n+++\n{body}\n")
}

fn run(root: &Path, now: &str, fault: Option<&str>) -> Output {
    let mut command = Command::new(assert_cmd::cargo::cargo_bin("dateline"));
    command.current_dir(root).args(["publish", "--exit-code", "--now", now]);
    command.env("RAYON_NUM_THREADS", "1").env("NO_COLOR", "1").env_remove("SOURCE_DATE_EPOCH");
    command.envs(fault.map(|fault| ("DATELINE_FAULT", fault)));
    command.output().unwrap()
}

fn said(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

fn public(root: &Path) -> Files {
    tree(&root.join("public"))
}

fn ledger(root: &Path) -> Option<String> {
    fs::read_to_string(root.join("ledger.jsonl")).ok()
}

/// What a feed says of each article: title, id, publication, last change.
fn entries(files: &Files) -> Vec<[String; 4]> {
    let feed = json(files, "feed.json");
    let text = |one: &Value, key: &str| one[key].as_str().unwrap_or_default().to_owned();
    let mut all: Vec<[String; 4]> = feed["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| ["title", "id", "date_published", "date_modified"].map(|key| text(one, key)))
        .collect();
    all.sort();
    all
}

/// A site that was published, and since was changed: one text, one name; one is due, one is not.
struct Between {
    place: TempDir,
    a: Files,
    /// What comes out if the next run is at the moment of the cut, or the minute after.
    b: [(Files, String); 2],
}

fn copy(from: &Path) -> (TempDir, PathBuf) {
    let to = tempfile::tempdir_in("/dev/shm").or_else(|_| TempDir::new()).unwrap();
    let root = to.path().join("site");
    assert!(Command::new("cp").arg("-a").arg(from).arg(&root).status().unwrap().success());
    (to, root)
}

impl Between {
    fn new() -> Between {
        let place = tempfile::tempdir_in("/dev/shm").or_else(|_| TempDir::new()).unwrap();
        let root = place.path().join("site");
        write(&root, "site.toml", TOML);
        write(&root, "content/_index.md", "");
        write(&root, "content/edited.md", &article("Edited", "2026-11-01T08:00:00Z", "As it was."));
        write(&root, "content/renamed.md", &article("Renamed", "2026-11-02T08:00:00Z", "As it is."));
        write(&root, "content/draft.md", &article("Draft", "2026-11-03T08:00:00Z", "It goes."));
        write(&root, "content/due.md", &article("Due", "2026-11-25T11:59:00Z", "It comes."));
        write(&root, "content/later.md", &article("Later", "2026-12-25T12:00:00Z", "Secret."));
        assert!(run(&root, BEFORE, None).status.success());
        let a = public(&root);
        write(&root, "content/edited.md", &article("Edited", "2026-11-01T08:00:00Z", "As it is."));
        fs::rename(root.join("content/renamed.md"), root.join("content/other.md")).unwrap();
        write(&root, "content/draft.md", &article("Draft", "2026-11-03T08:00:00Z\ndraft = true", "It goes."));
        let b = [CUT, AFTER].map(|now| {
            let (_place, root) = copy(&root);
            assert!(run(&root, now, None).status.success());
            (public(&root), ledger(&root).unwrap())
        });
        assert_ne!(b[0].1, b[1].1, "the moment of the change is in the ledger");
        Between { place, a, b }
    }

    fn copy(&self) -> (TempDir, PathBuf) {
        copy(&self.place.path().join("site"))
    }

    /// What stands after a cut: each file is wholly old or new, and so is the ledger; nothing is early.
    fn check_cut(&self, root: &Path, before: &str, what: &str) {
        let new = &self.b[0];
        for (path, bytes) in public(root) {
            let whole = [&self.a, &new.0].iter().any(|files| files.get(&path) == Some(&bytes));
            assert!(whole, "{what}: {path} is neither old nor new");
            assert!(!String::from_utf8_lossy(&bytes).contains("Secret"), "{what}: {path} is early");
        }
        let ledger = ledger(root).unwrap();
        assert!(ledger == before || ledger == new.1, "{what}: the ledger is neither old nor new");
    }

    /// The next run makes all of it; a change that readers may have seen keeps its moment.
    fn check_repair(&self, root: &Path, what: &str) -> bool {
        let seen = public(root);
        let seen = seen.values().any(|bytes| String::from_utf8_lossy(bytes).contains("2026-11-25T12:00:00"));
        let output = run(root, AFTER, None);
        assert!(matches!(output.status.code(), Some(0 | 4)), "{what}: {}", said(&output));
        let (files, ledger) = (public(root), ledger(root).unwrap());
        let which = self.b.iter().position(|(b, line)| *b == files && *line == ledger);
        assert!(which.is_some(), "{what}: neither as of the cut nor as of the minute after");
        assert!(!seen || which == Some(0), "{what}: readers saw a change that is dated again");
        let output = run(root, AFTER, None);
        assert_eq!(output.status.code(), Some(4), "{what}: {}", said(&output));
        for name in fs::read_dir(root.join(".dateline")).unwrap().chain(fs::read_dir(root).unwrap()) {
            let name = name.unwrap().file_name().into_string().unwrap();
            let is_left = name.ends_with(".tmp") || name.starts_with("stage") || name == "ledger-pending";
            assert!(!is_left, "{what}: {name} is left");
        }
        which == Some(0)
    }
}

#[test]
fn a_publication_cut_anywhere_is_finished_and_dates_nothing_twice() {
    let between = Between::new();
    let before = ledger(&between.place.path().join("site")).unwrap();
    let (_place, root) = between.copy();
    let calls = said(&run(&root, CUT, Some("count")));
    let calls: usize = calls.trim().rsplit_once("calls: ").unwrap().1.parse().unwrap();
    assert!(calls > 40, "only {calls} calls were counted");
    let ids: Vec<[String; 4]> = entries(&between.b[0].0);
    assert_eq!(ids.iter().map(|one| &*one[0]).collect::<Vec<_>>(), ["Due", "Edited", "Renamed"]);
    assert_eq!(ids[2][1], "tag:example.org,2026-11-02:renamed");
    let stood: usize = (1..=calls)
        .into_par_iter()
        .map(|call| {
            ["kill", "28"]
                .map(|fault| {
                    let lasting = if call % 2 == 0 && fault != "kill" { "+" } else { "" };
                    let (_place, root) = between.copy();
                    let output = run(&root, CUT, Some(&format!("{fault}:{call}{lasting}")));
                    let what = format!("{fault} at call {call}{lasting} of {calls}: {}", said(&output));
                    // Some calls only tidy up.
                    assert!(matches!(output.status.code(), None | Some(0 | 3)), "{what}");
                    between.check_cut(&root, &before, &what);
                    usize::from(between.check_repair(&root, &what))
                })
                .iter()
                .sum::<usize>()
        })
        .sum();
    assert!(stood > 10, "what a cut run had decided stood only {stood} times");
    eprintln!("{calls} calls, each killed and refused; {stood} times what had been decided stood");
}

#[test]
fn a_ledger_cut_anywhere_stops_all_and_nothing_is_changed() {
    let between = Between::new();
    let whole = ledger(&between.place.path().join("site")).unwrap();
    let step = (whole.len() / 60).max(1);
    (0..whole.len() - 1).step_by(step).par_bridge().for_each(|end| {
        let (_place, root) = between.copy();
        fs::write(root.join("ledger.jsonl"), &whole[..end]).unwrap();
        let output = run(&root, CUT, None);
        assert_eq!(output.status.code(), Some(1), "cut at {end}: {}", said(&output));
        assert!(said(&output).contains("ledger.jsonl:"), "cut at {end}: {}", said(&output));
        assert!(public(&root) == between.a, "cut at {end}");
        assert_eq!(ledger(&root).unwrap(), whole[..end]);
    });
}

#[test]
fn what_is_remembered_may_be_cut_anywhere() {
    let between = Between::new();
    // A run that was cut when the site had changed, and the ledger had not.
    let (_place, cut) = between.copy();
    let state = cut.join(".dateline");
    for call in 1.. {
        run(&cut, CUT, Some(&format!("kill:{call}")));
        if state.join("ledger-pending").exists() {
            break;
        }
    }
    for name in ["ledger-pending", "manifest", "state", "published", "published-0"] {
        let Ok(whole) = fs::read(state.join(name)) else { continue };
        let step = (whole.len() / 12).max(1);
        (0..whole.len()).step_by(step).par_bridge().for_each(|end| {
            let (_place, root) = copy(&cut);
            fs::write(root.join(".dateline").join(name), &whole[..end]).unwrap();
            let what = format!("{name} cut at {end} of {}", whole.len());
            let output = run(&root, AFTER, None);
            assert!(matches!(output.status.code(), Some(0 | 4)), "{what}: {}", said(&output));
            let files = public(&root);
            let is_right = |b: &Files| b.iter().all(|(path, bytes)| files.get(path) == Some(bytes));
            assert!(between.b.iter().any(|(b, _)| is_right(b)), "{what}");
            assert!(between.b.iter().any(|(_, line)| Some(line) == ledger(&root).as_ref()), "{what}");
            assert!(!text(&files, "feed.json").contains("Secret"), "{what}");
        });
    }
}

#[test]
fn of_two_at_once_one_is_busy_or_finds_nothing_to_do() {
    let between = Between::new();
    for _ in 0..8 {
        let (_place, root) = between.copy();
        let codes: Vec<Option<i32>> =
            (0..4).into_par_iter().map(|_| run(&root, CUT, None).status.code()).collect();
        assert_eq!(codes.iter().filter(|code| **code == Some(0)).count(), 1, "{codes:?}");
        assert!(codes.iter().all(|code| matches!(code, Some(0 | 4 | 6))), "{codes:?}");
        assert!(public(&root) == between.b[0].0);
        assert_eq!(ledger(&root).unwrap(), between.b[0].1);
    }
}

/// Publishes `site` with each call that changes the disk as the last one, then once more in the next minute; gives the
/// ledgers of that and of a publication that was not cut, for each of the calls.
fn ledgers_after_cuts(site: &Path) -> Vec<(usize, Option<String>, Option<String>)> {
    let counted = said(&run(&copy(site).1, CUT, Some("count")));
    let calls: usize = counted.trim().rsplit_once("calls: ").unwrap().1.parse().unwrap();
    let (_place, whole) = copy(site);
    run(&whole, CUT, None);
    let ledgers = (1..=calls).into_par_iter().map(|call| {
        let (_place, root) = copy(site);
        run(&root, CUT, Some(&format!("kill:{call}")));
        for _ in 0..2 {
            let output = run(&root, AFTER, None);
            let what = format!("cut at call {call} of {calls}: {}", said(&output));
            assert!(matches!(output.status.code(), Some(0 | 4)), "{what}");
        }
        (call, ledger(&root), ledger(&whole))
    });
    ledgers.collect()
}

#[test]
fn an_empty_site_has_its_ledger_wherever_the_first_publication_is_cut() {
    let (_place, site) = copy(tempfile::tempdir().unwrap().path());
    write(&site, "site.toml", TOML);
    write(&site, "content/_index.md", "");
    for (call, after, whole) in ledgers_after_cuts(&site) {
        assert!(whole.is_some());
        assert_eq!(after, whole, "cut at call {call}");
    }
}

#[test]
fn lines_of_feeds_are_in_the_ledger_wherever_their_publication_is_cut() {
    let (_place, site) = copy(tempfile::tempdir().unwrap().path());
    write(&site, "site.toml", TOML);
    write(&site, "content/a.md", &article("A", "2026-01-01", "Text."));
    run(&site, BEFORE, None);
    let before = ledger(&site);
    write(&site, "content/a.md", &article("A", "2026-01-01\ntags = [\"quay\"]", "Text."));
    for (call, after, whole) in ledgers_after_cuts(&site) {
        assert_ne!(whole, before, "the feed of the tag is new in the ledger");
        assert_eq!(after, whole, "cut at call {call}");
    }
}
