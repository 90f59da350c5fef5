//! Publishing: the ledger, what it keeps, and what becomes of sources with errors.

use std::fs;
use std::process::Output;

use serde_json::Value;

use crate::site::{NOW, Site, TOML, json, text};

const NOTHING: i32 = 4;
const SKIPPED: i32 = 5;
const BUSY: i32 = 6;

fn article(title: &str, date: &str, text: &str) -> String {
    format!("+++\ntitle = \"{title}\"\ndate = {date}\n+++\n{text}\n")
}

impl Site {
    /// Publishes as of `now`, with an exit code that says whether there was anything to do.
    fn run(&self, now: &str, arguments: &[&str]) -> Output {
        self.command(&["publish", "--exit-code", "--now", now]).args(arguments).output().unwrap()
    }

    /// Publishes as of `now`; the exit code and the lines said.
    pub fn publish(&self, now: &str, arguments: &[&str]) -> (Option<i32>, Vec<String>) {
        let output = self.run(now, arguments);
        let said = [output.stdout, output.stderr].concat();
        (output.status.code(), String::from_utf8(said).unwrap().lines().map(str::to_owned).collect())
    }

    /// Publishes as of `now`, which has to go well.
    pub fn out_at(&self, now: &str) -> Vec<String> {
        let (code, said) = self.publish(now, &[]);
        assert!(matches!(code, Some(0 | NOTHING)), "{code:?} {said:#?}");
        said
    }

    /// The lines of the ledger about articles.
    fn ledger(&self) -> Vec<Value> {
        let text = fs::read_to_string(self.path("ledger.jsonl")).unwrap();
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines.first(), Some(&"{\"dateline\":\"ledger\",\"version\":2}"));
        assert_eq!(lines.last(), Some(&"{\"dateline\":\"ledger\",\"end\":true}"));
        let all = lines[1..lines.len() - 1].iter().map(|line| serde_json::from_str(line).unwrap());
        all.filter(|line: &Value| line["source"].is_string()).collect()
    }

    /// What the site's feed says of its entries: id, URL, publication, last change.
    fn entries(&self) -> Vec<[String; 4]> {
        let feed = json(&self.output(), "feed.json");
        let text = |one: &Value, key: &str| one[key].as_str().unwrap_or_default().to_owned();
        let items = feed["items"].as_array().unwrap().iter();
        items.map(|one| ["id", "url", "date_published", "date_modified"].map(|key| text(one, key))).collect()
    }
}

fn said(lines: &[String]) -> Vec<&str> {
    lines.iter().map(String::as_str).collect()
}

#[test]
fn what_is_due_goes_out_once_and_a_run_without_news_is_silent() {
    let site = Site::new(&[
        ("content/news/early.md", &article("Early", "2026-11-01T08:00:00Z", "Text.")),
        ("content/news/later.md", &article("Later", "2026-11-24T13:00:00Z", "Text.")),
    ]);
    let lines = site.out_at(NOW);
    assert_eq!(said(&lines), ["published content/news/early.md at /news/early/, 23 d 4 h after its date"]);
    assert_eq!(site.publish(NOW, &[]), (Some(NOTHING), vec![]));
    assert_eq!(site.publish("2026-11-24T12:59:59Z", &[]), (Some(NOTHING), vec![]));
    assert!(!site.output().contains_key("news/later/index.html"));
    let lines = site.out_at("2026-11-24T13:00:05Z");
    assert_eq!(said(&lines), ["published content/news/later.md at /news/later/"]);
    assert_eq!(site.publish("2026-11-24T13:01:00Z", &[]), (Some(NOTHING), vec![]));
    // What was published is what a build makes of it.
    let before = site.output();
    let build = site.command(&["build", "--locked", "--now", "2026-11-24T13:01:00Z"]).output().unwrap();
    assert!(build.status.success(), "{build:?}");
    assert_eq!(site.output(), before);
    let ids: Vec<Value> = site.ledger().iter().map(|line| line["id"].clone()).collect();
    assert_eq!(ids, ["tag:example.org,2026-11-01:news/early", "tag:example.org,2026-11-24:news/later"]);
}

#[test]
fn an_article_keeps_its_id_and_dates_through_moves_formats_and_another_domain() {
    let text_of =
        |title: &str| format!("+++\ntitle = \"{title}\"\ndate = 2026-11-01T08:00:00Z\n+++\nOne *two*.\n");
    let site = Site::new(&[("content/news/ferry.md", &text_of("Ferry"))]);
    site.out_at(NOW);
    let first = site.entries();
    let rename = |from: &str, to: &str| {
        fs::create_dir_all(site.path(to).parent().unwrap()).unwrap();
        fs::rename(site.path(from), site.path(to)).unwrap();
    };
    let same = |url: &str| {
        let [id, _, published, updated] = first[0].clone();
        assert_eq!(site.entries(), [[id, url.to_owned(), published, updated]]);
    };
    rename("content/news/ferry.md", "content/harbour/boat.md");
    let lines = site.out_at("2026-11-25T12:00:00Z");
    let of_feed = ["atom.xml", "feed.json", "rss.xml"]
        .map(|name| format!("/news/{name} to /harbour/{name}"))
        .join(", ");
    let of_feed = format!("moved the feed {of_feed}: the old leads to the new");
    assert_eq!(said(&lines), ["moved content/harbour/boat.md from /news/ferry/ to /harbour/boat/", &of_feed]);
    same("https://example.org/harbour/boat/");
    // Where it was, it still can be found.
    assert!(text(&site.output(), "news/ferry/index.html").contains("/harbour/boat/"));
    assert!(text(&site.output(), "_redirects").contains("/news/ferry/"));
    // Another format, a bundle.
    fs::remove_file(site.path("content/harbour/boat.md")).unwrap();
    let html = "---\ntitle: Ferry\ndate: 2026-11-01T08:00:00Z\n---\n<p class=\"x\">One\n<em>two</em>.</p>";
    site.write("content/harbour/boat/index.html", html);
    site.out_at("2026-11-26T12:00:00Z");
    same("https://example.org/harbour/boat/");
    site.write(
        "site.toml",
        TOML.replace("base_url = \"https://example.org/\"", "base_url = \"https://example.net/\""),
    );
    site.out_at("2026-11-27T12:00:00Z");
    same("https://example.net/harbour/boat/");
    assert!(text(&site.output(), "news/ferry/index.html").contains("/harbour/boat/"));
    // Back where it was: the redirect makes room, and another leads there.
    fs::remove_dir_all(site.path("content/harbour")).unwrap();
    site.write("content/news/ferry.md", text_of("Ferry"));
    site.out_at("2026-11-28T12:00:00Z");
    same("https://example.net/news/ferry/");
    assert!(text(&site.output(), "harbour/boat/index.html").contains("/news/ferry/"));
    assert_eq!(site.ledger()[0]["paths"], serde_json::json!(["/harbour/boat/", "/news/ferry/"]));
}

const HEAD: &str = "+++\ntitle = \"A\"\ndate = 2026-11-01T08:00:00Z\n";

/// Publishes these versions of an article, one a day from 2 December on; the days of its last changes.
/// Day 0 is its publication.
fn changes(versions: &[&str]) -> Vec<u32> {
    let site = Site::new(&[]);
    let day_of = |(at, source): (usize, &&str)| {
        site.write("content/a.md", source);
        site.out_at(&format!("2026-12-{:02}T12:00:00Z", at + 2));
        let [_, _, published, updated] = site.entries().remove(0);
        assert_eq!(published, "2026-11-01T08:00:00Z");
        let day = updated.strip_prefix("2026-12-").and_then(|rest| rest.strip_suffix("T12:00:00Z"));
        if updated == published { 0 } else { day.unwrap().parse().unwrap() }
    };
    versions.iter().enumerate().map(day_of).collect()
}

#[test]
fn white_space_tags_order_and_spelling_of_markup_are_no_change() {
    let days = changes(&[
        &format!("{HEAD}+++\nText *here*.\n"),
        &format!("{HEAD}tags = [\"x\"]\n+++\n\nText\n_here_.\n\n"),
        "---\ndate: 2026-11-01T08:00:00Z\ntitle: A\nweight: 2\n---\nText *here*.",
    ]);
    assert_eq!(days, [0, 0, 0]);
}

#[test]
fn text_emphasis_summary_standfirst_and_title_are_changes_on_the_day_they_appear() {
    let body = "+++\nText **there**.\n";
    let days = changes(&[
        &format!("{HEAD}+++\nText *here*.\n"),
        &format!("{HEAD}+++\nText *there*.\n"),
        &format!("{HEAD}{body}"),
        &format!("{HEAD}summary = \"S\"\n{body}"),
        &format!("{HEAD}standfirst = \"S\"\nsummary = \"S\"\n{body}"),
        &format!("{}standfirst = \"S\"\nsummary = \"S\"\n{body}", HEAD.replace("\"A\"", "\"B\"")),
    ]);
    assert_eq!(days, [0, 3, 4, 5, 6, 7]);
}

#[test]
fn a_minor_change_keeps_the_date_of_the_last_change() {
    let days = changes(&[
        &format!("{HEAD}+++\nText.\n"),
        &format!("{HEAD}+++\nOther text.\n"),
        &format!("{HEAD}minor = true\n+++\nOther, text.\n"),
        // Taking the mark out is none.
        &format!("{HEAD}+++\nOther, text.\n"),
    ]);
    assert_eq!(days, [0, 3, 3, 3]);
}

#[test]
fn the_authors_own_date_of_change_wins() {
    let site = Site::new(&[("content/a.md", &format!("{HEAD}+++\nText.\n"))]);
    site.out_at(NOW);
    site.write("content/a.md", format!("{HEAD}updated = 2026-12-10T09:00:00Z\n+++\nOther.\n"));
    site.out_at("2026-12-13T12:00:00Z");
    assert_eq!(site.entries()[0][3], "2026-12-10T09:00:00Z");
}

#[test]
fn a_build_reads_the_ledger_and_dates_nothing_itself() {
    let site = Site::new(&[("content/a.md", &article("A", "2026-11-01T08:00:00Z", "Text."))]);
    site.out_at(NOW);
    let locked = |expected: i32| {
        let output = site.build(&["--locked", "--format", "json"]);
        assert_eq!(output.status.code(), Some(expected), "{output:?}");
        let report: Value = serde_json::from_slice(&output.stdout).unwrap();
        report["problems"].as_array().unwrap().iter().map(|one| one["code"].clone()).collect::<Vec<_>>()
    };
    assert!(locked(0).is_empty());
    let ledger = fs::read(site.path("ledger.jsonl")).unwrap();
    site.write("content/a.md", article("A", "2026-11-01T08:00:00Z", "Other."));
    site.write("content/b.md", article("B", "2026-11-02T08:00:00Z", "Text."));
    assert_eq!(locked(1), ["ledger::behind"]);
    let output = site.build(&[]);
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.contains("note: 2 lines of the ledger would change"), "{said}");
    let dates: Vec<String> = site.entries().into_iter().map(|[_, _, _, updated]| updated).collect();
    assert_eq!(dates, ["2026-11-02T08:00:00Z", "2026-11-01T08:00:00Z"]);
    assert_eq!(fs::read(site.path("ledger.jsonl")).unwrap(), ledger);
    assert_eq!(locked(1), ["ledger::behind"]);
    site.out_at("2026-11-24T12:00:00Z");
    assert!(locked(0).is_empty());
    assert_eq!(site.entries()[1][3], "2026-11-24T12:00:00Z");
}

#[test]
fn the_first_date_stays_and_a_change_of_it_is_a_warning_once() {
    let site = Site::new(&[("content/a.md", &article("A", "2026-11-01T08:00:00", "Text."))]);
    site.out_at(NOW);
    site.write("content/a.md", article("A", "2026-11-02T08:00:00", "Text."));
    let (code, lines) = site.publish(NOW, &[]);
    assert_eq!(code, Some(NOTHING), "{lines:?}");
    assert!(lines[0].starts_with("content/a.md:3:8: warning: this was published as of 2026-11-01T08:00:00Z, and its date now says 2026-11-02T08:00:00Z"), "{lines:?}");
    assert_eq!(site.entries()[0][2], "2026-11-01T08:00:00Z");
    assert_eq!(site.publish(NOW, &[]), (Some(NOTHING), vec![]));
    assert_eq!(site.publish(NOW, &["--verbose"]).1.len(), 2);
}

#[test]
fn the_first_date_stays_when_another_time_zone_gives_its_words_another_meaning() {
    let site = Site::new(&[("content/a.md", &article("A", "2026-11-01T08:00:00", "Text."))]);
    site.out_at(NOW);
    site.write("site.toml", TOML.replace("Europe/London", "Asia/Hong_Kong"));
    let (code, lines) = site.publish(NOW, &[]);
    assert!(
        matches!(code, Some(0 | NOTHING)) && !lines.iter().any(|line| line.contains("warning")),
        "{lines:?}"
    );
    assert_eq!(site.entries()[0][2], "2026-11-01T08:00:00Z");
}

#[test]
fn an_article_that_loses_its_date_has_the_ledgers() {
    let site = Site::new(&[("content/a.md", &article("A", "2026-11-01T08:00:00", "Text."))]);
    site.out_at(NOW);
    site.write("content/a.md", "+++\ntitle = \"A\"\n+++\nText.\n");
    site.out_at(NOW);
    assert_eq!(site.entries()[0][2], "2026-11-01T08:00:00Z");
}

#[test]
fn a_silent_change_under_a_date_of_ones_own_is_a_warning() {
    let source = |text: &str| {
        format!(
            "+++\ntitle = \"A\"\ndate = 2026-11-01T08:00:00Z\nupdated = 2026-11-02T08:00:00Z\n+++\n{text}\n"
        )
    };
    let site = Site::new(&[("content/a.md", &source("Text."))]);
    site.out_at(NOW);
    site.write("content/a.md", source("Other."));
    let (code, lines) = site.publish(NOW, &[]);
    assert_eq!(code, Some(0));
    assert!(
        lines.iter().any(|line| line.starts_with(
            "content/a.md:4:11: warning: the text has changed, and `updated` is still 2026-11-02T08:00:00Z"
        )),
        "{lines:?}"
    );
    assert_eq!(site.publish(NOW, &[]), (Some(NOTHING), vec![]));
}

#[test]
fn one_bad_article_holds_nobody() {
    let site = Site::new(&[
        ("content/a.md", &article("A", "2026-11-01T08:00:00Z", "First.")),
        ("content/b.md", &article("B", "2026-11-02T08:00:00Z", "[a](a.md)")),
    ]);
    site.out_at(NOW);
    let page = text(&site.output(), "a/index.html");
    // One that was published, one that was not, and one that is well.
    site.write("content/a.md", article("A", "2026-13-01T08:00:00Z", "Second."));
    site.write("content/new.md", "+++\ntitle = \"N\ndate = 2026-11-03\n+++\n");
    site.write("content/c.md", article("C", "2026-11-03T08:00:00Z", "Third. [new](new.md)"));
    let (code, _) = site.publish(NOW, &["--strict"]);
    assert_eq!(code, Some(1));
    assert!(!site.output().contains_key("c/index.html"));
    let (code, lines) = site.publish(NOW, &[]);
    assert_eq!(code, Some(SKIPPED), "{lines:?}");
    for line in [
        "published content/c.md at /c/, 21 d 4 h after its date",
        "skipped content/a.md: kept as last published",
        "skipped content/new.md: left out",
    ] {
        assert!(lines.iter().any(|one| one == line), "{line} in {lines:#?}");
    }
    assert!(lines.iter().any(|line| line.starts_with("content/a.md:3:")), "{lines:#?}");
    assert!(text(&site.output(), "c/index.html").contains("Third"));
    assert!(text(&site.output(), "a/index.html").contains("First"));
    assert!(!site.output().contains_key("new/index.html"));
    // Its neighbour changed, its text did not.
    assert_eq!(page.contains("First"), text(&site.output(), "a/index.html").contains("First"));
    let feed = text(&site.output(), "atom.xml");
    assert!(feed.contains("First") && feed.contains("Third") && !feed.contains("Second"), "{feed}");
    // The same is not told each minute.
    assert_eq!(site.publish("2026-11-24T12:01:00Z", &[]), (Some(SKIPPED), vec![]));
    site.write("content/a.md", article("A", "2026-11-01T08:00:00Z", "Second."));
    fs::remove_file(site.path("content/new.md")).unwrap();
    site.write("content/c.md", article("C", "2026-11-03T08:00:00Z", "Third."));
    let lines = site.out_at("2026-11-24T12:02:00Z");
    assert!(lines.iter().any(|line| line == "updated content/a.md at /a/"), "{lines:?}");
}

#[test]
fn an_error_in_front_matter_is_reported_once_and_not_as_a_change_of_the_file() {
    let site = Site::new(&[("content/a.md", &article("A", "2026-11-01T08:00:00Z", "First."))]);
    site.out_at(NOW);
    site.write("content/a.md", "+++\ntitle = \"A\ndate = 2026-11-01\n+++\nText.\n");
    let (code, lines) = site.publish(NOW, &[]);
    assert_eq!(code, Some(SKIPPED), "{lines:?}");
    let of_source = lines.iter().filter(|line| line.starts_with("content/a.md"));
    assert_eq!(of_source.count(), 1, "{lines:#?}");
}

#[test]
fn an_article_that_was_withdrawn_does_not_come_back_by_an_error() {
    let site = Site::new(&[("content/a.md", &article("A", "2026-11-01T08:00:00Z", "First."))]);
    site.out_at(NOW);
    let draft = article("A", "2026-11-01T08:00:00Z\ndraft = true", "First.");
    site.write("content/a.md", &draft);
    let lines = site.out_at(NOW);
    assert!(lines.iter().any(|line| line == "withdrew content/a.md from /a/: it is a draft"), "{lines:?}");
    site.write("content/a.md", draft.replace("11-01", "13-01"));
    // Nor does it hold the others.
    site.write("content/b.md", article("B", "2026-11-02T08:00:00Z", "Text."));
    let (code, lines) = site.publish(NOW, &[]);
    assert_eq!(code, Some(SKIPPED), "{lines:?}");
    assert!(site.output().contains_key("b/index.html"));
    assert!(!site.output().contains_key("a/index.html"));
}

#[test]
fn what_was_published_and_is_not_kept_holds_the_rest() {
    let site = Site::new(&[("content/a.md", &article("A", "2026-11-01T08:00:00Z", "First."))]);
    site.out_at(NOW);
    fs::remove_dir_all(site.path(".dateline")).unwrap();
    fs::remove_dir_all(site.path("public")).unwrap();
    site.write("content/a.md", article("A", "2026-13-01T08:00:00Z", "Second."));
    site.write("content/b.md", article("B", "2026-11-01T08:00:00Z", "Text."));
    let ledger = fs::read(site.path("ledger.jsonl")).unwrap();
    let (code, lines) = site.publish(NOW, &[]);
    assert_eq!(code, Some(1));
    assert!(lines.iter().any(|line| line.contains("can neither be kept nor left out")), "{lines:?}");
    assert!(site.output().is_empty());
    assert_eq!(fs::read(site.path("ledger.jsonl")).unwrap(), ledger);
}

#[test]
fn a_section_with_an_error_keeps_what_it_handed_down() {
    let site = Site::new(&[
        ("content/news/_index.md", "+++\ntitle = \"News\"\n[cascade]\ndraft = true\n+++\n"),
        ("content/news/secret.md", &article("Secret", "2026-11-01T08:00:00Z", "Text.")),
        ("content/a.md", &article("A", "2026-11-01T08:00:00Z", "Text.")),
    ]);
    site.out_at(NOW);
    site.write("content/news/_index.md", "+++\ntitle = \"News\n+++\n");
    site.write("content/b.md", article("B", "2026-11-02T08:00:00Z", "Text."));
    let (code, lines) = site.publish(NOW, &[]);
    assert_eq!(code, Some(SKIPPED), "{lines:?}");
    assert!(site.output().contains_key("b/index.html"));
    assert!(site.output().keys().all(|path| !path.contains("secret")));
    // A section that was never right may hold back its articles, so none of them comes out.
    site.write("content/new/_index.md", "+++\ntitle = \"New\n+++\n");
    site.write("content/new/secret.md", article("Secret", "2026-11-01T08:00:00Z", "Text."));
    let (code, lines) = site.publish(NOW, &[]);
    assert_eq!(code, Some(SKIPPED), "{lines:?}");
    assert!(site.output().keys().all(|path| !path.contains("secret")));
}

/// A site with two articles that changed places after their publication, and the source of `a`, which is at `b` now.
fn swapped() -> (Site, String) {
    let sources = [("A", "a"), ("B", "b")]
        .map(|(title, name)| article(title, "2026-11-01T08:00:00Z", &format!("The text of {name}.")));
    let site = Site::new(&[("content/a.md", &sources[0]), ("content/b.md", &sources[1])]);
    site.out_at(NOW);
    site.write("content/a.md", &sources[1]);
    site.write("content/b.md", &sources[0]);
    site.out_at("2026-11-25T12:00:00Z");
    (site, sources[0].clone())
}

/// The names in the site's URLs with the names in its ids, in order.
fn names(site: &Site) -> Vec<(String, String)> {
    let pair = |[id, url, ..]: [String; 4]| {
        let url = url.strip_prefix("https://example.org/").and_then(|rest| rest.strip_suffix('/'));
        (url.unwrap().to_owned(), id.strip_prefix("tag:example.org,2026-11-01:").unwrap().to_owned())
    };
    let mut names: Vec<_> = site.entries().into_iter().map(pair).collect();
    names.sort();
    names
}

fn pairs(names: &[(&str, &str)]) -> Vec<(String, String)> {
    names.iter().map(|(url, id)| ((*url).to_owned(), (*id).to_owned())).collect()
}

#[test]
fn articles_that_change_places_are_known_by_their_texts() {
    let (site, _) = swapped();
    assert_eq!(names(&site), pairs(&[("a", "b"), ("b", "a")]));
}

/// It was copied and its origin edited, or moved and replaced: nobody but the author knows.
#[test]
fn an_article_that_could_be_at_two_places_is_an_error_until_its_id_says_where() {
    let (site, a) = swapped();
    site.write("content/c.md", &a);
    site.write("content/b.md", article("B", "2026-11-01T08:00:00Z", "Something else."));
    let (code, lines) = site.publish("2026-11-26T12:00:00Z", &["--strict"]);
    assert_eq!(code, Some(1));
    for line in [
        "content/b.md: error: this could be the article that was published as b.md (`id = \"tag:example.org,2026-11-01:a\"`), and so could content/c.md",
        "content/c.md: error: this could be the article that was published as b.md (`id = \"tag:example.org,2026-11-01:a\"`), and so could content/b.md",
    ] {
        assert!(lines.iter().any(|one| one.starts_with(line)), "{line} in {lines:#?}");
    }
    site.write("content/c.md", a.replace("+++\nThe", "id = \"tag:example.org,2026-11-01:a\"\n+++\nThe"));
    site.out_at("2026-11-26T12:00:00Z");
    // At the old place is another article, of that day and path.
    assert_eq!(names(&site), pairs(&[("a", "b"), ("b", "b;2"), ("c", "a")]));
}

#[test]
fn of_two_articles_with_one_address_or_id_the_newcomer_is_left_out() {
    let slug = |title: &str, more: &str| article(title, &format!("2026-11-01T08:00:00Z\n{more}"), title);
    // By name and by date either may come first.
    for (name, date) in [("a", "2026-11-20"), ("z", "2026-10-20")] {
        for more in ["slug = \"ferry\"", "id = \"tag:example.org,2026-11-01:m\""] {
            let site = Site::new(&[("content/m.md", &slug("First", "slug = \"ferry\""))]);
            site.out_at(NOW);
            site.write(
                &format!("content/{name}.md"),
                slug("Second", more).replace("2026-11-01T", &format!("{date}T")),
            );
            let (code, lines) = site.publish(NOW, &[]);
            assert_eq!(code, Some(SKIPPED), "{lines:?}");
            assert!(lines.contains(&format!("skipped content/{name}.md: left out")), "{lines:?}");
            assert!(text(&site.output(), "ferry/index.html").contains("First"));
            assert_eq!(site.ledger().len(), 1);
        }
    }
}

#[test]
fn what_is_withdrawn_is_told_once() {
    let a = article("A", "2026-11-01T08:00:00Z", "The text of a.");
    let site =
        Site::new(&[("content/a.md", &a), ("content/b.md", &article("B", "2026-11-01T08:00:00Z", "Text."))]);
    site.out_at(NOW);
    // It moves, something else takes its place and goes again.
    fs::rename(site.path("content/a.md"), site.path("content/c.md")).unwrap();
    site.out_at(NOW);
    site.write("content/a.md", article("Other", "2026-11-02T08:00:00Z", "Text."));
    site.out_at(NOW);
    fs::remove_file(site.path("content/a.md")).unwrap();
    fs::remove_file(site.path("content/b.md")).unwrap();
    let lines = site.out_at(NOW);
    assert_eq!(said(&lines), ["withdrew content/b.md from /b/: its source is gone"]);
    assert!(text(&site.output(), "a/index.html").contains("/c/"), "a redirect again");
    site.write("content/d.md", article("D", "2026-11-02T08:00:00Z", "Text."));
    assert_eq!(said(&site.out_at(NOW)), ["published content/d.md at /d/, 22 d 4 h after its date"]);
    assert_eq!(site.publish(NOW, &[]), (Some(NOTHING), vec![]));
}

#[test]
fn the_first_publication_of_a_site_that_was_built_begins_its_ledger() {
    let site = Site::new(&[]);
    for number in 1..=11 {
        site.write(
            &format!("content/a{number}.md"),
            article("A", "2026-11-01T08:00:00Z", &number.to_string()),
        );
    }
    site.built();
    site.built();
    assert_eq!(said(&site.out_at(NOW)), ["began ledger.jsonl with 11 articles"]);
    assert_eq!(site.ledger().len(), 11);
    assert_eq!(site.publish(NOW, &[]), (Some(NOTHING), vec![]));
}

#[test]
fn the_ledger_can_be_turned_off() {
    let site = Site::new(&[("content/a.md", &article("A", "2026-11-01T08:00:00Z", "Text."))]);
    site.write("site.toml", format!("ledger = false\n{TOML}"));
    let (code, lines) = site.publish(NOW, &[]);
    assert_eq!(code, Some(0), "{lines:?}");
    assert!(!site.path("ledger.jsonl").exists());
    assert_eq!(site.publish(NOW, &[]), (Some(NOTHING), vec![]));
}

#[test]
fn a_ledger_that_is_wrong_stops_everything() {
    let site = Site::new(&[("content/a.md", &article("A", "2026-11-01T08:00:00Z", "Text."))]);
    site.out_at(NOW);
    let (ledger, output) = (fs::read_to_string(site.path("ledger.jsonl")).unwrap(), site.output());
    site.write("content/a.md", article("A", "2026-11-01T08:00:00Z", "Other."));
    let line = ledger.lines().nth(1).unwrap();
    let cut = format!("ledger.jsonl:{}:1: error: the ledger is cut short", ledger.lines().count());
    for (wrong, code) in [
        (
            ledger.replace(line, &format!("<<<<<<< HEAD\n{line}\n=======\n{line}\n>>>>>>> x")),
            "ledger.jsonl:2:1: error: this line is left of a merge",
        ),
        (
            ledger.replace(line, &format!("{line}\n{line}")),
            "ledger.jsonl:3:1: error: \u{201c}tag:example.org,2026-11-01:a\u{201d} stands in line 2 too",
        ),
        (
            ledger.replace("\"version\":2", "\"version\":9"),
            "ledger.jsonl:1:1: error: this ledger has version 9",
        ),
        (ledger[..ledger.len() - 2].to_owned(), cut.as_str()),
    ] {
        site.write("ledger.jsonl", &wrong);
        let (exit, lines) = site.publish(NOW, &[]);
        assert_eq!(exit, Some(1), "{lines:?}");
        assert!(lines.iter().any(|line| line.starts_with(code)), "{code} in {lines:#?}");
        assert_eq!(site.build(&[]).status.code(), Some(1));
        assert_eq!(fs::read_to_string(site.path("ledger.jsonl")).unwrap(), wrong);
        assert_eq!(site.output(), output);
    }
}

#[test]
fn a_ledger_that_is_gone_is_not_begun_anew() {
    let site = Site::new(&[("content/a.md", &article("A", "2026-11-01T08:00:00Z", "Text."))]);
    site.out_at(NOW);
    fs::remove_file(site.path("ledger.jsonl")).unwrap();
    let (code, lines) = site.publish(NOW, &[]);
    assert_eq!(code, Some(1), "{lines:?}");
    assert!(lines.iter().any(|line| line.contains("`ledger.jsonl` is gone")), "{lines:?}");
    fs::remove_file(site.path(".dateline/published")).unwrap();
    site.out_at(NOW);
    assert_eq!(site.ledger().len(), 1);
}

#[test]
fn clocks_that_change_neither_hasten_nor_lose_an_article() {
    // In London clocks go back at 01:00 UTC on 25 October 2026, and forward at 01:00 UTC on 28 March 2027.
    for (rule, due, early) in [
        ("earlier", "2026-10-25T00:30:00Z", "2026-10-25T00:29:59Z"),
        ("later", "2026-10-25T01:30:00Z", "2026-10-25T01:29:59Z"),
    ] {
        let site = Site::new(&[
            ("content/twice.md", &article("Twice", "2026-10-25T01:30:00", "Text.")),
            ("content/after.md", &article("After", "2027-03-28T02:00:00", "Text.")),
        ]);
        site.write("site.toml", format!("{TOML}[dates]\nambiguous = \"{rule}\"\n"));
        site.out_at(early);
        assert!(!site.output().contains_key("twice/index.html"), "{rule}");
        assert_eq!(said(&site.out_at(due)), ["published content/twice.md at /twice/"], "{rule}");
        site.out_at("2027-03-28T00:59:59Z");
        assert!(!site.output().contains_key("after/index.html"));
        assert_eq!(said(&site.out_at("2027-03-28T01:00:00Z")), ["published content/after.md at /after/"]);
        // A time that never was holds nobody.
        site.write("content/never.md", article("Never", "2027-03-28T01:30:00", "Text."));
        site.write("content/new.md", article("New", "2027-03-28T00:30:00", "Text."));
        let (code, lines) = site.publish("2027-03-28T01:00:00Z", &[]);
        assert_eq!(code, Some(SKIPPED), "{lines:?}");
        assert!(lines.iter().any(|line| line == "skipped content/never.md: left out"), "{lines:?}");
        assert!(site.output().contains_key("new/index.html"));
    }
}

#[test]
fn files_that_come_and_go_meanwhile_lose_nothing() {
    use std::sync::atomic::{AtomicBool, Ordering};

    let source = |number: usize, round: usize| {
        article(&format!("A{number}"), "2026-11-01T08:00:00Z", &format!("Round {round} of {number}."))
    };
    let site = Site::new(&[]);
    (0..6).for_each(|number| site.write(&format!("content/a{number}.md"), source(number, 0)));
    site.out_at(NOW);
    let first = site.ledger();
    /// Says that it is over, also where a test fails.
    struct Over<'a>(&'a AtomicBool);
    impl Drop for Over<'_> {
        fn drop(&mut self) {
            self.0.store(true, Ordering::Relaxed);
        }
    }
    let done = AtomicBool::new(false);
    std::thread::scope(|scope| {
        // As a pull does: files are replaced by others, and some are gone for a moment.
        scope.spawn(|| {
            for round in 1..usize::MAX {
                if done.load(Ordering::Relaxed) {
                    return;
                }
                let number = round % 6;
                let (at, beside) = (site.path(&format!("content/a{number}.md")), site.path(".pull"));
                if round % 4 == 0 {
                    let _ = fs::remove_file(&at);
                }
                fs::write(&beside, source(number, round)).unwrap();
                fs::rename(&beside, &at).unwrap();
            }
        });
        let _over = Over(&done);
        for minute in 0..40 {
            let (code, lines) = site.publish(&format!("2026-11-24T13:{minute:02}:00Z"), &[]);
            assert!(matches!(code, Some(0 | NOTHING | SKIPPED)), "{code:?} {lines:?}");
        }
    });
    let (code, lines) = site.publish("2026-11-24T14:00:00Z", &[]);
    assert!(matches!(code, Some(0 | NOTHING)), "{lines:?}");
    let last = site.ledger();
    let key = |line: &Value| (line["id"].clone(), line["source"].clone(), line["published"].clone());
    assert_eq!(last.iter().map(key).collect::<Vec<_>>(), first.iter().map(key).collect::<Vec<_>>());
    let verified = site.command(&["verify", "--now", "2026-11-24T14:00:00Z"]).output().unwrap();
    assert!(verified.status.success(), "{verified:?}");
}

#[test]
fn a_clock_that_went_back_publishes_nothing() {
    let site = Site::new(&[("content/a.md", &article("A", "2026-11-24T11:59:00Z", "Text."))]);
    site.out_at(NOW);
    let (before, ledger) = (site.output(), fs::read(site.path("ledger.jsonl")).unwrap());
    site.write("content/b.md", article("B", "2026-11-20T08:00:00Z", "Text."));
    let (code, lines) = site.publish("2026-11-24T11:00:00Z", &[]);
    assert_eq!(code, Some(3), "{lines:?}");
    assert!(lines.iter().any(|line| line.contains("the clock went back")), "{lines:?}");
    assert_eq!((site.output(), fs::read(site.path("ledger.jsonl")).unwrap()), (before, ledger));
}

#[test]
fn a_second_run_says_who_is_at_work() {
    let site = Site::new(&[("content/a.md", &article("A", "2026-11-24T11:59:00Z", "Text."))]);
    site.out_at(NOW);
    let lock = fs::File::open(site.path(".dateline/lock")).unwrap();
    lock.lock().unwrap();
    let (code, lines) = site.publish(NOW, &[]);
    assert_eq!(code, Some(BUSY));
    assert!(lines[0].contains(" is at work on this site since 20"), "{lines:?}");
    // Closing it is not enough: a child that another test is just starting has it open too for a moment.
    lock.unlock().unwrap();
    assert_eq!(site.publish(NOW, &[]).0, Some(NOTHING));
}

#[test]
fn a_run_without_news_is_a_success_unless_its_exit_code_is_asked_for() {
    let site = Site::new(&[("content/a.md", &article("A", "2026-11-24T11:59:00Z", "Text."))]);
    let publish = |arguments: &[&str]| {
        let output =
            site.command(&["publish", "--now", NOW, "--format", "json", "-v"]).args(arguments).output();
        let output = output.unwrap();
        let said = String::from_utf8(output.stdout).unwrap();
        let last: Value = serde_json::from_str(said.lines().last().unwrap()).unwrap();
        assert_eq!(last["event"], "done", "{said}");
        (output.status.code(), last["exit_code"].as_i64())
    };
    assert_eq!(publish(&["--exit-code"]), (Some(0), Some(0)), "it is published");
    assert_eq!(publish(&["--exit-code"]), (Some(4), Some(4)), "nothing is due");
    assert_eq!(publish(&[]), (Some(0), Some(0)), "nothing is due, and nobody asks");
}

#[test]
fn events_are_json_lines_on_request() {
    let site = Site::new(&[("content/a.md", &article("A", "2026-11-24T11:59:00Z", "Text."))]);
    let output = site.run(NOW, &["--format", "json"]);
    let lines = String::from_utf8(output.stdout).unwrap();
    let events: Vec<Value> = lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(
        events.iter().map(|event| event["event"].as_str().unwrap()).collect::<Vec<_>>(),
        ["published", "done"]
    );
    assert_eq!((&events[0]["path"], &events[0]["seconds_late"]), (&"/a/".into(), &60.into()));
    assert!(site.run(NOW, &["--format", "json"]).stdout.is_empty());
}

#[test]
fn the_old_addresses_of_what_has_expired_lead_to_its_notice_wherever_that_moves() {
    let source = |path: &str| {
        let path = if path.is_empty() { String::new() } else { format!("path = \"{path}\"\n") };
        format!(
            "+++\ntitle = \"A\"\ndate = 2026-11-01\nexpires = 2026-11-20\naliases = [\"/old/\"]\n{path}+++\nText.\n"
        )
    };
    let site = Site::new(&[("content/news/a.md", &source(""))]);
    let mut places = vec!["/news/a/"];
    site.out_at("2026-11-10T12:00:00Z");
    for (day, path) in [(21, "/two/"), (22, "/three/"), (23, "/two/"), (24, "/four/")] {
        site.write("content/news/a.md", source(path));
        site.out_at(&format!("2026-11-{day}T12:00:00Z"));
        let files = site.output();
        let notice = text(&files, &format!("{}index.html", &path[1..]));
        assert!(notice.contains("No longer here"), "{path}: {notice}");
        for old in places.iter().chain(&["/old/"]).filter(|old| **old != path) {
            let page = text(&files, &format!("{}index.html", &old[1..]));
            assert!(page.contains(&format!("https://example.org{path}")), "{old} {path}: {page}");
        }
        places.push(path);
    }
}

#[test]
fn an_entry_that_expires_moves_the_feeds_date_forward() {
    let site = Site::new(&[
        ("content/a.md", &article("A", "2026-11-01T08:00:00Z", "Text.")),
        ("content/b.md", &article("B", "2026-11-20T08:00:00Z\nexpires = 2026-11-25T08:00:00Z", "Text.")),
    ]);
    site.out_at(NOW);
    let updated = |site: &Site| {
        let feed = text(&site.output(), "atom.xml");
        let start = feed.find("<updated>").unwrap() + 9;
        feed[start..start + 19].to_owned()
    };
    assert_eq!(updated(&site), "2026-11-20T08:00:00");
    let lines = site.out_at("2026-11-25T08:00:00Z");
    assert!(lines.iter().any(|line| line == "withdrew content/b.md from /b/: it expired"), "{lines:?}");
    assert_eq!(updated(&site), "2026-11-25T08:00:00");
}

#[test]
fn what_comes_back_broken_is_left_out_though_another_leads_on_from_where_it_was() {
    let site = Site::new(&[]);
    let at = |path: &str, title: &str| {
        article(title, "2026-01-01T10:00:00Z", title).replacen(
            "+++\n",
            &format!("+++\npath = \"{path}\"\n"),
            1,
        )
    };
    site.write("content/a.md", at("/x/", "First"));
    site.out_at("2026-02-01T00:00:00Z");
    // Another takes its place, and goes; then the first one's old address leads on again.
    site.write("content/a.md", at("/y/", "First"));
    site.write("content/b.md", at("/x/", "Second"));
    site.out_at("2026-02-02T00:00:00Z");
    fs::remove_file(site.path("content/b.md")).unwrap();
    site.out_at("2026-02-03T00:00:00Z");
    assert!(text(&site.output(), "x/index.html").contains("/y/"));
    site.write("content/b.md", at("/x/", "Second").replace("2026-01-01", "2026-13-01"));
    site.write("content/c.md", article("Third", "2026-02-03T10:00:00Z", "New."));
    let (code, said) = site.publish("2026-02-04T00:00:00Z", &[]);
    assert_eq!(code, Some(SKIPPED), "{said:#?}");
    assert!(said.iter().any(|line| line == "skipped content/b.md: left out"), "{said:#?}");
    assert!(site.output().contains_key("c/index.html"));
}

#[test]
fn metrics_tell_of_the_last_run_and_keep_the_last_success() {
    let site =
        Site::new(&[("content/a.md", "+++\ntitle = \"A\"\ndate = 2026-01-05T10:00:00Z\n+++\nText.\n")]);
    let metrics = |now: &str| {
        let output = site.command(&["publish", "--now", now, "--metrics", "m.prom"]).output().unwrap();
        let text = std::fs::read_to_string(site.path("m.prom")).unwrap();
        let lines = text.lines().filter(|line| !line.starts_with('#'));
        let values =
            lines.map(|line| line.split_once(' ').unwrap()).filter(|(name, _)| !name.contains("duration"));
        let values: std::collections::BTreeMap<String, String> =
            values.map(|(name, value)| (name.replace("dateline_", ""), value.to_owned())).collect();
        (output.status.code(), values)
    };
    let (code, first) = metrics("2026-01-05T10:00:40Z");
    assert_eq!(code, Some(0));
    assert_eq!(first["late_seconds"], "40");
    assert_eq!((first["articles"].as_str(), first["published_articles"].as_str()), ("1", "1"));
    site.write("content/b.md", "+++\ntitle = \"B\"\ndate = 2026-01-06T10:00:00Z\n+++\nText.\n");
    let (_, waiting) = metrics("2026-01-05T11:00:00Z");
    assert_eq!(waiting["next_due_timestamp_seconds"], "1767693600");
    site.write("site.toml", "title = ");
    let (code, failed) = metrics("2026-01-05T12:00:00Z");
    assert_eq!(code, Some(2));
    assert_eq!(failed["last_success_timestamp_seconds"], waiting["last_success_timestamp_seconds"]);
    assert_eq!((failed["last_run_exit_code"].as_str(), failed.contains_key("articles")), ("2", false));
}
