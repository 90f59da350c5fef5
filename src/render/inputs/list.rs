//! Lists of articles and what is around them: sections, terms, pages of lists, the sitemap.

use tera::Value;

use super::{Cards, Digested, Site};
use crate::model::date::Moment;
use crate::model::digest::{Digest, Print};
use crate::model::url::UrlPath;
use crate::site::library::{LeafId, Section, Term};
use crate::site::plan::{ListPage, SitemapPage};

/// A section as its own template sees it.
#[derive(Clone, Copy)]
pub struct SectionView<'a> {
    site: Site<'a>,
    section: &'a Section,
    digest: Digest,
}

impl<'a> SectionView<'a> {
    /// That of the section at `index`.
    pub(in crate::render) fn of(site: Site<'a>, index: usize) -> Self {
        let digest = site.digests.section(index);
        SectionView { site, section: &site.all.library.sections[index], digest }
    }

    /// The value that its template sees, with its text as `html`.
    pub fn value(&self, html: &str) -> Value {
        self.site.all.views.section(self.section, html)
    }

    /// Its title.
    pub fn title(&self) -> &'a str {
        &self.section.settled.title
    }
}

impl Digested for SectionView<'_> {
    fn add_to(&self, print: &mut Print) {
        print.bytes(self.digest.bytes());
    }
}

/// A term as its own template sees it.
#[derive(Clone, Copy)]
pub struct TermView<'a> {
    site: Site<'a>,
    taxonomy: usize,
    term: usize,
}

impl<'a> TermView<'a> {
    /// That of the term at these indices of taxonomy and term.
    pub(in crate::render) fn of(site: Site<'a>, taxonomy: usize, term: usize) -> Self {
        TermView { site, taxonomy, term }
    }

    /// The value that its template sees.
    pub fn value(&self) -> Value {
        let taxonomy = &self.site.all.library.taxonomies[self.taxonomy];
        let term: &Term = &taxonomy.terms[self.term];
        self.site.all.views.term(taxonomy, term)
    }
}

impl Digested for TermView<'_> {
    fn add_to(&self, print: &mut Print) {
        print.bytes(self.site.digests.term(self.taxonomy, self.term).bytes());
    }
}

/// One page of a list: its articles, and the pages beside it.
pub struct Pager<'a> {
    site: Site<'a>,
    cards: Cards<'a>,
    number: Option<usize>,
    path: &'a UrlPath,
    newer: Option<&'a UrlPath>,
    older: Option<&'a UrlPath>,
}

impl<'a> Pager<'a> {
    /// The page `page` of the list of `articles`.
    pub(in crate::render) fn of(site: Site<'a>, articles: &'a [LeafId], page: &'a ListPage) -> Self {
        Pager {
            site,
            cards: Cards::of(site, &articles[page.articles.clone()]),
            number: page.number,
            path: &page.path,
            newer: page.newer.as_ref(),
            older: page.older.as_ref(),
        }
    }

    /// All `articles` on one page at `path`.
    pub(in crate::render) fn whole(site: Site<'a>, articles: &'a [LeafId], path: &'a UrlPath) -> Self {
        Pager { site, cards: Cards::of(site, articles), number: None, path, newer: None, older: None }
    }

    /// The value that templates see.
    pub fn value(&self) -> Value {
        self.site.all.views.pager(self.cards.values(), self.number, self.path, self.newer, self.older)
    }
}

impl Digested for Pager<'_> {
    fn add_to(&self, print: &mut Print) {
        self.cards.add_to(print);
        self.number.add_to(print);
        self.path.add_to(print);
        (self.newer, self.older).add_to(print);
    }
}

/// The blocks of a front page: a section each, with some of its articles.
pub struct Blocks<'a> {
    site: Site<'a>,
    blocks: Vec<(usize, Cards<'a>)>,
}

impl<'a> Blocks<'a> {
    /// Those of the section at `index`, of whose articles the first `shown` are shown already.
    pub(in crate::render) fn of(site: Site<'a>, index: usize, shown: usize) -> Self {
        let blocks = site.all.library.blocks(index, shown).into_iter();
        Blocks { site, blocks: blocks.map(|(child, ids)| (child, Cards::of(site, ids))).collect() }
    }

    /// The value that templates see.
    pub fn value(&self) -> Value {
        self.site.all.views.blocks(self.blocks.iter().map(|(section, cards)| (*section, cards.values())))
    }
}

impl Digested for Blocks<'_> {
    fn add_to(&self, print: &mut Print) {
        self.blocks.len().add_to(print);
        for (section, cards) in &self.blocks {
            print.bytes(self.site.digests.section(*section).bytes());
            cards.add_to(print);
        }
    }
}

/// The pages of a part of the sitemap.
#[derive(Clone, Copy)]
pub struct SitemapPages<'a> {
    site: Site<'a>,
    pages: &'a [SitemapPage],
}

impl<'a> SitemapPages<'a> {
    /// Those of that part.
    pub(in crate::render) fn of(site: Site<'a>, part: usize) -> Self {
        let sitemap = &site.all.plan.sitemap;
        SitemapPages { site, pages: &sitemap.pages[sitemap.parts[part].clone()] }
    }

    /// Each with its path, its last change, and its image: a path from the server's root, or a whole URL.
    pub fn iter(&self) -> impl Iterator<Item = (&'a UrlPath, Option<Moment>, Option<String>)> {
        let all = self.site.all;
        self.pages.iter().map(|page| (&page.path, page.lastmod, page.pictured.and_then(|id| all.image(id))))
    }
}

impl Digested for SitemapPages<'_> {
    fn add_to(&self, print: &mut Print) {
        for (path, lastmod, image) in self.iter() {
            path.add_to(print);
            lastmod.add_to(print);
            image.add_to(print);
        }
    }
}

/// The articles of the news sitemap.
#[derive(Clone, Copy)]
pub struct News<'a> {
    site: Site<'a>,
}

impl<'a> News<'a> {
    /// Those of the plan.
    pub(in crate::render) fn of(site: Site<'a>) -> Self {
        News { site }
    }

    /// Each with its path, its language if it has one of its own, when it was published, and its title.
    pub fn iter(&self) -> impl Iterator<Item = (&'a UrlPath, Option<&'a str>, Moment, &'a str)> {
        let all = self.site.all;
        all.plan.sitemap.news.iter().flatten().filter_map(|id| {
            let leaf = all.library.leaf(*id);
            let published = leaf.dates.as_ref()?.published.moment;
            Some((&leaf.path, leaf.document.front.lang.as_deref(), published, &*leaf.title))
        })
    }
}

impl Digested for News<'_> {
    fn add_to(&self, print: &mut Print) {
        for id in self.site.all.plan.sitemap.news.iter().flatten() {
            print.bytes(self.site.all.library.leaf(*id).shown.bytes());
        }
    }
}
