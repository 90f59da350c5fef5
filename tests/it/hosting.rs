//! What servers are told of the site's files, and compressed siblings of those.

use std::fs;
use std::io::Read;

use crate::site::{Files, NOW, SITES, Site, TOML, text};

fn article(title: &str, body: &str) -> String {
    format!("+++\ntitle = \"{title}\"\ndate = 2026-11-01T08:00:00Z\n+++\n{body}\n")
}

/// The fields that `_headers` gives the path.
fn fields(headers: &str, path: &str) -> Vec<String> {
    let (mut fields, mut fits) = (Vec::new(), false);
    for line in headers.lines() {
        match (line.strip_prefix("  "), line.split_once('*')) {
            (Some(field), _) if fits => fields.push(field.to_owned()),
            (Some(_), _) => {}
            (None, Some((before, after))) => fits = path.starts_with(before) && path.ends_with(after),
            (None, None) => fits = path == line,
        }
    }
    fields
}

#[test]
fn hosts_are_told_types_and_caching_of_every_feed_and_where_its_hub_is() {
    for name in SITES {
        let files = Site::copy(name).built();
        let headers = text(&files, "_headers");
        // A site in a folder has its files there.
        let folder = headers.lines().next().unwrap().trim_end_matches('*');
        for (path, bytes) in &files {
            let fields = fields(&headers, &format!("{folder}{path}"));
            let start = String::from_utf8_lossy(&bytes[..bytes.len().min(200)]).into_owned();
            let media_type = match &start {
                s if s.contains("<rss") => Some("application/rss+xml; charset=utf-8"),
                s if s.contains("<feed") => Some("application/atom+xml; charset=utf-8"),
                s if s.contains("<opml") => Some("text/x-opml; charset=utf-8"),
                s if s.contains("https://jsonfeed.org/") => Some("application/feed+json"),
                _ => None,
            };
            let found = fields.iter().find_map(|field| field.strip_prefix("Content-Type: "));
            assert_eq!(found, media_type, "{name}: {path}: {fields:?}");
            assert!(fields.contains(&"X-Content-Type-Options: nosniff".to_owned()), "{name}: {path}");
            let is_feed = media_type.is_some_and(|one| !one.contains("opml"));
            assert_eq!(
                fields.contains(&"Cache-Control: public, max-age=300".to_owned()),
                is_feed,
                "{name}: {path}"
            );
            let link = fields.iter().find_map(|field| field.strip_prefix("Link: "));
            if name == "feed-choices" && is_feed {
                let link = link.unwrap_or_else(|| panic!("{path} has no Link"));
                assert!(link.starts_with("<https://hub.example.org/>; rel=\"hub\", <https://"), "{link}");
                let own = link.split('<').nth(2).unwrap().split('>').next().unwrap();
                assert!(
                    String::from_utf8_lossy(bytes).contains(own) && own.ends_with(&format!("{folder}{path}")),
                    "{own}"
                );
            } else {
                assert_eq!(link, None, "{name}: {path}");
            }
        }
    }
}

#[test]
fn a_publisher_may_turn_it_off_or_write_a_file_of_his_own() {
    let site = Site::new(&[("content/one.md", &article("One", "Text."))]);
    site.write("site.toml", format!("{TOML}[hosting]\nheaders = false\n"));
    assert!(!site.built().contains_key("_headers"));
    site.write("site.toml", format!("{TOML}[hosting]\nfeed_max_age = 7\n"));
    assert!(text(&site.built(), "_headers").contains("max-age=7\n"));
    site.write("static/_headers", "/*\n  X-Mine: yes\n");
    assert_eq!(text(&site.built(), "_headers"), "/*\n  X-Mine: yes\n");
    fs::remove_file(site.path("static/_headers")).unwrap();
    assert!(text(&site.built(), "_headers").contains("max-age=7\n"));
}

#[test]
fn servers_are_told_the_same_and_where_things_were() {
    let site = Site::new(&[(
        "content/one.md",
        &article("One", "Text.").replace("+++\nText", "aliases = [\"/old/\"]\n+++\nText"),
    )]);
    site.write("site.toml", format!("{TOML}[feeds]\nhub = \"https://hub.example/\"\n"));
    let files = site.built();
    let print = |server: &str| {
        let output = site.command(&["hosting", server, "--now", NOW]).output().unwrap();
        assert!(output.status.success(), "{output:?}");
        String::from_utf8(output.stdout).unwrap()
    };
    assert_eq!(print("headers"), text(&files, "_headers"));
    for (server, redirect) in [
        ("nginx", "location = \"/old/\" { return 301 \"/one/\"; }"),
        ("caddy", "redir \"/old/\" \"/one/\" permanent"),
    ] {
        let text = print(server);
        for part in [
            "application/rss+xml; charset=utf-8",
            "application/feed+json",
            "max-age=300",
            "nosniff",
            "404.html",
            redirect,
        ] {
            assert!(text.contains(part), "{server} has no {part}: {text}");
        }
    }
    assert_eq!(site.output(), files, "it only prints");
}

fn unpack(path: &str, bytes: &[u8]) -> Vec<u8> {
    let mut whole = Vec::new();
    match path.rsplit('.').next().unwrap() {
        "gz" => drop(flate2::read::GzDecoder::new(bytes).read_to_end(&mut whole).unwrap()),
        "br" => drop(brotli::Decompressor::new(bytes, 4096).read_to_end(&mut whole).unwrap()),
        _ => whole = zstd::decode_all(bytes).unwrap(),
    }
    whole
}

/// Checks every sibling, and that there is one where there has to be; how many there are.
fn check(files: &Files) -> usize {
    let mut siblings = 0;
    for (path, bytes) in files {
        for end in ["gz", "br", "zst"] {
            let sibling = format!("{path}.{end}");
            let is_text = [".html", ".xml", ".json", ".css", ".js", ".txt", ".opml"]
                .iter()
                .any(|end| path.ends_with(end));
            let Some(packed) = files.get(&sibling) else {
                assert!(!is_text || bytes.len() < 1024, "{path} has no {end}");
                continue;
            };
            assert!(is_text && bytes.len() >= 1024 && packed.len() < bytes.len(), "{sibling}");
            assert!(unpack(&sibling, packed) == *bytes, "{sibling}");
            siblings += 1;
        }
    }
    let all =
        files.keys().filter(|path| [".gz", ".br", ".zst"].iter().any(|end| path.ends_with(end))).count();
    assert_eq!(all, siblings, "some are without an original");
    siblings
}

/// A text that is worth being compressed.
fn long() -> String {
    "A sentence that is long enough to be worth it. ".repeat(60)
}

/// A site with files that get siblings and files that don't, not built yet.
fn mixed() -> Site {
    let long = long();
    let site = Site::new(&[
        ("content/news/one.md", &article("One", &long)),
        ("content/news/two.md", &article("Two", &long)),
        ("content/news/short.md", &article("Short", "Text.")),
        ("static/small.txt", "small"),
        ("static/big.txt", &long),
    ]);
    site.write("static/noise.bin", long.as_bytes());
    site.write("site.toml", format!("{TOML}[hosting]\ncompress = [\"gz\", \"br\", \"zst\"]\n"));
    site
}

#[test]
fn files_that_are_worth_it_have_siblings_and_nothing_else_changes() {
    let site = mixed();
    let toml = text(&crate::site::tree(site.0.path()), "site.toml");
    site.write("site.toml", TOML);
    let plain = site.built();
    site.write("site.toml", toml);
    let all = site.built();
    let siblings = check(&all);
    assert!(siblings > 20, "{siblings}");
    let without = |files: &Files| -> Files {
        let is_own = |path: &str| ![".gz", ".br", ".zst"].iter().any(|end| path.ends_with(end));
        files.clone().into_iter().filter(|(path, _)| is_own(path)).collect()
    };
    assert_eq!(without(&all), plain);
    assert_eq!(site.build_at(NOW), Some(0), "nothing changed");
    let verified = site.command(&["verify", "--now", NOW]).output().unwrap();
    assert!(verified.status.success(), "{verified:?}");
}

#[test]
fn siblings_go_and_change_with_their_originals() {
    let site = mixed();
    let all = site.built();
    // Of an article that goes, they go too; of one that changes, they change; others are not touched.
    let modified = |path: &str| fs::metadata(site.path("public").join(path)).unwrap().modified().unwrap();
    let before = modified("big.txt.br");
    fs::remove_file(site.path("content/news/two.md")).unwrap();
    site.write("content/news/one.md", article("One", &long().to_uppercase()));
    let after = site.built();
    check(&after);
    assert!(all.contains_key("news/two/index.html.gz") && !after.contains_key("news/two/index.html.gz"));
    assert_ne!(after["news/one/index.html.gz"], all["news/one/index.html.gz"]);
    assert_eq!(modified("big.txt.br"), before);
    // An original that has become too short has none.
    site.write("static/big.txt", "small now");
    check(&site.built());
}

#[test]
fn a_sibling_that_somebody_removed_or_changed_is_made_again() {
    let site = mixed();
    let all = site.built();
    for damage in [None, Some("damaged")] {
        match damage {
            None => fs::remove_file(site.path("public/index.html.br")).unwrap(),
            Some(text) => site.write("public/index.html.br", text),
        }
        assert_eq!(site.build_at(NOW), Some(1));
        assert_eq!(site.output(), all);
    }
}

#[test]
fn a_file_of_the_publishers_own_takes_the_place_of_a_sibling_while_it_is_there() {
    let site = mixed();
    site.built();
    site.write("static/big.txt.GZ", "other");
    site.write("static/big.txt.br", "mine");
    let own = site.built();
    assert_eq!((own["big.txt.br"].as_slice(), own["big.txt.GZ"].as_slice()), (&b"mine"[..], &b"other"[..]));
    assert!(!own.contains_key("big.txt.gz"));
    fs::remove_file(site.path("static/big.txt.br")).unwrap();
    fs::remove_file(site.path("static/big.txt.GZ")).unwrap();
    check(&site.built());
    assert_eq!(site.build_at(NOW), Some(0));
}

#[test]
fn siblings_of_another_build_have_the_same_bytes() {
    let site = mixed();
    let last = site.built();
    fs::remove_dir_all(site.path("public")).unwrap();
    fs::remove_dir_all(site.path(".dateline")).unwrap();
    assert_eq!(site.built(), last);
}

#[test]
fn siblings_of_an_encoding_that_is_turned_off_go() {
    let site = mixed();
    site.built();
    site.write("site.toml", format!("{TOML}[hosting]\ncompress = \"gz\"\n"));
    let only = site.built();
    assert!(only.contains_key("index.html.gz") && !only.contains_key("index.html.br"));
    site.write("site.toml", TOML);
    assert_eq!(site.built().keys().filter(|path| path.ends_with(".gz")).count(), 0);
}

#[test]
fn what_is_wrong_with_hosting_is_said_with_its_place() {
    for (line, message) in [
        ("compress = [\"gz\", \"lzw\"]", "not all are encodings, or one stands twice"),
        ("compress = [\"gz\", \"gz\"]", "not all are encodings, or one stands twice"),
        ("feed_max_age = -1", "it is out of range"),
    ] {
        let site = Site::new(&[]);
        site.write("site.toml", format!("{TOML}[hosting]\n{line}\n"));
        let (code, problems) = site.problems(&[]);
        assert_eq!(code, Some(2), "{line}");
        assert!(problems[0].contains("site.toml:6:") && problems[0].contains(message), "{problems:?}");
    }
}

#[cfg(feature = "images")]
#[test]
fn what_is_named_by_its_digest_is_kept_for_ever_and_nothing_else() {
    const FOR_EVER: &str = "Cache-Control: public, max-age=31536000, immutable";
    let site = Site::copy("pictures");
    let toml = format!("{}cards = true\n", text(&crate::site::sources("pictures"), "site.toml"));
    site.write("site.toml", toml);
    site.write("content/plain.md", article("Plain", "Text."));
    let kept_for_ever = |files: &Files| -> Vec<String> {
        let headers = text(files, "_headers");
        let is_kept = |path: &&String| fields(&headers, &format!("/{path}")).contains(&FOR_EVER.to_owned());
        files.keys().filter(is_kept).cloned().collect()
    };
    let files = site.built();
    let kept = kept_for_ever(&files);
    let in_folder = |folder: &str| kept.iter().filter(|path| path.starts_with(folder)).count();
    assert!(in_folder("renditions/harbour/") > 10 && in_folder("cards/") == 1, "{kept:?}");
    assert_eq!(in_folder("style-"), 1);
    assert_eq!(in_folder("renditions/") + in_folder("cards/") + in_folder("style-"), kept.len(), "{kept:?}");
    // Its bytes are what its name says: with other bytes there is another name.
    let bytes =
        |files: &Files| -> Vec<Vec<u8>> { kept.iter().filter_map(|path| files.get(path)).cloned().collect() };
    let before = bytes(&files);
    site.write("content/harbour/turned.jpg", &files["quay.jpg"]);
    site.write("content/plain.md", article("Another title", "Text."));
    let changed = site.built();
    let after = bytes(&changed);
    assert!(after.len() < before.len() && after.iter().all(|one| before.contains(one)));
    // A file of the publisher's own in one of the folders has no such name.
    site.write("static/cards/house.png", &files["harbour/clear.png"]);
    let headers = text(&site.built(), "_headers");
    assert!(!headers.contains("/cards/*") && headers.contains("/renditions/*"), "{headers}");
    site.write("site.toml", TOML);
    fs::remove_file(site.path("static/cards/house.png")).unwrap();
    fs::remove_dir_all(site.path("content/harbour")).unwrap();
    let headers = text(&site.built(), "_headers");
    assert!(!headers.contains("/cards/*") && !headers.contains("/renditions/*"), "{headers}");
}
