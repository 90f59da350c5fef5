//! Drawing cards: a picture with its title for an article that has none, for sites that link to it. Cards use the
//! program's own fonts, never those of the system, so that the same words give the same bytes everywhere.

use std::borrow::Cow;

use image::codecs::png::{CompressionType, FilterType, PngEncoder};
use image::{ExtendedColorType, ImageEncoder, Rgb, RgbImage};
use zeno::{Command, Mask};

use super::Fault;
use super::card::{Card, HEIGHT, WIDTH};
use super::guard::guarded;
use super::lettering::{Lettering, Line};
use crate::model::digest::Digest;

/// The program's fonts in order of preference: DejaVu, with its licence in the same folder. The second covers more
/// scripts.
const OWN: [&[u8]; 2] =
    [include_bytes!("fonts/DejaVuSerif-Bold.ttf"), include_bytes!("fonts/DejaVuSans-Bold.ttf")];

const PAPER: Rgb<u8> = Rgb([0xfb, 0xfa, 0xf7]);
const ACCENT: Rgb<u8> = Rgb([0x9d, 0x1c, 0x20]);
const INK: Rgb<u8> = Rgb([0x17, 0x17, 0x17]);
const SOFT: Rgb<u8> = Rgb([0x5a, 0x57, 0x52]);

/// The margin in pixels.
const MARGIN: u32 = 72;
/// The sizes of a title in pixels, largest first. The first at which the whole title fits is used.
const SIZES: [f32; 6] = [84.0, 74.0, 64.0, 56.0, 48.0, 42.0];
/// The top of a title, and the most height that it may have, in pixels.
const TITLE_TOP: f32 = 168.0;
const TITLE_HEIGHT: f32 = 336.0;
const LEADING: f32 = 1.18;
/// The most words of a title that are tried: more fit on no card.
const MOST_WORDS: usize = 200;

/// Draws cards.
pub struct Press {
    faces: Vec<Face>,
}

struct Face {
    bytes: Cow<'static, [u8]>,
    digest: Digest,
}

impl Press {
    /// Creates a press with the program's fonts. The publisher's `own` font, if there is one, takes precedence.
    ///
    /// # Errors
    /// The bytes of `own` are not a font.
    pub fn new(own: Option<Vec<u8>>) -> Result<Press, Fault> {
        let fonts = own.map(Cow::Owned).into_iter().chain(OWN.map(Cow::Borrowed));
        let face = |bytes| guarded(|| Face::new(bytes).ok_or_else(|| Fault::new("it is no font")));
        Ok(Press { faces: fonts.map(face).collect::<Result<_, _>>()? })
    }

    /// The key of `card`, if one of the fonts has all its letters; else the first letter that is missing.
    ///
    /// # Errors
    /// The missing letter.
    pub fn key(&self, card: &Card) -> Result<Digest, char> {
        let face = self.face(card)?;
        Ok(card.key(face.digest))
    }

    fn face(&self, card: &Card) -> Result<&Face, char> {
        let mut missing = '\u{fffd}';
        for face in &self.faces {
            let find = || {
                let lettering = Lettering::new(&face.bytes).ok_or_else(|| Fault::new("it is no font"))?;
                let is_missing = |letter: &char| !is_unseen(*letter) && !lettering.has(*letter);
                Ok(card.texts().find_map(|text| text.chars().find(is_missing)))
            };
            match guarded(find) {
                Ok(None) => return Ok(face),
                Ok(Some(letter)) => missing = letter,
                Err(_) => {}
            }
        }
        Err(missing)
    }

    /// Draws `card` as a PNG of [`WIDTH`] by [`HEIGHT`] pixels.
    ///
    /// # Errors
    /// The reason why it can't be drawn.
    pub fn draw(&self, card: &Card) -> Result<Vec<u8>, Fault> {
        guarded(|| self.drawn(card))
    }

    fn drawn(&self, card: &Card) -> Result<Vec<u8>, Fault> {
        let face = self.face(card).map_err(|letter| Fault::new(format!("no font has {letter}")))?;
        let lettering = Lettering::new(&face.bytes).ok_or_else(|| Fault::new("it is no font"))?;
        let mut sheet = Sheet { lettering, image: RgbImage::from_pixel(WIDTH, HEIGHT, PAPER) };
        sheet.fill(0, 0, WIDTH, 14, ACCENT);
        sheet.line(&card.site, 30.0, 64.0, SOFT);
        if let Some(kicker) = &card.kicker {
            sheet.line(kicker, 30.0, 112.0, ACCENT);
        }
        sheet.title(&card.title);
        if let Some(date) = &card.date {
            sheet.line(date, 28.0, 540.0, SOFT);
        }
        let mut out = Vec::new();
        PngEncoder::new_with_quality(&mut out, CompressionType::Default, FilterType::Adaptive)
            .write_image(sheet.image.as_raw(), WIDTH, HEIGHT, ExtendedColorType::Rgb8)
            .map_err(Fault::new)?;
        Ok(out)
    }
}

impl Face {
    fn new(bytes: Cow<'static, [u8]>) -> Option<Face> {
        Lettering::new(&bytes)?;
        let digest = Digest::of(&bytes);
        Some(Face { bytes, digest })
    }
}

/// True for characters that need no glyph: white space, and controls of joining and direction.
fn is_unseen(letter: char) -> bool {
    letter.is_whitespace()
        || letter.is_control()
        || matches!(letter, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{2069}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}')
}

/// `text` with single spaces and no control characters.
fn tidy(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    words.join(" ").chars().filter(|letter| !letter.is_control()).collect()
}

/// A card being drawn.
struct Sheet<'a> {
    lettering: Lettering<'a>,
    image: RgbImage,
}

impl Sheet<'_> {
    fn fill(&mut self, x: u32, y: u32, width: u32, height: u32, colour: Rgb<u8>) {
        for y in y..y + height {
            for x in x..x + width {
                self.image.put_pixel(x, y, colour);
            }
        }
    }

    /// Draws one line; if it is too long, it is cut.
    fn line(&mut self, text: &str, size: f32, top: f32, colour: Rgb<u8>) {
        let line = self.lettering.cut(&tidy(text), width(size));
        self.draw(&[line], size, top, colour);
    }

    /// Draws a title as large as it fits; the longest are cut.
    fn title(&mut self, text: &str) {
        let text = tidy(text);
        let fitting = |text: &str, size: f32| self.lettering.lines(text, width(size), most_lines(size));
        let set = SIZES.into_iter().find_map(|size| Some((fitting(&text, size)?, size)));
        let smallest = SIZES[SIZES.len() - 1];
        let (lines, size) = set.unwrap_or_else(|| {
            // Cuts the title to as many words as fit.
            let words: Vec<&str> = text.split_whitespace().collect();
            let cut = |count: usize| format!("{}\u{2026}", words[..count].join(" "));
            let (mut least, mut most) = (0, words.len().min(MOST_WORDS));
            while least < most {
                let middle = (least + most).div_ceil(2);
                match fitting(&cut(middle), smallest) {
                    Some(_) => least = middle,
                    None => most = middle - 1,
                }
            }
            let lines = (least > 0).then(|| fitting(&cut(least), smallest)).flatten();
            // A single word may be wider than the card.
            let (most, count) = (width(smallest), most_lines(smallest));
            (lines.unwrap_or_else(|| self.lettering.lines_within_words(&text, most, count)), smallest)
        });
        self.draw(&lines, size, TITLE_TOP, INK);
    }

    /// Draws `lines` below each other: at the left margin, or at the right one if they run from right to left.
    fn draw(&mut self, lines: &[Line], size: f32, top: f32, colour: Rgb<u8>) {
        for (at, line) in lines.iter().enumerate() {
            let space = if line.is_rtl { width(size) - line.width } else { 0.0 };
            let baseline = top + size * (at as f32 * LEADING + self.lettering.baseline(LEADING));
            let outlines =
                self.lettering.outlines(line, size, MARGIN as f32 + space * size, baseline.round());
            self.ink(&outlines, colour);
        }
    }

    fn ink(&mut self, outlines: &[Command], colour: Rgb<u8>) {
        let (mask, _) = Mask::new(outlines).size(WIDTH, HEIGHT).render();
        for (pixel, alpha) in self.image.pixels_mut().zip(mask) {
            for (under, over) in pixel.0.iter_mut().zip(colour.0) {
                let alpha = u32::from(alpha);
                let mixed = u32::from(*under) * (255 - alpha) + u32::from(over) * alpha;
                *under = ((mixed + 127) / 255) as u8;
            }
        }
    }
}

/// The width between the margins, in ems of `size` pixels.
fn width(size: f32) -> f32 {
    (WIDTH - 2 * MARGIN) as f32 / size
}

/// The number of a title's lines that fit below each other.
fn most_lines(size: f32) -> usize {
    (TITLE_HEIGHT / (size * LEADING)) as usize
}
