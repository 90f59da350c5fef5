//! The index of the search: what it finds, what it never has, and how little of it a change rewrites.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use dateline::language::search::{bucket, terms};
use serde_json::Value;

use crate::site::{Files, NOW, Site, TOML, json, text};

const DIGITS: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

fn settings(more: &str) -> String {
    format!("{TOML}{more}\n[search]\nenabled = true\n")
}

/// A site with a search and these files.
fn searched(files: &[(&str, &str)]) -> Site {
    let site = Site::new(files);
    site.write("site.toml", settings(""));
    site
}

fn article(title: &str, day: &str, more: &str, text: &str) -> String {
    format!("+++\ntitle = \"{title}\"\ndate = {day}T08:00:00Z\n{more}\n+++\n{text}\n")
}

/// The numbers of a list of the index.
fn numbers(list: &str) -> Vec<u64> {
    let (mut all, mut number, mut value, mut place) = (Vec::new(), 0, 0, 1);
    for digit in list.chars() {
        let digit = DIGITS.find(digit).unwrap() as u64;
        value += digit % 32 * place;
        place *= 32;
        if digit < 32 {
            number += value;
            all.push(number);
            (value, place) = (0, 1);
        }
    }
    all
}

/// All results by number, as the files below `folder` have them.
fn cards(files: &Files, folder: &str) -> BTreeMap<u64, Value> {
    let all = files.keys().filter(|path| path.starts_with(&format!("{folder}cards/")));
    let cards = all.flat_map(|path| json(files, path).as_object().unwrap().clone());
    cards.map(|(number, card)| (number.parse().unwrap(), card)).collect()
}

/// The titles of the articles that have the one term of `word`, each with the number of its field.
fn found(files: &Files, folder: &str, word: &str) -> BTreeSet<(usize, String)> {
    let mut term = String::new();
    match word.starts_with(':') {
        true => term.push_str(word),
        false => terms(word, &mut |one| term.push_str(one)),
    }
    let (index, cards) = (json(files, &format!("{folder}index.json")), cards(files, folder));
    let mut found = BTreeSet::new();
    for part in index["parts"].as_array().unwrap() {
        let shards = usize::try_from(part["shards"].as_u64().unwrap()).unwrap();
        let name = part["name"].as_str().unwrap();
        let head = usize::try_from(part["head"].as_u64().unwrap()).unwrap();
        let shard = json(files, &format!("{folder}{name}/{:x}.json", bucket(&term, shards, head)));
        for (field, list) in shard[&term].as_str().unwrap_or_default().split(',').enumerate() {
            let titles = numbers(list).into_iter().map(|number| &cards[&number]["title"]);
            found.extend(titles.map(|title| (field, title.as_str().unwrap().to_owned())));
        }
    }
    found
}

fn titles(expected: &[(usize, &str)]) -> BTreeSet<(usize, String)> {
    expected.iter().map(|(field, title)| (*field, (*title).to_owned())).collect()
}

#[test]
fn a_word_finds_articles_by_title_standfirst_terms_headings_and_text() {
    let site = searched(&[
        ("content/news/_index.md", "+++\ntitle = \"News\"\n+++\n"),
        (
            "content/news/a.md",
            &article(
                "The Lantern",
                "2026-01-02",
                "standfirst = \"A p\u{ee}er.\"\ntags = [\"Tides\"]\nauthors = [\"Ada Lovell\"]\nkicker = \"Port\"",
                "A *lamp*house <b>b</b>oat.\n\n## Lantern and mooring\n\n<!-- hidden -->\n\nFog.",
            ),
        ),
        (
            "content/news/b.md",
            &article("Fog", "2026-01-03", "summary = \"Lanterns of old.\"", "The lantern at the pier."),
        ),
        ("content/about.md", "+++\ntitle = \"About the pier\"\n+++\n\nUs.\n"),
        ("content/old.html", &article("Old", "1961-05-05", "", "<h2>Mooring</h2><p>Ropes<br>and")),
    ]);
    let files = site.built();
    for (word, expected) in [
        ("Lantern", vec![(0, "The Lantern"), (3, "Fog")]),
        ("LANTERNS", vec![(1, "Fog")]),
        ("pier", vec![(0, "About the pier"), (1, "The Lantern"), (3, "Fog")]),
        ("tides", vec![(2, "The Lantern")]),
        ("Lovell", vec![(2, "The Lantern")]),
        ("port", vec![(2, "The Lantern")]),
        ("news", vec![(2, "The Lantern"), (2, "Fog")]),
        ("mooring", vec![(2, "The Lantern"), (2, "Old")]),
        ("lamphouse", vec![(3, "The Lantern")]),
        ("boat", vec![(3, "The Lantern")]),
        ("ropes", vec![(3, "Old")]),
        ("hidden", vec![]),
        ("ropesand", vec![]),
        (":snews", vec![(0, "The Lantern"), (0, "Fog")]),
        (":aada-lovell", vec![(0, "The Lantern")]),
    ] {
        assert_eq!(found(&files, "search/", word), titles(&expected), "{word}");
    }
    let index = json(&files, "search/index.json");
    assert_eq!(index["sections"], serde_json::json!([["news", "News"]]));
    assert_eq!(index["authors"], serde_json::json!([["ada-lovell", "Ada Lovell"]]));
    assert_eq!(index["years"], serde_json::json!([2026, 1961]));
    let all = cards(&files, "search/");
    let order: Vec<&str> = all.values().map(|card| card["title"].as_str().unwrap()).collect();
    assert_eq!(order, ["About the pier", "Old", "The Lantern", "Fog"], "numbers are in the order of dates");
    let card = all.values().find(|card| card["title"] == "The Lantern").unwrap();
    let expected = serde_json::json!({
        "title": "The Lantern", "url": "/news/a/", "day": "2026-01-02", "date": "2 January 2026", "section": "News",
        "authors": ["Ada Lovell"], "summary": "A p\u{ee}er.",
    });
    assert_eq!(*card, expected);
}

#[test]
fn pages_have_the_form_only_where_the_site_has_a_search() {
    let files = [("content/a.md", &*article("A", "2026-01-02", "tags = [\"quay\"]", "Text."))];
    let with = searched(&files).built();
    let page = text(&with, "search/index.html");
    for part in [
        "role=\"search\"",
        "<noscript><p>Searching needs JavaScript.",
        "href=\"/archive/\"",
        "href=\"/tags/\"",
    ] {
        assert!(page.contains(part), "{part}: {page}");
    }
    assert!(text(&with, "404.html").contains(" data-path>"));
    assert!(text(&with, "a/index.html").contains("<a class=\"tool search-link\" href=\"/search/\""));
    assert!(with.contains_key("search.js") && with.contains_key("search.css"));
    assert!(!text(&with, "sitemap.xml").contains("search"));
    let without = Site::new(&files).built();
    let has = without.iter().filter(|(path, bytes)| {
        let text = String::from_utf8_lossy(bytes);
        path.contains("search") || path.ends_with(".html") && text.contains("search")
    });
    assert_eq!(has.map(|(path, _)| path.as_str()).collect::<Vec<_>>(), [""; 0]);
}

/// The files of the search that have the word.
fn leaks(files: &Files, word: &str) -> Vec<String> {
    let has = |bytes: &[u8]| String::from_utf8_lossy(bytes).to_lowercase().contains(word);
    let files = files.iter().filter(|(path, bytes)| path.starts_with("search/") && has(bytes));
    files.map(|(path, _)| path.clone()).collect()
}

/// An article with the word `quetzal` wherever it can be.
fn secret(more: &str) -> String {
    let fields = "standfirst = \"Quetzal\"\nsummary = \"Quetzal\"\nkicker = \"Quetzal\"\ntags = [\"Quetzal\"]\nauthors = [\"Quetzal\"]";
    article("Quetzal", "2026-01-02", &format!("{fields}\n{more}"), "Quetzal.\n\n## Quetzal")
}

#[test]
fn nothing_that_is_not_public_or_not_listed_is_in_a_file_of_the_search() {
    for more in
        ["draft = true", "expires = 2026-02-01T00:00:00Z", "withdrawn = \"Untrue.\"", "unlisted = true"]
    {
        let site = searched(&[("content/a.md", &article("A", "2026-01-02", "", "Text."))]);
        site.write("content/birds/b.md", secret(more));
        assert_eq!(leaks(&site.built(), "quetzal"), [""; 0], "{more}");
        // It was public, and the index remembers nothing of it.
        site.write("content/birds/b.md", secret(""));
        assert!(leaks(&site.built(), "quetzal").len() >= 3, "{more}");
        site.write("content/birds/b.md", secret(more));
        assert_eq!(leaks(&site.built(), "quetzal"), [""; 0], "{more}");
        fs::remove_file(site.path("content/birds/b.md")).unwrap();
        site.write("content/birds/_index.md", "+++\ntitle = \"Birds\"\nunlisted = true\n+++\n");
        site.write("content/birds/c.md", secret(""));
        assert_eq!(leaks(&site.built(), "quetzal"), [""; 0], "an unlisted section");
    }
}

#[test]
fn a_scheduled_article_enters_the_search_when_it_is_due() {
    let site = searched(&[("content/b.md", &secret("").replace("2026-01-02", "2026-11-25"))]);
    assert!(site.build_at(NOW).is_some());
    assert_eq!(leaks(&site.output(), "quetzal"), [""; 0]);
    assert!(site.build_at("2026-11-25T09:00:00Z").is_some());
    assert_eq!(found(&site.output(), "search/", "quetzal"), titles(&[(0, "Quetzal")]));
}

const WORDS: [&str; 12] = [
    "ferry", "quay", "lantern", "mooring", "tide", "anchor", "harbour", "sluice", "pilot", "buoy", "rigging",
    "beacon",
];

/// A site with so many articles that the older ones have files of their own.
fn archive(count: usize) -> Site {
    let site = searched(&[]);
    site.write(
        "site.toml",
        settings("archive = false\npage_size = 1000\n[feeds]\nterms = false\nsections = false"),
    );
    for at in 0..count {
        write_one(&site, at, "");
    }
    site
}

fn write_one(site: &Site, at: usize, more: &str) {
    let word = |step: usize| format!("{}{}", WORDS[(at * step + step) % WORDS.len()], at * step % 37);
    let day = format!("20{:02}-{:02}-{:02}", 10 + at / 60, 1 + at / 5 % 12, 1 + at % 28);
    let text = format!("{more} {} {} {} {}", word(1), word(5), word(7), word(11));
    site.write(
        &format!("content/news/a{at:04}.md"),
        article(&format!("Article {}", word(3)), &day, "", &text),
    );
}

fn changed(before: &Files, after: &Files) -> Vec<String> {
    let paths: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    let changed =
        paths.into_iter().filter(|path| path.starts_with("search/") && before.get(*path) != after.get(*path));
    changed.cloned().collect()
}

#[test]
fn a_publication_changes_a_dozen_files_of_the_search_at_most() {
    let site = archive(600);
    let before = site.built();
    let shards = before.keys().filter(|path| path.starts_with("search/old/")).count();
    assert!(shards >= 8, "{shards}");
    let text = WORDS.join(" and ") + " and forty other words of which each is new";
    site.write("content/news/new.md", article("A new quay", "2026-11-20", "", &text));
    let after = site.built();
    let changed = changed(&before, &after);
    assert!((3..=12).contains(&changed.len()), "{changed:?}");
    assert!(!changed.iter().any(|path| path.starts_with("search/old/")), "{changed:?}");
    assert_eq!(found(&after, "search/", "forty"), titles(&[(3, "A new quay")]));
}

#[test]
fn increments_leave_the_index_that_a_fresh_build_makes() {
    let site = archive(300);
    site.built();
    let fresh = |what: &str| {
        let increment = site.built();
        fs::remove_dir_all(site.path(".dateline")).unwrap();
        fs::remove_dir_all(site.path("public")).unwrap();
        assert_eq!(changed(&increment, &site.built()), [""; 0], "{what}");
    };
    write_one(&site, 3, "An old one has another text.");
    fresh("an edit");
    fs::remove_file(site.path("content/news/a0100.md")).unwrap();
    fresh("an article less");
    site.write("content/news/late.md", article("Late", "2011-03-03", "", "A day in between."));
    fresh("an older article");
    for at in 0..9 {
        let path = format!("content/news/busy{at}.md");
        site.write(&path, article(&format!("Busy {at}"), "2014-03-03", "", "The same day."));
    }
    fresh("many on one day");
    (101..290).for_each(|at| fs::remove_file(site.path(&format!("content/news/a{at:04}.md"))).unwrap());
    fresh("so few that one part is enough");
}

#[test]
fn each_language_has_an_index_of_its_own() {
    let site = Site::new(&[
        ("content/a.md", &article("The quay", "2026-01-02", "", "Text.")),
        (
            "content/a.ja.md",
            &article("\u{6e2f}\u{306e}\u{671d}", "2026-01-02", "", "\u{6e21}\u{8f2a}\u{8239}"),
        ),
    ]);
    site.write("site.toml", settings("[languages.ja]\ntitle = \"J\"\n"));
    let files = site.built();
    assert_eq!(found(&files, "search/", "quay"), titles(&[(0, "The quay")]));
    assert_eq!(cards(&files, "search/").len(), 1);
    for word in ["\u{6e21}\u{8f2a}", "\u{8f2a}\u{8239}"] {
        assert_eq!(found(&files, "ja/search/", word), titles(&[(3, "\u{6e2f}\u{306e}\u{671d}")]), "{word}");
    }
    assert_eq!(cards(&files, "ja/search/").len(), 1);
    assert!(text(&files, "ja/search/index.html").contains("data-index=\"/ja/search/\""));
}
