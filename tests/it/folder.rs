//! The output folder, and the program's own notes about it.

use std::fs;

use crate::site::{NOW, Site, text};

#[test]
fn only_files_of_our_own_are_removed() {
    let site = Site::new(&[
        ("content/a.md", "+++\ntitle = \"A\"\n+++\n"),
        ("content/b.md", "+++\ntitle = \"B\"\n+++\n"),
    ]);
    site.built();
    site.write("public/theirs.txt", "theirs");
    fs::remove_file(site.path("content/b.md")).unwrap();
    let files = site.built();
    assert!(
        files.contains_key("theirs.txt")
            && files.contains_key("a/index.html")
            && !files.contains_key("b/index.html")
    );
}

#[test]
fn a_foreign_folder_is_refused_until_it_is_adopted_and_its_files_stay() {
    let other = Site::new(&[("public/theirs.txt", "theirs")]);
    assert_eq!(other.build(&[]).status.code(), Some(2));
    assert_eq!(other.output().len(), 1);
    assert!(other.build(&["--adopt"]).status.success());
    assert_eq!(text(&other.output(), "theirs.txt"), "theirs");
}

const ARTICLE: (&str, &str) = ("content/a.md", "+++\ntitle = \"A\"\ndate = 2020-01-01\n+++\n");

#[test]
fn the_output_folder_is_a_folder_of_its_own() {
    for (out, expected) in [
        (
            "content/public",
            "the output folder `content/public` lies inside `./content`, which belongs to the site itself",
        ),
        ("content", "the output folder `content` is `./content`, which belongs to the site itself"),
        ("templates", "the output folder `templates` is `./templates`, which belongs to the site itself"),
        ("static/x", "the output folder `static/x` lies inside `./static`, which belongs to the site itself"),
        (".dateline", "the output folder `.dateline` is `./.dateline`, which belongs to the site itself"),
        (".", "the output folder `.` contains `./content`, which belongs to the site itself"),
    ] {
        let site = Site::new(&[ARTICLE, ("templates/own.html", "x"), ("static/y", "y")]);
        let (code, problems) = site.problems(&["--out", out, "--adopt"]);
        assert_eq!(problems, [format!("output::forbidden - {expected}")]);
        assert_eq!(code, Some(2), "{out}");
        assert!(!site.path("index.html").exists() && !site.path(out).join("index.html").exists(), "{out}");
    }
}

#[test]
fn a_file_in_the_place_of_the_output_folder_is_refused() {
    let site = Site::new(&[ARTICLE, ("public", "a file")]);
    let expected = "output::not_a_folder - the output folder `./public` is not a folder".to_owned();
    assert_eq!(site.problems(&[]), (Some(2), vec![expected]));
}

#[test]
fn a_folder_that_is_not_empty_is_refused_with_the_names_in_it() {
    let site = Site::new(&[ARTICLE, ("public/theirs.txt", "theirs"), ("public/b/c.txt", "theirs")]);
    let refused = "output::refused - the output folder `./public` was not made by Dateline and is not empty: it has `b/` and `theirs.txt`".to_owned();
    assert_eq!(site.problems(&[]), (Some(2), vec![refused]));
    assert_eq!(site.output().len(), 2);
}

#[test]
fn a_file_of_others_where_the_site_writes_is_refused_and_adoption_replaces_it() {
    let site = Site::new(&[ARTICLE]);
    site.built();
    site.write("public/later.txt", "theirs");
    site.write("static/later.txt", "ours");
    let before = site.output();
    let foreign = "output::foreign - in the output folder `./public`, files that Dateline did not write stand where the site writes: `later.txt`".to_owned();
    assert_eq!(site.problems(&[]), (Some(2), vec![foreign]));
    assert_eq!(before, site.output());
    let (code, report) = site.report(&["--adopt"]);
    assert_eq!((code, &report["replaced"]), (Some(0), &serde_json::json!(["later.txt"])));
    assert_eq!(text(&site.output(), "later.txt"), "ours");
}

#[test]
fn a_damaged_manifest_is_a_warning_and_is_made_anew() {
    let site = Site::new(&[ARTICLE, ("content/b.md", ARTICLE.1)]);
    let first = site.built();
    let manifest = site.path(".dateline/manifest");
    let sound = fs::read(&manifest).unwrap();
    let cut = &sound[..sound.len() - 20];
    let rest = "every file is compared again, and files of earlier builds that are no longer wanted stay";
    for (bytes, expected) in [
        (
            &b"no manifest"[..],
            "`./.dateline/manifest` is damaged or is not a manifest of Dateline: no first line",
        ),
        (cut, "`./.dateline/manifest` is damaged or is not a manifest of Dateline: it is cut short"),
    ] {
        fs::write(&manifest, bytes).unwrap();
        let warning = format!("output::manifest_lost - {expected}; {rest}");
        assert_eq!(site.problems(&[]), (Some(0), vec![warning]));
        assert!(first == site.output());
        assert_eq!(site.problems(&[]), (Some(0), Vec::new()));
    }
}

/// Without its manifest a build can't know which files are its own.
#[test]
fn a_manifest_of_another_version_is_a_warning_and_no_file_is_removed() {
    let site = Site::new(&[ARTICLE, ("content/b.md", ARTICLE.1)]);
    site.built();
    let manifest = site.path(".dateline/manifest");
    let sound = fs::read(&manifest).unwrap();
    let first_line = &b"{\"dateline\":\"manifest\",\"version\":99}\n"[..];
    fs::write(&manifest, [first_line, &sound[..sound.len() - 20]].concat()).unwrap();
    fs::remove_file(site.path("content/b.md")).unwrap();
    let (code, problems) = site.problems(&[]);
    assert_eq!(code, Some(0));
    assert!(
        problems[0].starts_with("output::manifest_lost - `./.dateline/manifest` has format version 99; "),
        "{problems:#?}"
    );
    assert!(site.output().contains_key("b/index.html"));
}

/// What the program remembers between two builds only makes it faster.
#[test]
fn a_damaged_or_missing_cache_changes_no_byte() {
    for name in ["held", "mixed"] {
        let site = Site::copy(name);
        let first = site.built();
        let cache = site.path(".dateline/state");
        let sound = fs::read(&cache).unwrap();
        for bytes in [&b""[..], b"no cache", &sound[..sound.len() / 2], &sound[..sound.len() - 1]] {
            fs::write(&cache, bytes).unwrap();
            assert!(first == site.built(), "{name}");
        }
        fs::remove_file(&cache).unwrap();
        assert!(first == site.built(), "{name}");
    }
}

#[cfg(unix)]
#[test]
fn what_may_not_be_read_or_written_is_named() {
    use std::os::unix::fs::PermissionsExt;
    let forbid = |path: &std::path::Path, mode| {
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    };
    let site = Site::new(&[ARTICLE]);
    let (article, root) = (site.path(ARTICLE.0), site.path("."));
    forbid(&article, 0o000);
    if fs::read(&article).is_ok() {
        return; // Nothing is forbidden to the superuser.
    }
    let expected = "content::unreadable content/a.md this can't be read: Permission denied (os error 13)";
    assert_eq!(site.problems(&[]), (Some(1), vec![expected.to_owned()]));
    forbid(&article, 0o600);
    forbid(&root, 0o500);
    let output = site.command(&["build", "--now", NOW]).output().unwrap();
    forbid(&root, 0o700);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(3), "the machine failed, not the author: {said}");
    assert!(said.contains("Permission denied"), "{said}");
    assert!(!site.path("public").exists());
}
