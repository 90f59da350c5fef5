//! Feeds that are made to take a reader's time or memory.

use super::*;

/// RSS with `inner` in its last item.
fn rss(inner: &str) -> String {
    RSS.replace("<description>High water</description>", &format!("<description>x</description>{inner}"))
}

/// Anything quadratic takes hours.
#[test]
fn deep_wide_and_long_documents_are_judged_or_given_up_in_time() {
    let many = 200_000;
    let entities: String =
        (0..20_000).map(|n| format!("<!ENTITY e{n} \"&e{};&e{};\">", n + 1, n + 1)).collect();
    let attributes: String = (0..many).map(|n| format!(" a{n}=\"x\"")).collect();
    let namespaces: String = (0..many).map(|n| format!(" xmlns:a{n}=\"x:{n}\"")).collect();
    for (name, text) in [
        ("deep elements", rss(&"<a>".repeat(many))),
        ("deep elements that are closed", rss(&("<a>".repeat(many) + &"</a>".repeat(many)))),
        ("many elements", rss(&"<a/>".repeat(1_200_000))),
        ("many attributes", rss(&format!("<a{attributes}/>"))),
        ("many namespaces", rss(&format!("<a{namespaces}/>"))),
        ("a namespace on each element", rss(&"<a xmlns:x=\"x:y\">".repeat(many))),
        ("a long attribute", rss(&format!("<a b=\"{}\"/>", "&amp;<".repeat(many)))),
        ("many entities", rss("&e1;").replace("<rss", &format!("<!DOCTYPE rss [{entities}]><rss"))),
        ("many references", rss(&format!("<comments>{}</comments>", "&x;".repeat(many)))),
        ("many comments in a text", rss("").replace("Tides<", &("a<!---->".repeat(many) + "<"))),
        ("open comments", rss(&"<!--".repeat(many))),
        ("open CDATA", rss(&"<![CDATA[".repeat(many))),
        ("many items", rss(&("</item>".to_owned() + &"<item></item>".repeat(many) + "<item>"))),
        ("many links", rss(&"<atom:link rel=\"next\" href=\"x\"/>".repeat(many))),
        ("many categories", rss(&"<category/>".repeat(many))),
        ("deep JSON", "{\"items\":".to_owned() + &"[".repeat(many)),
        ("deep JSON that is closed", format!("{{\"items\":{}{}}}", "[".repeat(many), "]".repeat(many))),
        ("many items in JSON", format!("{{\"items\":[{}{{}}]}}", "{},".repeat(1_100_000))),
        ("many keys in JSON", format!("{{\"items\":[],{}\"a\":1}}", "\"a\":1,".repeat(many))),
        ("many tags in HTML", JSON.replace("High water", &"<b>".repeat(many))),
    ] {
        let judgement = judge(text.as_bytes(), &known(URL));
        judgement.problems("feed");
        assert!(!judgement.findings.is_empty(), "{name}");
        assert!(judgement.findings.len() < 500, "{name}");
    }
}

#[test]
fn a_huge_or_packed_document_is_not_read() {
    let huge = vec![b'<'; TOO_LARGE_TO_READ + 1];
    let rules = |bytes: &[u8]| found(bytes, URL).into_iter().map(|(rule, _)| rule).collect::<Vec<_>>();
    assert_eq!(rules(&huge), [Rule::TooLarge]);
    assert_eq!(rules(&[0x1f, 0x8b, 8, 0, 0, 0]), [Rule::NotAFeed]);
    assert_eq!(judge(&huge, &known(URL)).problems("feed").len(), 1);
}

#[test]
fn findings_that_are_not_held_are_counted() {
    let text = rss("").replace(
        "<description>x</description>",
        &format!("<description>{}</description>", "&nbsp;".repeat(10 * HELD)),
    );
    let judgement = judge(text.as_bytes(), &known(url_of(RSS)));
    assert_eq!((judgement.findings.len(), judgement.left_out), (MOST, 10 * HELD - MOST));
}

const URL: &str = "https://example.org/rss.xml";
