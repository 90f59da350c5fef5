//! Languages: how a language writes dates, numbers and lists of names, which plural a number takes, and the words of the
//! theme in it.
//!
//! A [`Tag`] is a language tag (BCP 47). A [`Locale`] is what CLDR says of it. [`Languages`] are the words of the theme and
//! of a site; one of them is a [`Language`].

mod calendar;
mod cldr;
mod date;
mod list;
mod locale;
mod message;
mod number;
mod pattern;
mod plural;
mod quotes;
mod reading;
pub mod search;
mod tag;
mod words;

pub use date::Form;
pub use locale::{Locale, LocaleError};
pub use message::{Arguments, MessageError, Source};
pub use plural::Category;
pub use quotes::Quotes;
pub use reading::read_date;
pub use tag::Tag;
pub use words::{BUILT_IN, FOLDER, KEYS, Language, Languages, OwnFile};

/// True for a letter of a script that is written from right to left.
pub fn is_rtl(letter: char) -> bool {
    matches!(
        letter,
        '\u{590}'..='\u{8ff}' | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{feff}' | '\u{10800}'..='\u{10fff}' | '\u{1e800}'..='\u{1efff}'
    )
}
