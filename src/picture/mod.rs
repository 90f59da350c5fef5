//! Pictures: what a file says of itself, smaller ones made of it, and files without what they tell of people
//! and places. It knows no site.
//!
//! 1. [`look`] reads a picture's head: its format, its size as it is to be seen. No pixel is decoded.
//! 2. [`make`] decodes a picture once and makes the [`Spec`]s that are asked for.
//! 3. [`strip`] takes location and all other metadata out of a file, losslessly.
//! 4. [`Press`] draws a [`Card`]: a picture with a title.
//! 5. [`Store`] keeps what was looked at and made, by content.

mod card;
#[cfg(feature = "images")]
mod codec;
#[cfg(feature = "images")]
mod gate;
#[cfg(feature = "images")]
mod lettering;
mod markup;
mod press;
mod store;
mod strip;
mod vector;

pub use card::{Card, HEIGHT as CARD_HEIGHT, WIDTH as CARD_WIDTH};
pub use markup::{Markup, Seen, Source};
use miette::Diagnostic;
#[cfg(feature = "images")]
pub use press::Press;
use serde::{Deserialize, Serialize};
pub use store::{Looked, Store};
pub use strip::strip;
use thiserror::Error;

/// A format of pictures.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Format {
    /// JPEG (ITU-T T.81).
    Jpeg,
    /// PNG (W3C, third edition).
    Png,
    /// GIF (89a).
    Gif,
    /// WebP (RFC 9649).
    Webp,
    /// SVG.
    Svg,
}

impl Format {
    /// The format that `bytes` begin with, whatever the file is called.
    pub fn of(bytes: &[u8]) -> Option<Format> {
        match bytes {
            [0xff, 0xd8, 0xff, ..] => Some(Format::Jpeg),
            [0x89, b'P', b'N', b'G', 0x0d, 0x0a, 0x1a, 0x0a, ..] => Some(Format::Png),
            [b'G', b'I', b'F', b'8', b'7' | b'9', b'a', ..] => Some(Format::Gif),
            [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Some(Format::Webp),
            _ => vector::is_svg(bytes).then_some(Format::Svg),
        }
    }

    /// The format that a file's name promises.
    pub fn named(path: &str) -> Option<Format> {
        let (_, extension) = path.rsplit_once('.')?;
        EXTENSIONS.iter().find(|(known, _)| extension.eq_ignore_ascii_case(known)).map(|(_, format)| *format)
    }

    /// The media type (RFC 2046).
    pub fn media_type(self) -> &'static str {
        match self {
            Format::Jpeg => "image/jpeg",
            Format::Png => "image/png",
            Format::Gif => "image/gif",
            Format::Webp => "image/webp",
            Format::Svg => "image/svg+xml",
        }
    }

    /// The usual end of a file's name, without a dot.
    pub fn extension(self) -> &'static str {
        match self {
            Format::Jpeg => "jpg",
            Format::Png => "png",
            Format::Gif => "gif",
            Format::Webp => "webp",
            Format::Svg => "svg",
        }
    }
}

/// The ends of names of pictures.
pub const EXTENSIONS: [(&str, Format); 6] = [
    ("jpg", Format::Jpeg),
    ("jpeg", Format::Jpeg),
    ("png", Format::Png),
    ("gif", Format::Gif),
    ("webp", Format::Webp),
    ("svg", Format::Svg),
];

/// The most pixels that a picture may have: a hundred million, 400 MB while it is decoded.
pub const MOST_PIXELS: u64 = 100_000_000;
/// The largest file that is read as a picture, in bytes.
pub const MOST_BYTES: u64 = 256 << 20;

/// What a picture's head says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Facts {
    /// The format, by its first bytes.
    pub format: Format,
    /// Pixels, as it is to be seen: turned as EXIF says. 0 where a drawing says no size.
    pub width: u32,
    /// Pixels, as it is to be seen.
    pub height: u32,
    /// True if smaller ones can be made of it: it is no drawing, and does not move.
    pub can_shrink: bool,
}

/// A picture to be made of another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Spec {
    /// Its format: JPEG, PNG or WebP.
    pub format: Format,
    /// Pixels.
    pub width: u32,
    /// Pixels.
    pub height: u32,
    /// How good JPEG and WebP are, from 1 to 100.
    pub quality: u8,
}

/// What can be wrong with a picture.
#[derive(Debug, Clone, PartialEq, Eq, Error, Diagnostic, Serialize, Deserialize)]
pub enum PictureError {
    /// Another file, or none.
    #[error("the picture {file} can't be read: {reason}")]
    #[diagnostic(
        code(picture::unreadable),
        help("save it again as JPEG, PNG, GIF, WebP or SVG, or take it out of the article")
    )]
    Unreadable {
        /// The file, from the site's root.
        file: String,
        /// What is wrong with it.
        reason: String,
    },
    /// A font that is none.
    #[error("`card_font` can't be used: {reason}")]
    #[diagnostic(
        code(picture::font),
        help("name the file of a TrueType or OpenType font, from the site's root")
    )]
    Font {
        /// Why not.
        reason: String,
    },
    /// A title in letters that no font has.
    #[error("no font has \u{201c}{letter}\u{201d}, which is in this title; articles without a card: {count}")]
    #[diagnostic(
        severity(warning),
        code(picture::letters),
        help("name a font that has it as `card_font` under `[images]`, or give the article an `image`")
    )]
    Letters {
        /// How many.
        count: usize,
        /// The first letter that is missing.
        letter: char,
    },
    /// More pixels than can be decoded.
    #[error("the picture {file} has {width} by {height} pixels, and {MOST_PIXELS} in all are the most")]
    #[diagnostic(
        code(picture::too_large),
        help("make it smaller: 4000 pixels are wide enough for any screen")
    )]
    TooLarge {
        /// The file, from the site's root.
        file: String,
        /// Pixels.
        width: u64,
        /// Pixels.
        height: u64,
    },
}

/// Why a picture can't be used, before its file is named.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Fault {
    /// What is wrong with it.
    Unreadable(String),
    /// Its width and height in pixels.
    TooLarge(u64, u64),
}

impl Fault {
    pub(crate) fn new(reason: impl ToString) -> Fault {
        Fault::Unreadable(reason.to_string())
    }

    /// What is wrong, for people.
    pub fn reason(&self) -> String {
        match self {
            Fault::Unreadable(reason) => reason.clone(),
            Fault::TooLarge(width, height) => format!("it has {width} by {height} pixels"),
        }
    }

    /// The error of the picture in `file`.
    pub fn of(&self, file: &str) -> PictureError {
        let file = file.to_owned();
        match self {
            Fault::Unreadable(reason) => PictureError::Unreadable { file, reason: reason.clone() },
            Fault::TooLarge(width, height) => PictureError::TooLarge { file, width: *width, height: *height },
        }
    }
}

/// What the head of the picture `bytes` says.
///
/// # Errors
/// Why it is no picture that can be shown. Nothing is allocated for what a head only claims.
pub fn look(bytes: &[u8]) -> Result<Facts, Fault> {
    if bytes.is_empty() {
        return Err(Fault::new("the file is empty"));
    }
    let format = Format::of(bytes).ok_or_else(|| Fault::new("it is none by its first bytes"))?;
    if format == Format::Svg {
        let (width, height) = vector::size(bytes).unwrap_or_default();
        return Ok(Facts { format, width, height, can_shrink: false });
    }
    let size = imagesize::blob_size(bytes).map_err(Fault::new)?;
    let (width, height) = (size.width as u64, size.height as u64);
    if width == 0 || height == 0 {
        return Err(Fault::new("it has no pixels"));
    }
    if width.saturating_mul(height) > MOST_PIXELS || width.max(height) > u64::from(u16::MAX) {
        return Err(Fault::TooLarge(width, height));
    }
    // Within the bounds just checked.
    let (width, height) = (width as u32, height as u32);
    inside(bytes, format, width, height)
}

#[cfg(feature = "images")]
fn inside(bytes: &[u8], format: Format, width: u32, height: u32) -> Result<Facts, Fault> {
    codec::look(bytes, format, width, height)
}

#[cfg(not(feature = "images"))]
fn inside(_: &[u8], format: Format, width: u32, height: u32) -> Result<Facts, Fault> {
    Ok(Facts { format, width, height, can_shrink: false })
}

/// Makes `specs` of the picture `bytes`, in their order; it is decoded once. Waits while others are decoded for
/// which the memory is needed. The same bytes and specs give the same pictures.
///
/// # Errors
/// Why it can't be decoded.
#[cfg(feature = "images")]
pub fn make(bytes: &[u8], facts: &Facts, specs: &[Spec]) -> Result<Vec<Vec<u8>>, Fault> {
    let _pass = gate::wait(u64::from(facts.width) * u64::from(facts.height));
    codec::make(bytes, facts, specs)
}

/// Without the feature `images` nothing can be made, and nobody plans it.
///
/// # Errors
/// That.
#[cfg(not(feature = "images"))]
pub fn make(_: &[u8], _: &Facts, _: &[Spec]) -> Result<Vec<Vec<u8>>, Fault> {
    Err(Fault::new("this Dateline was made without pictures"))
}

/// Without the feature `images` no cards are drawn, and nobody plans them.
#[cfg(not(feature = "images"))]
pub struct Press;

#[cfg(not(feature = "images"))]
impl Press {
    /// There is none.
    ///
    /// # Errors
    /// That.
    pub fn new(_: Option<Vec<u8>>) -> Result<Press, Fault> {
        Err(Fault::new("this Dateline was made without pictures"))
    }

    /// There is none.
    ///
    /// # Errors
    /// Any letter.
    pub fn key(&self, _: &Card) -> Result<crate::model::digest::Digest, char> {
        Err('\u{fffd}')
    }

    /// There is none.
    ///
    /// # Errors
    /// That.
    pub fn draw(&self, _: &Card) -> Result<Vec<u8>, Fault> {
        Err(Fault::new("this Dateline was made without pictures"))
    }
}

#[cfg(all(test, feature = "images"))]
mod tests;
