//! The views of the archive: years and months.

use tera::Value;

use super::Views;
use crate::site::library::Year;

/// The `share` of the busiest month, the greatest there is.
const TALLEST: usize = 70;

impl Views<'_> {
    /// The years of the language, newest first.
    pub(super) fn years(&self) -> impl Iterator<Item = &Year> {
        self.library.years.iter().filter(|year| year.language == self.config.edition)
    }

    /// All years with articles, newest first.
    pub fn archive(&self) -> Vec<Value> {
        let busiest = self.years().map(busiest).max().unwrap_or(0);
        self.years().map(|year| self.year_among(year, busiest)).collect()
    }

    /// A year with its months. The `share` of a month is its number of articles relative to the busiest month, in steps
    /// up to [`TALLEST`].
    pub fn year(&self, year: &Year) -> Value {
        self.year_among(year, busiest(year))
    }

    fn year_among(&self, year: &Year, busiest: usize) -> Value {
        let base = format!("{}archive/{:04}/", self.base(), year.year);
        let months: Vec<Value> = year
            .months
            .iter()
            .map(|month| {
                map! {
                    "month" => month.month,
                    "date" => format!("{:04}-{:02}-01", year.year, month.month),
                    "url" => format!("{base}{:02}/", month.month),
                    "count" => month.articles.len(),
                    "share" => (month.articles.len() * TALLEST).div_ceil(busiest.max(1)),
                }
            })
            .collect();
        map! { "year" => year.year, "url" => base, "count" => year.count(), "months" => months }
    }
}

/// Number of articles in the busiest month.
fn busiest(year: &Year) -> usize {
    year.months.iter().map(|month| month.articles.len()).max().unwrap_or(0)
}
