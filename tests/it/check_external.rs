//! `dateline check --external`: links to other sites, which are servers on loopback here.

use std::sync::{Arc, Mutex};

use serde_json::Value;

use crate::loopback::{Asked, Said, Server};
use crate::site::{Site, TOML};

/// A server with pages of each kind, and what it was asked for.
struct Web {
    server: Server,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Web {
    fn new() -> Web {
        let asked: Arc<Mutex<Vec<String>>> = Arc::default();
        let notes = asked.clone();
        let server = Server::new(move |one| {
            let agent = one.headers.iter().find_map(|line| line.strip_prefix("user-agent: "));
            let agent = agent.unwrap_or_default().to_owned();
            notes.lock().unwrap().push(format!("{} {} {agent}", one.method, one.path));
            answer(&one)
        });
        Web { server, asked }
    }

    /// The requests since the last time, without the name of the program.
    fn asked(&self) -> Vec<String> {
        let mut asked: Vec<String> = std::mem::take(&mut *self.asked.lock().unwrap());
        asked.iter_mut().for_each(|line| *line = line.split(' ').take(2).collect::<Vec<_>>().join(" "));
        asked.sort();
        asked
    }
}

fn answer(one: &Asked) -> Said {
    let head = match (one.path.as_str(), one.method.as_str()) {
        ("/fine", _) => "200 OK",
        ("/gone", _) => "410 Gone",
        ("/no-head", "HEAD") => "405 Method Not Allowed",
        ("/no-head", _) => "200 OK",
        ("/refused", _) => "403 Forbidden",
        ("/moved", _) => "301 Moved Permanently\r\nLocation: /fine",
        ("/circle", _) => "302 Found\r\nLocation: /circle",
        ("/away", _) => "302 Found\r\nLocation: http://[::ffff:10.0.0.1]:9/",
        ("/silent", _) => return None,
        ("/endless-head", _) => {
            return Some((format!("200 OK\r\nX: {}", "a".repeat(1 << 20)), Vec::new()));
        }
        _ => "404 Not Found",
    };
    Some((head.to_owned(), Vec::new()))
}

fn site(links: &[String], settings: &str) -> Site {
    let item = |url: &String| match url.contains('[') {
        true => format!("- <a href=\"{url}\">x</a>\n"),
        false => format!("- [x](<{url}>)\n"),
    };
    let list: String = links.iter().map(item).collect();
    let site = Site::new(&[("content/_index.md", "---\ntitle: Home\n---\n[A](/a/)\n")]);
    site.write("site.toml", format!("{TOML}archive = false\n{settings}"));
    site.write("content/a.md", format!("---\ntitle: A\n---\n{list}"));
    site
}

const DAYS: [&str; 4] =
    ["2026-11-24T12:00:00Z", "2026-11-25T12:00:00Z", "2026-11-26T12:00:00Z", "2026-12-24T12:00:00Z"];

/// The exit code and the report of a check of the links as of `now`.
fn check(site: &Site, now: &str, arguments: &[&str]) -> (Option<i32>, Value) {
    let fixed = ["check", "--external", "--external-pause", "0", "--format", "json", "--now", now];
    let output = site.command(&fixed).args(arguments).env("NO_PROXY", "*").output().unwrap();
    let text = String::from_utf8_lossy(&output.stdout);
    let report = serde_json::from_str(&text)
        .unwrap_or_else(|error| panic!("{error}: {text}{}", String::from_utf8_lossy(&output.stderr)));
    (output.status.code(), report)
}

fn lines(problems: &Value) -> Vec<String> {
    let text = |one: &Value, key: &str| one[key].as_str().unwrap_or("-").to_owned();
    let line = |one: &Value| {
        let place = format!("{}:{}:{}", text(one, "file"), one["line"], one["column"]);
        format!("{} {} {place} {}", text(one, "severity"), text(one, "code"), text(one, "message"))
    };
    problems.as_array().unwrap().iter().map(line).collect()
}

const LOOPBACK: &[&str] = &["--external-private"];

#[test]
fn each_answer_is_found_at_the_line_of_its_link() {
    let web = Web::new();
    let url = |path: &str| format!("http://{}{path}", web.server.at);
    let paths = ["/fine#part", "/gone", "/no-head", "/refused", "/moved", "/circle"];
    let site = site(&paths.map(url), "");
    let (code, report) = check(&site, DAYS[0], LOOPBACK);
    assert_eq!(code, Some(0), "{report:#}");
    let soon = "on 1 day so far; from 3 on it is an error";
    assert_eq!(
        lines(&report["problems"]),
        [
            format!("warning check::dead_link content/a.md:5:8 {} answers 410, {soon}", url("/gone")),
            format!(
                "warning check::no_answer content/a.md:9:8 {} can't be read: it redirects in a circle, {soon}",
                url("/circle")
            ),
        ]
    );
    let moved = format!(
        "note check::moved content/a.md:8:8 {} has moved for good to {}",
        url("/moved"),
        url("/fine")
    );
    assert_eq!(lines(&report["advice"]), [moved]);
    assert_eq!((&report["external"]["links"], &report["external"]["asked"]), (&6.into(), &6.into()));
    let all = web.asked.lock().unwrap().clone();
    assert!(
        all.iter().all(|line| line.contains("Dateline/") && line.contains("https://example.org/")),
        "{all:#?}"
    );
    let asked = web.asked();
    for line in ["HEAD /fine", "HEAD /gone", "GET /gone", "HEAD /no-head", "GET /no-head", "HEAD /moved"] {
        assert!(asked.iter().any(|one| one == line), "{line}: {asked:#?}");
    }
    assert!(!asked.iter().any(|one| one == "GET /fine"), "{asked:#?}");
}

#[test]
fn a_link_that_fails_on_three_days_is_an_error_and_a_good_answer_is_not_asked_for_again() {
    let web = Web::new();
    let links = ["/fine", "/gone"].map(|path| format!("http://{}{path}", web.server.at));
    let site = site(&links, "");
    let mut codes = Vec::new();
    for day in DAYS {
        let (code, report) = check(&site, day, LOOPBACK);
        let severity = report["problems"][0]["severity"].as_str().unwrap().to_owned();
        codes.push((code, severity, web.asked().iter().any(|line| line.ends_with("/fine"))));
    }
    let expected = [(0, "warning", true), (0, "warning", false), (1, "error", false), (1, "error", true)];
    let expected = expected.map(|(code, severity, asked)| (Some(code), severity.to_owned(), asked));
    assert_eq!(codes, expected);
}

#[test]
fn the_number_of_days_and_the_weight_are_settings() {
    let web = Web::new();
    let link = || [format!("http://{}/gone", web.server.at)];
    for (settings, expected) in [
        ("[check]\nexternal_after = 1\n", (Some(1), 1)),
        ("[check]\nexternal_after = 1\nexternal = \"warning\"\n", (Some(0), 1)),
        ("[check]\nexternal = \"ignore\"\n", (Some(0), 0)),
        ("[check]\nignore = [\"http://127.0.0.1*\"]\n", (Some(0), 0)),
    ] {
        let (code, report) = check(&site(&link(), settings), DAYS[0], LOOPBACK);
        assert_eq!((code, report["problems"].as_array().unwrap().len()), expected, "{settings}: {report:#}");
    }
}

#[test]
fn no_private_network_is_asked() {
    let web = Web::new();
    let port = web.server.at.port();
    let hosts =
        ["127.0.0.1", "localhost", "[::1]", "0.0.0.0", "10.0.0.1", "169.254.169.254", "2130706433", "0x7f.1"];
    let links = hosts.map(|host| format!("http://{host}:{port}/fine"));
    let (_, report) = check(&site(&links, ""), DAYS[0], &[]);
    let found = lines(&report["problems"]);
    assert!(found.iter().all(|line| line.contains("check::private_address")), "{found:#?}");
    // Two of the hosts are spellings of the first.
    assert_eq!(found.len(), hosts.len() - 2, "{found:#?}");
    assert!(web.asked().is_empty());
}

#[test]
fn a_proxy_may_be_in_a_private_network_and_those_behind_it_may_not() {
    let web = Web::new();
    let site = site(&["http://elsewhere.example/fine", "http://10.0.0.1/fine"].map(str::to_owned), "");
    let proxy = web.server.url();
    let mut command = site.command(&["check", "--external", "--external-pause", "0", "--format", "json"]);
    for name in ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"] {
        command.env(name, &proxy);
    }
    let output =
        command.args(["--now", DAYS[0]]).env_remove("NO_PROXY").env_remove("no_proxy").output().unwrap();
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    let found = lines(&report["problems"]);
    let private: Vec<&String> = found.iter().filter(|line| line.contains("check::private_address")).collect();
    assert!(matches!(&private[..], [one] if one.contains("10.0.0.1")), "{found:#?}");
    let asked = web.asked();
    assert!(!asked.is_empty() && asked.iter().all(|line| line.contains("elsewhere.example")), "{asked:#?}");
}

#[test]
fn servers_that_answer_without_end_or_never_are_left() {
    let web = Web::new();
    let links = ["/silent", "/endless-head", "/fine"].map(|path| format!("http://{}{path}", web.server.at));
    let site = site(&links, "");
    let (code, report) = check(&site, DAYS[0], &["--external-private", "--external-timeout", "1"]);
    let found = lines(&report["problems"]);
    assert_eq!((code, found.len()), (Some(0), 2), "{found:#?}");
    assert!(found.iter().all(|line| line.starts_with("warning check::no_answer")), "{found:#?}");
}

#[test]
fn a_damaged_memory_is_dropped_with_a_note() {
    let web = Web::new();
    let site = site(&[format!("http://{}/fine", web.server.at)], "");
    site.write(".dateline/external-links", "{\"dateline\":\"external-links\",\"version\":1}\n{\"x");
    let (code, report) = check(&site, DAYS[0], LOOPBACK);
    assert_eq!(code, Some(0), "{report:#}");
    assert!(report["notes"][0].as_str().unwrap().contains("external-links"), "{report:#}");
    assert_eq!(check(&site, DAYS[0], LOOPBACK).1["notes"], Value::Array(Vec::new()));
}

#[test]
fn links_that_only_a_feed_has_and_invalid_ones_are_found() {
    let web = Web::new();
    let site = site(&["https://exa mple.net/".to_owned(), "http://[::1/".to_owned()], "");
    let header = format!("<p><a href=\"http://{}/gone\">Support us</a></p>", web.server.at);
    site.write("templates/feed_footer.html", header);
    site.write("content/news/n.md", "---\ntitle: N\ndate: 2026-11-01\n---\nText.\n");
    let (_, report) = check(&site, DAYS[0], LOOPBACK);
    let found = lines(&report["problems"]);
    let has = |start: &str| found.iter().any(|line| line.starts_with(start));
    assert!(has("error check::invalid_url content/a.md:4:8 https://exa%20mple.net/"), "{found:#?}");
    assert!(has("warning check::dead_link public/"), "{found:#?}");
    // Neither the page of feeds nor the feeds' own machinery is anybody's link.
    assert_eq!(report["external"]["links"], 1, "{found:#?}");
}

#[test]
fn without_the_flag_nobody_is_asked() {
    let web = Web::new();
    let site = site(&[format!("http://{}/gone", web.server.at)], "");
    let output = site.command(&["check", "--now", DAYS[0], "--format", "json"]).output().unwrap();
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!((&report["external"], web.asked().len()), (&Value::Null, 0));
    assert!(!site.path(".dateline/external-links").exists());
}
