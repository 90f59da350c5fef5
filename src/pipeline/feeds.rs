//! The parts of a build's report about feeds.

use super::{FeedFile, FeedNews};
use crate::config::Config;
use crate::model::url::UrlPath;
use crate::output::Staging;
use crate::site::plan::{Plan, Shows};

/// The documents that people subscribe to.
pub(super) fn files(plan: &Plan) -> Vec<FeedFile> {
    let files = plan.feeds.iter().flat_map(|feed| {
        let file = |path: &UrlPath| FeedFile { path: path.file(), limit: feed.limit };
        feed.formats.iter().map(move |(_, path)| file(path))
    });
    files.collect()
}

/// The feeds that this build changes.
pub(super) fn news(plan: &Plan, config: &Config, staging: &Staging) -> FeedNews {
    let feeds = plan.documents.iter().filter(|planned| matches!(planned.shows, Shows::Feed(..)));
    let written = feeds.filter(|planned| staging.is_staged(&planned.path.file()));
    let mut topics: Vec<String> = written.map(|planned| config.base_url.absolute(&planned.path)).collect();
    topics.sort();
    FeedNews { hubs: config.feeds.hubs.clone(), topics }
}
