//! The documents of `[[outputs]]`: templates of the site, rendered for the site, a section, an article, a page or a term.
//!
//! A media type decides how a document ends up: a calendar gets the lines that RFC 5545 asks for, and JSON is read back.

use super::body::Body;
use super::inputs::{Article, Fingerprinted, Site, Template, Text};
use super::page::Page;
use super::{Document, EntryMap, Found, RenderError, article, calendar};
use crate::config::OutputRules;
use crate::model::diagnostics::{Place, Problem};
use crate::model::digest::Fingerprinter;
use crate::output::Fingerprint;
use crate::site::library::LeafId;
use crate::site::plan::{Planned, Subject};

/// Inputs of a document of `[[outputs]]` about the site, a section or a term.
pub struct Output<'a> {
    page: Page<'a>,
    kind: Kind<'a>,
}

/// Inputs of a document of `[[outputs]]` about an article or a page. It is rendered with the article's page, from one
/// body.
pub struct Beside<'a> {
    article: article::Inputs<'a>,
    kind: Kind<'a>,
}

/// The rules of a document of `[[outputs]]`.
struct Kind<'a> {
    rules: &'a OutputRules,
    /// The path of the document, for messages.
    path: &'a str,
}

/// The inputs of the document `planned` of the output at the index `at`, about `article` with the number `id`.
pub(super) fn beside<'a>(
    site: Site<'a>,
    at: usize,
    (id, article): (LeafId, Article<'a>),
    planned: &'a Planned,
) -> Beside<'a> {
    let rules = &site.all.config.outputs[at];
    let template = Template::named(site, rules.template.as_str());
    let article = article::with_template(site, id, article, template);
    Beside { article, kind: Kind { rules, path: planned.path.as_str() } }
}

/// The inputs of the document `planned` of the output at the index `at`, about `subject`; `None` for an article, which
/// has [`beside`].
pub(super) fn inputs<'a>(
    site: Site<'a>,
    at: usize,
    subject: Subject,
    planned: &'a Planned,
) -> Option<Output<'a>> {
    let rules = &site.all.config.outputs[at];
    let library = site.all.library;
    let template = Template::named(site, rules.template.as_str());
    let path = planned.path.as_str();
    let page = |template| Page::new(template, path);
    let listed = |articles: &[LeafId]| -> Vec<LeafId> {
        let has_section = |id: &&LeafId| site.all.config.has_section(rules, &library.leaf(**id).section);
        articles.iter().filter(has_section).take(rules.limit.unwrap_or(usize::MAX)).copied().collect()
    };
    let page = match subject {
        Subject::Leaf(_) => return None,
        Subject::Site(_) => {
            let home = library.section_index(site.all.config.home_folder()).unwrap_or(0);
            let articles = library.sections.get(home).map_or(&[][..], |home| &home.articles);
            let is_page = |id: &LeafId| {
                let leaf = library.leaf(*id);
                leaf.dates.is_none() && site.all.config.has_section(rules, &leaf.section)
            };
            let pages = || library.by_name().iter().copied().filter(is_page).collect::<Vec<LeafId>>();
            let root = library.sections.get(home).and_then(|root| root.settled.document.as_deref());
            let page = page(template)
                .with("section", || site.section(home))
                .with("pager", || site.whole_pager(listed(articles), &planned.path))
                .with("pages", || site.cards(pages()))
                .with("feeds", || site.feeds());
            page.with_text(root.map(|document| Text::of(site, document)))
        }
        Subject::Section(index) => {
            let section = &library.sections[index];
            let document = section.settled.document.as_deref();
            let page = page(template)
                .in_language(section.settled.lang.as_deref())
                .with("section", || site.section(index))
                .with("pager", || site.whole_pager(listed(&section.articles), &planned.path))
                .with("feeds", || site.feeds_of_section(index));
            page.with_text(document.map(|document| Text::of(site, document)))
        }
        Subject::Term(taxonomy, number) => {
            let term = &library.taxonomies[taxonomy].terms[number];
            let document = term.description.as_deref();
            let page = page(template)
                .with("term", || site.term(taxonomy, number))
                .with("pager", || site.whole_pager(listed(&term.articles), &planned.path))
                .with("feeds", || site.feeds_of_term(taxonomy, number));
            page.with_text(document.map(|document| Text::of(site, document)))
        }
    };
    Some(Output { page, kind: Kind { rules, path } })
}

impl Fingerprinted for Output<'_> {
    fn fingerprint(&self) -> Option<Fingerprint> {
        self.page.fingerprint().map(|print| self.kind.with(print))
    }

    fn template(&self) -> Option<&str> {
        self.page.template()
    }
}

impl Fingerprinted for Beside<'_> {
    fn fingerprint(&self) -> Option<Fingerprint> {
        self.article.fingerprint().map(|print| self.kind.with(print))
    }

    fn template(&self) -> Option<&str> {
        self.article.template()
    }
}

impl Document for Output<'_> {
    /// Problems with the text are reported with the page that shows it, so only an error without which there is no
    /// document is reported here too.
    fn render(&mut self, entries: &EntryMap, found: &mut Found) -> Result<Vec<u8>, Problem> {
        let mut of_text = Found::default();
        let rendered = self.page.render(entries, &mut of_text);
        found.needed = of_text.needed;
        self.kind.finish(rendered?)
    }
}

impl Beside<'_> {
    /// Renders it from the `body` of its article.
    ///
    /// # Errors
    /// The source can't be read, the template has an error, or the document is not what its media type says.
    pub(super) fn render(&self, body: &Body) -> Result<Vec<u8>, Problem> {
        self.kind.finish(self.article.render_with_markdown(body)?)
    }
}

impl Kind<'_> {
    /// `print` with the media type.
    fn with(&self, Fingerprint { own, shared }: Fingerprint) -> Fingerprint {
        let mut print = Fingerprinter::default();
        print.bytes(own.bytes()).value(&self.rules.media_type);
        Fingerprint { own: print.finish(), shared }
    }

    /// The document as its media type wants it.
    fn finish(&self, bytes: Vec<u8>) -> Result<Vec<u8>, Problem> {
        let media_type = self.rules.media_type.as_str();
        if matches!(media_type, "text/calendar" | "text/vcard") {
            return Ok(calendar::lines(&String::from_utf8_lossy(&bytes)).into_bytes());
        }
        if media_type.ends_with("/json") || media_type.ends_with("+json") {
            let read: Result<serde::de::IgnoredAny, _> = serde_json::from_slice(&bytes);
            read.map_err(|error| self.refuse(&error.to_string()))?;
        }
        Ok(bytes)
    }

    fn refuse(&self, reason: &str) -> Problem {
        let cause = RenderError::Output { path: self.path.to_owned(), reason: reason.to_owned() };
        Problem::new(cause, Place::file(format!("templates/{}", self.rules.template)))
    }
}
