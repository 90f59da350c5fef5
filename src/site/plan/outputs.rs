//! The documents of `[[outputs]]`: one for the site, or one beside each page that they are for.

use std::sync::Arc;

use rayon::prelude::*;

use super::{Planned, Planner, Shows, Subject};
use crate::config::{self, Config, Filling, OutputFor, OutputRules, below_home};
use crate::model::diagnostics::Problem;
use crate::model::url::{PathError, UrlPath};
use crate::site::library::Library;

impl Planner<'_> {
    /// Adds the documents of `[[outputs]]`. A page has its documents only if it is in the plan itself.
    pub(super) fn outputs(&mut self, library: &Library) {
        let config = self.config;
        for (at, rules) in config.outputs.iter().enumerate() {
            let languages = config.languages.iter().enumerate();
            let languages = languages.filter(|(at, _)| {
                // Without a front page that is public, nothing of that language is.
                let has_home = library.section(config.folder_of_language(*at)).is_some();
                rules.is_for(OutputFor::Site) && has_home
            });
            let site: Vec<_> = languages
                .map(|(at, one)| {
                    let written = rules.path.filled(&Filling::default());
                    // A document of the site's own language is at the path as written.
                    let home = if at == 0 { "" } else { one.home.as_str().trim_end_matches('/') };
                    (Subject::Site(at), config::FILE.into(), UrlPath::parse(&format!("{home}{written}")))
                })
                .collect();
            let subjects = self.documents.par_iter().filter_map(|page| {
                let subject = subject(page, rules, library, config)?;
                let path = path(rules, subject, page, library).map(|path| {
                    let home = config.base_url.home_of(&page.path);
                    match home.filter(|home| config.base_url.home_of(&path) != Some(*home)) {
                        Some(home) => below_home(home, &path),
                        None => path,
                    }
                });
                Some((subject, page.source.clone(), path))
            });
            let made: Vec<(Subject, Arc<str>, Result<UrlPath, PathError>)> = subjects.chain(site).collect();
            for (subject, source, path) in made {
                match path {
                    Ok(path) => self.add(path, Shows::Output(at, subject), source),
                    Err(error) => self.problems.push(Problem::new(error, rules.place.clone())),
                }
            }
        }
    }
}

/// The subject of the document beside `page`, if `rules` want one.
fn subject(page: &Planned, rules: &OutputRules, library: &Library, config: &Config) -> Option<Subject> {
    match &page.shows {
        Shows::Leaf(id) => {
            let leaf = library.leaf(*id);
            let kind = if leaf.dates.is_some() { OutputFor::Articles } else { OutputFor::Pages };
            (rules.is_for(kind) && rules.has_section(config.without_language(&leaf.section)))
                .then_some(Subject::Leaf(*id))
        }
        Shows::Section(at, list) if list.number.is_none() => {
            let folder = &library.sections[*at].settled.folder;
            (rules.is_for(OutputFor::Sections) && rules.has_section(config.without_language(folder)))
                .then_some(Subject::Section(*at))
        }
        Shows::Term(taxonomy, term, list) if list.number.is_none() => {
            let name = &library.taxonomies[*taxonomy].rules.name;
            let is_wanted = rules.is_for(OutputFor::Terms) && rules.has_taxonomy(name);
            is_wanted.then_some(Subject::Term(*taxonomy, *term))
        }
        _ => None,
    }
}

fn path(
    rules: &OutputRules,
    subject: Subject,
    page: &Planned,
    library: &Library,
) -> Result<UrlPath, PathError> {
    let own = page.path.as_str().trim_matches('/');
    let own = own.strip_suffix("/index.html").or_else(|| own.strip_suffix(".html")).unwrap_or(own);
    let slug = own.rsplit('/').next().unwrap_or_default();
    let plain = Filling { path: own, slug, ..Filling::default() };
    let filling = match subject {
        Subject::Site(_) => plain,
        Subject::Section(_) => Filling { section: own, ..plain },
        Subject::Leaf(id) => {
            let section = &library.sections[library.section_of(id)].settled.path;
            let day = library.published_at(id).map(|published| published.local().date());
            Filling { section: section.as_str().trim_matches('/'), day, ..plain }
        }
        Subject::Term(taxonomy, term) => {
            let taxonomy = &library.taxonomies[taxonomy];
            let (path, term) = (taxonomy.path.as_str().trim_matches('/'), taxonomy.terms[term].slug.as_str());
            Filling { taxonomy: path, term, ..plain }
        }
    };
    UrlPath::parse(&rules.path.filled(&filling))
}
