//! The precision of numbers, and the length of labels.

use unicode_segmentation::UnicodeSegmentation;

/// The fewest decimals, up to 6, that show all `values` exactly.
pub fn decimals(values: impl Iterator<Item = f64>) -> usize {
    let of = |value: f64| {
        (0..6_usize).find(|decimals| {
            let scaled = value * 10_f64.powi(i32::try_from(*decimals).unwrap_or(0));
            (scaled - scaled.round()).abs() < 1e-6 * scaled.abs().max(1.0)
        })
    };
    values.map(|value| of(value).unwrap_or(6)).max().unwrap_or(0)
}

/// The first `letters - 1` letters of `text`, and an ellipsis.
pub fn cut(text: &str, letters: usize) -> String {
    let kept: String = text.graphemes(true).take(letters.saturating_sub(1)).collect();
    format!("{}\u{2026}", kept.trim_end())
}
