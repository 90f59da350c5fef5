//! The screen of `dateline status`.

use std::fmt::Write;

use chrono::{DateTime, Utc};
use dateline::pipeline::last_run::{Fault, PutOut, SkippedSource};

use super::{Articles, At, Deployment, Run, Status};
use crate::cli::console;
use crate::cli::publish::span;

/// The most lines of one kind; the rest is counted.
const MOST: usize = 5;

/// Prints `status`: one line a fact, with its subject in front.
pub fn show(status: &Status) {
    let now = status.now.0.to_utc();
    console::say(&format!("{}, {}", status.title, status.url));
    let zone = status.now.0.timezone();
    say("state", &format!("{}, as of {} {zone}", status.state, written(status.now)));
    match &status.last_run {
        Some(run) => {
            say("last run", &last_run(run, status, now));
            list("", run.errors.iter().map(fault));
        }
        None => {
            let built = status.last_build.map(|at| format!("; the last build was {}", since(at, now)));
            say("last run", &format!("`dateline publish` never ran here{}", built.unwrap_or_default()));
        }
    }
    if let Some(change) = &status.last_change {
        say("last change", &last_change(change, status, now));
    }
    say("articles", &articles(&status.articles));
    let next = status.next.iter().map(|one| {
        format!("{} {} at {}, in {}", one.source, one.says, written(one.at), span(one.in_seconds))
    });
    list("next", next);
    if status.next.is_empty() {
        say("next", "nothing is due");
    }
    let overdue = status.overdue.iter().map(|one| {
        format!("{} {} since {}, {} ago", one.source, one.says, written(one.at), span(-one.in_seconds))
    });
    list("overdue", overdue);
    list("skipped", status.skipped.iter().map(skipped));
    let hubs = status.hubs.iter().map(|hub| {
        let feeds =
            if hub.feeds.len() == 1 { "1 feed".to_owned() } else { format!("{} feeds", hub.feeds.len()) };
        let next = written(At(hub.next.with_timezone(&status.now.0.timezone())));
        let waits = span((now - hub.since).num_seconds().max(0));
        format!(
            "{} has yet to hear of {feeds}: {waits} late, tries: {}, next at {next}",
            hub.hub, hub.attempts
        )
    });
    list("hubs", hubs);
    if let Some(error) = &status.outbox_error {
        say("hubs", error);
    }
    list("deployments", status.deployments.iter().map(|one| deployment(one, now)));
}

/// Prints a fact about `subject`.
fn say(subject: &str, text: &str) {
    console::say(&format!("{subject:<12} {text}"));
}

/// Prints facts about `subject`, a line each.
fn list(subject: &str, facts: impl ExactSizeIterator<Item = String>) {
    let more = facts.len().saturating_sub(MOST);
    for (at, fact) in facts.take(MOST).enumerate() {
        say(if at == 0 { subject } else { "" }, &fact);
    }
    if more > 0 {
        say("", &format!("and {more} more: `--format json` has all"));
    }
}

/// An instant by the site's clock, with seconds only where there are some.
fn written(at: At) -> String {
    let text = at.0.format("%Y-%m-%d %H:%M:%S").to_string();
    text.strip_suffix(":00").map_or_else(|| text.clone(), str::to_owned)
}

/// An instant, and how long ago it was.
fn since(at: At, now: DateTime<Utc>) -> String {
    format!("{}, {} ago", written(at), span((now - at.0.to_utc()).num_seconds().max(0)))
}

fn last_run(run: &Run, status: &Status, now: DateTime<Utc>) -> String {
    let ended = match run.exit_code {
        0 | 4 => "done".to_owned(),
        5 => format!("done, {} skipped", status.skipped.len()),
        code @ 1..=3 => {
            let before = run.succeeded.map(|at| format!("; the last success was {}", since(at, now)));
            format!("failed with exit code {code}{}", before.unwrap_or_default())
        }
        code => format!("ended with exit code {code}"),
    };
    format!("{}: {ended}", since(run.at, now))
}

fn last_change(change: &PutOut, status: &Status, now: DateTime<Utc>) -> String {
    let at = At(change.at.with_timezone(&status.now.0.timezone()));
    let counts = [
        (change.published, "published"),
        (change.updated, "updated"),
        (change.moved, "moved"),
        (change.withdrawn, "withdrawn"),
        (change.written, if change.written == 1 { "file written" } else { "files written" }),
        (change.removed, "removed"),
    ];
    let counts = counts.iter().filter(|(count, _)| *count > 0).map(|(count, word)| format!("{count} {word}"));
    let counts: Vec<String> = counts.collect();
    let mut text = format!("{}: {}", since(at, now), counts.join(", "));
    if let Some(first) = change.sources.first() {
        let all = change.published + change.updated + change.moved + change.withdrawn;
        let more = if all > 1 { " and others" } else { "" };
        // Writing to a text never fails.
        let _ = write!(text, " ({first}{more})");
    }
    text
}

fn articles(articles: &Articles) -> String {
    let Articles { public, scheduled, drafts, expired, withdrawn } = articles;
    let others = [
        (*scheduled, "scheduled"),
        (*drafts, if *drafts == 1 { "draft" } else { "drafts" }),
        (*expired, "expired"),
        (*withdrawn, "withdrawn"),
    ];
    let others =
        others.iter().filter(|(count, _)| *count > 0).map(|(count, word)| format!(", {count} {word}"));
    format!("{public} public{}", others.collect::<String>())
}

fn skipped(one: &SkippedSource) -> String {
    let what = match one.kept {
        Some(true) => "kept as last published",
        Some(false) => "left out",
        None => "new error",
    };
    match &one.why {
        Some(why) => format!("{what}: {}", fault(why)),
        None => format!("{}: {what}", one.source),
    }
}

fn fault(fault: &Fault) -> String {
    let line = fault.line.map(|line| format!(":{line}")).unwrap_or_default();
    match &fault.file {
        Some(file) => format!("{file}{line}: {}", fault.message),
        None => fault.message.clone(),
    }
}

fn deployment(one: &Deployment, now: DateTime<Utc>) -> String {
    let target = &one.target;
    let before = match one.succeeded {
        Some(at) => format!("the last success was {}", since(at, now)),
        None => "never deployed from here".to_owned(),
    };
    if let Some(failed) = &one.failed {
        return format!("{target} failed {}: {}; {before}", since(failed.at, now), failed.message);
    }
    if let Some(files) = one.stopped_after {
        return format!("{target} was stopped after {files} files, the next one goes on; {before}");
    }
    if one.owes_afterwards {
        return format!("{target} has caches or a command that still wait for the news; {before}");
    }
    match (one.succeeded, one.up_to_date) {
        (Some(at), true) => format!("{target} has the site as it is, since {}", since(at, now)),
        (Some(_), false) => format!("{target} does not have the latest; {before}"),
        (None, _) => format!("{target}: {before}"),
    }
}
