//! The addresses that the site's own templates have as they are, without a value in them.

use super::Templates;
use crate::model::diagnostics::Place;
use crate::model::html::{Mark, marks};

/// An address in a template.
pub struct Literal<'a> {
    /// The address.
    pub written: String,
    /// The template's file.
    pub file: &'a str,
    /// The template's text.
    pub text: &'a str,
    /// The byte at which the address begins.
    pub start: usize,
    /// Its place.
    pub place: Place,
}

impl Templates {
    /// All addresses from the root in the site's own templates that have no value of a page in them, in order.
    pub fn literal_addresses(&self) -> Vec<Literal<'_>> {
        let mut found = Vec::new();
        for (_, source) in self.sources.iter().filter(|(_, source)| source.own) {
            marks(&source.text, &mut |mark| {
                let Mark::Address(address) = mark else { return };
                let has_values = address.url.contains(['{', '}']);
                // A relative address leads elsewhere from each page.
                if !has_values && address.url.contains('/') && !address.url.starts_with('.') {
                    found.push(Literal {
                        written: address.url.to_string(),
                        file: &source.file,
                        text: &source.text,
                        start: address.range.start,
                        place: Place::in_text(&*source.file, &source.text, address.range),
                    });
                }
            });
        }
        found
    }

    /// True if a template of the site has an element with this id, or with one that begins with the same letters and
    /// ends with a value.
    pub fn have_id(&self, id: &str) -> bool {
        let own = self.sources.iter().filter(|(_, source)| source.own);
        let mut ids = own.flat_map(|(_, source)| source.text.split(" id=\"").skip(1));
        ids.any(|rest| match rest.find(['"', '{']).map(|end| rest.split_at(end)) {
            Some((start, end)) if end.starts_with('{') => !start.is_empty() && id.starts_with(start),
            Some((own, _)) => own == id,
            None => false,
        })
    }
}
