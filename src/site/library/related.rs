//! Suggestions for further reading: articles that share terms with one.

use super::{LeafId, Library};

/// Number of articles on each side of one in a term's list that are considered. With this limit, a new article affects
/// a few others and never the whole archive.
const NEAR: usize = 8;

/// Most related articles of one.
const MOST: usize = 3;

/// Most articles in a block of a front page.
const IN_BLOCK: usize = 4;

impl Library {
    /// The articles that share most terms (other than authors) with `id`; among equals, the nearest in time. Its
    /// neighbours in its section are excluded.
    pub fn related(&self, id: LeafId) -> Vec<LeafId> {
        let neighbours = self.neighbours(id);
        let mut shared: Vec<(LeafId, usize)> = Vec::new();
        for (taxonomy, term) in self.terms_of(id) {
            if taxonomy.rules.name == "authors" {
                continue;
            }
            let Ok(at) = term.articles.binary_search(&id) else { continue };
            let near = &term.articles[at.saturating_sub(NEAR)..term.articles.len().min(at + NEAR + 1)];
            for other in near.iter().filter(|other| **other != id) {
                match shared.iter_mut().find(|(known, _)| known == other) {
                    Some((_, count)) => *count += 1,
                    None => shared.push((*other, 1)),
                }
            }
        }
        shared.retain(|(other, _)| neighbours.previous != Some(*other) && neighbours.next != Some(*other));
        shared.sort_by_key(|(other, count)| (usize::MAX - count, other.index().abs_diff(id.index()), *other));
        shared.into_iter().take(MOST).map(|(other, _)| other).collect()
    }

    /// The articles to which `id` may be [related](Library::related), or was before a newer article came.
    pub fn may_be_related(&self, id: LeafId) -> Vec<LeafId> {
        let mut near = Vec::new();
        for (taxonomy, term) in self.terms_of(id) {
            if taxonomy.rules.name != "authors"
                && let Ok(at) = term.articles.binary_search(&id)
            {
                let end = term.articles.len().min(at + NEAR + 2);
                near.extend_from_slice(&term.articles[at.saturating_sub(NEAR + 1)..end]);
            }
        }
        near
    }

    /// The child sections of the section `at`, each with its newest articles beyond the first `shown` articles of the
    /// parent. Sections without any are left out.
    pub fn blocks(&self, at: usize, shown: usize) -> Vec<(usize, Vec<LeafId>)> {
        let section = &self.sections[at];
        let mut shown: Vec<LeafId> = section.listed().iter().take(shown).copied().collect();
        shown.sort_unstable();
        let block = |child: &usize| {
            let articles = self.sections[*child].listed().iter();
            let fresh = articles.filter(|id| shown.binary_search(id).is_err());
            (*child, fresh.take(IN_BLOCK).copied().collect::<Vec<LeafId>>())
        };
        section.children.iter().map(block).filter(|(_, articles)| !articles.is_empty()).collect()
    }
}
