//! The body of a source into HTML, its links followed.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::ops::Range;

use super::{Need, Renderer, place_in};
use crate::content::{Document, Format, wire};
use crate::error::{Place, Problem};
use crate::html::{Change, rewrite_urls};
use crate::identity::{LinkError, Target};
use crate::markdown::{self, Heading, Link};
use crate::url::percent_decode;

/// A rendered body.
pub(super) struct Body {
    /// HTML for the page.
    pub html: String,
    /// HTML for feeds, where it is not that of the page.
    pub feed_html: Option<String>,
    /// Its headings, for a table of contents.
    pub headings: Vec<Heading>,
    /// What it needed beside its text, each thing once, in order.
    pub needs: Vec<Need>,
}

/// A source while its body is rendered.
struct Source<'a> {
    document: &'a Document,
    /// The whole file, and the byte at which its body starts.
    text: &'a str,
    start: usize,
    problems: RefCell<Vec<Problem>>,
    needs: RefCell<BTreeSet<Need>>,
}

impl Source<'_> {
    fn place(&self, range: Range<usize>) -> Place {
        place_in(&self.document.name, self.text, self.start, range)
    }
}

impl Renderer<'_> {
    /// Reads and renders the body of `document`. `None` means that `problems` say why not.
    pub(super) fn body(&self, document: &Document, problems: &mut Vec<Problem>) -> Option<Body> {
        let (text, start) =
            document.read_body(self.root, self.config).map_err(|problem| problems.push(problem)).ok()?;
        let source =
            Source { document, text: &text, start, problems: RefCell::default(), needs: RefCell::default() };
        let body = match document.format {
            Format::Markdown => Some(self.markdown(&source)),
            Format::Html => {
                let html = rewrite_urls(&text[start..], &|written, range| match self
                    .follow(&source, written, range)
                {
                    Link::Keep => Change::Keep,
                    Link::To(url) => Change::To(url),
                    Link::Unlinked => Change::Drop,
                });
                Some(Body { html, feed_html: None, headings: Vec::new(), needs: Vec::new() })
            }
            Format::Wire => match wire::parse(&text) {
                Ok(article) => Some(Body {
                    html: article.to_html(wire::Audience::Page),
                    feed_html: Some(article.to_html(wire::Audience::Feed)),
                    headings: Vec::new(),
                    needs: Vec::new(),
                }),
                Err(errors) => {
                    problems.extend(errors.into_iter().map(|error| {
                        let span = error.span();
                        Problem::new(error, Place::in_text(document.name.clone(), &text, span))
                    }));
                    None
                }
            },
        };
        problems.append(&mut source.problems.into_inner());
        let needs = source.needs.into_inner().into_iter().collect();
        body.map(|body| Body { needs, ..body })
    }

    fn markdown(&self, source: &Source<'_>) -> Body {
        let links = |written: &str, range: Range<usize>| self.follow(source, written, range);
        let root = self.config.base_url.relative_root();
        let picture_size = |url: &str| {
            let path = format!("/{}", percent_decode(url.strip_prefix(&root)?));
            let size = self.files.picture_size(&path);
            source.needs.borrow_mut().insert(Need::Picture(path));
            size
        };
        let components = |call: &markdown::Call<'_>| {
            source.needs.borrow_mut().insert(Need::Components);
            self.templates.component(call.name, call.arguments, call.body)
        };
        let rules = self.config.markdown;
        let options = markdown::Options {
            smart_punctuation: rules.smart_punctuation,
            heading_ids: true,
            heading_links: rules.heading_links,
            highlight: rules.highlight,
            math: source.document.front.math.unwrap_or(rules.math),
        };
        let surroundings =
            markdown::Surroundings { links: &links, picture_size: &picture_size, components: &components };
        let rendered = markdown::render(&source.text[source.start..], &options, &surroundings);
        let found = rendered.problems.into_iter();
        let found = found.map(|(range, error)| Problem::new(error, source.place(range)));
        source.problems.borrow_mut().extend(found);
        Body { html: rendered.html, feed_html: None, headings: rendered.headings, needs: Vec::new() }
    }

    /// What becomes of the link `written` at `range` of the body.
    fn follow(&self, source: &Source<'_>, written: &str, range: Range<usize>) -> Link {
        if let Some(need) = Need::link(written) {
            source.needs.borrow_mut().insert(need);
        }
        let report =
            |cause: LinkError| source.problems.borrow_mut().push(Problem::new(cause, source.place(range)));
        match self.links.follow(source.document, written) {
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
