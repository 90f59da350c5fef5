//! Suggestions for further reading: articles that share terms with one.

use std::cmp::Reverse;

use chrono::TimeDelta;

use super::{LeafId, Library};
use crate::config::RelatedRules;

/// Number of articles on each side of one in a term's list that are considered. With this limit, a new article affects
/// a few others and never the whole archive.
const NEAR: usize = 8;

/// Most articles in a block of a front page.
const IN_BLOCK: usize = 4;

impl Library {
    /// The articles that have most in common with `id`, as the `rules` weigh it; among equals, the nearest in time. Its
    /// neighbours in its section are excluded.
    pub fn related(&self, id: LeafId, rules: &RelatedRules) -> Vec<LeafId> {
        let neighbours = self.neighbours(id);
        let oldest = rules.max_age.zip(self.published_at(id));
        let oldest = oldest.map(|(days, own)| own.instant() - TimeDelta::days(i64::from(days)));
        let is_recent = |other: LeafId| {
            oldest.is_none_or(|oldest| self.published_at(other).is_some_and(|own| own.instant() >= oldest))
        };
        let mut shared: Vec<(LeafId, usize)> = Vec::new();
        for (weight, articles) in self.in_common(id, rules) {
            for other in near(articles, id).iter().filter(|other| **other != id) {
                match shared.iter_mut().find(|(known, _)| known == other) {
                    Some((_, weights)) => *weights += weight,
                    None => shared.push((*other, weight)),
                }
            }
        }
        shared.retain(|(other, _)| {
            neighbours.previous != Some(*other) && neighbours.next != Some(*other) && is_recent(*other)
        });
        shared.sort_by_key(|(other, weight)| (Reverse(*weight), other.index().abs_diff(id.index()), *other));
        shared.into_iter().take(rules.count).map(|(other, _)| other).collect()
    }

    /// The terms and the section that `id` may share with others: the weight of each, and its articles, newest first.
    fn in_common(&self, id: LeafId, rules: &RelatedRules) -> Vec<(usize, &[LeafId])> {
        let weight = |taxonomy: usize| rules.weights.get(self.kind_of(taxonomy)).copied().unwrap_or(0);
        let terms = self.term_numbers(id).map(|(taxonomy, term)| {
            (weight(taxonomy), self.taxonomies[taxonomy].terms[term].articles.as_slice())
        });
        let section = self.own_section(id).map(|section| (rules.same_section, section.articles.as_slice()));
        terms.chain(section).filter(|(weight, _)| *weight > 0).collect()
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

/// The articles beside `id` in a list, newest first; none if the list does not have it.
fn near(articles: &[LeafId], id: LeafId) -> &[LeafId] {
    match articles.binary_search(&id) {
        Ok(at) => &articles[at.saturating_sub(NEAR)..articles.len().min(at + NEAR + 1)],
        Err(_) => &[],
    }
}
