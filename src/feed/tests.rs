use std::sync::Arc;

use chrono::DateTime;
use proptest::prelude::*;

use super::*;
use crate::model::date::Precision;

fn moment(text: &str) -> Moment {
    let read = DateTime::parse_from_rfc3339(text).unwrap();
    Moment::new(read.to_utc(), *read.offset(), Precision::Second)
}

fn entry(id: &str, title: &str, html: &str) -> Entry {
    Entry {
        id: id.to_owned(),
        atom_id: id.to_owned(),
        url: "https://example.org/ferry/".to_owned(),
        title: title.to_owned(),
        is_untitled: false,
        summary: Some("1 < 2 & more".to_owned()),
        content_html: Some(html.to_owned()),
        published: moment("2014-02-14T14:47:00+08:00"),
        updated: moment("2014-02-15T09:05:00+08:00"),
        authors: vec![Person {
            name: "Ada Merriweather".to_owned(),
            email: Some("ada@example.org".to_owned()),
            url: Some("https://example.org/ada/".to_owned()),
        }],
        contributors: Vec::new(),
        categories: vec![Category {
            term: "harbour".to_owned(),
            label: "Harbour & quay".to_owned(),
            scheme: "https://example.org/tags/".to_owned(),
        }],
        image: None,
        banner: None,
        episode: None,
        enclosures: vec![Enclosure {
            url: "https://example.org/horn.mp3".to_owned(),
            length: Some(123),
            media_type: "audio/mpeg".to_owned(),
            seconds: None,
        }],
        language: None,
        rights: None,
        via: None,
        related: None,
        written: Written::default(),
    }
}

fn feed(entries: Vec<Entry>) -> Feed {
    Feed {
        id: "tag:example.org,2014:feed".to_owned(),
        title: "The Harbour Post".to_owned(),
        subtitle: Some("News from the quay".to_owned()),
        language: Some("en".to_owned()),
        home_url: "https://example.org/".to_owned(),
        icon: None,
        logo: Some("https://example.org/logo.png".to_owned()),
        rights: None,
        ttl_minutes: Some(60),
        hub: vec!["https://hub.example.org/".to_owned(), "https://hub.example.net/".to_owned()],
        author: None,
        entries: entries.into_iter().map(Arc::new).collect(),
        updated: moment("2014-02-15T09:05:00+08:00"),
        tombstones: Vec::new(),
        chain: Chain::default(),
        podcast: None,
        stylesheet: None,
    }
}

fn all(feed: &Feed) -> [Vec<u8>; 3] {
    let url = "https://example.org/feed";
    [rss::write(feed, url).unwrap(), atom::write(feed, url).unwrap(), json::write(feed, url).unwrap()]
}

#[test]
fn an_independent_reader_finds_the_same_in_all_three() {
    let html = "<p>It is ]]&gt; back &amp; <em>well</em>.</p>";
    for bytes in
        all(&feed(vec![entry("tag:example.org,2014-02-14:ferry", "Q&A: \u{201c}1 < 2\u{201d}", html)]))
    {
        let read = feed_rs::parser::parse(bytes.as_slice()).unwrap();
        let text = String::from_utf8(bytes).unwrap();
        assert!(text.starts_with("<?xml") == (text.matches("<?xml").count() == 1), "one declaration: {text}");
        let one = &read.entries[0];
        assert_eq!(one.id, "tag:example.org,2014-02-14:ferry", "{text}");
        assert_eq!(one.title.as_ref().unwrap().content, "Q&A: \u{201c}1 < 2\u{201d}", "{text}");
        assert_eq!(one.published.unwrap().to_rfc3339(), "2014-02-14T06:47:00+00:00", "{text}");
        assert_eq!(one.links[0].href, "https://example.org/ferry/", "{text}");
        let content = one.content.as_ref().and_then(|content| content.body.clone());
        assert_eq!(content.unwrap().trim(), html, "{text}");
        assert!(text.contains("https://example.org/feed"), "self: {text}");
        for hub in ["https://hub.example.org/", "https://hub.example.net/"] {
            assert!(text.contains(hub), "hub: {text}");
        }
        assert!(text.contains("https://example.org/horn.mp3"), "enclosure: {text}");
    }
}

#[test]
fn rss_says_what_readers_need_in_the_way_they_need_it() {
    let text = String::from_utf8(all(&feed(vec![entry("i", "t", "<p>c</p>")]))[0].clone()).unwrap();
    for part in [
        "<guid isPermaLink=\"false\">i</guid>",
        "<pubDate>Fri, 14 Feb 2014 14:47:00 +0800</pubDate>",
        "<lastBuildDate>Sat, 15 Feb 2014 09:05:00 +0800</lastBuildDate>",
        "<atom:updated>2014-02-15T09:05:00+08:00</atom:updated>",
        "<dc:creator>Ada Merriweather</dc:creator>",
        "<author>ada@example.org (Ada Merriweather)</author>",
        "<description><![CDATA[1 &lt; 2 &amp; more]]></description>",
        "<category domain=\"https://example.org/tags/\">Harbour &amp; quay</category>",
        "length=\"123\"",
        "<ttl>60</ttl>",
    ] {
        assert!(text.contains(part), "{part} in {text}");
    }
    assert!(!text.contains("dc:date"));
}

#[test]
fn atom_keeps_offsets_and_has_an_author_for_every_entry() {
    let text = String::from_utf8(all(&feed(vec![entry("i", "t", "<p>c</p>")]))[1].clone()).unwrap();
    for part in [
        "<published>2014-02-14T14:47:00+08:00</published>",
        "<updated>2014-02-15T09:05:00+08:00</updated>",
        "<id>tag:example.org,2014:feed</id>",
        "<author><name>The Harbour Post</name></author>",
        "scheme=\"https://example.org/tags/\"",
        "label=\"Harbour &amp; quay\"",
    ] {
        assert!(text.contains(part), "{part} in {text}");
    }
}

#[test]
fn every_url_in_content_is_absolute_and_nothing_unsafe_is_left() {
    let base = "https://example.org/news/ferry/";
    for (html, expected) in [
        ("<a href=\"../tide/\">x</a>", "<a href=\"https://example.org/news/tide/\">x</a>"),
        ("<a href=\"#fn-1\">x</a>", "<a href=\"https://example.org/news/ferry/#fn-1\">x</a>"),
        ("<a href=\"//cdn.example.org/a\">x</a>", "<a href=\"https://cdn.example.org/a\">x</a>"),
        ("<a href=\"mailto:a@b.c\">x</a>", "<a href=\"mailto:a@b.c\">x</a>"),
        (
            "<img src=\"/a.png\" alt=\"A\" srcset=\"a 2x\" onerror=\"x()\" class=\"c\">",
            "<img src=\"https://example.org/a.png\" alt=\"A\">",
        ),
        (
            "<blockquote cite=\"../c/\"><p>q</p></blockquote>",
            "<blockquote cite=\"https://example.org/news/c/\"><p>q</p></blockquote>",
        ),
        (
            "<video poster=\"p.png\" src=\"v.mp4\" controls></video>",
            "<video poster=\"https://example.org/news/ferry/p.png\" src=\"https://example.org/news/ferry/v.mp4\" controls=\"\"><a href=\"https://example.org/news/ferry/v.mp4\">https://example.org/news/ferry/v.mp4</a></video>",
        ),
        ("<a href=\"javascript:x()\">x</a>", "<a>x</a>"),
        ("a<script>x()</script><style>p{}</style>b", "ab"),
        ("<form><input value=x><button>go</button></form>", "go"),
        (
            "<iframe src=\"https://v.example.org/1\" onload=x></iframe>",
            "<p><a href=\"https://v.example.org/1\">https://v.example.org/1</a></p>",
        ),
        (
            "<h2 id=\"a\" style=\"x\">H</h2><pre><code class=\"language-rust\">x</code></pre>",
            "<h2 id=\"a\">H</h2><pre><code>x</code></pre>",
        ),
        (
            "<picture><source srcset=\"b.webp\"><img src=\"b.png\" alt=\"\"></picture>",
            "<img src=\"https://example.org/news/ferry/b.png\" alt=\"\">",
        ),
    ] {
        assert_eq!(absolute(html, base), expected, "{html}");
    }
}

proptest! {
    #[test]
    fn whatever_a_source_holds_feeds_stay_well_formed(
        title in "[\\x00-\\x1f\\PC\u{fffe}\u{ffff}]{0,30}|]]>|<!\\[CDATA\\[|&amp;amp;",
        html in "[\\x00-\\x1f\\PC]{0,30}|(]]>|<|&|\u{8}){0,10}",
        id in "\\PC{1,20}",
    ) {
        let feed = feed(vec![entry(&id, &title, &html)]);
        let expected = title.replace('\r', "\n").chars()
            .filter(|c| matches!(c, '\t' | '\n') || (*c >= ' ' && !matches!(c, '\u{fffe}' | '\u{ffff}')))
            .collect::<String>().split_whitespace().collect::<Vec<_>>().join(" ");
        let [rss, atom, json] = all(&feed);
        let read = ::atom_syndication::Feed::read_from(atom.as_slice()).unwrap();
        prop_assert_eq!(read.entries[0].title.value.trim(), expected.as_str());
        let read = ::rss::Channel::read_from(rss.as_slice()).unwrap();
        prop_assert_eq!(read.items[0].title.as_deref().unwrap_or_default().trim(), expected.as_str());
        let read: serde_json::Value = serde_json::from_slice(&json).unwrap();
        prop_assert_eq!(read["items"][0]["title"].as_str().unwrap(), expected.as_str());
        prop_assert_eq!(all(&feed), [rss, atom, json]);
        let _ = absolute(&html, "https://example.org/");
    }
}
