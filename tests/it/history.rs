//! Dates from git, in a site that is in a repository.

use std::process::Command;

use crate::site::{Files, Site, TOML, json, text};

const DATED: &str = "+++\ntitle = \"News\"\ndated = true\n+++\n";

/// `git` in the site's folder as of `date`; false, loudly, where there is none.
#[allow(clippy::print_stderr, reason = "a test that is skipped should say so")]
fn git(site: &Site, date: &str, arguments: &[&str]) -> bool {
    let mut command = Command::new("git");
    command.current_dir(site.0.path()).args(arguments).env_clear();
    command.envs(std::env::vars_os().filter(|(name, _)| name == "PATH"));
    command.env("HOME", site.0.path()).env("GIT_CONFIG_NOSYSTEM", "1");
    command.envs([("GIT_AUTHOR_NAME", "A"), ("GIT_AUTHOR_EMAIL", "a@example.org")]);
    command.envs([("GIT_COMMITTER_NAME", "A"), ("GIT_COMMITTER_EMAIL", "a@example.org")]);
    command.env("GIT_AUTHOR_DATE", date).env("GIT_COMMITTER_DATE", date);
    let Ok(output) = command.output() else {
        eprintln!("SKIPPED: there is no `git` to make a history with");
        return false;
    };
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    true
}

fn commit(site: &Site, date: &str) {
    git(site, date, &["add", "content"]);
    git(site, date, &["commit", "--quiet", "-m", "change"]);
}

/// A site in a repository that has nothing yet.
fn site(dates: &str, files: &[(&str, &str)]) -> Option<Site> {
    let site = Site::new(files);
    site.write("site.toml", format!("{TOML}[dates]\n{dates}\n"));
    git(&site, "2020-01-01T00:00:00Z", &["init", "--quiet"]).then_some(site)
}

fn titled(title: &str, rest: &str) -> String {
    format!("+++\ntitle = \"{title}\"\n+++\n{rest}\n")
}

/// Path, `date_published` and `date_modified` of all that is in the feed.
fn dates(files: &Files) -> Vec<(String, String, String)> {
    let feed = json(files, "feed.json");
    let items = feed["items"].as_array().unwrap().iter();
    let text = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
    items
        .map(|item| {
            let path = text(&item["url"]).replace("https://example.org", "");
            (path, text(&item["date_published"]), text(&item["date_modified"]))
        })
        .collect()
}

fn all(rows: &[(&str, &str, &str)]) -> Vec<(String, String, String)> {
    rows.iter().map(|(path, first, last)| ((*path).into(), (*first).into(), (*last).into())).collect()
}

#[test]
fn git_dates_articles_but_makes_none_of_pages() {
    let written = "+++\ntitle = \"Ferry\"\ndate = 2019-05-04T09:00:00Z\n+++\n";
    let about = titled("About", "");
    let harbour = titled("Harbour", "");
    let files = [
        ("content/ferry.md", written),
        ("content/about.md", about.as_str()),
        ("content/news/_index.md", DATED),
        ("content/news/harbour.md", harbour.as_str()),
    ];
    let Some(site) = site("git = true", &files) else { return };
    commit(&site, "2020-02-01T10:00:00+08:00");
    // What a source came with is no update of it.
    let expected = all(&[
        ("/news/harbour/", "2020-02-01T10:00:00+08:00", "2020-02-01T10:00:00+08:00"),
        ("/ferry/", "2019-05-04T09:00:00Z", "2019-05-04T09:00:00Z"),
    ]);
    let files = site.built();
    assert_eq!(dates(&files), expected);
    assert!(files.contains_key("about/index.html"));
    site.write("content/ferry.md", format!("{written}It sails.\n"));
    site.write("content/about.md", titled("About", "us"));
    git(&site, "2020-03-01T10:00:00-03:30", &["mv", "content/news/harbour.md", "content/news/port.md"]);
    commit(&site, "2020-03-01T10:00:00-03:30");
    let expected = all(&[
        ("/news/port/", "2020-02-01T10:00:00+08:00", "2020-03-01T10:00:00-03:30"),
        ("/ferry/", "2019-05-04T09:00:00Z", "2020-03-01T10:00:00-03:30"),
    ]);
    let files = site.built();
    assert_eq!(dates(&files), expected);
    let html = text(&files, "news/port/index.html");
    assert!(html.contains("article:modified_time\" content=\"2020-03-01T10:00:00-03:30\""), "{html}");
    // What an author wrote comes first.
    site.write(
        "content/ferry.md",
        written.replace("+++\n\n", "").replace("Z\n", "Z\nupdated = 2019-06-01\n"),
    );
    commit(&site, "2020-04-01T10:00:00Z");
    assert_eq!(dates(&site.built())[1].2, "2019-06-01T00:00:00+01:00");
    let verified = site.command(&["verify", "--now", crate::site::NOW]).output().unwrap();
    assert!(verified.status.success(), "{}", String::from_utf8_lossy(&verified.stderr));
}

#[test]
fn a_commit_is_noticed_though_no_file_changed() {
    let harbour = titled("Harbour", "");
    let files = [("content/news/_index.md", DATED), ("content/news/harbour.md", harbour.as_str())];
    let Some(site) = site("git = true", &files) else { return };
    let (code, problems) = site.problems(&[]);
    assert_eq!(code, Some(1));
    assert!(problems[0].starts_with("identity::undated content/news/harbour.md"), "{problems:?}");
    commit(&site, "2020-02-01T10:00:00Z");
    assert_eq!(site.build_at("2026-11-24T12:00:00Z").map(|written| written > 0), Some(true));
    assert_eq!(site.build_at("2026-11-24T12:00:00Z"), Some(0));
    // Not committed: the last commit's date stays.
    site.write("content/news/harbour.md", titled("Harbour", "Open."));
    assert!(site.build_at("2026-11-24T12:00:00Z").unwrap() > 0);
    assert_eq!(dates(&site.output())[0].2, "2020-02-01T10:00:00Z");
    commit(&site, "2020-03-01T10:00:00Z");
    assert!(site.build_at("2026-11-24T12:00:00Z").unwrap() > 0);
    assert_eq!(dates(&site.output())[0].2, "2020-03-01T10:00:00Z");
}

#[test]
fn a_commit_that_would_be_refused_if_written_is_passed_over() {
    let later = "+++\ntitle = \"Later\"\ndate = 2022-05-04T09:00:00Z\n+++\n";
    let Some(site) = site("git = true", &[("content/later.md", later)]) else { return };
    commit(&site, "2020-02-01T10:00:00Z");
    site.write("content/later.md", format!("{later}Changed before it was out.\n"));
    commit(&site, "2020-03-01T10:00:00Z");
    assert_eq!(dates(&site.built())[0].2, "2022-05-04T09:00:00Z");
    site.write("content/later.md", format!("{later}Changed after this build's time.\n"));
    commit(&site, "2026-10-01T10:00:00Z");
    let updated_at = |now: &str| {
        site.build_at(now).unwrap();
        dates(&site.output())[0].2.clone()
    };
    assert_eq!(updated_at("2026-09-01T00:00:00Z"), "2022-05-04T09:00:00Z");
    assert_eq!(updated_at("2026-11-01T00:00:00Z"), "2026-10-01T10:00:00Z");
}

#[test]
fn lists_may_name_git_and_git_may_be_missing() {
    let dated = "+++\ntitle = \"Ferry\"\ndate = 2019-05-04T09:00:00Z\n+++\n";
    let Some(site) = site("updated = [\"git\"]", &[("content/ferry.md", dated)]) else { return };
    commit(&site, "2020-02-01T10:00:00Z");
    site.write("content/ferry.md", dated.replace("+++\n\n", "").replace("Z\n", "Z\nupdated = 2019-06-01\n"));
    commit(&site, "2020-03-01T10:00:00Z");
    assert_eq!(dates(&site.built())[0].2, "2020-03-01T10:00:00Z");
    std::fs::remove_dir_all(site.path(".git")).unwrap();
    let (code, problems) = site.problems(&[]);
    let message = "the site is in no git repository, so git has no dates for it";
    assert_eq!(problems, [format!("history::missing site.toml:6:11 {message}")]);
    assert_eq!(code, Some(0));
    // Off by default.
    site.write("site.toml", TOML);
    assert_eq!(site.problems(&[]), (Some(0), Vec::new()));
}

#[test]
fn without_a_program_git_a_site_is_built_and_a_warning_says_why_dates_are_missing() {
    let dated = "+++\ntitle = \"Ferry\"\ndate = 2019-05-04T09:00:00Z\n+++\n";
    let Some(site) = site("git = true", &[("content/ferry.md", dated)]) else { return };
    commit(&site, "2020-02-01T10:00:00Z");
    let mut command = site.command(&["build", "--now", crate::site::NOW, "--format", "json"]);
    let output = command.env("PATH", site.path("no-programs")).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let problem = &report["problems"][0];
    assert_eq!(problem["code"], "history::no_git");
    assert_eq!(problem["line"], 6);
    assert!(problem["help"].as_str().unwrap().contains("install git"), "{problem}");
    assert_eq!(dates(&site.output()).len(), 1);
}
