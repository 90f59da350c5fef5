//! Colours that can be read: contrast (WCAG 2.2), the nearest colour with enough of it, and colours for the dark.
//!
//! A colour is changed in its lightness alone, in OKLCH, where equal steps look equal and the hue stays.

/// The contrast that text of any size needs (WCAG 2.2, criterion 1.4.3).
pub(super) const ENOUGH: f64 = 4.5;

/// Red, green and blue.
pub(super) type Rgb = [u8; 3];

/// Steps of lightness in which a colour is looked for.
const STEPS: u32 = 1000;

/// Lightness of the darkest ground that a colour for the dark becomes.
const NIGHT: f64 = 0.2;

/// Reads `#rrggbb`.
pub(super) fn parse(text: &str) -> Option<Rgb> {
    let number = u32::from_str_radix(text.strip_prefix('#')?, 16).ok()?;
    let [_, red, green, blue] = number.to_be_bytes();
    Some([red, green, blue])
}

/// Writes `#rrggbb`.
pub(super) fn write([red, green, blue]: Rgb) -> String {
    format!("#{red:02x}{green:02x}{blue:02x}")
}

/// The contrast of two colours, from 1 to 21.
pub(super) fn contrast(one: Rgb, other: Rgb) -> f64 {
    let luminance = |colour: Rgb| {
        let [red, green, blue] = colour.map(linear);
        0.2126 * red + 0.7152 * green + 0.0722 * blue
    };
    let (one, other) = (luminance(one), luminance(other));
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

/// The smallest contrast of `colour` with one of `others`.
pub(super) fn least(colour: Rgb, others: &[Rgb]) -> f64 {
    others.iter().map(|other| contrast(colour, *other)).fold(f64::INFINITY, f64::min)
}

/// The nearest colour to `colour` that has a contrast of `wanted` with all of `others`; `None` if no lightness has it.
pub(super) fn nearest(colour: Rgb, others: &[Rgb], wanted: f64) -> Option<Rgb> {
    let [lightness, a, b] = oklab(colour);
    let at = |lightness: f64| {
        let made = shown(lightness, a, b);
        (least(made, others) >= wanted).then_some(made)
    };
    (0..=STEPS).find_map(|step| {
        let step = f64::from(step) / f64::from(STEPS);
        let lighter = Some(lightness + step).filter(|one| *one <= 1.0).and_then(at);
        lighter.or_else(|| Some(lightness - step).filter(|one| *one >= 0.0).and_then(at))
    })
}

/// True if `colour` is rather dark.
pub(super) fn is_dark(colour: Rgb) -> bool {
    oklab(colour)[0] < 0.5
}

/// The colour of a ground or a line in the dark: as far from black as `light` is from white.
pub(super) fn night_of_ground(light: Rgb) -> Rgb {
    let [lightness, a, b] = oklab(light);
    shown((NIGHT + 1.0 - lightness).clamp(0.0, 1.0), a, b)
}

/// The colour of text in the dark: `light` itself if it can be read on the grounds of the dark, else with the contrast
/// there that it has on those of the day.
pub(super) fn night_of_text(light: Rgb, day: &[Rgb], night: &[Rgb]) -> Rgb {
    if least(light, night) >= ENOUGH {
        return light;
    }
    let wanted = least(light, day).max(ENOUGH);
    nearest(light, night, wanted).or_else(|| nearest(light, night, ENOUGH)).unwrap_or([255, 255, 255])
}

/// A part of a colour as light (IEC 61966-2-1).
fn linear(part: u8) -> f64 {
    let part = f64::from(part) / 255.0;
    if part <= 0.04045 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
}

fn part(linear: f64) -> f64 {
    if linear <= 0.003_130_8 { linear * 12.92 } else { 1.055 * linear.powf(1.0 / 2.4) - 0.055 }
}

/// A colour in OKLab: lightness, and two axes of hue.
fn oklab(colour: Rgb) -> [f64; 3] {
    let [red, green, blue] = colour.map(linear);
    let long = (0.412_221_470_8 * red + 0.536_332_536_3 * green + 0.051_445_992_9 * blue).cbrt();
    let medium = (0.211_903_498_2 * red + 0.680_699_545_1 * green + 0.107_396_956_6 * blue).cbrt();
    let short = (0.088_302_461_9 * red + 0.281_718_837_6 * green + 0.629_978_700_5 * blue).cbrt();
    [
        0.210_454_255_3 * long + 0.793_617_785 * medium - 0.004_072_046_8 * short,
        1.977_998_495_1 * long - 2.428_592_205 * medium + 0.450_593_709_9 * short,
        0.025_904_037_1 * long + 0.782_771_766_2 * medium - 0.808_675_766 * short,
    ]
}

/// The red, green and blue of a colour in OKLab, each from 0 to 1 if screens have the colour.
fn srgb([lightness, a, b]: [f64; 3]) -> [f64; 3] {
    let long = (lightness + 0.396_337_777_4 * a + 0.215_803_757_3 * b).powi(3);
    let medium = (lightness - 0.105_561_345_8 * a - 0.063_854_172_8 * b).powi(3);
    let short = (lightness - 0.089_484_177_5 * a - 1.291_485_548 * b).powi(3);
    [
        part(4.076_741_662_1 * long - 3.307_711_591_3 * medium + 0.230_969_929_2 * short),
        part(-1.268_438_004_6 * long + 2.609_757_401_1 * medium - 0.341_319_396_5 * short),
        part(-0.004_196_086_3 * long - 0.703_418_614_7 * medium + 1.707_614_701 * short),
    ]
}

/// The colour with this lightness and hue, as saturated as screens can show it.
fn shown(lightness: f64, a: f64, b: f64) -> Rgb {
    let is_shown = |parts: [f64; 3]| parts.iter().all(|part| (-0.001..=1.001).contains(part));
    let at = |share: f64| srgb([lightness, a * share, b * share]);
    let (mut some, mut all) = (0.0, 1.0);
    if !is_shown(at(all)) {
        for _ in 0..12 {
            let middle = f64::midpoint(some, all);
            if is_shown(at(middle)) { some = middle } else { all = middle }
        }
        all = some;
    }
    at(all).map(|part| (part.clamp(0.0, 1.0) * 255.0).round() as u8)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn rgb(text: &str) -> Rgb {
        parse(text).unwrap()
    }

    /// Known pairs: black and white, the grey that just passes on white (WCAG's own example), a red.
    #[test]
    fn contrast_is_that_of_wcag() {
        for (one, other, expected) in [
            ("#000000", "#ffffff", 21.0),
            ("#ffffff", "#000000", 21.0),
            ("#767676", "#ffffff", 4.54),
            ("#777777", "#ffffff", 4.48),
            ("#ff0000", "#ffffff", 4.0),
            ("#123456", "#123456", 1.0),
        ] {
            let found = contrast(rgb(one), rgb(other));
            assert!((found - expected).abs() < 0.005, "{one} on {other}: {found}");
        }
    }

    #[test]
    fn the_nearest_colour_is_just_readable_and_of_the_same_hue() {
        let (gold, paper) = (rgb("#d4a017"), rgb("#ffffff"));
        let found = nearest(gold, &[paper], ENOUGH).unwrap();
        let ratio = contrast(found, paper);
        assert!((ENOUGH..ENOUGH + 0.1).contains(&ratio), "{} has {ratio}", write(found));
        assert!(found[0] > found[1] && found[1] > found[2], "{}", write(found));
        // A colour that can be read stays.
        assert_eq!(nearest(rgb("#9b2a1a"), &[paper], ENOUGH), Some(rgb("#9b2a1a")));
        // No colour can be read on all of these.
        assert_eq!(nearest(gold, &[rgb("#000000"), rgb("#777777"), paper], ENOUGH), None);
    }

    #[test]
    fn light_grounds_become_dark_ones() {
        assert_eq!(write(night_of_ground(rgb("#ffffff"))), "#161616");
        let panel = night_of_ground(rgb("#f5f0e6"));
        assert!(is_dark(panel) && contrast(panel, rgb("#ffffff")) > 14.0, "{}", write(panel));
    }

    proptest! {
        #[test]
        fn text_in_the_dark_is_readable(light in any::<[u8; 3]>()) {
            let (day, night) = ([[255, 253, 249], [245, 240, 230]], [[23, 22, 20], [34, 32, 29]]);
            prop_assert!(least(night_of_text(light, &day, &night), &night) >= ENOUGH);
        }

        #[test]
        fn a_colour_survives_its_change_of_space(colour in any::<[u8; 3]>()) {
            let [lightness, a, b] = oklab(colour);
            let back = shown(lightness, a, b);
            prop_assert!(colour.iter().zip(back).all(|(one, other)| one.abs_diff(other) <= 1), "{:?} {:?}", colour, back);
        }
    }
}
