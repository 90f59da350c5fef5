//! `dateline fetch`: documents of other servers, which are on loopback here, kept as files under `data/`.

use std::fs;
use std::io::Write;
use std::sync::{Arc, Barrier, Mutex};

use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::{Value, json};

use crate::loopback::{Asked, Said, Server};
use crate::site::{Site, TOML, text};

/// A server whose answers a test changes, and what it was asked for.
struct Web {
    server: Server,
    answer: Arc<Mutex<Said>>,
    asked: Arc<Mutex<Vec<Asked>>>,
}

impl Web {
    fn new() -> Web {
        let (answer, asked): (Arc<Mutex<Said>>, Arc<Mutex<Vec<Asked>>>) = Default::default();
        let (says, notes) = (answer.clone(), asked.clone());
        let server = Server::new(move |one| {
            notes.lock().unwrap().push(one);
            says.lock().unwrap().clone()
        });
        Web { server, answer, asked }
    }

    fn says(&self, head: &str, body: impl AsRef<[u8]>) {
        *self.answer.lock().unwrap() = Some((head.to_owned(), body.as_ref().to_vec()));
    }

    fn says_json(&self, body: &str) {
        self.says("200 OK\r\nContent-Type: application/json", body);
    }

    fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.server.at)
    }

    /// The headers of the requests since the last time.
    fn asked(&self) -> Vec<Vec<String>> {
        std::mem::take(&mut *self.asked.lock().unwrap()).into_iter().map(|one| one.headers).collect()
    }
}

/// A site that fetches `rates` from `url`, with more `settings` of that entry.
fn site(url: &str, settings: &str) -> Site {
    let site = Site::new(&[]);
    let entry = format!("[[fetch]]\nname = \"rates\"\nurl = \"{url}\"\nprivate = true\n{settings}");
    site.write("site.toml", format!("{TOML}{entry}"));
    site
}

fn fetch_with(site: &Site, arguments: &[&str], environment: &[(&str, &str)]) -> (Option<i32>, Value, String) {
    let mut command = site.command(&["fetch", "--format", "json"]);
    command.args(arguments).env("NO_PROXY", "*").envs(environment.iter().copied());
    let output = command.output().unwrap();
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let errors = String::from_utf8_lossy(&output.stderr);
    let report = serde_json::from_str(&text).unwrap_or_else(|error| panic!("{error}: {text}{errors}"));
    (output.status.code(), report, format!("{text}{errors}"))
}

fn fetch(site: &Site, arguments: &[&str]) -> (Option<i32>, Value) {
    let (code, report, _) = fetch_with(site, arguments, &[]);
    (code, report)
}

fn outcome(report: &Value) -> &str {
    report["fetched"][0]["outcome"].as_str().unwrap()
}

fn file(site: &Site, path: &str) -> String {
    fs::read_to_string(site.path(path)).unwrap()
}

fn gzipped(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

#[test]
fn a_document_is_written_once_and_the_report_says_which_rows_changed() {
    let web = Web::new();
    let site = site(&web.url("/rates"), "");
    web.says_json(r#"[{"id":"usd","rate":1.10},{"id":"yen","rate":161},{"id":"sek","rate":11}]"#);
    let (code, report) = fetch(&site, &[]);
    assert_eq!((code, outcome(&report)), (Some(0), "new"), "{report:#}");
    assert_eq!(report["fetched"][0]["file"], "data/rates.json");
    let first = file(&site, "data/rates.json");
    assert!(first.starts_with("[\n  {\n    \"id\": \"usd\",\n    \"rate\": 1.10\n  },\n"), "{first}");
    // Other white space and another order of keys say the same.
    web.says_json(
        "[{\"rate\": 1.10, \"id\": \"usd\"},\n{\"id\":\"yen\",\"rate\":161},{\"id\":\"sek\",\"rate\":11}]\n",
    );
    assert_eq!(outcome(&fetch(&site, &[]).1), "unchanged");
    assert_eq!(file(&site, "data/rates.json"), first);
    web.says_json(r#"[{"id":"usd","rate":1.2},{"id":"nok","rate":11},{"id":"yen","rate":161}]"#);
    let (code, report) = fetch(&site, &[]);
    assert_eq!((code, outcome(&report)), (Some(0), "changed"), "{report:#}");
    let row = |name: &str| json!({ "count": 1, "names": [name] });
    let expected =
        json!({ "before": 3, "after": 3, "added": row("nok"), "changed": row("usd"), "gone": row("sek") });
    assert_eq!(report["fetched"][0]["rows"], expected);
}

#[test]
fn a_server_is_asked_for_what_is_new_and_a_file_changed_by_hand_is_fetched_whole() {
    let web = Web::new();
    let site = site(&web.url("/rates.json"), "");
    let head = "200 OK\r\nETag: \"v1\"\r\nLast-Modified: Tue, 24 Nov 2026 12:00:00 GMT";
    web.says(head, "{\"usd\": 1.1}");
    fetch(&site, &[]);
    let is_conditional = |asked: &[Vec<String>]| asked[0].iter().any(|line| line == "if-none-match: \"v1\"");
    assert!(!is_conditional(&web.asked()));
    web.says("304 Not Modified", "");
    assert_eq!(outcome(&fetch(&site, &[]).1), "unchanged");
    let asked = web.asked();
    assert!(is_conditional(&asked), "{asked:#?}");
    assert!(asked[0].contains(&"if-modified-since: Tue, 24 Nov 2026 12:00:00 GMT".to_owned()));
    web.says(head, "{\"usd\": 1.1}");
    for damage in ["{\"usd\": 9}", ""] {
        site.write("data/rates.json", damage);
        assert_eq!(outcome(&fetch(&site, &[]).1), "changed", "{damage}");
        assert!(!is_conditional(&web.asked()), "{damage}");
    }
    // So is one of which the memory is damaged.
    site.write(".dateline/fetched", "{\"dateline\":\"fetched\",\"version\":1}\n{");
    let (code, report) = fetch(&site, &[]);
    assert_eq!((code, outcome(&report)), (Some(0), "unchanged"));
    assert!(report["notes"][0].as_str().unwrap().contains("fetched"), "{report:#}");
}

#[test]
fn a_document_that_is_none_never_replaces_the_last_good_one() {
    let good = "[\n  {\n    \"id\": 1\n  }\n]\n";
    let json = "200 OK\r\nContent-Type: application/json";
    let bomb = gzipped(&[b' '; 30_000_000]);
    let cut = gzipped(good.as_bytes());
    let faults: [(&str, &str, &[u8], &str); 20] = [
        (
            "a page",
            "200 OK\r\nContent-Type: text/html",
            b"<!doctype html><title>Sorry</title>",
            "a page of HTML",
        ),
        ("a page that calls itself JSON", json, b"<html><body>Log in</body></html>", "a page of HTML"),
        ("an error", json, b"{\"error\": \"try later\"}", "it is an object and was a list"),
        ("half", json, b"[{\"id\": 1}, {\"id\":", "is not valid JSON"),
        ("a cut body", "200 OK\r\nContent-Length: 500", b"[{\"id\": 1}]", "ended before it was complete"),
        ("nothing", json, b"", "there is nothing in it"),
        ("a key twice", json, b"[{\"id\": 1, \"id\": 2}]", "the key `id`"),
        ("invalid UTF-8", json, b"[{\"id\": \"caf\xe9\"}]", "it is not UTF-8"),
        ("another format", "200 OK\r\nContent-Type: text/csv", b"id\n1\n", "it would be `data/rates.csv`"),
        ("no format", "200 OK\r\nContent-Type: text/plain", b"id 1", "its format is not known"),
        ("404", "404 Not Found", b"[]", "its server answers 404"),
        ("500", "500 Internal Server Error", b"[]", "its server answers 500"),
        ("503", "503 Slow Down\r\nRetry-After: 120", b"[]", "answers 503 and asks to come back in 120 s"),
        ("a part", "206 Partial Content", b"[]", "only a part"),
        ("304 to no condition", "304 Not Modified", b"", "its server answers 304"),
        ("a circle", "302 Found\r\nLocation: /rates", b"", "it redirects in a circle"),
        (
            "nowhere",
            "302 Found\r\nLocation: ftp://example.org/",
            b"",
            "it redirects to no address of the web",
        ),
        ("a private network", "302 Found\r\nLocation: http://10.0.0.1/", b"", "address of a private network"),
        ("a gzip bomb", "200 OK\r\nContent-Encoding: gzip", &bomb, "it has more than 1 MB"),
        (
            "a cut gzip",
            "200 OK\r\nContent-Encoding: gzip",
            &cut[..cut.len() - 9],
            "ended before it was complete",
        ),
    ];
    let web = Web::new();
    let site = site(&web.url("/rates"), "max_mb = 1\nmin_rows = 0\n");
    web.says_json(good);
    assert_eq!(outcome(&fetch(&site, &[]).1), "new");
    for (fault, head, body, reason) in faults {
        // Without the server's marks of versions, nothing is conditional.
        web.says(head, body);
        let (code, report) = fetch(&site, &[]);
        assert_eq!((code, outcome(&report)), (Some(5), "failed"), "{fault}: {report:#}");
        let problem = &report["problems"][0];
        let message = problem["message"].as_str().unwrap();
        assert!(message.contains(reason), "{fault}: {message}");
        assert!(message.ends_with("`data/rates.json` stays as it is"), "{fault}: {message}");
        assert_eq!((&problem["file"], &problem["line"]), (&json!("site.toml"), &json!(7)), "{fault}");
        assert_eq!(file(&site, "data/rates.json"), good, "{fault}");
    }
    // The next good one is taken.
    web.says_json("[{\"id\": 2}]");
    assert_eq!(outcome(&fetch(&site, &[]).1), "changed");
}

#[test]
fn limits_are_settings() {
    let web = Web::new();
    let large = format!("[\"{}\"]", "x".repeat(1_100_000));
    for (settings, body, expected) in [
        ("max_mb = 1\n", large.as_str(), Some("it has more than 1 MB")),
        ("max_mb = 2\n", large.as_str(), None),
        ("min_rows = 3\n", "[1, 2]", Some("it has 2 rows, and `min_rows` is 3")),
        ("min_rows = 2\n", "[1, 2]", None),
        ("format = \"json\"\n", "17", None),
        ("format = \"csv\"\n", "[1, 2]", Some("has 2 cells")),
    ] {
        let site = site(&web.url("/rates"), settings);
        let body = if settings.contains("csv") { "a\n1,2\n" } else { body };
        web.says_json(body);
        let (_, report) = fetch(&site, &[]);
        let message = report["problems"][0]["message"].as_str();
        match expected {
            Some(reason) => {
                let message = message.unwrap_or_else(|| panic!("{settings}"));
                assert!(
                    message.contains(reason) && message.ends_with("there is no file of it yet"),
                    "{message}"
                );
            }
            None => assert_eq!((outcome(&report), message), ("new", None), "{settings}"),
        }
    }
}

#[test]
fn a_server_that_never_answers_is_left_after_its_time() {
    let web = Web::new();
    *web.answer.lock().unwrap() = None;
    let site = site(&web.url("/rates"), "timeout = 1\n");
    let (code, report) = fetch(&site, &[]);
    assert_eq!(code, Some(5));
    assert!(report["problems"][0]["message"].as_str().unwrap().contains("within 1 s"), "{report:#}");
}

#[test]
fn each_format_is_known_by_its_server_its_address_or_its_text() {
    let web = Web::new();
    for (path, media_type, body, expected, text) in [
        ("/a", "application/json", "{\"a\":1}", "data/rates.json", "{\n  \"a\": 1\n}\n"),
        ("/a.json", "text/plain", "[1, 2]", "data/rates.json", "[1, 2]\n"),
        ("/a", "application/octet-stream", "{\"a\": []}", "data/rates.json", "{\n  \"a\": []\n}\n"),
        (
            "/a",
            "text/csv; charset=windows-1252",
            "a;b\r\ncaf\u{e9};2\r\n",
            "data/rates.csv",
            "a;b\ncaf\u{e9};2\n",
        ),
        ("/a.csv?x=1", "", "\u{feff}a,\"b\"\n1,2\n\n", "data/rates.csv", "a,b\n1,2\n"),
        ("/a", "text/tab-separated-values", "a\tb\n1\t2\n", "data/rates.tsv", "a\tb\n1\t2\n"),
        ("/a.yml", "text/plain", "# Rates\na: 1\n\n", "data/rates.yaml", "# Rates\na: 1\n"),
        ("/a", "application/toml", "a = 1", "data/rates.toml", "a = 1\n"),
    ] {
        let site = site(&web.url(path), "");
        web.says(&format!("200 OK\r\nContent-Type: {media_type}"), body);
        let (_, report) = fetch(&site, &[]);
        assert_eq!(report["fetched"][0]["file"], expected, "{path} {media_type}: {report:#}");
        assert_eq!(file(&site, expected), text, "{path} {media_type}");
    }
    // A file that is not UTF-8 says so, or `encoding` does.
    for (media_type, settings) in
        [("text/csv; charset=iso-8859-1", ""), ("text/csv", "encoding = \"latin1\"\n")]
    {
        let site = site(&web.url("/a"), settings);
        web.says(&format!("200 OK\r\nContent-Type: {media_type}"), b"a\ncaf\xe9\n");
        fetch(&site, &[]);
        assert_eq!(file(&site, "data/rates.csv"), "a\ncaf\u{e9}\n", "{media_type}");
    }
}

const RSS: &str = "<?xml version=\"1.0\"?><rss version=\"2.0\" xmlns:content=\"http://purl.org/rss/1.0/modules/content/\"><channel><title>Quay &amp;amp; Sea</title><link>/home/</link><description>d</description><lastBuildDate>Tue, 24 Nov 2026 12:00:00 GMT</lastBuildDate><item><title>A &amp;lt;b&gt; ferry</title><link>ferry/</link><guid isPermaLink=\"false\">tag:e,1</guid><pubDate>Mon, 24 Nov 2026 11:00:00 EST</pubDate><author>ann@example.org</author><category>sea</category><description>Short &lt;b&gt;one&lt;/b&gt;</description><content:encoded>&lt;p&gt;Long &lt;a href=\"/x\"&gt;text&lt;/a&gt;&lt;script&gt;alert(1)&lt;/script&gt;&lt;/p&gt;</content:encoded><enclosure url=\"a.mp3\" length=\"7\" type=\"audio/mpeg\"/></item><item><guid>http://e.org/note</guid><description>Only this</description><link>javascript:alert(1)</link></item></channel></rss>";

const ATOM: &str = "<feed xmlns=\"http://www.w3.org/2005/Atom\" xml:base=\"http://e.org/blog/\"><id>f</id><title>T</title><updated>2026-11-24T12:00:00Z</updated><entry><id>urn:1</id><title type=\"html\">A &amp;lt;em&gt;b&lt;/em&gt;</title><updated>2026-11-24T12:00:00+01:00</updated><link href=\"one/\"/><author><name>Ann</name></author><content type=\"xhtml\"><div xmlns=\"http://www.w3.org/1999/xhtml\"><p>Hi</p></div></content></entry></feed>";

const JSON_FEED: &str = "{\"version\":\"https://jsonfeed.org/version/1.1\",\"title\":\"T\",\"items\":[{\"id\":7,\"url\":\"http://e.org/7\",\"content_text\":\"a < b\\n\\nc\",\"date_published\":\"2026-11-24\",\"authors\":[{\"name\":\"Ann\"}],\"tags\":[\"sea\"],\"attachments\":[{\"url\":\"http://e.org/a.mp3\",\"mime_type\":\"audio/mpeg\",\"size_in_bytes\":7}]}]}";

#[test]
fn feeds_of_all_formats_become_one_form_with_safe_texts() {
    let web = Web::new();
    let feed = |body: &str, settings: &str| {
        let site = site(&web.url("/feed"), settings);
        web.says("200 OK\r\nContent-Type: text/xml", body);
        let (_, report) = fetch(&site, &[]);
        assert_eq!(outcome(&report), "new", "{report:#}");
        serde_json::from_str::<Value>(&file(&site, "data/rates.json")).unwrap()
    };
    let found = feed(RSS, "");
    let expected = json!({
        "title": "Quay & Sea", "url": web.url("/home/"),
        "entries": [
            {
                "id": "tag:e,1", "url": web.url("/ferry/"), "title": "A <b> ferry",
                "published": "2026-11-24T11:00:00-05:00", "updated": null,
                "summary": "Short one", "content_text": "Long text",
                "content_html": format!("<p>Long <a href=\"{}\">text</a></p>", web.url("/x")),
                "authors": ["ann@example.org"], "categories": ["sea"], "image": null,
                "enclosures": [{ "url": web.url("/a.mp3"), "type": "audio/mpeg", "length": 7 }],
            },
            {
                "id": "http://e.org/note", "url": null, "title": "", "published": null, "updated": null,
                "summary": "Only this", "content_text": "Only this", "content_html": "Only this",
                "authors": [], "categories": [], "image": null, "enclosures": [],
            },
        ],
    });
    assert_eq!(found, expected, "{found:#}");
    assert_eq!(feed(RSS, "limit = 1\n")["entries"].as_array().unwrap().len(), 1);
    let entry = &feed(ATOM, "")["entries"][0];
    assert_eq!((&entry["url"], &entry["title"]), (&json!("http://e.org/blog/one/"), &json!("A <em>b")));
    assert_eq!((&entry["updated"], &entry["published"]), (&json!("2026-11-24T12:00:00+01:00"), &Value::Null));
    assert_eq!((&entry["content_text"], &entry["authors"]), (&json!("Hi"), &json!(["Ann"])));
    let entry = &feed(JSON_FEED, "format = \"feed\"\n")["entries"][0];
    assert_eq!((&entry["id"], &entry["content_html"]), (&json!("7"), &json!("<p>a &lt; b</p><p>c</p>")));
    assert_eq!((&entry["categories"], &entry["enclosures"][0]["length"]), (&json!(["sea"]), &json!(7)));
    // Said to be JSON, it is kept as it is.
    assert_eq!(feed(JSON_FEED, "format = \"json\"\n")["items"][0]["id"], 7);
}

#[test]
fn a_feed_that_is_fetched_again_names_its_new_entries() {
    let web = Web::new();
    let site = site(&web.url("/feed"), "");
    web.says("200 OK", RSS);
    fetch(&site, &[]);
    web.says("200 OK", RSS.replace("tag:e,1", "tag:e,2").replace("12:00:00 GMT", "13:00:00 GMT"));
    let (_, report) = fetch(&site, &[]);
    let rows = &report["fetched"][0]["rows"];
    assert_eq!((&rows["added"]["names"], &rows["gone"]["names"]), (&json!(["tag:e,2"]), &json!(["tag:e,1"])));
    // The date of the feed itself is no change.
    web.says("200 OK", RSS.replace("tag:e,1", "tag:e,2"));
    assert_eq!(outcome(&fetch(&site, &[]).1), "unchanged");
}

#[test]
fn a_run_that_is_killed_leaves_the_old_file_or_the_new_one() {
    let web = Web::new();
    let old = "[\n  {\n    \"id\": 1\n  }\n]\n";
    let new = old.replace('1', "2");
    let mut ends = Vec::new();
    for at in 1..30 {
        let site = site(&web.url("/rates"), "");
        site.write("data/rates.json", old);
        web.says_json("[{\"id\": 2}]");
        let mut command = site.command(&["fetch"]);
        command.env("NO_PROXY", "*").env("DATELINE_FAULT", format!("kill:{at}"));
        let is_whole = command.output().unwrap().status.success();
        let text = file(&site, "data/rates.json");
        assert!(text == old || text == new, "{at}: {text}");
        ends.push(text == new);
        // The next run completes it.
        let (code, _) = fetch(&site, &[]);
        assert_eq!((code, file(&site, "data/rates.json")), (Some(0), new.clone()), "{at}");
        let names: Vec<_> =
            fs::read_dir(site.path("data")).unwrap().map(|one| one.unwrap().file_name()).collect();
        assert_eq!(names, ["rates.json"], "{at}");
        if is_whole {
            break;
        }
    }
    assert!(ends.len() > 5 && !ends[0] && ends.last() == Some(&true), "{ends:?}");
}

#[test]
fn a_disk_that_refuses_keeps_the_old_file() {
    let web = Web::new();
    let site = site(&web.url("/rates"), "");
    site.write("data/rates.json", "[1]\n");
    web.says_json("[2]");
    for at in 2..6 {
        let mut command = site.command(&["fetch", "--format", "json"]);
        let output =
            command.env("NO_PROXY", "*").env("DATELINE_FAULT", format!("28:{at}+")).output().unwrap();
        assert_eq!(output.status.code(), Some(3), "{at}");
        assert_eq!(file(&site, "data/rates.json"), "[1]\n", "{at}");
    }
}

#[test]
fn no_private_network_is_asked_unless_its_entry_says_so() {
    let web = Web::new();
    web.says_json("[1]");
    let port = web.server.at.port();
    for host in ["127.0.0.1", "localhost", "[::1]", "0.0.0.0", "2130706433", "10.0.0.1", "169.254.169.254"] {
        let site = site(&format!("http://{host}:{port}/rates"), "");
        site.write("site.toml", file(&site, "site.toml").replace("private = true", ""));
        let (code, report) = fetch(&site, &[]);
        assert_eq!(code, Some(5), "{host}");
        let message = report["problems"][0]["message"].as_str().unwrap();
        assert!(message.contains("address of a private network"), "{host}: {message}");
    }
    assert!(web.asked().is_empty());
    // One of them may not redirect to another.
    let site = site(&web.url("/rates"), "");
    web.says(&format!("302 Found\r\nLocation: http://localhost:{port}/rates"), "");
    let (_, report) = fetch(&site, &[]);
    let message = report["problems"][0]["message"].as_str().unwrap();
    assert!(message.contains("redirects to an address of a private network"), "{message}");
    assert_eq!(web.asked().len(), 1);
}

#[test]
fn a_token_is_sent_to_its_server_alone_and_never_shown() {
    let (web, other) = (Web::new(), Web::new());
    let settings = "headers = { Authorization = \"Bearer ${RATES_TOKEN}\", Accept = \"text/json\" }\n";
    let site = site(&web.url("/rates?key=${RATES_KEY}"), settings);
    web.says(&format!("302 Found\r\nLocation: {}", other.url("/rates")), "");
    other.says_json("[1]");
    let environment = [("RATES_TOKEN", "s3cr3t-token\n"), ("RATES_KEY", "s3cr3t-key")];
    let (code, _, said) = fetch_with(&site, &[], &environment);
    assert_eq!(code, Some(0), "{said}");
    let (first, second) = (web.asked().remove(0), other.asked().remove(0));
    assert!(first.contains(&"authorization: Bearer s3cr3t-token".to_owned()), "{first:#?}");
    assert!(first.contains(&"accept: text/json".to_owned()), "{first:#?}");
    assert!(!second.iter().any(|line| line.contains("s3cr3t")), "{second:#?}");
    // A failure shows neither, nor does the memory.
    web.says("403 Forbidden", "");
    let (code, report, said) = fetch_with(&site, &["-v"], &environment);
    assert_eq!(code, Some(5), "{said}");
    assert!(report["problems"][0]["help"].as_str().unwrap().contains("headers"), "{said}");
    assert!(!said.contains("s3cr3t") && !file(&site, ".dateline/fetched").contains("s3cr3t"), "{said}");
    // A variable without a value is named.
    let (code, report, _) = fetch_with(&site, &[], &[("RATES_KEY", "k")]);
    assert_eq!(code, Some(5));
    assert_eq!(report["problems"][0]["code"], "fetch::variable");
    assert!(report["problems"][0]["message"].as_str().unwrap().contains("`RATES_TOKEN`"), "{report:#}");
    // A value of two lines is no header.
    let (_, _, said) = fetch_with(&site, &[], &[("RATES_KEY", "k"), ("RATES_TOKEN", "s3cr3t\nX: 1")]);
    assert!(said.contains("the header `authorization` has characters") && !said.contains("s3cr3t"), "{said}");
}

#[test]
fn a_check_writes_nothing_and_its_code_says_what_would_change() {
    let web = Web::new();
    let site = site(&web.url("/rates"), "");
    web.says_json("[1]");
    let (code, report) = fetch(&site, &["--check"]);
    assert_eq!((code, outcome(&report), &report["check"]), (Some(7), "new", &json!(true)));
    assert!(!site.path("data").exists() && !site.path(".dateline").exists());
    fetch(&site, &[]);
    assert_eq!(fetch(&site, &["--check"]).0, Some(0));
    web.says_json("[2]");
    assert_eq!(fetch(&site, &["--check"]).0, Some(7));
    assert_eq!(file(&site, "data/rates.json"), "[1]\n");
}

#[test]
fn names_choose_entries_and_servers_are_asked_at_once() {
    let barrier = Arc::new(Barrier::new(2));
    let server = || {
        let barrier = barrier.clone();
        Server::new(move |_| {
            // Each answers only once the other is asked too.
            barrier.wait();
            Some(("200 OK\r\nContent-Type: application/json".to_owned(), b"[1]".to_vec()))
        })
    };
    let (one, other, web) = (server(), server(), Web::new());
    web.says_json("[1]");
    let site = Site::new(&[]);
    let entry = |name: &str, url: &str| {
        format!("[[fetch]]\nname = \"{name}\"\nurl = \"{url}a.json\"\nprivate = true\n")
    };
    let entries =
        [entry("one", &one.url()), entry("shop/other", &other.url()), entry("third", &web.url("/"))];
    site.write("site.toml", format!("{TOML}{}", entries.concat()));
    let (code, report) = fetch(&site, &["one", "shop/other"]);
    assert_eq!(code, Some(0), "{report:#}");
    let names: Vec<_> = report["fetched"].as_array().unwrap().iter().map(|one| one["name"].clone()).collect();
    assert_eq!(names, ["one", "shop/other"]);
    assert!(site.path("data/shop/other.json").exists() && !site.path("data/third.json").exists());
    assert!(web.asked().is_empty());
    let (code, report) = fetch(&site, &["thrid"]);
    assert_eq!(code, Some(2));
    assert_eq!(report["problems"][0]["help"], "did you mean `third`?");
}

#[test]
fn one_that_fails_holds_none_of_the_others() {
    let (web, gone) = (Web::new(), Web::new());
    web.says_json("[1]");
    gone.says("404 Not Found", "");
    let site = Site::new(&[]);
    let entry =
        |name: &str, url: String| format!("[[fetch]]\nname = \"{name}\"\nurl = \"{url}\"\nprivate = true\n");
    let all = [entry("a", gone.url("/")), entry("b", web.url("/")), entry("c", gone.url("/"))];
    site.write("site.toml", format!("{TOML}{}", all.concat()));
    let output = site.command(&["fetch"]).env("NO_PROXY", "*").output().unwrap();
    let (said, errors) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert_eq!(output.status.code(), Some(5), "{errors}");
    assert_eq!(
        said,
        "b: data/b.json is new, with 1 row\n3 documents: 1 new, 0 changed, 0 unchanged, 2 failed\n"
    );
    assert!(errors.contains("`a` was not fetched: its server answers 404"), "{errors}");
}

#[test]
fn two_fetches_do_not_work_on_one_site() {
    let web = Web::new();
    web.says_json("[1]");
    let site = site(&web.url("/rates"), "");
    site.write(".dateline/fetch.lock", "");
    let lock = fs::File::options().write(true).open(site.path(".dateline/fetch.lock")).unwrap();
    lock.lock().unwrap();
    let (code, report) = fetch(&site, &[]);
    assert_eq!((code, &report["outcome"]), (Some(6), &json!("busy")));
    assert!(web.asked().is_empty());
    lock.unlock().unwrap();
    assert_eq!(fetch(&site, &[]).0, Some(0));
}

#[test]
fn nothing_but_fetch_asks_for_documents() {
    let web = Web::new();
    web.says_json("[2]");
    let site = site(&web.url("/rates"), "headers = { Authorization = \"${NO_SUCH_VARIABLE}\" }\n");
    site.write("content/a.md", "---\ntitle: A\ndate: 2026-11-01\n---\nText.\n");
    site.write("data/rates.json", "[1]\n");
    let now = crate::site::NOW;
    for arguments in [
        &["build", "--now", now][..],
        &["publish", "--now", now],
        &["verify", "--now", now],
        &["check", "--now", now],
        &["due", "--now", now],
        &["list", "--now", now],
        &["feeds", "preview", "--now", now],
    ] {
        let output = site.command(arguments).env("NO_PROXY", "*").output().unwrap();
        assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    }
    assert!(web.asked().is_empty());
    assert_eq!(file(&site, "data/rates.json"), "[1]\n");
}

#[test]
fn what_is_fetched_is_what_templates_see() {
    let web = Web::new();
    let site = site(&web.url("/rates.csv"), "[data.rates]\ncolumns = { rate = \"number\" }\n");
    site.write(
        "templates/page.html",
        "{% for one in data.rates | sort(by=\"rate\") %}{{ one.code }} {% endfor %}",
    );
    site.write("content/rates.md", "---\ntitle: Rates\n---\n");
    web.says("200 OK", "code,rate\nyen,161\nusd,9\n");
    assert_eq!(outcome(&fetch(&site, &[]).1), "new");
    assert_eq!(text(&site.built(), "rates/index.html").trim(), "usd yen");
    // A cell that builds would refuse is refused before it is there.
    web.says("200 OK", "code,rate\nyen,much\n");
    let (code, report) = fetch(&site, &[]);
    let message = report["problems"][0]["message"].as_str().unwrap();
    assert_eq!(code, Some(5), "{message}");
    assert!(message.contains("line 2, column 5"), "{message}");
    web.says("200 OK", "code,rate\nyen,1\nusd,9\n");
    fetch(&site, &[]);
    assert_eq!(text(&site.built(), "rates/index.html").trim(), "yen usd");
    // JSON that builds can't read is no better.
    for body in ["[123456789012345678901234567890]".to_owned(), "[".repeat(100) + &"]".repeat(100)] {
        let site = self::site(&web.url("/rates"), "");
        web.says_json(&body);
        let (code, report) = fetch(&site, &[]);
        let message = report["problems"][0]["message"].as_str().unwrap();
        assert!(code == Some(5) && message.contains("builds could not read it"), "{message}");
    }
}

#[test]
fn settings_that_can_not_be_meant_are_refused_with_their_remedy() {
    for (line, message, remedy) in [
        ("name = \"../x\"", "it is no name of a file below `data/`", "such as `rates` or `shop/prices`"),
        ("name = \"a b\"", "it is no name of a file", "letters, digits"),
        (
            "name = \"b\"\nurl = \"http://e.org/\"\n[[fetch]]\nname = \"B\"",
            "line 7 has it too",
            "another `name`",
        ),
        (
            "name = \"b\"\nurl = \"http://e.org/\"\n[[fetch]]\nname = \"b/c\"",
            "both a file and a folder",
            "another `name`",
        ),
        ("url = \"data.json\"", "it is no address of the web", "write a whole URL"),
        ("url = \"file:///etc/passwd\"", "it is no address of the web", "write a whole URL"),
        ("url = \"https://me:pw@e.org/\"", "a name and a password", "${LOGIN}"),
        ("url = \"https://e.org/?k=${K\"", "a `${` has no `}`", "${NAME}"),
        ("format = \"rss\"", "all feeds have one name here", "`format = \"feed\"`"),
        ("format = \"jsn\"", "there is no such format", "`json`"),
        ("max_mb = 0", "it is out of range", "from 1 to 1000"),
        ("encoding = \"latin\"", "there is no such encoding", "windows-1252"),
        ("headers = { Host = \"x\" }", "Dateline sets this header by itself", "take it out"),
        ("headers = { \"a b\" = \"x\" }", "no name of a header", "Accept-Language"),
        ("file = \"a.json\"", "`file` is not a field", "use `name`"),
        ("headers = { Authorization = \"Bearer abc\" }", "is a secret", "${NAME}"),
    ] {
        let site = Site::new(&[]);
        let mut entry = format!("[[fetch]]\n{line}\n");
        for (key, sample) in [("name", "name = \"a\"\n"), ("url", "url = \"https://e.org/\"\n")] {
            if !line.contains(&format!("{key} =")) || line.matches("[[fetch]]").count() == 1 && key == "url" {
                entry.push_str(sample);
            }
        }
        site.write("site.toml", format!("{TOML}{entry}"));
        let (_, report) = site.report(&[]);
        let problems = report["problems"].as_array().unwrap();
        let is_it = |one: &&Value| one["message"].as_str().unwrap().contains(message);
        let found = problems.iter().find(is_it).unwrap_or_else(|| panic!("{line}: {report:#}"));
        assert!(found["help"].as_str().unwrap().contains(remedy), "{line}: {found:#}");
        assert_eq!(found["file"], "site.toml", "{line}");
    }
}
