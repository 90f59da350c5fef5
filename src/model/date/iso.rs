//! RFC 3339 (section 5.6) and ISO 8601 calendar dates. Months, days and hours may have one digit, and `/` may separate
//! year, month and day: with the year first, nothing else can be meant.

use super::time::{self, Number};
use super::written::{Written, Zone};
use super::{DateError, Precision};

/// Reads `text`, which begins with four digits and `-` or `/`.
pub(super) fn parse(text: &str) -> Result<Written, DateError> {
    let mut reader = Reader { text, at: 0 };
    let year = reader.digits(4, 4)?;
    let separator = if text.as_bytes().get(4) == Some(&b'/') { '/' } else { '-' };
    reader.expect(separator)?;
    let month = reader.digits(1, 2)?;
    if reader.rest().is_empty() {
        return Err(DateError::Guess {
            text: text.to_owned(),
            reason: "it names no day",
            remedy: format!("the day too, such as {text}{separator}01"),
        });
    }
    reader.expect(separator)?;
    let day = reader.digits(1, 2)?;
    let date = time::day(&year, &month, &day)?;
    if reader.rest().is_empty() {
        let civil = date.and_time(chrono::NaiveTime::MIN);
        return Ok(Written {
            civil,
            zone: Zone::None,
            precision: Precision::Day,
            leap: false,
            fraction: false,
        });
    }
    if !reader.take(|c| matches!(c, 'T' | 't' | ' ')) {
        return Err(reader.unreadable());
    }
    reader.spaces();
    let hour = reader.digits(1, 2)?;
    reader.expect(':')?;
    let minute = reader.digits(2, 2)?;
    let (mut second, mut fraction) = (None, false);
    if reader.take(|c| c == ':') {
        second = Some(reader.digits(2, 2)?);
        if reader.take(|c| c == '.' || c == ',') {
            let digits = reader.rest().bytes().take_while(u8::is_ascii_digit).count();
            if digits == 0 {
                return Err(reader.unreadable());
            }
            fraction = reader.rest()[..digits].bytes().any(|digit| digit != b'0');
            reader.at += digits;
        }
    }
    let (clock, leap) = time::time(&hour, &minute, second.as_ref())?;
    reader.spaces();
    let zone = match reader.rest() {
        "" => Zone::None,
        rest => time::zone(rest, reader.at, text)?,
    };
    let precision = if second.is_some() { Precision::Second } else { Precision::Minute };
    Ok(Written { civil: date.and_time(clock), zone, precision, leap, fraction })
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Reader<'a> {
    fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    fn unreadable(&self) -> DateError {
        let part = self.rest().to_owned();
        DateError::Unreadable { text: self.text.to_owned(), span: self.at..self.at + part.len(), part }
    }

    /// A number of `least` to `most` digits.
    fn digits(&mut self, least: usize, most: usize) -> Result<Number, DateError> {
        let count = self.rest().as_bytes().iter().take_while(|byte| byte.is_ascii_digit()).count();
        if !(least..=most).contains(&count) {
            return Err(self.unreadable());
        }
        let span = self.at..self.at + count;
        let value = self.text[span.clone()].parse().map_err(|_| self.unreadable())?;
        self.at += count;
        Ok(Number { value, span })
    }

    fn take(&mut self, wanted: impl Fn(char) -> bool) -> bool {
        match self.rest().chars().next().filter(|c| wanted(*c)) {
            Some(found) => {
                self.at += found.len_utf8();
                true
            }
            None => false,
        }
    }

    fn expect(&mut self, wanted: char) -> Result<(), DateError> {
        if self.take(|c| c == wanted) { Ok(()) } else { Err(self.unreadable()) }
    }

    fn spaces(&mut self) {
        while self.take(|c| c == ' ') {}
    }
}
