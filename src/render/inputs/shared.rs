//! Parts that documents share, with names for people: the settings, templates, the views of the whole site.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::digest::Digest;
use crate::render::Renderer;
use crate::render::template::Reads;
use crate::render::template::views::SHARED;

/// The name of the settings.
const SETTINGS: &str = "`site.toml` or Dateline itself";

fn template_part(name: &str) -> String {
    format!("template {name}")
}

fn data_part(file: &str) -> String {
    format!("`{file}`")
}

fn view_part(name: &str) -> String {
    format!("view `{name}`")
}

impl Renderer<'_> {
    /// The parts that documents share, with names for people, each with its digest.
    pub fn shared_parts(&self) -> BTreeMap<String, Digest> {
        let templates = self.templates.digests().map(|(name, digest)| (template_part(name), digest));
        let views = self.shared_views.iter().filter(|(name, _)| SHARED.contains(name));
        let views = views.map(|(name, digest)| (view_part(name), *digest));
        let keys: BTreeSet<&Vec<String>> =
            self.templates.reads().flat_map(|(_, reads)| reads.data.iter()).collect();
        let languages = std::iter::once(self).chain(&self.others);
        let data = languages.flat_map(|renderer| renderer.data.digests(keys.iter().copied()));
        let data = data.map(|(file, digest)| (data_part(&file), digest));
        templates.chain(views).chain(data).chain([(SETTINGS.to_owned(), self.environment)]).collect()
    }
}

/// True if a document depends on `part` when its template has these `reads`.
pub(in crate::render) fn is_read(part: &str, reads: Option<&Reads>) -> bool {
    part == SETTINGS
        || reads.is_some_and(|reads| {
            reads.templates.iter().any(|name| template_part(name) == part)
                || part.strip_prefix("`data/").is_some_and(|file| reads.has_data(file.trim_end_matches('`')))
                || SHARED.iter().any(|view| view_part(view) == part && reads.has(view))
        })
}
