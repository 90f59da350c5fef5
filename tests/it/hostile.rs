//! Hostile inputs: what they may not do, and the bounds that hold them.

use std::process::Output;

use crate::site::{NOW, Site, TOML};

/// Characters that may reach no terminal: of C0, DEL and C1, marks of direction, separators of lines.
const EVIL: &str =
    "\u{1b}]0;x\u{7}\u{1b}[31m\u{8}\r\t\u{7f}\u{85}\u{9b}2J\u{202e}\u{2066}\u{200f}\u{61c}\u{2028}\u{2029}";

/// True for a character that no output may have.
fn is_raw(letter: char) -> bool {
    letter.is_control() && letter != '\n'
        || matches!(u32::from(letter), 0x61c | 0x200e | 0x200f | 0x2028..=0x202e | 0x2066..=0x2069)
}

/// The output of a command, which has no raw control character.
fn said(site: &Site, arguments: &[&str]) -> Output {
    let mut command = site.command(arguments);
    if !matches!(arguments[0], "templates" | "theme" | "rollback" | "new" | "--what\u{1b}") {
        command.args(["--now", NOW]);
    }
    let output = command.output().unwrap();
    let is_csv = arguments.contains(&"csv");
    for bytes in [&output.stdout, &output.stderr] {
        let text = String::from_utf8(bytes.clone()).unwrap();
        let text = if is_csv { text.replace("\r\n", "\n") } else { text };
        // Tabs indent the lines of a server's configuration.
        let raw = text.lines().find(|line| line.trim_start_matches('\t').contains(is_raw));
        assert_eq!(raw, None, "{arguments:?} prints {raw:?}");
        let forged = text.lines().find(|line| line.starts_with("published content/forged"));
        assert_eq!(forged, None, "{arguments:?}");
    }
    output
}

/// A site in which every name, title and value that may have such characters has them.
fn evil_site() -> Site {
    let json = |text: &str| serde_json::to_string(text).unwrap().replace('\u{7f}', "\\u007f");
    let title = json(&format!("T{EVIL}\npublished content/forged.md at /x/"));
    let front = |more: &str| format!("{{\"title\": {title}, \"date\": \"2026-11-01\"{more}}}\n");
    let site = Site::new(&[]);
    site.write(
        "site.toml",
        TOML.replace("title = \"T\"", &format!("title = {title}\ndescription = {title}")),
    );
    site.write("content/_index.md", front("").replace(", \"date\": \"2026-11-01\"", ""));
    let name = "x\npublished content\u{2044}forged.md\u{1b}[31m\u{9b}\u{202e}";
    site.write(&format!("content/news/{name}.md"), front(""));
    site.write("content/news/plain.md", front(", \"tags\": [\"a\u{202e}b\"], \"authors\": [\"A\u{9b}\"]"));
    site.write("content/news/later.md", front("").replace("2026-11-01", "2027-11-01"));
    site.write(&format!("static/{name}.bin"), "x");
    site
}

const COMMANDS: &[&[&str]] = &[
    &["build", "-v", "--explain", "--timings"],
    &["build", "--format", "json"],
    &["publish"],
    &["publish", "-v"],
    &["publish", "-v", "--format", "json"],
    &["verify"],
    &["list"],
    &["list", "--format", "json"],
    &["list", "--format", "csv"],
    &["explain", "content/news/plain.md"],
    &["explain", "content/news/plain.md", "--format", "json"],
    &["explain", "none\u{1b}[31m\n"],
    &["due"],
    &["due", "--format", "json"],
    &["feeds", "preview", "--against", "old"],
    &["feeds", "preview", "--against", "old", "--format", "json"],
    &["feeds", "preview", "--against", "none\u{1b}"],
    &["feeds", "lint"],
    &["feeds", "lint", "evil.xml", "evil.json", "-v"],
    &["feeds", "lint", "evil.xml", "evil.json", "--format", "json"],
    &["feeds", "lint", "none\u{1b}\n.xml"],
    &["hosting", "nginx"],
    &["hosting", "caddy"],
    &["hosting", "headers"],
    &["templates", "none\u{1b}[31m.html"],
    &["theme", "eject", "none\u{1b}[31m.html"],
    &["rollback", "--list", "--out", "none\u{1b}\n"],
    &["new", "article", "x\u{1b}[31m.exe"],
    &["new", "site\u{9b}\n\u{202e}x"],
    &["--what\u{1b}"],
];

fn run_all(site: &Site) {
    let xml = format!(
        "<rss version=\"2.0\"><channel><title>{EVIL}</title><x{EVIL}/><link>{EVIL}</link>\n<item><guid>a{EVIL}</guid><pubDate>{EVIL}</pubDate></item></channel></rss>"
    );
    site.write("evil.xml", xml);
    let json = format!(
        "{{\"version\": \"https://jsonfeed.org/version/1.1\", \"{EVIL}\": 1, \"items\": [{{\"id\": \"a{EVIL}\"}}]}}"
    );
    site.write("evil.json", json.replace(['\u{1b}', '\u{7}', '\u{8}', '\r', '\t'], ""));
    let feed = "<rss version=\"2.0\"><channel><title>a\u{9b}\u{202e}</title><link>https://example.org/</link><description>x</description><item><title>b\u{85}\u{202e}</title><guid isPermaLink=\"false\">tag:c\u{9b}</guid><pubDate>Sun, 01 Nov 2026 00:00:00 +0000</pubDate></item></channel></rss>";
    site.write("old/rss.xml", feed);
    for command in COMMANDS {
        said(site, command);
    }
}

#[test]
fn no_command_prints_a_control_character_of_a_site() {
    let site = evil_site();
    run_all(&site);
    // The articles are public, so that the commands had something to tell of.
    let output = said(&site, &["list"]);
    let list = String::from_utf8(output.stdout.clone()).unwrap();
    assert!(!list.is_empty(), "{output:?}");
    assert!(list.contains("\\u{1b}]0;x\\u{7}") && list.contains("\\npublished content"), "{list}");
    assert_eq!(list.lines().count(), 3, "{list}");
}

#[test]
fn no_error_prints_a_control_character_of_its_source() {
    let site = evil_site();
    let names = ["k\u{1b}[31m\u{9b}", "j\n\u{202e}"];
    for (number, name) in names.iter().enumerate() {
        let bad = format!("+++\ntitle = \"x\"\n{EVIL} = 1\n+++\n");
        site.write(&format!("content/{name}.md"), bad);
        site.write(
            &format!("content/yaml{name}.md"),
            format!("---\ntitle: \"a\\e[31m\"\ndate: \"\\e[31m{number}\"\n\"b\\e\": 1\n---\n"),
        );
        site.write(
            &format!("content/body{name}.md"),
            format!("+++\ntitle = \"x\"\n+++\n[a{EVIL}](no{EVIL}.md)\n\n![](\u{9b}.png)\n\n{{{{ <no\u{9b} a=\"\u{202e}\"> }}}}\n"),
        );
        site.write(&format!("templates/{name}.html"), format!("{{{{ {EVIL} "));
    }
    site.write("static/a.css", format!("@import \"{EVIL}\"; a {{ {EVIL}"));
    run_all(&site);
    for toml in [
        format!("{TOML}\n{EVIL} = 1\n"),
        format!("{TOML}\"a\\u001b\\u009b\" = 1\nslugs = \"\\u001b\u{202e}\"\n"),
    ] {
        site.write("site.toml", toml);
        run_all(&site);
    }
}

#[test]
fn a_field_of_csv_is_one_line_and_no_formula() {
    let site = Site::new(&[]);
    for (number, title) in
        ["=1+1", "+1", "-1", "@a", "\\t=1", "\\u001b=1", "a\\nb", "\\uff1d1"].iter().enumerate()
    {
        site.write(
            &format!("content/a{number}.md"),
            format!("{{\"title\": \"{title}\", \"date\": \"2026-11-01\", \"id\": \"=x{number}\"}}\n"),
        );
    }
    let output = said(&site, &["list", "--format", "csv"]);
    let text = String::from_utf8(output.stdout).unwrap();
    assert_eq!(text.matches("\r\n").count(), 9, "{text}");
    for field in text.lines().flat_map(|line| line.trim_end().split(',')) {
        assert!(
            !field.trim_matches('"').starts_with(['=', '+', '-', '@', '\t', '\u{ff1d}']),
            "{field:?} in {text}"
        );
    }
}

/// An article of the folder `content/news`.
fn news(site: &Site, name: &str, body: &str) {
    let text = format!("+++\ntitle = \"{name}\"\ndate = 2026-11-01\n+++\n{body}\n");
    site.write(&format!("content/news/{name}/index.md"), text);
}

#[cfg(feature = "images")]
mod pictures {
    use std::fs;
    use std::io::Write;

    use super::{NOW, Site, TOML, news};

    /// A font of cards, damaged by `harm`, which gets the places of the glyphs and the table `glyf`.
    fn damaged_font(harm: impl Fn(&[usize], &mut [u8])) -> Vec<u8> {
        let mut font = include_bytes!("../../src/picture/fonts/DejaVuSans-Bold.ttf").to_vec();
        let number = |bytes: &[u8]| u32::from_be_bytes(bytes[..4].try_into().unwrap()) as usize;
        let table = |font: &[u8], tag: &[u8]| {
            let record = font[12..].chunks(16).find(|record| record.starts_with(tag)).unwrap();
            let start = number(&record[8..]);
            start..start + number(&record[12..])
        };
        let (head, loca, glyf) = (table(&font, b"head"), table(&font, b"loca"), table(&font, b"glyf"));
        assert_eq!(font[head.start + 51], 1, "long offsets");
        let mut offsets: Vec<usize> = font[loca].chunks(4).map(number).collect();
        // A glyph without an outline is no longer than nothing.
        offsets.dedup();
        offsets.pop();
        harm(&offsets, &mut font[glyf]);
        font
    }

    #[test]
    fn a_damaged_font_for_cards_is_an_error_and_no_panic() {
        let contours = |count: i16| {
            damaged_font(|offsets, glyf| {
                offsets.iter().for_each(|at| glyf[*at..*at + 2].copy_from_slice(&count.to_be_bytes()));
            })
        };
        let ends = damaged_font(|offsets, glyf| {
            offsets.iter().for_each(|at| glyf[*at + 10..*at + 14].fill(0xff));
        });
        let cut = include_bytes!("../../src/picture/fonts/DejaVuSans-Bold.ttf")[..200_000].to_vec();
        let fonts = [
            ("no contours", contours(0)),
            ("many contours", contours(0x7fff)),
            ("composed of itself", contours(-1)),
            ("ends of contours", ends),
            ("cut", cut),
            ("empty", Vec::new()),
            ("no font", b"OTTO no font".to_vec()),
        ];
        for (what, font) in fonts {
            let site = Site::new(&[]);
            site.write("site.toml", format!("{TOML}[images]\ncards = true\ncard_font = \"f.ttf\"\n"));
            site.write("f.ttf", font);
            for number in 0..6 {
                news(&site, &format!("Tides {number}"), "Text.");
            }
            let output = site.build(&[]);
            let said = String::from_utf8_lossy(&output.stderr).into_owned();
            assert!(matches!(output.status.code(), Some(0 | 1)), "{what}: {output:?}");
            assert!(!said.contains("panicked"), "{what}: {said}");
            if output.status.code() == Some(1) {
                assert!(
                    said.matches("`card_font` can't be used").count() == 1 && said.contains("site.toml"),
                    "{what}: {said}"
                );
            }
            if matches!(what, "empty" | "no font") {
                assert_eq!(output.status.code(), Some(1), "{what}");
            }
        }
    }

    /// A PNG of one pixel with a colour profile of `size` bytes, packed.
    fn with_profile(size: usize) -> Vec<u8> {
        let mut png = b"\x89PNG\r\n\x1a\n".to_vec();
        let mut chunk = |kind: &[u8; 4], content: &[u8]| {
            png.extend((content.len() as u32).to_be_bytes());
            let mut sum = flate2::Crc::new();
            [&kind[..], content].iter().for_each(|part| {
                sum.update(part);
                png.extend_from_slice(part);
            });
            png.extend(sum.sum().to_be_bytes());
        };
        let packed = |bytes: &[u8]| {
            let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::best());
            encoder.write_all(bytes).unwrap();
            encoder.finish().unwrap()
        };
        chunk(b"IHDR", &[0, 0, 0, 1, 0, 0, 0, 1, 8, 2, 0, 0, 0]);
        let mut profile = b"RGB\0\0".to_vec();
        profile.extend(packed(&vec![0; size]));
        chunk(b"iCCP", &profile);
        chunk(b"IDAT", &packed(&[0, 9, 9, 9]));
        chunk(b"IEND", &[]);
        png
    }

    #[test]
    fn a_packed_colour_profile_is_an_error_of_its_article() {
        let site = Site::new(&[]);
        news(&site, "good", "Text.");
        for (name, size) in [("small", 3_000_000), ("bomb", 200_000_000)] {
            news(&site, name, "![a](p.png)");
            site.write(&format!("content/news/{name}/p.png"), with_profile(size));
        }
        let output = site.command(&["publish", "--now", NOW]).output().unwrap();
        let said = String::from_utf8(output.stderr).unwrap();
        assert!(
            said.contains("content/news/bomb/index.md:5:")
                && said.contains("its colour profile has more than 8 MB"),
            "{said}"
        );
        assert_eq!(output.status.code(), Some(5));
        let files = site.output();
        assert!(files.contains_key("news/good/index.html") && files.contains_key("news/small/index.html"));
        assert!(!files.contains_key("news/bomb/index.html"));
    }

    #[test]
    fn no_picture_is_made_while_there_is_an_error() {
        let site = Site::copy("pictures");
        for (what, text) in [("a link", "[a](nowhere.md)"), ("a component", "{{ <nothing /> }}")] {
            news(&site, "bad", text);
            let output = site.build(&[]);
            assert_eq!(output.status.code(), Some(1), "{what}");
            let made = fs::read_dir(site.path(".dateline/pictures")).map_or(0, Iterator::count);
            assert_eq!(made, 0, "{what}");
        }
        site.write("content/news/bad/index.md", "+++\ntitle = \"Good\"\n+++\nText.\n");
        assert_eq!(site.build(&[]).status.code(), Some(0));
        assert!(fs::read_dir(site.path(".dateline/pictures")).unwrap().count() > 0);
    }
}

/// Endless code in two articles: one whose rules loop for ever, and one whose rules take long for each token.
#[cfg(feature = "highlight")]
#[test]
fn endless_code_is_shown_plain_in_every_run() {
    let site = Site::new(&[]);
    let slow = format!("{}\n", "#{".repeat(950)).repeat(64);
    news(&site, "loop", "```js\n${<a /*#<!--\"-- {{#${fn <!--\u{10348}\n```");
    for number in 0..3 {
        news(&site, &format!("slow{number}"), &format!("```scss\n// {number}\n{slow}```"));
    }
    let publish = || {
        let output = site.command(&["publish", "--now", NOW]).output().unwrap();
        assert_eq!(output.status.code(), Some(0), "{output:?}");
        let files = site.output();
        for (name, code) in
            [("loop", "js\">${&lt;a /*"), ("slow0", "scss\">// 0\n#{#{"), ("slow2", "scss\">// 2\n#{#{")]
        {
            let page = String::from_utf8_lossy(&files[&format!("news/{name}/index.html")]).into_owned();
            assert!(page.contains(&format!("<code class=\"language-{code}")), "{name}: {page}");
        }
    };
    publish();
    // Neighbours and settings make everything new.
    news(&site, "neighbour", "Text.");
    site.write("site.toml", format!("{TOML}description = \"New\"\n[front_matter]\nignore = [\"x\"]\n"));
    publish();
    site.write("templates/article.html", "{{ article.content }}");
    publish();
}

#[test]
fn an_article_of_too_many_terms_is_an_error_at_its_line() {
    let terms = |count: usize, quote: &str| {
        (0..count).map(|term| format!("{quote}t{term}{quote}")).collect::<Vec<_>>().join(", ")
    };
    let toml = |line: &str| format!("+++\ntitle = \"T\"\ndate = 2026-11-01\n{line}\n+++\nText.\n");
    for (what, file, text, line) in [
        ("tags", "a.md", toml(&format!("tags = [{}]", terms(1000, "\""))), ":4:1"),
        ("authors", "a.md", toml(&format!("weight = 1\nauthor = [{}]", terms(10_000, "\""))), ":5:1"),
        (
            "topics of a table",
            "a.md",
            toml(&format!("[taxonomies]\ntopics = [{}]", terms(201, "\""))),
            ":4:2",
        ),
        (
            "in two taxonomies",
            "a.md",
            toml(&format!("tags = [{}]\ntopics = [{}]", terms(101, "\""), terms(100, "\""))),
            ":4:1",
        ),
        (
            "of a section",
            "_index.md",
            format!("+++\n[cascade]\ntags = [{}]\n+++\n", terms(300, "\"")),
            ":3:1",
        ),
        ("YAML", "a.md", format!("---\ntitle: T\ntags: [{}]\n---\n", terms(300, "")), ":3:1"),
    ] {
        let site = Site::new(&[]);
        news(&site, "good", "Text.");
        site.write(&format!("content/bad/{file}"), text);
        let (code, problems) = site.problems(&[]);
        let is_told = problems.iter().any(|problem| {
            problem.starts_with(&format!("content::terms content/bad/{file}{line} "))
                && problem.contains("200 are the most")
        });
        assert!(code == Some(1) && is_told, "{what}: {problems:#?}");
        if what == "tags" {
            let output = site.command(&["publish", "--now", NOW]).output().unwrap();
            assert_eq!(output.status.code(), Some(5));
            assert!(site.output().contains_key("news/good/index.html"));
        }
    }
    // As many as are allowed are a page each.
    let site = Site::new(&[("content/a.md", &toml(&format!("tags = [{}]", terms(200, "\""))))]);
    assert!(site.built().contains_key("tags/t199/index.html"));
}

#[test]
fn templates_that_grow_or_run_without_end_are_an_error_of_their_file() {
    let text = "a".repeat(2000);
    let double = |set: &str| {
        format!("{{% set x = \"aaaaaaaa\" %}}{{% for i in range(end=40) %}}{set}{{% endfor %}}{{{{ x }}}}")
    };
    let nested = |inner: &str| {
        format!(
            "{{% set r = range(end=100000) %}}{{% for a in r %}}{{%- for b in r -%}}{inner}{{%- endfor -%}}{{% endfor %}}"
        )
    };
    let fan = "{% component fan(n) %}{% if n > 0 %}{{ <fan n={n - 1} /> }}{{ <fan n={n - 1} /> }}{{ <fan n={n - 1} /> }}{% endif %}{% endcomponent %}\n{{ <fan n={18} /> }}";
    let endless = "{% component endless() %}{{ <endless /> }}{% endcomponent %}{{ <endless /> }}";
    for (what, template, message) in [
        ("a text that doubles", double("{% set_global x = x ~ x %}"), "this value has more than 4 MB"),
        (
            "a captured text that doubles",
            double("{% set_global x %}{{ x }}{{ x }}{% endset %}"),
            "this value has more than 4 MB",
        ),
        ("a list that doubles", double("{% set_global x = [x, x] %}"), "this value has more than 4 MB"),
        (
            "a list of itself twice",
            double("{%- set_global x = [...[x], ...[x]] -%}"),
            "this value has more than 4 MB",
        ),
        ("loops in loops", nested("{% set c = b %}"), "this takes more than 5000000 steps"),
        ("a long output", nested(&text), "the output has more than 256 MB"),
        ("components that call themselves", fan.to_owned(), "this takes more than 5000000 steps"),
        ("a component without an end", endless.to_owned(), "recursion depth"),
    ] {
        let site = Site::new(&[]);
        news(&site, "good", "Text.");
        site.write("templates/article.html", &template);
        let (code, problems) = site.problems(&[]);
        let is_told = problems
            .iter()
            .any(|problem| problem.contains(" templates/article.html") && problem.contains(message));
        assert!(code == Some(1) && is_told, "{what}: {code:?} {problems:#?}");
    }
}

#[test]
fn includes_that_include_each_other_often_are_an_error() {
    let site = Site::new(&[("content/a.md", "+++\ntitle = \"A\"\n+++\nText.\n")]);
    for number in 0..30 {
        let next = format!("{{% include \"i{}.html\" %}}", number + 1);
        site.write(&format!("templates/i{number}.html"), next.repeat(3));
    }
    site.write("templates/i30.html", "x");
    site.write("templates/page.html", "{% include \"i0.html\" %}");
    let (code, problems) = site.problems(&[]);
    assert_eq!(code, Some(1));
    assert!(
        problems[0].contains("templates/i") && problems[0].contains("this takes more than"),
        "{problems:#?}"
    );
}

#[test]
fn an_error_behind_a_check_of_bounds_has_its_place_in_the_template() {
    let site = Site::new(&[("content/a.md", "+++\ntitle = \"A\"\n+++\nText.\n")]);
    let place = |template: &str| {
        site.write("templates/page.html", template);
        let (code, problems) = site.problems(&[]);
        assert_eq!(code, Some(1), "{problems:?}");
        problems[0].split(' ').nth(1).unwrap().to_owned()
    };
    for (template, expected) in [
        ("{% set a = 1 %}{% for b in [1] %}{% endfor %}{{ nothing }}", "templates/page.html:1:49"),
        ("{% set a %}x{% endset %}\n{{ a + 1 }}", "templates/page.html:2:4"),
    ] {
        assert_eq!(place(template), expected, "{template}");
    }
}

#[test]
fn templates_within_the_bounds_are_as_they_were() {
    let site = Site::new(&[("content/a.md", "+++\ntitle = \"A\"\n+++\nText.\n")]);
    site.write(
        "templates/page.html",
        "{% component c(x) %}<{{ x }}>{% endcomponent %}{% set a = [1, 2] %}{% for b in a -%}  {{ b }}{% endfor -%}
   {% set t %}<i>{{ article.title }}</i>{% endset -%}
  {{ t }}{% for k, v in {\"a\": 1} %}{{ k }}{{ v }}{% else %}no{% endfor %}{% for x in [] %}{% else %}none{% endfor %}{% set y = article.nothing?.deeper %}{% if y is undefined %}undefined{% endif %}{{ <c x={3} /> }}",
    );
    let files = site.built();
    let page = String::from_utf8(files["a/index.html"].clone()).unwrap();
    assert_eq!(page, "12<i>A</i>a1noneundefined<3>");
}

#[test]
fn many_calls_in_one_paragraph_and_many_marks_take_time_that_grows_with_them() {
    let took = |count: usize, text: &dyn Fn(usize) -> String| {
        let site = Site::new(&[("content/a.md", &text(count))]);
        let start = std::time::Instant::now();
        assert_eq!(said(&site, &["build"]).status.code(), Some(1));
        start.elapsed()
    };
    let calls = |count| "---\ntitle: A\n---\n".to_owned() + &"{{ <nope /> }}\n".repeat(count);
    let marks = |count| {
        let fields: String = (0..count).map(|number| format!("draft{number}: 1\n")).collect();
        format!("---\ntitle: A\n{fields}---\n")
    };
    for text in [&calls as &dyn Fn(usize) -> String, &marks] {
        let (few, many) = (took(1_500, text), took(15_000, text));
        assert!(many < few * 40 + std::time::Duration::from_secs(4), "{few:?}, {many:?}");
    }
}
