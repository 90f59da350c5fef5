//! Days in the calendars that people read.

use chrono::{Datelike, NaiveDate};

use super::locale::Calendar;

/// A day as a calendar numbers it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Day {
    /// The year.
    pub year: i64,
    /// The month, from 1.
    pub month: u32,
    /// The day of the month.
    pub day: u32,
}

/// Years of the Buddhist era before those of the common one.
const BUDDHIST: i64 = 543;

/// The first day of the Persian calendar, as chrono counts days (from 1 January of the year 1).
const PERSIAN_EPOCH: i64 = 226_895;

impl Calendar {
    /// The day of `date`.
    pub fn day(self, date: NaiveDate) -> Day {
        let (year, month, day) = (i64::from(date.year()), date.month(), date.day());
        match self {
            Calendar::Gregorian => Day { year, month, day },
            Calendar::Buddhist => Day { year: year + BUDDHIST, month, day },
            Calendar::Persian => persian(date),
        }
    }
}

/// The day of the Persian calendar, whose leap years are counted by the cycle of 33 years, as in ICU.
fn persian(date: NaiveDate) -> Day {
    let days = i64::from(date.num_days_from_ce()) - PERSIAN_EPOCH;
    let year = 1 + (33 * days + 3).div_euclid(12_053);
    let before = 365 * (year - 1) + (8 * year + 21).div_euclid(33);
    let of_year = days - before;
    // Six months of 31 days, then months of 30.
    let month = if of_year < 216 { of_year / 31 } else { (of_year - 6) / 30 };
    let first = if month > 6 { 30 * month + 6 } else { 31 * month };
    let number = |value: i64| u32::try_from(value + 1).unwrap_or(1);
    Day { year, month: number(month), day: number(of_year - first) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_of_the_persian_calendar_are_those_of_icu() {
        for (date, expected) in [
            ("2026-11-30", (1405, 9, 9)),
            ("2026-03-20", (1404, 12, 29)),
            ("2026-03-21", (1405, 1, 1)),
            ("2025-03-20", (1403, 12, 30)),
            ("2025-03-21", (1404, 1, 1)),
            ("2024-03-20", (1403, 1, 1)),
            ("2014-02-14", (1392, 11, 25)),
            ("2000-01-01", (1378, 10, 11)),
            ("1979-02-11", (1357, 11, 22)),
            ("2026-09-22", (1405, 6, 31)),
            ("2026-09-23", (1405, 7, 1)),
        ] {
            let day = Calendar::Persian.day(date.parse().unwrap());
            assert_eq!((day.year, day.month, day.day), expected, "{date}");
        }
    }
}
