//! Local files that an article or page names and that do not exist: in its front matter, and in the pictures and
//! recordings of its text.

use std::collections::HashSet;
use std::ops::Range;

use super::RenderError;
use super::inputs::{Article, Lookup};
use crate::model::diagnostics::{Place, Problem};
use crate::model::html::{Piece, decode, walk};
use crate::source::Placed;

/// Elements that show a file, and the attributes that name it.
const SHOWN: [(&str, &[&str]); 4] =
    [("img", &["src"]), ("audio", &["src"]), ("video", &["src", "poster"]), ("source", &["src"])];

/// Warnings about the files that `html`, the body of the source of `lookup`, shows. `text` is the text of the source.
pub(super) fn in_body(lookup: &Lookup<'_>, html: &str, text: &str) -> Vec<Problem> {
    let mut problems = Vec::new();
    if !SHOWN.iter().any(|(name, _)| html.contains(&format!("<{name}"))) {
        return problems;
    }
    // A file that is shown often is reported once.
    let mut seen = HashSet::new();
    walk(html, &mut |piece, _| {
        let Piece::Tag { name, closing: false, attributes } = piece else { return };
        let Some((_, names)) = SHOWN.iter().find(|(shown, _)| name.eq_ignore_ascii_case(shown)) else {
            return;
        };
        for one in
            attributes.iter().filter(|one| names.iter().any(|name| one.name.eq_ignore_ascii_case(name)))
        {
            let written = decode(one.value);
            if !seen.insert(written.to_string()) {
                continue;
            }
            if let Some(near) = lookup.missing(&written) {
                let cause = RenderError::NoFileInText { near, file: written.to_string() };
                problems.push(Problem::new(cause, place(lookup, text, &written)));
            }
        }
    });
    problems
}

/// The place of `written` in the source, if it stands there as it is.
fn place(lookup: &Lookup<'_>, text: &str, written: &str) -> Place {
    let name = lookup.document.name.clone();
    let find = |part: &str| -> Option<Range<usize>> { text.find(part).map(|at| at..at + part.len()) };
    let last = || written.rsplit('/').next().filter(|last| !last.is_empty()).and_then(find);
    match find(written).or_else(last) {
        Some(range) => Place::in_text(name, text, range),
        None => Place::file(name),
    }
}

/// Errors about the pictures that the front matter of `article` names.
pub(super) fn in_front_matter(article: &Article<'_>) -> Vec<Problem> {
    let missing = article.missing_pictures().into_iter();
    let problem = |(written, near): (&Placed<String>, String)| {
        Problem::new(RenderError::NoPicture { near, file: written.value.clone() }, written.place.clone())
    };
    missing.map(problem).collect()
}
