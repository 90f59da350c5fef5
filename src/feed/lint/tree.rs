//! A tree of XML elements.

use std::ops::Range;

use super::namespace::Space;
use super::text::Text;
use super::xml::{Attribute, Piece, Tag, Xml};

/// Elements in document order, each before its descendants.
#[derive(Default)]
pub(super) struct Tree<'a> {
    nodes: Vec<Node<'a>>,
}

/// An element.
pub(super) struct Node<'a> {
    pub space: Space,
    /// Its name without prefix.
    pub name: &'a str,
    pub attributes: Vec<Attribute<'a>>,
    /// The text directly inside of the element.
    pub text: Text<'a>,
    /// Its start tag.
    pub span: Range<usize>,
    /// The number of the next element that is not inside of this one.
    next: usize,
}

impl<'a> Node<'a> {
    /// Its attribute `name` that is in no namespace.
    pub fn attribute(&self, name: &str) -> Option<&Attribute<'a>> {
        self.attributes.iter().find(|one| one.space == Space::None && one.name == name)
    }

    /// The value of its attribute `name` that is in no namespace.
    pub fn value(&self, name: &str) -> Option<&str> {
        self.attribute(name).map(|one| &*one.value.meant)
    }

    /// Its attribute `xml:name`.
    pub fn xml(&self, name: &str) -> Option<&Attribute<'a>> {
        self.attributes.iter().find(|one| one.space == Space::Xml && one.name == name)
    }

    /// The place to report: its text, or else its tag.
    pub fn place(&self) -> Range<usize> {
        self.text.span().filter(|_| !self.text.is_blank()).unwrap_or_else(|| self.span.clone())
    }
}

impl<'a> Tree<'a> {
    /// The element with this number.
    pub fn node(&self, at: usize) -> &Node<'a> {
        &self.nodes[at]
    }

    /// Adds an element without content.
    pub fn open(&mut self, tag: Tag<'a>) -> usize {
        let Tag { space, name, attributes, span, .. } = tag;
        self.nodes.push(Node {
            space,
            name,
            attributes,
            text: Text::empty(),
            span,
            next: self.nodes.len() + 1,
        });
        self.nodes.len() - 1
    }

    /// Ends the element with this number: all elements added since are inside of it.
    pub fn close(&mut self, at: usize) {
        self.nodes[at].next = self.nodes.len();
    }

    /// Adds text to an element.
    pub fn text(&mut self, at: usize, source: &'a str, span: Range<usize>, form: super::text::Form) {
        self.nodes[at].text.push(source, span, form);
    }

    /// Reads the element that begins with `tag`, up to its end, and returns its number.
    pub fn read(&mut self, xml: &mut Xml<'a>, tag: Tag<'a>) -> usize {
        let is_closed = tag.is_closed;
        let top = self.open(tag);
        if is_closed {
            return top;
        }
        let mut around = vec![top];
        while let (Some(inner), Some(piece)) = (around.last().copied(), xml.next()) {
            match piece {
                Piece::Open(tag) => {
                    let is_closed = tag.is_closed;
                    let at = self.open(tag);
                    if !is_closed {
                        around.push(at);
                    }
                }
                Piece::Close => {
                    self.close(inner);
                    around.pop();
                    if around.is_empty() {
                        break;
                    }
                }
                Piece::Text(span, form) => self.text(inner, xml.text, span, form),
            }
        }
        around.into_iter().for_each(|at| self.close(at));
        top
    }

    /// The numbers of an element's children.
    pub fn children(&self, of: usize) -> impl Iterator<Item = usize> + '_ {
        let end = self.nodes[of].next;
        let mut at = of + 1;
        std::iter::from_fn(move || {
            let child = at;
            (child < end).then(|| {
                at = self.nodes[child].next;
                child
            })
        })
    }

    /// The numbers of an element's descendants.
    pub fn inside(&self, of: usize) -> Range<usize> {
        of + 1..self.nodes[of].next
    }

    /// The first child of an element with this name.
    pub fn child(&self, of: usize, space: Space, name: &str) -> Option<usize> {
        self.children(of).find(|at| self.nodes[*at].space == space && self.nodes[*at].name == name)
    }
}
