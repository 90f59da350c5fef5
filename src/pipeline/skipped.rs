//! Skipped sources: a publication skips sources with errors, so that the others can be published. A source that was
//! published before is shown with its last published text; any other is left out.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use miette::Diagnostic;
use thiserror::Error;

use super::files::Files;
use super::published_texts::{PublishedTexts, name_digest};
use super::session::Session;
use super::{Blame, Request, STATIC, manifest_of};
use crate::model::diagnostics::{Place, Problem};
use crate::model::stamp::Stamp;
use crate::model::url::UrlPath;
use crate::output::Manifest;
use crate::site::ledger::{self, Record};
use crate::source::{DataRow, FOLDER, Format, Found, Role, Scan, SourceFile, below, rows};
use crate::storage::file;

/// The skipped sources, each with its last published text, if there is one.
#[derive(Debug, Default)]
pub(super) struct SkippedSources {
    texts: BTreeMap<Arc<str>, Option<Vec<u8>>>,
    /// Those whose last published text can't be rendered any more: their files stay as they are.
    as_files: BTreeSet<Arc<str>>,
    /// The errors for which they are skipped.
    errors: Vec<Problem>,
}

impl SkippedSources {
    /// The text that replaces a source. The outer `None` means that the source is not skipped; the inner `None`, that
    /// it is left out.
    pub fn get(&self, name: &str) -> Option<Option<&[u8]>> {
        self.texts.get(name).map(Option::as_deref)
    }

    /// The names of the sources, each with `true` if its published text is shown.
    pub fn sources(&self) -> impl Iterator<Item = (&Arc<str>, bool)> {
        self.texts.iter().map(|(name, text)| (name, text.is_some()))
    }

    /// The names of the sources whose files stay as they are in the output folder.
    pub fn as_files(&self) -> impl Iterator<Item = &Arc<str>> {
        self.as_files.iter()
    }

    /// True if the files of the source `name` stay as they are in the output folder.
    pub fn has_files_of(&self, name: &str) -> bool {
        self.as_files.contains(name)
    }

    /// True if the file `name` is left out.
    pub fn leaves_out(&self, name: &str) -> bool {
        self.get(name) == Some(None)
    }

    /// The folders below `content/` of the bundles and sections that are left out.
    pub fn folders_left_out(&self) -> impl Iterator<Item = &str> {
        let left_out = self.texts.iter().filter(|(_, text)| text.is_none());
        left_out.filter_map(|(name, _)| {
            let (folder, file) = below(name).rsplit_once('/').unwrap_or(("", below(name)));
            let file = file.to_ascii_lowercase();
            (file.starts_with("index.") || file.starts_with("_index.")).then_some(folder)
        })
    }

    /// True if no source is skipped, and no file of a news agency.
    pub fn is_empty(&self) -> bool {
        self.texts.is_empty() && self.errors.is_empty()
    }

    /// Adds the error of a file that is no source and is skipped, once.
    pub fn add_error(&mut self, problem: Problem) {
        let is_same = |other: &Problem| {
            other.place().map(|place| &place.file) == problem.place().map(|place| &place.file)
                && other.message() == problem.message()
        };
        if !self.errors.iter().any(is_same) {
            self.errors.push(problem);
        }
    }

    /// Skips the source `name` no more.
    pub fn forget(&mut self, name: &str) {
        self.texts.remove(name);
    }

    /// Takes the errors for which sources were skipped.
    pub fn take_errors(&mut self) -> Vec<Problem> {
        std::mem::take(&mut self.errors)
    }
}

/// Reasons why a source with an error can't be skipped.
#[derive(Debug, Clone, PartialEq, Eq, Error, Diagnostic)]
pub enum PublishError {
    /// It is public, and its published text is not known here.
    #[error(
        "this was published, and the text it had then is not here, so it can neither be kept nor left out"
    )]
    #[diagnostic(
        code(publish::lost),
        help(
            "correct the errors of this article; `.dateline/` keeps the texts of what is public, so leave it in place between runs"
        )
    )]
    NotKept,
    /// It is public, and its page is not in the output folder any more.
    #[error(
        "this was published at {path}, and that page is not in the output folder any more, so it can't be kept"
    )]
    #[diagnostic(
        code(publish::page_lost),
        help("correct the errors of this article, or leave the output folder in place between runs")
    )]
    PageNotKept {
        /// The path of its page.
        path: String,
    },
}

/// How far a run had come when it found errors.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reached {
    /// Sources were parsed and settled. The settings of a section with an error are unknown.
    Settling,
    /// Documents were planned and rendered. All front matter is known.
    Rendering,
}

impl Session<'_> {
    /// True if files have vanished or changed since `files` were listed.
    pub fn is_overtaken(&self, files: &Files) -> bool {
        files.is_any_gone(self.request.root) || self.diagnostics.has("content::changed")
    }

    /// Forgets what was reported and skipped, so that the run can begin again.
    pub fn begin_again(&mut self) {
        self.diagnostics.take();
        self.diagnostics.take_notes();
        self.skipped = SkippedSources::default();
    }

    /// Reports the errors of single files that were found while the site was listed. A publication leaves these files
    /// out instead; a source among them is shown with its last published text.
    pub fn leave_out(&mut self, files: &mut Files) {
        let errors = std::mem::take(&mut files.errors);
        if !self.sets_aside || errors.is_empty() {
            self.diagnostics.report_all(errors);
            return;
        }
        let (kept, published) = (PublishedTexts::open(self.request.state), Published::read(self.request));
        let mut lost = std::mem::take(&mut files.scan.lost);
        lost.retain(|source| {
            let name = &source.found.name;
            kept.text(name).is_some() || !(is_section(name) || published.may_show(name, &kept))
        });
        for error in errors {
            let name = error.place().map(|place| place.file.clone()).unwrap_or_default();
            let is_kept = lost.iter().any(|source| source.found.name == name);
            if is_kept || is_optional(&name) && !published.has_in(&name) {
                self.skipped.texts.insert(name.clone(), kept.text(&name));
                self.skipped.errors.push(error);
            } else {
                self.diagnostics.report(error);
            }
        }
        files.scan.sources.extend(lost);
        files.scan.sources.sort_by(|a, b| a.found.name.cmp(&b.found.name));
    }

    /// Skips every source with an error, and takes all problems: the next pass reports the others again. A source that
    /// is shown with its last published text and still has errors stays as it is in the output folder.
    ///
    /// # Errors
    /// This run skips nothing, some of the `files` have vanished or changed, or an error does not belong to a source that
    /// can be skipped.
    pub fn set_aside(&mut self, files: &mut Files, reached: Reached) -> Result<(), Blame> {
        if self.may_begin_again && self.is_overtaken(files) {
            self.may_begin_again = false;
            return Err(Blame::Content);
        }
        if !self.sets_aside {
            return Err(Blame::Content);
        }
        let (problems, mut names) = (self.diagnostics.take(), BTreeSet::<Arc<str>>::new());
        let mut is_possible = true;
        for problem in problems.iter().filter(|problem| problem.is_error()) {
            match problem.place().map(|place| &place.file) {
                Some(file) if self.may_skip(file, problem, reached) => {
                    names.insert(file.clone());
                }
                _ => is_possible = false,
            }
        }
        if !is_possible {
            self.diagnostics.report_all(problems);
            return Err(Blame::Content);
        }
        let earlier: BTreeSet<Arc<str>> =
            names.iter().filter(|name| self.skipped.texts.contains_key(*name)).cloned().collect();
        let collides = problems.iter().filter(|problem| problem.code().starts_with("plan::"));
        let collides = collides.filter_map(|problem| Some(&problem.place()?.file)).collect();
        let why = self.skip(&names, &files.scan, reached, &collides);
        if !why.is_empty() {
            self.diagnostics.report_all(problems.into_iter().chain(why));
            return Err(Blame::Content);
        }
        self.restore(&mut files.scan);
        // An error in a text that was published before is no news: its source has another one.
        let is_news = |problem: &Problem| {
            problem.is_error() && problem.place().is_none_or(|place| !earlier.contains(&place.file))
        };
        self.skipped.errors.extend(problems.into_iter().filter(is_news));
        Ok(())
    }

    /// True if the file of a problem can be skipped, or can be left as it is in the output folder.
    fn may_skip(&self, file: &str, problem: &Problem, reached: Reached) -> bool {
        match self.skipped.get(file) {
            None if is_source(file) => true,
            // A file that is being changed is whole in the next run.
            None => is_optional(file) && problem.code() != CHANGED,
            Some(text) => text.is_some() && reached == Reached::Rendering && !self.skipped.has_files_of(file),
        }
    }

    /// Skips the sources and files `names`, of which those of `collides` have paths that others have; returns the reasons
    /// why some can't be skipped.
    fn skip(
        &mut self,
        names: &BTreeSet<Arc<str>>,
        scan: &Scan,
        reached: Reached,
        collides: &BTreeSet<&Arc<str>>,
    ) -> Vec<Problem> {
        let (kept, published) = (PublishedTexts::open(self.request.state), Published::read(self.request));
        let mut why = Vec::new();
        for name in names {
            if self.skipped.texts.contains_key(name) {
                self.skipped.as_files.insert(name.clone());
                continue;
            }
            let at = scan.sources.binary_search_by(|source| source.found.name.cmp(name)).ok();
            let present = || match at.and_then(|at| scan.sources.get(at)) {
                Some(source) => source.read(self.request.root).ok(),
                None => file::read(&self.request.root.join(&**name), file::SOURCE).ok(),
            };
            match kept.text(name) {
                Some(text) => {
                    // Its own text is not what broke.
                    if reached == Reached::Rendering && present().as_ref() == Some(&text) {
                        self.skipped.as_files.insert(name.clone());
                    }
                    self.skipped.texts.insert(name.clone(), Some(text));
                }
                // The front matter of a new section is known, so its articles can be published, unless its place is taken.
                None if is_section(name) && reached == Reached::Rendering && !collides.contains(name) => {
                    self.skipped.texts.insert(name.clone(), present());
                    self.skipped.as_files.insert(name.clone());
                }
                None if is_section(name) => why.extend(self.hold_section(name, scan, &kept, &published)),
                None if published.may_show(name, &kept) => {
                    why.push(Problem::new(PublishError::NotKept, Place::file(name.clone())));
                }
                None => {
                    self.skipped.texts.insert(name.clone(), None);
                }
            }
        }
        why
    }

    /// Skips the published rows of the section of `row` that `scan` lacks, and returns their names: `row` has a key that can't
    /// be read, and may be any of them.
    pub fn keep_missing(&mut self, row: &DataRow, scan: &Scan) -> Vec<Arc<str>> {
        let kept = PublishedTexts::open(self.request.state);
        let present = scan.sources.iter().map(|source| name_digest(&source.found.name)).collect();
        let mut missing = Vec::new();
        for (name, text) in kept.without(&present) {
            let names = rows::keys_in(&text).into_iter().map(|key| row.name_with(&key));
            if let Some(name) = names.into_iter().find(|one| name_digest(one) == name) {
                self.skipped.texts.insert(name.clone(), Some(text));
                missing.push(name);
            }
        }
        missing.sort_unstable();
        missing
    }

    /// Skips the published sources that `scan` lacks, in the section `folder` if it is given, and returns their names: nobody knows which of
    /// them a file that can't be read would have been.
    pub fn keep_missing_of(&mut self, folder: Option<&str>, scan: &Scan) -> Vec<Arc<str>> {
        let (kept, published) = (PublishedTexts::open(self.request.state), Published::read(self.request));
        let mut missing = Vec::new();
        for record in &published.records {
            let own = record.source.rsplit_once('/').map_or("", |(own, _)| own);
            let is_of_folder = folder.is_none_or(|folder| folder == own);
            let name: Arc<str> = format!("{FOLDER}/{}", record.source).into();
            let is_there = scan.sources.binary_search_by(|source| source.found.name.cmp(&name)).is_ok();
            if is_of_folder
                && !is_there
                && record.gone.is_none()
                && let Some(text) = kept.text(&name)
            {
                self.skipped.texts.insert(name.clone(), Some(text));
                missing.push(name);
            }
        }
        missing.sort_unstable();
        missing
    }

    /// Adds the skipped sources with a published text that `scan` did not find: their files are being replaced.
    fn restore(&self, scan: &mut Scan) {
        let before = scan.sources.len();
        for (name, _) in self.skipped.texts.iter().filter(|(_, text)| text.is_some()) {
            let is_there =
                scan.sources[..before].binary_search_by(|source| source.found.name.cmp(name)).is_ok();
            if let Some(format) = Format::of(name).filter(|_| !is_there) {
                let found = Found::new(name.clone(), FOLDER, Stamp::default());
                scan.sources.push(SourceFile::new(found, format));
            }
        }
        scan.sources.sort_by(|a, b| a.found.name.cmp(&b.found.name));
    }

    /// Skips the new section `name` with all its sources, because it could say that they are drafts. Those that are
    /// public stay as they were published.
    fn hold_section(
        &mut self,
        name: &Arc<str>,
        scan: &Scan,
        kept: &PublishedTexts,
        published: &Published,
    ) -> Vec<Problem> {
        let mut why = Vec::new();
        self.skipped.texts.insert(name.clone(), None);
        let folder = name.rsplit_once('/').map_or("", |(folder, _)| folder);
        let inside = |name: &str| name.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'));
        for source in scan.sources.iter().map(|source| &source.found.name).filter(|name| inside(name)) {
            if self.skipped.texts.contains_key(source) {
                continue;
            }
            let text = kept.text(source);
            if text.is_none() && published.may_show(source, kept) {
                why.push(Problem::new(PublishError::NotKept, Place::file(source.clone())));
            }
            self.skipped.texts.insert(source.clone(), text);
        }
        why
    }
}

/// The code of an error that another run does not have.
const CHANGED: &str = "content::changed";

fn is_source(file: &str) -> bool {
    file.strip_prefix(FOLDER).is_some_and(|path| path.starts_with('/') && Format::of(path).is_some())
}

fn is_section(name: &str) -> bool {
    Role::of(name) == Role::Section
}

/// True for a file that the site can do without: an asset or a file of `static/`.
fn is_optional(name: &str) -> bool {
    let is_copied = |folder: &str| name.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'));
    is_copied(STATIC) || is_copied(FOLDER) && !is_source(name)
}

/// Earlier publications.
struct Published {
    records: Vec<Record>,
    output: Manifest,
}

impl Published {
    /// Reads the ledger and the manifest. The run has already reported problems with them.
    fn read(request: &Request<'_>) -> Published {
        let loaded = ledger::load(request.root, request.state, &mut Vec::new(), &mut Vec::new()).flatten();
        let records = loaded.map(|loaded| loaded.ledger.records().to_vec()).unwrap_or_default();
        let output = manifest_of(request.root, request.state, request.out).unwrap_or_default();
        Published { records, output }
    }

    /// True if a source below the folder `name` was published: the folder can't be left out as if it were a file.
    fn has_in(&self, name: &str) -> bool {
        let below = name.strip_prefix(FOLDER).and_then(|name| name.strip_prefix('/'));
        let is_in =
            |source: &str, folder| source.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'));
        below.is_some_and(|folder| self.records.iter().any(|record| is_in(&record.source, folder)))
    }

    /// False if the source `name` was never published, or was withdrawn, so that it can be left out. An interrupted run
    /// may have published it without saving the ledger, but not without writing its page.
    fn may_show(&self, name: &str, kept: &PublishedTexts) -> bool {
        let path_of = |source: &str| format!("{FOLDER}/{source}");
        let Some(record) = self.records.iter().find(|record| path_of(&record.source) == name) else {
            return false;
        };
        // Its old path may redirect to another article by now. (The text of an article with a notice is kept.)
        if record.gone.is_some() {
            return false;
        }
        let page = record.path().and_then(|path| UrlPath::parse(path).ok());
        let is_there = page.is_none_or(|page| self.output.files.contains_key(page.file().as_str()));
        // Another article may have its path now.
        let is_of_another = self.records.iter().any(|other| {
            other.id != record.id
                && other.path() == record.path()
                && kept.was_public(&path_of(&other.source)) == Some(true)
        });
        kept.was_public(name) != Some(false) || is_there && !is_of_another
    }
}
