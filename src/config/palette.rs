//! `[theme.colours]`: the colours of pages, those that are derived, and those that can't be read.

use super::contrast::{self, Rgb};
use super::{ConfigError, ThemeRules};
use crate::model::metadata::{Fields, Node, Value};

/// The colours that can be overridden, each a custom property of the style sheet (`--paper`).
pub const COLOURS: [&str; 6] = ["paper", "ink", "soft", "line", "accent", "panel"];

/// The theme's colours, for light and for dark, as `static/base.css` has them.
const DEFAULTS: [[Rgb; COLOURS.len()]; 2] = [
    [
        [0xff, 0xfd, 0xf9],
        [0x1d, 0x1b, 0x18],
        [0x5f, 0x58, 0x4f],
        [0xdc, 0xd5, 0xc9],
        [0x9b, 0x2a, 0x1a],
        [0xf5, 0xf0, 0xe6],
    ],
    [
        [0x17, 0x16, 0x14],
        [0xec, 0xe7, 0xde],
        [0xb3, 0xaa, 0x9d],
        [0x3a, 0x36, 0x31],
        [0xf0, 0x93, 0x7f],
        [0x22, 0x20, 0x1d],
    ],
];

/// A colour for the light and for the dark scheme.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Colour {
    /// `#rrggbb`.
    pub light: String,
    /// `#rrggbb`.
    pub dark: String,
}

/// Reads `[theme.colours]`.
pub(super) fn colours(table: &mut Fields<'_, '_>, colours: &mut Vec<(&'static str, Colour)>) {
    let Some(node) = table.node("colours") else { return };
    let mut inner = table.inner("`[theme.colours]`", node);
    let written: Vec<Written<'_>> = COLOURS.into_iter().filter_map(|key| written(&mut inner, key)).collect();
    let palette = Palette::of(&written);
    for fault in palette.faults(&written) {
        inner.report(fault.error, &fault.node.span);
    }
    let is_own = |(key, _): &(&'static str, Colour)| written.iter().any(|one| one.key == *key);
    colours.extend(palette.colours().into_iter().filter(is_own));
    inner.finish(None);
}

/// A colour as `[theme.colours]` has it.
struct Written<'n> {
    key: &'static str,
    /// For light and for dark, each with its place.
    schemes: [Option<(Rgb, &'n Node)>; 2],
}

/// Reads the colour `key`: a text for light, or a table of `light` and `dark`.
fn written<'n>(table: &mut Fields<'n, '_>, key: &'static str) -> Option<Written<'n>> {
    let node = table.node(key)?;
    let [light, dark] = match &node.value {
        Value::Table(_) => {
            let mut pair = table.inner(format!("`{key}`"), node);
            let schemes = ["light", "dark"].map(|scheme| pair.node(scheme));
            pair.finish(None);
            if schemes == [None, None] {
                let remedy = format!("{key} = {{ light = \"#9b2a1a\", dark = \"#f0937f\" }}");
                table.refuse(key, node, "a colour has `light` and `dark`", remedy);
            }
            schemes
        }
        _ => [Some(node), None],
    };
    let mut read = |node: Option<&'n Node>| node.and_then(|node| Some((colour(table, key, node)?, node)));
    Some(Written { key, schemes: [read(light), read(dark)] })
}

/// The number of `key` among [`COLOURS`].
fn number(key: &str) -> usize {
    COLOURS.iter().position(|one| *one == key).unwrap_or(0)
}

/// The colours that text is on.
const GROUNDS: [&str; 2] = ["paper", "panel"];

/// The colours of text.
const TEXTS: [&str; 3] = ["ink", "soft", "accent"];

/// All colours of pages in both schemes: light, dark.
struct Palette([[Rgb; COLOURS.len()]; 2]);

/// A colour that can't be read.
struct Fault<'n> {
    error: ConfigError,
    node: &'n Node,
}

impl Palette {
    /// The theme's colours with those that are `written` in their places. A colour for light alone gets one for dark.
    fn of(written: &[Written<'_>]) -> Palette {
        let mut palette = Palette(DEFAULTS);
        for one in written {
            for (scheme, colour) in one.schemes.iter().enumerate() {
                if let Some((colour, _)) = colour {
                    palette.0[scheme][number(one.key)] = *colour;
                }
            }
        }
        // A site whose paper is dark by day is the same by night.
        let is_always_dark = contrast::is_dark(palette.0[0][number("paper")]);
        let derived = |keys: &'static [&str]| {
            let is_derived = |one: &&Written<'_>| keys.contains(&one.key) && one.schemes[1].is_none();
            written.iter().filter(is_derived).filter_map(|one| Some((number(one.key), one.schemes[0]?.0)))
        };
        for (at, light) in derived(&["paper", "panel", "line"]) {
            palette.0[1][at] = if is_always_dark { light } else { contrast::night_of_ground(light) };
        }
        let (day, night) = (palette.grounds(0), palette.grounds(1));
        for (at, light) in derived(&TEXTS) {
            palette.0[1][at] = contrast::night_of_text(light, &day, &night);
        }
        palette
    }

    /// The grounds in a scheme.
    fn grounds(&self, scheme: usize) -> [Rgb; 2] {
        GROUNDS.map(|key| self.0[scheme][number(key)])
    }

    /// The colours of text that can't be read where a colour is `written`, each once a scheme.
    fn faults<'n>(&self, written: &[Written<'n>]) -> Vec<Fault<'n>> {
        let mut faults = Vec::new();
        let place = |key: &str, scheme: usize| {
            let one = written.iter().find(|one| one.key == key)?;
            one.schemes[scheme].or(one.schemes[0]).or(one.schemes[1]).map(|(_, node)| node)
        };
        for (scheme, name) in ["light", "dark"].into_iter().enumerate() {
            let of = |key: &str| self.0[scheme][number(key)];
            let grounds = self.grounds(scheme);
            for text in TEXTS {
                let ratios = GROUNDS.map(|ground| (ground, contrast::contrast(of(text), of(ground))));
                let [one, other] = ratios;
                let (ground, ratio) = if one.1 <= other.1 { one } else { other };
                if ratio >= contrast::ENOUGH {
                    continue;
                }
                // The colour that the site has chosen is the one to change: of the text, else of the ground.
                let (node, changed, found) = match (place(text, scheme), place(ground, scheme)) {
                    (Some(node), _) => (node, text, contrast::nearest(of(text), &grounds, contrast::ENOUGH)),
                    (None, Some(node)) => {
                        let texts = TEXTS.map(of);
                        (node, ground, contrast::nearest(of(ground), &texts, contrast::ENOUGH))
                    }
                    (None, None) => continue,
                };
                let remedy = match found {
                    Some(found) => format!(
                        "the nearest colour that gives it is `{changed} = {{ {name} = \"{}\" }}`",
                        contrast::write(found)
                    ),
                    None => {
                        "no lightness of this colour gives it; choose others for text and ground".to_owned()
                    }
                };
                let error = ConfigError::Contrast {
                    text,
                    text_colour: contrast::write(of(text)),
                    ground,
                    ground_colour: contrast::write(of(ground)),
                    // Rounded down, so that too little never looks like enough.
                    ratio: format!("{:.2}", (ratio * 100.0).floor() / 100.0),
                    scheme: name,
                    remedy,
                };
                faults.push(Fault { error, node });
            }
        }
        faults
    }

    /// All colours by name.
    fn colours(&self) -> Vec<(&'static str, Colour)> {
        let colour = |key: &'static str| {
            let [light, dark] = [0, 1].map(|scheme: usize| contrast::write(self.0[scheme][number(key)]));
            (key, Colour { light, dark })
        };
        COLOURS.into_iter().map(colour).collect()
    }
}

impl ThemeRules {
    /// The colour `key` of pages, which is the theme's if the site has none.
    pub fn colour(&self, key: &str) -> Colour {
        let own = self.colours.iter().find(|(name, _)| *name == key).map(|(_, colour)| colour.clone());
        own.unwrap_or_else(|| {
            let [light, dark] = DEFAULTS.map(|scheme| contrast::write(scheme[number(key)]));
            Colour { light, dark }
        })
    }
}

/// The remedy for a colour in another form.
const OWN_COLOUR: &str = "write it as `#9b2a1a`; any other form of CSS can stand in `static/custom.css`, as in `:root { --accent: … }`";

/// Reads a colour: `#rrggbb`.
fn colour(table: &mut Fields<'_, '_>, key: &str, node: &Node) -> Option<Rgb> {
    let text = table.as_text(key, node)?;
    let digits = text.trim().strip_prefix('#').unwrap_or_default();
    let is_hex = digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    match (is_hex, digits.len()) {
        (true, 6) => contrast::parse(text.trim()),
        (true, 3) => {
            contrast::parse(&format!("#{}", digits.chars().flat_map(|one| [one, one]).collect::<String>()))
        }
        _ => {
            let bare = text.trim();
            let is_bare = matches!(bare.len(), 3 | 6) && bare.bytes().all(|byte| byte.is_ascii_hexdigit());
            let remedy = if is_bare { format!("did you mean `#{bare}`?") } else { OWN_COLOUR.to_owned() };
            table.refuse(key, node, "this is no colour of six hexadecimal digits", remedy);
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_style_sheet_has_the_same_colours() {
        let sheet = include_str!("../../static/base.css");
        for (key, Colour { light, dark }) in Palette(DEFAULTS).colours() {
            let line = format!("--{key}: light-dark({light}, {dark});");
            assert!(sheet.contains(&line), "{line}");
        }
    }
}
