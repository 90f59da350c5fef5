//! `dateline import` of blogs: exports of WordPress and Ghost, and feeds with full texts.

use std::fs;
use std::path::Path;

use assert_cmd::Command;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::documentation::scripts;
use crate::site::{Files, NOW, json as json_feed, text, tree};

/// A folder with a source, and the site that is made of it in `site`.
struct Move(TempDir);

impl Move {
    fn of(name: &str, source: &str) -> Move {
        let folder = TempDir::new().unwrap();
        fs::write(folder.path().join(name), source).unwrap();
        Move(folder)
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::cargo_bin("dateline").unwrap();
        command
            .current_dir(self.0.path())
            .env("NO_COLOR", "1")
            .env("NO_PROXY", "*")
            .env_remove("SOURCE_DATE_EPOCH");
        command.args(arguments);
        command
    }

    /// Imports, and returns the report.
    fn import(&self, kind: &str, name: &str, more: &[&str]) -> Value {
        let fixed = ["import", kind, name, "--into", "site", "--now", NOW, "--format", "json"];
        let output = self.command(&[&fixed, more].concat()).output().unwrap();
        let report = serde_json::from_slice(&output.stdout);
        let report: Value = report.unwrap_or_else(|_| panic!("{}", String::from_utf8_lossy(&output.stderr)));
        assert!(output.status.success(), "{report:#}");
        report
    }

    fn site(&self) -> Files {
        tree(&self.0.path().join("site"))
    }

    /// Builds the site, without an error.
    fn built(&self) -> Files {
        let output = self.command(&["build", "--root", "site", "--now", NOW]).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        tree(&self.0.path().join("site/public"))
    }

    /// The entries that are new to a subscriber of the feed `old`, which was at `path`, and those that are gone.
    fn surprises(&self, path: &str, old: &str) -> (Vec<String>, Vec<String>) {
        let folder = self.0.path().join("old");
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join(path), old).unwrap();
        let arguments =
            ["feeds", "preview", "--root", "site", "--against", "old", "--now", NOW, "--format", "json"];
        let output = self.command(&arguments).output().unwrap();
        let seen: Value = serde_json::from_slice(&output.stdout).unwrap();
        let feeds = seen["feeds"].as_array().unwrap();
        let feed = feeds.iter().find(|feed| feed["path"] == path && feed["begins"].is_null());
        let Some(feed) = feed else {
            // A feed in which nothing changes is not named.
            assert!(!feeds.iter().any(|feed| feed["path"] == path), "{seen:#}");
            return (Vec::new(), Vec::new());
        };
        let titles = |key: &str| {
            let all = feed[key].as_array().unwrap().iter();
            all.map(|one| one["title"].as_str().unwrap_or_default().to_owned()).collect::<Vec<_>>()
        };
        ([titles("new"), titles("reappearing")].concat(), titles("vanished"))
    }
}

/// The findings of a report as `outcome code: text`.
fn findings(report: &Value) -> Vec<String> {
    let groups = report["groups"].as_array().unwrap().iter();
    let all = groups.flat_map(|group| {
        let lines = group["findings"].as_array().unwrap().iter();
        lines.map(move |line| {
            format!(
                "{} {}: {}",
                group["outcome"].as_str().unwrap(),
                group["code"].as_str().unwrap(),
                line["text"].as_str().unwrap()
            )
        })
    });
    all.collect()
}

/// An item of an export of WordPress.
struct Item {
    id: u32,
    kind: &'static str,
    status: &'static str,
    title: &'static str,
    slug: &'static str,
    link: String,
    gmt: &'static str,
    local: &'static str,
    password: &'static str,
    content: String,
    excerpt: &'static str,
    more: String,
}

impl Item {
    fn post(id: u32, slug: &'static str, title: &'static str) -> Item {
        Item {
            id,
            kind: "post",
            status: "publish",
            title,
            slug,
            link: format!("https://harbour.example/2020/03/{slug}/"),
            gmt: "2020-03-02 14:00:00",
            local: "2020-03-02 22:00:00",
            password: "",
            content: "<p>Text.</p>".to_owned(),
            excerpt: "",
            more: String::new(),
        }
    }

    fn with(self, content: &str) -> Item {
        Item { content: content.to_owned(), ..self }
    }

    fn meta(mut self, key: &str, value: &str) -> Item {
        self.more.push_str(&format!(
            "<wp:postmeta><wp:meta_key><![CDATA[{key}]]></wp:meta_key><wp:meta_value><![CDATA[{value}]]></wp:meta_value></wp:postmeta>\n"
        ));
        self
    }

    fn term(mut self, domain: &str, slug: &str, name: &str) -> Item {
        self.more.push_str(&format!(
            "<category domain=\"{domain}\" nicename=\"{slug}\"><![CDATA[{name}]]></category>\n"
        ));
        self
    }

    fn xml(&self) -> String {
        let Item { id, kind, status, title, slug, link, gmt, local, password, content, excerpt, more } = self;
        let content = content.replace("]]>", "]]]]><![CDATA[>");
        format!(
            "<item>\n<title><![CDATA[{title}]]></title>\n<link>{link}</link>\n<dc:creator><![CDATA[ada]]></dc:creator>\n\
             <guid isPermaLink=\"false\">https://harbour.example/?p={id}</guid>\n<description></description>\n\
             <content:encoded><![CDATA[{content}]]></content:encoded>\n<excerpt:encoded><![CDATA[{excerpt}]]></excerpt:encoded>\n\
             <wp:post_id>{id}</wp:post_id>\n<wp:post_date>{local}</wp:post_date>\n<wp:post_date_gmt>{gmt}</wp:post_date_gmt>\n\
             <wp:post_name>{slug}</wp:post_name>\n<wp:status>{status}</wp:status>\n<wp:post_type>{kind}</wp:post_type>\n\
             <wp:post_password>{password}</wp:post_password>\n<wp:is_sticky>0</wp:is_sticky>\n{more}</item>\n"
        )
    }
}

const HEAD: &str = r#"<?xml version="1.0" encoding="UTF-8" ?>
<rss version="2.0" xmlns:excerpt="http://wordpress.org/export/1.2/excerpt/" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:wp="http://wordpress.org/export/1.2/">
<channel>
<title>The Harbour</title>
<link>https://harbour.example</link>
<description>Boats &amp; tides</description>
<language>en-GB</language>
<wp:wxr_version>1.2</wp:wxr_version>
<wp:base_site_url>https://harbour.example</wp:base_site_url>
<wp:base_blog_url>https://harbour.example</wp:base_blog_url>
<wp:author><wp:author_id>1</wp:author_id><wp:author_login><![CDATA[ada]]></wp:author_login><wp:author_email><![CDATA[ada@harbour.example]]></wp:author_email><wp:author_display_name><![CDATA[Ada Merriweather]]></wp:author_display_name></wp:author>
"#;

fn wxr(items: &[Item]) -> String {
    let items: String = items.iter().map(Item::xml).collect();
    format!("{HEAD}{items}</channel>\n</rss>\n")
}

fn wordpress(items: &[Item]) -> (Move, Value) {
    let site = Move::of("export.xml", &wxr(items));
    let report = site.import("wordpress", "export.xml", &[]);
    (site, report)
}

#[test]
fn only_what_wordpress_showed_to_everybody_is_public() {
    for (status, password, gmt, is_public) in [
        ("publish", "", "2020-03-02 14:00:00", true),
        ("future", "", "2099-03-02 14:00:00", false),
        ("future", "", "2020-03-02 14:00:00", false),
        ("draft", "", "0000-00-00 00:00:00", false),
        ("pending", "", "2020-03-02 14:00:00", false),
        ("private", "", "2020-03-02 14:00:00", false),
        ("trash", "", "2020-03-02 14:00:00", false),
        ("auto-draft", "", "0000-00-00 00:00:00", false),
        ("inherit", "", "2020-03-02 14:00:00", false),
        ("in-review", "", "2020-03-02 14:00:00", false),
        ("", "", "2020-03-02 14:00:00", false),
        ("publish", "swordfish", "2020-03-02 14:00:00", false),
    ] {
        let one = Item { status, password, gmt, ..Item::post(7, "ferry", "The unseen ferry") };
        let (site, _) = wordpress(&[one, Item::post(8, "quay", "The quay")]);
        let seen = site.built().values().any(|bytes| String::from_utf8_lossy(bytes).contains("unseen ferry"));
        assert_eq!(seen, is_public, "{status} {password} {gmt}");
    }
    let page = Item { kind: "page", status: "private", ..Item::post(7, "ferry", "The unseen ferry") };
    let product = Item { kind: "product", ..Item::post(9, "oar", "The unseen ferry") };
    let (site, report) = wordpress(&[page, product, Item::post(8, "quay", "The quay")]);
    assert!(!site.built().values().any(|bytes| String::from_utf8_lossy(bytes).contains("unseen ferry")));
    assert_eq!(report["unpublished"], 2, "{report:#}");
}

#[test]
fn posts_of_wordpress_keep_their_address_date_and_id() {
    let items = [
        Item::post(12, "night-ferry", "The night ferry")
            .term("category", "news", "News")
            .term("post_tag", "tides", "Tides")
            .term("post_tag", "cpp", "C++")
            .term("post_tag", "cpp", "c++"),
        Item {
            gmt: "2021-07-01 09:30:00",
            local: "2021-07-01 10:30:00",
            link: "https://harbour.example/2021/07/fair/".to_owned(),
            ..Item::post(13, "fair", "Fair &amp; fine")
        },
        Item {
            kind: "page",
            link: "https://harbour.example/about/us/".to_owned(),
            ..Item::post(14, "us", "Us")
        },
        Item { link: "https://harbour.example/?p=15".to_owned(), ..Item::post(15, "plain", "Plain") },
        Item {
            link: "https://harbour.example/2020/03/%C3%A9tude/".to_owned(),
            ..Item::post(16, "%c3%a9tude", "Etude")
        },
    ];
    let (site, report) = wordpress(&items);
    assert_eq!((&report["articles"], &report["pages"], &report["ids"]), (&4.into(), &1.into(), &4.into()));
    let public = site.built();
    for path in [
        "2020/03/night-ferry/index.html",
        "2021/07/fair/index.html",
        "about/us/index.html",
        "2020/03/\u{e9}tude/index.html",
        "category/news/index.html",
        "tag/tides/index.html",
        "tag/cpp/index.html",
        "author/ada/index.html",
        "feed/index.html",
    ] {
        assert!(public.contains_key(path), "{path}");
    }
    let rules = text(&public, "_redirects");
    for rule in [
        "/feed/ /rss.xml",
        "/feed/atom/ /atom.xml",
        "/comments/feed/ /rss.xml",
        "/category/news/feed/ /category/news/rss.xml",
        "/tag/tides/feed/ /tag/tides/rss.xml",
    ] {
        assert!(rules.contains(rule), "{rule}: {rules}");
    }
    let feed = json_feed(&public, "feed.json");
    let entry = |title: &str| {
        feed["items"].as_array().unwrap().iter().find(|one| one["title"] == title).unwrap().clone()
    };
    let ferry = entry("The night ferry");
    assert_eq!(ferry["id"], "https://harbour.example/?p=12");
    assert_eq!(ferry["date_published"], "2020-03-02T22:00:00+08:00");
    assert_eq!(ferry["authors"][0]["name"], "Ada Merriweather");
    assert_eq!(entry("Fair & fine")["date_published"], "2021-07-01T10:30:00+01:00");
    assert!(text(&site.site(), "ledger.jsonl").contains("wp:post_date_gmt"));
    assert!(
        !site.site().values().any(|bytes| String::from_utf8_lossy(bytes).contains("ada@harbour.example"))
    );
    let item = |title: &str, id: u32, date: &str| {
        format!(
            "<item><title>{title}</title><link>https://harbour.example/x{id}/</link><guid isPermaLink=\"false\">https://harbour.example/?p={id}</guid><pubDate>{date}</pubDate></item>"
        )
    };
    let old = format!(
        "<rss version=\"2.0\"><channel><title>T</title><link>https://harbour.example</link><description>d</description>{}{}{}{}</channel></rss>",
        item("Fair", 13, "Thu, 01 Jul 2021 09:30:00 +0000"),
        item("Ferry", 12, "Mon, 02 Mar 2020 14:00:00 +0000"),
        item("Plain", 15, "Mon, 02 Mar 2020 14:00:00 +0000"),
        item("Etude", 16, "Mon, 02 Mar 2020 14:00:00 +0000"),
    );
    assert_eq!(site.surprises("rss.xml", &old), (vec![], vec![]));
}

#[test]
fn the_text_of_wordpress_becomes_markdown() {
    for (content, expected) in [
        // The classic editor.
        ("One\ntwo\n\nthree <em>four</em>", "One\\\ntwo\n\nthree _four_"),
        ("Lead.\n<!--more-->\nRest.", "Lead.\n\nRest."),
        ("One<!--nextpage-->two", "One\n\ntwo"),
        (
            "[caption id=\"a\"]<img src=\"/q.jpg\" alt=\"Quay\" /> Low tide[/caption]",
            "{{ <figure src=\"/q.jpg\" alt=\"Quay\" caption=\"Low tide\" /> }}",
        ),
        (
            "https://www.youtube.com/watch?v=abc",
            "{{ <embed url=\"https://www.youtube.com/watch?v=abc\" title=\"YouTube\" /> }}",
        ),
        ("<pre>a\n\n  b</pre>", "```\na\n\n  b\n```"),
        ("a ]]> b", "a \\]\\]> b"),
        // The block editor.
        (
            "<!-- wp:paragraph {\"dropCap\":true} -->\n<p>One <strong>two</strong>.</p>\n<!-- /wp:paragraph -->",
            "One **two**.",
        ),
        (
            "<!-- wp:heading {\"level\":3} --><h3 class=\"wp-block-heading\" id=\"a\">Head</h3><!-- /wp:heading -->",
            "### Head {#a}",
        ),
        (
            "<!-- wp:list {\"ordered\":true} --><ol><!-- wp:list-item --><li>a</li><!-- /wp:list-item --><!-- wp:list-item --><li>b</li><!-- /wp:list-item --></ol><!-- /wp:list -->",
            "1. a\n2. b",
        ),
        (
            "<!-- wp:quote --><blockquote class=\"wp-block-quote\"><!-- wp:paragraph --><p>Sure.</p><!-- /wp:paragraph --><cite>The engineer</cite></blockquote><!-- /wp:quote -->",
            "{% <quote by=\"The engineer\"> %}\nSure.\n{% </quote> %}",
        ),
        (
            "<!-- wp:pullquote --><figure class=\"wp-block-pullquote\"><blockquote><p>Sure.</p></blockquote></figure><!-- /wp:pullquote -->",
            "{% <quote pull={true}> %}\nSure.\n{% </quote> %}",
        ),
        (
            "<!-- wp:image {\"id\":5} --><figure class=\"wp-block-image\"><img src=\"/q.jpg\" alt=\"Quay\" class=\"wp-image-5\"/></figure><!-- /wp:image -->",
            "![Quay](/q.jpg)",
        ),
        (
            "<!-- wp:gallery --><figure class=\"wp-block-gallery\"><!-- wp:image --><figure class=\"wp-block-image\"><img src=\"/a.jpg\" alt=\"A\"/></figure><!-- /wp:image --><!-- wp:image --><figure class=\"wp-block-image\"><img src=\"/b.jpg\" alt=\"B\"/><figcaption>Bee</figcaption></figure><!-- /wp:image --></figure><!-- /wp:gallery -->",
            "{{ <gallery pictures={[{\"src\": \"/a.jpg\", \"alt\": \"A\"}, {\"src\": \"/b.jpg\", \"alt\": \"B\", \"caption\": \"Bee\"}]} /> }}",
        ),
        (
            "<!-- wp:code --><pre class=\"wp-block-code\"><code>a &lt; b\n\nc</code></pre><!-- /wp:code -->",
            "```\na < b\n\nc\n```",
        ),
        (
            "<!-- wp:table --><figure class=\"wp-block-table\"><table><thead><tr><th>a</th><th>b</th></tr></thead><tbody><tr><td>1</td><td>2</td></tr></tbody></table></figure><!-- /wp:table -->",
            "| a | b |\n| --- | --- |\n| 1 | 2 |",
        ),
        (
            "<!-- wp:embed {\"url\":\"https://vimeo.com/1\"} --><figure class=\"wp-block-embed\"><div class=\"wp-block-embed__wrapper\">\nhttps://vimeo.com/1\n</div><figcaption>A film</figcaption></figure><!-- /wp:embed -->",
            "{{ <embed url=\"https://vimeo.com/1\" title=\"A film\" from=\"Vimeo\" /> }}",
        ),
        (
            "<!-- wp:columns --><div class=\"wp-block-columns\"><!-- wp:column --><div class=\"wp-block-column\"><!-- wp:paragraph --><p>a</p><!-- /wp:paragraph --></div><!-- /wp:column --><!-- wp:column --><div class=\"wp-block-column\"><!-- wp:embed {\"url\":\"https://vimeo.com/1\"} /--></div><!-- /wp:column --></div><!-- /wp:columns -->",
            "a\n\n{{ <embed url=\"https://vimeo.com/1\" title=\"Vimeo\" /> }}",
        ),
        (
            "<!-- wp:separator --><hr class=\"wp-block-separator\"/><!-- /wp:separator --><!-- wp:spacer --><div style=\"height:9px\" class=\"wp-block-spacer\"></div><!-- /wp:spacer -->",
            "* * *",
        ),
        (
            "<!-- wp:buttons --><div class=\"wp-block-buttons\"><!-- wp:button --><div class=\"wp-block-button\"><a class=\"wp-block-button__link\" href=\"/tickets/\">Tickets</a></div><!-- /wp:button --></div><!-- /wp:buttons -->",
            "[Tickets](/tickets/)",
        ),
        (
            "<!-- wp:file --><div class=\"wp-block-file\"><a href=\"/a.pdf\">Plan</a><a href=\"/a.pdf\" class=\"wp-block-file__button\" download>Download</a></div><!-- /wp:file -->",
            "[Plan](/a.pdf)",
        ),
        (
            "<!-- wp:audio --><figure class=\"wp-block-audio\"><audio controls src=\"https://cdn.example/a.mp3\"></audio></figure><!-- /wp:audio -->",
            "<figure class=\"wp-block-audio\"><audio controls src=\"https://cdn.example/a.mp3\"></audio></figure>",
        ),
        (
            "<!-- wp:html --><div><details><summary>More</summary><p>Text</p></details></div><!-- /wp:html -->",
            "<details><summary>More</summary><p>Text</p></details>",
        ),
        ("<!-- wp:freeform -->One\n\ntwo<!-- /wp:freeform -->", "One\n\ntwo"),
        (
            "<!-- wp:shortcode -->[embed]https://vimeo.com/1[/embed]<!-- /wp:shortcode -->",
            "{{ <embed url=\"https://vimeo.com/1\" title=\"Vimeo\" /> }}",
        ),
        (
            "<!-- wp:paragraph --><p>a</p><!-- /wp:paragraph --><!-- wp:latest-posts {\"postsToShow\":3} /-->",
            "a",
        ),
    ] {
        let (site, _) = wordpress(&[Item::post(1, "a", "A").with(content)]);
        let source = text(&site.site(), "content/posts/a.md");
        let body = source.split("+++\n").nth(2).unwrap().trim();
        assert_eq!(body, expected, "{content}");
        site.built();
    }
}

#[test]
fn what_a_post_of_wordpress_has_beside_its_text_is_taken_along() {
    let picture = Item {
        kind: "attachment",
        status: "inherit",
        excerpt: "Low tide",
        ..Item::post(5, "pic", "Picture")
    };
    let mut picture = picture.meta("_wp_attachment_image_alt", "A quay");
    picture
        .more
        .push_str("<wp:attachment_url>https://harbour.example/wp-content/uploads/q.jpg</wp:attachment_url>");
    let mut ferry = Item { excerpt: "The <b>first</b> boat", ..Item::post(1, "ferry", "Ferry") }
        .with("Lead.<!--more-->Rest.")
        .meta("_thumbnail_id", "5")
        .meta("enclosure", "https://cdn.example/a.mp3\n12345\naudio/mpeg\n")
        .meta("_wp_old_slug", "boat")
        .meta("depth", "12 m")
        .meta("_edit_lock", "1:1")
        .term("series", "night-boats", "Night boats")
        .term("post_format", "post-format-aside", "Aside")
        .term("category", "talk", "News & Views");
    ferry.more = ferry.more.replace("is_sticky>0", "is_sticky>1");
    let lead = Item::post(2, "lead", "Lead").with("The lead &amp; all.\n\n<!--more-->\n\nRest.");
    let (site, report) = wordpress(&[picture, ferry, lead]);
    let files = site.site();
    let source: toml::Table =
        toml::from_str(text(&files, "content/posts/ferry.md").split("+++\n").nth(1).unwrap()).unwrap();
    let expected: toml::Table = toml::from_str(
        "summary = \"The first boat\"\nauthors = [\"ada\"]\nseries = [\"Night boats\"]\ncategories = [\"News & Views\"]\naliases = [\"/2020/03/boat/\"]\n\
         image = { src = \"https://harbour.example/wp-content/uploads/q.jpg\", alt = \"A quay\", caption = \"Low tide\" }\n\
         enclosure = { url = \"https://cdn.example/a.mp3\", length = 12345, type = \"audio/mpeg\" }\n\
         extra = { format = \"aside\", custom_fields = [{ name = \"depth\", value = \"12 m\" }] }\n",
    )
    .unwrap();
    for (name, value) in &expected {
        assert_eq!(source.get(name), Some(value), "{name}");
    }
    assert!(text(&files, "content/posts/lead.md").contains("summary = \"The lead & all.\""));
    assert!(text(&files, "site.toml").contains("[taxonomies.series]"), "{report:#}");
    let public = site.built();
    assert!(public.contains_key("category/talk/index.html"), "the address of the term");
    let feed = json_feed(&public, "feed.json");
    assert_eq!(feed["items"][0]["attachments"][0]["size_in_bytes"], 12345, "{feed:#}");
}

#[test]
fn approved_comments_are_shown_on_the_page_and_in_no_feed() {
    let comment = |id: u32, approved: &str, kind: &str, words: &str| {
        format!(
            "<wp:comment><wp:comment_id>{id}</wp:comment_id><wp:comment_author><![CDATA[Bo]]></wp:comment_author><wp:comment_author_email>bo@b.example</wp:comment_author_email><wp:comment_author_url>javascript:x</wp:comment_author_url><wp:comment_author_IP>192.0.2.1</wp:comment_author_IP><wp:comment_date_gmt>2020-03-0{id} 10:00:00</wp:comment_date_gmt><wp:comment_content><![CDATA[{words}]]></wp:comment_content><wp:comment_approved>{approved}</wp:comment_approved><wp:comment_type>{kind}</wp:comment_type><wp:comment_parent>0</wp:comment_parent></wp:comment>"
        )
    };
    let mut ferry = Item::post(1, "ferry", "Ferry");
    ferry.more = [
        comment(
            4,
            "1",
            "comment",
            "Fine <em>boat</em>\n\n<script>alert(1)</script><a href=\"javascript:x\" onclick=\"y\">Bye</a>",
        ),
        comment(3, "1", "", "An older one"),
        comment(5, "0", "comment", "waiting-for-approval"),
        comment(6, "spam", "comment", "unwanted"),
        comment(7, "1", "pingback", "pinged"),
    ]
    .concat();
    let (site, _) = wordpress(&[ferry]);
    let data: Value = serde_json::from_str(&text(&site.site(), "data/comments/ferry.json")).unwrap();
    assert_eq!(data.as_array().unwrap().len(), 2);
    assert_eq!(data[0]["date"], "2020-03-03T10:00:00Z");
    let public = site.built();
    let page = text(&public, "2020/03/ferry/index.html");
    assert!(page.find("An older one").unwrap() < page.find("Fine <em>boat</em>").unwrap());
    let shown = page.split("class=\"comments\"").nth(1).unwrap().split("</section>").next().unwrap();
    for gone in [
        "alert(1)",
        "onclick",
        "javascript:",
        "waiting-for-approval",
        "unwanted",
        "pinged",
        "bo@b.example",
        "192.0.2.1",
    ] {
        assert!(!shown.contains(gone), "{gone}");
        assert!(!text(&site.site(), "data/comments/ferry.json").contains(gone), "{gone}");
    }
    assert!(!text(&public, "rss.xml").contains("older one"));
}

#[test]
fn plugins_of_wordpress_are_reported_by_line() {
    let (_, report) = wordpress(&[Item::post(1, "a", "A").with(
        "[contact-form-7 id=\"5\"] [box]a[/box]\n<script>x()</script>\n<!-- wp:jetpack/map --><div>Map</div><!-- /wp:jetpack/map -->\n<!-- wp:query /-->",
    )]);
    let all = findings(&report);
    for expected in ["lost shortcode: ", "lost element: ", "changed block: ", "lost block: "] {
        assert!(all.iter().any(|one| one.starts_with(expected)), "{expected}: {all:#?}");
    }
    let group =
        report["groups"].as_array().unwrap().iter().find(|group| group["code"] == "shortcode").unwrap();
    assert_eq!(
        (&group["findings"][0]["file"], &group["findings"][0]["line"]),
        (&json!("export.xml"), &json!(12))
    );
}

#[test]
fn footnotes_of_the_block_editor_are_footnotes() {
    let note = "<!-- wp:paragraph --><p>Tide<sup data-fn=\"n-1\" class=\"fn\"><a href=\"#n-1\" id=\"n-1-link\">1</a></sup></p><!-- /wp:paragraph --><!-- wp:footnotes /-->";
    let item = Item::post(1, "a", "A")
        .with(note)
        .meta("footnotes", "[{\"content\":\"By the <em>table</em>\",\"id\":\"n-1\"}]");
    let (site, _) = wordpress(&[item]);
    let source = text(&site.site(), "content/posts/a.md");
    assert!(source.ends_with("Tide[^1]\n\n[^1]: By the _table_\n"), "{source}");
    assert!(text(&site.built(), "2020/03/a/index.html").contains("id=\"fn-1\""));
}

#[test]
fn hostile_exports_of_wordpress_end_in_an_error_or_stay_inside_the_site() {
    let entities = format!(
        "<?xml version=\"1.0\"?><!DOCTYPE x [<!ENTITY a \"aaaa\"><!ENTITY b \"&a;&a;\">]>{}",
        wxr(&[]).split_once("?>").unwrap().1
    );
    let deep = format!("{HEAD}{}", "<item>".repeat(100));
    let cut = wxr(&[Item::post(1, "a", "A")]).split_once("<wp:post_id>").unwrap().0.to_owned();
    let crossed = format!("{HEAD}<item><title>a</item></title></channel></rss>");
    for (source, expected) in [
        (entities, "document type"),
        (deep, "inside one another"),
        (cut, "ends in the middle"),
        (crossed, "well-formed"),
        ("<rss>wordpress.org/export/".to_owned(), "ends in the middle"),
        ("no export".to_owned(), "WordPress"),
    ] {
        let site = Move::of("export.xml", &source);
        let output = site.command(&["import", "wordpress", "export.xml", "--into", "site"]).output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(2), "{expected}: {said}");
        assert!(
            said.split_whitespace().collect::<Vec<_>>().join(" ").contains(expected),
            "{expected}: {said}"
        );
        assert!(!site.0.path().join("site").exists(), "{expected}");
    }
    let items = [
        Item { slug: "../../../../escape", ..Item::post(1, "", "One") },
        Item {
            slug: "%2e%2e%2f%2e%2e%2fescape",
            link: "https://harbour.example/../../escape/".to_owned(),
            ..Item::post(2, "", "Two")
        },
        Item {
            slug: "_drafts/index",
            link: "https://harbour.example/%2e%2e/%2e%2e/x/".to_owned(),
            ..Item::post(3, "", "Three")
        },
        Item {
            slug: "2020-01-02",
            kind: "page",
            link: "https://harbour.example/day/".to_owned(),
            ..Item::post(4, "", "Four")
        },
        Item {
            slug: "con\u{202e}trol",
            link: "https://harbour.example/a%00b/".to_owned(),
            ..Item::post(5, "", "Five")
        },
        Item::post(6, "same", "Six"),
        Item {
            link: "https://harbour.example/2020/03/Same".to_owned(),
            ..Item::post(13, "same", "Thirteen")
        },
        Item { link: "https://harbour.example/2020/03/same-2/".to_owned(), ..Item::post(7, "same", "Seven") },
        Item::post(8, "nested", "Eight").with(&format!(
            "{}a{}",
            "<div>".repeat(20_000),
            "</div>".repeat(20_000)
        )),
        Item::post(9, "loop", "Nine").with("<!-- wp:block {\"ref\":10} /-->"),
        Item { kind: "wp_block", ..Item::post(10, "part", "Part") }
            .with("<!-- wp:block {\"ref\":10} /--><!-- wp:block {\"ref\":10} /-->"),
        Item::post(11, "front", "\"+++\ndraft = true\n+++")
            .with("+++\ntitle = \"x\"\n+++\n{{ <video /> }} {% raw %} {{< x >}}"),
        Item::post(12, "blocks", "Twelve").with(&"<!-- wp:group --><div>".repeat(5_000)),
    ];
    let (site, _) = wordpress(&items);
    let outside: Vec<String> =
        tree(site.0.path()).into_keys().filter(|path| !path.starts_with("site/")).collect();
    assert_eq!(outside, ["export.xml"]);
    let public = site.built();
    let feed = json_feed(&public, "feed.json");
    let titles: Vec<&str> =
        feed["items"].as_array().unwrap().iter().map(|one| one["title"].as_str().unwrap()).collect();
    for title in ["One", "Two", "Three", "Five", "Six", "Seven", "Nine", "Thirteen"] {
        assert!(titles.contains(&title), "{title}: {titles:?}");
    }
    for title in ["Four", "Eight", "Twelve"] {
        assert!(!titles.contains(&title), "{title}: {titles:?}");
    }
}

#[test]
fn an_import_of_wordpress_that_was_cut_short_goes_on() {
    let items = [
        Item::post(1, "a", "A").term("category", "other", "News"),
        Item::post(2, "b", "B"),
        Item { kind: "page", link: "https://harbour.example/c/".to_owned(), ..Item::post(3, "c", "C") },
    ];
    let (whole, _) = wordpress(&items);
    let expected = whole.site();
    for at in 1..60 {
        let site = Move::of("export.xml", &wxr(&items));
        let arguments = ["import", "wordpress", "export.xml", "--into", "site", "--now", NOW];
        let done = site.command(&arguments).env("DATELINE_FAULT", format!("kill:{at}")).output().unwrap();
        site.import("wordpress", "export.xml", &[]);
        assert!(site.site() == expected, "cut short at {at}");
        if done.status.success() {
            let again = site.import("wordpress", "export.xml", &[]);
            assert_eq!((&again["new"], &again["kept"]), (&json!([]), &json!([])));
            return;
        }
    }
    panic!("it never ended");
}

#[test]
fn a_folder_of_exports_is_one_site() {
    let site = Move::of("unused.txt", "");
    fs::create_dir(site.0.path().join("parts")).unwrap();
    for (name, item) in [("1.xml", Item::post(1, "a", "A")), ("2.xml", Item::post(2, "b", "B"))] {
        fs::write(site.0.path().join("parts").join(name), wxr(&[item])).unwrap();
    }
    let report = site.import("auto", "parts", &[]);
    assert_eq!((&report["kind"], &report["articles"]), (&"wordpress".into(), &2.into()), "{report:#}");
}

/// An export of Ghost with these posts, tags, authors and settings.
fn ghost(posts: &[Value]) -> String {
    let tags = json!([
        { "id": "t1", "name": "Tides", "slug": "the-tides", "visibility": "public", "description": "High and low" },
        { "id": "t2", "name": "#internal", "slug": "hash-internal", "visibility": "internal" },
    ]);
    let relate = |key: &str, ids: &[&str]| -> Vec<Value> {
        let rows = posts.iter().flat_map(|post| {
            ids.iter()
                .enumerate()
                .map(move |(at, id)| json!({ "post_id": post["id"], key: id, "sort_order": at }))
        });
        rows.collect()
    };
    let data = json!({
        "posts": posts,
        "tags": tags,
        "users": [{ "id": "u1", "name": "Ada Merriweather", "slug": "ada", "email": "ada@harbour.example", "bio": "Writes." }],
        "posts_tags": relate("tag_id", &["t1", "t2"]),
        "posts_authors": relate("author_id", &["u1"]),
        "posts_meta": [{ "post_id": "5f00000000000000000000aa", "feature_image_alt": "A quay", "feature_image_caption": "Low <b>tide</b>" }],
        "settings": [
            { "key": "title", "value": "The Harbour" },
            { "key": "description", "value": "Boats and tides" },
            { "key": "timezone", "value": "Asia/Hong_Kong" },
            { "key": "locale", "value": "en" },
            { "key": "navigation", "value": "[{\"label\":\"Home\",\"url\":\"/\"},{\"label\":\"About\",\"url\":\"__GHOST_URL__/about/\"}]" },
            { "key": "codeinjection_head", "value": "<script>x</script>" },
        ],
    });
    json!({ "db": [{ "meta": { "exported_on": 1_600_000_000_000_i64, "version": "5.82.0" }, "data": data }] })
        .to_string()
}

fn ghost_post(slug: &str, title: &str, body: Value) -> Value {
    let mut post = json!({
        "id": "5f00000000000000000000aa", "uuid": "a9b8c7d6-0000-4000-8000-000000000001", "title": title, "slug": slug,
        "type": "post", "status": "published", "visibility": "public", "featured": 0,
        "published_at": "2020-03-02T14:00:00.000Z", "updated_at": "2020-03-05T14:00:00.000Z",
    });
    let lexical = json!({ "root": { "type": "root", "children": body } });
    post["lexical"] = lexical.to_string().into();
    post
}

const GHOST_URL: [&str; 2] = ["--base-url", "https://harbour.example"];

#[test]
fn only_what_ghost_showed_to_everybody_is_public() {
    for (field, value, is_public) in [
        ("status", json!("published"), true),
        ("status", json!("draft"), false),
        ("status", json!("scheduled"), false),
        ("status", json!("sent"), false),
        ("visibility", json!("members"), false),
        ("visibility", json!("paid"), false),
        ("visibility", json!("tiers"), false),
        ("email_only", json!(true), false),
        ("published_at", Value::Null, false),
        ("published_at", json!("2099-01-01T00:00:00.000Z"), false),
        ("published_at", json!(1_583_157_600_000_i64), true),
    ] {
        let mut post = ghost_post("ferry", "The unseen ferry", json!([]));
        post[field] = value.clone();
        let mut other = ghost_post("quay", "The quay", json!([]));
        other["id"] = "5f00000000000000000000ab".into();
        let site = Move::of("ghost.json", &ghost(&[post, other]));
        site.import("ghost", "ghost.json", &GHOST_URL);
        let seen = site.built().values().any(|bytes| String::from_utf8_lossy(bytes).contains("unseen ferry"));
        assert_eq!(seen, is_public, "{field} {value}");
    }
}

#[test]
fn posts_of_ghost_keep_their_address_date_and_id() {
    let mut ferry = ghost_post(
        "night-ferry",
        "The night ferry",
        json!([{ "type": "paragraph", "children": [{ "type": "text", "text": "Text." }] }]),
    );
    ferry["feature_image"] = "__GHOST_URL__/content/images/q.jpg".into();
    ferry["custom_excerpt"] = "The first boat".into();
    ferry["canonical_url"] = "https://elsewhere.example/ferry/".into();
    ferry["featured"] = 1.into();
    let mut page = ghost_post("about", "About", json!([]));
    (page["id"], page["type"]) = ("5f00000000000000000000ac".into(), "page".into());
    let site = Move::of("ghost.json", &ghost(&[ferry, page]));
    let report = site.import("auto", "ghost.json", &GHOST_URL);
    assert_eq!(
        (&report["kind"], &report["articles"], &report["pages"]),
        (&"ghost".into(), &1.into(), &1.into())
    );
    let files = site.site();
    let source = text(&files, "content/posts/night-ferry.md");
    for line in [
        "date = 2020-03-02T22:00:00+08:00",
        "image = { alt = \"A quay\", caption = \"Low tide\", src = \"https://harbour.example/content/images/q.jpg\" }",
        "summary = \"The first boat\"",
        "canonical = \"https://elsewhere.example/ferry/\"",
        "featured = true",
        "tags = [\"Tides\"]",
        "internal_tags = [\"#internal\"]",
    ] {
        assert!(source.contains(line), "{line}: {source}");
    }
    assert!(!files.values().any(|bytes| String::from_utf8_lossy(bytes).contains("ada@harbour.example")));
    assert!(findings(&report).iter().any(|one| one.starts_with("lost code-injection: ")), "{report:#}");
    let public = site.built();
    for path in [
        "night-ferry/index.html",
        "about/index.html",
        "tag/the-tides/index.html",
        "author/ada/index.html",
        "rss/index.html",
    ] {
        assert!(public.contains_key(path), "{path}: {:#?}", public.keys());
    }
    let old = "<rss version=\"2.0\"><channel><title>T</title><link>https://harbour.example</link><description>d</description><item><title>The night ferry</title><link>https://harbour.example/night-ferry/</link><guid isPermaLink=\"false\">5f00000000000000000000aa</guid><pubDate>Mon, 02 Mar 2020 14:00:00 GMT</pubDate></item></channel></rss>";
    assert_eq!(site.surprises("rss.xml", old), (vec![], vec![]));
}

#[test]
fn cards_of_ghost_become_components() {
    let words = |text: &str, format: u32| json!({ "type": "extended-text", "text": text, "format": format });
    for (node, expected) in [
        (
            json!({ "type": "paragraph", "children": [words("One ", 0), words("two", 1), words(" three", 2), words(" ", 0), words("x", 16)] }),
            "One **two** _three_ `x`",
        ),
        (json!({ "type": "extended-heading", "tag": "h3", "children": [words("Head", 0)] }), "### Head"),
        (
            json!({ "type": "list", "listType": "number", "start": 2, "children": [{ "type": "listitem", "children": [words("a", 0)] }] }),
            "2. a",
        ),
        (json!({ "type": "extended-quote", "children": [words("Sure.", 0)] }), "> Sure."),
        (
            json!({ "type": "paragraph", "children": [{ "type": "link", "url": "https://a.example/", "children": [words("b", 0)] }, { "type": "linebreak" }, words("c", 0)] }),
            "[b](https://a.example/)\\\nc",
        ),
        (json!({ "type": "horizontalrule" }), "* * *"),
        (
            json!({ "type": "image", "src": "https://a.example/q.jpg", "alt": "Quay", "caption": "Low tide" }),
            "{{ <figure src=\"https://a.example/q.jpg\" alt=\"Quay\" caption=\"Low tide\" /> }}",
        ),
        (
            json!({ "type": "gallery", "images": [{ "src": "https://a.example/q.jpg", "alt": "Q" }, { "src": "https://a.example/r.jpg" }], "caption": "Two" }),
            "{{ <gallery caption=\"Two\" pictures={[{\"src\": \"https://a.example/q.jpg\", \"alt\": \"Q\"}, {\"src\": \"https://a.example/r.jpg\", \"alt\": \"\"}]} /> }}",
        ),
        (json!({ "type": "codeblock", "language": "js", "code": "a\n\nb" }), "```js\na\n\nb\n```"),
        (
            json!({ "type": "markdown", "markdown": "# Head\n\n*one* {{ two }}" }),
            "# Head\n\n*one* \\{{ two }}",
        ),
        (json!({ "type": "html", "html": "<p>a <u>b</u></p><script>c</script>" }), "a <u>b</u>"),
        (
            json!({ "type": "embed", "url": "https://www.youtube.com/watch?v=a", "metadata": { "title": "A film" } }),
            "{{ <embed url=\"https://www.youtube.com/watch?v=a\" title=\"A film\" from=\"YouTube\" /> }}",
        ),
        (
            json!({ "type": "bookmark", "url": "https://a.example/", "metadata": { "title": "A page", "publisher": "A", "description": "All" } }),
            "{{ <embed url=\"https://a.example/\" title=\"A page\" from=\"A\" /> }}\n\nAll",
        ),
        (
            json!({ "type": "callout", "calloutEmoji": "\u{1f4a1}", "calloutText": "Mind <b>it</b>" }),
            "{% <note> %}\n\u{1f4a1} Mind **it**\n{% </note> %}",
        ),
        (
            json!({ "type": "toggle", "heading": "More", "content": "<p>Text</p>" }),
            "<details><summary>More</summary><p>Text</p></details>",
        ),
        (
            json!({ "type": "button", "buttonText": "Go", "buttonUrl": "https://a.example/" }),
            "[Go](https://a.example/)",
        ),
        (
            json!({ "type": "file", "src": "https://a.example/a.pdf", "fileTitle": "Plan" }),
            "[Plan](https://a.example/a.pdf)",
        ),
        (
            json!({ "type": "audio", "src": "https://a.example/a.mp3", "title": "Bell" }),
            "<figure><audio controls src=\"https://a.example/a.mp3\"></audio><figcaption>Bell</figcaption></figure>",
        ),
        (json!({ "type": "signup" }), ""),
    ] {
        let site = Move::of("ghost.json", &ghost(&[ghost_post("a", "A", json!([node]))]));
        let report = site.import("ghost", "ghost.json", &GHOST_URL);
        let source = text(&site.site(), "content/posts/a.md");
        let body = source.split("+++\n").nth(2).unwrap().trim();
        assert_eq!(body, expected, "{node}");
        let is_lost =
            findings(&report).iter().any(|one| one == "lost card: cards that only Ghost can show: signup");
        assert_eq!(is_lost, expected.is_empty(), "{node}");
        site.built();
    }
}

#[test]
fn mobiledoc_and_older_forms_of_ghost_are_read() {
    let mobiledoc = json!({
        "version": "0.3.1",
        "atoms": [["soft-return", "", {}]],
        "cards": [["image", { "src": "https://a.example/q.jpg", "caption": "" }], ["markdown", { "markdown": "*c*" }]],
        "markups": [["strong"], ["a", ["href", "https://a.example/"]]],
        "sections": [
            [1, "p", [[0, [], 0, "One "], [0, [0], 1, "two"], [1, [], 0, 0], [0, [1], 1, "three"]]],
            [1, "h2", [[0, [], 0, "Head"]]],
            [3, "ul", [[[0, [], 0, "a"]], [[0, [], 0, "b"]]]],
            [10, 0],
            [10, 1],
        ],
    });
    let mut post = ghost_post("a", "A", json!([]));
    post["lexical"] = Value::Null;
    post["mobiledoc"] = mobiledoc.to_string().into();
    let body = |post: &Value| {
        let site = Move::of("ghost.json", &ghost(std::slice::from_ref(post)));
        site.import("ghost", "ghost.json", &GHOST_URL);
        let source = text(&site.site(), "content/posts/a.md");
        (
            source.split("+++\n").nth(2).unwrap_or_default().trim().to_owned(),
            text(&site.site(), "ledger.jsonl"),
        )
    };
    assert_eq!(
        body(&post).0,
        "One **two**\\\n[three](https://a.example/)\n\n## Head\n\n- a\n- b\n\n![](https://a.example/q.jpg)\n\n*c*"
    );
    post["mobiledoc"] = Value::Null;
    post["html"] = "<p>From <em>HTML</em></p>".into();
    assert_eq!(body(&post).0, "From _HTML_");
    post["markdown"] = "From *Markdown*".into();
    (post["id"], post["published_at"]) = (7.into(), 1_583_157_600_000_i64.into());
    let (text, ledger) = body(&post);
    assert_eq!(text, "From *Markdown*");
    assert!(
        ledger.contains("\"id\":\"a9b8c7d6-0000-4000-8000-000000000001\""),
        "before version 1, feeds had the UUID: {ledger}"
    );
}

#[test]
fn hostile_exports_of_ghost_end_in_an_error_or_stay_inside_the_site() {
    let deep = "[".repeat(200_000);
    for (source, expected) in [
        ("{\"meta\":{},\"db\":".to_owned(), "EOF"),
        ("{\"meta\":{},\"db\":[]}".to_owned(), "posts"),
        (format!("{{\"meta\":{{}},\"data\":{{\"posts\":[{{\"x\":{deep}"), "recursion"),
    ] {
        let site = Move::of("ghost.json", &source);
        let output = site.command(&["import", "ghost", "ghost.json", "--into", "site"]).output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(2), "{expected}: {said}");
        assert!(said.contains(expected), "{expected}: {said}");
    }
    let mut node = json!({ "type": "text", "text": "a" });
    for _ in 0..110 {
        node = json!({ "type": "list", "children": [{ "type": "listitem", "children": [node] }] });
    }
    let mut posts =
        vec![ghost_post("../../escape", "One", json!([])), ghost_post("deep", "Two", json!([node]))];
    for (at, slug) in ["index", "", "same", "same"].into_iter().enumerate() {
        let mut post = ghost_post(slug, "More", json!([]));
        post["id"] = format!("5f0000000000000000000{at:03}").into();
        posts.push(post);
    }
    posts[1]["id"] = "5f00000000000000000000ff".into();
    let site = Move::of("ghost.json", &ghost(&posts));
    site.import("ghost", "ghost.json", &GHOST_URL);
    let outside: Vec<String> =
        tree(site.0.path()).into_keys().filter(|path| !path.starts_with("site/")).collect();
    assert_eq!(outside, ["ghost.json"]);
}

const RSS: &str = "<?xml version=\"1.0\"?><rss version=\"2.0\" xmlns:content=\"http://purl.org/rss/1.0/modules/content/\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\" xmlns:atom=\"http://www.w3.org/2005/Atom\"><channel><title>The Harbour</title><link>https://harbour.example/</link><description>d</description><atom:link rel=\"self\" href=\"https://harbour.example/feeds/all.xml\"/>\
<item><title>Ferry &amp;amp; quay</title><link>https://harbour.example/2020/ferry.html</link><guid isPermaLink=\"false\">harbour-4711</guid><pubDate>Mon, 02 Mar 2020 22:00:00 +0800</pubDate><dc:creator>Ada Merriweather</dc:creator><category>Tides</category><description>The first boat</description><content:encoded><![CDATA[<p>The <b>night</b> ferry, see <a href=\"/plan/\">the plan</a>.</p>]]></content:encoded><enclosure url=\"https://cdn.example/a.mp3\" length=\"99\" type=\"audio/mpeg\"/></item>\
<item><title>Quay</title><link>https://harbour.example/quay/</link><guid>https://harbour.example/quay/</guid><pubDate>Sun, 01 Mar 2020 10:00:00 GMT</pubDate><description>&lt;p&gt;Only a summary&lt;/p&gt;</description></item></channel></rss>";

#[test]
fn entries_of_rss_become_articles_that_subscribers_know() {
    let site = Move::of("feed.xml", RSS);
    let report = site.import("auto", "feed.xml", &[]);
    assert_eq!((&report["kind"], &report["articles"]), (&"feed".into(), &2.into()));
    let source = text(&site.site(), "content/posts/ferry.md");
    for line in [
        "title = \"Ferry & quay\"",
        "date = 2020-03-02T22:00:00+08:00",
        "path = \"/2020/ferry.html\"",
        "summary = \"The first boat\"",
        "tags = [\"Tides\"]",
        "The **night** ferry, see [the plan](https://harbour.example/plan/).",
    ] {
        assert!(source.contains(line), "{line}: {source}");
    }
    assert!(findings(&report).iter().any(|one| one.starts_with("lost summary: ")), "{report:#}");
    let public = site.built();
    assert!(
        public.contains_key("2020/ferry.html") && public.contains_key("feeds/all.xml"),
        "{:#?}",
        public.keys()
    );
    assert_eq!(site.surprises("rss.xml", RSS), (vec![], vec![]));
}

#[test]
fn entries_of_atom_and_json_become_articles_that_subscribers_know() {
    let atom = "<?xml version=\"1.0\"?><feed xmlns=\"http://www.w3.org/2005/Atom\"><title>The Harbour</title><id>tag:harbour.example,2019:all</id><updated>2020-03-03T00:00:00Z</updated><link rel=\"alternate\" href=\"https://harbour.example/\"/>\
        <entry><title>Ferry</title><id>tag:harbour.example,2020:ferry</id><link href=\"https://harbour.example/ferry/\"/><published>2020-03-02T22:00:00+08:00</published><updated>2020-03-03T00:00:00Z</updated><author><name>Ada</name></author><content type=\"html\">&lt;p&gt;Text&lt;/p&gt;</content></entry></feed>";
    let json = json!({
        "version": "https://jsonfeed.org/version/1.1", "title": "The Harbour", "home_page_url": "https://harbour.example/",
        "items": [{ "id": "tag:harbour.example,2020:ferry", "url": "https://harbour.example/ferry/", "title": "Ferry", "content_text": "One\n\ntwo", "date_published": "2020-03-02T22:00:00+08:00" }],
    });
    for (name, path, source, body) in
        [("a.atom", "atom.xml", atom, "Text"), ("a.json", "feed.json", &json.to_string(), "One\n\ntwo")]
    {
        let site = Move::of(name, source);
        site.import("feed", name, &[]);
        let written = text(&site.site(), "content/posts/ferry.md");
        assert!(written.trim_end().ends_with(body), "{name}: {written}");
        site.built();
        assert_eq!(site.surprises(path, source), (vec![], vec![]), "{name}");
    }
}

#[test]
fn a_document_that_is_no_feed_is_refused() {
    for source in ["", "text", "{}", "<html></html>", "<!DOCTYPE rss [<!ENTITY a \"a\">]><rss>"] {
        let site = Move::of("feed.xml", source);
        let output = site.command(&["import", "feed", "feed.xml", "--into", "site"]).output().unwrap();
        assert_eq!(output.status.code(), Some(2), "{source}");
        assert!(!site.0.path().join("site").exists(), "{source}");
    }
}

#[test]
fn files_of_the_old_site_are_copied_and_texts_lead_to_them() {
    let picture = "https://harbour.example/wp-content/uploads/2020/03";
    let content = format!(
        "<p><img src=\"{picture}/low%20tide.jpg\" alt=\"Tide\"> <a href=\"http://www.harbour.example/wp-content/uploads/plan.pdf\">Plan</a> <img src=\"{picture}/gone.jpg\" alt=\"\"> <a href=\"https://harbour.example/2020/\">2020</a></p>"
    );
    let site = Move::of("export.xml", &wxr(&[Item::post(1, "a", "A").with(&content)]));
    let uploads = site.0.path().join("uploads");
    fs::create_dir_all(uploads.join("2020/03")).unwrap();
    fs::write(
        uploads.join("2020/03/low tide.jpg"),
        include_bytes!("../sites/pictures/static/quay.jpg").as_slice(),
    )
    .unwrap();
    fs::write(uploads.join("plan.pdf"), "plan").unwrap();
    let report = site.import("wordpress", "export.xml", &["--media", "uploads"]);
    let files = site.site();
    let source = text(&files, "content/posts/a.md");
    assert!(
        source.contains(&format!(
            "![Tide](/wp-content/uploads/2020/03/low%20tide.jpg) [Plan](/wp-content/uploads/plan.pdf) ![]({picture}/gone.jpg) [2020](https://harbour.example/2020/)"
        )),
        "{source}"
    );
    assert!(files.contains_key("static/wp-content/uploads/2020/03/low tide.jpg"));
    let all = findings(&report);
    assert!(
        all.iter().any(|one| one.starts_with("lost media: wp-content/uploads/2020/03/gone.jpg")),
        "{all:#?}"
    );
    assert!(site.built().contains_key("wp-content/uploads/plan.pdf"));
}

#[test]
fn files_are_not_downloaded_from_private_networks() {
    for host in ["127.0.0.1:9", "localhost:9", "192.168.1.1", "[::1]:9", "printer.local"] {
        let base = format!("http://{host}");
        let content = format!("<p><img src=\"{base}/wp-content/uploads/q.jpg\" alt=\"\"></p>");
        let source = wxr(&[Item::post(1, "a", "A").with(&content)]).replace("https://harbour.example", &base);
        let site = Move::of("export.xml", &source);
        let report = site.import("wordpress", "export.xml", &["--fetch-media"]);
        let all = findings(&report);
        let expected =
            "lost media: wp-content/uploads/q.jpg was not downloaded: it is an address of a private network";
        assert!(all.iter().any(|one| one == expected), "{host}: {all:#?}");
        assert!(!site.site().keys().any(|path| path.ends_with("q.jpg")), "{host}");
    }
}

#[cfg(unix)]
#[test]
fn the_commands_of_the_documentation_work() {
    let post = ghost_post(
        "ferry",
        "Ferry",
        json!([{ "type": "paragraph", "children": [{ "type": "text", "text": "Text." }] }]),
    );
    let exports = [
        ("wordpress", wxr(&[Item::post(1, "a", "A")])),
        ("ghost", ghost(&[post])),
        ("feed", RSS.to_owned()),
        ("news", newsml(1, "usable", "Ferry", "")),
    ];
    for (kind, export) in exports {
        let prepare = |folder: &Path| {
            let put = |path: &str, content: &str| {
                let to = folder.join(path);
                fs::create_dir_all(to.parent().unwrap()).unwrap();
                fs::write(to, content).unwrap();
            };
            put("export.xml", &export);
            put("ghost.json", &export);
            put("feed.xml", RSS);
            put("old/rss.xml", RSS);
            for folder in ["exports", "feeds", "wire"] {
                put(&format!("{folder}/1.xml"), &export);
            }
            put("uploads/plan.pdf", "plan");
            put("content/images/plan.pdf", "plan");
        };
        scripts(&format!("migrating/{kind}.md"), prepare, |_| {});
    }
}

/// A folder with these files, read as those of an agency; the articles by their titles, each with its source.
fn agency(files: &[(&str, &str)]) -> (Move, Value) {
    let site = Move::of("unused.txt", "");
    for (name, text) in files {
        fs::create_dir_all(site.0.path().join("wire")).unwrap();
        fs::write(site.0.path().join("wire").join(name), text).unwrap();
    }
    let report = site.import("newsml", "wire", &["--base-url", "https://harbour.example"]);
    (site, report)
}

fn newsml(version: u32, status: &str, headline: &str, more: &str) -> String {
    format!(
        "<?xml version=\"1.0\"?><newsMessage xmlns=\"http://iptc.org/std/nar/2006-10-01/\"><itemSet><newsItem guid=\"urn:newsml:agency.example:20200302:ferry\" version=\"{version}\" xml:lang=\"en\">\
         <rightsInfo><copyrightNotice>Agency</copyrightNotice></rightsInfo>\
         <itemMeta><itemClass qcode=\"ninat:text\"/><versionCreated>2020-03-0{version}T14:00:00+08:00</versionCreated><firstCreated>2020-03-01T14:00:00+08:00</firstCreated>{more}<pubStatus qcode=\"stat:{status}\"/></itemMeta>\
         <contentMeta><by>By Ada Merriweather</by><headline>{headline}</headline><slugline>harbour-ferry</slugline><subject qcode=\"medtop:1\"><name>Shipping</name></subject></contentMeta>\
         <contentSet><inlineXML contenttype=\"application/xhtml+xml\"><html xmlns=\"http://www.w3.org/1999/xhtml\"><body><p>Version {version} of <strong>it</strong>.</p></body></html></inlineXML></contentSet></newsItem></itemSet></newsMessage>"
    )
}

#[test]
fn the_newest_version_of_a_story_of_an_agency_counts() {
    let (site, report) = agency(&[
        ("2.xml", &newsml(2, "usable", "Second", "")),
        ("1.xml", &newsml(1, "usable", "First", "")),
    ]);
    assert_eq!(report["articles"], 1, "{report:#}");
    let source = text(&site.site(), "content/wire/harbour-ferry.md");
    for line in [
        "title = \"Second\"",
        "date = 2020-03-01T14:00:00+08:00",
        "updated = 2020-03-02T14:00:00+08:00",
        "authors = [\"Ada Merriweather\"]",
        "topics = [\"Shipping\"]",
        "rights = \"Agency\"",
        "Version 2 of **it**.",
    ] {
        assert!(source.contains(line), "{line}: {source}");
    }
    let feed = json_feed(&site.built(), "feed.json");
    assert_eq!(feed["items"][0]["id"], "urn:newsml:agency.example:20200302:ferry");
}

#[test]
fn stories_that_were_killed_withheld_or_under_embargo_are_not_public() {
    for (status, more, shown, reason) in [
        ("usable", "", true, ""),
        ("withheld", "", false, "held status"),
        ("canceled", "<edNote>Wrong ferry</edNote>", false, "held kill"),
        ("strange", "", false, "held status"),
        ("usable", "<embargoed>2099-01-01T00:00:00Z</embargoed>", false, "held embargo"),
    ] {
        let (site, report) = agency(&[
            ("1.xml", &newsml(1, "usable", "Ferry", "")),
            ("2.xml", &newsml(2, status, "Ferry", more)),
        ]);
        let seen =
            site.built().values().any(|bytes| String::from_utf8_lossy(bytes).contains("<strong>it</strong>"));
        assert_eq!(seen, shown, "{status} {more}");
        assert!(findings(&report).iter().any(|one| one.starts_with(reason)), "{status} {more}: {report:#}");
    }
}

#[test]
fn nitf_and_ninjs_are_read() {
    let nitf = "<?xml version=\"1.0\"?><!DOCTYPE nitf SYSTEM \"nitf-3-4.dtd\"><nitf><head><title>T</title><docdata management-status=\"usable\"><doc-id id-string=\"agency-1\"/><date.issue norm=\"20200302T140000Z\"/><du-key key=\"quay-works\" version=\"1\"/><key-list><keyword key=\"Works\"/></key-list></docdata></head>\
        <body><body.head><hedline><hl1>The quay</hl1></hedline><byline>By Bo Li</byline><abstract>Short</abstract></body.head><body.content><p>Text &amp; more.</p></body.content></body></nitf>";
    let ninjs = json!({ "uri": "urn:agency:2", "type": "text", "version": "1", "pubstatus": "usable", "versioncreated": "2020-03-02T14:00:00Z", "headline": "The tide", "slugline": "tide", "body_text": "One\n\ntwo", "subject": [{ "name": "Sea" }] });
    let photo = json!({ "uri": "urn:agency:3", "type": "picture", "headline": "A photo" });
    let (site, report) = agency(&[
        ("a.xml", nitf),
        ("b.json", &ninjs.to_string()),
        ("c.json", &photo.to_string()),
        ("d.xml", "<other/>"),
        ("e.xml", "<!DOCTYPE x [<!ENTITY a \"b\">]><nitf>"),
    ]);
    assert_eq!(report["articles"], 2, "{report:#}");
    let files = site.site();
    let quay = text(&files, "content/wire/quay-works.md");
    for line in [
        "title = \"The quay\"",
        "date = 2020-03-02T14:00:00Z",
        "summary = \"Short\"",
        "topics = [\"Works\"]",
        "Text & more.",
    ] {
        assert!(quay.contains(line), "{line}: {quay}");
    }
    assert!(text(&files, "content/wire/tide.md").ends_with("One\n\ntwo\n"));
    let ids: Vec<Value> = json_feed(&site.built(), "feed.json")["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["id"].clone())
        .collect();
    assert!(ids.contains(&json!("agency-1")) && ids.contains(&json!("urn:agency:2")), "{ids:?}");
}

#[test]
fn plain_wire_articles_are_taken_as_they_are() {
    let plain = "Night ferry returns after a long winter\n\nPUBLISHED : Friday, 14 February, 2014, 2:47pm\n\nThe boat is back.\n";
    let site = Move::of("unused.txt", "");
    fs::create_dir_all(site.0.path().join("agency/2014")).unwrap();
    fs::write(site.0.path().join("agency/2014/ferry.txt"), plain).unwrap();
    fs::write(site.0.path().join("agency/1.xml"), newsml(1, "usable", "Quay", "")).unwrap();
    site.import("wire", "agency", &["--base-url", "https://harbour.example"]);
    assert_eq!(text(&site.site(), "content/wire/2014/ferry.txt"), plain);
    assert_eq!(json_feed(&site.built(), "feed.json")["items"].as_array().unwrap().len(), 2);
}

#[test]
fn a_live_feed_names_the_site_of_an_export_that_does_not() {
    let mut post = ghost_post("ferry", "Ferry", json!([]));
    post["feature_image"] = "__GHOST_URL__/content/images/q.jpg".into();
    let site = Move::of("ghost.json", &ghost(&[post]));
    let feed = "<rss version=\"2.0\"><channel><title>T</title><link>https://harbour.example/</link><description>d</description><item><title>Ferry</title><link>https://harbour.example/ferry/</link><guid isPermaLink=\"false\">kept-to-the-letter</guid><pubDate>Mon, 02 Mar 2020 14:00:00 GMT</pubDate></item></channel></rss>";
    fs::write(site.0.path().join("feed.xml"), feed).unwrap();
    site.import("ghost", "ghost.json", &["--live-feed", "feed.xml"]);
    let files = site.site();
    assert!(text(&files, "site.toml").contains("base_url = \"https://harbour.example/\""));
    assert!(text(&files, "content/posts/ferry.md").contains("https://harbour.example/content/images/q.jpg"));
    assert!(text(&files, "ledger.jsonl").contains("\"id\":\"kept-to-the-letter\""));
}

#[test]
fn entries_behind_the_end_of_the_old_feed_do_not_come_back() {
    let post =
        |id| Item { link: format!("https://harbour.example/2020/03/p{id}/"), ..Item::post(id, "p", "Post") };
    let items: Vec<Item> = (1..=20).map(post).collect();
    let entry = |id: u32| {
        format!(
            "<item><title>Post</title><link>https://harbour.example/x{id}/</link><guid isPermaLink=\"false\">https://harbour.example/?p={id}</guid><pubDate>Mon, 02 Mar 2020 14:00:00 GMT</pubDate></item>"
        )
    };
    for (length, more) in [(10, &[][..]), (4, &["--live-feed", "feed.xml"][..])] {
        let site = Move::of("export.xml", &wxr(&items));
        let entries: String = (1..=20).take(length).map(entry).collect();
        let old = format!(
            "<rss version=\"2.0\"><channel><title>T</title><link>https://harbour.example</link><description>d</description>{entries}</channel></rss>"
        );
        fs::write(site.0.path().join("feed.xml"), &old).unwrap();
        site.import("wordpress", "export.xml", more);
        assert!(text(&site.site(), "site.toml").contains(&format!("limit = {length}")));
        let feed = json_feed(&site.built(), "feed.json");
        assert_eq!(feed["items"].as_array().unwrap().len(), length);
    }
}
