use proptest::prelude::*;
use url::Url;

use super::{ATTRIBUTES, MORE_ELEMENTS, repaired, well_formed};

fn base() -> Url {
    Url::parse("https://example.org/news/ferry/").unwrap()
}

/// True if `html` needs no repair. Its cleaned form then equals that of the parser.
fn is_well_formed(html: &str) -> bool {
    match well_formed::cleaned(html, Some(&base())) {
        Some(cleaned) => {
            assert_eq!(cleaned, repaired(html, Some(base())), "{html}");
            true
        }
        None => false,
    }
}

#[test]
fn lists_of_names_are_in_order() {
    assert!(MORE_ELEMENTS.is_sorted());
    assert!(ATTRIBUTES.is_sorted_by_key(|(element, _)| element));
}

#[test]
fn html_of_markdown_needs_no_repair() {
    for html in [
        "<p>One <em>two</em> &amp; <strong>three</strong> &lt;<code>a &gt; b</code><br />\nfour&#39;s \u{a0}end</p>\n",
        "<h2 id=\"a\">A</h2>\n<blockquote>\n<p>B</p>\n</blockquote>\n<hr />\n",
        "<p><a href=\"/a/?b=1&amp;c=%20\" title=\"x &quot;y&quot;\">a</a> <a href=\"#b\">b</a> <a href=\"mailto:a@example.org\">c</a></p>",
        "<ul>\n<li>a\n<ol start=\"3\">\n<li>\n<p>b</p>\n</li>\n</ol>\n</li>\n</ul>\n",
        "<table><thead><tr><th style=\"text-align: left\">a</th></tr></thead><tbody>\n<tr><td>b</td></tr>\n</tbody></table>\n",
        "<dl>\n<dt>a</dt>\n<dd>b</dd>\n</dl>\n",
        "<figure><img src=\"a.jpg\" alt=\"A &lt; B\" width=\"4\" height=\"3\"><figcaption>c</figcaption></figure>\n",
        "<pre tabindex=\"0\"><code class=\"language-rust\">fn a() {\n}\n</code></pre>\n",
        "<aside class=\"alert alert-note\">\n<p class=\"alert-title\">Note</p>\n<p>a</p>\n</aside>\n",
        "<p>a<sup class=\"footnote-ref\" id=\"fnref-1\" data-note=\"1\"><a href=\"#fn-1\" role=\"doc-noteref\">1</a></sup></p>",
        // A parser limits repeated formatting elements to three, and yet closes each at its end tag.
        "<p><em><em><em><em><em>a</em></em></em></em></em>b</p><p>c</p>",
        "<p><picture><img src=\"/a.png\" alt=\"\" loading=\"lazy\"></picture></p>",
    ] {
        assert!(is_well_formed(html), "{html}");
    }
}

#[test]
fn html_that_a_parser_changes_is_repaired() {
    for html in [
        "a < b",
        "a & b",
        "<p>a",
        "</p>",
        "<p>a<p>b",
        "<p><div>a</div></p>",
        "<em><strong>a</em></strong>",
        "<a href=\"/a\">a<a href=\"/b\">b</a></a>",
        "<table><tr><td>a</td></tr></table>",
        "<table>a<tbody></tbody></table>",
        "<li>a</li>",
        "<h1>a<h2>b</h2></h1>",
        "<div/>a",
        "<P>a</P>",
        "<p ID=\"a\">b</p>",
        "<p id=a>b</p>",
        "<p id=\"a\" id=\"b\">c</p>",
        "<p id=\"a\"lang=\"b\">c</p>",
        "<pre>\na</pre>",
        "<a href=\"javascript:x()\">a</a>",
        "a<!-- b -->c",
        "<script>a</script>",
        "a\r\nb",
        "\u{feff}a",
        "a&nbsp;b",
        "<details open>a</details>",
    ] {
        assert!(!is_well_formed(html), "{html}");
    }
    let deep = "<em>".repeat(1000) + &"</em>".repeat(1000);
    assert!(!is_well_formed(&deep));
}

const NAMES: [&str; 62] = [
    "a",
    "abbr",
    "address",
    "article",
    "aside",
    "b",
    "bdi",
    "blockquote",
    "br",
    "caption",
    "cite",
    "code",
    "dd",
    "del",
    "details",
    "div",
    "dl",
    "dt",
    "em",
    "figcaption",
    "figure",
    "footer",
    "h1",
    "h2",
    "header",
    "hr",
    "i",
    "iframe",
    "img",
    "ins",
    "kbd",
    "li",
    "main",
    "mark",
    "nav",
    "ol",
    "p",
    "picture",
    "pre",
    "q",
    "ruby",
    "s",
    "samp",
    "script",
    "section",
    "small",
    "source",
    "span",
    "strong",
    "sub",
    "summary",
    "sup",
    "svg",
    "table",
    "tbody",
    "td",
    "th",
    "thead",
    "time",
    "tr",
    "u",
    "ul",
];

/// Attributes, some of them allowed.
fn attributes() -> impl Strategy<Value = String> {
    let one = prop_oneof![
        Just(" id=\"a\"".to_owned()),
        Just(" class=\"b\"".to_owned()),
        Just(" open".to_owned()),
        Just(" title=\"a &amp; &quot;b&#39; <c> \u{a0}\"".to_owned()),
        Just(" src=\"data:image/png;base64,R0lG\"".to_owned()),
        "( href| src| cite)=\"(/|#|\\.\\./|https?:|https://example.net|mailto:|javascript:|//|data:|x){0,3}(a|&amp;|%20| |:|\u{e4}|\\[){0,4}\"",
    ];
    proptest::collection::vec(one, 0..3).prop_map(|all| all.concat())
}

fn text() -> impl Strategy<Value = String> {
    "(a|b c|\n| |&amp;|&lt;|&gt;|&quot;|&#39;|&#x27;|>|\"|\u{a0}|\u{e4}|\u{c2}){0,4}"
}

fn start_tag() -> impl Strategy<Value = (&'static str, String)> {
    (proptest::sample::select(&NAMES[..]), attributes())
        .prop_map(|(name, attributes)| (name, format!("<{name}{attributes}>")))
}

/// Nested elements, each with its end tag.
fn nested() -> impl Strategy<Value = String> {
    text().prop_recursive(6, 40, 4, |inner| {
        (start_tag(), proptest::collection::vec(inner, 0..4)).prop_map(|((name, start), inner)| {
            let is_void = matches!(name, "br" | "hr" | "img" | "source");
            if is_void { start + &inner.concat() } else { format!("{start}{}</{name}>", inner.concat()) }
        })
    })
}

/// Blocks that occur only inside others of their kind, such as lists and tables.
fn structure() -> impl Strategy<Value = String> {
    proptest::collection::vec(nested(), 2).prop_flat_map(|parts| {
        let [a, b] = [&parts[0], &parts[1]];
        proptest::sample::select(vec![
            format!("<ul>\n<li>{a}</li>\n<li id=\"x\">{b}</li></ul>"),
            format!("<dl><dt>{a}</dt>\n<dd>{b}</dd></dl>"),
            format!("<table><thead><tr><th scope=\"col\">{a}</th></tr></thead>\n<tbody><tr><td>{b}</td></tr></tbody></table>"),
            format!("<p>{a}</p>\n<p>{b}</p>"),
            format!("<blockquote>{a}</blockquote><h3>{b}</h3>"),
        ])
    })
}

/// Tags and texts in any order.
fn soup() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        start_tag().prop_map(|(_, tag)| tag),
        proptest::sample::select(&NAMES[..]).prop_map(|name| format!("</{name}>")),
        text(),
        "(<|</|>|/>|=|\"|<!--|-->|&|\r|\0){1,2}",
    ];
    proptest::collection::vec(piece, 0..12).prop_map(|all| all.concat())
}

proptest! {
    #[test]
    fn nested_html_comes_out_as_behind_a_parser(html in nested()) {
        is_well_formed(&html);
    }

    #[test]
    fn structured_html_comes_out_as_behind_a_parser(html in structure()) {
        is_well_formed(&html);
    }

    #[test]
    fn any_html_comes_out_as_behind_a_parser(html in soup()) {
        is_well_formed(&html);
    }
}
