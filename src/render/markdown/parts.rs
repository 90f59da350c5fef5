//! The relation between the text that the parser reads and the author's.

use std::borrow::Cow;
use std::ops::Range;

use super::components::Replaced;
use super::emphasis::Marked;
use super::switches::Switched;

/// The changes to a text before it is parsed.
#[derive(Default)]
pub(super) struct Parts<'a> {
    /// The byte of the whole at which the text begins.
    pub base: usize,
    /// Components that are replaced by marks.
    pub replaced: Option<&'a Replaced>,
    /// Syntax beyond CommonMark that was rewritten.
    pub switched: Option<&'a Switched>,
    /// Marks for emphasis, which were added last.
    pub marked: Option<&'a Marked>,
}

impl Parts<'_> {
    /// The byte of the author's text for byte `at` of the parsed one.
    pub fn original(&self, at: usize) -> usize {
        let at = self.marked.map_or(at, |marked| marked.steps.original(at));
        let at = self.switched.map_or(at, |switched| switched.steps.original(at));
        self.base + self.replaced.map_or(at, |replaced| replaced.steps.original(at))
    }

    /// The bytes of the author's text for `range` of the parsed one.
    pub fn place(&self, range: &Range<usize>) -> Range<usize> {
        let start = self.original(range.start);
        start..self.original(range.end).max(start)
    }

    /// `text` without the marks for emphasis.
    pub fn clean<'t>(&self, text: &'t str) -> Cow<'t, str> {
        match self.marked {
            Some(marked) if text.contains(marked.mark) => Cow::Owned(text.replace(marked.mark, "")),
            _ => Cow::Borrowed(text),
        }
    }

    /// `text` with the words of components instead of marks.
    pub fn words(&self, text: String) -> String {
        let text = if self.marked.is_some() { self.clean(&text).into_owned() } else { text };
        self.replaced.map(|replaced| replaced.words(&text)).unwrap_or(text)
    }

    /// The HTML that was made of the parsed text as that of the author's.
    pub fn restored(&self, html: String) -> String {
        let html = if self.marked.is_some() { self.clean(&html).into_owned() } else { html };
        self.replaced.map(|replaced| replaced.put_back(&html)).unwrap_or(html)
    }
}
