//! Compares histories with `git log`, in repositories made by `git`.

#![allow(
    clippy::unwrap_used,
    clippy::explicit_write,
    reason = "a test that can go no further should say so, and src prints nothing"
)]

use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::process::Command;

use chrono::{DateTime, FixedOffset};
use tempfile::TempDir;

use super::*;

mod repo;

use repo::*;

#[test]
fn first_and_last_commit_are_those_of_git() {
    let Some(mut repo) = Repo::new("") else { return };
    repo.add("content/a.md", &text("a"));
    repo.add("content/news/b.md", &text("b"));
    repo.add("README", "not a source");
    repo.add("content/a.md", &text("a, changed"));
    repo.add("content/a.png", "not one either");
    repo.write("content/new.md", "not committed");
    repo.write("content/news/b.md", "changed, but not committed");
    assert_eq!(repo.days("content/a.md"), (Some(1), Some(4)));
    assert_eq!(repo.days("content/news/b.md"), (Some(2), Some(2)));
    let history = repo.load();
    assert!(history.of("content/new.md").is_none() && history.of("content/a.png").is_none());
    let last = history.of("content/a.md").unwrap().last.as_ref().unwrap();
    assert_eq!(last.moment.rfc3339(), "2014-05-17T13:23:20-03:30");
    assert_eq!(last.moment.precision(), crate::model::date::Precision::Second);
    let id = repo.git(&["log", "-1", "--format=%H", "--", "content/a.md"]);
    assert!(id.starts_with(&last.id) && last.id.len() == 12);
    fs::remove_file(repo.root().join("content/new.md")).unwrap();
    repo.git(&["rm", "--quiet", "--cached", "content/a.png"]);
    repo.commit();
    fs::remove_file(repo.root().join("content/a.png")).unwrap();
    repo.git(&["rm", "--quiet", "--cached", "content/a.png"]);
    repo.commit();
    repo.check();
}

#[test]
fn a_file_that_moves_keeps_its_first_commit() {
    let Some(mut repo) = Repo::new("") else { return };
    repo.add("drafts/a.txt", &text("a"));
    repo.add("content/b.md", &text("b"));
    repo.rename("drafts/a.txt", "content/a.md");
    repo.rename("content/a.md", "content/news/deep/a.md");
    // A file is moved and changed in one commit.
    repo.write("content/b.md", &text("b").replace("line 3", "another line"));
    repo.rename("content/b.md", "content/news/c.md");
    assert_eq!(repo.days("content/news/deep/a.md"), (Some(1), Some(4)));
    assert_eq!(repo.days("content/news/c.md"), (Some(2), Some(5)));
    repo.check();
    // Two files with equal bytes keep their names; a copy is a file of its own.
    repo.add("content/x/one.md", &text("same"));
    repo.add("content/x/two.md", &text("same"));
    repo.git(&["mv", "content/x", "content/y"]);
    repo.add("content/y/three.md", &text("same"));
    assert_eq!(repo.days("content/y/one.md"), (Some(6), Some(8)));
    assert_eq!(repo.days("content/y/two.md"), (Some(7), Some(8)));
    assert_eq!(repo.days("content/y/three.md"), (Some(8), Some(8)));
}

#[test]
fn a_file_that_comes_by_a_merge_is_from_when_it_was_made() {
    let Some(mut repo) = Repo::new("") else { return };
    repo.add("content/a.md", &text("a"));
    repo.add("content/c.md", &text("c"));
    repo.git(&["checkout", "--quiet", "-b", "topic"]);
    repo.add("content/b.md", &text("b"));
    repo.add("content/a.md", &text("a, changed on a branch"));
    repo.git(&["checkout", "--quiet", "main"]);
    repo.add("content/c.md", &text("c, changed"));
    repo.load();
    repo.merge("topic");
    assert_eq!(repo.days("content/b.md"), (Some(3), Some(3)));
    assert_eq!(repo.days("content/a.md"), (Some(1), Some(4)));
    assert_eq!(repo.days("content/c.md"), (Some(2), Some(5)));
    repo.check();
    // Both sides changed the file, so the merge made its present content.
    let lines = text("a, changed on a branch");
    repo.git(&["checkout", "--quiet", "-b", "both"]);
    repo.add("content/a.md", &lines.replace("line 1\n", "first\n"));
    repo.git(&["checkout", "--quiet", "main"]);
    repo.add("content/a.md", &lines.replace("line 11\n", "last\n"));
    repo.merge("both");
    assert_eq!(repo.days("content/a.md"), (Some(1), Some(9)));
    repo.check();
}

#[test]
fn what_was_deleted_and_put_back_is_as_old_as_ever() {
    let Some(mut repo) = Repo::new("") else { return };
    repo.add("content/a.md", &text("a"));
    repo.add("content/b.md", &text("b"));
    repo.git(&["rm", "--quiet", "content/a.md"]);
    repo.commit();
    repo.load();
    repo.day += 1;
    repo.git(&["revert", "--no-edit", "HEAD"]);
    assert_eq!(repo.days("content/a.md"), (Some(1), Some(4)));
    repo.check();
    // A change that is reverted still counts as a change.
    repo.add("content/b.md", &text("b, changed"));
    repo.day += 1;
    repo.git(&["revert", "--no-edit", "HEAD"]);
    assert_eq!(repo.days("content/b.md"), (Some(2), Some(6)));
    repo.check();
    // A new file under an old name is a different file.
    repo.git(&["rm", "--quiet", "content/a.md"]);
    repo.commit();
    repo.add("content/a.md", &text("of another kind"));
    assert_eq!(repo.days("content/a.md"), (Some(8), Some(8)));
}

#[test]
fn a_site_may_be_in_a_folder_of_the_repository() {
    let Some(mut repo) = Repo::new("") else { return };
    repo.add("content/a.md", &text("outside"));
    repo.add("sites/blog/old.md", &text("b"));
    repo.rename("sites/blog/old.md", "sites/blog/content/a.md");
    repo.site = "sites/blog".to_owned();
    assert_eq!(repo.days("content/a.md"), (Some(2), Some(3)));
    assert_eq!(repo.load().known.unwrap().files.len(), 1);
    repo.check();
    // Then the folder moves as a whole.
    repo.site = String::new();
    repo.rename("sites/blog", "blog");
    repo.site = "blog".to_owned();
    assert_eq!(repo.days("content/a.md"), (Some(2), Some(4)));
    repo.check();
}

#[test]
fn a_shallow_clone_knows_only_what_it_has() {
    let Some(mut repo) = Repo::new("") else { return };
    repo.add("content/old.md", &text("old"));
    repo.add("content/changed.md", &text("changed"));
    repo.add("content/edge.md", &text("edge"));
    repo.add("content/new.md", &text("new"));
    repo.add("content/changed.md", &text("changed again"));
    let source = format!("file://{}", repo.root().display());
    let clone = repo.home.path().join("clone");
    repo.git(&["clone", "--quiet", "--depth=3", &source, clone.to_str().unwrap()]);
    let shallow = History::load(&clone, &repo.state()).unwrap();
    assert!(shallow.is_shallow() && !repo.load().is_shallow());
    let whole = repo.load();
    let both = |name: &str| (shallow.of(name).unwrap(), whole.of(name).unwrap());
    // It is unknown if the oldest commit of the clone added the file.
    for name in ["content/old.md", "content/edge.md"] {
        assert_eq!(both(name).0, &FileHistory::default(), "{name}");
    }
    assert_eq!(both("content/new.md").0, both("content/new.md").1);
    let (short, long) = both("content/changed.md");
    assert_eq!((&short.first, &short.last), (&None, &long.last));
    assert!(long.first.is_some());
    let problems = |root: &Path| {
        let mut problems = Vec::new();
        History::wanted(root, &repo.state(), Some(&Place::file("site.toml")), &mut problems);
        problems.iter().map(|problem| (problem.is_error(), problem.code())).collect::<Vec<_>>()
    };
    assert_eq!(problems(&clone), [(false, "history::shallow".to_owned())]);
    repo.git_at(&clone, &["fetch", "--quiet", "--unshallow"]);
    assert_eq!(problems(&clone), []);
    let deep = History::load(&clone, &repo.state()).unwrap();
    assert_eq!(deep.of("content/old.md"), whole.of("content/old.md"));
}

#[test]
fn links_and_submodules_have_no_dates() {
    let Some(mut repo) = Repo::new("") else { return };
    repo.add("shared/a.md", &text("a"));
    repo.add("content/b.md", &text("b"));
    let source = repo.root().display().to_string();
    repo.git(&["submodule", "--quiet", "add", &source, "content/module"]);
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink("../shared", repo.root().join("content/linked")).unwrap();
        std::os::unix::fs::symlink("b.md", repo.root().join("content/c.md")).unwrap();
    }
    repo.commit();
    let names: Vec<String> = repo.load().known.unwrap().files.into_keys().collect();
    assert_eq!(names, ["content/b.md"]);
}

#[test]
fn a_linked_working_tree_has_the_history_of_its_branch() {
    let Some(mut repo) = Repo::new("") else { return };
    repo.add("content/a.md", &text("a"));
    let other = repo.home.path().join("other");
    repo.git(&["worktree", "add", "--quiet", "-b", "other", other.to_str().unwrap()]);
    repo.add("content/a.md", &text("a, changed on main"));
    let linked = History::load(&other, &repo.home.path().join("linked")).unwrap();
    let file = linked.of("content/a.md").unwrap();
    assert_eq!(file.last.as_ref().unwrap().moment.instant().timestamp(), 1_400_000_000 + 86_400);
    assert_eq!(repo.days("content/a.md"), (Some(1), Some(2)));
}

#[test]
#[cfg(unix)]
fn any_name_of_a_file_has_its_dates() {
    let Some(mut repo) = Repo::new("a site\nof two lines") else { return };
    let names = [
        "content/ with space.md",
        "content/two\nlines.md",
        "content/\u{fc} \"quoted\"\t.md",
        "content/:(top).md",
    ];
    for name in names {
        repo.add(name, &text(name));
    }
    repo.rename(names[1], "content/-one line.md");
    assert_eq!(repo.days(names[0]), (Some(1), Some(1)));
    assert_eq!(repo.days("content/-one line.md"), (Some(2), Some(5)));
    assert_eq!(repo.days(names[2]), (Some(3), Some(3)));
    assert_eq!(repo.days(names[3]), (Some(4), Some(4)));
}

#[test]
#[cfg(unix)]
fn settings_of_a_repository_run_nothing_and_change_nothing() {
    use std::os::unix::fs::PermissionsExt as _;

    let Some(mut repo) = Repo::new("") else { return };
    repo.add("content/a.md", &text("a"));
    repo.write("content/a.md", &text("a").replace("line 3", "another line"));
    repo.rename("content/a.md", "content/b.md");
    let (program, ran) = (repo.home.path().join("program"), repo.home.path().join("ran"));
    fs::write(&program, format!("#!/bin/sh\necho ran >>'{}'\ncat\n", ran.display())).unwrap();
    fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).unwrap();
    repo.write(".gitattributes", "* diff=own filter=own\n");
    for key in [
        "core.fsmonitor",
        "core.pager",
        "core.sshCommand",
        "diff.external",
        "diff.own.command",
        "diff.own.textconv",
        "filter.own.clean",
        "filter.own.process",
        "gpg.program",
    ] {
        repo.git(&["config", key, program.to_str().unwrap()]);
    }
    for (key, value) in [
        ("diff.renames", "false"),
        ("log.showSignature", "true"),
        ("log.date", "relative"),
        ("color.ui", "always"),
    ] {
        repo.git(&["config", key, value]);
    }
    let _ = fs::remove_file(&ran);
    assert_eq!(repo.days("content/b.md"), (Some(1), Some(2)));
    assert!(!ran.exists());
}

#[test]
fn no_repository_and_no_commit_are_not_the_same() {
    let Some(repo) = Repo::new("") else { return };
    assert!(repo.load().known.unwrap().files.is_empty());
    let folder = TempDir::new().unwrap();
    let error = History::load(folder.path(), &repo.state()).unwrap_err();
    assert_eq!(error, HistoryError::NoRepository);
    fs::create_dir(folder.path().join(".git")).unwrap();
    let error = History::load(folder.path(), &repo.state()).unwrap_err();
    assert!(matches!(error, HistoryError::Unreadable { .. }), "{error}");
}

#[test]
fn what_is_remembered_is_not_walked_again() {
    let Some(mut repo) = Repo::new("") else { return };
    for day in 0..6 {
        repo.add(&format!("content/{day}.md"), &text(&day.to_string()));
    }
    assert_eq!(repo.load().walked, 6);
    assert_eq!(repo.load().walked, 0);
    // Only new commits are walked.
    repo.add("content/6.md", &text("6"));
    repo.rename("content/1.md", "content/one.md");
    assert_eq!(repo.load().walked, 2);
    repo.check();
    // The history is rewritten.
    repo.git(&["reset", "--quiet", "--hard", "HEAD~2"]);
    assert_eq!(repo.load().walked, 6);
    repo.check();
    // The saved history is damaged.
    let memory = repo.state().join(FILE);
    let mut bytes = fs::read(&memory).unwrap();
    let last = bytes.len() - 1;
    bytes[last] ^= 1;
    fs::write(&memory, bytes).unwrap();
    assert_eq!(repo.load().walked, 6);
    assert_eq!(repo.load().walked, 0);
}

#[test]
fn any_history_is_as_git_says() {
    for seed in 1..=3_u64 {
        let Some(mut repo) = Repo::new("") else { return };
        let mut state = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15);
        let mut random = |below: usize| {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            (state % below as u64) as usize
        };
        let mut files: Vec<String> = Vec::new();
        let mut branch: Option<Vec<String>> = None;
        for step in 0..40 {
            let folder = ["content", "content/news", "content/news/deep", "other"][random(4)];
            let at = random(files.len().max(1));
            match random(9) {
                4 | 5 if branch.is_none() && files.len() > 2 => {
                    let to = format!("{folder}/moved-{step}.md");
                    repo.rename(&files[at].clone(), &to);
                    files[at] = to;
                }
                6 if branch.is_none() && files.len() > 4 => {
                    let gone = files.swap_remove(at);
                    repo.git(&["rm", "--quiet", &gone]);
                    repo.commit();
                    if random(2) == 0 {
                        repo.day += 1;
                        repo.git(&["revert", "--no-edit", "HEAD"]);
                        files.push(gone);
                    }
                }
                7 if branch.is_none() && files.len() > 2 => {
                    repo.git(&["checkout", "--quiet", "-b", &format!("b{step}")]);
                    let name = format!("{folder}/branch-{step}.md");
                    repo.add(&name, &text(&format!("branch {seed} {step}")));
                    let own = files.split_off(files.len() / 2);
                    repo.add(&own[0], &text(&format!("on a branch {seed} {step}")));
                    repo.git(&["checkout", "--quiet", "main"]);
                    branch = Some([own, vec![name, format!("b{step}")]].concat());
                }
                8 if branch.is_some() => {
                    let mut back = branch.take().unwrap();
                    let name = back.pop().unwrap();
                    repo.merge(&name);
                    files.extend(back);
                }
                2 | 3 if !files.is_empty() => {
                    repo.add(&files[at].clone(), &text(&format!("changed {seed} {step}")));
                }
                _ => {
                    let name = format!("{folder}/new-{step}.md");
                    repo.add(&name, &text(&format!("new {seed} {step}")));
                    files.push(name);
                }
            }
            if step % 10 == 0 {
                repo.load();
            }
        }
        repo.check();
    }
}

/// Several thousand commits, each with a new file and a change of an older one, sometimes with a move.
#[test]
fn thousands_of_commits_are_walked_once() {
    let Some(mut repo) = Repo::new("") else { return };
    let commits = 3_000;
    let mut stream = String::new();
    let mut names: Vec<String> = Vec::new();
    for at in 0..commits {
        let seconds = 1_400_000_000 + at * 3_600;
        let message = "commit refs/heads/main\n";
        stream.push_str(&format!("{message}author A <a@example.org> {seconds} +0100\n"));
        stream.push_str(&format!("committer C <c@example.org> {} -0800\ndata 0\n", seconds + 60));
        let mut put = |name: &str, bytes: String| {
            stream.push_str(&format!("M 100644 inline {name}\ndata {}\n{bytes}\n", bytes.len()));
        };
        let name = format!("content/{:02}/{at:05}.md", at % 40);
        put(&name, text(&at.to_string()));
        if at > 10 {
            put(&names[at * 7 / 11], text(&format!("{at}, again")));
        }
        names.push(name);
        if at % 50 == 49 {
            let to = format!("content/moved/{at:05}.md");
            stream.push_str(&format!("R {} {to}\n", names[at / 2]));
            names[at / 2] = to;
        }
        stream.push('\n');
    }
    let file = repo.home.path().join("stream");
    fs::write(&file, stream).unwrap();
    let script =
        format!("git fast-import --quiet --force < '{}' && git reset --quiet --hard", file.display());
    let done = Command::new("sh").current_dir(repo.root()).args(["-c", &script]).status().unwrap();
    assert!(done.success());
    assert_eq!(repo.load().walked, commits);
    assert_eq!(repo.load().walked, 0);
    repo.day = 400;
    repo.add("content/one-more.md", &text("one more"));
    let history = repo.load();
    assert_eq!((history.walked, history.known.as_ref().unwrap().files.len()), (1, commits + 1));
    for name in names.iter().step_by(211).chain([&names[24], &names[49]]) {
        let file = history.of(name).unwrap();
        let first = repo.git(&["log", "--follow", "--diff-filter=A", "--format=%aI", "--", name]);
        let last = repo.git(&["log", "-1", "--format=%cI", "--", name]);
        assert_eq!((shown(&file.first), shown(&file.last)), (time(&first), time(&last)), "{name}");
    }
}
