//! What is wrong with a feed: the bytes of one RSS, Atom or JSON feed are read and judged. This module knows no
//! site: it takes any feed of anybody, and any bytes.
//!
//! 1. [`judge`] turns bytes into text (`encoding`), text into pieces with their places (`xml`, `json`), and holds
//!    each entry and the feed around them to the rules of their format (`rss`, `atom`, `json`) and of the HTML
//!    in them (`content`); then the entries to each other (`across`).
//! 2. A [`Judgement`] has the [`Finding`]s; [`Rule::about`] says of each what it means and how to mend it.
//!
//! Many feeds have the same entries; with a [`Memory`] each is judged once, and taken for judged where the same
//! bytes stand again.

mod across;
mod atom;
mod content;
mod date;
mod document;
mod encoding;
mod json;
mod look;
mod memory;
mod namespace;
mod rss;
mod rule;
mod served;
mod text;
mod tree;
mod value;
mod xml;

use std::borrow::Cow;
use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use miette::Diagnostic;
use thiserror::Error;

use crate::model::diagnostics::{Place, Problem};
pub use memory::Memory;
pub use rule::{About, Rule, Severity};
pub use served::served;

/// Bytes above which a feed is [`Rule::Large`].
pub const LARGE: usize = 512 * 1024;
/// Bytes above which a feed is [`Rule::TooLarge`].
pub const TOO_LARGE: usize = 15 * 1024 * 1024;

/// How many findings of one rule are kept: after that they say nothing new.
const MOST: usize = 20;

/// A format of feeds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// RSS 2.0.
    Rss,
    /// Atom 1.0 (RFC 4287).
    Atom,
    /// JSON Feed 1 or 1.1.
    Json,
    /// RSS 0.9x or 1.0, or Atom 0.3.
    Old,
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Format::Rss => "RSS 2.0",
            Format::Atom => "Atom 1.0",
            Format::Json => "JSON Feed",
            Format::Old => "an old format",
        })
    }
}

/// What is known of a feed beside its bytes.
#[derive(Debug, Clone, Copy, Default)]
pub struct Known<'a> {
    /// Where it lives.
    pub url: Option<&'a str>,
    /// What time it is; without it no date is too late.
    pub now: Option<DateTime<Utc>>,
}

/// What is wrong in one place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The rule that is broken.
    pub rule: Rule,
    /// Bytes of [`Judgement::text`].
    pub span: Range<usize>,
    /// What it is about, if the rule alone does not say; a part of a sentence.
    pub detail: String,
    /// The id of the entry that has it, if one does.
    pub entry: Option<Arc<str>>,
}

/// Findings while they are made.
#[derive(Debug, Default)]
struct Findings {
    list: Vec<Finding>,
}

impl Findings {
    fn add(&mut self, rule: Rule, span: Range<usize>, detail: impl Into<String>) {
        self.list.push(Finding { rule, span, detail: detail.into(), entry: None });
    }

    /// The last one is about `entry`.
    fn of(&mut self, entry: &across::Entry) {
        if let Some(finding) = self.list.last_mut() {
            finding.entry = entry.id.as_ref().map(|(id, _)| id.clone());
        }
    }
}

/// A feed, judged.
#[derive(Debug)]
pub struct Judgement<'a> {
    /// Its format; `None` if it is no feed.
    pub format: Option<Format>,
    /// How many entries it has.
    pub entries: usize,
    /// Its text.
    pub text: Cow<'a, str>,
    /// The name of its encoding, such as `UTF-8`.
    pub encoding: &'static str,
    /// What is wrong, in the order of the text.
    pub findings: Vec<Finding>,
    /// How many more there are of rules that are broken very often.
    pub left_out: usize,
}

/// A [`Finding`] as the cause of a [`Problem`].
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{}{}", self.within.as_ref().map_or_else(String::new, |within| format!("{within}: ")), self.sentence())]
pub struct Fault {
    rule: Rule,
    detail: String,
    within: Option<String>,
    severity: Severity,
}

impl Fault {
    /// That `finding` was made.
    pub fn new(finding: &Finding) -> Self {
        let severity = finding.rule.about().severity;
        Fault { rule: finding.rule, detail: finding.detail.clone(), within: None, severity }
    }

    /// That `finding` was made `within` something, and is an error whatever the rule says.
    pub fn refusal(finding: &Finding, within: String) -> Self {
        Fault { within: Some(within), severity: Severity::Error, ..Fault::new(finding) }
    }

    fn sentence(&self) -> String {
        let what = self.rule.about().what;
        if self.detail.is_empty() { what.to_owned() } else { format!("{what}: {}", self.detail) }
    }
}

impl Diagnostic for Fault {
    fn code<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        Some(Box::new(format!("lint::{}", self.rule.about().id)))
    }

    fn severity(&self) -> Option<miette::Severity> {
        Some(match self.severity {
            Severity::Error => miette::Severity::Error,
            Severity::Warning => miette::Severity::Warning,
        })
    }

    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        Some(Box::new(self.rule.about().remedy))
    }
}

impl Judgement<'_> {
    /// The findings as problems of `file`.
    pub fn problems(&self, file: &str) -> Vec<Problem> {
        let file: Arc<str> = file.into();
        let whole = [Rule::TooLarge, Rule::Large, Rule::MediaType, Rule::Charset];
        let problem = |finding: &Finding| {
            let place = if whole.contains(&finding.rule) || self.text.is_empty() {
                Place::file(file.clone())
            } else {
                Place::in_text(file.clone(), &self.text, finding.span.clone())
            };
            Problem::new(Fault::new(finding), place)
        };
        self.findings.iter().map(problem).collect()
    }
}

/// Judges the feed `bytes`, of which something is `known`.
pub fn judge<'a>(bytes: &'a [u8], known: &Known<'_>) -> Judgement<'a> {
    judge_with(bytes, known, None)
}

/// [`judge`] with a memory of entries that were judged before.
pub fn judge_with<'a>(bytes: &'a [u8], known: &Known<'_>, memory: Option<&Memory>) -> Judgement<'a> {
    let mut findings = Findings::default();
    for (limit, rule) in [(TOO_LARGE, Rule::TooLarge), (LARGE, Rule::Large)] {
        if bytes.len() > limit {
            findings.add(rule, 0..0, format!("{} KB", bytes.len() / 1024));
            break;
        }
    }
    let encoding::Decoded { text, encoding } = encoding::decode(bytes, &mut findings);
    let (format, entries, findings) = document::read(&text, known, memory, findings);
    let (findings, left_out) = sorted(findings);
    Judgement { format, entries, text, encoding, findings, left_out }
}

/// The findings in order, without those that are too many of a rule, and how many those are.
fn sorted(findings: Findings) -> (Vec<Finding>, usize) {
    let mut list = findings.list;
    list.sort_by(|a, b| {
        (a.span.start, a.rule, a.span.end, &a.detail).cmp(&(b.span.start, b.rule, b.span.end, &b.detail))
    });
    list.dedup();
    let all = list.len();
    let mut counts = std::collections::HashMap::new();
    list.retain(|finding| {
        let count = counts.entry(finding.rule).or_insert(0_usize);
        *count += 1;
        *count <= MOST
    });
    let left_out = all - list.len();
    (list, left_out)
}

/// `text` in quotes, cut where it is too long for a sentence.
fn quoted(text: &str) -> String {
    const LONGEST: usize = 80;
    let text = text.trim();
    match text.char_indices().nth(LONGEST) {
        Some((at, _)) => format!("\u{201c}{}\u{2026}\u{201d}", &text[..at]),
        None => format!("\u{201c}{text}\u{201d}"),
    }
}

#[cfg(test)]
mod tests;
