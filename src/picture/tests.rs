#![allow(clippy::unwrap_used, reason = "a test that can go no further should say so")]

use std::io::Cursor;

use image::metadata::Orientation;
use image::{DynamicImage, GenericImageView, ImageDecoder, Rgb, RgbImage};

use super::*;

/// The pictures of `tests/sites/pictures`, which Pillow made.
macro_rules! file {
    ($name:literal) => {
        include_bytes!(concat!("../../tests/sites/pictures/", $name)).as_slice()
    };
}

const ALL: [&[u8]; 6] = [
    file!("content/harbour/turned.jpg"),
    file!("content/harbour/clear.png"),
    file!("content/harbour/moves.gif"),
    file!("content/harbour/modern.webp"),
    file!("static/quay.jpg"),
    file!("static/unused.jpg"),
];

fn spec(format: Format, width: u32, height: u32) -> Spec {
    Spec { format, width, height, quality: 80 }
}

fn decoded(bytes: &[u8]) -> DynamicImage {
    image::load_from_memory(bytes).unwrap()
}

fn orientation(bytes: &[u8]) -> Orientation {
    let reader = image::ImageReader::new(Cursor::new(bytes)).with_guessed_format().unwrap();
    reader.into_decoder().unwrap().orientation().unwrap()
}

/// The names of the colours in the four corners: top left, top right, bottom left, bottom right.
fn corners(image: &DynamicImage) -> [&'static str; 4] {
    let (w, h) = image.dimensions();
    [(w / 8, h / 8), (w - w / 8, h / 8), (w / 8, h - h / 8), (w - w / 8, h - h / 8)].map(|(x, y)| match image
        .to_rgb8()
        .get_pixel(x, y)
        .0
    {
        [r, g, b] if r > 200 && g > 200 && b > 200 => "white",
        [r, g, b] if r > 150 && g < 90 && b < 90 => "red",
        [r, g, b] if g > 90 && r < 90 && b < 90 => "green",
        [r, g, b] if b > 150 && r < 90 && g < 90 => "blue",
        _ => "?",
    })
}

#[test]
fn nothing_is_left_of_what_cameras_note_and_no_pixel_changes() {
    for bytes in ALL {
        let stripped = strip(bytes).unwrap();
        for secret in ["SECRET", "GPS"] {
            assert!(memchr::memmem::find(&stripped, secret.as_bytes()).is_none(), "{secret}");
        }
        assert_eq!(decoded(&stripped), decoded(bytes));
        assert_eq!(orientation(&stripped), orientation(bytes));
        // Nothing is left to remove.
        assert_eq!(strip(&stripped), None);
    }
    assert_eq!(orientation(&strip(ALL[0]).unwrap()), Orientation::Rotate90);
}

#[test]
fn whatever_a_file_is_cut_to_is_no_panic() {
    for bytes in ALL {
        for end in 0..bytes.len() {
            let cut = &bytes[..end];
            let stripped = strip(cut).unwrap_or_else(|| cut.to_vec());
            let tells = memchr::memmem::find(&stripped, b"SECRET").is_some();
            assert!(!tells, "{end} bytes of {:?}", Format::of(bytes));
            let _ = look(cut);
        }
        for at in 0..bytes.len().min(600) {
            let mut changed = bytes.to_vec();
            changed[at] ^= 0xff;
            let _ = (strip(&changed), look(&changed));
        }
    }
}

#[test]
fn a_head_says_how_a_picture_is_seen_and_hostile_ones_are_refused() {
    let facts = |format, width, height, can_shrink| Ok(Facts { format, width, height, can_shrink });
    // Stored as 60 by 40, and turned.
    assert_eq!(look(ALL[0]), facts(Format::Jpeg, 40, 60, true));
    assert_eq!(look(ALL[1]), facts(Format::Png, 64, 32, true));
    assert_eq!(look(ALL[2]), facts(Format::Gif, 50, 30, false));
    assert_eq!(look(ALL[3]), facts(Format::Webp, 60, 40, true));
    assert_eq!(look(file!("content/harbour/misnamed.jpg")), facts(Format::Png, 48, 24, true));
    assert_eq!(look(file!("content/harbour/chart.svg")), facts(Format::Svg, 300, 150, false));
    assert!(matches!(look(b""), Err(Fault::Unreadable(_))));
    assert!(matches!(look(b"no picture at all"), Err(Fault::Unreadable(_))));
    // A PNG whose header claims two thousand million pixels.
    let mut huge = ALL[1].to_vec();
    huge[16..24].copy_from_slice(&[0, 0, 0xc3, 0x50, 0, 0, 0xc3, 0x50]);
    assert_eq!(look(&huge), Err(Fault::TooLarge(50_000, 50_000)));
    let cut = &ALL[4][..ALL[4].len() - 200];
    assert!(matches!(look(cut), Err(Fault::Unreadable(_))));
}

#[test]
fn what_is_made_is_upright_in_the_size_asked_for_and_bare() {
    let facts = look(ALL[0]).unwrap();
    let specs = [
        spec(Format::Webp, 16, 24),
        spec(Format::Webp, 40, 60),
        spec(Format::Jpeg, 16, 24),
        spec(Format::Jpeg, 40, 60),
    ];
    let made = make(ALL[0], &facts, &specs).unwrap();
    for (bytes, spec) in made.iter().zip(&specs) {
        let image = decoded(bytes);
        assert_eq!((image.width(), image.height()), (spec.width, spec.height));
        assert_eq!(Format::of(bytes), Some(spec.format));
        assert_eq!(orientation(bytes), Orientation::NoTransforms);
        // Rotated by 90 degrees to the right: the bottom left corner is now top left.
        assert_eq!(corners(&image), ["blue", "red", "white", "green"]);
        assert_eq!(strip(bytes), None);
    }
    assert_eq!(make(ALL[0], &facts, &specs).unwrap(), made);
    // Transparent pixels stay transparent.
    let facts = look(ALL[1]).unwrap();
    for format in [Format::Png, Format::Webp] {
        let made = make(ALL[1], &facts, &[spec(format, 32, 16)]).unwrap();
        let image = decoded(&made[0]).to_rgba8();
        assert_eq!(image.get_pixel(16, 8).0[3], 0, "{format:?}");
        assert_eq!(image.get_pixel(1, 1).0[3], 255, "{format:?}");
    }
}

#[test]
fn a_colour_profile_stays() {
    // The header of a profile for RGB (ICC.1, section 7.2); the rest has no meaning.
    let mut profile = vec![0; 129];
    profile[16..20].copy_from_slice(b"RGB ");
    let image = RgbImage::from_fn(40, 30, |x, y| Rgb([x as u8 * 6, y as u8 * 8, 99]));
    let mut bytes = Vec::new();
    let mut encoder = image::codecs::png::PngEncoder::new(Cursor::new(&mut bytes));
    image::ImageEncoder::set_icc_profile(&mut encoder, profile.clone()).unwrap();
    image.write_with_encoder(encoder).unwrap();
    let facts = look(&bytes).unwrap();
    let specs = [Format::Png, Format::Webp, Format::Jpeg].map(|format| spec(format, 20, 15));
    for made in make(&bytes, &facts, &specs).unwrap() {
        let reader = image::ImageReader::new(Cursor::new(&made)).with_guessed_format().unwrap();
        assert_eq!(reader.into_decoder().unwrap().icc_profile().unwrap().as_ref(), Some(&profile));
        assert_eq!(strip(&made), None);
    }
}

#[test]
fn what_was_made_is_found_again_unless_it_was_damaged_and_goes_after_a_while() {
    let folder = tempfile::tempdir().unwrap();
    let key = spec(Format::Webp, 1, 1).key(crate::model::digest::Digest::of(b"x"));
    let other = spec(Format::Webp, 2, 1).key(crate::model::digest::Digest::of(b"x"));
    assert_ne!(key, other);
    let mut store = Store::open(folder.path(), 0);
    store.ask(key);
    assert_eq!(store.get(key), None);
    store.put(key, b"picture").unwrap();
    assert_eq!(store.get(key).as_deref(), Some(b"picture".as_slice()));
    store.finish().unwrap();
    let path = folder.path().join(&key.to_string()[..2]).join(key.to_string());
    // Eight builds that ask for something else.
    for _ in 0..8 {
        let mut store = Store::open(folder.path(), 0);
        store.ask(other);
        store.finish().unwrap();
        assert!(path.exists());
    }
    let mut store = Store::open(folder.path(), 0);
    store.ask(other);
    store.finish().unwrap();
    assert!(!path.exists());
    let store = Store::open(folder.path(), 0);
    store.put(key, b"picture").unwrap();
    let mut bytes = std::fs::read(&path).unwrap();
    bytes[20] ^= 1;
    std::fs::write(&path, bytes).unwrap();
    assert_eq!(store.get(key), None);
}

fn card(title: &str) -> Card {
    Card {
        site: "The Harbour Post".to_owned(),
        kicker: Some("Shipping".to_owned()),
        title: title.to_owned(),
        date: Some("4 May 2026".to_owned()),
    }
}

/// The rows of a card in which the title has ink, and whether any ink is outside of the margins.
fn ink(bytes: &[u8]) -> (std::ops::RangeInclusive<u32>, bool) {
    let image = decoded(bytes).to_rgb8();
    assert_eq!(image.dimensions(), (CARD_WIDTH, CARD_HEIGHT));
    let dark = |x: u32, y: u32| image.get_pixel(x, y).0.iter().all(|part| *part < 0x30);
    let rows: Vec<u32> = (0..CARD_HEIGHT).filter(|y| (0..CARD_WIDTH).any(|x| dark(x, *y))).collect();
    let outside = (20..CARD_HEIGHT).any(|y| (0..64).chain(1136..1200).any(|x| dark(x, y)));
    (rows[0]..=rows[rows.len() - 1], outside)
}

#[test]
fn titles_of_any_length_and_script_fit_on_their_card() {
    let press = Press::new(None).unwrap();
    let words = "A very long headline about the ferry that would not leave ";
    for title in [
        "Tide",
        "Über die Brücke nach Mölln: größer, schöner, früher",
        "العبّارة تعود إلى الميناء بعد عشرة أيام",
        "Паром вернулся в гавань",
        &words.repeat(3),
        &words.repeat(30),
        &"Donaudampfschifffahrtsgesellschaft".repeat(9),
        "A\u{200d}B\u{feff} \u{202e}C",
    ] {
        let drawn = press.draw(&card(title)).unwrap();
        let (rows, outside) = ink(&drawn);
        assert!(*rows.start() > 160 && *rows.end() < 530, "{title}: {rows:?}");
        assert!(!outside, "{title}");
        assert_eq!(press.draw(&card(title)).unwrap(), drawn, "{title}");
    }
    // Words that run from right to left begin at the right.
    let image = decoded(&press.draw(&card("العبّارة تعود")).unwrap()).to_rgb8();
    let dark = |x: u32| (168..500).any(|y| image.get_pixel(x, y).0.iter().all(|part| *part < 0x30));
    assert!((1000..1136).any(dark) && !(64..400).any(dark));
}

#[test]
fn a_letter_that_no_font_has_means_no_card() {
    let press = Press::new(None).unwrap();
    assert_eq!(press.key(&card("The word \u{6f22}")), Err('\u{6f22}'));
    assert!(press.draw(&card("\u{6f22}")).is_err());
    assert_ne!(press.key(&card("A")), press.key(&card("B")));
    assert!(Press::new(Some(b"no font".to_vec())).is_err());
    // A font of the publisher's own comes first.
    let own = Press::new(Some(include_bytes!("fonts/DejaVuSans-Bold.ttf").to_vec())).unwrap();
    assert_ne!(own.key(&card("A")), press.key(&card("A")));
}

#[test]
fn a_jpeg_of_many_scans_is_refused() {
    let whole = file!("static/quay.jpg");
    let plain = strip::jpeg(whole).0;
    let (before, end) = plain.split_at(plain.len() - 2);
    let with = |scans: usize| [before, &b"\xff\xda\0\x02\0".repeat(scans), end].concat();
    assert!(look(&with(10)).is_ok());
    assert_eq!(look(&with(100)).unwrap_err().reason(), "it has more than 100 scans");
}
