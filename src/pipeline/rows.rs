//! Rows of data files, which become sources before anything is parsed.
//!
//! A row has a name, as if it were a file of its section. All stages know it by that name; people are shown its place in
//! the data file.

use std::collections::BTreeMap;
use std::sync::Arc;

use rayon::prelude::*;

use super::files::Files;
use super::session::Session;
use super::stage::stage;
use super::{Blame, in_place};
use crate::config::{Config, RowSource};
use crate::model::diagnostics::{Place, Problem};
use crate::model::suggest::nearest;
use crate::source::data::{self, Form, Row};
use crate::source::rows::{self, Columns, DataFile, RowError};
use crate::source::{
    self, BodySummary, DataRow, FOLDER, Format, Reckoner, Role, Scan, SourceFile, below, named_encoding,
};
use crate::storage::file;

/// The rows of a site, by the names of the sources that they are.
#[derive(Debug, Clone, Default)]
pub struct Rows(Arc<[Arc<DataRow>]>);

impl Rows {
    /// The row that is the source `name`.
    pub fn find(&self, name: &str) -> Option<&Arc<DataRow>> {
        let at = self.0.binary_search_by(|row| (**row.name()).cmp(name)).ok()?;
        self.0.get(at)
    }

    /// All rows, in the order of their names.
    pub fn iter(&self) -> impl Iterator<Item = &DataRow> {
        self.0.iter().map(|row| &**row)
    }

    /// `problems`, those of rows with their places in the data files.
    pub(super) fn located(&self, problems: Vec<Problem>) -> Vec<Problem> {
        let located = |mut problem: Problem| {
            if let Some(message) = self.with_lines(&problem.message()) {
                problem.set_message(message);
            }
            match problem.place().and_then(|place| self.find(&place.file)) {
                Some(row) => in_columns(row.located(problem)),
                None => problem.in_sight(),
            }
        };
        problems.into_iter().map(located).collect()
    }

    /// `message` with the line of each row that it names; `None` if it names none.
    fn with_lines(&self, message: &str) -> Option<String> {
        let starts = message.match_indices(FOLDER).filter(|_| !self.0.is_empty());
        let named = starts.filter_map(|(at, _)| {
            let rest = message.get(at..)?;
            let mut ends = rest.match_indices(".md").map(|(end, ending)| end + ending.len());
            ends.find_map(|end| Some((at + end, self.find(rest.get(..end)?)?)))
        });
        let (mut said, mut done) = (String::new(), 0);
        for (end, row) in named {
            said.push_str(message.get(done..end)?);
            said.push_str(&format!(" ({})", row.whereabouts()));
            done = end;
        }
        (done > 0).then(|| said + message.get(done..).unwrap_or_default())
    }
}

/// `problem` with a remedy that says where a row has its fields.
fn in_columns(mut problem: Problem) -> Problem {
    let is_about_fields = |remedy: &String| remedy.contains("front matter") || remedy.contains(" = ");
    let remedy = problem.remedy().filter(is_about_fields);
    if let Some(remedy) = remedy.filter(|_| !problem.code().starts_with("rows::")) {
        problem.set_remedy(format!(
            "{remedy}; in a row, the columns are the fields, and `[sources.fields]` says which is which"
        ));
    }
    problem
}

/// A row, and what is wrong with it.
struct Found {
    name: Arc<str>,
    /// The row.
    row: DataRow,
    /// The row has no name of its own: nobody knows which source it is.
    is_nameless: bool,
    problems: Vec<Problem>,
    /// The column for its date, if that is empty.
    undated: Option<String>,
}

impl Session<'_> {
    /// Adds the rows of the site's data files to the sources of `files`. A row that can't be read is reported as an error
    /// of the source that it would be.
    ///
    /// # Errors
    /// A data file, or the settings for it, can't be read: it is not known which rows there are.
    pub fn add_rows(&mut self, config: &Config, files: &mut Files) -> Result<(), Blame> {
        let before = files.scan.sources.len();
        files.scan.sources.retain(|source| source.row.is_none());
        let foreign = self.foreign();
        let mut rows: Vec<Arc<DataRow>> =
            foreign.iter().flat_map(|site| &site.sources).map(|one| Arc::new(in_place::row(one))).collect();
        files.scan.sources.extend(rows.iter().cloned().map(SourceFile::of_row));
        files.scan.sources.par_sort_by(|a, b| a.found.name.cmp(&b.found.name));
        if let Some(site) = &foreign {
            let kept = self.set_broken_aside(site, files);
            files.scan.sources.extend(kept.iter().cloned().map(SourceFile::of_row));
            files.scan.sources.par_sort_by(|a, b| a.found.name.cmp(&b.found.name));
            rows.extend(kept);
        }
        let sources = self.row_sources(config, &files.scan);
        let is_plain = sources.is_empty() && config.wire.is_empty() && foreign.is_none();
        if is_plain && before == files.scan.sources.len() {
            return Ok(());
        }
        let found = stage("expand", |tally| {
            let found = self.read_rows(&sources, config, &files.data)?;
            tally.count = found.len();
            Ok(found)
        })?;
        let before = rows.len();
        let mut nameless = Vec::new();
        for Found { name, row, is_nameless, problems, .. } in each_once(found, &files.scan) {
            if self.skipped.get(&name).is_none() {
                self.diagnostics.report_all(problems);
            }
            if is_nameless { &mut nameless } else { &mut rows }.push(Arc::new(row));
        }
        files.scan.sources.extend(rows[before..].iter().cloned().map(SourceFile::of_row));
        files.scan.sources.par_sort_by(|a, b| a.found.name.cmp(&b.found.name));
        nameless.retain(|row| self.skipped.get(row.name()).is_some());
        for row in nameless {
            let missing = self.keep_missing(&row, &files.scan);
            let missing: Vec<Arc<DataRow>> =
                missing.into_iter().map(|name| Arc::new(row.named(name))).collect();
            files.scan.sources.extend(missing.iter().cloned().map(SourceFile::of_row));
            files.scan.sources.par_sort_by(|a, b| a.found.name.cmp(&b.found.name));
            rows.extend(missing);
        }
        if !config.wire.is_empty() {
            let stories = self.stories(config, files)?;
            files.scan.sources.extend(stories.iter().cloned().map(SourceFile::of_row));
            files.scan.sources.par_sort_by(|a, b| a.found.name.cmp(&b.found.name));
            rows.extend(stories);
        }
        rows.sort_by(|a, b| a.name().cmp(b.name()));
        self.rows = Rows(rows.into());
        Ok(())
    }

    /// The `[[sources]]` of `site.toml` and of all sections.
    fn row_sources(&self, config: &Config, scan: &Scan) -> Vec<RowSource> {
        let sections = scan.sources.iter().filter(|source| Role::of(&source.found.name) == Role::Section);
        let sections: Vec<&SourceFile> = sections.collect();
        let of_sections: Vec<Box<[RowSource]>> =
            sections.into_par_iter().filter_map(|section| self.sources_of(section, config)).collect();
        config.sources.iter().cloned().chain(of_sections.into_iter().flatten()).collect()
    }

    /// The `[[sources]]` of a section. Its errors are reported when all sources are parsed.
    fn sources_of(&self, section: &SourceFile, config: &Config) -> Option<Box<[RowSource]>> {
        let bytes = match self.skipped.get(&section.found.name) {
            Some(text) => text?.to_vec(),
            None => section.read(self.request.root).ok()?,
        };
        let is_utf8 = named_encoding(below(&section.found.name), config).is_none();
        let name = b"sources";
        if is_utf8 && !bytes.windows(name.len()).any(|part| part.eq_ignore_ascii_case(name)) {
            return None;
        }
        let body_summary = |_: Format, _: &str, _: Option<&str>| BodySummary::default();
        let reckoner = Reckoner { body_summary: &body_summary, substance: None, searched: None };
        Some(source::parse_bytes(bytes, section, config, &reckoner).0?.front.sources().into())
    }

    /// The rows of all `sources`.
    fn read_rows(
        &self,
        sources: &[RowSource],
        config: &Config,
        listed: &[source::Found],
    ) -> Result<Vec<Found>, Blame> {
        let mut files: BTreeMap<&str, Option<Arc<DataFile>>> = BTreeMap::new();
        let (mut found, mut is_whole) = (Vec::new(), true);
        let taxonomies: Vec<String> = config.taxonomies.iter().map(|rules| rules.name.clone()).collect();
        for source in sources {
            let file = files.entry(&source.file).or_insert_with(|| {
                let file = self.data_file(source, config, listed);
                file.map_err(|problem| self.diagnostics.report(problem)).ok()
            });
            let rows = file.as_ref().and_then(|file| {
                let rows = of_source(source, file, config, &taxonomies);
                rows.map_err(|problems| self.diagnostics.report_all(problems)).ok()
            });
            is_whole &= rows.is_some();
            let rows = rows.unwrap_or_default();
            self.diagnostics.report_all(undated(&rows));
            found.extend(rows);
        }
        if is_whole { Ok(found) } else { Err(Blame::Content) }
    }

    /// Reads the data file of `source`.
    fn data_file(
        &self,
        source: &RowSource,
        config: &Config,
        listed: &[source::Found],
    ) -> Result<Arc<DataFile>, Problem> {
        let name = source.file.as_str();
        let Some(found) = listed.iter().find(|found| *found.name == *name) else {
            let remedy = match nearest(name, listed.iter().map(|found| &*found.name)) {
                _ if self.request.root.join(name).exists() => {
                    "a name that begins with a dot, or that editors give to copies, is passed over: rename the file".to_owned()
                }
                Some(near) => format!("did you mean `{near}`?"),
                None => "check its path, which begins at the site's root".to_owned(),
            };
            let cause = RowError::Missing { file: name.to_owned(), remedy };
            return Err(Problem::new(cause, source.place.clone()));
        };
        let unreadable = |reason: String| {
            let cause = RowError::Unreadable { file: name.to_owned(), reason };
            Problem::new(cause, Place::file(name))
        };
        let bytes = file::read(&found.file(self.request.root), file::DATA)
            .map_err(|error| unreadable(error.to_string()))?;
        let text = data::decode(bytes, config.data.encoding(name))
            .map_err(|error| Problem::new(error, Place::file(name)))?;
        Ok(Arc::new(DataFile::new(name.into(), text)))
    }
}

/// The rows by name, each name once. Of rows with one key, none is known to be the one that is meant; a source that is a
/// file keeps its name.
fn each_once(mut found: Vec<Found>, scan: &Scan) -> Vec<Found> {
    found.par_sort_by(|a, b| a.name.cmp(&b.name));
    let mut once: Vec<Found> = Vec::with_capacity(found.len());
    for mut one in found {
        if let Some(before) = once.last_mut().filter(|before| before.name == one.name) {
            before.problems.push(one.row.is_twice(&before.row));
            before.row = before.row.without_text();
            continue;
        }
        if scan.sources.binary_search_by(|source| source.found.name.cmp(&one.name)).is_ok() {
            one.name = nameless(one.row.file(), one.row.line());
            one.problems = vec![one.row.is_taken(&one.name)];
            (one.row, one.is_nameless) = (one.row.named(one.name.clone()), true);
        }
        once.push(one);
    }
    once
}

/// A warning about the rows that have no date in the column for it.
fn undated(rows: &[Found]) -> Option<Problem> {
    let mut without = rows.iter().filter_map(|one| Some((&one.row, one.undated.as_ref()?)));
    let (first, column) = without.next()?;
    let cause = RowError::Undated { count: without.count() + 1, column: column.clone() };
    Some(first.problem_of_row(cause))
}

/// The rows of `source` in `file`.
fn of_source(
    source: &RowSource,
    file: &Arc<DataFile>,
    config: &Config,
    taxonomies: &[String],
) -> Result<Vec<Found>, Vec<Problem>> {
    let Some(form) = Form::of(file.name()) else {
        let cause = RowError::Format { file: file.name().to_string() };
        return Err(vec![Problem::new(cause, source.place.clone())]);
    };
    let (list, kinds) = (source.list.as_deref().unwrap_or_default(), config.data.columns(file.name()));
    let data::Rows { columns: known, rows } = data::rows(file.name(), file.text(), form, list, kinds)?;
    let columns = Columns::new(source, kinds, &known, taxonomies)?;
    Ok(rows.into_par_iter().map(|row| of_row(source, &columns, file, row)).collect())
}

/// One row of a data file.
fn of_row(source: &RowSource, columns: &Columns<'_>, file: &Arc<DataFile>, row: Row) -> Found {
    let Row { node, faults } = row;
    let key = columns.key(&node).ok_or_else(|| {
        let cause = RowError::NoKey { column: source.key.clone() };
        Problem::new(cause, file.place(node.span.clone()))
    });
    let key = key.and_then(|(key, span)| match rows::is_no_name(&key) {
        Some(reason) => Err(Problem::new(RowError::BadKey { key, reason }, file.place(span))),
        None => Ok((key, span)),
    });
    let (key, span, error) = match key {
        Ok((key, span)) => (key, span, None),
        Err(error) => (String::new(), node.span.clone(), Some(error)),
    };
    let made = columns.row(file, &node, &key, span);
    let (is_nameless, mut row) = (error.is_some(), made.row);
    if is_nameless {
        row = row.named(nameless(file.name(), row.line()));
    }
    if !is_nameless && faults.is_empty() {
        let (problems, undated) = (made.problems, made.undated);
        return Found { name: row.name().clone(), row, is_nameless, problems, undated };
    }
    // A row with too few cells may have no key either.
    let faults = if faults.is_empty() { error.into_iter().collect() } else { faults };
    let problems = faults.into_iter().map(|fault| fault.belonging_to(row.name())).collect();
    Found { name: row.name().clone(), row: row.without_text(), is_nameless, problems, undated: None }
}

/// The name of a source for a row that has none of its own.
fn nameless(file: &str, line: usize) -> Arc<str> {
    format!("{FOLDER}/{file}:{line}.md").into()
}
