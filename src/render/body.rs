//! The body of a source into HTML, its links followed.

use std::cell::RefCell;
use std::ops::Range;

use tera::Value;

use super::{Renderer, place_in};
use crate::content::{Document, Format, wire};
use crate::error::{Place, Problem};
use crate::html::{Change, rewrite_urls};
use crate::identity::{LinkError, Target};
use crate::markdown::{self, Link};
use crate::url::percent_decode;

/// A rendered body.
pub(super) struct Body {
    /// HTML for the page.
    pub html: String,
    /// HTML for feeds, where it is not that of the page.
    pub feed_html: Option<String>,
    /// Its headings, for a table of contents.
    pub contents: Vec<Value>,
}

impl Renderer<'_> {
    /// Reads and renders the body of `document`. `None` means that `problems` say why not.
    pub(super) fn body(&self, document: &Document, problems: &mut Vec<Problem>) -> Option<Body> {
        let (text, start) = document.read_body(self.config).map_err(|problem| problems.push(problem)).ok()?;
        match document.format {
            Format::Markdown => Some(self.markdown(document, &text, start, problems)),
            Format::Html => {
                let found = RefCell::new(Vec::new());
                let html = rewrite_urls(&text[start..], &|written, range| match self
                    .follow(document, &text, start, written, range, &found)
                {
                    Link::Keep => Change::Keep,
                    Link::To(url) => Change::To(url),
                    Link::Unlinked => Change::Drop,
                });
                problems.append(&mut found.into_inner());
                Some(Body { html, feed_html: None, contents: Vec::new() })
            }
            Format::Wire => match wire::parse(&text) {
                Ok(article) => Some(Body {
                    html: article.to_html(wire::Audience::Page),
                    feed_html: Some(article.to_html(wire::Audience::Feed)),
                    contents: Vec::new(),
                }),
                Err(errors) => {
                    problems.extend(errors.into_iter().map(|error| {
                        let span = error.span();
                        Problem::new(error, Place::in_text(document.name.clone(), &text, span))
                    }));
                    None
                }
            },
        }
    }

    fn markdown(&self, document: &Document, text: &str, start: usize, problems: &mut Vec<Problem>) -> Body {
        let found = RefCell::new(Vec::new());
        let links =
            |written: &str, range: Range<usize>| self.follow(document, text, start, written, range, &found);
        let root = self.config.base_url.relative_root();
        let picture_size =
            |url: &str| self.files.picture_size(&format!("/{}", percent_decode(url.strip_prefix(&root)?)));
        let components =
            |call: &markdown::Call<'_>| self.templates.component(call.name, call.arguments, call.body);
        let options =
            markdown::Options { smart_punctuation: self.config.smart_punctuation, heading_ids: true };
        let surroundings =
            markdown::Surroundings { links: &links, picture_size: &picture_size, components: &components };
        let rendered = markdown::render(&text[start..], &options, &surroundings);
        problems.append(&mut found.into_inner());
        problems.extend(
            rendered
                .problems
                .into_iter()
                .map(|(range, error)| Problem::new(error, place_in(&document.name, text, start, range))),
        );
        let contents = rendered
            .headings
            .iter()
            .map(|heading| {
                let mut map = tera::Map::default();
                map.insert(tera::value::Key::Str("level"), Value::from(u64::from(heading.level)));
                map.insert(tera::value::Key::Str("id"), Value::from(heading.id.as_str()));
                map.insert(tera::value::Key::Str("title"), Value::from(heading.text.as_str()));
                Value::from(map)
            })
            .collect();
        Body { html: rendered.html, feed_html: None, contents }
    }

    /// What becomes of the link `written` at `range` of the body.
    fn follow(
        &self,
        document: &Document,
        text: &str,
        start: usize,
        written: &str,
        range: Range<usize>,
        found: &RefCell<Vec<Problem>>,
    ) -> Link {
        let report = |cause: LinkError| {
            found
                .borrow_mut()
                .push(Problem::new(cause, place_in(&document.name, text, start, range.clone())));
        };
        match self.links.follow(document, written) {
            Target::Elsewhere | Target::Broken => Link::Keep,
            Target::Live(path, rest) => Link::To(self.config.base_url.root_relative(&path) + &rest),
            Target::HeldBack(target) => {
                report(LinkError::HeldBack { target });
                Link::Unlinked
            }
            Target::Dead(target) => {
                let remedy = self.links.remedy(&target);
                report(LinkError::Dead { target, remedy });
                Link::Keep
            }
        }
    }
}
