//! Cuts a long list into stable pages.
//!
//! Pages are numbered from the oldest article, so a new article changes the front of the list and no numbered page. The
//! front has the newest articles: at least one page's worth, if there are so many, and less than two. Once it would
//! have two, the older half becomes the next numbered page.
//!
//! A list in another order may get a new article anywhere. Its pages are counted from its front, which is page 1.

use std::ops::Range;

use crate::config::Config;
use crate::model::url::UrlPath;
use crate::site::library::{Section, Taxonomy, Term};

/// One page of a list.
#[derive(Debug, Clone, PartialEq)]
pub struct ListPage {
    /// Its path: the path of the list for the front, `page/N/` below it for the others.
    pub path: UrlPath,
    /// Its number, from 1 for the oldest, or from 2 in another order than the newest first; `None` for the front.
    pub number: Option<usize>,
    /// The list has its newest articles first.
    pub by_date: bool,
    /// The articles on it, as indices into the list.
    pub articles: Range<usize>,
    /// The page nearer to the front: in the usual order, the one with newer articles.
    pub newer: Option<UrlPath>,
    /// The page farther from the front: in the usual order, the one with older articles.
    pub older: Option<UrlPath>,
}

/// The pages of the list of `section` at `path`.
pub(super) fn section_pages(section: &Section, path: &UrlPath, config: &Config) -> Vec<ListPage> {
    // The page of a section of documentation lists all that is in it.
    let size = match section.settled.docs.is_docs() {
        true => usize::MAX,
        false => section.settled.page_size.unwrap_or(config.page_size),
    };
    let is_usual = section.settled.sort.as_ref().is_none_or(|sort| sort.value.is_newest_first());
    list_pages(path, section.articles.len(), size, is_usual)
}

/// The pages of the list of a `term` of `taxonomy` at `path`.
pub(super) fn term_pages(taxonomy: &Taxonomy, term: &Term, path: &UrlPath, config: &Config) -> Vec<ListPage> {
    let size = taxonomy.rules.page_size.unwrap_or(config.page_size);
    let is_usual = taxonomy.rules.order().is_none_or(|(order, _)| order.is_newest_first());
    list_pages(path, term.articles.len(), size, is_usual)
}

fn list_pages(path: &UrlPath, total: usize, size: usize, is_usual: bool) -> Vec<ListPage> {
    if is_usual { pages(path, total, size) } else { pages_from_front(path, total, size) }
}

/// The pages of a list of `total` articles at `path`, of `size` articles each, counted from the front.
fn pages_from_front(path: &UrlPath, total: usize, size: usize) -> Vec<ListPage> {
    let size = size.max(1);
    let count = total.div_ceil(size).max(1);
    let at = |number: usize| match number {
        1 => path.clone(),
        number => path.join(&format!("page/{number}/")),
    };
    let page = |number: usize| ListPage {
        path: at(number),
        number: (number > 1).then_some(number),
        by_date: false,
        articles: (number - 1) * size..(number * size).min(total),
        newer: (number > 1).then(|| at(number - 1)),
        older: (number < count).then(|| at(number + 1)),
    };
    (1..=count).map(page).collect()
}

/// The pages of a list of `total` articles at `path`, the front first.
fn pages(path: &UrlPath, total: usize, size: usize) -> Vec<ListPage> {
    let size = size.max(1);
    let numbered = (total / size).saturating_sub(1);
    // Every path is needed by three pages: its own and the two beside it.
    let paths: Vec<UrlPath> = (1..=numbered).map(|number| path.join(&format!("page/{number}/"))).collect();
    let at = |number: usize| paths[number - 1].clone();
    let mut pages = Vec::with_capacity(numbered + 1);
    pages.push(ListPage {
        path: path.clone(),
        number: None,
        by_date: true,
        articles: 0..total - numbered * size,
        newer: None,
        older: (numbered > 0).then(|| at(numbered)),
    });
    for number in (1..=numbered).rev() {
        let oldest = total - (number - 1) * size;
        pages.push(ListPage {
            path: at(number),
            number: Some(number),
            by_date: true,
            articles: oldest - size..oldest,
            newer: Some(if number == numbered { path.clone() } else { at(number + 1) }),
            older: (number > 1).then(|| at(number - 1)),
        });
    }
    pages
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(total: usize, size: usize) -> Vec<(Option<usize>, Range<usize>)> {
        pages(&UrlPath::root(), total, size).into_iter().map(|page| (page.number, page.articles)).collect()
    }

    #[test]
    fn a_short_list_is_one_page() {
        assert_eq!(cut(0, 20), [(None, 0..0)]);
        assert_eq!(cut(39, 20), [(None, 0..39)]);
    }

    #[test]
    fn the_oldest_articles_are_on_page_one() {
        assert_eq!(cut(40, 20), [(None, 0..20), (Some(1), 20..40)]);
        assert_eq!(cut(65, 20), [(None, 0..25), (Some(2), 25..45), (Some(1), 45..65)]);
    }

    #[test]
    fn a_list_in_another_order_is_counted_from_its_front() {
        let cut = |total, size| -> Vec<(Option<usize>, Range<usize>)> {
            let pages = pages_from_front(&UrlPath::root(), total, size);
            pages.into_iter().map(|page| (page.number, page.articles)).collect()
        };
        assert_eq!(cut(0, 3), [(None, 0..0)]);
        assert_eq!(cut(3, 3), [(None, 0..3)]);
        assert_eq!(cut(7, 3), [(None, 0..3), (Some(2), 3..6), (Some(3), 6..7)]);
        let pages = pages_from_front(&UrlPath::root(), 7, 3);
        assert_eq!(pages[1].newer.as_ref().map(UrlPath::as_str), Some("/"));
        assert_eq!(pages[1].older.as_ref().map(UrlPath::as_str), Some("/page/3/"));
        assert!(pages[2].older.is_none());
    }

    proptest::proptest! {
        #[test]
        fn each_article_is_on_one_page_and_a_new_one_moves_none(total in 0..500usize, size in 1..30usize) {
            let now = pages(&UrlPath::root(), total, size);
            let mut seen = 0;
            for page in &now {
                proptest::prop_assert_eq!(page.articles.start, seen);
                seen = page.articles.end;
            }
            proptest::prop_assert_eq!(seen, total);
            // Counted from the oldest, a numbered page has the same articles after one more article.
            let later = pages(&UrlPath::root(), total + 1, size);
            for page in now.iter().filter(|page| page.number.is_some()) {
                let same = later.iter().find(|other| other.number == page.number).unwrap();
                proptest::prop_assert_eq!(total - page.articles.start, total + 1 - same.articles.start);
                proptest::prop_assert_eq!(page.articles.len(), size);
            }
        }
    }
}
