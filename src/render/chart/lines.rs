//! Line charts. Each line has its own dash pattern and point shape, and its name above the chart.

use chrono::{Datelike, NaiveDate};

use super::scale::{Scale, days};
use super::{Chart, LETTER, Places, SIZE, WIDTH, fitted, number, short, width};

/// The dash pattern of each line.
const DASHES: [&str; 6] = ["", "8 4", "2 4", "12 4 2 4", "16 6", "4 2"];
/// The height of the plot, and the height of a line of text.
const FIELD: f64 = 260.0;
const LINE: f64 = 24.0;
/// A line with more points than this has no shapes: they would hide the line.
const MOST_SHAPES: usize = 40;

/// Positions of rows along the axis, and the axis labels.
struct Axis {
    /// Position of each row, from 0 to 1.
    places: Vec<Option<f64>>,
    ticks: Vec<(f64, String)>,
}

/// `chart` as lines.
pub fn lines(chart: &Chart<'_>) -> String {
    let mut inner = String::new();
    let mut y = 0.0;
    if chart.series.len() > 1 {
        y = names(chart, &mut inner);
    }
    let top = y + SIZE;
    let scale = Scale::of(chart.numbers(), 5);
    let decimals = number::decimals(scale.ticks.iter().copied());
    let write = |value: f64| chart.number(value, decimals) + chart.unit;
    let margin = scale.ticks.iter().map(|tick| width(&write(*tick))).fold(0.0, f64::max) + 10.0;
    let margin = margin.min(WIDTH / 3.0);
    let field = WIDTH - margin - 12.0;
    let height_of = |value: f64| top + (1.0 - scale.place(value)) * FIELD;
    for tick in &scale.ticks {
        let at = height_of(*tick);
        let class = if *tick == 0.0 { "axis" } else { "grid" };
        inner.push_str(&format!(
            "<path class=\"{class}\" d=\"M{} {}H{}\" stroke=\"currentColor\"/>",
            short(chart.x(margin)),
            short(at),
            short(chart.x(WIDTH))
        ));
        let text = write(*tick);
        inner.push_str(&chart.text(chart.x(margin - 8.0), at + 5.0, chart.anchor(false), "tick", &text));
    }
    let axis = axis(chart, field);
    let x_of = |place: f64| chart.x(margin + 6.0 + place * field);
    let bottom = top + FIELD + LINE;
    let mut free = 0.0;
    for (place, text) in &axis.ticks {
        let half = width(text) / 2.0;
        let middle = margin + 6.0 + place * field;
        // A label that would run over the edge is moved to the edge; one that would run into the last is left out.
        let middle = middle.min(WIDTH - half).max(half);
        if middle - half < free {
            continue;
        }
        free = middle + half + LETTER;
        inner.push_str(&format!(
            "<path class=\"axis\" d=\"M{} {}v6\" stroke=\"currentColor\"/>",
            short(x_of(*place)),
            short(top + FIELD)
        ));
        inner.push_str(&chart.text(chart.x(middle), bottom, "middle", "tick", text));
    }
    for (nth, series) in chart.series.iter().enumerate() {
        let points: Vec<Option<(f64, f64)>> = axis
            .places
            .iter()
            .zip(series.numbers)
            .map(|(place, value)| Some((x_of((*place)?), height_of((*value)?))))
            .collect();
        line(&points, nth, &mut inner);
    }
    chart.svg("lines", bottom + 8.0, &inner)
}

/// Writes one line, broken where a number is missing, with its shapes.
fn line(points: &[Option<(f64, f64)>], nth: usize, inner: &mut String) {
    let mut path = String::new();
    let mut open = false;
    for point in points {
        match point {
            Some((x, y)) => {
                path.push_str(&format!("{}{} {}", if open { 'L' } else { 'M' }, short(*x), short(*y)));
                open = true;
            }
            None => open = false,
        }
    }
    let dashes = match DASHES[nth % DASHES.len()] {
        "" => String::new(),
        dashes => format!(" stroke-dasharray=\"{dashes}\""),
    };
    inner.push_str(&format!(
        "<g class=\"series-{}\"><path d=\"{path}\" fill=\"none\" stroke=\"currentColor\" stroke-width=\"2\"{dashes}/>",
        nth + 1
    ));
    let count = points.iter().flatten().count();
    let alone = |at: usize| {
        let near = [at.checked_sub(1), Some(at + 1)];
        near.into_iter().flatten().all(|near| points.get(near).copied().flatten().is_none())
    };
    for (at, point) in points.iter().enumerate() {
        // A point without neighbours needs a shape, because no line goes through it.
        if let Some((x, y)) = point.filter(|_| count <= MOST_SHAPES || alone(at)) {
            inner.push_str(&shape(x, y, nth));
        }
    }
    inner.push_str("</g>");
}

/// The shape at a point of the series number `nth`.
fn shape(x: f64, y: f64, nth: usize) -> String {
    let (x, y) = (short(x), short(y));
    match nth % 6 {
        0 => format!("<circle cx=\"{x}\" cy=\"{y}\" r=\"4\"/>"),
        1 => format!("<path d=\"M{x} {y}m-4 -4h8v8h-8z\"/>"),
        2 => format!("<path d=\"M{x} {y}m0 -5l5 9h-10z\"/>"),
        3 => format!("<path d=\"M{x} {y}m0 -5l5 5l-5 5l-5 -5z\"/>"),
        4 => format!("<path d=\"M{x} {y}m-4 -4l8 8m0 -8l-8 8\" stroke=\"currentColor\" stroke-width=\"2\"/>"),
        _ => format!("<path d=\"M{x} {y}m-5 0h10m-5 -5v10\" stroke=\"currentColor\" stroke-width=\"2\"/>"),
    }
}

/// Writes the names of the series, each with a piece of its line; returns their height.
fn names(chart: &Chart<'_>, inner: &mut String) -> f64 {
    let (mut x, mut y) = (0.0, SIZE);
    for (nth, series) in chart.series.iter().enumerate() {
        let name = fitted(series.name, WIDTH - 50.0);
        let needed = 44.0 + width(&name);
        if x > 0.0 && x + needed > WIDTH {
            x = 0.0;
            y += LINE;
        }
        let at = y - 5.0;
        line(&[Some((chart.x(x + 2.0), at)), Some((chart.x(x + 34.0), at))], nth, inner);
        inner.push_str(&chart.text(chart.x(x + 42.0), y, chart.anchor(true), "label", &name));
        x += needed + 16.0;
    }
    y + 8.0
}

fn axis(chart: &Chart<'_>, field: f64) -> Axis {
    let rows = chart.labels.len();
    match &chart.places {
        Places::Even => {
            let place = |at: usize| if rows > 1 { at as f64 / (rows - 1) as f64 } else { 0.5 };
            let ticks = chart.labels.iter().enumerate();
            let ticks = ticks.map(|(at, label)| (place(at), fitted(label, field / 2.0))).collect();
            Axis { places: (0..rows).map(|at| Some(place(at))).collect(), ticks }
        }
        Places::Numbers(numbers) => {
            let scale = Scale::of(numbers.iter().flatten().copied(), 5);
            let decimals = number::decimals(scale.ticks.iter().copied());
            let write = |tick: f64| chart.number(tick, decimals);
            Axis {
                places: numbers.iter().map(|value| value.map(|value| scale.place(value))).collect(),
                ticks: scale.ticks.iter().map(|tick| (scale.place(*tick), write(*tick))).collect(),
            }
        }
        Places::Years(years) => {
            let values = || years.iter().flatten().copied();
            let (first, last) = values().fold((f64::MAX, f64::MIN), |(a, b), v| (a.min(v), b.max(v)));
            let place = |year: f64| if last > first { (year - first) / (last - first) } else { 0.5 };
            let step = super::scale::round_step((last - first) / 6.0).max(1.0);
            let from = (first / step).ceil() * step;
            let count = if last >= from { ((last - from) / step) as usize } else { 0 };
            let ticks = (0..=count.min(50)).map(|at| from + at as f64 * step);
            let ticks = ticks.filter(|year| *year <= last);
            Axis {
                places: years.iter().map(|year| year.map(place)).collect(),
                ticks: ticks.map(|year| (place(year), format!("{year:.0}"))).collect(),
            }
        }
        Places::Days(dates) => {
            let number = |day: NaiveDate| f64::from(day.num_days_from_ce());
            let days_of = || dates.iter().flatten().copied();
            let (Some(first), Some(last)) = (days_of().min(), days_of().max()) else {
                return Axis { places: vec![None; rows], ticks: Vec::new() };
            };
            let span = number(last) - number(first);
            let place = |day: NaiveDate| if span > 0.0 { (number(day) - number(first)) / span } else { 0.5 };
            let (ticks, pattern) = days(first, last, 6);
            let write = |day: NaiveDate| chart.locale.day(day, pattern);
            Axis {
                places: dates.iter().map(|day| day.map(place)).collect(),
                ticks: ticks.into_iter().map(|day| (place(day), write(day))).collect(),
            }
        }
    }
}
