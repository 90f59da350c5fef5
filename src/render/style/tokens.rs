//! The tokens of a style sheet (CSS Syntax 3, section 4) in one flat list, and the items that they form.

use std::ops::Range;

use cssparser::{Parser, ToCss as _, Token as CssToken, TokenSerializationType};

/// Deepest nesting of blocks, parentheses and brackets together: each is a call of a function inside of another.
pub(super) const MOST_DEEP: usize = 64;

/// Kinds of tokens, as far as a bundler needs to know them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Space,
    Comment,
    /// `(`, `[` or `{`; a function is a `(` whose value is its name.
    Open(char),
    /// Their end, also where the file ends without it.
    Close(char),
    /// A word, and its value.
    Word,
    /// `@name`, whose value is the name in lower case.
    At,
    /// A string, whose value is without quotes and escapes.
    Text,
    /// `url(…)` without quotes, and its value.
    Url,
    Colon,
    Semicolon,
    Comma,
    Number,
    Delim(char),
    /// A token that is an error by itself, such as a bracket that nothing opened. Its value says why.
    Bad,
    /// `<!--` and `-->`, which mean nothing between rules.
    Ignored,
    Other,
}

/// A token of a style sheet.
#[derive(Debug)]
pub(super) struct Token {
    pub(super) kind: Kind,
    /// Its bytes in the file.
    pub(super) range: Range<usize>,
    /// As [`Kind`] says.
    pub(super) value: Box<str>,
    /// Where it would run together with a neighbour.
    pub(super) spacing: TokenSerializationType,
    /// For one that opens something, the index of the one that closes it.
    pub(super) end: usize,
}

impl Token {
    /// True for a function of this name.
    pub(super) fn is_function(&self, name: &str) -> bool {
        self.kind == Kind::Open('(') && self.value.eq_ignore_ascii_case(name)
    }

    /// True for spaces and comments.
    pub(super) fn is_empty(&self) -> bool {
        matches!(self.kind, Kind::Space | Kind::Comment)
    }
}

/// The tokens of one file.
#[derive(Debug, Default)]
pub(super) struct Tokens {
    pub(super) list: Vec<Token>,
    /// The bytes at which something begins that has no end in the file, with its sign and the one that it needs.
    pub(super) unclosed: Vec<(usize, &'static str, &'static str)>,
    /// The byte of the first bracket that is deeper than [`MOST_DEEP`].
    pub(super) too_deep: Option<usize>,
}

/// A rule or a declaration.
#[derive(Debug, Clone)]
pub(super) struct Item {
    /// Its tokens, with its `;` or `}`.
    pub(super) tokens: Range<usize>,
    /// The index of the `{` that opens its block.
    pub(super) block: Option<usize>,
}

/// Takes `text` apart, in time linear in its length.
pub(super) fn tokens(text: &str) -> Tokens {
    let mut found = Tokens::default();
    let mut parser = Parser::new(text);
    parser.set_nested_block_limit(0);
    collect(&mut parser, 0, &mut found);
    if let Some(last) = found.list.iter().rev().find(|token| !token.range.is_empty()) {
        let written = &text[last.range.clone()];
        let signs = match last.kind {
            Kind::Comment if !is_closed(written) => Some(("/*", "*/")),
            Kind::Text if !is_quoted(written) && written.starts_with('"') => Some(("\"", "\"")),
            Kind::Text if !is_quoted(written) => Some(("'", "'")),
            Kind::Url if !written.ends_with(')') => Some(("url(", ")")),
            _ => None,
        };
        // It is inside of all brackets without an end.
        found.unclosed.splice(0..0, signs.map(|(open, close)| (last.range.start, open, close)));
    }
    found
}

/// True if the comment `written` has its end.
pub(super) fn is_closed(written: &str) -> bool {
    written.len() >= 4 && written.ends_with("*/")
}

/// True if the string `written` ends with the quote that begins it.
fn is_quoted(written: &str) -> bool {
    let mut escaped = false;
    let inner = written.char_indices().skip(1);
    let mut ends = inner.filter(|(_, letter)| {
        let is_end = !escaped && written.starts_with(*letter);
        escaped = !escaped && *letter == '\\';
        is_end
    });
    ends.next().is_some()
}

fn collect(parser: &mut Parser<'_>, depth: usize, found: &mut Tokens) {
    loop {
        let start = parser.position().byte_index();
        let Ok(token) = parser.next_including_whitespace_and_comments() else { return };
        let (kind, value, spacing) = (kind(token), value(token), token.serialization_type());
        let range = start..parser.position().byte_index();
        let opened = found.list.len();
        found.list.push(Token { kind, range, value, spacing, end: opened });
        let Kind::Open(bracket) = kind else { continue };
        if depth == MOST_DEEP {
            found.too_deep.get_or_insert(start);
            continue;
        }
        let mut inner_end = start;
        let nested: Result<(), cssparser::ParseError<()>> = parser.parse_nested_block(|parser| {
            collect(parser, depth + 1, found);
            inner_end = parser.position().byte_index();
            Ok(())
        });
        debug_assert!(nested.is_ok());
        let range = inner_end..parser.position().byte_index();
        let (kind, close, signs) = match bracket {
            '{' => (Kind::Close('}'), CssToken::CloseCurlyBracket, ("{", "}")),
            '[' => (Kind::Close(']'), CssToken::CloseSquareBracket, ("[", "]")),
            _ => (Kind::Close(')'), CssToken::CloseParenthesis, ("(", ")")),
        };
        if range.is_empty() {
            found.unclosed.push((start, signs.0, signs.1));
        }
        let end = found.list.len();
        found.list.push(Token { kind, range, value: "".into(), spacing: close.serialization_type(), end });
        found.list[opened].end = end;
    }
}

fn kind(token: &CssToken<'_>) -> Kind {
    match token {
        CssToken::WhiteSpace(_) => Kind::Space,
        CssToken::Comment(_) => Kind::Comment,
        CssToken::Function(_) | CssToken::ParenthesisBlock => Kind::Open('('),
        CssToken::SquareBracketBlock => Kind::Open('['),
        CssToken::CurlyBracketBlock => Kind::Open('{'),
        CssToken::Ident(_) => Kind::Word,
        CssToken::AtKeyword(_) => Kind::At,
        CssToken::QuotedString(_) => Kind::Text,
        CssToken::UnquotedUrl(_) => Kind::Url,
        CssToken::Colon => Kind::Colon,
        CssToken::Semicolon => Kind::Semicolon,
        CssToken::Comma => Kind::Comma,
        CssToken::Number { .. } | CssToken::Percentage { .. } | CssToken::Dimension { .. } => Kind::Number,
        CssToken::Delim(sign) => Kind::Delim(*sign),
        CssToken::CDO | CssToken::CDC => Kind::Ignored,
        token if token.is_parse_error() => Kind::Bad,
        _ => Kind::Other,
    }
}

fn value(token: &CssToken<'_>) -> Box<str> {
    match token {
        CssToken::AtKeyword(name) => name.to_ascii_lowercase().into(),
        CssToken::Function(text)
        | CssToken::Ident(text)
        | CssToken::QuotedString(text)
        | CssToken::UnquotedUrl(text) => (&**text).into(),
        CssToken::BadUrl(_) => {
            "this address has quotes, spaces or brackets in it, so it needs quotes around it".into()
        }
        CssToken::BadString(_) => "this text in quotes does not end in its line".into(),
        CssToken::CloseCurlyBracket => "nothing opens this `}`".into(),
        CssToken::CloseParenthesis => "nothing opens this `)`".into(),
        CssToken::CloseSquareBracket => "nothing opens this `]`".into(),
        _ => "".into(),
    }
}

/// The first token at or after `at` that is neither space nor comment, before `end`.
pub(super) fn solid(list: &[Token], at: usize, end: usize) -> Option<usize> {
    (at..end).find(|at| !list[*at].is_empty())
}

/// True if the declaration of a custom property begins at token `at` (CSS Variables 1, section 2): its value can be any
/// tokens.
pub(super) fn is_custom(list: &[Token], at: usize) -> bool {
    list[at].kind == Kind::Word
        && list[at].value.starts_with("--")
        && solid(list, at + 1, list.len()).is_some_and(|next| list[next].kind == Kind::Colon)
}

/// The items in the tokens `within`: those of a block, or of the whole file (CSS Syntax 3, section 5.4).
pub(super) fn items(list: &[Token], within: Range<usize>) -> Vec<Item> {
    let is_file = within.end == list.len();
    let mut items = Vec::new();
    let mut at = within.start;
    while let Some(start) = solid(list, at, within.end) {
        at = start + 1;
        if list[start].kind == Kind::Semicolon && !is_file || list[start].kind == Kind::Ignored && is_file {
            continue;
        }
        let is_custom = is_custom(list, start);
        let ends_with_semicolon = !is_file || list[start].kind == Kind::At;
        let mut block = None;
        at = start;
        while at < within.end {
            let token = &list[at];
            if token.kind == Kind::Open('{') && !is_custom {
                block = Some(at);
            }
            at = token.end.max(at) + 1;
            if block.is_some() || (token.kind == Kind::Semicolon && ends_with_semicolon) {
                break;
            }
        }
        items.push(Item { tokens: start..at, block });
    }
    items
}

/// Writes an address as `url(…)`.
pub(super) fn write_url(address: &str, out: &mut String) {
    let is_plain = |letter: char| letter.is_ascii_graphic() && !"\"'()\\".contains(letter);
    if address.chars().all(is_plain) {
        out.push_str("url(");
        out.push_str(address);
    } else {
        out.push_str("url(");
        write_text(address, out);
    }
    out.push(')');
}

/// Writes a text in quotes.
pub(super) fn write_text(text: &str, out: &mut String) {
    out.push_str(&CssToken::QuotedString(text.into()).to_css_string());
}
