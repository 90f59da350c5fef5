//! The one thread that builds.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc::Receiver;
use std::time::Duration;

use super::site::{Built, Site};
use super::watch::{Heard, Message, Watching, patience, wait};
use crate::pipeline::{Failure, Report};

/// What happens, for whoever runs the server.
#[derive(Debug)]
pub enum News<'a> {
    /// The site was built.
    Built {
        /// What came of it.
        report: &'a Report,
        /// How long it took.
        took: Duration,
        /// It is the first time.
        is_first: bool,
        /// The files that may have changed.
        touched: &'a [String],
    },
    /// There are errors; what was there before is shown on.
    Failed {
        /// Which.
        failure: &'a Failure,
        /// It is the first time.
        is_first: bool,
        /// The files that may have changed.
        touched: &'a [String],
    },
    /// Nobody tells of changes, for this reason; so they are looked for every second.
    Polling(&'a str),
}

/// Builds when something changes or becomes due, until nobody can ask for it any more.
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
        let patience = patience(&watching, is_checked);
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
            Heard::Nothing if is_checked && !watching.polls() => continue,
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

/// Goes on watching where folders have changed.
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
    // To take apart what a build was made of takes a while, in which the next could begin.
    std::thread::spawn(move || drop(outcome));
}
