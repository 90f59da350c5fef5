//! The survey of a site for `due`, `list` and `explain`. Sources with errors are reported and skipped.

use std::path::PathBuf;
use std::process::ExitCode;

use chrono::{DateTime, Utc};
use dateline::model::diagnostics::classes;
use dateline::model::url::BaseUrl;
use dateline::pipeline::{self, Failure, Request, Survey};

use super::{build as building, console, exit_code};
use crate::cli::arguments::PlaceArgs;

/// A surveyed site.
pub struct Desk {
    pub now: DateTime<Utc>,
    pub root: PathBuf,
    pub state: PathBuf,
    pub out: PathBuf,
    base_url: Option<BaseUrl>,
}

impl Desk {
    /// The request that the site was surveyed with.
    pub fn request(&self) -> Request<'_> {
        request(&self.root, &self.state, &self.out, self.base_url.clone(), self.now)
    }
}

fn request<'a>(
    root: &'a std::path::Path,
    state: &'a std::path::Path,
    out: &'a std::path::Path,
    base_url: Option<BaseUrl>,
    now: DateTime<Utc>,
) -> Request<'a> {
    Request { base_url, ..Request::new(root, state, out, now) }
}

/// Surveys the site; reports errors of sources, one a line.
pub fn open(site: &PlaceArgs) -> Result<(Desk, Survey), Failure> {
    let (now, base_url) = building::terms(&site.site())?;
    let (root, out) = (site.root.clone(), building::out(&site.site()));
    let state = root.join(pipeline::STATE);
    let (survey, problems, notes) = pipeline::survey(&request(&root, &state, &out, base_url.clone(), now))?;
    for class in classes(problems.iter().filter(|problem| problem.is_error())) {
        let place = class.first.place().map_or_else(String::new, |place| format!("{place}: "));
        let extent = class.extent().map(|extent| format!("; {extent}")).unwrap_or_default();
        console::complain(&format!("{place}error: {}; this is passed over{extent}", class.first.message()));
    }
    notes.iter().for_each(|note| console::remark(note));
    Ok((Desk { now, root, state, out, base_url }, survey))
}

/// Reports why the site can't be surveyed.
pub fn refuse(failure: &Failure) -> ExitCode {
    console::problems(&failure.problems);
    exit_code(failure.blame)
}

/// The remedy for the name of an article that does not exist: the names `near` it.
pub fn nearest(near: &[String]) -> String {
    match near.is_empty() {
        true => "`dateline list` names all".to_owned(),
        false => format!("did you mean {}?", near.join(" or ")),
    }
}
