//! `[[outputs]]`, and the templates around entries of feeds.

use serde_json::Value;

use crate::site::{Site, TOML, json, text};

const ARTICLE: &str =
    "+++\ntitle = \"Ferry\"\ndate = 2026-11-01T08:00:00Z\ntags = [\"Boats\"]\n+++\nIt sails.\n";

/// A site with one article and one output.
fn site(output: &str, template: (&str, &str)) -> Site {
    let settings = format!("{TOML}[[outputs]]\n{output}\n");
    Site::new(&[("site.toml", &settings), ("content/news/ferry.md", ARTICLE), template])
}

#[test]
fn the_documented_outputs_are_as_reviewed() {
    let files = Site::copy("outputs").built();
    let mut whole = String::new();
    for path in [
        "llms.txt",
        "about/index.md",
        "news/ferry/index.md",
        "events/concert/index.md",
        "api/articles.json",
        "api/news/ferry.json",
        "events/calendar.ics",
    ] {
        whole.push_str(&format!("==> {path}\n{}\n", text(&files, path).replace('\r', "␍")));
    }
    insta::assert_snapshot!(whole);
    let ours = ["llms.txt", "articles.json", "calendar.ics"];
    let more: Vec<&String> = files.keys().filter(|path| path.ends_with(".md")).collect();
    assert_eq!(more.len(), 3, "{more:?}");
    assert!(ours.iter().all(|name| files.keys().any(|path| path.ends_with(name))));
}

#[test]
fn the_documentation_shows_the_templates_that_are_tested() {
    let page = include_str!("../../content/docs/reference/outputs.md");
    for (path, bytes) in crate::site::sources("outputs") {
        if path.starts_with("templates/") {
            assert!(page.contains(String::from_utf8(bytes).unwrap().trim_end()), "{path}");
        }
    }
    let settings = crate::site::text(&crate::site::sources("outputs"), "site.toml");
    for output in settings.split("[[outputs]]\n").skip(1) {
        assert!(page.contains(output.trim_end()), "{output}");
    }
}

#[test]
fn nothing_that_is_not_public_is_in_an_output() {
    let site = Site::copy("outputs");
    let files = site.built();
    for path in ["llms.txt", "news/ferry/index.md", "api/articles.json", "api/news/ferry.json"] {
        let found = text(&files, path);
        assert!(!found.contains("Plans") && !found.contains("plans.md"), "{path}: {found}");
    }
    assert!(!files.keys().any(|path| path.contains("plans")));
    // Its day comes, and it is in all of them.
    site.build_at("2027-03-01T10:00:00Z").unwrap();
    let files = site.output();
    assert!(text(&files, "llms.txt").contains("Plans nobody may know"));
    assert!(text(&files, "news/ferry/index.md").contains("(https://quay.example.org/news/plans/)"));
    assert!(files.contains_key("news/plans/index.md") && files.contains_key("api/news/plans.json"));
}

#[test]
fn a_link_that_is_held_back_is_not_named_however_it_is_written() {
    for link in
        ["[x](secret\\_plan.md)", "<a href=\"secret&#95;plan.md\">x</a>", "[x][p]\n\n[p]: secret\\_plan.md"]
    {
        let article = format!("+++\ntitle = \"A\"\ndate = 2026-11-01\n+++\n{link}\n");
        let output = "for = \"articles\"\ntemplate = \"a.md\"\npath = \"/{path}/index.md\"";
        let site = site(output, ("templates/a.md", "{{ article.markdown }}"));
        site.write("content/a.md", &article);
        site.write("content/secret_plan.md", "+++\ntitle = \"S\"\ndraft = true\n+++\n");
        let found = text(&site.built(), "a/index.md");
        assert!(!found.contains("secret"), "{link}: {found}");
    }
}

#[test]
fn an_increment_writes_the_outputs_that_changed_and_no_others() {
    let site = Site::copy("outputs");
    site.built();
    assert_eq!(site.build_at(crate::site::NOW), Some(0));
    let about = "+++\ntitle = \"About us\"\n+++\nAnother text.\n";
    site.write("content/about.md", about);
    site.build_at(crate::site::NOW).unwrap();
    let after = site.output();
    assert!(text(&after, "about/index.md").contains("Another text."));
    let fresh = Site::copy("outputs");
    fresh.write("content/about.md", about);
    assert_eq!(after, fresh.built());
    site.write("templates/page.md", "{{ article.title }}\n");
    site.build_at(crate::site::NOW).unwrap();
    assert_eq!(text(&site.output(), "about/index.md"), "About us\n");
}

#[test]
fn what_is_no_output_is_refused_where_it_is_written() {
    for (output, message) in [
        ("template = \"a.txt\"\npath = \"/a.txt\"", "`for`"),
        ("for = \"article\"\ntemplate = \"a.txt\"\npath = \"/{slug}.txt\"", "not all are things"),
        ("for = [\"site\", \"terms\"]\ntemplate = \"a.txt\"\npath = \"/{path}.txt\"", "an output of its own"),
        ("for = \"site\"\ntemplate = \"a.txt\"\npath = \"/{path}.txt\"", "`{path}` is not a placeholder"),
        (
            "for = \"pages\"\ntemplate = \"a.txt\"\npath = \"/{yyyy}/{slug}.txt\"",
            "`{yyyy}` is not a placeholder",
        ),
        (
            "for = \"articles\"\ntemplate = \"a.txt\"\npath = \"/all.txt\"",
            "all articles would share one path",
        ),
        ("for = \"articles\"\ntemplate = \"a.html\"\npath = \"/{path}/\"", "the path of the page itself"),
        ("for = \"site\"\ntemplate = \"a.txt\"\npath = \"a.txt\"", "starts with `/`"),
        ("for = \"site\"\ntemplate = \"a.html\"\npath = \"/a.txt\"", "escapes `<`"),
        ("for = \"site\"\ntemplate = \"a.txt\"\npath = \"/a.html\"", "escapes nothing"),
        ("for = \"site\"\ntemplate = \"a.txt\"\npath = \"/a.qqq\"", "media type of `.qqq` is not known"),
        ("for = \"site\"\ntemplate = \"a.txt\"\npath = \"/a.txt\"\nmedia_type = \"plain\"", "no media type"),
        ("for = \"site\"\ntemplate = \"missing.txt\"\npath = \"/a.txt\"", "there is no template"),
        ("for = \"site\"\ntemplate = \"a.txt\"\npath = \"/a.txt\"\nmedia = \"x/y\"", "media"),
    ] {
        let site = site(output, ("templates/a.txt", "x"));
        site.write("templates/a.html", "x");
        let (_, problems) = site.problems(&[]);
        let found = problems.iter().any(|one| one.contains("site.toml:") && one.contains(message));
        assert!(found, "{output}: {problems:?}");
    }
}

#[test]
fn an_output_in_the_way_of_something_else_is_an_error_of_the_settings_or_of_the_newer_source() {
    let own = "for = \"articles\"\ntemplate = \"a.html\"\npath = \"/{yyyy}/{slug}/\"\n[permalinks]\ndefault = \"/{yyyy}/{slug}/\"";
    let (code, problems) = site(own, ("templates/a.html", "x")).problems(&[]);
    assert!(code != Some(0) && problems[0].contains("plan::collision site.toml"), "{problems:?}");
    let other = "for = \"site\"\ntemplate = \"a.html\"\npath = \"/news/ferry/\"";
    let (code, problems) = site(other, ("templates/a.html", "x")).problems(&[]);
    assert!(code != Some(0) && problems[0].contains("content/news/ferry.md"), "{problems:?}");
    let feed = "for = \"site\"\ntemplate = \"a.xml\"\npath = \"/rss.xml\"";
    let (code, problems) = site(feed, ("templates/a.xml", "x")).problems(&[]);
    assert!(code != Some(0) && problems[0].contains("/rss.xml"), "{problems:?}");
}

#[test]
fn json_that_is_none_is_not_published() {
    let output = "for = \"site\"\ntemplate = \"a.json\"\npath = \"/a.json\"";
    for broken in ["[1, 2,]", "{\"title\": {{ site.title }}}", "", "{} x"] {
        let (code, problems) = site(output, ("templates/a.json", broken)).problems(&[]);
        assert_ne!(code, Some(0), "{broken}");
        assert!(problems[0].contains("templates/a.json") && problems[0].contains("/a.json"), "{problems:?}");
    }
}

#[test]
fn the_ending_decides_what_is_escaped() {
    for (template, path, expected) in [
        ("a.html", "/a.html", "&lt;b&gt; &amp;"),
        ("a.xml", "/a.xml", "&lt;b&gt; &amp;"),
        ("a.svg", "/a.svg", "&lt;b&gt; &amp;"),
        ("a.txt", "/a.txt", "<b> &"),
        ("a.csv", "/a.csv", "<b> &"),
        ("a.md", "/a.md", "<b> &"),
    ] {
        let output = format!("for = \"site\"\ntemplate = \"{template}\"\npath = \"{path}\"");
        let site = site(&output, (&format!("templates/{template}"), "{{ \"<b> &\" }}"));
        assert_eq!(text(&site.built(), &path[1..]), expected, "{template}");
    }
}

#[test]
fn each_term_has_its_output_with_its_articles() {
    let output = "for = \"terms\"\ntaxonomies = [\"tags\"]\ntemplate = \"a.txt\"\npath = \"/by/{taxonomy}-{term}.txt\"\nlimit = 1";
    let template = "{{ term.name }}:{% for article in pager.articles %} {{ article.title }}{% endfor %}";
    let site = site(output, ("templates/a.txt", template));
    site.write(
        "content/news/older.md",
        ARTICLE.replace("Ferry", "Older").replace("2026-11-01", "2026-10-01"),
    );
    assert_eq!(text(&site.built(), "by/tags-boats.txt"), "Boats: Ferry");
}

#[test]
fn hosts_and_servers_are_told_the_media_type() {
    let output = "for = \"articles\"\ntemplate = \"a.txt\"\npath = \"/api/{path}.thing\"\nmedia_type = \"application/vnd.quay+json\"";
    let site = site(output, ("templates/a.txt", "{}"));
    let files = site.built();
    let headers = text(&files, "_headers");
    assert!(headers.contains("/api/*.thing\n  Content-Type: application/vnd.quay+json\n"), "{headers}");
    for server in ["nginx", "caddy"] {
        let told = site.command(&["hosting", server]).output().unwrap();
        let told = String::from_utf8(told.stdout).unwrap();
        assert!(told.contains("application/vnd.quay+json") && told.contains("thing"), "{told}");
    }
}

#[test]
fn an_article_that_was_withdrawn_leaves_all_outputs() {
    let site = Site::copy("outputs");
    site.built();
    let old = std::fs::read_to_string(site.path("content/events/concert.md")).unwrap();
    site.write(
        "content/events/concert.md",
        old.replace("summary =", "withdrawn = \"It is off.\"\nsummary ="),
    );
    let files = site.built();
    assert!(!files.contains_key("events/concert/index.md"));
    assert!(!text(&files, "llms.txt").contains("Concert"));
    assert!(!text(&files, "api/articles.json").contains("Concert"));
}

/// The content of the newest entry in each format.
fn contents(site: &Site) -> Vec<String> {
    let files = site.built();
    let of_json = json(&files, "feed.json")["items"][0]["content_html"].as_str().unwrap().to_owned();
    let of_xml = ["rss.xml", "atom.xml"].map(|path| {
        let feed = feed_rs::parser::parse(files[path].as_slice()).unwrap();
        feed.entries[0].content.clone().unwrap().body.unwrap()
    });
    [vec![of_json], of_xml.to_vec()].concat()
}

#[test]
fn templates_stand_before_and_after_the_text_of_each_entry() {
    let site = Site::new(&[("content/news/ferry.md", ARTICLE)]);
    let before = contents(&site);
    site.write("templates/feed_header.html", "<p>From {{ site.title }}</p>");
    site.write(
        "templates/feed_footer.html",
        "<p><a href=\"/about/\">{{ article.title }}</a><script>x</script></p>",
    );
    for (content, plain) in contents(&site).iter().zip(before) {
        assert!(content.starts_with("<p>From T</p>"), "{content}");
        assert!(content.contains(&plain), "{content}");
        assert!(content.ends_with("<p><a href=\"https://example.org/about/\">Ferry</a></p>"), "{content}");
    }
}

#[test]
fn a_template_around_entries_makes_feeds_new_and_no_entry_updated() {
    let site = Site::new(&[("content/news/ferry.md", ARTICLE)]);
    let publish = |now: &str| {
        let done = site.command(&["publish", "--now", now]).output().unwrap();
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
        json(&site.output(), "feed.json")
    };
    let modified = |feed: &Value| feed["items"][0]["date_modified"].clone();
    let first = publish("2026-11-24T12:00:00Z");
    site.write("templates/feed_footer.html", "<p>Write to us.</p>");
    let second = publish("2026-11-25T12:00:00Z");
    assert_eq!(modified(&first), modified(&second));
    assert!(second["items"][0]["content_html"].as_str().unwrap().contains("Write to us."));
    let report =
        site.command(&["build", "--now", "2026-11-25T12:00:00Z", "--format", "json"]).output().unwrap();
    let report: Value = serde_json::from_slice(&report.stdout).unwrap();
    assert_eq!(report["written"], 0);
}

#[test]
fn outputs_about_an_article_are_made_with_its_page_and_by_themselves() {
    let output = "template = \"copy.txt\"\nfor = \"articles\"\npath = \"/{path}/copy.txt\"\nmedia_type = \"text/plain\"";
    let site = site(output, ("templates/copy.txt", "{{ article.title }}: {{ article.markdown }}"));
    let first = text(&site.built(), "news/ferry/copy.txt");
    assert!(first.contains("Ferry: ") && first.contains("It sails."), "{first}");
    // The template alone changes, then the text alone, then nothing.
    site.write("templates/copy.txt", "{{ article.markdown }}");
    assert!(!text(&site.built(), "news/ferry/copy.txt").contains("Ferry: "));
    site.write("content/news/ferry.md", ARTICLE.replace("sails", "stays"));
    let files = site.built();
    assert!(text(&files, "news/ferry/copy.txt").contains("It stays."));
    assert!(text(&files, "news/ferry/index.html").contains("It stays."));
    let (_, report) = site.report(&["--explain"]);
    assert_eq!(report["explained"].as_array().map(Vec::len), Some(0), "{report:#}");
    // An error in its template is told, and nothing is written.
    site.write("templates/copy.txt", "{{ article.nothing.at }}");
    assert_eq!(site.problems(&[]).0, Some(1));
}
