//! After a change of a few articles only what they can change is looked at; what comes of it is the same.

use std::fs;

use crate::site::{NOW, Site, TOML, text};

/// An archive of `count` articles, the later the newer, with links between them, and one page.
fn archive(count: usize) -> Site {
    let site = Site::new(&[
        ("content/news/_index.md", "+++\ntitle = \"News\"\n+++\nAll of it.\n"),
        ("content/about.md", "+++\ntitle = \"About\"\n+++\nUs.\n"),
        ("content/news/held.md", "+++\ntitle = \"Held\"\ndate = 2026-11-01\ndraft = true\n+++\nText.\n"),
        ("content/news/kept/index.md", "+++\ntitle = \"Kept\"\ndate = 2009-11-01\n+++\n![A](a.svg)\n"),
        ("content/news/kept/a.svg", "<svg xmlns=\"http://www.w3.org/2000/svg\"/>"),
    ]);
    site.write("static/b.gif", [b"GIF89a".as_slice(), &[9, 0, 9, 0, 0, 0, 0]].concat());
    (0..count).for_each(|at| article(&site, at, "Text.", ""));
    site.built();
    site
}

/// Writes the article of that number.
fn article(site: &Site, at: usize, body: &str, more: &str) {
    let (year, month, day) = (2010 + at / 324, 1 + at / 27 % 12, 1 + at % 27);
    let link = if at % 5 == 3 { format!("[before](a{}.md)", at - 1) } else { String::new() };
    let source = format!(
        "+++\ntitle = \"A{at}\"\ndate = {year}-{month:02}-{day:02}T08:00:00Z\ntags = [\"t{}\", \"all\"]\n{more}+++\n{body} {link}\n",
        at % 3
    );
    site.write(&format!("content/news/a{at}.md"), source);
}

/// Builds, and says whether just what is near to the change was looked at. What comes of it is what a site makes that
/// has never been built.
fn is_near(site: &Site) -> bool {
    let output = site.command(&["build", "--now", NOW, "--timings"]).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    let fresh = Site::new(&[]);
    for folder in ["content", "static", "templates"] {
        for (path, bytes) in crate::site::tree(&site.path(folder)) {
            fresh.write(&format!("{folder}/{path}"), bytes);
        }
    }
    fresh.write("site.toml", fs::read(site.path("site.toml")).unwrap());
    let (ours, expected) = (site.output(), fresh.built());
    let differ = ours.keys().chain(expected.keys()).filter(|path| ours.get(*path) != expected.get(*path));
    let differ: Vec<&String> = differ.collect();
    assert!(differ.is_empty(), "{differ:?}");
    let has = |stage: &str| said.lines().any(|line| line.split_whitespace().next() == Some(stage));
    assert!(has("recall") || has("arrange"), "{said}");
    !has("arrange")
}

/// True if builds come to look at nothing but what is near to what `change` does, which is told how often it was tried. (A
/// file that changed less than two seconds ago is known by its bytes and then by its stamp, and a slow machine may see
/// that turn between two builds.)
fn comes_near(site: &Site, change: &dyn Fn(usize)) -> bool {
    (0..6).any(|times| {
        change(times);
        is_near(site)
    })
}

#[test]
fn texts_may_change_and_new_articles_come() {
    let site = archive(60);
    let edit = |at: usize, times: usize| article(&site, at, &format!("Another text {times}."), "");
    assert!(comes_near(&site, &|times| edit(20, times)));
    assert!(text(&site.output(), "news/a20/index.html").contains("Another text"));
    // One that is in feeds, and one that another links to.
    assert!(comes_near(&site, &|times| [59, 22].iter().for_each(|at| edit(*at, times))));
    assert!(text(&site.output(), "rss.xml").contains("Another text"));
    // The newest, with one that is edited; two at once; one of a day without others, in a new year.
    assert!(comes_near(&site, &|times| {
        edit(3, times);
        article(&site, 60 + times, "Text.", "");
    }));
    assert!(comes_near(&site, &|times| {
        article(&site, 70 + 2 * times, "Text.", "");
        article(&site, 71 + 2 * times, "Text.", "");
    }));
    assert!(comes_near(&site, &|times| article(&site, 400 + times, "Text.", "")));
    assert!(comes_near(&site, &|times| edit(70, times)));
}

#[test]
fn many_new_articles_fill_pages_and_archives() {
    let site = Site::new(&[]);
    let toml = format!("{TOML}page_size = 2\n\n[feeds]\nlimit = 3\narchives = true\narchive_size = 4\n");
    site.write("site.toml", toml);
    (0..40).for_each(|at| article(&site, at, "Text.", ""));
    site.built();
    assert!(comes_near(&site, &|times| {
        (0..9).for_each(|more| article(&site, 40 + 9 * times + more, "Text.", ""));
    }));
}

#[test]
fn what_may_reach_further_is_looked_at_as_a_whole() {
    let site = archive(40);
    let beyond = |change: &dyn Fn()| {
        change();
        assert!(!is_near(&site));
        let (_, report) = site.report(&[]);
        assert!(report["problems"].as_array().is_some_and(Vec::is_empty), "{report}");
    };
    // Older than others; with a term that is new, or spelled in another way; a page; a section.
    beyond(&|| site.write("content/news/old.md", "+++\ntitle = \"O\"\ndate = 2010-01-05\n+++\nText.\n"));
    beyond(&|| article(&site, 400, "Text.", "authors = [\"New\"]\n"));
    let spelled = "+++\ntitle = \"S\"\ndate = 2026-11-02\ntags = [\"All\"]\n+++\nText.\n";
    beyond(&|| site.write("content/news/spelled.md", spelled));
    beyond(&|| site.write("content/news/page.md", "+++\ntitle = \"P\"\n+++\nText.\n"));
    beyond(&|| site.write("content/more/a.md", "+++\ntitle = \"M\"\ndate = 2026-11-03\n+++\nText.\n"));
    beyond(&|| site.write("content/news/_index.md", "+++\ntitle = \"Newer\"\n+++\nAll of it.\n"));
    // Another path, date, alias, picture; one that will go, or goes.
    beyond(&|| article(&site, 5, "Text.", "slug = \"other\"\n"));
    beyond(&|| article(&site, 6, "Text.", "updated = 2026-11-04T08:00:00Z\n"));
    beyond(&|| article(&site, 7, "Text.", "aliases = [\"/elsewhere/\"]\n"));
    beyond(&|| article(&site, 8, "Text. ![B](/b.gif)", ""));
    beyond(&|| article(&site, 9, "Text.", "expires = 2026-12-24\n"));
    beyond(&|| fs::remove_file(site.path("content/news/a10.md")).unwrap());
    // A file that somebody else changed.
    beyond(&|| {
        fs::write(site.path("public/news/a35/index.html"), "scribble").unwrap();
        article(&site, 12, "Another text.", "");
    });
    // And then it is near again, where one goes by the clock.
    assert!(comes_near(&site, &|times| article(&site, 13, &format!("Another text {times}."), "")));
}

#[test]
fn a_damaged_or_missing_outline_changes_no_byte() {
    let site = archive(30);
    let path = site.path(".dateline/outline");
    for number in 1..4 {
        assert!(comes_near(&site, &|times| article(&site, number, &format!("Text {number} {times}."), "")));
    }
    let whole = fs::read(&path).unwrap();
    let last = fs::read(site.path(".dateline/last")).unwrap();
    let mut number = 10;
    let mut with = |bytes: Option<&[u8]>| {
        match bytes {
            Some(bytes) => fs::write(&path, bytes).unwrap(),
            None => fs::remove_file(&path).unwrap(),
        }
        number += 1;
        article(&site, number, &format!("Text {number}."), "");
        assert!(!is_near(&site));
    };
    with(None);
    with(Some(b"something else"));
    with(Some(&whole[..whole.len() / 2]));
    let mut changed = whole.clone();
    changed[whole.len() / 3] ^= 1;
    with(Some(&changed));
    // One of another time.
    with(Some(&whole));
    assert_ne!(fs::read(site.path(".dateline/last")).unwrap(), last);
}
