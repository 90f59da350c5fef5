//! The documents of `[[outputs]]`: templates of the site, rendered for the site, a section, an article, a page or a term.
//!
//! A media type decides how a document ends up: a calendar gets the lines that RFC 5545 asks for, and JSON is read back.

use super::inputs::{Article, Fingerprinted, Site, Template, Text};
use super::page::Page;
use super::{Document, EntryMap, Found, RenderError, article, calendar};
use crate::config::OutputRules;
use crate::model::diagnostics::{Place, Problem};
use crate::model::digest::Fingerprinter;
use crate::output::Fingerprint;
use crate::site::library::LeafId;
use crate::site::plan::{Planned, Subject};

/// Inputs of a document of `[[outputs]]`.
pub struct Output<'a> {
    of: Of<'a>,
    rules: &'a OutputRules,
    /// Its path, for messages.
    subject: &'a str,
}

enum Of<'a> {
    Article(Box<article::Inputs<'a>>),
    Page(Box<Page<'a>>),
}

/// The inputs of the document `planned` of the output at the index `at`, about `subject`.
pub(super) fn inputs<'a>(site: Site<'a>, at: usize, subject: Subject, planned: &'a Planned) -> Output<'a> {
    let rules = &site.all.config.outputs[at];
    let library = site.all.library;
    let template = Template::named(site, rules.template.as_str());
    let path = planned.path.as_str();
    let page = |template| Page::new(template, path);
    let listed = |articles: &[LeafId]| -> Vec<LeafId> {
        let has_section = |id: &&LeafId| site.all.config.has_section(rules, &library.leaf(**id).section);
        articles.iter().filter(has_section).take(rules.limit.unwrap_or(usize::MAX)).copied().collect()
    };
    let of = match subject {
        Subject::Leaf(id) => {
            Of::Article(Box::new(article::with_template(site, id, Article::of(site, id), template)))
        }
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
            Of::Page(Box::new(page.with_text(root.map(|document| Text::of(site, document)))))
        }
        Subject::Section(index) => {
            let section = &library.sections[index];
            let document = section.settled.document.as_deref();
            let page = page(template)
                .in_language(section.settled.lang.as_deref())
                .with("section", || site.section(index))
                .with("pager", || site.whole_pager(listed(&section.articles), &planned.path))
                .with("feeds", || site.feeds_of_section(index));
            Of::Page(Box::new(page.with_text(document.map(|document| Text::of(site, document)))))
        }
        Subject::Term(taxonomy, number) => {
            let term = &library.taxonomies[taxonomy].terms[number];
            let document = term.description.as_deref();
            let page = page(template)
                .with("term", || site.term(taxonomy, number))
                .with("pager", || site.whole_pager(listed(&term.articles), &planned.path))
                .with("feeds", || site.feeds_of_term(taxonomy, number));
            Of::Page(Box::new(page.with_text(document.map(|document| Text::of(site, document)))))
        }
    };
    Output { of, rules, subject: path }
}

impl Fingerprinted for Output<'_> {
    fn fingerprint(&self) -> Option<Fingerprint> {
        let Fingerprint { own, shared } = match &self.of {
            Of::Article(inputs) => inputs.fingerprint(),
            Of::Page(page) => page.fingerprint(),
        }?;
        let mut print = Fingerprinter::default();
        print.bytes(own.bytes()).value(&self.rules.media_type);
        Some(Fingerprint { own: print.finish(), shared })
    }

    fn template(&self) -> Option<&str> {
        match &self.of {
            Of::Article(inputs) => inputs.template(),
            Of::Page(page) => page.template(),
        }
    }
}

impl Document for Output<'_> {
    /// Problems with the text are reported with the page that shows it, so only an error without which there is no
    /// document is reported here too.
    fn render(&mut self, entries: &EntryMap, found: &mut Found) -> Result<Vec<u8>, Problem> {
        let mut of_text = Found::default();
        let rendered = match &mut self.of {
            Of::Article(inputs) => match inputs.render_with_markdown(&mut of_text.problems) {
                Some(rendered) => rendered,
                None => {
                    let mut errors = of_text.problems.into_iter().filter(Problem::is_error);
                    let first = errors.next();
                    found.problems.extend(errors);
                    return Err(first.unwrap_or_else(|| self.refuse("its text can't be rendered")));
                }
            },
            Of::Page(page) => page.render(entries, &mut of_text),
        };
        found.needed = of_text.needed;
        self.finish(rendered?)
    }
}

impl Output<'_> {
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
        let cause = RenderError::Output { path: self.subject.to_owned(), reason: reason.to_owned() };
        Problem::new(cause, Place::file(format!("templates/{}", self.rules.template)))
    }
}
