//! A scratch build: of the same site, from its sources alone, into a folder of its own that is gone afterwards.

use std::fs;
use std::path::PathBuf;

use super::{Failure, Report, Request, build};
use crate::output::OutputTerms;

/// Where a scratch build is; removed when dropped.
pub(super) struct ScratchBuild {
    place: PathBuf,
    /// What is remembered of it.
    pub state: PathBuf,
    /// Its output.
    pub out: PathBuf,
}

impl ScratchBuild {
    /// Builds the site of `request` with an empty state; `name` is for people who come across the folder.
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
        // What can't be removed is only untidy.
        let _ = fs::remove_dir_all(&self.place);
    }
}
