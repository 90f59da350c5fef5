//! The theme: its templates, their values, its style sheet.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::site::{Site, TOML, text, tree};

/// A site with two sections whose articles share tags.
fn paper(extra: &[(&str, &str)]) -> Site {
    let article = |title: &str, day: &str, tags: &str| {
        format!(
            "+++\ntitle = \"{title}\"\npublished = {day}\ntags = {tags}\nauthors = [\"Ada\"]\n+++\n\nText.\n\n## Part\n"
        )
    };
    let mut files: Vec<(String, String)> = Vec::new();
    for number in 1..=6 {
        let tags = if number % 2 == 0 { "[\"ferries\"]" } else { "[\"lamps\"]" };
        let text = article(&format!("News {number}"), &format!("2026-01-0{number}"), tags);
        files.push((format!("content/news/n{number}.md"), text));
    }
    files.push(("content/culture/c1.md".into(), article("Culture 1", "2025-12-24", "[\"ferries\"]")));
    files.push(("content/about.md".into(), "+++\ntitle = \"About\"\n+++\n\nUs.\n".into()));
    files.extend(extra.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())));
    let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    Site::new(&files)
}

fn settings(more: &str) -> String {
    format!(
        "title = \"Paper\"\nbase_url = \"https://paper.example/\"\nauthority = \"paper.example,2020\"\ntimezone = \"UTC\"\n{more}"
    )
}

fn fields(value: &Value) -> BTreeSet<String> {
    value.as_object().unwrap_or_else(|| panic!("{value}")).keys().cloned().collect()
}

#[test]
fn templates_receive_what_the_reference_says() {
    let dump = "{{ {\"site\": site, \"sections\": sections, \"taxonomies\": taxonomies, \"recent\": recent, \"featured\": featured, \"archive\": archive, \"lists\": lists, \"data\": data, \"feeds\": feeds, \"article\": article, \"section\": section, \"docs\": docs, \"front\": front, \"related\": related, \"pager\": pager, \"blocks\": blocks, \"taxonomy\": taxonomy, \"term\": term, \"year\": year, \"month\": month, \"groups\": groups, \"notice\": notice, \"target\": target, \"pages\": pages, \"translations\": translations, \"lang\": lang, \"words\": words} | json }}";
    let names = [
        "article",
        "docs",
        "index",
        "section",
        "taxonomy",
        "term",
        "archive",
        "month",
        "subscribe",
        "notice",
    ];
    let templates: Vec<(String, &str)> =
        names.iter().map(|name| (format!("templates/{name}.html"), dump)).collect();
    let mut files: Vec<(&str, &str)> = templates.iter().map(|(path, text)| (path.as_str(), *text)).collect();
    let settings = settings(
        "page_size = 2\n\n[authors.ada]\nname = \"Ada\"\nbio = \"Writes.\"\n\n[taxonomies.series]\n\n[[navigation]]\ntitle = \"News\"\nurl = \"/news/\"\nchildren = [{ title = \"Ferries\", url = \"/tags/ferries/\" }]\n[[footer]]\nlinks = [{ title = \"News\", url = \"/news/\" }]\n[announcement]\ntext = \"Soon\"\n",
    );
    let withdrawn = "+++\ntitle = \"Gone\"\npublished = 2026-01-02\nupdated = 2026-01-03\nwithdrawn = \"No.\"\n\n[[corrections]]\ndate = 2026-01-03\ntext = \"So.\"\n+++\n\nText.\n";
    let corrected =
        withdrawn.replace("withdrawn = \"No.\"\n", "series = \"S\"\n").replace("Gone", "Put right");
    files.extend([
        ("site.toml", settings.as_str()),
        ("content/gone.md", withdrawn),
        ("content/news/right.md", corrected.as_str()),
        (
            "content/news/episode.md",
            "+++\ntitle = \"Episode\"\ndate = 2026-01-02\nauthors = [\"Ada\"]\nenclosure = \"e.mp3\"\n[episode]\ntranscript = \"e.vtt\"\nchapters = \"e.json\"\n+++\nText.\n",
        ),
        ("content/news/e.mp3", "sound"),
        ("content/news/e.vtt", "WEBVTT\n\n00:01.000 --> 00:02.000\nHello.\n"),
        ("content/news/e.json", "{\"chapters\": [{\"startTime\": 1, \"title\": \"One\"}]}"),
        ("content/handbook/_index.md", "+++\nlayout = \"docs\"\n+++\n"),
        ("content/handbook/start.md", "+++\ntitle = \"Start\"\n+++\nText.\n"),
    ]);
    let site = paper(&files);
    let out = site.built();
    let page = |path: &str| -> Value { serde_json::from_str(&text(&out, path)).unwrap() };
    let (article, front, news) =
        (page("news/right/index.html"), page("index.html"), page("news/page/1/index.html"));
    let episode = &page("news/episode/index.html")["article"];
    let (year, handbook) = (page("archive/2026/index.html"), page("handbook/index.html"));

    let reference = site.command(&["templates", "--format", "json"]).output().unwrap();
    let reference: Value = serde_json::from_slice(&reference.stdout).unwrap();
    let said = |map: &str| -> BTreeSet<String> {
        let maps = reference["maps"].as_array().unwrap();
        let map = maps.iter().find(|one| one["name"] == map).unwrap_or_else(|| panic!("{map}"));
        map["fields"]
            .as_array()
            .unwrap()
            .iter()
            .map(|field| field["name"].as_str().unwrap().to_owned())
            .collect()
    };
    let values: BTreeSet<String> = reference["values"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["name"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(fields(&article), values);
    for (map, value) in [
        ("site", &article["site"]),
        ("article", &article["article"]),
        ("card", &article["recent"][0]),
        ("card", &front["pager"]["articles"][0]),
        ("date", &article["article"]["published"]),
        ("series", &article["article"]["series"]),
        ("article link", &article["article"]["series"]["parts"][0]),
        ("heading", &page("news/n1/index.html")["article"]["contents"][0]),
        ("correction", &article["article"]["corrections"][0]),
        ("term link", &page("news/n1/index.html")["article"]["tags"][0]),
        ("section link", &article["sections"][0]),
        ("section", &article["section"]),
        ("section", &front["section"]),
        ("enclosure", &episode["enclosures"][0]),
        ("episode", &episode["episode"]),
        ("transcript", &episode["episode"]["transcripts"][0]),
        ("speech", &episode["episode"]["transcript"][0]),
        ("chapter", &episode["episode"]["chapters"][0]),
        ("term", &episode["profiles"][0]),
        ("docs", &handbook["docs"]),
        ("docs entry", &handbook["docs"]["entries"][0]),
        ("docs summary", &handbook["docs"]["children"][0]),
        ("block", &front["blocks"][0]),
        ("block", &front["front"]["bands"][0]),
        ("front", &front["front"]),
        ("pager", &news["pager"]),
        ("taxonomy", &article["taxonomies"]["tags"]),
        ("term with count", &article["taxonomies"]["tags"]["terms"][0]),
        ("term", &page("tags/ferries/index.html")["term"]),
        ("taxonomy link", &page("tags/ferries/index.html")["term"]["taxonomy"]),
        ("year", &year["year"]),
        ("month", &page("archive/2026/01/index.html")["month"]),
        ("feed", &article["feeds"][0]),
        ("group", &page("subscribe/index.html")["groups"][0]),
        ("notice", &page("gone/index.html")["notice"]),
        ("style sheet", &article["site"]["styles"][0]),
        ("colour pair", &article["site"]["theme_colours"]),
        ("navigation link", &article["site"]["navigation"][0]),
        ("link", &article["site"]["navigation"][0]["children"][0]),
        ("footer group", &article["site"]["footer"][0]),
        ("announcement", &article["site"]["announcement"]),
    ] {
        assert_eq!(fields(value), said(map), "{map}");
    }
    // The documentation has what the command prints.
    let markdown = site.command(&["templates", "--format", "markdown"]).output().unwrap();
    let page = fs::read_to_string(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/content/docs/reference/template-reference.md"
    ))
    .unwrap();
    assert!(
        page.ends_with(&String::from_utf8(markdown.stdout).unwrap()),
        "content/docs/reference/template-reference.md is old"
    );
}

#[test]
fn misspelt_values_are_told_with_what_was_meant() {
    let site = paper(&[
        ("site.toml", &settings("")),
        (
            "templates/article.html",
            "{% extends \"base.html\" %}\n{% block main %}{% if article.sumary %}x{% endif %}\n{% for one in article.tags %}{{ one.naem or \"\" }}{% endfor %}{% endblock main %}",
        ),
    ]);
    let (code, problems) = site.problems(&[]);
    assert_eq!(
        (code, problems),
        (
            Some(0),
            vec![
                "template::misspelt templates/article.html:2:31 `article` has no `sumary`".to_owned(),
                "template::misspelt templates/article.html:3:37 `one` has no `naem`".to_owned(),
            ]
        )
    );
    let broken = [
        ("{{ article.titel }}", "did you mean `title`?"),
        ("{{ article.title | uper }}", "did you mean `upper`?"),
        ("{{ <dateline_crd article={article} /> }}", "did you mean `dateline_card`?"),
    ];
    for (template, remedy) in broken {
        let site = paper(&[("site.toml", &settings("")), ("templates/article.html", template)]);
        let (code, report) = site.report(&[]);
        assert_eq!(code, Some(1), "{report:#}");
        let told = report["problems"].as_array().unwrap().iter().any(|problem| problem["help"] == remedy);
        assert!(told, "{template}: {report:#}");
    }
}

/// What `dateline theme eject FILE` says on standard error, with its exit code.
fn ejected(site: &Site, file: &str) -> (Option<i32>, String) {
    let output = site.command(&["theme", "eject", file]).output().unwrap();
    (output.status.code(), String::from_utf8(output.stderr).unwrap())
}

/// A file in a folder of this repository that is the theme.
fn of_theme(path: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).unwrap()
}

#[test]
fn a_file_of_the_theme_is_copied_to_the_same_path() {
    let site = paper(&[("site.toml", &settings(""))]);
    for (asked, path) in [
        ("article.html", "templates/article.html"),
        ("static/base.css", "static/base.css"),
        ("code.js", "static/code.js"),
        ("robots.txt", "templates/robots.txt"),
    ] {
        assert_eq!(ejected(&site, asked), (Some(0), String::new()));
        assert_eq!(fs::read_to_string(site.path(path)).unwrap(), of_theme(path));
    }
}

#[test]
fn a_file_that_the_theme_does_not_have_is_answered_with_a_near_one() {
    let site = paper(&[("site.toml", &settings(""))]);
    let (code, told) = ejected(&site, "articel.html");
    assert!(code == Some(2) && told.contains("did you mean `article.html`?"), "{told}");
    let (code, told) = ejected(&site, "static/bases.css");
    assert!(code == Some(2) && told.contains("did you mean `static/base.css`?"), "{told}");
    assert_eq!(ejected(&site, "custom.css").0, Some(2));
}

#[test]
fn a_file_that_is_there_is_never_written_over() {
    let site = paper(&[("site.toml", &settings("")), ("templates/article.html", "mine")]);
    let (code, told) = ejected(&site, "article.html");
    assert_eq!(code, Some(2));
    assert!(told.contains("templates/article.html is there already") && !told.contains("disk"), "{told}");
    assert_eq!(fs::read_to_string(site.path("templates/article.html")).unwrap(), "mine");
    assert_eq!(text(&site.built(), "news/n1/index.html"), "mine");
}

#[test]
fn a_file_is_copied_from_the_folder_of_the_sites_theme() {
    let site = paper(&[
        ("site.toml", &settings("[theme]\nfolder = \"themes/harbour\"\n")),
        ("themes/harbour/templates/article.html", "theme"),
    ]);
    assert_eq!((ejected(&site, "article.html").0, ejected(&site, "page.html").0), (Some(0), Some(0)));
    assert_eq!(fs::read_to_string(site.path("templates/article.html")).unwrap(), "theme");
    assert_eq!(
        fs::read_to_string(site.path("templates/page.html")).unwrap(),
        of_theme("templates/page.html")
    );
}

#[test]
fn the_theme_as_a_sites_own_makes_the_same_site() {
    // The files of the search are part of the theme where a site has one.
    let site = paper(&[("site.toml", &settings("[search]\nenabled = true\n"))]);
    let before = site.built();
    for folder in ["templates", "static"] {
        for (path, bytes) in tree(&Path::new(env!("CARGO_MANIFEST_DIR")).join(folder)) {
            site.write(&format!("{folder}/{path}"), bytes);
        }
    }
    assert_eq!(site.problems(&[]), (Some(0), Vec::new()));
    let after = site.output();
    assert_eq!(before.keys().collect::<Vec<_>>(), after.keys().collect::<Vec<_>>());
    for (path, bytes) in before {
        assert!(after[&path] == bytes, "{path}");
    }
}

#[test]
fn a_template_extends_and_includes_the_themes_version_of_itself() {
    let site = paper(&[
        ("site.toml", &settings("")),
        (
            "templates/article.html",
            "{% extends \"theme/article.html\" %}{% block main %}<hr class=\"own\">{{ super() }}{% endblock main %}",
        ),
        ("templates/base.html", "{% extends \"theme/base.html\" %}{% block title %}Own{% endblock title %}"),
        ("templates/cards.html", "<div class=\"own\">{% include 'theme/cards.html' %}</div>"),
    ]);
    assert_eq!(site.problems(&[]), (Some(0), Vec::new()));
    let out = site.output();
    let article = text(&out, "news/n1/index.html");
    assert!(article.contains("<hr class=\"own\"><article class=\"story h-entry\">"), "{article}");
    assert!(article.contains("<title>News 1 · Paper</title>") && article.contains("class=\"masthead\""));
    let section = text(&out, "news/index.html");
    assert!(section.contains("<div class=\"own\"><div class=\"cards h-feed\">"), "{section}");
    // The theme's own templates extend the site's.
    assert!(text(&out, "subscribe/index.html").contains("<title>"));
    assert!(text(&out, "index.html").contains("<title>Own</title>"));
}

#[test]
fn a_change_of_the_themes_version_beneath_is_a_change_of_the_page() {
    let own = "{% extends \"theme/article.html\" %}{% block title %}Own{% endblock title %}";
    let site = paper(&[
        ("site.toml", &settings("[theme]\nfolder = \"themes/harbour\"\n")),
        ("themes/harbour/templates/article.html", "{% block title %}{% endblock title %} one"),
        ("templates/article.html", own),
    ]);
    assert_eq!(text(&site.built(), "news/n1/index.html"), "Own one");
    site.write("themes/harbour/templates/article.html", "{% block title %}{% endblock title %} two");
    assert_eq!(text(&site.built(), "news/n1/index.html"), "Own two");
}

#[test]
fn a_component_replaces_the_themes_of_the_same_name() {
    let site = paper(&[
        ("site.toml", &settings("")),
        (
            "templates/own.html",
            "{% component note(title: string = \"\") %}<b>{{ body }}</b>{% endcomponent note %}",
        ),
        (
            "content/news/new.md",
            "+++\ntitle = \"New\"\npublished = 2026-01-09\n+++\n\n{% <note> %}\nText.\n{% </note> %}\n",
        ),
    ]);
    let (code, problems) = site.problems(&[]);
    assert_eq!(code, Some(0), "{problems:#?}");
    let page = text(&site.output(), "news/new/index.html");
    assert!(page.contains("<b><p>Text.</p>") && !page.contains("<aside class=\"note\">"), "{page}");
}

#[test]
fn wrong_names_of_templates_are_told_together_with_the_names_that_are_near() {
    let site = paper(&[
        ("site.toml", &settings("")),
        ("templates/article.html", "{% extends \"theme/artcle.html\" %}"),
        (
            "templates/page.html",
            "{% extends \"base.html\" %}\n{% block main %}{% include \"card.html\" %}{% endblock main %}",
        ),
        ("templates/term.html", "{% extends \"theme/none-such.html\" %}"),
        ("templates/month.html", "{{ x"),
    ]);
    let (code, report) = site.report(&[]);
    let found: Vec<String> = report["problems"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| {
            format!("{}:{}:{} {} {}", one["file"], one["line"], one["column"], one["code"], one["help"])
                .replace('"', "")
        })
        .collect();
    assert_eq!(code, Some(1));
    assert_eq!(
        found,
        [
            "templates/article.html:1:12 template::missing did you mean `theme/article.html`?",
            "templates/month.html:1:4 template::syntax mend the template; the site's pages are as they were",
            "templates/page.html:2:28 template::missing did you mean `cards.html`?",
            "templates/term.html:1:12 template::missing `dateline theme eject` lists the theme's templates",
        ]
    );
}

#[test]
fn a_template_that_extends_itself_is_told_of_the_version_beneath() {
    let site =
        paper(&[("site.toml", &settings("")), ("templates/article.html", "{% extends \"article.html\" %}")]);
    let (code, report) = site.report(&[]);
    let problem = &report["problems"][0];
    assert_eq!((code, problem["code"].as_str()), (Some(1), Some("template::circle")));
    assert_eq!(problem["message"], "this template builds on itself: `article.html` \u{2192} `article.html`");
    assert_eq!(
        (problem["file"].as_str(), problem["column"].as_u64()),
        (Some("templates/article.html"), Some(12))
    );
    assert_eq!(problem["help"], "`theme/article.html` is the version that yours replaces");
}

#[test]
fn templates_that_include_each_other_are_told_with_the_circle() {
    let site = paper(&[
        ("site.toml", &settings("")),
        ("templates/article.html", "{% include \"a.html\" %}"),
        ("templates/a.html", "{% include \"b.html\" %}"),
        ("templates/b.html", "{% include \"a.html\" %}"),
    ]);
    let (_, problems) = site.problems(&[]);
    assert_eq!(
        problems,
        [
            "template::circle templates/a.html:1:12 this template builds on itself: `a.html` \u{2192} `b.html` \u{2192} `a.html`"
        ]
    );
}

#[test]
fn the_theme_of_a_site_with_a_folder_is_that_folder_before_the_built_in_one() {
    let site = paper(&[
        ("site.toml", &settings("[theme]\nfolder = \"themes/harbour\"\n")),
        (
            "themes/harbour/templates/article.html",
            "{% extends \"built-in/article.html\" %}{% block lang %}folder{% endblock lang %}",
        ),
        ("themes/harbour/templates/components.html", "{% component note() %}folder{% endcomponent note %}"),
        (
            "templates/article.html",
            "{% extends \"theme/article.html\" %}{% block title %}own{% endblock title %}",
        ),
        ("templates/page.html", "{% extends \"theme/page.html\" %}{% block title %}own{% endblock title %}"),
    ]);
    assert_eq!(site.problems(&[]), (Some(0), Vec::new()));
    let out = site.output();
    let article = text(&out, "news/n1/index.html");
    assert!(article.contains("<html lang=\"folder\"") && article.contains("<title>own</title>"), "{article}");
    assert!(article.contains("<article class=\"story h-entry\">"));
    assert!(text(&out, "about/index.html").contains("<title>own</title>"));
}

#[test]
fn a_theme_in_a_folder_that_extends_itself_is_told_of_the_built_in_one() {
    let site = paper(&[
        ("site.toml", &settings("[theme]\nfolder = \"themes/harbour\"\n")),
        ("themes/harbour/templates/article.html", "{% extends \"theme/article.html\" %}"),
    ]);
    let (_, report) = site.report(&[]);
    let problem = &report["problems"][0];
    assert_eq!(problem["file"], "themes/harbour/templates/article.html", "{report:#}");
    assert_eq!(problem["help"], "`built-in/article.html` is the version that yours replaces");
}

#[test]
fn names_of_the_theme_are_reserved() {
    let site = paper(&[("site.toml", &settings("")), ("templates/theme/term.html", "x")]);
    assert_eq!(
        site.problems(&[]).1,
        [
            "template::reserved templates/theme/term.html names that begin with `theme/` are those of the theme's templates"
        ]
    );
}

#[test]
fn a_template_that_does_not_fit_is_no_error_where_nothing_uses_it() {
    // The theme's article asks its base for blocks that this one lacks; the site has its own article.
    let site = paper(&[
        ("site.toml", &settings("archive = false\n")),
        (
            "templates/base.html",
            "{% block lang %}{% endblock lang %}{% block title %}{% endblock title %}{% block description %}{% endblock description %}{% block head %}{% endblock head %}{% block main %}{% endblock main %}",
        ),
        ("templates/article.html", "own"),
        ("templates/404.html", "own"),
    ]);
    assert_eq!(site.problems(&[]), (Some(0), Vec::new()));
}

const PLACES: [(&str, &str, &str); 4] = [
    ("head-end.html", "</script>\n", "</head>"),
    ("header-end.html", "</nav>\n", "</header>"),
    ("article-end.html", "</footer>\n", "</article>"),
    ("footer-end.html", "</ul>\n", "</footer>"),
];

#[test]
fn places_are_filled_by_templates_of_their_names() {
    for (name, before, after) in PLACES {
        let site = paper(&[
            ("site.toml", &settings("")),
            (
                &format!("templates/{name}"),
                "{% if article %}<i>{{ article.title }} in {{ section.title }}</i>{% endif %}",
            ),
        ]);
        assert_eq!(site.problems(&[]), (Some(0), Vec::new()), "{name}");
        let out = site.output();
        let page = text(&out, "news/n1/index.html");
        let filled = format!("{before}<i>News 1 in News</i>{after}");
        assert_eq!(page.matches(&filled).count(), 1, "{name}: {page}");
        assert!(!text(&out, "index.html").contains("<i>"), "{name}");
    }
}

#[test]
fn filling_a_place_and_changing_it_renders_the_pages_that_show_it() {
    let site = paper(&[("site.toml", &settings(""))]);
    let before = site.built();
    site.write("templates/article-end.html", "<i>one</i>");
    let one = site.built();
    site.write("templates/article-end.html", "<i>two {{ recent | length }}</i>");
    let two = site.built();
    fs::remove_file(site.path("templates/article-end.html")).unwrap();
    let after = site.built();
    assert!(text(&one, "news/n1/index.html").contains("<i>one</i></article>"));
    assert!(text(&two, "news/n1/index.html").contains("<i>two 7</i></article>"));
    assert_eq!(before, after);
    // Nothing else is rendered.
    site.write("templates/article-end.html", "<i>three</i>");
    let output = site.build(&["--explain"]);
    let told = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
    assert!(told.contains("news/n1/index.html: template article-end.html changed"), "{told}");
    assert!(!told.contains("about/index.html:") && !told.contains("archive/index.html:"), "{told}");
}

#[test]
fn a_place_of_a_list_sees_what_the_list_sees() {
    let site = paper(&[
        ("site.toml", &settings("page_size = 2\n")),
        (
            "templates/footer-end.html",
            "{% if section and pager %}<i>{{ section.title }} {{ pager.articles | length }}</i>{% endif %}",
        ),
    ]);
    let (code, problems) = site.problems(&[]);
    assert_eq!(code, Some(0), "{problems:#?}");
    assert!(text(&site.output(), "news/index.html").contains("<i>News 2</i>"));
}

#[test]
fn templates_that_nothing_uses_are_one_warning() {
    let site = paper(&[
        ("site.toml", &settings("")),
        ("templates/artcle.html", "x"),
        ("templates/tag/term.html", "x"),
        ("templates/special.html", "{% include 'part.html' %}"),
        ("templates/part.html", "x"),
        ("templates/tags/term.html", "x"),
        ("templates/own.html", "{% component level() %}x{% endcomponent level %}"),
        ("content/draft.md", "+++\ntitle = \"D\"\ndraft = true\ntemplate = \"special.html\"\n+++\n"),
    ]);
    let expected = "template::unused templates/artcle.html `templates/artcle.html`, `templates/tag/term.html` are used by nothing";
    assert_eq!(site.problems(&[]), (Some(0), vec![expected.to_owned()]));
    // The next build tells it too.
    assert_eq!(site.problems(&[]), (Some(0), vec![expected.to_owned()]));
    site.write("content/news/n1.md", "+++\ntitle = \"News 1\"\npublished = 2026-01-01\n+++\n\nOther text.\n");
    assert_eq!(site.problems(&[]), (Some(0), vec![expected.to_owned()]));
}

#[test]
fn templates_of_a_themes_folder_need_not_be_used() {
    let site = paper(&[
        ("site.toml", &settings("[theme]\nfolder = \"themes/harbour\"\n")),
        ("themes/harbour/templates/column.html", "column"),
        ("content/news/_index.md", "+++\ntitle = \"News\"\n[cascade]\ntemplate = \"wide.html\"\n+++\n"),
        ("templates/wide.html", "wide"),
    ]);
    assert_eq!(site.problems(&[]), (Some(0), Vec::new()));
    assert_eq!(text(&site.output(), "news/n1/index.html"), "wide");
}

#[test]
fn a_theme_in_a_folder_stands_between_the_sites_own_files_and_the_built_in_ones() {
    let site = paper(&[
        ("site.toml", &settings("[theme]\nfolder = \"themes/harbour\"\n")),
        ("themes/harbour/templates/article.html", "theme {{ article.title }}"),
        ("themes/harbour/templates/page.html", "theme {{ article.title }}"),
        ("themes/harbour/static/a.txt", "theme"),
        ("themes/harbour/static/b.txt", "theme"),
        ("templates/page.html", "own {{ article.title }}"),
        ("static/b.txt", "own"),
    ]);
    let out = site.built();
    assert_eq!(text(&out, "news/n1/index.html"), "theme News 1");
    assert_eq!(text(&out, "about/index.html"), "own About");
    assert_eq!((text(&out, "a.txt").as_str(), text(&out, "b.txt").as_str()), ("theme", "own"));
    assert!(text(&out, "index.html").contains("class=\"masthead\""));

    let broken = paper(&[
        ("site.toml", &settings("[theme]\nfolder = \"themes/harbour\"\n")),
        ("themes/harbour/templates/article.html", "{{ article.title"),
    ]);
    let (_, problems) = broken.problems(&[]);
    assert!(
        problems[0].starts_with("template::syntax themes/harbour/templates/article.html:1:"),
        "{problems:?}"
    );
    let absent = paper(&[("site.toml", &settings("[theme]\nfolder = \"themes/none\"\n"))]);
    assert!(absent.problems(&[]).1[0].starts_with("template::theme "));
}

#[test]
fn colours_words_and_forms_of_dates_are_those_of_the_settings() {
    let theme = "[dates]\nformat = \"%d/%m/%Y\"\n\n[theme]\ndensity = \"compact\"\nlogo = \"mast.svg\"\n\n[theme.colours]\naccent = { light = \"#0B5D57\", dark = \"#6fd3c8\" }\nline = \"#abc\"\n\n[theme.words]\narchive = \"Old papers\"\n";
    let site = paper(&[("site.toml", &settings(theme))]);
    let out = site.built();
    let front = text(&out, "index.html");
    assert!(front.contains("class=\"compact\"") && front.contains("src=\"/mast.svg\""));
    assert!(front.contains(">Old papers</a>") && front.contains(">06/01/2026</time>"), "{front}");
    let style = text(&out, "style.css");
    assert!(style.contains("--accent:light-dark(#0b5d57,#6fd3c8)"), "{style}");
    assert!(style.contains("--line:light-dark(#aabbcc,#3f4e5c)"), "{}", &style[style.len() - 200..]);
    let wrong = "[dates]\nformat = \"%Q\"\n\n[theme]\ndensity = \"airy\"\nfolder = \"../x\"\n\n[theme.colours]\naccent = \"red\"\n\n[theme.words]\narchiv = \"x\"\n";
    let (code, problems) = paper(&[("site.toml", &settings(wrong))]).problems(&[]);
    assert_eq!((code, problems.len()), (Some(2), 5), "{problems:#?}");
}

#[test]
fn the_style_sheet_is_one_file_with_its_digest_in_its_name() {
    let own = [
        ("static/custom.css", "@import \"css/more.css\";\n.card { color: rgb(255, 0, 0); }\n"),
        (
            "static/css/more.css",
            ".kicker { background: url(\"../img/a.png\"), url(b.svg), url(/c.png), url(data:image/gif;base64,AA); }\n",
        ),
    ];
    let with = |more: &str| {
        let settings = settings(more);
        let mut files = vec![("site.toml", settings.as_str())];
        files.extend(own);
        paper(&files)
    };
    let site = with("");
    let out = site.built();
    let sheets: Vec<&String> = out.keys().filter(|path| path.starts_with("style-")).collect();
    let [sheet] = sheets.as_slice() else { panic!("{sheets:?}") };
    let style = text(&out, sheet);
    assert_eq!(style, text(&out, "style.css"));
    assert!(style.contains("color:rgb(255,0,0)") && !style.contains("@import") && !style.contains("/*"));
    for url in ["url(\"img/a.png\")", "url(css/b.svg)", "url(/c.png)", "url(data:image/gif;base64,AA)"] {
        assert!(style.contains(url), "{url}: {style}");
    }
    let front = text(&out, "index.html");
    assert!(front.contains(&format!("href=\"/{sheet}\" integrity=\"sha384-")), "{front}");
    let headers = text(&out, "_headers");
    assert!(
        headers.contains(&format!("/{sheet}\n  Cache-Control: public, max-age=31536000, immutable\n")),
        "{headers}"
    );
    // Other bytes, another name; the old file goes.
    fs::write(site.path("static/custom.css"), ".card { color: blue }").unwrap();
    let again = site.built();
    assert!(!again.contains_key(*sheet) && again.keys().any(|path| path.starts_with("style-")));

    let plain = with("[css]\nfingerprint = false\nintegrity = false\nminify = false\n").built();
    assert!(!plain.keys().any(|path| path.starts_with("style-")));
    assert!(text(&plain, "index.html").contains("href=\"/style.css\">"));
    assert!(text(&plain, "style.css").contains("color: rgb(255, 0, 0)"));
    let apart = with("[css]\nbundle = false\n").built();
    assert!(text(&apart, "style.css").contains("@import \"base.css\""));
    assert!(apart.contains_key("base.css") && text(&apart, "custom.css").contains("rgb(255, 0, 0)"));
}

#[test]
fn style_sheets_that_are_part_of_the_bundle_are_not_copied() {
    let files = |more: &str| {
        paper(&[
            ("site.toml", &settings(more)),
            ("static/style.css", "@import \"base.css\";\n@import \"css/more.css\";\n"),
            ("static/base.css", ".a { color: red }"),
            ("static/css/more.css", ".b { color: red }"),
            ("static/css/apart.css", ".c { color: red }"),
        ])
        .built()
    };
    let sheets = |out: &crate::site::Files| -> Vec<String> {
        let named = |path: &&String| path.ends_with(".css") && !path.starts_with("style-");
        out.keys().filter(named).cloned().collect()
    };
    let bundled = files("");
    assert_eq!(sheets(&bundled), ["css/apart.css", "docs.css", "feed.css", "progress.css", "style.css"]);
    assert_eq!(text(&bundled, "style.css"), ".a{color:red}.b{color:red}");
    let apart = files("[css]\nbundle = false\n");
    assert!(sheets(&apart).contains(&"css/more.css".to_owned()));
    assert!(text(&apart, "style.css").contains("@import \"base.css\""));
}

#[test]
fn a_broken_style_sheet_is_told_with_its_place_and_changes_nothing() {
    let site = paper(&[("site.toml", &settings(""))]);
    let before = site.built();
    fs::create_dir_all(site.path("static")).unwrap();
    fs::write(site.path("static/custom.css"), "\n@import \"none.css\";\n").unwrap();
    let (code, problems) = site.problems(&[]);
    assert_eq!(code, Some(1));
    assert!(problems[0].starts_with("style::bundle static/custom.css:2:1 "), "{problems:?}");
    assert_eq!(before, tree(&site.path("public")));
    fs::write(site.path("static/custom.css"), ".a { color: red }\n.b { color~ blue }\n").unwrap();
    let (code, problems) = site.problems(&[]);
    assert_eq!(code, Some(0), "{problems:?}");
    assert!(problems[0].starts_with("style::part static/custom.css:2:"), "{problems:?}");
    // One in another encoding is an error only where it is to be read.
    fs::write(site.path("static/custom.css"), "").unwrap();
    fs::write(site.path("static/old.css"), b"/* caf\xe9 */").unwrap();
    assert_eq!(site.problems(&[]), (Some(0), Vec::new()));
    fs::write(site.path("static/custom.css"), "@import \"old.css\";").unwrap();
    let (code, problems) = site.problems(&[]);
    assert_eq!(code, Some(1));
    assert!(problems[0].contains("static/old.css can't be read: it is not UTF-8 text"), "{problems:?}");
}

#[test]
fn related_articles_share_terms_and_blocks_hold_what_is_not_listed() {
    let blocks = "{% for block in blocks %}<p class=\"block-{{ loop.index }}\">{% for one in block.articles %}<li><a href=\"{{ one.url }}\">{{ one.title }}</a>{% endfor %}</section>{% endfor %}";
    let site = paper(&[("site.toml", &settings("page_size = 2\n")), ("templates/index.html", blocks)]);
    let out = site.built();
    let titles = |page: &str, after: &str, to: &str| -> Vec<String> {
        let part = page.split_once(after).map_or("", |(_, rest)| rest);
        let part = part.split_once(to).map_or(part, |(part, _)| part);
        part.split("<li><a href=\"")
            .skip(1)
            .map(|one| one.split_once('>').unwrap().1.split_once('<').unwrap().0.to_owned())
            .collect()
    };
    // News 2 and 6 have the tag of News 4, and so has Culture 1, further away; its neighbours have another.
    let related = titles(&text(&out, "news/n4/index.html"), "class=\"related\"", "</section>");
    assert_eq!(related, ["News 6", "News 2", "Culture 1"]);
    let front = text(&out, "index.html");
    // On the front are News 6 and 5, and 4, since its page holds up to one more than it has room for.
    assert_eq!(titles(&front, "block-1", "</section>"), ["Culture 1"]);
    assert_eq!(titles(&front, "block-2", "</section>"), ["News 3", "News 2", "News 1"]);
}

#[test]
fn direction_is_that_of_the_language() {
    let site = paper(&[
        ("site.toml", &settings("language = \"ar\"\n")),
        ("content/news/he.md", "+++\ntitle = \"He\"\nlang = \"he\"\npublished = 2026-01-09\n+++\n\nx\n"),
        ("content/news/en.md", "+++\ntitle = \"En\"\nlang = \"en\"\npublished = 2026-01-08\n+++\n\nx\n"),
        ("content/news/az.md", "+++\ntitle = \"Az\"\nlang = \"az-Arab\"\npublished = 2026-01-07\n+++\n\nx\n"),
    ]);
    let out = site.built();
    for (path, lang, dir) in [
        ("index.html", "ar", "rtl"),
        ("news/he/index.html", "he", "rtl"),
        ("news/en/index.html", "en", "ltr"),
        ("news/az/index.html", "az-Arab", "rtl"),
    ] {
        assert!(text(&out, path).contains(&format!("<html lang=\"{lang}\" dir=\"{dir}\"")), "{path}");
    }
}

#[test]
fn every_set_of_colours_in_the_documentation_can_be_read() {
    let page = include_str!("../../content/docs/reference/theme.md");
    let (_, table) = page.split_once("| | `paper` | `panel` |").unwrap();
    let rows: Vec<Vec<&str>> = table
        .lines()
        .skip(2)
        .take_while(|line| line.starts_with('|'))
        .map(|row| row.split('|').collect())
        .collect();
    assert_eq!(rows.len(), 4);
    for row in rows {
        let keys = ["paper", "panel", "ink", "soft", "accent", "line"];
        let colours = keys.iter().zip(&row[2..]).map(|(key, cell)| {
            let colour = cell.trim().trim_matches('`');
            format!("{key} = \"{colour}\"\n")
        });
        let site = Site::new(&[("content/_index.md", "")]);
        site.write("site.toml", format!("{TOML}[theme.colours]\n{}", colours.collect::<String>()));
        let (code, problems) = site.problems(&[]);
        assert_eq!((code, problems), (Some(0), Vec::new()), "{}", row[1]);
    }
}
