//! A locale: CLDR's entry for a language tag, with the digits and the calendar of its dates.

use std::fmt;

use miette::Diagnostic;
use thiserror::Error;

use super::cldr::{self, Entry, Field};
use super::tag::Tag;
use crate::model::html;
use crate::model::suggest::nearest;

/// English without a region is written as in Britain: the day before the month, 24 hours.
const ENGLISH: &str = "en-GB";

/// Digits other than Western ones: CLDR's name, and the zero that the others follow.
const DIGITS: [(&str, char); 12] = [
    ("arab", '\u{660}'),
    ("arabext", '\u{6f0}'),
    ("beng", '\u{9e6}'),
    ("cakm", '\u{11136}'),
    ("deva", '\u{966}'),
    ("mymr", '\u{1040}'),
    ("nkoo", '\u{7c0}'),
    ("adlm", '\u{1e950}'),
    ("olck", '\u{1c50}'),
    ("rohg", '\u{10d30}'),
    ("telu", '\u{c66}'),
    ("tibt", '\u{f20}'),
];

/// How a language writes dates, numbers and lists.
#[derive(Clone, Copy)]
pub struct Locale {
    /// The entry, with the calendar's names and patterns.
    pub(super) entry: &'static Entry,
    /// The entry with the names and patterns of the Gregorian calendar.
    pub(super) gregorian: &'static Entry,
    pub(super) calendar: Calendar,
    /// The digit zero.
    pub(super) zero: char,
}

/// The calendar of dates for people.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Calendar {
    /// The Gregorian one.
    Gregorian,
    /// The Gregorian one, with years from 543 BC, as in Thailand.
    Buddhist,
    /// The solar calendar of Iran and Afghanistan.
    Persian,
}

/// A locale that CLDR does not have.
#[derive(Debug, Clone, PartialEq, Eq, Error, Diagnostic)]
#[error("there is no locale \u{201c}{name}\u{201d}")]
#[diagnostic(code(date::locale), help("did you mean `{near}`?"))]
pub struct LocaleError {
    /// The tag as written.
    pub name: String,
    /// A similar one.
    pub near: String,
}

impl Locale {
    /// The locale of a language tag: `en`, `en-GB`, `zh-Hant`, `fa-u-ca-gregory`. `None` if CLDR has neither it nor
    /// one that it falls back to.
    pub fn of(tag: &str) -> Option<Locale> {
        let tag = Tag::parse(tag)?;
        let chain = if tag.chain() == ["en"] { vec![ENGLISH.to_owned()] } else { tag.chain() };
        let known = chain.iter().filter(|name| *name != "und");
        let gregorian = known.into_iter().find_map(|name| cldr::entry(name))?;
        let named = tag.extension("ca");
        // The calendar that people expect where the language is mostly spoken: CLDR's first for that region.
        let usual = match tag.language() {
            "th" => "buddhist",
            "fa" => "persian",
            _ => "gregory",
        };
        let calendar = match named.unwrap_or(usual) {
            "buddhist" => Calendar::Buddhist,
            "persian" => Calendar::Persian,
            _ => Calendar::Gregorian,
        };
        let of_calendar = |name: &str| {
            let calendar = match calendar {
                Calendar::Gregorian => return None,
                Calendar::Buddhist => "buddhist",
                Calendar::Persian => "persian",
            };
            cldr::entry(&format!("{name}@{calendar}"))
        };
        let (calendar, entry) = match chain.iter().find_map(|name| of_calendar(name)) {
            Some(entry) => (calendar, entry),
            None => (Calendar::Gregorian, gregorian),
        };
        let digits = tag.extension("nu").unwrap_or(entry.text(Field::Digits));
        let zero = DIGITS.iter().find(|(name, _)| *name == digits).map_or('0', |(_, zero)| *zero);
        Some(Locale { entry, gregorian, calendar, zero })
    }

    /// The locale of a language tag.
    ///
    /// # Errors
    /// CLDR has neither it nor one that it falls back to.
    pub fn parse(tag: &str) -> Result<Locale, LocaleError> {
        Locale::of(tag).ok_or_else(|| {
            let near = nearest(tag.trim(), cldr::names()).unwrap_or("en-GB");
            LocaleError { name: tag.to_owned(), near: near.to_owned() }
        })
    }

    /// English, for where nothing better is known.
    pub fn english() -> Locale {
        // The table has English; without it the first locale takes its place, and without any there is no program.
        Locale::of("en").unwrap_or_else(|| unreachable!())
    }

    /// The name of CLDR's entry.
    pub fn name(&self) -> &'static str {
        self.gregorian.name
    }

    /// The direction of its script, as a value of HTML's `dir`.
    pub fn direction(&self) -> &'static str {
        html::direction(self.name())
    }

    /// `text`, which has Western digits, with the locale's.
    pub(super) fn digits(&self, text: String) -> String {
        if self.zero == '0' {
            return text;
        }
        let local = |letter: char| {
            let value = letter.to_digit(10);
            value.and_then(|value| char::from_u32(self.zero as u32 + value)).unwrap_or(letter)
        };
        text.chars().map(local).collect()
    }
}

impl PartialEq for Locale {
    fn eq(&self, other: &Self) -> bool {
        (self.entry.name, self.zero) == (other.entry.name, other.zero)
    }
}

impl Eq for Locale {}

impl fmt::Debug for Locale {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} {}", self.entry.name, self.zero)
    }
}
