//! Cells of columns that have a kind.

use miette::Diagnostic;

use super::DataError;
use crate::config::ColumnKind;
use crate::model::date;
use crate::model::metadata::Value;

/// The number signs of a file: the sign before a fraction that its delimiter suggests, if it suggests one.
#[derive(Debug, Clone, Copy)]
pub(super) enum Custom {
    /// A point, since commas separate cells, or the file has numbers of its own.
    Point,
    /// A comma, as spreadsheets write where they separate cells by semicolons.
    Comma,
    /// Either.
    Unknown,
}

/// The value of the cell `value` of `column`, which has this `kind`; `written` is its text in the file. An empty cell is
/// none.
pub(super) fn typed(
    column: &str,
    value: Value,
    written: &str,
    kind: ColumnKind,
    custom: Custom,
) -> Result<Value, DataError> {
    let refuse = |found: &str, reason: String, remedy: String| {
        let (column, found) = (column.to_owned(), beginning(found));
        Err(DataError::Cell { column, found, reason, remedy })
    };
    let text = match (kind, value) {
        (ColumnKind::Text, Value::Integer(_) | Value::Float(_) | Value::Bool(_) | Value::Date(_)) => {
            return Ok(Value::String(written.to_owned()));
        }
        (ColumnKind::Text, value @ (Value::String(_) | Value::Null))
        | (ColumnKind::Number { .. }, value @ (Value::Integer(_) | Value::Null))
        | (ColumnKind::Boolean, value @ (Value::Bool(_) | Value::Null))
        | (ColumnKind::Date { .. }, value @ Value::Null) => return Ok(value),
        (ColumnKind::Number { .. }, Value::Float(number)) if number.is_finite() => {
            return Ok(Value::Float(number));
        }
        (_, Value::String(text) | Value::Date(text)) => text,
        (_, value) => {
            let reason = format!("it is {}", value.kind());
            return refuse(written, reason, format!("write {}", example(kind)));
        }
    };
    let text = text.trim();
    if text.is_empty() {
        return Ok(Value::Null);
    }
    match kind {
        ColumnKind::Text => Ok(Value::String(text.to_owned())),
        ColumnKind::Number { decimal } => number(text, decimal, custom).or_else(|fault| match fault {
            NumberFault::No => refuse(text, "it is no number".to_owned(), format!("write {}", example(kind))),
            NumberFault::Long => Err(DataError::LongNumber { number: beginning(text) }),
            NumberFault::Ambiguous => {
                let reason = "it has either a fraction or thousands".to_owned();
                let remedy = format!(
                    "say in `site.toml` which sign begins a fraction: `{column} = {{ type = \"number\", decimal = \",\" }}`"
                );
                refuse(text, reason, remedy)
            }
        }),
        ColumnKind::Boolean => match text.to_lowercase().as_str() {
            "true" | "yes" | "1" => Ok(Value::Bool(true)),
            "false" | "no" | "0" => Ok(Value::Bool(false)),
            _ => refuse(text, "it is neither true nor false".to_owned(), format!("write {}", example(kind))),
        },
        ColumnKind::Date { zone } => match date::parse(text) {
            Ok(written) => Ok(Value::Date(match zone {
                Some(zone) if !written.has_zone() && written.precision() != date::Precision::Day => {
                    format!("{text} {}", zone.name())
                }
                _ => text.to_owned(),
            })),
            Err(error) => {
                let remedy = error.help().map(|help| help.to_string());
                refuse(text, error.to_string(), remedy.unwrap_or_else(|| format!("write {}", example(kind))))
            }
        },
    }
}

fn example(kind: ColumnKind) -> &'static str {
    match kind {
        ColumnKind::Text => "text",
        ColumnKind::Number { .. } => {
            "a number such as `12.5`, and nothing else in its cell; leave the cell empty where there is none"
        }
        ColumnKind::Boolean => {
            "`true` or `false`, `yes` or `no`, `1` or `0`; leave the cell empty where neither is known"
        }
        ColumnKind::Date { .. } => "a date such as `2014-02-14`",
    }
}

/// The beginning of a text that may be long.
pub(super) fn beginning(text: &str) -> String {
    const MOST: usize = 60;
    match text.char_indices().nth(MOST) {
        Some((at, _)) => format!("{}\u{2026}", &text[..at]),
        None => text.to_owned(),
    }
}

enum NumberFault {
    No,
    Long,
    Ambiguous,
}

/// The number in `text`: digits with a sign, groups of three, a fraction and an exponent.
fn number(text: &str, decimal: Option<char>, custom: Custom) -> Result<Value, NumberFault> {
    let (sign, digits) = match text.strip_prefix(['-', '\u{2212}']) {
        Some(rest) => ("-", rest),
        None => ("", text.strip_prefix('+').unwrap_or(text)),
    };
    let spaces = [' ', '\u{a0}', '\u{2009}', '\u{202f}', '\'', '\u{2019}'];
    let (mantissa, exponent) = match digits.find(['e', 'E']) {
        Some(at) => (&digits[..at], &digits[at..]),
        None => (digits, ""),
    };
    let (points, commas) = (mantissa.matches('.').count(), mantissa.matches(',').count());
    let is_group_alone = |mark: char| {
        let (before, after) = mantissa.split_once(mark).unwrap_or_default();
        after.len() == 3 && matches!(before.len(), 1..=3) && before != "0"
    };
    let decimal = match (decimal, custom, points, commas) {
        (Some(decimal), ..) => decimal,
        (None, _, 0, 0) => '.',
        (None, _, 1.., 1..) if mantissa.rfind(',') > mantissa.rfind('.') => ',',
        (None, _, 1.., 1..) => '.',
        (None, Custom::Point, ..) => '.',
        (None, Custom::Unknown, 1, 0) => '.',
        (None, Custom::Unknown, 0, 1) if is_group_alone(',') => return Err(NumberFault::Ambiguous),
        (None, Custom::Comma, 1, 0) if is_group_alone('.') => return Err(NumberFault::Ambiguous),
        (None, Custom::Comma, 1, 0) => '.',
        (None, _, 2.., 0) => ',',
        (None, _, 0, 2..) => '.',
        (None, ..) => ',',
    };
    let (whole, fraction) = match mantissa.split_once(decimal) {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (mantissa, None),
    };
    let group = if decimal == '.' { ',' } else { '.' };
    let is_group = |letter: char| letter == group || spaces.contains(&letter);
    let mut groups = whole.split(is_group);
    let mut plain = groups.next().unwrap_or_default().to_owned();
    let has_groups = plain.len() < whole.len();
    if has_groups && !matches!(plain.len(), 1..=3) {
        return Err(NumberFault::No);
    }
    for part in groups {
        if part.len() != 3 {
            return Err(NumberFault::No);
        }
        plain.push_str(part);
    }
    let all_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let is_empty = plain.is_empty() && fraction.is_none_or(str::is_empty);
    if is_empty || !all_digits(&plain) || !fraction.is_none_or(all_digits) {
        return Err(NumberFault::No);
    }
    if fraction.is_none() && exponent.is_empty() {
        return format!("{sign}{plain}").parse().map(Value::Integer).map_err(|_| NumberFault::Long);
    }
    let number = format!("{sign}{plain}.{}{exponent}", fraction.unwrap_or("0"));
    let number: f64 = number.parse().map_err(|_| NumberFault::No)?;
    if number.is_finite() { Ok(Value::Float(number)) } else { Err(NumberFault::Long) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str, decimal: Option<char>, custom: Custom) -> Result<Value, &'static str> {
        number(text, decimal, custom).map_err(|fault| match fault {
            NumberFault::No => "no",
            NumberFault::Long => "long",
            NumberFault::Ambiguous => "ambiguous",
        })
    }

    #[test]
    fn numbers_are_read_where_they_can_mean_one_thing_only() {
        use Custom::{Comma, Point, Unknown};
        let (int, float) = (|number| Ok(Value::Integer(number)), |number| Ok(Value::Float(number)));
        for (text, decimal, custom, expected) in [
            ("12", None, Point, int(12)),
            ("-12", None, Point, int(-12)),
            ("\u{2212}3", None, Point, int(-3)),
            ("+.5", None, Point, float(0.5)),
            ("007", None, Point, int(7)),
            ("12.50", None, Point, float(12.5)),
            ("1e5", None, Point, float(100_000.0)),
            ("1.5E-3", None, Point, float(0.0015)),
            ("1,234", None, Point, int(1234)),
            ("1,234.5", None, Point, float(1234.5)),
            ("1.234,5", None, Point, float(1234.5)),
            ("1,23", None, Point, Err("no")),
            ("12,34,567", None, Point, Err("no")),
            ("1,5", None, Comma, float(1.5)),
            ("1,234", None, Comma, float(1.234)),
            ("1.234", None, Comma, Err("ambiguous")),
            ("0.234", None, Comma, float(0.234)),
            ("12.5", None, Comma, float(12.5)),
            ("1.234.567", None, Comma, int(1_234_567)),
            ("1,234", None, Unknown, Err("ambiguous")),
            ("1.234", None, Unknown, float(1.234)),
            ("1.234", Some(','), Point, int(1234)),
            ("1.234,5", Some(','), Point, float(1234.5)),
            ("1,234", Some(','), Point, float(1.234)),
            ("1\u{202f}234", None, Point, int(1234)),
            ("1 234 567", None, Point, int(1_234_567)),
            ("1 23", None, Point, Err("no")),
            ("9223372036854775807", None, Point, int(i64::MAX)),
            ("9223372036854775808", None, Point, Err("long")),
            ("1e999", None, Point, Err("long")),
            ("12 EUR", None, Point, Err("no")),
            ("12 %", None, Point, Err("no")),
            ("1e", None, Point, Err("no")),
            ("e5", None, Point, Err("no")),
            ("-", None, Point, Err("no")),
            (".", None, Point, Err("no")),
            ("n/a", None, Point, Err("no")),
            ("NaN", None, Point, Err("no")),
            ("inf", None, Point, Err("no")),
            ("0x10", None, Point, Err("no")),
            ("--1", None, Point, Err("no")),
            ("1.2.3", None, Point, Err("no")),
            ("\u{661}\u{662}", None, Point, Err("no")),
        ] {
            assert_eq!(read(text, decimal, custom), expected, "{text} {decimal:?} {custom:?}");
        }
    }

    proptest::proptest! {
        #[test]
        fn any_cell_is_read_or_refused(text in "\\PC*|[-+0-9.,eE ']*") {
            for kind in [ColumnKind::Number { decimal: None }, ColumnKind::Boolean, ColumnKind::Date { zone: None }] {
                let _ = typed("a", Value::String(text.clone()), &text, kind, Custom::Comma);
            }
        }
    }
}
