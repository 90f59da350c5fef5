//! Feed lint: reading and judging one RSS, Atom or JSON feed. This module knows no site; it takes any feed, and any
//! bytes.
//!
//! 1. [`judge`] decodes the bytes (`encoding`) and parses the text into pieces with their places (`xml`, `json`). It
//!    judges each entry and the feed around them by the rules of their format (`rss`, `atom`, `json`) and of the
//!    HTML in them (`content`), and finally the entries together (`across`).
//! 2. A [`Judgement`] has the [`Finding`]s. [`Rule::about`] explains each rule and its remedy.
//!
//! Many feeds share entries. With a [`Memory`], entries with the same bytes are judged once.

mod across;
mod atom;
mod content;
mod date;
mod document;
mod encoding;
mod itunes;
mod json;
mod look;
mod memory;
mod namespace;
mod podcast;
mod rss;
mod rule;
mod served;
mod text;
mod tree;
mod value;
mod xml;

use std::borrow::Cow;
use std::collections::HashMap;
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
pub use value::{is_email, is_language, is_media_type};

/// The size in bytes above which a feed is [`Rule::Large`].
pub const LARGE: usize = 512 * 1024;
/// The size in bytes above which a feed is [`Rule::TooLarge`].
pub const TOO_LARGE: usize = 15 * 1024 * 1024;

/// The size in bytes above which a feed is not read at all.
pub const TOO_LARGE_TO_READ: usize = 32 * 1024 * 1024;

/// The most findings kept of one rule: more of them say nothing new.
const MOST: usize = 20;

/// The most findings of one rule that are held in memory until they are sorted.
const HELD: usize = 2000;

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

/// Known facts about a feed besides its bytes.
#[derive(Debug, Clone, Copy, Default)]
pub struct Known<'a> {
    /// The feed's URL.
    pub url: Option<&'a str>,
    /// The current time; without it no date counts as being in the future.
    pub now: Option<DateTime<Utc>>,
}

/// A broken rule, and the place where it is broken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The rule that is broken.
    pub rule: Rule,
    /// The place, in bytes of [`Judgement::text`].
    pub span: Range<usize>,
    /// A detail that the rule alone does not give; part of a sentence.
    pub detail: String,
    /// The id of the entry with the fault, if it is in one.
    pub entry: Option<Arc<str>>,
}

/// The findings so far.
#[derive(Debug, Default)]
struct Findings {
    list: Vec<Finding>,
    /// The number of findings of each rule.
    counts: HashMap<Rule, usize>,
    /// The number of findings that were not held.
    left_out: usize,
}

impl Findings {
    fn add(&mut self, rule: Rule, span: Range<usize>, detail: impl Into<String>) {
        self.push(Finding { rule, span, detail: detail.into(), entry: None });
    }

    /// Adds a finding about `entry`.
    fn add_of(&mut self, entry: &across::Entry, rule: Rule, span: Range<usize>, detail: impl Into<String>) {
        let entry = entry.id.as_ref().map(|(id, _)| id.clone());
        self.push(Finding { rule, span, detail: detail.into(), entry });
    }

    fn push(&mut self, finding: Finding) {
        let count = self.counts.entry(finding.rule).or_default();
        *count += 1;
        if *count > HELD {
            self.left_out += 1;
        } else {
            self.list.push(finding);
        }
    }
}

/// The result of judging a feed.
#[derive(Debug)]
pub struct Judgement<'a> {
    /// Its format; `None` if it is no feed.
    pub format: Option<Format>,
    /// The number of its entries.
    pub entries: usize,
    /// Its text.
    pub text: Cow<'a, str>,
    /// The name of its encoding, such as `UTF-8`.
    pub encoding: &'static str,
    /// The faults, in the order of the text.
    pub findings: Vec<Finding>,
    /// The number of further findings, of rules that are broken very often.
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
    /// The fault of a `finding`.
    pub fn new(finding: &Finding) -> Self {
        let severity = finding.rule.about().severity;
        Fault { rule: finding.rule, detail: finding.detail.clone(), within: None, severity }
    }

    /// The fault of a `finding` `within` something. It is always an error, whatever the rule says.
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
        self.problems_up_to(file, Severity::Error)
    }

    /// The findings as problems of `file`, none of which weighs more than `heaviest`.
    pub fn problems_up_to(&self, file: &str, heaviest: Severity) -> Vec<Problem> {
        let file: Arc<str> = file.into();
        let whole = [Rule::TooLarge, Rule::Large, Rule::MediaType, Rule::Charset];
        let problem = |finding: &Finding| {
            let place = if whole.contains(&finding.rule) || self.text.is_empty() {
                Place::file(file.clone())
            } else {
                Place::in_text(file.clone(), &self.text, finding.span.clone())
            };
            let fault = Fault::new(finding);
            let severity = fault.severity.max(heaviest);
            Problem::new(Fault { severity, ..fault }, place)
        };
        self.findings.iter().map(problem).collect()
    }
}

/// Judges the feed `bytes`, with the `known` facts about it.
pub fn judge<'a>(bytes: &'a [u8], known: &Known<'_>) -> Judgement<'a> {
    judge_with(bytes, known, None)
}

/// Like [`judge`], with a memory of entries that were judged before.
pub fn judge_with<'a>(bytes: &'a [u8], known: &Known<'_>, memory: Option<&Memory>) -> Judgement<'a> {
    let mut findings = Findings::default();
    for (limit, rule) in [(TOO_LARGE, Rule::TooLarge), (LARGE, Rule::Large)] {
        if bytes.len() > limit {
            findings.add(rule, 0..0, format!("{} KB", bytes.len() / 1024));
            break;
        }
    }
    // The compression is that of the file: a server unpacks its own.
    let packed = bytes.starts_with(&[0x1f, 0x8b]);
    if packed {
        findings.add(Rule::NotAFeed, 0..0, "it is packed with gzip; unpack it first");
    }
    if packed || bytes.len() > TOO_LARGE_TO_READ {
        let (findings, left_out) = sorted(findings);
        let text = Cow::Borrowed("");
        return Judgement { format: None, entries: 0, text, encoding: "UTF-8", findings, left_out };
    }
    let encoding::Decoded { text, encoding } = encoding::decode(bytes, &mut findings);
    let (format, entries, findings) = document::read(&text, known, memory, findings);
    let (findings, left_out) = sorted(findings);
    Judgement { format, entries, text, encoding, findings, left_out }
}

/// Sorts the findings and drops those beyond the limit for each rule. Returns the number of dropped ones too.
fn sorted(findings: Findings) -> (Vec<Finding>, usize) {
    let mut list = findings.list;
    list.sort_by(|a, b| {
        (a.span.start, a.rule, a.span.end, &a.detail).cmp(&(b.span.start, b.rule, b.span.end, &b.detail))
    });
    list.dedup();
    let all = list.len() + findings.left_out;
    let mut counts = HashMap::new();
    list.retain(|finding| {
        let count = counts.entry(finding.rule).or_insert(0_usize);
        *count += 1;
        *count <= MOST
    });
    let left_out = all - list.len();
    (list, left_out)
}

/// `text` in quotation marks, cut if it is too long for a sentence.
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
