//! Blocks of the block editor: comments around HTML, such as `<!-- wp:list {"ordered":true} -->`.

use serde_json::Value;

/// A part of a text.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Part {
    /// HTML between blocks.
    Html(String),
    /// A block.
    Block(Block),
}

/// A block.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Block {
    /// Its name, without `core/`.
    pub(super) name: String,
    /// Its settings.
    pub(super) settings: Value,
    /// Its HTML and the blocks in it.
    pub(super) parts: Vec<Part>,
}

/// The most blocks inside one another.
const DEEPEST: usize = 48;

/// True if `text` has blocks.
pub(super) fn has_blocks(text: &str) -> bool {
    text.contains("<!-- wp:")
}

/// The parts of `text`. Blocks that are too deep are one with the block around them.
pub(super) fn parts(text: &str) -> Vec<Part> {
    let mut open: Vec<Block> = vec![Block { name: String::new(), settings: Value::Null, parts: Vec::new() }];
    // Blocks that are open and too deep.
    let mut deeper = 0_usize;
    let mut rest = text;
    while let Some(at) = rest.find("<!--") {
        let (before, from) = rest.split_at(at);
        let Some(end) = from.find("-->") else { break };
        add_html(&mut open, before);
        let comment = from.get(4..end).unwrap_or_default().trim();
        rest = from.get(end + 3..).unwrap_or_default();
        if let Some(name) = comment.strip_prefix("/wp:") {
            if deeper > 0 {
                deeper -= 1;
            } else if open.len() > 1 && open.last().is_some_and(|last| last.name == short(name.trim())) {
                close(&mut open);
            }
            continue;
        }
        let Some(written) = comment.strip_prefix("wp:") else {
            // `<!--more-->` and the like.
            let whole = from.get(..end + 3).unwrap_or_default();
            add_html(&mut open, whole);
            continue;
        };
        let is_closed = written.ends_with('/');
        let written = written.trim_end_matches('/').trim();
        let (name, settings) = written.split_once(char::is_whitespace).unwrap_or((written, ""));
        let settings = serde_json::from_str(settings.trim()).unwrap_or(Value::Null);
        let block = Block { name: short(name), settings, parts: Vec::new() };
        match (is_closed, open.len() > DEEPEST) {
            (true, _) => {
                if let Some(parent) = open.last_mut() {
                    parent.parts.push(Part::Block(block));
                }
            }
            (false, true) => deeper += 1,
            (false, false) => open.push(block),
        }
    }
    add_html(&mut open, rest);
    while open.len() > 1 {
        close(&mut open);
    }
    open.pop().map(|root| root.parts).unwrap_or_default()
}

fn short(name: &str) -> String {
    name.strip_prefix("core/").unwrap_or(name).to_owned()
}

fn close(open: &mut Vec<Block>) {
    if let Some(block) = open.pop()
        && let Some(parent) = open.last_mut()
    {
        parent.parts.push(Part::Block(block));
    }
}

fn add_html(open: &mut [Block], html: &str) {
    if !html.is_empty()
        && let Some(parent) = open.last_mut()
    {
        match parent.parts.last_mut() {
            Some(Part::Html(before)) => before.push_str(html),
            _ => parent.parts.push(Part::Html(html.to_owned())),
        }
    }
}

impl Block {
    /// A setting that is text.
    pub(super) fn text(&self, name: &str) -> &str {
        self.settings.get(name).and_then(Value::as_str).unwrap_or_default().trim()
    }

    /// Its HTML, with that of the blocks in it.
    pub(super) fn html(&self) -> String {
        let mut all = String::new();
        self.gather(&mut all);
        all
    }

    fn gather(&self, all: &mut String) {
        for part in &self.parts {
            match part {
                Part::Html(html) => all.push_str(html),
                Part::Block(block) => block.gather(all),
            }
        }
    }

    /// True if it has no HTML at all.
    pub(super) fn is_empty(&self) -> bool {
        self.parts.iter().all(|part| match part {
            Part::Html(html) => html.trim().is_empty(),
            Part::Block(block) => block.is_empty(),
        })
    }
}
