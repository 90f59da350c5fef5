//! Quotation marks of the text's language in place of straight ones.

use std::ops::Range;

use pulldown_cmark::{CowStr, Event, Tag};

use crate::language::Quotes;

/// Gives straight quotation marks the forms of a language. The parser makes English ones of them.
#[derive(Debug)]
pub(super) struct Quoting {
    quotes: Quotes,
    /// Single marks that are open.
    open: usize,
}

impl Quoting {
    /// Gives them the forms in `quotes`; `None` for those that the parser makes.
    pub fn new(quotes: Quotes) -> Option<Quoting> {
        (quotes != Quotes::ENGLISH).then_some(Quoting { quotes, open: 0 })
    }

    /// The event for `event`, of the bytes `range` of `text`: the mark of the language, if it is one that the parser made.
    pub fn event<'a>(&mut self, event: Event<'a>, text: &str, range: &Range<usize>) -> Event<'a> {
        match &event {
            Event::Text(made) => match self.mark(made, text, range) {
                Some(mark) => Event::Text(CowStr::Borrowed(mark)),
                None => event,
            },
            Event::Start(_) => {
                if is_block(&event) {
                    self.open = 0;
                }
                event
            }
            _ => event,
        }
    }

    /// The mark of the language for `made`, which stands for the bytes `range` of `text`.
    fn mark(&mut self, made: &str, text: &str, range: &Range<usize>) -> Option<&'static str> {
        if !matches!(text.get(range.clone()), Some("\"" | "'")) {
            return None;
        }
        match made {
            "\u{201c}" => Some(self.quotes.double.0),
            "\u{201d}" => Some(self.quotes.double.1),
            "\u{2018}" => {
                self.open += 1;
                Some(self.quotes.single.0)
            }
            // An apostrophe looks the same. It is one within a word, and where no quotation is open.
            "\u{2019}" => {
                let is_within_word = text[range.end..].starts_with(char::is_alphanumeric);
                if is_within_word || self.open == 0 {
                    return None;
                }
                self.open -= 1;
                Some(self.quotes.single.1)
            }
            _ => None,
        }
    }
}

/// `event` with the marks that `quoting` gives it, if it gives any.
pub(super) fn quoted<'a>(
    quoting: &mut Option<Quoting>,
    event: Event<'a>,
    text: &str,
    range: &Range<usize>,
) -> Event<'a> {
    match quoting {
        Some(quoting) => quoting.event(event, text, range),
        None => event,
    }
}

/// True for the beginning of a block, before which each quotation ends.
fn is_block(event: &Event<'_>) -> bool {
    matches!(event, Event::Start(Tag::Paragraph | Tag::Heading { .. } | Tag::Item | Tag::TableCell))
}
