//! What each of the sites in `tests/sites/` is there to show.

use std::fs;

use dateline::feed::lint::{Known, Severity, judge};

use crate::site::{Site, between, json, sources, text};

#[test]
fn a_section_hands_down_its_zone_and_its_fields_and_lists_go_by_weight() {
    let files = Site::copy("nested").built();
    // Nine in the morning in Tokyo, from the section around, and in New York, from its own section.
    for (page, published, kicker, author) in [
        ("places/north/light", "2024-03-05T09:00:00+09:00", "North coast", "The desk"),
        ("places/south/pier", "2024-03-05T09:00:00-05:00", "Own kicker", "Bo Li"),
    ] {
        let html = text(&files, &format!("{page}/index.html"));
        assert!(
            html.contains(&format!("class=\"published dt-published\" datetime=\"{published}\"")),
            "{html}"
        );
        assert!(html.contains(&format!("<p class=\"kicker\">{kicker}</p>")), "{html}");
        assert_eq!(between(&html, "rel=\"author\" href=\"", "</a>").len(), 1, "{html}");
        assert!(html.contains(&format!(">{author}</a>")), "{html}");
    }
    let places = text(&files, "places/index.html");
    let listed = between(&places, "<li><a href=\"", "\"");
    assert_eq!(
        listed,
        [
            "/places/",
            "/places/south/",
            "/places/north/",
            "/places/guide/",
            "/places/map/",
            "/authors/",
            "/subscribe/"
        ]
    );
    let ids = |path: &str| -> Vec<String> {
        let feed = json(&files, path);
        feed["items"].as_array().unwrap().iter().map(|item| item["id"].as_str().unwrap().to_owned()).collect()
    };
    let (pier, light) = (
        "tag:nested.example.org,2024-03-05:places/south/pier",
        "tag:nested.example.org,2024-03-05:places/north/light",
    );
    assert_eq!(ids("places/feed.json"), [pier, light]);
    assert_eq!(ids("places/north/feed.json"), [light]);
    assert_eq!(ids("places/south/feed.json"), [pier]);
}

#[test]
fn pages_are_numbered_from_the_oldest_so_that_a_new_article_moves_none() {
    let site = Site::copy("pages");
    let files = site.built();
    let cards = |path: &str| -> Vec<String> {
        let html = text(&site.output(), path);
        between(&html, "<h2><a href=\"/", "/\"").into_iter().map(str::to_owned).collect()
    };
    assert_eq!(cards("index.html"), ["six", "five"]);
    assert_eq!(cards("page/2/index.html"), ["four", "three"]);
    assert_eq!(cards("page/1/index.html"), ["two", "one"]);
    let links = |path: &str| -> Vec<String> {
        let html = text(&files, path);
        let (_, pager) = html.split_once("aria-label=\"Pages\"").unwrap();
        between(pager, "<a rel=\"", "</a>").into_iter().map(str::to_owned).collect()
    };
    assert_eq!(links("index.html"), ["next\" href=\"/page/2/\">Older"]);
    assert_eq!(links("page/2/index.html"), ["prev\" href=\"/\">Newer", "next\" href=\"/page/1/\">Older"]);
    assert_eq!(links("page/1/index.html"), ["prev\" href=\"/page/2/\">Newer"]);

    // The front has room for one more: no numbered page is written.
    site.write("content/2024-01-07-seven.md", "+++\ntitle = \"Seven\"\n+++\n");
    let seven = site.built();
    assert_eq!(cards("index.html"), ["seven", "six", "five"]);
    for page in ["page/1/index.html", "page/2/index.html"] {
        assert_eq!(files[page], seven[page], "{page}");
    }
    // With two more it would hold two pages' worth: its older half becomes page 3.
    site.write("content/2024-01-08-eight.md", "+++\ntitle = \"Eight\"\n+++\n");
    let eight = site.built();
    assert_eq!(cards("index.html"), ["eight", "seven"]);
    assert_eq!(cards("page/3/index.html"), ["six", "five"]);
    assert_eq!(cards("page/2/index.html"), ["four", "three"]);
    assert_eq!(files["page/1/index.html"], eight["page/1/index.html"]);
}

#[test]
fn addresses_follow_the_pattern_of_the_section_and_old_ones_lead_on() {
    let site = Site::copy("permalinks");
    let files = site.built();
    for path in [
        "2024/02/29/leap-day/index.html",
        // The day is that of the author's clock; in UTC it is the 7th.
        "2024/05/06/straße-café/index.html",
        "n/2023-eau.html",
        "2019/03/04/given/index.html",
        "港/index.html",
    ] {
        assert!(files.contains_key(path), "{path} in {:?}", files.keys());
    }
    assert_eq!(
        text(&files, "_redirects"),
        "/essays/lengthy/ /2019/03/04/given/ 301\n\
         /old/leap.html /2024/02/29/leap-day/ 301\n\
         /old/leap/ /2024/02/29/leap-day/ 301\n"
    );
    for old in ["old/leap/index.html", "old/leap.html"] {
        let html = text(&files, old);
        let target = "https://permalinks.example.org/2024/02/29/leap-day/";
        assert!(html.contains(&format!("<link rel=\"canonical\" href=\"{target}\">")), "{html}");
        assert!(html.contains(&format!("content=\"0; url={target}\"")), "{html}");
    }
    let sitemap = text(&files, "sitemap.xml");
    assert!(!sitemap.contains("/old/"), "{sitemap}");
}

#[test]
fn links_and_the_sitemap_have_addresses_of_the_pattern_percent_encoded() {
    let files = Site::copy("permalinks").built();
    let leap = text(&files, "2024/02/29/leap-day/index.html");
    assert!(leap.contains("<a href=\"/2024/05/06/stra%C3%9Fe-caf%C3%A9/\">here</a>"), "{leap}");
    let sitemap = text(&files, "sitemap.xml");
    assert!(sitemap.contains("<loc>https://permalinks.example.org/%E6%B8%AF/</loc>"), "{sitemap}");
}

#[test]
fn a_date_in_the_path_of_a_source_is_the_date_of_its_article() {
    let files = Site::copy("permalinks").built();
    let given = text(&files, "2019/03/04/given/index.html");
    assert!(given.contains("datetime=\"2019-03-04T00:00:00Z\""), "{given}");
}

#[test]
fn slugs_of_ascii_letters_change_addresses_and_no_id() {
    let site = Site::copy("permalinks");
    let files = site.built();
    let toml = fs::read_to_string(site.path("site.toml")).unwrap();
    site.write("site.toml", format!("slugs = \"ascii\"\n{toml}"));
    let ascii = site.built();
    assert!(ascii.contains_key("2024/05/06/strasse-cafe/index.html"), "{:?}", ascii.keys());
    assert!(!ascii.keys().any(|path| !path.is_ascii()), "{:?}", ascii.keys());
    let ids = |rss: &str| -> Vec<String> {
        between(rss, "<guid isPermaLink=\"false\">", "<").into_iter().map(str::to_owned).collect()
    };
    assert_eq!(ids(&text(&files, "rss.xml")), ids(&text(&ascii, "rss.xml")), "ids are not made of slugs");
}

#[test]
fn the_report_counts_what_is_held_back_and_names_what_is_next() {
    let (code, report) = Site::copy("held").report(&[]);
    assert_eq!(code, Some(0), "{report:#}");
    assert_eq!(
        report["held"],
        serde_json::json!({
            "drafts": 2,
            "scheduled": 1,
            "expired": 1,
            "next": "2026-11-25T08:00:00Z",
            "next_source": "content/news/soon-gone.md",
        })
    );
}

#[test]
fn what_is_held_back_is_in_no_output() {
    for (path, bytes) in Site::copy("held").built() {
        let bytes = String::from_utf8_lossy(&bytes).into_owned();
        assert!(!path.contains("secret") && !bytes.contains("secret"), "{path}: {bytes}");
    }
}

#[test]
fn a_link_to_what_is_held_back_keeps_its_text_and_is_a_warning() {
    let site = Site::copy("held");
    let (_, report) = site.report(&[]);
    let html = text(&site.output(), "news/now/index.html");
    assert!(
        html.contains("<p>See the plan, the draft, <a href=\"/news/was-here/\">what was</a>.</p>"),
        "{html}"
    );
    let warned: Vec<&str> = report["problems"]
        .as_array()
        .unwrap()
        .iter()
        .map(|problem| problem["message"].as_str().unwrap())
        .collect();
    let held = |file: &str| {
        format!("this links to content/news/{file}, which is held back; the link's text stands without it")
    };
    assert_eq!(warned, [held("secret-later/index.md"), held("secret-draft.md")]);
}

#[test]
fn what_is_held_back_comes_out_on_the_second() {
    let site = Site::copy("held");
    let at = |now: &str| {
        let output = site.command(&["build", "--now", now]).output().unwrap();
        assert!(output.status.success(), "{output:?}");
        site.output()
    };
    // A second earlier the one article is still there, and the other not yet.
    let before = at("2026-11-24T11:59:59Z");
    assert!(
        text(&before, "news/was-here/index.html").contains("secret words")
            && !before.contains_key("news/now/index.html")
    );
    let out = at("2026-12-01T09:00:00Z");
    for path in
        ["news/secret-later/index.html", "news/secret-later/secret-chart.png", "secret-alias/index.html"]
    {
        assert!(out.contains_key(path), "{path}");
        assert!(!before.contains_key(path), "{path}");
    }
    assert!(text(&out, "news/soon-gone/index.html").contains("No longer here"));
    let page = text(&out, "news/now/index.html");
    assert!(page.contains("<a href=\"/news/secret-later/\">the plan</a>"), "{page}");
}

#[test]
fn templates_and_components_of_the_site_stand_before_those_of_the_theme() {
    let files = Site::copy("own-theme").built();
    let new = text(&files, "opinion/new/index.html");
    assert!(new.contains("<body class=\"teal\">"), "{new}");
    assert!(new.contains("<p>2024, day 032; cheerful</p>"), "{new}");
    assert!(new.contains("<p>The water stands at <b>3 m at the quay</b>.</p>"), "{new}");
    assert!(
        new.contains("<div class=\"box\"><p>Or <em>here</em>: <b>4 m at the &lt;lock&gt;</b></p>"),
        "{new}"
    );
    assert!(new.contains("<code>{{ &lt;level metres={5} /&gt; }}</code>"), "{new}");
    let old = text(&files, "opinion/old/index.html");
    assert!(old.contains("<p>2024, day 001; no mood</p>"), "{old}");
    for (path, html) in files.iter().filter(|(path, _)| path.ends_with(".html")) {
        let html = String::from_utf8_lossy(html);
        if path == "notice/index.html" {
            assert!(html.contains("<body>NOTICE: No swimming</body>"), "{html}");
            continue;
        }
        assert!(html.contains("<p>Opinion: New view</p>\n<p>Tides: Old view</p>"), "{path}: {html}");
    }
    // The bundle, which is made of the site's own sheet alone.
    assert_eq!(text(&files, "style.css"), "body{color:teal}");
}

#[test]
fn what_only_templates_of_the_site_know_how_to_show_stays_out_of_feeds() {
    let files = Site::copy("own-theme").built();
    let feed = json(&files, "feed.json");
    assert_eq!(
        feed["items"][0]["content_html"],
        "<p>The water stands at <b>3 m at the quay</b>.</p>\n<div><p>Or <em>here</em>: <b>4 m at the &lt;lock&gt;</b></p>\n</div>\n<p>In code it is left alone: <code>{{ &lt;level metres={5} /&gt; }}</code></p>"
    );
}

#[test]
fn feeds_are_those_that_were_asked_for() {
    let files = Site::copy("feed-choices").built();
    let feeds: Vec<&str> = files
        .keys()
        .map(String::as_str)
        .filter(|path| [".rss", ".json", "atom.xml", "rss.xml"].iter().any(|end| path.ends_with(end)))
        .collect();
    assert_eq!(feeds, ["index.rss", "items.json", "series/letters/atom.xml", "whole/atom.xml"]);
    let titles = |path: &str| -> Vec<String> {
        let feed = feed_rs::parser::parse(files[path].as_slice()).unwrap();
        feed.entries.into_iter().map(|entry| entry.title.unwrap().content).collect()
    };
    assert_eq!(titles("index.rss"), ["Third", "Second"]);
    assert_eq!(titles("items.json"), ["Third", "Second"]);
    assert_eq!(titles("series/letters/atom.xml"), ["Third"]);
    assert_eq!(titles("whole/atom.xml"), ["Third"]);
}

#[test]
fn feeds_have_their_hub_their_time_to_live_and_the_date_of_their_newest_change() {
    let files = Site::copy("feed-choices").built();
    let rss = text(&files, "index.rss");
    assert!(rss.contains("<ttl>90</ttl>"), "{rss}");
    assert!(rss.contains("<atom:link href=\"https://hub.example.org/\" rel=\"hub\">"), "{rss}");
    // The newest change among its entries, which is that of an older article; never the build's time.
    assert!(rss.contains("<lastBuildDate>Thu, 04 Apr 2024 12:00:00 +0000</lastBuildDate>"), "{rss}");
    assert!(rss.contains("<pubDate>Sun, 03 Mar 2024 12:00:00 +0000</pubDate><lastBuildDate>"), "{rss}");
    let items = json(&files, "items.json");
    assert_eq!(items["hubs"], serde_json::json!([{ "type": "WebSub", "url": "https://hub.example.org/" }]));
}

#[test]
fn feeds_have_summaries_or_whole_texts_as_was_asked_for() {
    let files = Site::copy("feed-choices").built();
    let items = json(&files, "items.json");
    assert_eq!(items["items"][0]["content_text"], "In short.");
    for path in ["index.rss", "items.json", "series/letters/atom.xml"] {
        let feed = text(&files, path);
        assert!(feed.contains("In short.") && !feed.contains("The whole text"), "{path}: {feed}");
    }
    let whole = text(&files, "whole/atom.xml");
    assert!(whole.contains("&lt;p&gt;The whole text of the third.&lt;/p&gt;"), "{whole}");
}

#[test]
fn every_page_names_its_own_feeds_and_no_other() {
    let files = Site::copy("feed-choices").built();
    let named = |page: &str| -> Vec<String> {
        let html = text(&files, page);
        let links = between(&html, "<link rel=\"alternate\"", ">");
        links.iter().map(|link| between(link, "https://choices.example.org/", "\"")[0].to_owned()).collect()
    };
    assert_eq!(named("whole/second/index.html"), ["whole/atom.xml", "index.rss", "items.json"]);
    assert_eq!(named("quiet/first/index.html"), ["index.rss", "items.json"]);
    assert_eq!(named("tags/ink/index.html"), ["index.rss", "items.json"]);
    assert_eq!(named("series/letters/index.html"), ["series/letters/atom.xml", "index.rss", "items.json"]);
}

/// What XML 1.0, section 2.2, lets a document have.
fn is_xml(letter: char) -> bool {
    matches!(letter, '\t' | '\n' | '\r' | ' '..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..)
}

/// Titles of the site `hostile`, newest first.
const TITLES: [&str; 8] = [
    "Wire <b>bold</b> & ]]>",
    "'Single', \"double\" and `back`",
    "\u{5e9}\u{5dc}\u{5d5}\u{5dd} \u{202e}olleh\u{202c} \u{1f468}\u{200d}\u{1f469}\u{200d}\u{1f467} \u{1f1ed}\u{1f1f0}",
    "HTML </script><script>alert(1)</script> ]]> &amp; &lt;",
    "Bell and and end",
    "Markup & <em>more</em> of it &#38; &lt;all&gt;",
    "Broken <b>HTML &",
    "\u{1d56c}stral \u{20bb7} \u{fe0f}\u{200b} e\u{301} \u{10fffd}",
];

#[test]
fn every_file_has_only_letters_that_its_format_allows() {
    let files = Site::copy("hostile").built();
    for (path, bytes) in files.iter().filter(|(path, _)| *path != "style.css") {
        let text = std::str::from_utf8(bytes).unwrap();
        // HTML allows a form feed, XML does not.
        let html = path.ends_with(".html");
        let bad = text.chars().find(|c| !(is_xml(*c) || html && *c == '\u{c}') || *c == '\u{feff}');
        assert_eq!(bad, None, "{path}");
    }
}

#[test]
fn hostile_titles_are_text_in_feeds_and_hostile_bodies_are_harmless() {
    let files = Site::copy("hostile").built();
    for path in ["rss.xml", "atom.xml", "feed.json"] {
        let feed = feed_rs::parser::parse(files[path].as_slice()).unwrap();
        assert_eq!(feed.title.unwrap().content, "Hostile & \"friends\" </title>", "{path}");
        assert_eq!(feed.description.unwrap().content.replace("&gt;", ">"), "]]> & <i>more</i>", "{path}");
        for (entry, title) in feed.entries.iter().zip(TITLES) {
            assert_eq!(entry.title.as_ref().unwrap().content, title, "{path}");
            let body = entry.content.as_ref().unwrap().body.as_ref().unwrap();
            for bad in
                ["<script", "onclick", "onload", "style=", "javascript:", "<form", "<iframe", "<svg", "<!--"]
            {
                assert!(!body.to_lowercase().contains(bad), "{path}: {bad} in {body}");
            }
        }
        assert_eq!(feed.entries.len(), TITLES.len());
    }
}

#[test]
fn hostile_text_is_text_on_pages() {
    let files = Site::copy("hostile").built();
    for (page, title) in ["wire", "words", "rtl", "html"].into_iter().zip(TITLES) {
        let html = text(&files, &format!("{page}/index.html"));
        let data = between(&html, "<script type=\"application/ld+json\">", "</script>");
        let data: serde_json::Value = serde_json::from_str(data[0]).unwrap();
        assert_eq!(data["headline"], title, "{page}");
        assert_eq!(between(&html, "<title>", "</title>").len(), 1, "{page}");
        assert_eq!(between(&html, "<h1", "</h1>").len(), 1, "{page}");
    }
    let html = text(&files, "html/index.html");
    assert!(
        html.contains(
            "<h1 class=\"p-name\">HTML &lt;/script&gt;&lt;script&gt;alert(1)&lt;/script&gt; ]]&gt; &amp;amp; &amp;lt;</h1>"
        ),
        "{html}"
    );
    let wire = text(&files, "wire/index.html");
    assert!(
        wire.contains(
            "<p>Lines of &lt;script&gt;alert(5)&lt;/script&gt; text  and *stars* &amp; [brackets](x).</p>"
        ),
        "{wire}"
    );
    assert!(files.contains_key("tags/r-d-lab/index.html") && files.contains_key("tags/title/index.html"));
}

/// The words of `text` that begin with `mark`.
fn marked<'a>(text: &'a str, mark: &str) -> Vec<&'a str> {
    let is_part = |c: char| c.is_ascii_alphanumeric() || c == '-';
    text.split(|c| !is_part(c)).filter(|word| word.starts_with(mark) && word.len() > mark.len()).collect()
}

#[test]
fn hostile_articles_reach_subscribers_whole() {
    let site = Site::copy("hostile");
    let long = "Long ".repeat(200_000);
    site.write("content/long.md", format!("+++\ntitle = \"{long}\"\ndate = 2023-12-28\n+++\nkeep-long\n"));
    let files = site.built();
    let sources = sources("hostile");
    let pages = [("markup", "html"), ("broken", "html"), ("letters", "md")];
    for path in ["rss.xml", "atom.xml", "feed.json"] {
        let url = format!("https://hostile.example.org/{path}");
        let judgement = judge(&files[path], &Known { url: Some(&url), now: None });
        let errors: Vec<_> = judgement
            .findings
            .iter()
            .filter(|finding| finding.rule.about().severity == Severity::Error)
            .collect();
        assert!(errors.is_empty(), "{path}: {errors:#?}");
        assert_eq!((judgement.entries, judgement.encoding), (9, "UTF-8"), "{path}");
        let feed = feed_rs::parser::parse(files[path].as_slice()).unwrap();
        let entry = |name: &str| {
            let end = format!(":{name}");
            feed.entries.iter().find(|entry| entry.id.ends_with(&end)).unwrap()
        };
        for (name, end) in pages {
            let source = text(&sources, &format!("content/{name}.{end}"));
            let entry = entry(name);
            let body = entry.content.as_ref().and_then(|content| content.body.clone()).unwrap();
            let summary = entry.summary.as_ref().map_or_else(String::new, |summary| summary.content.clone());
            let kept = marked(&source, "keep-");
            assert!(kept.len() > 4);
            for word in kept {
                let found = body.contains(word) || (word == "keep-summary" && summary.contains(word));
                assert!(found, "{path}: {word} is lost: {body}");
            }
            assert_eq!(marked(&body, "drop-"), Vec::<&str>::new(), "{path}");
        }
        assert_eq!(entry("long").title.as_ref().unwrap().content, long.trim(), "{path}");
        let body = entry("markup").content.as_ref().and_then(|content| content.body.clone()).unwrap();
        for link in [
            "<a href=\"https://hostile.example.org/markup/near/\">",
            "<a href=\"https://cdn.example.org/x\">",
            "<a href=\"https://hostile.example.org/markup/#part\">",
            "<a href=\"https://films.example.org/keep-film\">",
            "<a href=\"https://hostile.example.org/keep-video.mp4\">",
            "<a href=\"https://hostile.example.org/markup/keep-audio.mp3\">",
            "<a href=\"https://hostile.example.org/markup/keep-object.pdf\">",
            "<img src=\"https://hostile.example.org/markup/only-2.png\" alt=\"keep-srcset\">",
            "<img src=\"data:image/gif;base64,R0lGODlhAQABAAAAACw=\" alt=\"keep-dot\">",
            "keep-x<sup>2</sup>=(1)/(keep-y)",
            "<p>keep-noscript</p>",
        ] {
            assert!(body.contains(link), "{path}: {link} in {body}");
        }
    }
}

#[test]
fn every_script_and_zone_has_its_dates_its_slug_and_its_language() {
    let files = Site::copy("scripts").built();
    // In 2012 Moscow's clocks were four hours ahead of UTC all year round.
    for (page, lang, published) in [
        ("2014/02/14/港口", "zh-Hant", "2014-02-14T14:47:00+08:00"),
        ("2012/06/01/гавань", "ru", "2012-06-01T12:00:00+04:00"),
        ("2020/01/01/बंदरगाह", "hi", "2020-01-01T00:00:00+05:30"),
        ("2020/07/01/λιμάνι", "el", "2020-07-01T21:00:00+03:00"),
    ] {
        let html = text(&files, &format!("{page}/index.html"));
        assert!(html.contains(&format!("<html lang=\"{lang}\" dir=\"ltr\"")), "{html}");
        assert!(
            html.contains(&format!("class=\"published dt-published\" datetime=\"{published}\"")),
            "{html}"
        );
        assert!(html.contains(&format!("\"inLanguage\":\"{lang}\"")), "{html}");
        let atom = text(&files, "atom.xml");
        let rest = atom.split(&format!("<published>{published}</published>")).nth(1).unwrap();
        let own = if lang == "zh-Hant" { String::new() } else { format!(" xml:lang=\"{lang}\"") };
        assert!(rest.split("</entry>").next().unwrap().contains(&format!("<content{own} type=\"html\">")));
    }
    let front = text(&files, "index.html");
    assert!(front.contains("title=\"2014年2月14日 下午2:47\">2014年2月14日</time>"), "{front}");
    // A day without a time is shown as a day.
    assert!(front.contains(">1 जनवरी 2020</time>"), "{front}");
    let dates = between(&front, "dt-published\" datetime=\"", "\"");
    assert_eq!(
        dates,
        [
            "2020-07-01T21:00:00+03:00",
            "2020-01-01T00:00:00+05:30",
            "2014-02-14T14:47:00+08:00",
            "2012-06-01T12:00:00+04:00"
        ]
    );
}
