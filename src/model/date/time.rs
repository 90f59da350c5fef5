//! Parts that all forms of dates share: days, times of day, offsets.

use std::ops::Range;

use chrono::{Datelike, FixedOffset, NaiveDate, NaiveTime};

use super::DateError;
use super::written::Zone;
use super::zone::parse_zone;

/// The English names of the months.
pub const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// A number in the text, with its place.
#[derive(Debug, Clone)]
pub(super) struct Number {
    pub value: u32,
    pub span: Range<usize>,
}

/// The day with that year, month and number.
pub(super) fn day(year: &Number, month: &Number, day: &Number) -> Result<NaiveDate, DateError> {
    within("year", year, 1, 9999)?;
    within("month", month, 1, 12)?;
    within("day", day, 1, 31)?;
    let (y, m) = (year.value as i32, month.value);
    NaiveDate::from_ymd_opt(y, m, day.value).ok_or_else(|| {
        let last = (28..=31).rev().find(|last| NaiveDate::from_ymd_opt(y, m, *last).is_some());
        DateError::NoSuchDay {
            day: day.value,
            month: MONTHS[m as usize - 1],
            year: y,
            last: last.unwrap_or(28),
            span: day.span.clone(),
        }
    })
}

/// The time with that hour, minute and second. The flag is true if the second was written as 60.
pub(super) fn time(
    hour: &Number,
    minute: &Number,
    second: Option<&Number>,
) -> Result<(NaiveTime, bool), DateError> {
    within("hour", hour, 0, 23)?;
    within("minute", minute, 0, 59)?;
    let leap = second.is_some_and(|second| second.value == 60);
    if let Some(second) = second.filter(|_| !leap) {
        within("second", second, 0, 59)?;
    }
    let seconds = if leap { 59 } else { second.map_or(0, |second| second.value) };
    let time = NaiveTime::from_hms_opt(hour.value, minute.value, seconds).unwrap_or_default();
    Ok((time, leap))
}

pub(super) fn within(unit: &'static str, number: &Number, least: u32, most: u32) -> Result<(), DateError> {
    if (least..=most).contains(&number.value) {
        return Ok(());
    }
    let part = number.value.to_string();
    Err(DateError::OutOfRange { unit, part, least, most, span: number.span.clone() })
}

/// Reads `part` as a zone: `Z`, `±H`, `±HH`, `±HHMM`, `±H:MM`, `±HH:MM`, a zone name of RFC 822 (section 5.1) or an IANA name. `at`
/// is the byte of the text at which `part` starts.
pub(super) fn zone(part: &str, at: usize, text: &str) -> Result<Zone, DateError> {
    let span = at..at + part.len();
    let unreadable =
        || DateError::Unreadable { text: text.to_owned(), part: part.to_owned(), span: span.clone() };
    let hours = |hours: i32| FixedOffset::east_opt(hours * 3600).map(Zone::Offset).ok_or_else(unreadable);
    match part.to_ascii_uppercase().as_str() {
        "Z" | "UT" | "UTC" | "GMT" => return hours(0),
        "EDT" => return hours(-4),
        "EST" | "CDT" => return hours(-5),
        "CST" | "MDT" => return hours(-6),
        "MST" | "PDT" => return hours(-7),
        "PST" => return hours(-8),
        _ => {}
    }
    let sign = match part.as_bytes().first() {
        Some(b'+') => 1,
        Some(b'-') => -1,
        Some(first) if first.is_ascii_alphabetic() && part.contains('/') => {
            return parse_zone(part).map(Zone::Named).map_err(|error| match error {
                DateError::Zone { name, remedy, .. } => DateError::Zone { name, remedy, span: span.clone() },
                other => other,
            });
        }
        _ => {
            // A typographic minus sign (U+2212).
            match part.strip_prefix('\u{2212}') {
                Some(_) => -1,
                None => return Err(unreadable()),
            }
        }
    };
    let digits: String = part.chars().skip(1).filter(|c| *c != ':').collect();
    let shape: String = part.chars().skip(1).map(|c| if c.is_ascii_digit() { 'd' } else { c }).collect();
    let hours = match shape.as_str() {
        "d" | "d:dd" => 1,
        "dd" | "dddd" | "dd:dd" => 2,
        _ => return Err(unreadable()),
    };
    let number = |range: Range<usize>| digits.get(range).and_then(|digits| digits.parse::<u32>().ok());
    let hour = Number { value: number(0..hours).unwrap_or(0), span: span.clone() };
    let minute = Number { value: number(hours..hours + 2).unwrap_or(0), span: span.clone() };
    within("offset hour", &hour, 0, 23)?;
    within("offset minute", &minute, 0, 59)?;
    let seconds = sign * (hour.value * 3600 + minute.value * 60) as i32;
    FixedOffset::east_opt(seconds).map(Zone::Offset).ok_or_else(unreadable)
}

/// The English name of the weekday of `date`.
pub(super) fn weekday(date: NaiveDate) -> &'static str {
    WEEKDAYS[date.weekday().num_days_from_monday() as usize]
}

pub(super) const WEEKDAYS: [&str; 7] =
    ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
