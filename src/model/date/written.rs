//! A date as an author wrote it, and its resolution in a time zone.

use chrono::{
    DateTime, Datelike, FixedOffset, MappedLocalTime, NaiveDate, NaiveDateTime, Offset, TimeDelta, TimeZone,
};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

use super::{DateError, Moment, Precision, iso, text};

/// A date as written: its civil date and time, and the zone if it named one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Written {
    #[serde(with = "civil")]
    pub(super) civil: NaiveDateTime,
    pub(super) zone: Zone,
    pub(super) precision: Precision,
    /// The text said second 60: the moment is the second after `civil`.
    pub(super) leap: bool,
    /// The text said a fraction of a second that is not zero.
    pub(super) fraction: bool,
}

/// The zone that a date names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Zone {
    #[serde(with = "offset")]
    Offset(FixedOffset),
    Named(Tz),
    None,
}

/// Serde's form of a civil time: the seconds from 1970 as if it were in UTC. Chrono's own form is a text.
mod civil {
    use chrono::{DateTime, NaiveDateTime};
    use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

    pub fn serialize<S: Serializer>(civil: &NaiveDateTime, serializer: S) -> Result<S::Ok, S::Error> {
        civil.and_utc().timestamp().serialize(serializer)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<NaiveDateTime, D::Error> {
        let seconds = i64::deserialize(deserializer)?;
        let civil = DateTime::from_timestamp(seconds, 0).map(|utc| utc.naive_utc());
        civil.ok_or_else(|| de::Error::custom("no time"))
    }
}

/// Serde's form of an offset: seconds east of UTC.
mod offset {
    use chrono::FixedOffset;
    use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

    pub fn serialize<S: Serializer>(offset: &FixedOffset, serializer: S) -> Result<S::Ok, S::Error> {
        offset.local_minus_utc().serialize(serializer)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<FixedOffset, D::Error> {
        FixedOffset::east_opt(i32::deserialize(deserializer)?).ok_or_else(|| de::Error::custom("no offset"))
    }
}

/// How to resolve a local time that happened twice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ambiguous {
    /// As an error.
    Refuse,
    /// As the first of the two.
    Earlier,
    /// As the second of the two.
    Later,
}

/// Reads a date: RFC 3339 and ISO 8601 calendar dates, RFC 2822, and the form of news wires (`Friday, 14 February,
/// 2014, 2:47pm`). Nothing is guessed.
///
/// # Errors
/// [`DateError`] names the part that can't be read, or would need a guess.
pub fn parse(written: &str) -> Result<Written, DateError> {
    let text = written.trim();
    let before = written.len() - written.trim_start().len();
    let bytes = text.as_bytes();
    let iso =
        bytes.len() >= 5 && bytes[..4].iter().all(u8::is_ascii_digit) && matches!(bytes[4], b'-' | b'/');
    let parsed = if iso { iso::parse(text) } else { text::parse(text) };
    parsed.map_err(|error| shift(error, before))
}

/// Moves the place of an error from the trimmed text to the whole text.
fn shift(mut error: DateError, by: usize) -> DateError {
    if let DateError::Unreadable { span, .. }
    | DateError::OutOfRange { span, .. }
    | DateError::NoSuchDay { span, .. }
    | DateError::Weekday { span, .. }
    | DateError::Zone { span, .. } = &mut error
    {
        *span = span.start + by..span.end + by;
    }
    error
}

impl Written {
    /// True if the text names an offset or a zone.
    pub fn has_zone(&self) -> bool {
        self.zone != Zone::None
    }

    /// The precision with which it was written.
    pub fn precision(&self) -> Precision {
        self.precision
    }

    /// The day as written.
    pub fn day(&self) -> NaiveDate {
        self.civil.date()
    }

    /// The moment of this date: in its own zone, else in `zone`. A day without a time is its first instant.
    ///
    /// # Errors
    /// [`DateError::Skipped`] for a local time that the zone skipped; [`DateError::Twice`] for one that happened
    /// twice, unless `ambiguous` settles it; [`DateError::Beyond`] for one after the year 9999.
    pub fn resolve(&self, zone: Tz, ambiguous: Ambiguous) -> Result<Moment, DateError> {
        let (instant, offset) = match self.zone {
            Zone::Offset(offset) => {
                let local = offset.from_local_datetime(&self.civil).earliest();
                let local = local.ok_or_else(|| self.skipped_day("UTC"))?;
                (local.to_utc(), offset)
            }
            Zone::Named(own) => self.in_zone(own, ambiguous)?,
            Zone::None => self.in_zone(zone, ambiguous)?,
        };
        let instant = if self.leap { instant + TimeDelta::seconds(1) } else { instant };
        let moment = Moment { has_fraction: self.fraction, ..Moment::new(instant, offset, self.precision) };
        // A leap second may end the last year that formats for machines can express.
        match moment.for_machines().year() {
            1..=9999 => Ok(moment),
            year => Err(DateError::Beyond { year }),
        }
    }

    fn in_zone(
        &self,
        zone: Tz,
        ambiguous: Ambiguous,
    ) -> Result<(DateTime<chrono::Utc>, FixedOffset), DateError> {
        let whole_day = self.precision == Precision::Day;
        let split = |local: DateTime<Tz>| (local.to_utc(), local.offset().fix());
        match zone.from_local_datetime(&self.civil) {
            MappedLocalTime::Single(local) => Ok(split(local)),
            MappedLocalTime::Ambiguous(a, b) => {
                let (earlier, later) = if a <= b { (a, b) } else { (b, a) };
                match ambiguous {
                    Ambiguous::Later if !whole_day => Ok(split(later)),
                    Ambiguous::Refuse if !whole_day => Err(DateError::Twice {
                        local: self.civil.format("%Y-%m-%d %H:%M").to_string(),
                        zone: zone.name().to_owned(),
                        earlier: earlier.to_rfc3339(),
                        later: later.to_rfc3339(),
                    }),
                    _ => Ok(split(earlier)),
                }
            }
            MappedLocalTime::None => {
                let after = neighbour(zone, self.civil, 1);
                if whole_day {
                    let first = after.filter(|local| local.date_naive() == self.day());
                    return first.map(split).ok_or_else(|| self.skipped_day(zone.name()));
                }
                let show = |local: Option<DateTime<Tz>>| {
                    local.map_or_else(String::new, |local| local.format("%Y-%m-%dT%H:%M:%S%:z").to_string())
                };
                Err(DateError::Skipped {
                    local: self.civil.format("%Y-%m-%d %H:%M").to_string(),
                    zone: zone.name().to_owned(),
                    before: show(neighbour(zone, self.civil, -1)),
                    after: show(after),
                })
            }
        }
    }

    fn skipped_day(&self, zone: &str) -> DateError {
        DateError::SkippedDay { date: self.day(), zone: zone.to_owned() }
    }
}

/// The nearest minute before (`step` -1) or after (1) `civil` that exists in `zone`. No zone ever skipped more than a
/// day.
fn neighbour(zone: Tz, civil: NaiveDateTime, step: i64) -> Option<DateTime<Tz>> {
    let minute = civil - TimeDelta::seconds(civil.and_utc().timestamp().rem_euclid(60));
    (0..=25 * 60).find_map(|minutes| {
        let at = minute.checked_add_signed(TimeDelta::minutes(minutes * step))?;
        match zone.from_local_datetime(&at) {
            MappedLocalTime::None => None,
            found if step > 0 => found.earliest(),
            found => found.latest(),
        }
    })
}
