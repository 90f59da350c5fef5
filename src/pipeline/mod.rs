//! The pipeline: read everything, decide everything, then write everything.
//!
//! [`run`] is the table in `ARCHITECTURE.md` as a function, one line a stage. Every command that looks at a site goes
//! through it, or stops in it. With one error the output folder stays as it was.

mod body_summary;
pub mod check;
pub mod due;
pub mod explain;
mod feeds;
mod files;
mod finish;
mod flood;
pub mod gone;
mod in_place;
mod kept_pages;
mod kinds;
mod large_feeds;
mod last;
pub mod last_run;
mod leaf_work;
mod ledger_use;
mod memory;
pub mod moving;
mod pairing;
mod pictures;
pub mod preview;
pub mod publish;
mod published_texts;
mod reasons;
mod record;
mod render_stale;
mod rendered;
mod rendering;
mod report;
mod request;
mod revise;
mod rows;
mod scratch;
mod search_files;
mod seniority;
mod session;
mod site_plan;
mod skipped;
mod stage;
mod state;
mod survey;
mod syntax;
pub mod verify;
mod warm;
mod warnings;
mod wire;
mod wire_memory;
mod wire_story;
mod withheld;
mod words;

use std::path::Path;
use std::thread;

use chrono::{DateTime, Utc};
use files::Files;
use finish::finish;
pub use flood::FloodError;
pub use kinds::Kind;
pub use ledger_use::LedgerUse;
pub use reasons::{Explained, SharedParts};
use render_stale::render_stale;
pub use report::{Blame, BuildError, Counts, Failure, FeedFile, FeedNews, Report};
pub use request::Request;
pub use rows::Rows;
use session::{Session, machine, state_name};
pub use session::{is_site, manifest_of};
pub use site_plan::SitePlan;
use skipped::Reached;
use stage::stage;
pub use survey::Survey;
pub use warm::Warm;
pub use withheld::Withheld;

use crate::config::{self, Config};
use crate::model::diagnostics::{Place, Problem};
use crate::model::digest::Digest;
use crate::output::{Lock, Staging};
use crate::site::ledger;
use crate::source::ContentError;
use crate::source::git::History;
use crate::storage::{StoreError, file};

/// The folder of files that are copied as they are, in the site's root.
pub const STATIC: &str = "static";
/// The folder of the program's own state, in the site's root.
pub const STATE: &str = ".dateline";

/// Callback that gets the feeds about to change, before any file changes. If it fails, no file changes.
pub type Announce<'a> = &'a (dyn Fn(&FeedNews) -> Result<(), StoreError> + Sync);

/// Builds the site.
///
/// # Errors
/// A [`Failure`] with all problems found; the output folder is then as it was, unless the machine
/// failed while files were put into place, in which case each file is wholly old or wholly new.
pub fn build(request: &Request<'_>) -> Result<Report, Failure> {
    is_site(request.root)?;
    let lock = Lock::take(request.state).map_err(machine)?;
    let mut session = Session::new(request, &lock);
    run(&mut session).map_err(|blame| session.failure(blame))
}

/// The most times that the files of a site are listed in one run.
const MOST_LOOKS: usize = 4;

/// Runs the whole pipeline. A file may vanish or change after it was listed, as when an editor saves; the run then begins
/// again.
fn run(session: &mut Session<'_>) -> Result<Report, Blame> {
    for _ in 1..MOST_LOOKS {
        session.may_begin_again = true;
        let mut files = Files::default();
        let outcome = build_listed(session, &mut files);
        if outcome.is_ok() || session.may_begin_again && !session.is_overtaken(&files) {
            return outcome;
        }
        session.begin_again();
    }
    session.may_begin_again = false;
    build_listed(session, &mut Files::default())
}

/// Lists the site's `files`, and builds from them.
fn build_listed(session: &mut Session<'_>, files: &mut Files) -> Result<Report, Blame> {
    let (config, settings) = stage("load", |_| load(session))?;
    let history = stage("history", |_| history(session, &config));
    let of_settings = history.with(settings, session.request.now);
    let mut staging;
    (staging, *files) = open(session, &config)?;
    session.leave_out(files);
    let inputs = stage("recognise", |_| session.recognise(files, of_settings));
    if let Some(report) = last::unchanged(session, &config, &staging, inputs)? {
        return Ok(report);
    }
    let config = session
        .diagnostics
        .gather(|problems| words::with_own(session.request.root, config, &files.languages, problems));
    loop {
        session.add_rows(&config, files)?;
        let mut survey = thread::scope(|scope| {
            scope.spawn(|| stage("look around", |tally| tally.count = staging.look_around()));
            Survey::make(session, config.clone(), files, &history, settings)
        })?;
        if session.sets_aside && session.diagnostics.has_errors() {
            survey.remembered.hand_over(session)?;
            session.set_aside(files, Reached::Settling)?;
            continue;
        }
        let (site, mut books) = survey.lay_out(session.request, &session.skipped, &session.diagnostics);
        if session.memory.is_none() {
            site.add_siblings(&mut staging);
        }
        let rendered = render_stale(session, &site, &books, &staging)?;
        books.remembered.add(session, &rendered)?;
        if session.diagnostics.has_errors() {
            session.set_aside(files, Reached::Rendering)?;
            staging = staging.start_over();
            continue;
        }
        let report = finish(session, &site, books, staging, rendered, inputs)?;
        session.keep(site);
        return Ok(report);
    }
}

/// Reads and settles the site of `request`; also returns problems and notes.
///
/// # Errors
/// Errors that stop a build before any decision: in `site.toml`, the ledger or the machine.
pub fn survey(request: &Request<'_>) -> Result<(Survey, Vec<Problem>, Vec<String>), Failure> {
    is_site(request.root)?;
    let lock = Lock::take(request.state).map_err(machine)?;
    let mut session = Session::new(request, &lock);
    let survey = read_and_settle(&mut session).map_err(|blame| session.failure(blame))?;
    Ok((survey, session.readable(session.diagnostics.take()), session.diagnostics.take_notes()))
}

/// Runs the first half of the pipeline: everything is read, and every source is settled by itself.
fn read_and_settle(session: &mut Session<'_>) -> Result<Survey, Blame> {
    let (config, settings) = load(session)?;
    let mut files = Files::list(session, &config);
    session.leave_out(&mut files);
    let history = history(session, &config);
    session.add_rows(&config, &mut files)?;
    let mut survey = Survey::make(session, config, &files, &history, settings)?;
    if session.memory.is_some() {
        survey.remembered.hand_over(session)?;
    }
    Ok(survey)
}

/// The time of the last build of the output folder `out` of the site at `root`; `None` if unknown.
pub fn last_now(root: &Path, state: &Path, out: &Path) -> Option<DateTime<Utc>> {
    state::last_build(state, &state_name("public", root, out)).map(|last| last.now)
}

/// Opens the output folder and lists the files, in parallel: both have parts that only one thread can do.
fn open(session: &Session<'_>, config: &Config) -> Result<(Staging, Files), Blame> {
    let (staging, files) = rayon::join(
        || {
            stage("open", |tally| {
                let staging = session.open_output()?;
                tally.count = staging.manifest().files.len();
                Ok(staging)
            })
        },
        || Files::list(session, config),
    );
    Ok((staging?, files))
}

/// The history of the sources in the repository, where the site asks for it.
fn history(session: &Session<'_>, config: &Config) -> History {
    let (request, git) = (session.request, config.dates.git.as_ref());
    session.diagnostics.gather(|problems| History::wanted(request.root, request.state, git, problems))
}

/// Reads `site.toml` and digests its text.
fn load(session: &Session<'_>) -> Result<(Config, Digest), Blame> {
    let refuse = |cause: BuildError| {
        session.diagnostics.report(Problem::nowhere(cause));
        Blame::Usage
    };
    let root = session.request.root;
    let text = file::read_text(&root.join(config::FILE), file::SETTINGS)
        .map_err(|error| refuse(BuildError::Unreadable { reason: error.to_string() }))?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
    // The text of a file elsewhere is shown in no error unless it is a site's.
    if let Some(target) = file::outside(root, config::FILE).filter(|_| !Config::follows_links(text)) {
        let place = Place::file(config::FILE);
        session.diagnostics.report(Problem::new(ContentError::Outside { target }, place));
        return Err(Blame::Usage);
    }
    let foreign = session.in_place(text)?;
    let usual = foreign.as_ref().map(|site| site.settings.clone());
    let config = session.diagnostics.gather(|problems| match &usual {
        Some(usual) => Config::read_over(text, usual, problems),
        None => Config::read(text, problems),
    });
    let mut config = config.ok_or(Blame::Usage)?;
    session.set_foreign(foreign);
    if let Some(target) =
        file::outside(root, ledger::FILE).filter(|_| config.ledger && !config.files.follow_links)
    {
        let place = Place::file(ledger::FILE);
        session.diagnostics.report(Problem::new(ContentError::Outside { target }, place));
        return Err(Blame::Content);
    }
    if let Some(base_url) = &session.request.base_url {
        config.base_url = base_url.clone();
    }
    if !session.request.has_hosts {
        config.base_url = config.base_url.without_hosts();
    }
    let all = [text.as_bytes(), usual.as_deref().unwrap_or_default().as_bytes()].concat();
    Ok((config, Digest::of(&all)))
}
