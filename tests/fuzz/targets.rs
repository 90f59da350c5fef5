//! Targets of fuzzing: each function takes any bytes, and panics only if the program has a fault. cargo-fuzz runs them one by
//! one for long, and `cargo test --test it -- fuzzed` all of them for a moment.

#![allow(dead_code, clippy::unwrap_used, clippy::expect_used, reason = "a fault is a panic here")]

use std::path::Path;

use dateline::config::{Config, MarkdownSwitches, RawHtml};
use dateline::feed::{self, lint};
use dateline::import::{self, Kind, Media, Request, Source};
use dateline::language::{Language, Quotes};
use dateline::model::diagnostics::Problem;
use dateline::model::html::{Change, plain, rewrite_urls};
use dateline::model::metadata::{self, Language as Format};
use dateline::model::stamp::Stamp;
use dateline::model::url::{BaseUrl, SlugStyle, UrlPath, refused_scheme, slugify};
use dateline::model::{date, url};
use dateline::output::Manifest;
use dateline::render::markdown::{self, Link, Options, Surroundings};
use dateline::site::ledger;
use dateline::source::{self, BodySummary, Found, Reckoner, SourceFile, wire};

/// A target with its name.
type Target = (&'static str, fn(&[u8]));

/// The targets, by name.
pub const ALL: [Target; 12] = [
    ("front_matter", front_matter),
    ("dates", dates),
    ("settings", settings),
    ("wire", wire),
    ("markdown_to_feed", markdown_to_feed),
    ("ledger", ledger),
    ("state", state),
    ("import", imports),
    ("urls", urls),
    ("xml", xml),
    ("data", data),
    ("pictures", pictures),
];

const TOML: &str = "title = \"T\"\nbase_url = \"https://example.org/\"\nauthority = \"example.org\"\n";

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// A whole source: its encoding, its front matter, its dates.
pub fn front_matter(bytes: &[u8]) {
    let config = Config::read(TOML, &mut Vec::new()).unwrap();
    let stamp = Stamp::of(&Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.toml").metadata().unwrap());
    let reckoner =
        Reckoner { body_summary: &|_, _, _| BodySummary::default(), substance: None, searched: None };
    for name in ["content/news/a.md", "content/news/_index.md", "content/news/a.html", "content/news/a.txt"] {
        let format = source::Format::of(name).unwrap();
        let file = SourceFile::new(Found::new(name.into(), "content", stamp), format);
        let (document, problems) = source::parse_bytes(bytes.to_vec(), &file, &config, &reckoner);
        assert!(document.is_some() || problems.iter().any(Problem::is_error), "refused without an error");
    }
}

/// Dates in all their forms; one that is read is read again from what is kept.
pub fn dates(bytes: &[u8]) {
    let text = text(bytes);
    if let Ok(written) = date::parse(&text)
        && let Ok(moment) = written.resolve(chrono_tz::Tz::UTC, date::Ambiguous::Earlier)
    {
        let again = date::parse(&moment.rfc3339()).expect("RFC 3339 is read");
        let again = again.resolve(chrono_tz::Tz::UTC, date::Ambiguous::Earlier).expect("it has an offset");
        assert_eq!(again.instant(), moment.instant(), "{text:?}");
        assert_eq!(
            date::Moment::from_lasting(&moment.lasting()).map(|one| one.instant()),
            Some(moment.instant())
        );
    }
    let _ = (date::in_path(&text), date::check_pattern(&text), date::parse_zone(&text));
}

/// `site.toml`.
pub fn settings(bytes: &[u8]) {
    for before in ["", TOML] {
        let mut problems = Vec::new();
        let config = Config::read(&format!("{before}{}", text(bytes)), &mut problems);
        assert!(config.is_some() || problems.iter().any(Problem::is_error), "refused without an error");
    }
}

/// A wire article.
pub fn wire(bytes: &[u8]) {
    if let Ok(article) = wire::parse(&text(bytes)) {
        let _ = (article.to_html(wire::Audience::Page), article.to_html(wire::Audience::Feed));
    }
}

/// Markdown, as a page shows it and as a feed carries it, under each rule for HTML.
pub fn markdown_to_feed(bytes: &[u8]) {
    let text = text(bytes);
    let around = Surroundings {
        links: &|_, _| Link::Keep,
        picture_size: &|_| None,
        components: &|call| Ok(format!("<b title=\"x\">{}</b>", call.body.unwrap_or_default())),
        language: Language::english(),
    };
    let switches = MarkdownSwitches { autolinks: true, wikilinks: true, emoji: true, mark: true };
    for raw_html in [RawHtml::Allow, RawHtml::Sanitize, RawHtml::Escape] {
        let options = Options {
            quotes: Some(Quotes::ENGLISH),
            heading_ids: true,
            heading_links: true,
            highlight: false,
            math: true,
            switches,
            raw_html,
        };
        let page = markdown::render(&text, &options, &around);
        for (range, _) in &page.problems {
            assert!(range.start <= range.end && range.end <= text.len(), "a place beyond the text");
        }
        let entry = feed::absolute(&page.html, "https://example.org/a/");
        assert_no_script(&entry);
        if raw_html != RawHtml::Allow {
            assert_no_script(&page.html);
        }
    }
    let _ = markdown::first_paragraph(&text, switches, Some(Quotes::ENGLISH));
}

/// Panics if a browser would run something of `html`.
fn assert_no_script(html: &str) {
    let mut rest = html;
    while let Some(at) = rest.find('<') {
        rest = &rest[at + 1..];
        let end = rest.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(rest.len());
        let name = &rest[..end];
        assert!(!name.eq_ignore_ascii_case("script"), "a script in {html:?}");
        if !name.starts_with(|first: char| first.is_ascii_alphabetic()) {
            continue;
        }
        rest = &rest[end..];
        loop {
            rest = rest.trim_start_matches(|c: char| c.is_whitespace() || c == '/');
            let end = rest.find(|c: char| c.is_whitespace() || "=/>".contains(c)).unwrap_or(rest.len());
            let own = rest[..end].to_ascii_lowercase();
            if own.is_empty() {
                break;
            }
            assert!(!own.starts_with("on"), "{own} in {html:?}");
            rest = &rest[end..];
            if let Some(value) = rest.strip_prefix("=\"") {
                let (value, behind) = value.split_once('"').unwrap_or((value, ""));
                assert!(own != "href" || refused_scheme(value).is_none(), "{html:?}");
                rest = behind;
            } else if rest.starts_with('=') {
                break;
            }
        }
    }
}

/// The ledger; one that is read is read again from what is written.
pub fn ledger(bytes: &[u8]) {
    let mut problems = Vec::new();
    if let Some(read) = ledger::read(&text(bytes), &mut problems) {
        let written = ledger::written(&read);
        let again = ledger::read(&written, &mut Vec::new()).expect("what is written is read");
        assert_eq!(ledger::written(&again), written);
    }
}

/// The manifest of an output folder and that of a deployment.
pub fn state(bytes: &[u8]) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("manifest");
    std::fs::write(&file, bytes).unwrap();
    let _ = Manifest::load(&file);
    if let Ok(read) = dateline::deploy::Deployed::read(bytes) {
        assert_eq!(
            dateline::deploy::Deployed::read(&read.bytes()).map(|again| again.bytes()),
            Ok(read.bytes())
        );
    }
}

/// An import; the first byte says of which kind.
pub fn imports(bytes: &[u8]) {
    let Some((kind, rest)) = bytes.split_first() else { return };
    let kind = Kind::ALL[usize::from(*kind) % Kind::ALL.len()];
    let folder = tempfile::tempdir().unwrap();
    let (source, target) = (folder.path().join("source"), folder.path().join("target"));
    let write = |name: &str| {
        let path = source.join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, rest).unwrap();
    };
    let fixed = |name: &str, text: &str| {
        let path = source.join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    };
    let path = match kind {
        Kind::Hugo => {
            fixed("hugo.toml", "title = \"T\"\nbaseURL = \"https://example.org/\"\n");
            write("content/posts/a.md");
            source.clone()
        }
        Kind::Zola => {
            fixed("config.toml", "title = \"T\"\nbase_url = \"https://example.org/\"\n");
            write("content/posts/a.md");
            source.clone()
        }
        Kind::Jekyll | Kind::Hexo => {
            fixed("_config.yml", "title: T\nurl: https://example.org\n");
            write("_posts/2026-01-01-a.md");
            write("source/_posts/a.md");
            source.clone()
        }
        Kind::Pelican => {
            write("pelicanconf.py");
            write("content/a.rst");
            source.clone()
        }
        Kind::Nikola => {
            write("conf.py");
            write("posts/a.rst");
            source.clone()
        }
        Kind::Eleventy | Kind::Astro => {
            write("eleventy.config.js");
            write("astro.config.mjs");
            write("src/content/blog/a.md");
            write("posts/a.md");
            source.clone()
        }
        Kind::WordPress | Kind::Ghost | Kind::Feed => {
            let name = if kind == Kind::Ghost { "export.json" } else { "export.xml" };
            write(name);
            source.join(name)
        }
        Kind::News | Kind::Wire => {
            write("a.xml");
            write("b.txt");
            source.clone()
        }
    };
    let now = chrono::DateTime::from_timestamp(1_790_000_000, 0).unwrap();
    let request = Request {
        kind: Some(kind),
        source: Source { path: &path, now, base_url: Some("https://example.org/"), without: &[] },
        into: &target,
        is_dry: false,
        feeds: &[],
        media: Media { folder: None, is_fetched: false },
    };
    let _ = import::import(&request);
    let made = std::fs::read_dir(folder.path()).unwrap().count();
    assert!(made <= 2, "something is outside of the new site");
}

/// Addresses: paths, whole URLs, those in HTML.
pub fn urls(bytes: &[u8]) {
    let text = text(bytes);
    for path in [UrlPath::parse(&text), UrlPath::from_address(&text)].into_iter().flatten() {
        let encoded = path.encoded().into_owned();
        let again = UrlPath::parse(&url::percent_decode(&encoded)).expect("an encoded path is a path");
        assert_eq!(again.as_str(), path.as_str());
        assert!(!path.as_str().split('/').any(|part| part == ".."), "{text:?}");
    }
    if let Ok(base) = BaseUrl::parse(&text) {
        assert!(base.origin().starts_with("http"));
    }
    let kept = rewrite_urls(&text, &|_, _| Change::Keep);
    assert_eq!(kept, text, "nothing was to change");
    let changed = rewrite_urls(&text, &|url, _| Change::To(format!("/x{url}")));
    let _ = (plain(&changed), slugify(&text, SlugStyle::Ascii), refused_scheme(&text));
}

/// Feeds of others: XML and JSON.
pub fn xml(bytes: &[u8]) {
    let judgement = lint::judge(bytes, &lint::Known { url: None, now: None });
    for finding in &judgement.findings {
        assert!(finding.span.start <= finding.span.end && finding.span.end <= judgement.text.len());
    }
    let _ = feed::read::read(bytes);
}

/// YAML, TOML, JSON.
pub fn data(bytes: &[u8]) {
    let text = text(bytes);
    for language in [Format::Toml, Format::Yaml, Format::Json] {
        match metadata::parse(language, &text, 0) {
            Ok(node) => assert!(node.span.end <= text.len()),
            Err((_, span)) => assert!(span.start <= span.end && span.end <= text.len(), "{span:?}"),
        }
    }
}

/// Pictures: their heads, and what is left of them without metadata.
pub fn pictures(bytes: &[u8]) {
    let _ = dateline::picture::look(bytes);
    if let Some(stripped) = dateline::picture::strip(bytes) {
        assert!(stripped.len() <= bytes.len() + 64);
    }
}
