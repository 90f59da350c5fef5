//! Numbers for people.

use super::cldr::Field;
use super::locale::Locale;

impl Locale {
    /// `value` with `decimals` decimals, in groups of digits as CLDR has them.
    pub fn number(&self, value: f64, decimals: usize) -> String {
        let fewest: usize = self.gregorian.text(Field::FewestGrouped).parse().unwrap_or(1);
        self.grouped(value, decimals, fewest)
    }

    /// `value` with `decimals` decimals. Groups are separated if there are at least `fewest` digits before the first
    /// separator.
    pub fn grouped(&self, value: f64, decimals: usize, fewest: usize) -> String {
        // A locale's own signs go with its own digits.
        let own = self.zero != '0' || self.gregorian.text(Field::Digits) == "latn";
        let sign =
            |field: Field, western: &'static str| if own { self.gregorian.text(field) } else { western };
        let (point, separator) = (sign(Field::Decimal, "."), sign(Field::Group, ","));
        let plain = format!("{:.decimals$}", value.abs());
        let (whole, fraction) = plain.split_once('.').unwrap_or((&plain, ""));
        let mut sizes = self.gregorian.names(Field::Groups).filter_map(|size| size.parse::<usize>().ok());
        let mut size = sizes.next().unwrap_or(3).max(1);
        let mut groups: Vec<&str> = Vec::new();
        let mut rest = whole;
        let is_grouped = whole.len() >= size + fewest;
        while is_grouped && rest.len() > size {
            let (front, group) = rest.split_at(rest.len() - size);
            groups.push(group);
            rest = front;
            size = sizes.next().unwrap_or(size).max(1);
        }
        groups.push(rest);
        groups.reverse();
        let is_zero = plain.bytes().all(|byte| matches!(byte, b'0' | b'.'));
        let minus = if value < 0.0 && !is_zero { "\u{2212}" } else { "" };
        let mut text = format!("{minus}{}", groups.join(separator));
        if !fraction.is_empty() {
            text.push_str(point);
            text.push_str(fraction);
        }
        self.digits(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As `Intl.NumberFormat` of ICU 78 writes them, but for the minus sign.
    #[test]
    fn numbers_are_written_as_in_cldr() {
        for (tag, value, decimals, expected) in [
            ("en", 1_234_567.5, 1, "1,234,567.5"),
            ("en", 1234.0, 0, "1,234"),
            ("de", 1_234_567.5, 1, "1.234.567,5"),
            ("de-AT", 1_234_567.5, 1, "1\u{a0}234\u{a0}567,5"),
            ("de-CH", 1_234_567.5, 1, "1'234'567.5"),
            ("fr", 1234.5, 1, "1\u{202f}234,5"),
            ("es", 1234.0, 0, "1234"),
            ("es", 12_345.0, 0, "12.345"),
            ("es-MX", 1234.0, 0, "1,234"),
            ("pt", 1234.0, 0, "1.234"),
            ("pt-PT", 1234.0, 0, "1234"),
            ("pt-PT", 12_345.0, 0, "12\u{a0}345"),
            ("it", 1234.0, 0, "1234"),
            ("nl", 1234.5, 1, "1.234,5"),
            ("pl", 1234.0, 0, "1234"),
            ("pl", 12_345.0, 0, "12\u{a0}345"),
            ("uk", 1_234_567.5, 1, "1\u{a0}234\u{a0}567,5"),
            ("ru", 1_234_567.5, 1, "1\u{a0}234\u{a0}567,5"),
            ("tr", 1_234_567.5, 1, "1.234.567,5"),
            ("ar", 1_234_567.5, 1, "1,234,567.5"),
            ("ar-EG", 1_234_567.5, 1, "١٬٢٣٤٬٥٦٧٫٥"),
            ("ar-EG-u-nu-latn", 1_234_567.5, 1, "1,234,567.5"),
            ("fa", 1_234_567.5, 1, "۱٬۲۳۴٬۵۶۷٫۵"),
            ("he", 1_234_567.5, 1, "1,234,567.5"),
            ("hi", 1_234_567.5, 1, "12,34,567.5"),
            ("th", 1_234_567.5, 1, "1,234,567.5"),
            ("zh-Hans", 1_234_567.5, 1, "1,234,567.5"),
            ("zh-Hant", 1_234_567.5, 1, "1,234,567.5"),
            ("ja", 1_234_567.5, 1, "1,234,567.5"),
            ("ko", 1_234_567.5, 1, "1,234,567.5"),
            ("en", -0.5, 1, "\u{2212}0.5"),
            ("en", -0.0, 0, "0"),
        ] {
            assert_eq!(Locale::of(tag).unwrap().number(value, decimals), expected, "{tag} {value}");
        }
    }
}
