//! Marks by which an author says that something is not public: `draft`, and the fields that other generators have for
//! it.
//!
//! A mark that is known withholds, as `draft = true` does. A field that is unknown and looks like a mark is an error,
//! because a warning would come together with the text that somebody wanted to hold back.

use chrono::NaiveDate;
use miette::Diagnostic;
use thiserror::Error;

use crate::model::date;
use crate::model::metadata::{Entry, Fields, Value, folded};

/// Flags that withhold if they say yes, or say nothing.
pub(super) const FLAGS: [&str; 3] = ["private", "hidden", "unlisted"];
/// Fields that withhold if they say no, or say nothing. They may hold a date instead.
pub(super) const OPEN_FLAGS: [&str; 2] = ["published", "publish"];
/// Fields that name a state.
pub(super) const STATES: [&str; 2] = ["status", "visibility"];
/// Words for states in which something is public.
const PUBLIC: [&str; 14] = [
    "public",
    "published",
    "publish",
    "live",
    "visible",
    "listed",
    "everyone",
    "everybody",
    "all",
    "open",
    "online",
    "active",
    "released",
    "final",
];
/// Words for states in which something is not public.
pub(super) const NOT_PUBLIC: [&str; 50] = [
    "draft",
    "drafts",
    "drafted",
    "autodraft",
    "private",
    "pending",
    "pendingreview",
    "future",
    "scheduled",
    "hidden",
    "unlisted",
    "unpublished",
    "notpublished",
    "embargo",
    "embargoed",
    "hold",
    "onhold",
    "held",
    "review",
    "inreview",
    "needsreview",
    "wip",
    "workinprogress",
    "inprogress",
    "todo",
    "unfinished",
    "planned",
    "idea",
    "trash",
    "trashed",
    "deleted",
    "archived",
    "withdrawn",
    "retracted",
    "rejected",
    "expired",
    "members",
    "membersonly",
    "paid",
    "subscribers",
    "internal",
    "restricted",
    "confidential",
    "secret",
    "protected",
    "password",
    "inactive",
    "disabled",
    "offline",
    "none",
];
/// Reports on marks.
#[derive(Debug, Clone, PartialEq, Eq, Error, Diagnostic)]
pub enum HoldError {
    /// A field of another generator withholds.
    #[error("`{key}` holds this back, as `draft` does")]
    #[diagnostic(
        severity(warning),
        code(front_matter::held),
        help(
            "use `draft`, with the value true, to say so; take the field out to publish; values of your own go under `extra`"
        )
    )]
    Held {
        /// The field.
        key: String,
    },
    /// An unknown field that looks like a mark.
    #[error("`{key}` looks as if it should hold this back, and it is not a field that is read here")]
    #[diagnostic(
        code(front_matter::hold),
        help("{remedy}; if it is a value of your own, move it under `extra`")
    )]
    Unread {
        /// The field.
        key: String,
        /// The field that does what seems to be meant.
        remedy: &'static str,
    },
    /// A state that is neither public nor not.
    #[error("`{key}` is \u{201c}{found}\u{201d}, which does not say whether this is public")]
    #[diagnostic(
        code(front_matter::hold),
        help("write `published` or `draft`; if it is a value of your own, move it under `extra`")
    )]
    Unclear {
        /// The field.
        key: String,
        /// Its value.
        found: String,
    },
    /// A field in a table that nothing reads it from.
    #[error("`{key}` is under `{table}`, where nothing reads it")]
    #[diagnostic(
        code(front_matter::swallowed),
        help(
            "in TOML, all that follows `[{table}]` belongs to it: move the field above that line, or out of `{table}`; give a value of your own another name"
        )
    )]
    Swallowed {
        /// The field.
        key: String,
        /// The table.
        table: String,
    },
    /// A field in a line of a text.
    #[error("`{key}` is a line of the text of `{field}`, so nothing reads it")]
    #[diagnostic(
        code(front_matter::swallowed),
        help(
            "take out what is before it in its line, and close the text above it; if it is text, write it in other words"
        )
    )]
    InText {
        /// The field.
        key: String,
        /// The field with the text.
        field: String,
    },
    /// A field of a section that its articles don't inherit.
    #[error("`{key}` is under `cascade`, and nothing inherits it")]
    #[diagnostic(
        code(front_matter::swallowed),
        help("move it above `[cascade]`, where it holds the whole section, or into the articles")
    )]
    NotInherited {
        /// The field.
        key: String,
    },
    /// A field without a value.
    #[error("`{key}` has no value, so it is left out")]
    #[diagnostic(severity(warning), code(front_matter::empty), help("write the value, or take out the line"))]
    Empty {
        /// The field.
        key: String,
    },
}

/// A value as an answer to yes or no, if it is one.
pub(super) fn answer(value: &Value) -> Option<bool> {
    match value {
        Value::Bool(flag) => Some(*flag),
        Value::Integer(0) => Some(false),
        Value::Integer(1) => Some(true),
        Value::Float(number) if *number == 0.0 => Some(false),
        Value::String(text) => answer_of(text),
        _ => None,
    }
}

fn answer_of(text: &str) -> Option<bool> {
    match folded(text).as_str() {
        "true" | "yes" | "on" | "y" | "t" | "1" => Some(true),
        "false" | "no" | "off" | "n" | "f" | "0" | "never" => Some(false),
        _ => None,
    }
}

pub(super) fn is_nothing(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.trim().is_empty(),
        _ => false,
    }
}

/// Reads all marks: `Some(true)` if one of them withholds, `Some(false)` if `draft` says no.
pub(super) fn draft(fields: &mut Fields<'_, '_>) -> Option<bool> {
    let draft = fields.present("draft").map(|entry| answer(&entry.node.value));
    let mut is_held = draft.is_some_and(|draft| draft != Some(false));
    if draft == Some(None) {
        let entry = fields.present("draft");
        warn(fields, entry);
    }
    for key in OPEN_FLAGS {
        let Some(entry) = fields.present(key) else { continue };
        is_held |= is_nothing(&entry.node.value) || answer(&entry.node.value) == Some(false);
    }
    for key in FLAGS {
        let Some(entry) = fields.present(key) else { continue };
        // `unlisted = true` is a field of its own.
        let is_field = key == "unlisted" && fields.is_true(&entry.node);
        if !is_field && answer(&entry.node.value) != Some(false) {
            is_held = true;
            warn(fields, Some(entry));
        }
    }
    // An empty password is the export of an article that has none.
    let password = fields.present("password").filter(|entry| !is_nothing(&entry.node.value));
    if let Some(entry) = password.filter(|entry| answer(&entry.node.value) != Some(false)) {
        is_held = true;
        warn(fields, Some(entry));
    }
    for key in STATES {
        is_held |= state(fields, key);
    }
    if is_held { Some(true) } else { draft.flatten() }
}

fn warn(fields: &mut Fields<'_, '_>, entry: Option<&Entry>) {
    if let Some(entry) = entry {
        fields.report(HoldError::Held { key: entry.key.clone() }, &entry.key_span);
    }
}

/// True if the state under `key` withholds.
fn state(fields: &mut Fields<'_, '_>, key: &'static str) -> bool {
    let Some(entry) = fields.present(key) else { return false };
    let value = &entry.node.value;
    if let Some(answer) = answer(value) {
        return !answer;
    }
    if is_nothing(value) {
        return true;
    }
    let Some(text) = fields.as_text(key, &entry.node) else { return true };
    let word = folded(&text);
    if PUBLIC.contains(&word.as_str()) {
        return false;
    }
    if !NOT_PUBLIC.contains(&word.as_str()) {
        fields.report(HoldError::Unclear { key: entry.key.clone(), found: text }, &entry.node.span);
    }
    true
}

/// True if `published` or `publish`, which may hold a date, is an answer here.
pub(super) fn is_answer(key: &str, value: &Value) -> bool {
    OPEN_FLAGS.contains(&key) && (answer(value).is_some() || is_nothing(value))
}

pub(super) fn text_of(value: &Value) -> &str {
    match value {
        Value::String(text) | Value::Date(text) => text,
        _ => "",
    }
}

/// The day of a value that is a date.
pub(super) fn is_date(value: &Value) -> Option<NaiveDate> {
    match value {
        Value::String(text) | Value::Date(text) => date::parse(text).ok().map(|written| written.day()),
        _ => None,
    }
}

/// Names of folders whose content is not public, with or without `_`. They are no names of sections that readers know.
const HELD_FOLDERS: [&str; 12] = [
    "draft",
    "drafts",
    "unpublished",
    "private",
    "hidden",
    "unlisted",
    "confidential",
    "embargo",
    "embargoed",
    "internal",
    "wip",
    "workinprogress",
];

/// Words before `drafts` that make it no other name.
const WHOSE: [&str; 7] = ["all", "my", "new", "old", "our", "the", "your"];

/// True if the name of a folder says that its content is not public: `_drafts`, `drafts`, `old-drafts`, `private`…
pub fn is_held_folder(name: &str) -> bool {
    let lower = name.to_lowercase();
    let words = lower.split(|letter: char| !letter.is_alphanumeric());
    let words = words.map(|word| word.trim_end_matches(char::is_numeric)).filter(|word| !word.is_empty());
    let mut words: Vec<&str> = words.collect();
    if words.len() > 1 {
        words.retain(|word| !WHOSE.contains(word));
    }
    let bare = words.concat();
    let is_inner = lower.starts_with('_');
    let is_draft = |word: &str| HELD_FOLDERS.contains(&word);
    let is_inner_draft = words.first().is_some_and(|word| is_draft(word));
    // `_members` is a collection of people in other generators.
    let is_state = bare != "members" && (bare == "archive" || NOT_PUBLIC.contains(&bare.as_str()));
    is_draft(&bare) || is_inner && (is_inner_draft || is_state)
}

/// True if the name of a source, without its extension, says that it is not public: `_notes`, `notes.draft`.
pub fn is_held_name(stem: &str) -> bool {
    let name = stem.rsplit('/').next().unwrap_or(stem);
    name.starts_with('_') || name.to_lowercase().ends_with(".draft")
}
