//! Decoding, rotating, shrinking and encoding pictures.

use std::io::{Cursor, Read};

use fast_image_resize::images::{TypedImage, TypedImageRef};
use fast_image_resize::pixels::{U8x3, U8x4};
use fast_image_resize::{FilterType, PixelTrait, ResizeAlg, ResizeOptions, Resizer};
use image::codecs::jpeg::{JpegDecoder, JpegEncoder};
use image::codecs::png::{CompressionType, FilterType as PngFilter, PngDecoder, PngEncoder};
use image::codecs::webp::WebPDecoder;
use image::metadata::Orientation;
use image::{DynamicImage, ImageDecoder, ImageEncoder, Limits};

use super::strip::{jpeg, strip};
use super::{Facts, Fault, Format, MOST_PIXELS, MOST_PROFILE, MOST_SCANS, Spec};

/// Facts about a picture that is stored with `width` by `height` pixels.
pub(super) fn look(bytes: &[u8], format: Format, width: u32, height: u32) -> Result<Facts, Fault> {
    let (orientation, can_shrink, size) = match format {
        Format::Jpeg => {
            let (plain, is_whole) = jpeg(bytes);
            // Decoders invent pixels for a missing end.
            if !is_whole {
                return Err(Fault::new("its end is missing"));
            }
            if memchr::memmem::find_iter(&plain, &[0xff, 0xda]).nth(MOST_SCANS).is_some() {
                return Err(Fault::new(format!("it has more than {MOST_SCANS} scans")));
            }
            let mut decoder = JpegDecoder::new(Cursor::new(bytes)).map_err(Fault::new)?;
            (decoder.orientation().map_err(Fault::new)?, true, decoder.dimensions())
        }
        Format::Png => {
            let mut decoder = png(bytes)?;
            let moves = decoder.is_apng().map_err(Fault::new)?;
            (decoder.orientation().map_err(Fault::new)?, !moves, decoder.dimensions())
        }
        Format::Webp => {
            let mut decoder = WebPDecoder::new(Cursor::new(bytes)).map_err(Fault::new)?;
            let moves = decoder.has_animation();
            (decoder.orientation().map_err(Fault::new)?, !moves, decoder.dimensions())
        }
        Format::Gif | Format::Svg => (Orientation::NoTransforms, false, (width, height)),
    };
    if size != (width, height) {
        return Err(Fault::new("its header gives two sizes"));
    }
    let (width, height) = if lies(orientation) { (height, width) } else { (width, height) };
    Ok(Facts { format, width, height, can_shrink })
}

/// A decoder of the PNG `bytes`. It unpacks a colour profile at once, so that is measured before.
fn png(bytes: &[u8]) -> Result<PngDecoder<Cursor<&[u8]>>, Fault> {
    if is_profile_too_large(bytes) {
        return Err(Fault::new(format!("its colour profile has more than {} MB", MOST_PROFILE >> 20)));
    }
    PngDecoder::with_limits(Cursor::new(bytes), limits()).map_err(Fault::new)
}

/// True if a PNG has a colour profile that is longer than [`MOST_PROFILE`] when it is unpacked (W3C PNG, section
/// 11.3.2.3). Only that many bytes are unpacked, and none is kept.
fn is_profile_too_large(png: &[u8]) -> bool {
    let mut at = 8;
    while let Some([a, b, c, d, kind @ ..]) = png.get(at..at + 8) {
        let length = u32::from_be_bytes([*a, *b, *c, *d]) as usize;
        let content = png.get(at + 8..).unwrap_or_default();
        let content = content.get(..length).unwrap_or(content);
        if kind == b"iCCP" {
            // The name, its end, and the number of the method come before the packed profile.
            let packed =
                memchr::memchr(0, content).and_then(|end| content.get(end + 2..)).unwrap_or_default();
            let mut unpacked = flate2::read::ZlibDecoder::new(packed).take(MOST_PROFILE + 1);
            // A damaged profile is left out by the decoder.
            let _ = std::io::copy(&mut unpacked, &mut std::io::sink());
            if unpacked.limit() == 0 {
                return true;
            }
        }
        let Some(next) = length.checked_add(12).and_then(|length| at.checked_add(length)) else { break };
        at = next;
    }
    false
}

/// True if the orientation swaps width and height.
fn lies(orientation: Orientation) -> bool {
    use Orientation::{Rotate90, Rotate90FlipH, Rotate270, Rotate270FlipH};
    matches!(orientation, Rotate90 | Rotate270 | Rotate90FlipH | Rotate270FlipH)
}

fn limits() -> Limits {
    let mut limits = Limits::default();
    limits.max_image_width = Some(u32::from(u16::MAX));
    limits.max_image_height = Some(u32::from(u16::MAX));
    // Sixteen bits for each of four channels.
    limits.max_alloc = Some(MOST_PIXELS * 8);
    limits
}

/// A decoded picture, upright, with eight bits per channel: RGB, or RGBA if it has transparency.
struct Pixels {
    image: DynamicImage,
    profile: Option<Vec<u8>>,
    was_turned: bool,
}

fn decode(bytes: &[u8], format: Format) -> Result<Pixels, Fault> {
    match format {
        Format::Jpeg => pixels(JpegDecoder::new(Cursor::new(bytes)).map_err(Fault::new)?),
        Format::Png => pixels(png(bytes)?),
        Format::Webp => pixels(WebPDecoder::new(Cursor::new(bytes)).map_err(Fault::new)?),
        Format::Gif | Format::Svg => Err(Fault::new("it is not for shrinking")),
    }
}

fn pixels(mut decoder: impl ImageDecoder) -> Result<Pixels, Fault> {
    decoder.set_limits(limits()).map_err(Fault::new)?;
    let orientation = decoder.orientation().map_err(Fault::new)?;
    // A profile for another colour model than the decoded one would be wrong (ICC.1, section 7.2.6).
    let profile = decoder.icc_profile().ok().flatten();
    let profile = profile.filter(|profile| profile.get(16..20) == Some(b"RGB ".as_slice()));
    let mut image = DynamicImage::from_decoder(decoder).map_err(Fault::new)?;
    image.apply_orientation(orientation);
    let has_alpha = image.color().has_alpha();
    let image = if has_alpha {
        let image = image.into_rgba8();
        match image.pixels().all(|pixel| pixel.0[3] == u8::MAX) {
            true => DynamicImage::from(DynamicImage::from(image).into_rgb8()),
            false => DynamicImage::from(image),
        }
    } else {
        DynamicImage::from(image.into_rgb8())
    };
    Ok(Pixels { image, profile, was_turned: orientation != Orientation::NoTransforms })
}

/// Makes the pictures `specs` from a picture.
pub(super) fn make(bytes: &[u8], facts: &Facts, specs: &[Spec]) -> Result<Vec<Vec<u8>>, Fault> {
    let pixels = decode(bytes, facts.format)?;
    let mut resizer = Resizer::new();
    let mut shrunk: Option<DynamicImage> = None;
    let mut made = Vec::with_capacity(specs.len());
    for spec in specs {
        let is = |image: &DynamicImage| image.width() == spec.width && image.height() == spec.height;
        if !is(&pixels.image) && !shrunk.as_ref().is_some_and(is) {
            shrunk = Some(resized(&mut resizer, &pixels.image, spec)?);
        }
        let image = shrunk.as_ref().filter(|image| is(image)).unwrap_or(&pixels.image);
        let mut one = encode(image, pixels.profile.as_deref(), facts.format, spec)?;
        if spec.format == facts.format && is(&pixels.image) && !pixels.was_turned {
            // The original itself, if it is no larger than the encoded one.
            let own = strip(bytes).unwrap_or_else(|| bytes.to_vec());
            if own.len() <= one.len() {
                one = own;
            }
        }
        made.push(one);
    }
    Ok(made)
}

/// `image`, which has one of the two types of [`Pixels`], in the size of `spec`.
fn resized(resizer: &mut Resizer, image: &DynamicImage, spec: &Spec) -> Result<DynamicImage, Fault> {
    let mut made = DynamicImage::new(spec.width, spec.height, image.color());
    // `Resizer::resize` would be compiled for thirteen types of pixels.
    match &mut made {
        DynamicImage::ImageRgba8(made) => fill::<U8x4>(resizer, image, spec, made)?,
        DynamicImage::ImageRgb8(made) => fill::<U8x3>(resizer, image, spec, made)?,
        _ => return Err(Fault::new("its pixels have more than eight bits a channel")),
    }
    Ok(made)
}

/// Fills `made` with `image` in the size of `spec`, both with pixels of the type `P`.
fn fill<P: PixelTrait>(
    resizer: &mut Resizer,
    image: &DynamicImage,
    spec: &Spec,
    made: &mut [u8],
) -> Result<(), Fault> {
    // Lanczos filter with three lobes; colours are weighted by their opacity.
    let options = ResizeOptions::new().resize_alg(ResizeAlg::Convolution(FilterType::Lanczos3));
    let from = TypedImageRef::<P>::from_buffer(image.width(), image.height(), image.as_bytes())
        .map_err(Fault::new)?;
    let mut to = TypedImage::<P>::from_buffer(spec.width, spec.height, made).map_err(Fault::new)?;
    resizer.resize_typed(&from, &mut to, &options).map_err(Fault::new)
}

fn encode(
    image: &DynamicImage,
    profile: Option<&[u8]>,
    original: Format,
    spec: &Spec,
) -> Result<Vec<u8>, Fault> {
    let (width, height) = (image.width(), image.height());
    let colour = image.color().into();
    let mut out = Vec::new();
    match spec.format {
        Format::Jpeg => {
            let mut encoder = JpegEncoder::new_with_quality(&mut out, spec.quality);
            if let Some(profile) = profile {
                encoder.set_icc_profile(profile.to_vec()).map_err(Fault::new)?;
            }
            encoder.write_image(image.as_bytes(), width, height, colour).map_err(Fault::new)?;
        }
        Format::Png => {
            let mut encoder =
                PngEncoder::new_with_quality(&mut out, CompressionType::Default, PngFilter::Adaptive);
            if let Some(profile) = profile {
                encoder.set_icc_profile(profile.to_vec()).map_err(Fault::new)?;
            }
            encoder.write_image(image.as_bytes(), width, height, colour).map_err(Fault::new)?;
        }
        Format::Webp => {
            let encoder = match image.color().has_alpha() {
                true => webp::Encoder::from_rgba(image.as_bytes(), width, height),
                false => webp::Encoder::from_rgb(image.as_bytes(), width, height),
            };
            let encode = |lossless: bool| {
                let made = encoder.encode_simple(lossless, f32::from(spec.quality));
                made.map(|made| made.to_vec()).map_err(|error| Fault::new(format!("{error:?}")))
            };
            out = encode(false)?;
            // Lossless encoding mostly makes drawings and screenshots smaller, and sharper.
            if original == Format::Png {
                let lossless = encode(true)?;
                if lossless.len() < out.len() {
                    out = lossless;
                }
            }
            if let Some(profile) = profile {
                out = with_profile(&out, profile, image).unwrap_or(out);
            }
        }
        Format::Gif | Format::Svg => return Err(Fault::new("no such picture is made")),
    }
    Ok(out)
}

/// A WebP file in the extended format, with a colour profile (RFC 9649, section 2.7).
fn with_profile(plain: &[u8], profile: &[u8], image: &DynamicImage) -> Option<Vec<u8>> {
    let chunks = plain.get(12..)?;
    // A picture with transparency has an extended header already; it is replaced.
    let chunks = if chunks.starts_with(b"VP8X") { chunks.get(18..)? } else { chunks };
    let alpha = if image.color().has_alpha() { 0b1_0000 } else { 0 };
    let mut out = b"RIFF\0\0\0\0WEBPVP8X\x0a\0\0\0".to_vec();
    out.extend_from_slice(&[0b10_0000 | alpha, 0, 0, 0]);
    out.extend_from_slice(&(image.width() - 1).to_le_bytes()[..3]);
    out.extend_from_slice(&(image.height() - 1).to_le_bytes()[..3]);
    out.extend_from_slice(b"ICCP");
    out.extend_from_slice(&(profile.len() as u32).to_le_bytes());
    out.extend_from_slice(profile);
    out.extend(std::iter::repeat_n(0, profile.len() % 2));
    out.extend_from_slice(chunks);
    let size = (out.len() - 8) as u32;
    out[4..8].copy_from_slice(&size.to_le_bytes());
    Some(out)
}
