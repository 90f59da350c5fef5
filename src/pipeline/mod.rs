//! The pipeline: read everything, decide everything, then write everything.
//!
//! [`build`] is the table in `ARCHITECTURE.md` as a function, one line a stage. Problems of all stages
//! are gathered; with one error among them the output folder stays as it was.

mod aside;
mod cache;
pub mod due;
mod elsewhere;
mod ending;
pub mod explain;
mod feeds;
mod flood;
mod gist;
mod held;
mod kept;
mod kinds;
mod laid;
mod last;
mod ledger_use;
mod memory;
mod pairing;
mod pictures;
mod place;
pub mod preview;
pub mod publish;
mod rank;
mod reasons;
mod record;
mod rendering;
mod report;
mod request;
mod revise;
mod survey;
pub mod verify;
mod warm;
mod warnings;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::thread;

use ending::Ending;
pub use flood::FloodError;
pub use held::Held;
pub use kinds::Kind;
use laid::Laid;
use last::Last;
pub use ledger_use::LedgerUse;
pub use place::{last_now, manifest_of};
use place::{open, state_name};
use reasons::Changed;
pub use reasons::{Explained, SharedParts};
use rendering::{Rendered, Rendering};
pub use report::{Blame, BuildError, Failure, FeedFile, FeedNews, Report};
pub use request::Request;
use survey::Means;
pub use survey::Survey;
pub use warm::Warm;
use warnings::Warnings;

pub(crate) use aside::Aside;
pub(crate) use elsewhere::Elsewhere;
pub(crate) use kept::Kept;

use crate::config::{self, Config};
use crate::model::date::Moment;
use crate::model::diagnostics::{self, Problem};
use crate::model::digest::Digest;
use crate::model::timings::Watch;
use crate::output::{Lock, OutputError, Staging};
use crate::render::Renderer;
use crate::render::template::Templates;
use crate::site::ledger;
use crate::site::plan::news_end;
use crate::source::git::History;
use crate::storage::StoreError;

/// The folder of files that are copied as they are, in the site's root.
pub const STATIC: &str = "static";
/// The folder of the program's own state, in the site's root.
pub const STATE: &str = ".dateline";
/// The file in there that has what sources said when they were read.
const CACHE: &str = "cache";

/// Builds the site.
///
/// # Errors
/// A [`Failure`] with all problems found; the output folder is then as it was, unless the machine
/// failed while files were put into place, in which case each file is wholly old or wholly new.
pub fn build(request: &Request<'_>) -> Result<Report, Failure> {
    is_site(request.root)?;
    let lock = Lock::take(request.state, request.waiting).map_err(|error| machine(error, &mut Vec::new()))?;
    build_with(request, &lock, &Aside::default(), &|_| Ok(()), None)
}

/// Reads and settles the site of `request`, and says what is wrong and what is worth knowing.
///
/// # Errors
/// Those of a build in which nothing can be decided: `site.toml`, the ledger, the machine.
pub fn survey(request: &Request<'_>) -> Result<(Survey, Vec<Problem>, Vec<String>), Failure> {
    is_site(request.root)?;
    let lock = Lock::take(request.state, request.waiting).map_err(|error| machine(error, &mut Vec::new()))?;
    survey_with(request, &lock, None)
}

/// The same under `lock`.
fn survey_with(
    request: &Request<'_>,
    lock: &Lock,
    mut warm: Option<&mut Warm>,
) -> Result<(Survey, Vec<Problem>, Vec<String>), Failure> {
    let (mut problems, mut notes) = (Vec::new(), Vec::new());
    let watch = Watch::new(request.stopwatch, request.time_documents);
    let (config, settings) = load(request, &mut problems)?;
    let files = survey::find(request, config.theme.folder.as_deref(), &watch, &mut problems);
    let (told, noted) = (&mut problems, &mut notes);
    let aside = Aside::default();
    let git = config.dates.git.as_ref();
    let history = &History::wanted(request.root, request.state, git, told);
    let means = Means {
        lock,
        warm: warm.as_deref_mut(),
        aside: &aside,
        history,
        settings,
        watch: &watch,
        problems: told,
        notes: noted,
    };
    let mut survey = Survey::make(request, config, files, means)?;
    if let Some(warm) = warm {
        survey.hand_over(warm);
    }
    diagnostics::sort(&mut problems);
    Ok((survey, problems, notes))
}

/// Told which feeds are about to change, before the first file does; with an error, none will.
pub type Announce<'a> = &'a dyn Fn(&FeedNews) -> Result<(), StoreError>;

/// Builds the site under `lock`, with the sources `aside` set aside; with `warm`, into memory.
pub(crate) fn build_with(
    request: &Request<'_>,
    lock: &Lock,
    aside: &Aside,
    announce: Announce<'_>,
    mut warm: Option<&mut Warm>,
) -> Result<Report, Failure> {
    let (mut problems, mut notes) = (Vec::new(), Vec::new());
    let watch = Watch::new(request.stopwatch, request.time_documents);
    let (config, config_digest) = watch.stage("load", |_| load(request, &mut problems))?;
    let git = config.dates.git.as_ref();
    let history =
        watch.stage("history", |_| History::wanted(request.root, request.state, git, &mut problems));
    let settings = history.with(config_digest, request.now);
    // Each has parts that only one thread can do.
    let mut of_output = Vec::new();
    let shelf = warm.as_ref().map(|warm| warm.shelf.clone());
    let (staging, found) = rayon::join(
        || {
            watch.stage("open", |tally| {
                let staging = match &shelf {
                    Some(shelf) => Staging::on_shelf(shelf, lock.moment()),
                    None => open(request, &mut of_output)?,
                };
                tally.count = staging.manifest().files.len();
                Ok(staging)
            })
        },
        || survey::find(request, config.theme.folder.as_deref(), &watch, &mut problems),
    );
    problems.append(&mut of_output);
    let mut staging = staging.map_err(|Failure { blame, problems: mut found }| {
        found.append(&mut problems);
        failure(blame, found)
    })?;
    let last_path = last_path(request);
    let inputs = watch.stage("recognise", |_| {
        if let Some(warm) = &mut warm {
            let text = std::fs::read(request.root.join(config::FILE)).unwrap_or_default();
            warm.inputs = warm::inputs(request, &text, &found, lock.moment());
        }
        let is_plain = warm.is_none() && problems.is_empty() && aside.is_empty();
        is_plain.then(|| last::inputs(request, settings, &found, lock.moment())).flatten()
    });
    let ledger_now = || config.ledger.then(|| ledger::digest(request.root, request.state)).flatten();
    let last = inputs.and_then(|_| Last::load(&last_path)).filter(|last| last.ledger == ledger_now());
    if let (Some(inputs), Some(last)) = (inputs, &last)
        && last.is_as_now(inputs, last::left(request), request)
        && watch
            .stage("compare", |_| staging.stands_whole())
            .map_err(|error| machine(error, &mut problems))?
    {
        let (articles, pages, feeds, behind) = (last.articles, last.pages, last.feeds, last.behind);
        let held = last.held.clone();
        let (explained, changes, kinds, events) =
            (Vec::new(), staging.unchanged(), BTreeMap::new(), Vec::new());
        let news = FeedNews { hubs: config.feeds.hubs, topics: Vec::new() };
        let (timings, remains) = (watch.finish(), Box::new((found, staging)));
        return Ok(Report {
            explained,
            articles,
            pages,
            feeds,
            feed_files: Vec::new(),
            meant_to_leave: Vec::new(),
            changes,
            kinds,
            news,
            held,
            events,
            is_begun: false,
            behind,
            problems,
            notes,
            timings,
            remains,
        });
    }
    let (survey, chosen, library, plan, styles) = thread::scope(|scope| {
        scope.spawn(|| watch.stage("look around", |tally| tally.count = staging.look_around()));
        let (told, noted) = (&mut problems, &mut notes);
        let means = Means {
            lock,
            warm: warm.as_deref_mut(),
            aside,
            history: &history,
            settings: config_digest,
            watch: &watch,
            problems: told,
            notes: noted,
        };
        let mut survey = Survey::make(request, config, found, means)?;
        let zone = survey.config.timezone.unwrap_or(chrono_tz::Tz::UTC);
        survey.ledger.compare(&survey.settled, Moment::at(request.now, zone));
        if request.ledger == LedgerUse::Advance {
            problems.extend(survey.came_back(request.root, aside));
        }
        if request.ledger == LedgerUse::Locked {
            problems.extend(survey.is_behind());
        }
        let chosen = survey.chosen_templates();
        let (library, plan, styles) = survey.lay_out(&watch, &mut problems);
        Ok((survey, chosen, library, plan, styles))
    })?;
    // Nobody asks a server in this process for those.
    if !survey.config.hosting.compress.is_empty() && warm.is_none() {
        let paths: Vec<String> = plan.documents.iter().map(|planned| planned.path.file()).collect();
        staging.add_siblings(&survey.config.hosting.compress, paths.iter().map(String::as_str));
    }
    let Survey {
        config,
        assets,
        mut held,
        links,
        files,
        templates: own_templates,
        needs,
        changed,
        mut memory,
        store,
        press,
        ledger,
        ..
    } = survey;
    for id in plan.sitemap.news.iter().flatten() {
        if let Some(published) = library.published_at(*id) {
            held.also(news_end(&published), library.leaf(*id).name());
        }
    }
    let forgotten = library.departed().iter().map(|one| (one.end(config.feeds.tombstone_days), &one.source));
    for (instant, source) in forgotten.filter(|(instant, _)| *instant > request.now) {
        held.also(instant, source);
    }
    let templates =
        watch.stage("templates", |_| Templates::load(request.root, &own_templates, &config, &mut problems));
    problems.extend(templates.as_ref().and_then(|templates| templates.unused(&chosen, &config)));
    let laid = Laid { config, library, plan, links, assets, files, styles, templates: own_templates };
    let Laid { config, library, plan, .. } = &laid;
    let warned = Warnings::before(request, warm.as_deref());
    let (mut rendered, mut shared_parts) = (Rendered::default(), SharedParts::new());
    if let Some(templates) = templates {
        let work = |renderer: &Renderer<'_>| {
            let parts = renderer.shared_parts();
            let changed = request.explain.then(|| Changed::new(&changed, memory.shared(), &parts));
            shared_parts = parts;
            let rendering = Rendering {
                renderer,
                plan,
                styles: &laid.styles,
                staging: &staging,
                store: &store,
                press: press.as_ref(),
                strips: config.images.responsive,
                request,
                watch: &watch,
                warned: &warned,
                changed: changed.as_ref(),
            };
            rendering.run(&needs, &mut problems)
        };
        let done = laid.render(request.root, templates, lock.moment(), &watch, work);
        rendered = done.map_err(|error| machine(error, &mut problems))?;
        problems.extend(laid.lost());
    }
    if request.ledger == LedgerUse::Advance && !request.accept {
        let guard = || flood::guard(&rendered.stale, plan, library, config, request.out);
        problems.extend(watch.stage("flood guard", |_| guard()));
    }
    let failed = problems.iter().any(Problem::is_error);
    if !failed {
        let added = memory.add(&rendered.needs, &shared_parts);
        added.map_err(|error| machine(error.into(), &mut problems))?;
    }
    match &mut warm {
        Some(warm) => warm.known = memory.hand_over(needs),
        None => {
            let saved = watch.stage("memorise", |_| memory.save());
            saved.map_err(|error| machine(error.into(), &mut problems))?;
        }
    }
    let ending = Ending {
        request,
        watch: &watch,
        laid: &laid,
        staging,
        ledger,
        store,
        rendered,
        warned: &warned,
        warm: warm.as_deref_mut(),
        announce,
        held,
        changed: &changed,
        inputs,
        problems,
        notes,
    };
    let report = ending.finish()?;
    let laid = match warm {
        Some(warm) => warm.laid.replace(laid),
        None => Some(laid),
    };
    Ok(Report { timings: watch.finish(), remains: Box::new(laid), ..report })
}

/// Where the last build of an output folder is remembered.
fn last_path(request: &Request<'_>) -> PathBuf {
    request.state.join(state_name("last", request.root, request.out))
}

/// Refuses a folder that is no site, before anything is made in it.
///
/// # Errors
/// That there is no `site.toml`.
pub fn is_site(root: &Path) -> Result<(), Failure> {
    if root.join(config::FILE).is_file() {
        return Ok(());
    }
    let cause = BuildError::NoSite { folder: root.display().to_string() };
    Err(failure(Blame::Usage, vec![Problem::nowhere(cause)]))
}

fn failure(blame: Blame, mut problems: Vec<Problem>) -> Failure {
    diagnostics::sort(&mut problems);
    Failure { blame, problems }
}

fn machine(error: OutputError, problems: &mut Vec<Problem>) -> Failure {
    let blame = if error.is_usage() { Blame::Usage } else { Blame::Machine };
    let mut all = std::mem::take(problems);
    all.push(Problem::nowhere(error));
    failure(blame, all)
}

/// Reads `site.toml`; with a digest of its text.
fn load(request: &Request<'_>, problems: &mut Vec<Problem>) -> Result<(Config, Digest), Failure> {
    let file = request.root.join(config::FILE);
    let refuse = |cause: BuildError| failure(Blame::Usage, vec![Problem::nowhere(cause)]);
    let text = std::fs::read_to_string(&file)
        .map_err(|error| refuse(BuildError::Unreadable { reason: reason_of(&error) }))?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
    match Config::read(text, problems) {
        Some(mut config) => {
            if let Some(base_url) = &request.base_url {
                config.base_url = base_url.clone();
            }
            Ok((config, Digest::of(text.as_bytes())))
        }
        None => Err(failure(Blame::Usage, std::mem::take(problems))),
    }
}

/// What the system says, or what is wrong with the text.
fn reason_of(error: &std::io::Error) -> String {
    match error.kind() {
        std::io::ErrorKind::InvalidData => "it is not UTF-8 text".to_owned(),
        _ => error.to_string(),
    }
}
