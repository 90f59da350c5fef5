//! `[images]`: how pictures are treated.

use crate::model::metadata::Fields;

/// `[images]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImageRules {
    /// `responsive`: offer local pictures in several widths and as WebP, and remove personal metadata from them;
    /// default true. With false, pictures are copied as they are.
    pub responsive: bool,
    /// `widths`: the widths in pixels, narrowest first; default 480, 800, 1200, 1600. A picture is never enlarged.
    pub widths: Vec<u32>,
    /// `quality`: the quality of JPEG and WebP, from 1 to 100; default 80.
    pub quality: u8,
    /// `sizes`: the displayed width of pictures, as in HTML's `sizes` attribute.
    pub sizes: String,
    /// `cards`: make a picture with the title for each article that has none; default false.
    pub cards: bool,
    /// `card_font`: the font file for cards, from the site's root (TrueType or OpenType).
    pub card_font: Option<String>,
}

/// The default of `sizes`: the width of the theme's column, or all of a narrow screen.
const SIZES: &str = "(min-width: 40rem) 36rem, 100vw";

impl Default for ImageRules {
    fn default() -> Self {
        ImageRules {
            responsive: cfg!(feature = "images"),
            widths: vec![480, 800, 1200, 1600],
            quality: 80,
            sizes: SIZES.to_owned(),
            cards: false,
            card_font: None,
        }
    }
}

pub(super) fn images(fields: &mut Fields<'_, '_>) -> ImageRules {
    let mut rules = ImageRules::default();
    let Some(mut table) = fields.table("images") else { return rules };
    for (key, slot) in [("responsive", &mut rules.responsive), ("cards", &mut rules.cards)] {
        let node = table.node(key);
        let Some(flag) = table.flag(key) else { continue };
        if let (Some(node), true) = (node, flag && cfg!(not(feature = "images"))) {
            let remedy = "take the line out, or build Dateline with its feature `images`";
            table.refuse(key, node, "this Dateline was made without pictures", remedy);
        } else {
            *slot = flag;
        }
    }
    if let Some(node) = table.node("widths") {
        let texts = table.as_texts("widths", node);
        let mut widths: Vec<u32> = texts
            .iter()
            .filter_map(|text| text.parse().ok())
            .filter(|width| (16..=8192).contains(width))
            .collect();
        widths.sort_unstable();
        widths.dedup();
        if widths.is_empty() || widths.len() != texts.len() || widths.len() > 16 {
            let remedy =
                "give up to 16 different whole numbers of pixels from 16 to 8192: `[480, 800, 1200, 1600]`";
            table.refuse("widths", node, "these are no widths", remedy);
        } else {
            rules.widths = widths;
        }
    }
    rules.quality = table.whole("quality", 1, 100).map_or(rules.quality, |quality| quality as u8);
    rules.sizes = table.filled("sizes").unwrap_or(rules.sizes);
    rules.card_font = table.filled("card_font");
    table.finish(None);
    rules
}
