//! Wire articles: plain text in the format of agencies and archives.
//!
//! 1. The text is split into blocks at blank lines ([`parse`]).
//! 2. The lines `PUBLISHED :` and `UPDATED :` end the head. Of the blocks before them, three are kicker,
//!    headline and standfirst; two are headline and standfirst, unless the first is a topic (shorter
//!    than the second, at most four words, no sentence punctuation): then kicker and headline; one is
//!    the headline; without one, the article has no title. Without dates the first block is the headline.
//! 3. A line `By …` next to the dates names the authors. Capitals and a dash at the beginning of the first paragraph
//!    are the place from which the article was sent.
//! 4. Paragraphs whose whole text is part of another paragraph are pull quotes (`quotes`).
//!
//! The text is plain: nothing in it is Markdown or HTML.

mod document;
mod quotes;
mod write;

use std::ops::Range;

pub(super) use document::read;
use miette::Diagnostic;
use thiserror::Error;
pub use write::Audience;

/// A parsed wire article.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wire {
    /// The topic above the headline.
    pub kicker: Option<Line>,
    /// The headline; none if the dates come first.
    pub headline: Option<Line>,
    /// The paragraph below the headline.
    pub standfirst: Option<Line>,
    /// The date after `PUBLISHED :`.
    pub published: Option<Line>,
    /// The date after `UPDATED :`.
    pub updated: Option<Line>,
    /// The names after `By`.
    pub byline: Option<Vec<String>>,
    /// The place from which the article was sent, such as `HONG KONG`.
    pub dateline: Option<String>,
    /// Its paragraphs.
    pub paragraphs: Vec<Paragraph>,
}

/// A text with its position.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// The text, with spaces instead of line ends.
    pub text: String,
    /// Its bytes in the source.
    pub span: Range<usize>,
}

/// A paragraph.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Paragraph {
    /// The text, with spaces instead of line ends.
    pub text: String,
    /// True if another paragraph contains all of it.
    pub pull_quote: bool,
}

/// Errors in the form of a wire article.
#[derive(Debug, Clone, PartialEq, Eq, Error, Diagnostic)]
pub enum WireError {
    /// It is empty.
    #[error("this wire article is empty")]
    #[diagnostic(
        code(wire::empty),
        help(
            "write a headline, a line `PUBLISHED : 14 February 2014, 2:47pm` and the text, with blank lines between them"
        )
    )]
    Empty,
    /// The head has too many blocks.
    #[error(
        "there are {found} blocks before the dates; a wire article has a kicker, a headline and a standfirst there at most"
    )]
    #[diagnostic(
        code(wire::head),
        help(
            "join lines that belong together by taking out the blank lines between them, or move the text below the dates"
        )
    )]
    LongHead {
        /// Number of blocks.
        found: usize,
        /// The first block beyond the limit.
        span: Range<usize>,
    },
    /// Two lines of one kind.
    #[error("there is a second line `{label}`")]
    #[diagnostic(code(wire::twice), help("keep one of them"))]
    Twice {
        /// `PUBLISHED` or `UPDATED`.
        label: &'static str,
        /// The second line.
        span: Range<usize>,
    },
    /// An update without a publication.
    #[error("there is a line `UPDATED` but no line `PUBLISHED`")]
    #[diagnostic(code(wire::unpublished), help("add a line `PUBLISHED : 14 February 2014, 2:47pm` above it"))]
    Unpublished {
        /// The line.
        span: Range<usize>,
    },
}

impl WireError {
    /// The faulty bytes.
    pub fn span(&self) -> Range<usize> {
        match self {
            WireError::Empty => 0..0,
            WireError::LongHead { span, .. }
            | WireError::Twice { span, .. }
            | WireError::Unpublished { span } => span.clone(),
        }
    }
}

/// A line of the head.
enum HeadLine {
    Published(Line),
    Updated(Line),
    By(Vec<String>),
}

/// Parses a wire article. Line ends in `text` are line feeds.
///
/// # Errors
/// All errors in its form.
pub fn parse(text: &str) -> Result<Wire, Vec<WireError>> {
    let blocks = blocks(text);
    if blocks.is_empty() {
        return Err(vec![WireError::Empty]);
    }
    let mut errors = Vec::new();
    let mut head: Vec<Line> = Vec::new();
    let (mut published, mut updated, mut byline) = (None, None, None);
    let first_date = blocks.iter().position(|block| block.iter().any(|line| date_line(line).is_some()));
    let mut rest = blocks.as_slice();
    if let Some(first_date) = first_date {
        let mut at = 0;
        while let Some(block) = blocks.get(at) {
            let mut words: Vec<Line> = Vec::new();
            let mut body: Vec<Line> = Vec::new();
            for line in block {
                let known =
                    date_line(line).or_else(|| (at + 1 >= first_date).then(|| by_line(line)).flatten());
                match known {
                    _ if !body.is_empty() => body.push(line.clone()),
                    Some(HeadLine::Published(line)) if published.is_some() => {
                        errors.push(WireError::Twice { label: "PUBLISHED", span: line.span });
                    }
                    Some(HeadLine::Updated(line)) if updated.is_some() => {
                        errors.push(WireError::Twice { label: "UPDATED", span: line.span });
                    }
                    Some(HeadLine::Published(line)) => published = Some(line),
                    Some(HeadLine::Updated(line)) => updated = Some(line),
                    Some(HeadLine::By(names)) if byline.is_none() && at > 0 => byline = Some(names),
                    _ if at < first_date
                        || (at == first_date && published.is_none() && updated.is_none()) =>
                    {
                        words.push(line.clone());
                    }
                    _ => body.push(line.clone()),
                }
            }
            head.extend(join(&words));
            if !body.is_empty() {
                break;
            }
            at += 1;
        }
        rest = blocks.get(at..).unwrap_or_default();
    } else {
        head.extend(join(&blocks[0]));
        rest = &rest[1..];
        if let Some([line]) = rest.first().map(Vec::as_slice)
            && let Some(HeadLine::By(names)) = by_line(line)
        {
            byline = Some(names);
            rest = &rest[1..];
        }
    }
    if let (None, Some(line)) = (&published, &updated) {
        errors.push(WireError::Unpublished { span: line.span.clone() });
    }
    if let Some(fourth) = head.get(3) {
        errors.push(WireError::LongHead { found: head.len(), span: fourth.span.clone() });
    }
    let (kicker, headline, standfirst) = titles(head);
    if !errors.is_empty() {
        return Err(errors);
    }
    let paragraphs = paragraphs(rest, first_date.is_some(), byline.is_some());
    let dateline =
        paragraphs.first().and_then(|first| write::dateline(first)).map(|(place, _)| place.to_owned());
    let pull = quotes::find(&paragraphs);
    let paragraphs =
        paragraphs.into_iter().zip(pull).map(|(text, pull_quote)| Paragraph { text, pull_quote });
    let paragraphs = paragraphs.collect();
    Ok(Wire { kicker, headline, standfirst, published, updated, byline, dateline, paragraphs })
}

/// Kicker, headline and standfirst of a `head`.
fn titles(head: Vec<Line>) -> (Option<Line>, Option<Line>, Option<Line>) {
    let mut head = head.into_iter();
    match (head.next(), head.next(), head.next()) {
        (Some(first), Some(second), Some(third)) => (Some(first), Some(second), Some(third)),
        (Some(first), Some(second), None) if is_topic(&first, &second) => (Some(first), Some(second), None),
        (first, second, _) => (None, first, second),
    }
}

/// The text of the blocks `rest`. The first block may begin with lines of the head, a date or a byline, without a blank
/// line between.
fn paragraphs(rest: &[Vec<Line>], has_dates: bool, has_byline: bool) -> Vec<String> {
    let text = |(at, block): (usize, &Vec<Line>)| {
        let is_text = |line: &&Line| !has_dates || date_line(line).is_none();
        let own: Vec<Line> = block.iter().filter(is_text).cloned().collect();
        let own = match own.split_first() {
            Some((first, after)) if at == 0 && has_byline && by_line(first).is_some() => after.to_vec(),
            _ => own,
        };
        join(&own).map(|line| line.text)
    };
    rest.iter().enumerate().filter_map(text).collect()
}

impl Wire {
    /// The beginning of the article: its standfirst, else its first paragraph.
    pub fn excerpt(&self) -> &str {
        let first = self.paragraphs.iter().find(|paragraph| !paragraph.pull_quote);
        self.standfirst
            .as_ref()
            .map(|line| line.text.as_str())
            .or(first.map(|one| one.text.as_str()))
            .unwrap_or("")
    }
}

/// The lines of `text` with their bytes, split into blocks at blank lines.
fn blocks(text: &str) -> Vec<Vec<Line>> {
    let mut blocks: Vec<Vec<Line>> = Vec::new();
    let mut open = false;
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let trimmed = line.trim_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
        if trimmed.is_empty() {
            open = false;
        } else {
            let start = at + line.find(trimmed).unwrap_or(0);
            let line = Line { text: trimmed.to_owned(), span: start..start + trimmed.len() };
            match blocks.last_mut() {
                Some(block) if open => block.push(line),
                _ => blocks.push(vec![line]),
            }
            open = true;
        }
        at += line.len();
    }
    blocks
}

fn join(lines: &[Line]) -> Option<Line> {
    let (first, last) = (lines.first()?, lines.last()?);
    let text = lines.iter().map(|line| line.text.split_whitespace().collect::<Vec<_>>().join(" "));
    Some(Line { text: text.collect::<Vec<_>>().join(" "), span: first.span.start..last.span.end })
}

/// `PUBLISHED : …` or `UPDATED : …`, in any case.
fn date_line(line: &Line) -> Option<HeadLine> {
    let (label, date) = line.text.split_once(':')?;
    let date = date.trim();
    let start = line.span.end - date.len();
    let line = Line { text: date.to_owned(), span: start..line.span.end };
    match label.trim().to_ascii_uppercase().as_str() {
        "PUBLISHED" => Some(HeadLine::Published(line)),
        "UPDATED" => Some(HeadLine::Updated(line)),
        _ => None,
    }
}

/// `By Ada Merriweather and Bo Li in Port Sallow`: a short line by itself that is no sentence.
fn by_line(line: &Line) -> Option<HeadLine> {
    let text = line.text.as_str();
    let names =
        text.strip_prefix("By ").or_else(|| text.strip_prefix("BY ")).or_else(|| text.strip_prefix("by "))?;
    if text.chars().count() > 120 || text.ends_with(['.', '?', '!', ':', ',']) {
        return None;
    }
    let names = [" in ", " at ", " for "]
        .iter()
        .fold(names, |names, place| names.split(place).next().unwrap_or(names));
    let names: Vec<String> = names
        .split([',', '&', ';'])
        .flat_map(|part| part.split(" and "))
        .map(|name| name.trim().trim_start_matches("and ").trim())
        .filter(|name| name.chars().next().is_some_and(char::is_uppercase))
        .filter(|name| name.split_whitespace().count() <= 6)
        .map(str::to_owned)
        .collect();
    (!names.is_empty()).then_some(HeadLine::By(names))
}

/// True if `first` is a topic above the headline `second`.
fn is_topic(first: &Line, second: &Line) -> bool {
    let words = first.text.split_whitespace().count();
    let shorter = first.text.chars().count() < second.text.chars().count();
    words <= 4 && shorter && !first.text.contains(['.', '!', '?', ';', ':']) && !first.text.ends_with(',')
}

#[cfg(test)]
mod tests;
