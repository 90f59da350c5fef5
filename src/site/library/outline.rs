//! How everything that is public hangs together, as it is remembered: enough to arrange it again without reading any
//! source, and to put one more article in.

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::sections::{empty_sections, neighbours, people};
use super::terms::{self, TermsOf};
use super::{LeafId, Leaves, Library, Open, Sign, Times, years};
use crate::config::Config;
use crate::model::date::Moment;
use crate::model::digest::{Digest, Print};
use crate::model::url::UrlPath;
use crate::site::identity::{Settled, SettledSection};

/// A library as it is remembered.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Outline {
    /// The folders of its sections.
    sections: Vec<Arc<str>>,
    /// Name and slug of each term, by taxonomy.
    terms: Vec<Vec<(String, String)>>,
    /// Other paths that lead to articles and pages, each with the source that says so.
    aliases: Vec<(u32, UrlPath, Arc<str>)>,
    /// Articles and pages by their numbers. They are many, so they are not written with the rest.
    #[serde(skip)]
    pub leaves: Vec<LeafLine>,
}

/// An article or page as it is remembered.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LeafLine {
    /// When it was published; `None` of a page.
    published: Option<Moment>,
    /// When it was last updated, if that was at another time.
    updated: Option<Moment>,
    /// The index of its section.
    section: u32,
    /// Its terms, as the indices of taxonomy and term.
    terms: Box<[(u16, u32)]>,
    /// Where it lives.
    pub path: UrlPath,
    /// `image`, as written.
    image: Option<Box<str>>,
    /// It names a template of its own.
    has_template: bool,
    /// Stands for its lasting id.
    id: Digest,
    /// Stands for what else of it has a say in where other documents are and what they link to.
    own: Digest,
}

impl LeafLine {
    fn new(leaf: &Settled, section: u32, terms: Box<[(u16, u32)]>) -> LeafLine {
        let mut own = Print::default();
        own.bytes(leaf.linked.bytes()).bytes(&leaf.glance.weight.to_le_bytes());
        leaf.glance.pictures.iter().for_each(|picture| {
            own.value(picture);
        });
        for (alias, place) in &leaf.rare.aliases {
            own.value(alias.as_str()).value(&*place.file);
        }
        let dates = leaf.dates.as_ref().map(|dates| (dates.published.moment, dates.updated.moment));
        LeafLine {
            published: dates.map(|(published, _)| published),
            updated: dates
                .map(|(_, updated)| updated)
                .filter(|updated| dates.is_some_and(|(published, _)| published != *updated)),
            section,
            terms,
            path: leaf.path.clone(),
            image: leaf.glance.image.clone(),
            has_template: leaf.glance.has_template,
            id: Digest::quick(leaf.id.as_bytes()),
            own: own.finish(),
        }
    }

    /// True of a page.
    pub fn is_page(&self) -> bool {
        self.published.is_none()
    }

    fn times(&self) -> Option<Times> {
        let published = self.published?;
        Some(Times::new(published, self.updated.unwrap_or(published), None))
    }
}

impl Library {
    /// The line of an article or page in the outline of this.
    pub fn line(&self, id: LeafId) -> LeafLine {
        let section = self.section_of.get(id.index()).copied().flatten().unwrap_or(0);
        LeafLine::new(self.leaf(id), section, self.terms_of.of(id.index()).into())
    }

    /// The outline of this, without its [lines](Library::line); `None` where there is more to know than fits into one: what is public no more, articles
    /// in folders that are no sections, paths from before; and where leaves are closed.
    pub fn outline(&self) -> Option<Outline> {
        let Leaves::Open(leaves) = &self.leaves else { return None };
        let is_plain = self.departed.is_empty() && self.notices.is_empty();
        if !is_plain || leaves.iter().any(|leaf| !leaf.rare.former.is_empty() || leaf.rare.arrived.is_some())
        {
            return None;
        }
        if self.section_of.iter().any(Option::is_none) {
            return None;
        }
        let names =
            |terms: &[terms::Term]| terms.iter().map(|term| (term.name.clone(), term.slug.clone())).collect();
        Some(Outline {
            sections: self.sections.iter().map(|section| section.settled.folder.clone()).collect(),
            terms: self.taxonomies.iter().map(|taxonomy| names(&taxonomy.terms)).collect(),
            aliases: self.aliases.iter().map(|(id, path, file)| (id.0, path.clone(), file.clone())).collect(),
            leaves: Vec::new(),
        })
    }

    /// The library of `outline`, with the `names` of its leaves by their numbers, and those numbers in the order of the
    /// names. Only `opened` leaves are at hand; `open` makes the others. `None` if it would not be the same now.
    pub fn recall(
        outline: &Outline,
        (names, by_name): (Vec<Arc<str>>, Vec<LeafId>),
        sections: BTreeMap<String, SettledSection>,
        config: &Config,
        opened: Vec<(LeafId, Box<Settled>)>,
        open: Open,
    ) -> Option<Library> {
        let Outline { sections: folders, terms, aliases, leaves } = outline;
        let shown: HashSet<&str> = folders.iter().map(|folder| &**folder).collect();
        let mut sections = empty_sections(sections, &|section| shown.contains(&*section.folder));
        let mut taxonomies = terms::recall(terms, config)?;
        let is_known = |line: &LeafLine| {
            let term = |(taxonomy, term): &(u16, u32)| {
                taxonomies.get(usize::from(*taxonomy)).is_some_and(|one| (*term as usize) < one.terms.len())
            };
            (line.section as usize) < folders.len() && line.terms.iter().all(term)
        };
        let is_whole = sections.len() == folders.len()
            && names.len() == leaves.len()
            && by_name.len() == leaves.len()
            && aliases.iter().all(|(at, ..)| (*at as usize) < leaves.len())
            && leaves.iter().all(is_known);
        if !is_whole {
            return None;
        }
        let articles = leaves.iter().take_while(|line| !line.is_page()).count();
        let section_of: Vec<Option<u32>> = leaves.iter().map(|line| Some(line.section)).collect();
        let of_times = || {
            let times: Vec<Times> = leaves[..articles].par_iter().filter_map(LeafLine::times).collect();
            (years(&times), times)
        };
        let of_sections = || {
            people(&mut sections, &section_of, articles);
            neighbours(&section_of[..articles], folders.len(), |_| "")
        };
        let of_terms = || {
            let terms_of = TermsOf::of_articles(leaves[..articles].iter().map(|line| &*line.terms));
            terms_of.list(articles, &mut taxonomies);
            terms_of
        };
        let of_leaves = || -> Vec<Sign> {
            let sign = |(name, line): (Arc<str>, &LeafLine)| {
                let (path, image, has_template) = (line.path.clone(), line.image.clone(), line.has_template);
                Sign { name, path, image, has_template }
            };
            names.into_par_iter().zip(leaves).map(sign).collect()
        };
        let ((neighbours, terms_of), ((years, times), signs)) =
            rayon::join(|| rayon::join(of_sections, of_terms), || rayon::join(of_times, of_leaves));
        Some(Library {
            leaves: Leaves::closed(signs, opened, open),
            aliases: aliases
                .iter()
                .map(|(at, path, file)| (LeafId(*at), path.clone(), file.clone()))
                .collect(),
            articles,
            sections,
            taxonomies,
            years,
            times,
            notices: Vec::new(),
            departed: Vec::new(),
            neighbours,
            terms_of,
            section_of,
            by_name,
        })
    }
}

impl Outline {
    /// The folders of the sections.
    pub fn folders(&self) -> impl Iterator<Item = &str> {
        self.sections.iter().map(|folder| &**folder)
    }

    /// The line of `leaf`, if it is public and nothing else is new with it: no section, no term or spelling of one.
    pub fn line(&self, leaf: &Settled, config: &Config) -> Option<LeafLine> {
        let section = self.sections.iter().position(|folder| **folder == *leaf.section)?;
        let mut terms: Vec<(u16, u32)> = Vec::new();
        for (taxonomy, spelling) in &leaf.glance.terms {
            let at = usize::from(*taxonomy);
            let term = terms::find(spelling, config.taxonomies.get(at)?, self.terms.get(at)?, config)?;
            if !terms.contains(&(*taxonomy, term)) {
                terms.push((*taxonomy, term));
            }
        }
        // Pages are in no list of a term.
        let terms = if leaf.dates.is_some() { terms.into() } else { Box::default() };
        Some(LeafLine::new(leaf, u32::try_from(section).ok()?, terms))
    }

    /// Puts the line of an article before all others, whose numbers are one more then. False, and nothing is changed,
    /// unless it is the newest, and the only one of its id.
    pub fn put_first(&mut self, line: LeafLine) -> bool {
        let newest = self.leaves.first().and_then(|first| first.published);
        let is_newest = line
            .published
            .is_some_and(|published| newest.is_none_or(|newest| published.instant() > newest.instant()));
        if !is_newest || self.leaves.iter().any(|other| other.id == line.id) {
            return false;
        }
        self.leaves.insert(0, line);
        self.aliases.iter_mut().for_each(|(number, ..)| *number += 1);
        true
    }
}
