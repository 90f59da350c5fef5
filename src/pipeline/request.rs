//! What a build is asked to do.

use std::path::Path;

use chrono::{DateTime, Utc};

use super::LedgerUse;
use crate::model::url::BaseUrl;
use crate::output::OutputTerms;
use crate::site::identity::Allowances;

/// What one run is asked to do.
pub struct Request<'a> {
    /// The site's root, which has `site.toml`.
    pub root: &'a Path,
    /// The folder for what is remembered between builds, [`STATE`](super::STATE) in the root. Made if it isn't there.
    pub state: &'a Path,
    /// The output folder.
    pub out: &'a Path,
    /// Another base URL than that of `site.toml`. Ids stay the same.
    pub base_url: Option<BaseUrl>,
    /// The one clock of the run.
    pub now: DateTime<Utc>,
    /// What is shown beyond what is public.
    pub allowances: Allowances,
    /// Publish even where that floods subscribers with entries that come back, or takes many away.
    pub accept: bool,
    /// On what terms the output folder is changed.
    pub terms: OutputTerms,
    /// What is done with the ledger.
    pub ledger: LedgerUse,
    /// Say why each document was rendered.
    pub explain: bool,
}

impl<'a> Request<'a> {
    /// A build of the site at `root` into `out` at `now`, with nothing special about it: the ledger is read.
    pub fn new(root: &'a Path, state: &'a Path, out: &'a Path, now: DateTime<Utc>) -> Self {
        Request {
            root,
            state,
            out,
            base_url: None,
            now,
            allowances: Allowances::default(),
            accept: false,
            terms: OutputTerms::default(),
            ledger: LedgerUse::Read,
            explain: false,
        }
    }
}
