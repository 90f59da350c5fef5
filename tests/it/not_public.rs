//! Nothing that its author may have meant as "not yet" or "not public" is public.
//!
//! The tables of `content/docs/reference/front-matter.md` are read here, and every form in them is tried. A random test puts marks
//! into articles of all kinds: `DATELINE_HOLDS_SEED=2 DATELINE_HOLDS_ROUNDS=200 cargo test --test it -- any_mark --nocapture`.

use std::fs;

use serde_json::Value;

use crate::newsroom::Chance;
use crate::site::{NOW, Site, TOML, json, text, tree};

/// A word that no output may have.
const SECRET: &str = "Quetzalcoatl";

/// An article that is public.
const OPEN: &str = "---\ntitle: Open\ndate: 2020-01-01T00:00:00Z\n---\nFor everybody.\n";

/// The documentation of front matter.
fn documentation() -> String {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/content/docs/reference/front-matter.md");
    fs::read_to_string(path).unwrap()
}

/// The rows of the table below the line `head`: the code in the first column, and the second column.
fn table(head: &str) -> Vec<(Vec<String>, String)> {
    let text = documentation();
    let rows = text.lines().skip_while(|line| !line.starts_with(head)).skip(2);
    let rows = rows.take_while(|line| line.starts_with('|')).map(|line| {
        let (forms, outcome) = line.trim_matches('|').rsplit_once('|').unwrap();
        let forms = forms.split('`').skip(1).step_by(2).map(str::to_owned).collect();
        (forms, outcome.trim().to_owned())
    });
    let rows: Vec<_> = rows.collect();
    assert!(rows.len() > 2, "{head}");
    rows
}

/// The names and bytes of all files below `public/` that have the secret word.
fn leaks(site: &Site) -> Vec<String> {
    let has =
        |bytes: &[u8]| bytes.windows(SECRET.len()).any(|part| part.eq_ignore_ascii_case(SECRET.as_bytes()));
    let files = tree(&site.path("public"));
    let leaks = files.iter().filter(|(path, bytes)| has(path.as_bytes()) || has(bytes));
    leaks.map(|(path, _)| path.clone()).collect()
}

/// Builds a site with an open article and these files, of which none may be public. `outcome` says how they are held.
fn held(form: &str, files: &[(&str, &str)], outcome: &str) {
    let site = Site::new(&[("content/open.md", OPEN)]);
    files.iter().for_each(|(path, text)| site.write(path, text));
    let (code, report) = site.report(&[]);
    let problems = report["problems"].as_array().unwrap();
    assert_eq!(leaks(&site), [""; 0], "{form}");
    let held = |key: &str| report["held"][key].as_u64();
    let word = |part: &str| outcome.contains(part);
    match () {
        () if word("error") => {
            assert_eq!(code, Some(1), "{form}: {problems:#?}");
            let text = serde_json::to_string(problems).unwrap();
            let named = outcome.split('`').nth(1);
            assert!(named.is_none_or(|name| text.contains(&format!("`{name}`"))), "{form}: {text}");
            let line = problems[0]["line"].as_u64();
            assert!(line.is_some_and(|line| line > 0), "{form}: {text}");
        }
        () if word("draft") => assert_eq!((code, held("drafts")), (Some(0), Some(1)), "{form}: {report:#}"),
        () if word("scheduled") => {
            assert_eq!((code, held("scheduled")), (Some(0), Some(1)), "{form}: {report:#}");
            assert_eq!(report["held"]["next"], "2099-01-01T00:00:00Z", "{form}");
        }
        () if word("expired") => {
            assert_eq!((code, held("expired")), (Some(0), Some(1)), "{form}: {report:#}")
        }
        () => panic!("{form}: {outcome}"),
    }
    let warnings = problems.iter().filter(|one| one["severity"] == "warning").count();
    assert!(
        word("error") || word("warning") || outcome.contains("draft") || warnings == 0,
        "{form}: {problems:#?}"
    );
    // The public article comes out all the same.
    if code == Some(0) {
        assert!(site.output().contains_key("open/index.html"), "{form}");
    }
}

/// An article whose YAML has these lines.
fn with(lines: &str) -> String {
    format!("---\ntitle: {SECRET}\ndate: 2020-01-01T00:00:00Z\n{lines}\n---\n{SECRET}.\n")
}

#[test]
fn every_form_of_the_documentation_holds_its_article() {
    for (forms, outcome) in table("| in the front matter |") {
        for form in forms {
            let own_title = form.replace("title: x", &format!("title: {SECRET}"));
            held(&form, &[("content/a.md", &with(&own_title))], &outcome);
        }
    }
}

#[test]
fn every_place_of_the_documentation_holds_its_article() {
    for (forms, outcome) in table("| source |") {
        for form in forms.iter().filter(|form| form.ends_with(".md") && !form.starts_with("_index")) {
            let path = format!("content/{form}");
            held(form, &[(&path, &with(""))], &outcome);
            // The exception.
            let (site, folder) = (Site::new(&[]), path.rsplit_once('/').unwrap().0);
            if outcome.contains("folder") || outcome.contains("same") {
                site.write(&path, with(""));
                site.write(&format!("{folder}/_index.md"), "---\ntitle: Open\ndraft: false\n---\n");
            } else {
                site.write(&path, with("draft: false"));
            }
            assert_eq!(site.report(&[]).1["held"]["drafts"], 0, "{form}");
        }
    }
}

#[test]
fn every_section_of_the_documentation_holds_what_is_below_it() {
    for (forms, outcome) in table("| in `_index.md` |") {
        for form in forms.iter().filter(|form| !outcome.contains(&format!("`{form}`"))) {
            let index = format!("---\ntitle: {SECRET}\n{form}\n---\n{SECRET}\n");
            for own in ["", "draft: false"] {
                if form.starts_with("cascade") && !own.is_empty() {
                    continue;
                }
                for article in
                    ["content/news/a.md", "content/news/deep/down/a.md", "content/news/2020/01/02/a.md"]
                {
                    let site = Site::new(&[("content/open.md", OPEN), ("content/news/_index.md", &index)]);
                    site.write(article, with(own));
                    site.write("content/news/photo.txt", SECRET);
                    let (code, report) = site.report(&[]);
                    assert_eq!(code, Some(0), "{form}: {report:#}");
                    if !form.starts_with("cascade") {
                        // A notice has the place of what expired, and not its words.
                        assert_eq!(leaks(&site), [""; 0], "{form}, {article}");
                    }
                    let key = ["draft", "scheduled", "expired"]
                        .into_iter()
                        .find(|word| outcome.contains(word))
                        .unwrap();
                    let key = if key == "draft" { "drafts" } else { key };
                    assert!(report["held"][key].as_u64() >= Some(1), "{form}, {article}: {report:#}");
                }
            }
        }
    }
}

#[test]
fn every_missed_front_matter_of_the_documentation_is_an_error_at_its_line() {
    for (forms, _) in table("| beginning of a file |") {
        for form in forms {
            let beginning = form.replace('↵', "\n").replace('␣', " ");
            let rest = match beginning.lines().count() {
                _ if beginning.contains("draft") => String::new(),
                _ if beginning.ends_with("+++") => format!("title = \"{SECRET}\"\ndraft = true\n+++\n"),
                _ if beginning.contains(':') => String::new(),
                _ => format!("title: {SECRET}\ndraft: true\n{}\n", beginning.trim()),
            };
            let whole = format!("{beginning}\n{rest}\n{SECRET}\n");
            for name in ["content/a.md", "content/a.markdown", "content/a.html", "content/b/index.md"] {
                // In HTML, `#` and `*` are text, and only fields without a block around them are missed there.
                held(&format!("{form} in {name}"), &[(name, &whole)], "an error");
            }
            if !form.starts_with("---↵") && !form.starts_with('[') {
                held(&format!("{form} in a wire article"), &[("content/a.txt", &whole)], "an error");
            }
        }
    }
}

#[test]
fn marks_that_say_public_hold_nothing() {
    for line in [
        "published: true",
        "published: yes",
        "publish: true",
        "draft: false",
        "draft: no",
        "draft: \"false\"",
        "DRAFT: false",
        "status: published",
        "status: Publish",
        "visibility: public",
        "private: false",
        "hidden: no",
        "unlisted: false",
        "password: \"\"",
        "password:",
        "publishDate: 2019-01-01",
        "published: 2020-01-01",
        "expires: 2099-01-01",
        "publisher: Ada",
        "craft: knitting",
        "release: 1.2",
        "schedule: [one, two]",
        "hide_title: true",
        "extra: {status: single, hidden: false, map: 1}",
        "published_at: 2020-01-01",
        "publication: The Journal",
        "render: true",
        "public: true",
        "internal: a note",
        "archived: false",
        "event_date: 2099-01-01",
    ] {
        let site = Site::new(&[("content/a.md", &with(line))]);
        let (code, report) = site.report(&[]);
        assert_eq!((code, report["articles"].as_u64()), (Some(0), Some(1)), "{line}: {report:#}");
    }
}

#[test]
fn a_field_twice_is_an_error_in_all_three_languages() {
    let date = "2020-01-01T00:00:00Z";
    for text in [
        format!("---\ntitle: {SECRET}\ndate: {date}\ndraft: true\ndraft: false\n---\n"),
        format!("---\ntitle: {SECRET}\ndate: {date}\ndraft: true\nDraft: false\n---\n"),
        format!("---\ntitle: {SECRET}\ndate: {date}\nexpires: 2020-02-02\nexpiryDate: 2099-01-01\n---\n"),
        format!("+++\ntitle = \"{SECRET}\"\ndate = {date}\ndraft = true\ndraft = false\n+++\n"),
        format!("+++\ntitle = \"{SECRET}\"\ndate = {date}\ndraft = true\nDRAFT = false\n+++\n"),
        format!("{{\"title\": \"{SECRET}\", \"date\": \"{date}\", \"draft\": true, \"draft\": false}}\n"),
        format!("{{\"title\": \"{SECRET}\", \"date\": \"{date}\", \"draft\": true, \"Draft\": false}}\n"),
        // JSON that YAML's parser does not read.
        format!(
            "{{\"title\": \"{SECRET}\",\n\t\"date\": \"{date}\",\n\t\"a\": \"\\ud83d\\ude00\",\n\t\"draft\": true,\n\t\"draft\": false\n}}\n"
        ),
        format!(
            "---\ntitle: {SECRET}\ndate: {date}\nbase: &base {{draft: true}}\n<<: *base\ndraft: no\ndraft: yes\n---\n"
        ),
    ] {
        held(&text, &[("content/a.md", &text)], "an error");
    }
    let merged = format!("---\ntitle: {SECRET}\ndate: {date}\n<<: {{draft: true}}\n---\n");
    held(&merged, &[("content/a.md", &merged)], "is a draft");
}

#[test]
fn toml_and_json_hold_as_yaml_does() {
    let date = "2020-01-01T00:00:00Z";
    for (line, outcome) in [
        ("published = false", "draft"),
        ("Published = \"no\"", "draft"),
        ("draft = \"\"", "draft"),
        ("draft = \"soon\"", "draft"),
        ("draft = 1", "draft"),
        ("draft = {}", "draft"),
        ("draft.value = true", "draft"),
        ("status = \"Pending\"", "draft"),
        ("publishDate = 2099-01-01", "scheduled"),
        ("embargo = 2099-01-01T00:00:00Z", "error"),
        ("[extra]\nmap = 1\ndraft = true", "error that names `draft`"),
        ("[extra]\nmap = 1\nexpires = 2020-01-01", "error that names `expires`"),
        ("[extra.deep]\nmap = 1\ndraft = true", "error that names `draft`"),
        ("[taxonomies]\ntags = []\ndraft = true", "error that names `draft`"),
        ("[params]\ndraft = true", "error that names `draft`"),
        ("[image]\nsrc = \"a.png\"\ndraft = true", "error that names `draft`"),
        ("[build]\nrender = \"never\"", "error that names `render`"),
    ] {
        let toml = format!("+++\ntitle = \"{SECRET}\"\ndate = {date}\n{line}\n+++\n{SECRET}\n");
        held(line, &[("content/a.md", &toml)], outcome);
    }
    for (field, outcome) in [
        ("\"published\": false", "draft"),
        ("\"draft\": null", "draft"),
        ("\"draft\": \"yes\"", "draft"),
        ("\"draft\": [true]", "draft"),
        ("\"PublishDate\": \"2099-01-01T00:00:00Z\"", "scheduled"),
        ("\"extra\": {\"draft\": true}", "error that names `draft`"),
        ("\"hidden\": 1", "draft, with a warning"),
    ] {
        let json = format!("{{\"title\": \"{SECRET}\", \"date\": \"{date}\", {field}}}\n{SECRET}\n");
        held(field, &[("content/a.md", &json)], outcome);
    }
}

#[test]
fn files_of_what_is_held_are_not_copied() {
    let site = Site::new(&[("content/open.md", OPEN)]);
    for path in ["content/_drafts/plan.pdf", "content/news/_drafts/deep/plan.pdf", "content/Drafts/plan.pdf"]
    {
        site.write(path, SECRET);
    }
    site.write("content/held/index.md", with("draft: true"));
    site.write("content/held/photo.bin", SECRET);
    site.write("content/_own/index.md", with(""));
    site.write("content/_own/photo.bin", SECRET);
    site.built();
    assert_eq!(leaks(&site), [""; 0]);
    // An article with an error is left out together with its files.
    site.write("content/wrong/index.md", with("embargo: true"));
    site.write("content/wrong/photo.bin", SECRET);
    let (code, said) = site.publish(NOW, &[]);
    assert_eq!(code, Some(5), "{said:#?}");
    assert_eq!(leaks(&site), [""; 0]);
}

#[test]
fn files_in_any_folder_of_a_held_article_are_held() {
    for index in ["index.md", "Index.md", "index.MD", "INDEX.markdown"] {
        let site = Site::new(&[("content/open.md", OPEN)]);
        site.write(&format!("content/held/{index}"), with("draft: true"));
        site.write("content/held/photo.bin", SECRET);
        // A source in a folder of the bundle makes a section of that folder, and its files are the article's still.
        site.write("content/held/deep/notes.md", OPEN);
        site.write("content/held/deep/photo.bin", SECRET);
        site.write("content/held/deep/down/photo.bin", SECRET);
        // A section that says so itself has its own files.
        site.write("content/held/own/_index.md", "---\ntitle: Own\n---\n");
        site.write("content/held/own/open.bin", "open");
        site.built();
        assert_eq!(leaks(&site), [""; 0], "{index}");
        assert!(site.output().contains_key("held/own/open.bin"), "{index}");
    }
}

#[test]
fn files_beside_a_held_source_that_is_named_as_a_bundle_are_held() {
    let wire = format!("HEADLINE : Tide\nPUBLISHED : 14 February 2099, 2:47pm\n\n{SECRET}\n");
    for (index, text) in [("index.draft.md", with("")), ("index.txt", wire)] {
        let site = Site::new(&[("content/open.md", OPEN)]);
        site.write(&format!("content/news/held/{index}"), &text);
        site.write("content/news/held/photo.bin", SECRET);
        // Beside a public article it may be a file of that one, and the files of the front page are the site's.
        site.write("content/shared/index.draft.md", text.replace(SECRET, ""));
        site.write("content/shared/other.md", OPEN);
        site.write("content/shared/photo.bin", "open");
        site.built();
        assert_eq!(leaks(&site), [""; 0], "{index}");
        assert!(site.output().contains_key("shared/photo.bin"), "{index}");
    }
}

#[test]
fn a_section_is_described_by_its_file_in_any_case() {
    for name in ["_Index.md", "_INDEX.md", "_index.MD"] {
        let site = Site::new(&[("content/open.md", OPEN)]);
        site.write(&format!("content/news/{name}"), format!("---\ntitle: {SECRET}\ndraft: true\n---\n"));
        site.write("content/news/a.md", with(""));
        site.built();
        assert_eq!(leaks(&site), [""; 0], "{name}");
    }
}

#[test]
fn a_cascade_of_drafts_holds_the_sections_inside() {
    let site = Site::new(&[("content/open.md", OPEN)]);
    site.write("content/news/_index.md", "---\ntitle: News\ncascade: {draft: true}\n---\n");
    site.write("content/news/deep/_index.md", format!("---\ntitle: {SECRET}\n---\n{SECRET}\n"));
    site.write("content/news/own/_index.md", "---\ntitle: Own\ndraft: false\n---\n");
    site.write("content/news/own/a.md", OPEN.replace("date:", "draft: false\ndate:"));
    site.built();
    assert_eq!(leaks(&site), [""; 0]);
    let output = site.output();
    assert!(output.contains_key("news/index.html") && output.contains_key("news/own/a/index.html"));
}

#[test]
fn nothing_leads_from_a_translation_to_an_unlisted_page() {
    let toml = format!("{TOML}\n[languages.de]\ntitle = \"Die Post\"\n");
    let site = Site::new(&[("content/open.md", OPEN), ("content/a.de.md", OPEN)]);
    site.write("site.toml", toml);
    site.write("content/a.md", with("unlisted: true\nslug: quetzalcoatl"));
    site.built();
    let leaks = leaks(&site);
    assert!(leaks.iter().all(|path| path.starts_with("quetzalcoatl/")), "{leaks:?}");
    assert!(!leaks.is_empty());
}

#[test]
fn a_file_with_front_matter_is_never_copied_as_it_is() {
    for ending in ["svx", "dj", "typ", "gmi", "mdc", "xml", "text", "xhtml"] {
        let site = Site::new(&[("content/open.md", OPEN)]);
        site.write(&format!("content/news/a.{ending}"), with("draft: true"));
        site.write(
            &format!("content/news/plain.{ending}"),
            "Nothing above this text.\n---\ntitle: no\n---\n",
        );
        let (code, report) = site.report(&[]);
        assert_eq!((code, leaks(&site)), (Some(0), vec![]), "{ending}");
        assert!(site.output().contains_key(&format!("news/plain.{ending}")), "{ending}");
        let problems = report["problems"].as_array().unwrap();
        let warning = problems.iter().find(|one| one["code"] == "files::foreign").unwrap();
        assert!(warning["message"].as_str().unwrap().contains("content/news/a."), "{ending}: {warning}");
        // The author may want it all the same.
        site.write("site.toml", format!("copy = [\"*.{ending}\"]\n{TOML}"));
        site.built();
        assert_eq!(leaks(&site), [format!("news/a.{ending}")], "{ending}");
    }
}

#[test]
fn lines_of_other_programs_and_cut_blocks_are_no_way_out() {
    for text in [
        format!("---\u{2028}title: {SECRET}\u{2028}draft: true\u{2028}---\u{2028}{SECRET}"),
        format!("---\u{85}title: {SECRET}\u{85}draft: true\u{85}---\u{85}{SECRET}"),
        format!("/* notes */\n{{\"title\": \"{SECRET}\", \"draft\": true}}\n{SECRET}"),
        format!("{{\"title\": \"{SECRET}\", \"date\": \"2020-01-01\"}} {{\"draft\": true}}\n{SECRET}"),
        format!("---\ntitle: {SECRET}\n...\ndraft: true\n---\n{SECRET} and more of it\n"),
        format!("---\ntitle: >\n  {SECRET}\n  draft: true\ndate: 2020-01-01\n---\n{SECRET}"),
        format!("+++\ntitle = \"{SECRET}\"\nsummary = \"\"\"\ndraft = true\n\"\"\"\n+++\n{SECRET}"),
    ] {
        held(&text, &[("content/a.md", &text)], "an error");
    }
    for body in
        ["Draft: a history of beer.\n", "Hidden: the door\nand more.\n", "Status: it is complicated\n"]
    {
        let site = Site::new(&[("content/a.md", &format!("{OPEN}{body}"))]);
        site.built();
        assert!(site.output().contains_key("a/index.html"), "{body}");
    }
}

#[test]
fn an_output_for_a_site_without_a_front_page_is_no_panic() {
    let toml = format!("{TOML}\n[[outputs]]\nfor = \"site\"\ntemplate = \"all.txt\"\npath = \"/all.txt\"\n");
    let site = Site::new(&[("content/a.md", OPEN), ("templates/all.txt", "{{ section.title }}")]);
    site.write("site.toml", toml);
    site.built();
    assert!(site.output().contains_key("all.txt"));
    for hold in ["draft: true", "date: 2099-01-01"] {
        site.write("content/_index.md", format!("---\ntitle: {SECRET}\n{hold}\n---\n"));
        site.built();
        assert_eq!(leaks(&site), [""; 0], "{hold}");
        assert!(!site.output().contains_key("all.txt"), "{hold}");
    }
}

#[test]
fn a_wire_article_that_says_it_is_held_is_an_error() {
    for line in [
        "DRAFT : yes",
        "Status: private",
        "EMBARGO : until 9am on 2 January 2099",
        "Published: no",
        "hidden : true",
        "EMBARGOED UNTIL 2 JANUARY 2099",
        "Embargo until Monday",
        "Strictly embargoed: 2 January",
        "NOT FOR RELEASE BEFORE MONDAY",
    ] {
        let text =
            format!("{SECRET} opens\n\n{line}\nPUBLISHED : 1 January 2020, 9am\n\nThe text of {SECRET}.\n");
        held(line, &[("content/a.txt", &text)], "an error");
    }
    let prose = "Draft: a history of beer\n\nPUBLISHED : 1 January 2020, 9am\n\nStatus: it is complicated.\n";
    let site = Site::new(&[("content/a.txt", prose)]);
    assert_eq!(site.report(&[]).1["articles"], 1);
}

#[test]
fn what_expires_within_a_second_lasts_until_it_has_passed() {
    let expires = "expires = 2026-11-24T12:00:00.9Z\n";
    let pinned = "pinned_until = 2026-11-24T12:00:00.000001Z\n";
    for (what, section, front) in
        [("an article", "", expires), ("a section", expires, ""), ("a pin", "", pinned)]
    {
        let site = Site::new(&[]);
        site.write("content/news/_index.md", format!("+++\ntitle = \"News\"\n{section}+++\n"));
        site.write(
            "content/news/a.md",
            format!("+++\ntitle = \"Alpha\"\ndate = 2026-11-01\n{front}+++\nText.\n"),
        );
        site.write("content/b.md", "+++\ntitle = \"Beta\"\ndate = 2026-11-02\n+++\nText.\n");
        let lasts = |now: &str| {
            site.build_at(now).unwrap();
            let page = text(&site.output(), "index.html");
            let at = |title: &str| page.find(&format!(">{title}</a>"));
            if what == "a pin" { at("Alpha") < at("Beta") } else { at("Alpha").is_some() }
        };
        for (now, expected) in
            [("2026-11-24T11:59:59Z", true), ("2026-11-24T12:00:00Z", true), ("2026-11-24T12:00:01Z", false)]
        {
            assert_eq!(lasts(now), expected, "{what} {now}");
        }
    }
}

#[test]
fn an_article_is_not_out_before_its_fraction_of_a_second_has_passed() {
    let late = "+++\ntitle = \"X\"\ndate = 2024-06-01T12:00:00.9Z\n+++\nText.\n";
    let whole = "+++\ntitle = \"Y\"\ndate = 2024-06-01T12:00:00.0Z\n+++\nText.\n";
    let yaml = "---\ntitle: Z\ndate: 2020-01-01\npublishDate: 2024-06-01 12:00:00,000001 Z\n---\nText.\n";
    let site = Site::new(&[("content/x.md", late), ("content/y.md", whole), ("content/z.md", yaml)]);
    site.build_at("2024-06-01T12:00:00Z").unwrap();
    let out = |name: &str| site.output().contains_key(&format!("{name}/index.html"));
    assert_eq!([out("x"), out("y"), out("z")], [false, true, false]);
    let due = site.command(&["due", "--now", "2024-06-01T12:00:00Z", "--format", "json"]).output().unwrap();
    assert!(String::from_utf8_lossy(&due.stdout).contains("2024-06-01T12:00:01Z"), "{due:?}");
    site.build_at("2024-06-01T12:00:01Z").unwrap();
    assert_eq!([out("x"), out("y"), out("z")], [true, true, true]);
    // What was written to the second is shown.
    let feed = json(&site.output(), "feed.json");
    assert_eq!(feed["items"][0]["date_published"], "2024-06-01T12:00:00Z");
}

#[test]
fn a_section_opens_at_its_date_by_itself() {
    let index = "+++\ntitle = \"News\"\ndate = 2026-11-24T13:00:00Z\n+++\nSection text.\n";
    let site = Site::new(&[
        ("content/open.md", OPEN),
        ("content/news/_index.md", index),
        ("content/news/a.md", OPEN),
    ]);
    site.write("content/news/page.md", "+++\ntitle = \"Page\"\n+++\nText.\n");
    site.out_at(NOW);
    assert!(!site.output().keys().any(|path| path.starts_with("news/")));
    let said = site.out_at("2026-11-24T13:00:00Z");
    assert!(said.iter().any(|line| line.starts_with("published content/news/a.md")), "{said:#?}");
    for path in ["news/index.html", "news/a/index.html", "news/page/index.html"] {
        assert!(site.output().contains_key(path), "{path}");
    }
    // The article of an opened section has its own date.
    assert!(text(&site.output(), "news/a/index.html").contains("2020-01-01T00:00:00Z"));
}

fn dated(date: &str, more: &str, text: &str) -> String {
    format!("+++\ntitle = \"Merger\"\ndate = {date}\n{more}+++\n{text}\n")
}

const FIRST: &str = "2026-05-01T09:00:00Z";
const LATER: &str = "2026-05-08T09:00:00Z";
const TIDES: &str = "+++\ntitle = \"Tides\"\ndate = 2026-04-01T09:00:00Z\n+++\nAnother.\n";

/// The ids in the site's JSON Feed, with their dates.
fn entries(site: &Site) -> Vec<(String, String, String)> {
    let feed = json(&site.output(), "feed.json");
    let text = |one: &Value, key: &str| one[key].as_str().unwrap_or_default().to_owned();
    let of = |one| (text(one, "id"), text(one, "date_published"), text(one, "date_modified"));
    feed["items"].as_array().unwrap().iter().map(of).collect()
}

/// A site on which `news/a.md` was public.
fn newsroom() -> (Site, String) {
    let site = Site::new(&[("content/news/z.md", TIDES), ("content/news/a.md", &dated(FIRST, "", "Text."))]);
    site.write("site.toml", TOML.replace("Europe/London", "UTC"));
    site.out_at("2026-05-01T09:00:30Z");
    let id = entries(&site)[0].0.clone();
    (site, id)
}

fn is_out(site: &Site) -> bool {
    site.output().contains_key("news/a/index.html")
}

#[test]
fn a_date_moved_into_the_future_takes_an_article_back_until_then() {
    let (site, id) = newsroom();
    site.write("content/news/a.md", dated(LATER, "", "Text."));
    let said = site.out_at("2026-05-01T09:02:00Z");
    assert!(
        said.iter().any(|line| line == "withdrew content/news/a.md from /news/a/: its date is still to come"),
        "{said:#?}"
    );
    assert!(!is_out(&site));
    assert!(
        text(&site.output(), "atom.xml").contains(&format!("ref=\"{id}\" when=\"2026-05-01T09:02:00Z\""))
    );
    let due = site.command(&["due", "--now", "2026-05-01T09:02:00Z", "--format", "json"]).output().unwrap();
    assert!(String::from_utf8_lossy(&due.stdout).contains(LATER), "{due:?}");
    // Nothing more happens until then.
    assert_eq!(site.publish("2026-05-08T08:59:59Z", &[]).0, Some(4));
    site.out_at("2026-05-08T09:00:20Z");
    assert!(is_out(&site));
    assert_eq!(entries(&site)[0], (id.clone(), LATER.to_owned(), LATER.to_owned()));
    assert!(!text(&site.output(), "atom.xml").contains("deleted-entry"));
    // It stays so.
    assert_eq!(site.publish("2026-05-09T09:00:00Z", &[]).0, Some(4));
    assert_eq!(entries(&site)[0].0, id);
}

#[test]
fn another_zone_of_a_date_takes_an_article_back_until_then() {
    for (first, then) in [
        ("date = 2026-05-01T10:00:00+09:00", "date = 2026-05-01T10:00:00-04:00"),
        (
            "date = 2026-05-01T10:00:00\ntimezone = \"Asia/Tokyo\"",
            "date = 2026-05-01T10:00:00\ntimezone = \"America/New_York\"",
        ),
    ] {
        let article = |date: &str| format!("+++\ntitle = \"Merger\"\n{date}\n+++\nText.\n");
        let site = Site::new(&[("content/news/z.md", TIDES), ("content/news/a.md", &article(first))]);
        site.out_at("2026-05-01T01:30:00Z");
        assert!(is_out(&site), "{first}");
        site.write("content/news/a.md", article(then));
        site.out_at("2026-05-01T02:00:00Z");
        assert!(!is_out(&site), "{then}");
        site.out_at("2026-05-01T14:00:10Z");
        assert!(is_out(&site), "{then}");
    }
}

#[test]
fn a_date_in_the_future_counts_whatever_happened_to_the_article_in_between() {
    type Step<'a> = (&'a str, &'a dyn Fn(&Site));
    let again = || dated(LATER, "", "Text.");
    let write = |text: String| move |site: &Site| site.write("content/news/a.md", &text);
    let draft = write(dated(FIRST, "draft = true\n", "Text."));
    let expired = write(dated(FIRST, "expires = 2026-05-01T10:00:00Z\n", "Text."));
    let put_back = write(again());
    let edited = write(dated(LATER, "", "Another text."));
    let gone = |site: &Site| fs::remove_file(site.path("content/news/a.md")).unwrap();
    let renamed = |site: &Site| {
        gone(site);
        site.write("content/news/b.md", again());
    };
    let as_draft = write(dated(LATER, "draft = true\n", "Text."));
    let steps: [Step<'_>; 6] = [
        ("a draft in between", &draft),
        ("expired in between", &expired),
        ("deleted in between", &gone),
        ("a draft with the new date", &as_draft),
        ("edited at once", &edited),
        ("nothing", &put_back),
    ];
    for (name, step) in steps {
        let (site, id) = newsroom();
        step(&site);
        site.out_at("2026-05-01T10:00:00Z");
        if name != "edited at once" {
            put_back(&site);
        }
        site.out_at("2026-05-01T10:05:00Z");
        assert!(!text(&site.output(), "feed.json").contains("Merger"), "{name}");
        site.out_at("2026-05-08T09:00:05Z");
        assert_eq!(entries(&site)[0], (id, LATER.to_owned(), LATER.to_owned()), "{name}");
    }
    let (site, id) = newsroom();
    renamed(&site);
    site.out_at("2026-05-01T10:05:00Z");
    assert!(!site.output().contains_key("news/b/index.html") && !is_out(&site));
    site.out_at("2026-05-08T09:00:05Z");
    assert_eq!(entries(&site)[0], (id, LATER.to_owned(), LATER.to_owned()));
    // `build` does the same.
    let (site, _) = newsroom();
    site.write("content/news/a.md", again());
    site.build_at("2026-05-01T10:05:00Z").unwrap();
    assert!(!is_out(&site));
}

#[test]
fn no_date_of_the_ledger_stops_other_articles() {
    for key in ["published", "updated", "gone", "arrived"] {
        for later in [LATER, "2099-01-01T00:00:00Z"] {
            let (site, _) = newsroom();
            let ledger = fs::read_to_string(site.path("ledger.jsonl")).unwrap();
            let changed: Vec<String> = ledger
                .lines()
                .map(|line| match line.contains("news/a.md") {
                    true if key == "published" => line.replace(FIRST, later),
                    true => line.replace("}", &format!(",\"{key}\":\"{later}\"}}")),
                    false => line.to_owned(),
                })
                .collect();
            assert_ne!(changed.join("\n"), ledger.trim_end());
            site.write("ledger.jsonl", changed.join("\n") + "\n");
            site.write("content/news/c.md", "+++\ntitle = \"C\"\ndate = 2026-05-01T10:00:00Z\n+++\nText.\n");
            let (code, said) = site.publish("2026-05-01T10:05:00Z", &[]);
            assert!(matches!(code, Some(0)), "{key} {later}: {said:#?}");
            assert!(site.output().contains_key("news/c/index.html"), "{key} {later}");
            assert_eq!(is_out(&site), key != "published", "{key} {later}");
            // Feeds say no date that is to come.
            for feed in ["atom.xml", "rss.xml", "feed.json"] {
                let text = text(&site.output(), feed);
                assert!(!text.contains(later) && !text.contains("2099"), "{key} {later}: {text}");
            }
        }
    }
}

#[test]
fn a_clock_behind_the_last_run_publishes_nothing_even_if_the_run_had_no_news() {
    let (site, _) = newsroom();
    site.write("content/news/a.md", dated(FIRST, "draft = true\n", "Text."));
    site.out_at("2026-05-02T09:00:00Z");
    let before = site.output();
    let (code, said) = site.publish("2026-05-01T09:30:00Z", &[]);
    assert_eq!(code, Some(3), "{said:#?}");
    assert!(said.iter().any(|line| line.contains("the clock went back")), "{said:#?}");
    assert_eq!(site.output(), before);
}

#[test]
fn an_update_before_the_publication_is_a_warning_and_publication_counts() {
    let site = Site::new(&[("content/b.md", TIDES)]);
    for (key, name) in [("updated", "a"), ("lastmod", "c"), ("modified", "d"), ("last_modified_at", "e")] {
        site.write(
            &format!("content/{name}.md"),
            dated(FIRST, &format!("{key} = 2026-04-20T10:00:00Z\n"), key),
        );
    }
    site.write(
        "content/w.txt",
        "Head of it\n\nPUBLISHED : 1 May 2026, 10am\nUPDATED : 20 April 2026, 9am\n\nText.",
    );
    assert!(matches!(site.publish("2026-04-21T00:00:00Z", &[]).0, Some(0)));
    let (code, said) = site.publish("2026-05-01T09:00:10Z", &[]);
    assert_eq!(code, Some(0), "{said:#?}");
    let out = entries(&site);
    assert_eq!(out.len(), 6, "{out:?}");
    for (id, published, updated) in &out[..5] {
        assert_eq!(published, updated, "{id}");
    }
    let (code, problems) = site.problems(&[]);
    assert_eq!((code, problems.len()), (Some(0), 5), "{problems:#?}");
    assert!(problems.iter().all(|one| one.starts_with("date::order ")), "{problems:#?}");
}

#[test]
fn a_date_without_a_value_is_a_warning_with_its_line() {
    let site = Site::new(&[("content/a.md", "---\ntitle: A\ndate:\n---\nText.\n"), ("content/b.md", OPEN)]);
    site.write("content/c.md", "---\ntitle: C\nupdated: 2020-01-01\n---\nText.\n");
    let (code, problems) = site.problems(&[]);
    assert_eq!(code, Some(0));
    assert_eq!(
        problems,
        [
            "front_matter::empty content/a.md:3:1 `date` has no value, so it is left out",
            "date::alone content/c.md:3:10 this says when it was updated, and has no date of publication"
        ]
    );
}

#[test]
fn dates_with_one_digit_and_with_slashes_are_read() {
    for (written, expected) in [
        ("2013-12-02 7:37:00 -0400", "2013-12-02T07:37:00-04:00"),
        ("2016-1-29", "2016-01-29T00:00:00Z"),
        ("2015-03-17 14:00:00 -4", "2015-03-17T14:00:00-04:00"),
        ("2015-03-17 14:00 +9", "2015-03-17T14:00:00+09:00"),
        ("2015-03-17 14:00 +5:30", "2015-03-17T14:00:00+05:30"),
        ("2020-12-2", "2020-12-02T00:00:00Z"),
        ("2021/08/01", "2021-08-01T00:00:00Z"),
        ("2021/8/1 9:05", "2021-08-01T09:05:00Z"),
        ("2021-8-1T9:05:07Z", "2021-08-01T09:05:07Z"),
    ] {
        let site = Site::new(&[("content/a.md", &format!("---\ntitle: A\ndate: {written}\n---\nText.\n"))]);
        site.write("site.toml", TOML.replace("Europe/London", "UTC"));
        site.built();
        assert_eq!(entries(&site)[0].1, expected, "{written}");
    }
    for (name, expected) in [
        ("2016-1-05-named", "2016-01-05T00:00:00Z"),
        ("2016-1-5-named", "2016-01-05T00:00:00Z"),
        ("2016-11-5_named", "2016-11-05T00:00:00Z"),
        ("2016-1-5", "2016-01-05T00:00:00Z"),
        ("2016/1/5/named", "2016-01-05T00:00:00Z"),
        ("news/2016/1/05/named", "2016-01-05T00:00:00Z"),
        ("2016-1-5-named/index", "2016-01-05T00:00:00Z"),
    ] {
        let site = Site::new(&[(&format!("content/{name}.md"), "---\ntitle: A\n---\nText.\n")]);
        site.write("site.toml", TOML.replace("Europe/London", "UTC"));
        site.built();
        assert_eq!(entries(&site)[0].1, expected, "{name}");
    }
    for written in [
        "03/04/2024",
        "2021-8",
        "2021/8",
        "2021-8/1",
        "2021-08-01 7",
        "2021-13-1",
        "2021-2-30",
        "2015-03-17 14:00 -400",
    ] {
        let site =
            Site::new(&[("content/a.md", &format!("---\ntitle: A\ndate: \"{written}\"\n---\nText.\n"))]);
        let (code, problems) = site.problems(&[]);
        assert_eq!(code, Some(1), "{written}");
        assert!(problems[0].starts_with("date::"), "{written}: {problems:?}");
    }
    let page = Site::new(&[("content/2016-1-100-ways.md", "---\ntitle: A\n---\nText.\n")]);
    assert_eq!(page.report(&[]).1["articles"], 0);
}

/// Marks, as fields with values in JSON's spelling.
const MARKS: [(&str, &str); 44] = [
    ("draft", "true"),
    ("draft", "null"),
    ("draft", "\"\""),
    ("draft", "\"yes\""),
    ("draft", "\"on\""),
    ("draft", "1"),
    ("draft", "\"1\""),
    ("draft", "\"until spring\""),
    ("published", "false"),
    ("published", "\"no\""),
    ("published", "\"off\""),
    ("published", "null"),
    ("publish", "false"),
    ("publish", "\"No\""),
    ("status", "\"draft\""),
    ("status", "\"private\""),
    ("status", "\"pending\""),
    ("status", "\"future\""),
    ("status", "\"Hidden\""),
    ("status", "\"not yet\""),
    ("private", "true"),
    ("hidden", "true"),
    ("unlisted", "\"yes\""),
    ("private", "\"yes\""),
    ("visibility", "\"private\""),
    ("visibility", "\"friends\""),
    ("password", "\"swordfish\""),
    ("embargo", "true"),
    ("embargo_until", "\"2099-01-01\""),
    ("scheduled", "true"),
    ("publishDate", "\"2099-01-01\""),
    ("pubDate", "\"2099-01-01T00:00:00Z\""),
    ("published", "\"2099-01-01\""),
    ("publish_at", "\"2099-01-01\""),
    ("expires", "\"2020-02-02\""),
    ("expiryDate", "\"2020-02-02\""),
    ("unpublish_date", "\"2020-02-02\""),
    ("isDraft", "true"),
    ("drfat", "true"),
    ("drafts", "true"),
    ("public", "false"),
    ("permalink", "false"),
    ("release_date", "\"2099-01-01\""),
    ("state", "\"draft\""),
];

/// `name` in other letters.
fn respelt(name: &str, chance: &mut Chance) -> String {
    match chance.below(6) {
        0 => name.to_uppercase(),
        1 => name.to_lowercase(),
        2 => name
            .chars()
            .map(|c| if chance.once_in(2) { c.to_ascii_uppercase() } else { c.to_ascii_lowercase() })
            .collect(),
        3 => name.replace('_', "-"),
        4 => name[..1].to_uppercase() + &name[1..],
        _ => name.to_owned(),
    }
}

/// An article with these fields, whose values are in JSON's spelling, in a language of front matter.
fn in_language(fields: &[(String, String)], language: usize, body: &str) -> String {
    let lines = |separator: &str| -> String {
        fields.iter().map(|(key, value)| format!("{key}{separator}{value}\n")).collect()
    };
    match language {
        0 => format!("---\n{}---\n{body}", lines(": ").replace(": null", ":")),
        1 => format!("+++\n{}+++\n{body}", lines(" = ").replace("= null", "= \"\"")),
        _ => {
            let fields: Vec<String> =
                fields.iter().map(|(key, value)| format!("\"{key}\": {value}")).collect();
            format!("{{{}}}\n{body}", fields.join(",\n "))
        }
    }
}

/// A held article: its path, and its text.
fn any_held(number: usize, chance: &mut Chance) -> (String, String) {
    let field = |key: &str, value: &str| (key.to_owned(), value.to_owned());
    let mut fields = vec![
        field("title", &format!("\"{SECRET} {number}\"")),
        field("date", "\"2020-01-01T00:00:00Z\""),
        field("summary", &format!("\"{SECRET} in short\"")),
        field("tags", &format!("[\"{SECRET}\"]")),
        field("authors", &format!("[\"{SECRET}\"]")),
    ];
    let body = format!("The text of {SECRET}.\n\n## {SECRET}\n");
    let ending = ["md", "markdown", "html", "htm", "MD", "txt"][chance.below(6)];
    let name = format!("a{number}");
    let wire = |line: &str| {
        format!("{SECRET} opens {number}\n\n{line}PUBLISHED : 1 January 2020, 9am\n\nThe text of {SECRET}.\n")
    };
    let place = chance.below(8);
    let folder = ["_drafts", "Drafts", "news/_draft", "held", "later", "held/deep", "later/2020/02/03"]
        [chance.below(7)];
    if ending == "txt" {
        let line = [
            "DRAFT : yes\n",
            "Status: draft\n",
            "hidden: true\n",
            "Published: no\n",
            "EMBARGO: 2099-01-01\n",
        ][chance.below(5)];
        return match place {
            0..4 => (format!("content/{folder}/{name}.txt"), wire("")),
            _ => (format!("content/{name}.txt"), wire(line)),
        };
    }
    let language = chance.below(3);
    if place < 2 {
        return (format!("content/{folder}/{name}.{ending}"), in_language(&fields, language, &body));
    }
    if place == 2 {
        return (format!("content/_{name}.{ending}"), in_language(&fields, language, &body));
    }
    let (key, value) = MARKS[chance.below(MARKS.len())];
    let at = chance.below(fields.len() + 1);
    fields.insert(at, (respelt(key, chance), value.to_owned()));
    let mut text = in_language(&fields, language, &body);
    let path = match chance.below(3) {
        0 => format!("content/news/{name}/index.{ending}"),
        _ => format!("content/news/{name}.{ending}"),
    };
    // Front matter that is missed.
    let before = ["\n", " ", "\n\n", "\u{200b}", "\u{feff}\u{feff}", "<!-- x -->\n", "\t"];
    match place {
        3 => text.insert_str(0, before[chance.below(before.len())]),
        4 if language < 2 => {
            let fence = if language == 0 { "---" } else { "+++" };
            let other = ["----", "--", ";;;", "---js", "+++++", "===", "\u{2014}"][chance.below(7)];
            text = text.replacen(fence, other, if chance.once_in(2) { 1 } else { 2 });
        }
        _ => {}
    }
    (path, text)
}

#[test]
fn any_mark_holds_any_article_in_any_language_published_or_built() {
    let number = |key: &str, default: u64| {
        std::env::var(key).ok().and_then(|text| text.parse().ok()).unwrap_or(default)
    };
    let (seed, rounds) = (number("DATELINE_HOLDS_SEED", 1), number("DATELINE_HOLDS_ROUNDS", 12));
    let mut chance = Chance::new(seed);
    for round in 0..rounds {
        let site =
            Site::new(&[("content/open.md", OPEN), ("content/news/_index.md", "---\ntitle: News\n---\n")]);
        site.write("content/held/_index.md", format!("---\ntitle: {SECRET}\ndraft: true\n---\n{SECRET}\n"));
        site.write(
            "content/later/_index.md",
            format!("---\ntitle: {SECRET}\ndate: 2099-01-01\n---\n{SECRET}\n"),
        );
        let held: Vec<(String, String)> = (0..10).map(|number| any_held(number, &mut chance)).collect();
        let was_public = chance.once_in(2);
        if was_public {
            for (path, _) in &held {
                let open = match path.ends_with(".txt") {
                    true => "Open to everybody\n\nPUBLISHED : 1 January 2020, 9am\n\nThe text.\n",
                    false => OPEN,
                };
                site.write(path, format!("{open}{path}\n"));
            }
            site.out_at(NOW);
        }
        for (path, text) in &held {
            site.write(path, text);
        }
        let what = format!("seed {seed}, round {round}: {held:#?}");
        let said = match chance.below(3) {
            0 => {
                let output = site.build(&[]);
                String::from_utf8([output.stdout, output.stderr].concat()).unwrap()
            }
            _ => {
                let (code, said) = site.publish("2026-11-24T13:00:00Z", &[]);
                assert!(matches!(code, Some(0 | 4 | 5)), "{what}: {said:#?}");
                assert!(site.output().contains_key("open/index.html"), "{what}");
                said.join("\n")
            }
        };
        // A report shows the line of an error, and no other.
        let is_mark = |line: &&str| line.contains(SECRET) && !line.contains("title");
        assert_eq!(said.lines().find(is_mark), None, "{what}");
        assert_eq!(leaks(&site), [""; 0], "{what}");
        let ledger = fs::read_to_string(site.path("ledger.jsonl")).unwrap_or_default();
        assert!(!ledger.contains(SECRET), "{what}: {ledger}");
    }
}
