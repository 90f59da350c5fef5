//! The text format of the ledger: a header line, then one JSON object a line. Articles come first, then the tag authority
//! and the feeds.

use std::collections::HashMap;
use std::ops::Range;

use foldhash::fast::RandomState;
use miette::Diagnostic;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::{FILE, FeedRecord, Ledger, Record};
use crate::model::diagnostics::{Place, Problem};

/// The first line.
const HEADER: &str = "{\"dateline\":\"ledger\",\"version\":2}";
/// Version 1 has no lines about feeds.
const VERSION: u32 = 2;
/// The last line. It never changes, so it causes no conflict in a merge, and it is missing from a truncated file.
const FOOTER: &str = "{\"dateline\":\"ledger\",\"end\":true}";

/// Problems with the ledger. The program never repairs any: the ledger belongs to the publisher, and only its version
/// history has the lost lines.
#[derive(Debug, Clone, PartialEq, Eq, Error, Diagnostic)]
pub enum LedgerError {
    /// The header line is missing.
    #[error("this does not begin as a ledger does")]
    #[diagnostic(
        code(ledger::header),
        help(
            "the first line has to be `{HEADER}`: restore the file from version control, or move it away to begin a new one, which gives up the ids and dates in it"
        )
    )]
    NoHeader,
    /// An unknown version.
    #[error("this ledger has version {found}, and this Dateline reads version {VERSION}")]
    #[diagnostic(code(ledger::version), help("use the version of Dateline that wrote it, or a newer one"))]
    OtherVersion {
        /// The version.
        found: u64,
    },
    /// A conflict marker of version control.
    #[error("this line is left of a merge that was not finished")]
    #[diagnostic(
        code(ledger::conflict),
        help(
            "of two lines with one id keep the one with the later `updated`, with the `paths` of both; keep all other lines, and take out the marks"
        )
    )]
    Conflict,
    /// An unreadable line.
    #[error("this line of the ledger can't be read: {reason}")]
    #[diagnostic(
        code(ledger::line),
        help("restore the line from version control; nothing is published before that")
    )]
    Line {
        /// The reason.
        reason: String,
    },
    /// The last line is missing.
    #[error("the ledger is cut short: its last line is missing")]
    #[diagnostic(
        code(ledger::cut),
        help("restore the file from version control; a whole one ends with the line `{FOOTER}`")
    )]
    CutShort,
    /// Two lines with one id.
    #[error("\u{201c}{id}\u{201d} stands in line {first} too")]
    #[diagnostic(
        code(ledger::id),
        help("keep the line with the later `updated`, with the `paths` of both, and take out the other")
    )]
    SameId {
        /// The id.
        id: String,
        /// The first line that has it.
        first: usize,
    },
    /// The file is missing, but there was one.
    #[error("this site was published with a ledger, and `ledger.jsonl` is gone")]
    #[diagnostic(
        code(ledger::lost),
        help(
            "restore it from version control: it has the ids and dates that readers know; to begin one all the same, as after `ledger = false`, delete `.dateline/published`"
        )
    )]
    Lost,
    /// The ledger lacks lines, and this run may not add them.
    #[error(
        "the ledger is behind: lines that it lacks or that would change: {count}; the first is that of {first}"
    )]
    #[diagnostic(
        code(ledger::behind),
        help("run `dateline publish` and commit the ledger, or build without `--locked`")
    )]
    Behind {
        /// Number of missing lines.
        count: usize,
        /// The first source.
        first: String,
    },
    /// The clock is earlier than the last run.
    #[error("it is {now}, and the last publication was at {then}: the clock went back")]
    #[diagnostic(
        code(ledger::clock),
        help(
            "correct the clock; nothing is published until it has caught up, since every date would be a guess"
        )
    )]
    ClockWentBack {
        /// The run's now, RFC 3339.
        now: String,
        /// The clock of the last run, RFC 3339.
        then: String,
    },
    /// The file is unreadable.
    #[error("the ledger can't be read: {reason}")]
    #[diagnostic(code(ledger::unreadable), help("check that it is UTF-8 text and may be read"))]
    Unreadable {
        /// The system's message.
        reason: String,
    },
}

/// Conflict markers that version control puts at the beginning of lines.
const MARKS: [&str; 4] = ["<<<<<<<", "=======", ">>>>>>>", "|||||||"];

/// Lines that one thread reads at a time.
const PIECE: usize = 1024;

/// A line between the first and the last.
#[derive(Debug, Clone)]
enum Line {
    Article(Record),
    Feed(FeedRecord),
    /// The tag authority at the first publication.
    Authority(String),
}

/// The line of the tag authority.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Authority {
    authority: String,
}

/// The beginning of the authority's line.
const AUTHORITY: &str = "{\"authority\":";

impl Line {
    /// Parses `text`, the line with this number. The error is a message with a column, counted from 1.
    fn parse(text: &str, number: usize) -> Result<Line, (String, usize)> {
        if FeedRecord::is_in(text) {
            return FeedRecord::from_line(text).map(Line::Feed);
        }
        if text.trim_start().starts_with(AUTHORITY) {
            let read = serde_json::from_str(text).map(|Authority { authority }| Line::Authority(authority));
            return read.map_err(|error| super::record::reason(text, &error));
        }
        Record::from_line(text, number).map(Line::Article)
    }
}

/// Reads a ledger. All problems are pushed onto `problems`; the result is then `None`.
pub fn read(text: &str, problems: &mut Vec<Problem>) -> Option<Ledger> {
    let whole = text;
    let at = |range: Range<usize>| Place::in_text(FILE, whole, range);
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let skipped = whole.len() - text.len();
    let mut lines = Vec::with_capacity(text.len() / 256);
    let mut start = skipped;
    for (number, line) in text.split_inclusive('\n').enumerate() {
        lines.push((number + 1, start, line));
        start += line.len();
    }
    let (header, lines) = match lines.split_first() {
        Some(((_, _, first), rest)) => (first.trim_end(), rest),
        None => ("", &[][..]),
    };
    if let Err(cause) = check_header(header) {
        problems.push(Problem::new(cause, at(skipped..skipped + header.len())));
        return None;
    }
    let read_line = |(number, _, line): &(usize, usize, &str)| {
        let content = line.trim_end_matches(['\n', '\r']);
        let place = |column: usize| {
            let inside = content.char_indices().nth(column.saturating_sub(1)).map_or(0, |(at, _)| at);
            Place::in_line(FILE, *number, content, inside..content.len())
        };
        if MARKS.iter().any(|mark| content.starts_with(mark)) {
            return Err(Problem::new(LedgerError::Conflict, place(1)));
        }
        if content.trim().is_empty() || content == FOOTER {
            return Ok(None);
        }
        match Line::parse(content, *number) {
            Ok(line) => Ok(Some(line)),
            Err((reason, column)) => Err(Problem::new(LedgerError::Line { reason }, place(column))),
        }
    };
    // The lines are parsed in pieces, which are freed one after the other.
    let parsed: Vec<Vec<Result<Option<Line>, Problem>>> =
        lines.par_chunks(PIECE).map(|lines| lines.iter().map(read_line).collect()).collect();
    let before = problems.len();
    if !lines.iter().rev().any(|(_, _, line)| line.trim_end() == FOOTER) {
        let (_, start, line) = lines.last().copied().unwrap_or((1, skipped, header));
        problems.push(Problem::new(LedgerError::CutShort, at(start..start + line.trim_end().len())));
        // A missing last line was reported; an error in the line that is cut off would only repeat it.
        return None;
    }
    let mut records = Vec::with_capacity(lines.len());
    let (mut feeds, mut authority) = (Vec::new(), None);
    for one in parsed.into_iter().flatten() {
        match one {
            Ok(Some(Line::Article(record))) => records.push(record),
            Ok(Some(Line::Feed(feed))) => feeds.push(feed),
            Ok(Some(Line::Authority(name))) => authority = Some(name),
            Ok(None) => {}
            Err(problem) => problems.push(problem),
        }
    }
    // A merged file may be out of order.
    if !records.windows(2).all(|pair| pair[0].id < pair[1].id) {
        let mut seen: HashMap<&str, usize, RandomState> = HashMap::default();
        for record in &records {
            if let Some(first) = seen.insert(&record.id, record.line) {
                let (number, _, line) = lines[record.line - 2];
                let cause = LedgerError::SameId { id: record.id.clone(), first };
                problems
                    .push(Problem::new(cause, Place::in_line(FILE, number, line, 0..line.trim_end().len())));
            }
        }
    }
    (problems.len() == before).then(|| Ledger::new(records).with_feeds(authority, feeds))
}

fn check_header(line: &str) -> Result<(), LedgerError> {
    if line == HEADER {
        return Ok(());
    }
    if MARKS.iter().any(|mark| line.starts_with(mark)) {
        return Err(LedgerError::Conflict);
    }
    let value: serde_json::Value = serde_json::from_str(line).map_err(|_| LedgerError::NoHeader)?;
    if value["dateline"] != "ledger" {
        return Err(LedgerError::NoHeader);
    }
    match value["version"].as_u64() {
        Some(found) if (1..=u64::from(VERSION)).contains(&found) => Ok(()),
        Some(found) => Err(LedgerError::OtherVersion { found }),
        None => Err(LedgerError::NoHeader),
    }
}

/// The text of the ledger's file.
pub fn written(ledger: &Ledger) -> String {
    let lines: Vec<String> = ledger.records.par_iter().map(Record::to_line).collect();
    let length = lines.iter().map(|line| line.len() + 1).sum();
    assembled(lines.into_iter().chain(of_feeds(ledger.authority(), ledger.feeds())), length)
}

/// The lines of the tag authority and of feeds.
pub(super) fn of_feeds(authority: Option<&str>, feeds: &[FeedRecord]) -> impl Iterator<Item = String> {
    let line =
        |name: &str| serde_json::to_string(&Authority { authority: name.to_owned() }).unwrap_or_default();
    authority.map(line).into_iter().chain(feeds.iter().map(FeedRecord::to_line))
}

/// The text of a file with these `lines`; `length` is about their size in bytes.
pub(super) fn assembled(lines: impl Iterator<Item = impl AsRef<str>>, length: usize) -> String {
    let mut text = String::with_capacity(length + 64);
    let mut add = |line: &str| {
        text.push_str(line);
        text.push('\n');
    };
    add(HEADER);
    lines.for_each(|line| add(line.as_ref()));
    add(FOOTER);
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::date::Moment;
    use crate::model::digest::Digest;

    fn record(id: &str) -> Record {
        Record {
            id: id.into(),
            source: format!("news/{id}.md"),
            published: Moment::from_lasting("2014-02-14T14:47:00+08:00").unwrap(),
            updated: None,
            substance: Some(Digest::of(id.as_bytes())),
            paths: vec![format!("/news/{id}/")],
            gone: None,
            arrived: None,
            unfed: None,
            translates: None,
            origin: None,
            line: 0,
        }
    }

    #[test]
    fn many_wrong_lines_are_all_found_in_one_pass() {
        // Counting the lines before each of them would be two thousand million comparisons.
        let text = format!("{HEADER}\n{}{FOOTER}\n", "{\"id\": 1}\n".repeat(60_000));
        let mut problems = Vec::new();
        assert_eq!(read(&text, &mut problems), None);
        assert_eq!(problems.len(), 60_000);
        assert_eq!(problems[59_999].place().unwrap().line_and_column().0, 60_001);
    }

    #[test]
    fn a_place_in_a_line_counts_characters() {
        let text = format!("{HEADER}\n{{\"id\": \"\u{f6}\u{6d77}\", \"published\": x}}\n{FOOTER}\n");
        assert_eq!(codes(&text)[0].1, "ledger.jsonl:2:27");
    }

    fn codes(text: &str) -> Vec<(String, String)> {
        let mut problems = Vec::new();
        assert_eq!(read(text, &mut problems), None);
        problems.iter().map(|one| (one.code(), one.place().unwrap().to_string())).collect()
    }

    #[test]
    fn what_was_written_is_read() {
        let updated = Moment::from_lasting("2015-01-01T00:00:00Z[_precision=day]");
        let ledger = Ledger::new(vec![record("b"), Record { updated, ..record("a") }]);
        let text = written(&ledger);
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines[0], "{\"dateline\":\"ledger\",\"version\":2}");
        assert_eq!(
            lines[2],
            "{\"id\":\"b\",\"source\":\"news/b.md\",\"published\":\"2014-02-14T14:47:00+08:00\",\"substance\":\"10e5cf3d3c8a4f9f3468c8cc58eea848\",\"paths\":[\"/news/b/\"]}"
        );
        let mut problems = Vec::new();
        let again = read(&text, &mut problems).unwrap();
        assert!(problems.is_empty());
        assert_eq!(again.records().len(), 2);
        let unplaced = |ledger: &Ledger| {
            let records = ledger.records().iter().cloned();
            records.map(|record| Record { line: 0, ..record }).collect::<Vec<_>>()
        };
        assert_eq!(unplaced(&again), unplaced(&ledger));
        assert_eq!(again.records()[1].line, 3);
        assert_eq!(written(&again), text);
    }

    #[test]
    fn order_line_ends_and_a_mark_in_front_make_no_difference() {
        let (a, b) = (record("a").to_line(), record("b").to_line());
        let text = format!("\u{feff}{HEADER}\r\n{b}\r\n\r\n{a}\r\n{FOOTER}");
        let ledger = read(&text, &mut Vec::new()).unwrap();
        assert_eq!(
            ledger.records().iter().map(|one| (&*one.id, one.line)).collect::<Vec<_>>(),
            [("a", 4), ("b", 2)]
        );
    }

    #[test]
    fn all_that_is_wrong_is_told_with_its_line() {
        let a = record("a").to_line();
        let bad = a.replace("2014-02-14T", "2014-02-30T");
        let text = format!(
            "{HEADER}\n{a}\n<<<<<<< ours\n{a}\n=======\n{{\"id\":1}}\n>>>>>>> theirs\n{bad}\n{{\"id\":\"x\"}}\n{FOOTER}\n"
        );
        let expected = [
            ("ledger::conflict", "ledger.jsonl:3:1"),
            ("ledger::conflict", "ledger.jsonl:5:1"),
            ("ledger::line", "ledger.jsonl:6:7"),
            ("ledger::conflict", "ledger.jsonl:7:1"),
            ("ledger::line", "ledger.jsonl:8:32"),
            ("ledger::line", "ledger.jsonl:9:10"),
            ("ledger::id", "ledger.jsonl:4:1"),
        ];
        assert_eq!(codes(&text), expected.map(|(code, place)| (code.to_owned(), place.to_owned())));
    }

    #[test]
    fn what_is_no_ledger_of_ours_is_refused() {
        for (text, code) in [
            ("", "ledger::header"),
            ("[]\n", "ledger::header"),
            ("{\"dateline\":\"cache\",\"version\":1}\n", "ledger::header"),
            ("{\"dateline\":\"ledger\",\"version\":3}\n", "ledger::version"),
            ("<<<<<<< ours\n", "ledger::conflict"),
        ] {
            assert_eq!(codes(text)[0].0, code, "{text}");
        }
    }

    #[test]
    fn an_imported_article_has_no_substance_until_it_is_published() {
        let import =
            "\"import\":{\"published\":{\"text\":\"2014-02-14\",\"from\":\"a.md:2\",\"rule\":\"its field\"}}";
        let line = format!(
            "{{\"id\":\"a\",\"source\":\"a.md\",\"published\":\"2014-02-14T00:00:00Z\",\"paths\":[],{import}}}"
        );
        let text = format!("{HEADER}\n{line}\n{FOOTER}\n");
        let ledger = read(&text, &mut Vec::new()).unwrap();
        assert_eq!(ledger.records()[0].substance, None);
        assert!(ledger.records()[0].has_substance(Some(Digest::of(b"any text"))));
        assert_eq!(written(&ledger), text);
        assert_eq!(codes(&text.replace(&format!(",{import}"), ""))[0].0, "ledger::line");
    }

    #[test]
    fn cut_anywhere_it_is_an_error() {
        let text = written(&Ledger::new(vec![record("a"), record("b")]));
        // Only the end of the last line may be missing.
        for end in 0..text.len() - 1 {
            assert_eq!(read(&text[..end], &mut Vec::new()), None, "cut at {end}");
        }
        assert!(read(text.trim_end(), &mut Vec::new()).is_some());
    }
}
