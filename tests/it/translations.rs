//! A site in several languages: which source is in which, what leads from one to the other, and that a feed has one.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;

use crate::site::{Files, NOW, Site, TOML, between, json, text, tree};

/// A site in English, German and Arabic with these files.
fn multilingual(files: &[(&str, &str)]) -> Site {
    let site = Site::new(files);
    site.write("site.toml", format!("{TOML}[languages.de]\n[languages.ar]\n"));
    site
}

fn article(title: &str, more: &str) -> String {
    format!("+++\ntitle = \"{title}\"\ndate = 2026-01-05T10:00:00Z\n{more}\n+++\nThe text of {title}.\n")
}

/// The path from the root of a whole URL of the test site.
fn local(url: &str) -> String {
    let path = url.split_once("example.org/").map_or(url, |(_, path)| path);
    if path.is_empty() || path.ends_with('/') { format!("{path}index.html") } else { path.to_owned() }
}

/// The languages that a page names, each with the file of its URL.
fn hreflangs(page: &str) -> BTreeMap<String, String> {
    let links = between(page, "<link rel=\"alternate\" hreflang=\"", ">");
    let pair = |link: &str| {
        let (language, rest) = link.split_once('"').unwrap();
        (language.to_owned(), local(between(rest, "href=\"", "\"")[0]))
    };
    links.into_iter().map(pair).collect()
}

/// The titles of the entries of a JSON Feed.
fn entries(files: &Files, path: &str) -> Vec<String> {
    let feed = json(files, path);
    let items = feed["items"].as_array().unwrap().iter();
    items.map(|item| item["title"].as_str().unwrap_or_default().to_owned()).collect()
}

#[test]
fn translations_lead_to_one_another_both_ways_on_every_page() {
    let files = Site::copy("languages").built();
    let mut groups = 0;
    for (path, bytes) in files.iter().filter(|(path, _)| path.ends_with(".html")) {
        let page = String::from_utf8_lossy(bytes);
        let own = hreflangs(&page);
        if own.is_empty() {
            continue;
        }
        groups += 1;
        let language = between(&page, "<html lang=\"", "\"")[0].to_owned();
        assert_eq!(own.get(&language), Some(path), "{path} does not name itself");
        assert_eq!(own.get("x-default"), own.get("en"), "{path}");
        for other in own.values() {
            assert_eq!(hreflangs(&text(&files, other)), own, "{other} and {path}");
        }
    }
    assert!(groups > 20, "{groups}");
}

#[test]
fn the_sitemap_names_the_same_translations_as_the_pages() {
    let files = Site::copy("languages").built();
    let index = text(&files, "sitemap.xml");
    let parts: Vec<String> = between(&index, "<loc>", "</loc>").into_iter().map(local).collect();
    assert_eq!(parts, ["sitemap-en.xml", "sitemap-de.xml", "sitemap-ar.xml", "sitemap-zh-hant.xml"]);
    let mut pages = 0;
    for part in parts {
        for url in between(&text(&files, &part), "<url>", "</url>") {
            let page = local(between(url, "<loc>", "</loc>")[0]);
            let links = between(url, "hreflang=\"", "/>").into_iter().map(|link| {
                let (language, rest) = link.split_once('"').unwrap();
                (language.to_owned(), local(between(rest, "href=\"", "\"")[0]))
            });
            let links: BTreeMap<String, String> = links.collect();
            assert_eq!(links, hreflangs(&text(&files, &page)), "{page}");
            pages += 1;
        }
    }
    assert!(pages > 30, "{pages}");
}

/// The Open Graph protocol writes `language_TERRITORY`.
#[test]
fn locales_for_link_previews_are_a_language_and_a_territory() {
    let site = Site::new(&[
        ("content/a.md", "+++\ntitle = \"A\"\ndate = 2026-01-01\n+++\nText.\n"),
        ("content/a.de.md", "+++\ntitle = \"A\"\ndate = 2026-01-01\n+++\nText.\n"),
    ]);
    site.write("site.toml", format!("{TOML}locale = \"en-GB\"\n[languages.de]\nlocale = \"de-AT\"\n"));
    let page = text(&site.built(), "de/a/index.html");
    assert_eq!(between(&page, "\"og:locale\" content=\"", "\""), ["de_AT"]);
    assert_eq!(between(&page, "\"og:locale:alternate\" content=\"", "\""), ["en_GB"]);
}

#[test]
fn a_feed_has_the_articles_of_one_language_and_says_which() {
    let files = Site::copy("languages").built();
    let of = |path: &str| {
        let language = json(&files, path)["language"].as_str().unwrap().to_owned();
        (language, entries(&files, path))
    };
    let titles = |titles: &[&str]| titles.iter().map(|title| (*title).to_owned()).collect::<Vec<_>>();
    assert_eq!(
        of("feed.json"),
        ("en".into(), titles(&["A new ferry sails", "The lamps are lit again", "A storm at night"]))
    );
    assert_eq!(
        of("de/feed.json"),
        ("de".into(), titles(&["Die Regatta", "Eine neue Fähre fährt", "Ein Sturm in der Nacht"]))
    );
    assert_eq!(of("ar/feed.json"), ("ar".into(), titles(&["عبّارة جديدة تبحر"])));
    assert_eq!(of("ar/news/feed.json").1, titles(&["عبّارة جديدة تبحر"]));
    assert_eq!(of("zh-hant/feed.json"), ("zh-Hant".into(), titles(&["新渡輪啟航"])));
    assert_eq!(json(&files, "de/feed.json")["title"], "Die Zwei Kais");
    assert!(text(&files, "de/rss.xml").contains("<language>de</language>"));
    assert!(text(&files, "de/atom.xml").contains("xml:lang=\"de\""));
    // Ids are told apart too.
    let ids: BTreeSet<String> = files
        .keys()
        .filter(|path| path.ends_with("/atom.xml") || *path == "atom.xml")
        .map(|path| between(&text(&files, path), "<id>", "</id>")[0].to_owned())
        .collect();
    assert_eq!(ids.len(), files.keys().filter(|path| path.ends_with("atom.xml")).count());
}

#[test]
fn a_feed_of_several_languages_says_the_language_of_each_entry() {
    let files = Site::copy("languages").built();
    let feed = json(&files, "feeds/both/feed.json");
    let items = feed["items"].as_array().unwrap();
    let of = |title: &str| items.iter().find(|item| item["title"] == title).unwrap()["language"].clone();
    assert_eq!(of("Die Regatta"), "de");
    assert_eq!(items.len(), 6);
}

#[test]
fn what_is_not_translated_is_in_the_lists_of_a_language_only_where_it_asks_for_that() {
    let files = Site::copy("languages").built();
    let arabic = text(&files, "ar/news/index.html");
    assert!(arabic.contains("<a href=\"/news/lamps/\""), "{arabic}");
    assert!(arabic.contains("<a href=\"/ar/news/ferry/\""));
    // An article with a translation is not shown twice.
    assert!(!arabic.contains("<a href=\"/news/ferry/\">"));
    // It says that it is in English, from left to right.
    let card =
        between(&arabic, "<article", "</article>").into_iter().find(|card| card.contains("/news/lamps/"));
    assert!(card.unwrap().contains("lang=\"en\" dir=\"ltr\""), "{card:?}");
    let german = text(&files, "de/nachrichten/index.html");
    assert!(!german.contains("/news/lamps/"), "{german}");
    assert!(!files.contains_key("ar/news/lamps/index.html"));
}

#[test]
fn name_folder_and_front_matter_make_the_same_translation() {
    let german = article("Fähre", "");
    let stated = article("Fähre", "lang = \"de\"\ntranslation_of = \"news/ferry\"");
    let cases = [
        ("content/news/ferry.de.md", &german, "de/news/ferry/index.html"),
        ("content/de/news/ferry.md", &german, "de/news/ferry/index.html"),
        ("content/news/ferry.DE.md", &german, "de/news/ferry/index.html"),
        ("content/news/ferry/index.de.md", &german, "de/news/ferry/index.html"),
        ("content/news/die-faehre.md", &stated, "de/news/die-faehre/index.html"),
        ("content/de/anders/faehre.md", &stated, "de/anders/faehre/index.html"),
    ];
    for (source, german, path) in cases {
        let site = multilingual(&[("content/news/ferry.md", &article("Ferry", "")), (source, german)]);
        let files = site.built();
        let of = hreflangs(&text(&files, "news/ferry/index.html"));
        assert_eq!(of.get("de").map(String::as_str), Some(path), "{source}");
        assert_eq!(entries(&files, "feed.json"), ["Ferry"], "{source}");
        assert_eq!(entries(&files, "de/feed.json"), ["Fähre"], "{source}");
    }
}

#[test]
fn a_link_to_a_source_leads_to_its_translation_if_there_is_one() {
    let files = Site::copy("languages").built();
    let german = text(&files, "de/nachrichten/neue-faehre/index.html");
    assert!(german.contains("<a href=\"/de/nachrichten/storm/\">"), "{german}");
    assert!(german.contains("<a href=\"/news/lamps/\">"), "{german}");
    let english = text(&files, "news/ferry/index.html");
    assert!(english.contains("<a href=\"/news/storm/\">"));
}

#[test]
fn the_languages_of_a_bundle_share_its_files() {
    let files = Site::copy("languages").built();
    assert!(files.contains_key("news/storm/waves.png"));
    for page in ["news/storm/index.html", "de/nachrichten/storm/index.html"] {
        assert!(text(&files, page).contains("src=\"/news/storm/waves.png\""), "{page}");
    }
    // Without the site's own language, the files are beside the translation.
    let site = Site::copy("languages");
    std::fs::remove_file(site.path("content/news/storm/index.md")).unwrap();
    let article = std::fs::read_to_string(site.path("content/news/ferry.md")).unwrap();
    site.write("content/news/ferry.md", article.replace("[The storm](storm/index.md)", "The storm"));
    let files = site.built();
    assert!(files.contains_key("de/nachrichten/storm/waves.png"));
}

#[test]
fn terms_sections_and_authors_have_names_in_each_language() {
    let files = Site::copy("languages").built();
    let term = text(&files, "de/themen/faehren/index.html");
    assert!(term.contains("<h1>Fähren</h1>") && term.contains("Alles, was übersetzt."), "{term}");
    assert_eq!(hreflangs(&term)["en"], "tags/ferries/index.html");
    assert!(text(&files, "de/themen/index.html").contains("Schlagwörter"));
    assert!(text(&files, "de/nachrichten/index.html").contains("<h1>Nachrichten</h1>"));
    assert!(text(&files, "de/authors/mina/index.html").contains("Schreibt über die Fähren."));
    assert!(text(&files, "authors/mina/index.html").contains("Writes about the ferries."));
    // A section without a text of its own in a language is called as in the site's own.
    assert!(text(&files, "zh-hant/news/index.html").contains("<h1>News</h1>"));
}

#[test]
fn dates_without_an_offset_are_in_the_zone_of_their_language() {
    let files = Site::copy("languages").built();
    let feed = json(&files, "zh-hant/feed.json");
    assert_eq!(feed["items"][0]["date_published"], "2026-05-05T18:00:00+08:00");
    let feed = json(&files, "de/feed.json");
    assert_eq!(feed["items"][0]["date_published"], "2026-06-01T00:00:00+02:00");
}

#[test]
fn without_languages_a_name_means_nothing_and_a_likely_translation_is_warned_about() {
    let site = Site::new(&[
        ("content/news/ferry.md", &article("Ferry", "")),
        ("content/news/ferry.de.md", &article("Fähre", "")),
        ("content/news/node.js.md", &article("Node", "")),
    ]);
    let (code, problems) = site.problems(&[]);
    assert_eq!(code, Some(0));
    let warning = "translation::undeclared content/news/ferry.de.md this is named like a translation (`.de`), and the site has no language `de`: it is an article of its own";
    assert!(problems.iter().any(|problem| problem == warning), "{problems:?}");
    assert_eq!(problems.iter().filter(|one| one.starts_with("translation::")).count(), 1, "{problems:?}");
    assert!(site.output().contains_key("news/ferry-de/index.html"));
}

#[test]
fn translations_that_can_not_be_are_warned_about() {
    let site = multilingual(&[
        ("content/news/ferry.md", &article("Ferry", "")),
        ("content/news/boat.md", &article("Boat", "translation_of = \"news/ferry\"")),
        ("content/news/kahn.de.md", &article("Kahn", "translation_of = \"news/fery\"")),
    ]);
    let (code, problems) = site.problems(&[]);
    assert_eq!(code, Some(0));
    assert_eq!(
        problems,
        [
            "translation::twice content/news/boat.md this and content/news/ferry.md are one article in one language: `news/ferry`",
            "translation::unknown content/news/kahn.de.md:4:18 `translation_of` names \u{201c}news/fery\u{201d}, and no article or page is called that",
        ]
    );
    let (_, report) = site.report(&[]);
    assert_eq!(report["problems"][1]["help"], "did you mean `news/ferry`?");
}

#[test]
fn the_ledger_keeps_translations_together_when_one_of_them_is_renamed() {
    let site = multilingual(&[
        ("content/news/ferry.md", &article("Ferry", "")),
        ("content/news/ferry.de.md", &article("Fähre", "")),
    ]);
    let publish = || {
        let output = site.command(&["publish", "--now", NOW]).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        site.output()
    };
    let before = publish();
    let ids = |files: &Files| {
        let of = |path: &str| json(files, path)["items"][0]["id"].as_str().unwrap().to_owned();
        [of("feed.json"), of("de/feed.json")]
    };
    for (from, to) in [("news/ferry.de.md", "news/faehre.de.md"), ("news/ferry.md", "news/boat.md")] {
        std::fs::rename(site.path(&format!("content/{from}")), site.path(&format!("content/{to}"))).unwrap();
        let after = publish();
        assert_eq!(ids(&before), ids(&after));
        let page = if to.contains("boat") { "news/boat/index.html" } else { "news/ferry/index.html" };
        assert_eq!(hreflangs(&text(&after, page))["de"], "de/news/faehre/index.html", "{to}");
    }
    let explained = site.command(&["explain", "news/boat", "--now", NOW]).output().unwrap();
    let explained = String::from_utf8(explained.stdout).unwrap();
    assert!(
        explained.contains("de: https://example.org/de/news/faehre/ (content/news/faehre.de.md)"),
        "{explained}"
    );
}

#[test]
fn with_a_prefix_for_every_language_the_root_leads_to_them() {
    let site = Site::copy("languages");
    let settings = std::fs::read_to_string(site.path("site.toml")).unwrap();
    let settings = settings
        .replace("[languages.de]", "[languages]\nprefix_default = true\nnegotiate = true\n\n[languages.de]");
    site.write("site.toml", settings);
    let files = site.built();
    let root = text(&files, "index.html");
    for home in ["/en/", "/de/", "/ar/", "/zh-hant/"] {
        assert!(root.contains(&format!("<a href=\"{home}\"")), "{home} in {root}");
    }
    assert!(files.contains_key("en/news/ferry/index.html") && files.contains_key("en/feed.json"));
    assert!(!files.contains_key("news/ferry/index.html"));
    let rules = text(&files, "_redirects");
    assert!(rules.contains("/ /de/ 302! Language=de\n"), "{rules}");
    let nginx = site.command(&["hosting", "nginx"]).output().unwrap();
    let nginx = String::from_utf8(nginx.stdout).unwrap();
    assert!(nginx.contains("~*^zh-Hant([^a-z]|$) \"/zh-hant/\";"), "{nginx}");
    let caddy = site.command(&["hosting", "caddy"]).output().unwrap();
    assert!(String::from_utf8(caddy.stdout).unwrap().contains("redir @in_zh_hant \"/zh-hant/\" 302"));
}

#[test]
fn what_is_wrong_in_the_settings_of_a_language_is_said_at_its_place() {
    let site = Site::new(&[]);
    for (toml, code, message) in [
        ("[languages.\"german!\"]\n", "metadata::invalid", "language tag"),
        ("[languages.\"in Germany\"]\n", "metadata::", "language tag"),
        ("[languages.de]\nfallback = \"shw\"\n", "metadata::", "fallback"),
        (
            "[languages.de]\npath = \"/x/\"\n[languages.fr]\npath = \"x\"\n",
            "metadata::",
            "two languages have the path /x/",
        ),
        ("[languages.de]\nlanguageName = \"Deutsch\"\n", "metadata::", "languageName"),
        ("[languages]\nnegotiate = true\n[languages.de]\n", "metadata::", "negotiate"),
    ] {
        site.write("site.toml", format!("{TOML}{toml}"));
        let (_, problems) = site.problems(&[]);
        let is_it = |problem: &String| problem.contains("site.toml:") && problem.contains(message);
        assert!(problems.iter().any(is_it), "{toml} {code}: {problems:?}");
    }
}

/// Something that happens to a site in several languages.
#[derive(Debug, Clone)]
enum Event {
    Write { article: usize, language: usize, text: u8 },
    Delete { article: usize, language: usize },
    Rename { article: usize, language: usize },
    Settings { fallback: bool, title: u8 },
    Describe { language: usize },
}

fn event() -> impl Strategy<Value = Event> {
    let (article, language) = (0..4usize, 0..3usize);
    prop_oneof![
        4 => (article.clone(), language.clone(), any::<u8>())
            .prop_map(|(article, language, text)| Event::Write { article, language, text }),
        2 => (article.clone(), language.clone()).prop_map(|(article, language)| Event::Delete { article, language }),
        1 => (article, language.clone()).prop_map(|(article, language)| Event::Rename { article, language }),
        1 => (any::<bool>(), 0..3u8).prop_map(|(fallback, title)| Event::Settings { fallback, title }),
        1 => language.prop_map(|language| Event::Describe { language }),
    ]
}

fn apply(event: &Event, site: &Site) {
    let suffix = |language: usize| ["", ".de", ".ar"][language];
    let name = |article: usize, language: usize| {
        site.path(&format!("content/news/a{article}{}.md", suffix(language)))
    };
    match *event {
        Event::Write { article, language, text } => {
            let more = format!("tags = [\"t{}\"]\nupdated = 2026-02-{:02}", text % 3, text % 27 + 1);
            let text = self::article(&format!("A{article} {language} {text}"), &more);
            std::fs::write(name(article, language), text + "[other](a0.md)\n").unwrap();
        }
        Event::Delete { article, language } => _ = std::fs::remove_file(name(article, language)),
        Event::Rename { article, language } => {
            _ = std::fs::rename(name(article, language), name(article + 4, language));
        }
        Event::Settings { fallback, title } => {
            let fallback = if fallback { "show" } else { "none" };
            let check = "[check]\nsources = \"ignore\"\n";
            let toml = format!(
                "{TOML}{check}[languages.de]\ntitle = \"T{title}\"\n[languages.ar]\nfallback = \"{fallback}\"\n"
            );
            site.write("site.toml", toml);
        }
        Event::Describe { language } => {
            site.write(
                &format!("content/news/_index{}.md", suffix(language)),
                "+++\ntitle = \"N\"\n+++\nText.\n",
            );
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 8, max_shrink_iters: 40, ..ProptestConfig::default() })]
    #[test]
    fn an_increment_in_several_languages_equals_a_fresh_build(events in prop::collection::vec(event(), 1..7)) {
        let site = Site::new(&[("content/news/a0.md", &article("A0", ""))]);
        apply(&Event::Settings { fallback: true, title: 0 }, &site);
        site.built();
        for event in &events {
            apply(event, &site);
            if !site.path("content/news/a0.md").exists() {
                apply(&Event::Write { article: 0, language: 0, text: 1 }, &site);
            }
            site.built();
        }
        let fresh = Site::new(&[]);
        std::fs::remove_file(fresh.path("content/_index.md")).unwrap();
        for (path, bytes) in tree(site.0.path()) {
            if path == "site.toml" || path.starts_with("content/") {
                fresh.write(&path, bytes);
            }
        }
        prop_assert_eq!(site.output(), fresh.built());
    }
}

#[test]
fn straight_quotation_marks_become_those_of_the_language_of_a_text_also_in_its_excerpt() {
    let text_of = |lang: &str| {
        format!(
            "+++\ntitle = \"T\"\ndate = 2026-01-05T10:00:00Z\n{lang}+++\nShe said \"the 'old' pier's gone\" and \u{201c}left\u{201d}.\n"
        )
    };
    let site = multilingual(&[
        ("content/a.md", &text_of("")),
        ("content/a.de.md", &text_of("")),
        ("content/b.md", &text_of("lang = \"fr\"\n")),
    ]);
    let files = site.built();
    for (path, feed, expected) in [
        ("a/index.html", "feed.json", "“the ‘old’ pier’s gone”"),
        ("de/a/index.html", "de/feed.json", "„the ‚old‘ pier’s gone“"),
        ("b/index.html", "feed.json", "«\u{202f}the “old” pier’s gone\u{202f}»"),
    ] {
        let page = text(&files, path);
        assert!(page.contains(&format!("She said {expected} and “left”.")), "{path}: {page}");
        let feed = json(&files, feed);
        let summaries =
            feed["items"].as_array().unwrap().iter().map(|item| item["summary"].as_str().unwrap());
        assert!(summaries.into_iter().any(|summary| summary.contains(expected)), "{path}: {feed}");
    }
}

#[test]
fn a_data_file_with_a_language_in_its_name_takes_the_place_of_the_plain_one_in_that_language() {
    let site = multilingual(&[
        ("data/menu.json", "{\"dish\": \"soup\"}"),
        ("data/menu.de.json", "{\"dish\": \"Suppe\"}"),
        ("data/far/menu.ar.yaml", "dish: shurba\n"),
        ("data/far/menu.json", "{\"dish\": \"broth\"}"),
        ("templates/article.html", "[{{ data.menu.dish }} {{ data.far.menu.dish }}]"),
        ("content/a.md", &article("A", "")),
        ("content/a.de.md", &article("A", "")),
        ("content/a.ar.md", &article("A", "")),
    ]);
    let files = site.built();
    for (path, expected) in [("a/", "[soup broth]"), ("de/a/", "[Suppe broth]"), ("ar/a/", "[soup shurba]")] {
        assert_eq!(text(&files, &format!("{path}index.html")), expected, "{path}");
    }
    site.write("data/menu.de.json", "{\"dish\": \"Eintopf\"}");
    assert_eq!(site.build_at(NOW), Some(1));
    assert_eq!(text(&site.output(), "de/a/index.html"), "[Eintopf broth]");
}

#[test]
fn the_table_of_the_sites_own_language_changes_the_site_in_it() {
    let site = Site::new(&[("content/a.md", &article("A", "")), ("content/a.de.md", &article("A", ""))]);
    let own = "[languages.en]\ntitle = \"Own\"\nwords = { archive = \"Back issues\" }\nnavigation = [{ title = \"Start\", url = \"/\" }]\n[languages.de]\n";
    site.write("site.toml", format!("{TOML}{own}"));
    let files = site.built();
    let (front, german) = (text(&files, "index.html"), text(&files, "de/index.html"));
    assert!(front.contains("<title>Own</title>"), "{front}");
    assert!(front.contains(">Back issues</a>") && front.contains(">Start</a>"), "{front}");
    assert!(german.contains("<title>T</title>") && !german.contains("Back issues"), "{german}");
    assert_eq!(json(&files, "feed.json")["title"], "Own");
}

#[test]
fn a_term_with_a_slug_or_path_of_its_own_moves_with_its_feeds_and_its_old_addresses_lead_there() {
    for (setting, moved) in
        [("slug = \"boats\"", "tags/boats"), ("path = \"/boats/\"", "boats"), ("slug = \"B o\"", "tags/B o")]
    {
        let site = multilingual(&[
            ("content/a.md", &article("A", "tags = [\"Ferry boats\"]")),
            ("content/a.de.md", &article("A", "tags = [\"Ferry boats\"]")),
            ("content/tags/ferry-boats/_index.md", "+++\ntitle = \"Ferries\"\n+++\nOf ferries.\n"),
        ]);
        let publish = || {
            let output = site.command(&["publish", "--now", NOW]).output().unwrap();
            assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
            site.output()
        };
        let before = publish();
        let text_of =
            format!("+++\ntitle = \"Ferries\"\n{setting}\naliases = [\"/old-boats/\"]\n+++\nOf ferries.\n");
        site.write("content/tags/ferry-boats/_index.md", text_of);
        let after = publish();
        let page = text(&after, &format!("{moved}/index.html"));
        assert!(page.contains("Of ferries.") && page.contains("<h1>Ferries</h1>"), "{setting}: {page}");
        let old = json(&before, "tags/ferry-boats/feed.json");
        let new = json(&after, &format!("{moved}/feed.json"));
        let whole = format!("https://example.org/{}/", moved.replace(' ', "%20"));
        assert_eq!(new["feed_url"], format!("{whole}feed.json"));
        assert_eq!(new["items"][0]["id"], old["items"][0]["id"], "{setting}");
        let id = |files: &Files, path: &str| between(&text(files, path), "<id>", "</id>")[0].to_owned();
        assert_eq!(
            id(&before, "tags/ferry-boats/atom.xml"),
            id(&after, &format!("{moved}/atom.xml")),
            "{setting}"
        );
        // Feed readers and browsers find them at the addresses of before.
        assert_eq!(after["tags/ferry-boats/atom.xml"], after[&format!("{moved}/atom.xml")], "{setting}");
        for path in ["tags/ferry-boats/index.html", "old-boats/index.html"] {
            assert!(text(&after, path).contains(&whole), "{setting}: {path}");
        }
        // Its page in German stays where it is, and both lead to one another.
        assert_eq!(hreflangs(&text(&after, "de/tags/ferry-boats/index.html"))["en"], local(&whole));
    }
}

#[test]
fn without_smart_punctuation_an_excerpt_has_the_marks_of_its_text() {
    let site = Site::new(&[(
        "content/a.md",
        "+++\ntitle = \"A\"\ndate = 2026-01-05T10:00:00Z\n+++\nShe said \"it's 'old'\" -- or not...\n\nMore.\n",
    )]);
    for (rule, expected) in [
        ("[markdown]\nsmart_punctuation = false", "She said \"it's 'old'\" -- or not..."),
        ("[markdown]\nsmart_punctuation = true", "She said “it’s ‘old’” – or not…"),
        ("language = \"de\"", "She said „it’s ‚old‘“ – or not…"),
    ] {
        site.write("site.toml", format!("{TOML}{rule}\n"));
        let feed = json(&site.built(), "feed.json");
        assert_eq!(feed["items"][0]["summary"], expected, "{rule}");
    }
}

#[test]
fn a_language_has_feeds_of_its_own() {
    let sources: Vec<(String, String)> = (1..=4)
        .flat_map(|number| {
            let english = article(&format!("E{number}"), "tags = [\"t\"]");
            let german = article(&format!("D{number}"), "tags = [\"t\"]\nsummary = \"Short.\"");
            [
                (format!("content/news/a{number}.md"), english),
                (format!("content/news/a{number}.de.md"), german),
            ]
        })
        .collect();
    let borrowed: Vec<(&str, &str)> = sources.iter().map(|(path, text)| (&**path, &**text)).collect();
    let site = Site::new(&borrowed);
    let feeds_of = |files: &Files, folder: &str| -> Vec<String> {
        let is_feed = |path: &&String| {
            path.starts_with(folder)
                && ["rss.xml", "atom.xml", "feed.json"].contains(&path.rsplit('/').next().unwrap())
        };
        files.keys().filter(is_feed).cloned().collect()
    };
    let all = ["atom.xml", "feed.json", "news/atom.xml", "news/feed.json", "news/rss.xml", "rss.xml"];
    for (setting, expected) in [
        ("feeds = false", vec![]),
        (
            "feeds = { formats = [\"json\"] }",
            vec!["de/feed.json", "de/news/feed.json", "de/tags/t/feed.json"],
        ),
        ("feeds = { terms = false, sections = false }", vec!["de/atom.xml", "de/feed.json", "de/rss.xml"]),
        ("feeds = { site = false, formats = [\"rss\"] }", vec!["de/news/rss.xml", "de/tags/t/rss.xml"]),
    ] {
        site.write("site.toml", format!("{TOML}[languages.de]\n{setting}\n"));
        let files = site.built();
        assert_eq!(feeds_of(&files, "de/"), expected, "{setting}");
        // Those of the site's own language are as they were.
        for one in all {
            assert!(files.contains_key(one), "{setting}: {one}");
        }
        assert_eq!(files.contains_key("de/subscribe/index.html"), !expected.is_empty(), "{setting}");
    }
    let own = "[feeds]\nlimit = 3\n[languages.de.feeds]\nlimit = 2\ncontent = \"summary\"\narchives = true\nid = \"tag:example.org,2019:deutsch\"\naliases = [\"/alt.xml\"]\n";
    site.write("site.toml", format!("{TOML}{own}"));
    let files = site.built();
    for folder in ["de/", "de/news/", "de/tags/t/"] {
        let feed = json(&files, &format!("{folder}feed.json"));
        assert_eq!(feed["items"].as_array().unwrap().len(), 2, "{folder}");
        assert!(!feed.to_string().contains("The text of"), "{folder}: {feed}");
    }
    let english = json(&files, "feed.json");
    assert_eq!(english["items"].as_array().unwrap().len(), 3);
    assert!(english.to_string().contains("The text of"));
    let atom = text(&files, "de/atom.xml");
    assert!(atom.contains("<id>tag:example.org,2019:deutsch</id>"), "{atom}");
    assert!(atom.contains("rel=\"prev-archive\""), "{atom}");
    assert!(!text(&files, "atom.xml").contains("prev-archive"));
    assert!(files.contains_key("alt.xml"));
    // A section's own settings come before those of its language.
    site.write("content/news/_index.de.md", "+++\nfeeds = { limit = 1, content = \"full\" }\n+++\n");
    let files = site.built();
    let feed = json(&files, "de/news/feed.json");
    assert_eq!(feed["items"].as_array().unwrap().len(), 1);
    assert!(feed.to_string().contains("The text of"), "{feed}");
}

#[test]
fn a_language_is_written_in_the_direction_that_the_site_says() {
    let site = Site::new(&[
        ("content/a.md", &article("A", "")),
        ("content/a.ku.md", &article("Kurdî", "")),
        ("content/b.md", &article("B", "lang = \"ku\"")),
    ]);
    for (setting, expected) in [("", "ltr"), ("dir = \"rtl\"", "rtl")] {
        site.write("site.toml", format!("{TOML}[languages.ku]\n{setting}\n"));
        let files = site.built();
        for path in ["ku/index.html", "ku/a/index.html", "b/index.html"] {
            let page = text(&files, path);
            assert!(page.contains(&format!("<html lang=\"ku\" dir=\"{expected}\"")), "{path}: {page}");
        }
        let front = text(&files, "index.html");
        assert!(front.contains("<html lang=\"en\" dir=\"ltr\""), "{front}");
        assert!(front.contains(&format!("lang=\"ku\" dir=\"{expected}\"")), "{front}");
    }
}

#[test]
fn settings_of_a_language_with_names_of_other_generators_are_answered_with_ours() {
    let site = Site::new(&[]);
    for (setting, remedy) in [
        ("languageName = \"Deutsch\"", "`name`"),
        ("languageDirection = \"rtl\"", "`dir`"),
        ("contentDir = \"content/de\"", "`content/KEY/`"),
        ("params = { a = 1 }", "`[languages.KEY.extra]`"),
        ("generate_feeds = true", "`feeds`"),
        ("titel = \"x\"", "did you mean `title`?"),
        ("timezon = \"Europe/Berlin\"", "did you mean `timezone`?"),
        ("dir = \"rlt\"", "did you mean `rtl`?"),
        ("feeds = { limt = 3 }", "did you mean `limit`?"),
        ("feeds = { formats = [\"rs\"] }", "did you mean `rss`?"),
    ] {
        site.write("site.toml", format!("{TOML}[languages.de]\n{setting}\n"));
        let (_, report) = site.report(&[]);
        let helps: Vec<&str> =
            report["problems"].as_array().unwrap().iter().filter_map(|one| one["help"].as_str()).collect();
        assert!(helps.iter().any(|help| help.contains(remedy)), "{setting}: {report}");
    }
}

#[test]
fn a_subscriber_of_a_language_reads_no_other() {
    let site = Site::copy("languages");
    let settings = std::fs::read_to_string(site.path("site.toml")).unwrap();
    for fallback in ["none", "show"] {
        let settings = settings.replace("fallback = \"show\"", &format!("fallback = \"{fallback}\""));
        site.write(
            "site.toml",
            settings.replace("[languages.de]", &format!("[languages.de]\nfallback = \"{fallback}\"")),
        );
        let files = site.built();
        let mut seen: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for (path, bytes) in files.iter().filter(|(path, _)| path.ends_with(".html")) {
            let page = String::from_utf8_lossy(bytes);
            // An article of another language in the lists of this one is at its own address.
            let language = between(&page, "<html lang=\"", "\"")[0].to_owned();
            let feeds = between(&page, "<link rel=\"alternate\" type=\"application/feed+json\"", ">");
            for feed in feeds.into_iter().map(|link| local(between(link, "href=\"", "\"")[0])) {
                let own = json(&files, &feed);
                assert_eq!(own["language"], *language, "{fallback}: {feed} on {path}");
                for item in own["items"].as_array().unwrap() {
                    let said = item["language"].as_str().unwrap_or(&language);
                    assert_eq!(said, language, "{fallback}: {feed} on {path}");
                    seen.entry(language.clone()).or_default().insert(item["id"].to_string());
                }
            }
        }
        assert_eq!(seen.keys().collect::<Vec<_>>(), ["ar", "de", "en", "zh-Hant"], "{fallback}");
        let all: usize = seen.values().map(BTreeSet::len).sum();
        let different: BTreeSet<&String> = seen.values().flatten().collect();
        assert_eq!(all, different.len(), "{fallback}: an entry is in the feeds of two languages");
    }
}

#[test]
fn an_article_in_one_language_alone_is_shown_in_the_other_only_from_the_sites_own_and_only_on_demand() {
    for (fallback, is_shown) in [("none", false), ("show", true)] {
        let site = Site::new(&[
            ("content/news/both.md", &article("Both", "")),
            ("content/news/both.de.md", &article("Beide", "")),
            ("content/news/english.md", &article("English alone", "")),
            ("content/news/german.de.md", &article("Nur deutsch", "")),
        ]);
        site.write("site.toml", format!("{TOML}[languages.de]\nfallback = \"{fallback}\"\n"));
        let files = site.built();
        for (list, titles) in [
            (
                "index.html",
                [("Both", true), ("English alone", true), ("Nur deutsch", false), ("Beide", false)],
            ),
            (
                "news/index.html",
                [("Both", true), ("English alone", true), ("Nur deutsch", false), ("Beide", false)],
            ),
            (
                "de/index.html",
                [("Beide", true), ("Nur deutsch", true), ("English alone", is_shown), ("Both", false)],
            ),
            (
                "de/news/index.html",
                [("Beide", true), ("Nur deutsch", true), ("English alone", is_shown), ("Both", false)],
            ),
        ] {
            let page = text(&files, list);
            for (title, expected) in titles {
                assert_eq!(
                    page.contains(&format!(">{title}</a>")),
                    expected,
                    "{fallback}: {title} in {list}"
                );
            }
        }
        assert!(hreflangs(&text(&files, "news/english/index.html")).is_empty(), "{fallback}");
        assert!(hreflangs(&text(&files, "de/news/german/index.html")).is_empty(), "{fallback}");
        assert!(!files.contains_key("de/news/english/index.html"), "{fallback}");
        assert_eq!(entries(&files, "de/feed.json").len(), 2, "{fallback}");
    }
}

#[test]
fn the_layouts_of_hugo_and_zola_build_as_they_are() {
    let page = |title: &str| format!("---\ntitle: {title}\ndate: 2026-01-05T10:00:00Z\n---\nText.\n");
    let toml = |title: &str| format!("+++\ntitle = \"{title}\"\ndate = 2026-01-05T10:00:00Z\n+++\nText.\n");
    let section = |title: &str| format!("+++\ntitle = \"{title}\"\n+++\n");
    let (de, en) = ("[languages.de]\n", "[languages.en]\n[languages.de]\n");
    type Files = Vec<(&'static str, String)>;
    let layouts: [(&str, &str, Files); 4] = [
        (
            "Hugo, by names",
            de,
            vec![
                ("content/_index.de.md", page("Start")),
                ("content/posts/_index.md", page("Posts")),
                ("content/posts/_index.de.md", page("Beiträge")),
                ("content/posts/ferry.md", page("Ferry")),
                ("content/posts/ferry.de.md", page("Fähre")),
            ],
        ),
        (
            "Hugo, one folder for each language",
            en,
            vec![
                ("content/en/posts/_index.md", page("Posts")),
                ("content/de/posts/_index.md", page("Beiträge")),
                ("content/en/posts/ferry.md", page("Ferry")),
                ("content/de/posts/ferry.md", page("Fähre")),
            ],
        ),
        (
            "Hugo, bundles",
            de,
            vec![
                ("content/posts/_index.de.md", page("Beiträge")),
                ("content/posts/ferry/index.md", page("Ferry")),
                ("content/posts/ferry/index.de.md", page("Fähre")),
            ],
        ),
        (
            "Zola",
            de,
            vec![
                ("content/_index.de.md", section("Start")),
                ("content/posts/_index.md", section("Posts")),
                ("content/posts/_index.de.md", section("Beiträge")),
                ("content/posts/ferry.md", toml("Ferry")),
                ("content/posts/ferry.de.md", toml("Fähre")),
            ],
        ),
    ];
    for (name, settings, sources) in layouts {
        let sources: Vec<(&str, &str)> = sources.iter().map(|(path, text)| (*path, &**text)).collect();
        let site = Site::new(&sources);
        site.write("site.toml", format!("{TOML}{settings}"));
        let files = site.built();
        let english = text(&files, "posts/ferry/index.html");
        assert_eq!(hreflangs(&english)["de"], "de/posts/ferry/index.html", "{name}");
        assert!(
            text(&files, "de/posts/ferry/index.html").contains("<h1 class=\"p-name\">Fähre</h1>"),
            "{name}"
        );
        assert!(text(&files, "de/posts/index.html").contains("<h1>Beiträge</h1>"), "{name}");
        assert_eq!(entries(&files, "feed.json"), ["Ferry"], "{name}");
        assert_eq!(entries(&files, "de/posts/feed.json"), ["Fähre"], "{name}");
        assert!(!files.contains_key("en/posts/ferry/index.html"), "{name}");
    }
}
