//! Proof that caching changes no byte: the site is built afresh from its sources alone and compared with the output
//! folder.

use std::collections::BTreeSet;
use std::io;
use std::path::Path;

use rayon::prelude::*;

use crate::output::{Lock, OutputError};
use crate::pipeline::scratch::ScratchBuild;
use crate::pipeline::session::machine;
use crate::pipeline::{self, Failure, Request};
use crate::storage::file;

/// Differences between an output folder and a fresh build; paths inside the folder, in order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Differences {
    /// Number of files of the fresh build.
    pub files: usize,
    /// Files whose bytes differ.
    pub differing: Vec<String>,
    /// Files that are missing.
    pub missing: Vec<String>,
    /// Files of an earlier build that the site no longer has.
    pub stale: Vec<String>,
}

impl Differences {
    /// True if there are no differences.
    pub fn is_empty(&self) -> bool {
        self.differing.is_empty() && self.missing.is_empty() && self.stale.is_empty()
    }
}

/// Builds the site of `request` afresh and compares it with `request.out`, which stays unchanged.
///
/// # Errors
/// Errors of the build and of the file system.
pub fn verify(request: &Request<'_>) -> Result<Differences, Failure> {
    let _lock = Lock::take(request.state).map_err(machine)?;
    let (fresh, _) = ScratchBuild::build(request, "verify")?;
    compare(request, &fresh.state, &fresh.out).map_err(machine)
}

fn compare(request: &Request<'_>, state: &Path, out: &Path) -> Result<Differences, OutputError> {
    let fresh = pipeline::manifest_of(request.root, state, out)?;
    let ours = pipeline::manifest_of(request.root, request.state, request.out)?;
    let mut paths: Vec<&str> = fresh.files.keys().map(|path| &**path).collect();
    paths.par_sort_unstable();
    let looked: Vec<Option<bool>> = paths
        .par_iter()
        .map(|path| same(&out.join(path), &request.out.join(path)))
        .collect::<Result<_, _>>()?;
    let pick = |wanted: Option<bool>| {
        let found = paths.iter().zip(&looked).filter(|(_, same)| **same == wanted);
        found.map(|(path, _)| (*path).to_owned()).collect()
    };
    let stale: BTreeSet<&str> = ours
        .files
        .keys()
        .map(|path| &**path)
        .filter(|path| !fresh.files.contains_key(*path) && request.out.join(path).is_file())
        .collect();
    Ok(Differences {
        files: paths.len(),
        differing: pick(Some(false)),
        missing: pick(None),
        stale: stale.into_iter().map(str::to_owned).collect(),
    })
}

/// True if both files have the same bytes; `None` if `ours` is missing.
fn same(fresh: &Path, ours: &Path) -> Result<Option<bool>, OutputError> {
    let bytes = match file::read(ours, file::STATE) {
        Ok(bytes) => bytes,
        Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => {
            return Ok(None);
        }
        Err(error) => return Err(OutputError::io("read", ours)(error)),
    };
    let wanted = file::read(fresh, file::STATE).map_err(OutputError::io("read", fresh))?;
    Ok(Some(bytes == wanted))
}
