//! Permalink patterns, such as `/{section}/{yyyy}/{mm}/{slug}/`.

use std::fmt::Write;

use chrono::{Datelike, NaiveDate};
use miette::Diagnostic;
use thiserror::Error;

/// A pattern for the path of an article: text with placeholders `{section}`, `{yyyy}`, `{mm}`, `{dd}` and `{slug}`.
/// The date is the publication date on the author's clock.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pattern(Vec<Piece>);

#[derive(Debug, Clone, PartialEq, Eq)]
enum Piece {
    Text(String),
    Section,
    Year,
    Month,
    Day,
    Slug,
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
    /// Reads a pattern.
    ///
    /// # Errors
    /// [`PatternError`].
    pub fn parse(text: &str) -> Result<Self, PatternError> {
        if !text.starts_with('/') {
            return Err(PatternError::NoSlash);
        }
        let mut pieces = Vec::new();
        let mut rest = text;
        while let Some(open) = rest.find('{') {
            pieces.push(Piece::Text(rest[..open].to_owned()));
            let close = rest[open..].find('}').ok_or(PatternError::Open)? + open;
            pieces.push(match &rest[open + 1..close] {
                "section" => Piece::Section,
                "yyyy" => Piece::Year,
                "mm" => Piece::Month,
                "dd" => Piece::Day,
                "slug" => Piece::Slug,
                other => return Err(PatternError::Unknown(other.to_owned())),
            });
            rest = &rest[close + 1..];
        }
        pieces.push(Piece::Text(rest.to_owned()));
        if !pieces.contains(&Piece::Slug) {
            return Err(PatternError::NoSlug);
        }
        Ok(Pattern(pieces))
    }

    /// The path of an article, without empty parts (such as an empty section).
    pub fn fill(&self, section: &str, slug: &str, day: NaiveDate) -> String {
        let mut path = String::with_capacity(section.len() + slug.len() + 16);
        for piece in &self.0 {
            // Writing to a string never fails.
            match piece {
                Piece::Text(text) => path.push_str(text),
                Piece::Section => path.push_str(section),
                Piece::Year => _ = write!(path, "{:04}", day.year()),
                Piece::Month => _ = write!(path, "{:02}", day.month()),
                Piece::Day => _ = write!(path, "{:02}", day.day()),
                Piece::Slug => path.push_str(slug),
            }
        }
        while path.contains("//") {
            path = path.replace("//", "/");
        }
        path
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
    fn what_is_no_pattern_is_refused() {
        assert_eq!(Pattern::parse("{slug}/"), Err(PatternError::NoSlash));
        assert_eq!(Pattern::parse("/{yyyy}/"), Err(PatternError::NoSlug));
        assert_eq!(Pattern::parse("/{year}/{slug}/"), Err(PatternError::Unknown("year".into())));
        assert_eq!(Pattern::parse("/{slug"), Err(PatternError::Open));
    }
}
