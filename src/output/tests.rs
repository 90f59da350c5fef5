mod trees;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, UNIX_EPOCH};

use proptest::prelude::*;
use rayon::prelude::*;
use tempfile::TempDir;

use super::*;
use crate::model::digest::Digest;

type Plan<'a> = &'a [(&'a str, &'a str)];
type Files = BTreeMap<String, Vec<u8>>;

/// A site with an output folder.
struct Site {
    root: TempDir,
    atomic: Atomic,
}

/// A file whose fingerprint depends only on its name.
fn want(path: &str, rank: Rank) -> Wanted {
    let digest = Digest::quick(path.as_bytes());
    Wanted { path: path.to_owned(), rank, fingerprint: Some(Fingerprint { own: digest, shared: digest }) }
}

impl Site {
    fn new() -> Site {
        Site { root: tempfile::tempdir().unwrap(), atomic: Atomic::File }
    }

    fn out(&self) -> PathBuf {
        self.root.path().join("public")
    }

    fn state(&self) -> PathBuf {
        self.root.path().join(".dateline")
    }

    fn manifest(&self) -> PathBuf {
        self.state().join("manifest")
    }

    fn at(&self, path: &str) -> PathBuf {
        self.out().join(path)
    }

    fn open_with(&self, adopt: bool) -> Result<Staging, OutputError> {
        let (out, state) = (self.out(), self.state());
        Staging::open(Target {
            out: &out,
            state: &state,
            manifest: "manifest",
            terms: OutputTerms { adopt, atomic: self.atomic },
            forbidden: &[],
        })
    }

    fn open(&self) -> Staging {
        self.open_with(false).unwrap()
    }

    fn stage(&self, plan: Plan<'_>) -> Staging {
        fill(self.open(), plan)
    }

    fn build(&self, plan: Plan<'_>) -> Result<Changes, OutputError> {
        self.stage(plan).commit()
    }

    fn adopt(&self, plan: Plan<'_>) -> Changes {
        fill(self.open_with(true).unwrap(), plan).commit().unwrap()
    }

    /// Writes a file into the output folder by hand.
    fn write_by_hand(&self, path: &str, text: &str) {
        fs::create_dir_all(self.at(path).parent().unwrap()).unwrap();
        fs::write(self.at(path), text).unwrap();
    }

    fn files(&self) -> Files {
        let mut files = Files::new();
        collect(&self.out(), "", &mut files);
        files
    }

    /// The entries of the state folder besides manifests.
    fn leftovers(&self) -> Vec<String> {
        let Ok(entries) = fs::read_dir(self.state()) else { return Vec::new() };
        let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
        names.filter(|name| name != "manifest").collect()
    }
}

fn fill(staging: Staging, plan: Plan<'_>) -> Staging {
    plan.par_iter().for_each(|(path, text)| {
        staging.put(&want(path, Rank::Page), text.as_bytes()).unwrap();
    });
    staging
}

/// Collects files with their bytes, and folders, which have a `/` after the name and no bytes.
fn collect(folder: &Path, prefix: &str, files: &mut Files) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for entry in entries.map(Result::unwrap) {
        let path = format!("{prefix}{}", entry.file_name().into_string().unwrap());
        if entry.file_type().unwrap().is_dir() {
            files.insert(format!("{path}/"), Vec::new());
            collect(&entry.path(), &format!("{path}/"), files);
        } else {
            files.insert(path, fs::read(entry.path()).unwrap_or_default());
        }
    }
}

fn expected(plan: Plan<'_>) -> Files {
    let mut files = Files::new();
    for (path, text) in plan {
        files.extend(manifest::folders_of(path).map(|folder| (format!("{folder}/"), Vec::new())));
        files.insert(path.to_string(), text.as_bytes().to_vec());
    }
    files
}

fn age(path: &Path, seconds: u64) {
    let file = fs::File::options().write(true).open(path).unwrap();
    file.set_modified(UNIX_EPOCH + Duration::from_secs(seconds)).unwrap();
}

fn code(error: &OutputError) -> String {
    miette::Diagnostic::code(error).unwrap().to_string()
}

const PLAN: Plan<'static> = &[("index.html", "home"), ("news/one/index.html", "one"), ("feed.xml", "feed")];

#[test]
fn the_second_identical_build_touches_nothing() {
    let site = Site::new();
    let first = site.build(PLAN).unwrap();
    assert_eq!((first.written, first.unchanged, first.removed, first.bytes_written), (3, 0, 0, 11));
    assert_eq!(first.written_paths, ["feed.xml", "index.html", "news/one/index.html"]);
    assert_eq!(site.files(), expected(PLAN));
    age(&site.at("index.html"), 1);
    let times = || {
        let paths = PLAN.iter().map(|(path, _)| site.at(path)).chain([site.out(), site.manifest()]);
        paths.map(|path| fs::metadata(path).unwrap().modified().unwrap()).collect::<Vec<_>>()
    };
    // The aged file is compared by its bytes, and its new time recorded.
    assert_eq!(site.build(PLAN).unwrap().written, 0);
    let before = times();
    let second = site.build(PLAN).unwrap();
    assert_eq!(second, Changes { unchanged: 3, ..Changes::default() });
    assert_eq!(times(), before);
    assert_eq!(site.leftovers(), [""; 0]);
}

#[test]
fn edited_and_deleted_files_are_repaired() {
    let site = Site::new();
    site.build(PLAN).unwrap();
    // The text has the same length: only the time shows the change.
    fs::write(site.at("index.html"), "HOME").unwrap();
    age(&site.at("index.html"), 1);
    fs::remove_dir_all(site.at("news")).unwrap();
    let changes = site.build(PLAN).unwrap();
    assert_eq!(changes.written_paths, ["index.html", "news/one/index.html"]);
    assert_eq!(changes.replaced_foreign, [""; 0]);
    assert_eq!(site.files(), expected(PLAN));
}

#[test]
fn a_deleted_output_folder_is_made_again() {
    let site = Site::new();
    site.build(PLAN).unwrap();
    fs::remove_dir_all(site.out()).unwrap();
    let changes = site.build(&PLAN[..2]).unwrap();
    assert_eq!((changes.written, changes.removed), (2, 0));
    assert_eq!(site.files(), expected(&PLAN[..2]));
}

#[test]
fn keep_tells_whether_the_file_still_stands() {
    let site = Site::new();
    site.build(PLAN).unwrap();
    age(&site.at("index.html"), 1);
    fs::write(site.at("feed.xml"), "FEED").unwrap();
    age(&site.at("feed.xml"), 1);
    let staging = site.open();
    let wanted = ["index.html", "feed.xml", "new.html"].map(|path| want(path, Rank::Page));
    assert_eq!(staging.keep(wanted.to_vec().into_par_iter()).unwrap(), [true, false, false]);
    staging.put(&want("feed.xml", Rank::Feed), b"feed").unwrap();
    let changes = staging.commit().unwrap();
    assert_eq!(changes.written_paths, ["feed.xml"]);
    assert_eq!(changes.removed_paths, ["news/one/index.html"]);
    assert_eq!(site.files(), expected(&[PLAN[0], PLAN[2]]));
}

#[test]
fn a_file_made_from_something_else_is_not_kept() {
    let site = Site::new();
    site.build(PLAN).unwrap();
    let staging = site.open();
    let mut other = want("index.html", Rank::Page);
    other.fingerprint = want("feed.xml", Rank::Page).fingerprint;
    let mut unknown = want("index.html", Rank::Page);
    unknown.fingerprint = None;
    assert_eq!(staging.keep(vec![other.clone(), unknown].into_par_iter()).unwrap(), [false, false]);
    // Its bytes may still be the same: then only the manifest changes.
    assert_eq!(staging.put(&other, PLAN[0].1.as_bytes()).unwrap(), Outcome::Unchanged);
    let staging = fill(staging, &PLAN[1..]);
    assert_eq!(staging.commit().unwrap().written, 0);
    assert_eq!(site.open().keep(vec![other].into_par_iter()).unwrap(), [true]);
}

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
fn a_plan_that_contradicts_itself_is_refused() {
    let site = Site::new();
    let staging = site.stage(&[("a", "file"), ("a-", "between"), ("b/c", "inner")]);
    for (path, expected) in
        [("a", "output::twice"), ("a/b", "output::file_and_folder"), ("b", "output::file_and_folder")]
    {
        assert_eq!(code(&staging.put(&want(path, Rank::Page), b"x").unwrap_err()), expected, "{path}");
    }
    drop(staging);
    // The same refusal if the file is already in place and need not be staged.
    site.build(&[("a", "file")]).unwrap();
    let staging = site.stage(&[("a", "file")]);
    staging.put(&want("a/b", Rank::Page), b"inner").unwrap();
    assert_eq!(code(&staging.commit().unwrap_err()), "output::file_and_folder");
    fs::remove_dir_all(site.out()).unwrap();
    for path in ["", "/a", "a//b", "a/", "../a", "a/..", "./a", "a\\b", "a\0b"] {
        let staging = site.open();
        assert_eq!(code(&staging.put(&want(path, Rank::Page), b"").unwrap_err()), "output::path", "{path:?}");
        assert_eq!(
            code(&staging.put_copy(&want(path, Rank::Page), Path::new("x")).unwrap_err()),
            "output::path"
        );
        assert_eq!(staging.keep(vec![want(path, Rank::Page)].into_par_iter()).unwrap(), [false]);
    }
    assert!(!site.out().exists());
}

#[test]
fn a_dropped_session_changes_nothing() {
    let site = Site::new();
    drop(site.stage(PLAN));
    assert!(!site.out().exists() && !site.manifest().exists());
    site.build(PLAN).unwrap();
    let before = (site.files(), fs::read(site.manifest()).unwrap());
    drop(site.stage(&[("index.html", "changed"), ("new/x.html", "new")]));
    assert_eq!((site.files(), fs::read(site.manifest()).unwrap()), before);
    assert_eq!(site.leftovers(), [""; 0]);
}

#[test]
fn files_are_copied_only_where_they_differ() {
    let site = Site::new();
    let source = site.root.path().join("photo.jpg");
    let photo: Vec<u8> = (0..200_000u32).map(|n| n as u8).collect();
    fs::write(&source, &photo).unwrap();
    age(&source, 1);
    let copy = || {
        let staging = site.open();
        let outcome = staging.put_copy(&want("img/photo.jpg", Rank::Asset), &source).unwrap();
        (outcome, staging.commit().unwrap().bytes_written)
    };
    assert_eq!(copy(), (Outcome::Staged, 200_000));
    assert_eq!(copy(), (Outcome::Unchanged, 0));
    assert_eq!(fs::read(site.at("img/photo.jpg")).unwrap(), photo);
    // Only the bytes count: `put_copy` gives the same digest as `put`.
    let staging = site.open();
    assert_eq!(staging.put(&want("img/photo.jpg", Rank::Asset), &photo).unwrap(), Outcome::Unchanged);
    drop(staging);
    let mut edited = photo;
    edited[100_000] ^= 1;
    fs::write(&source, &edited).unwrap();
    age(&source, 1);
    assert_eq!(copy(), (Outcome::Staged, 200_000));
    assert_eq!(fs::read(site.at("img/photo.jpg")).unwrap(), edited);
    let error = site.open().put_copy(&want("x", Rank::Asset), &site.root.path().join("none")).unwrap_err();
    assert!(!error.is_usage() && error.to_string().contains("none"));
}

#[cfg(unix)]
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

#[test]
fn a_damaged_manifest_never_costs_a_foreign_file() {
    let site = Site::new();
    site.build(PLAN).unwrap();
    site.write_by_hand("mine.txt", "mine");
    let whole = fs::read(site.manifest()).unwrap();
    let plan: Plan<'_> = &[("index.html", "home, newly"), ("mine2.html", "x")];
    let mut all = expected(PLAN);
    all.extend(expected(plan));
    all.insert("mine.txt".into(), b"mine".to_vec());
    for length in 0..whole.len() {
        fs::write(site.manifest(), &whole[..length]).unwrap();
        let staging = site.open();
        assert_eq!(staging.warnings().len(), 1, "{length}");
        assert!(staging.warnings()[0].to_string().contains("manifest"));
        let changes = fill(staging, plan).commit().unwrap();
        assert_eq!(changes.removed, 0);
        assert_eq!(site.files(), all);
    }
    assert_eq!(site.open().warnings(), []);
    crate::storage::save(&site.manifest(), "manifest", 99, &0).unwrap();
    assert!(site.open().warnings()[0].to_string().contains("version 99"));
    fs::remove_file(site.manifest()).unwrap();
    fs::create_dir(site.manifest()).unwrap();
    assert!(!site.open_with(false).err().unwrap().is_usage());
}

#[test]
fn a_commit_that_fails_midway_is_finished_by_the_next() {
    let site = Site::new();
    let old = [("1.html", "one"), ("2.html", "two"), ("old/3.html", "three"), ("feeds/all.xml", "old feed")];
    site.build(&old).unwrap();
    let plan: Plan<'_> =
        &[("1.html", "ONE"), ("2.html", "TWO"), ("new/a/4.html", "four"), ("5.html", "five")];
    let staging = site.stage(plan);
    staging.put(&want("0.css", Rank::Asset), b"css").unwrap();
    staging.put(&want("feeds/all.xml", Rank::Feed), b"feed").unwrap();
    // Between staging and commit somebody makes a folder at a file's path.
    fs::remove_file(site.at("2.html")).unwrap();
    site.write_by_hand("2.html/mine.txt", "mine");
    let error = staging.commit().unwrap_err();
    assert!(!error.is_usage());
    assert!(error.to_string().contains("2.html"), "{error}");
    let files = site.files();
    assert_eq!(files["0.css"], b"css");
    // New files, which nothing links to yet, are there; no feed lists pages that aren't all there.
    assert_eq!(files["new/a/4.html"], b"four");
    assert_eq!(files["feeds/all.xml"], b"old feed");
    // Each file is whole, old or new; nothing is removed before everything is written.
    assert!([&b"one"[..], b"ONE"].contains(&&files["1.html"][..]));
    assert_eq!(files["old/3.html"], b"three");
    assert_eq!(files["2.html/mine.txt"], b"mine");
    assert_eq!(site.leftovers(), [""; 0]);
    fs::remove_dir_all(site.at("2.html")).unwrap();
    site.build(plan).unwrap();
    assert_eq!(site.files(), expected(plan));
}

#[test]
fn a_killed_commit_leaves_nothing_that_is_taken_for_foreign() {
    let site = Site::new();
    site.build(&[("1.html", "one"), ("2.html", "two")]).unwrap();
    // The state of the disk when the process dies between announcing and the last rename.
    let staging = site.stage(&[("1.html", "ONE"), ("new/3.html", "three"), ("4.html", "four")]);
    let puts = staging.puts();
    let work = decide::decide(&staging, &puts).unwrap();
    staging.announce(&work).unwrap();
    drop(puts);
    drop(staging);
    site.write_by_hand("new/3.html", "three");
    site.write_by_hand("4.html", "somebody else's, written since");
    // Neither old bytes under a known path nor new bytes under a new one are stuck; the foreign file stays.
    let changes = site.build(&[("2.html", "two")]).unwrap();
    assert_eq!(changes.removed_paths, ["1.html", "new/3.html"]);
    let left = [("2.html", "two"), ("4.html", "somebody else's, written since")];
    assert_eq!(site.files(), expected(&left));
}

#[test]
fn new_paths_are_announced_before_the_first_change() {
    let site = Site::new();
    let staging = site.stage(PLAN);
    fs::create_dir(site.manifest()).unwrap();
    let error = staging.commit().unwrap_err();
    assert!(!error.is_usage() && error.to_string().contains("manifest"), "{error}");
    assert!(!site.out().exists());
}

#[test]
fn an_adoption_that_fails_midway_goes_on_without_asking_again() {
    let plan: Plan<'_> = &[("1.css", "css"), ("index.html", "ours")];
    for next in [plan, &plan[..1]] {
        let site = Site::new();
        site.write_by_hand("index.html", "theirs");
        let staging = site.open_with(true).unwrap();
        staging.put(&want("1.css", Rank::Asset), b"css").unwrap();
        staging.put(&want("index.html", Rank::Page), b"ours").unwrap();
        fs::create_dir(site.at("1.css")).unwrap();
        assert!(!staging.commit().unwrap_err().is_usage());
        assert_eq!(site.files()["index.html"], b"theirs");
        fs::remove_dir(site.at("1.css")).unwrap();
        assert_eq!(site.build(next).unwrap().removed, 0);
        // A file that was not replaced yet and is no longer wanted is still foreign.
        let index = if next.len() == 2 { "ours" } else { "theirs" };
        assert_eq!(site.files(), expected(&[plan[0], ("index.html", index)]));
    }
}

#[test]
fn assets_stand_before_the_pages_that_use_them() {
    let site = Site::new();
    let staging = site.open();
    for (path, rank) in [("s.xml", Rank::Sitemap), ("f.xml", Rank::Feed), ("i.html", Rank::Listing)] {
        staging.put(&want(path, rank), b"x").unwrap();
    }
    for (path, rank) in [("p.html", Rank::Page), ("z.css", Rank::Asset), ("a.css", Rank::Asset)] {
        staging.put(&want(path, rank), b"x").unwrap();
    }
    let puts = staging.puts();
    let work = decide::decide(&staging, &puts).unwrap();
    let order: Vec<_> = work.writes.iter().map(|write| &**write.path).collect();
    assert_eq!(order, ["a.css", "z.css", "p.html", "i.html", "f.xml", "s.xml"]);
}

#[cfg(target_os = "linux")]
#[test]
fn an_output_folder_on_another_device_works_too() {
    use std::os::unix::fs::MetadataExt;
    let site = Site::new();
    let Ok(other) = tempfile::tempdir_in("/dev/shm") else { return };
    let device = |path: &Path| fs::metadata(path).unwrap().dev();
    if device(other.path()) == device(site.root.path()) {
        return;
    }
    std::os::unix::fs::symlink(other.path(), site.out()).unwrap();
    site.build(PLAN).unwrap();
    assert_eq!(site.files(), expected(PLAN));
    assert_eq!(site.build(PLAN).unwrap().unchanged, 3);
}

/// Plans over names that are prefixes of one another, as files and as folders.
fn plans() -> impl Strategy<Value = Vec<Vec<(&'static str, &'static str)>>> {
    let paths = ["a", "a-", "a.html", "a/b", "a/b/c", "a/b-/c", "a/index.html", "ab/a", "b/a/b", "b/a"];
    let file = (prop::sample::select(paths.to_vec()), prop::sample::select(vec!["", "x", "y", "long"]));
    let plan = prop::collection::vec(file, 0..7).prop_map(|files| {
        let mut plan: Vec<(&str, &str)> = Vec::new();
        for (path, text) in files {
            let clashes = |other: &str| {
                other == path
                    || manifest::folders_of(path).any(|folder| folder == other)
                    || manifest::folders_of(other).any(|folder| folder == path)
            };
            if !plan.iter().any(|(other, _)| clashes(other)) {
                plan.push((path, text));
            }
        }
        plan
    });
    prop::collection::vec(plan, 1..5)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_folder_is_always_just_the_last_plan(plans in plans()) {
        let site = Site::new();
        for plan in &plans {
            let changes = site.build(plan).unwrap();
            prop_assert_eq!(site.files(), expected(plan));
            prop_assert_eq!(changes.written + changes.unchanged, plan.len());
        }
        let last = plans.last().unwrap();
        prop_assert_eq!(site.build(last).unwrap(), Changes { unchanged: last.len(), ..Changes::default() });
        prop_assert_eq!(site.leftovers(), [""; 0]);
    }
}
