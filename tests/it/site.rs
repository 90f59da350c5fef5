//! A site in a folder of its own, and what a build makes of it.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Output;

use assert_cmd::Command;
use tempfile::TempDir;

pub const NOW: &str = "2026-11-24T12:00:00Z";

/// A site in a folder of its own.
pub struct Site(pub TempDir);

impl Site {
    pub fn new(files: &[(&str, &str)]) -> Site {
        let site = Site(TempDir::new().unwrap());
        let toml = "title = \"T\"\nbase_url = \"https://example.org/\"\nauthority = \"example.org\"\ntimezone = \"Europe/London\"\n";
        site.write("site.toml", toml);
        site.write("content/_index.md", "");
        files.iter().for_each(|(path, text)| site.write(path, text));
        site
    }

    pub fn copy(name: &str) -> Site {
        let site = Site(TempDir::new().unwrap());
        let from = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/sites").join(name);
        for (path, bytes) in tree(&from) {
            let to = site.path(&path);
            fs::create_dir_all(to.parent().unwrap()).unwrap();
            fs::write(to, bytes).unwrap();
        }
        site
    }

    pub fn path(&self, path: &str) -> PathBuf {
        self.0.path().join(path)
    }

    pub fn write(&self, path: &str, text: &str) {
        let to = self.path(path);
        fs::create_dir_all(to.parent().unwrap()).unwrap();
        fs::write(to, text).unwrap();
    }

    pub fn build(&self, arguments: &[&str]) -> Output {
        let mut command = Command::cargo_bin("dateline").unwrap();
        command.current_dir(self.0.path()).env("NO_COLOR", "1").env_remove("SOURCE_DATE_EPOCH");
        command.arg("build").args(["--now", NOW]).args(arguments).output().unwrap()
    }

    pub fn built(&self) -> BTreeMap<String, Vec<u8>> {
        let output = self.build(&[]);
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        self.output()
    }

    pub fn output(&self) -> BTreeMap<String, Vec<u8>> {
        tree(&self.path("public"))
    }

    /// Code, file, line and message of each problem, and the exit code.
    pub fn problems(&self) -> (Option<i32>, Vec<String>) {
        let output = self.build(&["--format", "json"]);
        let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        let problems = report["problems"].as_array().unwrap().iter().map(|one| {
            let text = |key: &str| one[key].as_str().unwrap_or("-").to_owned();
            format!("{} {}:{} {}", text("code"), text("file"), one["line"], text("message"))
        });
        (output.status.code(), problems.collect())
    }
}

pub fn tree(folder: &Path) -> BTreeMap<String, Vec<u8>> {
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

pub fn text(files: &BTreeMap<String, Vec<u8>>, path: &str) -> String {
    String::from_utf8(files.get(path).unwrap_or_else(|| panic!("no {path}")).clone()).unwrap()
}
