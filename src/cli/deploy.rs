//! `dateline deploy`, and `dateline publish --to`.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use chrono::{DateTime, Utc};
use dateline::config::{Config, DeployPlace, DeployTarget};
use dateline::deploy::{self, DeployError, Failed, Known, Piece, Terms};
use dateline::model::diagnostics::Problem;
use dateline::model::digest::{Digest, Fingerprinter};
use dateline::model::suggest::nearest;
use dateline::model::url::{BaseUrl, UrlPath};
use dateline::output::{FileRecord, Lock, Manifest, OutputError};
use dateline::pipeline::{self, Blame, Failure, Request, SitePlan};
use dateline::render::hosting::Facts;
use dateline::storage;
use miette::Diagnostic;
use serde_json::{Value, json};
use thiserror::Error;

use super::publish::BUSY;
use super::{DONE, build as building, clock, code, console};
use crate::cli::arguments::{DeployArgs, LogFormat, PlaceArgs, ReportFormat};

/// The folder of the program's own files for deployments, in that for its state.
pub const FOLDER: &str = "deploy";

/// Errors in the use of `deploy`.
#[derive(Debug, Error, Diagnostic)]
enum UsageError {
    #[error("there is no target \u{201c}{name}\u{201d}")]
    #[diagnostic(code(deploy::unknown), help("{remedy}"))]
    Unknown { name: String, remedy: String },
    #[error("no host of its own has the language \u{201c}{key}\u{201d}")]
    #[diagnostic(code(deploy::language), help("{remedy}"))]
    NoHost { key: String, remedy: String },
    #[error("`site.toml` has several targets")]
    #[diagnostic(code(deploy::several), help("name one of them: {names}"))]
    Several { names: String },
    #[error("there is nothing to deploy: {} has no built site", out.display())]
    #[diagnostic(code(deploy::nothing), help("run `dateline build` or `dateline publish` first"))]
    NotBuilt { out: PathBuf },
    #[error("the built file {path} is missing or was changed: {reason}")]
    #[diagnostic(code(deploy::file), help("build again, and deploy then"))]
    File { path: String, reason: String },
}

/// A deployment that was done, or tried.
pub struct Done {
    /// The name of the target.
    pub target: String,
    /// The report; `None` if the target was known to be as the site is.
    pub report: Option<deploy::Report>,
}

/// Deploys, and prints what changed.
pub fn run(arguments: &DeployArgs) -> ExitCode {
    let is_log = arguments.log_format == LogFormat::Json;
    if is_log {
        console::speak_json();
    }
    let terms = Terms { is_dry: arguments.dry_run, accepts: arguments.accept, repairs: arguments.repair };
    let outcome = bring(&arguments.site, arguments.target.as_deref(), terms, false);
    let is_json = arguments.format == ReportFormat::Json;
    match outcome {
        Ok(Done { target, report }) => {
            let report = report.unwrap_or_default();
            if is_log {
                log(&target, &report, arguments);
                return ExitCode::from(DONE);
            }
            if is_json {
                console::say_pretty_json(&record(&target, &report, arguments.dry_run));
                return ExitCode::from(DONE);
            }
            if arguments.dry_run || arguments.verbose {
                list(&report);
            }
            console::say(&line(&target, &report, arguments.dry_run));
            ExitCode::from(DONE)
        }
        Err(failure) => {
            let exit = exit_of(&failure);
            if is_log {
                console::problems(&failure.problems);
                let event = if exit == BUSY { "busy" } else { "failed" };
                console::event(json!({"event": event, "exit_code": exit}));
            } else if is_json {
                let problems: Vec<_> = failure.problems.iter().map(Problem::record).collect();
                let outcome = if exit == BUSY { "busy" } else { "failed" };
                console::say_pretty_json(
                    &json!({"outcome": outcome, "exit_code": exit, "problems": problems}),
                );
            } else {
                console::problems(&failure.problems);
            }
            ExitCode::from(exit)
        }
    }
}

/// The exit code for a deployment that failed.
pub fn exit_of(failure: &Failure) -> u8 {
    let is_busy = failure.problems.iter().any(|problem| problem.code() == "deploy::busy");
    if is_busy { BUSY } else { code(failure.blame) }
}

/// Brings the output folder of `site` to the target `name`. With `is_repeated`, a target that this machine has left as the
/// site is now is not asked.
///
/// # Errors
/// The reason why not all of it was done.
pub fn bring(site: &PlaceArgs, name: Option<&str>, terms: Terms, is_repeated: bool) -> Result<Done, Failure> {
    let (now, base_url) = building::terms(&site.site())?;
    let (root, out) = (site.root.clone(), building::out(&site.site()));
    let settings = building::settings(&root)?;
    let target = chosen(&settings.deploy, name).map_err(usage)?;
    let built = Built { now, base_url, state: root.join(pipeline::STATE), root, out };
    let folder = built.state.join(FOLDER);
    let known = Known::load(&folder, &target.name);
    if is_repeated && known.digest == Some(digest_of(target, &built.manifest()?)) {
        return Ok(Done { target: target.name.clone(), report: None });
    }
    let brought = built.bring_to(target, terms);
    if !terms.is_dry {
        note(&folder, &target.name, known, now, brought.as_ref().map(|(_, digest)| digest.as_str()));
    }
    let (report, _) = brought?;
    Ok(Done { target: target.name.clone(), report: Some(report) })
}

fn usage(error: UsageError) -> Failure {
    Failure { blame: Blame::Usage, problems: vec![Problem::nowhere(error)] }
}

fn machine(error: OutputError) -> Failure {
    Failure { blame: Blame::Machine, problems: vec![Problem::nowhere(error)] }
}

/// A site whose output folder is to be deployed.
struct Built {
    now: DateTime<Utc>,
    base_url: Option<BaseUrl>,
    state: PathBuf,
    root: PathBuf,
    out: PathBuf,
}

impl Built {
    fn manifest(&self) -> Result<Manifest, Failure> {
        let manifest = pipeline::manifest_of(&self.root, &self.state, &self.out).map_err(machine)?;
        match manifest.files.is_empty() {
            true => Err(usage(UsageError::NotBuilt { out: self.out.clone() })),
            false => Ok(manifest),
        }
    }

    /// Brings all files to `target`; returns what went, and the digest of what is there now.
    fn bring_to(&self, target: &DeployTarget, terms: Terms) -> Result<(deploy::Report, String), Failure> {
        let Built { now, base_url, state, root, out } = self;
        let asked = Request { base_url: base_url.clone(), ..Request::new(root, state, out, *now) };
        // A build has reported all problems.
        let (survey, ..) = pipeline::survey(&asked)?;
        let SitePlan { config, plan, styles, .. } = survey.plan(&asked);
        let host = host(target, &config).map_err(usage)?;
        let root_of_host = config.root_of_host(host.unwrap_or(0));
        let out = match root_of_host.as_str().trim_matches('/') {
            "" => out.clone(),
            tree => out.join(tree),
        };
        let facts = Facts::new(&config.in_language(host.unwrap_or(0)), &plan, &styles);
        let _lock = Lock::take(state).map_err(machine)?;
        let whole = self.manifest()?;
        let digest = digest_of(target, &whole);
        let mut manifest = whole;
        if let Some(host) = host {
            of_host(&mut manifest, &config, host);
        }
        let pieces = pieces(&out, &manifest, target, &facts).map_err(usage)?;
        let request = deploy::Request {
            target,
            site: &config.base_url.absolute(&root_of_host),
            root,
            out: &out,
            state: &state.join(FOLDER),
            pieces: &pieces,
            now: clock::present().timestamp(),
            value: &|name| std::env::var(name).ok(),
            terms,
        };
        let report = deploy::deploy(&request).map_err(|error| {
            let blame = match error {
                DeployError::Target { .. } | DeployError::OtherSite { .. } => Blame::Usage,
                _ => Blame::Machine,
            };
            let problem = match error {
                DeployError::Target { .. } => Problem::new(error, target.place.clone()),
                error => Problem::nowhere(error),
            };
            Failure { blame, problems: vec![problem] }
        })?;
        Ok((report, digest))
    }
}

/// Notes how the deployment of `now` to the target `name` ended, of which `known` was known before.
fn note(folder: &Path, name: &str, known: Known, now: DateTime<Utc>, ended: Result<&str, &Failure>) {
    let known = match ended {
        Ok(digest) => Known { digest: Some(digest.to_owned()), succeeded: Some(now), failed: None },
        Err(failure) if exit_of(failure) == BUSY => return,
        Err(failure) => {
            let problem = failure.problems.iter().find(|problem| problem.is_error());
            let failed = problem.map(|problem| {
                let record = problem.record();
                Failed { at: now, code: record.code, message: record.message }
            });
            Known { digest: None, failed, ..known }
        }
    };
    known.save(folder, name);
}

/// The language whose host `target` is; `None` for the place of the whole output folder.
fn host(target: &DeployTarget, config: &Config) -> Result<Option<usize>, UsageError> {
    let Some(key) = &target.language else { return Ok(None) };
    let hosts: Vec<usize> = config.hosts().collect();
    let keys: Vec<&str> = hosts.iter().map(|at| config.languages[*at].key.as_str()).collect();
    match config.language_named(key).filter(|at| hosts.contains(at)) {
        Some(host) => Ok(Some(host)),
        None => {
            let remedy = match nearest(key, keys.iter().copied()) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("write one of {}, or give `[languages.{key}]` a `base_url`", keys.join(", ")),
            };
            Err(UsageError::NoHost { key: key.clone(), remedy })
        }
    }
}

/// Keeps of `manifest` the files of the host of a language, by their paths there.
fn of_host(manifest: &mut Manifest, config: &Config, host: usize) {
    let root = config.root_of_host(host);
    let files = std::mem::take(&mut manifest.files);
    let own = files.into_iter().filter_map(|(path, record)| {
        let whole = UrlPath::parse(&format!("/{path}")).ok()?;
        let rest = whole.as_str().strip_prefix(root.as_str())?;
        (config.host_at(&whole) == host).then(|| (rest.into(), record))
    });
    manifest.files = own.collect();
}

/// The target `name`; the only one without a name.
fn chosen<'a>(all: &'a [DeployTarget], name: Option<&str>) -> Result<&'a DeployTarget, UsageError> {
    let names = || all.iter().map(|target| target.name.as_str()).collect::<Vec<_>>();
    match (name, all) {
        (None, [only]) => Ok(only),
        (None, []) => {
            let remedy = "write `[deploy.production]` with a `url` into `site.toml`".to_owned();
            Err(UsageError::Unknown { name: "production".to_owned(), remedy })
        }
        (None, _) => Err(UsageError::Several { names: names().join(", ") }),
        (Some(name), all) => all.iter().find(|target| target.name == name).ok_or_else(|| {
            let remedy = match nearest(name, names().iter().copied()) {
                Some(near) => format!("did you mean `{near}`?"),
                None if all.is_empty() => format!("write `[deploy.{name}]` with a `url` into `site.toml`"),
                None => format!("`site.toml` has {}", names().join(", ")),
            };
            UsageError::Unknown { name: name.to_owned(), remedy }
        }),
    }
}

/// The files of the output folder as `target` takes them.
fn pieces(
    out: &Path,
    manifest: &Manifest,
    target: &DeployTarget,
    facts: &Facts,
) -> Result<Vec<Piece>, UsageError> {
    let has_fields =
        matches!(target.to, DeployPlace::Bucket(_) | DeployPlace::Azure(_) | DeployPlace::Web(_));
    // These places can't choose between a file and its compressed siblings.
    let is_sibling = |path: &str| {
        let plain = [".gz", ".br", ".zst"].iter().find_map(|end| path.strip_suffix(end));
        has_fields && plain.is_some_and(|plain| manifest.files.contains_key(plain))
    };
    let files = manifest.files.iter().filter(|(path, _)| !is_sibling(path));
    files
        .map(|(path, record)| {
            let (size, digest) = as_it_is(&out.join(&**path), record)
                .map_err(|reason| UsageError::File { path: path.to_string(), reason })?;
            let fields = if has_fields { facts.fields_of(path) } else { Vec::new() };
            Ok(Piece { path: path.to_string(), size, digest, leads: facts.leads(path), fields })
        })
        .collect()
}

/// Size and digest of the file at `path`. Its bytes are read only if somebody touched it since it was built.
fn as_it_is(path: &Path, record: &FileRecord) -> Result<(u64, Digest), String> {
    let found = fs::metadata(path).map_err(|error| error.to_string())?;
    if record.is_of(&found) {
        return Ok((record.size, record.digest));
    }
    let bytes = storage::file::read(path, storage::file::STATE).map_err(|error| error.to_string())?;
    Ok((bytes.len() as u64, Digest::quick(&bytes)))
}

/// A digest of all files, and of the target that they go to.
pub fn digest_of(target: &DeployTarget, manifest: &Manifest) -> String {
    let mut print = Fingerprinter::default();
    print.value(env!("CARGO_PKG_VERSION")).value(format!("{:?} {:?}", target.to, target.language));
    let mut files: Vec<(&str, &FileRecord)> =
        manifest.files.iter().map(|(path, record)| (&**path, record)).collect();
    files.sort_unstable_by_key(|(path, _)| *path);
    for (path, record) in files {
        print.value(path).bytes(record.digest.bytes());
    }
    print.finish().to_string()
}

/// Prints a deployment as lines of JSON.
fn log(target: &str, report: &deploy::Report, arguments: &DeployArgs) {
    if arguments.verbose {
        for (change, paths) in [
            ("new", &report.new),
            ("replaced", &report.replaced),
            ("replaced", &report.feeds),
            ("removed", &report.removed),
        ] {
            paths.iter().for_each(|path| {
                console::event(json!({"event": "file", "target": target, "change": change, "path": path}));
            });
        }
    }
    console::event(event(target, report, arguments.dry_run));
}

/// A deployment as a line of a log.
pub fn event(target: &str, report: &deploy::Report, is_dry: bool) -> Value {
    json!({
        "event": "deployed",
        "target": target,
        "dry_run": is_dry,
        "new": report.new.len(),
        "replaced": report.replaced.len(),
        "feeds": report.feeds.len(),
        "removed": report.removed.len(),
        "unchanged": report.unchanged,
        "resumed": report.resumed,
        "exit_code": DONE,
    })
}

fn list(report: &deploy::Report) {
    for (sign, paths) in
        [("+", &report.new), ("~", &report.replaced), ("~", &report.feeds), ("-", &report.removed)]
    {
        paths.iter().for_each(|path| console::say(&format!("{sign} {path}")));
    }
}

/// The last line of a deployment.
pub fn line(target: &str, report: &deploy::Report, is_dry: bool) -> String {
    if report.is_nothing() {
        return format!("{target} is up to date: {} files", report.unchanged);
    }
    let (new, replaced, feeds, removed) =
        (report.new.len(), report.replaced.len(), report.feeds.len(), report.removed.len());
    let condition = if is_dry { "would go: " } else { "" };
    let resumed = match report.resumed {
        0 => String::new(),
        resumed => format!("; {resumed} were there from a deployment that was stopped"),
    };
    let unchanged = report.unchanged;
    format!(
        "{target}: {condition}{new} new files, {replaced} replaced, {feeds} feeds and sitemaps, {removed} removed; {unchanged} unchanged{resumed}"
    )
}

/// A deployment as JSON.
fn record(target: &str, report: &deploy::Report, is_dry: bool) -> Value {
    json!({
        "outcome": "done",
        "exit_code": DONE,
        "target": target,
        "dry_run": is_dry,
        "new": report.new,
        "replaced": report.replaced,
        "feeds": report.feeds,
        "removed": report.removed,
        "unchanged": report.unchanged,
        "resumed": report.resumed,
        "reads": report.reads,
        "writes": report.writes,
    })
}
