//! `dateline mv`.

use std::fs;

use crate::site::Site;

const CONFIG: &str =
    "title = \"Quay News\"\nbase_url = \"https://example.org/\"\nauthority = \"example.org\"\n";

fn site() -> Site {
    Site::new(&[
        ("site.toml", CONFIG),
        (
            "content/news/ferry.md",
            "+++\ntitle = \"Ferry\"\ndate = 2026-02-01\n+++\nSee [tides](tides.md#low) and ![map](map.csv).\n",
        ),
        (
            "content/news/tides.md",
            "+++\ntitle = \"Tides\"\ndate = 2026-02-02\n+++\nThe [ferry][f] and [home](@/about.md).\n\n[f]: ferry.md\n",
        ),
        ("content/news/map.csv", "a,b\n1,2\n"),
        (
            "content/about.md",
            "+++\ntitle = \"About\"\n+++\n`[x](news/ferry.md)` [ferry](news/ferry.md?x#top) [Ferry](@/news/ferry.md)\n",
        ),
        ("content/harbour/_index.md", "+++\ntitle = \"Harbour\"\n+++\n"),
    ])
}

fn mv(site: &Site, arguments: &[&str]) -> (Option<i32>, String) {
    let output = site.command(&[&["mv"], arguments].concat()).output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap() + &String::from_utf8(output.stderr).unwrap();
    (output.status.code(), text)
}

fn read(site: &Site, path: &str) -> String {
    fs::read_to_string(site.path(path)).unwrap()
}

fn publish(site: &Site) {
    let output = site.command(&["publish", "--now", "2026-03-01T00:00:00Z"]).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn links_to_and_from_a_moved_article_lead_to_the_same_files() {
    let site = site();
    let (code, text) = mv(&site, &["content/news/ferry.md", "harbour/"]);
    assert_eq!(code, Some(0), "{text}");
    assert!(!site.path("content/news/ferry.md").exists());
    let moved = read(&site, "content/harbour/ferry.md");
    assert!(moved.ends_with("See [tides](../news/tides.md#low) and ![map](../news/map.csv).\n"), "{moved}");
    assert!(read(&site, "content/news/tides.md").ends_with("[f]: ../harbour/ferry.md\n"));
    let about = read(&site, "content/about.md");
    assert!(
        about.ends_with("`[x](news/ferry.md)` [ferry](harbour/ferry.md?x#top) [Ferry](@/harbour/ferry.md)\n"),
        "{about}"
    );
}

#[test]
fn a_moved_section_keeps_its_inner_links() {
    let site = site();
    assert_eq!(mv(&site, &["news", "archive/2026"]).0, Some(0));
    assert!(
        read(&site, "content/archive/2026/ferry.md")
            .ends_with("[tides](tides.md#low) and ![map](map.csv).\n")
    );
    assert!(read(&site, "content/about.md").contains("[ferry](archive/2026/ferry.md?x#top)"));
}

#[test]
fn a_published_article_keeps_its_id_and_its_old_address_redirects() {
    let site = site();
    publish(&site);
    assert_eq!(mv(&site, &["news/ferry.md", "harbour/boat.md", "--now", "2026-03-01T00:00:00Z"]).0, Some(0));
    publish(&site);
    let feed = read(&site, "public/atom.xml");
    assert!(feed.contains("<id>tag:example.org,2026-02-01:news/ferry</id>"), "{feed}");
    assert!(feed.contains("https://example.org/harbour/boat/"), "{feed}");
    assert!(read(&site, "public/news/ferry/index.html").contains("/harbour/boat/"));
    assert!(read(&site, "ledger.jsonl").contains("\"source\":\"harbour/boat.md\""));
}

#[test]
fn an_article_of_a_site_without_a_ledger_keeps_its_id_too() {
    let site = site();
    assert_eq!(mv(&site, &["news/ferry.md", "harbour/boat.md", "--now", "2026-03-01T00:00:00Z"]).0, Some(0));
    let moved = read(&site, "content/harbour/boat.md");
    assert!(moved.contains("id = \"tag:example.org,2026-02-01:news/ferry\""), "{moved}");
    assert!(moved.contains("aliases = [\"/news/ferry/\"]"), "{moved}");
}

#[test]
fn a_dry_run_changes_nothing() {
    let site = site();
    let (code, text) = mv(&site, &["news/ferry.md", "harbour/", "--dry-run"]);
    assert_eq!(code, Some(0));
    assert!(text.contains("content/news/tides.md: links change"), "{text}");
    assert!(site.path("content/news/ferry.md").exists());
}

#[test]
fn a_place_that_is_taken_or_outside_is_refused() {
    let site = site();
    for (from, to, code, said) in [
        ("news/ferry.md", "news/tides.md", Some(2), "is there already"),
        ("news/ferry.md", "../ferry.md", Some(2), "no path below"),
        ("news", "news/old", Some(2), "no path below"),
        ("news/ferry.md", "news/boat.html", Some(2), "another kind of file"),
        ("news/ferry.md", "news/boat", Some(2), "another kind of file"),
        ("news/fery.md", "harbour/", Some(1), "there is nothing at content/news/fery.md"),
    ] {
        let (found, text) = mv(&site, &[from, to]);
        assert_eq!(found, code, "{from} {to}: {text}");
        assert!(text.contains(said), "{from} {to}: {text}");
    }
    assert!(site.path("content/news/ferry.md").exists());
}
