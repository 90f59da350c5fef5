//! Markup where text belongs, addresses that run scripts, and dates that are odd.

use super::*;

#[test]
fn markup_that_is_not_escaped_is_an_error() {
    for (feed, from, to, rule) in [
        (RSS, "<description>High water", "<description>High <b>water</b>", Rule::UnknownElement),
        (RSS, "<title>Tides", "<title><i>Tides</i>", Rule::UnknownElement),
        (RSS, "<description>News from", "<description>News <br/>from", Rule::UnknownElement),
        (RSS, "<dc:creator>Ada", "<dc:creator><name>Ada</name>", Rule::UnknownElement),
        (
            RSS,
            "<![CDATA[<p>The <a href=\"https://example.org/boat/\">boat</a> is back.</p>]]>",
            "<p>The boat</p>",
            Rule::UnknownElement,
        ),
        (ATOM, "<summary>The first boat", "<summary>The <b>first</b> boat", Rule::TextType),
        (ATOM, "<summary>The first boat", "<summary type=\"html\">The <b>first</b> boat", Rule::TextType),
        (ATOM, "<content type=\"html\">", "<content type=\"html\"><p>x</p>", Rule::TextType),
        (ATOM, "<content type=\"html\">", "<content type=\"text/html\"><p>x</p>", Rule::TextType),
        (
            ATOM,
            "<content type=\"html\">",
            "<content type=\"TEXT/HTML; charset=utf-8\"><p>x</p>",
            Rule::TextType,
        ),
        (ATOM, "<content type=\"html\">", "<content type=\"text/plain\"><p>x</p>", Rule::TextType),
        (ATOM, "<title>Tides", "<title><b>Tides</b>", Rule::TextType),
        (ATOM, "<name>The desk", "<name><b>The</b> desk", Rule::UnknownElement),
        (
            ATOM,
            "<updated>2014-02-16T09:00:00Z</updated>\n<link",
            "<updated>2014-02-16T09:00:00Z<b/></updated>\n<link",
            Rule::UnknownElement,
        ),
    ] {
        assert!(feed.contains(from), "{from}");
        let all = found(feed.replacen(from, to, 1).as_bytes(), url_of(feed));
        assert!(all.iter().any(|(one, _)| *one == rule), "{to}: {all:?}");
        assert_eq!(rule.about().severity, Severity::Error);
    }
}

#[test]
fn markup_in_plain_text_is_a_warning() {
    for (feed, from, to) in [
        (ATOM, "<summary>The first boat", "<summary>&lt;p>The first boat&lt;/p>"),
        (
            ATOM,
            "<summary>The first boat",
            "<summary type=\"text\"><![CDATA[<a href='https://e.org/'>boat</a>]]>",
        ),
        (ATOM, "<content type=\"html\">", "<content>"),
        (ATOM, "<content type=\"html\">", "<content type=\"text\">"),
        (JSON, "High water", "<p>High water</p>"),
        (JSON, "High water", "High<br>water"),
    ] {
        assert!(feed.contains(from), "{from}");
        let all = found(feed.replacen(from, to, 1).as_bytes(), url_of(feed));
        let rules: Vec<Rule> = all.iter().map(|(rule, _)| *rule).collect();
        assert_eq!(rules, [Rule::HtmlInText], "{to}");
    }
    for sentence in
        ["Use the &lt;b&gt; tag sparingly", "1 &lt; 2 and x &lt;y&gt; z", "a &lt;p&gt; begins a paragraph"]
    {
        let text = ATOM.replace("<summary>The first boat", &format!("<summary>{sentence}"));
        assert_eq!(found(text.as_bytes(), url_of(ATOM)), [], "{sentence}");
    }
    let xml = ATOM.replace(
        "<content type=\"html\">",
        "<content type=\"image/svg+xml\"><svg xmlns=\"http://www.w3.org/2000/svg\"/>",
    );
    assert_eq!(found(xml.as_bytes(), url_of(ATOM)), [], "content of an XML type has elements");
}

#[test]
fn addresses_that_run_scripts_are_found_wherever_they_stand() {
    for script in [
        "javascript:alert(1)",
        "JavaScript:alert(1)",
        "java&#10;script:x",
        "&#9;vbscript:x",
        "data:text/html,x",
    ] {
        for (feed, from, to) in [
            (RSS, "<link>https://example.org/tides/", "<link>S"),
            (RSS, "<category domain=\"https://example.org/tags/\"", "<category domain=\"S\""),
            (RSS, "<enclosure url=\"https://example.org/horn.mp3\"", "<enclosure url=\"S\""),
            (RSS, "<url>https://example.org/logo.png", "<url>S"),
            (RSS, "<ttl>", "<media:thumbnail xmlns:media=\"http://search.yahoo.com/mrss/\" url=\"S\"/><ttl>"),
            (RSS, "<ttl>", "<atom:link rel=\"hub\" href=\"S\"/><ttl>"),
            (ATOM, "<uri>https://example.org/desk/", "<uri>S"),
            (ATOM, "<icon>https://example.org/icon.png", "<icon>S"),
            (
                ATOM,
                "<link href=\"https://example.org/ferry/\"/>",
                "<link href=\"https://example.org/ferry/\"/><link rel=\"via\" href=\"S\"/>",
            ),
            (
                ATOM,
                "<link rel=\"enclosure\" href=\"https://example.org/horn.mp3\"",
                "<link rel=\"enclosure\" href=\"S\"",
            ),
        ] {
            assert!(feed.contains(from), "{from}");
            let text = feed.replacen(from, &to.replace('S', script), 1);
            let all = found(text.as_bytes(), url_of(feed));
            assert_eq!(
                all.iter().filter(|(rule, _)| *rule == Rule::UnsafeUrl).count(),
                1,
                "{script} in {to}: {all:?}"
            );
        }
    }
    for (from, to) in [
        ("\"url\": \"https://example.org/tides/\"", "\"url\": \"java\\tscript:x\""),
        ("\"url\": \"https://example.org/desk/\"", "\"url\": \"JAVASCRIPT:x\""),
    ] {
        assert!(JSON.contains(from), "{from}");
        let all = found(JSON.replacen(from, to, 1).as_bytes(), url_of(JSON));
        assert_eq!(all.iter().map(|(rule, _)| *rule).collect::<Vec<_>>(), [Rule::UnsafeUrl], "{to}");
    }
    // A title is no address.
    let text = RSS.replace("<title>Tides", "<title>javascript: the good parts");
    assert_eq!(found(text.as_bytes(), url_of(RSS)), []);
}

#[test]
fn odd_dates_and_addresses_are_warnings() {
    for (from, to, rule) in [
        ("Fri, 14 Feb 2014 14:47:00 +0800", "fri, 14 feb 2014 06:47:00 gmt", Rule::OddDate),
        ("Fri, 14 Feb 2014 14:47:00 +0800", "Fri,14 Feb 2014 14:47:00 +0800", Rule::OddDate),
        ("Fri, 14 Feb 2014 14:47:00 +0800", "Fri, 14 Feb 2014 06:47:00 UTC", Rule::OddDate),
        ("Fri, 14 Feb 2014 14:47:00 +0800", "Mon, 01 Jan 0001 00:00:00 +0000", Rule::ImplausibleDate),
        ("Fri, 14 Feb 2014 14:47:00 +0800", "Thu, 01 Jan 1970 00:00:00 +0000", Rule::ImplausibleDate),
        ("ada@example.org (Ada)", "Ada &lt;ada@example.org>", Rule::OddEmail),
        ("desk@example.org (The desk)", "mailto:desk@example.org", Rule::OddEmail),
    ] {
        assert!(RSS.contains(from), "{from}");
        let all = found(RSS.replacen(from, to, 1).as_bytes(), url_of(RSS));
        assert_eq!(all.iter().map(|(rule, _)| *rule).collect::<Vec<_>>(), [rule], "{to}");
        assert_eq!(rule.about().severity, Severity::Warning);
    }
    let all = found(JSON.replace("2014-02-15T09:00:00Z", "2014-02-15t09:00:00z").as_bytes(), url_of(JSON));
    assert_eq!(all.iter().map(|(rule, _)| *rule).collect::<Vec<_>>(), [Rule::OddDate]);
}

/// RSS 2.0 and JSON Feed have ids of any form; Atom has URIs (RFC 4287, section 4.2.6).
#[test]
fn an_id_may_be_any_text_where_the_format_has_no_form_for_it() {
    for id in
        ["Buzzsprout-1234567", "732eb53a-a626-4422-bdcc-f83c165c7073", "45863", "/blog/tides", "d41d8cd9"]
    {
        let text = RSS.replace("tag:example.org,2014-02-14:tides", id);
        assert_eq!(found(text.as_bytes(), url_of(RSS)), [], "{id}");
        let text = text.replace(&format!("<guid isPermaLink=\"false\">{id}"), &format!("<guid>{id}"));
        assert_eq!(found(text.as_bytes(), url_of(RSS)), [(Rule::GuidPermalink, id.to_owned())], "{id}");
        let text = JSON.replace("tag:example.org,2014-02-14:tides", id);
        assert_eq!(found(text.as_bytes(), url_of(JSON)), [], "{id}");
        let text = ATOM.replace("tag:example.org,2014-02-14:tides", id);
        assert_eq!(found(text.as_bytes(), url_of(ATOM)), [(Rule::RelativeId, id.to_owned())], "{id}");
    }
    let text = RSS.replace("tag:example.org,2014-02-14:tides", "45863 at https://example.org");
    let rules: Vec<Rule> = found(text.as_bytes(), url_of(RSS)).into_iter().map(|(rule, _)| rule).collect();
    assert_eq!((&rules[..], Rule::BlankInId.about().severity), (&[Rule::BlankInId][..], Severity::Warning));
}
