//! A branch of a repository, as GitHub, GitLab and Codeberg publish one. Readers get all of a commit at once.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use super::run::{all_of, ask, run};
use super::store::{Folder, Load, Only, Refusal, Slice, Store};
use super::{DeployError, Deployed, MANIFEST, Plan, Report, Request, check_flood, read_manifest, round};
use crate::storage::{StoreError, disk};

/// Tells GitHub to publish the files as they are.
const AS_IT_IS: &str = ".nojekyll";

/// Commits the files of `request` to `branch` of `repository`, and pushes it.
pub fn deploy(request: &Request<'_>, repository: &str, branch: &str) -> Result<Report, DeployError> {
    let folder = request.state.join(format!("{}.git", request.target.name));
    check_out(&folder, repository, branch)?;
    let held = fs::read(folder.join(MANIFEST)).ok();
    let there = read_manifest(request, held.as_deref())?;
    let plan = Plan::new(request.pieces, &there);
    let report = Report::of(&plan);
    if plan.is_nothing() {
        return Ok(report);
    }
    check_flood(request, &plan, &there)?;
    let tree = Store::Folder(Folder(folder.clone()));
    if !request.terms.repairs {
        check_unchanged(&plan, &there, &tree)?;
    }
    if request.terms.is_dry {
        return Ok(report);
    }
    for put in &plan.puts {
        place(&tree, &put.piece.path, Load::File(Slice::whole(request.out, put.piece)))?;
    }
    for path in &plan.removals {
        tree.remove(path, Only::Anyway).map_err(|refusal| round::refused(path, "removed", refusal))?;
    }
    place(&tree, MANIFEST, Load::Own(&all_of(request).bytes()))?;
    place(&tree, AS_IT_IS, Load::Own(b""))?;
    run(git(&folder, &["add", "--all", "--force", "."]), None)?;
    let mut commit =
        git(&folder, &["commit", "--quiet", "--allow-empty", "-m", &format!("Deploy {}", request.site)]);
    for (name, value) in [("NAME", "Dateline"), ("EMAIL", "dateline@localhost")] {
        for role in ["AUTHOR", "COMMITTER"] {
            let variable = format!("GIT_{role}_{name}");
            if (request.value)(&variable).is_none() {
                commit.env(variable, value);
            }
        }
    }
    commit.env("GIT_AUTHOR_DATE", format!("@{} +0000", request.now));
    commit.env("GIT_COMMITTER_DATE", format!("@{} +0000", request.now));
    run(commit, None)?;
    run(git(&folder, &["push", "--quiet", "origin", &format!("HEAD:refs/heads/{branch}")]), None)?;
    Ok(report)
}

fn place(tree: &Store, path: &str, load: Load<'_>) -> Result<(), DeployError> {
    let put = tree.put(path, load, Only::Anyway);
    put.map(|_| ()).map_err(|refusal: Refusal| round::refused(path, "put", refusal))
}

/// Refuses to replace or remove files that the last deployment did not leave there as they are.
fn check_unchanged(plan: &Plan<'_>, there: &Deployed, tree: &Store) -> Result<(), DeployError> {
    let replaced = plan.puts.iter().map(|put| (put.piece.path.as_str(), Some(put.piece.digest.to_string())));
    let touched = replaced.chain(plan.removals.iter().map(|path| (*path, None)));
    let mut paths = Vec::new();
    for (path, wanted) in touched {
        let seen = tree.look(path).map_err(|refusal| round::refused(path, "read", refusal))?;
        let seen = seen.and_then(|seen| seen.digest);
        let left = there.files.get(path).map(|left| left.digest.clone());
        if seen != left && seen.is_some() && seen != wanted {
            paths.push(path.to_owned());
        }
    }
    if paths.is_empty() { Ok(()) } else { Err(DeployError::Changed { paths }) }
}

/// Makes `folder` a working tree of the newest commit of `branch`, or of a branch without one.
fn check_out(folder: &Path, repository: &str, branch: &str) -> Result<(), DeployError> {
    let unwritable = |source| StoreError::Unwritable { path: folder.to_owned(), source };
    disk::create_dir_all(folder).map_err(unwritable)?;
    run(git(folder, &["init", "--quiet"]), None)?;
    // There may be none yet.
    ask(git(folder, &["remote", "remove", "origin"]), None)?;
    run(git(folder, &["remote", "add", "origin", "--", repository]), None)?;
    let heads = run(git(folder, &["ls-remote", "--heads", "origin", &format!("refs/heads/{branch}")]), None)?;
    if heads.stdout.is_empty() {
        run(git(folder, &["checkout", "--quiet", "--orphan", &format!("new-{branch}")]), None)?;
        run(git(folder, &["rm", "-r", "--quiet", "--force", "--ignore-unmatch", "."]), None)?;
    } else {
        run(git(folder, &["fetch", "--quiet", "--depth", "1", "origin", branch]), None)?;
        run(git(folder, &["checkout", "--quiet", "--force", "--detach", "FETCH_HEAD"]), None)?;
    }
    run(git(folder, &["clean", "--quiet", "--force", "-d", "-x"]), None).map(|_| ())
}

/// The command `git` in `folder`, which asks nobody anything.
fn git(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new("git");
    command.arg("-C").arg(folder).args(["-c", "core.autocrlf=false", "-c", "commit.gpgsign=false"]);
    command.args(arguments).env("GIT_TERMINAL_PROMPT", "0").stdout(Stdio::piped()).stderr(Stdio::piped());
    // A hook of another repository may run this.
    for variable in ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX"] {
        command.env_remove(variable);
    }
    command
}
