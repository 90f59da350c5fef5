//! Which files a site takes, copies and reads.

use std::fs;
use std::process::Output;
use std::time::Duration;

use crate::site::{NOW, Site, TOML, text};

const DRAFT: &str = "+++\ntitle = \"D\"\ndraft = true\n+++\nSECRET\n";
const ARTICLE: &str = "+++\ntitle = \"A\"\ndate = 2026-01-02\n+++\nPublic.\n";

/// A site with `files` beside an article, all of them with a secret.
fn with_secrets(files: &[&str]) -> Site {
    let site = Site::new(&[("content/news/good.md", ARTICLE), ("content/news/d.md", DRAFT)]);
    files.iter().for_each(|file| site.write(file, DRAFT));
    site
}

/// The files of the output that hold the secret.
fn leaks(site: &Site) -> Vec<String> {
    let is_leak = |bytes: &[u8]| bytes.windows(6).any(|window| window == b"SECRET");
    site.output().into_iter().filter(|(_, bytes)| is_leak(bytes)).map(|(path, _)| path).collect()
}

fn told(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// The codes of the warnings of a build that succeeds.
fn warnings(site: &Site) -> Vec<String> {
    let (code, problems) = site.problems(&[]);
    assert_eq!(code, Some(0), "{problems:#?}");
    problems.into_iter().filter(|one| one.starts_with("files::")).collect()
}

#[test]
fn backups_and_leftovers_are_not_published_and_told_once() {
    let names = [
        "d.md~",
        "#d.md#",
        "d.md.1",
        "d.md.rej",
        "d.md.bak",
        "d.md.LOCAL.123",
        "d.md.BASE",
        "d.md.save",
        "d.md.orig",
        "d.md.swp",
        "d.md.tmp",
        "d.md.tmp12",
        "d.md.swo",
        "d.old",
        "d.md.txt",
        "d_REMOTE_7.csv",
        "d.MD.BAK",
        "d.md,v",
    ];
    let files: Vec<String> = names.iter().map(|name| format!("content/news/{name}")).collect();
    let mut files: Vec<&str> = files.iter().map(String::as_str).collect();
    files.extend(["static/page.html.orig", "static/deep/style.css~", "static/notes.txt.1"]);
    let site = with_secrets(&files);
    let warnings = warnings(&site);
    assert_eq!(leaks(&site), Vec::<String>::new());
    let expected = [
        "files::backup content/news/#d.md# 18 files are a backup or a leftover of an editor or a merge, and not published: content/news/#d.md#, content/news/d.MD.BAK, content/news/d.md,v and 15 more",
        "files::backup static/deep/style.css~ 3 files are a backup or a leftover of an editor or a merge, and not published: static/deep/style.css~, static/notes.txt.1, static/page.html.orig",
    ];
    assert_eq!(warnings, expected);
}

#[test]
fn sources_of_other_generators_are_not_published_and_told_by_extension() {
    let site = with_secrets(&[
        "content/a.mdx",
        "content/news/b.mdx",
        "content/b.rst",
        "content/c.adoc",
        "content/d.asciidoc",
        "content/e.org",
        "content/f.njk",
        "content/g.liquid",
        "content/posts.11tydata.js",
        "content/_data/secret.yml",
        "content/news/_includes/part.html",
        "content/_layouts/deep/er.md",
    ]);
    let mut codes: Vec<String> =
        warnings(&site).iter().map(|one| one.splitn(3, ' ').take(2).collect::<Vec<_>>().join(" ")).collect();
    codes.sort();
    assert_eq!(leaks(&site), Vec::<String>::new());
    let expected = [
        "files::folder content/_data/",
        "files::folder content/_layouts/",
        "files::folder content/news/_includes/",
        "files::foreign content/a.mdx",
        "files::foreign content/b.rst",
        "files::foreign content/c.adoc",
        "files::foreign content/d.asciidoc",
        "files::foreign content/e.org",
        "files::foreign content/f.njk",
        "files::foreign content/g.liquid",
        "files::foreign content/posts.11tydata.js",
    ];
    assert_eq!(codes, expected);
}

#[test]
fn copy_publishes_what_its_patterns_name() {
    let site = Site::new(&[
        ("content/a.rst", "a"),
        ("content/b.adoc", "b"),
        ("content/_data/c.yml", "c"),
        ("content/_includes/d.html", "d"),
        ("content/.hidden", "e"),
        ("static/.env.example", "f"),
    ]);
    site.write(
        "site.toml",
        format!("copy = [\"*.rst\", \"_data/**\", \".hidden\", \".env.example\"]\n{TOML}"),
    );
    let files = site.built();
    for (path, is_there) in [
        ("a.rst", true),
        ("b.adoc", false),
        ("_data/c.yml", true),
        ("_includes/d.html", false),
        (".hidden", true),
        (".env.example", true),
    ] {
        assert_eq!(files.contains_key(path), is_there, "{path}");
    }
}

#[test]
fn a_pattern_that_is_none_is_refused() {
    let site = Site::new(&[]);
    site.write("site.toml", format!("copy = [\"***\"]\n{TOML}"));
    let (code, problems) = site.problems(&[]);
    assert_eq!(code, Some(2), "{problems:#?}");
    assert!(problems[0].starts_with("metadata::value site.toml:1:8 "), "{problems:#?}");
}

#[test]
fn hidden_files_of_the_web_are_published_and_those_of_tools_are_not() {
    let (published, left_out) = (
        [
            "static/.well-known/security.txt",
            "static/.well-known/acme/.token",
            "static/.nojekyll",
            "static/.htaccess",
            "static/.domains",
            "static/deep/.image-list",
            "content/news/.htaccess",
            "content/.well-known/change-password",
        ],
        [
            "static/.env",
            "static/.git/config",
            "static/.svn/entries",
            "static/.a.swp",
            "static/.#a",
            "static/.DS_Store",
            "static/Thumbs.db",
            "static/.gitignore",
            "static/.vscode/settings.json",
            "static/.htpasswd",
            "content/.DS_Store",
            "content/.obsidian/workspace.json",
            "content/.trash/d.csv",
            "content/news/.notes.csv",
        ],
    );
    let site = Site::new(&[("content/news/good.md", ARTICLE)]);
    published.iter().for_each(|file| site.write(file, "public"));
    left_out.iter().for_each(|file| site.write(file, "SECRET"));
    let warnings = warnings(&site);
    let files = site.output();
    for file in published {
        let path = file.split_once('/').unwrap().1;
        assert!(files.contains_key(path), "{path}");
    }
    assert_eq!(leaks(&site), Vec::<String>::new());
    let expected = [
        "files::hidden content/news/.notes.csv 1 file is hidden, and not published: content/news/.notes.csv",
        "files::tool static/.#a 10 files are for an editor, a system or a tool, and not published: static/.#a, static/.DS_Store, static/.a.swp and 7 more",
    ];
    assert_eq!(warnings, expected);
}

#[test]
fn redirects_of_the_publisher_come_before_those_of_aliases() {
    let site = Site::new(&[
        ("content/a.md", "+++\ntitle = \"A\"\naliases = [\"/old/\"]\n+++\n"),
        ("static/_redirects", "/shop/* https://shop.example/:splat 302"),
    ]);
    assert_eq!(text(&site.built(), "_redirects"), "/shop/* https://shop.example/:splat 302\n/old/ /a/ 301\n");
    site.write("static/_redirects", "/other /a/ 301\n");
    assert_eq!(text(&site.built(), "_redirects"), "/other /a/ 301\n/old/ /a/ 301\n");
    site.write("content/a.md", "+++\ntitle = \"A\"\n+++\n");
    assert_eq!(text(&site.built(), "_redirects"), "/other /a/ 301\n");
    fs::remove_file(site.path("static/_redirects")).unwrap();
    assert!(!site.built().contains_key("_redirects"));
}

#[test]
fn a_link_to_a_file_of_a_held_back_article_is_an_error_where_it_is_written() {
    for (held, name) in [
        ("+++\ntitle = \"H\"\ndate = 2999-01-01\n+++\n", "scheduled"),
        ("+++\ntitle = \"H\"\ndate = 2020-01-01\ndraft = true\n+++\n", "draft"),
        ("+++\ntitle = \"H\"\ndate = 2020-01-01\nexpires = 2021-01-01\n+++\n", "expired"),
    ] {
        for (written, spot) in [
            ("+++\ntitle = \"A\"\ndate = 2026-01-02\n+++\nSee [this](h/a.csv).\n", "5:5"),
            ("+++\ntitle = \"A\"\ndate = 2026-01-02\n+++\n\n![It](@/news/h/a.png)\n", "6:1"),
            ("+++\ntitle = \"A\"\ndate = 2026-01-02\nimage = \"h/a.png\"\n+++\n", "4:9"),
            ("+++\ntitle = \"A\"\ndate = 2026-01-02\nbanner = \"/news/h/a.png\"\n+++\n", "4:10"),
            ("+++\ntitle = \"A\"\ndate = 2026-01-02\n+++\nSee [this](/news/h/a.csv).\n", "5:5"),
            (
                "+++\ntitle = \"A\"\ndate = 2026-01-02\n+++\nSee [it](https://example.org/news/h/a.csv#x).\n",
                "5:5",
            ),
            ("+++\ntitle = \"A\"\ndate = 2026-01-02\n+++\n<img src=\"h/a.png\" alt=\"\">\n", "5:10"),
        ] {
            let site = Site::new(&[
                ("content/news/h/index.md", held),
                ("content/news/h/a.csv", "SECRET"),
                ("content/news/h/a.png", "SECRET"),
                ("content/news/a.md", written),
            ]);
            let (code, problems) = site.problems(&[]);
            assert_eq!(code, Some(1), "{name} {written} {problems:#?}");
            let expected = format!("link::held_back_file content/news/a.md:{spot} ");
            assert!(problems.iter().any(|one| one.starts_with(&expected)), "{name} {expected} {problems:#?}");
            site.write("content/news/a.md", ARTICLE);
            site.built();
            assert_eq!(leaks(&site), Vec::<String>::new(), "{name}");
        }
    }
}

#[test]
fn a_picture_loses_where_it_was_taken_whatever_its_kind_and_folder() {
    let svg = "<svg xmlns=\"http://www.w3.org/2000/svg\"><metadata>SECRET</metadata><circle r=\"1\"/></svg>";
    let tiff = b"II\x2a\0\x08\0\0\0\x01\0\x0f\x01\x02\0\x07\0\0\0\x1a\0\0\0\0\0\0\0SECRET\0";
    let raw = b"IIRO\x08\0\0\0SECRET";
    let site = Site::new(&[("content/news/trip/index.md", ARTICLE)]);
    for folder in ["content/news/trip", "content/news", "static"] {
        site.write(&format!("{folder}/a.svg"), svg);
        site.write(&format!("{folder}/a.tiff"), tiff);
        site.write(&format!("{folder}/a-tiff-without-its-name"), tiff);
    }
    let files = site.built();
    assert_eq!(leaks(&site), Vec::<String>::new());
    assert_eq!(
        text(&files, "news/trip/a.svg"),
        "<svg xmlns=\"http://www.w3.org/2000/svg\"><circle r=\"1\"/></svg>"
    );
    site.write("static/a.orf", raw);
    let (code, problems) = site.problems(&[]);
    assert_eq!(code, Some(1));
    assert!(problems[0].starts_with("picture::metadata static/a.orf "), "{problems:#?}");
    site.write("site.toml", format!("{TOML}[images]\nresponsive = false\n"));
    assert_eq!(site.built().get("a.orf").map(Vec::as_slice), Some(raw.as_slice()));
}

#[cfg(target_os = "linux")]
mod on_disk {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;
    use std::os::unix::fs::symlink;
    use std::path::Path;

    use rustix::fs::{CWD, FileType, Mode, mknodat};
    use tempfile::TempDir;

    use super::*;

    fn fifo(path: &Path) {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        let _ = fs::remove_file(path);
        mknodat(CWD, path, FileType::Fifo, Mode::RUSR | Mode::WUSR, 0).unwrap();
    }

    /// Runs `arguments` in the `site`; a run that hangs fails.
    fn run(site: &Site, arguments: &[&str]) -> Output {
        let output = site.command(arguments).timeout(Duration::from_secs(60)).output().unwrap();
        assert!(output.status.code().is_some(), "{arguments:?} hangs");
        output
    }

    #[test]
    fn a_fifo_or_a_device_in_the_place_of_a_file_is_refused_at_once() {
        for name in [
            "site.toml",
            "ledger.jsonl",
            "templates/article.html",
            "content/news/a.md",
            "content/news/a.csv",
            "static/style.css",
            "static/a.bin",
            "fonts/card.ttf",
        ] {
            for make in [
                fifo,
                |path: &Path| symlink("/dev/zero", path).unwrap(),
                |path: &Path| {
                    fs::create_dir(path).unwrap();
                },
            ] {
                let site = Site::new(&[("content/news/good.md", ARTICLE)]);
                site.write(
                    "site.toml",
                    format!("{TOML}[images]\ncards = true\ncard_font = \"fonts/card.ttf\"\n"),
                );
                if name != "fonts/card.ttf" {
                    site.write("site.toml", TOML);
                }
                let path = site.path(name);
                fs::create_dir_all(path.parent().unwrap()).unwrap();
                let _ = fs::remove_file(&path);
                make(&path);
                let is_folder = path.is_dir();
                let output = run(&site, &["build", "--now", NOW]);
                // A folder may have any name.
                if !is_folder || matches!(name, "site.toml" | "ledger.jsonl" | "fonts/card.ttf") {
                    let told = told(&output);
                    assert!(matches!(output.status.code(), Some(1 | 2 | 4)), "{name}: {told}");
                    assert!(
                        told.contains(name.rsplit('/').next().unwrap()) || told.contains("card_font"),
                        "{name}: {told}"
                    );
                }
            }
        }
    }

    #[test]
    fn a_fifo_in_the_place_of_a_state_file_stops_no_run_for_ever() {
        let site = Site::new(&[("content/news/good.md", ARTICLE)]);
        assert!(run(&site, &["publish", "--now", NOW]).status.success());
        let names: Vec<_> = fs::read_dir(site.path(".dateline"))
            .unwrap()
            .map(|entry| entry.unwrap())
            .filter(|entry| entry.file_type().unwrap().is_file())
            .map(|entry| entry.file_name().into_string().unwrap())
            .collect();
        assert!(names.len() > 2, "{names:?}");
        for name in names {
            let path = site.path(&format!(".dateline/{name}"));
            let kept = fs::read(&path).unwrap();
            fifo(&path);
            for command in ["build", "publish", "verify", "due"] {
                run(&site, &[command, "--now", NOW]);
            }
            let _ = fs::remove_file(&path);
            fs::write(&path, kept).unwrap();
        }
    }

    #[test]
    fn lint_reads_files_only() {
        let site = Site::new(&[]);
        fifo(&site.path("feed.xml"));
        for name in ["feed.xml", "/dev/zero", "/"] {
            let output = run(&site, &["feeds", "lint", name]);
            assert!(!output.status.success(), "{name}");
        }
    }

    #[test]
    fn a_file_over_its_bound_is_refused_by_its_size() {
        for (name, reason) in [
            ("site.toml", "it has 4.5 MB, and `site.toml` may have 4 MB at most"),
            ("content/news/a.md", "it has 16.5 MB, and a source may have 16 MB at most"),
            ("templates/article.html", "it has 4.5 MB, and a template may have 4 MB at most"),
            ("ledger.jsonl", "it has 1024.5 MB, and a ledger may have 1024 MB at most"),
        ] {
            let site = Site::new(&[("content/news/good.md", ARTICLE)]);
            let size: f64 = reason.split(' ').nth(2).unwrap().parse().unwrap();
            let path = site.path(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::File::create(path).unwrap().set_len((size * 1_048_576.0) as u64).unwrap();
            let output = run(&site, &["build", "--now", NOW]);
            let told = told(&output).split_whitespace().collect::<Vec<_>>().join(" ");
            assert!(!output.status.success() && told.contains(reason), "{name}: {told}");
        }
    }

    #[test]
    fn a_folder_that_leads_out_of_the_site_is_refused_unless_links_are_followed() {
        for (folder, file) in [
            ("content", "theirs.csv"),
            ("static", "theirs.csv"),
            ("templates", "article.html"),
            ("content/news", "theirs.csv"),
            ("static/deep", "theirs.csv"),
        ] {
            let outside = TempDir::new().unwrap();
            fs::write(outside.path().join(file), "SECRET").unwrap();
            fs::write(outside.path().join("_index.md"), "").unwrap();
            fs::write(outside.path().join("x.md"), ARTICLE).unwrap();
            let site = Site::new(&[("content/good.md", ARTICLE)]);
            let path = site.path(folder);
            let _ = fs::remove_dir_all(&path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            symlink(outside.path(), &path).unwrap();
            let (code, problems) = site.problems(&[]);
            assert_eq!(code, Some(1), "{folder}: {problems:#?}");
            let expected = format!("content::outside {folder} ");
            assert!(problems.iter().any(|one| one.starts_with(&expected)), "{folder}: {problems:#?}");
            assert!(leaks(&site).is_empty(), "{folder}");
            site.write("site.toml", format!("follow_links = true\n{TOML}"));
            site.built();
            assert!(!leaks(&site).is_empty(), "{folder}");
        }
    }

    #[test]
    fn a_file_that_leads_out_of_the_site_is_refused_unless_links_are_followed() {
        let outside = TempDir::new().unwrap();
        let site = Site::new(&[("content/good.md", ARTICLE)]);
        fs::write(outside.path().join("site.toml"), "SECRET = [\n").unwrap();
        fs::remove_file(site.path("site.toml")).unwrap();
        symlink(outside.path().join("site.toml"), site.path("site.toml")).unwrap();
        let output = run(&site, &["build", "--now", NOW]);
        let refused = told(&output);
        assert_eq!(output.status.code(), Some(2), "{refused}");
        assert!(refused.contains("content::outside") && !refused.contains("SECRET"), "{refused}");
        fs::write(outside.path().join("site.toml"), format!("follow_links = true\n{TOML}")).unwrap();
        site.built();
        let site = Site::new(&[("content/good.md", ARTICLE)]);
        assert!(run(&site, &["publish", "--now", NOW]).status.success());
        fs::rename(site.path("ledger.jsonl"), outside.path().join("ledger.jsonl")).unwrap();
        symlink(outside.path().join("ledger.jsonl"), site.path("ledger.jsonl")).unwrap();
        let (code, problems) = site.problems(&[]);
        assert_eq!(code, Some(1));
        assert!(problems[0].starts_with("content::outside ledger.jsonl "), "{problems:#?}");
        site.write("site.toml", format!("follow_links = true\n{TOML}"));
        site.built();
    }

    #[test]
    fn a_symbolic_link_inside_the_site_publishes_nothing_that_is_held_back() {
        let site = with_secrets(&["content/news/h/a.csv", "content/news/h/deep/b.csv", ".private/x.txt"]);
        site.write("content/news/h/u.txt", "A note\n\nIt has a SECRET.\n");
        site.write("content/news/h/index.md", "+++\ntitle = \"H\"\ndate = 2999-01-01\n+++\n");
        site.write("static/keep.txt", "public");
        assert!(run(&site, &["publish", "--now", NOW]).status.success());
        symlink("h/a.csv", site.path("content/news/b.csv")).unwrap();
        symlink("h/deep", site.path("content/news/data")).unwrap();
        // This would be a page of its own.
        symlink("h/u.txt", site.path("content/news/u.txt")).unwrap();
        symlink("d.md", site.path("content/news/d.csv")).unwrap();
        site.built();
        assert_eq!(leaks(&site), Vec::<String>::new());
        for (link, target) in [
            ("static/c", "../content"),
            ("static/d.txt", "../content/news/d.md"),
            ("static/ledger.txt", "../ledger.jsonl"),
            ("static/p", "../.private"),
            ("content/news/p", "../../.private"),
        ] {
            symlink(target, site.path(link)).unwrap();
            let (code, problems) = site.problems(&[]);
            assert_eq!(code, Some(1), "{link}: {problems:#?}");
            let expected = format!("content::private {link} ");
            assert!(problems.iter().any(|one| one.starts_with(&expected)), "{link}: {problems:#?}");
            assert_eq!(leaks(&site), Vec::<String>::new(), "{link}");
            fs::remove_file(site.path(link)).unwrap();
        }
    }

    #[test]
    fn a_file_that_can_not_be_taken_holds_nobody() {
        type Make = fn(&Site);
        let cases: [(&str, Make); 8] = [
            ("not UTF-8", |site| {
                fs::write(site.path("content/news").join(OsStr::from_bytes(b"\xff.md")), ARTICLE).unwrap();
            }),
            ("not UTF-8, in static", |site| {
                fs::create_dir_all(site.path("static")).unwrap();
                fs::write(site.path("static").join(OsStr::from_bytes(b"\xff.txt")), "x").unwrap();
            }),
            ("dangling", |site| symlink("nowhere", site.path("content/news/z.md")).unwrap()),
            ("dangling asset", |site| symlink("nowhere", site.path("content/news/z.csv")).unwrap()),
            ("outside", |site| symlink("/etc/hostname", site.path("content/news/z.txt")).unwrap()),
            ("outside, in static", |site| {
                fs::create_dir_all(site.path("static")).unwrap();
                symlink("/etc/hostname", site.path("static/z.txt")).unwrap();
            }),
            ("FIFO", |site| fifo(&site.path("content/news/z.md"))),
            ("FIFO in static", |site| fifo(&site.path("static/z"))),
        ];
        for (name, make) in cases {
            let site = Site::new(&[("content/news/old.md", ARTICLE)]);
            assert!(run(&site, &["publish", "--now", NOW]).status.success());
            make(&site);
            site.write("content/news/fine.md", ARTICLE.replace("\"A\"", "\"Fine\""));
            for _ in 0..2 {
                let output = run(&site, &["publish", "--now", NOW]);
                assert_eq!(output.status.code(), Some(5), "{name}: {}", told(&output));
            }
            let files = site.output();
            assert!(
                files.contains_key("news/fine/index.html") && files.contains_key("news/old/index.html"),
                "{name}"
            );
            assert_eq!(run(&site, &["build", "--now", NOW]).status.code(), Some(1), "{name}");
        }
    }

    #[test]
    fn a_public_article_whose_file_can_not_be_read_is_kept() {
        let site = Site::new(&[("content/news/old.md", ARTICLE)]);
        assert!(run(&site, &["publish", "--now", NOW]).status.success());
        let page = text(&site.output(), "news/old/index.html");
        fs::remove_file(site.path("content/news/old.md")).unwrap();
        symlink("nowhere", site.path("content/news/old.md")).unwrap();
        let output = run(&site, &["publish", "--now", NOW]);
        assert_eq!(output.status.code(), Some(5), "{}", told(&output));
        assert_eq!(text(&site.output(), "news/old/index.html"), page);
    }
}
