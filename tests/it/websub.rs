//! WebSub: hubs on loopback are told of the feeds that a publication changed, when they can be read.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::atomic::{AtomicU16, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::loopback::{Asked, Server, get};
use crate::site::{Files, Site, TOML, tree};

const FIRST: &str = "2026-11-24T12:00:00Z";
const THEN: &str = "2026-11-25T12:00:00Z";

fn article(title: &str, date: &str, body: &str) -> String {
    format!("+++\ntitle = \"{title}\"\ndate = {date}\n+++\n{body}\n")
}

/// Serves the files of a folder.
fn files_of(folder: PathBuf) -> Server {
    Server::new(move |asked| {
        Some(match fs::read(folder.join(asked.path.trim_start_matches('/'))) {
            Ok(bytes) => ("200 OK".to_owned(), bytes),
            Err(_) => ("404 Not Found".to_owned(), Vec::new()),
        })
    })
}

/// Topics with what was found there.
type Seen = Vec<(String, Option<Vec<u8>>)>;

/// A hub: looks at the topic while it is told of it, as hubs do, and keeps what it saw.
struct Hub {
    server: Server,
    /// Each topic that it was told of, in order, with what it found there.
    told: Arc<Mutex<Seen>>,
    /// What it answers; 0 is nothing at all.
    status: Arc<AtomicU16>,
}

impl Hub {
    fn new(status: u16) -> Hub {
        Hub::with(status, "")
    }

    fn with(status: u16, more: &'static str) -> Hub {
        let told: Arc<Mutex<Seen>> = Arc::default();
        let status = Arc::new(AtomicU16::new(status));
        let (notes, answer) = (told.clone(), status.clone());
        let server = Server::new(move |asked| {
            let topic = topic_of(&asked);
            let found = get(&topic);
            notes.lock().unwrap().push((topic, found));
            match answer.load(Ordering::SeqCst) {
                0 => None,
                status => Some((format!("{status} Status{more}"), Vec::new())),
            }
        });
        Hub { server, told, status }
    }

    fn answers(&self, status: u16) {
        self.status.store(status, Ordering::SeqCst);
    }

    /// What it was told since it was asked last: paths on the site, in order of the alphabet.
    fn heard(&self) -> Vec<String> {
        let mut heard: Vec<String> = self.take().into_iter().map(|(topic, _)| path_of(&topic)).collect();
        heard.sort();
        heard
    }

    fn take(&self) -> Seen {
        std::mem::take(&mut *self.told.lock().unwrap())
    }
}

fn path_of(url: &str) -> String {
    url.splitn(4, '/').nth(3).unwrap_or_default().to_owned()
}

/// The topic of a publisher's request, which has to be one to the letter.
fn topic_of(asked: &Asked) -> String {
    assert_eq!((&*asked.method, &*asked.path), ("POST", "/"));
    let form = "content-type: application/x-www-form-urlencoded";
    assert!(asked.headers.iter().any(|header| header == form), "{:?}", asked.headers);
    let pairs: Vec<(String, String)> =
        url::form_urlencoded::parse(asked.body.as_bytes()).into_owned().collect();
    let keys: Vec<&str> = pairs.iter().map(|(key, _)| &**key).collect();
    assert_eq!(keys, ["hub.mode", "hub.url", "hub.topic"]);
    assert_eq!((&*pairs[0].1, &pairs[1].1), ("publish", &pairs[2].1));
    pairs[1].1.clone()
}

/// A site that lives on loopback, and its hubs.
struct Live {
    site: Site,
    _files: Server,
}

impl Live {
    /// With two sections, each with an article; nothing is published yet.
    fn new(hubs: &[&Hub]) -> Live {
        let place = tempfile::tempdir_in("/dev/shm").or_else(|_| tempfile::tempdir()).unwrap();
        let site = Site(place);
        site.write("content/_index.md", "");
        site.write("content/news/one.md", article("One", "2026-11-01T08:00:00Z", "Text."));
        site.write("content/sport/two.md", article("Two", "2026-11-02T08:00:00Z", "Text."));
        let files = files_of(site.path("public"));
        let urls: Vec<String> = hubs.iter().map(|hub| format!("\"{}\"", hub.server.url())).collect();
        let toml = TOML.replace("https://example.org/", &files.url());
        site.write("site.toml", format!("{toml}[feeds]\nhub = [{}]\n", urls.join(", ")));
        Live { site, _files: files }
    }

    fn publish(&self, now: &str, arguments: &[&str]) -> (Option<i32>, Vec<String>) {
        let output = run(self.site.0.path(), now, arguments, None);
        (output.status.code(), said(&output).lines().map(str::to_owned).collect())
    }

    fn write_three(&self) {
        self.site.write("content/news/three.md", article("Three", "2026-11-25T11:00:00Z", "Text."));
    }

    fn outbox(&self) -> Option<String> {
        fs::read_to_string(self.site.path(".dateline/outbox")).ok()
    }
}

fn run(root: &Path, now: &str, arguments: &[&str], fault: Option<&str>) -> Output {
    let mut command = Command::new(assert_cmd::cargo::cargo_bin("dateline"));
    command.current_dir(root).args(["publish", "--exit-code", "--now", now]).args(arguments);
    command.env("RAYON_NUM_THREADS", "1").env("NO_COLOR", "1").env_remove("SOURCE_DATE_EPOCH");
    for proxy in ["http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"] {
        command.env_remove(proxy);
    }
    command.envs(fault.map(|fault| ("DATELINE_FAULT", fault)));
    command.output().unwrap()
}

fn said(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

const ALL: [&str; 9] = [
    "atom.xml",
    "feed.json",
    "news/atom.xml",
    "news/feed.json",
    "news/rss.xml",
    "rss.xml",
    "sport/atom.xml",
    "sport/feed.json",
    "sport/rss.xml",
];
/// Those that an article in `news` changes.
const NEWS: [&str; 6] =
    ["atom.xml", "feed.json", "news/atom.xml", "news/feed.json", "news/rss.xml", "rss.xml"];

#[test]
fn a_hub_hears_of_just_the_feeds_that_changed_and_finds_the_news_in_them() {
    let hub = Hub::new(204);
    let live = Live::new(&[&hub]);
    let (code, lines) = live.publish(FIRST, &[]);
    assert_eq!(code, Some(0), "{lines:?}");
    assert_eq!(hub.heard(), ALL);
    assert_eq!(lines.last().unwrap(), &format!("notified {} of 9 feeds", hub.server.url()));
    live.write_three();
    let (code, lines) = live.publish(THEN, &[]);
    assert_eq!(code, Some(0), "{lines:?}");
    let told = hub.take();
    let mut paths: Vec<String> = told.iter().map(|(topic, _)| path_of(topic)).collect();
    paths.sort();
    assert_eq!(paths, NEWS);
    for (topic, found) in told {
        let found = String::from_utf8(found.unwrap()).unwrap();
        assert!(
            found.contains("Three") && found.contains(&topic),
            "{topic} is not its feed, or old: {found}"
        );
    }
    assert_eq!(live.outbox(), None, "nothing is left");
    // Nothing changed, nothing is told; a build tells nobody.
    assert_eq!(live.publish(THEN, &[]), (Some(4), vec![]));
    live.site.write("content/news/four.md", article("Four", "2026-11-25T11:30:00Z", "Text."));
    assert!(live.site.command(&["build", "--now", THEN]).output().unwrap().status.success());
    assert_eq!(hub.heard(), [""; 0]);
    assert_eq!(live.outbox(), None);
}

#[test]
fn every_feed_points_to_every_hub() {
    let site = Site::new(&[("content/one.md", &article("One", "2026-11-01", "Text."))]);
    let hubs = ["https://a.example/", "https://b.example/x?y=1"];
    site.write("site.toml", format!("{TOML}[feeds]\nhub = [\"{}\", \"{}\", \"{0}\"]\n", hubs[0], hubs[1]));
    let files = site.built();
    for (path, start) in [("rss.xml", "<atom:link "), ("atom.xml", "<link ")] {
        let text = String::from_utf8(files[path].clone()).unwrap();
        let links: Vec<&str> =
            text.split(start).skip(1).map(|rest| rest.split('>').next().unwrap()).collect();
        let found = links.iter().filter(|link| link.contains("rel=\"hub\"")).count();
        assert_eq!(found, 2, "{path}: {links:?}");
        assert!(hubs.iter().all(|hub| text.contains(&format!("href=\"{hub}\""))), "{path}: {text}");
    }
    let feed: Value = serde_json::from_slice(&files["feed.json"]).unwrap();
    let urls: Vec<&str> =
        feed["hubs"].as_array().unwrap().iter().map(|hub| hub["url"].as_str().unwrap()).collect();
    assert_eq!(urls, hubs);
}

#[test]
fn a_hub_that_is_no_web_address_is_refused_with_its_place() {
    for hub in ["hub.example.org", "ftp://hub.example.org/", "https://", "/hub", "https://h.example/#a"] {
        let site = Site::new(&[]);
        site.write("site.toml", format!("{TOML}[feeds]\nhub = [\"https://ok.example/\", \"{hub}\"]\n"));
        let (code, problems) = site.problems(&[]);
        assert_eq!(code, Some(2), "{hub}: {problems:?}");
        let expected = format!("\u{201c}{hub}\u{201d} is no address that a program can post to");
        assert!(problems[0].starts_with("metadata::value site.toml:6:"), "{problems:?}");
        assert!(problems[0].ends_with(&expected), "{problems:?}");
    }
}

#[test]
fn a_hub_that_is_down_is_told_by_a_later_run_and_holds_nothing() {
    let (hub, other) = (Hub::new(503), Hub::new(200));
    let live = Live::new(&[&hub, &other]);
    let (code, lines) = live.publish(FIRST, &[]);
    assert_eq!(code, Some(0));
    assert_eq!((hub.heard().len(), other.heard().len()), (1, 9), "one try was enough to know");
    let later = format!(
        "hub {} answered 503: will be notified of 9 feeds at 2026-11-24T12:01:00Z or later",
        hub.server.url()
    );
    assert!(lines.contains(&later), "{lines:?}");
    // Not before its time.
    assert_eq!(live.publish("2026-11-24T12:00:59Z", &[]), (Some(4), vec![]));
    assert_eq!(hub.heard().len(), 0);
    let (code, lines) = live.publish("2026-11-24T12:01:00Z", &[]);
    assert_eq!((code, hub.heard().len()), (Some(4), 1));
    assert!(lines[0].ends_with("at 2026-11-24T12:06:00Z or later"), "{lines:?}");
    hub.answers(202);
    let (code, lines) = live.publish("2026-11-24T12:06:00Z", &["--format", "json"]);
    assert_eq!(code, Some(4));
    assert_eq!(hub.heard(), ALL);
    let event: Value = serde_json::from_str(&lines[0]).unwrap();
    assert_eq!((event["event"].as_str(), event["topics"].as_array().unwrap().len()), (Some("hub_told"), 9));
    assert_eq!((live.outbox(), other.heard().len()), (None, 0));
}

#[test]
fn a_hub_that_asks_for_time_gets_it() {
    let hub = Hub::with(429, "\r\nRetry-After: 600");
    let live = Live::new(&[&hub]);
    let (_, lines) = live.publish(FIRST, &[]);
    assert!(lines.last().unwrap().ends_with("at 2026-11-24T12:10:00Z or later"), "{lines:?}");
    hub.take();
    hub.answers(200);
    live.site.write("content/news/four.md", article("Four", "2026-11-24T12:05:00Z", "Text."));
    assert_eq!(live.publish("2026-11-24T12:05:00Z", &[]).0, Some(0));
    assert_eq!(hub.heard(), [""; 0], "it had asked for more time");
    live.publish("2026-11-24T12:10:00Z", &[]);
    assert_eq!(hub.heard(), ALL);
}

#[test]
fn a_hub_that_never_answers_holds_a_publication_no_longer_than_its_limit() {
    let (hub, other) = (Hub::new(0), Hub::new(0));
    let live = Live::new(&[&hub, &other]);
    let started = Instant::now();
    let (code, lines) = live.publish(FIRST, &["--hub-timeout", "1"]);
    let took = started.elapsed();
    assert_eq!(code, Some(0));
    assert!(took >= Duration::from_secs(1) && took < Duration::from_secs(8), "{took:?}");
    let failed =
        lines.iter().filter(|line| line.contains("did not answer in time: will be notified of 9 feeds"));
    assert_eq!(failed.count(), 2, "{lines:?}");
    assert_eq!((hub.heard().len(), other.heard().len()), (1, 1));
    assert!(live.site.path("public/news/one/index.html").exists());
}

#[test]
fn nobody_there_is_a_hub_that_is_down() {
    let hub = Hub::new(200);
    let live = Live::new(&[&hub]);
    drop(hub.server);
    let (code, lines) = live.publish(FIRST, &["--hub-timeout", "5"]);
    assert_eq!(code, Some(0));
    assert!(lines.last().unwrap().contains("did not answer"), "{lines:?}");
    assert!(live.outbox().is_some());
}

#[test]
fn what_a_hub_refuses_is_said_once_with_hub_and_feed_and_not_tried_again() {
    for (status, more, detail) in [
        (404, "", "answered 404 to"),
        (400, "", "answered 400 to"),
        (301, "\r\nLocation: https://new.example/", "answered 301 and says it is at https://new.example/ to"),
    ] {
        let hub = Hub::with(status, more);
        let live = Live::new(&[&hub]);
        let (code, lines) = live.publish(FIRST, &[]);
        assert_eq!(code, Some(0));
        assert_eq!(hub.heard(), ALL, "each feed is a question of its own");
        let warnings: Vec<&String> = lines.iter().filter(|line| line.starts_with("warning: hub ")).collect();
        assert_eq!(warnings.len(), 9, "{lines:?}");
        assert!(warnings.iter().all(|line| line.contains(&hub.server.url()) && line.contains(detail)));
        assert!(warnings.iter().any(|line| line.contains("/news/rss.xml changed")), "{warnings:?}");
        assert_eq!(live.publish("2026-11-24T13:00:00Z", &[]), (Some(4), vec![]));
        assert_eq!(hub.heard(), [""; 0]);
    }
}

#[test]
fn without_websub_no_hub_is_told_now_or_later() {
    let hub = Hub::new(200);
    let live = Live::new(&[&hub]);
    assert_eq!(live.publish(FIRST, &["--no-websub"]).0, Some(0));
    assert_eq!(live.publish(THEN, &[]), (Some(4), vec![]));
    assert_eq!((hub.heard(), live.outbox()), (vec![], None));
}

#[test]
fn a_hub_that_the_site_has_no_more_is_forgotten() {
    let hub = Hub::new(503);
    let live = Live::new(&[&hub]);
    live.publish(FIRST, &[]);
    hub.take();
    let toml = fs::read_to_string(live.site.path("site.toml")).unwrap();
    live.site.write("site.toml", toml.split("[feeds]").next().unwrap());
    live.publish(THEN, &[]);
    assert_eq!((hub.heard(), live.outbox()), (vec![], None));
}

#[test]
fn a_damaged_outbox_is_set_aside_and_told_of_once_and_the_news_goes_out() {
    for (at, expected) in [("due", NEWS.len()), ("idle", 0)] {
        let hub = Hub::new(503);
        let live = Live::new(&[&hub]);
        live.publish(FIRST, &[]);
        let whole = live.outbox().unwrap();
        live.site.write(".dateline/outbox", &whole[..whole.len() / 2]);
        hub.take();
        hub.answers(200);
        if at == "due" {
            live.write_three();
        }
        let (code, lines) = live.publish(THEN, &[]);
        assert_eq!(code, Some(if at == "due" { 0 } else { 4 }), "{lines:?}");
        let warnings =
            lines.iter().filter(|line| line.contains("is damaged") && line.contains("outbox.damaged"));
        assert_eq!(warnings.count(), 1, "{lines:?}");
        assert_eq!(hub.heard().len(), expected);
        assert_eq!(
            fs::read_to_string(live.site.path(".dateline/outbox.damaged")).unwrap(),
            whole[..whole.len() / 2]
        );
        assert_eq!(live.publish("2026-11-26T12:00:00Z", &[]), (Some(4), vec![]));
    }
}

#[test]
fn several_publications_at_once_tell_a_hub_once() {
    let hub = Hub::new(200);
    let live = Live::new(&[&hub]);
    let codes: Vec<Option<i32>> = std::thread::scope(|scope| {
        let runs: Vec<_> = (0..4).map(|_| scope.spawn(|| live.publish(FIRST, &[]).0)).collect();
        runs.into_iter().map(|run| run.join().unwrap()).collect()
    });
    assert!(codes.iter().all(|code| matches!(code, Some(0 | 4 | 6))), "{codes:?}");
    assert_eq!(codes.iter().filter(|code| **code == Some(0)).count(), 1, "{codes:?}");
    // Who was busy or had nothing to do may have found notes that nobody had taken on yet.
    assert_eq!(hub.heard(), ALL);
    assert_eq!(live.publish(FIRST, &[]), (Some(4), vec![]));
    assert_eq!(live.outbox(), None);
}

/// What another run has set down is not told before that run has changed the site: only who holds the lock takes
/// on what is to be told, so it has to be handed out with what was published.
#[test]
fn no_other_run_begins_before_what_is_to_be_told_is_taken_on() {
    use dateline::pipeline::publish::{Outcome, publish};
    use dateline::pipeline::{LedgerUse, Request};
    let live = Live::new(&[]);
    let root = live.site.0.path();
    let now = chrono::DateTime::parse_from_rfc3339(FIRST).unwrap().to_utc();
    let (state, out) = (root.join(".dateline"), root.join("public"));
    let request = Request { ledger: LedgerUse::Advance, ..Request::new(root, &state, &out, now) };
    let Outcome::Published(_, lock) = publish(&request, false, &|_| Ok(())) else {
        panic!("it has no error")
    };
    assert_eq!(live.publish(THEN, &[]).0, Some(6), "it is busy");
    drop(lock);
    assert_eq!(live.publish(THEN, &[]).0, Some(4));
}

/// Feeds by their paths.
fn feeds(files: &Files) -> BTreeMap<String, Vec<u8>> {
    let is_feed = |path: &String| {
        path.ends_with("rss.xml") || path.ends_with("atom.xml") || path.ends_with("feed.json")
    };
    files
        .iter()
        .filter(|(path, _)| is_feed(path))
        .map(|(path, bytes)| (path.clone(), bytes.clone()))
        .collect()
}

/// Whatever a run is at when it ends, the next one sees to it that what a hub saw last is what stands.
#[cfg(debug_assertions)]
#[test]
fn a_publication_cut_anywhere_leaves_no_hub_with_old_news() {
    let hub = Hub::new(200);
    let live = Live::new(&[&hub]);
    live.publish(FIRST, &[]);
    live.write_three();
    let root = live.site.0.path();
    let kept = root.with_extension("kept");
    let copy = |from: &Path, to: &Path| {
        let _ = fs::remove_dir_all(to);
        assert!(Command::new("cp").arg("-a").arg(from).arg(to).status().unwrap().success());
    };
    copy(root, &kept);
    let before = feeds(&tree(&root.join("public")));
    let mut seen: BTreeMap<String, Vec<u8>> = BTreeMap::new();
    let mut told_by_next = 0;
    let calls = said(&run(root, THEN, &[], Some("count")));
    let calls: usize = calls.trim().rsplit_once("calls: ").unwrap().1.parse().unwrap();
    for call in 1..=calls {
        for fault in if call % 2 == 0 { &["kill"][..] } else { &["kill", "28"] } {
            hub.take();
            seen.clone_from(&before);
            copy(&kept, root);
            let output = run(root, THEN, &[], Some(&format!("{fault}:{call}")));
            let what = format!("{fault} at call {call}: {}", said(&output));
            let by_first = hub.take();
            let output = run(root, "2026-11-25T12:01:00Z", &[], None);
            assert!(matches!(output.status.code(), Some(0 | 4)), "{what}: {}", said(&output));
            let by_next = hub.take();
            told_by_next += usize::from(!by_next.is_empty());
            for (topic, found) in by_first.into_iter().chain(by_next) {
                seen.insert(path_of(&topic), found.unwrap());
            }
            let stand = feeds(&tree(&root.join("public")));
            assert!(stand != before);
            for (path, bytes) in &stand {
                assert!(seen.get(path) == Some(bytes), "{what}: the hub has old news of {path}");
            }
            assert_eq!(live.outbox(), None, "{what}");
        }
    }
    fs::remove_dir_all(&kept).unwrap();
    assert!(
        calls > 40 && told_by_next > 30,
        "{calls} calls were cut; the next run had to tell {told_by_next} times"
    );
}
