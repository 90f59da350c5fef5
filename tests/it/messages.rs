//! Messages for people: many of one kind are one message, and nothing of an input reaches a terminal raw.

use std::process::Output;

use crate::site::{NOW, Site, TOML};

/// An article with these lines of front matter.
fn article(lines: &str) -> String {
    format!("+++\ntitle = \"T\"\ndate = 2026-11-01\n{lines}\n+++\nText.\n")
}

/// A site of `count` articles with an unknown field in each, and one with another.
fn many(count: usize) -> Site {
    let site = Site::new(&[]);
    for number in 0..count {
        site.write(&format!("content/a{number:04}.md"), article("layout = \"post\""));
    }
    site.write("content/b.md", article("colours = 3"));
    site
}

fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

#[test]
fn a_field_that_is_unknown_in_many_files_is_one_message() {
    let site = many(1200);
    let said = stderr(&site.build(&[]));
    assert_eq!(said.matches("`layout` is not a field").count(), 1, "{said}");
    assert_eq!(said.matches("`colours` is not a field").count(), 1, "{said}");
    let extent = "1,200 of this kind in 1,200 files: content/a0000.md:4:1, content/a0001.md:4:1, content/a0002.md:4:1, \u{2026}; `-v` shows all";
    assert!(said.contains(extent), "{said}");
    assert!(said.replace("\n        ", " ").contains("`[front_matter] ignore = [\"layout\"]`"), "{said}");
    assert!(said.lines().count() < 30, "{said}");
    // All are there for those who ask.
    let said = stderr(&site.build(&["-v"]));
    assert_eq!(said.matches("`layout` is not a field").count(), 1200);
    let (_, problems) = site.problems(&[]);
    assert_eq!(problems.len(), 1201);
}

#[test]
fn many_problems_with_a_message_each_are_one_message() {
    for (what, body, code) in [
        ("dead links", "[a](/nowhere-NUMBER/)\n\n[b](nowhere-NUMBER.md)", "link::dead"),
        ("dates", "", "date::guess"),
        ("fields", "", "metadata::unknown"),
    ] {
        let site = Site::new(&[]);
        for number in 0..100 {
            let lines = match code {
                "date::guess" => format!("updated = \"{:02}/0{}/2024\"", number % 9 + 1, number / 12 + 1),
                "metadata::unknown" => format!("quay{number}x = 1"),
                _ => String::new(),
            };
            let text = article(&lines) + &body.replace("NUMBER", &number.to_string());
            site.write(&format!("content/a{number:02}.md"), text);
        }
        let said = stderr(&site.build(&[]));
        let told = said.lines().filter(|line| line.contains(code)).count();
        assert!((1..=11).contains(&told), "{what}: {told} messages in {said}");
        assert!(said.contains(" of this kind in "), "{what}: {said}");
    }
}

#[test]
fn few_problems_are_told_one_by_one() {
    let site = many(3);
    let said = stderr(&site.build(&[]));
    assert_eq!(said.matches("`layout` is not a field").count(), 3, "{said}");
    assert!(!said.contains("of this kind"), "{said}");
}

#[test]
fn publish_logs_many_problems_of_one_kind_in_one_line() {
    let site = many(100);
    let publish = |more: &[&str]| {
        let output = site.command(&["publish", "--now", NOW]).args(more).output().unwrap();
        (String::from_utf8(output.stdout.clone()).unwrap(), stderr(&output))
    };
    let (_, said) = publish(&[]);
    let lines: Vec<&str> = said.lines().filter(|line| line.contains("`layout`")).collect();
    assert_eq!(lines.len(), 1, "{said}");
    assert!(
        lines[0].starts_with("content/a0000.md:4:1: warning: ")
            && lines[0].contains("100 of this kind in 100 files"),
        "{said}"
    );
    let (_, said) = publish(&["-v"]);
    assert_eq!(said.lines().filter(|line| line.contains("`layout`")).count(), 100, "{said}");
    let (said, _) = publish(&["-v", "--format", "json"]);
    assert_eq!(said.lines().filter(|line| line.contains("`layout`")).count(), 100, "{said}");
}

#[test]
fn publish_counts_skipped_sources_where_they_are_many() {
    let site = Site::new(&[("content/good.md", &article(""))]);
    for number in 0..100 {
        site.write(&format!("content/a{number:02}.md"), article("updated = \"13/13/2024\""));
    }
    let output = site.command(&["publish", "--now", NOW]).output().unwrap();
    let said = String::from_utf8(output.stdout.clone()).unwrap();
    assert!(said.contains("skipped 100 sources: left out"), "{said}");
    assert!(said.lines().count() + stderr(&output).lines().count() < 20, "{said}{}", stderr(&output));
}

#[test]
fn fields_that_the_site_ignores_are_no_warning() {
    let toml = |ignored: &str| format!("{TOML}[front_matter]\nignore = {ignored}\n");
    let site = many(5);
    site.write("site.toml", toml("[\"layout\"]"));
    let (code, problems) = site.problems(&[]);
    assert_eq!(code, Some(0));
    assert_eq!(problems, ["metadata::unknown content/b.md:4:1 `colours` is not a field of an article"]);
    // Another list takes effect at once, in both directions.
    site.write("site.toml", toml("[\"layout\", \"colours\"]"));
    assert_eq!(site.problems(&[]).1, [""; 0]);
    site.write("site.toml", TOML);
    assert_eq!(site.problems(&[]).1.len(), 6);
    // In YAML, in sections and in what they pass on.
    site.write("site.toml", toml("\"layout\""));
    site.write("content/b.md", "---\ntitle: B\ndate: 2026-11-01\nlayout: post\n---\nText.\n");
    site.write("content/news/_index.md", "+++\ntitle = \"N\"\nlayout = 1\n[cascade]\nlayout = 2\n+++\n");
    assert_eq!(site.problems(&[]).1, [""; 0]);
}

#[test]
fn an_ignored_field_that_is_known_is_read_all_the_same() {
    let site = Site::new(&[("content/a.md", &article("draft = true"))]);
    site.write("site.toml", format!("{TOML}[front_matter]\nignore = [\"draft\", \"title\"]\n"));
    assert!(!site.built().contains_key("a/index.html"));
}

#[test]
fn names_of_other_generators_have_a_remedy_with_ours() {
    for (line, remedy) in [
        ("permalink = \"/x/\"", "`path`"),
        ("categories = [\"x\"]", "`topics` or `tags`"),
        ("category = \"x\"", "`[taxonomies.categories]`"),
        ("layout = \"post\"", "use `template`"),
        ("type = \"post\"", "use `template`"),
        ("excerpt = \"x\"", "use `summary`"),
        ("subtitle = \"x\"", "use `standfirst`"),
        ("cover = \"x.jpg\"", "use `image`"),
        ("featured_image = \"x.jpg\"", "use `image`"),
        ("thumbnail = \"x.jpg\"", "use `image`"),
        ("last_updated = 2026-11-02", "use `updated`"),
        ("dateModified = 2026-11-02", "use `updated`"),
        ("created = 2026-11-02", "use `date`"),
        ("redirect_from = [\"/x/\"]", "use `aliases`"),
        ("canonicalURL = \"https://x.example/\"", "use `canonical`"),
        ("language = \"en\"", "use `lang`"),
        ("keywords = [\"x\"]", "use `tags`"),
        ("byline = \"x\"", "use `authors`"),
        ("nav_order = 3", "use `weight`"),
        ("sidebar_position = 3", "use `weight`"),
        ("audio = \"x.mp3\"", "use `enclosure`"),
        ("toc = true", "`[extra]`"),
        ("menu = \"main\"", "`[[navigation]]`"),
        ("tilte = \"x\"", "did you mean `title`?"),
    ] {
        let source = format!("+++\ntitle = \"A\"\ndate = 2026-11-01\n{line}\n+++\n");
        let (code, report) = Site::new(&[("content/a.md", &source)]).report(&[]);
        let problem = &report["problems"][0];
        assert_eq!((code, &problem["line"]), (Some(0), &4.into()), "{line}: {report}");
        assert!(problem["help"].as_str().unwrap().contains(remedy), "{line}: {problem}");
    }
    // These are other names of fields that there are.
    for line in [
        "lastmod = 2026-11-02",
        "modified = 2026-11-02",
        "last_modified_at = 2026-11-02",
        "pubDate = 2026-11-01",
        "author = \"x\"",
        "description = \"x\"",
        "url = \"/x/\"",
        "guid = \"tag:example.org,2026:x\"",
    ] {
        let source = format!("+++\ntitle = \"A\"\ndate = 2026-11-01\n{line}\n+++\n");
        let (_, report) = Site::new(&[("content/a.md", &source)]).report(&[]);
        assert_eq!(report["problems"], serde_json::json!([]), "{line}");
    }
}

#[test]
fn options_of_other_generators_have_a_remedy_with_ours() {
    for (line, remedy) in [
        ("paginate = 10", "use `page_size`"),
        ("languageCode = \"en\"", "use `language`"),
        ("defaultContentLanguage = \"en\"", "use `language`"),
        ("theme = \"hugo-paper\"", "`[theme]` on a line by itself"),
        ("author = \"Ada\"", "`[author]` on a line by itself"),
        ("copyright = \"x\"", "use `rights`"),
        ("favicon = \"/x.ico\"", "use `icon`"),
        ("buildDrafts = true", "`--drafts`"),
        ("publishDir = \"docs\"", "`--out DIR`"),
        ("enableGitInfo = true", "`git = true` under `[dates]`"),
        ("generate_feeds = true", "use `[feeds]`"),
        ("plugins = [\"jekyll-feed\"]", "there are no plugins"),
        ("[menu]\n[[menu.main]]\nname = \"x\"", "use `[[navigation]]`"),
        ("[params]\nx = 1", "`[extra]`"),
        ("[markup]\nx = 1", "use `[markdown]`"),
        ("page_size = \"6\"", "`page_size = 6`"),
        ("page_size = \"6 articles\"", "`page_size = 6`"),
        ("page_size = 6.0", "`page_size = 6`"),
        ("archive = \"no\"", "`archive = false`"),
        ("archive = 1", "`archive = true`"),
        ("[feeds]\nlimit = \"25\"", "`limit = 25`"),
        ("[feeds]\nlimit = true", "`limit = 1`"),
    ] {
        let settings = format!("{}{line}\n", crate::site::TOML);
        let (_, report) = Site::new(&[("site.toml", &settings)]).report(&[]);
        let problem = &report["problems"][0];
        assert_eq!(problem["file"], "site.toml", "{line}: {report}");
        assert!(problem["help"].as_str().unwrap().contains(remedy), "{line}: {problem}");
    }
    let settings = crate::site::TOML.replace("base_url", "baseURL");
    let (_, report) = Site::new(&[("site.toml", &settings)]).report(&[]);
    assert_eq!(report["problems"], serde_json::json!([]));
}

#[test]
fn an_error_of_a_template_is_told_once_for_all_documents() {
    let site = Site::new(&[("templates/article.html", "<p>{{ article.extra.colour.name }}</p>\n")]);
    for number in 0..300 {
        site.write(
            &format!("content/a{number:03}.md"),
            format!("+++\ntitle = \"{number}\"\ndate = 2026-11-01\n+++\nText.\n"),
        );
    }
    let (code, report) = site.report(&[]);
    let problems = report["problems"].as_array().unwrap();
    assert_eq!((code, problems.len()), (Some(1), 1), "{report}");
    let message = problems[0]["message"].as_str().unwrap();
    assert!(message.ends_with("while rendering content/a000.md and 299 more"), "{message}");
    assert_eq!((&problems[0]["file"], &problems[0]["line"]), (&"templates/article.html".into(), &1.into()));
    let said = stderr(&site.build(&[]));
    assert_eq!(said.matches("is not defined").count(), 1, "{said}");
    assert!(
        said.contains("1 error") || String::from_utf8_lossy(&site.build(&[]).stdout).contains("1 error;")
    );
    // Errors at two places are two.
    site.write(
        "templates/article.html",
        "{% if article.title == \"7\" %}{{ article.x7 }}{% else %}{{ article.y }}{% endif %}\n",
    );
    let (_, report) = site.report(&[]);
    let errors = report["problems"].as_array().unwrap().iter().filter(|one| one["severity"] == "error");
    assert_eq!(errors.count(), 2, "{report}");
}

#[test]
fn an_error_in_a_public_article_is_told_once() {
    let good = "+++\ntitle = \"A\"\ndate = 2026-11-01\n+++\nText.\n";
    for (what, bytes) in [
        ("a date", b"+++\ntitle = \"A\"\ndate = \"someday\"\n+++\nText.\n".to_vec()),
        ("syntax", b"---\ntitle: [x\n---\nText.\n".to_vec()),
        ("a kind", b"+++\ntitle = [\"A\"]\ndate = 2026-11-01\n+++\nText.\n".to_vec()),
        ("an open fence", b"+++\ntitle = \"A\"\nText.\n".to_vec()),
        ("an encoding", b"+++\ntitle = \"A\"\ndate = 2026-11-01\n+++\ncaf\xe9\n".to_vec()),
        ("a component", good.replace("Text.", "{{ <nosuch /> }}").into_bytes()),
        ("a table", good.replace("Text.", "{{ <table src=\"no.csv\" /> }}").into_bytes()),
        ("an open call", good.replace("Text.", "{% <note> %}").into_bytes()),
        ("an enclosure", good.replace("date", "enclosure = \"no.mp3\"\ndate").into_bytes()),
    ] {
        let settings = format!(
            "{TOML}[feeds]\narchives = true\n[[outputs]]\nfor = \"articles\"\ntemplate = \"a.md\"\npath = \"/{{path}}/a.md\"\n"
        );
        let site = Site::new(&[
            ("site.toml", &settings),
            ("templates/a.md", "{{ article.markdown }}"),
            ("content/a.md", good),
            ("content/b.md", &good.replace("\"A\"", "\"B\"")),
        ]);
        let publish = |now: &str| site.command(&["publish", "--now", now]).output().unwrap();
        assert!(publish("2026-11-24T12:00:00Z").status.success());
        site.write("content/a.md", &bytes);
        site.write("templates/a.md", "{{ article.title }}: {{ article.markdown }}");
        for round in 0..2 {
            let (_, problems) = site.problems(&[]);
            let errors: Vec<&String> = problems.iter().filter(|one| one.contains("content/a.md")).collect();
            assert_eq!(errors.len(), 1, "{what}, build {round}: {problems:?}");
        }
        let output = publish("2026-11-24T13:00:00Z");
        let said = stderr(&output);
        assert_eq!(output.status.code(), Some(5), "{what}: {said}");
        assert_eq!(said.lines().count(), 1, "{what}: {said}");
        assert!(!said.contains("while the site was being built"), "{what}: {said}");
        assert!(std::fs::read_to_string(site.path("public/a/a.md")).unwrap().contains("Text."), "{what}");
    }
}
