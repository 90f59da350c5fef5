//! The one clock: read once in each run, and nowhere else.

use std::time::{SystemTime, UNIX_EPOCH};

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use dateline::model::date::{self, Ambiguous};
use miette::Diagnostic;
use thiserror::Error;

/// Errors in the time given for a run.
#[derive(Debug, Error, Diagnostic)]
pub enum ClockError {
    /// `--now` is no valid instant.
    #[error("`--now {text}` is no instant: {reason}")]
    #[diagnostic(code(usage::now), help("write it as in `--now 2026-01-01T00:00:00Z`"))]
    Now {
        /// The argument.
        text: String,
        /// The reason.
        reason: String,
    },
    /// `SOURCE_DATE_EPOCH` is no number.
    #[error("`SOURCE_DATE_EPOCH` is \u{201c}{text}\u{201d}, which is no number of seconds")]
    #[diagnostic(code(usage::epoch), help("set it to the seconds since 1970-01-01T00:00:00Z, or unset it"))]
    Epoch {
        /// Its value.
        text: String,
    },
}

/// The run's `now`, to the second: `argument` (`--now`) if given, else `SOURCE_DATE_EPOCH`, else the
/// system's clock. A time without an offset is UTC.
pub fn now(argument: Option<&str>) -> Result<DateTime<Utc>, ClockError> {
    if let Some(text) = argument {
        let refuse =
            |error: date::DateError| ClockError::Now { text: text.to_owned(), reason: error.to_string() };
        let written = date::parse(text).map_err(refuse)?;
        return written.resolve(Tz::UTC, Ambiguous::Refuse).map(|moment| moment.instant()).map_err(refuse);
    }
    if let Ok(text) = std::env::var("SOURCE_DATE_EPOCH") {
        let seconds = text.trim().parse().ok().and_then(|seconds| DateTime::from_timestamp(seconds, 0));
        return seconds.ok_or(ClockError::Epoch { text });
    }
    Ok(present())
}

/// The system's clock, to the second.
#[allow(clippy::disallowed_methods, reason = "this is the one place that reads the system's clock")]
pub fn present() -> DateTime<Utc> {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    DateTime::from_timestamp(since.as_secs() as i64, 0).unwrap_or(DateTime::UNIX_EPOCH)
}
