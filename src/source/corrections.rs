//! `[[corrections]]`: corrections after the publication.

use serde::{Deserialize, Serialize};

use super::dates::written_date;
use super::front_matter::WrittenDate;
use crate::model::metadata::{Fields, MetadataError};

/// A correction, which is reported to readers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Correction {
    /// `date`: the time of the correction.
    pub date: WrittenDate,
    /// `text`: the error and its correction, plain text.
    pub text: String,
}

pub(super) fn corrections(fields: &mut Fields<'_, '_>) -> Vec<Correction> {
    let mut corrections = Vec::new();
    for node in fields.tables("corrections") {
        let mut table = fields.inner("`[[corrections]]`", node);
        let missing =
            |key, example| MetadataError::Missing { key, owner: "this correction".to_owned(), example };
        let date = written_date(&mut table, &["date"]);
        let text = table.filled("text");
        if table.node("date").is_none() {
            table.report(missing("date", "`date = 2014-02-15T09:30:00+08:00`"), &node.span);
        }
        if text.is_none() {
            table.report(missing("text", "`text = \"The ferry holds 240 people, not 420.\"`"), &node.span);
        }
        table.finish(None);
        corrections.extend(date.zip(text).map(|(date, text)| Correction { date, text }));
    }
    corrections
}
