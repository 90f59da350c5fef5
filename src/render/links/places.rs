//! The places of addresses in the body of a source. They are remembered, so that a source with dead addresses is read for
//! them once.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::EXCUSE;
use crate::model::diagnostics::{Lines, Place};
use crate::model::digest::Digest;
use crate::render::destinations::addresses;
use crate::render::inputs::Site;
use crate::source::Document;

/// The name of a source, the digest of its text, and places in it.
pub type NewPlaces = (Arc<str>, Digest, Places);

/// The places of some addresses in the body of a source, by the addresses as written. Those that a comment excuses have
/// none.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Places(BTreeMap<String, Vec<Place>>);

impl Places {
    /// True if the places of all `addresses` are known.
    pub(super) fn have_all<'a>(&self, mut addresses: impl Iterator<Item = &'a String>) -> bool {
        addresses.all(|address| self.0.contains_key(address))
    }

    /// The places of `address`.
    pub(super) fn of(&self, address: &str) -> &[Place] {
        self.0.get(address).map_or(&[], Vec::as_slice)
    }

    /// Reads `document` and finds the `wanted` addresses in its body.
    pub(super) fn find<'a>(
        site: Site<'_>,
        document: &Document,
        wanted: impl Iterator<Item = &'a String>,
    ) -> Places {
        let mut places: BTreeMap<String, Vec<Place>> =
            wanted.map(|address| (address.clone(), Vec::new())).collect();
        let Ok((text, start)) = document.read_body(site.all.root, site.all.config) else {
            let whole = || vec![Place::file(document.name.clone())];
            places.values_mut().for_each(|places| *places = whole());
            return Places(places);
        };
        let lines = Lines::new(document.name.clone(), &text);
        let mut unseen: BTreeSet<String> = places.keys().cloned().collect();
        for (written, range) in addresses(&text[start..], document.format) {
            let written = written.trim();
            let Some(found) = places.get_mut(written) else { continue };
            unseen.remove(written);
            let range = start + range.start..start + range.end;
            if !is_excused(&text, range.start) {
                found.push(lines.place(range));
            }
        }
        for written in unseen {
            // A component has made it of something else.
            let last = written.trim_end_matches('/').rsplit('/').next().filter(|last| !last.is_empty());
            let at = |part: &str| text[start..].find(part).map(|at| start + at..start + at + part.len());
            // Between double brackets, the text of the link follows the name.
            let range = at(written.trim_end_matches("]]")).or_else(|| last.and_then(at));
            let place = match range {
                Some(range) if is_excused(&text, range.start) => continue,
                Some(range) => lines.place(range),
                None => Place::file(document.name.clone()),
            };
            places.entry(written).or_default().push(place);
        }
        Places(places)
    }
}

/// True if a comment on the line of byte `at` of `text`, or on the line before it, excuses what is there.
pub fn is_excused(text: &str, at: usize) -> bool {
    let start = text[..at].rfind('\n').map_or(0, |end| end + 1);
    let before = text[..start.saturating_sub(1)].rfind('\n').map_or(0, |end| end + 1);
    let end = text[at..].find('\n').map_or(text.len(), |end| at + end);
    // A comment behind something else on the line before is about that.
    let line = text[before..start].trim();
    text[start..end].contains(EXCUSE)
        || line.contains(EXCUSE) && ["<!--", "#", "{#", "/*"].iter().any(|start| line.starts_with(start))
}

/// True if a comment excuses what is on the line with the number `line` of `text`, counted from 1.
pub fn is_line_excused(text: &str, line: u32) -> bool {
    let before = text.split_inclusive('\n').take(line.saturating_sub(1) as usize);
    let at: usize = before.map(str::len).sum();
    text.is_char_boundary(at) && is_excused(text, at)
}
