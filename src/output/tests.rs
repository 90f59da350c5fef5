mod foreign;
mod midway;
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
