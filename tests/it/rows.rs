//! Pages from data: each row of a file is an article or a page like any other.

use std::collections::BTreeSet;
use std::fs;

use serde_json::Value;

use crate::site::{Files, NOW, Site, TOML, json, text, tree};

const LATER: &str = "2026-11-25T12:00:00Z";
const SKIPPED: i32 = 5;

/// A section whose rows are in `data/teas.csv`.
const TEAS: &str = "+++\ntitle = \"Teas\"\n[[sources]]\nfile = \"data/teas.csv\"\nkey = \"sku\"\n[sources.fields]\ntitle = \"name\"\nbody = \"text\"\n+++\n";

/// A site with these rows.
fn site(rows: &str) -> Site {
    Site::new(&[("content/teas/_index.md", TEAS), ("data/teas.csv", rows)])
}

/// The problems of a build, each as `code file:line:column message`.
fn problems(site: &Site) -> Vec<String> {
    site.problems(&[]).1
}

/// The errors of a publication at [`LATER`], and its code.
fn publish(site: &Site) -> (Option<i32>, Vec<String>) {
    let command = ["publish", "--exit-code", "--now", LATER, "--format", "json"];
    let output = site.command(&command).output().unwrap();
    let said = String::from_utf8(output.stdout).unwrap();
    let events = said.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    let errors = events.filter(|event| event["event"] == "problem" && event["severity"] == "error");
    let error =
        |event: Value| format!("{}:{} {}", event["file"], event["line"], event["message"]).replace('"', "");
    (output.status.code(), errors.map(error).collect())
}

/// The output of `command` at a fixed time, and its code.
fn run(site: &Site, command: &[&str]) -> (Option<i32>, String) {
    let output = site.command(command).args(["--now", NOW]).output().unwrap();
    (output.status.code(), String::from_utf8([output.stdout, output.stderr].concat()).unwrap())
}

/// A copy of the sources of `site`, built afresh.
fn fresh(site: &Site) -> Files {
    let fresh = Site::new(&[]);
    for (path, bytes) in tree(site.0.path()) {
        if !path.starts_with("public/") && !path.starts_with(".dateline/") {
            fresh.write(&path, bytes);
        }
    }
    fresh.built()
}

/// The paths that differ between two outputs.
fn differ(ours: &Files, other: &Files) -> Vec<String> {
    let paths: BTreeSet<&String> = ours.keys().chain(other.keys()).collect();
    paths.into_iter().filter(|path| ours.get(*path) != other.get(*path)).cloned().collect()
}

/// The paths of the output that has the text `word`.
fn with(files: &Files, word: &str) -> Vec<String> {
    let has = |bytes: &[u8]| String::from_utf8_lossy(bytes).contains(word);
    files.iter().filter(|(_, bytes)| has(bytes)).map(|(path, _)| path.clone()).collect()
}

#[test]
fn each_form_of_file_has_rows() {
    for (name, list, file) in [
        ("a.csv", "", "sku,name,text,date\ntea,Green tea,From *Uji*.,2026-01-02\n7,Salt,,\n"),
        (
            "a.csv",
            "",
            "\u{feff}sku;name;text;date\r\ntea;Green tea;From *Uji*.;2026-01-02\r\n\r\n7;Salt;;\r\n",
        ),
        ("a.tsv", "", "sku\tname\ttext\tdate\ntea\tGreen tea\tFrom *Uji*.\t2026-01-02\n7\tSalt\t\t\n"),
        (
            "a.json",
            "",
            "[{\"sku\": \"tea\", \"name\": \"Green tea\", \"text\": \"From *Uji*.\", \"date\": \"2026-01-02\"},\n {\"sku\": 7, \"name\": \"Salt\", \"text\": null}]",
        ),
        (
            "a.json",
            "list = \"shop.teas\"\n",
            "{\"shop\": {\"teas\": [{\"sku\": \"tea\", \"name\": \"Green tea\", \"text\": \"From *Uji*.\", \"date\": \"2026-01-02\"}, {\"sku\": 7, \"name\": \"Salt\"}]}}",
        ),
        (
            "a.yaml",
            "",
            "- sku: tea\n  name: Green tea\n  text: |\n    From *Uji*.\n  date: 2026-01-02\n- sku: 7\n  name: Salt\n",
        ),
        (
            "sub/a.toml",
            "list = \"teas\"\n",
            "[[teas]]\nsku = \"tea\"\nname = \"Green tea\"\ntext = '''From *Uji*.'''\ndate = 2026-01-02\n[[teas]]\nsku = 7\nname = \"Salt\"\n",
        ),
    ] {
        let section = TEAS.replace("data/teas.csv\"\n", &format!("data/{name}\"\n{list}"));
        let site = Site::new(&[("content/teas/_index.md", &section)]);
        site.write(&format!("data/{name}"), file);
        let files = site.built();
        assert!(text(&files, "teas/tea/index.html").contains("From <em>Uji</em>."), "{name} {list}");
        assert!(text(&files, "teas/7/index.html").contains("Salt"), "{name} {list}");
        let items = json(&files, "feed.json")["items"].clone();
        assert_eq!(items.as_array().unwrap().len(), 1, "{name}: a row without a date is a page");
        assert_eq!(items[0]["id"], "tag:example.org,2026-01-02:teas/tea", "{name}");
        assert_eq!(items[0]["date_published"], "2026-01-02T00:00:00Z", "{name}");
        assert_eq!(with(&files, "sku"), [""; 0], "the data file itself is not published");
    }
}

#[test]
fn columns_fill_fields_by_name_or_by_choice_and_the_others_are_extra() {
    let rows = "sku,name,text,labels,authors,teaser,photo,photo_text,price,Where From,slug,shown_by,date\n\
        tea,Tea,T,\"green, hot\",Ann,A tea,/q.gif,Leaves,4.50,Uji,uji,tea.html,2026-01-01\n";
    let section = "+++\ntitle = \"Teas\"\n[[sources]]\nfile = \"data/teas.csv\"\nkey = \"sku\"\n[sources.fields]\ntitle = \"name\"\nbody = \"text\"\ntags = \"labels\"\nsummary = \"teaser\"\nimage = \"photo\"\nimage_alt = \"photo_text\"\ntemplate = \"shown_by\"\n+++\n";
    let site = Site::new(&[
        ("content/teas/_index.md", section),
        ("data/teas.csv", rows),
        (
            "templates/tea.html",
            "{{ article.title }}|{{ article.summary }}|{% for one in article.terms.tags %}{{ one.name }} {% endfor %}|{{ article.picture.alt }}|{{ article.extra.price }}|{{ article.extra[\"Where From\"] }}|{{ article.extra.sku }}|{% for name, _ in article.extra %}{{ name }} {% endfor %}",
        ),
    ]);
    site.write("static/q.gif", b"GIF89a\x01\0\x01\0\0\0\0;");
    let files = site.built();
    assert_eq!(
        text(&files, "teas/uji/index.html"),
        "Tea|A tea|green hot |Leaves|4.50|Uji|tea|sku price Where From "
    );
    assert!(files.contains_key("tags/green/index.html") && files.contains_key("authors/ann/index.html"));
}

#[test]
fn rows_inherit_what_the_section_hands_down() {
    let site = site("sku,name,text,unit\ntea,Tea,,kg\n");
    let handed =
        "[cascade]\ntemplate = \"tea.html\"\n[cascade.extra]\ncurrency = \"EUR\"\nunit = \"g\"\n[[sources]]";
    site.write("content/teas/_index.md", TEAS.replace("[[sources]]", handed));
    site.write(
        "templates/tea.html",
        "{{ article.title }} {{ article.extra.currency }} {{ article.extra.unit }}",
    );
    assert_eq!(text(&site.built(), "teas/tea/index.html"), "Tea EUR kg");
    site.write("content/teas/_index.md", TEAS.replace("[[sources]]", &handed.replace("EUR", "GBP")));
    assert_eq!(text(&site.built(), "teas/tea/index.html"), "Tea GBP kg");
}

#[test]
fn typed_columns_sort_as_what_they_are() {
    let rows = "sku,name,text,price\na,A,,12.5\nb,B,,9\nc,C,,100\nd,D,,\n";
    let section = TEAS.replace("title = \"Teas\"\n", "title = \"Teas\"\nsort = \"extra.price\"\n");
    let site = Site::new(&[
        ("site.toml", &format!("{TOML}[data.teas]\ncolumns = {{ price = \"number\" }}\n")),
        ("content/teas/_index.md", &section),
        ("data/teas.csv", rows),
        ("templates/section.html", "{% for one in section.pages %}{{ one.title }} {% endfor %}"),
    ]);
    assert_eq!(text(&site.built(), "teas/index.html"), "B A C D ");
}

#[test]
fn settings_name_rows_of_a_section_without_a_page_of_its_own() {
    let settings = format!(
        "{TOML}[[sources]]\nfile = \"data/a.csv\"\nsection = \"shop/teas\"\nkey = \"sku\"\ntemplate = \"tea.html\"\n"
    );
    let site = Site::new(&[
        ("site.toml", &settings),
        ("data/a.csv", "sku,title\ntea,Tea\n"),
        ("templates/tea.html", "{{ article.title }}!"),
    ]);
    assert_eq!(text(&site.built(), "shop/teas/tea/index.html"), "Tea!");
}

#[test]
fn rows_and_sources_link_to_each_other_by_name() {
    let site = site("sku,name,text\ntea,Tea,See [salt](salt.md) and [us](@/about.md).\nsalt,Salt,\n");
    site.write("content/about.md", "+++\ntitle = \"About\"\n+++\nWe have [tea](teas/tea.md).\n");
    let files = site.built();
    let tea = text(&files, "teas/tea/index.html");
    assert!(tea.contains("href=\"/teas/salt/\"") && tea.contains("href=\"/about/\""), "{tea}");
    assert!(text(&files, "about/index.html").contains("href=\"/teas/tea/\""));
}

#[test]
fn an_error_has_the_line_and_column_of_the_cell_and_the_key_of_the_row() {
    for (rows, expected) in [
        (
            "sku,name,text,date\ntea,Tea,,2026-13-01\n",
            "date::range data/teas.csv:2:15 in the row \u{201c}tea\u{201d}: there is no month 13",
        ),
        (
            "sku,name,text,date\nsalt,Salt,,2026-01-01\ntea,Tea,,\"Monday, 3 February 2026\"\n",
            "date::weekday data/teas.csv:3:11 in the row \u{201c}tea\u{201d}: ",
        ),
        (
            "sku,name,text\ntea,Tea,\"Two\n\nlines: \"\"so\"\" [gone](no.md).\"\n",
            "link::dead data/teas.csv:4:22 in the row \u{201c}tea\u{201d}: this link leads nowhere",
        ),
        ("sku,name,text,weight\ntea,Tea,,heavy\n", ""),
        (
            "sku,name,text\n,Tea,\n",
            "rows::key data/teas.csv:2:1 this row has no key: its \u{201c}sku\u{201d} is empty",
        ),
        (
            "sku,name,text\na/b,Tea,\n",
            "rows::key data/teas.csv:2:1 this row can't have the key \u{201c}a/b\u{201d}: ",
        ),
        ("sku,name,text\nindex,Tea,\n", "rows::key data/teas.csv:2:1 this row can't have the key "),
        (
            "sku,name,text\ntea,Tea,\nsalt,Salt,\ntea,More tea,\n",
            "rows::twice data/teas.csv:4:1 the key \u{201c}tea\u{201d} is that of two rows: line 2 of data/teas.csv has it too",
        ),
        (
            "sku,name,text\nold,Old,\n",
            "rows::taken data/teas.csv:2:1 the row \u{201c}old\u{201d} has the name of a source: content/teas/old.md is there",
        ),
        (
            "sku,name,text,status\ntea,Tea,,sold out\n",
            "front_matter::hold data/teas.csv:2:10 in the row \u{201c}tea\u{201d}: `status` is \u{201c}sold out\u{201d}",
        ),
    ] {
        let site = site(rows);
        site.write("content/teas/old.md", "+++\ntitle = \"Old\"\n+++\n");
        let (code, found) = site.problems(&[]);
        if expected.is_empty() {
            assert_eq!((code, found.len()), (Some(0), 0), "{rows}: {found:?}");
            continue;
        }
        assert_eq!(code, Some(1), "{rows}: {found:?}");
        assert!(found.len() == 1 && found[0].starts_with(expected), "{rows}: {found:#?}");
    }
}

#[test]
fn what_a_source_names_and_its_file_lacks_is_an_error_of_the_source() {
    for (change, expected) in [
        (
            ("data/teas.csv", "data/tea.csv"),
            "rows::missing content/teas/_index.md:4:8 there is no file data/tea.csv",
        ),
        (("data/teas.csv", "content/teas.csv"), "metadata::value content/teas/_index.md:4:8 `file` can't be"),
        (("data/teas.csv", "data/../teas.csv"), "metadata::value content/teas/_index.md:4:8 `file` can't be"),
        (
            ("\"sku\"", "\"skw\""),
            "rows::column content/teas/_index.md:5:7 data/teas.csv has no column \u{201c}skw\u{201d}",
        ),
        (
            ("\"name\"", "\"nome\""),
            "rows::column content/teas/_index.md:7:9 data/teas.csv has no column \u{201c}nome\u{201d}",
        ),
        (
            ("title = \"name\"\n", ""),
            "rows::title content/teas/_index.md:4:8 no column of data/teas.csv is the title",
        ),
        (
            ("title = \"name\"\n", "titel = \"name\"\ntitle = \"name\"\n"),
            "metadata::unknown content/teas/_index.md:7:1 `titel`",
        ),
        (
            ("key = \"sku\"\n", ""),
            "metadata::missing content/teas/_index.md:3:1 this source of rows has no `key`",
        ),
    ] {
        let site = site("sku,name,text\ntea,Tea,T\n");
        site.write("content/teas/_index.md", TEAS.replace(change.0, change.1));
        let found = problems(&site);
        assert!(found.len() == 1 && found[0].starts_with(expected), "{change:?}: {found:#?}");
    }
}

#[test]
fn an_error_about_two_sources_has_the_line_of_a_row_among_them() {
    for (files, expected) in [
        (
            &[
                ("data/teas.csv", "sku,name,text\ntea,Tea,\npot,Pot,\n"),
                ("content/teas/pot/index.md", "+++\ntitle = \"Pot\"\n+++\n"),
            ][..],
            ["identity::id content/teas/pot/index.md ", "plan::collision content/teas/pot/index.md "],
        ),
        (
            &[
                ("data/teas.csv", "sku,name,text,id\ntea,Tea,,x:y\npot,Pot,,x:y\n"),
                ("content/teas/_index.md", &TEAS.replace("body", "id = \"id\"\nbody")),
            ],
            ["identity::id data/teas.csv:2:10 in the row \u{201c}tea\u{201d}: ", ""],
        ),
    ] {
        let site = site("");
        files.iter().for_each(|(path, text)| site.write(path, text));
        let found = problems(&site);
        let is_right = |(one, start): (&String, &&str)| {
            one.starts_with(start) && one.contains("content/teas/pot.md (line 3 of data/teas.csv)")
        };
        let expected: Vec<&str> = expected.into_iter().filter(|start| !start.is_empty()).collect();
        assert!(found.len() == expected.len() && found.iter().zip(&expected).all(is_right), "{found:#?}");
    }
}

#[test]
fn keys_become_names_and_slugs_as_names_of_files_do() {
    let site = site("sku,name,text\nEarl Grey,A,\n\u{c4}ther,B,\n2014-02-14-ferry,C,\nv1.2,D,\n_hidden,E,\n");
    let files = site.built();
    for path in ["teas/earl-grey/", "teas/\u{e4}ther/", "teas/ferry/", "teas/v1-2/"] {
        assert!(files.contains_key(&format!("{path}index.html")), "{path}");
    }
    assert_eq!(json(&files, "feed.json")["items"][0]["date_published"], "2014-02-14T00:00:00Z");
    assert_eq!(with(&files, "hidden/\""), [""; 0]);
}

#[test]
fn a_value_inside_a_table_and_rows_of_several_sources_find_their_way() {
    let settings = format!(
        "{TOML}[[sources]]\nfile = \"data/all.yaml\"\nlist = \"site.pages\"\nsection = \"/\"\nkey = \"n\"\n[[sources]]\nfile = \"data/all.yaml\"\nlist = \"people\"\nsection = \"people\"\nkey = \"n\"\n[sources.fields]\ntitle = \"name.first\"\n"
    );
    let rows = "site:\n  pages:\n    - n: about-us\n      title: About\n      body: |\n        See [Ann](@/people/ann.md).\npeople:\n  - n: ann\n    name: {first: Ann, last: Bell}\n    none: ~\n    list: [1, {a: [b]}]\n";
    let site = Site::new(&[
        ("site.toml", &settings),
        ("data/all.yaml", rows),
        (
            "templates/page.html",
            "{{ article.title }} {{ article.content }}{% if article.extra.name %}{{ article.extra.name.last }}{{ article.extra.list[1].a[0] }}{% endif %}",
        ),
    ]);
    let files = site.built();
    assert!(text(&files, "about-us/index.html").contains("href=\"/people/ann/\""));
    assert_eq!(text(&files, "people/ann/index.html").trim(), "Ann Bellb");
}

#[test]
fn rows_of_a_section_in_another_language_translate_those_with_the_same_keys() {
    let site = site("sku,name,name_de,text\ntea,Tea,Tee,\n");
    site.write("site.toml", format!("{TOML}[languages.de]\ntitle = \"D\"\n"));
    site.write("content/teas/_index.de.md", TEAS.replace("\"name\"", "\"name_de\"").replace("Teas", "Tees"));
    let files = site.built();
    assert!(text(&files, "de/teas/tea/index.html").contains("<h1>Tee</h1>"), "{:?}", files.keys());
    let tea = text(&files, "teas/tea/index.html");
    assert!(tea.contains("hreflang=\"de\"") && tea.contains("/de/teas/tea/"), "{tea}");
}

#[test]
fn texts_of_cells_stay_texts() {
    let title = "A \"\"quoted\"\"\ndraft = true\n[extra]";
    let site = site(&format!("sku,name,text,own\ntea,\"{title}\",\"First.\n\n+++\n\nLast.\",'\\x\n"));
    site.write("templates/page.html", "{{ article.title }}|{{ article.extra.own }}|{{ article.content }}");
    let page = text(&site.built(), "teas/tea/index.html");
    let shown = page.split('|').collect::<Vec<_>>();
    assert_eq!(shown[0].replace("&quot;", "\""), title.replace("\"\"", "\""));
    assert_eq!(shown[1].replace("&#39;", "'").replace("&#x27;", "'"), "'\\x");
    assert!(shown[2].contains("First.") && shown[2].contains("Last."), "{page}");
}

#[test]
fn two_columns_for_one_field_are_an_error_until_one_is_chosen() {
    let rows = "sku,name,Draft,draft\ntea,Tea,no,yes\n";
    let site = site(rows);
    site.write("content/teas/_index.md", TEAS.replace("body = \"text\"\n", ""));
    let found = problems(&site);
    assert!(
        found.len() == 1 && found[0].contains("\u{201c}Draft\u{201d} and \u{201c}draft\u{201d}"),
        "{found:?}"
    );
    // The other one may still have been meant to hold the row.
    site.write("content/teas/_index.md", TEAS.replace("body = \"text\"\n", "draft = \"Draft\"\n"));
    let found = problems(&site);
    assert!(found.len() == 1 && found[0].starts_with("rows::hold data/teas.csv:2:12 "), "{found:?}");
}

#[test]
fn a_row_with_an_error_is_not_gone() {
    let site = site("sku,name,text,date\ntea,Tea,,2026-01-01\nsalt,Salt,,2026-01-02\n");
    site.out_at(NOW);
    site.write("data/teas.csv", "sku,name,text,date\ntea,Tea,,2026-13-01\n");
    let (_, listed) = run(&site, &["list", "--gone"]);
    assert!(listed.contains("/teas/salt/") && !listed.contains("/teas/tea/"), "{listed}");
}

#[test]
fn whatever_may_mean_that_a_row_is_not_public_holds_it_or_is_an_error() {
    // The column, a cell that holds the row, and one that does not.
    for (column, held, open) in [
        ("draft", "yes", "no"),
        ("draft", "TRUE", ""),
        ("Draft", "x", "FALSE"),
        ("published", "", "true"),
        ("published", "no", "2026-01-01"),
        ("published", "2027-01-01", "2026-01-01"),
        ("publishDate", "2027-01-01", ""),
        ("date", "2027-01-01", "2026-01-01"),
        ("hidden", "1", ""),
        ("private", "true", "0"),
        ("status", "draft", "published"),
        ("status", "", "live"),
        ("visibility", "members", "public"),
        ("expires", "2026-01-01", ""),
        ("active", "0", "1"),
        ("active", "", "yes"),
        ("embargo", "2027-01-01", ""),
        ("is_draft", "true", "false"),
        ("archived", "yes", ""),
        ("hide", "x", ""),
        ("secret", "\u{2713}", "no"),
        ("note", "draft", "drafty"),
        ("unlisted", "maybe", ""),
    ] {
        let rows = |cell: &str| format!("sku,name,text,{column}\ntea,Tea,Quetzalcoatl,{cell}\n");
        let site = site(&rows(held));
        site.build(&[]);
        // An expired page has a notice.
        assert_eq!(with(&site.output(), "Quetzalcoatl"), [""; 0], "{column} = {held}");
        site.write("data/teas.csv", rows(open));
        let (code, found) = site.problems(&[]);
        assert_eq!(code, Some(0), "{column} = {open}: {found:#?}");
        assert!(!with(&site.output(), "Quetzalcoatl").is_empty(), "{column} = {open}");
    }
}

#[test]
fn columns_that_are_called_own_values_hold_nothing() {
    let site = site("sku,name,text,status,active,hidden\ntea,Tea,T,sold out,0,draft\n");
    site.write(
        "content/teas/_index.md",
        TEAS.replace("key =", "extra = [\"status\", \"active\", \"hidden\"]\nkey ="),
    );
    site.write("templates/page.html", "{{ article.extra.status }} {{ article.extra.active }}");
    assert_eq!(problems(&site), [""; 0]);
    assert_eq!(text(&site.output(), "teas/tea/index.html"), "sold out 0");
}

#[test]
fn a_scheduled_row_comes_out_when_it_is_due() {
    let site = site("sku,name,text,date,expires\ntea,Tea,T,2026-11-25T09:00:00Z,2026-11-26T09:00:00Z\n");
    site.out_at(NOW);
    assert!(!site.output().contains_key("teas/tea/index.html"));
    let (_, due) = run(&site, &["due"]);
    assert!(due.starts_with("content/teas/tea.md comes out at 2026-11-25T09:00:00Z"), "{due}");
    let said = site.out_at(LATER);
    assert_eq!(said, ["published content/teas/tea.md at /teas/tea/, 3 h after its date"]);
    site.out_at("2026-11-27T00:00:00Z");
    assert!(text(&site.output(), "atom.xml").contains("deleted-entry"));
}

#[test]
fn a_bad_row_holds_back_nothing_but_itself() {
    let good = "sku,name,text,date\nsalt,Salt,Sea,2026-02-01\ntea,Tea,Old words,2026-01-01\n";
    for (what, bad, is_kept) in [
        ("a date", good.replace("Old words,2026-01-01", "New words,2026-13-01"), true),
        ("a component", good.replace("Old words", "New words {{ <nope /> }}"), true),
        (
            "a mark",
            good.replace("date\n", "date,active\n")
                .replace("02-01\n", "02-01,1\n")
                .replace("Old words,2026-01-01", "New words,2026-01-01,0"),
            true,
        ),
        ("twice", format!("{good}tea,Tea again,New words,2026-03-01\n"), true),
        ("no key", format!("{good},Tea again,New words,2026-03-01\n"), true),
        ("its own key", good.replace("tea,Tea,Old", ",Tea,New"), true),
        ("a key that is no name", good.replace("tea,Tea,Old", "a/b,Tea,New"), true),
        ("too few cells", good.replace("Old words,2026-01-01", "New words"), true),
        ("too many cells", good.replace("Old words,2026-01-01", "New words,2026-01-01,,x"), true),
    ] {
        let site = site(good);
        site.out_at(NOW);
        site.write(
            "data/teas.csv",
            format!("{}{}", bad.replace("Sea", "Ocean"), "new,New,Fresh,2026-04-01\n")
                .replace("2026-04-01\n", if what == "a mark" { "2026-04-01,1\n" } else { "2026-04-01\n" }),
        );
        let (code, errors) = publish(&site);
        assert_eq!(code, Some(SKIPPED), "{what}: {errors:?}");
        assert!(errors.len() == 1 && errors[0].starts_with("data/teas.csv:"), "{what}: {errors:?}");
        let files = site.output();
        assert_eq!(text(&files, "teas/tea/index.html").contains("Old words"), is_kept, "{what}");
        assert_eq!(with(&files, "New words"), [""; 0], "{what}");
        assert!(text(&files, "teas/salt/index.html").contains("Ocean"), "{what}");
        assert!(text(&files, "teas/new/index.html").contains("Fresh"), "{what}");
        let feed = text(&files, "feed.json");
        assert!(["Old words", "Ocean", "Fresh"].iter().all(|words| feed.contains(words)), "{what}: {feed}");
    }
}

#[test]
fn a_page_whose_key_is_erased_stays_until_it_has_one_again() {
    let good = "sku,name,text\nsalt,Salt,Sea\ntea,Tea,Leaves\nmint,Mint,Leaf\n";
    let site = site(good);
    site.write("content/teas/cup.md", "+++\ntitle = \"Cup\"\n+++\n");
    site.out_at(NOW);
    // Meanwhile another row and a file are deleted: the row may be the one without a key.
    fs::remove_file(site.path("content/teas/cup.md")).unwrap();
    site.write("data/teas.csv", "sku,name,text\nsalt,Salt,Ocean\n,Tea,New leaves\n");
    let (code, errors) = publish(&site);
    assert_eq!((code, errors.len()), (Some(SKIPPED), 1), "{errors:?}");
    let files = site.output();
    assert!(text(&files, "teas/salt/index.html").contains("Ocean"));
    assert!(
        text(&files, "teas/tea/index.html").contains("Leaves") && files.contains_key("teas/mint/index.html")
    );
    assert!(!files.contains_key("teas/cup/index.html"));
    site.write("data/teas.csv", "sku,name,text\nsalt,Salt,Ocean\ntea,Tea,New leaves\n");
    site.out_at(LATER);
    let files = site.output();
    assert!(
        text(&files, "teas/tea/index.html").contains("New leaves")
            && !files.contains_key("teas/mint/index.html")
    );
}

#[test]
fn a_new_row_with_an_error_is_left_out() {
    let site = site("sku,name,text,date\nsalt,Salt,Sea,2026-02-01\ntea,Tea,Words,2026-13-01\n");
    let (code, errors) = publish(&site);
    assert_eq!((code, errors.len()), (Some(SKIPPED), 1), "{errors:?}");
    let files = site.output();
    assert!(files.contains_key("teas/salt/index.html") && !files.contains_key("teas/tea/index.html"));
}

#[test]
fn a_file_that_nobody_can_read_stops_a_publication_and_nothing_leaves() {
    let good = "sku,name,text,date\nsalt,Salt,Sea,2026-02-01\n";
    for (what, text) in [
        ("a column twice", Some("sku,name,name,text,date\nsalt,Salt,Salt,Sea,2026-02-01\n")),
        ("another header", Some("id,name,text,date\nsalt,Salt,Sea,2026-02-01\n")),
        ("nothing", Some("")),
        ("no file", None),
    ] {
        let site = site(good);
        site.out_at(NOW);
        let before = site.output();
        match text {
            Some(text) => site.write("data/teas.csv", text),
            None => fs::remove_file(site.path("data/teas.csv")).unwrap(),
        }
        let (code, errors) = publish(&site);
        assert!(code == Some(1) && !errors.is_empty(), "{what}: {code:?} {errors:?}");
        assert_eq!(differ(&site.output(), &before), [""; 0], "{what}");
    }
}

#[test]
fn a_section_with_an_error_keeps_the_rows_that_it_had() {
    let site = site("sku,name,text,date\nsalt,Salt,Sea,2026-02-01\n");
    site.out_at(NOW);
    site.write("content/teas/_index.md", TEAS.replace("title = \"Teas\"", "title = Teas"));
    site.write("data/teas.csv", "sku,name,text,date\nsalt,Salt,Ocean,2026-02-01\n");
    let (code, errors) = publish(&site);
    assert_eq!(code, Some(SKIPPED), "{errors:?}");
    assert!(text(&site.output(), "teas/salt/index.html").contains("Ocean"));
}

#[test]
fn an_increment_is_what_a_fresh_build_makes_whatever_happens_to_rows() {
    let rows = |lines: &[&str]| format!("sku,name,text,date\n{}", lines.join("\n"));
    let (tea, salt, mint) =
        ("tea,Tea,See [salt](salt.md),2026-01-01", "salt,Salt,Sea,2026-02-01", "mint,Mint,,2026-03-01");
    let site = site(&rows(&[tea, salt]));
    site.write("content/news/a.md", "+++\ntitle = \"A\"\ndate = 2026-01-05\n+++\nText.\n");
    site.built();
    for (what, text, most) in [
        ("nothing", rows(&[tea, salt]), 0),
        ("another order", rows(&[salt, tea]), 0),
        ("an empty line", rows(&[salt, "", tea]), 0),
        ("one more", rows(&[salt, mint, tea]), 40),
        ("another text", rows(&[salt, mint, &tea.replace("See", "Look at")]), 12),
        ("another title", rows(&[salt, mint, &tea.replace("Tea", "Black tea")]), 40),
        ("one less", rows(&[mint, salt]), 40),
        ("another date", rows(&[mint, &salt.replace("02-01", "12-24")]), 40),
        ("a page", rows(&[&mint.replace("2026-03-01", "")]), 40),
        ("none", rows(&[]), 60),
        ("all again", rows(&[tea, salt, mint]), 60),
    ] {
        site.write("data/teas.csv", text);
        let written = site.build_at(NOW).unwrap_or_else(|| panic!("{what}: {:?}", problems(&site)));
        assert!(written <= most, "{what}: {written}");
        assert_eq!(differ(&site.output(), &fresh(&site)), [""; 0], "{what}");
        assert_eq!(site.build_at(NOW), Some(0), "{what}");
    }
}

#[test]
fn the_settings_of_a_source_have_a_say_in_its_rows() {
    let site = site("sku,name,text,other\ntea,Tea,Words,Others\n");
    site.built();
    for (from, to) in
        [("\"text\"", "\"other\""), ("\"name\"", "\"other\""), ("key = \"sku\"", "key = \"name\"")]
    {
        site.write("content/teas/_index.md", TEAS.replace(from, to));
        assert!(site.build_at(NOW).is_some());
        assert_eq!(differ(&site.output(), &fresh(&site)), [""; 0], "{to}");
    }
}

#[test]
fn a_row_keeps_its_id_and_its_first_date_and_a_new_key_redirects() {
    let site = site("sku,name,text,date\ntea,Tea,A long text of its own.,2026-01-01\n");
    site.out_at(NOW);
    let id = "tag:example.org,2026-01-01:teas/tea";
    site.write("data/teas.csv", "sku,name,text,date\ngreen-tea,Tea,A long text of its own.,2026-01-02\n");
    site.out_at(LATER);
    let files = site.output();
    let item = json(&files, "feed.json")["items"][0].clone();
    assert_eq!(
        (item["id"].as_str(), item["url"].as_str()),
        (Some(id), Some("https://example.org/teas/green-tea/"))
    );
    assert_eq!(item["date_published"], "2026-01-01T00:00:00Z");
    assert!(text(&files, "teas/tea/index.html").contains("/teas/green-tea/"));
}

#[test]
fn commands_know_rows_and_say_where_they_are() {
    let site = site("sku,name,text,date\nsalt,Salt,,\ntea,Tea,T,2026-01-01\n");
    for name in ["content/teas/tea.md", "teas/tea", "/teas/tea/", "data/teas.csv#tea"] {
        let (code, said) = run(&site, &["explain", name]);
        assert_eq!(code, Some(0), "{name}: {said}");
        assert!(said.starts_with("source     content/teas/tea.md, line 3 of data/teas.csv\n"), "{said}");
        assert!(said.contains("from data/teas.csv:3:11 `date`"), "{said}");
    }
    let (_, listed) = run(&site, &["list"]);
    assert_eq!(listed, "2026-01-01T00:00:00Z  live       /teas/tea/  Tea  (content/teas/tea.md)\n");
    let (code, said) = run(&site, &["set", "teas/tea", "title=Black tea"]);
    assert_eq!(code, Some(1));
    assert!(said.contains("change it in line 3 of data/teas.csv"), "{said}");
    let moved = site.command(&["mv", "teas/tea.md", "teas/black.md"]).output().unwrap();
    assert_eq!(moved.status.code(), Some(1));
    let said = String::from_utf8(moved.stderr).unwrap();
    assert!(said.contains("give it another key in line 3 of data/teas.csv"), "{said}");
    let (code, said) = run(&site, &["check"]);
    assert_eq!(code, Some(0), "{said}");
    site.built();
    assert_eq!(run(&site, &["verify"]).0, Some(0));
}

#[test]
fn a_moved_section_takes_its_rows_with_it() {
    let site = site("sku,name,text,date\ntea,Tea,See [us](@/about.md),2026-01-01\n");
    site.write("content/about.md", "+++\ntitle = \"About\"\n+++\nWe have [tea](teas/tea.md).\n");
    site.out_at(NOW);
    let moved = site.command(&["mv", "teas", "shop"]).output().unwrap();
    assert!(moved.status.success(), "{}", String::from_utf8_lossy(&moved.stderr));
    assert_eq!(fs::read_to_string(site.path("content/about.md")).unwrap().matches("shop/tea.md").count(), 1);
    site.out_at(LATER);
    let files = site.output();
    assert_eq!(json(&files, "feed.json")["items"][0]["id"], "tag:example.org,2026-01-01:teas/tea");
    assert!(text(&files, "teas/tea/index.html").contains("/shop/tea/"));
}

#[test]
fn without_a_ledger_a_move_says_which_ids_change_with_their_rows() {
    let site = site("sku,name,text,date\ntea,Tea,See [it](../news/a.md).,2026-01-01\n");
    site.write("site.toml", format!("ledger = false\n{TOML}"));
    site.write("content/news/a.md", "+++\ntitle = \"A\"\ndate = 2026-01-01\n+++\nText.\n");
    let mv = |from: &str, to: &str| {
        let output = site.command(&["mv", from, to]).output().unwrap();
        assert!(output.status.success());
        String::from_utf8(output.stderr).unwrap()
    };
    let said = mv("news/a.md", "news/b.md");
    assert!(said.contains("data/teas.csv:2: the row \u{201c}tea\u{201d} links to what moves"), "{said}");
    let said = mv("teas", "shop");
    assert!(
        said.contains("content/teas/tea.md") && said.contains("tag:example.org,2026-01-01:teas/tea"),
        "{said}"
    );
}

#[test]
fn a_check_finds_faults_of_rows_in_the_data_file() {
    let site = site("sku,name,text\ntea,Tea,\"Words.\n\n### Deep\n\n![](/q.gif)\"\n");
    site.write("static/q.gif", b"GIF89a\x01\0\x01\0\0\0\0;");
    let output = site.command(&["check", "--format", "json", "--now", NOW]).output().unwrap();
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    let of_rows = report["problems"].as_array().unwrap().iter().filter(|one| one["file"] == "data/teas.csv");
    let lines: Vec<(u64, &str)> =
        of_rows.map(|one| (one["line"].as_u64().unwrap(), one["code"].as_str().unwrap())).collect();
    assert!(
        lines.contains(&(4, "check::headings")) || lines.iter().any(|(line, _)| *line == 4),
        "{report:#}"
    );
    assert!(lines.iter().any(|(line, _)| *line == 6), "{report:#}");
}
