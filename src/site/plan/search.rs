//! The index of the search: which article has which number, and which file has which articles.
//!
//! The number of an article begins with its day, so that an index orders by date, and no article changes its number when
//! another comes or goes. The newest articles have files of their own. A publication changes these, and none of the
//! many files of all older articles.

use std::collections::BTreeMap;
use std::ops::Range;

use chrono::Datelike;

use super::{Planned, Planner, Shows};
use crate::config::Config;
use crate::model::digest::Digest;
use crate::site::library::{LeafId, Library};

/// The index of one language.
#[derive(Debug, Default)]
pub struct SearchIndex {
    /// All articles and pages in it with their numbers, in their order.
    pub articles: Vec<(u64, LeafId)>,
    /// The lowest bits of a number that count the articles of one day.
    pub bits: u32,
    /// Its parts: where there are many articles, that of the older ones and that of the newest.
    pub tiers: Vec<SearchTier>,
    /// The number of files of cards, a power of two.
    pub chunks: usize,
    /// The articles of each file of cards that has any, as positions among the articles.
    pub cards: BTreeMap<usize, Vec<usize>>,
}

/// A part of an index.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SearchTier {
    /// The name of its folder.
    pub name: &'static str,
    /// Its articles.
    pub articles: Range<usize>,
    /// The number of its files, a power of two.
    pub shards: usize,
    /// The number of letters of a term that choose its file.
    pub head: usize,
}

impl SearchTier {
    /// The number of its files, a power of two, that are made together. The terms of all articles would grow with the
    /// archive; those in so many files take some 25 MB.
    pub fn together(&self) -> usize {
        let times = self.articles.len().div_ceil(TERMS_OF).next_power_of_two();
        (self.shards / times.max(1)).max(1)
    }
}

/// The number of articles whose terms fit into memory.
const TERMS_OF: usize = 32 * 1024;
/// The most articles of the part with the newest.
const NEWEST: usize = 128;
/// The articles whose terms fill a file, roughly. Files are small because a query reads one for each word.
const IN_SHARD: usize = 12;
/// A part with more articles than this is large: its terms with the same three letters at the beginning are too many for
/// a file.
const LARGE: usize = 4096;
/// The number of files with the terms of the newest articles, unless one day has very many.
const OF_NEWEST: usize = 8;
/// The articles whose cards fill a file, roughly.
const IN_CHUNK: usize = 8;
/// The fewest bits that count the articles of a day.
const FEWEST_BITS: u32 = 3;
/// The longest time that is in the newest part, in days: two to this power.
const LONGEST_TIME: u32 = 12;
/// Days before this one belong to pages, which have no date; each page is on one of them for ever.
const PAGE_DAYS: u64 = 4096;

impl SearchIndex {
    /// The index of the listed articles and pages in the language number `language`.
    fn of(language: usize, library: &Library, config: &Config) -> SearchIndex {
        let is_own = |id: &LeafId| {
            !config.is_multilingual() || config.language_of(&library.leaf(*id).section) == language
        };
        let listed = library.leaf_ids().take(library.listed).filter(is_own);
        let mut days: Vec<(u64, i64, &str, LeafId)> = listed
            .map(|id| {
                let leaf = library.leaf(id);
                match &leaf.dates {
                    Some(dates) => {
                        let moment = dates.published.moment;
                        let day = u64::try_from(moment.local().date().num_days_from_ce()).unwrap_or(0);
                        (day.max(PAGE_DAYS), moment.instant().timestamp(), &*leaf.id, id)
                    }
                    None => {
                        let [low, high, ..] = *Digest::quick(leaf.id.as_bytes()).bytes();
                        (u64::from(u16::from_le_bytes([low, high])) % PAGE_DAYS, 0, &*leaf.id, id)
                    }
                }
            })
            .collect();
        days.sort_unstable();
        let busiest = days.chunk_by(|a, b| a.0 == b.0).map(<[_]>::len).max().unwrap_or(0);
        let bits = busiest.next_power_of_two().trailing_zeros().max(FEWEST_BITS);
        let numbered = days.chunk_by(|a, b| a.0 == b.0);
        let numbered = numbered.flat_map(|day| (0u64..).zip(day));
        let articles: Vec<(u64, LeafId)> =
            numbered.map(|(rank, (day, _, _, id))| ((day << bits) + rank, *id)).collect();
        let tiers = tiers(&days.iter().map(|day| day.0).collect::<Vec<_>>());
        let chunks = articles.len().div_ceil(IN_CHUNK).next_power_of_two();
        let mut cards: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for (at, (number, _)) in articles.iter().enumerate() {
            cards.entry(chunk(*number, chunks)).or_default().push(at);
        }
        SearchIndex { articles, bits, tiers, chunks, cards }
    }

    /// The part at `at` of its articles, with their numbers.
    pub fn of_tier(&self, at: usize) -> &[(u64, LeafId)] {
        self.tiers.get(at).map_or(&[], |tier| &self.articles[tier.articles.clone()])
    }
}

/// The parts of an index whose articles have these `days`, in order.
fn tiers(days: &[u64]) -> Vec<SearchTier> {
    let shards = |count: usize| (count / IN_SHARD).max(1).next_power_of_two();
    let newest = match days.last() {
        Some(last) if days.len() > NEWEST => {
            // A time that begins where all times of its length begin: it moves seldom, whatever is published.
            let first_since = |start: u64| days.partition_point(|day| *day < start);
            let starts = (0..=LONGEST_TIME).rev().map(|power| first_since((last >> power) << power));
            let mut fitting = starts.skip_while(|first| days.len() - first > NEWEST);
            fitting.next().unwrap_or_else(|| first_since(*last))
        }
        _ => 0,
    };
    let count = days.len() - newest;
    let of_newest = match count <= NEWEST {
        true if newest > 0 => OF_NEWEST,
        true => shards(count).min(OF_NEWEST),
        false => shards(count),
    };
    let head = |count: usize| if count > LARGE { 4 } else { 3 };
    let older = SearchTier { name: "old", articles: 0..newest, shards: shards(newest), head: head(newest) };
    let newer =
        SearchTier { name: "new", articles: newest..days.len(), shards: of_newest, head: head(count) };
    if newest > 0 { vec![older, newer] } else { vec![newer] }
}

/// The file of cards, among `chunks`, that the article with this number is in.
fn chunk(number: u64, chunks: usize) -> usize {
    let spread = ((number & u64::from(u32::MAX)) * 2_654_435_761) & u64::from(u32::MAX);
    // The highest bits are spread best.
    ((spread * chunks as u64) >> 32) as usize
}

/// The indices of all languages; none if the site has no search.
pub(super) fn plan(library: &Library, config: &Config) -> Vec<SearchIndex> {
    let languages = 0..if config.search.enabled { config.languages.len() } else { 0 };
    languages.map(|language| SearchIndex::of(language, library, config)).collect()
}

impl Planner<'_> {
    pub(super) fn search(&mut self, library: &Library, indices: &[SearchIndex]) {
        let config = self.config;
        for (language, (index, one)) in indices.iter().zip(&config.languages).enumerate() {
            if language > 0 && library.section(config.folder_of_language(language)).is_none() {
                continue;
            }
            let folder = format!("{}search/", one.home.as_str());
            self.add_at(&folder, Shows::Search(language), SOURCE);
            self.add_at(&format!("{folder}index.json"), Shows::SearchIndex(language), SOURCE);
            for (at, tier) in index.tiers.iter().enumerate() {
                for shard in 0..tier.shards {
                    let path = format!("{folder}{}/{shard:x}.json", tier.name);
                    self.add_at(&path, Shows::SearchShard(language, at, shard), SOURCE);
                }
            }
            for chunk in index.cards.keys() {
                let path = format!("{folder}cards/{chunk:x}.json");
                self.add_at(&path, Shows::SearchCards(language, *chunk), SOURCE);
            }
        }
    }
}

const SOURCE: &str = "the search";

impl Planned {
    /// True for a file of the index of the search.
    pub fn is_of_search(&self) -> bool {
        matches!(self.shows, Shows::SearchIndex(_) | Shows::SearchShard(..) | Shows::SearchCards(..))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The first day of the newest part, if `days` are those of the articles.
    fn newest(days: &[u64]) -> (usize, usize) {
        let tiers = tiers(days);
        let last = tiers.last().unwrap();
        assert_eq!(last.articles.end, days.len());
        (last.articles.start, last.shards)
    }

    #[test]
    fn few_articles_are_in_one_part() {
        for count in [0, 1, 40, 128] {
            let days: Vec<u64> = (0..count).map(|at| 738_000 + at).collect();
            assert_eq!(tiers(&days).len(), 1, "{count}");
            assert_eq!(newest(&days).0, 0, "{count}");
        }
        assert_eq!(newest(&vec![738_000; 128]).1, 8);
    }

    #[test]
    fn a_publication_seldom_moves_the_beginning_of_the_newest_part() {
        let (mut days, mut moved) = ((0..10_000).map(|at| 730_000 + at / 3).collect::<Vec<u64>>(), 0);
        let (mut first, _) = newest(&days);
        for _ in 0..1000 {
            days.push(days.last().unwrap() + u64::from(days.len() % 3 == 0));
            let (now, shards) = newest(&days);
            assert!(days.len() - now <= NEWEST && shards <= 8, "{} {shards}", days.len() - now);
            moved += usize::from(now != first);
            first = now;
        }
        assert!(moved < 20, "{moved}");
    }

    #[test]
    fn the_files_of_an_archive_are_made_in_groups_and_chosen_by_more_letters() {
        for (count, head, groups) in [(1000, 3, 1), (10_000, 4, 1), (40_000, 4, 2), (100_000, 4, 4)] {
            let tiers = tiers(&(0..count).map(|at| 700_000 + at / 3).collect::<Vec<u64>>());
            assert_eq!((tiers[0].head, tiers[0].shards / tiers[0].together()), (head, groups), "{count}");
            assert_eq!((tiers[1].head, tiers[1].shards / tiers[1].together()), (3, 1), "{count}");
        }
    }

    #[test]
    fn articles_of_one_day_are_together_however_many() {
        let mut days: Vec<u64> = vec![738_000; 100];
        days.extend([738_001; 1000]);
        assert_eq!(newest(&days), (100, 128));
    }

    #[test]
    fn cards_spread_over_their_files() {
        let mut counts = [0; 64];
        (0..640).for_each(|at| counts[chunk((738_000 + at / 2) * 8 + at % 2, 64)] += 1);
        assert!(counts.iter().all(|count| (4..=20).contains(count)), "{counts:?}");
    }
}
