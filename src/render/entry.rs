//! The entry of an article in feeds, made once and shared by all of them.

use super::body::Body;
use super::inputs::{Article, Known, Labels, Part, Settings, Show, Site, inputs};
use super::podcast::{enclosures, episode};
use crate::config::Author;
use crate::feed::{self, Category, Entry, Person, Picture, Written, atom_id};
use crate::language::Form;
use crate::model::diagnostics::Problem;
use crate::model::html::escape;
use crate::site::library::LeafId;

inputs! {
    /// Inputs of the entry of an article, beside the settings that all documents share.
    pub struct Inputs<'a> {
        article: Article<'a>,
        labels: Labels<'a>,
        author: Option<Known<'a, Author>>,
        in_podcast: bool,
        /// The URL that goes before those of recordings.
        prefix: Option<&'a str>,
        guid_authority: &'a str,
        header: Option<Part<'a>>,
        footer: Option<Part<'a>>,
    }
}

/// The inputs of the entry of `article`, the article number `id`.
pub(super) fn inputs<'a>(site: Site<'a>, id: LeafId, article: Article<'a>) -> Inputs<'a> {
    let show = Show::around(site, id);
    Inputs {
        article,
        labels: Labels::of(site, id),
        author: site.author(),
        in_podcast: show.is_some(),
        prefix: show.and_then(|show| show.said().prefix.as_deref()),
        guid_authority: site.guid_authority(),
        header: Part::of(site, "feed_header.html"),
        footer: Part::of(site, "feed_footer.html"),
    }
}

impl Inputs<'_> {
    /// Makes the entry around the article's `body`. `None` for a page, which is in no feed.
    pub(super) fn render(
        &self,
        settings: Settings<'_>,
        body: &Body,
        problems: &mut Vec<Problem>,
    ) -> Option<Entry> {
        let article = self.article;
        let (dates, front) = (article.dates()?, article.front());
        let permalink = settings.absolute(article.path());
        let mut part = |part: &Option<Part<'_>>| {
            let rendered = part.as_ref().map(|part| part.render(article.card(), article.name()));
            match rendered.transpose() {
                Ok(html) => html.unwrap_or_default(),
                Err(problem) => {
                    problems.push(problem);
                    String::new()
                }
            }
        };
        let (header, footer) = (part(&self.header), part(&self.footer));
        let html = [header.as_str(), body.feed_html.as_deref().unwrap_or(&body.html), &footer].concat();
        let (authors, categories) = self.people_and_categories(settings);
        let contributors = front
            .contributors
            .iter()
            .map(|name| Person { name: name.clone(), email: None, url: None })
            .collect();
        let summary = article.summary();
        let mut enclosures = enclosures(article, self.prefix, settings, problems);
        let episode = episode(article, self.in_podcast, &mut enclosures, settings, problems);
        Some(Entry {
            id: article.id().to_owned(),
            atom_id: atom_id(article.id(), self.guid_authority).into_owned(),
            url: permalink.clone(),
            title: article.title().to_owned(),
            is_untitled: article.is_untitled(),
            summary: (!summary.is_empty()).then_some(summary),
            content_html: Some(
                self.corrections(settings) + &feed::absolute(&html, &permalink) + &self.link(settings),
            ),
            published: dates.published.moment,
            updated: dates.updated.moment,
            authors,
            contributors,
            categories,
            image: self.picture(settings),
            banner: article.banner().map(|url| settings.whole(&url)),
            episode,
            enclosures,
            language: front.lang.clone(),
            rights: front.rights.as_deref().map(str::to_owned),
            via: front.via.as_deref().map(|via| settings.address(via)),
            related: front.link().map(|link| settings.address(link)),
            written: Written::default(),
        })
    }

    fn people_and_categories(&self, settings: Settings<'_>) -> (Vec<Person>, Vec<Category>) {
        let (mut authors, mut categories) = (Vec::new(), Vec::new());
        for label in self.labels.iter() {
            if label.taxonomy == "authors" {
                let page = settings.absolute(label.path);
                let home = label.profile.and_then(|profile| profile.url.as_deref());
                authors.push(Person {
                    name: label.name.to_owned(),
                    email: label.profile.and_then(|profile| profile.email.clone()),
                    url: Some(home.map_or(page, |home| settings.address(home))),
                });
            } else {
                categories.push(Category {
                    term: label.slug.to_owned(),
                    label: label.name.to_owned(),
                    scheme: settings.absolute(label.scheme),
                });
            }
        }
        if authors.is_empty() {
            authors.extend(self.author.map(|author| person(author.value, settings)));
        }
        (authors, categories)
    }

    /// The corrections, newest first, for the beginning of the entry.
    fn corrections(&self, settings: Settings<'_>) -> String {
        let language = settings.spoken_in(self.article.front().lang.as_deref());
        let word = escape(&language.word("correction").unwrap_or_default()).into_owned();
        let made = self.article.corrections().into_iter().map(|(correction, moment)| {
            let date = language.locale().date(moment, Form::Long);
            let (date, text) = (escape(&date).into_owned(), escape(&correction.text).into_owned());
            format!("<p><strong>{word}, {date}:</strong> {text}</p>")
        });
        made.collect()
    }

    /// The link of a link post, for the end of the entry: few readers show the elements that feeds have for it.
    fn link(&self, settings: Settings<'_>) -> String {
        let Some(link) = self.article.front().link().map(|link| settings.address(link)) else {
            return String::new();
        };
        let host = url::Url::parse(&link).ok().and_then(|url| url.host_str().map(str::to_owned));
        let (text, link) = (host.unwrap_or_else(|| link.clone()), escape(&link).into_owned());
        format!("<p><a href=\"{link}\">{}</a></p>", escape(&text))
    }

    /// The article's image, with the facts from its file.
    fn picture(&self, settings: Settings<'_>) -> Option<Picture> {
        let (url, size) = self.article.image()?;
        let media_type = mime_guess::from_path(url.split(['?', '#']).next().unwrap_or_default()).first();
        let media_type = media_type.filter(|one| one.type_() == "image").map(|one| one.to_string());
        Some(Picture { url: settings.whole(&url), media_type, size })
    }
}

/// The site's author as a person in feeds.
pub(super) fn person(author: &Author, settings: Settings<'_>) -> Person {
    let url = author.url.as_deref().map(|url| settings.address(url));
    Person { name: author.name.clone(), email: author.email.clone(), url }
}
