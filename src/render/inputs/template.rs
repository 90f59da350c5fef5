//! A template as an input of documents: its text, the templates it builds on, and the shared views it reads.

use std::borrow::Cow;
use std::collections::BTreeSet;

use tera::{Context, Value};

use super::{Digested, Settings, Shared, Site};
use crate::model::diagnostics::Problem;
use crate::model::digest::{Digest, Fingerprinter};
use crate::model::html::without_forbidden;
use crate::render::Renderer;
use crate::render::template::TemplateError;
use crate::source::Document;

/// The name of the view of data files.
pub(super) const DATA: &str = "data";

/// Values of single documents. A template gets only those that it reads.
const OWN: [&str; 17] = [
    "section",
    "docs",
    "front",
    "feeds",
    "related",
    "blocks",
    "pager",
    "taxonomy",
    "term",
    "year",
    "month",
    "target",
    "notice",
    "groups",
    "pages",
    "lists",
    "translations",
];

/// Words for which parts of values are made: the pages of a section, the translations of an article, and `json`, the filter
/// that writes all parts of a value.
const PARTS: [&str; 3] = ["pages", "translations", "json"];

/// The part of a fingerprint that all documents of a template share.
pub struct TemplateDigest {
    /// Digest of the settings, the template's text and the shared views that it reads.
    shared: Digest,
    /// The values of [`OWN`] that it reads.
    reads: Vec<&'static str>,
    /// The words of [`PARTS`] that its tags have.
    mentions: Vec<&'static str>,
}

/// The template of a document.
pub struct Template<'a> {
    site: Site<'a>,
    name: Cow<'a, str>,
    known: Option<&'a TemplateDigest>,
    /// The keys of the view `data` that it reads.
    keys: Option<&'a BTreeSet<Vec<String>>>,
    /// The folder of the source below `content/` whose data files it reads.
    folder: Option<&'a str>,
}

/// The data files beside a source that a template reads.
pub struct BesideData<'a> {
    site: Site<'a>,
    keys: Option<&'a BTreeSet<Vec<String>>>,
    folder: Option<&'a str>,
}

impl Digested for BesideData<'_> {
    fn add_to(&self, print: &mut Fingerprinter) {
        let folder = self.folder.filter(|folder| self.site.all.data.has_beside(folder));
        if let (Some(keys), Some(folder)) = (self.keys, folder) {
            self.site.all.data.add(print, Some(folder), keys);
        }
    }
}

impl Renderer<'_> {
    /// The part of a fingerprint that all documents of each template share.
    pub(in crate::render) fn template_digests(&self) -> impl Iterator<Item = (String, TemplateDigest)> {
        self.templates.reads().map(|(name, reads)| {
            let mut hasher = Fingerprinter::default();
            hasher.bytes(self.environment.bytes()).bytes(reads.digest.bytes());
            // Each list has a digest of its own.
            let views = self.shared_views.iter().filter(|(view, _)| *view != "lists" && reads.has(view));
            let lists = self.lists.iter().filter(|(name, _)| reads.has_list(name)).map(|(_, digest)| digest);
            for digest in views.map(|(_, digest)| digest).chain(lists) {
                hasher.bytes(digest.bytes());
            }
            self.data.add(&mut hasher, None, &reads.data);
            let own = OWN.into_iter().filter(|name| reads.has(name)).collect();
            (
                name.to_owned(),
                TemplateDigest {
                    shared: hasher.finish(),
                    reads: own,
                    mentions: PARTS.into_iter().filter(|word| reads.mentions(word)).collect(),
                },
            )
        })
    }
}

impl<'a> Template<'a> {
    /// The template `name` of the program or of the site.
    pub(in crate::render) fn named(site: Site<'a>, name: impl Into<Cow<'a, str>>) -> Self {
        let name = name.into();
        let known = site.all.template_digests.get(&*name);
        let reads = site.all.templates.reads_of(&name);
        let keys = reads.map(|reads| &reads.data).filter(|keys| !keys.is_empty());
        Template { site, name, known, keys, folder: None }
    }

    /// The template for the source at `path` below `content/`, which may have data files beside it.
    pub(in crate::render) fn at(self, path: &'a str) -> Self {
        let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
        Template { folder: Some(folder), ..self }
    }

    /// The data files beside the source that it reads.
    pub(in crate::render) fn beside(&self) -> BesideData<'a> {
        BesideData { site: self.site, keys: self.keys, folder: self.folder }
    }

    /// The template that `document` names, if it exists, else `standard`.
    pub(in crate::render) fn of(site: Site<'a>, document: Option<&'a Document>, standard: &'a str) -> Self {
        let chosen = document.and_then(|document| document.front.template.as_ref());
        let chosen = chosen.filter(|chosen| site.all.templates.has(&chosen.value));
        let template = Template::named(site, chosen.map_or(standard, |chosen| chosen.value.as_str()));
        match document {
            Some(document) => template.at(document.path()),
            None => template,
        }
    }

    /// The template of the pages of a taxonomy: the one that `document` names, else the taxonomy's own, else `standard`.
    pub(in crate::render) fn of_taxonomy(
        site: Site<'a>,
        taxonomy: &str,
        document: Option<&'a Document>,
        standard: &'a str,
    ) -> Self {
        let own = format!("{taxonomy}/{standard}");
        match document.is_none_or(|document| document.front.template.is_none())
            && site.all.templates.has(&own)
        {
            true => match document {
                Some(document) => Template::named(site, own).at(document.path()),
                None => Template::named(site, own),
            },
            false => Template::of(site, document, standard),
        }
    }

    /// Makes the value `name`, if the template reads it.
    pub fn read<T>(&self, name: &str, value: impl FnOnce() -> T) -> Option<T> {
        self.known.is_some_and(|known| known.reads.contains(&name)).then(value)
    }

    /// True if its tags have `word`, one of [`PARTS`].
    pub(in crate::render) fn mentions(&self, word: &str) -> bool {
        self.known.is_some_and(|known| known.mentions.contains(&word))
    }

    /// The settings.
    pub fn settings(&self) -> Settings<'a> {
        self.site.settings()
    }

    /// Renders it in the language `lang` for `subject`, the source or page that a message names.
    ///
    /// # Errors
    /// A problem in the template's file, at the line where rendering stopped.
    pub fn render(&self, mut context: Context, lang: &str, subject: &str) -> Result<Vec<u8>, Problem> {
        let all = self.site.all;
        context.insert_value("lang", Value::from(lang));
        context.insert_value("words", all.views.words(lang));
        if let Some(keys) = self.keys {
            context.insert_value(DATA, all.data.view(self.folder, keys)?);
        }
        let rendered = all.templates.render(&self.name, &context, subject);
        rendered.map(|text| without_forbidden(text).into_bytes()).map_err(|problem| self.about_data(problem))
    }

    /// `problem` in words about data, if its reason is a data file that this source or the site does not have.
    fn about_data(&self, problem: Problem) -> Problem {
        let (place, cause) = (problem.place().cloned(), problem.cause());
        let (Some(place), Some(TemplateError::Render { message, subject, .. })) = (place, cause) else {
            return problem;
        };
        let found = self.keys.into_iter().flatten().find_map(|keys| {
            let (wrong, remedy) = self.site.all.data.missing(self.folder, keys)?;
            let is_it = message.starts_with(&format!("Field `{wrong}` is not defined"));
            is_it.then(|| (format!("there is no `{DATA}.{}`", keys.join(".")), remedy))
        });
        let Some((message, remedy)) = found else { return problem };
        Problem::new(TemplateError::Render { message, remedy, subject: subject.clone() }, place)
    }
}

/// A template of the site that makes a part of other documents, from a card alone.
pub struct Part<'a>(Template<'a>);

impl<'a> Part<'a> {
    /// The template `name`, if the site or its theme's folder has one.
    pub(in crate::render) fn of(site: Site<'a>, name: &'static str) -> Option<Self> {
        site.all.templates.is_own(name).then(|| Part(Template::named(site, name)))
    }

    /// Renders it with `article`; `subject` is the source that a message names.
    ///
    /// # Errors
    /// A problem in the template's file.
    pub fn render(&self, article: Value, subject: &str) -> Result<String, Problem> {
        let lang = article.get_from_path("lang").and_then(Value::as_str).map(str::to_owned);
        let lang = lang.unwrap_or_else(|| self.0.settings().language().to_owned());
        let mut context = Context::new();
        context.insert_value("article", article);
        let html = self.0.render(context, &lang, subject)?;
        Ok(String::from_utf8_lossy(&html).into_owned())
    }
}

impl Digested for Part<'_> {
    fn add_to(&self, print: &mut Fingerprinter) {
        self.0.digest().add_to(print);
    }
}

impl Shared for Template<'_> {
    fn digest(&self) -> Option<Digest> {
        self.known.map(|known| known.shared)
    }

    fn template(&self) -> Option<&str> {
        Some(&self.name)
    }
}
