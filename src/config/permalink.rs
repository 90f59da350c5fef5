//! Permalink patterns, such as `/{section}/{yyyy}/{mm}/{slug}/`.

use std::fmt::Write;

use chrono::{Datelike, NaiveDate};
use miette::Diagnostic;
use thiserror::Error;

/// A pattern for the path of an article: text with placeholders `{section}`, `{yyyy}`, `{mm}`, `{dd}` and `{slug}`.
/// The date is the publication date on the author's clock. The patterns of `[[outputs]]` may also have `{path}`,
/// `{taxonomy}` and `{term}`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pattern(Vec<Piece>);

/// Values of the placeholders of a pattern.
#[derive(Debug, Clone, Copy, Default)]
pub struct Filling<'a> {
    /// The path of the page, without `/` at its ends and without `.html`.
    pub path: &'a str,
    /// The path of the section.
    pub section: &'a str,
    /// The last part of the path.
    pub slug: &'a str,
    /// The day of publication.
    pub day: Option<NaiveDate>,
    /// The path of the taxonomy.
    pub taxonomy: &'a str,
    /// The last part of the term's path.
    pub term: &'a str,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Piece {
    Text(String),
    Section,
    Year,
    Month,
    Day,
    Slug,
    Path,
    Taxonomy,
    Term,
}

/// Why a text is not a pattern.
#[derive(Debug, Clone, PartialEq, Eq, Error, Diagnostic)]
pub enum PatternError {
    /// No slash at the start.
    #[error("a permalink pattern starts with `/`")]
    NoSlash,
    /// No slug, so that articles would share a path.
    #[error("a permalink pattern needs `{{slug}}`, or all articles of a day would share one path")]
    NoSlug,
    /// An unknown placeholder.
    #[error("`{{{0}}}` is not a placeholder")]
    Unknown(String),
    /// A brace without its end.
    #[error("a `{{` has no `}}`")]
    Open,
}

impl Pattern {
    /// Reads the pattern of articles.
    ///
    /// # Errors
    /// [`PatternError`].
    pub fn parse(text: &str) -> Result<Self, PatternError> {
        let pattern = Pattern::of_output(text, &["section", "yyyy", "mm", "dd", "slug"])?;
        if !pattern.0.contains(&Piece::Slug) {
            return Err(PatternError::NoSlug);
        }
        Ok(pattern)
    }

    /// Reads a pattern with the placeholders `known`.
    ///
    /// # Errors
    /// [`PatternError`].
    pub fn of_output(text: &str, known: &[&str]) -> Result<Self, PatternError> {
        if !text.starts_with('/') {
            return Err(PatternError::NoSlash);
        }
        let mut pieces = Vec::new();
        let mut rest = text;
        while let Some(open) = rest.find('{') {
            pieces.push(Piece::Text(rest[..open].to_owned()));
            let close = rest[open..].find('}').ok_or(PatternError::Open)? + open;
            let name = &rest[open + 1..close];
            pieces.push(match name {
                _ if !known.contains(&name) => return Err(PatternError::Unknown(name.to_owned())),
                "section" => Piece::Section,
                "yyyy" => Piece::Year,
                "mm" => Piece::Month,
                "dd" => Piece::Day,
                "slug" => Piece::Slug,
                "path" => Piece::Path,
                "taxonomy" => Piece::Taxonomy,
                "term" => Piece::Term,
                other => return Err(PatternError::Unknown(other.to_owned())),
            });
            rest = &rest[close + 1..];
        }
        pieces.push(Piece::Text(rest.to_owned()));
        Ok(Pattern(pieces))
    }

    /// The path of an article, without empty parts (such as an empty section).
    pub fn fill(&self, section: &str, slug: &str, day: NaiveDate) -> String {
        self.filled(&Filling { section, slug, day: Some(day), ..Filling::default() })
    }

    /// The path with the placeholders filled, without empty parts. The path of the front page is `index` before
    /// anything but a `/`.
    pub fn filled(&self, with: &Filling<'_>) -> String {
        let mut path = String::with_capacity(with.section.len() + with.slug.len() + with.path.len() + 16);
        let number = |path: &mut String, number: Option<u32>, width: usize| {
            if let Some(number) = number {
                // Writing to a string never fails.
                _ = write!(path, "{number:0width$}");
            }
        };
        let mut pieces = self.0.iter().peekable();
        while let Some(piece) = pieces.next() {
            match piece {
                Piece::Text(text) => path.push_str(text),
                Piece::Section => path.push_str(with.section),
                Piece::Year => number(&mut path, with.day.map(|day| day.year().unsigned_abs()), 4),
                Piece::Month => number(&mut path, with.day.map(|day| day.month()), 2),
                Piece::Day => number(&mut path, with.day.map(|day| day.day()), 2),
                Piece::Slug => path.push_str(with.slug),
                Piece::Path => {
                    let ends = |next: &&Piece| matches!(next, Piece::Text(text) if !text.starts_with('/') && !text.is_empty());
                    let is_file = pieces.peek().is_some_and(ends);
                    path.push_str(if with.path.is_empty() && is_file { "index" } else { with.path });
                }
                Piece::Taxonomy => path.push_str(with.taxonomy),
                Piece::Term => path.push_str(with.term),
            }
        }
        while path.contains("//") {
            path = path.replace("//", "/");
        }
        path
    }

    /// The text before the first placeholder and the text after the last; `None` if there is no placeholder.
    pub fn ends(&self) -> Option<(&str, &str)> {
        match (self.0.first(), self.0.last()) {
            (Some(Piece::Text(first)), Some(Piece::Text(last))) if self.0.len() > 1 => Some((first, last)),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day() -> NaiveDate {
        NaiveDate::from_ymd_opt(2014, 2, 4).unwrap()
    }

    #[test]
    fn placeholders_are_filled_and_empty_parts_taken_out() {
        let pattern = Pattern::parse("/{section}/{yyyy}/{mm}/{dd}/{slug}/").unwrap();
        assert_eq!(pattern.fill("news/local", "ferry", day()), "/news/local/2014/02/04/ferry/");
        assert_eq!(pattern.fill("", "ferry", day()), "/2014/02/04/ferry/");
    }

    #[test]
    fn the_front_page_has_a_name_where_a_file_needs_one() {
        let front = Filling::default();
        let page = Filling { path: "docs/tides", ..Filling::default() };
        for (text, of_front, of_page) in [
            ("/{path}/index.md", "/index.md", "/docs/tides/index.md"),
            ("/{path}.md", "/index.md", "/docs/tides.md"),
            ("/api/{path}.json", "/api/index.json", "/api/docs/tides.json"),
        ] {
            let pattern = Pattern::of_output(text, &["path"]).unwrap();
            assert_eq!(pattern.filled(&front), of_front, "{text}");
            assert_eq!(pattern.filled(&page), of_page, "{text}");
        }
    }

    #[test]
    fn what_is_no_pattern_is_refused() {
        assert_eq!(Pattern::parse("{slug}/"), Err(PatternError::NoSlash));
        assert_eq!(Pattern::parse("/{yyyy}/"), Err(PatternError::NoSlug));
        assert_eq!(Pattern::parse("/{year}/{slug}/"), Err(PatternError::Unknown("year".into())));
        assert_eq!(Pattern::parse("/{slug"), Err(PatternError::Open));
    }
}
