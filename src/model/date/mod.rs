//! Dates: one value, from which every output takes an article's dates.
//!
//! 1. [`parse`] reads a date as an author wrote it into a [`Written`] ([`in_path`] finds one in a path).
//! 2. [`Written::resolve`] places it in a time zone and gives a [`Moment`], or says why that would be a
//!    guess.
//! 3. A [`Moment`] is written for machines (RFC 3339, RFC 2822), and for people by `language::Locale`.

mod error;
mod iso;
mod lasting;
mod path;
mod pattern;
mod provenance;
mod text;
mod time;
mod written;
mod zone;

use chrono::{DateTime, Datelike, FixedOffset, NaiveDateTime, Offset, TimeDelta, Timelike, Utc};
use serde::{Deserialize, Serialize};

pub use error::DateError;
pub use path::{PathDate, in_path};
pub use pattern::check_pattern;
pub use provenance::{Dated, EXPIRES, FieldName, PINNED, PUBLISHED, Provenance, UPDATED, WIRE, known_field};
pub use time::MONTHS;
pub use written::{Ambiguous, Written, parse};
pub use zone::parse_zone;

/// The precision of a date as written. People are shown no more than that.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Precision {
    /// A day, such as `2014-02-14`.
    Day,
    /// A minute, such as `2014-02-14 14:47`.
    Minute,
    /// A second.
    Second,
}

/// A moment as an author dated it: the instant to the second, the offset that the author's clock showed, and the
/// precision of the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(into = "StoredMoment", try_from = "StoredMoment")]
pub struct Moment {
    instant: DateTime<Utc>,
    offset: FixedOffset,
    precision: Precision,
    /// A fraction of a second was written, which no output shows.
    has_fraction: bool,
}

/// Seconds from 1970, the offset in seconds east of UTC, the precision, whether there was a fraction of a second.
type StoredMoment = (i64, i32, Precision, bool);

impl From<Moment> for StoredMoment {
    fn from(moment: Moment) -> Self {
        let (seconds, offset) = (moment.instant.timestamp(), moment.offset.local_minus_utc());
        (seconds, offset, moment.precision, moment.has_fraction)
    }
}

impl TryFrom<StoredMoment> for Moment {
    type Error = &'static str;

    fn try_from((seconds, offset, precision, has_fraction): StoredMoment) -> Result<Self, Self::Error> {
        let instant = DateTime::from_timestamp(seconds, 0).ok_or("no date is so far away")?;
        let offset = FixedOffset::east_opt(offset).ok_or("no offset is a day long")?;
        Ok(Moment { instant, offset, precision, has_fraction })
    }
}

impl Moment {
    /// A moment at `instant`, cut to the second.
    pub fn new(instant: DateTime<Utc>, offset: FixedOffset, precision: Precision) -> Self {
        Moment {
            instant: DateTime::from_timestamp(instant.timestamp(), 0).unwrap_or(instant),
            offset,
            precision,
            has_fraction: false,
        }
    }

    /// The instant on a clock in `zone`; people are shown it to the minute.
    pub fn at(instant: DateTime<Utc>, zone: chrono_tz::Tz) -> Self {
        Moment::new(instant, instant.with_timezone(&zone).offset().fix(), Precision::Minute)
    }

    /// The first second at which the moment has passed: its own, or the next one if a fraction was written.
    pub fn passed(&self) -> DateTime<Utc> {
        self.instant + TimeDelta::seconds(i64::from(self.has_fraction))
    }

    /// The moment at [`passed`](Moment::passed).
    pub fn rounded_up(&self) -> Moment {
        Moment { instant: self.passed(), has_fraction: false, ..*self }
    }

    /// The moment in UTC, to the second.
    pub fn instant(&self) -> DateTime<Utc> {
        self.instant
    }

    /// The offset that the author's clock showed.
    pub fn offset(&self) -> FixedOffset {
        self.offset
    }

    /// The moment as feeds and `<time>` elements give it. An offset that is not whole minutes, as in local mean time,
    /// becomes UTC, because RFC 3339 (section 4.1) and RFC 2822 can't say it.
    pub fn for_machines(&self) -> DateTime<FixedOffset> {
        let whole = self.offset.local_minus_utc() % 60 == 0;
        self.instant.with_timezone(&if whole { self.offset } else { Utc.fix() })
    }

    /// The precision with which it was written.
    pub fn precision(&self) -> Precision {
        self.precision
    }

    /// Instant, offset and precision as bytes, for digests.
    pub fn bytes(&self) -> [u8; 13] {
        let mut bytes = [0; 13];
        bytes[..8].copy_from_slice(&self.instant.timestamp().to_le_bytes());
        bytes[8..12].copy_from_slice(&self.offset.local_minus_utc().to_le_bytes());
        bytes[12] = self.precision as u8;
        bytes
    }

    /// Date and time on the author's clock.
    pub fn local(&self) -> NaiveDateTime {
        self.instant.with_timezone(&self.offset).naive_local()
    }

    /// RFC 3339, such as `2014-02-14T14:47:00+08:00`; offset zero is `Z`.
    pub fn rfc3339(&self) -> String {
        let local = self.for_machines();
        let mut text = String::with_capacity(25);
        // A site has tens of thousands of dates, and chrono's formatting parses its pattern for each.
        digits(&mut text, local.year().unsigned_abs(), 4);
        for (mark, number) in [('-', local.month()), ('-', local.day()), ('T', local.hour())] {
            text.push(mark);
            digits(&mut text, number, 2);
        }
        for number in [local.minute(), local.second()] {
            text.push(':');
            digits(&mut text, number, 2);
        }
        match local.offset().local_minus_utc() / 60 {
            0 => text.push('Z'),
            minutes => {
                text.push(if minutes < 0 { '-' } else { '+' });
                digits(&mut text, minutes.unsigned_abs() / 60, 2);
                text.push(':');
                digits(&mut text, minutes.unsigned_abs() % 60, 2);
            }
        }
        text
    }

    /// RFC 2822 with a four-digit year, English names and a numeric offset, such as
    /// `Fri, 14 Feb 2014 14:47:00 +0800`.
    pub fn rfc2822(&self) -> String {
        self.for_machines().format("%a, %d %b %Y %H:%M:%S %z").to_string()
    }
}

/// Writes `number` with at least `length` digits.
fn digits(text: &mut String, number: u32, length: u32) {
    if number >= 10_u32.pow(length) {
        digits(text, number / 10_u32.pow(length), 1);
    }
    for place in (0..length).rev() {
        let digit = (number / 10_u32.pow(place)) % 10;
        text.push(char::from(b'0' + digit as u8));
    }
}

#[cfg(test)]
mod tests;
