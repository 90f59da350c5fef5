//! Turns the parser's events into HTML.

mod raw;

use std::borrow::Cow;
use std::ops::Range;

use pulldown_cmark::{BlockQuoteKind, CodeBlockKind, CowStr, Event, LinkType, Parser, Tag, TagEnd, html};

use super::clean::{self, Own};
use super::depth::Elements;
use super::footnotes::Footnotes;
use super::headings::{self, Place};
use super::ids::Ids;
use super::parts::Parts;
use super::quotes::{Quoting, quoted};
use super::{Heading, Link, MarkdownError, Options, Rendered, Surroundings, extensions, formula};
use crate::config::RawHtml;
use crate::model::html::{Change, escape, escape_url, rewrite_urls};
use crate::model::url::{SlugStyle, slugify};
use crate::render::code::{self, Fence, Language};

/// `html` with its links resolved, if it has any; `place` maps its bytes to those of the author's text.
pub(super) fn followed(
    html: &str,
    around: &Surroundings<'_>,
    place: impl Fn(Range<usize>) -> Range<usize>,
    is_refused: impl Fn(&str) -> bool,
) -> Option<String> {
    html.contains(['=', '(']).then(|| {
        rewrite_urls(html, &|url, range| match (around.links)(url, place(range)) {
            _ if is_refused(url) => Change::Drop,
            Link::Keep => Change::Keep,
            Link::To(url) => Change::To(url),
            Link::Unlinked => Change::Drop,
        })
    })
}

/// Renders `text`, whose relation to the author's is in `parts`.
pub(super) fn render(
    text: &str,
    parts: &Parts<'_>,
    options: &Options,
    around: &Surroundings<'_>,
    ids: &mut Ids,
) -> Rendered {
    let mut walk = Walk {
        around,
        parts,
        text,
        options: *options,
        problems: Vec::new(),
        code: None,
        // Most texts have an event for every 40 bytes, roughly.
        out: Vec::with_capacity(text.len() / 32),
        footnotes: Footnotes::default(),
        in_footnote: None,
        headings: Vec::new(),
        dropped_links: Vec::new(),
        pictures: Vec::new(),
        paragraphs: Vec::new(),
        raw: None,
        elements: Elements::default(),
        own: Own::default(),
        ids,
    };
    let mut quoting = options.quotes.and_then(Quoting::new);
    for (event, range) in Parser::new_ext(text, extensions(options)).into_offset_iter() {
        walk.event(quoted(&mut quoting, event, text, &range), range);
    }
    let headings = if options.heading_ids { walk.name_headings() } else { Vec::new() };
    let mut html = String::with_capacity(text.len() * 3 / 2);
    html::push_html(&mut html, walk.out.into_iter());
    walk.footnotes.write(around.language, &mut html);
    if options.raw_html != RawHtml::Allow {
        html = walk.own.cleaned(&html);
    }
    Rendered { html: parts.restored(html), headings, problems: walk.problems, ..Rendered::default() }
}

struct Walk<'a, 's> {
    around: &'s Surroundings<'s>,
    parts: &'s Parts<'s>,
    text: &'a str,
    options: Options,
    problems: Vec<(Range<usize>, MarkdownError)>,
    /// The block of code being read: its info string, its beginning in the text, and its lines.
    code: Option<(CowStr<'a>, usize, String)>,
    out: Vec<Event<'a>>,
    footnotes: Footnotes<'a>,
    /// The name of the footnote being defined, and the index of its first event.
    in_footnote: Option<(CowStr<'a>, usize)>,
    headings: Vec<Place>,
    /// For each open link, true if it is dropped.
    dropped_links: Vec<bool>,
    pictures: Vec<Picture<'a>>,
    /// Indices of the events at which the open paragraphs begin.
    paragraphs: Vec<usize>,
    /// The block of raw HTML being read, and its beginning in the text.
    raw: Option<(String, usize)>,
    /// The open elements of raw HTML.
    elements: Elements,
    /// HTML of ours that is not cleaned with the author's.
    own: Own,
    ids: &'s mut Ids,
}

/// The destination of a link between double brackets, as the site's links know it.
fn wikilink(name: &str) -> String {
    format!("[[{name}]]")
}

struct Picture<'a> {
    url: Option<String>,
    title: CowStr<'a>,
    alt: String,
    range: Range<usize>,
}

impl<'a> Walk<'a, '_> {
    fn follow(&mut self, url: &str, range: &Range<usize>) -> Link {
        if self.options.raw_html != RawHtml::Allow && clean::refuses(url) {
            self.problems.push((self.parts.place(range), clean::removed_address(url)));
            return Link::Unlinked;
        }
        (self.around.links)(&self.parts.clean(url), self.parts.place(range))
    }

    /// `text` without marks for emphasis.
    fn clean(&self, text: CowStr<'a>) -> CowStr<'a> {
        if let Cow::Owned(clean) = self.parts.clean(&text) {
            return clean.into();
        }
        text
    }

    fn event(&mut self, event: Event<'a>, range: Range<usize>) {
        if let Some(picture) = self.pictures.last_mut() {
            // Only alternative text is allowed inside a picture's brackets.
            match event {
                Event::Text(text) | Event::Code(text) => return picture.alt.push_str(&text),
                Event::SoftBreak | Event::HardBreak => return picture.alt.push(' '),
                Event::Start(Tag::Image { .. }) | Event::End(TagEnd::Image) => {}
                _ => return,
            }
        }
        if let Some((_, _, lines)) = &mut self.code
            && let Event::Text(text) = &event
        {
            return lines.push_str(text);
        }
        match event {
            Event::Start(Tag::CodeBlock(kind)) => {
                let info = match kind {
                    CodeBlockKind::Fenced(info) => info,
                    CodeBlockKind::Indented => "".into(),
                };
                self.code = Some((info, range.start, String::new()));
            }
            Event::End(TagEnd::CodeBlock) => {
                if let Some((info, start, lines)) = self.code.take() {
                    self.code_block(&info, start, &lines);
                }
            }
            Event::InlineMath(tex) => self.formula(&tex, false, range),
            Event::DisplayMath(tex) => self.formula(&tex, true, range),
            Event::Start(Tag::Link { .. } | Tag::Image { .. }) | Event::End(TagEnd::Link | TagEnd::Image) => {
                self.link_or_picture(event, range);
            }
            Event::Start(Tag::Paragraph | Tag::Heading { .. } | Tag::FootnoteDefinition(_))
            | Event::End(TagEnd::Paragraph | TagEnd::Heading(_) | TagEnd::FootnoteDefinition) => {
                self.block(event, range);
            }
            Event::FootnoteReference(name) => {
                let html = self.footnotes.refer(&self.parts.clean(&name), self.ids);
                let html = self.own(html);
                self.out.push(Event::InlineHtml(html));
            }
            Event::Start(Tag::BlockQuote(Some(kind))) => {
                let class = alert(kind);
                let title = self.word(&format!("alert_{class}"));
                let html =
                    format!("<aside class=\"alert alert-{class}\">\n<p class=\"alert-title\">{title}</p>\n");
                self.out.push(Event::Html(html.into()));
            }
            Event::End(TagEnd::BlockQuote(Some(_))) => self.out.push(Event::Html("</aside>\n".into())),
            Event::TaskListMarker(done) => {
                let (checked, label) = if done { (" checked", "task_done") } else { ("", "task_open") };
                let label = self.word(label);
                let html = format!("<input type=\"checkbox\" disabled{checked} aria-label=\"{label}\"> ");
                let html = self.own(html);
                self.out.push(Event::InlineHtml(html));
            }
            Event::Start(Tag::HtmlBlock) => self.raw = Some((String::new(), range.start)),
            Event::End(TagEnd::HtmlBlock) => {
                if let Some((html, start)) = self.raw.take() {
                    self.raw_html(&html, start, false);
                }
            }
            Event::Html(html) => match &mut self.raw {
                Some((block, _)) => block.push_str(&html),
                None => self.raw_html(&html, range.start, false),
            },
            Event::InlineHtml(html) => self.raw_html(&html, range.start, true),
            other => self.out.push(other),
        }
    }

    /// Handles the beginning or end of a link or a picture.
    fn link_or_picture(&mut self, event: Event<'a>, range: Range<usize>) {
        match event {
            Event::Start(Tag::Link { link_type, dest_url, title, id }) => {
                let link = match link_type {
                    LinkType::Email => Link::Keep,
                    LinkType::WikiLink { .. } if dest_url.starts_with('#') => {
                        Link::To(format!("#{}", slugify(&dest_url[1..], SlugStyle::Unicode)))
                    }
                    // Nothing but a source can be between double brackets.
                    LinkType::WikiLink { .. } => match self.follow(&wikilink(&dest_url), &range) {
                        Link::Keep => Link::Unlinked,
                        link => link,
                    },
                    _ => self.follow(&dest_url, &range),
                };
                self.dropped_links.push(link == Link::Unlinked);
                let dest_url = match link {
                    Link::Unlinked => return,
                    Link::To(url) => url.into(),
                    Link::Keep => self.clean(dest_url),
                };
                // The writer would encode the brackets of a host that is an IPv6 address.
                self.out.push(match dest_url.contains("://[") {
                    true => Event::InlineHtml(anchor(&dest_url, &title).into()),
                    false => Event::Start(Tag::Link { link_type, dest_url, title, id }),
                });
            }
            Event::End(TagEnd::Link) => {
                if self.dropped_links.pop() == Some(false) {
                    self.out.push(Event::End(TagEnd::Link));
                }
            }
            Event::Start(Tag::Image { dest_url, title, .. }) => {
                let url = match self.follow(&dest_url, &range) {
                    Link::Unlinked => None,
                    Link::To(url) => Some(url),
                    Link::Keep => Some(self.clean(dest_url).into_string()),
                };
                self.pictures.push(Picture { url, title, alt: String::new(), range });
            }
            Event::End(TagEnd::Image) => {
                if let Some(picture) = self.pictures.pop() {
                    self.picture(picture);
                }
            }
            other => self.out.push(other),
        }
    }

    /// Handles the beginning or end of a paragraph, a heading or a footnote.
    fn block(&mut self, event: Event<'a>, range: Range<usize>) {
        match event {
            Event::Start(Tag::Paragraph) => {
                self.paragraphs.push(self.out.len());
                self.out.push(Event::Start(Tag::Paragraph));
            }
            Event::End(TagEnd::Paragraph) => self.end_paragraph(),
            Event::Start(tag @ Tag::Heading { .. }) => {
                self.judge_heading(&tag, &range);
                self.headings.push(Place { start: self.out.len(), end: 0, range });
                self.out.push(Event::Start(tag));
            }
            Event::End(TagEnd::Heading(level)) => {
                if let Some(heading) = self.headings.last_mut() {
                    heading.end = self.out.len();
                }
                self.out.push(Event::End(TagEnd::Heading(level)));
            }
            Event::Start(Tag::FootnoteDefinition(name)) => self.in_footnote = Some((name, self.out.len())),
            Event::End(TagEnd::FootnoteDefinition) => {
                if let Some((name, start)) = self.in_footnote.take() {
                    let events = self.out.split_off(start);
                    // A heading in a footnote is not part of the table of contents.
                    let outside = self.headings.partition_point(|heading| heading.start < start);
                    self.headings.truncate(outside);
                    self.footnotes.define(self.parts.clean(&name).into_owned().into(), events);
                }
            }
            other => self.out.push(other),
        }
    }

    fn code_block(&mut self, info: &str, start: usize, lines: &str) {
        let (info, lines) = (&*self.parts.clean(info), &*self.parts.clean(lines));
        let (fence, faults) = Fence::parse(info);
        // The position of the info string, unless it contains character references.
        let line_end = self.text[start..].find('\n').map_or(self.text.len(), |end| start + end);
        let words = self.text[start..line_end].rfind(info).filter(|_| !info.is_empty()).map(|at| start + at);
        let place = |range: Range<usize>| match words {
            Some(at) => self.parts.place(&(at + range.start..at + range.end)),
            None => self.parts.place(&(start..line_end)),
        };
        for fault in faults {
            let problem = MarkdownError::Fence { reason: fault.reason };
            self.problems.push((place(fault.range), problem));
        }
        let count = lines.lines().count();
        if let Some(beyond) = fence.marked.iter().find(|marked| *marked.end() > count) {
            let reason = format!("there is no line {} to mark: the code has {count}", beyond.end());
            self.problems.push((place(0..info.len()), MarkdownError::Fence { reason }));
        }
        let name = fence.language.to_owned();
        let at = info.find(fence.language).unwrap_or_default();
        let of_language = place(at..at + name.len());
        if self.options.highlight
            && let Language::Unknown(near) = code::language(fence.language)
        {
            let remedy = match near {
                Some(near) => format!("did you mean `{near}`? `text` says that there are none"),
                None => "correct the name, or write `text`".to_owned(),
            };
            self.problems.push((of_language.clone(), MarkdownError::Language { name, remedy }));
        }
        let (html, ended) = code::block(lines, &fence, self.options.highlight);
        if ended.is_err() {
            let name = fence.language.to_owned();
            self.problems.push((of_language, MarkdownError::Endless { name }));
        }
        let html = self.own(html);
        self.out.push(Event::Html(html));
    }

    fn formula(&mut self, tex: &str, display: bool, range: Range<usize>) {
        let tex = &*self.parts.clean(tex);
        let html = formula::of_tex(tex, display).unwrap_or_else(|reason| {
            self.problems.push((self.parts.place(&range), MarkdownError::Formula { reason }));
            format!("<code>{}</code>", escape(tex))
        });
        let html = self.own(html);
        self.out.push(Event::InlineHtml(html));
    }

    fn picture(&mut self, picture: Picture<'a>) {
        let Some(url) = picture.url else {
            return self.out.push(Event::Text(picture.alt.into()));
        };
        let mut alt = picture.alt.as_str();
        match alt.trim() {
            "" => {
                self.problems.push((self.parts.place(&picture.range), MarkdownError::NoAlt));
            }
            // An empty pair of quotes marks a decorative picture.
            "\"\"" | "\u{201c}\u{201d}" | "\u{201d}\u{201d}" | "\u{201c}\u{201c}" => alt = "",
            _ => {}
        }
        let mut html = format!("<img src=\"{}\" alt=\"{}\"", escape_url(&url), escape(alt));
        if let Some((width, height)) = (self.around.picture_size)(&url) {
            html.push_str(&format!(" width=\"{width}\" height=\"{height}\""));
        }
        // A picture that is a paragraph by itself is a figure, with its title as the caption.
        let alone = self.paragraphs.last().is_some_and(|start| *start + 1 == self.out.len());
        if !picture.title.is_empty() && !alone {
            html.push_str(&format!(" title=\"{}\"", escape(&picture.title)));
        }
        html.push('>');
        self.out.push(Event::InlineHtml(html.into()));
        if !picture.title.is_empty() && alone {
            self.out.push(Event::InlineHtml(format!("\0{}", picture.title).into()));
        }
    }

    fn end_paragraph(&mut self) {
        let start = self.paragraphs.pop().unwrap_or(self.out.len());
        let own = self.out.get(start + 1..).unwrap_or_default();
        let caption = |event: &Event<'_>| match event {
            Event::InlineHtml(html) => html.strip_prefix('\0').map(str::to_owned),
            _ => None,
        };
        if let [Event::InlineHtml(image), title] = own
            && let Some(title) = caption(title)
        {
            let html = format!("<figure>{image}<figcaption>{}</figcaption></figure>\n", escape(&title));
            self.out.truncate(start);
            return self.out.push(Event::Html(html.into()));
        }
        // The paragraph has more than the picture after all, so the title becomes the picture's again.
        let mark = own.iter().position(|event| caption(event).is_some());
        if let Some(at) = mark.map(|at| at + start + 1)
            && let Some(title) = caption(&self.out[at])
        {
            self.out.remove(at);
            if let Some(Event::InlineHtml(image)) = self.out.get_mut(at - 1) {
                let open = image.trim_end_matches('>');
                *image = format!("{open} title=\"{}\">", escape(&title)).into();
            }
        }
        self.out.push(Event::End(TagEnd::Paragraph));
    }

    /// A word of the theme, escaped.
    fn word(&self, name: &str) -> String {
        escape(&self.around.language.word(name).unwrap_or_default()).into_owned()
    }

    /// Gives ids to the headings and, if that is wanted, links.
    fn name_headings(&mut self) -> Vec<Heading> {
        let (parts, problems) = (self.parts, &mut self.problems);
        headings::take_ids(&self.out, &self.headings, self.ids, &mut |range, error| {
            problems.push((parts.place(range), error));
        });
        let named = headings::name(&mut self.out, &self.headings, self.ids, parts);
        if self.options.heading_links {
            self.out = headings::link(std::mem::take(&mut self.out), &named, &self.headings, self.parts);
        }
        named
    }
}

/// The start tag of a link.
fn anchor(url: &str, title: &str) -> String {
    let title = match title {
        "" => String::new(),
        title => format!(" title=\"{}\"", escape(title)),
    };
    format!("<a href=\"{}\"{title}>", escape_url(url))
}

/// The class of an alert, which is the end of the name of its title among the words.
fn alert(kind: BlockQuoteKind) -> &'static str {
    match kind {
        BlockQuoteKind::Note => "note",
        BlockQuoteKind::Tip => "tip",
        BlockQuoteKind::Important => "important",
        BlockQuoteKind::Warning => "warning",
        BlockQuoteKind::Caution => "caution",
    }
}
