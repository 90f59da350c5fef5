//! Dates of other generators.

use chrono_tz::Tz;

use super::front::{Field, text};
use super::model::{Spot, When};
use crate::model::date::{self, Ambiguous, DateError, Moment, Written};

/// The zone of dates without an offset, and who says so.
#[derive(Debug, Clone)]
pub struct Zone {
    /// The zone.
    pub zone: Tz,
    /// The words for it in rules: `the zone Europe/London of _config.yml`.
    pub rule: String,
}

impl Zone {
    /// UTC, as `who` has it where nothing is said.
    pub fn utc(who: &str) -> Zone {
        Zone { zone: Tz::UTC, rule: format!("without an offset it is UTC, as {who} reads it") }
    }

    /// The zone `name`, which `from` sets.
    pub fn named(name: &str, from: &str) -> Option<Zone> {
        let zone = date::parse_zone(name).ok()?;
        Some(Zone { zone, rule: format!("without an offset it is in {}, by {from}", zone.name()) })
    }

    /// The date that `written` means.
    ///
    /// # Errors
    /// [`DateError`] where no moment is meant.
    pub fn resolve(&self, written: &Written) -> Result<Moment, DateError> {
        match written.resolve(self.zone, Ambiguous::Earlier) {
            // Libraries count a time that the clock skipped with the offset from before.
            Err(DateError::Skipped { .. }) => written.resolve(Tz::UTC, Ambiguous::Earlier).and_then(|utc| {
                let before = date::parse(&(utc.local() - chrono::TimeDelta::hours(1)).to_string())?;
                let moment = before.resolve(self.zone, Ambiguous::Earlier)?;
                let instant = moment.instant() + chrono::TimeDelta::hours(1);
                let offset = Moment::at(instant, self.zone).offset();
                Ok(Moment::new(instant, offset, written.precision()))
            }),
            other => other,
        }
    }

    /// The date in `field` of `file`; `name` is the field in words, such as `front matter`.
    ///
    /// # Errors
    /// The reason why it is none.
    pub fn when(&self, field: &Field, file: &str, place: &str) -> Result<When, String> {
        let written = text(&field.value).ok_or_else(|| format!("`{}` is no date", field.key))?;
        let parsed = parse(&written).map_err(|error| format!("`{}`: {error}", field.key))?;
        let moment = self.resolve(&parsed).map_err(|error| format!("`{}`: {error}", field.key))?;
        let rule = match parsed.has_zone() {
            true => format!("`{}` of {place}, with its own offset", field.key),
            false => format!("`{}` of {place}; {}", field.key, self.rule),
        };
        Ok(When { moment, text: written, rule, spot: Spot::line(file, field.line) })
    }

    /// The date `text` in the name of `file`.
    ///
    /// # Errors
    /// The reason why it is none.
    pub fn in_name(&self, text: &str, file: &str) -> Result<When, String> {
        let moment =
            parse(text).and_then(|parsed| self.resolve(&parsed)).map_err(|error| error.to_string())?;
        let rule = format!("the name of the file; {}", self.rule);
        Ok(When { moment, text: text.to_owned(), rule, spot: Spot::file(file) })
    }
}

/// Reads a date in the forms that generators read: those of Dateline, and the forms in which Go and Ruby print theirs
/// (`2014-02-14 09:00:00 +0100 CET`).
///
/// # Errors
/// [`DateError`] of the text as it is.
pub fn parse(text: &str) -> Result<Written, DateError> {
    date::parse(text).or_else(|error| {
        let bare = text.trim().rsplit_once(' ').filter(|(before, name)| {
            let is_offset = before.rsplit(' ').next().is_some_and(|word| word.starts_with(['+', '-']));
            is_offset && name.bytes().all(|byte| byte.is_ascii_uppercase())
        });
        let slashes = || {
            let text = text.trim().replacen('/', "-", 2);
            date::parse(&text).ok()
        };
        bare.and_then(|(bare, _)| date::parse(bare).ok())
            .or_else(slashes)
            .or_else(|| american(text))
            .ok_or(error)
    })
}

/// `July 8, 2022` and `Jul 08 2022`: the month is a word, so that nothing else can be meant.
fn american(text: &str) -> Option<Written> {
    let words: Vec<&str> = text.split([' ', ',']).filter(|word| !word.is_empty()).collect();
    let [month, day, year, rest @ ..] = words.as_slice() else { return None };
    let is_month = month.chars().all(char::is_alphabetic) && month.len() >= 3;
    is_month.then(|| date::parse(&[&[*day, *month, *year], rest].concat().join(" ")).ok())?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_is_read_in_the_zone_of_the_generator() {
        let zone = Zone::named("Europe/Berlin", "`timezone` of _config.yml").unwrap();
        for (text, moment) in [
            ("2014-02-14", "2014-02-14T00:00:00+01:00"),
            ("2014-07-14 09:30", "2014-07-14T09:30:00+02:00"),
            ("2014-02-14 09:00:00 +0100 CET", "2014-02-14T09:00:00+01:00"),
            ("2014-02-14 09:00:00 -0800", "2014-02-14T09:00:00-08:00"),
            ("Jul 08 2022", "2022-07-08T00:00:00+02:00"),
            ("July 8, 2022", "2022-07-08T00:00:00+02:00"),
            ("2014-03-30 02:30:00", "2014-03-30T03:30:00+02:00"),
        ] {
            let written = parse(text).unwrap();
            assert_eq!(zone.resolve(&written).unwrap().rfc3339(), moment, "{text}");
        }
        assert!(parse("next week").is_err());
    }
}
