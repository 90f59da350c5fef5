//! The flood guard: what is public is compared with what would be, before anything changes.

use std::fs;

use crate::site::{NOW, Site, TOML};

fn article(title: &str, day: usize, more: &str) -> String {
    format!("+++\ntitle = \"{title}\"\ndate = 2026-10-{day:02}T08:00:00Z\n{more}+++\nText of {title}.\n")
}

/// A published site with `count` articles in each of the sections `news` and `opinion`, and three pages.
fn published(count: usize, more: &str) -> Site {
    let site = Site::new(&[]);
    site.write("site.toml", format!("{TOML}{more}"));
    for section in ["news", "opinion"] {
        site.write(&format!("content/{section}/_index.md"), format!("+++\ntitle = \"{section}\"\n+++\n"));
        for number in 1..=count {
            let text = article(&format!("{section} {number}"), number, "");
            site.write(&format!("content/{section}/a{number:02}.md"), text);
        }
    }
    for page in ["about", "contact", "terms"] {
        site.write(&format!("content/{page}.md"), format!("+++\ntitle = \"{page}\"\n+++\nAbout {page}.\n"));
    }
    site.out_at(NOW);
    site
}

const LATER: &str = "2026-11-25T12:00:00Z";

/// Publishes, which has to stop without a change; the lines said.
fn stops(site: &Site, case: &str) -> String {
    let (before, ledger) = (site.output(), fs::read(site.path("ledger.jsonl")).ok());
    let (code, said) = site.publish(LATER, &[]);
    assert_eq!(code, Some(1), "{case}: {said:#?}");
    assert!(site.output() == before, "{case}: the output changed");
    assert_eq!(fs::read(site.path("ledger.jsonl")).ok(), ledger, "{case}: the ledger changed");
    said.join("\n")
}

fn remove(site: &Site, path: &str) {
    fs::remove_dir_all(site.path(path)).unwrap();
}

#[test]
fn an_empty_or_missing_content_folder_is_never_published() {
    for ledger in ["", "ledger = false\n"] {
        let site = Site::new(&[("content/news/a.md", &article("One", 1, ""))]);
        site.write("site.toml", format!("{ledger}{TOML}"));
        site.out_at(NOW);
        remove(&site, "content");
        assert!(stops(&site, "missing").contains("`content`"));
        fs::create_dir_all(site.path("content/lost+found")).unwrap();
        let said = stops(&site, "empty");
        assert!(
            said.contains("content::emptied") || said.contains("has no article, page or section"),
            "{said}"
        );
        // A mount that is missing is no decision, so nothing accepts it.
        let before = site.output();
        assert_eq!(site.publish(LATER, &["--accept"]).0, Some(1));
        // A build leaves the output alone, too.
        assert_eq!(site.build(&[]).status.code(), Some(1));
        assert!(site.output() == before);
        // With one file, the author has decided.
        site.write("content/_index.md", "");
        assert!(site.build(&[]).status.success());
        assert!(matches!(site.publish(LATER, &["--accept"]).0, Some(0 | 4)));
    }
}

#[test]
fn a_site_that_never_had_an_article_may_be_built_again_and_again() {
    let site = Site::new(&[]);
    fs::remove_file(site.path("content/_index.md")).unwrap();
    site.built();
    site.built();
    site.out_at(NOW);
    site.out_at(LATER);
}

#[test]
fn articles_whose_folder_is_gone_stop_a_publication_wherever_they_were_shown() {
    type Change = fn(&Site);
    let cases: [(&str, &str, Change); 7] = [
        ("a section", "", |site| remove(site, "content/news")),
        ("a section that is older than the site's feed", "[feeds]\nlimit = 3\n", |site| {
            remove(site, "content/news");
        }),
        ("all articles of a section, whose own page stays", "", |site| {
            for number in 1..=12 {
                fs::remove_file(site.path(&format!("content/news/a{number:02}.md"))).unwrap();
            }
        }),
        ("without feeds of sections", "[feeds]\nsections = false\nlimit = 1\n", |site| {
            remove(site, "content/opinion");
        }),
        ("without feeds", "[feeds]\nsections = false\nsite = false\n", |site| remove(site, "content/news")),
        ("a folder that is moved out of the site", "", |site| {
            fs::rename(site.path("content/news"), site.path("elsewhere")).unwrap();
        }),
        ("a folder under a hidden name", "", |site| {
            fs::rename(site.path("content/news"), site.path("content/.news")).unwrap();
        }),
    ];
    for (case, more, change) in cases {
        for ledger in ["", "ledger = false\n"] {
            let site = published(12, "");
            site.write("site.toml", format!("{ledger}{TOML}{more}"));
            site.out_at(NOW);
            change(&site);
            let said = stops(&site, case);
            assert!(said.contains("would vanish") && said.contains("--accept"), "{case}: {said}");
            assert_eq!(site.publish(LATER, &["--accept"]).0, Some(0), "{case}");
            assert!(!site.output().contains_key("news/a01/index.html") || more.contains("limit = 1"));
        }
    }
}

#[test]
fn pages_count_as_articles_do_and_a_renamed_page_does_not() {
    let site = published(1, "[feeds]\nflood_limit = 2\n");
    for page in ["about", "contact", "terms"] {
        fs::rename(site.path(&format!("content/{page}.md")), site.path(&format!("content/{page}-us.md")))
            .unwrap();
    }
    site.out_at(LATER);
    for page in ["about", "contact", "terms"] {
        fs::remove_file(site.path(&format!("content/{page}-us.md"))).unwrap();
    }
    assert!(stops(&site, "pages").contains("3 pages would vanish"));
}

#[test]
fn feeds_that_end_count_and_those_that_lose_their_entries_stay() {
    let tags = "[feeds]\nflood_limit = 2\n[taxonomies.tags]\nfeeds = true\n";
    let tagged = |more: &str| article("Tagged", 3, &format!("tags = [\"one\", \"two\", \"three\"]\n{more}"));
    let site = published(1, tags);
    site.write("content/news/tagged.md", tagged(""));
    site.out_at(NOW);
    site.write("site.toml", format!("{TOML}{}", tags.replace("feeds = true", "feeds = false")));
    let said = stops(&site, "turned off");
    assert!(said.contains("3 feeds would vanish, tags/one/"), "{said}");
    site.write("site.toml", format!("{TOML}{tags}"));
    site.write("content/news/tagged.md", tagged("expires = 2026-11-25T00:00:00Z\n"));
    site.out_at("2026-11-24T13:00:00Z");
    site.out_at(LATER);
    assert!(site.output().contains_key("tags/one/feed.json"));
}

#[test]
fn articles_that_say_themselves_that_they_leave_are_no_flood() {
    let leaves = ["draft = true\n", "expires = 2026-11-25T00:00:00Z\n", "withdrawn = \"It was wrong.\"\n"];
    for more in leaves {
        let site = published(3, "[feeds]\nflood_limit = 1\n");
        for number in 1..=3 {
            let path = format!("content/news/a{number:02}.md");
            site.write(&path, article(&format!("news {number}"), number, more));
        }
        let (code, said) = site.publish(LATER, &[]);
        assert_eq!(code, Some(0), "{more}: {said:#?}");
    }
}

#[test]
fn articles_that_were_gone_and_come_back_stop_a_publication() {
    let site = published(3, "[feeds]\nflood_limit = 2\n");
    fs::rename(site.path("content/news"), site.path("aside")).unwrap();
    assert_eq!(site.publish("2026-11-24T13:00:00Z", &["--accept"]).0, Some(0));
    fs::rename(site.path("aside"), site.path("content/news")).unwrap();
    let said = stops(&site, "back");
    assert!(said.contains("3 articles would come back as new"), "{said}");
    assert_eq!(site.publish(LATER, &["--accept"]).0, Some(0));
    assert!(site.output().contains_key("news/a01/index.html"));
}

#[test]
fn another_id_counts_once_as_an_article_that_comes_back_also_outside_of_feeds() {
    let site = published(12, "[feeds]\nlimit = 1\nflood_limit = 2\n");
    for number in 1..=3 {
        let path = format!("content/news/a{number:02}.md");
        site.write(&path, article(&format!("news {number}"), number, &format!("id = \"urn:x:{number}\"\n")));
    }
    let said = stops(&site, "ids");
    assert!(said.contains("3 articles would come back as new") && !said.contains("vanish"), "{said}");
}

#[test]
fn articles_that_grow_too_old_for_a_feed_and_those_within_the_limit_are_published() {
    let site = published(12, "[feeds]\nlimit = 10\n");
    for number in 13..=24 {
        site.write(&format!("content/news/a{number:02}.md"), article(&format!("news {number}"), number, ""));
    }
    site.out_at("2026-11-24T13:00:00Z");
    for number in 1..=8 {
        fs::remove_file(site.path(&format!("content/news/a{number:02}.md"))).unwrap();
    }
    // A renamed folder takes its articles along.
    fs::rename(site.path("content/opinion"), site.path("content/views")).unwrap();
    let (code, said) = site.publish(LATER, &[]);
    assert_eq!(code, Some(0), "{said:#?}");
}

#[test]
fn a_preview_counts_the_entries_of_a_feed_that_ends() {
    let site = published(3, "[feeds]\nlimit = 1\n");
    remove(&site, "content/news");
    let output = site.command(&["feeds", "preview", "--now", LATER, "--format", "json"]).output().unwrap();
    let preview: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(preview["vanished"], 1, "{preview}");
}
