//! XML, piece by piece: without document types and entities, and with bounds, whatever the file has.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::Path;

use quick_xml::Reader;
use quick_xml::events::{BytesRef, BytesStart, Event};

use super::ImportError;
use super::html::one_line;

/// The most bytes of one text or tag.
const LONGEST: u64 = 32 * 1024 * 1024;
/// The most elements inside one another.
const DEEPEST: usize = 64;
/// The most attributes of an element that are read.
const MOST_ATTRIBUTES: usize = 64;

/// A piece of a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Piece {
    /// The start of an element, with its prefix: `wp:post_id`.
    Start {
        /// Its name.
        name: String,
        /// Its attributes.
        attributes: Vec<(String, String)>,
    },
    /// The end of the innermost element, with all text that was directly in it.
    End {
        /// Its name.
        name: String,
        /// Its text.
        text: String,
    },
    /// The end of the document.
    Finished,
}

/// A document that is read from a file.
pub(super) struct Document {
    reader: Reader<Counted>,
    buffer: Vec<u8>,
    /// The name for messages.
    file: String,
    /// The open elements, outermost first, each with its text so far.
    open: Vec<(String, String)>,
    /// An element without content, whose end is next.
    closes: bool,
    /// True once there was an element.
    has_root: bool,
}

/// A reader that counts lines, and refuses pieces without end.
struct Counted {
    inner: BufReader<File>,
    line: u32,
    /// Bytes since the last piece.
    since: u64,
}

impl Read for Counted {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let from = self.fill_buf()?;
        let count = from.len().min(into.len());
        into[..count].copy_from_slice(&from[..count]);
        self.consume(count);
        Ok(count)
    }
}

impl BufRead for Counted {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.since > LONGEST {
            let mega = LONGEST / 1024 / 1024;
            return Err(io::Error::other(format!("one text or tag is longer than {mega} MB")));
        }
        self.inner.fill_buf()
    }

    fn consume(&mut self, count: usize) {
        let read = self.inner.buffer().get(..count).unwrap_or_default();
        let lines = memchr::memchr_iter(b'\n', read).count();
        self.line = self.line.saturating_add(u32::try_from(lines).unwrap_or(u32::MAX));
        self.since += count as u64;
        self.inner.consume(count);
    }
}

impl Document {
    /// Opens the document at `path`, which messages call `file`.
    ///
    /// # Errors
    /// It can't be opened.
    pub(super) fn open(path: &Path, file: &str) -> Result<Document, ImportError> {
        let inner = File::open(path).map_err(|error| ImportError::Unreadable {
            path: path.display().to_string(),
            reason: error.to_string(),
        })?;
        let mut reader = Reader::from_reader(Counted { inner: BufReader::new(inner), line: 1, since: 0 });
        // Old versions of WordPress write `&` as it is.
        reader.config_mut().allow_dangling_amp = true;
        let file = file.to_owned();
        Ok(Document { reader, buffer: Vec::new(), file, open: Vec::new(), closes: false, has_root: false })
    }

    /// The line that was read last, from 1.
    pub(super) fn line(&self) -> u32 {
        self.reader.get_ref().line
    }

    /// The name of the element around the innermost one.
    pub(super) fn parent(&self) -> &str {
        let at = self.open.len().checked_sub(2);
        at.and_then(|at| self.open.get(at)).map_or("", |(name, _)| name)
    }

    fn refuse(&self, reason: impl Into<String>) -> ImportError {
        ImportError::Settings { file: self.file.clone(), line: self.line(), reason: reason.into() }
    }

    /// The next piece. A piece at an end has the element still as the innermost one.
    ///
    /// # Errors
    /// The document is no XML, or has more than any export.
    pub(super) fn next(&mut self) -> Result<Piece, ImportError> {
        if std::mem::take(&mut self.closes) {
            return self.end();
        }
        loop {
            self.buffer.clear();
            self.reader.get_mut().since = 0;
            let mut buffer = std::mem::take(&mut self.buffer);
            let event = self.reader.read_event_into(&mut buffer);
            let step = match event {
                Ok(event) => self.step(&event),
                Err(quick_xml::Error::Io(error)) => Err(self.refuse(error.to_string())),
                Err(error) => Err(self.refuse(format!("it is no well-formed XML: {error}"))),
            };
            self.buffer = buffer;
            if let Some(piece) = step? {
                return Ok(piece);
            }
        }
    }

    fn step(&mut self, event: &Event<'_>) -> Result<Option<Piece>, ImportError> {
        match event {
            Event::Start(tag) => self.start(tag).map(Some),
            Event::Empty(tag) => {
                self.closes = true;
                self.start(tag).map(Some)
            }
            Event::End(_) => self.end().map(Some),
            Event::Text(text) => self.text(&String::from_utf8_lossy(text)).map(|()| None),
            Event::CData(text) => self.text(&String::from_utf8_lossy(text)).map(|()| None),
            Event::GeneralRef(name) => {
                let meant =
                    reference(name).ok_or_else(|| self.refuse("it has a reference to no character"))?;
                self.text(&meant).map(|()| None)
            }
            Event::DocType(_) => Err(self
                .refuse("it has a document type (`<!DOCTYPE`), which no export has: entities are not read")),
            Event::Eof if !self.open.is_empty() || !self.has_root => {
                Err(self.refuse("it ends in the middle: export it again, and see that the download is whole"))
            }
            Event::Eof => Ok(Some(Piece::Finished)),
            Event::Comment(_) | Event::Decl(_) | Event::PI(_) => Ok(None),
        }
    }

    fn start(&mut self, tag: &BytesStart<'_>) -> Result<Piece, ImportError> {
        if self.open.len() >= DEEPEST {
            return Err(self.refuse(format!("it has more than {DEEPEST} elements inside one another")));
        }
        let name = String::from_utf8_lossy(tag.name().as_ref()).into_owned();
        let mut attributes = Vec::new();
        for attribute in tag.attributes().take(MOST_ATTRIBUTES) {
            let attribute = attribute.map_err(|error| self.refuse(error.to_string()))?;
            let key = String::from_utf8_lossy(attribute.key.as_ref()).into_owned();
            let value = String::from_utf8_lossy(&attribute.value).into_owned();
            attributes.push((key, if value.contains('&') { one_line(&value) } else { value }));
        }
        self.has_root = true;
        self.open.push((name.clone(), String::new()));
        Ok(Piece::Start { name, attributes })
    }

    fn end(&mut self) -> Result<Piece, ImportError> {
        let Some((name, text)) = self.open.pop() else {
            return Err(self.refuse("an element ends that has not begun"));
        };
        Ok(Piece::End { name, text })
    }

    fn text(&mut self, text: &str) -> Result<(), ImportError> {
        let Some((_, all)) = self.open.last_mut() else { return Ok(()) };
        if all.len() + text.len() > usize::try_from(LONGEST).unwrap_or(usize::MAX) {
            return Err(self.refuse("one text is longer than any article"));
        }
        all.push_str(text);
        Ok(())
    }

    /// The name of the innermost open element.
    pub(super) fn innermost(&self) -> &str {
        self.open.last().map_or("", |(name, _)| name)
    }
}

/// The character that `name` refers to; the reference itself for an unknown name.
fn reference(name: &BytesRef<'_>) -> Option<String> {
    if name.is_char_ref() {
        return name.resolve_char_ref().ok().flatten().map(String::from);
    }
    let name = String::from_utf8_lossy(name);
    Some(match &*name {
        "amp" => "&".to_owned(),
        "lt" => "<".to_owned(),
        "gt" => ">".to_owned(),
        "quot" => "\"".to_owned(),
        "apos" => "'".to_owned(),
        // Names of HTML, which some plugins write.
        other => {
            let whole = format!("&{other};");
            if other == "nbsp" { "\u{a0}".to_owned() } else { one_line(&whole) }
        }
    })
}
