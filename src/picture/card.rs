//! Cards: the texts on a card, and its key.

use crate::model::digest::{Digest, Hasher};

/// Pixels: the size that social networks ask for.
pub const WIDTH: u32 = 1200;
/// Pixels.
pub const HEIGHT: u32 = 630;

/// A new version number makes all cards anew.
const VERSION: u32 = 2;

/// The texts on a card, without markup.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Card {
    /// The site's title.
    pub site: String,
    /// The text above the title: the kicker, or the section.
    pub kicker: Option<String>,
    /// The title.
    pub title: String,
    /// The date, as people read it.
    pub date: Option<String>,
}

impl Card {
    /// All its texts.
    pub fn texts(&self) -> impl Iterator<Item = &str> {
        [Some(&self.site), self.kicker.as_ref(), Some(&self.title), self.date.as_ref()]
            .into_iter()
            .flatten()
            .map(String::as_str)
    }

    /// Key of the card's picture, drawn with the font whose bytes have the digest `font`.
    pub fn key(&self, font: Digest) -> Digest {
        let mut hasher = Hasher::default();
        hasher.value("card").value(VERSION.to_le_bytes()).bytes(font.bytes());
        hasher.value(format!("{self:?}"));
        hasher.finish()
    }
}
