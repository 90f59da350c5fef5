//! What is left when a run ends anywhere, and what the next run makes of it.
//!
//! Every call that changes the disk is counted (`store::disk`). A site goes from A to B once for each
//! call, which is cut there: the process ends, or the system refuses. Whatever stands then must be wholly
//! A's or wholly B's, and one more run must make all of B.

#![cfg(all(unix, debug_assertions))]
#![allow(clippy::print_stderr, reason = "what was skipped, and how much was cut, is told")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use rayon::prelude::*;
use tempfile::TempDir;

use crate::site::{Files, NOW, TOML, tree};

const FILE: &[&str] = &[];
const TREE: &[&str] = &["--atomic", "tree"];

/// Error numbers of Linux and what they mean.
const ERRORS: [(i32, &str); 3] =
    [(28, "No space left on device"), (13, "Permission denied"), (5, "Input/output error")];

fn article(title: &str, date: &str, body: &str) -> String {
    format!("+++\ntitle = \"{title}\"\ndate = {date}\n+++\n\n{body}\n")
}

fn write(root: &Path, path: &str, text: &str) {
    let at = root.join(path);
    fs::create_dir_all(at.parent().unwrap()).unwrap();
    fs::write(at, text).unwrap();
}

/// Files of others in the output folder.
const THEIRS: [(&str, &str); 3] =
    [("theirs.txt", "theirs"), ("mine/x.html", "<p>theirs"), ("news/one/note.txt", "theirs")];

fn sources_of_a(root: &Path) {
    write(root, "site.toml", TOML);
    write(root, "content/_index.md", "");
    write(root, "content/news/_index.md", "+++\ntitle = \"News\"\n+++\n");
    write(root, "content/news/one.md", &article("One", "2020-01-01", "See [two](two.md)."));
    write(root, "content/news/two.md", &article("Two", "2020-01-02", "As it was."));
    write(root, "content/news/three.md", &article("Three", "2020-02-03", "It goes."));
    write(root, "content/news/four.md", &article("Four", "2020-02-04", "It gets another name."));
    write(root, "content/about.md", "+++\ntitle = \"About\"\n+++\n\n[One](news/one.md).\n");
    write(root, "static/tide.css", "a");
}

fn change_to_b(root: &Path) {
    write(
        root,
        "content/news/two.md",
        &article("Two", "2020-01-02", "As it is, with a [new](six/new.md) one."),
    );
    fs::remove_file(root.join("content/news/three.md")).unwrap();
    fs::rename(root.join("content/news/four.md"), root.join("content/news/five.md")).unwrap();
    write(root, "content/news/six/new.md", &article("New", "2021-05-06", "It came."));
    write(root, "content/about.md", "+++\ntitle = \"About\"\n+++\n\n[New](news/six/new.md).\n");
    write(root, "static/tide.css", "b");
    write(root, "static/deep/er/new.css", "new");
}

/// Builds, as a process without the tester's own environment.
fn run(root: &Path, mode: &[&str], fault: Option<&str>) -> Output {
    let mut command = Command::new(assert_cmd::cargo::cargo_bin("dateline"));
    command.current_dir(root).args(["build", "--now", NOW]).args(mode);
    // With one thread, calls come in the same order in every run.
    command.env("RAYON_NUM_THREADS", "1").env("NO_COLOR", "1").env_remove("SOURCE_DATE_EPOCH");
    command.envs(fault.map(|fault| ("DATELINE_FAULT", fault)));
    command.output().unwrap()
}

fn said(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

fn succeed(root: &Path, mode: &[&str]) -> String {
    let output = run(root, mode, None);
    assert!(output.status.success(), "{}", said(&output));
    said(&output)
}

pub fn system(command: &mut Command) -> bool {
    command.output().is_ok_and(|output| output.status.success())
}

fn folders(root: &Path) -> BTreeSet<PathBuf> {
    let entries = walkdir::WalkDir::new(root).into_iter().flatten();
    let folders = entries.filter(|entry| entry.file_type().is_dir() || entry.depth() == 0);
    folders.map(|entry| entry.path().strip_prefix(root).unwrap().to_owned()).collect()
}

/// A folder in memory, where there is such a thing: hundreds of sites are copied.
fn temporary() -> TempDir {
    tempfile::tempdir_in("/dev/shm").or_else(|_| TempDir::new()).unwrap()
}

/// A site whose output shows A and whose sources say B.
struct Between {
    place: TempDir,
    a: Files,
    b: Files,
    b_folders: BTreeSet<PathBuf>,
}

impl Between {
    /// After a build as `mode` says; without one, nothing was built yet.
    fn new(mode: Option<&[&str]>) -> Between {
        let place = temporary();
        let (root, clean) = (place.path().join("site"), place.path().join("clean"));
        sources_of_a(&root);
        if let Some(mode) = mode {
            succeed(&root, mode);
            THEIRS.iter().for_each(|(path, text)| write(&root.join("public"), path, text));
        }
        let a = tree(&root.join("public"));
        change_to_b(&root);
        // B, made by itself.
        sources_of_a(&clean);
        change_to_b(&clean);
        succeed(&clean, FILE);
        if mode.is_some() {
            THEIRS.iter().for_each(|(path, text)| write(&clean.join("public"), path, text));
        }
        let b = tree(&clean.join("public"));
        let b_folders = folders(&clean.join("public"));
        Between { place, a, b, b_folders }
    }

    /// A copy of the site in which everything may happen.
    fn copy(&self) -> (TempDir, PathBuf) {
        let to = temporary();
        let root = to.path().join("site");
        assert!(system(Command::new("cp").arg("-a").arg(self.place.path().join("site")).arg(&root)));
        (to, root)
    }

    fn calls(&self, mode: &[&str]) -> usize {
        let (_place, root) = self.copy();
        let said = said(&run(&root, mode, Some("count")));
        said.trim().rsplit_once("calls: ").unwrap().1.parse().unwrap()
    }

    /// Checks what stands after a run that was cut.
    fn check_cut(&self, root: &Path, whole_tree: bool, what: &str) {
        let files = tree(&root.join("public"));
        if whole_tree {
            let which = (files == self.a, files == self.b);
            assert!(which.0 || which.1, "{what}: neither A nor B: {:?}", files.keys());
            return;
        }
        for (path, bytes) in &files {
            let whole = self.a.get(path) == Some(bytes) || self.b.get(path) == Some(bytes);
            assert!(whole, "{what}: {path} is neither A's nor B's");
        }
        for path in self.a.keys().filter(|path| self.b.contains_key(*path)) {
            assert!(files.contains_key(path), "{what}: {path} is missing");
        }
        self.check_links(&files, what);
    }

    /// No page that was there before links to what isn't there yet, and none to what both sites have.
    fn check_links(&self, files: &Files, what: &str) {
        for (path, bytes) in files.iter().filter(|(path, _)| path.ends_with(".html")) {
            let is_bs = self.b.get(path) == Some(bytes) && self.a.contains_key(path);
            for target in targets(&String::from_utf8_lossy(bytes)) {
                let in_both = self.a.contains_key(&target) && self.b.contains_key(&target);
                if in_both || is_bs && self.b.contains_key(&target) {
                    assert!(files.contains_key(&target), "{what}: {path} links to {target}");
                }
            }
        }
    }

    /// Builds once more, and checks that all of B and nothing else is there.
    fn check_repair(&self, root: &Path, mode: &[&str], what: &str) {
        let output = run(root, mode, None);
        assert!(output.status.success(), "{what}: {}", said(&output));
        self.check_b(root, &format!("{what}, then repaired"));
    }

    fn check_b(&self, root: &Path, what: &str) {
        let files = tree(&root.join("public"));
        for (path, bytes) in &self.b {
            assert!(files.get(path) == Some(bytes), "{what}: {path} is not B's");
        }
        assert_eq!(files.keys().collect::<Vec<_>>(), self.b.keys().collect::<Vec<_>>(), "{what}");
        assert_eq!(folders(&root.join("public")), self.b_folders, "{what}");
        let left: Vec<String> = leftovers(root);
        assert!(left.is_empty(), "{what}: {left:?}");
    }
}

/// The files that a page's links lead to.
fn targets(html: &str) -> Vec<String> {
    let links = html.split("href=\"").chain(html.split("src=\"")).skip(1);
    links
        .filter_map(|rest| rest.split('"').next())
        .map(|link| link.strip_prefix("https://example.org").unwrap_or(link))
        .filter_map(|link| link.split(['#', '?']).next()?.strip_prefix('/'))
        .map(
            |path| {
                if path.is_empty() || path.ends_with('/') { format!("{path}index.html") } else { path.into() }
            },
        )
        .collect()
}

/// What is beside the output folder and belongs to nothing.
fn leftovers(root: &Path) -> Vec<String> {
    let names = |folder: &Path| -> Vec<String> {
        let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
    };
    let state = names(&root.join(".dateline")).into_iter();
    let mut left: Vec<String> =
        state.filter(|name| !["manifest", "state", "lock"].contains(&name.as_str())).collect();
    let trees = names(&root.join("public.trees"));
    let is_tree = |name: &str| name.len() == 6 && name.bytes().all(|byte| byte.is_ascii_digit());
    for name in &trees {
        let partner = match name.strip_suffix(".manifest") {
            Some(tree) => tree.to_owned(),
            None => format!("{name}.manifest"),
        };
        if !is_tree(name.trim_end_matches(".manifest")) || !trees.contains(&partner) {
            left.push(name.clone());
        }
    }
    let here = names(root).into_iter();
    let known = ["site.toml", "content", "static", "public", "public.trees", ".dateline"];
    left.extend(here.filter(|name| !known.contains(&name.as_str())));
    left
}

/// Cuts the change from A to B at every call, or at the `last` ones only, where those before are as in
/// another test.
fn cut_everywhere(from: Option<&[&str]>, mode: &[&str], last: usize) {
    let between = Between::new(from);
    let calls = between.calls(mode);
    assert!(calls > 40, "only {calls} calls were counted");
    let (whole_tree, first) = (mode == TREE, calls.saturating_sub(last) + 1);
    (first..=calls + 1).into_par_iter().for_each(|call| {
        let (_place, root) = between.copy();
        let output = run(&root, mode, Some(&format!("kill:{call}")));
        let what = format!("{from:?}, {mode:?}, killed at call {call} of {calls}");
        assert_eq!(output.status.success(), call > calls, "{what}: {}", said(&output));
        between.check_cut(&root, whole_tree, &what);
        between.check_repair(&root, mode, &what);
    });
    let refused = (first..=calls).into_par_iter().filter(|call| call % 2 == 0 || call + 70 > calls);
    refused.for_each(|call| {
        let (_place, root) = between.copy();
        // Each kind of error once, and from then on.
        let (number, meaning) = ERRORS[call % 3];
        let lasting = if call / 3 % 2 == 0 { "" } else { "+" };
        let output = run(&root, mode, Some(&format!("{number}:{call}{lasting}")));
        let said = said(&output);
        let what = format!("{from:?}, {mode:?}, error {number} at call {call}{lasting} of {calls}");
        match output.status.code() {
            Some(3) => {
                assert!(said.contains(meaning), "{what}: {said}");
                assert!(said.contains("`./.dateline") || said.contains("`./public"), "{what}: {said}");
            }
            // Some calls only tidy up.
            Some(0) => assert!(tree(&root.join("public")) == between.b, "{what}: {said}"),
            code => panic!("{what}: exit code {code:?}: {said}"),
        }
        between.check_cut(&root, whole_tree, &what);
        between.check_repair(&root, mode, &what);
    });
    eprintln!("{from:?} {mode:?}: {calls} calls, killed and refused at each from {first} on");
}

#[test]
fn file_by_file_every_cut_is_repaired() {
    cut_everywhere(Some(FILE), FILE, usize::MAX);
}

#[test]
fn a_tree_is_wholly_old_or_wholly_new_at_every_cut() {
    cut_everywhere(Some(TREE), TREE, 80);
}

#[test]
fn a_folder_becomes_a_tree_at_one_stroke() {
    cut_everywhere(Some(FILE), TREE, 70);
}

#[test]
fn the_first_build_is_repaired_too() {
    cut_everywhere(None, FILE, 30);
    cut_everywhere(None, TREE, 30);
}

#[test]
fn file_by_file_in_a_tree_every_cut_is_repaired() {
    let between = Between::new(Some(TREE));
    let calls = between.calls(FILE);
    (1..=calls).into_par_iter().filter(|call| call % 5 == 0).for_each(|call| {
        let (_place, root) = between.copy();
        let what = format!("in a tree, killed at call {call} of {calls}");
        run(&root, FILE, Some(&format!("kill:{call}")));
        between.check_cut(&root, false, &what);
        between.check_repair(&root, FILE, &what);
    });
}

/// Every file that a run opens for reading is refused once, with the error of a failing disk.
#[test]
fn a_file_that_cannot_be_read_leaves_a_tree_wholly_old_or_wholly_new() {
    let between = Between::new(Some(TREE));
    let read = |root: &Path, fault: &str| {
        let mut command = Command::new(assert_cmd::cargo::cargo_bin("dateline"));
        command.current_dir(root).args(["build", "--now", NOW]).args(TREE);
        command.env("RAYON_NUM_THREADS", "1").env("NO_COLOR", "1").env("DATELINE_READ_FAULT", fault);
        command.output().unwrap()
    };
    let (_place, root) = between.copy();
    let counted = said(&read(&root, "count"));
    let calls: usize = counted.trim().rsplit_once("calls: ").unwrap().1.parse().unwrap();
    assert!(calls > 5, "only {calls} calls were counted");
    (1..=calls).into_par_iter().for_each(|call| {
        let (_place, root) = between.copy();
        let output = read(&root, &format!("5:{call}"));
        let what = format!("error 5 at reading {call} of {calls}: {}", said(&output));
        between.check_cut(&root, true, &what);
        assert!(matches!(output.status.code(), Some(0..=3)), "{what}");
        between.check_repair(&root, TREE, &what);
    });
}

/// A publication sets a source aside that can't be read. Its feeds are then neither the old nor the new ones, but each
/// is whole, and the next publication makes them what they would have been.
#[test]
fn a_publication_that_cannot_read_a_file_leaves_whole_feeds_and_the_next_one_mends_them() {
    let between = Between::new(Some(TREE));
    let publish = |root: &Path, fault: &str| {
        let mut command = Command::new(assert_cmd::cargo::cargo_bin("dateline"));
        command.current_dir(root).args(["publish", "--now", NOW]).args(TREE);
        command.env("RAYON_NUM_THREADS", "1").env("NO_COLOR", "1").env("DATELINE_READ_FAULT", fault);
        command.output().unwrap()
    };
    let (_place, root) = between.copy();
    let counted = said(&publish(&root, "count"));
    let calls: usize = counted.trim().rsplit_once("calls: ").unwrap().1.parse().unwrap();
    let expected = tree(&root.join("public"));
    (1..=calls).into_par_iter().for_each(|call| {
        let (_place, root) = between.copy();
        let what =
            format!("error 5 at reading {call} of {calls}: {}", said(&publish(&root, &format!("5:{call}"))));
        for (path, bytes) in &tree(&root.join("public")) {
            let end = match path.rsplit_once('/').map_or(path.as_str(), |(_, name)| name) {
                "atom.xml" => "</feed>",
                "rss.xml" => "</rss>",
                "index.html" => "</html>",
                _ => "",
            };
            assert!(String::from_utf8_lossy(bytes).trim_end().ends_with(end), "{path}: {what}");
        }
        let output = publish(&root, "none");
        assert!(output.status.success(), "{what}, then: {}", said(&output));
        assert!(
            entries(&tree(&root.join("public"))) == entries(&expected),
            "{what}, then: {}",
            said(&output)
        );
    });
}

/// Pages, and feeds from their first entry on. What came later is newer for a feed and for the sitemap.
fn entries(files: &Files) -> BTreeMap<&str, &[u8]> {
    let mut entries = BTreeMap::new();
    for (path, bytes) in files.iter().filter(|(path, _)| *path != "sitemap.xml") {
        let start =
            ["<entry>", "<item>"].iter().find_map(|mark| memchr::memmem::find(bytes, mark.as_bytes()));
        entries.insert(path.as_str(), &bytes[start.unwrap_or_default()..]);
    }
    entries
}

#[test]
fn a_rollback_is_whole_at_every_cut() {
    let between = Between::new(Some(TREE));
    let (_place, root) = between.copy();
    succeed(&root, TREE);
    let rollback = |fault: Option<&str>| {
        let mut command = Command::new(assert_cmd::cargo::cargo_bin("dateline"));
        command.current_dir(&root).arg("rollback").envs(fault.map(|fault| ("DATELINE_FAULT", fault)));
        command.output().unwrap()
    };
    let shown = || tree(&root.join("public"));
    for call in 1.. {
        assert!(call < 40, "it never succeeds");
        let output = rollback(Some(&format!("kill:{call}")));
        if output.status.success() {
            assert!(call > 4, "lock, link and rename were counted");
            break;
        }
        assert!(shown() == between.b, "killed at call {call}");
    }
    let mut a = between.a.clone();
    assert!(shown() == a);
    // The next build says again what the sources say; what others put there is there still.
    between.check_repair(&root, TREE, "after a rollback");
    assert!(!rollback(Some("13:1+")).status.success());
    assert!(shown() == between.b);
    let output = rollback(None);
    let text = said(&output);
    assert!(text.contains("tree 000002 is shown again, instead of 000003; the next build"), "{text}");
    a.clone_from(&between.b);
    assert!(shown() == a);
    let list = Command::new(assert_cmd::cargo::cargo_bin("dateline"))
        .current_dir(&root)
        .args(["rollback", "--list"])
        .output()
        .unwrap();
    let lines: Vec<String> = said(&list).lines().map(str::to_owned).collect();
    assert_eq!(lines.len(), 3);
    assert!(lines[1].starts_with("000002  20") && lines[1].ends_with(" files  shown"), "{lines:?}");
}

#[test]
fn rollback_without_trees_says_how_to_have_them() {
    let place = TempDir::new().unwrap();
    let rollback = |arguments: &[&str]| {
        let mut command = Command::new(assert_cmd::cargo::cargo_bin("dateline"));
        command.current_dir(place.path()).arg("rollback").args(arguments).output().unwrap()
    };
    let output = rollback(&[]);
    assert_eq!(output.status.code(), Some(2));
    assert!(said(&output).contains("no earlier tree"), "{}", said(&output));
    assert!(said(&rollback(&["--list"])).contains("has no trees"));
    assert_eq!(fs::read_dir(place.path()).unwrap().count(), 0);
}

/// What is remembered may be cut short anywhere.
#[test]
fn memory_cut_anywhere_costs_no_file() {
    let between = Between::new(Some(FILE));
    for name in ["manifest", "state"] {
        let whole = fs::read(between.place.path().join("site/.dateline").join(name)).unwrap();
        let stride = (whole.len() / 24).max(1);
        // The first line, byte by byte at its beginning, then in strides; and the end.
        let lengths: BTreeSet<usize> =
            (0..4).chain((0..whole.len()).step_by(stride)).chain([whole.len() - 1]).collect();
        lengths.into_par_iter().for_each(|length| {
            let (_place, root) = between.copy();
            fs::write(root.join(".dateline").join(name), &whole[..length]).unwrap();
            let what = format!("{name} cut at {length} of {}", whole.len());
            if name != "manifest" {
                between.check_repair(&root, FILE, &what);
                return;
            }
            let said = succeed(&root, FILE);
            let files = tree(&root.join("public"));
            assert!(between.b.iter().all(|(path, bytes)| files.get(path) == Some(bytes)), "{what}");
            if files != between.b {
                // Nobody knows any more that they were ours.
                assert!(said.contains("manifest_lost"), "{what}: {said}");
                assert!(
                    files.keys().all(|path| between.a.contains_key(path) || between.b.contains_key(path))
                );
            }
            assert_eq!(leftovers(&root), [""; 0]);
        });
    }
}

pub fn skip(why: &str) {
    eprintln!("SKIPPED: {why}");
}

/// Something mounted, until it is dropped.
pub struct Mount(PathBuf);

impl Mount {
    pub fn new(arguments: &[&str], at: &Path) -> Option<Mount> {
        fs::create_dir_all(at).unwrap();
        system(Command::new("mount").args(arguments).arg(at)).then(|| Mount(at.to_owned()))
    }
}

impl Drop for Mount {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(&self.0).output();
    }
}

#[test]
fn a_full_disk_costs_no_file() {
    for mode in [FILE, TREE] {
        let between = Between::new(Some(mode));
        let mut failed = 0;
        for free in [0, 4, 8, 16, 32, 64, 96, 128, 192] {
            let place = TempDir::new().unwrap();
            let disk = place.path().join("disk");
            let Some(mount) = Mount::new(&["-t", "tmpfs", "-o", "size=2m", "none"], &disk) else {
                return skip("a small file system can't be mounted here");
            };
            let root = disk.join("site");
            assert!(system(Command::new("cp").arg("-a").arg(between.place.path().join("site")).arg(&root)));
            // Fills all but `free` KiB.
            let filler = disk.join("filler");
            system(
                Command::new("dd").args(["if=/dev/zero", "bs=4096"]).arg(format!("of={}", filler.display())),
            );
            let length = fs::metadata(&filler).unwrap().len();
            fs::File::options().write(true).open(&filler).unwrap().set_len(length - free * 1024).unwrap();
            let output = run(&root, mode, None);
            let what = format!("{mode:?}, {free} KiB free");
            assert!([Some(0), Some(3)].contains(&output.status.code()), "{what}: {}", said(&output));
            if output.status.code() == Some(3) {
                failed += 1;
                let named = said(&output).contains("`./.dateline") || said(&output).contains("`./public");
                assert!(named && said(&output).contains("No space left"), "{what}: {}", said(&output));
            }
            between.check_cut(&root, mode == TREE, &what);
            fs::remove_file(&filler).unwrap();
            between.check_repair(&root, mode, &what);
            drop(mount);
        }
        assert!(failed >= 3, "only {failed} builds of {mode:?} met a full disk");
    }
}

#[test]
fn a_read_only_output_folder_stays_as_it_is() {
    let between = Between::new(Some(FILE));
    let (_place, root) = between.copy();
    let public = root.join("public");
    let Some(mount) = Mount::new(&["--bind", public.to_str().unwrap()], &public) else {
        return skip("nothing can be mounted here");
    };
    if !system(Command::new("mount").args(["-o", "remount,ro,bind"]).arg(&public)) {
        return skip("nothing can be mounted read-only here");
    }
    let output = run(&root, FILE, None);
    assert_eq!(output.status.code(), Some(3), "{}", said(&output));
    assert!(said(&output).contains("`./public/") && said(&output).contains("Read-only file system"));
    assert!(tree(&public) == between.a);
    drop(mount);
    between.check_repair(&root, FILE, "after it was read-only");
}

/// A user to whom permissions mean something.
pub const NOBODY: u32 = 65534;

#[test]
fn a_forbidden_folder_is_named_and_costs_no_file() {
    let between = Between::new(Some(FILE));
    let program = assert_cmd::cargo::cargo_bin("dateline");
    for forbidden in ["public", "public/news", "public/news/two", ".dateline", ".dateline/manifest"] {
        let (place, root) = between.copy();
        let is_root = system(Command::new("chown").args(["-R", &NOBODY.to_string()]).arg(place.path()));
        let chmod = |mode: &str| system(Command::new("chmod").arg(mode).arg(root.join(forbidden)));
        let build = || {
            let mut command = Command::new(&program);
            command.current_dir(&root).args(["build", "--now", NOW]).env_remove("SOURCE_DATE_EPOCH");
            if is_root {
                command.uid(NOBODY);
            }
            command.output()
        };
        assert!(chmod("a-w"));
        let Ok(output) = build() else { return skip("another user may not run the program here") };
        assert_eq!(output.status.code(), Some(3), "{forbidden}: {}", said(&output));
        assert!(said(&output).contains("Permission denied"), "{forbidden}: {}", said(&output));
        assert!(said(&output).contains(&format!("`./{forbidden}")), "{forbidden}: {}", said(&output));
        between.check_cut(&root, false, forbidden);
        assert!(chmod("u+w"));
        let output = build().unwrap();
        assert!(output.status.success(), "{forbidden}: {}", said(&output));
        between.check_b(&root, forbidden);
    }
}

/// All that changes a disk goes through `store::disk`, or else it can't be cut here.
#[test]
fn nothing_changes_a_disk_by_another_way() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut wrong = Vec::new();
    for (path, bytes) in tree(&src) {
        let layer =
            ["output/", "store/"].iter().any(|layer| path.starts_with(layer)) || path == "build/last.rs";
        if !layer || path == "store/disk.rs" || path.contains("tests") {
            continue;
        }
        let text = String::from_utf8(bytes).unwrap();
        let code = text.split("#[cfg(test)]").next().unwrap_or_default();
        for call in ["write(", "rename(", "remove_", "create_dir", "hard_link(", "copy(", "set_permissions("]
        {
            if code.contains(&format!("fs::{call}"))
                || code.contains("fs::File::create")
                || code.contains(" File::create")
            {
                wrong.push(format!("{path} has fs::{call}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}
