//! The request for one run of the pipeline.

use std::path::Path;

use chrono::{DateTime, Utc};

use super::LedgerUse;
use crate::model::url::BaseUrl;
use crate::output::OutputTerms;
use crate::site::identity::Allowances;

/// The settings of one run.
pub struct Request<'a> {
    /// The site's root, the folder of `site.toml`.
    pub root: &'a Path,
    /// The folder for the state that builds keep, [`STATE`](super::STATE) in the root. Made if missing.
    pub state: &'a Path,
    /// The output folder.
    pub out: &'a Path,
    /// A base URL that replaces that of `site.toml`. Ids stay the same.
    pub base_url: Option<BaseUrl>,
    /// Languages with an address of their own are there; false: they are at the address of the site, each below its path,
    /// where an author can look at them.
    pub has_hosts: bool,
    /// The one clock of the run.
    pub now: DateTime<Utc>,
    /// Content shown beyond what is public.
    pub allowances: Allowances,
    /// Publish even if that floods subscribers with returning entries, or takes many away.
    pub accept: bool,
    /// Conditions for changing the output folder.
    pub terms: OutputTerms,
    /// The use of the ledger.
    pub ledger: LedgerUse,
    /// Report why each document was rendered.
    pub explain: bool,
}

impl<'a> Request<'a> {
    /// A plain build of the site at `root` into `out` at `now`, which only reads the ledger.
    pub fn new(root: &'a Path, state: &'a Path, out: &'a Path, now: DateTime<Utc>) -> Self {
        Request {
            root,
            state,
            out,
            base_url: None,
            has_hosts: true,
            now,
            allowances: Allowances::default(),
            accept: false,
            terms: OutputTerms::default(),
            ledger: LedgerUse::Read,
            explain: false,
        }
    }
}
