//! Dates with the month's name: RFC 2822 (section 3.3) and the form of news wires,
//! `Friday, 14 February, 2014, 2:47pm`.

use chrono::NaiveDate;

use super::time::{self, MONTHS, Number, WEEKDAYS};
use super::written::{Written, Zone};
use super::{DateError, Precision};

/// A word of the text. Commas and spaces separate words.
#[derive(Debug, Clone, Copy)]
struct Word<'a> {
    text: &'a str,
    at: usize,
}

/// Reads `text`.
pub(super) fn parse(text: &str) -> Result<Written, DateError> {
    let words = words(text);
    let mut words = words.as_slice();
    let mut weekday = None;
    if let Some((first, rest)) = words.split_first()
        && let Some(name) = weekday_name(first.text)
    {
        weekday = Some((name, *first));
        words = rest;
    }
    let (date, rest) = date(words, text)?;
    if let Some((written, word)) = weekday
        && written != time::weekday(date)
    {
        return Err(DateError::Weekday {
            date,
            written,
            actual: time::weekday(date),
            span: word.at..word.at + word.text.len(),
        });
    }
    let midnight = date.and_time(chrono::NaiveTime::MIN);
    let mut written = Written {
        civil: midnight,
        zone: Zone::None,
        precision: Precision::Day,
        leap: false,
        fraction: false,
    };
    let Some(first) = rest.first() else { return Ok(written) };
    let mut rest = match rest {
        [word, rest @ ..] if word.text.eq_ignore_ascii_case("at") => rest,
        rest => rest,
    };
    let clock = clock(&mut rest, text)?.ok_or_else(|| unreadable(text, *first))?;
    let (time_of_day, leap) = time::time(&clock.hour, &clock.minute, clock.second.as_ref())?;
    written.civil = date.and_time(time_of_day);
    written.leap = leap;
    written.precision = if clock.second.is_some() { Precision::Second } else { Precision::Minute };
    if let Some((word, after)) = rest.split_first() {
        written.zone = time::zone(word.text, word.at, text)?;
        rest = after;
    }
    match rest.first() {
        // RFC 2822 allows a comment at the end, as in `+0800 (HKT)`.
        Some(word) if word.text.starts_with('(') && text.ends_with(')') => Ok(written),
        Some(word) => Err(unreadable_from(text, word.at)),
        None => Ok(written),
    }
}

fn words(text: &str) -> Vec<Word<'_>> {
    let mut words = Vec::new();
    let mut start = None;
    for (at, letter) in text.char_indices().chain([(text.len(), ' ')]) {
        let gap = letter.is_whitespace() || letter == ',';
        match (gap, start) {
            (false, None) => start = Some(at),
            (true, Some(from)) => {
                words.push(Word { text: &text[from..at], at: from });
                start = None;
            }
            _ => {}
        }
    }
    words
}

fn date<'w, 'a>(words: &'w [Word<'a>], text: &str) -> Result<(NaiveDate, &'w [Word<'a>]), DateError> {
    let (day, month, rest) = match words {
        [first, second, rest @ ..] => match (month_name(first.text), month_name(second.text)) {
            (None, Some(month)) => (*first, (month, *second), rest),
            (Some(month), None) => (*second, (month, *first), rest),
            _ => return Err(no_date(words, text)),
        },
        _ => return Err(no_date(words, text)),
    };
    let Some(day) = ordinal(day) else { return Err(guess_or_unreadable(text, day)) };
    let Some((year, rest)) = rest.split_first() else {
        return Err(guess(text, "it names no year", "the year too, such as 14 February 2014"));
    };
    let digits = year.text.len();
    match number(*year) {
        Some(number) if digits == 4 => {
            let month = Number { value: month.0, span: month.1.at..month.1.at + month.1.text.len() };
            Ok((time::day(&number, &month, &day)?, rest))
        }
        Some(_) if digits == 2 => Err(guess(text, "the year has two digits", "all four digits of the year")),
        _ => Err(unreadable(text, *year)),
    }
}

/// The reason why `words` are no date with a month's name.
fn no_date(words: &[Word<'_>], text: &str) -> DateError {
    let parts: Vec<&str> = text.split(['/', '.', '-']).collect();
    let numeric = parts.len() == 3
        && parts.iter().all(|part| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit()));
    if numeric {
        let number = |at: usize| parts[at].parse::<u32>().unwrap_or(0);
        let (first, second, year) = (number(0), number(1), parts[2]);
        let year = if year.len() == 2 { format!("20{year}") } else { year.to_owned() };
        let mut readings: Vec<String> = Vec::new();
        for (month, day) in [(first, second), (second, first)] {
            let reading = format!("{year}-{month:02}-{day:02}");
            if (1..=12).contains(&month) && (1..=31).contains(&day) && !readings.contains(&reading) {
                readings.push(reading);
            }
        }
        let remedy = if readings.is_empty() { "2014-02-14".to_owned() } else { readings.join(" or ") };
        return guess(text, "which is the day and which the month?", &remedy);
    }
    let month_first = words.first().and_then(|word| month_name(word.text));
    if month_first.is_some() && words.len() <= 2 {
        return guess(text, "it names no day", "the day too, such as 14 June 2024");
    }
    if text.bytes().all(|byte| byte.is_ascii_digit()) && !text.is_empty() {
        return guess(text, "a number alone is no date", "2014-02-14");
    }
    if text.as_bytes().get(2) == Some(&b':') {
        return guess(text, "it is a time without a day", "the day too, such as 2014-02-14T07:32:00");
    }
    match words.first() {
        Some(word) => unreadable(text, *word),
        None => guess(text, "it is empty", "2014-02-14"),
    }
}

fn guess_or_unreadable(text: &str, word: Word<'_>) -> DateError {
    match number(word) {
        // `June 2024`
        Some(number) if number.value > 31 => {
            guess(text, "it names no day", "the day too, such as 14 June 2024")
        }
        _ => unreadable(text, word),
    }
}

fn guess(text: &str, reason: &'static str, remedy: &str) -> DateError {
    DateError::Guess { text: text.to_owned(), reason, remedy: remedy.to_owned() }
}

fn unreadable(text: &str, word: Word<'_>) -> DateError {
    let span = word.at..word.at + word.text.len();
    DateError::Unreadable { text: text.to_owned(), part: word.text.to_owned(), span }
}

fn unreadable_from(text: &str, at: usize) -> DateError {
    DateError::Unreadable { text: text.to_owned(), part: text[at..].to_owned(), span: at..text.len() }
}

fn number(word: Word<'_>) -> Option<Number> {
    let digits =
        !word.text.is_empty() && word.text.len() <= 9 && word.text.bytes().all(|b| b.is_ascii_digit());
    let value = word.text.parse().ok().filter(|_| digits)?;
    Some(Number { value, span: word.at..word.at + word.text.len() })
}

/// A day: `14` or `14th`.
fn ordinal(word: Word<'_>) -> Option<Number> {
    let lower = word.text.to_ascii_lowercase();
    let bare =
        ["st", "nd", "rd", "th"].iter().find_map(|ending| lower.strip_suffix(ending)).unwrap_or(&lower);
    let day = number(Word { text: word.text.get(..bare.len())?, at: word.at })?;
    (bare.len() <= 2).then_some(day)
}

fn month_name(word: &str) -> Option<u32> {
    let word = word.trim_end_matches('.').to_ascii_lowercase();
    let position = MONTHS.iter().position(|month| {
        let month = month.to_ascii_lowercase();
        month == word
            || (word.len() == 3 && month.starts_with(&word))
            || (word == "sept" && month == "september")
    });
    position.and_then(|at| u32::try_from(at + 1).ok())
}

fn weekday_name(word: &str) -> Option<&'static str> {
    let word = word.trim_end_matches('.').to_ascii_lowercase();
    WEEKDAYS.iter().copied().find(|day| {
        let day = day.to_ascii_lowercase();
        day == word || (word.len() >= 3 && word.len() <= 5 && day.starts_with(&word))
    })
}

struct Clock {
    hour: Number,
    minute: Number,
    second: Option<Number>,
}

/// Takes a time of day off `words`: `14:47`, `14:47:00`, `2:47pm`, `2:47 p.m.`, `2 pm`.
fn clock(words: &mut &[Word<'_>], text: &str) -> Result<Option<Clock>, DateError> {
    let Some((first, mut rest)) = words.split_first() else { return Ok(None) };
    let digits_end = first.text.find(|c: char| !c.is_ascii_digit() && c != ':').unwrap_or(first.text.len());
    let (figures, glued) = first.text.split_at(digits_end);
    let mut half = half(glued);
    if half.is_none() && !glued.is_empty() {
        return Err(unreadable(text, *first));
    }
    if half.is_none()
        && let Some((next, after)) = rest.split_first()
        && let Some(found) = self::half(next.text)
    {
        half = Some(found);
        rest = after;
    }
    let mut numbers = Vec::new();
    let mut at = first.at;
    for figure in figures.split(':') {
        let found = number(Word { text: figure, at }).filter(|_| figure.len() <= 2);
        numbers.push(found.ok_or_else(|| unreadable(text, *first))?);
        at += figure.len() + 1;
    }
    let mut numbers = numbers.into_iter();
    let (Some(mut hour), minute, second) = (numbers.next(), numbers.next(), numbers.next()) else {
        return Ok(None);
    };
    if numbers.next().is_some() || (minute.is_none() && half.is_none()) {
        return Err(unreadable(text, *first));
    }
    if let Some(afternoon) = half {
        time::within("hour", &hour, 1, 12)?;
        hour.value = hour.value % 12 + if afternoon { 12 } else { 0 };
    }
    let minute = minute.unwrap_or(Number { value: 0, span: hour.span.clone() });
    *words = rest;
    Ok(Some(Clock { hour, minute, second }))
}

/// Reads `am` or `pm`, with or without dots: true for the afternoon.
fn half(word: &str) -> Option<bool> {
    match word.to_ascii_lowercase().replace('.', "").as_str() {
        "am" => Some(false),
        "pm" => Some(true),
        _ => None,
    }
}
