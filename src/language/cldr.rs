//! The tables of CLDR that are embedded: names, patterns, digits and separators of each locale, and plural rules.
//!
//! `contrib/cldr/table.mjs` makes them of the JSON that the Unicode Consortium publishes, and describes their form.

use std::sync::OnceLock;

/// The locales, a line each, in the order of their names.
const LOCALES: &str = include_str!("cldr/locales.txt");

/// The rules of plurals, a line for each set of rules: languages, rules.
const PLURALS: &str = include_str!("cldr/plurals.txt");

/// Fields of a locale, in their order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Field {
    /// Names of months beside a day.
    Months,
    /// Names of months that stand alone.
    MonthsAlone,
    /// Short names of months beside a day.
    ShortMonths,
    /// Short names of months that stand alone.
    ShortMonthsAlone,
    /// The pattern of a day with its weekday.
    FullDate,
    /// The pattern of a day with the month's name.
    LongDate,
    /// The pattern of a day with the month's short name.
    MediumDate,
    /// The pattern of a day in numbers.
    ShortDate,
    /// The pattern of a month with its year.
    YearMonth,
    /// The pattern of a year.
    Year,
    /// A day (`{1}`) and a time (`{0}`).
    DateTime,
    /// The name of the era.
    Era,
    /// Names of weekdays in a date, from Monday.
    Weekdays,
    /// Names of weekdays that stand alone.
    WeekdaysAlone,
    /// Short names of weekdays.
    ShortWeekdays,
    /// The halves of a day.
    Halves,
    /// The pattern of hours and minutes.
    Time,
    /// The name of the digits.
    Digits,
    /// The sign before decimals.
    Decimal,
    /// The sign between groups of digits.
    Group,
    /// The sizes of groups, from the right; the last one repeats.
    Groups,
    /// The fewest digits before the first separator of a number that has one.
    FewestGrouped,
    /// The texts between names: of two, after the first, between others, before the last.
    List,
    /// Quotation marks: two for a quotation, two for one in another.
    Quotes,
}

/// Number of fields.
const FIELDS: usize = Field::Quotes as usize + 1;

/// A locale with all its fields.
#[derive(Debug, PartialEq, Eq)]
pub struct Entry {
    /// Its name.
    pub name: &'static str,
    fields: [&'static str; FIELDS],
}

impl Entry {
    /// The text of a field.
    pub fn text(&self, field: Field) -> &'static str {
        self.fields[field as usize]
    }

    /// The name at `index` in a field with several; empty if there is none.
    pub fn name_in(&self, field: Field, index: usize) -> &'static str {
        self.names(field).nth(index).unwrap_or_default()
    }

    /// The names in a field.
    pub fn names(&self, field: Field) -> std::str::Split<'static, char> {
        self.text(field).split('|')
    }
}

/// A line, and what is made of it once somebody asks.
type Line = (&'static str, OnceLock<Entry>);

fn lines() -> &'static [Line] {
    static LINES: OnceLock<Vec<Line>> = OnceLock::new();
    LINES.get_or_init(|| LOCALES.lines().map(|line| (line, OnceLock::new())).collect())
}

/// The locale of this exact name.
pub fn entry(name: &str) -> Option<&'static Entry> {
    let name_of = |line: &'static str| line.split('\t').next().unwrap_or_default();
    let lines = lines();
    let (line, made) = &lines[lines.binary_search_by(|(line, _)| name_of(line).cmp(name)).ok()?];
    Some(made.get_or_init(|| {
        let mut columns = line.split('\t');
        let name = columns.next().unwrap_or_default();
        let parent = columns.next().filter(|parent| !parent.is_empty()).and_then(entry);
        let mut fields = parent.map_or([""; FIELDS], |parent| parent.fields);
        for (field, own) in fields.iter_mut().zip(columns) {
            if !own.is_empty() {
                *field = own;
            }
        }
        Entry { name, fields }
    }))
}

/// The names of all locales without those of other calendars.
pub fn names() -> impl Iterator<Item = &'static str> {
    let names = lines().iter().filter_map(|(line, _)| line.split('\t').next());
    names.filter(|name| !name.contains('@') && *name != "und")
}

/// The plural rules of the language or locale `name`: categories and conditions, in CLDR's syntax.
pub fn plural_rules(name: &str) -> Option<&'static str> {
    let mut lines = PLURALS.lines().filter_map(|line| line.split_once('\t'));
    lines.find(|(languages, _)| languages.split(' ').any(|known| known == name)).map(|(_, rules)| rules)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_locale_is_complete() {
        for name in names() {
            let entry = entry(name).unwrap();
            for field in [Field::Months, Field::MonthsAlone, Field::ShortMonths, Field::ShortMonthsAlone] {
                assert_eq!(entry.names(field).count(), 12, "{name} {field:?}");
            }
            for field in [Field::Weekdays, Field::WeekdaysAlone, Field::ShortWeekdays] {
                assert_eq!(entry.names(field).count(), 7, "{name} {field:?}");
            }
            assert_eq!(entry.names(Field::List).count(), 4, "{name}");
            assert!(entry.fields.iter().all(|field| !field.is_empty()), "{name} {:?}", entry.fields);
        }
    }
}
