//! A record of what a reader asks of tables. A schema is made of it, so that the readers are its only source.

use std::cell::RefCell;

/// A question of a reader. Tables and values are named by the bytes at which they begin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Asked {
    /// The field of a table.
    Field(usize, String),
    /// All fields of a table, whose names its author chooses.
    All(usize),
    /// A value as a table.
    Table(usize),
    /// A value as text.
    Text(usize),
    /// A value as the text of a number.
    Number(usize),
    /// A value as a list of texts.
    Texts(usize),
    /// A value as true or false.
    Flag(usize),
    /// A value as a whole number between two others.
    Whole(usize, i64, i64),
    /// A value as one of these words.
    Choice(usize, Vec<String>),
    /// A problem was reported here.
    Refused(usize),
    /// A table lacks a field; the message.
    Missing(usize, String),
}

thread_local! {
    static RECORD: RefCell<Option<Vec<Asked>>> = const { RefCell::new(None) };
}

/// Records what `work` asks.
pub fn recorded(work: impl FnOnce()) -> Vec<Asked> {
    RECORD.set(Some(Vec::new()));
    work();
    RECORD.take().unwrap_or_default()
}

/// Adds to the record, if there is one.
pub(super) fn record(asked: impl FnOnce() -> Asked) {
    RECORD.with_borrow_mut(|record| {
        if let Some(record) = record {
            record.push(asked());
        }
    });
}
