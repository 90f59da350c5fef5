//! `dateline status`, and the logs of programs: what an operator sees of a site.

use std::fs;

use serde_json::Value;

use crate::site::{Site, TOML, tree};

/// Noon in London, whose clocks show UTC in November.
const NOON: &str = "2026-11-25T12:00:00Z";
const LATER: &str = "2026-11-25T12:30:00Z";

fn article(date: &str, more: &str) -> String {
    format!("+++\ntitle = \"T\"\ndate = {date}\n{more}+++\nWritten on {}.\n", date.trim_matches('"'))
}

/// A site with an article that is out, one that comes at one o'clock in London, and a draft.
fn site(more: &str) -> Site {
    let site = Site::new(&[
        ("content/out.md", &article("2026-11-25T11:00:00Z", "")),
        ("content/soon.md", &article("2026-11-25T13:00:00Z", "")),
        ("content/draft.md", &article("2026-11-20", "draft = true\n")),
    ]);
    site.write("site.toml", format!("{TOML}{more}"));
    site
}

fn run(site: &Site, arguments: &[&str]) -> (Option<i32>, String) {
    let output = site.command(arguments).output().unwrap();
    let said = [output.stdout, output.stderr].concat();
    (output.status.code(), String::from_utf8(said).unwrap())
}

fn publish(site: &Site, now: &str) -> Option<i32> {
    run(site, &["publish", "--now", now]).0
}

/// The exit code of `status` as of `now`, and its screen.
fn screen(site: &Site, now: &str) -> (Option<i32>, String) {
    run(site, &["status", "--now", now])
}

/// `status` as of `now`, as JSON.
fn json(site: &Site, now: &str) -> Value {
    let (_, said) = run(site, &["status", "--now", now, "--format", "json"]);
    serde_json::from_str(&said).unwrap_or_else(|error| panic!("{error}: {said}"))
}

#[test]
fn the_screen_shows_the_last_run_what_it_put_out_and_what_is_next() {
    let site = site("");
    assert_eq!(publish(&site, NOON), Some(0));
    assert_eq!(publish(&site, "2026-11-25T12:29:40Z"), Some(0));
    let (code, said) = screen(&site, LATER);
    assert_eq!(code, Some(0), "{said}");
    let lines: Vec<&str> = said.lines().collect();
    assert_eq!(lines[0], "T, https://example.org/");
    assert_eq!(lines[1], "state        well, as of 2026-11-25 12:30 Europe/London");
    assert_eq!(lines[2], "last run     2026-11-25 12:29:40, 20 s ago: done");
    assert!(lines[3].starts_with("last change  2026-11-25 12:00, 30 min ago: 1 published, "), "{said}");
    assert!(lines[3].ends_with(" files written (content/out.md)"), "{said}");
    assert_eq!(lines[4], "articles     1 public, 1 scheduled, 1 draft");
    assert_eq!(lines[5], "next         content/soon.md comes out at 2026-11-25 13:00, in 30 min");
    assert_eq!(lines.len(), 6, "{said}");
}

#[test]
fn instants_are_those_of_the_clock_in_the_sites_zone() {
    let site = site("");
    site.write("site.toml", TOML.replace("Europe/London", "Asia/Kolkata"));
    publish(&site, NOON);
    let (_, said) = screen(&site, LATER);
    assert!(said.contains("content/soon.md comes out at 2026-11-25 18:30, in 30 min\n"), "{said}");
    assert_eq!(json(&site, LATER)["next"][0]["at"], "2026-11-25T18:30:00+05:30");
}

#[test]
fn a_site_that_was_never_published_says_so_and_is_overdue() {
    let site = site("");
    let (code, said) = screen(&site, NOON);
    assert_eq!(code, Some(7), "{said}");
    assert!(said.contains("last run     `dateline publish` never ran here\n"), "{said}");
    assert!(
        said.contains("overdue      content/out.md should be out since 2026-11-25 11:00, 1 h ago\n"),
        "{said}"
    );
    assert!(site.build_at(NOON).is_some());
    let (code, said) = screen(&site, LATER);
    assert_eq!(code, Some(0), "{said}");
    assert!(said.contains("never ran here; the last build was 2026-11-25 12:00, 30 min ago\n"), "{said}");
}

#[test]
fn an_article_that_nobody_published_is_overdue() {
    let site = site("");
    publish(&site, NOON);
    let (code, said) = screen(&site, "2026-11-25T13:10:00Z");
    assert_eq!(code, Some(7), "{said}");
    assert!(said.contains("state        overdue, "), "{said}");
    assert!(
        said.contains("overdue      content/soon.md should be out since 2026-11-25 13:00, 10 min ago\n"),
        "{said}"
    );
    assert!(said.contains("next         nothing is due\n"), "{said}");
}

#[test]
fn a_skipped_source_is_shown_with_its_error_and_how_it_is_shown() {
    let site = site("");
    publish(&site, NOON);
    site.write("content/out.md", article("2026-11-25T11:00:00Z", "expires = \"soonish\"\n"));
    site.write("content/new.md", article("\"tomorrow\"", ""));
    // Before a run has met it.
    let (code, said) = screen(&site, LATER);
    assert_eq!(code, Some(5), "{said}");
    assert!(said.contains("new error: content/new.md:3: "), "{said}");
    assert_eq!(publish(&site, LATER), Some(5));
    let (code, said) = screen(&site, LATER);
    assert_eq!(code, Some(5), "{said}");
    assert!(said.contains("state        skipping, "), "{said}");
    assert!(said.contains("12:30, 0 s ago: done, 2 skipped\n"), "{said}");
    assert!(said.contains("skipped      left out: content/new.md:3: "), "{said}");
    assert!(said.contains("             kept as last published: content/out.md:4: "), "{said}");
    let skipped = &json(&site, LATER)["skipped"];
    assert_eq!((&skipped[0]["kept"], &skipped[1]["kept"]), (&false.into(), &true.into()));
    assert_eq!(skipped[0]["why"]["file"], "content/new.md");
}

#[test]
fn a_run_that_failed_is_shown_with_its_error_and_the_last_success() {
    let site = site("");
    publish(&site, NOON);
    site.write("templates/article.html", "{% if %}");
    assert_eq!(publish(&site, "2026-11-25T12:20:00Z"), Some(1));
    let (code, said) = screen(&site, LATER);
    assert_eq!(code, Some(8), "{said}");
    let failed = "last run     2026-11-25 12:20, 10 min ago: failed with exit code 1; the last success was 2026-11-25 12:00, 30 min ago\n";
    assert!(said.contains(failed), "{said}");
    assert!(said.contains("\n             templates/article.html:1: "), "{said}");
    fs::remove_file(site.path("templates/article.html")).unwrap();
    publish(&site, LATER);
    assert_eq!(screen(&site, LATER).0, Some(0));
}

#[test]
fn status_changes_nothing() {
    let site = site("[deploy.here]\nurl = \"file:///nowhere\"\n");
    publish(&site, NOON);
    site.write("content/new.md", article("2026-11-25T12:10:00Z", ""));
    let held = || {
        let mut files = tree(site.0.path());
        // The process that looked last, and what sources say that no build has read yet.
        files.retain(|path, _| ![".dateline/lock", ".dateline/state"].contains(&path.as_str()));
        files
    };
    let before = held();
    screen(&site, LATER);
    json(&site, LATER);
    assert!(before == held());
}

#[test]
fn a_site_whose_settings_are_wrong_is_refused_with_the_error() {
    let site = site("[feeds]\nlimit = \"many\"\n");
    let (code, said) = screen(&site, NOON);
    assert_eq!(code, Some(2), "{said}");
    assert!(said.contains("site.toml:6:9"), "{said}");
}

#[cfg(feature = "websub")]
#[test]
fn a_hub_that_has_yet_to_hear_is_shown_with_the_time_of_the_next_try() {
    // The connection is refused: the port belonged to a listener that is gone.
    let address = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let site = site(&format!("[feeds]\nhub = \"http://{address}/\"\n"));
    let (code, said) = run(&site, &["publish", "--now", NOON, "--metrics", "m.prom"]);
    assert_eq!(code, Some(0), "{said}");
    let metrics = fs::read_to_string(site.path("m.prom")).unwrap();
    assert!(metrics.contains("\ndateline_hub_notifications_waiting 3\n"), "{metrics}");
    let (code, said) = screen(&site, LATER);
    assert_eq!(code, Some(8), "{said}");
    let waiting = format!(
        "hubs         http://{address}/ has yet to hear of 3 feeds: 30 min late, tries: 1, next at 2026-11-25 12:01\n"
    );
    assert!(said.contains(&waiting), "{said}");
    assert_eq!(json(&site, LATER)["hubs"][0]["attempts"], 1);
    site.write(".dateline/outbox", "{");
    let (code, said) = screen(&site, LATER);
    assert_eq!(code, Some(8), "{said}");
    assert!(said.contains("hubs         "), "{said}");
}

/// A site that is deployed to a folder beside it, with `more` in the target's table.
fn deployed(more: &str) -> Site {
    let site = site("");
    let target = format!("[deploy.here]\nurl = \"file://{}\"\n{more}", site.path("www").display());
    site.write("site.toml", format!("{TOML}{target}"));
    publish(&site, NOON);
    site
}

#[test]
fn a_deployment_is_shown_with_its_last_success_and_whether_it_has_the_latest() {
    let site = deployed("");
    let (code, said) = screen(&site, NOON);
    assert_eq!(code, Some(0), "{said}");
    assert!(said.contains("deployments  here: never deployed from here\n"), "{said}");
    assert_eq!(run(&site, &["deploy", "--now", NOON]).0, Some(0));
    let (_, said) = screen(&site, LATER);
    assert!(
        said.contains("deployments  here has the site as it is, since 2026-11-25 12:00, 30 min ago\n"),
        "{said}"
    );
    publish(&site, "2026-11-25T13:00:00Z");
    let (code, said) = screen(&site, "2026-11-25T13:00:00Z");
    assert_eq!(code, Some(0), "{said}");
    let behind =
        "deployments  here does not have the latest; the last success was 2026-11-25 12:00, 1 h ago\n";
    assert!(said.contains(behind), "{said}");
}

#[test]
fn a_deployment_that_failed_is_shown_until_one_succeeds() {
    let site = deployed("");
    site.write("www", "a file in the way");
    assert_eq!(run(&site, &["deploy", "--now", NOON]).0, Some(3));
    let (code, said) = screen(&site, LATER);
    assert_eq!(code, Some(8), "{said}");
    assert!(said.contains("deployments  here failed 2026-11-25 12:00, 30 min ago: "), "{said}");
    assert!(said.contains("; never deployed from here\n"), "{said}");
    fs::remove_file(site.path("www")).unwrap();
    assert_eq!(run(&site, &["deploy", "--now", LATER]).0, Some(0));
    assert_eq!(screen(&site, LATER).0, Some(0));
}

#[test]
fn after_a_deployment_that_failed_the_target_is_asked_though_the_site_is_again_as_it_was() {
    let site = deployed("");
    site.write("static/x.txt", "a");
    let publish = || run(&site, &["publish", "--to", "here", "--now", NOON]);
    assert_eq!(publish().0, Some(0));
    fs::rename(site.path("www"), site.path("aside")).unwrap();
    site.write("www", "a file in the way");
    site.write("static/x.txt", "b");
    assert_eq!(publish().0, Some(3));
    site.write("static/x.txt", "a");
    let (code, said) = publish();
    assert_eq!(code, Some(3), "{said}");
}

#[cfg(unix)]
#[test]
fn a_command_for_afterwards_that_failed_runs_again_though_nothing_else_is_to_do() {
    let site = deployed("after = [\"sh\", \"-c\", \"test -e ready && echo told >>told\"]\n");
    let deploy = || run(&site, &["deploy", "--now", NOON]).0;
    assert_eq!(deploy(), Some(3));
    let status = json(&site, NOON);
    assert_eq!(status["deployments"][0]["owes_afterwards"], true);
    assert_eq!((&status["state"], &status["exit_code"]), (&"failing".into(), &8.into()));
    site.write("ready", "");
    assert_eq!(deploy(), Some(0));
    assert_eq!(deploy(), Some(0));
    assert_eq!(fs::read_to_string(site.path("told")).unwrap(), "told\n", "once");
    assert_eq!(screen(&site, NOON).0, Some(0));
}

/// The lines of a log, each with a time and a level.
fn log(said: &str) -> Vec<Value> {
    let lines: Vec<Value> = said
        .lines()
        .map(|line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}")))
        .collect();
    for line in &lines {
        let time = line["time"].as_str().unwrap();
        assert!(chrono::DateTime::parse_from_rfc3339(time).is_ok(), "{line}");
        assert!(["info", "warning", "error", "note"].contains(&line["level"].as_str().unwrap()), "{line}");
    }
    lines
}

#[test]
fn a_log_of_publish_has_one_object_a_line_with_level_code_file_and_line() {
    let site = site("");
    site.write("content/new.md", article("\"tomorrow\"", ""));
    let (code, said) =
        run(&site, &["publish", "--now", NOON, "--log-format", "json", "--metrics", "no/such/folder/m.prom"]);
    assert_eq!(code, Some(5), "{said}");
    let lines = log(&said);
    let about = |event: &str| {
        lines.iter().find(|line| line["event"] == event).unwrap_or_else(|| panic!("{event}: {said}"))
    };
    let problem = about("problem");
    assert_eq!(
        (&problem["level"], &problem["file"], &problem["line"]),
        (&"error".into(), &"content/new.md".into(), &3.into())
    );
    assert!(problem["code"].as_str().unwrap().contains("::"), "{problem}");
    assert_eq!(about("published")["level"], "info");
    assert_eq!(about("skipped")["level"], "warning");
    let last = lines.last().unwrap();
    assert!(last["message"].as_str().unwrap().contains("m.prom can't be written"), "{last}");
}

#[test]
fn a_log_of_deploy_has_one_object_a_line_whether_it_succeeds_or_fails() {
    let site = deployed("");
    let (code, said) = run(&site, &["deploy", "--now", NOON, "--log-format", "json", "-v"]);
    assert_eq!(code, Some(0), "{said}");
    let lines = log(&said);
    let last = lines.last().unwrap();
    assert_eq!(
        (&last["event"], &last["target"], &last["level"]),
        (&"deployed".into(), &"here".into(), &"info".into())
    );
    let files = last["new"].as_u64().unwrap() + last["feeds"].as_u64().unwrap();
    assert_eq!(lines.len() as u64, files + 1, "{said}");
    fs::remove_dir_all(site.path("www")).unwrap();
    site.write("www", "a file in the way");
    let (code, said) = run(&site, &["deploy", "--now", NOON, "--log-format", "json"]);
    assert_eq!(code, Some(3), "{said}");
    let lines = log(&said);
    assert_eq!((&lines[0]["event"], &lines[0]["level"]), (&"problem".into(), &"error".into()));
    assert_eq!(lines[0]["code"], "deploy::refused");
    assert_eq!((&lines[1]["event"], &lines[1]["exit_code"]), (&"failed".into(), &3.into()));
}
