//! `due`, `list` and `explain`: what writers and monitors ask.

use serde_json::{Value, json};

use crate::site::{NOW, Site};

const OVERDUE: i32 = 7;

fn article(title: &str, head: &str) -> String {
    format!("+++\ntitle = \"{title}\"\n{head}\n+++\nText of {title}.\n")
}

/// A site with an article in every state, and a bad one.
fn site() -> Site {
    Site::new(&[
        (
            "content/news/out.md",
            &article("Out, \\\"now\\\"", "date = 2026-11-01T08:00:00\nexpires = 2026-12-01T00:00:00"),
        ),
        ("content/news/soon.md", &article("Soon", "date = 2026-11-24T13:00:30")),
        ("content/news/also.md", &article("Also", "date = 2026-11-24T22:00:30+09:00")),
        ("content/news/late.md", &article("=Late", "date = 2027-07-01T09:00:00")),
        (
            "content/news/over.md",
            &article("Over", "date = 2026-10-01T08:00:00\nexpires = 2026-11-02T08:00:00"),
        ),
        ("content/news/draft.md", &article("Draft", "date = 2026-10-02T08:00:00\ndraft = true")),
        ("content/2026-10-25-path.md", "+++\ntitle = \"Path\"\n+++\nText.\n"),
        ("content/wire.txt", "HEADLINE\n\nPUBLISHED : Friday, 2 October, 2026, 2:47pm\n\nText.\n"),
        ("content/about.md", "+++\ntitle = \"About\"\n+++\nText.\n"),
    ])
}

impl Site {
    fn ask(&self, now: &str, arguments: &[&str]) -> (Option<i32>, String) {
        let output = self.command(arguments).args(["--now", now]).output().unwrap();
        (output.status.code(), String::from_utf8([output.stdout, output.stderr].concat()).unwrap())
    }
}

/// The same, published as of [`NOW`].
fn published() -> Site {
    let site = site();
    assert_eq!(site.command(&["publish", "--now", NOW]).output().unwrap().status.code(), Some(0));
    site
}

#[test]
fn due_says_when_and_what_in_every_format() {
    let site = published();
    let due = |format: &str| site.ask(NOW, &["due", "--format", format]);
    assert_eq!(
        due("human"),
        (
            Some(0),
            "content/news/also.md comes out at 2026-11-24T22:00:30+09:00, in 1 h\ncontent/news/soon.md comes out at 2026-11-24T13:00:30Z, in 1 h\n"
                .to_owned()
        )
    );
    assert_eq!(due("epoch"), (Some(0), "1795525230\n".to_owned()));
    assert_eq!(due("systemd"), (Some(0), "OnCalendar=2026-11-24 13:00:30 UTC\n".to_owned()));
    assert_eq!(due("cron"), (Some(0), "1 13 24 11 *\n".to_owned()));
    let (_, text) = due("json");
    let said: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(said["next"], "2026-11-24T13:00:30Z");
    assert_eq!(
        said["due"][0],
        json!({"source": "content/news/also.md", "change": "publication", "at": "2026-11-24T22:00:30+09:00", "in_seconds": 3630})
    );
    assert_eq!(said["overdue"], json!([]));
}

#[test]
fn due_knows_summer_time() {
    // Nine o'clock in London is eight in UTC.
    let (_, said) = published().ask("2027-06-30T00:00:00Z", &["due"]);
    assert!(
        said.contains("content/news/late.md comes out at 2027-07-01T09:00:00+01:00, in 1 d 8 h"),
        "{said}"
    );
}

#[test]
fn due_names_what_should_be_out_or_gone_already() {
    let site = published();
    let (code, said) = site.ask("2027-06-30T00:00:00Z", &["due"]);
    assert_eq!(code, Some(OVERDUE));
    assert!(
        said.contains("overdue: content/news/soon.md should be out since 2026-11-24T13:00:30Z (217 d 10 h)"),
        "{said}"
    );
    assert!(
        said.contains("overdue: content/news/out.md should be gone since 2026-12-01T00:00:00Z (211 d)"),
        "{said}"
    );
}

#[test]
fn due_has_nothing_on_standard_output_for_a_timer_when_all_is_overdue() {
    let site = published();
    let (code, said) = site.ask("2027-07-02T00:00:00Z", &["due", "--format", "epoch"]);
    assert_eq!(code, Some(OVERDUE));
    assert!(said.lines().all(|line| line.starts_with("overdue: ")), "{said}");
    let output =
        site.command(&["due", "--format", "epoch", "--now", "2027-07-02T00:00:00Z"]).output().unwrap();
    assert!(output.stdout.is_empty(), "{output:?}");
}

#[test]
fn what_has_errors_is_told_and_passed_over() {
    let site = site();
    site.write("content/bad.md", article("Bad", "date = 2026-13-01"));
    let (code, said) = site.ask(NOW, &["list", "--scheduled"]);
    assert_eq!(code, Some(0));
    let bad = said.lines().find(|line| line.starts_with("content/bad.md:3:8: error: ")).unwrap();
    assert!(bad.ends_with("; this is passed over"), "{said}");
    assert_eq!(said.lines().count(), 4, "{said}");
}

#[test]
fn lists_are_by_state_newest_first() {
    let site = site();
    let titles = |arguments: &[&str]| {
        let (code, said) = site.ask(NOW, &[&["list", "--format", "json"], arguments].concat());
        assert_eq!(code, Some(0));
        let rows: Vec<Value> = serde_json::from_str(&said).unwrap();
        rows.iter().map(|row| row["title"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(titles(&["--scheduled"]), ["=Late", "Also", "Soon"]);
    assert_eq!(titles(&["--drafts"]), ["Draft"]);
    assert_eq!(titles(&["--expired"]), ["Over"]);
    assert_eq!(titles(&["--recent"]), ["Out, \"now\"", "Path", "HEADLINE"]);
    assert_eq!(titles(&["--recent", "1"]), ["Out, \"now\""]);
    assert_eq!(titles(&["--drafts", "--expired"]), ["Draft", "Over"]);
    assert_eq!(titles(&[]).len(), 8);
}

#[test]
fn a_list_as_csv_is_as_rfc_4180_wants_it_and_runs_no_formula() {
    let site = site();
    let (_, csv) = site.ask(NOW, &["list", "--format", "csv"]);
    let lines: Vec<&str> = csv.split("\r\n").collect();
    assert_eq!(lines[0], "state,published,updated,path,source,title,id,marks");
    assert_eq!(
        lines[1],
        "scheduled,2027-07-01T09:00:00+01:00,2027-07-01T09:00:00+01:00,/news/late/,content/news/late.md,'=Late,\"tag:example.org,2027-07-01:news/late\","
    );
    assert_eq!(
        lines[4],
        "live,2026-11-01T08:00:00Z,2026-11-01T08:00:00Z,/news/out/,content/news/out.md,\"Out, \"\"now\"\"\",\"tag:example.org,2026-11-01:news/out\","
    );
}

/// The output of `explain`, which has to succeed.
fn explain(site: &Site, article: &str) -> String {
    let (code, said) = site.ask(NOW, &["explain", article]);
    assert_eq!(code, Some(0), "{said}");
    said
}

#[test]
fn explain_says_where_id_and_date_come_from() {
    let site = site();
    let said = explain(&site, "news/soon.md");
    for line in [
        "source     content/news/soon.md",
        "id         tag:example.org,2026-11-24:news/soon (minted; it is kept from the first publication on)",
        "address    https://example.org/news/soon/",
        "state      scheduled until 2026-11-24T13:00:30Z",
        "published  2026-11-24T13:00:30Z (to the second), from content/news/soon.md:3:8 `date`",
        "shown in   nothing",
    ] {
        assert!(said.lines().any(|one| one == line), "{line} in {said}");
    }
    assert!(
        explain(&site, "https://example.org/path/")
            .contains("published  2026-10-25T00:00:00+01:00 (a day), from the path, `2026-10-25`")
    );
    assert!(
        explain(&site, "/wire")
            .contains("published  2026-10-02T14:47:00+01:00 (to the minute), from content/wire.txt:3:13")
    );
}

#[test]
fn explain_names_the_state() {
    let site = site();
    assert!(explain(&site, "content/about.md").contains("state      live; a page, without a date"));
    assert!(explain(&site, "news/over").contains("state      expired since 2026-11-02T08:00:00Z"));
}

/// A published site whose `news/out.md` then got another date and address.
fn moved() -> Site {
    let site = published();
    site.write(
        "content/news/out.md",
        article("Out, \\\"now\\\"", "date = 2026-11-03T08:00:00\nslug = \"in\"\ntags = [\"t\"]"),
    );
    site
}

#[test]
fn explain_knows_the_first_date_and_the_former_address_of_a_published_article() {
    let said = explain(&moved(), "tag:example.org,2026-11-01:news/out");
    for line in [
        "id         tag:example.org,2026-11-01:news/out (ledger.jsonl:4)",
        "           /news/out/ leads there",
        "published  2026-11-01T08:00:00Z (to the second), from ledger.jsonl:4",
        "           2026-11-03T08:00:00Z (to the second) from content/news/out.md:3:8 `date`: the date of the first publication is kept",
        "shown in   archive/2026/11/index.html (the archive)",
        "shown in   news/in/index.html (its page)",
        "shown in   news/out/index.html (leads to it)",
        "shown in   tags/t/rss.xml (a feed)",
        "shown in   sitemap.xml (the sitemap)",
    ] {
        assert!(said.lines().any(|one| one == line), "{line} in {said}");
    }
}

#[test]
fn explain_of_an_unknown_article_names_the_nearest_one() {
    let (code, said) = site().ask(NOW, &["explain", "news/sonn.md"]);
    assert_eq!(code, Some(1));
    assert!(
        said.contains("there is no article \u{201c}news/sonn.md\u{201d}; did you mean content/news/soon.md"),
        "{said}"
    );
}

#[test]
fn explain_as_json_has_what_was_considered() {
    let (_, said) = moved().ask(NOW, &["explain", "news/in", "--format", "json"]);
    let said: Value = serde_json::from_str(&said).unwrap();
    assert_eq!(said["published"]["considered"][0]["why_not"], "the date of the first publication is kept");
    assert_eq!(said["earlier_paths"], json!(["/news/out/"]));
}
