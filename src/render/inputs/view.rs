//! Views: values for templates, made when a document is rendered. Their digests do not need the values.

use std::borrow::Cow;

use tera::Value;

use super::{Digested, Site};
use crate::config::{FrontKind, ListRules, ListStyle};
use crate::model::digest::{Digest, Fingerprinter};
use crate::model::url::UrlPath;
use crate::render::template::digest_of;
use crate::render::template::views::{DocsPage, Fields};
use crate::site::library::{DocsPart, Front, LeafId, NamedList};
use crate::site::plan::ListPage;

/// A value of the site for a template.
pub struct View<'a> {
    site: Site<'a>,
    of: Of<'a>,
}

enum Of<'a> {
    Known(&'a Value, Digest),
    Made(Value),
    Cards(Cow<'a, [LeafId]>),
    Neighbour(LeafId),
    Social(LeafId),
    /// The lists of `site.toml` on the page of an article or page.
    Lists(LeafId),
    /// A part of a series: the indices of taxonomy, term and part.
    Part(usize, usize, usize),
    Section(usize),
    Taxonomy(usize),
    Term(usize, usize),
    Notice(usize),
    /// A page in its languages; its path.
    Translations(&'a UrlPath),
    Pager {
        articles: Cow<'a, [LeafId]>,
        number: Option<usize>,
        by_date: bool,
        style: ListStyle,
        path: &'a UrlPath,
        beside: [Option<&'a UrlPath>; 2],
    },
    Blocks(Vec<(usize, Vec<LeafId>)>),
    /// The front of a section, by its index.
    Front(usize, Front),
    Docs(Box<Docs<'a>>),
}

/// A page of a documentation.
struct Docs<'a> {
    page: DocsPage<'a>,
    /// The view of its tree.
    tree: &'a Value,
    digest: Digest,
}

impl<'a> Site<'a> {
    fn view(self, of: Of<'a>) -> View<'a> {
        View { site: self, of }
    }

    /// A value that lives as long as the site, with its digest.
    pub(super) fn known(self, value: &'a Value, digest: Digest) -> View<'a> {
        self.view(Of::Known(value, digest))
    }

    /// A value that is made for one document.
    pub(in crate::render) fn made(self, value: impl Into<Value>) -> View<'a> {
        self.view(Of::Made(value.into()))
    }

    /// The cards of articles: their views in lists.
    pub(in crate::render) fn cards(self, ids: impl Into<Cow<'a, [LeafId]>>) -> View<'a> {
        self.view(Of::Cards(ids.into()))
    }

    /// The view of an article for its neighbour: title and URL.
    pub(in crate::render) fn neighbour(self, id: LeafId) -> View<'a> {
        self.view(Of::Neighbour(id))
    }

    /// The picture of an article, else its card, for link previews.
    pub(in crate::render) fn social(self, id: LeafId) -> View<'a> {
        self.view(Of::Social(id))
    }

    /// The lists of `site.toml` on the page of an article or page, if some of them depend on it.
    pub(in crate::render) fn lists(self, id: LeafId) -> Option<View<'a>> {
        let depends = self.all.library.lists.iter().any(NamedList::is_of_page);
        depends.then(|| self.view(Of::Lists(id)))
    }

    /// The series that an article is part of, in its author's order.
    pub(in crate::render) fn series(self, id: LeafId) -> Vec<View<'a>> {
        let library = self.all.library;
        let part = |(taxonomy, number): (usize, usize)| {
            let at = library.taxonomies[taxonomy].terms[number].part(id)?;
            Some(self.view(Of::Part(taxonomy, number, at)))
        };
        library.term_numbers(id).filter_map(part).collect()
    }

    /// The authors of an article of whom there is more to say than a name.
    pub(in crate::render) fn profiles(self, id: LeafId) -> Vec<View<'a>> {
        let library = self.all.library;
        let terms = library.term_numbers(id).filter(|(taxonomy, number)| {
            let taxonomy = &library.taxonomies[*taxonomy];
            taxonomy.rules.name == "authors" && taxonomy.terms[*number].is_described()
        });
        terms.map(|(taxonomy, number)| self.view(Of::Term(taxonomy, number))).collect()
    }

    /// The view of a section for its own template.
    pub(in crate::render) fn section(self, index: usize) -> View<'a> {
        self.view(Of::Section(index))
    }

    /// The documentation around `part`, if it is in one.
    pub(in crate::render) fn docs(self, part: DocsPart) -> Option<View<'a>> {
        let library = self.all.library;
        let (section, source) = match part {
            DocsPart::Section(at) => {
                (at, library.sections[at].settled.document.as_ref().map(|one| &one.name))
            }
            DocsPart::Leaf(id) => {
                let leaf = library.leaf(id);
                (library.section_of(id), (!leaf.document.is_row).then(|| leaf.name()))
            }
        };
        let number = library.docs.tree_of(section)?;
        let (tree, digest) = self.all.docs.get(number)?;
        let rules = &library.sections[section].settled.docs;
        let urls = source.map(|name| rules.source_urls.of(name)).unwrap_or_default();
        let place = library.docs.place_of(part);
        let page = DocsPage { tree: library.docs.trees.get(number)?, section, part, place, rules, urls };
        Some(self.view(Of::Docs(Box::new(Docs { page, tree, digest: *digest }))))
    }

    /// The view of a taxonomy for its own template.
    pub(in crate::render) fn taxonomy(self, index: usize) -> View<'a> {
        self.view(Of::Taxonomy(index))
    }

    /// The view of a term for its own template, by the indices of taxonomy and term.
    pub(in crate::render) fn term(self, taxonomy: usize, term: usize) -> View<'a> {
        self.view(Of::Term(taxonomy, term))
    }

    /// The notice that replaces an article that is no longer public, by its index in the library's notices.
    pub(in crate::render) fn notice(self, index: usize) -> View<'a> {
        self.view(Of::Notice(index))
    }

    /// The page at `path` in its languages.
    pub(in crate::render) fn translations(self, path: &'a UrlPath) -> View<'a> {
        self.view(Of::Translations(path))
    }

    /// The page `page` of a list of `articles`.
    pub(in crate::render) fn pager(
        self,
        articles: &'a [LeafId],
        page: &'a ListPage,
        style: ListStyle,
    ) -> View<'a> {
        let beside = [page.newer.as_ref(), page.older.as_ref()];
        let articles = Cow::Borrowed(&articles[page.articles.clone()]);
        let (number, by_date) = (page.number, page.by_date);
        self.view(Of::Pager { articles, number, by_date, style, path: &page.path, beside })
    }

    /// All `articles` of a list on one page at `path`.
    pub(in crate::render) fn whole_pager(
        self,
        articles: impl Into<Cow<'a, [LeafId]>>,
        path: &'a UrlPath,
    ) -> View<'a> {
        let articles = articles.into();
        let style = self.all.config.list_style;
        self.view(Of::Pager { articles, number: None, by_date: true, style, path, beside: [None; 2] })
    }

    /// The blocks of a front page: the child sections of the section at `index`, each with its newest articles beyond
    /// the first `shown` articles of the parent.
    pub(in crate::render) fn blocks(self, index: usize, shown: usize) -> View<'a> {
        self.view(Of::Blocks(self.all.library.blocks(index, shown)))
    }

    /// The front of the section at `index`, whose first page is `page`.
    pub(in crate::render) fn front(self, index: usize, page: &ListPage) -> View<'a> {
        let (library, roots, base) = (self.all.library, &self.all.plan.roots, &self.all.config.base_url);
        let section = &library.sections[index];
        let front = match section.settled.front {
            FrontKind::Paper => {
                let navigation = self.all.config.navigation.iter();
                let navigation: Vec<UrlPath> =
                    navigation.filter_map(|link| roots.path(base, &link.url)).collect();
                library.front(index, &section.listed()[page.articles.clone()], &navigation)
            }
            FrontKind::List | FrontKind::Landing => Front::default(),
        };
        self.view(Of::Front(index, front))
    }
}

impl View<'_> {
    /// The value; the view of a section, a taxonomy or a term gets `html` as its text.
    pub fn value(&self, html: &str) -> Value {
        let all = self.site.all;
        let (views, library) = (all.views, all.library);
        match &self.of {
            Of::Known(value, _) => (*value).clone(),
            Of::Made(value) => value.clone(),
            Of::Cards(ids) => Value::from(self.cards(ids)),
            Of::Neighbour(id) => views.neighbour(*id),
            Of::Social(id) => views.social(*id),
            Of::Lists(id) => views.lists(&|at, rules| self.list(at, rules, *id)),
            Of::Part(taxonomy, term, at) => views.part(*taxonomy, *term, *at),
            Of::Section(at) => {
                let section = &library.sections[*at];
                views.section(section, &section.pages, html)
            }
            Of::Docs(docs) => views.docs(&docs.page, docs.tree),
            Of::Taxonomy(at) => views.taxonomy(&library.taxonomies[*at], html),
            Of::Term(taxonomy, term) => {
                let taxonomy = &library.taxonomies[*taxonomy];
                views.term(taxonomy, &taxonomy.terms[*term], html)
            }
            Of::Notice(at) => views.notice(&library.notices[*at]),
            Of::Translations(path) => views.translations(all.plan.translations.of_page(path)),
            Of::Pager { articles, number, by_date, style, path, beside } => {
                let mut pager =
                    Fields::of(&views.pager(self.cards(articles), *number, *by_date, path, *beside));
                pager.set("style", style.key());
                Value::from(pager)
            }
            Of::Front(at, front) => views.front(&library.sections[*at], front, &|ids| self.cards(ids)),
            Of::Blocks(blocks) => views.blocks(blocks.iter().map(|(at, ids)| (*at, self.cards(ids)))),
        }
    }

    /// The articles of a list of `site.toml`, by its index and its `rules`, on the page of `id`.
    fn list(&self, at: usize, rules: &ListRules, id: LeafId) -> Cow<'_, [LeafId]> {
        let library = self.site.all.library;
        let at = self.site.all.config.list_index(at);
        match &library.lists[at] {
            list if list.is_of_page() => library.list_on(at, rules, id).into(),
            list => list.everywhere().into(),
        }
    }

    fn cards(&self, ids: &[LeafId]) -> Vec<Value> {
        ids.iter().map(|id| self.site.all.views.card(*id)).collect()
    }

    fn add_cards(&self, print: &mut Fingerprinter, ids: &[LeafId]) {
        ids.len().add_to(print);
        for id in ids {
            print.bytes(self.site.digests.card(*id).bytes());
        }
    }

    fn add_blocks(&self, print: &mut Fingerprinter, blocks: &[(usize, Vec<LeafId>)]) {
        blocks.len().add_to(print);
        for (at, ids) in blocks {
            self.site.all.views.section_digest(*at).add_to(print);
            self.add_cards(print, ids);
        }
    }
}

impl Digested for View<'_> {
    fn add_to(&self, print: &mut Fingerprinter) {
        let (all, digests) = (self.site.all, self.site.digests);
        match &self.of {
            Of::Known(_, digest) => digest.add_to(print),
            Of::Made(value) => digest_of(value).add_to(print),
            Of::Cards(ids) => self.add_cards(print, ids),
            Of::Neighbour(id) => digests.linked(*id).add_to(print),
            Of::Social(id) => {
                // The digest of the card covers the picture.
                digests.card(*id).add_to(print);
                all.plan.cards.of(*id).map(|card| &card.path).add_to(print);
            }
            Of::Lists(id) => {
                // The digest of the shared view covers the other lists.
                let rules = all.config.lists.iter().enumerate().filter(|(_, rules)| rules.same.is_some());
                rules.for_each(|(at, rules)| self.add_cards(print, &self.list(at, rules, *id)));
            }
            Of::Part(taxonomy, term, at) => {
                digests.parts(*taxonomy, *term).add_to(print);
                at.add_to(print);
            }
            Of::Section(at) => digests.section(*at).add_to(print),
            Of::Docs(docs) => {
                print.bytes(docs.digest.bytes()).value(format!("{:?}", docs.page.rules));
                docs.page.place.add_to(print);
                print.value(format!("{:?}", docs.page.urls));
                for part in docs.page.children() {
                    match part {
                        DocsPart::Section(at) => all.section_frames[at].1.add_to(print),
                        DocsPart::Leaf(id) => digests.card(id).add_to(print),
                    }
                }
            }
            Of::Taxonomy(at) => {
                digest_of(&all.views.taxonomy(&all.library.taxonomies[*at], "")).add_to(print);
            }
            Of::Term(taxonomy, term) => digests.term(*taxonomy, *term).add_to(print),
            Of::Translations(path) => {
                // A page in one language has nothing here that could change.
                for one in all.plan.translations.of_page(path) {
                    print.value(one.language.to_le_bytes()).value(one.path.as_str()).value(&one.title);
                }
            }
            Of::Notice(at) => {
                let notice = &all.library.notices[*at];
                print.bytes(notice.shown.bytes()).bytes(&[notice.state as u8]);
            }
            Of::Pager { articles, number, by_date, style, path, beside } => {
                print.bytes(&[*style as u8]);
                self.add_cards(print, articles);
                by_date.add_to(print);
                number.add_to(print);
                path.add_to(print);
                beside.as_slice().add_to(print);
            }
            Of::Blocks(blocks) => self.add_blocks(print, blocks),
            Of::Front(at, front) => {
                // The value without articles: what the front matter says.
                let written = all.views.front(&all.library.sections[*at], &Front::default(), &|_| Vec::new());
                digest_of(&written).add_to(print);
                for ids in [&front.lines, front.lead.as_slice(), &front.stories, &front.rest] {
                    self.add_cards(print, ids);
                }
                self.add_blocks(print, &front.bands);
            }
        }
    }
}
