//! Cards: a picture with a title, for those who link to an article that has none. Drawn with the program's own
//! fonts, never with those of the system, so that the same words give the same bytes everywhere.

use std::sync::Arc;

use cosmic_text::{
    Attrs, Buffer, Color, Ellipsize, EllipsizeHeightLimit, Family, Font, FontSystem, Metrics, Shaping,
    SwashCache, Weight, Wrap, fontdb,
};
use image::codecs::png::{CompressionType, FilterType, PngEncoder};
use image::{ExtendedColorType, ImageEncoder, Rgb, RgbImage};

use super::Fault;
use super::card::{Card, HEIGHT, WIDTH};
use crate::model::digest::Digest;

/// The program's fonts, the preferred first: DejaVu, whose licence is beside them. The second has more scripts.
const OWN: [&[u8]; 2] =
    [include_bytes!("fonts/DejaVuSerif-Bold.ttf"), include_bytes!("fonts/DejaVuSans-Bold.ttf")];

const PAPER: Rgb<u8> = Rgb([0xfb, 0xfa, 0xf7]);
const ACCENT: Rgb<u8> = Rgb([0x9d, 0x1c, 0x20]);
const INK: Color = Color::rgb(0x17, 0x17, 0x17);
const SOFT: Color = Color::rgb(0x5a, 0x57, 0x52);

/// Pixels from the edge.
const MARGIN: u32 = 72;
/// The sizes of a title in pixels, the largest first: the first in which all of it fits is taken.
const SIZES: [f32; 6] = [84.0, 74.0, 64.0, 56.0, 48.0, 42.0];
/// Where a title begins, and how high it may be, in pixels.
const TITLE_TOP: f32 = 168.0;
const TITLE_HEIGHT: f32 = 336.0;
const LEADING: f32 = 1.18;
/// More words than this fit on no card.
const MOST_WORDS: usize = 200;

/// What draws cards.
pub struct Press {
    faces: Vec<Face>,
}

struct Face {
    source: fontdb::Source,
    digest: Digest,
    family: String,
    weight: Weight,
    font: Arc<Font>,
}

impl Press {
    /// A press with the program's fonts, behind the publisher's `own` if there is one.
    ///
    /// # Errors
    /// That `own` is no font.
    pub fn new(own: Option<Vec<u8>>) -> Result<Press, Fault> {
        let own = own.map(|bytes| Face::new(Arc::new(bytes)).ok_or_else(|| Fault::new("it is no font")));
        let own = own.transpose()?;
        let faces =
            own.into_iter().chain(OWN.into_iter().filter_map(|bytes| Face::new(Arc::new(bytes.to_vec()))));
        Ok(Press { faces: faces.collect() })
    }

    /// The key of `card`, if one of the fonts has all its letters; else the first letter that is missing.
    ///
    /// # Errors
    /// That letter.
    pub fn key(&self, card: &Card) -> Result<Digest, char> {
        let face = self.face(card)?;
        Ok(card.key(face.digest))
    }

    fn face(&self, card: &Card) -> Result<&Face, char> {
        let mut missing = '\u{fffd}';
        for face in &self.faces {
            match card.texts().find_map(|text| face.missing(text)) {
                None => return Ok(face),
                Some(letter) => missing = letter,
            }
        }
        Err(missing)
    }

    /// Draws `card` as a PNG of [`WIDTH`] by [`HEIGHT`] pixels.
    ///
    /// # Errors
    /// Why not.
    pub fn draw(&self, card: &Card) -> Result<Vec<u8>, Fault> {
        let face = self.face(card).map_err(|letter| Fault::new(format!("no font has {letter}")))?;
        let mut sheet = Sheet::new(face);
        sheet.fill(0, 0, WIDTH, 14, ACCENT);
        sheet.line(&card.site, 30.0, 64.0, SOFT);
        if let Some(kicker) = &card.kicker {
            sheet.line(kicker, 30.0, 112.0, Color::rgb(ACCENT.0[0], ACCENT.0[1], ACCENT.0[2]));
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
    fn new(bytes: Arc<Vec<u8>>) -> Option<Face> {
        let digest = Digest::of(&bytes);
        let source = fontdb::Source::Binary(bytes);
        let mut database = fontdb::Database::new();
        let id = *database.load_font_source(source.clone()).first()?;
        let info = database.face(id)?;
        let family = info.families.first()?.0.clone();
        let weight = info.weight;
        let mut system = FontSystem::new_with_locale_and_db("en".to_owned(), database);
        let font = system.get_font(id, weight)?;
        Some(Face { source, digest, family, weight, font })
    }

    /// The first letter of `text` that it has no glyph for.
    fn missing(&self, text: &str) -> Option<char> {
        let letters = self.font.as_swash().charmap();
        text.chars().find(|letter| !is_unseen(*letter) && letters.map(*letter) == 0)
    }
}

/// True for what no glyph is needed for: white space, and what only says how letters join or which way they run.
fn is_unseen(letter: char) -> bool {
    letter.is_whitespace()
        || letter.is_control()
        || matches!(letter, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{2069}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}')
}

/// A card being drawn.
struct Sheet<'a> {
    face: &'a Face,
    system: FontSystem,
    cache: SwashCache,
    image: RgbImage,
}

impl<'a> Sheet<'a> {
    fn new(face: &'a Face) -> Self {
        let mut database = fontdb::Database::new();
        database.load_font_source(face.source.clone());
        Sheet {
            face,
            system: FontSystem::new_with_locale_and_db("en".to_owned(), database),
            cache: SwashCache::new(),
            image: RgbImage::from_pixel(WIDTH, HEIGHT, PAPER),
        }
    }

    fn fill(&mut self, x: u32, y: u32, width: u32, height: u32, colour: Rgb<u8>) {
        for y in y..y + height {
            for x in x..x + width {
                self.image.put_pixel(x, y, colour);
            }
        }
    }

    /// A text of that size, set into the width between the margins. `wrap` says whether it may have several lines.
    fn set(&mut self, text: &str, size: f32, wrap: Wrap) -> Buffer {
        let mut buffer = Buffer::new(&mut self.system, Metrics::new(size, size * LEADING));
        buffer.set_wrap(wrap);
        buffer.set_size(Some((WIDTH - 2 * MARGIN) as f32), None);
        let attributes = Attrs::new().family(Family::Name(&self.face.family)).weight(self.face.weight);
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        buffer.set_text(&text, &attributes, Shaping::Advanced, None);
        buffer.shape_until_scroll(&mut self.system, false);
        buffer
    }

    /// One line, cut where it is too long.
    fn line(&mut self, text: &str, size: f32, top: f32, colour: Color) {
        let mut buffer = self.set(text, size, Wrap::None);
        buffer.set_ellipsize(Ellipsize::End(EllipsizeHeightLimit::Lines(1)));
        self.draw(&mut buffer, top, colour);
    }

    /// A title as large as fits; the longest are cut.
    fn title(&mut self, text: &str) {
        let width = (WIDTH - 2 * MARGIN) as f32;
        let mut fitting = |text: &str, size: f32| {
            let buffer = self.set(text, size, Wrap::Word);
            let lines = buffer.layout_runs().count();
            let is_wide = buffer.layout_runs().any(|run| run.line_w > width);
            (lines as f32 * size * LEADING <= TITLE_HEIGHT && !is_wide).then_some(buffer)
        };
        let smallest = SIZES[SIZES.len() - 1];
        let mut set = SIZES.into_iter().find_map(|size| fitting(text, size));
        if set.is_none() {
            // As many words as fit.
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
            set = (least > 0).then(|| fitting(&cut(least), smallest)).flatten();
        }
        let mut buffer = match set {
            Some(buffer) => buffer,
            // A single word may be wider than the card.
            None => {
                let mut buffer = self.set(text, smallest, Wrap::WordOrGlyph);
                let lines = (TITLE_HEIGHT / (smallest * LEADING)) as usize;
                buffer.set_ellipsize(Ellipsize::End(EllipsizeHeightLimit::Lines(lines)));
                buffer
            }
        };
        self.draw(&mut buffer, TITLE_TOP, INK);
    }

    fn draw(&mut self, buffer: &mut Buffer, top: f32, colour: Color) {
        let image = &mut self.image;
        buffer.draw(&mut self.system, &mut self.cache, colour, |x, y, width, height, colour| {
            for y in y..y.saturating_add_unsigned(height) {
                for x in x..x.saturating_add_unsigned(width) {
                    let at = (x.checked_add_unsigned(MARGIN), y.checked_add(top as i32));
                    let (Some(x), Some(y)) = at else { continue };
                    let (Ok(x), Ok(y)) = (u32::try_from(x), u32::try_from(y)) else { continue };
                    let Some(pixel) = image.get_pixel_mut_checked(x, y) else { continue };
                    let alpha = u32::from(colour.a());
                    for (under, over) in pixel.0.iter_mut().zip([colour.r(), colour.g(), colour.b()]) {
                        let mixed = u32::from(*under) * (255 - alpha) + u32::from(over) * alpha;
                        *under = ((mixed + 127) / 255) as u8;
                    }
                }
            }
        });
    }
}
