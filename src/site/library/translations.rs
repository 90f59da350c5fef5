//! Translations: articles and pages that say the same in several languages.

use std::collections::{BTreeMap, HashMap, HashSet};

use miette::Diagnostic;
use thiserror::Error;

use super::sections::Section;
use super::{LeafId, Library};
use crate::config::Config;
use crate::model::diagnostics::{Place, Problem};
use crate::site::identity::Row;

/// Problems with translations.
#[derive(Debug, Clone, PartialEq, Eq, Error, Diagnostic)]
pub enum TranslationError {
    /// Two sources of one language are the same article.
    #[error("this and {other} are one article in one language: `{group}`")]
    #[diagnostic(
        severity(warning),
        code(translation::twice),
        help("rename one of them, or mend its `translation_of`; translations lead to the first")
    )]
    Twice {
        /// The other source.
        other: String,
        /// The name that they have in common.
        group: String,
    },
    /// `translation_of` names no source.
    #[error("`translation_of` names \u{201c}{written}\u{201d}, and no article or page is called that")]
    #[diagnostic(severity(warning), code(translation::unknown), help("{remedy}"))]
    Unknown {
        /// The name as written.
        written: String,
        /// A remedy.
        remedy: String,
    },
}

/// The translations of articles and pages.
#[derive(Debug, Default)]
pub(super) struct Translations {
    /// Groups of articles and pages that are the same in two languages or more, by the numbers of the languages.
    groups: Vec<BTreeMap<usize, LeafId>>,
    group_of: HashMap<LeafId, usize>,
}

/// Articles and pages in the site's own language that other languages show, since they have no translation of them.
#[derive(Debug, Default)]
pub(super) struct Untranslated(Vec<(LeafId, usize)>);

impl Translations {
    /// The translations among the `leaves`.
    pub fn of(leaves: &[Box<Row>], config: &Config, problems: &mut Vec<Problem>) -> Translations {
        if !config.is_multilingual() {
            return Translations::default();
        }
        let mut by_name: BTreeMap<&str, BTreeMap<usize, LeafId>> = BTreeMap::new();
        let mut ids: Vec<LeafId> = (0..leaves.len()).map(LeafId::new).collect();
        // The one whose own name it is comes first, then the name of the source decides.
        let key = |id: &LeafId| (leaves[id.index()].rare.group.is_some(), leaves[id.index()].name().clone());
        ids.sort_by_cached_key(key);
        for id in ids {
            let row = &leaves[id.index()];
            let (group, language) = (row.group(config), config.language_of(&row.section));
            let known = by_name.entry(group).or_default();
            if let Some(other) = known.get(&language) {
                let other = leaves[other.index()].name().to_string();
                let cause = TranslationError::Twice { other, group: group.to_owned() };
                problems.push(Problem::new(cause, Place::file(row.name().clone())));
            } else {
                known.insert(language, id);
            }
        }
        for row in leaves.iter().filter(|row| row.rare.group.is_some()) {
            let language = config.language_of(&row.section);
            let is_alone = by_name.get(row.group(config)).is_some_and(|all| {
                let own = all.get(&language).map(|id| leaves[id.index()].name());
                all.len() == 1 && own == Some(row.name())
            });
            if is_alone && let Some(written) = row.document.load().front.translation_of() {
                let near = crate::model::suggest::nearest(
                    row.group(config),
                    by_name.keys().copied().filter(|name| *name != row.group(config)),
                );
                let remedy = match near {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => "name the source in the other language, such as `news/ferry`".to_owned(),
                };
                let cause = TranslationError::Unknown { written: written.value.clone(), remedy };
                problems.push(Problem::new(cause, written.place.clone()));
            }
        }
        let groups: Vec<_> = by_name.into_values().filter(|group| group.len() > 1).collect();
        let all = groups.iter().enumerate();
        let group_of = all.flat_map(|(at, group)| group.values().map(move |id| (*id, at))).collect();
        Translations { groups, group_of }
    }

    fn group(&self, id: LeafId) -> Option<&BTreeMap<usize, LeafId>> {
        self.groups.get(*self.group_of.get(&id)?)
    }

    /// The `leaves` that languages with a fallback show, since they have no translation of them.
    pub fn untranslated(&self, leaves: &[Box<Row>], config: &Config) -> Untranslated {
        let with_fallback: Vec<usize> =
            (1..config.languages.len()).filter(|at| config.languages[*at].has_fallback).collect();
        if with_fallback.is_empty() {
            return Untranslated::default();
        }
        let own = leaves.iter().enumerate().filter(|(_, row)| config.language_of(&row.section) == 0);
        let missing = own.flat_map(|(at, _)| {
            let id = LeafId::new(at);
            let has =
                move |language: &&usize| self.group(id).is_some_and(|group| group.contains_key(language));
            with_fallback.iter().filter(move |language| !has(language)).map(move |language| (id, *language))
        });
        Untranslated(missing.collect())
    }
}

impl Untranslated {
    /// The sections in other languages that show a leaf, by its index. `section_of` has the section of each leaf.
    pub fn shown_in(
        &self,
        section_of: &[Option<u32>],
        sections: &[Section],
        config: &Config,
    ) -> HashMap<usize, Vec<usize>> {
        let find = |folder: &str| sections.iter().position(|section| *section.settled.folder == *folder);
        let mut known: HashMap<(u32, usize), Option<usize>> = HashMap::new();
        let mut shown: HashMap<usize, Vec<usize>> = HashMap::new();
        for (id, language) in &self.0 {
            let Some(own) = section_of.get(id.index()).copied().flatten() else { continue };
            let section = known.entry((own, *language)).or_insert_with(|| {
                let folder = sections.get(own as usize).map(|section| &*section.settled.folder)?;
                find(&config.folder_in(*language, folder))
            });
            shown.entry(id.index()).or_default().extend(*section);
        }
        shown
    }

    /// The languages, beside its own, that show a leaf.
    pub fn by_leaf(&self) -> HashMap<LeafId, Vec<usize>> {
        let mut by_leaf: HashMap<LeafId, Vec<usize>> = HashMap::new();
        self.0.iter().for_each(|(id, language)| by_leaf.entry(*id).or_default().push(*language));
        by_leaf
    }

    /// The folders of the sections that `section_of` finds for these leaves, in the languages that show them.
    pub fn folders(&self, leaves: &[Box<Row>], config: &Config) -> HashSet<String> {
        self.0.iter().map(|(id, language)| config.folder_in(*language, &leaves[id.index()].section)).collect()
    }
}

impl Library {
    /// The translations of an article or page, itself among them, by the numbers of their languages; none if there is
    /// only one.
    pub fn translations(&self, id: LeafId) -> impl Iterator<Item = (usize, LeafId)> {
        self.translations.group(id).into_iter().flatten().map(|(language, id)| (*language, *id))
    }
}
