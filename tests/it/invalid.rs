//! Sites with errors.

use std::fs;

use crate::site::{Site, TOML};

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
        ("content/never.md", "+++\ntitle = \"x\"\ndate = 2014-02-02\nexpires = 2014-02-01T08:00:00Z\n+++\n"),
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
    let (code, problems) = site.problems(&[]);
    assert_eq!(code, Some(1));
    let expected = [
        "link::dead content/dead.md:5:5 this link leads nowhere: there is no content/nowhere.md",
        "date::future content/future.md:4:11 the update is in the future: 2030-02-01T00:00:00Z is later than now, 2026-11-24T12:00:00Z",
        "date::guess content/guess.md:3:9 \u{201c}03/04/2024\u{201d} would need a guess: which is the day and which the month?",
        "encoding::utf8 content/latin.md this is not UTF-8: byte 23 (line 4) is 0xE9",
        "path::outside content/leaves.md:3:8 the path \u{201c}/../../etc/x/\u{201d} leaves the output folder",
        "date::expires content/never.md:4:11 this expires (2014-02-01T08:00:00Z) before it is published (2014-02-02T00:00:00Z), and would never be seen",
        "content::front_matter content/open.md:1:1 the front matter never ends: there is no second line with just `+++`",
        "date::order content/order.md:4:11 this was updated (2014-02-01T00:00:00Z) before it was published (2014-02-02T00:00:00Z)",
        "date::skipped content/skipped.md:3:8 2014-03-30 01:30 never was in Europe/London: the clocks went forward over it",
        "date::twice content/twice.md:3:7 2014-10-26 01:30 was twice in Europe/London, when the clocks went back: 2014-10-26T01:30:00+01:00 and 2014-10-26T01:30:00+00:00",
        "plan::collision content/two.md \u{201c}/same/\u{201d} is the path of two files: of this and of content/one.md, which differ only in case or in Unicode normalisation",
        "metadata::unknown content/two.md:4:1 `tilte` is not a field of an article",
        "date::weekday content/weekday.md:3:9 2014-02-14 is a Friday, not a Thursday",
        "date::no_such_day content/wire.txt:3:13 there is no 30 February in 2014",
    ];
    for one in expected {
        assert!(problems.iter().any(|problem| problem == one), "{one} in {problems:#?}");
    }
    assert!(problems.iter().any(|problem| problem.starts_with("metadata::syntax content/yaml.md:")));
    insta::assert_snapshot!("console", String::from_utf8(site.build(&[]).stderr).unwrap());
    assert_eq!(before, site.output());
}

/// Builds a site of `files` and compares its exit code and its problems with what is expected.
/// Nothing may have been written.
fn refused(files: &[(&str, &str)], code: i32, expected: &[&str]) {
    let site = Site::new(files);
    let (exit, problems) = site.problems(&[]);
    assert_eq!(problems, expected, "{files:#?}");
    assert_eq!(exit, Some(code), "{files:#?}");
    assert!(!site.path("public").exists(), "{files:#?}");
}

/// A `site.toml` with one more line.
fn added(line: &str) -> String {
    format!("{TOML}{line}\n")
}

/// A `site.toml` without the line of this key.
fn without(key: &str) -> String {
    TOML.lines().filter(|line| !line.starts_with(key)).map(|line| format!("{line}\n")).collect()
}

#[test]
fn site_toml_is_toml_and_has_a_title_and_a_base_url() {
    for (toml, expected) in [
        (
            "title = \"T\nbase_url = 3\n".to_owned(),
            "metadata::syntax site.toml:1:11 this is not valid TOML: invalid basic string, expected `\"`",
        ),
        (without("title"), "metadata::missing site.toml:1:1 `site.toml` has no `title`"),
        (without("base_url"), "metadata::missing site.toml:1:1 `site.toml` has no `base_url`"),
        (
            TOML.replace("https", "ftp"),
            "config::base_url site.toml:2:12 \u{201c}ftp://example.org/\u{201d} is no base URL: it is neither http nor https",
        ),
        (
            TOML.replace("org/\"", "org/?a\""),
            "config::base_url site.toml:2:12 \u{201c}https://example.org/?a\u{201d} is no base URL: it has a query or a fragment",
        ),
    ] {
        refused(&[("site.toml", &toml)], 2, &[expected]);
    }
}

#[test]
fn values_of_site_toml_are_of_their_kind_and_among_those_that_exist() {
    for (toml, expected) in [
        (
            TOML.replace("London", "Londn"),
            "date::zone site.toml:4:12 there is no time zone \u{201c}Europe/Londn\u{201d}",
        ),
        (
            TOML.replace("\"example.org\"", "\"Example.org\""),
            "metadata::value site.toml:3:13 `authority` can't be \u{201c}Example.org\u{201d}: RFC 4151 has no such tagging entity",
        ),
        (added("locale = \"tlh\""), "date::locale site.toml:5:10 there is no locale \u{201c}tlh\u{201d}"),
        (
            added("slugs = \"latin\""),
            "metadata::value site.toml:5:9 `slugs` can't be \u{201c}latin\u{201d}: there is no such kind",
        ),
        (
            added("page_size = 0"),
            "metadata::value site.toml:5:13 `page_size` can't be \u{201c}0\u{201d}: it is out of range",
        ),
        (
            added("archive = \"yes\""),
            "metadata::kind site.toml:5:11 `archive` should be true or false, but is text",
        ),
    ] {
        refused(&[("site.toml", &toml)], 2, &[expected]);
    }
}

#[test]
fn tables_of_site_toml_are_checked_at_the_value_that_is_wrong() {
    for (toml, expected) in [
        (
            added("[permalinks]\nnews = \"/{year}/{slug}/\""),
            "metadata::value site.toml:6:8 `news` can't be \u{201c}/{year}/{slug}/\u{201d}: `{year}` is not a placeholder",
        ),
        (
            added("[permalinks]\nnews = \"/news/\""),
            "metadata::value site.toml:6:8 `news` can't be \u{201c}/news/\u{201d}: a permalink pattern needs `{slug}`, or all articles of a day would share one path",
        ),
        (
            added("[dates]\nambiguous = \"first\""),
            "metadata::value site.toml:6:13 `ambiguous` can't be \u{201c}first\u{201d}: there is no such rule",
        ),
        // The time of a file is never a source of dates.
        (
            added("[dates]\npublished = [\"mtime\"]"),
            "metadata::value site.toml:6:13 `published` can't be \u{201c}[\"mtime\"]\u{201d}: not all are places that dates come from",
        ),
        (
            added("[feeds]\nformats = [\"rss\", \"rdf\"]"),
            "metadata::value site.toml:6:11 `formats` can't be \u{201c}[\"rss\", \"rdf\"]\u{201d}: not all are formats, or one stands twice",
        ),
        (
            added("[feeds]\nrss = \"../rss.xml\""),
            "metadata::value site.toml:6:7 `rss` can't be \u{201c}../rss.xml\u{201d}: it is no file name",
        ),
        (
            added("[feeds]\ncontent = \"most\""),
            "metadata::value site.toml:6:11 `content` can't be \u{201c}most\u{201d}: there is no such choice",
        ),
        (
            added("[encodings]\nold = \"windows-1525\""),
            "metadata::value site.toml:6:7 `old` can't be \u{201c}windows-1525\u{201d}: there is no such encoding",
        ),
        (
            added("[taxonomies.series]\npath = \"tags\""),
            "config::taxonomy site.toml:5:2 two taxonomies have the path \u{201c}tags\u{201d}",
        ),
        (added("[[lists]]\nsection = \"a\""), "metadata::missing site.toml:5:1 this list has no `name`"),
    ] {
        refused(&[("site.toml", &toml)], 2, &[expected]);
    }
}

#[test]
fn a_warning_about_site_toml_does_not_stop_the_build() {
    for (toml, expected) in [
        (
            added("[feeds]\nlimits = 5"),
            "metadata::unknown site.toml:6:1 `limits` is not a field of `[feeds]`",
        ),
        (
            without("authority"),
            "config::authority site.toml:1:1 `authority` is not set, so ids are minted from the host of `base_url`, \u{201c}example.org\u{201d}",
        ),
    ] {
        assert_eq!(Site::new(&[("site.toml", &toml)]).problems(&[]), (Some(0), vec![expected.to_owned()]));
    }
}

const DATED: &str = "+++\ntitle = \"A\"\ndate = 2020-01-01\n+++\n";

/// A source with one more line of front matter.
fn with(line: &str) -> String {
    format!("+++\ntitle = \"A\"\n{line}\n+++\n")
}

/// A source with this body.
fn body(text: &str) -> String {
    format!("+++\ntitle = \"A\"\n+++\n{text}\n")
}

#[test]
fn an_error_in_front_matter_has_the_place_of_its_value() {
    for (text, expected) in [
        (
            with("timezone = \"Europe/Londn\""),
            "date::zone content/a.md:3:12 there is no time zone \u{201c}Europe/Londn\u{201d}",
        ),
        (
            with("date = \"2020-01-01 10:00 Europe/Londn\""),
            "date::zone content/a.md:3:26 there is no time zone \u{201c}Europe/Londn\u{201d}",
        ),
        (
            with("aliases = [\"/fine/\", \"../../etc/\"]"),
            "path::outside content/a.md:3:22 the path \u{201c}/../../etc/\u{201d} leaves the output folder",
        ),
        (
            with("path = \"/a?b/\""),
            "path::address content/a.md:3:8 \u{201c}/a?b/\u{201d} has a `?`, which ends the path of an address",
        ),
        (
            with("minor = \"yes\""),
            "metadata::kind content/a.md:3:9 `minor` should be true or false, but is text",
        ),
        (
            with("date = 2020-01-01\nenclosure = \"tide.mp3\""),
            "render::enclosure content/a.md:4:13 there is no file for the enclosure \u{201c}tide.mp3\u{201d}",
        ),
        (with("title = \"B\""), "metadata::syntax content/a.md:3:1 this is not valid TOML: duplicate key"),
        (
            "{\"title\": \"A\",\n \"date\" \"2020-01-01\"}\n".to_owned(),
            "metadata::syntax content/a.md:2:9 this is not valid JSON: expected `:`",
        ),
        (
            "{\"title\": \"A\",\n \"date\": \"2020-13-01\"}\n".to_owned(),
            "date::range content/a.md:2:16 there is no month 13",
        ),
    ] {
        refused(&[("content/a.md", &text)], 1, &[expected]);
    }
}

#[test]
fn an_error_in_a_body_has_the_place_of_the_link_or_call() {
    for (text, expected) in [
        (
            body("Text.\n\n![Low tide](@/tide.png)"),
            "link::dead content/a.md:6:13 this link leads nowhere: there is no content/tide.png",
        ),
        (
            body("<a href=\"b.md\">b</a>"),
            "link::dead content/a.md:4:10 this link leads nowhere: there is no content/b.md",
        ),
        (
            body("A {{ <figur src=\"x\" /> }}"),
            "markdown::component content/a.md:4:3 the component `figur` can't be shown: there is no such component; did you mean `figure`?",
        ),
        (
            body("A {{ <figure scr=\"x\" /> }}"),
            "markdown::component content/a.md:4:14 the component `figure` can't be shown: it has no argument `scr`; did you mean `src`?",
        ),
        (body("{% <note> %}\n\nText."), "markdown::open_call content/a.md:4:1 the call of `note` never ends"),
        (
            body("Text. {% </note> %}"),
            "markdown::stray_end content/a.md:4:7 `{% </note> %}` ends a call that was never begun",
        ),
    ] {
        refused(&[("content/a.md", &text)], 1, &[expected]);
    }
}

#[test]
fn what_is_wrong_between_two_files_names_both() {
    let same_id = "+++\ntitle = \"A\"\nid = \"x\"\n+++\n";
    let dated = "+++\ntitle = \"S\"\ndated = true\n+++\n";
    let composed = "+++\ntitle = \"A\"\npath = \"/caf\u{e9}/\"\n+++\n";
    let decomposed = "+++\ntitle = \"A\"\npath = \"/cafe\u{301}/\"\n+++\n";
    for (files, expected) in [
        (
            &[("content/a.md", same_id), ("content/b.md", same_id)][..],
            &[
                "identity::id content/b.md:3:6 \u{201c}x\u{201d} is the id of two articles: this one and content/a.md",
            ][..],
        ),
        (
            &[("content/a.html", DATED), ("content/a.md", DATED)],
            &[
                "identity::id content/a.md \u{201c}tag:example.org,2020-01-01:a\u{201d} is the id of two articles: this one and content/a.html",
                "plan::collision content/a.md \u{201c}/a/\u{201d} is the path of two files: of this and of content/a.html",
            ],
        ),
        (
            &[("content/a.md", composed), ("content/b.md", decomposed)],
            &[
                "plan::collision content/b.md \u{201c}/cafe\u{301}/\u{201d} is the path of two files: of this and of content/a.md, which differ only in case or in Unicode normalisation",
            ],
        ),
        (
            &[
                ("content/a.md", "+++\ntitle = \"A\"\npath = \"/x.html\"\n+++\n"),
                ("content/b.md", "+++\ntitle = \"B\"\npath = \"/x.html/y/\"\n+++\n"),
            ],
            &[
                "plan::folder content/b.md \u{201c}/x.html\u{201d} can't be a file and a folder: one is of this, the other of content/a.md",
            ],
        ),
        (
            &[("content/a.md", DATED), ("static/a/index.html", "Theirs.")],
            &[
                "plan::collision content/a.md \u{201c}/a/\u{201d} is the path of two files: of this and of static/a/index.html",
            ],
        ),
        (
            &[("content/s/_index.md", dated), ("content/s/t/a.md", "+++\ntitle = \"A\"\n+++\n")],
            &[
                "identity::undated content/s/t/a.md this has no date, and `dated = true` in content/s/_index.md wants one",
            ],
        ),
    ] {
        refused(files, 1, expected);
    }
}

#[test]
fn what_is_wrong_in_a_template_names_it_and_the_article() {
    for (files, expected) in [
        (
            &[("templates/article.html", "<p>\n{% if article.title %}\n")][..],
            &["template::syntax templates/article.html:2:23 Unexpected end of input"][..],
        ),
        (
            &[("templates/article.html", "{{ x"), ("templates/page.html", "\n\n{% for %}")],
            &[
                "template::syntax templates/article.html:1:4 Unexpected end of input",
                "template::syntax templates/page.html:3:8 Found `%}` but expected identifier.",
            ],
        ),
        (
            &[("templates/article.html", "{{ article.title | nope }}")],
            &["template::syntax templates/article.html:1:20 Unknown filter `nope`"],
        ),
        (
            &[("templates/article.html", "\n{% include \"nope.html\" %}")],
            &["template::missing templates/article.html:2:12 there is no template \u{201c}nope.html\u{201d}"],
        ),
        (
            &[("templates/article.html", "<h1>\n{{ article.published | date(format=\"%Q\") }}")],
            &[
                "template::render templates/article.html:2:24 \u{201c}%Q\u{201d} is no pattern for a date, while rendering content/a.md",
            ],
        ),
        // Where rendering stopped, though the article's own template is another.
        (
            &[
                ("templates/article.html", "{% include \"sum.html\" %}"),
                ("templates/sum.html", "a\nb {{ article.title + 1 }}"),
            ],
            &[
                "template::render templates/sum.html:2:6 `+` requires both operands to be numbers, found `string` and `i64`, while rendering content/a.md",
            ],
        ),
    ] {
        refused(&[files, &[("content/a.md", DATED)]].concat(), 1, expected);
    }
}

#[test]
fn bytes_that_are_no_text_are_refused() {
    for (toml, bytes, expected) in [
        (
            "",
            &b"\xff\xfea\0"[..],
            "encoding::utf16 content/a.md this is UTF-16: it begins with its byte order mark",
        ),
        (
            "",
            b"+++\ntitle = \"x\"\n+++\nna\xefve",
            "encoding::utf8 content/a.md this is not UTF-8: byte 22 (line 4) is 0xEF",
        ),
        (
            "[encodings]\n\"\" = \"big5\"\n",
            b"+++\ntitle = \"x\"\n+++\n\xff\xff",
            "encoding::malformed content/a.md this is not Big5: what starts at byte 20 (line 4) means nothing in it",
        ),
    ] {
        let site = Site::new(&[("site.toml", &format!("{TOML}{toml}"))]);
        site.write("content/a.md", bytes);
        assert_eq!(site.problems(&[]), (Some(1), vec![expected.to_owned()]));
    }
}

#[test]
fn the_console_says_what_where_and_how_to_mend_it() {
    let mut whole = String::new();
    for files in [
        &[(
            "site.toml",
            "title = \"The Harbour Post\"\nbase_url = \"https://example.org/\"\ntimezone = \"Europe/Londn\"\n",
        )][..],
        &[
            ("templates/article.html", "<h1>{{ article.title }}</h1>\n<p>{{ article.mood }}</p>\n"),
            ("content/a.md", DATED),
        ],
        &[("content/a.md", "+++\ntitle = \"A\"\n+++\nA {{ <figur src=\"x\" /> }}\n")],
        &[("content/a.md", "{\"title\": \"A\"\n \"draft\": true}\n")],
        &[("content/a.md", DATED), ("public/index.html", "Theirs.")],
    ] {
        let output = Site::new(files).build(&[]);
        let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
        let code = output.status.code().unwrap();
        whole.push_str(&format!("{}{}exit code {code}\n\n", text(&output.stderr), text(&output.stdout)));
    }
    insta::assert_snapshot!("console_of_each", whole);
}

#[test]
fn a_table_that_an_earlier_version_had_is_named() {
    let site = Site::new(&[("content/good.md", "+++\ntitle = \"Good\"\ndate = 2020-01-01\n+++\nText.")]);
    site.write("site.toml", format!("{TOML}[html]\nminify = true\n"));
    let message =
        "`[html]` is no longer a table of `site.toml`: pages are written as the templates make them";
    let line = TOML.lines().count() + 1;
    assert_eq!(site.problems(&[]), (Some(0), vec![format!("config::removed site.toml:{line}:2 {message}")]));
}
