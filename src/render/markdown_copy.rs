//! The text of an article or page as Markdown, for documents of `[[outputs]]`.

use std::collections::BTreeSet;

use super::body::Body;
use super::destinations::destinations;
use super::inputs::{Lookup, Need};
use crate::model::diagnostics::Problem;
use crate::model::html::{Change, rewrite_urls};
use crate::site::identity::Target;
use crate::source::Format;

/// The body of the source of `lookup` as Markdown: as written, with whole URLs for links that are resolved. A
/// source in another format, and a text with a link that would name an article that is held back, is given
/// as the HTML of `body`, which is Markdown too.
///
/// # Errors
/// The source can't be read.
pub(super) fn markdown(lookup: &Lookup<'_>, body: &Body) -> Result<String, Problem> {
    if lookup.document.format != Format::Markdown {
        return Ok(html(lookup, body));
    }
    let (text, start) = lookup.text()?;
    let text = &text[start..];
    let settings = lookup.settings();
    let mut written = BTreeSet::new();
    let (mut made, mut end) = (String::with_capacity(text.len()), 0);
    for range in destinations(text, Format::Markdown, false) {
        let Some(destination) = text.get(range.clone()).filter(|_| range.start >= end) else { continue };
        let url = match lookup.link(destination) {
            Target::Live(path, rest) => settings.whole_file(&path) + &rest,
            Target::HeldBack(_) | Target::HeldBackFile(_) => "#".to_owned(),
            Target::Elsewhere if destination.starts_with('/') => settings.address(destination),
            _ => continue,
        };
        written.insert(destination);
        made.push_str(&text[end..range.start]);
        made.push_str(&url);
        end = range.end;
    }
    made.push_str(&text[end..]);
    let is_named = |need: &Need| match need {
        Need::Link(link) => {
            let is_held = matches!(lookup.link(link), Target::HeldBack(_) | Target::HeldBackFile(_));
            is_held && !written.contains(link.as_str())
        }
        _ => false,
    };
    if body.needs.iter().any(is_named) {
        return Ok(html(lookup, body));
    }
    Ok(format!("{}\n", made.trim()))
}

/// The HTML of `body` with whole URLs.
fn html(lookup: &Lookup<'_>, body: &Body) -> String {
    let settings = lookup.settings();
    let whole = rewrite_urls(&body.html, &|url, _| match url.starts_with('/') {
        true => Change::To(settings.whole(url)),
        false => Change::Keep,
    });
    format!("{}\n", whole.trim())
}
