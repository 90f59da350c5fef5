//! The switches of `[markdown]`: bare URLs, links between double brackets, emoji, marked text.

use crate::site::{Site, TOML, json, text};

const ALL: &str = "[markdown]\nautolinks = true\nwikilinks = true\nemoji = true\nmark = true\n";

fn article(body: &str) -> String {
    format!("+++\ntitle = \"A\"\ndate = 2026-11-01T08:00:00Z\n+++\n{body}\n")
}

/// A site with these settings for Markdown, an article with this body, and other sources.
fn site(settings: &str, body: &str, others: &[(&str, &str)]) -> Site {
    let whole = format!("{TOML}{settings}");
    let body = article(body);
    let mut files = vec![("site.toml", whole.as_str()), ("content/a.md", body.as_str())];
    files.extend(others);
    Site::new(&files)
}

/// The body of the article's page, without the elements around it.
fn shown(site: &Site) -> String {
    let page = text(&site.built(), "a/index.html");
    let start = page.find("<p>").unwrap_or_default();
    page[start..].split("</div>").next().unwrap().to_owned()
}

#[test]
fn each_switch_makes_what_it_promises() {
    for (body, expected) in [
        ("See https://a.example/b.", "See <a href=\"https://a.example/b\">https://a.example/b</a>."),
        (
            "(https://a.example/b_(c)_d)",
            "(<a href=\"https://a.example/b_(c)_d\">https://a.example/b_(c)_d</a>)",
        ),
        (
            "https://a.example/x--y_z?q=1&r=2!",
            "<a href=\"https://a.example/x--y_z?q=1&amp;r=2\">https://a.example/x--y_z?q=1&amp;r=2</a>!",
        ),
        ("**https://a.example**", "<strong><a href=\"https://a.example\">https://a.example</a></strong>"),
        ("www.a.example/b_c_d, yes", "<a href=\"http://www.a.example/b_c_d\">www.a.example/b_c_d</a>, yes"),
        (
            "Write to ada.b+c@a.example.",
            "Write to <a href=\"mailto:ada.b+c@a.example\">ada.b+c@a.example</a>.",
        ),
        (
            "\u{898b}https://a.example/b\u{3002}\u{6b21}",
            "\u{898b}<a href=\"https://a.example/b\">https://a.example/b</a>\u{3002}\u{6b21}",
        ),
        (":tada: and :+1:", "\u{1f389} and \u{1f44d}"),
        ("**:tada:**", "<strong>\u{1f389}</strong>"),
        ("a ==marked== word", "a <mark>marked</mark> word"),
        ("==a *b* c==", "<mark>a <em>b</em> c</mark>"),
        ("*a ==b==*", "<em>a <mark>b</mark></em>"),
        ("==two\nlines==", "<mark>two\nlines</mark>"),
        ("==see https://a.example==", "<mark>see <a href=\"https://a.example\">https://a.example</a></mark>"),
        ("[[ferry]]", "<a href=\"/news/ferry/\">ferry</a>"),
        ("[[ferry|the boat]]", "<a href=\"/news/ferry/\">the boat</a>"),
        ("[[news/ferry#Night Boat|x]]", "<a href=\"/news/ferry/#night-boat\">x</a>"),
        ("[[Ferry]] [[ferry.md|y]]", "<a href=\"/news/ferry/\">Ferry</a> <a href=\"/news/ferry/\">y</a>"),
        ("[[bundle|b]]", "<a href=\"/news/bundle/\">b</a>"),
        ("[[other-name|b]]", "<a href=\"/news/other-name/\">b</a>"),
        ("[[#Night Boat|n]]", "<a href=\"#night-boat\">n</a>"),
    ] {
        let site = site(
            ALL,
            body,
            &[
                ("content/news/ferry.md", "+++\ntitle = \"Ferry\"\n+++\n## Night boat\n"),
                ("content/news/bundle/index.md", "+++\ntitle = \"Bundle\"\n+++\n"),
                ("content/news/named.md", "+++\ntitle = \"Named\"\nslug = \"other-name\"\n+++\n"),
            ],
        );
        let found = shown(&site);
        assert!(found.contains(expected), "{body}: {found}");
    }
}

#[test]
fn nothing_is_changed_in_code_links_html_and_behind_a_backslash() {
    for (body, expected) in [
        ("`https://a.example :tada: ==x== [[y]]`", "<code>https://a.example :tada: ==x== [[y]]</code>"),
        ("    :tada: ==x== [[y]] https://a.example", ":tada: ==x== [[y]] https://a.example"),
        ("[https://a.example :tada:](/b/)", "<a href=\"/b/\">https://a.example :tada:</a>"),
        ("<https://a.example/:tada:>", "<a href=\"https://a.example/:tada:\">https://a.example/:tada:</a>"),
        ("<a href=\"/b/\">https://a.example ==x==</a>", "<a href=\"/b/\">https://a.example ==x==</a>"),
        ("<kbd>:tada:</kbd>", "<kbd>:tada:</kbd>"),
        ("<p title=\"https://a.example :tada:\">x</p>", "title=\"https://a.example :tada:\""),
        ("\\:tada: \\==x== \\[[y]]", ":tada: ==x== [[y]]"),
        ("10:30:45 a:tada:b std::vec::Vec", "10:30:45 a:tada:b std::vec::Vec"),
        (":nosuchemoji:", ":nosuchemoji:"),
        ("a == b == c", "a == b == c"),
        ("a ===b=== c", "a ===b=== c"),
        ("*a ==b* c==", "<em>a ==b</em> c=="),
        ("Heading\n==\n\nx", ">Heading</a>"),
        ("http:// https://x a@b @c", "http:// https://x a@b @c"),
        ("[x](https://a.example/:tada:)", "href=\"https://a.example/:tada:\""),
    ] {
        let site = site(ALL, body, &[]);
        let page = text(&site.built(), "a/index.html");
        let plain = page.replace("&quot;", "\"");
        assert!(plain.contains(expected), "{body}: {}", shown(&site));
    }
}

#[test]
fn without_the_switches_the_signs_mean_nothing() {
    let body = "https://a.example :tada: ==x== [[y]] a@b.example";
    let page = text(&site("", body, &[]).built(), "a/index.html");
    assert!(page.contains(&format!("<p>{body}</p>")), "{page}");
}

#[test]
fn a_link_between_brackets_that_leads_nowhere_is_an_error_with_its_place_and_the_nearest_name() {
    for (body, remedy) in [
        ("Then [[fery]] sails", "did you mean `[[ferry]]`?"),
        ("Then [[Fery|it]] sails", "did you mean `[[ferry]]`?"),
        ("Then [[tide]] turns", "write `[[docs/tide]]` or `[[news/tide]]`"),
    ] {
        let others = [
            ("content/news/ferry.md", "+++\ntitle = \"F\"\n+++\n"),
            ("content/news/tide.md", "+++\ntitle = \"T\"\n+++\n"),
            ("content/docs/tide.md", "+++\ntitle = \"T\"\n+++\n"),
        ];
        let (code, report) = site(ALL, body, &others).report(&[]);
        let problem = &report["problems"][0];
        assert_eq!(code, Some(1), "{body}: {report}");
        assert_eq!(
            (&problem["code"], &problem["line"], &problem["column"]),
            (&"link::dead".into(), &5.into(), &6.into())
        );
        assert!(problem["help"].as_str().unwrap().contains(remedy), "{body}: {problem}");
    }
    // In its own folder, a name means the source there.
    let site = site(
        ALL,
        "x",
        &[
            ("content/news/tide.md", "+++\ntitle = \"T\"\n+++\n"),
            ("content/docs/tide.md", "+++\ntitle = \"T\"\n+++\n"),
            ("content/docs/quay.md", "+++\ntitle = \"Q\"\n+++\n[[tide]]\n"),
        ],
    );
    assert!(text(&site.built(), "docs/quay/index.html").contains("<a href=\"/docs/tide/\">tide</a>"));
}

#[test]
fn a_link_to_what_is_held_back_is_its_text_until_that_is_public() {
    let others = [("content/plans.md", "+++\ntitle = \"Plans\"\ndate = 2026-12-01T08:00:00Z\n+++\n")];
    let site = site(ALL, "Our [[plans|next steps]].", &others);
    assert!(shown(&site).contains("Our next steps."));
    site.build_at("2026-12-02T08:00:00Z").unwrap();
    assert!(text(&site.output(), "a/index.html").contains("<a href=\"/plans/\">next steps</a>"));
}

#[test]
fn summaries_and_feeds_show_what_the_page_shows() {
    let site = site(
        ALL,
        "A ==marked== :tada: [[ferry|boat]] at https://a.example/b.",
        &[("content/news/ferry.md", "+++\ntitle = \"Ferry\"\n+++\n")],
    );
    let files = site.built();
    let item = json(&files, "feed.json")["items"][0].clone();
    assert_eq!(item["summary"], "A marked \u{1f389} boat at https://a.example/b.");
    let content = item["content_html"].as_str().unwrap();
    for part in [
        "<mark>marked</mark>",
        "\u{1f389}",
        "https://example.org/news/ferry/",
        "href=\"https://a.example/b\"",
    ] {
        assert!(content.contains(part), "{part}: {content}");
    }
}

#[test]
fn a_switch_makes_pages_new_and_no_article_updated() {
    let site = site("", "A ==marked== :tada: word.", &[]);
    let publish = |now: &str| {
        let done = site.command(&["publish", "--now", now]).output().unwrap();
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
        json(&site.output(), "feed.json")["items"][0].clone()
    };
    let before = publish("2026-11-24T12:00:00Z");
    site.write("site.toml", format!("{TOML}{ALL}"));
    let after = publish("2026-11-25T12:00:00Z");
    assert_eq!(before["date_modified"], after["date_modified"]);
    assert_eq!(after["summary"], "A marked \u{1f389} word.");
    let fresh = Site::new(&[]);
    fresh.write("site.toml", format!("{TOML}{ALL}"));
    fresh.write("content/a.md", article("A ==marked== :tada: word."));
    assert_eq!(text(&site.output(), "a/index.html"), text(&fresh.built(), "a/index.html"));
}

#[test]
fn problems_behind_a_rewritten_sign_have_their_own_place() {
    let (_, report) = site(ALL, ":tada: ==x== https://a.example/b [dead](nowhere.md)", &[]).report(&[]);
    let problem = &report["problems"][0];
    assert_eq!((&problem["line"], &problem["column"]), (&5.into(), &41.into()), "{problem}");
}

#[test]
fn signs_in_the_arguments_of_a_component_stay() {
    let body =
        "{{ <figure src=\"https://a.example/:tada:.png\" alt=\"x ==y==\" caption=\"at 10\" /> }}\n\n:tada:";
    let page = text(&site(ALL, body, &[]).built(), "a/index.html");
    assert!(page.contains("https://a.example/:tada:.png") && page.contains("x ==y=="), "{page}");
    assert!(page.contains("<p>\u{1f389}</p>"), "{page}");
}

#[test]
fn emphasis_beside_cjk_punctuation_begins_and_ends() {
    for (body, expected) in [
        ("**\u{6ce8}\u{610f}\u{ff1a}**\u{5728}", "<strong>\u{6ce8}\u{610f}\u{ff1a}</strong>\u{5728}"),
        ("\u{4ed6}\u{8aaa}**\u{300c}\u{597d}\u{300d}**\u{3002}", "<strong>\u{300c}\u{597d}\u{300d}</strong>"),
        (
            "\u{3053}\u{308c}\u{306f}**\u{300c}\u{91cd}\u{8981}\u{300d}**\u{3067}\u{3059}",
            "<strong>\u{300c}\u{91cd}\u{8981}\u{300d}</strong>\u{3067}",
        ),
        (
            "\u{d55c}\u{ad6d}\u{c5b4}**(\u{ac15}\u{c870})**\u{b97c}",
            "<strong>(\u{ac15}\u{c870})</strong>\u{b97c}",
        ),
        ("\u{4e2d}*\u{ff08}\u{6587}\u{ff09}*\u{5b57}", "<em>\u{ff08}\u{6587}\u{ff09}</em>\u{5b57}"),
        ("\u{4e2d}~~\u{ff08}\u{6587}\u{ff09}~~\u{5b57}", "<del>\u{ff08}\u{6587}\u{ff09}</del>\u{5b57}"),
        ("\u{4e2d}**100%**\u{5b57}", "<strong>100%</strong>\u{5b57}"),
        ("\u{4e2d}==\u{300c}\u{6587}\u{300d}==\u{5b57}", "<mark>\u{300c}\u{6587}\u{300d}</mark>\u{5b57}"),
    ] {
        let found = shown(&site(ALL, body, &[]));
        assert!(found.contains(expected), "{body}: {found}");
    }
}

#[test]
fn a_leftover_tag_of_another_generator_is_a_warning_with_its_line() {
    for (tag, kind) in [
        ("{{< youtube abc >}}", "Hugo shortcode"),
        ("{{% notice tip %}}", "Hugo shortcode"),
        ("{{</* x */>}}", "Hugo shortcode"),
        ("{{< /notice >}}", "Hugo shortcode"),
        ("{{ youtube(id=\"x\") }}", "Zola shortcode"),
        ("{% note(kind=\"x\") %}", "Zola shortcode"),
        ("{% endraw %}", "Liquid tag"),
        ("{% include note.html %}", "Liquid tag"),
        ("{%- if page.x -%}", "Liquid tag"),
        ("{{ page.title }}", "Liquid value"),
        ("{{ site.url | append: \"x\" }}", "Liquid value"),
        ("{{- x.y -}}", "Liquid value"),
    ] {
        let (code, report) = site("", &format!("Text.\n\nBefore {tag} after."), &[]).report(&[]);
        let problem = &report["problems"][0];
        assert_eq!(code, Some(0), "{tag}: {report}");
        assert_eq!(
            (&problem["code"], &problem["line"]),
            (&"markdown::foreign_tag".into(), &7.into()),
            "{tag}: {report}"
        );
        assert!(problem["message"].as_str().unwrap().contains(kind), "{tag}: {problem}");
        for quiet in [format!("`{tag}`"), format!("```\n{tag}\n```"), format!("\\{tag}")] {
            let (_, report) = site("", &quiet, &[]).report(&[]);
            assert_eq!(report["problems"], serde_json::json!([]), "{quiet}");
        }
    }
}

#[test]
fn a_moved_source_is_still_named_between_brackets() {
    let others = [
        ("content/news/ferry.md", "+++\ntitle = \"Ferry\"\n+++\n## Night boat\n"),
        ("content/news/tide.md", "+++\ntitle = \"T\"\n+++\n"),
        ("content/docs/tide.md", "+++\ntitle = \"T\"\n+++\n"),
    ];
    let body = "[[Ferry|it]] [[news/ferry#Night boat]] `[[ferry]]` [[docs/tide]]";
    let site = site(ALL, body, &others);
    let moved = site.command(&["mv", "news/ferry.md", "boats/night-boat.md"]).output().unwrap();
    assert!(moved.status.success(), "{moved:?}");
    let source = std::fs::read_to_string(site.path("content/a.md")).unwrap();
    let expected = "[[night-boat|it]] [[boats/night-boat#Night boat]] `[[ferry]]` [[docs/tide]]";
    assert!(source.contains(expected), "{source}");
    assert!(shown(&site).contains("<a href=\"/boats/night-boat/\">it</a>"));
    // A name that two sources have may mean the other one.
    site.write("content/b.md", "+++\ntitle = \"B\"\n+++\n[[tide]]\n");
    site.command(&["mv", "news/tide.md", "news/flood.md"]).output().unwrap();
    assert!(std::fs::read_to_string(site.path("content/b.md")).unwrap().contains("[[tide]]"));
}
