//! The export format of WordPress (WXR), read item by item.

use std::path::Path;

use super::super::ImportError;
use super::super::xml::{Document, Piece};

/// The statements of a file, in its order.
pub(super) enum Entry {
    /// The site: name of the field and value.
    Site(String, String),
    /// An author.
    Author(Fields),
    /// A category, a tag or a term of another taxonomy, and the name of its element.
    Term(Fields),
    /// A post, a page, a file, a menu item…
    Item(Box<Item>),
}

/// Fields by name, in their order.
#[derive(Debug, Default, Clone)]
pub(super) struct Fields(Vec<(String, String)>);

impl Fields {
    /// The field `name`, without blanks at its ends.
    pub(super) fn get(&self, name: &str) -> &str {
        self.0.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value.trim())
    }

    /// The field `name`, to the letter.
    pub(super) fn raw(&self, name: &str) -> &str {
        self.0.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value)
    }
}

/// An item of the export.
#[derive(Debug, Default)]
pub(super) struct Item {
    /// The line at which it begins.
    pub(super) line: u32,
    /// Its fields, by the names of their elements.
    pub(super) fields: Fields,
    /// Its terms.
    pub(super) terms: Vec<ItemTerm>,
    /// Its metadata: keys and values.
    pub(super) meta: Vec<(String, String)>,
    /// Its comments.
    pub(super) comments: Vec<Fields>,
}

/// A term of an item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct ItemTerm {
    /// The taxonomy: `category`, `post_tag`, `post_format`…
    pub(super) domain: String,
    /// The last part of its address.
    pub(super) slug: String,
    /// Its name.
    pub(super) name: String,
}

impl Item {
    /// The field of the element `name`, without blanks at its ends.
    pub(super) fn get(&self, name: &str) -> &str {
        self.fields.get(name)
    }

    /// Its number.
    pub(super) fn id(&self) -> u64 {
        self.get("wp:post_id").parse().unwrap_or_default()
    }

    /// The metadata `key`.
    pub(super) fn meta(&self, key: &str) -> Option<&str> {
        let value = self.meta.iter().find(|(known, _)| known == key)?.1.trim();
        (!value.is_empty()).then_some(value)
    }
}

/// The most bytes of an item, with its comments.
const LARGEST: usize = 128 * 1024 * 1024;
/// The most items of an export.
const MOST: usize = 2_000_000;

/// Calls `each` with everything in the export at `path`, which messages call `file`.
///
/// # Errors
/// The file is no such export, or the first error of `each`.
pub(super) fn read(
    path: &Path,
    file: &str,
    each: &mut dyn FnMut(Entry) -> Result<(), ImportError>,
) -> Result<(), ImportError> {
    let mut document = Document::open(path, file)?;
    let mut reader = Reader::default();
    loop {
        let done = match document.next()? {
            Piece::Start { name, attributes } => {
                reader.start(&name, document.parent(), &attributes, document.line()).map(|()| None)
            }
            Piece::End { name, text } => reader.end(name, text, document.innermost()),
            Piece::Finished => return Ok(()),
        };
        let entry = done.map_err(|reason| ImportError::Settings {
            file: file.to_owned(),
            line: document.line(),
            reason: reason.to_owned(),
        })?;
        if let Some(entry) = entry {
            each(entry)?;
        }
    }
}

/// The element that is being read.
#[derive(Default)]
struct Reader {
    item: Option<Item>,
    /// An author, a term, metadata or a comment.
    part: Option<Fields>,
    /// Taxonomy and slug of a term of the item.
    term: Option<(String, String)>,
    /// Bytes of the item so far.
    size: usize,
    /// Items so far.
    count: usize,
}

impl Reader {
    /// The start of the element `name` in `around`.
    fn start(
        &mut self,
        name: &str,
        around: &str,
        attributes: &[(String, String)],
        line: u32,
    ) -> Result<(), &'static str> {
        match (name, around) {
            ("item", "channel") => {
                self.count += 1;
                if self.count > MOST {
                    return Err("it has more items than any site");
                }
                self.item = Some(Item { line, ..Item::default() });
                self.size = 0;
            }
            ("wp:author" | "wp:category" | "wp:tag" | "wp:term", "channel")
            | ("wp:postmeta" | "wp:comment", "item") => self.part = Some(Fields::default()),
            ("category", "item") => {
                let of = |key: &str| {
                    attributes.iter().find(|(known, _)| known == key).map(|(_, value)| value.clone())
                };
                self.term = Some((of("domain").unwrap_or_default(), of("nicename").unwrap_or_default()));
            }
            _ => {}
        }
        Ok(())
    }

    /// The end of the element `name` in `around`, and what is complete with it.
    fn end(&mut self, name: String, text: String, around: &str) -> Result<Option<Entry>, &'static str> {
        self.size += text.len();
        if self.size > LARGEST {
            return Err("one item is larger than any post");
        }
        match (name.as_str(), around) {
            ("item", "channel") => {
                self.size = 0;
                return Ok(self.item.take().map(|item| Entry::Item(Box::new(item))));
            }
            ("wp:author", "channel") => return Ok(self.part.take().map(Entry::Author)),
            ("wp:category" | "wp:tag" | "wp:term", "channel") => {
                let mut fields = self.part.take().unwrap_or_default();
                fields.0.push(("element".to_owned(), name));
                return Ok(Some(Entry::Term(fields)));
            }
            ("wp:postmeta", "item") => {
                if let (Some(item), Some(fields)) = (&mut self.item, self.part.take()) {
                    let value = fields.raw("wp:meta_value").to_owned();
                    item.meta.push((fields.get("wp:meta_key").to_owned(), value));
                }
            }
            ("wp:comment", "item") => {
                if let (Some(item), Some(fields)) = (&mut self.item, self.part.take()) {
                    item.comments.push(fields);
                }
            }
            ("category", "item") => {
                if let (Some(item), Some((domain, slug))) = (&mut self.item, self.term.take()) {
                    item.terms.push(ItemTerm { domain, slug, name: text.trim().to_owned() });
                }
            }
            (_, "wp:author" | "wp:category" | "wp:tag" | "wp:term" | "wp:postmeta" | "wp:comment") => {
                if let Some(part) = &mut self.part {
                    part.0.push((name, text));
                }
            }
            (_, "item") => {
                if let Some(item) = &mut self.item {
                    item.fields.0.push((name, text));
                }
            }
            (_, "channel") => {
                self.size = 0;
                return Ok(Some(Entry::Site(name, text.trim().to_owned())));
            }
            _ => {}
        }
        Ok(None)
    }
}
