//! Scales: the position of numbers, and the round numbers with ticks.

use chrono::{Datelike, Days, NaiveDate};

/// A scale from the least to the greatest number shown.
#[derive(Debug, Clone, PartialEq)]
pub struct Scale {
    pub least: f64,
    pub most: f64,
    /// Round numbers, least first.
    pub ticks: Vec<f64>,
}

impl Scale {
    /// A scale for `values` that begins and ends with a tick, with about `count` ticks. It includes zero, unless all
    /// numbers are far from zero.
    pub fn of(values: impl Iterator<Item = f64>, count: usize) -> Scale {
        let (mut least, mut most) = values.fold((f64::MAX, f64::MIN), |(a, b), v| (a.min(v), b.max(v)));
        if least > most {
            (least, most) = (0.0, 1.0);
        }
        if least > 0.0 && least < most * 0.6 {
            least = 0.0;
        } else if most < 0.0 && most > least * 0.6 {
            most = 0.0;
        }
        if least == most {
            let by = if least == 0.0 { 1.0 } else { least.abs() * 0.1 };
            (least, most) = (least - by, most + by);
        }
        let step = round_step((most - least) / count.max(1) as f64);
        let (first, last) = ((least / step).floor(), (most / step).ceil());
        let steps = (last - first).clamp(1.0, 50.0) as usize;
        let ticks: Vec<f64> = (0..=steps).map(|at| (first + at as f64) * step).collect();
        Scale { least: first * step, most: (first + steps as f64) * step, ticks }
    }

    /// The position of `value`, from 0 to 1.
    pub fn place(&self, value: f64) -> f64 {
        let span = self.most - self.least;
        if span == 0.0 { 0.5 } else { ((value - self.least) / span).clamp(0.0, 1.0) }
    }
}

/// The least round number (1, 2 or 5 times a power of ten) that is at least `step`.
pub fn round_step(step: f64) -> f64 {
    let power = 10_f64.powf(step.log10().floor());
    let round = [1.0, 2.0, 5.0, 10.0].into_iter().find(|round| round * power >= step * 0.999);
    let found = round.unwrap_or(10.0) * power;
    if found.is_finite() && found > 0.0 { found } else { 1.0 }
}

/// Days with ticks, at most `count`, and the format of their labels.
pub fn days(first: NaiveDate, last: NaiveDate, count: usize) -> (Vec<NaiveDate>, &'static str) {
    let span = (last - first).num_days();
    let count = count.max(1) as i64;
    let mut ticks = Vec::new();
    if span > 366 * 2 {
        let step = round_step(span as f64 / 365.25 / count as f64).max(1.0) as i32;
        let mut year = first.year().div_euclid(step) * step;
        while year <= last.year() && ticks.len() < 60 {
            ticks.extend(NaiveDate::from_ymd_opt(year, 1, 1).filter(|day| *day >= first && *day <= last));
            year += step;
        }
        return (ticks, "%Y");
    }
    if span > 62 {
        let step = [1, 2, 3, 6].into_iter().find(|step| span / 30 / step <= count).unwrap_or(12);
        let mut month = i64::from(first.year()) * 12 + i64::from(first.month0());
        let end = i64::from(last.year()) * 12 + i64::from(last.month0());
        while month <= end && ticks.len() < 60 {
            let (year, of_year) = (month.div_euclid(12) as i32, month.rem_euclid(12) as u32);
            let day = NaiveDate::from_ymd_opt(year, of_year + 1, 1).filter(|_| month.rem_euclid(step) == 0);
            ticks.extend(day.filter(|day| *day >= first && *day <= last));
            month += 1;
        }
        return (ticks, "%b %Y");
    }
    let step = [1, 2, 7, 14].into_iter().find(|step| span / step <= count).unwrap_or(28);
    let mut day = Some(first);
    while let Some(one) = day.filter(|day| *day <= last && ticks.len() < 60) {
        ticks.push(one);
        day = one.checked_add_days(Days::new(step as u64));
    }
    (ticks, "%-d %b")
}
