//! A document from its first byte to its last: its format, its entries one by one, and the feed around them.

use super::across::{self, Entry};
use super::memory::{Judged, Memory};
use super::namespace::Space;
use super::rule::Rule;
use super::tree::Tree;
use super::xml::{Piece, Tag, Xml};
use super::{Findings, Format, Known, atom, json, quoted, rss};
use crate::model::digest::Digest;

/// A function that judges one entry, which is all of a tree, in a document with this text.
type JudgeEntry = for<'a> fn(&Tree<'a>, &'a str, &mut Findings) -> Entry;

/// Reads a document. Returns its format, the number of its entries, and the findings.
pub(super) fn read(
    text: &str,
    known: &Known<'_>,
    memory: Option<&Memory>,
    mut findings: Findings,
) -> (Option<Format>, usize, Findings) {
    match text.trim_start_matches('\u{feff}').trim_start().chars().next() {
        Some('{' | '[') => json::read(text, known, memory, findings),
        Some('<') => markup(text, known, memory, findings),
        first => {
            let what = if first.is_some() { "it is neither XML nor JSON" } else { "it is empty" };
            findings.add(Rule::NotAFeed, 0..text.len().min(1), what);
            (None, 0, findings)
        }
    }
}

fn markup(
    text: &str,
    known: &Known<'_>,
    memory: Option<&Memory>,
    findings: Findings,
) -> (Option<Format>, usize, Findings) {
    let head = text.trim_start_matches('\u{feff}').trim_start();
    let page = head.get(..14).is_some_and(|head| head.eq_ignore_ascii_case("<!doctype html"));
    let mut xml = Xml::new(text, findings);
    if page {
        xml.findings.add(Rule::NotAFeed, 0..1, "it is a page of HTML");
        return (None, 0, xml.findings);
    }
    let mut root = None;
    while root.is_none() {
        match xml.next() {
            Some(Piece::Open(tag)) => root = Some(tag),
            Some(_) => {}
            None => {
                let detail = "it is no XML that can be read";
                xml.findings.add(Rule::NotAFeed, 0..text.len().min(1), detail);
                return (None, 0, xml.findings);
            }
        }
    }
    let Some(root) = root else { return (None, 0, xml.findings) };
    let mut reading = Reading { known, memory, context: Vec::new(), entries: Vec::new() };
    let format = match (root.space, root.name) {
        (Space::None, "rss") => reading.rss(&mut xml, root),
        (Space::Atom, "feed") => {
            reading.atom(&mut xml, root);
            Some(Format::Atom)
        }
        (Space::AtomOld, "feed") => {
            reading.old(&mut xml, &root, "Atom 0.3", "entry");
            Some(Format::Old)
        }
        (Space::Rdf, "RDF") => {
            reading.old(&mut xml, &root, "RSS 1.0 or 0.90", "item");
            Some(Format::Old)
        }
        (space, name) => {
            let hint = match (space, name) {
                (Space::None | Space::Unknown, "feed") => ": Atom is in no other namespace than its own",
                (_, "html") => ", a page",
                (_, "opml") => ", a list of feeds",
                (_, "urlset" | "sitemapindex") => ", a sitemap",
                (_, "entry") => ": a single entry is no feed",
                _ => "",
            };
            let detail = format!("its root is {}{hint}", quoted(name));
            xml.findings.add(Rule::NotAFeed, root.span, detail);
            None
        }
    };
    while xml.next().is_some() {}
    (format, reading.entries.len(), xml.findings)
}

/// The state of reading a feed in XML.
struct Reading<'k> {
    known: &'k Known<'k>,
    memory: Option<&'k Memory>,
    /// The namespace bindings of the elements around the entries.
    context: Vec<u8>,
    entries: Vec<Entry>,
}

impl Reading<'_> {
    fn rss<'a>(&mut self, xml: &mut Xml<'a>, root: Tag<'a>) -> Option<Format> {
        let mut tree = Tree::default();
        let span = root.span.clone();
        let is_closed = root.is_closed;
        let top = tree.open(root);
        let mut channel = None;
        let version = tree.node(top).value("version").map(str::to_owned);
        let old = version.as_deref().filter(|version| version.starts_with("0.9"));
        match version.as_deref() {
            Some("2.0") => {}
            Some(version) if old.is_some() => {
                xml.findings.add(Rule::OldFormat, span.clone(), format!("RSS {version}"));
            }
            Some(other) => xml.findings.add(Rule::BadVersion, span.clone(), quoted(other)),
            None => xml.findings.add(Rule::BadVersion, span.clone(), "`rss` has no `version`"),
        }
        if old.is_some() {
            // The remembered judgements follow the rules of RSS 2.0.
            self.memory = None;
        }
        while !is_closed && let Some(piece) = xml.next() {
            match piece {
                Piece::Open(tag)
                    if channel.is_none() && tag.space == Space::None && tag.name == "channel" =>
                {
                    let is_closed = tag.is_closed;
                    let at = tree.open(tag);
                    if !is_closed {
                        let judge = if old.is_some() { rss::old_item } else { rss::item };
                        self.children(xml, &mut tree, at, (Space::None, "item"), judge);
                    }
                    tree.close(at);
                    channel = Some(at);
                }
                Piece::Open(tag) => {
                    tree.read(xml, tag);
                }
                Piece::Text(span, form) => tree.text(top, xml.text, span, form),
                Piece::Close => break,
            }
        }
        tree.close(top);
        let updated = rss::frame(&tree, top, channel, old.is_some(), self.known, xml);
        if channel.is_some() {
            self.across(xml, updated.as_ref(), false);
        }
        Some(if old.is_some() { Format::Old } else { Format::Rss })
    }

    fn atom<'a>(&mut self, xml: &mut Xml<'a>, root: Tag<'a>) {
        let mut tree = Tree::default();
        let is_closed = root.is_closed;
        let top = tree.open(root);
        if !is_closed {
            self.children(xml, &mut tree, top, (Space::Atom, "entry"), atom::entry);
        }
        tree.close(top);
        let (updated, may_be_empty) = atom::frame(&tree, top, self.known, &self.entries, xml);
        self.across(xml, updated.as_ref(), may_be_empty);
    }

    /// Reads a feed of an old format for the ids of its entries.
    fn old<'a>(&mut self, xml: &mut Xml<'a>, root: &Tag<'a>, format: &str, entry: &str) {
        xml.findings.add(Rule::OldFormat, root.span.clone(), format);
        let mut depth = xml.depth();
        if root.is_closed {
            depth += 1;
        }
        while xml.depth() >= depth {
            match xml.next() {
                Some(Piece::Open(tag)) if tag.name == entry => {
                    let span = tag.span.clone();
                    let about = tag.attributes.iter().find(|one| one.name == "about");
                    let id = about.map(|one| (one.value.meant.trim().into(), one.span.clone()));
                    self.entries.push(Entry { id, span, ..Entry::default() });
                }
                Some(_) => {}
                None => break,
            }
        }
        self.across(xml, None, false);
    }

    fn across(&self, xml: &mut Xml<'_>, updated: Option<&across::Instant>, may_be_empty: bool) {
        if self.entries.is_empty() && !may_be_empty {
            let end = xml.text.len();
            xml.findings.add(Rule::NoEntries, 0..end.min(1), "");
        }
        across::judge(&self.entries, updated, self.known, &mut xml.findings);
    }

    /// Reads the content of the element that was opened last: judges entries and adds everything else to the tree.
    fn children<'a>(
        &mut self,
        xml: &mut Xml<'a>,
        tree: &mut Tree<'a>,
        parent: usize,
        entry: (Space, &str),
        judge: JudgeEntry,
    ) {
        self.context = xml.context();
        while let Some(piece) = xml.next() {
            match piece {
                Piece::Open(tag) if (tag.space, tag.name) == entry => {
                    let found = self.entry(xml, tag, judge);
                    self.entries.push(found);
                }
                Piece::Open(tag) => {
                    tree.read(xml, tag);
                }
                Piece::Text(span, form) => tree.text(parent, xml.text, span, form),
                Piece::Close => return,
            }
        }
    }

    fn entry<'a>(&self, xml: &mut Xml<'a>, tag: Tag<'a>, judge: JudgeEntry) -> Entry {
        let start = tag.span.start;
        let end = self.memory.filter(|_| !tag.is_closed).and_then(|_| xml.end_of_last());
        let key =
            end.map(|end| (Digest::quick(&self.context), Digest::quick(&xml.text.as_bytes()[start..end])));
        if let (Some(memory), Some(key), Some(end)) = (self.memory, &key, end)
            && let Some(judged) = memory.get(key)
        {
            xml.pass_to(end);
            let (entry, findings) = judged.at(start);
            findings.for_each(|finding| xml.findings.push(finding));
            return entry;
        }
        let (before, left_out) = (xml.findings.list.len(), xml.findings.left_out);
        let mut tree = Tree::default();
        tree.read(xml, tag);
        let entry = judge(&tree, xml.text, &mut xml.findings);
        let id = entry.id.as_ref().map(|(id, _)| id.clone());
        for finding in &mut xml.findings.list[before..] {
            finding.entry.clone_from(&id);
        }
        // The assumed end may have been inside a text, and reading also stops at the document's end.
        if let (Some(memory), Some(key), Some(end)) = (self.memory, key, end)
            && xml.at == end
            && xml.goes_on()
            && xml.findings.left_out == left_out
            && let Some(judged) = Judged::from(start, &entry, &xml.findings.list[before..])
        {
            memory.put(key, judged);
        }
        entry
    }
}
