//! A tree of XML: small files, without entities.

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use crate::model::html::{escape, plain};

/// The deepest nesting, and the most elements and pieces of text of a file.
const DEEPEST: usize = 64;
const MOST: usize = 400_000;

/// A node.
#[derive(Debug)]
pub(super) enum Node {
    /// Text.
    Text(String),
    /// An element.
    Element(Element),
}

/// An element.
#[derive(Debug, Default)]
pub(super) struct Element {
    /// Its name without a prefix.
    pub(super) name: String,
    attributes: Vec<(String, String)>,
    /// Its content.
    pub(super) children: Vec<Node>,
}

impl Element {
    /// An attribute, by its name without a prefix; empty if it has none.
    pub(super) fn get(&self, name: &str) -> &str {
        self.attributes.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value.trim())
    }

    /// The elements directly in it.
    pub(super) fn elements(&self) -> impl Iterator<Item = &Element> {
        self.children.iter().filter_map(|node| match node {
            Node::Element(element) => Some(element),
            Node::Text(_) => None,
        })
    }

    /// The first element at the end of `path`.
    pub(super) fn at(&self, path: &[&str]) -> Option<&Element> {
        let (name, rest) = path.split_first()?;
        let mut found = self.elements().filter(|one| one.name == *name);
        if rest.is_empty() { found.next() } else { found.find_map(|one| one.at(rest)) }
    }

    /// The words at the end of `path`.
    pub(super) fn text_at(&self, path: &[&str]) -> String {
        self.at(path).map(Element::text).unwrap_or_default()
    }

    /// All elements with this name, at any depth.
    pub(super) fn all<'a>(&'a self, name: &str, found: &mut Vec<&'a Element>) {
        for one in self.elements() {
            if one.name == name {
                found.push(one);
            }
            one.all(name, found);
        }
    }

    /// Its words.
    pub(super) fn text(&self) -> String {
        let mut all = String::new();
        self.gather(&mut all);
        all.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    fn gather(&self, all: &mut String) {
        for node in &self.children {
            match node {
                Node::Text(text) => all.push_str(text),
                Node::Element(element) => {
                    element.gather(all);
                    all.push(' ');
                }
            }
        }
    }

    /// The words directly in it.
    pub(super) fn own_text(&self) -> String {
        let words = self.children.iter().filter_map(|node| match node {
            Node::Text(text) => Some(text.as_str()),
            Node::Element(_) => None,
        });
        words.flat_map(str::split_whitespace).collect::<Vec<_>>().join(" ")
    }

    /// Its content as HTML.
    pub(super) fn html(&self) -> String {
        let mut all = String::new();
        for node in &self.children {
            match node {
                Node::Text(text) => all.push_str(&escape(text)),
                Node::Element(element) => {
                    all.push_str(&format!("<{}", element.name));
                    for (name, value) in &element.attributes {
                        all.push_str(&format!(" {name}=\"{}\"", escape(value)));
                    }
                    all.push_str(&format!(">{}", element.html()));
                    if !matches!(element.name.as_str(), "br" | "hr" | "img") {
                        all.push_str(&format!("</{}>", element.name));
                    }
                }
            }
        }
        all
    }
}

/// Reads `text`; the root is in an element without a name.
pub(super) fn parse(text: &str) -> Result<Element, String> {
    let mut reader = Reader::from_str(text);
    let mut open = vec![Element::default()];
    let mut count = 0;
    loop {
        let event = reader.read_event().map_err(|error| {
            let at = usize::try_from(reader.buffer_position()).unwrap_or(usize::MAX).min(text.len());
            let line =
                text.as_bytes().get(..at).unwrap_or_default().iter().filter(|byte| **byte == b'\n').count()
                    + 1;
            format!("line {line}: it is no well-formed XML: {error}")
        })?;
        count += 1;
        if open.len() > DEEPEST || count > MOST {
            return Err("it has more elements than any story".to_owned());
        }
        match event {
            Event::Start(tag) => open.push(element(&tag)),
            Event::Empty(tag) => add(&mut open, Node::Element(element(&tag))),
            Event::End(_) => {
                if open.len() > 1
                    && let Some(last) = open.pop()
                {
                    add(&mut open, Node::Element(last));
                }
            }
            Event::Text(words) => add(&mut open, Node::Text(String::from_utf8_lossy(&words).into_owned())),
            Event::CData(words) => add(&mut open, Node::Text(String::from_utf8_lossy(&words).into_owned())),
            Event::GeneralRef(name) => {
                add(&mut open, Node::Text(referred(&String::from_utf8_lossy(&name))));
            }
            // Files in NITF name their type; one that defines entities is refused.
            Event::DocType(kind) if kind.contains(&b'[') => {
                return Err("its document type has definitions of its own, which are not read".to_owned());
            }
            Event::Eof if open.len() == 1 => return Ok(open.pop().unwrap_or_default()),
            Event::Eof => return Err("it ends in the middle".to_owned()),
            _ => {}
        }
    }
}

/// The text of the reference `&name;`.
fn referred(name: &str) -> String {
    let known = match name {
        "amp" => "&",
        "lt" => "<",
        "gt" => ">",
        "quot" => "\"",
        "apos" => "'",
        _ => return plain(&format!("&{name};")),
    };
    known.to_owned()
}

fn add(open: &mut [Element], node: Node) {
    if let Some(parent) = open.last_mut() {
        parent.children.push(node);
    }
}

fn element(tag: &BytesStart<'_>) -> Element {
    let attributes = tag.attributes().flatten().take(64).map(|one| {
        let value = String::from_utf8_lossy(&one.value).into_owned();
        let value = if value.contains('&') { plain(&value) } else { value };
        (String::from_utf8_lossy(one.key.local_name().as_ref()).into_owned(), value)
    });
    Element {
        name: String::from_utf8_lossy(tag.local_name().as_ref()).into_owned(),
        attributes: attributes.collect(),
        children: Vec::new(),
    }
}
