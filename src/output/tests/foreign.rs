//! Files and folders that are not the site's own.

use super::*;

#[test]
fn stale_files_go_with_their_folders_and_foreign_files_stay() {
    let site = Site::new();
    site.build(&[("a/b/c/x.html", "x"), ("a/b/y.html", "y"), ("z.html", "z")]).unwrap();
    site.write_by_hand("a/mine.txt", "mine");
    fs::create_dir(site.at("empty")).unwrap();
    let changes = site.build(&[("z.html", "z")]).unwrap();
    assert_eq!(changes.removed_paths, ["a/b/c/x.html", "a/b/y.html"]);
    let mut rest = expected(&[("z.html", "z"), ("a/mine.txt", "mine")]);
    rest.insert("empty/".into(), Vec::new());
    assert_eq!(site.files(), rest);
}

#[test]
fn a_strange_folder_is_refused_and_named() {
    let site = Site::new();
    for number in 0..12 {
        site.write_by_hand(&format!("{number:02}.txt"), "mine");
    }
    site.write_by_hand("00/deep.txt", "mine");
    let before = site.files();
    let error = site.open_with(false).err().unwrap();
    assert!(error.is_usage());
    let message = error.to_string();
    assert!(message.contains("`00.txt`, `00/`, `01.txt`"), "{message}");
    assert!(message.ends_with("`08.txt` and 3 more"), "{message}");
    assert_eq!(site.files(), before);
}

#[test]
fn an_adopted_folder_loses_nothing_but_what_the_site_writes_too() {
    let site = Site::new();
    for (path, text) in [("index.html", "theirs"), ("feed.xml", "feed"), ("cv.pdf", "cv")] {
        site.write_by_hand(path, text);
    }
    let staging = fill(site.open_with(true).unwrap(), PLAN);
    let before = site.files();
    let preview = staging.preview().unwrap();
    assert_eq!(site.files(), before);
    let changes = staging.commit().unwrap();
    assert_eq!(changes, preview);
    assert_eq!(changes.replaced_foreign, ["index.html"]);
    assert_eq!(changes.written_paths, ["index.html", "news/one/index.html"]);
    let mut all = expected(PLAN);
    all.insert("cv.pdf".into(), b"cv".to_vec());
    assert_eq!(site.files(), all);
    // From then on it is an output folder like any other.
    assert_eq!(site.build(&PLAN[..2]).unwrap().removed_paths, ["feed.xml"]);
}

#[test]
fn a_foreign_file_in_our_folder_is_not_overwritten() {
    let site = Site::new();
    site.build(PLAN).unwrap();
    site.write_by_hand("robots.txt", "theirs");
    let before = site.files();
    let plan = [PLAN, &[("robots.txt", "ours"), ("a.html", "a")]].concat();
    let error = site.build(&plan).unwrap_err();
    assert_eq!(code(&error), "output::foreign");
    assert!(error.is_usage() && error.to_string().contains("`robots.txt`"));
    assert_eq!(site.files(), before);
    assert_eq!(site.leftovers(), [""; 0]);
    assert_eq!(site.adopt(&plan).replaced_foreign, ["robots.txt"]);
    assert_eq!(site.files(), expected(&plan));
}

#[test]
fn files_become_folders_and_folders_files() {
    let site = Site::new();
    site.build(&[("p/a", "file"), ("p/b/c/index.html", "deep"), ("p/b/d.html", "d")]).unwrap();
    let plan: Plan<'_> = &[("p/a/x/index.html", "deep"), ("p/b", "file")];
    let changes = site.build(plan).unwrap();
    assert_eq!(changes.removed_paths, ["p/a", "p/b/c/index.html", "p/b/d.html"]);
    assert_eq!(site.files(), expected(plan));
    // The parent folder, empty for a moment, is still there.
    site.build(&[("p/b/again.html", "x")]).unwrap();
    assert_eq!(site.files(), expected(&[("p/b/again.html", "x")]));
}

#[test]
fn what_is_not_ours_stays_in_the_way() {
    let site = Site::new();
    site.build(&[("a/index.html", "a"), ("b", "b")]).unwrap();
    site.write_by_hand("a/mine.txt", "mine");
    site.write_by_hand("c", "a foreign file where a folder has to be");
    fs::create_dir(site.at("d")).unwrap();
    let before = site.files();
    for (plan, named) in
        [([("a", "file")], "`a/mine.txt`"), ([("c/index.html", "page")], "`c`"), ([("d", "file")], "`d/`")]
    {
        for adopt in [false, true] {
            let staging = fill(site.open_with(adopt).unwrap(), &plan);
            let error = staging.commit().unwrap_err();
            assert_eq!(code(&error), "output::in_the_way");
            assert!(error.to_string().contains(named), "{error}");
            assert_eq!(site.files(), before);
        }
    }
}

#[test]
fn links_are_not_followed() {
    use std::os::unix::fs::symlink;
    let site = Site::new();
    let elsewhere = site.root.path().join("elsewhere");
    fs::create_dir(&elsewhere).unwrap();
    fs::write(elsewhere.join("x.html"), "theirs").unwrap();
    site.build(&[("a/x.html", "x"), ("b.html", "b")]).unwrap();
    fs::remove_dir_all(site.at("a")).unwrap();
    symlink(&elsewhere, site.at("a")).unwrap();
    // Neither writing nor removing goes through the link.
    for plan in [&[("a/x.html", "new")][..], &[("b.html", "b")]] {
        let error = site.build(plan).unwrap_err();
        assert_eq!(code(&error), "output::linked_folder");
        assert!(error.to_string().contains("public/a`"), "{error}");
        assert_eq!(fs::read(elsewhere.join("x.html")).unwrap(), b"theirs");
    }
    fs::remove_file(site.at("a")).unwrap();
    // A link in a file's own place is replaced, and what it points to stays.
    fs::remove_file(site.at("b.html")).unwrap();
    symlink(elsewhere.join("x.html"), site.at("b.html")).unwrap();
    site.build(&[("b.html", "theirs")]).unwrap();
    assert!(fs::symlink_metadata(site.at("b.html")).unwrap().is_file());
    assert_eq!(fs::read(elsewhere.join("x.html")).unwrap(), b"theirs");
    // A stale path that is now a link isn't ours any more.
    fs::remove_file(site.at("b.html")).unwrap();
    symlink(elsewhere.join("x.html"), site.at("b.html")).unwrap();
    assert_eq!(site.build(&[]).unwrap().removed, 0);
    assert!(fs::symlink_metadata(site.at("b.html")).unwrap().is_symlink());
}

#[cfg(unix)]
#[test]
fn the_output_folder_itself_may_be_a_link() {
    let site = Site::new();
    let real = site.root.path().join("real");
    fs::create_dir(&real).unwrap();
    std::os::unix::fs::symlink(&real, site.out()).unwrap();
    site.build(PLAN).unwrap();
    site.build(&PLAN[..1]).unwrap();
    assert_eq!(site.files(), expected(&PLAN[..1]));
    assert!(fs::symlink_metadata(site.out()).unwrap().is_symlink());
}

#[test]
fn the_output_folder_keeps_clear_of_the_sites_own() {
    let site = Site::new();
    let root = site.root.path();
    let content = root.join("content");
    fs::create_dir_all(content.join("news")).unwrap();
    let forbidden = [content.clone(), root.join("static")];
    let state = site.state();
    let open = |out: PathBuf| {
        let target = Target {
            out: &out,
            state: &state,
            manifest: "m",
            terms: OutputTerms { adopt: true, atomic: Atomic::File },
            forbidden: &forbidden,
        };
        Staging::open(target).err().map(|error| (code(&error), error.is_usage()))
    };
    let refused = Some(("output::forbidden".to_owned(), true));
    let root_of_site = root.to_owned();
    let around = root.parent().unwrap().to_owned();
    for out in [
        root_of_site,
        around,
        content.clone(),
        content.join("news"),
        root.join("static/out"),
        root.join("no/../static"),
        state.clone(),
    ] {
        assert_eq!(open(out.clone()), refused, "{out:?}");
    }
    for out in [root.join("public"), root.join("content-out"), root.join("static2/static")] {
        assert_eq!(open(out), None);
    }
    fs::write(root.join("file"), "").unwrap();
    assert_eq!(open(root.join("file")), Some(("output::not_a_folder".to_owned(), true)));
}
