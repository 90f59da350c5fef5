//! Output folders, and the names of what is known of them.

use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};

use super::last::Last;
use super::{Failure, Request, STATIC, machine};
use crate::model::diagnostics::Problem;
use crate::model::digest::Digest;
use crate::output::{self, Manifest, OutputError, Staging, Target};
use crate::render::template;
use crate::source;

/// Opens the output folder.
pub(super) fn open(request: &Request<'_>, problems: &mut Vec<Problem>) -> Result<Staging, Failure> {
    let forbidden = [source::FOLDER, template::FOLDER, STATIC].map(|folder| request.root.join(folder));
    let manifest = state_name("manifest", request.root, request.out);
    let target = Target {
        out: request.out,
        state: request.state,
        manifest: &manifest,
        adopt: request.adopt,
        atomic: request.atomic,
        forbidden: &forbidden,
    };
    let staging = Staging::open(target).map_err(|error| machine(error, problems))?;
    problems.extend(staging.warnings().iter().map(|warning| Problem::nowhere(warning.clone())));
    Ok(staging)
}

/// When the output folder `out` of the site at `root` was last built without any warning; `None` if that is not known.
pub fn last_now(root: &Path, state: &Path, out: &Path) -> Option<DateTime<Utc>> {
    Last::load(&state.join(state_name("last", root, out))).map(|last| last.now)
}

/// What was last written into the output folder `out` of the site at `root`; nothing if that is not known.
///
/// # Errors
/// What the system says.
pub fn manifest_of(root: &Path, state: &Path, out: &Path) -> Result<Manifest, OutputError> {
    match Manifest::load(&manifest_path(root, state, out)) {
        Ok(manifest) => Ok(manifest.unwrap_or_default()),
        Err(error) if error.is_about_content() => Ok(Manifest::default()),
        Err(error) => Err(error.into()),
    }
}

/// Where the manifest of the output folder `out` is now.
pub(super) fn manifest_path(root: &Path, state: &Path, out: &Path) -> PathBuf {
    output::manifest_path(out, state, &state_name("manifest", root, out))
}

/// The name of the file for `what` is known of the output folder `out`: each has its own. A folder inside
/// the site is named by its path there, so that a site can be moved as a whole.
pub(super) fn state_name(what: &str, root: &Path, out: &Path) -> String {
    let name = match out.strip_prefix(root) {
        Ok(inside) => inside.to_string_lossy().into_owned(),
        Err(_) => std::path::absolute(out).unwrap_or_else(|_| out.to_owned()).to_string_lossy().into_owned(),
    };
    match name.as_str() {
        "public" => what.to_owned(),
        other => format!("{what}-{}", &Digest::of(other.as_bytes()).to_string()[..12]),
    }
}
