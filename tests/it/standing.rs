//! What was decided of an article is decided anew where anything has a say in it that has changed: its section, the
//! settings, the ledger, the clock. Each build is compared with one made afresh.

use std::fs;

use crate::site::{Site, TOML, text, tree};

const NOON: &str = "2026-11-24T12:00:00Z";

/// Builds as of `now`; what differs from a build of the same files made afresh.
fn differs(site: &Site, now: &str, arguments: &[&str]) -> Vec<String> {
    let build = |site: &Site| {
        let output = site.command(&["build", "--now", now]).args(arguments).output().unwrap();
        (output.status.code(), without_moved_ids(&String::from_utf8(output.stderr).unwrap()))
    };
    let fresh = Site::new(&[]);
    for (path, bytes) in tree(site.0.path()) {
        if !path.starts_with("public/") && !path.starts_with(".dateline/") {
            fresh.write(&path, bytes);
        }
    }
    // It says the same of the sources, too.
    let said = build(site);
    assert_eq!(said, build(&fresh));
    if said.0 != Some(0) {
        // One that fails leaves everything as it was.
        return Vec::new();
    }
    let (ours, expected) = (site.output(), fresh.output());
    let names = ours.keys().chain(expected.keys());
    names.filter(|path| ours.get(*path) != expected.get(*path)).cloned().collect()
}

/// The problems `said` that do not compare a build with the one before.
fn without_moved_ids(said: &str) -> String {
    let mut kept = String::new();
    let mut is_kept = true;
    for line in said.split_inclusive('\n') {
        is_kept = if line.starts_with("identity::moved_id") { false } else { is_kept };
        kept.push_str(if is_kept { line } else { "" });
        is_kept |= line.starts_with("   in ");
    }
    kept
}

/// A site with an article of each kind that has something decided by others.
fn site() -> Site {
    let article = |title: &str, more: &str| format!("+++\ntitle = \"{title}\"\n{more}+++\nText.\n");
    Site::new(&[
        ("content/news/_index.md", "+++\ntitle = \"News\"\n+++\n"),
        // Without an offset: the section's zone, then the site's.
        ("content/news/local.md", &article("Local", "date = 2026-11-01T08:30:00\n")),
        ("content/news/2026-11-02-named.md", &article("Named", "tags = [\"own\"]\n")),
        ("content/news/deep/inner.md", &article("Inner", "date = 2026-11-03\nsummary = \"S\"\n")),
        (
            "content/news/late.md",
            &article("Late", "date = 2026-11-24T11:59:00Z\nexpires = 2026-11-25T12:00:00Z\n"),
        ),
        ("content/news/soon.md", &article("Soon", "date = 2026-11-24T13:00:00Z\n")),
        ("content/news/draft.md", &article("Draft", "date = 2026-11-01T00:00:00Z\ndraft = true\n")),
        (
            "content/news/updated.md",
            &article("Updated", "date = 2026-11-01\nupdated = 2026-11-24T11:00:00Z\n"),
        ),
        ("content/about.md", &article("About", "weight = 2\n")),
        ("content/bare.txt.md", "+++\ndate = 2026-11-01\n+++\nA warning.\n"),
    ])
}

#[test]
fn a_section_and_the_settings_have_a_say() {
    let site = site();
    let front = |more: &str| format!("+++\ntitle = \"News\"\n{more}+++\n");
    assert_eq!(differs(&site, NOON, &[]), [""; 0]);
    assert_eq!(differs(&site, NOON, &[]), [""; 0]);
    for more in [
        "timezone = \"Asia/Tokyo\"\n",
        "path = \"/other/\"\n",
        "dated = true\n",
        "draft = true\n",
        "[cascade]\ntags = [\"handed\", \"down\"]\n",
        "[cascade]\nsummary = \"From above.\"\nauthors = [\"A\"]\n",
        "[cascade]\nexpires = 2026-11-24T14:00:00Z\n",
        "[cascade]\nimage = \"/p.png\"\nkicker = \"K\"\n",
        "[cascade]\ntimezone = \"Asia/Tokyo\"\nweight = 3\nlang = \"fr\"\n",
        "",
    ] {
        site.write("content/news/_index.md", front(more));
        assert_eq!(differs(&site, NOON, &[]), [""; 0], "{more}");
        // And what was decided then stands.
        assert_eq!(differs(&site, NOON, &[]), [""; 0], "{more} again");
    }
    // What is shown of those that were not read: all of it.
    site.write("content/news/_index.md", front("[cascade]\nsummary = \"From above.\"\n"));
    site.write(
        "templates/section.html",
        "{% for one in pager.articles %}{{ one.title }}: {{ one.summary }}; {% endfor %}",
    );
    assert_eq!(differs(&site, NOON, &[]), [""; 0]);
    let shown = text(&site.output(), "news/index.html");
    assert!(shown.contains("Local: From above.") && shown.contains("Inner: S"), "{shown}");
    let other = "Europe/London";
    for (before, after) in [
        (other, "America/New_York"),
        ("authority = \"example.org\"", "authority = \"example.net\""),
        (other, "UTC\"\nslugs = \"ascii"),
        (other, "UTC\"\n[permalinks]\nnews = \"/{yyyy}/{slug}/"),
        (other, "UTC\"\n[dates]\npublished = [\"path\", \"front-matter\"]\n# \""),
    ] {
        site.write("site.toml", TOML.replace(before, after));
        assert_eq!(differs(&site, NOON, &[]), [""; 0], "{after}");
    }
    site.write("site.toml", TOML);
    for arguments in [&["--drafts"][..], &["--future"], &[], &["--base-url", "https://example.net/"], &[]] {
        assert_eq!(differs(&site, NOON, arguments), [""; 0], "{arguments:?}");
    }
}

#[test]
fn the_clock_has_a_say() {
    let site = site();
    for now in [
        NOON,
        "2026-11-24T13:00:00Z",
        "2026-11-25T12:00:00Z",
        // It goes back.
        "2026-11-24T12:59:59Z",
        "2026-11-24T11:30:00Z",
        "2026-11-24T10:30:00Z",
        "2026-11-01T08:00:00Z",
        "2026-10-01T08:00:00Z",
        "2027-01-01T00:00:00Z",
    ] {
        assert_eq!(differs(&site, now, &[]), [""; 0], "{now}");
    }
}

#[test]
fn the_ledger_has_a_say() {
    let site = site();
    let publish = |now: &str| {
        let output = site.command(&["publish", "--now", now]).output().unwrap();
        assert!(matches!(output.status.code(), Some(0 | 4)), "{}", String::from_utf8_lossy(&output.stderr));
    };
    publish(NOON);
    publish(NOON);
    assert_eq!(differs(&site, NOON, &[]), [""; 0]);
    let ledger = fs::read_to_string(site.path("ledger.jsonl")).unwrap();
    let is_of = |line: &str, name: &str| line.contains(&format!("\"source\":\"news/{name}.md\""));
    let changed = |name: &str, change: &dyn Fn(&str) -> String| {
        let lines = ledger.lines().map(|line| if is_of(line, name) { change(line) } else { line.to_owned() });
        lines.map(|line| line + "\n").collect::<String>()
    };
    let with = |key: &str, value: &str| {
        let (key, value) = (key.to_owned(), value.to_owned());
        move |line: &str| line.replace("\"substance\"", &format!("\"{key}\":\"{value}\",\"substance\""))
    };
    for text in [
        changed("local", &with("updated", "2026-11-20T08:00:00Z")),
        changed("local", &|line| line.replace("/news/local/", "/news/before/\",\"/news/local/")),
        changed("local", &with("arrived", "2026-11-20T08:00:00Z")),
        changed("local", &with("gone", "2026-11-20T08:00:00Z")),
        changed("local", &|line| line.replace("\"published\":\"2026-11-01", "\"published\":\"2026-11-02")),
        changed("2026-11-02-named", &|line| {
            let (start, digits) = line.split_once("\"substance\":\"").unwrap();
            let digit = if digits.starts_with('0') { '1' } else { '0' };
            format!("{start}\"substance\":\"{digit}{}", &digits[1..])
        }),
        // Its line is another.
        ledger
            .lines()
            .take(1)
            .chain([""])
            .chain(ledger.lines().skip(1))
            .map(|line| line.to_owned() + "\n")
            .collect(),
        changed("local", &|_| String::new()),
        ledger.clone(),
    ] {
        site.write("ledger.jsonl", &text);
        assert_eq!(differs(&site, NOON, &[]), [""; 0], "{text}");
        assert_eq!(differs(&site, "2026-11-24T14:00:00Z", &[]), [""; 0], "{text}");
    }
    // A change is dated by the run that publishes it, and then stands.
    site.write("content/news/local.md", "+++\ntitle = \"Local\"\ndate = 2026-11-01T08:30:00\n+++\nOther.\n");
    for now in ["2026-11-24T14:00:00Z", "2026-11-24T15:00:00Z", "2026-11-24T16:00:00Z"] {
        publish(now);
        assert_eq!(differs(&site, now, &[]), [""; 0], "{now}");
    }
}
