//! A repository whose history tests write, with what git itself says of it.

use super::*;

/// A repository whose clock advances by a day with each commit.
pub(super) struct Repo {
    pub home: TempDir,
    /// The site's folder in it.
    pub site: String,
    pub day: i64,
}

impl Repo {
    /// `None`, with a message, if there is no git.
    pub fn new(site: &str) -> Option<Repo> {
        if Command::new("git").arg("--version").output().is_err() {
            writeln!(io::stderr(), "SKIPPED: there is no `git` to make a history with").unwrap();
            return None;
        }
        let repo = Repo { home: TempDir::new().unwrap(), site: site.to_owned(), day: 0 };
        fs::create_dir_all(repo.root()).unwrap();
        repo.git(&["init", "--quiet", "--initial-branch=main"]);
        Some(repo)
    }

    pub fn root(&self) -> PathBuf {
        self.home.path().join("work").join(&self.site)
    }

    pub fn state(&self) -> PathBuf {
        self.home.path().join("state")
    }

    pub fn git_at(&self, folder: &Path, arguments: &[&str]) -> String {
        // The author's clock is two hours behind the committer's, and has another offset.
        let seconds = 1_400_000_000 + self.day * 86_400;
        let output = Command::new("git")
            .current_dir(folder)
            .args(["-c", "protocol.file.allow=always", "-c", "gc.auto=0", "-c", "diff.renames=true"])
            .args(arguments)
            .envs([("GIT_CONFIG_NOSYSTEM", "1"), ("GIT_CONFIG_GLOBAL", "/dev/null")])
            .env_remove("GIT_DIR")
            .env_remove("GIT_WORK_TREE")
            .env_remove("GIT_INDEX_FILE")
            .envs([("GIT_AUTHOR_NAME", "A"), ("GIT_AUTHOR_EMAIL", "a@example.org")])
            .envs([("GIT_COMMITTER_NAME", "C"), ("GIT_COMMITTER_EMAIL", "c@example.org")])
            .env("GIT_AUTHOR_DATE", format!("{} +0800", seconds - 7_200))
            .env("GIT_COMMITTER_DATE", format!("{seconds} -0330"))
            .output()
            .unwrap();
        let errors = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "git {arguments:?}: {errors}");
        String::from_utf8(output.stdout).unwrap()
    }

    pub fn git(&self, arguments: &[&str]) -> String {
        self.git_at(&self.root(), arguments)
    }

    pub fn write(&self, path: &str, text: &str) {
        let path = self.root().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    /// Commits all changes.
    pub fn commit(&mut self) {
        self.day += 1;
        self.git(&["add", "--all"]);
        self.git(&["commit", "--quiet", "--allow-empty", "-m", "change"]);
    }

    pub fn add(&mut self, path: &str, text: &str) {
        self.write(path, text);
        self.commit();
    }

    pub fn rename(&mut self, from: &str, to: &str) {
        fs::create_dir_all(self.root().join(to).parent().unwrap()).unwrap();
        self.git(&["mv", from, to]);
        self.commit();
    }

    pub fn merge(&mut self, branch: &str) {
        self.day += 1;
        self.git(&["merge", "--quiet", "--no-ff", "-m", "merge", branch]);
    }

    pub fn load(&self) -> History {
        History::load(&self.root(), &self.state()).unwrap()
    }

    /// Days of the first and the last commit of a source, counted from the first commit of the repository.
    pub fn days(&self, name: &str) -> (Option<i64>, Option<i64>) {
        let history = self.load();
        let file = history.of(name).unwrap();
        let day = |commit: &Option<Commit>| {
            let seconds = commit.as_ref()?.moment.instant().timestamp() - 1_400_000_000;
            Some(seconds.div_euclid(86_400) + i64::from(seconds % 86_400 != 0))
        };
        (day(&file.first), day(&file.last))
    }

    /// Compares the histories of all sources with `git log`, once walked afresh and once from the saved state.
    pub fn check(&self) {
        let remembered = self.load();
        let fresh = History::load(&self.root(), &self.home.path().join("fresh")).unwrap();
        fs::remove_dir_all(self.home.path().join("fresh")).unwrap();
        let files = |history: &History| history.known.as_ref().unwrap().files.clone();
        assert_eq!(files(&remembered), files(&fresh), "what is remembered");
        let listed = self.git(&["ls-files", "content"]);
        assert_eq!(listed.lines().collect::<Vec<_>>(), files(&fresh).keys().collect::<Vec<_>>());
        for name in listed.lines() {
            let file = fresh.of(name).unwrap();
            let last = self.git(&["log", "-1", "--format=%cI", "--", name]);
            assert_eq!(shown(&file.last), time(&last), "the last of {name}\n{}", self.graph());
            let first = self.git(&["log", "--follow", "--diff-filter=A", "--format=%aI", "--", name]);
            assert_eq!(shown(&file.first), time(&first), "the first of {name}\n{}", self.graph());
        }
    }

    pub fn graph(&self) -> String {
        self.git(&["log", "--graph", "--name-status", "--format=%h %cI"])
    }
}

pub(super) fn shown(commit: &Option<Commit>) -> Option<(i64, i32)> {
    let moment = commit.as_ref()?.moment;
    Some((moment.instant().timestamp(), moment.offset().local_minus_utc()))
}

/// The time in the last line of git's output.
pub(super) fn time(text: &str) -> Option<(i64, i32)> {
    let time: DateTime<FixedOffset> = DateTime::parse_from_rfc3339(text.lines().last()?).unwrap();
    Some((time.timestamp(), time.offset().local_minus_utc()))
}

/// Unique text: git treats lines as similar that differ only in a digit, and follows copies.
pub(super) fn text(seed: &str) -> String {
    let line = |line| format!("line {line}\n{}\n", Digest::of(format!("{seed}, {line}").as_bytes()));
    (0..12).map(line).collect()
}
