//! The sitemap: its parts, their index, and the news of two days.

use super::inputs::{News, Settings, Site, SitemapPages, inputs};
use super::{Document, EntryMap, Found};
use crate::feed::sitemap::{self, NewsUrl, SitemapUrl};
use crate::model::date::Moment;
use crate::model::diagnostics::Problem;
use crate::model::url::UrlPath;

inputs! {
    /// Inputs of a part of the sitemap.
    pub struct Inputs<'a> shares settings: Settings<'a> {
        pages: SitemapPages<'a>,
    }
}

inputs! {
    /// Inputs of the index of the parts on a host: the path of each, and its newest change.
    pub struct IndexInputs<'a> shares settings: Settings<'a> {
        parts: Vec<(&'a UrlPath, Option<Moment>)>,
    }
}

inputs! {
    /// Inputs of the news sitemap.
    pub struct NewsInputs<'a> shares settings: Settings<'a> {
        publication: &'a str,
        news: News<'a>,
    }
}

/// The inputs of the part number `part`.
pub(super) fn inputs(site: Site<'_>, part: usize) -> Inputs<'_> {
    Inputs { settings: site.settings(), pages: SitemapPages::of(site, part) }
}

/// The inputs of the index on the host of a language.
pub(super) fn of_index(site: Site<'_>, host: usize) -> IndexInputs<'_> {
    let sitemap = &site.all.plan.sitemap;
    let parts = sitemap.parts_of(host).map(|part| (&part.path, sitemap.newest(part.pages.clone())));
    IndexInputs { settings: site.settings(), parts: parts.collect() }
}

/// The inputs of the news sitemap on the host of a language.
pub(super) fn of_news(site: Site<'_>, host: usize) -> NewsInputs<'_> {
    NewsInputs { settings: site.settings(), publication: &site.all.config.title, news: News::of(site, host) }
}

impl Document for Inputs<'_> {
    fn render(&mut self, _: &EntryMap, _: &mut Found) -> Result<Vec<u8>, Problem> {
        Ok(sitemap::pages(self.pages.iter().map(|page| {
            SitemapUrl {
                loc: self.settings.absolute(page.path),
                lastmod: page.lastmod,
                image: page.image.map(|url| self.settings.whole(&url)),
                alternates: page
                    .languages
                    .into_iter()
                    .map(|(language, path)| (language, self.settings.absolute(path)))
                    .collect(),
            }
        })))
    }
}

impl Document for IndexInputs<'_> {
    fn render(&mut self, _: &EntryMap, _: &mut Found) -> Result<Vec<u8>, Problem> {
        Ok(sitemap::index(self.parts.iter().map(|(path, lastmod)| SitemapUrl {
            loc: self.settings.absolute(path),
            lastmod: *lastmod,
            image: None,
            alternates: Vec::new(),
        })))
    }
}

impl Document for NewsInputs<'_> {
    fn render(&mut self, _: &EntryMap, _: &mut Found) -> Result<Vec<u8>, Problem> {
        Ok(sitemap::news(self.news.iter().map(|(path, language, published, title)| NewsUrl {
            loc: self.settings.absolute(path),
            publication: self.publication.to_owned(),
            language: language.unwrap_or(self.settings.language()).to_owned(),
            published,
            title: title.to_owned(),
        })))
    }
}
