//! The one thread that builds.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc::Receiver;
use std::time::Duration;

use super::site::{Built, Site};
use super::watch::{Heard, Message, Watching, patience, wait};
use crate::pipeline::{Failure, Report};

/// News for the caller of the server.
#[derive(Debug)]
pub enum News<'a> {
    /// The site was built.
    Built {
        /// The build's report.
        report: &'a Report,
        /// The duration of the build.
        took: Duration,
        /// True for the first build.
        is_first: bool,
        /// The files that may have changed.
        touched: &'a [String],
    },
    /// A build failed; the site is still shown as it was before.
    Failed {
        /// The errors.
        failure: &'a Failure,
        /// True for the first build.
        is_first: bool,
        /// The files that may have changed.
        touched: &'a [String],
    },
    /// The system reports no changes, for this reason, so the server polls every second.
    Polling(&'a str),
}

/// Builds whenever something changes or becomes due, until the channel is closed.
pub(super) fn work(
    site: &Arc<Site>,
    mut watching: Watching,
    inbox: &Receiver<Message>,
    tell: &dyn Fn(News<'_>),
) {
    say_trouble(&mut watching, tell);
    report(site.build(&[]), &[], tell);
    let mut is_checked = false;
    loop {
        let has_links = site.has_links();
        let patience = patience(&watching, is_checked, has_links);
        let touched = match wait(inbox, site.until_due().map_or(patience, |due| due.min(patience))) {
            Heard::End => return,
            Heard::AsOf(moment, touched) => {
                site.set_as_of(moment);
                follow(&mut watching, &touched, tell);
                Vec::new()
            }
            Heard::Touched(touched) => {
                follow(&mut watching, &touched, tell);
                names(site, &touched)
            }
            Heard::Nothing if site.is_due() => Vec::new(),
            Heard::Nothing if is_checked && !watching.polls() && !has_links => continue,
            Heard::Nothing => {
                watching.renew();
                match site.is_current() {
                    Some(false) => Vec::new(),
                    known => {
                        is_checked = known.is_some();
                        continue;
                    }
                }
            }
        };
        report(site.build(&touched), &touched, tell);
        is_checked = false;
    }
}

/// Updates the watched folders after changes.
fn follow(watching: &mut Watching, touched: &[PathBuf], tell: &dyn Fn(News<'_>)) {
    watching.forget(touched);
    watching.renew();
    say_trouble(watching, tell);
}

fn names(site: &Site, touched: &[PathBuf]) -> Vec<String> {
    touched.iter().map(|path| site.name_of(path)).filter(|name| !name.is_empty()).collect()
}

fn say_trouble(watching: &mut Watching, tell: &dyn Fn(News<'_>)) {
    if let Some(trouble) = watching.trouble.take() {
        tell(News::Polling(&trouble));
    }
}

fn report(built: Built, touched: &[String], tell: &dyn Fn(News<'_>)) {
    let Built { outcome, took, is_first } = built;
    match &outcome {
        Ok(report) => tell(News::Built { report, took, is_first, touched }),
        Err(failure) => tell(News::Failed { failure, is_first, touched }),
    }
    // Dropping a build's data takes a while; on its own thread it does not delay the next build.
    std::thread::spawn(move || drop(outcome));
}
