//! The rules of Apple's elements and of the podcast namespace.

use super::*;

pub const PODCAST: &str = include_str!("good.podcast.xml");
pub const URL: &str = "https://example.org/show.xml";

/// A change of the valid feed, the expected finding, and the text at its place.
pub const CASES: &[(&str, &str, Rule, &str)] = &[
    // Apple's elements.
    ("text=\"History\"", "text=\"null\"", Rule::UnknownCategory, "text=\"null\""),
    ("text=\"History\"", "text=\"Music:Music Interviews\"", Rule::UnknownCategory, "text=\"Music:"),
    ("text=\"Daily News\"", "text=\"Documentary\"", Rule::UnknownCategory, "text=\"Documentary\""),
    ("text=\"History\"", "", Rule::EmptyCategory, "<itunes:category"),
    ("text=\"History\"", "text=\" \"", Rule::EmptyCategory, "<itunes:category"),
    (
        "<itunes:category text=\"History\"/>",
        "<itunes:category>History</itunes:category>",
        Rule::EmptyCategory,
        "<itunes:category>",
    ),
    ("explicit>false<", "explicit>clean<", Rule::OldValue, "clean"),
    ("explicit>false<", "explicit>yes<", Rule::OldValue, "yes"),
    ("explicit>false<", "explicit>maybe<", Rule::BadValue, "maybe"),
    ("explicit>false<", "explicit><", Rule::BadValue, "<itunes:explicit>"),
    ("<itunes:explicit>false</itunes:explicit>\n", "", Rule::IncompleteShow, "<channel>"),
    ("<itunes:image href=\"https://example.org/cover.png\"/>\n", "", Rule::IncompleteShow, "<channel>"),
    ("href=\"https://example.org/cover.png\"", "href=\"cover.png\"", Rule::RelativeUrl, "href=\"cover.png\""),
    (
        "<itunes:image href=\"https://example.org/cover.png\"/>",
        "<itunes:image>https://example.org/cover.png</itunes:image>",
        Rule::MissingElement,
        "<itunes:image>",
    ),
    ("Episodic", "daily", Rule::BadValue, "daily"),
    ("block>No<", "block>true<", Rule::BadValue, "true"),
    ("<itunes:email>desk@example.org", "<itunes:email>desk", Rule::BadEmail, "desk"),
    ("<itunes:email>desk@example.org</itunes:email>", "", Rule::MissingElement, "<itunes:owner>"),
    (
        "<itunes:author>The desk</itunes:author>",
        "<itunes:autor>The desk</itunes:autor>",
        Rule::UnknownExtension,
        "<itunes:autor>",
    ),
    (
        "<itunes:author>The desk",
        "<itunes:author>a</itunes:author><itunes:author>The desk",
        Rule::DuplicateElement,
        "<itunes:author>",
    ),
    ("<itunes:title>Fog", "<itunes:title>&lt;b>Fog&lt;/b>", Rule::HtmlInTitle, "&lt;b>"),
    (
        "<itunes:author>The desk",
        "<itunes:author><b xmlns=\"http://www.w3.org/1999/xhtml\">x</b>The desk",
        Rule::UnknownElement,
        "<b ",
    ),
    (
        "<itunes:episodeType>",
        "<itunes:type>serial</itunes:type><itunes:episodeType>",
        Rule::UnknownExtension,
        "<itunes:type>",
    ),
    ("1:02:30", "1:75:90", Rule::BadDuration, "1:75:90"),
    ("1:02:30", "an hour", Rule::BadDuration, "an hour"),
    ("1:02:30", "", Rule::BadDuration, "<itunes:duration>"),
    ("1834", "-1", Rule::BadDuration, "-1"),
    ("episode>2<", "episode>0<", Rule::BadNumber, "0"),
    ("episode>2<", "episode>2.5<", Rule::BadNumber, "2.5"),
    ("season>1<", "season>1.5<", Rule::BadNumber, "1.5"),
    ("season>1<", "season>one<", Rule::BadNumber, "one"),
    ("episodeType>full<", "episodeType>extra<", Rule::BadValue, "extra"),
    // The podcast namespace.
    ("917393e3-1b1e-5cef-ace4-edaa54e1f810", "917393e3", Rule::BadValue, "917393e3"),
    ("917393e3-1b1e-5cef-ace4-edaa54e1f810", "", Rule::MissingElement, "<podcast:guid>"),
    ("medium>podcast", "medium>radio", Rule::BadValue, "radio"),
    ("\">yes<", "\">true<", Rule::OldValue, "true"),
    ("\">yes<", "\">maybe<", Rule::BadValue, "maybe"),
    ("owner=\"desk@example.org\"", "owner=\"desk\"", Rule::BadEmail, "owner=\"desk\""),
    (" url=\"https://example.org/give/\"", "", Rule::MissingElement, "<podcast:funding>"),
    ("https://example.org/give/", "/give/", Rule::RelativeUrl, "url=\"/give/\""),
    ("https://example.org/give/", "javascript:x()", Rule::UnsafeUrl, "url=\"javascript:x()\""),
    (
        "href=\"https://example.org/ada/\"",
        "href=\"java&#9;script:x()\"",
        Rule::UnsafeUrl,
        "href=\"java&#9;script",
    ),
    ("https://example.org/ada.png", "data:text/html,x", Rule::UnsafeUrl, "img=\"data:text/html,x\""),
    ("role=\"Host\"", "role=\"hots\"", Rule::UnknownRole, "role=\"hots\""),
    ("role=\"Host\"", "group=\"crew\"", Rule::UnknownRole, "group=\"crew\""),
    (">Ada<", "> <", Rule::MissingElement, "<podcast:person"),
    (
        ">Help us<",
        ">Help us, help us, help us, help us, help us, help us, help us, help us, help us, help us, help us, help us, help us, help us, please<",
        Rule::LongText,
        "Help us, help",
    ),
    ("geo:54.1,-3.2", "54.1,-3.2", Rule::BadValue, "geo=\"54.1,-3.2\""),
    ("pubdate=\"Sun, 16", "pubdate=\"Mon, 16", Rule::WrongWeekday, "pubdate=\"Mon"),
    (" method=\"keysend\"", "", Rule::MissingElement, "<podcast:value "),
    (" split=\"40\"", "", Rule::MissingElement, "<podcast:valueRecipient "),
    ("split=\"40\"", "split=\"40%\"", Rule::BadNumber, "split=\"40%\""),
    (
        "<podcast:valueRecipient type=\"node\" address=\"02d5\" split=\"40\"/>",
        "",
        Rule::MissingElement,
        "<podcast:value ",
    ),
    (">2.5<", ">two<", Rule::BadNumber, "two"),
    (">2.5<", "><", Rule::MissingElement, "<podcast:episode"),
    ("name=\"Winter\">0<", "name=\"Winter\">0.5<", Rule::BadNumber, "0.5"),
    ("type=\"application/x-subrip\"", "", Rule::MissingElement, "<podcast:transcript"),
    ("type=\"application/x-subrip\"", "type=\"srt\"", Rule::BadMediaType, "type=\"srt\""),
    ("language=\"en\"", "language=\"en_GB\"", Rule::BadLanguage, "language=\"en_GB\""),
    (" type=\"application/json+chapters\"", "", Rule::MissingElement, "<podcast:chapters"),
    ("startTime=\"73.0\"", "startTime=\"1:13\"", Rule::BadNumber, "startTime=\"1:13\""),
    ("<podcast:source uri=\"ipfs://fog\"/>", "", Rule::MissingElement, "<podcast:alternateEnclosure"),
    ("<podcast:chapters", "<podcast:chapter", Rule::UnknownExtension, "<podcast:chapter"),
    // Recordings.
    ("tides.mp3", "fog.mp3", Rule::RepeatedEnclosure, "url=\"https://example.org/fog.mp3\""),
];

#[test]
fn a_good_podcast_has_nothing_wrong() {
    assert_eq!(judge(PODCAST.as_bytes(), &known(URL)).findings, []);
}

#[test]
fn each_thing_that_is_wrong_with_a_podcast_is_found_where_it_is() {
    let mut wrong = Vec::new();
    for (from, to, rule, shown) in CASES {
        assert!(PODCAST.contains(from), "{from}");
        let all = found(PODCAST.replacen(from, to, 1).as_bytes(), URL);
        if !matches!(&all[..], [(one, text)] if one == rule && text.starts_with(shown)) {
            wrong.push(format!("{rule:?} by {to:?}: {all:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_remedy_names_the_category_that_is_meant() {
    for (from, to, meant) in [
        ("text=\"History\"", "text=\"history\"", "\u{201c}History\u{201d} is meant?"),
        (
            "text=\"History\"",
            "text=\"Tech News\"",
            "\u{201c}News\u{201d} with \u{201c}Tech News\u{201d} in it is meant?",
        ),
        ("text=\"History\"", "text=\"Society and Culture\"", "\u{201c}Society & Culture\u{201d} is meant?"),
    ] {
        let text = PODCAST.replacen(from, to, 1);
        let judgement = judge(text.as_bytes(), &known(URL));
        assert!(judgement.findings[0].detail.contains(meant), "{:?}", judgement.findings);
    }
}
