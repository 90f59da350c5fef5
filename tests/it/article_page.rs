//! The page of an article: what is around its text, and what its text may have.

use crate::site::{Files, Site, TOML, text};

/// A site whose one article has this front matter and text.
fn site(front: &str, body: &str) -> Site {
    Site::new(&[
        ("site.toml", &format!("{TOML}\n[taxonomies.series]\n")),
        ("content/news/a.md", &format!("+++\ntitle = \"A\"\ndate = 2026-01-02\n{front}\n+++\n{body}\n")),
    ])
}

fn page(files: &Files) -> String {
    text(files, "news/a/index.html")
}

/// The text between the first `start` and the next `end`.
fn inside<'a>(html: &'a str, start: &str, end: &str) -> &'a str {
    let (_, rest) = html.split_once(start).unwrap_or_else(|| panic!("no {start} in {html}"));
    rest.split_once(end).map_or(rest, |(found, _)| found)
}

#[test]
fn contents_are_shown_where_there_are_more_than_three_headings() {
    for (body, shown) in [
        ("## One\n\n## Two\n\n### Three\n", false),
        ("## One\n\n## Two\n\n### Three\n\n## Four\n", true),
        // Headings of the fourth level are not in it.
        ("## One\n\n## Two\n\n#### Three\n\n#### Four\n", false),
    ] {
        let html = page(&site("", body).built());
        assert_eq!(html.contains("<nav class=\"contents\""), shown, "{body}");
        if shown {
            let contents = inside(&html, "<nav class=\"contents\"", "</nav>");
            assert!(contents.contains("<li class=\"level-3\"><a href=\"#three\">Three</a>"), "{contents}");
        }
    }
}

#[test]
fn an_author_with_a_biography_has_a_box_with_it() {
    let site = site("authors = [\"ada\", \"Ben\"]", "Text.");
    site.write(
        "site.toml",
        format!(
            "{TOML}\n[authors.ada]\nname = \"Ada <M.>\"\nbio = \"Writes & reads.\"\npicture = \"/people/ada.png\"\n"
        ),
    );
    site.write("static/people/ada.png", "picture");
    let files = site.built();
    let html = page(&files);
    let author = inside(&html, "<section class=\"author\"", "</section>");
    assert!(author.contains("<img src=\"/people/ada.png\" alt=\"\" width=\"72\""), "{author}");
    assert!(
        author.contains(">Ada &lt;M.&gt;</a>") && author.contains("<p>Writes &amp; reads.</p>"),
        "{author}"
    );
    assert_eq!(html.matches("class=\"author\"").count(), 1);
    let own = text(&files, "authors/ada/index.html");
    assert!(
        own.contains("<img class=\"author-picture u-photo\" src=\"/people/ada.png\" alt=\"\" width=\"96\""),
        "{own}"
    );
    // Another sentence about her is on the pages of her articles with the next build.
    site.write("site.toml", format!("{TOML}\n[authors.ada]\nname = \"Ada\"\nbio = \"Writes no more.\"\n"));
    let html = page(&site.built());
    assert!(html.contains("Writes no more.") && !html.contains("/people/ada.png"));
}

#[test]
fn a_part_of_a_series_shows_all_parts_and_its_place_among_them() {
    let site = site("series = \"Winter\"", "Text.");
    for (name, day) in [("b", 1), ("c", 3)] {
        let part =
            format!("+++\ntitle = \"{name}\"\ndate = 2026-01-0{day}\nseries = \"Winter\"\n+++\nText.\n");
        site.write(&format!("content/news/{name}.md"), part);
    }
    let html = page(&site.built());
    let series = inside(&html, "<details class=\"series-box\">", "</details>");
    assert!(series.contains("<b>Part 2 of 3</b> · Winter"), "{series}");
    let places = ["/news/b/", "<span aria-current=\"true\">A</span>", "/news/c/"].map(|one| series.find(one));
    assert!(places.iter().all(Option::is_some) && places.is_sorted(), "{series}");
}

#[test]
fn neighbours_are_named_previous_and_next() {
    let site = site("", "Text.");
    site.write("content/news/older.md", "+++\ntitle = \"Older\"\ndate = 2026-01-01\n+++\nText.\n");
    site.write("content/news/newer.md", "+++\ntitle = \"Newer\"\ndate = 2026-01-03\n+++\nText.\n");
    let html = page(&site.built());
    assert!(html.contains("<a rel=\"prev\" href=\"/news/older/\"><span>Previous</span>"));
    assert!(html.contains("<a rel=\"next\" href=\"/news/newer/\"><span>Next</span>"));
}

#[test]
fn an_article_can_be_shared_and_printed() {
    let html = page(&site("canonical = \"https://other.example/a/\"", "Text.").built());
    let share = inside(&html, "<p class=\"share\">", "</p>");
    for button in
        ["data-do=\"copy\" data-url=\"https://other.example/a/\"", "data-do=\"print\"", "data-do=\"share\""]
    {
        assert!(share.contains(button), "{button}: {share}");
    }
    assert!(html.contains("<script src=\"/article.js\" defer></script>"));
}

#[test]
fn an_episode_has_a_player_with_chapters_and_its_transcript() {
    let site = site(
        "enclosure = { url = \"talk.mp3\", duration = \"28:43\" }\n[episode]\ntranscript = \"talk.vtt\"\nchapters = \"talk.json\"",
        "Text.",
    );
    site.write("content/news/talk.mp3", "sound");
    site.write(
        "content/news/talk.vtt",
        "WEBVTT\n\n00:00.000 --> 00:04.000\n<v Ada>Good evening & <i>welcome</i>.\n\n01:00:05.000 --> 01:00:06.000\n<v Ben>Hello.\n",
    );
    site.write(
        "content/news/talk.json",
        "{\"chapters\": [{\"startTime\": 0, \"title\": \"Hello <b>\"}, {\"startTime\": 3661.5, \"title\": \"Tides\"}]}",
    );
    let html = page(&site.built());
    let player = inside(&html, "<section class=\"player\"", "</section>");
    assert!(
        player.contains("<audio src=\"/news/a/talk.mp3\" controls") || player.contains("talk.mp3\" controls"),
        "{player}"
    );
    assert!(player.contains("<span>28:43</span>") && player.contains("Hello &lt;b&gt;"), "{player}");
    assert!(player.contains("talk.mp3#t=3661\" data-seconds=\"3661\">1:01:01</a> Tides"), "{player}");
    let said = inside(&html, "<details class=\"transcript\"", "</details>");
    assert!(said.contains("<b>Ada</b> <small>0:00</small> Good evening &amp; welcome.</p>"), "{said}");
    assert!(said.contains("<b>Ben</b> <small>1:00:05</small> Hello.</p>"), "{said}");
    // Both files are part of what the page is made of.
    site.write("content/news/talk.vtt", "WEBVTT\n\n00:00.000 --> 00:04.000\nOther words.\n");
    site.write("content/news/talk.json", "{\"chapters\": []}");
    let html = page(&site.built());
    assert!(html.contains("Other words.") && !html.contains("data-seconds"), "{html}");
}

#[test]
fn recordings_have_players_and_other_files_have_none() {
    for (enclosure, tag) in [
        ("\"https://cdn.example/a.mp3\"", Some("<audio src=\"https://cdn.example/a.mp3\"")),
        (
            "{ url = \"https://cdn.example/a.mp4\", length = 5 }",
            Some("<video src=\"https://cdn.example/a.mp4\""),
        ),
        ("{ url = \"https://cdn.example/a\", length = 5, type = \"audio/ogg\" }", Some("<audio src=")),
        ("{ url = \"https://cdn.example/a.pdf\", length = 5 }", None),
    ] {
        let html = page(&site(&format!("enclosure = {enclosure}"), "Text.").built());
        match tag {
            Some(tag) => assert!(html.contains(tag), "{enclosure}: {html}"),
            None => assert!(!html.contains("class=\"player\""), "{enclosure}"),
        }
    }
}

#[test]
fn chapters_and_transcripts_that_cannot_be_read_are_links() {
    let site = site(
        "enclosure = \"talk.mp3\"\n[episode]\ntranscript = \"talk.html\"\nchapters = \"talk.json\"",
        "Text.",
    );
    for (name, bytes) in
        [("talk.mp3", &b"sound"[..]), ("talk.html", b"<p>\xff\xfe</p>"), ("talk.json", b"\xff\xfe no json")]
    {
        site.write(&format!("content/news/{name}"), bytes);
    }
    let html = page(&site.built());
    let player = inside(&html, "<section class=\"player\"", "</section>");
    assert!(
        player.contains("talk.html\">Transcript</a>") && player.contains("talk.json\">Chapters</a>"),
        "{player}"
    );
    assert!(!html.contains("class=\"transcript\""));
}

#[test]
fn a_place_at_the_end_of_an_article_may_have_links_to_edit_and_to_share_it() {
    let site = site("", "Text.");
    site.write(
        "templates/article-end.html",
        "<a href=\"https://git.example/{{ article.source }}\">{{ words.edit_page }}</a><a href=\"https://social.example/?text={{ \"\u{e4} & b/+\" | urlencode }}%20{{ article.permalink | urlencode }}\">Share</a>",
    );
    let html = page(&site.built());
    for link in [
        "<a href=\"https://git.example/content/news/a.md\">Edit this page</a>",
        "<a href=\"https://social.example/?text=%C3%A4%20%26%20b%2F%2B%20https%3A%2F%2Fexample.org%2Fnews%2Fa%2F\">",
    ] {
        assert!(html.contains(link), "{link}: {html}");
    }
}

#[test]
fn a_player_has_one_link_to_the_transcript_in_each_language() {
    const SHOWN: &str = "<a href=\"#dl-transcript\">Transcript</a>";
    for (files, expected) in [
        ("\"talk.html\"", vec![SHOWN]),
        ("[\"talk.vtt\", \"talk.html\", \"https://cdn.example/talk.srt\"]", vec![SHOWN]),
        (
            "[\"https://cdn.example/talk.vtt\", \"https://cdn.example/talk.html\"]",
            vec!["<a href=\"https://cdn.example/talk.html\">Transcript</a>"],
        ),
        (
            "[\"talk.vtt\", { url = \"https://cdn.example/de.vtt\", language = \"de\" }, { url = \"https://cdn.example/de.srt\", language = \"de\" }]",
            vec![SHOWN, "<a href=\"https://cdn.example/de.vtt\" hreflang=\"de\">Transcript (de)</a>"],
        ),
    ] {
        let site = site(&format!("enclosure = \"talk.mp3\"\n[episode]\ntranscript = {files}"), "Text.");
        for (name, bytes) in [
            ("talk.mp3", "sound"),
            ("talk.html", "<p>Hello.</p>"),
            ("talk.vtt", "WEBVTT\n\n00:00.000 --> 00:04.000\nHello.\n"),
        ] {
            site.write(&format!("content/news/{name}"), bytes);
        }
        let html = page(&site.built());
        let player = inside(&html, "<p class=\"player-facts\"", "</p>");
        let links: Vec<&str> = player.split(" <a ").filter(|link| link.contains(">Transcript")).collect();
        let links: Vec<String> = links.iter().map(|link| format!("<a {}", link.trim())).collect();
        assert_eq!(links, expected, "{files}");
    }
}

#[test]
fn a_transcript_in_html_is_on_the_page_with_speakers_and_times() {
    let site = site("enclosure = \"talk.mp3\"\n[episode]\ntranscript = \"talk.html\"", "Text.");
    let said = "<cite>Ada:</cite><time>0:04</time><p>Hello &amp; <b>welcome</b>.</p><script>no()</script>";
    for (name, bytes) in [("talk.mp3", "sound"), ("talk.html", said)] {
        site.write(&format!("content/news/{name}"), bytes);
    }
    let html = page(&site.built());
    let transcript = inside(&html, "<details class=\"transcript\"", "</details>");
    assert!(
        transcript.contains("<p><b>Ada</b> <small>0:04</small> Hello &amp; welcome.</p>"),
        "{transcript}"
    );
    assert!(html.contains("<script src=\"/player.js\" defer></script>"));
}

#[test]
fn a_table_scrolls_in_a_box_that_the_keyboard_reaches() {
    let table = "| Boat | Week |\n|---|--:|\n| Aidan | 42 |\n";
    let site = site("", table);
    site.write("content/about.md", format!("+++\ntitle = \"About\"\n+++\n{table}"));
    site.write("content/news/_index.md", format!("+++\ntitle = \"News\"\n+++\n{table}"));
    let files = site.built();
    for path in ["news/a/index.html", "about/index.html", "news/index.html"] {
        let html = text(&files, path);
        let expected = "<div class=\"table\" role=\"group\" aria-label=\"Boat, Week\" tabindex=\"0\"><table>";
        assert!(html.contains(expected) && html.contains("</table></div>"), "{path}: {html}");
    }
    // Feeds have the table alone.
    let feed = text(&files, "rss.xml");
    assert!(feed.contains("<table>") && !feed.contains("tabindex"), "{feed}");
}

#[test]
fn the_caption_of_a_gallery_is_before_its_pictures() {
    let site = site(
        "",
        "{{ <gallery caption=\"All of them\" pictures={[{\"src\": \"a.svg\", \"alt\": \"A\", \"caption\": \"The last\"}]} /> }}",
    );
    site.write("content/news/a.svg", "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"9\" height=\"6\"/>");
    let html = page(&site.built());
    let gallery = inside(&html, "<figure class=\"gallery\">", "</figure>");
    let places = ["<figcaption>All of them</figcaption>", "<ul>", "The last"].map(|one| gallery.find(one));
    assert!(places.iter().all(Option::is_some) && places.is_sorted(), "{gallery}");
}

#[test]
#[cfg(feature = "images")]
fn a_large_opening_picture_leads_to_itself_and_a_high_one_is_no_wider_than_the_text() {
    for (width, height, zooms, portrait) in
        [(1200, 800, true, false), (1000, 1500, true, true), (300, 200, false, false)]
    {
        let site = site("image = { src = \"/p.png\", alt = \"A boat\" }", "Text.");
        let mut bytes = std::io::Cursor::new(Vec::new());
        image::RgbImage::new(width, height).write_to(&mut bytes, image::ImageFormat::Png).unwrap();
        site.write("static/p.png", bytes.into_inner());
        let html = page(&site.built());
        let figure = inside(&html, "<figure class=\"opening", "</figure>");
        assert_eq!(figure.contains("<a class=\"zoom\" href=\""), zooms, "{width}: {figure}");
        assert_eq!(figure.starts_with(" portrait"), portrait, "{width}: {figure}");
    }
}

#[test]
fn pages_lead_to_their_sources_and_to_their_changes_where_the_site_says_so() {
    let site = site("", "Text.");
    site.write("content/about us.md", "+++\ntitle = \"About\"\n+++\nUs.\n");
    site.write("content/docs/_index.md", "+++\ntitle = \"Docs\"\nlayout = \"docs\"\n+++\nText.\n");
    site.write(
        "content/docs/own/_index.md",
        "+++\ntitle = \"Own\"\n[docs]\nedit_url = \"https://own.example/\"\n+++\n",
    );
    site.write("content/docs/own/a.md", "+++\ntitle = \"A\"\n+++\nText.\n");
    let pages = [
        ("news/a", "news/a.md", "https://git.example/edit/"),
        ("about-us", "about%20us.md", "https://git.example/edit/"),
        ("docs", "docs/_index.md", "https://git.example/edit/"),
        ("docs/own/a", "docs/own/a.md", "https://own.example/"),
    ];
    let files = site.built();
    for (path, ..) in pages {
        let html = text(&files, &format!("{path}/index.html"));
        assert!(!html.contains("Changes to this page"), "{path}");
        assert_eq!(html.contains("Edit this page"), path == "docs/own/a", "{path}");
    }
    let urls =
        "edit_url = \"https://git.example/edit/\"\nhistory_url = \"https://git.example/log/{path}?all\"\n";
    site.write("site.toml", format!("{TOML}{urls}"));
    let files = site.built();
    for (path, source, edit) in pages {
        let html = text(&files, &format!("{path}/index.html"));
        let links = format!(
            "<a href=\"{edit}content/{source}\">Edit this page</a> <a href=\"https://git.example/log/content/{source}?all\">Changes to this page</a>"
        );
        assert!(html.contains(&links), "{path}: {html}");
    }
}

#[test]
fn an_article_can_be_shared_in_the_places_that_the_site_names() {
    let site = site("canonical = \"https://other.example/a/\"\nlang = \"de\"", "Text.");
    assert!(!page(&site.built()).contains("class=\"signs\""));
    let share = |places: &str| site.write("site.toml", format!("{TOML}[theme]\nshare = {places}\n"));
    share(
        "[\"mastodon\", \"reddit\", \"email\", { title = \"Forum\", url = \"https://forum.example/?a={title}&b={url}\" }]",
    );
    let html = page(&site.built());
    let links = inside(&html, "<ul class=\"signs\" aria-label=\"Teilen\">", "</ul>");
    let url = "https%3A%2F%2Fother.example%2Fa%2F";
    for (start, name) in [
        (
            format!("https://share.joinmastodon.org/#text=A%20{url}\" rel=\"nofollow\" title=\"Mastodon\""),
            " class=\"visually-hidden\">Mastodon",
        ),
        (format!("https://www.reddit.com/submit?url={url}&amp;title=A\" rel=\"nofollow\""), ">Reddit"),
        (
            format!("mailto:?subject=A&amp;body={url}\" rel=\"nofollow\" title=\"E-Mail\""),
            " class=\"visually-hidden\">E-Mail",
        ),
        (format!("https://forum.example/?a=A&amp;b={url}\" rel=\"nofollow\""), ">Forum"),
    ] {
        let link = inside(links, &format!("<a href=\"{start}>"), "</a>");
        assert!(link.ends_with(&format!("<span{name}</span>")), "{link}");
    }
    // Nobody is asked for anything before a reader follows a link.
    assert!(!html.contains("src=\"http"), "{html}");
    for (places, said) in [
        ("[\"mastodon\", \"myspace\"]", "metadata::value site.toml:6:22"),
        ("[{ title = \"A\" }]", "metadata::value site.toml:6:"),
        ("[{ title = \"A\", url = \"https://a.example/\" }]", "metadata::value site.toml:6:"),
        ("[{ title = \"A\", url = \"javascript:a({url})\" }]", "metadata::value site.toml:6:"),
    ] {
        share(places);
        let (_, problems) = site.problems(&[]);
        assert!(problems.len() == 1 && problems[0].starts_with(said), "{places}: {problems:#?}");
    }
}

#[test]
fn an_author_has_signs_of_other_places() {
    let site = site("authors = [\"ada\"]", "Text.");
    let ada =
        "[authors.ada]\nname = \"Ada\"\nbio = \"Writes.\"\nsocial = [\"https://bsky.app/profile/ada\"]\n";
    site.write("site.toml", format!("{TOML}\n{ada}"));
    let files = site.built();
    for (html, rel) in [(page(&files), "author"), (text(&files, "authors/ada/index.html"), "me")] {
        let signs = inside(&html, "<ul class=\"signs\">", "</ul>");
        let link = format!("<a href=\"https://bsky.app/profile/ada\" rel=\"{rel}\" title=\"Bluesky\">");
        assert!(signs.contains(&link), "{signs}");
    }
}

#[test]
fn an_article_is_an_entry_of_microformats() {
    let front = "updated = 2026-01-03\nauthors = [\"ada\", \"Guest\"]\ntags = [\"tides\"]\nstandfirst = \"Low.\"\nlink = \"https://other.example/\"";
    let site = site(front, "Text.");
    site.write("content/news/_index.md", "+++\ntitle = \"News\"\n+++\n");
    let ada = "[authors.ada]\nname = \"Ada\"\nbio = \"Writes.\"\nurl = \"https://ada.example/\"\nemail = \"a@ada.example\"\n";
    site.write("site.toml", format!("{TOML}\n{ada}"));
    let files = site.built();
    let html = page(&files);
    let entry = inside(&html, "<article class=\"story h-entry\">", "</article>");
    for part in [
        "<h1 class=\"p-name\">A</h1>",
        "<p class=\"standfirst p-summary\">Low.</p>",
        "<a rel=\"author\" href=\"/authors/ada/\" class=\"p-author h-card\">Ada</a>",
        "class=\"p-author h-card\">Guest</a>",
        "<time class=\"published dt-published\" datetime=\"2026-01-02T00:00:00Z\">",
        "<time class=\"updated dt-updated\" datetime=\"2026-01-03T00:00:00Z\">",
        "<data class=\"u-url\" value=\"https://example.org/news/a/\"></data>",
        "<div class=\"text e-content\">\n<p>Text.</p>",
        "<a class=\"u-bookmark-of\" href=\"https://other.example/\">",
        "<a rel=\"tag\" href=\"/tags/tides/\" class=\"p-category\">tides</a>",
    ] {
        assert!(entry.contains(part), "{part}: {entry}");
    }
    let list = text(&files, "news/index.html");
    let feed = inside(&list, "<div class=\"cards h-feed\">", "</div>");
    for part in [
        "<article class=\"card h-entry\">",
        "<a href=\"/news/a/\" class=\"p-name u-url\">A</a>",
        "<p class=\"summary p-summary\">Low.</p>",
        "<span class=\"p-author h-card\">Ada</span>",
        "<time class=\"dt-published\" datetime=\"2026-01-02T00:00:00Z\">",
    ] {
        assert!(feed.contains(part), "{part}: {feed}");
    }
    let author = text(&files, "authors/ada/index.html");
    let card = inside(&author, "<header class=\"term h-card\">", "</header>");
    for part in [
        "<h1 class=\"p-name\">Ada</h1>",
        "<p class=\"bio p-note\">Writes.</p>",
        "<a rel=\"me\" href=\"https://ada.example/\" class=\"u-url\">",
        "<a href=\"mailto:a@ada.example\" class=\"u-email\">",
    ] {
        assert!(card.contains(part), "{part}: {card}");
    }
    // A topic is nobody.
    assert!(!text(&files, "tags/tides/index.html").contains("h-card\">\n<p class=\"kicker\">"));
}

#[test]
fn a_long_article_leads_back_to_the_top_and_may_show_how_far_it_is_read() {
    let long = "Boats wait for the tide. ".repeat(300);
    for (body, is_long) in [("Text.", false), (long.as_str(), true)] {
        let html = page(&site("", body).built());
        assert_eq!(html.contains("<a href=\"#main\">Back to top</a>"), is_long);
        assert!(!html.contains("progress.css"), "{html}");
    }
    let site = site("", "Text.");
    site.write("site.toml", format!("{TOML}[theme]\nprogress = true\n"));
    let sheet = "<link rel=\"stylesheet\" href=\"/progress.css\">";
    let files = site.built();
    assert!(page(&files).contains(sheet) && !text(&files, "index.html").contains(sheet));
}
