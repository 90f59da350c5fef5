//! The end of a build: commits the staged files and saves the state for the next build.

use super::last::{LastBuild, stamp_of};
use super::ledger_use::Recorded;
use super::published_texts::keep;
use super::rendered::Rendered;
use super::session::{Session, manifest_path, state_name};
use super::site_plan::SitePlan;
use super::stage::stage;
use super::survey::Books;
use super::{Blame, Counts, LedgerUse, Report, feeds, kinds};
use crate::model::diagnostics::{Problem, sort_once};
use crate::model::digest::Digest;
use crate::output::Staging;
use crate::site::plan::Planned;

/// Commits the output folder and the ledger, and saves the build; `inputs` is the digest of its files.
pub(super) fn finish(
    session: &mut Session<'_>,
    site: &SitePlan,
    books: Books,
    staging: Staging,
    rendered: Rendered<'_>,
    inputs: Option<Digest>,
) -> Result<Report, Blame> {
    let request = session.request;
    let Books { mut ledger, held, remembered, store, .. } = books;
    let news = feeds::news(&site.plan, &site.config, &staging);
    (session.announce)(&news).map_err(|error| session.machine(error))?;
    // Warnings of the output folder concern this run alone.
    let has_warnings_of_output = !staging.warnings().is_empty();
    let changes = stage("write", |tally| {
        let changes = ledger.write(request, || staging.commit()).map_err(|error| session.machine(error))?;
        (tally.count, tally.bytes) = (changes.written, changes.bytes_written);
        Ok(changes)
    })?;
    store.finish().map_err(|error| session.machine(error))?;
    if request.ledger == LedgerUse::Advance {
        stage("keep", |_| keep(request, &site.library)).map_err(|error| session.machine(error))?;
    }
    let is_begun = ledger.is_begun();
    let Recorded { digest, events, behind, is_whole, is_advanced } = ledger.recorded(request);
    let mut problems = session.readable(session.diagnostics.take());
    // The ledger as just saved may settle a warning, and an error in a source must be reported again.
    let is_lasting =
        !has_warnings_of_output && session.skipped.is_empty() && (problems.is_empty() || !is_advanced);
    let output = state_name("public", request.root, request.out);
    let mut build = LastBuild {
        inputs: inputs.filter(|_| is_lasting),
        ledger: digest,
        manifest: stamp_of(&manifest_path(request.root, request.state, request.out)),
        now: request.now,
        published: match request.ledger {
            LedgerUse::Advance => Some(request.now),
            _ => remembered.memory.last_build(&output).and_then(|last| last.published),
        },
        counts: counts(site),
        leaves: site.library.leaves.len(),
        held,
        behind,
        ledger_is_whole: is_whole,
        warnings: problems.iter().filter_map(Problem::warning).collect(),
        of_documents: rendered.warnings.0,
    };
    match &mut session.memory {
        Some(memory) => memory.warnings = std::mem::take(&mut build.of_documents),
        None => {
            let saved = remembered.memory.finish(&output, &build);
            saved.map_err(|error| session.machine(error))?;
        }
    }
    let errors = session.skipped.take_errors();
    problems.extend(session.readable(errors));
    sort_once(&mut problems);
    let feed_events = match request.ledger {
        LedgerUse::Advance => site.plan.feed_events.clone(),
        _ => Vec::new(),
    };
    let meant = site.library.departed().iter().filter(|one| one.is_meant);
    Ok(Report {
        counts: build.counts,
        feed_files: feeds::files(&site.plan),
        meant_to_leave: meant.map(|one| one.id.clone()).collect(),
        kinds: kinds::count(&rendered.stale, &changes.written_paths, &remembered.changed),
        changes,
        news,
        held: build.held,
        events,
        feed_events,
        is_begun,
        behind,
        problems,
        notes: session.diagnostics.take_notes(),
        explained: rendered.explained,
    })
}

fn counts(site: &SitePlan) -> Counts {
    let documents = &site.plan.documents;
    let is_feed = |planned: &&Planned| planned.shows.is_feed();
    let unlisted = site.library.leaves.iter().skip(site.library.listed);
    let articles = site.library.articles + unlisted.filter(|leaf| leaf.dates.is_some()).count();
    let pages = documents.iter().filter(|planned| planned.is_page()).count() - articles;
    Counts { articles, pages, feeds: documents.iter().filter(is_feed).count() }
}
