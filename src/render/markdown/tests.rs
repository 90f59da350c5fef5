use proptest::prelude::*;

use super::*;
use crate::config::MarkdownSwitches;

fn show(text: &str) -> Rendered {
    let options = Options { quotes: Some(Quotes::ENGLISH), heading_ids: true, ..Options::default() };
    let around = Surroundings {
        links: &|url, _| match url {
            "../other.md" => Link::To("/other/".into()),
            "held.md" => Link::Unlinked,
            _ => Link::Keep,
        },
        picture_size: &|url| (url == "a.png").then_some((4, 3)),
        components: &|call| match call.name {
            "box" => Ok(format!("<div data-a='{}'>{}</div>", call.arguments, call.body.unwrap_or("-"))),
            other => Err(format!("no {other}").into()),
        },
        language: Language::english(),
    };
    render(text, &options, &around)
}

fn html(text: &str) -> String {
    show(text).html
}

#[test]
fn links_are_followed_in_markdown_and_in_html() {
    assert_eq!(html("[a](../other.md)"), "<p><a href=\"/other/\">a</a></p>\n");
    assert_eq!(html("[a *b*](held.md) c"), "<p>a <em>b</em> c</p>\n");
    assert_eq!(html("x <a href=\"../other.md\">a</a>"), "<p>x <a href=\"/other/\">a</a></p>\n");
    assert_eq!(html("[a][r]\n\n[r]: ../other.md"), "<p><a href=\"/other/\">a</a></p>\n");
}

#[test]
fn headings_have_ids_that_no_other_has() {
    let rendered = show("# Tide\n\n## Tide\n\n### Low *tide* {#tide-1 .calm}\n\n## !\n");
    let ids: Vec<&str> = rendered.headings.iter().map(|heading| heading.id.as_str()).collect();
    assert_eq!(ids, ["tide", "tide-2", "tide-1", "section"]);
    assert_eq!(rendered.headings[2].text, "Low tide");
    assert!(
        rendered.html.contains("<h3 id=\"tide-1\" class=\"calm\">Low <em>tide</em></h3>"),
        "{}",
        rendered.html
    );
}

#[test]
fn footnotes_are_numbered_by_reference_and_gathered_at_the_end() {
    let text = "One[^b] two[^a] three[^b].\n\n[^a]: First.\n[^b]: Second.\n[^c]: Never.\n";
    assert_eq!(
        html(text),
        "<p>One<sup class=\"footnote-ref\" id=\"fnref-b\" data-note=\"1\"><a href=\"#fn-b\" role=\"doc-noteref\">1</a></sup> \
         two<sup class=\"footnote-ref\" id=\"fnref-a\" data-note=\"2\"><a href=\"#fn-a\" role=\"doc-noteref\">2</a></sup> \
         three<sup class=\"footnote-ref\" id=\"fnref-b-2\"><a href=\"#fn-b\" role=\"doc-noteref\">1</a></sup>.</p>\n\
         <div class=\"footnotes margin\" role=\"doc-endnotes\">\n<ol>\n<li id=\"fn-b\">\n<p>Second. \
         <a href=\"#fnref-b\" class=\"footnote-backref\" role=\"doc-backlink\" aria-label=\"Back to reference 1\">\u{21a9}</a> \
         <a href=\"#fnref-b-2\" class=\"footnote-backref\" role=\"doc-backlink\" aria-label=\"Back to reference 1-2\">\u{21a9}</a></p>\n</li>\n\
         <li id=\"fn-a\">\n<p>First. \
         <a href=\"#fnref-a\" class=\"footnote-backref\" role=\"doc-backlink\" aria-label=\"Back to reference 2\">\u{21a9}</a></p>\n</li>\n</ol>\n</div>\n"
    );
}

#[test]
fn pictures_have_their_size_and_a_lone_one_with_a_title_is_a_figure() {
    assert_eq!(
        html("![The \"quay\"](a.png \"At low tide\")"),
        "<figure><img src=\"a.png\" alt=\"The \u{201c}quay\u{201d}\" width=\"4\" height=\"3\"><figcaption>At low tide</figcaption></figure>\n"
    );
    assert_eq!(html("![x](b.png \"T\") and"), "<p><img src=\"b.png\" alt=\"x\" title=\"T\"> and</p>\n");
    assert_eq!(html("![kept words](held.md)"), "<p>kept words</p>\n");
}

#[test]
fn the_other_extensions_are_there() {
    assert!(html("> [!WARNING]\n> Wet paint").starts_with("<aside class=\"alert alert-warning\">"));
    assert!(html("- [x] done").contains("<input type=\"checkbox\" disabled checked aria-label=\"done\">"));
    assert!(html("~~no~~").contains("<del>no</del>"));
    assert!(html("|a|b|\n|-|-:|\n|1|2|").contains("<table>"));
    assert!(html("Tide\n: The rise of the sea").contains("<dl>"));
    assert_eq!(html("\"It's\" -- so..."), "<p>\u{201c}It\u{2019}s\u{201d} \u{2013} so\u{2026}</p>\n");
    assert_eq!(html("a\n\n<!-- more -->\n\nb"), "<p>a</p>\n<p>b</p>\n");
}

#[test]
fn components_are_called_outside_of_code_only() {
    assert_eq!(html("{{ <box a=\"1\" /> }}"), "<div data-a='a=\"1\"'>-</div>\n");
    assert_eq!(html("so {{ <box/> }} there"), "<p>so <div data-a=''>-</div> there</p>\n");
    assert_eq!(
        html("{% <box> %}\n*in* [l](../other.md)\n{% </box> %}"),
        "<div data-a=''><p><em>in</em> <a href=\"/other/\">l</a></p>\n</div>\n"
    );
    assert_eq!(html("`{{ <box/> }}` {{ name }}"), "<p><code>{{ &lt;box/&gt; }}</code> {{ name }}</p>\n");
    assert_eq!(
        html("```\n{{ <box/> }}\n```"),
        "<pre tabindex=\"0\"><code>{{ &lt;box/&gt; }}\n</code></pre>\n"
    );
    assert_eq!(html("{% <box> %}a {% <box> %}b{% </box> %}{% </box> %}").matches("<div").count(), 2);
}

#[test]
fn what_is_wrong_with_a_call_is_said_where_it_stands() {
    let text = "First.\n\n{{ <nope x=1 /> }}\n\n{% </box> %} {% <box> %}";
    let problems = show(text).problems;
    let said: Vec<(&str, String)> =
        problems.iter().map(|(range, error)| (&text[range.clone()], error.to_string())).collect();
    assert_eq!(
        said,
        [
            ("{{ <nope x=1 /> }}", "the component `nope` can't be shown: no nope".to_owned()),
            ("{% </box> %}", "`{% </box> %}` ends a call that was never begun".to_owned()),
            ("{% <box> %}", "the call of `box` never ends".to_owned()),
        ]
    );
}

#[test]
fn places_behind_a_component_are_those_of_the_author() {
    let text = "{{ <box/> }} and [l](../other.md)";
    let options = Options::default();
    let seen = std::cell::RefCell::new(String::new());
    let around = Surroundings {
        links: &|_, range| {
            seen.borrow_mut().push_str(&text[range]);
            Link::Keep
        },
        picture_size: &|_| None,
        components: &|_| Ok(String::new()),
        language: Language::english(),
    };
    render(text, &options, &around);
    assert_eq!(*seen.borrow(), "[l](../other.md)");
}

#[test]
fn the_first_paragraph_is_one() {
    let text = "# Title\n\n![p](a.png)\n\n```\ncode\n\nmore\n```\n\n> quote\n\n- list\n\nThe *first* `real`\nparagraph[^1].\n\nNext.";
    assert_eq!(
        first_paragraph(text, MarkdownSwitches::default(), Some(Quotes::ENGLISH)),
        "The first real paragraph."
    );
    assert_eq!(first_paragraph("# Only\n", MarkdownSwitches::default(), Some(Quotes::ENGLISH)), "");
}

#[test]
fn excerpts_end_between_words_sentences_or_characters() {
    for (text, length, expected) in [
        ("one two three", 20, "one two three"),
        ("one two three", 9, "one two\u{2026}"),
        ("one two three", 7, "one two\u{2026}"),
        ("one, two", 5, "one\u{2026}"),
        ("Rain. Then sun came", 9, "Rain."),
        ("It rained. Then it", 12, "It rained."),
        ("https://example.org/a-long-path", 22, "https://example.org/a\u{2026}"),
        ("cafe\u{301}s", 4, "caf\u{2026}"),
        // An emoji of a family is one character, and so is a flag.
        ("ab\u{1f468}\u{200d}\u{1f469}\u{200d}\u{1f467}", 4, "ab\u{2026}"),
        ("a\u{1f1e9}\u{1f1ea}", 2, "a\u{2026}"),
        (
            "\u{6e2f}\u{53e3}\u{5f00}\u{4e86}\u{3002}\u{8239}\u{6765}\u{4e86}",
            7,
            "\u{6e2f}\u{53e3}\u{5f00}\u{4e86}\u{3002}",
        ),
        ("\u{6e2f}\u{53e3}\u{ff0c}\u{5f00}\u{4e86}\u{8239}", 3, "\u{6e2f}\u{53e3}\u{2026}"),
        (
            "\u{300c}\u{6e2f}\u{53e3}\u{3002}\u{300d}\u{8239}\u{6765}",
            6,
            "\u{300c}\u{6e2f}\u{53e3}\u{3002}\u{300d}",
        ),
        // A Latin word in a Chinese sentence stays whole.
        ("\u{6e2f}\u{53e3}\u{7684}ferry\u{6765}\u{4e86}", 5, "\u{6e2f}\u{53e3}\u{7684}\u{2026}"),
        // Thai vowels belong to the preceding letter.
        ("\u{e19}\u{e49}\u{e33}\u{e17}\u{e30}", 1, "\u{2026}"),
    ] {
        assert_eq!(excerpt(text, length), expected, "{text} {length}");
    }
}

#[test]
fn lengths_are_those_of_the_script() {
    for (text, words, characters) in [
        ("one two-three, don't 4.5", 4, 0),
        ("\u{6e2f}\u{53e3}\u{5f00}\u{4e86}\u{3002}", 0, 4),
        ("\u{6e2f}\u{53e3} one \u{6e2f}ferry\u{6e2f}", 2, 4),
        ("\u{3075}\u{306d}\u{30fb}\u{30d5}\u{30a7}\u{30ea}\u{30fc}", 0, 6),
        // Korean separates words by spaces.
        ("\u{d56d}\u{ad6c}\u{ac00} \u{c5f4}\u{b838}\u{b2e4}", 2, 0),
        // Four of the six signs are letters.
        ("\u{e19}\u{e49}\u{e33}\u{e02}\u{e36}\u{e49}\u{e19}", 1, 0),
        ("caf\u{e9} \u{3b1}\u{3b2}", 2, 0),
    ] {
        assert_eq!(length(text), Length { words, characters }, "{text}");
    }
    let minutes = |words, characters| Length { words, characters }.minutes();
    assert_eq!(
        [minutes(0, 0), minutes(230, 0), minutes(231, 0), minutes(0, 500), minutes(0, 501)],
        [1, 1, 2, 1, 2]
    );
    assert_eq!([minutes(230, 500), minutes(230, 501), minutes(115, 250)], [2, 3, 1]);
}

proptest! {
    // Letters are examined in blocks, which may begin anywhere in a word.
    #[test]
    fn words_are_those_between_spaces(words in proptest::collection::vec("[a-z\u{e9}\u{3b1}][a-z0-9'\u{2019}\u{e9}-]{0,70}", 1..40), gap in "[ \n\u{a0}][ (\u{201c}]{0,70}") {
        let text = words.join(&gap);
        prop_assert_eq!(length(&text), Length { words: words.len(), characters: 0 });
        let with_signs = words.join("\u{6e2f}");
        prop_assert_eq!(length(&with_signs), Length { words: words.len(), characters: words.len() - 1 });
    }

    #[test]
    fn words_have_a_letter(text in "[a-zA-Z0-9 \n\t(.'@-]{0,300}") {
        let has_letter = |word: &&str| word.bytes().any(|byte| byte.is_ascii_alphanumeric());
        let words = text.split_ascii_whitespace().filter(has_letter).count();
        prop_assert_eq!(length(&text), Length { words, characters: 0 });
    }

    #[test]
    fn any_text_is_rendered(text in "(\\PC|\n|\\{% <box> %\\}|\\{% </box> %\\}|\\{\\{ <|/> \\}\\}|\\[\\^a\\]|!\\[|\\]\\(|# |> |- |```|<a href=|\\|){0,60}") {
        let rendered = show(&text);
        let mut ids: Vec<&str> = rendered.headings.iter().map(|heading| heading.id.as_str()).collect();
        ids.sort_unstable();
        for (range, _) in &rendered.problems {
            prop_assert!(text.get(range.clone()).is_some());
        }
        let _ = (first_paragraph(&text, MarkdownSwitches::default(), Some(Quotes::ENGLISH)), length(&text), excerpt(&text, 7));
    }
}

#[test]
fn a_beginning_has_neither_calls_nor_lone_pictures() {
    for (text, expected) in [
        ("The water stands at {{ <level metres={3} /> }}.", "The water stands at ."),
        ("A {% <aside> %}*word*{% </aside> %} more {{ x }}", "A word more {{ x }}"),
        ("See ![the chart](c.png), then", "See the chart, then"),
        ("![the chart](c.png)\n\nWords.", "Words."),
    ] {
        assert_eq!(
            first_paragraph(text, MarkdownSwitches::default(), Some(Quotes::ENGLISH)),
            expected,
            "{text}"
        );
    }
}

proptest! {
    /// A comment at the end is invisible to readers, but prevents cleaning HTML without a parser.
    #[test]
    fn feeds_have_the_same_with_a_parser_and_without(text in "(\n\n|\n|\n- |\n1\\. |\n  - \\[x\\] |\n> |\n> \\[!NOTE\\]\n> |# |## A|\\*|\\*\\*|~~|`|\n```rust\na < b &\n```\n|\n    x|\n\\| a \\| b \\|\n\\|---\\|---\\|\n\\| 1 \\| 2 \\|\n|\na\n: b\n|\\[a\\]\\(/b \"c\"\\)|!\\[a\\]\\(b\\.png \"c\"\\)|\\[\\^n\\]|\n\\[\\^n\\]: N\n|<https://example\\.net>|<em>|</em>|<div>|</div>|<br>|&amp;|&nbsp;|&|<|\"|'|\u{e4}|\u{a0}|  \n|\n---\n| |word){0,24}") {
        for options in [Options::default(), Options { quotes: Some(Quotes::ENGLISH), heading_ids: true, heading_links: true, ..Options::default() }] {
            let around = Surroundings {
                links: &|_, _| Link::Keep,
                picture_size: &|_| None,
                components: &|_| Ok("<aside>x</aside>".to_owned()),
                language: Language::english(),
            };
            let html = render(&text, &options, &around).html;
            let base = "https://example.org/news/ferry/";
            let parsed = crate::feed::absolute(&format!("{html}<!-- -->"), base);
            prop_assert_eq!(crate::feed::absolute(&html, base), parsed);
        }
    }
}

fn show_math(text: &str) -> Rendered {
    let options = Options { math: true, heading_ids: true, heading_links: true, ..Options::default() };
    let around = Surroundings {
        links: &|_, _| Link::Keep,
        picture_size: &|_| None,
        components: &|_| Ok("<a href=\"/\">x</a>".to_owned()),
        language: Language::english(),
    };
    render(text, &options, &around)
}

#[test]
fn headings_are_links_to_themselves_unless_they_have_links() {
    assert_eq!(
        show_math("## Low *tide*").html,
        "<h2 id=\"low-tide\"><a class=\"anchor\" href=\"#low-tide\" data-feed=\"content\">Low <em>tide</em></a></h2>\n"
    );
    for linked in ["## A [b](c)", "## A <a href=\"/b\">c</a>", "## A[^n]\n\n[^n]: N", "## A {{ <box/> }}"] {
        let html = show_math(linked).html;
        assert!(!html.contains("anchor"), "{html}");
    }
    assert_eq!(show_math("# A\n\nb\n\n# A").html.matches("\"anchor\"").count(), 2);
    assert!(!html("# A").contains("anchor"));
}

#[cfg(feature = "math")]
#[test]
fn formulas_are_mathml_and_say_where_they_fail() {
    let rendered = show_math("So $a^2$ and\n\n$$\\frac{1}{x}$$\n\n`$b$` \\$5 and $6 or $7 {{ <box/> }}");
    assert!(rendered.problems.is_empty(), "{:?}", rendered.problems);
    assert!(rendered.html.contains("<msup><mi>a</mi><mn>2</mn></msup>"), "{}", rendered.html);
    assert!(rendered.html.contains("<math display=\"block\""), "{}", rendered.html);
    assert_eq!(rendered.html.matches("<math").count(), 2);
    assert!(rendered.html.contains("<code>$b$</code> $5 and $6 or $7"), "{}", rendered.html);
    for wrong in ["$\\frac{1}$", "$\\nosuch$", "$\\def\\a{\\a}\\a$", "$x^1^2$"] {
        let text = format!("Now {wrong} is it.");
        let problems = show_math(&text).problems;
        assert_eq!(problems.len(), 1, "{wrong}");
        assert_eq!(&text[problems[0].0.clone()], wrong);
    }
    assert!(!html("It cost $5 and $6.").contains("math"));
}

#[cfg(feature = "math")]
proptest! {
    #[test]
    fn any_formula_is_read(tex in "(\\PC|\\\\frac|\\\\sqrt|\\{|\\}|\\^|_|&|\\\\\\\\|\\\\begin\\{matrix\\}|\\\\end\\{matrix\\}|\\\\left\\(|\\\\right|\\\\text\\{|\\\\color\\{|\\[|#1| ){0,30}") {
        if let Ok(html) = formula::of_tex(&tex, false) {
            let mut reader = quick_xml::Reader::from_str(&html);
            while !matches!(reader.read_event().unwrap(), quick_xml::events::Event::Eof) {}
        }
    }
}

#[cfg(feature = "math")]
#[test]
fn formulas_are_well_formed_and_have_as_many_parts_as_they_should() {
    let space = "<mspace width=\"0.1667em\" />";
    let apply = format!("<mo>\u{2061}</mo>{space}");
    for (tex, expected) in [
        ("a<b", "<mi>a</mi><mo>&lt;</mo><mi>b</mi>".to_owned()),
        ("0 < i < N", "<mn>0</mn><mo>&lt;</mo><mi>i</mi><mo>&lt;</mo><mi>N</mi>".to_owned()),
        ("a \\lt b", "<mi>a</mi><mo>&lt;</mo><mi>b</mi>".to_owned()),
        ("a \\& b", "<mi>a</mi><mi>&amp;</mi><mi>b</mi>".to_owned()),
        ("x_{i<j}", "<msub><mi>x</mi><mrow><mi>i</mi><mo>&lt;</mo><mi>j</mi></mrow></msub>".to_owned()),
        ("\\text{a<b}", "<mtext>a&lt;b</mtext>".to_owned()),
        ("a\\ b", "<mi>a</mi><mtext>\u{a0}</mtext><mi>b</mi>".to_owned()),
        ("\\operatorname{a<b}", "<mi>a&lt;b</mi>".to_owned()),
        (
            "c_1 \\log_2 n",
            format!(
                "<msub><mi>c</mi><mn>1</mn></msub>{space}<msub><mi>log</mi><mn>2</mn></msub>{apply}<mi>n</mi>"
            ),
        ),
        (
            "c \\sin^2_i x",
            format!("<mi>c</mi>{space}<msubsup><mi>sin</mi><mi>i</mi><mn>2</mn></msubsup>{apply}<mi>x</mi>"),
        ),
        ("c_\\log", "<msub><mi>c</mi><mrow><mi>log</mi></mrow></msub>".to_owned()),
        ("a\\sqrt\\log", "<mi>a</mi><msqrt><mrow><mi>log</mi></mrow></msqrt>".to_owned()),
    ] {
        for display in [false, true] {
            let html = formula::of_tex(tex, display).unwrap();
            let inner = html.split_once("<mrow>").unwrap().1.rsplit_once("</mrow><annotation").unwrap().0;
            assert_eq!(inner, expected, "{tex}");
        }
    }
    for tex in [
        "a \\lim_{x\\to 0} f",
        "\\frac\\log n",
        "\\sqrt[\\log n]{x}",
        "\\sqrt[n+1]{x}",
        "a^{b\\log_2 c}",
        "a\\sum_{i<n}^{\\log} i",
        "\\begin{cases} 1 & a<b \\\\ \\log_2 n & b<a \\end{cases}",
    ] {
        assert!(formula::of_tex(tex, true).is_ok(), "{tex}");
    }
}
