//! Whole trees, switched by a link.

#![cfg(unix)]

use std::os::unix::fs::{MetadataExt, symlink};

use super::*;

impl Site {
    fn with_trees(keep: usize) -> Site {
        Site { atomic: Atomic::Tree { keep }, ..Site::new() }
    }

    fn folder(&self) -> PathBuf {
        self.root.path().join("public.trees")
    }

    fn shown(&self) -> String {
        let target = fs::read_link(self.out()).unwrap();
        assert_eq!(target.parent(), Some(Path::new("public.trees")), "it can be moved with the site");
        target.file_name().unwrap().to_str().unwrap().to_owned()
    }

    /// The entries of the folder of trees, without the manifests of existing trees.
    fn kept(&self) -> Vec<String> {
        let entries = fs::read_dir(self.folder()).unwrap();
        let mut names: Vec<String> = entries.map(|e| e.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        let all = names.clone();
        let of_a_tree = |name: &str| all.iter().any(|tree| name == format!("{tree}.manifest"));
        names.retain(|name| !of_a_tree(name));
        names
    }

    fn tree(&self, name: &str) -> Files {
        let mut files = Files::new();
        collect(&self.folder().join(name), "", &mut files);
        files
    }
}

#[test]
fn each_change_is_a_new_tree_and_nothing_else_is() {
    let site = Site::with_trees(3);
    assert_eq!(site.build(PLAN).unwrap().written, 3);
    assert_eq!((site.shown(), site.files()), ("000001".to_owned(), expected(PLAN)));
    let second: Plan<'_> = &[PLAN[0], PLAN[1], ("feed.xml", "FEED"), ("new/x.html", "x")];
    let changes = site.build(second).unwrap();
    assert_eq!((changes.written, changes.unchanged, changes.removed), (2, 2, 0));
    assert_eq!((site.shown(), site.files()), ("000002".to_owned(), expected(second)));
    assert_eq!(site.tree("000001"), expected(PLAN));
    // An unchanged file is the same file in the new tree, with its time.
    let file = |tree: &str| fs::metadata(site.folder().join(tree).join("index.html")).unwrap();
    assert_eq!(file("000001").ino(), file("000002").ino());
    let again = site.build(second).unwrap();
    assert_eq!(again, Changes { unchanged: 4, ..Changes::default() });
    assert!(site.open().stands_whole().unwrap());
    assert_eq!(site.shown(), "000002");
    assert_eq!(
        site.build(&PLAN[..1]).unwrap().removed_paths,
        ["feed.xml", "new/x.html", "news/one/index.html"]
    );
    assert_eq!(site.files(), expected(&PLAN[..1]), "no empty folder stays");
    site.build(&PLAN[..2]).unwrap();
    assert_eq!(site.kept(), ["000002", "000003", "000004"]);
    assert_eq!(site.leftovers(), [""; 0]);
}

#[test]
fn files_of_others_are_carried_over() {
    let site = Site::with_trees(2);
    site.build(PLAN).unwrap();
    site.write_by_hand("theirs/a.txt", "theirs");
    site.write_by_hand("news/b.txt", "theirs");
    fs::create_dir(site.at("empty")).unwrap();
    symlink("../elsewhere", site.at("link")).unwrap();
    age(&site.at("theirs/a.txt"), 7);
    site.build(&PLAN[..1]).unwrap();
    assert_eq!(site.shown(), "000002");
    let mut all = expected(&[PLAN[0], ("theirs/a.txt", "theirs"), ("news/b.txt", "theirs"), ("link", "")]);
    all.insert("empty/".into(), Vec::new());
    assert_eq!(site.files(), all);
    assert_eq!(fs::read_link(site.at("link")).unwrap(), Path::new("../elsewhere"));
    assert_eq!(fs::metadata(site.at("theirs/a.txt")).unwrap().mtime(), 7);
    // Foreign files are still in the way.
    assert_eq!(code(&site.build(&[("theirs/a.txt", "ours")]).unwrap_err()), "output::foreign");
    assert_eq!(code(&site.build(&[("theirs", "ours")]).unwrap_err()), "output::in_the_way");
    assert_eq!(site.files(), all);
    assert_eq!(site.kept(), ["000001", "000002"]);
}

#[test]
fn a_real_folder_becomes_the_first_tree() {
    for changed in [true, false] {
        let mut site = Site::new();
        site.build(PLAN).unwrap();
        site.write_by_hand("theirs.txt", "theirs");
        let before = site.files();
        site.atomic = Atomic::Tree { keep: 3 };
        assert!(!site.open().stands_whole().unwrap(), "there is something to do");
        let plan: Plan<'_> = if changed { &PLAN[..2] } else { PLAN };
        let changes = site.build(plan).unwrap();
        assert_eq!((changes.written, changes.removed), (0, usize::from(changed)));
        assert_eq!((site.shown(), site.kept()), ("000002".into(), vec!["000001".into(), "000002".into()]));
        let mut all = expected(plan);
        all.insert("theirs.txt".into(), b"theirs".to_vec());
        assert_eq!(site.files(), all);
        assert_eq!(site.tree("000001"), before);
        assert!(!site.manifest().exists(), "it is with its tree");
        assert_eq!(rollback(&site.out(), None).unwrap().to, "000001");
        assert_eq!(site.files(), before);
        assert_eq!(site.build(plan).unwrap().removed, usize::from(changed));
        assert_eq!(site.files(), all);
    }
}

#[test]
fn a_rollback_brings_its_manifest_along() {
    let site = Site::with_trees(9);
    let plans: [Plan<'_>; 3] = [PLAN, &[("index.html", "new"), ("b", "b")], &[("b", "B"), ("c", "c")]];
    plans.iter().for_each(|plan| assert!(site.build(plan).unwrap().written > 0));
    let roll = |to: Option<&str>| rollback(&site.out(), to).map(|rolled| rolled.to);
    assert_eq!(roll(None).unwrap(), "000002");
    assert_eq!(site.files(), expected(plans[1]));
    assert_eq!(roll(None).unwrap(), "000001");
    assert_eq!(code(&roll(None).unwrap_err()), "output::no_tree");
    let error = roll(Some("000009")).unwrap_err();
    assert!(error.is_usage());
    assert!(
        error.to_string().contains("no tree `000009`; it has `000001`, `000002` and `000003`"),
        "{error}"
    );
    for other in ["", "..", ".new", "x"] {
        assert_eq!(code(&roll(Some(other)).unwrap_err()), "output::no_such_tree");
    }
    assert_eq!(roll(Some("000003")).unwrap(), "000003");
    assert_eq!(roll(Some("1")).unwrap(), "000001");
    // Only the files of the first tree are ours, and are removed when they aren't wanted.
    let changes = site.build(plans[2]).unwrap();
    assert_eq!(changes.removed_paths, ["feed.xml", "index.html", "news/one/index.html"]);
    assert_eq!((site.shown(), site.files()), ("000004".to_owned(), expected(plans[2])));
    let listed = trees(&site.out()).unwrap();
    let listed: Vec<_> = listed.iter().map(|tree| (tree.name.as_str(), tree.files, tree.is_shown)).collect();
    assert_eq!(
        listed,
        [("000001", 3, false), ("000002", 2, false), ("000003", 2, false), ("000004", 2, true)]
    );
    // The shown tree is kept, however old.
    roll(Some("000001")).unwrap();
    let fewer = Site { atomic: Atomic::Tree { keep: 1 }, root: site.root };
    fewer.build(plans[1]).unwrap();
    assert_eq!(fewer.kept(), ["000005"]);
}

#[test]
fn file_by_file_into_a_tree_leaves_the_others_as_they_are() {
    let mut site = Site::with_trees(3);
    site.build(PLAN).unwrap();
    let second: Plan<'_> = &[PLAN[0], ("feed.xml", "second")];
    site.build(second).unwrap();
    site.atomic = Atomic::File;
    let third: Plan<'_> = &[("index.html", "third"), ("z", "z")];
    site.build(third).unwrap();
    assert_eq!((site.shown(), site.files()), ("000002".to_owned(), expected(third)));
    assert_eq!(site.tree("000001"), expected(PLAN));
    assert!(!site.manifest().exists());
    assert_eq!(site.build(third).unwrap().unchanged, 2);
    assert_eq!(rollback(&site.out(), None).unwrap().to, "000001");
    assert_eq!(site.build(PLAN).unwrap(), Changes { unchanged: 3, ..Changes::default() });
}

#[test]
fn a_link_of_somebody_elses_is_refused() {
    let site = Site::with_trees(3);
    let real = site.root.path().join("real");
    fs::create_dir(&real).unwrap();
    symlink("real", site.out()).unwrap();
    let error = site.open_with(true).err().unwrap();
    assert_eq!((code(&error), error.is_usage()), ("output::linked_elsewhere".to_owned(), true));
    assert_eq!(code(&rollback(&site.out(), None).unwrap_err()), "output::no_tree");
    assert!(!site.folder().exists());
}

#[test]
fn a_lost_tree_or_link_is_made_again() {
    let site = Site::with_trees(3);
    site.build(PLAN).unwrap();
    fs::remove_dir_all(site.folder().join("000001")).unwrap();
    site.build(PLAN).unwrap();
    assert_eq!(site.files(), expected(PLAN));
    fs::remove_file(site.out()).unwrap();
    site.build(PLAN).unwrap();
    assert_eq!((site.shown(), site.files()), ("000003".to_owned(), expected(PLAN)));
}

/// Each of these states is what a process that died leaves.
#[test]
fn leavings_of_dead_runs_are_cleared_away() {
    let site = Site::with_trees(3);
    site.build(PLAN).unwrap();
    site.build(&PLAN[..2]).unwrap();
    let at = |name: &str| site.folder().join(name);
    for folder in [".new", "000000.gone", "000003", "000007", "theirs"] {
        fs::create_dir_all(at(folder).join("inner")).unwrap();
    }
    for file in [".new.manifest", "000003.manifest", "000009.manifest", ".dateline-1-1.tmp", "theirs.txt"] {
        fs::write(at(file), "x").unwrap();
    }
    // A tree that was never shown, a rollback, and a folder that did not become a tree.
    symlink("public.trees/000003", at(".next")).unwrap();
    symlink("public.trees/000001", at(".back")).unwrap();
    symlink("public.trees/000007", at("000006")).unwrap();
    fs::write(site.out().join(".dateline-1-2.tmp"), "half").unwrap();
    fs::write(site.state().join(".dateline-1-3.tmp"), "half").unwrap();
    drop(site.open());
    assert_eq!(site.kept(), ["000001", "000002", "theirs", "theirs.txt"]);
    assert_eq!((site.shown(), site.files()), ("000002".to_owned(), expected(&PLAN[..2])));
    assert_eq!(site.leftovers(), [""; 0]);
}

/// Where the system can't exchange a folder for a link, there is one moment without an output folder.
#[test]
fn a_conversion_that_was_cut_in_two_is_finished() {
    let mut site = Site::new();
    site.build(PLAN).unwrap();
    site.atomic = Atomic::Tree { keep: 3 };
    site.build(&PLAN[..2]).unwrap();
    fs::rename(site.out(), site.folder().join(".next")).unwrap();
    assert!(!site.out().exists());
    drop(site.open());
    assert_eq!((site.shown(), site.files()), ("000002".to_owned(), expected(&PLAN[..2])));
    assert_eq!(site.kept(), ["000001", "000002"]);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_tree_is_always_just_the_last_plan(plans in plans()) {
        let site = Site::with_trees(2);
        for plan in &plans {
            site.build(plan).unwrap();
            prop_assert_eq!(site.files(), expected(plan));
        }
        let last = plans.last().unwrap();
        prop_assert_eq!(site.build(last).unwrap(), Changes { unchanged: last.len(), ..Changes::default() });
        prop_assert!(site.kept().len() <= 2);
        prop_assert_eq!(site.leftovers(), [""; 0]);
    }
}
