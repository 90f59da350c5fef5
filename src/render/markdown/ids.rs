//! Ids of elements: each is on a page once (the HTML standard, section 3.2.6).

use std::collections::{HashMap, HashSet};
use std::sync::OnceLock;

use crate::model::html::{Piece, walk};
use crate::render::template::THEME_TEMPLATES;

/// The ids of one text, with those of the components in it.
#[derive(Default)]
pub(super) struct Ids {
    taken: HashSet<String>,
    /// For each name that was wanted more than once, the number to try next.
    next: HashMap<String, usize>,
    /// The names of anchors, `<a name="…">`, to which fragments lead as to ids.
    anchors: HashSet<String>,
}

/// The holder of an id that an author wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Holder {
    /// Nobody: the id is the author's now.
    Nobody,
    /// Another element of the text.
    Text,
    /// The theme.
    Theme,
}

impl Ids {
    /// Takes the id that an author wrote.
    pub fn take(&mut self, id: &str) -> Holder {
        match () {
            () if !self.taken.insert(id.to_owned()) => Holder::Text,
            () if is_of_theme(id) => Holder::Theme,
            () => Holder::Nobody,
        }
    }

    /// Takes the ids of the elements of `html`.
    pub fn take_all(&mut self, html: &str) {
        if !html.contains("id=") && !html.contains("ID") {
            return;
        }
        walk(html, &mut |piece, _| {
            if let Piece::Tag { closing: false, attributes, .. } = piece {
                let ids = attributes.iter().filter(|one| one.name.eq_ignore_ascii_case("id"));
                self.taken.extend(ids.map(|one| one.value.to_owned()));
            }
        });
    }

    /// Takes the name of an anchor.
    pub fn take_anchor(&mut self, name: &str) {
        self.anchors.insert(name.to_owned());
    }

    /// All ids, and the names of anchors.
    pub fn into_all(mut self) -> HashSet<String> {
        self.taken.extend(self.anchors);
        self.taken
    }

    /// True if nothing has this id.
    fn is_free(&self, id: &str) -> bool {
        !self.taken.contains(id) && !is_of_theme(id)
    }

    /// Takes `wanted`, or with the next free number behind it.
    pub fn make(&mut self, wanted: &str) -> String {
        if self.is_free(wanted) {
            self.taken.insert(wanted.to_owned());
            return wanted.to_owned();
        }
        let mut number = self.next.get(wanted).copied().unwrap_or(1);
        loop {
            let id = format!("{wanted}-{number}");
            number += 1;
            if self.is_free(&id) {
                self.taken.insert(id.clone());
                self.next.insert(wanted.to_owned(), number);
                return id;
            }
        }
    }
}

/// True if a page of the built-in theme may have `id`.
pub fn is_of_theme(id: &str) -> bool {
    static OF_THEME: OnceLock<Vec<(&str, bool)>> = OnceLock::new();
    let of_theme = OF_THEME.get_or_init(|| {
        let ids = THEME_TEMPLATES.iter().flat_map(|(_, text)| text.split(" id=\"").skip(1));
        // Some end with a number or a name that Tera inserts.
        let one = |rest: &'static str| {
            let end = rest.find(['"', '{']).unwrap_or(rest.len());
            (&rest[..end], rest[end..].starts_with('{'))
        };
        ids.map(one).filter(|(id, _)| !id.is_empty()).collect()
    });
    of_theme.iter().any(|(own, numbered)| match numbered {
        true => id.strip_prefix(own).is_some_and(|number| number.bytes().all(|byte| byte.is_ascii_digit())),
        false => id == *own,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_of_the_theme_are_taken() {
        for id in ["main", "band-2", "year-2014"] {
            assert!(is_of_theme(id), "{id}");
        }
        for id in ["maine", "band-a", "tide"] {
            assert!(!is_of_theme(id), "{id}");
        }
    }
}
