//! Splits the arguments of a component's call, without Tera.

use std::ops::Range;

/// One argument.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Argument<'a> {
    /// Its name.
    pub name: &'a str,
    /// Its value, if that is a string in quotes.
    pub text: Option<&'a str>,
    /// Its bytes.
    pub range: Range<usize>,
}

/// The arguments in `text`, such as `src="a.csv" wide={true}`.
pub fn arguments(text: &str) -> Vec<Argument<'_>> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(start) = text[at..].find(|c: char| c.is_alphabetic() || c == '_').map(|start| at + start) {
        let name_end = end(text, start, |c| c.is_alphanumeric() || c == '_');
        let equals = end(text, name_end, char::is_whitespace);
        if !text[equals..].starts_with('=') {
            found.push(Argument { name: &text[start..name_end], text: None, range: start..name_end });
            at = name_end;
            continue;
        }
        let value = end(text, equals + 1, char::is_whitespace);
        let (literal, value_end) = match text[value..].chars().next() {
            Some(quote @ ('"' | '\'' | '`')) => {
                let close = text[value + 1..].find(quote).map(|close| value + 1 + close);
                (close.map(|close| &text[value + 1..close]), close.map_or(text.len(), |close| close + 1))
            }
            Some('{') => (None, closing(text, value)),
            _ => (None, end(text, value, |c| !c.is_whitespace())),
        };
        found.push(Argument { name: &text[start..name_end], text: literal, range: start..value_end });
        at = value_end.max(name_end);
    }
    found
}

/// The first argument whose text seems to have quotes of the kind that is around it: its name, the quotes, its bytes.
pub(super) fn quotes_in_quotes(text: &str) -> Option<(&str, char, Range<usize>)> {
    arguments(text).into_iter().find_map(|one| {
        let value = one.text?;
        let quote = text[..one.range.end].chars().next_back()?;
        let behind = &text[one.range.end..];
        let name = end(behind, 0, |c| c.is_alphanumeric() || c == '_');
        let is_next = name > 0 && behind[name..].trim_start().starts_with('=');
        let is_apart = behind.is_empty() || behind.starts_with(char::is_whitespace);
        let next = behind.trim_start();
        let next_name = end(next, 0, |c| c.is_alphanumeric() || c == '_');
        let goes_on = !next.is_empty() && !next[next_name..].trim_start().starts_with('=');
        let is_cut = if is_apart { value.ends_with('\\') && goes_on } else { !is_next };
        is_cut.then_some((one.name, quote, one.range))
    })
}

/// The byte from `at` on at which letters of this kind end.
fn end(text: &str, at: usize, kind: impl Fn(char) -> bool) -> usize {
    text[at..].find(|c| !kind(c)).map_or(text.len(), |end| at + end)
}

/// The byte after the brace that closes the one at `at`.
fn closing(text: &str, at: usize) -> usize {
    let mut depth = 0_usize;
    let mut quote = None;
    for (offset, letter) in text[at..].char_indices() {
        match (quote, letter) {
            (Some(open), letter) if open == letter => quote = None,
            (Some(_), _) => {}
            (None, '"' | '\'' | '`') => quote = Some(letter),
            (None, '{') => depth += 1,
            (None, '}') => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    return at + offset + 1;
                }
            }
            _ => {}
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_texts_are_found_and_nothing_inside_of_values() {
        let text = "src=\"a = b.csv\" rows={{\"x\": \"}\", y: 1}} wide n = 'c' count={3}";
        let found = arguments(text);
        let names: Vec<_> = found.iter().map(|one| (one.name, one.text)).collect();
        assert_eq!(
            names,
            [("src", Some("a = b.csv")), ("rows", None), ("wide", None), ("n", Some("c")), ("count", None)]
        );
        assert_eq!(&text[found[1].range.clone()], "rows={{\"x\": \"}\", y: 1}}");
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_taken(text in "(\\PC|a=|\"|\\{|\\}|'| ){0,20}") {
            for one in arguments(&text) {
                proptest::prop_assert!(text.get(one.range).is_some());
            }
        }
    }
}
