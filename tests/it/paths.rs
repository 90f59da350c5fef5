//! Addresses: paths from the root below a base path, odd names, collisions that give way, rules for servers.

use serde_json::Value;

use crate::site::{NOW, Site, TOML, between, json, sources, text};

/// `site.toml` of a site in the folder `/repo/` of its host.
fn below_a_folder() -> String {
    TOML.replace("https://example.org/", "https://example.org/repo/")
}

/// An article with more front matter and a text.
fn article(more: &str, body: &str) -> String {
    format!("+++\ntitle = \"A\"\ndate = 2026-11-01T08:00:00Z\n{more}\n+++\n\n{body}\n")
}

fn page(more: &str) -> String {
    format!("+++\ntitle = \"Page\"\n{more}\n+++\n\nText of a page.\n")
}

/// A picture of 50 by 30 pixels.
fn picture() -> Vec<u8> {
    sources("pictures").into_iter().find(|(path, _)| path.ends_with("moves.gif")).unwrap().1
}

/// The lines of `_redirects`.
fn redirects(site: &Site) -> Vec<String> {
    let output = site.output();
    output.get("_redirects").map_or(Vec::new(), |bytes| {
        String::from_utf8(bytes.clone()).unwrap().lines().map(str::to_owned).collect()
    })
}

/// A successful build; the codes and places of its warnings.
fn warnings(site: &Site) -> Vec<String> {
    let (code, problems) = site.problems(&[]);
    assert_eq!(code, Some(0), "{problems:#?}");
    let short = |problem: &String| problem.split(' ').take(2).collect::<Vec<_>>().join(" ");
    problems.iter().map(short).collect()
}

#[test]
fn a_path_from_the_root_is_counted_from_the_sites_root_wherever_it_is_written() {
    let body = [
        "[about](/about/) ![quay](/img/quay.gif) <a href=\"/about/?a=1#b\">x</a>",
        "",
        "[ref]: /about/",
        "",
        "A [reference][ref].",
        "",
        "<img src='/img/quay.gif' alt=\"raw\" srcset=\"/img/quay.gif 1x, /img/big,one.gif 2x\">",
        "<video src=\"/film.mp4\" poster=\"/img/quay.gif\"></video>",
        "<picture><source srcset=\"/img/quay.gif\"><img src=/img/quay.gif alt=\"\"></picture>",
        "<object data=\"/d.csv\"></object>",
        "<form action=\"/search/\"></form>",
        "<a href=\"//cdn.example/x\">c</a> <a href=\"https://example.org/y\">h</a> <a href=\"#z\">f</a>",
        "",
        "{{ <figure src=\"/img/quay.gif\" alt=\"figure\" /> }}",
        "",
        "{{ <gallery pictures={[{\"src\": \"/img/quay.gif\", \"alt\": \"gallery\"}]} /> }}",
        "",
        "{{ <embed url=\"/about/\" title=\"About\" picture=\"/img/quay.gif\" /> }}",
        "",
        "{{ <table src=\"/d.csv\" caption=\"c\" /> }}",
    ];
    let site = Site::new(&[
        ("content/news/ferry.md", &article("image = \"/img/quay.gif\"", &body.join("\n"))),
        ("content/about.md", &page("")),
        ("static/d.csv", "a,b\n1,2\n"),
        ("static/film.mp4", "film"),
        (
            "templates/article.html",
            "{{ article.content }}|{{ article.image }}|{% for link in site.navigation %}{{ link.url }} {% endfor %}",
        ),
        (
            "site.toml",
            &(below_a_folder()
                + "icon = \"/img/quay.gif\"\n[[navigation]]\ntitle = \"About\"\nurl = \"/about/\"\n[[navigation]]\ntitle = \"Mail\"\nurl = \"mailto:a@example.org\"\n"),
        ),
    ]);
    site.write("static/img/quay.gif", picture());
    site.write("static/img/big,one.gif", picture());
    let files = site.built();
    let html = text(&files, "news/ferry/index.html");
    for attribute in [" href=\"", " src=\"", " poster=\"", " data=\"", " action=\""] {
        for url in between(&html, attribute, "\"") {
            let is_root = url.starts_with("/repo/") && !url.starts_with("/repo/repo/");
            assert!(
                is_root
                    || url.starts_with("//cdn.example")
                    || url.starts_with("http")
                    || url.starts_with('#'),
                "{attribute}{url}"
            );
        }
    }
    for wanted in [
        "<a href=\"/repo/about/\">about</a>",
        "<a href=\"/repo/about/?a=1#b\">x</a>",
        "<a href=\"/repo/about/\">reference</a>",
        "srcset=\"/repo/img/quay.gif 1x, /repo/img/big%2Cone.gif 2x\"",
        "<video src=\"/repo/film.mp4\" poster=\"/repo/img/quay.gif\">",
        "<source srcset=\"/repo/img/quay.gif\">",
        "data=\"/repo/d.csv\"",
        "action=\"/repo/search/\"",
        "|/repo/img/quay.gif|/repo/about/ mailto:a@example.org ",
    ] {
        assert!(html.contains(wanted), "{wanted} in {html}");
    }
    // Pictures that are found that way have their size.
    let quay = html.split("<img").find(|tag| tag.contains("alt=\"quay\"")).unwrap();
    assert!(quay.contains("width=\"50\"") && quay.contains("height=\"30\""), "{quay}");
    for (feed, at) in [("feed.json", "content_html"), ("rss.xml", ""), ("atom.xml", "")] {
        let all = match at {
            "" => text(&files, feed),
            at => json(&files, feed)["items"][0][at].as_str().unwrap().to_owned(),
        };
        assert!(all.contains("https://example.org/repo/img/quay.gif"), "{feed}: {all}");
        assert!(
            !all.contains("https://example.org/img/") && !all.contains("https://example.org/about/"),
            "{feed}: {all}"
        );
        assert!(!all.contains("/repo/repo/"), "{feed}");
    }
    // The base URL of the command line moves all of it.
    let output = site.build(&["--base-url", "https://host.example/sub/"]);
    assert!(output.status.success());
    let html = text(&site.output(), "news/ferry/index.html");
    assert!(html.contains("<a href=\"/sub/about/\">about</a>") && !html.contains("\"/repo/"), "{html}");
    let output = site.build(&["--base-url", "https://host.example/"]);
    assert!(output.status.success());
    let html = text(&site.output(), "news/ferry/index.html");
    assert!(html.contains("<a href=\"/about/\">about</a>") && !html.contains("\"/repo/"), "{html}");
}

#[test]
fn other_sources_than_markdown_count_from_the_sites_root_too() {
    let site = Site::new(&[
        ("content/a.html", &article("", "<p><a href=\"/about/\">x</a> <img src=\"/q.gif\" alt=\"\"></p>")),
        ("content/s/_index.md", "+++\ntitle = \"S\"\n+++\n\n[x](/about/)\n"),
        ("content/s/b.md", &article("", "{% <box> %}\n[x](/about/) [y](../about.md)\n{% </box> %}")),
        ("content/about.md", &page("")),
        (
            "templates/components.html",
            "{% component box() %}<div data-u=\"/u/\"><a href=\"/box/\">b</a>{{ body }}</div>{% endcomponent box %}",
        ),
        ("site.toml", &below_a_folder()),
    ]);
    site.write("static/q.gif", picture());
    let files = site.built();
    let html = text(&files, "a/index.html");
    assert!(html.contains("<a href=\"/repo/about/\">x</a>"), "{html}");
    assert!(html.contains("src=\"/repo/q.gif\""), "{html}");
    assert!(text(&files, "s/index.html").contains("<a href=\"/repo/about/\">x</a>"));
    let html = text(&files, "s/b/index.html");
    assert!(html.contains("<a href=\"/repo/about/\">x</a> <a href=\"/repo/about/\">y</a>"), "{html}");
    assert!(html.contains("<a href=\"/repo/box/\">b</a>"), "{html}");
}

#[test]
fn a_path_with_the_folder_of_the_base_url_is_right_already_unless_the_site_has_it() {
    let site = Site::new(&[
        (
            "content/a.md",
            &article(
                "image = \"/repo/img/x.gif\"",
                "![x](/repo/img/x.gif) [r](/repo) [s](/repo/) [o](/repo/b/) [own](/repo/own/)",
            ),
        ),
        ("content/b.md", &page("")),
        ("templates/article.html", "{{ article.content }}|{{ article.image }}|"),
        ("site.toml", &below_a_folder()),
    ]);
    site.write("static/img/x.gif", picture());
    let html = text(&site.built(), "a/index.html");
    for wanted in [
        "src=\"/repo/img/x.gif\" alt=\"x\" width=\"50\" height=\"30\"",
        "<a href=\"/repo/\">r</a>",
        "<a href=\"/repo/\">s</a>",
        "<a href=\"/repo/b/\">o</a>",
        "<a href=\"/repo/own/\">own</a>",
        "|/repo/img/x.gif|",
    ] {
        assert!(html.contains(wanted), "{wanted} in {html}");
    }
    // Now the site has a path that begins with the same folder.
    site.write("content/repo/own.md", page(""));
    let html = text(&site.built(), "a/index.html");
    assert!(html.contains("<a href=\"/repo/repo/own/\">own</a>"), "{html}");
    assert!(html.contains("<a href=\"/repo/b/\">o</a>"), "{html}");
}

#[test]
fn the_folder_of_the_base_url_may_have_letters_beyond_ascii() {
    let site = Site::new(&[
        ("content/a.md", &article("", "[b](/b/) [c](/caf\u{e9}/b/) [d](/caf%C3%A9/b/)")),
        ("content/b.md", &page("")),
        ("site.toml", &TOML.replace("example.org/", "example.org/caf\u{e9}/")),
    ]);
    let html = text(&site.built(), "a/index.html");
    for name in ["b", "c", "d"] {
        assert!(html.contains(&format!("<a href=\"/caf%C3%A9/b/\">{name}</a>")), "{html}");
    }
}

#[test]
fn an_alias_is_no_wildcard_for_hosts() {
    let more = "aliases = [\"/*/\", \"/:x/\", \"/a:b*c.html\", \"/%2A%3A/\"]";
    let site = Site::new(&[("content/b.md", &article(more, "x")), ("site.toml", TOML)]);
    site.built();
    let lines = redirects(&site);
    assert_eq!(
        lines,
        ["/%2A%3A/ /b/ 301", "/%2A/ /b/ 301", "/%3Ax/ /b/ 301", "/a%3Ab%2Ac.html /b/ 301"],
        "{lines:?}"
    );
    // A path with such characters is one for its feeds and its redirects, too.
    site.write("content/b.md", article("path = \"/x*y/:z/\"\naliases = [\"/old/\"]", "x"));
    site.built();
    assert_eq!(redirects(&site), ["/old/ /x%2Ay/%3Az/ 301"]);
    let caddy = site.command(&["hosting", "caddy"]).output().unwrap();
    assert!(String::from_utf8(caddy.stdout).unwrap().contains("redir \"/old/\" \"/x*y/:z/\" permanent"));
}

#[test]
fn an_alias_with_control_or_direction_characters_is_refused() {
    for alias in [
        "/a\\nb/",
        "/a%0Ab/",
        "/a\\u001b[1m/",
        "/a%1Bb/",
        "/\\u202egnp/",
        "/%E2%80%AE/",
        "/a%00/",
        "/%5Cb/",
        "/%2e%2e/x/",
    ] {
        let more = format!("aliases = [\"{alias}\"]");
        let site = Site::new(&[("content/b.md", &article(&more, "x")), ("site.toml", TOML)]);
        let (code, problems) = site.problems(&[]);
        assert_eq!(code, Some(1), "{alias}");
        assert!(
            problems[0].starts_with("path::") && problems[0].contains("content/b.md:4:12"),
            "{alias}: {problems:?}"
        );
        assert!(!problems[0].contains(['\n', '\u{1b}', '\u{202e}']), "{problems:?}");
    }
}

#[test]
fn an_alias_that_differs_only_in_case_is_a_rule_without_a_file() {
    let more = "path = \"/2015/Tocking/\"\naliases = [\"/2015/tocking/\"]";
    let site = Site::new(&[
        ("content/a.md", &article(more, "x")),
        (
            "content/b.md",
            &article("path = \"/caf\u{e9}/\"\naliases = [\"/cafe\u{301}/\", \"/CAF\u{c9}/\"]", "x"),
        ),
        ("site.toml", TOML),
    ]);
    assert_eq!(warnings(&site), Vec::<String>::new());
    let output = site.output();
    assert!(
        output.contains_key("2015/Tocking/index.html") && !output.contains_key("2015/tocking/index.html")
    );
    assert_eq!(
        redirects(&site),
        ["/2015/tocking/ /2015/Tocking/ 301", "/CAF%C3%89/ /caf%C3%A9/ 301", "/cafe%CC%81/ /caf%C3%A9/ 301"]
    );
    // Caddy's own paths ignore case, so that such a redirect would lead to itself.
    let caddy = site.command(&["hosting", "caddy"]).output().unwrap();
    let caddy = String::from_utf8(caddy.stdout).unwrap();
    assert!(
        caddy.contains("path_regexp \"^/2015/tocking/$\"") && !caddy.contains("redir \"/2015"),
        "{caddy}"
    );
}

#[test]
fn an_alias_gives_way_to_everything_that_has_its_path() {
    for (alias, other) in [
        ("/", "content/"),
        ("/about/", "content/about.md"),
        ("/about/index.html", "content/about.md"),
        ("/news/", "content/news"),
        ("/rss.xml", "the feed"),
        ("/archive/", "the archive"),
        ("/tags/", "the taxonomy"),
        ("/tags/sea/", "the term"),
        ("/x.txt", "static/x.txt"),
        ("/404.html", "the page for what is not found"),
        ("/robots.txt", "the rules for robots"),
        ("/sitemap.xml", "the sitemap"),
        ("/old/", "content/c.md"),
    ] {
        let site = Site::new(&[
            ("content/about.md", &page("")),
            ("content/news/b.md", &article(&format!("aliases = [\"{alias}\"]\ntags = [\"sea\"]"), "x")),
            ("content/c.md", "+++\ntitle = \"C\"\ndate = 2020-01-01\naliases = [\"/old/\"]\n+++\n\nOld.\n"),
            ("static/x.txt", "x"),
            ("site.toml", TOML),
        ]);
        let before = {
            site.write("content/news/b.md", article("tags = [\"sea\"]", "x"));
            site.built()
        };
        site.write("content/news/b.md", article(&format!("aliases = [\"{alias}\"]\ntags = [\"sea\"]"), "x"));
        let (code, problems) = site.problems(&[]);
        assert_eq!(code, Some(0), "{alias}: {problems:#?}");
        assert!(problems[0].starts_with("plan::alias content/news/b.md:4:12 "), "{alias}: {problems:?}");
        assert!(problems[0].contains(other), "{alias}: {problems:?}");
        assert!(site.output() == before, "{alias} changed the output");
    }
}

#[test]
fn old_addresses_with_a_query_are_rules_of_servers() {
    let more = "aliases = [\"/?p=123\", \"/index.php?id=5&x=a b\", \"/faq/#one\"]";
    let site = Site::new(&[("content/b.md", &article(more, "x")), ("site.toml", TOML)]);
    assert_eq!(
        warnings(&site),
        [
            "identity::query content/b.md:4:12",
            "identity::query content/b.md:4:23",
            "identity::fragment content/b.md:4:48"
        ]
    );
    assert_eq!(redirects(&site), Vec::<String>::new());
    let print = |server: &str| {
        String::from_utf8(site.command(&["hosting", server]).output().unwrap().stdout).unwrap()
    };
    let nginx = print("nginx");
    assert!(nginx.contains("if ($request_uri = \"/?p=123\") { return 301 \"/b/\"; }"), "{nginx}");
    assert!(
        nginx.contains("if ($request_uri = \"/index.php?id=5&x=a%20b\") { return 301 \"/b/\"; }"),
        "{nginx}"
    );
    let caddy = print("caddy");
    assert!(caddy.contains("expression `{http.request.uri} == \"/?p=123\"`"), "{caddy}");
}

#[test]
fn names_of_files_may_have_signs_that_mean_something_in_urls() {
    let body = "[c](<C# notes.pdf>) [p](50%25.pdf) [q](why%3F.txt) [root](/100%25.pdf) [hash](/a%23b.pdf)";
    let more =
        "aliases = [\"/%C3%A9tude/\", \"/C%23/\", \"/50%25/\", \"/100%/\"]\nenclosure = \"C# notes.pdf\"";
    let site = Site::new(&[
        ("content/a/index.md", &article(more, body)),
        ("content/a/C# notes.pdf", "c"),
        ("content/a/50%.pdf", "p"),
        ("content/a/why?.txt", "q"),
        ("static/100%.pdf", "h"),
        ("static/a#b.pdf", "h"),
        ("static/a%20b.pdf", "h"),
        ("site.toml", TOML),
    ]);
    assert_eq!(warnings(&site), Vec::<String>::new());
    let output = site.output();
    for file in [
        "a/C# notes.pdf",
        "a/50%.pdf",
        "a/why?.txt",
        "100%.pdf",
        "a#b.pdf",
        "a%20b.pdf",
        "\u{e9}tude/index.html",
        "C#/index.html",
        "50%/index.html",
        "100%/index.html",
    ] {
        assert!(output.contains_key(file), "{file} in {:?}", output.keys());
    }
    let html = text(&output, "a/index.html");
    for url in ["/a/C%23%20notes.pdf", "/a/50%25.pdf", "/a/why%3F.txt", "/100%25.pdf", "/a%23b.pdf"] {
        assert!(html.contains(&format!("href=\"{url}\"")), "{url} in {html}");
    }
    assert_eq!(
        redirects(&site),
        ["/%C3%A9tude/ /a/ 301", "/100%25/ /a/ 301", "/50%25/ /a/ 301", "/C%23/ /a/ 301"]
    );
    let enclosure = &json(&output, "feed.json")["items"][0]["attachments"][0]["url"];
    assert_eq!(enclosure, "https://example.org/a/C%23%20notes.pdf");
}

#[test]
fn names_that_some_disks_take_for_one_collide() {
    for (one, other) in [
        ("\u{df}", "ss"),
        ("stra\u{df}e", "STRASSE"),
        ("\u{17f}", "s"),
        ("\u{fb01}n", "fin"),
        ("\u{1e9e}", "\u{df}"),
        ("caf\u{e9}", "cafe\u{301}"),
        ("\u{3c3}\u{3c2}", "\u{3c3}\u{3c3}"),
        ("co\u{ad}op", "coop"),
    ] {
        let site = Site::new(&[
            ("content/a.md", &page(&format!("path = \"/{one}/\""))),
            ("content/b.md", &page(&format!("path = \"/{other}/\""))),
            ("site.toml", TOML),
        ]);
        let (code, problems) = site.problems(&[]);
        assert_eq!(code, Some(1), "{one} {other}");
        assert!(problems[0].starts_with("plan::collision content/b.md "), "{problems:?}");
    }
    let site = Site::new(&[
        ("content/a.md", &page("path = \"/k\u{131}z/\"")),
        ("content/b.md", &page("path = \"/kiz/\"")),
        ("site.toml", TOML),
    ]);
    assert_eq!(warnings(&site), Vec::<String>::new(), "the dotless letter is another");
}

/// Windows has no such files; there these names are errors.
#[cfg(unix)]
#[test]
fn names_that_other_systems_reserve_are_published_and_encoded_where_they_mean_something() {
    let names = ["con.txt", "nul", "aux.d.txt", "a:b.txt", "a*.txt", "end.", "sp .txt", "a|b.txt"];
    let site = Site::new(&[
        ("content/con.md", &page("")),
        ("content/a.md", &page("aliases = [\"/old:a/\", \"/old*/\", \"/aux/\"]")),
        ("site.toml", TOML),
    ]);
    for name in names {
        site.write(&format!("static/{name}"), name);
    }
    assert_eq!(warnings(&site), Vec::<String>::new());
    let output = site.output();
    for name in names {
        assert_eq!(text(&output, name), name);
    }
    for path in ["con/index.html", "aux/index.html", "old:a/index.html"] {
        assert!(output.contains_key(path), "{path}");
    }
    assert_eq!(redirects(&site), ["/aux/ /a/ 301", "/old%2A/ /a/ 301", "/old%3Aa/ /a/ 301"]);
}

#[test]
fn a_backslash_is_refused_in_every_path() {
    for (file, content) in [
        ("content/b.md", page("path = \"/a\\\\b/\"")),
        ("content/b.md", page("slug = \"a\\\\b\"")),
        ("content/b.md", page("aliases = [\"/a\\\\b/\"]")),
        ("content/b.md", page("path = \"/a%5Cb/\"")),
    ] {
        let site = Site::new(&[(file, &content), ("site.toml", TOML)]);
        let (code, problems) = site.problems(&[]);
        assert_eq!(code, Some(1), "{content}");
        assert!(problems[0].starts_with("path::part content/b.md"), "{content}: {problems:?}");
    }
}

#[test]
fn a_name_has_one_path_however_its_accents_are_stored() {
    for name in ["caf\u{e9}", "cafe\u{301}"] {
        let site =
            Site::new(&[(&format!("content/news/{name}.md"), &article("", "Text.")), ("site.toml", TOML)]);
        assert!(site.built().contains_key("news/caf\u{e9}/index.html"), "{name:?}");
    }
}

/// The two names look the same.
#[test]
fn a_link_to_a_file_with_other_accents_says_how_they_differ() {
    for (link, help) in [
        ("caf\u{e9}.md", "`cafe\u{301}.md` looks like it"),
        ("\u{e9}.md", "`e\u{301}.md` looks like it"),
        ("/caf\u{e9}.txt", "`/cafe\u{301}.txt` looks like it"),
        ("caf\u{e9}s.md", "did you mean `cafe\u{301}.md`?"),
    ] {
        let site = Site::new(&[
            ("content/cafe\u{301}.md", &page("")),
            ("content/e\u{301}.md", &page("")),
            ("content/a.md", &article("", &format!("[x]({link})"))),
            ("static/cafe\u{301}.txt", "text"),
            ("site.toml", TOML),
        ]);
        let output = site.build(&[]);
        let said = String::from_utf8_lossy(&output.stderr).replace("\n        ", " ");
        assert_eq!(output.status.code(), Some(1), "{said}");
        assert!(said.contains(help), "{link}: {said}");
    }
}

#[test]
fn a_folder_without_a_description_gives_way_to_a_page() {
    let site = Site::new(&[
        ("content/docs/index.md", &page("")),
        ("content/docs/a.md", &page("")),
        ("content/guide.md", &page("")),
        ("content/guide/b.md", &article("", "x")),
        ("content/theirs/c.md", &page("")),
        ("static/theirs/index.html", "<title>Theirs</title>"),
        ("content/Case.md", &page("path = \"/Lower/\"")),
        ("content/lower/d.md", &page("")),
        ("content/archive/e.md", &page("")),
        ("content/described/_index.md", "+++\ntitle = \"D\"\n+++\n"),
        ("content/described/f.md", &page("")),
        ("site.toml", TOML),
    ]);
    let mut found = warnings(&site);
    // The list of sections leads to the folder that gave way.
    found.retain(|one| !one.starts_with("link::template"));
    found.sort();
    assert_eq!(
        found,
        [
            "plan::implicit content/Case.md",
            "plan::implicit content/docs/index.md",
            "plan::implicit content/guide.md",
            "plan::implicit static/theirs/index.html",
            "plan::implicit the",
        ]
    );
    let output = site.output();
    assert!(text(&output, "docs/index.html").contains("Text of a page."));
    assert!(text(&output, "guide/index.html").contains("Text of a page."));
    assert_eq!(text(&output, "theirs/index.html"), "<title>Theirs</title>");
    for file in [
        "docs/a/index.html",
        "guide/b/index.html",
        "theirs/c/index.html",
        "Lower/index.html",
        "lower/d/index.html",
        "archive/e/index.html",
    ] {
        assert!(output.contains_key(file), "{file}");
    }
    let report = String::from_utf8(site.build(&[]).stderr).unwrap();
    assert!(report.contains("rename it to `_index.md`"), "{report}");
    // A folder that is described doesn't.
    site.write("content/guide/_index.md", "+++\ntitle = \"Guide\"\n+++\n");
    let (code, problems) = site.problems(&[]);
    assert_eq!(code, Some(1));
    assert!(problems.iter().any(|one| one.starts_with("plan::collision content/guide")), "{problems:?}");
}

#[test]
fn files_of_bundles_with_html_permalinks_have_folders_of_their_own() {
    for (pattern, one, two) in [
        ("/{section}/{slug}.html", "news/one/plan.txt", "news/two/plan.txt"),
        ("/{section}/{slug}/", "news/one/plan.txt", "news/two/plan.txt"),
        ("/{section}/{slug}/index.html", "news/one/plan.txt", "news/two/plan.txt"),
        ("/{yyyy}/{slug}.htm", "2026/one/plan.txt", "2026/two/plan.txt"),
    ] {
        let body = "[d](plan.txt) <img srcset=\"q.gif 1x, ./q.gif 2x\" src=\"q.gif\" alt=\"\">";
        let site = Site::new(&[
            ("content/news/one/index.md", &article("", body)),
            ("content/news/one/plan.txt", "1"),
            ("content/news/two/index.md", &article("", body)),
            ("content/news/two/plan.txt", "2"),
            ("site.toml", &format!("{TOML}[permalinks]\ndefault = \"{pattern}\"\n")),
        ]);
        site.write("content/news/one/q.gif", picture());
        site.write("content/news/two/q.gif", picture());
        let output = site.built();
        assert_eq!((text(&output, one), text(&output, two)), ("1".to_owned(), "2".to_owned()), "{pattern}");
        let page = pattern.replace("{section}", "news").replace("{yyyy}", "2026").replace("{slug}", "one");
        let page = if page.ends_with('/') { format!("{page}index.html") } else { page };
        let html = text(&output, &page[1..]);
        let folder = one.trim_end_matches("plan.txt");
        assert!(html.contains(&format!("href=\"/{one}\"")), "{html}");
        assert!(html.contains(&format!("srcset=\"/{folder}q.gif 1x, /{folder}q.gif 2x\"")), "{html}");
    }
    // Also where front matter sets the path.
    let site = Site::new(&[
        ("content/one/index.md", &article("path = \"/2014/one.html\"", "[d](d.txt)")),
        ("content/one/d.txt", "1"),
        ("content/two/index.md", &article("path = \"/2014/two.html\"", "[d](d.txt)")),
        ("content/two/d.txt", "2"),
        ("site.toml", TOML),
    ]);
    assert_eq!(text(&site.built(), "2014/two/d.txt"), "2");
}

#[test]
fn a_folder_of_a_term_describes_the_term() {
    let site = Site::new(&[
        ("content/a.md", &article("authors = [\"ada\"]\ntags = [\"Sea Birds\"]", "x")),
        ("content/authors/_index.md", "+++\ntitle = \"Our writers\"\n+++\n\nAll of them.\n"),
        (
            "content/authors/ada/_index.md",
            "+++\ntitle = \"Ada Merriweather\"\nsummary = \"Writes.\"\n+++\n\nBio of [Ada](/a/) ![q](/q.gif).\n",
        ),
        ("content/authors/nobody/_index.md", "+++\ntitle = \"Nobody\"\n+++\n\nWithout articles.\n"),
        ("content/tags/sea-birds/_index.md", "+++\ntitle = \"Birds of the sea\"\n+++\n\nGulls.\n"),
        ("content/tags/hidden/_index.md", "+++\ntitle = \"Hidden\"\ndraft = true\n+++\n\nSecret.\n"),
        ("site.toml", &below_a_folder()),
    ]);
    site.write("static/q.gif", picture());
    assert_eq!(warnings(&site), Vec::<String>::new());
    let output = site.output();
    let ada = text(&output, "authors/ada/index.html");
    assert!(ada.contains("<h1 class=\"p-name\">Ada Merriweather</h1>"), "{ada}");
    assert!(ada.contains("Bio of <a href=\"/repo/a/\">Ada</a>") && ada.contains("/repo/q.gif"), "{ada}");
    assert!(ada.contains("content=\"Writes.\""), "{ada}");
    let authors = text(&output, "authors/index.html");
    assert!(authors.contains("<h1>Our writers</h1>") && authors.contains("All of them."), "{authors}");
    assert!(authors.contains(">Ada Merriweather</a>"), "{authors}");
    assert!(text(&output, "tags/sea-birds/index.html").contains("Gulls."));
    assert!(text(&output, "authors/nobody/index.html").contains("Without articles."));
    assert!(!output.values().any(|bytes| String::from_utf8_lossy(bytes).contains("Secret.")));
    // Its text is an input of the page.
    site.write("content/tags/sea-birds/_index.md", "+++\ntitle = \"Birds of the sea\"\n+++\n\nTerns.\n");
    assert!(text(&site.built(), "tags/sea-birds/index.html").contains("Terns."));
    site.write("content/tags/sea-birds/_index.md", "+++\ntitle = \"Waders\"\n+++\n\nTerns.\n");
    assert!(text(&site.built(), "a/index.html").contains("Waders"));
}

#[test]
fn terms_of_signs_have_paths_and_empty_items_are_passed_over() {
    let front = "---\ntitle: x\ndate: 2020-01-01\ntags: [\"\u{1f99e}\", \"\u{2764}\u{fe0f}\", \"\u{b7}\u{b7}\u{b7}\", \"+1\", \"&\", null, \"\", \" \"]\nauthors: [null]\naliases: [null, \"\", \"/old/\"]\ntopics:\n  -\n  - sea\n---\nx\n";
    let site =
        Site::new(&[("content/a.md", front), ("content/\u{1f30a}.md", &page("")), ("site.toml", TOML)]);
    assert_eq!(warnings(&site), Vec::<String>::new());
    let output = site.output();
    for file in [
        "tags/1f99e/index.html",
        "tags/2764/index.html",
        "tags/b7-b7-b7/index.html",
        "tags/1/index.html",
        "tags/26/index.html",
        "topics/sea/index.html",
        "1f30a/index.html",
        "old/index.html",
    ] {
        assert!(output.contains_key(file), "{file} in {:?}", output.keys());
    }
    assert!(text(&output, "tags/1f99e/index.html").contains("<h1>\u{1f99e}</h1>"));
    assert!(!output.keys().any(|path| path.starts_with("authors/")));
}

#[test]
fn a_slug_with_a_slash_is_a_path() {
    for (slug, file) in [
        ("/2015/ferry/", "2015/ferry/index.html"),
        ("/ferry.html", "ferry.html"),
        ("2015/ferry", "news/2015/ferry/index.html"),
        ("ferry/", "news/ferry/index.html"),
        ("%C3%A9tude", "news/\u{e9}tude/index.html"),
    ] {
        let site = Site::new(&[
            ("content/news/a.md", &article(&format!("slug = \"{slug}\""), "x")),
            ("site.toml", TOML),
        ]);
        let found = warnings(&site);
        let warned = slug.trim_end_matches('/').contains('/');
        assert_eq!(
            found,
            if warned { vec!["identity::slug content/news/a.md:4:8"] } else { Vec::new() },
            "{slug}"
        );
        assert!(site.output().contains_key(file), "{slug}: {:?}", site.output().keys());
    }
}

#[test]
fn articles_of_one_slug_on_several_days_are_one_message_with_the_permalink() {
    let article = |day: &str| format!("+++\ntitle = \"Weekly\"\ndate = {day}\nslug = \"weekly\"\n+++\n\nx\n");
    let site = Site::new(&[("site.toml", TOML)]);
    for month in 1..=12 {
        site.write(&format!("content/news/{month:02}.md"), article(&format!("2020-{month:02}-01")));
    }
    let (code, problems) = site.problems(&[]);
    assert_eq!(code, Some(1));
    assert!(problems.iter().all(|one| one.starts_with("plan::same_slug content/news/")), "{problems:?}");
    let report = String::from_utf8(site.build(&[]).stderr).unwrap();
    assert_eq!(report.matches("/{section}/{yyyy}/{mm}/{dd}/{slug}/").count(), 1, "{report}");
    site.write(
        "site.toml",
        format!("{TOML}[permalinks]\ndefault = \"/{{section}}/{{yyyy}}/{{mm}}/{{dd}}/{{slug}}/\"\n"),
    );
    assert!(site.built().contains_key("news/2020/02/01/weekly/index.html"));
}

#[test]
fn a_missing_template_is_replaced_by_the_usual_one() {
    let site = Site::new(&[
        ("content/a.md", &article("template = \"atricle.html\"", "Text.")),
        ("content/s/_index.md", "+++\ntitle = \"S\"\n[cascade]\ntemplate = \"wide.html\"\n+++\n"),
        ("content/s/b.md", &article("", "Text.")),
        ("content/s/c.md", &article("", "Text.")),
        ("site.toml", TOML),
    ]);
    let found = warnings(&site);
    assert_eq!(found, ["template::missing content/a.md:4:12", "template::missing content/s/_index.md:4:12"]);
    assert!(text(&site.output(), "a/index.html").contains("<p>Text.</p>"));
    let report = String::from_utf8(site.build(&[]).stderr).unwrap();
    assert!(report.contains("did you mean `article.html`?"), "{report}");
    // A second build tells it again, and renders nothing.
    assert_eq!(warnings(&site), found);
    // The template is used once it exists.
    site.write("templates/wide.html", "wide");
    assert_eq!(text(&site.built(), "s/b/index.html"), "wide");
}

#[test]
fn a_base_url_that_servers_would_misread_is_refused_at_its_line() {
    for (base, is_right) in [
        ("https://example.org/%3Breturn%20200%20pwned%3B/", false),
        ("https://example.org/a;b/", false),
        ("https://example.org/a b/", false),
        ("https://example.org/{a}/", false),
        ("https://example.org/$a/", false),
        ("https://example.org/%24a/", false),
        ("https://example.org/\\\"/", false),
        ("https://exa;mple.org/", false),
        ("https://example.org/%0D%0Ax/", false),
        ("https://example.org/\\u202e/", false),
        ("https://example.org/50%25/", true),
        ("https://example.org/~ada/", true),
    ] {
        let site = Site::new(&[
            ("content/a.md", &page("")),
            (
                "site.toml",
                &format!(
                    "title = \"T\"\nbase_url = \"{base}\"\nauthority = \"example.org\"\ntimezone = \"UTC\"\n"
                ),
            ),
        ]);
        let (code, problems) = site.problems(&[]);
        assert_eq!(code == Some(0), is_right, "{base}: {problems:?}");
        if !is_right {
            assert!(problems[0].starts_with("config::base_url site.toml:2:12 "), "{base}: {problems:?}");
        }
        let given = site
            .command(&["build", "--now", NOW, "--base-url", &base.replace("\\u202e", "\u{202e}")])
            .output()
            .unwrap();
        assert_eq!(given.status.success(), is_right, "{base}");
    }
}

#[test]
fn configurations_quote_the_output_folder() {
    let site = Site::new(&[("content/a.md", &page("")), ("site.toml", TOML)]);
    let print = |server: &str, out: &str| {
        let output = site.command(&["hosting", server, "--out", out]).output().unwrap();
        String::from_utf8(output.stdout).unwrap()
    };
    for out in ["a;b {c} $d", "a\nb; return 200 pwned;", "it's \"q\""] {
        for server in ["nginx", "caddy"] {
            let text = print(server, out);
            assert!(!text.lines().any(|line| line.trim_start().starts_with("b; return")), "{server}: {text}");
        }
    }
    assert!(print("nginx", "a;b {c} $d").contains("/a;b {c} ${dateline_dollar}d\";"));
}

#[test]
fn unknown_values_suggest_the_nearest_known() {
    let site = |more: &str| {
        Site::new(&[("content/a.md", &article("", "x")), ("site.toml", &format!("{TOML}{more}"))])
    };
    for (more, hint) in [
        ("slugs = \"asci\"\n", "did you mean `ascii`?"),
        ("[theme]\ndensity = \"compct\"\n", "did you mean `compact`?"),
        ("[theme]\ncolors = { ink = \"#000\" }\n", "did you mean `colours`?"),
        ("[theme.colours]\nacent = \"#000000\"\n", "did you mean `accent`?"),
        ("[theme.colours]\naccent = \"9b2a1a\"\n", "did you mean `#9b2a1a`?"),
        ("[dates]\npublished = [\"fron-matter\"]\n", "did you mean `front-matter`?"),
        ("[encodings]\nold = \"windows1252\"\n", "did you mean `windows-1252`?"),
        ("[dates]\nambiguous = \"ealier\"\n", "did you mean `earlier`?"),
        ("[feeds]\ncontent = \"summery\"\n", "did you mean `summary`?"),
        ("[hosting]\ncompress = [\"gzz\"]\n", "did you mean `gz`?"),
        ("[feeds]\nformats = [\"atmo\"]\n", "did you mean `atom`?"),
        ("timezon = \"UTC\"\n", "did you mean `timezone`?"),
        ("language = \"en\"\nlocale = \"xx_GB\"\n", "did you mean"),
    ] {
        let site = site(more);
        let report: Value = site.report(&[]).1;
        let problems = report["problems"].as_array().unwrap();
        let said = problems.iter().any(|one| one["help"].as_str().is_some_and(|help| help.contains(hint)));
        assert!(said, "{more}: {problems:#?}");
    }
}

#[test]
fn help_is_in_the_syntax_of_its_file_and_says_what_was_meant() {
    for (front, hint) in [
        ("---\ntitle: x\nweight: third\n---\n", "write `weight: 1`"),
        ("---\ntitle: x\nweight: \"3\"\n---\n", "write `weight: 3`"),
        ("---\ntitle: x\nweight: 3.0\n---\n", "write `weight: 3`"),
        ("+++\ntitle = \"x\"\nweight = \"-3\"\n+++\n", "write `weight = -3`"),
        ("{\"title\": \"x\", \"weight\": \"3\"}\n", "write `\"weight\": 3`"),
        ("---\ntitle: x\nmath: \"off\"\n---\n", "write `math: false`"),
        ("---\ntitle: x\nsummary: [x]\n---\n", "write `summary: \"\u{2026}\"`"),
        ("---\ntitle: x\nslug: \"-\"\npath: []\n---\n", "write `path: \"\u{2026}\"`"),
    ] {
        let site = Site::new(&[("content/a.md", front), ("site.toml", TOML)]);
        let report = site.report(&[]).1;
        let problems = report["problems"].as_array().unwrap();
        let said = problems.iter().any(|one| one["help"].as_str().is_some_and(|help| help.contains(hint)));
        assert!(said, "{front}: {problems:#?}");
    }
    // A file whose name makes no slug is told about as a whole.
    let site = Site::new(&[("content/---.md", "---\ntitle: x\n---\n"), ("site.toml", TOML)]);
    let report = site.report(&[]).1;
    let help = report["problems"][0]["help"].as_str().unwrap();
    assert!(help.contains("`slug: \"\u{2026}\"`"), "{help}");
}
