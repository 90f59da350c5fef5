//! The fate of everything, grouped and counted, and the steps before readers get the new site.

use serde::Serialize;

use super::model::{Finding, Imported, Outcome};
use super::target::Written;
use super::{Kind, Request};

/// The report of an import. All keys are always present.
#[derive(Debug, Serialize)]
pub struct Report {
    /// The kind of the source.
    pub kind: &'static str,
    /// True if nothing was written.
    pub dry_run: bool,
    /// Articles: sources with a date.
    pub articles: usize,
    /// Pages: sources without a date.
    pub pages: usize,
    /// Articles and pages that are not public, with those that are dated in the future.
    pub unpublished: usize,
    /// Articles with an id that readers know.
    pub ids: usize,
    /// Files that were not there before.
    pub new: Vec<String>,
    /// The number of files that were there already.
    pub same: usize,
    /// Files that were there with other content, and stay as they are.
    pub kept: Vec<String>,
    /// The findings, grouped by what became of what.
    pub groups: Vec<Group>,
    /// The steps before readers get the new site, in order.
    pub checklist: Vec<String>,
}

/// Findings of one kind.
#[derive(Debug, Serialize)]
pub struct Group {
    /// `lost`, `held`, `changed` or `carried`.
    pub outcome: &'static str,
    /// The kind of finding.
    pub code: &'static str,
    /// The number of findings.
    pub count: usize,
    /// The findings, by file and line.
    pub findings: Vec<Line>,
}

/// A finding.
#[derive(Debug, Serialize)]
pub struct Line {
    /// The file, from the root of the source.
    pub file: String,
    /// The line, from 1; null for a whole file.
    pub line: Option<u32>,
    /// One sentence.
    pub text: String,
}

impl Outcome {
    /// The word in reports.
    pub fn word(self) -> &'static str {
        match self {
            Outcome::Lost => "lost",
            Outcome::Held => "held",
            Outcome::Changed => "changed",
            Outcome::Carried => "carried",
        }
    }
}

/// The report of a run that `written` says the files of.
pub(super) fn report(
    kind: Kind,
    request: &Request<'_>,
    mut imported: Imported,
    mut written: Written,
) -> Report {
    for (path, reason) in std::mem::take(&mut written.unread) {
        imported.tell(Outcome::Lost, "unreadable", super::Spot::file(path), reason);
    }
    let articles = imported.articles.iter().filter(|one| one.published.is_some()).count();
    let is_unpublished = |one: &&super::Article| {
        one.draft.is_some()
            || one.published.as_ref().is_some_and(|when| when.moment.passed() > request.source.now)
    };
    let now = request.source.now;
    let ids = imported.articles.iter().filter(|one| {
        let is_out = one.published.as_ref().is_some_and(|when| when.moment.passed() <= now);
        let is_over = one.expires.as_ref().is_some_and(|when| when.moment.instant() <= now);
        is_out && !is_over && one.draft.is_none() && one.guid.is_some()
    });
    Report {
        kind: kind.name(),
        dry_run: request.is_dry,
        articles,
        pages: imported.articles.len() - articles,
        unpublished: imported.articles.iter().filter(is_unpublished).count(),
        ids: ids.count(),
        checklist: checklist(&imported, request, &written),
        new: written.new,
        same: written.same,
        kept: written.kept,
        groups: groups(imported.findings),
    }
}

fn groups(mut findings: Vec<Finding>) -> Vec<Group> {
    let key = |one: &Finding| (one.outcome, one.code);
    findings.sort_by(|a, b| (key(a), &a.source, &a.text).cmp(&(key(b), &b.source, &b.text)));
    findings.dedup();
    let mut groups: Vec<Group> = Vec::new();
    for finding in findings {
        let (outcome, code) = (finding.outcome.word(), finding.code);
        let line = Line {
            line: Some(finding.source.line).filter(|line| *line > 0),
            file: finding.source.file,
            text: finding.text,
        };
        match groups.last_mut().filter(|group| group.outcome == outcome && group.code == code) {
            Some(group) => group.findings.push(line),
            None => groups.push(Group { outcome, code, count: 0, findings: vec![line] }),
        }
    }
    groups.iter_mut().for_each(|group| group.count = group.findings.len());
    groups
}

fn checklist(imported: &Imported, request: &Request<'_>, written: &Written) -> Vec<String> {
    let mut steps = Vec::new();
    let into = request.into.display();
    let has = |code: &str| imported.findings.iter().any(|one| one.code == code);
    if !written.kept.is_empty() {
        steps.push(format!(
            "Compare the files that were there already and stay as they are ({} of them).",
            written.kept.len()
        ));
    }
    if imported.settings.base_url.is_none() {
        steps.push("Set `base_url` in site.toml: the source does not say where the site lives.".to_owned());
    }
    if imported.findings.iter().any(|one| one.outcome == Outcome::Lost) {
        steps.push("Read what was lost, above, and mend it in the new site.".to_owned());
    }
    steps.push(format!("Build the site: `dateline build --root {into}`."));
    steps.push(format!(
        "Look at it: `dateline serve --root {into}`; look for broken links: `dateline check --root {into}`."
    ));
    if request.feeds.is_empty() {
        steps.push(
            "Run this import again, into an empty folder, with `--live-feed` and the address of each feed that readers have: its ids count."
                .to_owned(),
        );
    }
    let base = imported.settings.base_url.as_deref().unwrap_or("https://\u{2026}/");
    steps.push(format!(
        "Compare with what subscribers have: `dateline feeds preview --root {into} --against {base}` has to show nothing new and nothing gone."
    ));
    if has("redirect")
        || imported.articles.iter().any(|one| one.aliases.iter().any(|alias| alias.contains('?')))
    {
        steps.push("Give your server the redirects: `dateline hosting nginx` or `dateline hosting caddy` prints them; some hosts read the file `_redirects`.".to_owned());
    }
    steps.push(
        "Commit the new folder with `ledger.jsonl`: it has the ids and dates that readers know.".to_owned(),
    );
    steps.push(format!(
        "Publish: `dateline publish --root {into}`, upload `public/`, and only then switch the domain."
    ));
    steps
}
