//! Identity of entries and feeds over time: ids that are no URI, feeds that lose their last entry, move or end, and the
//! languages and titles of feeds and entries.

use serde_json::Value;

use crate::site::{Files, NOW, Site, TOML, between, json, text};

/// An article of that day of November 2026 with these lines in its front matter.
fn article(day: u32, more: &str) -> String {
    format!(
        "+++\ntitle = \"Article {day}\"\ndate = 2026-11-{day:02}T10:00:00Z\n{more}\n+++\nThe text of {day}.\n"
    )
}

fn ids(feed: &Value) -> Vec<String> {
    feed["items"].as_array().unwrap().iter().map(|item| item["id"].as_str().unwrap().to_owned()).collect()
}

/// The ids of the entries of an Atom feed.
fn atom_ids(atom: &str) -> Vec<&str> {
    between(atom, "<entry>", "</entry>").into_iter().map(|entry| between(entry, "<id>", "<")[0]).collect()
}

/// The id of an Atom feed.
fn feed_id(files: &Files, path: &str) -> String {
    between(&text(files, path), "<id>", "<")[0].to_owned()
}

const FORMATS: [&str; 3] = ["rss.xml", "atom.xml", "feed.json"];

#[test]
fn an_id_that_is_no_uri_is_kept_to_the_letter_and_atom_has_a_uri_of_it() {
    for (id, atom) in [
        ("Podhost-1234567", "tag:example.org,2000:guid:Podhost-1234567"),
        ("6F9619FF-8B86-D011-B42D-00CF4FC964FF", "urn:uuid:6f9619ff-8b86-d011-b42d-00cf4fc964ff"),
        ("5f3e1c0d9b8a7f6e5d4c3b2a", "tag:example.org,2000:guid:5f3e1c0d9b8a7f6e5d4c3b2a"),
        ("4711", "tag:example.org,2000:guid:4711"),
        ("4711 at https://example.org", "tag:example.org,2000:guid:4711%20at%20https://example.org"),
        ("/blog/first", "tag:example.org,2000:guid:/blog/first"),
        ("caf\u{e9} 1", "tag:example.org,2000:guid:caf%C3%A9%201"),
        ("https://example.org/?p=1", "https://example.org/?p=1"),
    ] {
        let site = Site::new(&[("content/news/a.md", &article(1, &format!("id = \"{id}\"")))]);
        let files = site.built();
        let rss = text(&files, "rss.xml");
        assert!(rss.contains(&format!("<guid isPermaLink=\"false\">{id}</guid>")), "{id} in {rss}");
        assert_eq!(ids(&json(&files, "feed.json")), [id]);
        assert_eq!(atom_ids(&text(&files, "atom.xml")), [atom], "{id}");
        let lint = site.command(&["feeds", "lint", "public"]).output().unwrap();
        assert!(lint.status.success(), "{id}: {}", String::from_utf8_lossy(&lint.stdout));
    }
}

#[test]
fn the_atom_form_of_an_id_stays_when_the_site_moves_to_another_domain() {
    let site = Site::new(&[("content/news/a.md", &article(1, "id = \"4711\""))]);
    let toml = |host: &str| format!("title = \"T\"\nbase_url = \"https://{host}/\"\ntimezone = \"UTC\"\n");
    site.write("site.toml", toml("old.example"));
    site.publish(NOW, &[]);
    let expected = ["tag:old.example,2000:guid:4711"];
    assert_eq!(atom_ids(&text(&site.output(), "atom.xml")), expected);
    site.write("site.toml", toml("new.example"));
    site.publish(NOW, &[]);
    let files = site.output();
    assert_eq!(atom_ids(&text(&files, "atom.xml")), expected);
    // A tombstone names the same entry.
    site.write("content/news/a.md", article(1, "id = \"4711\"\ndraft = true"));
    site.publish(NOW, &[]);
    assert!(text(&site.output(), "atom.xml").contains("ref=\"tag:old.example,2000:guid:4711\""));
}

#[test]
fn two_ids_that_are_one_in_atom_are_an_error_that_names_both_files() {
    let id = "6f9619ff-8b86-d011-b42d-00cf4fc964ff";
    let site = Site::new(&[
        ("content/a.md", &article(1, &format!("id = \"{id}\""))),
        ("content/b.md", &article(2, &format!("id = \"urn:uuid:{id}\""))),
    ]);
    let (code, problems) = site.problems(&[]);
    assert_eq!(code, Some(1));
    assert!(problems[0].starts_with("identity::id content/b.md"), "{problems:#?}");
    assert!(problems[0].contains("content/a.md"), "{problems:#?}");
}

/// Four feeds with the article `content/jobs/a.md`: of the site, a section, a term and a selection.
const WITH_JOBS: [&str; 4] = ["", "jobs/", "tags/ferry/", "feeds/sea/"];

fn jobs() -> Site {
    let site = Site::new(&[("content/jobs/_index.md", "+++\ntitle = \"Jobs\"\n+++\n")]);
    site.write("site.toml", format!("{TOML}[[feeds.custom]]\nname = \"sea\"\nsections = [\"jobs\"]\n"));
    site
}

#[test]
fn a_feed_that_was_public_stays_when_its_last_entry_leaves() {
    let tagged = |more: &str| article(1, &format!("tags = [\"Ferry\"]\n{more}"));
    for (how, changed, has_tombstone) in [
        ("expiry", Some(("content/jobs/a.md", tagged("expires = 2026-11-24T13:00:00Z"))), true),
        ("draft", Some(("content/jobs/a.md", tagged("draft = true"))), true),
        ("deletion", None, true),
        ("another section and no term", Some(("content/news/a.md", article(1, ""))), false),
    ] {
        let site = jobs();
        site.write("content/jobs/a.md", tagged(""));
        assert_eq!(site.publish(NOW, &[]).0, Some(0), "{how}");
        let before = site.output();
        std::fs::remove_file(site.path("content/jobs/a.md")).unwrap();
        if let Some((path, text)) = changed {
            site.write(path, text);
        }
        // Also once the tombstones are gone.
        for (now, tombstone) in [("2026-11-24T14:00:00Z", has_tombstone), ("2027-02-01T00:00:00Z", false)] {
            site.out_at(now);
            let files = site.output();
            for feed in WITH_JOBS {
                for format in FORMATS {
                    let path = format!("{feed}{format}");
                    assert!(files.contains_key(&path), "{how}: {path} is gone at {now}");
                }
                let moved = how.starts_with("another") && feed.is_empty();
                let atom = text(&files, &format!("{feed}atom.xml"));
                assert_eq!(atom_ids(&atom).is_empty(), !moved, "{how}: {feed} at {now}");
                assert_eq!(
                    feed_id(&files, &format!("{feed}atom.xml")),
                    feed_id(&before, &format!("{feed}atom.xml"))
                );
                // The terms of an article without a source are not known.
                let is_known = how != "deletion" || feed != "tags/ferry/";
                assert_eq!(
                    atom.contains("at:deleted-entry"),
                    tombstone && is_known,
                    "{how}: {feed} at {now}"
                );
                // RFC 4287, section 4.2.15: a change that is worth telling moves the date, and never back.
                let date = |atom: &str| between(atom, "<updated>", "<")[0].to_owned();
                let old = date(&text(&before, &format!("{feed}atom.xml")));
                assert!(moved || date(&atom) > old, "{how}: {feed}: {} after {old}", date(&atom));
            }
            let lint = site.command(&["feeds", "lint", "public"]).output().unwrap();
            assert!(lint.status.success(), "{how}: {}", String::from_utf8_lossy(&lint.stdout));
            let verified = site.command(&["verify", "--now", now]).output().unwrap();
            assert!(verified.status.success(), "{how}: {}", String::from_utf8_lossy(&verified.stdout));
            // Nothing is left to do.
            assert_eq!(site.publish(now, &[]).0, Some(4), "{how}");
        }
    }
}

#[test]
fn the_feed_of_a_folder_without_an_index_stays_while_the_folder_is_there() {
    let site = Site::new(&[("content/jobs/a.md", &article(1, "")), ("content/news/b.md", &article(2, ""))]);
    site.publish(NOW, &[]);
    site.write("content/jobs/a.md", article(1, "draft = true"));
    site.publish(NOW, &[]);
    assert!(site.output().contains_key("jobs/atom.xml"));
    assert!(site.output().contains_key("jobs/index.html"));
}

#[test]
fn a_feed_that_ends_is_told_and_keeps_its_id_for_a_return() {
    let site = jobs();
    site.write("content/jobs/a.md", article(1, ""));
    site.write("content/news/b.md", article(2, ""));
    site.publish(NOW, &[]);
    let id = feed_id(&site.output(), "jobs/atom.xml");
    std::fs::remove_dir_all(site.path("content/jobs")).unwrap();
    let (code, lines) = site.publish(NOW, &["--accept"]);
    assert_eq!(code, Some(0), "{lines:#?}");
    assert!(
        lines.iter().any(|line| line.starts_with("ended the feed") && line.contains("/jobs/rss.xml")),
        "{lines:#?}"
    );
    assert!(!site.output().contains_key("jobs/rss.xml"));
    // It is told once.
    assert!(site.publish(NOW, &["--verbose"]).1.iter().all(|line| !line.contains("ended")));
    site.write("site.toml", TOML.replace("example.org", "example.net"));
    site.write("content/jobs/c.md", article(3, ""));
    site.publish(NOW, &[]);
    assert_eq!(feed_id(&site.output(), "jobs/atom.xml"), id);
}

#[test]
fn feeds_keep_their_ids_when_the_site_moves_to_another_domain() {
    let site = jobs();
    site.write("content/jobs/a.md", article(1, "tags = [\"Ferry\"]"));
    let toml = |host: &str| {
        let custom = "[[feeds.custom]]\nname = \"sea\"\n";
        format!("title = \"T\"\nbase_url = \"https://{host}/\"\ntimezone = \"UTC\"\n{custom}")
    };
    site.write("site.toml", toml("old.example"));
    site.publish(NOW, &[]);
    let ids = |files: &Files| WITH_JOBS.map(|feed| feed_id(files, &format!("{feed}atom.xml")));
    let before = ids(&site.output());
    assert_eq!(before[1], "tag:old.example,2000:feed:section:jobs");
    site.write("site.toml", toml("new.example"));
    // A build and a publication agree.
    site.built();
    assert_eq!(ids(&site.output()), before);
    site.publish(NOW, &[]);
    assert_eq!(ids(&site.output()), before);
}

#[test]
fn a_ledger_of_an_earlier_version_gets_the_feeds_as_they_were() {
    let site = Site::new(&[("content/jobs/a.md", &article(1, ""))]);
    site.publish(NOW, &[]);
    let before = site.output();
    let ledger = std::fs::read_to_string(site.path("ledger.jsonl")).unwrap();
    let is_old = |line: &&str| !line.starts_with("{\"feed\"") && !line.starts_with("{\"authority\"");
    let old: Vec<&str> = ledger.lines().filter(is_old).collect();
    let old = old.join("\n").replace("\"version\":2", "\"version\":1") + "\n";
    assert_ne!(old, ledger);
    site.write("ledger.jsonl", &old);
    site.out_at(NOW);
    assert_eq!(std::fs::read_to_string(site.path("ledger.jsonl")).unwrap(), ledger);
    assert_eq!(site.output(), before);
}

#[test]
fn where_a_section_moves_its_old_addresses_lead_on() {
    let index = |path: &str| format!("+++\ntitle = \"News\"\n{path}\n+++\n");
    for how in ["path", "folder", "folder around it"] {
        let (old, new) = match how {
            "folder around it" => ("world/news", "globe/news"),
            _ => ("news", "nachrichten"),
        };
        let site = Site::new(&[]);
        site.write("site.toml", format!("page_size = 2\n{TOML}"));
        site.write(&format!("content/{old}/_index.md"), index(""));
        for day in 1..=6 {
            site.write(&format!("content/{old}/a{day}.md"), article(day, ""));
        }
        site.publish(NOW, &[]);
        let id = feed_id(&site.output(), &format!("{old}/atom.xml"));
        match how {
            "path" => site.write(&format!("content/{old}/_index.md"), index(&format!("path = \"{new}\""))),
            _ => {
                let (from, to) = (site.path(&format!("content/{old}")), site.path(&format!("content/{new}")));
                std::fs::create_dir_all(to.parent().unwrap()).unwrap();
                std::fs::rename(from, to).unwrap();
            }
        }
        // Later publications know it too.
        for _ in 0..2 {
            site.out_at(NOW);
            let files = site.output();
            let rules = text(&files, "_redirects");
            for format in FORMATS {
                // A feed reader finds the feed at its old address too.
                let (was, is) = (format!("{old}/{format}"), format!("{new}/{format}"));
                assert_eq!(files[&was], files[&is], "{how}");
                assert!(rules.contains(&format!("/{was} /{is} 301\n")), "{how}: {rules}");
            }
            for page in ["", "page/1/"] {
                let html = text(&files, &format!("{old}/{page}index.html"));
                assert!(html.contains(&format!("https://example.org/{new}/{page}")), "{how}: {html}");
            }
            assert_eq!(feed_id(&files, &format!("{new}/atom.xml")), id, "{how}");
            assert!(
                text(&files, &format!("{old}/atom.xml")).contains(&format!("/{new}/atom.xml\" rel=\"self\""))
            );
        }
    }
}

#[test]
fn a_move_of_a_feed_is_told() {
    let site = Site::new(&[("content/news/a.md", &article(1, ""))]);
    site.publish(NOW, &[]);
    site.write("site.toml", format!("{TOML}[feeds]\nrss = \"feed/feed.xml\"\n"));
    let (_, lines) = site.publish(NOW, &[]);
    let line = "moved the feed /news/rss.xml to /news/feed/feed.xml: the old leads to the new";
    assert!(lines.iter().any(|one| one == line), "{lines:#?}");
    let files = site.output();
    assert_eq!(files["news/rss.xml"], files["news/feed/feed.xml"]);
    assert_eq!(files["rss.xml"], files["feed/feed.xml"]);
}

#[test]
fn a_renamed_selection_is_recognised() {
    let site = Site::new(&[("content/news/a.md", &article(1, ""))]);
    let toml = |name: &str| format!("{TOML}[[feeds.custom]]\nname = \"{name}\"\nsections = [\"news\"]\n");
    site.write("site.toml", toml("sea"));
    site.publish(NOW, &[]);
    let id = feed_id(&site.output(), "feeds/sea/atom.xml");
    site.write("site.toml", toml("ocean"));
    site.publish(NOW, &[]);
    let files = site.output();
    assert_eq!(feed_id(&files, "feeds/ocean/atom.xml"), id);
    assert_eq!(files["feeds/sea/atom.xml"], files["feeds/ocean/atom.xml"]);
}

#[test]
fn ids_and_old_addresses_of_feeds_can_be_given() {
    let site = Site::new(&[
        ("content/news/a.md", &article(1, "")),
        (
            "content/news/_index.md",
            "+++\ntitle = \"News\"\n[feeds]\nid = \"https://old.example/news/feed/\"\naliases = [\"/category/news/feed/\", \"/news.atom\"]\n+++\n",
        ),
    ]);
    site.write(
        "site.toml",
        format!("{TOML}[feeds]\nid = \"urn:x:1\"\naliases = [\"/feed/\", \"/index.xml\", \"feeds/all.atom.xml\", \"/old.json\"]\n[[feeds.custom]]\nname = \"sea\"\nid = \"urn:x:2\"\naliases = [\"/sea.rss\"]\n"),
    );
    let files = site.built();
    assert_eq!(feed_id(&files, "atom.xml"), "urn:x:1");
    assert_eq!(feed_id(&files, "news/atom.xml"), "https://old.example/news/feed/");
    assert_eq!(feed_id(&files, "feeds/sea/atom.xml"), "urn:x:2");
    for (old, new) in [
        ("index.xml", "rss.xml"),
        ("feeds/all.atom.xml", "atom.xml"),
        ("old.json", "feed.json"),
        ("news.atom", "news/atom.xml"),
        ("sea.rss", "feeds/sea/rss.xml"),
    ] {
        assert_eq!(files[old], files[new], "{old}");
        assert!(text(&files, "_redirects").contains(&format!("/{old} /{new} 301\n")), "{old}");
    }
    // The index of a folder is the feed too, and sends browsers on.
    for (folder, feed) in [("feed", "rss.xml"), ("category/news/feed", "news/rss.xml")] {
        let index = text(&files, &format!("{folder}/index.html"));
        let element = format!(
            "<meta xmlns=\"http://www.w3.org/1999/xhtml\" http-equiv=\"refresh\" content=\"0; url=https://example.org/{feed}\"/>"
        );
        assert!(index.contains(&element), "{index}");
        assert_eq!(index.replace(&element, ""), text(&files, feed), "{folder}");
        assert!(text(&files, "_redirects").contains(&format!("/{folder}/ /{feed} 301\n")), "{folder}");
    }
}

#[test]
fn feeds_of_terms_go_on_where_they_were() {
    let site = Site::new(&[
        ("content/news/a.md", &article(1, "tags = [\"Low Water\", \"C++\"]\nauthors = [\"Ada\"]\n")),
        ("content/news/b.md", &article(2, "tags = [\"Ada\"]\n")),
        ("content/tags/low-water/_index.md", "+++\nslug = \"ebb\"\n+++\n"),
    ]);
    site.write(
        "site.toml",
        format!(
            "{TOML}[taxonomies.tags.feeds]\naliases = [\"/tag/{{slug}}/feed/\", \"/by/{{name}}.atom.xml\", \"/all/{{slug}}.xml\"]\n\
             [taxonomies.authors.feeds]\naliases = [\"/all/{{slug}}.xml\"]\nlimit = 5\n"
        ),
    );
    let files = site.built();
    for (old, new) in [
        ("by/Low Water.atom.xml", "tags/ebb/atom.xml"),
        ("by/C++.atom.xml", "tags/c-plus-plus/atom.xml"),
        ("all/ebb.xml", "tags/ebb/rss.xml"),
    ] {
        assert_eq!(files[old], files[new], "{old}");
    }
    assert!(text(&files, "tag/ebb/feed/index.html").contains("<rss"));
    assert!(text(&files, "_redirects").contains("/tag/ebb/feed/ /tags/ebb/rss.xml 301\n"));
    // Two feeds may have been there by the same pattern: one of them has it.
    assert!(files.contains_key("all/ada.xml"));
}

#[test]
fn a_section_can_keep_its_articles_to_its_own_feed() {
    let site = Site::new(&[
        ("content/news/a.md", &article(1, "tags = [\"x\"]\n")),
        ("content/letters/_index.md", "+++\n[feeds]\nsite = false\n+++\n"),
        ("content/letters/b.md", &article(2, "tags = [\"x\"]\n")),
        ("content/letters/old/c.md", &article(3, "")),
    ]);
    let files = site.built();
    let count = |feed: &str| crate::site::json(&files, feed)["items"].as_array().unwrap().len();
    assert_eq!((count("feed.json"), count("letters/feed.json"), count("tags/x/feed.json")), (1, 2, 2));
}

#[test]
fn the_language_of_a_feed_is_that_of_its_entries() {
    let language = |files: &Files, feed: &str| {
        let rss = text(files, &format!("{feed}rss.xml"));
        let atom = text(files, &format!("{feed}atom.xml"));
        let head = atom.split("<title>").next().unwrap();
        let found = [
            between(&rss, "<language>", "<")[0].to_owned(),
            between(head, "xml:lang=\"", "\"")[0].to_owned(),
            json(files, &format!("{feed}feed.json"))["language"].as_str().unwrap().to_owned(),
        ];
        assert!(found.iter().all(|one| *one == found[0]), "{feed}: {found:?}");
        found[0].clone()
    };
    let site = Site::new(&[
        ("content/fr/_index.md", "+++\ntitle = \"Nouvelles\"\nlang = \"fr\"\n+++\n"),
        ("content/fr/a.md", &article(1, "tags = [\"mer\"]")),
        ("content/fr/port/b.md", &article(2, "tags = [\"mer\"]")),
        ("content/news/c.md", &article(3, "")),
        ("content/mixed/d.md", &article(4, "lang = \"de\"")),
        ("content/mixed/e.md", &article(5, "")),
        ("content/all/f.md", &article(6, "lang = \"es\"")),
        ("content/all/g.md", &article(7, "lang = \"es\"")),
    ]);
    site.write(
        "site.toml",
        format!("{TOML}[[feeds.custom]]\nname = \"sea\"\nsections = [\"fr\"]\n[[feeds.custom]]\nname = \"said\"\nlanguage = \"it\"\n"),
    );
    let files = site.built();
    for (feed, expected) in [
        ("", "en"),
        ("fr/", "fr"),
        ("fr/port/", "fr"),
        ("news/", "en"),
        ("mixed/", "en"),
        ("all/", "es"),
        ("tags/mer/", "fr"),
        ("feeds/sea/", "fr"),
        ("feeds/said/", "it"),
    ] {
        assert_eq!(language(&files, feed), expected, "{feed}");
    }
    // Articles and pages of a section are in its language.
    for page in ["fr/index.html", "fr/a/index.html", "fr/port/index.html", "fr/port/b/index.html"] {
        assert!(text(&files, page).contains("<html lang=\"fr\""), "{page}");
    }
    // An entry in another language than its feed says so.
    let items = json(&files, "feed.json")["items"].clone();
    let of = |title: &str| {
        items.as_array().unwrap().iter().find(|one| one["title"] == title).unwrap()["language"].clone()
    };
    assert_eq!((of("Article 1"), of("Article 3")), (Value::from("fr"), Value::Null));
    let said = json(&files, "feeds/said/feed.json");
    assert!(said["items"].as_array().unwrap().iter().all(|one| one["language"].is_string()), "{said}");
}

#[test]
fn an_article_without_a_title_has_none_in_feeds_and_a_name_in_lists() {
    let text_of_note =
        "The night boat is late again, and nobody on the quay can say why or until when it will be.";
    let beginning = "The night boat is late again, and nobody on the quay can\u{2026}";
    for (how, section, front, body, name) in [
        ("empty", "", "title = \"\"\n", text_of_note, beginning),
        ("blank", "", "title = \"  \"\n", text_of_note, beginning),
        ("left out", "", "", text_of_note, beginning),
        ("a section of notes", "[cascade]\ntitle = \"\"\n", "", text_of_note, beginning),
        ("with a summary", "", "title = \"\"\nsummary = \"Late.\"\n", text_of_note, "Late."),
        ("a picture alone", "", "title = \"\"\n", "![](https://example.com/a.png)", "1 November 2026"),
    ] {
        let site = Site::new(&[]);
        site.write("site.toml", TOML.replace("title", "locale = \"en-GB\"\ntitle"));
        site.write("content/notes/_index.md", format!("+++\ntitle = \"Notes\"\n{section}+++\n"));
        let source = format!("+++\n{front}date = 2026-11-01T08:00:00Z\n+++\n{body}\n");
        site.write("content/notes/20261101-0800.md", source);
        let (code, problems) = site.problems(&[]);
        assert_eq!(code, Some(0), "{how}: {problems:#?}");
        let is_warned =
            problems.iter().any(|one| one.starts_with("content::untitled content/notes/20261101-0800.md"));
        assert_eq!(is_warned, how == "left out", "{how}: {problems:#?}");
        let files = site.output();
        let rss = text(&files, "rss.xml");
        assert!(rss.contains("<item><link>"), "{how}: {rss}");
        assert_eq!(json(&files, "feed.json")["items"][0]["title"], Value::Null, "{how}");
        let atom = text(&files, "atom.xml");
        assert!(atom.contains(&format!("<entry><title>{name}</title>")), "{how}: {atom}");
        let page = text(&files, "notes/20261101-0800/index.html");
        assert!(page.contains(&format!("<title>{name} \u{b7} T</title>")), "{how}: {page}");
        assert!(page.contains("<h1 class=\"visually-hidden\">"), "{how}: {page}");
        let list = text(&files, "notes/index.html");
        assert!(list.contains(&format!(">{name}</a></h2>")), "{how}: {list}");
        assert!(files.values().all(|file| !String::from_utf8_lossy(file).contains("20261101 0800")), "{how}");
        let lint = site.command(&["feeds", "lint", "public"]).output().unwrap();
        assert!(lint.status.success(), "{how}: {}", String::from_utf8_lossy(&lint.stdout));
    }
}

#[test]
fn a_note_without_any_text_has_its_day_where_rss_needs_something() {
    for (how, name, source, is_in_rss) in [
        ("nothing at all", "a.md", "+++\ntitle = \"\"\ndate = 2026-11-01\n+++\n", true),
        ("no key either", "a.md", "---\ndate: 2026-11-01\n---\n\n", true),
        ("a comment alone", "a.md", "---\ntitle: ''\ndate: 2026-11-01\n---\n<!-- later -->\n", true),
        (
            "a recording alone",
            "a.md",
            "+++\ntitle = \"\"\ndate = 2026-11-01\nenclosure = { url = \"https://cdn.example/a.mp3\", length = 1 }\n+++\n",
            true,
        ),
        ("a wire article of dates", "a.txt", "PUBLISHED : 1 November 2026\n", true),
        ("a summary", "a.md", "+++\ntitle = \"\"\nsummary = \"Late.\"\ndate = 2026-11-01\n+++\n", false),
    ] {
        let site = Site::new(&[(&format!("content/news/{name}"), source)]);
        site.write("site.toml", TOML.replace("title", "locale = \"en-GB\"\ntitle"));
        let (code, problems) = site.problems(&[]);
        assert_eq!(code, Some(0), "{how}: {problems:#?}");
        let files = site.output();
        let rss = text(&files, "rss.xml");
        assert_eq!(rss.contains("<item><title>1 November 2026</title>"), is_in_rss, "{how}: {rss}");
        assert_eq!(json(&files, "feed.json")["items"][0]["title"], Value::Null, "{how}");
        let lint = site.command(&["feeds", "lint", "public"]).output().unwrap();
        assert!(lint.status.success(), "{how}: {}", String::from_utf8_lossy(&lint.stdout));
    }
}

#[test]
fn a_wire_article_without_a_headline_has_no_title() {
    let source = "PUBLISHED : 1 November 2026, 8:00am\n\nThe night boat is late again.\n";
    for (section, warning) in [
        ("", Some("wire::headline content/wires/late.txt:1:13 there is no headline above the dates")),
        ("[cascade]\ntitle = \"\"\n", None),
    ] {
        let site = Site::new(&[("content/wires/late.txt", source)]);
        site.write("content/wires/_index.md", format!("+++\ntitle = \"Wires\"\n{section}+++\n"));
        let (code, problems) = site.problems(&[]);
        assert_eq!((code, problems.len()), (Some(0), usize::from(warning.is_some())), "{problems:#?}");
        assert!(warning.is_none_or(|warning| problems[0].starts_with(warning)), "{problems:#?}");
        let files = site.output();
        assert!(text(&files, "rss.xml").contains("<item><link>"));
        assert_eq!(json(&files, "feed.json")["items"][0]["title"], Value::Null);
        assert!(text(&files, "atom.xml").contains("<entry><title>The night boat is late again.</title>"));
        assert!(text(&files, "wires/index.html").contains(">The night boat is late again.</a></h2>"));
        let page = text(&files, "wires/late/index.html");
        assert!(page.contains("<p>The night boat is late again.</p>"), "{page}");
    }
}

#[test]
fn a_build_without_a_ledger_warns_of_an_id_that_is_gone() {
    let dated = |date: &str, more: &str| format!("+++\ntitle = \"A\"\ndate = {date}\n{more}+++\nText.\n");
    let first = dated("2026-11-01T23:30:00Z", "");
    let id = "tag:example.org,2026-11-01:news/a";
    for (how, changed, warned) in [
        ("the day is corrected", dated("2026-11-02T23:30:00Z", ""), true),
        ("another offset", dated("2026-11-02T07:30:00+08:00", ""), true),
        ("another `id`", dated("2026-11-01T23:30:00Z", "id = \"urn:x:1\"\n"), true),
        ("the old one as `id`", dated("2026-11-02T07:30:00+08:00", &format!("id = \"{id}\"\n")), false),
        ("an edit", dated("2026-11-01T23:30:00Z", "summary = \"S\"\n"), false),
        ("a draft", dated("2026-11-02T23:30:00Z", "draft = true\n"), false),
    ] {
        let site = Site::new(&[("content/news/a.md", &first)]);
        site.built();
        site.write("content/news/a.md", &changed);
        let (code, problems) = site.problems(&[]);
        assert_eq!(code, Some(0), "{how}: {problems:#?}");
        let is_it =
            |one: &String| one.starts_with("identity::moved_id content/news/a.md") && one.contains(id);
        assert_eq!(problems.iter().any(is_it), warned, "{how}: {problems:#?}");
    }
    // The ledger keeps the id.
    let site = Site::new(&[("content/news/a.md", &first)]);
    site.publish(NOW, &[]);
    site.built();
    site.write("content/news/a.md", dated("2026-11-02T07:30:00+08:00", ""));
    let (_, problems) = site.problems(&[]);
    assert!(problems.iter().all(|one| !one.contains("moved_id")), "{problems:#?}");
    assert_eq!(ids(&json(&site.output(), "feed.json")), [id]);
}

#[test]
fn an_article_in_another_language_says_so_wherever_it_is_listed() {
    let tagged = |title: &str, day: u32, lang: &str| {
        format!(
            "+++\ntitle = \"{title}\"\ndate = 2026-11-{day:02}T10:00:00Z\ntags = [\"sea\"]\n{lang}+++\nText.\n"
        )
    };
    let site = Site::new(&[
        ("content/news/one.md", &tagged("One", 1, "")),
        ("content/news/two.md", &tagged("\u{645}\u{631}\u{641}\u{623}", 2, "lang = \"ar\"\n")),
        ("content/news/three.md", &tagged("Three", 3, "")),
        ("content/news/page.md", "+++\ntitle = \"\u{627}\"\nlang = \"ar\"\n+++\n"),
        ("content/ar/_index.md", "+++\ntitle = \"\u{639}\"\nlang = \"ar\"\n+++\n"),
        ("content/ar/four.md", &tagged("\u{628}\u{62d}\u{631}", 4, "")),
        ("content/ar/five.md", &tagged("Five", 5, "lang = \"en\"\n")),
    ]);
    let files = site.built();
    let (arabic, english) = ("lang=\"ar\" dir=\"rtl\"", "lang=\"en\" dir=\"ltr\"");
    // The number of elements in another language on each page.
    for (page, other, count) in [
        ("index.html", arabic, 2),
        ("news/index.html", arabic, 2),
        ("tags/sea/index.html", arabic, 2),
        ("404.html", arabic, 2),
        ("archive/2026/11/index.html", arabic, 2),
        ("ar/index.html", english, 1),
        ("ar/four/index.html", english, 2),
        ("news/one/index.html", arabic, 2),
    ] {
        let html = text(&files, page);
        let main = html.split("<main").nth(1).unwrap();
        assert!(
            main.matches(other).count() >= count,
            "{page} has {} of {count}: {main}",
            main.matches(other).count()
        );
        let same = if other == arabic { english } else { arabic };
        assert!(!main.contains(same), "{page}: {main}");
    }
}

#[test]
fn a_picture_that_does_not_exist_is_told_at_the_article_that_names_it() {
    for (written, near) in [
        ("image = \"Quay.PNG\"", "`quay.png`"),
        ("image = \"quai.png\"", "`quay.png`"),
        ("image = \"/harbor.png\"", "/harbour.png"),
        ("image = \"@/news/b/quai.png\"", "/news/b/quay.png"),
        ("image = { src = \"quai.png\", alt = \"Q\" }", "`quay.png`"),
        ("banner = \"quai.png\"", "`quay.png`"),
        ("image = \"nothing-like-it.webp\"", "put the file"),
    ] {
        let site = Site::new(&[
            ("content/news/b/index.md", &article(1, written)),
            ("content/news/b/quay.png", ""),
            ("static/harbour.png", ""),
        ]);
        site.write("site.toml", format!("{TOML}[images]\nresponsive = false\n"));
        let (code, report) = site.report(&[]);
        assert_eq!(code, Some(1), "{written}: {report:#}");
        let problem = &report["problems"][0];
        assert_eq!(problem["code"], "link::picture", "{written}: {report:#}");
        assert_eq!(
            (&problem["file"], &problem["line"]),
            (&"content/news/b/index.md".into(), &4.into()),
            "{written}"
        );
        assert!(problem["help"].as_str().unwrap().contains(near), "{written}: {problem:#}");
        // A publication says so, and holds back nothing.
        site.write("content/news/c.md", article(2, ""));
        assert_eq!(site.publish(NOW, &[]).0, Some(0), "{written}");
        assert_eq!(ids(&json(&site.output(), "feed.json")).len(), 2);
    }
    for written in
        ["image = \"quay.png\"", "image = \"/harbour.png\"", "image = \"https://example.com/x.png\""]
    {
        let site = Site::new(&[
            ("content/news/b/index.md", &article(1, written)),
            ("content/news/b/quay.png", ""),
            ("static/harbour.png", ""),
        ]);
        site.write("site.toml", format!("{TOML}[images]\nresponsive = false\n"));
        assert_eq!(site.problems(&[]), (Some(0), Vec::new()), "{written}");
    }
}

#[test]
fn a_file_that_a_text_shows_and_that_does_not_exist_is_an_error() {
    for (shown, class) in [
        ("![Quay](quai.png)", "picture"),
        ("<img src=\"quai.png\" alt=\"\">", "picture"),
        ("<audio src=\"/bell.mp3\" controls></audio>", "file"),
        ("<video src=\"https://example.com/a.mp4\" poster=\"/poster.jpg\"></video>", "picture"),
        ("{{ <audio src=\"/bell.mp3\" title=\"Bell\" /> }}", "file"),
    ] {
        let text = format!("+++\ntitle = \"A\"\ndate = 2026-11-01T10:00:00Z\n+++\n\n{shown}\n");
        let site = Site::new(&[("content/news/b/index.md", &text), ("content/news/b/quay.txt", "")]);
        let (code, problems) = site.problems(&[]);
        assert_eq!(code, Some(1), "{shown}: {problems:#?}");
        let start = format!("link::{class} content/news/b/index.md:6:");
        assert!(problems.iter().any(|one| one.starts_with(&start)), "{shown}: {problems:#?}");
        // It is told again by a build with nothing to do.
        assert_eq!(site.problems(&[]).1, problems, "{shown}");
    }
    let shown = "![A](quay.txt) ![B](https://example.com/b.png) ![C](data:image/png;base64,AA==) <img src=\"/s.png\">";
    let site = Site::new(&[
        ("content/news/b/index.md", &article(1, "").replace("The text", shown)),
        ("content/news/b/quay.txt", ""),
        ("static/s.png", ""),
    ]);
    site.write("site.toml", format!("{TOML}[images]\nresponsive = false\n"));
    assert_eq!(site.problems(&[]), (Some(0), Vec::new()));
}

#[test]
fn a_picture_of_the_settings_that_does_not_exist_is_warned_of_with_its_line() {
    let site = Site::new(&[("content/a.md", &article(1, "")), ("static/logo.png", "")]);
    let images = "[images]\nresponsive = false\n";
    site.write(
        "site.toml",
        format!("icon = \"Icon.png\"\nlogo = \"/lgo.png\"\n{TOML}{images}[[feeds.custom]]\nname = \"sea\"\nimage = \"sea.png\"\n"),
    );
    let (code, problems) = site.problems(&[]);
    assert_eq!(code, Some(0), "{problems:#?}");
    for (at, place) in ["1:9", "2:9", "11:10"].into_iter().enumerate() {
        assert!(problems[at].starts_with(&format!("link::template site.toml:{place} ")), "{problems:#?}");
    }
    site.write(
        "site.toml",
        format!("icon = \"https://example.com/i.png\"\nlogo = \"/logo.png\"\n{TOML}{images}"),
    );
    assert_eq!(site.problems(&[]), (Some(0), Vec::new()));
}

#[test]
fn the_page_of_a_section_can_have_aliases() {
    let site = Site::new(&[
        (
            "content/news/_index.md",
            "+++\ntitle = \"News\"\naliases = [\"/category/news/\", \"nouvelles\"]\n+++\n",
        ),
        ("content/news/a.md", &article(1, "")),
    ]);
    let files = site.built();
    for old in ["category/news/index.html", "nouvelles/index.html"] {
        assert!(text(&files, old).contains("https://example.org/news/"), "{old}");
    }
}
