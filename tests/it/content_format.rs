//! `content_format`: folders of other generators that are built as they are, compared with an import of the same folder.

use std::collections::BTreeMap;
use std::fs;

use serde_json::Value;
use tempfile::TempDir;

use crate::site::{Files, NOW, Site, TOML, json, text, tree};

type Sources = &'static [(&'static str, &'static str)];

const HUGO: Sources = &[
    (
        "hugo.toml",
        "baseURL = \"https://harbour.example/\"\ntitle = \"Harbour\"\nlanguageCode = \"en-gb\"\ntimeZone = \"Europe/London\"\n[permalinks]\nnews = \"/:year/:slug/\"\n[taxonomies]\ntag = \"tags\"\ncategory = \"categories\"\n",
    ),
    ("content/_index.md", "---\ntitle: Harbour\n---\nWelcome.\n"),
    ("content/news/_index.md", "---\ntitle: All news\n---\n"),
    (
        "content/news/ferry.md",
        "---\ntitle: \"The ferry\"\ndate: 2020-03-02T14:00:00+08:00\nlastmod: 2020-04-01\ntags: [sea, boats]\naliases: [/old/ferry/]\nslug: night-ferry\n---\nText of the *ferry*.\n",
    ),
    (
        "content/news/2021-05-06-quay.md",
        "+++\ntitle = \"The quay\"\npublishDate = 2021-05-06T07:08:09Z\ndate = 2021-05-01\ncategories = [\"Works\"]\nurl = \"/special/quay.html\"\n+++\nText of the quay.\n",
    ),
    ("content/news/pier/index.md", "---\ntitle: Pier\ndate: 2022-01-01\n---\n![P](pier.txt)\n"),
    ("content/news/pier/pier.txt", "plain"),
    ("content/news/draft.md", "---\ntitle: Hidden draft\ndate: 2020-01-01\ndraft: true\n---\nsecret\n"),
    ("content/news/later.md", "---\ntitle: Hidden later\ndate: 2099-01-01\n---\nsecret\n"),
    (
        "content/news/ended.md",
        "---\ntitle: Hidden ended\ndate: 2020-01-01\nexpiryDate: 2021-01-01\n---\nsecret\n",
    ),
    ("content/news/odd.md", "---\ntitle: Hidden odd\ndate: someday\n---\nsecret\n"),
    ("content/about.md", "---\ntitle: About us\n---\nWe.\n"),
    ("static/img/logo.txt", "logo"),
];

const ZOLA: Sources = &[
    (
        "config.toml",
        "base_url = \"https://harbour.example\"\ntitle = \"Harbour\"\ndefault_language = \"en\"\ngenerate_feeds = true\ntaxonomies = [{ name = \"tags\", feed = true }]\n",
    ),
    ("content/_index.md", "+++\ntitle = \"Harbour\"\n+++\n"),
    ("content/news/_index.md", "+++\ntitle = \"All news\"\nsort_by = \"date\"\n+++\n"),
    (
        "content/news/2020-03-02-ferry.md",
        "+++\ntitle = \"The ferry\"\nupdated = 2020-04-01\n[taxonomies]\ntags = [\"sea\"]\n+++\nText of the *ferry*.\n",
    ),
    (
        "content/news/quay.md",
        "+++\ntitle = \"The quay\"\ndate = 2021-05-06T07:08:09Z\npath = \"special/quay\"\naliases = [\"old/quay\"]\n+++\nText of the quay.\n",
    ),
    (
        "content/news/draft.md",
        "+++\ntitle = \"Hidden draft\"\ndate = 2020-01-01\ndraft = true\n+++\nsecret\n",
    ),
    ("content/about.md", "+++\ntitle = \"About us\"\n+++\nWe.\n"),
    ("templates/index.html", "{% extends \"never.html\" %}{% unknown %}"),
    ("static/logo.txt", "logo"),
];

const JEKYLL: Sources = &[
    (
        "_config.yml",
        "url: https://harbour.example\ntitle: Harbour\ntimezone: Europe/London\npermalink: /:categories/:year/:month/:day/:title.html\nplugins: [jekyll-feed]\n",
    ),
    (
        "_posts/2020-03-02-ferry.md",
        "---\nlayout: post\ntitle: The ferry\ndate: 2020-03-02 14:00:00 +0800\ntags: sea boats\ncategories: news\nlast_modified_at: 2020-04-01\n---\nText of the *ferry*.\n",
    ),
    (
        "_posts/2021-05-06-the-quay.markdown",
        "---\nredirect_from: /old/quay/\ncategories: works\n---\nText of the quay.\n",
    ),
    ("_posts/2020-01-01-hidden.md", "---\ntitle: Hidden draft\npublished: false\n---\nsecret\n"),
    ("_posts/2099-01-01-later.md", "---\ntitle: Hidden later\n---\nsecret\n"),
    ("_drafts/idea.md", "---\ntitle: Hidden idea\n---\nsecret\n"),
    ("about.md", "---\ntitle: About us\npermalink: /about/\n---\nWe.\n"),
    ("assets/logo.txt", "logo"),
];

const PELICAN: Sources = &[
    (
        "pelicanconf.py",
        "SITENAME = 'Harbour'\nSITEURL = 'https://harbour.example'\nTIMEZONE = 'Europe/London'\nPATH = 'content'\nARTICLE_URL = 'posts/{date:%Y}/{slug}/'\nARTICLE_SAVE_AS = 'posts/{date:%Y}/{slug}/index.html'\nFEED_ALL_ATOM = 'feeds/all.atom.xml'\n",
    ),
    (
        "content/news/ferry.md",
        "Title: The ferry\nDate: 2020-03-02 14:00\nModified: 2020-04-01\nTags: sea, boats\nSlug: night-ferry\nAuthors: Ada Merriweather\n\nText of the *ferry*.\n",
    ),
    ("content/quay.md", "Title: The quay\nDate: 2021-05-06\nCategory: Works\n\nText of the quay.\n"),
    ("content/hidden.md", "Title: Hidden draft\nDate: 2020-01-01\nStatus: draft\n\nsecret\n"),
    ("content/odd.md", "Title: Hidden odd\nDate: 2020-01-01\nStatus: perhaps\n\nsecret\n"),
    ("content/pages/about.md", "Title: About us\n\nWe.\n"),
    ("content/images/logo.txt", "logo"),
];

const KINDS: [(&str, Sources); 4] =
    [("hugo", HUGO), ("zola", ZOLA), ("jekyll", JEKYLL), ("pelican", PELICAN)];

/// The folder of a generator with these files and a `site.toml`.
fn foreign(kind: &str, files: Sources) -> Site {
    let site = Site(TempDir::new().unwrap());
    files.iter().for_each(|(path, text)| site.write(path, text));
    site.write("site.toml", format!("content_format = \"{kind}\"\n"));
    site
}

/// The site that an import of these files makes.
fn imported(kind: &str, files: Sources) -> Site {
    let source = TempDir::new().unwrap();
    for (path, text) in files {
        let to = source.path().join(path);
        fs::create_dir_all(to.parent().unwrap()).unwrap();
        fs::write(to, text).unwrap();
    }
    let site = Site(TempDir::new().unwrap());
    let from = source.path().to_str().unwrap();
    let output = site.command(&["import", kind, from, "--into", ".", "--now", NOW]).output().unwrap();
    assert!(output.status.success(), "{kind}: {}", String::from_utf8_lossy(&output.stderr));
    site
}

/// Each entry of the feeds: id, address, title and dates.
fn entries(files: &Files) -> BTreeMap<String, Vec<[String; 5]>> {
    let feeds = files.keys().filter(|path| path.ends_with("feed.json"));
    let of_feed = |path: &String| {
        let items = json(files, path)["items"].as_array().unwrap().clone();
        let entry = |item: &Value| {
            ["id", "url", "title", "date_published", "date_modified"]
                .map(|key| item[key].as_str().unwrap_or_default().to_owned())
        };
        items.iter().map(entry).collect()
    };
    feeds.map(|path| (path.clone(), of_feed(path))).collect()
}

#[test]
fn a_folder_built_in_place_is_what_an_import_of_it_is() {
    for (kind, files) in KINDS {
        let (here, there) = (foreign(kind, files), imported(kind, files));
        let (in_place, after_import) = (here.built(), there.built());
        let (ours, theirs) = (entries(&in_place), entries(&after_import));
        assert_eq!(ours, theirs, "{kind}");
        assert!(ours.get("feed.json").is_some_and(|all| all.len() >= 2), "{kind}: {ours:?}");
        let pages = |files: &Files| -> Vec<String> {
            let shown = files.keys().filter(|path| path.ends_with(".html") || path.ends_with(".txt"));
            // Only a ledger knows that an article that has ended was never public here.
            shown.filter(|path| !path.contains("hidden-ended")).cloned().collect()
        };
        assert_eq!(pages(&in_place), pages(&after_import), "{kind}");
        assert!(!in_place.values().any(|bytes| String::from_utf8_lossy(bytes).contains("secret")), "{kind}");
    }
}

#[test]
fn nothing_is_written_into_the_folder() {
    for (kind, files) in KINDS {
        let site = foreign(kind, files);
        let before: Vec<String> = tree(site.0.path()).into_keys().collect();
        site.built();
        let after: Vec<String> = tree(site.0.path())
            .into_keys()
            .filter(|path| !path.starts_with("public/") && !path.starts_with(".dateline/"))
            .collect();
        assert_eq!(before, after, "{kind}");
        assert_eq!(site.build_at(NOW), Some(0), "{kind}: a second build has nothing to do");
    }
}

#[test]
fn an_edit_shows_in_the_next_build() {
    for (kind, path) in [
        ("hugo", "content/news/ferry.md"),
        ("zola", "content/news/2020-03-02-ferry.md"),
        ("jekyll", "_posts/2020-03-02-ferry.md"),
        ("pelican", "content/news/ferry.md"),
    ] {
        let files = KINDS.iter().find(|(name, _)| *name == kind).unwrap().1;
        let site = foreign(kind, files);
        site.built();
        let old = fs::read_to_string(site.path(path)).unwrap();
        site.write(path, old.replace("*ferry*", "*night boat*"));
        let files = site.built();
        assert!(
            files.values().any(|bytes| String::from_utf8_lossy(bytes).contains("<em>night boat</em>")),
            "{kind}"
        );
    }
}

#[test]
fn settings_of_the_site_win_over_those_of_the_generator() {
    let site = foreign("jekyll", JEKYLL);
    site.write(
        "site.toml",
        "content_format = \"jekyll\"\ntitle = \"Mine\"\nbase_url = \"https://mine.example/\"\nauthority = \"mine.example\"\n[feeds]\nlimit = 1\n",
    );
    let feed = json(&site.built(), "feed.json");
    assert_eq!((feed["title"].as_str(), feed["items"].as_array().map(Vec::len)), (Some("Mine"), Some(1)));
    assert!(feed["items"][0]["url"].as_str().unwrap().starts_with("https://mine.example/"));
}

#[test]
fn what_is_more_than_a_name_is_told_by_file_and_line() {
    let files: [(&str, &str, &str, &str); 3] = [
        (
            "hugo",
            "content/news/x.md",
            "---\ntitle: X\ndate: 2020-01-01\n---\n\n{{< own-gallery dir=\"a\" >}}\n",
            "line 6",
        ),
        (
            "zola",
            "content/news/x.md",
            "+++\ntitle = \"X\"\ndate = 2020-01-01\n+++\n\n{{ own_gallery(dir=\"a\") }}\n",
            "line 6",
        ),
        (
            "jekyll",
            "_posts/2020-01-01-x.md",
            "---\ntitle: X\n---\n\n{% include own-gallery.html dir=\"a\" %}\n",
            "line 5",
        ),
    ];
    for (kind, path, text, line) in files {
        let site = foreign(kind, KINDS.iter().find(|(name, _)| *name == kind).unwrap().1);
        site.write(path, text);
        let (code, problems) = site.problems(&[]);
        assert_eq!(code, Some(0), "{kind}: {problems:?}");
        let told = problems.iter().find(|one| one.starts_with(&format!("import::in_place {path} {line}")));
        assert!(told.is_some(), "{kind}: {problems:?}");
    }
    let output = foreign("hugo", HUGO);
    output.write("layouts/index.html", "x");
    let output = output.build(&[]);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(said.contains("dateline import hugo"), "{said}");
}

#[test]
fn front_matter_that_cannot_be_read_holds_nobody() {
    for (kind, path, bad) in [
        ("hugo", "content/news/ferry.md", "---\ntitle: [\n---\nsecret\n"),
        ("zola", "content/news/2020-03-02-ferry.md", "+++\ntitle = [\n+++\nsecret\n"),
        ("jekyll", "_posts/2020-03-02-ferry.md", "---\ntitle: [\n---\nsecret\n"),
    ] {
        let site = foreign(kind, KINDS.iter().find(|(name, _)| *name == kind).unwrap().1);
        let publish = |now: &str| {
            let output = site.command(&["publish", "--now", now, "--format", "json"]).output().unwrap();
            let said = String::from_utf8(output.stdout).unwrap();
            let problems: Vec<&str> =
                said.lines().filter(|line| line.contains("\"event\":\"problem\"")).collect();
            (output.status.code(), problems.concat())
        };
        let (code, problems) = publish(NOW);
        assert_eq!(code, Some(0), "{kind}: {problems}");
        let before = entries(&site.output());
        site.write(path, bad);
        let (code, problems) = publish(NOW);
        assert_ne!(code, Some(0), "{kind}");
        assert!(problems.contains("import::front_matter") && problems.contains(path), "{kind}: {problems}");
        assert_eq!(entries(&site.output()), before, "{kind}: the article stays as it was");
        let output = site.build(&[]);
        assert!(!output.status.success(), "{kind}: an error of a build");
    }
}

#[test]
fn drafts_are_shown_to_who_asks_for_them() {
    for (kind, files) in KINDS {
        let site = foreign(kind, files);
        assert!(site.build(&["--drafts"]).status.success(), "{kind}");
        let shown = site.output().values().any(|bytes| String::from_utf8_lossy(bytes).contains("secret"));
        assert!(shown, "{kind}");
    }
}

#[test]
fn an_unknown_generator_and_a_folder_of_another_are_errors() {
    let site = foreign("hexo", HUGO);
    site.write("site.toml", format!("{TOML}content_format = \"hexo\"\n"));
    let (code, problems) = site.problems(&[]);
    assert!(
        code != Some(0) && problems.iter().any(|one| one.starts_with("metadata::value site.toml")),
        "{problems:?}"
    );
    let site = foreign("pelican", HUGO);
    let (code, problems) = site.problems(&[]);
    assert!(code != Some(0) && problems.iter().any(|one| one.starts_with("import::kind")), "{problems:?}");
}

#[test]
fn explain_and_set_name_the_file_of_the_generator() {
    let site = foreign("jekyll", JEKYLL);
    site.built();
    let address = "/news/2020/03/02/ferry.html";
    let output = site.command(&["explain", address, "--now", NOW]).output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(said.contains("_posts/2020-03-02-ferry.md"), "{said}{}", String::from_utf8_lossy(&output.stderr));
    let output = site.command(&["set", address, "title=New", "--now", NOW]).output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(!output.status.success() && said.contains("_posts/2020-03-02-ferry.md"), "{said}");
    assert!(text(&tree(site.0.path()), "_posts/2020-03-02-ferry.md").contains("title: The ferry"));
}
