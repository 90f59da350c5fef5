//! Fields that look like marks, and marks in places where nothing reads them.
//!
//! A field that is unknown here may hold an article back in another generator, or may be a slip of the pen. Names that
//! look so are errors, unless the value says that nothing is held back.

use chrono::NaiveDate;
use unicode_normalization::UnicodeNormalization;

use super::front_matter::Owner;
use super::holds::{FLAGS, HoldError, NOT_PUBLIC, OPEN_FLAGS, STATES, answer, is_date, is_nothing, text_of};
use crate::model::date::{EXPIRES, PUBLISHED};
use crate::model::metadata::{Entry, Fields, Node, Value, folded, is_same};

/// Unknown flags that look like marks if they say yes, or say nothing.
const LIKE_FLAGS: [&str; 49] = [
    "hide",
    "secret",
    "confidential",
    "restricted",
    "internal",
    "protected",
    "locked",
    "disabled",
    "archived",
    "deleted",
    "trashed",
    "trash",
    "exclude",
    "excluded",
    "eleventyexcludefromcollections",
    "ignore",
    "ignored",
    "skip",
    "offline",
    "inactive",
    "wip",
    "workinprogress",
    "todo",
    "unfinished",
    "incomplete",
    "unreleased",
    "headless",
    "membersonly",
    "subscribersonly",
    "paid",
    "onhold",
    "hold",
    "held",
    "withhold",
    "withheld",
    "pending",
    "retract",
    "retracted",
    "expired",
    "paywall",
    "subscribers",
    "members",
    "staging",
    "previewonly",
    "entwurf",
    "brouillon",
    "borrador",
    "bozza",
    "rascunho",
];
/// Unknown flags that look like marks if they say no, or say nothing.
const LIKE_OPEN_FLAGS: [&str; 20] = [
    "public",
    "live",
    "visible",
    "listed",
    "enabled",
    "active",
    "online",
    "render",
    "output",
    "released",
    "ready",
    "finished",
    "complete",
    "show",
    "approved",
    "permalink",
    "production",
    "open",
    "final",
    "reviewed",
];
/// Fields that say who may read, with a word for a state.
const READERS: [&str; 4] = ["access", "audience", "readers", "tier"];
/// Parts of names under which a date is one before which nothing may be public.
const STARTS: [&str; 17] = [
    "publish",
    "publication",
    "pubdate",
    "release",
    "golive",
    "liveat",
    "livedate",
    "livefrom",
    "availablefrom",
    "visiblefrom",
    "validfrom",
    "showfrom",
    "showafter",
    "notbefore",
    "schedul",
    "embargo",
    "hold",
];
/// Parts of names under which a date is one after which nothing may be public.
const ENDS: [&str; 16] = [
    "expir",
    "unpublish",
    "validuntil",
    "validto",
    "visibleto",
    "validthrough",
    "visibleuntil",
    "availableuntil",
    "showuntil",
    "liveuntil",
    "publisheduntil",
    "publishuntil",
    "remove",
    "takedown",
    "withdraw",
    "notafter",
];

/// True if a line `name: value`, in whatever kind of header, says that its text is not public. In prose, `Draft: a
/// history` does not: the value has to be an answer, a state or a date.
pub(super) fn is_mark(name: &str, value: &str) -> bool {
    let value = Value::String(value.trim().to_owned());
    let (answer, is_nothing) = (answer(&value), is_nothing(&value));
    let is_state = NOT_PUBLIC.contains(&folded(text_of(&value)).as_str());
    if let Some(is_mark) = known_mark(name, &value) {
        return is_mark;
    }
    let is_plain = answer.is_some() || is_nothing || is_state || is_date(&value).is_some();
    let is_embargo =
        folded(name).starts_with("embargo") && text_of(&value).contains(|c: char| c.is_ascii_digit());
    (is_plain || is_embargo) && suspicion(&folded(name), &value, None).is_some()
}

/// True if a line `name: value` holds its text back where it is read; `None` if `name` is no such field.
fn known_mark(name: &str, value: &Value) -> Option<bool> {
    let (answer, is_nothing) = (answer(value), is_nothing(value));
    let is_one_of = |keys: &[&str]| keys.iter().any(|key| is_same(key, name));
    let is_state = NOT_PUBLIC.contains(&folded(text_of(value)).as_str());
    match () {
        () if is_one_of(&["draft"]) || is_one_of(&FLAGS) => {
            Some(answer == Some(true) || is_nothing || is_state)
        }
        () if is_one_of(&OPEN_FLAGS) => Some(is_nothing || answer == Some(false)),
        () if is_one_of(&STATES) => Some(is_state),
        () => None,
    }
}

/// True if a line `name: value` of a text is a field that would hold it back in front matter, and has a value.
pub(super) fn is_lost_mark(name: &str, value: &str) -> bool {
    let value = Value::String(value.trim().to_owned());
    !is_nothing(&value) && known_mark(name, &value) == Some(true)
}

/// Reports every field that nothing read and that looks like a mark. `dated` is the day that the article gives as its own.
pub(super) fn check_unread(fields: &mut Fields<'_, '_>, dated: Option<NaiveDate>) {
    let mut found = Vec::new();
    for entry in fields.unknown() {
        // Full-width letters look like others.
        let name: String = entry.key.nfkc().collect();
        if let Some(remedy) = suspicion(&folded(&name), &entry.node.value, dated) {
            fields.report(HoldError::Unread { key: entry.key.clone(), remedy }, &entry.key_span);
            found.push(entry);
        }
    }
    fields.take_entries(&found);
}

/// Reports every mark in a line of a text, which belongs to the text by its indentation or by the quotes around it.
pub(super) fn check_texts(fields: &mut Fields<'_, '_>) {
    for entry in fields.every() {
        let raw = fields.raw(&entry.node);
        if !matches!(entry.node.value, Value::String(_)) || !raw.contains('\n') {
            continue;
        }
        let mut at = fields.start_of(&entry.node);
        for (number, line) in raw.split_inclusive('\n').enumerate() {
            let field = line.split_once([':', '=']).filter(|(name, value)| {
                number > 0 && is_lost_mark(name.trim(), value.trim().trim_matches(['"', '\'']))
            });
            if let Some((name, _)) = field {
                let start = at + name.len() - name.trim_start().len();
                let cause = HoldError::InText { key: name.trim().to_owned(), field: entry.key.clone() };
                fields.report(cause, &(start..at + name.trim_end().len()));
            }
            at += line.len();
        }
    }
}

/// Reports every mark in a table that does not read it, and every field in `extra`.
pub(super) fn check_tables(fields: &mut Fields<'_, '_>, owner: Owner) {
    for entry in fields.every() {
        match folded(&entry.key).as_str() {
            // It is read by itself.
            "cascade" => {}
            // It names columns.
            "sources" if owner == Owner::Section => {}
            "extra" if owner != Owner::Row => check_extra(fields, entry),
            "extra" => {}
            _ => check_swallowed(fields, &entry.key, &entry.node),
        }
    }
}

/// A remedy for a value of one's own in the column `name` of a data file, if it looks like a mark. `dated` is the day that
/// the row gives as its own.
pub(super) fn of_column(name: &str, value: &Value, dated: Option<NaiveDate>) -> Option<&'static str> {
    // An empty cell says no.
    let value = if is_nothing(value) { &Value::Bool(false) } else { value };
    suspicion(&folded(name), value, dated)
        .or_else(|| is_swallowed("", name, value).then_some(USE_DRAFT))
        .or_else(|| has_swallowed(name, value).then_some(USE_DRAFT))
}

/// True if a field `name` of another generator may say that its article, dated `dated`, is not public.
pub fn holds_back(name: &str, value: &Value, dated: Option<NaiveDate>) -> bool {
    !is_nothing(value) && of_column(name, value, dated).is_some()
}

/// The most bytes of a text that is an answer, a state or a date.
const LONGEST_MARK: usize = 64;

/// True if `value` is a cross or a tick, which in a table is a yes.
fn is_ticked(value: &Value) -> bool {
    ["x", "X", "\u{2713}", "\u{2714}", "\u{2611}", "\u{2705}"].contains(&text_of(value).trim())
}

/// True if `value` is neither an answer nor a state nor a date: only the name of its column can then make it a mark.
pub(super) fn is_plain(value: &Value) -> bool {
    match value {
        Value::Integer(_) | Value::Float(_) => answer(value).is_none(),
        Value::String(text) if text.len() > LONGEST_MARK => true,
        Value::String(text) => {
            !is_nothing(value)
                && answer(value).is_none()
                && !is_ticked(value)
                && !NOT_PUBLIC.contains(&folded(text).as_str())
                && is_date(value).is_none()
        }
        _ => false,
    }
}

/// True if a table in `value`, at any depth, has a mark.
fn has_swallowed(table: &str, value: &Value) -> bool {
    match value {
        Value::List(items) => items.iter().any(|item| has_swallowed(table, &item.value)),
        Value::Table(entries) => entries.iter().any(|Entry { key, node, .. }| {
            is_swallowed(table, key, &node.value) || has_swallowed(key, &node.value)
        }),
        _ => false,
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
        if is_known || is_swallowed(&extra.key, &entry.key, &entry.node.value) {
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
                if is_swallowed(table, &entry.key, &entry.node.value) {
                    swallowed(fields, entry, table);
                } else {
                    check_swallowed(fields, &format!("{table}.{}", entry.key), &entry.node);
                }
            }
        }
        _ => {}
    }
}

fn is_swallowed(table: &str, key: &str, value: &Value) -> bool {
    let name = folded(key);
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

const USE_DRAFT: &str = "to hold it back, use `draft` with the value true";
const USE_DATE: &str = "to hold it back until a date, use `publishDate`";
const USE_EXPIRES: &str = "to take it back at a date, use `expires`";

/// A remedy for the unknown field `name` (folded), if it looks like a mark.
fn suspicion(name: &str, value: &Value, dated: Option<NaiveDate>) -> Option<&'static str> {
    let (answer, nothing, day) = (answer(value), is_nothing(value), is_date(value));
    let is_ticked = is_ticked(value);
    let (is_yes, is_no) = (answer == Some(true) || is_ticked || nothing, answer == Some(false) || nothing);
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
    if is_yes && (is_flag || is(&LIKE_FLAGS) || has(&["unpublish", "notpublish", "dontpublish", "nopublish"]))
    {
        return Some(USE_DRAFT);
    }
    if has(&ENDS) && (day.is_some() || is_yes) || day.is_some() && is_near("expires", 2) {
        return Some(USE_EXPIRES);
    }
    if has(&STARTS) && is_later
        || day.is_some() && is_later && (is_near("publishdate", 2) || is_near("published", 2))
    {
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
    let is_for_some = is(&READERS) && NOT_PUBLIC.contains(&word.as_str());
    (is_state && !is_future || is_for_some).then_some(USE_DRAFT)
}

/// True if `name` is a word that only looks like `draft`, with a value that is no answer.
fn is_word_like_draft(name: &str, answer: Option<bool>, is_nothing: bool) -> bool {
    ["craft", "drift", "graft", "raft", "daft"].contains(&name) && answer.is_none() && !is_nothing
}
