//! The head and the foot of pages: navigation, footer, announcement, colours, icon.

use serde_json::Value;

use crate::site::{Site, TOML, between, text};

/// A site with an article, a page and these settings.
fn site(settings: &str) -> Site {
    Site::new(&[
        ("site.toml", &format!("{TOML}{settings}\n")),
        ("content/news/_index.md", "+++\ntitle = \"News\"\n+++\n"),
        ("content/news/local/_index.md", "+++\ntitle = \"Local\"\n+++\n"),
        ("content/news/boat.md", "+++\ntitle = \"Boat\"\ndate = 2026-01-02\n+++\nText.\n"),
        ("content/news/local/lamp.md", "+++\ntitle = \"Lamp\"\ndate = 2026-01-03\n+++\nText.\n"),
        ("content/about.md", "+++\ntitle = \"About\"\n+++\nUs.\n"),
    ])
}

/// The part of a page from `<header` to `</header>`.
fn head(page: &str) -> &str {
    between(page, "<header class=\"masthead\"", "</header>")[0]
}

fn foot(page: &str) -> &str {
    between(page, "<footer", "</footer>")[0]
}

const MENUS: &str = "[[navigation]]
title = \"News\"
url = \"/news/\"
children = [{ title = \"Local\", url = \"/news/local/\" }, { title = \"Elsewhere\", url = \"https://other.example/\" }]

[[navigation]]
title = \"More\"
children = [{ title = \"About\", url = \"/about/\" }]
";

#[test]
fn a_navigation_has_menus_of_one_level() {
    let files = site(MENUS).built();
    let page = text(&files, "index.html");
    let menus = between(head(&page), "<details class=\"menu\"", "</details>");
    assert_eq!(menus.len(), 2, "{menus:#?}");
    // An entry with an address is a link, and the menu beside it has a name.
    assert!(head(&page).contains("<a href=\"/news/\">News</a><details"), "{}", head(&page));
    assert!(menus[0].contains("<summary aria-label=\"News: submenu\"></summary>"), "{}", menus[0]);
    assert!(menus[0].contains("<a href=\"/news/local/\">Local</a>"), "{}", menus[0]);
    assert!(menus[0].contains("<a href=\"https://other.example/\">Elsewhere</a>"), "{}", menus[0]);
    // One without only opens its menu.
    assert!(menus[1].contains("<summary>More</summary>"), "{}", menus[1]);
}

#[test]
fn the_entry_of_a_page_and_those_of_the_sections_around_it_are_marked() {
    let files = site(MENUS).built();
    for (path, expected) in [
        ("index.html", vec![]),
        ("news/index.html", vec!["/news/ true"]),
        ("news/boat/index.html", vec!["/news/ true"]),
        ("news/local/index.html", vec!["/news/ true", "/news/local/ true"]),
        ("news/local/lamp/index.html", vec!["/news/ true", "/news/local/ true"]),
        ("about/index.html", vec!["/about/ page"]),
    ] {
        let page = text(&files, path);
        let marked: Vec<String> = between(head(&page), "<a href=\"", ">")
            .into_iter()
            .filter_map(|link| link.split_once("\" aria-current=\""))
            .map(|(url, kind)| format!("{url} {}", kind.trim_end_matches('"')))
            .collect();
        assert_eq!(marked, expected, "{path}");
    }
}

#[test]
fn an_entry_that_leads_nowhere_is_an_error() {
    for (settings, line) in [
        ("[[navigation]]\ntitle = \"N\"", 5),
        ("[[navigation]]\nurl = \"/news/\"", 5),
        ("[[navigation]]\ntitle = \"N\"\nchildren = []", 5),
        ("[[navigation]]\ntitle = \"N\"\nurl = \"/news/\"\nchildren = [{ title = \"C\" }]", 8),
        ("[[footer]]\ntitle = \"F\"", 5),
        ("[[footer]]\nlinks = [{ url = \"/news/\" }]", 6),
        ("[announcement]\nurl = \"/news/\"", 5),
        ("[author]\nsocial = [{ title = \"S\" }]", 6),
    ] {
        let (code, problems) = site(settings).problems(&[]);
        let start = format!("metadata::value site.toml:{line}:");
        assert!(
            code != Some(0) && problems.len() == 1 && problems[0].starts_with(&start),
            "{settings}: {problems:#?}"
        );
    }
}

#[test]
fn a_footer_has_columns_social_links_and_a_last_line() {
    let settings = "rights = \"© T\"\n\n[[footer]]\ntitle = \"The paper\"\nlinks = [{ title = \"Who\", url = \"/about/\" }]\n\n[[footer]]\nlinks = [{ title = \"Privacy\", url = \"/about/#privacy\" }]\n\n[author]\nsocial = [\"https://github.com/t\", \"https://social.example/@t\", { title = \"Pictures\", url = \"https://p.example/t\" }]\n\n[check]\nfragments = \"ignore\"\n";
    let files = site(settings).built();
    let page = text(&files, "about/index.html");
    let foot = foot(&page);
    let column = between(foot, "<section>", "</section>");
    assert_eq!(column.len(), 1, "{foot}");
    assert!(column[0].contains("<h2>The paper</h2>") && column[0].contains("<a href=\"/about/\">Who</a>"));
    for (url, name, is_known) in [
        ("https://github.com/t", "GitHub", true),
        ("https://social.example/@t", "Mastodon", true),
        ("https://p.example/t", "Pictures", false),
    ] {
        let link = between(foot, &format!("<a href=\"{url}\" rel=\"me\""), "</a>")[0];
        assert_eq!(link.contains(&format!(" title=\"{name}\"")), is_known, "{link}");
        let class = if is_known { " class=\"visually-hidden\"" } else { "" };
        assert!(link.ends_with(&format!("</svg><span{class}>{name}</span>")), "{link}");
        assert!(
            link.contains("<svg class=\"sign\" viewBox=\"0 0 24 24\" aria-hidden=\"true\"><path d=\"M"),
            "{link}"
        );
    }
    // No two places have the same sign.
    let signs = between(foot, "<path d=\"", "\"");
    assert!(signs.len() == 3 && signs[0] != signs[1] && signs[1] != signs[2], "{signs:?}");
    let legal = between(foot, "<div class=\"legal\">", "</div>")[0];
    assert!(legal.contains("© T") && legal.contains("<a href=\"/about/#privacy\">Privacy</a>"), "{legal}");
}

#[test]
fn the_foot_leads_to_the_archive_and_to_the_taxonomies_that_there_are() {
    let links = |site: &Site| -> Vec<String> {
        let files = site.built();
        let page = text(&files, "index.html");
        let links =
            between(between(foot(&page), "<ul class=\"footer-links\">", "</ul>")[0], "<a href=\"", "\"");
        for link in &links {
            assert!(files.contains_key(&format!("{}index.html", &link[1..])), "{link}");
        }
        links.into_iter().map(str::to_owned).collect()
    };
    let empty = Site::new(&[("content/_index.md", "")]);
    assert_eq!(links(&empty), [""; 0]);
    let full = site("");
    full.write(
        "content/a.md",
        "+++\ntitle = \"A\"\ndate = 2026-01-02\ntags = [\"B\"]\nauthors = [\"C\"]\n+++\n",
    );
    assert_eq!(links(&full), ["/archive/", "/authors/", "/tags/", "/subscribe/"]);
}

#[test]
fn an_announcement_ends_by_the_clock_of_the_build() {
    // Six o'clock in London is six in UTC in winter.
    let site =
        site("[announcement]\ntext = \"No <b>ferries</b>\"\nurl = \"/about/\"\nuntil = 2026-12-24T06:00:00");
    let bar = |site: &Site| text(&site.output(), "about/index.html").contains("class=\"announcement\"");
    let due = |now: &str| -> Value {
        let output = site.command(&["due", "--now", now, "--format", "json"]).output().unwrap();
        serde_json::from_slice(&output.stdout).unwrap()
    };
    site.build_at("2026-12-24T05:59:59Z").unwrap();
    assert!(bar(&site));
    let page = text(&site.output(), "about/index.html");
    assert!(page.contains("<a href=\"/about/\">No &lt;b&gt;ferries&lt;/b&gt;</a>"), "{page}");
    let next = due("2026-12-24T05:59:59Z");
    assert_eq!(next["next"], "2026-12-24T06:00:00Z");
    assert_eq!(
        (&next["due"][0]["source"], &next["due"][0]["change"]),
        (&"site.toml".into(), &"ending".into())
    );
    let late = due("2026-12-24T06:00:01Z");
    assert_eq!(late["overdue"][0]["change"], "ending", "{late}");
    // Nothing but the clock has changed.
    assert!(site.build_at("2026-12-24T06:00:00Z").unwrap() > 0);
    assert!(!bar(&site));
    assert_eq!(site.build_at("2026-12-25T06:00:00Z"), Some(0));
}

#[test]
fn an_announcement_stays_without_an_end_and_may_be_one_that_is_not_closed() {
    let page = |settings: &str| text(&site(settings).built(), "index.html");
    let bar = |page: &str| between(page, "<div class=\"announcement\"", "</div>")[0].to_owned();
    assert!(bar(&page("[announcement]\ntext = \"A\"")).contains("<button"));
    assert!(!bar(&page("[announcement]\ntext = \"A\"\ndismiss = false")).contains("<button"));
}

#[test]
fn each_language_has_its_own_head_and_foot() {
    let settings = "[announcement]\ntext = \"Here\"\n\n[[footer]]\ntitle = \"Paper\"\nlinks = [{ title = \"Home\", url = \"/\" }]\n\n[languages.de]\ntitle = \"Zeit\"\nannouncement = { text = \"Hier\", until = 2026-11-01 }\nfooter = [{ title = \"Blatt\", links = [{ title = \"Titel\", url = \"/de/\" }] }]\n\n[languages.fr]\ntitle = \"Temps\"\n";
    let site = site(settings);
    site.write("content/about.de.md", "+++\ntitle = \"Über uns\"\n+++\nWir.\n");
    site.write("content/about.fr.md", "+++\ntitle = \"À propos\"\n+++\nNous.\n");
    let at = |now: &str, path: &str| {
        site.build_at(now).unwrap();
        let page = text(&site.output(), path);
        let bar = between(&page, "<div class=\"announcement\"", "</div>")
            .first()
            .map(|bar| between(bar, "<p>", "</p>")[0].to_owned());
        (bar, between(foot(&page), "<h2>", "</h2>")[0].to_owned())
    };
    let some = |text: &str| Some(text.to_owned());
    assert_eq!(at("2026-10-31T00:00:00Z", "about/index.html"), (some("Here"), "Paper".to_owned()));
    assert_eq!(at("2026-10-31T00:00:00Z", "de/about/index.html"), (some("Hier"), "Blatt".to_owned()));
    assert_eq!(at("2026-10-31T00:00:00Z", "fr/about/index.html"), (some("Here"), "Paper".to_owned()));
    // That of the site does not come back where its own has ended.
    assert_eq!(at("2026-11-02T00:00:00Z", "de/about/index.html").0, None);
    assert_eq!(at("2026-11-02T00:00:00Z", "fr/about/index.html").0, some("Here"));
}

#[test]
fn the_front_page_alone_has_the_description_below_the_title() {
    let site = site("");
    site.write("site.toml", format!("description = \"From the quay\"\n{TOML}"));
    let files = site.built();
    for (path, is_there) in [
        ("index.html", true),
        ("news/index.html", false),
        ("about/index.html", false),
        ("news/boat/index.html", false),
    ] {
        let page = text(&files, path);
        assert_eq!(head(&page).contains("<p class=\"tagline\">From the quay</p>"), is_there, "{path}");
    }
}

#[test]
fn tools_have_names_and_are_there_for_what_the_site_has() {
    let page = |settings: &str| text(&site(settings).built(), "index.html");
    let all = page("[search]\nenabled = true");
    for (url, name) in [("/search/", "Search"), ("/subscribe/", "Subscribe")] {
        let tool =
            between(head(&all), "<a class=\"tool ", "</a>").into_iter().find(|tool| tool.contains(url));
        let tool = tool.unwrap_or_else(|| panic!("{name}: {all}"));
        assert!(
            tool.contains(&format!("title=\"{name}\"")) && tool.ends_with(&format!("<span>{name}</span>")),
            "{tool}"
        );
    }
    assert!(head(&all).contains("data-name=\"Colours\""));
    assert!(
        !head(&page("[feeds]\nsite = false\nsections = false\nterms = false"))
            .contains("class=\"tool feeds-link")
    );
}

#[test]
fn an_icon_is_made_of_the_name_unless_the_site_has_one() {
    let link = |files: &crate::site::Files| {
        let page = text(files, "index.html");
        between(&page, "<link rel=\"icon\" href=\"", "\"")[0].to_owned()
    };
    let named = site("[theme.colours]\naccent = { light = \"#0b5d57\", dark = \"#6fd3c8\" }");
    named.write(
        "site.toml",
        text(&crate::site::tree(named.0.path()), "site.toml").replace("\"T\"", "\"the <Post>\""),
    );
    let files = named.built();
    let icon = text(&files, "favicon.svg");
    assert!(
        icon.contains(">T</text>")
            && icon.contains("rect{fill:#0b5d57}")
            && icon.contains("rect{fill:#6fd3c8}"),
        "{icon}"
    );
    assert_eq!(link(&files), "/favicon.svg");
    for (path, expected) in [
        ("static/favicon.ico", "/favicon.ico"),
        ("static/favicon.svg", "/favicon.svg"),
        ("content/favicon.png", "/favicon.png"),
    ] {
        let site = site("");
        site.write(path, "mine");
        let files = site.built();
        assert_eq!(link(&files), expected, "{path}");
        assert_eq!(text(&files, &expected[1..]), "mine", "{path}");
    }
    let own = site("");
    own.write("site.toml", format!("icon = \"/mark.svg\"\n{TOML}"));
    own.write("static/mark.svg", "<svg xmlns=\"http://www.w3.org/2000/svg\"/>");
    let files = own.built();
    assert_eq!(link(&files), "/mark.svg");
    assert!(!files.contains_key("favicon.svg"));
}

/// The custom properties of the style sheet.
fn property(files: &crate::site::Files, name: &str) -> String {
    let sheet = text(files, "style.css");
    between(&sheet, &format!("{name}:"), ";").last().unwrap().trim_end_matches('}').to_owned()
}

#[test]
fn a_colour_for_light_gets_one_for_dark() {
    let built = |colours: &str| site(&format!("[theme.colours]\n{colours}")).built();
    let files = built("accent = \"#0b5d57\"\npaper = \"#f4f7f6\"");
    let accent = property(&files, "--accent");
    assert!(accent.contains("#0b5d57") && accent.matches('#').count() == 2, "{accent}");
    // Browsers get the colour of the paper.
    let page = text(&files, "index.html");
    let colours = between(&page, "<meta name=\"theme-color\" media=\"(prefers-color-scheme: ", "\">");
    assert_eq!(colours[0], "light)\" content=\"#f4f7f6");
    assert!(colours[1].starts_with("dark)\" content=\"#1"), "{colours:?}");
    // A dark paper stays dark, and with it the ink that is read on it.
    let files = built(
        "paper = \"#101418\"\npanel = \"#1c2126\"\nink = \"#eeeeee\"\nsoft = \"#b0b8c0\"\naccent = \"#7fd1c7\"",
    );
    let page = text(&files, "index.html");
    assert!(page.contains("(prefers-color-scheme: dark)\" content=\"#101418\""), "{page}");
    // Both may be given, as ever.
    let accent = property(&built("accent = { light = \"#0b5d57\", dark = \"#6fd3c8\" }"), "--accent");
    assert!(accent.contains("#0b5d57") && accent.contains("#6fd3c8"), "{accent}");
}

#[test]
fn colours_that_are_hard_to_read_are_warned_about_with_the_nearest_that_is_not() {
    for (colours, expected) in [
        ("accent = \"#0b5d57\"", vec![]),
        ("accent = { light = \"#0b5d57\", dark = \"#6fd3c8\" }", vec![]),
        ("line = \"#eeeeee\"", vec![]),
        (
            "accent = \"#d4a017\"",
            vec!["6:10 `accent` #d4a017 has a contrast of 2.09:1 on `panel` #f5f0e6 in light colours"],
        ),
        (
            "accent = { light = \"#000000\", dark = \"#0b5d57\" }",
            vec!["6:38 `accent` #0b5d57 has a contrast of 2.10:1 on `panel` #22201d in dark colours"],
        ),
        (
            "soft = { light = \"#999999\", dark = \"#555555\" }",
            vec![
                "6:18 `soft` #999999 has a contrast of 2.50:1 on `panel` #f5f0e6 in light colours",
                "6:36 `soft` #555555 has a contrast of 2.17:1 on `panel` #22201d in dark colours",
            ],
        ),
        (
            "ink = { light = \"#000000\", dark = \"#ffffff\" }\npaper = { light = \"#8899aa\", dark = \"#000000\" }",
            vec![
                "7:19 `accent` #9b2a1a has a contrast of 2.62:1 on `paper` #8899aa in light colours",
                "7:19 `soft` #5f584f has a contrast of 2.39:1 on `paper` #8899aa in light colours",
            ],
        ),
    ] {
        let site = site(&format!("[theme.colours]\n{colours}"));
        let (code, report) = site.report(&[]);
        let problems = report["problems"].as_array().unwrap();
        let found: Vec<String> = problems
            .iter()
            .map(|one| {
                assert_eq!(
                    (&one["code"], &one["severity"]),
                    (&"config::contrast".into(), &"warning".into()),
                    "{one}"
                );
                let message = one["message"].as_str().unwrap().split(';').next().unwrap();
                format!("{}:{} {message}", one["line"], one["column"])
            })
            .collect();
        assert_eq!(
            (code, found),
            (Some(0), expected.iter().map(|one| (*one).to_owned()).collect()),
            "{colours}"
        );
        // With the colours that the warnings name, there is nothing to warn about.
        let mut mended = colours.to_owned();
        for one in problems {
            let (old, new) = (one["message"].as_str().unwrap(), one["help"].as_str().unwrap());
            let new = between(new, "= \"", "\"")[0];
            let changed = between(one["help"].as_str().unwrap(), "is `", " ")[0];
            let old = between(old, &format!("`{changed}` "), " ")[0];
            mended = mended.replacen(old, new, 1);
        }
        if let Some(one) = problems.first() {
            assert_eq!(
                self::site(&format!("[theme.colours]\n{mended}")).problems(&[]),
                (Some(0), vec![]),
                "{one}"
            );
        }
    }
}

#[test]
fn a_logo_may_be_another_picture_in_dark_colours() {
    let site = site("[theme]\nlogo = { light = \"day.svg\", dark = \"night.svg\" }");
    for name in ["day", "night"] {
        site.write(&format!("static/{name}.svg"), "<svg xmlns=\"http://www.w3.org/2000/svg\"/>");
    }
    let page = text(&site.built(), "about/index.html");
    let logo = "<picture><source media=\"(prefers-color-scheme: dark)\" srcset=\"/night.svg\"><img src=\"/day.svg\" alt=\"T\"></picture>";
    assert!(head(&page).contains(logo), "{page}");
    for (logo, said) in [
        ("{ light = \"day.svg\" }", "metadata::value site.toml:6:8"),
        ("{ light = \"day.svg\", dark = \"dusk.svg\" }", "link::template site.toml:6:"),
    ] {
        site.write("site.toml", format!("{TOML}[theme]\nlogo = {logo}\n"));
        let (_, problems) = site.problems(&[]);
        assert!(problems.len() == 1 && problems[0].starts_with(said), "{logo}: {problems:#?}");
    }
}
