//! Addresses that run scripts: they are left out wherever an author can write one.

use crate::podcast::png;
use crate::site::{Site, TOML};

/// Ways to write an address that runs a script, for TOML's basic strings.
const SCRIPTS: [&str; 8] = [
    "javascript:alert(1)//evil",
    "JavaScript:alert(1)//evil",
    " \\u0001javascript:alert(1)//evil",
    "java\\tscript\\n:alert(1)//evil",
    "&#106;avascript:alert(1)//evil",
    "vbscript:evil",
    "data:text/html,evil",
    "file:///evil",
];

/// The fields of an article that hold an address, each as a line; `S` is the address.
const FIELDS: [&str; 14] = [
    "via = \"S\"",
    "canonical = \"S\"",
    "image = \"S\"",
    "image = { src = \"S\", alt = \"x\" }",
    "banner = \"S\"",
    "enclosure = \"S\"",
    "enclosure = { url = \"S\", length = 1, type = \"audio/mpeg\" }",
    "enclosure = [\"S\"]",
    "[episode]\ntranscript = \"S\"",
    "[episode]\ntranscript = { url = \"S\", type = \"text/vtt\" }",
    "[episode]\nchapters = { url = \"S\", type = \"application/json+chapters\" }",
    "[episode]\nimage = \"S\"",
    "[[episode.people]]\nname = \"Ada\"\nurl = \"S\"",
    "[[episode.people]]\nname = \"Ada\"\nimage = \"S\"",
];

fn assert_without(site: &Site, what: &str) {
    for (path, bytes) in site.output() {
        let is_there = bytes.windows(4).any(|window| window == b"evil");
        assert!(!is_there, "{what} is in {path}: {}", String::from_utf8_lossy(&bytes));
    }
}

#[test]
fn an_articles_address_that_runs_a_script_is_left_out_with_a_warning() {
    for (number, script) in SCRIPTS.iter().enumerate() {
        let site = Site::new(&[]);
        for (at, field) in FIELDS.iter().enumerate() {
            let lines = field.replace('S', script);
            site.write(
                &format!("content/news/a{at}.md"),
                format!("+++\ntitle = \"A\"\ndate = 2026-01-02\n{lines}\n+++\nx\n"),
            );
        }
        let (code, problems) = site.problems(&[]);
        assert_eq!(code, Some(0), "{script}: {problems:?}");
        for (at, field) in FIELDS.iter().enumerate() {
            let wanted = format!("metadata::address content/news/a{at}.md:");
            let told = problems.iter().filter(|one| one.starts_with(&wanted)).count();
            assert_eq!(told, 1, "{number} {field}: {problems:?}");
        }
        assert_without(&site, script);
    }
}

#[test]
fn a_settings_address_that_runs_a_script_is_left_out_with_a_warning() {
    for script in SCRIPTS {
        let toml = format!(
            "{TOML}icon = \"S\"\nlogo = \"S\"\n[author]\nname = \"The desk\"\nurl = \"S\"\n[authors.ada]\nname = \"Ada\"\nurl = \"S\"\n[[navigation]]\ntitle = \"N\"\nurl = \"S\"\n[theme]\nlogo = \"S\"\n[feeds]\nstylesheet = \"S\"\n"
        );
        let site = Site::new(&[
            ("content/a.md", "+++\ntitle = \"A\"\ndate = 2026-01-02\nauthors = [\"ada\"]\n+++\nx\n"),
            ("content/b.md", "+++\ntitle = \"B\"\ndate = 2026-01-02\n+++\nx\n"),
        ]);
        site.write("site.toml", toml.replace("\"S\"", &format!("\"{script}\"")));
        let (code, problems) = site.problems(&[]);
        assert_eq!(code, Some(0), "{problems:?}");
        let told = problems.iter().filter(|one| one.starts_with("metadata::address site.toml:")).count();
        assert_eq!(told, 7, "{script}: {problems:?}");
        assert_without(&site, script);
    }
}

#[test]
fn a_shows_address_that_runs_a_script_is_left_out_with_a_warning() {
    for script in SCRIPTS {
        let show = "+++\ntitle = \"S\"\n[podcast]\nimage = \"cover.png\"\ncategories = [\"News\"]\nexplicit = false\nnew_feed_url = \"X\"\nprefix = \"X\"\nfunding = [{ url = \"X\", text = \"Give\" }, { url = \"https://example.com/give\" }]\n[[podcast.people]]\nname = \"Ada\"\nurl = \"X\"\nimage = \"X\"\n+++\n";
        let site = Site::new(&[
            ("content/show/_index.md", &show.replace('X', script)),
            (
                "content/show/a.md",
                "+++\ntitle = \"A\"\ndate = 2026-01-02\nenclosure = { url = \"https://example.com/a.mp3\", length = 1 }\n+++\nx\n",
            ),
        ]);
        site.write("content/show/cover.png", png(1400, 1400));
        let (code, problems) = site.problems(&[]);
        assert_eq!(code, Some(0), "{problems:?}");
        assert_eq!(problems.len(), 5, "{script}: {problems:?}");
        assert_without(&site, script);
    }
}

#[test]
fn other_addresses_stay_and_paths_of_the_site_become_whole() {
    let site = Site::new(&[(
        "content/a.md",
        "+++\ntitle = \"A\"\ndate = 2026-01-02\nvia = \"/other/\"\nauthors = [\"ada\"]\n+++\nx\n",
    )]);
    site.write("site.toml", format!("{TOML}[author]\nname = \"The desk\"\nurl = \"about/\"\n[authors.ada]\nname = \"Ada\"\nurl = \"mailto:ada@example.org\"\n"));
    let atom = crate::site::text(&site.built(), "atom.xml");
    for part in [
        "<link href=\"https://example.org/other/\" rel=\"via\"",
        "<uri>https://example.org/about/</uri>",
        "<uri>mailto:ada@example.org</uri>",
    ] {
        assert!(atom.contains(part), "{part} in {atom}");
    }
}
