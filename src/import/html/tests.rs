use super::*;

#[test]
fn html_becomes_the_markdown_that_says_the_same() {
    for (html, expected) in [
        ("<p>One <strong>two</strong> <em>three</em>.</p>", "One **two** _three_."),
        ("<p>One<br>two</p>\n\n<p>three</p>", "One\\\ntwo\n\nthree"),
        ("<h2 id=\"tide\">High &amp; low</h2>", "## High & low {#tide}"),
        ("<ul><li>a</li><li>b<ul><li>c</li></ul></li></ul>", "- a\n- b\n  - c"),
        ("<ol start=\"3\"><li>a</li><li>b</li></ol>", "3. a\n4. b"),
        ("<ul><li><p>a</p></li><li><p>b</p><p>c</p></li></ul>", "- a\n\n- b\n\n  c"),
        ("<ul><li>a</li></ul><ul><li>b</li></ul>", "- a\n\n* b"),
        ("<blockquote><p>a</p><p>b</p></blockquote>", "> a\n>\n> b"),
        (
            "<pre><code class=\"language-rust\">fn a() {\n\n  b &lt; c\n}\n</code></pre>",
            "```rust\nfn a() {\n\n  b < c\n}\n```",
        ),
        (
            "<p><a href=\"https://a.example/x_(y)\" target=\"_blank\">b</a></p>",
            "[b](https://a.example/x_\\(y\\))",
        ),
        ("<p><a href=\"https://a.example/\">https://a.example/</a></p>", "<https://a.example/>"),
        (
            "<p>2 * 3 _x_ a_b [c] `d` ~e~ &lt;f&gt; 1 &lt; 2 &amp;amp; {{ g }}</p>",
            "2 \\* 3 \\_x\\_ a_b \\[c\\] \\`d\\` \\~e\\~ \\<f> 1 < 2 &amp;amp; \\{{ g }}",
        ),
        (
            "<p># a</p><p>1. b</p><p>- c</p><p>+ d</p><p>&gt; e</p><p>--- f</p><p>= g</p>",
            "\\# a\n\n1\\. b\n\n\\- c\n\n\\+ d\n\n\\> e\n\n&#45;-- f\n\n\\= g",
        ),
        (
            "<p>H<sub>2</sub>O and <u>this</u> <mark>too</mark></p>",
            "H<sub>2</sub>O and <u>this</u> <mark>too</mark>",
        ),
        ("<p>wo<em>r</em>d <b> x </b>y</p>", "wo*r*d **x** y"),
        (
            "<table><thead><tr><th>a</th><th align=\"right\">b</th></tr></thead><tbody><tr><td>1 | 2</td><td><b>3</b></td></tr></tbody></table>",
            "| a | b |\n| --- | ---: |\n| 1 \\| 2 | **3** |",
        ),
        ("<p><img src=\"/a b.jpg\" alt=\"x [y]\" width=\"10\"></p>", "![x \\[y\\]](/a%20b.jpg)"),
        (
            "<figure><img src=\"/a.jpg\" alt=\"x\"><figcaption>The \"quay\"</figcaption></figure>",
            "{{ <figure src=\"/a.jpg\" alt=\"x\" caption='The \"quay\"' /> }}",
        ),
        ("<div class=\"columns\"><div><p>a</p></div><div>b</div></div>", "a\n\nb"),
        ("<hr><p>Wow! <a href=\"/b\">c</a>!<a href=\"/d\">e</a></p>", "* * *\n\nWow! [c](/b)\\![e](/d)"),
        (
            "<blockquote><p>Sure.</p><cite>The engineer</cite></blockquote>",
            "{% <quote by=\"The engineer\"> %}\nSure.\n{% </quote> %}",
        ),
        (
            "<iframe src=\"https://www.youtube.com/embed/abc?x=1\" title=\"A film\"></iframe>",
            "{{ <embed url=\"https://www.youtube.com/watch?v=abc\" title=\"A film\" from=\"YouTube\" /> }}",
        ),
        ("a<p>b</p>c <em>d</em>", "a\n\nb\n\nc _d_"),
        ("<p>\u{6ce8}<strong>\u{610f}\u{ff1a}</strong>\u{5728}</p>", "\u{6ce8}**\u{610f}\u{ff1a}**\u{5728}"),
    ] {
        let text = markdown(html);
        assert_eq!((text.markdown.as_str(), text.kept), (expected, 0), "{html}");
    }
}

#[test]
fn what_markdown_cannot_say_stays_html() {
    for (html, expected) in [
        (
            "<table><tr><td colspan=\"2\">a</td></tr></table>",
            "<table><tbody><tr><td colspan=\"2\">a</td></tr></tbody></table>",
        ),
        (
            "<details><summary>a</summary>\n\n<p>b</p></details>",
            "<details><summary>a</summary>\n<p>b</p></details>",
        ),
        ("<video src=\"/a.mp4\" controls></video>", "<div><video src=\"/a.mp4\" controls></video></div>"),
        ("<ol reversed><li>a</li></ol>", "<ol reversed><li>a</li></ol>"),
        (
            "<pre class=\"wp-block-verse\">a\n\n  <em>b</em> {{ c }}</pre>",
            "<pre class=\"wp-block-verse\">a\n&#10;  <em>b</em> &#123;&#123; c }}</pre>",
        ),
        (
            "<figure><img src=\"/a.jpg\" alt=\"\"><figcaption>By <a href=\"/b\">c</a></figcaption></figure>",
            "<figure><img src=\"/a.jpg\" alt=\"\"><figcaption>By <a href=\"/b\">c</a></figcaption></figure>",
        ),
    ] {
        let text = markdown(html);
        assert_eq!((text.markdown.as_str(), text.kept), (expected, 1), "{html}");
    }
}

#[test]
fn emphasis_that_asterisks_cannot_say_has_tags() {
    assert_eq!(markdown("<p>a<b>\"b\"</b>c</p>").markdown, "a<strong>\"b\"</strong>c");
}

#[test]
fn scripts_and_forms_are_dropped_and_named() {
    let text = markdown("<p>a</p><script>alert(1)</script><form><input><p>c</p></form><p onclick=x>b</p>");
    assert_eq!(text.markdown, "a\n\nb");
    assert_eq!(text.dropped.into_iter().collect::<Vec<_>>(), ["form", "input", "script"]);
}

#[test]
fn a_text_that_is_too_deep_becomes_its_words() {
    let text = markdown(&format!("{}a *b*{}", "<div>".repeat(100_000), "</div>".repeat(100_000)));
    assert_eq!((text.markdown.as_str(), text.is_flat), ("a \\*b\\*", true));
}

#[test]
fn elements_that_are_opened_again_and_again_are_bounded() {
    let open: String = (0..250).map(|id| format!("<b id=\"{id}\">")).collect();
    let text = markdown(&format!("{open}{}", "<p>a".repeat(100_000)));
    assert!(text.is_flat && text.markdown.len() < 1_000_000, "{}", text.markdown.len());
}

proptest::proptest! {
    #[test]
    fn markdown_of_any_html_shows_its_words(html in "(<p>|</p>|<b>|</b>|<em>|</em>|<ul>|<li>|</li>|</ul>|<a href=/x>|</a>|<br>|<code>|</code>|<pre>|</pre>|<h2>|</h2>|<table>|<tr>|<td>|<blockquote>|[a-z*_`#\\[\\]<>&!~|:={}\\\\\n .0-9-]{1,8}){0,14}") {
        let text = markdown(&html);
        let words = |html: &str| one_line(html).replace(' ', "");
        let shown = crate::render::markdown::fragment(&text.markdown, None);
        proptest::prop_assert_eq!(words(&shown), words(&html), "{}", text.markdown);
    }
}
