//! Diagnostics: a problem, its place, and its remedy.
//!
//! Every module describes its errors in an enum of its own: the variants hold facts, and one
//! `#[error]`/`#[diagnostic]` attribute on each turns them into a sentence, a code and a remedy
//! (`thiserror` and `miette::Diagnostic`). Code that knows the file adds the place: a [`Problem`] is that pair.
//! Stages that work through many files collect problems and go on, so that one run reports all of them. This module
//! prints nothing.

mod classes;
mod lines;
mod printable;

use std::fmt;
use std::ops::Range;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use miette::{
    Diagnostic, LabeledSpan, MietteError, MietteSpanContents, Severity, SourceCode, SourceSpan, SpanContents,
};
use serde::{Deserialize, Serialize};

pub use classes::{Class, classes, thousands};
pub use lines::Lines;

/// The place of a problem: a file and, where it is known, a stretch of one of its lines.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Place {
    /// The file as messages name it: relative to the site's root, with `/` between its parts.
    #[serde(deserialize_with = "crate::model::intern::shared")]
    pub file: Arc<str>,
    /// The stretch of text, if the problem is in one.
    pub spot: Option<Box<Spot>>,
}

/// A stretch of one line.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Spot {
    /// Line in the file, counted from 1.
    pub line: u32,
    /// Column in characters, counted from 1.
    pub column: u32,
    /// The whole line, without its end.
    text: Box<str>,
    /// The range of bytes of `text` that has the problem.
    range: (u32, u32),
}

impl Place {
    /// A whole file.
    pub fn file(file: impl Into<Arc<str>>) -> Self {
        Place { file: file.into(), spot: None }
    }

    /// The bytes `range` of `text`, which is the whole text of `file`. [`Lines`] is for many places in one text.
    pub fn in_text(file: impl Into<Arc<str>>, text: &str, range: Range<usize>) -> Self {
        Lines::new(file, text).place(range)
    }

    /// The bytes `range` of `line`, which is the line with that `number` (from 1) of `file`. Its time does not depend on
    /// the length of the file.
    pub fn in_line(file: impl Into<Arc<str>>, number: usize, line: &str, range: Range<usize>) -> Self {
        let mut place = Place::in_text(file, line, range);
        if let Some(spot) = &mut place.spot {
            spot.line = u32::try_from(number).unwrap_or(u32::MAX);
        }
        place
    }

    /// This place without the text of its line, in which there is a secret.
    pub fn without_text(mut self) -> Self {
        if let Some(spot) = &mut self.spot {
            (spot.text, spot.range) = ("\u{2026}".into(), (0, 3));
        }
        self
    }
}

impl Spot {
    fn range(&self) -> Range<usize> {
        self.range.0 as usize..self.range.1 as usize
    }

    /// The line (an excerpt of a long one) in three parts: before, in and after the stretch.
    pub fn parts(&self) -> (&str, &str, &str) {
        let Range { start, end } = self.range();
        (&self.text[..start], &self.text[start..end], &self.text[end..])
    }
}

impl Place {
    /// Line and column, both counted from 1; the file's beginning if the place is a whole file.
    pub fn line_and_column(&self) -> (u32, u32) {
        self.spot.as_ref().map_or((1, 1), |spot| (spot.line, spot.column))
    }
}

/// The nearest character boundary at or before `at`.
fn floor_char(text: &str, at: usize) -> usize {
    let mut at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.spot {
            Some(spot) => write!(f, "{}:{}:{}", self.file, spot.line, spot.column),
            None => f.write_str(&self.file),
        }
    }
}

/// A diagnostic and its place: an error, or a warning if the cause's severity says so.
#[derive(Debug, Clone)]
pub struct Problem {
    cause: Arc<dyn Diagnostic + Send + Sync>,
    place: Option<Place>,
    /// The remedy, where it is not the one of the cause.
    remedy: Option<String>,
    /// The message, where it is not the one of the cause.
    message: Option<String>,
    /// The place that people see, where `place` is a source that no file has.
    shown: Option<Place>,
}

impl Problem {
    /// A problem with `cause` at `place`.
    pub fn new(cause: impl Diagnostic + Send + Sync + 'static, place: Place) -> Self {
        Problem { place: Some(place), ..Problem::nowhere(cause) }
    }

    /// A problem without a file.
    pub fn nowhere(cause: impl Diagnostic + Send + Sync + 'static) -> Self {
        Problem { cause: Arc::new(cause), place: None, remedy: None, message: None, shown: None }
    }

    /// Its cause, if that is a `T`.
    pub fn cause<T: std::error::Error + 'static>(&self) -> Option<&T> {
        let cause: &(dyn std::error::Error + 'static) = &*self.cause;
        cause.downcast_ref()
    }

    /// The place, if it has one.
    pub fn place(&self) -> Option<&Place> {
        self.place.as_ref()
    }

    /// True for an error, which stops a build; false for a warning.
    pub fn is_error(&self) -> bool {
        matches!(self.cause.severity(), None | Some(Severity::Error))
    }

    /// The code: a stable name for the kind of problem, such as `date::weekday`.
    pub fn code(&self) -> String {
        self.cause.code().map(|code| code.to_string()).unwrap_or_default()
    }

    /// True if `other` has the same place, code and message.
    fn is_same(&self, other: &Problem) -> bool {
        self.place == other.place
            && self.shown == other.shown
            && self.code() == other.code()
            && self.message() == other.message()
    }

    /// One sentence that says what is wrong.
    pub fn message(&self) -> String {
        self.message.clone().unwrap_or_else(|| self.cause.to_string())
    }

    /// The remedy, if there is one.
    pub fn remedy(&self) -> Option<String> {
        self.remedy.clone().or_else(|| self.cause.help().map(|help| help.to_string()))
    }

    /// Replaces the remedy.
    pub fn set_remedy(&mut self, remedy: String) {
        self.remedy = Some(remedy);
    }

    /// Replaces the message.
    pub fn set_message(&mut self, message: String) {
        self.message = Some(message);
    }

    /// Replaces the place.
    pub fn set_place(&mut self, place: Place) {
        self.place = Some(place);
    }

    /// The same problem as one of the `source`. People see it at the place that it has.
    pub fn belonging_to(self, source: &Arc<str>) -> Problem {
        Problem { shown: self.place, place: Some(Place::file(source.clone())), ..self }
    }

    /// The problem at the place that people see.
    pub fn in_sight(mut self) -> Problem {
        self.place = self.shown.take().or(self.place);
        self
    }

    /// The place that people see, where it is another one.
    pub fn shown(&self) -> Option<&Place> {
        self.shown.as_ref()
    }

    /// The problem as a value that can be stored, if it is a warning.
    pub fn warning(&self) -> Option<Warning> {
        (!self.is_error()).then(|| Warning {
            code: self.code(),
            message: self.message(),
            help: self.remedy(),
            place: self.place.clone(),
        })
    }

    /// The problem as a warning with the same text and place.
    pub fn as_warning(self) -> Problem {
        let (code, message, help) = (self.code(), self.message(), self.remedy());
        Problem::from(Warning { code, message, help, place: self.place })
    }

    /// The problem as a record for `--format json`.
    pub fn record(&self) -> ProblemRecord {
        let spot = self.place.as_ref().and_then(|place| place.spot.as_ref());
        ProblemRecord {
            severity: match self.cause.severity() {
                None | Some(Severity::Error) => "error",
                Some(Severity::Warning) => "warning",
                Some(Severity::Advice) => "note",
            },
            code: self.code(),
            message: self.message(),
            help: self.remedy(),
            file: self.place.as_ref().map(|place| place.file.to_string()),
            line: spot.map(|spot| spot.line),
            column: spot.map(|spot| spot.column),
        }
    }
}

/// A warning that can be stored and reported again: it turns into a [`Problem`] with the same text and place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Warning {
    code: String,
    message: String,
    help: Option<String>,
    place: Option<Place>,
}

impl From<Warning> for Problem {
    fn from(warning: Warning) -> Problem {
        let place = warning.place.clone();
        Problem { place, ..Problem::nowhere(warning) }
    }
}

impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Warning {}

impl Diagnostic for Warning {
    fn code<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        (!self.code.is_empty()).then(|| Box::new(&self.code) as Box<dyn fmt::Display + 'a>)
    }

    fn severity(&self) -> Option<Severity> {
        Some(Severity::Warning)
    }

    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        self.help.as_ref().map(|help| Box::new(help) as Box<dyn fmt::Display + 'a>)
    }
}

/// A [`Problem`] as `--format json` prints it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ProblemRecord {
    /// `error`, `warning` or `note`.
    pub severity: &'static str,
    /// A stable name for the kind of problem.
    pub code: String,
    /// One sentence that says what is wrong.
    pub message: String,
    /// How to mend it.
    pub help: Option<String>,
    /// The file, relative to the site's root.
    pub file: Option<String>,
    /// Line in the file, counted from 1.
    pub line: Option<u32>,
    /// Column in characters, counted from 1.
    pub column: Option<u32>,
}

/// Orders problems by file, line and column, errors before warnings at one place. The report is then the same in
/// whatever order threads finished.
pub fn sort(problems: &mut [Problem]) {
    problems.sort_by_cached_key(|p| (p.place.clone(), !p.is_error(), p.code(), p.message()));
}

/// Sorts problems for reading, and drops all but one of those that are equal.
pub fn sort_once(problems: &mut Vec<Problem>) {
    sort(problems);
    problems.dedup_by(|a, b| {
        a.place == b.place
            && a.is_error() == b.is_error()
            && a.code() == b.code()
            && a.message() == b.message()
    });
}

/// The sink of a run's diagnostics: any stage and thread adds to it.
#[derive(Debug, Default)]
pub struct Diagnostics {
    problems: Mutex<Vec<Problem>>,
    notes: Mutex<Vec<String>>,
}

impl Diagnostics {
    /// Adds a problem.
    pub fn report(&self, problem: Problem) {
        self.problems().push(problem);
    }

    /// Adds problems.
    pub fn report_all(&self, problems: impl IntoIterator<Item = Problem>) {
        self.problems().extend(problems);
    }

    /// Adds a note: a sentence worth knowing that is no problem.
    pub fn note(&self, note: String) {
        self.notes.lock().unwrap_or_else(PoisonError::into_inner).push(note);
    }

    /// Runs `work` and adds the problems that it pushed onto its list.
    pub fn gather<T>(&self, work: impl FnOnce(&mut Vec<Problem>) -> T) -> T {
        let mut problems = Vec::new();
        let done = work(&mut problems);
        self.report_all(problems);
        done
    }

    /// True if there is an error among the problems.
    pub fn has_errors(&self) -> bool {
        self.problems().iter().any(Problem::is_error)
    }

    /// True if there is a problem with this code.
    pub fn has(&self, code: &str) -> bool {
        self.problems().iter().any(|problem| problem.code() == code)
    }

    /// True if there is no problem.
    pub fn is_empty(&self) -> bool {
        self.problems().is_empty()
    }

    /// Takes all problems, sorted for reading, each once.
    pub fn take(&self) -> Vec<Problem> {
        let mut problems = std::mem::take(&mut *self.problems());
        sort(&mut problems);
        problems.dedup_by(|a, b| a.is_same(b));
        problems
    }

    /// Takes all notes, in the order in which they were added.
    pub fn take_notes(&self) -> Vec<String> {
        std::mem::take(&mut *self.notes.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn problems(&self) -> MutexGuard<'_, Vec<Problem>> {
        self.problems.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.message {
            Some(message) => f.write_str(message),
            None => self.cause.fmt(f),
        }
    }
}

impl std::error::Error for Problem {}

impl Diagnostic for Problem {
    fn code<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        self.cause.code()
    }

    fn severity(&self) -> Option<Severity> {
        self.cause.severity()
    }

    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        self.remedy().map(|help| Box::new(help) as Box<dyn fmt::Display + 'a>)
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        self.place.as_ref().filter(|place| place.spot.is_some()).map(|place| place as &dyn SourceCode)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        let Range { start, end } = self.place.as_ref()?.spot.as_ref()?.range();
        Some(Box::new(std::iter::once(LabeledSpan::new(None, start, end - start))))
    }
}

/// The excerpt that `miette` shows: only the one line, with its number in the file.
impl SourceCode for Place {
    fn read_span<'a>(
        &'a self,
        _span: &SourceSpan,
        _lines_before: usize,
        _lines_after: usize,
    ) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        let spot = self.spot.as_ref().ok_or(MietteError::OutOfBounds)?;
        let whole = SourceSpan::new(0.into(), spot.text.len());
        Ok(Box::new(MietteSpanContents::new_named(
            self.file.to_string(),
            spot.text.as_bytes(),
            whole,
            spot.line as usize - 1,
            spot.column as usize - 1,
            1,
        )))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_counts_lines_and_characters_from_one() {
        let text = "eins\nzw\u{f6}lf = x\r\nend";
        let at = text.find('x').unwrap();
        let place = Place::in_text("a.md", text, at..at + 1);
        assert_eq!(place.to_string(), "a.md:2:9");
        assert_eq!(&*place.spot.unwrap().text, "zw\u{f6}lf = x");
    }

    #[test]
    fn places_in_long_texts_have_lines_and_columns() {
        let long = "\u{e4}b".repeat(2000);
        let text = format!("a\n{long}x\nb\n{long}y");
        let lines = Lines::new("a.md", &text);
        for (letter, expected) in
            [("x", "a.md:2:4001"), ("\nb", "a.md:2:4002"), ("b\n\u{e4}", "a.md:3:1"), ("y", "a.md:4:4001")]
        {
            let at = text.find(letter).unwrap();
            assert_eq!(lines.place(at..at + 1).to_string(), expected, "{letter}");
        }
        assert_eq!(lines.place(text.len()..text.len() + 9).to_string(), "a.md:4:4002");
    }

    #[test]
    fn any_range_is_cut_to_what_can_be_shown() {
        let text = "\u{e9}\u{e9}\n";
        for start in 0..8 {
            for end in 0..8 {
                let spot = Place::in_text("a", text, start..end).spot.unwrap();
                assert!(spot.text.get(spot.range()).is_some());
            }
        }
    }
}
