//! The blocks of a text as Markdown.

use std::collections::HashSet;

use super::check::{are_the_same, says_the_same};
use super::figures;
use super::inline::{self, Place, Style};
use super::tree::{Element, Node};
use crate::model::html::BLOCK_ELEMENTS;
use crate::render::markdown::{fragment, is_of_theme};

/// Blocks at whose start tag Markdown begins a block of HTML, which ends at an empty line.
const HTML_BLOCKS: [&str; 14] = [
    "address",
    "aside",
    "blockquote",
    "details",
    "div",
    "dl",
    "figure",
    "iframe",
    "ol",
    "p",
    "pre",
    "section",
    "table",
    "ul",
];

/// Writes blocks.
#[derive(Default)]
pub(super) struct Writer {
    /// The blocks so far.
    blocks: Vec<String>,
    /// The number of blocks that stayed HTML.
    pub(super) kept: usize,
    /// Ids of headings so far: none may be there twice.
    ids: HashSet<String>,
    /// True inside of a list, a quotation or a cell, where no components are made.
    is_nested: bool,
    /// The marker of the list before, if the last block is one.
    list: Option<char>,
}

const PLAIN: Style = Style { place: Place::Paragraph, has_tags: false };

impl Writer {
    /// The text: all blocks.
    pub(super) fn text(&self) -> String {
        self.blocks.join("\n\n")
    }

    /// Adds a block of Markdown.
    pub(super) fn add(&mut self, block: String) {
        self.push(block);
    }

    fn push(&mut self, block: String) {
        if !block.trim().is_empty() {
            self.list = None;
            self.blocks.push(block);
        }
    }

    /// Writes `nodes`: blocks, and paragraphs of the text between them.
    pub(super) fn nodes(&mut self, nodes: &[Node]) {
        let mut run: Vec<Node> = Vec::new();
        for node in nodes {
            match node {
                Node::Element(element) if is_block(element) => {
                    self.paragraph(&std::mem::take(&mut run));
                    self.block(element);
                }
                node => run.push(node.clone()),
            }
        }
        self.paragraph(&run);
    }

    fn paragraph(&mut self, nodes: &[Node]) {
        let start = nodes.iter().position(|node| !node.is_blank()).unwrap_or(nodes.len());
        let end = nodes.iter().rposition(|node| !node.is_blank()).map_or(start, |last| last + 1);
        let nodes = nodes.get(start..end).unwrap_or_default();
        if nodes.is_empty() {
            return;
        }
        let element = Element { name: "p".to_owned(), children: nodes.to_vec(), ..Element::default() };
        let is_empty = element.text().replace('\u{a0}', "").trim().is_empty();
        if is_empty && element.find(&["img", "a", "span"]).is_none() {
            return;
        }
        match self.lines(&element, Place::Paragraph) {
            Some(text) => self.push(text),
            None => self.keep(&element),
        }
    }

    /// The text of `element` in one of the two styles, if one says the same.
    fn lines(&self, element: &Element, place: Place) -> Option<String> {
        let html = element.html();
        [false, true].into_iter().find_map(|has_tags| {
            let text = inline::text(&element.children, Style { place, has_tags })?;
            let shown = if place == Place::Heading { format!("{}{text}", hashes(element)) } else { text };
            says_the_same(&html, &shown).then_some(shown)
        })
    }

    fn block(&mut self, element: &Element) {
        match element.name.as_str() {
            "p" => match element.elements().any(is_block) {
                true => self.nodes(&element.children),
                false => self.paragraph(&element.children),
            },
            "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => self.heading(element),
            "ul" | "ol" => self.list(element),
            "blockquote" => self.quote(element),
            "pre" => self.code(element),
            "hr" => self.push("* * *".to_owned()),
            "table" => match self.table(element) {
                Some(table) => self.push(table),
                None => self.keep(element),
            },
            "figure" => self.figure(element),
            "iframe" => match figures::embed(element, None).filter(|_| !self.is_nested) {
                Some(embed) => self.push(embed),
                None => self.keep(element),
            },
            "dl" | "details" | "video" | "audio" => self.keep(element),
            "div" | "section" | "article" | "aside" | "main" | "header" | "footer" | "center" | "address"
            | "li" | "dd" | "dt" | "figcaption" | "span" => self.nodes(&element.children),
            "a" | "strong" | "em" | "b" | "i" | "del" | "s" | "ins" => self.keep(element),
            _ => self.nodes(&element.children),
        }
    }

    /// Keeps `element` as HTML.
    pub(super) fn keep(&mut self, element: &Element) {
        if element.children.is_empty() && element.get("src").is_none() {
            return;
        }
        self.kept += 1;
        let html = element.html();
        let is_block = HTML_BLOCKS.contains(&element.name.as_str());
        self.push(if is_block { html } else { format!("<div>{html}</div>") });
    }

    fn heading(&mut self, element: &Element) {
        let Some(mut text) = self.lines(element, Place::Heading) else { return self.keep(element) };
        if text.trim_matches(['#', ' ']).is_empty() {
            return;
        }
        if let Some(id) = element.get("id") {
            let is_plain = id.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte));
            if is_plain && !is_of_theme(id) && self.ids.insert(id.to_owned()) {
                text.push_str(&format!(" {{#{id}}}"));
            }
        }
        self.push(text);
    }

    /// The blocks of `nodes` without components, and the number of those that stayed HTML.
    fn nested(nodes: &[Node]) -> Writer {
        let mut writer = Writer { is_nested: true, ..Writer::default() };
        writer.nodes(nodes);
        writer
    }

    fn list(&mut self, element: &Element) {
        let is_ordered = element.name == "ol";
        let marker = match (is_ordered, self.list) {
            (false, Some('-')) => '*',
            (false, _) => '-',
            (true, Some('.')) => ')',
            (true, _) => '.',
        };
        match list_text(element, marker).filter(|text| says_the_same(&element.html(), text)) {
            Some(text) => {
                self.push(text);
                self.list = Some(marker);
            }
            None => self.keep(element),
        }
    }

    fn quote(&mut self, element: &Element) {
        let cite = element.elements().find(|one| matches!(one.name.as_str(), "cite" | "footer"));
        let rest: Vec<Node> =
            element.children.iter().filter(|one| one.element() != cite || cite.is_none()).cloned().collect();
        let by = cite.map(Element::text).filter(|by| !by.is_empty());
        let has_link = cite.is_some_and(|cite| cite.find(&["a"]).is_some());
        let inner = Writer::nested(&rest);
        let kept = inner.kept;
        let text = inner.text();
        if let Some(by) = by.filter(|_| !self.is_nested && !has_link) {
            let rest = Element { name: "div".to_owned(), children: rest, ..Element::default() };
            let mut arguments = vec![("by", by)];
            arguments.extend(element.get("cite").map(|source| ("source", source.to_owned())));
            if says_the_same(&rest.html(), &text)
                && let Some(quote) = figures::around("quote", &arguments, &[], &text)
            {
                self.kept += kept;
                return self.push(quote);
            }
            return self.keep(element);
        }
        if cite.is_some() {
            return self.keep(element);
        }
        let lines =
            text.lines().map(|line| if line.is_empty() { ">".to_owned() } else { format!("> {line}") });
        let quote = lines.collect::<Vec<_>>().join("\n");
        if says_the_same(&element.html(), &quote) { self.push(quote) } else { self.keep(element) }
    }

    fn code(&mut self, element: &Element) {
        let is_text =
            element.count(&["a", "strong", "em", "b", "i", "mark", "sub", "sup", "u", "del", "ins"]) == 0;
        if !is_text || element.has_class("wp-block-verse") {
            return self.keep(element);
        }
        let code = element.raw_text();
        let code = code.strip_prefix('\n').unwrap_or(&code).trim_end_matches('\n');
        if code.trim().is_empty() {
            return;
        }
        let longest = code.split(|letter| letter != '`').map(str::len).max().unwrap_or(0);
        let fence = "`".repeat((longest + 1).max(3));
        let language =
            language(element).or_else(|| element.find(&["code"]).and_then(language)).unwrap_or_default();
        self.push(format!("{fence}{language}\n{code}\n{fence}"));
    }

    fn table(&self, table: &Element) -> Option<String> {
        if table.find(&["caption", "table"]).is_some() {
            return None;
        }
        let mut rows: Vec<(bool, &Element)> = Vec::new();
        for part in table.elements() {
            match part.name.as_str() {
                "tr" => rows.push((false, part)),
                "thead" | "tbody" | "tfoot" => {
                    rows.extend(
                        part.elements().filter(|one| one.name == "tr").map(|row| (part.name == "thead", row)),
                    );
                }
                _ => {}
            }
        }
        let (in_head, head) = *rows.first()?;
        let is_head = in_head || head.elements().all(|cell| cell.name == "th");
        let columns = head.elements().count();
        let others_have_heads = rows.iter().skip(1).any(|(in_head, row)| {
            *in_head || row.elements().any(|cell| cell.name == "th") || row.elements().count() != columns
        });
        if !is_head || others_have_heads || columns == 0 {
            return None;
        }
        let mut lines = Vec::new();
        for (number, (_, row)) in rows.iter().enumerate() {
            let cells = row.elements().map(|cell| {
                let spans = cell.has("colspan") || cell.has("rowspan");
                let text = inline::text(&cell.children, Style { place: Place::Cell, ..PLAIN })?;
                (!spans).then_some(text)
            });
            let cells: Option<Vec<String>> = cells.collect();
            lines.push(format!("| {} |", cells?.join(" | ")));
            if number == 0 {
                let rules: Vec<&str> = head.elements().map(rule).collect();
                lines.push(format!("| {} |", rules.join(" | ")));
            }
        }
        let text = lines.join("\n");
        let html = table.html().replace("<th", "<td").replace("</th", "</td");
        let same = |text: &str| text.replace("<th", "<td").replace("</th", "</td");
        let shown = same(&fragment(&text, None));
        are_the_same(&html, &shown).then_some(text)
    }

    fn figure(&mut self, element: &Element) {
        if self.is_nested {
            let is_bare = element.find(&["figcaption", "iframe", "video", "audio"]).is_none();
            return if is_bare { self.nodes(&element.children) } else { self.keep(element) };
        }
        match figures::figure(element) {
            figures::Figure::Text(text) => self.push(text),
            figures::Figure::Children => {
                let rest: Vec<Node> = element.children.clone();
                self.nodes(&rest);
            }
            figures::Figure::Quote { quote, by } => {
                let inner = Writer::nested(&quote);
                let (kept, text) = (inner.kept, inner.text());
                let arguments: Vec<_> = by.into_iter().map(|by| ("by", by)).collect();
                match figures::around("quote", &arguments, &[("pull", "true")], &text) {
                    Some(text) => {
                        self.kept += kept;
                        self.push(text);
                    }
                    None => self.keep(element),
                }
            }
            figures::Figure::Html => self.keep(element),
        }
    }
}

/// True for a block, and for text around one.
fn is_block(element: &Element) -> bool {
    BLOCK_ELEMENTS.contains(&element.name.as_str()) || element.count(&BLOCK_ELEMENTS) > 0
}

fn hashes(element: &Element) -> String {
    let level = element.name.as_bytes().get(1).map_or(2, |digit| usize::from(digit.saturating_sub(b'0')));
    format!("{} ", "#".repeat(level.clamp(1, 6)))
}

/// The line between the head of a table and its rows, at one cell.
fn rule(cell: &Element) -> &'static str {
    let is = |side: &str| {
        cell.get("align").is_some_and(|one| one.eq_ignore_ascii_case(side))
            || cell.has_class(&format!("has-text-align-{side}"))
    };
    match () {
        () if is("right") => "---:",
        () if is("center") => ":---:",
        () => "---",
    }
}

/// The language of code, by the classes of its element.
fn language(element: &Element) -> Option<String> {
    let classes = element.get("class").unwrap_or_default();
    let mut words = classes.split([' ', ';']).map(str::trim).filter(|word| !word.is_empty());
    let found = words.find_map(|word| {
        ["language-", "lang-", "brush:"].iter().find_map(|start| word.strip_prefix(start)).map(str::trim)
    });
    let own =
        || element.get("data-language").or_else(|| element.get("lang").filter(|_| element.name == "pre"));
    let name = found.filter(|name| !name.is_empty()).or_else(own)?;
    let is_name = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+-#._".contains(&byte));
    (is_name && name != "none").then(|| name.to_ascii_lowercase())
}

/// A list; `None` if Markdown has none like it.
fn list_text(list: &Element, marker: char) -> Option<String> {
    let is_ordered = list.name == "ol";
    let is_odd = list.has("reversed") || list.get("type").is_some_and(|kind| is_ordered && kind != "1");
    let is_item = |node: &Node| node.element().is_some_and(|one| one.name == "li" && !one.has("value"));
    if is_odd || !list.children.iter().all(|node| node.is_blank() || is_item(node)) {
        return None;
    }
    let is_loose = list.elements().any(|item| item.elements().any(|one| one.name == "p"));
    let first: u32 =
        list.get("start").map_or(Some(1), |start| start.parse().ok().filter(|one| *one < 100_000_000))?;
    let mut lines: Vec<String> = Vec::new();
    for (number, item) in (first..).zip(list.elements()) {
        let blocks = Writer::nested(&item.children).blocks;
        let is_tight = !is_loose && blocks.iter().skip(1).all(|one| one.starts_with(['-', '*', '1']));
        let text = blocks.join(if is_tight { "\n" } else { "\n\n" });
        let head = if is_ordered { format!("{number}{marker} ") } else { format!("{marker} ") };
        let indent = " ".repeat(head.len());
        let mut all = text.lines();
        if is_loose && !lines.is_empty() {
            lines.push(String::new());
        }
        lines.push(format!("{head}{}", all.next().unwrap_or_default()).trim_end().to_owned());
        lines.extend(all.map(|line| if line.is_empty() { String::new() } else { format!("{indent}{line}") }));
    }
    (!lines.is_empty()).then(|| lines.join("\n"))
}
