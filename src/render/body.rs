//! Renders the body of a source as HTML and resolves its links.

use std::cell::RefCell;
use std::ops::Range;

use tera::value::Key;
use tera::{Map, Value};

use super::inputs::{Lookup, Need, id_of};
use super::pictures::with_pictures;
use crate::config::RawHtml;
use crate::model::diagnostics::{Lines, Place, Problem};
use crate::model::html::{Change, Mark, marks, rewrite_urls};
use crate::render::markdown::{self, Heading, Link, MarkdownError, Refusal};
use crate::site::identity::{LinkError, Target};
use crate::source::{Format, wire};

/// A rendered body.
pub struct Body {
    /// HTML for the page.
    pub html: String,
    /// HTML for feeds, where it differs from the page's.
    pub feed_html: Option<String>,
    /// Its headings, for a table of contents.
    pub headings: Vec<Heading>,
    /// Its needs, each once, in order.
    pub needs: Vec<Need>,
}

impl Body {
    fn of(html: String, feed_html: Option<String>) -> Body {
        Body { html, feed_html, headings: Vec::new(), needs: Vec::new() }
    }
}

/// A source while its body is rendered.
struct Source<'a> {
    lookup: &'a Lookup<'a>,
    /// The whole file, and the byte at which its body starts.
    text: &'a str,
    start: usize,
    lines: Lines<'a>,
    problems: RefCell<Vec<Problem>>,
}

/// Reads and renders the body of the source of `lookup`. `None` means that `problems` have the reason.
pub(super) fn render(lookup: Lookup<'_>, problems: &mut Vec<Problem>) -> Option<Body> {
    let (text, start) = lookup.text().map_err(|problem| problems.push(problem)).ok()?;
    let lines = Lines::new(lookup.document.name.clone(), &text);
    let source = Source { lookup: &lookup, text: &text, start, lines, problems: RefCell::default() };
    let mut ids = Vec::new();
    let body = match lookup.document.format {
        Format::Markdown => source.markdown(&mut ids),
        Format::Html => {
            let follow = |written: &str, range: Range<usize>| match source.follow(written, range) {
                Link::Keep => Change::Keep,
                Link::To(url) => Change::To(url),
                Link::Unlinked => Change::Drop,
            };
            if let Some(at) = markdown::too_deep_html(&text[start..]) {
                problems.push(Problem::new(MarkdownError::TooMuchHtml, source.place(at..at + 1)));
                return None;
            }
            let html = rewrite_urls(&text[start..], &follow);
            let html = match lookup.settings().raw_html(lookup.document) {
                RawHtml::Allow => html,
                RawHtml::Sanitize => {
                    markdown::sanitized(&text[start..], &mut |range, error| {
                        source.problems.borrow_mut().push(Problem::new(error, source.place(range)));
                    });
                    markdown::sanitized(&html, &mut |_, _| {})
                }
                RawHtml::Escape => {
                    problems.push(Problem::new(MarkdownError::HtmlSource, source.place(0..1)));
                    return None;
                }
            };
            marks(&html, &mut |mark| {
                if let Mark::Id(id) = mark {
                    ids.push(id_of(&id));
                }
            });
            Body::of(html, None)
        }
        Format::Wire => match wire::parse(&text) {
            Ok(article) => {
                let for_feeds = article.to_html(wire::Audience::Feed);
                Body::of(article.to_html(wire::Audience::Page), Some(for_feeds))
            }
            Err(errors) => {
                problems.extend(errors.into_iter().map(|error| {
                    let span = error.span();
                    Problem::new(error, source.lines.place(span))
                }));
                return None;
            }
        },
    };
    ids.sort_unstable();
    ids.dedup();
    let html = from_server_root(&lookup, body.html);
    let html = with_pictures(&lookup, html);
    let feed_html = body.feed_html.map(|html| from_server_root(&lookup, html));
    let front = &lookup.document.front;
    for written in front.image.as_deref().into_iter().chain(front.banner.as_deref()) {
        if let Target::HeldBackFile(target) = lookup.target(&written.value) {
            problems.push(Problem::new(LinkError::HeldBackFile { target }, written.place.clone()));
        }
    }
    problems.append(&mut source.problems.into_inner());
    let mut needs = lookup.into_needs();
    needs.push(Need::Ids(ids.into_boxed_slice()));
    Some(Body { html, feed_html, needs, ..body })
}

/// `html` with its paths from the site's root as paths from the server's root. Until here, all resolved links of a body
/// count from the site's root, so that those in nested components are resolved once.
fn from_server_root(lookup: &Lookup<'_>, html: String) -> String {
    let settings = lookup.settings();
    if !settings.moves_paths() {
        return html;
    }
    rewrite_urls(&html, &|url, _| match url.starts_with('/') && !url.starts_with("//") {
        true => Change::To(settings.rooted(url)),
        false => Change::Keep,
    })
}

impl Source<'_> {
    fn place(&self, range: Range<usize>) -> Place {
        self.lines.place(self.start + range.start..self.start + range.end)
    }

    /// Renders the body, and adds the digests of the ids in it.
    fn markdown(&self, ids: &mut Vec<u32>) -> Body {
        let links = |written: &str, range: Range<usize>| self.follow(written, range);
        let picture_size = |url: &str| self.lookup.picture_size(url);
        let components = |call: &markdown::Call<'_>| self.lookup.component(call, self.data(call)?);
        let settings = self.lookup.settings();
        let rules = settings.markdown();
        let language = settings.spoken_in(self.lookup.document.front.lang.as_deref());
        let options = markdown::Options {
            quotes: rules.smart_punctuation.then(|| language.locale().quotes()),
            heading_ids: true,
            heading_links: rules.heading_links,
            highlight: rules.highlight,
            switches: rules.switches,
            raw_html: settings.raw_html(self.lookup.document),
            math: self.lookup.document.front.math.unwrap_or(rules.math),
        };
        let surroundings = markdown::Surroundings {
            links: &links,
            picture_size: &picture_size,
            components: &components,
            language: &language,
        };
        let rendered = markdown::render(&self.text[self.start..], &options, &surroundings);
        ids.extend(rendered.ids.iter().map(|id| id_of(id)));
        let is_asked = |error: &MarkdownError| *error != MarkdownError::NoAlt || settings.images().responsive;
        let found = rendered.problems.into_iter().filter(|(_, error)| is_asked(error));
        let found = found.map(|(range, error)| Problem::new(error, self.place(range)));
        self.problems.borrow_mut().extend(found);
        Body { headings: rendered.headings, ..Body::of(rendered.html, None) }
    }

    /// The data files named by the arguments of `call`, by the names of the arguments.
    fn data(&self, call: &markdown::Call<'_>) -> Result<Value, Refusal> {
        let mut map = Map::default();
        for argument in markdown::arguments(call.arguments) {
            let Some(written) = argument.text.filter(|text| text.ends_with(".csv") || text.ends_with(".tsv"))
            else {
                continue;
            };
            let table = self.lookup.table(written).map_err(|reason| Refusal {
                reason: format!("{written}: {reason}"),
                argument: Some(argument.range.clone()),
            })?;
            map.insert(Key::String(argument.name.into()), table);
        }
        Ok(Value::from(map))
    }

    /// Follows the link `written` at `range` of the body.
    fn follow(&self, written: &str, range: Range<usize>) -> Link {
        let report =
            |cause: LinkError| self.problems.borrow_mut().push(Problem::new(cause, self.place(range)));
        match self.lookup.link(written) {
            // Those that lead nowhere are reported after rendering.
            Target::Elsewhere | Target::Broken | Target::Dead(_) => Link::Keep,
            // On its own host, that path could be another page's.
            Target::Live(path, rest) if self.lookup.settings().is_on_other_host(&path) => {
                Link::To(self.lookup.settings().absolute(&path) + &rest)
            }
            Target::Live(path, rest) => Link::To(path.encoded().into_owned() + &rest),
            Target::HeldBack(target) => {
                report(LinkError::HeldBack { target });
                Link::Unlinked
            }
            Target::HeldBackFile(target) => {
                report(LinkError::HeldBackFile { target });
                Link::Unlinked
            }
        }
    }
}
