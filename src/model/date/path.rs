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
/// `news/2014-02-14-ferry` or `news/2014/02/14/ferry`.
pub fn in_path(path: &str) -> Option<PathDate<'_>> {
    let name_start = path.rfind('/').map_or(0, |at| at + 1);
    let name = &path[name_start..];
    if is_date(name, b'-') && matches!(name.as_bytes().get(10), None | Some(b'-' | b'_')) {
        let component = &name[..10];
        let slug = name[10..].trim_start_matches(['-', '_']);
        let slug = if slug.is_empty() { component } else { slug };
        let folder = path[..name_start].trim_end_matches('/');
        return Some(PathDate { date: parse(component), component, folder, slug });
    }
    let days = path[..name_start].trim_end_matches('/');
    let start = days.len().checked_sub(10)?;
    let component = days.get(start..)?;
    let before = days[..start].trim_end_matches('/');
    if !is_date(component, b'/') || !(start == 0 || days.as_bytes()[start - 1] == b'/') || name.is_empty() {
        return None;
    }
    let date = parse(&component.replace('/', "-"));
    Some(PathDate { date, component, folder: before, slug: name })
}

/// True if `text` begins as `dddd-dd-dd` with that separator.
fn is_date(text: &str, separator: u8) -> bool {
    let bytes = text.as_bytes();
    bytes.len() >= 10
        && bytes[..10].iter().enumerate().all(|(at, byte)| match at {
            4 | 7 => *byte == separator,
            _ => byte.is_ascii_digit(),
        })
}
