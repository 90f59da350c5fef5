//! A parser of XML 1.0 with namespaces, which gives the place of each piece.
//!
//! quick-xml splits tags into attributes. This module splits text, and checks the other rules of well-formed documents.

mod characters;

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::ops::Range;

use quick_xml::events::Event;
use quick_xml::events::attributes::{AttrError, Attributes};
use quick_xml::parser::{ElementParser, Parser};

use super::Findings;
use super::namespace::Space;
use super::rule::Rule;
use super::text::{Form, Text};
use characters::is_name;

/// The deepest nesting of elements: no feed needs more, and some parsers stop earlier.
const DEEPEST: usize = 500;

/// The most elements of a document, attributes of an element, and namespaces in scope: no feed has as many, and more
/// than these would take a reader's memory or time.
const ELEMENTS: usize = 1_000_000;
const ATTRIBUTES: usize = 1000;
const NAMESPACES: usize = 256;

/// A piece of a document.
pub(super) enum Piece<'a> {
    /// The start of an element; an empty-element tag has no `Close`.
    Open(Tag<'a>),
    /// The end of the element that was opened last.
    Close,
    /// The place of a text, and its form.
    Text(Range<usize>, Form),
}

/// The start of an element.
#[derive(Debug)]
pub(super) struct Tag<'a> {
    pub space: Space,
    /// Its name without prefix.
    pub name: &'a str,
    pub attributes: Vec<Attribute<'a>>,
    pub span: Range<usize>,
    pub is_closed: bool,
}

/// An attribute.
#[derive(Debug)]
pub(super) struct Attribute<'a> {
    pub space: Space,
    /// Its name without prefix.
    pub name: &'a str,
    pub value: Text<'a>,
    /// Its name and value.
    pub span: Range<usize>,
}

/// A prefix bound to a namespace.
struct Binding<'a> {
    /// The depth of the element that binds it.
    depth: usize,
    prefix: &'a str,
    uri: Cow<'a, str>,
    space: Space,
}

/// A document while it is read.
pub(super) struct Xml<'a> {
    pub text: &'a str,
    /// The position of the next piece.
    pub at: usize,
    /// The names of the open elements, as written.
    open: Vec<&'a str>,
    /// The bindings of the open elements, innermost last.
    bindings: Vec<Binding<'a>>,
    /// Entities that the document defines.
    defined: BTreeSet<&'a str>,
    had_root: bool,
    /// The number of elements so far.
    elements: usize,
    pub findings: Findings,
}

impl<'a> Xml<'a> {
    pub fn new(text: &'a str, findings: Findings) -> Self {
        Xml {
            text,
            at: 0,
            open: Vec::new(),
            bindings: Vec::new(),
            defined: BTreeSet::new(),
            had_root: false,
            elements: 0,
            findings,
        }
    }

    /// The number of open elements.
    pub fn depth(&self) -> usize {
        self.open.len()
    }

    /// A key for the bindings and entities in scope: where it is equal, the same bytes mean the same.
    pub fn context(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        for Binding { prefix, uri, .. } in &self.bindings {
            bytes.extend_from_slice(prefix.as_bytes());
            bytes.push(0);
            bytes.extend_from_slice(uri.as_bytes());
            bytes.push(0);
        }
        for name in &self.defined {
            bytes.extend_from_slice(name.as_bytes());
            bytes.push(1);
        }
        bytes
    }

    /// The next piece; `None` at the end, and after a fault that makes reading on impossible.
    pub fn next(&mut self) -> Option<Piece<'a>> {
        loop {
            let rest = &self.text[self.at..];
            if rest.is_empty() {
                self.end();
                return None;
            }
            if !rest.starts_with('<') {
                let start = self.at;
                self.at = rest.find('<').map_or(self.text.len(), |length| start + length);
                if let Some(piece) = self.characters(start..self.at, Form::Escaped) {
                    return Some(piece);
                }
            } else if rest.starts_with("</") {
                return self.close();
            } else if let Some(inner) = rest.strip_prefix("<!--") {
                let start = self.at;
                let Some(length) = inner.find("-->") else { return self.stop("a comment has no end") };
                if inner[..length].contains("--") || inner[..length].ends_with('-') {
                    self.fault(start..start + 4 + length, "a comment has `--` in it");
                }
                self.forbidden(start..start + 4 + length);
                self.at = start + 4 + length + 3;
            } else if let Some(inner) = rest.strip_prefix("<![CDATA[") {
                let start = self.at + 9;
                let end = memchr::memmem::find(inner.as_bytes(), b"]]>");
                let Some(length) = end else { return self.stop("a CDATA section has no end") };
                self.at = start + length + 3;
                if self.open.is_empty() {
                    self.fault(start..start + length, "text stands outside of the root element");
                } else if let Some(piece) = self.characters(start..start + length, Form::Literal) {
                    return Some(piece);
                }
            } else if let Some(inner) = rest.strip_prefix("<?") {
                let start = self.at;
                let Some(length) = inner.find("?>") else { return self.stop("`<?` has no `?>`") };
                let target = inner[..length].split_ascii_whitespace().next().unwrap_or_default();
                if target.eq_ignore_ascii_case("xml") && start > 0 {
                    self.fault(start..start + 5, "the XML declaration is not at the beginning");
                } else if !is_name(target) || inner.starts_with(|c: char| c.is_ascii_whitespace()) {
                    self.fault(start..start + 2, "a processing instruction has no name");
                }
                self.forbidden(start..start + 2 + length);
                self.at = start + 2 + length + 2;
            } else if rest.starts_with("<!") {
                self.doctype()?;
            } else {
                return self.tag();
            }
        }
    }

    /// The position after what looks like the end tag of the element that was opened last. It may also be inside a
    /// text.
    pub fn end_of_last(&self) -> Option<usize> {
        let name = self.open.last()?;
        let close = format!("</{name}>");
        let found = memchr::memmem::find(&self.text.as_bytes()[self.at..], close.as_bytes())?;
        Some(self.at + found + close.len())
    }

    /// Continues at `end`, the known end of the element that was opened last.
    pub fn pass_to(&mut self, end: usize) {
        self.at = end;
        self.leave();
    }

    /// False once the document has ended, or reading has stopped at a fault.
    pub fn goes_on(&self) -> bool {
        !self.open.is_empty()
    }

    fn fault(&mut self, span: Range<usize>, detail: &str) {
        self.findings.add(Rule::NotWellFormed, span, detail);
    }

    /// Reports a fault after which nothing can be read.
    fn stop<T>(&mut self, detail: &str) -> Option<T> {
        let end = self.text.len().min(self.at + 1);
        self.fault(self.at..end, detail);
        self.at = self.text.len();
        self.open.clear();
        self.had_root = true;
        None
    }

    fn end(&mut self) {
        let end = self.text.len();
        if let Some(name) = self.open.pop() {
            self.open.clear();
            self.fault(end..end, &format!("the document ends before `</{name}>`"));
        } else if !self.had_root {
            self.had_root = true;
            self.fault(end..end, "there is no element");
        }
    }

    fn close(&mut self) -> Option<Piece<'a>> {
        let start = self.at;
        let rest = &self.text[start + 2..];
        let Some(length) = rest.find('>') else { return self.stop("a tag has no `>`") };
        let name = rest[..length].trim_ascii_end();
        match self.open.last() {
            Some(open) if *open == name => {}
            Some(open) => {
                let detail = format!("`</{name}>` stands where `</{open}>` should");
                return self.stop(&detail);
            }
            None => return self.stop(&format!("`</{name}>` closes nothing")),
        }
        self.at = start + 2 + length + 1;
        self.leave();
        Some(Piece::Close)
    }

    fn leave(&mut self) {
        let depth = self.open.len();
        while self.bindings.last().is_some_and(|binding| binding.depth == depth) {
            self.bindings.pop();
        }
        self.open.pop();
    }

    fn doctype(&mut self) -> Option<()> {
        let start = self.at;
        let mut reader = quick_xml::Reader::from_str(&self.text[start..]);
        match reader.read_event() {
            Ok(Event::DocType(_)) if !self.had_root => {
                self.at = start + usize::try_from(reader.buffer_position()).unwrap_or_default().max(2);
                let inner = &self.text[start..self.at];
                let entities = inner.split("<!ENTITY").skip(1);
                self.defined.extend(entities.filter_map(|rest| rest.split_ascii_whitespace().next()));
                Some(())
            }
            _ => self.stop("`<!` begins nothing that may stand here"),
        }
    }

    fn tag(&mut self) -> Option<Piece<'a>> {
        let start = self.at;
        let text = self.text;
        let mut parser = ElementParser::default();
        let Some(length) = parser.feed(&text.as_bytes()[start + 1..]) else {
            return self.stop("a tag has no `>`");
        };
        let end = start + 1 + length + 1;
        let inner = &text[start + 1..end - 1];
        let (inner, is_closed) = inner.strip_suffix('/').map_or((inner, false), |inner| (inner, true));
        let whole = inner.split(|c: char| c.is_ascii_whitespace()).next().unwrap_or_default();
        if !is_name(whole) {
            return self.stop("`<` begins no tag; in text it is written `&lt;`");
        }
        if self.open.is_empty() && self.had_root {
            return self.stop("there is a second root element");
        }
        if self.open.len() >= DEEPEST {
            return self.stop("elements are too deep in each other");
        }
        self.elements += 1;
        if self.elements > ELEMENTS {
            return self.stop(&format!("there are more than {ELEMENTS} elements"));
        }
        self.had_root = true;
        self.at = end;
        self.open.push(whole);
        let raw = self.attributes(start + 1, inner, whole.len());
        if raw.len() > ATTRIBUTES {
            return self.stop(&format!("a tag has more than {ATTRIBUTES} attributes"));
        }
        let depth = self.open.len();
        for (name, value, _) in &raw {
            let prefix = if *name == "xmlns" { Some("") } else { name.strip_prefix("xmlns:") };
            if let Some(prefix) = prefix {
                let uri = value.meant.clone();
                self.bindings.push(Binding { depth, prefix, space: Space::of(&uri), uri });
            }
        }
        if self.bindings.len() > NAMESPACES {
            return self.stop(&format!("more than {NAMESPACES} namespaces are declared around each other"));
        }
        let mut attributes: Vec<Attribute<'a>> = Vec::with_capacity(raw.len());
        for (name, value, span) in raw {
            if name == "xmlns" || name.starts_with("xmlns:") {
                if let Some(place) = value.span() {
                    self.namespace(&value.meant, place);
                }
                continue;
            }
            let (space, name) = match name.split_once(':') {
                None => (Space::None, name),
                Some((prefix, name)) => (self.space(prefix, span.clone()), name),
            };
            attributes.push(Attribute { space, name, value, span });
        }
        let (space, name) = match whole.split_once(':') {
            None => (self.space("", start + 1..start + 1 + whole.len()), whole),
            Some((prefix, name)) => (self.space(prefix, start + 1..start + 1 + whole.len()), name),
        };
        if is_closed {
            self.leave();
        }
        Some(Piece::Open(Tag { space, name, attributes, span: start..end, is_closed }))
    }

    /// The attributes of a tag whose name begins at `start`, each with name, value and place.
    fn attributes(
        &mut self,
        start: usize,
        inner: &'a str,
        name_length: usize,
    ) -> Vec<(&'a str, Text<'a>, Range<usize>)> {
        let mut all = Vec::new();
        if inner.len() == name_length {
            return all;
        }
        for attribute in Attributes::new(inner, name_length).take(ATTRIBUTES + 1) {
            let attribute = match attribute {
                Ok(attribute) => attribute,
                Err(error) => {
                    let (at, detail) = match error {
                        AttrError::ExpectedEq(at) => (at, "an attribute has no value"),
                        AttrError::ExpectedValue(at) => (at, "an attribute has no value"),
                        AttrError::UnquotedValue(at) => (at, "a value has no quotes"),
                        AttrError::ExpectedQuote(at, _) => (at, "a value has no quote at its end"),
                        AttrError::Duplicated(at, _) => (at, "a tag has the attribute twice"),
                    };
                    self.fault(start + at..start + at + 1, detail);
                    continue;
                }
            };
            let (Ok(name), Cow::Borrowed(value)) = (std::str::from_utf8(attribute.key.0), attribute.value)
            else {
                continue;
            };
            let place = |part: &[u8]| part.as_ptr() as usize - self.text.as_ptr() as usize;
            let (at, value_at) = (place(attribute.key.0), place(value));
            let span = value_at..value_at + value.len();
            let whole = at..(span.end + 1).min(self.text.len());
            if !is_name(name) {
                self.fault(at..at + name.len(), "this is no name");
            } else if !self.text[..at].ends_with(|c: char| c.is_ascii_whitespace()) {
                self.fault(whole.clone(), "attributes are not apart");
            }
            if self.text[span.clone()].contains('<') {
                self.fault(span.clone(), "`<` stands in a value");
            }
            self.forbidden(span.clone());
            self.references(span.clone());
            all.push((name, Text::at(self.text, span, Form::Escaped), whole));
        }
        all
    }

    fn space(&mut self, prefix: &str, span: Range<usize>) -> Space {
        if prefix == "xml" {
            return Space::Xml;
        }
        match self.bindings.iter().rev().find(|binding| binding.prefix == prefix) {
            Some(binding) => binding.space,
            None if prefix.is_empty() => Space::None,
            None => {
                self.findings.add(Rule::UndeclaredNamespace, span, format!("`{prefix}:`"));
                Space::Undeclared
            }
        }
    }

    fn namespace(&mut self, uri: &str, span: Range<usize>) {
        if Space::of(uri) == Space::Unknown {
            let meant = Space::meant(uri);
            let hint = meant.map_or_else(String::new, |meant| format!("; \u{201c}{meant}\u{201d} is meant?"));
            self.findings.add(Rule::UnknownNamespace, span, format!("\u{201c}{uri}\u{201d}{hint}"));
        }
    }
}
