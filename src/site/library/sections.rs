//! Sections with their articles, pages and child sections, and the neighbours of each article.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use foldhash::fast::RandomState;
use rayon::prelude::*;

use super::translations::Untranslated;
use super::{LeafId, Neighbours};
use crate::config::{Config, FrontKind};
use crate::site::identity::{Row, SectionRow};
use crate::site::ledger::Past;
use crate::source::Document;

/// A section with its content.
#[derive(Debug)]
pub struct Section {
    /// The section as settled by itself.
    pub settled: SectionRow,
    /// Articles in it and in the sections inside it, newest first.
    pub articles: Vec<LeafId>,
    /// The same articles in the order of its list, if that is another one.
    pub order: Option<Vec<LeafId>>,
    /// Pages directly in it, lightest first if it sets no other order.
    pub pages: Vec<LeafId>,
    /// Listed sections directly in it, lightest first, as indices.
    pub children: Vec<usize>,
    /// The section that it is in.
    pub parent: Option<usize>,
}

impl Section {
    /// Its articles in the order of its list.
    pub fn listed(&self) -> &[LeafId] {
        self.order.as_deref().unwrap_or(&self.articles)
    }

    /// The picture that its front opens with, as written in the source that describes it: the one of a front of the kind
    /// `landing`.
    pub fn opening(&self) -> Option<(&Document, &str)> {
        let document =
            self.settled.document.as_deref().filter(|_| self.settled.front == FrontKind::Landing)?;
        Some((document, &document.front.image.as_ref()?.value))
    }
}

/// The folders with public articles or pages, now or in the past, and the folders around them.
pub(super) fn peopled<'a>(
    leaves: &'a [Box<Row>],
    by_name: &[LeafId],
    past: &'a Past,
    untranslated: &'a HashSet<String>,
) -> HashSet<&'a str, RandomState> {
    let mut own: Vec<&str> = by_name.par_iter().map(|id| &*leaves[id.index()].section).collect();
    own.extend(past.sections());
    own.extend(untranslated.iter().map(String::as_str));
    own.dedup();
    let mut peopled: HashSet<&str, RandomState> = HashSet::from_iter([""]);
    for mut folder in own {
        while peopled.insert(folder) {
            folder = parent(folder);
        }
    }
    peopled
}

/// The sections with their `leaves`, and the section of each leaf. The first leaves are the listed articles, then come
/// the listed pages, up to the indices `ends`; `peopled` are the folders with leaves.
pub(super) fn fill_sections(
    leaves: &[Box<Row>],
    by_name: &[LeafId],
    ends: [usize; 2],
    peopled: &HashSet<&str, RandomState>,
    settled: BTreeMap<String, SectionRow>,
    config: &Config,
    untranslated: &Untranslated,
) -> (Vec<Section>, Vec<Option<u32>>) {
    // A folder without `_index.md` is a section only if it has a public article, or had one: its name could give withheld
    // articles away.
    let is_shown = |section: &SectionRow| {
        !section.is_held() && (section.document.is_some() || peopled.contains(&*section.folder))
    };
    let mut sections = empty_sections(settled, &is_shown, config);
    let index: HashMap<Arc<str>, usize, RandomState> =
        sections.iter().enumerate().map(|(at, section)| (section.settled.folder.clone(), at)).collect();
    // All threads look up the sections. The remaining work of one thread does not touch the leaves, which are scattered
    // in memory.
    let places: Vec<Option<u32>> = by_name
        .par_iter()
        .map(|id| index.get(&*leaves[id.index()].section).and_then(|at| u32::try_from(*at).ok()))
        .collect();
    let mut section_of = vec![None; leaves.len()];
    for (id, place) in by_name.iter().zip(places) {
        section_of[id.index()] = place;
    }
    let others = untranslated.shown_in(&section_of, &sections, config);
    people(&mut sections, &section_of, ends, &others);
    (sections, section_of)
}

/// The shown sections among `settled`, as a tree without articles.
pub(super) fn empty_sections(
    settled: BTreeMap<String, SectionRow>,
    is_shown: &dyn Fn(&SectionRow) -> bool,
    config: &Config,
) -> Vec<Section> {
    let mut sections: Vec<Section> = settled
        .into_values()
        .filter(is_shown)
        .map(|settled| Section {
            settled,
            articles: Vec::new(),
            order: None,
            pages: Vec::new(),
            children: Vec::new(),
            parent: None,
        })
        .collect();
    let index: HashMap<Arc<str>, usize, RandomState> =
        sections.iter().enumerate().map(|(at, section)| (section.settled.folder.clone(), at)).collect();
    for at in 0..sections.len() {
        let mut folder = &*sections[at].settled.folder;
        let mut around = None;
        // The front page of a language is in no section.
        while !folder.is_empty() && !config.is_language_folder(folder) && around.is_none() {
            folder = parent(folder);
            around = index.get(folder).copied();
        }
        sections[at].parent = around;
        if let Some(parent) = sections[at].parent.filter(|_| !sections[at].settled.is_unlisted) {
            sections[parent].children.push(at);
        }
    }
    let weights: Vec<(i64, Arc<str>)> =
        sections.iter().map(|section| (section.settled.weight, section.settled.folder.clone())).collect();
    for section in &mut sections {
        section.children.sort_by(|a, b| weights[*a].cmp(&weights[*b]));
    }
    sections
}

/// Puts the listed leaves into their sections: articles, and then pages, up to the indices `ends`. `others` are sections
/// that show a leaf too.
fn people(
    sections: &mut [Section],
    section_of: &[Option<u32>],
    [articles, listed]: [usize; 2],
    others: &HashMap<usize, Vec<usize>>,
) {
    for (at, own) in section_of.iter().take(listed).enumerate() {
        let own = own.map(|own| own as usize);
        for own in own.into_iter().chain(others.get(&at).into_iter().flatten().copied()) {
            if at >= articles {
                sections[own].pages.push(LeafId::new(at));
                continue;
            }
            let mut around = Some(own);
            while let Some(section) = around {
                sections[section].articles.push(LeafId::new(at));
                around = sections[section].parent;
            }
        }
    }
}

fn parent(folder: &str) -> &str {
    folder.rsplit_once('/').map_or("", |(parent, _)| parent)
}

/// The neighbours of the first articles, as many as `section_of` has. `folder_of` names the folder of an article
/// without a section.
pub(super) fn neighbours<'a>(
    section_of: &[Option<u32>],
    sections: usize,
    folder_of: impl Fn(usize) -> &'a str,
) -> Vec<Neighbours> {
    let mut neighbours = vec![Neighbours::default(); section_of.len()];
    let mut newest_seen: Vec<Option<usize>> = vec![None; sections];
    // Folders that are not sections.
    let mut others: HashMap<&str, usize, RandomState> = HashMap::default();
    for (at, section) in section_of.iter().enumerate() {
        let newer = match section {
            Some(section) => newest_seen[*section as usize].replace(at),
            None => others.insert(folder_of(at), at),
        };
        if let Some(newer) = newer {
            neighbours[at].next = Some(LeafId::new(newer));
            neighbours[newer].previous = Some(LeafId::new(at));
        }
    }
    neighbours
}
