//! Kept pages: the files of skipped sources that stay byte for byte as they were last published.
//!
//! A skipped source is mostly shown with its last published text. If that can't be rendered any more, because something
//! that it needs is broken (a link, a picture, a table), its files stay as they are in the output folder: its page, the
//! files of its bundle, and its entries in feeds.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::Path;
use std::sync::Arc;

use super::session::Session;
use super::site_plan::SitePlan;
use super::skipped::PublishError;
use crate::config::Config;
use crate::feed::{Entry, Written, atom_id, cut};
use crate::model::diagnostics::{Place, Problem};
use crate::model::url::UrlPath;
use crate::output::{OutputError, Rank, Staging};
use crate::render::EntryMap;
use crate::site::identity::Row;
use crate::site::library::{LeafId, Section};
use crate::site::plan::{Planned, Shows, Subject};
use crate::source::FOLDER;
use crate::storage::file;

/// The documents that stay as they were last published.
pub(super) struct KeptPages<'a> {
    site: &'a SitePlan,
    /// The output folder.
    out: &'a Path,
    /// Articles and pages.
    leaves: HashSet<LeafId>,
    /// Sections, by index, each with its source.
    sections: BTreeMap<usize, Arc<str>>,
    /// Folders of sources whose files stay, each with a `/` at its end.
    bundles: Vec<String>,
    /// Files that can't be read now.
    files: HashSet<Arc<str>>,
    /// Pictures that can't be read now, as indices into the plan.
    pictures: HashSet<usize>,
}

impl<'a> KeptPages<'a> {
    /// The documents of `site` that belong to the skipped sources of the session whose last published text can't be
    /// rendered.
    pub fn of(session: &Session<'a>, site: &'a SitePlan) -> KeptPages<'a> {
        let mut kept = KeptPages {
            site,
            out: session.request.out,
            leaves: HashSet::new(),
            sections: BTreeMap::new(),
            bundles: Vec::new(),
            files: HashSet::new(),
            pictures: HashSet::new(),
        };
        let (library, plan) = (&site.library, &site.plan);
        for name in session.skipped.as_files() {
            if let Some(id) = library.find(name) {
                let document = &library.leaf(id).document;
                if document.bundle {
                    kept.bundles.push(format!("{FOLDER}/{}/", document.folder()));
                }
                kept.leaves.insert(id);
            }
            let is_it = |section: &Section| {
                section.settled.document.as_ref().is_some_and(|document| document.name == *name)
            };
            if let Some(at) = library.sections.iter().position(is_it) {
                kept.sections.insert(at, name.clone());
            }
        }
        for (at, picture) in plan.pictures.list.iter().enumerate().filter(|(_, one)| one.original.stays) {
            kept.files.insert(picture.original.name.clone());
            kept.pictures.insert(at);
        }
        kept
    }

    /// True if everything is rendered.
    pub fn is_empty(&self) -> bool {
        self.leaves.is_empty() && self.sections.is_empty() && self.files.is_empty()
    }

    /// True if the article or page stays as it is.
    pub fn has(&self, id: LeafId) -> bool {
        self.leaves.contains(&id)
    }

    /// Keeps the file of `planned` if it must not be made from its present sources. True if that settles it.
    ///
    /// # Errors
    /// Errors of the file system.
    pub fn keep(
        &self,
        planned: &Planned,
        staging: &Staging,
        problems: &mut Vec<Problem>,
    ) -> Result<bool, OutputError> {
        let (must_stay, may_stay) = match &planned.shows {
            Shows::Leaf(id) | Shows::Output(_, Subject::Leaf(id)) => (self.has(*id), false),
            Shows::Picture(at, _) => (self.pictures.contains(at), false),
            Shows::Copy(name, _) => (
                self.files.contains(name),
                self.bundles.iter().any(|folder| name.starts_with(folder.as_str())),
            ),
            _ => (false, false),
        };
        if !must_stay && !may_stay {
            return Ok(false);
        }
        let is_kept = staging.keep_as_left(&planned.path.file(), planned.shows.rank())?;
        if must_stay && !is_kept && matches!(planned.shows, Shows::Leaf(_)) {
            let cause = PublishError::PageNotKept { path: planned.path.to_string() };
            problems.push(Problem::new(cause, Place::file(planned.source.clone())));
        }
        Ok(is_kept || must_stay)
    }

    /// Settles the errors in the page `planned` of a section that stays as it is: takes them from `problems` and keeps
    /// the page; false if the page is new and has to be made all the same.
    ///
    /// # Errors
    /// Errors of the file system.
    pub fn keep_section(
        &self,
        planned: &Planned,
        staging: &Staging,
        problems: &mut Vec<Problem>,
    ) -> Result<bool, OutputError> {
        let Shows::Section(at, _) = &planned.shows else { return Ok(false) };
        let Some(source) = self.sections.get(at) else { return Ok(false) };
        let is_own = |problem: &Problem| {
            problem.is_error() && problem.place().is_some_and(|place| place.file == *source)
        };
        if !problems.iter().any(is_own) {
            return Ok(false);
        }
        problems.retain(|problem| !is_own(problem));
        staging.keep_as_left(&planned.path.file(), planned.shows.rank())
    }

    /// Keeps the files of the output folder that belong to kept bundles or are named by kept pages, and that the site has
    /// no more: a recording that was deleted, for example. A page, a feed or a file of another page's folder is none of
    /// them.
    ///
    /// # Errors
    /// Errors of the file system.
    pub fn keep_others(&self, staging: &Staging) -> Result<(), OutputError> {
        if self.leaves.is_empty() {
            return Ok(());
        }
        let SitePlan { config, library, plan, assets, .. } = self.site;
        let planned: HashSet<String> = plan.documents.iter().map(|planned| planned.path.file()).collect();
        let old = &staging.manifest().files;
        let is_page = |folder: &str| old.contains_key(format!("{folder}/index.html").as_str());
        let is_file = |path: &&str| {
            let ends = [".html", ".xml", ".json", ".gz", ".br", ".zst"];
            !planned.contains(*path) && !ends.iter().any(|end| path.ends_with(end))
        };
        let left: Vec<&str> = old.keys().map(|path| &**path).filter(is_file).collect();
        // Files of assets that belong to withheld articles must go.
        let withheld: HashSet<String> =
            assets.iter().filter(|asset| !asset.live).map(|asset| asset.path.file()).collect();
        let mut done: HashSet<&str> = HashSet::new();
        for id in self.leaves.iter().filter(|_| !left.is_empty()) {
            let leaf = library.leaf(*id);
            let Ok(page) = file::read(&self.out.join(leaf.path.file()), file::PUBLISHED) else { continue };
            let own = leaf.path.folder();
            for one in &left {
                let folder = one.rsplit_once('/').map_or("", |(folder, _)| folder);
                let is_own = leaf.document.bundle && own != "/" && format!("/{one}").starts_with(own);
                let url = UrlPath::parse(&format!("/{one}"))
                    .map(|path| config.base_url.seen_from(&path).root_relative(&path));
                let is_named = |url: String| memchr::memmem::find(&page, url.as_bytes()).is_some();
                let is_wanted = is_own || !is_page(folder) && url.is_ok_and(is_named);
                if is_wanted && !withheld.contains(*one) && done.insert(*one) {
                    staging.keep_as_left(one, Rank::Asset)?;
                }
            }
        }
        Ok(())
    }

    /// The entries of kept articles in the feed `planned`, as last published there; `None` if it has no kept article.
    /// An article that the feed did not have is left out.
    pub fn entries_of(&self, planned: &Planned) -> Option<EntryMap> {
        let SitePlan { library, plan, config, .. } = self.site;
        if self.leaves.is_empty() || !planned.shows.is_feed() {
            return None;
        }
        let kept = plan.articles_on(&planned.shows, library).iter().copied().filter(|id| self.has(*id));
        let kept: Vec<LeafId> = kept.collect();
        // A copy of the feed at an earlier path may be new.
        let path = plan.target(&planned.shows).unwrap_or(&planned.path);
        let file = self.out.join(path.file());
        let bytes = kept.first().map(|_| file::read(&file, file::PUBLISHED).unwrap_or_default())?;
        let published: HashMap<String, Vec<u8>> = cut::entries(&bytes).into_iter().collect();
        let entry = |id: LeafId| {
            let leaf = library.leaf(id);
            let atom_id = atom_id(&leaf.id, &plan.guid_authority).into_owned();
            let form = published.get(&*leaf.id).or_else(|| published.get(&atom_id))?.clone();
            Some((id, Arc::new(as_published(leaf, atom_id, form, config)?)))
        };
        Some(kept.into_iter().filter_map(entry).collect())
    }
}

/// The entry of `leaf` whose form as last published is `form`.
fn as_published(leaf: &Row, atom_id: String, form: Vec<u8>, config: &Config) -> Option<Entry> {
    let dates = leaf.dates.as_ref()?;
    Some(Entry {
        id: leaf.id.to_string(),
        atom_id,
        url: config.base_url.absolute(&leaf.path),
        title: leaf.title.to_string(),
        is_untitled: leaf.listing.is_untitled,
        summary: None,
        content_html: None,
        published: dates.published.moment,
        updated: dates.updated.moment,
        authors: Vec::new(),
        contributors: Vec::new(),
        categories: Vec::new(),
        image: None,
        banner: None,
        episode: None,
        enclosures: Vec::new(),
        language: None,
        rights: None,
        via: None,
        related: None,
        written: Written::published(form),
    })
}
