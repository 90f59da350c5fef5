//! Commits that end midway, and what the next run makes of them.

use super::*;

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
