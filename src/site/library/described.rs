//! Descriptions of taxonomies and terms: `_index.md` in a folder with the path of one, and without articles and pages.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use foldhash::fast::RandomState;

use super::Taxonomy;
use crate::config::Config;
use crate::model::url::{UrlPath, percent_decode, slugify_term};
use crate::site::identity::SectionRow;

/// Sections that may describe a taxonomy or a term.
pub(super) struct Candidates(HashMap<UrlPath, Candidate>);

/// A section that may describe a taxonomy or a term.
struct Candidate {
    folder: Arc<str>,
    title: Option<String>,
    /// The path of the term, where it is another one than that of its name.
    path: Option<UrlPath>,
}

impl Candidates {
    /// The candidates among `sections`; `peopled` are the folders with articles or pages, and those around them.
    pub fn of(
        sections: &BTreeMap<String, SectionRow>,
        peopled: &HashSet<&str, RandomState>,
        config: &Config,
    ) -> Candidates {
        let mut candidates = HashMap::new();
        let roots: Vec<String> = config.all_taxonomies().map(|rules| format!("/{}/", rules.path)).collect();
        for section in sections.values().filter(|section| !section.folder.is_empty() && !section.is_held()) {
            let Some(document) = &section.document else { continue };
            if peopled.contains(&*section.folder) {
                continue;
            }
            let is_below = |path: &UrlPath| roots.iter().any(|root| path.as_str().starts_with(root));
            let front = &document.front;
            let named = named_path(section, config).filter(|path| is_below(path));
            // A `path` below that of a taxonomy names what is described.
            let is_named_by_path = || front.path.is_some() && is_below(&section.path);
            let (path, moved) = match named.filter(|_| !is_named_by_path()) {
                Some(named) if front.path.is_some() => (named, Some(section.path.clone())),
                Some(named) => {
                    let slug = front.slug.as_ref().map(|slug| percent_decode(slug.value.trim_matches('/')));
                    let moved = slug.and_then(|slug| beside(&named, &slug));
                    (named, moved)
                }
                None => (section.path.clone(), None),
            };
            if is_below(&path) {
                let title = front.title.as_ref().map(|_| section.title.clone());
                candidates.insert(path, Candidate { folder: section.folder.clone(), title, path: moved });
            }
        }
        Candidates(candidates)
    }

    /// True if there are none, as on most sites.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The title for the page at `path`, if a section gives it one.
    pub fn title(&self, path: &UrlPath) -> Option<&String> {
        self.0.get(path)?.title.as_ref()
    }

    /// The path of the term whose name leads to `path`, if a section gives it another one.
    pub fn path(&self, path: &UrlPath) -> Option<&UrlPath> {
        self.0.get(path)?.path.as_ref()
    }

    /// Moves the sections that describe a taxonomy with terms, or one of its terms, to what they describe.
    pub fn describe(&self, sections: &mut BTreeMap<String, SectionRow>, taxonomies: &mut [Taxonomy]) {
        let mut take = |path: &UrlPath| sections.remove(&*self.0.get(path)?.folder)?.document;
        for taxonomy in taxonomies.iter_mut().filter(|taxonomy| !taxonomy.terms.is_empty()) {
            taxonomy.description = take(&taxonomy.path);
            if let Some(title) = self.title(&taxonomy.path).filter(|_| taxonomy.description.is_some()) {
                taxonomy.rules.title.clone_from(title);
            }
            for term in &mut taxonomy.terms {
                term.description = take(&taxonomy.path.join(&format!("{}/", term.slug)));
            }
        }
    }
}

/// The path of the taxonomy or term that `section` describes by the name of its folder: `tags/harbour/_index.de.md` describes
/// the term `harbour` in German, whatever its path.
fn named_path(section: &SectionRow, config: &Config) -> Option<UrlPath> {
    let language = &config.languages[config.language_of(&section.folder)];
    let plain = config.without_language(&section.folder);
    config.taxonomies.iter().zip(&language.taxonomies).find_map(|(own, rules)| {
        let rest = plain.strip_prefix(&*own.path)?;
        if !rest.is_empty() && !rest.starts_with('/') {
            return None;
        }
        let parts = rest.split('/').skip(1).map(|part| slugify_term(part, config.slugs) + "/");
        UrlPath::parse(&format!("/{}/{}", rules.path, parts.collect::<String>())).ok()
    })
}

/// The path of the folder `name` beside the one at `path`.
fn beside(path: &UrlPath, name: &str) -> Option<UrlPath> {
    let (around, _) = path.as_str().trim_end_matches('/').rsplit_once('/')?;
    UrlPath::parse(&format!("{around}/{name}/")).ok()
}
