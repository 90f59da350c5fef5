//! `content_format`: a folder of another generator, whose texts become sources before anything is parsed.

use std::sync::Arc;

use miette::Diagnostic;
use thiserror::Error;

use super::Blame;
use super::files::Files;
use super::session::Session;
use crate::config::{Config, FILE};
use crate::import::in_place::{ForeignSource, InPlace, in_place};
use crate::import::{Source, Spot};
use crate::model::diagnostics::{Place, Problem};
use crate::model::stamp::Stamp;
use crate::source::{DataRow, FOLDER, Format, Found};

/// Problems with texts of other generators.
#[derive(Debug, Clone, PartialEq, Eq, Error, Diagnostic)]
pub enum InPlaceError {
    /// Something that this program has nothing for.
    #[error("{}{text}", spot(*.line))]
    #[diagnostic(
        severity(warning),
        code(import::in_place),
        help(
            "`dateline import {format} . --into ../new-site` makes a site of this one, in which it can be changed; its report has all of these"
        )
    )]
    Lost {
        /// The line; 0 for the whole file.
        line: u32,
        /// The thing that was lost, for people.
        text: String,
        /// The generator.
        format: &'static str,
    },
    /// Front matter that can't be read.
    #[error("{}{text}", spot(*.line))]
    #[diagnostic(code(import::front_matter), help("mend the lines between the marks at its beginning"))]
    FrontMatter {
        /// The line; 0 for the whole file.
        line: u32,
        /// The reason.
        text: String,
    },
}

fn spot(line: u32) -> String {
    if line == 0 { String::new() } else { format!("line {line}: ") }
}

/// Folders of this program in the root of the site, which are none of the other generator.
const OWN: [&str; 4] = [".dateline", "templates", "languages", "data"];

impl Session<'_> {
    /// Reads the texts of the other generator that `site.toml`, whose text is `text`, names; `None` if it names none.
    ///
    /// # Errors
    /// They can't be read.
    pub(super) fn in_place(&self, text: &str) -> Result<Option<Arc<InPlace>>, Blame> {
        let Some(format) = Config::content_format(text) else { return Ok(None) };
        let request = self.request;
        let out =
            request.out.strip_prefix(request.root).ok().and_then(|out| out.to_str()).unwrap_or("public");
        let without = [&OWN[..], &[out]].concat();
        let base_url = request.base_url.as_ref().map(|url| url.origin().to_owned());
        let base_url = base_url.or_else(|| Config::written_base_url(text));
        let base_url = base_url.as_deref();
        let source = Source { path: request.root, now: request.now, base_url, without: &without };
        match in_place(format, &source) {
            Ok(site) => {
                let warnings = site.lost.iter().map(|finding| {
                    let Spot { file, line } = &finding.source;
                    let (text, format) = (finding.text.clone(), format.key());
                    let file = if file.is_empty() { FILE } else { file };
                    Problem::new(InPlaceError::Lost { line: *line, text, format }, Place::file(file))
                });
                self.diagnostics.report_all(warnings);
                Ok(Some(Arc::new(site)))
            }
            Err(error) => {
                self.diagnostics.report(Problem::new(error, Place::file(FILE)));
                Err(Blame::Content)
            }
        }
    }
}

/// The text `one` as a source.
pub(super) fn row(one: &ForeignSource) -> DataRow {
    let format = Format::of(&one.name).unwrap_or(Format::Markdown);
    DataRow::foreign(one.name.as_str().into(), &one.file, one.text.clone(), format)
}

impl Session<'_> {
    /// Reports the files of `site` that can't be read. In a publication, sources without a text take the place of those that
    /// were public: they stay as they are.
    pub(super) fn set_broken_aside(&mut self, site: &InPlace, files: &Files) -> Vec<Arc<DataRow>> {
        for finding in &site.broken {
            let Spot { file, line } = &finding.source;
            let cause = InPlaceError::FrontMatter { line: *line, text: finding.text.clone() };
            self.set_file_aside(Problem::new(cause, Place::file(file.as_str())));
        }
        match site.broken.first().filter(|_| self.sets_aside) {
            Some(first) => self.kept_rows(None, &first.source.file, &files.scan),
            None => Vec::new(),
        }
    }
}

/// The files of `site` that are copied to the folder `to`. A file whose name does not end as its path is left out.
pub(super) fn copies(session: &Session<'_>, site: &InPlace, to: &str) -> Vec<Found> {
    let found = site.files.iter().filter_map(|(path, name)| {
        let below = path.strip_prefix(to)?.strip_prefix('/')?;
        let metadata = std::fs::symlink_metadata(session.request.root.join(name)).ok()?;
        let is_there = if to == FOLDER { path == name } else { name.ends_with(below) };
        is_there.then(|| Found::at(name.as_str().into(), name.len() - below.len(), Stamp::of(&metadata)))
    });
    let mut found: Vec<Found> = found.collect();
    found.sort_by(|a, b| a.name.cmp(&b.name));
    found
}
