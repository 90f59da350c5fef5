//! A language on a host of its own: its addresses, its files, and what leads from one host to the other.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use url::Url;

use crate::site::{Files, NOW, Site, TOML, between, json, text, tree};

/// The site in four languages with German on a host of its own.
fn apart() -> Site {
    let site = together();
    move_german(&site, Some("https://de.example.org/"));
    site
}

/// The same with all languages at one host.
fn together() -> Site {
    let site = Site::copy("languages");
    let settings = std::fs::read_to_string(site.path("site.toml")).unwrap();
    site.write("site.toml", settings.replace("https://quays.example.org/", "https://example.org/"));
    site
}

/// Writes or takes away the address of German.
fn move_german(site: &Site, address: Option<&str>) {
    let settings = std::fs::read_to_string(site.path("site.toml")).unwrap();
    let lines = settings.lines().filter(|line| !line.starts_with("base_url = \"https://de."));
    let mut moved = String::new();
    for line in lines {
        moved.push_str(line);
        moved.push('\n');
        if line == "[languages.de]"
            && let Some(address) = address
        {
            moved.push_str(&format!("base_url = \"{address}\"\n"));
        }
    }
    assert!(address.is_none() || moved.contains("base_url = \"https://de."), "{settings}");
    site.write("site.toml", moved);
}

fn article(title: &str, more: &str, body: &str) -> String {
    format!("+++\ntitle = \"{title}\"\ndate = 2026-01-05T10:00:00Z\n{more}\n+++\n{body}\n")
}

/// A site in English and German, German on a host of its own, with these files.
fn two(files: &[(&str, &str)]) -> Site {
    let site = Site::new(files);
    site.write("site.toml", format!("{TOML}[languages.de]\nbase_url = \"https://de.example.org/\"\n"));
    site
}

/// The URL at which a file of the output is, with German at its own host.
fn url_of(path: &str) -> Url {
    let path = path.strip_suffix("index.html").unwrap_or(path);
    let whole = match path.strip_prefix("de/") {
        Some(rest) => format!("https://de.example.org/{rest}"),
        None => format!("https://example.org/{path}"),
    };
    Url::parse(&whole).unwrap()
}

/// The file that a server has at `url`; `None` for another site.
fn file_of(url: &Url) -> Option<String> {
    let tree = match url.host_str()? {
        "example.org" => "",
        "de.example.org" => "de",
        _ => return None,
    };
    let path = percent_encoding_decoded(url.path());
    let end = if path.ends_with('/') { "index.html" } else { "" };
    Some(format!("{tree}{path}{end}").trim_start_matches('/').to_owned())
}

fn percent_encoding_decoded(path: &str) -> String {
    dateline::model::url::percent_decode(path)
}

/// All addresses of a page: of links, files and choices of pictures.
fn addresses(page: &str) -> Vec<String> {
    let plain = |text: &&str| text.replace("&amp;", "&");
    let mut found: Vec<String> = [" href=\"", " src=\"", " action=\"", " data-index=\""]
        .iter()
        .flat_map(|start| between(page, start, "\""))
        .map(|one| plain(&one))
        .collect();
    let sets = between(page, " srcset=\"", "\"").into_iter().flat_map(|set| set.split(", "));
    found.extend(sets.map(|one| one.split(' ').next().unwrap().to_owned()));
    found
}

/// The languages that a page names, with their URLs.
fn hreflangs(page: &str) -> BTreeMap<String, String> {
    let links = between(page, "<link rel=\"alternate\" hreflang=\"", ">");
    let pair = |link: &str| {
        let (language, rest) = link.split_once('"').unwrap();
        (language.to_owned(), between(rest, "href=\"", "\"")[0].to_owned())
    };
    links.into_iter().map(pair).collect()
}

#[test]
fn every_address_of_every_page_leads_to_a_file_of_its_host() {
    let site = apart();
    let settings = std::fs::read_to_string(site.path("site.toml")).unwrap();
    site.write("site.toml", format!("{settings}\n[search]\nenabled = true\n[images]\nresponsive = true\n"));
    let files = site.built();
    let (mut count, mut across) = (0, 0);
    for (path, bytes) in files.iter().filter(|(path, _)| path.ends_with(".html")) {
        let (page, own) = (String::from_utf8_lossy(bytes), url_of(path));
        for address in addresses(&page) {
            let Ok(url) = own.join(&address) else { panic!("{path}: {address}") };
            let Some(file) = file_of(&url) else { continue };
            let is_there = files.contains_key(&file) || files.contains_key(&format!("{file}index.json"));
            assert!(is_there, "{path}: {address} leads to {file}");
            // Nothing names German by its path at the site's own host.
            assert!(!url.as_str().starts_with("https://example.org/de/"), "{path}: {address}");
            count += 1;
            across += u32::from(url.host_str() != own.host_str());
        }
        // Scripts, fonts and style sheets are its host's own.
        for address in between(&page, "<script src=\"", "\"").into_iter().chain(between(
            &page,
            "<link rel=\"stylesheet\" href=\"",
            "\"",
        )) {
            assert_eq!(own.join(address).unwrap().host_str(), own.host_str(), "{path}: {address}");
        }
    }
    assert!(count > 1000 && across > 50, "{count} {across}");
}

#[test]
fn pages_lead_to_their_translations_on_the_other_host_and_back() {
    let files = apart().built();
    let mut groups = 0;
    for (path, bytes) in files.iter().filter(|(path, _)| path.ends_with(".html")) {
        let page = String::from_utf8_lossy(bytes);
        let own = hreflangs(&page);
        if own.is_empty() {
            continue;
        }
        groups += 1;
        let language = between(&page, "<html lang=\"", "\"")[0].to_owned();
        assert_eq!(own.get(&language).map(String::as_str), Some(url_of(path).as_str()), "{path}");
        assert_eq!(own.get("x-default"), own.get("en"), "{path}");
        for other in own.values() {
            let file = Url::parse(other).ok().and_then(|url| file_of(&url));
            let file = file.unwrap_or_else(|| panic!("{path} names {other}"));
            assert_eq!(hreflangs(&text(&files, &file)), own, "{other} and {path}");
        }
    }
    assert!(groups > 20, "{groups}");
    let german = text(&files, "de/nachrichten/neue-faehre/index.html");
    let own = "https://de.example.org/nachrichten/neue-faehre/";
    for expected in [
        format!("<link rel=\"canonical\" href=\"{own}\">"),
        format!("<meta property=\"og:url\" content=\"{own}\">"),
        "<link rel=\"alternate\" hreflang=\"en\" href=\"https://example.org/news/ferry/\">".to_owned(),
        // The choice of languages, and links to what is in another language.
        "<a href=\"https://example.org/news/ferry/\" hreflang=\"en\"".to_owned(),
        "<a href=\"https://example.org/news/lamps/\">".to_owned(),
        "<a href=\"/nachrichten/storm/\">".to_owned(),
    ] {
        assert!(german.contains(&expected), "{expected} in {german}");
    }
    assert!(
        german.contains(&format!("\"@id\":\"{own}\"")) || german.contains(&format!("\"url\":\"{own}\"")),
        "{german}"
    );
    let english = text(&files, "news/ferry/index.html");
    assert!(english.contains(&format!("<a href=\"{own}\" hreflang=\"de\"")), "{english}");
}

#[test]
fn each_host_has_sitemaps_of_its_own_pages_and_rules_for_robots_that_name_them() {
    let files = apart().built();
    let locs = |path: &str| -> Vec<String> {
        between(&text(&files, path), "<loc>", "</loc>").into_iter().map(str::to_owned).collect()
    };
    // Of the three languages at the site's own host.
    let index = locs("sitemap.xml");
    assert_eq!(
        index,
        ["sitemap-en.xml", "sitemap-ar.xml", "sitemap-zh-hant.xml"]
            .map(|name| format!("https://example.org/{name}"))
    );
    for part in ["sitemap-en.xml", "sitemap-ar.xml", "sitemap-zh-hant.xml"] {
        let pages = locs(part);
        assert!(
            !pages.is_empty() && pages.iter().all(|url| url.starts_with("https://example.org/")),
            "{pages:?}"
        );
    }
    assert!(!files.contains_key("sitemap-de.xml") && !files.contains_key("de/sitemap-de.xml"));
    let german = locs("de/sitemap.xml");
    assert!(german.contains(&"https://de.example.org/nachrichten/neue-faehre/".to_owned()), "{german:?}");
    assert!(german.iter().all(|url| url.starts_with("https://de.example.org/")), "{german:?}");
    assert!(
        text(&files, "de/sitemap.xml").contains("hreflang=\"en\" href=\"https://example.org/news/ferry/\"")
    );
    assert!(text(&files, "sitemap-en.xml").contains("hreflang=\"de\" href=\"https://de.example.org/"));
    assert!(text(&files, "robots.txt").contains("Sitemap: https://example.org/sitemap.xml"));
    assert!(text(&files, "de/robots.txt").contains("Sitemap: https://de.example.org/sitemap.xml"));
}

#[test]
fn feeds_and_their_lists_are_at_the_host_of_their_language_with_the_same_ids() {
    let before = together().built();
    let files = apart().built();
    for (path, bytes) in files.iter().filter(|(path, _)| path.ends_with("feed.json")) {
        let own = json(&files, path);
        assert_eq!(own["feed_url"], url_of(path).as_str(), "{path}");
        if path.starts_with("de/") {
            assert!(!String::from_utf8_lossy(bytes).contains("example.org/de/"), "{path}");
            assert!(own["home_page_url"].as_str().unwrap().starts_with("https://de.example.org/"), "{path}");
            let ids = |feed: &serde_json::Value| -> Vec<serde_json::Value> {
                feed["items"].as_array().unwrap().iter().map(|item| item["id"].clone()).collect()
            };
            assert_eq!(ids(&own), ids(&json(&before, path)), "{path}");
        }
        let atom = path.replace("feed.json", "atom.xml");
        let id = |files: &Files| between(&text(files, &atom), "<id>", "</id>")[0].to_owned();
        assert_eq!(id(&files), id(&before), "{atom}");
        assert!(
            text(&files, &atom)
                .contains(&format!("rel=\"self\" type=\"application/atom+xml\" href=\"{}\"", url_of(&atom)))
                || text(&files, &atom).contains(&format!("href=\"{}\" rel=\"self\"", url_of(&atom)))
                || text(&files, &atom).contains(url_of(&atom).as_str()),
            "{atom}"
        );
    }
    // Both lists have the feeds of both hosts.
    for path in ["feeds.opml", "de/feeds.opml"] {
        let opml = text(&files, path);
        let feeds = between(&opml, "xmlUrl=\"", "\"");
        assert!(
            feeds.contains(&"https://de.example.org/rss.xml")
                && feeds.contains(&"https://example.org/rss.xml"),
            "{path}: {feeds:?}"
        );
        assert!(!opml.contains("https://example.org/de/"), "{path}");
    }
    let subscribe = text(&files, "de/subscribe/index.html");
    assert!(subscribe.contains("https://de.example.org/rss.xml"), "{subscribe}");
}

#[test]
fn a_path_from_the_root_is_that_of_its_host_and_else_of_the_site() {
    let body = "[News](/news/a/) [Only English](/news/only/) [By path](/de/news/a/) [File](/data.pdf) ![Q](/img/q.svg)\n";
    let site = two(&[
        ("content/news/a.md", &article("A", "", body)),
        ("content/news/a.de.md", &article("A", "", &format!("{body}[Own](/own.pdf)"))),
        ("content/news/only.md", &article("Only", "", "Text.")),
        ("content/news/link.de.md", &article("L", "", "[It](only.md) [English](a.md) [German](a.de.md)")),
        ("static/data.pdf", "%PDF"),
        ("static/de/own.pdf", "%PDF own"),
        ("static/img/q.svg", "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"9\" height=\"9\"/>"),
    ]);
    let output = site.command(&["build", "--now", NOW]).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let files = site.output();
    let of = |path: &str| -> BTreeMap<String, String> {
        let page = text(&files, path);
        let links = between(&page, "<a href=\"", "</a>").into_iter();
        links
            .filter_map(|link| link.split_once("\">"))
            .map(|(to, name)| (name.to_owned(), to.to_owned()))
            .collect()
    };
    let (english, german) = (of("news/a/index.html"), of("de/news/a/index.html"));
    for (name, in_english, in_german) in [
        ("News", "/news/a/", "/news/a/"),
        ("Only English", "/news/only/", "https://example.org/news/only/"),
        ("By path", "https://de.example.org/news/a/", "/news/a/"),
        ("File", "/data.pdf", "/data.pdf"),
    ] {
        assert_eq!(english[name], in_english, "{name}");
        assert_eq!(german[name], in_german, "{name}");
    }
    assert_eq!(german["Own"], "/own.pdf");
    assert!(text(&files, "de/news/a/index.html").contains("src=\"/img/q.svg\""));
    assert_eq!(files["de/img/q.svg"], files["img/q.svg"]);
    assert_eq!(text(&files, "de/own.pdf"), "%PDF own");
    // A link to a source leads to that article, also where its host has another at the same path.
    let links = of("de/news/link/index.html");
    assert_eq!(links["It"], "https://example.org/news/only/");
    assert_eq!(links["German"], "/news/a/");
    // In feeds, all are whole URLs.
    let feed = json(&files, "de/feed.json");
    let html: String =
        feed["items"].as_array().unwrap().iter().map(|one| one["content_html"].to_string()).collect();
    for url in [
        "https://de.example.org/news/a/",
        "https://example.org/news/only/",
        "https://de.example.org/data.pdf",
        "https://de.example.org/img/q.svg",
    ] {
        assert!(html.contains(url), "{url} in {html}");
    }
}

#[test]
fn a_path_and_aliases_of_a_text_are_on_the_host_of_its_language_and_lead_there_from_the_sites() {
    let site = two(&[
        ("content/a.md", &article("A", "", "Text.")),
        (
            "content/a.de.md",
            &article(
                "A",
                "path = \"/ueber/\"\naliases = [\"/alt/\", \"/de/noch-aelter/\", \"/a/\"]",
                "Text.",
            ),
        ),
        ("content/news/_index.de.md", "+++\npath = \"/nachrichten/\"\naliases = [\"/neues/\"]\n+++\n"),
        ("content/news/b.de.md", &article("B", "", "Text.")),
    ]);
    let files = site.built();
    assert!(files.contains_key("de/ueber/index.html") && !files.contains_key("ueber/index.html"));
    assert!(files.contains_key("de/nachrichten/b/index.html"));
    for (path, target) in [
        ("de/alt/index.html", "https://de.example.org/ueber/"),
        ("alt/index.html", "https://de.example.org/ueber/"),
        ("de/noch-aelter/index.html", "https://de.example.org/ueber/"),
        ("de/a/index.html", "https://de.example.org/ueber/"),
        ("de/neues/index.html", "https://de.example.org/nachrichten/"),
        ("neues/index.html", "https://de.example.org/nachrichten/"),
    ] {
        assert!(text(&files, path).contains(target), "{path}");
    }
    // The site keeps its own page at that path.
    assert!(text(&files, "a/index.html").contains("<h1"), "{}", text(&files, "a/index.html"));
    let (of_site, of_german) = (text(&files, "_redirects"), text(&files, "de/_redirects"));
    assert!(of_site.contains("/alt/ https://de.example.org/ueber/ 301\n"), "{of_site}");
    assert!(of_german.contains("/alt/ /ueber/ 301\n"), "{of_german}");
    // All that was at the path of the language is at its host.
    let (forced, plain) =
        ("/de/* https://de.example.org/:splat 301!\n", "/de/* https://de.example.org/:splat 301\n");
    assert!(of_site.find(forced).unwrap() < of_site.find(plain).unwrap(), "{of_site}");
    assert!(!of_german.contains("example.org/de/") && !of_german.contains("/de/*"), "{of_german}");
}

#[test]
fn servers_have_a_block_for_each_host() {
    let site = apart();
    let printed = |server: &str| {
        let output = site.command(&["hosting", server, "--now", NOW]).output().unwrap();
        String::from_utf8(output.stdout).unwrap()
    };
    let nginx = printed("nginx");
    assert_eq!(nginx.matches("\nserver {").count(), 2, "{nginx}");
    let (first, second) = nginx.split_at(nginx.rfind("\nserver {").unwrap());
    assert!(
        first.contains("server_name example.org;") && second.contains("server_name de.example.org;"),
        "{nginx}"
    );
    assert!(second.contains("public/de\";") && !first.contains("public/de\";"), "{nginx}");
    let moved = "location ^~ \"/de/\" { rewrite \"^/de/(.*)$\" \"https://de.example.org/$1\" permanent; }";
    assert!(first.contains(moved) && !second.contains("rewrite"), "{nginx}");
    assert!(first.contains("/ar/404.html") && !second.contains("/ar/"), "{nginx}");
    assert!(second.contains("error_page 404 /404.html;"), "{nginx}");
    let caddy = printed("caddy");
    assert!(
        caddy.contains("\nhttps://example.org {") && caddy.contains("\nhttps://de.example.org {"),
        "{caddy}"
    );
    assert!(
        caddy.contains("handle_path \"/de/*\" {\n\t\tredir \"https://de.example.org{uri}\" permanent"),
        "{caddy}"
    );
    let headers = printed("headers");
    assert!(headers.contains("# example.org\n") && headers.contains("# de.example.org\n"), "{headers}");
    let files = site.built();
    assert!(files.contains_key("_headers") && files.contains_key("de/_headers"));
    assert!(!text(&files, "_headers").contains("/de/"), "{}", text(&files, "_headers"));
    assert!(files.contains_key("de/404.html"));
}

#[test]
fn an_author_sees_all_languages_at_one_address() {
    // As `serve` does: without hosts, each language is below its path.
    let site = apart();
    let output =
        site.command(&["build", "--now", NOW, "--base-url", "http://localhost:4000/"]).output().unwrap();
    assert!(output.status.success());
    let files = site.output();
    let german = text(&files, "de/nachrichten/neue-faehre/index.html");
    assert!(german.contains("<a href=\"/news/lamps/\">") && !german.contains("de.example.org"), "{german}");
    assert!(!files.contains_key("de/robots.txt"));
}

#[test]
fn ids_dates_and_translations_stay_when_a_language_moves_to_a_host_and_back() {
    let site = together();
    let publish = || {
        let output = site.command(&["publish", "--now", NOW]).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        site.output()
    };
    let entries = |files: &Files| -> BTreeSet<String> {
        let feed = json(files, "de/feed.json");
        let entry = |one: &serde_json::Value| {
            format!("{} {} {}", one["id"], one["date_published"], one["date_modified"])
        };
        feed["items"].as_array().unwrap().iter().map(entry).collect()
    };
    let before = publish();
    move_german(&site, Some("https://de.example.org/"));
    let there = publish();
    assert_eq!(entries(&before), entries(&there));
    move_german(&site, None);
    let back = publish();
    assert_eq!(before, back);
}

#[test]
fn what_is_wrong_with_the_address_of_a_language_is_said_at_its_place() {
    let site = Site::new(&[]);
    for (settings, message) in [
        ("[languages.de]\nbase_url = \"de.example.org\"\n", "is no base URL"),
        ("[languages.de]\nbase_url = \"https://example.org/de/\"\n", "the site itself is on this host"),
        (
            "[languages.en]\nbase_url = \"https://en.example.org/\"\n[languages.de]\n",
            "the site's own language",
        ),
        (
            "[languages.de]\nbase_url = \"https://x.example.org/\"\n[languages.fr]\nbase_url = \"https://x.example.org\"\n",
            "two languages have one `base_url`",
        ),
        ("[languages.de]\n[deploy.german]\nurl = \"file:///tmp/x\"\nlanguag = \"de\"\n", "languag"),
    ] {
        site.write("site.toml", format!("{TOML}{settings}"));
        let (_, problems) = site.problems(&[]);
        let is_it = |problem: &String| problem.contains("site.toml:") && problem.contains(message);
        assert!(problems.iter().any(is_it), "{settings}: {problems:?}");
    }
    // Hugo's name for it is understood.
    site.write("site.toml", format!("{TOML}[languages.de]\nbaseURL = \"https://de.example.org/\"\n"));
    assert_eq!(site.problems(&[]).1, [""; 0]);
}

#[test]
fn a_deployment_takes_the_files_of_one_host_or_of_all() {
    let site = apart();
    let targets = tempfile::TempDir::new().unwrap();
    let settings = std::fs::read_to_string(site.path("site.toml")).unwrap();
    let table = |name: &str, language: &str| {
        let folder = targets.path().join(name).to_str().unwrap().replace('\\', "/");
        format!("[deploy.{name}]\nurl = \"file://{folder}\"\n{language}\n")
    };
    let all = [
        table("german", "language = \"de\""),
        table("own", "language = \"en\""),
        table("whole", ""),
        table("none", "language = \"ar\""),
    ];
    site.write("site.toml", format!("{settings}\n{}", all.concat()));
    let files = site.built();
    let deploy = |name: &str| site.command(&["deploy", name, "--now", NOW]).output().unwrap();
    for (name, is_there) in [
        ("german", Box::new(|path: &str| path.starts_with("de/")) as Box<dyn Fn(&str) -> bool>),
        ("own", Box::new(|path: &str| !path.starts_with("de/"))),
        ("whole", Box::new(|_: &str| true)),
    ] {
        let output = deploy(name);
        assert!(output.status.success(), "{name}: {}", String::from_utf8_lossy(&output.stderr));
        let found = tree(&targets.path().join(name));
        let expected: Files = files
            .iter()
            .filter(|(path, _)| is_there(path))
            .map(|(path, bytes)| {
                let path = if name == "german" { path.strip_prefix("de/").unwrap() } else { path };
                (path.to_owned(), bytes.clone())
            })
            .collect();
        let found: Files = found.into_iter().filter(|(path, _)| !path.starts_with(".dateline")).collect();
        assert_eq!(found.keys().collect::<Vec<_>>(), expected.keys().collect::<Vec<_>>(), "{name}");
        assert!(found == expected, "{name}");
    }
    let refused = deploy("none");
    assert!(!refused.status.success());
    let message = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert!(message.contains("no host of its own has the language \u{201c}ar\u{201d}"), "{message}");
}

#[test]
fn check_and_lint_find_nothing_in_a_site_on_several_hosts() {
    let site = apart();
    let plain = together();
    let found = |site: &Site| {
        let output = site.command(&["check", "--now", NOW, "--format", "json"]).output().unwrap();
        let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        let of = |one: &serde_json::Value| format!("{} {} {}", one["code"], one["file"], one["message"]);
        let is_of_links = |one: &&serde_json::Value| one["code"].as_str().unwrap().starts_with("link::");
        report["problems"]
            .as_array()
            .unwrap()
            .iter()
            .filter(is_of_links)
            .map(of)
            .collect::<BTreeSet<String>>()
    };
    let new: Vec<String> = found(&apart()).difference(&found(&plain)).cloned().collect();
    assert_eq!(new, [""; 0]);
    // A dead path is found on each host.
    site.write(
        "content/news/dead.de.md",
        article("Tot", "", "[x](/gibt-es-nicht/) [y](https://de.example.org/auch-nicht/)"),
    );
    let output = site.command(&["check", "--now", NOW, "--format", "json"]).output().unwrap();
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(text.contains("gibt-es-nicht") && text.contains("auch-nicht"), "{text}");
}

/// Something that happens to a site whose German may be at a host of its own.
#[derive(Debug, Clone)]
enum Event {
    Move(bool),
    Write { article: usize, german: bool, text: u8 },
    Delete { article: usize, german: bool },
    Static(bool),
    Fallback(bool),
}

fn event() -> impl Strategy<Value = Event> {
    let (article, german) = (0..3usize, any::<bool>());
    prop_oneof![
        3 => any::<bool>().prop_map(Event::Move),
        4 => (article.clone(), german, any::<u8>())
            .prop_map(|(article, german, text)| Event::Write { article, german, text }),
        2 => (article, german).prop_map(|(article, german)| Event::Delete { article, german }),
        1 => any::<bool>().prop_map(Event::Static),
        1 => any::<bool>().prop_map(Event::Fallback),
    ]
}

fn apply(event: &Event, site: &Site, settings: &mut (bool, bool)) {
    let name = |article: usize, german: bool| {
        format!("content/news/a{article}{}.md", if german { ".de" } else { "" })
    };
    match *event {
        Event::Move(apart) => settings.0 = apart,
        Event::Fallback(shows) => settings.1 = shows,
        Event::Write { article, german, text } => {
            let more = format!("tags = [\"t{}\"]\nupdated = 2026-02-{:02}", text % 3, text % 27 + 1);
            let body = "[other](a0.md) [path](/news/a1/) [german](/de/news/a1/) [file](/f.txt) ![q](/q.svg)";
            site.write(&name(article, german), self::article(&format!("A{article} {text}"), &more, body));
        }
        Event::Delete { article, german } => _ = std::fs::remove_file(site.path(&name(article, german))),
        Event::Static(of_german) => {
            site.write(if of_german { "static/de/f.txt" } else { "static/f.txt" }, "F")
        }
    }
    let address = if settings.0 { "base_url = \"https://de.example.org/\"\n" } else { "" };
    let fallback = if settings.1 { "show" } else { "none" };
    let check =
        "[check]\nsources = \"ignore\"\npaths = \"ignore\"\nfiles = \"ignore\"\npictures = \"ignore\"\n";
    site.write("site.toml", format!("{TOML}{check}[languages.de]\n{address}fallback = \"{fallback}\"\n"));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 8, max_shrink_iters: 30, ..ProptestConfig::default() })]
    #[test]
    fn a_language_that_moves_to_a_host_and_back_leaves_what_a_fresh_build_makes(events in prop::collection::vec(event(), 1..7)) {
        let site = Site::new(&[("content/news/a0.md", &article("A0", "", "Text.")), ("static/q.svg", "<svg/>")]);
        let mut settings = (true, true);
        apply(&Event::Write { article: 1, german: true, text: 3 }, &site, &mut settings);
        site.built();
        for event in &events {
            apply(event, &site, &mut settings);
            if !site.path("content/news/a0.md").exists() {
                apply(&Event::Write { article: 0, german: false, text: 1 }, &site, &mut settings);
            }
            site.built();
        }
        let fresh = Site::new(&[]);
        std::fs::remove_file(fresh.path("content/_index.md")).unwrap();
        for (path, bytes) in tree(site.0.path()) {
            if path == "site.toml" || path.starts_with("content/") || path.starts_with("static/") {
                fresh.write(&path, bytes);
            }
        }
        prop_assert_eq!(site.output(), fresh.built());
    }
}
