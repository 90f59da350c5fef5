//! Whole builds, as a user runs them.

#![allow(clippy::unwrap_used, reason = "a test that can go no further should say so")]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Output;

use assert_cmd::Command;
use chrono::DateTime;
use tempfile::TempDir;

const NOW: &str = "2026-11-24T12:00:00Z";

/// A site in a folder of its own.
struct Site(TempDir);

impl Site {
    fn new(files: &[(&str, &str)]) -> Site {
        let site = Site(TempDir::new().unwrap());
        let toml = "title = \"T\"\nbase_url = \"https://example.org/\"\nauthority = \"example.org\"\ntimezone = \"Europe/London\"\n";
        site.write("site.toml", toml);
        site.write("content/_index.md", "");
        files.iter().for_each(|(path, text)| site.write(path, text));
        site
    }

    fn copy(name: &str) -> Site {
        let site = Site(TempDir::new().unwrap());
        let from = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/sites").join(name);
        for (path, bytes) in tree(&from) {
            let to = site.path(&path);
            fs::create_dir_all(to.parent().unwrap()).unwrap();
            fs::write(to, bytes).unwrap();
        }
        site
    }

    fn path(&self, path: &str) -> PathBuf {
        self.0.path().join(path)
    }

    fn write(&self, path: &str, text: &str) {
        let to = self.path(path);
        fs::create_dir_all(to.parent().unwrap()).unwrap();
        fs::write(to, text).unwrap();
    }

    fn build(&self, arguments: &[&str]) -> Output {
        let mut command = Command::cargo_bin("dateline").unwrap();
        command.current_dir(self.0.path()).env("NO_COLOR", "1").env_remove("SOURCE_DATE_EPOCH");
        command.arg("build").args(["--now", NOW]).args(arguments).output().unwrap()
    }

    fn built(&self) -> BTreeMap<String, Vec<u8>> {
        let output = self.build(&[]);
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        self.output()
    }

    fn output(&self) -> BTreeMap<String, Vec<u8>> {
        tree(&self.path("public"))
    }

    /// Code, file, line and message of each problem, and the exit code.
    fn problems(&self) -> (Option<i32>, Vec<String>) {
        let output = self.build(&["--format", "json"]);
        let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        let problems = report["problems"].as_array().unwrap().iter().map(|one| {
            let text = |key: &str| one[key].as_str().unwrap_or("-").to_owned();
            format!("{} {}:{} {}", text("code"), text("file"), one["line"], text("message"))
        });
        (output.status.code(), problems.collect())
    }
}

fn tree(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    walkdir::WalkDir::new(folder)
        .into_iter()
        .flatten()
        .filter(|entry| entry.file_type().is_file())
        .map(|entry| {
            let path = entry.path().strip_prefix(folder).unwrap().to_str().unwrap().replace('\\', "/");
            (path, fs::read(entry.path()).unwrap())
        })
        .collect()
}

fn text(files: &BTreeMap<String, Vec<u8>>, path: &str) -> String {
    String::from_utf8(files.get(path).unwrap_or_else(|| panic!("no {path}")).clone()).unwrap()
}

#[test]
fn the_dates_are_those_of_the_rules_in_every_output() {
    let files = Site::copy("mixed").built();
    // Path of the page, published and updated as dates.md gives them.
    for (page, published, updated) in [
        ("news/toml/", "2014-02-14T14:47:00+08:00", "2014-02-15T00:00:00+08:00"),
        ("news/yaml/", "2014-02-14T14:47:00+08:00", "2014-02-14T14:47:00+08:00"),
        ("news/json/", "2014-02-13T23:10:00+08:00", "2014-02-13T23:10:00+08:00"),
        ("news/by-path/", "2014-02-12T00:00:00+08:00", "2014-02-12T00:00:00+08:00"),
        ("news/quay/", "2014-02-11T08:00:00Z", "2014-02-11T08:00:00Z"),
        ("wires/ferry/", "2014-02-14T14:47:00+08:00", "2014-02-15T09:05:00+08:00"),
        ("html/", "2014-01-01T12:00:00Z", "2014-01-01T12:00:00Z"),
    ] {
        let url = format!("https://mixed.example.org/{page}");
        let html = text(&files, &format!("{page}index.html"));
        assert!(html.contains(&format!("article:published_time\" content=\"{published}\"")), "{page} {html}");
        assert!(html.contains(&format!("article:modified_time\" content=\"{updated}\"")), "{page}");
        assert!(
            html.contains(&format!("\"datePublished\":\"{published}\",\"dateModified\":\"{updated}\"")),
            "{page}"
        );
        assert!(html.contains(&format!("class=\"published\" datetime=\"{published}\"")), "{page}");
        assert_eq!(
            html.contains(&format!("class=\"updated\" datetime=\"{updated}\"")),
            updated != published,
            "{page}"
        );
        assert!(
            text(&files, "sitemap.xml").contains(&format!("<loc>{url}</loc><lastmod>{updated}</lastmod>")),
            "{page}"
        );
        let instant = |text: &str| DateTime::parse_from_rfc3339(text).unwrap().to_utc();
        for name in ["rss.xml", "atom.xml", "feed.json"] {
            let feed = feed_rs::parser::parse(files[name].as_slice()).unwrap();
            let entry = feed.entries.iter().find(|entry| entry.links.iter().any(|link| link.href == url));
            assert_eq!(entry.unwrap().published, Some(instant(published)), "{name} {page}");
            let modified = text(&files, name);
            assert!(
                modified.contains(updated) || modified.contains(&updated.replace('Z', "+00:00")),
                "{name} {page}"
            );
        }
    }
}

#[test]
fn the_three_formats_agree_and_every_url_is_absolute() {
    for site in ["mixed", "folder"] {
        let files = Site::copy(site).built();
        let mut feeds = 0;
        for path in files.keys().filter(|path| path.ends_with("rss.xml")) {
            let read = |path: &str| {
                let feed = feed_rs::parser::parse(files[path].as_slice()).unwrap();
                let entries = feed.entries.into_iter().map(|e| (e.id, e.title.unwrap().content, e.published));
                entries.collect::<Vec<_>>()
            };
            let rss = read(path);
            assert_eq!(rss, read(&path.replace("rss.xml", "atom.xml")), "{path}");
            assert_eq!(rss, read(&path.replace("rss.xml", "feed.json")), "{path}");
            let json: serde_json::Value =
                serde_json::from_slice(&files[&path.replace("rss.xml", "feed.json")]).unwrap();
            for item in json["items"].as_array().unwrap() {
                let html = item["content_html"].as_str().unwrap();
                for attribute in ["href=\"", "src=\""] {
                    let relative = html.split(attribute).skip(1).find(|url| !url.starts_with("http"));
                    assert_eq!(relative, None, "{path}");
                }
            }
            feeds += 1;
        }
        assert!(feeds > 0);
    }
}

#[test]
fn whole_outputs_are_as_reviewed() {
    for name in ["folder", "mixed"] {
        let mut whole = String::new();
        for (path, bytes) in Site::copy(name).built() {
            match String::from_utf8(bytes) {
                Ok(_) if path == "style.css" => {}
                Ok(text) => whole.push_str(&format!("== {path}\n{text}\n")),
                Err(error) => whole.push_str(&format!("== {path}: {} bytes\n", error.as_bytes().len())),
            }
        }
        insta::assert_snapshot!(name, whole);
    }
}

#[test]
fn a_second_build_writes_nothing_and_another_folder_gets_the_same_bytes() {
    let site = Site::copy("mixed");
    let first = site.built();
    let times = |site: &Site| -> Vec<_> {
        first
            .keys()
            .map(|path| fs::metadata(site.path("public").join(path)).unwrap().modified().unwrap())
            .collect()
    };
    let before = times(&site);
    let again = site.build(&[]);
    assert!(String::from_utf8_lossy(&again.stdout).contains(" 0 written"), "{again:?}");
    assert_eq!(before, times(&site));
    assert_eq!(first, Site::copy("mixed").built());
}

#[test]
fn nothing_held_back_leaks() {
    let files = [
        (
            "content/drafts/secretdraft.md",
            "+++\ntitle = \"secretdraft\"\ndate = 2020-01-01\ndraft = true\ntags = [\"secretdraft\"]\n+++\nsecretdraft",
        ),
        (
            "content/n/secretlater/index.md",
            "+++\ntitle = \"secretlater\"\ndate = 2027-01-01T09:00:00Z\nauthors = [\"secretlater\"]\naliases = [\"/secretlater-old/\"]\n+++\nsecretlater",
        ),
        ("content/n/secretlater/secretlater.png", "secretlater"),
        (
            "content/n/secretgone.md",
            "+++\ntitle = \"secretgone\"\ndate = 2020-01-01\nexpires = 2021-01-01\n+++\nsecretgone",
        ),
        (
            "content/n/open.md",
            "+++\ntitle = \"Open\"\ndate = 2020-01-01\n+++\nRead [the plan](secretlater/index.md).",
        ),
    ];
    let site = Site::new(&files);
    for (path, bytes) in site.built() {
        let bytes = String::from_utf8_lossy(&bytes).into_owned();
        assert!(!path.contains("secret") && !bytes.contains("secret"), "{path}: {bytes}");
        assert!(!path.contains("drafts"), "{path}");
    }
    let page = text(&site.output(), "n/open/index.html");
    assert!(page.contains("Read the plan."), "{page}");
    let output = site.build(&["--future", "--drafts"]);
    assert!(output.status.success());
    assert!(site.output().contains_key("n/secretlater/secretlater.png"));
    assert!(site.output().contains_key("drafts/secretdraft/index.html"));
}

#[test]
fn all_that_is_wrong_is_said_at_once_and_changes_nothing() {
    let site = Site::new(&[("content/good.md", "+++\ntitle = \"Good\"\ndate = 2020-01-01\n+++\nText.")]);
    let before = site.built();
    for (path, text) in [
        ("content/weekday.md", "+++\ntitle = \"x\"\ndate = \"Thursday, 14 February 2014\"\n+++\n"),
        ("content/skipped.md", "+++\ntitle = \"x\"\ndate = 2014-03-30T01:30:00\n+++\n"),
        ("content/twice.md", "---\ntitle: x\ndate: 2014-10-26 01:30\n---\n"),
        ("content/order.md", "+++\ntitle = \"x\"\ndate = 2014-02-02\nupdated = 2014-02-01\n+++\n"),
        ("content/future.md", "+++\ntitle = \"x\"\ndate = 2014-02-02\nupdated = 2030-02-01\n+++\n"),
        ("content/guess.md", "+++\ntitle = \"x\"\ndate = \"03/04/2024\"\n+++\n"),
        ("content/open.md", "+++\ntitle = \"x\"\n"),
        ("content/yaml.md", "---\ntitle: [x\n---\n"),
        ("content/dead.md", "+++\ntitle = \"x\"\n+++\n\n[a](nowhere.md)\n"),
        ("content/leaves.md", "+++\ntitle = \"x\"\npath = \"../../etc/x\"\n+++\n"),
        ("content/one.md", "+++\ntitle = \"x\"\nslug = \"Same\"\n+++\n"),
        ("content/two.md", "+++\ntitle = \"x\"\nslug = \"same\"\ntilte = 1\n+++\n"),
        ("content/wire.txt", "Head\n\nPUBLISHED : 30 February 2014\n\nText."),
    ] {
        site.write(path, text);
    }
    fs::write(site.path("content/latin.md"), b"+++\ntitle = \"x\"\n+++\ncaf\xe9").unwrap();
    let (code, problems) = site.problems();
    assert_eq!(code, Some(1));
    let expected = [
        "link::dead content/dead.md:5 this link leads nowhere: there is no content/nowhere.md",
        "date::future content/future.md:4 the update is in the future: 2030-02-01T00:00:00Z is later than now, 2026-11-24T12:00:00Z",
        "date::guess content/guess.md:3 \u{201c}03/04/2024\u{201d} would need a guess: which is the day and which the month?",
        "encoding::utf8 content/latin.md:null this is not UTF-8: byte 23 (line 4) is 0xE9",
        "path::outside content/leaves.md:3 the path \u{201c}/../../etc/x/\u{201d} leaves the output folder",
        "content::front_matter content/open.md:1 the front matter never ends: there is no second line with just `+++`",
        "date::order content/order.md:4 this was updated (2014-02-01T00:00:00Z) before it was published (2014-02-02T00:00:00Z)",
        "date::skipped content/skipped.md:3 2014-03-30 01:30 never was in Europe/London: the clocks went forward over it",
        "date::twice content/twice.md:3 2014-10-26 01:30 was twice in Europe/London, when the clocks went back: 2014-10-26T01:30:00+01:00 and 2014-10-26T01:30:00+00:00",
        "plan::collision content/two.md:null \u{201c}/same/\u{201d} is the path of two files: of this and of content/one.md, which differ only in case or in Unicode normalisation",
        "metadata::unknown content/two.md:4 `tilte` is not a field of an article",
        "date::weekday content/weekday.md:3 2014-02-14 is a Friday, not a Thursday",
        "date::no_such_day content/wire.txt:3 there is no 30 February in 2014",
    ];
    for one in expected {
        assert!(problems.iter().any(|problem| problem == one), "{one} in {problems:#?}");
    }
    assert!(problems.iter().any(|problem| problem.starts_with("metadata::syntax content/yaml.md:")));
    insta::assert_snapshot!("console", String::from_utf8(site.build(&[]).stderr).unwrap());
    assert_eq!(before, site.output());
}

#[test]
fn only_files_of_our_own_are_removed_and_a_foreign_folder_is_refused() {
    let site = Site::new(&[
        ("content/a.md", "+++\ntitle = \"A\"\n+++\n"),
        ("content/b.md", "+++\ntitle = \"B\"\n+++\n"),
    ]);
    site.built();
    site.write("public/theirs.txt", "theirs");
    fs::remove_file(site.path("content/b.md")).unwrap();
    let files = site.built();
    assert!(
        files.contains_key("theirs.txt")
            && files.contains_key("a/index.html")
            && !files.contains_key("b/index.html")
    );
    let other = Site::new(&[("public/theirs.txt", "theirs")]);
    assert_eq!(other.build(&[]).status.code(), Some(2));
    assert_eq!(other.output().len(), 1);
    assert!(other.build(&["--adopt"]).status.success());
    assert_eq!(text(&other.output(), "theirs.txt"), "theirs");
}

#[test]
fn ids_do_not_depend_on_the_base_url_and_the_exit_code_says_whose_turn_it_is() {
    let site = Site::copy("mixed");
    let ids = |site: &Site| -> Vec<String> {
        let feed: serde_json::Value = serde_json::from_slice(&site.output()["feed.json"]).unwrap();
        feed["items"].as_array().unwrap().iter().map(|item| item["id"].to_string()).collect()
    };
    site.built();
    let before = ids(&site);
    assert!(site.build(&["--base-url", "https://preview.example.net/x/"]).status.success());
    assert_eq!(before, ids(&site));
    assert!(before.contains(&"\"tag:mixed.example.org,2014-02-14:news/toml\"".to_owned()), "{before:?}");
    assert_eq!(Site(TempDir::new().unwrap()).build(&[]).status.code(), Some(2));
}

#[test]
fn a_new_site_builds_at_once() {
    let folder = TempDir::new().unwrap();
    let new = |path: &Path| Command::cargo_bin("dateline").unwrap().arg("new").arg(path).output().unwrap();
    let root = folder.path().join("site");
    assert!(new(&root).status.success());
    assert_eq!(new(&root).status.code(), Some(2));
    let output =
        Command::cargo_bin("dateline").unwrap().args(["build", "--root"]).arg(&root).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(output.stderr.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn modules_name_only_modules_above_them() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let lib = fs::read_to_string(src.join("lib.rs")).unwrap();
    let mut group = 0;
    let mut groups: BTreeMap<String, usize> = BTreeMap::new();
    for line in lib.lines() {
        group += usize::from(line.trim().is_empty());
        if let Some(name) = line.strip_prefix("pub mod ") {
            groups.insert(name.trim_end_matches(';').to_owned(), group);
        }
    }
    let mut wrong = Vec::new();
    for (path, bytes) in tree(&src) {
        let Some(own) = path.split(['/', '.']).next().filter(|own| groups.contains_key(*own)) else {
            continue;
        };
        let text = String::from_utf8(bytes).unwrap();
        let code = text.split("#[cfg(test)]").next().unwrap_or_default();
        for used in code.split("crate::").skip(1) {
            let used: String = used.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
            if used != own && groups.get(&used).is_some_and(|group| *group >= groups[own]) {
                wrong.push(format!("{path} names {used}, which does not stand above {own}"));
            }
        }
        for clock in ["SystemTime::now", "Utc::now", "Local::now", "println!", "std::env::var"] {
            if code.contains(clock) {
                wrong.push(format!("{path} has {clock}"));
            }
        }
        if !path.ends_with("tests.rs") && code.lines().count() > 450 {
            wrong.push(format!("{path} has {} lines: too long to read in a sitting", code.lines().count()));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[cfg(unix)]
#[test]
fn links_are_followed_inside_the_site_only() {
    use std::os::unix::fs::symlink;
    let outside = TempDir::new().unwrap();
    fs::write(outside.path().join("theirs.md"), "+++\ntitle = \"theirs\"\n+++\n").unwrap();
    let site = Site::new(&[
        ("content/a.md", "+++\ntitle = \"A\"\n+++\n"),
        ("shared/b.md", "+++\ntitle = \"B\"\n+++\n"),
    ]);
    symlink(site.path("shared"), site.path("content/linked")).unwrap();
    symlink(site.path("content"), site.path("content/loop")).unwrap();
    let files = site.built();
    assert!(files.contains_key("linked/b/index.html"));
    symlink(outside.path(), site.path("content/out")).unwrap();
    symlink(site.path("nowhere.md"), site.path("content/dangling.md")).unwrap();
    let (code, problems) = site.problems();
    assert_eq!(code, Some(1));
    assert!(problems.iter().any(|one| one.starts_with("content::outside content/out:")), "{problems:#?}");
    assert!(
        problems.iter().any(|one| one.starts_with("content::dangling content/dangling.md:")),
        "{problems:#?}"
    );
    assert_eq!(files, site.output());
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(64))]

    #[test]
    fn any_bytes_are_a_source_or_an_error(
        bytes in proptest::collection::vec(proptest::num::u8::ANY, 0..200),
        head in "(\\+\\+\\+\n|---\n|\\{|title|date|: |= |\"|\n|2014-02-14|PUBLISHED : |[a-z\\[\\]{}]){0,30}",
    ) {
        let site = Site::new(&[]);
        let mut mixed = head.into_bytes();
        mixed.extend(bytes);
        for name in ["a.md", "b.txt", "c.html"] {
            fs::write(site.path("content").join(name), &mixed).unwrap();
        }
        let request = dateline::build::Request {
            root: site.0.path(),
            out: &site.path("public"),
            base_url: None,
            now: DateTime::parse_from_rfc3339(NOW).unwrap().to_utc(),
            allowances: dateline::identity::Allowances::default(),
            adopt: false,
            progress: &|_, _| {},
            waiting: &|_| {},
            stopwatch: &|| std::time::Duration::ZERO,
            time_documents: false,
        };
        let _ = dateline::build::build(&request);
    }
}
