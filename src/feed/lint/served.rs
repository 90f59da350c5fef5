//! Rules about the HTTP response that serves a feed.

use encoding_rs::Encoding;

use super::rule::Rule;
use super::{Finding, Format, Judgement, quoted};

/// Adds the faults of the feed's `Content-Type` header to a judgement (RFC 9110, section 8.3; RFC 7303 for XML).
/// `None` means that there was no such header.
pub fn served(judgement: &mut Judgement<'_>, content_type: Option<&str>) {
    let Some(format) = judgement.format else { return };
    let mut add = |rule: Rule, detail: String| {
        judgement.findings.insert(0, Finding { rule, span: 0..0, detail, entry: None });
    };
    let Some(content_type) = content_type else {
        add(Rule::MediaType, "the server names none".to_owned());
        return;
    };
    let (media_type, parameters) = content_type.split_once(';').unwrap_or((content_type, ""));
    let media_type = media_type.trim().to_ascii_lowercase();
    let xml = ["application/xml", "text/xml"];
    let fits = match format {
        Format::Json => ["application/feed+json", "application/json"].contains(&media_type.as_str()),
        Format::Rss => media_type == "application/rss+xml" || xml.contains(&media_type.as_str()),
        Format::Atom => media_type == "application/atom+xml" || xml.contains(&media_type.as_str()),
        Format::Old => media_type.ends_with("+xml") || xml.contains(&media_type.as_str()),
    };
    if !fits {
        add(Rule::MediaType, format!("{}, and it is {format}", quoted(&media_type)));
    }
    // JSON has no such parameter.
    if format == Format::Json {
        return;
    }
    let charset = parameters.split(';').find_map(|parameter| {
        let (name, value) = parameter.split_once('=')?;
        name.trim().eq_ignore_ascii_case("charset").then(|| value.trim().trim_matches('"'))
    });
    if let Some(charset) = charset {
        let named = Encoding::for_label(charset.as_bytes()).map(Encoding::name);
        if named != Some(judgement.encoding) {
            add(Rule::Charset, format!("{}, and it is {}", quoted(charset), judgement.encoding));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Known, judge};
    use super::*;

    #[test]
    fn the_servers_word_has_to_fit() {
        let rss = include_bytes!("tests/good.rss.xml");
        let json = include_bytes!("tests/good.feed.json");
        let rules = |bytes: &[u8], content_type: Option<&str>| {
            let mut judgement = judge(bytes, &Known::default());
            served(&mut judgement, content_type);
            judgement.findings.iter().map(|finding| finding.rule).collect::<Vec<_>>()
        };
        for good in ["application/rss+xml", "Text/XML; charset=\"UTF-8\"", "application/xml;charset=utf8"] {
            assert_eq!(rules(rss, Some(good)), [], "{good}");
        }
        assert_eq!(rules(json, Some("application/json; charset=latin1")), []);
        for bad in [None, Some("text/html"), Some("application/atom+xml"), Some("")] {
            assert_eq!(rules(rss, bad), [Rule::MediaType], "{bad:?}");
        }
        assert_eq!(rules(json, Some("text/plain")), [Rule::MediaType]);
        for bad in ["iso-8859-1", "klingon"] {
            assert_eq!(rules(rss, Some(&format!("text/xml; charset={bad}"))), [Rule::Charset], "{bad}");
        }
    }
}
