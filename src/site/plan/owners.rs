//! The owners of documents: the sources without which a document would not be in the plan. An error in a document is an
//! error of its owners.

use std::sync::Arc;

use super::{Cards, FeedOf, Pictures, Planned, PlannedFeed, Shows, Subject};
use crate::site::library::{LeafId, Library};

/// The parts of a plan that have documents.
#[derive(Clone, Copy)]
pub struct Owned<'a> {
    /// The public articles and pages.
    pub library: &'a Library,
    /// The feeds.
    pub feeds: &'a [PlannedFeed],
    /// The pictures.
    pub pictures: &'a Pictures,
    /// The cards.
    pub cards: &'a Cards,
}

impl Owned<'_> {
    /// The sources and files without which `planned` would not be there, by name; none if the site itself has it.
    pub fn owners(&self, planned: &Planned) -> Vec<Arc<str>> {
        let library = self.library;
        let all = |articles: &[LeafId]| articles.iter().map(|id| library.leaf(*id).name().clone()).collect();
        let term = |taxonomy: usize, term: usize| all(&library.taxonomies[taxonomy].terms[term].articles);
        match &planned.shows {
            Shows::Leaf(_) | Shows::Notice(_) | Shows::Redirect(_) => vec![planned.source.clone()],
            Shows::Copy(name, _) => vec![self.of_bundle(name).unwrap_or_else(|| planned.source.clone())],
            Shows::Output(_, Subject::Leaf(id)) => vec![library.leaf(*id).name().clone()],
            Shows::Section(at, _) | Shows::Output(_, Subject::Section(at)) => self.of_section(*at),
            Shows::Term(taxonomy, number, _) | Shows::Output(_, Subject::Term(taxonomy, number)) => {
                term(*taxonomy, *number)
            }
            Shows::Feed(at, _) | Shows::FeedAlias(at, _) | Shows::FeedArchive(at, ..) => {
                match self.feeds[*at].of {
                    FeedOf::Section(section) => self.of_section(section),
                    FeedOf::Term(taxonomy, number) => term(taxonomy, number),
                    FeedOf::Site(_) | FeedOf::Custom(_) | FeedOf::PastTerm(_) => Vec::new(),
                }
            }
            Shows::Picture(at, _) => {
                let shown_by = self.pictures.list[*at].original.shown_by.iter();
                shown_by.map(|(source, _)| source.clone()).collect()
            }
            Shows::Card(at) => vec![library.leaf(self.cards.list[*at].of).name().clone()],
            _ => Vec::new(),
        }
    }

    /// The source of the article or page in whose bundle the file `name` is.
    fn of_bundle(&self, name: &str) -> Option<Arc<str>> {
        let folders = name.rmatch_indices('/').map(|(at, _)| &name[..at]);
        let mut sources = folders
            .flat_map(|folder| ["md", "markdown", "html"].map(|format| format!("{folder}/index.{format}")));
        let id = sources.find_map(|source| self.library.find(&source))?;
        Some(self.library.leaf(id).name().clone())
    }

    /// The source of a section; where it has none, the articles and pages in its folder.
    fn of_section(&self, at: usize) -> Vec<Arc<str>> {
        let settled = &self.library.sections[at].settled;
        if let Some(document) = &settled.document {
            return vec![document.name.clone()];
        }
        let is_in = |section: &str| {
            let rest = section.strip_prefix(&*settled.folder);
            !settled.folder.is_empty() && rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        let leaves = self.library.leaves.iter().filter(|leaf| is_in(&leaf.section));
        leaves.map(|leaf| leaf.name().clone()).collect()
    }
}
