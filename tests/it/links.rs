//! Addresses that lead nowhere.

use serde_json::Value;

use crate::site::{NOW, Site, TOML, text};

const B: &str = "content/news/b/index.md";

/// An article with `front` in its front matter, whose `body` begins on line 6 if `front` has no line.
fn article(title: &str, front: &str, body: &str) -> String {
    format!("+++\ntitle = \"{title}\"\ndate = 2026-11-01T10:00:00Z\n{front}+++\n\n{body}\n")
}

/// A site with an article, a page, files, and the article `B` with `front` and `body`.
fn harbour(front: &str, body: &str, settings: &str) -> Site {
    let site = Site::new(&[
        (
            "content/news/ferry.md",
            &article("Ferry", "aliases = [\"/old/ferry/\"]\n", "## High tides\n\nText. [^1]\n\n[^1]: Note."),
        ),
        ("content/about.md", "+++\ntitle = \"About\"\n+++\n\n<p id=\"who\">We.</p> <a name=\"why\"></a>\n"),
        ("content/news/_index.md", "+++\ntitle = \"News\"\n+++\n\n## Latest\n"),
        ("content/news/b/Quay.JPG", ""),
        ("content/news/b/d\u{e9}j\u{e0}.pdf", ""),
        ("static/img/quay.png", ""),
        ("static/bell.mp3", ""),
        ("static/table.csv", "a,b\n1,2\n"),
        (B, &article("B", front, body)),
    ]);
    site.write("site.toml", format!("{TOML}{settings}\n[images]\nresponsive = false\n"));
    site
}

/// The problems of a report, each as `severity code file:line:column help`.
fn found(report: &Value) -> Vec<String> {
    let of = |one: &Value, key: &str| one[key].as_str().unwrap_or("-").to_owned();
    let line = |one: &Value| {
        let place = format!("{}:{}:{}", of(one, "file"), one["line"], one["column"]);
        format!("{} {} {place} {}", of(one, "severity"), of(one, "code"), of(one, "help"))
    };
    report["problems"].as_array().unwrap().iter().map(line).collect()
}

#[test]
fn an_address_that_leads_nowhere_is_told_with_its_place_and_the_nearest_name() {
    for (body, class, column, near) in [
        // Sources.
        ("[x](gone.md)", "error link::dead", 5, "correct the path"),
        ("[x](../fery.md#high-tides)", "error link::dead", 5, "did you mean `../ferry.md#high-tides`?"),
        ("[x](@/news/fery.md)", "error link::dead", 5, "did you mean `@/news/ferry.md`?"),
        ("[x](/news/ferry.md)", "error link::dead", 5, "did you mean `@/news/ferry.md`?"),
        ("[x][r]\n\n[r]: ../ferri.md", "error link::dead", 6, "did you mean `../ferry.md`?"),
        ("<a href=\"gone.markdown\">x</a>", "error link::dead", 10, "correct the path"),
        // Pictures.
        ("![x](quay.jpg)", "error link::picture", 6, "did you mean `Quay.JPG`?"),
        ("![x](Quay.jpeg)", "error link::picture", 6, "did you mean `Quay.JPG`?"),
        ("![x](/img/quai.png)", "error link::picture", 6, "did you mean `/img/quay.png`?"),
        ("![x](<two words.png>)", "error link::picture", 7, "put the file beside"),
        ("<img src='quay.jpg' alt=x>", "error link::picture", 11, "did you mean `Quay.JPG`?"),
        (
            "<img src=Quay.JPG alt=x srcset=\"Quay.JPG 1x, q2.jpg 2x\">",
            "error link::picture",
            46,
            "put the file beside",
        ),
        ("<video src=\"/v.mp4\" poster=\"p.jpg\"></video>", "error link::picture", 29, "put the file"),
        (
            "{{ <figure src=\"quay.jpg\" alt=\"x\" /> }}",
            "error link::picture",
            17,
            "did you mean `Quay.JPG`?",
        ),
        // Other files.
        ("<video src=\"/v.mp4\" poster=\"Quay.JPG\"></video>", "error link::file", 13, "put the file"),
        (
            "{{ <audio src=\"/bel.mp3\" title=\"Bell\" /> }}",
            "error link::file",
            16,
            "did you mean `/bell.mp3`?",
        ),
        ("[x](/rrs.xml)", "error link::file", 5, "did you mean `/rss.xml`?"),
        ("[x](deja.pdf)", "error link::file", 5, "did you mean `d\u{e9}j\u{e0}.pdf`?"),
        ("[x](https://example.org/gone.zip)", "error link::file", 5, "put the file"),
        ("[x](www.example.com)", "error link::file", 5, "did you mean `https://www.example.com`?"),
        // Pages.
        ("[x](/abuot/)", "warning link::path", 5, "did you mean `/about/`?"),
        ("[x](/About/)", "warning link::path", 5, "did you mean `/about/`?"),
        ("[x](/news/ferry.html)", "warning link::path", 5, "correct the path"),
        ("[x](../../abuot/)", "warning link::path", 5, "did you mean `../../about/`?"),
        ("[x](https://example.org/nowhere/)", "warning link::path", 5, "correct the path"),
        ("<q cite=\"/nowhere/\">x</q>", "warning link::path", 10, "correct the path"),
        ("<form action=/nowhere/></form>", "warning link::path", 14, "correct the path"),
        ("[x](/%61buot/)", "warning link::path", 5, "did you mean `/about/`?"),
        // Parts of pages.
        ("[x](#nothing)", "warning link::fragment", 5, "correct the id"),
        ("[x](../ferry.md#low-tides)", "warning link::fragment", 5, "correct the id"),
        ("[x](/news/ferry/#low-tides)", "warning link::fragment", 5, "correct the id"),
        ("[x](/about/#whom)", "warning link::fragment", 5, "correct the id"),
        ("[x](../_index.md#last)", "warning link::fragment", 5, "correct the id"),
        ("[x](https://example.org/about/#whom)", "warning link::fragment", 5, "correct the id"),
    ] {
        let site = harbour("", body, "");
        let (code, report) = site.report(&[]);
        let line = if body.contains("[r]:") { 8 } else { 6 };
        let start = format!("{class} {B}:{line}:{column} ");
        let problems = found(&report);
        assert!(
            problems.iter().any(|one| one.starts_with(&start) && one.contains(near)),
            "{body}: {problems:#?}"
        );
        assert_eq!(code, Some(i32::from(problems.iter().any(|one| one.starts_with("error")))), "{body}");
        // A build with nothing to do says it again.
        assert_eq!(found(&site.report(&[]).1), problems, "{body}");
    }
}

#[test]
fn what_is_there_is_found_however_it_is_written() {
    let body = "![x](Quay.JPG) ![y](/img/quay.png) [a](../ferry.md) [b](../ferry.md#high-tides) [c](/news/ferry/)
[d](/news/ferry/#high-tides) [e](/news/ferry) [f](/news/ferry/index.html) [g](../ferry/) [h](../../about/)
[i](/about/#who) [j](/about/#why) [k](/old/ferry/) [l](d%C3%A9j%C3%A0.pdf) [m](<d\u{e9}j\u{e0}.pdf>) [n](/rss.xml)
[o](/rss.xml?from=b) [p](#own) [q](?page=2) [r](#top) [s](#) [t](https://example.org/about/) [u](//cdn.example.org/x.js)
[v](https://example.org) [w](mailto:a@example.org) [x](/about/#:~:text=We) [y](/about/#/settings) [z](/./about/)
[aa](/news/../about/) [ab](../ferry.md#fn-1) [ac](../_index.md#latest) [ad](/news/) [ae](/tags/sea/) [af](/archive/)
[ag](/archive/2026/11/) [ah](/table.csv) [ai](/subscribe/) [aj](/404.html) [ak](/sitemap.xml) [al](#main)

## Own

<video src=\"/bell.mp3\" poster=\"Quay.JPG\"></video> <img alt=x srcset=\"Quay.JPG 1x, /img/quay.png 2x\">";
    let site = harbour("tags = [\"sea\"]\nimage = \"Quay.JPG\"\nbanner = \"/img/quay.png\"\n", body, "");
    assert_eq!(site.problems(&[]), (Some(0), Vec::new()));
}

#[test]
fn pictures_that_front_matter_names_are_looked_up() {
    for (front, near) in [
        ("image = \"quay.jpg\"\n", "did you mean `Quay.JPG`?"),
        ("banner = \"/img/quai.png\"\n", "did you mean `/img/quay.png`?"),
        ("image = { src = \"none-such.webp\", alt = \"x\" }\n", "put the file beside"),
    ] {
        let site = harbour(front, "Text.", "");
        let (code, report) = site.report(&[]);
        assert_eq!(code, Some(1), "{front}: {report:#}");
        let problems = found(&report);
        let start = format!("error link::picture {B}:4:");
        assert!(problems[0].starts_with(&start) && problems[0].contains(near), "{front}: {problems:#?}");
        assert_eq!(problems.len(), 1, "{front}");
        site.write(B, article("B", &format!("# check-ignore\n{front}"), "Text."));
        assert_eq!(site.problems(&[]), (Some(0), Vec::new()), "{front}");
    }
}

#[test]
fn the_settings_say_how_strict_each_class_is() {
    let body = "[a](gone.md)\n![b](gone.png)\n[c](gone.zip)\n[d](/gone/)\n[e](#gone)";
    for (key, line) in [("sources", 6), ("pictures", 7), ("files", 8), ("paths", 9), ("fragments", 10)] {
        for level in ["error", "warning", "ignore"] {
            let site = harbour("", body, &format!("[check]\n{key} = \"{level}\"\n"));
            let problems = found(&site.report(&[]).1);
            let here: Vec<&str> = problems
                .iter()
                .filter(|one| one.contains(&format!("{B}:{line}:")))
                .map(|one| &one[..5])
                .collect();
            let wanted: &[&str] = match level {
                "error" => &["error"],
                "warning" => &["warni"],
                _ => &[],
            };
            assert_eq!(here, wanted, "{key} = {level}: {problems:#?}");
        }
    }
    let all = "[check]\nignore = [\"gone*\", \"/go*\", \"#gone\"]\n";
    assert_eq!(harbour("", body, all).problems(&[]), (Some(0), Vec::new()));
    let (code, report) = harbour("", "", "[check]\npaths = \"warn\"\n").report(&[]);
    assert_eq!(
        (code, report["problems"][0]["help"].as_str()),
        (Some(2), Some("choose from `error`, `warning` and `ignore`"))
    );
}

#[test]
fn a_comment_excuses_the_addresses_on_its_line_and_on_the_next() {
    for (body, lines) in [
        ("[a](gone.md) <!-- check-ignore -->", &[][..]),
        ("<!-- check-ignore -->\n[a](gone.md) ![b](gone.png)", &[]),
        ("<!-- check-ignore: it comes in May -->\n\n[a](gone.md)", &[8]),
        ("Text. <!-- check-ignore -->\n[a](gone.md)", &[7]),
        ("[a](gone.md)\n<!-- check-ignore -->", &[6]),
        ("<!-- check-ignore -->\n[a](gone.md)\n[a](gone.md)", &[8]),
        ("{{ <figure src=\"gone.png\" alt=\"x\" /> }} <!-- check-ignore -->", &[]),
    ] {
        let site = harbour("", body, "");
        let problems = site.report(&[]).1["problems"].as_array().unwrap().clone();
        let at: Vec<i64> = problems.iter().filter_map(|one| one["line"].as_i64()).collect();
        assert_eq!(at, lines, "{body}");
        if lines.is_empty() {
            let page = text(&site.output(), "news/b/index.html");
            assert!(!page.contains("check-ignore"), "{body}: {page}");
        }
    }
}

#[test]
fn whoever_linked_to_a_page_that_left_is_named_though_nothing_of_it_changed() {
    let site = harbour("", "[a](../ferry.md) [b](/news/ferry/#high-tides) [c](/table.csv)", "");
    assert_eq!(site.problems(&[]), (Some(0), Vec::new()));
    std::fs::remove_file(site.path("content/news/ferry.md")).unwrap();
    std::fs::remove_file(site.path("static/table.csv")).unwrap();
    let (code, report) = site.report(&[]);
    let problems = found(&report);
    assert_eq!(code, Some(1), "{problems:#?}");
    let places = [("error link::dead", 5), ("warning link::path", 22), ("error link::file", 51)];
    assert_eq!(problems.len(), places.len(), "{problems:#?}");
    for ((class, column), problem) in places.into_iter().zip(&problems) {
        assert!(problem.starts_with(&format!("{class} {B}:6:{column} ")), "{problems:#?}");
    }
    // With them, all is well again.
    site.write("content/news/ferry.md", article("Ferry", "", "## High tides"));
    site.write("static/table.csv", "a\n1\n");
    assert_eq!(site.problems(&[]), (Some(0), Vec::new()));
}

#[test]
fn a_renamed_heading_names_exactly_the_links_to_it() {
    let site = Site::new(&[]);
    let number = |at: usize| at % 300;
    for at in 0..300 {
        let links: Vec<String> = (1..=6)
            .map(|step| {
                let to = number(at * 7 + step * 41);
                match step {
                    1 | 2 => format!("[l](a{to:03}.md#part-{step})"),
                    3 | 4 => format!("[l](/a{to:03}/#part-1)"),
                    _ => format!("[l](a{to:03}.md)"),
                }
            })
            .collect();
        let body = format!("## Part 1\n\n{}\n\n## Part 2\n", links.join("\n"));
        site.write(&format!("content/a{at:03}.md"), article(&format!("A{at}"), "", &body));
    }
    assert_eq!(site.problems(&[]), (Some(0), Vec::new()));
    let path = "content/a123.md";
    let old = std::fs::read_to_string(site.path(path)).unwrap();
    site.write(path, old.replace("## Part 1", "## Part one"));
    let mut wanted = Vec::new();
    for at in 0..300 {
        for step in [1, 3, 4].into_iter().filter(|step| number(at * 7 + step * 41) == 123) {
            wanted.push(format!("warning link::fragment content/a{at:03}.md:{}:5 ", 7 + step));
        }
    }
    wanted.sort();
    let (code, report) = site.report(&[]);
    let problems = found(&report);
    assert_eq!((code, problems.len()), (Some(0), wanted.len()), "{problems:#?}");
    assert!(
        wanted.len() >= 3 && problems.iter().zip(&wanted).all(|(one, start)| one.starts_with(start)),
        "{problems:#?}"
    );
    // A fresh build says the same, and the old heading mends it.
    std::fs::remove_dir_all(site.path(".dateline")).unwrap();
    std::fs::remove_dir_all(site.path("public")).unwrap();
    assert_eq!(found(&site.report(&[]).1), problems);
    site.write(path, old);
    assert_eq!(site.problems(&[]), (Some(0), Vec::new()));
}

#[test]
fn a_lost_state_loses_no_finding() {
    let site = harbour("", "[a](../ferry.md#low-tides) [b](/nowhere/)", "");
    let problems = found(&site.report(&[]).1);
    assert_eq!(problems.len(), 2, "{problems:#?}");
    std::fs::remove_file(site.path(".dateline/state")).unwrap();
    assert_eq!(found(&site.report(&[]).1), problems);
}

#[test]
fn a_publication_holds_back_no_article_for_a_link() {
    let site = harbour("", "Text.", "");
    assert_eq!(site.command(&["publish", "--now", NOW]).output().unwrap().status.code(), Some(0));
    // One that is public loses a target, one that is new never had any.
    std::fs::remove_file(site.path("content/news/b/Quay.JPG")).unwrap();
    site.write(B, article("B", "image = \"Quay.JPG\"\n", "New text. ![x](Quay.JPG) [y](gone.md)"));
    site.write("content/news/c.md", article("C", "", "[y](gone.md) ![z](gone.png)"));
    let output = site.command(&["publish", "--now", NOW]).output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(0), "{said}");
    for message in ["there is no content/news/gone.md", "there is no picture \u{201c}gone.png\u{201d}"] {
        assert!(said.contains(message), "{said}");
    }
    let files = site.output();
    assert!(text(&files, "news/b/index.html").contains("New text."));
    assert!(files.contains_key("news/c/index.html"));
    // A build of the same site fails, and so does a strict publication.
    assert_eq!(site.build(&[]).status.code(), Some(1));
    assert_eq!(site.command(&["publish", "--strict", "--now", NOW]).output().unwrap().status.code(), Some(1));
}

#[test]
fn sections_and_terms_are_held_to_it_too() {
    let site = harbour("tags = [\"sea\"]\n", "Text.", "");
    site.write("content/news/_index.md", "+++\ntitle = \"News\"\n+++\n\n[x](gone.md) ![y](b/quay.jpg)\n");
    site.write("content/_index.md", "+++\ntitle = \"Front\"\n+++\n\n[x](/abuot/)\n");
    let (code, problems) = site.problems(&[]);
    assert_eq!(code, Some(1));
    let starts = [
        "link::path content/_index.md:5:5 ",
        "link::dead content/news/_index.md:5:5 ",
        "link::picture content/news/_index.md:5:19 ",
    ];
    assert_eq!(problems.len(), starts.len(), "{problems:#?}");
    assert!(problems.iter().zip(starts).all(|(one, start)| one.starts_with(start)), "{problems:#?}");
}

#[test]
fn a_site_below_a_path_is_looked_up_from_its_own_root() {
    let body = "[a](/about/) [b](/repo/about/) [c](/abuot/) [d](https://example.org/repo/about/) [e](https://example.org/other/)
![f](/img/quay.png) ![g](/img/quai.png) [h](https://example.org/repo/abuot/)";
    let site = harbour("", body, "");
    let settings = TOML.replace("https://example.org/", "https://example.org/repo/");
    site.write("site.toml", format!("{settings}[images]\nresponsive = false\n"));
    let (_, problems) = site.problems(&[]);
    let starts = ["link::path {}:6:36 ", "link::picture {}:7:26 ", "link::path {}:7:45 "];
    assert_eq!(problems.len(), starts.len(), "{problems:#?}");
    assert!(
        problems.iter().zip(starts).all(|(one, start)| one.starts_with(&start.replace("{}", B))),
        "{problems:#?}"
    );
}

#[test]
fn thousands_of_dead_addresses_in_one_text_are_told_in_good_time() {
    let body: Vec<String> = (0..4000).map(|at| format!("![x](p{at}-{}.png) [y][r{at}]\n", at * at)).collect();
    let definitions: Vec<String> = (0..4000).map(|at| format!("[r{at}]: gone-{at}.md\n")).collect();
    let site = harbour("", &(body.concat() + "\n" + &definitions.concat()), "");
    for at in 0..500 {
        site.write(&format!("static/p/{at}.png"), "");
    }
    let (code, report) = site.report(&[]);
    assert_eq!(code, Some(1));
    assert_eq!(report["problems"].as_array().unwrap().len(), 8000);
}

#[test]
fn addresses_that_templates_and_settings_have_are_looked_up_once_for_all_pages() {
    let footer = "{% extends \"theme/base.html\" %}{% block head %}<p id=\"foot\">
<a href=\"/abuot/\">A</a> <a href=\"{{ site.url }}/x/\">B</a> <a href=\"/about/\">C</a> <img src=\"/img/quai.png\" alt=\"\">
{# check-ignore #}
<a href=\"/api/v1/\">D</a> <a href=\"https://example.com/y/\">E</a> <a href=\"#foot\">F</a>
</p>{% endblock %}\n";
    let settings =
        "[[navigation]]\ntitle = \"N\"\nurl = \"/nws/\"\n[[navigation]]\ntitle = \"A\"\nurl = \"about/\"\n";
    let site = harbour("", "[a](../../about/#foot)", settings);
    site.write("templates/base.html", footer);
    let (code, report) = site.report(&[]);
    let problems = found(&report);
    let starts = [
        "warning link::template site.toml:7:8 did you mean `/news/`?",
        "warning link::template templates/base.html:2:10 did you mean `/about/`?",
        "warning link::template templates/base.html:2:93 did you mean `/img/quay.png`?",
    ];
    assert_eq!((code, problems.len()), (Some(0), starts.len()), "{problems:#?}");
    assert!(problems.iter().zip(starts).all(|(one, start)| one.starts_with(start)), "{problems:#?}");
    let strict = format!("{TOML}[check]\ntemplates = \"error\"\n[images]\nresponsive = false\n");
    site.write("site.toml", &strict);
    assert_eq!(site.problems(&[]).0, Some(1));
    site.write("site.toml", strict.replace("\"error\"", "\"ignore\""));
    assert_eq!(site.problems(&[]), (Some(0), Vec::new()));
}

#[test]
fn a_template_of_a_site_below_a_path_writes_its_paths_with_the_filter() {
    let site = harbour("", "Text.", "");
    let settings = TOML.replace("https://example.org/", "https://example.org/repo/");
    site.write("site.toml", format!("{settings}[images]\nresponsive = false\n"));
    let footer = "{% extends \"theme/base.html\" %}{% block head %}
<a href=\"/about/\">A</a> <a href=\"/repo/about/\">B</a> <a href=\"/other/\">C</a> <a href=\"{{ '/about/' | relative_url }}\">D</a>
{% endblock %}\n";
    site.write("templates/base.html", footer);
    let problems = found(&site.report(&[]).1);
    let start = "warning link::template templates/base.html:2:10 the site is below a path, so write `{{ \"/about/\" | relative_url }}`";
    assert_eq!(problems, [start]);
}

#[test]
fn a_style_sheet_of_a_site_below_a_path_gets_a_remedy_in_its_own_syntax() {
    let site = harbour("", "Text.", "");
    let settings = TOML.replace("https://example.org/", "https://example.org/repo/");
    site.write("site.toml", format!("{settings}[images]\nresponsive = false\n"));
    site.write("static/css/own.css", "a { background: url(/css/dot.svg) }\n");
    site.write("static/css/dot.svg", "<svg xmlns=\"http://www.w3.org/2000/svg\"/>");
    let problems = found(&site.report(&[]).1);
    let start = "warning link::template static/css/own.css:1:21 the site is below a path, so write it from the folder of the style sheet: `../css/dot.svg`";
    assert_eq!(problems, [start]);
    site.write("static/css/own.css", "a { background: url(../css/dot.svg) }\n");
    assert_eq!(found(&site.report(&[]).1), [""; 0]);
}

#[test]
fn an_address_that_a_template_makes_of_a_value_is_looked_up_in_its_pages() {
    let site = harbour("[extra]\nmap = \"/maps/harbour/\"\n", "[a](/gone/) ![b](Quay.JPG)", "");
    site.write("content/news/c.md", article("C", "[extra]\nmap = \"/about/\"\n", "Text."));
    site.write(
        "templates/article.html",
        "{% extends \"theme/article.html\" %}{% block head %}{% if article.extra.map %}<link rel=\"help\" href=\"{{ article.extra.map }}\">{% endif %}{% endblock %}\n",
    );
    for _ in 0..2 {
        // The second build has nothing to do but to say it again.
        let (code, problems) = site.problems(&[]);
        assert_eq!(code, Some(0));
        let starts = ["link::template content/news/b/index.md ", &format!("link::path {B}:8:5 ")];
        assert_eq!(problems.len(), starts.len(), "{problems:#?}");
        assert!(problems.iter().zip(starts).all(|(one, start)| one.starts_with(start)), "{problems:#?}");
        assert!(problems[0].contains("/maps/harbour/"), "{problems:#?}");
    }
    site.write("content/maps/harbour.md", "+++\ntitle = \"Map\"\n+++\n");
    let problems = site.problems(&[]).1;
    assert_eq!(problems.len(), 1, "{problems:#?}");
}
