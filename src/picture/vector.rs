//! SVG drawings, of which only the size is read.

use crate::model::html::{Piece, walk};

/// The element `svg` must begin within this many bytes of a file.
const HEAD: usize = 64 * 1024;

/// True if `bytes` are an SVG document.
pub(super) fn is_svg(bytes: &[u8]) -> bool {
    let text = String::from_utf8_lossy(&bytes[..bytes.len().min(HEAD)]);
    let text = text.trim_start_matches('\u{feff}').trim_start();
    text.starts_with('<') && root(text).is_some()
}

/// Width and height in CSS pixels: by the element's attributes, or else by its view box.
pub(super) fn size(bytes: &[u8]) -> Option<(u32, u32)> {
    let text = String::from_utf8_lossy(&bytes[..bytes.len().min(HEAD)]);
    let Root { width, height, view } = root(&text)?;
    let (width, height) = match (width, height, view) {
        (Some(width), Some(height), _) => (width, height),
        // One attribute, and the view box's proportions.
        (Some(width), None, Some((w, h))) => (width, width * h / w),
        (None, Some(height), Some((w, h))) => (height * w / h, height),
        (None, None, Some(view)) => view,
        _ => return None,
    };
    let whole = |length: f64| (0.5..65_536.0).contains(&length).then(|| length.round() as u32);
    Some((whole(width)?, whole(height)?))
}

/// Attributes of the outermost element.
#[derive(Default)]
struct Root {
    width: Option<f64>,
    height: Option<f64>,
    view: Option<(f64, f64)>,
}

fn root(text: &str) -> Option<Root> {
    let mut found = None;
    let mut is_first = true;
    walk(text, &mut |piece, _| {
        let Piece::Tag { name, closing: false, attributes } = piece else { return };
        if std::mem::take(&mut is_first) && name.rsplit(':').next() == Some("svg") {
            let value = |name: &str| attributes.iter().find(|one| one.name == name).map(|one| one.value);
            let view = value("viewBox").and_then(|box_| {
                let mut numbers =
                    box_.split([' ', ',', '\n', '\t']).filter(|part| !part.is_empty()).map(str::parse::<f64>);
                let (w, h) = (numbers.nth(2)?.ok()?, numbers.next()?.ok()?);
                (w > 0.0 && h > 0.0).then_some((w, h))
            });
            found = Some(Root {
                width: value("width").and_then(length),
                height: value("height").and_then(length),
                view,
            });
        }
    });
    found
}

/// A length in CSS pixels (CSS Values 4, section 6.2); `None` for a relative length.
fn length(text: &str) -> Option<f64> {
    let text = text.trim();
    let end = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
    let number: f64 = text[..end].parse().ok()?;
    let factor = match text[end..].trim() {
        "" | "px" => 1.0,
        "in" => 96.0,
        "cm" => 96.0 / 2.54,
        "mm" => 96.0 / 25.4,
        "pt" => 96.0 / 72.0,
        "pc" => 16.0,
        _ => return None,
    };
    Some(number * factor)
}
