//! `dateline feeds preview`.

use std::path::Path;
use std::process::ExitCode;

use dateline::feed::difference::{Difference, Named};
use dateline::model::diagnostics::Problem;
use dateline::pipeline::preview::{Fate, FeedPreview, Preview, preview};
use dateline::pipeline::{Failure, Request, manifest_of};
use dateline::storage::file;
use miette::Diagnostic;
use serde_json::{Value, json};
use thiserror::Error;

use super::remote::fetch;
use super::{DONE, build, console, exit_code};
use crate::cli::arguments::{PreviewArgs, ReportFormat};

/// Prints the changes that subscribers will see.
pub fn run(arguments: &PreviewArgs) -> ExitCode {
    match look(arguments) {
        Ok(preview) => {
            match arguments.format {
                ReportFormat::Human => human(&preview),
                ReportFormat::Json => console::say_json(&as_json(&preview)),
            }
            ExitCode::from(DONE)
        }
        Err(failure) => {
            console::problems(&failure.problems);
            console::say("nothing was compared");
            exit_code(failure.blame)
        }
    }
}

fn look(arguments: &PreviewArgs) -> Result<Preview, Failure> {
    let site = &arguments.site.site();
    let (now, base_url) = build::terms(site)?;
    let (state, out) = (build::state(site), build::out(site));
    let request = Request {
        base_url,
        allowances: build::allowances(site),
        ..Request::new(&site.root, &state, &out, now)
    };
    let manifest = manifest_of(&site.root, &state, &out).map_err(|error| Failure {
        blame: dateline::pipeline::Blame::Machine,
        problems: vec![Problem::nowhere(error)],
    })?;
    let mut known: Vec<String> = manifest.files.keys().map(|path| path.to_string()).collect();
    known.sort();
    match arguments.against.as_deref().filter(|against| *against != "manifest") {
        Some(url) if url.starts_with("http://") || url.starts_with("https://") => {
            let base = url.trim_end_matches('/').to_owned();
            let unreached = std::cell::RefCell::new(None);
            let found = preview(&request, &known, &|path| match fetch(&format!("{base}/{path}")) {
                Ok(fetched) => Some(fetched.bytes),
                // A missing feed is a new one, but a missing site is a mistake.
                Err(error) => {
                    unreached.borrow_mut().get_or_insert(error);
                    None
                }
            })?;
            let none_was_there = found.feeds.iter().all(|feed| matches!(feed.fate, Fate::Begins(_)));
            match unreached.into_inner() {
                Some(error) if none_was_there => Err(Failure {
                    blame: dateline::pipeline::Blame::Usage,
                    problems: vec![Problem::nowhere(error)],
                }),
                _ => Ok(found),
            }
        }
        Some(folder) if !std::path::Path::new(folder).is_dir() => Err(Failure {
            blame: dateline::pipeline::Blame::Usage,
            problems: vec![Problem::nowhere(NoFolder { folder: folder.to_owned() })],
        }),
        Some(folder) => preview(&request, &known, &|path| {
            file::read(Path::new(&format!("{folder}/{path}")), file::FEED).ok()
        }),
        None => preview(&request, &known, &|path| file::read(&out.join(path), file::FEED).ok()),
    }
}

/// There are no live feeds to compare with.
#[derive(Debug, Error, Diagnostic)]
#[error("there is no folder {folder}")]
#[diagnostic(code(preview::folder), help("give the folder of another output, or the URL of the live site"))]
struct NoFolder {
    folder: String,
}

/// Number of entries that are named one by one; more are only counted.
const NAMED: usize = 20;

fn human(preview: &Preview) {
    for feed in &preview.feeds {
        console::say(&format!("{} ({})", feed.path, feed.title));
        if let Some((old, new)) = &feed.other_id {
            console::say(&format!("  its own id changes from {old} to {new}"));
        }
        match &feed.fate {
            Fate::Begins(count) => console::say(&format!("  a new feed, with {count} entries")),
            Fate::Ends(count) => {
                console::say(&format!("  will be gone; its subscribers had {count} entries"));
            }
            Fate::Changes(difference) => changes(difference),
        }
    }
    let unchanged = preview.count - preview.feeds.iter().filter(|feed| !is_gone(feed)).count();
    let (back, gone) = preview.flood;
    let ending = preview.feeds.iter().filter(|feed| is_gone(feed)).count();
    if ending > 0 {
        console::say(&format!("{ending} feeds will be gone: whoever subscribed to them finds nothing there"));
    }
    console::say(&format!(
        "{unchanged} of {} feeds stay as they are; {back} entries would come back as new, {gone} would vanish",
        preview.count
    ));
}

fn is_gone(feed: &FeedPreview) -> bool {
    matches!(feed.fate, Fate::Ends(_))
}

fn changes(difference: &Difference) {
    let list = |what: &str, lines: Vec<String>| {
        lines.iter().take(NAMED).for_each(|line| console::say(&format!("  {what:<12} {line}")));
        if lines.len() > NAMED {
            console::say(&format!("  {what:<12} and {} more", lines.len() - NAMED));
        }
    };
    let named = |one: &Named| format!("{}  {}", one.title, one.id);
    let all = |names: &[Named]| names.iter().map(named).collect();
    list("new", all(&difference.new));
    let updated = difference.updated.iter();
    list("updated", updated.map(|(one, fields)| format!("{}: {}", named(one), fields.join(", "))).collect());
    let back = difference.reappearing.iter().map(|(one, known)| match known {
        Some(known) => format!("{}, which was {known}", named(one)),
        None => format!("{}, older than what is out", named(one)),
    });
    list("comes back", back.collect());
    list("vanishes", all(&difference.vanished));
    list("moved", all(&difference.moved));
    if difference.pushed_out > 0 {
        console::say(&format!("  {:<12} {} for newer ones", "leaves", difference.pushed_out));
    }
}

fn as_json(preview: &Preview) -> Value {
    let named = |one: &Named| json!({"id": one.id, "title": one.title, "url": one.url});
    let all = |names: &[Named]| names.iter().map(named).collect::<Vec<_>>();
    let feeds = preview.feeds.iter().map(|feed| {
        let mut value = match &feed.fate {
            Fate::Begins(count) => json!({"begins": count}),
            Fate::Ends(count) => json!({"ends": count}),
            Fate::Changes(difference) => json!({
                "new": all(&difference.new),
                "updated": difference.updated.iter().map(|(one, fields)| {
                    let mut value = named(one);
                    value["fields"] = json!(fields);
                    value
                }).collect::<Vec<_>>(),
                "vanished": all(&difference.vanished),
                "reappearing": difference.reappearing.iter().map(|(one, known)| {
                    let mut value = named(one);
                    value["was"] = json!(known);
                    value
                }).collect::<Vec<_>>(),
                "moved": all(&difference.moved),
                "pushed_out": difference.pushed_out,
            }),
        };
        if let Some((old, new)) = &feed.other_id {
            value["other_id"] = json!([old, new]);
        }
        value["path"] = json!(feed.path);
        value["title"] = json!(feed.title);
        value
    });
    let (back, gone) = preview.flood;
    json!({"feeds": feeds.collect::<Vec<_>>(), "count": preview.count, "reappearing": back, "vanished": gone})
}
