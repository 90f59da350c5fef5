//! Finding a date in a path.

use super::DateError;
use super::written::{Written, parse};

/// The date in a path, and the parts around it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PathDate<'a> {
    /// The date, or the error for a day that does not exist.
    pub date: Result<Written, DateError>,
    /// The part of the path with the date: `2014-02-14` or `2014/02/14`.
    pub component: &'a str,
    /// The folders before it; empty where there are none.
    pub folder: &'a str,
    /// The rest, for the slug; the date itself where there is no rest.
    pub slug: &'a str,
}

/// Finds the date in `path`, which has neither extension nor `/index` at its end:
/// `news/2014-02-14-ferry` or `news/2014/02/14/ferry`. Month and day may have one digit.
pub fn in_path(path: &str) -> Option<PathDate<'_>> {
    let name_start = path.rfind('/').map_or(0, |at| at + 1);
    let name = &path[name_start..];
    if let Some(length) = date_length(name, b'-')
        && matches!(name.as_bytes().get(length), None | Some(b'-' | b'_'))
    {
        let component = &name[..length];
        let slug = name[length..].trim_start_matches(['-', '_']);
        let slug = if slug.is_empty() { component } else { slug };
        let folder = path[..name_start].trim_end_matches('/');
        return Some(PathDate { date: parse(component), component, folder, slug });
    }
    let days = path[..name_start].trim_end_matches('/');
    // The last three folders.
    let start = days.rmatch_indices('/').nth(2).map_or(0, |(at, _)| at + 1);
    let component = &days[start..];
    let before = days[..start].trim_end_matches('/');
    if date_length(component, b'/') != Some(component.len()) || name.is_empty() {
        return None;
    }
    Some(PathDate { date: parse(component), component, folder: before, slug: name })
}

/// The length of the date with which `text` begins: four digits, and twice one or two, with that separator.
fn date_length(text: &str, separator: u8) -> Option<usize> {
    let digits = |from: usize| {
        text.as_bytes()
            .get(from..)
            .unwrap_or_default()
            .iter()
            .take_while(|byte| byte.is_ascii_digit())
            .count()
    };
    let is_separator = |at: usize| text.as_bytes().get(at) == Some(&separator);
    let month = digits(5);
    let day = 6 + month;
    let end = day + digits(day);
    let is_date = digits(0) == 4 && is_separator(4) && (1..=2).contains(&month) && is_separator(day - 1);
    (is_date && (1..=2).contains(&(end - day))).then_some(end)
}
