//! A site in a folder of its own, and what a build makes of it.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Output;

use assert_cmd::Command;
use serde_json::Value;
use tempfile::TempDir;

pub const NOW: &str = "2026-11-24T12:00:00Z";

/// The sites in `tests/sites/`, each about one idea.
pub const SITES: [&str; 14] = [
    "components",
    "feed-choices",
    "folder",
    "held",
    "hostile",
    "languages",
    "lists",
    "mixed",
    "nested",
    "own-theme",
    "pages",
    "permalinks",
    "scripts",
    "shop",
];

/// The lines that every `site.toml` needs.
pub const TOML: &str = "title = \"T\"\nbase_url = \"https://example.org/\"\nauthority = \"example.org\"\ntimezone = \"Europe/London\"\n";

pub type Files = BTreeMap<String, Vec<u8>>;

/// A site in a folder of its own.
pub struct Site(pub TempDir);

impl Site {
    pub fn new(files: &[(&str, &str)]) -> Site {
        let site = Site(TempDir::new().unwrap());
        site.write("site.toml", TOML);
        site.write("content/_index.md", "");
        files.iter().for_each(|(path, text)| site.write(path, text));
        site
    }

    pub fn copy(name: &str) -> Site {
        let site = Site(TempDir::new().unwrap());
        for (path, bytes) in sources(name) {
            site.write(&path, bytes);
        }
        site
    }

    pub fn path(&self, path: &str) -> PathBuf {
        self.0.path().join(path)
    }

    pub fn write(&self, path: &str, bytes: impl AsRef<[u8]>) {
        let to = self.path(path);
        fs::create_dir_all(to.parent().unwrap()).unwrap();
        fs::write(to, bytes).unwrap();
    }

    /// The program, to be run in the site's folder without an environment of the tester's own.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::cargo_bin("dateline").unwrap();
        command.current_dir(self.0.path()).env("NO_COLOR", "1").env_remove("SOURCE_DATE_EPOCH");
        command.args(arguments);
        command
    }

    pub fn build(&self, arguments: &[&str]) -> Output {
        self.command(&["build", "--now", NOW]).args(arguments).output().unwrap()
    }

    pub fn built(&self) -> Files {
        let output = self.build(&[]);
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        self.output()
    }

    /// Builds as of `now`; the number of files written, if it succeeds.
    pub fn build_at(&self, now: &str) -> Option<u64> {
        let output = self.command(&["build", "--now", now, "--format", "json"]).output().unwrap();
        let report: Value = serde_json::from_slice(&output.stdout).unwrap();
        output.status.success().then(|| report["written"].as_u64().unwrap())
    }

    pub fn output(&self) -> Files {
        tree(&self.path("public"))
    }

    /// The report of a build as of [`NOW`].
    pub fn report(&self, arguments: &[&str]) -> (Option<i32>, Value) {
        let output = self.build(&[&["--format", "json"], arguments].concat());
        (output.status.code(), serde_json::from_slice(&output.stdout).unwrap())
    }

    /// The exit code, and code, place and message of each problem.
    pub fn problems(&self, arguments: &[&str]) -> (Option<i32>, Vec<String>) {
        let (code, report) = self.report(arguments);
        (code, report["problems"].as_array().unwrap().iter().map(problem).collect())
    }
}

/// A problem of a report as `code file:line:column message`.
fn problem(one: &Value) -> String {
    let text = |key: &str| one[key].as_str().unwrap_or("-").to_owned();
    let spot = match (&one["line"], &one["column"]) {
        (Value::Null, Value::Null) => String::new(),
        (line, column) => format!(":{line}:{column}"),
    };
    format!("{} {}{spot} {}", text("code"), text("file"), text("message"))
}

/// The sources of a site in `tests/sites/`.
pub fn sources(name: &str) -> Files {
    tree(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/sites").join(name))
}

/// The files of a folder by their paths in it.
pub fn tree(folder: &Path) -> Files {
    walkdir::WalkDir::new(folder)
        .into_iter()
        .flatten()
        .filter(|entry| entry.file_type().is_file())
        .map(|entry| {
            let path = entry.path().strip_prefix(folder).unwrap().to_str().unwrap().replace('\\', "/");
            (path, fs::read(entry.path()).unwrap())
        })
        .collect()
}

pub fn text(files: &Files, path: &str) -> String {
    String::from_utf8(files.get(path).unwrap_or_else(|| panic!("no {path}")).clone()).unwrap()
}

/// The JSON Feed at `path`.
pub fn json(files: &Files, path: &str) -> Value {
    serde_json::from_str(&text(files, path)).unwrap()
}

/// The texts between `before` and `after` in `text`, in order.
pub fn between<'a>(text: &'a str, before: &str, after: &str) -> Vec<&'a str> {
    text.split(before).skip(1).map(|rest| rest.split(after).next().unwrap_or_default()).collect()
}
