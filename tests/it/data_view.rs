//! Data files as the view `data` of templates and components.

use std::fs;

use crate::site::{Files, NOW, Site, TOML, between, text};

const FRONT: &str = "+++\ntitle = \"T\"\ndate = 2024-01-01\n+++\n";

/// The text that `template` shows on the page of an article of a site with the files `data`.
fn shown(template: &str, data: &[(&str, &str)]) -> String {
    let site = site(template, data);
    page(&site.built(), "a/index.html")
}

/// A site whose articles are shown by `template`, between brackets.
fn site(template: &str, data: &[(&str, &str)]) -> Site {
    let site = Site::new(data);
    site.write("content/a.md", format!("{FRONT}Text.\n"));
    site.write("templates/article.html", format!("[{template}]"));
    site
}

fn page(files: &Files, path: &str) -> String {
    let html = text(files, path);
    between(&html, "[", "]").first().map_or(html.clone(), |shown| (*shown).to_owned())
}

#[test]
fn each_language_is_read_by_the_name_of_its_file() {
    for (file, content) in [
        ("data/boats.json", "[{\"name\": \"Ada\", \"length\": 7}, {\"name\": \"Bo\", \"length\": 12}]"),
        ("data/boats.yaml", "- name: Ada\n  length: 7\n- name: Bo\n  length: 12\n"),
        ("data/boats.yml", "- {name: Ada, length: 7}\n- {name: Bo, length: 12}\n"),
        ("data/boats.csv", "name,length\nAda,7\nBo,12\n"),
        ("data/boats.CSV", "\u{feff}name;length\r\nAda;7\r\n\"Bo\";12\r\n"),
        ("data/boats.tsv", "name\tlength\nAda\t7\nBo\t12\n"),
    ] {
        let template = "{% for boat in data.boats %}{{ boat.name }} {{ boat.length }};{% endfor %}";
        assert_eq!(shown(template, &[(file, content)]), "Ada 7;Bo 12;", "{file}");
    }
    let toml = "[[boat]]\nname = \"Ada\"\nlength = 7\nbuilt = 1999-05-01\n";
    let template =
        "{% for boat in data.boats.boat %}{{ boat.name }} {{ boat.built | date(format=\"%Y\") }}{% endfor %}";
    assert_eq!(shown(template, &[("data/boats.toml", toml)]), "Ada 1999");
}

#[test]
fn a_file_in_a_folder_has_the_keys_of_its_path() {
    let files = [
        ("data/prices/eu.json", "{\"ferry\": 3}"),
        ("data/prices/far/us-west.json", "{\"ferry\": 4}"),
        ("data/prices/ignored.txt", "x"),
    ];
    for (template, expected) in [
        ("{{ data.prices.eu.ferry }}", "3"),
        ("{{ data.prices.far[\"us-west\"].ferry }}", "4"),
        ("{{ data[\"prices\"]['eu'].ferry }}", "3"),
        ("{% for name, one in data.prices %}{{ name }} {% endfor %}", "eu far "),
        ("{% set all = data %}{{ all.prices.eu.ferry }}", "3"),
        ("{% set key = \"eu\" %}{{ data.prices[key].ferry }}", "3"),
        ("{{ __tera_context.data.prices.eu.ferry }}", "3"),
        ("{{ data.prices.eu.ferry + data.prices.far[\"us-west\"].ferry }}", "7"),
    ] {
        assert_eq!(shown(template, &files), expected, "{template}");
    }
}

#[test]
fn columns_with_a_kind_are_sorted_and_compared_as_what_they_are() {
    let settings = format!(
        "{TOML}[data.products]\ncolumns = {{ price = \"number\", since = {{ type = \"date\", zone = \"Asia/Hong_Kong\" }}, sold = \"boolean\" }}\n"
    );
    let csv = "name,price,since,sold\nTea,9,2024-03-01,no\nCup,10.5,2023-12-01 08:00,yes\nPot,-1,,\n";
    let files = [("site.toml", settings.as_str()), ("data/products.csv", csv)];
    for (template, expected) in [
        ("{% for one in data.products | sort(by=\"price\") %}{{ one.name }} {% endfor %}", "Pot Tea Cup "),
        ("{% for one in data.products | sort(by=\"-price\") %}{{ one.name }} {% endfor %}", "Cup Tea Pot "),
        (
            "{% for one in data.products | where(by=\"price\", less=10) %}{{ one.name }} {% endfor %}",
            "Tea Pot ",
        ),
        (
            "{% for one in data.products | where(by=\"sold\", value=true) %}{{ one.name }} {% endfor %}",
            "Cup ",
        ),
        ("{% for one in data.products | sort(by=\"since\") %}{{ one.name }} {% endfor %}", "Cup Tea Pot "),
        (
            "{% for sold, all in data.products | group_by(by=\"sold\") %}{{ sold }} {{ all | length }} {% endfor %}",
            "false 1 true 1 ",
        ),
        ("{{ data.products[0].price + 1 }}", "10"),
        ("{{ data.products[1].since.rfc3339 }}", "2023-12-01T08:00:00+08:00"),
        (
            "{{ data.products[0].since.day }} {{ data.products[0].since | date(format=\"%-d %b %Y\") }}",
            "2024-03-01 1 Mar 2024",
        ),
        ("{{ data.products[2].since or \"soon\" }}", "soon"),
    ] {
        assert_eq!(shown(template, &files), expected, "{template}");
    }
}

#[test]
fn numbers_without_a_kind_are_text_that_is_sorted_and_compared_as_numbers() {
    let csv = [("data/a.csv", "n,sku\n9,007\n10,5x\n,x\n-1.5,1\n")];
    let json = [("data/a.json", "[{\"n\": 9}, {\"n\": 10}, {\"n\": -1.5}]")];
    for (template, expected) in [
        ("{% for one in data.a | sort(by=\"n\") %}{{ one.n }} {% endfor %}", "-1.5 9 10 "),
        ("{% for one in data.a | sort(by=\"-n\") %}{{ one.n }} {% endfor %}", "10 9 -1.5 "),
        ("{% for one in data.a | where(by=\"n\", less=10) %}{{ one.n }} {% endfor %}", "9 -1.5 "),
        ("{% for one in data.a | where(by=\"n\", value=10) %}{{ one.n }} {% endfor %}", "10 "),
    ] {
        assert_eq!(shown(template, &csv).trim_end(), expected.trim_end(), "csv {template}");
        assert_eq!(shown(template, &json), expected, "json {template}");
    }
    let mixed = "{% for one in data.a | sort(by=\"sku\") %}{{ one.sku }} {% endfor %}";
    assert_eq!(shown(mixed, &csv), "007 1 5x x ", "text stays text");
    assert_eq!(shown("{{ data.a[0].sku }}", &csv), "007");
}

#[test]
fn an_edit_renders_what_reads_the_file_and_nothing_else() {
    let site = Site::new(&[
        ("data/a.json", "{\"x\": 1}"),
        ("data/b/c.csv", "x\n1\n"),
        ("data/unread.json", "{\"x\": 1}"),
        ("templates/one.html", "[{{ data.a.x }}]"),
        ("templates/two.html", "[{{ data.b.c[0].x }}]"),
        ("templates/all.html", "[{% for name, one in data %}{{ name }} {% endfor %}]"),
        (
            "templates/components.html",
            "{% component price(@data: map) %}<b>{{ data.a.x }}</b>{% endcomponent price %}{% component hello() %}<b>hi</b>{% endcomponent hello %}",
        ),
        ("templates/include.html", "{% include \"one.html\" %}"),
        ("templates/calls.html", "{{ <price /> }}"),
    ]);
    for name in ["one", "two", "all", "include", "calls"] {
        let front = format!("+++\ntitle = \"T\"\ndate = 2024-01-01\ntemplate = \"{name}.html\"\n+++\n");
        site.write(&format!("content/{name}.md"), front);
    }
    site.write("content/price.md", format!("{FRONT}{{{{ <price /> }}}}\n"));
    site.write("content/note.md", format!("{FRONT}{{% <note> %}}n{{% </note> %}}\n"));
    site.built();
    let rendered = |site: &Site| -> Vec<String> {
        let (code, report) = site.report(&["--explain"]);
        assert_eq!(code, Some(0), "{report}");
        let pages = report["explained"].as_array().unwrap().iter().map(|one| one["path"].as_str().unwrap());
        pages.filter(|path| path.ends_with("/index.html")).map(str::to_owned).collect()
    };
    assert_eq!(rendered(&site), [""; 0]);
    site.write("data/a.json", "{\"x\": 2}");
    assert_eq!(
        rendered(&site),
        ["all", "calls", "include", "one", "price"].map(|one| format!("{one}/index.html"))
    );
    let files = site.output();
    for name in ["one", "include"] {
        assert_eq!(page(&files, &format!("{name}/index.html")), "2", "{name}");
    }
    for name in ["calls", "price"] {
        assert!(text(&files, &format!("{name}/index.html")).contains("<b>2</b>"), "{name}");
    }
    site.write("data/b/c.csv", "x\n2\n");
    assert_eq!(rendered(&site), ["all/index.html", "two/index.html"]);
    site.write("data/unread.json", "{\"x\": 2}");
    assert_eq!(rendered(&site), ["all/index.html"]);
    site.write("data/new.json", "1");
    assert_eq!(rendered(&site), ["all/index.html"]);
    assert!(page(&site.output(), "all/index.html").contains("new"));
    fs::remove_file(site.path("data/new.json")).unwrap();
    assert_eq!(rendered(&site), ["all/index.html"]);
    let verified = site.command(&["verify", "--now", NOW]).output().unwrap();
    assert!(verified.status.success(), "{verified:?}");
    let fresh = Site::new(&[]);
    for folder in ["content", "data", "templates"] {
        for (path, bytes) in crate::site::tree(&site.path(folder)) {
            fresh.write(&format!("{folder}/{path}"), bytes);
        }
    }
    assert_eq!(fresh.built(), site.output());
}

#[test]
fn a_kind_that_changes_in_site_toml_renders_what_reads_the_file() {
    let kinds = |kind: &str| format!("{TOML}[data.a]\ncolumns = {{ x = \"{kind}\" }}\n");
    let template = "{{ data.a[0].x }}";
    let site = site(template, &[("site.toml", &kinds("text")), ("data/a.csv", "x\n010\n")]);
    assert_eq!(page(&site.built(), "a/index.html"), "010");
    site.write("site.toml", kinds("number"));
    assert_eq!(page(&site.built(), "a/index.html"), "10");
}

#[test]
fn explain_names_the_file_that_changed() {
    let site = site("{{ data.a.x }}", &[("data/a.json", "{\"x\": 1}")]);
    site.built();
    site.write("data/a.json", "{\"x\": 2}");
    let (_, report) = site.report(&["--explain"]);
    let why = serde_json::json!([{ "path": "a/index.html", "why": ["`data/a.json` changed"] }]);
    assert_eq!(report["explained"], why);
}

#[test]
fn files_beside_a_source_come_first_for_its_own_page() {
    let template = "[{{ data.tides[0].high }} {{ data?.more or \"none\" }}]";
    let site = Site::new(&[
        ("data/tides.csv", "high\nsite\n"),
        ("content/bundle/index.md", FRONT),
        ("content/bundle/tides.csv", "high\nbundle\n"),
        ("content/news/plain.md", FRONT),
        ("content/news/more.json", "5"),
        ("content/other.md", FRONT),
        ("content/news/_index.md", "+++\ntitle = \"News\"\n+++\n"),
        ("templates/article.html", template),
        ("templates/section.html", "[{{ data.more }}]"),
    ]);
    let files = site.built();
    for (path, expected) in [
        ("bundle/index.html", "bundle none"),
        ("news/plain/index.html", "site 5"),
        ("other/index.html", "site none"),
        ("news/index.html", "5"),
    ] {
        assert_eq!(page(&files, path), expected, "{path}");
    }
    let before = site.output();
    site.write("content/bundle/tides.csv", "high\nlagoon\n");
    let after = site.built();
    assert_eq!(page(&after, "bundle/index.html"), "lagoon none");
    assert_eq!(before["other/index.html"], after["other/index.html"]);
}

#[test]
fn a_component_gets_the_tables_of_its_arguments_before_files_of_the_same_name() {
    let component = "{% component both(src: string, @data: map) %}<b>{{ data.src.rows[0][0] }} {{ data.boats[0].name }}</b>{% endcomponent both %}";
    let site = Site::new(&[
        ("data/boats.csv", "name\nAda\n"),
        ("data/src.json", "\"no\""),
        ("content/a/index.md", &format!("{FRONT}{{{{ <both src=\"t.csv\" /> }}}}\n")),
        ("content/a/t.csv", "x\n7\n"),
        ("templates/parts.html", component),
    ]);
    assert!(text(&site.built(), "a/index.html").contains("<b>7 Ada</b>"));
    site.write("data/boats.csv", "name\nBo\n");
    assert!(text(&site.built(), "a/index.html").contains("<b>7 Bo</b>"));
}

#[test]
fn a_name_that_does_not_exist_is_an_error_with_the_nearest() {
    let files = [("data/products.csv", "a\n1\n"), ("data/prices/europe.json", "1")];
    for (template, place, expected) in [
        ("{{ data.produts | length }}", "1:5", "there is no `data.produts`"),
        ("{% if data.produts %}x{% endif %}", "1:8", "there is no `data.produts`"),
        ("{{ data.prices.euorpe }}", "1:5", "there is no `data.prices.euorpe`"),
        ("x\n{{ data[\"product\"] }}", "2:4", "there is no `data[\"product\"]`"),
        ("{{ data.weather.today }}", "1:5", "there is no `data.weather.today`"),
    ] {
        let site = site(template, &files);
        let (code, problems) = site.problems(&[]);
        assert_eq!(code, Some(1), "{template}");
        assert_eq!(problems, [format!("template::data templates/article.html:{place} {expected}")]);
    }
    let remedy = |template: &str| {
        let (_, report) = site(template, &files).report(&[]);
        report["problems"][0]["help"].as_str().unwrap().to_owned()
    };
    assert_eq!(remedy("{{ data.produts }}"), "did you mean `data.products`?");
    assert_eq!(remedy("{{ data.prices.euorpe }}"), "did you mean `data.prices.europe`?");
    assert!(remedy("{{ data.weather }}").starts_with("there are `data.prices`, `data.products`;"));
}

#[test]
fn components_of_the_theme_show_tables_of_data() {
    let site = Site::new(&[
        ("data/boats/all.csv", "name,length\nAda,7\nBo,12\n"),
        ("content/a.md", &format!("{FRONT}{{{{ <table src=\"/data/boats/all.csv\" /> }}}}\n")),
        (
            "content/b.md",
            &format!("{FRONT}{{{{ <bar_chart src=\"data/boats/all.csv\" title=\"Boats\" /> }}}}\n"),
        ),
        ("content/c.md", FRONT),
    ]);
    let before = site.built();
    assert!(text(&before, "a/index.html").contains("<td class=\"number\">12</td>"));
    assert!(text(&before, "b/index.html").contains("<svg "));
    site.write("data/boats/all.csv", "name,length\nAda,7\nBo,13\n");
    let after = site.built();
    assert!(text(&after, "a/index.html").contains("<td class=\"number\">13</td>"));
    assert_ne!(before["b/index.html"], after["b/index.html"]);
    assert_eq!(before["c/index.html"], after["c/index.html"]);
    site.write("content/a.md", format!("{FRONT}{{{{ <table src=\"data/boat/all.csv\" /> }}}}\n"));
    let (_, problems) = site.problems(&[]);
    assert!(problems[0].contains("there is no such file beside this one"), "{problems:?}");
}

#[test]
fn a_chart_is_drawn_of_rows() {
    let settings = format!("{TOML}[data.tides]\ncolumns = {{ day = \"date\", high = \"number\" }}\n");
    for (name, content) in [
        ("data/tides.csv", "day,high\n2024-05-01,5.5\n2024-05-03,\n2024-05-04,6\n"),
        (
            "data/tides.json",
            "[{\"day\": \"2024-05-01\", \"high\": 5.5}, {\"day\": \"2024-05-03\", \"high\": null}, {\"day\": \"2024-05-04\", \"high\": 6}]",
        ),
    ] {
        let files = [("site.toml", settings.as_str()), (name, content)];
        let chart = shown("{{ data.tides | line_chart(title=\"Tides\", unit=\"m\") }}", &files);
        assert!(chart.contains("<svg ") && chart.contains(">1 May<"), "{name}: {chart}");
        let bars = shown("{{ data.tides | bar_chart(title=\"Tides\", columns=[\"high\"]) }}", &files);
        assert!(bars.contains("5.5"), "{name}: {bars}");
    }
    let site = site("{{ data.words | bar_chart(title=\"W\") }}", &[("data/words.json", "[\"a\", \"b\"]")]);
    let (_, problems) = site.problems(&[]);
    assert!(problems[0].contains("a chart is drawn of a table"), "{problems:?}");
}

#[test]
fn data_that_only_other_sources_have_beside_them_is_an_error_with_the_source() {
    let site = Site::new(&[
        ("content/a/index.md", FRONT),
        ("content/a/tides.json", "5"),
        ("content/b/index.md", FRONT),
        ("content/b/tide.json", "5"),
        ("templates/article.html", "{{ data.tides }}"),
    ]);
    let (code, report) = site.report(&[]);
    assert_eq!(code, Some(1));
    let problem = &report["problems"][0];
    assert_eq!(problem["message"], "there is no `data.tides`, while rendering content/b/index.md");
    assert_eq!(problem["help"], "did you mean `data.tide`?");
}

#[test]
fn ways_of_other_generators_to_ask_for_data_are_answered_with_ours() {
    let files = [("data/products.csv", "a\n1\n")];
    let plain = [("templates/parts.html", "{% component one() %}{{ data.products }}{% endcomponent one %}")];
    for (template, files, expected) in [
        ("{{ site.data.products }}", &files, "the file `data/products.csv` is `data.products`"),
        ("{{ load_data(path=\"data/a.csv\") }}", &files, "the file `data/products.csv` is `data.products`"),
        ("{{ data[\"products.csv\"] }}", &files, "did you mean `data.products`?"),
        ("{{ <one /> }}", &plain, "name `@data: map` among the parameters of the component"),
    ] {
        let site = site(template, files);
        site.write("data/products.csv", "a\n1\n");
        let (_, report) = site.report(&[]);
        let helps: Vec<&str> =
            report["problems"].as_array().unwrap().iter().filter_map(|one| one["help"].as_str()).collect();
        assert!(helps.contains(&expected), "{template}: {report}");
    }
}

#[test]
fn data_that_may_be_missing_is_marked_and_is_shown_once_it_is_there() {
    let site = site("{{ data?.banner or \"none\" }}", &[("data/x.json", "1")]);
    assert_eq!(page(&site.built(), "a/index.html"), "none");
    site.write("data/banner.json", "\"Hello\"");
    assert_eq!(page(&site.built(), "a/index.html"), "Hello");
    fs::remove_dir_all(site.path("data")).unwrap();
    assert_eq!(page(&site.built(), "a/index.html"), "none");
}

#[test]
fn a_template_may_give_the_name_to_a_value_of_its_own() {
    for (template, expected) in [
        ("{% for data in [1, 2] %}{{ data }} {% endfor %}", "1 2 "),
        ("{% for key, data in {\"a\": {\"b\": 1}} %}{{ data.b }} {% endfor %}", "1 "),
        ("{% set data = {\"b\": 1} %}{{ data.b }}", "1"),
    ] {
        assert_eq!(shown(template, &[]), expected, "{template}");
        assert_eq!(shown(template, &[("data/x.json", "3")]), expected, "{template}");
    }
}

#[test]
fn two_files_of_one_name_are_an_error() {
    for (one, other, expected) in [
        (
            "data/a.csv",
            "data/a.json",
            "data::twice data/a.json `data/a.json` and `data/a.csv` are both `data.a`",
        ),
        (
            "data/a.json",
            "data/a/b.json",
            "data::twice data/a.json `data/a/` and `data/a.json` are both `data.a`",
        ),
    ] {
        let site = site("x", &[(one, "[]"), (other, "[]")]);
        assert_eq!(site.problems(&[]), (Some(1), vec![expected.to_owned()]), "{one} {other}");
    }
    // Beside a source they may be there to be downloaded, as long as nothing reads them.
    let site = site("{{ data?.x or 1 }}", &[("content/t.csv", "a\n"), ("content/t.json", "1")]);
    assert_eq!(page(&site.built(), "a/index.html"), "1");
}

#[test]
fn a_file_that_cant_be_read_is_an_error_with_its_place_once() {
    let kinds = "[data.a]\ncolumns = { n = \"number\", d = { type = \"date\", zone = \"Europe/London\" } }\n";
    for (file, content, expected) in [
        (
            "data/a.json",
            "{\"x\": 1,\n \"y\": }",
            "metadata::syntax data/a.json:2:7 this is not valid JSON: expected value",
        ),
        (
            "data/a.json",
            "{\"x\": 1, \"x\": 2}",
            "metadata::syntax data/a.json:1:10 this is not valid JSON: the key `x` is here twice",
        ),
        ("data/a.toml", "x = \n", "metadata::syntax data/a.toml:1:5 "),
        ("data/a.yaml", "x: [1\n", "metadata::syntax data/a.yaml:"),
        ("data/a.csv", "", "data::empty data/a.csv:1:1 there is nothing in this file"),
        (
            "data/a.csv",
            "n,d\n\"1,2\n",
            "data::quotes data/a.csv:2:1 the quotation mark that begins this cell has no end",
        ),
        (
            "data/a.csv",
            "n,d\n1\n",
            "data::cells data/a.csv:2:1 this row has 1 cell, and the file has 2 columns",
        ),
        (
            "data/a.csv",
            "n,d\nx,\n",
            "data::cell data/a.csv:2:1 `n` can't be \u{201c}x\u{201d}: it is no number",
        ),
        (
            "data/a.csv",
            "n,d\n1,2024-03-31 01:30\n",
            "data::cell data/a.csv:2:3 `d` can't be \u{201c}2024-03-31 01:30 Europe/London\u{201d}: 2024-03-31 01:30 never was in Europe/London",
        ),
        ("data/a.csv", "n,e\n1,2\n", "data::column site.toml:6:27 `data/a.csv` has no column `d`"),
    ] {
        let settings = format!("{TOML}{}", if file.ends_with("csv") { kinds } else { "" });
        let site = site("{{ data.a | length }}", &[("site.toml", &settings), (file, content)]);
        site.write("content/b.md", FRONT);
        let (code, problems) = site.problems(&[]);
        assert_eq!((code, problems.len()), (Some(1), 1), "{content}: {problems:?}");
        assert!(problems[0].starts_with(expected), "{content}: {problems:?}");
    }
}

#[test]
fn settings_of_a_file_that_is_not_there_are_an_error() {
    for (name, expected) in [
        ("produts", "did you mean `products`?"),
        ("\"prices/ue\"", "did you mean `prices/eu`?"),
        ("\"content/none.csv\"", "write the path of a file below `data/`"),
    ] {
        let settings = format!("{TOML}[data.{name}]\ncolumns = {{ a = \"number\" }}\n");
        let files = [("data/products.csv", "a\n1\n"), ("data/prices/eu.csv", "a\n1\n")];
        let site = site("x", &files);
        site.write("site.toml", settings);
        let (code, report) = site.report(&[]);
        assert_eq!((code, &report["problems"][0]["code"]), (Some(1), &"data::unknown".into()), "{report}");
        assert!(report["problems"][0]["help"].as_str().unwrap().starts_with(expected), "{report}");
    }
}

#[test]
fn a_file_is_read_in_its_encoding() {
    let utf16: Vec<u8> =
        [0xff, 0xfe].into_iter().chain("x\r\ncafé\r\n".encode_utf16().flat_map(u16::to_le_bytes)).collect();
    let site = site("{{ data.a[0].x }} {{ data.b[0].x }}", &[]);
    site.write("site.toml", format!("{TOML}[data.b]\nencoding = \"windows-1252\"\n"));
    site.write("data/a.csv", utf16);
    site.write("data/b.csv", b"x\ncaf\xe9\n");
    assert_eq!(page(&site.built(), "a/index.html"), "café café");
    site.write("site.toml", TOML);
    let (_, report) = site.report(&[]);
    let help = report["problems"][0]["help"].as_str().unwrap();
    assert!(help.contains("`[data.\"b\"]` and `encoding = \"windows-1252\"`"), "{report}");
}

#[test]
fn data_is_text_in_html_unless_a_template_says_otherwise() {
    let files = [("data/a.json", "{\"x\": \"<b>&</b>\"}")];
    assert_eq!(shown("{{ data.a.x }}", &files), "&lt;b&gt;&amp;&lt;/b&gt;");
}

#[cfg(unix)]
#[test]
fn a_link_out_of_the_site_is_refused_and_one_inside_is_followed() {
    let outside = tempfile::tempdir().unwrap();
    fs::write(outside.path().join("secret.json"), "\"secret\"").unwrap();
    let site = site("{{ data.a }}", &[("shared/x.json", "\"inside\""), ("data/keep.json", "1")]);
    std::os::unix::fs::symlink(outside.path().join("secret.json"), site.path("data/a.json")).unwrap();
    let (code, problems) = site.problems(&[]);
    assert_eq!(code, Some(1));
    assert!(problems.iter().any(|one| one.starts_with("content::outside data/a.json")), "{problems:?}");
    fs::remove_file(site.path("data/a.json")).unwrap();
    std::os::unix::fs::symlink("../shared/x.json", site.path("data/a.json")).unwrap();
    assert_eq!(page(&site.built(), "a/index.html"), "inside");
    site.write("shared/x.json", "\"later!\"");
    assert_eq!(page(&site.built(), "a/index.html"), "later!");
}

#[test]
fn files_too_large_and_values_too_deep_are_refused() {
    let deep = format!("{}1{}", "[".repeat(50_000), "]".repeat(50_000));
    let aliases = "a: &a [x,x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b,*b]\nd: &d [*c,*c,*c,*c,*c,*c,*c,*c,*c,*c]\ne: &e [*d,*d,*d,*d,*d,*d,*d,*d,*d,*d]\nf: [*e,*e,*e,*e,*e,*e,*e,*e,*e,*e]\n";
    for (file, content) in [
        ("data/a.json", deep.as_str()),
        ("data/a.yaml", &deep),
        ("data/a.toml", &format!("a = {deep}")),
        ("data/a.yaml", "a: &x [*x]\n"),
        ("data/a.yaml", aliases),
        ("data/a.json", "123456789012345678901234567890"),
        ("data/a.json", "1e999"),
    ] {
        let site = site("{{ data.a | json }}", &[(file, content)]);
        let (code, problems) = site.problems(&[]);
        assert_eq!((code, problems.len()), (Some(1), 1), "{problems:?}");
        assert!(problems[0].contains(file), "{problems:?}");
    }
    let site = site("{{ data.a | json }}", &[]);
    fs::create_dir_all(site.path("data")).unwrap();
    fs::File::create(site.path("data/a.csv")).unwrap().set_len(65 << 20).unwrap();
    let (code, problems) = site.problems(&[]);
    assert_eq!(code, Some(1));
    assert!(problems[0].contains("a data file may have 64 MB at most"), "{problems:?}");
}
