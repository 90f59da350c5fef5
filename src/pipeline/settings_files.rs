//! Files that `site.toml` names and that the site does not have.

use std::path::Path;

use miette::Diagnostic;
use thiserror::Error;

use crate::config::{Config, FILE};
use crate::model::diagnostics::{Place, Problem};
use crate::model::suggest::nearest;
use crate::site::plan::Plan;

/// A file that `site.toml` names does not exist.
#[derive(Debug, Clone, PartialEq, Eq, Error, Diagnostic)]
#[error("`{key}` names the file \u{201c}{file}\u{201d}, and the site has none")]
#[diagnostic(severity(warning), code(config::file), help("{near}"))]
struct NoFile {
    /// The setting.
    key: &'static str,
    /// The path as written.
    file: String,
    /// A remedy.
    near: String,
}

/// Warnings about the pictures that `config`, the settings of the site at `root`, names and `plan` has not.
pub(super) fn missing(root: &Path, config: &Config, plan: &Plan) -> Vec<Problem> {
    let of_feeds = config.feeds.custom.iter().map(|custom| ("image", custom.image.as_deref()));
    let named = [("icon", config.icon.as_deref()), ("logo", config.logo.as_deref())];
    let named = named.into_iter().chain([("logo", config.theme.logo.as_deref())]).chain(of_feeds);
    let missing =
        named.filter_map(|(key, file)| Some((key, file?))).filter(|(_, file)| is_missing(file, plan));
    missing.map(|(key, file)| problem(root, key, file, plan)).collect()
}

fn is_missing(file: &str, plan: &Plan) -> bool {
    // A whole URL may be anywhere.
    if file.contains(':') || file.starts_with("//") {
        return false;
    }
    let path = plan.roots.path(file);
    path.is_some_and(|path| plan.documents.iter().all(|planned| planned.path != path))
}

fn problem(root: &Path, key: &'static str, file: &str, plan: &Plan) -> Problem {
    let text =
        crate::storage::file::read_text(&root.join(FILE), crate::storage::file::SETTINGS).unwrap_or_default();
    let mut start = 0;
    let line = text.split_inclusive('\n').find_map(|line| {
        start += line.len();
        let is_it = line.trim_start().starts_with(key) && line.contains(file);
        is_it.then(|| start - line.len() + line.find(file).unwrap_or(0))
    });
    let place = match line {
        Some(at) => Place::in_text(FILE, &text, at..at + file.len()),
        None => Place::file(FILE),
    };
    let files =
        plan.documents.iter().filter(|planned| !planned.is_page()).map(|planned| &planned.path.as_str()[1..]);
    let near = match nearest(file.trim_start_matches('/'), files) {
        Some(name) => format!("did you mean `{name}`?"),
        None => "put the file under `static/`, or correct its path, which counts from there".to_owned(),
    };
    Problem::new(NoFile { key, file: file.to_owned(), near }, place)
}
