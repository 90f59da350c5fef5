//! Warnings are told by each build, and cost no rendering.

use std::fs;

use crate::site::{Site, text};

/// A picture without a text in an article, in the text of a section and in one that feeds have.
fn site() -> Site {
    let article = |title: &str, body: &str| {
        format!("+++\ntitle = \"{title}\"\ndate = 2026-11-01T08:00:00Z\n+++\n{body}\n")
    };
    Site::new(&[
        ("content/a.md", &article("A", "Text.\n\n![](/q.svg)")),
        ("content/b.md", &article("B", "Text.")),
        ("content/page.md", "+++\ntitle = \"Page\"\n+++\n\n<img src=\"/q.svg\">\n"),
        ("content/news/_index.md", "+++\ntitle = \"News\"\n+++\n![](/q.svg)\n"),
        ("static/q.svg", "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"2\" height=\"1\"/>"),
    ])
}

const SAID: &str = "the picture has no text for those who can't see it";

fn told(places: &[&str]) -> Vec<String> {
    places.iter().map(|at| format!("picture::alt content/{at} {SAID}")).collect()
}

/// What is told by a build, and what it renders.
fn explained(site: &Site) -> (Vec<String>, Vec<String>) {
    let (code, report) = site.report(&["--explain"]);
    assert_eq!(code, Some(0));
    let text = |one: &serde_json::Value, key: &str| one[key].as_str().unwrap_or_default().to_owned();
    let told = |one: &serde_json::Value| {
        format!(
            "{} {}:{}:{} {}",
            text(one, "code"),
            text(one, "file"),
            one["line"],
            one["column"],
            text(one, "message")
        )
    };
    let problems = report["problems"].as_array().unwrap().iter().map(told).collect();
    let paths = report["explained"].as_array().unwrap().iter().map(|one| text(one, "path"));
    // That is copied, and has just been written.
    (problems, paths.filter(|path| path != "q.svg").collect())
}

#[test]
fn a_document_that_stays_is_not_rendered_to_tell_its_warnings() {
    let site = site();
    let all = told(&["a.md:7:1", "news/_index.md:4:1", "page.md:5:1"]);
    assert_eq!(explained(&site).0, all);
    assert_eq!(explained(&site), (all, Vec::new()));
    // As a person reads them, with the line.
    let output = site.build(&[]);
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(said.matches(SAID).count(), 3, "{said}");
    assert!(said.contains("![](/q.svg)") && said.contains("content/a.md:7:1"), "{said}");
    // What is made from something new is rendered, told as it is now, and told once: its entry is in the feeds.
    site.write(
        "content/a.md",
        text(&crate::site::tree(&site.path("content")), "a.md").replace("Text.\n\n", "New.\n\n\n"),
    );
    let (problems, rendered) = explained(&site);
    assert_eq!(problems, told(&["a.md:8:1", "news/_index.md:4:1", "page.md:5:1"]));
    assert!(
        rendered.contains(&"a/index.html".to_owned()) && !rendered.contains(&"page/index.html".to_owned()),
        "{rendered:?}"
    );
    // Here the feeds alone are new.
    site.write("content/b.md", "+++\ntitle = \"B\"\ndate = 2026-11-01T08:00:00Z\n+++\nNew.\n");
    let (problems, rendered) = explained(&site);
    assert_eq!(problems, told(&["a.md:8:1", "news/_index.md:4:1", "page.md:5:1"]));
    assert!(
        rendered.contains(&"rss.xml".to_owned()) && !rendered.contains(&"a/index.html".to_owned()),
        "{rendered:?}"
    );
    // What was mended or removed is told no more.
    site.write("content/page.md", "+++\ntitle = \"Page\"\n+++\n\nText.\n");
    fs::remove_file(site.path("content/a.md")).unwrap();
    assert_eq!(explained(&site).0, told(&["news/_index.md:4:1"]));
    assert_eq!(explained(&site).0, told(&["news/_index.md:4:1"]));
    let output = site.command(&["verify", "--now", crate::site::NOW]).output().unwrap();
    assert!(output.status.success(), "{output:?}");
}

#[test]
fn none_is_left_untold_where_they_are_forgotten() {
    let site = site();
    site.built();
    let all = told(&["a.md:7:1", "news/_index.md:4:1", "page.md:5:1"]);
    let path = site.path(".dateline/state");
    let whole = fs::read(&path).unwrap();
    let states: [&dyn Fn(); 4] = [
        &|| fs::remove_file(&path).unwrap(),
        &|| fs::write(&path, "damaged").unwrap(),
        &|| fs::write(&path, &whole[..whole.len() / 2]).unwrap(),
        // Of another time, when there were fewer.
        &|| {
            site.write("content/page.md", "+++\ntitle = \"Page\"\n+++\n\nText.\n");
            site.built();
            let earlier = fs::read(&path).unwrap();
            site.write("content/page.md", "+++\ntitle = \"Page\"\n+++\n\n<img src=\"/q.svg\">\n");
            site.built();
            fs::write(&path, earlier).unwrap();
        },
    ];
    for (number, spoil) in states.iter().enumerate() {
        spoil();
        assert_eq!(explained(&site).0, all, "{number}");
        assert_eq!(explained(&site), (all.clone(), Vec::new()), "{number}");
    }
}
