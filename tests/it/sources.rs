//! Sources of any kind: links, and any bytes.

use std::fs;

use chrono::DateTime;

use crate::site::{NOW, Site};

#[cfg(unix)]
#[test]
fn links_are_followed_inside_the_site_only() {
    use std::os::unix::fs::symlink;

    use tempfile::TempDir;
    let outside = TempDir::new().unwrap();
    fs::write(outside.path().join("theirs.md"), "+++\ntitle = \"theirs\"\n+++\n").unwrap();
    let site = Site::new(&[
        ("content/a.md", "+++\ntitle = \"A\"\n+++\n"),
        ("shared/b.md", "+++\ntitle = \"B\"\n+++\n"),
    ]);
    symlink(site.path("shared"), site.path("content/linked")).unwrap();
    symlink(site.path("content"), site.path("content/loop")).unwrap();
    let files = site.built();
    assert!(files.contains_key("linked/b/index.html"));
    symlink(outside.path(), site.path("content/out")).unwrap();
    symlink(site.path("nowhere.md"), site.path("content/dangling.md")).unwrap();
    let (code, problems) = site.problems(&[]);
    assert_eq!(code, Some(1));
    assert!(problems.iter().any(|one| one.starts_with("content::outside content/out ")), "{problems:#?}");
    assert!(
        problems.iter().any(|one| one.starts_with("content::dangling content/dangling.md ")),
        "{problems:#?}"
    );
    assert_eq!(files, site.output());
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(64))]

    #[test]
    fn any_bytes_are_a_source_or_an_error(
        bytes in proptest::collection::vec(proptest::num::u8::ANY, 0..200),
        head in "(\\+\\+\\+\n|---\n|\\{|title|date|: |= |\"|\n|2014-02-14|PUBLISHED : |[a-z\\[\\]{}]){0,30}",
    ) {
        let site = Site::new(&[]);
        let mut mixed = head.into_bytes();
        mixed.extend(bytes);
        for name in ["a.md", "b.txt", "c.html"] {
            fs::write(site.path("content").join(name), &mixed).unwrap();
        }
        let now = DateTime::parse_from_rfc3339(NOW).unwrap().to_utc();
        let (state, out) = (site.path(".dateline"), site.path("public"));
        let request = dateline::pipeline::Request::new(site.0.path(), &state, &out, now);
        let _ = dateline::pipeline::build(&request);
    }
}
