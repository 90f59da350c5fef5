//! The end of a build: what was rendered is put in its place, and what the next build needs of this one is remembered.

use std::collections::HashSet;
use std::sync::Arc;

use super::kept::keep;
use super::laid::Laid;
use super::last::{self, Inputs, Last};
use super::ledger_use::{LedgerState, Recorded};
use super::rank::is_page;
use super::rendering::Rendered;
use super::warnings::Warnings;
use super::{
    Announce, Blame, Failure, Held, LedgerUse, Report, Request, Warm, failure, kinds, last_path, machine,
};
use crate::model::diagnostics::{self, Problem};
use crate::model::timings::{Timings, Watch};
use crate::output::Staging;
use crate::picture::Store;
use crate::site::plan::{Planned, Shows};

/// A build that has rendered all that it had to.
pub(super) struct Ending<'a, 'w> {
    pub request: &'a Request<'a>,
    pub watch: &'a Watch<'w>,
    pub laid: &'a Laid,
    pub staging: Staging,
    pub ledger: LedgerState,
    pub store: Store,
    pub rendered: Rendered<'a>,
    /// What the last build said of documents.
    pub warned: &'a Warnings,
    pub warm: Option<&'a mut Warm>,
    pub announce: Announce<'a>,
    pub held: Held,
    /// The names of the sources that are new or have another text.
    pub changed: &'a HashSet<Arc<str>>,
    pub inputs: Option<Inputs>,
    pub problems: Vec<Problem>,
    pub notes: Vec<String>,
}

impl Ending<'_, '_> {
    /// Changes the output folder and the ledger, and remembers the build. Nothing changes if there are errors. The times
    /// and the remains are for who called to add.
    pub fn finish(self) -> Result<Report, Failure> {
        let Ending {
            request,
            watch,
            laid,
            staging,
            mut ledger,
            store,
            mut rendered,
            warned,
            warm,
            announce,
            held,
            changed,
            inputs,
            mut problems,
            mut notes,
        } = self;
        let Laid { plan, library, config, .. } = laid;
        if problems.iter().any(Problem::is_error) {
            return Err(failure(Blame::Content, problems));
        }
        let articles = library.articles;
        let is_feed = |planned: &&Planned| matches!(planned.shows, Shows::Feed(..) | Shows::FeedArchive(..));
        let pages = plan.documents.iter().filter(|planned| is_page(planned)).count() - articles;
        let feeds = plan.documents.iter().filter(is_feed).count();
        let feed_files = super::feeds::files(plan);
        let meant = library.departed().iter().filter(|one| one.is_meant);
        let meant_to_leave = meant.map(|one| one.id.clone()).collect();
        let news = super::feeds::news(plan, config, &staging);
        (announce)(&news).map_err(|error| machine(error.into(), &mut problems))?;
        let changes = watch.stage("write", |tally| {
            let is_cold = warm.is_none();
            let written = ledger.write(request, || {
                if is_cold {
                    Last::forget(&last_path(request))?;
                }
                staging.commit()
            });
            let changes = written.map_err(|error| machine(error, &mut problems))?;
            (tally.count, tally.bytes) = (changes.written, changes.bytes_written);
            Ok(changes)
        })?;
        let remembered = rendered.warnings.remember(warned, request, warm);
        remembered.map_err(|error| machine(error.into(), &mut problems))?;
        store.finish().map_err(|error| machine(error.into(), &mut problems))?;
        let kinds = kinds::count(&rendered.stale, &changes.written_paths, library, changed);
        if request.ledger == LedgerUse::Advance {
            watch.stage("keep", |_| keep(request, library)).map_err(|error| machine(error, &mut problems))?;
        }
        let is_begun = ledger.is_begun();
        let Recorded { digest, events, behind, is_whole } = ledger.recorded(request);
        if let Some(inputs) = inputs.filter(|_| problems.is_empty()) {
            let last = Last {
                inputs,
                ledger: digest,
                state: last::left(request),
                now: request.now,
                articles,
                pages,
                feeds,
                held: held.clone(),
                behind,
                ledger_is_whole: is_whole,
            };
            last.save(&last_path(request)).map_err(|error| machine(error.into(), &mut problems))?;
        }
        diagnostics::sort(&mut problems);
        notes.append(&mut rendered.notes);
        Ok(Report {
            explained: rendered.explained,
            articles,
            pages,
            feeds,
            feed_files,
            meant_to_leave,
            changes,
            kinds,
            news,
            held,
            events,
            is_begun,
            behind,
            problems,
            notes,
            timings: Timings::default(),
            remains: Box::new(()),
        })
    }
}
