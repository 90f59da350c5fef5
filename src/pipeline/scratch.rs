//! A scratch build: the same site, built from its sources alone into a temporary folder.

use std::fs;
use std::path::PathBuf;

use super::{Failure, Report, Request, build};
use crate::output::OutputTerms;

/// The folder of a scratch build; removed when dropped.
pub(super) struct ScratchBuild {
    place: PathBuf,
    /// Its state folder.
    pub state: PathBuf,
    /// Its output.
    pub out: PathBuf,
}

impl ScratchBuild {
    /// Builds the site of `request` with an empty state; `name` becomes part of the folder's name.
    pub fn build(request: &Request<'_>, name: &str) -> Result<(ScratchBuild, Report), Failure> {
        let place = request.state.join(format!("{name}-{}", std::process::id()));
        let scratch = ScratchBuild { state: place.join("state"), out: place.join("out"), place };
        let report = build(&Request {
            state: &scratch.state,
            out: &scratch.out,
            base_url: request.base_url.clone(),
            terms: OutputTerms::default(),
            ..*request
        })?;
        Ok((scratch, report))
    }
}

impl Drop for ScratchBuild {
    fn drop(&mut self) {
        // A leftover folder does no harm.
        let _ = fs::remove_dir_all(&self.place);
    }
}
