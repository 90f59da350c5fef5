//! Taking a table apart, field by field, and reporting what is wrong with it.

use std::borrow::Cow;
use std::cell::RefCell;
use std::collections::HashSet;
use std::ops::Range;
use std::rc::Rc;
use std::sync::Arc;

use super::asked::{Asked, record};
use super::meant::{meant_flag, meant_number};
use super::{Entry, MetadataError, Node, Value, folded, is_same};
use crate::model::diagnostics::{Lines, Place, Problem};
use crate::model::suggest::{choose, nearest};
use crate::model::url::{encoded, is_elsewhere, refused_scheme, scheme};

/// Names that a field has in other generators, and a remedy.
pub type Elsewhere = (&'static [&'static str], &'static str);

/// Addresses, each with its bytes in the file.
type Addresses = Rc<RefCell<Vec<(String, Range<usize>)>>>;

/// A table being taken apart. Each method takes the field that it names; [`Fields::finish`] reports the fields that
/// are left.
pub struct Fields<'a, 'p> {
    lines: Rc<Lines<'a>>,
    text: &'a str,
    owner: String,
    /// The byte at which the table begins.
    start: usize,
    entries: &'a [Entry],
    /// For each entry, true if some method took it.
    taken: Vec<bool>,
    /// The names that were asked for, some of them several times.
    known: Vec<Cow<'static, str>>,
    /// The addresses that were read in this table and in those that belong to it, each with its bytes in the file.
    addresses: Addresses,
    problems: &'p mut Vec<Problem>,
}

impl<'a, 'p> Fields<'a, 'p> {
    /// Starts with `node`, which messages call `owner` ("an article", "`[feeds]`"). A node that is not a table is
    /// reported and treated as an empty one.
    pub fn new(
        file: &Arc<str>,
        text: &'a str,
        owner: impl Into<String>,
        node: &'a Node,
        problems: &'p mut Vec<Problem>,
    ) -> Self {
        let around = (Rc::new(Lines::new(file.clone(), text)), Addresses::default());
        Fields::within(around, text, owner.into(), node, problems)
    }

    fn within(
        (lines, addresses): (Rc<Lines<'a>>, Addresses),
        text: &'a str,
        owner: String,
        node: &'a Node,
        problems: &'p mut Vec<Problem>,
    ) -> Self {
        record(|| Asked::Table(node.span.start));
        let entries = match &node.value {
            Value::Table(entries) => entries.as_slice(),
            Value::Null => &[],
            other => {
                let example = match owner.starts_with("`[") {
                    true => format!("{owner} on a line by itself, and below it one `name = value` a line"),
                    false => "one `name = value` a line".to_owned(),
                };
                let (key, found) = (owner.clone(), other.kind());
                let error = MetadataError::Kind { key, expected: "a table of fields", found, example };
                problems.push(Problem::new(error, lines.place(node.span.clone())));
                &[]
            }
        };
        let taken = vec![false; entries.len()];
        let (start, known) = (node.span.start, Vec::new());
        Fields { lines, text, owner, start, entries, taken, known, addresses, problems }
    }

    /// The name of the table in messages.
    pub fn owner(&self) -> &str {
        &self.owner
    }

    /// The place of `span` in the file.
    pub fn place(&self, span: &Range<usize>) -> Place {
        self.lines.place(span.clone())
    }

    /// Reports `error` at `span`.
    pub fn report(&mut self, error: impl miette::Diagnostic + Send + Sync + 'static, span: &Range<usize>) {
        record(|| match error.code().is_some_and(|code| code.to_string() == "metadata::missing") {
            true => Asked::Missing(span.start, error.to_string()),
            false => Asked::Refused(span.start),
        });
        let place = self.place(span);
        self.problems.push(Problem::new(error, place));
    }

    /// Reports that the value of `key` can't be used.
    pub fn refuse(&mut self, key: &str, node: &Node, reason: impl ToString, remedy: impl ToString) {
        let found = self.raw(node).trim_matches(['"', '\'']).to_owned();
        let (reason, remedy) = (reason.to_string(), remedy.to_string());
        self.report(MetadataError::Value { key: key.to_owned(), found, reason, remedy }, &node.span);
    }

    /// Like [`refuse`](Fields::refuse), for a value with a secret: the report names its line and shows nothing of it.
    pub fn refuse_secret(&mut self, key: &str, node: &Node, reason: impl ToString, remedy: impl ToString) {
        record(|| Asked::Refused(node.span.start));
        let (key, reason, remedy) = (key.to_owned(), reason.to_string(), remedy.to_string());
        let place = self.place(&node.span).without_text();
        self.problems.push(Problem::new(MetadataError::Secret { key, reason, remedy }, place));
    }

    /// Reports that not all values of `key` are `known`.
    pub fn refuse_unknown(&mut self, key: &str, node: &Node, reason: &str, known: &[&str]) {
        self.offers(node, known);
        let words = match &node.value {
            Value::List(items) => items.iter().map(|item| self.raw(item)).collect(),
            _ => vec![self.raw(node)],
        };
        let words: Vec<&str> = words.iter().map(|word| word.trim_matches(['"', '\''])).collect();
        self.refuse(key, node, reason, choose(words, known));
    }

    /// Notes that `node` may have the values `known`.
    pub fn offers(&self, node: &Node, known: &[&str]) {
        record(|| Asked::Choice(node.span.start, known.iter().map(|one| (*one).to_owned()).collect()));
    }

    /// The entry of `key`, if the table has it and it isn't null.
    pub fn entry(&mut self, key: &'static str) -> Option<&'a Entry> {
        self.present(key).filter(|entry| entry.node.value != Value::Null)
    }

    /// Like [`entry`](Fields::entry), for a key that is known only at run time.
    pub fn owned_entry(&mut self, key: &str) -> Option<&'a Entry> {
        self.first(Cow::Owned(key.to_owned())).filter(|entry| entry.node.value != Value::Null)
    }

    /// The entry of `key`, if the table has it, even if it is null. Case, `-` and `_` make no difference. A second
    /// entry of the same name is an error.
    pub fn present(&mut self, key: &'static str) -> Option<&'a Entry> {
        self.first(Cow::Borrowed(key))
    }

    /// The first entry of `key`.
    fn first(&mut self, key: Cow<'static, str>) -> Option<&'a Entry> {
        record(|| Asked::Field(self.start, key.to_string()));
        let (mut first, mut second) = (None, None);
        for (entry, taken) in self.entries.iter().zip(&mut self.taken) {
            if is_same(&entry.key, &key) {
                *taken = true;
                match first {
                    None => first = Some(entry),
                    Some(_) => second = second.or(Some(entry)),
                }
            }
        }
        if let (Some(first), Some(second)) = (first, second)
            && !self.known.contains(&key)
        {
            let (line, _) = self.place(&first.key_span).line_and_column();
            let spelling = match first.key == second.key {
                true => String::new(),
                false => format!(", as `{}`", first.key),
            };
            let cause = MetadataError::Twice { key: second.key.clone(), first: line, spelling };
            self.report(cause, &second.key_span);
        }
        self.known.push(key);
        first
    }

    /// True if some method took `key`.
    pub fn is_known(&self, key: &str) -> bool {
        self.known.iter().any(|known| is_same(known, key))
    }

    /// The entries that no method took so far.
    pub fn unknown(&self) -> Vec<&'a Entry> {
        let entries = self.entries.iter().zip(&self.taken);
        entries.filter(|(_, taken)| !**taken).map(|(entry, _)| entry).collect()
    }

    /// Counts these entries, which nothing else asks for, as taken. It takes one pass for all of them.
    pub fn take_entries(&mut self, entries: &[&Entry]) {
        let starts: HashSet<usize> = entries.iter().map(|entry| entry.key_span.start).collect();
        for (entry, taken) in self.entries.iter().zip(&mut self.taken) {
            *taken |= starts.contains(&entry.key_span.start);
        }
    }

    /// Counts `key` as taken.
    pub fn take(&mut self, key: &str) {
        for (entry, taken) in self.entries.iter().zip(&mut self.taken) {
            *taken |= is_same(&entry.key, key);
        }
        self.known.push(Cow::Owned(key.to_owned()));
    }

    /// The byte of the file at which the text of `node` starts, after its quotes if it has any.
    pub fn find_in(&self, node: &Node, text: &str) -> usize {
        let raw = self.text.get(node.span.clone()).unwrap_or_default();
        node.span.start + raw.find(text).unwrap_or(0)
    }

    /// The value of `key`, of any kind.
    pub fn node(&mut self, key: &'static str) -> Option<&'a Node> {
        self.entry(key).map(|entry| &entry.node)
    }

    /// All entries, for tables with keys that the user chooses.
    pub fn all(&self) -> &'a [Entry] {
        record(|| Asked::All(self.start));
        self.entries
    }

    /// All entries, read or not.
    pub fn every(&self) -> &'a [Entry] {
        self.entries
    }

    /// The text of `key`. A number or a word that YAML reads as another kind is used as it was written.
    pub fn text(&mut self, key: &'static str) -> Option<String> {
        let node = self.node(key)?;
        self.as_text(key, node)
    }

    /// `node` as text; `key` names it in the message.
    pub fn as_text(&mut self, key: &str, node: &Node) -> Option<String> {
        record(|| Asked::Text(node.span.start));
        match &node.value {
            Value::String(text) => Some(text.clone()),
            Value::Integer(_) | Value::Float(_) | Value::Bool(_) | Value::Date(_) => {
                Some(self.raw(node).to_owned())
            }
            other => {
                let kind = other.kind();
                self.wrong(key, node, "text", kind, format!("`{key} = \"\u{2026}\"`"));
                None
            }
        }
    }

    /// `node` as the text of a number: a whole number has neither the separators nor the signs of its language.
    pub fn as_number(&mut self, key: &str, node: &Node) -> Option<String> {
        record(|| Asked::Number(node.span.start));
        match &node.value {
            Value::Integer(number) => Some(number.to_string()),
            _ => self.as_text(key, node).map(|text| text.trim().to_owned()),
        }
    }

    /// Text that is not blank.
    pub fn filled(&mut self, key: &'static str) -> Option<String> {
        self.text(key).map(|text| text.trim().to_owned()).filter(|text| !text.is_empty())
    }

    /// An address: a URL, or a path of the site. One of a kind that pages and feeds don't carry is reported and left out.
    pub fn address(&mut self, key: &'static str) -> Option<String> {
        let node = self.node(key)?;
        let written = self.as_text(key, node)?;
        self.as_address(key, node, &written)
    }

    /// The address `written` at `node`, percent-encoded if it is a URL; `key` names it in messages.
    pub fn as_address(&mut self, key: &str, node: &Node, written: &str) -> Option<String> {
        if let Some(scheme) = refused_scheme(written) {
            self.report(MetadataError::Address { key: key.to_owned(), scheme }, &node.span);
            return None;
        }
        let address = encoded(written.trim());
        let is_web = matches!(scheme(&address).as_deref(), Some("http" | "https"));
        if is_web && url::Url::parse(&address).is_err() {
            self.refuse(
                key,
                node,
                "it is no valid URL",
                "write a whole URL, such as `https://example.org/a/`",
            );
            return None;
        }
        if address.is_empty() {
            return None;
        }
        if !is_elsewhere(&address) {
            let start = self.find_in(node, &address);
            self.addresses.borrow_mut().push((address.clone(), start..start + address.len()));
        }
        Some(address)
    }

    /// The addresses that were read in this table and in those in it, each with its place, except those of other sites.
    pub fn addresses(&self) -> Vec<(String, Place)> {
        let found = self.addresses.borrow();
        found.iter().map(|(address, range)| (address.clone(), self.place(range))).collect()
    }

    /// True or false.
    pub fn flag(&mut self, key: &'static str) -> Option<bool> {
        let node = self.node(key)?;
        record(|| Asked::Flag(node.span.start));
        match &node.value {
            Value::Bool(flag) => Some(*flag),
            other => {
                let example = format!("`{key} = {}`", meant_flag(other));
                self.wrong(key, node, "true or false", other.kind(), example);
                None
            }
        }
    }

    /// A whole number from `least` to `most`.
    pub fn whole(&mut self, key: &'static str, least: i64, most: i64) -> Option<i64> {
        let node = self.node(key)?;
        record(|| Asked::Whole(node.span.start, least, most));
        match &node.value {
            Value::Integer(number) if (least..=most).contains(number) => Some(*number),
            Value::Integer(_) => {
                self.refuse(key, node, "it is out of range", format!("use a number from {least} to {most}"));
                None
            }
            other => {
                let meant = meant_number(other).unwrap_or(1).clamp(least, most);
                self.wrong(key, node, "a whole number", other.kind(), format!("`{key} = {meant}`"));
                None
            }
        }
    }

    /// A list of texts; a single text is a list of one.
    pub fn texts(&mut self, key: &'static str) -> Option<Vec<String>> {
        let node = self.node(key)?;
        Some(self.as_texts(key, node))
    }

    /// `node` as a list of texts; `key` names it in messages. Empty and blank items are passed over.
    pub fn as_texts(&mut self, key: &str, node: &Node) -> Vec<String> {
        record(|| Asked::Texts(node.span.start));
        let mut texts: Vec<String> = match &node.value {
            Value::List(_) => {
                let items = node.items().filter(|item| item.value != Value::Null);
                items.filter_map(|item| self.as_text(key, item)).collect()
            }
            Value::Table(_) => {
                self.wrong(
                    key,
                    node,
                    "a list of texts",
                    node.value.kind(),
                    format!("`{key} = [\"\u{2026}\"]`"),
                );
                Vec::new()
            }
            _ => self.as_text(key, node).into_iter().collect(),
        };
        for text in &mut texts {
            *text = text.trim().to_owned();
        }
        texts.retain(|text| !text.is_empty());
        texts
    }

    /// The table of `key`, to be taken apart like this one.
    pub fn table(&mut self, key: &'static str) -> Option<Fields<'a, '_>> {
        let node = self.node(key)?;
        let owner = format!("`[{key}]`");
        Some(self.inner(owner, node))
    }

    /// The tables of the list `key` (`[[key]]`).
    pub fn tables(&mut self, key: &'static str) -> Vec<&'a Node> {
        match self.node(key) {
            None => Vec::new(),
            Some(node @ Node { value: Value::List(_), .. }) => node.items().collect(),
            Some(node) => {
                self.wrong(key, node, "a list of tables", node.value.kind(), format!("`[[{key}]]`"));
                Vec::new()
            }
        }
    }

    /// `node`, a table inside this one, to be taken apart like it.
    pub fn inner(&mut self, owner: impl Into<String>, node: &'a Node) -> Fields<'a, '_> {
        let around = (self.lines.clone(), self.addresses.clone());
        Fields::within(around, self.text, owner.into(), node, self.problems)
    }

    /// True if `node` is the word `true`, and not another word that its language takes for it.
    pub fn is_true(&self, node: &Node) -> bool {
        node.value == Value::Bool(true) && self.raw(node).eq_ignore_ascii_case("true")
    }

    /// The byte of the file at which [`raw`](Fields::raw) begins.
    pub fn start_of(&self, node: &Node) -> usize {
        let raw = self.text.get(node.span.clone()).unwrap_or_default();
        node.span.start + raw.len() - raw.trim_start().len()
    }

    /// The file's text of `node`.
    pub fn raw(&self, node: &Node) -> &'a str {
        self.text.get(node.span.clone()).unwrap_or_default().trim()
    }

    fn wrong(
        &mut self,
        key: &str,
        node: &Node,
        expected: &'static str,
        found: &'static str,
        example: String,
    ) {
        self.report(MetadataError::Kind { key: key.to_owned(), expected, found, example }, &node.span);
    }

    /// Reports the fields that no method took. `free` makes the remedy for a field of the author's own, if there is a
    /// place for those.
    pub fn finish(self, free: Option<&dyn Fn(&str) -> String>) {
        self.finish_beside(&[], free);
    }

    /// Like [`finish`](Fields::finish). `elsewhere` has [`folded`] names of other generators, each with what to write here.
    pub fn finish_beside(self, elsewhere: &[Elsewhere], free: Option<&dyn Fn(&str) -> String>) {
        for entry in self.unknown() {
            let name = folded(&entry.key);
            let meant = elsewhere.iter().find(|(names, _)| names.contains(&name.as_str()));
            let nearest = nearest(&entry.key, self.known.iter().map(|known| &**known));
            let remedy = match (meant, nearest, free) {
                (Some((_, remedy)), _, Some(free)) if !remedy.contains("[extra]") => {
                    format!("{remedy}; otherwise {}", free(&entry.key))
                }
                (Some((_, remedy)), ..) => (*remedy).to_owned(),
                (None, Some(name), _) => format!("did you mean `{name}`?"),
                (None, None, Some(free)) => free(&entry.key),
                (None, None, None) => {
                    let mut known = self.known.clone();
                    known.sort_unstable();
                    known.dedup();
                    format!("the fields known here are {}", known.join(", "))
                }
            };
            let error = MetadataError::Unknown { key: entry.key.clone(), owner: self.owner.clone(), remedy };
            let place = self.lines.place(entry.key_span.clone());
            self.problems.push(Problem::new(error, place));
        }
    }
}
