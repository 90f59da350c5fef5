//! Finds rules and declarations that browsers leave out (CSS Syntax 3, section 5; Selectors 4, section 3.9).

use std::ops::Range;

use super::StyleError;
use super::tokens::{Item, Kind, Token, is_custom, solid};
use crate::model::suggest::nearest;

/// Rules that begin with `@`, as browsers know them.
const KNOWN: [&str; 23] = [
    "charset",
    "color-profile",
    "container",
    "counter-style",
    "custom-media",
    "document",
    "font-face",
    "font-feature-values",
    "font-palette-values",
    "function",
    "import",
    "keyframes",
    "layer",
    "media",
    "namespace",
    "page",
    "position-try",
    "property",
    "scope",
    "starting-style",
    "supports",
    "view-transition",
    "viewport",
];

/// The block or file that an item is in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Context {
    /// Rules with selectors, and declarations.
    Rules,
    /// Moments of `@keyframes`.
    Keyframes,
    /// Rules with names of their own, such as those of `@page`.
    Own,
}

impl Context {
    /// The context of the block of the item whose first token is `first`.
    pub(super) fn inside(self, first: &Token) -> Context {
        match &*first.value {
            _ if first.kind != Kind::At => self,
            "page" | "font-feature-values" => Context::Own,
            name if name.ends_with("keyframes") => Context::Keyframes,
            _ => self,
        }
    }
}

/// The token at which `item` breaks the syntax, so that browsers leave it out, and what is wrong.
pub(super) fn fault(list: &[Token], item: &Item, context: Context) -> Option<(usize, StyleError)> {
    let Range { start, end } = item.tokens;
    let head = start..item.block.unwrap_or(end);
    let part = |at: usize, message: &str| Some((at, StyleError::Part { message: message.to_owned() }));
    if let Some(at) = head.clone().find(|at| list[*at].kind == Kind::Bad) {
        return part(at, &list[at].value);
    }
    let first = &list[start];
    if first.kind == Kind::At {
        return match &*first.value {
            name @ ("import" | "namespace") => {
                part(start, &format!("an `@{name}` has to precede all other rules"))
            }
            _ => None,
        };
    }
    if is_custom(list, start) {
        return None;
    }
    if item.block.is_some() {
        let wrong = selector(list, head).filter(|_| context == Context::Rules);
        return wrong.and_then(|(at, message)| part(at, message));
    }
    if end == list.len() {
        return part(start, "a rule needs a `{` behind its selector");
    }
    let colon = solid(list, start + 1, end).filter(|at| list[*at].kind == Kind::Colon);
    let Some(colon) = colon.filter(|_| first.kind == Kind::Word) else {
        return part(start, "a declaration begins with the name of a property and a `:`");
    };
    match solid(list, colon + 1, end) {
        Some(value) if list[value].kind != Kind::Semicolon => None,
        _ => part(start, "this property has no value"),
    }
}

/// The token at which the selector in the tokens `range` is wrong, and why.
fn selector(list: &[Token], range: Range<usize>) -> Option<(usize, &'static str)> {
    let Some(mut at) = solid(list, range.start, range.end) else {
        return Some((range.end, "a rule needs a selector before its `{`"));
    };
    let mut before = Kind::Comma;
    while at < range.end {
        let kind = list[at].kind;
        let next = list[at + 1].kind;
        match kind {
            Kind::Semicolon => return Some((at, "a selector has no `;`, so the rule before it has no end")),
            Kind::Comma if before == Kind::Comma => return Some((at, "a selector precedes a comma")),
            Kind::Delim('.') if next != Kind::Word => return Some((at, "the name of a class follows a `.`")),
            Kind::Colon if !matches!(next, Kind::Word | Kind::Colon | Kind::Open('(')) => {
                return Some((at, "the name of a pseudo-class follows a `:`"));
            }
            _ => {}
        }
        if !list[at].is_empty() {
            before = kind;
        }
        at = list[at].end.max(at) + 1;
    }
    (before == Kind::Comma).then_some((range.start, "a selector follows a comma"))
}

/// The warning for a rule whose name no browser knows.
pub(super) fn unknown(first: &Token, context: Context) -> Option<StyleError> {
    let name = &*first.value;
    let is_of_one_browser = name.starts_with('-');
    let is_known =
        first.kind != Kind::At || context == Context::Own || is_of_one_browser || KNOWN.contains(&name);
    (!is_known).then(|| StyleError::Unknown { name: name.to_owned(), near: nearest(name, KNOWN) })
}
