use super::number::decimals;
use super::scale::{Scale, days};
use super::*;

#[test]
fn numbers_are_written_as_in_the_locale() {
    for (value, places, locale, expected) in [
        (1_234_567.5, 1, "en-GB", "1,234,567.5"),
        (1_234_567.5, 1, "de", "1.234.567,5"),
        (1999.0, 0, "en-GB", "1999"),
        (-0.5, 1, "en-GB", "\u{2212}0.5"),
        (-0.0, 0, "en-GB", "0"),
        (-12_345.0, 0, "fr", "\u{2212}12\u{202f}345"),
    ] {
        assert_eq!(Locale::of(locale).unwrap().grouped(value, places, 2), expected, "{value} {locale}");
    }
    assert_eq!(
        [decimals([1.0, 2.5].into_iter()), decimals([0.1 + 0.2].into_iter()), decimals([].into_iter())],
        [1, 1, 0]
    );
}

#[test]
fn ticks_are_round_and_hold_all_numbers() {
    let scale = |values: &[f64]| Scale::of(values.iter().copied(), 5);
    assert_eq!(scale(&[0.0, 10.0]).ticks, [0.0, 2.0, 4.0, 6.0, 8.0, 10.0]);
    assert_eq!(scale(&[97.0, 103.0]).ticks, [96.0, 98.0, 100.0, 102.0, 104.0]);
    assert_eq!(scale(&[-3.0, 7.0]).ticks, [-4.0, -2.0, 0.0, 2.0, 4.0, 6.0, 8.0]);
    assert!((scale(&[5.0, 5.0]).place(5.0) - 0.5).abs() < 1e-9);
    let day = |text: &str| text.parse().unwrap();
    let texts = |(ticks, pattern): (Vec<NaiveDate>, &str)| {
        (ticks.iter().map(NaiveDate::to_string).collect::<Vec<_>>().join(" "), pattern.to_owned())
    };
    for (first, last, ticks, pattern) in [
        (
            "2024-01-01",
            "2024-06-01",
            "2024-01-01 2024-02-01 2024-03-01 2024-04-01 2024-05-01 2024-06-01",
            "%b %Y",
        ),
        ("2000-06-01", "2020-06-01", "2005-01-01 2010-01-01 2015-01-01 2020-01-01", "%Y"),
        ("2024-02-28", "2024-03-02", "2024-02-28 2024-02-29 2024-03-01 2024-03-02", "%-d %b"),
    ] {
        assert_eq!(texts(days(day(first), day(last), 6)), (ticks.to_owned(), pattern.to_owned()));
    }
}

fn chart<'a>(
    series: &'a [(&'a str, Vec<Option<f64>>)],
    labels: &[&str],
    places: Places,
    rtl: bool,
) -> Chart<'a> {
    Chart {
        title: "T <1>",
        description: "",
        unit: "",
        locale: Locale::english(),
        rtl,
        labels: labels.iter().map(|label| (*label).to_owned()).collect(),
        places,
        series: series.iter().map(|(name, numbers)| Series { name, numbers }).collect(),
    }
}

/// The values of an attribute in a drawing, in order.
fn values(svg: &str, element: &str, attribute: &str) -> Vec<f64> {
    let of = |tag: &str| tag.split(&format!(" {attribute}=\"")).nth(1)?.split('"').next()?.parse().ok();
    svg.split(&format!("<{element}")).skip(1).filter_map(|tag| of(tag.split('>').next()?)).collect()
}

#[test]
fn bars_are_as_long_as_their_numbers_on_both_sides_of_nought() {
    let series = [("v", vec![Some(10.0), Some(-5.0), None, Some(0.0)])];
    let svg = bars(&chart(&series, &["a", "b", "c", "d"], Places::Even, false));
    let (x, width) = (values(&svg, "rect", "x"), values(&svg, "rect", "width"));
    assert_eq!(width.len(), 3);
    assert!((width[0] - 2.0 * width[1]).abs() < 0.2, "{width:?}");
    assert!((x[1] + width[1] - x[0]).abs() < 0.2, "{x:?}");
    assert!(svg.contains("<title>T &lt;1&gt;</title>") && svg.contains(">\u{2212}5</text>"), "{svg}");
    assert!(svg.contains(">\u{2013}</text>"), "what is missing is said: {svg}");
    // A chart from right to left is the mirror image.
    let mirrored = bars(&chart(&series, &["a", "b", "c", "d"], Places::Even, true));
    let (rx, rwidth) = (values(&mirrored, "rect", "x"), values(&mirrored, "rect", "width"));
    assert_eq!(rwidth, width);
    assert!((WIDTH - rx[0] - rwidth[0] - x[0]).abs() < 0.2, "{rx:?}");
}

#[test]
fn a_line_is_broken_where_a_number_is_missing() {
    let series = [("v", vec![Some(1.0), Some(2.0), None, Some(4.0), None, Some(3.0), Some(3.0)])];
    let svg = lines(&chart(&series, &["a"; 7], Places::Even, false));
    let path = svg.split("class=\"series-1\"><path d=\"").nth(1).unwrap().split('"').next().unwrap();
    assert_eq!((path.matches('M').count(), path.matches('L').count()), (3, 2), "{path}");
    assert_eq!(svg.matches("<circle").count(), 5);
}

#[test]
fn lines_can_be_told_apart_without_colour() {
    let series: Vec<(&str, Vec<Option<f64>>)> =
        ["a", "b", "c", "d", "e", "f"].into_iter().map(|name| (name, vec![Some(1.0), Some(2.0)])).collect();
    let mirrored = bars(&chart(&series, &["x", "y"], Places::Even, true));
    assert!(mirrored.contains(">\u{2068}2\u{2069} \u{2068}f\u{2069}</text>"), "{mirrored}");
    let svg = lines(&chart(&series, &["x", "y"], Places::Even, false));
    let groups: Vec<&str> =
        svg.split("<g class=\"series-").skip(1).map(|g| g.split("</g>").next().unwrap()).collect();
    // Six series have six names and six lines.
    assert_eq!(groups.len(), 12);
    let dashes: std::collections::BTreeSet<_> = groups[6..]
        .iter()
        .map(|g| g.split("stroke-dasharray=\"").nth(1).map(|d| d.split('"').next()))
        .collect();
    assert_eq!(dashes.len(), 6);
}

/// The tags of a drawing, without the texts between them.
fn tags(svg: &str) -> impl Iterator<Item = &str> {
    svg.split('<').skip(1).filter_map(|piece| piece.split('>').next())
}

proptest::proptest! {
    #[test]
    fn any_numbers_are_drawn_inside_of_the_field(
        numbers in proptest::collection::vec(proptest::option::of(-1e12_f64..1e12), 0..30),
        label in "\\PC{0,90}",
        rtl in proptest::bool::ANY,
    ) {
        let labels = vec![label.as_str(); numbers.len()];
        let series = [("a", numbers.clone()), ("b", numbers.clone())];
        for places in [Places::Even, Places::Numbers(numbers.clone()), Places::Years(numbers.clone())] {
            let chart = chart(&series, &labels, places, rtl);
            for svg in [bars(&chart), lines(&chart)] {
                // A label may have these letters too, but only the tags have lengths.
                for tag in tags(&svg) {
                    proptest::prop_assert!(!tag.contains("NaN") && !tag.contains("inf"), "{}", tag);
                }
                for x in values(&svg, "rect", "x").into_iter().chain(values(&svg, "circle", "cx")) {
                    proptest::prop_assert!((-1.0..=WIDTH + 1.0).contains(&x), "{} {}", x, svg);
                }
            }
        }
    }
}
