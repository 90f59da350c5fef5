//! CSV in one form.

use std::collections::HashSet;

use csv::{ReaderBuilder, Terminator, WriterBuilder};
use serde_json::{Map, Value};

use crate::source::data::delimiter;

/// Writes the table `text` in one form: line feeds, quotes only where they are needed, no empty rows. The second value is its
/// rows.
///
/// # Errors
/// The fault, with its line.
pub(super) fn canonical(text: &str, is_tsv: bool) -> Result<(String, Value), String> {
    let first = text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    let delimiter = if is_tsv { b'\t' } else { delimiter(first) };
    let mut reader = ReaderBuilder::new()
        .delimiter(delimiter)
        .has_headers(false)
        .flexible(true)
        .from_reader(text.as_bytes());
    let mut writer = WriterBuilder::new()
        .delimiter(delimiter)
        .terminator(Terminator::Any(b'\n'))
        .flexible(true)
        .from_writer(Vec::new());
    let mut names: Vec<String> = Vec::new();
    let mut rows = Vec::new();
    for record in reader.records() {
        let record = record.map_err(|error| error.to_string())?;
        if record.iter().all(|cell| cell.trim().is_empty()) {
            continue;
        }
        let mut cells: Vec<&str> = record.iter().collect();
        if names.is_empty() {
            while cells.last().is_some_and(|cell| cell.trim().is_empty()) {
                cells.pop();
            }
            names = cells.iter().map(|cell| cell.trim().to_owned()).collect();
            check_names(&names)?;
        }
        // Spreadsheets leave extra delimiters at the ends of rows.
        while cells.len() > names.len() && cells.last().is_some_and(|cell| cell.trim().is_empty()) {
            cells.pop();
        }
        if cells.len() != names.len() {
            let line = record.position().map_or(0, |position| {
                let at = usize::try_from(position.byte()).unwrap_or_default().min(text.len());
                let blank = text[at..].len() - text[at..].trim_start_matches('\n').len();
                text[..at + blank].matches('\n').count() + 1
            });
            let (has, wanted) = (cells.len(), names.len());
            return Err(format!("line {line} has {has} cells, and the first row has {wanted}"));
        }
        writer.write_record(&cells).map_err(|error| error.to_string())?;
        rows.push(cells.iter().map(|cell| (*cell).to_owned()).collect::<Vec<_>>());
    }
    if names.is_empty() {
        return Err("there is nothing in it".to_owned());
    }
    let rows = rows.into_iter().skip(1).map(|cells| -> Value {
        let cells = cells.into_iter().map(Value::from);
        names.iter().cloned().zip(cells).collect::<Map<_, _>>().into()
    });
    let rows = rows.collect();
    let bytes = writer.into_inner().map_err(|error| error.to_string())?;
    Ok((String::from_utf8(bytes).map_err(|error| error.to_string())?, rows))
}

/// Refuses columns that have no name or the same.
fn check_names(names: &[String]) -> Result<(), String> {
    let mut seen = HashSet::new();
    for (at, name) in names.iter().enumerate() {
        if name.is_empty() {
            return Err(format!("column {} has no name in the first row", at + 1));
        }
        if !seen.insert(name) {
            return Err(format!("two columns have the name \u{201c}{name}\u{201d}"));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_line_ends_and_empty_rows_make_no_difference() {
        let expected = "a,b\n1,\"x, y\"\n2,\n";
        for text in [expected, "\"a\",\"b\"\n\n\"1\",\"x, y\"\n2,\n,\n", "a,b,,\n1,\"x, y\",,\n2,,,\n"] {
            assert_eq!(canonical(text, false).unwrap().0, expected, "{text}");
        }
        assert_eq!(canonical("a;b\n1,5;2\n", false).unwrap().0, "a;b\n1,5;2\n");
        assert_eq!(canonical("a\tb\n1\t2\n", true).unwrap().0, "a\tb\n1\t2\n");
    }

    #[test]
    fn a_table_that_is_none_is_refused() {
        for (text, expected) in [
            ("a,b\n1,2\n\n3\n", "line 4 has 1 cells, and the first row has 2"),
            ("a,a\n", "two columns have the name \u{201c}a\u{201d}"),
            ("a,,b\n1,2,3\n", "column 2 has no name in the first row"),
            (" \n", "there is nothing in it"),
        ] {
            assert_eq!(canonical(text, false).unwrap_err(), expected, "{text}");
        }
    }
}
