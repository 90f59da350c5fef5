//! Descriptions of taxonomies and terms: `_index.md` in a folder with the path of one, and without articles and pages.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use foldhash::fast::RandomState;

use super::Taxonomy;
use crate::config::Config;
use crate::model::url::UrlPath;
use crate::site::identity::SectionRow;

/// Sections that may describe a taxonomy or a term.
pub(super) struct Candidates {
    /// The folder of each, by its path.
    folders: HashMap<UrlPath, Arc<str>>,
    titles: HashMap<UrlPath, String>,
}

impl Candidates {
    /// The candidates among `sections`; `peopled` are the folders with articles or pages, and those around them.
    pub fn of(
        sections: &BTreeMap<String, SectionRow>,
        peopled: &HashSet<&str, RandomState>,
        config: &Config,
    ) -> Candidates {
        let mut candidates = Candidates { folders: HashMap::new(), titles: HashMap::new() };
        let roots: Vec<String> = config.taxonomies.iter().map(|rules| format!("/{}/", rules.path)).collect();
        for section in sections.values().filter(|section| !section.folder.is_empty() && !section.is_held()) {
            let Some(document) = &section.document else { continue };
            let is_below = roots.iter().any(|root| section.path.as_str().starts_with(root));
            if is_below && !peopled.contains(&*section.folder) {
                candidates.folders.insert(section.path.clone(), section.folder.clone());
                if document.front.title.is_some() {
                    candidates.titles.insert(section.path.clone(), section.title.clone());
                }
            }
        }
        candidates
    }

    /// True if there are none, as on most sites.
    pub fn is_empty(&self) -> bool {
        self.folders.is_empty()
    }

    /// The title for the page at `path`, if a section gives it one.
    pub fn title(&self, path: &UrlPath) -> Option<&String> {
        self.titles.get(path)
    }

    /// Moves the sections that describe a taxonomy with terms, or one of its terms, to what they describe.
    pub fn describe(&self, sections: &mut BTreeMap<String, SectionRow>, taxonomies: &mut [Taxonomy]) {
        let mut take = |path: &UrlPath| sections.remove(&**self.folders.get(path)?)?.document;
        for taxonomy in taxonomies.iter_mut().filter(|taxonomy| !taxonomy.terms.is_empty()) {
            taxonomy.description = take(&taxonomy.path);
            if let Some(title) = self.title(&taxonomy.path).filter(|_| taxonomy.description.is_some()) {
                taxonomy.rules.title.clone_from(title);
            }
            for term in &mut taxonomy.terms {
                term.description = take(&term.path);
            }
        }
    }
}
