//! A source with an error holds nobody: whatever is wrong with it, and whenever a publication finds out, all others are
//! published as they would be without it. A public one stays as it was last published.

use std::collections::BTreeSet;
use std::fs;

use serde_json::Value;

use crate::newsroom::Chance;
use crate::site::{Files, NOW, Site, TOML, tree};

const SKIPPED: i32 = 5;
const LATER: &str = "2026-11-25T12:00:00Z";

/// A picture of 900 by 600 pixels.
#[cfg(feature = "images")]
fn picture(shade: u8) -> Vec<u8> {
    let mut bytes = Vec::new();
    let image =
        image::RgbImage::from_fn(900, 600, |x, y| image::Rgb([shade, (x % 256) as u8, (y % 256) as u8]));
    let mut to = std::io::Cursor::new(&mut bytes);
    image::DynamicImage::ImageRgb8(image).write_to(&mut to, image::ImageFormat::Png).unwrap();
    bytes
}

/// The beginning of a picture, which is all that is looked at.
#[cfg(not(feature = "images"))]
fn picture(shade: u8) -> Vec<u8> {
    let mut bytes = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec();
    bytes.extend([0, 0, 3, 132, 0, 0, 2, 88, 8, 2, 0, 0, 0, 0, 0, 0, shade]);
    bytes
}

fn article(title: &str, day: usize, more: &str, text: &str) -> String {
    format!("+++\ntitle = \"{title}\"\ndate = 2026-10-{day:02}T08:00:00Z\n{more}+++\n{text}\n")
}

/// The folder of the source that goes wrong.
const BAD: &str = "content/news/bad";

/// A variant of the site.
#[derive(Debug, Clone, Copy)]
struct Shape {
    /// The day on which the source that goes wrong is dated.
    day: usize,
    limit: usize,
    has_archives: bool,
    has_ledger: bool,
    is_public: bool,
}

const SHAPE: Shape = Shape { day: 9, limit: 4, has_archives: true, has_ledger: true, is_public: false };

impl Shape {
    fn settings(self) -> String {
        let Shape { limit, has_archives, has_ledger, .. } = self;
        let ledger = if has_ledger { "" } else { "ledger = false\n" };
        format!(
            "{ledger}{TOML}[feeds]\narchives = {has_archives}\nlimit = {limit}\n[taxonomies.tags]\nfeeds = true\n[taxonomies.authors]\n"
        )
    }

    fn written(self, source: &str) -> String {
        source.replace("2026-10-09", &format!("2026-10-{:02}", self.day))
    }
}

/// The front matter of the source that goes wrong, and its text.
const FIELDS: &str =
    "tags = [\"sea\", \"land\"]\nimage = \"p.png\"\nenclosure = \"a.mp3\"\naliases = [\"/old/bad/\"]\n";
const TEXT: &str =
    "See [the ferry](../ferry.md).\n\n![A view](p.png)\n\n{{ <table src=\"t.csv\" caption=\"Trips\" /> }}\n";

fn bad(more: &str, text: &str) -> String {
    article("The bad one", 9, &format!("{FIELDS}{more}"), text)
}

/// A site with a few articles of each kind; if it is public, the source that will go wrong is one of them.
fn site(shape: Shape) -> Site {
    let site = Site::new(&[]);
    site.write("site.toml", shape.settings());
    for section in ["news", "opinion"] {
        site.write(
            &format!("content/{section}/_index.md"),
            format!("+++\ntitle = \"{section}\"\n+++\nAbout [it](@/about.md).\n"),
        );
    }
    site.write("content/about.md", "+++\ntitle = \"About\"\n+++\nWho we are.\n");
    site.write("content/news/ferry.md", article("Ferry", 1, "tags = [\"sea\"]\n", "It sails."));
    site.write("content/news/tides.md", article("Tides", 12, "tags = [\"sea\"]\n", "High and low."));
    site.write(
        "content/opinion/roads.md",
        article("Roads", 5, "tags = [\"land\"]\nauthors = [\"Ann\"]\n", "See [it](../news/tides.md)."),
    );
    site.write("content/opinion/show/index.md", article("Show", 6, "image = \"s.png\"\n", "![It](s.png)"));
    site.write("content/opinion/show/s.png", picture(40));
    if shape.is_public {
        good(&site, shape);
    }
    site.out_at(NOW);
    site
}

/// Writes the source that will go wrong, while nothing is wrong with it.
fn good(site: &Site, shape: Shape) {
    site.write(&format!("{BAD}/index.md"), shape.written(&bad("", TEXT)));
    site.write(&format!("{BAD}/p.png"), picture(200));
    site.write(&format!("{BAD}/t.csv"), "port,trips\nNorth,4\nSouth,2\n");
    site.write(&format!("{BAD}/a.mp3"), mp3());
}

fn mp3() -> Vec<u8> {
    // Frames of 417 bytes: MPEG 1 layer 3, 128 kbit/s, 44.1 kHz.
    let mut frame = vec![0xff, 0xfb, 0x90, 0x00];
    frame.resize(417, 0);
    frame.repeat(40)
}

/// Others do their work at the same time: one article is new, one is edited, one is retagged.
fn others_work(site: &Site) {
    site.write(
        "content/news/fine.md",
        article("Fine", 20, "tags = [\"sea\", \"new\"]\n", "See [it](ferry.md)."),
    );
    site.write("content/news/tides.md", article("Tides", 12, "tags = [\"sea\"]\n", "Higher and lower."));
    site.write(
        "content/opinion/roads.md",
        article("Roads", 5, "tags = [\"new\"]\nauthors = [\"Ann\"]\n", "See [it](../news/tides.md)."),
    );
}

fn copy_of(site: &Site) -> Site {
    let copy = Site(tempfile::TempDir::new().unwrap());
    tree(site.0.path()).into_iter().for_each(|(path, bytes)| copy.write(&path, bytes));
    copy
}

type Way = (&'static str, fn(&Site));

fn text_of(site: &Site, text: impl AsRef<[u8]>) {
    site.write(&format!("{BAD}/index.md"), text);
}

fn long(part: &str, times: usize) -> String {
    part.repeat(times)
}

/// Ways in which the source itself can be wrong.
const WAYS: &[Way] = &[
    ("front matter without an end", |site| text_of(site, "+++\ntitle = \"Bad\"\nText.\n")),
    ("front matter that is no TOML", |site| text_of(site, "+++\ntitle = \n+++\nText.\n")),
    ("a date that does not exist", |site| {
        text_of(site, "+++\ntitle = \"Bad\"\ndate = 2026-13-01\n+++\nText.\n")
    }),
    ("bytes that are no UTF-8", |site| {
        text_of(site, [bad("", "").as_bytes(), b"caf\xe9 caf\xff\n"].concat());
    }),
    ("tags that are no list", |site| {
        text_of(site, bad("", TEXT).replace("[\"sea\", \"land\"]", "{ a = 1 }"))
    }),
    ("a path out of the site", |site| text_of(site, bad("path = \"/../out/\"\n", TEXT))),
    ("an alias out of the site", |site| text_of(site, bad("", TEXT).replace("/old/bad/", "/../out/"))),
    ("a component that does not exist", |site| text_of(site, bad("", "{{ <no-such-thing /> }}"))),
    ("a table without a file", |site| text_of(site, bad("", TEXT).replace("t.csv", "u.csv"))),
    ("an enclosure without a file", |site| text_of(site, bad("", TEXT).replace("a.mp3", "b.mp3"))),
    ("the id of another", |site| {
        text_of(site, bad("id = \"tag:example.org,2026-10-01:news/ferry\"\n", TEXT));
    }),
    ("an id with a control character", |site| text_of(site, bad("id = \"tag:x\\u0001y\"\n", TEXT))),
    ("the path of an article", |site| text_of(site, bad("path = \"/news/tides/\"\n", TEXT))),
    ("the path of a page", |site| text_of(site, bad("path = \"/about/\"\n", TEXT))),
    ("the path of a section", |site| text_of(site, bad("path = \"/opinion/\"\n", TEXT))),
    ("the path of the archive", |site| text_of(site, bad("path = \"/archive/\"\n", TEXT))),
    ("the path of a year", |site| text_of(site, bad("path = \"/archive/2026/\"\n", TEXT))),
    ("the path of a feed", |site| text_of(site, bad("path = \"/rss.xml\"\n", TEXT))),
    ("the path of a term", |site| text_of(site, bad("path = \"/tags/sea/\"\n", TEXT))),
    ("a file in the place of a folder", |site| {
        text_of(site, bad("path = \"/news/tides/index.html/x/\"\n", TEXT))
    }),
    ("the path of another with other letters", |site| text_of(site, bad("path = \"/News/TIDES/\"\n", TEXT))),
    ("a term that no file can be called", |site| {
        text_of(site, bad("", TEXT).replace("\"land\"", &format!("\"{}\"", long("\u{6f22}", 86))));
    }),
    ("a term without letters", |site| text_of(site, bad("", TEXT).replace("\"land\"", "\"!!!\""))),
    ("an author that no file can be called", |site| {
        text_of(site, bad(&format!("authors = [\"{}\"]\n", long("a", 256)), TEXT));
    }),
    ("a slug that is too long", |site| text_of(site, bad(&format!("slug = \"{}\"\n", long("a", 256)), TEXT))),
    ("a path that is too long", |site| {
        text_of(site, bad(&format!("path = \"/{}\"\n", long(&format!("{}/", long("b", 200)), 30)), TEXT));
    }),
    ("an alias that is too long", |site| {
        let long = format!("/{}", long(&format!("{}/", long("b", 200)), 30));
        text_of(site, bad("", TEXT).replace("/old/bad/", &long));
    }),
    ("a picture that is cut", |site| {
        let whole = picture(200);
        site.write(&format!("{BAD}/p.png"), &whole[..whole.len().min(300)]);
    }),
    ("a picture that is a text", |site| site.write(&format!("{BAD}/p.png"), "no picture")),
    ("an empty table", |site| site.write(&format!("{BAD}/t.csv"), "")),
    ("a table without a file any more", |site| fs::remove_file(site.path(&format!("{BAD}/t.csv"))).unwrap()),
    ("a recording without a file any more", |site| {
        fs::remove_file(site.path(&format!("{BAD}/a.mp3"))).unwrap()
    }),
];

/// The errors of a publication, each as `code file message`; none may be said twice.
fn publish(site: &Site, case: &str) -> (i32, BTreeSet<String>) {
    let output =
        site.command(&["publish", "--exit-code", "--now", LATER, "--format", "json"]).output().unwrap();
    let said = String::from_utf8(output.stdout).unwrap();
    let mut errors = BTreeSet::new();
    for line in said.lines() {
        let event: Value = serde_json::from_str(line).unwrap_or_else(|_| panic!("{case}: {line}"));
        if event["event"] == "problem" && event["severity"] == "error" {
            let of = |key: &str| event[key].as_str().unwrap_or("-").to_owned();
            let error = format!("{} {}:{} {}", of("code"), of("file"), event["line"], of("message"));
            assert!(
                !error.starts_with("content::changed"),
                "{case}: nothing changes during the run: {error}"
            );
            assert!(errors.insert(error.clone()), "{case}: said twice: {error}");
        }
    }
    (output.status.code().unwrap_or(-1), errors)
}

/// Compares the files of two sites but for those below `except`.
fn same_but_for(site: &Files, wanted: &Files, except: &[&str]) -> Result<(), String> {
    let is_other = |path: &&String| !except.iter().any(|start| path.starts_with(start));
    let paths: BTreeSet<&String> = site.keys().chain(wanted.keys()).filter(is_other).collect();
    let differing: Vec<&String> =
        paths.into_iter().filter(|path| site.get(*path) != wanted.get(*path)).collect();
    if differing.is_empty() { Ok(()) } else { Err(format!("these differ: {differing:?}")) }
}

/// Lets the source of a copy of `site` go wrong in `way` and publishes; the reason why that is not as it should be.
fn try_way(site: &Site, wanted: &Files, shape: Shape, (case, way): &Way) -> Result<(), String> {
    let site = copy_of(site);
    let before = site.output();
    if !shape.is_public {
        good(&site, shape);
    }
    way(&site);
    let source = format!("{BAD}/index.md");
    let text = fs::read(site.path(&source)).unwrap();
    if let Ok(text) = String::from_utf8(text) {
        site.write(&source, shape.written(&text));
    }
    let (code, errors) = publish(&site, case);
    if code != SKIPPED {
        return Err(format!("code {code}, {errors:#?}"));
    }
    if errors.is_empty() || !errors.iter().all(|error| error.contains(BAD)) {
        return Err(format!("another source is named: {errors:#?}"));
    }
    let after = site.output();
    same_but_for(&after, wanted, &["news/bad/index.html"])?;
    let page = |files: &Files| files.get("news/bad/index.html").cloned();
    if page(&after) != page(&before) && page(&after) != page(wanted) {
        return Err("its page is another one".to_owned());
    }
    // The next run says nothing new and changes nothing.
    let (code, _) = publish(&site, case);
    if code != SKIPPED || site.output() != after {
        return Err(format!("the next run is another one: code {code}"));
    }
    Ok(())
}

/// The site after a publication in which nothing is wrong.
fn wanted(site: &Site) -> Files {
    let clean = copy_of(site);
    assert_eq!(publish(&clean, "clean").0, 0);
    clean.output()
}

fn ways() -> Vec<&'static Way> {
    WAYS.iter().filter(|way| cfg!(feature = "images") || !way.0.starts_with("a picture")).collect()
}

fn try_all(is_public: bool) {
    let shape = Shape { is_public, ..SHAPE };
    let site = site(shape);
    others_work(&site);
    let wanted = wanted(&site);
    let why = |way: &&Way| Some(format!("{}: {}", way.0, try_way(&site, &wanted, shape, way).err()?));
    let failed: Vec<String> = ways().iter().filter_map(why).collect();
    assert!(failed.is_empty(), "{} of {}:\n{}", failed.len(), WAYS.len(), failed.join("\n"));
}

#[test]
fn a_new_source_that_is_wrong_in_any_way_is_left_out() {
    try_all(false);
}

#[test]
fn a_public_source_that_goes_wrong_in_any_way_stays_as_it_was() {
    try_all(true);
}

/// `DATELINE_NOBODY_STEPS` sites of the course that begins with `DATELINE_NOBODY_SEED`.
#[test]
fn any_site_with_any_wrong_source_is_published_as_without_it() {
    let number = |name: &str| std::env::var(name).ok().and_then(|text| text.parse::<u64>().ok());
    let (seed, steps) =
        (number("DATELINE_NOBODY_SEED").unwrap_or(1), number("DATELINE_NOBODY_STEPS").unwrap_or(4));
    for step in 0..steps {
        let mut chance = Chance::new(seed.wrapping_add(step));
        let shape = Shape {
            day: 2 + chance.below(27),
            limit: 1 + chance.below(7),
            has_archives: chance.once_in(2),
            has_ledger: !chance.once_in(4),
            is_public: !chance.once_in(3),
        };
        let all = ways();
        let way = all[chance.below(all.len())];
        let site = site(shape);
        others_work(&site);
        let outcome = try_way(&site, &wanted(&site), shape, way);
        assert!(outcome.is_ok(), "seed {}: {}, {shape:?}: {outcome:?}", seed.wrapping_add(step), way.0);
    }
}

#[test]
fn a_public_article_whose_link_breaks_stays_public_and_holds_nobody() {
    for (case, change) in [("deleted", None), ("renamed", Some("content/opinion/boat.md"))] {
        let site = site(Shape { is_public: true, limit: 10, ..SHAPE });
        match change {
            None => fs::remove_file(site.path("content/news/ferry.md")).unwrap(),
            Some(to) => fs::rename(site.path("content/news/ferry.md"), site.path(to)).unwrap(),
        }
        site.write("content/news/fine.md", article("Fine", 20, "", "All is well."));
        let (code, errors) = publish(&site, case);
        assert_eq!((code, errors.len()), (0, 0), "{case}: {errors:#?}");
        let after = site.output();
        assert!(after.contains_key("news/fine/index.html"), "{case}");
        assert!(after.contains_key("news/bad/index.html"), "{case}");
        let feed = crate::site::text(&after, "rss.xml");
        let items = crate::site::between(&feed, "<item>", "</item>");
        assert!(items.into_iter().any(|item| item.contains("The bad one")), "{case}: {feed}");
    }
}

#[test]
fn a_new_article_that_makes_a_feed_too_large_is_left_out() {
    let site = site(SHAPE);
    // One long paragraph is rendered quickly.
    let text = format!("<p>{}</p>", "A line of the log. ".repeat(840_000));
    site.write("content/news/huge.html", article("Huge", 21, "", &text));
    others_work(&site);
    let (code, errors) = publish(&site, "huge");
    assert_eq!(code, SKIPPED, "{errors:#?}");
    assert!(errors.iter().all(|error| error.contains("content/news/huge.html")), "{errors:#?}");
    assert!(site.output().contains_key("news/fine/index.html"));
}

#[test]
fn a_new_section_with_an_error_holds_only_what_is_in_it() {
    let site = site(SHAPE);
    site.write("content/harbour/_index.md", "+++\ndraft = maybe\n+++\n");
    site.write("content/harbour/boat.md", article("Secret boat", 3, "", "Hidden."));
    site.write("content/harbour/b/index.md", article("Secret bundle", 3, "", "Hidden."));
    site.write("content/harbour/b/x.txt", "Secret file");
    others_work(&site);
    let (code, errors) = publish(&site, "section");
    assert_eq!((code, errors.len()), (SKIPPED, 1), "{errors:#?}");
    let after = site.output();
    assert!(after.contains_key("news/fine/index.html"));
    assert!(!after.values().any(|bytes| String::from_utf8_lossy(bytes).contains("Secret")));
}

#[test]
fn a_build_reports_all_errors_at_once_and_changes_nothing() {
    let site = site(SHAPE);
    let before = site.output();
    site.write("content/news/a.md", "+++\ntitle =\n+++\n");
    site.write("content/news/b.md", article("B", 3, "path = \"/about/\"\n", "Text."));
    site.write("content/news/c.md", article("C", 3, "", "[x](no.md)"));
    site.write("content/news/d.md", article("D", 3, &format!("tags = [\"{}\"]\n", "t".repeat(300)), "Text."));
    let (code, problems) = site.problems(&[]);
    assert_eq!(code, Some(1));
    for source in ["a", "b", "c", "d"] {
        let name = format!("content/news/{source}.md");
        assert!(problems.iter().any(|problem| problem.contains(&name)), "{name}: {problems:#?}");
    }
    assert!(site.output() == before);
}

#[test]
fn a_disk_that_was_full_empties_no_public_article() {
    for left in ["", "\0\0\0\0", "\n \n"] {
        let site = Site::new(&[("content/news/_index.md", "")]);
        for number in 1..=12 {
            site.write(
                &format!("content/news/a{number}.md"),
                article("Ferry", number, "", "The ferry sails."),
            );
        }
        assert_eq!(site.publish(NOW, &[]).0, Some(0));
        let before = site.output();
        (1..=12).for_each(|number| site.write(&format!("content/news/a{number}.md"), left));
        site.write("content/news/new.md", article("New", 20, "", "A new boat."));
        site.write("content/news/empty.md", left);
        let (code, said) = site.publish(LATER, &[]);
        assert_eq!(code, Some(SKIPPED), "{said:#?}");
        let after = site.output();
        assert_eq!(before["news/a3/index.html"].len(), after["news/a3/index.html"].len(), "{left:?}");
        assert!(after.contains_key("news/new/index.html") && !after.contains_key("news/empty/index.html"));
        assert!(said.iter().any(|line| line.contains("there is nothing in this file")), "{said:#?}");
    }
}

#[test]
fn a_new_section_or_file_in_the_place_of_another_holds_only_itself() {
    let section = |path: &str| format!("+++\ntitle = \"Op\"\n{path}+++\n");
    for (path, text, inside) in [
        ("content/news/a/_index.md", section(""), "content/news/a/b.md"),
        ("content/op/_index.md", section("path = \"/news/\"\n"), "content/op/b.md"),
        ("content/op/_index.md", section("path = \"/\"\n"), "content/op/b.md"),
        ("static/news", "A file.".to_owned(), ""),
        ("static/news/new", "A file.".to_owned(), ""),
    ] {
        let site = Site::new(&[("content/news/_index.md", "")]);
        site.write("content/news/a.md", article("A", 1, "", "The ferry sails."));
        assert_eq!(site.publish(NOW, &[]).0, Some(0));
        site.write(path, &text);
        if !inside.is_empty() {
            site.write(inside, article("B", 2, "", "Quetzalcoatl."));
        }
        site.write("content/news/new.md", article("New", 20, "", "A new boat."));
        for at in [LATER, "2026-11-26T12:00:00Z"] {
            let (code, said) = site.publish(at, &[]);
            assert_eq!(code, Some(SKIPPED), "{path}: {said:#?}");
            let output = site.output();
            assert!(output.contains_key("news/a/index.html"), "{path}: {said:#?}");
            assert!(output.contains_key("news/new/index.html"), "{path}: {said:#?}");
            assert!(!output.contains_key("op/b/index.html") && !output.contains_key("news/b/index.html"));
        }
    }
}
