//! Addresses that pages have beside those of their texts, and what is remembered of them.

use std::fs;

use serde_json::Value;

use crate::site::{Site, TOML};

/// An article with `front` in its front matter.
fn article(title: &str, front: &str, body: &str) -> String {
    format!("+++\ntitle = \"{title}\"\ndate = 2026-11-01T10:00:00Z\n{front}+++\n\n{body}\n")
}

/// A template of articles that shows the address `extra.map`.
const MAP: &str = "{% extends \"theme/article.html\" %}{% block head %}{% if article.extra.map %}<link rel=\"help\" href=\"{{ article.extra.map }}\">{% endif %}{% endblock %}\n";

/// The problems of a build, each as `code file:line:column message`, and the pages that were rendered.
fn built(site: &Site) -> (Vec<String>, Vec<String>) {
    let (_, report) = site.report(&["--explain"]);
    let problems = site_problems(&report);
    let paths = report["explained"].as_array().unwrap().iter();
    (problems, paths.map(|one| one["path"].as_str().unwrap().to_owned()).collect())
}

fn site_problems(report: &Value) -> Vec<String> {
    let of = |one: &Value, key: &str| one[key].as_str().unwrap_or("-").to_owned();
    let line = |one: &Value| {
        let place = format!("{}:{}:{}", of(one, "file"), one["line"], one["column"]);
        format!("{} {place} {}", of(one, "code"), of(one, "message"))
    };
    report["problems"].as_array().unwrap().iter().map(line).collect()
}

#[test]
fn a_page_with_a_dead_address_of_its_template_is_rendered_once_and_told_by_each_build() {
    let site = Site::new(&[
        ("content/a.md", &article("A", "[extra]\nmap = \"/maps/a/\"\n", "Text.")),
        ("content/b.md", &article("B", "", "Text.")),
        ("templates/article.html", MAP),
    ]);
    let (problems, rendered) = built(&site);
    assert!(rendered.contains(&"a/index.html".to_owned()), "{rendered:?}");
    assert!(problems.len() == 1 && problems[0].contains("/maps/a/"), "{problems:#?}");
    for _ in 0..2 {
        assert_eq!(built(&site), (problems.clone(), Vec::new()));
    }
    // A build with other work does not render it either.
    site.write("content/c.md", article("C", "", "Text."));
    let (again, rendered) = built(&site);
    assert_eq!(again, problems);
    assert!(rendered.contains(&"c/index.html".to_owned()), "{rendered:?}");
    site.write("content/c.md", article("C", "", "Other."));
    let (again, rendered) = built(&site);
    assert_eq!(again, problems);
    assert!(!rendered.contains(&"a/index.html".to_owned()), "{rendered:?}");
    // Without what was remembered, all is found again.
    fs::remove_file(site.path(".dateline/state")).unwrap();
    assert_eq!(built(&site).0, problems);
    // The page that was missing mends it.
    site.write("content/maps/a.md", "+++\ntitle = \"Map\"\n+++\n");
    assert_eq!(built(&site).0, Vec::<String>::new());
}

#[test]
fn an_address_that_a_template_made_is_told_when_its_page_leaves() {
    for (map, page) in [
        ("/maps/harbour/", "content/maps/harbour.md"),
        ("/maps/harbour", "content/maps/harbour.md"),
        ("https://example.org/maps/harbour/", "content/maps/harbour.md"),
        ("/maps/harbour/index.html", "content/maps/harbour.md"),
        ("/sheet.pdf", "static/sheet.pdf"),
        ("/old/", "content/maps/harbour.md"),
    ] {
        let site = Site::new(&[
            ("content/a.md", &article("A", &format!("[extra]\nmap = \"{map}\"\n"), "Text.")),
            ("content/maps/harbour.md", "+++\ntitle = \"Map\"\naliases = [\"/old/\"]\n+++\n"),
            ("static/sheet.pdf", ""),
            ("templates/article.html", MAP),
        ]);
        assert_eq!(built(&site).0, Vec::<String>::new(), "{map}");
        fs::remove_file(site.path(page)).unwrap();
        let (problems, _) = built(&site);
        assert!(problems.len() == 1 && problems[0].contains(map), "{map}: {problems:#?}");
        assert_eq!(built(&site), (problems, Vec::new()), "{map}");
    }
}

#[test]
fn lists_and_terms_with_a_dead_address_of_a_template_are_held_too() {
    let list = "{% extends \"theme/section.html\" %}{% block head %}<link rel=\"help\" href=\"{{ section.extra.map }}\">{% endblock %}\n";
    let site = Site::new(&[
        ("content/news/_index.md", "+++\ntitle = \"News\"\n[extra]\nmap = \"/maps/news/\"\n+++\n"),
        ("content/news/a.md", &article("A", "", "Text.")),
        ("content/maps/news.md", "+++\ntitle = \"Map\"\n+++\n"),
        ("templates/section.html", list),
    ]);
    site.write("content/_index.md", "+++\ntitle = \"All\"\n[extra]\nmap = \"/maps/\"\n+++\n");
    site.write("content/maps/_index.md", "+++\ntitle = \"Maps\"\n[extra]\nmap = \"/maps/\"\n+++\n");
    assert_eq!(built(&site).0, Vec::<String>::new());
    fs::remove_file(site.path("content/maps/news.md")).unwrap();
    let (problems, rendered) = built(&site);
    assert!(problems.len() == 1 && problems[0].contains("/maps/news/"), "{problems:#?}");
    assert!(rendered.contains(&"news/index.html".to_owned()), "{rendered:?}");
    assert_eq!(built(&site), (problems, Vec::new()));
}

#[test]
fn an_address_in_css_of_a_text_is_looked_up_and_resolved() {
    for (body, column) in [
        ("<div style=\"background: url(quai.png)\">x</div>", 29),
        ("<div style='background: url(\"quai.png\")'>x</div>", 30),
        ("<div style=\"background: url(&quot;quai.png&quot;)\">x</div>", 35),
        ("<style>p { background: url( quai.png ) }</style>", 29),
        ("Text <b style=\"background:url('quai.png')\">x</b>", 32),
    ] {
        let site = Site::new(&[("content/a/index.md", &article("A", "", body)), ("content/a/quay.png", "")]);
        site.write("site.toml", format!("{TOML}[images]\nresponsive = false\n"));
        let (code, report) = site.report(&[]);
        let problems = site_problems(&report);
        let start = format!("link::picture content/a/index.md:6:{column} ");
        assert!(
            code == Some(1) && problems.len() == 1 && problems[0].starts_with(&start),
            "{body}: {problems:#?}"
        );
        // A file that exists gets its path from the root, so that the text can be shown on any page.
        site.write("content/a/index.md", article("A", "", &body.replace("quai", "quay")));
        let page = crate::site::text(&site.built(), "a/index.html");
        assert!(page.contains("/a/quay.png"), "{body}: {page}");
        let held = format!("{}\n<!-- check-ignore -->\n{body}\n", "Text.");
        site.write("content/a/index.md", article("A", "", &held));
        assert_eq!(site.problems(&[]), (Some(0), Vec::new()), "{body}");
    }
}

#[test]
fn every_address_of_the_settings_is_looked_up() {
    for (settings, line) in [
        ("icon = \"ikon.svg\"", "icon.svg"),
        ("logo = \"/ikon.svg\"", "/icon.svg"),
        ("[author]\nname = \"A\"\nurl = \"/abuot/\"", "/about/"),
        ("[authors.anna]\nname = \"Anna\"\nurl = \"/abuot/\"", "/about/"),
        ("[theme]\nlogo = \"ikon.svg\"", "icon.svg"),
        ("[[feeds.custom]]\nname = \"sea\"\nimage = \"ikon.svg\"", "icon.svg"),
        ("[[navigation]]\ntitle = \"N\"\nurl = \"/abuot/#who\"", "/about/"),
        ("[[navigation]]\ntitle = \"N\"\nchildren = [{ title = \"C\", url = \"/abuot/\" }]", "/about/"),
        ("[[footer]]\ntitle = \"F\"\nlinks = [{ title = \"A\", url = \"/abuot/\" }]", "/about/"),
        ("[[footer]]\n[[footer.links]]\ntitle = \"A\"\nurl = \"/abuot/\"", "/about/"),
        ("[announcement]\ntext = \"A\"\nurl = \"/abuot/\"", "/about/"),
        ("[author]\nname = \"A\"\nsocial = [\"/abuot/\"]", "/about/"),
        ("[author]\nname = \"A\"\nsocial = [{ title = \"A\", url = \"/abuot/\" }]", "/about/"),
        ("[feeds]\nstylesheet = \"/fed.xsl\"", "/feed.xsl"),
    ] {
        let site = Site::new(&[
            ("content/about.md", "+++\ntitle = \"About\"\n+++\n"),
            ("static/icon.svg", "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"1\" height=\"1\"/>"),
            (
                "static/feed.xsl",
                "<xsl:stylesheet version=\"1.0\" xmlns:xsl=\"http://www.w3.org/1999/XSL/Transform\"/>",
            ),
        ]);
        let with = |settings: &str, more: &str| match settings.starts_with('[') {
            true => format!("{TOML}{settings}\n{more}"),
            false => format!("{settings}\n{TOML}{more}"),
        };
        site.write("site.toml", with(settings, ""));
        let (code, report) = site.report(&[]);
        let problems = site_problems(&report);
        assert_eq!((code, problems.len()), (Some(0), 1), "{settings}: {problems:#?}");
        assert!(problems[0].starts_with("link::template site.toml:"), "{settings}: {problems:#?}");
        let help = report["problems"][0]["help"].as_str().unwrap();
        assert!(help.contains(&format!("did you mean `{line}")), "{settings}: {help}");
        // The line that names it can be excused, and the class and the address can be passed over.
        let mut lines: Vec<&str> = settings.lines().collect();
        lines.insert(lines.len() - 1, "# check-ignore: it is made by the server");
        site.write("site.toml", with(&lines.join("\n"), ""));
        assert_eq!(site.problems(&[]), (Some(0), Vec::new()), "{settings}");
        for rule in ["templates = \"ignore\"", "ignore = [\"*ikon.svg\", \"/ab*\", \"/fed.*\"]"] {
            site.write("site.toml", with(settings, &format!("[check]\n{rule}\n")));
            assert_eq!(site.problems(&[]), (Some(0), Vec::new()), "{settings} {rule}");
        }
        site.write("site.toml", with(settings, "[check]\ntemplates = \"error\"\n"));
        assert_eq!(site.problems(&[]).0, Some(1), "{settings}");
    }
}

#[test]
fn addresses_in_the_sites_own_style_sheets_are_looked_up() {
    let sheet = "a { background: url(img/quai.png) }\n/* url(none.png) */\n@import \"mor.css\";\nb { background: url('/img/quay.png') url(\"img/quay.png?1\") }\n/* check-ignore */\nc { background: url(later.png) }\nd { src: url(data:font/woff2;base64,AA) url(#x) url(https://example.com/x.png) }\n";
    let site = Site::new(&[
        ("static/css/site.css", sheet),
        ("static/css/more.css", "p { margin: 0 }\n"),
        ("static/css/img/quay.png", ""),
        ("static/img/quay.png", ""),
        ("content/news/a/index.md", &article("A", "", "Text.")),
        ("content/news/a/own.css", "p { background: url(x.png) }\n"),
    ]);
    let (code, report) = site.report(&[]);
    let problems = site_problems(&report);
    let starts = [
        "link::template content/news/a/own.css:1:21 ",
        "link::template static/css/site.css:1:21 ",
        "link::template static/css/site.css:3:10 ",
    ];
    assert_eq!((code, problems.len()), (Some(0), starts.len()), "{problems:#?}");
    assert!(problems.iter().zip(starts).all(|(one, start)| one.starts_with(start)), "{problems:#?}");
    let help = |at: usize| report["problems"][at]["help"].as_str().unwrap().to_owned();
    assert_eq!(help(1), "did you mean `img/quay.png`?");
    assert_eq!(help(2), "did you mean `more.css`?");
    assert_eq!(site_problems(&site.report(&[]).1), problems);
    site.write("site.toml", format!("{TOML}[check]\ntemplates = \"ignore\"\n"));
    assert_eq!(site.problems(&[]), (Some(0), Vec::new()));
}

#[test]
fn addresses_in_front_matter_are_looked_up() {
    for (front, expected) in [
        ("canonical = \"/nwes/\"", "warning link::path 4"),
        ("canonical = \"https://example.com/x/\"", ""),
        ("via = \"/old.html\"", "warning link::path 4"),
        ("enclosure = \"bel.mp3\"\nfeed = false", "error link::file 4"),
        (
            "feed = false\n[episode]\ntranscript = \"talk.vtt\"\nchapters = \"/chapters.json\"",
            "error link::file 6, error link::file 7",
        ),
        ("feed = false\n[episode]\nimage = \"cover.jpg\"", "error link::picture 6"),
        (
            "[[episode.people]]\nname = \"A\"\nurl = \"/people/a/\"\nimage = \"a.png\"",
            "error link::picture 7, warning link::path 6",
        ),
        ("image = \"quay.png\"\nbanner = \"@/news/a/quay.png\"", ""),
        ("banner = \"/img/none.png\"", "error link::picture 4"),
    ] {
        let site = Site::new(&[
            ("content/news/_index.md", "+++\ntitle = \"News\"\n+++\n"),
            ("content/news/a/index.md", &article("A", &format!("{front}\n"), "Text.")),
            ("content/news/a/quay.png", ""),
        ]);
        site.write("site.toml", format!("{TOML}[images]\nresponsive = false\n"));
        let (_, report) = site.report(&[]);
        let of_links = report["problems"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|one| one["code"].as_str().is_some_and(|code| code.starts_with("link::")));
        let mut found: Vec<String> = of_links
            .map(|one| {
                let text = |key: &str| one[key].as_str().unwrap_or_default().to_owned();
                format!("{} {} {}", text("severity"), text("code"), one["line"])
            })
            .collect();
        found.sort();
        assert_eq!(found.join(", "), expected, "{front}: {report:#}");
    }
    // The description of a section, and what it hands on.
    let site = Site::new(&[
        (
            "content/news/_index.md",
            "+++\ntitle = \"News\"\nimage = \"none.png\"\n[cascade]\nbanner = \"/gone.png\"\n+++\n",
        ),
        ("content/news/a.md", &article("A", "", "Text.")),
    ]);
    let (_, problems) = site.problems(&[]);
    for start in ["link::picture content/news/_index.md:3:", "link::picture content/news/_index.md:5:"] {
        assert!(problems.iter().any(|one| one.starts_with(start)), "{problems:#?}");
    }
}

#[test]
fn texts_with_dead_links_are_read_for_their_places_once() {
    let site = Site::new(&[]);
    site.write("site.toml", format!("{TOML}[check]\nsources = \"warning\"\n"));
    for at in 0..40 {
        let body = format!("## Part\n\n[a](gone-{at}.md) [b](/none-{at}/)\n");
        site.write(&format!("content/a{at:02}.md"), article(&format!("A{at}"), "", &body));
    }
    let problems = built(&site).0;
    assert_eq!(problems.len(), 80);
    site.write("content/new.md", article("New", "", "Text."));
    let (again, rendered) = built(&site);
    assert_eq!(again, problems);
    assert!(!rendered.contains(&"a20/index.html".to_owned()), "{rendered:?}");
    // Another dead link in one of them has its place, too.
    site.write("content/a07.md", article("A7", "", "Text.\n\n[b](/none-7/)\n[c](gone-7.md)\n"));
    let changed = built(&site).0;
    let of_it: Vec<&String> = changed.iter().filter(|one| one.contains("a07.md")).collect();
    assert_eq!((changed.len(), of_it.len()), (80, 2), "{of_it:#?}");
    assert!(of_it[0].starts_with("link::path content/a07.md:8:5 "), "{of_it:#?}");
    assert!(of_it[1].starts_with("link::dead content/a07.md:9:5 "), "{of_it:#?}");
}

#[test]
fn the_host_of_a_link_may_be_an_ipv6_address() {
    let body = "[a](http://[2001:db8::1]:8080/x?y=1&z \"The \\\"box\\\"\") and [**b**](<https://[::1]/a b>) and <http://[::1]/>";
    let site = Site::new(&[("content/a.md", &article("A", "", body))]);
    let page = crate::site::text(&site.built(), "a/index.html");
    for part in [
        "<a href=\"http://[2001:db8::1]:8080/x?y=1&amp;z\" title=\"The &quot;box&quot;\">a</a>",
        "<a href=\"https://[::1]/a%20b\"><strong>b</strong></a>",
        "<a href=\"http://[::1]/\">",
    ] {
        assert!(page.contains(part), "{part}: {page}");
    }
}

#[test]
fn every_page_of_a_list_has_a_title_of_its_own() {
    let site = Site::new(&[("content/news/_index.md", "+++\ntitle = \"News\"\n+++\n")]);
    site.write("site.toml", format!("page_size = 1\n{TOML}"));
    for at in 1..=3 {
        site.write(
            &format!("content/news/a{at}.md"),
            article(&format!("A{at}"), "tags = [\"sea\"]\n", "Text."),
        );
    }
    let files = site.built();
    let mut titles: Vec<String> = files
        .iter()
        .filter(|(path, _)| path.ends_with(".html"))
        .filter_map(|(path, _)| {
            let html = crate::site::text(&files, path);
            Some(html.split_once("<title>")?.1.split_once("</title>")?.0.to_owned())
        })
        .collect();
    let number = titles.len();
    titles.sort();
    titles.dedup();
    assert_eq!(titles.len(), number, "{titles:#?}");
    assert!(
        titles.contains(&"T (1)".to_owned()) && titles.contains(&"News (2) \u{b7} T".to_owned()),
        "{titles:#?}"
    );
}

#[test]
fn a_style_sheet_of_feeds_that_is_only_wanted_is_the_usual_one() {
    let site = Site::new(&[("content/a.md", &article("A", "", "Text."))]);
    site.write("site.toml", format!("{TOML}[feeds]\nstylesheet = true\n"));
    assert_eq!(site.problems(&[]), (Some(0), Vec::new()));
    let feed = crate::site::text(&site.output(), "rss.xml");
    assert!(feed.contains("feed.css"), "{feed}");
}

#[test]
fn editors_see_how_an_article_is_marked() {
    let site = Site::new(&[
        ("content/a.md", &article("A", "featured = true\npinned_until = 2027-01-01\n", "Text.")),
        ("content/b.md", &article("B", "unlisted = true\n", "Text.")),
        ("content/c.md", &article("C", "feed = false\n", "Text.")),
        ("content/d.md", &article("D", "pinned_until = 2026-11-02\n", "Text.")),
    ]);
    let said = |arguments: &[&str]| {
        let output = site.command(arguments).args(["--now", crate::site::NOW]).output().unwrap();
        String::from_utf8(output.stdout).unwrap()
    };
    let rows: Value = serde_json::from_str(&said(&["list", "--format", "json"])).unwrap();
    let mut marks: Vec<(String, String)> = rows
        .as_array()
        .unwrap()
        .iter()
        .map(|row| (row["title"].as_str().unwrap().to_owned(), row["marks"].as_str().unwrap().to_owned()))
        .collect();
    marks.sort();
    let expected = [("A", "pinned featured"), ("B", "unlisted"), ("C", "no-feed"), ("D", "")];
    assert_eq!(marks, expected.map(|(title, mark)| (title.to_owned(), mark.to_owned())));
    assert!(said(&["list"]).contains("(content/a.md)  [pinned featured]"), "{}", said(&["list"]));
    let a = said(&["explain", "a.md"]);
    assert!(a.contains("pinned: it is first in its lists until 2027-01-01"), "{a}");
    let b: Value = serde_json::from_str(&said(&["explain", "b.md", "--format", "json"])).unwrap();
    assert_eq!(b["marks"], serde_json::json!(["unlisted"]));
}

#[test]
fn only_an_article_of_a_list_becomes_too_old_for_it() {
    let dated = |title: &str, day: &str, tags: &str| {
        format!(
            "+++\ntitle = \"{title}\"\ndate = 2026-11-{day}T10:00:00Z\ntags = [\"{tags}\"]\n+++\n\nText.\n"
        )
    };
    let site = Site::new(&[
        ("content/a.md", &dated("A", "18", "land")),
        ("content/b.md", &dated("B", "20", "sea")),
        ("content/c.md", &dated("C", "22", "sea")),
    ]);
    let list = "[[lists]]\nname = \"fresh\"\nterms = { tags = [\"sea\"] }\nwithin_days = 7\n";
    site.write("site.toml", format!("{TOML}{list}"));
    site.built();
    let due = |now: &str| {
        let output = site.command(&["due", "--format", "json", "--now", now]).output().unwrap();
        serde_json::from_slice::<Value>(&output.stdout).unwrap()
    };
    let now = due(crate::site::NOW);
    assert_eq!(now["next"], "2026-11-27T10:00:00Z", "{now:#}");
    assert_eq!((now["due"].as_array().unwrap().len(), &now["due"][0]["source"]), (1, &"content/b.md".into()));
    let later = due("2026-11-28T12:00:00Z");
    assert_eq!(later["overdue"][0]["source"], "content/b.md", "{later:#}");
    assert_eq!(later["due"][0]["source"], "content/c.md", "{later:#}");
}

#[test]
fn the_address_of_the_site_is_known_in_every_spelling() {
    for (written, is_dead) in [
        ("//example.org/gone/", true),
        ("HTTPS://EXAMPLE.ORG/gone/", true),
        ("https://example.org:443/gone/", true),
        ("https://example.org/gone/?a=1#b", true),
        ("https://example.org/%67one/", true),
        ("//example.org/a/", false),
        ("https://EXAMPLE.org/a/", false),
        ("https://example.org:443/a", false),
        ("https://example.org:8443/gone/", false),
        ("https://example.org.example.com/gone/", false),
        ("https://www.example.org/gone/", false),
        ("//example.com/gone/", false),
    ] {
        for link in [format!("[x]({written})"), format!("<a href=\"{written}\">x</a>")] {
            let site = Site::new(&[("content/a.md", &article("A", "", &link))]);
            let (code, problems) = site.problems(&[]);
            assert_eq!((code, problems.len()), (Some(0), usize::from(is_dead)), "{link}: {problems:#?}");
            assert!(
                problems.iter().all(|one| one.starts_with("link::path content/a.md:6:")),
                "{problems:#?}"
            );
        }
    }
    for link in ["<https://example.org/gone/>", "Text <https://example.org/gone/> text"] {
        let site = Site::new(&[("content/a.md", &article("A", "", link))]);
        let problems = site.problems(&[]).1;
        let column = link.find("https").unwrap() + 1;
        assert_eq!(problems.len(), 1, "{link}: {problems:#?}");
        assert!(problems[0].starts_with(&format!("link::path content/a.md:6:{column} ")), "{problems:#?}");
    }
}

#[test]
fn a_theme_that_is_the_sites_own_has_sheets_whose_imports_are_bundled() {
    let site = Site::new(&[
        ("content/a.md", &article("A", "", "Text.")),
        (
            "static/style.css",
            "@import \"base.css\";\n@import url(\"site.css\");\na { background: url(none.png) }\n",
        ),
        ("static/base.css", "p { margin: 0 }\n"),
    ]);
    let (_, problems) = site.problems(&[]);
    assert_eq!(problems.len(), 1, "{problems:#?}");
    assert!(problems[0].starts_with("link::template static/style.css:3:21 "), "{problems:#?}");
}

#[test]
fn a_path_that_counts_from_the_page_may_climb_above_the_folder_of_its_source() {
    for (link, problem) in [
        ("[x](../../about/)", None),
        ("[x](../../about/#who)", None),
        ("![x](../../img/quay.png)", None),
        ("[x](../../abuot/)", Some("link::path content/news/a.md:6:5 ")),
        ("[x](../../../about/)", Some("link::path content/news/a.md:6:5 ")),
        ("[x](../../about.md)", Some("link::dead content/news/a.md:6:5 ")),
    ] {
        let site = Site::new(&[
            ("content/about.md", "+++\ntitle = \"About\"\n+++\n\n<p id=\"who\">We.</p>\n"),
            ("content/news/_index.md", "+++\ntitle = \"News\"\n+++\n"),
            ("content/news/a.md", &article("A", "", link)),
            ("static/img/quay.png", ""),
        ]);
        site.write("site.toml", format!("{TOML}[images]\nresponsive = false\n"));
        let (_, problems) = site.problems(&[]);
        assert_eq!(problems.len(), usize::from(problem.is_some()), "{link}: {problems:#?}");
        assert!(problem.is_none_or(|start| problems[0].starts_with(start)), "{link}: {problems:#?}");
    }
}

#[test]
fn an_address_within_a_component_is_told_once_at_its_own_place() {
    let body = "{% <note> %}\n\n![x](none.png)\n\n{% </note> %}";
    let site = Site::new(&[("content/a.md", &article("A", "", body))]);
    let (_, problems) = site.problems(&[]);
    assert_eq!(problems.len(), 1, "{problems:#?}");
    assert!(problems[0].starts_with("link::picture content/a.md:8:6 "), "{problems:#?}");
}
