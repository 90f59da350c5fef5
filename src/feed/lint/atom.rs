//! The rules of Atom 1.0 (RFC 4287), of paged and archived feeds (RFC 5005), and of tombstones (RFC 6721).

use std::collections::HashSet;
use std::ops::Range;
use std::sync::Arc;

use super::across::{Entry, Instant};
use super::look::{Look, Often};
use super::namespace::Space;
use super::rule::Rule;
use super::tree::{Node, Tree};
use super::xml::Xml;
use super::{Findings, Known, date, quoted, value};

use Often::{Any, Once};

/// Elements of a feed (section 4.1.1).
const FEED: [(&str, Often); 13] = [
    ("author", Any),
    ("category", Any),
    ("contributor", Any),
    ("entry", Any),
    ("generator", Once),
    ("icon", Once),
    ("id", Once),
    ("link", Any),
    ("logo", Once),
    ("rights", Once),
    ("subtitle", Once),
    ("title", Once),
    ("updated", Once),
];

/// Elements of an entry (section 4.1.2).
const ENTRY: [(&str, Often); 12] = [
    ("author", Any),
    ("category", Any),
    ("content", Once),
    ("contributor", Any),
    ("id", Once),
    ("link", Any),
    ("published", Once),
    ("rights", Once),
    ("source", Once),
    ("summary", Once),
    ("title", Once),
    ("updated", Once),
];

/// Elements of a person (section 3.2).
const PERSON: [(&str, Often); 3] = [("name", Once), ("uri", Once), ("email", Once)];

/// Relations of links that feeds use, from IANA's list.
const RELATIONS: [&str; 37] = [
    "about",
    "alternate",
    "amphtml",
    "archives",
    "author",
    "bookmark",
    "canonical",
    "collection",
    "copyright",
    "current",
    "describedby",
    "edit",
    "edit-media",
    "enclosure",
    "first",
    "help",
    "hub",
    "icon",
    "item",
    "last",
    "license",
    "next",
    "next-archive",
    "payment",
    "prev",
    "prev-archive",
    "preview",
    "previous",
    "privacy-policy",
    "related",
    "replies",
    "search",
    "self",
    "shortlink",
    "up",
    "via",
    "webmention",
];

/// Relations that lead to other documents of a feed (RFC 5005).
const PARTS: [&str; 8] =
    ["current", "first", "last", "next", "next-archive", "prev", "prev-archive", "previous"];

/// Judges an entry, which is all of `tree`.
pub(super) fn entry<'a>(tree: &Tree<'a>, source: &'a str, findings: &mut Findings) -> Entry {
    let mut look = Look { source, tree, findings };
    look.may_have(0, Space::Atom, &ENTRY);
    look.no_text(0);
    look.xml_attributes(0);
    let id = id(&mut look, 0);
    look.needs_title(0);
    let updated = match look.needs(0, Space::Atom, "updated") {
        Some(at) => look.date(at, date::rfc3339),
        None => None,
    };
    let published = tree.child(0, Space::Atom, "published").and_then(|at| look.date(at, date::rfc3339));
    if let (Some(published), Some(updated)) = (&published, &updated)
        && updated.seconds < published.seconds
    {
        look.add(Rule::UpdatedEarly, updated.span.clone(), "");
    }
    let is_linked = links(&mut look, 0);
    let content = tree.child(0, Space::Atom, "content");
    let summary = tree.child(0, Space::Atom, "summary");
    if !is_linked && content.is_none() {
        look.add(Rule::MissingLink, tree.node(0).span.clone(), "");
    }
    if content.is_none() && summary.is_none() {
        look.add(Rule::NoContent, tree.node(0).span.clone(), "");
    }
    if let Some(at) = content {
        look.content(at, summary.is_some());
    }
    if let Some(at) = summary {
        look.text(at);
    }
    common(&mut look, 0);
    look.script_urls(0);
    let source_author =
        tree.child(0, Space::Atom, "source").and_then(|at| tree.child(at, Space::Atom, "author"));
    Entry {
        id,
        published,
        updated,
        has_author: tree.child(0, Space::Atom, "author").is_some() || source_author.is_some(),
        span: tree.node(0).span.clone(),
        ..Entry::default()
    }
}

/// Judges the feed around the entries. Returns its date, and true if it may have no entries.
pub(super) fn frame<'a>(
    tree: &Tree<'a>,
    top: usize,
    known: &Known<'_>,
    entries: &[Entry],
    xml: &mut Xml<'a>,
) -> (Option<Instant>, bool) {
    let mut look = Look { source: xml.text, tree, findings: &mut xml.findings };
    look.may_have(top, Space::Atom, &FEED);
    look.no_text(top);
    look.xml_attributes(top);
    id(&mut look, top);
    look.needs_title(top);
    let updated = match look.needs(top, Space::Atom, "updated") {
        Some(at) => look.date(at, date::rfc3339),
        None => None,
    };
    for name in ["icon", "logo"] {
        if let Some(at) = tree.child(top, Space::Atom, name) {
            look.web_url(at);
        }
    }
    if let Some(at) = tree.child(top, Space::Atom, "subtitle") {
        look.text(at);
    }
    if !links(&mut look, top) {
        look.add(Rule::MissingHome, tree.node(top).span.clone(), "");
    }
    whereabouts(&mut look, top, known);
    common(&mut look, top);
    look.script_urls(top);
    if tree.child(top, Space::Atom, "author").is_none() {
        for entry in entries.iter().filter(|entry| !entry.has_author) {
            look.findings.add_of(entry, Rule::MissingAuthor, entry.span.clone(), "");
        }
    }
    let mut has_tombstones = false;
    for at in tree.children(top).filter(|at| tree.node(*at).space == Space::Tombstones) {
        has_tombstones = true;
        tombstone(&mut look, at);
    }
    let is_archive = tree.child(top, Space::History, "archive").is_some();
    (updated, has_tombstones || is_archive)
}

/// Judges an id (section 4.2.6).
fn id(look: &mut Look<'_, '_>, parent: usize) -> Option<(Arc<str>, Range<usize>)> {
    let tree = look.tree;
    let Some(at) = tree.child(parent, Space::Atom, "id") else {
        look.add(Rule::MissingId, tree.node(parent).span.clone(), "");
        return None;
    };
    let node = tree.node(at);
    let id = look.id(&node.text, node.place())?;
    if value::scheme(&id.0).is_none() {
        look.add(Rule::RelativeId, node.place(), quoted(&id.0));
    }
    Some(id)
}

/// Judges the links of an entry or a feed (section 4.2.7). Returns true if one is an alternate.
fn links(look: &mut Look<'_, '_>, parent: usize) -> bool {
    let tree = look.tree;
    let mut alternates: HashSet<(Option<&str>, Option<&str>)> = HashSet::new();
    for at in tree.children(parent) {
        let node = tree.node(at);
        if (node.space, node.name) != (Space::Atom, "link") {
            continue;
        }
        link(look, at);
        if rel(node) == "alternate" && !alternates.insert((node.value("type"), node.value("hreflang"))) {
            look.add(Rule::DuplicateLink, node.span.clone(), "");
        }
    }
    !alternates.is_empty()
}

/// The relation of a link, as a short name.
fn rel<'n>(node: &'n Node<'_>) -> &'n str {
    let rel = node.value("rel").unwrap_or("alternate");
    rel.strip_prefix("http://www.iana.org/assignments/relation/").unwrap_or(rel)
}

/// Judges one link. RSS uses this too.
pub(super) fn link(look: &mut Look<'_, '_>, at: usize) {
    let node = look.tree.node(at);
    let rel = rel(node);
    match node.attribute("href") {
        Some(href) => {
            look.attribute_url(href, PARTS.contains(&rel) || matches!(rel, "self" | "alternate" | "hub"))
        }
        None => look.add(Rule::MissingElement, node.span.clone(), "`link` has no `href`"),
    }
    if !RELATIONS.contains(&rel) && value::scheme(rel).is_none() {
        let span = node.attribute("rel").map_or(node.span.clone(), |one| one.span.clone());
        look.add(Rule::UnknownRel, span, quoted(rel));
    }
    look.media_type(at);
    if let Some(lang) = node.attribute("hreflang").filter(|lang| !value::is_language(&lang.value.meant)) {
        look.add(Rule::BadLanguage, lang.span.clone(), quoted(&lang.value.meant));
    }
    if let Some(length) = node.attribute("length") {
        look.number(&length.value, length.span.clone(), 0..=u64::MAX);
        if rel == "enclosure" && length.value.meant.trim() == "0" {
            look.add(Rule::ZeroLength, length.span.clone(), "");
        }
    }
}

/// Judges the links to the feed itself and to its other documents (RFC 5005). RSS uses this too.
pub(super) fn whereabouts(look: &mut Look<'_, '_>, parent: usize, known: &Known<'_>) {
    let tree = look.tree;
    let links: Vec<&Node<'_>> = tree
        .children(parent)
        .map(|at| tree.node(at))
        .filter(|node| (node.space, node.name) == (Space::Atom, "link"))
        .collect();
    let own = links.iter().find(|node| rel(node) == "self");
    let own_url = own.and_then(|node| node.value("href"));
    match own {
        None => look.add(Rule::MissingSelf, tree.node(parent).span.clone(), ""),
        Some(node) => {
            if let (Some(url), Some(href)) = (known.url, node.attribute("href"))
                && href.value.meant.trim() != url
            {
                let detail = format!("{}, and not {}", quoted(&href.value.meant), quoted(url));
                look.add(Rule::SelfMismatch, href.span.clone(), detail);
            }
        }
    }
    let mut seen: Vec<&str> = Vec::new();
    for node in &links {
        let rel = rel(node);
        if !PARTS.contains(&rel) {
            continue;
        }
        if seen.contains(&rel) {
            look.add(Rule::ArchiveLinks, node.span.clone(), format!("there are two `{rel}`"));
        }
        seen.push(rel);
        // The first document may link to itself as `first`, the last as `last`, the newest as `current`.
        let may_be_self = matches!(rel, "first" | "last" | "current");
        if !may_be_self && own_url.is_some() && node.value("href") == own_url {
            look.add(Rule::ArchiveLinks, node.span.clone(), format!("`{rel}` leads to the document itself"));
        }
    }
    let archive = tree.child(parent, Space::History, "archive");
    if let (Some(at), Some(_)) = (archive, tree.child(parent, Space::History, "complete")) {
        look.add(Rule::ArchiveLinks, tree.node(at).span.clone(), "an archive is not complete");
    }
    if let Some(at) = archive.filter(|_| !seen.contains(&"current")) {
        look.add(Rule::ArchiveLinks, tree.node(at).span.clone(), "the archive has no link `current`");
    }
}

/// Judges the elements that entries and feeds share.
fn common(look: &mut Look<'_, '_>, parent: usize) {
    let tree = look.tree;
    for at in tree.children(parent) {
        let node = tree.node(at);
        if node.space != Space::Atom {
            continue;
        }
        look.xml_attributes(at);
        match node.name {
            "author" | "contributor" => {
                look.may_have(at, Space::Atom, &PERSON);
                look.no_text(at);
                tree.children(at)
                    .filter(|at| tree.node(*at).space == Space::Atom)
                    .for_each(|at| look.leaf(at));
                look.needs(at, Space::Atom, "name");
                if let Some(uri) = tree.child(at, Space::Atom, "uri")
                    && let Some((rule, detail)) = value::web_url(&tree.node(uri).text.meant)
                    && rule != Rule::OddScheme
                {
                    look.add(rule, tree.node(uri).place(), format!("`uri`: {detail}"));
                }
                if let Some(email) = tree.child(at, Space::Atom, "email") {
                    let email = tree.node(email);
                    if !value::is_email(&email.text.meant) {
                        look.add(Rule::BadEmail, email.place(), quoted(&email.text.meant));
                    }
                }
            }
            "category" => match node.attribute("term") {
                Some(term) if !term.value.is_blank() => {}
                _ => look.add(Rule::EmptyCategory, node.span.clone(), "it has no `term`"),
            },
            "rights" => look.text(at),
            "id" | "updated" | "published" | "icon" | "logo" | "generator" => look.leaf(at),
            _ => {}
        }
    }
}

/// Judges the mark of a deleted entry (RFC 6721, section 3).
fn tombstone(look: &mut Look<'_, '_>, at: usize) {
    let node = look.tree.node(at);
    if node.name != "deleted-entry" {
        return;
    }
    match node.attribute("ref") {
        Some(id) if value::scheme(&id.value.meant).is_some() => {}
        Some(id) => look.add(Rule::Tombstone, id.span.clone(), "`ref` is no id"),
        None => look.add(Rule::Tombstone, node.span.clone(), "it has no `ref`"),
    }
    match node.attribute("when") {
        Some(when) => {
            look.date_of(&when.value, when.span.clone(), date::rfc3339);
        }
        None => look.add(Rule::Tombstone, node.span.clone(), "it has no `when`"),
    }
}

impl Look<'_, '_> {
    fn needs_title(&mut self, parent: usize) {
        let tree = self.tree;
        match tree.child(parent, Space::Atom, "title") {
            Some(at) => self.text(at),
            None => {
                let node = tree.node(parent);
                let detail = format!("`{}` has no `title`", node.name);
                self.add(Rule::MissingElement, node.span.clone(), detail);
            }
        }
    }

    /// Judges a text construct (section 3.1).
    fn text(&mut self, at: usize) {
        let node = self.tree.node(at);
        match node.value("type").unwrap_or("text") {
            "text" if self.has_no_elements(at, "text") && node.name == "title" => self.title(&node.text),
            "text" => self.plain(&node.text),
            "html" => {
                self.has_no_elements(at, "escaped HTML");
                self.html(&node.text);
            }
            "xhtml" => self.has_div(at),
            other => {
                let span = node.attribute("type").map_or(node.span.clone(), |one| one.span.clone());
                self.add(Rule::TextType, span, quoted(other));
            }
        }
    }

    /// False, and a finding, if an element that is `what` has elements in it.
    fn has_no_elements(&mut self, at: usize, what: &str) -> bool {
        let node = self.tree.node(at);
        let Some(first) = self.tree.children(at).next() else { return true };
        let detail =
            format!("`{}` is {what} and has the element `{}`", node.name, self.tree.node(first).name);
        self.add(Rule::TextType, node.span.clone(), detail);
        false
    }

    /// Judges XHTML, which must be a single `div` (section 3.1.1.3).
    fn has_div(&mut self, at: usize) {
        let tree = self.tree;
        let mut children = tree.children(at).map(|child| tree.node(child));
        let first = children.next().is_some_and(|node| (node.space, node.name) == (Space::Xhtml, "div"));
        if !first || children.next().is_some() || !tree.node(at).text.is_blank() {
            self.add(Rule::TextType, tree.node(at).span.clone(), "`xhtml` is one `div` of XHTML");
        }
        self.xhtml(at);
    }

    /// Judges the content of an entry (section 4.1.3).
    fn content(&mut self, at: usize, has_summary: bool) {
        let tree = self.tree;
        let node = tree.node(at);
        let kind = node.value("type");
        if let Some(src) = node.attribute("src") {
            self.attribute_url(src, false);
            if !node.text.is_blank() || tree.children(at).next().is_some() {
                self.add(Rule::TextType, node.span.clone(), "content with `src` is empty");
            }
            if !has_summary {
                self.add(Rule::NoContent, node.span.clone(), "content with `src` wants a summary");
            }
            self.media_type(at);
            return;
        }
        match kind.unwrap_or("text") {
            "text" | "html" | "xhtml" => self.text(at),
            kind if !value::is_media_type(kind) => {
                let span = node.attribute("type").map_or(node.span.clone(), |one| one.span.clone());
                self.add(Rule::TextType, span, quoted(kind));
            }
            kind if kind.starts_with("multipart/") || kind.starts_with("message/") => {
                self.add(Rule::TextType, node.span.clone(), format!("{} is made of parts", quoted(kind)));
            }
            // Any type but those of XML is text, or base64 (section 4.1.3.3).
            kind => {
                let name = kind.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
                let is_xml = name.ends_with("+xml") || name.ends_with("/xml");
                if !is_xml && self.has_no_elements(at, &quoted(kind)) && name == "text/html" {
                    self.html(&node.text);
                }
            }
        }
    }
}
