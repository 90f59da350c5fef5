//! `dateline schema`: JSON Schema made of what the readers of settings and front matter ask.

use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use crate::site::{SITES, Site, TOML, sources, text};

fn schema(site: &Site, arguments: &[&str]) -> Value {
    let output = site.command(&["schema"]).args(arguments).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

/// The faults of `value` by the parts of JSON Schema that the schemas use.
fn faults(schema: &Value, value: &Value, path: &str) -> Vec<String> {
    if let Some(forms) = schema["anyOf"].as_array()
        && forms.iter().all(|form| !faults(form, value, path).is_empty())
    {
        return vec![format!("{path}: {value} has none of the forms")];
    }
    let kinds: Vec<&str> = match &schema["type"] {
        Value::String(kind) => vec![kind],
        Value::Array(kinds) => kinds.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    };
    let has_kind = |kind: &&str| match *kind {
        "object" => value.is_object(),
        "array" => value.is_array(),
        "string" => value.is_string(),
        "boolean" => value.is_boolean(),
        "integer" => value.is_i64(),
        "number" => value.is_number(),
        other => panic!("the type {other}"),
    };
    if !kinds.is_empty() && !kinds.iter().any(has_kind) {
        return vec![format!("{path}: {value} is not {kinds:?}")];
    }
    let mut found = Vec::new();
    if let Some(words) = schema["enum"].as_array().filter(|words| !words.contains(value)) {
        found.push(format!("{path}: {value} is none of {words:?}"));
    }
    if schema.get("const").is_some_and(|one| one != value) {
        found.push(format!("{path}: {value} is another value"));
    }
    if let (Some(number), Some(least), Some(most)) =
        (value.as_i64(), schema["minimum"].as_i64(), schema["maximum"].as_i64())
        && !(least..=most).contains(&number)
    {
        found.push(format!("{path}: {number} is out of range"));
    }
    for item in value.as_array().into_iter().flatten().filter(|_| schema.get("items").is_some()) {
        found.extend(faults(&schema["items"], item, &format!("{path}[]")));
    }
    for name in schema["required"].as_array().into_iter().flatten() {
        if value.get(name.as_str().unwrap()).is_none() {
            found.push(format!("{path}: {name} is missing"));
        }
    }
    for (name, inner) in value.as_object().into_iter().flatten() {
        let path = format!("{path}.{name}");
        match (schema["properties"].get(name), &schema["additionalProperties"]) {
            (Some(property), _) => found.extend(faults(property, inner, &path)),
            (None, Value::Bool(false)) => found.push(format!("{path} is not known")),
            (None, others @ Value::Object(_)) => found.extend(faults(others, inner, &path)),
            (None, _) => {}
        }
    }
    found
}

/// TOML as JSON; a date is its text.
fn tree(text: &str) -> Value {
    fn of(value: toml::Value) -> Value {
        match value {
            toml::Value::Datetime(date) => Value::from(date.to_string()),
            toml::Value::Array(items) => items.into_iter().map(of).collect(),
            toml::Value::Table(table) => table.into_iter().map(|(key, value)| (key, of(value))).collect(),
            other => serde_json::to_value(other).unwrap(),
        }
    }
    of(toml::Value::Table(text.parse().unwrap()))
}

/// The front matter of a source in TOML.
fn front_matter(source: &str) -> Option<Value> {
    let text = source.strip_prefix("+++\n")?;
    Some(tree(&text[..text.find("\n+++")? + 1]))
}

#[test]
fn this_repository_and_the_sites_of_the_tests_are_valid() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let empty = Site::new(&[]);
    let of_site = schema(&empty, &["site"]);
    let mut settings = vec![fs::read_to_string(root.join("site.toml")).unwrap()];
    settings.extend(SITES.iter().map(|name| text(&sources(name), "site.toml")));
    for one in settings {
        assert_eq!(faults(&of_site, &tree(&one), "site.toml"), [""; 0]);
    }
    let (articles, sections) = (schema(&empty, &["front-matter"]), schema(&empty, &["section"]));
    let mut count = 0;
    for (path, bytes) in crate::site::tree(&root.join("content")) {
        let Some(front) = String::from_utf8(bytes).ok().and_then(|text| front_matter(&text)) else {
            continue;
        };
        let of = if path.ends_with("_index.md") { &sections } else { &articles };
        assert_eq!(faults(of, &front, &path), [""; 0]);
        count += 1;
    }
    assert!(count > 20, "{count}");
}

#[test]
fn what_the_reader_refuses_is_invalid_and_what_it_takes_is_valid() {
    let of_site = schema(&Site::new(&[]), &["site"]);
    for (text, is_valid) in [
        ("page_size = 6", true),
        ("page_size = \"6\"", false),
        ("page_size = 0", false),
        ("archive = \"no\"", false),
        ("[search]\nenabled = true", true),
        ("[search]\nenabled = \"yes\"", false),
        ("[search]\nenable = true", false),
        ("slugs = \"ascii\"", true),
        ("slugs = \"asci\"", false),
        ("tilte = \"x\"", false),
        ("[feeds]\nformats = [\"rss\"]", true),
        ("[feeds]\nformats = [\"gemini\"]", false),
        ("[feeds]\nstylesheet = false", true),
        ("[feeds]\nlimit = 0", false),
        ("[taxonomies.series]\nfeeds = false", true),
        ("[taxonomies.series]\nfeeds = { limit = 5 }", true),
        ("[taxonomies.series]\nfeeds = { limt = 5 }", false),
        ("[authors.anyone]\nname = \"A\"", true),
        ("[authors.anyone]\nnmae = \"A\"", false),
        ("[data.products]\ncolumns = { price = \"number\" }", true),
        ("[data.products]\ncolumns = { price = { type = \"number\", decimal = \",\" } }", true),
        ("[data.products]\ncolumns = { price = \"numbr\" }", false),
        ("[data.products]\ncolumn = { price = \"number\" }", false),
        ("[permalinks]\nwhatever = \"/{slug}/\"", true),
        ("[[outputs]]\nfor = [\"articles\", \"pages\"]\ntemplate = \"a.md\"\npath = \"/{path}/a.md\"", true),
        ("[[outputs]]\nfor = \"article\"\ntemplate = \"a.md\"\npath = \"/{path}/a.md\"", false),
        ("[[outputs]]\nfor = \"site\"\npath = \"/a.md\"", false),
        ("[[fetch]]\nname = \"a\"\nurl = \"https://e.org/\"\nheaders = { X = \"${Y}\" }\nlimit = 2", true),
        ("[[fetch]]\nname = \"a\"\nurl = \"https://e.org/\"\nformat = \"feed\"\nprivate = true", true),
        ("[[fetch]]\nname = \"a\"\nurl = \"https://e.org/\"\nformat = \"xml\"", false),
        ("[[fetch]]\nname = \"a\"", false),
        ("[theme.colours]\naccent = { light = \"#000000\", dark = \"#ffffff\" }", true),
        ("[theme.colours]\naccent = 5", false),
        ("[theme.colours]\naccent = { light = \"#000000\" }", true),
        ("[[navigation]]\ntitle = \"A\"\nurl = \"/\"\nchildren = [{ title = \"B\", url = \"/\" }]", true),
        ("[[navigation]]\ntitle = \"A\"\nurl = \"/\"\nchildren = [{ titel = \"B\", url = \"/\" }]", false),
        ("[[footer]]\nlinks = [{ title = \"B\", url = \"/\" }]", true),
        ("[[footer]]\ntitle = \"A\"\nlink = []", false),
        ("[announcement]\ntext = \"A\"\nuntil = 2030-01-01", true),
        ("[announcement]\ntext = \"A\"\ndismiss = \"no\"", false),
        ("[author]\nsocial = [\"https://github.com/a\"]", true),
        ("[author]\nsocial = [{ title = \"A\", url = \"https://a.example/\" }]", true),
        ("[extra]\nanything = [1, { a = true }]", true),
    ] {
        let whole = format!("{TOML}{text}\n");
        let found = faults(&of_site, &tree(&whole), "site.toml");
        assert_eq!(found.is_empty(), is_valid, "{text}: {found:?}");
        // The reader says the same.
        let site =
            Site::new(&[("site.toml", &whole), ("templates/a.md", ""), ("data/products.csv", "price\n1\n")]);
        let (code, problems) = site.problems(&[]);
        let is_clean = code == Some(0) && !problems.iter().any(|one| one.contains("site.toml"));
        assert_eq!(is_clean, is_valid, "{text}: {problems:?}");
    }
}

#[test]
fn front_matter_is_that_of_the_site_and_of_the_section() {
    let settings = format!("{TOML}[taxonomies.series]\n\n[front_matter]\nignore = [\"layout\"]\n");
    let site = Site::new(&[
        ("site.toml", &settings),
        ("content/news/_index.md", "+++\ntitle = \"News\"\ndated = true\n+++\n"),
    ]);
    let all = schema(&site, &["front-matter"]);
    assert_eq!(all["$schema"], "https://json-schema.org/draft/2020-12/schema");
    let fields = all["properties"].as_object().unwrap();
    for name in ["series", "tags", "layout", "title", "date", "pubDate", "episode"] {
        assert!(fields.contains_key(name), "{name}");
    }
    assert!(!fields.contains_key("podcast"));
    assert!(schema(&site, &["section"])["properties"].as_object().unwrap().contains_key("podcast"));
    assert_eq!(faults(&all, &json!({ "title": "A" }), ""), [""; 0]);
    let news = schema(&site, &["front-matter", "news"]);
    assert_ne!(faults(&news, &json!({ "title": "A" }), ""), [""; 0]);
    assert_eq!(faults(&news, &json!({ "title": "A", "pubDate": "2026-11-24" }), ""), [""; 0]);
    let unknown = site.command(&["schema", "front-matter", "nwes"]).output().unwrap();
    assert_eq!(unknown.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&unknown.stderr).contains("did you mean `news`?"));
}

/// The paths of all fields in a schema, each with the schema of it.
fn fields<'s>(schema: &'s Value, path: &str, found: &mut Vec<(String, &'s Value)>) {
    for (name, inner) in schema["properties"].as_object().into_iter().flatten() {
        let path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
        found.push((path.clone(), inner));
        fields(inner, &path, found);
        fields(&inner["items"], &path, found);
        fields(&inner["additionalProperties"], &path, found);
        for form in inner["anyOf"].as_array().into_iter().flatten() {
            fields(form, &path, found);
            fields(&form["items"], &path, found);
        }
    }
}

#[test]
fn the_schema_and_the_documentation_know_the_same_fields() {
    let site = Site::new(&[]);
    let mut wrong = Vec::new();
    for (arguments, words) in [
        ("site", dateline::schema::Words::of_site()),
        ("front-matter", dateline::schema::Words::of_front_matter()),
        ("section", dateline::schema::Words::of_front_matter()),
    ] {
        let schema = schema(&site, &[arguments]);
        let mut found = Vec::new();
        fields(&schema, "", &mut found);
        for (path, _) in found
            .iter()
            .filter(|(path, _)| !path.starts_with("theme.words.") && !path.starts_with("languages.words."))
        {
            let name = path.rsplit('.').next().unwrap();
            if !dateline::schema::documented(name) {
                wrong.push(format!("{arguments}: `{path}` is in no page of the documentation"));
            }
        }
        let is_known = |path: &str| found.iter().any(|(one, _)| one == path);
        // An article and a section have the fields of the other page too.
        let is_other = |path: &str| {
            let first = path.split('.').next().unwrap();
            // In a section, its rows can be in no other.
            arguments == "section" && path == "sources.section"
                || arguments == "front-matter"
                    && [
                        "podcast",
                        "dated",
                        "docs",
                        "feeds",
                        "layout",
                        "news",
                        "sources",
                        "cascade",
                        "sort",
                        "page_size",
                        "front",
                        "list_style",
                        "hero",
                        "features",
                    ]
                    .contains(&first)
        };
        for path in words.paths().filter(|path| !is_other(path)) {
            // Names that the publisher chooses.
            let is_own = ["permalinks.", "authors.", "taxonomies.", "encodings.", "data.", "extra."];
            let is_own =
                is_own.iter().any(|start| path.starts_with(start)) || path.starts_with("lists.opinion");
            if !is_own && !is_known(path) {
                wrong.push(format!("{arguments}: `{path}` is documented, and the schema lacks it"));
            }
        }
    }
    assert_eq!(wrong, [""; 0]);
}

#[test]
fn a_new_site_has_the_schema_for_editors() {
    let folder = tempfile::TempDir::new().unwrap();
    let root = folder.path().join("site");
    let new = assert_cmd::Command::cargo_bin("dateline").unwrap().arg("new").arg(&root).output().unwrap();
    assert!(new.status.success());
    let read = |path: &str| fs::read_to_string(root.join(path)).unwrap();
    let written: Value = serde_json::from_str(&read(".vscode/site.schema.json")).unwrap();
    assert_eq!(written, schema(&Site::new(&[]), &["site"]));
    assert_eq!(faults(&written, &tree(&read("site.toml")), "site.toml"), [""; 0]);
    let settings: Value = serde_json::from_str(&read(".vscode/settings.json")).unwrap();
    let schemas = settings["evenBetterToml.schema.associations"].as_object().unwrap();
    let taplo = tree(&read(".taplo.toml"));
    for path in schemas.values().chain([&taplo["rule"][0]["schema"]["path"]]) {
        assert!(root.join(path.as_str().unwrap()).is_file(), "{path}");
    }
    let articles: Value = serde_json::from_str(&read(".vscode/front-matter.schema.json")).unwrap();
    let front = front_matter(&read("content/news/gulls.md")).unwrap();
    assert_eq!(faults(&articles, &front, "gulls.md"), [""; 0]);
}
