//! The command line.

use std::path::Path;

use assert_cmd::Command;
use tempfile::TempDir;

use crate::site::Site;

#[test]
fn ids_do_not_depend_on_the_base_url_and_the_exit_code_says_whose_turn_it_is() {
    let site = Site::copy("mixed");
    let ids = |site: &Site| -> Vec<String> {
        let feed: serde_json::Value = serde_json::from_slice(&site.output()["feed.json"]).unwrap();
        feed["items"].as_array().unwrap().iter().map(|item| item["id"].to_string()).collect()
    };
    site.built();
    let before = ids(&site);
    assert!(site.build(&["--base-url", "https://preview.example.net/x/"]).status.success());
    assert_eq!(before, ids(&site));
    assert!(before.contains(&"\"tag:mixed.example.org,2014-02-14:news/toml\"".to_owned()), "{before:?}");
    assert_eq!(Site(TempDir::new().unwrap()).build(&[]).status.code(), Some(2));
}

#[test]
fn a_new_site_builds_at_once() {
    let folder = TempDir::new().unwrap();
    let new = |path: &Path| Command::cargo_bin("dateline").unwrap().arg("new").arg(path).output().unwrap();
    let root = folder.path().join("site");
    assert!(new(&root).status.success());
    assert_eq!(new(&root).status.code(), Some(2));
    let output =
        Command::cargo_bin("dateline").unwrap().args(["build", "--root"]).arg(&root).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(output.stderr.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
}
