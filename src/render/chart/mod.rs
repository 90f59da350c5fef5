//! Charts as SVG that can be read without colour, without a script and beside its table.
//!
//! [`bars`] and [`lines`] take series of numbers and write one `svg` element. Nothing in it has an id, so
//! that a page can have any number of them; what it looks like is for style sheets to say (`.chart`), and
//! without one it is black on white. Widths of text are reckoned, since nothing here knows a font.

mod bars;
mod lines;
mod number;
mod scale;

pub use bars::bars;
use chrono::NaiveDate;
pub use lines::lines;

use crate::model::date::Locale;
use crate::model::html::escape;

/// The most series that can be told apart.
pub const MOST_SERIES: usize = 6;
/// The most rows of bars, and the most points of a line: more can't be read.
pub const MOST_BARS: usize = 100;
/// See [`MOST_BARS`].
pub const MOST_POINTS: usize = 5_000;

/// The width of every chart, in its own units.
const WIDTH: f64 = 600.0;
/// The size of its letters, and what one is reckoned to be wide where letters are at their largest: style
/// sheets make them larger on small screens.
const SIZE: f64 = 15.0;
const LETTER: f64 = 10.5;

/// What a chart shows.
#[derive(Debug, Clone)]
pub struct Chart<'a> {
    /// What it is called; read out in its place.
    pub title: &'a str,
    /// What it shows, in a sentence; may be empty.
    pub description: &'a str,
    /// What is behind each number, such as ` m`; may be empty.
    pub unit: &'a str,
    /// How numbers and dates are written.
    pub locale: Locale,
    /// It is read from right to left.
    pub rtl: bool,
    /// What stands at each row.
    pub labels: Vec<String>,
    /// Where each row stands, for lines.
    pub places: Places,
    /// The numbers.
    pub series: Vec<Series<'a>>,
}

/// Where rows stand along a line.
#[derive(Debug, Clone, PartialEq)]
pub enum Places {
    /// One after the other.
    Even,
    /// At numbers; `None` where there is none.
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
    /// A number for each row, `None` where there is none.
    pub numbers: &'a [Option<f64>],
}

impl Chart<'_> {
    /// The chart as `svg` of this height, with `inner` in it.
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

    /// `x` counted from the side at which reading begins.
    fn x(&self, x: f64) -> f64 {
        if self.rtl { WIDTH - x } else { x }
    }

    /// The anchor of a text that begins at its place, or ends there.
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

/// How wide `text` is at most; wide letters of the East count twice.
fn width(text: &str) -> f64 {
    let letters = text.chars().map(|letter| match u32::from(letter) {
        0x1100..=0x115f | 0x2e80..=0xd7ff | 0xf900..=0xfaff | 0xff00..=0xff60 | 0x1f300.. => 2.0,
        _ => 1.0,
    });
    letters.sum::<f64>() * LETTER
}

/// `text` in at most that width, with an ellipsis where something is left out.
fn fitted(text: &str, most: f64) -> String {
    if width(text) <= most {
        return text.to_owned();
    }
    crate::render::chart::number::cut(text, (most / LETTER) as usize)
}

/// A length with as many decimals as can be seen.
fn short(value: f64) -> String {
    let rounded = (value * 10.0).round() / 10.0;
    if rounded == rounded.trunc() { format!("{rounded:.0}") } else { format!("{rounded:.1}") }
}

#[cfg(test)]
mod tests;
