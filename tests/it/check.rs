//! `dateline check`: what it finds on a finished site, how it reports that, and what it explains.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::site::{NOW, Site, TOML, between, tree};

/// A template that shows a title and a text, and nothing else.
const TEMPLATE: &str = "<!doctype html><html lang=\"en\"><head><title>{{ article.title }}</title></head><body><h1>{{ article.title }}</h1>{{ article.content | safe }}<nav><a href=\"/\">Home</a><a href=\"/a/\">A</a></nav></body></html>\n";

fn toml(more: &str) -> String {
    format!("{TOML}archive = false\n{more}")
}

/// A site with one page `/a/`, that has `text`, and few others.
fn site(text: &str, settings: &str) -> Site {
    let site = Site::new(&[("content/_index.md", "---\ntitle: Home\n---\n[A](/a/)\n")]);
    site.write("site.toml", toml(settings));
    site.write("content/a.md", format!("---\ntitle: A\n---\n{text}\n"));
    site
}

/// The exit code of `check`, and `code file:line:column message` of each finding.
fn findings(site: &Site, arguments: &[&str]) -> (Option<i32>, Vec<String>) {
    let (code, report) = report(site, arguments);
    let text = |one: &Value, key: &str| match &one[key] {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    let problem = |one: &Value| {
        let place = format!("{}:{}:{}", text(one, "file"), text(one, "line"), text(one, "column"));
        format!("{} {} {} {}", text(one, "severity"), text(one, "code"), place, text(one, "message"))
    };
    (code, report["problems"].as_array().unwrap().iter().map(problem).collect())
}

fn report(site: &Site, arguments: &[&str]) -> (Option<i32>, Value) {
    let output = site.command(&["check", "--now", NOW, "--format", "json"]).args(arguments).output().unwrap();
    let text = String::from_utf8_lossy(&output.stdout);
    let report = serde_json::from_str(&text)
        .unwrap_or_else(|error| panic!("{error}: {text}{}", String::from_utf8_lossy(&output.stderr)));
    (output.status.code(), report)
}

fn has(found: &[String], expected: &str) -> bool {
    found.iter().any(|one| one.starts_with(expected))
}

#[test]
fn a_site_without_faults_has_no_finding() {
    let site = site("## One\n\nText.\n\n### Two\n\n![A quay](quay.svg)", "");
    site.write(
        "content/quay.svg",
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"4\" height=\"3\"></svg>",
    );
    let (code, report) = report(&site, &[]);
    assert_eq!(report["problems"], Value::Array(Vec::new()), "{report:#}");
    assert_eq!((code, &report["outcome"], &report["exit_code"]), (Some(0), &"done".into(), &0.into()));
    assert!(report["pages"].as_u64() > Some(2));
    assert!(!site.path("public").exists(), "the output folder was made");
}

#[test]
fn each_class_of_faults_is_found_at_its_place_in_the_source() {
    for (text, expected) in [
        (
            "<p id=\"x\">1</p>\n\n<p id=\"y\">2</p>\n\n<div><span id='x'>3</span></div>",
            "error check::duplicate_id content/a.md:8:12 the id \u{201c}x\u{201d} stands twice",
        ),
        (
            "## B\n\n#### Deep & far",
            "warning check::heading_jump content/a.md:6:1 the heading \u{201c}Deep & far\u{201d} is an `h4` after an `h2`",
        ),
        (
            "Text.\n\n# Again",
            "warning check::several_h1 content/a.md:6:1 \u{201c}Again\u{201d} is a second first-level heading",
        ),
        (
            "<script src=\"http://example.net/a.js\"></script>",
            "error check::mixed_content content/a.md:4:14 the page is served by https and loads http://example.net/a.js by http",
        ),
    ] {
        let (code, found) = findings(&site(text, ""), &[]);
        assert!(has(&found, expected), "{text}: {found:#?}");
        assert_eq!(code, Some(i32::from(expected.starts_with("error"))), "{text}");
    }
}

#[test]
fn a_picture_without_alt_is_told_once() {
    let (_, found) = findings(&site("Text.\n\n<img src=\"https://example.net/a.png\">", ""), &[]);
    let about_alt: Vec<&String> = found.iter().filter(|one| one.contains("alt")).collect();
    assert_eq!(about_alt.len(), 1, "{found:#?}");
    assert!(about_alt[0].contains("content/a.md:6:"), "{found:#?}");
}

#[test]
fn what_a_template_writes_is_placed_in_the_page() {
    let site = site("Text.", "");
    let html = TEMPLATE.replace("<nav>", "\n<img src=\"https://example.net/own.png\"><nav>");
    site.write("templates/page.html", html);
    let (_, found) = findings(&site, &[]);
    let expected =
        "warning check::no_alt public/a/index.html:3:1 the picture https://example.net/own.png has no";
    assert!(has(&found, expected), "{found:#?}");
}

#[test]
fn pages_with_the_same_title_and_pages_that_nothing_links_to_are_named() {
    let site = site("Text.", "");
    site.write("templates/page.html", TEMPLATE);
    site.write("templates/section.html", TEMPLATE.replace("article.", "section."));
    // The theme's front page of a site without articles links its pages.
    site.write("templates/index.html", TEMPLATE.replace("article.", "section."));
    site.write("content/b.md", "---\ntitle: A\n---\nText.\n");
    site.write("content/c.md", "---\ntitle: C\npath: /c/\n---\n[C](/c/) links to itself.\n");
    let (code, found) = findings(&site, &[]);
    assert!(
        has(
            &found,
            "warning check::same_title content/a.md:2:8 /a/ and /b/ have the same title, \u{201c}A\u{201d}"
        ),
        "{found:#?}"
    );
    assert!(has(&found, "warning check::orphan content/b.md:null:null no page links to /b/"), "{found:#?}");
    assert!(has(&found, "warning check::orphan content/c.md:null:null no page links to /c/"), "{found:#?}");
    assert_eq!(code, Some(0));
}

#[test]
fn the_pages_of_one_list_may_have_the_same_title() {
    let site = site("Text.", "page_size = 2\n");
    for day in 1..10 {
        let text = format!("---\ntitle: N{day}\ndate: 2026-11-0{day}\n---\nText {day}.\n");
        site.write(&format!("content/news/n{day}.md"), text);
    }
    let (_, found) = findings(&site, &[]);
    assert!(!found.iter().any(|one| one.contains("check::same_")), "{found:#?}");
}

#[test]
fn nothing_links_to_an_unlisted_page_and_that_is_meant() {
    let site = site("Text.", "");
    site.write("content/b.md", "---\ntitle: B\nunlisted: true\n---\nText.\n");
    let (_, found) = findings(&site, &[]);
    assert!(!found.iter().any(|one| one.contains("orphan")), "{found:#?}");
}

#[test]
fn dates_that_nobody_means_are_found_also_where_they_keep_an_article_back() {
    for (date, expected) in [
        ("2204-03-01", "warning check::far_future content/news/x.md:3:7 the article is dated 2204-03-01"),
        ("1970-01-01", "warning check::far_past content/news/x.md:3:7 the article is dated 1970-01-01"),
        ("0001-01-01", "warning check::far_past content/news/x.md:3:7 the article is dated 0001-01-01"),
    ] {
        let site = site("Text.", "");
        site.write("content/news/x.md", format!("---\ntitle: X\ndate: {date}\n---\nText.\n"));
        let (_, found) = findings(&site, &[]);
        assert!(has(&found, expected), "{date}: {found:#?}");
    }
    for date in ["1995-03-01", "2026-11-01", "2027-06-01"] {
        let site = site("Text.", "");
        site.write("content/news/x.md", format!("---\ntitle: X\ndate: {date}\n---\nText.\n"));
        let (_, found) = findings(&site, &[]);
        assert!(!found.iter().any(|one| one.contains("check::far")), "{date}: {found:#?}");
    }
}

#[test]
fn feeds_are_judged_by_all_rules() {
    let site = site("Text.", "");
    site.write("content/news/x.md", "---\ntitle: X\ndate: 1970-01-01\n---\nText.\n");
    let (_, found) = findings(&site, &[]);
    assert!(has(&found, "warning lint::implausible-date public/"), "{found:#?}");
    site.write("site.toml", toml("[check]\nfeeds = \"ignore\"\n"));
    let (_, found) = findings(&site, &[]);
    assert!(!found.iter().any(|one| one.contains("lint::")), "{found:#?}");
}

#[test]
fn site_toml_says_how_much_a_class_weighs() {
    let text = "<p id=x>1</p><p id=x>2</p>\n\n## B\n\n#### C";
    for (settings, code, severity) in [
        ("[check]\nids = \"warning\"\n", 0, Some("warning")),
        ("[check]\nids = \"ignore\"\n", 0, None),
        ("[check]\nheadings = \"error\"\n", 1, Some("error")),
        ("[check]\nignore = [\"/a/\"]\n", 0, None),
        ("[check]\nignore = [\"/*\"]\n", 0, None),
        ("[check]\nignore = [\"/b/*\"]\n", 1, Some("error")),
    ] {
        let (found_code, found) = findings(&site(text, settings), &[]);
        let of_ids = found.iter().find(|one| one.contains("check::duplicate_id"));
        let found_severity = of_ids.and_then(|one| one.split(' ').next());
        assert_eq!((found_code, found_severity), (Some(code), severity), "{settings}: {found:#?}");
    }
    let (code, found) = findings(&site(text, "[check]\nids = \"eror\"\nidz = \"error\"\n"), &[]);
    assert_eq!(code, Some(2));
    assert!(has(&found, "error metadata::value site.toml:"), "{found:#?}");
    assert!(found.iter().any(|one| one.contains("metadata::unknown")), "{found:#?}");
}

#[test]
fn warnings_fail_a_strict_check() {
    let site = site("## B\n\n#### C", "");
    assert_eq!(findings(&site, &[]).0, Some(0));
    assert_eq!(findings(&site, &["--strict"]).0, Some(1));
}

#[test]
fn an_error_in_a_source_leaves_the_other_pages_to_be_looked_through() {
    let site = site("## B\n\n#### C", "");
    site.write("content/b.md", "---\ntitle: B\ndate: 2026-02-30\n---\nText.\n");
    let (code, report) = report(&site, &[]);
    assert_eq!((code, &report["outcome"], &report["exit_code"]), (Some(1), &"done".into(), &1.into()));
    let codes: Vec<&str> =
        report["problems"].as_array().unwrap().iter().filter_map(|one| one["code"].as_str()).collect();
    assert!(codes.contains(&"date::no_such_day") && codes.contains(&"check::heading_jump"), "{codes:?}");
    assert!(report["pages"].as_u64().unwrap() > 1, "{report:#}");
    assert!(!site.path("public").exists());
}

#[test]
fn a_site_that_cannot_be_built_has_the_errors_of_its_build() {
    let site = site("Text.", "");
    site.write("templates/article.html", "{% if %}\n");
    let (code, report) = report(&site, &[]);
    assert_eq!((code, &report["outcome"], &report["exit_code"]), (Some(1), &"failed".into(), &1.into()));
    assert!(report["problems"][0]["code"].as_str().unwrap().starts_with("template::"), "{report:#}");
    let empty = tempfile::TempDir::new().unwrap();
    let output = site.command(&["check", "--root"]).arg(empty.path()).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
}

#[test]
fn style_sheets_are_looked_through_for_files_by_http() {
    let site = site("<style>p { background: url(http://example.net/a.png) }</style>\n\nText.", "");
    site.write(
        "static/own.css",
        "/* url(http://example.net/0.png) */\na { background: url(\"HTTP://example.net/b.png\") }\n/* check-ignore */\nb { background: url(http://example.net/c.png) }\n@import 'http://example.net/d.css';\n",
    );
    let (code, found) = findings(&site, &[]);
    assert_eq!(code, Some(1), "{found:#?}");
    let mixed: Vec<&String> = found.iter().filter(|one| one.contains("check::mixed_content")).collect();
    assert_eq!(mixed.len(), 3, "{mixed:#?}");
    for start in ["content/a.md:", "static/own.css:2:", "static/own.css:5:"] {
        assert!(has(&found, &format!("error check::mixed_content {start}")), "{start}: {found:#?}");
    }
}

#[test]
fn a_comment_in_the_source_of_a_page_excuses_findings() {
    for (body, excused, class) in [
        ("## B\n\n#### C", "## B\n\n<!-- check-ignore -->\n#### C", "check::heading_jump"),
        ("<img src=\"/q.svg\">", "<!-- check-ignore -->\n<img src=\"/q.svg\">", "alt"),
        (
            "<p id=\"one\">1</p>\n\n<p id=\"one\">2</p>",
            "<p id=\"one\">1</p>\n\n<!-- check-ignore -->\n<p id=\"one\">2</p>",
            "id_twice",
        ),
    ] {
        let is_in = |found: &[String]| {
            found.iter().any(|one| one.contains(class) || class == "id_twice" && one.contains("duplicate_id"))
        };
        let dirty = site(body, "");
        dirty.write("static/q.svg", "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"2\" height=\"1\"/>");
        let found = findings(&dirty, &[]).1;
        assert!(is_in(&found), "{class}: {found:#?}");
        dirty.write("content/a.md", fs_text(&dirty, "content/a.md").replace(body, excused));
        let found = findings(&dirty, &[]).1;
        assert!(!is_in(&found), "{class}: {found:#?}");
    }
}

fn fs_text(site: &Site, path: &str) -> String {
    std::fs::read_to_string(site.path(path)).unwrap()
}

#[test]
fn a_hundred_findings_of_a_kind_are_one_message() {
    let site = site("Text.", "");
    for number in 0..100 {
        site.write(&format!("content/p{number}.md"), format!("---\ntitle: P{number}\n---\n## B\n\n#### C\n"));
    }
    let output = site.command(&["check", "--now", NOW]).output().unwrap();
    let text = String::from_utf8(output.stderr).unwrap();
    assert_eq!(text.matches("check::heading_jump").count(), 1, "{text}");
    assert!(text.contains("100 of this kind in 100 files"), "{text}");
    let output = site.command(&["check", "--now", NOW, "-v"]).output().unwrap();
    assert_eq!(String::from_utf8(output.stderr).unwrap().matches("check::heading_jump").count(), 100);
}

#[test]
fn sarif_has_what_the_standard_requires() {
    let text = "## B\n\n#### C\n\n<p id=x>1</p><p id=x>2</p>";
    let site = site(text, "");
    site.write("content/sub folder/b.md", format!("---\ntitle: B\n---\n{text}\n"));
    let output = site.command(&["check", "--now", NOW, "--format", "sarif"]).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    let log: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(log["version"], "2.1.0");
    assert!(log["$schema"].as_str().unwrap().ends_with("sarif-schema-2.1.0.json"));
    let run = &log["runs"][0];
    assert_eq!(run["tool"]["driver"]["name"], "Dateline");
    let rules = run["tool"]["driver"]["rules"].as_array().unwrap();
    let results = run["results"].as_array().unwrap();
    assert!(!results.is_empty());
    for result in results {
        let rule = &rules[usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap()];
        assert_eq!(rule["id"], result["ruleId"]);
        assert!(matches!(result["level"].as_str(), Some("error" | "warning" | "note")), "{result:#}");
        assert!(!result["message"]["text"].as_str().unwrap().is_empty());
        let place = &result["locations"][0]["physicalLocation"];
        let uri = place["artifactLocation"]["uri"].as_str().unwrap();
        assert!(!uri.starts_with('/') && !uri.contains(' ') && !uri.contains("://"), "{uri}");
        if let Some(region) = place.get("region") {
            assert!(region["startLine"].as_u64() > Some(0) && region["startColumn"].as_u64() > Some(0));
        }
    }
    let jump = results.iter().find(|result| {
        result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "content/sub%20folder/b.md"
            && result["ruleId"] == "check::heading_jump"
    });
    let region = &jump.unwrap()["locations"][0]["physicalLocation"]["region"];
    assert_eq!((&region["startLine"], &region["startColumn"]), (&6.into(), &1.into()));
}

#[test]
fn workflow_commands_annotate_lines() {
    let site = site("## B\n\n#### 100 %, a:b\n", "");
    let output = site.command(&["check", "--now", NOW, "--format", "github"]).output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let line = text.lines().find(|line| line.starts_with("::warning ")).unwrap_or_else(|| panic!("{text}"));
    let expected = "::warning file=content/a.md,line=6,col=1,title=check%3A%3Aheading_jump::the heading \u{201c}100 %25, a:b\u{201d} is an `h4` after an `h2`%0A";
    assert!(line.starts_with(expected), "{line}");
}

#[test]
fn every_code_is_explained_and_in_the_documentation() {
    let docs = Path::new(env!("CARGO_MANIFEST_DIR")).join("content/docs/reference");
    let checking = fs::read_to_string(docs.join("checking.md")).unwrap();
    let rules = fs::read_to_string(docs.join("feed-lint.md")).unwrap();
    for one in dateline::check::all() {
        let text = [one.what, one.why, one.remedy, &one.silence];
        assert!(text.iter().all(|text| !text.is_empty()), "{}", one.code);
        let is_listed = match one.code.strip_prefix("lint::") {
            Some(rule) => rules.contains(&format!("`{rule}`")),
            None => checking.contains(&format!("`{}`", one.code)),
        };
        assert!(is_listed, "the documentation does not have {}", one.code);
    }
}

#[test]
fn every_code_of_the_program_has_an_explanation() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let checking = fs::read_to_string(root.join("content/docs/reference/checking.md")).unwrap();
    let mut count = 0;
    let mut groups = BTreeSet::new();
    for (path, bytes) in tree(&root.join("src")).into_iter().filter(|(path, _)| path.ends_with(".rs")) {
        let text = String::from_utf8(bytes).unwrap();
        let text = text.split("#[cfg(test)]").next().unwrap_or_default();
        let is_code = |code: &&str| {
            code.contains("::") && code.bytes().all(|b| b.is_ascii_lowercase() || matches!(b, b':' | b'_'))
        };
        for code in between(text, "code(", ")").into_iter().filter(is_code) {
            // Errors in the use of `check` itself explain themselves.
            if matches!(code, "check::unknown_code" | "check::without_network") {
                continue;
            }
            assert!(dateline::check::explanation(code).is_some(), "{path}: {code} has no explanation");
            groups.extend(code.split("::").next().map(str::to_owned));
            count += 1;
        }
    }
    assert!(count > 100, "{count}");
    for group in dateline::check::GROUPS {
        assert!(checking.contains(&format!("`{}::`", group.name)), "the documentation lacks {}", group.name);
        assert!(groups.contains(group.name), "no code begins with {}::", group.name);
    }
}

#[test]
fn a_code_is_explained_on_request() {
    let site = site("Text.", "");
    let explain = |code: &[&str]| {
        let output = site.command(&["check", "--explain"]).args(code).output().unwrap();
        let text = String::from_utf8(output.stdout).unwrap() + &String::from_utf8(output.stderr).unwrap();
        (output.status.code(), text)
    };
    let (code, text) = explain(&["check::orphan"]);
    assert_eq!(code, Some(0));
    for part in ["check::orphan", "no page links to this page", "orphans = \"ignore\""] {
        assert!(text.contains(part), "{part}: {text}");
    }
    assert!(explain(&["lint::bad-date"]).1.contains("the date can't be read"));
    assert!(explain(&["bad-date"]).1.contains("the date can't be read"));
    assert!(explain(&["date::weekday"]).1.contains("contradicts another"));
    assert_eq!(explain(&["nothing::weekday"]).0, Some(2));
    assert_eq!(explain(&["date::"]).0, Some(2));
    let (code, text) = explain(&[]);
    assert!(code == Some(0) && text.contains("check::duplicate_id") && text.contains("lint::bad-date"));
    let (code, text) = explain(&["check::orphans"]);
    assert!(code == Some(2) && text.contains("did you mean `check::orphan`?"), "{text}");
}

#[test]
fn nothing_hostile_reaches_the_terminal() {
    let site = site(
        "<p id=\"x&#27;[31m\">1</p>\n\n<p id=\"x&#27;[31m\">2</p>\n\n<a href=\"https://e.net/\u{1b}[31m\">x</a>\n",
        "",
    );
    for format in ["human", "json", "sarif", "github"] {
        let output = site.command(&["check", "--now", NOW, "--format", format]).output().unwrap();
        assert!(output.status.code().is_some());
        for bytes in [output.stdout, output.stderr] {
            assert!(!bytes.contains(&0x1b), "{format}: {}", String::from_utf8_lossy(&bytes));
        }
    }
}
