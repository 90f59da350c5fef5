//! Reads dates with the names of a language: `Freitag, 14. Februar 2014, 14:47 Uhr`, `2014年2月14日（金）14:47`.
//!
//! A text is cut into numbers and names, and these are written anew as an English date, which the reader of English dates
//! then checks. So weekdays, days and times are held to the same rules in every language.

mod words;

use chrono::{NaiveDate, TimeDelta};
use words::{FILLERS, HALVES};

use super::cldr::{Entry, Field};
use super::locale::{Calendar, Locale};
use super::pattern::literals;
use crate::model::date::{self, DateError, MONTHS, Written};

const WEEKDAYS: [&str; 7] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

/// Years of the Buddhist era that are not mistaken for others.
const BUDDHIST: std::ops::RangeInclusive<i32> = 2400..=2700;
/// Years of the Persian calendar that are not mistaken for others.
const PERSIAN: std::ops::RangeInclusive<i32> = 1200..=1500;

/// Reads `text` with the names of each of `locales`.
///
/// # Errors
/// Nobody can read it; or several read it, and not as the same date.
pub fn read_date(text: &str, locales: &[Locale]) -> Result<Written, DateError> {
    let mut read: Vec<Written> = Vec::new();
    let mut understood = None;
    for locale in locales {
        for english in Names::of(*locale).in_english(text) {
            match date::parse(&english) {
                Ok(written) if read.contains(&written) => {}
                Ok(written) => read.push(written),
                Err(error) => understood = understood.or(Some(error)),
            }
        }
    }
    match read.as_slice() {
        [] => Err(understood.unwrap_or_else(|| DateError::Unreadable {
            text: text.to_owned(),
            part: text.to_owned(),
            span: 0..text.len(),
        })),
        [one] => Ok(one.clone()),
        several => {
            let days: Vec<String> = several.iter().map(|written| written.day().to_string()).collect();
            Err(DateError::Guess {
                text: text.to_owned(),
                reason: "it is another day in each language of its folder",
                remedy: days.join(" or "),
            })
        }
    }
}

/// A part of a date.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    /// The number of a month of the Gregorian calendar.
    Month(usize),
    /// The number of a month of the Persian calendar.
    Persian(usize),
    Weekday(usize),
    /// True for the afternoon.
    Half(bool),
    Filler,
}

/// The names of a language, the longest first.
struct Names {
    locale: Locale,
    names: Vec<(String, Part)>,
    /// Words are not separated by spaces, so a name may be followed by any letter.
    is_dense: bool,
}

/// A date in parts.
#[derive(Debug, Default)]
struct Parts {
    weekdays: Vec<usize>,
    months: Vec<Part>,
    /// Names that are both: weekday and month.
    either: Vec<(usize, Part)>,
    year: Option<i32>,
    day: Option<u32>,
    time: Option<String>,
    half: Option<bool>,
    zone: Option<String>,
}

impl Names {
    fn of(locale: Locale) -> Names {
        let language = locale.name().split('-').next().unwrap_or_default();
        let mut names: Vec<(String, Part)> = Vec::new();
        let mut add = |entry: &Entry, field: Field, part: &dyn Fn(usize) -> Part| {
            for (at, name) in entry.names(field).enumerate() {
                names.push((folded(name), part(at)));
            }
        };
        let gregorian = locale.gregorian;
        for field in [Field::Months, Field::MonthsAlone, Field::ShortMonths, Field::ShortMonthsAlone] {
            add(gregorian, field, &Part::Month);
            if locale.calendar == Calendar::Persian {
                add(locale.entry, field, &Part::Persian);
            }
        }
        for field in [Field::Weekdays, Field::WeekdaysAlone, Field::ShortWeekdays] {
            add(gregorian, field, &Part::Weekday);
        }
        add(gregorian, Field::Halves, &|at| Part::Half(at == 1));
        let own = |known: &&str| *known == language;
        let halves = HALVES.iter().filter(|(of, ..)| own(of));
        names.extend(halves.map(|(_, name, is_late)| (folded(name), Part::Half(*is_late))));
        let fillers = FILLERS.iter().filter(|(of, _)| own(of)).flat_map(|(_, words)| words.split(' '));
        names.extend(fillers.map(|word| (folded(word), Part::Filler)));
        let patterns = [Field::FullDate, Field::LongDate, Field::MediumDate, Field::Time, Field::DateTime];
        let patterns = patterns.into_iter().flat_map(|field| literals(locale.entry.text(field)));
        names.extend(patterns.map(|word| (folded(&word), Part::Filler)));
        // In Hebrew the preposition is a part of the word behind it.
        if language == "he" {
            let prefixed: Vec<(String, Part)> = names
                .iter()
                .filter(|(_, part)| matches!(part, Part::Month(_)))
                .map(|(name, part)| (format!("\u{5d1}{name}"), *part))
                .collect();
            names.extend(prefixed);
        }
        // Numbers of months are no names of them: `2月`.
        names.retain(|(name, _)| !name.is_empty() && !name.starts_with(|c: char| value(c).is_some()));
        names.sort_by(|(one, _), (other, _)| other.len().cmp(&one.len()).then(one.cmp(other)));
        names.dedup();
        Names {
            locale,
            names,
            is_dense: matches!(language, "zh" | "ja" | "th" | "ko" | "yue" | "lo" | "km" | "my"),
        }
    }

    /// `text` as an English date: none if it can't be read, two if a name in it can be of a weekday or of a month.
    fn in_english(&self, text: &str) -> Vec<String> {
        let Some(parts) = self.parts(&folded(text)) else { return Vec::new() };
        let mut readings = vec![(parts.weekdays.clone(), parts.months.clone())];
        for (weekday, month) in &parts.either {
            readings = readings
                .into_iter()
                .flat_map(|(weekdays, months)| {
                    let as_weekday = ([weekdays.as_slice(), &[*weekday]].concat(), months.clone());
                    let as_month = (weekdays, [months.as_slice(), &[*month]].concat());
                    [as_weekday, as_month]
                })
                .collect();
        }
        let written = readings
            .into_iter()
            .filter_map(|(weekdays, months)| parts.english(self.locale, &weekdays, &months));
        written.collect()
    }

    /// The parts of a folded text; `None` if something in it is no part of a date.
    fn parts(&self, text: &str) -> Option<Parts> {
        let mut parts = Parts::default();
        let mut rest = text;
        loop {
            rest = rest.trim_start_matches(|c: char| {
                c.is_whitespace()
                    || ",.()/\u{2013}\u{2014}\u{60c}\u{3001}\u{ff08}\u{ff09}\u{ff0c}\u{200f}\u{200e}\u{30fb}"
                        .contains(c)
            });
            if let Some(after) = rest.strip_prefix("- ") {
                rest = after;
                continue;
            }
            let Some(first) = rest.chars().next() else { return Some(parts) };
            rest = match value(first) {
                Some(_) => parts.number(rest)?,
                None => match self.name(rest) {
                    Some((found, after)) => {
                        parts.add(&found);
                        after
                    }
                    None => parts.zone(rest)?,
                },
            };
        }
    }

    /// The name that `text` begins with, as all the parts that it can be.
    fn name<'t>(&self, text: &'t str) -> Option<(Vec<Part>, &'t str)> {
        let ends = |after: &str| {
            let next = after.chars().next();
            self.is_dense || !next.is_some_and(|next| next.is_alphabetic() || unicode_mark(next))
        };
        let fits = |name: &str| text.strip_prefix(name).filter(|after| ends(after));
        let (name, after) = self.names.iter().find_map(|(name, _)| Some((name, fits(name)?)))?;
        let found: Vec<Part> =
            self.names.iter().filter(|(known, _)| known == name).map(|(_, part)| *part).collect();
        Some((found, after))
    }
}

impl Parts {
    fn add(&mut self, found: &[Part]) {
        let month = found.iter().find(|part| matches!(part, Part::Month(_) | Part::Persian(_)));
        let weekday = found.iter().find_map(|part| match part {
            Part::Weekday(at) => Some(*at),
            _ => None,
        });
        match (month, weekday) {
            (Some(month), Some(weekday)) => self.either.push((weekday, *month)),
            (Some(month), None) => self.months.push(*month),
            (None, Some(weekday)) => self.weekdays.push(weekday),
            (None, None) => {
                let half = found.iter().find_map(|part| match part {
                    Part::Half(is_late) => Some(*is_late),
                    _ => None,
                });
                self.half = self.half.or(half);
            }
        }
    }

    /// Takes a number, or a time, off the beginning of `text`. `None` if there are two of its kind.
    fn number<'t>(&mut self, text: &'t str) -> Option<&'t str> {
        let (number, length, after) = digits(text);
        let after_space = after.trim_start();
        let marked = |marks: &[char]| after_space.strip_prefix(marks);
        if let Some(rest) = marked(&['\u{5e74}', '\u{b144}']) {
            return (length == 4 && self.set_year(number)).then_some(rest);
        }
        if let Some(rest) = marked(&['\u{6708}', '\u{c6d4}']) {
            let month = usize::try_from(number).ok().filter(|month| (1..=12).contains(month))?;
            self.months.push(Part::Month(month - 1));
            return Some(rest);
        }
        if let Some(rest) = marked(&['\u{65e5}', '\u{c77c}']) {
            return self.set_day(number).then_some(rest);
        }
        if length <= 2 && self.time.is_none() {
            let separators: &[char] =
                &[':', '\u{66b}', 'h', '\u{6642}', '\u{65f6}', '\u{70b9}', '\u{9ede}', '\u{c2dc}'];
            let is_time = after_space.strip_prefix(separators);
            // A point is one in a time only behind a day.
            let is_time = is_time.or_else(|| after.strip_prefix('.').filter(|_| self.day.is_some()));
            if let Some(rest) = is_time.filter(|rest| {
                rest.trim_start().chars().next().is_none_or(|c| value(c).is_some() || !c.is_alphabetic())
            }) {
                return self.set_time(number, rest);
            }
        }
        match length {
            1 | 2 => {
                let endings =
                    ["er", "re", "\u{ba}", "\u{aa}", "\u{b0}", "e", "-\u{433}\u{43e}", "\u{447}", "."];
                let rest = endings.iter().find_map(|ending| {
                    let rest = after.strip_prefix(ending)?;
                    (!rest.starts_with(char::is_alphabetic)).then_some(rest)
                });
                self.set_day(number).then_some(rest.unwrap_or(after))
            }
            4 => self.set_year(number).then_some(after),
            _ => None,
        }
    }

    /// Takes the minutes and seconds behind an hour off `text`.
    fn set_time<'t>(&mut self, hour: u32, text: &'t str) -> Option<&'t str> {
        let mut time = format!("{hour:02}");
        let mut rest = text;
        let begins_with_digit = |text: &str| text.chars().next().is_some_and(|c| value(c).is_some());
        if begins_with_digit(rest.trim_start()) {
            let (minute, length, after) = digits(rest.trim_start());
            if length != 2 {
                return None;
            }
            time.push_str(&format!(":{minute:02}"));
            rest = after.trim_start_matches(['\u{5206}', '\u{bd84}']);
            if let Some(after) = rest.strip_prefix(':').filter(|after| begins_with_digit(after)) {
                let (second, _, after) = digits(after);
                time.push_str(&format!(":{second:02}"));
                rest = after;
            }
        } else {
            time.push_str(":00");
        }
        self.time = Some(time);
        Some(rest.trim_start_matches(['\u{5206}', '\u{bd84}']))
    }

    fn set_year(&mut self, number: u32) -> bool {
        let is_first = self.year.is_none();
        self.year = i32::try_from(number).ok();
        is_first && self.year.is_some()
    }

    fn set_day(&mut self, number: u32) -> bool {
        let is_first = self.day.is_none();
        self.day = Some(number);
        is_first
    }

    /// Takes a zone off the beginning of `text`: an offset or a name behind a time.
    fn zone<'t>(&mut self, text: &'t str) -> Option<&'t str> {
        self.time.as_ref().filter(|_| self.zone.is_none())?;
        let end = text.find(char::is_whitespace).unwrap_or(text.len());
        let (zone, rest) = text.split_at(end);
        if !zone.is_ascii() {
            return None;
        }
        self.zone = Some(zone.trim_end_matches([',', '.', ')']).to_owned());
        Some(rest)
    }

    /// The date in English.
    fn english(&self, locale: Locale, weekdays: &[usize], months: &[Part]) -> Option<String> {
        let ([] | [_], [month], Some(year), Some(day)) = (weekdays, months, self.year, self.day) else {
            return None;
        };
        let buddhist = locale.calendar == Calendar::Buddhist && BUDDHIST.contains(&year);
        let (year, month, day) = match month {
            Part::Persian(month) => persian(year, *month, day)?,
            Part::Month(month) if buddhist => (year - 543, *month, day),
            Part::Month(month) => (year, *month, day),
            _ => return None,
        };
        let mut text = weekdays.first().map(|at| format!("{}, ", WEEKDAYS[*at])).unwrap_or_default();
        text.push_str(&format!("{day} {} {year:04}", MONTHS.get(month)?));
        if let Some(time) = &self.time {
            text.push_str(&format!(" {time}"));
            match self.half {
                // A clock of 24 hours is told with the half of the day too.
                Some(_)
                    if time
                        .get(..2)
                        .and_then(|hour| hour.parse().ok())
                        .is_some_and(|hour: u32| !(1..=12).contains(&hour)) => {}
                Some(true) => text.push_str(" pm"),
                Some(false) => text.push_str(" am"),
                None => {}
            }
        }
        if let Some(zone) = &self.zone {
            text.push_str(&format!(" {}", zone.to_uppercase()));
        }
        Some(text)
    }
}

/// The Gregorian year, index of the month, and day of a day in the Persian calendar.
fn persian(year: i32, month: usize, day: u32) -> Option<(i32, usize, u32)> {
    use chrono::Datelike;
    if !PERSIAN.contains(&year) {
        return None;
    }
    let start = NaiveDate::from_ymd_opt(year + 621, 3, 18)?;
    let days = (0..375).filter_map(|days| start.checked_add_signed(TimeDelta::days(days)));
    let is_it = |date: &NaiveDate| {
        let found = Calendar::Persian.day(*date);
        (found.year, found.month as usize, found.day) == (i64::from(year), month + 1, day)
    };
    let date = days.into_iter().find(is_it)?;
    Some((date.year(), date.month0() as usize, date.day()))
}

/// The number that `text` begins with, how many digits it has, and the rest.
fn digits(text: &str) -> (u32, usize, &str) {
    let length = text.chars().take_while(|c| value(*c).is_some()).count();
    let end = text.char_indices().nth(length).map_or(text.len(), |(at, _)| at);
    let number =
        text.chars().take(length.min(9)).filter_map(value).fold(0, |number, digit| number * 10 + digit);
    (number, length, &text[end..])
}

/// The value of a digit of any script.
fn value(letter: char) -> Option<u32> {
    const ZEROS: [char; 8] =
        ['0', '\u{660}', '\u{6f0}', '\u{966}', '\u{9e6}', '\u{e50}', '\u{1040}', '\u{ff10}'];
    ZEROS.iter().find_map(|zero| (letter as u32).checked_sub(*zero as u32).filter(|digit| *digit < 10))
}

/// True for a mark that belongs to the letter before it.
fn unicode_mark(letter: char) -> bool {
    unicode_normalization::char::is_combining_mark(letter)
}

/// `text` for comparing: in lower case, in Unicode's composed form, with one kind of space and of apostrophe, without
/// the point of an abbreviation.
fn folded(text: &str) -> String {
    use unicode_normalization::UnicodeNormalization;
    let plain = |letter: char| match letter {
        '\u{2bc}' | '\u{2019}' => '\'',
        letter if letter.is_whitespace() => ' ',
        letter => letter,
    };
    let lower = text.trim().to_lowercase();
    lower.nfc().map(plain).collect::<String>().trim_end_matches('.').to_owned()
}

#[cfg(test)]
mod tests;
