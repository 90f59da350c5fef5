//! Sites with errors.

use std::fs;

use crate::site::Site;

#[test]
fn all_that_is_wrong_is_said_at_once_and_changes_nothing() {
    let site = Site::new(&[("content/good.md", "+++\ntitle = \"Good\"\ndate = 2020-01-01\n+++\nText.")]);
    let before = site.built();
    for (path, text) in [
        ("content/weekday.md", "+++\ntitle = \"x\"\ndate = \"Thursday, 14 February 2014\"\n+++\n"),
        ("content/skipped.md", "+++\ntitle = \"x\"\ndate = 2014-03-30T01:30:00\n+++\n"),
        ("content/twice.md", "---\ntitle: x\ndate: 2014-10-26 01:30\n---\n"),
        ("content/order.md", "+++\ntitle = \"x\"\ndate = 2014-02-02\nupdated = 2014-02-01\n+++\n"),
        ("content/future.md", "+++\ntitle = \"x\"\ndate = 2014-02-02\nupdated = 2030-02-01\n+++\n"),
        ("content/guess.md", "+++\ntitle = \"x\"\ndate = \"03/04/2024\"\n+++\n"),
        ("content/open.md", "+++\ntitle = \"x\"\n"),
        ("content/yaml.md", "---\ntitle: [x\n---\n"),
        ("content/dead.md", "+++\ntitle = \"x\"\n+++\n\n[a](nowhere.md)\n"),
        ("content/leaves.md", "+++\ntitle = \"x\"\npath = \"../../etc/x\"\n+++\n"),
        ("content/one.md", "+++\ntitle = \"x\"\nslug = \"Same\"\n+++\n"),
        ("content/two.md", "+++\ntitle = \"x\"\nslug = \"same\"\ntilte = 1\n+++\n"),
        ("content/wire.txt", "Head\n\nPUBLISHED : 30 February 2014\n\nText."),
    ] {
        site.write(path, text);
    }
    fs::write(site.path("content/latin.md"), b"+++\ntitle = \"x\"\n+++\ncaf\xe9").unwrap();
    let (code, problems) = site.problems();
    assert_eq!(code, Some(1));
    let expected = [
        "link::dead content/dead.md:5 this link leads nowhere: there is no content/nowhere.md",
        "date::future content/future.md:4 the update is in the future: 2030-02-01T00:00:00Z is later than now, 2026-11-24T12:00:00Z",
        "date::guess content/guess.md:3 \u{201c}03/04/2024\u{201d} would need a guess: which is the day and which the month?",
        "encoding::utf8 content/latin.md:null this is not UTF-8: byte 23 (line 4) is 0xE9",
        "path::outside content/leaves.md:3 the path \u{201c}/../../etc/x/\u{201d} leaves the output folder",
        "content::front_matter content/open.md:1 the front matter never ends: there is no second line with just `+++`",
        "date::order content/order.md:4 this was updated (2014-02-01T00:00:00Z) before it was published (2014-02-02T00:00:00Z)",
        "date::skipped content/skipped.md:3 2014-03-30 01:30 never was in Europe/London: the clocks went forward over it",
        "date::twice content/twice.md:3 2014-10-26 01:30 was twice in Europe/London, when the clocks went back: 2014-10-26T01:30:00+01:00 and 2014-10-26T01:30:00+00:00",
        "plan::collision content/two.md:null \u{201c}/same/\u{201d} is the path of two files: of this and of content/one.md, which differ only in case or in Unicode normalisation",
        "metadata::unknown content/two.md:4 `tilte` is not a field of an article",
        "date::weekday content/weekday.md:3 2014-02-14 is a Friday, not a Thursday",
        "date::no_such_day content/wire.txt:3 there is no 30 February in 2014",
    ];
    for one in expected {
        assert!(problems.iter().any(|problem| problem == one), "{one} in {problems:#?}");
    }
    assert!(problems.iter().any(|problem| problem.starts_with("metadata::syntax content/yaml.md:")));
    insta::assert_snapshot!("console", String::from_utf8(site.build(&[]).stderr).unwrap());
    assert_eq!(before, site.output());
}
