//! The text in a block as Markdown.

use super::tree::{Element, Node, safe};
use crate::model::html::escape as escape_html;

/// The place of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// A paragraph or a list item.
    Paragraph,
    /// A heading, which has one line.
    Heading,
    /// A cell of a table, which has one line and no `|`.
    Cell,
}

/// The way in which a text is written.
#[derive(Debug, Clone, Copy)]
pub(super) struct Style {
    /// Where it will be.
    pub(super) place: Place,
    /// Emphasis has tags and not asterisks, which mean nothing between some characters.
    pub(super) has_tags: bool,
}

/// `nodes` as Markdown; `None` if they have something that no line of text has.
pub(super) fn text(nodes: &[Node], style: Style) -> Option<String> {
    let mut writer =
        Writer { out: String::new(), style, in_strong: false, in_emphasis: false, in_link: false };
    writer.nodes(nodes)?;
    let text = writer.out.trim_matches([' ', '\n']);
    let text = text.strip_suffix('\\').filter(|rest| !rest.ends_with('\\')).unwrap_or(text).trim_end();
    let lines: Vec<String> = text.split('\n').map(line_start).collect();
    let text = lines.join("\n");
    Some(if style.place == Place::Cell { text.replace('|', "\\|") } else { text })
}

/// Plain text as Markdown.
pub(super) fn escape(text: &str, place: Place) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    add_escaped(&mut out, text, place);
    line_start(&out)
}

struct Writer {
    out: String,
    style: Style,
    in_strong: bool,
    in_emphasis: bool,
    in_link: bool,
}

impl Writer {
    fn nodes(&mut self, nodes: &[Node]) -> Option<()> {
        for (index, node) in nodes.iter().enumerate() {
            match node {
                Node::Text(text) => self.words(text),
                Node::Element(element) => {
                    let next = nodes.get(index + 1..).and_then(first_letter);
                    self.element(element, next)?;
                }
            }
        }
        Some(())
    }

    /// Adds text, with one space for each run of white space.
    fn words(&mut self, text: &str) {
        let mut collapsed = String::with_capacity(text.len());
        let mut gap = false;
        for letter in text.chars() {
            if letter.is_ascii_whitespace() {
                gap = true;
                continue;
            }
            if gap {
                collapsed.push(' ');
                gap = false;
            }
            collapsed.push(letter);
        }
        if gap {
            collapsed.push(' ');
        }
        let is_at_start = self.out.is_empty() || self.out.ends_with([' ', '\n']);
        let collapsed = if is_at_start { collapsed.trim_start_matches(' ') } else { &collapsed };
        add_escaped(&mut self.out, collapsed, self.style.place);
    }

    /// Adds a piece of Markdown.
    fn piece(&mut self, piece: &str) {
        // `![` would begin a picture.
        if piece.starts_with('[') && self.out.ends_with('!') {
            self.out.pop();
            self.out.push_str("\\!");
        }
        self.out.push_str(piece);
    }

    /// The Markdown of `nodes` alone, and the white space around it.
    fn inner(&mut self, nodes: &[Node]) -> Option<(bool, String, bool)> {
        let outer = std::mem::take(&mut self.out);
        let result = self.nodes(nodes);
        let inner = std::mem::replace(&mut self.out, outer);
        result?;
        let first = nodes.iter().find_map(|node| first_letter(std::slice::from_ref(node)));
        let before = first.is_some_and(|letter| letter.is_ascii_whitespace());
        let after = inner.ends_with(' ');
        Some((before, inner.trim_matches(' ').to_owned(), after))
    }

    fn space(&mut self, wanted: bool) {
        if wanted && !self.out.is_empty() && !self.out.ends_with([' ', '\n']) {
            self.out.push(' ');
        }
    }

    fn element(&mut self, element: &Element, next: Option<char>) -> Option<()> {
        match element.name.as_str() {
            "strong" | "b" if self.in_strong => self.nodes(&element.children),
            "em" | "i" if self.in_emphasis => self.nodes(&element.children),
            "strong" | "b" => {
                self.in_strong = true;
                let done = self.emphasis(element, "**", "strong");
                self.in_strong = false;
                done
            }
            "em" | "i" => {
                self.in_emphasis = true;
                let is_letter = |one: Option<char>| one.is_some_and(char::is_alphanumeric);
                let is_inside_word = is_letter(self.out.chars().last()) || is_letter(next);
                let done = self.emphasis(element, if is_inside_word { "*" } else { "_" }, "em");
                self.in_emphasis = false;
                done
            }
            "del" | "s" | "strike" => self.emphasis(element, "~~", "del"),
            "code" | "tt" => self.code(element),
            "a" => self.link(element),
            "img" => self.picture(element),
            "picture" => element.find(&["img"]).map_or(Some(()), |img| self.picture(img)),
            "br" => {
                let end = self.out.trim_end_matches(' ').len();
                self.out.truncate(end);
                if !self.out.is_empty() {
                    self.out.push_str(if self.style.place == Place::Paragraph { "\\\n" } else { "<br>" });
                }
                Some(())
            }
            "span" | "big" if ["lang", "dir", "id"].iter().all(|name| element.get(name).is_none()) => {
                self.nodes(&element.children)
            }
            "sub" | "sup" | "mark" | "u" | "kbd" | "small" | "abbr" | "q" | "ins" | "cite" | "samp"
            | "var" | "dfn" | "time" | "bdi" | "bdo" | "ruby" | "rt" | "rp" | "span" | "big" => {
                let (before, inner, after) = self.inner(&element.children)?;
                self.space(before);
                if !inner.is_empty() || element.get("id").is_some() {
                    self.piece(&format!("{}{inner}</{}>", element.start_tag(), element.name));
                }
                self.space(after);
                Some(())
            }
            "wbr" => {
                self.out.push_str("<wbr>");
                Some(())
            }
            "source" | "track" => Some(()),
            _ => None,
        }
    }

    fn emphasis(&mut self, element: &Element, mark: &str, tag: &str) -> Option<()> {
        let (before, inner, after) = self.inner(&element.children)?;
        self.space(before);
        if !inner.is_empty() {
            let piece = if self.style.has_tags {
                format!("<{tag}>{inner}</{tag}>")
            } else {
                format!("{mark}{inner}{mark}")
            };
            self.piece(&piece);
        }
        self.space(after);
        Some(())
    }

    fn code(&mut self, element: &Element) -> Option<()> {
        let has_markup = element.elements().any(|one| !matches!(one.name.as_str(), "span" | "br"));
        if has_markup {
            let (_, inner, _) = self.inner(&element.children)?;
            self.piece(&format!("<code>{inner}</code>"));
            return Some(());
        }
        let code = element.raw_text().replace('\n', " ");
        if code.trim().is_empty() {
            return Some(());
        }
        let longest = code.split(|letter| letter != '`').map(str::len).max().unwrap_or(0);
        let fence = "`".repeat(longest + 1);
        let is_padded = code.starts_with(['`', ' ']) || code.ends_with(['`', ' ']);
        let pad = if is_padded { " " } else { "" };
        self.piece(&format!("{fence}{pad}{code}{pad}{fence}"));
        Some(())
    }

    fn link(&mut self, element: &Element) -> Option<()> {
        let anchor = element.get("id").or_else(|| element.get("name"));
        if let Some(anchor) = anchor {
            self.piece(&format!("<a id=\"{}\"></a>", safe(&escape_html(anchor))));
        }
        let Some(href) = element.get("href").filter(|_| !self.in_link) else {
            return self.nodes(&element.children);
        };
        self.in_link = true;
        let inner = self.inner(&element.children);
        self.in_link = false;
        let (before, inner, after) = inner?;
        self.space(before);
        if !inner.is_empty() {
            let is_bare = element.text() == href
                && element.elements().next().is_none()
                && href.starts_with("http")
                && href.bytes().all(|byte| byte.is_ascii_graphic() && !b"<>{}\\".contains(&byte));
            let title = element.get("title").map(quoted).unwrap_or_default();
            let piece = if is_bare && title.is_empty() {
                format!("<{href}>")
            } else {
                format!("[{inner}]({}{title})", destination(href))
            };
            self.piece(&piece);
        }
        self.space(after);
        Some(())
    }

    fn picture(&mut self, element: &Element) -> Option<()> {
        let Some(src) = element.get("src") else { return Some(()) };
        self.piece(&picture(src, element.get("alt").unwrap_or_default()));
        Some(())
    }
}

/// A picture in Markdown.
pub(super) fn picture(src: &str, alt: &str) -> String {
    let mut text = String::new();
    add_escaped(&mut text, &alt.split_whitespace().collect::<Vec<_>>().join(" "), Place::Paragraph);
    format!("![{text}]({})", destination(src))
}

/// The title of a link, in quotes.
fn quoted(title: &str) -> String {
    let title = title.split_whitespace().collect::<Vec<_>>().join(" ");
    let title = title.replace('\\', "\\\\").replace('"', "\\\"").replace('&', "&amp;").replace('{', "&#123;");
    format!(" \"{title}\"")
}

/// An address as the destination of a link in Markdown.
pub(super) fn destination(url: &str) -> String {
    let mut out = String::with_capacity(url.len());
    for letter in url.chars() {
        match letter {
            '(' | ')' | '\\' => out.extend(['\\', letter]),
            letter
                if letter.is_whitespace()
                    || letter.is_control()
                    || matches!(letter, '<' | '>' | '{' | '}' | '`') =>
            {
                let mut bytes = [0; 4];
                for byte in letter.encode_utf8(&mut bytes).bytes() {
                    out.push_str(&format!("%{byte:02X}"));
                }
            }
            letter => out.push(letter),
        }
    }
    out.replace('&', "&amp;")
}

/// The first character that `nodes` show.
fn first_letter(nodes: &[Node]) -> Option<char> {
    nodes.iter().find_map(|node| match node {
        Node::Text(text) => text.chars().next(),
        Node::Element(element) if matches!(element.name.as_str(), "br" | "img" | "code") => Some('['),
        Node::Element(element) => first_letter(&element.children),
    })
}

/// Adds `text` with a backslash before each character that Markdown would read as something else.
fn add_escaped(out: &mut String, text: &str, place: Place) {
    let letters: Vec<char> = text.chars().collect();
    for (index, letter) in letters.iter().copied().enumerate() {
        let before =
            index.checked_sub(1).and_then(|at| letters.get(at).copied()).or_else(|| out.chars().last());
        let after = letters.get(index + 1).copied();
        let is_word = |one: Option<char>| one.is_some_and(char::is_alphanumeric);
        let special = match letter {
            '\\' | '*' | '`' | '[' | ']' | '~' => true,
            '_' => !(is_word(before) && is_word(after)),
            '<' => after.is_none_or(|next| next.is_ascii_alphabetic() || matches!(next, '/' | '!' | '?')),
            '{' => place == Place::Heading || after.is_none_or(|next| matches!(next, '{' | '%' | '#' | ':')),
            '#' => place == Place::Heading && after.is_none_or(|next| next == ' ' || next == '#'),
            '!' => after == Some('['),
            _ => false,
        };
        if letter == '&' && is_reference(letters.get(index + 1..).unwrap_or_default()) {
            out.push_str("&amp;");
            continue;
        }
        if special {
            out.push('\\');
        }
        out.push(letter);
    }
}

/// True if a `&` before `rest` would begin a character reference.
fn is_reference(rest: &[char]) -> bool {
    let end = rest.iter().take(34).position(|letter| *letter == ';');
    let Some(name) = end.and_then(|end| rest.get(..end)) else { return false };
    !name.is_empty() && name.iter().all(|letter| letter.is_ascii_alphanumeric() || *letter == '#')
}

/// True for a line that would be taken for a fence of front matter: signs, and perhaps one short word.
fn is_fence(line: &str) -> bool {
    let line = line.trim_end_matches(['\\', ' ']);
    let word = line.trim_start_matches(|letter| {
        "-+;=%\u{2010}\u{2011}\u{2012}\u{2013}\u{2014}\u{2015}\u{2212}".contains(letter)
    });
    let signs = line.len() - word.len();
    signs > 0
        && word.trim().len() <= 14
        && (signs > 1 || word.is_empty())
        && word.trim().chars().all(char::is_alphanumeric)
}

/// A line of a paragraph, with a backslash where its beginning would be read as that of another block.
fn line_start(line: &str) -> String {
    let line = line.trim_start_matches(' ');
    if let Some(first) = line.chars().next().filter(|_| is_fence(line)) {
        let rest = line.get(first.len_utf8()..).unwrap_or_default();
        return format!("&#{};{rest}", u32::from(first));
    }
    let hashes = line.bytes().take_while(|byte| *byte == b'#').count();
    let digits = line.bytes().take_while(u8::is_ascii_digit).count();
    let behind = |at: usize| line.as_bytes().get(at).is_none_or(|byte| *byte == b' ');
    if (1..=6).contains(&hashes) && behind(hashes)
        || line.starts_with(['>', '|', '='])
        || line.starts_with(['-', '+', ':'])
            && (behind(1) || line.bytes().all(|byte| byte == b'-' || byte == b' '))
        || line.starts_with("--")
    {
        return format!("\\{line}");
    }
    if (1..=9).contains(&digits)
        && let Some((number, rest)) = line.split_at_checked(digits)
        && rest.starts_with(['.', ')'])
        && behind(digits + 1)
    {
        return format!("{number}\\{rest}");
    }
    line.to_owned()
}
