//! Writes the rules of a style sheet: as they are in the file, or with as few bytes as say the same.

use std::ops::Range;

use super::StyleError;
use super::rules::{Context, fault, unknown};
use super::tokens::{Item, Kind, Token, is_closed, is_custom, items, solid, write_text, write_url};

/// Functions whose strings are addresses.
const OF_ADDRESSES: [&str; 4] = ["url", "src", "image-set", "-webkit-image-set"];

/// A file whose rules are written.
#[derive(Clone, Copy)]
pub(super) struct File<'a> {
    pub(super) text: &'a str,
    pub(super) tokens: &'a [Token],
    /// The address in the bundle for one in this file.
    pub(super) resolve: &'a dyn Fn(&str) -> String,
}

/// The style sheet so far.
#[derive(Debug)]
pub(super) struct Writer {
    out: String,
    is_small: bool,
    /// True if a `;` has to precede whatever follows in the same block.
    owes_semicolon: bool,
}

/// Receives the bytes of a part that is wrong, and why.
pub(super) type Report<'a> = dyn FnMut(Range<usize>, StyleError) + 'a;

impl Writer {
    pub(super) fn new(is_small: bool) -> Writer {
        Writer { out: String::new(), is_small, owes_semicolon: false }
    }

    /// The text so far.
    pub(super) fn finish(mut self) -> String {
        self.pay();
        self.out
    }

    /// Opens a block behind `prelude`.
    pub(super) fn open(&mut self, prelude: &str) {
        self.pay();
        self.out.push_str(prelude);
        self.out.push_str(if self.is_small { "{" } else { " {\n" });
    }

    /// Closes the block.
    pub(super) fn close(&mut self) {
        self.owes_semicolon = false;
        self.out.push_str(if self.is_small { "}" } else { "\n}\n" });
    }

    /// Writes a rule without a block.
    pub(super) fn statement(&mut self, text: &str) {
        self.pay();
        self.out.push_str(text);
        self.out.push_str(if self.is_small { ";" } else { ";\n" });
    }

    /// The number of bytes so far.
    pub(super) fn len(&self) -> usize {
        self.out.len()
    }

    fn pay(&mut self) {
        if std::mem::take(&mut self.owes_semicolon) {
            self.out.push(';');
        }
    }

    /// Writes what is between items, as far as that matters.
    pub(super) fn gap(&mut self, file: &File<'_>, range: Range<usize>) {
        for token in &file.tokens[range] {
            let text = &file.text[token.range.clone()];
            // A comment with `!` is one that its author wants to be kept, such as a licence.
            if token.is_empty() && (!self.is_small || text.starts_with("/*!")) {
                self.pay();
                self.token(file, token, false);
            }
        }
    }

    /// Writes `item`, which is in `context`; a part of it that browsers leave out is reported and left out.
    pub(super) fn item(&mut self, file: &File<'_>, item: &Item, context: Context, report: &mut Report<'_>) {
        let list = file.tokens;
        if let Some((at, error)) = fault(list, item, context) {
            report(list[at].range.clone(), error);
            return;
        }
        if let Some(error) = unknown(&list[item.tokens.start], context) {
            report(list[item.tokens.start].range.clone(), error);
        }
        self.pay();
        let Some(open) = item.block else {
            let end = item.tokens.end - usize::from(list[item.tokens.end - 1].kind == Kind::Semicolon);
            self.declaration(file, item.tokens.start..end);
            self.owes_semicolon = true;
            return;
        };
        let close = list[open].end;
        self.tokens(file, item.tokens.start..open);
        self.out.push('{');
        let inner = context.inside(&list[item.tokens.start]);
        let mut before = open + 1;
        for inside in items(list, open + 1..close) {
            self.gap(file, before..inside.tokens.start);
            before = inside.tokens.end;
            self.item(file, &inside, inner, report);
        }
        self.gap(file, before..close);
        self.owes_semicolon = false;
        self.out.push('}');
    }

    /// Writes a declaration or a rule without a block.
    fn declaration(&mut self, file: &File<'_>, range: Range<usize>) {
        let list = file.tokens;
        if !self.is_small || !is_custom(list, range.start) {
            return self.tokens(file, range);
        }
        let Some(colon) = solid(list, range.start + 1, range.end) else { return };
        self.tokens(file, range.start..colon);
        self.out.push(':');
        match solid(list, colon + 1, range.end) {
            Some(start) => self.value(file, start..range.end),
            // Older browsers read no value as an error.
            None => self.out.push(' '),
        }
    }

    /// Writes the value of a custom property, which can be used wherever there are tokens.
    fn value(&mut self, file: &File<'_>, range: Range<usize>) {
        self.spaced(file, range, |before, after| before != Kind::Comma && after != Kind::Comma);
    }

    /// Writes tokens that are not those of a block.
    fn tokens(&mut self, file: &File<'_>, range: Range<usize>) {
        self.spaced(file, range, |before, after| {
            let none_behind = matches!(
                before,
                Kind::Open(_) | Kind::Comma | Kind::Colon | Kind::Delim('>' | '~' | '!' | '/')
            );
            let none_before =
                matches!(after, Kind::Close(_) | Kind::Comma | Kind::Delim('>' | '~' | '!' | '/'));
            !none_behind && !none_before
        });
    }

    /// Writes tokens; in a small sheet, with a space between two only where there is one and `needs_space` says so.
    fn spaced(&mut self, file: &File<'_>, range: Range<usize>, needs_space: impl Fn(Kind, Kind) -> bool) {
        let mut before: Option<&Token> = None;
        let mut has_space = false;
        let mut functions: Vec<(usize, bool)> = Vec::new();
        for at in range {
            let token = &file.tokens[at];
            if self.is_small && token.is_empty() {
                has_space |= token.kind == Kind::Space;
                continue;
            }
            if let Some(before) = before.filter(|_| self.is_small) {
                if has_space && needs_space(before.kind, token.kind) {
                    self.out.push(' ');
                } else if before.spacing.needs_separator_when_before(token.spacing) {
                    self.out.push_str("/**/");
                }
            }
            functions.retain(|(end, _)| at < *end);
            let is_of_addresses = functions.last().is_some_and(|(_, is_of_addresses)| *is_of_addresses);
            if token.kind == Kind::Open('(') {
                functions.push((token.end, OF_ADDRESSES.iter().any(|name| token.is_function(name))));
            }
            self.token(file, token, is_of_addresses);
            (before, has_space) = (Some(token), false);
        }
    }

    fn token(&mut self, file: &File<'_>, token: &Token, is_of_addresses: bool) {
        let text = &file.text[token.range.clone()];
        let is_address = token.kind == Kind::Url || token.kind == Kind::Text && is_of_addresses;
        let moved = is_address.then(|| (file.resolve)(&token.value)).filter(|moved| **moved != *token.value);
        let value = moved.as_deref().unwrap_or(&token.value);
        // The last token of a file may be without its end, and others follow it in the bundle.
        let is_last = token.range.end == file.text.len();
        match token.kind {
            Kind::Url if is_last || moved.is_some() => write_url(value, &mut self.out),
            Kind::Text if is_last || moved.is_some() => write_text(value, &mut self.out),
            Kind::Comment if is_last && !is_closed(text) => {
                self.out.push_str(text);
                self.out.push_str("*/");
            }
            Kind::Close(bracket) => self.out.push(bracket),
            Kind::Number if self.is_small => self.out.push_str(&without_zero(text)),
            _ => self.out.push_str(text),
        }
    }
}

/// A number without the zero before its point.
fn without_zero(number: &str) -> std::borrow::Cow<'_, str> {
    let (sign, digits) = number.split_at(usize::from(number.starts_with(['-', '+'])));
    match digits.strip_prefix('0') {
        Some(rest) if rest.starts_with('.') => format!("{sign}{rest}").into(),
        _ => number.into(),
    }
}

/// The tokens `range` of `file` with as few bytes as say the same.
pub(super) fn small(file: &File<'_>, range: Range<usize>) -> String {
    let mut writer = Writer::new(true);
    writer.tokens(file, range);
    writer.out
}
