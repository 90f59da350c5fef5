//! A tree of HTML, parsed and repaired as browsers do it.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use ammonia::Builder;

use super::DROPPED;
use crate::model::html::{Piece, TEXT_ELEMENTS, VOID, decode, escape, walk};

/// A node of the tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Node {
    /// Text, with its character references decoded.
    Text(String),
    /// An element.
    Element(Element),
}

/// An element.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Element {
    /// Its name, in lower case.
    pub(crate) name: String,
    /// Its attributes: names in lower case, and decoded values.
    pub(crate) attributes: Vec<(String, String)>,
    /// Its content.
    pub(crate) children: Vec<Node>,
}

/// Elements that texts of other systems have beside [`TEXT_ELEMENTS`].
const MORE_ELEMENTS: [&str; 7] = ["big", "center", "iframe", "picture", "strike", "track", "tt"];

/// Attributes of single elements.
const ATTRIBUTES: [(&str, &[&str]); 24] = [
    ("a", &["href", "name", "hreflang", "rel"]),
    ("audio", &["src", "controls", "loop", "preload"]),
    ("blockquote", &["cite"]),
    ("col", &["span"]),
    ("colgroup", &["span"]),
    ("del", &["cite", "datetime"]),
    ("details", &["open"]),
    ("iframe", &["src", "width", "height", "allowfullscreen"]),
    ("img", &["src", "srcset", "sizes", "alt", "width", "height"]),
    ("ins", &["cite", "datetime"]),
    ("li", &["value"]),
    ("ol", &["start", "reversed", "type"]),
    ("q", &["cite"]),
    ("source", &["src", "srcset", "type", "media", "sizes"]),
    ("td", &["colspan", "rowspan", "headers", "align"]),
    ("th", &["colspan", "rowspan", "headers", "scope", "align"]),
    ("time", &["datetime"]),
    ("track", &["src", "kind", "srclang", "label", "default"]),
    ("ul", &["type"]),
    ("video", &["src", "poster", "controls", "width", "height", "loop", "preload", "muted", "playsinline"]),
    ("h1", &["align"]),
    ("h2", &["align"]),
    ("h3", &["align"]),
    ("p", &["align"]),
];

/// Attributes of all elements.
const GENERIC: [&str; 5] = ["class", "dir", "id", "lang", "title"];

static CLEANER: LazyLock<Builder<'static>> = LazyLock::new(|| {
    let mut builder = Builder::empty();
    let attributes: HashMap<_, HashSet<_>> =
        ATTRIBUTES.iter().map(|(tag, names)| (*tag, names.iter().copied().collect())).collect();
    builder
        .tags(TEXT_ELEMENTS.into_iter().chain(MORE_ELEMENTS).collect())
        .clean_content_tags(HashSet::from(DROPPED))
        .generic_attributes(HashSet::from(GENERIC))
        .generic_attribute_prefixes(HashSet::from(["data-"]))
        .tag_attributes(attributes)
        .url_schemes(HashSet::from(["http", "https", "mailto", "tel", "xmpp", "data"]))
        .url_relative(ammonia::UrlRelative::PassThrough)
        .link_rel(None)
        .strip_comments(true);
    builder
});

/// The tree of `html`, without elements that no text has. The caller bounds its depth.
pub(crate) fn parse(html: &str) -> Vec<Node> {
    let clean = CLEANER.clean(html).to_string();
    // The open elements, outermost first; the first one is none, and has the nodes of the whole text.
    let mut open = vec![Element::default()];
    walk(&clean, &mut |piece, _| match piece {
        Piece::Text(text) => add(&mut open, Node::Text(decode(text).into_owned())),
        Piece::Tag { name, closing: false, attributes } => {
            let attributes = attributes
                .iter()
                .map(|one| (one.name.to_ascii_lowercase(), decode(one.value).into_owned()))
                .collect();
            let element = Element { name: name.to_ascii_lowercase(), attributes, children: Vec::new() };
            if VOID.contains(&element.name.as_str()) {
                add(&mut open, Node::Element(element));
            } else {
                open.push(element);
            }
        }
        Piece::Tag { name, .. } => {
            if open.len() > 1 && open.last().is_some_and(|last| last.name.eq_ignore_ascii_case(name)) {
                close(&mut open);
            }
        }
        Piece::Other => {}
    });
    while open.len() > 1 {
        close(&mut open);
    }
    open.pop().map(|root| root.children).unwrap_or_default()
}

fn close(open: &mut Vec<Element>) {
    if let Some(last) = open.pop() {
        add(open, Node::Element(last));
    }
}

fn add(open: &mut [Element], node: Node) {
    let Some(parent) = open.last_mut() else { return };
    match (parent.children.last_mut(), node) {
        (Some(Node::Text(before)), Node::Text(text)) => before.push_str(&text),
        (_, node) => parent.children.push(node),
    }
}

impl Element {
    /// The value of an attribute, without blanks at its ends; `None` if it is empty.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        let value = self.attributes.iter().find(|(known, _)| known == name)?.1.trim();
        (!value.is_empty()).then_some(value)
    }

    /// True if it has the attribute, with or without a value.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.attributes.iter().any(|(known, _)| known == name)
    }

    /// True if it has the class.
    pub(crate) fn has_class(&self, class: &str) -> bool {
        self.get("class").is_some_and(|all| all.split_whitespace().any(|one| one == class))
    }

    /// The elements directly in it.
    pub(crate) fn elements(&self) -> impl Iterator<Item = &Element> {
        self.children.iter().filter_map(Node::element)
    }

    /// The first element in it, at any depth, with one of these names.
    pub(crate) fn find(&self, names: &[&str]) -> Option<&Element> {
        self.elements().find_map(
            |one| {
                if names.contains(&one.name.as_str()) { Some(one) } else { one.find(names) }
            },
        )
    }

    /// The number of elements in it, at any depth, with one of these names.
    pub(crate) fn count(&self, names: &[&str]) -> usize {
        self.elements().map(|one| usize::from(names.contains(&one.name.as_str())) + one.count(names)).sum()
    }

    /// Its words.
    pub(crate) fn text(&self) -> String {
        let mut all = String::new();
        self.gather(&mut all);
        all.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    fn gather(&self, all: &mut String) {
        for child in &self.children {
            match child {
                Node::Text(text) => all.push_str(text),
                Node::Element(element) if element.name == "br" => all.push(' '),
                Node::Element(element) => element.gather(all),
            }
        }
    }

    /// Its text, to the letter.
    pub(crate) fn raw_text(&self) -> String {
        let mut all = String::new();
        for child in &self.children {
            match child {
                Node::Text(text) => all.push_str(text),
                Node::Element(element) if element.name == "br" => all.push('\n'),
                Node::Element(element) => all.push_str(&element.raw_text()),
            }
        }
        all
    }

    /// Its start tag.
    pub(crate) fn start_tag(&self) -> String {
        let mut tag = format!("<{}", self.name);
        for (name, value) in &self.attributes {
            let is_mark = value.is_empty() && name != "alt";
            tag.push(' ');
            tag.push_str(name);
            if !is_mark {
                tag.push_str("=\"");
                tag.push_str(&safe(&escape(value)));
                tag.push('"');
            }
        }
        tag.push('>');
        tag
    }

    /// Its HTML, without empty lines, at which a block of HTML in Markdown ends.
    pub(crate) fn html(&self) -> String {
        let mut all = String::new();
        write(&Node::Element(self.clone()), false, &mut all);
        all
    }
}

impl Node {
    /// The element, if it is one.
    pub(crate) fn element(&self) -> Option<&Element> {
        match self {
            Node::Element(element) => Some(element),
            Node::Text(_) => None,
        }
    }

    /// True for text of nothing but white space.
    pub(crate) fn is_blank(&self) -> bool {
        matches!(self, Node::Text(text) if text.trim().is_empty())
    }
}

/// `html` with the beginnings of components and of other programs' tags as character references.
pub(super) fn safe(html: &str) -> String {
    html.replace("{{", "&#123;&#123;").replace("{%", "&#123;%").replace("{#", "&#123;#").replace('\n', " ")
}

fn write(node: &Node, in_pre: bool, all: &mut String) {
    match node {
        Node::Text(text) => {
            let escaped = escape(text).replace("&#39;", "'").replace("&quot;", "\"");
            if in_pre {
                for (number, line) in escaped.split('\n').enumerate() {
                    if number > 0 {
                        let is_empty = all.rsplit('\n').next().is_some_and(|last| last.trim().is_empty());
                        all.push_str(if is_empty { "&#10;" } else { "\n" });
                    }
                    all.push_str(&safe(line));
                }
            } else {
                // A run of white space becomes one line end or one space, so that no line is empty.
                let mut rest = escaped.as_str();
                while let Some(at) = rest.find(|letter: char| letter.is_ascii_whitespace()) {
                    let (words, gap) = rest.split_at(at);
                    all.push_str(&safe(words));
                    let end = gap.find(|letter: char| !letter.is_ascii_whitespace()).unwrap_or(gap.len());
                    let has_end = gap.get(..end).is_some_and(|gap| gap.contains('\n'));
                    if !all.ends_with('\n') {
                        all.push(if has_end { '\n' } else { ' ' });
                    }
                    rest = gap.get(end..).unwrap_or_default();
                }
                all.push_str(&safe(rest));
            }
        }
        Node::Element(element) => {
            all.push_str(&element.start_tag());
            if VOID.contains(&element.name.as_str()) {
                return;
            }
            let in_pre = in_pre || element.name == "pre";
            element.children.iter().for_each(|child| write(child, in_pre, all));
            all.push_str(&format!("</{}>", element.name));
        }
    }
}
