//! `html.minify`: pages in fewer bytes.

use std::fs;

use crate::html_tree::tree;
use crate::site::{Files, NOW, SITES, Site, TOML, text};

fn with_option(site: &Site) {
    let toml = fs::read_to_string(site.path("site.toml")).unwrap();
    site.write("site.toml", format!("{toml}\n[html]\nminify = true\n"));
}

#[test]
fn every_page_has_fewer_bytes_and_shows_the_same() {
    for name in SITES {
        let site = Site::copy(name);
        let before = site.built();
        with_option(&site);
        let after = site.built();
        assert_eq!(before.keys().collect::<Vec<_>>(), after.keys().collect::<Vec<_>>(), "{name}");
        let (mut pages, mut fewer) = (0, 0);
        for (path, bytes) in &before {
            if path.ends_with(".html") {
                pages += 1;
                fewer += usize::from(after[path].len() < bytes.len());
                assert!(after[path].len() <= bytes.len(), "{name}: {path}");
                assert_eq!(tree(&text(&after, path)), tree(&text(&before, path)), "{name}: {path}");
            } else {
                assert_eq!(&after[path], bytes, "{name}: {path} is no page");
            }
        }
        assert!(pages == 0 || fewer > 0, "{name}");
        // The same bytes each time, in a folder of its own too.
        let output = site.command(&["verify", "--now", NOW]).output().unwrap();
        assert!(output.status.success(), "{name}: {output:?}");
    }
}

#[test]
fn turning_it_on_or_off_makes_pages_anew_and_nothing_else_does() {
    let site = Site::new(&[(
        "content/a.md",
        "+++\ntitle = \"A\"\ndate = 2026-11-01T08:00:00Z\n+++\n<p>a  b</p>\n\n<!-- by hand -->\n\n    code  here\n",
    )]);
    let page = |files: &Files| text(files, "a/index.html");
    let before = site.built();
    assert!(page(&before).contains("<p>a  b</p>") && page(&before).contains("<!-- by hand -->"));
    let (_, report) = site.report(&[]);
    assert_eq!(report["written"], 0);
    with_option(&site);
    let after = site.built();
    assert!(page(&after).contains("<p>a b</p>") && !page(&after).contains("<!-- by hand -->"));
    assert!(page(&after).contains("code  here"));
    assert_eq!(site.report(&[]).1["written"], 0);
    site.write("site.toml", TOML);
    assert_eq!(site.built(), before);
}

#[test]
fn templates_that_make_no_page_and_files_of_the_publisher_stay() {
    let site = Site::new(&[("templates/robots.txt", "User-agent:  *\n\n\n# a  b\n")]);
    let own = "<p>  a  <!-- b -->  </p>\n";
    site.write("static/own.html", own);
    with_option(&site);
    let files = site.built();
    assert_eq!(text(&files, "robots.txt"), "User-agent:  *\n\n\n# a  b\n");
    assert_eq!(text(&files, "own.html"), own);
}
