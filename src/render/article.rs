//! The page of an article or a page.

use tera::{Context, Value};

use super::body::Body;
use super::inputs::{Article, BesideData, Site, Template, View, inputs};
use super::media;
use crate::model::diagnostics::Problem;
use crate::render::template::views::{Beside, Fields};
use crate::site::library::{DocsPart, LeafId};

inputs! {
    /// Inputs of the page of an article or a page.
    pub struct Inputs<'a> shares template: Template<'a> {
        article: Article<'a>,
        previous: Option<View<'a>>,
        next: Option<View<'a>>,
        series: Vec<View<'a>>,
        profiles: Vec<View<'a>>,
        social: View<'a>,
        translations: Option<View<'a>>,
        related: Option<View<'a>>,
        lists: Option<View<'a>>,
        section: Option<View<'a>>,
        docs: Option<View<'a>>,
        feeds: Option<View<'a>>,
        data: BesideData<'a>,
        lang: &'a str,
    }
}

/// The inputs of the page of `article`, which has the number `id`.
pub(super) fn inputs<'a>(site: Site<'a>, id: LeafId, article: Article<'a>) -> Inputs<'a> {
    let leaf = site.all.library.leaf(id);
    let standard = match &leaf.dates {
        _ if site.all.library.is_docs(id) => "docs.html",
        Some(_) => "article.html",
        None => "page.html",
    };
    let chosen = leaf.listing.has_template.then(|| leaf.document.load());
    with_template(site, id, article, Template::of(site, chosen, standard))
}

/// The inputs of a document about `article` that `template` makes.
pub(super) fn with_template<'a>(
    site: Site<'a>,
    id: LeafId,
    article: Article<'a>,
    template: Template<'a>,
) -> Inputs<'a> {
    let library = site.all.library;
    let leaf = library.leaf(id);
    let template = template.at(leaf.document.path());
    let (section, neighbours) = (library.section_of(id), library.neighbours(id));
    let shows_translations = ["translations", "json"].into_iter().any(|word| template.mentions(word));
    Inputs {
        article,
        previous: neighbours.previous.map(|id| site.neighbour(id)),
        next: neighbours.next.map(|id| site.neighbour(id)),
        series: site.series(id),
        profiles: site.profiles(id),
        social: site.social(id),
        translations: shows_translations.then(|| site.translations(&leaf.path)),
        related: template.read("related", || site.cards(library.related(id, &site.all.config.related))),
        lists: template.read("lists", || site.lists(id)).flatten(),
        section: template.read("section", || site.section_around(section, &template)),
        docs: template.read("docs", || site.docs(DocsPart::Leaf(id))).flatten(),
        feeds: template.read("feeds", || site.feeds_of_section(section)),
        data: template.beside(),
        lang: leaf.rare.lang.as_deref().unwrap_or(template.settings().language()),
        template,
    }
}

impl Inputs<'_> {
    /// Renders the page around the article's `body`.
    pub(super) fn render(&self, body: &Body) -> Result<Vec<u8>, Problem> {
        let translations = self.translations();
        self.render_from(self.value(body, &translations), translations)
    }

    /// Renders a document from the article's `body` that may also show its Markdown.
    pub(super) fn render_with_markdown(&self, body: &Body) -> Result<Vec<u8>, Problem> {
        let markdown = self.article.markdown(body)?;
        let translations = self.translations();
        let mut fields = Fields::of(&self.value(body, &translations));
        fields.set("markdown", markdown);
        self.render_from(Value::from(fields), translations)
    }

    /// The article in its languages; nothing for a template that doesn't show them.
    fn translations(&self) -> Value {
        self.translations.as_ref().map_or_else(|| Value::from(Vec::<Value>::new()), |view| view.value(""))
    }

    fn value(&self, body: &Body, translations: &Value) -> Value {
        let beside = Beside {
            previous: self.previous.as_ref().map(|one| one.value("")),
            next: self.next.as_ref().map(|one| one.value("")),
            series: self.series.iter().map(|one| one.value("")).collect(),
            profiles: self.profiles.iter().map(|one| one.value("")).collect(),
            media: media::fields(self.article, self.template.settings()),
            social: self.social.value(""),
            translations: translations.clone(),
        };
        self.article.value(body, beside)
    }

    fn render_from(&self, article: Value, translations: Value) -> Result<Vec<u8>, Problem> {
        let mut context = Context::new();
        context.insert_value("article", article);
        context.insert_value("translations", translations);
        for (name, view) in [
            ("related", &self.related),
            ("lists", &self.lists),
            ("section", &self.section),
            ("docs", &self.docs),
            ("feeds", &self.feeds),
        ] {
            if let Some(view) = view {
                context.insert_value(name, view.value(""));
            }
        }
        self.template.render(context, self.lang, self.article.name())
    }
}
