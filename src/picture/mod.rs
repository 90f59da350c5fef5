//! Pictures: reading their facts, shrinking them, and removing personal metadata. This module knows no site.
//!
//! 1. [`look`] reads a picture's header: its format and its displayed size. No pixel is decoded.
//! 2. [`make`] decodes a picture once and makes the [`Spec`]s that are asked for.
//! 3. [`strip`] takes location and all other metadata out of a file, losslessly.
//! 4. [`Press`] draws a [`Card`]: a picture with a title.
//! 5. [`Store`] caches facts and made pictures, by content.

mod card;
#[cfg(feature = "images")]
mod codec;
#[cfg(feature = "images")]
mod gate;
#[cfg(feature = "images")]
mod guard;
#[cfg(feature = "images")]
mod lettering;
mod markup;
#[cfg(feature = "images")]
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
pub use strip::{clean, is_picture, strip};
use thiserror::Error;

/// A picture format.
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
    /// The format by the first bytes, whatever the file's name.
    pub fn of(bytes: &[u8]) -> Option<Format> {
        match bytes {
            [0xff, 0xd8, 0xff, ..] => Some(Format::Jpeg),
            [0x89, b'P', b'N', b'G', 0x0d, 0x0a, 0x1a, 0x0a, ..] => Some(Format::Png),
            [b'G', b'I', b'F', b'8', b'7' | b'9', b'a', ..] => Some(Format::Gif),
            [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Some(Format::Webp),
            _ => vector::is_svg(bytes).then_some(Format::Svg),
        }
    }

    /// The format by the extension of a file's name.
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

    /// The usual extension of a file's name, without a dot.
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

/// Extensions of pictures' names, with their formats.
pub const EXTENSIONS: [(&str, Format); 6] = [
    ("jpg", Format::Jpeg),
    ("jpeg", Format::Jpeg),
    ("png", Format::Png),
    ("gif", Format::Gif),
    ("webp", Format::Webp),
    ("svg", Format::Svg),
];

/// The most pixels of a picture: a hundred million, which take 400 MB while it is decoded.
pub const MOST_PIXELS: u64 = 100_000_000;
/// The largest colour profile of a picture, unpacked, in bytes. Those of printers have two or three million.
#[cfg(feature = "images")]
const MOST_PROFILE: u64 = 8 << 20;
/// The most scans of a JPEG: a progressive one has about ten, and each takes as long as a whole picture.
#[cfg(feature = "images")]
const MOST_SCANS: usize = 100;
/// The largest file that is read as a picture, in bytes.
pub const MOST_BYTES: u64 = 256 << 20;

/// Facts from a picture's header.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Facts {
    /// The format, by the file's first bytes.
    pub format: Format,
    /// Width in pixels as displayed, after EXIF orientation; 0 if a drawing gives no size.
    pub width: u32,
    /// Height in pixels as displayed.
    pub height: u32,
    /// True if smaller pictures can be made from it: it is not a drawing and not animated.
    pub can_shrink: bool,
}

/// A picture to make from another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Spec {
    /// Its format: JPEG, PNG or WebP.
    pub format: Format,
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
    /// The quality of JPEG and WebP, from 1 to 100.
    pub quality: u8,
}

/// Errors in pictures.
#[derive(Debug, Clone, PartialEq, Eq, Error, Diagnostic, Serialize, Deserialize)]
pub enum PictureError {
    /// A file that is not a readable picture.
    #[error("the picture {file} can't be read: {reason}")]
    #[diagnostic(
        code(picture::unreadable),
        help("save it again as JPEG, PNG, GIF, WebP or SVG, or take it out of the article")
    )]
    Unreadable {
        /// The file, from the site's root.
        file: String,
        /// The damage.
        reason: String,
    },
    /// A file that is not a usable font.
    #[error("`card_font` can't be used: {reason}")]
    #[diagnostic(
        code(picture::font),
        help("name the file of a TrueType or OpenType font, from the site's root")
    )]
    Font {
        /// The reason.
        reason: String,
    },
    /// A title with a letter that no font has.
    #[error("no font has \u{201c}{letter}\u{201d}, which is in this title; articles without a card: {count}")]
    #[diagnostic(
        severity(warning),
        code(picture::letters),
        help("name a font that has it as `card_font` under `[images]`, or give the article an `image`")
    )]
    Letters {
        /// The number of such articles.
        count: usize,
        /// The first missing letter.
        letter: char,
    },
    /// A picture with metadata that can't be removed.
    #[error(
        "the picture {file} may say who took it, where and with what, and that can't be removed from this kind of file"
    )]
    #[diagnostic(
        code(picture::metadata),
        help(
            "save it as JPEG, PNG, WebP, AVIF or TIFF, or remove the metadata yourself, as `exiftool -all= FILE` does; `responsive = false` under `[images]` publishes all pictures as they are"
        )
    )]
    Metadata {
        /// The file, from the site's root.
        file: String,
    },
    /// A picture with more pixels than can be decoded.
    #[error("the picture {file} has {width} by {height} pixels, and {MOST_PIXELS} in all are the most")]
    #[diagnostic(
        code(picture::too_large),
        help("make it smaller: 4000 pixels are wide enough for any screen")
    )]
    TooLarge {
        /// The file, from the site's root.
        file: String,
        /// Width in pixels.
        width: u64,
        /// Height in pixels.
        height: u64,
    },
}

/// Why a picture can't be used; its file is added later.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Fault {
    /// The damage.
    Unreadable(String),
    /// Its width and height in pixels.
    TooLarge(u64, u64),
    /// It may have metadata that can't be removed.
    Metadata,
}

impl Fault {
    pub(crate) fn new(reason: impl ToString) -> Fault {
        Fault::Unreadable(reason.to_string())
    }

    /// The reason, for people.
    pub fn reason(&self) -> String {
        match self {
            Fault::Unreadable(reason) => reason.clone(),
            Fault::TooLarge(width, height) => format!("it has {width} by {height} pixels"),
            Fault::Metadata => "its metadata can't be removed".to_owned(),
        }
    }

    /// The error for the picture in `file`.
    pub fn of(&self, file: &str) -> PictureError {
        let file = file.to_owned();
        match self {
            Fault::Unreadable(reason) => PictureError::Unreadable { file, reason: reason.clone() },
            Fault::TooLarge(width, height) => PictureError::TooLarge { file, width: *width, height: *height },
            Fault::Metadata => PictureError::Metadata { file },
        }
    }
}

/// The facts in the header of the picture `bytes`.
///
/// # Errors
/// The reason why it can't be shown. A header's claims cause no allocation.
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
    // The casts are within the limits checked above.
    let (width, height) = (width as u32, height as u32);
    inside(bytes, format, width, height)
}

#[cfg(feature = "images")]
fn inside(bytes: &[u8], format: Format, width: u32, height: u32) -> Result<Facts, Fault> {
    guard::guarded(|| codec::look(bytes, format, width, height))
}

#[cfg(not(feature = "images"))]
fn inside(_: &[u8], format: Format, width: u32, height: u32) -> Result<Facts, Fault> {
    Ok(Facts { format, width, height, can_shrink: false })
}

/// Makes the pictures `specs` from the picture `bytes`, in their order, and decodes it once. Waits while other
/// pictures use the memory for decoding. The same bytes and specs give the same pictures.
///
/// # Errors
/// The reason why it can't be decoded.
#[cfg(feature = "images")]
pub fn make(bytes: &[u8], facts: &Facts, specs: &[Spec]) -> Result<Vec<Vec<u8>>, Fault> {
    let _pass = gate::wait(u64::from(facts.width) * u64::from(facts.height));
    guard::guarded(|| codec::make(bytes, facts, specs))
}

/// Never called: without the feature `images` no pictures are planned.
///
/// # Errors
/// Always.
#[cfg(not(feature = "images"))]
pub fn make(_: &[u8], _: &Facts, _: &[Spec]) -> Result<Vec<Vec<u8>>, Fault> {
    Err(Fault::new("this Dateline was made without pictures"))
}

/// A press for builds without the feature `images`, which plan no cards.
#[cfg(not(feature = "images"))]
pub struct Press;

#[cfg(not(feature = "images"))]
impl Press {
    /// Fails: there is no press.
    ///
    /// # Errors
    /// Always.
    pub fn new(_: Option<Vec<u8>>) -> Result<Press, Fault> {
        Err(Fault::new("this Dateline was made without pictures"))
    }

    /// Fails: there is no press.
    ///
    /// # Errors
    /// Always, with an arbitrary letter.
    pub fn key(&self, _: &Card) -> Result<crate::model::digest::Digest, char> {
        Err('\u{fffd}')
    }

    /// Fails: there is no press.
    ///
    /// # Errors
    /// Always.
    pub fn draw(&self, _: &Card) -> Result<Vec<u8>, Fault> {
        Err(Fault::new("this Dateline was made without pictures"))
    }
}

#[cfg(all(test, feature = "images"))]
mod tests;
