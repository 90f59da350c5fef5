//! Date patterns of CLDR (UTS #35, part 4, section 8).

use chrono::{Datelike, NaiveDateTime, Timelike};

use super::cldr::{Entry, Field};
use super::locale::Calendar;

/// Writes `local` as `pattern` has it, with the names of `entry` and the numbers of `calendar`, in Western digits.
pub fn write(pattern: &str, entry: &'static Entry, calendar: Calendar, local: NaiveDateTime) -> String {
    let day = calendar.day(local.date());
    let month = day.month as usize - 1;
    let weekday = local.weekday().num_days_from_monday() as usize;
    let half = usize::from(local.hour() >= 12);
    let mut text = String::new();
    let mut letters = pattern.chars().peekable();
    while let Some(letter) = letters.next() {
        if letter == '\'' {
            quoted(&mut letters, &mut text);
            continue;
        }
        if !letter.is_ascii_alphabetic() {
            text.push(letter);
            continue;
        }
        let mut length = 1;
        while letters.next_if_eq(&letter).is_some() {
            length += 1;
        }
        let mut number = |value: i64| text.push_str(&padded(value, length));
        match (letter, length) {
            ('y', 2) => number(day.year.rem_euclid(100)),
            ('y', _) => number(day.year),
            ('M' | 'L', 1 | 2) => number(i64::from(day.month)),
            ('d', _) => number(i64::from(day.day)),
            ('H', _) => number(i64::from(local.hour())),
            ('h', _) => number(i64::from(local.hour12().1)),
            ('m', _) => number(i64::from(local.minute())),
            ('M', 3) => text.push_str(entry.name_in(Field::ShortMonths, month)),
            ('M', _) => text.push_str(entry.name_in(Field::Months, month)),
            ('L', 3) => text.push_str(entry.name_in(Field::ShortMonthsAlone, month)),
            ('L', _) => text.push_str(entry.name_in(Field::MonthsAlone, month)),
            ('E', 4) => text.push_str(entry.name_in(Field::Weekdays, weekday)),
            ('E', _) => text.push_str(entry.name_in(Field::ShortWeekdays, weekday)),
            ('c', 4) => text.push_str(entry.name_in(Field::WeekdaysAlone, weekday)),
            ('G', _) => text.push_str(entry.text(Field::Era)),
            // Periods of a day that are finer than its halves say no more than the hour does.
            ('a' | 'B', _) => text.push_str(entry.name_in(Field::Halves, half)),
            _ => {}
        }
    }
    text
}

/// The words in `pattern` that are no fields.
pub fn literals(pattern: &str) -> Vec<String> {
    let mut text = String::new();
    let mut letters = pattern.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '\'' => quoted(&mut letters, &mut text),
            letter if letter.is_alphabetic() && !letter.is_ascii() => text.push(letter),
            _ => text.push(' '),
        }
    }
    text.split_whitespace().filter(|word| word.chars().all(char::is_alphabetic)).map(str::to_owned).collect()
}

/// Copies a text in quotes; two quotes are one.
fn quoted(letters: &mut std::iter::Peekable<std::str::Chars<'_>>, text: &mut String) {
    if letters.next_if_eq(&'\'').is_some() {
        text.push('\'');
        return;
    }
    while let Some(letter) = letters.next() {
        match letter {
            '\'' if letters.next_if_eq(&'\'').is_some() => text.push('\''),
            '\'' => return,
            _ => text.push(letter),
        }
    }
}

fn padded(value: i64, length: usize) -> String {
    format!("{value:0length$}")
}
