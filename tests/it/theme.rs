//! The theme: its templates, their values, its style sheet.

use std::collections::BTreeSet;
use std::fs;

use serde_json::Value;

use crate::site::{Site, text, tree};

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
    let dump = "{{ {\"site\": site, \"sections\": sections, \"taxonomies\": taxonomies, \"recent\": recent, \"archive\": archive, \"lists\": lists, \"feeds\": feeds, \"article\": article, \"section\": section, \"related\": related, \"pager\": pager, \"blocks\": blocks, \"taxonomy\": taxonomy, \"term\": term, \"year\": year, \"month\": month, \"groups\": groups, \"notice\": notice, \"target\": target} | json }}";
    let names =
        ["article", "index", "section", "taxonomy", "term", "archive", "month", "subscribe", "notice"];
    let templates: Vec<(String, &str)> =
        names.iter().map(|name| (format!("templates/{name}.html"), dump)).collect();
    let mut files: Vec<(&str, &str)> = templates.iter().map(|(path, text)| (path.as_str(), *text)).collect();
    let settings = settings("page_size = 2\n\n[[navigation]]\ntitle = \"News\"\nurl = \"/news/\"\n");
    let withdrawn = "+++\ntitle = \"Gone\"\npublished = 2026-01-02\nupdated = 2026-01-03\nwithdrawn = \"No.\"\n\n[[corrections]]\ndate = 2026-01-03\ntext = \"So.\"\n+++\n\nText.\n";
    let corrected = withdrawn.replace("withdrawn = \"No.\"\n", "").replace("Gone", "Put right");
    files.extend([
        ("site.toml", settings.as_str()),
        ("content/gone.md", withdrawn),
        ("content/news/right.md", corrected.as_str()),
    ]);
    let site = paper(&files);
    let out = site.built();
    let page = |path: &str| -> Value { serde_json::from_str(&text(&out, path)).unwrap() };
    let (article, front, news) =
        (page("news/right/index.html"), page("index.html"), page("news/page/1/index.html"));
    let year = page("archive/2026/index.html");

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
        ("heading", &page("news/n1/index.html")["article"]["contents"][0]),
        ("correction", &article["article"]["corrections"][0]),
        ("term link", &page("news/n1/index.html")["article"]["tags"][0]),
        ("section link", &article["sections"][0]),
        ("section", &article["section"]),
        ("section", &front["section"]),
        ("block", &front["blocks"][0]),
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
    ] {
        assert_eq!(fields(value), said(map), "{map}");
    }
    // The documentation has what the command prints.
    let markdown = site.command(&["templates", "--format", "markdown"]).output().unwrap();
    let page = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/content/docs/template-reference.md"))
        .unwrap();
    assert!(
        page.ends_with(&String::from_utf8(markdown.stdout).unwrap()),
        "content/docs/template-reference.md is old"
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

#[test]
fn files_of_the_theme_become_ones_own() {
    let site = paper(&[("site.toml", &settings(""))]);
    let eject = |file: &str| site.command(&["theme", "eject", file]).output().unwrap();
    assert!(eject("article.html").status.success() && eject("custom.css").status.code() == Some(2));
    assert!(eject("base.css").status.success());
    let told = String::from_utf8(eject("articel.html").stderr).unwrap();
    assert!(told.contains("did you mean `article.html`?"), "{told}");
    let before = site.built();
    // An own file is never written over.
    fs::write(site.path("templates/article.html"), "mine").unwrap();
    assert_eq!(eject("article.html").status.code(), Some(2));
    assert_eq!(fs::read_to_string(site.path("templates/article.html")).unwrap(), "mine");
    assert_eq!(text(&site.built(), "news/n1/index.html"), "mine");
    assert_ne!(text(&before, "news/n1/index.html"), "mine");
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
    assert!(style.contains("--line:#abc"), "{style}");
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
    assert!(style.contains("color:red") && !style.contains("@import") && !style.contains("/*"));
    for url in ["url(\"img/a.png\")", "url(\"css/b.svg\")", "url(\"/c.png\")", "url(\"data:image/gif"] {
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
    assert!(text(&plain, "style.css").contains("\n  color: red;\n"));
    let apart = with("[css]\nbundle = false\n").built();
    assert!(text(&apart, "style.css").contains("@import \"base.css\""));
    assert!(apart.contains_key("base.css") && text(&apart, "custom.css").contains("rgb(255, 0, 0)"));
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
    let site = paper(&[("site.toml", &settings("page_size = 2\n"))]);
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
