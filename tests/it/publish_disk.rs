//! Publications on disks and among people: an output folder that can't be written, a source that can't be read, and
//! `git pull` beside them.

#![cfg(all(unix, debug_assertions))]

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Command, Output};
use std::sync::atomic::{AtomicBool, Ordering};

use crate::faults::{Mount, NOBODY, skip, system};
use crate::site::{Site, json, tree};

const BEFORE: &str = "2026-02-01T00:00:00Z";
const AFTER: &str = "2026-02-02T00:00:00Z";

fn article(title: &str, body: &str) -> String {
    format!("+++\ntitle = \"{title}\"\ndate = 2026-01-01T10:00:00Z\n+++\n{body}\n")
}

fn publish(root: &Path, now: &str, user: Option<u32>) -> std::io::Result<Output> {
    let mut command = Command::new(assert_cmd::cargo::cargo_bin("dateline"));
    command.current_dir(root).args(["publish", "--exit-code", "--now", now]).env_remove("SOURCE_DATE_EPOCH");
    user.map(|user| command.uid(user));
    command.output()
}

fn said(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

#[test]
fn a_publication_into_a_read_only_folder_changes_nothing_and_the_next_one_does_it() {
    let site = Site::new(&[("content/a.md", &article("A", "One."))]);
    let root = site.path("");
    assert!(publish(&root, BEFORE, None).unwrap().status.success());
    let (public, ledger) = (site.path("public"), fs::read(site.path("ledger.jsonl")).unwrap());
    let before = tree(&public);
    site.write("content/a.md", article("A", "Two."));
    site.write("content/b.md", article("B", "New."));
    let Some(mount) = Mount::new(&["--bind", public.to_str().unwrap()], &public) else {
        return skip("nothing can be mounted here");
    };
    if !system(Command::new("mount").args(["-o", "remount,ro,bind"]).arg(&public)) {
        return skip("nothing can be mounted read-only here");
    }
    let output = publish(&root, AFTER, None).unwrap();
    assert_eq!(output.status.code(), Some(3), "{}", said(&output));
    assert!(said(&output).contains("Read-only file system"), "{}", said(&output));
    assert!(tree(&public) == before && fs::read(site.path("ledger.jsonl")).unwrap() == ledger);
    drop(mount);
    // A minute later; what was not shown is dated when it is.
    let output = publish(&root, "2026-02-02T00:01:00Z", None).unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    let feed = json(&site.output(), "feed.json");
    let updated = feed["items"].as_array().unwrap().iter().find(|item| item["title"] == "A").unwrap();
    let updated = updated["date_modified"].as_str().unwrap();
    assert!(["2026-02-02T00:00:00Z", "2026-02-02T00:01:00Z"].contains(&updated), "{updated}");
    assert_eq!(publish(&root, "2026-02-02T00:02:00Z", None).unwrap().status.code(), Some(4));
}

#[test]
fn a_source_that_may_not_be_read_holds_no_other() {
    let site = Site::new(&[("content/a.md", &article("A", "One.")), ("content/b.md", &article("B", "One."))]);
    let root = site.path("");
    let is_root = system(Command::new("chown").args(["-R", &NOBODY.to_string()]).arg(&root));
    let user = is_root.then_some(NOBODY);
    let Ok(output) = publish(&root, BEFORE, user) else {
        return skip("another user may not run the program here");
    };
    assert!(output.status.success(), "{}", said(&output));
    site.write("content/a.md", article("A", "Two."));
    site.write("content/c.md", article("C", "New, and forbidden."));
    site.write("content/d.md", article("D", "New."));
    let chmod = |mode: &str| {
        ["content/a.md", "content/c.md"].iter().for_each(|path| {
            assert!(system(Command::new("chmod").arg(mode).arg(site.path(path))));
        });
    };
    system(Command::new("chown").args(["-R", &NOBODY.to_string()]).arg(&root));
    chmod("000");
    let output = publish(&root, AFTER, user).unwrap();
    assert_eq!(output.status.code(), Some(5), "{}", said(&output));
    let lines = said(&output);
    for line in [
        "skipped content/a.md: kept as last published",
        "skipped content/c.md: left out",
        "published content/d.md",
        "Permission denied",
    ] {
        assert!(lines.contains(line), "{line}: {lines}");
    }
    let titles = |site: &Site| -> Vec<(String, String)> {
        let feed = json(&site.output(), "feed.json");
        let mut all: Vec<_> = feed["items"]
            .as_array()
            .unwrap()
            .iter()
            .map(|item| (item["title"].as_str().unwrap().to_owned(), item["content_html"].to_string()))
            .collect();
        all.sort();
        all
    };
    let texts: Vec<String> = titles(&site).into_iter().map(|(title, html)| title + &html).collect();
    assert_eq!(texts, ["A\"<p>One.</p>\"", "B\"<p>One.</p>\"", "D\"<p>New.</p>\""]);
    chmod("644");
    let output = publish(&root, "2026-02-02T00:01:00Z", user).unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    assert_eq!(titles(&site).len(), 4);
}

fn git(at: &Path, arguments: &[&str]) {
    let output = Command::new("git")
        .current_dir(at)
        .args(["-c", "user.name=desk", "-c", "user.email=desk@example.org", "-c", "commit.gpgsign=false"])
        .args(arguments)
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .output()
        .unwrap();
    assert!(output.status.success(), "git {arguments:?}: {}", said(&output));
}

/// Ids with their first publication and the source, as the ledger has them.
fn ledger(root: &Path) -> BTreeMap<String, (String, bool)> {
    let text = fs::read_to_string(root.join("ledger.jsonl")).unwrap_or_default();
    let lines = text.lines().filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok());
    let records = lines.filter(|line| line["source"].is_string());
    records
        .map(|line| {
            let text = |key: &str| line[key].as_str().unwrap_or_default().to_owned();
            (text("id"), (text("published"), line["gone"].is_string()))
        })
        .collect()
}

#[test]
fn publications_beside_git_pull_lose_nothing_and_date_nothing_twice() {
    if !system(Command::new("git").arg("--version")) {
        return skip("git is missing");
    }
    const ROUNDS: usize = 12;
    const ARTICLES: usize = 40;
    let upstream = Site::new(&[]);
    let desk = upstream.path("");
    let name = |number: usize| format!("content/news/a{number:02}.md");
    for number in 0..ARTICLES {
        upstream.write(&name(number), article(&format!("A{number}"), "Round 0."));
    }
    git(&desk, &["init", "-q", "-b", "main"]);
    git(&desk, &["add", "-A"]);
    git(&desk, &["commit", "-q", "-m", "begin"]);
    let place = tempfile::TempDir::new().unwrap();
    let root = place.path().join("site");
    git(place.path(), &["clone", "-q", desk.to_str().unwrap(), "site"]);
    assert!(publish(&root, BEFORE, None).unwrap().status.success());
    let done = AtomicBool::new(false);
    let runs = std::thread::scope(|scope| {
        scope.spawn(|| {
            for round in 1..=ROUNDS {
                // All are edited, and one is new; so all files are taken away and made again by a pull.
                for number in 0..ARTICLES + round {
                    upstream.write(&name(number), article(&format!("A{number}"), &format!("Round {round}.")));
                }
                git(&desk, &["add", "-A"]);
                git(&desk, &["commit", "-q", "-m", "more"]);
                git(&root, &["pull", "-q", "--ff-only"]);
            }
            done.store(true, Ordering::SeqCst);
        });
        let (mut seen, mut runs) = (ledger(&root), 0);
        // Pulls end by themselves, so this does.
        while !done.load(Ordering::SeqCst) && runs < 10_000 {
            let now = format!("2026-02-02T{:02}:{:02}:00Z", runs / 60 % 24, runs % 60);
            let output = publish(&root, &now, None).unwrap();
            assert!(matches!(output.status.code(), Some(0 | 1 | 4 | 5)), "{}", said(&output));
            let now_there = ledger(&root);
            for (id, (published, _)) in &seen {
                assert_eq!(now_there.get(id).map(|(now, _)| now), Some(published), "{id}");
            }
            (seen, runs) = (now_there, runs + 1);
        }
        runs
    });
    assert!(runs > 0);
    let last = publish(&root, "2026-02-04T00:00:00Z", None).unwrap();
    assert!(matches!(last.status.code(), Some(0 | 4)), "{}", said(&last));
    let all = ledger(&root);
    assert_eq!(all.len(), ARTICLES + ROUNDS, "{:?}", all.keys());
    assert!(all.values().all(|(_, is_gone)| !is_gone), "{all:?}");
    let files = tree(&root.join("public"));
    for number in 0..ARTICLES + ROUNDS {
        let page = String::from_utf8_lossy(&files[&format!("news/a{number:02}/index.html")]).into_owned();
        assert!(page.contains(&format!("Round {ROUNDS}.")), "{page}");
    }
    let output = Command::new(assert_cmd::cargo::cargo_bin("dateline"))
        .current_dir(&root)
        .args(["verify", "--now", "2026-02-04T00:00:00Z"])
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", said(&output));
}
