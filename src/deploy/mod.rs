//! Deployment: brings the output folder to where readers find it.
//!
//! The target's manifest says what the last deployment left there. The difference to the output folder is the plan: new
//! files go first, then those that replace others, then feeds and sitemaps, and removals at last, so that nothing ever
//! leads to something that is not there. The new manifest goes last of all.

#[cfg(feature = "network")]
mod azure;
#[cfg(feature = "network")]
mod bucket;
mod git;
mod journal;
mod known;
mod manifest;
#[cfg(feature = "network")]
mod parts;
mod round;
mod run;
mod ssh;
mod store;
#[cfg(feature = "network")]
mod web;

use std::path::Path;
use std::time::Duration;

pub use known::{Failed, Known, owes, stopped};
pub use manifest::{CLAIM, Deployed, Left, MANIFEST, Plan, Put, Turn, is_inside};
use miette::Diagnostic;
use thiserror::Error;

use crate::config::{DeployPlace, DeployTarget};
use crate::model::digest::{Digest, Fingerprinter};
use crate::storage::StoreError;
use store::Store;

/// A file of the output folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece {
    /// Its path below the output folder, with `/` between its parts.
    pub path: String,
    /// The number of bytes.
    pub size: u64,
    /// The digest of its bytes.
    pub digest: Digest,
    /// It leads readers or machines to the other files: it is a feed or a sitemap.
    pub leads: bool,
    /// The header fields to serve it with.
    pub fields: Vec<(&'static str, String)>,
}

impl Piece {
    fn fields_digest(&self) -> String {
        if self.fields.is_empty() {
            return String::new();
        }
        let mut print = Fingerprinter::default();
        for (name, value) in &self.fields {
            print.value(name).value(value);
        }
        print.finish().to_string()[..8].to_owned()
    }
}

/// A deployment.
pub struct Request<'a> {
    /// The target.
    pub target: &'a DeployTarget,
    /// The address of the site.
    pub site: &'a str,
    /// The site's folder.
    pub root: &'a Path,
    /// The output folder.
    pub out: &'a Path,
    /// The folder of the program's own files for deployments.
    pub state: &'a Path,
    /// The files of the output folder.
    pub pieces: &'a [Piece],
    /// The time by the system's clock at which the deployment began, in seconds from 1970: servers compare it with theirs.
    pub now: i64,
    /// The variables of the environment.
    pub value: &'a (dyn Fn(&str) -> Option<String> + Sync),
    /// The terms.
    pub terms: Terms,
}

/// The terms of a deployment.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Terms {
    /// Nothing is changed; the plan is the result.
    pub is_dry: bool,
    /// Many files may go at once.
    pub accepts: bool,
    /// Files that somebody else changed are replaced, and a claim that was left behind is taken over.
    pub repairs: bool,
}

/// The result of a deployment.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Report {
    /// The paths of new files.
    pub new: Vec<String>,
    /// The paths of files that replaced others.
    pub replaced: Vec<String>,
    /// The paths of feeds and sitemaps.
    pub feeds: Vec<String>,
    /// The paths that went.
    pub removed: Vec<String>,
    /// The number of files that stayed.
    pub unchanged: usize,
    /// The number of files that an earlier deployment, which was stopped, had put already.
    pub resumed: usize,
    /// The number of requests that read something of the target, where files go one by one.
    pub reads: usize,
    /// The number of requests that changed something.
    pub writes: usize,
}

impl Report {
    fn of(plan: &Plan<'_>) -> Report {
        let paths = |turn: Turn| {
            let puts = plan.puts.iter().filter(|put| put.turn == turn);
            puts.map(|put| put.piece.path.clone()).collect()
        };
        Report {
            new: paths(Turn::New),
            replaced: paths(Turn::Replaced),
            feeds: paths(Turn::Feeds),
            removed: plan.removals.iter().map(|path| (*path).to_owned()).collect(),
            unchanged: plan.unchanged,
            ..Report::default()
        }
    }

    /// True if nothing had to be done.
    pub fn is_nothing(&self) -> bool {
        [&self.new, &self.replaced, &self.feeds, &self.removed].iter().all(|paths| paths.is_empty())
    }
}

/// Why a site was not deployed.
#[derive(Debug, Error, Diagnostic)]
pub enum DeployError {
    /// The target can't be used as `site.toml` says.
    #[error("the target can't be reached: {reason}")]
    #[diagnostic(
        code(deploy::target),
        help("correct `[deploy.{name}]`, or what it needs from the environment")
    )]
    Target {
        /// The target.
        name: String,
        /// The reason.
        reason: String,
    },
    /// A request was refused.
    #[error("{path} could not be {done}: {reason}")]
    #[diagnostic(
        code(deploy::refused),
        help(
            "run `dateline deploy` again: it goes on where it stopped, and readers still have the old pages"
        )
    )]
    Refused {
        /// The path at the target.
        path: String,
        /// The request, as a participle.
        done: &'static str,
        /// The reason.
        reason: String,
    },
    /// The place knows no conditions.
    #[error("the target does not know conditional requests")]
    #[diagnostic(
        code(deploy::conditional),
        help(
            "write `conditional = false` into the target's table in `site.toml`; two deployments at once may mix then"
        )
    )]
    Unconditional,
    /// Somebody else changed the target.
    #[error("somebody else changed {}{} at the target", paths.first().map(String::as_str).unwrap_or_default(), more(paths.len()))]
    #[diagnostic(
        code(deploy::changed),
        help(
            "take what was changed there into the site; `dateline deploy --repair` replaces it with the site's own"
        )
    )]
    Changed {
        /// The paths.
        paths: Vec<String>,
    },
    /// Another deployment is at work.
    #[error("another deployment of this target is at work since {since}")]
    #[diagnostic(
        code(deploy::busy),
        help(
            "wait until it ends; if it was killed on another machine, `dateline deploy --repair` takes over"
        )
    )]
    Busy {
        /// The time at which it began.
        since: String,
    },
    /// The manifest can't be read.
    #[error("the target's manifest can't be used: {reason}")]
    #[diagnostic(
        code(deploy::manifest),
        help(
            "`dateline deploy --repair` puts all files again, and makes a new one; nothing is removed then"
        )
    )]
    Manifest {
        /// The reason.
        reason: String,
    },
    /// The target belongs to another site.
    #[error("the target has the site {there}, and this one is {here}")]
    #[diagnostic(
        code(deploy::other),
        help("give this site another target; `dateline deploy --repair` puts it in the place of the other")
    )]
    OtherSite {
        /// The site at the target.
        there: String,
        /// This one.
        here: String,
    },
    /// Many files would go.
    #[error("{count} of {all} files would be removed from the target")]
    #[diagnostic(
        code(deploy::flood),
        help("`dateline deploy --dry-run` names them; if they are to go, `dateline deploy --accept`")
    )]
    Flood {
        /// The number of files that would go.
        count: usize,
        /// The number of files at the target.
        all: usize,
    },
    /// A program failed.
    #[error("`{program}` failed: {reason}")]
    #[diagnostic(
        code(deploy::program),
        help("try the command by hand; is the program installed, and does it need a key?")
    )]
    Program {
        /// Its name.
        program: String,
        /// The reason.
        reason: String,
    },
    /// The program's own files can't be written.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Own(#[from] StoreError),
}

fn more(count: usize) -> String {
    match count {
        0 | 1 => String::new(),
        2 => " and one other file".to_owned(),
        count => format!(" and {} other files", count - 1),
    }
}

/// Brings the files of `request` to its target. Nothing is changed if the site is empty.
///
/// # Errors
/// The reason why not all of it could be done. Readers have the old pages, or some of the new ones and the old feeds.
pub fn deploy(request: &Request<'_>) -> Result<Report, DeployError> {
    let (state, target, is_dry) = (request.state, request.target, request.terms.is_dry);
    let has_after = !(is_dry || target.purge.is_empty() && target.after.is_empty());
    let is_owed = has_after && known::owes(state, &target.name);
    if has_after && !is_owed {
        known::owe(state, &target.name)?;
    }
    let report = match &request.target.to {
        DeployPlace::Ssh { host, port, folder } => ssh::deploy(request, host, *port, folder)?,
        DeployPlace::Git { repository, branch } => git::deploy(request, repository, branch)?,
        DeployPlace::Command(parts) => run::deploy(request, parts)?,
        DeployPlace::Folder(_) | DeployPlace::Bucket(_) | DeployPlace::Azure(_) | DeployPlace::Web(_) => {
            let store = store(request)
                .map_err(|reason| DeployError::Target { name: request.target.name.clone(), reason })?;
            round::deploy(request, &store)?
        }
    };
    let is_changed = !report.is_nothing() || report.resumed > 0;
    if has_after {
        if is_changed || is_owed {
            afterwards(request)?;
        }
        known::settle(state, &target.name);
    }
    Ok(report)
}

#[cfg(feature = "network")]
fn store(request: &Request<'_>) -> Result<Store, String> {
    match &request.target.to {
        DeployPlace::Bucket(rules) => {
            let bucket = bucket::Bucket::new(rules, request.now, request.value)?;
            Ok(Store::Bucket(Box::new(bucket)))
        }
        DeployPlace::Azure(rules) => {
            let container = azure::Container::new(rules, request.now, request.value)?;
            Ok(Store::Azure(Box::new(container)))
        }
        DeployPlace::Web(url) => Ok(Store::Web(Box::new(web::Dav::new(url.clone(), headers(request)?)))),
        DeployPlace::Folder(folder) => Ok(Store::Folder(store::Folder(folder.clone()))),
        _ => Err("it takes no single files".to_owned()),
    }
}

#[cfg(not(feature = "network"))]
fn store(request: &Request<'_>) -> Result<Store, String> {
    match &request.target.to {
        DeployPlace::Folder(folder) => Ok(Store::Folder(store::Folder(folder.clone()))),
        _ => Err("this Dateline was made without `network`".to_owned()),
    }
}

/// The headers of the target, with the variables of the environment.
#[cfg(feature = "network")]
fn headers(request: &Request<'_>) -> Result<Vec<(String, String)>, String> {
    let filled = request.target.headers.iter().map(|(name, text)| {
        let value = text.filled(request.value, &mut Vec::new());
        Ok((name.clone(), value.map_err(|name| format!("the variable `{name}` is not set"))?))
    });
    filled.collect()
}

/// Empties caches, and runs the command for afterwards.
fn afterwards(request: &Request<'_>) -> Result<(), DeployError> {
    purge(request)?;
    match request.target.after.as_slice() {
        [] => Ok(()),
        parts => run::program(request, parts, None),
    }
}

#[cfg(feature = "network")]
fn purge(request: &Request<'_>) -> Result<(), DeployError> {
    if request.target.purge.is_empty() {
        return Ok(());
    }
    let target = |reason| DeployError::Target { name: request.target.name.clone(), reason };
    let (agent, fields) = (web::agent(), headers(request).map_err(target)?);
    for text in &request.target.purge {
        let url = text
            .filled(request.value, &mut Vec::new())
            .map_err(|name| target(format!("the variable `{name}` is not set")))?;
        round::patiently(|| {
            let (fields, load) = (fields.clone(), Some(store::Load::Own(b"")));
            let answer =
                web::send(&agent, web::Ask { method: ureq::http::Method::POST, url: &url, fields, load })?;
            match answer.status().is_success() {
                true => Ok(()),
                false => Err(store::Refusal::Never(web::reason(answer))),
            }
        })
        // The address may have a secret in it.
        .map_err(|refusal| round::refused(text.written(), "asked to empty its caches", refusal))?;
    }
    Ok(())
}

#[cfg(not(feature = "network"))]
fn purge(_: &Request<'_>) -> Result<(), DeployError> {
    Ok(())
}

/// Refuses to remove more than half of the files of a target at once, if they are many.
fn check_flood(request: &Request<'_>, plan: &Plan<'_>, there: &Deployed) -> Result<(), DeployError> {
    /// Fewer are no flood.
    const FEW: usize = 20;
    let (count, all) = (plan.removals.len(), there.files.len());
    match request.terms.accepts || count <= FEW || count * 2 <= all {
        true => Ok(()),
        false => Err(DeployError::Flood { count, all }),
    }
}

/// The manifest in `bytes`: that of the target, if it is one of this site.
fn read_manifest(request: &Request<'_>, bytes: Option<&[u8]>) -> Result<Deployed, DeployError> {
    let Some(bytes) = bytes else { return Ok(Deployed::empty(request.site)) };
    let there = match Deployed::read(bytes) {
        Ok(there) => there,
        Err(_) if request.terms.repairs => return Ok(Deployed::empty(request.site)),
        Err(reason) => return Err(DeployError::Manifest { reason }),
    };
    if there.site != request.site && !request.terms.repairs {
        return Err(DeployError::OtherSite { there: there.site, here: request.site.to_owned() });
    }
    Ok(there)
}

/// The longest pause between two attempts.
const LONGEST_PAUSE: Duration = Duration::from_secs(30);
