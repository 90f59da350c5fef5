//! Addresses that lead nowhere: in texts, in front matter, in templates.
//!
//! The needs of a body have every address in it, also if the body was rendered long ago. So each build looks up all of
//! them, and only for a text with a new dead one the source is read, to find the place of the address.

mod lines;
mod names;
mod pages;
mod places;
mod styles;

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

pub use lines::LinesOfThreads;
use miette::Diagnostic;
use names::Names;
pub use pages::{Astray, PageLinks};
pub use places::{NewPlaces, Places, is_excused, is_line_excused};
use rayon::prelude::*;
use thiserror::Error;

use super::aim::{Aim, Lead, Links, class_of};
use super::inputs::{Need, Needs, Site, id_of, missing_addresses};
use super::markdown::is_of_theme;
use crate::config::{self, Level, LinkClass};
use crate::model::diagnostics::{Place, Problem};
use crate::model::digest::Digest;
use crate::model::url::UrlPath;
use crate::site::identity::Row;
use crate::site::plan::Shows;
use crate::source::{Document, FOLDER, LazyDocument, Placed};
use crate::storage::file;

/// An address that leads nowhere.
#[derive(Debug, Clone, PartialEq, Eq, Error, Diagnostic)]
pub enum DeadLink {
    /// It names a source.
    #[error("this link leads nowhere: there is no {target}")]
    #[diagnostic(code(link::dead), help("{remedy}"))]
    Source {
        /// The source.
        target: String,
        /// A remedy.
        remedy: String,
    },
    /// It is of a picture.
    #[error("there is no picture \u{201c}{written}\u{201d}")]
    #[diagnostic(code(link::picture), help("{remedy}"))]
    Picture {
        /// The address as written.
        written: String,
        /// A remedy.
        remedy: String,
    },
    /// It is of another file.
    #[error("there is no file \u{201c}{written}\u{201d}")]
    #[diagnostic(code(link::file), help("{remedy}"))]
    File {
        /// The address as written.
        written: String,
        /// A remedy.
        remedy: String,
    },
    /// It is of a page.
    #[error("the site has no page at \u{201c}{written}\u{201d}")]
    #[diagnostic(code(link::path), help("{remedy}"))]
    Path {
        /// The address as written.
        written: String,
        /// A remedy.
        remedy: String,
    },
    /// A template or the settings put it into pages.
    #[error("the site has nothing at \u{201c}{written}\u{201d}")]
    #[diagnostic(code(link::template), help("{remedy}"))]
    Template {
        /// The address as written.
        written: String,
        /// A remedy.
        remedy: String,
    },
    /// It is of a part that its page does not have.
    #[error("nothing on the page {page} has the id `{id}`")]
    #[diagnostic(code(link::fragment), help("{remedy}"))]
    Fragment {
        /// The path of the page.
        page: String,
        /// The id.
        id: String,
        /// A remedy.
        remedy: String,
    },
}

/// The comment that excuses the addresses on its own line and on the next.
pub const EXCUSE: &str = "check-ignore";

/// A dead address at a place.
struct Finding {
    written: String,
    aim: Aim,
    place: Place,
    /// The name of the source.
    source: Arc<str>,
    from: From,
}

/// Where a dead address was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum From {
    /// In a source.
    Source,
    /// In a source, where a comment excuses it.
    Excused,
    /// In a template or in the settings.
    Template,
}

/// Needs of all bodies: those that this build found, and those that earlier builds left.
#[derive(Clone, Copy)]
pub struct KnownNeeds<'a> {
    fresh: &'a HashMap<&'a str, (Digest, &'a [Need])>,
    known: &'a Needs,
}

impl<'a> KnownNeeds<'a> {
    /// The needs that were found now, above those that are known.
    pub fn new(fresh: &'a HashMap<&'a str, (Digest, &'a [Need])>, known: &'a Needs) -> Self {
        KnownNeeds { fresh, known }
    }

    fn of(self, name: &str, digest: Digest) -> &'a [Need] {
        match self.fresh.get(name) {
            Some((of, needs)) if *of == digest => needs,
            _ => self.known.of(name, digest),
        }
    }

    /// The ids in the body of a source; `None` if they are not known.
    fn ids(self, name: &str, digest: Digest) -> Option<&'a [u32]> {
        self.of(name, digest).iter().find_map(|need| match need {
            Need::Ids(ids) => Some(&**ids),
            _ => None,
        })
    }
}

impl Finding {
    /// The path that the address means.
    fn path(&self) -> Option<&str> {
        match &self.aim {
            Aim::Dead(_, path) => Some(path),
            _ => None,
        }
    }
}

impl Site<'_> {
    /// All addresses that lead nowhere, but for those in the sources that `skips` names; `astray` are those of rendered
    /// pages. With `softens`, none is an error. New places are added to `places`.
    pub fn dead_links(
        self,
        needs: KnownNeeds<'_>,
        skips: &(dyn Fn(&str) -> bool + Sync),
        astray: &[Astray],
        softens: bool,
        places: &mut Vec<NewPlaces>,
    ) -> Vec<Problem> {
        let library = self.all.library;
        let leaves = library.by_name().par_iter().filter(|id| self.links_of(**id) != Links::Sound);
        let leaves = leaves.map(|id| library.leaf(*id)).filter(|leaf| !skips(leaf.name()));
        let of_leaf = |leaf: &Row| {
            let mut news = Vec::new();
            let document: &Document = leaf.document.load();
            let mut found = self.dead_in(document, needs, &mut news);
            found.extend(self.dead_in_front(document));
            (found, news)
        };
        let (of_leaves, news): (Vec<Vec<Finding>>, Vec<Vec<NewPlaces>>) = leaves.map(of_leaf).unzip();
        let mut found: Vec<Finding> = of_leaves.into_iter().flatten().collect();
        places.extend(news.into_iter().flatten());
        for document in library.descriptions().filter(|document| !skips(&document.name)) {
            found.extend(self.dead_in(document, needs, places));
            found.extend(self.dead_in_front(document));
        }
        found.extend(self.dead_in_templates());
        found.extend(self.dead_in_pages(astray, &found));
        if found.is_empty() {
            return Vec::new();
        }
        found.sort_by(|a, b| (&a.place, &a.written).cmp(&(&b.place, &b.written)));
        found.dedup_by(|a, b| a.place == b.place && a.written == b.written);
        let mut names = Names::new(self);
        found.iter().filter_map(|finding| self.problem(finding, &mut names, softens)).collect()
    }

    /// The dead addresses in the front matter of `document`.
    fn dead_in_front(self, document: &Document) -> Vec<Finding> {
        let missing = missing_addresses(self.all, document);
        if missing.is_empty() {
            return Vec::new();
        }
        let text = document.read_body(self.all.root, self.all.config);
        let front = text.as_ref().map_or("", |(text, body)| &text[..*body]);
        let pictures: Vec<&str> = document.front.pictures().map(|one| one.value.as_str()).collect();
        let finding = |written: &Placed<String>| {
            let value = written.value.as_str();
            let class = if pictures.contains(&value) { LinkClass::Pictures } else { class_of(value) };
            let path = match self.all.aim(document.path(), value).1 {
                Aim::Dead(_, path) => path,
                _ => value.to_owned(),
            };
            let line = written.place.line_and_column().0;
            Finding {
                written: value.to_owned(),
                aim: Aim::Dead(class, path),
                place: written.place.clone(),
                source: document.name.clone(),
                from: if is_line_excused(front, line) { From::Excused } else { From::Source },
            }
        };
        missing.into_iter().map(finding).collect()
    }

    /// The dead addresses that the site's own templates have as they are, those of `site.toml`, and those of the site's
    /// own style sheets.
    fn dead_in_templates(self) -> Vec<Finding> {
        let all = self.all;
        let finding = |written: &str, place: Place, aim: Aim| Finding {
            written: written.to_owned(),
            aim,
            source: place.file.clone(),
            place,
            from: From::Template,
        };
        let literals = all.templates.literal_addresses().into_iter();
        let in_templates =
            literals.filter(|one| !is_excused(one.text, one.start)).filter_map(|one| {
                match all.lead(&UrlPath::root(), &one.written) {
                    Lead::Nowhere(class, path) => {
                        Some(finding(&one.written, one.place, Aim::Dead(class, path)))
                    }
                    Lead::Away | Lead::Own(_) => None,
                }
            });
        let settings = all.config.addresses.iter().filter_map(|(written, place)| {
            let path =
                all.plan.roots.path(&all.config.base_url, written).filter(|path| !all.has(path.as_str()))?;
            let aim = Aim::Dead(class_of(path.as_str()), path.as_str().to_owned());
            Some(finding(written, place.clone(), aim))
        });
        let mut settings: Vec<Finding> = settings.collect();
        if !settings.is_empty() {
            let text = file::read_text(&all.root.join(config::FILE), file::SETTINGS).unwrap_or_default();
            for one in &mut settings {
                if is_line_excused(&text, one.place.line_and_column().0) {
                    one.from = From::Excused;
                }
            }
        }
        let styles = all.dead_in_styles().into_iter();
        let styles =
            styles.map(|(written, place, class, path)| finding(&written, place, Aim::Dead(class, path)));
        in_templates.chain(settings).chain(styles).collect()
    }

    /// The dead addresses of the body of `document`; new places are added to `news`.
    fn dead_in(self, document: &Document, needs: KnownNeeds<'_>, news: &mut Vec<NewPlaces>) -> Vec<Finding> {
        let dead = self.dead_among(document.path(), needs.of(&document.name, document.digest), needs);
        if dead.is_empty() {
            return Vec::new();
        }
        let known = needs.known.places_of(&document.name, document.digest);
        let found;
        let places = match known.filter(|known| known.have_all(dead.keys())) {
            Some(known) => known,
            None => {
                found = Places::find(self, document, dead.keys());
                news.push((document.name.clone(), document.digest, found.clone()));
                &found
            }
        };
        let finding = |(written, aim): (&String, &Aim)| -> Vec<Finding> {
            let finding = |place: &Place| Finding {
                written: written.clone(),
                aim: aim.clone(),
                place: place.clone(),
                source: document.name.clone(),
                from: From::Source,
            };
            places.of(written).iter().map(finding).collect()
        };
        dead.iter().flat_map(finding).collect()
    }

    /// The dead addresses among `own`, the needs of the source at `from` below `content/`, each with its aim.
    fn dead_among(self, from: &str, own: &[Need], needs: KnownNeeds<'_>) -> BTreeMap<String, Aim> {
        let links = own.iter().filter_map(|need| match need {
            Need::Link(written) => Some(written),
            _ => None,
        });
        let dead = links.filter_map(|written| match self.all.aim(from, written).1 {
            Aim::Sound => None,
            Aim::Part(path, id) if self.has_part(&path, &id, needs) => None,
            aim => Some((written.clone(), aim)),
        });
        dead.collect()
    }

    /// True if the page at `path` has an element with this id, or if that is not known.
    fn has_part(self, path: &UrlPath, id: &str, needs: KnownNeeds<'_>) -> bool {
        let (library, Some(planned)) = (self.all.library, self.all.planned(path.as_str())) else {
            return true;
        };
        let ids = |document: &Option<Box<Document>>| match document {
            Some(document) => needs.ids(&document.name, document.digest),
            None => Some(&[][..]),
        };
        let ids = match &planned.shows {
            Shows::Leaf(id) => {
                let document: &LazyDocument = &library.leaf(*id).document;
                needs.ids(&document.name, document.digest)
            }
            Shows::Section(at, page) if page.number.is_none() => ids(&library.sections[*at].settled.document),
            Shows::Taxonomy(at) => ids(&library.taxonomies[*at].description),
            Shows::Term(taxonomy, at, page) if page.number.is_none() => {
                ids(&library.taxonomies[*taxonomy].terms[*at].description)
            }
            _ => None,
        };
        let Some(ids) = ids else { return true };
        // Footnotes number themselves.
        ids.binary_search(&id_of(id)).is_ok()
            || id.starts_with("fn")
            || is_of_theme(id)
            || self.all.templates.have_id(id)
    }

    /// The problem with a dead address, unless the settings ignore it.
    fn problem(self, finding: &Finding, names: &mut Names<'_>, softens: bool) -> Option<Problem> {
        let rules = &self.all.config.check;
        let written = finding.written.clone();
        let (class, cause) = match &finding.aim {
            Aim::Sound => return None,
            Aim::Part(page, id) => {
                let remedy =
                    "correct the id, or give the part this one: `## Heading {#id}`; headings are `##` and their text in small letters".to_owned();
                let (page, id) = (page.to_string(), id.clone());
                (LinkClass::Fragments, DeadLink::Fragment { page, id, remedy })
            }
            Aim::Dead(class, path) => {
                let of_name = self.all.links.wiki_remedy(path);
                let remedy = of_name.unwrap_or_else(|| names.remedy(*class, path, finding));
                let cause = match class {
                    LinkClass::Sources => {
                        let target = if path.starts_with(FOLDER) { path } else { &written };
                        DeadLink::Source { target: target.clone(), remedy }
                    }
                    LinkClass::Pictures => DeadLink::Picture { written: written.clone(), remedy },
                    LinkClass::Files => DeadLink::File { written: written.clone(), remedy },
                    _ => DeadLink::Path { written: written.clone(), remedy },
                };
                match finding.from == From::Template {
                    true => {
                        let remedy = names.remedy_in_template(*class, path, finding);
                        (LinkClass::Templates, DeadLink::Template { written: written.clone(), remedy })
                    }
                    false => (*class, cause),
                }
            }
        };
        if finding.from == From::Excused || rules.ignores(&written) {
            return None;
        }
        let problem = Problem::new(cause, finding.place.clone());
        match rules.level(class) {
            Level::Ignore => None,
            Level::Error if !softens => Some(problem),
            Level::Error | Level::Warning => Some(problem.as_warning()),
        }
    }
}
