//! `dateline serve`, asked over HTTP. Nothing sleeps: whoever waits, waits for what the server tells browsers.

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use serde_json::Value;

use crate::site::{NOW, SITES, Site, TOML, tree};

/// How long anything may take.
const PATIENCE: Duration = Duration::from_secs(60);

/// A server at work; it ends with the test.
struct Served {
    site: Site,
    child: Child,
    host: String,
    /// What it said before it was ready.
    said: Vec<String>,
    _out: BufReader<std::process::ChildStdout>,
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// An answer.
struct Answer {
    status: u16,
    head: String,
    body: Vec<u8>,
}

impl Answer {
    fn field(&self, name: &str) -> Option<&str> {
        let fields = self.head.lines().filter_map(|line| line.split_once(": "));
        fields.into_iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    }

    fn text(&self) -> String {
        String::from_utf8(self.body.clone()).unwrap()
    }
}

/// Someone who listens as a page does.
struct Ear(BufReader<TcpStream>);

impl Ear {
    /// The next that is told.
    fn next(&mut self) -> Value {
        loop {
            let mut line = String::new();
            assert!(self.0.read_line(&mut line).unwrap() > 0, "the server hung up");
            if let Some(data) = line.strip_prefix("data:") {
                return serde_json::from_str(data.trim()).unwrap();
            }
        }
    }

    /// Waits until `file` has changed, through other news.
    fn until_changed(&mut self, file: &str) {
        for _ in 0..100 {
            let told = self.next();
            let Some(changed) = told["changed"].as_array().filter(|_| told["built"] == true) else {
                continue;
            };
            if changed.iter().any(|path| path == file) {
                return;
            }
        }
        panic!("{file} never changed");
    }

    /// Waits for a build with errors; what is shown of them.
    fn until_failed(&mut self) -> String {
        for _ in 0..100 {
            let told = self.next();
            if told["built"] == false {
                return told["overlay"].as_str().unwrap().to_owned();
            }
        }
        panic!("nothing failed");
    }

    /// Waits for a build without errors.
    fn until_built(&mut self) -> Value {
        for _ in 0..100 {
            let told = self.next();
            if told["built"] == true {
                return told;
            }
        }
        panic!("nothing was built");
    }
}

impl Served {
    fn new(site: Site, arguments: &[&str]) -> Served {
        Served::by(Command::new(assert_cmd::cargo::cargo_bin("dateline")), site, arguments)
    }

    /// Serves the site by the program that `command` starts.
    fn by(mut command: Command, site: Site, arguments: &[&str]) -> Served {
        let mut child = command
            .args(["serve", "--root"])
            .arg(site.path(""))
            .args(if arguments.contains(&"--port") { &[][..] } else { &["--port", "0"] })
            .args(arguments)
            .env("NO_COLOR", "1")
            .env_remove("SOURCE_DATE_EPOCH")
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut out = BufReader::new(child.stdout.take().unwrap());
        let mut said = Vec::new();
        let host = loop {
            let mut line = String::new();
            assert!(out.read_line(&mut line).unwrap() > 0, "it ended: {said:?}");
            said.push(line.trim_end().to_owned());
            if let Some((host, "")) =
                line.strip_prefix("http://").and_then(|rest| rest.split_once("/  the site\n"))
            {
                break host.to_owned();
            }
        };
        Served { site, child, host, said, _out: out }
    }

    fn ask(&self, method: &str, path: &str, fields: &[(&str, &str)], body: &str) -> Answer {
        let mut stream = TcpStream::connect(&self.host).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        let mut head =
            format!("{method} {path} HTTP/1.1\r\nConnection: close\r\nContent-Length: {}\r\n", body.len());
        if !fields.iter().any(|(name, _)| *name == "Host") {
            head.push_str(&format!("Host: {}\r\n", self.host));
        }
        fields.iter().for_each(|(name, value)| head.push_str(&format!("{name}: {value}\r\n")));
        stream.write_all(format!("{head}\r\n{body}").as_bytes()).unwrap();
        let mut all = Vec::new();
        stream.read_to_end(&mut all).unwrap();
        let end = all.windows(4).position(|four| four == b"\r\n\r\n").unwrap();
        let head = String::from_utf8(all[..end].to_vec()).unwrap().replace('\r', "");
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        let mut body = all[end + 4..].to_vec();
        if head.to_lowercase().contains("transfer-encoding: chunked") {
            body = unchunked(&body);
        }
        Answer { status, head, body }
    }

    fn get(&self, path: &str) -> Answer {
        self.ask("GET", path, &[], "")
    }

    fn page(&self, path: &str) -> String {
        let answer = self.get(path);
        assert_eq!(answer.status, 200, "{path}: {}", answer.text());
        answer.text()
    }

    fn status(&self) -> Value {
        serde_json::from_str(&self.page("/_dateline/status.json")).unwrap()
    }

    /// Listens as the page of the file `page` does that was loaded when it had `digest`; what is told first is passed
    /// over.
    fn listen(&self) -> Ear {
        let mut ear = self.listen_as("", "");
        ear.next();
        ear
    }

    fn listen_as(&self, page: &str, digest: &str) -> Ear {
        let mut stream = TcpStream::connect(&self.host).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        let query = format!("page={page}&digest={digest}");
        write!(stream, "GET /_dateline/events?{query} HTTP/1.1\r\nHost: {}\r\n\r\n", self.host).unwrap();
        Ear(BufReader::new(stream))
    }
}

fn unchunked(mut body: &[u8]) -> Vec<u8> {
    let mut whole = Vec::new();
    loop {
        let end = body.windows(2).position(|two| two == b"\r\n").unwrap();
        let length = usize::from_str_radix(std::str::from_utf8(&body[..end]).unwrap(), 16).unwrap();
        if length == 0 {
            return whole;
        }
        whole.extend_from_slice(&body[end + 2..end + 2 + length]);
        body = &body[end + 4 + length..];
    }
}

fn article(title: &str, text: &str) -> String {
    format!("+++\ntitle = \"{title}\"\ndate = 2026-11-01T08:00:00Z\n+++\n{text}\n")
}

fn small() -> Site {
    Site::new(&[
        ("content/a.md", &article("First", "Harbour.")),
        ("content/news/b.md", &article("Second", "Ferry.")),
    ])
}

/// The page without what is only in the answer.
fn without_script(answer: &[u8]) -> String {
    let text = String::from_utf8(answer.to_vec()).unwrap();
    let Some(start) = text.find("<script src=\"/_dateline/client.js\"") else { return text };
    let end = start + text[start..].find("</script>").unwrap() + "</script>".len();
    format!("{}{}", &text[..start], &text[end..])
}

#[test]
fn a_browser_gets_a_feed_as_xml_and_a_reader_gets_its_own_type() {
    let served = Served::new(
        Site::new(&[("content/a.md", "+++\ntitle = \"A\"\ndate = 2026-01-02\n+++\nText.\n")]),
        &[],
    );
    let browser = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";
    for (path, accept, expected) in [
        ("/rss.xml", Some(browser), "application/xml; charset=utf-8"),
        ("/atom.xml", Some(browser), "application/xml; charset=utf-8"),
        ("/feed.json", Some(browser), "application/feed+json"),
        ("/sitemap.xml", Some(browser), "application/xml; charset=utf-8"),
        ("/rss.xml", None, "application/rss+xml; charset=utf-8"),
        ("/rss.xml", Some("*/*"), "application/rss+xml; charset=utf-8"),
        ("/atom.xml", Some("application/atom+xml, text/html;q=0.5"), "application/atom+xml; charset=utf-8"),
    ] {
        let fields: Vec<(&str, &str)> = accept.map(|accept| ("Accept", accept)).into_iter().collect();
        let answer = served.ask("GET", path, &fields, "");
        assert_eq!((answer.status, answer.field("content-type")), (200, Some(expected)), "{path} {accept:?}");
        let is_feed = path == "/rss.xml" || path == "/atom.xml";
        assert_eq!(answer.field("vary"), is_feed.then_some("accept"), "{path}");
        assert_eq!(answer.body, served.get(path).body, "{path} {accept:?}");
    }
}

#[test]
fn what_is_served_is_what_is_built() {
    for name in SITES {
        let built = Site::copy(name).built();
        let served = Served::new(Site::copy(name), &["--now", NOW]);
        let toml = fs::read_to_string(served.site.path("site.toml")).unwrap();
        let base =
            toml.lines().find_map(|line| line.strip_prefix("base_url = \"")?.strip_suffix('"')).unwrap();
        let url = url::Url::parse(base).unwrap();
        let (origin, folder) =
            (url.origin().ascii_serialization(), url.path().trim_end_matches('/').to_owned());
        let before = tree(&served.site.path(""));
        for (path, bytes) in &built {
            if [".gz", ".br", ".zst"].iter().any(|end| path.ends_with(end)) {
                continue;
            }
            let path = url::Url::parse(&format!("http://h{folder}/"))
                .unwrap()
                .join(&path.replace('?', "%3F"))
                .unwrap();
            let answer = served.get(path.path());
            if answer.status == 301 {
                // An alias: its page says so too.
                assert!(String::from_utf8_lossy(bytes).contains("http-equiv"), "{name} {path}");
                continue;
            }
            assert_eq!(answer.status, 200, "{name} {path}");
            let local = format!("http://{}", served.host);
            match String::from_utf8(bytes.clone()) {
                Ok(text) if answer.field("content-type").unwrap().contains("html") => {
                    assert_eq!(without_script(&answer.body).replace(&local, &origin), text, "{name} {path}");
                }
                Ok(text) => assert_eq!(answer.text().replace(&local, &origin), text, "{name} {path}"),
                Err(_) => assert_eq!(&answer.body, bytes, "{name} {path}"),
            }
        }
        // Nothing was written but a lock of its own.
        assert_eq!(tree(&served.site.path("")), before, "{name}");
        assert!(!served.site.path("public").exists());
        assert_eq!(tree(&served.site.path(".dateline")).into_keys().collect::<Vec<_>>(), ["serve/lock"]);
    }
}

#[test]
fn an_edit_is_shown_an_error_is_told_over_the_last_good_site_and_goes_when_it_is_mended() {
    let served = Served::new(small(), &["--now", NOW]);
    assert!(served.page("/a/").contains("Harbour."));
    let mut ear = served.listen();
    served.site.write("content/a.md", article("First", "Lighthouse."));
    ear.until_changed("a/index.html");
    assert!(served.page("/a/").contains("Lighthouse."));
    // Two errors at once, in an article and in a template: all are told, with place, text and remedy.
    served.site.write("content/news/b.md", "+++\ntitle = \"Second\"\ndate = \"2026-13-45\"\n+++\n<Ferry>.\n");
    let overlay = ear.until_failed();
    for part in ["content/news/b.md:3:", "2026-<mark>13</mark>-45", "class=\"help\"", "There is an error"] {
        assert!(overlay.contains(part), "{part} in {overlay}");
    }
    assert!(served.page("/news/b/").contains("Ferry."), "the last good site");
    // Who comes now is told at once.
    assert_eq!(served.listen_as("a/index.html", "").next()["built"], false);
    served.site.write("content/a.md", "+++\ntitle = \"First\"\ndate = \"never\"\n+++\n");
    assert!(ear.until_failed().contains("There are 2 errors"));
    let status = served.status();
    assert_eq!(status["errors"].as_array().unwrap().len(), 2);
    served.site.write("content/a.md", article("First", "Pier."));
    served.site.write("content/news/b.md", article("Second", "Tram."));
    ear.until_built();
    assert!(served.page("/a/").contains("Pier.") && served.page("/news/b/").contains("Tram."));
    assert_eq!(served.status()["errors"].as_array().unwrap().len(), 0);
    // A page that was loaded before hears of it when it asks.
    let told = served.listen_as("a/index.html", "0123").next();
    assert_eq!(told["changed"], serde_json::json!(["a/index.html"]));
}

#[test]
fn an_edit_of_a_data_file_is_shown_and_a_new_folder_of_them_is_heard_of() {
    let site = small();
    site.write("templates/404.html", "{{ data?.tides?.high or \"none\" }}");
    let served = Served::new(site, &["--now", NOW]);
    let mut ear = served.listen();
    served.site.write("data/tides.json", "{\"high\": 5}");
    ear.until_changed("404.html");
    served.site.write("data/tides.json", "{\"high\": }");
    assert!(ear.until_failed().contains("data/tides.json:1:"));
    served.site.write("data/tides.json", "{\"high\": 6}");
    ear.until_changed("404.html");
    assert!(served.get("/nowhere/").text().starts_with("6<"));
}

#[test]
fn a_first_build_with_errors_becomes_the_site_when_they_are_mended() {
    let site = small();
    site.write("content/a.md", "+++\ntitle = \"First\"\ndate = \"never\"\n+++\n");
    let served = Served::new(site, &["--now", NOW]);
    let answer = served.get("/a/");
    assert_eq!(answer.status, 503);
    assert!(answer.text().contains("content/a.md:3:") && answer.text().contains("client.js"));
    let mut ear = served.listen_as("a/index.html", "");
    ear.until_failed();
    served.site.write("content/a.md", article("First", "Harbour."));
    ear.until_built();
    assert!(served.page("/a/").contains("Harbour."));
}

#[test]
fn folders_may_be_renamed_deleted_and_come_back() {
    let served = Served::new(small(), &["--now", NOW]);
    let mut ear = served.listen();
    let path = |name: &str| served.site.path(name);
    fs::rename(path("content/news"), path("content/sport")).unwrap();
    ear.until_changed("sport/b/index.html");
    assert_eq!(served.get("/news/b/").status, 404);
    // What is in the renamed folder is still heard of.
    served.site.write("content/sport/b.md", article("Second", "Regatta."));
    ear.until_changed("sport/b/index.html");
    // All of it goes, and comes back.
    fs::rename(path("content"), path("elsewhere")).unwrap();
    assert!(ear.until_failed().contains("content"));
    assert!(served.page("/sport/b/").contains("Regatta."), "the last good site");
    fs::rename(path("elsewhere"), path("content")).unwrap();
    ear.until_built();
    served.site.write("content/a.md", article("First", "Again."));
    ear.until_changed("a/index.html");
    fs::remove_dir_all(path("content")).unwrap();
    ear.until_failed();
    served.site.write("content/_index.md", "");
    served.site.write("content/deep/er/c.md", article("Third", "New."));
    ear.until_changed("deep/er/c/index.html");
    assert_eq!(served.get("/a/").status, 404);
    // Templates and static files may come to be.
    served.site.write("templates/404.html", "Nothing to see.");
    ear.until_changed("404.html");
    served.site.write("static/s.css", "p { color: red }");
    ear.until_changed("s.css");
    served.site.write("static/s.css", "p { color: blue }");
    ear.until_changed("s.css");
    assert_eq!(served.page("/s.css"), "p { color: blue }");
}

#[test]
fn files_that_editors_leave_and_files_beside_the_site_cause_no_build() {
    let served = Served::new(small(), &["--now", NOW]);
    let mut ear = served.listen();
    let builds = || served.status()["builds"].as_u64().unwrap();
    let before = builds();
    for name in [".a.md.swp", "4913", "a.md~", "#a.md#", ".#a.md", "a.md___jb_tmp___"] {
        served.site.write(&format!("content/{name}"), "x");
        fs::remove_file(served.site.path(&format!("content/{name}"))).unwrap();
    }
    for path in ["public/index.html", ".dateline/state", "notes.txt", "node_modules/x/y.js"] {
        served.site.write(path, "x");
    }
    // As vim, and most others, save: beside it, and then in its place.
    for round in 0..3 {
        served.site.write("content/.a.md.new", article("First", &format!("Round {round}.")));
        fs::rename(served.site.path("content/.a.md.new"), served.site.path("content/a.md")).unwrap();
        ear.until_changed("a/index.html");
        assert!(served.page("/a/").contains(&format!("Round {round}.")));
    }
    let all = builds() - before;
    assert!(all <= 6, "{all} builds for three saves");
}

#[test]
fn a_flood_of_files_is_few_builds() {
    let served = Served::new(small(), &["--now", NOW]);
    let mut ear = served.listen();
    let builds = || served.status()["builds"].as_u64().unwrap();
    let before = builds();
    for number in 0..2000 {
        served.site.write(&format!("content/many/m{number}.md"), article(&format!("M{number}"), "Text."));
    }
    served.site.write("content/many/last.md", article("Last", "Text."));
    for _ in 0..100 {
        if served.get("/many/last/").status == 200 {
            break;
        }
        ear.next();
    }
    assert_eq!(served.get("/many/last/").status, 200);
    assert_eq!(served.get("/many/m1999/").status, 200);
    let all = builds() - before;
    assert!(all <= 12, "{all} builds for a flood");
}

#[test]
fn an_edit_of_site_toml_is_shown_and_a_broken_one_told() {
    let served = Served::new(small(), &["--now", NOW]);
    let mut ear = served.listen();
    served.site.write("site.toml", TOML.replace("\"T\"", "\"Tidings\""));
    ear.until_changed("index.html");
    assert!(served.page("/").contains("Tidings"));
    served.site.write("site.toml", "title = ");
    assert!(ear.until_failed().contains("site.toml"));
    assert!(served.page("/").contains("Tidings"));
    fs::remove_file(served.site.path("site.toml")).unwrap();
    ear.until_failed();
    served.site.write("site.toml", TOML.replace("example.org/", "example.net/paper/"));
    ear.until_built();
    // It lives in a folder now.
    assert_eq!(served.get("/").field("location"), Some("/paper/"));
    assert!(served.page("/paper/a/").contains(&format!("http://{}/paper/a/", served.host)));
}

/// A site with an article that has former addresses, a page with a letter beyond ASCII, and a sound of ten bytes.
fn several() -> Served {
    let site = Site::new(&[
        (
            "content/a.md",
            "+++\ntitle = \"A\"\ndate = 2026-11-01\naliases = [\"/old/\", \"/older.html\"]\n+++\nText.\n",
        ),
        ("content/caf\u{e9}.md", "+++\ntitle = \"C\"\n+++\nText.\n"),
        ("static/e.mp3", "0123456789"),
        ("static/_redirects", ""),
    ]);
    fs::remove_file(site.path("static/_redirects")).unwrap();
    Served::new(site, &["--now", NOW])
}

#[test]
fn a_conditional_request_is_answered_by_304_if_nothing_changed() {
    let served = several();
    let page = served.get("/a/");
    assert_eq!(page.field("content-type"), Some("text/html; charset=utf-8"));
    let (tag, date) = (page.field("etag").unwrap(), page.field("last-modified").unwrap());
    assert!(tag.starts_with('"') && date.ends_with(" GMT"));
    for fields in [[("If-None-Match", tag)], [("If-Modified-Since", date)]] {
        let known = served.ask("GET", "/a/", &fields, "");
        assert_eq!((known.status, known.body.len(), known.field("etag")), (304, 0, Some(tag)));
    }
    assert_eq!(served.ask("GET", "/a/", &[("If-None-Match", "\"x\"")], "").status, 200);
}

#[test]
fn an_edit_gives_its_page_another_tag_and_no_other_file() {
    let served = several();
    let tag = served.get("/a/").field("etag").unwrap().to_owned();
    let mut ear = served.listen();
    let other = served.get("/e.mp3").field("etag").unwrap().to_owned();
    served.site.write(
        "content/a.md",
        "+++\ntitle = \"A\"\ndate = 2026-11-01\naliases = [\"/old/\", \"/older.html\"]\n+++\nNew.\n",
    );
    ear.until_changed("a/index.html");
    assert_ne!(served.get("/a/").field("etag"), Some(&*tag));
    assert_eq!(served.get("/e.mp3").field("etag"), Some(&*other));
}

#[test]
fn head_is_answered_without_a_body() {
    let served = several();
    let head = served.ask("HEAD", "/a/", &[], "");
    assert_eq!((head.status, head.body.len()), (200, 0));
    assert_eq!(head.field("content-length"), Some(&*served.get("/a/").body.len().to_string()));
}

#[test]
fn a_range_is_answered_by_that_part_of_the_file() {
    let served = several();
    let other = served.get("/e.mp3").field("etag").unwrap().to_owned();
    let part = |range: &str| served.ask("GET", "/e.mp3", &[("Range", range)], "");
    let middle = part("bytes=2-4");
    assert_eq!((middle.status, middle.text().as_str()), (206, "234"));
    assert_eq!(middle.field("content-range"), Some("bytes 2-4/10"));
    assert_eq!(middle.field("content-type"), Some("audio/mpeg"));
    assert_eq!((part("bytes=-3").text().as_str(), part("bytes=7-").text().as_str()), ("789", "789"));
    let beyond = part("bytes=10-");
    assert_eq!((beyond.status, beyond.field("content-range")), (416, Some("bytes */10")));
    assert_eq!(part("bytes=0-1,3-4").status, 200);
    assert_eq!(served.ask("GET", "/e.mp3", &[("Range", "bytes=0-1"), ("If-Range", "\"x\"")], "").status, 200);
    assert_eq!(served.ask("GET", "/e.mp3", &[("Range", "bytes=0-1"), ("If-Range", &other)], "").status, 206);
}

#[test]
fn former_addresses_and_folders_without_a_slash_redirect() {
    let served = several();
    for path in ["/old/", "/older.html"] {
        let led = served.get(path);
        assert_eq!((led.status, led.field("location")), (301, Some("/a/")), "{path}");
    }
    let folder = served.get("/a?x=1");
    assert_eq!((folder.status, folder.field("location")), (301, Some("/a/?x=1")));
}

#[test]
fn a_missing_page_is_404_and_is_shown_once_it_is_there() {
    let missing = several().get("/nothing/");
    assert_eq!(missing.status, 404);
    assert!(missing.text().contains("data-page=\"nothing/index.html\""));
}

#[test]
fn paths_are_decoded_and_never_leave_the_site() {
    let served = several();
    assert_eq!(served.get("/caf%C3%A9/").status, 200);
    for path in ["/../Cargo.toml", "/%2e%2e/x", "/a/..%2f..%2fx", "/%5c..%5cx", "/%00"] {
        assert_eq!(served.get(path).status, 400, "{path}");
    }
}

#[test]
fn a_page_takes_no_post() {
    assert_eq!(several().ask("POST", "/a/", &[], "x").status, 405);
}

#[test]
fn feeds_have_their_media_type_addresses_of_this_server_and_lasting_ids() {
    let served = several();
    let feed = served.get("/atom.xml");
    assert_eq!(feed.field("content-type"), Some("application/atom+xml; charset=utf-8"));
    assert!(feed.text().contains(&format!("href=\"http://{}/a/\"", served.host)));
    assert!(feed.text().contains("<id>tag:example.org"), "ids stay");
}

#[test]
fn only_names_that_lead_to_this_machine_by_right_are_answered() {
    let served = Served::new(small(), &["--now", NOW, "--allow-host", "desk.example.org"]);
    for (host, status) in
        [("localhost:1", 200), ("[::1]:9", 200), ("desk.example.org", 200), ("evil.example", 403), ("", 403)]
    {
        assert_eq!(served.ask("GET", "/a/", &[("Host", host)], "").status, status, "{host}");
        assert_eq!(served.ask("GET", "/_dateline/", &[("Host", host)], "").status, status, "{host}");
    }
    assert!(
        served
            .ask("GET", "/a/", &[("Host", "evil.example")], "")
            .text()
            .contains("--allow-host evil.example")
    );
    for fields in [[("Origin", "http://evil.example")], [("Sec-Fetch-Site", "cross-site")]] {
        assert_eq!(served.ask("POST", "/_dateline/as-of", &fields, "moment=2027-01-01T00:00").status, 403);
    }
}

/// A site with an article in every state.
fn states() -> Served {
    let site = small();
    site.write("content/late.md", "+++\ntitle = \"Late <b>\"\ndate = 2026-12-24T08:00:00Z\n+++\nText.\n");
    site.write("content/draft.md", "+++\ntitle = \"Sketch\"\ndate = 2026-11-02\ndraft = true\n+++\nText.\n");
    site.write(
        "content/gone.md",
        "+++\ntitle = \"Gone\"\ndate = 2026-11-02\nexpires = 2026-11-03\n+++\nText.\n",
    );
    site.write("content/2026-11-05-named.md", "+++\ntitle = \"Named\"\n+++\nText.\n");
    Served::new(site, &["--now", NOW])
}

#[test]
fn the_desk_knows_the_state_of_every_article_and_what_is_due() {
    let status = states().status();
    let state = |source: &str| {
        let articles = status["articles"].as_array().unwrap();
        articles.iter().find(|one| one["source"] == source).unwrap()["state"].as_str().unwrap().to_owned()
    };
    let states = ["a", "late", "draft", "gone"].map(|name| state(&format!("content/{name}.md")));
    assert_eq!(states, ["live", "scheduled", "draft", "expired"]);
    let named = status["articles"].as_array().unwrap().iter().find(|one| one["title"] == "Named").unwrap();
    assert_eq!(named["published"]["from"], "the path, `2026-11-05`");
    assert_eq!(status["due"][0]["source"], "content/late.md");
    assert_eq!(status["feeds"][0]["entries"], 3);
}

#[test]
fn the_desk_finds_articles_by_state_and_title() {
    let served = states();
    let desk = served.page("/_dateline/?state=scheduled");
    assert!(desk.contains("Late &lt;b&gt;") && !desk.contains("Sketch") && desk.contains("1 found"));
    assert!(served.page("/_dateline/?q=FIRST").contains("1 found"));
}

#[test]
fn the_desk_shows_the_site_as_of_another_moment_and_of_now_again() {
    let served = states();
    assert_eq!(served.get("/late/").status, 404);
    let moment = served.ask(
        "POST",
        "/_dateline/as-of",
        &[("Referer", &format!("http://{}/late/", served.host))],
        "moment=2026-12-24T08%3A00",
    );
    assert_eq!((moment.status, moment.field("location")), (303, Some("/late/")));
    let late = served.page("/late/");
    assert!(late.contains("dateline-banner") && late.contains("2026-12-24 08:00:00 UTC"));
    assert!(served.page("/_dateline/").contains("Back to now"));
    assert_eq!(served.ask("POST", "/_dateline/as-of", &[], "moment=soon").status, 400);
    assert_eq!(served.ask("POST", "/_dateline/as-of", &[], "").status, 303);
    assert_eq!(served.get("/late/").status, 404);
    assert!(!served.page("/a/").contains("dateline-banner"));
}

#[test]
fn the_desk_checks_a_page_or_all_on_request() {
    let site = small();
    let text = "+++\ntitle = \"Faulty\"\ndate = 2026-11-03\n+++\n## B\n\n#### C &lt;script>\n";
    site.write("content/news/faulty.md", text);
    let served = Served::new(site, &["--now", NOW]);
    let desk = served.page("/_dateline/");
    assert!(desk.contains("href=\"/_dateline/check\""), "{desk}");
    assert!(desk.contains("href=\"/_dateline/check?page=%2Fnews%2Ffaulty%2F\""), "{desk}");
    let one: Value = serde_json::from_str(&served.page("/_dateline/check.json?page=/news/faulty/")).unwrap();
    let jump = &one["problems"][0];
    assert_eq!(
        (&jump["code"], &jump["file"], &jump["line"]),
        (&"check::heading_jump".into(), &"content/news/faulty.md".into(), &7.into()),
        "{one:#}"
    );
    let all: Value = serde_json::from_str(&served.page("/_dateline/check.json")).unwrap();
    assert!(all["problems"].as_array().unwrap().contains(jump), "{all:#}");
    let html = served.page("/_dateline/check?page=/news/faulty/");
    assert!(html.contains("is an `h4` after an `h2`") && !html.contains("C <script>"), "{html}");
    for path in ["check?page=/no/", "check?page=../x", "check.json?page=//e.net/"] {
        assert_eq!(served.get(&format!("/_dateline/{path}")).status, 404, "{path}");
    }
}

#[test]
fn the_desk_lists_an_article_with_an_error() {
    let served = states();
    let mut ear = served.listen();
    served.site.write("content/a.md", "+++\ntitle = \"First\"\ndate = \"never\"\n+++\n");
    ear.until_failed();
    assert!(served.page("/_dateline/?state=error").contains("content/a.md"));
}

#[test]
fn a_row_of_a_data_file_is_shown_as_edited_and_listed_where_it_has_an_error() {
    let site = small();
    let section = "+++\ntitle = \"Teas\"\n[[sources]]\nfile = \"data/teas.csv\"\nkey = \"sku\"\n+++\n";
    site.write("content/teas/_index.md", section);
    site.write("data/teas.csv", "sku,title,date\ntea,Tea,2026-01-01\n");
    let served = Served::new(site, &[]);
    let mut ear = served.listen();
    assert!(served.page("/teas/tea/").contains("<h1 class=\"p-name\">Tea</h1>"));
    served.site.write("data/teas.csv", "sku,title,date\ntea,Green tea,2026-01-01\n");
    ear.until_changed("teas/tea/index.html");
    assert!(served.page("/teas/tea/").contains("<h1 class=\"p-name\">Green tea</h1>"));
    served.site.write("data/teas.csv", "sku,title,date\ntea,Black tea,never\n");
    ear.until_failed();
    assert!(served.page("/teas/tea/").contains("<h1 class=\"p-name\">Green tea</h1>"));
    assert!(served.page("/_dateline/?state=error").contains("content/teas/tea.md"));
    assert_eq!(served.status()["errors"][0]["file"], "data/teas.csv");
}

#[test]
#[allow(clippy::disallowed_methods, reason = "the server's clock is the system's here")]
fn an_article_appears_when_its_time_comes() {
    let site = small();
    let soon = chrono::DateTime::from(std::time::SystemTime::now()) + chrono::TimeDelta::seconds(4);
    let soon: chrono::DateTime<chrono::Utc> = soon;
    let date = soon.format("%Y-%m-%dT%H:%M:%SZ");
    site.write("content/soon.md", format!("+++\ntitle = \"Soon\"\ndate = {date}\n+++\nText.\n"));
    let served = Served::new(site, &[]);
    let mut ear = served.listen();
    if served.get("/soon/").status != 200 {
        ear.until_changed("soon/index.html");
    }
    assert_eq!(served.get("/soon/").status, 200);
}

#[test]
fn it_looks_for_changes_where_nobody_tells_of_them_and_publish_is_not_in_its_way() {
    let served = Served::new(small(), &["--poll"]);
    let mut ear = served.listen();
    served.site.write("content/a.md", article("First", "Polled."));
    ear.until_changed("a/index.html");
    assert!(served.page("/a/").contains("Polled."));
    let published = served.site.command(&["publish"]).output().unwrap();
    assert!(published.status.success(), "{published:?}");
    assert!(served.site.path("public/a/index.html").is_file());
    assert!(served.page("/a/").contains("Polled."));
}

#[test]
fn it_ends_when_it_is_told_to_and_takes_the_next_port_where_one_is_taken() {
    let first = Served::new(small(), &["--now", NOW]);
    assert!(first.said.iter().any(|line| line.contains("2 articles")), "{:?}", first.said);
    let port = first.host.rsplit_once(':').unwrap().1;
    let mut second = Served::new(small(), &["--now", NOW, "--port", port]);
    assert_ne!(second.host, first.host);
    let told = Command::new("kill").args(["-INT", &second.child.id().to_string()]).status().unwrap();
    assert!(told.success());
    assert_eq!(second.child.wait().unwrap().code(), Some(0));
    let nowhere = tempfile::tempdir().unwrap();
    let refused = Command::new(assert_cmd::cargo::cargo_bin("dateline"))
        .args(["serve", "--root"])
        .arg(nowhere.path())
        .output()
        .unwrap();
    assert_eq!(refused.status.code(), Some(2));
}

#[cfg(target_os = "linux")]
#[test]
fn a_file_swapped_for_a_link_out_of_the_site_or_for_a_fifo_is_not_served() {
    use std::os::unix::fs::symlink;

    use rustix::fs::{CWD, FileType, Mode, mknodat};
    let site = small();
    let outside = tempfile::TempDir::new().unwrap();
    fs::write(outside.path().join("o.txt"), "SECRET").unwrap();
    site.write("content/draft.md", "+++\ntitle = \"D\"\ndate = 2026-11-02\ndraft = true\n+++\nSECRET\n");
    site.write(".private/o.txt", "SECRET");
    for name in ["a.txt", "b.bin", "deep/c.txt"] {
        site.write(&format!("static/{name}"), "public");
    }
    let served = Served::new(site, &["--now", NOW]);
    assert_eq!(served.page("/a.txt"), "public");
    for target in [
        outside.path().join("o.txt"),
        served.site.path("content/draft.md"),
        served.site.path(".private/o.txt"),
        served.site.path("site.toml"),
    ] {
        for name in ["a.txt", "b.bin"] {
            let path = served.site.path(&format!("static/{name}"));
            fs::remove_file(&path).unwrap();
            symlink(&target, &path).unwrap();
            let answer = served.get(&format!("/{name}"));
            assert!(answer.status == 404 && !answer.text().contains("SECRET"), "{name} {target:?}");
        }
    }
    // A folder on the way to it.
    fs::write(outside.path().join("c.txt"), "SECRET").unwrap();
    fs::remove_dir_all(served.site.path("static/deep")).unwrap();
    symlink(outside.path(), served.site.path("static/deep")).unwrap();
    assert_eq!(served.get("/deep/c.txt").status, 404);
    let path = served.site.path("static/a.txt");
    fs::remove_file(&path).unwrap();
    mknodat(CWD, &path, FileType::Fifo, Mode::RUSR | Mode::WUSR, 0).unwrap();
    assert_eq!(served.get("/a.txt").status, 404);
}

#[test]
fn nobody_is_led_to_another_server() {
    let site = small();
    site.write("static/_redirects", "/old/* /:splat 302\n");
    let served = Served::new(site, &["--now", NOW]);
    for path in ["//evil.example/", "///evil.example/", "/\\evil.example/", "//evil.example/_dateline/"] {
        let from = format!("http://{}{path}", served.host);
        let answer =
            served.ask("POST", "/_dateline/as-of", &[("Referer", &from)], "moment=2026-12-24T08%3A00");
        assert_eq!((answer.status, answer.field("location")), (303, Some("/_dateline/")), "{path}");
    }
    for path in ["/old//evil.example/", "/old///evil.example"] {
        let answer = served.get(path);
        let target = answer.field("location").unwrap();
        assert!(answer.status == 302 && target.starts_with("/evil.example"), "{path}: {target}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn connections_that_ask_nothing_do_not_keep_others_out() {
    let mut command = Command::new("sh");
    command.args(["-c", "ulimit -n 80; exec \"$0\" \"$@\""]).arg(assert_cmd::cargo::cargo_bin("dateline"));
    let served = Served::by(command, small(), &["--now", NOW]);
    let mut silent = Vec::new();
    for number in 0..200 {
        let mut stream = TcpStream::connect(&served.host).unwrap();
        if number % 2 == 0 {
            let _ = stream.write_all(b"GET /a/ HTTP/1.1\r\nHost: ");
        }
        silent.push(stream);
    }
    for _ in 0..20 {
        assert_eq!(served.get("/a/").status, 200);
    }
}

#[cfg(unix)]
#[test]
fn a_change_behind_a_symbolic_link_is_shown() {
    use std::os::unix::fs::symlink;
    let site = small();
    site.write("shared/s.md", article("Shared", "v1"));
    site.write("shared/base/extra.css", "p { color: red }");
    symlink("../../shared/s.md", site.path("content/news/s.md")).unwrap();
    let served = Served::new(site, &["--now", NOW]);
    assert!(served.page("/news/s/").contains("v1"));
    let mut ear = served.listen();
    served.site.write("shared/s.md", article("Shared", "v2"));
    ear.until_changed("news/s/index.html");
    assert!(served.page("/news/s/").contains("v2"));
}

#[test]
fn files_that_come_and_go_while_an_editor_saves_are_no_errors() {
    let site = small();
    for number in 0..20 {
        site.write(&format!("content/news/more{number}.md"), article("More", "Text."));
    }
    let served = Served::new(site, &["--now", NOW]);
    let mut ear = served.listen();
    for number in 0..25 {
        for temporary in ["sedQ7xZ", "a.md.tmp", "4913", "new.md"] {
            let path = served.site.path(&format!("content/news/{temporary}{number}"));
            fs::write(&path, article("Second", &format!("Saved {number}."))).unwrap();
            fs::rename(&path, served.site.path("content/news/b.md")).unwrap();
        }
    }
    served.site.write("content/a.md", article("First", "The end."));
    loop {
        let told = ear.next();
        assert_eq!(told["built"], true, "{told}");
        if served.page("/a/").contains("The end.") && served.page("/news/b/").contains("Saved 24.") {
            break;
        }
    }
}
