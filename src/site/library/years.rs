//! Years and months, each with its articles.

use std::collections::BTreeMap;

use chrono::Datelike;
use rayon::prelude::*;

use super::{LeafId, Times};

/// The articles of a year, by the local date of their authors.
#[derive(Debug)]
pub struct Year {
    /// The number of its language.
    pub language: usize,
    /// The year.
    pub year: i32,
    /// Its months with articles, newest first.
    pub months: Vec<Month>,
}

impl Year {
    /// Number of its articles.
    pub fn count(&self) -> usize {
        self.months.iter().map(|month| month.articles.len()).sum()
    }
}

/// The articles of a month.
#[derive(Debug)]
pub struct Month {
    /// The month, from 1.
    pub month: u32,
    /// Its articles, newest first.
    pub articles: Vec<LeafId>,
}

/// The years of articles with these `times`, language after language, and newest first. `shows` decides if the archive of
/// a language shows an article.
pub(super) fn years(
    times: &[Times],
    languages: usize,
    shows: &(dyn Fn(LeafId, usize) -> bool + Sync),
) -> Vec<Year> {
    let month_of = |times: &Times| {
        let day = times.published.local().date();
        (day.year(), day.month())
    };
    let months_of: Vec<(i32, u32)> = times.par_iter().map(month_of).collect();
    let mut years: Vec<Year> = Vec::new();
    for language in 0..languages {
        let mut months: BTreeMap<(i32, u32), Vec<LeafId>> = BTreeMap::new();
        let mut at = 0;
        for same in months_of.chunk_by(|a, b| a == b) {
            let ids = (at..at + same.len()).map(LeafId::new).filter(|id| shows(*id, language));
            at += same.len();
            months.entry(same[0]).or_default().extend(ids);
        }
        months.retain(|_, articles| !articles.is_empty());
        for ((year, month), articles) in months.into_iter().rev() {
            let month = Month { month, articles };
            match years.last_mut() {
                Some(last) if last.year == year && last.language == language => last.months.push(month),
                _ => years.push(Year { language, year, months: vec![month] }),
            }
        }
    }
    years
}
