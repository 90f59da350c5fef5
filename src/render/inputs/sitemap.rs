//! Parts of the sitemap.

use super::{Digested, Site};
use crate::model::date::Moment;
use crate::model::digest::Fingerprinter;
use crate::model::url::UrlPath;
use crate::site::library::LeafId;
use crate::site::plan::SitemapPage;

/// The pages of a part of the sitemap.
#[derive(Clone, Copy)]
pub struct SitemapPages<'a> {
    site: Site<'a>,
    pages: &'a [SitemapPage],
}

/// A page in the sitemap.
pub struct ListedPage<'a> {
    /// Its path.
    pub path: &'a UrlPath,
    /// Its last change.
    pub lastmod: Option<Moment>,
    /// Its image: a path from the server's root, or a whole URL.
    pub image: Option<String>,
    /// The languages that it is in, each with its path there, and `x-default`; none if it is in one.
    pub languages: Vec<(&'a str, &'a UrlPath)>,
}

impl<'a> SitemapPages<'a> {
    /// The pages of the part number `part`.
    pub(in crate::render) fn of(site: Site<'a>, part: usize) -> Self {
        let sitemap = &site.all.plan.sitemap;
        SitemapPages { site, pages: &sitemap.pages[sitemap.parts[part].pages.clone()] }
    }

    /// The pages.
    pub fn iter(&self) -> impl Iterator<Item = ListedPage<'a>> {
        let all = self.site.all;
        self.pages.iter().map(|page| ListedPage {
            path: &page.path,
            lastmod: page.lastmod,
            image: page.pictured.and_then(|id| all.image(id)),
            languages: all.languages_of(&page.path),
        })
    }
}

impl Digested for SitemapPages<'_> {
    fn add_to(&self, print: &mut Fingerprinter) {
        for page in self.iter() {
            page.path.add_to(print);
            page.lastmod.add_to(print);
            page.image.add_to(print);
            page.languages.add_to(print);
        }
    }
}

/// The articles of the news sitemap.
#[derive(Clone, Copy)]
pub struct News<'a> {
    site: Site<'a>,
    articles: &'a [LeafId],
}

impl<'a> News<'a> {
    /// The articles of the planned news sitemap on the host of a language.
    pub(in crate::render) fn of(site: Site<'a>, host: usize) -> Self {
        News { site, articles: site.all.plan.sitemap.news_of(host) }
    }

    /// Each article with its path, its own language if any, the date of its publication, and its title.
    pub fn iter(&self) -> impl Iterator<Item = (&'a UrlPath, Option<&'a str>, Moment, &'a str)> {
        let all = self.site.all;
        self.articles.iter().filter_map(|id| {
            let leaf = all.library.leaf(*id);
            let published = leaf.dates.as_ref()?.published.moment;
            Some((&leaf.path, leaf.rare.lang.as_deref(), published, &*leaf.title))
        })
    }
}

impl Digested for News<'_> {
    fn add_to(&self, print: &mut Fingerprinter) {
        for id in self.articles {
            print.bytes(self.site.all.library.leaf(*id).shown.bytes());
        }
    }
}
