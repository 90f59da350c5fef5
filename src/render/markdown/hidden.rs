//! The parts of a text in which no tags are read: code, formulas, comments.

use std::ops::Range;

use pulldown_cmark::{Event, Options as Extensions, Parser, Tag, TagEnd};

use crate::model::html::{Piece, walk};

/// Ranges of bytes, in order.
#[derive(Default)]
pub(super) struct Ranges(Vec<Range<usize>>);

impl Ranges {
    /// The end of the range that has byte `at`.
    pub fn end_of(&self, at: usize) -> Option<usize> {
        let next = self.0.partition_point(|range| range.end <= at);
        self.0.get(next).filter(|range| range.start <= at).map(|range| range.end)
    }
}

/// The parts of a text in which tags mean nothing.
#[derive(Default)]
pub(super) struct Hidden {
    /// Code and formulas.
    pub code: Ranges,
    /// HTML in which readers see no tags, or see code. Calls are read there, other tags are not.
    pub raw: Ranges,
}

/// Elements of HTML whose content is code, or is not shown.
const QUIET: [&str; 6] = ["code", "kbd", "pre", "samp", "script", "style"];

/// The hidden parts of `text`.
pub(super) fn hidden(text: &str, extensions: Extensions) -> Hidden {
    let mut hidden = Hidden::default();
    // The open element of `QUIET`, and the byte at which it begins.
    let mut quiet: Option<(String, usize)> = None;
    let mut comment = None;
    for (event, range) in Parser::new_ext(text, extensions).into_offset_iter() {
        match event {
            Event::Code(_)
            | Event::InlineMath(_)
            | Event::DisplayMath(_)
            | Event::Start(Tag::CodeBlock(_)) => hidden.code.0.push(range),
            Event::Start(Tag::HtmlBlock) if text[range.clone()].trim_start().starts_with("<!--") => {
                comment = Some(range.start);
            }
            Event::End(TagEnd::HtmlBlock) => {
                if let Some(start) = comment.take() {
                    hidden.raw.0.push(start..range.end);
                }
            }
            Event::InlineHtml(_) if text[range.clone()].starts_with("<!--") => hidden.raw.0.push(range),
            Event::Html(_) | Event::InlineHtml(_) => {
                walk(&text[range.clone()], &mut |piece, part| {
                    let Piece::Tag { name, closing, .. } = piece else { return };
                    match &quiet {
                        None if !closing && QUIET.iter().any(|one| one.eq_ignore_ascii_case(name)) => {
                            quiet = Some((name.to_owned(), range.start + part.start));
                        }
                        Some((open, start)) if closing && open.eq_ignore_ascii_case(name) => {
                            hidden.raw.0.push(*start..range.start + part.end);
                            quiet = None;
                        }
                        _ => {}
                    }
                });
            }
            _ => {}
        }
    }
    if let Some((_, start)) = quiet {
        hidden.raw.0.push(start..text.len());
    }
    hidden.raw.0.sort_by_key(|range| range.start);
    hidden
}
