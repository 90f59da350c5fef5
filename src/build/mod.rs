//! The pipeline: read everything, decide everything, then write everything.
//!
//! [`build`] is the table in `ARCHITECTURE.md` as a function, one line a stage. Problems of all stages
//! are gathered; with one error among them the output folder stays as it was.

mod explain;
mod held;
mod kinds;
mod last;
mod memory;
mod rendering;

use std::any::Any;
use std::collections::{BTreeMap, HashSet};
use std::path::Path;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use explain::Changed;
pub use explain::{Explained, SharedParts};
pub use held::Held;
pub use kinds::Kind;
use last::Last;
use memory::{Memory, Parsed};
use miette::Diagnostic;
use rendering::{Rendered, Rendering, is_page};
use thiserror::Error;

use crate::config::{self, Config};
use crate::content::{self, Format, Found, Gist};
use crate::digest::Digest;
use crate::error::{self, Problem};
use crate::history::History;
use crate::html;
use crate::identity::{self, Allowances, LinkMap, Settled};
use crate::library::Library;
use crate::markdown;
use crate::output::{Changes, Lock, Manifest, OutputError, Staging, Target};
use crate::plan::{Inputs, Plan, Shows};
use crate::render::{self, Files, Renderer, image_url};
use crate::template::views::Views;
use crate::template::{self, Templates};
use crate::timings::{Stopwatch, Timings, Watch};
use crate::url::BaseUrl;

/// The folder of files that are copied as they are, in the site's root.
pub const STATIC: &str = "static";
/// The folder of the program's own state, in the site's root.
pub const STATE: &str = ".dateline";

/// What one run is asked to do.
pub struct Request<'a> {
    /// The site's root, which has `site.toml`.
    pub root: &'a Path,
    /// The folder for what is remembered between builds, [`STATE`] in the root. Made if it isn't there.
    pub state: &'a Path,
    /// The output folder.
    pub out: &'a Path,
    /// Another base URL than that of `site.toml`. Ids stay the same.
    pub base_url: Option<BaseUrl>,
    /// The one clock of the run.
    pub now: DateTime<Utc>,
    /// What is shown beyond what is public.
    pub allowances: Allowances,
    /// Take over an output folder that Dateline did not make.
    pub adopt: bool,
    /// Told how many documents of how many are done.
    pub progress: &'a (dyn Fn(usize, usize) + Sync),
    /// Told who is at work on the site while this build waits for them.
    pub waiting: &'a (dyn Fn(&str) + Sync),
    /// Times the stages; nothing else depends on it.
    pub stopwatch: Stopwatch<'a>,
    /// Say why each document was rendered.
    pub explain: bool,
    /// Time each document too.
    pub time_documents: bool,
}

/// What a build did.
#[derive(Debug)]
pub struct Report {
    /// Articles that are out.
    pub articles: usize,
    /// Pages: every HTML document that is not an article.
    pub pages: usize,
    /// Feed files.
    pub feeds: usize,
    /// What changed in the output folder.
    pub changes: Changes,
    /// How many files of each kind were written.
    pub kinds: BTreeMap<Kind, usize>,
    /// What is held back.
    pub held: Held,
    /// Warnings.
    pub problems: Vec<Problem>,
    /// Worth knowing, but no problem: a cache that was dropped.
    pub notes: Vec<String>,
    /// What was rendered, and why; empty unless asked for.
    pub explained: Vec<Explained>,
    /// Where the time went.
    pub timings: Timings,
    /// What the build was made of. To take it apart takes a while, which a process that ends can save
    /// with [`std::mem::forget`].
    pub remains: Box<dyn Any + Send>,
}

/// Why a build changed nothing.
#[derive(Debug)]
pub struct Failure {
    /// Who can mend it.
    pub blame: Blame,
    /// All problems, warnings among them.
    pub problems: Vec<Problem>,
}

/// Who can mend a failure: the order is that of the exit codes 1, 2, 3.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Blame {
    /// Authors: a source, a template.
    Content,
    /// The publisher: `site.toml`, the command line.
    Usage,
    /// The machine: disk, permission.
    Machine,
}

/// What can be wrong before anything is read.
#[derive(Debug, Clone, PartialEq, Eq, Error, Diagnostic)]
pub enum BuildError {
    /// Not a site.
    #[error("there is no `site.toml` in {folder}")]
    #[diagnostic(
        code(config::missing),
        help("run this in a site's folder or give `--root`; `dateline new DIR` makes a site")
    )]
    NoSite {
        /// The folder.
        folder: String,
    },
    /// `site.toml` can't be read.
    #[error("`site.toml` can't be read: {reason}")]
    #[diagnostic(code(config::unreadable), help("check that it is UTF-8 text and may be read"))]
    Unreadable {
        /// What the system says.
        reason: String,
    },
}

/// Builds the site.
///
/// # Errors
/// A [`Failure`] with all problems found; the output folder is then as it was, unless the machine
/// failed while files were put into place, in which case each file is wholly old or wholly new.
pub fn build(request: &Request<'_>) -> Result<Report, Failure> {
    let (mut problems, mut notes) = (Vec::new(), Vec::new());
    let watch = Watch::new(request.stopwatch, request.time_documents);
    let (config, settings) = watch.stage("load", |_| load(request, &mut problems))?;
    let lock = Lock::take(request.state, request.waiting);
    let lock = lock.map_err(|error| machine(error, &mut problems))?;
    let git = config.dates.git.as_ref();
    let history =
        watch.stage("history", |_| History::wanted(request.root, request.state, git, &mut problems));
    let settings = history.with(settings, request.now);
    let staging = watch.stage("open", |tally| {
        let staging = open(request, &mut problems)?;
        tally.count = staging.manifest().files.len();
        Ok(staging)
    })?;
    let (scan, files, own_templates) = watch.stage("scan", |tally| {
        let scan = content::scan(request.root, &mut problems);
        let files = files_in(request.root, STATIC, &mut problems);
        let templates = files_in(request.root, template::FOLDER, &mut problems);
        tally.count = scan.sources.len() + scan.assets.len() + files.len();
        (scan, files, templates)
    });
    let last_path = request.state.join(state_name("last", request.root, request.out));
    let cache = request.state.join("cache");
    let left = || [staging.manifest_path(), &cache].map(last::stamp_of);
    let inputs = watch.stage("recognise", |_| {
        let inputs = last::inputs(request, settings, &own_templates, &scan, &files, lock.moment());
        inputs.filter(|_| problems.is_empty())
    });
    if let (Some(inputs), Some(last)) = (inputs, Last::load(&last_path))
        && last.is_as_now(inputs, left(), request.now)
        && watch
            .stage("compare", |_| staging.stands_whole())
            .map_err(|error| machine(error, &mut problems))?
    {
        let Last { articles, pages, feeds, held, .. } = last;
        let (explained, changes, kinds) = (Vec::new(), staging.unchanged(), BTreeMap::new());
        let (timings, remains) = (watch.finish(), Box::new((scan, files, staging)));
        return Ok(Report {
            explained,
            articles,
            pages,
            feeds,
            changes,
            kinds,
            held,
            problems,
            notes,
            timings,
            remains,
        });
    }
    let mut memory = watch.stage("remember", |_| {
        let (memory, dropped) = Memory::open(&cache, &config, lock.moment());
        notes.extend(dropped.map(|error| format!("{error}; everything is read again")));
        memory
    });
    let parsed = watch.stage("parse", |tally| {
        let parsed = memory.parse(request.root, &scan, &config, &gist, &mut problems);
        let parsed = parsed.map_err(|error| machine(error.into(), &mut problems))?;
        (tally.count, tally.bytes) = (parsed.read, parsed.bytes);
        Ok(parsed)
    })?;
    let Parsed { mut documents, broken, needs, changed, .. } = parsed;
    let (sections, settled, broken) = watch.stage("settle", |tally| {
        let sections = identity::sections(&mut documents, &config, request.allowances, &mut problems);
        let parsed: Vec<Arc<str>> = documents.iter().map(|document| document.name.clone()).collect();
        let (now, allowed) = (request.now, request.allowances);
        let settled = identity::settle(documents, &sections, &history, &config, now, allowed, &mut problems);
        tally.count = settled.len();
        let broken: Vec<Arc<str>> = broken.into_iter().chain(unsettled(parsed, &settled)).collect();
        (sections, settled, broken)
    });
    let (assets, links, held) = watch.stage("link", |tally| {
        let assets = identity::place_assets(scan.assets, &settled, &sections, &mut problems);
        let links = LinkMap::new(&settled, &sections, &assets, broken);
        tally.count = settled.len() + assets.len();
        (assets, links, Held::of(&settled, request.now))
    });
    let library = watch.stage("arrange", |tally| {
        tally.count = settled.len();
        Library::arrange(settled, sections, &config, &mut problems)
    });
    let theme: Vec<(&str, &[u8])> = template::assets().collect();
    let plan = watch.stage("plan", |tally| {
        let names: Vec<&str> = theme.iter().map(|(name, _)| *name).collect();
        let inputs = Inputs { assets: &assets, files: &files, theme: &names };
        let plan = Plan::make(&library, &config, &inputs, &mut problems);
        tally.count = plan.documents.len();
        plan
    });
    let templates =
        watch.stage("templates", |_| Templates::load(request.root, &own_templates, &config, &mut problems));
    let (mut rendered, mut shared_parts) = (Rendered::default(), SharedParts::new());
    if let Some(mut templates) = templates {
        let image = |leaf: &Settled| {
            let written = leaf.document.front.image.as_ref()?;
            Some(image_url(&config, &links, leaf, &written.value))
        };
        let views = Views::new(&config, &library, &image);
        let shared = watch.stage("views", |_| templates.share(views.shared()));
        let lookup = Files::new(request.root, &assets, &files, lock.moment());
        let inputs = render::Inputs {
            root: request.root,
            config: &config,
            library: &library,
            links: &links,
            plan: &plan,
            templates: &templates,
            views: &views,
            files: &lookup,
        };
        let renderer = Renderer::new(inputs, shared);
        let parts = renderer.shared_parts();
        let changed = request.explain.then(|| Changed::new(&changed, memory.shared(), &parts));
        shared_parts = parts;
        let work = Rendering {
            renderer: &renderer,
            plan: &plan,
            theme: &theme,
            staging: &staging,
            request,
            watch: &watch,
            changed: changed.as_ref(),
        };
        rendered = work.run(needs, &mut problems).map_err(|error| machine(error, &mut problems))?;
    }
    let failed = problems.iter().any(Problem::is_error);
    if !failed {
        memory.add_shared(&shared_parts).map_err(|error| machine(error.into(), &mut problems))?;
        memory.add_needs(&rendered.needs).map_err(|error| machine(error.into(), &mut problems))?;
    }
    watch.stage("memorise", |_| memory.save()).map_err(|error| machine(error.into(), &mut problems))?;
    if failed {
        return Err(failure(Blame::Content, problems));
    }
    let pages = plan.documents.iter().filter(|planned| is_page(planned)).count() - library.articles;
    let feeds = plan.documents.iter().filter(|planned| matches!(planned.shows, Shows::Feed(..))).count();
    let articles = library.articles;
    let manifest = staging.manifest_path().to_owned();
    let changes = watch.stage("write", |tally| {
        Last::forget(&last_path).map_err(|error| machine(error.into(), &mut problems))?;
        let changes = staging.commit().map_err(|error| machine(error, &mut problems))?;
        (tally.count, tally.bytes) = (changes.written, changes.bytes_written);
        Ok(changes)
    })?;
    let kinds = kinds::count(&rendered.stale, &changes.written_paths, &library, &changed);
    if let Some(inputs) = inputs.filter(|_| problems.is_empty()) {
        let state = [&manifest, &cache].map(|path| last::stamp_of(path));
        let last = Last { inputs, state, now: request.now, articles, pages, feeds, held: held.clone() };
        last.save(&last_path).map_err(|error| machine(error.into(), &mut problems))?;
    }
    error::sort(&mut problems);
    let explained = rendered.explained;
    let (timings, remains) = (watch.finish(), Box::new((library, plan, links, assets, files)));
    Ok(Report { explained, articles, pages, feeds, changes, kinds, held, problems, notes, timings, remains })
}

fn failure(blame: Blame, mut problems: Vec<Problem>) -> Failure {
    error::sort(&mut problems);
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
    if !file.is_file() {
        return Err(refuse(BuildError::NoSite { folder: request.root.display().to_string() }));
    }
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

/// Opens the output folder.
fn open(request: &Request<'_>, problems: &mut Vec<Problem>) -> Result<Staging, Failure> {
    let forbidden = [content::FOLDER, template::FOLDER, STATIC].map(|folder| request.root.join(folder));
    let manifest = state_name("manifest", request.root, request.out);
    let target = Target {
        out: request.out,
        state: request.state,
        manifest: &manifest,
        adopt: request.adopt,
        forbidden: &forbidden,
    };
    let staging = Staging::open(target).map_err(|error| machine(error, problems))?;
    problems.extend(staging.warnings().iter().map(|warning| Problem::nowhere(warning.clone())));
    Ok(staging)
}

/// What was last written into the output folder `out` of the site at `root`; nothing if that is not known.
///
/// # Errors
/// What the system says.
pub fn manifest_of(root: &Path, state: &Path, out: &Path) -> Result<Manifest, OutputError> {
    match Manifest::load(&state.join(state_name("manifest", root, out))) {
        Ok(manifest) => Ok(manifest.unwrap_or_default()),
        Err(error) if error.is_about_content() => Ok(Manifest::default()),
        Err(error) => Err(error.into()),
    }
}

/// The name of the file for `what` is known of the output folder `out`: each has its own. A folder inside
/// the site is named by its path there, so that a site can be moved as a whole.
fn state_name(what: &str, root: &Path, out: &Path) -> String {
    let name = match out.strip_prefix(root) {
        Ok(inside) => inside.to_string_lossy().into_owned(),
        Err(_) => std::path::absolute(out).unwrap_or_else(|_| out.to_owned()).to_string_lossy().into_owned(),
    };
    match name.as_str() {
        "public" => what.to_owned(),
        other => format!("{what}-{}", &Digest::of(other.as_bytes()).to_string()[..12]),
    }
}

/// The files in a folder of the site's root, which need not be there.
fn files_in(root: &Path, folder: &str, problems: &mut Vec<Problem>) -> Vec<Found> {
    if root.join(folder).is_dir() { content::files(root, folder, problems) } else { Vec::new() }
}

/// Characters of a text's beginning that stand for a missing summary.
const EXCERPT: usize = 240;

/// What lists need of a body.
fn gist(format: Format, body: &str, excerpt: bool) -> Gist {
    let begin = |text: &str| markdown::excerpt(text, EXCERPT);
    match format {
        Format::Markdown => Gist {
            excerpt: if excerpt { begin(&markdown::first_paragraph(body)) } else { String::new() },
            words: markdown::words(body),
        },
        Format::Html | Format::Wire => {
            let text = html::plain(body);
            let words = markdown::words(&text);
            Gist { words, excerpt: if excerpt { begin(&text) } else { String::new() } }
        }
    }
}

/// The names of documents that could not be settled.
fn unsettled(parsed: Vec<Arc<str>>, settled: &[Box<Settled>]) -> Vec<Arc<str>> {
    if parsed.len() == settled.len() {
        return Vec::new();
    }
    let whole: HashSet<&str> = settled.iter().map(|one| &**one.name()).collect();
    parsed.into_iter().filter(|name| !whole.contains(&**name)).collect()
}
