//! Replacing embedded content that feeds can't carry: frames become links, formulas text, pictures single files.

use url::Url;

use crate::model::html::{Attribute, Piece, decode, escape, walk};

/// The most characters of a picture in a `data:` URL: with longer ones, readers give up on the feed.
const LONGEST_DATA: usize = 16 * 1024;

/// Replaces what feeds can't carry in `html` of the page at the URL `base`:
///
/// - frames, objects and plug-ins: a link to their content;
/// - films and sounds: kept, with a link in them for readers that can't play them;
/// - pictures without a usable URL: their alternative text;
/// - drawings in SVG: their words;
/// - formulas in MathML: their text, with superscripts and subscripts where they have them;
/// - elements with `data-feed="none"`: nothing; those with `data-feed="content"`: their content.
///
/// A `span` without language, direction or id is dropped and its text kept: without its classes it only takes space.
pub(super) fn replaced(html: &str, base: Option<&Url>) -> String {
    let mut replacer = Replacer { base, out: String::with_capacity(html.len() + 64), ..Replacer::default() };
    walk(html, &mut |piece, range| replacer.piece(piece, &html[range]));
    if let Some(formula) = replacer.formula {
        replacer.out.push_str(&formula.finish());
    }
    replacer.out
}

/// Replaces elements while it reads HTML.
#[derive(Default)]
struct Replacer<'u> {
    base: Option<&'u Url>,
    out: String,
    /// The open film or sound.
    media: Option<Media>,
    /// The open formula.
    formula: Option<Formula>,
    /// The number of open `svg` elements.
    drawing: usize,
    /// The last tag in the drawing.
    last: String,
    unwrapped: Unwrapped,
}

impl Replacer<'_> {
    /// Handles the next piece; `whole` is its text.
    fn piece(&mut self, piece: Piece<'_>, whole: &str) {
        if self.drawing > 0 {
            return self.in_drawing(&piece, whole);
        }
        if let Piece::Tag { name, closing, attributes } = &piece {
            let alone = whole.ends_with("/>") || VOID.iter().any(|void| void.eq_ignore_ascii_case(name));
            if self.unwrapped.drops(name, *closing, alone, attributes) {
                return;
            }
        }
        if self.unwrapped.silent() {
            return;
        }
        match piece {
            Piece::Tag { name, closing, attributes } => {
                self.tag(&name.to_ascii_lowercase(), closing, &attributes, whole);
            }
            Piece::Text(text) => {
                match &mut self.formula {
                    Some(formula) => formula.text(text),
                    None => self.out.push_str(text),
                }
                if let Some(media) = &mut self.media {
                    media.says_something |= !text.trim().is_empty();
                }
            }
            Piece::Other => self.out.push_str(whole),
        }
    }

    /// Handles a piece of a drawing: only words are kept.
    fn in_drawing(&mut self, piece: &Piece<'_>, whole: &str) {
        match piece {
            Piece::Text(text) => self.out.push_str(text),
            // The scanner reads a title as raw text, so markup in it must be escaped.
            Piece::Other if self.last == "title" => self.out.push_str(&whole.replace('<', "&lt;")),
            Piece::Other => {}
            Piece::Tag { name, closing, .. } => {
                self.last = name.to_ascii_lowercase();
                match (self.last == "svg", *closing || whole.ends_with("/>")) {
                    (true, true) => self.drawing -= usize::from(*closing),
                    (true, false) => self.drawing += 1,
                    (false, _) => self.out.push(' '),
                }
            }
        }
    }

    fn tag(&mut self, name: &str, closing: bool, attributes: &[Attribute<'_>], whole: &str) {
        if let Some(open) = &mut self.formula {
            open.tag(name, closing || whole.ends_with("/>"), !closing, attributes);
            if closing && name == "math" {
                self.out.push_str(&self.formula.take().map(Formula::finish).unwrap_or_default());
            }
            return;
        }
        match (name, closing) {
            ("svg", false) => self.drawing = usize::from(!whole.ends_with("/>")),
            ("svg", true) => {}
            // Feed readers run no scripts, so they get the content of `noscript`.
            ("noscript", _) => {}
            ("math", false) => self.formula = Some(Formula::new(value(attributes, "alttext"))),
            ("iframe" | "embed" | "frame", false) => self.out.push_str(&link(attributes, "src", self.base)),
            ("object", false) => self.out.push_str(&link(attributes, "data", self.base)),
            ("iframe" | "embed" | "frame" | "object", true) => {}
            ("video" | "audio" | "source", _) => self.media(name, closing, attributes, whole),
            ("img", false) => picture(&mut self.out, whole, attributes, self.base),
            _ => self.out.push_str(whole),
        }
    }

    /// Handles a film or sound; one without fallback text gets a link inside it.
    fn media(&mut self, name: &str, closing: bool, attributes: &[Attribute<'_>], whole: &str) {
        match (name, closing) {
            // Sources in a `picture` are dropped: all readers can show its `img`.
            ("source", _) => {
                let Some(media) = &mut self.media else { return };
                if media.source.is_none() {
                    media.source = value(attributes, "src").and_then(|source| web(&source, self.base));
                }
            }
            (_, false) => {
                let source = value(attributes, "src").and_then(|source| web(&source, self.base));
                self.media = Some(Media { source, says_something: false });
            }
            (_, true) => {
                if let Some(Media { source: Some(source), says_something: false }) = self.media.take() {
                    let source = escape(&source).into_owned();
                    self.out.push_str(&format!("<a href=\"{source}\">{source}</a>"));
                }
            }
        }
        self.out.push_str(whole);
    }
}

/// Elements that have no end tag.
const VOID: [&str; 10] = ["area", "br", "col", "embed", "hr", "img", "input", "source", "track", "wbr"];

/// The open elements whose tags or content may be dropped.
#[derive(Default)]
struct Unwrapped {
    /// The name, true if the tags are dropped, true if the content is dropped.
    open: Vec<(String, bool, bool)>,
}

impl Unwrapped {
    /// True inside of an element whose content is dropped.
    fn silent(&self) -> bool {
        self.open.iter().any(|(.., content)| *content)
    }

    /// True if this tag is dropped.
    fn drops(&mut self, name: &str, closing: bool, alone: bool, attributes: &[Attribute<'_>]) -> bool {
        let is_span = name.eq_ignore_ascii_case("span");
        if closing {
            let same = |one: &&(String, bool, bool)| one.0.eq_ignore_ascii_case(name);
            if self.open.iter().rev().find(same).is_none() {
                return false;
            }
            while let Some((open, tags, content)) = self.open.pop() {
                if open.eq_ignore_ascii_case(name) {
                    return tags || content;
                }
            }
            return false;
        }
        let said = attributes.iter().find(|one| one.name.eq_ignore_ascii_case("data-feed"));
        let (tags, content) = match said.map(|said| said.value) {
            Some("none") => (true, true),
            Some("content") => (true, false),
            _ if is_span => {
                let kept = ["lang", "dir", "id"];
                let says = |one: &Attribute<'_>| kept.iter().any(|name| name.eq_ignore_ascii_case(one.name));
                (!attributes.iter().any(says), false)
            }
            _ => (false, false),
        };
        // Elements of the same name inside a dropped one are counted, to find its end tag.
        let counted = tags || self.open.iter().any(|(open, ..)| open.eq_ignore_ascii_case(name));
        if counted && !alone {
            self.open.push((name.to_ascii_lowercase(), tags, content));
        }
        tags
    }
}

/// An open film or sound.
struct Media {
    source: Option<String>,
    /// True if it has fallback text.
    says_something: bool,
}

fn value(attributes: &[Attribute<'_>], name: &str) -> Option<String> {
    let found = attributes.iter().find(|one| one.name.eq_ignore_ascii_case(name))?;
    Some(decode(found.value).into_owned()).filter(|value| !value.trim().is_empty())
}

/// The absolute URL, if it is an `http` or `https` one.
fn web(url: &str, base: Option<&Url>) -> Option<String> {
    let url = base?.join(url.trim()).ok()?;
    matches!(url.scheme(), "http" | "https").then(|| url.into())
}

/// True for a `data:` picture that is small enough to be kept.
pub fn is_small_picture(url: &str) -> bool {
    let types = ["png", "jpeg", "gif", "webp", "avif"];
    let data = url.trim();
    let kind = data.get(..11).filter(|start| start.eq_ignore_ascii_case("data:image/"));
    let rest = kind.and(data.get(11..)).unwrap_or_default();
    data.len() <= LONGEST_DATA
        && types.iter().any(|one| rest.strip_prefix(one).is_some_and(|rest| rest.starts_with(";base64,")))
}

/// A link to the content of a frame, with the frame's title as text.
fn link(attributes: &[Attribute<'_>], name: &str, base: Option<&Url>) -> String {
    let title = value(attributes, "title").or_else(|| value(attributes, "aria-label"));
    match (value(attributes, name).and_then(|source| web(&source, base)), title) {
        (Some(url), title) => {
            let text = title.unwrap_or_else(|| url.clone());
            format!("<p><a href=\"{}\">{}</a></p>", escape(&url), escape(&text))
        }
        (None, Some(title)) => format!("<p>{}</p>", escape(&title)),
        (None, None) => String::new(),
    }
}

/// A picture: unchanged if its URL is usable, else with the last usable URL of its `srcset`, else its alternative
/// text.
fn picture(out: &mut String, whole: &str, attributes: &[Attribute<'_>], base: Option<&Url>) {
    let source = value(attributes, "src");
    let fit = |source: &str| is_small_picture(source) || web(source, base).is_some();
    if source.as_deref().is_some_and(fit) {
        out.push_str(whole);
        return;
    }
    let choices = value(attributes, "srcset").unwrap_or_default();
    let last = choices.rsplit(", ").find_map(|choice| web(choice.split_whitespace().next()?, base));
    let alt = value(attributes, "alt").unwrap_or_default();
    match last {
        Some(url) => out.push_str(&format!("<img src=\"{}\" alt=\"{}\">", escape(&url), escape(&alt))),
        None => out.push_str(&escape(&alt)),
    }
}

/// A MathML formula while it is read.
struct Formula {
    /// The author's alternative text.
    alt: Option<String>,
    text: String,
    /// The formula as TeX, which some formulas contain.
    tex: Option<String>,
    /// The open elements, each with the number of its children so far and the text that closes it.
    open: Vec<(String, usize, &'static str)>,
}

impl Formula {
    fn new(alt: Option<String>) -> Self {
        Formula { alt, text: String::new(), tex: None, open: Vec::new() }
    }

    fn in_annotation(&self) -> bool {
        self.open.iter().any(|(name, ..)| name.starts_with("annotation"))
    }

    fn text(&mut self, text: &str) {
        if !self.in_annotation() {
            self.text.push_str(text.trim());
        } else if let Some(tex) = &mut self.tex {
            tex.push_str(text);
        }
    }

    fn tag(&mut self, name: &str, ends: bool, begins: bool, attributes: &[Attribute<'_>]) {
        if begins {
            let mut close = "";
            if let Some((around, count, _)) = self.open.last_mut() {
                let (before, after) = match (around.as_str(), *count) {
                    ("msup" | "mover", 1) | ("msubsup" | "munderover", 2) => ("<sup>", "</sup>"),
                    ("msub" | "munder" | "msubsup" | "munderover", 1) => ("<sub>", "</sub>"),
                    ("mfrac", 0) => ("(", ")"),
                    ("mfrac", 1) => ("/(", ")"),
                    _ => ("", ""),
                };
                *count += 1;
                self.text.push_str(before);
                close = after;
            }
            if matches!(name, "msqrt" | "mroot") {
                self.text.push_str("\u{221a}(");
                close = ")";
            }
            let is_tex = value(attributes, "encoding").is_some_and(|encoding| encoding.contains("tex"));
            if name == "annotation" && is_tex && self.tex.is_none() {
                self.tex = Some(String::new());
            }
            self.open.push((name.to_owned(), 0, close));
        }
        if ends && let Some(at) = self.open.iter().rposition(|(open, ..)| open == name) {
            while self.open.len() > at {
                let (.., close) = self.open.pop().unwrap_or_default();
                self.text.push_str(close);
            }
        }
    }

    fn finish(mut self) -> String {
        while let Some((.., close)) = self.open.pop() {
            self.text.push_str(close);
        }
        match (self.alt, self.tex.filter(|tex| !tex.trim().is_empty())) {
            (Some(alt), _) => escape(&alt).into_owned(),
            (None, Some(tex)) => format!("<code>{}</code>", tex.trim()),
            (None, None) => self.text,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_can_not_be_carried_leaves_what_can() {
        let base = Url::parse("https://example.org/news/ferry/").unwrap();
        for (html, expected) in [
            ("a < b &amp; c", "a < b &amp; c"),
            (
                "<iframe src=\"/f\" title=\"A &amp; B\">x</iframe>",
                "<p><a href=\"https://example.org/f\">A &amp; B</a></p>x",
            ),
            ("<iframe src=\"javascript:x()\" title=\"T\"></iframe>", "<p>T</p>"),
            ("<iframe srcdoc=\"x\"></iframe>", ""),
            (
                "<object data=\"f.pdf\">Fall</object>",
                "<p><a href=\"https://example.org/news/ferry/f.pdf\">https://example.org/news/ferry/f.pdf</a></p>Fall",
            ),
            (
                "<video src=\"v.mp4\"></video>",
                "<video src=\"v.mp4\"><a href=\"https://example.org/news/ferry/v.mp4\">https://example.org/news/ferry/v.mp4</a></video>",
            ),
            (
                "<audio><source src=\"/a.ogg\"></audio>",
                "<audio><source src=\"/a.ogg\"><a href=\"https://example.org/a.ogg\">https://example.org/a.ogg</a></audio>",
            ),
            ("<video src=\"v.mp4\">No film here</video>", "<video src=\"v.mp4\">No film here</video>"),
            (
                "<picture><source srcset=\"b.webp\"><img src=\"b.png\"></picture>",
                "<picture><img src=\"b.png\"></picture>",
            ),
            (
                "<img srcset=\"a.png 1x, b.png 2x\" alt=\"A\">",
                "<img src=\"https://example.org/news/ferry/b.png\" alt=\"A\">",
            ),
            (
                "<img src=\"data:image/gif;base64,R0lG\" alt=\"A\">",
                "<img src=\"data:image/gif;base64,R0lG\" alt=\"A\">",
            ),
            ("<img src=\"data:image/svg+xml,x\" alt=\"A &lt; B\">", "A &lt; B"),
            ("<img src=\"file:///x\">", ""),
            (
                "<math><msup><mi>x</mi><mn>2</mn></msup><mo>=</mo><mfrac><mn>1</mn><mi>y</mi></mfrac></math>!",
                "x<sup>2</sup>=(1)/(y)!",
            ),
            ("<math><msubsup><mi>a</mi><mi>i</mi><mn>3</mn></msubsup></math>", "a<sub>i</sub><sup>3</sup>"),
            ("<math alttext=\"x &lt; 2\"><mi>x</mi></math>", "x &lt; 2"),
            (
                "<math><semantics><mi>x</mi><annotation encoding=\"application/x-tex\">\\x &lt; 1</annotation></semantics></math>",
                "<code>\\x &lt; 1</code>",
            ),
            (
                "a<svg><title>Tides &amp; b</title><g><svg/><text>High</text></g><script>x</script></svg>c",
                "a Tides &amp; b   High    c",
            ),
            ("<math><msub><mi>a</mi><mi>n</mi></msub></math>", "a<sub>n</sub>"),
            (
                "<pre><code><span class=\"k\">fn</span> <span class=\"line\">x<span>y</span></span></code></pre>",
                "<pre><code>fn xy</code></pre>",
            ),
            ("<span lang=\"de\">a<span>b</span></span>c", "<span lang=\"de\">ab</span>c"),
            ("a<div data-feed=\"none\"><div>b</div><p>c</div>d", "ad"),
            (
                "<h2><a href=\"#b\" data-feed=\"content\">B</a></h2> <a href=\"/c\">c</a>",
                "<h2>B</h2> <a href=\"/c\">c</a>",
            ),
            (
                "<svg data-feed=\"none\"><title>T</title><svg/><text>x</text></svg>y<img data-feed=\"none\" src=\"z\">",
                "y",
            ),
            ("a</span><span>b", "a</span>b"),
            ("<math><msqrt><mi>x</mi>", "\u{221a}(x)"),
        ] {
            assert_eq!(replaced(html, Some(&base)), expected, "{html}");
        }
        let long = format!("<img src=\"data:image/png;base64,{}\" alt=\"A\">", "A".repeat(LONGEST_DATA));
        assert_eq!(replaced(&long, Some(&base)), "A");
    }

    proptest::proptest! {
        #[test]
        fn any_html_is_taken(html in "(\\PC|<math>|<msup>|</|<img src=|<video|<iframe|<annotation|>|\"|<!--){0,30}") {
            let _ = replaced(&html, Url::parse("https://example.org/").ok().as_ref());
        }
    }
}
