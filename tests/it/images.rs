//! Pictures in several widths, what is taken out of them, and who hears of broken ones.

use std::fs;

use crate::site::{Files, NOW, Site, TOML, between, json, sources, text};

/// A picture of `tests/sites/pictures`.
fn picture(path: &str) -> Vec<u8> {
    sources("pictures").remove(path).unwrap()
}

const TURNED: &str = "content/harbour/turned.jpg";

/// The settings for pictures as small as those here.
fn small() -> String {
    format!("{TOML}[images]\nwidths = [16, 32]\n")
}

/// The names of the files that contain `part` in theirs.
fn named(files: &Files, part: &str) -> Vec<String> {
    files.keys().filter(|path| path.contains(part)).cloned().collect()
}

/// The value of an attribute of the first element whose text contains `part`.
fn attribute(html: &str, part: &str, name: &str) -> Option<String> {
    let tag = html.split('<').map(|tag| tag.split('>').next().unwrap()).find(|tag| tag.contains(part))?;
    Some(between(tag, &format!(" {name}=\""), "\"").first()?.to_string())
}

#[test]
fn pictures_are_offered_in_several_widths_and_show_their_size() {
    let site = Site::copy("pictures");
    site.write("templates/article.html", "{{ article.content }}");
    let files = site.built();
    let html = text(&files, "harbour/index.html");
    let image = |part: &str, name: &str| attribute(&html, part, name);
    // Stored lying, shown upright; as wide as it is and no wider.
    let srcset = image("alt=\"The quay, upright\"", "srcset").unwrap();
    let widths: Vec<&str> = srcset.split(", ").map(|one| one.split(' ').nth(1).unwrap()).collect();
    assert_eq!(widths, ["16w", "32w", "40w"]);
    for one in srcset.split(", ") {
        let path = one.split(' ').next().unwrap();
        assert!(files.contains_key(&path[1..]), "{path}");
        assert!(path.starts_with("/renditions/harbour/turned-") && path.ends_with(".jpg"), "{path}");
    }
    let size = |part: &str| (image(part, "width"), image(part, "height"));
    let pixels = |width: u32, height: u32| (Some(width.to_string()), Some(height.to_string()));
    assert_eq!(size("alt=\"The quay, upright\""), pixels(40, 60));
    assert_eq!(size("alt=\"moving\""), pixels(50, 30));
    assert_eq!(size("chart.svg"), pixels(300, 150));
    assert_eq!(image("alt=\"moving\"", "src").unwrap(), "/harbour/moves.gif");
    assert_eq!(image("chart.svg", "alt").unwrap(), "");
    assert_eq!(image("alt=\"Upside down\"", "class").unwrap(), "wide");
    // The first is fetched at once; the others wait.
    assert_eq!(image("alt=\"The quay, upright\"", "loading"), None);
    // The article has a picture, and that comes before.
    assert!(!html.contains("fetchpriority"));
    assert_eq!(image("alt=\"Upside down\"", "loading").unwrap(), "lazy");
    assert_eq!(image("alt=\"Upside down\"", "decoding").unwrap(), "async");
    // A PNG is one by whatever name.
    assert!(image("alt=\"A PNG by another name\"", "src").unwrap().ends_with(".png"));
    assert!(
        html.contains("<figure><picture><source type=\"image/webp\" srcset=\"/renditions/harbour/turned-16-")
    );
    for path in between(&html, "srcset=\"", "\"").into_iter().flat_map(|one| one.split(", ")) {
        let path = path.split(' ').next().unwrap();
        assert!(path == "/own.webp" || files.contains_key(&path[1..]), "{path}");
    }
}

#[test]
fn versions_that_the_author_chose_stay() {
    let html = text(&Site::copy("pictures").built(), "harbour/index.html");
    assert!(html.contains("<picture><source srcset=\"/own.webp\"><img src=\"/harbour/clear.png\" alt=\"Chosen by hand\"></picture>"));
}

#[test]
fn a_picture_that_no_page_shows_is_not_made_smaller() {
    let files = Site::copy("pictures").built();
    assert_eq!(named(&files, "unused"), ["unused.jpg"]);
}

#[test]
fn no_file_of_the_output_says_where_or_by_whom_a_picture_was_taken() {
    for (path, bytes) in Site::copy("pictures").built() {
        assert!(memchr::memmem::find(&bytes, b"SECRET").is_none(), "{path}");
        // The tag that leads to a place (EXIF 3.0, table 3), most significant byte first or last.
        let is_picture = [".jpg", ".png", ".webp", ".gif"].iter().any(|end| path.ends_with(end));
        for tag in [b"\x88\x25\x00\x04", b"\x25\x88\x04\x00"] {
            assert!(!is_picture || memchr::memmem::find(&bytes, tag).is_none(), "{path}");
        }
    }
}

#[test]
fn templates_get_the_picture_with_its_texts() {
    let site = Site::copy("pictures");
    site.write("templates/article.html", "{{ article.picture.src }}|{{ article.picture.width }}|{{ article.picture.height }}|{{ article.picture.alt }}|{{ article.picture.caption }}|{{ article.picture.credit }}|{{ article.picture.sources[0].type }}|{{ article.picture.srcset }}|{{ article.social.url }}|{{ article.social.width }}|{{ article.social.alt }}\n{{ article.picture.html }}");
    site.write("templates/index.html", "{% for one in recent %}{{ one.picture.html }}{% endfor %}");
    let files = site.built();
    let page = text(&files, "harbour/index.html");
    let (values, html) = page.split_once('\n').unwrap();
    let values: Vec<&str> = values.split('|').collect();
    let src = values[0];
    assert!(files.contains_key(&src[1..]), "{src}");
    assert_eq!(values[1..7], ["40", "60", "The quay at noon", "Noon", "Ada Wong", "image/webp"]);
    assert!(values[7].contains("turned-16-") && values[7].ends_with(" 40w"));
    assert_eq!(values[8..], [&format!("https://pictures.example.org{src}"), "40", "The quay at noon"]);
    assert_eq!(attribute(html, "alt=", "loading"), None);
    assert_eq!(attribute(html, "alt=", "fetchpriority").unwrap(), "high");
    assert_eq!(attribute(html, "alt=", "alt").unwrap(), "The quay at noon");
    // On lists it can wait.
    assert_eq!(attribute(&text(&files, "index.html"), "alt=", "loading").unwrap(), "lazy");
}

#[test]
fn the_picture_at_the_head_of_a_page_is_fetched_first_and_those_below_wait() {
    let article = |title: &str, day: u8, more: &str, body: &str| {
        format!("+++\ntitle = \"{title}\"\ndate = 2026-01-0{day}T00:00:00Z\n{more}+++\n{body}\n")
    };
    let with = "image = { src = \"/q.jpg\", alt = \"Opening\" }\n";
    let body = "![Above](/q.jpg)\n\n![Below](/q.jpg)";
    let site = Site::new(&[
        ("content/a.md", &article("A", 3, with, body)),
        ("content/b.md", &article("B", 2, with, "Text.")),
        // The theme shows a plain path on lists only.
        ("content/c.md", &article("C", 1, "image = \"/q.jpg\"\n", body)),
        ("content/d.md", &article("D", 1, "", body)),
        ("site.toml", &small()),
    ]);
    site.write("static/q.jpg", picture("static/quay.jpg"));
    let files = site.built();
    let soon = |page: &str, alt: &str| {
        let html = text(&files, page);
        let image = |name: &str| attribute(&html, &format!("alt=\"{alt}\""), name);
        (image("fetchpriority"), image("loading"))
    };
    let (first, at_once) = ((Some("high".to_owned()), None), (None, None));
    let later = (None, Some("lazy".to_owned()));
    assert_eq!(soon("index.html", "Opening"), first);
    let front = text(&files, "index.html");
    let counts = ["<img", "fetchpriority=\"high\""].map(|part| front.matches(part).count());
    assert_eq!(counts, [3, 1], "of all pictures the lead's is first");
    assert_eq!(soon("a/index.html", "Opening"), first);
    assert_eq!(soon("a/index.html", "Above"), at_once);
    for page in ["c", "d"] {
        assert_eq!(soon(&format!("{page}/index.html"), "Above"), first, "{page}");
    }
    for page in ["a", "c", "d"] {
        assert_eq!(soon(&format!("{page}/index.html"), "Below"), later, "{page}");
    }
}

#[test]
fn feeds_carry_one_plain_picture() {
    let files = Site::copy("pictures").built();
    let feed = json(&files, "feed.json");
    let html = feed["items"][0]["content_html"].as_str().unwrap();
    assert!(!html.contains("srcset") && !html.contains("<source") && !html.contains("loading"), "{html}");
    let src = attribute(html, "alt=\"The quay, upright\"", "src").unwrap();
    assert!(src.starts_with("https://pictures.example.org/renditions/harbour/turned-40-"), "{src}");
    assert_eq!(attribute(html, "alt=\"The quay, upright\"", "width").unwrap(), "40");
    assert_eq!(attribute(html, "alt=\"The quay, upright\"", "height").unwrap(), "60");
}

#[test]
fn a_picture_without_a_text_is_told_and_one_that_decorates_is_not() {
    let site = Site::new(&[
        (
            "content/a.md",
            "+++\ntitle = \"A\"\n+++\n![](/q.jpg)\n\n<img src=\"/q.jpg\">\n\n![\"\"](/q.jpg) <img alt=\"\" src=\"/q.jpg\">\n",
        ),
        ("content/b.md", "+++\ntitle = \"B\"\nimage = { src = \"/q.jpg\" }\n+++\n"),
        ("content/c.md", "+++\ntitle = \"C\"\nimage = { src = \"/q.jpg\", alt = \"\" }\n+++\n"),
    ]);
    site.write("static/q.jpg", picture("static/quay.jpg"));
    let said = "the picture has no text for those who can't see it";
    assert_eq!(
        site.problems(&[]),
        (
            Some(0),
            ["a.md:4:1", "a.md:6:1", "b.md:3:9"].map(|at| format!("picture::alt content/{at} {said}")).into(),
        )
    );
}

#[test]
fn a_picture_that_is_none_is_an_error_of_the_article_and_publish_leaves_that_out() {
    let article = |body: &str| format!("+++\ntitle = \"A\"\ndate = 2026-01-01T00:00:00Z\n+++\n{body}\n");
    let site = Site::new(&[
        ("content/good.md", &article("Text.")),
        ("content/empty.md", &article("![E](/empty.png)")),
        ("content/cut.md", &article("Text.\n\n![C](/cut.jpg)")),
        ("content/huge.md", &article("![H](/huge.png)")),
        ("content/text.md", &article("![T](/text.gif)")),
        ("site.toml", &small()),
    ]);
    let whole = picture("static/quay.jpg");
    site.write("static/cut.jpg", &whole[..whole.len() - 100]);
    site.write("static/empty.png", "");
    site.write("static/text.gif", "no picture");
    let mut huge = picture("content/harbour/clear.png");
    huge[16..24].copy_from_slice(&[0, 0, 0xff, 0xff, 0, 0, 0xff, 0xff]);
    site.write("static/huge.png", huge);
    let (code, problems) = site.problems(&[]);
    assert_eq!(code, Some(1));
    assert_eq!(
        problems,
        [
            "picture::unreadable content/cut.md:7:6 the picture static/cut.jpg can't be read: its end is missing",
            "picture::unreadable content/empty.md:5:6 the picture static/empty.png can't be read: the file is empty",
            "picture::too_large content/huge.md:5:6 the picture static/huge.png has 65535 by 65535 pixels, and 100000000 in all are the most",
            "picture::unreadable content/text.md:5:6 the picture static/text.gif can't be read: it is none by its first bytes",
        ]
    );
    let output = site.command(&["publish", "--now", NOW]).output().unwrap();
    assert_eq!(output.status.code(), Some(5), "{output:?}");
    let files = site.output();
    assert!(files.contains_key("good/index.html") && !files.contains_key("cut/index.html"));
}

#[test]
fn pictures_of_what_is_held_back_are_nowhere() {
    let site = Site::new(&[
        (
            "content/later/index.md",
            "+++\ntitle = \"Later\"\ndate = 2030-01-01T00:00:00Z\nimage = \"plan.jpg\"\n+++\n![Plan](plan.jpg)\n",
        ),
        ("content/now.md", "+++\ntitle = \"Now\"\n+++\nSee [the plan](later/index.md).\n"),
        ("site.toml", &small()),
    ]);
    site.write("content/later/plan.jpg", picture(TURNED));
    let files = site.built();
    assert!(named(&files, "plan").is_empty(), "{files:?}");
    assert!(!text(&files, "now/index.html").contains("plan.jpg"));
    // And once it is out, they are there.
    assert!(site.build_at("2030-01-02T00:00:00Z").is_some());
    assert_eq!(named(&site.output(), "later/plan-").len(), 4);
}

#[test]
fn a_picture_is_made_once_ever() {
    let site = Site::copy("pictures");
    let first = site.built();
    let made = || {
        let folder = walkdir::WalkDir::new(site.path(".dateline/pictures")).into_iter().flatten();
        let files = folder.filter(|entry| entry.file_type().is_file());
        files.map(|entry| (entry.path().to_owned(), entry.metadata().unwrap().modified().unwrap())).collect()
    };
    let before: Vec<_> = made();
    assert!(before.len() > 10);
    // Output and cache are lost, and the article moves.
    fs::remove_dir_all(site.path("public")).unwrap();
    fs::remove_file(site.path(".dateline/state")).unwrap();
    assert_eq!(site.built(), first);
    assert_eq!(made(), before);
    fs::rename(site.path("content/harbour"), site.path("content/quay")).unwrap();
    let moved = site.built();
    assert_eq!(moved.len(), first.len());
    assert_eq!(made().len(), before.len());
    let output = site.command(&["verify", "--now", NOW]).output().unwrap();
    assert!(output.status.success(), "{output:?}");
}

#[test]
fn pictures_can_be_left_as_they_are() {
    let site = Site::copy("pictures");
    let toml = text(&sources("pictures"), "site.toml");
    site.write("site.toml", toml.replace("widths = [16, 32, 48]", "responsive = false"));
    let files = site.built();
    assert_eq!(files["harbour/turned.jpg"], picture(TURNED));
    assert_eq!(named(&files, "turned"), ["harbour/turned.jpg"]);
    assert!(!text(&files, "harbour/index.html").contains("/renditions/"));
}

#[test]
fn articles_without_a_picture_have_a_card_if_that_is_asked_for() {
    let article = |title: &str, more: &str| {
        format!("+++\ntitle = \"{title}\"\ndate = 2026-01-01T00:00:00Z\n{more}+++\nText.\n")
    };
    let site = Site::new(&[
        ("content/news/a.md", &article("Ebb", "")),
        ("content/news/b.md", &article("Flood", "image = \"/q.jpg\"\n")),
        ("content/news/c.md", &article("\u{6f6e}", "")),
        ("content/news/d.md", &article("Later", "draft = true\n")),
        ("content/page.md", "+++\ntitle = \"Page\"\n+++\n"),
        ("site.toml", &format!("{TOML}[images]\ncards = true\n")),
        (
            "templates/article.html",
            "{% if article.social %}{{ article.social.url }}|{{ article.social.width }}|{{ article.social.height }}|{{ article.social.alt }}{% endif %}",
        ),
        ("templates/page.html", "{% if article.social %}card{% else %}none{% endif %}"),
    ]);
    site.write("static/q.jpg", picture("static/quay.jpg"));
    let (code, problems) = site.problems(&[]);
    let said = "picture::letters content/news/c.md no font has \u{201c}\u{6f6e}\u{201d}, which is in this title; articles without a card: 1";
    assert_eq!((code, problems), (Some(0), vec![said.to_owned()]));
    let files = site.output();
    let cards = named(&files, "cards/");
    assert_eq!(cards.len(), 1, "{cards:?}");
    let page = |name: &str| text(&files, &format!("news/{name}/index.html"));
    assert_eq!(page("a"), format!("https://example.org/{}|1200|630|Ebb", cards[0]));
    assert_eq!(page("b"), "https://example.org/q.jpg|60|40|");
    assert_eq!(text(&files, "page/index.html"), "none");
}

#[test]
fn another_title_is_another_card_and_the_old_one_goes() {
    let article =
        |title: &str| format!("+++\ntitle = \"{title}\"\ndate = 2026-01-01T00:00:00Z\n+++\nText.\n");
    let site = Site::new(&[
        ("content/news/a.md", &article("Ebb")),
        ("site.toml", &format!("{TOML}[images]\ncards = true\n")),
    ]);
    let cards = named(&site.built(), "cards/");
    site.write("content/news/a.md", article("Low tide"));
    site.build(&[]);
    let now = named(&site.output(), "cards/");
    assert!(now.len() == 1 && now != cards, "{now:?}");
    assert!(text(&site.output(), "news/a/index.html").contains(&now[0]));
}

#[test]
fn a_figure_may_have_another_picture_for_dark_colours() {
    let body = "{{ <figure src=\"quay.jpg\" dark=\"quay night.png\" alt=\"The quay\" /> }}\n\n{{ <figure src=\"a.svg\" dark=\"b.svg\" alt=\"Lines\" /> }}\n";
    let site = Site::new(&[
        ("site.toml", &small()),
        ("content/news/a/index.md", &format!("+++\ntitle = \"A\"\ndate = 2026-01-01\n+++\n{body}")),
        ("content/news/a/a.svg", "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"30\" height=\"20\"/>"),
        ("content/news/a/b.svg", "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"40\" height=\"20\"/>"),
    ]);
    site.write("content/news/a/quay.jpg", picture("static/quay.jpg"));
    site.write("content/news/a/quay night.png", picture("content/harbour/clear.png"));
    let files = site.built();
    let html = text(&files, "news/a/index.html");
    let figures = between(&html, "<figure>", "</figure>");
    // Both are there in several widths, those for the dark first.
    let sources = between(figures[0], "<source ", ">");
    let dark: Vec<bool> =
        sources.iter().map(|one| one.contains("media=\"(prefers-color-scheme: dark)\"")).collect();
    assert_eq!(dark, [true, true, false], "{}", figures[0]);
    assert!(
        sources[0].contains("type=\"image/webp\"") && sources[0].contains("quay%20night-"),
        "{sources:?}"
    );
    assert!(sources[1].contains("type=\"image/png\"") && sources[1].contains(" width=\""), "{sources:?}");
    assert!(sources[2].contains("type=\"image/webp\" srcset=\"/renditions/news/a/quay-"), "{sources:?}");
    assert_eq!(figures[0].matches("<picture>").count(), 1, "{}", figures[0]);
    assert!(
        attribute(figures[0], "alt=\"The quay\"", "src").unwrap().starts_with("/renditions/news/a/quay-")
    );
    for path in between(&html, "srcset=\"", "\"").into_iter().flat_map(|one| one.split(", ")) {
        let path = path.split(' ').next().unwrap().replace("%20", " ");
        assert!(files.contains_key(&path[1..]), "{path}");
    }
    assert!(
        figures[1].starts_with(
            "<picture><source media=\"(prefers-color-scheme: dark)\" srcset=\"/news/a/b.svg\" width=\"40\" height=\"20\"><img src=\"/news/a/a.svg\" alt=\"Lines\" width=\"30\""
        ),
        "{}",
        figures[1]
    );
    // Feeds are on light paper.
    let feed = json(&files, "feed.json");
    let html = feed["items"][0]["content_html"].as_str().unwrap();
    assert!(!html.contains("night") && !html.contains("b.svg") && html.contains("/quay-"), "{html}");
}
