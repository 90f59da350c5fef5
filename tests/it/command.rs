//! The command line.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use assert_cmd::Command;
use serde_json::Value;
use tempfile::TempDir;

use crate::site::{Files, NOW, Site, json, text, tree};

#[test]
fn a_folder_without_a_site_is_refused() {
    let nothing = Site(TempDir::new().unwrap());
    let expected = "config::missing - there is no `site.toml` in .".to_owned();
    assert_eq!(nothing.problems(&[]), (Some(2), vec![expected]));
    assert!(tree(nothing.0.path()).is_empty());
}

/// The kinds of new sites, each with pages that it has.
const KINDS: [(&str, &[&str]); 5] = [
    ("paper", &["news/index.html", "culture/choir/index.html", "about/index.html"]),
    ("blog", &["posts/tide-clock/index.html", "tags/sea/index.html", "about/index.html"]),
    ("docs", &["docs/getting-started/index.html", "docs/guide/scripts/index.html", "news/index.html"]),
    ("podcast", &["episodes/net-menders/index.html", "episodes/pilot/episode.mp3", "episodes/rss.xml"]),
    ("releases", &["releases/2.1.0/index.html", "tags/security/rss.xml", "upgrading/index.html"]),
];

/// Runs the program on the site at `root`.
fn on_site(verb: &str, root: &Path) -> std::process::Output {
    let mut command = Command::cargo_bin("dateline").unwrap();
    command.args([verb, "--root"]).arg(root).output().unwrap()
}

#[test]
fn a_new_site_of_each_kind_has_nothing_to_mend() {
    for (kind, pages) in KINDS {
        let folder = TempDir::new().unwrap();
        let root = folder.path().join("site");
        let made = Command::cargo_bin("dateline").unwrap().args(["new", "--kind", kind]).arg(&root).output();
        let made = made.unwrap();
        assert!(made.status.success(), "{kind}: {}", String::from_utf8_lossy(&made.stderr));
        let output = on_site("build", &root);
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success() && said.is_empty(), "{kind}: {said}");
        let checked = on_site("check", &root);
        let said = String::from_utf8_lossy(&checked.stdout);
        assert!(checked.status.success(), "{kind}: {said}{}", String::from_utf8_lossy(&checked.stderr));
        let files = tree(&root.join("public"));
        for page in pages {
            assert!(files.contains_key(*page), "{kind}: {page}");
        }
        for (path, bytes) in tree(&root.join("content")) {
            let text = String::from_utf8_lossy(&bytes);
            assert!(!text.contains("{day") && !text.contains("{year}"), "{kind}: {path}: {text}");
            let size = bytes.len();
            assert!(size < 16 * 1024, "{kind}: {path} has {size} bytes");
        }
    }
}

#[test]
fn the_name_of_a_new_paper_is_in_its_settings_alone() {
    let folder = TempDir::new().unwrap();
    let root = folder.path().join("site");
    assert!(Command::cargo_bin("dateline").unwrap().arg("new").arg(&root).output().unwrap().status.success());
    let settings = fs::read_to_string(root.join("site.toml")).unwrap();
    fs::write(root.join("site.toml"), settings.replace("The Harbour Post", "The Inland Post")).unwrap();
    assert!(on_site("build", &root).status.success());
    let files = tree(&root.join("public"));
    for path in ["index.html", "news/index.html", "rss.xml"] {
        let page = text(&files, path);
        assert!(page.contains("The Inland Post") && !page.contains("The Harbour Post"), "{path}: {page}");
    }
}

#[test]
fn a_new_site_builds_at_once() {
    let folder = TempDir::new().unwrap();
    let new = |path: &Path| Command::cargo_bin("dateline").unwrap().arg("new").arg(path).output().unwrap();
    let root = folder.path().join("site");
    let made = new(&root);
    assert!(made.status.success());
    if cfg!(feature = "serve") {
        let said = String::from_utf8(made.stdout).unwrap();
        assert!(said.contains("\n  dateline serve --open\n") && !said.contains("index.html"), "{said}");
    }
    assert_eq!(new(&root).status.code(), Some(2));
    let output = on_site("build", &root);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(output.stderr.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
    // With `--atomic tree` it is a link, which a name with a slash behind it does not match.
    let ignored = fs::read_to_string(root.join(".gitignore")).unwrap();
    assert_eq!(ignored, "/public\n/public.trees/\n/.dateline/\n");
}

/// The text that `new article` with these arguments writes to `path`.
fn made(site: &Site, arguments: &[&str], path: &str) -> String {
    let output = site.command(&["new", "article"]).args(arguments).output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    let said = String::from_utf8(output.stdout).unwrap();
    assert!(said.starts_with(&format!("made ./content/{path};")), "{said}");
    fs::read_to_string(site.path("content").join(path)).unwrap()
}

/// Half an hour before midnight in UTC, which is the next day in London, in summer.
const NIGHT: &str = "2026-07-01T23:30:00Z";

#[test]
fn a_new_article_has_todays_date_on_the_clocks_of_the_site() {
    let site = Site::new(&[]);
    assert_eq!(
        made(&site, &["news/harbour-opens.md", "--now", NIGHT], "news/harbour-opens.md"),
        "+++\ntitle = \"Harbour opens\"\ndate = 2026-07-02T00:30:00+01:00\ndraft = true\n+++\n\n"
    );
    assert_eq!(
        made(
            &site,
            &["content/news/night_ferry/index.md", "--now", "2026-11-01T23:30:00Z"],
            "news/night_ferry/index.md"
        ),
        "+++\ntitle = \"Night ferry\"\ndate = 2026-11-01T23:30:00+00:00\ndraft = true\n+++\n\n"
    );
    let wire = made(&site, &["wire.txt", "--now", NIGHT], "wire.txt");
    assert!(wire.starts_with("Wire\n\nPUBLISHED : Thursday, 2 July, 2026, 12:30am\n\n"), "{wire}");
}

#[test]
fn a_new_article_takes_the_clock_of_source_date_epoch() {
    let site = Site::new(&[]);
    let mut command = site.command(&["new", "article", "epoch.md"]);
    // 2026-07-01T23:30:00Z, as `date -ud @1782948600` has it.
    assert!(command.env("SOURCE_DATE_EPOCH", "1782948600").output().unwrap().status.success());
    let epoch = fs::read_to_string(site.path("content/epoch.md")).unwrap();
    assert!(epoch.contains("date = 2026-07-02T00:30:00+01:00"), "{epoch}");
}

#[test]
fn the_name_of_a_new_article_may_have_quotes() {
    let site = Site::new(&[]);
    made(&site, &["say \"boo\".html", "--now", NIGHT], "say \"boo\".html");
    let output = site.build(&["--drafts"]);
    assert!(output.status.success() && output.stderr.is_empty(), "{output:?}");
    assert!(
        text(&site.output(), "say-boo/index.html").contains("<h1 class=\"p-name\">Say &quot;boo&quot;</h1>")
    );
}

#[test]
fn a_new_article_is_a_draft() {
    let site = Site::new(&[]);
    made(&site, &["content/news/night_ferry/index.md", "--now", NIGHT], "news/night_ferry/index.md");
    let output = site.build(&["--drafts"]);
    assert!(output.status.success() && output.stderr.is_empty(), "{output:?}");
    assert!(site.output().contains_key("news/night-ferry/index.html"));
    assert!(site.build(&[]).status.success());
    assert!(!site.output().contains_key("news/night-ferry/index.html"));
}

#[test]
fn a_new_article_never_replaces_a_file_and_never_leaves_the_site() {
    let site = Site::new(&[("content/a.md", "theirs")]);
    for (arguments, code) in [
        (&["a.md"][..], "new::exists"),
        (&["../x.md"], "new::path"),
        (&["/x.md"], "new::path"),
        (&["a/../../x.md"], "new::path"),
        (&["a//b.md"], "new::path"),
        (&["tide.png"], "new::path"),
        (&["b.md", "--root", "nowhere"], "config::missing"),
        (&["b.md", "--now", "soon"], "usage::now"),
    ] {
        let output = site.command(&["new", "article"]).args(arguments).output().unwrap();
        let said = String::from_utf8(output.stderr).unwrap();
        assert!(said.starts_with(code), "{arguments:?}: {said}");
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(output.stdout.is_empty());
    }
    let files = tree(site.0.path());
    assert_eq!(files.keys().collect::<Vec<_>>(), ["content/_index.md", "content/a.md", "site.toml"]);
    assert_eq!(text(&files, "content/a.md"), "theirs");
}

#[test]
fn the_clock_is_now_else_source_date_epoch() {
    let later = "+++\ntitle = \"Later\"\ndate = 2026-12-01T00:00:00Z\n+++\n";
    let site = Site::new(&[("content/later.md", later)]);
    // 2026-12-01T00:00:00Z, as `date -ud @1796083200` has it.
    for (now, epoch, out) in [
        (None, "1796083200", true),
        (None, "1796083199", false),
        (Some("2026-12-01T01:59:59+02:00"), "1796083200", false),
        (Some("2026-12-01T02:00:00+02:00"), "1796083199", true),
        (Some("2026-12-01"), "no number, and not looked at", true),
    ] {
        let mut command = site.command(&["build"]);
        command.env("SOURCE_DATE_EPOCH", epoch).args(now.map(|now| format!("--now={now}")));
        let output = command.output().unwrap();
        assert!(output.status.success(), "{output:?}");
        assert_eq!(site.output().contains_key("later/index.html"), out, "{now:?} {epoch}");
    }
}

#[test]
fn a_clock_that_is_no_instant_is_refused() {
    let site = Site::new(&[]);
    let output = site.command(&["build"]).env("SOURCE_DATE_EPOCH", "soon").output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(
        said.contains("`SOURCE_DATE_EPOCH` is \u{201c}soon\u{201d}, which is no number of seconds"),
        "{said}"
    );
    let output = site.command(&["build", "--now", "03/04/2024"]).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
}

#[test]
fn the_json_report_has_every_key_whatever_happens() {
    let keys = |value: &Value| -> BTreeSet<String> { value.as_object().unwrap().keys().cloned().collect() };
    let documented =
        |names: &str| -> BTreeSet<String> { names.split_whitespace().map(str::to_owned).collect() };
    let site = Site::new(&[("content/a.md", "+++\ntitle = \"A\"\ndate = 2020-01-01\ntilte = 1\n+++\n")]);
    let (code, done) = site.report(&[]);
    assert_eq!((code, &done["outcome"], &done["exit_code"]), (Some(0), &"done".into(), &0.into()));
    assert_eq!((&done["articles"], &done["feeds"], &done["removed"]), (&1.into(), &3.into(), &0.into()));
    let paths: Vec<String> = site.output().into_keys().collect();
    assert_eq!(done["written_paths"], serde_json::json!(paths));
    assert_eq!(done["written"], paths.len());
    assert_eq!(
        done["problems"],
        serde_json::json!([{
            "severity": "warning",
            "code": "metadata::unknown",
            "message": "`tilte` is not a field of an article",
            "help": "did you mean `title`?",
            "file": "content/a.md",
            "line": 4,
            "column": 1,
        }])
    );
    fs::rename(site.path("content/a.md"), site.path("content/b.md")).unwrap();
    let (_, moved) = site.report(&[]);
    assert_eq!(moved["removed_paths"], serde_json::json!(["a/index.html"]));
    assert_eq!(moved["held"]["next"], Value::Null);

    site.write("content/b.md", "+++\n");
    let (code, wrong) = site.report(&[]);
    assert_eq!((code, &wrong["outcome"], &wrong["exit_code"]), (Some(1), &"failed".into(), &1.into()));
    let (code, usage) = site.report(&["--base-url", "ftp://example.org/"]);
    assert_eq!((code, &usage["exit_code"]), (Some(2), &2.into()));
    let known = documented(
        "outcome exit_code articles pages feeds written unchanged removed written_by_kind written_paths
        removed_paths replaced explained held notes milliseconds problems",
    );
    for report in [&done, &moved, &wrong, &usage] {
        assert!(keys(report).is_superset(&known), "{report:#}");
        assert_eq!(keys(&report["held"]), documented("drafts scheduled expired next next_source"));
    }
}

#[test]
fn another_base_url_is_in_every_url_and_in_no_id() {
    let site = Site::copy("mixed");
    assert!(site.build(&["--base-url", "https://preview.example.net/x"]).status.success());
    let files = site.output();
    let feed = json(&files, "feed.json");
    assert_eq!(feed["feed_url"], "https://preview.example.net/x/feed.json");
    assert!(files.contains_key("news/toml/index.html"), "the folder of the URL is none of the output");
    for (path, bytes) in &files {
        let text = String::from_utf8_lossy(bytes);
        assert!(!text.contains("https://mixed.example.org"), "{path}: {text}");
        for part in ["href=\"/", "src=\"/"] {
            let wrong = text.split(part).skip(1).find(|rest| !rest.starts_with("x/"));
            assert_eq!(wrong, None, "{path}");
        }
    }
    let ids = |files: &Files| -> Vec<String> {
        let feed = json(files, "feed.json");
        feed["items"].as_array().unwrap().iter().map(|item| item["id"].to_string()).collect()
    };
    assert!(ids(&files).contains(&"\"tag:mixed.example.org,2014-02-14:news/toml\"".to_owned()));
    assert_eq!(ids(&files), ids(&site.built()));
}

#[test]
fn another_output_folder_gets_the_same_and_each_has_its_own_memory() {
    let site = Site::new(&[("content/a.md", "+++\ntitle = \"A\"\ndate = 2020-01-01\n+++\n")]);
    let public = site.built();
    let elsewhere = TempDir::new().unwrap();
    let inside = site.path("dist/web");
    let outside = elsewhere.path().join("web");
    for out in [&inside, &outside] {
        assert!(site.build(&["--out", out.to_str().unwrap()]).status.success());
        assert!(tree(out) == public, "{}", out.display());
    }
    // From another folder, the site is named by --root; its output is still within it.
    let away = TempDir::new().unwrap();
    let root = site.0.path().to_str().unwrap();
    let mut command = site.command(&["build", "--now", NOW, "--root", root]);
    let output = command.current_dir(away.path()).output().unwrap();
    assert!(String::from_utf8_lossy(&output.stdout).contains(": 0 written, "), "{output:?}");
    assert_eq!(fs::read_dir(away.path()).unwrap().count(), 0);

    fs::remove_file(site.path("content/a.md")).unwrap();
    assert!(site.build(&["--out", outside.to_str().unwrap()]).status.success());
    assert!(!outside.join("a/index.html").exists());
    assert!(site.path("public/a/index.html").exists() && inside.join("a/index.html").exists());
}

#[test]
fn every_shell_has_completions() {
    let site = Site::new(&[]);
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let output = site.command(&["completions", shell]).output().unwrap();
        let text = String::from_utf8(output.stdout).unwrap();
        assert!(output.status.success() && text.contains("publish"), "{shell}");
    }
}

#[test]
fn every_verb_has_a_manual_page() {
    let site = Site::new(&[]);
    let folder = site.path("man");
    let status = site.command(&["man", folder.to_str().unwrap()]).output().unwrap().status;
    assert!(status.success());
    let page = |name: &str| std::fs::read_to_string(folder.join(name)).unwrap();
    assert!(page("dateline.1").contains("publish"));
    assert!(page("dateline-publish.1").contains("ledger"));
    assert!(page("dateline-feeds-lint.1").contains("RSS"));
}

#[test]
fn a_new_article_is_made_from_the_archetype_of_its_section() {
    let site = Site::new(&[
        (
            "archetypes/news.md",
            "+++\ntitle = \"{{ title }}\"\ndate = {{ date }}\n+++\n{{ day }} {{ slug }} {{ section }}\n",
        ),
        ("archetypes/default.md", "default {{ title }}\n"),
    ]);
    for (path, text) in [
        (
            "news/local/big-quay.md",
            "+++\ntitle = \"Big quay\"\ndate = 2026-07-02T00:30:00+01:00\n+++\n2026-07-02 big-quay news/local\n",
        ),
        ("about-us.md", "default About us\n"),
    ] {
        let output = site.command(&["new", "article", path, "--now", NIGHT]).output().unwrap();
        assert!(output.status.success(), "{output:?}");
        assert_eq!(fs::read_to_string(site.path("content").join(path)).unwrap(), text);
    }
}

#[test]
fn an_archetype_with_an_error_makes_no_article() {
    let site = Site::new(&[("archetypes/default.md", "{{ titel }}\n")]);
    let output = site.command(&["new", "article", "a.md"]).output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2), "{said}");
    assert!(said.contains("archetypes/default.md") && said.contains("`title`"), "{said}");
    assert!(!site.path("content/a.md").exists());
}

#[test]
fn quiet_commands_print_errors_and_answers_and_nothing_else() {
    let site = Site::new(&[
        ("content/a.md", "+++\ntitle = \"A\"\ndate = 2026-11-01\ncolour = \"red\"\n+++\nText.\n"),
        ("content/b.md", "+++\ntitle = \"B\"\n+++\nText.\n"),
    ]);
    let run = |arguments: &[&str]| {
        let output = site.command(arguments).output().unwrap();
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        (output.status.code(), text(output.stdout), text(output.stderr))
    };
    let now = ["--now", crate::site::NOW];
    for arguments in [
        vec!["-q", "build", now[0], now[1]],
        vec!["build", "--quiet", "-v", now[0], now[1]],
        vec!["publish", "-q", now[0], now[1]],
        vec!["-q", "new", "article", "news/c.md", now[0], now[1]],
        vec!["-q", "set", "content/a.md", "kicker=Port", now[0], now[1]],
        vec!["-q", "mv", "b.md", "d.md"],
    ] {
        assert_eq!(run(&arguments), (Some(0), String::new(), String::new()), "{arguments:?}");
    }
    for arguments in [
        vec!["-q", "list", "--all"],
        vec!["-q", "schema", "site"],
        vec!["-q", "due"],
        vec!["-q", "explain", "a"],
    ] {
        let (code, answer, complaints) = run(&arguments);
        assert_eq!((code, complaints.as_str()), (Some(0), ""), "{arguments:?}");
        assert!(!answer.is_empty(), "{arguments:?}");
    }
    let (code, report, _) = run(&["-q", "build", "--format", "json", now[0], now[1]]);
    assert_eq!(code, Some(0));
    assert!(report.contains("\"outcome\""), "{report}");
    site.write("content/b2.md", "+++\ntitle = \"B\"\ndate = \"someday\"\ncolour = \"red\"\n+++\n");
    for verb in ["build", "publish"] {
        let (code, said, complaints) = run(&["-q", verb, now[0], now[1]]);
        assert_ne!(code, Some(0), "{verb}");
        assert_eq!(said, "", "{verb}");
        assert!(complaints.contains("someday") && !complaints.contains("colour"), "{verb}: {complaints}");
    }
}

/// A site whose publication has an article that was then deleted, one that was withdrawn and one that expired.
fn with_gone() -> Site {
    let article = |title: &str, more: &str| {
        format!("+++\ntitle = \"{title}\"\ndate = 2026-11-01T08:00:00Z\n{more}+++\nText.\n")
    };
    let site = Site::new(&[
        ("content/news/storm.md", &article("Storm", "")),
        ("content/news/other.md", &article("Other", "")),
        ("content/news/mayor.md", &article("Mayor", "")),
        ("content/news/sale.md", &article("Sale", "expires = 2026-11-20T08:00:00Z\n")),
    ]);
    let publish = |now: &str| {
        let output = site.command(&["publish", "--now", now]).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    };
    publish("2026-11-02T08:00:00Z");
    fs::remove_file(site.path("content/news/storm.md")).unwrap();
    site.write(
        "content/news/mayor.md",
        article("Mayor", "updated = 2026-11-19T08:00:00Z\nwithdrawn = \"No.\"\n"),
    );
    publish("2026-11-21T08:00:00Z");
    site
}

#[test]
fn a_deleted_article_is_explained_from_the_ledger() {
    let site = with_gone();
    let explain = |name: &str, more: &[&str]| {
        let output = site.command(&["explain", name, "--now", NOW]).args(more).output().unwrap();
        assert_eq!(output.status.code(), Some(0), "{name}: {output:?}");
        String::from_utf8(output.stdout).unwrap()
    };
    for name in [
        "news/storm.md",
        "content/news/storm.md",
        "news/storm",
        "/news/storm/",
        "https://example.org/news/storm/",
        "tag:example.org,2026-11-01:news/storm",
    ] {
        let said = explain(name, &[]);
        for part in [
            "content/news/storm.md, which is no more",
            "tag:example.org,2026-11-01:news/storm (ledger.jsonl:",
            "https://example.org/news/storm/",
            "published  2026-11-01T08:00:00Z",
            "since 2026-11-21T08:00:00Z",
            "now there  nothing",
        ] {
            assert!(said.contains(part), "{name}: {part}: {said}");
        }
    }
    // Its address can lead to another article.
    site.write(
        "content/news/weather.md",
        "+++\ntitle = \"W\"\ndate = 2026-11-22\naliases = [\"/news/storm/\"]\n+++\n",
    );
    let told: Value = serde_json::from_str(&explain("news/storm.md", &["--format", "json"])).unwrap();
    assert_eq!(told["state"], "gone");
    assert_eq!(told["gone"], "2026-11-21T08:00:00Z");
    assert_eq!(told["now_there"], "it leads to /news/weather/, by content/news/weather.md");
    // One that was withdrawn, and one that expired, say since when.
    for name in ["news/mayor", "news/sale"] {
        let said = explain(name, &[]);
        assert!(
            said.contains("gone       since 2026-11-2") || said.contains("gone       since 2026-11-19"),
            "{said}"
        );
    }
}

#[test]
fn a_list_of_all_has_the_articles_that_are_gone() {
    let site = with_gone();
    let list = |arguments: &[&str]| {
        let output =
            site.command(&["list", "--format", "json", "--now", NOW]).args(arguments).output().unwrap();
        let rows: Value = serde_json::from_slice(&output.stdout).unwrap();
        let row =
            |row: &Value| format!("{} {}", row["state"].as_str().unwrap(), row["source"].as_str().unwrap());
        let mut rows: Vec<String> = rows.as_array().unwrap().iter().map(row).collect();
        rows.sort();
        rows
    };
    let (gone, sale) = ("gone content/news/storm.md", "expired content/news/sale.md");
    let (mayor, other) = ("withdrawn content/news/mayor.md", "live content/news/other.md");
    assert_eq!(list(&["--all"]), [sale, gone, other, mayor]);
    assert_eq!(list(&["--gone"]), [gone]);
    assert_eq!(list(&["--gone", "--withdrawn"]), [gone, mayor]);
    assert_eq!(list(&[]), [sale, other, mayor]);
    // A source with an error is not gone.
    site.write("content/news/other.md", "+++\ntitle = \"Other\"\ndate = \"someday\"\n+++\n");
    assert_eq!(list(&["--gone"]), [gone]);
}
