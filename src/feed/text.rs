//! Characters of feeds: the only place that decides which ones are written.

use std::borrow::Cow;

use super::FeedError;
use crate::model::html::suspects;

/// `text` without the characters that XML 1.0 forbids (section 2.2). Carriage returns become line feeds, as every XML
/// parser reads them anyway (section 2.11).
pub(super) fn clean(text: &str) -> Cow<'_, str> {
    // The first bytes of forbidden characters are rare.
    let suspect = |byte: u8| matches!(byte, 0..=8 | 0xb..=0x1f | 0xef);
    if suspects(text.as_bytes(), suspect).next().is_none()
        || text.chars().all(|letter| allowed(letter) && letter != '\r')
    {
        return Cow::Borrowed(text);
    }
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    Cow::Owned(text.chars().filter(|letter| allowed(*letter)).collect())
}

/// [`clean`] as an owned string.
pub(super) fn cleaned(text: &str) -> String {
    clean(text).into_owned()
}

/// A document in three parts.
pub(super) type Cut<'a> = (&'a [u8], &'a [u8], &'a [u8]);

/// Splits a document into the part before the first `open`, from there to the end of the last `close`, and the rest.
pub(super) fn split_at_element<'a>(document: &'a [u8], open: &str, close: &str) -> Option<Cut<'a>> {
    let start = memchr::memmem::find(document, open.as_bytes())?;
    let end = memchr::memmem::rfind(document, close.as_bytes()).filter(|end| *end > start)? + close.len();
    Some((&document[..start], &document[start..end], &document[end..]))
}

/// Splits an XML document into its declaration, with a line feed after it, and the rest.
///
/// # Errors
/// [`FeedError`] for a document without a declaration.
pub(super) fn declaration(document: &[u8]) -> Result<(&[u8], &[u8]), FeedError> {
    let end = document.windows(2).position(|two| two == b"?>").map(|at| at + 2);
    let end = end.filter(|_| document.starts_with(b"<?xml "));
    let end = end.ok_or_else(|| FeedError::new("the XML declaration is missing"))?;
    // The writers of the two formats differ in whether the declaration has a line of its own.
    let rest = &document[end..];
    let (declaration, rest) =
        if rest.first() == Some(&b'\n') { document.split_at(end + 1) } else { (&document[..end], rest) };
    Ok((declaration, rest))
}

/// Cleans a title and puts it on one line.
pub(super) fn line(text: &str) -> String {
    clean(text).split_whitespace().collect::<Vec<_>>().join(" ")
}

fn allowed(letter: char) -> bool {
    matches!(letter, '\t' | '\n' | '\r' | '\u{20}'..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..)
}
