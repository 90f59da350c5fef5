//! Documentation: sections with `layout = "docs"`.

use std::collections::BTreeMap;

use crate::site::{Files, NOW, Site, TOML, text};

/// A handbook of two chapters, with news beside it.
fn handbook() -> Site {
    Site::new(&[
        ("content/news/a.md", "+++\ntitle = \"News\"\ndate = 2026-01-01\n+++\nNews.\n"),
        ("content/docs/_index.md", "+++\ntitle = \"Handbook\"\nlayout = \"docs\"\n+++\nHow it works.\n"),
        (
            "content/docs/start.md",
            "+++\ntitle = \"Start\"\nweight = 1\nsummary = \"Begin here.\"\n+++\nStart.\n",
        ),
        ("content/docs/end.md", "+++\ntitle = \"End\"\nweight = 9\n+++\nThe last words.\n"),
        (
            "content/docs/guide/_index.md",
            "+++\ntitle = \"Guide\"\nweight = 5\nsummary = \"How to do it.\"\n+++\n",
        ),
        ("content/docs/guide/b.md", "+++\ntitle = \"Second\"\nweight = 2\n+++\n## One\n\nText.\n\n## Two\n"),
        ("content/docs/guide/a.md", "+++\ntitle = \"First\"\nweight = 1\n+++\nText.\n"),
    ])
}

/// The text between the first `start` and the next `end`.
fn inside<'a>(html: &'a str, start: &str, end: &str) -> &'a str {
    let (_, rest) = html.split_once(start).unwrap_or_else(|| panic!("no {start} in {html}"));
    rest.split_once(end).map_or(rest, |(found, _)| found)
}

/// The links of the tree on the page at `path`, as `URL title`; the current one has a `*`.
fn tree(files: &Files, path: &str) -> Vec<String> {
    let html = text(files, path);
    let nav = inside(&html, "<nav class=\"docs-tree\"", "</nav>");
    let links = nav.split("<a href=\"").skip(1).map(|link| {
        let (url, rest) = link.split_once('"').unwrap();
        let mark = if rest.starts_with(" aria-current=\"page\"") { "*" } else { "" };
        format!("{url} {}{mark}", inside(rest, ">", "<"))
    });
    links.collect()
}

/// The links to the pages before and after the one at `path`.
fn beside(files: &Files, path: &str) -> Vec<String> {
    let html = text(files, path);
    let link = |rel: &str| {
        let (_, link) = html.split_once(&format!("<a rel=\"{rel}\" href=\""))?;
        Some(format!("{rel} {}", link.split_once('"')?.0))
    };
    ["prev", "next"].into_iter().filter_map(link).collect()
}

#[test]
fn every_page_of_documentation_has_the_tree_in_the_order_of_weights() {
    let files = handbook().built();
    let all = ["/docs/ Handbook", "/docs/start/ Start", "/docs/guide/ Guide", "/docs/guide/a/ First"];
    let all = [&all[..], &["/docs/guide/b/ Second", "/docs/end/ End"]].concat();
    for (path, own) in [
        ("docs/index.html", 0),
        ("docs/start/index.html", 1),
        ("docs/guide/index.html", 2),
        ("docs/guide/a/index.html", 3),
        ("docs/end/index.html", 5),
    ] {
        let mut expected: Vec<String> = all.iter().map(|one| (*one).to_owned()).collect();
        expected[own].push('*');
        assert_eq!(tree(&files, path), expected, "{path}");
    }
    for path in ["index.html", "news/index.html", "news/a/index.html"] {
        assert!(!text(&files, path).contains("docs-tree"), "{path}");
    }
}

#[test]
fn pages_of_documentation_are_read_in_the_order_of_the_tree() {
    let files = handbook().built();
    for (path, expected) in [
        ("docs/index.html", &["next /docs/start/"][..]),
        ("docs/start/index.html", &["prev /docs/", "next /docs/guide/"]),
        ("docs/guide/index.html", &["prev /docs/start/", "next /docs/guide/a/"]),
        ("docs/guide/b/index.html", &["prev /docs/guide/a/", "next /docs/end/"]),
        ("docs/end/index.html", &["prev /docs/guide/b/"]),
    ] {
        assert_eq!(beside(&files, path), expected, "{path}");
    }
}

#[test]
fn the_page_of_a_section_lists_what_is_in_it_with_summaries() {
    let files = handbook().built();
    let html = text(&files, "docs/index.html");
    let list = inside(&html, "<ul class=\"docs-list\">", "</ul>");
    let wanted = [
        "<a href=\"/docs/start/\">Start</a>\n<p>Begin here.</p>",
        "<a href=\"/docs/guide/\">Guide</a>\n<p>How to do it.</p>",
        "<a href=\"/docs/end/\">End</a>\n<p>The last words.</p>",
    ];
    let places: Vec<Option<usize>> = wanted.iter().map(|one| list.find(one)).collect();
    assert!(places.iter().all(Option::is_some) && places.is_sorted(), "{list}");
    assert!(!list.contains("/docs/guide/a/"), "{list}");
    assert!(html.contains("<p>How it works.</p>"));
    assert!(!text(&files, "docs/end/index.html").contains("docs-list"));
}

#[test]
fn a_page_of_documentation_says_where_it_is_and_what_is_in_it() {
    let files = handbook().built();
    let html = text(&files, "docs/guide/b/index.html");
    let trail = inside(&html, "<nav class=\"trail\"", "</nav>");
    let (first, second) =
        (trail.find("<a href=\"/docs/\">Handbook</a>"), trail.find("\"/docs/guide/\">Guide<"));
    assert!(first.is_some() && first < second, "{trail}");
    assert!(html.contains("\"@type\":\"BreadcrumbList\""));
    let contents = inside(&html, "<nav class=\"contents\"", "</nav>");
    assert!(contents.contains("href=\"#one\"") && contents.contains("href=\"#two\""), "{contents}");
    assert!(!text(&files, "docs/index.html").contains("class=\"trail\""));
    assert!(!text(&files, "docs/guide/a/index.html").contains("class=\"contents\""));
}

#[test]
fn an_edit_of_a_page_renders_no_other_page_of_its_documentation() {
    let site = handbook();
    site.built();
    let pages = |site: &Site| -> BTreeMap<String, Vec<u8>> {
        let files = site.output().into_iter();
        files.filter(|(path, _)| path.starts_with("docs/") && path.ends_with(".html")).collect()
    };
    let written = |site: &Site| {
        let explained = site.command(&["build", "--now", NOW, "--format", "json"]).output().unwrap();
        let report: serde_json::Value = serde_json::from_slice(&explained.stdout).unwrap();
        report["written"].as_u64().unwrap()
    };
    let before = pages(&site);
    // The text of a page shows on its own page, and how it begins on that of its section.
    site.write(
        "content/docs/end.md",
        "+++\ntitle = \"End\"\nweight = 9\n+++\nOther words, and more of them.\n",
    );
    assert!(written(&site) <= 3);
    let changed: Vec<String> = {
        let after = pages(&site);
        after.iter().filter(|(path, bytes)| before[*path] != **bytes).map(|(path, _)| path.clone()).collect()
    };
    assert_eq!(changed, ["docs/end/index.html", "docs/index.html"]);
    // A title shows on all pages.
    site.write(
        "content/docs/end.md",
        "+++\ntitle = \"The end\"\nweight = 9\n+++\nOther words, and more of them.\n",
    );
    site.built();
    for (path, html) in pages(&site) {
        assert!(String::from_utf8_lossy(&html).contains(">The end<"), "{path}");
    }
}

#[test]
fn a_builds_increments_of_documentation_are_as_if_built_afresh() {
    let site = handbook();
    site.built();
    for (path, content) in [
        ("content/docs/guide/c.md", "+++\ntitle = \"Third\"\nweight = 3\n+++\nText.\n"),
        ("content/docs/guide/a.md", "+++\ntitle = \"First\"\nweight = 8\n+++\nText.\n"),
        ("content/docs/guide/_index.md", "+++\ntitle = \"Guide\"\nweight = 10\nlayout = \"default\"\n+++\n"),
        ("content/docs/guide/_index.md", "+++\ntitle = \"Guide\"\n[docs]\nversion = \"2\"\n+++\n"),
        (
            "content/docs/_index.md",
            "+++\ntitle = \"Handbook\"\nlayout = \"docs\"\n[docs]\nedit_url = \"https://e.example/\"\n+++\n",
        ),
        ("content/docs/_index.md", "+++\ntitle = \"Handbook\"\n+++\n"),
    ] {
        site.write(path, content);
        let increment = site.built();
        let fresh = Site::new(&[]);
        for (path, bytes) in crate::site::tree(&site.path("content")) {
            fresh.write(&format!("content/{path}"), bytes);
        }
        assert_eq!(increment, fresh.built(), "{path}");
    }
}

#[test]
fn a_link_leads_to_where_a_page_is_edited() {
    let docs = |more: &str| format!("+++\ntitle = \"Handbook\"\nlayout = \"docs\"\n[docs]\n{more}\n+++\n");
    let site = handbook();
    let link = |files: &Files, path: &str| {
        let html = text(files, path);
        html.contains(">Edit this page<")
            .then(|| inside(&html, "<span class=\"source-links\"><a href=\"", "\"").to_owned())
    };
    for (edit_url, page, section) in [
        (
            "https://git.example/edit/main/",
            "https://git.example/edit/main/content/docs/guide/a.md",
            "https://git.example/edit/main/content/docs/guide/_index.md",
        ),
        (
            "https://git.example/{path}?edit",
            "https://git.example/content/docs/guide/a.md?edit",
            "https://git.example/content/docs/guide/_index.md?edit",
        ),
    ] {
        site.write("content/docs/_index.md", docs(&format!("edit_url = \"{edit_url}\"")));
        let files = site.built();
        assert_eq!(link(&files, "docs/guide/a/index.html").as_deref(), Some(page));
        assert_eq!(link(&files, "docs/guide/index.html").as_deref(), Some(section));
    }
    site.write("content/docs/_index.md", docs(""));
    assert_eq!(link(&site.built(), "docs/guide/a/index.html"), None);
}

#[test]
fn an_old_version_says_so_and_has_a_tree_of_its_own() {
    let site = handbook();
    site.write(
        "content/docs/v1/_index.md",
        "+++\ntitle = \"Handbook 1\"\nlayout = \"docs\"\nweight = 100\n[docs]\nversion = \"1.4\"\nlatest = \"/docs/\"\n+++\n",
    );
    site.write("content/docs/v1/old.md", "+++\ntitle = \"Old\"\n+++\nText.\n");
    let files = site.built();
    assert_eq!(tree(&files, "docs/v1/old/index.html"), ["/docs/v1/ Handbook 1", "/docs/v1/old/ Old*"]);
    let html = text(&files, "docs/v1/old/index.html");
    assert!(html.contains("This describes version 1.4, which is not the latest."));
    assert!(html.contains("<a href=\"/docs/\">Go to the latest version</a>"));
    assert!(html.contains("<small>Version 1.4</small>"));
    // The tree around it has a link to it, and reading goes past it.
    assert_eq!(tree(&files, "docs/index.html").last().map(String::as_str), Some("/docs/v1/ Handbook 1"));
    assert_eq!(beside(&files, "docs/end/index.html"), ["prev /docs/guide/b/"]);
    assert!(!text(&files, "docs/index.html").contains("docs-outdated"));
}

#[test]
fn a_section_inside_documentation_may_have_the_usual_layout() {
    let site = handbook();
    site.write("content/docs/blog/_index.md", "+++\ntitle = \"Blog\"\nlayout = \"default\"\n+++\n");
    site.write("content/docs/blog/a.md", "+++\ntitle = \"Post\"\ndate = 2026-01-01\n+++\nText.\n");
    let files = site.built();
    for path in ["docs/blog/index.html", "docs/blog/a/index.html"] {
        assert!(!text(&files, path).contains("docs-tree"), "{path}");
    }
    assert!(!tree(&files, "docs/index.html").iter().any(|link| link.contains("blog")));
}

#[test]
fn pages_with_dates_are_pages_of_documentation_too() {
    let site = handbook();
    for number in 0..30 {
        let page = format!("+++\ntitle = \"Dated {number:02}\"\ndate = 2026-01-01\nweight = 3\n+++\nText.\n");
        site.write(&format!("content/docs/d{number:02}.md"), page);
    }
    let files = site.built();
    let links = tree(&files, "docs/d07/index.html");
    assert_eq!(links[2], "/docs/d00/ Dated 00");
    assert_eq!(links[9], "/docs/d07/ Dated 07*");
    assert_eq!(beside(&files, "docs/d07/index.html"), ["prev /docs/d06/", "next /docs/d08/"]);
    // Its section lists them all on one page.
    assert!(text(&files, "docs/index.html").contains("<a href=\"/docs/d29/\">Dated 29</a>"));
    assert!(!files.keys().any(|path| path.starts_with("docs/page/")), "{:?}", files.keys());
}

#[test]
fn a_section_with_an_order_has_its_tree_in_that_order() {
    let site = handbook();
    site.write(
        "content/docs/guide/_index.md",
        "+++\ntitle = \"Guide\"\nweight = 5\nsort = \"-title\"\n+++\n",
    );
    let files = site.built();
    let links = tree(&files, "docs/index.html");
    assert_eq!(links[3..5], ["/docs/guide/b/ Second", "/docs/guide/a/ First"]);
    assert_eq!(beside(&files, "docs/guide/b/index.html"), ["prev /docs/guide/", "next /docs/guide/a/"]);
}

#[test]
fn a_whole_site_may_be_documentation() {
    let site = handbook();
    site.write("content/_index.md", "+++\nlayout = \"docs\"\n+++\nWelcome.\n");
    site.write("content/docs/_index.md", "+++\ntitle = \"Handbook\"\n+++\n");
    site.write("content/news/_index.md", "+++\ntitle = \"News\"\nlayout = \"default\"\n+++\n");
    let files = site.built();
    let links = tree(&files, "index.html");
    assert_eq!(links[..2], ["/ T*", "/docs/ Handbook"]);
    assert_eq!(links.last().map(String::as_str), Some("/docs/end/ End"));
    assert!(!text(&files, "news/a/index.html").contains("docs-tree"));
    assert_eq!(beside(&files, "index.html"), ["next /docs/"]);
}

#[test]
fn documentation_may_begin_with_a_landing_page() {
    let site = handbook();
    site.write(
        "content/docs/_index.md",
        "+++\ntitle = \"Handbook\"\nlayout = \"docs\"\nfront = \"landing\"\n+++\n",
    );
    let files = site.built();
    assert!(!text(&files, "docs/index.html").contains("docs-tree"));
    assert_eq!(tree(&files, "docs/guide/index.html").len(), 6);
}

#[test]
fn a_long_tree_shows_what_is_around_the_page() {
    let site = handbook();
    for section in ["x", "y"] {
        site.write(
            &format!("content/docs/{section}/_index.md"),
            format!("+++\ntitle = \"{section}\"\n+++\n"),
        );
        for number in 0..60 {
            let page = format!("+++\ntitle = \"{section} {number}\"\n+++\nText.\n");
            site.write(&format!("content/docs/{section}/{number}.md"), page);
        }
    }
    let files = site.built();
    let links = tree(&files, "docs/x/7/index.html");
    assert!(links.contains(&"/docs/x/8/ x 8".to_owned()) && links.contains(&"/docs/y/ y".to_owned()));
    assert!(!links.iter().any(|link| link.starts_with("/docs/y/8/") || link.starts_with("/docs/guide/a/")));
}

#[test]
fn what_is_not_listed_or_not_public_is_in_no_tree() {
    let site = handbook();
    for (name, field) in
        [("secret", "draft = true"), ("aside", "unlisted = true"), ("later", "date = 2099-01-01")]
    {
        site.write(
            &format!("content/docs/{name}.md"),
            format!("+++\ntitle = \"{name}\"\n{field}\n+++\nText.\n"),
        );
    }
    let files = site.built();
    let links = tree(&files, "docs/index.html");
    assert_eq!(links.len(), 6, "{links:?}");
    // A page that is not listed is in the layout all the same.
    assert_eq!(tree(&files, "docs/aside/index.html"), {
        let mut links = links.clone();
        links[0] = links[0].trim_end_matches('*').to_owned();
        links
    });
    assert!(beside(&files, "docs/aside/index.html").is_empty());
}

#[test]
fn documentation_in_another_language_inherits_its_layout() {
    let site = handbook();
    site.write("site.toml", format!("{TOML}language = \"en\"\n\n[languages.de]\nlocale = \"de-DE\"\n"));
    site.write("content/docs/start.de.md", "+++\ntitle = \"Anfang\"\nweight = 1\n+++\nText.\n");
    let files = site.built();
    assert_eq!(tree(&files, "de/docs/start/index.html"), ["/de/docs/ Handbook", "/de/docs/start/ Anfang*"]);
    assert_eq!(tree(&files, "docs/start/index.html").len(), 6);
}

#[test]
fn an_unknown_layout_is_reported_and_the_section_has_the_usual_one() {
    let site = handbook();
    for (layout, message) in [("doc", "doc"), ("list.html", "list.html")] {
        let index = format!("+++\ntitle = \"Handbook\"\nlayout = \"{layout}\"\n+++\n");
        site.write("content/docs/_index.md", index);
        let (code, problems) = site.problems(&[]);
        assert_eq!(code, Some(0), "{problems:?}");
        let expected = format!(
            "front_matter::layout content/docs/_index.md:3:10 there is no layout \u{201c}{message}\u{201d}, so the section has the usual one"
        );
        assert_eq!(problems, [expected]);
        assert!(!text(&site.output(), "docs/start/index.html").contains("docs-tree"));
    }
}

#[test]
fn folders_in_many_folders_are_documentation_too() {
    let site = handbook();
    let folders: Vec<String> = (0..40).map(|number| format!("f{number}")).collect();
    site.write(
        &format!("content/docs/{}/deep.md", folders.join("/")),
        "+++\ntitle = \"Deep\"\nslug = \"deep\"\n+++\nText.\n",
    );
    let files = site.built();
    let path = format!("docs/{}/deep/index.html", folders.join("/"));
    assert!(tree(&files, &path).iter().any(|link| link.ends_with(" Deep*")));
}

#[test]
fn a_page_and_a_section_may_have_a_badge_in_the_tree() {
    let site = handbook();
    site.write("content/docs/start.md", "+++\ntitle = \"Start\"\nweight = 1\nbadge = \"new\"\n+++\nStart.\n");
    let guide = "+++\ntitle = \"Guide\"\nweight = 5\nbadge = { text = \"beta\", kind = \"caution\" }\n+++\n";
    site.write("content/docs/guide/_index.md", guide);
    let files = site.built();
    let badge = |kind: &str, text: &str| {
        format!(" <small class=\"badge badge-{kind}\" data-contents=\"none\">{text}</small>")
    };
    let (new, beta) = (badge("note", "new"), badge("caution", "beta"));
    for path in ["docs/index.html", "docs/end/index.html", "docs/guide/a/index.html"] {
        let html = text(&files, path);
        let nav = inside(&html, "<nav class=\"docs-tree\"", "</nav>");
        assert!(nav.contains(&format!("<a href=\"/docs/start/\">Start{new}</a>")), "{path}: {nav}");
        assert!(nav.contains(&format!("<a href=\"/docs/guide/\">Guide{beta}</a>")), "{path}: {nav}");
        assert_eq!(nav.matches("badge ").count(), 2, "{path}: {nav}");
    }
    assert!(text(&files, "docs/start/index.html").contains(&format!("<h1>Start{new}</h1>")));
    assert!(text(&files, "docs/guide/index.html").contains(&format!("<h1>Guide{beta}</h1>")));
    let html = text(&files, "docs/index.html");
    let list = inside(&html, "<ul class=\"docs-list\">", "</ul>");
    assert!(list.contains(&format!("<a href=\"/docs/guide/\">Guide</a>{beta}")), "{list}");
    // Another badge is on all pages with the next build.
    site.write(
        "content/docs/start.md",
        "+++\ntitle = \"Start\"\nweight = 1\nbadge = \"newer\"\n+++\nStart.\n",
    );
    assert!(text(&site.built(), "docs/guide/a/index.html").contains(">newer</small>"));
}

#[test]
fn a_badge_that_is_none_is_an_error() {
    for (badge, said) in [
        ("{ kind = \"tip\" }", "metadata::missing content/docs/end.md:4:9"),
        ("{ text = \"new\", kind = \"tipp\" }", "metadata::value content/docs/end.md:4:"),
        ("{ text = \"new\", colour = \"red\" }", "metadata::unknown content/docs/end.md:4:"),
        ("[1]", "metadata::"),
    ] {
        let site = handbook();
        let page = format!("+++\ntitle = \"End\"\nweight = 9\nbadge = {badge}\n+++\nText.\n");
        site.write("content/docs/end.md", page);
        let (_, problems) = site.problems(&[]);
        assert!(problems.len() == 1 && problems[0].starts_with(said), "{badge}: {problems:#?}");
    }
}

#[test]
fn a_page_of_the_tree_may_lead_elsewhere() {
    let site = handbook();
    let page = "+++\ntitle = \"API\"\nweight = 2\nlink = \"https://api.example/\"\n+++\n";
    site.write("content/docs/api.md", page);
    site.write("content/docs/news.md", "+++\ntitle = \"News\"\nweight = 3\nlink = \"/news/\"\n+++\n");
    let files = site.built();
    for path in ["docs/index.html", "docs/start/index.html"] {
        let html = text(&files, path);
        let nav = inside(&html, "<nav class=\"docs-tree\"", "</nav>");
        assert!(nav.contains("<a href=\"https://api.example/\" rel=\"external\">API</a>"), "{nav}");
        assert!(nav.contains("<a href=\"/news/\">News</a>"), "{nav}");
    }
    let html = text(&files, "docs/index.html");
    let list = inside(&html, "<ul class=\"docs-list\">", "</ul>");
    assert!(list.contains("<a href=\"https://api.example/\" rel=\"external\">API</a>"), "{list}");
    // There is nothing to read in between, and its own page says where it leads.
    assert_eq!(beside(&files, "docs/start/index.html"), ["prev /docs/", "next /docs/guide/"]);
    assert!(text(&files, "docs/api/index.html").contains("<a href=\"https://api.example/\">https://api"));
}
