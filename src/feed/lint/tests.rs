use std::collections::BTreeSet;

use chrono::TimeZone;
use proptest::prelude::*;

use super::*;

mod bounds;
mod cases;
mod markup;
mod podcasts;

use cases::CASES;

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
        ("{\"items\": \"owS,4ka\", \"version\": \",w2e\"}", &[Rule::NotAFeed]),
        ("<?xml version=\"1.0\"?>", &[Rule::NotAFeed, Rule::NotWellFormed]),
        (
            "<rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\" xmlns=\"http://purl.org/rss/1.0/\"><channel/><item rdf:about=\"a\"/></rdf:RDF>",
            &[Rule::OldFormat],
        ),
        ("<feed version=\"0.3\" xmlns=\"http://purl.org/atom/ns#\"><entry/></feed>", &[Rule::OldFormat]),
    ] {
        assert_eq!(one(text.as_bytes()), rules, "{text}");
    }
    // A document that was cut has its fault inside, also behind a byte order mark.
    for cut in
        ["{\n\"version\": \"https://jsonfeed.org/version/1.1\",\n", "\u{feff}{\"items\": [], \u{6d77}\"}"]
    {
        let judgement = judge(cut.as_bytes(), &known("https://example.org/"));
        let finding = judgement.findings.iter().find(|one| one.rule == Rule::BadJson).unwrap();
        assert!(
            finding.span.start <= finding.span.end && finding.span.end <= judgement.text.len(),
            "{finding:?}"
        );
        assert!(judgement.text[finding.span.start..].len() < 6, "{finding:?}");
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
    let page = include_str!("../../../content/docs/reference/feed-lint.md");
    let row = |rule: &Rule| {
        let About { id, severity, what, why, remedy } = rule.about();
        let severity = if severity == Severity::Error { "error" } else { "warning" };
        format!("| `{id}` | {severity} | {what} | {why} | {remedy} |").replace("`a|b`", "`a\\|b`")
    };
    let missing: Vec<String> = Rule::ALL.iter().map(row).filter(|row| !page.contains(row)).collect();
    assert!(missing.is_empty(), "content/docs/reference/feed-lint.md lacks:\n{}", missing.join("\n"));
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
