//! One page of HTML: its title, its links and its faults.

use std::collections::HashMap;
use std::ops::Range;

use super::Kind;
use crate::model::html::{Attribute, Piece, css_urls, decode, plain, walk};

/// A stretch of a page's HTML that has a fault.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// The kind of fault.
    pub kind: Kind,
    /// The facts, as a sentence.
    pub message: String,
    /// Its bytes in the page.
    pub range: Range<usize>,
    /// Texts by which the place is found in the page's source, the best first.
    pub clues: Vec<String>,
}

/// A text of a page, and its bytes there.
pub type Found = (String, Range<usize>);

/// The title, the links and the faults of a page.
#[derive(Debug, Default)]
pub struct Inspected {
    /// Its faults, in the order of the page.
    pub faults: Vec<Fault>,
    /// Its `<title>`.
    pub title: Option<Found>,
    /// Its description, as search engines show it.
    pub description: Option<Found>,
    /// The addresses that readers can follow.
    pub links: Vec<Found>,
    /// The base of its addresses, if `<base>` names one.
    pub base: Option<String>,
}

/// The most faults of one page that are kept: more of them say nothing new.
const MOST: usize = 200;
/// The most bytes of an address or a text that a message shows.
const LONGEST: usize = 120;

/// Looks through the HTML of a page. A page that `is_secure` is served by https.
pub fn inspect(html: &str, is_secure: bool) -> Inspected {
    let mut look = Look { html, is_secure, ..Look::default() };
    walk(html, &mut |piece, range| look.piece(&piece, &range));
    look.finish()
}

/// The state of looking through a page.
#[derive(Default)]
struct Look<'a> {
    html: &'a str,
    is_secure: bool,
    seen: Inspected,
    ids: HashMap<String, usize>,
    /// The number of templates around this place; what is in them is not on the page.
    templates: usize,
    /// The number of drawings around this place, which have titles of their own.
    drawings: usize,
    /// The open heading: its level and the byte after its tag.
    open: Option<(u8, usize)>,
    /// The level of the last heading.
    level: u8,
    first_headings: usize,
    /// The byte after `<title>`.
    title: Option<usize>,
    /// The last piece was the tag `<style>`.
    is_in_style: bool,
}

impl<'a> Look<'a> {
    fn piece(&mut self, piece: &Piece<'a>, range: &Range<usize>) {
        let is_style = std::mem::take(&mut self.is_in_style);
        let Piece::Tag { name, closing, attributes } = piece else {
            if matches!(piece, Piece::Other) && is_style && self.is_secure {
                let css = self.html.get(range.clone()).unwrap_or_default();
                for (url, range) in insecure(css, range.start) {
                    self.loads_insecurely(&url, range);
                }
            }
            return;
        };
        let name = name.to_ascii_lowercase();
        self.is_in_style = name == "style" && !*closing;
        match (name.as_str(), closing) {
            ("template", false) => self.templates += 1,
            ("template", true) => self.templates = self.templates.saturating_sub(1),
            ("svg", false) => self.drawings += 1,
            ("svg", true) => self.drawings = self.drawings.saturating_sub(1),
            _ => {}
        }
        if self.templates > 0 {
            return;
        }
        if *closing {
            self.end(&name, range);
        } else {
            self.begin(&name, attributes, range);
        }
    }

    fn begin(&mut self, name: &str, attributes: &[Attribute<'a>], range: &Range<usize>) {
        let tag = Tag { name, attributes, html: self.html, range };
        if let Some((id, span)) = tag.value("id") {
            self.id(id, span);
        }
        if let Some(level) = heading_level(name) {
            self.open = Some((level, range.end));
        }
        match name {
            "title" if self.drawings == 0 && self.seen.title.is_none() => self.title = Some(range.end),
            "base" => self.seen.base = tag.value("href").map(|(url, _)| url),
            "meta" => {
                let is_description =
                    tag.value("name").is_some_and(|(name, _)| name.eq_ignore_ascii_case("description"));
                if is_description && self.seen.description.is_none() {
                    self.seen.description = tag.value("content").filter(|(text, _)| !text.trim().is_empty());
                }
            }
            "a" | "area" => self.seen.links.extend(tag.value("href")),
            // Readers meet a framed page too.
            "iframe" | "frame" => self.seen.links.extend(tag.value("src")),
            _ => {}
        }
        self.alternative(&tag, range);
        if self.is_secure {
            self.mixed(&tag);
        }
    }

    fn end(&mut self, name: &str, range: &Range<usize>) {
        if let (Some(level), Some((open, start))) = (heading_level(name), self.open)
            && level == open
        {
            self.open = None;
            self.heading(level, start..range.start);
        }
        if let (true, Some(start)) = (name == "title", self.title.take()) {
            let text = decode(self.html.get(start..range.start).unwrap_or_default());
            let words: Vec<&str> = text.split_whitespace().collect();
            self.seen.title = Some((words.join(" "), start..range.start));
        }
    }

    fn id(&mut self, id: String, span: Range<usize>) {
        let count = self.ids.entry(id.clone()).or_default();
        *count += 1;
        if *count == 2 && !id.is_empty() {
            let shown = short(&id);
            let clues = vec![
                format!(" id=\"{id}\""),
                format!(" id='{id}'"),
                format!(" id={id} "),
                format!(" id={id}>"),
                format!("{{#{id}"),
            ];
            let message = format!("the id \u{201c}{shown}\u{201d} stands twice on the page");
            self.fault(Kind::DuplicateId, message, span, clues);
        }
    }

    fn heading(&mut self, level: u8, range: Range<usize>) {
        let text = plain(self.html.get(range.clone()).unwrap_or_default());
        // The sign of a link to the heading itself is no part of its text.
        let text = text.trim_end_matches(['#', '\u{b6}']).trim_end().to_owned();
        let marks = "#".repeat(usize::from(level));
        let first_word = text.split_whitespace().next().unwrap_or_default();
        let clues = vec![
            format!("{marks} {text}"),
            format!("<h{level}>{text}"),
            format!(">{text}<"),
            // In the source, the rest may be marked up.
            format!("\n{marks} {first_word}"),
            text.clone(),
        ];
        let shown = short(&text);
        if level == 1 {
            self.first_headings += 1;
            if self.first_headings == 2 {
                let message = format!("\u{201c}{shown}\u{201d} is a second first-level heading on the page");
                self.fault(Kind::SeveralHeadings, message, range.clone(), clues.clone());
            }
        }
        if self.level > 0 && level > self.level + 1 {
            let message =
                format!("the heading \u{201c}{shown}\u{201d} is an `h{level}` after an `h{}`", self.level);
            self.fault(Kind::HeadingJump, message, range, clues);
        }
        self.level = level;
    }

    /// A picture, or a place of one that can be clicked, without an alternative text.
    fn alternative(&mut self, tag: &Tag<'_, '_>, range: &Range<usize>) {
        let is_picture = match tag.name {
            "img" => true,
            "area" => tag.value("href").is_some(),
            "input" => tag.value("type").is_some_and(|(kind, _)| kind.eq_ignore_ascii_case("image")),
            _ => false,
        };
        let is_named = || tag.has("alt") || tag.has("aria-label") || tag.has("aria-labelledby");
        let is_hidden = || {
            tag.value("aria-hidden").is_some_and(|(value, _)| value == "true")
                || tag.value("role").is_some_and(|(role, _)| matches!(role.as_str(), "presentation" | "none"))
        };
        if !is_picture || is_named() || is_hidden() {
            return;
        }
        let (address, clues) = match tag.value("src").or_else(|| tag.value("href")) {
            Some((address, _)) => (format!(" {}", short(&address)), file_clues(&address)),
            None => (String::new(), Vec::new()),
        };
        let message = format!("the picture{address} has no alternative text");
        self.fault(Kind::NoAlt, message, range.clone(), clues);
    }

    /// Files that the page loads by `http:`.
    fn mixed(&mut self, tag: &Tag<'_, '_>) {
        let names: &[&str] = match tag.name {
            "img" | "script" | "iframe" | "frame" | "embed" | "audio" | "source" | "track" | "input" => {
                &["src"]
            }
            "video" => &["src", "poster"],
            "object" => &["data"],
            "form" => &["action"],
            "image" | "use" => &["href", "xlink:href"],
            "link" if tag.loads() => &["href"],
            _ => &[],
        };
        let single = names.iter().filter_map(|name| tag.value(name));
        let lists = ["srcset", "imagesrcset"].into_iter().filter_map(|name| tag.value(name));
        let listed = lists.flat_map(|(list, span)| {
            let urls: Vec<Found> =
                list.split_whitespace().map(|url| (url.trim_matches(',').to_owned(), span.clone())).collect();
            urls
        });
        let style = tag.value("style").into_iter().flat_map(|(style, span)| {
            let urls = css_urls(&style).map(|range| style[range].to_owned());
            urls.map(|url| (url, span.clone())).collect::<Vec<_>>()
        });
        for (url, span) in single.chain(listed).chain(style).collect::<Vec<_>>() {
            if is_insecure(url.trim()) {
                self.loads_insecurely(url.trim(), span);
            }
        }
    }

    fn loads_insecurely(&mut self, url: &str, range: Range<usize>) {
        let message = format!("the page is served by https and loads {} by http", short(url));
        self.fault(Kind::MixedContent, message, range, vec![url.to_owned()]);
    }

    fn fault(&mut self, kind: Kind, message: String, range: Range<usize>, clues: Vec<String>) {
        if self.seen.faults.len() < MOST {
            self.seen.faults.push(Fault { kind, message, range, clues });
        }
    }

    fn finish(mut self) -> Inspected {
        if self.first_headings == 0 {
            let message = "the page has no first-level heading (`h1`)".to_owned();
            self.fault(Kind::NoHeading, message, 0..0, Vec::new());
        }
        self.seen
    }
}

/// The files that the style sheet `css` of a site with `https` loads by `http:`.
pub fn inspect_css(css: &str) -> Vec<Fault> {
    let fault = |(url, range): Found| Fault {
        kind: Kind::MixedContent,
        message: format!("the style sheet is served by https and loads {} by http", short(&url)),
        range,
        clues: vec![url],
    };
    insecure(css, 0).take(MOST).map(fault).collect()
}

/// The addresses of `css`, which begins at byte `start`, that are loaded by `http:`.
fn insecure(css: &str, start: usize) -> impl Iterator<Item = Found> {
    let urls = css_urls(css)
        .map(move |range| (css[range.clone()].to_owned(), start + range.start..start + range.end));
    urls.filter(|(url, _)| is_insecure(url))
}

/// True for a URL of a file that is loaded by `http:`.
fn is_insecure(url: &str) -> bool {
    url.get(..5).is_some_and(|scheme| scheme.eq_ignore_ascii_case("http:"))
}

/// A start tag.
struct Tag<'t, 'a> {
    name: &'t str,
    attributes: &'t [Attribute<'a>],
    /// The page.
    html: &'a str,
    /// The bytes of the tag.
    range: &'t Range<usize>,
}

impl Tag<'_, '_> {
    /// The value of an attribute, and its bytes in the page.
    fn value(&self, name: &str) -> Option<Found> {
        let attribute = self.attributes.iter().find(|one| one.name.eq_ignore_ascii_case(name))?;
        Some((decode(attribute.value).into_owned(), attribute.span.clone()))
    }

    /// True if the tag has the attribute `name`, even without a value.
    fn has(&self, name: &str) -> bool {
        if self.value(name).is_some() {
            return true;
        }
        let is_end = |letter: char| letter.is_whitespace() || matches!(letter, '/' | '>');
        let end = self.range.end..self.range.end;
        let ends = self.attributes.iter().map(|one| one.whole.clone()).chain(std::iter::once(end));
        let mut at = self.range.start;
        let mut between = ends.map(|next| {
            let gap = self.html.get(at..next.start).unwrap_or_default();
            at = next.end;
            gap
        });
        between.any(|gap| gap.split(is_end).any(|word| word.eq_ignore_ascii_case(name)))
    }

    /// True for a `<link>` whose file belongs to the page.
    fn loads(&self) -> bool {
        const LOADED: [&str; 7] =
            ["stylesheet", "icon", "apple-touch-icon", "preload", "modulepreload", "prefetch", "manifest"];
        let rel = self.value("rel").map(|(rel, _)| rel.to_ascii_lowercase()).unwrap_or_default();
        rel.split_whitespace().any(|word| LOADED.contains(&word))
    }
}

/// The level of a heading's element.
fn heading_level(name: &str) -> Option<u8> {
    match name.as_bytes() {
        [b'h', digit @ b'1'..=b'6'] => Some(digit - b'0'),
        _ => None,
    }
}

/// The address of a file, its name, and the beginnings of that: made pictures have the name of the original, a width and
/// a digest.
fn file_clues(address: &str) -> Vec<String> {
    let path = address.split(['?', '#']).next().unwrap_or_default();
    let name = path.rsplit('/').next().unwrap_or_default();
    let mut clues = vec![address.to_owned(), name.to_owned()];
    let shorter = name.rmatch_indices(['.', '-']).map(|(at, _)| name[..at].to_owned());
    clues.extend(shorter.filter(|stem| stem.len() > 2).take(4));
    clues.retain(|clue| !clue.is_empty());
    clues
}

/// `text`, cut if it is too long for a message.
pub fn short(text: &str) -> String {
    match text.char_indices().nth(LONGEST) {
        Some((at, _)) => format!("{}\u{2026}", &text[..at]),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds(html: &str) -> Vec<Kind> {
        inspect(html, true).faults.into_iter().map(|fault| fault.kind).collect()
    }

    #[test]
    fn each_fault_of_a_page_is_found_and_nothing_else() {
        let cases: [(&str, &[Kind]); 29] = [
            ("<h1>A</h1><p id=a>", &[]),
            ("<h1>A</h1><p id=a><p id=\"a\"><p ID='a'>", &[Kind::DuplicateId]),
            ("<h1>A</h1><p id=a><p id=A>", &[]),
            ("<h1>A</h1><p id=a><template><p id=a></template>", &[]),
            ("<h1>A</h1><p data-id=a><p data-id=a>", &[]),
            ("<h1>A</h1><!-- <p id=a> --><p id=a><script>'<p id=a>'</script>", &[]),
            ("<p>", &[Kind::NoHeading]),
            ("<h1>A</h1><h1>B</h1><h1>C</h1>", &[Kind::SeveralHeadings]),
            ("<h1>A</h1><h3>B</h3>", &[Kind::HeadingJump]),
            ("<h2>Menu</h2><h1>A</h1><h2>B</h2><h3>C</h3><h2>D</h2>", &[]),
            ("<h1>A</h1><h2>B</h2><h3>C</h3><h4>D</h4><h1x>", &[]),
            ("<h1>A</h1><h2>B<h2>C</h2><h5>D</h5>", &[Kind::HeadingJump]),
            ("<h1>A</h1><img src=a.png>", &[Kind::NoAlt]),
            ("<h1>A</h1><img src=a.png alt=''><img alt src=b.png><IMG ALT=x SRC=c.png>", &[]),
            ("<h1>A</h1><img src=a.png role=presentation><img src=b.png aria-hidden=true>", &[]),
            ("<h1>A</h1><input type=image src=a.png><area href=/a/><area>", &[Kind::NoAlt, Kind::NoAlt]),
            ("<h1>A</h1><img src=a.png title='no alt here'>", &[Kind::NoAlt]),
            ("<h1>A</h1><input type=text>", &[]),
            ("<h1>A</h1><img alt='' src='http://example.net/a.png'>", &[Kind::MixedContent]),
            ("<h1>A</h1><img alt='' srcset='/a.png 1x, HTTP://example.net/a.png 2x'>", &[Kind::MixedContent]),
            ("<h1>A</h1><a href='http://example.net/'>x</a><link rel=canonical href='http://e.net/'>", &[]),
            ("<h1>A</h1><link rel='alternate stylesheet' href='http://e.net/a.css'>", &[Kind::MixedContent]),
            ("<h1>A</h1><p style='background:url(\"http://e.net/a.png\")'>", &[Kind::MixedContent]),
            (
                "<h1>A</h1><video poster='http://e.net/a.png' src='https://e.net/b'></video>",
                &[Kind::MixedContent],
            ),
            ("<h1>A</h1><style>p { background: url(http://e.net/a.png) }</style>", &[Kind::MixedContent]),
            ("<h1>A</h1><style>/* url(http://e.net/a.png) */</style>", &[]),
            ("<h1>A</h1><form action='http://e.net/'></form>", &[Kind::MixedContent]),
            ("<h1>A</h1><img alt='' src='//e.net/a.png'>", &[]),
            ("<h1>A</h1><blockquote cite='http://e.net/'></blockquote>", &[]),
        ];
        for (html, expected) in cases {
            assert_eq!(kinds(html), expected, "{html}");
        }
        assert!(inspect("<h1>A</h1><img alt='' src='http://e.net/a.png'>", false).faults.is_empty());
    }

    #[test]
    fn title_description_and_links_are_those_of_the_page() {
        let html = "<title>\n A &amp;\tB </title><svg><title>no</title></svg><meta name=Description content='D &lt; E'>\
                    <a href='/x?a&amp;b'>1</a><area href=y alt=y><template><a href=z></a></template>";
        let seen = inspect(html, true);
        assert_eq!(seen.title.unwrap().0, "A & B");
        assert_eq!(seen.description.unwrap().0, "D < E");
        let links: Vec<String> = seen.links.into_iter().map(|(url, _)| url).collect();
        assert_eq!(links, ["/x?a&b", "y"]);
    }

    #[test]
    fn a_page_with_many_faults_keeps_a_bounded_number() {
        let html = "<img src=a>".repeat(100_000);
        assert_eq!(inspect(&html, true).faults.len(), MOST);
        let deep = "<template>".repeat(100_000) + &"<div>".repeat(100_000);
        assert!(inspect(&deep, true).faults.len() == 1);
    }

    proptest::proptest! {
        #[test]
        fn any_bytes_can_be_looked_through(html in "(\\PC|<h[1-6]>|</h[1-6]>|<img |alt|=|\"|'|<title>|</title>|<template|>|</template>| id=a|<svg>){0,60}") {
            let seen = inspect(&html, true);
            for fault in seen.faults {
                proptest::prop_assert!(html.get(fault.range).is_some());
            }
        }
    }
}
