//! The pipeline: read everything, decide everything, then write everything.
//!
//! [`build`] is the table in `ARCHITECTURE.md` as a function, one line a stage. Problems of all stages
//! are gathered; with one error among them the output folder stays as it was.

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use chrono::{DateTime, Utc};
use miette::Diagnostic;
use rayon::prelude::*;
use thiserror::Error;

use crate::config::{self, Config};
use crate::content::{self, Document, Format, Gist, Scan};
use crate::date::Moment;
use crate::error::{self, Problem};
use crate::feed::Entry;
use crate::html;
use crate::identity::{self, Allowances, LinkMap, Settled, State};
use crate::library::{LeafId, Library};
use crate::markdown;
use crate::output::{Changes, Outcome, OutputError, Rank, Staging, Target};
use crate::plan::{Inputs, Plan, Planned, Shows};
use crate::render::{Files, Renderer, image_url};
use crate::template::views::Views;
use crate::template::{self, Templates};
use crate::url::BaseUrl;

/// The folder of files that are copied as they are, in the site's root.
pub const STATIC: &str = "static";
/// The folder of the program's own state, in the site's root.
pub const STATE: &str = ".dateline";

/// What one run is asked to do.
pub struct Request<'a> {
    /// The site's root, which has `site.toml`.
    pub root: &'a Path,
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
    /// What is held back.
    pub held: Held,
    /// Warnings.
    pub problems: Vec<Problem>,
}

/// What is held back, and until when.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Held {
    /// Drafts.
    pub drafts: usize,
    /// Articles dated later than now.
    pub scheduled: usize,
    /// Articles whose `expires` has passed.
    pub expired: usize,
    /// The next instant at which the output would change by itself, with its source.
    pub next: Option<(DateTime<Utc>, Arc<str>)>,
    /// The date of the next publication as its author wrote it.
    pub next_publication: Option<Moment>,
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
    let mut problems = Vec::new();
    let config = load(request, &mut problems)?;
    let staging = open(request, &mut problems)?;
    let scan = content::scan(request.root, &mut problems);
    let files = static_files(request.root, &mut problems);
    let (mut documents, broken) = parse(&scan, &config, &mut problems);
    let sections = identity::sections(&mut documents, &config, request.allowances, &mut problems);
    let parsed: Vec<String> = documents.iter().map(|document| document.path.clone()).collect();
    let settled =
        identity::settle(documents, &sections, &config, request.now, request.allowances, &mut problems);
    let broken = broken.into_iter().chain(unsettled(parsed, &settled));
    let assets = identity::place_assets(scan.assets, &settled, &sections, &mut problems);
    let links = LinkMap::new(&settled, &sections, &assets, broken);
    let held = held(&settled, request.now);
    let library = Library::arrange(settled, sections, &config, &mut problems);
    let theme: Vec<(&str, &[u8])> = template::assets().collect();
    let names: Vec<&str> = theme.iter().map(|(name, _)| *name).collect();
    let inputs = Inputs { assets: &assets, files: &files, theme: &names };
    let plan = Plan::make(&library, &config, &inputs, &mut problems);
    if let Some(mut templates) = Templates::load(request.root, &config, &mut problems) {
        let image = |leaf: &Settled| {
            let written = leaf.document.front.image.as_ref()?;
            Some(image_url(&config, &links, leaf, &written.value))
        };
        let views = Views::new(&config, &library, &image);
        templates.share(views.shared());
        let lookup = Files::new(&assets, &files);
        let renderer = Renderer::new(&config, &library, &links, &plan, &templates, &views, &lookup);
        render(&renderer, &plan, &theme, &staging, request, &mut problems)?;
    }
    if problems.iter().any(Problem::is_error) {
        return Err(failure(Blame::Content, problems));
    }
    let pages = plan.documents.iter().filter(|planned| is_page(planned)).count() - library.articles;
    let feeds = plan.documents.iter().filter(|planned| matches!(planned.shows, Shows::Feed(..))).count();
    let articles = library.articles;
    let changes = staging.commit().map_err(|error| machine(error, &mut problems))?;
    error::sort(&mut problems);
    Ok(Report { articles, pages, feeds, changes, held, problems })
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

/// Reads `site.toml`.
fn load(request: &Request<'_>, problems: &mut Vec<Problem>) -> Result<Config, Failure> {
    let file = request.root.join(config::FILE);
    let refuse = |cause: BuildError| failure(Blame::Usage, vec![Problem::nowhere(cause)]);
    if !file.is_file() {
        return Err(refuse(BuildError::NoSite { folder: request.root.display().to_string() }));
    }
    let text = std::fs::read_to_string(&file)
        .map_err(|error| refuse(BuildError::Unreadable { reason: error.to_string() }))?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
    match Config::read(text, problems) {
        Some(mut config) => {
            if let Some(base_url) = &request.base_url {
                config.base_url = base_url.clone();
            }
            Ok(config)
        }
        None => Err(failure(Blame::Usage, std::mem::take(problems))),
    }
}

/// Opens the output folder.
fn open(request: &Request<'_>, problems: &mut Vec<Problem>) -> Result<Staging, Failure> {
    let forbidden = [content::FOLDER, template::FOLDER, STATIC].map(|folder| request.root.join(folder));
    let manifest = manifest_name(request.root, request.out);
    let target = Target {
        out: request.out,
        state: &request.root.join(STATE),
        manifest: &manifest,
        adopt: request.adopt,
        forbidden: &forbidden,
    };
    let staging = Staging::open(target).map_err(|error| machine(error, problems))?;
    problems.extend(staging.warnings().iter().map(|warning| Problem::nowhere(warning.clone())));
    Ok(staging)
}

/// Each output folder has a manifest of its own. A folder inside the site is named by its path there,
/// so that a site can be moved as a whole.
fn manifest_name(root: &Path, out: &Path) -> String {
    let name = match out.strip_prefix(root) {
        Ok(inside) => inside.to_string_lossy().into_owned(),
        Err(_) => std::path::absolute(out).unwrap_or_else(|_| out.to_owned()).to_string_lossy().into_owned(),
    };
    match name.as_str() {
        "public" => "manifest.json".to_owned(),
        other => format!("manifest-{}.json", &crate::digest::Digest::of(other.as_bytes()).to_string()[..12]),
    }
}

fn static_files(root: &Path, problems: &mut Vec<Problem>) -> Vec<(String, PathBuf)> {
    if root.join(STATIC).is_dir() { content::files(root, STATIC, problems) } else { Vec::new() }
}

/// Parses all sources. The second value has the paths of those with errors.
fn parse(scan: &Scan, config: &Config, problems: &mut Vec<Problem>) -> (Vec<Document>, Vec<String>) {
    let parsed: Vec<_> =
        scan.sources.par_iter().map(|source| content::parse(source, config, &gist)).collect();
    let mut documents = Vec::with_capacity(parsed.len());
    let mut broken = Vec::new();
    for ((document, found), source) in parsed.into_iter().zip(&scan.sources) {
        problems.extend(found);
        match document {
            Some(document) => documents.push(document),
            None => broken.push(source.path.clone()),
        }
    }
    (documents, broken)
}

/// Characters of a text's beginning that stand for a missing summary.
const EXCERPT: usize = 240;

/// What lists need of a body.
fn gist(format: Format, body: &str) -> Gist {
    match format {
        Format::Markdown => Gist {
            excerpt: markdown::excerpt(&markdown::first_paragraph(body), EXCERPT),
            words: markdown::words(body),
        },
        Format::Html | Format::Wire => {
            let text = html::plain(body);
            Gist { words: markdown::words(&text), excerpt: markdown::excerpt(&text, EXCERPT) }
        }
    }
}

/// The paths of documents that could not be settled.
fn unsettled(parsed: Vec<String>, settled: &[Settled]) -> Vec<String> {
    let whole: HashSet<&str> = settled.iter().map(|one| one.document.path.as_str()).collect();
    parsed.into_iter().filter(|path| !whole.contains(path.as_str())).collect()
}

fn held(settled: &[Settled], now: DateTime<Utc>) -> Held {
    let count = |state| settled.iter().filter(|one| one.state == state).count();
    let due = settled.iter().filter_map(|one| Some((one.due(now)?, one)));
    let next = due.min_by(|a, b| a.0.cmp(&b.0).then_with(|| a.1.document.path.cmp(&b.1.document.path)));
    let publication = next.as_ref().filter(|(_, one)| one.state == State::Scheduled);
    Held {
        drafts: count(State::Draft),
        scheduled: count(State::Scheduled),
        expired: count(State::Expired),
        next_publication: publication.and_then(|(_, one)| one.dates.as_ref()).map(|d| d.published.moment),
        next: next.map(|(instant, one)| (instant, one.name().clone())),
    }
}

/// Renders every document of the plan and stages its bytes. Problems of content are gathered; only
/// the machine's stop it.
fn render(
    renderer: &Renderer<'_>,
    plan: &Plan,
    theme: &[(&str, &[u8])],
    staging: &Staging,
    request: &Request<'_>,
    problems: &mut Vec<Problem>,
) -> Result<(), Failure> {
    let total = plan.documents.len();
    let done = AtomicUsize::new(0);
    let tick = || (request.progress)(done.fetch_add(1, Ordering::Relaxed) + 1, total);
    let put = |path: &str, planned: &Planned, bytes: &[u8]| -> Result<Outcome, OutputError> {
        staging.put(path, rank(planned), bytes)
    };
    let in_feeds: HashSet<LeafId> =
        plan.feeds.iter().flat_map(|feed| feed.articles.iter().copied()).collect();
    let leaves = plan.documents.iter().filter_map(|planned| match planned.shows {
        Shows::Leaf(id) => Some((planned, id)),
        _ => None,
    });
    let leaves: Vec<(&Planned, LeafId)> = leaves.collect();
    let rendered: Vec<Result<_, OutputError>> = leaves
        .par_iter()
        .map(|(planned, id)| {
            let outcome = renderer.leaf(*id, in_feeds.contains(id));
            tick();
            match outcome {
                Ok(leaf) => {
                    // A page that can't be put because another has its path is reported by the plan.
                    put_unless_twice(put(&planned.path.file(), planned, &leaf.page))?;
                    Ok((leaf.entry.map(|entry| (*id, entry)), leaf.problems))
                }
                Err(found) => Ok((None, found)),
            }
        })
        .collect();
    let mut entries: HashMap<LeafId, Arc<Entry>> = HashMap::with_capacity(in_feeds.len());
    for one in rendered {
        let (entry, found) = one.map_err(|error| machine(error, problems))?;
        entries.extend(entry);
        problems.extend(found);
    }
    let others: Vec<&Planned> =
        plan.documents.iter().filter(|planned| !matches!(planned.shows, Shows::Leaf(_))).collect();
    let rendered: Vec<Result<Vec<Problem>, OutputError>> = others
        .par_iter()
        .map(|planned| {
            let mut found = Vec::new();
            match &planned.shows {
                Shows::Copy(file) => {
                    put_unless_twice(staging.put_copy(&planned.path.file(), rank(planned), file))?;
                }
                Shows::Theme(at) => put_unless_twice(put(&planned.path.file(), planned, theme[*at].1))?,
                _ => match renderer.document(planned, &entries, &mut found) {
                    Ok(written) => {
                        for (path, bytes) in written {
                            put_unless_twice(put(&path, planned, &bytes))?;
                        }
                    }
                    Err(problem) => found.push(problem),
                },
            }
            tick();
            Ok(found)
        })
        .collect();
    for one in rendered {
        let found = one.map_err(|error| machine(error, problems))?;
        problems.extend(found);
    }
    Ok(())
}

fn put_unless_twice(outcome: Result<Outcome, OutputError>) -> Result<(), OutputError> {
    match outcome {
        Ok(_) | Err(OutputError::Twice { .. }) => Ok(()),
        Err(error) => Err(error),
    }
}

/// When a file is put into its place: nothing is shown before what it links to.
fn rank(planned: &Planned) -> Rank {
    match planned.shows {
        Shows::Copy(_) | Shows::Theme(_) => Rank::Asset,
        Shows::Leaf(_) | Shows::NotFound => Rank::Page,
        Shows::Section(..)
        | Shows::Taxonomy(_)
        | Shows::Term(..)
        | Shows::Archive
        | Shows::Year(_)
        | Shows::Month(..)
        | Shows::Subscribe
        | Shows::Redirect(_) => Rank::Listing,
        Shows::Feed(..) | Shows::Opml => Rank::Feed,
        Shows::Sitemap | Shows::Robots | Shows::Redirects => Rank::Sitemap,
    }
}

fn is_page(planned: &Planned) -> bool {
    rank(planned) != Rank::Asset && planned.path.file().ends_with(".html")
}
