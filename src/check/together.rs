//! Comparing the pages of a site.

use std::collections::{BTreeMap, HashSet};

use super::{Finding, Kind, short};
use crate::config::PageChecks;
use crate::model::diagnostics::{Place, Problem};

/// A page, as far as the comparison needs it.
#[derive(Debug)]
pub struct Looked {
    /// Its address for people, from the site's root.
    pub path: String,
    /// The path in the form in which paths are compared.
    pub folded: String,
    /// Its title, and the place of that; `None` for a page whose title does not count.
    pub title: Option<(String, Place)>,
    /// Its description, likewise.
    pub description: Option<(String, Place)>,
    /// The place of the page itself, if some page is to link to it.
    pub wants_link: Option<Place>,
    /// The paths of the site that it links to, but for its own.
    pub links: HashSet<String>,
}

/// The pages of a site, as far as they have been added.
#[derive(Debug, Default)]
pub struct Together {
    pages: Vec<Looked>,
    linked: HashSet<String>,
}

impl Together {
    /// Adds a page. The order of the pages is that of the messages.
    pub fn add(&mut self, mut page: Looked) {
        self.linked.extend(std::mem::take(&mut page.links));
        self.pages.push(page);
    }

    /// The findings. A description that is `common`, that of the site, may be on many pages.
    pub fn findings(self, rules: &PageChecks, common: &str) -> Vec<Problem> {
        let mut problems = Vec::new();
        let titles = same(&self.pages, |page| page.title.as_ref());
        for (page, text, place, others) in titles {
            let text = short(text);
            let message = format!("{} and {others} have the same title, \u{201c}{text}\u{201d}", page.path);
            let finding = Finding::new(Kind::SameTitle, message, rules.titles);
            problems.extend(finding.map(|finding| Problem::new(finding, place.clone())));
        }
        let of_its_own = |page: &&(String, Place)| page.0 != common;
        let descriptions = same(&self.pages, |page| page.description.as_ref().filter(of_its_own));
        for (page, text, place, others) in descriptions {
            let text = short(text);
            let message =
                format!("{} and {others} have the same description, \u{201c}{text}\u{201d}", page.path);
            let finding = Finding::new(Kind::SameDescription, message, rules.titles);
            problems.extend(finding.map(|finding| Problem::new(finding, place.clone())));
        }
        for page in self.pages.iter().filter(|page| !self.linked.contains(&page.folded)) {
            let Some(place) = &page.wants_link else { continue };
            let message = format!("no page links to {}", page.path);
            let finding = Finding::new(Kind::Orphan, message, rules.orphans);
            problems.extend(finding.map(|finding| Problem::new(finding, place.clone())));
        }
        problems
    }
}

type Same<'a> = (&'a Looked, &'a str, &'a Place, String);

/// The first page of each group that has the same text, with that text, its place, and the others in words.
fn same<'a>(pages: &'a [Looked], text: impl Fn(&'a Looked) -> Option<&'a (String, Place)>) -> Vec<Same<'a>> {
    let mut groups: BTreeMap<&str, Vec<(&Looked, &Place)>> = BTreeMap::new();
    for page in pages {
        if let Some((text, place)) = text(page) {
            groups.entry(text).or_default().push((page, place));
        }
    }
    let group = |(text, pages): (&'a str, Vec<(&'a Looked, &'a Place)>)| {
        let ((first, place), (second, _)) = (*pages.first()?, *pages.get(1)?);
        let others = match pages.len() - 2 {
            0 => second.path.clone(),
            1 => format!("{} and 1 other", second.path),
            more => format!("{} and {more} others", second.path),
        };
        Some((first, text, place, others))
    };
    groups.into_iter().filter_map(group).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::CheckRules;

    fn page(path: &str, title: &str, description: &str, links: &[&str]) -> Looked {
        let place = || Place::file(path);
        Looked {
            path: path.to_owned(),
            folded: path.to_owned(),
            title: Some((title.to_owned(), place())),
            description: Some((description.to_owned(), place())),
            wants_link: Some(place()),
            links: links.iter().map(|link| (*link).to_owned()).collect(),
        }
    }

    #[test]
    fn pages_that_are_alike_or_alone_are_named() {
        let mut together = Together::default();
        together.add(page("/", "Home", "All", &["/a/", "/b/"]));
        together.add(page("/a/", "News", "All", &["/"]));
        together.add(page("/b/", "News", "One", &["/"]));
        together.add(page("/c/", "News", "One", &["/"]));
        together.add(page("/d/", "D", "D", &[]));
        let found = together.findings(&CheckRules::default().pages, "All");
        let messages: Vec<String> = found.iter().map(Problem::message).collect();
        assert_eq!(
            messages,
            [
                "/a/ and /b/ and 1 other have the same title, \u{201c}News\u{201d}",
                "/b/ and /c/ have the same description, \u{201c}One\u{201d}",
                "no page links to /c/",
                "no page links to /d/",
            ]
        );
    }
}
