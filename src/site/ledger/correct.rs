//! Corrections of the ledger by its publisher: one article gets another id or another date.

use std::path::Path;

use super::file::written;
use super::pending::{drop_pending, load, put};
use super::{FILE, Ledger, Record};
use crate::model::diagnostics::Problem;

/// Replaces the line of the article `id` in the ledger of the site at `root`, whose state is in `state`. Returns false
/// if there is no ledger, or no such article in it.
///
/// # Errors
/// The ledger can't be read or written; it is then as it was.
pub fn correct(root: &Path, state: &Path, id: &str, record: Record) -> Result<bool, Vec<Problem>> {
    let (mut problems, mut notes) = (Vec::new(), Vec::new());
    let Some(loaded) = load(root, state, &mut problems, &mut notes) else { return Err(problems) };
    let Some(loaded) = loaded.filter(|loaded| loaded.ledger.find(id).is_some()) else { return Ok(false) };
    let others = loaded.ledger.records().iter().filter(|one| one.id != id && one.id != record.id).cloned();
    let (authority, feeds) = (loaded.ledger.authority().map(str::to_owned), loaded.ledger.feeds().to_vec());
    let corrected = Ledger::new(others.chain([record.clone()]).collect()).with_feeds(authority, feeds);
    let saved = put(&root.join(FILE), &written(&corrected)).and_then(|()| drop_pending(state));
    saved.map(|()| true).map_err(|error| vec![Problem::nowhere(error)])
}
