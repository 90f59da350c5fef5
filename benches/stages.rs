//! The hot stages, each by itself: `cargo bench`. What a build as a whole costs beside its peers is in
//! `BENCHMARKS.md`.

use std::fmt::Write;
use std::path::Path;

use chrono::{DateTime, Utc};
use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use dateline::config::MarkdownSwitches;
use dateline::language::Language;
use dateline::model::date;
use dateline::model::digest::Digest;
use dateline::model::html;
use dateline::model::url::{SlugStyle, slugify};
use dateline::pipeline::{self, Request};
use dateline::render::code::{self, Fence};
use dateline::render::markdown::{self, Options};
use dateline::source::wire;

const MARKDOWN: &str = "## Who pays\n\nThe harbour board met *twice* in [March](https://example.org/march/) and \
    agreed on little but the date.\n\n- dredging\n- lamps, of which `two` are out\n\n> Nobody asked the \
    pilots.\n\n| berth | fee |\n| --- | --: |\n| north | 12 |\n| south | 9 |\n\n";

const CODE: &str = "/// The height of the tide at `hour`, in metres.\npub fn height(hour: f64) -> f64 {\n    let \
    phase = hour / 12.42 * std::f64::consts::TAU; // the moon's\n    2.5 + 1.8 * phase.cos()\n}\n\n";

const WIRE: &str = "Harbour\n\nFerry back after storm\n\nPUBLISHED : Friday, 14 February, 2014, 2:47pm\n\
    UPDATED : Friday, 14 February, 2014, 5:10pm\n\n";

fn markdown_bodies(c: &mut Criterion) {
    let body = MARKDOWN.repeat(12);
    let mut group = c.benchmark_group("markdown");
    group.throughput(Throughput::Bytes(body.len() as u64));
    group.bench_function("render", |b| {
        let surroundings = markdown::Surroundings {
            links: &|_, _| markdown::Link::Keep,
            picture_size: &|_| None,
            components: &|_| Ok(String::new()),
            language: Language::english(),
        };
        let options = Options {
            quotes: Some(dateline::language::Quotes::ENGLISH),
            heading_ids: true,
            ..Options::default()
        };
        b.iter(|| markdown::render(&body, &options, &surroundings));
    });
    let code = CODE.repeat(12);
    let fence = Fence::parse("rust").0;
    group.throughput(Throughput::Bytes(code.len() as u64));
    for (name, coloured) in [("code/plain", false), ("code/coloured", true)] {
        group.bench_function(name, |b| b.iter(|| code::block(&code, &fence, coloured)));
    }
    group.throughput(Throughput::Bytes(body.len() as u64));
    group.bench_function("length", |b| b.iter(|| markdown::length(&body)));
    group.bench_function("first paragraph", |b| {
        b.iter(|| {
            markdown::first_paragraph(
                &body,
                MarkdownSwitches::default(),
                Some(dateline::language::Quotes::ENGLISH),
            )
        })
    });
    group.finish();
}

fn wire_articles(c: &mut Criterion) {
    let article =
        format!("{WIRE}{}", "The quay was dry again by noon, the harbour master said.\n\n".repeat(30));
    let mut group = c.benchmark_group("wire");
    group.throughput(Throughput::Bytes(article.len() as u64));
    group.bench_function("parse", |b| b.iter(|| wire::parse(&article)));
    group.finish();
}

fn small_values(c: &mut Criterion) {
    c.bench_function("date/wire line", |b| b.iter(|| date::parse("Friday, 14 February, 2014, 2:47pm")));
    c.bench_function("date/RFC 3339", |b| b.iter(|| date::parse("2014-02-14T14:47:00+08:00")));
    c.bench_function("slug", |b| b.iter(|| slugify("Fähre fährt wieder nach dem Sturm", SlugStyle::Ascii)));
    let page = "<p>A page as it goes out, with a <a href=\"/link/\">link</a>.</p>\n".repeat(150);
    c.bench_function("digest/page", |b| b.iter(|| Digest::of(page.as_bytes())));
    c.bench_function("html/plain", |b| b.iter(|| html::plain(&page)));
}

/// A site of `count` articles at `root`.
fn site(root: &Path, count: usize) {
    let toml = "title = \"Bench\"\nbase_url = \"https://example.org/\"\nauthority = \"example.org\"\n\
        timezone = \"Europe/London\"\n";
    write(root, "site.toml", toml);
    for at in 0..count {
        let mut article = String::new();
        let (year, month, day) = (2010 + at % 10, 1 + at / 10 % 12, 1 + at / 120 % 28);
        // Writing into a String does not fail.
        let _ =
            write!(article, "+++\ntitle = \"Article {at}\"\ndate = {year}-{month:02}-{day:02}T08:00:00Z\n");
        let _ = write!(
            article,
            "tags = [\"tag {}\"]\nauthors = [\"A. Writer\"]\n+++\n{}",
            at % 7,
            MARKDOWN.repeat(4)
        );
        write(root, &format!("content/news/article-{at}.md"), &article);
    }
}

fn write(root: &Path, path: &str, text: &str) {
    let file = root.join(path);
    let folder = file.parent().unwrap_or(root);
    std::fs::create_dir_all(folder).and_then(|()| std::fs::write(&file, text)).unwrap_or_else(|error| {
        panic!("{}: {error}", file.display());
    });
}

fn run(root: &Path, state: &Path, out: &Path) {
    let done = pipeline::build(&Request::new(
        root,
        state,
        out,
        DateTime::<Utc>::from_timestamp(1_790_000_000, 0).unwrap_or_default(),
    ));
    assert!(done.is_ok_and(|report| report.problems.is_empty()));
}

fn whole_builds(c: &mut Criterion) {
    let folder = tempfile::tempdir().unwrap_or_else(|error| panic!("{error}"));
    let root = folder.path();
    site(root, 300);
    let mut group = c.benchmark_group("build of 300 articles");
    group.sample_size(20);
    group.bench_function("full", |b| {
        let fresh = || tempfile::tempdir().unwrap_or_else(|error| panic!("{error}"));
        let build = |place: tempfile::TempDir| {
            run(root, &place.path().join("state"), &place.path().join("out"));
            place
        };
        b.iter_batched(fresh, build, BatchSize::PerIteration);
    });
    let (state, out) = (root.join(".dateline"), root.join("public"));
    run(root, &state, &out);
    group.bench_function("nothing changed", |b| b.iter(|| run(root, &state, &out)));
    let mut number = 0;
    group.bench_function("one article edited", |b| {
        b.iter(|| {
            number += 1;
            let article =
                format!("+++\ntitle = \"Edited\"\ndate = 2015-01-01\n+++\nFor the {number}. time.\n");
            write(root, "content/news/edited.md", &article);
            run(root, &state, &out);
        });
    });
    group.finish();
}

criterion_group!(benches, markdown_bodies, wire_articles, small_values, whole_builds);
criterion_main!(benches);
