//! What is left, and that html5ever, which browsers' rules are written down in, finds the same in it.

use html_tree::tree;
use proptest::prelude::*;

use super::minify;

#[path = "../../../tests/it/html_tree.rs"]
mod html_tree;

#[track_caller]
fn becomes(html: &str, expected: &str) {
    let Some(short) = minify(html) else { panic!("it stays as it is: {html}") };
    assert_eq!(short, expected);
    assert_eq!(tree(&short), tree(html), "{html}");
    assert_eq!(minify(&short).as_deref(), Some(expected), "once is enough");
}

/// `html` as the body of a page.
fn body(html: &str) -> String {
    format!("<!doctype html><html><head><title>T</title></head><body>{html}</body></html>")
}

#[track_caller]
fn body_becomes(html: &str, expected: &str) {
    becomes(&body(html), &body(expected));
}

#[test]
fn runs_of_white_space_become_a_newline_or_a_space() {
    body_becomes("<p>a  b \t c</p>", "<p>a b c</p>");
    body_becomes("<p>a \n\t  b</p>\r\n\r\n  <p>\n", "<p>a\nb</p>\n<p>\n");
    body_becomes("<p>\u{6f6e}\n  \u{6c50}</p>", "<p>\u{6f6e}\n\u{6c50}</p>");
    // The characters that may not break, and those that have no width, are letters.
    body_becomes(
        "<p>a \u{a0} b&nbsp; &#32; c\u{3000}\u{2003} d</p>",
        "<p>a \u{a0} b&nbsp; &#32; c\u{3000}\u{2003} d</p>",
    );
}

#[test]
fn a_space_between_elements_stays_one() {
    body_becomes("<b>a</b>  <i> b </i><em>c</em>", "<b>a</b> <i> b </i><em>c</em>");
    body_becomes("<ul>\n    <li>a</li>\n    <li>b</li>\n</ul>", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>");
    body_becomes("<p>a  <br>  b  <img src=x>  c</p>", "<p>a <br> b <img src=x> c</p>");
}

#[test]
fn what_is_shown_as_it_is_written_stays() {
    for kept in [
        "<pre>\n\n  a  b\n</pre>",
        "<pre class=a><code>  <b>x  y</b>  </code>  <!-- c -->\n </pre>",
        "<textarea rows=3>\n  a <!-- no comment -->  b</textarea>",
        "<p>An <code>a  b</code>, a <kbd>c  d</kbd></p>",
        "<p style=\"white-space: pre-wrap\">a  b<b>  c</b></p>",
        "<svg viewBox=\"0 0 1 1\"><text x=\"0\">a  b</text>  <path d=\"M0 0\"/></svg>",
        "<math><mtext>a  b</mtext></math>",
        "<script>if (a  <  b) \"<\\/script>  \"; // x  <!-- y\n</script>",
        "<script type=application/ld+json>{ \"a\":  \"b  &amp;\" }</script>",
        "<script><!-- <script>  a  </script>  --></script>",
        "<style>a  { b: c }</style>",
        "<iframe src=x>  <b>  </iframe>",
        "<noscript><img src=\"x y\"></noscript>",
    ] {
        body_becomes(kept, kept);
    }
    body_becomes("<pre>  a</pre>  b  c", "<pre>  a</pre> b c");
    body_becomes("<svg><path d=\"M0 0\"/></svg>  b  c", "<svg><path d=\"M0 0\"/></svg> b c");
    // One that is not closed may go on for ever.
    body_becomes("<p><code>a  b</p>  c  d", "<p><code>a  b</p>  c  d");
}

#[test]
fn comments_go_unless_they_mean_something() {
    body_becomes("a <!-- b --> c", "a c");
    body_becomes("a\n<!-- b -->\n<!-- c -->\nd", "a\nd");
    body_becomes("<p><!-- a --> b</p><!---->", "<p> b</p>");
    body_becomes("a <!-- b -->\n c", "a\nc");
    for kept in [
        "<!--[if IE]>  <p>a  b</p>  <![endif]-->",
        "<!--[if !IE]><!-->x<!--<![endif]-->",
        "<!--#include virtual=\"/a  b\" -->",
        "<!--! licence -->",
        "<!--email_off-->a@b.example<!--/email_off-->",
        "<?php echo  1 ?>",
        "<![CDATA[a  b]]>",
    ] {
        body_becomes(kept, kept);
    }
}

#[test]
fn what_stands_on_both_sides_of_a_comment_never_becomes_one_thing() {
    for kept in ["a<<!-- -->b>c", "&am<!-- -->p;", "&lt<!-- -->;", "&#3<!-- -->2;", "a<!-- -->b"] {
        body_becomes(kept, kept);
    }
}

#[test]
fn quotes_go_where_none_are_needed() {
    body_becomes("<p class=\"a\" id='b' title=\"\">", "<p class=a id=b title=\"\">");
    body_becomes("<a href=\"/a/b?c&amp;d#e\">x</a>", "<a href=/a/b?c&amp;d#e>x</a>");
    body_becomes("<p title=\"a&quot;b\">", "<p title=a&quot;b>");
    for kept in [
        "<a href=\"/a/\">x</a>",
        "<p class=\"a b\" title=\"a=b\">",
        "<p title=\"a>b\" lang='`'>",
        "<p title='\"a\"'>",
        "<img src=\"a\"/>",
        "<p title=\"a\"lang=\"\">",
    ] {
        body_becomes(kept, kept);
    }
}

#[test]
fn the_head_of_a_page_loses_its_white_space_and_keeps_its_quotes() {
    becomes(
        "<!doctype html>\n<!-- made by hand -->\n<html lang=\"en\">\n  <head>\n    <meta charset=\"utf-8\">\n    <title>A  B</title>\n    <script>a  b</script>\n  </head>\n  <body class=\"c\">\n    d\n  </body>\n</html>\n",
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>A  B</title><script>a  b</script></head><body class=c>\nd\n</body>\n</html>\n",
    );
    // What comes without a head is seen.
    becomes("a  b  <i>c</i>", "a b <i>c</i>");
}

#[test]
fn what_the_parser_does_not_understand_stays() {
    // The rules of browsers can't be followed here without knowing the whole tree.
    assert_eq!(minify(&body("<select><xmp>  </xmp></select>")), None);
    assert_eq!(minify(&body("<svg/><textarea><p  id=\"a\"></textarea>")), None);
}

/// Things that pages are made of, and things that they should not be made of.
fn piece() -> impl Strategy<Value = String> {
    let fixed = prop::sample::select(vec![
        " ",
        "  ",
        "\n",
        "\n\n  ",
        "\t",
        "\r\n",
        "\r",
        "\u{c}",
        "a",
        "b c",
        "&amp;",
        "&am",
        "p;",
        "&lt",
        "<",
        "< ",
        ">",
        "\u{6f6e}",
        "\u{e9}\u{a0}",
        "<!-- c -->",
        "<!---->",
        "<!--[if x]>",
        "<![endif]-->",
        "<?x  y?>",
        "<!x>",
        "<p>",
        "</p>",
        "<b>",
        "</b>",
        "<i class=\"a\">",
        "</i>",
        "<a href=\"/x\">",
        "</a>",
        "<a title='x  y' href=\"/x/\">",
        "<br/>",
        "<img alt=\"\" src=\"x\" />",
        "<pre>",
        "</pre>",
        "<pre>\n",
        "<code>",
        "</code>",
        "<div style=\"white-space:pre\">",
        "<div>",
        "</div>",
        "<textarea>",
        "</textarea>",
        "<script>",
        "</script>",
        "<svg>",
        "</svg>",
        "<svg/>",
        "<math>",
        "</math>",
        "<ul>",
        "<li>",
        "</ul>",
        "<h2 id=\"a\">",
        "</h2>",
        "<style>",
        "</style>",
        "<span class='a' id=\"b\"lang=\"c\">",
        "</span>",
        "</",
        "<!-",
        "-->",
    ]);
    fixed.prop_map(str::to_owned)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]
    #[test]
    fn a_browser_finds_the_same(pieces in prop::collection::vec(piece(), 0..24)) {
        let html = body(&pieces.concat());
        if let Some(short) = minify(&html) {
            prop_assert!(short.len() <= html.len());
            prop_assert_eq!(tree(&short), tree(&html), "{:?} became {:?}", html, short);
        }
    }
}
