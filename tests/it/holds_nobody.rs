//! A source with an error holds nobody: whatever is wrong with it, and whenever a publication finds out, all others are
//! published as they would be without it. A public one stays as it was last published.

use std::collections::BTreeSet;
use std::fs;

use serde_json::Value;

use crate::site::{Files, NOW, Site, TOML, tree};

const SKIPPED: i32 = 5;
const LATER: &str = "2026-11-25T12:00:00Z";

/// A picture of 900 by 600 pixels.
#[cfg(feature = "images")]
fn picture(shade: u8) -> Vec<u8> {
    let mut bytes = Vec::new();
    let image = image::RgbImage::from_fn(900, 600, |x, y| image::Rgb([shade, (x % 256) as u8, (y % 256) as u8]));
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

const SETTINGS: &str = "[feeds]\narchives = true\nlimit = 4\n[taxonomies.tags]\nfeeds = true\n[taxonomies.authors]\n";

/// The front matter of the source that goes wrong, and its text.
const FIELDS: &str = "tags = [\"sea\", \"land\"]\nimage = \"p.png\"\nenclosures = [\"a.mp3\"]\naliases = [\"/old/bad/\"]\n";
const TEXT: &str = "See [the ferry](../ferry.md).\n\n![A view](p.png)\n\n{{ <table src=\"t.csv\" caption=\"Trips\" /> }}\n";

fn bad(more: &str, text: &str) -> String {
    article("The bad one", 9, &format!("{FIELDS}{more}"), text)
}

/// A site with a few articles of each kind; with `is_public`, the source that will go wrong is one of them.
fn site(is_public: bool) -> Site {
    let site = Site::new(&[]);
    site.write("site.toml", format!("{TOML}{SETTINGS}"));
    for section in ["news", "opinion"] {
        site.write(&format!("content/{section}/_index.md"), format!("+++\ntitle = \"{section}\"\n+++\nAbout [it](@/about.md).\n"));
    }
    site.write("content/about.md", "+++\ntitle = \"About\"\n+++\nWho we are.\n");
    site.write("content/news/ferry.md", article("Ferry", 1, "tags = [\"sea\"]\n", "It sails."));
    site.write("content/news/tides.md", article("Tides", 12, "tags = [\"sea\"]\n", "High and low."));
    site.write("content/opinion/roads.md", article("Roads", 5, "tags = [\"land\"]\nauthors = [\"Ann\"]\n", "See [it](../news/tides.md)."));
    site.write("content/opinion/show/index.md", article("Show", 6, "image = \"s.png\"\n", "![It](s.png)"));
    site.write("content/opinion/show/s.png", picture(40));
    if is_public {
        good(&site);
    }
    site.out_at(NOW);
    site
}

/// Writes the source that will go wrong, while nothing is wrong with it.
fn good(site: &Site) {
    site.write(&format!("{BAD}/index.md"), bad("", TEXT));
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
    site.write("content/news/fine.md", article("Fine", 20, "tags = [\"sea\", \"new\"]\n", "See [it](ferry.md)."));
    site.write("content/news/tides.md", article("Tides", 12, "tags = [\"sea\"]\n", "Higher and lower."));
    site.write("content/opinion/roads.md", article("Roads", 5, "tags = [\"new\"]\nauthors = [\"Ann\"]\n", "See [it](../news/tides.md)."));
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
    ("a date that does not exist", |site| text_of(site, "+++\ntitle = \"Bad\"\ndate = 2026-13-01\n+++\nText.\n")),
    ("bytes that are no UTF-8", |site| {
        text_of(site, [bad("", "").as_bytes(), b"caf\xe9 caf\xff\n"].concat());
    }),
    ("tags that are no list", |site| text_of(site, bad("", TEXT).replace("[\"sea\", \"land\"]", "{ a = 1 }"))),
    ("a slug of nothing", |site| text_of(site, bad("slug = \"\"\n", TEXT))),
    ("a path out of the site", |site| text_of(site, bad("path = \"/../out/\"\n", TEXT))),
    ("an alias out of the site", |site| text_of(site, bad("", TEXT).replace("/old/bad/", "/../out/"))),
    ("a link to nowhere", |site| text_of(site, bad("", "See [it](nowhere.md)."))),
    ("a link from the root to nowhere", |site| text_of(site, bad("", "See [it](@/no/where.md)."))),
    ("a component that does not exist", |site| text_of(site, bad("", "{{ <no-such-thing /> }}"))),
    ("a table without a file", |site| text_of(site, bad("", TEXT).replace("t.csv", "u.csv"))),
    ("an enclosure without a file", |site| text_of(site, bad("", TEXT).replace("a.mp3", "b.mp3"))),
    ("the id of another", |site| {
        text_of(site, bad("id = \"tag:example.org,2026-10-12:news/tides\"\n", TEXT));
    }),
    ("an id with a control character", |site| text_of(site, bad("id = \"tag:x\\u0001y\"\n", TEXT))),
    ("the path of an article", |site| text_of(site, bad("path = \"/news/tides/\"\n", TEXT))),
    ("the path of a page", |site| text_of(site, bad("path = \"/about/\"\n", TEXT))),
    ("the path of a section", |site| text_of(site, bad("path = \"/opinion/\"\n", TEXT))),
    ("the path of the archive", |site| text_of(site, bad("path = \"/archive/\"\n", TEXT))),
    ("the path of a year", |site| text_of(site, bad("path = \"/archive/2026/\"\n", TEXT))),
    ("the path of a feed", |site| text_of(site, bad("path = \"/rss.xml\"\n", TEXT))),
    ("the path of a term", |site| text_of(site, bad("path = \"/tags/sea/\"\n", TEXT))),
    ("a file in the place of a folder", |site| text_of(site, bad("path = \"/news/tides/index.html/x/\"\n", TEXT))),
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
    ("a recording without a file any more", |site| fs::remove_file(site.path(&format!("{BAD}/a.mp3"))).unwrap()),
];

/// The errors of a publication, each as `code file message`; none may be said twice.
fn publish(site: &Site, case: &str) -> (i32, BTreeSet<String>) {
    let output = site.command(&["publish", "--exit-code", "--now", LATER, "--format", "json"]).output().unwrap();
    let said = String::from_utf8(output.stdout).unwrap();
    let mut errors = BTreeSet::new();
    for line in said.lines() {
        let event: Value = serde_json::from_str(line).unwrap_or_else(|_| panic!("{case}: {line}"));
        if event["event"] == "problem" && event["severity"] == "error" {
            let of = |key: &str| event[key].as_str().unwrap_or("-").to_owned();
            let error = format!("{} {}:{} {}", of("code"), of("file"), event["line"], of("message"));
            assert!(!error.starts_with("content::changed"), "{case}: nothing changes during the run: {error}");
            assert!(errors.insert(error.clone()), "{case}: said twice: {error}");
        }
    }
    (output.status.code().unwrap_or(-1), errors)
}

/// Compares the files of two sites but for those below `except`.
fn same_but_for(site: &Files, wanted: &Files, except: &[&str]) -> Result<(), String> {
    let is_other = |path: &&String| !except.iter().any(|start| path.starts_with(start));
    let paths: BTreeSet<&String> = site.keys().chain(wanted.keys()).filter(is_other).collect();
    let differing: Vec<&String> = paths.into_iter().filter(|path| site.get(*path) != wanted.get(*path)).collect();
    if differing.is_empty() { Ok(()) } else { Err(format!("these differ: {differing:?}")) }
}

/// Lets the source of a copy of `site` go wrong in `way` and publishes; the reason why that is not as it should be.
fn try_way(site: &Site, wanted: &Files, is_public: bool, (case, way): &Way) -> Result<(), String> {
    let site = copy_of(site);
    let before = site.output();
    if !is_public {
        good(&site);
    }
    way(&site);
    let (code, errors) = publish(&site, case);
    if code != SKIPPED {
        return Err(format!("code {code}, {errors:#?}"));
    }
    if !errors.iter().all(|error| error.contains(BAD)) {
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

fn try_all(is_public: bool) {
    let site = site(is_public);
    others_work(&site);
    let clean = copy_of(&site);
    assert_eq!(publish(&clean, "clean").0, 0);
    let wanted = clean.output();
    let is_seen = |way: &&Way| cfg!(feature = "images") || !way.0.starts_with("a picture");
    let failed: Vec<String> = WAYS
        .iter()
        .filter(is_seen)
        .filter_map(|way| try_way(&site, &wanted, is_public, way).err().map(|why| format!("{}: {why}", way.0)))
        .collect();
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
