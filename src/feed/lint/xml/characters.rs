//! The characters of XML: text, references, names.

use std::ops::Range;

use super::{Piece, Xml};
use crate::feed::lint::rule::Rule;
use crate::feed::lint::text::{Form, Reference, allowed, reference};
use crate::model::html::suspects;

impl<'a> Xml<'a> {
    pub(super) fn characters(&mut self, span: Range<usize>, form: Form) -> Option<Piece<'a>> {
        let raw = &self.text[span.clone()];
        if self.open.is_empty() {
            let blank = raw.strip_prefix('\u{feff}').filter(|_| span.start == 0).unwrap_or(raw).trim_ascii();
            if !blank.is_empty() {
                self.fault(span, "text stands outside of the root element");
            }
            return None;
        }
        self.forbidden(span.clone());
        if form == Form::Escaped {
            self.references(span.clone());
            if let Some(at) = memchr::memmem::find(raw.as_bytes(), b"]]>") {
                self.fault(span.start + at..span.start + at + 3, "`]]>` stands in text");
            }
        }
        Some(Piece::Text(span, form))
    }

    /// Checks the references in `span`.
    pub(super) fn references(&mut self, span: Range<usize>) {
        let text = self.text;
        let mut at = span.start;
        while let Some(found) = memchr::memchr(b'&', &text.as_bytes()[at..span.end]) {
            at += found;
            match reference(&text[at..span.end]) {
                Some((Reference::Letter(_), length)) => at += length,
                Some((Reference::Forbidden, length)) => {
                    let detail = format!("`{}`", &text[at..at + length]);
                    self.findings.add(Rule::ForbiddenCharacter, at..at + length, detail);
                    at += length;
                }
                Some((Reference::Named(name), length)) => {
                    if !self.defined.contains(&name) {
                        self.findings.add(Rule::UndefinedEntity, at..at + length, format!("`&{name};`"));
                    }
                    at += length;
                }
                None => {
                    self.fault(at..at + 1, "`&` begins no reference");
                    at += 1;
                }
            }
        }
    }

    /// Checks for characters that XML forbids.
    pub(super) fn forbidden(&mut self, span: Range<usize>) {
        let raw = &self.text[span.clone()];
        // Their first bytes are rare.
        let suspect = |byte: u8| matches!(byte, 0..=8 | 0xb | 0xc | 0xe..=0x1f | 0xef);
        for at in suspects(raw.as_bytes(), suspect) {
            if let Some(letter) = raw.get(at..).and_then(|rest| rest.chars().next())
                && !allowed(letter)
            {
                let start = span.start + at;
                let detail = format!("U+{:04X}", u32::from(letter));
                self.findings.add(Rule::ForbiddenCharacter, start..start + letter.len_utf8(), detail);
            }
        }
    }
}

/// True for a name with at most one prefix (Namespaces in XML, section 4). All letters beyond ASCII are accepted.
pub(super) fn is_name(name: &str) -> bool {
    let part = |part: &str| {
        let first = part.bytes().next();
        first.is_some_and(|byte| byte.is_ascii_alphabetic() || byte == b'_' || byte >= 0x80)
            && part.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.' | 0x80..))
    };
    match name.split_once(':') {
        None => part(name),
        Some((prefix, local)) => part(prefix) && part(local),
    }
}
