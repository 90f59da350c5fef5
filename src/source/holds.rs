//! Marks by which an author says that something is not public: `draft`, and the fields that other generators have for
//! it.
//!
//! A mark that is known withholds, as `draft = true` does. A field that is unknown and looks like a mark is an error,
//! because a warning would come together with the text that somebody wanted to hold back.

use chrono::NaiveDate;
use miette::Diagnostic;
use thiserror::Error;

use crate::model::date::{self, EXPIRES, PUBLISHED};
use crate::model::metadata::{Entry, Fields, Node, Value, folded, is_same};

/// Flags that withhold if they say yes, or say nothing.
const FLAGS: [&str; 3] = ["private", "hidden", "unlisted"];
/// Fields that withhold if they say no, or say nothing. They may hold a date instead.
const OPEN_FLAGS: [&str; 2] = ["published", "publish"];
/// Fields that name a state.
const STATES: [&str; 2] = ["status", "visibility"];
/// Words for states in which something is public.
const PUBLIC: [&str; 14] = [
    "public", "published", "publish", "live", "visible", "listed", "everyone", "everybody", "all", "open", "online",
    "active", "released", "final",
];
/// Words for states in which something is not public.
const NOT_PUBLIC: [&str; 50] = [
    "draft", "drafts", "drafted", "autodraft", "private", "pending", "pendingreview", "future", "scheduled", "hidden",
    "unlisted", "unpublished", "notpublished", "embargo", "embargoed", "hold", "onhold", "held", "review", "inreview",
    "needsreview", "wip", "workinprogress", "inprogress", "todo", "unfinished", "planned", "idea", "trash", "trashed",
    "deleted", "archived", "withdrawn", "retracted", "rejected", "expired", "members", "membersonly", "paid",
    "subscribers", "internal", "restricted", "confidential", "secret", "protected", "password", "inactive", "disabled",
    "offline", "none",
];
/// Unknown flags that look like marks if they say yes, or say nothing.
const LIKE_FLAGS: [&str; 38] = [
    "hide", "secret", "confidential", "restricted", "internal", "protected", "locked", "disabled", "archived",
    "deleted", "trashed", "trash", "exclude", "excluded", "eleventyexcludefromcollections", "ignore", "ignored",
    "skip", "offline", "inactive", "wip", "workinprogress", "todo", "unfinished", "incomplete", "unreleased",
    "headless", "membersonly", "subscribersonly", "paid", "onhold", "hold", "held", "withhold", "withheld", "pending",
    "retracted", "expired",
];
/// Unknown flags that look like marks if they say no, or say nothing.
const LIKE_OPEN_FLAGS: [&str; 19] = [
    "public", "live", "visible", "listed", "enabled", "active", "online", "render", "output", "released", "ready",
    "finished", "complete", "show", "approved", "permalink", "production", "open", "final",
];
/// Parts of names under which a date is one before which nothing may be public.
const STARTS: [&str; 16] = [
    "publish", "publication", "pubdate", "release", "golive", "liveat", "livedate", "livefrom", "availablefrom",
    "visiblefrom", "validfrom", "showfrom", "notbefore", "schedul", "embargo", "hold",
];
/// Parts of names under which a date is one after which nothing may be public.
const ENDS: [&str; 14] = [
    "expir", "unpublish", "validuntil", "validthrough", "visibleuntil", "availableuntil", "showuntil", "liveuntil",
    "publisheduntil", "publishuntil", "remove", "takedown", "withdraw", "notafter",
];

/// Reports on marks.
#[derive(Debug, Clone, PartialEq, Eq, Error, Diagnostic)]
pub enum HoldError {
    /// A field of another generator withholds.
    #[error("`{key}` holds this back, as `draft` does")]
    #[diagnostic(
        severity(warning),
        code(front_matter::held),
        help("use `draft`, with the value true, to say so; take the field out to publish; values of your own go under `extra`")
    )]
    Held {
        /// The field.
        key: String,
    },
    /// An unknown field that looks like a mark.
    #[error("`{key}` looks as if it should hold this back, and it is not a field that is read here")]
    #[diagnostic(code(front_matter::hold), help("{remedy}; if it is a value of your own, move it under `extra`"))]
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

fn is_nothing(value: &Value) -> bool {
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
        if answer(&entry.node.value) != Some(false) {
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

/// True if a line `name: value`, in whatever kind of header, says that its text is not public. In prose, `Draft: a
/// history` does not: the value has to be an answer, a state or a date.
pub(super) fn is_mark(name: &str, value: &str) -> bool {
    let value = Value::String(value.trim().to_owned());
    let (answer, is_nothing) = (answer(&value), is_nothing(&value));
    let is_one_of = |keys: &[&str]| keys.iter().any(|key| is_same(key, name));
    let is_state = NOT_PUBLIC.contains(&folded(text_of(&value)).as_str());
    if is_one_of(&["draft"]) || is_one_of(&FLAGS) {
        return answer == Some(true) || is_nothing || is_state;
    }
    if is_one_of(&OPEN_FLAGS) {
        return is_nothing || answer == Some(false);
    }
    if is_one_of(&STATES) {
        return is_state;
    }
    let is_plain = answer.is_some() || is_nothing || is_state || is_date(&value).is_some();
    let is_embargo = folded(name).starts_with("embargo") && text_of(&value).contains(|c: char| c.is_ascii_digit());
    (is_plain || is_embargo) && suspicion(&folded(name), &value, None).is_some()
}

fn text_of(value: &Value) -> &str {
    match value {
        Value::String(text) | Value::Date(text) => text,
        _ => "",
    }
}

/// Reports every field that nothing read and that looks like a mark, and every mark in a table that does not read it.
/// `dated` is the day that the article gives as its own.
pub(super) fn check_unread(fields: &mut Fields<'_, '_>, dated: Option<NaiveDate>) {
    for entry in fields.unknown() {
        if let Some(remedy) = suspicion(&folded(&entry.key), &entry.node.value, dated) {
            fields.report(HoldError::Unread { key: entry.key.clone(), remedy }, &entry.key_span);
            fields.take(&entry.key);
        }
    }
    for entry in fields.all() {
        match folded(&entry.key).as_str() {
            // It is read by itself.
            "cascade" => {}
            "extra" => check_extra(fields, entry),
            _ => check_swallowed(fields, &entry.key, &entry.node),
        }
    }
}

/// Reports the fields of an article that are under `extra`.
fn check_extra(fields: &mut Fields<'_, '_>, extra: &Entry) {
    let Value::Table(entries) = &extra.node.value else { return };
    // Values of one's own may have the names of other generators' marks, if they don't say the same.
    let of_others = [&FLAGS[..], &STATES, &["publish", "password"]].concat();
    for entry in entries {
        let is_same = |known: &str| is_same(known, &entry.key);
        let is_known = fields.is_known(&entry.key) && !of_others.iter().any(|other| is_same(other));
        if is_known || is_swallowed(&extra.key, entry) {
            swallowed(fields, entry, &extra.key);
        } else {
            check_swallowed(fields, &format!("{}.{}", extra.key, entry.key), &entry.node);
        }
    }
}

/// Reports marks in the table `node` and the tables in it.
fn check_swallowed(fields: &mut Fields<'_, '_>, table: &str, node: &Node) {
    match &node.value {
        Value::List(items) => items.iter().for_each(|item| check_swallowed(fields, table, item)),
        Value::Table(entries) => {
            for entry in entries {
                if is_swallowed(table, entry) {
                    swallowed(fields, entry, table);
                } else {
                    check_swallowed(fields, &format!("{table}.{}", entry.key), &entry.node);
                }
            }
        }
        _ => {}
    }
}

fn is_swallowed(table: &str, entry: &Entry) -> bool {
    let (name, value) = (folded(&entry.key), &entry.node.value);
    let is_no = answer(value) == Some(false);
    let is_one_of = |keys: &[&str]| keys.iter().any(|key| is_same(key, &name));
    match name.as_str() {
        "draft" | "unlisted" => !is_no,
        "render" | "list" => is_no && folded(table).ends_with("build"),
        _ if is_one_of(&OPEN_FLAGS) => is_no || is_date(value).is_some(),
        _ if is_one_of(EXPIRES) || is_one_of(&PUBLISHED[2..]) => is_date(value).is_some(),
        "status" => NOT_PUBLIC[..10].contains(&folded(text_of(value)).as_str()),
        "private" | "hidden" => answer(value) == Some(true),
        _ => false,
    }
}

fn swallowed(fields: &mut Fields<'_, '_>, entry: &Entry, table: &str) {
    let cause = HoldError::Swallowed { key: entry.key.clone(), table: table.to_owned() };
    fields.report(cause, &entry.key_span);
}

/// The day of a value that is a date.
fn is_date(value: &Value) -> Option<NaiveDate> {
    match value {
        Value::String(text) | Value::Date(text) => date::parse(text).ok().map(|written| written.day()),
        _ => None,
    }
}

const USE_DRAFT: &str = "to hold it back, use `draft` with the value true";
const USE_DATE: &str = "to hold it back until a date, use `publishDate`";
const USE_EXPIRES: &str = "to take it back at a date, use `expires`";

/// A remedy for the unknown field `name` (folded), if it looks like a mark.
fn suspicion(name: &str, value: &Value, dated: Option<NaiveDate>) -> Option<&'static str> {
    let (answer, nothing, day) = (answer(value), is_nothing(value), is_date(value));
    let (is_yes, is_no) = (answer == Some(true) || nothing, answer == Some(false) || nothing);
    // A day that is not after the article's own date holds nothing back.
    let is_later = day.is_some_and(|day| dated.is_none_or(|dated| day > dated));
    let is = |names: &[&str]| names.contains(&name);
    let has = |parts: &[&str]| parts.iter().any(|part| name.contains(part));
    let is_near = |known: &str, most: usize| strsim::damerau_levenshtein(name, known) <= most;
    if name.contains("draft") || (is_near("draft", 1) && !is_word_like_draft(name, answer, nothing)) {
        return (answer != Some(false)).then_some(USE_DRAFT);
    }
    let is_open = is_near("published", 2) || is_near("publish", 2) || is(&["ispublished", "ispublic"]);
    if is_open && is_no || is(&LIKE_OPEN_FLAGS) && is_no && name != "permalink" {
        return Some(USE_DRAFT);
    }
    // An article without a permalink has no page in other generators.
    if name == "permalink" && answer == Some(false) {
        return Some(USE_DRAFT);
    }
    let is_flag = FLAGS.iter().any(|flag| is_near(flag, 1) || name.strip_prefix("is") == Some(*flag));
    if is_yes && (is_flag || is(&LIKE_FLAGS) || has(&["unpublish", "notpublish", "dontpublish", "nopublish"])) {
        return Some(USE_DRAFT);
    }
    if has(&ENDS) && (day.is_some() || is_yes) || day.is_some() && is_near("expires", 2) {
        return Some(USE_EXPIRES);
    }
    if has(&STARTS) && is_later || day.is_some() && is_later && (is_near("publishdate", 2) || is_near("published", 2)) {
        return Some(USE_DATE);
    }
    // `embargo: until Monday` is no date, and means one all the same.
    if has(&["embargo", "scheduled"]) && day.is_none() && answer != Some(false) {
        return Some(USE_DATE);
    }
    if is_near("withdrawn", 2) && answer != Some(false) {
        return Some("to take it back with a reason, use `withdrawn`");
    }
    if is(&["build"]) && matches!(value, Value::Table(_)) {
        return None;
    }
    let word = folded(text_of(value));
    let is_state = matches!(value, Value::String(_)) && NOT_PUBLIC[..19].contains(&word.as_str());
    let is_future = matches!(word.as_str(), "future" | "hold" | "held");
    (is_state && !is_future).then_some(USE_DRAFT)
}

/// True if `name` is a word that only looks like `draft`, with a value that is no answer.
fn is_word_like_draft(name: &str, answer: Option<bool>, is_nothing: bool) -> bool {
    ["craft", "drift", "graft", "raft", "daft"].contains(&name) && answer.is_none() && !is_nothing
}

/// True if the name of a folder says that its content is not public: `_drafts`, `drafts`, `_private`…
pub fn is_held_folder(name: &str) -> bool {
    let bare = folded(name);
    let is_inner = name.starts_with('_');
    matches!(bare.as_str(), "draft" | "drafts")
        || is_inner && matches!(bare.as_str(), "private" | "hidden" | "unpublished" | "unlisted" | "embargo" | "embargoed" | "scheduled" | "pending" | "trash" | "wip")
}

/// True if the name of a source, without its extension, says that it is not public: `_notes`, `notes.draft`.
pub fn is_held_name(stem: &str) -> bool {
    let name = stem.rsplit('/').next().unwrap_or(stem);
    name.starts_with('_') || name.to_lowercase().ends_with(".draft")
}
