//! Quotation marks.

use super::cldr::Field;
use super::locale::Locale;

/// The quotation marks that a language has in place of the straight ones of a keyboard.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Quotes {
    /// The marks before and behind a quotation: those for `"`.
    pub double: (&'static str, &'static str),
    /// The marks before and behind a quotation in another: those for `'`.
    pub single: (&'static str, &'static str),
}

/// The double marks of English, and of languages whose own first marks are single ones.
const DOUBLE: (&str, &str) = ("\u{201c}", "\u{201d}");

/// The single marks of English.
const SINGLE: (&str, &str) = ("\u{2018}", "\u{2019}");

/// French has narrow spaces, at which no line ends, inside its marks.
const FRENCH: (&str, &str) = ("\u{ab}\u{202f}", "\u{202f}\u{bb}");

impl Quotes {
    /// Those of English.
    pub const ENGLISH: Quotes = Quotes { double: DOUBLE, single: SINGLE };
}

impl Locale {
    /// Its quotation marks, as CLDR has them.
    pub fn quotes(&self) -> Quotes {
        let mut marks = self.gregorian.names(Field::Quotes);
        let mut pair = || Some((marks.next()?, marks.next()?));
        let (Some(outer), Some(inner)) = (pair(), pair()) else { return Quotes::ENGLISH };
        // Dutch has single marks first. A double mark stays a double one nevertheless, for it says the same to a reader.
        let double = if outer == SINGLE { DOUBLE } else { outer };
        // Where both are alike, a quotation in another could not be told from it.
        let single = match inner == outer && inner.0 == "\u{ab}" {
            true => DOUBLE,
            false => inner,
        };
        let is_french = self.name().split('-').next() == Some("fr");
        Quotes { double: if is_french && double.0 == "\u{ab}" { FRENCH } else { double }, single }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotation_marks_are_those_of_the_language() {
        for (tag, double, single) in [
            ("en", "\u{201c}\u{201d}", "\u{2018}\u{2019}"),
            ("de", "\u{201e}\u{201c}", "\u{201a}\u{2018}"),
            ("fr", "\u{ab}\u{202f}\u{202f}\u{bb}", "\u{201c}\u{201d}"),
            ("it", "\u{ab}\u{bb}", "\u{201c}\u{201d}"),
            ("nl", "\u{201c}\u{201d}", "\u{2018}\u{2019}"),
            ("pl", "\u{201e}\u{201d}", "\u{ab}\u{bb}"),
            ("ru", "\u{ab}\u{bb}", "\u{201e}\u{201c}"),
            ("ar", "\u{201d}\u{201c}", "\u{2019}\u{2018}"),
            ("ja", "\u{300c}\u{300d}", "\u{300e}\u{300f}"),
            ("zh-Hant", "\u{300c}\u{300d}", "\u{300e}\u{300f}"),
            ("zh-Hans", "\u{201c}\u{201d}", "\u{2018}\u{2019}"),
        ] {
            let quotes = Locale::of(tag).unwrap().quotes();
            assert_eq!(format!("{}{}", quotes.double.0, quotes.double.1), double, "{tag}");
            assert_eq!(format!("{}{}", quotes.single.0, quotes.single.1), single, "{tag}");
        }
    }
}
