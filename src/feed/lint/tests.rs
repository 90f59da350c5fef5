use std::collections::BTreeSet;

use chrono::TimeZone;
use proptest::prelude::*;

use super::*;

mod bounds;
mod markup;
mod podcasts;

const RSS: &str = include_str!("tests/good.rss.xml");
const ATOM: &str = include_str!("tests/good.atom.xml");
const JSON: &str = include_str!("tests/good.feed.json");

fn known(url: &str) -> Known<'_> {
    // A day after the newest date of the feeds.
    Known { url: Some(url), now: Utc.with_ymd_and_hms(2014, 2, 17, 9, 0, 0).single() }
}

fn url_of(feed: &str) -> &'static str {
    match feed {
        RSS => "https://example.org/rss.xml",
        ATOM => "https://example.org/atom.xml",
        _ => "https://example.org/feed.json",
    }
}

/// The rules found, each with the text at its place.
fn found(bytes: &[u8], url: &str) -> Vec<(Rule, String)> {
    let judgement = judge(bytes, &known(url));
    let shown = |finding: &Finding| judgement.text.get(finding.span.clone()).unwrap_or("???").to_owned();
    judgement.findings.iter().map(|finding| (finding.rule, shown(finding))).collect()
}

#[test]
fn good_feeds_have_nothing_wrong() {
    for (feed, format) in [(RSS, Format::Rss), (ATOM, Format::Atom), (JSON, Format::Json)] {
        let judgement = judge(feed.as_bytes(), &known(url_of(feed)));
        assert_eq!(judgement.findings, []);
        assert_eq!((judgement.format, judgement.entries), (Some(format), 2));
        // An independent feed reader accepts them too.
        assert_eq!(feed_rs::parser::parse(feed.as_bytes()).unwrap().entries.len(), 2);
    }
}

/// Each case is a valid feed with one change, and the expected finding with the text at its place.
const CASES: &[(&str, &str, &str, Rule, &str)] = &[
    // The document.
    (RSS, "<rss version=\"2.0\"", "<rss version=\"0.91\"", Rule::OldFormat, "<rss version"),
    (RSS, " version=\"2.0\"", " version=\"3.0\"", Rule::BadVersion, "<rss version"),
    (RSS, " version=\"2.0\"", "", Rule::BadVersion, "<rss"),
    (JSON, "/version/1.1", "/version/2", Rule::BadVersion, "\"https://jsonfeed.org/version/2\""),
    (JSON, "\"version\": \"https://jsonfeed.org/version/1.1\",", "", Rule::BadVersion, "{"),
    // Bytes and XML.
    (RSS, "\"UTF-8\"", "\"ISO-8859-1\"", Rule::NotUtf8, "ISO-8859-1"),
    (RSS, "\"UTF-8\"", "\"klingon\"", Rule::Encoding, "klingon"),
    (RSS, "\"UTF-8\"", "\"UTF-16\"", Rule::Encoding, "UTF-16"),
    (JSON, "{\n\"version\"", "\u{feff}{\n\"version\"", Rule::ByteOrderMark, ""),
    (RSS, "Ferry &amp; tide", "Ferry & tide", Rule::NotWellFormed, "&"),
    (RSS, "Ferry &amp; tide", "Ferry ]]> tide", Rule::NotWellFormed, "]]>"),
    (
        RSS,
        "</title>\n<link>https://example.org/ferry",
        "<link>https://example.org/ferry",
        Rule::NotWellFormed,
        "<",
    ),
    (RSS, "length=\"123\"", "length=123", Rule::NotWellFormed, "1"),
    (RSS, "length=\"123\"", "length=\"123\" length=\"123\"", Rule::NotWellFormed, "l"),
    (RSS, "<ttl>", "<!-- a -- b --><ttl>", Rule::NotWellFormed, "<!-- a -- b "),
    (RSS, "</rss>\n", "</rss>\nmore", Rule::NotWellFormed, "\nmore"),
    (RSS, "</rss>\n", "</rss><rss/>", Rule::NotWellFormed, "<"),
    (RSS, "</channel>\n</rss>\n", "", Rule::NotWellFormed, ""),
    (RSS, "]]></content", "</content", Rule::NotWellFormed, "<"),
    (RSS, "Ferry &amp;", "Ferry &nbsp;", Rule::UndefinedEntity, "&nbsp;"),
    (RSS, " xmlns:dc=\"http://purl.org/dc/elements/1.1/\"", "", Rule::UndeclaredNamespace, "dc:creator"),
    (RSS, "Ferry &amp;", "Ferry \u{8}", Rule::ForbiddenCharacter, "\u{8}"),
    (RSS, "Ferry &amp;", "Ferry &#8;", Rule::ForbiddenCharacter, "&#8;"),
    (RSS, "The <a", "The \u{ffff}<a", Rule::ForbiddenCharacter, "\u{ffff}"),
    (
        RSS,
        "xmlns:dc=\"http://purl.org/dc/elements/1.1/\"",
        "xmlns:dc=\"https://purl.org/dc/elements/1.1\"",
        Rule::UnknownNamespace,
        "https://purl.org/dc/elements/1.1",
    ),
    (JSON, "\"Ferry & tide\",", "\"Ferry & tide\"", Rule::BadJson, "\""),
    // Structure.
    (RSS, "<title>The Harbour Post</title>\n", "", Rule::MissingElement, "<channel>"),
    (RSS, "<link>https://example.org/</link>\n", "", Rule::MissingElement, "<channel>"),
    (RSS, "News from the quay", " ", Rule::MissingElement, "<description>"),
    (RSS, "<url>https://example.org/logo.png</url>", "", Rule::MissingElement, "<image>"),
    (ATOM, "<title>Tides</title>\n", "", Rule::MissingElement, "<entry>"),
    (ATOM, "<name>The desk</name>", "", Rule::MissingElement, "<author>"),
    (JSON, "\"title\": \"The Harbour Post\",\n", "", Rule::MissingElement, "{"),
    (JSON, "\"content_text\": \"High water\",\n", "", Rule::MissingElement, "{"),
    (RSS, "<ttl>", "<ttl>5</ttl><ttl>", Rule::DuplicateElement, "<ttl>"),
    (ATOM, "<icon>", "<id>a:b</id><icon>", Rule::DuplicateElement, "<id>"),
    (
        JSON,
        "\"language\": \"en\",",
        "\"language\": \"en\", \"language\": \"en\",",
        Rule::DuplicateElement,
        "\"en\"",
    ),
    (RSS, "<ttl>60</ttl>", "<TTL>60</TTL>", Rule::UnknownElement, "<TTL>"),
    (ATOM, "<icon>https://example.org/icon.png</icon>", "<guid>x</guid>", Rule::UnknownElement, "<guid>"),
    (JSON, "\"icon\"", "\"logo\"", Rule::UnknownKey, "\"https://example.org/icon.png\""),
    (JSON, "[\"Harbour\"]", "\"Harbour\"", Rule::WrongType, "\"Harbour\""),
    (JSON, "[\"Harbour\"]", "[7]", Rule::WrongType, "7"),
    (
        RSS,
        "isPermaLink=\"false\">tag:example.org,2014-02-14",
        "isPermaLink=\"no\">tag:example.org,2014-02-14",
        Rule::BadValue,
        "isPermaLink=\"no\"",
    ),
    (RSS, "Sunday", "Sonntag", Rule::BadValue, "Sonntag"),
    (ATOM, "<fh:archive/>", "<fh:archive/>loose", Rule::StrayText, "loose"),
    (
        JSON,
        "\"authors\": [{ \"name\": \"The desk\", \"url\": \"https://example.org/desk/\" }]",
        "\"author\": {}",
        Rule::DeprecatedKey,
        "{}",
    ),
    // Identity.
    (ATOM, "<id>tag:example.org,2014-02-14:tides</id>\n", "", Rule::MissingId, "<entry>"),
    (JSON, "\"id\": \"tag:example.org,2014-02-14:tides\",\n", "", Rule::MissingId, "{"),
    (
        RSS,
        "<guid isPermaLink=\"false\">tag:example.org,2014-02-14:tides</guid>\n",
        "",
        Rule::MissingGuid,
        "<item>",
    ),
    (RSS, "2014-02-14:tides", "2014-02-15:ferry", Rule::DuplicateId, "tag:example.org,2014-02-15:ferry"),
    (ATOM, "2014-02-14:tides", "2014-02-15:ferry", Rule::DuplicateId, "tag:example.org,2014-02-15:ferry"),
    (JSON, "2014-02-14:tides", "2014-02-15:ferry", Rule::DuplicateId, "\"tag:example.org,2014-02-15:ferry\""),
    (ATOM, "<id>tag:example.org,2014-02-14:tides", "<id>tides", Rule::RelativeId, "tides"),
    (
        RSS,
        "<guid isPermaLink=\"false\">tag:example.org,2014-02-14",
        "<guid>tag:example.org,2014-02-14",
        Rule::GuidPermalink,
        "tag:example.org,2014-02-14:tides",
    ),
    (
        RSS,
        "<guid isPermaLink=\"false\">tag:example.org,2014-02-14",
        "<guid isPermaLink=\"true\">tag:example.org,2014-02-14",
        Rule::GuidPermalink,
        "tag:example.org,2014-02-14:tides",
    ),
    (JSON, "\"tag:example.org,2014-02-14:tides\"", "17", Rule::NumericId, "17"),
    (
        RSS,
        ">tag:example.org,2014-02-14:tides",
        "> tag:example.org,2014-02-14:tides",
        Rule::BlankInId,
        " tag:example.org,2014-02-14:tides",
    ),
    // Dates.
    (
        RSS,
        "Fri, 14 Feb 2014 14:47:00 +0800",
        "2014-02-14T14:47:00+08:00",
        Rule::BadDate,
        "2014-02-14T14:47:00+08:00",
    ),
    (ATOM, "<published>2014-02-14T14:47:00+08:00", "<published>2014-02-14", Rule::BadDate, "2014-02-14"),
    (JSON, "2014-02-15T09:00:00Z", "yesterday", Rule::BadDate, "\"yesterday\""),
    (RSS, "14:47:00 +0800", "14:47:00", Rule::MissingZone, "Fri, 14 Feb 2014 14:47:00"),
    (RSS, "Fri, 14 Feb", "Thu, 14 Feb", Rule::WrongWeekday, "Thu, 14 Feb 2014 14:47:00 +0800"),
    (
        ATOM,
        "<published>2014-02-14T14:47:00+08:00",
        "<published>2014-02-14T14:46:60+08:00",
        Rule::LeapSecond,
        "2014-02-14T14:46:60+08:00",
    ),
    (RSS, "14 Feb 2014 14", "14 Feb 14 14", Rule::ShortYear, "Fri, 14 Feb 14 14:47:00 +0800"),
    (RSS, "<pubDate>Fri, 14 Feb 2014 14:47:00 +0800</pubDate>\n", "", Rule::MissingDate, "<item>"),
    (JSON, ",\n\"date_published\": \"2014-02-14T14:47:00+08:00\"", "", Rule::MissingDate, "{"),
    (RSS, "Sun, 16 Feb 2014", "Thu, 20 Feb 2014", Rule::FutureDate, "Thu, 20 Feb 2014 09:00:00 +0000"),
    (JSON, "2014-02-16T09:00:00Z", "2024-02-16T09:00:00Z", Rule::FutureDate, "\"2024-02-16T09:00:00Z\""),
    (
        ATOM,
        "<updated>2014-02-14T14:47:00+08:00",
        "<updated>2014-02-14T14:46:00+08:00",
        Rule::UpdatedEarly,
        "2014-02-14T14:46:00+08:00",
    ),
    (RSS, "Sun, 16 Feb 2014", "Fri, 14 Feb 2014", Rule::FeedUpdatedEarly, "Fri, 14 Feb 2014 09:00:00 +0000"),
    (
        JSON,
        "2014-02-14T14:47:00+08:00",
        "2014-02-16T20:00:00Z",
        Rule::NotNewestFirst,
        "\"2014-02-16T20:00:00Z\"",
    ),
    (
        ATOM,
        "<updated>2014-02-14T14:47:00+08:00",
        "<updated>2014-02-16T09:00:00Z",
        Rule::SameUpdated,
        "2014-02-16T09:00:00Z",
    ),
    (
        RSS,
        "<description>High",
        "<dc:date>2014-02-14</dc:date><description>High",
        Rule::DateTwice,
        "<dc:date>",
    ),
    // Addresses.
    (RSS, "<link>https://example.org/tides/", "<link>/tides/", Rule::RelativeUrl, "/tides/"),
    (
        ATOM,
        "<link href=\"https://example.org/tides/\"",
        "<link href=\"//example.org/tides/\"",
        Rule::RelativeUrl,
        "href=\"//example.org/tides/\"",
    ),
    (JSON, "\"https://example.org/tides/\"", "\"tides/\"", Rule::RelativeUrl, "\"tides/\""),
    (
        RSS,
        "<link>https://example.org/tides/",
        "<link>https://example.org/ti des/",
        Rule::InvalidUrl,
        "https://example.org/ti des/",
    ),
    (
        RSS,
        "<link>https://example.org/tides/",
        "<link>gopher://example.org/tides/",
        Rule::OddScheme,
        "gopher://example.org/tides/",
    ),
    (
        RSS,
        "<atom:link href=\"https://example.org/rss.xml\" rel=\"self\" type=\"application/rss+xml\"/>\n",
        "",
        Rule::MissingSelf,
        "<channel>",
    ),
    (ATOM, "rel=\"self\"", "rel=\"via\"", Rule::MissingSelf, ""),
    (JSON, "\"feed_url\": \"https://example.org/feed.json\",\n", "", Rule::MissingSelf, "{"),
    (
        RSS,
        "https://example.org/rss.xml",
        "https://example.org/feed/",
        Rule::SelfMismatch,
        "href=\"https://example.org/feed/\"",
    ),
    (
        JSON,
        "https://example.org/feed.json",
        "https://example.org/feed/",
        Rule::SelfMismatch,
        "\"https://example.org/feed/\"",
    ),
    (
        ATOM,
        "<summary>The first boat</summary>\n<content type=\"html\">",
        "<summary>",
        Rule::NotWellFormed,
        "<",
    ),
    (ATOM, "<link href=\"https://example.org/\"/>\n", "", Rule::MissingHome, ""),
    (JSON, "\"home_page_url\": \"https://example.org/\",\n", "", Rule::MissingHome, "{"),
    (
        ATOM,
        "<link href=\"https://example.org/tides/\"/>",
        "<link href=\"https://example.org/tides/\"/><link href=\"https://example.org/t/\"/>",
        Rule::DuplicateLink,
        "<link href=\"https://example.org/t/\"/>",
    ),
    (ATOM, "rel=\"enclosure\"", "rel=\"sound\"", Rule::UnknownRel, "rel=\"sound\""),
    (
        ATOM,
        "https://example.org/atom-1.xml",
        "https://example.org/atom.xml",
        Rule::ArchiveLinks,
        "<link rel=\"prev-archive\" href=\"https://example.org/atom.xml\"/>",
    ),
    (ATOM, "<fh:archive/>", "<fh:archive/><fh:complete/>", Rule::ArchiveLinks, "<fh:archive/>"),
    (ATOM, "rel=\"current\"", "rel=\"via\"", Rule::ArchiveLinks, "<fh:archive/>"),
    (
        ATOM,
        "<content type=\"html\"",
        "<content xml:base=\"https://example.org/\" type=\"html\"",
        Rule::XmlBase,
        "xml:base=\"https://example.org/\"",
    ),
    // Attachments of entries.
    (
        RSS,
        " length=\"123\"",
        "",
        Rule::IncompleteEnclosure,
        "<enclosure url=\"https://example.org/horn.mp3\" type=\"audio/mpeg\"/>",
    ),
    (JSON, "\"mime_type\": \"audio/mpeg\", ", "", Rule::IncompleteEnclosure, "{"),
    (RSS, "length=\"123\"", "length=\"2 MB\"", Rule::BadNumber, "length=\"2 MB\""),
    (RSS, "<ttl>60", "<ttl>soon", Rule::BadNumber, "soon"),
    (RSS, "<width>88", "<width>200", Rule::BadNumber, "200"),
    (RSS, "<hour>3", "<hour>24", Rule::BadNumber, "24"),
    (RSS, "length=\"123\"", "length=\"0\"", Rule::ZeroLength, "length=\"0\""),
    (ATOM, "length=\"123\"", "length=\"0\"", Rule::ZeroLength, "length=\"0\""),
    (
        RSS,
        "<enclosure",
        "<enclosure url=\"https://example.org/a.mp3\" length=\"1\" type=\"audio/mpeg\"/><enclosure",
        Rule::SeveralEnclosures,
        "<enclosure url=\"https://example.org/horn.mp3\" length=\"123\" type=\"audio/mpeg\"/>",
    ),
    (RSS, "audio/mpeg", "mp3", Rule::BadMediaType, "type=\"mp3\""),
    (JSON, "audio/mpeg", "mp3", Rule::BadMediaType, "\"mp3\""),
    (
        ATOM,
        " ref=\"tag:example.org,2013:old\"",
        "",
        Rule::Tombstone,
        "<at:deleted-entry when=\"2014-02-01T00:00:00Z\"/>",
    ),
    (
        ATOM,
        " when=\"2014-02-01T00:00:00Z\"",
        "",
        Rule::Tombstone,
        "<at:deleted-entry ref=\"tag:example.org,2013:old\"/>",
    ),
    // Texts.
    (
        RSS,
        "<title>Tides</title>",
        "<title>&lt;b>Tides&lt;/b></title>",
        Rule::HtmlInTitle,
        "&lt;b>Tides&lt;/b>",
    ),
    (JSON, "Ferry & tide", "Ferry <i>and</i> tide", Rule::HtmlInTitle, "Ferry <i>and</i> tide"),
    (RSS, "Ferry &amp; tide", "Ferry &amp;amp; tide", Rule::DoubleEscaped, "&amp;amp;"),
    (
        RSS,
        "<description>High water",
        "<description>&amp;lt;p&amp;gt;High water",
        Rule::DoubleEscaped,
        "&amp;lt;p&amp;gt;High water",
    ),
    (RSS, "<description>High water</description>", "", Rule::NoContent, "<item>"),
    (JSON, "High water", "", Rule::NoContent, "{"),
    (ATOM, "<title>Tides", "<title type=\"markdown\">Tides", Rule::TextType, "type=\"markdown\""),
    (ATOM, "<content type=\"xhtml\">", "<content>", Rule::TextType, "<content>"),
    (ATOM, "</div></content>", "</div>x</content>", Rule::TextType, "<content type=\"xhtml\">"),
    (
        ATOM,
        "<author><name>The desk</name><uri>https://example.org/desk/</uri><email>desk@example.org</email></author>\n",
        "",
        Rule::MissingAuthor,
        "<entry>",
    ),
    (RSS, "<author>ada@example.org (Ada)", "<author>Ada", Rule::BadEmail, "Ada"),
    (RSS, "desk@example.org (The desk)", "The desk", Rule::BadEmail, "The desk"),
    (ATOM, "<email>desk@example.org", "<email>desk at example.org", Rule::BadEmail, "desk at example.org"),
    (RSS, "en-GB", "en_GB", Rule::BadLanguage, "en_GB"),
    (ATOM, "xml:lang=\"en\"", "xml:lang=\"en_GB\"", Rule::BadLanguage, "xml:lang=\"en_GB\""),
    (JSON, "\"language\": \"en\"", "\"language\": \"English\u{a0}\"", Rule::BadLanguage, "\"English\u{a0}\""),
    (RSS, ">Harbour<", "><", Rule::EmptyCategory, "<category domain=\"https://example.org/tags/\">"),
    (
        ATOM,
        "term=\"harbour\"",
        "",
        Rule::EmptyCategory,
        "<category  scheme=\"https://example.org/tags/\" label=\"Harbour\"/>",
    ),
    (JSON, "[\"Harbour\"]", "[\"\"]", Rule::EmptyCategory, "\"\""),
    (RSS, "<a href=\"https://example.org/boat/\"", "<a href=\"/boat/\"", Rule::ContentUrl, "href=\"/boat/\""),
    (
        ATOM,
        "&lt;a href=\"https://example.org/boat/\"",
        "&lt;a href=\"/boat/\"",
        Rule::ContentUrl,
        "href=\"/boat/\"",
    ),
    (
        ATOM,
        "<a href=\"https://example.org/water/\"",
        "<a href=\"#water\"",
        Rule::ContentUrl,
        "href=\"#water\"",
    ),
    (
        JSON,
        "href=\\\"https://example.org/boat/\\\"",
        "href=\\\"/boat/\\\"",
        Rule::ContentUrl,
        "href=\\\"/boat/\\\"",
    ),
    (RSS, "is back.</p>", "is back.</p><a hr", Rule::ContentCut, "<a hr"),
    (ATOM, "is back.&lt;/p>", "is &lt;script>x&lt;/script>&lt;/p>", Rule::UnsafeElement, "&lt;script"),
    (ATOM, "<p>High", "<p onclick=\"x()\">High", Rule::UnsafeAttribute, "onclick=\"x()\""),
    (
        RSS,
        "<a href=\"https://example.org/boat/\"",
        "<a href=\"javascript:x()\"",
        Rule::UnsafeUrl,
        "href=\"javascript:x()\"",
    ),
];

/// One change gives one finding, except for these rules, which are found together with others.
const NOT_ALONE: &[Rule] = &[
    Rule::NotWellFormed,
    Rule::UndefinedEntity,
    Rule::ForbiddenCharacter,
    Rule::OldFormat,
    Rule::MissingAuthor,
    Rule::Encoding,
];

#[test]
fn each_thing_that_is_wrong_is_found_where_it_is() {
    let mut wrong = Vec::new();
    for (feed, from, to, rule, shown) in CASES {
        assert!(feed.contains(from), "{from}");
        let text = feed.replacen(from, to, 1);
        let all = found(text.as_bytes(), url_of(feed));
        let hit = all.iter().find(|(found, _)| found == rule);
        let alone = all.len() == 1 || NOT_ALONE.contains(rule);
        if !alone || hit.is_none_or(|(_, text)| !text.starts_with(shown)) {
            wrong.push(format!("{rule:?} by {to:?}: {all:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_whole_document_is_judged_too() {
    let one = |bytes: &[u8]| {
        found(bytes, "https://example.org/").into_iter().map(|(rule, _)| rule).collect::<Vec<_>>()
    };
    for (text, rules) in [
        ("", &[Rule::NotAFeed][..]),
        ("hello", &[Rule::NotAFeed]),
        ("<!DOCTYPE html><html><body>", &[Rule::NotAFeed]),
        ("<opml version=\"2.0\"></opml>", &[Rule::NotAFeed]),
        ("[]", &[Rule::NotAFeed]),
        ("{\"a\": 1}", &[Rule::NotAFeed]),
        ("{\"version\": \"1.2.0\", \"chapters\": []}", &[Rule::NotAFeed]),
        ("<?xml version=\"1.0\"?>", &[Rule::NotAFeed, Rule::NotWellFormed]),
        (
            "<rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\" xmlns=\"http://purl.org/rss/1.0/\"><channel/><item rdf:about=\"a\"/></rdf:RDF>",
            &[Rule::OldFormat],
        ),
        ("<feed version=\"0.3\" xmlns=\"http://purl.org/atom/ns#\"><entry/></feed>", &[Rule::OldFormat]),
    ] {
        assert_eq!(one(text.as_bytes()), rules, "{text}");
    }
    let start = JSON.find("\"items\"").unwrap();
    assert_eq!(
        one(format!("{}\"items\": []}}", &JSON[..start]).as_bytes()).last(),
        Some(&Rule::SelfMismatch)
    );
    let none =
        found(format!("{}\"items\": []}}", &JSON[..start]).as_bytes(), "https://example.org/feed.json");
    assert_eq!(none, [(Rule::NoEntries, "{".to_owned())]);
    // Windows-1252 that says it is UTF-8.
    let bytes =
        RSS.replace("Tides", "T\u{0}ides").bytes().map(|b| if b == 0 { 0xe9 } else { b }).collect::<Vec<_>>();
    let rules = one(&bytes);
    assert!(rules.contains(&Rule::Encoding), "{rules:?}");
    for (times, rule) in [(5_000, Rule::Large), (150_000, Rule::TooLarge)] {
        let padding = "Lorem ipsum dolor sit amet, consectetur adipiscing elit, sed do eiusmod tempor incididunt ut labore et dolore magna. ";
        let large = RSS.replace("High water", &padding.repeat(times));
        assert_eq!(found(large.as_bytes(), url_of(RSS)), [(rule, String::new())]);
    }
    let utf16: Vec<u8> = [0xff, 0xfe]
        .into_iter()
        .chain(RSS.replace("UTF-8", "UTF-16").encode_utf16().flat_map(u16::to_le_bytes))
        .collect();
    assert_eq!(found(&utf16, url_of(RSS)), [(Rule::NotUtf8, String::new())]);
    // An entity that the document itself defines is no fault.
    let defined =
        RSS.replace("<rss", "<!DOCTYPE rss [<!ENTITY ferry \"x\">]><rss").replace("Ferry &amp;", "&ferry;");
    assert_eq!(found(defined.as_bytes(), url_of(RSS)), []);
}

#[test]
fn an_entry_has_something_to_read() {
    let text = ATOM.replace("<link href=\"https://example.org/tides/\"/>\n", "");
    let (start, end) = (text.find("<content type=\"xhtml\">").unwrap(), text.rfind("</entry>").unwrap());
    let text = format!("{}<summary>x</summary>{}", &text[..start], &text[end..]);
    assert_eq!(found(text.as_bytes(), url_of(ATOM)), [(Rule::MissingLink, "<entry>".to_owned())]);
    let text = RSS.replace("<title>Tides</title>", "").replace("<description>High water</description>", "");
    assert_eq!(found(text.as_bytes(), url_of(RSS)), [(Rule::MissingElement, "<item>".to_owned())]);
}

#[test]
fn every_rule_is_tried_and_described() {
    let mut tried: BTreeSet<Rule> = CASES.iter().map(|(_, _, _, rule, _)| *rule).collect();
    tried.extend(podcasts::CASES.iter().map(|(_, _, rule, _)| *rule));
    let elsewhere = [
        Rule::NotAFeed,
        Rule::TooLarge,
        Rule::Large,
        Rule::NoEntries,
        Rule::MissingLink,
        Rule::MediaType,
        Rule::Charset,
        Rule::HtmlInText,
        Rule::OddDate,
        Rule::ImplausibleDate,
        Rule::OddEmail,
    ];
    let all: BTreeSet<Rule> = tried.iter().copied().chain(elsewhere).collect();
    assert_eq!(all, Rule::ALL.iter().copied().collect::<std::collections::BTreeSet<_>>());
    let ids: BTreeSet<&str> = Rule::ALL.iter().map(|rule| rule.about().id).collect();
    assert_eq!(ids.len(), Rule::ALL.len());
    for rule in Rule::ALL {
        let About { id, what, why, remedy, .. } = rule.about();
        assert!(
            id.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-'),
            "{id}"
        );
        assert!([what, why, remedy].iter().all(|text| !text.is_empty() && !text.ends_with('.')), "{id}");
    }
}

#[test]
fn the_documentation_has_every_rule() {
    let page = include_str!("../../../content/docs/feed-lint.md");
    let row = |rule: &Rule| {
        let About { id, severity, what, why, remedy } = rule.about();
        let severity = if severity == Severity::Error { "error" } else { "warning" };
        format!("| `{id}` | {severity} | {what} | {why} | {remedy} |").replace("`a|b`", "`a\\|b`")
    };
    let missing: Vec<String> = Rule::ALL.iter().map(row).filter(|row| !page.contains(row)).collect();
    assert!(missing.is_empty(), "content/docs/feed-lint.md lacks:\n{}", missing.join("\n"));
    let rows = page.lines().filter(|line| line.starts_with("| `")).count();
    assert_eq!(rows, Rule::ALL.len(), "rules that are no more");
}

#[test]
fn what_is_remembered_makes_no_difference() {
    let memory = Memory::default();
    let slips = CASES.iter().map(|(feed, from, to, ..)| (*feed, feed.replacen(from, to, 1)));
    let all = [RSS, ATOM, JSON].map(|feed| (feed, feed.to_owned())).into_iter().chain(slips);
    let shows = podcasts::CASES.iter().map(|(from, to, ..)| podcasts::PODCAST.replacen(from, to, 1));
    let all = all.chain(shows.map(|text| (podcasts::PODCAST, text)));
    for (feed, text) in all {
        // The lines are pushed down, so that places differ.
        let moved = text.replacen('\n', "\n\n\n", 1);
        for text in [&text, &moved, &text] {
            let known = known(url_of(feed));
            let (fresh, with) =
                (judge(text.as_bytes(), &known), judge_with(text.as_bytes(), &known, Some(&memory)));
            assert_eq!((fresh.findings, fresh.entries), (with.findings, with.entries), "{text}");
        }
    }
    // A text that contains an end tag.
    let text = RSS.replace("is back.</p>", "is back.</p></item>");
    for _ in 0..2 {
        assert_eq!(judge_with(text.as_bytes(), &known(url_of(RSS)), Some(&memory)).findings, []);
    }
    // A CDATA section without an end, at the end of the document.
    let end = RSS.rfind("</item>").unwrap();
    let text = format!("{}<description><![CDATA[</item>", &RSS[..end]);
    let fresh = judge(text.as_bytes(), &known(url_of(RSS)));
    for _ in 0..2 {
        let with = judge_with(text.as_bytes(), &known(url_of(RSS)), Some(&memory));
        assert_eq!(with.findings, fresh.findings);
    }
}

#[test]
fn a_rule_that_is_broken_everywhere_is_told_a_few_times() {
    let text = RSS.replace("High water", &"&nbsp;".repeat(50));
    let judgement = judge(text.as_bytes(), &known(url_of(RSS)));
    assert_eq!((judgement.findings.len(), judgement.left_out), (MOST, 30));
    // A hundred thousand links in one text: their places must not be computed.
    let text = RSS.replace("High water", &"&lt;a href='x'>x&lt;/a>".repeat(100_000));
    let judgement = judge(text.as_bytes(), &known(url_of(RSS)));
    assert_eq!((judgement.findings.len(), judgement.left_out), (MOST + 1, 100_000 - MOST));
}

proptest! {
    #[test]
    fn any_bytes_are_judged(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        judge(&bytes, &known("https://example.org/")).problems("feed.xml");
    }

    #[test]
    fn any_change_of_a_good_feed_is_judged_and_the_same_with_a_memory(
        feed in prop::sample::select(vec![RSS, ATOM, JSON, podcasts::PODCAST]),
        cuts in prop::collection::vec((any::<prop::sample::Index>(), 0..12_usize, "(\\PC|[<>&;\"'/\\[\\]{}:,\\\\]|</|<!--|-->|<!\\[CDATA\\[|]]>|&#|<!DOCTYPE|<\\?|xmlns:|\u{8}){0,6}"), 1..6),
    ) {
        let mut bytes = feed.as_bytes().to_vec();
        for (index, length, new) in cuts {
            let start = index.index(bytes.len() + 1);
            let end = (start + length).min(bytes.len());
            bytes.splice(start..end, new.into_bytes());
        }
        let known = known("https://example.org/");
        let judgement = judge(&bytes, &known);
        for finding in &judgement.findings {
            prop_assert!(finding.span.start <= finding.span.end, "{finding:?}");
        }
        judgement.problems("feed.xml");
        let memory = Memory::default();
        for _ in 0..2 {
            prop_assert_eq!(&judge_with(&bytes, &known, Some(&memory)).findings, &judgement.findings);
        }
        // A document that an independent parser rejects must be rejected here as well.
        if let (Ok(text), Some(Format::Rss | Format::Atom)) = (std::str::from_utf8(&bytes), judgement.format) {
            let mut reader = quick_xml::Reader::from_str(text);
            let broken = loop {
                match reader.read_event() {
                    Ok(quick_xml::events::Event::Eof) => break false,
                    Ok(_) => {}
                    Err(_) => break true,
                }
            };
            let found = judgement.findings.iter().any(|one| one.rule == Rule::NotWellFormed);
            prop_assert!(!broken || found || judgement.left_out > 0);
        }
    }
}
