//! The body of a source into HTML, its links followed.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::ops::Range;

use tera::value::Key;
use tera::{Map, Value};

use super::{Need, Renderer, place_in};
use crate::model::diagnostics::{Place, Problem};
use crate::model::html::{Change, rewrite_urls};
use crate::model::url::{UrlPath, percent_decode};
use crate::render::markdown::{self, Heading, Link, MarkdownError, Refusal};
use crate::render::template;
use crate::site::identity::{LinkError, Target};
use crate::source::data;
use crate::source::{Document, FOLDER, Format, encoding, named_encoding, wire};

/// The most bytes of a file of data: more of them make no page.
const MOST_DATA: usize = 4 * 1024 * 1024;

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
pub(super) struct Source<'a> {
    pub document: &'a Document,
    /// The whole file, and the byte at which its body starts.
    text: &'a str,
    start: usize,
    problems: RefCell<Vec<Problem>>,
    pub needs: RefCell<BTreeSet<Need>>,
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
        let body = body.map(|body| Body { html: self.with_pictures(&source, body.html), ..body });
        problems.append(&mut source.problems.into_inner());
        let needs = source.needs.into_inner().into_iter().collect();
        body.map(|body| Body { needs, ..body })
    }

    fn markdown(&self, source: &Source<'_>) -> Body {
        let links = |written: &str, range: Range<usize>| self.follow(source, written, range);
        let root = self.config.base_url.relative_root();
        let picture_size = |url: &str| {
            let path = format!("/{}", percent_decode(url.strip_prefix(&root)?));
            // What is planned has its size from there.
            let is_planned = super::pictures::planned(self.config, self.plan, url).is_some();
            let size = if is_planned { None } else { self.files.picture_size(&path) };
            source.needs.borrow_mut().insert(Need::Picture(path));
            size
        };
        let components = |call: &markdown::Call<'_>| {
            source.needs.borrow_mut().insert(Need::Components);
            let lang = source.document.front.lang.as_ref().unwrap_or(&self.config.language);
            let given = vec![
                ("data", self.data(source, call)?),
                ("lang", Value::from(lang.as_str())),
                ("words", self.views.words()),
            ];
            self.templates.component(call.name, call.arguments, call.body, given)
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
        let is_asked =
            |error: &MarkdownError| *error != MarkdownError::NoAlt || self.config.images.responsive;
        let found = rendered.problems.into_iter().filter(|(_, error)| is_asked(error));
        let found = found.map(|(range, error)| Problem::new(error, source.place(range)));
        source.problems.borrow_mut().extend(found);
        Body { html: rendered.html, feed_html: None, headings: rendered.headings, needs: Vec::new() }
    }

    /// The files of data that the arguments of `call` name, by the names of the arguments.
    fn data(&self, source: &Source<'_>, call: &markdown::Call<'_>) -> Result<Value, Refusal> {
        let mut map = Map::default();
        for argument in markdown::arguments(call.arguments) {
            let Some(written) = argument.text.filter(|text| text.ends_with(".csv") || text.ends_with(".tsv"))
            else {
                continue;
            };
            let table = self.table(source, written).map_err(|reason| Refusal {
                reason: format!("{written}: {reason}"),
                argument: Some(argument.range.clone()),
            })?;
            map.insert(Key::String(argument.name.into()), table);
        }
        Ok(Value::from(map))
    }

    /// The table in the CSV file `written`.
    fn table(&self, source: &Source<'_>, written: &str) -> Result<Value, String> {
        let missing = || "there is no such file beside this one, nor from the root of `static/`".to_owned();
        if let Some(need) = Need::link(written) {
            source.needs.borrow_mut().insert(need);
        }
        let path = match self.links.follow(source.document.path(), written) {
            Target::Live(path, _) => path,
            Target::HeldBack(_) => return Err("it is held back with its article".to_owned()),
            _ => UrlPath::parse(&format!("/{}", written.trim_start_matches('/'))).map_err(|_| missing())?,
        };
        source.needs.borrow_mut().insert(Need::Data(path.as_str().to_owned()));
        let file = self.files.get(&path).ok_or_else(missing)?;
        let bytes = std::fs::read(file).map_err(|error| error.to_string())?;
        if bytes.len() > MOST_DATA {
            return Err(format!("it has {} bytes, and {MOST_DATA} are the most", bytes.len()));
        }
        let name = file.strip_prefix(self.root.join(FOLDER)).ok().and_then(|name| name.to_str());
        let encoding = name.and_then(|name| named_encoding(name, self.config));
        let text = encoding::decode(bytes, encoding).map_err(|error| error.to_string())?;
        Ok(template::table(written, &data::csv(&text)?))
    }

    /// What becomes of the link `written` at `range` of the body.
    fn follow(&self, source: &Source<'_>, written: &str, range: Range<usize>) -> Link {
        if let Some(need) = Need::link(written) {
            source.needs.borrow_mut().insert(need);
        }
        let report =
            |cause: LinkError| source.problems.borrow_mut().push(Problem::new(cause, source.place(range)));
        match self.links.follow(source.document.path(), written) {
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
