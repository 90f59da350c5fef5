//! Bar charts: a row for each label, its bars below one another, each with its number at its end.

use super::{Chart, LETTER, SIZE, WIDTH, fitted, number, short, width};

/// The height of a bar, and the gaps between bars and between rows.
const BAR: f64 = 20.0;
const GAP: f64 = 4.0;
const ROW_GAP: f64 = 14.0;

/// `chart` as bars.
pub fn bars(chart: &Chart<'_>) -> String {
    let decimals = number::decimals(chart.numbers());
    let write = |value: f64| chart.number(value, decimals) + chart.unit;
    let named = chart.series.len() > 1;
    let end_of = |name: &str, value: f64| match named {
        // With Unicode isolates, a name in the opposite direction does not move the unit.
        true if chart.rtl => {
            format!("\u{2068}{}\u{2069} \u{2068}{}\u{2069}", write(value), fitted(name, 18.0 * LETTER))
        }
        true => format!("{} {}", write(value), fitted(name, 18.0 * LETTER)),
        false => write(value),
    };
    let least = chart.numbers().fold(0.0, f64::min);
    let most = chart.numbers().fold(0.0, f64::max);
    let room = |negative: bool| {
        let series = chart.series.iter();
        let of = |name: &str, value: &f64| width(&end_of(name, *value)) + 8.0;
        let all = series.flat_map(|one| one.numbers.iter().flatten().map(|value| (one.name, value)));
        all.filter(|(_, value)| (**value < 0.0) == negative).map(|(name, v)| of(name, v)).fold(0.0, f64::max)
    };
    let (before, after) = (room(true).min(WIDTH * 0.4), room(false).min(WIDTH * 0.4));
    let span = if most > least { most - least } else { 1.0 };
    let place = |value: f64| before + (value - least) / span * (WIDTH - before - after);
    let zero = place(0.0);
    let mut inner = String::new();
    let mut y = SIZE;
    for (at, label) in chart.labels.iter().enumerate() {
        let name = fitted(label, WIDTH);
        inner.push_str(&chart.text(chart.x(0.0), y, chart.anchor(true), "label", &name));
        y += 6.0;
        for (nth, series) in chart.series.iter().enumerate() {
            let Some(value) = series.numbers.get(at).copied().flatten() else {
                let dash = if named { format!("\u{2013} {}", series.name) } else { "\u{2013}".to_owned() };
                let x = chart.x(zero + 6.0);
                inner.push_str(&chart.text(x, y + BAR * 0.75, chart.anchor(true), "value", &dash));
                y += BAR + GAP;
                continue;
            };
            let (from, to) = (zero.min(place(value)), zero.max(place(value)));
            let x = if chart.rtl { chart.x(to) } else { from };
            inner.push_str(&format!(
                "<rect class=\"series-{}\" x=\"{}\" y=\"{}\" width=\"{}\" height=\"{BAR}\"/>",
                nth + 1,
                short(x),
                short(y),
                short((to - from).max(1.0))
            ));
            let beyond = if value < 0.0 { from - 6.0 } else { to + 6.0 };
            let anchor = chart.anchor(value >= 0.0);
            let text = end_of(series.name, value);
            inner.push_str(&chart.text(chart.x(beyond), y + BAR * 0.75, anchor, "value", &text));
            y += BAR + GAP;
        }
        y += ROW_GAP + SIZE;
    }
    let height = (y - SIZE - ROW_GAP).max(SIZE);
    if least < 0.0 {
        let x = short(chart.x(zero));
        inner.push_str(&format!(
            "<path class=\"axis\" d=\"M{x} 0V{}\" stroke=\"currentColor\"/>",
            short(height)
        ));
    }
    chart.svg("bars", height, &inner)
}
