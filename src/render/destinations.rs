//! Destinations of links in the text of a source: where they are written, so that they can be changed.

use std::cell::RefCell;
use std::collections::{BTreeMap, HashSet};
use std::ops::Range;

use crate::config::MarkdownSwitches;
use crate::language::Language;
use crate::model::html::{Change, rewrite_urls};
use crate::render::markdown::{self, Link, Options, Surroundings};
use crate::source::Format;

/// The bytes of each destination that the renderer finds in the body `text`, in order, each once. Links whose
/// destination can't be found as written, because it has escapes, are left out. With `wikilinks`, those between double
/// brackets are among them, each as the name alone.
pub fn destinations(text: &str, format: Format, wikilinks: bool) -> Vec<Range<usize>> {
    let places: BTreeMap<usize, usize> = links(text, format, wikilinks)
        .iter()
        .flat_map(|(written, range)| places_of(text, written, range))
        .map(|range| (range.start, range.end))
        .collect();
    places.into_iter().map(|(start, end)| start..end).collect()
}

/// Each address that the renderer finds in the body `text`, decoded, with its bytes. Where those can't be found, they
/// are the bytes of the link.
pub(super) fn addresses(text: &str, format: Format) -> Vec<(String, Range<usize>)> {
    let (mut all, mut loose) = (Vec::new(), Vec::new());
    for (written, range) in links(text, format, false) {
        match places_of(text, &written, &range).as_slice() {
            [] => loose.push((written, range)),
            places => all.extend(places.iter().map(|place| (written.clone(), place.clone()))),
        }
    }
    // A component around a text has the links of the text, too.
    let exact: HashSet<&str> = all.iter().map(|(written, _): &(String, _)| written.as_str()).collect();
    loose.retain(|(written, _): &(String, _)| !exact.contains(written.as_str()));
    all.extend(loose);
    all
}

/// The links in the body `text`: each destination, decoded, and the bytes of the link.
fn links(text: &str, format: Format, wikilinks: bool) -> Vec<(String, Range<usize>)> {
    let found: RefCell<Vec<(String, Range<usize>)>> = RefCell::default();
    match format {
        Format::Wire => return Vec::new(),
        Format::Html => {
            rewrite_urls(text, &|url, range| {
                found.borrow_mut().push((url.to_owned(), range));
                Change::Keep
            });
        }
        Format::Markdown => {
            let links = |written: &str, range: Range<usize>| {
                found.borrow_mut().push((written.to_owned(), range));
                Link::Keep
            };
            // Any argument of a component may be a destination.
            let components = |call: &markdown::Call<'_>| {
                let arguments = markdown::arguments(call.arguments);
                let texts = arguments.into_iter().filter_map(|argument| argument.text);
                let html: Vec<String> = texts
                    .map(|text| format!("<a href=\"{}\"></a>", crate::model::html::escape(text)))
                    .collect();
                Ok(html.concat() + call.body.unwrap_or_default())
            };
            let language = Language::english();
            let around =
                Surroundings { links: &links, picture_size: &|_| None, components: &components, language };
            let switches = MarkdownSwitches { wikilinks, ..MarkdownSwitches::default() };
            markdown::render(text, &Options { switches, ..Options::default() }, &around);
        }
    }
    found.into_inner()
}

/// The bytes of `written`, the destination of the link at `range`: within the link, or in definitions of references.
fn places_of(text: &str, written: &str, range: &Range<usize>) -> Vec<Range<usize>> {
    let Some(link) = text.get(range.clone()).filter(|_| !written.is_empty()) else { return Vec::new() };
    // The value of an attribute comes with its quotes.
    if let Some(name) = written.strip_prefix("[[").and_then(|rest| rest.strip_suffix("]]")) {
        let name = name.split('#').next().unwrap_or_default();
        let found = link.find(name).filter(|_| link.starts_with("[[") && !name.is_empty());
        return found.map(|at| range.start + at..range.start + at + name.len()).into_iter().collect();
    }
    let bare = link.trim_matches(['"', '\'', '<', '>']);
    if bare == written {
        let start = range.start + link.find(bare).unwrap_or(0);
        return std::iter::once(start..start + bare.len()).collect();
    }
    // A list of pictures with their widths, or CSS.
    let ends = |at: usize| link[at + written.len()..].starts_with(|next: char| " ,\"')&".contains(next));
    if link.starts_with(['"', '\''])
        && let Some((at, _)) = link.match_indices(written).find(|(at, _)| ends(*at))
    {
        return std::iter::once(range.start + at..range.start + at + written.len()).collect();
    }
    let starts = |before: &str| {
        let needle = format!("{before}{written}");
        move |within: &str| -> Vec<usize> {
            within.match_indices(&needle).map(|(at, found)| at + found.len()).collect()
        }
    };
    let ends_here = |end: usize| text[end..].chars().next().is_none_or(|next| " \t\r\n)>\"'".contains(next));
    let ending = |base: usize, ends: Vec<usize>| -> Vec<Range<usize>> {
        let ends = ends.into_iter().map(|end| base + end).filter(|end| ends_here(*end));
        ends.map(|end| end - written.len()..end).collect()
    };
    // An inline link has its destination behind its text, at its end.
    let inline =
        ["](", "](<", "=\"", "='"].into_iter().flat_map(|before| ending(range.start, starts(before)(link)));
    let inline: Vec<Range<usize>> = inline.collect();
    if let Some(last) = inline.into_iter().max_by_key(|place| place.start) {
        return vec![last];
    }
    ["]: ", "]: <", "]:"].into_iter().flat_map(|before| ending(0, starts(before)(text))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str, format: Format) -> Vec<&str> {
        destinations(text, format, true).into_iter().map(|range| &text[range]).collect()
    }

    #[test]
    fn each_way_to_write_a_link_has_its_destination() {
        for (text, destination) in [
            ("[The quay](quay.md)", "quay.md"),
            ("[quay.md](quay.md#tides \"quay.md\")", "quay.md#tides"),
            ("![](<a quay.png>)", "a quay.png"),
            ("[The quay][q] and [q]\n\n[q]: ../quay.md 'Quay'\n", "../quay.md"),
            ("[![](a.png)](b.md)", "a.png"),
            ("[[quay#tides|the quay]]", "quay"),
            ("<a href='quay.md'>Quay</a>", "quay.md"),
            ("A <img alt=\"\" src=\"quay.png\"> B", "quay.png"),
            ("<Figure src=\"quay.png\" alt=\"A quay\" />", "quay.png"),
        ] {
            assert!(
                found(text, Format::Markdown).contains(&destination),
                "{text}: {:?}",
                found(text, Format::Markdown)
            );
        }
        assert_eq!(found("<p><a href=quay.html>Q</a>", Format::Html), ["quay.html"]);
    }

    #[test]
    fn code_and_text_are_no_links() {
        assert!(found("`[a](quay.md)` quay.md\n\n    [b](quay.md)\n", Format::Markdown).is_empty());
    }

    #[test]
    fn each_of_several_links_has_its_own_place() {
        let text = "[a](x.md) [b](x.md)\n";
        assert_eq!(destinations(text, Format::Markdown, false), [4..8, 14..18]);
    }
}
