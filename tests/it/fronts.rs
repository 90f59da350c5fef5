//! Fronts: how the first page of a list shows its articles.

use crate::site::{Files, Site, TOML, between, text};

/// An article of November 2026.
fn article(title: &str, day: usize, more: &str) -> String {
    format!(
        "+++\ntitle = \"{title}\"\npublished = 2026-11-{day:02}T10:00:00Z\n{more}\n+++\n\nText of {title}.\n"
    )
}

fn section(title: &str, weight: usize, more: &str) -> String {
    format!("+++\ntitle = \"{title}\"\nweight = {weight}\n{more}\n+++\n")
}

/// The value of the template's `front` on a page, as a line of groups of titles.
const GROUPS: &str = "{% if front %}{{ front.kind }} lines:{% for one in front.lines %}{{ one.title }} {% endfor %}lead:{% if front.lead %}{{ front.lead.title }}{% endif %} stories:{% for one in front.stories %}{{ one.title }} {% endfor %}{% for band in front.bands %}{{ band.title }}:{% for one in band.articles %}{{ one.title }} {% endfor %}{% endfor %}rest:{% for one in front.rest %}{{ one.title }} {% endfor %}{% else %}none{% endif %}";

/// A paper of three sections, with an article a day.
fn paper(more: &[(&str, &str)]) -> Site {
    let mut files = vec![
        ("content/news/_index.md".to_owned(), section("News", 1, "")),
        ("content/culture/_index.md".to_owned(), section("Culture", 2, "")),
        ("content/sport/_index.md".to_owned(), section("Sport", 3, "")),
    ];
    for (at, folder) in ["news", "culture", "sport"].into_iter().enumerate() {
        for number in 1..=7 {
            let title = format!("{}{number}", folder[..1].to_uppercase());
            let image = if number == 5 { "image = \"https://example.net/a.jpg\"" } else { "" };
            files.push((format!("content/{folder}/{number}.md"), article(&title, number * 3 - at, image)));
        }
    }
    files.push(("content/notice.md".to_owned(), article("Notice", 22, "")));
    files.extend(more.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())));
    let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    Site::new(&files)
}

fn groups(site: &Site) -> String {
    site.write("templates/index.html", GROUPS);
    text(&site.built(), "index.html").replace(" rest:", "rest:").trim().to_owned()
}

/// The titles of the cards of a page in their order.
fn cards(page: &str) -> Vec<&str> {
    let cards = between(page, "<article class=\"card", "</article>").into_iter();
    cards.map(|card| between(between(card, "<h", "</h")[0], "\">", "</a>")[0]).collect()
}

#[test]
fn a_paper_has_a_lead_two_stories_with_pictures_and_a_band_for_each_section() {
    let expected = "paper lines:lead:Notice stories:N5 C5 News:N7 N6 N4 N3 N2 Culture:C7 C6 C4 C3 C2 Sport:S7 S6 S5 S4 S3rest:S2 N1 C1 S1";
    assert_eq!(groups(&paper(&[])), expected);
}

#[test]
fn bands_are_in_the_order_of_the_navigation_and_then_of_the_sections() {
    let settings = format!(
        "{TOML}[[navigation]]\ntitle = \"S\"\nurl = \"/sport/\"\n[[navigation]]\ntitle = \"About\"\nurl = \"/about/\"\n[[navigation]]\ntitle = \"C\"\nurl = \"/culture/\"\n"
    );
    let front = groups(&paper(&[("site.toml", &settings)]));
    let order: Vec<usize> =
        ["Sport:", "Culture:", "News:"].iter().map(|band| front.find(band).unwrap()).collect();
    assert!(order.is_sorted(), "{front}");
}

#[test]
fn featured_articles_are_the_lead_and_the_stories_whatever_their_age() {
    let site = paper(&[
        ("content/news/old.md", &article("Old", 1, "featured = 2")),
        ("content/sport/older.md", &article("Older", 1, "featured = 1")),
    ]);
    let front = groups(&site);
    assert!(front.starts_with("paper lines:lead:Older stories:Old N5 News:N7 N6"), "{front}");
}

#[test]
fn pinned_articles_are_lines_above_the_lead_until_their_time_is_over() {
    for (until, line) in [("2026-12-01T00:00:00Z", "Live "), ("2026-11-20T00:00:00Z", "")] {
        let pin = format!("pinned_until = {until}");
        let front = groups(&paper(&[("content/news/live.md", &article("Live", 9, &pin))]));
        assert!(front.starts_with(&format!("paper lines:{line}lead:Notice stories:")), "{until}: {front}");
        assert_eq!(front.matches("Live").count(), 1, "{until}: {front}");
    }
    // One that is featured too is the lead.
    let both = article("Live", 9, "pinned_until = 2026-12-01T00:00:00Z\nfeatured = true");
    let front = groups(&paper(&[("content/news/live.md", &both)]));
    assert!(front.starts_with("paper lines:lead:Live stories:"), "{front}");
    // Without any other article it is not only a line.
    let pinned = article("Only", 9, "pinned_until = 2026-12-01T00:00:00Z");
    let front = groups(&Site::new(&[("content/a.md", &pinned)]));
    assert_eq!(front, "paper lines:lead:Only stories:rest:");
}

#[test]
fn every_article_of_the_page_is_on_a_paper_once() {
    for size in [1, 3, 8, 20, 30] {
        let site = paper(&[("site.toml", &format!("{TOML}page_size = {size}\n"))]);
        let out = site.built();
        let page = text(&out, "index.html");
        let mut titles = cards(&page);
        // An article of a band may be from an older page too: a band has the newest of its section.
        titles.sort_unstable();
        let count = titles.len();
        titles.dedup();
        assert_eq!(titles.len(), count, "{size}");
        site.write("templates/index.html", "{% for one in pager.articles %}{{ one.title }}\n{% endfor %}");
        for title in text(&site.built(), "index.html").lines() {
            assert!(titles.contains(&title), "{size}: {title} of {titles:?}");
        }
    }
}

#[test]
fn the_front_of_a_site_and_of_each_section_is_chosen() {
    let template = [("templates/section.html", GROUPS), ("templates/index.html", GROUPS)];
    let kind = |site: &Site, path: &str| {
        let page = text(&site.built(), path);
        page.split(' ').next().unwrap_or_default().to_owned()
    };
    let site = paper(&template);
    assert_eq!((kind(&site, "index.html"), kind(&site, "news/index.html")), ("paper".into(), "list".into()));
    site.write("site.toml", format!("{TOML}front = \"list\"\n"));
    assert_eq!((kind(&site, "index.html"), kind(&site, "news/index.html")), ("list".into(), "list".into()));
    site.write("content/_index.md", "+++\nfront = \"landing\"\n[cascade]\nfront = \"paper\"\n+++\n");
    site.write("content/sport/_index.md", section("Sport", 3, "front = \"list\""));
    let kinds = ["index.html", "news/index.html", "sport/index.html"].map(|path| kind(&site, path));
    assert_eq!(kinds, ["landing", "paper", "list"]);
}

#[test]
fn an_unknown_front_is_an_error_with_its_place() {
    let site = paper(&[("site.toml", &format!("{TOML}front = \"papr\"\n"))]);
    let (code, report) = site.report(&[]);
    let problem = &report["problems"][0];
    assert_eq!((code, &problem["line"]), (Some(2), &5.into()), "{report:#}");
    assert_eq!(problem["help"], "did you mean `paper`?");
    let site = paper(&[("content/news/_index.md", &section("News", 1, "front = 3"))]);
    let (code, problems) = site.problems(&[]);
    assert!(code == Some(1) && problems[0].contains("content/news/_index.md:4:"), "{problems:?}");
    // In an article it is no field.
    let site = paper(&[("content/news/x.md", &article("X", 1, "front = \"list\""))]);
    assert!(site.problems(&[]).1[0].contains("content/news/x.md:4:"));
}

#[test]
fn a_front_in_another_language_is_as_that_of_the_site() {
    let settings = format!("{TOML}front = \"list\"\n[languages.de]\ntitle = \"Deutsch\"\n");
    let site = Site::new(&[
        ("site.toml", &settings),
        ("templates/index.html", GROUPS),
        ("content/a.md", &article("A", 1, "")),
        ("content/a.de.md", &article("B", 1, "")),
    ]);
    let kind = |out: &Files| text(out, "de/index.html").split(' ').next().unwrap_or_default().to_owned();
    assert_eq!(kind(&site.built()), "list");
    site.write("content/_index.md", "+++\nfront = \"paper\"\n+++\n");
    assert_eq!(kind(&site.built()), "paper");
}

#[test]
fn an_edit_of_an_article_that_a_paper_does_not_show_leaves_its_page_alone() {
    let site = paper(&[("site.toml", &format!("{TOML}page_size = 4\n"))]);
    site.built();
    let explained = || {
        let output = site.build(&["--explain"]);
        String::from_utf8([output.stdout, output.stderr].concat()).unwrap()
    };
    site.write("content/news/1.md", article("Other", 3, ""));
    let told = explained();
    assert!(told.contains("news/1/index.html:") && !told.contains("\nindex.html:"), "{told}");
    // One that a band shows, on no first page of the list.
    site.write("content/culture/3.md", article("Another", 8, ""));
    let told = explained();
    assert!(told.contains("\nindex.html:") || told.starts_with("index.html:"), "{told}");
    // A new page of a section is none of the front's.
    site.write("content/news/page.md", "+++\ntitle = \"Page\"\n+++\n");
    let told = explained();
    assert!(told.contains("news/page/index.html:") && !told.contains("\nindex.html:"), "{told}");
}

#[test]
fn a_list_has_groups_of_years_where_there_are_several() {
    let of = |year: usize, title: &str, more: &str| {
        format!("+++\ntitle = \"{title}\"\npublished = {year}-03-0{}\n{more}+++\n\nText.\n", title.len())
    };
    let files = [
        ("content/_index.md", "+++\nfront = \"list\"\n+++\n".to_owned()),
        ("content/log/a.md", of(2026, "A", "")),
        ("content/log/b.md", of(2026, "Bb", "")),
        ("content/log/c.md", of(2024, "C", "")),
        ("content/log/d.md", of(2023, "D", "pinned_until = 2027-01-01\n")),
        ("content/note/e.md", of(2022, "E", "")),
    ];
    let files = files.each_ref().map(|(path, text)| (*path, text.as_str()));
    let site = Site::new(&files);
    let out = site.built();
    let page = text(&out, "index.html");
    assert_eq!(cards(&page), ["D", "Bb", "A", "C", "E"]);
    let years = between(&page, "<h2 class=\"year\">", "</h2>");
    assert_eq!(years, ["2026", "2024", "2022"]);
    assert!(page.find(">D</a></h2>") < page.find("class=\"year\""), "{page}");
    assert!(page.contains(">Bb</a></h3>") && page.contains(">C</a></h3>"), "{page}");
    // All of one year.
    let page = text(&out, "note/index.html");
    assert!(!page.contains("class=\"year\"") && page.contains(">E</a></h2>"), "{page}");
}

#[test]
fn a_kicker_is_the_section_where_the_list_is_of_several() {
    let site = Site::new(&[
        ("content/news/_index.md", &section("News", 1, "")),
        ("content/news/council/_index.md", &section("Council", 1, "")),
        ("content/news/a.md", &article("A", 3, "tags = [\"t\"]")),
        ("content/news/council/b.md", &article("B", 2, "tags = [\"t\"]")),
        ("content/news/c.md", &article("C", 1, "tags = [\"t\"]\nkicker = \"Quay\"")),
        ("content/d.md", &article("D", 4, "tags = [\"t\"]")),
    ]);
    let out = site.built();
    let kickers = |path: &str| -> Vec<String> {
        let page = text(&out, path);
        let cards = between(&page, "<article class=\"card", "</article>");
        let kicker = |card: &&str| between(card, "<p class=\"kicker\">", "</p>").concat();
        cards.iter().map(kicker).collect()
    };
    assert_eq!(kickers("tags/t/index.html"), ["", "News", "Council", "Quay"]);
    assert_eq!(kickers("news/index.html"), ["", "Council", "Quay"]);
    assert_eq!(kickers("archive/2026/11/index.html"), ["", "News", "Council", "Quay"]);
}

#[test]
fn cards_have_the_day_without_the_clock() {
    let site = paper(&[("content/news/late.md", &article("Late", 22, "tags = [\"t\"]"))]);
    let out = site.built();
    for path in ["index.html", "news/index.html", "tags/t/index.html", "archive/2026/11/index.html"] {
        let page = text(&out, path);
        let cards = between(&page, "<article class=\"card", "</article>");
        assert!(!cards.is_empty(), "{path}");
        for card in cards {
            let day = between(between(card, "<time", "</time>")[0], ">", "<")[0];
            assert!(day.ends_with("November 2026"), "{path}: {day}");
        }
    }
}

#[test]
fn lists_without_articles_say_so() {
    let nothing = "<p class=\"nothing\">Nothing has been published here yet.</p>";
    let site = Site::new(&[("content/later/_index.md", &section("Later", 1, ""))]);
    let out = site.built();
    assert!(text(&out, "later/index.html").contains(nothing));
    // The front leads to what there is.
    let front = text(&out, "index.html");
    assert!(!front.contains(nothing) && between(&front, "<main", "</main>")[0].contains("href=\"/later/\""));
    let empty = Site::new(&[]).built();
    let front = text(&empty, "index.html");
    assert!(front.contains(nothing), "{front}");
    for absent in ["/archive/", "/authors/", "/tags/", "/topics/"] {
        assert!(!front.contains(absent), "{absent}");
    }
    let said = Site::new(&[("content/_index.md", "Soon.\n")]).built();
    assert!(!text(&said, "index.html").contains(nothing));
}

#[test]
fn the_archive_leads_to_the_taxonomies_that_have_terms() {
    let site =
        paper(&[("content/news/late.md", &article("Late", 22, "tags = [\"t\"]\nauthors = [\"Ada\"]"))]);
    let out = site.built();
    let page = text(&out, "archive/index.html");
    let main = between(&page, "<main", "</main>")[0];
    let links: Vec<&str> = between(main, "<li><a href=\"", "\"");
    assert_eq!(links, ["/authors/", "/tags/"]);
    assert!(out.contains_key("authors/index.html") && !out.contains_key("topics/index.html"));
}

const LANDING: &str = "+++\ntitle = \"Dateline\"\nsummary = \"A publisher.\"\nfront = \"landing\"\nimage = { src = \"quay.svg\", alt = \"The quay\", credit = \"Ada\" }\n\n[hero]\ntitle = \"Dates that are right\"\ntext = \"It **publishes**.\"\ncommand = \"cargo install dateline\"\n\n[[hero.buttons]]\ntitle = \"Start\"\nurl = \"docs/start.md\"\n\n[[hero.buttons]]\ntitle = \"Source\"\nurl = \"https://example.net/\"\n\n[[features]]\ntitle = \"Ids that last\"\ntext = \"They `survive`.\"\nicon = \"⏱\"\nurl = \"docs/start.md#ids\"\n\n[[features]]\ntitle = \"Feeds\"\n+++\n\nThe text.\n";

fn landing(text: &str) -> Site {
    Site::new(&[
        ("content/_index.md", text),
        ("content/quay.svg", "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"60\" height=\"40\"/>"),
        ("content/docs/start.md", "+++\ntitle = \"Start\"\n+++\n\n## Ids\n"),
        ("content/news/a.md", &article("A", 1, "")),
    ])
}

#[test]
fn a_landing_shows_what_its_front_matter_says() {
    let site = landing(LANDING);
    assert_eq!(site.problems(&[]), (Some(0), Vec::new()));
    let page = text(&site.output(), "index.html");
    for part in [
        "<h1>Dates that are right</h1>",
        "<p class=\"standfirst\">It <strong>publishes</strong>.</p>",
        "<pre class=\"command\" tabindex=\"0\"><code>cargo install dateline</code></pre>",
        "<a class=\"main\" href=\"/docs/start/\">Start</a>",
        "<a href=\"https://example.net/\">Source</a>",
        "src=\"/quay.svg\" alt=\"The quay\" width=\"60\" height=\"40\"",
        "<small class=\"credit\">Ada</small>",
        "<meta property=\"og:image\" content=\"https://example.org/quay.svg\">",
        "<span class=\"icon\" aria-hidden=\"true\">⏱</span>",
        "<h2><a href=\"/docs/start/#ids\">Ids that last</a></h2>",
        "<p>They <code>survive</code>.</p>",
        "<h2>Feeds</h2>",
        "<p>The text.</p>",
        "code.js",
    ] {
        assert!(page.contains(part), "{part}\n{page}");
    }
    assert_eq!(cards(&page), ["A"]);
    // A change of it is a change of the front alone.
    site.write("content/_index.md", LANDING.replace("Dates that are right", "Other"));
    let output = site.build(&["--explain"]);
    let told = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
    assert!(told.contains("index.html:") && !told.contains("news/a/index.html:"), "{told}");
    assert!(text(&site.output(), "index.html").contains("<h1>Other</h1>"));
}

#[test]
fn a_landing_without_any_of_its_fields_has_title_and_summary() {
    let page = text(
        &landing("+++\ntitle = \"Dateline\"\nsummary = \"A publisher.\"\nfront = \"landing\"\n+++\n").built(),
        "index.html",
    );
    assert!(page.contains("<h1>Dateline</h1>") && page.contains("<p class=\"standfirst\">A publisher.</p>"));
}

#[test]
fn mistakes_in_a_landing_are_errors_at_their_places() {
    for (wrong, right, code) in [
        ("title = \"Source\"\n", "", "metadata::missing content/_index.md:16:"),
        ("url = \"https://example.net/\"\n", "", "metadata::missing content/_index.md:16:"),
        ("title = \"Feeds\"\n", "", "metadata::missing content/_index.md:26:"),
        ("command = ", "comand = ", "metadata::unknown content/_index.md:10:"),
        ("icon = ", "sign = ", "metadata::unknown content/_index.md:23:"),
    ] {
        let (_, problems) = landing(&LANDING.replacen(wrong, right, 1)).problems(&[]);
        assert!(problems.iter().any(|one| one.starts_with(code)), "{wrong}: {problems:#?}");
    }
    let (code, problems) = landing(&LANDING.replace("docs/start.md#ids", "docs/strat.md")).problems(&[]);
    assert!(problems[0].contains("content/_index.md:24:"), "{code:?} {problems:#?}");
}

#[cfg(feature = "images")]
mod pictures {
    use super::*;
    use crate::site::text;

    /// A JPEG of this size.
    fn jpeg(width: u32, height: u32) -> Vec<u8> {
        let mut bytes = Vec::new();
        let image = image::RgbImage::from_fn(width, height, |x, y| {
            image::Rgb([(x % 256) as u8, (y % 256) as u8, (width % 256) as u8])
        });
        let mut to = std::io::Cursor::new(&mut bytes);
        image::DynamicImage::ImageRgb8(image).write_to(&mut to, image::ImageFormat::Jpeg).unwrap();
        bytes
    }

    fn pictured(sizes: &[(&str, u32, u32)]) -> Site {
        let site = Site::new(&[]);
        for (at, (name, width, height)) in sizes.iter().enumerate() {
            let folder = format!("content/news/{name}");
            let more = "image = \"a.jpg\"\ntags = [\"t\"]";
            site.write(&format!("{folder}/index.md"), article(name, 20 - at, more));
            site.write(&format!("{folder}/a.jpg"), jpeg(*width, *height));
        }
        site
    }

    #[test]
    fn every_list_has_pictures_with_the_sizes_of_its_layout() {
        let site =
            pictured(&[("a", 900, 600), ("b", 900, 600), ("c", 900, 600), ("d", 900, 600), ("e", 900, 600)]);
        let out = site.built();
        for (path, sizes) in [
            ("news/index.html", "(min-width: 40rem) 14rem, 7rem"),
            ("tags/t/index.html", "(min-width: 40rem) 14rem, 7rem"),
            ("archive/2026/11/index.html", "8rem"),
        ] {
            let page = text(&out, path);
            let cards = between(&page, "<article class=\"card", "</article>");
            assert_eq!(cards.len(), 5, "{path}");
            for card in cards {
                assert!(card.contains(" 480w, ") && card.contains(&format!("sizes=\"{sizes}\"")), "{card}");
                assert!(card.contains("loading=\"lazy\"") && card.contains("width=\"900\" height=\"600\""));
            }
        }
        let front = text(&out, "index.html");
        assert_eq!(between(&front, "<article class=\"card", "</article>").len(), 5);
        assert_eq!(front.matches("fetchpriority=\"high\"").count(), 1);
        let lead = between(&front, "<article class=\"card lead h-entry\"", "</article>")[0];
        assert!(lead.contains("fetchpriority=\"high\"") && lead.contains("49rem"), "{lead}");
    }

    #[test]
    fn small_pictures_are_never_enlarged() {
        let site = pictured(&[("a", 300, 500), ("b", 900, 600), ("c", 200, 100), ("d", 100, 100)]);
        let out = site.built();
        let small = |path: &str| -> Vec<bool> {
            let page = text(&out, path);
            let cards = between(&page, "<article class=\"card", "</article>");
            cards.iter().map(|card| card.contains("<img class=\"small\"")).collect()
        };
        assert_eq!(small("news/index.html"), [false, false, true, true]);
        assert_eq!(small("index.html"), [true, false, true, true]);
        assert_eq!(small("archive/2026/11/index.html"), [false, false, false, true]);
    }

    #[test]
    fn the_picture_of_a_landing_is_offered_in_several_widths() {
        let site = landing(&LANDING.replace("quay.svg", "quay.jpg"));
        site.write("content/quay.jpg", jpeg(900, 600));
        let page = text(&site.built(), "index.html");
        assert!(page.contains("renditions/quay-480-") && page.contains("alt=\"The quay\""), "{page}");
        // In a list nothing shows it.
        site.write(
            "content/_index.md",
            LANDING.replace("quay.svg", "quay.jpg").replace("\"landing\"", "\"list\""),
        );
        let out = site.built();
        assert!(!out.keys().any(|path| path.starts_with("renditions/")));
    }
}

#[test]
fn lists_are_rows_or_a_grid_of_cards_by_a_setting() {
    let tagged = article("Tagged", 23, "tags = [\"a\"]");
    let site = paper(&[("content/news/tagged.md", &tagged)]);
    let pages = ["news/index.html", "sport/index.html", "tags/a/index.html"];
    let kinds = |site: &Site| {
        let files = site.built();
        pages.map(|path| {
            let page = text(&files, path);
            let is_grid = page.contains("<div class=\"cards grid h-feed\">");
            assert_eq!(page.contains("<article class=\"card large h-entry\""), is_grid, "{path}: {page}");
            is_grid
        })
    };
    assert_eq!(kinds(&site), [false; 3]);
    site.write("content/_index.md", "+++\n[cascade]\nlist_style = \"cards\"\n+++\n");
    site.write("content/sport/_index.md", section("Sport", 3, "list_style = \"rows\""));
    assert_eq!(kinds(&site), [true, false, false]);
    site.write("content/_index.md", "");
    site.write("site.toml", format!("{TOML}list_style = \"cards\"\n"));
    assert_eq!(kinds(&site), [true, false, true]);
    site.write("site.toml", format!("{TOML}list_style = \"card\"\n"));
    let (code, report) = site.report(&[]);
    let problem = &report["problems"][0];
    assert_eq!((code, &problem["line"]), (Some(2), &5.into()), "{report:#}");
    assert_eq!(problem["help"], "did you mean `cards`?");
}
