//! `dateline status`: how the site stands, on one screen, from what runs have left on disk.

mod screen;

use std::process::ExitCode;

use chrono::{DateTime, SecondsFormat, Utc};
use chrono_tz::Tz;
use dateline::config::Config;
use dateline::deploy::{self, Known};
use dateline::model::diagnostics::Problem;
use dateline::model::url::UrlPath;
use dateline::notify::{self, Waiting};
use dateline::output::Manifest;
use dateline::pipeline::due::{Agenda, Due};
use dateline::pipeline::last_run::{Fault, LastRun, PutOut, SkippedSource};
use dateline::pipeline::{self, Request, Survey};
use dateline::site::identity::State as Standing;
use serde::{Serialize, Serializer};

use super::due::{self, OVERDUE};
use super::publish::SKIPPED;
use super::{DONE, build as building, console, deploy as deploying, desk, exit_code};
use crate::cli::arguments::{ReportFormat, StatusArgs};

/// Something fails: the last publication or deployment, or a notification.
const FAILING: u8 = 8;

/// How the site stands. `--format json` prints it.
#[derive(Serialize)]
struct Status {
    /// `well`, `skipping`, `overdue` or `failing`.
    state: &'static str,
    exit_code: u8,
    title: String,
    url: String,
    now: At,
    last_run: Option<Run>,
    /// The last run that changed the output.
    last_change: Option<PutOut>,
    /// The clock of the last build of the output folder, by whichever command.
    last_build: Option<At>,
    articles: Articles,
    next: Vec<DueChange>,
    overdue: Vec<DueChange>,
    /// Sources that the last run skipped, and those with an error since.
    skipped: Vec<SkippedSource>,
    hubs: Vec<Waiting>,
    /// The reason why the outbox can't be read.
    outbox_error: Option<String>,
    deployments: Vec<Deployment>,
}

/// An instant in the site's zone.
#[derive(Clone, Copy)]
struct At(DateTime<Tz>);

impl Serialize for At {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0.to_rfc3339_opts(SecondsFormat::Secs, true))
    }
}

/// The last publication.
#[derive(Serialize)]
struct Run {
    at: At,
    exit_code: u8,
    milliseconds: u64,
    succeeded: Option<At>,
    errors: Vec<Fault>,
}

/// Numbers of articles by state.
#[derive(Default, Serialize)]
struct Articles {
    public: usize,
    scheduled: usize,
    drafts: usize,
    expired: usize,
    withdrawn: usize,
}

/// A change that the clock brings about.
#[derive(Serialize)]
struct DueChange {
    source: String,
    change: &'static str,
    at: At,
    in_seconds: i64,
    /// What comes, or should have come, as a predicate.
    #[serde(skip)]
    says: &'static str,
}

/// How a target of `site.toml` stands.
#[derive(Serialize)]
struct Deployment {
    target: String,
    /// The target has what the output folder has, as far as this machine knows.
    up_to_date: bool,
    succeeded: Option<At>,
    failed: Option<FailedDeployment>,
    /// The number of files that a deployment has put which was stopped.
    stopped_after: Option<usize>,
    /// Caches and the command for afterwards still wait.
    owes_afterwards: bool,
}

/// The failure of the last deployment.
#[derive(Serialize)]
struct FailedDeployment {
    at: At,
    code: String,
    message: String,
}

/// Prints how the site stands; the exit code says whether somebody has to look.
pub fn run(arguments: &StatusArgs) -> ExitCode {
    let place = arguments.site.site();
    let (now, base_url) = match building::terms(&place) {
        Ok(terms) => terms,
        Err(failure) => return desk::refuse(&failure),
    };
    let (root, out) = (&place.root, building::out(&place));
    let state = root.join(pipeline::STATE);
    let request = Request { base_url, ..Request::new(root, &state, &out, now) };
    let (survey, problems, _) = match pipeline::survey(&request) {
        Ok(surveyed) => surveyed,
        Err(failure) => return desk::refuse(&failure),
    };
    let manifest = match pipeline::manifest_of(root, &state, &out) {
        Ok(manifest) => manifest,
        Err(error) => {
            console::problems(&[Problem::nowhere(error)]);
            return exit_code(pipeline::Blame::Machine);
        }
    };
    let status = Status::of(&request, survey, &manifest, &problems);
    match arguments.format {
        ReportFormat::Human => screen::show(&status),
        ReportFormat::Json => console::say_pretty_json(&status),
    }
    ExitCode::from(status.exit_code)
}

impl Status {
    fn of(request: &Request<'_>, survey: Survey, manifest: &Manifest, problems: &[Problem]) -> Status {
        let (now, state) = (request.now, request.state);
        let zone = survey.config.timezone.unwrap_or(Tz::UTC);
        let at = |instant: DateTime<Utc>| At(instant.with_timezone(&zone));
        let (title, url) = (survey.config.title.clone(), survey.config.base_url.absolute(&UrlPath::root()));
        let articles = Articles::of(&survey);
        let deployments = deployments(&survey.config, request, manifest, &at);
        let last = LastRun::load(state);
        let skipped = skipped(last.as_ref(), problems);
        let last_build = pipeline::last_now(request.root, state, request.out);
        let agenda = Agenda::of(request, survey, manifest, last_build);
        let change = |due: &Due, says| {
            let (instant, source) = (due.moment.instant(), due.source.to_string());
            let in_seconds = (instant - now).num_seconds();
            DueChange { source, change: due::name(due.change), at: at(instant), in_seconds, says }
        };
        let next = agenda.next.iter().map(|one| change(one, due::coming(one.change)));
        let overdue = agenda.overdue.iter().map(|one| change(one, due::missed(one.change)));
        let (hubs, outbox_error) = match notify::waiting(state) {
            Ok(hubs) => (hubs, None),
            Err(error) => (Vec::new(), Some(error.to_string())),
        };
        let last_change = last.as_ref().and_then(|last| last.put_out.clone());
        let last_run = last.map(|last| Run {
            at: at(last.at),
            exit_code: last.exit_code,
            milliseconds: last.milliseconds,
            succeeded: last.succeeded.map(at),
            errors: last.errors,
        });
        let mut status = Status {
            state: "well",
            exit_code: DONE,
            title,
            url,
            now: at(now),
            last_run,
            last_change,
            last_build: last_build.map(at),
            articles,
            next: next.collect(),
            overdue: overdue.collect(),
            skipped,
            hubs,
            outbox_error,
            deployments,
        };
        (status.state, status.exit_code) = status.verdict();
        status
    }

    /// How the site stands in a word, and as an exit code.
    fn verdict(&self) -> (&'static str, u8) {
        let run_fails = self.last_run.as_ref().is_some_and(|run| matches!(run.exit_code, 1..=3));
        let hub_fails = self.outbox_error.is_some() || self.hubs.iter().any(|hub| hub.attempts > 0);
        let deployment_fails = self.deployments.iter().any(Deployment::fails);
        if run_fails || hub_fails || deployment_fails {
            ("failing", FAILING)
        } else if !self.overdue.is_empty() {
            ("overdue", OVERDUE)
        } else if !self.skipped.is_empty() {
            ("skipping", SKIPPED)
        } else {
            ("well", DONE)
        }
    }
}

impl Deployment {
    /// True if the last deployment failed, was stopped, or left something undone.
    fn fails(&self) -> bool {
        self.failed.is_some() || self.stopped_after.is_some() || self.owes_afterwards
    }
}

impl Articles {
    fn of(survey: &Survey) -> Articles {
        let mut articles = Articles::default();
        for one in survey.settled.iter().filter(|one| one.dates.is_some()) {
            let count = match one.state {
                Standing::Live => &mut articles.public,
                Standing::Scheduled => &mut articles.scheduled,
                Standing::Draft => &mut articles.drafts,
                Standing::Expired => &mut articles.expired,
                Standing::Withdrawn => &mut articles.withdrawn,
            };
            *count += 1;
        }
        articles
    }
}

/// The sources that the last run skipped, and then those with an error that no run has met yet.
fn skipped(last: Option<&LastRun>, problems: &[Problem]) -> Vec<SkippedSource> {
    let mut skipped = last.map(|last| last.skipped.clone()).unwrap_or_default();
    for problem in problems.iter().filter(|problem| problem.is_error()) {
        let Some(place) = problem.place() else { continue };
        if skipped.iter().all(|one| one.source != *place.file) {
            let (source, why) = (place.file.to_string(), Some(Fault::of(problem)));
            skipped.push(SkippedSource { source, kept: None, why });
        }
    }
    skipped
}

fn deployments(
    config: &Config,
    request: &Request<'_>,
    manifest: &Manifest,
    at: &dyn Fn(DateTime<Utc>) -> At,
) -> Vec<Deployment> {
    let folder = request.state.join(deploying::FOLDER);
    let targets = config.deploy.iter().map(|target| {
        let known = Known::load(&folder, &target.name);
        let has_afterwards = !(target.purge.is_empty() && target.after.is_empty());
        Deployment {
            target: target.name.clone(),
            up_to_date: known.digest == Some(deploying::digest_of(target, manifest)),
            succeeded: known.succeeded.map(at),
            failed: known.failed.map(|failed| FailedDeployment {
                at: at(failed.at),
                code: failed.code,
                message: failed.message,
            }),
            stopped_after: deploy::stopped(&folder, &target.name),
            owes_afterwards: has_afterwards && deploy::owes(&folder, &target.name),
        }
    });
    targets.collect()
}
