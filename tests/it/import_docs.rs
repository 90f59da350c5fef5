//! The commands on the pages about moving in.

use std::process::Command as Copy;

use crate::documentation::scripts;
use crate::import_hugo::source;

/// Runs every command of the page about `kind`, with its test site as `old-site`.
fn run(kind: &str) {
    scripts(
        &format!("migrating/{kind}.md"),
        |folder| {
            let copied = Copy::new("cp").arg("-r").arg(source(kind)).arg(folder.join("old-site")).status();
            assert!(copied.unwrap().success());
        },
        |folder| assert!(folder.join("new-site/public/index.html").exists(), "{kind}"),
    );
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
