//! A subscriber's year: a reader polls through renames, another domain, other formats, withdrawals, corrections and
//! a new theme, and counts each article once.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use crate::site::{Site, TOML, between, text};

/// What one reader has of one feed. It knows entries by their ids alone.
#[derive(Default)]
struct Reader {
    /// For each id the article that it was, by the mark in its text or title.
    entries: BTreeMap<String, String>,
    /// Ids in the order in which they came as new.
    new: Vec<String>,
    /// What the last poll brought.
    last: BTreeSet<String>,
    /// Ids that were new to a reader that forgets what the feed no longer has.
    new_to_forgetful: Vec<String>,
    /// The last change of each.
    updated: BTreeMap<String, i64>,
    bytes: Vec<u8>,
    /// How often it was answered "not modified".
    unmodified: usize,
}

impl Reader {
    fn poll(&mut self, bytes: &[u8], what: &str) {
        if self.bytes == bytes {
            self.unmodified += 1;
            return;
        }
        self.bytes = bytes.to_vec();
        let feed = feed_rs::parser::parse(bytes).unwrap();
        let mut now = BTreeSet::new();
        for entry in feed.entries {
            let title = entry.title.map(|title| title.content).unwrap_or_default();
            let mark = title.split("mark ").nth(1).unwrap_or_else(|| panic!("{what}: {title}"));
            let mark = mark.split(' ').next().unwrap().to_owned();
            assert!(now.insert(entry.id.clone()), "{what}: {} twice", entry.id);
            let known = self.entries.entry(entry.id.clone()).or_insert(mark.clone());
            assert_eq!(*known, mark, "{what}: {} was another article", entry.id);
            if !self.new.contains(&entry.id) {
                self.new.push(entry.id.clone());
            }
            if !self.last.contains(&entry.id) {
                self.new_to_forgetful.push(entry.id.clone());
            }
            if let Some(updated) = entry.updated {
                let before = self.updated.insert(entry.id.clone(), updated.timestamp());
                assert!(before.is_none_or(|before| before <= updated.timestamp()), "{what}: {}", entry.id);
            }
        }
        self.last = now;
    }
}

struct Year {
    site: Site,
    readers: BTreeMap<&'static str, Reader>,
    day: chrono::DateTime<chrono::Utc>,
    published: usize,
}

impl Year {
    /// A day later the site is published, and all readers poll.
    fn goes_on(&mut self, what: &str) -> Vec<String> {
        self.day += chrono::TimeDelta::days(1);
        let said = self.site.out_at(&self.day.to_rfc3339());
        let files = self.site.output();
        for (path, reader) in &mut self.readers {
            reader.poll(&files[*path], what);
            assert_eq!(reader.new.len(), self.published, "{what}: {path} brought {:?}", reader.new);
            assert_eq!(reader.new_to_forgetful.len(), self.published, "{what}: {path}");
        }
        said
    }

    fn write(&mut self, path: &str, number: usize, more: &str, body: &str) {
        let date = self.day + chrono::TimeDelta::hours(number as i64);
        let text = format!(
            "+++\ntitle = \"The mark m{number} of the tide\"\ndate = {}\n{more}\n+++\n{body}\n",
            date.format("%Y-%m-%dT%H:%M:%SZ")
        );
        self.site.write(&format!("content/{path}"), text);
    }

    /// Takes a line into the front matter of a source.
    fn add(&self, path: &str, line: &str) {
        let path = format!("content/{path}");
        let text = fs::read_to_string(self.site.path(&path)).unwrap();
        self.site.write(&path, text.replacen("date = ", &format!("{line}\ndate = "), 1));
    }

    fn rename(&self, from: &str, to: &str) {
        let (from, to) =
            (self.site.path(&format!("content/{from}")), self.site.path(&format!("content/{to}")));
        fs::create_dir_all(to.parent().unwrap()).unwrap();
        fs::rename(from, to).unwrap();
    }
}

const FEEDS: &str = "[feeds]\nlimit = 50\n";

#[test]
fn a_reader_counts_each_article_once_through_a_year() {
    let site = Site::new(&[]);
    site.write("site.toml", format!("{TOML}{FEEDS}"));
    let readers = ["rss.xml", "atom.xml", "feed.json"].map(|path| (path, Reader::default()));
    let day = "2026-01-01T00:00:00Z".parse().unwrap();
    let mut year = Year { site, readers: readers.into(), day, published: 0 };
    for number in 1..=12 {
        year.write(
            &format!("news/a{number}.md"),
            number,
            "tags = [\"sea\"]",
            &format!("*Text* of {number}."),
        );
        year.published += 1;
        year.goes_on("a new article");
    }

    // Other names, another section, other formats.
    year.rename("news/a1.md", "news/2026-01-01-one.md");
    year.rename("news/a2.md", "harbour/a2.md");
    year.rename("news/a3.md", "news/a3/index.md");
    year.rename("news/a4.md", "news/a4.html");
    let html = fs::read_to_string(year.site.path("content/news/a4.html")).unwrap();
    year.site.write("content/news/a4.html", html.replace("*Text* of 4.", "<p><em>Text</em> of 4.</p>"));
    let said = year.goes_on("renames");
    assert!(said.iter().all(|line| line.starts_with("moved ")), "{said:#?}");
    year.rename("news", "stories");
    year.goes_on("another folder");

    // Another domain, and other addresses.
    let elsewhere = TOML.replace("https://example.org/", "https://new.example/paper/");
    year.site
        .write("site.toml", format!("{elsewhere}{FEEDS}[permalinks]\ndefault = \"/{{yyyy}}/{{slug}}/\"\n"));
    year.goes_on("another domain");
    let feed = text(&year.site.output(), "rss.xml");
    assert!(feed.contains("https://new.example/paper/2026/a5/") && !feed.contains("https://example.org/"));

    // Corrections, another title, another slug.
    let corrected = format!(
        "slug = \"five\"\n[[corrections]]\ntext = \"Not so.\"\ndate = {}",
        year.day.format("%Y-%m-%dT%H:%M:%SZ")
    );
    year.site.write(
        "content/stories/a5.md",
        format!("+++\ntitle = \"The mark m5 of the tide\"\ndate = 2026-01-05T05:00:00Z\n{corrected}\n+++\n*Text* of 5.\n"),
    );
    let said = year.goes_on("a correction");
    assert!(said.iter().any(|line| line.starts_with("updated content/stories/a5.md")), "{said:#?}");
    for path in ["rss.xml", "atom.xml", "feed.json"] {
        assert!(text(&year.site.output(), path).contains("Correction, "), "{path}");
    }
    let a6 = fs::read_to_string(year.site.path("content/stories/a6.md")).unwrap();
    year.site.write("content/stories/a6.md", a6.replace("The mark m6 of the tide", "No mark m6 again"));
    year.goes_on("another title");

    // A new theme, and a setting that changes every page.
    let before: Vec<Vec<u8>> = year.readers.keys().map(|path| year.site.output()[*path].clone()).collect();
    year.site.write("templates/article.html", "{% extends \"base.html\" %}{% block main %}<b>New</b> {{ article.title }} {{ article.content }}{% endblock main %}");
    year.goes_on("a new theme");
    let after: Vec<Vec<u8>> = year.readers.keys().map(|path| year.site.output()[*path].clone()).collect();
    assert!(before == after, "a theme is nothing that subscribers see");
    assert!(year.readers.values().all(|reader| reader.unmodified > 0));

    // One is withdrawn: its last revision is the same entry. One expires, one is deleted.
    year.add("stories/a7.md", "withdrawn = \"It was wrong.\"");
    year.goes_on("a withdrawal");
    let id = "tag:example.org,2026-01-07:news/a7";
    for path in ["rss.xml", "atom.xml", "feed.json"] {
        let feed = text(&year.site.output(), path);
        assert!(feed.contains("Withdrawn: The mark m7") && feed.contains(id), "{path}: {feed}");
    }
    year.add(
        "stories/a8.md",
        &format!("expires = {}", (year.day + chrono::TimeDelta::hours(1)).format("%Y-%m-%dT%H:%M:%SZ")),
    );
    fs::remove_file(year.site.path("content/stories/a9.md")).unwrap();
    year.goes_on("an expiry and a deletion");
    let atom = text(&year.site.output(), "atom.xml");
    let gone: Vec<&str> = between(&atom, "<at:deleted-entry ref=\"tag:example.org,", "\"");
    assert_eq!(gone, ["2026-01-09:news/a9", "2026-01-08:news/a8", "2026-01-07:news/a7"]);

    // And one more, at the end of it all.
    year.write("stories/b.md", 13, "", "Text.");
    year.published += 1;
    year.goes_on("the last one");
    for (path, reader) in &year.readers {
        let marks: BTreeSet<&String> = reader.entries.values().collect();
        assert_eq!((marks.len(), reader.entries.len()), (13, 13), "{path}: one article, one id");
    }
}
