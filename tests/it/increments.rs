//! Shortcuts change no byte: whatever happens to a site between two builds, the second leaves what a build
//! made afresh would, and writes only what that has changed.

use std::fs;

use dateline::model::digest::Digest;
use dateline::output::Content;
use dateline::pipeline::{Request, Warm};
use proptest::prelude::*;

use crate::site::{Files, NOW, SITES, Site, sources, text, tree};

/// Something that happens to a site between two builds.
#[derive(Debug, Clone)]
enum Event {
    Write { article: usize, body: u8 },
    Retitle { article: usize, title: u8 },
    Retag { article: usize, tags: u8 },
    Redate { article: usize, day: u8 },
    Translate { article: usize, lang: u8 },
    Hold { article: usize },
    Decide { article: usize, decision: u8 },
    Delete { article: usize },
    Rename { article: usize, to: usize },
    Template { which: usize, text: u8 },
    Picture { size: u8 },
    Section { text: u8 },
    Settings { which: u8 },
    Clock { days: u8 },
    LoseCache,
    LoseFile { number: usize },
    Scribble { number: usize },
}

fn event() -> impl Strategy<Value = Event> {
    let article = 0..6usize;
    prop_oneof![
        (article.clone(), any::<u8>()).prop_map(|(article, body)| Event::Write { article, body }),
        (article.clone(), 0..4u8).prop_map(|(article, title)| Event::Retitle { article, title }),
        (article.clone(), 0..8u8).prop_map(|(article, tags)| Event::Retag { article, tags }),
        (article.clone(), 0..60u8).prop_map(|(article, day)| Event::Redate { article, day }),
        (article.clone(), 0..3u8).prop_map(|(article, lang)| Event::Translate { article, lang }),
        article.clone().prop_map(|article| Event::Hold { article }),
        (article.clone(), 0..9u8).prop_map(|(article, decision)| Event::Decide { article, decision }),
        article.clone().prop_map(|article| Event::Delete { article }),
        (article.clone(), 6..9usize).prop_map(|(article, to)| Event::Rename { article, to }),
        (0..3usize, any::<u8>()).prop_map(|(which, text)| Event::Template { which, text }),
        (1..9u8).prop_map(|size| Event::Picture { size }),
        any::<u8>().prop_map(|text| Event::Section { text }),
        (0..12u8).prop_map(|which| Event::Settings { which }),
        (0..60u8).prop_map(|days| Event::Clock { days }),
        Just(Event::LoseCache),
        any::<usize>().prop_map(|number| Event::LoseFile { number }),
        any::<usize>().prop_map(|number| Event::Scribble { number }),
    ]
}

/// One article of the model.
#[derive(Debug, Clone)]
struct Article {
    name: usize,
    title: u8,
    body: u8,
    tags: u8,
    day: u8,
    lang: u8,
    draft: bool,
    decision: u8,
}

/// Fields by which an editor places an article.
const DECISIONS: [&str; 9] = [
    "",
    "weight = 1\n",
    "weight = -1\nseries = \"s\"\n",
    "featured = true\n",
    "pinned_until = 2026-11-20T08:00:00\n",
    "unlisted = true\n",
    "feed = false\nseries = \"s\"\n",
    "link = \"https://example.com/\"\nseries = \"s\"\n",
    "featured = 2\nseries = [\"s\", \"u\"]\n",
];

/// Every third article is a row of this file.
const ROWS: &str = "[[sources]]\nfile = \"data/news.csv\"\nkey = \"key\"\n[sources.fields]\nlang = \"lang\"\nweight = \"weight\"\nfeatured = \"featured\"\npinned_until = \"pinned_until\"\nfeed = \"feed\"\nlink = \"link\"\n";

/// The columns of the file.
const COLUMNS: [&str; 16] = [
    "key",
    "title",
    "date",
    "tags",
    "draft",
    "summary",
    "lang",
    "image",
    "weight",
    "series",
    "featured",
    "pinned_until",
    "unlisted",
    "feed",
    "link",
    "body",
];

impl Article {
    /// The article as a row.
    fn row(&self, body: &str) -> String {
        let decisions = DECISIONS[usize::from(self.decision)];
        let decision = |name: &str| {
            let lines = decisions.lines().filter_map(|line| line.strip_prefix(name)?.strip_prefix(" = "));
            lines.map(|value| value.replace(['"', '[', ']'], "")).collect::<String>()
        };
        let tags: Vec<String> =
            (0..3).filter(|bit| self.tags & (1 << bit) > 0).map(|bit| format!("t{bit}")).collect();
        let cells = COLUMNS.map(|column| match column {
            "key" => format!("a{}", self.name),
            "title" => format!("Title {}.{}", self.name, self.title),
            "date" => format!("2026-11-{:02}T08:00:00", 1 + self.day % 29),
            "tags" => tags.join(", "),
            "draft" => self.draft.to_string(),
            "summary" => "S".to_owned(),
            "lang" => ["", "de", "ar"][usize::from(self.lang)].to_owned(),
            "image" => "/quay.jpg".to_owned(),
            "body" => body.to_owned(),
            name => decision(name),
        });
        let quoted = cells.map(|cell| format!("\"{}\"", cell.replace('"', "\"\"")));
        format!("{}\n", quoted.join(","))
    }
}

/// A site as it should be, from which its files are written.
#[derive(Debug, Clone)]
struct Model {
    articles: Vec<Article>,
    templates: [Option<u8>; 3],
    picture: u8,
    section: u8,
    settings: u8,
    /// Days after the first of November.
    now: u8,
}

impl Model {
    fn new() -> Model {
        let article = |name| Article {
            name,
            title: 0,
            body: 0,
            tags: name as u8,
            day: name as u8,
            lang: 0,
            draft: false,
            decision: 0,
        };
        Model {
            articles: (0..6).map(article).collect(),
            templates: [None; 3],
            picture: 1,
            section: 0,
            settings: 0,
            now: 30,
        }
    }

    fn apply(&mut self, event: &Event, site: &Site) {
        let mut at = |article: usize, change: &dyn Fn(&mut Article)| {
            self.articles.iter_mut().filter(|one| one.name == article).for_each(change);
        };
        match *event {
            Event::Write { article, body } => at(article, &|one| one.body = body),
            Event::Retitle { article, title } => at(article, &|one| one.title = title),
            Event::Retag { article, tags } => at(article, &|one| one.tags = tags),
            Event::Redate { article, day } => at(article, &|one| one.day = day),
            Event::Translate { article, lang } => at(article, &|one| one.lang = lang),
            Event::Hold { article } => at(article, &|one| one.draft = !one.draft),
            Event::Decide { article, decision } => at(article, &|one| one.decision = decision),
            Event::Rename { article, to } => at(article, &|one| one.name = to),
            Event::Delete { article } => self.articles.retain(|one| one.name != article),
            Event::Template { which, text } => self.templates[which] = Some(text).filter(|text| text % 4 > 0),
            Event::Picture { size } => self.picture = size,
            Event::Section { text } => self.section = text,
            Event::Settings { which } => self.settings = which,
            Event::Clock { days } => self.now = days,
            Event::LoseCache => {
                let _ = fs::remove_file(site.path(".dateline/state"));
            }
            Event::LoseFile { number } => {
                if let Some(path) = nth(site, number) {
                    fs::remove_file(site.path("public").join(path)).unwrap();
                }
            }
            Event::Scribble { number } => {
                if let Some(path) = nth(site, number) {
                    fs::write(site.path("public").join(path), "scribble").unwrap();
                }
            }
        }
        let mut seen = std::collections::HashSet::new();
        self.articles.retain(|one| seen.insert(one.name));
    }

    /// Makes the site's files what they should be; those that are stay untouched.
    fn write(&self, site: &Site) {
        let wanted = self.files();
        for folder in ["content", "data", "templates", "static"] {
            for path in tree(&site.path(folder)).into_keys().map(|path| format!("{folder}/{path}")) {
                if !wanted.contains_key(&path) {
                    fs::remove_file(site.path(&path)).unwrap();
                }
            }
        }
        for (path, bytes) in wanted {
            if fs::read(site.path(&path)).ok().as_ref() != Some(&bytes) {
                site.write(&path, bytes);
            }
        }
    }

    fn files(&self) -> Files {
        let mut files = Files::new();
        let mut write = |path: &str, text: &str| {
            files.insert(path.to_owned(), text.as_bytes().to_vec());
        };
        let settings = [
            "",
            "description = \"D\"\n",
            "page_size = 2\n",
            "archive = false\n",
            "timezone = \"Asia/Hong_Kong\"\n",
            "[feeds]\nlimit = 2\ncontent = \"summary\"\n",
            "[markdown]\nsmart_punctuation = false\nhighlight = false\n",
            "[images]\nwidths = [20, 30, 40]\nquality = 60\n",
            "[images]\nresponsive = false\n",
            "[images]\ncards = true\n",
            "[taxonomies.series]\n[[lists]]\nname = \"near\"\nsame = \"section\"\nsort = \"title\"\nlimit = 2\n[[lists]]\nname = \"new\"\nwithin_days = 9\nwhere = { weight = { less = 1 } }\n",
            "[search]\nenabled = true\n",
        ];
        let toml = "title = \"T\"\nbase_url = \"https://example.org/\"\nauthority = \"example.org\"\n";
        let settings = settings[usize::from(self.settings)];
        let widths = match cfg!(feature = "images") && !settings.contains("[images]") {
            true => "[images]\nwidths = [16, 32]\n",
            false => "",
        };
        // Without pictures they are as with the last of the settings.
        let settings =
            if cfg!(feature = "images") { settings } else { settings.split("[images]").next().unwrap() };
        // With a zone nothing need be said of dates, so that what was decided can stand.
        let zone = if settings.contains("timezone") { "" } else { "timezone = \"Europe/London\"\n" };
        write("site.toml", &format!("{toml}{zone}{settings}{widths}"));
        write("content/_index.md", "");
        let handed_down = [
            "",
            "timezone = \"Asia/Tokyo\"\n",
            "[cascade]\ntags = [\"t1\", \"t9\"]\n",
            "[cascade]\nimage = \"/quay.jpg\"\nexpires = 2026-11-20T00:00:00Z\n",
            "path = \"/other/\"\n",
            "sort = \"weight\"\npage_size = 2\n",
            "sort = [\"featured\", \"title\"]\nfeed = false\n",
            "unlisted = true\n",
        ][usize::from(self.section / 3 % 8)];
        let section = format!("+++\ntitle = \"News {}\"\n{handed_down}{ROWS}+++\nText.\n", self.section % 3);
        write("content/news/_index.md", &section);
        // A GIF of that width.
        let gif = [b"GIF89a".as_slice(), &[self.picture, 0, 1, 0, 0, 0, 0]].concat();
        write("static/quay.gif", std::str::from_utf8(&gif).unwrap());
        write("static/n.csv", &format!("a,b\nx,{}\n", self.picture));
        write("data/n.json", &format!("{{\"x\": {}}}", self.picture));
        write("data/m/k.csv", &format!("v\n{}\n", self.section % 2));
        write("content/news/beside.csv", &format!("v\n{}\n", self.section % 3));
        if self.picture.is_multiple_of(2) {
            write("data/even.toml", &format!("picture = {}\n", self.picture));
        }
        let templates = [
            (
                "article.html",
                "{% extends \"base.html\" %}{% block main %}{{ article.title }} NUMBER {{ data?.even?.picture or \"odd\" }} {{ article.content }}{% for one in recent %}{{ one.title }}{% endfor %}{% if article.older %}{{ article.older.title }}{% endif %}{% for one in lists.near or [] %}{{ one.title }}{% endfor %}{% for one in lists.new or [] %}{{ one.url }}{% endfor %}{% if article.series %}{{ article.series.position }} {{ article.series.count }}{% endif %}{% endblock main %}",
            ),
            (
                "section.html",
                "{% extends \"base.html\" %}{% block main %}NUMBER{% for one in pager.articles %}{{ one.title }} {{ one.words }}{% endfor %}{{ data.m.k[0].v }} {{ data.beside[0].v if section.url else \"\" }}{% include \"own.html\" %}{% endblock main %}",
            ),
            (
                "own.html",
                "{% component mark(text: string, @data: map) %}<b>{{ text }} {{ data.n.x }} NUMBER</b>{% endcomponent mark %}",
            ),
        ];
        for (at, (name, text)) in templates.iter().enumerate() {
            let own = self.templates[at].or((at == 2).then_some(0));
            // `section.html` includes the third.
            if let Some(number) = own {
                write(&format!("templates/{name}"), &text.replace("NUMBER", &number.to_string()));
            }
        }
        let mut rows = format!("{}\n", COLUMNS.join(","));
        for article in &self.articles {
            let next = self.articles.iter().find(|other| other.name > article.name && !other.draft);
            let link = next.map_or_else(String::new, |next| format!("[next](a{}.md)", next.name));
            let tags: Vec<String> =
                (0..3).filter(|bit| article.tags & (1 << bit) > 0).map(|bit| format!("\"t{bit}\"")).collect();
            // What every other one needs beside its text changes without the text.
            let needs = format!(
                "{link}\n\n![q](/quay.gif) ![q](/quay.jpg)\n\n{{{{ <mark text=\"m\" /> }}}}\n\n{{{{ <bar_chart src=\"/n.csv\" title=\"N\" /> }}}}\n\n```rust\nfn a() {{}}\n```"
            );
            if article.name % 3 == 1 {
                rows.push_str(&article.row(&format!("\"Body\" {} {needs}", article.body)));
                continue;
            }
            let source = format!(
                "+++\ntitle = \"Title {}.{}\"\ndate = 2026-11-{:02}T08:00:00\ntags = [{}]\ndraft = {}\nsummary = \"S\"\n{}{}{}+++\n\"Body\" {} {}\n",
                article.name,
                article.title,
                1 + article.day % 29,
                tags.join(", "),
                article.draft,
                ["", "lang = \"de\"\n", "lang = \"ar\"\n"][usize::from(article.lang)],
                DECISIONS[usize::from(article.decision)],
                if article.name % 3 == 0 { "image = \"/quay.jpg\"\n" } else { "" },
                article.body,
                if article.name % 2 == 0 { &needs } else { "" },
            );
            write(&format!("content/news/a{}.md", article.name), &source);
        }
        write("data/news.csv", &rows);
        // Lying, upside down, and as it is.
        let pictures = ["content/harbour/turned.jpg", "content/harbour/modern.webp", "static/quay.jpg"];
        let picture = sources("pictures").remove(pictures[usize::from(self.picture % 3)]).unwrap();
        files.insert("static/quay.jpg".to_owned(), picture);
        files
    }

    fn now(&self) -> String {
        format!("2026-1{}-{:02}T12:00:00Z", 1 + self.now / 30, 1 + self.now % 29)
    }
}

/// Some file of the output.
fn nth(site: &Site, number: usize) -> Option<String> {
    let files = site.output();
    let paths: Vec<&String> = files.keys().collect();
    (!paths.is_empty()).then(|| paths[number % paths.len()].clone())
}

/// Builds into memory as of `now`; how many files changed, if it succeeds.
pub fn warmly(warm: &mut Warm, site: &Site, now: &str) -> Option<usize> {
    let (root, state, out) = (site.path(""), site.path(".dateline"), site.path("public"));
    let report = warm.build(&Request::new(&root, &state, &out, now.parse().unwrap())).ok()?;
    Some(report.changes.written)
}

/// The files of a build into memory.
pub fn shelved(warm: &Warm) -> Files {
    let paths: Vec<String> = warm.shelf().manifest().files.keys().map(|path| path.to_string()).collect();
    let bytes = |path: &str| match warm.shelf().get(path).unwrap().1 {
        Content::Bytes(bytes) => bytes.to_vec(),
        Content::File(file, _) => fs::read(file).unwrap(),
    };
    paths.into_iter().map(|path| (path.clone(), bytes(&path))).collect()
}

/// Has the page of `source` made as of `now` before all else; its file, if that is so.
fn revised(warm: &mut Warm, site: &Site, now: &str, source: &str) -> Option<String> {
    let (root, state, out) = (site.path(""), site.path(".dateline"), site.path("public"));
    warm.revise(&Request::new(&root, &state, &out, now.parse().unwrap()), source)
}

#[test]
fn the_page_of_an_edited_text_comes_before_the_rest_of_the_site() {
    let article = |title: &str, text: &str| {
        format!("+++\ntitle = \"{title}\"\ndate = 2026-11-01T08:00:00Z\n+++\n{text}\n")
    };
    let site = Site::new(&[
        ("content/a.md", &article("First", "Quay.")),
        ("content/b.md", &article("Second", "Tide.")),
    ]);
    let mut warm = Warm::default();
    assert!(warmly(&mut warm, &site, NOW).is_some());
    let before = shelved(&warm);
    assert_eq!(revised(&mut warm, &site, NOW, "content/a.md"), None, "it is as it was");
    site.write("content/a.md", article("First", "A mole, and [the other](b.md)."));
    assert_eq!(revised(&mut warm, &site, NOW, "content/a.md"), Some("a/index.html".to_owned()));
    let first = shelved(&warm);
    let differs = |path: &&String| first[*path] != before[*path];
    assert_eq!(before.keys().filter(differs).collect::<Vec<_>>(), ["a/index.html"]);
    assert!(String::from_utf8_lossy(&first["a/index.html"]).contains("A mole, and <a href"));
    // What the whole build makes of it is the same, and in feeds too.
    assert!(warmly(&mut warm, &site, NOW).is_some());
    let whole = shelved(&warm);
    assert!(whole["a/index.html"] == first["a/index.html"] && whole == site.built());
    assert!(String::from_utf8_lossy(&whole["atom.xml"]).contains("A mole"));
    // Another head, an error, a warning, no such article: the build has to say.
    for (source, text) in [
        ("content/a.md", article("Another", "A mole.")),
        ("content/a.md", article("First", "[Nowhere](nowhere.md).")),
        ("content/a.md", "+++\ntitle = 1\n+++\nNo.".to_owned()),
        ("content/c.md", article("Third", "New.")),
    ] {
        site.write(source, &text);
        assert_eq!(revised(&mut warm, &site, NOW, source), None, "{text}");
        assert!(shelved(&warm) == whole, "{text}");
    }
    site.write("content/a.md", article("First", "Again."));
    assert_eq!(
        revised(&mut warm, &site, NOW, "content/a.md"),
        Some("a/index.html".to_owned()),
        "nothing of it is left"
    );
}

#[test]
fn what_is_built_into_memory_is_what_is_built_into_a_folder_and_nothing_is_written() {
    for name in SITES {
        let site = Site::copy(name);
        let mut warm = Warm::default();
        assert!(warmly(&mut warm, &site, NOW).is_some(), "{name}");
        let written =
            tree(site.0.path()).into_keys().filter(|path| !crate::site::sources(name).contains_key(path));
        assert_eq!(written.collect::<Vec<_>>(), [".dateline/serve/lock"]);
        let mut built = site.built();
        built.retain(|path, _| ![".gz", ".br", ".zst"].iter().any(|end| path.ends_with(end)));
        assert!(shelved(&warm) == built, "{name}");
        assert_eq!(warmly(&mut warm, &site, NOW), Some(0), "{name}");
        assert!(shelved(&warm) == built, "{name}, again");
        // As of another time and back.
        assert!(warmly(&mut warm, &site, "2031-01-01T00:00:00Z").is_some(), "{name}");
        assert!(warmly(&mut warm, &site, NOW).is_some(), "{name}");
        assert!(shelved(&warm) == built, "{name}, back again");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn whatever_happens_increments_leave_what_a_fresh_build_makes(
        events in prop::collection::vec(prop::collection::vec(event(), 1..3), 1..6),
    ) {
        let site = Site::new(&[]);
        let mut model = Model::new();
        model.write(&site);
        site.build_at(&model.now());
        // The same in one process, which writes nothing.
        let mut warm = Warm::default();
        warmly(&mut warm, &site, &model.now());
        for happened in events {
            happened.iter().for_each(|event| model.apply(event, &site));
            model.write(&site);
            let before = site.output();
            let done = site.build_at(&model.now());
            // Whoever writes sees the page first; the build has the last word.
            for event in &happened {
                if let Event::Write { article, .. } = event {
                    revised(&mut warm, &site, &model.now(), &format!("content/news/a{article}.md"));
                }
            }
            let (was, known) = (shelved(&warm), warm.shelf().manifest());
            let changed_in_memory = warmly(&mut warm, &site, &model.now());
            let fresh = Site::new(&[]);
            model.write(&fresh);
            prop_assert_eq!(fresh.build_at(&model.now()).is_some(), done.is_some(), "{:?}", &happened);
            if done.is_none() {
                prop_assert!(site.output() == before, "{:?}", &happened);
                prop_assert!(changed_in_memory.is_none() && shelved(&warm).keys().eq(was.keys()), "{:?}", &happened);
                continue;
            }
            let (ours, expected) = (site.output(), fresh.output());
            let differ: Vec<&String> = ours
                .keys()
                .chain(expected.keys())
                .filter(|path| ours.get(*path) != expected.get(*path))
                .collect();
            prop_assert!(differ.is_empty(), "{:?} leaves {:?}", &happened, differ);
            prop_assert!(shelved(&warm) == expected, "{:?} in memory", &happened);
            // A picture is not held, so its digest says what it was.
            let digest = |path: &str| known.files.get(path).map(|record| record.digest);
            let is_other = |path: &str, bytes: &[u8]| digest(path) != Some(Digest::quick(bytes));
            let changed = expected.iter().filter(|(path, bytes)| is_other(path, bytes)).count();
            prop_assert_eq!(changed_in_memory, Some(changed), "{:?} in memory", &happened);
            // Only what changed was written.
            let changed = expected.iter().filter(|(path, bytes)| before.get(*path) != Some(*bytes)).count();
            prop_assert_eq!(done, Some(changed as u64), "{:?}", &happened);
        }
    }
}

/// Publishes `site` as of `now`, whatever comes back to subscribers; true if nothing was wrong.
fn publishes(site: &Site, now: &str) -> bool {
    let output = site.command(&["publish", "--accept", "--now", now]).output().unwrap();
    output.status.code() == Some(0)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    #[test]
    fn whatever_happens_a_publication_leaves_what_a_fresh_one_with_the_same_ledger_makes(
        events in prop::collection::vec(prop::collection::vec(event(), 1..3), 1..6),
    ) {
        let site = Site::new(&[]);
        let mut model = Model::new();
        model.write(&site);
        let mut now = model.now();
        prop_assert!(publishes(&site, &now));
        for happened in events {
            happened.iter().for_each(|event| model.apply(event, &site));
            model.write(&site);
            // No publication is before the last one.
            now = now.max(model.now());
            let ledger = fs::read(site.path("ledger.jsonl")).unwrap();
            let is_done = publishes(&site, &now);
            let fresh = Site::new(&[]);
            model.write(&fresh);
            fresh.write("ledger.jsonl", &ledger);
            prop_assert_eq!(publishes(&fresh, &now), is_done, "{:?}", &happened);
            if !is_done {
                // What was published before has been kept, and a fresh site has nothing to keep.
                break;
            }
            let (ours, expected) = (site.output(), fresh.output());
            let paths = ours.keys().chain(expected.keys());
            let differ: Vec<&String> = paths.filter(|path| ours.get(*path) != expected.get(*path)).collect();
            prop_assert!(differ.is_empty(), "{:?} leaves {:?}", &happened, differ);
            let ledgers = [&site, &fresh].map(|site| fs::read_to_string(site.path("ledger.jsonl")).unwrap());
            prop_assert_eq!(&ledgers[0], &ledgers[1], "{:?}", &happened);
        }
    }
}

#[test]
fn verify_names_what_differs_and_changes_nothing() {
    let site = Site::copy("mixed");
    site.built();
    let verify = |expected: i32| {
        let output = site.command(&["verify", "--now", NOW]).output().unwrap();
        assert_eq!(output.status.code(), Some(expected), "{output:?}");
        String::from_utf8(output.stdout).unwrap()
    };
    let said = verify(0);
    assert!(said.starts_with("all ") && said.contains(" files are as a fresh build makes them"), "{said}");
    fs::write(site.path("public/rss.xml"), "scribble").unwrap();
    fs::remove_file(site.path("public/404.html")).unwrap();
    fs::remove_file(site.path("content/news/toml.md")).unwrap();
    let before = site.output();
    let said = verify(1);
    assert!(said.contains("differs: rss.xml\n") && said.contains("missing: 404.html\n"), "{said}");
    assert!(said.contains("stale: news/toml/index.html\n"), "{said}");
    assert_eq!(before, site.output());
    let left: Vec<_> =
        fs::read_dir(site.path(".dateline")).unwrap().map(|e| e.unwrap().file_name()).collect();
    assert!(!left.iter().any(|name| name.to_string_lossy().starts_with("verify")), "{left:?}");
    site.built();
    verify(0);
}

#[test]
fn a_new_article_changes_few_files_however_large_the_archive() {
    let count = |articles: usize| {
        let site = Site::new(&[]);
        for at in 0..articles {
            let day = 1 + at % 27;
            let (year, month) = (2010 + at / 324 % 10, 1 + at / 27 % 12);
            let source = format!(
                "+++\ntitle = \"A{at}\"\ndate = {year}-{month:02}-{day:02}T08:00:00Z\ntags = [\"t\"]\n+++\nText.\n"
            );
            site.write(&format!("content/news/a{at}.md"), &source);
        }
        site.built();
        site.write(
            "content/news/new.md",
            "+++\ntitle = \"New\"\ndate = 2026-11-01T08:00:00Z\ntags = [\"t\"]\n+++\nText.\n",
        );
        let (_, report) = site.report(&[]);
        let page = text(&site.output(), "news/new/index.html");
        assert!(page.contains("New"), "{page}");
        report["written_by_kind"].clone()
    };
    let expected = serde_json::json!({
        // Its own page; the one before it; home and section; term and taxonomy; three formats of three
        // feeds; archive, year and month; the sitemap.
        "page": 1, "neighbour": 3, "other": 1, "listing": 2, "term": 2, "feed": 9, "archive": 3, "sitemap": 1,
    });
    assert_eq!(count(45), expected);
    assert_eq!(count(445), expected);
}

#[test]
fn a_section_is_rendered_again_when_a_link_in_its_text_leads_elsewhere() {
    let article = |slug: &str| format!("+++\ntitle = \"A\"\nslug = \"{slug}\"\n+++\nText.\n");
    let site = Site::new(&[
        ("content/one/_index.md", "[See](../two/a.md).\n"),
        ("content/two/a.md", &article("before")),
        ("templates/section.html", "{{ section.content }}"),
    ]);
    assert!(text(&site.built(), "one/index.html").contains("\"/two/before/\""));
    site.write("content/two/a.md", article("after"));
    assert!(text(&site.built(), "one/index.html").contains("\"/two/after/\""));
    // What the text needs was not forgotten by the build between.
    site.write("content/two/a.md", article("last"));
    assert!(text(&site.built(), "one/index.html").contains("\"/two/last/\""));
}

/// True if a build as of `now` had to plan the site.
fn plans(site: &Site, now: &str, arguments: &[&str]) -> bool {
    let output = site.command(&["build", "--now", now, "--timings"]).args(arguments).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).lines().any(|line| line.starts_with("plan "))
}

/// True if builds come to plan nothing. A file that changed less than two seconds ago is known by its
/// bytes and then by its stamp, and a slow machine may see that turn between two builds: once for each file.
fn rests(site: &Site, now: &str, arguments: &[&str]) -> bool {
    (0..6).any(|_| !plans(site, now, arguments))
}

#[test]
fn a_site_made_from_the_same_is_not_planned_again() {
    let site = Site::new(&[
        ("content/a.md", "+++\ntitle = \"A\"\ndate = 2026-11-01T08:00:00Z\n+++\n![p](p.svg)\n"),
        ("content/later.md", "+++\ntitle = \"B\"\ndate = 2026-11-24T13:00:00Z\n+++\nText.\n"),
        ("content/p.svg", "<svg width=\"1\" height=\"1\"/>"),
        ("static/s.txt", "s"),
        ("templates/note.html", "note"),
    ]);
    let noon = "2026-11-24T12:00:00Z";
    assert!(plans(&site, noon, &[]));
    assert!(rests(&site, noon, &[]));
    assert!(rests(&site, "2026-11-24T12:59:59Z", &[]));
    assert!(plans(&site, "2026-11-24T13:00:00Z", &[]), "an article came out");
    assert!(plans(&site, noon, &[]), "an article is not out yet");
    for arguments in [&["--drafts"][..], &["--future"], &["--base-url", "https://example.net/"]] {
        assert!(plans(&site, noon, arguments), "{arguments:?}");
        assert!(rests(&site, noon, arguments), "{arguments:?}");
        assert!(plans(&site, noon, &[]), "no longer {arguments:?}");
    }
    for (path, text) in [
        ("content/a.md", "+++\ntitle = \"A\"\ndate = 2026-11-01T08:00:00Z\n+++\n![q](p.svg)\n"),
        ("content/p.svg", "<svg width=\"2\" height=\"1\"/>"),
        ("content/new.png", "new"),
        ("static/s.txt", "t"),
        ("templates/note.html", "more"),
        ("site.toml", &crate::site::TOML.replace("\"T\"", "\"U\"")),
        ("public/a/index.html", "by hand"),
        (".dateline/state", "damaged"),
    ] {
        site.write(path, text);
        assert!(plans(&site, noon, &[]), "{path}");
        assert!(rests(&site, noon, &[]), "{path}");
    }
    std::fs::remove_file(site.path("public/a/index.html")).unwrap();
    assert!(plans(&site, noon, &[]));
    assert!(rests(&site, noon, &[]));
}

/// Why each document is rendered, by its path.
fn explained(site: &Site) -> Vec<String> {
    let output = site.build(&["--explain"]);
    assert!(output.status.success(), "{output:?}");
    let said = String::from_utf8(output.stdout).unwrap();
    let lines: Vec<&str> = said.lines().collect();
    lines[..lines.len() - 1].iter().map(|line| (*line).to_owned()).collect()
}

#[test]
fn explain_says_why_each_document_is_rendered() {
    let article = |number: usize| {
        format!("+++\ntitle = \"A{number}\"\ndate = 2020-01-0{number}\nsummary = \"S\"\n+++\nText.\n")
    };
    let site = Site::new(&[
        ("content/a.md", &article(1)),
        ("content/b.md", &article(2)),
        ("content/c.md", &article(4)),
    ]);
    let base = "{% block main %}{{ article.title }}{% if article.older %}{{ article.older.url }}{% endif %}{% endblock main %}";
    site.write("templates/article.html", base);
    assert!(explained(&site).iter().all(|line| line.ends_with(": new")));
    assert_eq!(explained(&site), [""; 0]);
    site.write("content/b.md", article(2).replace("Text", "Other"));
    let feeds =
        ["atom.xml: its entries changed", "feed.json: its entries changed", "rss.xml: its entries changed"];
    assert_eq!(
        explained(&site),
        [&["atom.xml: its entries changed", "b/index.html: source changed"], &feeds[1..]].concat()
    );
    site.write("templates/article.html", format!("{base} "));
    let all = ["a", "b", "c"].map(|name| format!("{name}/index.html: template article.html changed"));
    assert_eq!(explained(&site), all);
    // The neighbour of a new article shows a link to it, and no page lists what is recent but those that do.
    site.write(
        "templates/article.html",
        format!("{base}{{% for one in recent %}}{{{{ one.url }}}}{{% endfor %}}"),
    );
    explained(&site);
    site.write("content/d.md", article(3));
    let said = explained(&site);
    for line in [
        "a/index.html: view `recent` changed",
        "c/index.html: its neighbours, links, terms or pictures changed; view `recent` changed",
        "d/index.html: new",
        "index.html: what it lists changed",
    ] {
        assert!(said.iter().any(|one| one == line), "{line} in {said:#?}");
    }
    fs::remove_file(site.path("public/404.html")).unwrap();
    assert_eq!(explained(&site), ["404.html: somebody changed or removed the file"]);
    std::fs::remove_file(site.path("public/404.html")).unwrap();
    let (_, report) = site.report(&["--explain"]);
    let why = serde_json::json!([{ "path": "404.html", "why": ["somebody changed or removed the file"] }]);
    assert_eq!(report["explained"], why);
    assert_eq!(report["written_by_kind"], serde_json::json!({ "other": 1 }));
}
