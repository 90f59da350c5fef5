//! Descriptions of taxonomies and terms: `_index.md` in a folder with the path of one, and without articles and pages.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use foldhash::fast::RandomState;

use super::Taxonomy;
use crate::config::Config;
use crate::model::url::{UrlPath, percent_decode};
use crate::site::identity::SectionRow;

/// Sections that may describe a taxonomy or a term.
pub(super) struct Candidates(HashMap<UrlPath, Candidate>);

/// A section that may describe a taxonomy or a term.
struct Candidate {
    folder: Arc<str>,
    title: Option<String>,
    /// The last part of the path of the term, where it is another one than that of its name.
    slug: Option<String>,
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
            let path = described_path(section, config);
            let is_below = roots.iter().any(|root| path.as_str().starts_with(root));
            if is_below && !peopled.contains(&*section.folder) {
                let slug = document.front.slug.as_ref();
                let slug = slug.map(|slug| percent_decode(slug.value.trim_matches('/')));
                let title = document.front.title.as_ref().map(|_| section.title.clone());
                candidates.insert(path, Candidate { folder: section.folder.clone(), title, slug });
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

    /// The slug of the term at `path`, if a section gives it one.
    pub fn slug(&self, path: &UrlPath) -> Option<&String> {
        self.0.get(path)?.slug.as_ref()
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

/// The path of the taxonomy or term that `section` would describe. In another language than the site's own, the name of
/// its folder counts: `tags/harbour/_index.de.md` describes the term `harbour` in German.
fn described_path(section: &SectionRow, config: &Config) -> UrlPath {
    let language = &config.languages[config.language_of(&section.folder)];
    let plain = config.without_language(&section.folder);
    let named = config.taxonomies.iter().zip(&language.taxonomies).find_map(|(own, rules)| {
        let rest = plain.strip_prefix(&*own.path).filter(|_| plain != &*section.folder)?;
        (rest.is_empty() || rest.starts_with('/')).then(|| format!("/{}{rest}/", rules.path))
    });
    named.and_then(|path| UrlPath::parse(&path).ok()).unwrap_or_else(|| section.path.clone())
}
