//! Whole outputs, and what becomes of them at the next build.

use std::fs;

use crate::site::{SITES, Site, sources, text, tree};

#[test]
fn the_three_formats_agree_and_every_url_is_absolute() {
    for site in ["folder", "hostile", "mixed"] {
        let files = Site::copy(site).built();
        let mut feeds = 0;
        for path in files.keys().filter(|path| path.ends_with("rss.xml")) {
            let read = |path: &str| {
                let feed = feed_rs::parser::parse(files[path].as_slice()).unwrap();
                let entries = feed.entries.into_iter().map(|e| (e.id, e.title.unwrap().content, e.published));
                entries.collect::<Vec<_>>()
            };
            let rss = read(path);
            assert_eq!(rss, read(&path.replace("rss.xml", "atom.xml")), "{path}");
            assert_eq!(rss, read(&path.replace("rss.xml", "feed.json")), "{path}");
            let json: serde_json::Value =
                serde_json::from_slice(&files[&path.replace("rss.xml", "feed.json")]).unwrap();
            for item in json["items"].as_array().unwrap() {
                let html = item["content_html"].as_str().unwrap();
                for attribute in ["href=\"", "src=\""] {
                    let whole = ["http://", "https://", "mailto:", "data:image/gif;"];
                    let is_whole = |url: &&str| whole.iter().any(|start| url.starts_with(start));
                    let relative = html.split(attribute).skip(1).find(|url| !is_whole(url));
                    assert_eq!(relative, None, "{path}");
                }
            }
            feeds += 1;
        }
        assert!(feeds > 0);
    }
}

/// A page without what changes with each edit of the theme's style sheet.
fn without_digests(text: &str) -> String {
    let mut whole = text.to_owned();
    for (start, end) in [("/style-", ".css"), (" integrity=\"sha384-", "\"")] {
        let mut parts = whole.split(start);
        let mut masked = parts.next().unwrap_or_default().to_owned();
        for part in parts {
            let after = part.split_once(end).map_or(part, |(_, after)| after);
            masked.push_str(&format!("{start}…{end}{after}"));
        }
        whole = masked;
    }
    whole
}

#[test]
fn whole_outputs_are_as_reviewed() {
    for name in SITES {
        let mut whole = String::new();
        for (path, bytes) in Site::copy(name).built() {
            match String::from_utf8(bytes) {
                Ok(_)
                    if [
                        "code.js",
                        "docs.css",
                        "masthead.js",
                        "player.js",
                        "progress.css",
                        "tabs.js",
                        "zoom.js",
                    ]
                    .contains(&path.as_str())
                        || (path.starts_with("style") && path.ends_with(".css")) => {}
                Ok(text) => {
                    let text = without_digests(&text);
                    whole.push_str(&format!("== {path}\n{text}\n"));
                }
                Err(error) => whole.push_str(&format!("== {path}: {} bytes\n", error.as_bytes().len())),
            }
        }
        insta::assert_snapshot!(name, whole);
    }
}

#[test]
fn a_second_build_writes_nothing_and_another_folder_gets_the_same_bytes() {
    for name in SITES {
        let site = Site::copy(name);
        let first = site.built();
        let times = |site: &Site| -> Vec<_> {
            first
                .keys()
                .map(|path| fs::metadata(site.path("public").join(path)).unwrap().modified().unwrap())
                .collect()
        };
        let before = times(&site);
        let (_, report) = site.report(&[]);
        assert_eq!((&report["written"], &report["removed"]), (&0.into(), &0.into()), "{name}: {report:#}");
        assert_eq!(before, times(&site), "{name}");
        assert!(first == Site::copy(name).built(), "{name}");
    }
}

/// Takes each file of each site away and puts it back: what the increments leave is what a clean build
/// makes. Where a build without the file is refused, the output stays as it was.
#[test]
fn increments_leave_what_a_clean_build_makes() {
    let take_out_and_put_back = |name: &str| {
        let site = Site::copy(name);
        let whole = site.built();
        for (path, bytes) in sources(name).iter().filter(|(path, _)| *path != "site.toml") {
            fs::remove_file(site.path(path)).unwrap();
            let without = site.build(&[]).status.success();
            let clean = Site::copy(name);
            fs::remove_file(clean.path(path)).unwrap();
            // A site that had articles is not taken for one without any.
            let is_emptied = tree(&site.path("content")).is_empty();
            assert_eq!(clean.build(&[]).status.success(), without || is_emptied, "{name} without {path}");
            let expected = if without { clean.output() } else { whole.clone() };
            assert!(site.output() == expected, "{name} without {path}");
            site.write(path, bytes);
            assert!(site.built() == whole, "{name} with {path} again");
        }
    };
    std::thread::scope(|scope| {
        for name in SITES {
            scope.spawn(move || take_out_and_put_back(name));
        }
    });
}

#[test]
fn nothing_held_back_leaks() {
    let files = [
        (
            "content/drafts/secretdraft.md",
            "+++\ntitle = \"secretdraft\"\ndate = 2020-01-01\ndraft = true\ntags = [\"secretdraft\"]\n+++\nsecretdraft",
        ),
        (
            "content/n/secretlater/index.md",
            "+++\ntitle = \"secretlater\"\ndate = 2027-01-01T09:00:00Z\nauthors = [\"secretlater\"]\naliases = [\"/secretlater-old/\"]\n+++\nsecretlater",
        ),
        ("content/n/secretlater/secretlater.png", "secretlater"),
        (
            "content/n/gone.md",
            "+++\ntitle = \"secretgone\"\ndate = 2020-01-01\nexpires = 2021-01-01\n+++\nsecretgone",
        ),
        (
            "content/n/open.md",
            "+++\ntitle = \"Open\"\ndate = 2020-01-01\n+++\nRead [the plan](secretlater/index.md).",
        ),
    ];
    let site = Site::new(&files);
    for (path, bytes) in site.built() {
        let bytes = String::from_utf8_lossy(&bytes).into_owned();
        assert!(!path.contains("secret") && !bytes.contains("secret"), "{path}: {bytes}");
        assert!(!path.contains("drafts"), "{path}");
    }
    let page = text(&site.output(), "n/open/index.html");
    assert!(page.contains("Read the plan."), "{page}");
    let output = site.build(&["--future", "--drafts"]);
    assert!(output.status.success());
    assert!(site.output().contains_key("n/secretlater/secretlater.png"));
    assert!(site.output().contains_key("drafts/secretdraft/index.html"));
}
