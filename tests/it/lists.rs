//! Lists: their order, their pages, series, and what an editor decides about one article.

use std::fs;

use serde_json::Value;

use crate::site::{Files, NOW, Site, TOML, between, json, text};

/// Templates that write what they get as lines.
const LIST: &str = "{% for one in section.pages %}page {{ one.title }}\n{% endfor %}{% for one in pager.articles %}{{ one.title }}\n{% endfor %}newer {{ pager.newer or \"-\" }} older {{ pager.older or \"-\" }} number {{ pager.number or \"-\" }}\n";
const LEAF: &str = "{{ article.title }}\nprevious {% if article.previous %}{{ article.previous.title }}{% else %}-{% endif %}\nnext {% if article.next %}{{ article.next.title }}{% else %}-{% endif %}\n";

/// A site with those templates.
fn plain(files: &[(&str, &str)]) -> Site {
    let site = Site::new(files);
    for name in ["index.html", "section.html"] {
        site.write(&format!("templates/{name}"), LIST);
    }
    site.write(
        "templates/term.html",
        "{% for one in pager.articles %}{{ one.title }}\n{% endfor %}number {{ pager.number or \"-\" }}\n",
    );
    for name in ["article.html", "page.html"] {
        site.write(&format!("templates/{name}"), LEAF);
    }
    site
}

fn article(title: &str, day: u8, more: &str) -> String {
    format!(
        "+++\ntitle = \"{title}\"\ndate = 2026-01-{day:02}T10:00:00Z\n{more}\n+++\nThe text of {title}.\n"
    )
}

/// The lines of the list at `path` that are titles.
fn titles(files: &Files, path: &str) -> Vec<String> {
    let lines = text(files, path);
    let lines = lines.lines().filter(|line| !line.starts_with("newer ") && !line.starts_with("number "));
    lines.map(str::to_owned).collect()
}

/// The titles of the entries of a JSON Feed.
fn entries(files: &Files, path: &str) -> Vec<String> {
    let feed = json(files, path);
    let items = feed["items"].as_array().unwrap().iter();
    items.map(|item| item["title"].as_str().unwrap_or_default().to_owned()).collect()
}

/// The files whose text has `word`.
fn with(files: &Files, word: &str) -> Vec<String> {
    let has = |bytes: &[u8]| String::from_utf8_lossy(bytes).contains(word);
    files.iter().filter(|(_, bytes)| has(bytes)).map(|(path, _)| path.clone()).collect()
}

#[test]
fn a_section_sorts_its_articles_by_the_field_that_it_names() {
    let articles = [
        ("b", "Éclair", 1, "weight = 3\nupdated = 2026-03-01\n[extra]\nprice = 12.5"),
        ("c", "apple", 2, "weight = -1\nupdated = 2026-02-01\n[extra]\nprice = 9"),
        ("a", "Zebra", 3, "weight = 3\n[extra]\nprice = 100"),
        ("d", "zoo", 3, "[extra]\nname = \"none\""),
    ];
    let cases = [
        ("\"-date\"", "Zebra zoo apple Éclair"),
        ("\"date\"", "Éclair apple Zebra zoo"),
        ("\"-updated\"", "Éclair apple Zebra zoo"),
        ("\"title\"", "apple Éclair Zebra zoo"),
        ("\"-title\"", "zoo Zebra Éclair apple"),
        ("\"weight\"", "apple zoo Zebra Éclair"),
        ("\"-weight\"", "Zebra Éclair zoo apple"),
        // One without the value is last either way.
        ("\"extra.price\"", "apple Éclair Zebra zoo"),
        ("\"-extra.price\"", "Zebra Éclair apple zoo"),
        ("[\"weight\", \"title\"]", "apple zoo Éclair Zebra"),
        ("\"path\"", "Zebra Éclair apple zoo"),
    ];
    for (sort, expected) in cases {
        let site = plain(&[("content/shop/_index.md", &format!("+++\nsort = {sort}\n+++\n"))]);
        for (name, title, day, more) in articles {
            site.write(&format!("content/shop/{name}.md"), article(title, day, more));
        }
        let files = site.built();
        assert_eq!(titles(&files, "shop/index.html").join(" "), expected, "{sort}");
        // Feeds have the newest first, whatever the list has.
        assert_eq!(entries(&files, "shop/feed.json")[2..], ["apple", "Éclair"], "{sort}");
    }
}

#[test]
fn wrong_orders_are_refused_with_a_remedy() {
    let cases = [
        ("sort = \"prise\"", "metadata::value"),
        ("sort = \"wieght\"", "metadata::value"),
        ("sort = \"date desc\"", "metadata::value"),
        ("sort = { by = \"title\" }", "metadata::kind"),
        ("sort = 5", "metadata::value"),
        ("page_size = \"6\"", "metadata::kind"),
        ("page_size = 0", "metadata::value"),
        ("page_size = 99999999", "metadata::value"),
    ];
    for (line, code) in cases {
        let site = plain(&[("content/shop/_index.md", &format!("+++\n{line}\n+++\n"))]);
        let (status, problems) = site.problems(&[]);
        assert_eq!(status, Some(1), "{line}");
        assert!(
            problems[0].starts_with(&format!("{code} content/shop/_index.md:2:")),
            "{line}: {problems:?}"
        );
    }
    let site = plain(&[("content/a.md", &article("A", 1, "weight = \"3\""))]);
    assert!(site.problems(&[]).1[0].starts_with("metadata::kind content/a.md:4:"));
}

#[test]
fn a_field_that_nobody_has_and_values_of_several_kinds_are_warnings() {
    let site = plain(&[
        ("content/shop/_index.md", "+++\ntitle = \"Shop\"\nsort = \"extra.prise\"\n+++\n"),
        ("content/shop/a.md", &article("A", 1, "[extra]\nprice = 3")),
        ("content/shop/b.md", &article("B", 2, "[extra]\nprice = \"4\"")),
        ("content/shop/c.md", &article("C", 3, "[extra]\nprice = nan")),
    ]);
    let (status, report) = site.report(&[]);
    assert_eq!((status, &report["problems"][0]["code"]), (Some(0), &"list::field".into()));
    assert_eq!(report["problems"][0]["help"], "did you mean `extra.price`?");
    assert_eq!(report["problems"][0]["line"], 3);
    assert_eq!(titles(&site.output(), "shop/index.html"), ["C", "B", "A"]);
    site.write("content/shop/_index.md", "+++\nsort = \"extra.price\"\n+++\n");
    let (status, problems) = site.problems(&[]);
    assert_eq!(status, Some(0));
    assert!(problems[0].starts_with("list::kinds content/shop/b.md"), "{problems:?}");
    // Numbers come before texts, and what is no number comes last.
    assert_eq!(titles(&site.output(), "shop/index.html"), ["A", "B", "C"]);
}

#[test]
fn a_list_in_another_order_has_pages_of_one_size_from_its_front() {
    let site = plain(&[("content/shop/_index.md", "+++\nsort = \"title\"\npage_size = 2\n+++\n")]);
    for (at, title) in (1..).zip(["e", "d", "c", "b", "a"]) {
        site.write(&format!("content/shop/{title}.md"), article(title, at, ""));
    }
    let files = site.built();
    assert_eq!(text(&files, "shop/index.html"), "a\nb\nnewer - older /shop/page/2/ number -\n");
    assert_eq!(text(&files, "shop/page/2/index.html"), "c\nd\nnewer /shop/ older /shop/page/3/ number 2\n");
    assert_eq!(text(&files, "shop/page/3/index.html"), "e\nnewer /shop/page/2/ older - number 3\n");
    // The usual order keeps its numbers from the oldest.
    assert_eq!(titles(&files, "index.html").len(), 5);
}

#[test]
fn a_cascade_gives_order_size_and_feeds_to_all_below_and_the_nearer_one_wins() {
    let site = plain(&[
        ("content/guide/_index.md", "+++\n[cascade]\nsort = \"title\"\npage_size = 1\nfeed = false\n+++\n"),
        ("content/guide/one/_index.md", "+++\ntitle = \"One\"\n+++\n"),
        (
            "content/guide/two/_index.md",
            "+++\nsort = \"-title\"\npage_size = 9\nfeed = true\n[cascade]\nfeed = true\n+++\n",
        ),
    ]);
    for folder in ["one", "two"] {
        for (day, title) in [(1, "a"), (3, "b"), (2, "c")] {
            let title = format!("{title}-{folder}");
            site.write(&format!("content/guide/{folder}/{title}.md"), article(&title, day, ""));
        }
    }
    let files = site.built();
    assert_eq!(titles(&files, "guide/one/index.html"), ["a-one"]);
    assert_eq!(titles(&files, "guide/one/page/2/index.html"), ["b-one"]);
    assert_eq!(titles(&files, "guide/two/index.html"), ["c-two", "b-two", "a-two"]);
    // The section itself has what it sets, not what it hands down.
    assert_eq!(titles(&files, "guide/index.html").len(), 6);
    assert!(!files.contains_key("guide/one/feed.json"));
    assert_eq!(entries(&files, "guide/two/feed.json"), ["b-two", "c-two", "a-two"]);
    assert_eq!(entries(&files, "guide/feed.json"), ["b-two", "c-two", "a-two"]);
    assert_eq!(entries(&files, "feed.json"), ["b-two", "c-two", "a-two"]);
}

#[test]
fn a_section_without_a_feed_keeps_its_articles_in_the_feed_of_the_site() {
    let site = plain(&[
        ("content/notes/_index.md", "+++\nfeed = false\n+++\n"),
        ("content/notes/a.md", &article("A", 1, "")),
    ]);
    let files = site.built();
    assert!(!files.contains_key("notes/feed.json"));
    assert_eq!(entries(&files, "feed.json"), ["A"]);
}

#[test]
fn pages_of_a_manual_follow_the_order_of_their_section() {
    let page =
        |title: &str, weight: i64| format!("+++\ntitle = \"{title}\"\nweight = {weight}\n+++\nText.\n");
    let site = plain(&[
        ("content/docs/_index.md", "+++\nsort = \"weight\"\n+++\n"),
        ("content/docs/c.md", &page("Install", 1)),
        ("content/docs/a.md", &page("Configure", 2)),
        ("content/docs/b.md", &page("Publish", 3)),
        ("content/about.md", &page("About", 1)),
        ("content/contact.md", &page("Contact", 2)),
    ]);
    let files = site.built();
    assert_eq!(titles(&files, "docs/index.html"), ["page Install", "page Configure", "page Publish"]);
    assert_eq!(text(&files, "docs/c/index.html"), "Install\nprevious -\nnext Configure\n");
    assert_eq!(text(&files, "docs/a/index.html"), "Configure\nprevious Install\nnext Publish\n");
    assert_eq!(text(&files, "docs/b/index.html"), "Publish\nprevious Configure\nnext -\n");
    // Pages that stand by themselves have no neighbours.
    assert_eq!(text(&files, "about/index.html"), "About\nprevious -\nnext -\n");
    // Another weight changes the pages beside it and the list, and nothing else.
    site.write("content/docs/b.md", page("Publish", 0));
    let report = site.report(&[]).1;
    assert_eq!(report["written"], 4, "{report:#}");
    let files = site.output();
    assert_eq!(titles(&files, "docs/index.html"), ["page Publish", "page Install", "page Configure"]);
    assert_eq!(text(&files, "docs/b/index.html"), "Publish\nprevious -\nnext Install\n");
}

#[test]
fn neighbours_follow_the_order_of_the_section() {
    let cases = [
        ("", ["b", "c", "a"]),
        ("sort = \"-date\"", ["b", "c", "a"]),
        ("sort = \"date\"", ["b", "c", "a"]),
        ("sort = \"title\"", ["a", "b", "c"]),
        ("sort = \"-title\"", ["c", "b", "a"]),
    ];
    for (sort, [first, second, third]) in cases {
        let site = plain(&[("content/s/_index.md", &format!("+++\n{sort}\n+++\n"))]);
        for (title, day) in [("a", 3), ("b", 1), ("c", 2)] {
            site.write(&format!("content/s/{title}.md"), article(title, day, ""));
        }
        let files = site.built();
        let page = |title: &str| text(&files, &format!("s/{title}/index.html"));
        assert_eq!(page(first), format!("{first}\nprevious -\nnext {second}\n"), "{sort}");
        assert_eq!(page(second), format!("{second}\nprevious {first}\nnext {third}\n"), "{sort}");
        assert_eq!(page(third), format!("{third}\nprevious {second}\nnext -\n"), "{sort}");
    }
}

const SERIES: &str = "{% for one in article.all_series %}{{ one.name }} {{ one.url }}: {{ one.position }} of {{ one.count }}, after {% if one.previous %}{{ one.previous.title }}{% else %}-{% endif %}, before {% if one.next %}{{ one.next.title }}{% else %}-{% endif %}\n{% endfor %}{% if article.series %}first {{ article.series.name }}: {% for one in article.series.parts %}{{ one.title }} {% endfor %}\n{% endif %}";

#[test]
fn the_nine_parts_of_a_series_are_read_in_order() {
    let site = plain(&[]);
    site.write("site.toml", format!("{TOML}[taxonomies.series]\n"));
    site.write("templates/article.html", SERIES);
    for part in 1..=9 {
        // An article elsewhere on the site, between the parts, is none of them.
        site.write(
            &format!("content/p{part}.md"),
            article(&format!("P{part}"), part, "series = \"Night boats\""),
        );
        site.write(&format!("content/x{part}.md"), article(&format!("X{part}"), part, ""));
    }
    let files = site.built();
    let all = "first Night boats: P1 P2 P3 P4 P5 P6 P7 P8 P9 \n";
    for (part, line) in [
        (1, "1 of 9, after -, before P2"),
        (2, "2 of 9, after P1, before P3"),
        (9, "9 of 9, after P8, before -"),
    ] {
        let expected = format!("Night boats /series/night-boats/: {line}\n{all}");
        assert_eq!(text(&files, &format!("p{part}/index.html")), expected);
    }
    assert_eq!(text(&files, "x1/index.html"), "");
    let parts: Vec<String> = (1..=9).map(|part| format!("P{part}")).collect();
    assert_eq!(titles(&files, "series/night-boats/index.html"), parts);
    // Its feed has the newest part first, as all feeds have.
    assert_eq!(entries(&files, "series/night-boats/feed.json")[0], "P9");
    // The theme says which part it is.
    fs::remove_file(site.path("templates/article.html")).unwrap();
    let page = text(&site.built(), "p2/index.html");
    let nav = between(&page, "<nav class=\"pager series\"", "</nav>")[0];
    assert!(nav.contains("Part 2 of 9 · <a href=\"/series/night-boats/\">Night boats</a>"), "{nav}");
    assert!(
        nav.contains("rel=\"prev\" href=\"/p1/\"") && nav.contains("rel=\"next\" href=\"/p3/\""),
        "{nav}"
    );
}

#[test]
fn a_series_may_be_sorted_otherwise_be_one_part_long_and_share_its_parts() {
    let site = plain(&[
        ("content/a.md", &article("A", 1, "series = [\"One\", \"Two\"]\nweight = 2")),
        ("content/b.md", &article("B", 2, "series = \"Two\"\nweight = 1\nplaces = \"Quay\"")),
        ("content/c.md", &article("C", 3, "tags = \"Two\"")),
    ]);
    let more = "[taxonomies.series]\nsort = \"weight\"\n[taxonomies.places]\nsort = \"title\"\n";
    site.write("site.toml", format!("{TOML}{more}"));
    site.write("templates/article.html", SERIES);
    let files = site.built();
    assert_eq!(
        text(&files, "a/index.html"),
        "One /series/one/: 1 of 1, after -, before -\nTwo /series/two/: 2 of 2, after B, before -\nfirst One: A \n"
    );
    assert_eq!(
        text(&files, "b/index.html"),
        "Two /series/two/: 1 of 2, after -, before A\nfirst Two: B A \n"
    );
    // Tags and places are no series.
    assert_eq!(text(&files, "c/index.html"), "");
    fs::remove_file(site.path("templates/article.html")).unwrap();
    let page = text(&site.built(), "a/index.html");
    assert_eq!(between(&page, "<nav class=\"pager series\"", "</nav>").len(), 1);
}

#[test]
fn an_unlisted_article_is_nowhere_but_at_its_own_address() {
    let all = "tags = [\"quays\", \"secret-tag\"]\nseries = \"Boats\"\nfeatured = true\npinned_until = 2030-01-01T00:00:00Z\naliases = [\"/old-name/\"]";
    let site = Site::new(&[
        ("content/news/_index.md", "+++\ntitle = \"News\"\nnews = true\n+++\n"),
        ("content/news/before.md", &article("Before", 1, "tags = [\"quays\"]\nseries = \"Boats\"")),
        ("content/news/whisper.md", &article("Whisper", 2, &format!("unlisted = true\n{all}"))),
        ("content/news/after.md", &article("After", 3, "tags = [\"quays\"]\nseries = \"Boats\"")),
        ("content/news/murmur.md", "+++\ntitle = \"Murmur\"\nunlisted = true\n+++\nA page.\n"),
        ("content/side/_index.md", "+++\ntitle = \"Sidelong\"\nunlisted = true\n+++\nText.\n"),
        ("content/side/rumour.md", &article("Rumour", 4, "")),
    ]);
    let lists = "[taxonomies.series]\n[[lists]]\nname = \"all\"\nlimit = 100\n";
    site.write("site.toml", format!("{TOML}{lists}"));
    site.write("templates/footer-end.html", "{% for one in lists.all %}{{ one.title }}{% endfor %}{% for one in recent %}{{ one.title }}{% endfor %}{% for one in featured %}{{ one.title }}{% endfor %}");
    let files = site.built();
    assert_eq!(with(&files, "Whisper"), ["news/whisper/index.html"]);
    assert_eq!(with(&files, "secret-tag"), [""; 0]);
    assert_eq!(with(&files, "Murmur"), ["news/murmur/index.html"]);
    assert_eq!(with(&files, "Rumour"), ["side/rumour/index.html"]);
    // A section with a page of its own is named by what is in it.
    assert_eq!(with(&files, "Sidelong"), ["side/index.html", "side/rumour/index.html"]);
    for path in ["news/whisper", "news/murmur", "side", "side/rumour"] {
        let page = text(&files, &format!("{path}/index.html"));
        assert!(page.contains("<meta name=\"robots\" content=\"noindex\">"), "{path}");
    }
    // Its address is in no file of others: not in the sitemap, not in feeds.
    let named = with(&files, "/news/whisper/");
    assert_eq!(named, ["_redirects", "news/whisper/index.html", "old-name/index.html"]);
    assert_eq!(with(&files, "/side/"), ["side/index.html", "side/rumour/index.html"]);
    // It has the terms that others have, too.
    let page = text(&files, "news/whisper/index.html");
    assert!(page.contains("/tags/quays/") && !page.contains("article.html"));
    let before = text(&files, "news/before/index.html");
    assert!(before.contains("Part 1 of 2") && before.contains("rel=\"next\" href=\"/news/after/\""));
}

#[test]
fn other_spellings_of_unlisted_hold_an_article_back() {
    for line in ["unlisted: yes", "unlisted: 1", "unlisted: \"true\"", "unlisted:", "unlisted: maybe"] {
        let source = format!("---\ntitle: Whisper\ndate: 2026-01-01T10:00:00Z\n{line}\n---\nText.\n");
        let site = Site::new(&[("content/whisper.md", &source)]);
        assert_eq!(with(&site.built(), "Whisper"), [""; 0], "{line}");
    }
    for line in ["unlisted: true", "Unlisted: true", "unlisted: True"] {
        let source = format!("---\ntitle: Whisper\ndate: 2026-01-01T10:00:00Z\n{line}\n---\nText.\n");
        let site = Site::new(&[("content/whisper.md", &source)]);
        assert_eq!(with(&site.built(), "Whisper"), ["whisper/index.html"], "{line}");
    }
    // A draft stays one.
    let site = Site::new(&[("content/a.md", &article("Whisper", 1, "unlisted = true\ndraft = true"))]);
    assert_eq!(with(&site.built(), "Whisper"), [""; 0]);
}

#[test]
fn an_article_may_be_in_lists_and_in_no_feed() {
    let site = plain(&[
        ("content/news/a.md", &article("A", 1, "")),
        ("content/news/b.md", &article("B", 2, "feed = false\ntags = \"t\"")),
    ]);
    site.write("site.toml", format!("{TOML}[[feeds.custom]]\nname = \"all\"\n"));
    let files = site.built();
    assert_eq!(titles(&files, "news/index.html"), ["B", "A"]);
    assert_eq!(titles(&files, "tags/t/index.html"), ["B"]);
    for feed in ["feed.json", "news/feed.json", "feeds/all/feed.json"] {
        assert_eq!(entries(&files, feed), ["A"], "{feed}");
    }
    assert!(!files.contains_key("tags/t/feed.json"));
    assert!(text(&files, "sitemap.xml").contains("/news/b/"));
}

#[test]
fn a_link_post_names_what_it_is_about_in_each_format() {
    let site =
        Site::new(&[("content/a.md", &article("A", 1, "link = \"https://ferry.example/night?a=1&b=2\""))]);
    let files = site.built();
    let url = "https://ferry.example/night?a=1&b=2";
    let item = &json(&files, "feed.json")["items"][0];
    assert_eq!((&item["external_url"], &item["url"]), (&url.into(), &"https://example.org/a/".into()));
    assert!(item["content_html"].as_str().unwrap().contains(">ferry.example</a>"));
    let escaped = "href=\"https://ferry.example/night?a=1&amp;b=2\"";
    for feed in ["atom.xml", "rss.xml"] {
        let links = text(&files, feed);
        let tags = between(&links, "link ", ">");
        assert!(tags.iter().any(|tag| tag.contains("rel=\"related\"") && tag.contains(escaped)), "{feed}");
    }
    assert!(text(&files, "rss.xml").contains("<link>https://example.org/a/</link>"));
    assert!(text(&files, "a/index.html").contains(escaped));
    for wrong in ["javascript:alert(1)", "https://"] {
        let site = Site::new(&[("content/a.md", &article("A", 1, &format!("link = \"{wrong}\"")))]);
        let (_, problems) = site.problems(&[]);
        assert!(problems[0].contains("content/a.md:4:"), "{wrong}: {problems:?}");
    }
}

#[test]
fn a_pinned_article_is_first_until_the_minute_at_which_it_comes_down() {
    let site = plain(&[
        ("content/news/old.md", &article("Old", 1, "pinned_until = 2026-11-25T09:30:00Z\ntags = \"t\"")),
        ("content/news/mid.md", &article("Mid", 2, "tags = \"t\"")),
        ("content/news/new.md", &article("New", 3, "tags = \"t\"\npinned_until = 2026-02-01T00:00:00Z")),
    ]);
    let files = site.built();
    for list in ["index.html", "news/index.html", "tags/t/index.html"] {
        assert_eq!(titles(&files, list), ["Old", "New", "Mid"], "{list}");
    }
    // Feeds and neighbours know nothing of it.
    assert_eq!(entries(&files, "feed.json"), ["New", "Mid", "Old"]);
    assert_eq!(text(&files, "news/mid/index.html"), "Mid\nprevious Old\nnext New\n");
    let due = site.command(&["due", "--now", NOW, "--format", "json"]).output().unwrap();
    let due: Value = serde_json::from_slice(&due.stdout).unwrap();
    assert_eq!(
        (&due["next"], &due["due"][0]["change"]),
        (&"2026-11-25T09:30:00Z".into(), &"unpinning".into())
    );
    assert_eq!(site.build_at("2026-11-25T09:29:59Z"), Some(0));
    // Only the lists change.
    assert_eq!(site.build_at("2026-11-25T09:30:00Z"), Some(3));
    assert_eq!(titles(&site.output(), "news/index.html"), ["New", "Mid", "Old"]);
}

#[test]
fn the_date_until_which_an_article_is_pinned_is_read_as_all_dates_are() {
    let cases = [
        ("2026-11-24", "Old New"),
        ("2026-11-25", "Old New"),
        ("2026-11-24T12:00:00Z", "New Old"),
        ("2026-11-24T12:00:01Z", "Old New"),
        ("2026-11-24T14:00:00+02:00", "New Old"),
        ("\"Friday, 27 November, 2026, 2:47pm\"", "Old New"),
    ];
    for (date, expected) in cases.into_iter().skip(1) {
        let site = plain(&[
            ("content/old.md", &article("Old", 1, &format!("pinned_until = {date}"))),
            ("content/new.md", &article("New", 2, "")),
        ]);
        assert_eq!(titles(&site.built(), "index.html").join(" "), expected, "{date}");
    }
    let wrong = ["2027-03-28T01:30:00", "\"03/04/2027\"", "2027-02-30T00:00:00Z", "true"];
    for date in wrong {
        let site = plain(&[("content/a.md", &article("A", 1, &format!("pinned_until = {date}")))]);
        let (status, problems) = site.problems(&[]);
        assert_eq!(status, Some(1), "{date}");
        assert!(problems[0].contains("content/a.md:4:"), "{date}: {problems:?}");
    }
}

#[test]
fn featured_articles_lead_the_front() {
    let site = plain(&[
        ("content/a.md", &article("A", 1, "featured = true")),
        ("content/b.md", &article("B", 2, "featured = 2")),
        ("content/c.md", &article("C", 3, "featured = false")),
        ("content/d.md", &article("D", 4, "featured = 1")),
        ("content/e.md", &article("E", 5, "")),
    ]);
    site.write("templates/index.html", "{% for one in featured %}{{ one.title }} {% endfor %}");
    assert_eq!(text(&site.built(), "index.html"), "D B A ");
    // Or by the order of the list.
    site.write("templates/index.html", LIST);
    site.write("content/_index.md", "+++\nsort = [\"featured\", \"-date\"]\n+++\n");
    assert_eq!(titles(&site.built(), "index.html"), ["D", "B", "A", "E", "C"]);
    // The front of the theme has each once, the first as its lead.
    fs::remove_dir_all(site.path("templates")).unwrap();
    site.write("content/_index.md", "");
    let front = text(&site.built(), "index.html");
    let cards = between(&front, "<article class=\"card", "</article>");
    let titles: Vec<&str> = cards.iter().map(|card| between(card, "u-url\">", "</a></h2>")[0]).collect();
    assert_eq!(titles, ["D", "B", "A", "E", "C"]);
    assert!(cards[0].starts_with(" lead ") && !cards[1..].iter().any(|card| card.starts_with(" lead ")));
    for wrong in ["\"true\"", "0", "-1", "1.5"] {
        let site = plain(&[("content/a.md", &article("A", 1, &format!("featured = {wrong}")))]);
        let (status, problems) = site.problems(&[]);
        assert!(status == Some(1) && problems[0].starts_with("metadata::value content/a.md:4:"), "{wrong}");
    }
}

/// Publishes as of `now`.
fn publish(site: &Site, now: &str) {
    let output = site.command(&["publish", "--now", now]).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn an_article_that_becomes_unlisted_leaves_the_feeds_and_keeps_its_page_and_its_record() {
    for line in ["unlisted = true", "feed = false"] {
        let site = Site::new(&[
            ("content/a.md", &article("Alpha", 1, "")),
            ("content/b.md", &article("Beta", 2, "tags = \"t\"")),
        ]);
        let id = "tag:example.org,2026-01-02:b";
        publish(&site, "2026-02-01T00:00:00Z");
        site.write("content/b.md", article("Beta", 2, &format!("tags = \"t\"\n{line}")));
        publish(&site, "2026-02-02T00:00:00Z");
        let files = site.output();
        assert_eq!(entries(&files, "feed.json"), ["Alpha"], "{line}");
        assert!(files.contains_key("b/index.html"), "{line}");
        let atom = text(&files, "atom.xml");
        let tombstone = format!("<at:deleted-entry ref=\"{id}\" when=\"2026-02-02T00:00:00Z\"");
        assert!(
            atom.contains(&tombstone) && atom.contains("<updated>2026-02-02T00:00:00+00:00</updated>"),
            "{atom}"
        );
        let ledger = fs::read_to_string(site.path("ledger.jsonl")).unwrap();
        assert!(
            ledger.contains("\"unfed\":\"2026-02-02T00:00:00Z") && !ledger.contains("\"gone\""),
            "{ledger}"
        );
        // Nothing else happens to it as long as it stays so.
        publish(&site, "2026-02-03T00:00:00Z");
        assert_eq!(fs::read_to_string(site.path("ledger.jsonl")).unwrap(), ledger);
        // It comes back with its id and its first date.
        site.write("content/b.md", article("Beta", 2, "tags = \"t\""));
        publish(&site, "2026-02-04T00:00:00Z");
        let item = &json(&site.output(), "feed.json")["items"][0];
        assert_eq!((&item["id"], &item["date_published"]), (&id.into(), &"2026-01-02T10:00:00Z".into()));
        assert!(!text(&site.output(), "atom.xml").contains("deleted-entry"));
    }
}

#[test]
fn feeds_never_name_an_article_that_was_never_in_them() {
    for (step, more) in [
        ("deleted", None),
        ("expired", Some("expires = 2026-02-02T00:00:00Z")),
        ("withdrawn", Some("withdrawn = \"Why\"")),
        ("draft", Some("draft = true")),
    ] {
        let site = Site::new(&[("content/a.md", &article("Alpha", 1, ""))]);
        site.write("content/whisper.md", article("Whisper", 2, "unlisted = true"));
        publish(&site, "2026-02-01T00:00:00Z");
        match more {
            None => fs::remove_file(site.path("content/whisper.md")).unwrap(),
            Some(more) => {
                site.write("content/whisper.md", article("Whisper", 2, &format!("unlisted = true\n{more}")));
            }
        }
        publish(&site, "2026-02-03T00:00:00Z");
        let files = site.output();
        let named = with(&files, "hisper");
        // The notice of a withdrawn article has its title, that of an expired one has not.
        let expected = if step == "withdrawn" { vec!["whisper/index.html"] } else { vec![] };
        assert_eq!(named, expected, "{step}");
    }
    // Without a ledger, too.
    let site = Site::new(&[("content/a.md", &article("Alpha", 1, ""))]);
    site.write("site.toml", format!("{TOML}ledger = false\n"));
    site.write(
        "content/whisper.md",
        article("Whisper", 2, "unlisted = true\nexpires = 2026-02-02T00:00:00Z"),
    );
    assert_eq!(with(&site.built(), "hisper"), [""; 0]);
}

#[test]
fn unlisting_many_articles_is_no_flood_and_listing_many_again_is_one() {
    let site = Site::new(&[]);
    let write = |more: &str| {
        for day in 1..=12 {
            site.write(&format!("content/a{day:02}.md"), article(&format!("A{day}"), day, more));
        }
    };
    write("");
    publish(&site, "2026-02-01T00:00:00Z");
    write("unlisted = true");
    publish(&site, "2026-02-02T00:00:00Z");
    assert_eq!(entries(&site.output(), "feed.json"), [""; 0]);
    write("");
    let output = site.command(&["publish", "--now", "2026-02-03T00:00:00Z"]).output().unwrap();
    assert!(!output.status.success());
    assert!(String::from_utf8_lossy(&output.stderr).contains("12 articles would come back as new"));
}

/// A site of six boats, whose front has the list `lists.one` by the settings `rules`.
fn boats(rules: &str) -> Site {
    let site = Site::new(&[]);
    site.write(
        "site.toml",
        format!(
            "{TOML}[authors.ada]\nname = \"Ada Quill\"\n[[lists]]\nname = \"one\"\nlimit = 10\n{rules}\n"
        ),
    );
    site.write("templates/index.html", "{% for one in lists.one %}{{ one.title }} {% endfor %}");
    for (folder, title, day, more) in [
        (
            "boats",
            "A",
            1,
            "weight = 3\nauthors = \"ada\"\ntags = [\"Night Boat\"]\n[extra]\nprice = 10\ncolour = \"red\"\nports = [\"Sallow\", \"Wick\"]",
        ),
        (
            "boats",
            "B",
            2,
            "weight = 1\nfeatured = true\nauthors = \"Bo\"\n[extra]\nprice = 2.5\ncolour = \"blue\"\nsold = true",
        ),
        (
            "boats/old",
            "C",
            3,
            "weight = 2\nfeatured = 4\nlang = \"de\"\ntags = [\"night-boat\", \"steam\"]\n[extra]\nprice = \"free\"",
        ),
        ("rafts", "D", 4, "pinned_until = 2030-01-01T00:00:00Z\n[extra.size]\nlength = 7"),
        ("rafts", "E", 5, "unlisted = true\n[extra]\nprice = 1"),
        ("rafts", "F", 6, "draft = true\n[extra]\nprice = 1"),
    ] {
        site.write(&format!("content/{folder}/{title}.md"), article(title, day, more));
    }
    site
}

#[test]
fn a_list_takes_what_its_rules_choose() {
    let cases = [
        ("", "D C B A"),
        ("limit = 2", "D C"),
        ("section = \"boats\"", "C B A"),
        ("sections = [\"rafts\", \"boats/old\"]", "D C"),
        ("section = \"boats\"\nexcept = [\"boats/old\"]", "B A"),
        ("taxonomy = \"tags\"\nterm = \"Night boat\"", "C A"),
        ("terms = { tags = [\"steam\", \"none\"] }", "C"),
        ("authors = [\"ada\"]", "A"),
        ("authors = [\"Ada Quill\", \"bo\"]", "B A"),
        ("after = 2026-01-02T10:00:00Z", "D C B"),
        ("before = 2026-01-02T10:00:00Z", "A"),
        ("after = 2026-01-02\nbefore = 2026-01-04", "C B"),
        // Pinned articles are first in any order.
        ("sort = \"title\"", "D A B C"),
        ("sort = \"extra.price\"\nsection = \"boats\"", "B A C"),
        ("sort = [\"featured\", \"title\"]\nsection = \"boats\"", "C B A"),
        ("where = { weight = 3 }", "A"),
        ("where = { weight = { less = 2 } }", "D B"),
        ("where = { weight = { at_least = 2, at_most = 3 } }", "C A"),
        ("where = { weight = { greater = 3 } }", ""),
        ("where = { weight = [1, 3] }", "B A"),
        ("where = { title = { not = \"A\" } }", "D C B"),
        ("where = { title = { in = [\"A\", \"C\", \"X\"] } }", "C A"),
        ("where = { featured = true }", "C B"),
        ("where = { featured = false }", "D A"),
        ("where = { featured = { less = 9 } }", "C"),
        ("where = { pinned = true }", "D"),
        ("where = { lang = \"de\" }", "C"),
        ("where = { lang = \"en\" }", "D B A"),
        ("where = { section = \"boats\" }", "B A"),
        ("where = { tags = \"night boat\" }", "C A"),
        ("where = { tags = { contains = \"steam\" } }", "C"),
        ("where = { tags = { not = \"steam\" } }", "D B A"),
        ("where = { tags = { exists = false } }", "D B"),
        ("where = { authors = \"ada\" }", "A"),
        ("where = { \"extra.price\" = { less = 5 } }", "B"),
        ("where.extra.price = { less = 5 }", "B"),
        ("where = { extra = { price = { exists = true } } }", "C B A"),
        ("where = { \"extra.price\" = { exists = false } }", "D"),
        ("where = { \"extra.price\" = \"free\" }", "C"),
        ("where = { \"extra.colour\" = { in = [\"red\", \"green\"] } }", "A"),
        ("where = { \"extra.colour\" = { contains = \"lu\" } }", "B"),
        ("where = { \"extra.ports\" = { contains = \"Wick\" } }", "A"),
        ("where = { \"extra.ports\" = \"Wick\" }", "A"),
        ("where = { \"extra.sold\" = { not = true } }", "D C A"),
        ("where = { \"extra.size.length\" = { at_least = 7 } }", "D"),
        ("where.extra.size.length = 7", "D"),
        ("where = { \"extra.price\" = { at_most = 10, not = 2.5 }, weight = 3 }", "A"),
        ("where = { \"extra.nothing\" = 1 }", ""),
        ("where = {}", "D C B A"),
    ];
    for (rules, expected) in cases {
        let rules = if rules.contains("limit") { rules.to_owned() } else { format!("{rules}\n") };
        let site = boats("");
        let toml = fs::read_to_string(site.path("site.toml")).unwrap();
        let toml = if rules.contains("limit") { toml.replace("limit = 10\n", "") } else { toml };
        site.write("site.toml", toml + &rules);
        assert_eq!(text(&site.built(), "index.html").trim(), expected, "{rules}");
    }
}

#[test]
fn wrong_rules_of_a_list_are_told_with_a_remedy() {
    let cases = [
        ("where = { weight = \"3\" }", "metadata::value", "write a number"),
        ("where = { weight = { less = true } }", "metadata::value", "write a number"),
        ("where = { featured = \"yes\" }", "metadata::value", "write true or false, or a number"),
        ("where = { tags = 3 }", "metadata::value", "write text"),
        ("where = { wieght = 3 }", "metadata::unknown", "did you mean `weight`?"),
        ("where = { price = 3 }", "metadata::unknown", "write `\"extra.price\"` for a value under `extra`"),
        ("where = { weight = { lesss = 3 } }", "metadata::unknown", "did you mean `less`?"),
        ("where.extra.price = { lesss = 3 }", "metadata::unknown", "did you mean `less`?"),
        ("where = { weight = { less = [1, 2] } }", "metadata::value", "use `in` for several"),
        ("where = { tags = { exists = 1 } }", "metadata::value", "write `exists = true`"),
        ("where = { \"extra.a\" = { less = {} } }", "metadata::value", "write a number, a text"),
        ("where = 3", "metadata::kind", ""),
        ("sort = \"prise\"", "metadata::value", "choose from"),
        ("same = \"sectoin\"", "metadata::value", "did you mean `section`?"),
        ("terms = { tagz = [\"a\"] }", "metadata::value", "did you mean `tags`?"),
        ("taxonomy = \"tagz\"\nterm = \"a\"", "metadata::value", "did you mean `tags`?"),
        ("taxonomy = \"tags\"", "metadata::value", "give both or neither"),
        ("limits = 3", "metadata::unknown", "did you mean `limit`?"),
        ("within_days = 0", "metadata::value", "use a number from 1"),
        ("within_days = 1.5", "metadata::kind", "within_days = 2"),
        ("after = \"soon\"", "date::", ""),
        ("[[lists]]\nname = \"one\"", "metadata::value", "give one of them another `name`"),
        ("[[lists]]\nname = \"two\"\nlimit = 99999999", "metadata::value", "use a number from 1 to 10000"),
        ("[related]\nweights = { tagz = 1 }", "metadata::value", "did you mean `tags`?"),
        ("[related]\nweights = { tags = -1 }", "metadata::value", "use a whole number from 0"),
        ("[related]\ncount = \"3\"", "metadata::kind", "count = 3"),
    ];
    for (rules, code, remedy) in cases {
        let site = boats(rules);
        let report = site.report(&[]).1;
        let first = &report["problems"][0];
        let (found, help) =
            (first["code"].as_str().unwrap_or_default(), first["help"].as_str().unwrap_or_default());
        assert!(found.starts_with(code) && help.contains(remedy), "{rules}: {report:#}");
        assert_eq!(first["file"], "site.toml", "{rules}");
    }
    // A section that may yet be made is a warning.
    let site = boats("section = \"boots\"\nsort = \"extra.prise\"");
    let (status, problems) = site.problems(&[]);
    assert_eq!(status, Some(0));
    assert!(problems.iter().any(|one| one.starts_with("list::section site.toml:")), "{problems:?}");
    let site = boats("sort = \"extra.prise\"");
    assert_eq!(site.report(&[]).1["problems"][0]["help"], "did you mean `extra.price`?");
}

#[test]
fn a_list_of_recent_articles_changes_when_one_grows_too_old() {
    let site = boats("within_days = 30\nsection = \"boats\"");
    // C is of the third of January.
    assert!(site.build_at("2026-02-02T09:59:59Z").is_some());
    assert_eq!(text(&site.output(), "index.html"), "C ");
    let due = site.command(&["due", "--now", "2026-02-02T09:59:59Z", "--format", "json"]).output().unwrap();
    let due: Value = serde_json::from_slice(&due.stdout).unwrap();
    assert_eq!(
        (&due["next"], &due["due"][0]["change"]),
        (&"2026-02-02T10:00:00Z".into(), &"outgrowing".into())
    );
    assert_eq!(site.build_at("2026-02-02T10:00:00Z"), Some(1));
    assert_eq!(text(&site.output(), "index.html"), "");
}

#[test]
fn a_list_may_depend_on_the_page_that_shows_it() {
    for (same, expected) in [
        ("section", [("boats/A", "B "), ("boats/B", "A "), ("boats/old/C", ""), ("rafts/E", "D ")]),
        ("tags", [("boats/A", "C "), ("boats/B", ""), ("boats/old/C", "A "), ("rafts/E", "")]),
        ("author", [("boats/A", "G "), ("boats/B", "G "), ("boats/old/C", ""), ("rafts/E", "")]),
    ] {
        let site = boats(&format!("same = \"{same}\""));
        site.write("content/other/G.md", article("G", 7, "authors = [\"Bo\", \"ada\"]"));
        site.write("templates/article.html", "{% for one in lists.one %}{{ one.title }} {% endfor %}");
        let files = site.built();
        for (path, list) in expected {
            assert_eq!(text(&files, &format!("{}/index.html", path.to_lowercase())), list, "{same} {path}");
        }
        // It is empty where there is no article.
        assert_eq!(text(&files, "index.html"), "", "{same}");
    }
}

#[test]
fn a_change_of_weight_writes_only_the_lists_that_show_it() {
    let site = boats("sort = \"weight\"\nsection = \"boats\"");
    site.write("templates/article.html", "{{ article.title }}");
    site.built();
    site.write("content/boats/A.md", article("A", 1, "weight = -3\nauthors = \"ada\"\ntags = [\"Night Boat\"]\n[extra]\nprice = 10\ncolour = \"red\"\nports = [\"Sallow\", \"Wick\"]"));
    let report = site.report(&[]).1;
    assert_eq!(report["written"], 1, "{report:#}");
    assert_eq!(text(&site.output(), "index.html"), "A B C ");
}

#[test]
fn related_articles_are_weighed_as_the_settings_say() {
    let cases = [
        ("", "T2 P S "),
        ("count = 1", "T2 "),
        ("count = 0", ""),
        ("weights = { places = 5 }", "P T2 S "),
        ("weights = { tags = 0 }", "P "),
        ("weights = { tags = 0, places = 0, authors = 2 }", "Y "),
        ("same_section = 1\nweights = { tags = 0, places = 0 }", "N3 N2 N1 "),
        ("max_age = 5", "T2 P "),
        ("max_age = 4", "P "),
    ];
    for (rules, expected) in cases {
        let site = Site::new(&[]);
        site.write("site.toml", format!("{TOML}[taxonomies.places]\n[related]\n{rules}\n"));
        site.write("templates/article.html", "{% for one in related %}{{ one.title }} {% endfor %}");
        let own = "authors = \"ada\"\nplaces = \"wick\"\ntags = [\"a\", \"b\"]";
        for (folder, title, day, more) in [
            ("s", "S", 1, "tags = \"a\""),
            ("n", "N1", 2, ""),
            ("n", "N2", 3, ""),
            ("n", "N3", 4, ""),
            ("n", "N4", 5, ""),
            ("t", "T2", 15, "tags = [\"a\", \"b\"]"),
            ("t", "P", 16, "places = \"wick\""),
            ("t", "Y", 17, "authors = \"ada\""),
            ("n", "Own", 20, own),
        ] {
            site.write(&format!("content/{folder}/{title}.md"), article(title, day, more));
        }
        let found = text(&site.built(), "n/own/index.html");
        assert_eq!(found, expected, "{rules}");
    }
}

#[test]
fn filters_sort_choose_and_group_lists_in_templates() {
    let cases = [
        ("sort(by=\"title\")", "A B C D "),
        ("sort(by=\"-title\")", "D C B A "),
        ("sort(attribute=\"weight\")", "D B C A "),
        ("sort(by=\"published\")", "A B C D "),
        ("sort(by=\"-extra.price\")", "C A B D "),
        ("sort(by=\"extra.price\")", "B A C D "),
        ("where(by=\"weight\", value=3)", "A "),
        ("where(by=\"weight\", less=3, at_least=1)", "C B "),
        ("where(by=\"title\", one_of=[\"A\", \"D\"])", "D A "),
        ("where(by=\"title\", is_not=\"A\")", "D C B "),
        ("where(by=\"tags\", value=\"steam\")", "C "),
        ("where(by=\"tags\", contains=\"steam\")", "C "),
        ("where(by=\"url\", contains=\"boats/old\")", "C "),
        ("where(by=\"extra.price\")", "C B A "),
        ("where(by=\"extra.price\", exists=false)", "D "),
        ("where(by=\"extra.price\", greater=2)", "B A "),
        ("filter(attribute=\"extra.colour\", value=\"red\")", "A "),
        ("filter(by=\"featured\", value=true) | first", ""),
        ("where(by=\"weight\", value=99) | sort(by=\"title\")", ""),
    ];
    for (filter, expected) in cases {
        let site = boats("sort = \"-date\"\nwhere = { pinned = [true, false] }");
        let template = match filter.ends_with("first") {
            true => format!(
                "{{% set one = lists.one | {filter} %}}{{{{ \"\" if one.title == \"C\" else \"wrong\" }}}}"
            ),
            false => format!("{{% for one in lists.one | {filter} %}}{{{{ one.title }}}} {{% endfor %}}"),
        };
        site.write("templates/index.html", template);
        assert_eq!(text(&site.built(), "index.html"), expected, "{filter}");
    }
    for (by, expected) in [
        ("section.title", "Rafts: D. Old: C. Boats: BA. "),
        ("tags", "Night Boat: CA. steam: C. "),
        ("published.year", "2026: DCBA. "),
        ("extra.colour", "blue: B. red: A. "),
    ] {
        let site = boats("");
        let template = format!(
            "{{% for key, all in lists.one | group_by(by=\"{by}\") %}}{{{{ key }}}}: {{% for one in all %}}{{{{ one.title }}}}{{% endfor %}}. {{% endfor %}}"
        );
        site.write("templates/index.html", template);
        assert_eq!(text(&site.built(), "index.html"), expected, "{by}");
    }
}

#[test]
fn filters_name_the_field_that_is_missing_and_the_nearest() {
    for (filter, remedy) in [
        ("sort(by=\"titel\")", "did you mean `title`?"),
        ("sort(by=\"-wieght\")", "did you mean `weight`?"),
        ("where(by=\"extra.prise\", value=1)", "did you mean `price`?"),
        ("group_by(by=\"extra.prise\")", "did you mean `price`?"),
        ("where(by=\"weight\", lesss=3)", ""),
        ("where(value=3)", ""),
        ("group_by(by=\"extra\")", ""),
        ("sort(bye=\"title\")", ""),
        ("sorted(by=\"title\")", "did you mean `sort`?"),
    ] {
        let site = boats("where = { \"extra.price\" = { exists = true } }");
        site.write("templates/index.html", format!("{{% for one in lists.one | {filter} %}}{{% endfor %}}"));
        let (status, report) = site.report(&[]);
        let first = &report["problems"][0];
        assert_ne!(status, Some(0), "{filter}");
        assert_eq!((&first["file"], &first["line"]), (&"templates/index.html".into(), &1.into()), "{filter}");
        assert!(first["help"].as_str().unwrap().contains(remedy), "{filter}: {report:#}");
    }
}

#[test]
fn each_list_changes_only_the_pages_whose_templates_read_it() {
    let site = boats("section = \"boats\"\n[[lists]]\nname = \"two\"\nsection = \"rafts\"");
    site.write(
        "templates/index.html",
        "{% for one in lists.one %}{{ one.title }}{{ one.summary }}{% endfor %}",
    );
    site.write(
        "templates/404.html",
        "{% for one in lists[\"two\"] %}{{ one.title }}{{ one.summary }}{% endfor %}",
    );
    site.built();
    site.write("content/rafts/D.md", article("D", 4, "summary = \"Other.\"\n[extra.size]\nlength = 7"));
    let output = site.build(&["--explain"]);
    let told =
        String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{told}");
    assert!(text(&site.output(), "404.html").contains("Other."));
    assert!(told.contains("404.html") && !told.lines().any(|line| line.starts_with("index.html")), "{told}");
}

#[test]
fn an_author_of_unlisted_articles_alone_is_named_without_a_page() {
    let site = Site::new(&[
        ("content/a.md", &article("A", 1, "authors = [\"Ada\"]")),
        ("content/b.md", &article("B", 2, "unlisted = true\nauthors = [\"Ada\", \"Guest\"]")),
    ]);
    let files = site.built();
    assert_eq!(with(&files, "Guest"), ["b/index.html"]);
    let page = text(&files, "b/index.html");
    assert!(page.contains("<a rel=\"author\" href=\"/authors/ada/\" class=\"p-author h-card\">Ada</a> and <span class=\"p-author h-card\">Guest</span></p>"), "{page}");
}

#[test]
fn the_front_may_be_without_a_feed() {
    let site =
        plain(&[("content/_index.md", "+++\nfeed = false\n+++\n"), ("content/s/a.md", &article("A", 1, ""))]);
    let files = site.built();
    assert!(!files.contains_key("feed.json"));
    assert_eq!(entries(&files, "s/feed.json"), ["A"]);
}
