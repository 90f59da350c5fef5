//! A build aside: of the same site, into a folder of its own that is gone afterwards.

use std::fs;
use std::path::PathBuf;

use super::{Failure, Report, Request, build};
use crate::output::Atomic;

/// Where a build aside is; removed when dropped.
pub(crate) struct Elsewhere {
    place: PathBuf,
    /// What is remembered of it.
    pub state: PathBuf,
    /// Its output.
    pub out: PathBuf,
}

impl Elsewhere {
    /// Builds the site of `request` aside, with an empty memory; `name` is for people who come across the folder.
    pub fn build(request: &Request<'_>, name: &str) -> Result<(Elsewhere, Report), Failure> {
        let place = request.state.join(format!("{name}-{}", std::process::id()));
        let elsewhere = Elsewhere { state: place.join("state"), out: place.join("out"), place };
        let report = build(&Request {
            state: &elsewhere.state,
            out: &elsewhere.out,
            base_url: request.base_url.clone(),
            adopt: false,
            atomic: Atomic::File,
            ..*request
        })?;
        Ok((elsewhere, report))
    }
}

impl Drop for Elsewhere {
    fn drop(&mut self) {
        // What can't be removed is only untidy.
        let _ = fs::remove_dir_all(&self.place);
    }
}
