//! The commands on the pages about moving in.

use std::path::Path;
use std::process::Command as Copy;

use tempfile::TempDir;

use crate::import_hugo::source;
use crate::site::{NOW, Site};

/// Runs every command of the page about `kind`, with its test site as `old-site`.
fn run(kind: &str) {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("content/docs/migrating/{kind}.md"));
    let page = std::fs::read_to_string(page).unwrap();
    let site = Site(TempDir::new().unwrap());
    let copied = Copy::new("cp").arg("-r").arg(source(kind)).arg(site.path("old-site")).status().unwrap();
    assert!(copied.success());
    let blocks = page.split("```sh\n").skip(1).map(|block| block.split("```").next().unwrap());
    let commands: Vec<&str> =
        blocks.flat_map(str::lines).filter(|line| line.starts_with("dateline ")).collect();
    assert!(commands.len() >= 3, "{kind}");
    for command in commands {
        let line = command.split(" #").next().unwrap();
        let words: Vec<&str> = line.split_whitespace().skip(1).collect();
        let output = site.command(&words).env("SOURCE_DATE_EPOCH", "1795521600").output().unwrap();
        let shown = String::from_utf8_lossy(&output.stderr);
        assert!(
            output.status.success(),
            "{kind}: {command}\n{shown}{}",
            String::from_utf8_lossy(&output.stdout)
        );
    }
    assert!(site.path("new-site/public/index.html").exists(), "{kind}, {NOW}");
}

#[test]
fn commands_of_the_page_about_hugo_run() {
    run("hugo");
}

#[test]
fn commands_of_the_page_about_zola_run() {
    run("zola");
}

#[test]
fn commands_of_the_page_about_jekyll_run() {
    run("jekyll");
}

#[test]
fn commands_of_the_page_about_pelican_run() {
    run("pelican");
}

#[test]
fn commands_of_the_pages_about_eleventy_astro_hexo_and_nikola_run() {
    for kind in ["eleventy", "astro", "hexo", "nikola"] {
        run(kind);
    }
}
