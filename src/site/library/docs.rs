//! Documentation: the sections and pages below a section with `layout = "docs"`, as a tree in the order of reading.

use std::collections::HashMap;

use super::order::sorted;
use super::{LeafId, Section};
use crate::config::SortBy;
use crate::site::identity::Row;

/// A section, an article or a page in a tree.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum DocsPart {
    /// A section, by its index.
    Section(usize),
    /// An article or page.
    Leaf(LeafId),
}

/// An entry of a tree.
#[derive(Debug, Clone, Copy)]
pub struct DocsNode {
    /// The section, article or page.
    pub part: DocsPart,
    /// The number of sections of the tree around it.
    pub depth: usize,
    /// True for what is only linked: a section with a tree of its own, and a page with `link`.
    pub is_other: bool,
}

/// The pages of a documentation.
#[derive(Debug)]
pub struct DocsTree {
    /// All entries in the order of reading. The first is the section with which the tree begins.
    pub nodes: Vec<DocsNode>,
}

impl DocsTree {
    /// The entries inside the one at `place`, each before those inside it.
    pub fn inside(&self, place: usize) -> &[DocsNode] {
        let Some((first, after)) = self.nodes.get(place..).and_then(<[DocsNode]>::split_first) else {
            return &[];
        };
        let end = after.iter().position(|one| one.depth <= first.depth).unwrap_or(after.len());
        &after[..end]
    }

    /// The entries to read before and after the one at `place`.
    pub fn beside(&self, place: usize) -> [Option<DocsPart>; 2] {
        let part = |one: Option<&DocsNode>| one.map(|one| one.part);
        let (before, after) = (self.nodes.get(..place), self.nodes.get(place + 1..));
        let is_own = |one: &&DocsNode| !one.is_other;
        [
            part(before.into_iter().flatten().rev().find(is_own)),
            part(after.into_iter().flatten().find(is_own)),
        ]
    }
}

/// All documentation of a site.
#[derive(Debug, Default)]
pub struct Documentation {
    /// The trees, in the order of their sections.
    pub trees: Vec<DocsTree>,
    /// The tree of each section.
    tree_of: Vec<Option<usize>>,
    /// The place of each section and leaf in its own tree.
    places: HashMap<DocsPart, usize>,
}

impl Documentation {
    /// The documentation among `sections`; `section_of` is the section of each leaf.
    pub(super) fn of(sections: &[Section], section_of: &[Option<u32>], leaves: &[Box<Row>]) -> Self {
        let mut docs = Documentation::default();
        if !sections.iter().any(|section| section.settled.docs.is_docs()) {
            return docs;
        }
        let arranged = Arranged { sections, section_of, leaves };
        for (at, section) in sections.iter().enumerate() {
            let tree = match &section.settled.docs {
                rules if rules.begins => {
                    let mut nodes = Vec::new();
                    arranged.add(at, 0, &mut nodes);
                    docs.trees.push(DocsTree { nodes });
                    Some(docs.trees.len() - 1)
                }
                rules if rules.is_docs() => section.parent.and_then(|parent| docs.tree_of[parent]),
                _ => None,
            };
            docs.tree_of.push(tree);
        }
        let mut places = HashMap::new();
        for (number, tree) in docs.trees.iter().enumerate() {
            let own = tree.nodes.iter().enumerate().filter(|(_, node)| {
                let section = match node.part {
                    DocsPart::Section(at) => Some(at),
                    DocsPart::Leaf(id) => arranged.section_of(id),
                };
                section.and_then(|at| docs.tree_of[at]) == Some(number)
            });
            places.extend(own.map(|(place, node)| (node.part, place)));
        }
        docs.places = places;
        docs
    }

    /// The tree of the section at `index`.
    pub fn tree_of(&self, index: usize) -> Option<usize> {
        self.tree_of.get(index).copied().flatten()
    }

    /// The place of `part` in its own tree; `None` if it is unlisted.
    pub fn place_of(&self, part: DocsPart) -> Option<usize> {
        self.places.get(&part).copied()
    }
}

struct Arranged<'a> {
    sections: &'a [Section],
    section_of: &'a [Option<u32>],
    leaves: &'a [Box<Row>],
}

impl Arranged<'_> {
    fn section_of(&self, id: LeafId) -> Option<usize> {
        self.section_of.get(id.index()).copied().flatten().map(|at| at as usize)
    }

    /// Adds the section at `index` and everything in it.
    fn add(&self, index: usize, depth: usize, nodes: &mut Vec<DocsNode>) {
        nodes.push(DocsNode { part: DocsPart::Section(index), depth, is_other: false });
        for part in self.inside(index) {
            match part {
                DocsPart::Section(child) if !self.sections[child].settled.docs.begins => {
                    self.add(child, depth + 1, nodes);
                }
                _ => {
                    let is_other = match part {
                        DocsPart::Section(_) => true,
                        DocsPart::Leaf(id) => self.leaves[id.index()].rare.leads_to.is_some(),
                    };
                    nodes.push(DocsNode { part, depth: depth + 1, is_other });
                }
            }
        }
    }

    /// The pages, articles and sections directly in the section at `index`: in the order of its list, else the lightest
    /// first. Of equal weight, sections come last.
    fn inside(&self, index: usize) -> Vec<DocsPart> {
        let section = &self.sections[index];
        let own = section.articles.iter().filter(|id| self.section_of(**id) == Some(index));
        let mut ids: Vec<LeafId> = section.pages.iter().chain(own).copied().collect();
        let weight = |id: &LeafId| i64::from(self.leaves[id.index()].listing.weight);
        let order = section.settled.sort.as_ref().map(|sort| &sort.value);
        match order {
            Some(order) => ids = sorted(&ids, order, self.leaves),
            None => ids.sort_by(|a, b| {
                let name = |id: &LeafId| self.leaves[id.index()].name();
                weight(a).cmp(&weight(b)).then_with(|| name(a).cmp(name(b)))
            }),
        }
        let by_weight = order.is_none_or(|order| {
            order.0.first().is_some_and(|key| key.by == SortBy::Weight && !key.is_descending)
        });
        let mut parts = Vec::with_capacity(ids.len() + section.children.len());
        let children = section.children.iter().filter(|at| self.sections[**at].settled.docs.is_docs());
        let mut children = children.copied().peekable();
        for id in ids {
            let is_lighter = |at: &usize| by_weight && self.sections[*at].settled.weight < weight(&id);
            while let Some(child) = children.next_if(is_lighter) {
                parts.push(DocsPart::Section(child));
            }
            parts.push(DocsPart::Leaf(id));
        }
        parts.extend(children.map(DocsPart::Section));
        parts
    }
}
