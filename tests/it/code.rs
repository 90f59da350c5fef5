//! Code in articles: its page, its feeds, its colours.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use crate::site::{Site, TOML, between, json, text};

fn theme(name: &str) -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("static").join(name)).unwrap()
}

const ARTICLE: &str = "+++\ntitle = \"Code\"\ndate = 2024-01-01\n+++\n## Main\n\n```rust {lines, mark=2, title=\"src/main.rs\"}\nfn main() {\n    println!(\"a < b\"); // so\n}\n```\n";

#[test]
fn pages_have_classes_and_feeds_have_plain_code() {
    let site =
        Site::new(&[("content/code.md", ARTICLE), ("content/none.md", "+++\ntitle = \"N\"\n+++\nNone.")]);
    let files = site.built();
    let page = text(&files, "code/index.html");
    assert!(page.contains("<figure class=\"code\"><figcaption>src/main.rs</figcaption><pre tabindex=\"0\" class=\"numbered digits-1\"><code class=\"language-rust\"><span class=\"line\" data-line=\"1\"><span class=\"k\">fn</span> <span class=\"f\">main</span>() {\n</span>"), "{page}");
    assert!(page.contains("<span class=\"line marked\" data-line=\"2\">"), "{page}");
    assert!(page.contains("code.js") && !text(&files, "none/index.html").contains("code.js"));
    assert!(page.contains("<a class=\"anchor\" href=\"#main-1\""), "{page}");
    assert!(!page.contains("style=\""));
    let feed = json(&files, "feed.json");
    let html = feed["items"][0]["content_html"].as_str().unwrap();
    assert_eq!(
        html,
        "<h2 id=\"main-1\">Main</h2>\n<figure><figcaption>src/main.rs</figcaption><pre><code>fn main() {\n    println!(\"a &lt; b\"); // so\n}\n</code></pre></figure>"
    );
    site.write("site.toml", format!("{TOML}[markdown]\nhighlight = false\nheading_links = false\n"));
    let plain = text(&site.built(), "code/index.html");
    assert!(!plain.contains("class=\"k\"") && !plain.contains("class=\"anchor\""), "{plain}");
    assert!(plain.contains("data-line=\"1\">fn main() {"), "{plain}");
}

#[test]
fn what_is_wrong_behind_a_fence_is_a_warning_in_its_place() {
    let text = "+++\ntitle = \"Code\"\n+++\n```pyhton {linse, mark=9}\nx\n```\n\n> ~~~toml title\n> a = 1\n> ~~~\n\n```klingonese\n```\n";
    let (code, problems) = Site::new(&[("content/code.md", text)]).problems(&[]);
    assert_eq!(code, Some(0));
    assert_eq!(
        problems,
        [
            "markdown::language content/code.md:4:4 there are no colours for the language \u{201c}pyhton\u{201d}",
            "markdown::fence content/code.md:4:4 there is no line 9 to mark: the code has 1",
            "markdown::fence content/code.md:4:12 `linse` means nothing here; did you mean `lines`?",
            "markdown::fence content/code.md:8:11 `title` wants a value, such as `title=\"\u{2026}\"`",
            "markdown::language content/code.md:12:4 there are no colours for the language \u{201c}klingonese\u{201d}",
        ]
    );
}

#[test]
fn formulas_are_asked_for_and_feeds_have_their_source() {
    let body = "It cost $5 and $6, $a^2$.\n";
    let front = "title = \"M\"\ndate = 2024-01-01\n";
    let site = Site::new(&[
        ("content/money.md", &format!("+++\n{front}+++\n{body}")),
        ("content/math.md", &format!("+++\n{front}math = true\n+++\nSo $a^2$.\n")),
    ]);
    let files = site.built();
    assert!(!text(&files, "money/index.html").contains("<math"));
    let page = text(&files, "math/index.html");
    assert!(
        page.contains("<math display=\"inline\"><semantics><mrow><msup><mi>a</mi><mn>2</mn></msup></mrow>"),
        "{page}"
    );
    let feed = json(&files, "feed.json");
    let entries: Vec<&str> =
        feed["items"].as_array().unwrap().iter().map(|item| item["content_html"].as_str().unwrap()).collect();
    assert!(entries.contains(&"<p>So <code>a^2</code>.</p>"), "{entries:?}");
    site.write("content/bad.md", "+++\ntitle = \"B\"\nmath = true\n+++\nHere\nis $\\nosuch$ it.\n");
    let (code, problems) = site.problems(&[]);
    assert_eq!(code, Some(1));
    assert_eq!(
        problems,
        [
            "markdown::formula content/bad.md:6:4 this formula can't be shown: unknown primitive command near `\\nosuch`"
        ]
    );
}

/// The colours of `static/code.css`: by name, in light and in dark.
fn colours() -> BTreeMap<String, [String; 2]> {
    let css = theme("code.css");
    let lines = css.lines().filter_map(|line| line.trim().strip_prefix("--code-")?.strip_suffix(");"));
    lines
        .map(|line| {
            let (name, pair) = line.split_once(": light-dark(").unwrap();
            let (light, dark) = pair.split_once(", ").unwrap();
            (name.to_owned(), [light.to_owned(), dark.to_owned()])
        })
        .collect()
}

/// Relative luminance (WCAG 2.2).
fn luminance(colour: &str) -> f64 {
    let channel = |at: usize| {
        let value = f64::from(u8::from_str_radix(&colour[at..at + 2], 16).unwrap()) / 255.0;
        if value <= 0.04045 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
    };
    0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5)
}

#[test]
fn every_colour_can_be_read_in_light_and_dark() {
    let colours = colours();
    assert!(colours.len() >= 12);
    let mut faint = Vec::new();
    for (name, own) in colours.iter().filter(|(name, _)| !["paper", "mark"].contains(&name.as_str())) {
        for scheme in [0, 1] {
            for paper in ["paper", "mark"] {
                let (a, b) = (luminance(&own[scheme]), luminance(&colours[paper][scheme]));
                let contrast = (a.max(b) + 0.05) / (a.min(b) + 0.05);
                // WCAG 2.2, success criterion 1.4.3.
                if contrast < 4.5 {
                    faint.push(format!("{name} {} on {paper}: {contrast:.2}", own[scheme]));
                }
            }
        }
    }
    assert!(faint.is_empty(), "{faint:#?}");
}

#[test]
fn every_class_is_in_the_style_sheet_and_in_the_documentation() {
    let source =
        std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("src/render/code/colours.rs"))
            .unwrap();
    let table = between(&source, "const CLASSES", "];")[0];
    let classes: BTreeSet<&str> =
        between(table, "\", \"", "\"").into_iter().filter(|class| !class.is_empty()).collect();
    let css = theme("code.css");
    let docs =
        std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("content/docs/reference/code.md"))
            .unwrap();
    assert!(classes.len() >= 18);
    for class in classes.into_iter().filter(|class| *class != "o") {
        let rule = [" ", ","].iter().any(|after| css.contains(&format!(".{class}{after}")))
            || css.contains(&format!(".{class})"));
        assert!(rule, "no colour for .{class}");
        assert!(docs.contains(&format!("| `{class}` |")), "{class} is not documented");
    }
}

#[test]
fn code_that_a_syntax_finds_no_end_of_is_plain_and_told_of() {
    // Two articles, so that threads meet the same text at once; and one that has to be coloured after it.
    let endless = "```js\n${<a /*#<!--\"-- {{#${fn <!--\u{10348}\n```\n";
    let article = |title: &str, code: &str| format!("+++\ntitle = \"{title}\"\n+++\n{code}");
    let site = Site::new(&[
        ("content/a.md", &article("A", &format!("{endless}\n```js\nlet a = 1;\n```\n"))),
        ("content/b.md", &article("B", endless)),
    ]);
    let said = |file: &str| {
        let message =
            "this code has no colours: the rules for \u{201c}js\u{201d} find no end of it in a bearable time";
        format!("markdown::endless content/{file}:4:4 {message}")
    };
    let expected = (Some(0), vec![said("a.md"), said("b.md")]);
    assert_eq!(site.problems(&[]), expected);
    let page = text(&site.output(), "a/index.html");
    assert!(
        page.contains("<code class=\"language-js\">${&lt;a /*#&lt;!--")
            && page.contains("<span class=\"k\">let"),
        "{page}"
    );
    // The next build tells of it without another try.
    let (_, report) = site.report(&["--explain"]);
    assert_eq!((site.problems(&[]), report["explained"].as_array().unwrap().len()), (expected, 0));
}
