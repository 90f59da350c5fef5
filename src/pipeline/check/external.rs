//! The links of a finished site to others.

use serde_json::Value;

use super::place::Finder;
use crate::check::external::Gathered;
use crate::check::{Address, Addresses, short};
use crate::config::CheckRules;
use crate::model::diagnostics::{Lines, Place};
use crate::model::html::{Mark, Piece, decode, marks, walk};
use crate::model::url::percent_decode;
use crate::site::plan::Planned;

/// A link to another site.
pub(super) struct Away {
    /// The URL, or the reason why it is none.
    url: Result<String, String>,
    written: String,
    place: Place,
}

impl Away {
    /// Adds the link to `links`.
    pub fn add(self, links: &mut Gathered) {
        match self.url {
            Ok(url) => links.add(url, self.place),
            Err(reason) => links.add_invalid(self.written, reason, self.place),
        }
    }
}

/// Elements whose addresses nobody follows: `form` wants an answer, and the rest only prepares or describes.
const PASSED_OVER: [&str; 3] = ["link", "base", "form"];

/// The links of a page with the text `html` to other sites, but for those that `rules` ignore.
pub(super) fn of_page(
    html: &str,
    addresses: &Addresses<'_>,
    finder: &Finder<'_>,
    rules: &CheckRules,
) -> Vec<Away> {
    let mut links = Vec::new();
    marks(html, &mut |mark| {
        let Mark::Address(address) = mark else { return };
        let is = |names: &[&str], name: &str| names.iter().any(|one| one.eq_ignore_ascii_case(name));
        if is(&PASSED_OVER, address.element) || is(&["ping", "action", "formaction"], address.attribute) {
            return;
        }
        let written = address.url.trim();
        if let Some(url) = away(addresses, written, rules) {
            let place = finder.place(address.range, &[written.to_owned(), percent_decode(written)]);
            links.push(Away { url, written: short(written), place });
        }
    });
    links
}

/// The URL of another site that `written` is, unless it is ignored; the reason if it is no valid one.
fn away(addresses: &Addresses<'_>, written: &str, rules: &CheckRules) -> Option<Result<String, String>> {
    if rules.ignores(written) {
        return None;
    }
    match addresses.read(written) {
        Address::Elsewhere(url) => (!rules.ignores(&url)).then_some(Ok(url)),
        Address::Invalid(reason) => Some(Err(reason)),
        Address::Own(_) | Address::Other => None,
    }
}

/// The keys of a JSON Feed whose values are addresses.
const KEYS: [&str; 7] = ["url", "external_url", "image", "banner_image", "avatar", "icon", "favicon"];

/// Adds to `links` those that only the feed `planned`, the file `name`, has.
pub(super) fn of_feed(
    text: &str,
    name: &str,
    planned: &Planned,
    addresses: &Addresses<'_>,
    rules: &CheckRules,
    links: &mut Gathered,
) {
    let lines = Lines::new(name, text);
    let mut add = |written: &str, at: Option<usize>| {
        if let Some(Ok(url)) = away(addresses, written.trim(), rules)
            && !links.has(&url)
        {
            let at = at.or_else(|| text.find(written)).unwrap_or_default();
            links.add(url, lines.place(at..at + 1));
        }
    };
    if planned.path.as_str().ends_with(".json") {
        if let Ok(value) = serde_json::from_str(text) {
            of_json(&value, "", &mut |written| add(written, None));
        }
        return;
    }
    // The specification of RSS, and the program that made the feed, are no business of the site.
    let mut is_own = false;
    walk(text, &mut |piece, range| match piece {
        Piece::Text(piece) if !is_own => {
            let decoded = decode(piece);
            let is_address = decoded.trim_start().starts_with("http");
            if is_address && !decoded.contains(char::is_whitespace) {
                add(&decoded, Some(range.start));
            }
            of_html(&decoded, &mut |written| add(written, Some(range.start)));
        }
        Piece::Tag { name, attributes, closing } => {
            is_own = !closing && matches!(name, "docs" | "generator");
            let is_hub = attributes.iter().any(|one| one.name == "rel" && one.value == "hub");
            let is_address = |name: &str| matches!(name, "href" | "url" | "src");
            for one in attributes.iter().filter(|one| is_address(one.name) && !is_hub && name != "base") {
                add(&decode(one.value), Some(range.start));
            }
        }
        Piece::Text(_) | Piece::Other => {}
    });
}

fn of_html(html: &str, add: &mut dyn FnMut(&str)) {
    marks(html, &mut |mark| {
        if let Mark::Address(address) = mark {
            add(&address.url);
        }
    });
}

/// The addresses in a JSON Feed. Its depth is bounded by the parser.
fn of_json(value: &Value, key: &str, add: &mut dyn FnMut(&str)) {
    match value {
        Value::String(text) if KEYS.contains(&key) => add(text),
        Value::String(text) if key == "content_html" => of_html(text, add),
        Value::Array(items) => items.iter().for_each(|item| of_json(item, key, add)),
        // A hub is for programs.
        Value::Object(fields) => {
            fields.iter().filter(|(key, _)| *key != "hubs").for_each(|(key, value)| of_json(value, key, add));
        }
        _ => {}
    }
}
