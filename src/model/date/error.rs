//! Errors in dates.

use std::ops::Range;

use chrono::{DateTime, NaiveDate, Utc};
use miette::Diagnostic;
use thiserror::Error;

use super::Moment;

/// Why a date can't be read, or would need a guess.
#[derive(Debug, Clone, PartialEq, Eq, Error, Diagnostic)]
pub enum DateError {
    /// A part of the text that belongs to no date.
    #[error("\u{201c}{part}\u{201d} can't be read as part of the date \u{201c}{text}\u{201d}")]
    #[diagnostic(
        code(date::unreadable),
        help("write it as 2014-02-14, 2014-02-14T14:47:00+08:00 or 14 February 2014, 2:47pm")
    )]
    Unreadable {
        /// The whole text.
        text: String,
        /// The part.
        part: String,
        /// The place of the part in the text, in bytes.
        span: Range<usize>,
    },
    /// A number that is out of range.
    #[error("there is no {unit} {part}")]
    #[diagnostic(code(date::range), help("{unit}s go from {least} to {most}"))]
    OutOfRange {
        /// `month`, `hour`…
        unit: &'static str,
        /// The number as written.
        part: String,
        /// The least there is.
        least: u32,
        /// The most there is.
        most: u32,
        /// Its place in the text, in bytes.
        span: Range<usize>,
    },
    /// A moment that formats for machines can't express.
    #[error("that moment is in the year {year}")]
    #[diagnostic(code(date::range), help("years go from 1 to 9999"))]
    Beyond {
        /// The year.
        year: i32,
    },
    /// A day that its month does not have.
    #[error("there is no {day} {month} in {year}")]
    #[diagnostic(code(date::no_such_day), help("the last day of that month is the {last}"))]
    NoSuchDay {
        /// The day.
        day: u32,
        /// The month's name.
        month: &'static str,
        /// The year.
        year: i32,
        /// The month's last day.
        last: u32,
        /// The place of the day in the text, in bytes.
        span: Range<usize>,
    },
    /// Weekday and date disagree.
    #[error("{date} is a {actual}, not a {written}")]
    #[diagnostic(code(date::weekday), help("correct the date, or write {actual}"))]
    Weekday {
        /// The date.
        date: NaiveDate,
        /// The weekday as written, in full.
        written: &'static str,
        /// The weekday it is.
        actual: &'static str,
        /// The place of the weekday in the text, in bytes.
        span: Range<usize>,
    },
    /// A date that could mean more than one day, or leaves something out.
    #[error("\u{201c}{text}\u{201d} would need a guess: {reason}")]
    #[diagnostic(code(date::guess), help("write {remedy}"))]
    Guess {
        /// The text.
        text: String,
        /// The part that the text leaves open.
        reason: &'static str,
        /// How to write it without a guess.
        remedy: String,
    },
    /// A local time that a change of the clocks skipped.
    #[error("{local} never was in {zone}: the clocks went forward over it")]
    #[diagnostic(code(date::skipped), help("write {before} or {after}, or give an offset"))]
    Skipped {
        /// The local time.
        local: String,
        /// The zone.
        zone: String,
        /// The last minute before the gap.
        before: String,
        /// The first after it.
        after: String,
    },
    /// A whole day that a zone skipped.
    #[error("{date} never was in {zone}: the whole day was skipped")]
    #[diagnostic(code(date::skipped), help("write the day before or the day after"))]
    SkippedDay {
        /// The day.
        date: NaiveDate,
        /// The zone.
        zone: String,
    },
    /// A local time that happened twice.
    #[error("{local} was twice in {zone}, when the clocks went back: {earlier} and {later}")]
    #[diagnostic(
        code(date::twice),
        help(
            "write one of the two, or set `ambiguous = \"earlier\"` or `\"later\"` under `[dates]` in `site.toml`"
        )
    )]
    Twice {
        /// The local time.
        local: String,
        /// The zone.
        zone: String,
        /// The first reading, RFC 3339.
        earlier: String,
        /// The second, RFC 3339.
        later: String,
    },
    /// A time zone that does not exist.
    #[error("there is no time zone \u{201c}{name}\u{201d}")]
    #[diagnostic(code(date::zone), help("{remedy}"))]
    Zone {
        /// The name.
        name: String,
        /// The nearest name that exists.
        remedy: String,
        /// Its place in the text, in bytes.
        span: Range<usize>,
    },
    /// A pattern that can't be followed.
    #[error("\u{201c}{pattern}\u{201d} is no pattern for a date")]
    #[diagnostic(code(date::pattern), help("use strftime's placeholders, such as `%-d %B %Y, %H:%M`"))]
    Pattern {
        /// The pattern.
        pattern: String,
    },
    /// An update dated before the publication.
    #[error("this was updated ({}) before it was published ({})", updated.rfc3339(), published.rfc3339())]
    #[diagnostic(
        severity(warning),
        code(date::order),
        help("the date of publication counts for both; take out the other one, or correct it")
    )]
    UpdatedBeforePublished {
        /// The date of publication.
        published: Moment,
        /// The date of the update.
        updated: Moment,
    },
    /// An update of something without a date of publication.
    #[error("this says when it was updated, and has no date of publication")]
    #[diagnostic(
        severity(warning),
        code(date::alone),
        help("add `date` to make it an article; a page without one shows no dates")
    )]
    UpdatedAlone,
    /// A correction dated before the publication.
    #[error("this was corrected ({}) before it was published ({})", corrected.rfc3339(), published.rfc3339())]
    #[diagnostic(code(date::order), help("correct one of the two dates"))]
    CorrectedBeforePublished {
        /// The date of publication.
        published: Moment,
        /// The date of the correction.
        corrected: Moment,
    },
    /// A correction dated in the future.
    #[error("the correction is in the future: {} is later than now, {}", corrected.rfc3339(), now.format("%Y-%m-%dT%H:%M:%SZ"))]
    #[diagnostic(code(date::future), help("correct its `date`; only a publication can be scheduled"))]
    CorrectedInFuture {
        /// The date of the correction.
        corrected: Moment,
        /// The run's clock.
        now: DateTime<Utc>,
    },
    /// An expiry dated before the publication.
    #[error("this expires ({}) before it is published ({}), and would never be seen", expires.rfc3339(), published.rfc3339())]
    #[diagnostic(
        code(date::expires),
        help("correct one of the two; to hold an article back, write `draft = true`")
    )]
    ExpiresBeforePublished {
        /// The date of expiry.
        expires: Moment,
        /// The date of publication.
        published: Moment,
    },
    /// An update dated in the future.
    #[error("the update is in the future: {} is later than now, {}", updated.rfc3339(), now.format("%Y-%m-%dT%H:%M:%SZ"))]
    #[diagnostic(code(date::future), help("correct `updated`; only a publication can be scheduled"))]
    UpdatedInFuture {
        /// The date of the update.
        updated: Moment,
        /// The run's clock.
        now: DateTime<Utc>,
    },
}

impl DateError {
    /// The bytes of the text that are wrong; `None` if it is all of it.
    pub fn span(&self) -> Option<Range<usize>> {
        match self {
            DateError::Unreadable { span, .. }
            | DateError::OutOfRange { span, .. }
            | DateError::NoSuchDay { span, .. }
            | DateError::Weekday { span, .. }
            | DateError::Zone { span, .. } => Some(span.clone()),
            _ => None,
        }
    }
}
