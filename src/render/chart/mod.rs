//! Charts as SVG, readable without colour, without scripts and without their table.
//!
//! [`bars`] and [`lines`] draw series of numbers as one `svg` element. It contains no id, so a page can have any number
//! of charts. Style sheets define its look (`.chart`); without one it is black on white. Widths of text are estimated,
//! because no font is known here.

mod bars;
mod lines;
mod number;
mod scale;

pub use bars::bars;
use chrono::NaiveDate;
pub use lines::lines;
pub use number::decimals;

use crate::language::Locale;
use crate::model::html::escape;

/// Most series whose lines can be distinguished.
pub const MOST_SERIES: usize = 6;
/// Most rows of bars, and most points of a line: more are unreadable.
pub const MOST_BARS: usize = 100;
/// Most points of a line; see [`MOST_BARS`].
pub const MOST_POINTS: usize = 5_000;

/// The width of every chart, in its own units.
const WIDTH: f64 = 600.0;
/// Font size, and the estimated width of a letter at the largest font size: style sheets enlarge letters on small
/// screens.
const SIZE: f64 = 15.0;
const LETTER: f64 = 10.5;

/// The content of a chart.
#[derive(Debug, Clone)]
pub struct Chart<'a> {
    /// Its title; screen readers read it in place of the chart.
    pub title: &'a str,
    /// Its description, in a sentence; may be empty.
    pub description: &'a str,
    /// The unit behind each number, such as ` m`; may be empty.
    pub unit: &'a str,
    /// The locale of numbers and dates.
    pub locale: Locale,
    /// It is read from right to left.
    pub rtl: bool,
    /// The label of each row.
    pub labels: Vec<String>,
    /// The position of each row, for lines.
    pub places: Places,
    /// The numbers.
    pub series: Vec<Series<'a>>,
}

/// Positions of rows along a line.
#[derive(Debug, Clone, PartialEq)]
pub enum Places {
    /// At equal distances.
    Even,
    /// At numbers; `None` for a row without one.
    Numbers(Vec<Option<f64>>),
    /// At years.
    Years(Vec<Option<f64>>),
    /// At days.
    Days(Vec<Option<NaiveDate>>),
}

/// One series of numbers.
#[derive(Debug, Clone)]
pub struct Series<'a> {
    /// Its name.
    pub name: &'a str,
    /// A number for each row; `None` for a row without one.
    pub numbers: &'a [Option<f64>],
}

impl Chart<'_> {
    /// A number in the notation of its locale. One of four digits has no separator, since it may be a year.
    fn number(&self, value: f64, decimals: usize) -> String {
        self.locale.grouped(value, decimals, 2)
    }

    /// An `svg` element of this height, with `inner` in it.
    fn svg(&self, kind: &str, height: f64, inner: &str) -> String {
        let description = match self.description {
            "" => String::new(),
            text => format!("<desc>{}</desc>", escape(text)),
        };
        format!(
            "<svg class=\"{kind}\" data-feed=\"none\" role=\"img\" viewBox=\"0 0 {WIDTH} {}\" direction=\"ltr\" font-size=\"{SIZE}\" fill=\"currentColor\"><title>{}</title>{description}{inner}</svg>",
            short(height),
            escape(self.title)
        )
    }

    /// All numbers of all series.
    fn numbers(&self) -> impl Iterator<Item = f64> {
        self.series.iter().flat_map(|series| series.numbers.iter().flatten().copied())
    }

    /// `x` counted from the side where reading begins.
    fn x(&self, x: f64) -> f64 {
        if self.rtl { WIDTH - x } else { x }
    }

    /// The anchor of a text that begins or ends at its position.
    fn anchor(&self, begins: bool) -> &'static str {
        if begins != self.rtl { "start" } else { "end" }
    }

    fn text(&self, x: f64, y: f64, anchor: &str, class: &str, text: &str) -> String {
        let class = if class.is_empty() { String::new() } else { format!(" class=\"{class}\"") };
        format!(
            "<text x=\"{}\" y=\"{}\" text-anchor=\"{anchor}\"{class}>{}</text>",
            short(x),
            short(y),
            escape(text)
        )
    }
}

/// The greatest estimated width of `text`; wide letters of East Asian scripts count twice.
fn width(text: &str) -> f64 {
    let letters = text.chars().map(|letter| match u32::from(letter) {
        0x1100..=0x115f | 0x2e80..=0xd7ff | 0xf900..=0xfaff | 0xff00..=0xff60 | 0x1f300.. => 2.0,
        _ => 1.0,
    });
    letters.sum::<f64>() * LETTER
}

/// `text` cut to the width `most`, with an ellipsis if it is cut.
fn fitted(text: &str, most: f64) -> String {
    if width(text) <= most {
        return text.to_owned();
    }
    crate::render::chart::number::cut(text, (most / LETTER) as usize)
}

/// A length with as many decimals as are visible.
fn short(value: f64) -> String {
    let rounded = (value * 10.0).round() / 10.0;
    if rounded == rounded.trunc() { format!("{rounded:.0}") } else { format!("{rounded:.1}") }
}

#[cfg(test)]
mod tests;
