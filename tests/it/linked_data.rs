//! The JSON-LD of pages, in the vocabulary of schema.org. `tests/clients/feeds/linked_data.mjs` checks it against that whole
//! vocabulary.

use serde_json::{Value, json};

use crate::site::{Files, Site, between, text};

const TOML: &str = "title = \"Post & Mail\"\nbase_url = \"https://post.example/paper/\"\nauthority = \"post.example,2020\"\ntimezone = \"UTC\"\n";

/// The JSON-LD of a page, in the order of the page.
fn linked_data(files: &Files, path: &str) -> Vec<Value> {
    let html = text(files, path);
    let all = between(&html, "<script type=\"application/ld+json\">", "</script>");
    all.into_iter().map(|one| serde_json::from_str(one).unwrap()).collect()
}

fn steps(steps: &[(&str, &str)]) -> Value {
    let items = steps.iter().enumerate().map(|(at, (name, url))| {
        json!({ "@type": "ListItem", "position": at + 1, "name": name, "item": format!("https://post.example/paper/{url}") })
    });
    json!({ "@context": "https://schema.org", "@type": "BreadcrumbList", "itemListElement": items.collect::<Vec<_>>() })
}

#[test]
fn an_article_says_what_is_known_of_it() {
    let article = "+++\ntitle = \"The ferry <sails> & \\\"sings\\\"\"\nstandfirst = \"At last.\"\npublished = 2026-01-02T08:00:00Z\nauthors = [\"Ada M\", \"Bo\"]\ntags = [\"Boats\"]\n\n[image]\nsrc = \"https://pictures.example/boat.jpg\"\nalt = \"A boat\"\ncaption = \"On Friday\"\ncredit = \"Cy\"\n\n[[corrections]]\ndate = 2026-01-03T09:00:00Z\ntext = \"It is six pounds.\"\n+++\n\nIt sails again.\n";
    let site = Site::new(&[
        ("site.toml", &format!("{TOML}logo = \"/logo.png\"\nrights = \"© Post\"\n")),
        ("static/logo.png", ""),
        ("content/news/_index.md", "+++\ntitle = \"News\"\n+++\n"),
        ("content/news/port/_index.md", "+++\ntitle = \"The port\"\n+++\n"),
        ("content/news/port/ferry.md", article),
    ]);
    let found = linked_data(&site.built(), "news/port/ferry/index.html");
    let title = "The ferry <sails> & \"sings\"";
    let paper = "https://post.example/paper/";
    let page = format!("{paper}news/port/ferry/");
    assert_eq!(
        found,
        [
            json!({
                "@context": "https://schema.org",
                "@type": "NewsArticle",
                "headline": title,
                "description": "At last.",
                "url": page,
                "mainEntityOfPage": { "@type": "WebPage", "@id": page },
                "datePublished": "2026-01-02T08:00:00Z",
                "dateModified": "2026-01-03T09:00:00Z",
                "inLanguage": "en",
                "articleSection": "The port",
                "keywords": ["Boats"],
                "wordCount": 3,
                "correction": [{
                    "@type": "CorrectionComment",
                    "text": "It is six pounds.",
                    "datePublished": "2026-01-03T09:00:00Z",
                }],
                "image": [{
                    "@type": "ImageObject",
                    "url": "https://pictures.example/boat.jpg",
                    "caption": "On Friday",
                    "creditText": "Cy",
                }],
                "author": [
                    { "@type": "Person", "name": "Ada M", "url": format!("{paper}authors/ada-m/") },
                    { "@type": "Person", "name": "Bo", "url": format!("{paper}authors/bo/") },
                ],
                "publisher": {
                    "@type": "Organization",
                    "name": "Post & Mail",
                    "url": paper,
                    "logo": { "@type": "ImageObject", "url": format!("{paper}logo.png") },
                },
                "copyrightNotice": "© Post",
            }),
            steps(&[
                ("Post & Mail", ""),
                ("News", "news/"),
                ("The port", "news/port/"),
                (title, "news/port/ferry/"),
            ]),
        ]
    );
}

#[test]
fn an_article_says_nothing_of_what_is_not_known() {
    let site = Site::new(&[
        ("site.toml", TOML),
        ("content/bare.md", "+++\ntitle = \"Bare\"\npublished = 2026-01-02\n+++\n\n***\n"),
    ]);
    let files = site.built();
    let organization =
        json!({ "@type": "Organization", "name": "Post & Mail", "url": "https://post.example/paper/" });
    let page = "https://post.example/paper/bare/";
    assert_eq!(
        linked_data(&files, "bare/index.html"),
        [json!({
            "@context": "https://schema.org",
            "@type": "NewsArticle",
            "headline": "Bare",
            "url": page,
            "mainEntityOfPage": { "@type": "WebPage", "@id": page },
            "datePublished": "2026-01-02T00:00:00Z",
            "dateModified": "2026-01-02T00:00:00Z",
            "inLanguage": "en",
            "articleSection": "Post & Mail",
            "wordCount": 0,
            "author": [organization],
            "publisher": organization,
        })]
    );
}

#[test]
fn a_picture_without_texts_has_its_address_alone() {
    let article = "+++\ntitle = \"Shown\"\npublished = 2026-01-01\nimage = \"https://pictures.example/boat.jpg\"\n+++\n\nText.\n";
    let site = Site::new(&[("site.toml", TOML), ("content/shown.md", article)]);
    let shown = linked_data(&site.built(), "shown/index.html");
    assert_eq!(
        shown[0]["image"],
        json!([{ "@type": "ImageObject", "url": "https://pictures.example/boat.jpg" }])
    );
}

#[test]
fn a_section_says_where_it_is() {
    let article = "+++\ntitle = \"A\"\npublished = 2026-01-02\n+++\n\nText.\n";
    let site = Site::new(&[
        ("site.toml", TOML),
        ("content/news/_index.md", "+++\ntitle = \"News\"\n+++\n"),
        ("content/news/port/_index.md", "+++\ntitle = \"The port\"\n+++\n"),
        ("content/news/port/quays/_index.md", "+++\ntitle = \"Quays\"\n+++\n"),
        ("content/news/port/quays/a.md", article),
    ]);
    let files = site.built();
    let (front, news) = (("Post & Mail", ""), ("News", "news/"));
    let (port, quays) = (("The port", "news/port/"), ("Quays", "news/port/quays/"));
    assert_eq!(linked_data(&files, "index.html"), [] as [Value; 0]);
    assert_eq!(linked_data(&files, "news/index.html"), [steps(&[front, news])]);
    assert_eq!(linked_data(&files, "news/port/index.html"), [steps(&[front, news, port])]);
    assert_eq!(linked_data(&files, "news/port/quays/index.html"), [steps(&[front, news, port, quays])]);
}
