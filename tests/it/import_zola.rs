//! Moving in from Zola.

use crate::import_hugo::{entries, findings, import, import_of, source};
use crate::site::text;

#[test]
fn articles_of_zola_keep_address_id_date_and_title() {
    let (site, report) = import("zola", &source("zola"), &[]);
    let files = site.built();
    let found = entries(&files, "feed.json");
    let live = [
        ("/blog/crane-day/", "2020-03-04T00:00:00Z", "The crane moves"),
        ("/blog/night-ferry/", "2020-05-06T07:08:09+09:00", "Night ferry returns"),
        ("/odd/place/", "2020-07-01T12:00:00Z", "A path of its own"),
    ];
    assert_eq!(found.len(), live.len(), "{found:?}");
    for (path, date, title) in live {
        let url = format!("https://quay.example{path}");
        assert_eq!(found[&url], (title.to_owned(), date.to_owned(), url.clone()), "{path}");
        assert!(files.contains_key(&format!("{}index.html", &path[1..])), "{path}");
    }
    for path in [
        "about/index.html",
        "blog/atom.xml",
        "tags/cranes/atom.xml",
        "blog/night-ferry/quay.svg",
        "img/crane.svg",
        "tags/c/index.html",
        "places/elmshorn/index.html",
    ] {
        assert!(files.contains_key(path), "{path}");
    }
    assert!(text(&files, "atom.xml").contains("<id>https://quay.example/atom.xml</id>"));
    assert!(text(&files, "blog/atom.xml").contains("<id>https://quay.example/blog/atom.xml</id>"));
    assert!(!files.contains_key("places/elmshorn/atom.xml"));
    for (old, new) in [("old/crane/index.html", "/blog/crane-day/"), ("crane.html", "/blog/crane-day/")] {
        assert!(text(&files, old).contains(new), "{old}");
    }
    for word in ["Unfinished", "Unseen", "For members"] {
        assert!(!files.values().any(|bytes| String::from_utf8_lossy(bytes).contains(word)), "{word}");
    }
    assert_eq!(findings(&report, "held", "draft").len(), 3);
}

#[test]
fn texts_of_zola_are_texts_of_dateline() {
    let (site, report) = import("zola", &source("zola"), &[]);
    let crane = std::fs::read_to_string(site.path("content/blog/2020-03-04_Crane-Day.md")).unwrap();
    for part in [
        "[the ferry](@/blog/night-ferry/index.md#pier)",
        "{{ <embed url=\"https://www.youtube.com/watch?v=abc123\"",
        "{% <quote by=\"The engineer\"> %}\nNobody was sure.\n{% </quote> %}",
        "<!-- chart(days=3) -->",
        "\\{{ chart(days=3) }}",
        "boat = \"Meise\"",
        "summary = \"It lifted a boat.\"",
    ] {
        assert!(crane.contains(part), "{part}\n{crane}");
    }
    assert_eq!(findings(&report, "lost", "shortcode").len(), 1);
    let settings = std::fs::read_to_string(site.path("site.toml")).unwrap();
    for part in [
        "title = \"Quay notes\"",
        "timezone = \"UTC\"",
        "[author]\nname = \"Wilma Hansen\"",
        "[taxonomies.places]",
        "colour = \"teal\"",
    ] {
        assert!(settings.contains(part), "{part}\n{settings}");
    }
}

#[test]
fn safe_slugs_of_zola_keep_blanks_and_feeds_without_a_limit_have_everything() {
    let config = "base_url = \"https://mast.example\"\ngenerate_feed = true\ntaxonomies = [{name = \"tags\", feed = true}]\n[slugify]\npaths = \"safe\"\ntaxonomies = \"safe\"\n";
    let posts: Vec<(String, String)> = (1..=25)
        .map(|day| {
            let text = format!("+++\ntitle = \"P{day}\"\ndate = 2021-01-{day:02}\n[taxonomies]\ntags = [\"Low Water\"]\n+++\nText.\n");
            (format!("content/blog/Day {day}: \u{e4}.md").replace(':', ""), text)
        })
        .collect();
    let mut files = vec![("config.toml", config)];
    files.extend(posts.iter().map(|(path, text)| (path.as_str(), text.as_str())));
    let (site, _) = import_of("zola", &files);
    let files = site.built();
    assert_eq!(entries(&files, "feed.json").len(), 25);
    for path in ["blog/Day 7 \u{e4}/index.html", "tags/Low Water/index.html", "tags/Low Water/atom.xml"] {
        assert!(files.contains_key(path), "{path}: {:?}", files.keys());
    }
}
