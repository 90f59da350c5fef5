//! Formats numbers for people.

use pure_rust_locales::locale_match;
use unicode_segmentation::UnicodeSegmentation;

use crate::model::date::Locale;

/// `value` with `decimals` decimals, in the notation of `locale`.
pub fn written(value: f64, decimals: usize, locale: Locale) -> String {
    let point = locale_match!(locale => LC_NUMERIC::DECIMAL_POINT);
    let separator = locale_match!(locale => LC_NUMERIC::THOUSANDS_SEP);
    let grouping: &[i64] = locale_match!(locale => LC_NUMERIC::GROUPING);
    let plain = format!("{:.decimals$}", value.abs());
    let (whole, fraction) = plain.split_once('.').unwrap_or((&plain, ""));
    let mut groups: Vec<&str> = Vec::new();
    let mut rest = whole;
    let mut sizes = grouping.iter().copied();
    let mut size = sizes.next().unwrap_or(-1);
    // Four digits need no separator, and may be a year.
    let is_long = whole.len() > 4;
    while is_long && !separator.is_empty() && size > 0 && rest.len() > size as usize {
        let (front, group) = rest.split_at(rest.len() - size as usize);
        groups.push(group);
        rest = front;
        size = sizes.next().unwrap_or(size);
    }
    groups.push(rest);
    groups.reverse();
    let zero = plain.bytes().all(|byte| matches!(byte, b'0' | b'.'));
    let sign = if value < 0.0 && !zero { "\u{2212}" } else { "" };
    let mut text = format!("{sign}{}", groups.join(separator));
    if !fraction.is_empty() {
        text.push_str(point);
        text.push_str(fraction);
    }
    text
}

/// The fewest decimals, up to 6, that show all `values` exactly.
pub fn decimals(values: impl Iterator<Item = f64>) -> usize {
    let of = |value: f64| {
        (0..6_usize).find(|decimals| {
            let scaled = value * 10_f64.powi(i32::try_from(*decimals).unwrap_or(0));
            (scaled - scaled.round()).abs() < 1e-6 * scaled.abs().max(1.0)
        })
    };
    values.map(|value| of(value).unwrap_or(6)).max().unwrap_or(0)
}

/// The first `letters - 1` letters of `text`, and an ellipsis.
pub fn cut(text: &str, letters: usize) -> String {
    let kept: String = text.graphemes(true).take(letters.saturating_sub(1)).collect();
    format!("{}\u{2026}", kept.trim_end())
}
