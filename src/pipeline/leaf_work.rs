//! The articles and pages to render, each once for everything that shows its text.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use crate::site::library::LeafId;
use crate::site::plan::{Plan, Planned, Shows, Subject};

/// An article or page to render: its page, its entry in feeds, its documents of `[[outputs]]`.
pub(super) struct LeafWork<'a> {
    pub id: LeafId,
    pub page: Option<&'a Planned>,
    pub entry: bool,
    pub outputs: Vec<&'a Planned>,
}

/// The articles and pages to render: those with a page or a document of `[[outputs]]` among the `stale` ones, and those
/// in a stale feed, except those that stay as they were published.
pub(super) fn leaf_work<'p>(
    plan: &Plan,
    stale: &[&'p Planned],
    is_kept: &dyn Fn(LeafId) -> bool,
) -> Vec<LeafWork<'p>> {
    let feeds: HashSet<usize> = stale
        .iter()
        .filter_map(|planned| match planned.shows {
            Shows::Feed(at, _) | Shows::FeedAlias(at, _) => Some(at),
            _ => None,
        })
        .collect();
    let in_feeds: HashSet<LeafId> =
        feeds.iter().flat_map(|at| plan.feeds[*at].articles.iter().copied()).collect();
    let mut outputs: BTreeMap<LeafId, Vec<&'p Planned>> = BTreeMap::new();
    for planned in stale.iter().copied() {
        if let Shows::Output(_, Subject::Leaf(id)) = planned.shows {
            outputs.entry(id).or_default().push(planned);
        }
    }
    let mut leaves: Vec<LeafWork<'p>> = Vec::new();
    for planned in stale.iter().copied() {
        if let Shows::Leaf(id) = planned.shows {
            let (entry, outputs) = (in_feeds.contains(&id), outputs.remove(&id).unwrap_or_default());
            leaves.push(LeafWork { id, page: Some(planned), entry, outputs });
        }
    }
    let with_page: HashSet<LeafId> = leaves.iter().map(|work| work.id).collect();
    let is_rest = |id: &LeafId| !with_page.contains(id) && !is_kept(*id);
    let rest: BTreeSet<LeafId> = in_feeds.iter().filter(|id| is_rest(id)).copied().collect();
    for id in rest {
        let outputs = outputs.remove(&id).unwrap_or_default();
        leaves.push(LeafWork { id, page: None, entry: true, outputs });
    }
    let without_page = |(id, outputs)| LeafWork { id, page: None, entry: false, outputs };
    leaves.extend(outputs.into_iter().map(without_page));
    leaves
}
