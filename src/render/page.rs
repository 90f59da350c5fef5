//! Pages rendered by a template from views: all HTML documents except articles.

use tera::Context;

use super::inputs::{BesideData, Site, Template, Text, View, inputs};
use super::{Document, EntryMap, Found};
use crate::model::diagnostics::Problem;
use crate::site::plan::Planned;

inputs! {
    /// Inputs of a page: the text of its section or term, and the views that its template reads, by name.
    pub struct Page<'a> shares template: Template<'a> {
        text: Option<Text<'a>>,
        views: Vec<(&'static str, View<'a>)>,
        data: BesideData<'a>,
        subject: &'a str,
        lang: &'a str,
    }
}

impl<'a> Page<'a> {
    /// A page of `template` for `subject`, the source or page named in messages.
    pub(super) fn new(template: Template<'a>, subject: &'a str) -> Self {
        let lang = template.settings().language();
        Page { data: template.beside(), template, text: None, views: Vec::new(), subject, lang }
    }

    /// A page of the whole site with the template `name`; it links the site's feeds.
    pub(super) fn of_site(site: Site<'a>, name: &'static str, planned: &'a Planned) -> Self {
        Page::new(Template::named(site, name), &planned.source)
            .with("feeds", || site.feeds())
            .with("translations", || site.translations(&planned.path))
    }

    /// Adds a view, if the template reads it.
    pub(super) fn with(mut self, name: &'static str, view: impl FnOnce() -> View<'a>) -> Self {
        self.views.extend(self.template.read(name, view).map(|view| (name, view)));
        self
    }

    /// Adds a view that there may be none of, if the template reads it.
    pub(super) fn with_some(mut self, name: &'static str, view: impl FnOnce() -> Option<View<'a>>) -> Self {
        self.views.extend(self.template.read(name, view).flatten().map(|view| (name, view)));
        self
    }

    /// Says the language of its section or notice, if it has one of its own.
    pub(super) fn in_language(self, lang: Option<&'a str>) -> Self {
        Page { lang: lang.unwrap_or(self.lang), ..self }
    }

    /// Adds the text of its section or term.
    pub(super) fn with_text(self, text: Option<Text<'a>>) -> Self {
        Page { text, ..self }
    }
}

impl Document for Page<'_> {
    fn render(&mut self, _: &EntryMap, found: &mut Found) -> Result<Vec<u8>, Problem> {
        let body = self.text.as_mut().and_then(|text| text.render(&mut found.problems));
        let html = body.map(|body| body.html).unwrap_or_default();
        found.needed = self.text.as_ref().map(Text::needed);
        let mut context = Context::new();
        for (name, view) in &self.views {
            context.insert_value(*name, view.value(&html));
        }
        self.template.render(context, self.lang, self.subject)
    }
}
