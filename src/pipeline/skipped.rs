//! Sources with errors, which a publication sets aside so that they do not hold the others. One that was published is
//! shown as it was then, from the text that was kept; one that was not is left out.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use miette::Diagnostic;
use thiserror::Error;

use super::published_texts::PublishedTexts;
use super::session::Session;
use super::{Blame, Request, manifest_of};
use crate::model::diagnostics::{Place, Problem};
use crate::model::url::UrlPath;
use crate::output::Manifest;
use crate::site::ledger::{self, Record};
use crate::source::{FOLDER, Format};

/// The sources that are set aside, each with the text that was last published, if it was.
#[derive(Debug, Default)]
pub(super) struct SkippedSources {
    texts: BTreeMap<Arc<str>, Option<Vec<u8>>>,
    /// Why they are.
    errors: Vec<Problem>,
}

impl SkippedSources {
    /// The text that is shown in the place of a source; the outer `None` if it is not set aside.
    pub fn get(&self, name: &str) -> Option<Option<&[u8]>> {
        self.texts.get(name).map(Option::as_deref)
    }

    /// The sources, and whether each is shown as it was.
    pub fn sources(&self) -> impl Iterator<Item = (&Arc<str>, bool)> {
        self.texts.iter().map(|(name, text)| (name, text.is_some()))
    }

    /// True if nothing is set aside.
    pub fn is_empty(&self) -> bool {
        self.texts.is_empty()
    }

    /// Takes the errors for which sources were set aside.
    pub fn take_errors(&mut self) -> Vec<Problem> {
        std::mem::take(&mut self.errors)
    }
}

/// Why an article with an error holds the others after all.
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
    /// The settings that a section hands down can't be done without.
    #[error("what this section hands down to its articles can't be known")]
    #[diagnostic(
        code(publish::section),
        help("correct the errors of this file; without it drafts could come out")
    )]
    Section,
}

impl Session<'_> {
    /// Sets every source aside that has an error, and takes all problems: the next pass finds the others again.
    ///
    /// # Errors
    /// Where this run sets nothing aside, or an error has not to do with a source that can be.
    pub fn set_aside(&mut self) -> Result<(), Blame> {
        if !self.sets_aside {
            return Err(Blame::Content);
        }
        let (problems, mut names) = (self.diagnostics.take(), BTreeSet::<Arc<str>>::new());
        let mut is_possible = true;
        for problem in problems.iter().filter(|problem| problem.is_error()) {
            match problem.place().map(|place| &place.file) {
                Some(file) if is_source(file) && self.skipped.get(file).is_none() => {
                    names.insert(file.clone());
                }
                _ => is_possible = false,
            }
        }
        if !is_possible {
            self.diagnostics.report_all(problems);
            return Err(Blame::Content);
        }
        let (kept, published) = (PublishedTexts::open(self.request.state), Published::read(self.request));
        let mut why = Vec::new();
        for name in names {
            let text = kept.text(&name);
            let cause = match text {
                None if name.rsplit('/').next().is_some_and(|file| file.starts_with("_index.")) => {
                    Some(PublishError::Section)
                }
                None if published.may_show(&name, &kept) => Some(PublishError::NotKept),
                _ => None,
            };
            match cause {
                Some(cause) => why.push(Problem::new(cause, Place::file(name))),
                None => {
                    self.skipped.texts.insert(name, text);
                }
            }
        }
        if !why.is_empty() {
            self.diagnostics.report_all(problems.into_iter().chain(why));
            return Err(Blame::Content);
        }
        self.skipped.errors.extend(problems.into_iter().filter(Problem::is_error));
        Ok(())
    }
}

fn is_source(file: &str) -> bool {
    file.strip_prefix(FOLDER).is_some_and(|path| path.starts_with('/') && Format::of(path).is_some())
}

/// Everything that was published before.
struct Published {
    records: Vec<Record>,
    output: Manifest,
}

impl Published {
    /// Reads it from the ledger and the manifest. What is wrong with those was reported by the run.
    fn read(request: &Request<'_>) -> Published {
        let loaded = ledger::load(request.root, request.state, &mut Vec::new(), &mut Vec::new()).flatten();
        let records = loaded.map(|loaded| loaded.ledger.records().to_vec()).unwrap_or_default();
        let output = manifest_of(request.root, request.state, request.out).unwrap_or_default();
        Published { records, output }
    }

    /// False if the source `name` was never published, or was withdrawn: then it can as well be left out. A
    /// run that was cut may have published it without noting that, but not without its page.
    fn may_show(&self, name: &str, kept: &PublishedTexts) -> bool {
        let path_of = |source: &str| format!("{FOLDER}/{source}");
        let Some(record) = self.records.iter().find(|record| path_of(&record.source) == name) else {
            return false;
        };
        // Where it was, another's address may lead on by now. (One with a notice there has its text kept.)
        if record.gone.is_some() {
            return false;
        }
        let page = record.path().and_then(|path| UrlPath::parse(path).ok());
        let is_there = page.is_none_or(|page| self.output.files.contains_key(page.file().as_str()));
        // Where it was, another article may be.
        let is_of_another = self.records.iter().any(|other| {
            other.id != record.id
                && other.path() == record.path()
                && kept.was_public(&path_of(&other.source)) == Some(true)
        });
        kept.was_public(name) != Some(false) || is_there && !is_of_another
    }
}
