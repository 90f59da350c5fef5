//! Text: what Markdown, HTML and style sheets become, and that their time grows with their size.

use std::time::{Duration, Instant};

use crate::site::{Files, Site, TOML, between, json, text};

/// The site with one article of this text, and what is built of it.
fn page(body: &str) -> (Site, Files) {
    let site = Site::new(&[("content/a.md", &article(body))]);
    let files = site.built();
    (site, files)
}

fn article(body: &str) -> String {
    format!("---\ntitle: \"A\"\ndate: 2024-05-01\n---\n{body}\n")
}

/// The HTML of an article with this text.
fn html(body: &str) -> String {
    text(&page(body).1, "a/index.html")
}

/// Code, place and message of each problem of an article with this text.
fn problems(body: &str) -> Vec<String> {
    Site::new(&[("content/a.md", &article(body))]).problems(&[]).1
}

#[test]
fn labels_of_footnotes_match_by_case_folding() {
    for (reference, label) in
        [("Tide", "tide"), ("tide", "TIDE"), ("\u{dc}N\u{cf}", "\u{fc}n\u{ef}"), ("stra\u{df}e", "STRASSE")]
    {
        let html = html(&format!("High water[^{reference}].\n\n[^{label}]: At the light."));
        assert!(html.contains("<p>At the light. <a"), "{reference} {label}: {html}");
    }
}

#[test]
fn references_that_differ_in_case_are_of_one_note() {
    let html = html("One[^a] and two[^A].\n\n[^A]: The note.\n\n[^a]: No other.");
    assert_eq!(html.matches("The note.").count(), 1, "{html}");
    assert_eq!(html.matches("<li id=\"fn-").count(), 1);
    assert!(!html.contains("No other") && html.contains("Back to reference 1-2"), "{html}");
}

#[test]
fn a_summary_has_the_text_of_reference_links() {
    for (body, expected) in [
        (
            "The [Board][b] met; see [minutes] and [rules][].\n\n[b]: /b\n[minutes]: /m\n[rules]: /r",
            "The Board met; see minutes and rules.",
        ),
        ("[b]: https://example.org/b\n\nThe [Board][b] met.", "The Board met."),
        ("The [Board][B] met.\n\nMore.\n\n> [b]: https://example.org/b", "The Board met."),
        (
            "![A quay][pic] in the picture.\n\n[pic]: data:image/gif;base64,R0lGODlhAQABAAAAACw=",
            "A quay in the picture.",
        ),
        ("The [note] stays.\n\n```\n[note]: https://example.org/\n```", "The [note] stays."),
        ("It [is] so, [he] said.", "It [is] so, [he] said."),
        ("A [*link* here][x].\n\n[X]: https://example.org/", "A link here."),
        ("A note[^1] here.\n\n[^1]: Note.", "A note here."),
    ] {
        let (_, files) = page(&body.replace("]: /", "]: https://example.org/"));
        let page = text(&files, "a/index.html");
        assert_eq!(between(&page, "<meta name=\"description\" content=\"", "\""), [expected], "{body}");
        assert_eq!(
            between(&page, "<meta property=\"og:description\" content=\"", "\""),
            [expected],
            "{body}"
        );
        assert_eq!(json(&files, "feed.json")["items"][0]["summary"], expected, "{body}");
        assert!(text(&files, "rss.xml").contains(&format!("<description><![CDATA[{expected}]]>")), "{body}");
    }
}

#[test]
fn every_text_with_words_has_a_summary() {
    for (body, expected) in [
        ("<b>LONDON</b> \u{2014} The ferry is back.\n\nSecond.", "LONDON \u{2014} The ferry is back."),
        ("<abbr title=\"World Health Organization\">WHO</abbr> said no.", "WHO said no."),
        ("<https://example.org> has the plan.", "https://example.org has the plan."),
        ("<p>The whole text is HTML.</p>", "The whole text is HTML."),
        ("<div class=\"x\">\n<p>One &amp; <em>two</em>.\n<p>Three.\n</div>", "One & two."),
        ("<div>Only a div</div>", "Only a div"),
        ("Text <style>.x{color:red}</style>and <script>track(\"y\")</script>more.", "Text and more."),
        ("<script>\nvar a = 1;\n\nvar b = 2;\n</script>\n\nWords.", "Words."),
        ("<template>\n\nNot these.\n\n</template>\n\nThese.", "These."),
        ("<!-- not\n\nthis -->\n\nBut this.", "But this."),
        ("- First of a list\n- Second", "First of a list"),
        ("1. One\n2. Two", "One"),
        ("> A quotation alone.", "A quotation alone."),
        ("> A quotation.\n\nA paragraph.", "A paragraph."),
        ("| Quay | Boats |\n|-|-|\n| North | 3 |", "Quay Boats"),
        ("Term\n: Its meaning", "Term"),
        ("# Title\n\n![Alone](https://example.com/a.png)\n\nThe text.", "The text."),
        ("<h2>Title</h2>\n<p>The text.</p>", "The text."),
        ("<figure><p>Inside</p></figure>\n<p>Outside</p>", "Outside"),
        ("{% <note title=\"N\"> %}\n\nAside.\n\n{% </note> %}\n\nThe text.", "The text."),
        ("{% <note title=\"N\"> %}\n\nOnly this.\n\n{% </note> %}", "Only this."),
        ("one<br>two", "one two"),
    ] {
        let (_, files) = page(body);
        assert_eq!(json(&files, "feed.json")["items"][0]["summary"], expected, "{body}");
    }
}

/// The ids in a page, in order.
fn ids(page: &str) -> Vec<&str> {
    between(page, " id=\"", "\"")
}

#[test]
fn ids_of_headings_have_the_words_of_components() {
    let own = "{% component ver(n: string) %}<b>{{ n }}</b>{% endcomponent ver %}";
    for (body, id, title) in [
        ("## Release {{ <ver n=\"1.2\" /> }}", "release-1-2", "Release 1.2"),
        ("{{ <ver n=\"x\" /> }}\n\n## Release {{ <ver n=\"1.2\" /> }}", "release-1-2", "Release 1.2"),
        ("Release {{ <ver n=\"1.2\" /> }}\n---", "release-1-2", "Release 1.2"),
        ("## {{ <ver n=\"2.0\" /> }}", "2-0", "2.0"),
        ("## Old {{ <ver n=\"1\" /> }} {#own}", "own", "Old 1"),
    ] {
        let site = Site::new(&[
            ("content/a.md", &article(body)),
            ("templates/own.html", own),
            ("templates/article-end.html", "{% for one in article.contents %}[{{ one.title }}]{% endfor %}"),
        ]);
        let page = text(&site.built(), "a/index.html");
        assert!(page.contains(&format!("<h2 id=\"{id}\">")), "{body}: {page}");
        assert!(page.contains(&format!("[{title}]")), "{body}: {page}");
    }
}

#[test]
fn ids_are_on_a_page_once() {
    for body in [
        "## Main",
        "## Main\n\n## Main",
        "## Tide\n\n## Tide\n\n## Tide 1",
        "<div id=\"bar\"></div>\n\n## Bar",
        "## Bar\n\nText <i id='bar'>x</i>.",
        "Text[^1].\n\n## fn 1\n\n## fnref 1\n\n[^1]: note",
        "A[^b] b[^b] c[^b-2].\n\n[^b]: B\n\n[^b-2]: C",
        "## Tide\n\n{% <note title=\"N\"> %}\n\n## Tide\n\n{% </note> %}\n\n{% <note title=\"M\"> %}\n\n## Tide\n\n{% </note> %}",
        "A[^1].\n\n[^1]: note\n\n{% <note title=\"N\"> %}\n\nB[^1].\n\n[^1]: other\n\n{% </note> %}",
        "## Auto\n\n## Other {#auto}",
    ] {
        let page = html(body);
        let mut all = ids(&page);
        all.sort_unstable();
        let number = all.len();
        all.dedup();
        assert_eq!(all.len(), number, "{body}: {page}");
        for link in between(&page, "href=\"#", "\"") {
            assert!(all.contains(&link), "{body}: #{link}");
        }
    }
    assert!(html("## Main").contains("<h2 id=\"main-1\">"));
}

#[test]
fn equal_ids_of_an_author_are_told() {
    let found = problems("## Tide {#tide}\n\n## Ebb {#tide}");
    assert_eq!(found, ["markdown::id_twice content/a.md:7:1 the id `tide` is in this text twice"]);
    let found = problems("Text[^1].\n\n[^1]: note\n\n## Note {#fn-1}");
    assert!(found.len() == 1 && found[0].starts_with("markdown::id_twice content/a.md:9:1 "), "{found:?}");
    let found = problems("<i id=\"a\">x</i> <i id=\"a\">y</i>");
    assert!(
        found.len() == 1 && found[0].starts_with("markdown::html_id_twice content/a.md:5:17 "),
        "{found:?}"
    );
    let found = problems("## Text {#main}");
    assert!(found.len() == 1 && found[0].starts_with("markdown::id_of_theme content/a.md:5:1 "), "{found:?}");
}

#[test]
fn a_call_that_is_not_complete_is_an_error() {
    for (body, expected) in [
        ("{{ <figure src=\"q.jpg\" alt=\"The quay\"> }}", "markdown::broken_call"),
        ("{{<figure src=\"q.jpg\">}}", "markdown::broken_call"),
        ("{{ <note title=\"Gap /> }}", "markdown::broken_call"),
        ("{{ <note title='It's low' /> }}", "markdown::"),
        ("{{ <note title=\"a\"", "markdown::broken_call"),
        ("{{ <note /> %}", "markdown::broken_call"),
        ("{% <note }} x", "markdown::broken_call"),
        ("{{ </note> }}", "markdown::broken_call"),
        ("{{\t<note title=\"a\"> }}", "markdown::broken_call"),
        ("{% <note title=\"a\"> %}", "markdown::open_call"),
        ("{% <note title=\"a\" /> %}", "markdown::open_call"),
        ("{% </note> %}", "markdown::stray_end"),
        (
            "{{ <figure src=\"https://example.org/q.jpg\" alt=\"The \\\"Queen\\\" at sea\" /> }}",
            "markdown::quotes",
        ),
        (
            "{{ <figure src=\"https://example.org/q.jpg\" alt=\"The \"Queen\" at sea\" /> }}",
            "markdown::quotes",
        ),
        (&format!("{{{{ <figure alt=\"{}\" /> }}}}", "a".repeat(5000)), "markdown::broken_call"),
        (
            &format!("{}x{}", "{% <note title=\"a\"> %}\n".repeat(18), "\n{% </note> %}".repeat(18)),
            "markdown::deep_calls",
        ),
    ] {
        let found = problems(body);
        assert!(
            found.iter().any(|one| one.starts_with(expected) && one.contains(" content/a.md:5:")
                || one.starts_with("markdown::deep_calls")),
            "{body}: {found:?}"
        );
    }
    let two = problems(
        "{{ <note title=\"Gap /> }}\n\n{{ <figure src=\"q.jpg\"> }} and {{ <figure src=\"https://example.org/q.jpg\" alt=\"a\" /> }}",
    );
    let of_calls = two.iter().filter(|one| one.starts_with("markdown::"));
    let places: Vec<&str> = of_calls.map(|one| one.split(' ').nth(1).unwrap()).collect();
    assert_eq!(places, ["content/a.md:5:1", "content/a.md:7:1"]);
}

#[test]
fn code_and_a_backslash_show_calls_as_they_are() {
    for body in [
        "`{{ <note title=\"a\"> }}` and `{{< youtube x >}}`",
        "```\n{{ <note> }}\n{% highlight %}\n```",
        "    {% raw %}",
        "\\{{ <note> }} and \\{% raw %}",
        "<pre>{{ site.url }}\n\n{% raw %}</pre>",
        "A <code>{{ site.url }}</code> here",
        "<!-- {% include a %} -->",
        "A {# word #} and {braces} and {a: 1} and $_{{x}}$",
    ] {
        assert_eq!(problems(body), [] as [&str; 0], "{body}");
    }
    assert!(html("\\{{ <note/> }}").contains("<p>{{ <note/> }}</p>"));
}

#[test]
fn tags_of_other_generators_are_warnings() {
    for (body, expected) in [
        ("{{< figure src=\"q.jpg\" >}}", "Hugo shortcode `figure`"),
        ("{{< /note >}}", "Hugo shortcode `note`"),
        ("{{% notice tip %}}", "Hugo shortcode `notice`"),
        ("[r]({{< ref \"/y.md\" >}})", "Hugo shortcode `ref`"),
        ("{{ youtube(id=\"a\") }}", "Zola shortcode `youtube`"),
        ("{% quote(author=\"A\") %}", "Zola shortcode `quote`"),
        ("{% highlight ruby %}", "Liquid tag `highlight`"),
        ("{%- include a.html -%}", "Liquid tag `include`"),
        ("[x]({% post_url 2023-01-01-y %})", "Liquid tag `post_url`"),
        ("{{ site.url }}", "Liquid value `site.url`"),
        ("{{ figure src=\"x.png\" }}", "call `figure`"),
        ("{{ < figure src=\"x.png\" /> }}", "call `figure`"),
        ("{{page.title | upcase}}", "Liquid value `page.title`"),
        ("Text\n{: .lead}", "kramdown attribute list `{:}`"),
        ("* x\n{:toc}", "kramdown attribute list `{:}`"),
        ("*x*{:.red}", "kramdown attribute list `{:}`"),
    ] {
        let found = problems(body);
        assert!(
            found.len() == 1 && found[0].starts_with("markdown::foreign_tag content/a.md:"),
            "{body}: {found:?}"
        );
        assert!(found[0].contains(&format!("the {expected} is shown as it is")), "{body}: {found:?}");
    }
}

#[cfg(feature = "math")]
#[test]
fn formulas_are_well_formed_in_pages_and_feeds() {
    let site = Site::new(&[(
        "content/a.md",
        &article("$a<b$, $0 < i < N$, $a \\& b$ and $c_1 \\log_2 n$\n\n$$x_{i<j} \\lt 1$$"),
    )]);
    site.write("site.toml", format!("{TOML}[markdown]\nmath = true\n"));
    let page = text(&site.built(), "a/index.html");
    assert!(page.contains("<mi>a</mi><mo>&lt;</mo><mi>b</mi>") && page.contains("<mi>&amp;</mi>"), "{page}");
    assert!(!page.contains("<mo><</mo>") && !page.contains("<mi>&</mi>"));
    assert!(page.contains("<msub><mi>log</mi><mn>2</mn></msub>"), "{page}");
}

#[test]
fn emphasis_needs_no_spaces_in_chinese_japanese_and_korean() {
    for (body, expected) in [
        (
            "\u{80fd}\u{3002}**\u{6ce8}\u{610f}\u{ff1a}**\u{5728}\u{8fd9}\u{91cc}\u{3002}",
            "\u{80fd}\u{3002}<strong>\u{6ce8}\u{610f}\u{ff1a}</strong>\u{5728}\u{8fd9}\u{91cc}\u{3002}",
        ),
        ("\u{6e2f}*\u{300c}\u{6d77}\u{300d}*\u{5728}", "\u{6e2f}<em>\u{300c}\u{6d77}\u{300d}</em>\u{5728}"),
        ("**(\u{6ce8})**\u{5728}", "<strong>(\u{6ce8})</strong>\u{5728}"),
        (
            "\u{5728}**[a](https://example.org/)**\u{5728}",
            "\u{5728}<strong><a href=\"https://example.org/\">a</a></strong>\u{5728}",
        ),
        ("\u{5728}**`a`**\u{5728}", "\u{5728}<strong><code>a</code></strong>\u{5728}"),
        ("\u{5728}~~\u{6ce8}\u{ff1a}~~\u{5728}", "\u{5728}<del>\u{6ce8}\u{ff1a}</del>\u{5728}"),
        ("\u{c774}**(a)**\u{ac00}", "\u{c774}<strong>(a)</strong>\u{ac00}"),
        ("**\u{201c}\u{6ce8}\u{201d}**\u{5728}", "<strong>\u{201c}\u{6ce8}\u{201d}</strong>\u{5728}"),
        ("\u{5728}\\**\u{6ce8}\u{ff1a}\\**\u{5728}", "\u{5728}**\u{6ce8}\u{ff1a}**\u{5728}"),
        ("`\u{5728}**\u{ff1a}**\u{5728}`", "<code>\u{5728}**\u{ff1a}**\u{5728}</code>"),
        ("a**\"b\"**c", "a**\u{201c}b\u{201d}**c"),
        ("a * b * \u{5728}", "a * b * \u{5728}"),
        (
            "[\u{5728}](https://example.org/\u{ff1a}*\u{5728})",
            "<a href=\"https://example.org/%EF%BC%9A*%E5%9C%A8\">\u{5728}</a>",
        ),
    ] {
        let (_, files) = page(body);
        let page = text(&files, "a/index.html");
        assert!(page.contains(&format!("<p>{expected}</p>")), "{body}: {page}");
        assert!(!page.contains(|c| ('\u{e000}'..='\u{f8ff}').contains(&c)), "{body}");
        let summary = json(&files, "feed.json")["items"][0]["summary"].to_string();
        assert!(!summary.contains(|c| ('\u{e000}'..='\u{f8ff}').contains(&c)), "{summary}");
    }
    let heading = html("## \u{80fd}**\u{6ce8}\u{ff1a}**\u{5728}");
    assert!(heading.contains("<h2 id=\"\u{80fd}\u{6ce8}-\u{5728}\">"), "{heading}");
    let found = problems("\u{80fd}**\u{6ce8}\u{ff1a}**\u{5728} [a](nowhere.md)");
    assert_eq!(found.iter().filter(|one| one.contains(" content/a.md:5:14 ")).count(), 1, "{found:?}");
}

#[test]
fn empty_items_of_lists_are_passed_over() {
    for head in [
        "tags: [null, harbour]",
        "tags: [~, \"\", harbour]",
        "tags:\n  - harbour\n  -",
        "tags: [harbour]\nauthors: [null]",
        "tags: [harbour]\naliases: [null]",
        "tags: [harbour]\ncorrections: [null]",
    ] {
        let source = format!("---\ntitle: A\ndate: 2024-05-01\n{head}\n---\nText.\n");
        let files = Site::new(&[("content/a.md", &source)]).built();
        assert_eq!(json(&files, "feed.json")["items"][0]["tags"], serde_json::json!(["harbour"]), "{head}");
    }
}

/// The style sheet of a site with these files.
#[cfg(feature = "css")]
fn style(files: &[(&str, &str)], minify: bool) -> String {
    let site = Site::new(files);
    site.write("site.toml", format!("{TOML}[css]\nminify = {minify}\n"));
    text(&site.built(), "style.css")
}

#[cfg(feature = "css")]
#[test]
fn imports_from_elsewhere_are_at_the_head_of_the_bundle() {
    let custom = "@layer base, theme;\n@import \"local.css\" layer(inner) screen;\n@import url(\"//cdn.example/a.css\") layer(theme) supports(display: grid) print;\n@import url(https://cdn.example/b.css);\n@layer base { a { color: red } }\n";
    let local = "@import \"https://cdn.example/c.css\" layer(deep) (min-width: 30em);\nb { color: blue }\n";
    let files = [("static/custom.css", custom), ("static/local.css", local)];
    let small = style(&files, true);
    assert!(small.starts_with("@layer base,theme,inner,inner.deep;@import \"https://cdn.example/c.css\" layer(inner.deep) screen and (min-width:30em);@import \"//cdn.example/a.css\" layer(theme) supports((display:grid)) print;@import \"https://cdn.example/b.css\";"), "{small}");
    let plain = style(&files, false);
    let first_rule = plain.find('{').unwrap();
    assert_eq!(plain.matches("@import").count(), 3);
    assert!(plain.rfind("@import").unwrap() < first_rule, "{plain}");
    let entry = style(
        &[(
            "static/style.css",
            "@import \"base.css\";\n@import url(\"https://fonts.example/x\");\nbody{color:red}",
        )],
        true,
    );
    assert!(
        entry.starts_with("@import \"https://fonts.example/x\";") && !entry.contains("base.css"),
        "{entry}"
    );
}

#[cfg(feature = "css")]
#[test]
fn layers_keep_the_order_of_their_first_appearance() {
    // For each, the layers in which `.t` is red and green, in the order that they must have.
    for sheet in [
        "@layer one, one.a, one.b;\n@layer one { @layer b { .t { color: red } } }\n@layer one.a { .t { color: green } }",
        "@layer one.a, one.b;\n@layer one { @layer b { .t { color: red } } @layer a { .t { color: green } } }",
        "@layer two { @layer one, one.a, one.b; @layer one { @layer b { .t { color: red } } } @layer one.a { .t { color: green } } }",
    ] {
        for minify in [true, false] {
            let style = style(&[("static/custom.css", sheet)], minify);
            let style: String = style.split_whitespace().collect();
            let named = style.contains("@layerone,one.a,one.b;")
                || style.contains("@layerone.a,one.b;")
                || style.contains("@layerone,one.a;");
            assert!(named, "{sheet}: {}", &style[style.len() - 200..]);
        }
    }
    let flat = style(
        &[(
            "static/custom.css",
            "@layer a, b;\n@layer b { .t { color: red } }\n@layer a { .t { color: green } }",
        )],
        true,
    );
    assert!(flat.contains("@layer a,b;@layer b{.t{color:red}}@layer a{.t{color:green}}"), "{flat}");
}

#[cfg(feature = "css")]
#[test]
fn nesting_in_a_style_sheet_has_bounds() {
    let deep = |open: &str, inner: &str, close: &str, depth: usize| {
        format!("{}{inner}{}", open.repeat(depth), close.repeat(depth))
    };
    for (depth, is_read) in [(24, true), (100, false), (10_000, false)] {
        for sheet in [
            format!("@media w, {}x{} {{ a {{ b: c }} }}", "(".repeat(depth), ")".repeat(depth)),
            format!("a {{ width: {} }}", deep("calc(1px + ", "var(--x)", ")", depth)),
            format!("a {{ --x: {} }}", deep("light-dark(red, ", "foo", ")", depth)),
            format!("a {{ grid: {} }}", deep("[", "a", "]", depth)),
            deep("a{", "color:red", "}", depth),
        ] {
            for file in ["custom", "style"] {
                let site = Site::new(&[(&format!("static/{file}.css"), &sheet)]);
                let start = Instant::now();
                let (code, found) = site.problems(&[]);
                assert!(start.elapsed() < Duration::from_secs(20), "{sheet}");
                if is_read {
                    assert_eq!((code, found), (Some(0), Vec::new()), "{sheet}");
                } else {
                    assert_eq!(code, Some(1), "{sheet}");
                    let start = format!("style::bundle static/{file}.css:1:");
                    assert!(found.len() == 1 && found[0].starts_with(&start), "{sheet}: {found:?}");
                }
            }
        }
    }
}

#[test]
fn nesting_in_a_text_has_bounds() {
    for (shape, code) in [
        (">".repeat(3000) + " x", "markdown::depth"),
        ("> ".repeat(3000) + "x", "markdown::depth"),
        ("- ".repeat(3000) + "x", "markdown::depth"),
        ("1. ".repeat(3000) + "x", "markdown::depth"),
        ("> - 1) ".repeat(3000) + "x", "markdown::depth"),
        (format!("a\n{}x", ": ".repeat(3000)), "markdown::depth"),
        ("<div>".repeat(3000), "markdown::html_depth"),
        ("<div>\n\n".repeat(3000), "markdown::html_depth"),
        (format!("x {}", "<b>".repeat(3000)), "markdown::html_depth"),
        ("<div></b>\n".repeat(3000), "markdown::html_depth"),
        (format!("<svg>{}", "<g>".repeat(3000)), "markdown::html_depth"),
        (
            format!("<i {}>x</i>", (0..3000).map(|n| format!("a{n}=1 ")).collect::<String>()),
            "markdown::html_depth",
        ),
    ] {
        let found = problems(&shape);
        let errors: Vec<_> = found.iter().filter(|one| !one.starts_with("markdown::foreign")).collect();
        assert!(
            errors.len() == 1 && errors[0].starts_with(&format!("{code} content/a.md:")),
            "{}: {found:?}",
            &shape[..30]
        );
    }
    let source = format!("---\ntitle: A\n---\n{}", "<div>".repeat(3000));
    let found = Site::new(&[("content/a.html", &source)]).problems(&[]).1;
    assert!(found.len() == 1 && found[0].starts_with("markdown::html_depth content/a.html:4:"), "{found:?}");
    for fine in [
        "- ".repeat(3000),
        "* * ".repeat(3000),
        format!("<svg>{}</svg>", "<path d=\"M0 0\"/>".repeat(1000)),
        "<p>x\n".repeat(1000),
        format!("<ul>{}</ul>", "<li>x".repeat(1000)),
        "<span>x</span>".repeat(1000),
        "<img src=\"https://example.com/a.png\" alt=\"a\"><br>".repeat(500),
        format!("{}x", "> ".repeat(100)),
    ] {
        assert_eq!(problems(&fine), [] as [&str; 0], "{}", &fine[..30]);
    }
}

/// The time of a build of an article with this text.
fn time_of(body: &str) -> Duration {
    let site = Site::new(&[("content/a.md", &article(body))]);
    site.write("site.toml", format!("{TOML}[markdown]\nmath = true\n"));
    let start = Instant::now();
    site.build(&[]);
    start.elapsed()
}

/// The name of a text, and the text with that many of its parts.
type Shape = (&'static str, fn(usize) -> String);

#[test]
fn the_time_of_a_text_grows_with_its_size() {
    let shapes: [Shape; 24] = [
        ("equal headings", |n| "# same\n\n".repeat(n)),
        ("quotations", |n| "> x\n\n".repeat(n)),
        ("nested quotations", |n| format!("{} x", ">".repeat(n))),
        ("nested lists", |n| format!("{}x", "- ".repeat(n))),
        ("nested HTML", |n| "<div>".repeat(n)),
        ("closed HTML", |n| "<div>x</div>\n".repeat(n)),
        ("attributes", |n| {
            format!("x <a {}>b</a>", (0..n).map(|one| format!("a{one}=1 ")).collect::<String>())
        }),
        ("open calls", |n| "{% <note title=\"a\"> %}\n".repeat(n)),
        ("open quotes", |n| "{{ <note title=\"a /> }}\n\n".repeat(n)),
        ("open tags", |n| "{{ <note ".repeat(n)),
        ("calls", |n| "{{ <quote by=\"a\" /> }}\n\n".repeat(n / 10)),
        ("notes", |n| (0..n).map(|one| format!("a[^{one}]\n\n[^{one}]: b\n\n")).collect()),
        ("references", |n| format!("{}\n\n[^1]: b", "a[^1] ".repeat(n))),
        ("emphasis", |n| "*a **b ".repeat(n)),
        ("asterisks", |n| "*".repeat(n)),
        ("links", |n| "[a](https://example.org/) ".repeat(n)),
        ("open brackets", |n| "[".repeat(n)),
        ("open pictures", |n| "![a](".repeat(n)),
        ("open formulas", |n| "$$a ".repeat(n)),
        ("cells", |n| format!("|{}\n|{}\n|{}", "a|".repeat(n), "-|".repeat(n), "b|".repeat(n))),
        ("dead links in a line", |n| (0..n).map(|one| format!("[a](dead{one}.md) ")).collect()),
        ("dead links in lines", |n| "[a](dead.md)\n".repeat(n)),
        ("tags of others", |n| "{{ site.url }} ".repeat(n)),
        ("emphasis in Chinese", |n| "\u{5728}**\u{6ce8}\u{ff1a}**".repeat(n)),
    ];
    for (name, shape) in shapes {
        // Ten times the text takes ten times as long. A machine under load may take longer once, but not each time.
        let grows_with_its_size = || {
            let few = time_of(&shape(200)).max(Duration::from_millis(60));
            time_of(&shape(2000)) < few * 25
        };
        assert!((0..3).any(|_| grows_with_its_size()), "{name}");
    }
}
