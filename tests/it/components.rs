//! Components that authors call, and the files of data that they name.

use crate::site::{Site, json, text};

const FRONT: &str = "+++\ntitle = \"T\"\ndate = 2024-01-01\n+++\n";

fn article(body: &str) -> String {
    format!("{FRONT}{body}\n")
}

#[test]
fn feeds_have_charts_as_tables_films_as_links_and_embeds_as_links() {
    let files = Site::copy("components").built();
    let page = text(&files, "news/tides/index.html");
    assert_eq!(page.matches("<svg ").count(), 2);
    assert!(!page.contains("<script src=\"http") && !page.contains("<iframe"), "nobody else is asked");
    let feed = json(&files, "feed.json");
    let html = feed["items"][0]["content_html"].as_str().unwrap();
    assert!(!html.contains("svg") && !html.contains("<details") && !html.contains("The numbers"), "{html}");
    assert_eq!(html.matches("<table>").count(), 3, "{html}");
    assert!(html.contains("<th scope=\"row\">2024-01</th><td>5,2</td>"), "{html}");
    assert!(
        html.contains("<a href=\"https://components.example.org/news/tides/tide.mp4\">The tide comes in</a>"),
        "{html}"
    );
    assert!(html.contains("poster=\"https://components.example.org/news/tides/quay.png\""), "{html}");
    assert!(!html.contains("Download"), "{html}");
    assert!(html.contains("<a href=\"https://video.example/1\">The film at Example</a>"), "{html}");
    assert!(html.ends_with("</ol>\n</div>") && html.contains("id=\"fn-1\""), "{html}");
}

#[test]
fn a_call_that_is_wrong_says_where_and_what_is_near() {
    let body = "{{ <figrue src=\"a\" /> }}\n\n{{ <figure src=\"/a\" atl=\"x\" /> }}\n\n{{ <figure alt=\"x\" /> }}\n\n{{ <table src=\"no.csv\" /> }}\n\n{{ <table src=\"bad.csv\" /> }}\n\n{{ <line_chart title=\"T\" src=\"words.csv\" /> }}\n\n{{ <figure src=\"nowhere.md\" /> }}\n\n{{ <table src=\"latin.csv\" /> }}";
    let site = Site::new(&[
        ("content/a/index.md", &article(body)),
        ("content/a/bad.csv", "a,b\n1,2\n\n1,2,3\n"),
        ("content/a/words.csv", "a,b\nx,1\ny,two\n"),
    ]);
    site.write("content/a/latin.csv", b"a\ncaf\xe9\n");
    let (code, problems) = site.problems(&[]);
    assert_eq!(code, Some(1));
    assert_eq!(
        problems,
        [
            "markdown::component content/a/index.md:5:1 the component `figrue` can't be shown: there is no such component; did you mean `figure`?",
            "markdown::component content/a/index.md:7:21 the component `figure` can't be shown: it has no argument `atl`; did you mean `alt`?",
            "markdown::component content/a/index.md:9:1 the component `figure` can't be shown: its argument `src` is missing",
            "markdown::component content/a/index.md:11:11 the component `table` can't be shown: no.csv: there is no such file beside this one, nor from the root of `static/`, nor in `data/`",
            "markdown::component content/a/index.md:13:11 the component `table` can't be shown: bad.csv: line 4, column 5: this row has 3 cells, and the file has 2 columns",
            "markdown::component content/a/index.md:15:1 the component `line_chart` can't be shown: `two` in the column `b` is no number",
            "link::dead content/a/index.md:17:17 this link leads nowhere: there is no content/a/nowhere.md",
            "markdown::component content/a/index.md:19:11 the component `table` can't be shown: latin.csv: this is not UTF-8: byte 5 (line 2) is 0xE9",
        ]
    );
}

#[test]
fn files_are_found_beside_the_article_and_in_static_in_the_encoding_of_their_folder() {
    let site = Site::new(&[
        (
            "content/a/index.md",
            &article(
                "{{ <table src=\"latin.csv\" /> }}\n\n{{ <table src=\"/d/b.tsv\" caption=\"B & c\" /> }}",
            ),
        ),
        ("static/d/b.tsv", "x\ty\n1\t2\n"),
    ]);
    site.write("content/a/latin.csv", b"a\ncaf\xe9\n");
    site.write("site.toml", format!("{}[encodings]\n\"a\" = \"windows-1252\"\n", crate::site::TOML));
    let page = text(&site.built(), "a/index.html");
    assert!(page.contains("<th scope=\"row\">caf\u{e9}</th>"), "{page}");
    assert!(page.contains("aria-label=\"B &amp; c\""), "{page}");
}

#[test]
fn a_components_own_numbers_and_language_are_there_for_any_component() {
    let site = Site::new(&[
        (
            "templates/own.html",
            "{% component sum(of: string, by: string = \"x\", @data: map, @lang: string = \"\") %}<p lang=\"{{ lang }}\">{{ data.of.name }}: {% for column in data.of.columns %}{{ column.name }}={{ column.kind }} {% endfor %}{{ data.of.columns[1].numbers[0] + data.of.columns[1].numbers[1] }}</p>{% endcomponent sum %}",
        ),
        ("content/a/index.md", "+++\ntitle = \"T\"\nlang = \"de\"\n+++\n{{ <sum of=\"n.csv\" /> }}\n"),
        ("content/a/n.csv", "day;v\n2024-01-01;1,5\n2024-01-02;2\n"),
    ]);
    let page = text(&site.built(), "a/index.html");
    assert!(page.contains("<p lang=\"de\">n.csv: day=date v=number 3.5</p>"), "{page}");
}

#[test]
fn an_edit_of_the_data_renders_what_reads_it_and_nothing_else() {
    let site = Site::new(&[
        ("content/a/index.md", &article("{{ <bar_chart src=\"n.csv\" title=\"N\" /> }}")),
        ("content/a/n.csv", "a,b\nx,1\n"),
        ("content/b.md", &article("{{ <table src=\"/n.csv\" /> }}")),
        ("static/n.csv", "a,b\nx,5\n"),
        ("content/c.md", &article("{% <note> %}c{% </note> %}")),
    ]);
    let first = site.built();
    // Of the same length, at once: no stamp tells.
    site.write("content/a/n.csv", "a,b\nx,2\n");
    let second = site.built();
    assert_ne!(first["a/index.html"], second["a/index.html"]);
    assert_ne!(first["feed.json"], second["feed.json"]);
    assert_eq!(first["b/index.html"], second["b/index.html"]);
    site.write("static/n.csv", "a,b\nx,6\n");
    let third = site.built();
    assert!(text(&third, "b/index.html").contains(">6</td>"));
    let verified = site.command(&["verify", "--now", crate::site::NOW]).output().unwrap();
    assert!(verified.status.success(), "{verified:?}");
}

#[test]
fn documentation_has_steps_tabs_cards_and_trees_of_files_that_work_without_a_script() {
    let body = "{% <steps> %}\n1. One.\n2. Two.\n\n   More.\n{% </steps> %}\n\n{% <tabs> %}\n{% <tab title=\"A & b\" group=\"g\" open={true}> %}\n`a`\n{% </tab> %}\n{% <tab title=\"C\" group=\"g\"> %}\nText.\n{% </tab> %}\n{% </tabs> %}\n\n{% <cards> %}\n{% <card title=\"Other\" url=\"other.md\"> %}\nThere.\n{% </card> %}\n{% </cards> %}\n\n{% <files> %}\n- a/\n  - b.md\n{% </files> %}\n\n{% <note title=\"Why?\" fold={true}> %}\nSo.\n{% </note> %}\n\n{% <note fold={true}> %}\nSo.\n{% </note> %}";
    let files =
        Site::new(&[("content/a.md", &*article(body)), ("content/other.md", &*article("Other."))]).built();
    let page = text(&files, "a/index.html");
    let page: String = page.split_whitespace().collect::<Vec<_>>().join(" ");
    for part in [
        "<div class=\"steps\"><ol> <li> <p>One.</p> </li>",
        "<div class=\"tabs\"><details class=\"tab\" name=\"g\" open><summary>A &amp; b</summary> <p><code>a</code></p>",
        "</details> <details class=\"tab\" name=\"g\"><summary>C</summary> <p>Text.</p> </details> </div>",
        "<div class=\"boxes\"><div class=\"box\"><p class=\"box-title\"><a href=\"/other/\">Other</a></p> <p>There.</p>",
        "<div class=\"files\"><ul> <li>a/ <ul> <li>b.md</li>",
        "<details class=\"note\"><summary class=\"note-title\">Why?</summary> <p>So.</p>",
        "<summary class=\"note-title\">Note</summary>",
    ] {
        assert!(page.contains(part), "{part}: {page}");
    }
    let feed = json(&files, "feed.json");
    let html = feed["items"].as_array().unwrap().iter().find(|item| item["url"] == "https://example.org/a/");
    let html = html.unwrap()["content_html"].as_str().unwrap();
    assert!(html.contains("<summary>C</summary>") && html.contains("There."), "{html}");
}

#[test]
fn a_badge_stands_in_a_text_and_beside_a_heading_whose_name_it_is_not() {
    let body = "## Low tide {{ <badge text=\"New\" kind=\"tip\" /> }}\n\nBoats {{ <badge text=\"beta & more\" /> }} wait.\n\n## Two\n\n## Three\n\n## Four";
    let files = Site::new(&[("content/a.md", &article(body))]).built();
    let page = text(&files, "a/index.html");
    let badge = "<small class=\"badge badge-tip\" data-contents=\"none\">New</small>";
    let heading = format!(
        "<h2 id=\"low-tide\"><a class=\"anchor\" href=\"#low-tide\" data-feed=\"content\">Low tide {badge}</a></h2>"
    );
    assert!(page.contains(&heading), "{page}");
    assert!(page.contains("<a href=\"#low-tide\">Low tide</a>"), "{page}");
    assert!(page.contains(
        "<p>Boats <small class=\"badge badge-note\" data-contents=\"none\">beta &amp; more</small> wait.</p>"
    ));
    let feed = json(&files, "feed.json");
    let html = feed["items"][0]["content_html"].as_str().unwrap();
    assert!(html.contains("Low tide <small>New</small></h2>"), "{html}");
}

#[test]
fn tabs_may_be_one_choice_with_others() {
    let body = "{% <tab title=\"A\" group=\"g\" sync=\"system\"> %}\nText.\n{% </tab> %}\n\n{% <tab title=\"B\"> %}\nText.\n{% </tab> %}";
    let page = text(&Site::new(&[("content/a.md", &article(body))]).built(), "a/index.html");
    assert!(
        page.contains("<details class=\"tab\" name=\"g\" data-sync=\"system\"><summary>A</summary>"),
        "{page}"
    );
    assert!(page.contains("<details class=\"tab\"><summary>B</summary>"), "{page}");
    // Only pages with something for a script load it.
    assert!(page.contains("/tabs.js\"") && !page.contains("/zoom.js\""), "{page}");
}
