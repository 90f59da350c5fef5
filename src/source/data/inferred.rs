//! Tables of CSV as spreadsheets save it, whose kinds of columns are inferred: for charts and tables in texts.

use std::ops::Range;

use chrono::NaiveDate;

use super::DataError;
use super::csv::{Cell, Records, delimiter, fit};
use crate::model::diagnostics::Lines;

/// A table of text, with the kinds of its columns.
#[derive(Debug, Clone, PartialEq)]
pub struct Table {
    /// Its columns, with names from the first row.
    pub columns: Vec<Column>,
    /// The other rows, each with one cell a column.
    pub rows: Vec<Vec<String>>,
}

/// A column of a table.
#[derive(Debug, Clone, PartialEq)]
pub struct Column {
    /// Its name.
    pub name: String,
    /// The kind of its cells.
    pub kind: Kind,
    /// Its numbers, row by row, if it is a column of numbers; `None` for an empty cell.
    pub numbers: Vec<Option<f64>>,
}

/// The kind of all cells of a column, except empty ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Any text.
    Text,
    /// Numbers.
    Number,
    /// Days or months in ISO 8601: `2024-05-01`, `2024-05`.
    Date,
}

/// Reads CSV. The first row names the columns; empty rows are skipped.
///
/// # Errors
/// The fault, with its line and column.
pub fn csv(text: &str) -> Result<Table, String> {
    let delimiter = delimiter(text);
    let lines = Lines::new("", text);
    let shown = |(fault, span): (DataError, Range<usize>)| {
        let (line, column) = lines.place(span).line_and_column();
        format!("line {line}, column {column}: {fault}")
    };
    let mut records = Records::new(text, delimiter);
    let Some(first) = records.next().transpose().map_err(&shown)? else {
        return Err("there is nothing in it".to_owned());
    };
    let owned = |cells: Vec<Cell<'_>>| cells.iter().map(|cell| cell.text.trim().to_owned()).collect();
    let names: Vec<String> = owned(first);
    let mut rows: Vec<Vec<String>> = Vec::new();
    for record in records {
        let mut cells = record.map_err(&shown)?;
        fit(&mut cells, names.len()).map_err(&shown)?;
        rows.push(owned(cells));
    }
    let columns = names.into_iter().enumerate().map(|(at, name)| {
        let cells: Vec<&str> = rows.iter().map(|row| row[at].as_str()).collect();
        column(name, &cells, delimiter != b',')
    });
    let columns = columns.collect();
    Ok(Table { columns, rows })
}

/// The column `name` with these `cells`. With `decimal_comma`, a comma begins the fraction of a number.
pub fn column(name: String, cells: &[&str], decimal_comma: bool) -> Column {
    let filled: Vec<&&str> = cells.iter().filter(|cell| !is_missing(cell)).collect();
    if !filled.is_empty() {
        let numbers: Vec<Option<f64>> = cells.iter().map(|cell| number(cell, decimal_comma)).collect();
        if numbers.iter().flatten().count() == filled.len() {
            return Column { name, kind: Kind::Number, numbers };
        }
        if filled.iter().all(|cell| date(cell).is_some()) {
            return Column { name, kind: Kind::Date, numbers: Vec::new() };
        }
    }
    Column { name, kind: Kind::Text, numbers: Vec::new() }
}

/// True for common ways to write a missing number.
pub fn is_missing(cell: &str) -> bool {
    let cell = cell.trim();
    matches!(cell, "" | "-" | "\u{2013}" | "\u{2014}" | "." | "\u{2026}" | "?")
        || ["n/a", "na", "nan", "null", "none"].iter().any(|word| cell.eq_ignore_ascii_case(word))
}

/// The number in `cell`, if nothing is known about the decimal sign of its file.
pub fn csv_number(cell: &str) -> Option<f64> {
    number(cell, true).or_else(|| number(cell, false))
}

/// The day in `cell`, in ISO 8601; the first day of a month.
pub fn date(cell: &str) -> Option<NaiveDate> {
    let cell = cell.trim();
    let shape = |length: usize| cell.len() == length && cell.as_bytes().get(4) == Some(&b'-');
    if shape(10) {
        return cell.parse().ok();
    }
    shape(7).then(|| format!("{cell}-01").parse().ok()).flatten()
}

/// The number in `cell`, optionally with a sign, groups of three, a decimal point or comma, and a percent sign at the
/// end. If points and commas occur, the last one is the decimal sign. If only commas occur, they are decimal if
/// `decimal_comma`.
fn number(cell: &str, decimal_comma: bool) -> Option<f64> {
    let text = cell.trim().trim_end_matches('%').trim_end();
    let (minus, text) = match text.strip_prefix(['-', '\u{2212}']) {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let is_group =
        |letter: char| matches!(letter, ' ' | '\u{a0}' | '\u{2009}' | '\u{202f}' | '\'' | '\u{2019}');
    let text: String = text.chars().filter(|letter| !is_group(*letter)).collect();
    if !text.starts_with(|c: char| c.is_ascii_digit() || c == '.' || c == ',')
        || !text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.' || byte == b',')
    {
        return None;
    }
    let (point, comma) = (text.rfind('.'), text.rfind(','));
    let several = |mark: char| text.matches(mark).count() > 1;
    let decimal = match (point, comma) {
        (Some(point), Some(comma)) => Some(point.max(comma)),
        (Some(point), None) if !several('.') => Some(point),
        (None, Some(comma)) if decimal_comma && !several(',') => Some(comma),
        _ => None,
    };
    let (whole, fraction) = match decimal {
        Some(at) => (&text[..at], &text[at + 1..]),
        None => (text.as_str(), ""),
    };
    if !fraction.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let mut groups = whole.split(['.', ',']);
    let first = groups.next().unwrap_or_default();
    if groups.clone().count() > 0 && (first.is_empty() || first.len() > 3) {
        return None;
    }
    let mut digits = first.to_owned();
    for group in groups {
        // In India, groups before the last three digits have two.
        if !matches!(group.len(), 2 | 3) {
            return None;
        }
        digits.push_str(group);
    }
    let value = format!("{digits}.{fraction}0").parse().ok().filter(|value: &f64| value.is_finite())?;
    Some(if minus { -value } else { value })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_as_people_write_them() {
        for (cell, comma, expected) in [
            ("1234.5", false, Some(1234.5)),
            ("1,234.5", false, Some(1234.5)),
            ("1.234,5", true, Some(1234.5)),
            ("1,234", false, Some(1234.0)),
            ("1,5", true, Some(1.5)),
            ("1.234.567", true, Some(1_234_567.0)),
            ("12,34,567", false, Some(1_234_567.0)),
            ("1\u{202f}234", false, Some(1234.0)),
            ("\u{2212}3", false, Some(-3.0)),
            ("+.5", false, Some(0.5)),
            ("12 %", false, Some(12.0)),
            ("1,23", false, Some(123.0)),
            ("1,2345", false, None),
            ("12a", false, None),
            ("1e5", false, None),
            (&"9".repeat(400), false, None),
            ("", false, None),
        ] {
            assert_eq!(number(cell, comma), expected, "{cell}");
        }
    }

    #[test]
    fn a_table_is_read_whatever_its_delimiter() {
        for text in ["a,b\n1,x\n", "a;b\n1;x", "\n a\tb \n1\tx\n\n", "\"a\",b,\n1,x,\n"] {
            let table = csv(text).unwrap();
            assert_eq!(
                (table.columns[0].name.as_str(), table.columns[1].name.as_str()),
                ("a", "b"),
                "{text}"
            );
            assert_eq!(table.rows[0][..2], ["1", "x"]);
            assert_eq!((table.columns[0].kind, table.columns[1].kind), (Kind::Number, Kind::Text));
        }
        let quoted = csv("a,b\n\"x, \"\"y\"\"\nz\",2\n").unwrap();
        assert_eq!(quoted.rows, [["x, \"y\"\nz", "2"]]);
        let dates = csv("day;v\n2024-05;1,5\n2024-06;-\n").unwrap();
        assert_eq!((dates.columns[0].kind, &dates.columns[1].numbers), (Kind::Date, &vec![Some(1.5), None]));
    }

    #[test]
    fn what_is_wrong_has_its_line_and_column() {
        for (text, expected) in [
            ("a,b\n1,2\n\n3\n", "line 4, column 1: this row has 1 cell, and the file has 2 columns"),
            ("a,b\n1,2,3\n", "line 2, column 5: this row has 3 cells, and the file has 2 columns"),
            ("a,b\n1,\"2\n", "line 2, column 3: the quotation mark that begins this cell has no end"),
        ] {
            assert_eq!(csv(text).unwrap_err(), expected, "{text}");
        }
        assert_eq!(csv(" \n").unwrap_err(), "there is nothing in it");
    }
}
