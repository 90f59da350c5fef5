//! The words of a text, for the search. They are taken from the parser's events: HTML need not be written for them.

use pulldown_cmark::{Event, Parser, Tag, TagEnd};

use super::{Options, depth, emphasis, extensions};
use crate::model::html::Words;

/// The words of a Markdown text that readers see. Calls of components have none.
pub fn words(text: &str) -> Words {
    let mut reading = Reading::default();
    if depth::too_deep(text).is_some() {
        reading.words.push(text);
        return reading.words;
    }
    let marked = emphasis::mark(text);
    let parsed = marked.as_ref().map_or(text, |marked| marked.text.as_str());
    for event in Parser::new_ext(parsed, extensions(&Options::default())) {
        reading.event(&event);
    }
    if let Some(marked) = marked {
        let own = [&mut reading.words.text, &mut reading.words.headings];
        own.into_iter().for_each(|text| text.retain(|letter| letter != marked.mark));
    }
    reading.words
}

#[derive(Default)]
struct Reading {
    words: Words,
    /// The open block of HTML, as far as it was read.
    html: Option<String>,
    /// Open pictures: readers see their titles, and not their alternative texts.
    pictures: usize,
}

impl Reading {
    fn event(&mut self, event: &Event<'_>) {
        match event {
            Event::Text(text) | Event::Code(text) | Event::InlineMath(text) | Event::DisplayMath(text) => {
                if self.pictures == 0 {
                    self.words.push(text);
                }
            }
            Event::Html(html) => match &mut self.html {
                Some(block) => block.push_str(html),
                None => self.words.push_html(html),
            },
            Event::InlineHtml(html) => self.words.push_html(html),
            Event::SoftBreak | Event::HardBreak | Event::Rule => self.words.gap(),
            Event::Start(tag) => self.begin(tag),
            Event::End(tag) => self.end(*tag),
            Event::FootnoteReference(_) | Event::TaskListMarker(_) => {}
        }
    }

    fn begin(&mut self, tag: &Tag<'_>) {
        match tag {
            Tag::Emphasis | Tag::Strong | Tag::Strikethrough | Tag::Link { .. } => {}
            Tag::Heading { .. } => self.words.heading(true),
            Tag::Image { title, .. } => {
                self.pictures += 1;
                if !title.is_empty() {
                    self.words.gap();
                    self.words.push(title);
                    self.words.gap();
                }
            }
            Tag::HtmlBlock => self.html = Some(String::new()),
            _ => self.words.gap(),
        }
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::Emphasis | TagEnd::Strong | TagEnd::Strikethrough | TagEnd::Link => {}
            TagEnd::Heading(_) => self.words.heading(false),
            TagEnd::Image => self.pictures = self.pictures.saturating_sub(1),
            TagEnd::HtmlBlock => {
                if let Some(html) = self.html.take() {
                    self.words.push_html(&html);
                    self.words.gap();
                }
            }
            _ => self.words.gap(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_those_that_readers_see() {
        for (text, expected, headings) in [
            ("A *lamp*house <b>b</b>oat[^1].\n\n[^1]: A note.", "A lamphouse boat. A note.", ""),
            ("# One *two*\n\nThree\nfour", "Three four", "One two"),
            ("Five\n====\n\n<h2>Six</h2>\n<p>Seven<br>eight", "Seven eight", "Five Six"),
            ("![hidden](a.jpg \"Caption\") [a](https://b.example/c \"d\")", "Caption a", ""),
            (
                "<!-- none -->\n\n<script>\nnone()\n\nnone()</script>\n\nsome `code` &amp; so",
                "some code & so",
                "",
            ),
            ("| a | b |\n|---|---|\n| c | d |", "a b c d", ""),
            ("<table><tr><th>a</th><th>b</th></tr></table>", "a b", ""),
            ("**\u{6ce8}\u{610f}\u{ff1a}**\u{5728}", "\u{6ce8}\u{610f}\u{ff1a}\u{5728}", ""),
            ("- [ ] one\n- two\n\n```rust\nfn three() {}\n```", "one two fn three() {}", ""),
        ] {
            let words = words(text);
            let plain = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
            assert_eq!(
                (plain(&words.text), plain(&words.headings)),
                (expected.into(), headings.into()),
                "{text}"
            );
        }
    }
}
