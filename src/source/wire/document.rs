//! A wire article as a document.

use super::{Line, parse};
use crate::model::date::WIRE;
use crate::model::diagnostics::{Lines, Place, Problem};
use crate::source::{BodySummary, Document, Format, WireDate, fence, terms};

/// Reads the wire article `text` into `document`.
pub(in crate::source) fn read(
    document: &mut Document,
    text: &str,
    body_summary: &dyn Fn(Format, &str, Option<&str>) -> BodySummary,
    problems: &mut Vec<Problem>,
) {
    let name = document.name.clone();
    if let Some((error, span)) = fence::missed(text, true) {
        problems.push(Problem::new(error, Place::in_text(name, text, span)));
        return;
    }
    let article = match parse(text) {
        Ok(article) => article,
        Err(errors) => {
            let lines = Lines::new(name, text);
            problems.extend(errors.into_iter().map(|error| {
                let span = error.span();
                Problem::new(error, lines.place(span))
            }));
            return;
        }
    };
    let read_date = |line: &Option<Line>, key| {
        let line = line.as_ref()?;
        let place = |span| Place::in_text(name.clone(), text, span);
        Some(Box::new(WireDate::read(line, key, &place)))
    };
    document.wire_published = read_date(&article.published, WIRE[0]);
    document.wire_updated = read_date(&article.updated, WIRE[1]);
    let paragraphs = article.paragraphs.iter().filter(|paragraph| !paragraph.pull_quote);
    let whole: Vec<&str> = paragraphs.map(|paragraph| &*paragraph.text).collect();
    document.body_summary = body_summary(Format::Wire, &whole.join("\n"), None);
    if article.standfirst.is_none() {
        document.body_summary.excerpt = article.excerpt().into();
    }
    let front = &mut document.front;
    front.title = article.headline.as_ref().map(|line| line.text.clone());
    front.standfirst = article.standfirst.as_ref().map(|line| line.text.clone());
    if let Some(kicker) = &article.kicker {
        front.kicker = Some(kicker.text.clone());
        front.add_terms("topics", std::slice::from_ref(&kicker.text));
    }
    if let Some(names) = &article.byline {
        front.add_terms("authors", names);
    }
    if let Some(error) = terms::many(front) {
        problems.push(Problem::new(error, Place::file(name.clone())));
    }
}
