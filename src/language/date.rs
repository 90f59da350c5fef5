//! Dates for people.

use std::fmt::Write;

use chrono::format::{Item, StrftimeItems};
use chrono::{Datelike, NaiveDate, NaiveDateTime, NaiveTime, Offset, Timelike, Utc};

use super::cldr::Field;
use super::locale::{Calendar, Locale};
use super::pattern;
use crate::model::date::{DateError, Moment, Precision};

/// A form of dates that CLDR has in every language.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// `Monday, 30 November 2026`.
    Full,
    /// `30 November 2026`.
    Long,
    /// `30 Nov 2026`.
    Medium,
    /// `30/11/2026`.
    Short,
    /// `November 2026`.
    Month,
    /// `2026`.
    Year,
}

impl Form {
    /// All of them.
    pub const ALL: [Form; 6] = [Form::Full, Form::Long, Form::Medium, Form::Short, Form::Month, Form::Year];

    /// Its name in templates and settings.
    pub fn name(self) -> &'static str {
        match self {
            Form::Full => "full",
            Form::Long => "long",
            Form::Medium => "medium",
            Form::Short => "short",
            Form::Month => "month",
            Form::Year => "year",
        }
    }
}

impl Locale {
    /// The date on its author's clock, with the time if one was written and the form is that of a day.
    pub fn date(&self, moment: &Moment, form: Form) -> String {
        let local = moment.local();
        let (field, is_day) = match form {
            Form::Full => (Field::FullDate, true),
            Form::Long => (Field::LongDate, true),
            Form::Medium => (Field::MediumDate, true),
            Form::Short => (Field::ShortDate, true),
            Form::Month => (Field::YearMonth, false),
            Form::Year => (Field::Year, false),
        };
        // The months of the Persian calendar are no months of the archive.
        let (entry, calendar) = match self.calendar {
            Calendar::Persian if !is_day => (self.gregorian, Calendar::Gregorian),
            calendar => (self.entry, calendar),
        };
        let date = pattern::write(entry.text(field), entry, calendar, local);
        if !is_day || moment.precision() == Precision::Day {
            return self.digits(date);
        }
        let time = pattern::write(entry.text(Field::Time), entry, calendar, local);
        self.digits(entry.text(Field::DateTime).replace("{1}", &date).replace("{0}", &time))
    }

    /// The date on its author's clock as `format` says: a form's name, or strftime's placeholders, which are those of
    /// the Gregorian calendar. Without one it is in the long form.
    ///
    /// # Errors
    /// [`DateError::Pattern`] for a format that can't be followed.
    pub fn formatted(&self, moment: &Moment, format: Option<&str>) -> Result<String, DateError> {
        let Some(format) = format else { return Ok(self.date(moment, Form::Long)) };
        match Form::ALL.into_iter().find(|form| form.name() == format) {
            Some(form) => Ok(self.date(moment, form)),
            None => self.strftime(moment, format),
        }
    }

    /// A day as `format` says; see [`Locale::formatted`].
    pub fn day(&self, day: NaiveDate, format: &str) -> String {
        let moment = Moment::new(day.and_time(NaiveTime::MIN).and_utc(), Utc.fix(), Precision::Day);
        self.formatted(&moment, Some(format)).unwrap_or_else(|_| day.to_string())
    }

    fn strftime(&self, moment: &Moment, format: &str) -> Result<String, DateError> {
        let refuse = || DateError::Pattern { pattern: format.to_owned() };
        let local = moment.instant().with_timezone(&moment.offset());
        let mut text = String::new();
        // A name that stands beside a day may have a case of its own.
        let has_day = ["%d", "%-d", "%_d", "%e"].iter().any(|day| format.contains(day));
        let mut rest = format;
        while let Some(at) = rest.find('%') {
            let (before, after) = rest.split_at(at);
            text.push_str(before);
            let is_placeholder = |c: char| c.is_ascii_alphabetic() || matches!(c, '%' | '+');
            let end = after[1..].find(is_placeholder).ok_or_else(refuse)? + 2;
            let (placeholder, following) = after.split_at(end);
            rest = following;
            match self.named(placeholder, local.naive_local(), has_day) {
                Some(name) => text.push_str(&name),
                None => {
                    let items: Vec<Item<'_>> = StrftimeItems::new(placeholder).collect();
                    if items.contains(&Item::Error) {
                        return Err(refuse());
                    }
                    // Formatting returns an error, rather than panics, for a part that the date does not have.
                    write!(text, "{}", local.format_with_items(items.iter())).map_err(|_| refuse())?;
                }
            }
        }
        text.push_str(rest);
        Ok(text)
    }

    /// The text of a placeholder that is another in each language.
    fn named(&self, placeholder: &str, local: NaiveDateTime, has_day: bool) -> Option<String> {
        let (month, weekday) = (local.month0() as usize, local.weekday().num_days_from_monday() as usize);
        let half = usize::from(local.hour() >= 12);
        let entry = self.gregorian;
        let of = |field: Field| pattern::write(entry.text(field), entry, Calendar::Gregorian, local);
        Some(match placeholder {
            "%B" if has_day => entry.name_in(Field::Months, month).to_owned(),
            "%B" => entry.name_in(Field::MonthsAlone, month).to_owned(),
            "%b" | "%h" if has_day => entry.name_in(Field::ShortMonths, month).to_owned(),
            "%b" | "%h" => entry.name_in(Field::ShortMonthsAlone, month).to_owned(),
            "%A" if has_day => entry.name_in(Field::Weekdays, weekday).to_owned(),
            "%A" => entry.name_in(Field::WeekdaysAlone, weekday).to_owned(),
            "%a" => entry.name_in(Field::ShortWeekdays, weekday).to_owned(),
            "%p" => entry.name_in(Field::Halves, half).to_owned(),
            "%P" => entry.name_in(Field::Halves, half).to_lowercase(),
            "%x" => of(Field::MediumDate),
            "%X" => of(Field::Time),
            "%c" => {
                let (date, time) = (of(Field::MediumDate), of(Field::Time));
                entry.text(Field::DateTime).replace("{1}", &date).replace("{0}", &time)
            }
            _ => return None,
        })
    }
}

#[cfg(test)]
mod tests;
